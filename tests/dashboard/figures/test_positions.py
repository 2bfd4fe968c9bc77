"""Positions, smile, mirrored bars, linkages, shocks: names never cover one another, and little data breaks nothing."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.figures import linkages, participation, positions, shock, smile
from dashboard.i18n import speaking

GROUPS = {"manufacturing": "Manufacturing", "services": "Services"}
BUBBLES = pd.DataFrame(
    {
        "industry": ["C24", "G", "C29"],
        "label": ["Basic <metals>", "Trade", "Motor vehicles and everything that belongs to them"],
        "x": [3.1, 2.0, 1.4],
        "y": [20.0, 55.0, 18.0],
        "size": [100.0, 400.0, np.nan],
        "group": ["manufacturing", "services", "manufacturing"],
        "chosen": [False, False, True],
        "hover": ["a", "b", "c"],
    }
)


def plain(figure: dict[str, Any]) -> str:
    return json.dumps(figure, allow_nan=False)


def test_every_bubble_is_drawn_once_and_the_chosen_one_is_ringed() -> None:
    drawn = positions.scatter(BUBBLES, GROUPS, x_title="x", y_title="y")
    marks = [trace for trace in drawn["data"] if trace["mode"] == "markers"]
    assert sorted(code for trace in marks for code, _hover in trace["customdata"]) == ["C24", "C29", "G"]
    widths = {
        code: width
        for trace in marks
        for (code, _hover), width in zip(trace["customdata"], trace["marker"]["line"]["width"], strict=True)
    }
    assert widths == {"C24": 1.0, "C29": 3.0, "G": 1.0}
    assert "<metals>" not in plain(drawn)
    names = [text for trace in drawn["data"] if trace["mode"] == "text" for text in trace["text"]]
    assert any(text.count("Motor vehicles") and text.count("…") for text in names)


@pytest.mark.parametrize("count", [0, 1])
def test_little_data_breaks_nothing(count: int) -> None:
    part = BUBBLES.iloc[:count]
    assert bool(positions.scatter(part, GROUPS, x_title="x", y_title="y", lines=(1, 1))["data"]) == bool(count)
    rows = part.assign(country="HU")
    assert bool(positions.beside(rows, [("HU", "Hungary")], "x")["data"]) == bool(count)
    points = part.assign(key=part["industry"], own=True)
    nothing = pd.DataFrame(columns=["x", "fit", "low", "high"])
    assert bool(smile.curve(points, nothing, "x", "y")["data"]) == bool(count)
    sides = part.assign(key=part["industry"], left=1.0, right=np.nan, strong=True)
    assert bool(participation.mirror(sides, "in", "out")["data"]) == bool(count)
    bars = part.assign(key=part["industry"], value=-1.0, strong=False)
    assert bool(shock.bars(bars)["data"]) == bool(count)
    steps = pd.DataFrame({"label": ["0"], "value": [1.0], "total": [1.0], "hover": [""]}).iloc[:count]
    assert bool(shock.rounds(steps, "y", "x")["data"]) == bool(count)


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(1, 26)), min_size=1, max_size=25),
    st.integers(1, 12),
)
def test_no_name_covers_another(points: list[tuple[float, float, int]], at_most: int) -> None:
    xs, ys, lengths = (list(part) for part in zip(*points, strict=True))
    sides = positions.named(xs, ys, ["n" * length for length in lengths], ([0.0, 1.0], [0.0, 1.0]), at_most)
    boxes = []
    for x, y, length, side in zip(xs, ys, lengths, sides, strict=True):
        if not side:
            continue
        width = positions.LETTER * (length + 3)
        start = {"middle right": x, "middle left": x - width}[side]
        boxes.append((start, start + width, y))
    assert len(boxes) <= at_most
    for place, (left, right, height) in enumerate(boxes):
        assert left > -0.03
        assert right < 1.03
        for other_left, other_right, other_height in boxes[place + 1 :]:
            beside = right < other_left or other_right < left
            assert beside or abs(height - other_height) > positions.LINE


@given(st.text(max_size=60), st.integers(5, 40))
def test_a_clipped_name_fits(name: str, longest: int) -> None:
    cut = positions.clipped(name, longest)
    assert len(cut) <= longest
    assert cut == name or cut.endswith("…")


def test_countries_beside_one_another_differ_in_shape_too() -> None:
    rows = pd.DataFrame(
        {
            "industry": ["A", "A", "B"],
            "label": ["Farms", "Farms", "Mines"],
            "country": ["HU", "RO", "HU"],
            "x": [1.5, 2.5, 3.0],
            "hover": ["", "", ""],
        }
    )
    drawn = positions.beside(rows, [("HU", "Hungary"), ("RO", "Romania")], "stages")
    line, romania, hungary = drawn["data"]
    assert line["x"] == [1.5, 2.5, None, 3.0, 3.0, None]
    assert romania["marker"]["symbol"] != hungary["marker"]["symbol"]
    assert (hungary["y"], romania["y"]) == ([0, 1], [0])


def test_a_smile_is_drawn_only_where_there_is_one() -> None:
    points = BUBBLES.assign(key=BUBBLES["industry"], own=[True, False, False])
    fitted = pd.DataFrame({"x": [1.0, 2.0], "fit": [3.0, 4.0], "low": [2.0, 3.0], "high": [4.0, 5.0]})
    with_curve = smile.curve(points, fitted, "x", "y")
    without = smile.curve(points, fitted.iloc[:0], "x", "y")
    assert len(with_curve["data"]) == len(without["data"]) + 2
    assert with_curve["data"][0]["y"] == [4.0, 5.0, 3.0, 2.0]
    low, high = with_curve["layout"]["xaxis"]["range"]
    assert low > high  # far suppliers on the left


def test_mirrored_bars_point_away_from_one_another() -> None:
    rows = pd.DataFrame(
        {"key": ["HU"], "label": ["Hungary"], "left": [48.5], "right": [17.3], "strong": [True], "hover": [""]}
    )
    with speaking("hu"):
        backward, forward = participation.mirror(rows, "in", "out")["data"]
    assert (backward["x"], forward["x"]) == ([-48.5], [17.3])
    assert (backward["text"], forward["text"]) == (["48,5%"], ["17,3%"])


def test_the_heat_map_has_a_logarithmic_scale_and_no_zero() -> None:
    cells = pd.DataFrame(
        {"source": ["A", "B", "B"], "target": ["A", "A", "B"], "share": [10.0, 0.0, 0.001], "hover": ["x", "y", "z"]}
    )
    drawn = linkages.inputs(cells, ["A", "B"], {"A": "Farms"}, strong="B")
    trace = drawn["data"][0]
    assert trace["z"] == [[pytest.approx(1.0), None], [None, pytest.approx(-2.0)]]
    assert trace["colorbar"]["ticktext"][0] == "≤ 0.01%"
    assert len(drawn["layout"]["shapes"]) == 2
    assert drawn["layout"]["yaxis"]["ticktext"] == ["Farms", "B"]
    assert not linkages.inputs(cells.iloc[1:2], ["A", "B"], {})["data"]


def test_bars_of_a_fall_and_of_a_rise_differ_in_side_and_sign() -> None:
    rows = pd.DataFrame(
        {"key": ["A", "B"], "label": ["A", "B"], "value": [-2.0, 1.0], "strong": [True, False], "hover": ["", ""]}
    )
    bar = shock.bars(rows)["data"][0]
    assert bar["text"] == ["\N{MINUS SIGN}2.0", "+1.0"]
    assert bar["marker"]["color"][0] != bar["marker"]["color"][1]
