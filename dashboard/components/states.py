"""What stands where content is loading, missing or broken."""

from typing import Any

from dash import dcc, html

from dashboard.components.attributes import attributes
from dashboard.i18n import _


def loading(child: Any, height: int, only: bool = False) -> dcc.Loading:
    """Show a skeleton of the final size while the child is being answered.

    Args:
        child: what is waited for.
        height: of the skeleton in pixels.
        only: wait for the child's own children, not for answers to parts within it, which then stay as they are.
    """
    return dcc.Loading(
        child,
        **({"target_components": {child.id: "children"}} if only else {}),
        delay_show=250,
        custom_spinner=html.Div(className="skeleton", style={"height": height}, **attributes(aria_hidden="true")),
        overlay_style={"visibility": "visible"},
    )


def empty(title: str, why: str, action: Any = None) -> html.Div:
    """Say what is missing, why, and offer the way to mend it."""
    parts = [html.P(title, className="empty-title"), html.P(why, className="empty-why")]
    return html.Div([*parts, action] if action is not None else parts, className="empty", role="note")


def nothing_loaded() -> html.Div:
    """The state of a page while the database is empty."""
    return empty(
        _("No figures are loaded yet."),
        _("This installation has an empty database. Whoever runs it can load the starter data with this command:"),
        html.Pre("polisee load --starter", className="command"),
    )


def failed(reference: str) -> html.Div:
    """Something broke: say so, give the reference that stands in the log, and offer another try."""
    return html.Div(
        [
            html.H1(_("This page could not be drawn")),
            html.P(
                _("The fault is ours. It has been written down under the number {number}.").format(number=reference)
            ),
            html.Button(_("Try again"), className="btn btn-primary", **attributes(data_action="reload")),
        ],
        className="failed",
        role="alert",
    )
