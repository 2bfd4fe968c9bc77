"""Bring a database to the tables of this code. When it is there already, this costs one look-up and no import."""

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

VERSIONS = Path(__file__).parent / "migrations" / "versions"


class NewerDatabaseError(Exception):
    """The database was made by a later PoliSEE than this one; nothing was touched."""


class NoTablesError(Exception):
    """The database has no tables yet; its text says which command makes them."""


def known_revisions() -> list[str]:
    """Revisions this code has, oldest first; the file names begin with them."""
    return sorted(path.stem.partition("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def current_revision(connection: Connection) -> str | None:
    """The revision the database is at; None when it has no tables of ours."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()


def upgrade(engine: Engine) -> bool:
    """Make or upgrade the tables, in one transaction.

    Returns:
        Whether anything had to be done.

    Raises:
        NewerDatabaseError: the database is ahead of this code.
    """
    with engine.connect() as connection:
        if not _behind(connection):
            return False

    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(VERSIONS.parent))
    from store.engine import writing

    with writing(engine) as connection:
        # Another process may have been quicker while this one waited for its turn.
        if not _behind(connection):
            return False
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def require_current(connection: Connection) -> None:
    """Refuse to work on tables that are not those of this code.

    Raises:
        NoTablesError: there are none, or they are older: ``polisee init`` mends that.
        NewerDatabaseError: they are newer.
    """
    if _behind(connection):
        raise NoTablesError("The database has no tables of this version yet. Run: polisee init")


def _behind(connection: Connection) -> bool:
    current, known = current_revision(connection), known_revisions()
    if current is not None and current not in known:
        raise NewerDatabaseError(
            f"The database was made by a newer PoliSEE (its tables are at revision {current}, this code knows up to "
            f"{known[-1]}). Nothing was changed. Update the code, or use another database."
        )
    return current != known[-1]
