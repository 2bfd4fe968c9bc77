"""Figures by industry from the publisher's file, our own file and a live query into their series."""

import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Engine, select

from config import ROOT
from etl.loading import Loader
from etl.pipeline import load_extract
from etl.sources.detect import open_extract
from store.engine import make_engine
from store.industries import figures, series, years
from store.ledger import quarantine
from store.observations import observations
from store.schema import Indicator
from tests.etl.extracts import extract

TABLE = ROOT.parent / "shared" / "figures" / "raw" / "eurostat" / "lfst_r_lfe2en2.2017.tsv"
STARTER = ROOT / "data" / "starter"


@pytest.fixture
def table() -> Path:
    """The publisher's table of 2017; a test that needs it fails under CI when it is missing."""
    if not TABLE.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{TABLE} is missing")
        pytest.skip(f"{TABLE} is missing")
    return TABLE


def test_the_publishers_table_fills_the_series_with_its_flags(new_database: Any, table: Path, tmp_path: Path) -> None:
    engine = make_engine(new_database("sqlite", "catalogue"))
    outcome = load_extract(engine, open_extract(table))
    assert (outcome.state, outcome.counts["rejected"]) == ("done", 0)
    with engine.connect() as connection:
        found = figures(connection, "employment_nace")
        total = observations(connection, ["employment_total"])
        newest = years(connection, "employment_nace")
        members = series(connection).set_index("code").loc["employment_nace", "members"]
    assert newest == list(range(2015, 2007, -1))
    # Total and persons without activity stand in the table and are no industries of the series.
    assert set(found["industry"]) == set(members)
    assert {"NRP", "TOTAL"}.isdisjoint(found["industry"])
    assert not total.empty
    published = published_cells(table)
    cells = {(r.region, r.industry, r.period): (r.value, r.flags) for r in found.itertuples()}
    assert len(cells) == len(found) > 9000
    for key, (value, flags) in cells.items():
        assert published[key] == ("" if pd.isna(value) else value, flags)
    starter = pd.read_csv(STARTER / "industries.csv", keep_default_na=False, dtype={"flags": str})
    for r in starter.itertuples():
        assert cells[r.region, r.indicator.partition(":")[2], r.period] == (float(r.value), r.flags)
    # Loaded over the starter's, every one of its figures is the same one.
    again = Loader(engine).starter(STARTER / "industries.csv", "starter/industries.csv")
    assert (again.counts["unchanged"], again.counts["rejected"]) == (len(starter), 0)
    assert again.counts["new"] == again.counts["changed"] == 0
    engine.dispose()


def published_cells(table: Path) -> dict[tuple[str, str, int], tuple[Any, str]]:
    """What the file says of persons of 15 and over: (region, industry, year) -> (value or '', flags sorted)."""
    result: dict[tuple[str, str, int], tuple[Any, str]] = {}
    head, *lines = table.read_text(encoding="utf-8").splitlines()
    periods = [int(text) for text in head.split("\t")[1:]]
    for line in lines:
        key, *cells = line.split("\t")
        _unit, industry, age, region = key.split(",")
        if age == "Y_GE15":
            for period, cell in zip(periods, cells, strict=True):
                value, _, flags = cell.strip().partition(" ")
                result[region, industry, period] = ("" if value == ":" else float(value), "".join(sorted(flags)))
    return result


def test_positions_are_loaded_as_published(new_database: Any) -> None:
    engine = make_engine(new_database("sqlite", "catalogue"))
    outcome = Loader(engine).starter(STARTER / "positions.csv", "starter/positions.csv")
    assert (outcome.counts["new"], outcome.counts["rejected"]) == (980, 0)
    with engine.connect() as connection:
        found = figures(connection, "position_upstreamness", ["HU"])
        empty = figures(connection, "position_final_use")
    assert list(found["industry"]) == [str(number) for number in range(1, 36)]
    assert set(found["period"]) == {2011}
    assert set(empty.loc[empty["value"].isna(), "region"]) == {"BG", "HU", "RO"}
    assert set(empty.loc[empty["value"].isna(), "status"]) == {"O"}
    engine.dispose()


def test_the_starter_positions_repeat_the_published_ones(new_database: Any) -> None:
    source = ROOT.parent / "shared" / "figures" / "starter" / "gvc_position_2011.csv"
    if not source.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{source} is missing")
        pytest.skip(f"{source} is missing")
    ours = {"AUT": "AT", "BGR": "BG", "GRC": "EL", "HUN": "HU", "ITA": "IT", "ROU": "RO", "SVN": "SI"}
    names = {
        "upstreamness": "position_upstreamness",
        "downstreamness": "position_downstreamness",
        "final_use_to_output": "position_final_use",
        "value_added_to_output": "position_value_added",
    }
    published = pd.read_csv(source, dtype=str, keep_default_na=False)
    expected = {
        (f"{names[measure]}:{row['wiot2013_industry']}", ours[row["iso3"]]): row[measure]
        for row in published.to_dict("records")
        if row["iso3"] in ours
        for measure in names
    }
    starter = pd.read_csv(STARTER / "positions.csv", dtype=str, keep_default_na=False)
    assert {(row.indicator, row.region): row.value for row in starter.itertuples()} == expected
    assert set(published["iso3"]) - set(ours) == {"CYP", "DEU", "TUR"}, "the notice says that these were left out"


def test_another_version_of_the_classification_is_another_statistic(engine: Engine, tmp_path: Path) -> None:
    """A table of NACE Rev. 2.1 has the same letters for other things; nothing of it may be joined."""
    sections = [("A", 1.0), ("J", 2.0), ("K", 3.0), ("TOTAL", 9.0)]
    rows = [("Y_GE15", "T", "THS_PER", code, "HU21", 2024, value) for code, value in sections]
    made = {"dataset": "LFST_R_LFE2EN2", "source": "eurostat"}
    outcome = load_extract(engine, extract(tmp_path, rows, dims=["age", "sex", "unit", "nace_r21"], **made))
    assert (outcome.counts["new"], outcome.counts["passed_over"]) == (0, 4)
    assert "No row of this file belongs" in outcome.message
    outcome = load_extract(engine, extract(tmp_path, rows, dims=["age", "sex", "unit", "nace_r2"], name="b", **made))
    assert outcome.counts["new"] == 4, "as Rev. 2 they would have been taken"


def test_each_row_finds_its_industry_and_only_that(engine: Engine, tmp_path: Path) -> None:
    made = {"dims": ["age", "unit", "nace_r2"], "dataset": "LFST_R_LFE2EN2", "source": "eurostat"}
    rows = [
        ("Y_GE15", "THS", "B-E", "HU21", 2014, 7.0, "u"),
        ("Y_GE15", "THS", "C", "HU21", 2014, 5.0),
        ("Y_GE15", "THS", "NRP", "HU21", 2014, 1.0),
        ("Y15-64", "THS", "B-E", "HU21", 2014, 6.0),
        ("Y_GE15", "THS", "A", "HU21", 2014, None, "c"),
        ("Y_GE15", "THS", "J", "HU21", 2014, -2.0),
        ("Y_GE15", "THS", "K", "GR30", 2014, 2.0),
    ]
    outcome = load_extract(engine, extract(tmp_path, rows, **made))
    assert (outcome.counts["new"], outcome.counts["passed_over"], outcome.counts["rejected"]) == (2, 3, 2)
    with engine.connect() as connection:
        found = figures(connection, "employment_nace")
        refused = quarantine(connection)
    assert [(r.industry, r.flags, r.status) for r in found.itertuples()] == [("A", "c", "Q"), ("B-E", "u", "U")]
    assert pd.isna(found["value"].iloc[0])
    assert sorted(refused["reason"]) == ["outside-limits", "unknown-region"]


def test_an_unknown_industry_in_our_own_file_is_named(engine: Engine, tmp_path: Path) -> None:
    outcome = load_extract(engine, extract(tmp_path, [("employment_nace:B_E", "HU21", 2014, 5.0)]))
    assert outcome.counts["rejected"] == 1
    with engine.connect() as connection:
        remedy = quarantine(connection)["remedy"].iloc[0]
    assert remedy.startswith("The series employment_nace has no industry B_E; it has A, B-E, F,")


@pytest.mark.parametrize(
    ("dataset", "dimension", "code", "count"),
    [
        ("LFST_R_LFE2EN2", "nace_r2", "B-E", 11),
        ("NAMA_10R_3GVA", "nace_r2", "TOTAL", 11),
        ("NAMA_10R_3EMPERS", "wstatus", "EMP", 1),
        ("SBS_R_NUTS2021", "nace_r2", "C10", 80),
        ("SBS_R_NUTS2021", "indic_sbs", "LOC_NR", 2),
    ],
)
def test_a_dataset_is_asked_for_once_with_all_industries(
    new_database: Any, monkeypatch: pytest.MonkeyPatch, dataset: str, dimension: str, code: str, count: int
) -> None:
    asked: list[tuple[str, dict[str, list[str]]]] = []

    def fetch(name: str, filters: dict[str, list[str]], *_places: Any, **_named: Any) -> Any:
        from etl.sources.base import Problem, SourceError

        asked.append((name, filters))
        raise SourceError(Problem("no-rows", "Nothing today."), name)

    monkeypatch.setattr("etl.sources.live.fetch_dataset", fetch)
    engine = make_engine(new_database("sqlite", "catalogue"))
    outcome = list(Loader(engine).live([dataset.lower()]))
    assert [one.reason for one in outcome] == ["no-rows"]
    assert len(asked) == 1
    name, filters = asked[0]
    assert name == dataset
    assert code in filters[dimension]
    assert len(filters[dimension]) >= count
    engine.dispose()


def test_positions_cannot_be_asked_for(new_database: Any) -> None:
    engine = make_engine(new_database("sqlite", "catalogue"))
    assert [one.reason for one in Loader(engine).live(["wiod13_positions"])] == ["unknown-dataset"]
    with engine.connect() as connection:
        assert connection.scalar(select(Indicator.live).where(Indicator.code == "position_upstreamness:1")) is False
    engine.dispose()
