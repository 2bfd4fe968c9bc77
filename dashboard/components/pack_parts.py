"""Frozen packs on the page of decisions: the list with what changed, files, freezing, adopting; and minutes."""

from collections.abc import Mapping
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from dashboard import frames
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.i18n import LANGUAGES, _, date, ngettext, number
from dashboard.pack_words import ROLES, Names, change
from dashboard.programmes import ProgrammeView, period_name

FORMS: Mapping[str, str] = {"pdf": "PDF", "docx": "DOCX", "pptx": "PPTX", "xlsx": "XLSX", "zip": "ZIP"}
"""Forms of a pack, as they are called."""

SHOWN = 5
"""Packs that stand on the page; earlier ones are a click away."""

CHANGES = 12
"""Changes that stand under a pack; its files hold all."""


def section(view: ProgrammeView) -> html.Section:
    """Freeze and packs of a programme; what writes is for facilitators."""
    packs = frames.records(frames.packs(view.code))
    decisions = frames.records(frames.programme_part("decisions", view.code))
    parts: list[Any] = [
        html.H2(_("Frozen packs"), id="packs"),
        html.P(
            _(
                "A pack is a period as it stood when it was frozen: numbered, with a checksum, never changed. A later "
                "correction makes a new version that lists what changed."
            ),
            className="muted",
        ),
        _freeze(view),
    ]
    if packs:
        names = _names(view)
        cards = [_pack(view, row, decisions, names) for row in packs]
        parts.append(html.Ol(cards[:SHOWN], className="pack-list"))
        if cards[SHOWN:]:
            count = len(cards) - SHOWN
            words = ngettext("{n} earlier pack", "{n} earlier packs", count).format(n=number(count))
            parts.append(html.Details([html.Summary(words), html.Ol(cards[SHOWN:], className="pack-list")]))
    else:
        parts.append(states.empty(_("No period is frozen yet."), _("A facilitator can freeze one that has ended.")))
    minutes = _minutes(view)
    if minutes is not None:
        parts.append(minutes)
    return html.Section(parts, className="section packs", **attributes(aria_labelledby="packs"))


def _names(view: ProgrammeView) -> Names:
    def compute() -> Names:
        kinds: tuple[str, ...] = (
            "partners",
            "pilots",
            "risks",
            "result_indicators",
            "decisions",
            "actions",
            "deliverables",
            "measures",
        )
        kinds += ("work_packages", "meetings", "events", "communications", "activities", "adoptions", "strategies")
        return Names.of({kind: frames.programme_part(kind, view.code) for kind in kinds}, view.currency)

    return frames.remember("pack-names", (view.code,), compute)


def _freeze(view: ProgrammeView) -> html.Div:
    """Choose a period that has ended and freeze it."""
    ended = [period for period in view.periods if period <= view.closed]
    options = [{"label": period_name(period), "value": str(period)} for period in reversed(ended)]
    newest = str(view.closed) if ended else None
    controls = [
        html.Div(
            [
                html.Label(_("Period"), htmlFor="freeze-period"),
                dbc.Select(id="freeze-period", options=options, value=newest, size="sm", persistence=False),
            ],
            className="filter",
        ),
        html.Button(
            _("Freeze"), type="button", id="freeze-start", className="btn btn-sm btn-primary", disabled=not ended
        ),
    ]
    facts = {
        "programme": view.code,
        "words": _("The period is frozen and its pack is made:"),
        "lost": _("The server does not answer. Reload the page to see what came of it."),
        "asking": _("One moment …"),
    }
    data = attributes(**{f"data_{name}": value for name, value in facts.items()})
    state = html.Div("", id="freeze-state", className="freeze-state", role="status", **data)
    return html.Div([html.Div(controls, className="freeze-form"), state], className="for-editors freeze")


def _pack(view: ProgrammeView, row: dict[str, Any], decisions: list[dict[str, Any]], names: Names) -> html.Li:
    role = _(ROLES.get(row["role"], row["role"]))
    moment = _("{day}, {time} UTC").format(day=date(row["frozen_at"]), time=row["frozen_at"].strftime("%H:%M"))
    title = _("Pack {number}").format(number=row["number"])
    facts = [
        _("frozen {moment}, by the role {role}").format(moment=moment, role=role),
        _("data version {n}").format(n=number(row["edition"])),
    ]
    parts: list[Any] = [
        html.H3([title, *_adopted_badge(row)], id=f"pack-{row['period']}-{row['version']}"),
        html.P(" · ".join(facts), className="muted"),
        html.P([_("SHA-256") + " ", html.Code(row["checksum"])], className="pack-checksum"),
        _downloads(view, row, title),
    ]
    if row["changes"]:
        parts.append(_changes(row, names))
    parts.append(_adoption(view, row, decisions))
    return html.Li(parts, className="pack")


def _adopted_badge(row: Mapping[str, Any]) -> list[Any]:
    if not isinstance(row["adopted_by"], str):
        return []
    return [" ", html.Span(_("✓ adopted"), className="pack-adopted")]


def _downloads(view: ProgrammeView, row: Mapping[str, Any], title: str) -> html.Ul:
    lines = []
    for lang, tongue in LANGUAGES.items():
        links: list[Any] = []
        for form, name in FORMS.items():
            path = frames.href(f"/pack/{view.code}/{row['number']}/{lang}.{form}")
            label = _("{title} as {form}, {language}").format(title=title, form=name, language=tongue)
            links += [html.A(name, href=path, lang=lang, **attributes(aria_label=label)), " "]
        lines.append(html.Li([html.Span(f"{tongue}: ", lang=lang), *links]))
    return html.Ul(lines, className="pack-files")


def _changes(row: Mapping[str, Any], names: Names) -> html.Details:
    changes = row["changes"]
    before = f"{row['period']}.{row['version'] - 1}"
    words = ngettext("{n} change since pack {before}", "{n} changes since pack {before}", len(changes)).format(
        n=number(len(changes)), before=before
    )
    items: list[Any] = [html.Li(change(one, names).sentence) for one in changes[:CHANGES]]
    if len(changes) > CHANGES:
        items.append(html.Li(_("And {n} more, in the workbook.").format(n=number(len(changes) - CHANGES))))
    return html.Details([html.Summary(words), html.Ul(items)], open=True, className="pack-changes")


def _adoption(view: ProgrammeView, row: Mapping[str, Any], decisions: list[dict[str, Any]]) -> Any:
    """By which decision it was adopted, or the form to say so."""
    called = {one["code"]: one for one in decisions}
    if isinstance(row["adopted_by"], str):
        found = called.get(row["adopted_by"])
        words = _("Adopted by decision {code}").format(code=row["adopted_by"])
        more = f": {found['question']} ({date(found['decided_on'])})" if found is not None else ""
        return html.P(words + more)
    adopted = sorted(
        (one for one in decisions if one["state"] == "adopted"),
        key=lambda one: (str(one["decided_on"]), one["position"]),
        reverse=True,
    )
    if not adopted:
        return None
    name = f"adopt-{row['period']}-{row['version']}"
    options = [
        {"label": f"{date(one['decided_on'])} · {one['question'][:70] or one['code']}", "value": one["code"]}
        for one in adopted
    ]
    controls = [
        html.Label(_("Adopted by decision"), htmlFor=name),
        dbc.Select(id=name, options=options, value=adopted[0]["code"], size="sm", persistence=False),
        html.Button(
            _("Note the adoption"),
            type="button",
            className="btn btn-sm btn-outline-secondary pack-adopt",
            **attributes(data_programme=view.code, data_number=row["number"], data_select=name),
        ),
    ]
    return html.Div(controls, className="for-editors adopt-form")


def _minutes(view: ProgrammeView) -> html.Div | None:
    """Minutes of each meeting that was held, and a sheet of decisions."""
    meetings = frames.programme_part("meetings", view.code)
    held = [one for one in frames.records(meetings) if one["held_on"] <= view.today]
    if not held:
        return None
    items = []
    for one in reversed(held):
        links: list[Any] = []
        for form in ("docx", "pdf"):
            label = _("Minutes of {meeting} as {form}").format(meeting=one["title"], form=FORMS[form])
            path = frames.href(f"/programme/{view.code}/minutes/{one['code']}.{form}")
            links += [" ", html.A(FORMS[form], href=path, **attributes(aria_label=label))]
        items.append(html.Li([f"{one['title']}, {date(one['held_on'])}:", *links]))
    return html.Div([html.H3(_("Minutes of meetings")), html.Ul(items, className="minutes-list")], className="minutes")
