"""Programmes and what belongs to them, as frames in the language asked for.

Texts are columns of their own, as in ``store.scenarios``. An amount of money is a column of whole cents, named
``…_cents`` (Int64, missing where none is known); days are ``datetime.date`` or None. Expenditure leaves the database
summed, never line by line: nobody outside needs the lines.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import BigInteger, Connection, Select, SmallInteger, func, select, tuple_, type_coerce

from store.scenarios import speak, spoken
from store.schema import Base
from store.schema_programme import (
    Action,
    Activity,
    Adoption,
    BudgetLine,
    ChainLink,
    Communication,
    Decision,
    Deliverable,
    Evaluation,
    Event,
    Expenditure,
    Fact,
    Job,
    Meeting,
    Money,
    Pack,
    PackFile,
    Partner,
    PartnerReport,
    Pilot,
    PilotReport,
    PolicyMeasure,
    PolicyStrategy,
    Programme,
    ReportingPeriod,
    ResultIndicator,
    ResultValue,
    Risk,
    RiskScore,
    WorkingGroup,
    WorkPackage,
)


@dataclass(frozen=True)
class Part:
    """A kind of thing of a programme: its table, its texts, and the columns by which it is ordered."""

    model: type[Base]
    texts: tuple[str, ...] = ()
    order: tuple[str, ...] = ("position", "code")


Where = Mapping[str, str | Collection[str]]
"""Columns and the value, or the values, that a row must have there."""

PARTS: Mapping[str, Part] = {
    "facts": Part(Fact, (), ("subject", "field", "position")),
    "partners": Part(Partner, ("name", "original")),
    "working_groups": Part(WorkingGroup, ("name", "task")),
    "periods": Part(ReportingPeriod, (), ("number",)),
    "work_packages": Part(WorkPackage, ("title", "objective")),
    "activities": Part(Activity, ("title", "progress")),
    "deliverables": Part(Deliverable, ("title", "consequence", "comment")),
    "pilots": Part(Pilot, ("title", "problem", "hypothesis", "method")),
    "pilot_reports": Part(PilotReport, ("narrative", "reply"), ("pilot", "period")),
    "result_indicators": Part(
        ResultIndicator, ("name", "definition", "step1", "step2", "step3", "step4", "step5"), ("position", "code")
    ),
    "result_values": Part(ResultValue, (), ("indicator", "period")),
    "partner_reports": Part(PartnerReport, (), ("partner", "period")),
    "risks": Part(Risk, ("cause", "event", "effect", "mitigation", "closing_reason")),
    "risk_scores": Part(RiskScore, (), ("risk", "period")),
    "meetings": Part(Meeting, ("title", "place"), ("held_on", "code")),
    "decisions": Part(Decision, ("question", "options", "because", "decision", "dissent", "effect_text")),
    "actions": Part(Action, ("text",)),
    "events": Part(Event, ("title", "place", "note"), ("start", "code")),
    "communications": Part(Communication, ("title",)),
    "adoptions": Part(Adoption, ("what", "adopter", "evidence")),
    "strategies": Part(PolicyStrategy, ("title", "aim")),
    "measures": Part(PolicyMeasure, ("title", "target")),
    "chain_links": Part(ChainLink, ("because", "problem"), ("position",)),
    "evaluations": Part(Evaluation, ("comment",), ("subject_kind", "subject", "criterion", "evaluator")),
}
"""What ``part`` reads, by name."""


def _rows(connection: Connection, query: Select[*tuple[Any, ...]]) -> pd.DataFrame:
    result = connection.execute(query)
    # Pandas asks every row whether it is of a class of its own; plain tuples answer at once, rows of a query do not.
    return pd.DataFrame([tuple(row) for row in result.all()], columns=list(result.keys()))


def _columns(model: type[Base], without: tuple[str, ...] = ("programme",)) -> list[Any]:
    """The columns of a table, money as cents."""
    found = []
    for column in model.__table__.columns:
        if column.name in without:
            continue
        money = isinstance(column.type, Money)
        found.append(type_coerce(column, BigInteger).label(f"{column.name}_cents") if money else column)
    return found


def _typed(frame: pd.DataFrame, model: type[Base]) -> pd.DataFrame:
    """Whole numbers that may be missing as Int64, amounts too; days as objects."""
    changes: dict[str, str] = {}
    for column in model.__table__.columns:
        if isinstance(column.type, Money) and f"{column.name}_cents" in frame:
            changes[f"{column.name}_cents"] = "Int64"
        elif column.name in frame and column.nullable and isinstance(column.type, SmallInteger):
            changes[column.name] = "Int64"
    return frame.assign(**{name: frame[name].astype(kind) for name, kind in changes.items()}) if changes else frame


def _told(frame: pd.DataFrame, lang: str, fields: tuple[str, ...]) -> pd.DataFrame:
    if "texts" not in frame:
        return frame
    told = [spoken(texts, lang) for texts in frame["texts"]]
    # A text may be named as a column is (``effect`` of a decision): it then becomes ``effect_text``.
    parts = {
        name: pd.Series([one.get(name.removesuffix("_text"), "") for one in told], dtype="str", index=frame.index)
        for name in fields
    }
    return frame.drop(columns="texts").assign(**parts)


def programmes(connection: Connection, lang: str = "en") -> pd.DataFrame:
    """All programmes in their order.

    Returns:
        [code, position, origin, acronym, reference, fund, start, end, currency, budget_cents, cofinancing, area,
        languages, today (None: the real day), settings, source, source_url, edited_at, load_id, title, description,
        notice].
    """
    query = select(*_columns(Programme, ())).order_by(Programme.position, Programme.code)
    frame = _typed(_rows(connection, query), Programme)
    return _told(frame, lang, ("title", "description", "notice"))


def part(
    connection: Connection, name: str, programme: str, lang: str = "en", where: Where | None = None
) -> pd.DataFrame:
    """One kind of thing of a programme: the columns of its table without ``programme``, texts in one language.

    Args:
        connection: open connection.
        name: one of ``PARTS``.
        programme: code of the programme.
        lang: language of the texts.
        where: only rows with these values, or one of these, in their columns.

    Raises:
        KeyError: no such kind.
    """
    kind = PARTS[name]
    table = kind.model.__table__
    query = select(*_columns(kind.model)).where(table.c.programme == programme, *_such(table, where))
    frame = _typed(_rows(connection, query.order_by(*(table.c[one] for one in kind.order))), kind.model)
    for column in ("record", "options"):
        if column in frame and column in table.c:
            frame[column] = pd.Series([speak(one, lang) for one in frame[column]], dtype=object, index=frame.index)
    return _told(frame, lang, kind.texts)


def _such(table: Any, where: Where | None) -> list[Any]:
    return [
        table.c[column] == value if isinstance(value, str) else table.c[column].in_(value)
        for column, value in (where or {}).items()
    ]


def bare(
    connection: Connection, name: str, programme: str, columns: tuple[str, ...], where: Where | None = None
) -> pd.DataFrame:
    """Some columns of one kind of thing of a programme, in its order: what is counted needs none of its texts.

    ``where``: as for ``part``.
    """
    kind = PARTS[name]
    table = kind.model.__table__
    query = select(*(table.c[column] for column in columns))
    query = query.where(table.c.programme == programme, *_such(table, where))
    return _typed(_rows(connection, query.order_by(*(table.c[one] for one in kind.order))), kind.model)


def labels(connection: Connection, name: str, field: str, lang: str = "en") -> pd.DataFrame:
    """What may be chosen of one kind of thing, of all programmes in their order: [programme, code, label].

    ``field`` is a text of the kind, or '' for the code itself.
    """
    kind = PARTS[name]
    table = kind.model.__table__
    columns = [table.c.programme, table.c.code, *([table.c.texts] if field else [])]
    order = (Programme.position, Programme.code, *(table.c[one] for one in kind.order))
    query = select(*columns).join(Programme, Programme.code == table.c.programme).order_by(*order)
    frame = _told(_rows(connection, query), lang, (field,) if field else ())
    return frame.rename(columns={field: "label"}) if field else frame.assign(label=frame["code"])


def indicator_names(connection: Connection, programme: str, lang: str = "en") -> pd.DataFrame:
    """Names of all result indicators, without what else is told of them: [code, name]."""
    query = select(ResultIndicator.code, ResultIndicator.texts).where(ResultIndicator.programme == programme)
    return _told(_rows(connection, query), lang, ("name",))


def lights(connection: Connection, programme: str) -> pd.DataFrame:
    """Lights that those who run pilots gave, without their words: [pilot, period, light, submitted_on]."""
    query = select(PilotReport.pilot, PilotReport.period, PilotReport.light, PilotReport.submitted_on)
    return _rows(connection, query.where(PilotReport.programme == programme))


def last_reported(connection: Connection, programme: str, indicators: Collection[str], period: int) -> pd.DataFrame:
    """When some result indicators were last reported up to a period: [indicator, reported_on]."""
    key = (ResultValue.programme, ResultValue.indicator, ResultValue.period)
    mine = (ResultValue.programme == programme, ResultValue.indicator.in_(indicators), ResultValue.period <= period)
    last = select(*key[:2], func.max(ResultValue.period)).where(*mine).group_by(*key[:2])
    query = select(ResultValue.indicator, ResultValue.reported_on).where(tuple_(*key).in_(last))
    return _rows(connection, query.order_by(ResultValue.indicator))


def budget(connection: Connection, programme: str) -> pd.DataFrame:
    """Planned money: [partner, work_package, category, fund, period, amount_cents]."""
    query = select(*_columns(BudgetLine)).where(BudgetLine.programme == programme)
    order = (BudgetLine.partner, BudgetLine.work_package, BudgetLine.category, BudgetLine.fund, BudgetLine.period)
    return _rows(connection, query.order_by(*order))


def expenditure(connection: Connection, programme: str) -> pd.DataFrame:
    """Spent money, summed over its lines.

    Returns:
        [partner, work_package, category, fund, period, declared_cents, certified_cents, verified_cents,
        deducted_cents, parked_cents, lines]; what is not there yet counts as 0 in a sum.
    """
    keys = (
        Expenditure.partner,
        Expenditure.work_package,
        Expenditure.category,
        Expenditure.fund,
        Expenditure.period,
    )

    def total(name: str) -> Any:
        column = type_coerce(getattr(Expenditure, name), BigInteger)
        return func.coalesce(func.sum(column), 0).label(f"{name}_cents")

    names = ("declared", "certified", "verified", "deducted", "parked")
    query = select(*keys, *(total(name) for name in names), func.count().label("lines")).where(
        Expenditure.programme == programme
    )
    frame = _rows(connection, query.group_by(*keys).order_by(*keys))
    return frame.astype({f"{name}_cents": "int64" for name in names})


def packs(connection: Connection, programme: str | None = None) -> pd.DataFrame:
    """Frozen packs without their data, newest first.

    Returns:
        [id, programme, period, version, frozen_at, role, edition, checksum, changes, adopted_by, number ("4.0")].
    """
    columns = [column for column in Pack.__table__.columns if column.name != "data"]
    query = select(*columns)
    if programme is not None:
        query = query.where(Pack.programme == programme)
    frame = _rows(connection, query.order_by(Pack.period.desc(), Pack.version.desc()))
    return frame.assign(number=[f"{p}.{v}" for p, v in zip(frame["period"], frame["version"], strict=True)])


def pack_data(connection: Connection, pack: int) -> bytes | None:
    """What a pack froze, as it was written; None when there is no such pack."""
    return connection.scalar(select(Pack.data).where(Pack.id == pack))


def pack_files(connection: Connection, pack: int) -> pd.DataFrame:
    """The rendered forms of a pack: [language, form, checksum]."""
    query = select(PackFile.language, PackFile.form, PackFile.checksum).where(PackFile.pack_id == pack)
    return _rows(connection, query.order_by(PackFile.language, PackFile.form))


def pack_file(connection: Connection, pack: int, language: str, form: str) -> bytes | None:
    """A rendered form of a pack; None when it has not been rendered."""
    return connection.scalar(
        select(PackFile.content).where(PackFile.pack_id == pack, PackFile.language == language, PackFile.form == form)
    )


def jobs(connection: Connection, limit: int = 50) -> pd.DataFrame:
    """Long work, newest first: [id, kind, arguments, state, done, total, message, asked_at, started_at, ended_at]."""
    columns = [column for column in Job.__table__.columns if column.name != "worker"]
    return _rows(connection, select(*columns).order_by(Job.id.desc()).limit(limit))
