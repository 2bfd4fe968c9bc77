"""Writing scenario sets: tables made equal to what a file says, pathways with their points, the word of the audit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Connection, Table, and_, delete, func, insert, select, update

from store.edits import EDITABLE, note
from store.schema import Base, Indicator, Region
from store.schema_scenarios import AuditEntry, PathwayLink, PathwayPoint, PathwaySeries, Scenario, ScenarioSet
from store.writes import Tally

KEPT = ("load_id", "edited_at")
"""Columns of a row that say how it came, not what it says."""

MANY = 500
"""Points written by one statement."""


@dataclass(frozen=True)
class Series:
    """A pathway in a set's own indicators: its line and ``{year: (value, low, high)}``."""

    scenario: str
    region: str
    indicator: str
    unit: str
    source: str
    points: Mapping[int, tuple[float, float | None, float | None]]


def put_head(connection: Connection, row: Mapping[str, Any]) -> Tally:
    """Write the set's own row; ``load_id`` and ``edited_at`` alone are no change.

    Regions that only lines of scenario tables brought stay in it.
    """
    code = str(row["code"])
    stored = _row(connection, code)
    if stored is not None:
        brought = set(connection.scalars(select(PathwaySeries.region).where(*_lines_of(code)).distinct()))
        row = {**row, "regions": [*row["regions"], *(r for r in stored["regions"] if r in brought - {*row["regions"]})]}
    if stored is None:
        connection.execute(insert(ScenarioSet), [{"edited_at": None, **row}])
        return Tally(new=1)
    if all(stored[name] == value for name, value in row.items() if name not in KEPT):
        return Tally(unchanged=1)
    values = {name: value for name, value in row.items() if name not in KEPT}
    connection.execute(update(ScenarioSet).where(ScenarioSet.code == row["code"]).values(**values))
    return Tally(changed=1)


def _lines_of(set_code: str) -> tuple[Any, ...]:
    """Lines of scenario tables, those in the set's own indicators not among them."""
    return PathwaySeries.set_code == set_code, PathwaySeries.model != set_code


def line_scenarios(connection: Connection, set_code: str) -> list[str]:
    """Scenarios of which there are lines of scenario tables."""
    return list(connection.scalars(select(PathwaySeries.scenario).where(*_lines_of(set_code)).distinct()))


def stored_set(connection: Connection, set_code: str) -> dict[str, Any] | None:
    """The row of a set; None when there is none."""
    return _row(connection, set_code)


def _row(connection: Connection, set_code: str) -> dict[str, Any] | None:
    query = select(ScenarioSet.__table__).where(ScenarioSet.code == set_code)
    found = connection.execute(query).mappings().one_or_none()
    return None if found is None else dict(found)


def claim(connection: Connection, set_code: str, load_id: int) -> None:
    """Note which load a set's content is from; nothing of what people edited before is left in it."""
    values = {"load_id": load_id, "edited_at": None}
    connection.execute(update(ScenarioSet).where(ScenarioSet.code == set_code).values(**values))


def put_rows(connection: Connection, model: type[Base], set_code: str, rows: Sequence[Mapping[str, Any]]) -> Tally:
    """Write the rows of one table that are new or changed; those that are no longer wanted are left to ``prune``.

    Args:
        connection: an open write transaction.
        model: a table whose key begins with ``set_code``.
        set_code: the set.
        rows: all rows of the set, all with the same columns.
    """
    table, keys, stored = _stored(connection, model, set_code)
    added, changed = [], 0
    for row in rows:
        key = tuple(row[name] for name in keys)
        if key not in stored:
            added.append({"set_code": set_code, **row})
        elif any(stored[key][name] != value for name, value in row.items()):
            connection.execute(update(table).where(_key(table, set_code, keys, key)).values(**row))
            changed += 1
    if added:
        connection.execute(insert(table), added)
    return Tally(len(added), changed, len(rows) - len(added) - changed)


def prune(connection: Connection, model: type[Base], set_code: str, rows: Sequence[Mapping[str, Any]]) -> Tally:
    """Take out the rows of one table that are not among these."""
    table, keys, stored = _stored(connection, model, set_code)
    wanted = {tuple(row[name] for name in keys) for row in rows}
    gone = [key for key in stored if key not in wanted]
    for key in gone:
        if table.name == Scenario.__tablename__:
            drop_series(connection, set_code, PathwaySeries.scenario == key[0])
        connection.execute(delete(table).where(_key(table, set_code, keys, key)))
    return Tally(removed=len(gone))


def _stored(
    connection: Connection, model: type[Base], set_code: str
) -> tuple[Table, list[str], dict[tuple[Any, ...], Any]]:
    table = cast(Table, model.__table__)
    keys = [column.name for column in table.primary_key if column.name != "set_code"]
    found = connection.execute(select(table).where(table.c.set_code == set_code)).mappings()
    return table, keys, {tuple(row[name] for name in keys): row for row in found}


def _key(table: Table, set_code: str, keys: Sequence[str], values: Sequence[Any]) -> Any:
    same = (table.c[name] == value for name, value in zip(keys, values, strict=True))
    return and_(table.c.set_code == set_code, *same)


def drop_series(connection: Connection, set_code: str, *which: Any) -> int:
    """Take out lines of scenario tables with their points; how many lines."""
    lines = select(PathwaySeries.id).where(PathwaySeries.set_code == set_code, *which)
    connection.execute(delete(PathwayPoint).where(PathwayPoint.series_id.in_(lines)))
    return connection.execute(delete(PathwaySeries).where(PathwaySeries.set_code == set_code, *which)).rowcount


def own_series(connection: Connection, set_code: str) -> dict[tuple[str, str, str, str], tuple[int, Series]]:
    """Pathways in the set's own indicators, by scenario, region, indicator and unit, each with its number.

    They are the lines whose model is the set itself.
    """
    lines = connection.execute(
        select(PathwaySeries.__table__)
        .where(PathwaySeries.set_code == set_code, PathwaySeries.model == set_code)
        .order_by(PathwaySeries.id)
    ).all()
    points: dict[int, dict[int, tuple[float, float | None, float | None]]] = {line.id: {} for line in lines}
    query = (
        select(PathwayPoint.series_id, PathwayPoint.year, PathwayPoint.value, PathwayPoint.low, PathwayPoint.high)
        .join(PathwaySeries, PathwaySeries.id == PathwayPoint.series_id)
        .where(PathwaySeries.set_code == set_code, PathwaySeries.model == set_code)
        .order_by(PathwayPoint.series_id, PathwayPoint.year)
    )
    for series_id, year, value, low, high in connection.execute(query):
        points[series_id][year] = (value, low, high)
    found = {}
    for line in lines:
        series = Series(line.scenario, line.region_name, line.variable, line.unit, line.source, points[line.id])
        found[series.scenario, series.region, series.indicator, series.unit] = (line.id, series)
    return found


def put_series(connection: Connection, set_code: str, wanted: Iterable[Series], load_id: int) -> Tally:
    """Make the pathways in a set's own indicators equal to these; counted are their points."""
    stored = own_series(connection, set_code)
    tally, fresh = Tally(), []
    kept = set()
    for series in wanted:
        key = (series.scenario, series.region, series.indicator, series.unit)
        kept.add(key)
        if key not in stored:
            tally.new += len(series.points)
            fresh.append(series)
            continue
        number, old = stored[key]
        if old.points == series.points and old.source == series.source:
            tally.unchanged += len(series.points)
            continue
        connection.execute(delete(PathwayPoint).where(PathwayPoint.series_id == number))
        values = {"source": series.source, "load_id": load_id}
        connection.execute(update(PathwaySeries).where(PathwaySeries.id == number).values(**values))
        _put_points(connection, [(number, series)])
        same = sum(old.points.get(year) == point for year, point in series.points.items())
        tally.new += sum(year not in old.points for year in series.points)
        tally.removed += sum(year not in series.points for year in old.points)
        told = max(sum(year in old.points for year in series.points) - same, int(old.source != series.source))
        tally.changed += told
        tally.unchanged += same
    gone = [number for key, (number, _) in stored.items() if key not in kept]
    for start in range(0, len(gone), MANY):
        drop_series(connection, set_code, PathwaySeries.id.in_(gone[start : start + MANY]))
    tally.removed += sum(len(series.points) for key, (_, series) in stored.items() if key not in kept)
    if fresh:
        rows = [
            {
                "set_code": set_code,
                "scenario": series.scenario,
                "model": set_code,
                "scenario_name": series.scenario,
                "region_name": series.region,
                "variable": series.indicator,
                "unit": series.unit,
                "region": series.region,
                "source": series.source,
                "load_id": load_id,
            }
            for series in fresh
        ]
        statement = insert(PathwaySeries).returning(PathwaySeries.id, sort_by_parameter_order=True)
        numbers = connection.scalars(statement, rows).all()
        _put_points(connection, list(zip(numbers, fresh, strict=True)))
    return tally


def _put_points(connection: Connection, lines: Sequence[tuple[int, Series]]) -> None:
    rows = [
        {"series_id": number, "year": year, "value": value, "low": low, "high": high}
        for number, series in lines
        for year, (value, low, high) in series.points.items()
    ]
    if rows:
        connection.execute(insert(PathwayPoint), rows)


def put_links(connection: Connection, set_code: str, rows: Sequence[Mapping[str, Any]]) -> Tally:
    """Write how variables belong to indicators; links of variables that the set no longer has are taken out."""
    tally = put_rows(connection, PathwayLink, set_code, rows)
    present = {
        tuple(row)
        for row in connection.execute(
            select(PathwaySeries.variable, PathwaySeries.unit).where(PathwaySeries.set_code == set_code).distinct()
        )
    }
    query = select(PathwayLink.variable, PathwayLink.unit).where(PathwayLink.set_code == set_code).distinct()
    for variable, unit in connection.execute(query).all():
        if (variable, unit) not in present:
            gone = (PathwayLink.variable == variable, PathwayLink.unit == unit)
            statement = delete(PathwayLink).where(PathwayLink.set_code == set_code, *gone)
            tally.removed += connection.execute(statement).rowcount
    return tally


def note_replaced(connection: Connection, set_code: str, former: Mapping[str, Any], why: str) -> int:
    """Keep the former content of a set in the audit, and close the edits that went with it; the entry's number."""
    made = note(connection, "load", ScenarioSet.__tablename__, set_code, set_code, former, None, why)
    open_edits = (
        AuditEntry.scope == set_code,
        AuditEntry.entity.in_([name for name, model in EDITABLE.items() if "set_code" in model.__table__.c]),
        AuditEntry.undone_by.is_(None),
    )
    connection.execute(update(AuditEntry).where(*open_edits).values(undone_by=made.entry))
    return made.entry


def former_content(connection: Connection, set_code: str, entry: int) -> dict[str, Any] | None:
    """The content of a set that an entry of the audit keeps; None when it keeps none."""
    query = select(AuditEntry.old).where(
        AuditEntry.id == entry, AuditEntry.scope == set_code, AuditEntry.entity == ScenarioSet.__tablename__
    )
    return connection.execute(query).scalar_one_or_none()


def orphans(connection: Connection) -> dict[str, int]:
    """Rows of scenario sets that point at nothing, by what is missing; all 0 unless someone edited the tables.

    Returns:
        ``points`` without a line, ``links`` to unknown indicators, ``regions`` of lines that are not ours.
    """
    points = (
        select(func.count())
        .select_from(PathwayPoint)
        .where(~select(PathwaySeries.id).where(PathwaySeries.id == PathwayPoint.series_id).exists())
    )
    links = (
        select(func.count())
        .select_from(PathwayLink)
        .where(~select(Indicator.id).where(Indicator.code == PathwayLink.indicator).exists())
    )
    regions = (
        select(func.count())
        .select_from(PathwaySeries)
        .where(
            PathwaySeries.region.is_not(None), ~select(Region.id).where(Region.code == PathwaySeries.region).exists()
        )
    )
    counted = {"points": points, "links": links, "regions": regions}
    return {name: connection.execute(query).scalar_one() for name, query in counted.items()}
