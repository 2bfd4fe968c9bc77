"""Maps: real boundaries where they are loaded, else a grid of tiles; the same colours, legend and labels on both.

A map's frame has one row per region: [code, value (NaN for missing), label (the value as the reader's language writes
it), name, tile_column, tile_row, flags (the publisher's letters)]. Nothing here asks for a file over the network: the
outlines travel in the figure, and the base map that Plotly wants is the empty one in our own assets.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import is_uncertain
from dashboard import theme
from dashboard.i18n import DASH, _, number

HEIGHT = 470
GAP = 0.06
"""Part of a tile's side that stays free between tiles."""
SMALLEST_RING = 0.0008
"""Square degrees (some 7 km²) below which an island or lake cannot be seen at the size of a page."""
STEPS = (1, 2, 5, 10)
LEGEND_PIXELS = 240
LEGEND_SPACE = 54
LINE = 16
TOP = 4
CLEAR = "rgba(0,0,0,0)"

Figure = dict[str, Any]
Features = dict[str, Any]


def area_map(
    frame: pd.DataFrame,
    *,
    selected: str | None = None,
    peers: Collection[str] = (),
    geometry: Features | None = None,
    diverging_at: float | None = None,
    reverse: bool = False,
    unit: str = "",
    decimals: int | None = None,
    height: int = HEIGHT,
) -> Figure:
    """Draw a value for each region: boundaries when given, else tiles.

    Args:
        frame: one row per region, columns as in the module's first lines; regions without a tile are left out of the
            tile grid, regions without an outline out of the boundaries (``undrawn`` names them).
        selected: region that is outlined in the accent colour and named.
        peers: regions that are outlined too.
        geometry: what ``boundaries`` made of the loaded outlines.
        diverging_at: reference for a scale of two colours with a neutral middle; without it the scale runs one way.
        reverse: let the two-coloured scale begin with its other end, for indicators where less is better.
        unit: written above the legend.
        decimals: of the legend's numbers; by default as many as they need.
        height: of the figure in pixels.

    Returns:
        A Plotly figure. Clicks give the code as ``location`` or as the first item of ``customdata``.
    """
    rows = _in_drawing_order(drawn(frame, geometry), selected, peers)
    if rows.empty:
        return _nothing(height)
    scale = _Scale.of(rows["value"], diverging_at, reverse, decimals)
    rows = rows.assign(
        step=[scale.step(value) for value in rows["value"]],
        uncertain=[bool(flags) and is_uncertain(flags) for flags in rows["flags"].fillna("")],
        hover=[_hover(*row) for row in zip(rows["name"], rows["label"], rows["flags"].fillna(""), strict=True)],
    )
    outline = _outline(rows, selected, peers)
    if geometry is None:
        return _tiles(rows, outline, scale, unit, height)
    return _shapes(rows, outline, scale, geometry, unit, height, selected)


def locator(frame: pd.DataFrame, selected: str, *, geometry: Features | None = None, height: int = 180) -> Figure:
    """Show where a region lies: it in the accent colour, its country in grey, the others light.

    Args:
        frame: [code, name, country, tile_column, tile_row] of all regions to draw.
        selected: the region.
        geometry: what ``boundaries`` made of the loaded outlines; without it tiles are drawn.
        height: of the figure in pixels.
    """
    rows = _in_drawing_order(drawn(frame, geometry), selected, ())
    if rows.empty:
        return _nothing(height)
    colours = theme.palette()
    home = set(rows.loc[rows["code"] == selected, "country"])
    shades = [
        2 if code == selected else int(country in home)
        for code, country in zip(rows["code"], rows["country"], strict=True)
    ]
    if geometry is None:
        bars = _bars(rows) | {
            "marker": {"color": [(colours.rest, colours.peers, colours.accent)[shade] for shade in shades]},
            "hovertemplate": "%{customdata[1]}<extra></extra>",
            "customdata": rows[["code", "name"]].to_numpy().tolist(),
        }
        return {"data": [bars], "layout": _grid_layout(rows, height, bottom=4)}
    trace = {
        "type": "choropleth",
        "geojson": _only(geometry, rows["code"]),
        "locations": rows["code"].tolist(),
        "z": shades,
        "zmin": -0.5,
        "zmax": 2.5,
        "colorscale": _stepped((colours.rest, colours.peers, colours.accent)),
        "showscale": False,
        "marker": {"line": {"color": colours.surface, "width": 0.4}},
        "customdata": rows[["code", "name"]].to_numpy().tolist(),
        "hovertemplate": "%{customdata[1]}<extra></extra>",
    }
    margin = {"l": 0, "r": 0, "t": 0, "b": 0}
    return {"data": [trace], "layout": theme.layout(height=height, geo=_geo(geometry), margin=margin)}


def drawn(frame: pd.DataFrame, geometry: Features | None = None) -> pd.DataFrame:
    """The rows that a map can draw: those with an outline, or without boundaries those with a tile."""
    if geometry is None:
        return frame[frame["tile_column"].notna() & frame["tile_row"].notna()]
    return frame[frame["code"].isin([feature["id"] for feature in geometry["features"]])]


def undrawn(frame: pd.DataFrame, geometry: Features | None = None) -> list[str]:
    """Codes of the rows that a map cannot draw; the list beside it has them."""
    there = set(drawn(frame, geometry)["code"])
    return [code for code in frame["code"] if code not in there]


def boundaries(geometries: pd.DataFrame) -> Features | None:
    """Outlines ready to draw: newest version of each region, coarse enough for a page, with the box around them all.

    Args:
        geometries: [region, nuts_version, scale, shape (GeoJSON geometry, exterior rings clockwise), credit].

    Returns:
        A GeoJSON FeatureCollection with ``bbox`` and the publisher's ``credit``; None when nothing is loaded.
    """
    newest = geometries.sort_values("nuts_version", kind="stable").drop_duplicates("region", keep="last")
    features: list[dict[str, Any]] = [
        {"type": "Feature", "id": str(region), "properties": {"centre": _centre(coarse)}, "geometry": coarse}
        for region, shape in zip(newest["region"], newest["shape"], strict=True)
        if (coarse := _coarse(shape)) is not None
    ]
    if not features:
        return None
    points = np.vstack([ring for feature in features for ring in _rings(feature["geometry"])])
    box = [float(edge) for edge in (*points.min(axis=0), *points.max(axis=0))]
    credit = next((str(text) for text in newest["credit"] if isinstance(text, str) and text), "")
    return {"type": "FeatureCollection", "features": features, "bbox": box, "credit": credit}


def classes(values: Iterable[float], diverging_at: float | None = None) -> list[float]:
    """Round limits between at most seven colour classes; the outer classes are open.

    One way: equal steps between the 10th and the 90th percentile, so that a single capital does not take all colours.
    Two ways: three classes on each side of a middle one that holds the reference.
    """
    known = np.array([value for value in values if value is not None and math.isfinite(value)], dtype=float)
    if known.size == 0 or (diverging_at is None and known.min() == known.max()):
        return []
    if diverging_at is not None:
        reach = float(np.quantile(np.abs(known - diverging_at), 0.9))
        step = _round_step(reach / 2.5) if reach > 0 else 1.0
        return [_tidy(diverging_at + step * k, step) for k in (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)]
    low, high = (float(q) for q in np.quantile(known, (0.1, 0.9)))
    if low == high:
        low, high = float(known.min()), float(known.max())
    step = _round_step((high - low) / 5)
    limits = _multiples(low, high, step)
    if len(limits) > 6:
        step = _round_step(2.1 * step)
        limits = _multiples(low, high, step)
    return limits or [_tidy((low + high) / 2, step / 10)]


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [_tidy(step * k, step) for k in range(first, last + 1)]


def ink_on(fill: str) -> str:
    """Black or white, whichever stands out more on a fill; one of them always has a contrast of 4.5 (WCAG)."""
    return max(("#000000", "#ffffff"), key=lambda ink: contrast(ink, fill))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb`` colours after WCAG 2.2, from 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


class _Scale:
    """Limits, colours and texts of a map's classes."""

    def __init__(self, limits: Sequence[float], colours: Sequence[str], decimals: int | None) -> None:
        self.limits = list(limits)
        self.colours = list(colours)
        self.decimals = _decimals_of(limits) if decimals is None else min(decimals, max(_decimals_of(limits), 0))

    @classmethod
    def of(cls, values: Iterable[float], diverging_at: float | None, reverse: bool, decimals: int | None) -> "_Scale":
        limits = classes(values, diverging_at)
        ramp = theme.palette().sequential if diverging_at is None else theme.palette().diverging
        return cls(
            limits, _spread(ramp[::-1] if reverse and diverging_at is not None else ramp, len(limits) + 1), decimals
        )

    def step(self, value: float) -> float:
        """Class of a value, counted from 0; NaN stays NaN."""
        return math.nan if pd.isna(value) else float(np.searchsorted(self.limits, value, side="right"))

    def colour(self, step: float) -> str:
        """Fill of a class; what is missing stays empty."""
        return theme.palette().surface if math.isnan(step) else self.colours[int(step)]

    def axis(self, unit: str, height: int, bottom: int) -> dict[str, Any]:
        """The colour axis with its legend bar: limits between the classes, unit above."""
        colours = theme.palette()
        # Paper coordinates count from the plot's lower edge; the legend stands on the lines under it.
        foot = (LINE * ((bottom - LEGEND_SPACE) // LINE) - bottom) / max(height - bottom - TOP, 1)
        return {
            "cmin": -0.5,
            "cmax": len(self.colours) - 0.5,
            "colorscale": _stepped(self.colours),
            "showscale": bool(self.limits),
            "colorbar": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "xpad": 2,
                "y": foot,
                "yanchor": "bottom",
                "ypad": 0,
                "lenmode": "pixels",
                "len": LEGEND_PIXELS,
                "thickness": 10,
                "outlinewidth": 0,
                "tickmode": "array",
                "tickvals": [k + 0.5 for k in range(len(self.limits))],
                "ticktext": [number(limit, self.decimals) for limit in self.limits],
                "tickfont": {"size": 11, "color": colours.muted},
                "ticks": "",
                "title": {"text": unit, "side": "top", "font": {"size": 12, "color": colours.muted}},
            },
        }


def _tiles(rows: pd.DataFrame, outline: list[tuple[str, float]], scale: _Scale, unit: str, height: int) -> Figure:
    colours = theme.palette()
    missing = rows["step"].isna()
    short = all(len(label) <= 6 for label in rows["label"])
    fills = [scale.colour(step) for step in rows["step"]]
    rows = rows.assign(
        fill=fills,
        ink=[colours.muted if gap else ink_on(fill) for fill, gap in zip(fills, missing, strict=True)],
        text=[
            f"{code}<br>{DASH}" if gap else f"{code}<br>{label}" if short else str(code)
            for code, label, gap in zip(rows["code"], rows["label"], missing, strict=True)
        ],
        line=[colour for colour, _width in outline],
        width=[width for _colour, width in outline],
        # Plotly hatches a set of bars of one fill, so the uncertain tiles of each class are a set of their own.
        hatched=[
            fill if unsure and not gap else ""
            for fill, unsure, gap in zip(fills, rows["uncertain"], missing, strict=True)
        ],
    )
    sets = [part for _fill, part in rows.reset_index(drop=True).groupby("hatched")]
    # The set with the outlined regions is drawn last, so that no neighbour paints over them.
    sets.sort(key=lambda part: (part["width"].max(), part.index.max()))
    legend = {
        "type": "scatter",
        "x": [None],
        "y": [None],
        "mode": "markers",
        "marker": {"color": [0], "coloraxis": "coloraxis"},
        "hoverinfo": "skip",
    }
    lines = _signs(rows, _("Hatched: estimated, provisional or of low reliability."))
    bottom = LEGEND_SPACE + LINE * len(lines)
    layout = _grid_layout(rows, height, bottom)
    layout |= {"coloraxis": scale.axis(unit, height, bottom), "annotations": _under(lines, bottom)}
    return {"data": [*(_tile_set(part) for part in sets), legend], "layout": layout}


def _tile_set(rows: pd.DataFrame) -> dict[str, Any]:
    """Tiles that are all plain, or all hatched and of one class."""
    fill, ink = rows["hatched"].iloc[0], rows["ink"].iloc[0]
    marker: dict[str, Any] = {
        "color": fill or rows["fill"].tolist(),
        "line": {"color": rows["line"].tolist(), "width": rows["width"].tolist()},
    }
    if fill:
        # Stripes lie on the fill's own side of the contrast, so that the text stays as readable as without them.
        stripes = {"shape": "/", "fgcolor": _away_from(ink), "fgopacity": 0.35, "size": 7, "solidity": 0.2}
        marker["pattern"] = {**stripes, "fillmode": "overlay"}
    return _bars(rows) | {
        "text": rows["text"].tolist(),
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "inside",
        "insidetextfont": {"size": 12, "color": rows["ink"].tolist()},
        "customdata": rows[["code", "hover"]].to_numpy().tolist(),
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "marker": marker,
    }


def _bars(rows: pd.DataFrame) -> dict[str, Any]:
    """One bar per tile: bars can be hatched, outlined one by one, clicked all over, and shrink their text to fit."""
    side = 1 - GAP
    return {
        "type": "bar",
        "x": rows["tile_column"].astype(int).tolist(),
        "base": (rows["tile_row"].astype(float) - side / 2).tolist(),
        "y": [side] * len(rows),
        "width": side,
    }


def _grid_layout(rows: pd.DataFrame, height: int, bottom: int) -> dict[str, Any]:
    left, right = int(rows["tile_column"].min()), int(rows["tile_column"].max())
    top, low = int(rows["tile_row"].min()), int(rows["tile_row"].max())
    hidden = {"visible": False, "showgrid": False, "zeroline": False, "automargin": False}
    return theme.layout(
        height=height,
        barmode="overlay",
        margin={"l": 2, "r": 2, "t": TOP, "b": bottom},
        xaxis={**hidden, "range": [left - 0.55, right + 0.55]},
        yaxis={**hidden, "range": [low + 0.55, top - 0.55]},
    )


def _shapes(
    rows: pd.DataFrame,
    outline: list[tuple[str, float]],
    scale: _Scale,
    geometry: Features,
    unit: str,
    height: int,
    selected: str | None,
) -> Figure:
    colours = theme.palette()
    lines = pd.DataFrame(outline, columns=["line", "width"], index=rows.index)
    signs = _signs(rows, _("○ Estimated, provisional or of low reliability."))
    under = [line for line in (*signs, geometry.get("credit", "")) if line]
    bottom = LEGEND_SPACE + LINE * len(under)
    data: list[dict[str, Any]] = []
    for missing, part in rows.groupby(rows["step"].isna(), sort=True):
        style = {"color": lines.loc[part.index, "line"].tolist(), "width": lines.loc[part.index, "width"].tolist()}
        trace: dict[str, Any] = {
            "type": "choropleth",
            "geojson": _only(geometry, part["code"]),
            "locations": part["code"].tolist(),
            "z": [0] * len(part) if missing else part["step"].astype(int).tolist(),
            "marker": {"line": style},
            "customdata": part[["code", "hover"]].to_numpy().tolist(),
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        }
        if missing:
            trace |= {"colorscale": [[0, colours.surface], [1, colours.surface]], "showscale": False}
        else:
            trace["coloraxis"] = "coloraxis"
        data.append(trace)
    data += _points(rows, scale, geometry, selected)
    layout = theme.layout(
        height=height,
        margin={"l": 0, "r": 0, "t": TOP, "b": bottom},
        geo=_geo(geometry),
        coloraxis=scale.axis(unit, height, bottom),
        annotations=_under(under, bottom),
    )
    return {"data": data, "layout": layout}


def _points(rows: pd.DataFrame, scale: _Scale, geometry: Features, selected: str | None) -> list[dict[str, Any]]:
    """What colour must not say alone: a ring on uncertain values, a dash on missing ones, the selected name."""
    centres = {feature["id"]: feature["properties"]["centre"] for feature in geometry["features"]}
    uncertain, missing = rows[rows["uncertain"] & rows["step"].notna()], rows[rows["step"].isna()]
    out: list[dict[str, Any]] = []
    base = {"type": "scattergeo", "hoverinfo": "skip"}
    if len(uncertain):
        ring = {
            "symbol": "circle-open",
            "size": 7,
            "color": [ink_on(scale.colour(step)) for step in uncertain["step"]],
            "line": {"width": 1.5},
        }
        out.append(base | _places(uncertain, centres) | {"mode": "markers", "marker": ring})
    if len(missing):
        font = {"size": 12, "color": theme.palette().muted}
        out.append(base | _places(missing, centres) | {"mode": "text", "text": [DASH] * len(missing), "textfont": font})
    mine = rows[rows["code"] == selected]
    if len(mine):
        font = {"size": 13, "color": theme.palette().ink, "shadow": "auto"}
        text = [f"<b>{name}</b>" for name in mine["name"]]
        label = {"mode": "text", "text": text, "textfont": font, "textposition": "top center"}
        out.append(base | _places(mine, centres) | label)
    return out


def _places(rows: pd.DataFrame, centres: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    found = [centres[code] for code in rows["code"]]
    return {"lon": [lon for lon, _lat in found], "lat": [lat for _lon, lat in found]}


def _geo(geometry: Features) -> dict[str, Any]:
    """A conic equal-area view that the loaded regions fill; true areas, so that no region looks larger than it is."""
    west, south, east, north = geometry["bbox"]
    return {
        "visible": False,
        "bgcolor": CLEAR,
        "projection": {
            "type": "conic equal area",
            "parallels": [south + (north - south) / 6, north - (north - south) / 6],
        },
        "lonaxis": {"range": [west, east]},
        "lataxis": {"range": [south, north]},
    }


def _outline(rows: pd.DataFrame, selected: str | None, peers: Collection[str]) -> list[tuple[str, float]]:
    """Colour and width of each region's outline. Regions without a value are empty shapes, so they need one."""
    colours = theme.palette()
    among = set(peers)
    return [
        (colours.accent, 3.0)
        if code == selected
        else (colours.ink, 1.5)
        if code in among
        else (colours.peers if missing else colours.surface, 0.6)
        for code, missing in zip(rows["code"], rows["step"].isna(), strict=True)
    ]


def _in_drawing_order(frame: pd.DataFrame, selected: str | None, peers: Collection[str]) -> pd.DataFrame:
    """Outlined regions last, so that their neighbours do not paint over the outline."""
    among = set(peers)
    order = [2 if code == selected else int(code in among) for code in frame["code"]]
    return frame.iloc[np.argsort(order, kind="stable")]


def _hover(name: str, label: str, flags: str) -> str:
    return f"<b>{name}</b><br>{label}" + (f" ({flags})" if flags else "")


def _signs(rows: pd.DataFrame, uncertain: str) -> list[str]:
    """What the signs on the map mean, said only when they occur."""
    words = []
    if (rows["uncertain"] & rows["step"].notna()).any():
        words.append(uncertain)
    if rows["step"].isna().any():
        words.append(_("– No value."))
    return [" ".join(words)] if words else []


def _under(lines: Sequence[str], bottom: int) -> list[dict[str, Any]]:
    """Lines under the legend, in the figure itself so that a saved picture has them too."""
    return [_caption(text) | {"yshift": LINE * (len(lines) - 1 - row) - bottom} for row, text in enumerate(lines)]


def _caption(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "x": 0,
        "y": 0,
        "xref": "paper",
        "yref": "paper",
        "xanchor": "left",
        "yanchor": "bottom",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": 11, "color": theme.palette().muted},
    }


def _nothing(height: int) -> Figure:
    text = _caption(_("There are no regions to draw.")) | {"x": 0.5, "y": 0.5, "xanchor": "center"}
    hidden = {"visible": False}
    return {"data": [], "layout": theme.layout(height=height, xaxis=hidden, yaxis=hidden, annotations=[text])}


def _only(geometry: Features, codes: Iterable[str]) -> Features:
    wanted = set(codes)
    chosen = [feature for feature in geometry["features"] if feature["id"] in wanted]
    return {"type": "FeatureCollection", "features": chosen}


def _coarse(shape: Mapping[str, Any]) -> dict[str, Any] | None:
    """The shape with two decimals (about a kilometre), without rings too small to see; None if nothing is left.

    The largest polygon stays whatever its size. Rings keep the way round that they came with.
    """
    polygons = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
    largest = max((abs(_planar_area(polygon[0])) for polygon in polygons), default=0.0)
    kept = []
    for polygon in polygons:
        outer, *holes = polygon
        if abs(_planar_area(outer)) < min(SMALLEST_RING, largest):
            continue
        ring = _coarse_ring(outer)
        if len(ring) < 4:
            continue
        kept.append(
            [ring, *(r for hole in holes if abs(_planar_area(hole)) > SMALLEST_RING for r in [_coarse_ring(hole)])]
        )
    return {"type": "MultiPolygon", "coordinates": kept} if kept else None


def _coarse_ring(ring: Sequence[Sequence[float]]) -> list[list[float]]:
    points = [[round(point[0], 2), round(point[1], 2)] for point in ring]
    return [point for i, point in enumerate(points) if i == 0 or point != points[i - 1]]


def _planar_area(ring: Sequence[Sequence[float]]) -> float:
    """Signed area in square degrees, for comparing rings; positive when counter-clockwise."""
    points = np.asarray(ring, dtype=float)
    x, y = points[:, 0], points[:, 1]
    return float(np.dot(x[:-1], y[1:]) - np.dot(x[1:], y[:-1])) / 2


def _rings(geometry: Mapping[str, Any]) -> list[np.ndarray]:
    return [np.asarray(polygon[0], dtype=float) for polygon in geometry["coordinates"]]


def _centre(geometry: Mapping[str, Any]) -> tuple[float, float]:
    """Centroid of the largest polygon: where a sign is put."""
    ring = max(_rings(geometry), key=lambda points: abs(_planar_area(points.tolist())))
    x, y = ring[:, 0], ring[:, 1]
    cross = x[:-1] * y[1:] - x[1:] * y[:-1]
    area = cross.sum()
    if area == 0:
        return float(x.mean()), float(y.mean())
    return (
        float(((x[:-1] + x[1:]) * cross).sum() / (3 * area)),
        float(((y[:-1] + y[1:]) * cross).sum() / (3 * area)),
    )


def _spread(ramp: Sequence[str], count: int) -> list[str]:
    """``count`` colours of a ramp, its ends first."""
    if count >= len(ramp):
        return list(ramp)
    if count == 1:
        return [ramp[len(ramp) // 2]]
    return [ramp[round(k * (len(ramp) - 1) / (count - 1))] for k in range(count)]


def _stepped(colours: Sequence[str]) -> list[list[Any]]:
    edges = np.linspace(0, 1, len(colours) + 1)
    return [[float(edge), colour] for k, colour in enumerate(colours) for edge in (edges[k], edges[k + 1])]


def _round_step(wish: float) -> float:
    """The step of 1, 2 or 5 times a power of ten that is nearest to a wish."""
    power = 10 ** math.floor(math.log10(wish))
    return float(min((step * power for step in STEPS), key=lambda step: abs(math.log(step / wish))))


def _tidy(value: float, step: float) -> float:
    return round(value, max(0, 2 - math.floor(math.log10(step)))) + 0.0


def _decimals_of(limits: Sequence[float]) -> int:
    """As few decimals as tell the limits as they are, at most three."""
    return next((d for d in range(3) if all(math.isclose(x, round(x, d), abs_tol=1e-9) for x in limits)), 3)


def _luminance(colour: str) -> float:
    channels = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _away_from(ink: str) -> str:
    return "#ffffff" if _luminance(ink) < 0.2 else "#000000"
