"""Bulk inserts put in what they are given, whatever way the database takes it."""

import numpy as np
import pytest
from sqlalchemy import BigInteger, Column, Double, Engine, Integer, MetaData, SmallInteger, String, Table, select
from sqlalchemy.exc import SQLAlchemyError

from store import bulk
from store.bulk import insert_columns

MANY = Table(
    "many",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("year", SmallInteger),
    Column("big", BigInteger),
    Column("value", Double),
    Column("name", String(40)),
    prefixes=["TEMPORARY"],
)
ROWS = 2 * bulk.ROWS + 7


@pytest.fixture
def table(engine: Engine):
    with engine.begin() as connection:
        MANY.create(connection, checkfirst=False)
        yield connection


def test_numbers_alone(table) -> None:
    ids = np.arange(ROWS)
    values = np.linspace(-1e300, 1e300, ROWS) / 3
    values[:3] = (5e-324, -0.0, 0.1)
    columns = {"id": ids, "year": ids - 50, "big": ids + 2**40, "value": values}
    insert_columns(table, MANY, columns)
    rows = table.execute(select(MANY).order_by(MANY.c.id)).all()
    assert [row.value for row in rows] == values.tolist()
    assert [tuple(row[:3]) for row in rows] == list(zip(ids, ids - 50, ids + 2**40, strict=True))
    assert {row.name for row in rows} == {None}


def test_texts_missing_numbers_and_constants(table) -> None:
    ids = np.arange(ROWS)
    names = np.array([None, "", "Ő, \"quoted\" 'too'\n", "\\N"] * ROWS, dtype=object)[:ROWS]
    values = np.where(ids % 2 == 0, np.nan, 1.5)
    insert_columns(table, MANY, {"id": ids, "value": values, "name": names}, {"year": 7})
    insert_columns(table, MANY, {"id": ids + 1000}, {"name": "it's"})
    insert_columns(table, MANY, {"id": ids[:0]})
    rows = table.execute(select(MANY).order_by(MANY.c.id)).all()
    assert [row.name for row in rows[:ROWS]] == names.tolist()
    assert [row.value for row in rows[:3]] == [None, 1.5, None]
    assert ({row.year for row in rows[:ROWS]}, {row.name for row in rows[ROWS:]}) == ({7}, {"it's"})


def test_a_number_that_does_not_fit_is_not_cut(table) -> None:
    one = {"id": np.array([1]), "year": np.array([70_000])}
    if table.dialect.name == "sqlite":  # takes whole numbers of any size
        insert_columns(table, MANY, one)
        assert table.scalar(select(MANY.c.year)) == 70_000
        return
    with pytest.raises((SQLAlchemyError, Exception), match="out of range"):
        insert_columns(table, MANY, one)
    table.rollback()
