"""What public sources say of a programme: each statement with its address, and where they disagree all of them."""

from collections import Counter
from typing import Any

from dash import html

from dashboard import frames
from dashboard.components.attributes import attributes
from dashboard.i18n import N_, SOURCE, _, language
from dashboard.programmes import ProgrammeView

SUBJECTS = {
    "programme": N_("Programme"),
    "pilots": N_("Pilots"),
    "foresight": N_("Foresight"),
    "evaluation": N_("Evaluation"),
}
FIELDS = {
    "start": N_("beginning"),
    "end": N_("end"),
    "partners": N_("partners"),
    "reference": N_("reference"),
    "call": N_("call"),
    "languages": N_("languages"),
    "budget": N_("budget"),
    "budget_erdf": N_("budget, ERDF"),
    "budget_ipa": N_("budget, IPA"),
    "budget_other": N_("budget, other"),
    "method": N_("method"),
    "report": N_("report"),
    "name": N_("name"),
    "role": N_("role"),
    "number": N_("number"),
    "period": N_("period"),
    "outcome": N_("outcome"),
    "one_of_six": N_("one of the six pilots"),
    "independent": N_("independent evaluation"),
}
"""Names of what is told; a field without one stands as it is."""


def facts(view: ProgrammeView, *subjects: str, fields: str = "") -> html.Article | None:
    """A card with what sources say of some subjects; None where nothing is on record.

    Args:
        view: the programme.
        subjects: beginnings of subjects: ``pilots``, ``pilot:``; all without any.
        fields: only fields that begin so.
    """
    table = frames.programme_part("facts", view.code)
    chosen = [
        row
        for row in frames.records(table)
        if row["field"].startswith(fields) and (not subjects or row["subject"].startswith(subjects))
    ]
    if not chosen:
        return None
    said = Counter((row["subject"], row["field"]) for row in chosen)
    rows = [_row(view, row, said[row["subject"], row["field"]] > 1) for row in chosen]
    heads = (_("About"), _("What"), _("Said"), _("How sure"), _("Source"))
    head = html.Thead(html.Tr([html.Th(name, scope="col") for name in heads]))
    return html.Article(
        [
            html.H2(_("What public sources say"), className="card-answer"),
            html.Div(
                html.Table([head, html.Tbody(rows)], className="figures-table"),
                className="table-scroll",
                tabIndex="0",
                role="region",
                **attributes(aria_label=_("What public sources say")),
            ),
            html.P(_("Where sources disagree all of them stand here; none was chosen."), className="card-note"),
        ],
        className="figure-card facts-card",
    )


def _row(view: ProgrammeView, row: dict[str, Any], several: bool) -> html.Tr:
    if several:
        sure: Any = html.Strong(
            [html.Span("≠ ", className="mark-shape"), _("sources disagree")], className="mark-watch"
        )
    elif row["mark"] == "?":
        sure = html.Strong(_("unclear"), className="mark-watch")
    else:
        sure = _("inferred by us") if row["mark"] == "I" else _("stated")
    source = html.A(_("source"), href=row["source_url"], rel="noopener") if row["source_url"] else ""
    what = FIELDS.get(row["field"])
    return html.Tr(
        [
            html.Th(_subject(view, row["subject"]), scope="row"),
            html.Td(_(what) if what else row["field"]),
            html.Td(row["value"], **({} if language() == SOURCE else {"lang": SOURCE})),  # as the source words it
            html.Td(sure),
            html.Td(source),
        ]
    )


def _subject(view: ProgrammeView, subject: str) -> str:
    kind, _colon, code = subject.partition(":")
    if kind in ("partner", "pilot") and code:
        name = {"partner": "abbreviation", "pilot": "title"}[kind]
        table = frames.programme_part(f"{kind}s", view.code)
        found = table.loc[table["code"] == code, name]
        return str(found.iloc[0]) if len(found) else code
    return _(SUBJECTS[subject]) if subject in SUBJECTS else subject
