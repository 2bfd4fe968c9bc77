"""What a load does to what is stored, on both databases."""

from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete

from etl.pipeline import load_extract, recall
from store.engine import version, writing
from store.ledger import loads, quarantine
from store.observations import observations, revisions
from store.schema import LoadRun, Observation, Quarantine, Revision
from tests.etl.extracts import extract

RATE = "employment_rate"
PAST, NOW = datetime(2025, 3, 1), datetime(2026, 3, 1)  # noqa: DTZ001 - stored as UTC without a zone


def stored(engine: Engine, code: str = RATE) -> dict[tuple[str, int], tuple[float, str]]:
    """{(region, year): (value, flags)} of one indicator."""
    with engine.connect() as connection:
        frame = observations(connection, [code])
    return {(row.region, row.period): (row.value, row.flags) for row in frame.itertuples()}


def data_version(engine: Engine) -> int:
    with engine.connect() as connection:
        return version(connection)


def test_the_same_file_twice_changes_nothing(engine: Engine, tmp_path: Path) -> None:
    rows = [(RATE, "HU11", 2014, 67.5), (RATE, "HU11", 2015, 69.2, "b"), (RATE, "AT11", 2015, None, "u")]
    first = load_extract(engine, extract(tmp_path, rows))
    before, number = stored(engine), data_version(engine)
    second = load_extract(engine, extract(tmp_path, rows))
    assert first.counts["new"] == 3
    assert second.counts == {"read": 3, "passed_over": 0, "new": 0, "changed": 0, "unchanged": 3, "rejected": 0}
    assert data_version(engine) == number
    pd.testing.assert_frame_equal(pd.DataFrame(before), pd.DataFrame(stored(engine)))


def test_a_changed_value_keeps_its_past(engine: Engine, tmp_path: Path) -> None:
    first = load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, 67.5, "p"), (RATE, "HU12", 2014, 60.0)]))
    number = data_version(engine)
    second = load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, 67.1), (RATE, "HU12", 2014, 60.0)]))
    assert (second.counts["changed"], second.counts["unchanged"]) == (1, 1)
    assert data_version(engine) == number + 1
    assert stored(engine)["HU11", 2014] == (67.1, "")
    with engine.connect() as connection:
        past = revisions(connection)
    assert past[["region", "period", "value", "flags"]].to_numpy().tolist() == [["HU11", 2014, 67.5, "p"]]
    assert (past["load_id"][0], past["replaced_by"][0]) == (first.load_id, second.load_id)


def test_what_vanishes_from_a_new_edition_stays(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, 67.5), (RATE, "HU10", 2014, 65.0)]))
    load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, 67.5)]))
    assert stored(engine)["HU10", 2014] == (65.0, "")


def test_missing_is_never_zero_and_replaces_a_figure_that_was_withdrawn(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, 67.5)]))
    load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, None, "", "C")]))
    value, _ = stored(engine)["HU11", 2014]
    assert pd.isna(value)
    with engine.connect() as connection:
        row = observations(connection, [RATE]).iloc[0]
        assert revisions(connection)["value"].tolist() == [67.5]
    assert (row["status"], row["confidential"]) == ("Q", "C")


def test_only_rows_of_our_indicators_and_area_are_taken(engine: Engine, tmp_path: Path) -> None:
    rows = [
        ("A", "PC_GDP", "TOTAL", "HU11", 2019, 2.3),
        ("A", "MIO_EUR", "TOTAL", "HU11", 2019, 900.0),
        ("Q", "PC_GDP", "TOTAL", "HU11", 2019, 2.2),
        ("A", "PC_GDP", "TOTAL", "DE11", 2019, 4.0),
    ]
    outcome = load_extract(
        engine,
        extract(tmp_path, rows, dims=("freq", "unit", "sectperf"), dataset="TGS00042", source="eurostat", vintage=NOW),
    )
    assert (outcome.counts["new"], outcome.counts["passed_over"]) == (1, 3)
    assert stored(engine, "rd_expenditure_gdp") == {("HU11", 2019): (2.3, "")}


def test_an_alias_carries_the_same_indicator(engine: Engine, tmp_path: Path) -> None:
    rows = [("PPS_HAB_EU27_2020", "HU11", 2019, 151.0)]
    load_extract(engine, extract(tmp_path, rows, dims=("unit",), dataset="TGS00006", source="eurostat", vintage=NOW))
    assert stored(engine, "gdp_pps_per_head_eu") == {("HU11", 2019): (151.0, "")}


def rate(folder: Path, value: float, vintage: datetime | None, *years: int) -> object:
    rows = [("PC", "T", "Y15-64", "HU11", year, value) for year in years or (2014,)]
    return extract(folder, rows, dims=("unit", "sex", "age"), dataset="TGS00007", source="eurostat", vintage=vintage)


def test_an_older_edition_only_adds(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, rate(tmp_path, 67.5, NOW))  # type: ignore[arg-type]
    outcome = load_extract(engine, rate(tmp_path, 60.0, PAST, 2013, 2014))  # type: ignore[arg-type]
    assert stored(engine) == {("HU11", 2013): (60.0, ""), ("HU11", 2014): (67.5, "")}
    assert "newer edition" in outcome.message
    assert outcome.counts["passed_over"] == 1
    load_extract(engine, rate(tmp_path, 60.0, PAST, 2013, 2014), force=True)  # type: ignore[arg-type]
    assert stored(engine)["HU11", 2014] == (60.0, "")


def test_a_publishers_file_without_a_date_that_ends_earlier_is_older(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, rate(tmp_path, 67.5, None, 2014, 2024))  # type: ignore[arg-type]
    load_extract(engine, rate(tmp_path, 60.0, None, 2013, 2014))  # type: ignore[arg-type]
    assert stored(engine)["HU11", 2014] == (67.5, "")
    load_extract(engine, rate(tmp_path, 61.0, None, 2014, 2024))  # type: ignore[arg-type]
    assert stored(engine)["HU11", 2014] == (61.0, "")


def test_starter_data_never_replace_what_others_loaded(engine: Engine, tmp_path: Path) -> None:
    old = [(RATE, "HU11", 2014, 1.0), (RATE, "HU12", 2014, 2.0)]
    load_extract(engine, extract(tmp_path, old, name="starter.csv"), starter=True)
    load_extract(engine, extract(tmp_path, [(RATE, "HU11", 2014, 67.5)], name="ministry.csv"))
    new = [(RATE, "HU11", 2014, 3.0), (RATE, "HU12", 2014, 4.0)]
    load_extract(engine, extract(tmp_path, new, name="starter.csv"), starter=True)
    assert stored(engine) == {("HU11", 2014): (67.5, ""), ("HU12", 2014): (4.0, "")}


def test_contradicting_repeats_are_all_refused_and_harmless_ones_once(engine: Engine, tmp_path: Path) -> None:
    load_extract(engine, extract(tmp_path, [(RATE, "HU12", 2014, 60.0)]))
    rows = [
        (RATE, "HU11", 2014, 1.0),
        (RATE, "HU12", 2014, 61.0),
        (RATE, "AT11", 2014, 5.0),
        (RATE, "HU11", 2014, 2.0),
        (RATE, "HU12", 2014, 62.0),
        (RATE, "AT11", 2014, 5.0),
    ]
    outcome = load_extract(engine, extract(tmp_path, rows, chunk=2))
    assert stored(engine) == {("HU12", 2014): (60.0, ""), ("AT11", 2014): (5.0, "")}
    assert outcome.counts["rejected"] == 5
    assert outcome.counts["read"] == sum(number for name, number in outcome.counts.items() if name != "read")
    with engine.connect() as connection:
        refused = quarantine(connection, outcome.load_id)
        assert revisions(connection).empty
    assert set(refused["reason"]) == {"duplicate-key"}
    assert set(refused["line"].dropna()) == {5, 6, 7}


@pytest.mark.parametrize("chunk", [1, 100])
@pytest.mark.parametrize("order", [1, -1])
def test_a_zero_beside_the_former_region_is_no_figure(engine: Engine, tmp_path: Path, chunk: int, order: int) -> None:
    rows = [
        (RATE, "HU10", 2014, 65.0),
        (RATE, "HU11", 2014, 0.0),
        (RATE, "HU12", 2014, 0.0),
        (RATE, "HU11", 2018, 0.0),
        (RATE, "HR04", 2014, 55.0),
        (RATE, "HR05", 2014, 0.0),
        (RATE, "HR06", 2014, 54.0),
    ][::order]
    outcome = load_extract(engine, extract(tmp_path, rows, chunk=chunk))
    found = stored(engine)
    assert ("HU11", 2014) not in found
    assert ("HU12", 2014) not in found
    assert found["HU11", 2018] == (0.0, ""), "no former figure in that year: a real zero"
    assert found["HR05", 2014] == (0.0, ""), "its sibling has a figure: a real zero"
    with engine.connect() as connection:
        refused = quarantine(connection, outcome.load_id)
    assert refused["reason"].tolist() == ["zero-after-recode"] * 2
    assert "HU10" in refused["remedy"][0]


def test_series_of_old_and_new_codes_stay_apart(engine: Engine, tmp_path: Path) -> None:
    rows = [(RATE, "HU10", 2016, 65.0), (RATE, "HU11", 2017, 70.0), (RATE, "HU12", 2017, 66.0)]
    load_extract(engine, extract(tmp_path, rows))
    assert set(stored(engine)) == {("HU10", 2016), ("HU11", 2017), ("HU12", 2017)}


def test_every_load_is_in_the_ledger_with_its_counts(engine: Engine, tmp_path: Path) -> None:
    rows = [(RATE, "HU11", 2014, 67.5), (RATE, "GR30", 2014, 50.0), (RATE, "HU11", "2014-Q1", 1.0)]
    outcome = load_extract(engine, extract(tmp_path, rows, vintage=NOW))
    with engine.connect() as connection:
        row = loads(connection).iloc[0]
    assert (row["id"], row["state"], row["file_name"]) == (outcome.load_id, "done", "figures.csv")
    assert (row["rows_read"], row["rows_new"], row["rows_rejected"]) == (3, 1, 2)
    assert row["vintage"] == NOW
    assert len(row["sha256"]) == 64
    assert row["bytes"] > 0
    assert row["duration_s"] > 0


def test_a_file_known_by_its_bytes_needs_no_second_look(engine: Engine, tmp_path: Path) -> None:
    one = extract(tmp_path, [(RATE, "HU11", 2014, 67.5)], name="one.csv")
    other = extract(tmp_path, [(RATE, "HU11", 2014, 68.0)], name="other.csv")
    assert recall(engine, one.path) is None
    load_extract(engine, one)
    known = recall(engine, one.path)
    assert known is not None
    assert known.state == "known"
    load_extract(engine, other)
    assert recall(engine, one.path) is None, "another file has changed its figures since: loading it again matters"
    starter = recall(engine, one.path, starter=True)
    assert starter is not None


@pytest.mark.parametrize("row", [(RATE, "XX99", 2014, 1.0), (RATE, "HU11", 2014, 1.0)])
def test_a_file_that_is_wrong_throughout_is_given_up(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, row: tuple[object, ...]
) -> None:
    monkeypatch.setattr("etl.load.MAX_PROBLEMS", 5)
    outcome = load_extract(engine, extract(tmp_path, [row] * 8, chunk=2))
    assert (outcome.state, outcome.reason) == ("failed", "wrong-throughout")
    assert stored(engine) == {}
    with engine.connect() as connection:
        assert len(quarantine(connection)) == 1


_ROWS = st.lists(
    st.tuples(
        st.sampled_from([RATE, "tertiary_attainment", "gdp_meur"]),
        st.sampled_from(["HU10", "HU11", "HU12", "AT11", "EL30", "EU27_2020"]),
        st.integers(2010, 2014),
        st.one_of(st.none(), st.floats(0.5, 100).map(lambda x: round(x, 3))),
        st.sampled_from(["", "b", "bu", "e"]),
    ),
    max_size=40,
    unique_by=lambda row: row[:3],
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=_ROWS, data=st.data(), chunk=st.integers(1, 15))
def test_order_and_repetition_do_not_matter(
    engine: Engine, tmp_path: Path, rows: list[tuple[object, ...]], data: st.DataObject, chunk: int
) -> None:
    def everything() -> pd.DataFrame:
        with engine.connect() as connection:
            return observations(connection, [RATE, "tertiary_attainment", "gdp_meur"]).drop(columns="load_id")

    with writing(engine) as connection:
        for table in (Revision, Quarantine, Observation, LoadRun):
            connection.execute(delete(table).where(table.load_id > 1 if table is not LoadRun else LoadRun.id > 1))
    load_extract(engine, extract(tmp_path, rows, chunk=chunk))
    once = everything()
    shuffled = data.draw(st.permutations(rows))
    again = load_extract(engine, extract(tmp_path, shuffled, chunk=7))
    assert again.counts["new"] == again.counts["changed"] == 0
    pd.testing.assert_frame_equal(once, everything())
    assert len(once) == len(rows)
    assert once["value"].isna().sum() == sum(row[3] is None for row in rows)
