"""Many rows into a table by the database's own way: COPY on PostgreSQL, prepared statements of many rows on SQLite."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, Table, bindparam, insert, literal_column

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


def _array(values: np.ndarray) -> pa.Array:
    return pa.array(values, pa.string()) if values.dtype == object else pa.array(values, from_pandas=True)


def _copy_statement(connection: Connection, table: Table, names: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer
    target = f"{quote.format_table(table)} ({', '.join(quote.quote(name) for name in names)})"
    return f"COPY {target} FROM STDIN (FORMAT csv)"
