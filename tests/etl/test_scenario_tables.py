"""Scenario tables in the store: what is new, what changes, ranges, replacement, and nothing lost on the way."""

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, insert, select

from config import ROOT
from etl import scenario_tables
from etl.scenario_export import long
from etl.scenario_tables import Written, code_of, split_ending, sums_that_differ, write_lines
from etl.sources import blocks
from etl.sources.base import SourceError
from etl.sources.iamc import IamcMapping, load_mapping, read_iamc
from etl.sources.iamc_write import write_iamc
from store import pathway_writes
from store.engine import make_engine, writing
from store.scenarios import iamc, links, pathways, scenarios
from store.schema_scenarios import PathwaySeries, ScenarioSet
from store.writes import open_load
from tests.etl.sources.test_iamc import LONG, WIDE, figures, sheet, write

MAPPING = load_mapping(ROOT / "data" / "catalogue" / "iamc.yaml")
NUMBERED = select(PathwaySeries.id, PathwaySeries.variable, PathwaySeries.load_id).order_by(PathwaySeries.id)


def new_load(connection: Connection) -> int:
    return open_load(
        connection,
        source="iamc",
        dataset="IAMC",
        file_name="made.csv",
        sha256="",
        catalogue="",
        bytes=0,
        started_at=pd.Timestamp("2026-01-01").to_pydatetime(),
    )


def make_set(connection: Connection, code: str = "made") -> None:
    connection.execute(
        insert(ScenarioSet).values(
            code=code,
            position=9,
            origin="own",
            base_year=2020,
            horizon=2050,
            regions=[],
            axes=[],
            groups=[],
            texts={},
            source="",
            source_url="",
            licence="",
            edited_at=None,
            load_id=new_load(connection),
        )
    )


@pytest.fixture
def connection(engine: Engine) -> Iterable[Connection]:
    with writing(engine) as opened:
        make_set(opened)
        yield opened


def put(connection: Connection, path: Path, mapping: IamcMapping = MAPPING, **options: object) -> Written:
    return write_lines(connection, "made", read_iamc(path), mapping, new_load(connection), **options)  # type: ignore[arg-type]


def counts(written: Written) -> tuple[int, int, int, int, int]:
    assert written.read == written.new + written.changed + written.unchanged + written.rejected
    return written.new, written.changed, written.unchanged, written.removed, written.rejected


def lines(connection: Connection) -> list[tuple[object, ...]]:
    """scenario, region, variable, year, value, low, high as written; None where there is none."""
    frame = iamc(connection, "made")[["scenario", "region", "variable", "year", "value", "low", "high"]]
    return [tuple(row) for row in frame.astype(object).where(frame.notna(), None).values.tolist()]


def said(written: Written) -> list[tuple[str, int | None]]:
    return [(problem.reason, problem.line) for problem in written.problems]


def test_published_small_table(connection: Connection) -> None:
    written = put(connection, figures("reference", "iamc_small.csv"))
    assert counts(written) == (6, 0, 0, 0, 0)
    assert (written.lines, written.scenarios) == (3, ["scen_a", "scen_b"])
    assert written.regions == ["World"]
    assert written.variables == ["Primary Energy (EJ/yr)", "Primary Energy|Coal (EJ/yr)"]
    assert (written.first, written.last) == (2005, 2010)
    assert scenarios(connection, "made")[["code", "name"]].values.tolist() == [
        ["scen_a", "scen_a"],
        ["scen_b", "scen_b"],
    ]
    assert ("scen_b", "World", "Primary Energy", 2010, 7, None, None) in lines(connection)
    wrong = sums_that_differ(connection, "made", written.models, MAPPING)
    assert wrong[["scenario", "variable", "year", "difference"]].values.tolist() == [
        ["scen_a", "Primary Energy", 2005, 0.5],
        ["scen_a", "Primary Energy", 2010, 3.0],
    ]
    assert "Primary Energy (EJ/yr)" in written.sentence()


STARTER = ROOT / "data" / "starter" / "scenarios"


def test_the_pathways_of_the_starter_set_belong_to_indicators(connection: Connection) -> None:
    path = STARTER / "ssp_pathways.csv"
    written = put(connection, path, source="SSP database of IIASA")
    assert counts(written) == (160 * 17, 0, 0, 0, 0)
    assert (written.regions, written.variables, written.lines) == ([], [], 160)
    assert written.scenarios == ["ssp1", "ssp2", "ssp3", "ssp4", "ssp5"]
    assert len(written.ours) == 16
    assert sorted(links(connection, "made")["indicator"]) == ["gdp_pps_per_head", "gdp_volume_index", "population"]
    frame = pathways(connection, "made", ["population"], ["HU"])
    assert set(frame["scenario"]) == set(written.scenarios)
    assert frame.loc[(frame["scenario"] == "ssp3") & (frame["year"] == 2050), "value"].item() > 8e6
    again = put(connection, path, source="SSP database of IIASA", replace=True)
    assert counts(again) == (0, 0, 160 * 17, 0, 0)
    assert not again.differs
    assert connection.scalar(select(ScenarioSet.regions)) == written.ours


def test_a_changed_value_is_updated_and_new_years_and_lines_are_added(connection: Connection, tmp_path: Path) -> None:
    put(connection, write(tmp_path, WIDE + "m,s,HU,A,t,1,2\nm,s,HU,B,t,3,\n"))
    ids = connection.execute(NUMBERED).all()
    written = put(connection, write(tmp_path, WIDE + "m,s,HU,B,t,3,4\nm,s,HU,A,t,1,2.5\nm,s,HU,C,t,5,\n"))
    assert counts(written) == (2, 1, 2, 0, 0)
    assert lines(connection) == [
        ("s", "HU", "A", 2020, 1, None, None),
        ("s", "HU", "A", 2030, 2.5, None, None),
        ("s", "HU", "B", 2020, 3, None, None),
        ("s", "HU", "B", 2030, 4, None, None),
        ("s", "HU", "C", 2020, 5, None, None),
    ]
    after = connection.execute(NUMBERED).all()
    assert [row[:2] for row in after[:2]] == [row[:2] for row in ids]
    assert all(row.load_id > ids[0].load_id for row in after)
    # The database goes on numbering behind the lines whose numbers were given.
    added = insert(PathwaySeries).returning(PathwaySeries.id)
    facts = {"set_code": "made", "scenario": "s", "model": "x", "scenario_name": "s", "region_name": "HU"}
    more = {"variable": "D", "unit": "t", "region": None, "source": "", "load_id": after[0].load_id}
    assert connection.execute(added, {**facts, **more}).scalar_one() > max(row.id for row in after)


def test_what_is_not_in_the_table_goes_only_when_it_is_replaced(connection: Connection, tmp_path: Path) -> None:
    put(connection, write(tmp_path, WIDE + "m,s,HU,A,t,1,2\nm,s,HU,B,t,3,4\nother,s,HU,A,t,9,9\n"))
    less = write(tmp_path, WIDE + "m,s,HU,A,t,1,\n")
    assert counts(put(connection, less)) == (0, 0, 1, 0, 0)
    assert len(lines(connection)) == 6
    written = put(connection, less, replace=True)
    assert counts(written) == (0, 0, 1, 3, 0)
    assert written.differs
    assert "no longer stated: 3." in written.sentence()
    assert lines(connection) == [
        ("s", "HU", "A", 2020, 1, None, None),
        ("s", "HU", "A", 2020, 9, None, None),
        ("s", "HU", "A", 2030, 9, None, None),
    ]
    assert connection.scalar(select(PathwaySeries.id).where(PathwaySeries.variable == "B")) is None


RANGES = """m,s,HU,A|5th Percentile,t,1,10
m,s,HU,A|Median,t,2,20
m,s,HU,A|95th percentile,t,3,30
m,s|P05,HU,B,t,,4
m,s,HU,B,t,5,5
m,s|P95,HU,B,t,,6
m,s,HU,A|33rd Percentile,t,1.5,
"""


def test_quantiles_are_the_range_of_their_line(connection: Connection, tmp_path: Path) -> None:
    path = write(tmp_path, WIDE + RANGES)
    written = put(connection, path)
    expected = [
        ("s", "HU", "A", 2020, 2, 1, 3),
        ("s", "HU", "A", 2030, 20, 10, 30),
        ("s", "HU", "B", 2020, 5, None, None),
        ("s", "HU", "B", 2030, 5, 4, 6),
        ("s", "HU", "A|33rd Percentile", 2020, 1.5, None, None),
    ]
    assert counts(written) == (11, 0, 0, 0, 0)
    assert lines(connection) == expected
    again = put(connection, path, replace=True)
    assert counts(again) == (0, 0, 11, 0, 0)
    assert not again.differs
    # One end moves, and the range of another year is not stated any more.
    written = put(connection, write(tmp_path, WIDE + RANGES.replace("t,3,30", "t,3.5,").replace("t,1,10", "t,1,")))
    assert counts(written) == (0, 1, 8, 2, 0)
    assert lines(connection)[:2] == [("s", "HU", "A", 2020, 2, 1, 3.5), ("s", "HU", "A", 2030, 20, None, None)]
    # A range alone goes to the value that is stored; a value alone has no range.
    assert counts(put(connection, write(tmp_path, WIDE + "m,s,HU,A|p95,t,,40\n"))) == (1, 0, 0, 0, 0)
    assert lines(connection)[1] == ("s", "HU", "A", 2030, 20, None, 40)
    assert counts(put(connection, write(tmp_path, WIDE + "m,s,HU,A,t,2,20\n"))) == (0, 0, 2, 3, 0)
    assert lines(connection)[:2] == [("s", "HU", "A", 2020, 2, None, None), ("s", "HU", "A", 2030, 20, None, None)]


def test_ranges_that_cannot_be_are_refused_and_the_value_stays(connection: Connection, tmp_path: Path) -> None:
    text = "m,s,HU,A,t,2,2\nm,s,HU,A|5th Percentile,t,3,1\nm,s,HU,A|95th Percentile,t,1,1.5\n"
    text += "m,s,HU,B|P5,t,1,\nm,s,HU,C,t,1,\nm,s,HU,C|Median,t,2,7\nm,s,HU,C|p50,t,1,7\n"
    written = put(connection, write(tmp_path, WIDE + text))
    assert sorted(said(written)) == [
        ("duplicate-key", 7),
        ("duplicate-key", 8),
        ("duplicate-key", 8),
        ("low-above-high", 3),
        ("low-above-high", 4),
        ("range-without-value", 5),
        ("value-outside-range", 3),
        ("value-outside-range", 4),
    ]
    assert counts(written) == (4, 0, 0, 0, 8)
    assert lines(connection) == [
        ("s", "HU", "A", 2020, 2, None, None),
        ("s", "HU", "A", 2030, 2, None, None),
        ("s", "HU", "C", 2020, 1, None, None),
        ("s", "HU", "C", 2030, 7, None, None),
    ]


def test_duplicates_missing_units_text_years_and_long_names(connection: Connection, tmp_path: Path) -> None:
    text = '# made by hand\n"# a, b",,\n' + LONG.upper()
    text += 'm,s,HU,A,t,"2020",1\nm,s,HU,A,t,2020,2\nm,s,HU,B,,2020,3\nm,s,HU,A,t,soon,4\nm,s,HU,A,t,x2030,5\n'
    text += f"m,s,HU,{'long' * 60},t,2020,6\nm,s,HU,{'long' * 60},t,2030,6\nm,s,HU,A,t,2040,many\n"
    written = put(connection, write(tmp_path, text))
    assert sorted(said(written)) == [
        ("bad-name", 9),
        ("duplicate-key", 5),
        ("missing-unit", 6),
        ("not-a-number", 11),
        ("not-a-year", 7),
    ]
    assert counts(written) == (2, 0, 0, 0, 6)
    assert [row[3:5] for row in lines(connection)] == [(2020, 1), (2030, 5)]


def test_names_of_regions_and_scenarios(connection: Connection, tmp_path: Path) -> None:
    text = "m,Green way,Hungary,A,t,1,\nm,green-way,hu31,A,t,1,\nm,Зелёный,World,A,t,1,\nm2,GREEN WAY,GRC,A,t,1,\n"
    written = put(connection, write(tmp_path, WIDE + text))
    assert (written.ours, written.regions) == (["EL", "HU", "HU31"], ["World"])
    # Two names of one model are two scenarios; another model may write the same name in another way.
    rows = connection.execute(select(PathwaySeries.scenario_name, PathwaySeries.scenario).order_by(PathwaySeries.id))
    assert [tuple(row) for row in rows] == [
        ("Green way", "green_way"),
        ("green-way", "green-way"),
        ("Зелёный", "scenario"),
        ("GREEN WAY", "green_way"),
    ]
    assert put(connection, write(tmp_path, WIDE + text)).scenarios == []
    more = put(connection, write(tmp_path, WIDE + "m,Green+way,HU,A,t,1,\nm,Красный,HU,A,t,1,\n"))
    assert more.scenarios == ["green_way-2", "scenario-2"]


def test_what_names_mean_follows_the_mapping(connection: Connection, tmp_path: Path) -> None:
    path = write(tmp_path, WIDE + "m,s,Magyarhon,A,t,1,\nm,s,HU,rd_expenditure_gdp,PC_GDP,1,\n")
    first = put(connection, path)
    assert first.regions == ["Magyarhon"]
    entry = {"variable": "A", "unit": "t", "indicator": "population", "transform": "level", "source": "made"}
    mapping = IamcMapping.model_validate({"regions": {"HU": ["Magyarhon"]}, "variables": [entry]})
    second = put(connection, path, mapping)
    assert counts(second) == (0, 0, 2, 0, 0)
    assert (second.facts, second.differs, second.regions) == (2, True, [])
    assert pathways(connection, "made", ["population"])["region"].tolist() == ["HU"]
    assert not put(connection, path, mapping).differs
    moved = put(connection, path, mapping, source="elsewhere")
    assert (moved.facts, counts(moved)) == (2, (0, 0, 2, 0, 0))


def test_a_workbook_is_a_table_too(connection: Connection, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [["# note"], ["MODEL", "scenario", "Region", "Variable", "Unit", 2020], ["m", "s", "HU", "A", "t", 1.5]],
    )
    assert counts(put(connection, path)) == (1, 0, 0, 0, 0)
    assert lines(connection) == [("s", "HU", "A", 2020, 1.5, None, None)]


def test_what_is_exported_comes_back_the_same(connection: Connection, tmp_path: Path) -> None:
    put(connection, write(tmp_path, WIDE + RANGES + "m,s,World,GDP|PPP,t,0.1,1e-300\n"))
    before = lines(connection)
    out = tmp_path / "out.xlsx"
    for name, layout in (("out.csv", "long"), ("out.csv", "wide"), ("out.xlsx", "wide")):
        out = tmp_path / name
        write_iamc(pa.Table.from_pandas(long(iamc(connection, "made"))), out, layout=layout)  # type: ignore[arg-type]
        again = put(connection, out, source="made.csv", replace=True)
        assert (counts(again)[:2], again.removed, again.differs) == ((0, 0), 0, False)
    make_set(connection, "copy")
    write_lines(connection, "copy", read_iamc(out), MAPPING, new_load(connection))
    copy = iamc(connection, "copy")
    pd.testing.assert_frame_equal(
        copy.sort_values(list(copy)[:6], ignore_index=True),
        iamc(connection, "made").sort_values(list(copy)[:6], ignore_index=True),
    )
    assert lines(connection) == before


def test_blocks_and_slices_make_no_difference(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"m{n % 2},s{n % 3},HU,V{n},t,{year},{n + year}" for year in (2030, 2020) for n in range(60)]
    rows += [
        f"m{n % 2},s{n % 3},HU,V{n}|{q},t,2020,{n + 2020 + d}" for q, d in (("P95", 1), ("P5", -1)) for n in range(9)
    ]
    whole = put(connection, write(tmp_path, LONG + "\n".join(rows) + "\n"))
    expected = lines(connection)
    make_set(connection, "copy")
    monkeypatch.setattr(blocks, "BLOCK_BYTES", 300)
    monkeypatch.setattr(blocks.read_blocks, "__defaults__", (300,))
    monkeypatch.setattr(pathway_writes, "SLICE", 4)
    monkeypatch.setattr(pathway_writes, "PARTITION", 5)
    monkeypatch.setattr(pathway_writes, "FIGURES", 3)
    path = write(tmp_path, LONG + "\n".join(rows) + "\n")
    small = write_lines(connection, "copy", read_iamc(path), MAPPING, new_load(connection))
    assert counts(small) == counts(whole) == (120 + 18, 0, 0, 0, 0)
    assert counts(put(connection, path, replace=True)) == (0, 0, 138, 0, 0)
    assert lines(connection) == expected
    assert iamc(connection, "copy").equals(iamc(connection, "made"))


@pytest.fixture(scope="module")
def small_database(new_database: Callable[[str, str], str]) -> Iterable[Engine]:
    engine = make_engine(new_database("sqlite", "catalogue"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("editions")


@settings(max_examples=25)
@given(data=st.data())
def test_any_two_editions_end_as_the_second_says(
    small_database: Engine, small_folder: Path, data: st.DataObject
) -> None:
    """Against a model in dictionaries: what is stored after two editions, and the counts of the second."""
    cell = st.dictionaries(
        st.tuples(st.sampled_from("AB"), st.sampled_from([2020, 2030])),
        st.tuples(st.integers(1, 3), st.sampled_from([None, 0.5, 1.0]), st.sampled_from([None, 3.0, 4.0])),
    )
    first, second = data.draw(cell), data.draw(cell)
    replace = data.draw(st.booleans())
    expected = second if replace and second else {**first, **second}
    with writing(small_database) as connection:
        make_set(connection)
        put(connection, _edition(small_folder, first))
        written = put(connection, _edition(small_folder, second), replace=replace)
        stored = {(str(row[2]), row[3]): (row[4], row[5], row[6]) for row in lines(connection)}
        assert stored == expected
        assert counts(written)[4] == 0
        nothing = (None, None, None)
        fresh = [
            key
            for key, row in second.items()
            for old, number in zip(first.get(key, nothing), row, strict=True)
            if number is not None and old is None
        ]
        assert written.new == len(fresh)
        assert not put(connection, _edition(small_folder, second), replace=replace).differs
        connection.rollback()


def _edition(folder: Path, cells: dict[tuple[str, int], tuple[float, float | None, float | None]]) -> Path:
    rows = []
    for (variable, year), numbers in cells.items():
        for ending, number in zip(("", "|P5", "|P95"), numbers, strict=True):
            if number is not None:
                rows.append(f"m,s,HU,{variable}{ending},t,{year},{number}")
    return write(folder, LONG + "".join(f"{row}\n" for row in rows))


def test_endings_and_codes() -> None:
    assert split_ending("A|B|95.0th Percentile ") == ("A|B", scenario_tables.HIGH)
    assert split_ending("Median") == ("Median", scenario_tables.VALUE)
    assert split_ending("|Median")[1] == scenario_tables.VALUE
    assert split_ending("A|10th Percentile")[1] == scenario_tables.VALUE
    assert code_of("Zöld, de drága!") == "zold_de_draga"
    assert code_of("漢") == "scenario"
    assert len(code_of("long name " * 20)) <= 48


def test_a_file_that_is_wrong_throughout_is_given_up(
    connection: Connection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scenario_tables, "MAX_PROBLEMS", 3)
    with pytest.raises(SourceError) as raised:
        put(connection, write(tmp_path, WIDE + "m,s,HU,,t,1,2\n" * 5))
    assert raised.value.problem.reason == "wrong-throughout"
