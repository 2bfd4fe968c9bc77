"""Dots with ranges, ranks and likeness: what is drawn is what the frame says, and nothing breaks on little data."""

import json

import numpy as np
import pandas as pd
import pytest

from dashboard import theme
from dashboard.figures import likeness, ranges

GAPS = pd.DataFrame(
    {
        "indicator": ["a", "b"],
        "label": ["R&D <b>", "Jobs"],
        "value_text": ["1%", "2%"],
        "word": ["clearly behind", "no clear difference"],
        "verdict": ["behind", "unclear"],
        "position": [-400.0, 55.0],
        "position_low": [-450.0, 40.0],
        "position_high": [-300.0, 60.0],
        "position_median": [50.0, 45.0],
        "position_min": [-20.0, -10.0],
        "position_max": [120.0, 130.0],
        "uncertain": [False, True],
        "hover": ["x", "y"],
    }
)

VALUES = pd.DataFrame(
    {
        "region": ["R", "P"],
        "label": ["Region", "Peer"],
        "value": [1.0, 3.0],
        "low": [0.5, 2.5],
        "high": [1.5, 3.5],
        "verdict": ["own", "higher"],
        "word": ["", "clearly stronger"],
        "uncertain": [False, True],
        "hover": ["x", "y"],
    }
)

RANKS = pd.DataFrame(
    {
        "region": ["A", "B", "C"],
        "label": ["A", "B", "C"],
        "rank": [1, np.nan, 3],
        "rank_low": [1, 1, 2],
        "rank_high": [2, 3, 3],
        "printable": [True, False, True],
        "role": ["rest", "own", "peer"],
        "hover": ["a", "b", "c"],
    }
)


def test_gaps_keep_names_as_they_are_and_words_at_every_second_note() -> None:
    drawn = ranges.gaps(GAPS)
    json.dumps(drawn)
    notes = [note["text"] for note in drawn["layout"]["annotations"]]
    assert "R&amp;D &lt;b>" in notes[0]
    assert notes[1::2] == ["clearly behind", "no clear difference"]


def test_a_value_beyond_the_scale_is_an_arrow_and_an_uncertain_one_is_hollow() -> None:
    dots = ranges.gaps(GAPS)["data"][-1]
    low, high = ranges.gaps(GAPS)["layout"]["xaxis"]["range"]
    assert dots["marker"]["symbol"] == ["triangle-left", "circle"]
    assert all(low <= x <= high for x in dots["x"])
    assert dots["marker"]["color"] == [theme.palette().accent, theme.palette().surface]


def test_unclear_pairs_are_grey() -> None:
    dots = ranges.gaps(GAPS)["data"][-1]
    assert dots["marker"]["line"]["color"] == [theme.palette().accent, theme.palette().peers]


def test_values_show_the_range_of_the_region_as_a_stripe() -> None:
    drawn = ranges.values(VALUES, (2.0, 3.0, 4.0), 1, "%")
    stripes = [(shape["x0"], shape["x1"]) for shape in drawn["layout"]["shapes"]]
    assert (0.5, 1.5) in stripes
    assert (2.0, 4.0) in stripes
    assert (3.0, 3.0) in stripes
    assert "peer median 3.0%" in [note["text"] for note in drawn["layout"]["annotations"]]


def test_no_rank_is_drawn_without_leave() -> None:
    drawn = ranges.ranks(RANKS)
    own = drawn["data"][5]
    assert own["marker"]["opacity"] == [0.0]
    bars = [trace for trace in drawn["data"] if trace["mode"] == "lines"]
    assert sum(len(trace["x"]) for trace in bars) == 3 * len(RANKS)


@pytest.mark.parametrize("scheme", theme.SCHEMES)
def test_empty_and_single(scheme: str) -> None:
    theme.set_scheme(scheme)
    try:
        for frame in (GAPS, GAPS.iloc[:1], GAPS.iloc[:0]):
            assert bool(ranges.gaps(frame)["data"]) == bool(len(frame))
        for frame in (VALUES, VALUES.iloc[:1], VALUES.iloc[:0]):
            assert bool(ranges.values(frame, None, 1, "")["data"]) == bool(len(frame))
        for frame in (RANKS, RANKS.iloc[:1], RANKS.iloc[:0]):
            assert bool(ranges.ranks(frame)["data"]) == bool(len(frame))
    finally:
        theme.set_scheme("light")


def test_likeness_has_a_cell_for_each_peer_and_variable() -> None:
    cells = pd.DataFrame(
        {
            "region": ["P", "P", "Q"],
            "variable": ["a", "b", "a"],
            "label": ["A", "B", "A"],
            "difference": [0.5, -1.2, 0.0],
            "hover": ["1", "2", "3"],
        }
    )
    rows = pd.DataFrame({"region": ["Q", "P"], "label": ["Q", "P"], "distance": [0.1, 0.4]})
    drawn = likeness.differences(cells, rows)
    assert drawn["data"][0]["z"] == [[0.0, None], [0.5, -1.2]]
    assert [note["text"] for note in drawn["layout"]["annotations"]] == ["0.0", "+0.5", "−1.2"]
    assert likeness.differences(cells.iloc[:0], rows.iloc[:0])["data"] == []
