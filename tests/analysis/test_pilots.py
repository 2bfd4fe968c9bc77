"""Status of indicators and pilots: published vectors, boundaries that are exact, and the same answer cell by cell."""

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.pilots import (
    Agreement,
    Goal,
    Status,
    Thresholds,
    agreement,
    distribution,
    evaluation_matrix,
    expected,
    falls,
    judge,
    judgements,
    krippendorff_alpha,
    pilot_grid,
    thresholds,
    worst,
)

LIMITS = Thresholds()


def test_the_published_vector_of_opsys() -> None:
    goal = Goal("up", baseline=2505, milestones={4: 15000}, target=25000, target_period=6, kind="result")
    found = judge(goal, 4, 12980, LIMITS)
    assert f"{found.of_next:.1%}" == "83.8%"
    assert f"{found.of_target:.1%}" == "46.6%"
    assert found.next_period == 4


def test_the_demonstration_s_indicator() -> None:
    goal = Goal("up", baseline=0, milestones={4: 20}, target=40, target_period=6)
    found = judge(goal, 4, 17, LIMITS)
    assert (found.status, found.share, found.of_target) == (Status.WATCH, 0.85, 0.425)


@pytest.mark.parametrize(
    ("actual", "status"),
    [(18, Status.ON_TRACK), (17.999, Status.WATCH), (14, Status.WATCH), (13.999, Status.OFF_TRACK)],
)
def test_a_value_on_a_threshold_is_on_it(actual: float, status: Status) -> None:
    assert judge(Goal("up", 0, 0, {4: 20}, 40, 6), 4, actual, LIMITS).status == status


def test_a_boundary_holds_where_no_binary_number_does() -> None:
    goal = Goal("down", 0.7, 0, {}, 0.5, 2, kind="result")
    assert judge(goal, 1, 0.61, LIMITS).status == Status.ON_TRACK  # nine tenths of the way from 0.7 to 0.6
    assert judge(goal, 1, 0.6101, LIMITS).status == Status.WATCH


def test_falling_indicators_turn_both_signs() -> None:
    goal = Goal("down", baseline=50, milestones={4: 30}, target=20, target_period=6, kind="result")
    assert expected(goal, 2) == 40
    assert judge(goal, 4, 34, LIMITS).share == pytest.approx(0.8)
    assert judge(goal, 4, 55, LIMITS).share == pytest.approx(-0.25)
    assert judge(goal, 4, 20, LIMITS).status == Status.DONE


def test_steps_hold_until_the_next_point() -> None:
    goal = Goal("up", 0, 0, {2: 10, 4: 20}, 40, 6, profile="step")
    assert [float(expected(goal, p) or 0) for p in range(7)] == [0, 0, 10, 10, 20, 20, 40]
    assert judge(goal, 1, None, LIMITS).status == Status.NOT_DUE
    assert judge(goal, 2, None, LIMITS).status == Status.NO_REPORT


def test_keep_range_and_written_steps() -> None:
    band = Goal("range", low=40, high=60, tolerance=5, kind="context")
    assert [judge(band, 1, v, LIMITS).status for v in (40, 60, 65, 65.1, 34.9)] == [
        *(Status.ON_TRACK, Status.ON_TRACK, Status.WATCH, Status.OFF_TRACK, Status.OFF_TRACK)
    ]
    words = Goal("up", kind="qualitative")
    assert [judge(words, 1, v, LIMITS).status for v in (5, 3, 2, None)] == [
        *(Status.ON_TRACK, Status.WATCH, Status.OFF_TRACK, Status.NO_REPORT)
    ]
    assert judge(Goal("up", kind="result", target=3, target_period=2), 1, 1, LIMITS).status == Status.NOT_COMPUTABLE


def test_milestones_out_of_order_are_found() -> None:
    assert Goal("up", 0, 0, {2: 10, 4: 8}, 40, 6).disorder() == [4]
    assert Goal("down", 50, 0, {2: 40, 4: 45}, 20, 6).disorder() == [4]


def test_thresholds_are_those_of_the_day() -> None:
    steps = [
        {"from": "2026-01-01", "values": {"on_track": 0.95}},
        {"from": "2025-01-01", "values": {"on_track": 0.85, "watch": 0.6}},
    ]
    assert thresholds(steps, date(2024, 6, 1)).on_track == Decimal("0.90")
    found = thresholds(steps, date(2026, 6, 1))
    assert (found.on_track, found.watch, found.since) == (Decimal("0.95"), Decimal("0.6"), date(2026, 1, 1))
    with pytest.raises(ValueError, match="no such limit"):
        thresholds([{"from": "2020-01-01", "values": {"green": 1}}], date(2026, 1, 1))
    with pytest.raises(ValueError, match="above"):
        thresholds([{"from": "2020-01-01", "values": {"watch": 0.95}}], date(2026, 1, 1))


goals = st.builds(
    Goal,
    direction=st.sampled_from(["up", "down", "keep", "range"]),
    baseline=st.none() | st.integers(0, 50).map(float),
    milestones=st.dictionaries(st.integers(1, 5), st.integers(0, 100).map(lambda n: n / 10), max_size=3),
    target=st.none() | st.integers(0, 100).map(float),
    target_period=st.just(6),
    profile=st.sampled_from(["linear", "step"]),
    low=st.none() | st.just(10.0),
    high=st.none() | st.just(20.0),
    tolerance=st.just(2.0),
    kind=st.sampled_from(["output", "result", "qualitative"]),
)


@settings(max_examples=150)
@given(
    st.lists(
        st.tuples(goals, st.lists(st.none() | st.integers(0, 400).map(lambda n: n / 4), min_size=5, max_size=5)),
        min_size=1,
        max_size=6,
    )
)
def test_all_at_once_is_the_same_as_one_by_one(cases: list[tuple[Goal, list[float | None]]]) -> None:
    rows = [{"code": f"i{n}", "owner": "p", **vars(goal)} for n, (goal, _v) in enumerate(cases)]
    values = [
        {"indicator": f"i{n}", "period": t, "value": v}
        for n, (_g, given_values) in enumerate(cases)
        for t, v in enumerate(given_values, 1)
        if v is not None
    ]
    table = judgements(
        pd.DataFrame(rows), pd.DataFrame(values, columns=["indicator", "period", "value"]), range(1, 6), LIMITS
    )
    for n, (goal, given_values) in enumerate(cases):
        for t, value in enumerate(given_values, 1):
            row = table[(table["indicator"] == f"i{n}") & (table["period"] == t)].iloc[0]
            one = judge(goal, t, value, LIMITS)
            assert (row["status"], row["why"]) == (str(one.status), one.why)
            for name in ("expected", "share", "of_target", "outside"):
                wanted: Any = getattr(one, name)
                if value is not None or name == "expected":
                    assert np.isclose(row[name], np.nan if wanted is None else wanted, equal_nan=True), name


def test_the_worst_speaks_and_the_distribution_is_kept() -> None:
    assert worst(["done", "watch", "on_track"]) == Status.WATCH
    assert worst(["not_due", "done"]) == Status.DONE
    assert worst([]) == Status.NOT_COMPUTABLE
    assert distribution(["on_track"] * 7 + ["watch"] * 3 + ["off_track"])["on_track"] == 7


def test_the_watermelon_check() -> None:
    assert agreement("on_track", "off_track") == Agreement.ROSIER
    assert agreement("watch", "on_track") == Agreement.GLOOMIER
    assert agreement("on_track", "done") == Agreement.AGREE
    assert agreement("", "watch") == Agreement.NOT_COMPARABLE


def test_a_pilot_without_a_report_is_not_judged_by_old_values() -> None:
    pilots = pd.DataFrame([{"code": "p1", "start_period": 2, "end_period": 4}])
    indicators = pd.DataFrame([{"code": "i", "owner": "p1", **vars(Goal("up", 0, 0, {}, 40, 4))}])
    values = pd.DataFrame({"indicator": ["i"] * 2, "period": [2, 3], "value": [20, 16]})
    reports = pd.DataFrame(
        {
            "pilot": ["p1", "p1"],
            "period": [2, 3],
            "light": ["on_track", "on_track"],
            "submitted_on": [date(2026, 1, 1), None],
        }
    )
    grid = pilot_grid(pilots, judgements(indicators, values, range(1, 4), LIMITS), reports, range(1, 5), 3)
    assert grid["status"].tolist() == ["not_due", "on_track", "no_report", "not_due"]
    assert grid["computed"].tolist()[2] == "off_track"
    assert grid["indicator"].tolist()[1] == "i"


def test_cumulative_values_that_fall_without_a_word() -> None:
    indicators = pd.DataFrame({"code": ["a", "b"], "cumulative": [True, False]})
    values = pd.DataFrame(
        {
            "indicator": ["a", "a", "a", "b", "b"],
            "period": [1, 2, 3, 1, 2],
            "value": [3, 2, 1, 5, 1],
            "comment": ["", "counted twice before", "", "", ""],
        }
    )
    assert falls(indicators, values)["period"].tolist() == [3]


RATINGS = np.array(
    [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, np.nan, np.nan, np.nan],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, np.nan, 3],
        [np.nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, np.nan],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, np.nan],
    ]
)
"""The example of Krippendorff (2011), section D: four observers, twelve units, missing data."""


@pytest.mark.parametrize(("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)])
def test_the_published_alpha(level: Any, alpha: float) -> None:
    assert krippendorff_alpha(RATINGS, level) == pytest.approx(alpha, abs=0.0005)


def test_alpha_at_its_ends() -> None:
    assert krippendorff_alpha(np.array([[1, 2, 3], [1, 2, 3]])) == 1
    assert np.isnan(krippendorff_alpha(np.array([[1, 1], [1, 1]])))
    assert np.isnan(krippendorff_alpha(np.array([[1, np.nan], [np.nan, 2]])))


def test_the_evaluation_matrix() -> None:
    table = pd.DataFrame(
        {
            "subject": ["x"] * 4,
            "criterion": ["relevance"] * 3 + ["impact"],
            "evaluator": list("abca"),
            "step": [2, 4, 3, None],
            "grade": ["A", "C", "B", ""],
        }
    )
    row = evaluation_matrix(table).iloc[0]
    assert (row["median"], row["low"], row["high"], row["evaluators"], row["grade"]) == (3, 2, 4, 3, "C")
