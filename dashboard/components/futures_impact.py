"""Futures, cross-impact: three views of what people judged together, each recomputed while they type."""

from typing import Any

import dash_bootstrap_components as dbc
from dash import Output, State, callback, html

from dashboard import futures
from dashboard.components import futures_box, futures_cross_impact, futures_grid, futures_influence
from dashboard.components.futures_impact_parts import OWN as OWN_PAGE
from dashboard.components.futures_impact_parts import (
    VIEWS,
    ImpactChoices,
    ImpactFilters,
    inputs,
    joined,
)
from dashboard.components.futures_parts import no_set, set_of
from dashboard.filters import control_id
from dashboard.futures import FuturesFilters
from dashboard.i18n import _
from dashboard.judgements import BOX, CIB, INFLUENCE

OWN = ImpactChoices
"""Choices of this part alone: it draws their controls itself, and the page hands over what the address says of them."""

DRAWN = {CIB: futures_cross_impact.view, INFLUENCE: futures_influence.view, BOX: futures_box.view}


def content(page: FuturesFilters, own: ImpactChoices | None = None) -> list[Any]:
    """The part as the chosen filters ask for it."""
    chosen = joined(page, own or ImpactChoices.parse())
    choice = html.Fieldset(
        [
            html.Legend(_("View"), className="visually-hidden"),
            dbc.RadioItems(
                id=control_id(OWN_PAGE, "view"),
                options=[{"label": _(label), "value": code} for code, label in VIEWS.items()],
                value=chosen.view,
                inline=True,
                class_name="view-choice",
            ),
        ],
        className="views views-second no-print",
    )
    return [choice, html.Div(_view(chosen), id="futures-impact-view")]


def _view(chosen: ImpactFilters) -> list[Any]:
    found = set_of(chosen)
    return [no_set()] if found is None else DRAWN[chosen.view](chosen, found)


def _view_inputs() -> dict[str, Any]:
    every = inputs("view")
    every["edition"] = State("edition", "data")
    return every


def update_view(**values: Any) -> list[Any]:
    """Another view."""
    return _view(ImpactFilters.parse({**values, "part": futures.IMPACT}))


def register() -> None:
    """Connect this part to its controls; the page does so, once for each application."""
    callback(Output("futures-impact-view", "children"), inputs=_view_inputs(), prevent_initial_call=True)(update_view)
    for module in (futures_grid, futures_cross_impact, futures_influence, futures_box):
        module.register()
