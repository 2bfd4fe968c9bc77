"""Data & method: can I trust it?"""

from collections.abc import Callable, Mapping
from typing import Any

import dash
from dash import Output, callback, html

from dashboard import frames
from dashboard.components import data_catalogue, data_indicator, data_methods, data_quality, data_tables, states
from dashboard.components.data_parts import PATH
from dashboard.components.filter_bar import filter_bar
from dashboard.i18n import N_, _
from dashboard.trust import PARTS, DataFilters

PAGE = "data"

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Data & method"),
    title=lambda **_path: _("Data & method – Can I trust it?"),
    group="trust",
    order=9,
)

DRAWN: Mapping[str, Callable[[DataFilters], list[Any]]] = {
    "catalogue": data_catalogue.draw,
    "indicator": data_indicator.draw,
    "tables": data_tables.draw,
    "quality": data_quality.draw_quality,
    "loads": data_quality.draw_loads,
    "methods": data_methods.draw_methods,
    "accessibility": data_methods.draw_accessibility,
    "privacy": data_methods.draw_privacy,
    "licence": data_methods.draw_licence,
}
"""What draws each part."""

CONTROLS: Mapping[str, tuple[str, ...]] = {
    "catalogue": ("theme",),
    "indicator": ("indicator", "country"),
    "quality": ("theme",),
}
"""Controls of the parts that have any."""


def layout(**query: str) -> html.Div:
    """The page for a query string."""
    chosen = DataFilters.parse(query)
    return html.Div(
        [
            html.Div(
                [
                    html.H1(_("Can I trust it?")),
                    html.P(_("Where every figure comes from, how old it is, and how it is used."), className="lead"),
                ],
                className="page-head",
            ),
            _parts(chosen.part),
            *_unknown(query, chosen),
            html.P(html.A(_("Bring or take programme data"), href=frames.href("/upload")), className="data-bring"),
            _controls(chosen),
            states.loading(html.Div(answer(chosen), id="data-answer", **{"aria-live": "polite"}), 600),
        ],
        className="page page-data",
    )


@callback(Output("data-answer", "children"), inputs=DataFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> list[Any]:
    """The part again, after a control was changed."""
    return answer(DataFilters.parse(values))


def answer(chosen: DataFilters) -> list[Any]:
    """What the chosen part says."""
    return DRAWN[chosen.part](chosen)


def _parts(current: str) -> html.Nav:
    links = [
        html.Li(
            html.A(
                _(label),
                href=frames.href(PATH if code == "catalogue" else f"{PATH}?part={code}"),
                className="part-link current" if code == current else "part-link",
                **{"aria-current": "page"} if code == current else {},
            )
        )
        for code, label in PARTS.items()
    ]
    return html.Nav(
        html.Ul(links, className="part-list"), className="part-nav", **{"aria-label": _("Parts of this page")}
    )


def _controls(chosen: DataFilters) -> html.Div:
    """The filter bar; a part without controls keeps none, so that its address stays as it is."""
    names = CONTROLS.get(chosen.part)
    return html.Div() if names is None else filter_bar(PAGE, chosen, names)


def _unknown(query: Mapping[str, str], chosen: DataFilters) -> list[Any]:
    asked = str(query.get("indicator", ""))[:80]
    if not asked or asked == chosen.indicator:
        return []
    words = _("The catalogue has no indicator with the code '{code}'.").format(code=asked)
    return [html.P(words, className="note", role="status")]
