"""A light that says why it shines as it does."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import attributes
from dashboard.components.marks import mark, word
from dashboard.i18n import _


def why(
    status: str, lines: Iterable[tuple[str, Any]], extra: Sequence[Any] = (), label: str = "", hint: bool = True
) -> html.Details:
    """A light that says why it shines so, one click away.

    Args:
        status: code of the mark.
        lines: what and value, in order: formula, values, dates, thresholds, evidence.
        extra: further components, such as the right of reply.
        label: what the light is of, for screen readers.
        hint: whether "why?" stands beside the light; in a table of lights it need not be said each time.
    """
    rows: list[Any] = []
    for name, value in lines:
        rows += [html.Dt(name), html.Dd(value)]
    summary = html.Summary(
        [mark(status), *([html.Span(_("why?"), className="why-hint")] if hint else [])],
        title=_("why this colour?"),
        **attributes(aria_label=" – ".join(part for part in (label, word(status), _("why this colour?")) if part)),
    )
    body = html.Div([html.Dl(rows), *extra], className="why-body")
    return html.Details([summary, body], className="why" if hint else "why why-cell")
