"""The schematic of axes: each scenario in its place and quarter, poles at their ends, sets without axes."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from dashboard.figures import axes


class Look(NamedTuple):
    name: str
    place: Mapping[str, float]
    colour: str = "#0b5cad"
    marker: str = "circle"


AXES: list[dict[str, Any]] = [
    {"code": "a", "name": "Across", "low": "Left", "high": "Right"},
    {"code": "b", "name": "Upward", "low": "Below", "high": "Above"},
]
FOUR = [
    Look("One", {"a": 1, "b": 1}, "#0b5cad"),
    Look("Two", {"a": -1, "b": 1}, "#b55a00"),
    Look("Three", {"a": -0.5, "b": -1}, "#00775a"),
    Look("Middle", {"a": 0, "b": 0}, "#a3478a"),
]


def test_each_scenario_lies_in_its_place_with_its_name() -> None:
    figure = axes.cross(AXES, FOUR)
    assert figure is not None
    trace = figure["data"][0]
    assert (trace["x"], trace["y"]) == ([1, -1, -0.5, 0], [1, 1, -1, 0])
    notes = {note["text"]: (note["x"], note["y"]) for note in figure["layout"]["annotations"]}
    assert notes["<b>Three</b>"] == (-0.5, -1)
    assert notes["◂ Left"][0] < 0 < notes["Right ▸"][0]
    assert notes["▾ Below"][1] < 0 < notes["<i>Upward</i><br>▴ Above"][1]
    left, right = figure["layout"]["xaxis"]["range"]
    assert all(left <= x <= right for x, _y in notes.values())


def test_a_quarter_has_the_colour_of_the_scenario_that_has_it_alone() -> None:
    two_in_one = [*FOUR, Look("Fourth", {"a": 0.5, "b": 0.5})]
    for looks, coloured in ((FOUR, 3), (two_in_one, 2)):
        figure = axes.cross(AXES, looks)
        assert figure is not None
        assert sum(shape["type"] == "rect" for shape in figure["layout"]["shapes"]) == coloured


def test_one_axis_is_a_line_and_none_is_no_figure() -> None:
    line = axes.cross(AXES[:1], FOUR)
    assert line is not None
    assert line["data"][0]["y"] == [0.0] * 4
    assert sum(shape["type"] == "rect" for shape in line["layout"]["shapes"]) == 0
    assert axes.cross([], FOUR) is None
    assert axes.cross(AXES, []) is None


def test_a_scenario_without_a_place_is_left_out() -> None:
    figure = axes.cross(AXES, [FOUR[0], Look("Nowhere", {"a": 1})])
    assert figure is not None
    assert figure["data"][0]["text"] == ["One"]
    assert axes.cross(AXES, [Look("Nowhere", {})]) is None


def test_names_are_wrapped_and_no_markup() -> None:
    figure = axes.cross(AXES, [Look("A long <name> & more of it", {"a": 0, "b": 0})])
    assert figure is not None
    assert "<b>A long<br>&lt;name> &amp;<br>more of it</b>" in [n["text"] for n in figure["layout"]["annotations"]]
