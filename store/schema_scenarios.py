"""Tables of foresight: scenario sets with all that belongs to them, what people judged, and who changed what.

Texts people may edit are held by the row they belong to, as ``texts = {field: {language: text}}``: an edit is one row,
and its former state one entry of the audit. Codes are unique within a set. ``source`` says where a statement comes
from; a set whose ``origin`` is ``illustrative`` is made up, and every screen and export says so.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from store.schema import Base


class ScenarioSet(Base):
    """Some futures told together, for an area and up to a year.

    ``axes`` is a list of ``{code, texts: {name, low, high}}``; two axes make a cross, none is fine. ``groups`` are the
    groups that judge pay-offs, ``{code, texts: {name}}``. ``edited_at`` is when a person last changed anything in it:
    starter data then leave it alone.
    """

    __tablename__ = "scenario_set"
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    origin: Mapped[str] = mapped_column(String(16))
    base_year: Mapped[int] = mapped_column(SmallInteger)
    horizon: Mapped[int] = mapped_column(SmallInteger)
    regions: Mapped[list[str]]
    axes: Mapped[list[dict[str, Any]]]
    groups: Mapped[list[dict[str, Any]]]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    source_url: Mapped[str] = mapped_column(String(400))
    licence: Mapped[str] = mapped_column(String(80))
    edited_at: Mapped[datetime | None]
    load_id: Mapped[int] = mapped_column(ForeignKey("load_run.id"))
    __table_args__ = (CheckConstraint("origin IN ('illustrative', 'published', 'own')", name="origin"),)


class Scenario(Base):
    """One future. ``place`` is where it lies on the axes, ``{axis: -1 .. 1}``; ``state`` its variant of each descriptor
    of the set's cross-impact matrix, ``{descriptor: variant}``. ``prior`` is the stated weight before any evidence.

    Texts: ``name``, ``summary`` (one sentence), ``story``, ``notes`` (for the speaker).
    """

    __tablename__ = "scenario"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    place: Mapped[dict[str, Any]]
    state: Mapped[dict[str, Any]]
    prior: Mapped[float | None]
    texts: Mapped[dict[str, Any]]


class Assumption(Base):
    """What a scenario takes for granted of one subject (a driver, or free), so that scenarios can be laid side by side.

    Texts: ``subject``, ``text``.
    """

    __tablename__ = "assumption"
    set_code: Mapped[str] = mapped_column(String(48), primary_key=True)
    scenario: Mapped[str] = mapped_column(String(48), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    driver: Mapped[str | None] = mapped_column(String(48))
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    __table_args__ = (
        ForeignKeyConstraint(
            ["set_code", "scenario"],
            ["scenario.set_code", "scenario.code"],
            name="fk_assumption_scenario",
            ondelete="CASCADE",
        ),
    )


class Driver(Base):
    """A force that shapes the subject. Impact and uncertainty are medians of a panel from 1 to 10 with their range;
    ``year`` is when it bites, with its range. ``evidence`` is a list of ``{texts: {text}, url, source, indicator}``.

    Texts: ``name``, ``description``.
    """

    __tablename__ = "driver"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[str] = mapped_column(String(16))
    steep: Mapped[str] = mapped_column(String(16))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    impact: Mapped[float]
    impact_low: Mapped[float | None]
    impact_high: Mapped[float | None]
    uncertainty: Mapped[float]
    uncertainty_low: Mapped[float | None]
    uncertainty_high: Mapped[float | None]
    ratings: Mapped[int | None]
    year: Mapped[int | None] = mapped_column(SmallInteger)
    year_low: Mapped[int | None] = mapped_column(SmallInteger)
    year_high: Mapped[int | None] = mapped_column(SmallInteger)
    evidence: Mapped[list[dict[str, Any]]]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    __table_args__ = (
        CheckConstraint("kind IN ('driver', 'trend', 'weak_signal', 'wild_card')", name="kind"),
        CheckConstraint("steep IN ('social', 'technological', 'economic', 'environmental', 'political')", name="steep"),
        CheckConstraint("impact BETWEEN 1 AND 10 AND uncertainty BETWEEN 1 AND 10", name="scale"),
    )


class PathwaySeries(Base):
    """One line of a scenario table: the five keys of the IAMC format as they were written, so that they go out again
    as they came in. ``region`` is our code, None where the name belongs to none of ours: such lines are kept and
    exported, and drawn nowhere.

    ``load_id`` is no foreign key for the reason given at ``observation``; the scenario answers for the set.
    """

    __tablename__ = "pathway_series"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_code: Mapped[str] = mapped_column(String(48))
    scenario: Mapped[str] = mapped_column(String(48))
    model: Mapped[str] = mapped_column(String(120))
    scenario_name: Mapped[str] = mapped_column(String(120))
    region_name: Mapped[str] = mapped_column(String(120))
    variable: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(80))
    region: Mapped[str | None] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(400))
    load_id: Mapped[int] = mapped_column(Integer)
    __table_args__ = (
        ForeignKeyConstraint(
            ["set_code", "scenario"],
            ["scenario.set_code", "scenario.code"],
            name="fk_pathway_series_scenario",
            ondelete="CASCADE",
        ),
        Index(
            "uq_pathway_series_keys",
            "set_code",
            "model",
            "scenario_name",
            "region_name",
            "variable",
            "unit",
            unique=True,
        ),
        Index("ix_pathway_series_ours", "set_code", "region", "variable"),
    )


class PathwayLink(Base):
    """How a variable in a unit belongs to one of our indicators, in one set. See ``etl.sources.iamc.Variable``.

    ``transform`` is ``level`` (value x factor is the indicator's figure) or ``growth`` (only the relative change
    carries over, so the pathway is rebased to what was observed); ``per`` is the variable by which it is divided
    first, or ''.
    """

    __tablename__ = "pathway_link"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    variable: Mapped[str] = mapped_column(String(200), primary_key=True)
    unit: Mapped[str] = mapped_column(String(80), primary_key=True)
    indicator: Mapped[str] = mapped_column(String(64), primary_key=True)
    transform: Mapped[str] = mapped_column(String(8))
    factor: Mapped[float]
    per: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(400))
    __table_args__ = (CheckConstraint("transform IN ('level', 'growth')", name="transform"),)


class PathwayPoint(Base):
    """One stated figure of a pathway, with its range; a year that is not stated has no row.

    Like ``observation`` it has no foreign key: the load writes both tables in one transaction, and a check counts
    orphans. Written in the unit of the table; measures rebase and scale.
    """

    __tablename__ = "pathway_point"
    series_id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    value: Mapped[float]
    low: Mapped[float | None]
    high: Mapped[float | None]
    __table_args__ = ({"sqlite_with_rowid": False},)


class Signpost(Base):
    """What would tell that one future is coming. With an indicator it is met when the newest ``window`` figures meet
    the threshold; without, people say so (``observed``, ``observed_on``).

    Signposts of one ``cluster`` (not '') are correlated and share one weight. Texts: ``name``, ``why``, ``owner``
    (a role, never a person).
    """

    __tablename__ = "signpost"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    indicator: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(16))
    operator: Mapped[str] = mapped_column(String(2))
    threshold: Mapped[float | None]
    window: Mapped[int] = mapped_column(SmallInteger)
    due: Mapped[int | None] = mapped_column(SmallInteger)
    review: Mapped[date | None]
    cluster: Mapped[str] = mapped_column(String(48))
    observed: Mapped[bool | None]
    observed_on: Mapped[date | None]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    __table_args__ = (CheckConstraint("operator IN ('', '>', '>=', '<', '<=')", name="operator"),)


class SignpostLikelihood(Base):
    """How likely a signpost is to be met in a scenario: a share, said by the panel in one of five words."""

    __tablename__ = "signpost_likelihood"
    set_code: Mapped[str] = mapped_column(String(48), primary_key=True)
    signpost: Mapped[str] = mapped_column(String(48), primary_key=True)
    scenario: Mapped[str] = mapped_column(String(48), primary_key=True)
    likelihood: Mapped[float]
    __table_args__ = (
        ForeignKeyConstraint(
            ["set_code", "signpost"],
            ["signpost.set_code", "signpost.code"],
            name="fk_signpost_likelihood_signpost",
            ondelete="CASCADE",
        ),
        CheckConstraint("likelihood BETWEEN 0 AND 1", name="share"),
    )


class Strategy(Base):
    """A way to act, made of measures. Texts: ``name``, ``description``."""

    __tablename__ = "strategy"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    texts: Mapped[dict[str, Any]]


class Measure(Base):
    """Something that can be done, judged against each scenario. ``cost`` is in thousands of ``currency`` over its life.

    ``needs`` and ``excludes`` are codes of other measures. Texts: ``name``, ``description``, ``instrument``.
    """

    __tablename__ = "measure"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    strategy: Mapped[str | None] = mapped_column(String(48))
    theme: Mapped[str | None] = mapped_column(ForeignKey("theme.code"))
    cost: Mapped[float | None]
    currency: Mapped[str] = mapped_column(String(3))
    needs: Mapped[list[str]]
    excludes: Mapped[list[str]]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    __table_args__ = (CheckConstraint("cost IS NULL OR cost >= 0", name="cost"),)


class PayOff(Base):
    """What a group says a measure brings in a scenario, from -2 to +2, and why. Groups are kinds of organisations."""

    __tablename__ = "pay_off"
    set_code: Mapped[str] = mapped_column(String(48), primary_key=True)
    measure: Mapped[str] = mapped_column(String(48), primary_key=True)
    scenario: Mapped[str] = mapped_column(String(48), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(48), primary_key=True)
    score: Mapped[float]
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        ForeignKeyConstraint(
            ["set_code", "measure"],
            ["measure.set_code", "measure.code"],
            name="fk_pay_off_measure",
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["set_code", "scenario"],
            ["scenario.set_code", "scenario.code"],
            name="fk_pay_off_scenario",
            ondelete="CASCADE",
        ),
        CheckConstraint("score BETWEEN -2 AND 2", name="scale"),
    )


class JudgementMatrix(Base):
    """A square of judgements: cross-impact (``cib``), influence among drivers (``influence``) or a morphological box.

    ``parts`` is a list of ``{code, ordinal, texts: {name, note}, values: [{code, texts: {name}}]}``: descriptors with
    variants, or parameters with values; of an ``influence`` matrix the drivers, without values. A row or column of its
    cells is named ``part.value``, or ``part`` for influence.
    """

    __tablename__ = "judgement_matrix"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    kind: Mapped[str] = mapped_column(String(12))
    parts: Mapped[list[dict[str, Any]]]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))
    __table_args__ = (CheckConstraint("kind IN ('cib', 'influence', 'morphology')", name="kind"),)


class JudgementCell(Base):
    """One judgement that is not zero. ``group_code`` is '' for what was agreed, else who judged.

    ``value`` is the number; ``sign`` is 'X' (impossible, in a box) or 'P' (only potential, in an influence matrix),
    and then the value is None.
    """

    __tablename__ = "judgement_cell"
    set_code: Mapped[str] = mapped_column(String(48), primary_key=True)
    matrix: Mapped[str] = mapped_column(String(48), primary_key=True)
    row: Mapped[str] = mapped_column(String(100), primary_key=True)
    column: Mapped[str] = mapped_column(String(100), primary_key=True)
    group_code: Mapped[str] = mapped_column(String(48), primary_key=True)
    value: Mapped[float | None]
    sign: Mapped[str] = mapped_column(String(1))
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        ForeignKeyConstraint(
            ["set_code", "matrix"],
            ["judgement_matrix.set_code", "judgement_matrix.code"],
            name="fk_judgement_cell_matrix",
            ondelete="CASCADE",
        ),
        CheckConstraint("(value IS NULL) = (sign <> '')", name="said"),
    )


class Milestone(Base):
    """A step on the way back from the goal: an indicator's value in a year, who answers for it, what must come first.

    ``needs`` are codes of other milestones of the set. Texts: ``name``, ``owner`` (a role).
    """

    __tablename__ = "milestone"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    goal: Mapped[bool]
    indicator: Mapped[str | None] = mapped_column(String(64))
    region: Mapped[str | None] = mapped_column(String(16))
    year: Mapped[int] = mapped_column(SmallInteger)
    value: Mapped[float | None]
    duration: Mapped[float]
    measure: Mapped[str | None] = mapped_column(String(48))
    needs: Mapped[list[str]]
    texts: Mapped[dict[str, Any]]
    source: Mapped[str] = mapped_column(String(400))


class Workshop(Base):
    """The record of a workshop: kinds of organisations and how many came (no persons), inputs, challenges, actions.

    ``record`` is ``{inputs: [texts], challenges: [texts], actions: [{texts: {text, owner}, due}]}``.
    Texts: ``title``, ``place``, ``summary``.
    """

    __tablename__ = "workshop"
    set_code: Mapped[str] = mapped_column(ForeignKey("scenario_set.code", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(48), primary_key=True)
    held_on: Mapped[date | None]
    participants: Mapped[dict[str, Any]]
    record: Mapped[dict[str, Any]]
    texts: Mapped[dict[str, Any]]


class Tracking(Base):
    """One evaluation of which scenario the figures follow, for one scenario: kept as it was told, never overwritten.

    ``as_of`` is the day whose knowledge it uses; ``edition`` the data version it was computed from; ``detail`` every
    input (see ``analysis.tracking.Evaluation.rows``). ``weight`` is None when it was too early to tell.
    """

    __tablename__ = "tracking"
    id: Mapped[int] = mapped_column(primary_key=True)
    set_code: Mapped[str] = mapped_column(String(48))
    region: Mapped[str] = mapped_column(String(16))
    scenario: Mapped[str] = mapped_column(String(48))
    run_at: Mapped[datetime]
    as_of: Mapped[date]
    edition: Mapped[int]
    inputs: Mapped[str] = mapped_column(String(64))
    weight: Mapped[float | None]
    detail: Mapped[dict[str, Any]]
    __table_args__ = (Index("ix_tracking_what", "set_code", "region", "as_of"),)


class AuditEntry(Base):
    """Who (a role) changed what, when and why: append-only. ``old`` or ``new`` is None for what was made or removed.

    ``undone_by`` names the entry that took this one back; entries that take back are entries themselves.
    """

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(24))
    entity: Mapped[str] = mapped_column(String(32))
    scope: Mapped[str] = mapped_column(String(48))
    key: Mapped[str] = mapped_column(String(320))
    old: Mapped[dict[str, Any] | None]
    new: Mapped[dict[str, Any] | None]
    why: Mapped[str] = mapped_column(Text)
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("audit_entry.id"))
    __table_args__ = (Index("ix_audit_entry_scope", "scope", "id"),)
