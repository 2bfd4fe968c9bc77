"""The industry space: industries that are found in the same regions lie near one another and are joined."""

from collections.abc import Iterable
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures import labels
from dashboard.figures.diamond import LESSER
from dashboard.figures.ranges import escape
from dashboard.figures.scatter import sizes
from dashboard.i18n import separators

FEW = 30
"""Up to this many industries each carries its name; beyond, only those that were chosen."""


MANY = 150
"""From this many industries on, circles are small, and of the ties only the strongest are drawn."""

TIES = 1_500
"""How many ties a large network shows: those of the tree that holds it together, then the strongest."""


def _strongest(edges: pd.DataFrame) -> pd.DataFrame:
    """The ties of a large network that are drawn."""
    if len(edges) <= TIES:
        return edges
    return edges.sort_values(["tree", "proximity"], ascending=False, kind="stable").head(TIES)


def industry_space(nodes: pd.DataFrame, edges: pd.DataFrame) -> dict[str, Any]:
    """The network of industries with one region's portfolio lit.

    Args:
        nodes: [industry, label, x, y (both 0 to 1), size (NaN: unknown), present, picked, named, hover].
        edges: [source, target, proximity, tree], codes of two nodes each; others are passed over. Of many the strongest
            are drawn, and only nodes with a tie.
    """
    colours = theme.palette()
    if len(nodes) > MANY:
        # Of many, those that nothing ties would stand far off and leave little room for the rest.
        nodes = nodes[nodes["industry"].isin([*edges["source"], *edges["target"]])]
    across, upward = _span(nodes["x"] if len(nodes) else None, 0.2), _span(nodes["y"] if len(nodes) else None, 0.08)
    layout = theme.layout(
        separators=separators(),
        margin={"l": 12, "r": 12, "t": 12, "b": 12, "pad": 0},
        xaxis={"visible": False, "range": across},
        yaxis={"visible": False, "range": upward},
    )
    if nodes.empty:
        return {"data": [], "layout": layout}
    places = {
        str(code): (round(float(x), 4), round(float(y), 4))
        for code, x, y in zip(nodes["industry"], nodes["x"], nodes["y"], strict=True)
    }
    lit = frozenset(nodes.loc[nodes["present"], "industry"])
    many = len(nodes) > MANY
    if many:
        edges = _strongest(edges)
    joined = [
        (str(a), str(b)) for a, b in zip(edges["source"], edges["target"], strict=True) if a in places and b in places
    ]
    data = [
        _lines((pair for pair in joined if not lit.issuperset(pair)), places, colours.rest, 0.6 if many else 1.0),
        _lines((pair for pair in joined if lit.issuperset(pair)), places, colours.accent, 0.9 if many else 1.8),
        _dots(nodes, False),
        _dots(nodes, True),
        *_names(nodes, across, upward),
    ]
    return {"data": data, "layout": layout}


def _span(values: pd.Series | None, room: float) -> list[float]:
    """Axis range that holds all places, with room for names at the edges."""
    if values is None:
        return [0.0, 1.0]
    low, high = float(values.min()), float(values.max())
    wide = (high - low) or 1.0
    return [low - room * wide, high + room * wide]


def _lines(
    pairs: Iterable[tuple[str, str]], places: dict[str, tuple[float, float]], colour: str, width: float
) -> dict[str, Any]:
    xs: list[float | None] = []
    ys: list[float | None] = []
    for a, b in pairs:
        xs += [places[a][0], places[b][0], None]
        ys += [places[a][1], places[b][1], None]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
    }


def _dots(nodes: pd.DataFrame, present: bool) -> dict[str, Any]:
    colours = theme.palette()
    mine = nodes[nodes["present"] == present]
    largest = float(nodes["size"].max()) if nodes["size"].notna().any() else None
    return {
        "type": "scatter",
        "mode": "markers",
        "x": mine["x"].round(4).tolist(),
        "y": mine["y"].round(4).tolist(),
        "customdata": [[code, hover] for code, hover in zip(mine["industry"], mine["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": _diameters(mine, largest, len(nodes)),
            "color": colours.accent if present else colours.surface,
            "line": {
                "width": [3 if picked else 1 if present or len(nodes) > MANY else 1.6 for picked in mine["picked"]],
                "color": [colours.ink if p else colours.surface if present else colours.peers for p in mine["picked"]],
            },
        },
    }


def _diameters(mine: pd.DataFrame, largest: float | None, nodes: int) -> list[float]:
    found = sizes(mine["size"], largest)
    return [max(5.0, size * 0.4) for size in found] if nodes > MANY else found


def _names(nodes: pd.DataFrame, across: list[float], upward: list[float]) -> list[dict[str, Any]]:
    """Names of what is present or picked, and of the rest: two traces, so that a phone can do without the second."""
    colours = theme.palette()
    first = nodes.assign(first=nodes["picked"] | nodes["present"]).sort_values("first", ascending=False, kind="stable")
    named = first["named"] | (len(nodes) <= FEW)
    texts = [str(label) if shown else "" for label, shown in zip(first["label"], named, strict=True)]
    largest = float(nodes["size"].max()) if nodes["size"].notna().any() else None
    diameters = _diameters(first, largest, len(nodes))
    if len(nodes) > MANY:
        # Whether one of many small circles lies under a name does not matter.
        first, texts, diameters = (
            first[named],
            [text for text, keep in zip(texts, named, strict=True) if keep],
            [size for size, keep in zip(diameters, named, strict=True) if keep],
        )
    places = [
        ((x - across[0]) / (across[1] - across[0]), (y - upward[0]) / (upward[1] - upward[0]))
        for x, y in zip(first["x"], first["y"], strict=True)
    ]
    chosen = labels.sides(places, texts, diameters, must=first["picked"].tolist())
    traces = []
    for important, colour in ((True, colours.ink), (False, colours.muted)):
        wanted = [bool(side) and flag == important for side, flag in zip(chosen, first["first"], strict=True)]
        mine = first.loc[wanted]
        traces.append(
            {
                "type": "scatter",
                # The points are drawn already; unseen ones of their size keep names at a distance.
                "mode": "markers+text",
                "marker": {"size": [size for size, keep in zip(diameters, wanted, strict=True) if keep], "opacity": 0},
                "x": mine["x"].tolist(),
                "y": mine["y"].tolist(),
                "text": [escape(label) for label in mine["label"]],
                "textposition": [side for side, shown in zip(chosen, wanted, strict=True) if shown],
                "textfont": {"size": 12 if important else LESSER, "color": colour},
                "cliponaxis": False,
                "hoverinfo": "skip",
            }
        )
    return traces
