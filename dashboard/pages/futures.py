"""Futures: what could happen?"""

from collections.abc import Mapping
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import Output, callback, html

from dashboard import frames, futures
from dashboard.components import futures_drivers, futures_heading, futures_impact, futures_story, states
from dashboard.components.attributes import attributes
from dashboard.components.filter_bar import filter_bar, grouped
from dashboard.components.futures_parts import caveat, no_set, set_of
from dashboard.filters import control_id
from dashboard.futures import CHOICES, PARTS, PATH, FuturesFilters
from dashboard.i18n import N_, _

PAGE = "futures"

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Futures"),
    title=lambda **_query: _("Futures – What could happen?"),
    group="futures",
    order=7,
)

DRAWN: Mapping[str, Any] = {
    futures.STORY: futures_story,
    futures.HEADING: futures_heading,
    futures.DRIVERS: futures_drivers,
    futures.IMPACT: futures_impact,
}
"""Module of each part: ``content(chosen)`` draws it; ``headline(chosen)``, if it has one, is the page's answer; and
``CONTROLS`` names the filters that stand in the bar while it is shown. A part with choices of its own, whose controls
it draws itself, names their class as ``OWN`` and is handed what the address says of them; ``register()`` connects them.
"""

for _part in DRAWN.values():
    if hasattr(_part, "register"):
        _part.register()

ALWAYS = ("set", "region")


def _controls_of(part: str) -> tuple[str, ...]:
    return getattr(DRAWN[part], "CONTROLS", ())


def head(chosen: FuturesFilters) -> list[Any]:
    """The answer of the page, the set's question and what its figures are."""
    found = set_of(chosen)
    parts: list[Any] = [html.P(_("Futures – What could happen?"), className="kicker")]
    if found is None:
        return [*parts, html.H1(_("No scenario set is loaded yet."))]
    headline = getattr(DRAWN[chosen.part], "headline", None)
    said = headline(chosen) if headline else ""
    parts.append(html.H1(said or found.question or found.title))
    if said and found.question:
        parts.append(html.P(found.question, className="lead"))
    return [*parts, caveat(found)]


def answer(chosen: FuturesFilters, query: Mapping[str, Any] | None = None) -> list[Any]:
    """The chosen part; only this one is computed."""
    part = DRAWN[chosen.part]
    if set_of(chosen) is None:
        return [no_set()]
    return list(part.content(chosen, part.OWN.parse(query)) if hasattr(part, "OWN") else part.content(chosen))


def choices(chosen: FuturesFilters) -> list[list[dict[str, Any]]]:
    """What the controls offer that depend on the set, in the order of ``CHOICES``."""
    return [grouped(offered(chosen)) for offered in CHOICES.values()]


def _part_control(chosen: FuturesFilters) -> html.Fieldset:
    return html.Fieldset(
        [
            html.Legend(_("Part"), className="visually-hidden"),
            dbc.RadioItems(
                id=control_id(PAGE, "part"),
                options=[{"label": _(label), "value": code} for code, label in PARTS.items()],
                value=chosen.part,
                inline=True,
                class_name="view-choice",
            ),
        ],
        className="views no-print",
    )


def _bar(chosen: FuturesFilters) -> html.Div:
    """The filter bar; controls of one part are marked with it, so that the style sheet shows them there only."""
    parts_of: dict[str, list[str]] = {}
    for part in PARTS:
        for name in _controls_of(part):
            parts_of.setdefault(name, []).append(part)
    names = [*ALWAYS, *parts_of]
    bar = filter_bar(PAGE, chosen, names)
    drawn = dict(zip(names, bar.children, strict=False))
    for name, options in zip(CHOICES, choices(chosen), strict=True):
        if name in drawn:
            drawn[name].children[1].options = options
    for name, parts in parts_of.items():
        drawn[name].className += " of-part " + " ".join(f"of-{part}" for part in parts)
    hidden = [part for part in bar.children[len(names) :] if getattr(part, "id", None) != control_id(PAGE, "part")]
    bar.children = [*drawn.values(), *hidden]
    return bar


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    if frames.is_empty():
        return html.Div([html.H1(_("Futures – What could happen?")), states.nothing_loaded()], className="page")
    chosen = FuturesFilters.parse(query)
    return html.Div(
        [
            _bar(chosen),
            html.Header(
                html.Div(head(chosen), id="futures-head", **attributes(aria_live="polite")), className="page-head"
            ),
            _part_control(chosen),
            states.loading(html.Div(answer(chosen, query), id="futures-answer"), 600, only=True),
        ],
        className="page page-futures",
    )


@callback(
    Output("futures-head", "children"),
    Output("futures-answer", "children"),
    *(Output(control_id(PAGE, name), "options") for name in CHOICES),
    inputs=FuturesFilters.inputs(PAGE),
    prevent_initial_call=True,
)
def update(**values: Any) -> tuple[Any, ...]:
    """Answer a change of any control."""
    chosen = FuturesFilters.parse(values)
    return head(chosen), answer(chosen), *choices(chosen)
