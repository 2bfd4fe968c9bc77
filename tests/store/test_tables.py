"""Matrices beside the database: written exactly and whole, opened fast enough, swept only where they are ours."""

import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from analysis.tables import IOTable
from store import tables as store
from store.engine import make_engine, writing
from store.writes import open_load
from tests.etl.sources.io_layouts import made, national

ARRAYS = store.MATRICES


def same(left: IOTable, right: IOTable) -> None:
    for name in left.__dataclass_fields__:
        one, other = getattr(left, name), getattr(right, name)
        if isinstance(one, np.ndarray):
            np.testing.assert_array_equal(one, other, err_msg=name)
        else:
            assert one == other, name


@pytest.mark.parametrize(
    "table",
    [made("ICIO45"), national(), national(uses="total"), replace(national(), jobs=np.arange(9.0), jobs_year=2017)],
)
def test_a_table_comes_back_as_it_was(table: IOTable, tmp_path: Path) -> None:
    written = store.write_table(tmp_path / "new" / "folder", table)
    path = tmp_path / "new" / "folder" / written.file
    same(store.open_table(path), table)
    assert path.stat().st_size == written.bytes
    assert path.name == f"{written.digest}.parquet"
    assert store.write_table(path.parent, table) == written
    assert [file.name for file in path.parent.iterdir()] == [written.file]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=4, max_size=4))
@hypothesis_settings(max_examples=25)
def test_every_number_is_kept_to_the_last_bit(numbers: list[float]) -> None:
    from tempfile import TemporaryDirectory

    table = made("ICIO45")
    table.flows.ravel()[:4] = numbers
    with TemporaryDirectory() as folder:
        written = store.write_table(Path(folder), table)
        np.testing.assert_array_equal(store.open_table(Path(folder) / written.file).flows, table.flows)


def test_a_table_longer_than_one_group_of_numbers(tmp_path: Path) -> None:
    n = 1100
    random = np.random.default_rng(1)
    table = IOTable(
        "long",
        "inter_country",
        2020,
        "MIO_EUR",
        "MADE",
        ("HU", "ROW"),
        tuple(str(place) for place in range(n // 2)),
        random.random((n, n)),
        random.random((n, 3)),
        (("HU", "households"), ("HU", "government"), ("ROW", "other")),
        random.random(n),
        random.random(n),
    )
    written = store.write_table(tmp_path, table)
    same(store.open_table(tmp_path / written.file), table)


def test_what_is_missing_or_damaged_is_said(tmp_path: Path) -> None:
    written = store.write_table(tmp_path, national())
    path = tmp_path / written.file
    with pytest.raises(store.TableFileError, match="missing"):
        store.open_table(tmp_path / "absent.parquet")
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(store.TableFileError, match="cannot be read"):
        store.open_table(path)


def test_an_inverse_is_mapped_and_read_only(tmp_path: Path) -> None:
    inverse = np.random.default_rng(2).random((5, 5))
    assert store.open_inverse(tmp_path, "0" * 64) is None
    store.write_inverse(tmp_path, "0" * 64, inverse.T)
    mapped = store.open_inverse(tmp_path, "0" * 64)
    assert isinstance(mapped, np.memmap)
    np.testing.assert_array_equal(mapped, inverse.T)
    assert not mapped.flags.writeable


def put(engine: Engine, folder: Path, table: IOTable, dataset: str = "ICIO") -> store.Written:
    with writing(engine) as connection:
        written = store.write_table(folder, table)
        load_id = open_load(
            connection,
            source="oecd",
            dataset=dataset,
            file_name="x.csv",
            sha256="",
            bytes=0,
            started_at=store.datetime(2026, 1, 1),
        )
        store.put_row(connection, table, dataset, written, {"warnings": []}, None, load_id)
    return written


def test_rows_say_what_a_table_is(engine: Engine, tmp_path: Path) -> None:
    put(engine, tmp_path, made("ICIO45"))
    written = put(engine, tmp_path, national(), "NAIO_10_CP1700")
    with engine.connect() as connection:
        frame = store.tables(connection)
        only = store.tables(connection, "national")
    assert frame["kind"].tolist() == ["inter_country", "national"]
    assert frame["country"].tolist() == ["", "HU"]
    assert frame["countries"].tolist() == [["HU", "EL", "UK", "ROW"], ["HU"]]
    assert frame["source"].tolist() == ["oecd", "eurostat"]
    assert only["digest"].tolist() == [written.digest]
    assert only["industries"][0] == list(national().industries)
    assert only["checks"][0] == {"warnings": []}
    assert store.tables(engine.connect(), "trade").empty


def test_a_sweep_takes_what_no_row_names_and_nothing_else(engine: Engine, tmp_path: Path) -> None:
    kept = put(engine, tmp_path, made("ICIO45"))
    store.write_inverse(tmp_path, kept.digest, np.eye(2))
    orphan = store.write_table(tmp_path, national())
    store.write_inverse(tmp_path, orphan.digest, np.eye(2))
    (tmp_path / "note.txt").write_text("mine")
    for age, name in ((0, "1" * 32), (2 * store.ABANDONED, "2" * 32)):
        path = tmp_path / f"{store.UNFINISHED}{name}"
        path.write_text("half")
        os.utime(path, (time.time() - age, time.time() - age))
    with writing(engine) as connection:
        removed = store.sweep(connection, tmp_path)
    assert set(removed) == {orphan.file, f"{orphan.digest}.inverse.npy", f"{store.UNFINISHED}{'2' * 32}"}
    left = {path.name for path in tmp_path.iterdir()}
    assert {kept.file, f"{kept.digest}.inverse.npy", "note.txt"} <= left


def test_another_database_sweeps_nothing_here(engine: Engine, url: str, tmp_path: Path) -> None:
    with writing(engine) as connection:
        store.sweep(connection, tmp_path)
    written = put(engine, tmp_path, made("ICIO45"))
    other = make_engine(f"sqlite:///{tmp_path}/other.sqlite")
    from store.migrate import upgrade

    upgrade(other)
    with writing(other) as connection:
        assert store.sweep(connection, tmp_path) == []
    other.dispose()
    assert (tmp_path / written.file).is_file()
