"""Where there are figures: region by year, each cell marked by tone and letter, so that no colour stands alone."""

import itertools
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.i18n import DASH, _, number

STATES = ("missing", "old", "value", "uncertain", "break")
"""What a cell may be; 'old' is a value under a code of an older classification. No record is an empty cell."""

ROW = 15
HEAD = 34
FOOT = 12
LONGEST = 16
MISSING_LETTER = ":"


def colours() -> dict[str, str]:
    """Fill of each state in this request's scheme."""
    shades = theme.palette()
    return {
        "missing": shades.missing,
        "old": shades.rest,
        "value": shades.accent,
        "uncertain": shades.accent_soft,
        "break": shades.watch,
    }


def height(cells: pd.DataFrame) -> int:
    """Pixels that the heat map of these cells needs: a row for each region, headed by the years."""
    return HEAD + FOOT + ROW * max(cells["region"].nunique(), 8)


def _borders(countries: list[str]) -> list[dict[str, Any]]:
    """A line wherever one country's rows end."""
    ends = [place for place, (above, below) in enumerate(itertools.pairwise(countries)) if above != below]
    line = {"color": theme.palette().peers, "width": 1}
    return [
        {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": end + 0.5, "y1": end + 0.5, "line": line}
        for end in ends
    ]


def coverage(cells: pd.DataFrame, decimals: int = 1) -> dict[str, Any]:
    """Heat map of what is there.

    Args:
        cells: [region, name, country_name, old, period, state, flags, value] in the order of the rows from top to
            bottom; see ``trust.cells``.
        decimals: of the values on hover.
    """
    frame = cells.dropna(subset="period")
    if frame.empty:
        return {"data": [], "layout": theme.layout(height=height(cells))}
    codes = list(dict.fromkeys(cells["region"]))
    years = list(range(int(frame["period"].min()), int(frame["period"].max()) + 1))
    row_of, column_of = ({key: place for place, key in enumerate(keys)} for keys in (codes, years))
    regions = cells.drop_duplicates("region").set_index("region")
    called = {code: f"{name} ({code})" for code, name in regions["name"].items()}
    tones: list[list[int | None]] = [[None] * len(years) for _code in codes]
    bare, missing = _("no record"), f"{DASH} ({_('published as missing')})"
    letters = [[""] * len(years) for _code in codes]
    hover = [[f"{called[code]}, {year}: {bare}" for year in years] for code in codes]
    for cell in frame.to_dict("records"):
        row, column = row_of[cell["region"]], column_of[int(cell["period"])]
        state = "old" if cell["old"] and cell["state"] == "value" else str(cell["state"])
        tones[row][column] = STATES.index(state)
        letters[row][column] = (MISSING_LETTER if state == "missing" else "") + str(cell["flags"])
        said = number(cell["value"], decimals) if state != "missing" else missing
        marked = f" ({cell['flags']})" if cell["flags"] else ""
        hover[row][column] = f"{called[cell['region']]}, {cell['period']}: {said}{marked}"
    fills = list(colours().values())
    steps = len(fills)
    scale = [[edge / steps, fill] for place, fill in enumerate(fills) for edge in (place, place + 1)]
    trace = {
        "type": "heatmap",
        "x": years,
        "y": codes,
        "z": tones,
        "zmin": -0.5,
        "zmax": steps - 0.5,
        "colorscale": scale,
        "showscale": False,
        "xgap": 1,
        "ygap": 1,
        "text": letters,
        "texttemplate": "%{text}",
        "textfont": {"size": 9},
        "customdata": hover,
        "hovertemplate": "%{customdata}<extra></extra>",
        "hoverongaps": True,
    }
    labels = [_short(code, str(regions["name"][code]), bool(regions["old"][code])) for code in codes]
    return {
        "data": [trace],
        "layout": theme.layout(
            height=height(cells),
            shapes=_borders([str(country) for country in regions["country_name"]]),
            margin={"l": 4, "r": 4, "t": HEAD - 6, "b": FOOT, "pad": 2},
            xaxis={
                "side": "top",
                "tickformat": "d",
                "nticks": min(len(years), 8),
                "tickangle": 0,
                "showgrid": False,
                "zeroline": False,
            },
            yaxis={
                "type": "category",
                "autorange": "reversed",
                "tickmode": "array",
                "tickvals": codes,
                "ticktext": labels,
                "tickfont": {"color": theme.palette().muted, "size": 10},
                "showgrid": False,
            },
        ),
    }


def _short(code: str, name: str, old: bool) -> str:
    name = name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"
    # The dagger marks a code of the past; two regions may share a short name, the code keeps them apart.
    return f"{code}† {name}" if old else f"{code} {name}"
