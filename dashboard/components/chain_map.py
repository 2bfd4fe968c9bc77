"""The map of a theory of change: boxes with real links in the order of reading, columns where there is room.

The markup is nested lists: aims, measures, pilots, and what each pilot leads to. A style sheet lays them side by side;
on a phone, on paper without it and to a screen reader they are what they are, a list.
"""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.aims import Box, Group, Lane, Row
from dashboard.components.attributes import attributes, element
from dashboard.components.marks import mark
from dashboard.components.programme_parts import link
from dashboard.i18n import N_, _, ngettext, number

KINDS = {
    "measure": N_("Problem and measure"),
    "pilot": N_("Pilot"),
    "deliverable": N_("Deliverable"),
    "result": N_("Result"),
    "indicator": N_("Regional figure"),
    "aim": N_("Aim"),
}
"""Columns of the map, in the order of the thought."""


AT_ONCE = 30
"""Pilots that are drawn at once; the table and the downloads hold all."""


def cut(groups: Sequence[Group], most: int = AT_ONCE) -> tuple[list[Group], int]:
    """The first groups and lanes with at most so many rows together, and how many rows are left out."""
    kept, room, left = [], most, 0
    for group in groups:
        lanes = []
        for lane in group.lanes:
            rows = lane.rows[: max(room, 0)]
            left += len(lane.rows) - len(rows)
            room -= len(lane.rows)
            if rows or not lane.rows:
                lanes.append(Lane(lane.measure, rows))
        if lanes:
            kept.append(Group(tuple(lanes), group.aims))
    return kept, left


def chain_map(groups: Sequence[Group]) -> html.Div:
    """Draw the map."""
    groups, left = cut(groups)
    heads = [html.Span(_(name), className=f"chain-head chain-head-{kind}") for kind, name in KINDS.items()]
    return html.Div(
        [
            html.Div(heads, className="chain-heads", **attributes(aria_hidden="true")),
            html.Ol([_group(one) for one in groups], className="chain-groups"),
            *([html.P(_more(left), className="card-note")] if left else []),
        ],
        className="chain-map",
        role="group",
        **attributes(aria_label=_("From problem to aim")),
    )


def _more(left: int) -> str:
    return ngettext(
        "{n} more chain stands in the table; choose a theme or region to see it drawn.",
        "{n} more chains stand in the table; choose a theme or region to see them drawn.",
        left,
    ).format(n=number(left))


def _group(group: Group) -> dict[str, Any]:
    lanes = element("Ol", [_lane(one) for one in group.lanes], className="chain-lanes")
    aims = element("Ul", [element("Li", _box(one)) for one in group.aims], className="chain-cell chain-aims")
    return element(
        "Li", [lanes, aims] if group.aims else [lanes, element("Div", className="chain-cell")], className="chain-group"
    )


def _lane(lane: Lane) -> dict[str, Any]:
    first = _box(lane.measure) if lane.measure else element("Span", _("No measure is named."), className="muted")
    rows = element("Ol", [_row(one) for one in lane.rows], className="chain-rows") if lane.rows else _nothing()
    return element("Li", [element("Div", first, className="chain-cell chain-measure"), rows], className="chain-lane")


def _nothing() -> dict[str, Any]:
    return element("P", _("No pilot tries it."), className="muted chain-rows chain-nothing")


def _row(row: Row) -> dict[str, Any]:
    pilot = _box(row.pilot) if row.pilot else element("Span", _("without a pilot"), className="muted")
    cells: list[Any] = [element("Div", pilot, className="chain-cell chain-pilot")]
    for boxes, kind in ((row.deliverables, "deliverable"), (row.results, "result"), (row.indicators, "indicator")):
        items = [element("Li", _box(one)) for one in boxes]
        cells.append(element("Ul", items, className=f"chain-cell chain-{kind}s") if items else _gap())
    return element("Li", cells, className="chain-row")


def _gap() -> dict[str, Any]:
    return element("Div", className="chain-cell chain-gap")


def _box(box: Box) -> dict[str, Any]:
    """Kind, what stands above, the title as the link, marks with their words, the last date, further links."""
    parts: list[Any] = [element("Span", _(KINDS[box.kind]), className="chain-kind")]
    if box.over:
        parts.append(element("Span", box.over, className="chain-over"))
    parts.append(element("Span", link(box.href, box.title) if box.href else box.title, className="chain-title"))
    if box.status:
        parts.append(element("Span", mark(box.status), className="chain-status"))
    if box.counts:
        spread = [element("Li", [number(n), " ", mark(status)]) for status, n in box.counts]
        parts.append(element("Ul", spread, className="chain-counts"))
    facts = " · ".join(part for part in (box.note, box.day) if part)
    if facts:
        parts.append(element("Span", facts, className="chain-facts"))
    for path, name in box.further:
        parts.append(element("Span", [_("Signpost:"), " ", link(path, name)], className="chain-further"))
    return element("Div", parts, className=f"chain-box chain-box-{box.kind}")
