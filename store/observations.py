"""Figures: what they are, what they were, and where there are any."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, Select, case, func, select

from store.schema import Indicator, LoadRun, Observation, Region, Revision

COLUMNS = ("indicator", "region", "period", "value", "flags", "status", "confidential", "load_id")


def observations(
    connection: Connection,
    indicators: Sequence[str],
    regions: Sequence[str] | None = None,
    first: int | None = None,
    last: int | None = None,
) -> pd.DataFrame:
    """Observations of some indicators. Codes that the catalogue does not know give no rows.

    Args:
        indicators: indicator codes.
        regions: region codes; None for all.
        first: first year wanted, inclusive.
        last: last year wanted, inclusive.

    Returns:
        [indicator, region, period (int64), value (float64, NaN when missing), flags (publisher's letters, sorted),
        status (SDMX OBS_STATUS), confidential, load_id (int64)], sorted by the first three.
    """
    query = observations_query(connection, indicators, regions, first, last)
    return _coded(connection, connection.execute(query).all())


def observations_query(
    connection: Connection,
    indicators: Sequence[str],
    regions: Sequence[str] | None = None,
    first: int | None = None,
    last: int | None = None,
) -> Select[*tuple[Any, ...]]:
    """The statement behind ``observations``: keys by number, so that the primary key serves it (plan is tested)."""
    query: Select[*tuple[Any, ...]] = select(
        Observation.indicator_id,
        Observation.region_id,
        Observation.period,
        Observation.value,
        Observation.flags,
        Observation.status,
        Observation.confidential,
        Observation.load_id,
    ).where(Observation.indicator_id.in_(_ids(connection, Indicator, indicators)))
    if regions is not None:
        query = query.where(Observation.region_id.in_(_ids(connection, Region, regions)))
    if first is not None:
        query = query.where(Observation.period >= first)
    if last is not None:
        query = query.where(Observation.period <= last)
    return query


def coverage(connection: Connection) -> pd.DataFrame:
    """Where there are figures: one row an indicator and region that has any observation, even a missing one.

    Series by industry are left out; ``store.industries`` tells of them.

    Returns:
        [indicator, country, level, region, first, last (years with a value, Int64, NA for none), count (years with a
        value), missing (years published as missing), estimated (years with flag e), newest_flags (flags of the last
        year with a value)], sorted by indicator and region.
    """
    valued = case((Observation.value.is_not(None), Observation.period))
    totals = (
        select(
            Observation.indicator_id,
            Observation.region_id,
            func.min(valued).label("first"),
            func.max(valued).label("last"),
            func.count(Observation.value).label("count"),
            (func.count() - func.count(Observation.value)).label("missing"),
            func.sum(case((Observation.flags.like("%e%"), 1), else_=0)).label("estimated"),
        )
        .where(Observation.indicator_id.in_(select(Indicator.id).where(Indicator.series.is_(None))))
        .group_by(Observation.indicator_id, Observation.region_id)
        .subquery()
    )
    query = (
        select(
            Indicator.code.label("indicator"),
            Region.country,
            Region.level,
            Region.code.label("region"),
            totals.c.first,
            totals.c.last,
            totals.c.count,
            totals.c.missing,
            totals.c.estimated,
            func.coalesce(Observation.flags, "").label("newest_flags"),
        )
        .select_from(totals)
        .join(Indicator, Indicator.id == totals.c.indicator_id)
        .join(Region, Region.id == totals.c.region_id)
        .outerjoin(
            Observation,
            (Observation.indicator_id == totals.c.indicator_id)
            & (Observation.region_id == totals.c.region_id)
            & (Observation.period == totals.c.last),
        )
    )
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    frame = frame.astype(
        {"first": "Int64", "last": "Int64", "count": "int64", "missing": "int64", "estimated": "int64"}
    )
    return frame.sort_values(["indicator", "region"], ignore_index=True)


def revisions(
    connection: Connection,
    indicators: Sequence[str] | None = None,
    regions: Sequence[str] | None = None,
    replaced_by: int | None = None,
) -> pd.DataFrame:
    """What observations were before a later load changed them, newest change first.

    Args:
        indicators: indicator codes; None for all.
        regions: region codes; None for all.
        replaced_by: only what this load replaced.

    Returns:
        [indicator, region, period, value, flags, status, confidential, load_id (which had brought the old value),
        replaced_by (which replaced it)].
    """
    query = (
        select(
            Indicator.code.label("indicator"),
            Region.code.label("region"),
            Revision.period,
            Revision.value,
            Revision.flags,
            Revision.status,
            Revision.confidential,
            Revision.load_id,
            Revision.replaced_by,
        )
        .join(Indicator, Indicator.id == Revision.indicator_id)
        .join(Region, Region.id == Revision.region_id)
        .order_by(Revision.replaced_by.desc(), Indicator.code, Region.code, Revision.period)
    )
    if indicators is not None:
        query = query.where(Indicator.code.in_(list(indicators)))
    if regions is not None:
        query = query.where(Region.code.in_(list(regions)))
    if replaced_by is not None:
        query = query.where(Revision.replaced_by == replaced_by)
    result = connection.execute(query)
    return pd.DataFrame(result.all(), columns=list(result.keys())).astype({"value": "float64"})


def vintages(connection: Connection, indicators: Sequence[str], regions: Sequence[str] | None = None) -> pd.DataFrame:
    """Everything that figures ever were, with the day on which each became known here.

    A figure that was never changed has one row, one that a later load changed has its former values as well. The day is
    that on which the load began which brought it, in Universal Time; ``analysis.tracking.as_known`` makes of this what
    was known on any day.

    Args:
        indicators: indicator codes.
        regions: region codes; None for all.

    Returns:
        [indicator, region, period, value (NaN when missing), flags, known (date), load_id], oldest load first.
    """
    parts: list[Any] = []
    for model in (Revision, Observation):
        query = (
            select(
                Indicator.code.label("indicator"),
                Region.code.label("region"),
                model.period,
                model.value,
                model.flags,
                LoadRun.started_at,
                model.load_id,
            )
            .join(Indicator, Indicator.id == model.indicator_id)
            .join(Region, Region.id == model.region_id)
            .join(LoadRun, LoadRun.id == model.load_id)
            .where(model.indicator_id.in_(_ids(connection, Indicator, indicators)))
        )
        if regions is not None:
            query = query.where(model.region_id.in_(_ids(connection, Region, regions)))
        parts += connection.execute(query).all()
    columns = ["indicator", "region", "period", "value", "flags", "known", "load_id"]
    frame = pd.DataFrame(parts, columns=columns).astype({"value": "float64", "period": "int64", "load_id": "int64"})
    days = pd.Series([moment.date() for moment in frame["known"]], dtype=object, index=frame.index)
    ordered = frame.assign(known=days).sort_values(["load_id", "indicator", "region", "period"], kind="stable")
    return ordered.reset_index(drop=True)


def _ids(connection: Connection, table: type[Indicator] | type[Region], codes: Sequence[str]) -> list[int]:
    return list(connection.scalars(select(table.id).where(table.code.in_(list(codes)))))


def _coded(connection: Connection, rows: Sequence[Any]) -> pd.DataFrame:
    """Rows with numeric keys as the documented frame, sorted by code."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(COLUMNS)
    indicator, indicator_codes = _ranked(connection, Indicator, columns[0])
    region, region_codes = _ranked(connection, Region, columns[1])
    period = np.array(columns[2], dtype=np.int64)
    order = np.lexsort((period, region, indicator))
    return pd.DataFrame(
        {
            "indicator": indicator_codes.take(indicator[order]),
            "region": region_codes.take(region[order]),
            "period": period[order],
            "value": np.array(columns[3], dtype=np.float64)[order],
            **{
                name: pd.array(np.array(columns[place], dtype=object)[order], dtype="str")
                for place, name in ((4, "flags"), (5, "status"), (6, "confidential"))
            },
            "load_id": np.array(columns[7], dtype=np.int64)[order],
        }
    )


def _ranked(
    connection: Connection, table: type[Indicator] | type[Region], ids: Sequence[int]
) -> tuple[np.ndarray, "pd.Index[str]"]:
    """Place of each id in the sorted list of codes, and that list."""
    rows = sorted((code, number) for number, code in connection.execute(select(table.id, table.code)))
    place = np.zeros(max((number for _, number in rows), default=0) + 1, dtype=np.int64)
    for position, (_, number) in enumerate(rows):
        place[number] = position
    return place[np.array(ids, dtype=np.int64)], pd.Index([code for code, _ in rows], dtype="str")
