"""The evaluation matrix: subjects by criterion, every evaluator's step shown, agreement told, one's own recorded."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
from dash import html

from analysis import pilots
from dashboard import frames, programmes
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.programme_parts import link, programme_exhibit
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import DASH, N_, _, language, ngettext, number
from dashboard.programmes import ALL, ProgrammeFilters, ProgrammeView

PATH = "/decisions"

EUROPEAN: Mapping[str, str] = {
    "relevance": N_("Relevance"),
    "effectiveness": N_("Effectiveness"),
    "efficiency": N_("Efficiency"),
    "coherence": N_("Coherence"),
    "eu_added_value": N_("EU added value"),
}
"""Criteria of the European Commission (Better Regulation toolbox, tool 47)."""

FURTHER: Mapping[str, str] = {"impact": N_("Impact"), "sustainability": N_("Sustainability")}
"""What the OECD's Development Assistance Committee asks besides."""

CRITERIA = {**EUROPEAN, **FURTHER}
STEPS = {1: N_("1 not at all"), 2: N_("2 rather not"), 3: N_("3 rather"), 4: N_("4 fully")}
GRADES = {"A": N_("A evaluated"), "B": N_("B measured"), "C": N_("C described"), "": N_("none")}
RELIABLE, TENTATIVE = 0.8, 0.667
"""From which alpha on one may rely on the steps, or draw tentative conclusions (Krippendorff 2004, p. 241)."""


def section(chosen: ProgrammeFilters) -> html.Section:
    """The matrix with its agreement, and the form for one's own evaluation."""
    view = programmes.the_programme(chosen.programme)
    table = _evaluations(view, chosen.theme)
    title = html.H2(_("How do evaluators see it?"))
    if table.empty:
        nothing = states.empty(
            _("No evaluation is on record."),
            _("Evaluators record one here once they have signed in, or it comes with the programme's workbook."),
        )
        return html.Section([title, nothing, form(view)], className="section", id="evaluation")
    grid = _grid(view, table)
    parts = [title, exhibit_card(matrix_exhibit(chosen), extra=html.Div([grid, _key()])), form(view)]
    return html.Section(parts, className="section", id="evaluation")


def _evaluations(view: ProgrammeView, theme: str) -> pd.DataFrame:
    """Evaluations of pilots and measures, with ``key`` that tells a subject apart, of one theme or of all."""
    table = frames.programme_part("evaluations", view.code)
    table = table[table["subject_kind"].isin(("pilot", "measure")) & table["step"].notna()]
    if theme != ALL:
        mine = {kind: set(programmes.part(view.code, f"{kind}s", theme)["code"]) for kind in ("pilot", "measure")}
        kept = [code in mine[kind] for kind, code in zip(table["subject_kind"], table["subject"], strict=True)]
        table = table[np.array(kept, dtype=bool)]
    return table.assign(key=table["subject_kind"] + ":" + table["subject"])


def alpha(table: pd.DataFrame) -> float:
    """Krippendorff's alpha over what several evaluators judged: units are subjects by criterion, steps are ordered."""
    if table.empty:
        return float("nan")
    wide = table.pivot_table(index="evaluator", columns=["key", "criterion"], values="step", aggfunc="first")
    return pilots.krippendorff_alpha(wide.to_numpy(dtype=float))


def _alphas(table: pd.DataFrame) -> dict[str, float]:
    """Alpha of all, under '', and of each criterion."""
    return {"": alpha(table)} | {code: alpha(table[table["criterion"] == code]) for code in _shown_criteria(table)}


def how_to_read(value: float) -> str:
    """What an alpha says, in a sentence."""
    if value != value:
        return _("Too few cells were judged by several evaluators to tell how far they agree.")
    told = _("Agreement of the evaluators: alpha {alpha}.").format(alpha=number(value, 2))
    if value >= RELIABLE:
        return told + " " + _("They judge alike; the steps can be relied upon.")
    if value >= TENTATIVE:
        return told + " " + _("Good enough for tentative conclusions; look at cells in which they differ.")
    return told + " " + _("They differ too much for a step to stand alone: talk about the cells that are spread out.")


def _names(view: ProgrammeView) -> dict[str, tuple[str, str]]:
    """Title and address of what can be evaluated."""
    found = {}
    for row in frames.records(frames.programme_part("pilots", view.code)):
        found[f"pilot:{row['code']}"] = (row["title"], f"/pilots?programme={view.code}&pilot={row['code']}")
    for row in frames.records(frames.programme_part("measures", view.code)):
        path = f"/strategy?programme={view.code}#measure-{row['code']}"
        found[f"measure:{row['code']}"] = (row["title"], path)
    return found


def _shown_criteria(table: pd.DataFrame) -> list[str]:
    """The five of the EU always, the two further ones where somebody judged by them."""
    judged = set(table["criterion"])
    return [*EUROPEAN, *(code for code in FURTHER if code in judged)]


def _grid(view: ProgrammeView, table: pd.DataFrame) -> html.Div:
    """Subjects by criterion; each cell holds every step that was given, and the weakest evidence."""
    names, criteria = _names(view), _shown_criteria(table)
    cells: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in frames.records(table):
        cells.setdefault((row["key"], row["criterion"]), []).append(row)
    order = [key for key in names if key in set(table["key"])]
    rows = []
    for key in order:
        title, path = names[key]
        head = html.Th(link(path, title), scope="row")
        rows.append(html.Tr([head, *(html.Td(_cell(cells.get((key, one), []))) for one in criteria)]))
    heads = [
        html.Th(_("What is evaluated"), scope="col"),
        *(html.Th(_(CRITERIA[one]), scope="col") for one in criteria),
    ]
    caption = _("Steps given by each evaluator, by subject and criterion")
    return html.Div(
        html.Table(
            [html.Caption(caption), html.Thead(html.Tr(heads)), html.Tbody(rows)],
            className="status-grid evaluation-grid",
        ),
        className="table-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=caption),
    )


def _cell(rows: Sequence[Mapping[str, Any]]) -> Any:
    if not rows:
        return html.Span(DASH, className="muted")
    steps = [int(row["step"]) for row in rows]
    grade = max((row["grade"] for row in rows if row["grade"]), default="")
    chips: list[Any] = []
    for step in sorted(set(steps)):
        times = steps.count(step)
        words = number(step) if times == 1 else f"{number(step)}\N{NO-BREAK SPACE}×{number(times)}"
        chips.append(html.Span(words, className=f"step step-{step}"))
    evidence = html.Span(
        [html.Span(_("evidence"), className="visually-hidden"), f" {grade}"] if grade else "",
        className="muted step-grade",
    )
    return html.Span([*chips, evidence], className="steps")


def _key() -> html.P:
    steps = " · ".join(_(words) for words in STEPS.values())
    grades = " · ".join(_(GRADES[grade]) for grade in "ABC")
    words = _("Steps: {steps}. Letter: the weakest evidence given, {grades}. “×2” is given by two evaluators.")
    return html.P(words.format(steps=steps, grades=grades), className="card-note")


@exhibit("decisions-evaluation", ProgrammeFilters)
def matrix_exhibit(chosen: ProgrammeFilters) -> Exhibit:
    """Subjects by criterion with how often each step was given: the distribution, never an average of colours."""
    view = programmes.the_programme(chosen.programme)
    table = _evaluations(view, chosen.theme)
    names, order = _names(view), list(CRITERIA)
    rows = []
    if len(table):
        matrix = pilots.evaluation_matrix(table.assign(subject=table["key"]))
        counts = table.groupby(["key", "criterion", "step"]).size()
        for row in frames.records(matrix):
            title = names.get(row["subject"], (row["subject"], ""))[0]
            given = {f"step{n}": int(counts.get((row["subject"], row["criterion"], n), 0)) for n in STEPS}
            told = {
                "title": title,
                "criterion_name": _(CRITERIA[row["criterion"]]),
                "place": order.index(row["criterion"]),
            }
            rows.append(row | told | given)
        places = list(names)
        rows.sort(key=lambda row: (places.index(row["subject"]) if row["subject"] in names else -1, row["place"]))
    agreed = frames.remember("evaluation-alpha", (view.code, chosen.theme), lambda: _alphas(table))
    whole = agreed[""]
    by_criterion = [
        f"{_(CRITERIA[code])} {number(value, 2)}" for code, value in agreed.items() if code and value == value
    ]
    spread = sum(row["high"] - row["low"] >= 2 for row in rows)
    answer = ngettext(
        "Evaluators lie two steps or more apart in {n} of {all} cell",
        "Evaluators lie two steps or more apart in {n} of {all} cells",
        len(rows),
    ).format(n=number(spread), all=number(len(rows)))
    subtitle = ngettext("{n} evaluator, steps 1 to 4", "{n} evaluators, steps 1 to 4", table["evaluator"].nunique())
    notes = [how_to_read(whole)]
    if by_criterion:
        notes.append(_("By criterion: {values}.").format(values=", ".join(by_criterion)))
    return programme_exhibit(
        chosen,
        view,
        "decisions-evaluation",
        PATH,
        answer=answer,
        subtitle=subtitle.format(n=number(table["evaluator"].nunique())),
        table=pd.DataFrame(rows),
        columns=(
            Column("title", _("What is evaluated")),
            Column("criterion_name", _("Criterion")),
            *(Column(f"step{n}", _(words), "number") for n, words in STEPS.items()),
            Column("median", _("Median"), "number", 1),
            Column("evaluators", _("Evaluators"), "number"),
            Column("grade", _("Weakest evidence")),
        ),
        how=_(
            "Krippendorff's alpha compares how far evaluators differ with how far they would by chance: 1 is full "
            "agreement, 0 as by chance, below 0 worse. From 0.8 on steps can be relied upon, from 0.67 on for "
            "tentative conclusions."
        ),
        notes=tuple(notes),
        page_rows=40,
        empty="" if rows else _("No evaluation in this choice."),
    )


def form(view: ProgrammeView) -> html.Details:
    """One's own evaluation of a subject by a criterion; an earlier one by the same evaluator is replaced."""
    subjects = [html.Option(title, value=key) for key, (title, _path) in _names(view).items()]
    choices = (
        ("subject", _("What is evaluated"), subjects),
        ("criterion", _("Criterion"), [html.Option(_(name), value=code) for code, name in CRITERIA.items()]),
        ("step", _("Step"), [html.Option(_(name), value=str(step)) for step, name in STEPS.items()]),
        ("grade", _("Evidence"), [html.Option(_(name), value=code) for code, name in GRADES.items()]),
    )
    fields = [
        html.Div(
            [
                html.Label(label, htmlFor=f"evaluate-{name}"),
                html.Select(options, id=f"evaluate-{name}", className="form-select form-select-sm"),
            ],
            className="filter",
        )
        for name, label, options in choices
    ]
    fields += [
        html.Div(
            [html.Label(label, htmlFor=f"evaluate-{name}"), dbc.Input(id=f"evaluate-{name}", type="text", size="sm")],
            className="filter",
        )
        for name, label in (("evaluator", _("Evaluator (a role)")), ("comment", _("Comment")))
    ]
    return html.Details(
        [html.Summary(_("Record an evaluation")), html.Div([*fields, *buttons("evaluate")], className="record-form")],
        className="for-editors record",
        id="evaluate",
        **record_facts(view),
    )


def buttons(name: str) -> list[Any]:
    """Record, take back, and how it went."""
    return [
        html.Button(_("Record"), type="button", className="btn btn-sm btn-primary", id=f"{name}-save"),
        html.Button(
            _("Undo the last entry"), type="button", className="btn btn-sm btn-outline-secondary", id=f"{name}-undo"
        ),
        html.Span("", id=f"{name}-state", className="muted", role="status"),
    ]


def record_facts(view: ProgrammeView) -> dict[str, str]:
    """What the browser must know to record something of a programme, and its words."""
    facts = {"set": view.code, "lang": language(), "missing": _("Fill in who evaluates.")}
    facts |= {"saving": _("Saving …"), "saved": _("Saved"), "undone": _("Taken back"), "failed": _("Not saved:")}
    return attributes(**{f"data_{name}": value for name, value in facts.items()})
