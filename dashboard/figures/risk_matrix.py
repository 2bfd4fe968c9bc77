"""Risks by likelihood and impact, five by five, each with the way it came since the period before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from dashboard import theme

HEIGHT = 430
STEPS = (1, 2, 3, 4, 5)
ARROWS = {"up": "▲", "down": "▼", "same": "", "new": "✱"}
"""Signs of movement: worse, better, as before, new."""

PER_ROW, MOST = 3, 9
"""Labels beside one another in a cell, and in all; of more only the number is told."""


def matrix(rows: Sequence[Mapping[str, Any]], words: tuple[str, str], limits: tuple[float, float]) -> dict[str, Any]:
    """The five by five matrix.

    Args:
        rows: [code, likelihood, impact, movement] of each open risk.
        words: titles of the two axes: likelihood (across) and impact (up).
        limits: scores from which a risk concerns the working group and the committee.

    Returns:
        A figure; the cells' shade says who is concerned, and so does the table.
    """
    colours = theme.palette()
    group, committee = limits
    shades = [colours.raised, colours.accent_soft, colours.accent]
    z = [[2 if i * j >= committee else 1 if i * j >= group else 0 for i in STEPS] for j in STEPS]
    cells: dict[tuple[int, int], list[str]] = defaultdict(list)
    for row in rows:
        if row["likelihood"] == row["likelihood"] and row["impact"] == row["impact"]:
            cells[int(row["likelihood"]), int(row["impact"])].append(row["code"] + ARROWS.get(row["movement"], ""))
    notes = [
        {
            "x": x,
            "y": y,
            "text": _cell(codes),
            "showarrow": False,
            "font": {"size": 13, "color": colours.surface if x * y >= committee else colours.ink},
        }
        for (x, y), codes in cells.items()
    ]
    heat = {
        "type": "heatmap",
        "x": list(STEPS),
        "y": list(STEPS),
        "z": z,
        "zmin": 0,
        "zmax": 2,
        "colorscale": [[0, shades[0]], [0.5, shades[1]], [1, shades[2]]],
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
        "hoverinfo": "skip",
    }
    axis = {"tickvals": list(STEPS), "showgrid": False, "zeroline": False, "showline": False}
    layout = theme.layout(
        xaxis={**axis, "title": {"text": words[0], "font": {"size": 12, "color": colours.muted}}},
        yaxis={**axis, "title": {"text": words[1], "font": {"size": 12, "color": colours.muted}}},
        annotations=notes,
        height=HEIGHT,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
    )
    return {"data": [heat], "layout": layout}


def _cell(codes: Sequence[str]) -> str:
    if len(codes) > MOST:
        return f"<b>{len(codes)}</b>"
    return "<br>".join(" ".join(codes[k : k + PER_ROW]) for k in range(0, len(codes), PER_ROW))
