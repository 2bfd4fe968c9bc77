"""Evaluations of which scenario the figures follow: kept as they were told, read back as of a day."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import pandas as pd
from sqlalchemy import Connection, func, insert, select

from store.schema_scenarios import Tracking


class Kept(NamedTuple):
    """The newest evaluation of a region: its day, and the fingerprint of what went in."""

    as_of: date
    inputs: str


def newest(connection: Connection, set_code: str) -> dict[str, Kept]:
    """The newest evaluation of each region of a set."""
    last = (
        select(func.max(Tracking.id).label("id")).where(Tracking.set_code == set_code).group_by(Tracking.region)
    ).subquery()
    query = select(Tracking.region, Tracking.as_of, Tracking.inputs).join(last, last.c.id == Tracking.id)
    return {row.region: Kept(row.as_of, row.inputs) for row in connection.execute(query)}


def keep(connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
    """Add rows to the evaluations; nothing is ever changed or taken out. Runs in the caller's write transaction."""
    if rows:
        connection.execute(insert(Tracking), [dict(row) for row in rows])


def evaluations(connection: Connection, set_code: str, region: str | None = None) -> pd.DataFrame:
    """All evaluations of a set without their inputs, oldest first.

    Returns:
        [region, run_at, as_of, edition, inputs, scenario, weight (NaN: not told), prior, posterior, mean_abs_z, state,
        leader ('' for none), off_map, reversal]; one row per evaluation and scenario, scenarios as they were told.
    """
    detail = Tracking.detail
    query = select(
        Tracking.region,
        Tracking.run_at,
        Tracking.as_of,
        Tracking.edition,
        Tracking.inputs,
        Tracking.scenario,
        Tracking.weight,
        detail[("scores", "prior")].as_float().label("prior"),
        detail[("scores", "posterior")].as_float().label("posterior"),
        detail[("scores", "mean_abs_z")].as_float().label("mean_abs_z"),
        detail["state"].as_string().label("state"),
        func.coalesce(detail["leader"].as_string(), "").label("leader"),
        detail["off_map"].as_boolean().label("off_map"),
        detail["reversal"].as_boolean().label("reversal"),
    ).where(Tracking.set_code == set_code)
    if region is not None:
        query = query.where(Tracking.region == region)
    result = connection.execute(query.order_by(Tracking.region, Tracking.as_of, Tracking.id))
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    numbers = ["weight", "prior", "posterior", "mean_abs_z"]
    frame[numbers] = frame[numbers].astype("float64")
    return frame


class Told(NamedTuple):
    """One evaluation as it was told: ``rows`` are [{scenario, weight, detail}] in their order."""

    as_of: date
    run_at: datetime
    edition: int
    rows: list[dict[str, Any]]


def told(connection: Connection, set_code: str, region: str, day: date | None = None) -> Told | None:
    """The newest evaluation of a region, of all or of those as of a day or earlier; None when there is none."""
    columns = (Tracking.as_of, Tracking.run_at, Tracking.edition, Tracking.inputs)
    query = select(*columns).where(Tracking.set_code == set_code, Tracking.region == region)
    if day is not None:
        query = query.where(Tracking.as_of <= day)
    head = connection.execute(query.order_by(Tracking.as_of.desc(), Tracking.id.desc()).limit(1)).one_or_none()
    if head is None:
        return None
    mine = (
        select(Tracking.scenario, Tracking.weight, Tracking.detail)
        .where(
            Tracking.set_code == set_code,
            Tracking.region == region,
            Tracking.as_of == head.as_of,
            Tracking.run_at == head.run_at,
            Tracking.inputs == head.inputs,
        )
        .order_by(Tracking.id)
    )
    rows = [dict(row) for row in connection.execute(mine).mappings()]
    return Told(head.as_of, head.run_at, head.edition, rows)
