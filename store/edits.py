"""What people change while the tool runs: one row at a time, each with its entry in the audit, each to be undone.

An edit raises the data version, so that every cache notices. Edits of a day share one row of the ledger; the audit
holds each of them.

To undo an edit is an edit as well, and it may be undone in turn: that is redo. The audit is only ever added to. An
entry that was taken back says by which entry; an entry that takes back what was done an even number of steps ago
stands for the edit itself, and is what ``newest`` offers next.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from sqlalchemy import Connection, Table, and_, delete, func, insert, select, update

from store.engine import version
from store.schema import Base, LoadRun
from store.schema_programme import (
    Action,
    Decision,
    Deliverable,
    Evaluation,
    Meeting,
    Pilot,
    PilotReport,
    Programme,
    Risk,
    RiskScore,
)
from store.schema_scenarios import (
    Assumption,
    AuditEntry,
    Driver,
    JudgementCell,
    JudgementMatrix,
    Measure,
    Milestone,
    PayOff,
    Scenario,
    ScenarioSet,
    Signpost,
    SignpostLikelihood,
    Strategy,
    Workshop,
)

PEOPLE, EDITS = "PEOPLE", "EDITS"
"""Source and dataset under which the ledger keeps a day's edits."""

KEY = 320
"""Characters that the audit has for the parts of a key in one text."""

EDITABLE: dict[str, type[Base]] = {
    model.__tablename__: model
    for model in (
        Scenario,
        Assumption,
        Driver,
        Signpost,
        SignpostLikelihood,
        Strategy,
        Measure,
        PayOff,
        JudgementMatrix,
        JudgementCell,
        Milestone,
        Workshop,
        Pilot,
        PilotReport,
        Deliverable,
        Risk,
        RiskScore,
        Meeting,
        Decision,
        Action,
        Evaluation,
    )
}
"""Tables whose rows people may change. Their key begins with the code of what they belong to: a scenario set or a
programme, the scope of an edit."""

OWNERS: dict[str, type[Base]] = {"set_code": ScenarioSet, "programme": Programme}
"""Where such a scope stands, by the name of the column that holds it."""

MENTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "driver": (("assumption", "driver"),),
    "strategy": (("measure", "strategy"),),
    "measure": (("measure", "needs"), ("measure", "excludes"), ("milestone", "measure")),
    "milestone": (("milestone", "needs"),),
    "scenario": (("signpost_likelihood", "scenario"),),
    "pilot": (("risk", "pilot"),),
    "meeting": (("decision", "meeting"),),
    "decision": (("action", "decision"),),
    "risk": (("action", "risk"),),
}
"""Where rows are named by their code without a foreign key: table and column, a code or a list of codes."""

REASONS = {
    "entity": "{entity} cannot be edited.",
    "set": "There is no {owner} {scope}.",
    "row": "There is no {entity} {key} to remove.",
    "columns": "{entity} has no {columns} to change.",
    "key": "The key of {entity} is {columns}.",
    "key_text": "A part of a key is text without the sign |, and all of them at most {most} characters.",
    "day": "{column} is a day, written like 2026-03-31.",
    "belongs": "{count} of {entity} belong to it or name it; change or remove them first.",
    "entry": "There is no edit {entry}.",
    "undone": "Edit {entry} was taken back already.",
    "changed": "This was changed again in the meantime; take the later change back first.",
}
"""Why an edit is refused. The dashboard says it in the reader's language, by the same names."""


class EditError(ValueError):
    """An edit that cannot be made; the message says what would be right.

    Args:
        reason: one of ``REASONS``.
        facts: what its message names.
    """

    def __init__(self, reason: str, **facts: object) -> None:
        super().__init__(REASONS[reason].format(**facts))
        self.reason = reason
        self.facts = facts


class ConflictError(EditError):
    """What was changed since, or what has come to depend on the row, stands in the way."""


@dataclass(frozen=True)
class Edit:
    """An edit that was made: its number in the audit, the data version after it, the row before and after."""

    entry: int
    version: int
    old: dict[str, Any] | None
    new: dict[str, Any] | None


def put(
    connection: Connection,
    entity: str,
    scope: str,
    key: Mapping[str, str],
    values: Mapping[str, Any] | None,
    role: str,
    why: str = "",
) -> Edit:
    """Make, change or remove one row of a scenario set or a programme.

    Args:
        connection: an open write transaction.
        entity: table, one of ``EDITABLE``.
        scope: code of the scenario set or programme.
        key: the rest of the row's key.
        values: the columns to change, or all columns of a new row; None removes the row.
        role: who edits, a role and no person.
        why: reason given.

    Raises:
        EditError: no such table, set, column or row.
        ConflictError: the row to remove has others that belong to it, which would go with it.
        sqlalchemy.exc.IntegrityError: the values break a constraint of the table.
    """
    table = _table(entity)
    where = _where(table, scope, key)
    old = _row(connection, table, where)
    if values is None:
        if old is None:
            raise EditError("row", entity=entity, key=_key_text(key))
        _refuse_dependents(connection, table, scope, key)
        connection.execute(delete(table).where(where))
    else:
        unknown = sorted(set(values) - set(_told(table)))
        if unknown:
            raise EditError("columns", entity=entity, columns=", ".join(unknown))
        changed = {name: _read(table, name, value) for name, value in values.items()}
        if old is None:
            owner = cast(Table, OWNERS[_scope(table)].__table__)
            if connection.scalar(select(owner.c.code).where(owner.c.code == scope)) is None:
                raise EditError("set", owner=owner.name.replace("_", " "), scope=scope)
            connection.execute(insert(table).values(**_keys(table, scope, key), **changed))
        elif changed:
            connection.execute(update(table).where(where).values(**changed))
    new = _row(connection, table, where)
    return _note(connection, AuditEntry(role=role, entity=entity, scope=scope, key=_key_text(key), why=why), old, new)


def undo(connection: Connection, entry: int, role: str, scope: str | None = None) -> Edit:
    """Take an edit back: the row is again what it was before it. An undo taken back is a redo.

    Args:
        connection: an open write transaction.
        entry: number of the edit in the audit.
        role: who takes it back, a role and no person.
        scope: code of the scenario set that it must belong to; None for any.

    Raises:
        EditError: there is no such edit, or it was taken back already.
        ConflictError: the row has been changed since, or others have come to depend on it.
    """
    query = select(*AuditEntry.__table__.columns).where(AuditEntry.id == entry)
    found = connection.execute(query).one_or_none()
    if found is None or found.entity not in EDITABLE or scope not in (None, found.scope):
        raise EditError("entry", entry=entry)
    if found.undone_by is not None:
        raise EditError("undone", entry=entry)
    table = _table(found.entity)
    key = _key_of(table, found.key)
    where = _where(table, found.scope, key)
    if _row(connection, table, where) != found.new:
        raise ConflictError("changed")
    read = {name: _read(table, name, value) for name, value in (found.old or {}).items()}
    if found.old is None:
        _refuse_dependents(connection, table, found.scope, key)
        connection.execute(delete(table).where(where))
    elif found.new is None:
        connection.execute(insert(table).values(**_keys(table, found.scope, key), **read))
    else:
        connection.execute(update(table).where(where).values(**read))
    why = f"undo {entry}"
    note = AuditEntry(role=role, entity=found.entity, scope=found.scope, key=found.key, why=why)
    made = _note(connection, note, found.new, found.old)
    connection.execute(update(AuditEntry).where(AuditEntry.id == entry).values(undone_by=made.entry))
    return made


def newest(connection: Connection, scope: str, entity: str = "", role: str = "") -> int | None:
    """Number of the newest edit of a set that is in force and can be taken back; None when there is none.

    An undo is not among them, but what an undo was itself taken back by (a redo) is.
    """
    query = select(AuditEntry.id, AuditEntry.undone_by, AuditEntry.role).where(
        AuditEntry.scope == scope, AuditEntry.entity.in_([entity] if entity else list(EDITABLE))
    )
    rows = connection.execute(query.order_by(AuditEntry.id.desc())).all()
    takes_back = {row.undone_by: row.id for row in rows if row.undone_by is not None}
    for row in rows:
        if row.undone_by is None and role in ("", row.role) and not _is_undo(row.id, takes_back):
            return int(row.id)
    return None


def _is_undo(entry: int, takes_back: Mapping[int, int]) -> bool:
    """Whether an entry takes an edit back, and not (at an even distance) an undo of it."""
    steps = 0
    while entry in takes_back:
        entry, steps = takes_back[entry], steps + 1
    return steps % 2 == 1


def row(connection: Connection, entity: str, scope: str, key: Mapping[str, str]) -> dict[str, Any] | None:
    """What a row of a scenario set holds besides its key, in values that JSON knows; None when there is none.

    Raises:
        EditError: no such table, or not its key.
    """
    table = _table(entity)
    return _row(connection, table, _where(table, scope, key))


GROUP = "group"
"""Stands for the groups of a scenario set where a table is named; they are held by the set itself."""


def known(connection: Connection, name: str, scope: str, code: str | int) -> bool:
    """Whether there is such a code: in a table of this set or programme, in one of the catalogue, or among groups.

    Args:
        connection: an open connection.
        name: table, or ``GROUP``.
        scope: code of the scenario set or programme.
        code: a code, or the number of a period.
    """
    if name == GROUP:
        groups = connection.scalar(select(ScenarioSet.groups).where(ScenarioSet.code == scope))
        return code in [group["code"] for group in groups or []]
    table = Base.metadata.tables[name]
    mine = [table.c[owner] == scope for owner in OWNERS if owner in table.c]
    column = table.c.code if "code" in table.c else table.c.number
    if column.type.python_type is int and not str(code).isdecimal():
        return False
    wanted = int(code) if column.type.python_type is int else code
    return connection.scalar(select(func.count()).select_from(table).where(column == wanted, *mine)) != 0


def next_position(connection: Connection, entity: str, scope: str) -> int:
    """Where a new row of a table with an order would stand: after all others of the set."""
    table = _table(entity)
    query = select(func.coalesce(func.max(table.c.position), 0) + 1).where(table.c[_scope(table)] == scope)
    return connection.execute(query).scalar_one()


def note(
    connection: Connection,
    role: str,
    entity: str,
    scope: str,
    key: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    why: str = "",
) -> Edit:
    """Write an entry of the audit for something that was done otherwise, and raise the data version."""
    entry = AuditEntry(role=role, entity=entity, scope=scope, key=key, why=why)
    return _note(connection, entry, None if old is None else dict(old), None if new is None else dict(new))


def raise_version(connection: Connection) -> int:
    """Tell caches that something was edited: a higher data version, kept in the day's row of the ledger."""
    number = version(connection) + 1
    now = _now()
    midnight = datetime(now.year, now.month, now.day)  # noqa: DTZ001 - the database keeps UTC without a zone
    mine = select(LoadRun.id).where(LoadRun.source == PEOPLE, LoadRun.started_at >= midnight).limit(1)
    today = connection.scalars(mine).first()
    if today is not None:
        counts = {"rows_read": LoadRun.rows_read + 1, "rows_changed": LoadRun.rows_changed + 1}
        connection.execute(update(LoadRun).where(LoadRun.id == today).values(data_version=number, **counts))
        return number
    from store.writes import open_load

    open_load(
        connection,
        source=PEOPLE,
        dataset=EDITS,
        file_name="",
        sha256="",
        catalogue="",
        bytes=0,
        started_at=now,
        data_version=number,
        rows_read=1,
        rows_changed=1,
    )
    return number


def _note(connection: Connection, entry: AuditEntry, old: dict[str, Any] | None, new: dict[str, Any] | None) -> Edit:
    now = _now()
    values = {"role": entry.role, "entity": entry.entity, "scope": entry.scope, "key": entry.key, "why": entry.why}
    number = connection.execute(
        insert(AuditEntry).returning(AuditEntry.id), {"at": now, "old": old, "new": new, "undone_by": None, **values}
    ).scalar_one()
    for owner in OWNERS.values():
        held = cast(Table, owner.__table__)
        connection.execute(update(held).where(held.c.code == entry.scope).values(edited_at=now))
    return Edit(number, raise_version(connection), old, new)


def _table(entity: str) -> Table:
    if entity not in EDITABLE:
        raise EditError("entity", entity=entity)
    return cast(Table, EDITABLE[entity].__table__)


def _rest(table: Table) -> list[str]:
    return [column.name for column in table.primary_key if column.name not in OWNERS]


def _scope(table: Table) -> str:
    """Name of the column that holds what a row belongs to."""
    return next(name for name in OWNERS if name in table.c)


def _keys(table: Table, scope: str, key: Mapping[str, str]) -> dict[str, Any]:
    """A whole key as its columns want it: numbers come as text."""
    rest = {name: int(part) if table.c[name].type.python_type is int else part for name, part in key.items()}
    return {_scope(table): scope, **rest}


def _where(table: Table, scope: str, key: Mapping[str, str]) -> Any:
    names = _rest(table)
    if set(key) != set(names):
        raise EditError("key", entity=table.name, columns=", ".join(names))
    if not all(isinstance(part, str) and "|" not in part for part in key.values()) or len(_key_text(key)) > KEY:
        raise EditError("key_text", most=KEY)
    try:
        wanted = _keys(table, scope, key)
    except ValueError:
        raise EditError("key", entity=table.name, columns=", ".join(names)) from None
    return and_(*(table.c[name] == value for name, value in wanted.items()))


def _key_text(key: Mapping[str, str]) -> str:
    """The parts of a key in one text, in the order of their names."""
    return "|".join(key[name] for name in sorted(key))


def _key_of(table: Table, text: str) -> dict[str, str]:
    return dict(zip(sorted(_rest(table)), text.split("|"), strict=True))


def _told(table: Table) -> list[str]:
    """Columns that a row holds besides its key."""
    return [column.name for column in table.c if column.name not in (*OWNERS, *_rest(table))]


def _refuse_dependents(connection: Connection, table: Table, scope: str, key: Mapping[str, str]) -> None:
    """What belongs to a row would be removed together with it, and no undo would bring that back; what names it would
    name nothing.
    """
    mine = _keys(table, scope, key)
    for other in Base.metadata.tables.values():
        for constraint in other.foreign_key_constraints:
            if constraint.referred_table is table:
                same = and_(*(element.parent == mine[element.column.name] for element in constraint.elements))
                count = connection.execute(select(func.count()).select_from(other).where(same)).scalar_one()
                if count:
                    raise ConflictError("belongs", count=count, entity=other.name)
    for name, column in MENTIONS.get(table.name, ()):
        other = Base.metadata.tables[name]
        query = select(*(other.c[part] for part in _rest(other)), other.c[column]).where(
            other.c[_scope(other)] == scope
        )
        count = 0
        for *its_key, named in connection.execute(query):
            itself = name == table.name and its_key == [key[part] for part in _rest(other)]
            count += not itself and key["code"] in (named if isinstance(named, list) else [named])
        if count:
            raise ConflictError("belongs", count=count, entity=name)


def _row(connection: Connection, table: Table, where: Any) -> dict[str, Any] | None:
    """What a row holds besides its key, in values that JSON knows."""
    found = connection.execute(select(*(table.c[name] for name in _told(table))).where(where)).mappings().one_or_none()
    if found is None:
        return None
    return {name: _plain(value) for name, value in found.items()}


def _plain(value: Any) -> Any:
    """A value as JSON knows it: days and amounts as text."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _read(table: Table, name: str, value: Any) -> Any:
    """A value as the column wants it: dates may come as text."""
    if isinstance(value, str) and table.c[name].type.python_type is date:
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise EditError("day", column=name) from None
    return value


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
