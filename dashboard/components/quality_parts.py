"""Quality of each deliverable as the technical and scientific committee sees it: accepted, returned, score, comment."""

from typing import Any

import dash_bootstrap_components as dbc
import pandas as pd
from dash import html

from dashboard import frames, programmes
from dashboard.components.card import exhibit_card
from dashboard.components.evaluation_parts import CRITERIA, buttons, record_facts
from dashboard.components.programme_parts import programme_exhibit
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import DASH, N_, _, ngettext, number
from dashboard.programmes import ALL, ProgrammeFilters, ProgrammeView

PATH = "/workplan"
STATES = {"returned": N_("returned"), "accepted": N_("accepted"), "not_reviewed": N_("not reviewed")}
"""What the committee may say, what asks for work first."""


def section(chosen: ProgrammeFilters) -> html.Section | None:
    """The card and the form; None for a programme of which no deliverable was ever reviewed."""
    view = programmes.the_programme(chosen.programme)
    table = frames.programme_part("deliverables", view.code)
    if table.empty:
        return None
    if view.origin == "published" and (table["quality"] == "not_reviewed").all():
        return None
    return html.Section([exhibit_card(quality_exhibit(chosen)), _form(view)], id="quality")


def _by_criterion(view: ProgrammeView) -> dict[str, str]:
    """What evaluators say of deliverables by criterion, in words, where somebody does."""
    table = frames.programme_part("evaluations", view.code)
    mine = table[(table["subject_kind"] == "deliverable") & table["step"].notna()]
    found: dict[str, list[str]] = {}
    for row in frames.records(mine.groupby(["subject", "criterion"], sort=False)["step"].agg(list).reset_index()):
        steps = ", ".join(number(step) for step in sorted(row["step"]))
        found.setdefault(row["subject"], []).append(f"{_(CRITERIA[row['criterion']])}: {steps}")
    return {code: "; ".join(words) for code, words in found.items()}


@exhibit("workplan-quality", ProgrammeFilters)
def quality_exhibit(chosen: ProgrammeFilters) -> Exhibit:
    """Delivered deliverables: what the committee said, its score and comment; returned ones first."""
    view = programmes.the_programme(chosen.programme)
    table = programmes.deliverables(view.code, chosen.theme)
    if chosen.partner != ALL:
        table = table[table["lead"] == chosen.partner]
    table = table[table["is_delivered"]]
    order = list(STATES)
    table = table.sort_values("quality", key=lambda column: column.map(order.index), kind="stable")
    names, criteria = programmes.partner_names(view.code), _by_criterion(view)
    shown = table.assign(
        who=table["lead"].map(names).fillna(DASH),
        said=[_(STATES[one]) for one in table["quality"]],
        criteria=[criteria.get(code, "") for code in table["code"]],
        title_href=[frames.href(f"{PATH}?programme={view.code}#deliverable-{code}") for code in table["code"]],
    )
    counts = {state: int((table["quality"] == state).sum()) for state in STATES}
    answer = ngettext(
        "Of {n} delivered deliverable {accepted} accepted, {returned} returned, {open} not reviewed",
        "Of {n} delivered deliverables {accepted} accepted, {returned} returned, {open} not reviewed",
        len(table),
    ).format(
        n=number(len(table)),
        accepted=number(counts["accepted"]),
        returned=number(counts["returned"]),
        open=number(counts["not_reviewed"]),
    )
    scores = pd.to_numeric(table["score"]).dropna()
    notes = []
    if len(scores):
        spread = ", ".join(
            _("{score}: {n}").format(score=number(step), n=number(int((scores == step).sum()))) for step in range(1, 6)
        )
        notes.append(_("Scores from 1 to 5 and how often each was given: {spread}.").format(spread=spread))
    return programme_exhibit(
        chosen,
        view,
        "workplan-quality",
        PATH,
        answer=answer,
        subtitle=_("As the technical and scientific committee sees it; returned ones first"),
        table=shown,
        columns=(
            Column("code", _("No.")),
            Column("title", _("Deliverable")),
            Column("who", _("Lead")),
            Column("delivered_on", _("Delivered"), "date"),
            Column("said", _("Quality")),
            Column("score", _("Score (1–5)"), "number"),
            Column("comment", _("Comment")),
            Column("criteria", _("By criterion (1–4)")),
        ),
        notes=tuple(notes),
        page_rows=25,
        empty="" if len(table) else _("No delivered deliverable in this choice."),
    )


CHOICES = 200
"""Deliverables that the form offers at most."""


def _offered(table: pd.DataFrame) -> pd.DataFrame:
    """What the committee can speak of: all that was delivered; of very much, what was never accepted and is newest."""
    if len(table) <= CHOICES:
        return table
    order = table.assign(open=table["quality"] != "accepted").sort_values(["open", "delivered_on"], ascending=False)
    return order.head(CHOICES).sort_values("code")


def _form(view: ProgrammeView) -> html.Details:
    """What the committee says of one deliverable."""
    table = programmes.deliverables(view.code)
    table = _offered(table[table["is_delivered"]])
    there: list[Any] = [
        html.Option(f"{row['code']} {row['title']}", value=row["code"]) for row in frames.records(table)
    ]
    scores = [html.Option(DASH, value=""), *(html.Option(number(step), value=str(step)) for step in range(1, 6))]
    choices = (
        ("code", _("Deliverable"), there),
        ("state-choice", _("Quality"), [html.Option(_(name), value=code) for code, name in STATES.items()]),
        ("score", _("Score (1–5)"), scores),
    )
    fields = [
        html.Div(
            [
                html.Label(label, htmlFor=f"review-{name}"),
                html.Select(options, id=f"review-{name}", className="form-select form-select-sm"),
            ],
            className="filter",
        )
        for name, label, options in choices
    ]
    fields.append(
        html.Div(
            [
                html.Label(_("Comment"), htmlFor="review-comment"),
                dbc.Input(id="review-comment", type="text", size="sm"),
            ],
            className="filter",
        )
    )
    return html.Details(
        [html.Summary(_("Record a review")), html.Div([*fields, *buttons("review")], className="record-form")],
        className="for-editors record",
        id="review",
        **record_facts(view),
    )
