"""An address that no page has: say so, and lead on."""

from typing import Any

import dash
from dash import dcc, html

from dashboard import frames
from dashboard.i18n import N_, _

TITLE = N_("There is no such page")
dash.register_page(__name__, name=TITLE, title=lambda **_query: _(TITLE))


def layout(**_query: Any) -> html.Div:
    """The way to the four pages."""
    ways = (
        ("/", _("Home: what matters now?")),
        ("/region", _("My region: how are we doing?")),
        ("/compare", _("Compare: who is like us and what differs?")),
        ("/data", _("Data & method: can I trust it?")),
    )
    links = [html.Li(dcc.Link(words, href=frames.href(path))) for path, words in ways]
    return html.Div(
        [
            html.H1(_(TITLE)),
            html.P(_("The address may be mistyped, or the page has moved. These are our pages:"), className="lead"),
            html.Ul(links),
        ],
        className="page",
    )
