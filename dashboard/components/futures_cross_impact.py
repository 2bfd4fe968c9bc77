"""Futures, cross-impact balances: the matrix as a workshop edits it, and what follows from it while one types."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html, no_update

from analysis import cross_impact
from analysis.cross_impact import CrossImpactMatrix, MatrixError
from dashboard import frames, futures, judgements
from dashboard.components import states
from dashboard.components.attributes import attributes, element
from dashboard.components.card import exhibit_card
from dashboard.components.futures_grid import grid
from dashboard.components.futures_impact_parts import (
    ACCEPTED,
    RULES,
    ImpactFilters,
    asked,
    bar,
    impact_exhibit,
    inputs,
    likeness_words,
    no_exhibit,
    read_state,
    sheet,
    state_text,
    state_words,
)
from dashboard.components.futures_parts import lacks, set_of
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.futures import FuturesSet
from dashboard.i18n import DASH, _, ngettext, number, percent, signed
from dashboard.judgements import CIB, Consistent, Found, Likeness, Named

SHOWN = 12
"""Scenarios that stand in the live list and in the tableau; the tables hold all."""

WIDE = 20
"""Matrices with more states than this take the whole width."""


class Asked:
    """A question put to the matrix: the set, the sheet, the matrix, the set's scenarios as states."""

    def __init__(self, chosen: ImpactFilters) -> None:
        found = set_of(chosen)
        mine = sheet(chosen, CIB) if found else None
        if found is None or mine is None:
            raise LookupError
        self.chosen, self.found, self.mine = chosen, found, mine
        self.matrix: CrossImpactMatrix = judgements.matrix_of(mine)
        self.named: tuple[Named, ...] = judgements.named_states(mine.parts, found.scenarios)

    def consistent(self) -> Found:
        """The consistent scenarios, as the reader accepts them."""
        return judgements.consistent(self.matrix, self.chosen.accept, self.named)

    def near(self, state: Sequence[int]) -> Likeness | None:
        """The scenario of the set nearest to a state."""
        return judgements.nearest(state, self.named)

    def pulls(self) -> dict[judgements.State, float]:
        """About what share of starts drifts to each consistent scenario; few starts, so that it is there at once."""
        held = cross_impact.pulls(self.matrix, self.rule, starts=400, steps=25)
        return {tuple(state): share for state, share in zip(held.states.tolist(), held.share.tolist(), strict=True)}

    @property
    def rule(self) -> cross_impact.Rule:
        """How successions go on."""
        return "incremental" if self.chosen.rule == "incremental" else "global"


# The view


def view(chosen: ImpactFilters, found: FuturesSet) -> list[Any]:
    """The workshop view: controls, grid, what follows now, and below it what takes longer."""
    mine = sheet(chosen, CIB)
    controls = bar(chosen, found, ["accept", "rule", *(["group"] if mine and mine.groups else [])])
    if mine is None:
        return [controls, lacks(found, _("This set has no cross-impact matrix."))]
    try:
        asked_for = Asked(chosen)
    except MatrixError as error:
        return [controls, states.empty(_("The matrix cannot be computed with."), str(error))]
    wide = len(mine.lines) > WIDE
    return [
        controls,
        html.Div(
            [
                html.Div(
                    grid(mine, chosen, _("How each state bears on the others"), _size(asked_for)), className="matrix"
                ),
                html.Div(_live(asked_for), className="live-side"),
            ],
            className="workshop workshop-wide" if wide else "workshop",
        ),
        # What is tried, as the browser tells it once typing was answered: what takes longer waits for this.
        dcc.Store(id="impact-next", data=",".join(chosen.tried)),
        html.Div(consistent_part(asked_for, asked_for.consistent()), id="impact-consistent", className="section"),
        html.Div(why_part(asked_for), id="impact-why", className="section"),
        html.Div(attractor_part(asked_for, quick=False), id="impact-attractors", className="section"),
        states.loading(
            html.Div(html.Div(className="skeleton", style={"height": 420}, **attributes(aria_hidden="true")),
                     id="impact-sensitivity", className="section"),
            420,
        ),
    ]  # fmt: skip


def _size(question: Asked) -> str:
    size = _("{descriptors} descriptors with {states} states, {space} combinations").format(
        descriptors=number(len(question.mine.parts)),
        states=number(len(question.mine.lines)),
        space=number(question.matrix.space),
    )
    return _("{size}; from −3 (strongly hinders) to +3 (strongly promotes)").format(size=size)


@exhibit("futures-matrix", ImpactFilters)
def matrix_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Every judgement of the cross-impact matrix."""
    question = _question(chosen)
    if isinstance(question, Exhibit):
        return question
    mine, names = question.mine, question.mine.names
    order = {line: place for place, line in enumerate(mine.lines)}
    rows = [
        {"row": names[row], "column": names[column], "value": held.value, "reason": held.reason}
        for (row, column), held in sorted(mine.cells.items(), key=lambda p: (order[p[0][0]], order[p[0][1]]))
        if not held.sign
    ]
    size = sum(len(part.values) for part in mine.parts)
    cells = size**2 - sum(len(part.values) ** 2 for part in mine.parts)
    said = ngettext("{n} of {all} cells holds a judgement.", "{n} of {all} cells hold a judgement.", len(rows))
    return impact_exhibit(
        chosen,
        question.found,
        "futures-matrix",
        mine,
        answer=said.format(n=number(len(rows)), all=number(cells)),
        subtitle=_size(question),
        table=pd.DataFrame(rows, columns=["row", "column", "value", "reason"]),
        columns=(
            Column("row", _("If this holds")),
            Column("column", _("then this")),
            Column("value", _("is promoted (+) or hindered (−)"), "signed", 0),
            Column("reason", _("Reason given")),
        ),
        how=_(
            "Read a row: if this state holds, it promotes or hinders the states in the columns. What is added to all "
            "states of one descriptor alike decides nothing."
        ),
        notes=(_("Source of the judgements: {source}").format(source=mine.source),) if mine.source else (),
        page_rows=120,
    )


def _question(chosen: ImpactFilters) -> "Asked | Exhibit":
    """The question, or an exhibit that says why there is none."""
    chosen = chosen.but(part=futures.IMPACT)
    try:
        return Asked(chosen)
    except LookupError:
        why = _("This set has no cross-impact matrix.")
    except MatrixError as error:
        why = str(error)
    return no_exhibit(chosen, "futures-cross-impact", why)


# What follows at once


def answer(question: Asked, held: Found) -> str:
    """The finding in one sentence."""
    count, space = len(held.scenarios), number(held.space)
    if held.status == "stopped":
        return _("At least {n} of {space} combinations support themselves; the search was stopped.").format(
            n=number(count), space=space
        )
    if not count:
        return _("None of {space} combinations supports itself.").format(space=space)
    return ngettext(
        "{n} of {space} combinations supports itself.", "{n} of {space} combinations support themselves.", count
    ).format(n=number(count), space=space)


def live_answer(question: Asked, held: Found) -> dict[str, Any]:
    """What follows from the matrix right now, in words; the browser draws it as soon as it is there."""
    more = len(held.scenarios) - SHOWN
    pulls = question.pulls()
    return {
        "answer": answer(question, held),
        "tried": _("Computed with what is tried and not saved.") if question.mine.tried else "",
        "named": _of_the_set(question, held),
        "rows": [
            {
                "name": _near_short(one.nearest),
                "equal": bool(one.nearest and one.nearest.equal),
                "fit": " · ".join(words for words in (_fit_words(one), _pull_words(pulls.get(one.state))) if words),
                "state": state_text(one.state),
                "label": _("Why number {n}?").format(n=place),
            }
            for place, one in enumerate(held.scenarios[:SHOWN], start=1)
        ],
        "why": _("Why?"),
        "more": ngettext("and {n} more, in the table below", "and {n} more, in the table below", more).format(
            n=number(more)
        )
        if more > 0
        else "",
        "hint": _("Allow some points short, or look at what each scenario of the set lacks.")
        if not held.scenarios and held.status == "complete"
        else "",
        "search": _search_words(held),
    }


def _live(question: Asked) -> list[Any]:
    """Where the browser draws the live answer, and what it draws at first."""
    return [
        dcc.Store(id="impact-live-data", data=live_answer(question, question.consistent())),
        dcc.Store(id="impact-live-drawn"),
        html.Section(
            [
                # Only the sentence is read out on each change; the list is there to be looked at.
                html.H2("", id="impact-live-answer", **attributes(aria_live="polite")),
                html.Div(id="impact-live-rest"),
            ],
            id="impact-live",
            className="impact-live",
            **attributes(aria_label=_("What follows from the matrix")),
        ),
    ]


def _search_words(held: Found) -> str:
    if held.status == "stopped":
        return _("Search stopped at its limit of {n} scenarios or {seconds} s: there may be more.").format(
            n=number(judgements.MOST_SCENARIOS), seconds=number(judgements.SEARCH_SECONDS)
        )
    return _("Search complete: every combination was considered.")


def _of_the_set(question: Asked, held: Found) -> str:
    """Which scenarios of the set are among the consistent ones."""
    whole = [one for one in question.named if one.whole]
    if not whole:
        return _("The set says for none of its scenarios which state each descriptor takes.")
    states_held = {one.state for one in held.scenarios}
    among = [one.label for one in whole if one.state in states_held]
    missing = [one.label for one in whole if one.state not in states_held]
    if not missing:
        return _("All scenarios of the set are among them: {names}.").format(names=", ".join(among))
    if not among:
        return _("No scenario of the set is among them.")
    return _("Of the set's scenarios among them: {names}. Not among them: {others}.").format(
        names=", ".join(among), others=", ".join(missing)
    )


def _pull_words(pull: float | None) -> str:
    return "" if pull is None or pull < 0.005 else _("draws about {share} of starts").format(share=percent(pull))


def _fit_words(one: Consistent) -> str:
    """How firmly a scenario holds together."""
    if one.inconsistency > cross_impact.EPSILON:
        return _("up to {n} short").format(n=_points(one.inconsistency))
    if one.consistency == math.inf:
        return ""
    if one.consistency <= cross_impact.EPSILON:
        return _("a tie somewhere")
    return _("by {n} at least").format(n=_points(one.consistency))


def _points(value: float) -> str:
    return number(value, 0 if value == round(value) else 1)


def _why_button(state: Sequence[int], label: str) -> html.Button:
    return html.Button(
        _("Why?"),
        type="button",
        className="pick",
        **attributes(
            data_action="pick", data_filter="look", data_value=state_text(state), data_jump="impact-why",
            aria_label=label,
        ),
    )  # fmt: skip


# The consistent scenarios in full


def consistent_part(question: Asked, held: Found) -> list[Any]:
    """The tableau of consistent scenarios with its table, and how the set's scenarios fare."""
    shown = _consistent_exhibit(question, held)
    extra = _tableau(question, held.scenarios[:SHOWN]) if held.scenarios else None
    return [
        html.Div(
            [
                html.Div(exhibit_card(shown, extra=extra)),
                html.Div(exhibit_card(_judged_exhibit(question), open_table=True)),
            ],
            className="grid",
        )
    ]


@exhibit("futures-consistent", ImpactFilters)
def consistent_exhibit(chosen: ImpactFilters) -> Exhibit:
    """All consistent scenarios with their measures."""
    question = _question(chosen)
    return question if isinstance(question, Exhibit) else _consistent_exhibit(question, question.consistent())


def _consistent_exhibit(question: Asked, held: Found) -> Exhibit:
    mine = question.mine
    rows = []
    for place, one in enumerate(held.scenarios, start=1):
        row: dict[str, Any] = {
            "number": place,
            "scenario": likeness_words(one.nearest, mine),
            "total": one.total,
            "consistency": None if math.isinf(one.consistency) else one.consistency,
            "inconsistency": one.inconsistency,
        }
        row |= {part.code: part.values[v][1] for part, v in zip(mine.parts, one.state, strict=True)}
        rows.append(row)
    columns = (
        Column("number", _("No."), "number"),
        Column("scenario", _("Scenario of the set")),
        *(Column(part.code, part.name) for part in mine.parts),
        Column("total", _("Total impact score"), "number", 0),
        Column("consistency", _("Consistency value"), "signed", 0),
        Column("inconsistency", _("Inconsistency"), "number", 0),
    )
    return impact_exhibit(
        question.chosen,
        question.found,
        "futures-consistent",
        mine,
        answer=_of_the_set(question, held) if held.scenarios else answer(question, held),
        subtitle=answer(question, held)
        + " "
        + _("What counts as consistent: {accept}").format(accept=_(ACCEPTED[question.chosen.accept])),
        table=pd.DataFrame(rows, columns=[column.name for column in columns]),
        columns=columns,
        how=_(
            "A scenario is consistent when, in every descriptor, the state it takes is supported at least as well by "
            "all its other states as any rival. The consistency value is the smallest lead over a rival, the "
            "inconsistency the largest shortfall, and the total impact score the support of all its states together, "
            "in points of judgement (Weimer-Jehle 2006)."
        ),
        notes=(_search_words(held),),
        page_rows=100,
    )


def _tableau(question: Asked, shown: Sequence[Consistent]) -> html.Div:
    """Scenarios side by side: a column each, a row for each descriptor."""
    mine = question.mine
    head = [html.Th(_("Descriptor"), scope="col")]
    for place, one in enumerate(shown, start=1):
        near = one.nearest
        label = near.scenario.label if near and near.equal else ""
        head.append(html.Th([html.Span(str(place), className="tableau-number"), html.Span(label)], scope="col"))
    body = []
    for j, part in enumerate(mine.parts):
        cells = [element("Th", part.name, scope="row")]
        for one in shown:
            differs = one.nearest is not None and j in one.nearest.differs
            name = f"variant variant-{one.state[j] % 6}" + (" variant-other" if differs else "")
            cells.append(element("Td", part.values[one.state[j]][1], className=name))
        body.append(element("Tr", cells))
    foot = [
        _foot(_("Total impact score"), [_points(one.total) for one in shown]),
        _foot(_("Consistency value"), [DASH if math.isinf(o.consistency) else signed(o.consistency) for o in shown]),
        _foot(_("Nearest"), [_near_short(one.nearest) for one in shown]),
        html.Tr(
            [
                html.Th(_("Why?"), scope="row"),
                *(html.Td(_why_button(one.state, _("Why number {n}?").format(n=place)))
                  for place, one in enumerate(shown, start=1)),
            ],
            className="no-print",
        ),
    ]  # fmt: skip
    caption = _("The consistent scenarios side by side; states that set one apart from its nearest scenario are framed")
    return html.Div(
        html.Table([html.Caption(caption), html.Thead(html.Tr(head)), html.Tbody(body), html.Tfoot(foot)],
                   className="tableau"),
        className="table-scroll tableau-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=caption),
    )  # fmt: skip


def _near_short(near: Likeness | None) -> str:
    if near is None:
        return DASH
    if not near.differs:
        return near.scenario.label
    return ngettext("{scenario}, differs in {n}", "{scenario}, differs in {n}", len(near.differs)).format(
        scenario=near.scenario.label, n=number(len(near.differs))
    )


def _foot(label: str, cells: Sequence[str]) -> dict[str, Any]:
    return element("Tr", [element("Th", label, scope="row"), *(element("Td", cell) for cell in cells)])


@exhibit("futures-judged", ImpactFilters)
def judged_exhibit(chosen: ImpactFilters) -> Exhibit:
    """The set's scenarios held against the matrix."""
    question = _question(chosen)
    return question if isinstance(question, Exhibit) else _judged_exhibit(question)


def _judged_exhibit(question: Asked) -> Exhibit:
    mine = question.mine
    held = judgements.judged(question.matrix, question.named, question.rule)
    rows = []
    for one in held:
        behind = "; ".join(
            _("{descriptor}: rather {state} (by {n})").format(
                descriptor=mine.parts[j].name, state=mine.parts[j].values[better][1], n=_points(short)
            )
            for j, better, short in one.behind
        )
        rows.append(
            {
                "scenario": one.scenario.label,
                "inconsistency": one.inconsistency,
                "behind": behind or _("nothing"),
                "leads": _leads(question, one.state, one.leads),
            }
        )
    good = sum(not one.behind for one in held)
    if not held:
        said = _("The set says for none of its scenarios which state each descriptor takes.")
    elif good == len(held):
        said = _("Every scenario of the set supports itself.")
    else:
        said = ngettext(
            "{n} of the set's {all} scenarios supports itself.", "{n} of the set's {all} scenarios support themselves.",
            good,
        ).format(n=number(good), all=number(len(held)))  # fmt: skip
    return impact_exhibit(
        question.chosen,
        question.found,
        "futures-judged",
        mine,
        answer=said,
        subtitle=_("The scenarios of the set held against the matrix"),
        table=pd.DataFrame(rows, columns=["scenario", "inconsistency", "behind", "leads"]),
        columns=(
            Column("scenario", _("Scenario")),
            Column("inconsistency", _("Points short"), "number", 0),
            Column("behind", _("What would be better supported")),
            Column("leads", _("Where it drifts to")),
        ),
        how=_("A scenario that falls short somewhere drifts: step by step, better supported states take over."),
        empty="" if held else said,
    )


def _leads(question: Asked, state: Sequence[int], leads: Sequence[Sequence[int]]) -> str:
    if len(leads) > 1:
        return _("goes round in {n} states").format(n=number(len(leads)))
    if tuple(leads[0]) == tuple(state):
        return _("stays")
    return likeness_words(question.near(leads[0]), question.mine)


# Why


def why_part(question: Asked) -> list[Any]:
    """Why a scenario holds together or not: the balances of every descriptor, and who contributes to each."""
    state = _looked_at(question)
    if state is None:
        return []
    shown = _why_exhibit(question, state)
    return [exhibit_card(shown, extra=_balances(question, state))]


def _looked_at(question: Asked) -> tuple[int, ...] | None:
    """The state to be explained: the reader's, else the first consistent one, else the first of the set."""
    state = read_state(question.mine, question.chosen)
    if state is not None:
        return state
    held = question.consistent().scenarios
    equal = next((one.state for one in held if one.nearest and one.nearest.equal), None)
    if equal or held:
        return equal or held[0].state
    whole = next((one for one in question.named if one.whole), None)
    return None if whole is None else tuple(place for place in whole.state if place is not None)


@exhibit("futures-why", ImpactFilters)
def why_exhibit(chosen: ImpactFilters) -> Exhibit:
    """The impact balances of one scenario."""
    question = _question(chosen)
    if isinstance(question, Exhibit):
        return question
    state = _looked_at(question)
    if state is None:
        why = _("There is no scenario to explain.")
        return impact_exhibit(chosen, question.found, "futures-why", question.mine, answer=why, empty=why)
    return _why_exhibit(question, state)


def _why_exhibit(question: Asked, state: Sequence[int]) -> Exhibit:
    mine = question.mine
    frame = cross_impact.why(question.matrix, list(state))
    rows = []
    for row in frames.records(frame):
        part = next(part for part in mine.parts if part.code == row["descriptor"])
        rows.append(
            {
                "descriptor": part.name,
                "variant": part.value_name(row["variant"]),
                "chosen": _("yes") if row["chosen"] else "",
                "balance": row["balance"],
                "lead": row["lead"],
            }
        )
    lead = frame.loc[frame["chosen"], "lead"]
    short = int((lead < -cross_impact.EPSILON).sum())
    name = likeness_words(question.near(state), mine)
    if short:
        said = ngettext(
            "{scenario}: in {n} descriptor another state is better supported.",
            "{scenario}: in {n} descriptors another state is better supported.",
            short,
        ).format(scenario=_first_upper(name), n=number(short))
    else:
        said = _("{scenario}: every state is supported at least as well as its rivals.").format(
            scenario=_first_upper(name)
        )
    return impact_exhibit(
        question.chosen.but(look=(state_text(state),)),
        question.found,
        "futures-why",
        mine,
        answer=said,
        subtitle=state_words(state, mine),
        table=pd.DataFrame(rows, columns=["descriptor", "variant", "chosen", "balance", "lead"]),
        columns=(
            Column("descriptor", _("Descriptor")),
            Column("variant", _("State")),
            Column("chosen", _("Taken by the scenario")),
            Column("balance", _("Balance"), "signed", 0),
            Column("lead", _("Lead over the best rival"), "signed", 0),
        ),
        how=_(
            "The balance of a state is the sum of what all states of the scenario say about it. The state taken should "
            "have the highest one of its descriptor."
        ),
    )


def _first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _balances(question: Asked, state: Sequence[int]) -> html.Div:
    """A block for each descriptor: bars of the balances, and behind one click what they are made of."""
    mine, matrix = question.mine, question.matrix
    frame = cross_impact.why(matrix, list(state))
    largest = max(1.0, float(frame["balance"].abs().max()))
    blocks = []
    for j, part in enumerate(mine.parts):
        own = frame[frame["descriptor"] == part.code]
        bars = [
            _bar(part.value_name(row["variant"]), bool(row["chosen"]), row["balance"], row["lead"], largest)
            for row in frames.records(own)
        ]
        fold = html.Details(
            [html.Summary(_("What this is made of")), _contributions(question, state, j)], className="why-fold"
        )
        blocks.append(html.Section([html.H3(part.name), html.Ul(bars, className="list-plain"), fold],
                                   className="why-block"))  # fmt: skip
    return html.Div(blocks, className="why-blocks")


def _bar(name: str, chosen: bool, balance: float, lead: float, largest: float) -> dict[str, Any]:
    share = abs(balance) / largest * 50
    side = {"left": "50%"} if balance >= 0 else {"right": "50%"}
    words = signed(balance, 0 if balance == round(balance) else 1)
    said = ""
    if chosen and not math.isnan(lead):
        if lead > cross_impact.EPSILON:
            said = _("ahead by {n}").format(n=_points(lead))
        elif lead < -cross_impact.EPSILON:
            said = _("short by {n}").format(n=_points(-lead))
        else:
            said = _("a tie")
    tone = " why-chosen" if chosen else ""
    tone += " why-short" if chosen and lead < -cross_impact.EPSILON else ""
    bar_itself = element("Span", None, className="why-bar", style={"width": f"{share:.1f}%", **side})
    return element(
        "Li",
        [
            element(
                "Span",
                [
                    element("Span", "● " if chosen else "○ ", **{"aria-hidden": "true"}),
                    name,
                    *([element("Span", [" (", _("taken"), ")"], className="visually-hidden")] if chosen else []),
                ],
                className="why-name",
            ),
            element("Span", bar_itself, className="why-track", **{"aria-hidden": "true"}),
            element("Span", words, className="why-number"),
            element("Span", said, className="why-lead"),
        ],
        className="why-row" + tone,
    )


def _contributions(question: Asked, state: Sequence[int], j: int) -> html.Div:
    """What each state of the scenario says about the states of one descriptor; columns add up to the balances."""
    mine = question.mine
    block = cross_impact.contributions(question.matrix, list(state), j).to_numpy()
    part = mine.parts[j]
    rows = []
    for i, (source, place) in enumerate(zip(mine.parts, state, strict=True)):
        if block[i].any():
            label = f"{source.name}: {source.values[place][1]}"
            rows.append([label, *(signed(float(v)) if v else "0" for v in block[i])])
    if not rows:
        return html.P(_("No state of the scenario says anything about this descriptor."), className="muted")

    def line(kind: str, label: str, cells: Iterable[str], **more: str) -> dict[str, Any]:
        side = {"scope": "col"} if kind == "Th" else {}
        return element(
            "Tr",
            [element("Th", label, scope="col" if kind == "Th" else "row"),
             *(element(kind, cell, className="num", **side) for cell in cells)],
            **more,
        )  # fmt: skip

    head = element("Thead", line("Th", _("From"), (name for _code, name in part.values)))
    body = [line("Td", label, cells) for label, *cells in rows]
    total = line("Td", _("Balance"), (signed(float(v)) for v in block.sum(axis=0)), className="why-total")
    return html.Div(
        element("Table", [head, element("Tbody", [*body, total])], className="figures-table"),
        className="table-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=_("What the balances of {descriptor} are made of").format(descriptor=part.name)),
    )


# Attractors


def attractor_part(question: Asked, quick: bool) -> list[Any]:
    """Where all combinations end up."""
    return [exhibit_card(_attractor_exhibit(question, quick), open_table=True)]


@exhibit("futures-attractors", ImpactFilters)
def attractor_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Attractors of the succession with the share of starts that lead to each."""
    question = _question(chosen)
    return question if isinstance(question, Exhibit) else _attractor_exhibit(question, quick=False)


def _attractor_exhibit(question: Asked, quick: bool) -> Exhibit:
    mine = question.mine
    held = judgements.attractors(question.matrix, question.rule, quick)
    rows = [
        {
            "scenario": likeness_words(question.near(one.states[0]), mine)
            if one.period == 1
            else _("a cycle of {n} states").format(n=number(one.period)),
            "share": one.share * 100,
            "low": one.low * 100,
            "high": one.high * 100,
            "states": state_words(one.states[0].tolist(), mine)
            if one.period == 1
            else " → ".join(state_words(state.tolist(), mine) for state in one.states[:4])
            + (" → …" if one.period > 4 else ""),
        }
        for one in held.attractors
    ]
    first = held.attractors[0]
    name = rows[0]["scenario"]
    share = percent(first.share, 1 if first.share < 0.1 else 0)
    said = ngettext(
        "Everything ({share}) drifts to one end: {scenario}.",
        "Left to itself, the system drifts to one of {n} ends; most often ({share}) to: {scenario}.",
        held.count,
    ).format(n=number(held.count), share=share, scenario=name)
    if held.exact:
        note = _("Every one of the {n} combinations was followed.").format(n=number(held.starts))
    elif quick:
        note = _("A first estimate from {n} random starts; a better one follows when you pause.").format(
            n=number(held.starts)
        )
    else:
        note = _("Estimated from {n} random starts; the range is that of 95 per cent confidence (Wilson).").format(
            n=number(held.starts)
        )
    decimals = 1
    return impact_exhibit(
        question.chosen,
        question.found,
        "futures-attractors",
        mine,
        answer=said,
        subtitle=_("Share of starting points that lead to each end; {rule}").format(
            rule=_(RULES[question.chosen.rule])
        ),
        table=pd.DataFrame(rows, columns=["scenario", "share", "low", "high", "states"]),
        columns=(
            Column("scenario", _("Where it ends")),
            Column("share", _("Share of starts, %"), "number", decimals),
            *(
                ()
                if held.exact
                else (Column("low", _("at least, %"), "number", 1), Column("high", _("at most, %"), "number", 1))
            ),
            Column("states", _("States")),
        ),
        how=_(
            "From every combination, states that are not the best supported give way, all at once (global) or the "
            "weakest first (incremental), until nothing changes or a cycle repeats; a state that ties with the best "
            "stays. The share says how strongly an end attracts, not how likely it is."
        ),
        notes=(note,),
        page_rows=12,
    )


# How firm the result is


def sensitivity_part(question: Asked) -> list[Any]:
    """How firm the result is: under small errors of judgement, and under the disagreement of the groups."""
    cards = [
        html.Div(exhibit_card(_survival_exhibit(question), open_table=True), className="span-6"),
        html.Div(exhibit_card(_tipping_exhibit(question), open_table=True), className="span-6"),
    ]
    if len(question.mine.groups) > 1:
        cards.append(html.Div(exhibit_card(_disagreement_exhibit(question), open_table=True)))
    return [html.H2(_("How firm is this?")), html.Div(cards, className="grid")]


@exhibit("futures-survival", ImpactFilters)
def survival_exhibit(chosen: ImpactFilters) -> Exhibit:
    """How many consistent scenarios survive small errors of judgement."""
    question = _question(chosen)
    return question if isinstance(question, Exhibit) else _survival_exhibit(question)


def _survival_exhibit(question: Asked) -> Exhibit:
    mine = question.mine
    held = judgements.survival(question.matrix, question.chosen.accept)
    numbers = range(1, len(held.states) + 1)
    rows = [
        {
            "number": place,
            "scenario": _near_short(question.near(state)),
            "share": share * 100,
            "low": low * 100,
            "high": high * 100,
            "states": state_words(state, mine),
        }
        for place, state, share, low, high in zip(
            numbers, held.states.tolist(), held.share.tolist(), held.low.tolist(), held.high.tolist(), strict=True
        )
    ]
    frame = pd.DataFrame(rows, columns=["number", "scenario", "share", "low", "high", "states"])
    frame = frame.sort_values(["share", "number"], ascending=[False, True], kind="stable").reset_index(drop=True)
    if frame.empty:
        said = _("No scenario is consistent, so none can survive.")
    else:
        top = frame.iloc[0]
        said = _("{scenario} holds in {share} of draws when every judgement may be off by one point.").format(
            scenario=_first_upper(str(top["scenario"])), share=percent(float(top["share"]) / 100)
        )
    notes = [
        ngettext("{n} draw.", "{n} draws.", held.draws).format(n=number(held.draws))
        + " "
        + _("In {share} of them nothing was consistent.").format(share=percent(held.empty))
    ]
    if held.status == "stopped":
        notes.append(_("The time ran out before all draws were made."))
    return impact_exhibit(
        question.chosen,
        question.found,
        "futures-survival",
        mine,
        answer=said,
        subtitle=_("Share of draws in which each scenario is still consistent, with its 95% range"),
        table=frame,
        columns=(
            Column("number", _("No."), "number"),
            Column("scenario", _("Scenario")),
            Column("share", _("Share of draws, %"), "number", 0),
            Column("low", _("at least, %"), "number", 0),
            Column("high", _("at most, %"), "number", 0),
        ),
        how=_(
            "In each draw every judgement that is not 0 moves by −1, 0 or +1, with equal chance and independently; "
            "then all consistent scenarios are sought anew."
        ),
        notes=tuple(notes),
        page_rows=SHOWN,
        empty=said if frame.empty else "",
    )


@exhibit("futures-tipping", ImpactFilters)
def tipping_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Single judgements on which the result hangs."""
    question = _question(chosen)
    return question if isinstance(question, Exhibit) else _tipping_exhibit(question)


def _tipping_exhibit(question: Asked) -> Exhibit:
    mine, matrix = question.mine, question.matrix
    held = judgements.tipping(matrix)
    rows = []
    for row in frames.records(held):
        before = float(matrix.values[row["source"], row["target"]])
        rows.append(
            {
                "row": mine.names[mine.lines[row["source"]]],
                "column": mine.names[mine.lines[row["target"]]],
                "before": before,
                "after": before + row["change"],
                "lost": "; ".join(_near_short(question.near(state)) for state in row["lost"]),
                "gained": len(row["gained"]),
            }
        )
    count = len({(row["row"], row["column"]) for row in rows})
    said = (
        ngettext(
            "The result hangs on {n} judgement: one point more or less there changes which scenarios are consistent.",
            "The result hangs on {n} judgements: one point more or less in any of them changes which scenarios are "
            "consistent.",
            count,
        ).format(n=number(count))
        if rows
        else _("No single judgement, one point more or less, would change which scenarios are consistent.")
    )
    notes = (
        () if held.attrs["status"] == "complete" else (_("The search was stopped at its limit: there may be more."),)
    )
    return impact_exhibit(
        question.chosen,
        question.found,
        "futures-tipping",
        mine,
        answer=said,
        subtitle=_("Single judgements, one point more or less, those that change most first"),
        table=pd.DataFrame(rows, columns=["row", "column", "before", "after", "lost", "gained"]),
        columns=(
            Column("row", _("If this holds")),
            Column("column", _("then this")),
            Column("before", _("Now"), "signed", 0),
            Column("after", _("Instead"), "signed", 0),
            Column("lost", _("No longer consistent")),
            Column("gained", _("Newly consistent"), "number", 0),
        ),
        how=_("Each judgement is changed by one point on its own, with ties counting as consistent."),
        notes=notes,
        page_rows=10,
        empty="" if rows else said,
    )


@exhibit("futures-disagreement", ImpactFilters)
def disagreement_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Judgements on which the groups differ."""
    question = _question(chosen)
    return question if isinstance(question, Exhibit) else _disagreement_exhibit(question)


def _disagreement_exhibit(question: Asked) -> Exhibit:
    mine = question.mine
    if len(mine.groups) < 2:
        why = _("Fewer than two groups have judged this matrix.")
        return no_exhibit(question.chosen, "futures-disagreement", why)
    names = {str(group["code"]): str(group.get("name") or group["code"]) for group in question.found.groups}
    stored = frames.judgement_cells(question.chosen.set, mine.code)
    values = judgements.group_values(mine, stored)
    frame = judgements.disagreement(mine, values)
    place = {line: number_of for number_of, line in enumerate(mine.lines)}
    for g, code in enumerate(mine.groups):
        frame[f"group_{code}"] = [
            values[g, place[row], place[column]] for row, column in zip(frame["row"], frame["column"], strict=True)
        ]
    frame["opposed"] = [_("yes") if flag else "" for flag in frame["opposite"]]
    told = frame.assign(row=frame["row"].map(mine.names), column=frame["column"].map(mine.names))
    opposed = int(frame["opposite"].sum())
    if frame.empty:
        said = _("The groups agree in every cell.")
    else:
        said = ngettext(
            "The groups differ in {n} cell; in {opposed} of them one sees help where another sees hindrance.",
            "The groups differ in {n} cells; in {opposed} of them one sees help where another sees hindrance.",
            len(frame),
        ).format(n=number(len(frame)), opposed=number(opposed))
    return impact_exhibit(
        question.chosen,
        question.found,
        "futures-disagreement",
        mine,
        answer=said,
        subtitle=_("Cells on which groups differ, most disputed first; points of judgement"),
        table=told,
        columns=(
            Column("row", _("If this holds")),
            Column("column", _("then this")),
            *(Column(f"group_{code}", names.get(code, code), "signed", 0) for code in mine.groups),
            Column("spread", _("Apart by"), "number", 0),
            Column("opposed", _("Opposite")),
        ),
        how=_("A cell that a group left empty counts as 0, no influence. Talk about the first rows first."),
        page_rows=SHOWN,
        empty=said if frame.empty else "",
    )


# Answers to what is typed


def update_live(**values: Any) -> Any:
    """Something else was chosen or saved. While someone types the browser asks ``dashboard.live`` instead."""
    try:
        question = Asked(asked(values))
    except (LookupError, MatrixError):
        return no_update
    return live_answer(question, question.consistent())


def update_after(**values: Any) -> tuple[Any, Any, Any]:
    """What follows the live answer in one go, so that no more than one of these is computed for a reader at a time:
    the consistent scenarios in full, why one of them holds, and a first look at where everything drifts to."""
    chosen = asked(values)
    try:
        question = Asked(chosen)
    except (LookupError, MatrixError):
        return [], [], []
    return consistent_part(question, question.consistent()), why_part(question), attractor_part(question, quick=True)


def update_why(**values: Any) -> list[Any]:
    """Another scenario is to be explained."""
    try:
        return why_part(Asked(asked(values)))
    except (LookupError, MatrixError):
        return []


def update_settled(**values: Any) -> tuple[Any, Any]:
    """Typing has paused: where everything drifts to in full, and how firm the result is."""
    try:
        question = Asked(asked(values))
    except (LookupError, MatrixError):
        return [], []
    return attractor_part(question, quick=False), sensitivity_part(question)


def _reading(*names: str) -> dict[str, Any]:
    """Inputs of choices; the edition is only read, since the browser tells of it by what is tried or settled."""
    return {**inputs(*names), "edition": State("edition", "data")}


def register() -> None:
    """Connect this part to its controls; the page does so, once for each application."""
    callback(Output("impact-live-data", "data"), inputs=inputs("accept", "rule", "group"), prevent_initial_call=True)(
        update_live
    )
    callback(
        Output("impact-consistent", "children"),
        Output("impact-why", "children"),
        Output("impact-attractors", "children"),
        inputs={**_reading("accept", "rule", "group"), "next": Input("impact-next", "data")},
        prevent_initial_call=True,
    )(update_after)
    callback(
        Output("impact-why", "children", allow_duplicate=True), inputs=_reading("look"), prevent_initial_call=True
    )(update_why)
    # The second output is asked for as soon as the page stands, the first stands already.
    callback(
        Output("impact-attractors", "children", allow_duplicate=True),
        Output("impact-sensitivity", "children"),
        inputs={**_reading(), "settled": Input("impact-settled", "data")},
        prevent_initial_call="initial_duplicate",
    )(update_settled)
    clientside_callback(
        ClientsideFunction("futures_impact", "live"),
        Output("impact-live-drawn", "data"),
        Input("impact-live-data", "data"),
    )
