"""Programmes as the pages tell them: what is due, what was reached, what it costs, what needs the committee.

Everything here is computed from frames by the rules of ``analysis`` and remembered until the next load or edit. No
Dash, no SQL. A programme is looked at from its ``today``: a demonstration and a finished programme have a fixed one.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

import pandas as pd

from analysis import finance, pilots, steering
from analysis.pilots import Status, Thresholds
from analysis.steering import Concern
from dashboard import choices, frames
from dashboard.filters import Filters, Option, one_of
from dashboard.i18n import DASH, N_, _, number

ALL = "all"
NEWEST = "newest"

PAGES: Mapping[str, str] = {
    "strategy": "/strategy",
    "pilots": "/pilots",
    "workplan": "/workplan",
    "money": "/money",
    "outreach": "/outreach",
    "decisions": "/decisions",
}
"""Addresses of the pages on a programme."""

CATEGORIES: Mapping[str, str] = {
    "staff": N_("Staff"),
    "office": N_("Office and administration"),
    "travel": N_("Travel and accommodation"),
    "external": N_("External expertise"),
    "equipment": N_("Equipment"),
    "infrastructure": N_("Infrastructure and works"),
    "lump_sum": N_("Lump sum"),
    "unit_cost": N_("Unit costs"),
}
"""Cost categories in words."""

STATUS_WORDS: Mapping[str, str] = {
    "on_track": N_("on track"),
    "watch": N_("watch"),
    "off_track": N_("off track"),
    "not_due": N_("not due"),
    "no_report": N_("no report"),
    "not_computable": N_("not computable"),
    "done": N_("done"),
}
"""Statuses of indicators and pilots in words."""


ROLES = (
    N_("Lead partner"),
    N_("Working group lead"),
    N_("Pilot coordinator"),
    N_("Financial manager"),
    N_("Communication officer"),
)
"""Roles that programmes usually name as owners; others stand as they are written."""


def role_name(role: str) -> str:
    """A role in the reader's language, where it is a usual one."""
    return _(role) if role in ROLES else role


def programme_options() -> list[Option]:
    """Programmes in their order."""
    return list(frames.remember("programme-options", (), _programme_options))


def _programme_options() -> list[Option]:
    table = frames.programmes()
    return [Option(code, title) for code, title in zip(table["code"], table["title"], strict=True)]


def theme_options() -> list[Option]:
    """All themes, and each of the six."""
    return [Option(ALL, _("All themes")), *choices.themes()]


def period_options() -> list[Option]:
    """The newest closed period, and every period of any programme."""
    return list(frames.remember("programme-period-options", (), _period_options))


def _period_options() -> list[Option]:
    counts = [len(frames.programme_part("periods", option.value)) for option in programme_options()]
    numbers = range(1, max(counts, default=0) + 1)
    return [Option(NEWEST, _("Newest closed")), *(Option(str(n), period_name(n)) for n in numbers)]


def package_options() -> list[Option]:
    """All work packages, and each of any programme: what an address may hold; controls offer ``packages_of`` one."""
    return list(frames.remember("work-package-options", (), _package_options))


def _package_options() -> list[Option]:
    found: dict[str, Option] = {ALL: Option(ALL, _("All work packages"))}
    for programme in programme_options():
        for option in packages_of(programme.value):
            found.setdefault(option.value, option)
    return list(found.values())


def packages_of(code: str) -> list[Option]:
    """All work packages, and each of one programme."""
    table = frames.programme_part("work_packages", code)
    mine = [Option(one, f"{one.upper()} {title}") for one, title in zip(table["code"], table["title"], strict=True)]
    return [Option(ALL, _("All work packages")), *mine]


def partner_options() -> list[Option]:
    """All partners, and each of any programme: what an address may hold; controls offer those of the one shown."""
    return list(frames.remember("programme-partner-options", (), _partner_options))


def _partner_options() -> list[Option]:
    found: dict[str, Option] = {}
    table = frames.programme_labels("partners", "name")
    short: dict[tuple[str, str], str] = {}
    for option in programme_options():
        mine = frames.programme_bare("partners", option.value, "code", "abbreviation")
        short |= {(option.value, code): name for code, name in zip(mine["code"], mine["abbreviation"], strict=True)}
    for programme, code, name in zip(table["programme"], table["code"], table["label"], strict=True):
        found.setdefault(code, Option(code, f"{short[programme, code]} – {name}"))
    return [Option(ALL, _("All partners")), *found.values()]


def period_name(period: int) -> str:
    """Short name of a reporting period."""
    return _("RP{n}").format(n=period)


def period_mark(period: int) -> str:
    """The same for the axis of a figure, where there is little room."""
    return _("RP{number}").format(number=period)


@dataclass(frozen=True)
class ProgrammeFilters(Filters):
    """What the reader wants to see of a programme; these go along from page to page."""

    programme: str = one_of(programme_options, label=N_("Programme"))
    theme: str = one_of(theme_options, default=ALL, label=N_("Theme"))
    period: str = one_of(period_options, default=NEWEST, label=N_("After period"))
    partner: str = one_of(partner_options, default=ALL, label=N_("Partner"))


@dataclass(frozen=True)
class ProgrammeView:
    """A programme in the reader's language, seen from its day.

    Attributes:
        periods: numbers of its periods.
        closed: last period that has closed (0: none yet).
        limits: thresholds in force today.
    """

    code: str
    title: str
    acronym: str
    origin: str
    notice: str
    description: str
    currency: str
    budget_cents: int | None
    today: date
    periods: tuple[int, ...]
    closed: int
    limits: Thresholds
    source: str
    source_url: str

    @property
    def is_demonstration(self) -> bool:
        """Whether everything in it is made up."""
        return self.origin == "demonstration"

    def period(self, chosen: "str | int") -> int:
        """The period asked for, or the last closed one; never one that has not closed."""
        if chosen == NEWEST or not str(chosen).isdigit():
            return self.closed
        return min(int(chosen), self.closed) if self.closed else 0


def _remember(name: str, code: str, *more: Any) -> Callable[[Callable[[], Any]], Any]:
    return lambda compute: frames.remember(f"programme-{name}", (code, *more), compute)


def the_programme(code: str) -> ProgrammeView:
    """A programme by its code. Raises KeyError when there is none."""
    found: ProgrammeView = _remember("view", code, _real_today().isoformat())(lambda: _view(code))
    return found


def _real_today() -> date:
    return datetime.now(UTC).date()


def _view(code: str) -> ProgrammeView:
    row = frames.records(frames.programmes().set_index("code", drop=False).loc[[code]])[0]
    today = row["today"] if pilots.given(row["today"]) else _real_today()
    periods = frames.programme_part("periods", code)
    ended = periods[
        [
            state in ("closing", "closed", "frozen") or (state == "open" and end < today)
            for state, end in zip(periods["state"], periods["end"], strict=True)
        ]
    ]
    cents = row["budget_cents"]
    return ProgrammeView(
        code=code,
        title=row["title"],
        acronym=row["acronym"],
        origin=row["origin"],
        notice=row["notice"],
        description=row["description"],
        currency=row["currency"],
        budget_cents=int(cents) if pilots.given(cents) else None,
        today=today,
        periods=tuple(int(number) for number in periods["number"]),
        closed=int(ended["number"].max()) if len(ended) else 0,
        limits=pilots.thresholds(row["settings"], today),
        source=row["source"],
        source_url=row["source_url"],
    )


def part(code: str, kind: str, theme: str = ALL) -> pd.DataFrame:
    """One kind of thing of a programme (``store.programmes.PARTS``), of one theme where it has themes."""
    table = frames.programme_part(kind, code)
    if theme == ALL or "theme" not in table.columns:
        return table
    return table[table["theme"] == theme]


def partner_names(code: str) -> dict[str, str]:
    """Abbreviation of each partner, by its code."""
    table = frames.programme_bare("partners", code, "code", "abbreviation")
    return dict(zip(table["code"], table["abbreviation"], strict=True))


def leads(code: str) -> dict[str, str]:
    """Who answers for each pilot: the abbreviation of its first partner."""
    names = partner_names(code)
    table = frames.programme_part("pilots", code)
    return {row["code"]: names.get((row["partners"] or [""])[0], "") for row in frames.records(table)}


# --- pilots ----------------------------------------------------------------------------------------------------------


def judged(code: str) -> pd.DataFrame:
    """Every result indicator after every closed period (columns: ``analysis.pilots.JUDGED``)."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        kept = frames.programme_judged(code, "judged", view.limits.as_text())
        if kept is not None:
            return plain(kept[kept["period"] <= view.closed])
        return pilots.judgements(
            frames.programme_part("result_indicators", code),
            frames.programme_part("result_values", code),
            [period for period in view.periods if period <= view.closed],
            view.limits,
        )

    return _remember("judged", code)(compute)


def judged_of(code: str, indicators: Sequence[str]) -> pd.DataFrame:
    """The same of some indicators, without reading the others where a load has judged them."""
    view = the_programme(code)
    kept = frames.programme_judged(code, "judged", view.limits.as_text())
    if kept is None:
        table = judged(code)
        return table[table["indicator"].isin(indicators)]
    return plain(kept[kept["indicator"].isin(indicators) & (kept["period"] <= view.closed)])


def plain(table: pd.DataFrame) -> pd.DataFrame:
    """A frame of judgements with texts in the place of categories."""
    texts = {name: object for name in table.columns if isinstance(table[name].dtype, pd.CategoricalDtype)}
    whole = {"next_period": "Int64"} if "next_period" in table else {}
    return table.astype(texts | whole).reset_index(drop=True)


def speaks(code: str) -> pd.DataFrame:
    """The indicator that speaks for each pilot in each closed period (``analysis.pilots.speaking``)."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        kept = frames.programme_judged(code, "speaks", view.limits.as_text())
        if kept is not None:
            return plain(kept[kept["period"] <= view.closed])
        table = judged(code)
        kinds = frames.programme_part("result_indicators", code).set_index("code")["owner_kind"]
        return pilots.speaking(table[table["indicator"].map(kinds) == "pilot"])

    return _remember("speaks", code)(compute)


def grid(code: str) -> pd.DataFrame:
    """Pilots by period (columns: ``analysis.pilots.pilot_grid``)."""

    def compute() -> pd.DataFrame:
        view, reports = the_programme(code), frames.pilot_lights(code)
        table = pilots.pilot_grid(
            frames.programme_part("pilots", code), speaks(code), reports, view.periods, view.closed
        )
        if reports.empty:  # where no report is on record at all, nobody knows whether one is missing
            table["status"] = table["status"].replace(str(Status.NO_REPORT), str(Status.NOT_COMPUTABLE))
        return table

    return _remember("grid", code)(compute)


def pilot_counts(code: str, period: int, theme: str = ALL) -> dict[str, int]:
    """How many pilots have each status after a period, none averaged."""
    table = grid(code)
    chosen = set(part(code, "pilots", theme)["code"])
    now = table[(table["period"] == period) & table["pilot"].isin(chosen)]
    return pilots.distribution(now["status"].tolist())


# --- reports and money -----------------------------------------------------------------------------------------------


def report_grid(code: str) -> pd.DataFrame:
    """Partners by period: expected, received, on time (columns: ``analysis.finance.report_grid``)."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        return finance.report_grid(
            frames.programme_part("partners", code),
            frames.programme_part("periods", code),
            frames.programme_bare("partner_reports", code, "partner", "period", "submitted_on", "control_end"),
            view.today,
            view.closed,
        )

    return _remember("report-grid", code)(compute)


def discipline(code: str) -> pd.DataFrame:
    """Reports by period (columns: ``analysis.finance.discipline``)."""
    return _remember("discipline", code)(lambda: finance.discipline(report_grid(code)))


CUTS = ("work_package", "category", "fund")
"""By what money is told apart besides the partner."""


def plan(code: str, partner: str = ALL, **cut: str) -> pd.DataFrame:
    """Planned money in cents, of one partner or all; ``cut`` names a work package, category or fund."""
    return _cut(frames.budget(code), partner, cut)


def spent(code: str, partner: str = ALL, **cut: str) -> pd.DataFrame:
    """Spent money in cents, of one partner or all; ``cut`` names a work package, category or fund."""
    return _cut(frames.expenditure(code), partner, cut)


def _cut(table: pd.DataFrame, partner: str, cut: Mapping[str, str]) -> pd.DataFrame:
    for name, value in {"partner": partner, **cut}.items():
        if value != ALL:
            table = table[table[name] == value]
    return table


def _by_period(code: str, partner: str, cut: Mapping[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Planned and spent money with its periods; of everything it is summed already."""
    if partner == ALL and not any(value != ALL for value in cut.values()):
        table = frames.money_by_period(code)
        return table, table
    return plan(code, partner, **cut), spent(code, partner, **cut)


def spending(code: str, partner: str = ALL, period: int | None = None, **cut: str) -> finance.Spending:
    """Certified like for like, and declared, after a period (``analysis.finance.spending``)."""

    def compute() -> finance.Spending:
        view = the_programme(code)
        to = view.closed if period is None else period
        return finance.spending(
            *_by_period(code, partner, cut), min(covered(code), to), to, len(view.periods), view.limits
        )

    return _remember("spending", code, partner, period, *sorted(cut.items()))(compute)


def covered(code: str) -> int:
    """Last period whose control is complete for all partners."""
    return _remember("covered", code)(lambda: finance.covered(report_grid(code)))


def curve(code: str, partner: str = ALL, **cut: str) -> pd.DataFrame:
    """Cumulative plan, declared and certified money (columns: ``analysis.finance.curve``)."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        return finance.curve(*_by_period(code, partner, cut), covered(code), view.closed, max(view.periods, default=0))

    return _remember("curve", code, partner, *sorted(cut.items()))(compute)


def money_by(code: str, by: str, partner: str = ALL, **cut: str) -> pd.DataFrame:
    """The comparison by partner, work_package, category or fund (``analysis.finance.like_for_like_by``)."""

    def compute() -> pd.DataFrame:
        view, now = the_programme(code), spending(code)
        mine = plan(code, partner, **cut), spent(code, partner, **cut)
        return finance.like_for_like_by(by, *mine, covered(code), view.closed, now.after_half, view.limits)

    return _remember("money-by", code, by, partner, *sorted(cut.items()))(compute)


def forecast(code: str, partner: str = ALL, **cut: str) -> finance.Forecast | None:
    """What is spent in the end if the pace continues, as a range."""
    return _remember("forecast", code, partner, *sorted(cut.items()))(
        lambda: finance.forecast(*_by_period(code, partner, cut), covered(code))
    )


def money(cents: int | float | None, decimals: int = 0) -> str:
    """An amount of cents in words of the language, without its currency."""
    if cents is None or not pilots.given(cents):
        return DASH
    return number(float(Fraction(int(cents), 100)), decimals)


def share(value: Fraction | float | None, decimals: int = 1) -> str:
    """A share as per cent, rounded half up as it is written: 0.8875 is 88.8 %."""
    if value is None or (isinstance(value, float) and value != value):
        return DASH
    exact = value if isinstance(value, Fraction) else Fraction(repr(value))
    scaled = exact * 100 * 10**decimals
    whole = int(scaled + Fraction(1, 2)) if scaled >= 0 else -int(-scaled + Fraction(1, 2))
    return number(whole / 10**decimals, decimals) + "%"


# --- work, risks, decisions ------------------------------------------------------------------------------------------


def deliverables(code: str, theme: str = ALL) -> pd.DataFrame:
    """Deliverables with whether they are due, delivered and late (``analysis.steering.deliverables``)."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        return steering.deliverables(frames.programme_part("deliverables", code), view.closed, view.today)

    table = _remember("deliverables", code)(compute)
    return table if theme == ALL else table[table["theme"] == theme]


STANDING = ("code", "theme", "lead", "due_period", "due_on", "planned", "delivered", "delivered_on")


def _standing(code: str) -> pd.DataFrame:
    """Whether deliverables are late, without what they are called: enough to count them."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        return steering.deliverables(frames.programme_bare("deliverables", code, *STANDING), view.closed, view.today)

    return _remember("standing", code)(compute)


def risks(code: str, theme: str = ALL, period: int | None = None) -> pd.DataFrame:
    """Open risks with score, movement and what is missing (``analysis.steering.risk_board``)."""

    def compute() -> pd.DataFrame:
        view = the_programme(code)
        return steering.risk_board(
            frames.programme_part("risks", code),
            frames.programme_part("risk_scores", code),
            view.closed if period is None else period,
            view.today,
            view.limits,
        )

    table = _remember("risks", code, period)(compute)
    return table if theme == ALL else table[table["theme"] == theme]


def actions(code: str, theme: str = ALL) -> pd.DataFrame:
    """Actions, of all themes or of one: that of the decision or risk from which they come."""
    table = frames.programme_part("actions", code)
    if theme == ALL:
        return table
    mine = {kind: set(part(code, f"{kind}s", theme)["code"]) for kind in ("decision", "risk")}
    return table[table["decision"].isin(mine["decision"]) | table["risk"].isin(mine["risk"])]


def overdue(code: str, theme: str = ALL) -> pd.DataFrame:
    """Actions whose day has passed (``analysis.steering.overdue``)."""
    return _remember("overdue", code, theme)(lambda: steering.overdue(actions(code, theme), the_programme(code).today))


def clock(code: str, theme: str = ALL) -> steering.Clock:
    """From decision to effect (``analysis.steering.decision_clock``)."""
    return _remember("clock", code, theme)(
        lambda: steering.decision_clock(part(code, "decisions", theme), actions(code, theme), the_programme(code).today)
    )


def attention(code: str, theme: str = ALL) -> tuple[tuple[steering.Attention, ...], int]:
    """What needs the committee, most severe first, and how many more there are; each with who answers for it and since
    when, as far as that is known. Money is of no theme and stands in every list."""

    def compute() -> tuple[tuple[steering.Attention, ...], int]:
        view, now = the_programme(code), spending(code)
        if view.origin == "published":  # public pages tell what happened, not how it stood in the books
            return (), 0
        late = _standing(code)
        late = late if theme == ALL else late[late["theme"] == theme]
        cells = grid(code)
        found = steering.concerns(
            cells[cells["pilot"].isin(set(part(code, "pilots", theme)["code"]))],
            view.closed,
            risks(code, theme),
            overdue(code, theme),
            late[late["is_late"]],
            now.status,
            None if now.underspend is None else float(now.underspend),
            view.limits,
            leads(code),
        )
        shown, more = steering.attention(found)
        return tuple(_answered_for(view, one) for one in shown), more

    return _remember("attention", code, theme)(compute)


def _answered_for(view: ProgrammeView, one: steering.Attention) -> steering.Attention:
    """The same with owner and day where the rules alone do not tell them."""
    ends = {int(row["number"]): row for row in frames.records(frames.programme_part("periods", view.code))}
    names = partner_names(view.code)
    if one.concern is Concern.SPENDING:
        table = frames.programme_part("partners", view.code)
        lead = table.loc[table["role"] == "lead", "abbreviation"]
        last = ends.get(covered(view.code))
        return replace(one, owner=str(lead.iloc[0]) if len(lead) else "", since=last["end"] if last else None)
    if one.concern is Concern.DELIVERABLES_LATE:
        table = _standing(view.code)
        who = table.loc[table["code"].isin(one.codes), "lead"]
        return replace(one, owners=tuple(names.get(code, "") for code in who))
    if one.since is None and one.codes and view.closed in ends:
        first = _since(view.code, one.codes[0], view.closed)
        due = ends[first]["report_due"] if one.concern is Concern.PILOT_SILENT else None
        return replace(one, since=due if pilots.given(due) else ends[first]["end"])
    return one


def _since(code: str, pilot: str, period: int) -> int:
    """The first of the periods, without a gap up to this one, in which a pilot had the status that it has now."""
    table = grid(code)
    mine = table[(table["pilot"] == pilot) & (table["period"] <= period)].set_index("period")["status"]
    first = period
    while first - 1 in mine.index and mine[first - 1] == mine[period]:
        first -= 1
    return first


@dataclass(frozen=True)
class AdoptedPack:
    """The frozen pack that a committee adopted last: its number, and the decision."""

    number: str
    decision: str
    decided_on: date | None


def adopted_pack(code: str) -> AdoptedPack | None:
    """The pack that the committee adopted last; None when it has adopted none."""
    packs = frames.packs(code)
    mine = frames.records(packs[packs["adopted_by"].notna()])
    if not mine:
        return None
    decisions = frames.programme_part("decisions", code).set_index("code")["decided_on"]
    day = decisions.get(mine[0]["adopted_by"])
    return AdoptedPack(mine[0]["number"], mine[0]["adopted_by"], day if pilots.given(day) else None)


@dataclass(frozen=True)
class Coming:
    """Something on a programme's calendar: a meeting (``kind`` its body) or an event (``kind`` its kind)."""

    code: str
    kind: str
    title: str
    first: date
    last: date
    country: str
    place: str


def coming(code: str, theme: str = ALL) -> list[Coming]:
    """Meetings and events from today on, soonest first."""
    view = the_programme(code)
    found = [
        Coming(row["code"], row["body"], row["title"], row["held_on"], row["held_on"], "", row["place"])
        for row in frames.records(frames.programme_part("meetings", code))
    ]
    for row in frames.records(part(code, "events", theme)):
        if pilots.given(row["start"]):
            last = row["end"] if pilots.given(row["end"]) else row["start"]
            found.append(
                Coming(row["code"], row["kind"], row["title"], row["start"], last, row["country"], row["place"])
            )
    return sorted((one for one in found if one.last >= view.today), key=lambda one: (one.first, one.code))


def status_words(counts: Mapping[str, int]) -> str:
    """The distribution of statuses in words, most favourable first: "7 on track, 3 watch, 1 off track"."""
    words: Sequence[tuple[Status, str]] = (
        (Status.DONE, _("done")),
        (Status.ON_TRACK, _("on track")),
        (Status.WATCH, _("watch")),
        (Status.OFF_TRACK, _("off track")),
        (Status.NO_REPORT, _("without report")),
        (Status.NOT_COMPUTABLE, _("not computable")),
        (Status.NOT_DUE, _("not due")),
    )
    return ", ".join(f"{number(counts[status])} {word}" for status, word in words if counts.get(status))


def spending_words(covered: int, like: Fraction | None, reported: int, declared: Fraction | None) -> str:
    """Like with like, in two sentences; certified money never beside the plan of a later period.

    Args:
        covered: last period whose control is complete.
        like: certified / plan of the covered periods; None when nothing is covered.
        reported: last period that has closed.
        declared: declared / plan to that period.
    """
    if like is None:
        return _("No period is fully controlled yet, so certified spending cannot be compared.")
    periods = period_name(1) if covered == 1 else _("RP1–{n}").format(n=covered)
    under = 1 - like
    told = (
        _("{share} under").format(share=share(under))
        if under > 0
        else _("{share} over").format(share=share(-under))
        if under < 0
        else _("exactly on plan")
    )
    first = _("Certified spending covers {periods}: {share} of the plan for {last} ({told}).").format(
        periods=periods, share=share(like), last=period_name(covered), told=told
    )
    second = _("Declared to {period}: {share} of plan.").format(period=period_name(reported), share=share(declared))
    return f"{first} {second}"
