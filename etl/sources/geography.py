"""Boundaries: GeoJSON or TopoJSON of NUTS regions in WGS 84, from a file or from GISCO's distribution API.

A map library of the d3 family fills what lies to the right of a ring's direction, on the sphere. Exterior rings are
therefore turned clockwise here (RFC 7946 would have them counter-clockwise); else one region covers the whole globe.
"""

import itertools
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from config.settings import settings
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import read_head, shorten
from etl.sources.live import fetch

MAX_BYTES = 100 * 1024 * 1024
"""Largest file that is opened; the finest NUTS file of GISCO that a web map can use is well below it."""

DECIMALS = 4
"""Decimals of a degree that are kept: about ten metres, finer than any boundary drawn here."""

LARGER_THAN_PARENT = 1.05
"""A region may exceed the region around it by this much before its outline is doubted; simplified lines differ."""

SMALLEST = 1e-13
"""Steradians below which a ring has no area: some four square metres, less than its rounded corners can tell."""

CREDIT = "© EuroGeographics for the administrative boundaries"
LICENCE = "© EuroGeographics, non-commercial use with credit"
MEND = "Ask GISCO for the 4326 file, such as NUTS_RG_20M_2024_4326.geojson."

Position = Sequence[float]
Ring = list[Position]
Polygon = list[Ring]

_SCALE = re.compile(r"(?<![0-9a-z])(01|03|10|20|60)m(?![0-9a-z])", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9A-Za-z])(20[0-3][0-9])(?![0-9A-Za-z])")
_LEVEL = re.compile(r"LEVL_([0-3])", re.IGNORECASE)
_PROJECTED = re.compile(r"(?<![0-9])(3857|3035|900913)(?![0-9])")
_BEGINS = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Topology)"')
_WEST, _SOUTH, _EAST, _NORTH = -25.0, 34.0, 46.0, 72.0


class _BadShapeError(Exception):
    """An outline that cannot be drawn; its text is the remedy."""


@dataclass(frozen=True)
class Boundary:
    """One region's outline.

    Attributes:
        code: NUTS code, as published.
        level: 0 country to 3.
        shape: GeoJSON MultiPolygon, exterior rings clockwise, four decimals of a degree.
    """

    code: str
    level: int
    shape: dict[str, Any]


@dataclass(frozen=True)
class Boundaries:
    """One file of boundaries.

    Attributes:
        version: NUTS version, such as ``2024``.
        scale: ``20M`` for 1:20 million; empty when the file does not say it.
        regions: outlines that can be drawn.
        problems: features that cannot; ``line`` counts the features of the file from 1.
        path: the bytes that are hashed for the ledger.
    """

    version: str
    scale: str
    regions: tuple[Boundary, ...]
    path: Path
    problems: list[Problem] = field(default_factory=list)

    @property
    def dataset(self) -> str:
        """The publisher's name of this file, without its level."""
        return "_".join(part for part in ("NUTS_RG", self.scale, self.version) if part)

    @property
    def credit(self) -> str:
        """What must stand beside a map drawn from these boundaries."""
        return f"{CREDIT}, {self.version}"


def is_geography(path: Path) -> bool:
    """Whether a file holds boundaries: by its ending, or for plain ``.json`` by how it begins."""
    suffix = Path(_plain_name(path)).suffix.lower()
    if suffix in (".geojson", ".topojson"):
        return True
    if suffix != ".json" or not path.is_file():
        return False
    return _BEGINS.search(read_head(path, 4096)) is not None


def read_geography(path: Path, version: str = "") -> Boundaries:
    """Read, check, round and rewind the boundaries of one file.

    Args:
        path: GeoJSON FeatureCollection or TopoJSON.
        version: NUTS version; taken from the file's name when empty.

    Raises:
        SourceError: the file is missing, too large, broken, not in WGS 84, has swapped coordinates, does not say its
            NUTS version, or holds no region that can be drawn.
    """
    document = _read_json(path)
    version = version or _last_match(_YEAR, _plain_name(path))
    if not version:
        remedy = "Put the NUTS version into the file name, such as NUTS_RG_20M_2024_4326.geojson."
        raise SourceError(Problem("no-version", remedy), path.name)
    _refuse_projection(document, path)
    features = list(_features(document, path))
    _refuse_metres([shape for _, _, shape in features], path)
    _refuse_swapped([shape for _, _, shape in features], path)
    claimed = _LEVEL.search(path.name)
    regions: dict[str, Boundary] = {}
    problems: list[Problem] = []
    for number, (code, level, shape) in enumerate(features, start=1):
        doubt = _doubt(code, level, int(claimed[1]) if claimed else None, code in regions)
        if doubt:
            problems.append(Problem(doubt[0], doubt[1], number, "NUTS_ID", shorten(code)))
            continue
        try:
            regions[code] = Boundary(code, len(code) - 2, rewind(_rounded(shape)))
        except _BadShapeError as error:
            problems.append(Problem("invalid-geometry", str(error), number, "geometry", code))
    for problem in _larger_than_parent(regions):
        problems.append(problem)
        del regions[problem.value]
    if not regions:
        why = problems[0] if problems else Problem("no-regions", "The file holds no region with an outline.")
        raise SourceError(why, path.name)
    scale = _last_match(_SCALE, _plain_name(path))
    return Boundaries(version, f"{scale}M" if scale else "", tuple(regions.values()), path, problems)


def _plain_name(path: Path) -> str:
    """The file's name without the ending of its compression, which the cache of downloads adds."""
    return path.name.removesuffix(".gz").removesuffix(".zip")


def _last_match(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.findall(text)
    return found[-1] if found else ""


def _read_json(path: Path) -> dict[str, Any]:
    content = read_head(path, MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        remedy = f"The file has more than {MAX_BYTES // 2**20} MB, which is not read; take a coarser scale."
        raise SourceError(Problem("too-big", remedy), path.name)
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        remedy = f"The file is cut short or is no JSON (line {error.lineno}); download it again."
        raise SourceError(Problem("truncated", remedy, error.lineno), path.name) from error
    if not isinstance(document, dict) or document.get("type") not in ("FeatureCollection", "Topology"):
        remedy = "The file is neither a GeoJSON FeatureCollection nor a TopoJSON Topology."
        raise SourceError(Problem("unknown-format", remedy), path.name)
    return document


def _refuse_projection(document: Mapping[str, Any], path: Path) -> None:
    named = _PROJECTED.search(_plain_name(path)) or _PROJECTED.search(str(document.get("crs", "")))
    if named:
        remedy = f"The boundaries are in EPSG:{named[1]}, they must be in WGS 84 (EPSG:4326). {MEND}"
        raise SourceError(Problem("wrong-projection", remedy, None, "crs", named[1]), path.name)


def _features(document: Mapping[str, Any], path: Path) -> Iterator[tuple[str, Any, dict[str, Any] | None]]:
    """Code, level as the file says it, and geometry of every feature."""
    if document["type"] == "Topology":
        found = _topology_features(document, path)
    else:
        listed = document.get("features")
        found = iter(listed if isinstance(listed, list) else ())
    for feature in found:
        if not isinstance(feature, dict):
            yield "", None, None
            continue
        properties = feature.get("properties")
        properties = properties if isinstance(properties, dict) else {}
        code = next((one for one in (properties.get("NUTS_ID"), feature.get("id"), properties.get("id")) if one), "")
        shape = feature.get("geometry")
        yield str(code), properties.get("LEVL_CODE"), shape if isinstance(shape, dict) else None


def _topology_features(topology: Mapping[str, Any], path: Path) -> Iterator[dict[str, Any]]:
    try:
        arcs = _decoded_arcs(topology)
        for item in topology["objects"].values():
            for geometry in item.get("geometries", [item]):
                # Files for drawing also carry border lines and label points; only areas are regions.
                if geometry.get("type") in ("Polygon", "MultiPolygon"):
                    yield {**geometry, "geometry": _joined(geometry, arcs)}
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        remedy = "The TopoJSON is damaged: its arcs and objects do not fit together; download it again."
        raise SourceError(Problem("damaged-topology", remedy), path.name) from error


def _decoded_arcs(topology: Mapping[str, Any]) -> list[Ring]:
    """Arcs in plain coordinates: sums of the differences, scaled and shifted, when the file is quantised."""
    transform = topology.get("transform")
    if transform is None:
        return [[[float(point[0]), float(point[1])] for point in arc] for arc in topology["arcs"]]
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points: Ring = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append([x * scale_x + shift_x, y * scale_y + shift_y])
        arcs.append(points)
    return arcs


def _joined(geometry: Mapping[str, Any], arcs: Sequence[Ring]) -> dict[str, Any]:
    def ring(indices: Sequence[int]) -> Ring:
        points: Ring = []
        for index in indices:
            arc = arcs[index] if index >= 0 else arcs[~index][::-1]
            # Neighbouring arcs share the point where they meet.
            points.extend(arc[1:] if points else arc)
        return points

    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry["arcs"]
    return {"type": "MultiPolygon", "coordinates": [[ring(indices) for indices in polygon] for polygon in polygons]}


def _extent(shape: Mapping[str, Any] | None) -> tuple[float, float, float, float] | None:
    """West, south, east and north of a geometry; None when it has no numbers to go by."""
    xs: list[float] = []
    ys: list[float] = []

    def walk(item: Any) -> None:
        if isinstance(item, (list, tuple)) and item:
            if isinstance(item[0], (int, float)) and len(item) > 1 and isinstance(item[1], (int, float)):
                xs.append(item[0])
                ys.append(item[1])
            else:
                for part in item:
                    walk(part)

    walk(shape.get("coordinates") if shape else None)
    return (min(xs), min(ys), max(xs), max(ys)) if xs else None


def _refuse_metres(shapes: Sequence[Mapping[str, Any] | None], path: Path) -> None:
    for number, shape in enumerate(shapes, start=1):
        extent = _extent(shape)
        if extent and (max(-extent[0], extent[2]) > 180 or max(-extent[1], extent[3]) > 90):
            remedy = (
                "Coordinates must be degrees of longitude and latitude (WGS 84, EPSG:4326); these look like metres of"
                f" EPSG:3857 or EPSG:3035. {MEND}"
            )
            value = f"{extent[0]:g}, {extent[1]:g}"
            raise SourceError(Problem("wrong-projection", remedy, number, "geometry", value), path.name)


def _refuse_swapped(shapes: Sequence[Mapping[str, Any] | None], path: Path) -> None:
    """Refuse the file when most outlines are outside Europe and would be inside with their coordinates swapped."""
    extents = [extent for shape in shapes if (extent := _extent(shape))]
    centres = [((west + east) / 2, (south + north) / 2) for west, south, east, north in extents]
    swapped = [(x, y) for x, y in centres if not _in_europe(x, y) and _in_europe(y, x)]
    if centres and len(swapped) * 2 > len(centres):
        remedy = "Longitude and latitude are swapped: each position must be [longitude, latitude]."
        value = f"{swapped[0][0]:.2f}, {swapped[0][1]:.2f}"
        raise SourceError(Problem("swapped-coordinates", remedy, None, "geometry", value), path.name)


def _in_europe(longitude: float, latitude: float) -> bool:
    return _WEST <= longitude <= _EAST and _SOUTH <= latitude <= _NORTH


def _doubt(code: str, level: Any, claimed: int | None, known: bool) -> tuple[str, str] | None:
    """Why a feature's identity is not believed: reason and remedy; None when nothing speaks against it."""
    if not re.fullmatch(r"[A-Z]{2}[0-9A-Z]{0,3}", code):
        return "no-code", "Give the region its NUTS code in the property NUTS_ID or in id."
    if known:
        return "duplicate-key", f"{code} stands in the file more than once; keep one outline."
    length = len(code) - 2
    for said, where in ((level, "LEVL_CODE"), (claimed, "the file name")):
        if said is not None and str(said) != str(length):
            return "level-mismatch", f"{code} is a code of level {length}, {where} says {said}; correct one of them."
    return None


def _rounded(shape: Mapping[str, Any] | None) -> dict[str, Any]:
    """A MultiPolygon with rounded coordinates, without the islands and lakes that rounding leaves no area of.

    Raises:
        _BadShapeError: no polygon, an open ring, positions that are not numbers, or nothing left to draw.
    """
    kind = shape.get("type") if shape else None
    if shape is None or kind not in ("Polygon", "MultiPolygon"):
        raise _BadShapeError(f"The outline must be a Polygon or MultiPolygon, not {kind or 'empty'}.")
    coordinates = shape.get("coordinates")
    polygons: list[Polygon] = []
    try:
        for polygon in [coordinates] if kind == "Polygon" else coordinates or ():
            rings = [_rounded_ring(ring) for ring in polygon or ()]
            if rings and rings[0]:
                polygons.append([ring for ring in rings if ring])
    except (LookupError, TypeError, ValueError) as error:
        raise _BadShapeError("Every position must be two numbers: [longitude, latitude].") from error
    if not polygons:
        raise _BadShapeError("The outline encloses no area.")
    return {"type": "MultiPolygon", "coordinates": polygons}


def _rounded_ring(ring: Sequence[Sequence[float]]) -> Ring:
    points: Ring = [[round(float(point[0]), DECIMALS), round(float(point[1]), DECIMALS)] for point in ring]
    if len(points) < 4 or points[0] != points[-1]:
        raise _BadShapeError("A ring must end where it began and have at least four positions.")
    if not all(math.isfinite(x) and math.isfinite(y) for x, y in points):
        raise _BadShapeError("Every position must be two numbers: [longitude, latitude].")
    kept = [points[0], *(after for before, after in itertools.pairwise(points) if before != after)]
    return kept if len(kept) >= 4 and abs(ring_area(kept)) > SMALLEST else []


def ring_area(ring: Sequence[Position]) -> float:
    """Signed area of a closed ring on the unit sphere, in steradians: positive when it runs counter-clockwise.

    The sum of trapezoids between each edge and the equator, after Chamberlain and Duquette, "Some algorithms for
    polygons on a sphere" (JPL Publication 07-3, 2007). Rings must not run around a pole.
    """
    base = math.sin(math.radians(ring[0][1])) if ring else 0.0
    total = 0.0
    for (start_x, start_y), (end_x, end_y) in itertools.pairwise(ring):
        turn = math.remainder(math.radians(end_x - start_x), 2 * math.pi)
        # Any constant may stand here, as the turns of a closed ring cancel; this one keeps small islands exact.
        total += turn * (math.sin(math.radians(start_y)) + math.sin(math.radians(end_y)) - 2 * base)
    return -total / 2


def rewind(geometry: dict[str, Any]) -> dict[str, Any]:
    """A Polygon or MultiPolygon with exterior rings clockwise and holes counter-clockwise.

    The argument stays as it is; other geometries come back unchanged.
    """
    kind = geometry.get("type")
    if kind == "Polygon":
        return {**geometry, "coordinates": _rewound(geometry["coordinates"])}
    if kind == "MultiPolygon":
        return {**geometry, "coordinates": [_rewound(polygon) for polygon in geometry["coordinates"]]}
    return geometry


def _rewound(polygon: Sequence[Sequence[Position]]) -> list[list[Position]]:
    return [
        list(ring) if (ring_area(ring) < 0) == (place == 0) else list(reversed(ring))
        for place, ring in enumerate(polygon)
    ]


def shape_area(shape: Mapping[str, Any]) -> float:
    """Area of a rewound MultiPolygon on the unit sphere, in steradians, holes taken off."""
    return -sum(ring_area(ring) for polygon in shape["coordinates"] for ring in polygon)


def _larger_than_parent(regions: Mapping[str, Boundary]) -> list[Problem]:
    areas = {code: shape_area(region.shape) for code, region in regions.items()}
    problems = []
    for code, area in areas.items():
        around = areas.get(code[:-1]) if len(code) > 2 else None
        if around is not None and area > LARGER_THAN_PARENT * around:
            remedy = f"{code} is larger than {code[:-1]} around it: one outline belongs to another level or region."
            problems.append(Problem("larger-than-parent", remedy, None, "geometry", code))
    return problems


def fetch_gisco(version: str = "2024", scale: str = "20M", levels: Sequence[int] = (0, 1, 2)) -> list[Path]:
    """Download NUTS boundaries from GISCO, one file a level, into the cache of raw downloads.

    Raises:
        etl.sources.live.OfflineError: no connection.
        SourceError: the service does not answer with the file.
    """
    base = settings().gisco_url.rstrip("/")
    names = [f"NUTS_RG_{scale}_{version}_4326_LEVL_{level}.geojson" for level in levels]
    return [fetch(f"{base}/nuts/geojson/{name}", folder="gisco", name=name, licence=LICENCE) for name in names]
