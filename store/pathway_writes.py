"""Pathways of scenario sets are written: lines in bulk, compared with what is stored as arrays, a slice at a time."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import numpy as np
from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    Select,
    Table,
    and_,
    delete,
    exists,
    false,
    func,
    insert,
    literal,
    select,
    text,
    update,
)

from store.bulk import insert_columns
from store.schema import Base, Indicator, Region
from store.schema_scenarios import PathwayLink, PathwayPoint, PathwaySeries, Scenario, ScenarioSet

SLICE = 1000
"""Lines that are compared at once: what is stored of them is held in memory."""

PARTITION = 5000
FIGURES = 50_000
"""Rows that a long reading holds at once."""


@dataclass(frozen=True)
class Points:
    """Figures of lines as columns of equal length.

    Attributes:
        series: int64, ids of lines.
        year: int64.
        value, low, high: float64, NaN for none.
    """

    series: np.ndarray
    year: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray

    def __len__(self) -> int:
        return len(self.series)

    def take(self, rows: np.ndarray) -> "Points":
        """The rows at these places, or where a mask is true."""
        return Points(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))

    def figures(self) -> int:
        """How many figures these are, ends of ranges included."""
        return sum(int((~np.isnan(column)).sum()) for column in (self.value, self.low, self.high))

    def columns(self) -> dict[str, np.ndarray]:
        """Columns of the table; those that are empty throughout are left out."""
        named = {"series_id": self.series, "year": self.year, "value": self.value, "low": self.low, "high": self.high}
        return {name: column for name, column in named.items() if name == "series_id" or not np.isnan(column).all()}


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def models(connection: Connection, set_code: str) -> set[str]:
    """Models of which a set has lines."""
    return set(connection.scalars(select(PathwaySeries.model).where(PathwaySeries.set_code == set_code).distinct()))


def stored_lines(connection: Connection, set_code: str, model: str) -> Iterator[Sequence[Sequence[Any]]]:
    """Lines of a model in a set, in parts: rows of id, scenario, scenario_name, region_name, variable, unit, region,
    source.
    """
    query = select(
        PathwaySeries.id,
        PathwaySeries.scenario,
        PathwaySeries.scenario_name,
        PathwaySeries.region_name,
        PathwaySeries.variable,
        PathwaySeries.unit,
        PathwaySeries.region,
        PathwaySeries.source,
    ).where(PathwaySeries.set_code == set_code, PathwaySeries.model == model)
    yield from connection.execute(query.execution_options(yield_per=PARTITION)).partitions()


def _tuples(connection: Connection, query: Select[*tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows as the driver gives them, which for many of them costs a fraction of SQLAlchemy's own."""
    result = connection.execute(query)
    cursor: Any = result.cursor
    rows = cursor.fetchall()
    result.close()
    return rows


def next_line(connection: Connection) -> int:
    """The first id that no line has; ours to use while the lock of writers is held."""
    return int(connection.execute(select(func.coalesce(func.max(PathwaySeries.id), 0))).scalar_one()) + 1


def add_lines(connection: Connection, set_code: str, load_id: int, columns: Mapping[str, np.ndarray]) -> None:
    """Insert lines with their ids: id, model, scenario, scenario_name, region_name, variable, unit, region, source."""
    insert_columns(connection, _table(PathwaySeries), columns, {"set_code": set_code, "load_id": load_id})


def settle_ids(connection: Connection) -> None:
    """Let the database number its next lines behind those whose ids were given."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(
                "SELECT setval(pg_get_serial_sequence('pathway_series', 'id'), coalesce(max(id), 1),"
                " max(id) IS NOT NULL) FROM pathway_series"
            )
        )


def change_lines(connection: Connection, ids: np.ndarray, **values: Any) -> None:
    """Give some lines new facts, the same to each: region, source, load_id."""
    table = _table(PathwaySeries)
    for part in slices(ids):
        connection.execute(update(table).where(table.c.id.in_(part.tolist())).values(values))


def remove_lines(connection: Connection, ids: np.ndarray) -> int:
    """Remove lines with their figures; how many figures, ends of ranges included."""
    removed = 0
    for part in slices(ids):
        removed += stored_points(connection, part).figures()
        for column in (_table(PathwayPoint).c.series_id, _table(PathwaySeries).c.id):
            connection.execute(delete(column.table).where(column.in_(part.tolist())))
    return removed


def slices(ids: np.ndarray) -> Iterator[np.ndarray]:
    """Ids in parts of ``SLICE``."""
    for start in range(0, len(ids), SLICE):
        yield ids[start : start + SLICE]


def stored_points(connection: Connection, ids: np.ndarray) -> Points:
    """All figures of some lines, by line and year; ask for ``SLICE`` lines at most, in ascending order."""
    order = (PathwayPoint.series_id, PathwayPoint.year)
    # No stored end is infinite: in place of NULL, infinity lets the driver's rows become an array at once.
    ends = (func.coalesce(column, literal(math.inf)) for column in (PathwayPoint.low, PathwayPoint.high))
    query = select(*order, PathwayPoint.value, *ends).where(_among(ids)).order_by(*order)
    rows = np.array(_tuples(connection, query), dtype=np.float64).reshape(-1, 5)
    rows = rows[np.isin(rows[:, 0], ids)]
    low, high = (np.where(np.isinf(column), np.nan, column) for column in rows[:, 3:].T)
    return Points(rows[:, 0].astype(np.int64), rows[:, 1].astype(np.int64), rows[:, 2], low, high)


def _among(ids: np.ndarray) -> Any:
    """A condition that holds for the lines with these ids; of ids close together a range says it shortest."""
    if not len(ids):
        return false()
    first, last = int(ids[0]), int(ids[-1])
    if last - first < 4 * len(ids):
        return PathwayPoint.series_id.between(first, last)
    return PathwayPoint.series_id.in_(ids.tolist())


def add_points(connection: Connection, points: Points) -> None:
    """Insert figures that are not in the table yet."""
    if len(points):
        insert_columns(connection, _table(PathwayPoint), points.columns())


class Changes:
    """Changes and removals of figures, by way of a temporary table that is emptied after each use."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table: Table | None = None

    def change(self, points: Points) -> None:
        """Give figures that are in the table these values and ranges."""
        if not len(points):
            return
        table = self._filled(points)
        self._connection.execute(
            update(PathwayPoint)
            .where(self._same(table))
            .values({name: table.c[name] for name in ("value", "low", "high")})
            .execution_options(synchronize_session=False)
        )
        self._connection.execute(delete(table))

    def remove(self, points: Points) -> None:
        """Take figures out."""
        if not len(points):
            return
        table = self._filled(points)
        gone = exists().where(self._same(table)).correlate(PathwayPoint)
        self._connection.execute(delete(PathwayPoint).where(gone).execution_options(synchronize_session=False))
        self._connection.execute(delete(table))

    def close(self) -> None:
        """Drop the temporary table."""
        if self._table is not None:
            self._table.drop(self._connection)
            self._table = None

    def _filled(self, points: Points) -> Table:
        if self._table is None:
            columns = (Column(column.name, column.type) for column in _table(PathwayPoint).columns)
            self._table = Table("incoming_point", MetaData(), *columns, prefixes=["TEMPORARY"])
            self._table.create(self._connection, checkfirst=False)
        insert_columns(self._connection, self._table, points.columns())
        return self._table

    @staticmethod
    def _same(table: Table) -> Any:
        return and_(PathwayPoint.series_id == table.c.series_id, PathwayPoint.year == table.c.year)


def variables(connection: Connection, set_code: str, models: Sequence[str]) -> list[str]:
    """Variables of some models of a set."""
    query = select(PathwaySeries.variable).where(PathwaySeries.set_code == set_code, PathwaySeries.model.in_(models))
    return sorted(connection.scalars(query.distinct()))


def figures(
    connection: Connection, set_code: str, models: Sequence[str], names: Sequence[str]
) -> Iterator[list[Sequence[Any]]]:
    """Figures of some variables in parts that hold all of a model, scenario and region: rows of the five keys as they
    were written, year and value.
    """
    where = (PathwaySeries.model, PathwaySeries.scenario_name, PathwaySeries.region_name)
    query = (
        select(*where, PathwaySeries.variable, PathwaySeries.unit, PathwayPoint.year, PathwayPoint.value)
        .join(PathwayPoint, PathwayPoint.series_id == PathwaySeries.id)
        .where(
            PathwaySeries.set_code == set_code,
            PathwaySeries.model.in_(models),
            PathwaySeries.variable.in_(names),
        )
        .order_by(*where)
        .execution_options(yield_per=FIGURES)
    )
    rest: list[Sequence[Any]] = []
    for rows in connection.execute(query).partitions():
        rest.extend(rows)
        # The last place may go on in the next part.
        end = next((n for n in range(len(rest) - 1, -1, -1) if rest[n][:3] != rest[-1][:3]), -1) + 1
        if end:
            yield rest[:end]
        rest = rest[end:]
    if rest:
        yield rest


def region_codes(connection: Connection) -> set[str]:
    """Codes of all regions of the catalogue."""
    return set(connection.scalars(select(Region.code)))


def indicator_units(connection: Connection) -> dict[str, str]:
    """Every indicator that pages show, and its unit."""
    query = select(Indicator.code, Indicator.unit).where(Indicator.series.is_(None))
    return {row.code: row.unit for row in connection.execute(query)}


def scenario_names(connection: Connection, set_code: str) -> dict[str, str]:
    """Names under which tables may speak of the scenarios of a set, in lower case, and the scenarios' codes.

    These are the code, the name in each language, and what lines that are stored call them.
    """
    found: dict[str, str] = {}
    query = select(Scenario.code, Scenario.texts).where(Scenario.set_code == set_code).order_by(Scenario.position)
    rows = connection.execute(query).all()
    for row in rows:
        for name in (row.texts or {}).get("name", {}).values():
            found.setdefault(name.strip().lower(), row.code)
    written = (
        select(PathwaySeries.scenario_name, PathwaySeries.scenario).where(PathwaySeries.set_code == set_code).distinct()
    )
    found |= {row.scenario_name.lower(): row.scenario for row in connection.execute(written)}
    # A code means its own scenario, whatever else is called so.
    return found | {row.code: row.code for row in rows}


def add_scenario(connection: Connection, set_code: str, code: str, name: str) -> None:
    """A scenario of which nothing is known but its name, behind the others of its set."""
    last = select(func.coalesce(func.max(Scenario.position), 0)).where(Scenario.set_code == set_code)
    connection.execute(
        insert(Scenario).values(
            set_code=set_code,
            code=code,
            position=connection.execute(last).scalar_one() + 1,
            place={},
            state={},
            prior=None,
            texts={"name": {"en": name}},
        )
    )


def put_links(connection: Connection, set_code: str, rows: Sequence[Mapping[str, Any]]) -> int:
    """Say how variables belong to indicators; how many of these statements are new or other than before."""
    table = _table(PathwayLink)
    names = ("variable", "unit", "indicator")
    query = select(table).where(table.c.set_code == set_code)
    stored = {tuple(row[name] for name in names): dict(row) for row in connection.execute(query).mappings()}
    changed = 0
    for row in rows:
        whole = {"set_code": set_code, **row}
        key = tuple(row[name] for name in names)
        if stored.get(key) == whole:
            continue
        changed += 1
        if key in stored:
            where = and_(table.c.set_code == set_code, *(table.c[name] == row[name] for name in names))
            connection.execute(update(table).where(where).values(whole))
        else:
            connection.execute(insert(table).values(whole))
    return changed


def extend_regions(connection: Connection, set_code: str, codes: Sequence[str]) -> None:
    """Add regions to those that a set has pathways of."""
    stored = connection.execute(select(ScenarioSet.regions).where(ScenarioSet.code == set_code)).scalar_one()
    fresh = [code for code in codes if code not in stored]
    if fresh:
        connection.execute(update(ScenarioSet).where(ScenarioSet.code == set_code).values(regions=[*stored, *fresh]))


def set_facts(connection: Connection) -> dict[str, str]:
    """Sets in their order, and the origin of each."""
    query = select(ScenarioSet.code, ScenarioSet.origin).order_by(ScenarioSet.position, ScenarioSet.code)
    return {row.code: row.origin for row in connection.execute(query)}


def add_set(connection: Connection, code: str, name: str, load_id: int) -> None:
    """A set of our own of which nothing is known but the file it came with, behind the others."""
    last = connection.execute(select(func.coalesce(func.max(ScenarioSet.position), 0))).scalar_one()
    texts = {"title": {"en": name[: name.rfind(".")] if "." in name[1:] else name}}
    lists: dict[str, list[Any]] = {"regions": [], "axes": [], "groups": []}
    words = {"texts": texts, "source": name[:400], "source_url": "", "licence": "", "edited_at": None}
    years = {"base_year": 0, "horizon": 0}
    connection.execute(
        insert(ScenarioSet).values(
            code=code, position=last + 1, origin="own", load_id=load_id, **years, **lists, **words
        )
    )


def span_set(connection: Connection, code: str, first: int, last: int, *, fresh: bool) -> None:
    """Let a set of our own reach over some years: exactly these when it is new, else at least."""
    query = select(ScenarioSet.base_year, ScenarioSet.horizon, ScenarioSet.origin).where(ScenarioSet.code == code)
    base, horizon, origin = connection.execute(query).one()
    if origin != "own":
        return
    years = {"base_year": first, "horizon": last}
    if not fresh:
        years = {"base_year": min(first, base), "horizon": max(last, horizon)}
    connection.execute(update(ScenarioSet).where(ScenarioSet.code == code).values(years))


def touch_set(connection: Connection, code: str, moment: datetime) -> None:
    """Note that a person changed a set: starter data then leave it alone."""
    connection.execute(update(ScenarioSet).where(ScenarioSet.code == code).values(edited_at=moment))
