"""Readers are never held up by a writer, writers wait for each other, foreign keys hold, the data version counts."""

import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from etl.pipeline import load_extract
from store.engine import make_engine, version, writing
from store.schema import Dataset, Observation, Theme
from tests.etl.extracts import extract


def test_readers_read_while_a_load_is_under_way(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [("employment_rate", "HU11", 2014, 67.5)]))
    with writing(engine) as writer:
        writer.execute(text("UPDATE observation SET value = 1"))
        with engine.connect() as reader:
            assert reader.execute(select(Observation.value)).scalars().all() == [67.5]


def test_writers_wait_for_each_other(engine: Engine) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with writing(engine) as connection:
            order.append(f"second sees {connection.execute(select(func.count()).select_from(Theme)).scalar_one()}")

    thread = threading.Thread(target=second)
    thread.start()
    with writing(engine) as connection:
        before = connection.execute(select(func.count()).select_from(Theme)).scalar_one()
        inside.set()
        thread.join(0.3)
        connection.execute(insert(Theme), [{"code": "more", "position": 6, "symbol": "x"}])
        order.append("first is done")
    thread.join()
    assert order == ["first is done", f"second sees {before + 1}"]


def test_foreign_keys_are_on(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as connection:
        connection.execute(insert(Dataset), [{"code": "X", "source": "nobody", "url": ""}])


def test_sqlite_keeps_a_write_ahead_log(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path}/deep/folder/new.sqlite")
    with engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
    engine.dispose()


def test_the_data_version_counts_changes_only(engine: Engine, tmp_path: Path) -> None:
    seen = []
    for value in (1.0, 1.0, 2.0):
        load_extract(engine, extract(tmp_path, [("employment_rate", "HU11", 2014, value)]))
        with engine.connect() as connection:
            seen.append(version(connection))
    assert seen == [seen[0], seen[0], seen[0] + 1]
