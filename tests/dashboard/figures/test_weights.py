"""Weights, distances, trails, reliability and the line of time: numbers are drawn where they are, and never lost."""

import math
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import theme
from dashboard.figures import signposts, weights


@dataclass(frozen=True)
class Look:
    code: str
    name: str
    colour: str = "#0b5cad"
    dash: str = "solid"
    marker: str = "circle"
    sign: str = "●"


LOOKS = (Look("a", "One <b>"), Look("b", "Two"))
NAN = math.nan


def bar_ends(figure: dict[str, Any]) -> list[float]:
    return [trace["x"][1] for trace in figure["data"] if trace.get("mode") == "lines" and trace["line"]["width"] == 14]


def test_a_bar_is_as_long_as_its_weight_and_the_beginning_is_marked() -> None:
    rows = pd.DataFrame({"scenario": ["a", "b"], "prior": [0.5, 0.5], "weight": [0.8, 0.2]})
    figure = weights.bars(rows, LOOKS, {"a": "80%"}, "before")
    assert bar_ends(figure) == [1, 0.8, 1, 0.2], "a track and a bar for each"
    marks = [trace["x"] for trace in figure["data"] if trace.get("mode") == "markers"]
    assert marks == [[0.5], [0.5]]
    texts = [note["text"] for note in figure["layout"]["annotations"]]
    assert "● <b>One &lt;b></b>" in texts, "names are shown as they are"


def test_what_is_not_told_has_no_bar() -> None:
    rows = pd.DataFrame({"scenario": ["a", "b"], "prior": [0.5, 0.5], "weight": [NAN, NAN]})
    assert bar_ends(weights.bars(rows, LOOKS, {}, "before")) == [1, 1]
    assert weights.bars(rows.iloc[:0], LOOKS, {}, "before")["data"] == []


def test_distances_reach_beyond_the_limit() -> None:
    rows = pd.DataFrame({"scenario": ["a", "b"], "mean_abs_z": [0.5, 5.0]})
    figure = weights.distances(rows, LOOKS, {}, 2.0)
    assert figure["layout"]["xaxis"]["range"][1] > 5
    assert weights.distances(rows.assign(mean_abs_z=NAN), LOOKS, {}, 2.0)["data"] == []


def made_inputs(z: list[float]) -> pd.DataFrame:
    count = len(z)
    return pd.DataFrame(
        {
            "scenario": ["a"] * count,
            "indicator": ["i"] * count,
            "period": range(2020, 2020 + count),
            "observed": 1.0,
            "path": 1.0,
            "z": z,
            "uncertain": [False] * (count - 1) + [True],
        }
    )


@given(st.lists(st.floats(-50, 50), min_size=1, max_size=6))
def test_a_trail_keeps_its_years_and_stays_within_the_figure(z: list[float]) -> None:
    figure = weights.strip(made_inputs(z), LOOKS, {"i": ("Indicator", "1, 2020")})
    (trail,) = figure["data"]
    assert len(trail["x"]) == len(z)
    assert all(abs(value) <= weights.REACH for value in trail["x"])
    assert trail["marker"]["size"][-1] > 10, "the newest is the large one"
    assert trail["marker"]["color"][-1] == theme.palette().surface, "an uncertain figure is hollow"
    assert "expected errors" in trail["customdata"][0]


def test_lines_over_time_skip_what_was_not_told() -> None:
    frame = pd.DataFrame(
        {"at": [2020, 2021, 2022] * 2, "scenario": ["a"] * 3 + ["b"] * 3, "weight": [NAN, 0.4, 0.7, NAN, 0.6, 0.3]}
    ).assign(text="t")
    figure = weights.over_time(frame, LOOKS, dates=False)
    assert [trace["y"] for trace in figure["data"]] == [[None, 0.4, 0.7], [None, 0.6, 0.3]]
    assert [note["y"] for note in figure["layout"]["annotations"]] == [0.7, 0.3]
    assert weights.over_time(frame.assign(weight=NAN), LOOKS, dates=False)["data"] == []


def test_reliability_draws_intervals_around_shares() -> None:
    frame = pd.DataFrame(
        {"weight": [0.6, 0.9], "right": [0.5, 0.9], "right_low": [0.4, 0.85], "right_high": [0.65, 0.95]}
    ).assign(cases=[10, 90], text="t")
    points = weights.reliability(frame)["data"][1]
    assert points["error_y"]["array"] == pytest.approx([0.15, 0.05])
    assert points["error_y"]["arrayminus"] == pytest.approx([0.1, 0.05])
    assert points["marker"]["size"][1] > points["marker"]["size"][0]
    assert weights.reliability(frame.iloc[:0])["data"] == []


def test_signposts_stand_in_their_years_and_those_without_at_today() -> None:
    rows = pd.DataFrame(
        {
            "label": ["met", "far", "open", "x" * 80],
            "said": ["", "", "", ""],
            "state": ["signpost_met", "signpost_approaching", "signpost_open", "signpost_unheard_of"],
            "year": [2001, 2090, NAN, NAN],
            "due": [2028, NAN, NAN, 2030],
            "hover": ["", "", "", ""],
        }
    )
    figure = signposts.timeline(rows, 2026)
    marks = figure["data"][-1]
    assert marks["x"] == [2023, 2026 + signposts.YEARS_AHEAD, 2026, 2026], "what lies beyond stands at the end"
    assert figure["data"][-2]["x"] == [2028, 2030], "due years"
    names = [note["text"] for note in figure["layout"]["annotations"]]
    assert max(len(name) for name in names) <= signposts.NAME
    assert signposts.timeline(rows.iloc[:0], 2026)["data"] == []
