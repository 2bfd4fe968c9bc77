"""Minutes of a meeting: what was decided, because of what, by whom, who does what by when, and what was recorded.

A sheet of one decision is the same, cut down. Both are read from the live tables: minutes are written while people sit
together, and a pack freezes them.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from analysis.pilots import given
from dashboard import editable, frames
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number
from dashboard.pack_words import ROLES
from dashboard.programmes import ProgrammeView, role_name
from dashboard.reports.pack_model import Cell, Grid, Head, Paper, Section, Text
from dashboard.reports.pack_text import BODIES, EFFECTS, action_words

STATES: Mapping[str, str] = {
    "proposed": N_("proposed"),
    "adopted": N_("adopted"),
    "deferred": N_("deferred"),
    "rejected": N_("rejected"),
    "superseded": N_("superseded"),
}
"""States of a decision in words."""

ENTRIES = 200
"""Entries of the audit that stand in minutes."""


def of_meeting(view: ProgrammeView, code: str) -> Paper | None:
    """The minutes of a meeting; None when there is none of this code."""
    meeting = _one(view, "meetings", code)
    if meeting is None:
        return None
    decisions = [
        row
        for row in frames.records(frames.programme_part("decisions", view.code))
        if row["meeting"] == code
        or (
            not isinstance(row["meeting"], str)
            and row["body"] == meeting["body"]
            and row["decided_on"] == meeting["held_on"]
        )
    ]
    facts = [
        (_("Programme"), f"{view.acronym} · {view.title}"),
        (_("Body"), _(BODIES[meeting["body"]])),
        (_("Day"), date(meeting["held_on"])),
        (_("Place"), meeting["place"] or DASH),
    ]
    packs = [
        row
        for row in frames.records(frames.packs(view.code))
        if row["adopted_by"] in {one["code"] for one in decisions}
    ]
    facts += [(_("Adopted pack"), f"{row['number']} · SHA-256 {row['checksum']}") for row in packs]
    count = len(decisions)
    said = ngettext("{n} decision", "{n} decisions", count).format(n=number(count))
    title = (
        f"{meeting['title']}: {said}"
        if count
        else _("{meeting}: no decision is on record").format(meeting=meeting["title"])
    )
    todo = _actions(view, {row["code"] for row in decisions})
    sections: list[Section | None] = [_decision(view, row, todo, place) for place, row in enumerate(decisions, 1)]
    sections.append(_action_section(todo))
    sections.append(_recorded(view, {row["code"] for row in decisions}, {row["code"] for row in todo}, code))
    return _paper(view, _("Minutes"), title, facts, [one for one in sections if one is not None], f"minutes-{code}")


def of_decision(view: ProgrammeView, code: str) -> Paper | None:
    """The sheet of a decision; None when there is none of this code."""
    row = _one(view, "decisions", code)
    if row is None:
        return None
    todo = _actions(view, {code})
    facts = [
        (_("Programme"), f"{view.acronym} · {view.title}"),
        (_("Body"), _(BODIES[row["body"]])),
        (_("Day"), date(row["decided_on"])),
        (_("State"), _(STATES[row["state"]])),
    ]
    sections = [
        _decision(view, row, todo, 0),
        _action_section(todo),
        _recorded(view, {code}, {one["code"] for one in todo}, ""),
    ]
    found = [one for one in sections if one is not None]
    return _paper(view, _("Decision {code}").format(code=code), row["question"], facts, found, f"decision-{code}")


def _one(view: ProgrammeView, kind: str, code: str) -> dict[str, Any] | None:
    table = frames.programme_part(kind, view.code)
    found = frames.records(table[table["code"] == code])
    return found[0] if found else None


def _actions(view: ProgrammeView, decisions: set[str]) -> list[dict[str, Any]]:
    rows = frames.records(frames.programme_part("actions", view.code))
    return [row for row in rows if row["decision"] in decisions]


def _decision(view: ProgrammeView, row: Mapping[str, Any], todo: Iterable[Mapping[str, Any]], place: int) -> Section:
    therefore = "; ".join(action_words(one, view.today) for one in todo if one["decision"] == row["code"])
    effect = row["effect_text"] or (_(EFFECTS[row["effect"]]) if row["effect"] else "")
    lines = [
        (_("Options"), row["options"] if isinstance(row["options"], str) else ""),
        (_("Because"), row["because"]),
        (_("Decided"), row["decision"]),
        (_("State"), _(STATES[row["state"]])),
        (_("Dissent"), row["dissent"]),
        (_("Therefore"), therefore),
        (_("Did it work?"), effect),
        (_("Pack"), row["pack"]),
    ]
    rows = tuple((Cell(name, strong=True), Cell(value)) for name, value in lines if value)
    heading = f"{number(place)}. {row['question']}" if place else row["question"]
    grid = Grid(row["question"], (Head(_("What"), 1.0), Head(row["code"], 5.0)), rows)
    return Section(f"decision-{row['code']}", heading, (grid,))


def _action_section(todo: list[dict[str, Any]]) -> Section | None:
    if not todo:
        return None
    rows = tuple(
        (
            Cell(row["code"], strong=True),
            Cell(row["text"]),
            Cell(role_name(row["owner_role"]) or DASH),
            Cell(date(row["due"]) if given(row["due"]) else DASH),
            Cell(date(row["done_on"]) if given(row["done_on"]) else DASH),
        )
        for row in todo
    )
    heads = (
        Head(_("Action"), 0.8),
        Head(_("What"), 3.0),
        Head(_("Owner"), 1.6),
        Head(_("Due"), 1.0),
        Head(_("Done on"), 1.0),
    )
    return Section("actions", _("Actions"), (Grid(_("Actions"), heads, rows),))


def _recorded(view: ProgrammeView, decisions: set[str], actions: set[str], meeting: str) -> Section:
    """What the audit holds of these decisions, actions and this meeting: who-role, what, when."""
    wanted = {"decision": decisions, "action": actions, "meeting": {meeting}}
    entries = [
        row
        for row in frames.records(frames.edits(view.code, limit=5000))
        if row["key"] in wanted.get(row["entity"], set())
    ]
    heading = _("What was recorded")
    if not entries:
        return Section("recorded", heading, (Text(_("Nothing of this was changed since it was loaded."), "small"),))
    rows = []
    for row in reversed(entries[:ENTRIES]):
        old, new = row["old"] or {}, row["new"] or {}
        changed = [name for name in {**old, **new} if old.get(name) != new.get(name)]
        if not old or not new:
            what = _("entered") if new else _("removed")
        else:
            what = ", ".join(editable.field_name(name) for name in changed)
        rows.append(
            (
                Cell(f"{date(row['at'])}, {row['at'].strftime('%H:%M')} UTC"),
                Cell(_(ROLES.get(row["role"], row["role"]))),
                Cell(f"{_(editable.ENTITIES.get(row['entity'], row['entity']))} {row['key']}"),
                Cell(what),
                Cell(row["why"] or DASH),
            )
        )
    heads = (
        Head(_("Time"), 1.4),
        Head(_("Role"), 1.0),
        Head(_("What"), 1.6),
        Head(_("Changed"), 2.2),
        Head(_("Why"), 1.2),
    )
    return Section("recorded", heading, (Grid(heading, heads, tuple(rows), small=True),))


def _paper(
    view: ProgrammeView, kicker: str, title: str, facts: list[tuple[str, str]], sections: list[Section], name: str
) -> Paper:
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    demo = "DEMO-" if view.is_demonstration else ""
    moment = _("{day}, {time} UTC").format(day=date(now), time=now.strftime("%H:%M"))
    stamp = _("PoliSEE · {moment} · data version {version}").format(
        moment=moment, version=number(frames.data_version())
    )
    return Paper(
        lang=language(),
        name=f"{kicker} · {title}",
        kicker=f"{kicker} · {view.acronym}",
        title=title,
        facts=tuple(facts),
        sections=tuple(sections),
        stamp=stamp,
        at=now.isoformat(),
        stem=f"polisee-{demo}{view.code}-{name}-{language()}",
        label=_("DEMO – demonstration data: nothing in it is real") if view.is_demonstration else "",
        watermark="DEMO" if view.is_demonstration else "",
        notes=(view.notice,) if view.is_demonstration and view.notice else (),
    )
