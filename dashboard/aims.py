"""What a programme tries to change: its chain from measures to regional figures with where each part stands now, and
the way back from a regional figure or a signpost to the pilots.

Everything is composed from frames by the rules of ``analysis`` and remembered. No Dash, no SQL.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pandas as pd

from analysis import pilots, progress, steering, theory
from dashboard import choices, frames, programmes
from dashboard.filters import Option, one_of
from dashboard.i18n import N_, _, date, number, year
from dashboard.programmes import ALL, ProgrammeFilters, ProgrammeView, period_name

PATH = "/strategy"

KINDS: Mapping[str, str] = {
    "joint": N_("Joint strategic plan"),
    "s3": N_("Smart specialisation strategy"),
    "cluster": N_("Cluster strategy"),
    "innovation": N_("Innovation strategy"),
    "regional": N_("Regional development strategy"),
}
INSTRUMENTS: Mapping[str, str] = {
    "grant": N_("Grant"),
    "voucher": N_("Voucher"),
    "service": N_("Service"),
    "regulation": N_("Regulation"),
    "procurement": N_("Public procurement"),
    "network": N_("Network"),
    "finance": N_("Loan, guarantee or equity"),
    "training": N_("Training"),
}
LEVELS: Mapping[str, str] = {
    "eu": N_("European Union"),
    "national": N_("National"),
    "regional": N_("Regional"),
    "local": N_("Local"),
    "joint": N_("Joint, of several countries"),
}


def level_options() -> list[Option]:
    """All levels of government, and each."""
    return [Option(ALL, _("All levels")), *(Option(code, _(name)) for code, name in LEVELS.items())]


def region_options() -> list[Option]:
    """The whole area, and every region in which a pilot of any programme works or wants to move something."""
    return list(frames.remember("aims-regions", (), _region_options))


def _region_options() -> list[Option]:
    codes: set[str] = set()
    for programme in programmes.programme_options():
        for row in frames.records(frames.programme_part("pilots", programme.value)):
            codes |= set(places_of(row))
    return [Option(ALL, _("The whole area")), *(one for one in choices.regions() if one.value in codes)]


def places_of(pilot: Mapping[str, Any]) -> list[str]:
    """Regions in which a pilot works or wants to move a figure."""
    return [*pilot["regions"], *(one["region"] for one in pilot["moves"] if one.get("region"))]


@dataclass(frozen=True)
class AimFilters(ProgrammeFilters):
    """What the reader wants to see of a programme's chain."""

    region: str = one_of(region_options, default=ALL, label=N_("Region"))
    level: str = one_of(level_options, default=ALL, label=N_("Level of government"))


@dataclass(frozen=True)
class Box:
    """One box of the map.

    Attributes:
        kind: measure, pilot, deliverable, result, indicator or aim.
        over: a line above the title: the problem that a measure answers, the region of a figure.
        href: address of its page, '' for none.
        status: code of its mark, '' where none is judged.
        day: its last date, in words.
        note: what is behind the mark, in a few words.
        counts: how often each status occurs below it; a roll-up is a distribution, never an average.
        further: further links, each address and words: signposts.
    """

    kind: str
    code: str
    title: str
    href: str = ""
    over: str = ""
    status: str = ""
    day: str = ""
    note: str = ""
    counts: tuple[tuple[str, int], ...] = ()
    further: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Row:
    """A pilot (None where a measure acts without one) and what it leads to."""

    pilot: Box | None
    deliverables: tuple[Box, ...]
    results: tuple[Box, ...]
    indicators: tuple[Box, ...]


@dataclass(frozen=True)
class Lane:
    """A measure (None for pilots that no measure names) with its rows."""

    measure: Box | None
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Group:
    """Lanes that lead to the same aims."""

    lanes: tuple[Lane, ...]
    aims: tuple[Box, ...]


def chain(chosen: AimFilters) -> tuple[Group, ...]:
    """The map of a programme as chosen; empty where no chain is on record or none is in the choice."""
    view = programmes.the_programme(chosen.programme)
    period = view.period(chosen.period)
    key = (view.code, chosen.theme, chosen.region, chosen.level, period)
    found: tuple[Group, ...] = frames.remember("aims-chain", key, lambda: _Chain(view, chosen, period).groups())
    return found


def measures(chosen: AimFilters) -> pd.DataFrame:
    """Measures in the choice, with ``tried``: the codes of their pilots in the choice."""
    table = programmes.part(chosen.programme, "measures", chosen.theme)
    if chosen.level != ALL:
        table = table[table["level"] == chosen.level]
    links = frames.programme_part("chain_links", chosen.programme)
    named = links[(links["from_kind"] == "measure") & (links["to_kind"] == "pilot")]
    mine = set(pilots_in(chosen))
    found: dict[str, list[str]] = {}
    for measure, pilot in zip(named["from_code"], named["to_code"], strict=True):
        if pilot in mine:
            found.setdefault(measure, []).append(pilot)
    tried = [found.get(measure, []) for measure in table["code"]]
    table = table.assign(tried=pd.Series(tried, index=table.index, dtype=object))
    return table[mask(bool(one) for one in tried)] if chosen.region != ALL else table


def linked(links: pd.DataFrame, kind: str) -> tuple[str, ...]:
    """Codes of a kind that links name."""
    found = (links.loc[links[f"{end}_kind"] == kind, f"{end}_code"].tolist() for end in ("from", "to"))
    return tuple(sorted({code for codes in found for code in codes}))


def mask(wanted: Iterable[bool]) -> np.ndarray:
    """Which rows to keep. An empty list would choose columns, and none of them."""
    return np.fromiter(wanted, dtype=bool)


def pilots_in(chosen: AimFilters) -> list[str]:
    """Codes of the pilots in the choice. A pilot of another theme counts where a measure of this theme tries it."""
    table = frames.programme_part("pilots", chosen.programme)
    if chosen.region != ALL:
        table = table[mask(chosen.region in places_of(row) for row in frames.records(table))]
    return list(table["code"])


class _Chain:
    """The map of one choice while it is composed."""

    def __init__(self, view: ProgrammeView, chosen: AimFilters, period: int) -> None:
        self.view, self.chosen, self.period = view, chosen, period
        self.query = f"programme={view.code}"
        links = frames.programme_part("chain_links", view.code)
        self.links = frames.records(links)
        self.pilots = _by_code(frames.programme_part("pilots", view.code))
        # Of a large programme only what is linked is read, which is little of it.
        deliverables = frames.programme_part("deliverables", view.code, code=linked(links, "deliverable"))
        self.deliverables = _by_code(steering.deliverables(deliverables, view.closed, view.today))
        results = linked(links, "result")
        self.results = _by_code(frames.programme_part("result_indicators", view.code, code=results))
        self.strategies = _by_code(frames.programme_part("strategies", view.code))
        grid = programmes.grid(view.code)
        self.now = {row["pilot"]: row for row in frames.records(grid[grid["period"] == max(period, 1)])}
        judged = programmes.judged_of(view.code, results)
        self.judged = {row["indicator"]: row for row in frames.records(judged[judged["period"] == period])}
        self.reported = frames.last_reported(view.code, results, period)
        reports = frames.pilot_lights(view.code)
        reports = reports[reports["period"] <= period].sort_values("period", kind="stable")
        self.sent = dict(pilots.rows_of(reports, "pilot", "submitted_on"))
        self.moved = movements(view.code)
        self.rows: dict[theory.Step, Row] = {}
        told = [link for link in self.links if link["from_kind"] == "problem"]
        self.problems = {link["from_code"]: link["from_code"].replace("-", " ") for link in told}
        self.problems |= {link["from_code"]: link["problem"] for link in told if link["problem"]}

    def groups(self) -> tuple[Group, ...]:
        """Lanes in the order of the measures; neighbours that lead to the same aims share them."""
        table = measures(self.chosen)
        tried = {code for codes in table["tried"] for code in codes}
        shown = [
            code
            for code in pilots_in(self.chosen)
            if self.chosen.theme in (ALL, self.pilots[code]["theme"]) or code in tried
        ]
        owners = {code: row["owner"] for code, row in self.results.items() if row["owner_kind"] == "pilot"}
        lanes = theory.lanes(self.links, list(table["code"]), shown, owners)
        if self.chosen.level != ALL:
            lanes = tuple(lane for lane in lanes if lane.measure)
        rows = _by_code(table)
        return tuple(
            Group(tuple(self._lane(lane, rows) for lane in mine), tuple(self._aims(aims, tuple(mine))))
            for aims, mine in ((aims, list(mine)) for aims, mine in groupby(lanes, key=lambda lane: lane.aims))
        )

    def _lane(self, lane: theory.Lane, measures: Mapping[str, dict[str, Any]]) -> Lane:
        rows = tuple(self._row(step) for step in lane.steps)
        if lane.measure not in measures:
            return Lane(None, rows)
        row = measures[lane.measure]
        counts = pilots.distribution([one.pilot.status for one in rows if one.pilot])
        box = Box(
            "measure",
            lane.measure,
            row["title"],
            over="; ".join(self.problems[code] for code in lane.problems),
            href=f"{PATH}?{self.query}#measure-{lane.measure}",
            day="–".join(dict.fromkeys(period_name(int(row[name])) for name in ("start_period", "end_period"))),
            counts=tuple((status, n) for status, n in counts.items() if n),
        )
        return Lane(box, rows)

    def _row(self, step: theory.Step) -> Row:
        if step not in self.rows:
            self.rows[step] = self._composed(step)
        return self.rows[step]

    def _composed(self, step: theory.Step) -> Row:
        pilot = self.pilots.get(step.pilot)
        return Row(
            None if pilot is None else self._pilot(pilot),
            tuple(
                self._deliverable(self.deliverables[code]) for code in step.deliverables if code in self.deliverables
            ),
            tuple(self._result(self.results[code]) for code in step.results if code in self.results),
            tuple(box for code in step.indicators for box in self._indicators(code, pilot)),
        )

    def _pilot(self, row: Mapping[str, Any]) -> Box:
        cell, sent = self.now.get(row["code"], {}), self.sent.get(row["code"])
        reached = cell.get("share")
        note = ""
        if reached is not None and reached == reached:
            note = _("{share} of what was expected").format(share=programmes.share(float(reached), 0))
        return Box(
            "pilot",
            row["code"],
            row["title"],
            href=f"/pilots?{self.query}&pilot={row['code']}",
            status=cell.get("status", "not_due"),
            day=_("last report {day}").format(day=date(sent)) if pilots.given(sent) else "",
            note=note,
        )

    def _deliverable(self, row: Mapping[str, Any]) -> Box:
        state = "delivered" if row["is_delivered"] else "overdue" if row["is_late"] else "not_due"
        if row["is_delivered"]:
            day = date(row["delivered_on"])
        elif row["is_late"] and pilots.given(row["new_date"]):
            day = _("now due {day}").format(day=date(row["new_date"]))
        else:
            day = _("due {day}").format(day=date(row["due_on"]))
        href = f"/workplan?{self.query}#deliverable-{row['code']}"
        return Box("deliverable", row["code"], row["title"], href=href, status=state, day=day)

    def _result(self, row: Mapping[str, Any]) -> Box:
        judged, told = self.judged.get(row["code"]), self.reported.get(row["code"])
        note, places = "", int(row["decimals"])
        if judged is not None and judged["actual"] == judged["actual"]:
            note = number(judged["actual"], places)
            if judged["expected"] == judged["expected"]:
                words = _("{value}, expected {expected}")
                note = words.format(value=note, expected=number(judged["expected"], places))
        owner = row["owner"]
        return Box(
            "result",
            row["code"],
            row["name"],
            href=f"/pilots?{self.query}&pilot={owner}#indicator-{row['code']}" if row["owner_kind"] == "pilot" else "",
            status=judged["status"] if judged else "not_due",
            day=date(told) if pilots.given(told) else "",
            note=note,
        )

    def _indicators(self, code: str, pilot: Mapping[str, Any] | None) -> list[Box]:
        """One box for each region in which the pilot wants to move the figure; signposts of the pilot in the first."""
        wanted = [] if pilot is None else [one.get("region") for one in pilot["moves"] if one["indicator"] == code]
        signposts = () if pilot is None else tuple(signpost(one) for one in pilot["signposts"])
        return [
            self._indicator(code, region, signposts if place == 0 else ())
            for place, region in enumerate(wanted or [None])
        ]

    def _indicator(self, code: str, region: str | None, signposts: tuple[tuple[str, str], ...]) -> Box:
        name = frames.indicator_names().get(code, code)
        if not region:
            return Box("indicator", code, name, href=f"/compare?indicator={code}", further=signposts)
        moved = self.moved.get((code, region))
        return Box(
            "indicator",
            code,
            name,
            over=frames.region_names().get(region, region),
            href=f"/region?region={region}&indicator={code}",
            status=str(moved["movement"]) if moved else "no_data",
            day=year(moved["last"]) if moved and moved["last"] == moved["last"] else "",
            further=signposts,
        )

    def _aims(self, codes: tuple[str, ...], lanes: tuple[theory.Lane, ...]) -> list[Box]:
        """What everything before leads to, with how the figures on the way to it move."""
        boxes = []
        counts: dict[str, int] = {}
        for lane in lanes:
            for step in lane.steps:
                for box in self._row(step).indicators:
                    if box.status:
                        counts[box.status] = counts.get(box.status, 0) + 1
        for code in codes:
            row = self.strategies.get(code)
            if row is None:
                continue
            day = row["confirmed_on"]
            boxes.append(
                Box(
                    "aim",
                    code,
                    row["aim"] or row["title"],
                    over=row["title"] if row["aim"] else "",
                    href=f"{PATH}?{self.query}#strategy-{code}",
                    day=_("last confirmed {day}").format(day=date(day)) if pilots.given(day) else "",
                    counts=tuple(counts.items()),
                )
            )
        return boxes


def _by_code(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in frames.records(table)}


def signpost(one: Mapping[str, str]) -> tuple[str, str]:
    """Address and name of a signpost that bears on a pilot."""
    table = frames.scenario_part("signposts", one["set"])
    found = table[table["code"] == one["signpost"]]
    name = str(found["name"].iloc[0]) if len(found) else one["signpost"]
    return f"/futures?{urlencode({'set': one['set'], 'part': 'heading'})}#signpost-{one['signpost']}", name


def movements(code: str) -> dict[tuple[str, str], dict[str, Any]]:
    """How each regional figure that a pilot wants to move has moved over about five years, by indicator and region."""

    def compute() -> dict[tuple[str, str], dict[str, Any]]:
        wanted = {
            (one["indicator"], one["region"])
            for row in frames.records(frames.programme_part("pilots", code))
            for one in row["moves"]
            if one.get("region") and one["indicator"] in frames.specs()
        }
        if not wanted:
            return {}
        table = frames.observations({one for one, _region in wanted}, {region for _one, region in wanted})
        table = table[mask(pair in wanted for pair in zip(table["indicator"], table["region"], strict=True))]
        moved = progress.direction(table, frames.specs())
        return {(row["indicator"], row["region"]): row for row in frames.records(moved)}

    found: dict[tuple[str, str], dict[str, Any]] = frames.remember("aims-movements", (code,), compute)
    return found


# --- the way back ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bearing:
    """A pilot that wants to move a figure, or on which a signpost bears: its programme, its status now, its page."""

    programme: str
    acronym: str
    is_demonstration: bool
    pilot: str
    title: str
    status: str
    href: str


def bearings() -> dict[tuple[str, ...], tuple[Bearing, ...]]:
    """Pilots of all programmes by what they bear on: ('indicator', region, indicator), ('region', region) for pilots
    that want to move a figure of it, and ('signpost', set, signpost)."""

    def compute() -> dict[tuple[str, ...], tuple[Bearing, ...]]:
        found: dict[tuple[str, ...], dict[Bearing, None]] = {}
        for option in programmes.programme_options():
            view = programmes.the_programme(option.value)
            grid = programmes.grid(view.code)
            now = grid[grid["period"] == max(view.closed, 1)].set_index("pilot")["status"]
            for row in frames.records(frames.programme_part("pilots", view.code)):
                href = f"/pilots?programme={view.code}&pilot={row['code']}"
                one = Bearing(
                    view.code,
                    view.acronym,
                    view.is_demonstration,
                    row["code"],
                    row["title"],
                    str(now.get(row["code"], "not_due")),
                    href,
                )
                keys: list[tuple[str, ...]] = [("signpost", s["set"], s["signpost"]) for s in row["signposts"]]
                for moves in row["moves"]:
                    if moves.get("region"):
                        keys += [("indicator", moves["region"], moves["indicator"]), ("region", moves["region"])]
                for key in keys:
                    found.setdefault(key, {})[one] = None
        return {key: tuple(mine) for key, mine in found.items()}

    result: dict[tuple[str, ...], tuple[Bearing, ...]] = frames.remember("aims-bearings", (), compute)
    return result
