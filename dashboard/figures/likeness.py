"""Why regions are peers: how far each peer lies from the chosen region in each structural variable."""

from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.ranges import escape
from dashboard.i18n import number, separators, signed

ROW = 32
FULL = 1.5
"""Standard deviations from which a cell has its full colour."""


def height(peers: int) -> int:
    """Height of the figure for this many peers, in pixels."""
    return 120 + ROW * max(peers, 1)


def differences(frame: pd.DataFrame, distances: pd.DataFrame, decimals: int = 2) -> dict[str, Any]:
    """A cell per peer and variable: the peer's value less the region's, in standard deviations.

    Args:
        frame: [region, variable, label (of the variable), difference (NaN for missing), hover].
        distances: [region, label, distance], nearest first; gives the rows.
        decimals: of the distance written beside each name.
    """
    colours = theme.palette()
    rows = distances["region"].tolist()
    variables = frame.drop_duplicates("variable")
    wide = frame.pivot_table(index="region", columns="variable", values="difference", aggfunc="first")
    wide = wide.reindex(index=rows, columns=variables["variable"].tolist())
    texts = frame.pivot_table(index="region", columns="variable", values="hover", aggfunc="first")
    texts = texts.reindex(index=wide.index, columns=wide.columns)
    cells = wide.to_numpy(float)
    shades = colours.diverging
    columns = list(range(len(variables)))
    names = [
        f"{escape(label)}  {number(distance, decimals)}"
        for label, distance in zip(distances["label"], distances["distance"], strict=True)
    ]
    heat = {
        "type": "heatmap",
        "z": [[None if value != value else value for value in row] for row in cells],
        "x": columns,
        "y": list(range(len(rows))),
        "customdata": [[text if isinstance(text, str) else "" for text in row] for row in texts.to_numpy(object)],
        "hovertemplate": "%{customdata}<extra></extra>",
        "colorscale": [[place / (len(shades) - 1), shade] for place, shade in enumerate(shades)],
        "zmin": -FULL,
        "zmax": FULL,
        "showscale": False,
        "xgap": 3,
        "ygap": 3,
    }
    notes = [
        {
            "x": column,
            "y": row,
            "text": signed(cells[row][column], 1),
            "showarrow": False,
            "font": {"size": 11, "color": _ink(cells[row][column], colours)},
        }
        for row in range(len(rows))
        for column in columns
        if cells[row][column] == cells[row][column]
    ]
    return {
        "data": [heat] if len(rows) and len(columns) else [],
        "layout": theme.layout(
            separators=separators(),
            annotations=notes,
            xaxis={
                "side": "top",
                "tickvals": columns,
                "ticktext": [escape(label) for label in variables["label"]],
                "tickangle": 35,
                "showgrid": False,
                "zeroline": False,
            },
            yaxis={
                "tickvals": list(range(len(rows))),
                "ticktext": names,
                "tickfont": {"size": 13, "color": colours.ink},
                "autorange": "reversed",
                "showgrid": False,
                "zeroline": False,
            },
        ),
    }


def _ink(difference: float, colours: theme.Palette) -> str:
    """Text colour on a cell: the far ends of the scale are as dark (or bright) as the ink itself."""
    return colours.surface if abs(difference) > FULL * 0.6 else colours.ink
