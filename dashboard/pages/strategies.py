"""Strategies: what holds up?"""

from collections.abc import Mapping
from typing import Any

import dash
import dash_bootstrap_components as dbc
from dash import Input, Output, callback, dcc, html

from dashboard import frames, strategies
from dashboard.components import (
    states,
    strategies_backcast,
    strategies_editor,
    strategies_groups,
    strategies_metrics,
    strategies_payoffs,
    strategies_portfolio,
)
from dashboard.components.attributes import attributes
from dashboard.components.filter_bar import filter_bar, grouped
from dashboard.components.futures_parts import caveat, no_set
from dashboard.components.strategies_parts import no_measures, other_sets, question
from dashboard.filters import Option, control_id
from dashboard.futures import the_set
from dashboard.i18n import N_, _, number
from dashboard.strategies import ALL, AUTO, BACKCAST, PARTS, PATH, StrategyFilters

PAGE = "strategies"

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Strategies"),
    title=lambda **_query: _("Strategies – What holds up?"),
    group="futures",
    order=8,
)

JUDGED: Mapping[str, Any] = {
    strategies.PAYOFFS: strategies_payoffs,
    strategies.METRIC: strategies_metrics,
    strategies.PORTFOLIO: strategies_portfolio,
    strategies.GROUPS: strategies_groups,
}
"""Module of each part that needs judgements: ``headline`` is the page's answer, ``content`` draws the part, and
``CONTROLS`` names the filters that stand in the bar while it is shown. The road back needs none."""

CONTROLS = {part: module.CONTROLS for part, module in JUDGED.items()} | {BACKCAST: strategies_backcast.CONTROLS}
ALWAYS = ("set",)


def head(chosen: StrategyFilters) -> list[Any]:
    """The answer of the page, how much it rests on, and what its figures are."""
    found = the_set(chosen.set)
    parts: list[Any] = [html.P(_("Strategies – What holds up?"), className="kicker")]
    if found is None:
        return [*parts, html.H1(_("No scenario set is loaded yet."))]
    if chosen.part == BACKCAST:
        return [*parts, html.H1(strategies_backcast.headline(chosen)), caveat(found)]
    asked = question(chosen)
    if asked is None:
        return [*parts, html.H1(no_measures(chosen)), caveat(found)]
    counted = html.P(strategies.counted_words(asked.board) + ".", className="lead")
    return [*parts, html.H1(JUDGED[chosen.part].headline(asked)), counted, caveat(found)]


def answer(chosen: StrategyFilters) -> list[Any]:
    """The chosen part; only this one is computed."""
    if the_set(chosen.set) is None:
        return [no_set()]
    if chosen.part == BACKCAST:
        return strategies_backcast.content(chosen)
    asked = question(chosen)
    return [other_sets(chosen)] if asked is None else JUDGED[chosen.part].content(asked)


def _groups(chosen: StrategyFilters) -> list[dict[str, Any]]:
    return grouped([Option(ALL, _("All groups")), *strategies_editor.judges(chosen)])


def _regions(chosen: StrategyFilters) -> list[dict[str, Any]]:
    """Regions of which the set has milestones or says something; the chosen one stays even if it is none of them."""
    found, names = the_set(chosen.set), frames.region_names()
    codes = dict.fromkeys([*strategies.milestone_regions(chosen.set), *(found.regions if found else ())])
    if chosen.region != AUTO:
        codes |= {chosen.region: None}
    return grouped([Option(AUTO, _("The region of the goal")), *(Option(c, names.get(c, c)) for c in codes)])


CHOICES = {"group": _groups, "region": _regions}
"""Filters whose options depend on the set."""


def budget_hint(chosen: StrategyFilters) -> str:
    """What the budget is while none is entered."""
    asked = question(chosen) if chosen.part == strategies.PORTFOLIO else None
    purse = strategies.purse(chosen.but(budget=0), asked.board, asked.weighed) if asked else None
    return _("half: {amount}").format(amount=number(purse.budget)) if purse else ""


def _bar(chosen: StrategyFilters) -> html.Div:
    """The filter bar; controls of one part are marked with it, so that the style sheet shows them there only."""
    parts_of: dict[str, list[str]] = {}
    for part in PARTS:
        for name in CONTROLS[part]:
            parts_of.setdefault(name, []).append(part)
    names = [*ALWAYS, *parts_of]
    bar = filter_bar(PAGE, chosen, names)
    drawn = dict(zip(names, bar.children, strict=False))
    for name, offered in CHOICES.items():
        drawn[name].children[1].options = offered(chosen)
    for name, parts in parts_of.items():
        drawn[name].className += " of-part " + " ".join(f"of-{part}" for part in parts)
    budget = drawn["budget"].children[1]
    budget.value, budget.placeholder = chosen.budget or None, budget_hint(chosen)
    hidden = [part for part in bar.children[len(names) :] if getattr(part, "id", None) != control_id(PAGE, "part")]
    bar.children = [*drawn.values(), *hidden]
    return bar


def _part_control(chosen: StrategyFilters) -> html.Fieldset:
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


def _editors(chosen: StrategyFilters) -> html.Div:
    """What facilitators enter; the group that they enter for is chosen here, apart from what the page shows."""
    options = [{"label": option.label, "value": option.value} for option in strategies_editor.judges(chosen)]
    judge = chosen.group if chosen.group != ALL else ""
    first = judge or (options[0]["value"] if options else "")
    select = dbc.Select(id="strategies-judge", options=options, value=first, size="sm")
    return html.Div(
        [
            html.Div(
                [html.Label(_("Judgements of which group?"), htmlFor="strategies-judge"), select],
                className="filter judge-choice of-part of-payoffs",
            ),
            strategies_editor.state(),
            html.Div(strategies_editor.editor(chosen, first), id="strategies-editors"),
            dcc.Store(id="strategies-renew", data=0),
        ],
        className="for-editors strategies-enter no-print",
    )


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    if frames.is_empty():
        return html.Div([html.H1(_("Strategies – What holds up?")), states.nothing_loaded()], className="page")
    chosen = StrategyFilters.parse(query)
    return html.Div(
        [
            _bar(chosen),
            html.Header(
                html.Div(head(chosen), id="strategies-head", **attributes(aria_live="polite")), className="page-head"
            ),
            _part_control(chosen),
            states.loading(html.Div(answer(chosen), id="strategies-answer"), 600),
            _editors(chosen),
        ],
        className="page page-strategies",
    )


@callback(
    Output("strategies-head", "children"),
    Output("strategies-answer", "children"),
    *(Output(control_id(PAGE, name), "options") for name in CHOICES),
    Output(control_id(PAGE, "budget"), "placeholder"),
    inputs={**StrategyFilters.inputs(PAGE), "edition": Input("edition", "data")},
    prevent_initial_call=True,
)
def update(edition: int | None, **values: Any) -> tuple[Any, ...]:
    """Answer a change of any control, and what a facilitator enters."""
    frames.at_least(edition)
    chosen = StrategyFilters.parse(values)
    return head(chosen), answer(chosen), *(offered(chosen) for offered in CHOICES.values()), budget_hint(chosen)


@callback(
    Output("strategies-editors", "children"),
    Output("strategies-judge", "options"),
    inputs={
        "set_code": Input(control_id(PAGE, "set"), "value"),
        "part": Input(control_id(PAGE, "part"), "value"),
        "region": Input(control_id(PAGE, "region"), "value"),
        "judge": Input("strategies-judge", "value"),
        "renew": Input("strategies-renew", "data"),
    },
    prevent_initial_call=True,
)
def enter(set_code: Any, part: Any, region: Any, judge: Any, renew: int | None) -> tuple[Any, ...]:
    """The controls of another part, group or set; and anew when something was added, removed or taken back."""
    frames.at_least(renew)
    chosen = StrategyFilters.parse({"set": set_code, "part": part, "region": region})
    options = [{"label": option.label, "value": option.value} for option in strategies_editor.judges(chosen)]
    return strategies_editor.editor(chosen, judge if isinstance(judge, str) else ""), options
