"""Many rows into a table by the database's own way: COPY on PostgreSQL, prepared statements of many rows on SQLite."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Connection,
    Double,
    Integer,
    SmallInteger,
    Table,
    bindparam,
    insert,
    literal_column,
)
from sqlalchemy.types import TypeEngine

ROWS = 50
"""Rows in one statement on SQLite; a longer statement is not faster."""

Fixed = Mapping[str, str | int]


def insert_columns(
    connection: Connection, table: Table, columns: Mapping[str, np.ndarray], fixed: Fixed | None = None
) -> None:
    """Insert rows that are given as columns.

    Args:
        connection: an open write transaction.
        table: the table; columns that are not named take their default.
        columns: name and values, all of one length; NaN and None become NULL.
        fixed: columns that hold one value in all rows.
    """
    length = len(next(iter(columns.values())))
    if not length:
        return
    fixed = fixed or {}
    if connection.dialect.name == "postgresql":
        if not _copy_numbers(connection, table, columns, fixed):
            _copy(connection, table, columns, fixed, length)
        return
    matrix = np.empty((length, len(columns)), dtype=object)
    for place, values in enumerate(columns.values()):
        matrix[:, place] = values.tolist()
        if values.dtype.kind == "f":
            matrix[np.isnan(values), place] = None
    _insert(connection, table, tuple(columns), tuple(fixed.items()), matrix)


def _insert(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    fixed: tuple[tuple[str, str | int], ...],
    matrix: np.ndarray,
) -> None:
    whole = len(matrix) // ROWS * ROWS
    cursor: Any = connection.connection.cursor()
    if whole:
        many = matrix[:whole].reshape(-1, ROWS * matrix.shape[1]).tolist()
        cursor.executemany(_statement(connection.dialect, table, names, fixed, ROWS), many)
    if whole < len(matrix):
        cursor.executemany(_statement(connection.dialect, table, names, fixed, 1), matrix[whole:].tolist())
    cursor.close()


@lru_cache(maxsize=64)
def _statement(
    dialect: Any, table: Table, names: tuple[str, ...], fixed: tuple[tuple[str, str | int], ...], rows: int
) -> str:
    """The text of an INSERT of several rows, as SQLAlchemy writes it for the driver."""
    constants: dict[str, Any] = {name: literal_column(_literal(value)) for name, value in fixed}
    values: list[dict[str, Any]] = [
        {name: bindparam(f"{name}_{row}") for name in names} | constants for row in range(rows)
    ]
    return str(insert(table).values(values).compile(dialect=dialect))


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _copy(connection: Connection, table: Table, columns: Mapping[str, np.ndarray], fixed: Fixed, length: int) -> None:
    from pyarrow import csv

    arrays: dict[str, pa.Array] = {name: _array(values) for name, values in columns.items()}
    arrays |= {name: pa.repeat(value, length) for name, value in fixed.items()}
    # Arrow writes a missing number as nothing and an empty text as "", which is how PostgreSQL tells them apart.
    text = pa.BufferOutputStream()
    csv.write_csv(pa.table(arrays), text, csv.WriteOptions(include_header=False))
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_copy_statement(connection, table, list(arrays))) as copy:
        copy.write(text.getvalue())


NUMBERS: Mapping[type[TypeEngine[Any]], str] = {SmallInteger: ">i2", BigInteger: ">i8", Integer: ">i4", Double: ">f8"}
"""Column types, special ones first, and how PostgreSQL wants their values in a binary COPY."""


def _copy_numbers(connection: Connection, table: Table, columns: Mapping[str, np.ndarray], fixed: Fixed) -> bool:
    """Copy rows of nothing but numbers in binary: neither side then writes or reads text. Whether it could be done."""
    formats = {name: _format(table.c[name].type, values) for name, values in columns.items()}
    if fixed or None in formats.values():
        return False
    shape: list[tuple[str, str]] = [("columns", ">i2")]
    for name, format_ in formats.items():
        shape += [(f"length of {name}", ">i4"), (name, str(format_))]
    rows = np.empty(len(next(iter(columns.values()))), dtype=shape)
    rows["columns"] = len(columns)
    for name, values in columns.items():
        rows[f"length of {name}"], rows[name] = rows.dtype[name].itemsize, values
    driver: Any = connection.connection.driver_connection
    with driver.cursor() as cursor, cursor.copy(_copy_statement(connection, table, list(columns), "binary")) as copy:
        copy.write(b"PGCOPY\n\xff\r\n\x00" + bytes(8) + rows.tobytes() + b"\xff\xff")
    return True


def _format(kind: TypeEngine[Any], values: np.ndarray) -> str | None:
    """The binary format of a column of numbers; None when its values need text."""
    found = next((format_ for known, format_ in NUMBERS.items() if isinstance(kind, known)), None)
    if found is None or values.dtype.kind not in "iuf":
        return None
    if np.dtype(found).kind == "f":
        return None if np.isnan(values).any() else found
    limits = np.iinfo(found)
    return found if values.dtype.kind != "f" and limits.min <= values.min() and values.max() <= limits.max else None


def _array(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.string()) if values.dtype == object else pa.array(values, from_pandas=True)


def _copy_statement(connection: Connection, table: Table, names: Sequence[str], form: str = "csv") -> str:
    quote = connection.dialect.identifier_preparer
    target = f"{quote.format_table(table)} ({', '.join(quote.quote(name) for name in names)})"
    return f"COPY {target} FROM STDIN (FORMAT {form})"
