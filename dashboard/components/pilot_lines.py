"""The way back to the pilots: from a region's figures, and from a signpost of a scenario set."""

from collections.abc import Sequence

from dash import html

from dashboard import aims
from dashboard.aims import Bearing
from dashboard.components.marks import mark
from dashboard.components.programme_parts import link
from dashboard.i18n import _, ngettext, number

SHOWN = 4
"""Pilots that are named before the rest is only counted."""


def of_indicator(region: str, indicator: str) -> html.Div | None:
    """Pilots that want to move a figure of a region; None when there are none."""
    found = aims.bearings().get(("indicator", region, indicator), ())
    return _block(_("Pilots that want to move this"), found)


def of_region(region: str) -> html.P | None:
    """How many pilots want to move a figure of a region, with the way to the map; None when there are none."""
    found = aims.bearings().get(("region", region), ())
    if not found:
        return None
    words = ngettext(
        "{n} pilot wants to move a figure of this region{demo}:",
        "{n} pilots want to move figures of this region{demo}:",
        len(found),
    ).format(n=number(len(found)), demo=_demo(found))
    path = f"/strategy?programme={found[0].programme}&region={region}"
    return html.P([words, " ", link(path, _("What do we try to change?"))], className="region-signposts")


def of_signpost(set_code: str, signpost: str) -> html.Div | None:
    """Pilots on which a signpost bears; None when there are none."""
    return _block(_("Pilots on which it bears"), aims.bearings().get(("signpost", set_code, signpost), ()))


def _demo(found: Sequence[Bearing]) -> str:
    """That all of these are made up, where they are."""
    return _(" (demonstration data)") if all(one.is_demonstration for one in found) else ""


def _block(title: str, found: Sequence[Bearing]) -> html.Div | None:
    if not found:
        return None
    items = [html.Li([link(one.href, one.title), " ", mark(one.status), f" {_origin(one)}"]) for one in found[:SHOWN]]
    left = len(found) - SHOWN
    if left > 0:
        items.append(html.Li(_("and {n} more").format(n=number(left)), className="muted"))
    return html.Div([html.Span(title, className="pilot-lines-title"), html.Ul(items)], className="pilot-lines")


def _origin(one: Bearing) -> str:
    label = _("demonstration data") if one.is_demonstration else ""
    return "(" + ", ".join(part for part in (one.acronym, label) if part) + ")"
