"""One region beside its peers: a worked example, turned scales, and what must hold for any figures."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import comparison
from analysis.model import IndicatorSpec, Verdict

PEERS = ["P1", "P2", "P3", "P4", "P5"]


def frame(own: float, peers: list[float], width: float = 0.5) -> pd.DataFrame:
    """One year with published ranges of the given half-width."""
    rows = [
        ("x", code, 2020, value, "", value - width, value + width)
        for code, value in zip(["R", *PEERS], [own, *peers], strict=False)
    ]
    return pd.DataFrame(rows, columns=["indicator", "region", "period", "value", "flags", "low", "high"])


def row(own: float, peers: list[float], direction: int = 1, width: float = 0.5) -> pd.Series:
    spec = IndicatorSpec("x", direction, change="points")
    return comparison.gaps(frame(own, peers, width), {"x": spec}, "R", PEERS).iloc[0]


def test_a_worked_example() -> None:
    found = row(2, [10, 20, 30, 40, 50])
    assert (found["median"], found["peers_low"], found["peers_high"]) == (30, 14, 46)
    assert found["position"] == pytest.approx(100 * (2 - 14) / 32)
    assert found["position_median"] == pytest.approx(50)
    assert found["clear"] == 5
    assert found["verdict"] == Verdict.BEHIND


def test_falling_indicators_turn_the_scale() -> None:
    found = row(2, [10, 20, 30, 40, 50], direction=-1)
    assert found["position"] == pytest.approx(100 * (46 - 2) / 32)
    assert found["verdict"] == Verdict.AHEAD
    assert row(2, [10, 20, 30, 40, 50], direction=0)["verdict"] == Verdict.LOWER


def test_overlap_is_no_difference() -> None:
    assert row(29, [10, 20, 30, 40, 50], width=5)["verdict"] == Verdict.UNCLEAR


def test_equal_peers_have_no_scale() -> None:
    assert math.isnan(row(2, [7, 7, 7, 7, 7])["position"])


def test_clear_gaps_come_first_and_largest_first() -> None:
    parts = []
    for code, own in (("even", 30.0), ("far", -40.0), ("near", 5.0), ("ahead", 80.0)):
        parts.append(frame(own, [10, 20, 30, 40, 50]).assign(indicator=code))
    specs = {code: IndicatorSpec(code, 1, change="points") for code in ("even", "far", "near", "ahead")}
    table = comparison.gaps(pd.concat(parts), specs, "R", PEERS)
    assert list(table["indicator"]) == ["far", "near", "ahead", "even"]


def test_nothing_to_compare_is_an_empty_table() -> None:
    empty = frame(1, [2, 3, 4, 5, 6]).iloc[:0]
    assert list(comparison.gaps(empty, {}, "R", PEERS).columns) == comparison.COLUMNS
    alone = frame(1, [])
    assert comparison.gaps(alone, {"x": IndicatorSpec("x")}, "R", PEERS).empty


# Figures as they are published: a finest step, so that no ratio of two of them falls below what a float can hold.
numbers = st.integers(-(10**12), 10**12).map(lambda steps: steps / 1e6)


@settings(max_examples=60, deadline=None)
@given(numbers, st.lists(numbers, min_size=2, max_size=5), st.sampled_from([-1, 0, 1]), st.floats(0, 1e5))
def test_what_must_hold_for_any_figures(own: float, peers: list[float], direction: int, width: float) -> None:
    found = row(own, peers, direction, width)
    assert found["low"] <= found["value"] <= found["high"]
    assert found["median_low"] <= found["median"] <= found["median_high"]
    order = [found[name] for name in ("peers_min", "peers_low", "median", "peers_high", "peers_max")]
    # A quantile between two equal figures may miss them by a rounding.
    assert all(low <= high or low == pytest.approx(high, rel=1e-12) for low, high in pairwise(order))
    assert 0 <= found["clear"] <= found["peers"] == len(peers)
    clear = found["low"] > found["median_high"] or found["high"] < found["median_low"]
    assert (found["verdict"] != Verdict.UNCLEAR) == clear
    better = (found["value"] - found["median"]) * (direction or 1)
    if clear and not np.isnan(found["gap"]):
        assert np.sign(found["gap"]) == np.sign(better)
