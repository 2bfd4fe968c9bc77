"""Futures, the morphological box: choose values and see what still goes together."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from dash import Output, callback, html

from analysis.morphology import BoxError
from dashboard import judgements
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.futures_grid import grid
from dashboard.components.futures_impact_parts import (
    ImpactFilters,
    asked,
    bar,
    impact_exhibit,
    inputs,
    no_exhibit,
    sheet,
)
from dashboard.components.futures_parts import lacks, set_of
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.futures import FuturesSet, ScenarioLook
from dashboard.i18n import N_, _, ngettext, number, signed
from dashboard.judgements import BOX, BoxAnswer, Sheet

STATES: Mapping[str, tuple[str, str]] = {
    "chosen": ("✓", N_("chosen")),
    "open": ("", ""),
    "closed": ("–", N_("not with what is chosen")),
    "dead": ("×", N_("never possible")),
}
"""Sign and word of what a value is: chosen, still possible, shut out by the choice, impossible in any case."""


def view(chosen: ImpactFilters, found: FuturesSet) -> list[Any]:
    """The box to choose from, and its pair marks to type into."""
    mine = sheet(chosen, BOX)
    controls = bar(chosen, found, ["group"] if mine and mine.groups else [])
    if mine is None:
        return [controls, lacks(found, _("This set has no morphological box."))]
    marks = html.Details(
        [
            html.Summary(_("Which pairs go together: look at the marks or change them")),
            grid(mine, chosen, _("Which pairs go together"), _scale()),
        ],
        className="section matrix box-marks",
    )
    return [controls, html.Div(answer(chosen), id="impact-box"), marks]


def _scale() -> str:
    return _("Pairs of values, from −2 (hard to reconcile) to +2 (support one another), X impossible")


def _asked(chosen: ImpactFilters) -> tuple[FuturesSet, Sheet] | None:
    found = set_of(chosen)
    mine = sheet(chosen, BOX) if found else None
    return None if found is None or mine is None else (found, mine)


def answer(chosen: ImpactFilters) -> list[Any]:
    """The box with what is chosen, what remains, and the best configurations."""
    known = _asked(chosen)
    if known is None:
        return []
    found, mine = known
    fixed = judgements.read_fixed(mine, chosen.fixed)
    try:
        held = judgements.open_box(mine, fixed)
    except BoxError as error:
        return [exhibit_card(no_exhibit(chosen, "futures-box", str(error)))]
    extra = [
        html.Div(_counted(mine, held, fixed), className="box-answer", **attributes(aria_live="polite")),
        _table(mine, held, fixed, found),
        _legend(found, mine),
    ]
    return [
        exhibit_card(_box_exhibit(chosen, found, mine, held, fixed), extra=html.Div(extra)),
        html.Div(exhibit_card(_configurations(chosen, found, mine, held, fixed), open_table=True), className="section"),
    ]


def _counted(mine: Sheet, held: BoxAnswer, fixed: Mapping[int, int]) -> list[Any]:
    """What remains in numbers, and when nothing does what to lift."""
    parts: list[Any] = []
    if fixed:
        words = ngettext("{n} configuration is left with what is chosen.",
                         "{n} configurations are left with what is chosen.", held.left)  # fmt: skip
        parts.append(html.P(words.format(n=number(held.left)), className="box-left"))
        parts.append(
            html.Button(
                _("Choose anew"),
                type="button",
                className="btn btn-sm btn-outline-secondary no-print",
                **attributes(data_action="set", data_values=json.dumps({"fixed": ""})),
            )
        )
    else:
        parts.append(
            html.P(_("Choose one value or several; what no longer goes with them is marked."), className="muted")
        )
    if held.lift:
        pairs = [f"{mine.names[a]} – {mine.names[b]}" for a, b in held.lift]
        words = ngettext(
            "It would be enough to lift this veto:", "It would be enough to lift these {n} vetoes:", len(pairs)
        )
        parts.append(html.P(words.format(n=number(len(pairs)))))
        parts.append(html.Ul([html.Li(pair) for pair in pairs]))
        if not held.lift_complete:
            parts.append(html.P(_("The search was stopped; fewer might do."), className="muted"))
    if not held.complete:
        parts.append(html.P(_("Counting was stopped at its limit: there may be more."), className="muted"))
    return parts


def _table(mine: Sheet, held: BoxAnswer, fixed: Mapping[int, int], found: FuturesSet) -> html.Div:
    """Parameters as rows, their values as buttons."""
    rows = []
    for p, part in enumerate(mine.parts):
        cells = [
            html.Th([part.name, html.Span(part.note, className="box-note")] if part.note else part.name, scope="row")
        ]
        for v, (code, name) in enumerate(part.values):
            cells.append(html.Td(_value(mine, held, fixed, found, p, v, f"{part.code}.{code}", name)))
        rows.append(html.Tr(cells))
    caption = _("The morphological box: a row for each parameter, its values as buttons")
    return html.Div(
        html.Table([html.Caption(caption, className="visually-hidden"), html.Tbody(rows)], className="box-table"),
        className="table-scroll box-scroll",
    )


def _value(
    mine: Sheet, held: BoxAnswer, fixed: Mapping[int, int], found: FuturesSet, p: int, v: int, line: str, name: str
) -> html.Button:
    chosen = fixed.get(p) == v
    state = "chosen" if chosen else "dead" if line in held.dead else "open" if line in held.open_values else "closed"
    # Another value of a parameter that is fixed may be taken instead, so it is only shut out by its own choice.
    if state == "closed" and p in fixed:
        state = "open" if _would_fit(mine, fixed, p, v) else "closed"
    after = dict(fixed)
    if chosen:
        after.pop(p)
    else:
        after[p] = v
    token = ",".join(f"{mine.parts[q].code}.{mine.parts[q].values[w][0]}" for q, w in sorted(after.items()))
    sign, word = STATES[state]
    signs = [one.sign for one in _takers(found, mine, p, v)]
    return html.Button(
        [
            html.Span(f"{sign} " if sign else "", **attributes(aria_hidden="true")),
            html.Span(name, className="box-name"),
            html.Span(_(word), className="box-state") if word else "",
            html.Span(" ".join(signs), className="box-takers", **attributes(aria_hidden="true")) if signs else "",
            html.Span(
                _("taken by: {names}").format(names=", ".join(one.name for one in _takers(found, mine, p, v))),
                className="visually-hidden",
            )
            if signs
            else "",
        ],
        type="button",
        className=f"box-value box-{state}",
        **attributes(
            data_action="set",
            data_values=json.dumps({"fixed": token}),
            aria_pressed="true" if chosen else "false",
        ),
    )


def _would_fit(mine: Sheet, fixed: Mapping[int, int], p: int, v: int) -> bool:
    """Whether something would be left if a parameter took this value instead of the one chosen."""
    return bool(judgements.fits(mine, {**fixed, p: v}))


def _takers(found: FuturesSet, mine: Sheet, p: int, v: int) -> list[ScenarioLook]:
    """Scenarios of the set that take a value."""
    part = mine.parts[p]
    return [one for one in found.scenarios if one.state.get(part.code) == part.values[v][0]]


def _legend(found: FuturesSet, mine: Sheet) -> Any:
    there = [one for one in found.scenarios if any(part.code in one.state for part in mine.parts)]
    if not there:
        return html.P(_("The scenarios of the set say nothing of these parameters."), className="card-note")
    words = _("Signs: values that a scenario of the set takes – {names}").format(
        names=", ".join(one.label for one in there)
    )
    return html.P(words, className="card-note")


@exhibit("futures-box", ImpactFilters)
def box_exhibit(chosen: ImpactFilters) -> Exhibit:
    """The values of the box with what each is."""
    known = _asked(chosen)
    if known is None:
        return no_exhibit(chosen, "futures-box", _("This set has no morphological box."))
    found, mine = known
    fixed = judgements.read_fixed(mine, chosen.fixed)
    try:
        held = judgements.open_box(mine, fixed)
    except BoxError as error:
        return no_exhibit(chosen, "futures-box", str(error))
    return _box_exhibit(chosen, found, mine, held, fixed)


def _box_exhibit(
    chosen: ImpactFilters, found: FuturesSet, mine: Sheet, held: BoxAnswer, fixed: Mapping[int, int]
) -> Exhibit:
    rows = []
    for p, part in enumerate(mine.parts):
        for v, (code, name) in enumerate(part.values):
            line = f"{part.code}.{code}"
            state = "chosen" if fixed.get(p) == v else "dead" if line in held.dead else (
                "open" if line in held.open_values else "closed")  # fmt: skip
            rows.append(
                {
                    "parameter": part.name,
                    "value": name,
                    "state": _(STATES[state][1]) if STATES[state][1] else _("possible"),
                    "scenarios": ", ".join(one.label for one in _takers(found, mine, p, v)),
                }
            )
    said = ngettext(
        "{n} of {space} configurations goes together.", "{n} of {space} configurations go together.", held.surviving
    ).format(n=number(held.surviving), space=number(held.space))
    dead = ngettext("{n} value is never possible.", "{n} values are never possible.", len(held.dead)).format(
        n=number(len(held.dead))
    )
    return impact_exhibit(
        chosen,
        found,
        "futures-box",
        mine,
        answer=f"{said} {dead}" if held.dead else said,
        subtitle=_("{parameters} parameters with {values} values").format(
            parameters=number(len(mine.parts)), values=number(len(mine.lines))
        ),
        table=pd.DataFrame(rows, columns=["parameter", "value", "state", "scenarios"]),
        columns=(
            Column("parameter", _("Parameter")),
            Column("value", _("Value")),
            Column("state", _("What it is")),
            Column("scenarios", _("Scenarios that take it")),
        ),
        how=_(
            "A configuration takes one value of each parameter. It goes together when none of its pairs is marked as "
            "impossible (X)."
        ),
    )


@exhibit("futures-configurations", ImpactFilters)
def configurations_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Configurations that are left, the best marks first."""
    known = _asked(chosen)
    if known is None:
        return no_exhibit(chosen, "futures-configurations", _("This set has no morphological box."))
    found, mine = known
    fixed = judgements.read_fixed(mine, chosen.fixed)
    try:
        held = judgements.open_box(mine, fixed)
    except BoxError as error:
        return no_exhibit(chosen, "futures-configurations", str(error))
    return _configurations(chosen, found, mine, held, fixed)


def _configurations(
    chosen: ImpactFilters, found: FuturesSet, mine: Sheet, held: BoxAnswer, fixed: Mapping[int, int]
) -> Exhibit:
    rows = [
        {**{part.code: part.values[v][1] for part, v in zip(mine.parts, state, strict=True)}, "mean": mean,
         "scenarios": _same(found, mine, state)}
        for state, mean in held.examples
    ]  # fmt: skip
    columns = (
        *(Column(part.code, part.name) for part in mine.parts),
        Column("mean", _("Mean mark of its pairs"), "signed", 2),
        Column("scenarios", _("Scenarios it agrees with")),
    )
    if rows:
        best = held.examples[0]
        values = ", ".join(part.values[v][1] for part, v in zip(mine.parts, best[0], strict=True))
        said = _("What goes together best: {values} (mean mark {mean}).").format(values=values, mean=signed(best[1], 2))
    else:
        said = _("Nothing goes together with what is chosen.")
    return impact_exhibit(
        chosen,
        found,
        "futures-configurations",
        mine,
        answer=said,
        subtitle=_("Up to {n} configurations that are left, the best marks first").format(n=judgements.EXAMPLES),
        table=pd.DataFrame(rows, columns=[column.name for column in columns]),
        columns=columns,
        how=_("The mean mark is that of all pairs of values, from −2 (hard to reconcile) to +2 (support one another)."),
        empty="" if rows else said,
    )


def _same(found: FuturesSet, mine: Sheet, state: Sequence[int]) -> str:
    """Scenarios that take every value of a configuration of which they say anything."""
    agreeing = []
    for one in found.scenarios:
        said = [(one.state[part.code], part.values[v][0]) for part, v in zip(mine.parts, state, strict=True)
                if part.code in one.state]  # fmt: skip
        if said and all(a == b for a, b in said):
            agreeing.append(one.label)
    return ", ".join(agreeing)


@exhibit("futures-marks", ImpactFilters)
def marks_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Every marked pair of the box."""
    known = _asked(chosen)
    if known is None:
        return no_exhibit(chosen, "futures-marks", _("This set has no morphological box."))
    found, mine = known
    rows = [
        {"row": mine.names[row], "column": mine.names[column], "mark": held.text, "reason": held.reason}
        for (row, column), held in mine.cells.items()
    ]
    vetoes = sum(held.sign != "" for held in mine.cells.values())
    said = ngettext("{n} pair is marked as impossible.", "{n} pairs are marked as impossible.", vetoes)
    return impact_exhibit(
        chosen,
        found,
        "futures-marks",
        mine,
        answer=said.format(n=number(vetoes)),
        subtitle=_scale(),
        table=pd.DataFrame(rows, columns=["row", "column", "mark", "reason"]),
        columns=(
            Column("row", _("This value")),
            Column("column", _("with this one")),
            Column("mark", _("Mark")),
            Column("reason", _("Reason given")),
        ),
        how=_("A pair without a mark is neutral, 0."),
        page_rows=120,
    )


def update_box(**values: Any) -> list[Any]:
    """Other values are chosen, or a mark was typed."""
    return answer(asked(values))


def register() -> None:
    """Connect this part to its controls; the page does so, once for each application."""
    callback(Output("impact-box", "children"), inputs=inputs("fixed", "group", "tried"), prevent_initial_call=True)(
        update_box
    )
