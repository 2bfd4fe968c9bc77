"""Tables of programmes: who works on what, with which money, how it goes, what was decided, what was frozen.

A programme owns everything below it; nothing is shared between two programmes, so they never mix. Texts people may edit
are held as ``texts = {field: {language: text}}``, as in ``store.schema_scenarios``. Owners and authors are roles and
organisations, never persons. Money is exact: whole cents in the database, ``Decimal`` outside.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    TypeDecorator,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.schema import Base

CENTS = Decimal("0.01")


class Money(TypeDecorator[Decimal]):
    """An amount of the currency named beside it, kept as whole cents: SQLite knows no decimals."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> int | None:
        """Cents of an amount. Raises ValueError for one that has fractions of a cent."""
        if value is None:
            return None
        amount = Decimal(str(value))
        if amount != amount.quantize(CENTS):
            raise ValueError(f"{value} is not a whole number of cents")
        return int(amount * 100)

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """The amount of so many cents."""
        return None if value is None else (Decimal(value) * CENTS).quantize(CENTS)


def _programme() -> Mapped[str]:
    return mapped_column(ForeignKey("programme.code", ondelete="CASCADE"), primary_key=True)


def _within(table: str, column: str, *, cascade: bool = True, here: str) -> ForeignKeyConstraint:
    """A foreign key to a row of the same programme."""
    return ForeignKeyConstraint(
        ["programme", column],
        [f"{table}.programme", f"{table}.code"],
        name=f"fk_{here}_{column}",
        ondelete="CASCADE" if cascade else None,
    )


class Programme(Base):
    """A programme or project that is steered. ``origin`` is ``published`` (real, from public sources),
    ``demonstration`` (synthetic, and every screen and export says so) or ``own``.

    ``today`` fixes the day from which a demonstration or a finished programme is looked at; None is the real day.
    ``settings`` is a list of ``{from: ISO date, values: {name: number}}``: thresholds as they were in force.
    Texts: ``title``, ``description``, ``notice``.
    """

    __tablename__ = "programme"
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    origin: Mapped[str] = mapped_column(String(16))
    acronym: Mapped[str] = mapped_column(String(40))
    reference: Mapped[str] = mapped_column(String(80))
    fund: Mapped[str] = mapped_column(String(40))
    start: Mapped[date]
    end: Mapped[date]
    currency: Mapped[str] = mapped_column(String(3))
    budget: Mapped[Decimal | None] = mapped_column(Money)
    cofinancing: Mapped[float | None]
    area: Mapped[list[str]]
    languages: Mapped[list[str]]
    today: Mapped[date | None]
    settings: Mapped[list[dict[str, Any]]]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    source_url: Mapped[str] = mapped_column(String(400))
    edited_at: Mapped[datetime | None]
    load_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"))
    __table_args__ = (CheckConstraint("origin IN ('published', 'demonstration', 'own')", name="origin"),)


class Fact(Base):
    """What a public source says of something in a programme. Several rows of one subject and field are sources that
    disagree: all are shown. ``mark`` is S (stated), I (inferred by us) or ? (sources disagree or text was cut).
    """

    __tablename__ = "fact"
    programme: Mapped[str] = _programme()
    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    field: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(String(1))
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (CheckConstraint("mark IN ('S', 'I', '?')", name="mark"),)


class Partner(Base):
    """An organisation in a programme. It reports in the periods from ``joined`` to ``left`` (None: to the end).

    ``scope`` is region, county, national, research or network; a national body's ``region`` is only its seat.
    Texts: ``name``, ``original``.
    """

    __tablename__ = "partner"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    abbreviation: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(48))
    scope: Mapped[str] = mapped_column(String(16))
    country: Mapped[str] = mapped_column(String(8))
    region: Mapped[str | None] = mapped_column(String(16))
    joined: Mapped[int] = mapped_column(SmallInteger)
    left: Mapped[int | None] = mapped_column(SmallInteger)
    budget: Mapped[Decimal | None] = mapped_column(Money)
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (CheckConstraint("role IN ('lead', 'partner', 'associated')", name="role"),)


class WorkingGroup(Base):
    """The working group of a theme (or of all, ``theme`` None), and who leads it. Texts: ``name``, ``task``."""

    __tablename__ = "working_group"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    lead: Mapped[str | None] = mapped_column(String(32))
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)


class ReportingPeriod(Base):
    """A period after which partners report; ``report_due`` and ``control_due`` are the days for report and control."""

    __tablename__ = "reporting_period"
    programme: Mapped[str] = _programme()
    number: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    start: Mapped[date]
    end: Mapped[date]
    report_due: Mapped[date | None]
    control_due: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(8))
    __table_args__ = (
        CheckConstraint("state IN ('planned', 'open', 'closing', 'closed', 'frozen')", name="state"),
        CheckConstraint("number BETWEEN 1 AND 60", name="number"),
    )


class WorkPackage(Base):
    """A work package. Texts: ``title``, ``objective``."""

    __tablename__ = "work_package"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    lead: Mapped[str | None] = mapped_column(String(32))
    status: Mapped[str] = mapped_column(String(16))
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)


class Activity(Base):
    """Work of a work package from one period to another. Texts: ``title``, ``progress``."""

    __tablename__ = "activity"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    work_package: Mapped[str] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    start_period: Mapped[int] = mapped_column(SmallInteger)
    end_period: Mapped[int] = mapped_column(SmallInteger)
    partners: Mapped[list[str]]
    status: Mapped[str] = mapped_column(String(16))
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        _within("work_package", "work_package", here="activity"),
        CheckConstraint("status IN ('planned', 'running', 'done', 'cancelled')", name="status"),
        CheckConstraint("start_period <= end_period", name="order"),
    )


class Deliverable(Base):
    """Something promised for a day (``due_on``, in ``due_period``). Late ones have a ``new_date`` and a consequence.

    ``quality`` is accepted, returned or not_reviewed by the technical and scientific committee, with a ``score`` of
    1 to 5. Texts: ``title``, ``consequence``, ``comment``.
    """

    __tablename__ = "deliverable"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    work_package: Mapped[str] = mapped_column(String(32))
    activity: Mapped[str | None] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    lead: Mapped[str | None] = mapped_column(String(32))
    due_period: Mapped[int] = mapped_column(SmallInteger)
    due_on: Mapped[date]
    planned: Mapped[float]
    delivered: Mapped[float]
    delivered_on: Mapped[date | None]
    new_date: Mapped[date | None]
    quality: Mapped[str] = mapped_column(String(16))
    score: Mapped[int | None] = mapped_column(SmallInteger)
    url: Mapped[str] = mapped_column(Text)
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        _within("work_package", "work_package", here="deliverable"),
        ForeignKeyConstraint(
            ["programme", "due_period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_deliverable_due_period",
        ),
        CheckConstraint("quality IN ('accepted', 'returned', 'not_reviewed')", name="quality"),
        CheckConstraint("delivered >= 0 AND planned >= 0", name="quantity"),
    )


class Pilot(Base):
    """An experiment. ``moves`` are the regional indicators it wants to move, ``{indicator, region, direction}``;
    ``signposts`` those of scenario sets that bear on it, ``{set, signpost}``. ``verdict`` is '', stop, change or scale.

    Texts: ``title``, ``problem``, ``hypothesis``, ``method``.
    """

    __tablename__ = "pilot"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    partners: Mapped[list[str]]
    regions: Mapped[list[str]]
    start_period: Mapped[int] = mapped_column(SmallInteger)
    end_period: Mapped[int] = mapped_column(SmallInteger)
    budget: Mapped[Decimal | None] = mapped_column(Money)
    moves: Mapped[list[dict[str, Any]]]
    signposts: Mapped[list[dict[str, Any]]]
    verdict: Mapped[str] = mapped_column(String(8))
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("start_period <= end_period", name="order"),
        CheckConstraint("verdict IN ('', 'stop', 'change', 'scale')", name="verdict"),
    )


class PilotReport(Base):
    """What those who run a pilot say of a period: their own light, in words, with evidence. ``confirmed_by`` is a role.

    Texts: ``narrative``, ``reply`` (their answer to the computed light).
    """

    __tablename__ = "pilot_report"
    programme: Mapped[str] = _programme()
    pilot: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    light: Mapped[str] = mapped_column(String(16))
    submitted_on: Mapped[date | None]
    confirmed_by: Mapped[str] = mapped_column(String(80))
    evidence_url: Mapped[str] = mapped_column(Text)
    texts: Mapped[dict[str, Any]]
    __table_args__ = (
        _within("pilot", "pilot", here="pilot_report"),
        CheckConstraint("light IN ('', 'on_track', 'watch', 'off_track', 'done')", name="light"),
    )


class ResultIndicator(Base):
    """What is counted of a pilot (``owner_kind`` pilot), a measure or the programme as a whole.

    ``milestones`` is ``{period: value}``; between them a straight line (``linear``) or a ``step`` is expected. For
    ``keep`` and ``range`` the value shall stay between ``low`` and ``high``, within ``tolerance`` outside. With
    ``kind`` ``qualitative`` values are steps from 1 to 5 whose anchors are texts ``step1`` … ``step5``.
    Texts: ``name``, ``definition``.
    """

    __tablename__ = "result_indicator"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    owner_kind: Mapped[str] = mapped_column(String(16))
    owner: Mapped[str] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    kind: Mapped[str] = mapped_column(String(12))
    unit: Mapped[str] = mapped_column(String(32))
    decimals: Mapped[int] = mapped_column(SmallInteger)
    direction: Mapped[str] = mapped_column(String(8))
    profile: Mapped[str] = mapped_column(String(8))
    cumulative: Mapped[bool]
    common_code: Mapped[str] = mapped_column(String(16))
    baseline: Mapped[float | None]
    baseline_period: Mapped[int] = mapped_column(SmallInteger)
    milestones: Mapped[dict[str, Any]]
    target: Mapped[float | None]
    target_period: Mapped[int | None] = mapped_column(SmallInteger)
    low: Mapped[float | None]
    high: Mapped[float | None]
    tolerance: Mapped[float]
    texts: Mapped[dict[str, Any]]
    __table_args__ = (
        CheckConstraint("owner_kind IN ('pilot', 'measure', 'programme')", name="owner_kind"),
        CheckConstraint("kind IN ('context', 'input', 'output', 'result', 'impact', 'qualitative')", name="kind"),
        CheckConstraint("direction IN ('up', 'down', 'keep', 'range')", name="direction"),
        CheckConstraint("profile IN ('linear', 'step')", name="profile"),
        Index("ix_result_indicator_owner", "programme", "owner_kind", "owner"),
    )


class ResultValue(Base):
    """The value of a result indicator at the end of a period; no row is no report, and never zero.

    ``status`` is the SDMX OBS_STATUS. A cumulative value that falls needs a ``comment`` that says why.
    """

    __tablename__ = "result_value"
    programme: Mapped[str] = _programme()
    indicator: Mapped[str] = mapped_column(String(48), primary_key=True)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[float | None]
    status: Mapped[str] = mapped_column(String(1))
    reported_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(String(400))
    comment: Mapped[str] = mapped_column(Text)
    __table_args__ = (_within("result_indicator", "indicator", here="result_value"),)


class PartnerReport(Base):
    """The report of a partner on a period. Which are expected follows from the partner's periods, not from here."""

    __tablename__ = "partner_report"
    programme: Mapped[str] = _programme()
    partner: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    status: Mapped[str] = mapped_column(String(12))
    submitted_on: Mapped[date | None]
    resubmitted_on: Mapped[date | None]
    control_end: Mapped[date | None]
    problems: Mapped[str] = mapped_column(Text)
    deviations: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        _within("partner", "partner", here="partner_report"),
        ForeignKeyConstraint(
            ["programme", "period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_partner_report_period",
        ),
        CheckConstraint("status IN ('draft', 'submitted', 'in_control', 'certified')", name="status"),
    )


class BudgetLine(Base):
    """Planned money of a partner, by work package, cost category, fund and period."""

    __tablename__ = "budget_line"
    programme: Mapped[str] = _programme()
    partner: Mapped[str] = mapped_column(String(32), primary_key=True)
    work_package: Mapped[str] = mapped_column(String(32), primary_key=True)
    category: Mapped[str] = mapped_column(String(32), primary_key=True)
    fund: Mapped[str] = mapped_column(String(16), primary_key=True)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    amount: Mapped[Decimal] = mapped_column(Money)
    __table_args__ = (
        _within("partner", "partner", here="budget_line"),
        _within("work_package", "work_package", here="budget_line"),
        ForeignKeyConstraint(
            ["programme", "period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_budget_line_period",
        ),
        CheckConstraint("amount >= 0", name="amount"),
    )


class Expenditure(Base):
    """Money that a partner declared for a period, and what became of it: certified by control, verified by the
    programme, deducted or parked. All in the programme's currency; ``currency`` and ``rate`` say what it was paid in.
    """

    __tablename__ = "expenditure"
    programme: Mapped[str] = _programme()
    partner: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    work_package: Mapped[str] = mapped_column(String(32))
    category: Mapped[str] = mapped_column(String(32))
    fund: Mapped[str] = mapped_column(String(16))
    declared: Mapped[Decimal] = mapped_column(Money)
    certified: Mapped[Decimal | None] = mapped_column(Money)
    verified: Mapped[Decimal | None] = mapped_column(Money)
    deducted: Mapped[Decimal | None] = mapped_column(Money)
    parked: Mapped[Decimal | None] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(3))
    rate: Mapped[float | None]
    paid_on: Mapped[date | None]
    error_kind: Mapped[str] = mapped_column(String(40))
    __table_args__ = (
        _within("partner", "partner", here="expenditure"),
        _within("work_package", "work_package", here="expenditure"),
        ForeignKeyConstraint(
            ["programme", "period"],
            ["reporting_period.programme", "reporting_period.number"],
            name="fk_expenditure_period",
        ),
        CheckConstraint("declared < 0 OR certified IS NULL OR certified <= declared", name="certified"),
        CheckConstraint("declared < 0 OR verified IS NULL OR verified <= certified", name="verified"),
    )


class Risk(Base):
    """What may go wrong. An active risk without a dated mitigation breaks the rules, and the pages say so.

    ``indicators`` are codes of result indicators. Texts: ``cause``, ``event``, ``effect``, ``mitigation``,
    ``closing_reason``.
    """

    __tablename__ = "risk"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    category: Mapped[str] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    work_package: Mapped[str | None] = mapped_column(String(32))
    pilot: Mapped[str | None] = mapped_column(String(32))
    response: Mapped[str] = mapped_column(String(12))
    mitigation_due: Mapped[date | None]
    owner_role: Mapped[str] = mapped_column(String(80))
    opened_on: Mapped[date]
    reviewed_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    indicators: Mapped[list[str]]
    texts: Mapped[dict[str, Any]]
    __table_args__ = (CheckConstraint("response IN ('avoid', 'reduce', 'transfer', 'accept')", name="response"),)


class RiskScore(Base):
    """Likelihood and impact of a risk, 1 to 5 each, as seen at the end of a period."""

    __tablename__ = "risk_score"
    programme: Mapped[str] = _programme()
    risk: Mapped[str] = mapped_column(String(32), primary_key=True)
    period: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    likelihood: Mapped[int] = mapped_column(SmallInteger)
    impact: Mapped[int] = mapped_column(SmallInteger)
    __table_args__ = (
        _within("risk", "risk", here="risk_score"),
        CheckConstraint("likelihood BETWEEN 1 AND 5 AND impact BETWEEN 1 AND 5", name="scale"),
    )


class Meeting(Base):
    """A meeting of a body: sc (steering committee), tsc (technical and scientific), wg. Texts: ``title``, ``place``."""

    __tablename__ = "meeting"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    body: Mapped[str] = mapped_column(String(8))
    held_on: Mapped[date]
    period: Mapped[int | None] = mapped_column(SmallInteger)
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (CheckConstraint("body IN ('sc', 'tsc', 'wg')", name="body"),)


class Decision(Base):
    """What a body decided: *because* (``evidence`` as it stood: ``{kind, code, period, value}`` each; ``pack``, the
    frozen pack it rests on) and, through its actions, *therefore*; ``effect_*`` says whether it worked.

    ``subjects`` are what it is about: ``{kind: pilot|risk|indicator|measure|deliverable, code}``.
    Texts: ``question``, ``options``, ``because``, ``decision``, ``dissent``, ``effect``.
    """

    __tablename__ = "decision"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    meeting: Mapped[str | None] = mapped_column(String(32))
    body: Mapped[str] = mapped_column(String(8))
    decided_on: Mapped[date | None]
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    state: Mapped[str] = mapped_column(String(12))
    subjects: Mapped[list[dict[str, Any]]]
    evidence: Mapped[list[dict[str, Any]]]
    pack: Mapped[str] = mapped_column(String(16))
    effect_period: Mapped[int | None] = mapped_column(SmallInteger)
    effect: Mapped[str] = mapped_column(String(12))
    texts: Mapped[dict[str, Any]]
    __table_args__ = (
        CheckConstraint("state IN ('proposed', 'adopted', 'deferred', 'rejected', 'superseded')", name="state"),
        CheckConstraint("effect IN ('', 'better', 'same', 'worse', 'unknown')", name="effect"),
        CheckConstraint("body IN ('sc', 'tsc', 'wg')", name="body"),
    )


class Action(Base):
    """Something to do by a day, from a decision or a risk. Overdue: due before today and not done. Texts: ``text``."""

    __tablename__ = "action"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    decision: Mapped[str | None] = mapped_column(String(32))
    risk: Mapped[str | None] = mapped_column(String(32))
    owner_role: Mapped[str] = mapped_column(String(80))
    due: Mapped[date | None]
    done_on: Mapped[date | None]
    cancelled: Mapped[bool]
    texts: Mapped[dict[str, Any]]


class Event(Base):
    """A meeting with people from outside. ``counts`` is ``{target group: number}``; small ones are never shown.

    Texts: ``title``, ``place``, ``note``.
    """

    __tablename__ = "event"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    start: Mapped[date | None]
    end: Mapped[date | None]
    online: Mapped[bool]
    country: Mapped[str] = mapped_column(String(8))
    region: Mapped[str | None] = mapped_column(String(16))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    organiser: Mapped[str | None] = mapped_column(String(32))
    counts: Mapped[dict[str, Any]]
    score: Mapped[float | None]
    url: Mapped[str] = mapped_column(Text)
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint(
            "kind IN ('committee', 'workshop', 'study_visit', 'training', 'conference', 'webinar', 'meeting')",
            name="kind",
        ),
    )


class Communication(Base):
    """Something published, and how far it came: reached, used (clicks, downloads), taken up (citations, uptake).

    Texts: ``title``.
    """

    __tablename__ = "communication"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    channel: Mapped[str] = mapped_column(String(16))
    published_on: Mapped[date | None]
    language: Mapped[str] = mapped_column(String(8))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    reach: Mapped[int | None]
    clicks: Mapped[int | None]
    downloads: Mapped[int | None]
    citations: Mapped[int | None]
    uptake: Mapped[int | None]
    url: Mapped[str] = mapped_column(Text)
    texts: Mapped[dict[str, Any]]
    source_url: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("channel IN ('website', 'social', 'press', 'publication', 'newsletter')", name="channel"),
    )


class Adoption(Base):
    """Someone takes something over from a pilot or practice: understand, adapt, re-use; confirmed ones count as uptake.

    Texts: ``what``, ``adopter``, ``evidence``.
    """

    __tablename__ = "adoption"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    pilot: Mapped[str | None] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    country: Mapped[str] = mapped_column(String(8))
    stage: Mapped[str] = mapped_column(String(12))
    since: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    common_code: Mapped[str] = mapped_column(String(16))
    texts: Mapped[dict[str, Any]]
    __table_args__ = (CheckConstraint("stage IN ('understand', 'adapt', 'reuse')", name="stage"),)


class PolicyStrategy(Base):
    """A strategy that the programme serves: of a region, a country or the area. Texts: ``title``, ``aim``."""

    __tablename__ = "policy_strategy"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    area: Mapped[str] = mapped_column(String(16))
    first_year: Mapped[int | None] = mapped_column(SmallInteger)
    last_year: Mapped[int | None] = mapped_column(SmallInteger)
    budget: Mapped[Decimal | None] = mapped_column(Money)
    url: Mapped[str] = mapped_column(Text)
    confirmed_on: Mapped[date | None]
    texts: Mapped[dict[str, Any]]
    __table_args__ = (CheckConstraint("kind IN ('s3', 'cluster', 'innovation', 'regional', 'joint')", name="kind"),)


class PolicyMeasure(Base):
    """A measure of a strategy: its instrument, and the level of government that acts. Texts: ``title``, ``target``."""

    __tablename__ = "policy_measure"
    programme: Mapped[str] = _programme()
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    strategy: Mapped[str] = mapped_column(String(32))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    instrument: Mapped[str] = mapped_column(String(16))
    level: Mapped[str] = mapped_column(String(12))
    budget: Mapped[Decimal | None] = mapped_column(Money)
    start_period: Mapped[int] = mapped_column(SmallInteger)
    end_period: Mapped[int] = mapped_column(SmallInteger)
    texts: Mapped[dict[str, Any]]
    __table_args__ = (
        _within("policy_strategy", "strategy", here="policy_measure"),
        CheckConstraint(
            "instrument IN ('grant', 'voucher', 'service', 'regulation', 'procurement', 'network', 'finance', "
            "'training')",
            name="instrument",
        ),
        CheckConstraint("level IN ('eu', 'national', 'regional', 'local', 'joint')", name="level"),
    )


class ChainLink(Base):
    """A step of the theory of change: what is thought to lead to what, and why. Kinds: problem, measure, pilot,
    deliverable, result (a result indicator), indicator (a regional one), aim. Texts: ``because``, ``problem`` (the
    words of a problem that the step starts from, which has no table of its own).
    """

    __tablename__ = "chain_link"
    programme: Mapped[str] = _programme()
    from_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    from_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    to_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    to_code: Mapped[str] = mapped_column(String(64), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    texts: Mapped[dict[str, Any]]


class Evaluation(Base):
    """What one evaluator (a role) says of a pilot or measure by one criterion: a step from 1 to 4, with the grade of
    the evidence (A evaluated, B measured, C described). Texts: ``comment``.
    """

    __tablename__ = "evaluation"
    programme: Mapped[str] = _programme()
    subject_kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    subject: Mapped[str] = mapped_column(String(32), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(24), primary_key=True)
    evaluator: Mapped[str] = mapped_column(String(48), primary_key=True)
    step: Mapped[int | None] = mapped_column(SmallInteger)
    grade: Mapped[str] = mapped_column(String(1))
    texts: Mapped[dict[str, Any]]
    __table_args__ = (
        CheckConstraint(
            "criterion IN ('relevance', 'effectiveness', 'efficiency', 'coherence', 'eu_added_value', 'impact', "
            "'sustainability')",
            name="criterion",
        ),
        CheckConstraint("step IS NULL OR step BETWEEN 1 AND 4", name="scale"),
        CheckConstraint("grade IN ('', 'A', 'B', 'C')", name="grade"),
    )


class Pack(Base):
    """A period as it was frozen: never changed, numbered ``period.version``. ``data`` is the frozen state (compressed
    JSON), ``checksum`` its SHA-256, ``changes`` what differs from the version before: ``{what, old, new}``.

    ``adopted_by`` is the decision that adopted it.
    """

    __tablename__ = "pack"
    id: Mapped[int] = mapped_column(primary_key=True)
    programme: Mapped[str] = mapped_column(ForeignKey("programme.code"))
    period: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(SmallInteger)
    frozen_at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(24))
    edition: Mapped[int]
    checksum: Mapped[str] = mapped_column(String(64))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    changes: Mapped[list[dict[str, Any]]]
    adopted_by: Mapped[str | None] = mapped_column(String(32))
    __table_args__ = (Index("uq_pack_number", "programme", "period", "version", unique=True),)


class PackFile(Base):
    """A rendered form of a pack in one language, kept so that it is byte for byte the same whenever it is fetched."""

    __tablename__ = "pack_file"
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    form: Mapped[str] = mapped_column(String(8), primary_key=True)
    checksum: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes] = mapped_column(LargeBinary)


class Job(Base):
    """Long work done beside the server: what, how far, and what came of it."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    arguments: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(String(8))
    done: Mapped[int]
    total: Mapped[int]
    message: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    worker: Mapped[str] = mapped_column(String(80))
    __table_args__ = (CheckConstraint("state IN ('waiting', 'running', 'done', 'failed')", name="state"),)
