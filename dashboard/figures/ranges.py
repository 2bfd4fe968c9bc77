"""Dots with ranges: one region beside its peers over many indicators or in one, and rank ranges of a whole area.

Rows carry their own label above their track, so that the figures read the same on a phone and on a wall.
"""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from dashboard import theme
from dashboard.i18n import _, number, separators

ROW = 46
"""Height of a row with its label, in pixels."""

EDGE = 90.0
"""How far beyond the peers' 10-90% band the scale reaches, in hundredths of that band."""

TONES = {"ahead": "good", "behind": "bad"}
SHAPES = {"ahead": "▲", "behind": "▼", "higher": "▲", "lower": "▼", "unclear": "○"}


def height(rows: int) -> int:
    """Height of a figure with this many rows, in pixels."""
    return 56 + ROW * max(rows, 1)


def _segments(starts: Sequence[float], ends: Sequence[float]) -> tuple[list[float | None], list[float | None]]:
    """Horizontal lines, one a row, as one trace: x and y with gaps between."""
    xs: list[float | None] = []
    ys: list[float | None] = []
    for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
        xs += [start, end, None]
        ys += [row, row, None]
    return xs, ys


def _line(starts: Sequence[float], ends: Sequence[float], colour: str, width: float) -> dict[str, Any]:
    xs, ys = _segments(starts, ends)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": xs,
        "y": ys,
        "line": {"color": colour, "width": width},
        "hoverinfo": "skip",
    }


def _note(x: float, y: float, text: str, anchor: str, colour: str, shift: int = 9) -> dict[str, Any]:
    return {
        "x": x,
        "xref": "paper",
        "y": y,
        "yref": "y",
        "yshift": shift,
        "text": text,
        "showarrow": False,
        "xanchor": anchor,
        "yanchor": "bottom",
        "align": anchor,
        "font": {"size": 13, "color": colour},
    }


def _row_notes(row: int, verdict: str, label: str, said: str, colour: str) -> list[dict[str, Any]]:
    """Name on the left with the sign of the verdict, its words on the right.

    The words are always every second note of a figure: on a phone the style sheet hides them, and the key below the
    figure explains the signs.
    """
    colours = theme.palette()
    tone = getattr(colours, TONES[verdict]) if verdict in TONES else colours.muted
    sign = SHAPES.get(verdict, "")
    marked = f'<span style="color:{tone}">{sign}</span> {label}' if sign else label
    return [_note(0, row, marked, "left", colour), _note(1, row, escape(said) or " ", "right", tone)]


def _median_note(median: float, text: str, span: Sequence[float]) -> dict[str, Any]:
    place = (median - span[0]) / (span[1] - span[0])
    return {
        "x": median,
        "y": 1,
        "yref": "paper",
        "xanchor": "left" if place < 0.25 else "right" if place > 0.75 else "center",
        "yanchor": "bottom",
        "text": _("peer median {value}").format(value=text),
        "showarrow": False,
        "font": {"size": 12, "color": theme.palette().muted},
    }


def _rows(count: int, **parts: Any) -> dict[str, Any]:
    """Layout of a figure of rows, first row on top."""
    return theme.layout(
        yaxis={"visible": False, "range": [max(count, 1) - 0.55, -0.8]},
        separators=separators(),
        **({"margin": {"l": 12, "r": 12, "t": 26, "b": 4, "pad": 0}} | parts),
    )


def escape(text: str) -> str:
    """Text that plotly shows as it is, whatever names hold."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _reach(positions: pd.DataFrame) -> tuple[float, float]:
    """Ends of the scale: as far as anything reaches, but never so far that the peers' band shrinks to a stub."""
    known = positions.to_numpy(float)
    known = known[~pd.isna(known)]
    low, high = (float(known.min()), float(known.max())) if known.size else (0.0, 100.0)
    return max(-EDGE, min(low, -12.0)), min(100 + EDGE, max(high, 112.0))


def gaps(frame: pd.DataFrame) -> dict[str, Any]:
    """One region beside its peers: a row per indicator, all on the peers' own scale.

    Args:
        frame: rows from top to bottom: [label, value_text, word, verdict, position, position_low, position_high,
            position_median, position_min, position_max (0 and 100 are the peers' 10th and 90th percentile in the
            desired direction), uncertain (drawn hollow), hover, indicator].
    """
    colours = theme.palette()
    names = ("position", "position_low", "position_high", "position_median", "position_min", "position_max")
    low, high = _reach(frame[[*names]].astype(float))
    at = {name: frame[name].astype(float).clip(low, high).tolist() for name in names}
    clear = [verdict != "unclear" for verdict in frame["verdict"]]
    own = [colours.accent if is_clear else colours.peers for is_clear in clear]
    beyond = [value < low or value > high for value in frame["position"].astype(float)]
    data = [
        _line(at["position_min"], at["position_max"], colours.rest, 2),
        _line([0.0] * len(frame), [100.0] * len(frame), colours.rest, 10),
        {
            "type": "scatter",
            "mode": "markers",
            "x": at["position_median"],
            "y": list(range(len(frame))),
            "marker": {"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": colours.ink}},
            "hoverinfo": "skip",
        },
    ]
    for wanted, colour in ((True, colours.accent), (False, colours.peers)):
        rows = [row for row, is_clear in enumerate(clear) if is_clear is wanted]
        xs = [x for row in rows for x in (at["position_low"][row], at["position_high"][row], None)]
        ys = [y for row in rows for y in (row, row, None)]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "line": {"color": colour, "width": 3},
                "hoverinfo": "skip",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": at["position"],
            "y": list(range(len(frame))),
            "customdata": [[code, text] for code, text in zip(frame["indicator"], frame["hover"], strict=True)],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
            "marker": {
                "opacity": 1,
                "size": 13,
                "color": [
                    colours.surface if uncertain else colour
                    for uncertain, colour in zip(frame["uncertain"], own, strict=True)
                ],
                "symbol": [
                    "circle" if not far else "triangle-left" if x < 0 else "triangle-right"
                    for far, x in zip(beyond, at["position"], strict=True)
                ],
                "line": {"width": 2, "color": own},
            },
        }
    )
    notes = []
    for row, record in enumerate(frame.to_dict("records")):
        label = f"<b>{escape(record['label'])}</b> {escape(record['value_text'])}"
        notes += _row_notes(row, record["verdict"], label, record["word"], colours.ink)
    return {
        "data": data if len(frame) else [],
        "layout": _rows(
            len(frame),
            annotations=notes,
            xaxis={
                "side": "top",
                "range": [low - 0.03 * (high - low), high + 0.03 * (high - low)],
                "tickvals": [0, 100],
                "ticktext": [_("10th percentile"), _("90th percentile")],
                "gridcolor": colours.line,
                "zeroline": False,
            },
        ),
    }


def values(frame: pd.DataFrame, band: tuple[float, float, float] | None, decimals: int, suffix: str) -> dict[str, Any]:
    """One indicator: a row per region with its 90% range; the chosen region's range runs down as a band.

    Args:
        frame: rows from top to bottom: [region, label, value, low, high, verdict ("own" for the chosen region, else a
            code of ``SHAPES``, or "" where nothing is compared), word, uncertain (drawn hollow), hover].
        band: 10th percentile, median and 90th percentile of the peers; None without peers.
        decimals: of the values.
        suffix: what follows a number.
    """
    colours = theme.palette()
    verdicts = frame["verdict"].tolist()
    own = [colours.accent if v == "own" else colours.peers if v in ("unclear", "") else colours.ink for v in verdicts]
    data: list[dict[str, Any]] = []
    for colour in dict.fromkeys(own):
        rows = [row for row, other in enumerate(own) if other == colour]
        lows, highs = frame["low"].tolist(), frame["high"].tolist()
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": [x for row in rows for x in (lows[row], highs[row], None)],
                "y": [y for row in rows for y in (row, row, None)],
                "line": {"color": colour, "width": 3},
                "hoverinfo": "skip",
            }
        )
    data.append(
        {
            "type": "scatter",
            "mode": "markers",
            "x": frame["value"].tolist(),
            "y": list(range(len(frame))),
            "customdata": [[code, text] for code, text in zip(frame["region"], frame["hover"], strict=True)],
            "hovertemplate": "%{customdata[1]}<extra></extra>",
            "marker": {
                "opacity": 1,
                "size": [14 if v == "own" else 11 for v in verdicts],
                "color": [colours.surface if u else c for u, c in zip(frame["uncertain"], own, strict=True)],
                "line": {"width": 2, "color": own},
            },
        }
    )
    shapes: list[dict[str, Any]] = []
    if band is not None:
        shapes.append(_upright(band[0], band[2], colours.faint))
    chosen = frame[frame["verdict"] == "own"]
    if len(chosen):
        shapes.append(_upright(float(chosen["low"].iloc[0]), float(chosen["high"].iloc[0]), colours.accent_soft))
    notes = []
    for row, record in enumerate(frame.to_dict("records")):
        strong = record["verdict"] == "own"
        label = f"{escape(record['label'])} {number(record['value'], decimals)}{suffix}"
        colour = colours.accent if strong else colours.ink
        notes += _row_notes(row, record["verdict"], f"<b>{label}</b>" if strong else label, record["word"], colour)
    span = _span(frame, band)
    if band is not None:
        shapes.append(_upright(band[1], band[1], colours.ink, dash="dot"))
        notes.append(_median_note(band[1], number(band[1], decimals) + suffix, span["range"]))
    return {
        "data": data if len(frame) else [],
        "layout": _rows(
            len(frame),
            shapes=shapes,
            annotations=notes,
            margin={"l": 12, "r": 12, "t": 26, "b": 26, "pad": 0},
            xaxis={"zeroline": False, "ticksuffix": suffix, "nticks": 6} | span,
        ),
    }


def _span(frame: pd.DataFrame, band: tuple[float, float, float] | None) -> dict[str, Any]:
    ends = [*frame["low"].tolist(), *frame["high"].tolist(), *(band or ())]
    if not ends:
        return {}
    room = (max(ends) - min(ends)) * 0.03 or abs(max(ends)) * 0.1 or 1.0
    return {"range": [min(ends) - room, max(ends) + room]}


def _upright(start: float, end: float, colour: str, dash: str = "") -> dict[str, Any]:
    shape: dict[str, Any] = {"yref": "paper", "y0": 0, "y1": 1, "x0": start, "x1": end, "layer": "below"}
    if dash:
        return shape | {"type": "line", "line": {"color": colour, "width": 1.5, "dash": dash}}
    return shape | {"type": "rect", "fillcolor": colour, "line": {"width": 0}}


def ranks(frame: pd.DataFrame) -> dict[str, Any]:
    """Rank ranges of all regions, best on the left: a bar from lowest to highest rank, a dot only where one is named.

    Args:
        frame: in rank order: [region, label, rank, rank_low, rank_high, printable, role ("own", "peer" or "rest"),
            hover]. Bars of regions whose range is too wide for one rank have no dot.
    """
    colours = theme.palette()
    paint = {"own": colours.accent, "peer": colours.peers, "rest": colours.rest}
    data: list[dict[str, Any]] = []
    order = frame.reset_index(drop=True)
    for role in ("rest", "peer", "own"):
        mine = order[order["role"] == role]
        xs = [x for i in mine.index for x in (i + 1, i + 1, None)]
        ys = [
            y
            for low, high in zip(mine["rank_low"], mine["rank_high"], strict=True)
            for y in (low - 0.3, high + 0.3, None)
        ]
        data.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": xs,
                "y": ys,
                "line": {"color": paint[role], "width": 5 if role == "own" else 4},
                "hoverinfo": "skip",
            }
        )
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [i + 1 for i in mine.index],
                "y": [
                    (low + high) / 2 if not named else rank
                    for low, high, rank, named in zip(
                        mine["rank_low"], mine["rank_high"], mine["rank"], mine["printable"], strict=True
                    )
                ],
                "customdata": [[code, text] for code, text in zip(mine["region"], mine["hover"], strict=True)],
                "hovertemplate": "%{customdata[1]}<extra></extra>",
                "marker": {
                    "size": 8,
                    "color": colours.ink if role == "peer" else paint[role] if role == "own" else colours.peers,
                    # What has no rank to name keeps a place to point at, but shows no dot.
                    "opacity": [1.0 if named else 0.0 for named in mine["printable"]],
                },
            }
        )
    count = len(order)
    return {
        "data": data if count else [],
        "layout": theme.layout(
            separators=separators(),
            margin={"l": 8, "r": 12, "t": 26, "b": 10, "pad": 2},
            annotations=_ends(order, colours),
            xaxis={"visible": False, "range": [0, count + 1]},
            yaxis={
                "range": [count + 1.5, 0],
                "tickvals": [1, *[tick for tick in range(10, count + 1, 10) if count > 1]],
                "zeroline": False,
                "title": {"text": _("rank, 1 is best"), "font": {"size": 12, "color": colours.muted}},
            },
        ),
    }


def _ends(order: pd.DataFrame, colours: theme.Palette) -> list[dict[str, Any]]:
    """Names beside the chosen region and the two ends, the only ones that fit without crowding."""
    count, notes = len(order), []
    for position, record in enumerate(order.to_dict("records")):
        if record["role"] != "own" and position not in (0, count - 1):
            continue
        right = position > count / 2
        own = record["role"] == "own"
        notes.append(
            {
                "x": position + 1 + (-0.9 if right else 0.9),
                "y": record["rank_high"] if right else record["rank_low"],
                "text": f"<b>{escape(record['label'])}</b>" if own else escape(record["label"]),
                "showarrow": False,
                "xanchor": "right" if right else "left",
                "yanchor": "top" if right else "bottom",
                "font": {"size": 13, "color": colours.accent if own else colours.muted},
            }
        )
    return notes
