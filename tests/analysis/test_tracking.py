"""Tracking weights: covariance and likelihood by hand, evidence rules, replay, and calibration on made worlds."""

import json
import math
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis import tracking
from analysis.model import IndicatorSpec
from analysis.tracking import Issue, Settings, State

POINTS = {c: IndicatorSpec(c, change="points", decimals=3) for c in ("v", "w")}
GROWTH = {"v": IndicatorSpec("v", change="relative", decimals=3)}
BASE = 2020
NORMAL = Settings(tails="normal")


def line(scenario: str, slope: float, start=10.0, end=2030, band=None, variable="v", region="R") -> pd.DataFrame:
    years = np.array([BASE, end])
    value = start + slope * (years - BASE)
    half = np.nan if band is None else np.array([0.0, band])
    frame = pd.DataFrame({"year": years, "value": value, "low": value - half, "high": value + half})
    return frame.assign(model="m", scenario=scenario, region=region, variable=variable, unit="u")


def seen(after: list[float], history=None, indicator="v", region="R", flags="") -> pd.DataFrame:
    """A history whose yearly changes are +1, -1, ... ending at 10 in the base year, and what came after."""
    before = [10.0 + (i % 2) for i in range(10, -1, -1)] if history is None else history
    values = [*before, *after]
    periods = np.arange(len(values)) + BASE + 1 - len(before)
    frame = pd.DataFrame({"period": periods, "value": values})
    return frame.assign(indicator=indicator, region=region, flags=np.where(frame["period"] > BASE, flags, ""))


# Ten changes of +1 and -1 in turn have the mean 0 and the standard deviation sqrt(10 / 9).
STEP = math.sqrt(10 / 9)
UP_DOWN = pd.concat([line("up", 1.0), line("down", -1.0)])


def test_random_walk_covariance_by_hand():
    found = tracking.covariance(np.array([1, 2, 4]), 3.0)
    assert found.tolist() == [[9, 9, 9], [9, 18, 18], [9, 18, 36]]


def test_autoregression_range_and_noise_by_hand():
    ar = tracking.covariance(np.array([1, 2]), 1.0, settings=Settings(persistence=0.5))
    assert ar.tolist() == [[1.0, 0.5], [0.5, 1.25]]
    added = tracking.covariance(np.array([1, 2]), 1.0, np.array([1.0, 3.0]), np.array([0.0, 2.0]))
    assert added.tolist() == [[2, 4], [4, 2 + 9 + 4]]
    instead = tracking.covariance(np.array([1, 4]), 1.0, np.array([2.0, 3.0]), settings=Settings(band="instead"))
    assert instead == pytest.approx(np.array([[4, 3], [3, 9]]))


def test_densities_agree_with_scipy():
    rng = np.random.default_rng(1)
    cov = tracking.covariance(np.array([1, 2, 5]), 0.7)
    r = rng.standard_normal((4, 3))
    zero = np.zeros(3)
    assert tracking.log_likelihood(r, cov) == pytest.approx(stats.multivariate_normal(zero, cov).logpdf(r))
    assert tracking.log_likelihood(r, cov, 6.0) == pytest.approx(stats.multivariate_t(zero, cov, df=6).logpdf(r))


def test_weights_survive_likelihoods_that_underflow():
    assert tracking.posterior(np.array([-1e6, -1e6 - math.log(3)]), np.array([0.5, 0.5])) == pytest.approx([0.75, 0.25])
    assert tracking.posterior(np.array([-5.0, 0.0]), np.array([1.0, 0.0])).tolist() == [1.0, 0.0]


def test_one_step_by_hand():
    found = tracking.one_steps(seen([]), POINTS["v"], False).iloc[0]
    assert (found["one_step"], found["steps"], found["basis"]) == (pytest.approx(STEP), 10, "own")


def test_steps_over_gaps_breaks_and_rounding():
    gap = seen([]).query("period != 2015")
    assert tracking.one_steps(gap, POINTS["v"], False)["steps"].tolist() == [9]
    broken = seen([])
    broken.loc[broken["period"] == 2015, ["flags"]] = "b"
    assert tracking.one_steps(broken, POINTS["v"], False)["steps"].tolist() == [9]
    broken.loc[broken["period"] == 2015, ["value"]] = math.nan
    assert tracking.one_steps(broken, POINTS["v"], False)["steps"].tolist() == [8]
    flat = tracking.one_steps(seen([], history=[5.0] * 10), IndicatorSpec("v", decimals=1), False)
    assert flat["one_step"].tolist() == pytest.approx([0.1 / math.sqrt(12)])


def test_short_series_take_the_typical_step_and_say_so():
    short = seen([11.0, 12.0, 13.0], history=[9.0, 10.0])
    other = seen([], region="S")
    found = tracking.evaluate(UP_DOWN, pd.concat([short, other]), POINTS, BASE)
    assert found.inputs["basis"].unique().tolist() == ["typical"]
    assert found.inputs["one_step"].iloc[0] == pytest.approx(STEP)
    assert Issue.TYPICAL_STEP in {n.issue for n in found.notes}
    alone = tracking.evaluate(UP_DOWN, short, POINTS, BASE)
    assert alone.state == State.NO_DATA
    assert Issue.NO_STEP in {n.issue for n in alone.notes}


def test_one_evaluation_by_hand():
    found = tracking.evaluate(UP_DOWN, seen([11.0, 12.0, 13.0]), POINTS, BASE, settings=NORMAL)
    # Up fits exactly; down misses by 2, 4, 6. Steps of a random walk are independent: three misses of 2 each.
    odds = math.exp(0.5 * 3 * 4 / STEP**2)
    assert found.state == State.TOLD
    assert found.weights["weight"].tolist() == pytest.approx([odds / (1 + odds), 1 / (1 + odds)])
    assert (found.leader, found.best, found.off_map) == ("up", "up", False)
    assert found.separation == pytest.approx(math.sqrt(12) / STEP)
    down = found.inputs[found.inputs["scenario"] == "down"]
    assert down["z"].tolist() == pytest.approx([2 / STEP, 4 / STEP / math.sqrt(2), 6 / STEP / math.sqrt(3)])
    assert down["sigma"].tolist() == pytest.approx([STEP, STEP * math.sqrt(2), STEP * math.sqrt(3)])
    assert down["horizon"].tolist() == [1, 2, 3]


def test_prior_is_stated_and_moves_the_weight():
    even = tracking.evaluate(UP_DOWN, seen([10.0, 10.0, 10.0]), POINTS, BASE)
    assert even.weights["posterior"].tolist() == pytest.approx([0.5, 0.5])
    assert even.leader is None
    leaned = tracking.evaluate(UP_DOWN, seen([10.0, 10.0, 10.0]), POINTS, BASE, prior={"up": 3, "down": 1})
    assert leaned.weights["posterior"].tolist() == pytest.approx([0.75, 0.25])


@pytest.mark.parametrize("prior", [{"up": 1.0}, {"up": 0.0, "down": 0.0}, {"up": -1.0, "down": 2.0}])
def test_priors_that_cannot_be_are_refused(prior):
    with pytest.raises(ValueError, match="prior"):
        tracking.evaluate(UP_DOWN, seen([11.0]), POINTS, BASE, prior=prior)


def test_growth_is_compared_in_logarithms():
    paths = pd.concat([line("up", 10.0, start=100.0), line("flat", 0.0, start=100.0)])
    history = [100 * 1.1 ** (i % 2) for i in range(10, -1, -1)]
    found = tracking.evaluate(paths, seen([110.0, 120.0, 130.0], history), GROWTH, BASE)
    flat = found.inputs[found.inputs["scenario"] == "flat"]
    assert flat["residual"].tolist() == pytest.approx([math.log(1.1), math.log(1.2), math.log(1.3)])
    assert flat["measure"].unique().tolist() == ["log"]


def test_two_years_are_too_early_and_no_weight_is_shown():
    found = tracking.evaluate(UP_DOWN, seen([11.0, 12.0]), POINTS, BASE)
    assert found.state == State.TOO_EARLY
    assert found.weights["weight"].isna().all()
    assert found.weights["posterior"].sum() == pytest.approx(1.0)
    assert found.leader is None
    assert [(n.issue, n.detail) for n in found.notes] == [(Issue.FEW_YEARS, "2")]


def test_paths_that_have_not_parted_are_too_early():
    found = tracking.evaluate(pd.concat([line("a", 0.01), line("b", 0.02)]), seen([10.0] * 3), POINTS, BASE)
    assert found.state == State.TOO_EARLY
    assert [n.issue for n in found.notes] == [Issue.ALIKE]


def test_without_observations_the_weight_is_not_told():
    found = tracking.evaluate(UP_DOWN, seen([]), POINTS, BASE)
    assert (found.state, found.best, found.off_map) == (State.NO_DATA, None, False)
    assert found.weights["posterior"].tolist() == [0.5, 0.5]
    assert found.rows()[0]["weight"] is None


def test_a_scenario_set_that_fits_nothing_says_so():
    found = tracking.evaluate(UP_DOWN, seen([20.0, 30.0, 40.0]), POINTS, BASE)
    assert found.off_map
    # The weights alone would look like a clear answer.
    assert found.weights["posterior"].max() > 0.5
    assert found.weights["mean_abs_z"].min() > 2
    alike = pd.concat([line("a", 0.01), line("b", 0.02)])
    assert tracking.evaluate(alike, seen([20.0, 30.0, 40.0]), POINTS, BASE).off_map


def test_a_wide_range_keeps_a_scenario_on_the_map():
    wide = pd.concat([line("up", 1.0, band=200.0), line("down", -1.0)])
    found = tracking.evaluate(wide, seen([20.0, 30.0, 40.0]), POINTS, BASE)
    # The two also differ by how much they leave open.
    assert found.separation > 1
    assert not found.off_map
    assert found.leader == "up"


def test_breaks_forecasts_and_marked_values():
    values = seen([11.0, 12.0, 13.0, 14.0])
    values.loc[values["period"] == 2023, "flags"] = "b"
    cut = tracking.evaluate(UP_DOWN, values, POINTS, BASE)
    assert cut.inputs["period"].max() == 2022
    assert Issue.BREAK in {n.issue for n in cut.notes}
    foreseen = tracking.evaluate(UP_DOWN, seen([11.0, 12.0, 13.0], flags="f"), POINTS, BASE)
    assert foreseen.state == State.NO_DATA
    assert Issue.FORECAST in {n.issue for n in foreseen.notes}
    marked = tracking.evaluate(UP_DOWN, seen([11.0, 12.0, 13.0], flags="p"), POINTS, BASE)
    plain = tracking.evaluate(UP_DOWN, seen([11.0, 12.0, 13.0]), POINTS, BASE)
    assert marked.weights["weight"].iloc[0] < plain.weights["weight"].iloc[0]
    assert marked.inputs["uncertain"].all()


def test_only_what_every_scenario_states_is_scored():
    more = pd.concat([UP_DOWN, line("up", 1.0, variable="w")])
    both = pd.concat([seen([11.0, 12.0, 13.0]), seen([11.0, 12.0, 13.0], indicator="w")])
    found = tracking.evaluate(more, both, POINTS, BASE)
    assert found.inputs["indicator"].unique().tolist() == ["v"]
    assert [(n.issue, n.where, n.detail) for n in found.notes] == [(Issue.NOT_IN_ALL, ("w", "R"), "down")]
    short = pd.concat([line("up", 1.0, end=2022), line("down", -1.0)])
    found = tracking.evaluate(short, both, POINTS, BASE)
    assert found.inputs["period"].max() == 2022
    silent = tracking.evaluate(UP_DOWN, both, POINTS, BASE, prior={"up": 1, "down": 1, "silent": 1})
    assert silent.weights["scenario"].tolist() == ["up", "down"]
    assert Issue.NO_PATHWAY in {n.issue for n in silent.notes}


def test_series_that_move_together_count_once():
    paths = pd.concat([UP_DOWN, UP_DOWN.assign(variable="w")])
    both = pd.concat([seen([11.0, 12.0, 13.0]), seen([11.0, 12.0, 13.0], indicator="w")])
    once = tracking.evaluate(UP_DOWN, both, POINTS, BASE)
    grouped = tracking.evaluate(paths, both, POINTS, BASE, groups={"v": "g", "w": "g"})
    assert grouped.weights["weight"].tolist() == pytest.approx(once.weights["weight"].tolist())
    assert grouped.inputs["evidence"].unique().tolist() == [0.5]
    assert grouped.separation == pytest.approx(once.separation)


def test_paths_that_miss_the_base_value_are_noted():
    off = pd.concat([line("up", 1.0, start=15.0), line("down", -1.0)])
    found = tracking.evaluate(off, seen([11.0, 12.0, 13.0]), POINTS, BASE)
    assert [n.where for n in found.notes if n.issue == Issue.NOT_ALIGNED] == [("v", "R", "up")]


def test_two_models_of_one_scenario_are_refused():
    with pytest.raises(ValueError, match="several models"):
        tracking.evaluate(pd.concat([UP_DOWN, UP_DOWN.assign(model="n")]), seen([11.0]), POINTS, BASE)


def test_stale_is_older_than_twice_the_cadence():
    values = seen([11.0, 12.0, 13.0])  # the newest is of 2023, that is of the end of the year
    fresh = tracking.evaluate(UP_DOWN, values, POINTS, BASE, as_of=date(2025, 12, 30))
    assert fresh.stale == ()
    assert tracking.evaluate(UP_DOWN, values, POINTS, BASE, as_of=date(2026, 1, 5)).stale == (("v", "R"),)
    slow = tracking.evaluate(UP_DOWN, values, POINTS, BASE, as_of=date(2026, 1, 5), cadence={"v": 2.0})
    assert slow.stale == ()


def test_reversal_is_two_changes_in_two_releases():
    assert tracking.is_reversal(["a", "b", "a"])
    assert tracking.is_reversal(["a", None, "b", "c"])
    assert not tracking.is_reversal(["a", "a", "b"])
    assert not tracking.is_reversal(["a", "b", "b"])
    assert not tracking.is_reversal(["a", "b"])


def vintages() -> pd.DataFrame:
    known = seen([11.0, 12.0, 13.0, 14.0])
    known = known.assign(known=[date(max(p, 2020) + 1, 6, 1) for p in known["period"]])
    revised = known[known["period"].isin([2021, 2022, 2023])].assign(value=[9.0, 8.0, 7.0], known=date(2024, 12, 1))
    return pd.concat([known, revised])


def test_replay_sees_only_what_was_known():
    days = [date(2022, 12, 1), date(2024, 7, 1), date(2024, 12, 31), date(2025, 12, 31)]
    found = tracking.replay(UP_DOWN, vintages(), POINTS, BASE, days)
    assert [e.state for e in found] == [State.TOO_EARLY, State.TOLD, State.TOLD, State.TOLD]
    assert [e.leader for e in found[1:3]] == ["up", "down"]
    again = tracking.evaluate(UP_DOWN, tracking.as_known(vintages(), days[2]), POINTS, BASE, as_of=days[2])
    assert again.rows() == found[2].rows()
    # What comes later changes nothing of what was known before.
    later = pd.concat([vintages(), vintages().assign(value=99.0, known=date(2030, 1, 1))])
    assert [e.rows() for e in tracking.replay(UP_DOWN, later, POINTS, BASE, days)] == [e.rows() for e in found]
    with pytest.raises(ValueError, match="ascend"):
        tracking.replay(UP_DOWN, vintages(), POINTS, BASE, days[::-1])


def test_replay_marks_a_reversal():
    other = vintages()[lambda f: f["known"] == date(2024, 12, 1)]
    third = pd.concat([vintages(), other.assign(value=[11.0, 12.0, 13.0], known=date(2025, 2, 1))])
    days = [date(2024, 7, 1), date(2024, 12, 31), date(2025, 3, 1)]
    assert [e.reversal for e in tracking.replay(UP_DOWN, third, POINTS, BASE, days)] == [False, False, True]


def test_a_newer_empty_vintage_withdraws_a_value():
    gone = pd.concat([vintages(), vintages().tail(1).assign(value=math.nan, known=date(2026, 1, 1))])
    assert 2023 in tracking.as_known(gone, date(2025, 1, 1))["period"].tolist()
    assert 2023 not in tracking.as_known(gone, date(2026, 1, 1))["period"].tolist()


def test_rows_hold_every_input_and_go_into_json():
    rows = tracking.evaluate(UP_DOWN, seen([11.0, 12.0, 13.0]), POINTS, BASE, as_of=date(2024, 1, 1)).rows()
    assert [r["scenario"] for r in rows] == ["up", "down"]
    detail = json.loads(json.dumps(rows[1]["detail"], allow_nan=False))
    assert [i["period"] for i in detail["inputs"]] == [2021, 2022, 2023]
    assert {"z", "sigma", "one_step", "steps", "flags", "path", "observed"} <= set(detail["inputs"][0])
    assert detail["inputs"][0]["low"] is None


@settings(max_examples=15)
@given(st.lists(st.floats(-30, 30), min_size=3, max_size=6), st.floats(0.01, 0.99))
def test_weights_sum_to_one_and_units_do_not_matter(after, prior):
    chance = {"up": prior, "down": 1 - prior}
    one = tracking.evaluate(UP_DOWN, seen(after), POINTS, BASE, prior=chance)
    assert one.weights["posterior"].sum() == pytest.approx(1)
    lines = ["value", "low", "high"]
    thousand = UP_DOWN.assign(**{c: UP_DOWN[c] * 1000 for c in lines})
    values = seen(after).assign(value=lambda f: f["value"] * 1000)
    other = tracking.evaluate(thousand, values, POINTS, BASE, prior=chance)
    assert other.weights["posterior"].to_numpy() == pytest.approx(one.weights["posterior"].to_numpy(), abs=1e-9)


# Four scenarios of growth, two indicators, six years, one year's error as large as the difference of two years.
MADE = np.arange(1, 7) * np.array([-0.01, 0.0, 0.01, 0.02])[:, None, None] * np.ones((1, 2, 1))


def outside(table: pd.DataFrame) -> float:
    """Sum over bins of the squared distance of share from weight in standard errors (chi-squared, df = bins)."""
    full = table[table["cases"] >= 30]
    error = np.sqrt(full["weight"] * (1 - full["weight"]) / full["cases"])
    return float(stats.chi2.sf((((full["right"] - full["weight"]) / error) ** 2).sum(), len(full)))


@pytest.mark.parametrize("band", [0.0, 0.03])
@pytest.mark.parametrize("prior", [None, np.array([0.4, 0.3, 0.2, 0.1])])
def test_weights_are_calibrated_within_sampling_error(band, prior):
    found = tracking.back_test(MADE, 0.02, band, prior, worlds=4000, settings=NORMAL)
    assert outside(found.leader) > 0.01
    assert found.brier < found.brier_prior
    assert found.off_map < 0.02


def test_calibrated_when_the_error_is_estimated_and_differs_between_worlds():
    found = tracking.back_test(MADE, 0.02, history=10, worlds=4000, spread=1.5)
    assert outside(found.leader) > 0.01
    # The normal takes ten steps for the truth and is too sure.
    assert outside(tracking.back_test(MADE, 0.02, history=10, worlds=4000, spread=1.5, settings=NORMAL).leader) < 1e-6


def test_errors_that_are_correlated_must_not_count_as_independent():
    # The same worlds scored as if the years did not hang together: much too sure.
    rng = np.random.default_rng(3)
    truth = rng.integers(4, size=4000)
    walk = np.cumsum(rng.standard_normal((4000, 2, 6)) * 0.02, axis=2)
    residual = (MADE[truth] + walk)[:, None] - MADE[None]
    cov = np.diag(np.diag(tracking.covariance(np.arange(1, 7), 0.02)))
    weight = tracking.posterior(tracking.log_likelihood(residual, cov).sum(axis=2), np.full(4, 0.25))
    assert outside(tracking.reliability(weight.max(axis=1), weight.argmax(axis=1) == truth)) < 1e-6


def test_back_test_scores_as_evaluate_does():
    after = [11.5, 11.0, 13.0]
    found = tracking.evaluate(UP_DOWN, seen(after), POINTS, BASE)
    horizons = np.array([1, 2, 3])
    residual = np.array([after - (10 + s * horizons) for s in (1, -1)])
    score = tracking.log_likelihood(residual, tracking.covariance(horizons, STEP), 9.0)
    assert found.weights["log_likelihood"].to_numpy() == pytest.approx(score)
    assert found.weights["weight"].to_numpy() == pytest.approx(tracking.posterior(score, np.array([0.5, 0.5])))


def test_back_test_repeats_with_its_seed():
    one, two = (tracking.back_test(MADE, 0.02, worlds=200, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(one.reliability, two.reliability)
    assert tracking.back_test(MADE, 0.02, worlds=200, seed=6).brier != one.brier


def test_wilson_limits_of_half():
    low, high = tracking.wilson(np.array([5]), np.array([10]))
    assert (low[0], high[0]) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))


def test_the_course_over_the_years_is_what_shorter_series_would_have_told():
    frame = pd.concat([seen([10.8, 11.5, 12.1, 12.9]), seen([10.2, 9.9, 10.6, 10.4], indicator="w", flags="e")])
    paths = pd.concat([UP_DOWN, *(line(s, k, variable="w", band=3.0) for s, k in (("up", 0.2), ("down", -0.3)))])
    made = tracking.evaluate(paths, frame, POINTS, BASE, prior={"up": 2, "down": 1})
    course = tracking.course(made)
    for last, part in course.groupby("last"):
        alone = tracking.evaluate(paths, frame[frame["period"] <= last], POINTS, BASE, prior={"up": 2, "down": 1})
        assert part["posterior"].tolist() == pytest.approx(alone.weights["posterior"].tolist())
        assert set(part["state"]) == {str(alone.state)}
        assert set(part["leader"]) == {alone.leader or ""}
    assert course["last"].unique().tolist() == [2021, 2022, 2023, 2024]
    assert tracking.course(tracking.evaluate(UP_DOWN, seen([]), POINTS, BASE)).empty
