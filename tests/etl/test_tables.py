"""Tables are loaded whole or not at all; what is wrong is refused with country, industry, difference and rule."""

import csv
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from config import ROOT, settings
from etl.loading import Loader
from etl.pipeline import Outcome
from etl.sources.base import SourceError
from etl.sources.io_base import Found
from etl.sources.io_detect import table_reader
from etl.table_checks import DUST, REFUSED, check
from store.engine import version
from store.ledger import loads, quarantine
from store.tables import open_table, tables
from tests.etl.sources import io_layouts as layouts

Rows = list[list[str]]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for matrices of this test alone."""
    monkeypatch.setenv("POLISEE_TABLES_DIR", str(tmp_path / "tables"))
    settings.cache_clear()
    yield tmp_path / "tables"
    settings.cache_clear()


def load(engine: Engine, *paths: Path, force: bool = False) -> Outcome:
    (outcome,) = Loader(engine, force=force).paths(paths)
    return outcome


def refusal(path: Path) -> SourceError:
    """The error with which a file is refused, by its reader or by the checks."""
    reader = table_reader(path)
    assert reader is not None
    try:
        for found in reader(path, path.name, None):
            if isinstance(found, SourceError):
                return found
            check(found, path.name)
    except SourceError as error:
        return error
    pytest.fail("the file was taken")


def changed(path: Path, change: Callable[[Rows], object]) -> Path:
    """The file with its cells changed."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    given = change(rows)
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(given if isinstance(given, list) else rows)
    return path


def icio(tmp_path: Path, change: Callable[[Rows], object] = lambda rows: None) -> Path:
    return changed(layouts.icio(tmp_path / "ICIO2023_2019.csv", layouts.made("ICIO45")), change)


def at(rows: Rows, row: str, column: str) -> tuple[int, int]:
    return next(place for place, each in enumerate(rows) if each[0] == row), rows[0].index(column)


def put(rows: Rows, row: str, column: str, value: object) -> None:
    down, across = at(rows, row, column)
    rows[down][across] = str(value)


def turned(rows: Rows) -> Rows:
    return [list(row) for row in zip(*rows, strict=True)]


def turn_block(rows: Rows) -> None:
    n = 20
    block = [row[1 : n + 1] for row in rows[1 : n + 1]]
    for place, row in enumerate(zip(*block, strict=True)):
        rows[place + 1][1 : n + 1] = row


def add(rows: Rows, row: str, column: str, more: float) -> None:
    down, across = at(rows, row, column)
    rows[down][across] = str(float(rows[down][across]) + more)


def blank_row(rows: Rows, label: str) -> None:
    place = next(number for number, row in enumerate(rows) if row[0] == label)
    rows[place][1:21] = [""] * 20


CASES: dict[str, tuple[str, Callable[[Rows], object], str, tuple[str, ...]]] = {
    "unbalanced": (
        "unbalanced",
        lambda rows: add(rows, "HUN_C29", "GRC_D", 5000.0),
        "",
        ("HU C29", "+5,000", "uses of a product must equal its output", "2%"),
    ),
    "unbalanced column": (
        "unbalanced",
        lambda rows: add(rows, "VA", "GRC_D", -900.0),
        "columns",
        ("EL D", "-900", "value added of an industry must equal its output"),
    ),
    "row missing": ("missing-block", lambda rows: rows[:2] + rows[3:], "", ("1 rows", "C29 in HU")),
    "column missing": (
        "missing-block",
        lambda rows: [[cell for place, cell in enumerate(row) if place != 2] for row in rows],
        "",
        ("1 columns", "C29 in HU"),
    ),
    "final use missing": (
        "missing-block",
        lambda rows: [
            [cell for place, cell in enumerate(row) if not rows[0][place].startswith("GBR_") or place < 21]
            for row in rows
        ],
        "",
        ("Final use of UK",),
    ),
    "value added missing": (
        "missing-block",
        lambda rows: [row for row in rows if row[0] != "VA"],
        "",
        ("no row of value added",),
    ),
    "taxes missing": (
        "missing-block",
        lambda rows: [row for row in rows if row[0] != "TLS"],
        "columns",
        ("taxes less subsidies on products (D21X31) is missing",),
    ),
    "empty block": ("missing-block", lambda rows: blank_row(rows, "HUN_C29"), "", ("the row of HU C29 is empty",)),
    "empty cell": (
        "missing-value",
        lambda rows: put(rows, "HUN_C29", "HUN_HFCE", ""),
        "rows",
        ("1 cells are empty, the first is HU C29 → HU households",),
    ),
    "wrong country in a row": (
        "unknown-country",
        lambda rows: rows[2].__setitem__(0, "XQQ_C29"),
        "",
        ("XQQ_C29", "HUN_C29 or HU_C29"),
    ),
    "wrong country in a column": (
        "unknown-country",
        lambda rows: rows[0].__setitem__(2, "XQQ_C29"),
        "XQQ_C29",
        ("XQQ_C29",),
    ),
    "unknown industry": (
        "unknown-industry",
        lambda rows: [[cell.replace("_C29", "_C99") for cell in row] for row in rows],
        "",
        ("C99", "ICIO45"),
    ),
    "laid on its side": ("swapped", turned, "TLS", ("value added stands among the columns", "Turn the table")),
    "inner block turned": ("swapped", turn_block, "", ("exchanged the table balances",)),
    "negative output": (
        "negative-output",
        lambda rows: put(rows, "OUT", "HUN_D", -12.5),
        "",
        ("HU D is -12.5", "cannot be negative"),
    ),
    "flows without output": (
        "zero-output",
        lambda rows: put(rows, "ROW_T", "HUN_D", 7000),
        "",
        ("ROW T has no output", "ROW T → HU D", "7,000"),
    ),
    "not a number": ("not-a-number", lambda rows: put(rows, "HUN_D", "GRC_D", "12,5x"), "GRC_D", ("row HUN_D",)),
    "row twice": ("duplicate-row", lambda rows: rows.insert(3, rows[2]), "", ("HUN_C29 stands there twice",)),
    "column twice": (
        "duplicate-column",
        lambda rows: [[*row, row[2]] for row in rows],
        "HUN_C29",
        ("HUN_C29 stands there twice",),
    ),
    "cut short": ("wrong-columns", lambda rows: rows.append(rows.pop()[:9]), "", ("this row has 9",)),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_named(case: str, tmp_path: Path) -> None:
    reason, change, column, words = CASES[case]
    problem = refusal(icio(tmp_path, change)).problem
    assert problem.reason == reason
    if column:
        assert problem.column == column
    for word in words:
        assert word in problem.remedy, problem.remedy


def test_the_line_of_a_bad_cell_is_told(tmp_path: Path) -> None:
    problem = refusal(icio(tmp_path, lambda rows: put(rows, "HUN_D", "GRC_D", "n/a"))).problem
    assert (problem.line, problem.value) == (4, "n/a")
    assert refusal(icio(tmp_path, lambda rows: rows.insert(3, rows[2]))).problem.line == 4


def test_a_file_without_a_year(tmp_path: Path) -> None:
    path = layouts.icio(tmp_path / "icio.csv", layouts.made("ICIO45"))
    assert refusal(path).problem.reason == "missing-year"


NATIONAL: dict[str, tuple[str, Callable[[Rows], object], tuple[str, ...]]] = {
    "laid on its side": ("swapped", turned, ("swapped", "D21X31")),
    "no value added": ("missing-block", lambda rows: [row for row in rows if row[0] != "B1G"], ("B1G",)),
    "no imports": (
        "missing-block",
        lambda rows: [row for row in rows if row[0] != "IMP"],
        ("Columns do not balance", "IMP"),
    ),
    "a product that nobody knows": (
        "unknown-industry",
        lambda rows: [[cell.replace("CPA_D", "CPA_X99") for cell in row] for row in rows],
        ("CPA_X99",),
    ),
    "a row less": ("missing-block", lambda rows: rows[:2] + rows[3:], ("C10-C12",)),
    "no exports": (
        "missing-block",
        lambda rows: [[cell for place, cell in enumerate(row) if rows[0][place] != "P6"] for row in rows],
        ("P6",),
    ),
}


@pytest.mark.parametrize("case", NATIONAL)
def test_what_is_wrong_in_a_national_table(case: str, tmp_path: Path) -> None:
    reason, change, words = NATIONAL[case]
    problem = refusal(changed(layouts.wide(tmp_path / "io_HU_2018.csv", layouts.national()), change)).problem
    assert problem.reason == reason
    for word in words:
        assert word in problem.remedy, problem.remedy


def test_a_national_table_must_say_where_it_is_from(tmp_path: Path) -> None:
    assert refusal(layouts.wide(tmp_path / "table_2018.csv", layouts.national())).problem.reason == "missing-country"


def test_cells_of_eurostat_that_stand_twice_or_hold_imports_alone(tmp_path: Path) -> None:
    cells = layouts.sdmx_cells(layouts.national(), "DOM")
    twice = refusal(layouts.sdmx(tmp_path / "a.csv", [*cells, cells[3]])).problem
    assert (twice.reason, twice.line) == ("duplicate-row", len(cells) + 2)
    only = refusal(layouts.sdmx(tmp_path / "b.csv", layouts.sdmx_cells(layouts.national(), "IMP"))).problem
    assert only.reason == "missing-block"


def test_what_is_odd_but_published_is_kept_and_told() -> None:
    table = layouts.made("ICIO45")
    size = table.output[3]
    final = table.final.copy()
    final[3, 0] += 0.5 * REFUSED * size
    final[0, 3] -= 2 * abs(final[0, 3])
    final[0, 4] += 2 * abs(table.final[0, 3])
    flows = table.flows.copy()
    limit = DUST * table.output.sum() / (flows.size + final.size)
    flows[1, 2] += limit / 2 - flows[1, 2]
    final[1, 0] += table.flows[1, 2]
    value_added = table.value_added.copy()
    value_added[2] += table.flows[1, 2]
    got = check(Found(replace(table, flows=flows, final=final, value_added=value_added), "ICIO"), "x.csv")
    assert got.checks["unbalanced"][0]["industry"] == "HU J61"
    assert got.checks["unbalanced"][0]["side"] == "row"
    assert got.checks["unbalanced"][0]["share"] == pytest.approx(0.5 * REFUSED)
    assert got.checks["zero_output"] == ["ROW T"]
    assert got.checks["dust"] == 1
    assert got.table.flows[1, 2] == 0
    assert got.checks["negative_final"]["cells"]["investment"] == 1
    assert "HU A03 → HU investment" in got.checks["negative_final"]["where"]
    told = " ".join(got.warnings)
    for words in ("1 rows or columns miss output", "HU J61", "ROW T", "Negative final use other than inventories"):
        assert words in told
    assert "inventories" in got.checks["negative_final"]["cells"]


@given(st.permutations(range(20)), st.permutations(range(20)))
@hypothesis_settings(max_examples=10)
def test_the_order_of_rows_and_columns_does_not_matter(down: list[int], across: list[int]) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as place:
        table = layouts.made("NACE_A64")
        path = layouts.figaro_matrix(Path(place) / "figaro_2019.csv", table)

        def shuffle(rows: Rows) -> Rows:
            body = [rows[1 + row] for row in down]
            order = [0, *(1 + column for column in across), *range(21, len(rows[0]))]
            return [[row[cell] for cell in order] for row in [rows[0], *body, *rows[21:]]]

        changed(path, shuffle)
        reader = table_reader(path)
        assert reader is not None
        (found,) = reader(path, path.name, None)
        assert isinstance(found, Found)
        got = found.table
        order = [got.place(country, code) for country, code in table.labels]
        np.testing.assert_allclose(got.flows[np.ix_(order, order)], table.flows, atol=1e-6)
        np.testing.assert_allclose(got.value_added[order], table.value_added, atol=1e-6)


def test_a_file_is_loaded_once(engine: Engine, tmp_path: Path, folder: Path) -> None:
    path = icio(tmp_path)
    first = load(engine, path)
    assert (first.state, first.counts["new"], first.dataset) == ("done", 1, "ICIO")
    assert "4 countries × 5 industries, balanced within 0.00%" in first.message
    again = load(engine, path)
    assert (again.state, again.load_id) == ("known", first.load_id)
    other = path.rename(tmp_path / "ICIO2023_2019_copy.csv")
    other.write_text(other.read_text() + "\n")
    third = load(engine, other)
    assert (third.state, third.counts["unchanged"]) == ("done", 1)
    with engine.connect() as connection:
        frame = tables(connection)
        assert version(connection) == 2
        ledger = loads(connection)
    assert len(frame) == 1
    assert ledger["source"].tolist()[:2] == ["oecd", "oecd"]
    table = open_table(folder / frame["file"][0])
    np.testing.assert_allclose(table.flows, layouts.made("ICIO45").flows, atol=1e-6)
    # Without its file the table is not known any more, but made again.
    (folder / frame["file"][0]).unlink()
    assert load(engine, path.parent / other.name).counts["unchanged"] == 1
    assert (folder / frame["file"][0]).is_file()


def test_a_newer_edition_replaces_an_older_one_and_not_the_other_way(
    engine: Engine, tmp_path: Path, folder: Path
) -> None:
    old = layouts.icio(tmp_path / "ICIO2021_2019.csv", layouts.made("ICIO45", seed=1))
    new = layouts.icio(tmp_path / "ICIO2023_2019.csv", layouts.made("ICIO45", seed=2))
    load(engine, old)
    assert load(engine, new).counts["changed"] == 1
    back = load(engine, old)
    assert (back.counts["passed_over"], back.counts["changed"]) == (1, 0)
    assert "newer edition" in back.message
    with engine.connect() as connection:
        (row,) = tables(connection).to_dict("records")
    assert row["vintage"].year == 2023
    np.testing.assert_allclose(open_table(folder / row["file"]).flows, layouts.made("ICIO45", seed=2).flows, atol=1e-6)
    assert load(engine, old, force=True).counts["changed"] == 1
    # Each load removes what was replaced before it, so at most the last one is still there.
    assert len(list(folder.glob("*.parquet"))) == 2


def test_a_refused_file_leaves_everything_as_it_was(engine: Engine, tmp_path: Path, folder: Path) -> None:
    load(engine, icio(tmp_path))
    with engine.connect() as connection:
        before, number = tables(connection), version(connection)
    broken = icio(tmp_path, lambda rows: add(rows, "HUN_C29", "GRC_D", 5000.0))
    outcome = load(engine, broken)
    assert (outcome.state, outcome.reason) == ("failed", "unbalanced")
    with engine.connect() as connection:
        assert tables(connection).equals(before)
        assert version(connection) == number
        refused = quarantine(connection, outcome.load_id)
    assert refused["reason"].tolist() == ["unbalanced"]
    assert "HU C29" in refused["remedy"][0]
    assert len(list(folder.glob("*.parquet"))) == 1


def test_of_several_tables_the_good_ones_are_taken(engine: Engine, tmp_path: Path) -> None:
    bad = replace(layouts.national("RS"), value_added=layouts.national("RS").value_added * 3)
    cells = [cell for table in (layouts.national("HU"), bad) for cell in layouts.sdmx_cells(table, "DOM")]
    outcome = load(engine, layouts.sdmx(tmp_path / "naio.csv", cells))
    assert (outcome.counts["new"], outcome.counts["rejected"], outcome.counts["read"]) == (1, 1, 2)
    with engine.connect() as connection:
        assert tables(connection)["country"].tolist() == ["HU"]
        assert "RS" in quarantine(connection, outcome.load_id)["value"][0]


def test_starter_tables_load_and_never_replace_another(engine: Engine, tmp_path: Path, folder: Path) -> None:
    places = sorted((ROOT / "data" / "starter" / "tables").glob("*.csv"))
    loader = Loader(engine)
    assert [loader.starter(path, path.name).counts["new"] for path in places] == [1, 1]
    assert [loader.starter(path, path.name).state for path in places] == ["known", "known"]
    with engine.connect() as connection:
        frame = tables(connection).set_index("country")
    assert frame["unit"].to_dict() == {"HR": "THS_HRK", "HU": "MIO_HUF"}
    hungary, croatia = (open_table(folder / frame["file"][country]) for country in ("HU", "HR"))
    assert (hungary.uses, croatia.uses) == ("domestic", "total")
    # Gross value added of the national accounts: 40.9 million million forint, 280 thousand million kuna.
    assert hungary.value_added.sum() == pytest.approx(40_860_507)
    assert croatia.value_added.sum() == pytest.approx(280_464_873.7, rel=1e-7)
    assert croatia.jobs is not None
    assert croatia.jobs.sum() == 1_370_425
    own = layouts.wide(tmp_path / "io_HU_2020.csv", layouts.national())
    assert load(engine, own).counts["changed"] == 1
    kept = loader.starter(places[1], places[1].name)
    assert (kept.counts["passed_over"], kept.counts["changed"]) == (1, 0)


def test_the_starter_tables_are_the_publishers(raw: Path) -> None:
    """What was carried over agrees with the compiled files to the rounding that the notice states."""
    for name, source in (("hu_2020.csv", "io_table_HU_2020.csv"), ("hr_2010.csv", "io_table_HR_2010.csv")):
        got, expected = (
            next(iter(reader(path, path.name, None)))
            for path in (ROOT / "data" / "starter" / "tables" / name, raw.parent / "starter" / source)
            if (reader := table_reader(path))
        )
        assert isinstance(got, Found)
        assert isinstance(expected, Found)
        assert got.table.industries == expected.table.industries
        for array in ("flows", "final", "output", "value_added", "taxes"):
            np.testing.assert_allclose(getattr(got.table, array), getattr(expected.table, array), atol=0.0006)
    assert check(expected, "hr").checks["dust"] > 300


CHILD = """
import os, sys, time
from pathlib import Path
from etl.loading import Loader
from store import tables
from store.engine import make_engine

before = tables.put_row

def slow(*given):
    print("written", flush=True)
    time.sleep(60)
    return before(*given)

tables.put_row = slow
list(Loader(make_engine(sys.argv[1])).paths([Path(sys.argv[2])]))
"""


def test_killed_between_file_and_row(engine: Engine, url: str, tmp_path: Path, folder: Path) -> None:
    load(engine, layouts.icio(tmp_path / "ICIO2021_2019.csv", layouts.made("ICIO45", seed=1)))
    newer = layouts.icio(tmp_path / "ICIO2023_2019.csv", layouts.made("ICIO45", seed=2))
    with engine.connect() as connection:
        before, number = tables(connection), version(connection)
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(newer)],
        cwd=ROOT,
        env=os.environ | {"POLISEE_TABLES_DIR": str(folder)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            child.stdout.close()
    assert len(list(folder.glob("*.parquet"))) == 2
    with engine.connect() as connection:
        assert tables(connection).equals(before)
        assert version(connection) == number
    open_table(folder / before["file"][0])
    # The next load, of anything, removes what has no row.
    load(engine, layouts.wide(tmp_path / "io_HU_2018.csv", layouts.national()))
    with engine.connect() as connection:
        named = set(tables(connection)["file"])
    assert {path.name for path in folder.glob("*.parquet")} == named
    assert load(engine, newer).counts["changed"] == 1


def test_a_load_tells_how_far_it_is(engine: Engine, tmp_path: Path) -> None:
    from contextlib import contextmanager

    told: list[tuple[int, int]] = []

    class Bar:
        @contextmanager
        def task(self, _name: str) -> Iterator[Callable[[int, int], None]]:
            yield lambda done, total: told.append((done, total))

    path = icio(tmp_path)
    list(Loader(engine, bar=Bar()).paths([path]))
    assert told[-1][0] == told[-1][1] == path.stat().st_size


def test_a_cell_of_a_flat_file_that_stands_twice(tmp_path: Path) -> None:
    path = layouts.figaro_flat(tmp_path / "flatfile_2019.csv", layouts.made("NACE_A64"))
    again = path.read_text(encoding="utf-8").splitlines()[40]
    path.write_text(path.read_text(encoding="utf-8") + again + "\n", encoding="utf-8")
    problem = refusal(path).problem
    assert problem.reason == "duplicate-row"
    assert again.split(",")[0] in problem.remedy
