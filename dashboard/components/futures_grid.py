"""A matrix of judgements as a grid to type into. The browser draws it (``assets/futures-impact.js``), since a thousand
cells as components would be slow to draw and slower to change; what it draws and all its words come from here.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

import dash_bootstrap_components as dbc
from dash import ClientsideFunction, Input, Output, State, callback, clientside_callback, dcc, html

from dashboard import frames, judgements
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.futures_edits import Entry, audit_list, entries, saving_state, undo_button, undoable
from dashboard.components.futures_impact_parts import ImpactFilters, asked, inputs, sheet
from dashboard.exhibits import REGISTRY
from dashboard.i18n import _
from dashboard.judgements import BOX, CIB, INFLUENCE, RANGES, SIGNS, Kind, Sheet

CELL = "judgement_cell"


class Scale(NamedTuple):
    """What one value of a cell says, as a sentence about a row and a column."""

    value: str
    words: str


def scale(kind: Kind) -> list[Scale]:
    """Every value that a cell may hold, from the least to the largest, in words."""
    words: tuple[str, ...]
    if kind == CIB:
        words = (
            _("“{row}” strongly hinders “{column}”."),
            _("“{row}” hinders “{column}”."),
            _("“{row}” weakly hinders “{column}”."),
            _("“{row}” has no influence on “{column}”."),
            _("“{row}” weakly promotes “{column}”."),
            _("“{row}” promotes “{column}”."),
            _("“{row}” strongly promotes “{column}”."),
        )
    elif kind == INFLUENCE:
        words = (
            _("“{row}” has no influence on “{column}”."),
            _("“{row}” has a weak influence on “{column}”."),
            _("“{row}” has a medium influence on “{column}”."),
            _("“{row}” has a strong influence on “{column}”."),
        )
    else:
        words = (
            _("“{row}” and “{column}” are hard to reconcile."),
            _("“{row}” and “{column}” are somewhat at odds."),
            _("“{row}” and “{column}” neither help nor hinder one another."),
            _("“{row}” and “{column}” go together."),
            _("“{row}” and “{column}” support one another."),
        )
    low, _high = RANGES[kind]
    found = [Scale(str(low + place), text) for place, text in enumerate(words)]
    if kind == INFLUENCE:
        found.append(Scale("P", _("“{row}” may come to influence “{column}”.")))
    if kind == BOX:
        found.insert(0, Scale("X", _("“{row}” and “{column}” cannot go together.")))
    return found


def model(mine: Sheet) -> dict[str, Any]:
    """All that the browser needs to draw a matrix and to say what is in it."""
    made = _entries(mine)
    last = undoable(made)
    low, high = RANGES[mine.kind]
    return {
        "live": frames.href("/futures/live.json") if mine.kind == CIB else "",
        "set": mine.set_code,
        "matrix": mine.code,
        "kind": mine.kind,
        "group": "" if mine.basis in ("agreed", "median") else mine.basis,
        "saves": mine.basis != "median",
        "name": mine.name,
        "parts": [
            {"code": part.code, "name": part.name, "note": part.note, "values": [list(value) for value in part.values]}
            for part in mine.parts
        ],
        "cells": {f"{row} {column}": [held.text, held.reason] for (row, column), held in mine.saved.items()},
        "low": low,
        "high": high,
        "sign": SIGNS[mine.kind],
        "symmetric": mine.kind == BOX,
        "most": judgements.MOST_TRIED,
        "tried": {f"{change.row} {change.column}": change.text for change in mine.tried},
        "undo": {"entry": last.number, "words": _("Undo: {what}").format(what=told(last, mine))} if last else None,
        "scale": {one.value: one.words for one in scale(mine.kind)},
        "words": {
            "from": _("From") if mine.kind != BOX else _("Between"),
            "to": _("to") if mine.kind != BOX else _("and"),
            "before": _("Section before"),
            "after": _("Next section"),
            "tried": [_("{n} change is tried and not saved."), _("{n} changes are tried and not saved.")],
            "undo": _("Undo the last change that is tried"),
            "nothing": _("Nothing to undo"),
            "many": _("No more than {n} changes can be tried at once.").format(n=judgements.MOST_TRIED),
            "changed": _("tried: {text} instead of {before}"),
            "none": _("Choose a cell with the arrow keys or by pointing at it."),
        },
    }


def _entries(mine: Sheet) -> list[Entry]:
    # The parts of a key in the order of their columns' names: column, group_code, matrix, row.
    return entries(mine.set_code, CELL, lambda key: len(key) == 4 and key[2] == mine.code)


def told(entry: Entry, mine: Sheet) -> str:
    """One edit of a cell in words: 'Skills: growing → Markets: open, from +2 to −1'."""
    column, _group, _matrix, row = entry.key
    return _("{row} → {column}, from {old} to {new}").format(
        row=mine.names.get(row, row), column=mine.names.get(column, column), old=_held(entry.old), new=_held(entry.new)
    )


def _held(row: Any) -> str:
    if not row:
        return "0"
    return str(row.get("sign") or f"{float(row.get('value') or 0):+g}".replace("-", "−"))


EXHIBITS: Mapping[str, str] = {CIB: "futures-matrix", INFLUENCE: "futures-influences", BOX: "futures-marks"}
"""The exhibit that lists the cells of each kind of matrix."""


def grid(mine: Sheet, chosen: ImpactFilters, heading: str, subtitle: str) -> html.Div:
    """The grid as a card: its keys, what the current cell says, how saving goes; below it the cells as a list."""
    return html.Div(
        [
            # What is tried, as the browser tells it once typing has paused: what takes long waits for this.
            dcc.Store(id="impact-settled", data=",".join(chosen.tried)),
            html.Article(
                [
                    html.H2(heading, className="card-answer", id="impact-grid-heading"),
                    html.P(subtitle, className="card-subtitle"),
                    _grid(mine),
                ],
                className="figure-card",
                **{"aria-labelledby": "impact-grid-heading"},
            ),
            html.Div(listed(chosen), id="impact-listed", className="section-close"),
        ]
    )


def listed(chosen: ImpactFilters) -> list[Any]:
    """The cells as a list, folded, with downloads."""
    return [exhibit_card(REGISTRY[EXHIBITS[chosen.view]].build(chosen), heading=3)]


def _grid(mine: Sheet) -> html.Div:
    return html.Div(
        [
            dcc.Store(id="impact-model", data=model(mine)),
            dcc.Store(id="impact-drawn"),
            html.Div(
                [
                    html.Button(_("One section at a time"), type="button", className="btn btn-sm btn-outline-secondary",
                                **attributes(data_grid="sections", aria_pressed="false")),
                    html.Div(id="impact-sections", className="grid-sections"),
                ],
                className="grid-tools no-print",
            ),
            html.Div(id="impact-grid", className=f"matrix-scroll matrix-{mine.kind}"),
            html.P("", id="impact-cell", className="grid-cell-words", **attributes(aria_live="polite")),
            html.Div(_keys(mine.kind), className="grid-keys no-print", role="group",
                     **attributes(aria_label=_("Set the chosen cell"))),
            _reason(),
            html.Div(
                [
                    html.Span("", id="impact-tried", className="grid-tried", role="status"),
                    html.Button(_("Undo"), type="button", className="btn btn-sm btn-outline-secondary",
                                **attributes(data_grid="undo")),
                    html.Button(_("Forget what is tried"), type="button", className="btn btn-sm btn-outline-secondary",
                                **attributes(data_grid="reset")),
                ],
                className="grid-tools no-print",
            ),
            html.Div(
                [
                    dbc.Checklist(id="impact-save", options=[{"label": _("Save what I type"), "value": "1"}],
                                  value=["1"], switch=True, class_name="grid-save for-editors"),
                    saving_state("impact-saving"),
                ],
                className="grid-tools no-print",
            ),
            html.P(_how_to_type(mine.kind), className="card-note no-print"),
            _wizard(mine),
            html.Div(_history(mine), id="impact-history", className="no-print"),
        ],
        className="judgement-grid",
    )  # fmt: skip


def _wizard(mine: Sheet) -> Any:
    if mine.kind != CIB:
        return ""
    base = frames.href(f"/futures/{mine.set_code}.scw")
    link = html.A(
        _("Matrix for ScenarioWizard (.scw)"), href=base, id="impact-scw", download=True, className="download"
    )
    return html.P(link, className="no-print")


def _reason() -> html.Div:
    return html.Div(
        [
            html.Label(_("Reason for this judgement"), htmlFor="impact-reason"),
            dcc.Input(id="impact-reason", type="text", maxLength=400, className="form-control form-control-sm",
                      autoComplete="off"),
        ],
        className="grid-reason for-editors",
    )  # fmt: skip


def _keys(kind: Kind) -> list[html.Button]:
    found = []
    for one in scale(kind):
        shown = one.value if one.value in ("P", "X") else _signed(int(one.value), kind)
        found.append(
            html.Button(shown, type="button", className=f"grid-key {tone(one.value)}",
                        **attributes(data_grid="set", data_value=one.value))
        )  # fmt: skip
    return found


def _signed(value: int, kind: Kind) -> str:
    return f"{value:+d}".replace("-", "−") if value and kind != INFLUENCE else str(value)


def tone(text: str) -> str:
    """Class that colours a cell: by sign and size, so that 3 and −3 are the darkest."""
    if text in ("P", "X"):
        return f"tone-{text.lower()}"
    value = int(float(text))
    return f"tone-{'p' if value > 0 else 'm'}{min(abs(value), 3)}" if value else "tone-0"


def _how_to_type(kind: Kind) -> str:
    if kind == CIB:
        return _("Arrow keys move, 0 to 3 set the cell, − before a digit makes it negative, Delete clears, "
                 "Ctrl+Z takes back. Page Up and Page Down go from section to section.")  # fmt: skip
    if kind == INFLUENCE:
        return _(
            "Arrow keys move, 0 to 3 set the cell, P marks a potential influence, Delete clears, Ctrl+Z takes back."
        )
    return _("Arrow keys move, 0 to 2 set the mark, − before a digit makes it negative, X marks what is impossible, "
             "Delete clears, Ctrl+Z takes back.")  # fmt: skip


def _history(mine: Sheet) -> list[Any]:
    made = _entries(mine)
    last = undoable(made)
    return [
        undo_button(mine.set_code, CELL, last, told(last, mine) if last else ""),
        audit_list(made, lambda entry: told(entry, mine)),
    ]


def kind_of(chosen: ImpactFilters) -> Kind:
    """The kind of matrix that a view shows."""
    kinds: dict[str, Kind] = {CIB: CIB, INFLUENCE: INFLUENCE, BOX: BOX}
    return kinds[chosen.view]


def update_model(**values: Any) -> tuple[Any, Any]:
    """What is stored now, after an edit or for another group."""
    chosen = asked(values)
    mine = sheet(chosen, kind_of(chosen))
    return (None, []) if mine is None else (model(mine), _history(mine))


def _pausing() -> dict[str, Any]:
    """Everything is only read, but for the pause in typing, which follows an edit, too."""
    return {**inputs("group"), "edition": State("edition", "data"), "settled": Input("impact-settled", "data")}


def update_listed(**values: Any) -> list[Any]:
    """The cells as a list, once typing has paused."""
    return listed(asked(values))


def register() -> None:
    """Connect this part to its controls; the page does so, once for each application."""
    callback(Output("impact-listed", "children"), inputs=_pausing(), prevent_initial_call=True)(update_listed)
    callback(
        Output("impact-model", "data"),
        Output("impact-history", "children"),
        inputs=inputs("group"),
        prevent_initial_call=True,
    )(update_model)
    clientside_callback(
        ClientsideFunction("futures_impact", "draw"), Output("impact-drawn", "data"), Input("impact-model", "data")
    )
