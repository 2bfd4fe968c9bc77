"""Impact of pilots as the pages tell it: which region, which figure, which regions beside it, and what can be told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis import impact
from analysis.impact import Impact, Reason
from dashboard import findings, frames, futures

PEERS = 20
"""Structural peers that may stand beside a region; those with gaps in their figures fall out."""


@dataclass(frozen=True)
class Case:
    """One regional figure that a pilot wants to move.

    Attributes:
        indicator, region: codes.
        direction: ``up`` or ``down``.
        began: day on which the pilot began.
        start: first calendar year wholly after it.
        newest: newest year of the region's figures; None without any.
        about: how the figure is written.
        result: what can be told, or why nothing can.
        note: how the regions beside it were chosen.
        left_out: regions in which the programme works on the same figure.
        breaks: years in which the region's series breaks.
    """

    indicator: str
    region: str
    direction: str
    began: date
    start: int
    newest: int | None
    about: futures.About
    result: Impact | Reason
    note: str
    left_out: tuple[str, ...]
    breaks: tuple[int, ...]


def cases(code: str, pilot: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The regional figures that a pilot wants to move and that name a region and a figure of the catalogue."""
    known = frames.indicator_names()
    return [one for one in pilot["moves"] if one.get("region") and one.get("indicator") in known]


def case(code: str, pilot: Mapping[str, Any], number: int = 1) -> Case | None:
    """One of them, by its number from 1; None when there is none."""
    moves = cases(code, pilot)
    if not moves:
        return None
    move = moves[min(max(number, 1), len(moves)) - 1]
    key = (code, pilot["code"], str(move["indicator"]), str(move["region"]), str(move.get("direction", "")))
    found: Case = frames.remember("impact-case", key, lambda: _case(code, pilot, move))
    return found


def _case(code: str, pilot: Mapping[str, Any], move: Mapping[str, Any]) -> Case:
    indicator, region = str(move["indicator"]), str(move["region"])
    periods = frames.programme_part("periods", code).set_index("number")["start"]
    began = periods[pilot["start_period"]]
    touched = _touched(code, indicator) - {region}
    peers = findings.peers(region, "structural", PEERS + len(touched))
    donors = [one for one in peers.codes if one not in touched][:PEERS]
    figures = frames.observations((indicator,), (region, *donors)).rename(columns={"period": "year"})
    own = figures[(figures["region"] == region) & figures["value"].notna()]
    start = impact.first_full_year(began.month, began.year)
    return Case(
        indicator,
        region,
        str(move.get("direction", "up")),
        began,
        start,
        int(own["year"].max()) if len(own) else None,
        futures.about(indicator),
        impact.impact(figures[["region", "year", "value"]], region, donors, start),
        peers.note,
        tuple(sorted(touched & set(peers.codes))),
        tuple(int(year) for year in own.loc[own["flags"].fillna("").str.contains("b"), "year"]),
    )


def _touched(code: str, indicator: str) -> set[str]:
    """Regions in which pilots of a programme want to move a figure: they are no bystanders."""
    found: set[str] = set()
    for row in frames.records(frames.programme_part("pilots", code)):
        if any(one.get("indicator") == indicator for one in row["moves"]):
            found |= set(row["regions"]) | {str(one["region"]) for one in row["moves"] if one.get("region")}
    return found
