"""Specialisation: what are we good at, what next?"""

from typing import Any

import dash
from dash import Output, callback, html

from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.filter_bar import filter_bar
from dashboard.components.specialisation_next import heading, next_part, space
from dashboard.components.specialisation_parts import PAGE, PATH, SpecialisationFilters, asked, missing
from dashboard.components.specialisation_structure import shift, structure_part
from dashboard.i18n import N_, _

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Specialisation"),
    title=lambda **_query: _("Specialisation – What are we good at, what next?"),
    group="progress",
    order=4,
)


def _inputs(*names: str) -> dict[str, Any]:
    every = SpecialisationFilters.inputs(PAGE)
    return {name: every[name] for name in names}


def layout(**query: Any) -> html.Div:
    """The page for what the address asks: the answer at once, what lies below it as the next two answers."""
    chosen = SpecialisationFilters.parse(query)
    head = html.Header(
        heading(chosen), id="specialisation-head", className="page-head", **attributes(aria_live="polite")
    )
    return html.Div(
        [
            filter_bar(PAGE, chosen, ["region", "series", "year", "start", "beside"], more=["minimum"]),
            states.loading(head, 160),
            states.loading(html.Div(_next(chosen), id="specialisation-next"), 620),
            _later("specialisation-good-at", 1100),
            _later("specialisation-beside", 700),
        ],
        className="page page-specialisation",
    )


def _later(name: str, height: int) -> Any:
    """Room for a part that is asked for as soon as the page stands."""
    room = html.Div(className="skeleton", style={"height": height}, **attributes(aria_hidden="true"))
    return states.loading(html.Div(room, id=name, className="section"), height)


def _next(chosen: SpecialisationFilters) -> list[Any]:
    shown = asked(chosen)
    if shown.stand == "none":
        return [states.empty(_("What is missing, and why"), missing(shown))]
    return next_part(chosen)


def _beside(chosen: SpecialisationFilters) -> Any:
    """How it came about, and the space in which it moves."""
    if asked(chosen).stand == "none":
        return None
    cards = (shift(chosen), space(chosen))
    return html.Div(
        [html.Div(exhibit_card(card), className="span-6", **attributes(data_click_filter="pick")) for card in cards],
        className="grid",
    )


@callback(
    Output("specialisation-head", "children"),
    inputs=_inputs("region", "series", "year", "minimum"),
    prevent_initial_call=True,
)
def update_head(**values: Any) -> list[Any]:
    """Another region, series or year."""
    return heading(SpecialisationFilters.parse(values))


@callback(
    Output("specialisation-next", "children"), inputs=SpecialisationFilters.inputs(PAGE), prevent_initial_call=True
)
def update_next(**values: Any) -> list[Any]:
    """Anything that changes what could come next, or an industry that was picked."""
    return _next(SpecialisationFilters.parse(values))


@callback(
    Output("specialisation-good-at", "children"),
    inputs=_inputs("region", "series", "year", "beside"),
)
def update_good_at(**values: Any) -> list[Any]:
    """Another region, series, year or area beside it."""
    return structure_part(SpecialisationFilters.parse(values))


@callback(
    Output("specialisation-beside", "children"),
    inputs=SpecialisationFilters.inputs(PAGE),
)
def update_beside(**values: Any) -> Any:
    """Another region, series, year or span, or an industry that was picked."""
    return _beside(SpecialisationFilters.parse(values))
