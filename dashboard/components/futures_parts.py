"""What the parts of the futures page share: exhibits with the set's source, its caveat, and empty states."""

from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import html

from dashboard import frames, futures
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.exhibits import Exhibit, Source
from dashboard.futures import FuturesFilters, FuturesSet
from dashboard.i18n import _, language


def source_of(found: FuturesSet) -> Source:
    """Where a set's numbers come from, with what must be said wherever they go."""
    return Source(found.title, found.source, found.source_url, found.licence, found.warning)


def set_exhibit(chosen: FuturesFilters, found: FuturesSet, key: str, **parts: Any) -> Exhibit:
    """An exhibit that names the set as its source; ``parts`` are fields of ``Exhibit``.

    The subtitle says of what origin the set is, so that a picture of the exhibit says so too.
    """
    usual: dict[str, Any] = {"table": pd.DataFrame(), "columns": (), "subtitle": ""}
    shown = usual | parts
    shown["subtitle"] = " · ".join(part for part in (shown["subtitle"], found.title, found.label) if part)
    return Exhibit(key=key, query=chosen.query(), path=futures.PATH, sources=(source_of(found),), **shown)


def caveat(found: FuturesSet) -> html.P:
    """The set's origin as a badge, that it is no forecast, and its own caveat: always in sight."""
    kind = "badge-illustrative" if found.illustrative else "badge-origin"
    parts = [html.Span(found.label, className=f"badge {kind}"), " ", html.Strong(_("Not a forecast."))]
    return html.P([*parts, " ", found.caveat or found.warning], className="futures-caveat")


def no_set() -> html.Div:
    """What stands where no scenario set is loaded."""
    return states.empty(
        _("No scenario set is loaded yet."),
        _("Whoever runs this installation can load the starter sets with this command:"),
        html.Pre("polisee load --starter", className="command"),
    )


def lacks(found: FuturesSet, what: str) -> html.Div:
    """What stands where a set lacks a part; ``what`` says which, as a sentence."""
    return states.empty(what, _("It can be added to the set “{title}” in its workbook.").format(title=found.title))


def set_of(chosen: FuturesFilters) -> FuturesSet | None:
    """The chosen set, or None when none is loaded."""
    return futures.the_set(chosen.set)


def present_links(found: FuturesSet, chosen: FuturesFilters) -> html.Nav:
    """Ways to carry a set into a room: the slides, and files of them, in the reader's language and for the region."""
    query = "?" + urlencode({"region": chosen.region, "lang": language()})
    base = frames.href(f"/present/{found.code}")
    files = (
        (".pptx", _("PowerPoint (PPTX)")),
        (".pdf", _("Handout (PDF)")),
        ("/poster.svg", _("Poster A1 (SVG)")),
        ("/kit.zip", _("Offline kit (ZIP)")),
    )
    links = [
        html.Li(html.A(label, href=base + ending + query, download=True, className="download"))
        for ending, label in files
    ]
    take = html.Details(
        [html.Summary(_("Take along"), className="download"), html.Ul(links)],
        className="filter futures-take",
    )
    return html.Nav(
        [html.A(_("Present"), href=base + query, className="btn btn-sm btn-primary"), take],
        className="futures-present no-print",
        **attributes(aria_label=_("Present and take along")),
    )
