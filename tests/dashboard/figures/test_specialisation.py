"""Treemap, diamond, industry space and shift-share: colours around one, quadrants, lit ties, bars that add up."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import theme
from dashboard.figures import diamond, network, shift_share, treemap

INDUSTRIES = pd.DataFrame(
    {
        "industry": ["A", "B", "C", "D"],
        "label": ["Farms & fields", "Buildings", "Cars", "Data"],
        "value": [10.0, 20.0, 0.0, 5.0],
        "lq_symmetric": [0.0, 0.4, -1.0, np.nan],
        "uncertain": [False, True, False, False],
        "figures": ["29%", "57%", "0%", "14%"],
        "hover": ["a", "b", "c", "d"],
    }
)
POINTS = pd.DataFrame(
    {
        "industry": ["A", "B", "C", "D"],
        "label": ["Farms", "Buildings", "Cars", "Data"],
        "density": [0.2, 0.4, 0.6, np.nan],
        "pci": [1.0, -1.0, 0.5, 0.1],
        "present": [True, False, False, True],
        "size": [100.0, 50.0, np.nan, 10.0],
        "move": [False, False, True, False],
        "picked": [False, True, False, False],
        "hover": ["a", "b", "c", "d"],
    }
)
NAMES = {"high_road": "High road", "slow_road": "Slow road", "casino": "Casino", "dead_end": "Dead end"}
NODES = POINTS.assign(x=[0.1, 0.5, 0.9, 0.3], y=[0.2, 0.8, 0.4, 0.6], named=True)
EDGES = pd.DataFrame(
    {"source": ["A", "A", "B", "A"], "target": ["D", "B", "C", "Z"], "proximity": [0.7, 0.6, 0.5, 0.4], "tree": True}
)
BARS = pd.DataFrame(
    {
        "industry": ["", "A", "B"],
        "label": ["All", "Farms", "Buildings"],
        "change": [3.0, 5.0, -2.0],
        "national": [4.0, 2.0, 2.0],
        "mix": [-2.0, 1.0, -3.0],
        "regional": [1.0, 2.0, -1.0],
        "change_text": ["+3", "+5", "−2"],
        "whole": [True, False, False],
        "hover": ["h"] * 3,
    }
)
WORDS = {"national": "Trend", "mix": "Mix", "regional": "Own", "change": "Change"}


def sent(figure: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(figure, allow_nan=False))


def test_the_same_share_as_elsewhere_has_the_neutral_middle() -> None:
    scale = theme.LIGHT.diverging
    assert treemap.shade(0.0, scale) == scale[3]
    assert treemap.shade(-1.0, scale) == treemap.shade(-0.5, scale) == scale[0]
    assert treemap.shade(1.0, scale) == scale[-1]


def test_areas_show_what_there_is_and_mark_what_is_uncertain() -> None:
    drawn = sent(treemap.structure(INDUSTRIES))["data"][0]
    assert drawn["ids"] == ["A", "B", "D"]
    assert drawn["labels"][0] == "Farms &amp; fields"
    assert drawn["marker"]["pattern"]["shape"] == ["", "/", ""]
    assert drawn["marker"]["colors"][2] == theme.LIGHT.missing
    assert drawn["customdata"][0][0] == "A"


@settings(max_examples=40)
@given(st.floats(-1, 1), st.sampled_from(theme.SCHEMES))
def test_names_stand_out_from_their_area(symmetric: float, scheme: str) -> None:
    theme.set_scheme(scheme)
    try:
        fill = treemap.shade(symmetric, theme.palette().diverging)
        assert treemap._contrast(treemap.ink_on(fill), fill) >= 4.0
    finally:
        theme.set_scheme("light")


def test_the_diamond_fills_what_is_present_and_leaves_out_what_has_no_place() -> None:
    drawn = sent(diamond.quadrants(POINTS, (0.5, 0.2), NAMES, "x", "y"))
    open_, present = drawn["data"][:2]
    assert present["marker"]["color"] == theme.LIGHT.accent
    assert [point[0] for point in present["customdata"]] == ["A"]
    assert [point[0] for point in open_["customdata"]] == ["B", "C"]
    assert {note["text"] for note in drawn["layout"]["annotations"]} == {"<b>High road</b>", *list(NAMES.values())[1:]}
    lines = drawn["layout"]["shapes"]
    assert (lines[0]["x0"], lines[1]["y0"]) == (0.5, 0.2)
    assert sent(diamond.quadrants(POINTS, None, NAMES, "x", "y"))["layout"]["shapes"] == []


def test_moves_and_the_picked_industry_carry_the_important_names() -> None:
    lesser, important = sent(diamond.quadrants(POINTS, (0.5, 0.2), NAMES, "x", "y"))["data"][2:]
    assert set(important["text"]) == {"<b>Buildings</b>", "<b>Cars</b>"}
    assert lesser["text"] == ["Farms"]


def test_ties_between_what_is_there_are_lit() -> None:
    rest, lit, absent, present, *_names = sent(network.industry_space(NODES, EDGES))["data"]
    assert lit["x"] == [0.1, 0.3, None]
    assert len(rest["x"]) == 6
    assert lit["line"]["color"] == theme.LIGHT.accent
    assert [point[0] for point in present["customdata"]] == ["A", "D"]
    assert absent["marker"]["color"] == theme.LIGHT.surface


def test_bars_stack_to_the_change() -> None:
    drawn = sent(shift_share.bars(BARS, WORDS, "persons"))
    parts = drawn["data"][:3]
    assert drawn["layout"]["barmode"] == "relative"
    for row, change in enumerate(drawn["data"][3]["x"]):
        assert sum(part["x"][row] for part in parts) == pytest.approx(change)
    assert [note["text"] for note in drawn["layout"]["annotations"][:2]] == ["<b>All</b>", "<b>+3</b>"]
    assert len({part["marker"]["color"] for part in parts}) == 3


@pytest.mark.parametrize(
    "figure",
    [
        lambda: treemap.structure(INDUSTRIES.iloc[:0]),
        lambda: diamond.quadrants(POINTS.iloc[:0], None, NAMES, "x", "y"),
        lambda: network.industry_space(NODES.iloc[:0], EDGES.iloc[:0]),
        lambda: shift_share.bars(BARS.iloc[:0], WORDS, "persons"),
    ],
)
def test_nothing_is_drawn_of_nothing(figure: Any) -> None:
    assert not any(trace.get("x") for trace in sent(figure())["data"])


def test_one_industry_is_enough() -> None:
    sent(treemap.structure(INDUSTRIES.iloc[:1]))
    sent(diamond.quadrants(POINTS.iloc[:1], None, NAMES, "x", "y"))
    sent(network.industry_space(NODES.iloc[:1], EDGES))
    sent(shift_share.bars(BARS.iloc[:1], WORDS, "persons"))
