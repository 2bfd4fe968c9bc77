"""A ministry's workbook goes from the form to stored figures, with indicators that only the workbook describes."""

import math
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import Engine

from etl.catalogue import load_catalogue
from etl.loading import Loader
from etl.sources.workbook import write_template
from store.catalogue import indicators
from store.engine import make_engine, version
from store.ledger import quarantine
from store.migrate import upgrade
from store.observations import observations
from store.regions import regions

DESCRIBED = {
    "A": "cluster_members",
    "B": "Members of accredited cluster organisations",
    "C": "Akkreditált klaszterszervezetek tagjai",
    "D": "finance",
    "E": "NR",
    "F": "members",
    "I": "up",
    "L": "Enterprises that are members at the end of the year (illustrative).",
    "N": "A ministry (illustrative)",
}


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = make_engine(f"sqlite:///{tmp_path / 'test.sqlite'}")
    upgrade(engine)
    load_catalogue(engine)
    yield engine
    engine.dispose()


def filled(engine: Engine, path: Path, *rows: tuple) -> Path:
    with engine.connect() as connection:
        write_template(path, indicators(connection, "hu"), regions(connection, "hu"), "hu")
    book = openpyxl.load_workbook(path)
    for column, cell in DESCRIBED.items():
        book["indicators"][f"{column}2"] = cell
    for line, row in enumerate(rows, start=2):
        for column, cell in enumerate(row, start=1):
            book["data"].cell(line, column, cell)
    book.save(path)
    return path


def test_own_and_catalogue_indicators_load_together_and_slips_are_quarantined(engine: Engine, tmp_path: Path) -> None:
    path = filled(
        engine,
        tmp_path / "own.xlsx",
        ("cluster_members", "HU22", 2023, 41, "p"),
        ("cluster_members", "HU22", 2024, None),
        ("cluster_members", "HU99", 2024, 3),
        ("cluster_membres", "HU22", 2024, 3),
        ("gdp_pps_per_head_eu", "HU22", 2024, 71.5, "e"),
        ("cluster_members", "HU21", 2024, "41 members"),
    )
    (outcome,) = Loader(engine).paths([path])
    assert outcome.state == "done", outcome.message
    assert (outcome.counts["new"], outcome.counts["rejected"]) == (3, 3)
    with engine.connect() as connection:
        found = observations(connection, ["cluster_members", "gdp_pps_per_head_eu"])
        refused = quarantine(connection, outcome.load_id)
        known = indicators(connection, "hu").set_index("code")
        after = version(connection)
    rows = {(row.indicator, row.region, row.period): (row.value, row.flags) for row in found.itertuples()}
    missing = rows.pop(("cluster_members", "HU22", 2024))
    assert math.isnan(missing[0])
    assert rows == {
        ("cluster_members", "HU22", 2023): (41.0, "p"),
        ("gdp_pps_per_head_eu", "HU22", 2024): (71.5, "e"),
    }
    assert sorted(refused["line"]) == [4, 5, 7]
    assert known.loc["cluster_members", "name"] == DESCRIBED["C"]
    assert (known.loc["cluster_members", "role"], known.loc["cluster_members", "direction"]) == ("own", 1)
    (again,) = Loader(engine).paths([path])
    assert again.state == "known"
    with engine.connect() as connection:
        assert version(connection) == after


def test_a_workbook_that_cannot_be_read_is_in_the_ledger_and_stops_nothing(engine: Engine, tmp_path: Path) -> None:
    broken = tmp_path / "a.xlsx"
    broken.write_bytes(b"no workbook")
    good = filled(engine, tmp_path / "b.xlsx", ("cluster_members", "HU22", 2023, 41))
    first, second = Loader(engine).paths([broken, good])
    assert (first.state, first.reason) == ("failed", "damaged")
    assert (second.state, second.counts["new"]) == ("done", 1)
