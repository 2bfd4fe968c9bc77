"""Fans: gaps and hollow marks in what was observed, ranges as they are stated, names apart, targets in sight."""

from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import theme
from dashboard.figures import fans, trends
from dashboard.i18n import speaking

NAN = float("nan")


class Point(NamedTuple):
    year: int
    low: float
    value: float
    high: float


class Look(NamedTuple):
    code: str
    name: str
    colour: str = "#0b5cad"
    dash: str = "solid"
    marker: str = "circle"
    sign: str = "●"


SEEN = [(2019, 1.0, ""), (2020, 1.1, "b"), (2022, 1.2, "e"), (2023, 1.3, "")]
LOOKS = [Look("up", "Up"), Look("down", "Down", "#b55a00", "dash", "square", "■")]
PATHS = {
    "up": [Point(2023, 1.3, 1.3, 1.3), Point(2024, 1.3, 1.5, 1.8), Point(2025, 1.4, 1.7, 2.2)],
    "down": [Point(2023, NAN, 1.3, NAN), Point(2024, NAN, 1.2, NAN), Point(2025, NAN, 1.0, NAN)],
}


def drawn(**parts: object) -> dict[str, list[dict]]:
    given_ = {"seen": SEEN, "paths": PATHS, "looks": LOOKS, "decimals": 1, "suffix": "%", "last": 2025} | parts
    figure = fans.fan(**given_)  # type: ignore[arg-type]
    by_name: dict[str, list[dict]] = {}
    for trace in figure["data"]:
        by_name.setdefault(trace.get("name", ""), []).append(trace)
    return by_name | {"layout": [figure["layout"]]}


def test_history_has_gaps_at_breaks_and_missing_years_and_hollow_marks() -> None:
    observed = drawn()["Observed"][0]
    assert observed["x"] == [2019, None, 2020, None, 2022, 2023]
    at = observed["x"].index(2022)
    assert observed["marker"]["color"][at] == theme.palette().surface
    assert observed["marker"]["size"][at] > 0
    assert observed["customdata"][at].endswith("1.2% (e)")


def test_a_fan_runs_up_its_low_and_back_down_its_high_end() -> None:
    fan = next(trace for trace in drawn()["Up"] if trace.get("fill") == "toself")
    assert list(zip(fan["x"], fan["y"], strict=True)) == [
        (2023, 1.3), (2024, 1.3), (2025, 1.4), (2025, 2.2), (2024, 1.8), (2023, 1.3),
    ]  # fmt: skip


def test_without_a_range_there_is_a_line_and_no_fan() -> None:
    traces = drawn()["Down"]
    assert [trace["mode"] for trace in traces] == ["lines", "markers"]
    assert traces[0]["customdata"][-1] == "<b>■ Down</b><br>2025: 1.0%"


def test_scenarios_differ_by_dash_and_mark_and_carry_their_sign() -> None:
    found = drawn()
    assert {trace["line"]["dash"] for name in ("Up", "Down") for trace in found[name] if trace["mode"] == "lines"} == {
        "solid",
        "dash",
    }
    texts = [note["text"] for note in found["layout"][0]["annotations"]]
    assert texts == ["● Up", "■ Down"]


def test_names_stand_within_the_axis_so_that_plotly_draws_them() -> None:
    layout = drawn()["layout"][0]
    assert all(note["x"] <= layout["xaxis"]["range"][1] for note in layout["annotations"])


def test_years_after_the_last_are_not_drawn() -> None:
    found = drawn(last=2024)
    assert max(found["Up"][1]["x"]) == 2024
    assert drawn(last=2020, seen=[])["layout"][0]["xaxis"]["visible"] is False


@pytest.mark.parametrize(
    ("target", "text", "lines"),
    [
        ((2.0, 2030), "target 2030: 2%", 1),
        ((9.5, 2030), "↑ target 2030: 9.5%", 0),
        ((-7.0, None), "↓ target: −7%", 0),
    ],
)
def test_a_near_target_is_a_line_and_a_far_one_words_at_the_edge(
    target: tuple[float, int | None], text: str, lines: int
) -> None:
    layout = drawn(target=target)["layout"][0]
    assert layout["annotations"][-1]["text"] == text
    low, high = layout["yaxis"]["range"]
    assert (low <= target[0] <= high) is bool(lines)
    assert sum("yref" not in shape for shape in layout["shapes"]) == lines


def test_the_language_writes_its_own_numbers() -> None:
    with speaking("hu"):
        found = drawn(target=(2.5, 2030))
    assert "1,7% (1,4–2,2%)" in found["Up"][1]["customdata"][-1]
    assert found["layout"][0]["annotations"][-1]["text"] == "cél, 2030: 2,5%"


def test_names_are_not_markup() -> None:
    figure = fans.fan([], {"x": PATHS["up"]}, [Look("x", "<b>R&D")], 1, "", 2025)
    assert figure["layout"]["annotations"][0]["text"] == "● &lt;b>R&amp;D"


@given(st.lists(st.floats(-1e4, 1e6), min_size=1, max_size=6), st.integers(200, 500))
def test_names_never_cover_each_other_and_everything_lies_on_the_axis(values: list[float], height: int) -> None:
    looks = [Look(f"s{i}", f"S{i}") for i in range(len(values))]
    paths = {one.code: [Point(2023, NAN, 1.0, NAN), Point(2035, NAN, v, NAN)] for one, v in zip(looks, values)}  # noqa: B905
    layout = fans.fan([], paths, looks, 1, "", 2035, height=height)["layout"]
    low, high = layout["yaxis"]["range"]
    assert low <= min(values)
    assert high >= max(values)
    scale = (height - fans.MARGIN["t"] - fans.MARGIN["b"]) / (high - low)
    places = sorted((note["y"] - low) * scale + note["yshift"] for note in layout["annotations"])
    assert all(b - a >= trends.LABEL_GAP - 1.5 for a, b in pairwise(places))


@given(st.integers(1990, 2024), st.integers(0, 15), st.integers(1, 40))
def test_ticks_are_few_apart_and_end_with_the_last_year(first: int, before: int, ahead: int) -> None:
    ticks = fans._ticks(first, first + before, first + before + ahead)
    assert ticks[-1] == first + before + ahead
    assert len(ticks) <= 4
    assert all(b - a >= (before + ahead) / 4 for a, b in pairwise(ticks))
