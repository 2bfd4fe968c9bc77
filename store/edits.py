"""What people change while the tool runs: one row at a time, each with its entry in the audit, each to be undone.

An edit raises the data version, so that every cache notices. Edits of a day share one row of the ledger; the audit
holds each of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Table, and_, delete, insert, select, update

from store.engine import version
from store.schema import Base, LoadRun
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
    )
}
"""Tables of a scenario set whose rows people may change; their key begins with ``set_code``."""


class EditError(ValueError):
    """An edit that cannot be made; the message says what would be right."""


class ConflictError(EditError):
    """Someone else changed the row in between."""


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
    """Make, change or remove one row of a scenario set.

    Args:
        connection: an open write transaction.
        entity: table, one of ``EDITABLE``.
        scope: code of the scenario set.
        key: the rest of the row's key.
        values: the columns to change, or all columns of a new row; None removes the row.
        role: who edits, a role and no person.
        why: reason given.

    Raises:
        EditError: no such table, set, column or row.
        sqlalchemy.exc.IntegrityError: the values break a constraint of the table.
    """
    table = _table(entity)
    where = _where(table, scope, key)
    old = _row(connection, table, where)
    if values is None:
        if old is None:
            raise EditError(f"There is no {entity} {_key_text(key)} to remove.")
        connection.execute(delete(table).where(where))
    else:
        unknown = sorted(set(values) - set(table.c.keys()))
        if unknown:
            raise EditError(f"{entity} has no {', '.join(unknown)}.")
        changed = {name: _read(table, name, value) for name, value in values.items()}
        if old is None:
            if connection.scalar(select(ScenarioSet.code).where(ScenarioSet.code == scope)) is None:
                raise EditError(f"There is no scenario set {scope}.")
            connection.execute(insert(table).values(set_code=scope, **key, **changed))
        else:
            connection.execute(update(table).where(where).values(**changed))
    new = _row(connection, table, where)
    return _note(connection, AuditEntry(role=role, entity=entity, scope=scope, key=_key_text(key), why=why), old, new)


def undo(connection: Connection, entry: int, role: str) -> Edit:
    """Take an edit back: the row is again what it was before it.

    Raises:
        EditError: there is no such edit, or it was taken back already.
        ConflictError: the row has been changed since.
    """
    query = select(*AuditEntry.__table__.columns).where(AuditEntry.id == entry)
    found = connection.execute(query).one_or_none()
    if found is None or found.entity not in EDITABLE:
        raise EditError(f"There is no edit {entry}.")
    if found.undone_by is not None:
        raise EditError(f"Edit {entry} was taken back already.")
    table = _table(found.entity)
    key = _key_of(table, found.key)
    where = _where(table, found.scope, key)
    if _row(connection, table, where) != found.new:
        raise ConflictError("This was changed again in the meantime; take the later change back first.")
    if found.old is None:
        connection.execute(delete(table).where(where))
    elif found.new is None:
        read = {name: _read(table, name, value) for name, value in found.old.items()}
        connection.execute(insert(table).values(set_code=found.scope, **key, **read))
    else:
        read = {name: _read(table, name, value) for name, value in found.old.items()}
        connection.execute(update(table).where(where).values(**read))
    why = f"undo {entry}"
    note = AuditEntry(role=role, entity=found.entity, scope=found.scope, key=found.key, why=why)
    made = _note(connection, note, found.new, found.old)
    connection.execute(update(AuditEntry).where(AuditEntry.id == entry).values(undone_by=made.entry))
    return made


def newest(connection: Connection, scope: str, entity: str = "", role: str = "") -> int | None:
    """Number of the newest edit of a set that can be taken back; None when there is none. Undos are not among them."""
    query = select(AuditEntry.id).where(
        AuditEntry.scope == scope,
        AuditEntry.entity.in_(list(EDITABLE)),
        AuditEntry.undone_by.is_(None),
        AuditEntry.why.not_like("undo %"),
    )
    if entity:
        query = query.where(AuditEntry.entity == entity)
    if role:
        query = query.where(AuditEntry.role == role)
    return connection.scalars(query.order_by(AuditEntry.id.desc()).limit(1)).first()


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
    connection.execute(update(ScenarioSet).where(ScenarioSet.code == entry.scope).values(edited_at=now))
    return Edit(number, raise_version(connection), old, new)


def _table(entity: str) -> Table:
    if entity not in EDITABLE:
        raise EditError(f"{entity} cannot be edited.")
    return cast(Table, EDITABLE[entity].__table__)


def _rest(table: Table) -> list[str]:
    return [column.name for column in table.primary_key if column.name != "set_code"]


def _where(table: Table, scope: str, key: Mapping[str, str]) -> Any:
    names = _rest(table)
    if set(key) != set(names):
        raise EditError(f"The key of {table.name} is {', '.join(names)}.")
    return and_(table.c.set_code == scope, *(table.c[name] == key[name] for name in names))


def _key_text(key: Mapping[str, str]) -> str:
    """The parts of a key in one text, in the order of their names."""
    return "|".join(key[name] for name in sorted(key))


def _key_of(table: Table, text: str) -> dict[str, str]:
    return dict(zip(sorted(_rest(table)), text.split("|"), strict=True))


def _row(connection: Connection, table: Table, where: Any) -> dict[str, Any] | None:
    """What a row holds besides its key, in values that JSON knows."""
    names = [column.name for column in table.c if column.name not in ("set_code", *_rest(table))]
    found = connection.execute(select(*(table.c[name] for name in names)).where(where)).mappings().one_or_none()
    if found is None:
        return None
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in found.items()}


def _read(table: Table, name: str, value: Any) -> Any:
    """A value as the column wants it: dates may come as text."""
    if isinstance(value, str) and table.c[name].type.python_type is date:
        return date.fromisoformat(value)
    return value


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
