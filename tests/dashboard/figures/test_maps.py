"""Maps: both forms draw every region once, say what is missing or uncertain, and need nothing from outside."""

import csv
import json
import math
import os
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import ROOT
from dashboard import theme
from dashboard.figures import maps
from dashboard.i18n import speaking

REAL = ROOT.parent / "shared" / "figures" / "raw" / "geography" / "nuts_2024_20m_4326.geojson"


def current_regions() -> pd.DataFrame:
    """Today's level-2 regions of the catalogue, with a value each."""
    with (ROOT / "data" / "catalogue" / "regions.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] == "2" and row["tile_column"]]
    return pd.DataFrame(
        {
            "code": [row["code"] for row in rows],
            "name": [row["name_en"] for row in rows],
            "country": [row["country"] for row in rows],
            "tile_column": pd.array([int(row["tile_column"]) for row in rows], dtype="Int64"),
            "tile_row": pd.array([int(row["tile_row"]) for row in rows], dtype="Int64"),
            "value": [float(position) for position in range(len(rows))],
            "label": [str(position) for position in range(len(rows))],
            "flags": "",
        }
    )


def square(west: float, south: float, side: float = 1.0) -> dict[str, object]:
    """A square whose ring runs clockwise, as the store holds it."""
    ring = [
        [west, south],
        [west, south + side],
        [west + side, south + side],
        [west + side, south],
        [west, south],
    ]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def polygons(west: float, south: float, side: float = 1.0) -> list[object]:
    """The polygons of a square."""
    return list(square(west, south, side)["coordinates"])  # type: ignore[call-overload]


def outlines(codes: list[str]) -> pd.DataFrame:
    """Made-up square outlines, one per region."""
    return pd.DataFrame(
        {
            "region": codes,
            "nuts_version": "2024",
            "scale": "20M",
            "shape": [square(10 + position % 10, 35 + position // 10) for position in range(len(codes))],
            "credit": "© the office that drew them",
        }
    )


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> Iterator[str]:
    """Each of the two colour schemes."""
    theme.set_scheme(request.param)
    yield request.param
    theme.set_scheme("light")


def bar(figure: dict) -> dict:
    """All tiles of a figure as if they were one set."""
    sets = [trace for trace in figure["data"] if trace["type"] == "bar"]
    fills = [trace["marker"]["color"] for trace in sets]
    shapes = [trace["marker"].get("pattern", {}).get("shape", "") for trace in sets]
    sizes = [len(trace["x"]) for trace in sets]

    def each(*path: str) -> list:
        found = []
        for trace in sets:
            value = trace
            for name in path:
                value = value[name]
            found += value
        return found

    return {
        **{name: each(name) for name in ("x", "base", "text", "customdata")},
        "ink": each("insidetextfont", "color"),
        "fill": [
            one
            for fill, size in zip(fills, sizes, strict=True)
            for one in (fill if isinstance(fill, list) else [fill] * size)
        ],
        "line": {"color": each("marker", "line", "color"), "width": each("marker", "line", "width")},
        "shape": [shape for shape, size in zip(shapes, sizes, strict=True) for _n in range(size)],
    }


def annotations(figure: dict) -> str:
    """All words that stand in a figure."""
    return " ".join(note["text"] for note in figure["layout"].get("annotations", ()))


def test_tiles_draw_every_current_region_once_and_nowhere_twice() -> None:
    frame = current_regions()
    drawn = bar(maps.area_map(frame))
    assert sorted(item[0] for item in drawn["customdata"]) == sorted(frame["code"])
    places = list(zip(drawn["x"], drawn["base"], strict=True))
    assert len(set(places)) == len(places) == 88
    assert all(code in text for (code, _hover), text in zip(drawn["customdata"], drawn["text"], strict=True))


def test_tiles_carry_the_labels_they_were_given() -> None:
    frame = current_regions()
    drawn = bar(maps.area_map(frame))
    shown = {code: text.split("<br>")[1] for (code, _h), text in zip(drawn["customdata"], drawn["text"], strict=True)}
    assert shown == dict(zip(frame["code"], frame["label"], strict=True))


def test_labels_too_long_for_a_tile_stay_in_the_hover() -> None:
    frame = current_regions().assign(label="23 400 PPS")
    drawn = bar(maps.area_map(frame))
    assert set(drawn["text"]) == set(frame["code"])
    assert all("23 400 PPS" in hover for _code, hover in drawn["customdata"])


@pytest.mark.parametrize("with_outlines", [False, True])
def test_empty_frame_says_so(with_outlines: bool) -> None:
    geometry = maps.boundaries(outlines(["HU33"])) if with_outlines else None
    figure = maps.area_map(current_regions().iloc[0:0], geometry=geometry)
    assert figure["data"] == []
    assert "no regions" in annotations(figure)
    assert maps.locator(current_regions().iloc[0:0], "HU33", geometry=geometry)["data"] == []


@pytest.mark.parametrize("with_outlines", [False, True])
def test_missing_values_are_empty_shapes_with_a_dash_and_explained(with_outlines: bool, scheme: str) -> None:
    frame = current_regions().head(3).assign(value=[1.0, math.nan, 3.0], label=["1", "–", "3"])
    codes = list(frame["code"])
    geometry = maps.boundaries(outlines(codes)) if with_outlines else None
    figure = maps.area_map(frame, geometry=geometry)
    json.dumps(figure, allow_nan=False)
    assert "No value" in annotations(figure)
    if with_outlines:
        blank = next(trace for trace in figure["data"] if trace.get("locations") == [codes[1]])
        assert {colour for _at, colour in blank["colorscale"]} == {theme.palette().surface}
        assert [trace["text"] for trace in figure["data"] if trace.get("mode") == "text"] == [["–"]]
    else:
        at = [item[0] for item in bar(figure)["customdata"]].index(codes[1])
        assert bar(figure)["fill"][at] == theme.palette().surface
        assert bar(figure)["text"][at].endswith("–")


@pytest.mark.parametrize("with_outlines", [False, True])
def test_all_missing_draws_without_a_legend(with_outlines: bool) -> None:
    frame = current_regions().assign(value=math.nan, label="–")
    geometry = maps.boundaries(outlines(list(frame["code"]))) if with_outlines else None
    figure = maps.area_map(frame, geometry=geometry, diverging_at=100)
    json.dumps(figure, allow_nan=False)
    assert figure["layout"]["coloraxis"]["showscale"] is False


@pytest.mark.parametrize("with_outlines", [False, True])
def test_one_region_is_drawn(with_outlines: bool) -> None:
    frame = current_regions().head(1)
    geometry = maps.boundaries(outlines(list(frame["code"]))) if with_outlines else None
    figure = maps.area_map(frame, geometry=geometry, selected=frame["code"].iloc[0])
    assert [item[0] for item in figure["data"][0]["customdata"]] == list(frame["code"])
    assert figure["layout"]["coloraxis"]["showscale"] is False


@pytest.mark.parametrize("flags", ["e", "p", "u", "bu"])
def test_uncertain_values_are_marked_by_more_than_colour(flags: str) -> None:
    frame = current_regions().head(3).assign(flags=["", flags, "b"])
    tiles = maps.area_map(frame)
    shapes_of = {code: shape for (code, _h), shape in zip(bar(tiles)["customdata"], bar(tiles)["shape"], strict=True)}
    assert shapes_of == dict(zip(frame["code"], ["", "/", ""], strict=True))
    assert "Hatched" in annotations(tiles)
    shapes = maps.area_map(frame, geometry=maps.boundaries(outlines(list(frame["code"]))))
    rings = [trace for trace in shapes["data"] if trace.get("mode") == "markers"]
    assert [len(trace["lon"]) for trace in rings] == [1]
    assert "Estimated" in annotations(shapes)


def test_uncertain_and_selected_region_stands_above_its_neighbours() -> None:
    frame = current_regions()
    frame["flags"] = ["e" if code == "HU33" else "p" if code == "RO11" else "" for code in frame["code"]]
    drawn = bar(maps.area_map(frame, selected="HU33"))
    assert drawn["customdata"][-1][0] == "HU33"
    assert len(drawn["customdata"]) == 88


def test_certain_values_carry_no_signs() -> None:
    assert annotations(maps.area_map(current_regions())) == ""


@pytest.mark.parametrize("with_outlines", [False, True])
def test_selected_region_is_outlined_last_in_the_accent_and_peers_before_it(with_outlines: bool, scheme: str) -> None:
    frame = current_regions()
    geometry = maps.boundaries(outlines(list(frame["code"]))) if with_outlines else None
    figure = maps.area_map(frame, geometry=geometry, selected="HU33", peers=("BG42",))
    trace = figure["data"][0] if with_outlines else bar(figure)
    line = trace["marker"]["line"] if with_outlines else trace["line"]
    assert [item[0] for item in trace["customdata"]][-2:] == ["BG42", "HU33"]
    assert line["color"][-2:] == [theme.palette().ink, theme.palette().accent]
    assert line["width"][-1] > line["width"][-2] > line["width"][0]


def test_boundaries_fill_the_frame_with_equal_areas_and_carry_their_credit() -> None:
    geometry = maps.boundaries(outlines(["HU33", "BG42", "EL30"]))
    assert geometry is not None
    assert geometry["bbox"] == [10.0, 35.0, 13.0, 36.0]
    figure = maps.area_map(current_regions(), geometry=geometry)
    geo = figure["layout"]["geo"]
    assert geo["visible"] is False
    assert geo["projection"]["type"] == "conic equal area"
    assert (geo["lonaxis"]["range"], geo["lataxis"]["range"]) == ([10.0, 13.0], [35.0, 36.0])
    assert "© the office that drew them" in annotations(figure)
    assert "http" not in json.dumps(figure)


def test_regions_without_outline_are_named() -> None:
    geometry = maps.boundaries(outlines(["HU33"]))
    frame = current_regions()
    assert set(maps.undrawn(frame, geometry)) == set(frame["code"]) - {"HU33"}
    assert maps.undrawn(frame) == []


def test_no_boundaries_no_features() -> None:
    assert maps.boundaries(outlines([])) is None


def test_newest_version_of_an_outline_is_drawn() -> None:
    old, new = outlines(["HU33"]), outlines(["HU33"])
    old["nuts_version"], old["shape"] = "2016", [square(0, 0)]
    geometry = maps.boundaries(pd.concat([new, old], ignore_index=True))
    assert geometry is not None
    assert geometry["bbox"][0] == 10.0


def test_islands_too_small_to_see_are_left_out_but_never_the_whole_region() -> None:
    frame = outlines(["HU33", "BG42"])
    with_island = {"type": "MultiPolygon", "coordinates": [*polygons(10, 35), *polygons(20, 40, 0.01)]}
    frame["shape"] = [with_island, square(15, 40, 0.02)]
    geometry = maps.boundaries(frame)
    assert geometry is not None
    assert [len(feature["geometry"]["coordinates"]) for feature in geometry["features"]] == [1, 1]


def test_real_boundaries_hold_every_current_region_rewound_and_light() -> None:
    if not REAL.exists():
        if os.environ.get("CI"):
            pytest.fail(f"{REAL} is missing")
        pytest.skip(f"{REAL} is missing")
    from etl.sources.geography import read_geography

    read = read_geography(Path(REAL))
    rows = [
        {"region": r.code, "nuts_version": "2024", "scale": "20M", "shape": r.shape, "credit": read.credit}
        for r in read.regions
    ]
    frame = current_regions()
    loaded = pd.DataFrame([row for row in rows if row["region"] in set(frame["code"])])
    geometry = maps.boundaries(loaded)
    assert geometry is not None
    assert maps.undrawn(frame, geometry) == []
    for feature in geometry["features"]:
        for polygon in feature["geometry"]["coordinates"]:
            ring = polygon[0]
            assert ring[0] == ring[-1]
            assert sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) > 0, feature["id"]
    figure = maps.area_map(frame, geometry=geometry, selected="HU33")
    assert len(json.dumps(figure)) < 100_000
    centres = maps.area_map(frame.assign(flags="e"), geometry=geometry)["data"][-1]
    west, south, east, north = geometry["bbox"]
    assert all(west < lon < east for lon in centres["lon"])
    assert all(south < lat < north for lat in centres["lat"])


def test_classes_of_a_known_distribution() -> None:
    # Percentiles 10 and 90 of 0…100 are 10 and 90; a fifth of the way between is 16, and the nearest round step 20.
    assert maps.classes(range(101)) == [20, 40, 60, 80]
    # 90 % of distances to 100 reach 47.5; a class of 19 rounds to 20, three on each side of the middle one.
    assert maps.classes([50 + position for position in range(101)], diverging_at=100) == [50, 70, 90, 110, 130, 150]
    assert maps.classes([]) == []
    assert maps.classes([3.0, 3.0]) == []
    assert maps.classes([100.0], diverging_at=100) == [97.5, 98.5, 99.5, 100.5, 101.5, 102.5]


finite = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3))


@given(st.lists(finite, max_size=60), st.none() | finite)
def test_classes_are_few_rise_and_hold_the_reference_in_the_middle(values: list[float], middle: float | None) -> None:
    limits = maps.classes(values, middle)
    assert limits == sorted(set(limits))
    assert len(limits) <= 6
    if middle is not None and values:
        assert limits[2] < middle < limits[3]


@given(st.lists(finite | st.just(math.nan), min_size=1, max_size=20), st.none() | finite, st.booleans())
def test_any_values_make_a_figure_that_is_valid_json(values: list[float], middle: float | None, reverse: bool) -> None:
    frame = current_regions().head(len(values)).assign(value=values, label=[str(value) for value in values])
    json.dumps(maps.area_map(frame, diverging_at=middle, reverse=reverse), allow_nan=False)


def test_greater_values_never_get_a_smaller_class_and_reverse_turns_the_colours() -> None:
    frame = current_regions().assign(value=[2.0 * position - 48 for position in range(88)])
    colours = theme.palette().diverging
    usual = bar(maps.area_map(frame, diverging_at=40))["fill"]
    turned = bar(maps.area_map(frame, diverging_at=40, reverse=True))["fill"]
    ranks = [colours.index(colour) for colour in usual]
    assert ranks == sorted(ranks)
    assert set(ranks) == set(range(len(colours)))
    assert [colours.index(colour) for colour in turned] == [len(colours) - 1 - rank for rank in ranks]
    assert usual[44] == colours[3]  # the reference itself is neutral


def test_every_tile_is_readable(scheme: str) -> None:
    frame = current_regions()
    for middle in (None, 40.0):
        drawn = bar(maps.area_map(frame, diverging_at=middle))
        for fill, ink in zip(drawn["fill"], drawn["ink"], strict=True):
            assert maps.contrast(fill, ink) >= 4.5, (fill, ink)


def test_contrast_of_black_and_white_and_of_wcag_grey() -> None:
    assert maps.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert maps.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_legend_speaks_the_readers_language() -> None:
    frame = current_regions().assign(value=[position / 10 for position in range(88)])
    with speaking("hu"):
        bar_legend = maps.area_map(frame, unit="%", decimals=2)["layout"]["coloraxis"]["colorbar"]
    assert bar_legend["ticktext"] == ["2", "4", "6"]
    with speaking("hu"):
        fine = maps.area_map(frame.assign(value=frame["value"] / 10))["layout"]["coloraxis"]["colorbar"]
    assert fine["ticktext"] == ["0,2", "0,4", "0,6"]
    assert bar_legend["title"]["text"] == "%"


@pytest.mark.parametrize("with_outlines", [False, True])
def test_locator_shows_region_country_and_rest(with_outlines: bool, scheme: str) -> None:
    frame = current_regions()
    geometry = maps.boundaries(outlines(list(frame["code"]))) if with_outlines else None
    trace = maps.locator(frame, "HU33", geometry=geometry)["data"][0]
    shades = trace["z"] if with_outlines else trace["marker"]["color"]
    of_code = dict(zip([item[0] for item in trace["customdata"]], shades, strict=True))
    colours = theme.palette()
    own, home, rest = (2, 1, 0) if with_outlines else (colours.accent, colours.peers, colours.rest)
    assert (of_code["HU33"], of_code["HU11"], of_code["RO11"]) == (own, home, rest)
    assert list(of_code.values()).count(own) == 1
