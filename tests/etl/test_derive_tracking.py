"""Dated evaluations of which scenario the figures follow: kept, never overwritten, made again as known on a day."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine, insert, select, update
from typer.testing import CliRunner

from analysis import tracking as measure
from etl.cli import app
from etl.derive import run_jobs
from etl.derive_tracking import back_test_of, evaluate, expected, jobs, replay, stage
from etl.pipeline import load_extract
from store import tracking
from store.derived import read
from store.engine import version, writing
from store.observations import observations, vintages
from store.schema import LoadRun
from store.schema_scenarios import PathwayLink, PathwayPoint, PathwaySeries, Scenario, ScenarioSet, Tracking
from store.writes import open_load
from tests.etl.extracts import extract

SET, REGION, INDICATOR, BASE = "two", "HU11", "employment_rate", 2013
HISTORY = {year: 60.0 + (year % 2) * 0.6 for year in range(2003, BASE + 1)}
"""Changes of 0.6 up and down, ending at 60.6."""

AFTER = {2014: 61.3, 2015: 62.1, 2016: 63.0}
"""A point up a year, near enough."""


def insert_set(engine: Engine, *, priors: tuple[float | None, float | None] = (None, None)) -> None:
    """Up goes a point up a year from where it was, down goes one down."""
    with writing(engine) as connection:
        load = open_load(
            connection,
            source="own",
            dataset="SET",
            file_name="two.yaml",
            sha256="two",
            bytes=0,
            started_at=datetime(2019, 1, 5),  # noqa: DTZ001 - the database keeps UTC without a zone
            data_version=version(connection) + 1,
        )
        facts: dict[str, Any] = {"regions": [REGION], "axes": [], "groups": [], "texts": {"title": {"en": "Two"}}}
        words = {"source": "made", "source_url": "", "licence": "", "edited_at": None, "origin": "illustrative"}
        span = {"base_year": BASE, "horizon": 2025, "position": 1}
        connection.execute(insert(ScenarioSet), {"code": SET, "load_id": load, **facts, **words, **span})
        link = {"set_code": SET, "unit": "%", "factor": 1.0, "per": "", "source": "made", "transform": "level"}
        connection.execute(insert(PathwayLink), {"variable": "rate", "indicator": INDICATOR, **link})
        for place, (code, way, prior) in enumerate(zip(("up", "down"), (1, -1), priors, strict=True)):
            empty: dict[str, Any] = {"place": {}, "state": {}, "texts": {"name": {"en": code.title()}}}
            row = {"set_code": SET, "code": code, "position": place, "prior": prior, **empty}
            connection.execute(insert(Scenario), row)
            names = {"model": "made", "scenario_name": code, "region_name": REGION, "variable": "rate", "unit": "%"}
            series = {"set_code": SET, "scenario": code, "region": REGION, "source": "made", "load_id": load, **names}
            number = connection.execute(insert(PathwaySeries).returning(PathwaySeries.id), series).scalar_one()
            points = {2013: 60.6, 2025: 60.6 + 12 * way}
            ends = {"low": None, "high": None, "series_id": number}
            rows = [{"year": year, "value": value, **ends} for year, value in points.items()]
            connection.execute(insert(PathwayPoint), rows)


def bring(engine: Engine, folder: Path, values: Mapping[int, float], day: date) -> None:
    """Load figures as if it were that day."""
    rows = [(INDICATOR, REGION, year, value) for year, value in values.items()]
    outcome = load_extract(engine, extract(folder, rows, name=f"{day}.csv"))
    assert outcome.counts["rejected"] == 0
    with writing(engine) as connection:
        moment = datetime(day.year, day.month, day.day, 11, 30)  # noqa: DTZ001 - as above
        connection.execute(update(LoadRun).where(LoadRun.id == outcome.load_id).values(started_at=moment))


def rows(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(select(Tracking.__table__).order_by(Tracking.id)).mappings()]


def weights(engine: Engine, day: date | None = None) -> dict[str, float | None]:
    with engine.connect() as connection:
        told = tracking.told(connection, SET, REGION, day)
    return {} if told is None else {row["scenario"]: row["weight"] for row in told.rows}


FIRST, SECOND, THIRD = date(2020, 3, 1), date(2021, 3, 1), date(2022, 3, 1)


@pytest.fixture
def told(engine: Engine, tmp_path: Path) -> Engine:
    """Three loads on three days, evaluated after each; the last revises what came before, so that the leader turns."""
    insert_set(engine)
    bring(engine, tmp_path, HISTORY | {2014: 61.3, 2015: 62.1}, FIRST)
    run_jobs(engine)
    bring(engine, tmp_path, AFTER, SECOND)
    run_jobs(engine)
    bring(engine, tmp_path, {2014: 59.8, 2015: 58.9, 2016: 58.1}, THIRD)
    run_jobs(engine)
    return engine


def test_each_evaluation_is_a_dated_row_with_all_that_went_in(told: Engine) -> None:
    kept = rows(told)
    assert [(row["as_of"], row["scenario"]) for row in kept] == [
        (day, scenario) for day in (FIRST, SECOND, THIRD) for scenario in ("up", "down")
    ]
    assert kept[0]["weight"] is None, "two years are too early to tell"
    assert kept[0]["detail"]["state"] == "too_early"
    assert [note["issue"] for note in kept[0]["detail"]["notes"]] == ["few_years"]
    assert kept[2]["weight"] > 0.9
    assert kept[2]["weight"] + kept[3]["weight"] == pytest.approx(1)
    assert kept[4]["weight"] < 0.1
    inputs = kept[2]["detail"]["inputs"]
    assert [(one["period"], one["observed"], one["path"]) for one in inputs] == [
        (2014, 61.3, pytest.approx(61.6)),
        (2015, 62.1, pytest.approx(62.6)),
        (2016, 63.0, pytest.approx(63.6)),
    ]
    assert kept[2]["detail"]["moved"] == [
        {"variable": INDICATOR, "how": "difference", "observed": pytest.approx(60.6), "shift": pytest.approx(0)}
    ]


def test_nothing_is_kept_twice_or_overwritten(told: Engine, tmp_path: Path) -> None:
    before = rows(told)
    assert run_jobs(told) == []
    forced = [one.name for one in run_jobs(told, force=True) if one.state == "computed"]
    assert forced == ["tracking"]
    assert rows(told) == before, "the same figures say the same"
    bring(told, tmp_path, {2003: 60.6}, date(2023, 3, 1))
    with told.connect() as connection:
        loaded = len(vintages(connection, [INDICATOR]))
    assert loaded == len(HISTORY) + 3 + 3, "a figure that did not change has no new vintage"
    with writing(told) as connection:
        connection.execute(update(Scenario).where(Scenario.code == "up").values(prior=3))
        connection.execute(update(Scenario).where(Scenario.code == "down").values(prior=1))
    run_jobs(told)
    after = rows(told)
    assert after[: len(before)] == before
    assert [row["detail"]["scores"]["prior"] for row in after[len(before) :]] == [0.75, 0.25]
    assert after[-1]["as_of"] > THIRD, "what else changed is dated by the day it was told"
    assert weights(told, THIRD) == {row["scenario"]: row["weight"] for row in before[4:]}


def test_a_replay_tells_what_was_told_then(told: Engine) -> None:
    with told.connect() as connection:
        for day in (FIRST, SECOND, date(2021, 12, 31), THIRD, date(2030, 1, 1)):
            (found,) = replay(connection, SET, day)
            again = {one["scenario"]: one["weight"] for one in found["weights"]}
            assert found["told"]["same"], day
            assert again == pytest.approx(weights(told, day)), day
        assert replay(connection, SET, date(2019, 12, 31)) == []
        assert weights(told, date(2019, 12, 31)) == {}


def test_what_was_known_on_a_day_are_the_figures_of_that_day(told: Engine) -> None:
    with told.connect() as connection:
        every = vintages(connection, [INDICATOR], [REGION])
        now = observations(connection, [INDICATOR], [REGION])
        for day, last in ((FIRST, {2014: 61.3, 2015: 62.1}), (SECOND, AFTER), (THIRD, {2014: 59.8, 2016: 58.1})):
            known = measure.as_known(every, day).set_index("period")["value"]
            assert {year: known[year] for year in last} == last
        newest = measure.as_known(every, date(2030, 1, 1))
        assert newest["value"].tolist() == now["value"].tolist()
        assert vintages(connection, []).empty


def test_a_leader_that_changes_twice_is_a_reversal(told: Engine, tmp_path: Path) -> None:
    assert [row["detail"]["reversal"] for row in rows(told)] == [False] * 6
    bring(told, tmp_path, AFTER, date(2023, 3, 1))
    run_jobs(told)
    newest = rows(told)[-2:]
    assert newest[0]["detail"]["leader"] == "up"
    assert newest[0]["detail"]["reversal"]
    with told.connect() as connection:
        frame = tracking.evaluations(connection, SET, REGION)
    assert frame["leader"].tolist()[::2] == ["", "up", "down", "up"]
    assert frame["reversal"].tolist()[::2] == [False, False, False, True]
    assert frame["state"].tolist()[::2] == ["too_early", "told", "told", "told"]


def test_results_for_the_page(told: Engine) -> None:
    with told.connect() as connection:
        overview = read(connection, "tracking", SET)
        assert overview is not None
        assert overview.frame["leader"].tolist() == ["down", "down"]
        assert overview.frame[["first", "last", "indicators"]].iloc[0].tolist() == [2014, 2016, 1]
        paths = read(connection, "tracking", SET, REGION)
        assert paths is not None
        assert set(paths.frame["year"]) == {2013, 2025}
        course = read(connection, "tracking", SET, f"{REGION}:years")
        assert course is not None
        assert course.frame["last"].tolist() == [2014, 2014, 2015, 2015, 2016, 2016]
        assert course.frame["weight"].tolist()[-2:] == pytest.approx(list(weights(told).values()))
        apart = read(connection, "tracking", SET, f"{REGION}:apart")
        assert apart is not None
        assert apart.frame["separation"].iloc[-1] >= measure.SETTINGS.separation
        tested = read(connection, "tracking", SET, "back_test")
        assert tested is not None
        assert tested.frame["cases"].sum() == tested.facts["worlds"]
        assert tested.facts["brier"] < tested.facts["brier_prior"]


def test_weights_of_the_back_test_are_as_often_right_as_they_say(told: Engine) -> None:
    with told.connect() as connection:
        shared = stage(connection, SET)
        found = evaluate(connection, shared)
    ahead = {region: expected(shared, one) for region, one in found.items()}
    made = back_test_of(shared, ahead)
    assert made is not None
    _region, result, facts = made
    assert facts == {"first": 2014, "last": 2023, "indicators": [INDICATOR], "history": 10}
    frame = result.leader
    off = np.abs(frame["weight"] - frame["right"]) * frame["cases"] / frame["cases"].sum()
    assert off.sum() < 0.05


def test_sets_without_pathways_of_ours_have_nothing_due(engine: Engine, tmp_path: Path) -> None:
    with engine.connect() as connection:
        assert jobs(connection) == []
    insert_set(engine)
    with writing(engine) as connection:
        connection.execute(update(PathwaySeries).values(region=None))
    with engine.connect() as connection:
        assert jobs(connection) == []
        with pytest.raises(KeyError):
            replay(connection, "none", FIRST)
    with writing(engine) as connection:
        connection.execute(update(PathwaySeries).values(region=REGION))
    assert [one.state for one in run_jobs(engine)] == ["computed"], "without figures nothing is told"
    assert rows(engine) == []


def test_the_command_line_replays(told: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    from config import settings

    monkeypatch.setenv("POLISEE_DATABASE_URL", told.url.render_as_string(hide_password=False))
    settings.cache_clear()
    run = CliRunner()
    found = json.loads(run.invoke(app, ["tracking", "--set", SET, "--as-of", str(SECOND), "--json"]).stdout)
    assert found[0]["told"]["same"]
    assert found[0]["leader"] == "up"
    shown = run.invoke(app, ["tracking", "--set", SET, "--as-of", str(SECOND)])
    assert "as known on 2021-03-01" in shown.stdout
    assert "up 1.00, down 0.00" in shown.stdout
    early = run.invoke(app, ["tracking", "--set", SET, "--as-of", "2019-12-31"])
    assert "no figures" in early.stdout
    assert run.invoke(app, ["tracking", "--set", "none"]).exit_code == 2
    assert run.invoke(app, ["tracking", "--set", SET, "--as-of", "soon"]).exit_code == 2
    settings.cache_clear()
