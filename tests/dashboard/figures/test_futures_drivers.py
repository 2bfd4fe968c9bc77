"""Radar, impact and uncertainty, influences: places, order, whiskers, corners, names that keep apart."""

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard import theme
from dashboard.figures import impact_uncertainty, micmac, radar

STEEP = {"social": "Social", "technological": "Technological", "economic": "Economic"}
RINGS = [(2028, "act"), (2032, "prepare"), (2035, "monitor")]
DRIVERS = pd.DataFrame(
    {
        "driver": ["a", "b", "c", "d"],
        "number": [1, 2, 3, 4],
        "label": ["Fewer <young> people", "Chips", "Trade", "Rumour"],
        "kind": ["trend", "driver", "wild_card", "weak_signal"],
        "steep": ["social", "technological", "economic", "economic"],
        "year": pd.array([2026, 2035, pd.NA, 2040], dtype="Int64"),
        "impact": [8.0, 5.0, 10.0, 1.0],
        "impact_low": [7.0, np.nan, 9.0, np.nan],
        "impact_high": [9.0, np.nan, 10.0, np.nan],
        "uncertainty": [3.0, 8.0, 9.0, 9.5],
        "uncertainty_low": [np.nan] * 4,
        "uncertainty_high": [np.nan] * 4,
        "critical": [False, False, True, False],
        "few": [False, False, False, True],
        "hover": ["a", "b", "c", "d"],
    }
)
INFLUENCES = pd.DataFrame(
    {
        "variable": ["a", "b"],
        "label": ["A & co", "B"],
        "dependence": [10.0, 90.0],
        "influence": [80.0, 20.0],
        "dependence_indirect": [10.0, 90.0],
        "influence_indirect": [60.0, 40.0],
        "hover": ["a", "b"],
    }
)
CORNERS = {"critical": "Critical", "plan": "Plan", "watch": "Watch", "background": "Background"}


def sent(figure: dict[str, Any]) -> str:
    """A figure as it is sent; fails on what JSON cannot hold."""
    return json.dumps(figure, allow_nan=False)


def test_a_driver_keeps_its_direction_when_its_year_changes() -> None:
    before = radar.places(DRIVERS, list(STEEP), 2024, 2035)
    after = radar.places(DRIVERS.assign(year=[2030] * 4), list(STEEP), 2024, 2035)
    for (x, y), (u, v) in zip(before, after, strict=True):
        assert math.atan2(x, y) == pytest.approx(math.atan2(u, v))


def test_the_distance_says_when() -> None:
    assert radar.radius(2024, 2024, 2035) == radar.INNER
    assert radar.radius(2010, 2024, 2035) == radar.INNER
    assert radar.radius(2035, 2024, 2035) == radar.RIM
    assert radar.radius(2036, 2024, 2035) == radar.radius(None, 2024, 2035) == radar.OUTSIDE


@given(st.lists(st.tuples(st.sampled_from(list(STEEP)), st.integers(2024, 2040)), min_size=1, max_size=20))
def test_drivers_stay_in_their_sector_and_apart(rows: list[tuple[str, int]]) -> None:
    frame = pd.DataFrame(
        {"driver": [f"d{i}" for i in range(len(rows))], "steep": [s for s, _y in rows], "year": [y for _s, y in rows]}
    )
    places = radar.places(frame, list(STEEP), 2024, 2035)
    turns = [math.atan2(x, y) % (2 * math.pi) for x, y in places]
    width = 2 * math.pi / len(STEEP)
    for (steep, _year), turn in zip(rows, turns, strict=True):
        assert int(turn // width) == list(STEEP).index(steep)
    for steep in STEEP:
        mine = sorted(turn for (own, _y), turn in zip(rows, turns, strict=True) if own == steep)
        assert all(b - a > 1e-6 for a, b in pairwise(mine))


def test_the_radar_draws_kinds_sizes_and_names() -> None:
    figure = radar.sectors(DRIVERS, STEEP, RINGS, 2024, 2035)
    text = sent(figure)
    assert "Fewer &lt;young> people" in text
    rings, marks, _names = figure["data"]
    assert rings["text"] == ["act", "prepare", "monitor"]
    assert marks["marker"]["symbol"] == ["square", "circle", "star", "diamond"]
    assert marks["marker"]["size"][2] == radar.LARGEST
    assert marks["marker"]["size"][3] == radar.SMALLEST
    assert [entry[0] for entry in marks["customdata"]] == ["a", "b", "c", "d"]
    assert radar.sectors(DRIVERS.head(0), STEEP, RINGS, 2024, 2035)["data"] == []


def test_the_plane_has_whiskers_where_there_are_ranges_and_bold_names_where_it_is_critical() -> None:
    figure = impact_uncertainty.plane(DRIVERS, 7, CORNERS, "Uncertainty", "Impact")
    sent(figure)
    whiskers, marks, _plain, bold = figure["data"]
    assert whiskers["error_y"]["array"] == [1, 0, 0, 0]
    assert whiskers["error_y"]["arrayminus"] == [1, 0, 1, 0]
    assert bold["text"] == ["<b>Trade</b>"]
    colours = theme.palette()
    assert marks["marker"]["color"][3] == colours.surface  # hollow: too few ratings
    assert {shape["x0"] for shape in figure["layout"]["shapes"] if shape["type"] == "rect"} == {7}
    assert impact_uncertainty.plane(DRIVERS.head(0), 7, CORNERS, "x", "y")["data"] == []


def test_influences_lead_from_direct_to_indirect() -> None:
    corners = {"driver": "Drivers", "relay": "Relays", "dependent": "Results", "autonomous": "Apart"}
    figure = micmac.plane(INFLUENCES, 50, corners, "Dependence", "Influence")
    assert "A &amp; co" in sent(figure)
    direct, indirect = figure["data"]
    assert direct["y"] == [80, 20]
    assert indirect["y"] == [60, 40]
    arrows = [note for note in figure["layout"]["annotations"] if note.get("showarrow")]
    assert [(arrow["ay"], arrow["y"]) for arrow in arrows] == [(80, 60), (20, 40)]
    assert micmac.plane(INFLUENCES.head(0), 50, corners, "x", "y")["data"] == []
