"""Things by period as a table of marks: with words where they fit, with signs and a key where periods are many."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from dash import html

from dashboard.components.attributes import attributes, element
from dashboard.components.marks import MARKS
from dashboard.i18n import _

WORDS = 8
"""Up to so many periods each cell has its word; with more, signs stand alone and a key says what they mean."""


@dataclass(frozen=True)
class Row:
    """One thing: its head, the code of its mark in each period, and a note to some of them.

    Attributes:
        head: what stands at its beginning.
        codes: marks in the order of the periods, '' where there is nothing to say.
        notes: by place in that order.
        whys: what decided, by place: the mark with its reasons behind it (``programme_parts.why``).
        links: where a mark leads, by place, where there is no room for reasons.
        anchor: id of the row, to which links may lead.
    """

    head: Sequence[Any]
    codes: Sequence[str]
    notes: Mapping[int, str] = field(default_factory=dict)
    whys: Mapping[int, Any] = field(default_factory=dict)
    links: Mapping[int, str] = field(default_factory=dict)
    anchor: str = ""


@dataclass(frozen=True)
class Group:
    """Rows that belong together under a heading, and what follows them; '' for a single group without one."""

    title: str
    rows: Sequence[Row]
    facts: str = ""
    more: Any = None


def grid(
    caption: str, corner: str, periods: Sequence[str], groups: Sequence[Group], foot: Sequence[str] = (), star: str = ""
) -> html.Div:
    """Draw the grid.

    Args:
        caption: what it holds, for screen readers.
        corner: what the rows are.
        periods: names of the columns.
        groups: rows, one or several groups of them.
        foot: a last row: its head and a text for each period.
        star: what an asterisk beside a sign means, where notes have no room.
    """
    compact = len(periods) > WORDS
    words = {code: _(found.word) for code, found in MARKS.items()}
    head = html.Tr([html.Th(corner, scope="col"), *(html.Th(name, scope="col") for name in periods)])
    bodies = []
    for group in groups:
        rows = [_row(row, compact, words) for row in group.rows]
        if group.title:
            rows.insert(0, _heading(group, len(periods) + 1))
        if group.more is not None:
            rows.append(element("Tr", [element("Td", group.more, colSpan=len(periods) + 1)], className="grid-more"))
        bodies.append(html.Tbody(rows))
    parts: list[Any] = [html.Caption(caption), html.Thead(head), *bodies]
    if foot:
        cells = [element("Th", foot[0], scope="row"), *(element("Td", text) for text in foot[1:])]
        parts.append(html.Tfoot(html.Tr(cells)))
    table = html.Table(parts, className="status-grid" + (" status-grid-compact" if compact else ""))
    scroll = html.Div(table, className="table-scroll", tabIndex="0", role="region", **attributes(aria_label=caption))
    seen = dict.fromkeys(code for group in groups for row in group.rows for code in row.codes if code)
    return html.Div([scroll, key(list(seen), star)] if compact else scroll)


def key(codes: Sequence[str], star: str = "") -> html.P:
    """What the signs mean."""
    order = [code for code in MARKS if code in set(codes)]
    parts: list[Any] = []
    for code in order:
        found = MARKS[code]
        sign = html.Span(found.shape, className="mark-shape", **attributes(aria_hidden="true"))
        parts.append(html.Span([sign, html.Span(_(found.word))], className=f"mark mark-{found.tone}"))
    if star:
        parts.append(html.Span(f"* {star}"))
    return html.P(parts, className="grid-key")


def _heading(group: Group, width: int) -> dict[str, Any]:
    facts = [element("Span", group.facts, className="muted grid-facts")] if group.facts else []
    cell = element("Th", [group.title, *facts], colSpan=width, scope="rowgroup")
    return element("Tr", [cell], className="grid-group")


def _row(row: Row, compact: bool, words: Mapping[str, str]) -> dict[str, Any]:
    cells = [element("Th", list(row.head), scope="row")]
    for place, code in enumerate(row.codes):
        cells.append(_cell(code, row, place, compact, words))
    return element("Tr", cells, **({"id": row.anchor} if row.anchor else {}))


def _cell(code: str, row: Row, place: int, compact: bool, words: Mapping[str, str]) -> dict[str, Any]:
    found, note = MARKS.get(code), row.notes.get(place, "")
    if found is None:
        return element("Td", "")
    if compact:
        said = f"{words[code]} – {note}" if note else words[code]
        sign = found.shape + ("*" if note else "")
        given = {"role": "img", "aria-label": said, "title": said, "className": f"mark-{found.tone}"}
        span = element("Span", sign, **given)
        if place in row.links:
            there = {"children": span, "href": row.links[place], "className": "grid-link"}
            return element("Td", [{"props": there, "type": "Link", "namespace": "dash_core_components"}])
        return element("Td", [span])
    shape = element("Span", found.shape, className="mark-shape", **{"aria-hidden": "true"})
    parts = [element("Span", [shape, element("Span", words[code])], className=f"mark mark-{found.tone}")]
    if place in row.whys:
        parts = [row.whys[place]]
    if note:
        parts.append(element("Span", note, className="grid-rosier"))
    return element("Td", parts, className=f"status-{code}")
