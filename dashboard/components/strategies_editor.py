"""Strategies: what a facilitator enters. Judgements of a group, costs and ties of measures, steps back from the goal.

Controls stand in every reply and are shown to facilitators alone; the server decides on each edit. Most carry no ids:
``assets/strategies.js`` reads from the row around them what they say, saves it and tells how that went.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard import frames, strategies
from dashboard.components.attributes import attributes
from dashboard.components.filter_bar import grouped
from dashboard.filters import Option
from dashboard.futures import the_set
from dashboard.i18n import _, language
from dashboard.strategies import BACKCAST, PAYOFFS, PORTFOLIO, SCALE, StrategyFilters, board

LAST_YEAR = 2200
"""No step is due later."""


def editor(chosen: StrategyFilters, judge: str) -> list[Any]:
    """The controls of the chosen part; nothing where there is nothing to enter.

    Args:
        chosen: what is shown.
        judge: the group whose judgements are entered; the first one where that is none of the set's.
    """
    found = the_set(chosen.set)
    if found is None:
        return []
    if chosen.part == BACKCAST:
        return [_frame(chosen, "milestone", _("Enter steps"), _milestones(chosen))]
    if board(chosen) is None:
        return []
    if chosen.part == PAYOFFS:
        return [_frame(chosen, "pay_off", _("Enter judgements"), _judgements(chosen, judge))]
    if chosen.part == PORTFOLIO:
        return [_frame(chosen, "measure", _("Enter costs and ties"), _measures(chosen))]
    return []


def judges(chosen: StrategyFilters) -> list[Option]:
    """The groups that judge in the chosen set."""
    found = the_set(chosen.set)
    return [Option(str(g["code"]), str(g["name"])) for g in (found.groups if found else ())]


def state() -> html.P:
    """Where it is said how saving goes; it stands apart from the controls, which are drawn anew at times."""
    words = attributes(
        data_saving=_("Saving …"), data_saved=_("Saved"), data_failed=_("Not saved: {why}"), data_undone=_("Taken back")
    )
    return html.P(
        "", id="strategies-state", className="editor-state", role="status", **words, **attributes(aria_live="polite")
    )


def _frame(chosen: StrategyFilters, entity: str, title: str, inside: Sequence[Any]) -> html.Section:
    undo = html.Button(
        _("Undo the last change"),
        type="button",
        className="btn btn-sm btn-outline-secondary",
        **attributes(data_strategies="undo"),
    )
    return html.Section(
        [html.Div([html.H2(title), undo], className="editor-head"), *inside],
        className="section editor no-print",
        **attributes(data_set=chosen.set, data_entity=entity, data_lang=language(), aria_label=title),
    )


def _key(**parts: str) -> dict[str, Any]:
    return attributes(data_key=json.dumps(parts))


def _labelled(words: str, control: Any, name: str, kind: str, hidden: bool = False) -> html.Label:
    """A control in its label; ``name`` and ``kind`` tell the script which column it says and how to read it."""
    label = html.Span(words, className="visually-hidden" if hidden else "editor-label")
    return html.Label([label, control], className="editor-field", **attributes(data_field=name, data_kind=kind))


# --- judgements -----------------------------------------------------------------------------------------------------


def _judgements(chosen: StrategyFilters, judge: str) -> list[Any]:
    asked = board(chosen)
    if asked is None or not asked.groups:
        return [html.P(_("The set names no groups, so nobody can judge."))]
    group = judge if judge in asked.groups else next(iter(asked.groups))
    votes = asked.votes[asked.votes["group"] == group]
    said = {(row["measure"], row["scenario"]): row for row in frames.records(votes)}
    names = asked.names
    options = [{"label": "–", "value": ""}]
    options += [
        {"label": f"{strategies.score(value)} {_(words)}", "value": str(value)} for value, words in SCALE.items()
    ]
    head = html.Thead(
        html.Tr(
            [html.Th(_("Measure"), scope="col"), *(html.Th(one.label, scope="col") for one in asked.found.scenarios)]
        )
    )
    rows = []
    for code in names:
        cells = [html.Th(names[code], scope="row")]
        for one in asked.found.scenarios:
            row = said.get((code, one.code))
            about = _("{measure} in {scenario}").format(measure=names[code], scenario=one.name)
            key = _key(measure=code, scenario=one.code, group_code=group)
            judged = attributes(data_judged="" if row is None else "1")
            cells.append(html.Td([_score(options, row, about), _reason(row, about)], **key, **judged))
        rows.append(html.Tr(cells))
    who = html.P(
        [
            _("Judgements of {group}: what does each measure bring, if that future comes?").format(
                group=asked.groups[group]
            ),
            " ",
            _("Please write no names of persons into the reasons."),
        ],
    )
    caption = _("Judgements of {group}").format(group=asked.groups[group])
    table = html.Table([html.Caption(caption), head, html.Tbody(rows)], className="judge-table")
    label = attributes(aria_label=caption)
    return [who, html.Div(table, className="table-scroll judge-scroll", tabIndex="0", role="region", **label)]


def _score(options: Sequence[Mapping[str, Any]], row: Mapping[str, Any] | None, about: str) -> html.Label:
    value = "" if row is None else f"{row['value']:g}"
    offered = list(options)
    if value not in {option["value"] for option in offered}:
        offered.append({"label": strategies.score(float(value)), "value": value})
    return _labelled(
        about, dbc.Select(options=offered, value=value, placeholder="–", size="sm"), "score", "number", hidden=True
    )


def _reason(row: Mapping[str, Any] | None, about: str) -> html.Label:
    words = _("Reason: {about}").format(about=about)
    field = dbc.Input(value="" if row is None else row["reason"], placeholder=_("reason"), size="sm", maxlength=2000)
    return _labelled(words, field, "reason", "text", hidden=True)


# --- measures -------------------------------------------------------------------------------------------------------


def _measures(chosen: StrategyFilters) -> list[Any]:
    asked = board(chosen)
    if asked is None:
        return []
    names = asked.names
    rows = []
    for row in frames.records(asked.measures):
        others = {code: name for code, name in names.items() if code != row["code"]}
        about = str(row["name"])
        cost = dbc.Input(type="number", min=0, step="any", value=_plain(row["cost"]), size="sm")
        words = _("Cost of {measure}, thousand {currency}").format(measure=about, currency=row["currency"])
        rows.append(
            html.Tr(
                [
                    html.Th(about, scope="row"),
                    html.Td(_labelled(words, cost, "cost", "number", hidden=True)),
                    html.Td(_codes(row["code"], _("Needs"), about, "needs", others, row["needs"])),
                    html.Td(_codes(row["code"], _("Excludes"), about, "excludes", others, row["excludes"])),
                ],
                **_key(code=row["code"]),
            )
        )
    unit = _("Cost, thousand {currency}").format(currency=asked.currency or "EUR")
    head = html.Thead(html.Tr([html.Th(word, scope="col") for word in (_("Measure"), unit, _("Needs"), _("Excludes"))]))
    caption = html.Caption(_("Costs and ties of the measures"))
    table = html.Table([caption, head, html.Tbody(rows)], className="judge-table")
    label = attributes(aria_label=_("Costs and ties of the measures"))
    return [html.Div(table, className="table-scroll judge-scroll", tabIndex="0", role="region", **label)]


def _codes(
    code: str, words: str, about: str, name: str, options: Mapping[str, str], chosen: Sequence[str]
) -> html.Details:
    """A list to tick, folded: what is ticked stands in its summary. ``code`` is the row's."""
    ticked = [options[other] for other in chosen if other in options]
    boxes = dbc.Checklist(
        id=f"strategies-{name}-{code}",  # its labels find their boxes by it
        options=[{"label": label, "value": other} for other, label in options.items()],
        value=[other for other in chosen if other in options],
        class_name="many",
    )
    legend = html.Legend(f"{words}: {about}", className="visually-hidden")
    return html.Details(
        [
            html.Summary(", ".join(ticked) or "–", **{"aria-label": f"{words}, {about}: {', '.join(ticked) or '–'}"}),
            html.Fieldset([legend, boxes], **attributes(data_field=name, data_kind="codes")),
        ],
        className="editor-codes",
    )


def _plain(value: float | None) -> float | int | None:
    """A number as a field shows it: whole ones without a fraction, a missing one as nothing."""
    if value is None or value != value:
        return None
    return int(value) if float(value).is_integer() else float(value)


# --- milestones -----------------------------------------------------------------------------------------------------


def _milestones(chosen: StrategyFilters) -> list[Any]:
    rows = frames.records(frames.scenario_part("milestones", chosen.set))
    measures = frames.scenario_part("measures", chosen.set)
    names = {str(row["code"]): str(row["name"]) for row in rows}
    tools = [{"label": "–", "value": ""}]
    tools += [{"label": n, "value": c} for c, n in zip(measures["code"], measures["name"], strict=True)]
    ordered = sorted(rows, key=lambda row: -int(row["year"]))
    items = [_milestone(row, {c: n for c, n in names.items() if c != row["code"]}, tools) for row in ordered]
    return [
        html.Ol(items, className="list-plain step-list"),
        _new_milestone(chosen, max((int(row["position"]) for row in rows), default=-1) + 1, not rows),
    ]


def _milestone(row: Mapping[str, Any], others: Mapping[str, str], tools: Sequence[Mapping[str, str]]) -> html.Li:
    measure = row["measure"] if isinstance(row["measure"], str) else ""
    remove = html.Button(
        _("Remove"),
        type="button",
        className="btn btn-sm btn-outline-secondary",
        **attributes(data_strategies="remove", aria_label=_("Remove {step}").format(step=row["name"])),
    )
    name = _("Goal") if row["goal"] else _("Milestone")
    fields = [
        _labelled(name, dbc.Input(value=row["name"], size="sm", maxlength=200), "name", "words"),
        _labelled(_("Due by the end of"), _number(row["year"], 1900, LAST_YEAR), "year", "number"),
        _labelled(_value_label(row), _number(row["value"]), "value", "number"),
        _labelled(_("Years of work"), _number(row["duration"], 0, 100), "duration", "number"),
        _labelled(_("Who answers for it"), dbc.Input(value=row["owner"], size="sm", maxlength=200), "owner", "words"),
        _labelled(
            _("Measure"), dbc.Select(options=list(tools), value=measure, placeholder="–", size="sm"), "measure", "code"
        ),
    ]
    before = html.Div(
        [
            html.Span(_("Must come first"), className="editor-label"),
            _codes(row["code"], _("Must come first"), str(row["name"]), "needs", others, row["needs"]),
        ],
        className="editor-field",
    )
    return html.Li([*fields, before, remove], **_key(code=row["code"]))


def _number(value: Any, low: float | None = None, high: float | None = None) -> dbc.Input:
    limits = {name: limit for name, limit in (("min", low), ("max", high)) if limit is not None}
    return dbc.Input(type="number", value=_plain(value), step="any", size="sm", **limits)


def _value_label(row: Mapping[str, Any]) -> str:
    if not isinstance(row["indicator"], str) or not row["indicator"]:
        return _("Value")
    name = str(frames.indicator_names().get(row["indicator"], row["indicator"]))
    return _("Value: {indicator}").format(indicator=name)


def _new_milestone(chosen: StrategyFilters, position: int, first: bool) -> html.Fieldset:
    """A form for one more step; the first one of a set is its goal."""
    found = the_set(chosen.set)
    indicators = frames.indicators()
    offered = [Option("", "–"), *(Option(c, n) for c, n in zip(indicators["code"], indicators["name"], strict=True))]
    regions = strategies.milestone_regions(chosen.set) or (found.regions if found else ())
    places = frames.region_names()
    region_options = [Option(code, places.get(code, code)) for code in regions] or [Option("", "–")]
    horizon = found.horizon if found else LAST_YEAR
    chosen_region = chosen.region if chosen.region in regions else region_options[0].value
    select = {"size": "sm", "placeholder": "–"}
    return html.Fieldset(
        [
            html.Legend(_("Add the goal") if first else _("Add a step")),
            _labelled(_("What is reached then"), dbc.Input(value="", size="sm", maxlength=200), "name", "words"),
            _labelled(_("Due by the end of"), _number(horizon, 1900, LAST_YEAR), "year", "number"),
            _labelled(
                _("Indicator"), dbc.Select(options=grouped(offered), value="", **select), "indicator", "code"
            ),
            _labelled(
                _("Region"),
                dbc.Select(options=grouped(region_options), value=chosen_region, **select),
                "region",
                "code",
            ),
            _labelled(_("Value"), _number(None), "value", "number"),
            _labelled(_("Years of work"), _number(1, 0, 100), "duration", "number"),
            _labelled(_("Who answers for it"), dbc.Input(value="", size="sm", maxlength=200), "owner", "words"),
            html.Button(_("Add"), type="button", className="btn btn-sm btn-primary",
                        **attributes(data_strategies="add")),
        ],
        className="new-step",
        **attributes(data_new=json.dumps({"position": position, "goal": first, "measure": None, "needs": []}),
                     data_nameless=_("Say what is reached then, and in which year.")),
    )  # fmt: skip
