"""Boundaries are decoded, checked, rounded and turned the way that maps need; what cannot be drawn is explained."""

import copy
import gzip
import json
import math
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.sources import geography
from etl.sources.base import SourceError
from etl.sources.geography import is_geography, read_geography, rewind, ring_area, shape_area

REAL = Path(__file__).parents[3].parent / "shared/figures/raw/geography/nuts_2024_20m_4326.geojson"
NAME = "NUTS_RG_20M_2024_4326.geojson"
EARTH_KM = 6371.0
SQUARE = [[16.0, 46.0], [17.0, 46.0], [17.0, 47.0], [16.0, 47.0], [16.0, 46.0]]


@pytest.fixture(scope="module")
def real() -> dict[str, Any]:
    if not REAL.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"{REAL} is missing")
        pytest.skip(f"{REAL} is missing")
    return json.loads(REAL.read_text(encoding="utf-8"))


def square(west: float = 16.0, south: float = 46.0, size: float = 1.0) -> list[list[float]]:
    east, north = west + size, south + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def feature(code: str, rings: list[list[list[float]]], level: int | None = None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"NUTS_ID": code, "LEVL_CODE": len(code) - 2 if level is None else level},
        "geometry": {"type": "Polygon", "coordinates": rings},
    }


def write(path: Path, *features: dict[str, Any], **members: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", **members, "features": list(features)}), encoding="utf-8")
    return path


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as caught:
        read_geography(path)
    assert str(caught.value).startswith(path.name)
    return caught.value


def test_the_real_file_is_read_whole(real: dict[str, Any]) -> None:
    found = read_geography(REAL)
    assert (found.version, found.scale, found.dataset) == ("2024", "20M", "NUTS_RG_20M_2024")
    assert found.credit == "© EuroGeographics for the administrative boundaries, 2024"
    assert found.problems == []
    assert {region.code: region.level for region in found.regions} == {
        item["properties"]["NUTS_ID"]: item["properties"]["LEVL_CODE"] for item in real["features"]
    }


@pytest.mark.usefixtures("real")
def test_real_areas_agree_with_the_official_ones_and_add_up() -> None:
    areas = {region.code: shape_area(region.shape) * EARTH_KM**2 for region in read_geography(REAL).regions}
    # Official areas: KSH 93,012 km2; Statistik Austria 83,883 km2. Simplified coasts and a round Earth cost under 1 %.
    assert areas["HU"] == pytest.approx(93_012, rel=0.01)
    assert areas["AT"] == pytest.approx(83_883, rel=0.01)
    for country in ("HU", "RO", "BG"):
        parts = sum(area for code, area in areas.items() if code.startswith(country) and len(code) == 4)
        assert parts == pytest.approx(areas[country], rel=1e-3)


@pytest.mark.usefixtures("real")
def test_every_real_ring_runs_as_maps_need_it() -> None:
    for region in read_geography(REAL).regions:
        for exterior, *holes in region.shape["coordinates"]:
            assert -2 * math.pi < ring_area(exterior) < 0, region.code
            assert all(ring_area(hole) > 0 for hole in holes), region.code


def quantised_topology(collection: dict[str, Any], size: int = 100_000) -> dict[str, Any]:
    """The same regions as TopoJSON: each ring one arc, each second one stored backwards, deltas on a grid."""
    scale, west, south = 0.0005, -70.0, -30.0
    arcs: list[list[list[int]]] = []

    def arc(ring: list[list[float]]) -> int:
        grid = [[round((x - west) / scale), round((y - south) / scale)] for x, y in ring]
        backwards = len(arcs) % 2 == 1
        grid = grid[::-1] if backwards else grid
        deltas = [grid[0], *([b[0] - a[0], b[1] - a[1]] for a, b in pairwise(grid))]
        arcs.append(deltas)
        return ~(len(arcs) - 1) if backwards else len(arcs) - 1

    geometries = [
        {
            "type": "MultiPolygon",
            "id": item["properties"]["NUTS_ID"],
            "properties": {"na": item["properties"]["NAME_LATN"]},
            "arcs": [[[arc(ring)] for ring in polygon] for polygon in item["geometry"]["coordinates"]],
        }
        for item in collection["features"]
    ]
    labels = {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [0, 0]}]}
    return {
        "type": "Topology",
        "transform": {"scale": [scale, scale], "translate": [west, south]},
        "objects": {"nutsrg": {"type": "GeometryCollection", "geometries": geometries}, "labels": labels},
        "arcs": arcs,
    }


def test_topojson_of_the_real_file_gives_the_same_regions(real: dict[str, Any], tmp_path: Path) -> None:
    wanted = {"HU", "HU22", "HR03", "EL42", "AT13", "AT12"}
    some = {**real, "features": [item for item in real["features"] if item["properties"]["NUTS_ID"] in wanted]}
    path = tmp_path / "nuts_2024_20M.topojson"
    path.write_text(json.dumps(quantised_topology(some)), encoding="utf-8")
    plain = {region.code: region for region in read_geography(REAL).regions}
    found = read_geography(path)
    assert {region.code for region in found.regions} == wanted
    for region in found.regions:
        assert shape_area(region.shape) == pytest.approx(shape_area(plain[region.code].shape), rel=0.01), region.code


def test_neighbours_in_topojson_share_an_arc(tmp_path: Path) -> None:
    # Two squares side by side; arc 0 is their common edge, run upwards by the left one and downwards by the right one.
    topology = {
        "type": "Topology",
        "arcs": [
            [[17, 46], [17, 47]],
            [[17, 47], [16, 47], [16, 46], [17, 46]],
            [[17, 46], [18, 46], [18, 47], [17, 47]],
        ],
        "objects": {
            "regions": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Polygon", "properties": {"NUTS_ID": "HU21"}, "arcs": [[0, 1]]},
                    {"type": "Polygon", "properties": {"NUTS_ID": "HU22"}, "arcs": [[2, ~0]]},
                ],
            }
        },
    }
    path = tmp_path / "regions_2024.json"
    path.write_text(json.dumps(topology), encoding="utf-8")
    left, right = read_geography(path).regions
    assert left.shape["coordinates"] == [[[[17, 46], [16, 46], [16, 47], [17, 47], [17, 46]]]]
    assert right.shape["coordinates"] == [[[[17, 46], [17, 47], [18, 47], [18, 46], [17, 46]]]]


@pytest.mark.parametrize("damage", [{"arcs": [[[1]]]}, {"arcs": []}, {"objects": {"a": {"geometries": [3]}}}])
def test_a_damaged_topology_is_refused(damage: dict[str, Any], tmp_path: Path) -> None:
    whole = {
        "type": "Topology",
        "transform": {"scale": [1, 1], "translate": [0, 0]},
        "arcs": [[[16, 46], [1, 0], [0, 1], [-1, -1]]],
        "objects": {"a": {"geometries": [{"type": "Polygon", "id": "HU22", "arcs": [[0]]}]}},
    }
    path = tmp_path / "nuts_2024.topojson"
    path.write_text(json.dumps(whole), encoding="utf-8")
    assert [region.code for region in read_geography(path).regions] == ["HU22"]
    path.write_text(json.dumps(whole | damage), encoding="utf-8")
    assert refused(path).problem.reason == "damaged-topology"


def test_rewinding_turns_exteriors_clockwise_and_holes_back_and_leaves_its_argument() -> None:
    hole = square(16.2, 46.2, 0.2)
    shape = {"type": "Polygon", "coordinates": [square(), hole]}
    before = copy.deepcopy(shape)
    turned = rewind(shape)
    assert shape == before
    assert turned["coordinates"] == [square()[::-1], hole]
    assert rewind(turned) == turned
    multi = {"type": "MultiPolygon", "coordinates": [shape["coordinates"]]}
    assert rewind(multi)["coordinates"] == [turned["coordinates"]]
    point = {"type": "Point", "coordinates": [16, 46]}
    assert rewind(point) == point


def test_area_on_the_sphere_is_the_published_one() -> None:
    # A cell between two meridians and two parallels has the area (b - a)(sin d - sin c); here it is an octant.
    octant = [[0, 0], [90, 0], [90, 90], [0, 90], [0, 0]]
    assert ring_area(octant) == pytest.approx(math.pi / 2)
    assert ring_area(SQUARE) == pytest.approx(
        math.radians(1) * (math.sin(math.radians(47)) - math.sin(math.radians(46)))
    )
    across = [[179, 10], [-179, 10], [-179, 12], [179, 12], [179, 10]]
    assert ring_area(across) == pytest.approx(
        math.radians(2) * (math.sin(math.radians(12)) - math.sin(math.radians(10)))
    )


@given(
    st.floats(-170, 170), st.floats(-80, 80), st.lists(st.floats(0.1, 5), min_size=3, max_size=12), st.integers(0, 11)
)
def test_any_star_shaped_ring_ends_clockwise(x: float, y: float, spokes: list[float], start: int) -> None:
    count = len(spokes)
    ring = [
        [x + size * math.cos(2 * math.pi * k / count), y + size * math.sin(2 * math.pi * k / count)]
        for k, size in enumerate(spokes)
    ]
    start %= count
    ring = ring[start:] + ring[:start]
    closed = [*ring, ring[0]]
    for direction in (closed, closed[::-1]):
        turned = rewind({"type": "Polygon", "coordinates": [direction]})["coordinates"][0]
        assert ring_area(turned) < 0
        assert sorted(map(tuple, turned)) == sorted(map(tuple, closed))


def test_coordinates_are_rounded_and_specks_dropped(tmp_path: Path) -> None:
    shape = feature("HU22", [square()])
    shape["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [[square(16.00001234)], [square(18.0, 46.0, 0.00001)]],
    }
    region = read_geography(write(tmp_path / NAME, shape)).regions[0]
    assert region.shape["coordinates"] == [[square()[::-1]]]


@pytest.mark.parametrize("epsg", ["3857", "3035"])
def test_a_projection_in_name_or_file_is_named(epsg: str, tmp_path: Path) -> None:
    by_name = refused(write(tmp_path / f"NUTS_RG_20M_2024_{epsg}.geojson", feature("HU22", [square()])))
    crs = {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{epsg}"}}
    by_member = refused(write(tmp_path / "regions_2024.geojson", feature("HU22", [square()]), crs=crs))
    for error in (by_name, by_member):
        assert error.problem.reason == "wrong-projection"
        assert f"EPSG:{epsg}" in str(error)
        assert "EPSG:4326" in str(error)


@pytest.mark.parametrize("corner", [(1_855_000.0, 5_959_000.0), (4_790_000.0, 2_740_000.0)])
def test_metres_are_refused_by_their_size(corner: tuple[float, float], tmp_path: Path) -> None:
    error = refused(write(tmp_path / "regions_2024.geojson", feature("HU22", [square(*corner, 50_000)])))
    assert error.problem.reason == "wrong-projection"
    assert all(name in str(error) for name in ("3857", "3035", "4326"))


def test_swapped_coordinates_of_the_real_file_are_noticed(real: dict[str, Any], tmp_path: Path) -> None:
    def swap(item: Any) -> Any:
        return item[::-1] if isinstance(item[0], (int, float)) else [swap(part) for part in item]

    for country in ("HU", "EL", "RO", "IT", "AL"):
        chosen = copy.deepcopy([item for item in real["features"] if item["properties"]["CNTR_CODE"] == country])
        for item in chosen:
            item["geometry"]["coordinates"] = swap(item["geometry"]["coordinates"])
        error = refused(write(tmp_path / NAME, *chosen))
        assert error.problem.reason == "swapped-coordinates", country
        assert "longitude, latitude" in str(error)


def test_a_truncated_file_is_refused_with_its_line(real: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / NAME
    content = json.dumps(real)
    path.write_text(content[: len(content) // 2], encoding="utf-8")
    assert refused(path).problem.reason == "truncated"
    packed = tmp_path / f"{NAME}.gz"
    packed.write_bytes(gzip.compress(content.encode())[:5000])
    assert refused(packed).problem.reason == "truncated"
    packed.write_bytes(gzip.compress(content.encode()))
    assert len(read_geography(packed).regions) == len(real["features"])


def test_levels_that_lie_are_put_aside(tmp_path: Path) -> None:
    good, lying = feature("HU22", [square()]), feature("HU2", [square(18)], level=2)
    found = read_geography(write(tmp_path / NAME, good, lying))
    assert [region.code for region in found.regions] == ["HU22"]
    (problem,) = found.problems
    assert (problem.reason, problem.line, problem.value) == ("level-mismatch", 2, "HU2")
    assert "level 1" in problem.remedy
    named = write(tmp_path / "NUTS_RG_60M_2024_4326_LEVL_1.geojson", good)
    assert refused(named).problem.reason == "level-mismatch"


def test_a_region_larger_than_the_one_around_it_is_put_aside(tmp_path: Path) -> None:
    path = write(tmp_path / NAME, feature("HU2", [square()]), feature("HU21", [square(16, 46, 0.5)]))
    assert read_geography(path).problems == []
    path = write(tmp_path / NAME, feature("HU2", [square()]), feature("HU21", [square(16, 46, 1.5)]))
    found = read_geography(path)
    assert [region.code for region in found.regions] == ["HU2"]
    assert [(problem.reason, problem.value) for problem in found.problems] == [("larger-than-parent", "HU21")]


@pytest.mark.parametrize(
    ("geometry", "word"),
    [
        (None, "Polygon"),
        ({"type": "Point", "coordinates": [16, 46]}, "Point"),
        ({"type": "Polygon", "coordinates": [square()[:-1]]}, "end where it began"),
        ({"type": "Polygon", "coordinates": [[[16, 46], [17, 46], [16, 46]]]}, "four positions"),
        ({"type": "Polygon", "coordinates": [[[16, 46]] * 5]}, "no area"),
        ({"type": "Polygon", "coordinates": []}, "no area"),
        ({"type": "Polygon", "coordinates": None}, "no area"),
        ({"type": "MultiPolygon", "coordinates": [[[["x", "y"], [1], 2, None]]]}, "two numbers"),
        ({"type": "Polygon", "coordinates": 5}, "two numbers"),
        ({"type": "Polygon", "coordinates": [[{"a": 1}, [16, 46], [17, 46], {"a": 1}]]}, "two numbers"),
    ],
)
def test_outlines_that_cannot_be_drawn_are_put_aside(geometry: Any, word: str, tmp_path: Path) -> None:
    broken = feature("HU23", [square()]) | {"geometry": geometry}
    found = read_geography(write(tmp_path / NAME, feature("HU22", [square()]), broken))
    assert [region.code for region in found.regions] == ["HU22"]
    (problem,) = found.problems
    assert (problem.reason, problem.line, problem.value) == ("invalid-geometry", 2, "HU23")
    assert word in problem.remedy


def test_codes_are_asked_for_and_counted_once(tmp_path: Path) -> None:
    nameless = {"type": "Feature", "properties": {}, "geometry": {"type": "Polygon", "coordinates": [square()]}}
    by_id = {**nameless, "id": "HU22"}
    found = read_geography(write(tmp_path / NAME, by_id, nameless, feature("HU22", [square()]), "nonsense"))  # type: ignore[arg-type]
    assert [region.code for region in found.regions] == ["HU22"]
    assert [problem.reason for problem in found.problems] == ["no-code", "duplicate-key", "no-code"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", "unknown-format"),
        ('{"type": "Feature"}', "unknown-format"),
        ('{"type": "FeatureCollection", "features": []}', "no-regions"),
        ('{"type": "FeatureCollection", "features": 7}', "no-regions"),
        ("", "truncated"),
        ("[" * 100_000, "truncated"),
    ],
)
def test_other_files_get_a_sentence(content: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / NAME
    path.write_text(content, encoding="utf-8")
    assert refused(path).problem.reason == reason


def test_version_size_and_absence_get_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    unnamed = write(tmp_path / "regions.geojson", feature("HU22", [square()]))
    assert refused(unnamed).problem.reason == "no-version"
    assert read_geography(unnamed, version="2021").version == "2021"
    assert refused(tmp_path / NAME).problem.reason == "no-file"
    monkeypatch.setattr(geography, "MAX_BYTES", 100)
    assert refused(write(tmp_path / NAME, feature("HU22", [square()]))).problem.reason == "too-big"


def test_boundaries_are_told_from_other_json(tmp_path: Path) -> None:
    assert is_geography(tmp_path / "a.geojson")
    assert is_geography(tmp_path / "a.TopoJSON")
    assert is_geography(tmp_path / "a.geojson.gz")
    assert is_geography(write(tmp_path / "a.json", feature("HU22", [square()])))
    other = tmp_path / "b.json"
    other.write_text('{"version": "2.0", "class": "dataset"}', encoding="utf-8")
    assert not is_geography(other)
    assert not is_geography(tmp_path / "missing.json")
    assert not is_geography(tmp_path / "a.csv")
