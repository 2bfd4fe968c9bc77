"""A frozen pack as a committee reads it, in one language, from the frozen content alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import datetime
from fractions import Fraction
from functools import cached_property
from typing import Any

import pandas as pd

from analysis import snapshot
from analysis.pilots import given
from dashboard import pack_words
from dashboard.components.marks import MARKS, word
from dashboard.i18n import DASH, N_, _, date, ngettext, number, speaking
from dashboard.pack_words import Names
from dashboard.programmes import CATEGORIES, money, period_name, role_name, share
from dashboard.reports.pack_model import (
    Cell,
    Curve,
    Grid,
    Head,
    Items,
    Line,
    Matrix,
    Paper,
    Picture,
    Section,
    Spot,
    Text,
)
from store import packs

MILLION = 100_000_000
"""Cents of a million."""

LETTERS: Mapping[str, str] = {
    "on_track": "✓",
    "watch": "!",
    "off_track": "×",
    "no_report": "?",
    "not_due": "–",
    "not_computable": "",
    "done": "",
    "on_time": "",
    "late": "!",
    "missing": "×",
    "waiting": "",
    "not_expected": "",
}
"""Letter beside the shape of a status: who sees neither colour nor shape reads it."""

REPORTS: Mapping[str, tuple[str, str, str]] = {
    "on_time": ("✓", N_("on time"), "good"),
    "late": ("▲", N_("late"), "watch"),
    "missing": ("■", N_("missing"), "bad"),
    "waiting": ("○", N_("awaited"), "muted"),
    "not_due": ("–", N_("not due"), "muted"),
    "not_expected": ("–", N_("not expected"), "muted"),
}

MOVES: Mapping[str, tuple[str, str]] = {
    "up": ("▲", N_("higher")),
    "down": ("▼", N_("lower")),
    "same": ("", N_("as before")),
    "new": ("✱", N_("new")),
}

BODIES: Mapping[str, str] = {
    "sc": N_("Steering committee"),
    "tsc": N_("Technical and scientific committee"),
    "wg": N_("Working group"),
}

MOST_ROWS = 60
"""Rows of a register in the paper; the workbook holds all of them."""

MOST_PILOTS = 36
"""Pilots in the grid; of more, those that are not on track come first."""


@dataclass(frozen=True)
class Told:
    """A frozen content with its frames in the language that is spoken now."""

    content: Mapping[str, Any]
    checksum: str
    lang: str

    @cached_property
    def parts(self) -> dict[str, pd.DataFrame]:
        """Its tables."""
        return packs.parts(self.content["tables"], self.lang)

    @cached_property
    def names(self) -> Names:
        """How its things are called."""
        with speaking(self.lang):
            return Names.of(self.parts, self.currency)

    @property
    def figures(self) -> dict[str, Any]:
        """What was computed."""
        found: dict[str, Any] = self.content["figures"]
        return found

    def figure(self, name: str) -> pd.DataFrame:
        """A table of what was computed."""
        return snapshot.frame(self.figures[name])

    @property
    def head(self) -> dict[str, Any]:
        """The programme itself."""
        found: dict[str, Any] = self.content["programme"]
        return found

    @property
    def currency(self) -> str:
        """Of all amounts."""
        return str(self.head["currency"])

    @property
    def period(self) -> int:
        """The period that was frozen."""
        return int(self.content["period"])

    @property
    def number(self) -> str:
        """Such as 4.0."""
        return str(self.content["number"])

    @property
    def is_demonstration(self) -> bool:
        """Whether everything in it is made up."""
        return bool(self.head["origin"] == "demonstration")

    @property
    def today(self) -> Date:
        """The day from which it was looked at."""
        return Date.fromisoformat(self.content["today"])

    def text(self, field: str) -> str:
        """A text of the programme."""
        versions = (self.head["texts"] or {}).get(field) or {}
        return str(versions.get(self.lang) or versions.get("en") or next(iter(versions.values()), ""))

    @property
    def stem(self) -> str:
        """Beginning of file names."""
        demo = "DEMO-" if self.is_demonstration else ""
        return f"polisee-{demo}pack-{self.head['code']}-{self.number}-{self.lang}"

    @cached_property
    def themes(self) -> dict[str, str]:
        """Names of the themes."""
        found = {}
        for theme in self.content["themes"]:
            names = theme["names"]
            found[theme["code"]] = names.get(self.lang) or names.get("en") or theme["code"]
        return found

    @cached_property
    def short(self) -> dict[str, str]:
        """Abbreviations of the partners."""
        partners = self.parts["partners"]
        return dict(zip(partners["code"], partners["abbreviation"], strict=True))

    @cached_property
    def works(self) -> pd.DataFrame:
        """Deliverables with what was computed of them."""
        return self.parts["deliverables"].merge(self.figure("deliverables"), on="code", how="left")

    @cached_property
    def risks(self) -> pd.DataFrame:
        """Open risks with what was computed of them, highest first."""
        return self.figure("risks").merge(self.parts["risks"], on="code", how="left")

    @cached_property
    def changes(self) -> list[pack_words.Change]:
        """What changed since the pack before, in words."""
        with speaking(self.lang):
            return [pack_words.change(one, self.names) for one in self.content["changes"]]


def paper(told: Told) -> Paper:
    """The pack as a document, in its language."""
    with speaking(told.lang):
        return _paper(told)


def _paper(told: Told) -> Paper:
    frozen = datetime.fromisoformat(told.content["frozen_at"])
    moment = _("{day}, {time} UTC").format(day=date(frozen), time=frozen.strftime("%H:%M"))
    of = len(told.parts["periods"])
    role = pack_words.ROLES.get(told.content["role"], told.content["role"])
    facts = [
        (_("Programme"), f"{told.head['acronym']} · {told.text('title')}"),
        (
            _("Period"),
            _("{period} of {of}, seen on {day}").format(
                period=period_name(told.period), of=number(of), day=date(told.today)
            ),
        ),
        (_("Pack"), told.number),
        (_("Frozen"), _("{moment}, by the role {role}").format(moment=moment, role=_(role))),
        (_("Data version"), number(told.content["edition"])),
        (_("Checksum (SHA-256)"), told.checksum),
    ]
    late = int(told.works["is_late"].astype(bool).sum()) if len(told.works) else 0
    sections = [
        _changes(told),
        _attention(told),
        _pilots(told),
        _money(told),
        _reports(told),
        _late(told, late),
        _risks(told),
        _decisions(told),
        *_annexes(told),
    ]
    label = _("DEMO – demonstration data: nothing in it is real") if told.is_demonstration else ""
    return Paper(
        lang=told.lang,
        name=_("{acronym}: pack {number}").format(acronym=told.head["acronym"], number=told.number),
        kicker=_("Committee pack {number} · {acronym}").format(acronym=told.head["acronym"], number=told.number),
        title=pack_words.opening(told.figures, told.period, of, late),
        facts=tuple(facts),
        sections=tuple(section for section in sections if section is not None),
        stamp=_("PoliSEE · pack {number} · frozen {moment} · {checksum}").format(
            number=told.number, moment=moment, checksum=told.checksum[:12]
        ),
        at=told.content["frozen_at"],
        stem=told.stem,
        label=label,
        watermark="DEMO" if told.is_demonstration else "",
        notes=tuple(one for one in (told.text("notice"),) if one),
    )


def marked(status: str, words: str = "") -> Cell:
    """A status: shape and letter, word, tone."""
    found = MARKS.get(status, MARKS["not_computable"])
    letter = LETTERS.get(status, "")
    sign = found.shape if letter == found.shape else f"{found.shape}{letter}"
    tone = found.tone if found.tone in ("good", "watch", "bad") else "muted"
    return Cell(words or _(found.word), sign, tone)


def _day(value: Any) -> str:
    if not given(value):
        return DASH
    return date(Date.fromisoformat(value) if isinstance(value, str) else value)


def _rest(shown: int, all_: int) -> str:
    if shown >= all_:
        return ""
    return _("The first {n} of {all} rows; the workbook of this pack holds them all.").format(
        n=number(shown), all=number(all_)
    )


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


# --- what needs the committee ----------------------------------------------------------------------------------------


def _changes(told: Told) -> Section | None:
    if not told.changes:
        return None
    before = f"{told.period}.{told.content['version'] - 1}"
    rows = [
        (Cell(one.what, strong=True), Cell(one.old), Cell(one.new), Cell(one.about)) for one in told.changes[:MOST_ROWS]
    ]
    heads = (Head(_("What"), 3.2), Head(_("Before"), 1.1, "right"), Head(_("Now"), 1.1, "right"), Head(_("Of"), 1.8))
    said = ngettext(
        "Since pack {before}, {n} number or entry has changed.",
        "Since pack {before}, {n} numbers and entries have changed.",
        len(told.changes),
    ).format(before=before, n=number(len(told.changes)))
    grid = Grid(_("What changed since pack {before}").format(before=before), heads, tuple(rows),
                _rest(len(rows), len(told.changes)), small=True)  # fmt: skip
    return Section("changes", _("What changed since pack {before}").format(before=before), (Text(said), grid))


def _attention(told: Told) -> Section:
    items = told.figures["attention"]
    heading = _("What needs the committee today")
    if not items:
        return Section("attention", heading, (Text(_("Nothing stands out by the rules of this programme.")),))
    rows = []
    for place, one in enumerate(items, 1):
        said, owner, since, proposal = pack_words.concern(one, told.parts)
        moment = since or _("after {period}").format(period=period_name(told.period))
        rows.append((Cell(number(place)), Cell(said, strong=True), Cell(owner or DASH), Cell(moment), Cell(proposal)))
    heads = (
        Head(_("No."), 0.45),
        Head(_("What"), 2.6),
        Head(_("Owner"), 1.3),
        Head(_("Since"), 1.0),
        Head(_("Proposed decision"), 2.2),
    )
    rest = _("And {n} more.").format(n=number(told.figures["more"])) if told.figures["more"] else ""
    return Section("attention", heading, (Grid(heading, heads, tuple(rows), rest),))


# --- pilots ----------------------------------------------------------------------------------------------------------


def status_words(counts: Mapping[str, int]) -> str:
    """The distribution in words: "7 on track, 3 watch, 1 off track, 1 no report"."""
    order = ("done", "on_track", "watch", "off_track", "no_report", "not_computable", "not_due")
    return ", ".join(f"{number(counts[status])} {word(status)}" for status in order if counts.get(status))


def pilot_rows(told: Told) -> tuple[list[int], list[tuple[dict[str, Any], dict[int, dict[str, Any]]]]]:
    """Periods, and each pilot with its cells by period; those that are not on track first where there are many."""
    grid = told.figure("grid")
    cells: dict[str, dict[int, dict[str, Any]]] = {}
    for row in _records(grid):
        cells.setdefault(row["pilot"], {})[int(row["period"])] = row
    pilots = _records(told.parts["pilots"])
    if len(pilots) > MOST_PILOTS:
        order = ("off_track", "no_report", "watch", "not_computable", "on_track", "done", "not_due")
        pilots.sort(key=lambda one: order.index(cells[one["code"]][told.period]["status"]))
    periods = [int(one) for one in told.parts["periods"]["number"]]
    return periods, [(one, cells.get(one["code"], {})) for one in pilots]


def _pilots(told: Told) -> Section | None:
    counts = told.figures["counts"]
    of = sum(counts.values())
    if not of:
        return None
    periods, rows = pilot_rows(told)
    near = [period for period in periods if abs(period - told.period) <= 5][:8]
    shown = [
        (
            Cell(pilot["title"], strong=True),
            *(marked(cells[period]["status"]) if period in cells else Cell(DASH) for period in near),
        )
        for pilot, cells in rows[:MOST_PILOTS]
    ]
    said = ngettext(
        "After period {p} of {of}, {n} pilot: {told}.", "After period {p} of {of}, {n} pilots: {told}.", of
    ).format(p=number(told.period), of=number(len(periods)), n=number(of), told=status_words(counts))
    heads = (Head(_("Pilot"), 2.4), *(Head(period_name(period)) for period in near))
    grid = Grid(_("Pilots by period"), heads, tuple(shown), _rest(len(shown), len(rows)), small=True)
    blocks: list[Any] = [Text(said, "lead"), grid]
    reasons = _reasons(told, rows)
    if reasons is not None:
        blocks.append(reasons)
    blocks.append(Text(_lights() + " " + _limits(told), "small"))
    return Section("pilots", _("Pilots"), tuple(blocks), breaks=True)


def _lights() -> str:
    return _(
        "The worst indicator speaks for a pilot; colours are never averaged. Without a report no older value counts."
    )


def _limits(told: Told) -> str:
    limits = told.figures["limits"]
    words = _("On track from {on} of what was expected, watch from {watch}, off track below.").format(
        on=share(Fraction(limits["on_track"]), 0), watch=share(Fraction(limits["watch"]), 0)
    )
    if limits["since"] is None:
        return words + " " + _("These are PoliSEE's defaults.")
    return words + " " + _("In force since {day}.").format(day=_day(limits["since"]))


def _reasons(told: Told, rows: Sequence[tuple[dict[str, Any], dict[int, dict[str, Any]]]]) -> Grid | None:
    """Why pilots are not on track: the indicator that decides, its values, and what the partner says."""
    indicators = {row["code"]: row for row in _records(told.parts["result_indicators"])}
    judged = {row["indicator"]: row for row in _records(told.figure("judged"))}
    found = []
    for pilot, cells in rows:
        cell = cells.get(told.period)
        if cell is None or cell["status"] not in ("off_track", "watch", "no_report"):
            continue
        code = cell["indicator"]
        known, values = indicators.get(code), judged.get(code)
        why = DASH
        if known is not None and values is not None:
            why = _("{name}: {actual} of {expected} expected by now ({share})").format(
                name=known["name"],
                actual=number(values["actual"], int(known["decimals"])),
                expected=number(values["expected"], int(known["decimals"])),
                share=share(values["share"]),
            )
        said = marked(cell["reported"]) if cell["reported"] else Cell(DASH)
        owner = told.short.get((pilot["partners"] or [""])[0], "")
        found.append((Cell(pilot["title"], strong=True), marked(cell["status"]), Cell(why), said, Cell(owner)))
    if not found:
        return None
    heads = (
        Head(_("Not on track"), 2.0),
        Head(_("Computed"), 1.0),
        Head(_("Indicator that decides"), 2.6),
        Head(_("Their own light"), 1.0),
        Head(_("Owner"), 1.1),
    )
    return Grid(_("Why pilots are not on track"), heads, tuple(found[:24]), _rest(min(len(found), 24), len(found)))


# --- money -----------------------------------------------------------------------------------------------------------


def curve(told: Told) -> Curve:
    """Plan, declared and certified, in millions."""
    table = told.figure("curve")
    names = tuple(period_name(int(period)) for period in table["period"])

    def values(name: str) -> tuple[float | None, ...]:
        return tuple(None if not given(one) else int(one) / MILLION for one in table[f"{name}_cents"])

    ahead = told.figures["forecast"]
    fan = None if ahead is None else (ahead["low"] / MILLION, ahead["central"] / MILLION, ahead["high"] / MILLION)
    return Curve(
        names,
        (
            Line(_("Plan"), values("plan"), "muted", "dash"),
            Line(_("Declared"), values("declared"), "series-1"),
            Line(_("Certified"), values("certified"), "accent"),
        ),
        int(told.figures["money"]["covered"]),
        told.period,
        fan,
        _("control at work"),
        _("if pace continues"),
        _("Cumulated, million {currency}").format(currency=told.currency),
    )


def curve_words(shown: Curve) -> str:
    """The numbers of the curve in words."""
    rows = []
    for place, name in enumerate(shown.periods):
        known = [
            f"{line.name} {number(line.values[place], 2)}" for line in shown.lines if line.values[place] is not None
        ]
        rows.append(f"{name}: {', '.join(known)}")
    return f"{shown.unit}. {'. '.join(rows)}."


def curve_grid(told: Told, shown: Curve) -> Grid:
    """The same numbers as a table."""
    heads = (Head(shown.unit, 1.6), *(Head(name, 0.8, "right") for name in shown.periods))
    rows = tuple(
        (Cell(line.name, strong=True), *(Cell(number(value, 2)) for value in line.values)) for line in shown.lines
    )
    return Grid(_("Money by period"), heads, rows, small=True)


def _money(told: Told) -> Section:
    figures = told.figures["money"]
    heading = _("Money")
    sentence = pack_words.spending(figures)
    if not figures["plan_reported"]:
        return Section("money", heading, (Text(sentence, "lead"),))
    shown = curve(told)
    few = len(shown.periods) <= 8
    blocks: list[Any] = [Text(sentence, "lead"), Picture(shown, _("Money by period"), curve_words(shown))]
    if few:
        blocks.append(curve_grid(told, shown))
    ahead = told.figures["forecast"]
    if ahead is not None:
        blocks.append(
            Text(
                _(
                    "If the pace continues, between {low} and {high} million of {plan} million is spent in the end: "
                    "drawn from the slowest and the fastest of {n} controlled periods. It is no prediction."
                ).format(
                    low=number(ahead["low"] / MILLION, 2),
                    high=number(ahead["high"] / MILLION, 2),
                    plan=number(ahead["budget"] / MILLION, 2),
                    n=number(ahead["periods"]),
                ),
                "small",
            )
        )
    blocks += [money_grid(told, "category"), money_grid(told, "fund"), money_grid(told, "partner", 30)]
    return Section("money", heading, tuple(blocks), breaks=True)


BY: Mapping[str, str] = {"partner": N_("Partner"), "category": N_("Cost category"), "fund": N_("Fund")}


def money_names(told: Told, by: str) -> Mapping[str, str]:
    """How partners, categories and funds are called."""
    if by == "partner":
        return told.short
    return {code: _(name) for code, name in CATEGORIES.items()} if by == "category" else {}


def money_grid(told: Told, by: str, most: int = MOST_ROWS) -> Grid:
    """Like with like by partner, category or fund, in whole units of the currency."""
    table, names = told.figure(f"by_{by}"), money_names(told, by)
    rows = [
        (
            Cell(names.get(row[by], row[by]), strong=True),
            Cell(money(row["budget_cents"])),
            Cell(money(row["plan_covered_cents"])),
            Cell(money(row["certified_cents"])),
            Cell(share(row["like_for_like"])),
            marked(row["status"]),
            Cell(money(row["declared_cents"])),
            Cell(share(row["declared_share"])),
        )
        for row in _records(table)[:most]
    ]
    covered = period_name(max(int(told.figures["money"]["covered"]), 1))
    closed = period_name(told.period)
    heads = (
        Head(_(BY[by]), 1.9),
        Head(_("Budget"), 1.05, "right"),
        Head(_("Plan to {period}").format(period=covered), 1.05, "right"),
        Head(_("Certified"), 1.05, "right"),
        Head(_("of plan"), 0.75, "right"),
        Head(_("Status"), 1.05),
        Head(_("Declared to {period}").format(period=closed), 1.1, "right"),
        Head(_("of plan"), 0.75, "right"),
    )
    caption = _("{currency}, by {what}").format(currency=told.currency, what=_(BY[by]).lower())
    return Grid(caption, heads, tuple(rows), _rest(len(rows), len(table)), small=True)


# --- reports, deliverables -------------------------------------------------------------------------------------------


def report_words(told: Told) -> str:
    """Reports expected, received and on time, of the frozen period."""
    row = next((one for one in _records(told.figure("discipline")) if one["period"] == told.period), None)
    if row is None or not row["expected"]:
        return ""
    return _("Reports on {period}: {received} of {expected} came ({share}), {on_time} on time ({time_share}).").format(
        period=period_name(told.period),
        received=number(row["received"]),
        expected=number(row["expected"]),
        share=share(row["received_share"]),
        on_time=number(row["on_time"]),
        time_share=share(row["on_time_share"]),
    )


def _reports(told: Told) -> Section | None:
    words = report_words(told)
    if not words or told.parts["partner_reports"].empty:
        return None
    table = told.figure("reports")
    by_partner: dict[str, dict[int, dict[str, Any]]] = {}
    for row in _records(table):
        by_partner.setdefault(row["partner"], {})[int(row["period"])] = row
    near = [int(n) for n in told.parts["periods"]["number"] if told.period - 8 < int(n) <= told.period]
    rows = []
    for code, cells in by_partner.items():
        state = cells[told.period]["state"]
        if state in ("late", "missing", "waiting") or len(by_partner) <= 30:
            name = told.short.get(code, code)
            rows.append((Cell(name, strong=True), *(_report_cell(cells[period]) for period in near)))
    heads = (Head(_("Partner"), 1.6), *(Head(period_name(period)) for period in near))
    chase = [
        f"{told.short.get(code, code)} ({_(REPORTS[cells[told.period]['state']][1])})"
        for code, cells in by_partner.items()
        if cells[told.period]["state"] in ("missing", "waiting", "late")
    ]
    blocks: list[Any] = [Text(words, "lead")]
    if chase:
        blocks.append(Text(_("To be reminded or asked why: {who}.").format(who=", ".join(chase[:40]))))
    blocks.append(
        Grid(
            _("Reports by partner and period"), heads, tuple(rows[:MOST_ROWS]), _rest(len(rows), len(by_partner)), True
        )
    )
    return Section("reports", _("Report discipline"), tuple(blocks))


def _report_cell(row: Mapping[str, Any]) -> Cell:
    sign, word, tone = REPORTS[row["state"]]
    days = row["days_late"]
    if row["state"] in ("late", "missing") and given(days) and days:
        return Cell(f"{_(word)}, {_days(days)}", sign, tone)
    return Cell(_(word), sign, tone)


def _days(days: Any) -> str:
    return ngettext("{n} day", "{n} days", int(days)).format(n=number(int(days)))


def _late(told: Told, late: int) -> Section | None:
    if told.works.empty:
        return None
    due = int(told.works["is_due"].astype(bool).sum())
    done = int((told.works["is_due"].astype(bool) & told.works["is_delivered"].astype(bool)).sum())
    heading = _("Deliverables")
    if not due:
        return Section("deliverables", heading, (Text(_("Nothing is due yet."), "lead"),))
    said = ngettext(
        "{done} of {n} due deliverable is delivered ({share})",
        "{done} of {n} due deliverables are delivered ({share})",
        due,
    ).format(done=number(done), n=number(due), share=share(Fraction(done, due)))
    if late:
        said += ngettext(", {n} is late", ", {n} are late", late).format(n=number(late))
    rows = [
        (
            Cell(row["code"], strong=True),
            Cell(row["title"]),
            Cell(told.short.get(row["lead"], DASH)),
            Cell(_day(row["due_on"])),
            Cell(_days(row["days_late"]), "■", "bad"),
            Cell(_day(row["new_date"])),
            Cell(row["consequence"] or DASH),
        )
        for row in _records(told.works[told.works["is_late"].astype(bool)].sort_values("days_late", ascending=False))
    ]
    heads = (
        Head(_("Code"), 0.6),
        Head(_("Deliverable"), 2.2),
        Head(_("Lead partner"), 1.2),
        Head(_("Due"), 1.0),
        Head(_("Late by"), 0.9),
        Head(_("New date"), 1.0),
        Head(_("Consequence"), 1.8),
    )
    blocks: list[Any] = [Text(said + ".", "lead")]
    if rows:
        grid = Grid(_("Late deliverables"), heads, tuple(rows[:MOST_ROWS]), _rest(min(len(rows), MOST_ROWS), len(rows)))
        blocks.append(grid)
    return Section("deliverables", heading, tuple(blocks))


# --- risks, decisions ------------------------------------------------------------------------------------------------


def matrix(told: Told) -> Matrix:
    """Open risks five by five."""
    limits = told.figures["limits"]
    spots = tuple(
        Spot(row["code"] + MOVES[row["movement"]][0], int(row["likelihood"]), int(row["impact"]))
        for row in _records(told.risks)
        if given(row["likelihood"]) and given(row["impact"])
    )
    return Matrix(spots, _("likelihood"), _("impact"), float(limits["risk_group"]), float(limits["risk_committee"]))


def risk_words(told: Told) -> str:
    """How many risks are open, and how many are for the committee."""
    limit = number(float(told.figures["limits"]["risk_committee"]))
    high = told.risks[told.risks["level"] == "committee"]
    said = ngettext(
        "{n} of {all} open risks scores {limit} or more", "{n} of {all} open risks score {limit} or more", len(high)
    ).format(n=number(len(high)), all=number(len(told.risks)), limit=limit)
    bare = int(high["no_mitigation"].astype(bool).sum())
    if bare:
        said += ngettext(
            "; {n} of them has no dated mitigation", "; {n} of them have no dated mitigation", bare
        ).format(n=number(bare))
    return said + "."


def risk_row(told: Told, row: Mapping[str, Any]) -> tuple[Cell, ...]:
    """A risk: cause, event, effect; score and movement; mitigation, day, owner."""
    sign, word = MOVES[row["movement"]]
    plan = row["mitigation"] if not row["no_mitigation"] else _("MISSING: no dated mitigation")
    words = " – ".join(part for part in (row["cause"], row["event"], row["effect"]) if part)
    return (
        Cell(row["code"], strong=True),
        Cell(words),
        Cell(number(row["score"]), strong=True),
        Cell(_(word), sign, "muted"),
        Cell(plan, tone="bad" if row["no_mitigation"] else ""),
        Cell(_day(row["mitigation_due"])),
        Cell(role_name(row["owner_role"])),
    )


def risk_heads() -> tuple[Head, ...]:
    """Heads of tables of risks."""
    return (
        Head(_("Risk"), 0.5),
        Head(_("Cause – event – effect"), 2.9),
        Head(_("Score"), 0.6, "right"),
        Head(_("Moved"), 0.8),
        Head(_("Mitigation"), 1.8),
        Head(_("By"), 1.0),
        Head(_("Owner"), 1.3),
    )


def _risks(told: Told) -> Section | None:
    if told.risks.empty:
        return None
    shown = matrix(told)
    spots = ", ".join(f"{spot.label} {spot.likelihood} × {spot.impact}" for spot in shown.spots[:60])
    words = _("Likelihood × impact of each open risk: {spots}.").format(spots=spots)
    top = told.risks[told.risks["level"] != "watched"].head(10)
    blocks: list[Any] = [
        Text(risk_words(told), "lead"),
        Picture(shown, _("Risks by likelihood and impact"), words),
        Text(
            _("Dark cells go to the steering committee, lighter ones to the working group. ▲ higher, ▼ lower, ✱ new."),
            "small",
        ),
    ]
    if len(top):
        rows = tuple(risk_row(told, row) for row in _records(top))
        blocks.append(Grid(_("Top risks"), risk_heads(), rows, small=True))
    return Section("risks", _("Risks"), tuple(blocks), breaks=True)


def _decisions(told: Told) -> Section:
    decisions = {row["code"]: row for row in _records(told.parts["decisions"])}
    due = told.figures["due"]
    blocks: list[Any] = [Text(clock_words(told), "lead")]
    rows = [_due_row(decisions[code], _("to be decided")) for code in due["open"]]
    rows += [_due_row(decisions[code], _("did it work?")) for code in due["effect"]]
    if rows:
        heads = (
            Head(_("Decision"), 0.8),
            Head(_("Question"), 2.6),
            Head(_("Because"), 2.6),
            Head(_("What is due"), 1.2),
        )
        grid = Grid(_("Decisions due"), heads, tuple(rows[:24]), _rest(min(len(rows), 24), len(rows)))
        blocks.append(grid)
    late = told.figure("overdue").merge(told.parts["actions"], on="code", how="left")
    if len(late):
        rows = [
            (
                Cell(row["code"], strong=True),
                Cell(row["text"]),
                Cell(role_name(row["owner_role"])),
                Cell(_day(row["due"])),
                Cell(_days(row["days_late"]), "■", "bad"),
            )
            for row in _records(late)
        ]
        columns = (Head(_("Action"), 0.8), Head(_("What"), 3.0), Head(_("Owner"), 1.6), Head(_("Due"), 1.1),
                 Head(_("Late by"), 1.0))  # fmt: skip
        grid = Grid(_("Actions overdue"), columns, tuple(rows[:24]), _rest(min(len(rows), 24), len(rows)))
        blocks.append(grid)
    return Section("decisions", _("Decisions due and actions overdue"), tuple(blocks))


def _due_row(row: Mapping[str, Any], what: str) -> tuple[Cell, ...]:
    return (Cell(row["code"], strong=True), Cell(row["question"]), Cell(row["because"] or DASH), Cell(what))


def clock_words(told: Told) -> str:
    """How many decisions, how many actions are overdue, and how long completed ones took."""
    clock = told.figures["clock"]
    if not clock["decisions"]:
        return _("No decision is on record.")
    said = ngettext("{n} decision is on record.", "{n} decisions are on record.", clock["decisions"])
    words = said.format(n=number(clock["decisions"]))
    words += " " + ngettext("{n} action is overdue.", "{n} actions are overdue.", clock["overdue"]).format(
        n=number(clock["overdue"])
    )
    if clock["median_days"] is not None:
        days = clock["median_days"]
        words += " " + _("From decision to completed action: {days} days in the median.").format(
            days=number(days, 0 if float(days).is_integer() else 1)
        )
    return words


# --- annexes ---------------------------------------------------------------------------------------------------------


def _annexes(told: Told) -> list[Section]:
    found = [_indicators(told), _works(told), _register(told), _log(told), _method(told)]
    there = [section for section in found if section is not None]
    letters = "ABCDEFGH"
    return [
        Section(
            one.key,
            _("Annex {letter}. {title}").format(letter=letter, title=one.heading),
            one.blocks,
            one.level,
            place == 0,
        )
        for place, (letter, one) in enumerate(zip(letters, there, strict=False))
    ]


def _indicators(told: Told) -> Section | None:
    table = told.figure("judged").merge(
        told.parts["result_indicators"][["code", "name", "unit", "decimals", "target", "owner_kind"]],
        left_on="indicator",
        right_on="code",
        how="left",
    )
    table = table[table["owner_kind"] == "pilot"]
    if table.empty:
        return None
    rows = []
    for row in _records(table)[: 2 * MOST_ROWS]:
        decimals = int(row["decimals"])
        rows.append(
            (
                Cell(told.names.get("pilots", row["owner"])),
                Cell(f"{row['name']} ({row['unit']})" if row["unit"] else row["name"], strong=True),
                Cell(number(row["actual"], decimals)),
                Cell(number(row["expected"], decimals)),
                Cell(share(row["share"])),
                Cell(number(row["target"], decimals)),
                marked(row["status"]),
            )
        )
    heads = (
        Head(_("Pilot"), 2.1),
        Head(_("Indicator (unit)"), 3.0),
        Head(_("Reported"), 0.8, "right"),
        Head(_("Expected by now"), 1.0, "right"),
        Head(_("Share"), 0.8, "right"),
        Head(_("Target"), 0.8, "right"),
        Head(_("Status"), 1.1),
    )
    title = _("Indicators of the pilots")
    return Section("annex-indicators", title, (Grid(title, heads, tuple(rows), _rest(len(rows), len(table)), True),))


def _works(told: Told) -> Section | None:
    due = told.works[told.works["is_due"].astype(bool)] if len(told.works) else told.works
    if due.empty:
        return None
    rows = []
    for row in _records(due)[:MOST_ROWS]:
        state = marked("delivered") if row["is_delivered"] else Cell(_("late"), "■", "bad")
        when = row["delivered_on"] if row["is_delivered"] else row["new_date"]
        rows.append(
            (
                Cell(row["code"], strong=True),
                Cell(row["title"]),
                Cell(row["work_package"].upper()),
                Cell(told.short.get(row["lead"], DASH)),
                Cell(_day(row["due_on"])),
                state,
                Cell(_day(when)),
            )
        )
    heads = (
        Head(_("Code"), 0.5),
        Head(_("Deliverable"), 3.4),
        Head(_("WP"), 0.5),
        Head(_("Lead partner"), 1.2),
        Head(_("Due"), 1.0),
        Head(_("State"), 1.0),
        Head(_("Delivered or expected"), 1.2),
    )
    title = _("Deliverables due")
    return Section("annex-deliverables", title, (Grid(title, heads, tuple(rows), _rest(len(rows), len(due)), True),))


def _register(told: Told) -> Section | None:
    if told.risks.empty:
        return None
    rows = tuple(risk_row(told, row) for row in _records(told.risks.head(MOST_ROWS)))
    title = _("Register of risks")
    grid = Grid(title, risk_heads(), rows, _rest(len(rows), len(told.risks)), True)
    return Section("annex-risks", title, (grid,))


EFFECTS: Mapping[str, str] = {
    "better": N_("better"),
    "same": N_("the same"),
    "worse": N_("worse"),
    "unknown": N_("cannot be told"),
    "": DASH,
}


def decision_rows(decisions: pd.DataFrame, actions: pd.DataFrame) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Decisions, newest first, each with its actions."""
    todo: dict[str, list[dict[str, Any]]] = {}
    for row in _records(actions):
        todo.setdefault(row["decision"] if isinstance(row["decision"], str) else "", []).append(row)
    rows = sorted(_records(decisions), key=lambda row: (str(row["decided_on"]), row["position"]), reverse=True)
    return [(row, todo.get(row["code"], [])) for row in rows]


def action_words(row: Mapping[str, Any], today: Date) -> str:
    """An action with its owner, and by when or since when."""
    if row["cancelled"]:
        state = _("cancelled")
    elif given(row["done_on"]) and row["done_on"] <= today:
        state = _("done on {day}").format(day=date(row["done_on"]))
    elif given(row["due"]) and row["due"] < today:
        state = _("OVERDUE since {day}").format(day=date(row["due"]))
    else:
        state = _("due {day}").format(day=_day(row["due"]))
    return ", ".join(part for part in (row["text"].rstrip("."), role_name(row["owner_role"]), state) if part)


def _log(told: Told) -> Section | None:
    found = decision_rows(told.parts["decisions"], told.parts["actions"])
    if not found:
        return None
    rows = []
    for row, actions in found[:MOST_ROWS]:
        rows.append(
            (
                Cell(f"{_day(row['decided_on'])} · {_(BODIES[row['body']])}"),
                Cell(row["question"], strong=True),
                Cell(row["because"] or DASH),
                Cell(row["decision"] or DASH),
                Cell("; ".join(action_words(one, told.today) for one in actions) or DASH),
                Cell(_(EFFECTS[row["effect"]]) if row["effect"] else DASH),
            )
        )
    heads = (
        Head(_("Day and body"), 1.2),
        Head(_("Question"), 1.7),
        Head(_("Because"), 1.6),
        Head(_("Decided"), 1.7),
        Head(_("Therefore"), 2.3),
        Head(_("Effect"), 0.7),
    )
    title = _("Decisions and actions")
    return Section("annex-decisions", title, (Grid(title, heads, tuple(rows), _rest(len(rows), len(found)), True),))


LIMITS: Mapping[str, str] = {
    "on_track": N_("On track: share of what was expected, from"),
    "watch": N_("Watch: share of what was expected, from"),
    "underspend_watch": N_("Underspending to watch, from half-time on"),
    "underspend_off": N_("Underspending off track, from half-time on"),
    "underspend_watch_early": N_("Underspending to watch, before half-time"),
    "underspend_off_early": N_("Underspending off track, before half-time"),
    "shift": N_("Shift of a partner's budget that needs a formal change, above"),
    "risk_committee": N_("Risk score that concerns the steering committee, from"),
    "risk_group": N_("Risk score that concerns the working group, from"),
    "small_cell": N_("Counts of persons that are not shown, up to"),
}
"""Thresholds in words."""


def limit_rows(told: Told) -> list[tuple[str, str]]:
    """The thresholds in force, in words."""
    limits = told.figures["limits"]
    return [
        (
            _(words),
            number(float(limits[name])) if name.startswith(("risk", "small")) else share(Fraction(limits[name]), 0),
        )
        for name, words in LIMITS.items()
    ]


def _method(told: Told) -> Section:
    limits = told.figures["limits"]
    since = _("In force since {day}.").format(day=_day(limits["since"])) if limits["since"] else ""
    heads = (Head(_("Threshold"), 4.0), Head(_("Value"), 1.0, "right"))
    rows = tuple((Cell(words), Cell(value)) for words, value in limit_rows(told))
    method = (
        _(
            "Status of an indicator: (actual − baseline) ÷ (expected by now − baseline), in the direction "
            "of the indicator."
        ),
        _("A pilot is as its worst indicator is; pilots are counted by status, and no colours are averaged."),
        _(
            "Money: certified ÷ plan, both of the periods whose control is complete for every partner that had to "
            "report."
        ),
        _("Reports are expected from the period in which a partner joins to the one in which it leaves."),
        _(
            "A deliverable is late when its period has closed and its quantity is not there; a risk's score is "
            "likelihood × impact."
        ),
        _("Amounts are exact to the cent; shares are rounded half up as they are written. Missing is never zero."),
    )
    source = " ".join(one for one in (told.head["source"], told.head["source_url"]) if one)
    origin = (
        _("All figures are demonstration data, made up for this purpose."),
        _("Source: {source}.").format(source=source),
    )
    about = (
        *(origin if told.is_demonstration else origin[1:]),
        _(
            "Everything in this pack was computed from the frozen data with the checksum {checksum}, data "
            "version {edition}."
        ).format(checksum=told.checksum, edition=number(told.content["edition"])),
        _("The frozen data itself is in the ZIP file of this pack, with the checksum of each file."),
        _("No names of persons and no invoice lines are held in it."),
    )
    return Section(
        "method",
        _("Thresholds, sources and method"),
        (
            Grid(_("Thresholds in force. {since}").format(since=since).strip(), heads, rows, small=True),
            Items(method),
            Items(about),
        ),
    )
