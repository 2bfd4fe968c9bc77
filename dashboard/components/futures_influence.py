"""Futures, influence among drivers (MICMAC): who drives, who is driven, directly and through others."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import Output, callback, html

from analysis.influence import InfluenceError
from dashboard import frames, judgements
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.futures_grid import grid
from dashboard.components.futures_impact_parts import (
    POTENTIALS,
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
from dashboard.figures import micmac as figure
from dashboard.figures.ranges import escape
from dashboard.futures import FuturesSet
from dashboard.i18n import N_, _, ngettext, number
from dashboard.judgements import INFLUENCE, Micmac, Sheet

QUADRANTS: Mapping[str, str] = {
    "driver": N_("Drivers"),
    "relay": N_("Relays"),
    "dependent": N_("Results"),
    "autonomous": N_("Apart"),
}
MEANINGS: Mapping[str, str] = {
    "driver": N_("driver: moves others and is hardly moved"),
    "relay": N_("relay: moves others and is moved itself"),
    "dependent": N_("result: is moved by others"),
    "autonomous": N_("apart: hardly tied to the rest"),
}


def view(chosen: ImpactFilters, found: FuturesSet) -> list[Any]:
    """The matrix of influences to type into, and where each driver stands."""
    mine = sheet(chosen, INFLUENCE)
    controls = bar(chosen, found, ["potential", *(["group"] if mine and mine.groups else [])])
    if mine is None:
        return [controls, lacks(found, _("This set has no matrix of influences among drivers."))]
    return [
        controls,
        html.Div(answer(chosen), id="impact-influence", **attributes(aria_live="polite")),
        html.Div(
            grid(mine, chosen, _("How strongly each driver influences the others"), _scale()),
            className="section matrix",
        ),
    ]


def _scale() -> str:
    return _("0 none, 1 weak, 2 medium, 3 strong, P potential")


def answer(chosen: ImpactFilters) -> list[Any]:
    """Where the drivers stand now."""
    return [exhibit_card(micmac_exhibit(chosen))]


def _asked(chosen: ImpactFilters) -> tuple[FuturesSet, Sheet] | None:
    found = set_of(chosen)
    mine = sheet(chosen, INFLUENCE) if found else None
    return None if found is None or mine is None else (found, mine)


@exhibit("futures-influences", ImpactFilters)
def matrix_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Every judgement of influence."""
    known = _asked(chosen)
    if known is None:
        return no_exhibit(chosen, "futures-influences", _("This set has no matrix of influences among drivers."))
    found, mine = known
    order = {line: place for place, line in enumerate(mine.lines)}
    rows = [
        {"row": mine.names[row], "column": mine.names[column], "value": held.text, "reason": held.reason}
        for (row, column), held in sorted(mine.cells.items(), key=lambda p: (order[p[0][0]], order[p[0][1]]))
    ]
    said = ngettext("{n} of {all} cells holds a judgement.", "{n} of {all} cells hold a judgement.", len(rows))
    return impact_exhibit(
        chosen,
        found,
        "futures-influences",
        mine,
        answer=said.format(n=number(len(rows)), all=number(len(mine.parts) * (len(mine.parts) - 1))),
        subtitle=_scale(),
        table=pd.DataFrame(rows, columns=["row", "column", "value", "reason"]),
        columns=(
            Column("row", _("This driver")),
            Column("column", _("influences this one")),
            Column("value", _("how strongly")),
            Column("reason", _("Reason given")),
        ),
        how=_("Read a row: how strongly does this driver influence the ones in the columns, directly?"),
        page_rows=120,
    )


@exhibit("futures-micmac", ImpactFilters)
def micmac_exhibit(chosen: ImpactFilters) -> Exhibit:
    """Influence and dependence of each driver, direct and indirect."""
    known = _asked(chosen)
    if known is None:
        return no_exhibit(chosen, "futures-micmac", _("This set has no matrix of influences among drivers."))
    found, mine = known
    try:
        held = judgements.micmac(mine, int(chosen.potential or 0))
    except InfluenceError as error:
        return no_exhibit(chosen, "futures-micmac", str(error))
    frame = _frame(mine, held)
    return impact_exhibit(
        chosen,
        found,
        "futures-micmac",
        mine,
        answer=_answer(frame),
        subtitle=_("Influence and dependence, shares of the total in per cent; hollow: direct, filled: through others"),
        figure=figure.plane(
            frame,
            100 / len(frame),
            {code: _(name) for code, name in QUADRANTS.items()},
            _("Dependence, share of the total"),
            _("Influence, share of the total"),
        ),
        table=frame,
        columns=(
            Column("label", _("Driver")),
            Column("influence", _("Influence, direct, %"), "number", 1),
            Column("dependence", _("Dependence, direct, %"), "number", 1),
            Column("place_direct", _("Place, direct")),
            Column("influence_indirect", _("Influence, indirect, %"), "number", 1),
            Column("dependence_indirect", _("Dependence, indirect, %"), "number", 1),
            Column("rank", _("Rank of influence, direct"), "number"),
            Column("rank_indirect", _("Rank of influence, indirect"), "number"),
            Column("place_indirect", _("Place, indirect")),
        ),
        how=_(
            "Influence is what a driver gives (its row), dependence what it receives (its column). Indirect counts the "
            "ways through others: the matrix multiplied by itself until both rankings stay the same (MICMAC). The "
            "quadrants part at the mean."
        ),
        notes=_notes(held, chosen),
        height=500,
    )


def _frame(mine: Sheet, held: Micmac) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "variable": [part.code for part in mine.parts],
            "label": [part.name for part in mine.parts],
            "influence": held.direct.influence * 100,
            "dependence": held.direct.dependence * 100,
            "influence_indirect": held.indirect.influence * 100,
            "dependence_indirect": held.indirect.dependence * 100,
            "rank": held.direct.influence_rank,
            "rank_indirect": held.indirect.influence_rank,
            "quadrant": held.indirect.quadrant,
            "place_direct": [_(MEANINGS[code]) for code in held.direct.quadrant],
            "place_indirect": [
                " ".join((_(MEANINGS[code]), *([_("(on the cut)")] if on_cut else [])))
                for code, on_cut in zip(held.indirect.quadrant, held.indirect.on_cut, strict=True)
            ],
        }
    )
    frame["hover"] = [
        "<br>".join(
            (
                f"<b>{escape(row['label'])}</b>",
                _("Influence: {direct}% direct, {indirect}% indirect").format(
                    direct=number(row["influence"], 1), indirect=number(row["influence_indirect"], 1)
                ),
                _("Dependence: {direct}% direct, {indirect}% indirect").format(
                    direct=number(row["dependence"], 1), indirect=number(row["dependence_indirect"], 1)
                ),
            )
        )
        for row in frames.records(frame)
    ]
    return frame


def _answer(frame: pd.DataFrame) -> str:
    if not frame["influence"].any():
        return _("No driver influences another yet.")
    drivers = frame[frame["quadrant"] == "driver"].sort_values("rank_indirect")["label"].tolist()
    relays = frame[frame["quadrant"] == "relay"].sort_values("rank_indirect")["label"].tolist()
    if drivers and relays:
        return _("What drives the system: {drivers}. What passes it on: {relays}.").format(
            drivers=", ".join(drivers), relays=", ".join(relays)
        )
    if drivers:
        return _("What drives the system: {drivers}.").format(drivers=", ".join(drivers))
    if relays:
        return _("Nothing drives without being driven; what passes influence on: {relays}.").format(
            relays=", ".join(relays)
        )
    return _("No driver stands out.")


def _notes(held: Micmac, chosen: ImpactFilters) -> tuple[str, ...]:
    notes = []
    if held.indirect.settled:
        words = ngettext(
            "Settled along paths of length {n}.", "Settled along paths of length {n}.", held.indirect.power
        )
        notes.append(words.format(n=number(held.indirect.power)))
    elif held.indirect.reason == "no loops":
        notes.append(
            _("All influence ends somewhere: paths are at most {n} long, and those are taken.").format(
                n=number(held.indirect.power)
            )
        )
    else:
        notes.append(
            _("The rankings keep changing with the length of paths; {n} is taken.").format(
                n=number(held.indirect.power)
            )
        )
    if held.potential:
        notes.append(_("Potential influence (P): {how}").format(how=_(POTENTIALS[chosen.potential])))
    return tuple(notes)


def update_influence(**values: Any) -> list[Any]:
    """A cell was typed, or potential influence is to count otherwise."""
    chosen = asked(values)
    if _asked(chosen) is None:
        return [states.empty(_("There is nothing to show here."), "")]
    return answer(chosen)


def register() -> None:
    """Connect this part to its controls; the page does so, once for each application."""
    callback(
        Output("impact-influence", "children"), inputs=inputs("potential", "group", "tried"), prevent_initial_call=True
    )(update_influence)
