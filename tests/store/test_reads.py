"""What pages read: documented columns, languages with their fallback, sorted figures."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sqlalchemy import Engine, delete, insert

from etl.pipeline import load_extract
from store import catalogue, ledger, observations, regions
from store.engine import writing
from store.schema import Geometry, Label
from store.status import dataset_status, outside_limits
from store.texts import names, texts
from store.writes import count_orphans
from tests.etl.extracts import extract

ROWS = [
    ("tertiary_attainment", "HU11", 2015, 40.0),
    ("employment_rate", "HU12", 2014, 60.0),
    ("employment_rate", "HU11", 2015, None, "u"),
    ("employment_rate", "HU11", 2014, 67.5, "be"),
    ("employment_rate", "AT11", 2013, 69.9),
]


@pytest.fixture
def loaded(engine: Engine, tmp_path: Path) -> Engine:
    load_extract(engine, extract(tmp_path, ROWS))
    return engine


def test_observations_are_sorted_and_typed(loaded: Engine) -> None:
    with loaded.connect() as connection:
        frame = observations.observations(connection, ["tertiary_attainment", "employment_rate", "no_such"])
    keys = frame[["indicator", "region", "period"]].to_numpy().tolist()
    assert keys == sorted(keys)
    assert len(keys) == 5
    assert (frame["period"].dtype, frame["value"].dtype, frame["load_id"].dtype) == (np.int64, np.float64, np.int64)
    row = frame.set_index(["indicator", "region", "period"]).loc[("employment_rate", "HU11", 2014)]
    assert (row["value"], row["flags"], row["status"]) == (67.5, "be", "B")


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"regions": ["HU11"]}, 2),
        ({"regions": []}, 0),
        ({"regions": ["nowhere"]}, 0),
        ({"first": 2014}, 3),
        ({"last": 2013}, 1),
        ({"first": 2014, "last": 2014}, 2),
        ({}, 4),
    ],
)
def test_observations_by_region_and_year(loaded: Engine, asked: dict[str, object], count: int) -> None:
    with loaded.connect() as connection:
        frame = observations.observations(connection, ["employment_rate"], **asked)  # type: ignore[arg-type]
    assert len(frame) == count
    assert list(frame.columns) == list(observations.COLUMNS)


def test_coverage_counts_values_and_missing_apart(loaded: Engine) -> None:
    with loaded.connect() as connection:
        frame = observations.coverage(connection).set_index(["indicator", "region"])
    row = frame.loc[("employment_rate", "HU11")]
    assert row[["first", "last", "count", "missing", "estimated"]].tolist() == [2014, 2014, 1, 1, 1]
    assert (row["newest_flags"], row["country"], row["level"]) == ("be", "HU", 2)


def test_texts_fall_back_language_by_language(engine: Engine) -> None:
    rows = [
        {"entity": "region", "code": code, "field": "name", "lang": lang, "value": f"{code} {lang}"}
        for code, langs in {
            "A": ("hu", "en", "latin"),
            "B": ("en", "local"),
            "C": ("local", "latin"),
            "D": ("local",),
        }.items()
        for lang in langs
    ]
    with writing(engine) as connection:
        connection.execute(delete(Label).where(Label.entity == "region"))
        connection.execute(insert(Label), rows)
        known = texts(connection, "region", "hu")
        listed = names(connection, "region", "hu", ["A", "B", "C", "D", "E"])
    assert known["A", "name"] == "A hu"
    assert listed == ["A hu", "B en", "C latin", "D local", "E"]


def test_the_catalogue_reads_in_both_languages(engine: Engine) -> None:
    with engine.connect() as connection:
        english, hungarian = catalogue.indicators(connection, "en"), catalogue.indicators(connection, "hu")
        assert list(catalogue.themes(connection)["position"]) == [1, 2, 3, 4, 5, 6]
        assert {"eurostat", "own"} <= set(catalogue.sources(connection, "hu")["code"])
        assert catalogue.datasets(connection)["updated"].isna().all()
    assert list(english["code"]) == list(hungarian["code"])
    assert (english["name"] != hungarian["name"]).mean() > 0.9
    row = english.set_index("code").loc["rd_expenditure_gdp"]
    assert (row["target_value"], row["target_year"], row["direction"], row["source"]) == (3, 2030, 1, "eurostat")
    assert isinstance(row["filters"], dict)


def test_regions_have_names_in_four_forms(engine: Engine) -> None:
    with engine.connect() as connection:
        frame = regions.regions(connection, "hu").set_index("code")
        changes = regions.region_changes(connection)
    assert frame.loc["AT13", ["name", "name_local", "name_latin"]].tolist() == ["Bécs", "Wien", "Wien"]
    assert frame.loc["BG31", "name_local"] == "Северозападен"
    assert pd.isna(frame.loc["HU", "tile_column"])
    assert isinstance(frame.loc["AT13", "nuts_versions"], list)
    shares = changes[(changes["from_code"] == "HR04")]["population_share"]
    assert shares.sum() == pytest.approx(1, abs=1e-6)


def test_geometries_by_code(loaded: Engine) -> None:
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}
    row = {"nuts_version": "2024", "scale": "20M", "shape": shape, "credit": "c", "load_id": 1}
    with writing(loaded) as connection:
        connection.execute(insert(Geometry), [{"region": code, **row} for code in ("HU11", "HU12")])
        assert regions.geometries(connection, ["HU11"])["shape"].tolist() == [shape]
        assert len(regions.geometries(connection)) == 2


def test_the_ledger_is_newest_first(loaded: Engine) -> None:
    with loaded.connect() as connection:
        frame = ledger.loads(connection)
        assert ledger.loads(connection, limit=1)["id"].tolist() == [frame["id"].max()]
        assert ledger.quarantine(connection).empty
    assert frame["id"].is_monotonic_decreasing


def test_status_says_how_complete_a_dataset_is(loaded: Engine) -> None:
    with loaded.connect() as connection:
        found = {row.dataset: row for row in dataset_status(connection)}
        places = len(regions.regions(connection).query("level == 2 and kind != 'extra' and valid_to.isna()"))
    row = found["TGS00007"]
    assert (row.rows, row.regions, row.first, row.last, row.present) == (4, 3, 2013, 2014, 3)
    assert row.share == pytest.approx(3 / (2 * places))
    assert found["TGS00010"].share is None


def test_nothing_is_orphaned_or_out_of_limits_after_a_load(loaded: Engine) -> None:
    with loaded.connect() as connection:
        assert count_orphans(connection) == 0
        assert outside_limits(connection) == []
    with writing(loaded) as connection:
        connection.exec_driver_sql("UPDATE observation SET value = 500, region_id = 99999 WHERE period = 2013")
        assert count_orphans(connection) == 1
        connection.exec_driver_sql("UPDATE observation SET value = 500 WHERE period = 2015 AND value IS NOT NULL")
        assert [row[3] for row in outside_limits(connection)] == [500]
