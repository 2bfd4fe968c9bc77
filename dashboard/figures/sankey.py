"""Who supplies an industry and who buys from it: three columns, no cycles, every place computed.

Plotly's own placing of nodes overlaps and its ordering changes from draw to draw, so each node gets its place here, in
the arithmetic of the layout that plotly uses for heights.
"""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.positions import clipped
from dashboard.figures.ranges import escape
from dashboard.i18n import number, separators

PAD = 16
"""Pixels between two nodes of a column: room for a label of a thin node."""

THICKNESS = 14
MARGIN = {"l": 10, "r": 10, "t": 30, "b": 10, "pad": 0}
LEAST, MOST = 0.001, 0.999
"""Plotly takes a coordinate of exactly 0 or 1 for 'not given'."""


def height(nodes: int) -> int:
    """Height of a figure whose fullest column has this many nodes, in pixels."""
    return max(360, 60 + 40 * nodes)


def places(values: list[float], total: float, crowded: int, pixels: float) -> list[float]:
    """Centres of the nodes of a column, from 0 (top) to 1.

    Args:
        values: of the nodes, from top to bottom.
        total: of the column with the largest sum.
        crowded: how many nodes the fullest column has.
        pixels: height of the drawing area.
    """
    pad = min(PAD, pixels / (crowded - 1)) if crowded > 1 else 0.0
    scale = (pixels - (crowded - 1) * pad) / total if total > 0 else 0.0
    used = sum(values) * scale + pad * (len(values) - 1)
    top, out = (pixels - used) / 2, []
    for value in values:
        out.append(min(max((top + value * scale / 2) / pixels, LEAST), MOST))
        top += value * scale + pad
    return out


def chain(
    suppliers: pd.DataFrame, buyers: pd.DataFrame, label: str, heads: tuple[str, str, str], unit: str
) -> dict[str, Any]:
    """Suppliers, the industry, buyers.

    Args:
        suppliers, buyers: from top to bottom: [key, label, value, kind ("own" industries of the country, "abroad",
            "other", "value_added" or "final"), hover]; rows of zero or less are not drawn.
        label: the industry in the middle, for hovering.
        heads: of the three columns; the one in the middle names the industry.
        unit: of the values, for hovering.
    """
    colours = theme.palette()
    paint = {
        "own": colours.series[0],
        "abroad": colours.series[1],
        "value_added": colours.series[2],
        "final": colours.series[2],
        "other": colours.neutral,
    }
    left, right = (part[part["value"] > 0] for part in (suppliers, buyers))
    inputs, outputs = float(left["value"].sum()), float(right["value"].sum())
    total = max(inputs, outputs)
    pixels = height(max(len(left), len(right), 1)) - MARGIN["t"] - MARGIN["b"]
    crowded = max(len(left), len(right), 1)
    middle = len(left)
    y = [
        *places(left["value"].tolist(), total, crowded, pixels),
        0.5,
        *places(right["value"].tolist(), total, crowded, pixels),
    ]
    kinds = [*left["kind"], "own", *right["kind"]]
    trace = {
        "type": "sankey",
        "arrangement": "fixed",
        "orientation": "h",
        "textfont": {"size": 12, "color": colours.ink},
        "node": {
            "label": [escape(clipped(str(name), 30)) for name in (*left["label"], "", *right["label"])],
            "x": [LEAST] * len(left) + [0.5] + [MOST] * len(right),
            "y": y,
            "pad": PAD,
            "thickness": THICKNESS,
            "color": [paint[kind] for kind in kinds[:middle]] + [colours.ink] + [paint[k] for k in kinds[middle + 1 :]],
            "line": {"width": 0},
            "customdata": [
                *zip(left["key"], left["hover"], strict=True),
                ("", f"<b>{escape(label)}</b><br>{number(total)} {escape(unit)}"),
                *zip(right["key"], right["hover"], strict=True),
            ],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        },
        "link": {
            "source": [*range(middle), *([middle] * len(right))],
            "target": [*([middle] * middle), *range(middle + 1, middle + 1 + len(right))],
            "value": [*left["value"].tolist(), *right["value"].tolist()],
            "color": [faded(paint[kind]) for kind in (*left["kind"], *right["kind"])],
            "customdata": [
                *zip(left["key"], left["hover"], strict=True),
                *zip(right["key"], right["hover"], strict=True),
            ],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
        },
    }
    notes = [
        {
            "x": x,
            "y": 1,
            "xref": "paper",
            "yref": "paper",
            "xanchor": anchor,
            "yanchor": "bottom",
            "yshift": 8,
            "text": f"<b>{escape(clipped(text, 24))}</b>" if anchor == "center" else escape(text),
            "showarrow": False,
            "font": {"size": 12, "color": colours.ink if anchor == "center" else colours.muted},
        }
        for x, anchor, text in zip((0, 0.5, 1), ("left", "center", "right"), heads, strict=True)
    ]
    return {
        "data": [trace] if total > 0 else [],
        "layout": theme.layout(separators=separators(), margin=MARGIN, annotations=notes),
    }


def faded(colour: str, opacity: float = 0.35) -> str:
    """A palette colour (#rrggbb) made translucent."""
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
