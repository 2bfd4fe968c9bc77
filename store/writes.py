"""What is written: catalogue tables kept equal to their files, observations in bulk, the ledger and the quarantine."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Table,
    and_,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from store.bulk import insert_columns
from store.schema import Base, Dataset, Indicator, LoadRun, Observation, Quarantine, Region, Revision

MANY = 200
"""Above this many codes a list in a statement costs more than it saves."""


@dataclass
class Tally:
    """How many rows of a table were new, changed, left as they were, or taken out."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0

    def __iadd__(self, other: "Tally") -> "Tally":
        self.new += other.new
        self.changed += other.changed
        self.unchanged += other.unchanged
        self.removed += other.removed
        return self


def synchronise(
    connection: Connection,
    model: type[Base],
    rows: Iterable[Mapping[str, Any]],
    keep: Callable[[Mapping[str, Any]], bool] = lambda _row: True,
) -> Tally:
    """Make a small table say what the rows say.

    Args:
        connection: an open write transaction.
        model: the table. Its key is the primary key, or ``code`` where the primary key is a number of ours.
        rows: all with the same columns; columns not named keep what they hold.
        keep: says of a stored row that is not among ``rows`` whether it stays.
    """
    table = _table(model)
    keys = ("code",) if "id" in table.c else tuple(column.name for column in table.primary_key)
    query = select(table).order_by(*table.primary_key)
    stored = {tuple(row[key] for key in keys): dict(row) for row in connection.execute(query).mappings()}
    wanted = {tuple(row[key] for key in keys): dict(row) for row in rows}
    added = [row for key, row in wanted.items() if key not in stored]
    if added:
        connection.execute(insert(table), added)
    changed = 0
    for key, row in wanted.items():
        if key in stored and any(stored[key][column] != value for column, value in row.items()):
            connection.execute(update(table).where(_key(table, keys, key)).values(**row))
            changed += 1
    removed = [key for key, row in stored.items() if key not in wanted and not keep(row)]
    # Rows were put in parents first; taken out the other way round, no row is left pointing at nothing.
    for key in reversed(removed):
        connection.execute(delete(table).where(_key(table, keys, key)))
    return Tally(len(added), changed, len(wanted) - len(added) - changed, len(removed))


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _key(table: Table, keys: Sequence[str], values: Sequence[Any]) -> Any:
    return and_(*(table.c[name] == value for name, value in zip(keys, values, strict=True)))


def figures_of(connection: Connection, column: str, number: int) -> int:
    """How many observations, present or past, stand under an indicator or region.

    Args:
        connection: open connection.
        column: ``indicator_id`` or ``region_id``.
        number: its id.
    """
    return sum(
        connection.execute(select(func.count()).select_from(model).where(getattr(model, column) == number)).scalar_one()
        for model in (Observation, Revision)
    )


def open_load(connection: Connection, **values: Any) -> int:
    """Write a ledger row that counts nothing yet; observations may then name it. Returns its number."""
    empty = dict.fromkeys(
        (
            "rows_read",
            "rows_passed_over",
            "rows_new",
            "rows_changed",
            "rows_unchanged",
            "rows_rejected",
            "data_version",
        ),
        0,
    )
    row = {"state": "done", "query": "", "message": "", "vintage": None, "duration_s": 0.0, **empty, **values}
    return connection.execute(insert(LoadRun).returning(LoadRun.id), row).scalar_one()


def close_load(connection: Connection, load_id: int, **values: Any) -> None:
    """Write what a load came to into its ledger row."""
    connection.execute(update(LoadRun).where(LoadRun.id == load_id).values(**values))


def refuse(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put rows into quarantine: load_id, file_name, line, column, value, reason, remedy."""
    if rows:
        connection.execute(insert(Quarantine), list(rows))


def note_edition(connection: Connection, dataset: str, vintage: Any) -> None:
    """Remember a dataset's newest edition."""
    connection.execute(
        update(Dataset)
        .where(Dataset.code == dataset, (Dataset.updated.is_(None)) | (Dataset.updated < vintage))
        .values(updated=vintage)
    )


def newest_years(connection: Connection, indicators: Iterable[int]) -> dict[int, int]:
    """The last year of each of these indicators that has observations; those without any are left out."""
    found = {}
    for number in indicators:
        query = select(func.max(Observation.period)).where(Observation.indicator_id == number)
        year = connection.execute(query).scalar_one()
        if year is not None:
            found[number] = year
    return found


COLUMNS = ("indicator_id", "region_id", "period", "value", "flags", "status", "confidential")
"""Columns of a batch of observations, in the order of the table."""


@dataclass(frozen=True)
class Batch:
    """Observations as columns of equal length.

    Attributes:
        indicator: int64, ids.
        region: int64, ids.
        period: int64, years.
        value: float64, NaN when missing.
        flags: object array of str, publisher's letters.
        status: object array of str, SDMX OBS_STATUS.
        confidential: object array of str.
    """

    indicator: np.ndarray
    region: np.ndarray
    period: np.ndarray
    value: np.ndarray
    flags: np.ndarray
    status: np.ndarray
    confidential: np.ndarray

    def __len__(self) -> int:
        return len(self.indicator)

    def take(self, rows: np.ndarray) -> "Batch":
        """The rows at these places, or where a mask is true."""
        return Batch(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def read_block(connection: Connection, like: Batch) -> Batch:
    """What is stored in the block of indicators, regions and years that a batch spans; at least all of its keys."""
    query = select(*(getattr(Observation, name) for name in COLUMNS)).where(
        Observation.period.between(int(like.period.min()), int(like.period.max()))
    )
    for column, numbers in ((Observation.indicator_id, like.indicator), (Observation.region_id, like.region)):
        distinct = np.unique(numbers).tolist()
        if len(distinct) <= MANY:
            query = query.where(column.in_(distinct))
        else:
            query = query.where(column.between(distinct[0], distinct[-1]))
    rows = connection.execute(query).all()
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    types = (np.int64, np.int64, np.int64, np.float64, object, object, object)
    return Batch(*(np.array(column, dtype=kind) for column, kind in zip(columns, types, strict=True)))


def add_observations(connection: Connection, batch: Batch, load_id: int) -> None:
    """Insert observations whose keys are not in the table yet."""
    _bulk(connection, _table(Observation), batch, load_id)


class Staging:
    """Rows that differ from what is stored, kept by the database until the whole file has been read."""

    def __init__(self, connection: Connection, load_id: int) -> None:
        self._connection, self._load_id = connection, load_id
        self._table: Table | None = None

    def add(self, batch: Batch) -> None:
        """Put rows aside whose keys are in the table of observations."""
        if not len(batch):
            return
        if self._table is None:
            self._table = _incoming(self._connection)
        _bulk(self._connection, self._table, batch, self._load_id)

    def drop(self, indicators: Sequence[int]) -> int:
        """Forget the rows of some indicators; how many."""
        if self._table is None or not indicators:
            return 0
        found = self._connection.execute(delete(self._table).where(self._table.c.indicator_id.in_(list(indicators))))
        return found.rowcount

    def drop_unless_from(self, loads: Sequence[int]) -> int:
        """Forget the rows whose stored figure came with another load than these; how many."""
        if self._table is None:
            return 0
        foreign = exists().where(self._same(self._table), Observation.load_id.not_in(list(loads)))
        return self._connection.execute(delete(self._table).where(foreign)).rowcount

    def apply(self) -> int:
        """Give the observations their new values; what they were goes to ``revision``. How many."""
        table = self._table
        if table is None:
            return 0
        kept = [getattr(Observation, name) for name in (*COLUMNS, "load_id")]
        self._connection.execute(
            insert(Revision).from_select(
                [*COLUMNS, "load_id", "replaced_by"], select(*kept, table.c.load_id).join(table, self._same(table))
            )
        )
        changed = self._connection.execute(
            update(Observation)
            .where(self._same(table))
            .values({name: table.c[name] for name in (*COLUMNS[3:], "load_id")})
            .execution_options(synchronize_session=False)
        ).rowcount
        table.drop(self._connection)
        self._table = None
        return changed

    @staticmethod
    def _same(table: Table) -> Any:
        return and_(
            Observation.indicator_id == table.c.indicator_id,
            Observation.region_id == table.c.region_id,
            Observation.period == table.c.period,
        )


def withdraw(connection: Connection, keys: Sequence[tuple[int, int, int]], load_id: int) -> Tally:
    """Undo what this load did to some keys: new rows go, changed rows are again what they were.

    Returns:
        How many rows of each kind were undone.
    """
    tally = Tally()
    for indicator, region, period in keys:
        here = (Observation.indicator_id == indicator, Observation.region_id == region, Observation.period == period)
        past = select(Revision.__table__).where(
            Revision.indicator_id == indicator,
            Revision.region_id == region,
            Revision.period == period,
            Revision.replaced_by == load_id,
        )
        before = connection.execute(past).mappings().one_or_none()
        if before is not None:
            values = {name: before[name] for name in (*COLUMNS[3:], "load_id")}
            connection.execute(update(Observation).where(*here).values(**values))
            connection.execute(delete(Revision).where(Revision.id == before["id"]))
            tally.changed += 1
        elif connection.execute(delete(Observation).where(*here, Observation.load_id == load_id)).rowcount:
            tally.new += 1
        else:
            tally.unchanged += 1
    return tally


def values_at(connection: Connection, indicator: int, regions: Sequence[int], period: int) -> dict[int, float | None]:
    """Values of one indicator and year in some regions; regions without a row are not in it."""
    query = select(Observation.region_id, Observation.value).where(
        Observation.indicator_id == indicator, Observation.region_id.in_(list(regions)), Observation.period == period
    )
    return {row.region_id: row.value for row in connection.execute(query)}


def count_orphans(connection: Connection) -> int:
    """Observations whose indicator, region or load does not exist; always 0 unless someone edited the tables."""
    query = (
        select(func.count())
        .select_from(Observation)
        .where(
            ~exists().where(Indicator.id == Observation.indicator_id)
            | ~exists().where(Region.id == Observation.region_id)
            | ~exists().where(LoadRun.id == Observation.load_id)
        )
    )
    return connection.execute(query).scalar_one()


def _incoming(connection: Connection) -> Table:
    """A temporary table like ``observation``, private to this connection."""
    table = Table(
        "incoming",
        MetaData(),
        *(Column(column.name, column.type) for column in Observation.__table__.columns),
        prefixes=["TEMPORARY"],
    )
    table.create(connection, checkfirst=False)
    return table


def _bulk(connection: Connection, table: Table, batch: Batch, load_id: int) -> None:
    """Insert a batch. Most figures carry no flag: for them half the columns are constants of the statement."""
    plain = (batch.flags == "") & (batch.status == "A") & (batch.confidential == "")
    constants: dict[str, str | int] = {"flags": "", "status": "A", "confidential": "", "load_id": load_id}
    insert_columns(connection, table, _columns(batch.take(plain), COLUMNS[:4]), constants)
    if not plain.all():
        insert_columns(connection, table, _columns(batch.take(~plain), COLUMNS), {"load_id": load_id})


def _columns(batch: Batch, names: Sequence[str]) -> dict[str, np.ndarray]:
    fields = list(Batch.__dataclass_fields__)
    return {name: getattr(batch, fields[place]) for place, name in enumerate(names)}
