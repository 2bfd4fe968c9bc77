"""Lines and sparklines: gaps where the publisher says so, hollow where a value is uncertain, labels apart."""

from itertools import pairwise
from urllib.parse import unquote

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import theme
from dashboard.figures import targets, trends


def series(rows: list[tuple[int, float, str]], region: str = "HU33", role: str = "own") -> pd.DataFrame:
    return pd.DataFrame(
        [(region, period, value, flags, role) for period, value, flags in rows],
        columns=["region", "period", "value", "flags", "role"],
    ).astype({"value": float})


def test_break_and_missing_year_are_gaps() -> None:
    frame = series([(2015, 1.0, ""), (2016, 2.0, ""), (2017, 3.0, "b"), (2018, float("nan"), ""), (2020, 4.0, "")])
    years, values = trends.stretches(frame)
    assert years == [2015, 2016, None, 2017, None, 2020]
    assert values == [1.0, 2.0, None, 3.0, None, 4.0]


def test_break_is_marked_with_its_year() -> None:
    figure = trends.lines(series([(2015, 1.0, ""), (2016, 2.0, "b"), (2017, 2.0, "")]), {"HU33": "Here"}, 1, "%")
    assert [shape["x0"] for shape in figure["layout"]["shapes"]] == [2015.5]
    assert any("2016" in note["text"] for note in figure["layout"]["annotations"])


def test_flag_on_the_first_year_is_no_break() -> None:
    figure = trends.lines(series([(2015, 1.0, "b"), (2016, 2.0, "")]), {}, 1, "%")
    assert figure["layout"]["shapes"] == []


def test_uncertain_values_are_hollow() -> None:
    figure = trends.lines(series([(2015, 1.0, ""), (2016, 2.0, "e")]), {"HU33": "Here"}, 1, "%")
    sure, hollow = figure["data"][0]["marker"]["color"]
    assert sure == theme.palette().accent
    assert hollow == theme.palette().surface


def test_former_region_is_a_line_of_its_own_never_joined() -> None:
    frame = pd.concat(
        [series([(2016, 5.0, ""), (2017, 6.0, "")]), series([(2014, 3.0, ""), (2015, 4.0, "")], "HU10", "former")]
    )
    figure = trends.lines(frame, {"HU33": "New", "HU10": "Old (former)"}, 1, "%")
    by_name = {trace["name"]: trace for trace in figure["data"]}
    assert by_name["New"]["x"] == [2016, 2017]
    assert by_name["Old (former)"]["x"] == [2014, 2015]
    assert by_name["Old (former)"]["line"]["dash"] == "dash"


def test_empty_frame_draws_nothing() -> None:
    assert trends.lines(series([]), {}, 1, "%")["data"] == []
    assert trends.lines(series([(2015, float("nan"), "")]), {}, 1, "%")["data"] == []


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(min_value=-50, max_value=150), min_size=2, max_size=6))
def test_labels_never_cover_each_other(values: list[float]) -> None:
    height = 420
    frame = pd.concat(
        [series([(2019, value, ""), (2020, value, "")], f"R{i}", "former") for i, value in enumerate(values)]
    )
    figure = trends.lines(frame, {}, 1, "", height)
    low, high = figure["layout"]["yaxis"]["range"]
    scale = (height - trends.MARGIN["t"] - trends.MARGIN["b"]) / (high - low)
    places = sorted((label["y"] - low) * scale + label["yshift"] for label in figure["layout"]["annotations"])
    assert len(places) == len(values)
    assert all(b - a >= trends.LABEL_GAP - 1.5 for a, b in pairwise(places))


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(2000, 2024),
            st.floats(min_value=-1e6, max_value=1e6) | st.just(float("nan")),
            st.sampled_from(["", "b", "bu", "e"]),
        ),
        max_size=20,
        unique_by=lambda row: row[0],
    )
)
def test_every_value_is_drawn_once_and_nothing_else(rows: list[tuple[int, float, str]]) -> None:
    frame = series(sorted(rows))
    years, values = trends.stretches(frame)
    known = [(period, value) for period, value, _flags in sorted(rows) if value == value]
    assert [(y, v) for y, v in zip(years, values, strict=True) if y is not None] == known
    picture = trends.sparkline(frame)
    assert picture.startswith("data:image/svg+xml,") == (len(known) > 1)
    assert "nan" not in unquote(picture)


def test_bullets_name_target_and_pace() -> None:
    row = {
        "short": "R&D",
        "decimals": 2,
        "unit_suffix": "%",
        "value": 1.21,
        "period": 2023,
        "target_value": 3.0,
        "target_year": 2030,
        "first_value": 1.16,
        "first": 2018,
        "projected": 1.28,
    }
    figure = targets.bullets([row])
    words = " ".join(note["text"] for note in figure["layout"]["annotations"])
    assert "1.21%" in words
    assert "Target 3% (2030)" in words
    assert "1.28%" in words
    without = targets.bullets([row | {"first_value": None, "projected": float("nan")}])
    assert "pace" not in " ".join(note["text"] for note in without["layout"]["annotations"])
    assert targets.bullets([])["data"] == []


@pytest.mark.parametrize("scheme", theme.SCHEMES)
def test_both_schemes_have_their_colours(scheme: str) -> None:
    theme.set_scheme(scheme)
    try:
        figure = trends.lines(series([(2015, 1.0, ""), (2016, 2.0, "")]), {}, 1, "%")
        assert figure["data"][0]["line"]["color"] == theme.palette().accent
    finally:
        theme.set_scheme("light")
