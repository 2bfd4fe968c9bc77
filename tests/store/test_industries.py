"""Series by industry as the pages read them."""

from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine

from etl.pipeline import load_extract
from store.catalogue import indicators
from store.industries import figures, industries, series, years
from store.observations import coverage
from store.status import dataset_status
from tests.etl.extracts import extract

ROWS = [
    ("employment_nace:J", "HU21", 2014, 2.5, "u"),
    ("employment_nace:A", "HU21", 2014, None, "c"),
    ("employment_nace:B-E", "HU21", 2013, 40.0, "b"),
    ("employment_nace:A", "AT11", 2012, None, ""),
    ("employment_nace:A", "AT11", 2014, 8.0, ""),
    ("gva_nace:TOTAL", "AT11", 2014, 900.0, ""),
    ("gva_nace:R-U", "AT11", 2014, 30.0, ""),
    ("employment_rate", "AT11", 2014, 70.0, ""),
]


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    """A few figures of two series and an indicator."""
    assert load_extract(engine, extract(tmp_path, ROWS)).counts["new"] == len(ROWS)
    return engine


def test_series_say_what_they_are(engine: Engine) -> None:
    with engine.connect() as connection:
        english, hungarian = series(connection), series(connection, "hu")
    assert list(english["code"][:2]) == ["employment_nace", "employment_national_accounts"]
    assert set(english["kind"]) == {"structure", "position"}
    row = english.set_index("code").loc["employment_nace"]
    assert row["members"][:3] == ["A", "B-E", "F"]
    assert (row["classification"], row["dataset"], row["source"], row["total"]) == (
        "NACE2",
        "LFST_R_LFE2EN2",
        "eurostat",
        "",
    )
    assert hungarian.set_index("code").loc["employment_nace", "short"] == "Foglalkoztatottak"
    assert all((hungarian[name] != english[name]).all() for name in ("name", "definition", "note"))


def test_industries_have_names_short_names_and_a_place(engine: Engine) -> None:
    with engine.connect() as connection:
        english = industries(connection, "NACE2").set_index("code")
        hungarian = industries(connection, "NACE2", "hu").set_index("code")
        unknown = industries(connection, "NACE7")
    assert english.loc["C10", ["parent", "level", "section", "short"]].tolist() == ["C", 4, "C", "Food"]
    assert english.loc["F", "short"] == english.loc["F", "name"] == "Construction"
    assert english.loc["TOTAL", "parent"] == ""
    assert english["position"].is_monotonic_increasing
    assert hungarian.loc["B-E", "short"] == "Ipar"
    assert unknown.empty
    assert list(unknown.columns) == ["code", "parent", "level", "position", "section", "name", "short"]


def test_figures_stand_in_the_order_of_the_series(loaded: Engine) -> None:
    with loaded.connect() as connection:
        found = figures(connection, "employment_nace")
        some = figures(connection, "employment_nace", ["HU21"], first=2014)
        total = figures(connection, "gva_nace")
        empty = figures(connection, "local_units")
        unknown = figures(connection, "nothing")
    assert found.drop(columns="value").to_records(index=False).tolist() == [
        ("AT11", "A", 2012, "", "O"),
        ("AT11", "A", 2014, "", "A"),
        ("HU21", "A", 2014, "c", "Q"),
        ("HU21", "B-E", 2013, "b", "B"),
        ("HU21", "J", 2014, "u", "U"),
    ]
    assert found["value"].fillna(-1).tolist() == [-1, 8, -1, 40, 2.5]
    assert some["industry"].tolist() == ["A", "J"]
    assert total["industry"].tolist() == ["R-U", "TOTAL"], "the publisher's sum comes last"
    for frame in (empty, unknown):
        assert frame.empty
        pd.testing.assert_series_equal(frame.dtypes, found.dtypes)


def test_years_are_those_with_a_value(loaded: Engine) -> None:
    with loaded.connect() as connection:
        assert years(connection, "employment_nace") == [2014, 2013], "2012 has a row and no value"
        assert years(connection, "local_units") == []


def test_lists_of_indicators_leave_series_out(loaded: Engine) -> None:
    with loaded.connect() as connection:
        assert not indicators(connection)["code"].str.contains(":").any()
        assert set(coverage(connection)["indicator"]) == {"employment_rate"}


def test_status_counts_a_series_as_one(loaded: Engine, tmp_path: Path) -> None:
    rows = [("position_upstreamness:1", "HU", 2011, 2.0), ("position_upstreamness:2", "HU", 2011, 2.0)]
    load_extract(loaded, extract(tmp_path, rows, name="positions.csv"))
    with loaded.connect() as connection:
        found = {row.dataset: row for row in dataset_status(connection)}
    employment = found["LFST_R_LFE2EN2"]
    assert (employment.indicators, employment.of_indicators, employment.rows) == (1, 2, 5)
    assert (employment.regions, employment.first, employment.last) == (2, 2013, 2014)
    positions = found["WIOD13_POSITIONS"]
    assert (positions.indicators, positions.of_indicators, positions.rows) == (1, 4, 2)
    assert positions.share is None, "countries alone: nothing is missing of level-2 regions"
