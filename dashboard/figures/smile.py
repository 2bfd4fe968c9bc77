"""The smile curve of one chain: who earns how much of its value, from the far suppliers to the final product."""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import beside_bubble, clipped, named, title
from dashboard.figures.ranges import escape
from dashboard.figures.scatter import extent, sizes
from dashboard.i18n import separators

LETTER = 0.018
"""Width of a letter as a share of the drawing area: the card has half the width of the page."""


def curve(points: pd.DataFrame, fitted: pd.DataFrame, x_title: str, y_title: str) -> dict[str, Any]:
    """Suppliers of a chain by distance and value added per unit of output.

    Args:
        points: the most important first: [key, label, x, y, size, own (the chosen country), hover].
        fitted: [x, fit, low, high] of the curve, oldest distance first; empty where there is no smile to draw.
        x_title, y_title: what the axes measure.
    """
    colours = theme.palette()
    spans = (extent(points["x"]), extent(points["y"]))
    labels = [clipped(str(label), 30) for label in points["label"]]
    sides = named(points["x"].tolist(), points["y"].tolist(), labels, spans, at_most=8, letter=LETTER)
    data: list[dict[str, Any]] = []
    if len(fitted):
        band_x = fitted["x"].tolist() + fitted["x"].tolist()[::-1]
        band_y = fitted["high"].tolist() + fitted["low"].tolist()[::-1]
        data += [
            {
                "type": "scatter",
                "mode": "lines",
                "x": band_x,
                "y": band_y,
                "fill": "toself",
                "fillcolor": colours.accent_soft,
                "line": {"width": 0},
                "opacity": 0.6,
                "hoverinfo": "skip",
            },
            {
                "type": "scatter",
                "mode": "lines",
                "x": fitted["x"].tolist(),
                "y": fitted["fit"].tolist(),
                "line": {"color": colours.ink, "width": 1.5, "dash": "dash"},
                "hoverinfo": "skip",
            },
        ]
    pixels = sizes(points["size"])
    for own in (False, True):
        rows = [place for place, flag in enumerate(points["own"]) if bool(flag) is own]
        mine = points.iloc[rows]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": mine["x"].tolist(),
                "y": mine["y"].tolist(),
                "customdata": [[key, text] for key, text in zip(mine["key"], mine["hover"], strict=True)],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
                "marker": {
                    "size": [pixels[row] for row in rows],
                    "color": colours.accent if own else colours.peers,
                    "opacity": 0.85 if own else 0.6,
                    "line": {"width": 1, "color": colours.surface},
                },
            }
        )
    shown = [place for place, side in enumerate(sides) if side]
    for first, places in ((True, shown[:3]), (False, shown[3:])):
        data.append(_names(points, labels, sides, pixels, places, first))
    return {
        "data": data if len(points) else [],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 12, "t": 14, "b": 8, "pad": 2},
            # The far suppliers stand on the left, the final product on the right.
            xaxis={
                "title": title(x_title),
                "zeroline": False,
                "nticks": 7,
                **({"range": spans[0][::-1]} if spans[0] is not None else {}),
            },
            yaxis={
                "title": title(y_title),
                "zeroline": False,
                "nticks": 7,
                "ticksuffix": "%",
                "showticksuffix": "last",
                **({"range": spans[1]} if spans[1] is not None else {}),
            },
        ),
    }


MIRRORED = {"middle right": "middle left", "middle left": "middle right"}


def _names(
    points: pd.DataFrame, labels: list[str], sides: list[str], pixels: list[float], places: list[int], first: bool
) -> dict[str, Any]:
    colours = theme.palette()
    texts, ends = [], []
    for place in places:
        side = MIRRORED.get(sides[place], sides[place])  # the axis runs from right to left
        name = escape(labels[place])
        name = f"<b>{name}</b>" if bool(points["own"].iloc[place]) else name
        texts.append(beside_bubble(name, side, pixels[place]))
        ends.append(side)
    return {
        "type": "scatter",
        "mode": "text",
        "x": points["x"].iloc[places].tolist(),
        "y": points["y"].iloc[places].tolist(),
        "text": texts,
        "textposition": ends,
        "textfont": {"size": 12, "color": colours.ink if first else colours.muted},
        "hoverinfo": "skip",
        "cliponaxis": False,
    }
