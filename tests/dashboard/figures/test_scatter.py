"""Bubbles, growth, dispersion: no line across a gap, areas in proportion, and little data breaks nothing."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.figures import scatter
from dashboard.i18n import speaking

POINTS = pd.DataFrame(
    {
        "region": ["R", "P", "Z"],
        "label": ["Region", "Peer", "Other"],
        "x": [1.0, 2.0, 3.0],
        "y": [10.0, 20.0, 30.0],
        "size": [100.0, np.nan, 400.0],
        "role": ["own", "peer", "rest"],
        "uncertain": [False, True, False],
        "hover": ["r", "p", "z"],
    }
)
TRAIL = pd.DataFrame({"period": [2019, 2020, 2020], "x": [0.5, np.nan, 1.0], "y": [9.0, np.nan, 10.0]})
NOTHING = TRAIL.iloc[:0]


def pairs(frame: pd.DataFrame, trail: pd.DataFrame = NOTHING, **parts: object) -> dict[str, object]:
    usual = {
        "x_title": "x",
        "y_title": "y",
        "x_range": scatter.extent(frame["x"]),
        "y_range": scatter.extent(frame["y"]),
        "caption": "2020",
    }
    return scatter.pairs(frame, trail, **(usual | parts))  # type: ignore[arg-type]


def test_the_trail_is_broken_where_a_year_is_missing() -> None:
    drawn = pairs(POINTS, TRAIL)
    trail = drawn["data"][3]  # type: ignore[index]
    assert trail["x"] == [0.5, None, 1.0]
    assert trail["connectgaps"] is False
    json.dumps(drawn, allow_nan=False)


def test_the_region_lies_on_top_and_has_its_name() -> None:
    drawn = pairs(POINTS)
    assert [trace.get("ids") for trace in drawn["data"]] == [None, ["Z"], ["P"], None, ["R"]]  # type: ignore[index]
    assert drawn["data"][-1]["text"] == ["<b>Region</b>"]  # type: ignore[index]


@pytest.mark.parametrize("count", [0, 1])
def test_empty_and_single(count: int) -> None:
    assert bool(pairs(POINTS.iloc[:count])["data"]) == bool(count)


def test_areas_are_in_proportion() -> None:
    small, large = scatter.sizes(pd.Series([100.0, 400.0]))
    assert (large - 7) / (small - 7) == pytest.approx(2)
    assert scatter.sizes(pd.Series([np.nan, np.nan])) == [12.0, 12.0]


@given(st.lists(st.floats(-1e9, 1e9, allow_nan=False), min_size=1, max_size=20))
def test_the_extent_holds_every_value(values: list[float]) -> None:
    span = scatter.extent(pd.Series(values))
    assert span is not None
    assert span[0] <= min(values)
    assert span[1] >= max(values)
    assert span[0] < span[1]


def test_ticks_of_a_logarithmic_axis_are_written_out() -> None:
    with speaking("hu"):
        ticks = scatter.log_ticks([3.0, 4.35])
    assert ticks["tickvals"] == [1000, 2000, 5000, 10000, 20000]
    assert ticks["ticktext"][0].replace("\N{NO-BREAK SPACE}", " ") in ("1000", "1 000")


GROWTH = POINTS.rename(columns={"x": "initial", "y": "growth"})


@pytest.mark.parametrize("count", [0, 1, 3])
def test_growth_with_and_without_a_line(count: int) -> None:
    grid = pd.DataFrame({"initial": [1.0, 3.0], "fit": [2.0, 1.0], "low": [1.5, 0.5], "high": [2.5, 1.5]})
    drawn = scatter.growth(GROWTH.iloc[:count], grid.iloc[: 2 * (count > 1)], "x", "y")
    filled = [trace for trace in drawn["data"] if trace.get("fill") == "toself"]
    assert len(filled) == (1 if count > 1 else 0)


def test_dispersion_writes_both_ends_of_each_line() -> None:
    frame = pd.DataFrame({"period": [2000, 2001], "cv": [50.0, 40.0], "low": [45.0, 35.0], "high": [55.0, 45.0]})
    texts = [note["text"] for note in scatter.dispersion(frame, False)["layout"]["annotations"]]
    assert texts == ["<b>50.0%</b>", "<b>40.0%</b>"]
    weighted = frame.assign(cv_weighted=30.0, low_weighted=28.0, high_weighted=32.0)
    assert len(scatter.dispersion(weighted, True)["data"]) == 4
    assert scatter.dispersion(frame.iloc[:0], False)["data"] == []
