"""Where industries stand in the chain: stages to final use against value added, and the same beside other countries."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.figures.ranges import escape
from dashboard.figures.scatter import extent, sizes
from dashboard.i18n import separators

ROW = 40
"""Height of a row with its label, in pixels."""

LETTER, LINE = 0.0085, 0.05
"""Width of a letter and height of a line, as shares of the drawing area: of a card over the whole width of the page."""

SPACE = 3.3
"""Pixels of a blank, by which a name stands off its bubble."""

NAMED = 12
"""Bubbles that carry a name; which ones is for the caller to order."""

LONGEST = 26
"""Letters of a name in a figure; the table has it in full."""

MARKS = ("diamond", "square", "triangle-up", "cross")
"""Shapes of the countries beside the chosen one, so that no colour stands alone."""


def clipped(name: str, longest: int = LONGEST) -> str:
    """A name that fits: cut at the end of a word where that leaves enough of it."""
    if len(name) <= longest:
        return name
    cut = name[: longest - 1]
    word = cut.rfind(" ")
    return cut[: word if word > longest // 2 else len(cut)].rstrip(" ,;(") + "…"


def title(text: str) -> dict[str, Any]:
    """An axis title in the house style."""
    return {"text": escape(text), "font": {"size": 12, "color": theme.palette().muted}, "standoff": 8}


def named(
    xs: Sequence[float],
    ys: Sequence[float],
    names: Sequence[str],
    spans: tuple[list[float] | None, list[float] | None],
    at_most: int = NAMED,
    letter: float = LETTER,
) -> list[str]:
    """Where the name of each point goes ('' for nowhere), in order of importance: none covers another or a point.

    Args:
        xs, ys: of the points, the most important first.
        names: as they will be drawn.
        spans: ranges of the two axes.
        at_most: how many names.
        letter: width of a letter, as a share of the drawing area.
    """
    across, upward = spans
    if across is None or upward is None:
        return [""] * len(xs)
    (left, right), (bottom, top) = across, upward
    places = [((x - left) / (right - left), (y - bottom) / (top - bottom)) for x, y in zip(xs, ys, strict=True)]
    taken: list[tuple[float, float, float]] = []
    out = []
    for place, (x, y) in enumerate(places):
        out.append("")
        if len(taken) >= at_most:
            continue
        width = letter * (len(names[place]) + 3)
        sides = (("middle right", x), ("middle left", x - width))
        # On a phone names are wider than reckoned here, so they go to the side that has more room.
        for side, start in sides if x < 0.6 else sides[::-1]:
            inside = start > -0.02 and start + width < 1.02
            others = (there for other, there in enumerate(places) if other != place)
            free = all(not (start < a < start + width and abs(y - b) < LINE / 2) for a, b in others)
            apart = all(start + width < s or s + w < start or abs(y - h) > LINE for s, h, w in taken)
            if inside and apart and (free or place == 0):
                taken.append((start, y, width))
                out[-1] = side
                break
    return out


def scatter(
    frame: pd.DataFrame,
    groups: Mapping[str, str],
    *,
    x_title: str,
    y_title: str,
    y_suffix: str = "%",
    lines: tuple[float, float] | None = None,
    corners: Sequence[str] = (),
) -> dict[str, Any]:
    """Industries of one country as bubbles, by group, the chosen one ringed.

    Args:
        frame: the most important first: [industry, label, x, y, size (NaN: unknown), group, chosen, hover]; with a
            column ``hollow`` (bool) those are drawn hollow.
        groups: name of each group, in the order of the key.
        x_title, y_title: what the axes measure.
        y_suffix: of the numbers of the upright axis.
        lines: an upright and a level line, such as the averages at 1.
        corners: words for the four quadrants of the lines: upper right, upper left, lower right, lower left.
    """
    colours = theme.palette()
    spans = (extent(frame["x"]), extent(frame["y"]))
    if corners and spans[1] is not None:
        room = (spans[1][1] - spans[1][0]) * 0.08  # for the words in the corners
        spans = (spans[0], [spans[1][0] - room, spans[1][1] + room])
    labels = [clipped(str(name)) for name in frame["label"]]
    sides = named(frame["x"].tolist(), frame["y"].tolist(), labels, spans)
    hollow = frame["hollow"].astype(bool) if "hollow" in frame else False
    frame = frame.assign(label=labels, side=sides, pixels=sizes(frame["size"]), hollow=hollow)
    data: list[dict[str, Any]] = []
    chosen: list[dict[str, Any]] = []
    for place, (group, name) in enumerate(groups.items()):
        mine, fill = frame[frame["group"] == group], colours.series[place % len(colours.series)]
        # The chosen industry lies above all others, wherever its group stands in the key.
        data += [_bubbles(part, fill, name) for part in (mine[~mine["chosen"].astype(bool)],) if len(part)]
        chosen += [_bubbles(part, fill, name) for part in (mine[mine["chosen"].astype(bool)],) if len(part)]
    keyed = {trace["name"] for trace in data}
    data += [{**trace, "showlegend": trace["name"] not in keyed} for trace in chosen]
    shown = frame[frame["side"] != ""]
    # On a phone only the first of these two layers of names is shown: the chosen industry and the ends.
    for first, part in ((True, shown.iloc[:3]), (False, shown.iloc[3:])):
        data.append(_names(part, first))
    return {
        "data": data if len(frame) else [],
        "layout": theme.layout(
            separators=separators(),
            showlegend=len(set(frame["group"])) > 1,
            legend=legend(),
            margin={"l": 8, "r": 12, "t": 36, "b": 8, "pad": 2},
            shapes=[] if lines is None else _cross(*lines),
            annotations=[] if lines is None else _corners(corners),
            xaxis={"title": title(x_title), "zeroline": False, "nticks": 7} | _range(spans[0]),
            yaxis={
                "title": title(y_title),
                "zeroline": False,
                "nticks": 7,
                "ticksuffix": y_suffix,
                "showticksuffix": "last",
            }
            | _range(spans[1]),
        ),
    }


def _bubbles(mine: pd.DataFrame, fill: str, name: str) -> dict[str, Any]:
    colours = theme.palette()
    return {
        "type": "scatter",
        "mode": "markers",
        "name": escape(name),
        "x": mine["x"].tolist(),
        "y": mine["y"].tolist(),
        "customdata": [[code, text] for code, text in zip(mine["industry"], mine["hover"], strict=True)],
        "hovertemplate": "%{customdata[1]}<extra></extra>",
        "marker": {
            "size": mine["pixels"].tolist(),
            "color": [colours.surface if hollow else fill for hollow in mine["hollow"]],
            "opacity": 0.8,
            "line": {
                "width": [
                    3.0 if chosen else 2.0 if hollow else 1.0
                    for chosen, hollow in zip(mine["chosen"], mine["hollow"], strict=True)
                ],
                "color": [
                    colours.ink if chosen else fill if hollow else colours.surface
                    for chosen, hollow in zip(mine["chosen"], mine["hollow"], strict=True)
                ],
            },
        },
    }


def _range(span: list[float] | None) -> dict[str, Any]:
    return {} if span is None else {"range": span}


def beside_bubble(text: str, side: str, pixels: float) -> str:
    """A name with as many blanks before or after it as the bubble of this diameter needs."""
    space = "\N{NO-BREAK SPACE}" * (int(pixels / 2 / SPACE) + 1)
    return space + text if side == "middle right" else text + space if side == "middle left" else text


def _names(part: pd.DataFrame, first: bool) -> dict[str, Any]:
    colours = theme.palette()
    return {
        "type": "scatter",
        "mode": "text",
        "x": part["x"].tolist(),
        "y": part["y"].tolist(),
        "text": [
            beside_bubble(f"<b>{escape(label)}</b>" if chosen else escape(label), side, pixels)
            for label, side, chosen, pixels in zip(
                part["label"], part["side"], part["chosen"], part["pixels"], strict=True
            )
        ],
        "textposition": part["side"].tolist(),
        "textfont": {"size": 12, "color": colours.ink if first else colours.muted},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def legend() -> dict[str, Any]:
    """A key above a figure, in the house style."""
    return {
        "orientation": "h",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "itemclick": False,
        "itemdoubleclick": False,
        "itemsizing": "constant",
        "font": {"size": 12, "color": theme.palette().muted},
        "bgcolor": "rgba(0,0,0,0)",
    }


def _cross(x: float, y: float) -> list[dict[str, Any]]:
    line = {"color": theme.palette().peers, "width": 1.5, "dash": "dot"}
    upright = {"type": "line", "x0": x, "x1": x, "yref": "paper", "y0": 0, "y1": 1, "line": line, "layer": "below"}
    level = {"type": "line", "y0": y, "y1": y, "xref": "paper", "x0": 0, "x1": 1, "line": line, "layer": "below"}
    return [upright, level]


def _corners(words: Sequence[str]) -> list[dict[str, Any]]:
    places = ((1, 1), (0, 1), (1, 0), (0, 0))
    return [
        {
            "x": x,
            "y": y,
            "xref": "paper",
            "yref": "paper",
            "xanchor": "right" if x else "left",
            "yanchor": "top" if y else "bottom",
            "align": "right" if x else "left",
            "text": escape(text),
            "showarrow": False,
            "font": {"size": 12, "color": theme.palette().muted},
        }
        for text, (x, y) in zip(words, places, strict=False)
    ]


def height(rows: int) -> int:
    """Height of a figure of rows, in pixels."""
    return 84 + ROW * max(rows, 1)


def beside(frame: pd.DataFrame, countries: Sequence[tuple[str, str]], x_title: str) -> dict[str, Any]:
    """The same industries in several countries: a row for each industry, a mark for each country.

    Args:
        frame: in the order of the rows: [industry, label, country, x, hover]; a country without a value has no row.
        countries: (code, name), the chosen country first.
        x_title: what the axis measures.
    """
    colours = theme.palette()
    rows = list(dict.fromkeys(frame["industry"]))
    row_of = {industry: place for place, industry in enumerate(rows)}
    labels = dict(zip(frame["industry"], frame["label"], strict=True))
    ends = frame.groupby("industry")["x"].agg(["min", "max"]) if len(frame) else pd.DataFrame(columns=["min", "max"])
    xs = [x for industry in rows for x in (ends["min"][industry], ends["max"][industry], None)]
    ys = [y for industry in rows for y in (row_of[industry], row_of[industry], None)]
    line = {"color": colours.rest, "width": 2}
    data: list[dict[str, Any]] = [
        {"type": "scatter", "mode": "lines", "x": xs, "y": ys, "line": line, "hoverinfo": "skip", "showlegend": False}
    ]
    for place, (code, name) in reversed(list(enumerate(countries))):
        mine = frame[frame["country"] == code]
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": escape(name),
                "x": mine["x"].tolist(),
                "y": [row_of[industry] for industry in mine["industry"]],
                "customdata": [[code, text] for code, text in zip(mine["industry"], mine["hover"], strict=True)],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
                "marker": {
                    "size": 13 if place == 0 else 10,
                    "symbol": "circle" if place == 0 else MARKS[(place - 1) % len(MARKS)],
                    "color": colours.series[place % len(colours.series)],
                    "line": {"width": 1, "color": colours.surface},
                },
            }
        )
    return {
        "data": data if rows else [],
        "layout": theme.layout(
            separators=separators(),
            showlegend=True,
            legend=legend() | {"traceorder": "reversed"},
            margin={"l": 12, "r": 12, "t": 40, "b": 8, "pad": 0},
            annotations=[row_name(row, labels[industry]) for row, industry in enumerate(rows)],
            xaxis={"title": title(x_title), "zeroline": False, "nticks": 7},
            yaxis={"visible": False, "range": [max(len(rows), 1) - 0.5, -0.9]},
        ),
    }


def row_name(row: int, label: str, strong: bool = False, shift: int = 5) -> dict[str, Any]:
    """The name of a row, above its track."""
    name = escape(clipped(label, 44))
    return {
        "x": 0,
        "xref": "paper",
        "y": row,
        "yshift": shift,
        "text": f"<b>{name}</b>" if strong else name,
        "showarrow": False,
        "xanchor": "left",
        "yanchor": "bottom",
        "font": {"size": 12, "color": theme.palette().ink},
    }
