"""The one settings class. Every setting is documented in the README (a test compares the two)."""

from functools import lru_cache
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The checkout: where ``data/`` lies and where relative paths start."""

SHORTEST_TOKEN = 8
"""Characters of an admin token at least; what is shorter can be guessed."""


class Settings(BaseSettings):
    """What an installation may choose. Defaults serve one host with SQLite and no other service."""

    model_config = SettingsConfigDict(env_prefix="POLISEE_", env_file=".env", extra="ignore")

    database_url: str = Field(
        default="sqlite:///var/polisee.sqlite",
        description="SQLAlchemy URL; SQLite by default, postgresql+psycopg://user@host/name for a server.",
    )
    redis_url: str = Field(default="", description="Redis URL of a cache shared by several hosts; empty: in process.")
    host: str = Field(default="127.0.0.1", description="Address the server listens on.")
    port: int = Field(default=8050, ge=0, le=65535, description="Port the server listens on.")
    workers: int = Field(default=2, ge=1, description="Server processes.")
    threads: int = Field(default=4, ge=1, description="Threads in each server process.")
    url_prefix: str = Field(default="/", description="Path prefix behind a reverse proxy, such as /polisee/.")
    trusted_proxies: int = Field(default=0, ge=0, description="Reverse proxies whose X-Forwarded headers are believed.")
    default_language: str = Field(default="en", description="Language of a visitor who asks for none that we have.")
    embed_origins: str = Field(default="", description="Origins that may show our pages in a frame, blank separated.")
    contact: str = Field(default="", description="Role mailbox printed on statements and briefs; empty: none printed.")
    organisation: str = Field(default="PoliSEE", description="Who runs this installation, printed on briefs.")
    admin_token: SecretStr = Field(
        default=SecretStr(""),
        description="What facilitators sign in with, 8 characters or more; empty: nobody can, all is read-only.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""),
        description="Key that signs the cookie of facilitators; empty: made from the token and the database's URL.",
    )
    raw_dir: Path = Field(default=ROOT / "data" / "raw", description="Cache of raw downloads with their checksums.")
    tables_dir: Path = Field(
        default=ROOT / "var" / "tables",
        description="Matrices of input-output and trade tables; a folder for each database, by default beside SQLite.",
    )
    uploads_dir: Path = Field(
        default=ROOT / "var" / "uploads",
        description="Uploaded files until they are loaded, and written workbooks; by default beside SQLite.",
    )
    eurostat_url: str = Field(
        default="https://ec.europa.eu/eurostat/api/dissemination",
        description="Base address of Eurostat's dissemination API.",
    )
    gisco_url: str = Field(
        default="https://gisco-services.ec.europa.eu/distribution/v2",
        description="Base address of GISCO's distribution API.",
    )
    http_timeout: float = Field(
        default=60.0, gt=0, description="Seconds without an answer before a request is given up."
    )
    http_retries: int = Field(default=4, ge=0, description="Further tries after a request that may succeed later.")
    reply_cache_mb: int = Field(
        default=64, ge=0, description="Megabytes of finished answers kept in each process; 0: none."
    )
    log_level: str = Field(default="INFO", description="DEBUG, INFO, WARNING or ERROR.")

    @field_validator("admin_token")
    @classmethod
    def _token_that_cannot_be_guessed(cls, token: SecretStr) -> SecretStr:
        if 0 < len(token.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"use at least {SHORTEST_TOKEN} characters, or leave it empty so that nobody can sign in")
        return token

    @model_validator(mode="after")
    def _tables_beside_the_database(self) -> "Settings":
        # Two databases must not share the folder: each removes files that none of its own rows names.
        if "tables_dir" not in self.model_fields_set and self.sqlite_path is not None:
            self.tables_dir = self.sqlite_path.parent / "tables"
        if "uploads_dir" not in self.model_fields_set and self.sqlite_path is not None:
            self.uploads_dir = self.sqlite_path.parent / "uploads"
        return self

    @property
    def sqlite_path(self) -> Path | None:
        """Where the SQLite file lies (relative paths start at the checkout), or None for a server or memory."""
        prefix = "sqlite:///"
        name = self.database_url.removeprefix(prefix)
        if not self.database_url.startswith(prefix) or name in ("", ":memory:"):
            return None
        return ROOT / name


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
