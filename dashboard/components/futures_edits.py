"""What people changed in a scenario set, as its pages tell it: the last edits, what an undo would take back, how saving
goes. Controls for editing stand in every reply and are shown to facilitators alone; the server decides on each edit.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from dash import html

from dashboard import frames
from dashboard.components.attributes import attributes
from dashboard.components.table import missing
from dashboard.i18n import N_, _, date

LAST = 12
"""Edits that are listed."""


class Entry(NamedTuple):
    """An edit: its row in the audit, and whether it is in force, that is, neither taken back nor itself an undo."""

    number: int
    at: Any
    role: str
    entity: str
    key: tuple[str, ...]
    old: Mapping[str, Any] | None
    new: Mapping[str, Any] | None
    why: str
    undone: bool
    undo: bool

    @property
    def in_force(self) -> bool:
        """Whether an undo could take it back."""
        return not self.undone and not self.undo


def entries(set_code: str, entity: str, belongs: Callable[[tuple[str, ...]], bool] = lambda _key: True) -> list[Entry]:
    """The newest edits of a table of a set, newest first.

    Args:
        set_code: the set.
        entity: table.
        belongs: which rows count, by the parts of their key in alphabetical order of its columns.
    """
    rows = [row for row in frames.records(frames.edits(set_code)) if row["entity"] == entity]
    takes_back = {int(row["undone_by"]): int(row["id"]) for row in rows if not missing(row["undone_by"])}
    undone = set(takes_back.values())
    found = []
    for row in rows:
        key, number, steps = tuple(str(row["key"]).split("|")), int(row["id"]), 0
        # What takes back an undo stands for the edit itself.
        while number in takes_back:
            number, steps = takes_back[number], steps + 1
        if belongs(key):
            facts = (row["at"], row["role"], entity, key, row["old"], row["new"], row["why"] or "")
            found.append(Entry(int(row["id"]), *facts, undone=int(row["id"]) in undone, undo=steps % 2 == 1))
    return found


def undoable(made: Sequence[Entry]) -> Entry | None:
    """The edit that an undo would take back next."""
    return next((entry for entry in made if entry.in_force), None)


ROLES: Mapping[str, str] = {"facilitator": N_("Facilitator"), "reader": N_("Reader")}


def audit_list(made: Sequence[Entry], tell: Callable[[Entry], str]) -> html.Details:
    """The last edits in words; ``tell`` says what one did."""
    if not made:
        body: Any = html.P(_("Nothing was changed since the set was loaded."), className="muted")
    else:
        body = html.Ol([_audit_row(entry, tell(entry)) for entry in made[:LAST]], className="list-plain audit-list")
    return html.Details([html.Summary(_("Last changes")), html.Div(body, className="audit-body")], className="audit")


def _audit_row(entry: Entry, words: str) -> html.Li:
    when = f"{date(entry.at)} {entry.at:%H:%M}"
    parts: list[Any] = [
        html.Span(f"{when} UTC · {_(ROLES.get(entry.role, entry.role))}", className="audit-when"),
        html.Span(words, className="audit-what"),
    ]
    if entry.undo:
        parts.append(html.Span(_("an earlier change taken back"), className="chip"))
    if entry.undone:
        parts.append(html.Span(_("taken back"), className="chip"))
    if entry.why and not entry.undo:
        parts.append(html.Span(entry.why, className="audit-why"))
    return html.Li(parts, className="audit-undone" if entry.undone else None)


def undo_button(set_code: str, entity: str, entry: Entry | None, words: str) -> html.Button:
    """The button that takes the newest edit back and says which one that is; unusable when there is none."""
    return html.Button(
        _("Undo: {what}").format(what=words) if entry else _("Nothing to undo"),
        type="button",
        className="btn btn-sm btn-outline-secondary for-editors undo-button",
        disabled=entry is None,
        **attributes(
            data_futures="undo", data_set=set_code, data_entity=entity, data_entry=str(entry.number if entry else "")
        ),
    )


def saving_state(name: str) -> html.Div:
    """Where it is said how saving goes; words come along, since only the browser knows when which is true."""
    return html.Div(
        [
            html.Span("", className="saving-words", role="status", **attributes(aria_live="polite")),
            html.Button(_("Try again"), type="button", className="btn btn-sm btn-outline-secondary", hidden=True,
                        **attributes(data_futures="retry")),
        ],
        id=name,
        className="saving for-editors",
        **attributes(data_saving=_("Saving …"), data_saved=_("Saved"), data_failed=_("Not saved:")),
    )  # fmt: skip
