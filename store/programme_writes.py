"""Writing programmes: tables made equal to what a file says, in bulk, and the former rows of what people had edited."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, cast

import numpy as np
import pandas as pd
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    Float,
    Index,
    Integer,
    MetaData,
    Table,
    and_,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
    update,
)
from sqlalchemy.types import BigInteger

from store.bulk import insert_columns
from store.schema import Base
from store.schema_programme import Money, Programme
from store.writes import Tally

KEPT = ("load_id", "edited_at")
"""Columns of a programme's row that say how it came, not what it says."""

SLICE = 400
"""Rows changed or removed by one statement."""


def stored_programme(connection: Connection, code: str) -> dict[str, Any] | None:
    """A programme's own row, money in cents; None when there is none."""
    table = cast(Table, Programme.__table__)
    found = connection.execute(select(*_raw(table)).where(table.c.code == code)).mappings().one_or_none()
    return None if found is None else dict(found)


def stored_rows(connection: Connection, model: type[Base], programme: str) -> list[dict[str, Any]]:
    """All rows of one table of a programme, money in cents."""
    return list(_stored(connection, model, programme, {})[3].values())


def put_head(connection: Connection, row: Mapping[str, Any], load_id: int) -> Tally:
    """Write a programme's own row; who loaded it last and that nobody has edited it since are no change."""
    table, stored = cast(Table, Programme.__table__), stored_programme(connection, str(row["code"]))
    values = {name: value for name, value in row.items() if name not in KEPT}
    written = {name: _money_out(table, name, value) for name, value in values.items()}
    if stored is None:
        connection.execute(insert(table).values(**written, edited_at=None, load_id=load_id))
        return Tally(new=1)
    connection.execute(
        update(table).where(table.c.code == row["code"]).values(**written, edited_at=None, load_id=load_id)
    )
    same = all(stored[name] == value for name, value in values.items())
    return Tally(unchanged=1) if same else Tally(changed=1)


def _money_out(table: Table, name: str, value: Any) -> Any:
    """Cents as the amount that the column takes."""
    return value if value is None or not isinstance(table.c[name].type, Money) else value / 100


def _raw(table: Table) -> list[Any]:
    """The columns of a table, money as the cents that are stored."""
    return [
        type_coerce(column, BigInteger).label(column.name) if isinstance(column.type, Money) else column
        for column in table.c
    ]


def put_rows(
    connection: Connection, model: type[Base], programme: str, rows: pd.DataFrame, within: Mapping[str, Any]
) -> tuple[Tally, list[dict[str, Any]]]:
    """Write the rows of one table that are new or changed; what is not wanted any more is left to ``remove_others``.

    Args:
        connection: an open write transaction.
        model: the table; its key begins with ``programme``.
        programme: code of the programme.
        rows: all its rows, columns as in the table without ``programme``, money in cents.
        within: only rows with these values are compared; empty for all.

    Returns:
        What was new, changed and unchanged, and the former rows of what was changed.
    """
    table, names, keys, stored = _stored(connection, model, programme, within)
    if not stored:
        return Tally(new=_insert(connection, table, programme, names, rows)), []
    added: list[dict[str, Any]] = []
    former: list[dict[str, Any]] = []
    tally = Tally()
    for row in _plain(rows, names):
        key = tuple(row[name] for name in keys)
        before = stored.get(key)
        if before is None:
            added.append(row)
        elif before == row:
            tally.unchanged += 1
        else:
            former.append(before)
            values = {name: _money_out(table, name, row[name]) for name in names if name not in keys}
            connection.execute(update(table).where(_key(table, programme, keys, key)).values(**values))
            tally.changed += 1
    _add(connection, table, programme, names, added)
    tally.new = len(added)
    return tally, former


def remove_others(
    connection: Connection, model: type[Base], programme: str, rows: pd.DataFrame, within: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Take out the rows of one table that are not among these; gives what was taken out. Arguments as ``put_rows``."""
    table, _names, keys = _shape(model)
    mine = [table.c.programme == programme, *(table.c[name] == value for name, value in within.items())]
    there = connection.execute(select(*(table.c[key] for key in keys)).where(*mine))
    wanted = set(zip(*(_column(rows[key]) for key in keys), strict=True))
    gone: list[dict[str, Any]] = []
    for key in [tuple(row) for row in there if tuple(row) not in wanted]:
        where = _key(table, programme, keys, key)
        shown = [column for column in _raw(table) if column.name != "programme"]
        gone.append(dict(connection.execute(select(*shown).where(where)).mappings().one()))
        connection.execute(delete(table).where(where))
    return gone


def _shape(model: type[Base]) -> tuple[Table, list[str], list[str]]:
    """A table with its columns and its key, without ``programme``."""
    table = cast(Table, model.__table__)
    names = [column.name for column in table.c if column.name != "programme"]
    return table, names, [column.name for column in table.primary_key if column.name != "programme"]


def _stored(
    connection: Connection, model: type[Base], programme: str, within: Mapping[str, Any]
) -> tuple[Table, list[str], list[str], dict[tuple[Any, ...], dict[str, Any]]]:
    table, names, keys = _shape(model)
    where = [table.c.programme == programme, *(table.c[name] == value for name, value in within.items())]
    result = connection.execute(select(*(column for column in _raw(table) if column.name != "programme")).where(*where))
    places = [names.index(key) for key in keys]
    stored = {tuple(row[place] for place in places): dict(zip(names, row, strict=True)) for row in result}
    return table, names, keys, stored


def _plain(rows: pd.DataFrame, names: list[str]) -> list[dict[str, Any]]:
    """Rows as dictionaries of plain values: None for what is missing."""
    columns = [_column(rows[name]) if name in rows else [None] * len(rows) for name in names]
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def _column(values: "pd.Series[Any]") -> list[Any]:
    """Values of a column as the database gives them back."""
    # What is not equal to itself is a missing number.
    return [None if value != value else value for value in values.tolist()]


def put_pieces(
    connection: Connection, model: type[Base], programme: str, pieces: Iterable[pd.DataFrame], within: Mapping[str, Any]
) -> Tally:
    """Make a long table equal to rows that come piece by piece; no more than one piece is held.

    Into an empty table they go as they are. Otherwise they are laid beside the stored rows, and the database compares.
    Nothing may refer to the rows of such a table. Arguments as ``put_rows``.
    """
    table, names, _keys = _shape(model)
    mine = [table.c.programme == programme, *(table.c[name] == value for name, value in within.items())]
    if connection.scalar(select(func.count()).select_from(select(1).where(*mine).limit(1).subquery())) == 0:
        return Tally(new=sum(_insert(connection, table, programme, names, piece) for piece in pieces))
    columns = [Column(column.name, column.type) for column in table.c]
    staged = Table(f"staged_{table.name}", MetaData(), *columns, prefixes=["TEMPORARY"])
    staged.create(connection)
    given = sum(_insert(connection, staged, programme, names, piece) for piece in pieces)
    keys = [column.name for column in table.primary_key]
    Index(f"ix_staged_{table.name}", *(staged.c[key] for key in keys)).create(connection)
    connection.execute(text(f"ANALYZE staged_{table.name}"))
    tally = _merge(connection, table, staged, keys, mine, given)
    staged.drop(connection)
    return tally


def _merge(connection: Connection, table: Table, staged: Table, keys: list[str], mine: list[Any], given: int) -> Tally:
    """Make the stored rows equal to those that lie beside them."""
    same = and_(*(table.c[key] == staged.c[key] for key in keys))
    equal = and_(*(table.c[c.name].is_not_distinct_from(staged.c[c.name]) for c in table.c if c.name not in keys))
    stored = connection.scalar(select(func.count()).select_from(table).where(*mine)) or 0
    met = connection.scalar(select(func.count()).select_from(table.join(staged, same)).where(*mine)) or 0
    unchanged = connection.scalar(select(func.count()).select_from(table.join(staged, same)).where(*mine, equal)) or 0
    if not stored == given == unchanged:
        connection.execute(delete(table).where(*mine, ~select(1).where(same, equal).correlate(table).exists()))
        fresh = select(*staged.c).where(~select(1).where(same).correlate(staged).exists())
        connection.execute(insert(table).from_select([column.name for column in staged.c], fresh))
    return Tally(new=given - met, changed=met - unchanged, unchanged=unchanged, removed=stored - met)


def _add(connection: Connection, table: Table, programme: str, names: list[str], rows: list[dict[str, Any]]) -> None:
    if len(rows) >= SLICE:
        columns = {name: _objects([row[name] for row in rows]) for name in names}
        _insert_columns(connection, table, programme, columns)
    elif rows:
        money = [name for name in names if isinstance(table.c[name].type, Money)]
        for row in rows:
            for name in money:
                row[name] = _money_out(table, name, row[name])
        connection.execute(insert(table), [{"programme": programme, **row} for row in rows])


def _objects(values: list[Any]) -> np.ndarray:
    found = np.empty(len(values), dtype=object)
    found[:] = values
    return found


def _insert(connection: Connection, table: Table, programme: str, names: list[str], rows: pd.DataFrame) -> int:
    columns = {name: rows[name].to_numpy() if name in rows else np.full(len(rows), None) for name in names}
    _insert_columns(connection, table, programme, columns)
    return len(rows)


def _insert_columns(connection: Connection, table: Table, programme: str, columns: Mapping[str, np.ndarray]) -> None:
    textual = connection.dialect.name == "postgresql"
    ready = {name: _for_driver(table.c[name], values, textual) for name, values in columns.items()}
    insert_columns(connection, table, ready, {"programme": programme})


def _for_driver(column: "Column[Any]", values: np.ndarray, textual: bool) -> np.ndarray:
    """Values as the bare driver takes them: SQLAlchemy's own conversions are passed by.

    ``textual``: the database reads text, so that whole numbers among which some are missing are written as text.
    """
    kind = column.type
    if values.dtype != object:
        return values
    if isinstance(kind, Date):
        return _objects([None if one is None else one.isoformat() for one in values])
    if isinstance(kind, JSON):
        return _objects([json.dumps(one) for one in values])
    if isinstance(kind, Boolean):
        return _objects([None if one is None else str(one).lower() if textual else int(one) for one in values])
    if isinstance(kind, Float):
        return np.array([np.nan if one is None else one for one in values], dtype=float)
    if isinstance(kind, Integer | Money):
        missing = [one is None or one != one for one in values]
        if not any(missing):
            return np.array(values, dtype=np.int64)
        write: Any = str if textual else int
        return _objects([None if lost else write(int(one)) for one, lost in zip(values, missing, strict=True)])
    return values


def _key(table: Table, programme: str, keys: list[str], values: tuple[Any, ...]) -> Any:
    return and_(table.c.programme == programme, *(table.c[n] == v for n, v in zip(keys, values, strict=True)))
