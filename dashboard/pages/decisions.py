"""Risks and decisions: what do we decide?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import dash
import dash_bootstrap_components as dbc
import pandas as pd
from dash import Input, Output, callback, html

from dashboard import frames, programmes
from dashboard.components import evaluation_parts, pack_parts, states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.programme_parts import (
    attention_items,
    link,
    method,
    page,
    page_top,
    programme_bar,
    programme_exhibit,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import risk_matrix
from dashboard.filters import Option, one_of, switch
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number
from dashboard.programmes import ProgrammeFilters, ProgrammeView

TITLE = N_("Risks & decisions – What do we decide?")
PAGE, PATH = "decisions", "/decisions"
NEWEST_FIRST, OPEN_ONLY = "all", "open"
SHOWN = 8
"""Decisions that stand on the page; earlier ones are a click away."""

EARLIER, RISKS = 40, 40
"""Of those as many are sent with the page, and as many risks."""

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Risks & decisions"),
    title=lambda **_query: _(TITLE),
    group="steering",
    order=15,
)

STATES = {
    "proposed": N_("proposed"),
    "adopted": N_("adopted"),
    "deferred": N_("deferred"),
    "rejected": N_("rejected"),
    "superseded": N_("superseded"),
}
EFFECTS = {
    "better": N_("better two periods later"),
    "same": N_("the same two periods later"),
    "worse": N_("worse two periods later"),
    "unknown": N_("cannot be told"),
    "": N_("not yet looked at"),
}
BODIES = {
    "sc": N_("Steering committee"),
    "tsc": N_("Technical and scientific committee"),
    "wg": N_("Working group"),
}
MOVEMENTS = {"up": N_("▲ higher"), "down": N_("▼ lower"), "same": N_("as before"), "new": N_("✱ new")}
LEVELS = {"committee": N_("steering committee"), "group": N_("working group"), "watched": N_("watched")}
RESPONSES = {"avoid": N_("avoid"), "reduce": N_("reduce"), "transfer": N_("transfer"), "accept": N_("accept")}


def _shown_options() -> list[Option]:
    return [Option(NEWEST_FIRST, _("All decisions")), Option(OPEN_ONLY, _("With open actions"))]


def _codes(kind: str) -> list[Option]:
    return [Option("", ""), *(Option(code, code) for code in frames.programme_labels(kind)["code"])]


def _risk_options() -> list[Option]:
    return list(frames.remember("risk-options", (), lambda: _codes("risks")))


def _decision_options() -> list[Option]:
    return list(frames.remember("decision-options", (), lambda: _codes("decisions")))


@dataclass(frozen=True)
class DecisionFilters(ProgrammeFilters):
    """What the reader wants to see; a risk or decision that a link leads to is marked."""

    shown: str = one_of(_shown_options, default=NEWEST_FIRST, label=N_("Decisions"))
    risk: str = one_of(_risk_options, default="", label=N_("Risk"))
    decision: str = one_of(_decision_options, default="", label=N_("Decision"))
    more: bool = switch(label=N_("Show all"))


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = DecisionFilters.parse(query)
    return page(
        PAGE,
        _(TITLE),
        lambda: programme_bar(PAGE, chosen, ("programme", "theme", "shown")),
        lambda: answer(chosen),
        _record_form,
    )


@callback(
    Output("decisions-answer", "children"),
    inputs={"edition": Input("edition", "data"), "values": DecisionFilters.inputs(PAGE)},
    prevent_initial_call=True,
)
def update(edition: int | None, values: Mapping[str, Any]) -> list[Any]:
    """Answer a change of the filters, or of what people recorded."""
    frames.at_least(edition)
    return answer(DecisionFilters.parse(values))


def answer(chosen: DecisionFilters) -> list[Any]:
    """What needs the committee, the matrix of risks, the thread of decisions."""
    view = programmes.the_programme(chosen.programme)
    parts = page_top(view, _(TITLE), headline(chosen, view), view.closed)
    items, more = programmes.attention(view.code, chosen.theme)
    if items:
        parts.append(_attention(view, items, more))
    if frames.programme_part("risks", view.code).empty:
        words = _("Public pages name none, or none was entered.")
        parts.append(states.empty(_("No risk is on record."), words))
    else:
        parts.append(exhibit_card(risk_exhibit(chosen), open_table=True))
    parts.append(_thread(chosen, view))
    if len(frames.programme_part("decisions", view.code)):
        parts.append(exhibit_card(decision_exhibit(chosen)))
    parts.append(evaluation_parts.section(chosen))
    parts.append(pack_parts.section(view))
    parts.append(_record_facts(view))
    return [part for part in parts if part is not None]


def headline(chosen: DecisionFilters, view: ProgrammeView) -> str:
    """Open risks, those for the committee, overdue actions, the clock."""
    risks = programmes.risks(view.code, chosen.theme)
    high = risks[risks["level"] == "committee"] if len(risks) else risks
    bare = int(high["no_mitigation"].sum()) if len(high) else 0
    clock = programmes.clock(view.code, chosen.theme)
    if not len(risks) and not clock.decisions:
        return _("Neither risks nor decisions are on record.")
    first = ngettext("{n} open risk, {high} for the committee", "{n} open risks, {high} for the committee", len(risks))
    told = first.format(n=number(len(risks)), high=number(len(high)))
    if bare:
        told += " " + ngettext(
            "({n} of them without a dated mitigation)", "({n} of them without a dated mitigation)", bare
        ).format(n=number(bare))
    told += ". " + ngettext("{n} action is overdue.", "{n} actions are overdue.", clock.overdue).format(
        n=number(clock.overdue)
    )
    if clock.median_days is not None:
        told += " " + _("From decision to completed action: {days} days in the median.").format(
            days=number(clock.median_days, 0 if clock.median_days.is_integer() else 1)
        )
    return told


def _attention(view: ProgrammeView, items: Any, more: int) -> html.Article:
    listed = html.Ol(attention_items(view, items), className="attention-list")
    rest = [html.P(_("And {n} more.").format(n=number(more)), className="muted")] if more else []
    title = html.H2(_("What needs the committee today"), className="card-answer")
    return html.Article([title, listed, *rest], className="figure-card", id="decisions-attention-card")


# --- risks -----------------------------------------------------------------------------------------------------------


@exhibit("decisions-risks", DecisionFilters)
def risk_exhibit(chosen: DecisionFilters) -> Exhibit:
    """Open risks in the five by five matrix, and the register."""
    view = programmes.the_programme(chosen.programme)
    table = programmes.risks(view.code, chosen.theme)
    rows = table.assign(
        owner=[programmes.role_name(role) for role in table["owner_role"]],
        moved=[_(MOVEMENTS[one]) for one in table["movement"]],
        concerns=[_(LEVELS[one]) for one in table["level"]],
        answer=[_(RESPONSES[one]) for one in table["response"]],
        told=[_risk_words(row) for row in frames.records(table)],
        plan=[
            row["mitigation"] if not row["no_mitigation"] else _("MISSING: no dated mitigation")
            for row in frames.records(table)
        ],
        **_thread_of_risks(view, table),
        anchor=[f"risk-{code}" for code in table["code"]],
    )
    high = table[table["level"] == "committee"]
    limits = view.limits
    told = ngettext(
        "{n} of {all} open risks scores {limit} or more", "{n} of {all} open risks score {limit} or more", len(high)
    ).format(n=number(len(high)), all=number(len(table)), limit=number(float(limits.risk_committee)))
    return programme_exhibit(
        chosen,
        view,
        "decisions-risks",
        PATH,
        answer=told,
        subtitle=_("Likelihood × impact, 1 to 5 each; arrows since the period before"),
        figure=risk_matrix.matrix(
            frames.records(table[["code", "likelihood", "impact", "movement"]].astype(object)),
            (_("likelihood"), _("impact")),
            (float(limits.risk_group), float(limits.risk_committee)),
        ),
        height=risk_matrix.HEIGHT,
        table=rows,
        columns=(
            Column("code", _("Risk")),
            Column("told", _("Cause – event – effect")),
            Column("score", _("Score"), "number"),
            Column("moved", _("Since last period")),
            Column("concerns", _("Concerns")),
            Column("answer", _("Response")),
            Column("plan", _("Mitigation")),
            Column("mitigation_due", _("By"), "date"),
            Column("owner", _("Owner")),
            Column("tried", _("Pilot")),
            Column("decided", _("Newest decision")),
        ),
        how=_("Darker cells go to the steering committee, lighter ones to the working group. ✱ is new."),
        notes=(
            _(
                "From {c} on the steering committee, from {g} on the working group. An open risk needs a dated plan."
            ).format(c=number(float(limits.risk_committee)), g=number(float(limits.risk_group))),
        ),
        page_rows=RISKS,
        empty="" if len(table) else _("No open risk in this choice."),
    )


def _thread_of_risks(view: ProgrammeView, table: pd.DataFrame) -> dict[str, list[str]]:
    """The pilot that each risk threatens and the newest decision on it, with their addresses."""
    titles = frames.programme_part("pilots", view.code).set_index("code")["title"]
    newest: dict[str, dict[str, Any]] = {}
    for row in frames.records(frames.programme_part("decisions", view.code)):
        for one in row["subjects"]:
            if one["kind"] == "risk" and str(row["decided_on"]) >= str(newest.get(one["code"], row)["decided_on"]):
                newest[one["code"]] = row
    pilots = [code if code in titles.index else "" for code in table["pilot"]]
    decided = [newest.get(code) for code in table["code"]]
    return {
        "tried": [titles[code] if code else "" for code in pilots],
        "tried_href": [frames.href(f"/pilots?programme={view.code}&pilot={code}") if code else "" for code in pilots],
        "decided": [row["question"] if row else "" for row in decided],
        "decided_href": [
            frames.href(f"{PATH}?programme={view.code}&decision={row['code']}#decision-{row['code']}") if row else ""
            for row in decided
        ],
    }


def _risk_words(row: Mapping[str, Any]) -> str:
    return " – ".join(part for part in (row["cause"], row["event"], row["effect"]) if part)


# --- decisions -------------------------------------------------------------------------------------------------------


def _thread(chosen: DecisionFilters, view: ProgrammeView) -> html.Section:
    decisions = programmes.part(view.code, "decisions", chosen.theme)
    actions = frames.programme_part("actions", view.code)
    late = set(programmes.overdue(view.code)["code"])
    by_decision: dict[str, list[dict[str, Any]]] = {}
    for row in frames.records(actions):
        by_decision.setdefault(row["decision"] or "", []).append(row)
    rows = sorted(frames.records(decisions), key=lambda row: (str(row["decided_on"]), row["position"]), reverse=True)
    if chosen.shown == OPEN_ONLY:
        rows = [row for row in rows if any(_is_open(one) for one in by_decision.get(row["code"], []))]
    title = html.H2([_("Because – therefore – did it work?"), " ", method("programmes-decisions")])
    if not rows:
        nothing = states.empty(_("No decision is on record."), _("A facilitator can record one in the meeting."))
        return html.Section([title, nothing], className="section")
    known = _subjects(view.code)

    def cards(some: list[dict[str, Any]]) -> html.Ol:
        told = [_decision(view, row, by_decision.get(row["code"], []), late, known, chosen.decision) for row in some]
        return html.Ol(told, className="decision-thread")

    parts: list[Any] = [title, cards(rows[:SHOWN])]
    older = rows[SHOWN:]
    if older:
        words = ngettext("{n} earlier decision", "{n} earlier decisions", len(older)).format(n=number(len(older)))
        named = [row for row in older if row["code"] == chosen.decision]
        shown = older if chosen.more else [*older[:EARLIER], *(row for row in named if row not in older[:EARLIER])]
        fold: list[Any] = [html.Summary(words), cards(shown)]
        if len(shown) < len(older):
            all_of_them = _("Show all {n} decisions").format(n=number(len(rows)))
            fold.append(html.P(link(chosen.href(PATH, more=True), all_of_them), className="grid-more"))
        parts.append(html.Details(fold, open=bool(named) or chosen.more, className="earlier"))
    return html.Section(parts, className="section")


def _is_open(action: Mapping[str, Any]) -> bool:
    return not action["cancelled"] and (action["done_on"] is None or action["done_on"] != action["done_on"])


def _decision(
    view: ProgrammeView,
    row: Mapping[str, Any],
    actions: list[dict[str, Any]],
    late: set[str],
    known: Mapping[tuple[str, str], tuple[str, str]],
    marked: str,
) -> html.Li:
    about = [html.Li(link(*known[key])) for one in row["subjects"] if (key := (one["kind"], one["code"])) in known]
    facts = " · ".join((date(row["decided_on"]), _(BODIES[row["body"]]), _(STATES[row["state"]])))
    todo = [_action(view, one, late) for one in actions]
    parts: list[Any] = [
        html.P(facts, className="muted"),
        html.H3(row["question"]),
        html.Dl(
            [
                *_pair(_("Because"), row["because"]),
                *_pair(_("Decided"), row["decision"]),
                html.Dt(_("Therefore")),
                html.Dd(html.Ul(todo) if todo else DASH),
                *_pair(_("Did it work?"), row["effect_text"] or _(EFFECTS[row["effect"]])),
                *([html.Dt(_("What it is about")), html.Dd(html.Ul(about))] if about else []),
            ]
        ),
    ]
    name = "decision-marked" if row["code"] == marked else None
    return html.Li(parts, id=f"decision-{row['code']}", className=name)


def _subjects(code: str) -> dict[tuple[str, str], tuple[str, str]]:
    """Address and name of everything that a decision of a programme is about, by kind and code."""

    def compute() -> dict[tuple[str, str], tuple[str, str]]:
        query, found = f"programme={code}", {}
        named = {one["kind"] for row in frames.programme_part("decisions", code)["subjects"] for one in row}
        if "pilot" in named:
            for row in frames.records(frames.programme_part("pilots", code)):
                found["pilot", row["code"]] = (f"/pilots?{query}&pilot={row['code']}", row["title"])
        if "indicator" in named:
            for row in frames.records(frames.programme_part("result_indicators", code, owner_kind="pilot")):
                path = f"/pilots?{query}&pilot={row['owner']}#indicator-{row['code']}"
                found["indicator", row["code"]] = (path, row["name"])
        if "risk" in named:
            for row in frames.records(frames.programme_part("risks", code)):
                path = f"{PATH}?{query}&risk={row['code']}#risk-{row['code']}"
                found["risk", row["code"]] = (path, f"{row['code']} – {row['event']}")
        if "deliverable" in named:
            for row in frames.records(frames.programme_part("deliverables", code)):
                found["deliverable", row["code"]] = (f"/workplan?{query}#deliverable-{row['code']}", row["title"])
        if "measure" in named:
            for row in frames.records(frames.programme_part("measures", code)):
                found["measure", row["code"]] = (f"/strategy?{query}#measure-{row['code']}", row["title"])
        return found

    return dict(frames.remember("decision-subjects", (code,), compute))


def _pair(name: str, value: str) -> list[Any]:
    return [html.Dt(name), html.Dd(value)] if value else []


def _action(view: ProgrammeView, row: Mapping[str, Any], late: set[str]) -> html.Li:
    done = not _is_open(row)
    if row["cancelled"]:
        state = _("cancelled")
    elif done:
        state = _("done on {day}").format(day=date(row["done_on"]))
    elif row["code"] in late:
        state = _("OVERDUE since {day}").format(day=date(row["due"]))
    else:
        state = _("due {day}").format(day=date(row["due"]))
    parts: list[Any] = [row["text"], " – ", programmes.role_name(row["owner_role"]), ", "]
    parts.append(html.Strong(state) if row["code"] in late else html.Span(state, className="muted"))
    if not done:
        parts.append(
            html.Button(
                _("Done"),
                type="button",
                className="btn btn-sm btn-outline-secondary for-editors action-done",
                **attributes(data_action_code=row["code"], data_set=view.code, data_today=view.today.isoformat()),
            )
        )
    return html.Li(parts)


def _record_form() -> html.Details:
    """A decision recorded in the meeting: question, because, decision, action, owner, day. What is typed is saved."""
    fields = (
        ("question", _("Question"), "text"),
        ("because", _("Because"), "text"),
        ("decision", _("Decision"), "text"),
        ("action", _("Action"), "text"),
        ("owner", _("Owner (a role)"), "text"),
        ("due", _("Due"), "date"),
    )
    controls = [
        html.Div(
            [html.Label(label, htmlFor=f"record-{name}"), dbc.Input(id=f"record-{name}", type=kind, size="sm")],
            className="filter",
        )
        for name, label, kind in fields
    ]
    buttons = [
        html.Button(_("Next decision"), type="button", className="btn btn-sm btn-primary", id="record-next"),
        html.Button(
            _("Undo the last entry"), type="button", className="btn btn-sm btn-outline-secondary", id="record-undo"
        ),
        html.Span("", id="record-state", className="muted", role="status"),
    ]
    facts = {"saving": _("Saving …"), "saved": _("Saved"), "undone": _("Taken back"), "failed": _("Not saved:")}
    facts["begin"] = _("Begin with the question.")
    hint = html.P(_("What you type is saved by itself."), className="muted record-hint")
    return html.Details(
        [html.Summary(_("Record a decision")), hint, html.Div([*controls, *buttons], className="record-form")],
        className="for-editors record",
        id="record",
        **attributes(**{f"data_{name}": str(value) for name, value in facts.items()}),
    )


def _record_facts(view: ProgrammeView) -> html.Div:
    """Of what a recorded decision is: programme, place among the others, day and language."""
    number_of = len(frames.programme_part("decisions", view.code)) + 1
    facts = {"set": view.code, "next": number_of, "today": view.today.isoformat(), "lang": language()}
    return html.Div(
        id="record-facts", hidden=True, **attributes(**{f"data_{name}": str(value) for name, value in facts.items()})
    )


@exhibit("decisions-log", DecisionFilters)
def decision_exhibit(chosen: DecisionFilters) -> Exhibit:
    """Decisions with their actions, one row an action: the minutes' table."""
    view = programmes.the_programme(chosen.programme)
    decisions = programmes.part(view.code, "decisions", chosen.theme)
    actions = frames.programme_part("actions", view.code)
    late = set(programmes.overdue(view.code)["code"])
    table = decisions.merge(
        actions[["code", "decision", "text", "owner_role", "due", "done_on"]].rename(
            columns={"decision": "of", "code": "action_code"}
        ),
        left_on="code",
        right_on="of",
        how="left",
    )
    table = table.assign(
        by=table["body"].map({code: _(label) for code, label in BODIES.items()}),
        standing=table["state"].map({code: _(label) for code, label in STATES.items()}),
        worked=table["effect"].map({code: _(label) for code, label in EFFECTS.items()}),
        action=table["text"].fillna(""),
        owner=[programmes.role_name(role) for role in table["owner_role"].fillna("")],
        open_late=[_("overdue") if code in late else "" for code in table["action_code"]],
    ).sort_values("decided_on", ascending=False, kind="stable")
    clock = programmes.clock(view.code, chosen.theme)
    told = ngettext("{n} decision, {late} actions overdue", "{n} decisions, {late} actions overdue", clock.decisions)
    return programme_exhibit(
        chosen,
        view,
        "decisions-log",
        PATH,
        answer=told.format(n=number(clock.decisions), late=number(clock.overdue)),
        subtitle=_("Decision, reason, action, owner, day, effect"),
        table=table,
        columns=(
            Column("decided_on", _("Day"), "date"),
            Column("by", _("Body")),
            Column("question", _("Question")),
            Column("because", _("Because")),
            Column("decision", _("Decision")),
            Column("standing", _("State")),
            Column("action", _("Action")),
            Column("owner", _("Owner")),
            Column("due", _("Due"), "date"),
            Column("done_on", _("Done"), "date"),
            Column("open_late", _("Late")),
            Column("worked", _("Effect")),
        ),
        page_rows=40,
        empty="" if len(table) else _("No decision in this choice."),
    )
