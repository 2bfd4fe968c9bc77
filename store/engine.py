"""Engines from settings, write transactions, and the data version: the number the last good load gave the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, func, make_url, select
from sqlalchemy.pool import StaticPool

from config import ROOT
from store.schema import LoadRun

WRITE_LOCK = 0x506F6C69
"""Number of PostgreSQL's advisory lock under which loads queue up; any number will do, as long as it stays."""

JSON: Final[dict[str, Any]] = {"json_deserializer": orjson.loads}
"""Texts in several languages stand in nearly every row: this reads them in a third of the time."""


def make_engine(url: str) -> Engine:
    """Open an engine. SQLite gets WAL and foreign keys, and its folder is made; relative files start at the checkout.

    Args:
        url: SQLAlchemy database URL.

    Raises:
        sqlalchemy.exc.ArgumentError: the URL cannot be read.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, **JSON)
    if parsed.database in (None, "", ":memory:"):
        engine = create_engine(parsed, poolclass=StaticPool, connect_args={"check_same_thread": False}, **JSON)
    else:
        path = ROOT / Path(str(parsed.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(parsed.set(database=str(path)), connect_args={"timeout": 30}, **JSON)
    event.listen(engine, "connect", _sqlite_connect)
    event.listen(engine, "begin", _sqlite_begin)
    return engine


def _sqlite_connect(connection: Any, _record: Any) -> None:
    # Python's driver starts transactions by itself, but not before DDL; without that a killed migration leaves half a
    # schema. So it is told to start none, and `_sqlite_begin` does.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "temp_store=MEMORY",
        "mmap_size=268435456",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _sqlite_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("polisee_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that writes: committed at the end, rolled back on any error.

    Writers queue up behind each other from the first statement on, so that two loads never work from the same
    picture of the data; readers are not held up (WAL, MVCC).
    """
    with engine.connect().execution_options(polisee_write=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(select(func.pg_advisory_xact_lock(WRITE_LOCK)))
        yield connection


def version(connection: Connection) -> int:
    """The data version: 0 in an empty database, else the highest that a good load gave."""
    query = select(func.coalesce(func.max(LoadRun.data_version), 0)).where(LoadRun.state == "done")
    return connection.execute(query).scalar_one()
