"""Signposts: likelihoods and weights by hand, duplicated and correlated ones, and states from observations."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import signposts
from analysis.model import IndicatorSpec, Reason
from analysis.signposts import FLOOR, Issue, State, Word

SPECS = {"v": IndicatorSpec("v", change="points"), "g": IndicatorSpec("g", change="relative")}


def judged(**rows: tuple[object, ...]) -> pd.DataFrame:
    """Likelihoods of each signpost in the scenarios a, b, ..."""
    return pd.DataFrame(
        [(name, "abcdef"[i], p) for name, row in rows.items() for i, p in enumerate(row)],
        columns=["signpost", "scenario", "likelihood"],
    )


def table(**rows: tuple[object, ...]) -> pd.DataFrame:
    return signposts.likelihood_table(judged(**rows))


def seen(*values: float, indicator="v", first=2015, flags="") -> pd.DataFrame:
    frame = pd.DataFrame({"period": np.arange(first, first + len(values)), "value": values})
    return frame.assign(indicator=indicator, region="R", flags=flags)


def post(sign: str, threshold: float, indicator="v", name="s", **more: object) -> pd.DataFrame:
    row = {"signpost": name, "indicator": indicator, "region": "R", "operator": sign, "threshold": threshold, **more}
    return pd.DataFrame([row])


def state(sign: str, threshold: float, frame: pd.DataFrame, indicator="v", **more: object) -> pd.Series:
    return signposts.states(post(sign, threshold, indicator, **more), frame, SPECS).iloc[0]


def test_words_numbers_and_the_floor():
    found = table(s=(Word.VERY_UNLIKELY, "even", 0.95), t=(0.0, 1.0, None))
    assert found.loc["s"].tolist() == [0.05, 0.5, 0.95]
    assert found.loc["t"].tolist()[:2] == [FLOOR, 1 - FLOOR]
    assert math.isnan(found.loc["t", "c"])
    assert signposts.words(found).loc["s"].tolist() == ["very_unlikely", "even", "very_likely"]


@pytest.mark.parametrize("value", ["perhaps", 1.2, -0.1])
def test_what_is_no_likelihood_is_refused(value):
    with pytest.raises(ValueError, match="likelihood"):
        table(s=(value, 0.5))


def test_diagnosticity_in_bits_with_useless_rows_shown():
    found = signposts.diagnosticity(table(s=(0.25, 0.5), same=(0.5, 0.5), part=(0.5, None))).set_index("signpost")
    assert found["met"].tolist() == [1.0, 0.0, 0.0]
    assert found.loc["s", "not_met"] == pytest.approx(math.log2(0.75 / 0.5))
    assert found["useless"].tolist() == [False, True, True]
    assert found["incomplete"].tolist() == [False, False, True]


def test_weights_by_hand():
    found = signposts.signpost_weights(table(s=(0.75, 0.25), t=(0.05, 0.5)), {"s": True, "t": False})
    a, b = 0.75 * 0.95, 0.25 * 0.5
    assert found.weights["weight"].tolist() == pytest.approx([a / (a + b), b / (a + b)])
    assert (found.told, found.leader, found.off_map) == (True, "a", False)
    assert found.inputs["contribution"].sum() == pytest.approx(math.log(a) + math.log(b))


def test_open_signposts_say_nothing():
    found = signposts.signpost_weights(table(s=(0.75, 0.25)), {"s": None}, prior={"a": 3, "b": 1})
    assert found.weights["weight"].tolist() == pytest.approx([0.75, 0.25])
    assert (found.told, found.leader, found.off_map) == (False, None, False)


def test_a_group_of_correlated_signposts_shares_one_weight():
    one = signposts.signpost_weights(table(s=(0.75, 0.25)), {"s": True})
    three = table(s=(0.75, 0.25), t=(0.75, 0.25), u=(0.75, 0.25))
    met = dict.fromkeys("stu", True)
    shared = signposts.signpost_weights(three, met, groups=dict.fromkeys("stu", "g"))
    assert shared.weights["weight"].tolist() == pytest.approx(one.weights["weight"].tolist())
    apart = signposts.signpost_weights(three, met)
    assert apart.weights["weight"].iloc[0] == pytest.approx(27 / 28)


def test_a_duplicated_signpost_counts_once():
    one = signposts.signpost_weights(table(s=(0.75, 0.25)), {"s": True})
    # The same row twice ...
    twice = signposts.likelihood_table(pd.concat([judged(s=(0.75, 0.25)), judged(s=(0.75, 0.25))]))
    assert signposts.signpost_weights(twice, {"s": True}).weights.equals(one.weights)
    # ... and the same question under two names, within a group or not.
    posts = pd.concat([post(">=", 5), post(">=", 5.0, name="copy", window=1), post(">", 5, name="other")])
    copies = signposts.duplicates(posts)
    assert copies == {"copy": "s"}
    both = table(s=(0.75, 0.25), copy=(0.75, 0.25))
    for groups in ({}, {"s": "g", "copy": "g"}):
        found = signposts.signpost_weights(both, {"s": True, "copy": True}, groups=groups, copies=copies)
        assert found.weights.equals(one.weights)
        assert [(n.issue, n.where, n.detail) for n in found.notes] == [(Issue.DUPLICATE, ("copy",), "s")]


def test_two_different_judgements_of_one_cell_are_refused():
    with pytest.raises(ValueError, match="two likelihoods of signpost s in scenario a"):
        signposts.likelihood_table(pd.concat([judged(s=(0.75,)), judged(s=(0.25,))]))


def test_an_empty_cell_helps_no_scenario():
    found = signposts.signpost_weights(table(s=(0.05, None), t=(0.75, 0.25), u=(0.5, 0.5)), {"s": True, "x": True})
    assert found.weights["weight"].tolist() == [0.5, 0.5]
    assert not found.told
    assert [(n.issue, n.where[0]) for n in found.notes] == [
        (Issue.UNKNOWN, "x"),
        (Issue.INCOMPLETE, "s"),
        (Issue.USELESS, "u"),
    ]


def test_a_set_that_fits_nothing_says_so():
    bad = table(s=(0.05, 0.02), t=(0.25, 0.05))
    found = signposts.signpost_weights(bad, {"s": True, "t": True})
    assert found.off_map
    assert found.leader == "a"  # the weight alone would look like an answer
    assert found.weights["fit"].iloc[0] == pytest.approx(math.sqrt(0.05 * 0.25))


@pytest.mark.parametrize(
    ("sign", "threshold", "expected"),
    [
        (">=", 5.0, State.MET),
        (">", 5.0, State.APPROACHING),
        ("<=", 5.0, State.MET),
        ("<", 5.0, State.AWAY),
        (">=", 6.0, State.APPROACHING),
        ("<", 4.0, State.AWAY),
        (">=", 5.0 + 1e-12, State.MET),
    ],
)
def test_states_by_operator(sign, threshold, expected):
    assert state(sign, threshold, seen(0, 1, 2, 3, 4, 5))["state"] == expected


def test_year_at_the_present_pace():
    # One point a year from 5 in 2020: 7.5 is passed in 2022.5, that is observed in 2023.
    found = state(">=", 7.5, seen(0, 1, 2, 3, 4, 5))
    assert (found["year"], found["pace"], found["gap"], found["period"]) == (2023, 1.0, 2.5, 2020)
    # Ten percent a year from 100: 121 after two years.
    grown = state(">=", 121.0, seen(*(100 * 1.1**i for i in range(-5, 1)), indicator="g"), "g")
    assert (grown["year"], grown["measure"]) == (2022, "relative")
    assert grown["pace"] == pytest.approx(10)
    falling = state("<=", 3.0, seen(10, 9, 8, 7, 6, 5))
    assert (falling["state"], falling["year"]) == (State.APPROACHING, 2022)
    assert state(">=", 5000.0, seen(0, 1, 2, 3, 4, 5))["year"] is pd.NA


def test_due_year_is_kept_or_missed():
    assert state(">=", 7.5, seen(0, 1, 2, 3, 4, 5), due=2023)["in_time"]
    assert not state(">=", 7.5, seen(0, 1, 2, 3, 4, 5), due=2022)["in_time"]
    assert state(">=", 7.5, seen(0, 1, 2, 3, 4, 5))["in_time"] is None


def test_a_value_that_stands_still_is_away():
    found = state(">=", 6.0, seen(5, 5, 5, 5, 5, 5))
    assert (found["state"], found["pace"]) == (State.AWAY, 0.0)


def test_no_data_and_why():
    assert state(">=", 1.0, seen(math.nan))["state"] == State.NO_DATA
    assert state(">=", 1.0, seen(1.0, indicator="g"))["reason"] == Reason.NO_VALUE
    lone = state(">=", 6.0, seen(5.0))
    assert (lone["state"], lone["value"], lone["reason"]) == (State.NO_DATA, 5.0, Reason.GAP)
    # A lone value that is there already needs no pace.
    assert state(">=", 5.0, seen(5.0))["state"] == State.MET


def test_a_forecast_has_not_happened():
    frame = seen(0, 1, 2, 3, 4, 5)
    frame.loc[frame["period"] == 2020, "flags"] = "f"
    found = state(">=", 5.0, frame)
    assert (found["state"], found["period"], found["year"]) == (State.APPROACHING, 2019, 2020)
    assert signposts.states(post(">=", 1.0), frame.head(0), SPECS)["state"].tolist() == [State.NO_DATA]


def test_window_asks_for_observations_in_a_row():
    frame = seen(0, 1, 2, 3, 6, 7)
    assert state(">=", 5.0, frame, window=2)["state"] == State.MET
    assert state(">=", 5.0, frame, window=2)["year"] == 2020
    three = state(">=", 5.0, frame, window=3)
    assert (three["state"], three["year"]) == (State.APPROACHING, 2021)


def test_marks_travel():
    assert state(">=", 7.5, seen(0, 1, 2, 3, 4, 5, flags="p"))["uncertain"]


@pytest.mark.parametrize(("sign", "threshold"), [("=>", 1.0), (">=", math.nan)])
def test_faulty_signposts_are_refused_by_name(sign, threshold):
    with pytest.raises(ValueError, match="signpost s"):
        state(sign, threshold, seen(1.0))


def test_not_met_counts_only_once_it_was_due():
    frame = seen(0, 1, 2, 3, 4, 5)
    for due, expected in ((None, None), (2025, None), (2020, False)):
        posts = post(">=", 9.0, due=due)
        assert signposts.outcomes(signposts.states(posts, frame, SPECS), posts, 2022) == {"s": expected}
    for due, expected in ((2017, False), (2018, True), (None, True)):
        posts = post(">=", 3.0, due=due)
        assert signposts.outcomes(signposts.states(posts, frame, SPECS), posts, 2022) == {"s": expected}
    posts = post(">=", 3.0, "g", due=2018)
    assert signposts.outcomes(signposts.states(posts, frame, SPECS), posts, 2022) == {"s": None}


CHANCES = st.lists(st.tuples(*[st.floats(0, 1)] * 3, st.sampled_from([True, False, None])), min_size=1, max_size=6)


@settings(max_examples=25)
@given(CHANCES)
def test_order_of_signposts_does_not_matter_and_weights_sum_to_one(rows):
    named = {f"s{i}": row[:3] for i, row in enumerate(rows)}
    met = {f"s{i}": row[3] for i, row in enumerate(rows)}
    one = signposts.signpost_weights(table(**named), met).weights["weight"].to_numpy()
    turned = signposts.signpost_weights(table(**dict(reversed(named.items()))), met).weights["weight"].to_numpy()
    assert one.sum() == pytest.approx(1)
    assert turned == pytest.approx(one)
