"""Boundaries into the store: one transaction and one ledger row a file."""

import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select

from etl.sources.base import Problem, SourceError
from etl.sources.detect import checksum
from etl.sources.geography import Boundaries, fetch_gisco, read_geography
from store.engine import version, writing
from store.schema import Geometry, Region
from store.writes import close_load, open_load, refuse

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class GeographySummary:
    """What a load of boundaries did; counts are regions. Field names are those of the ledger."""

    load_id: int
    dataset: str
    file_name: str
    rows_read: int
    rows_passed_over: int
    rows_new: int
    rows_changed: int
    rows_unchanged: int
    rows_rejected: int
    data_version: int
    duration_s: float


def load_geography(engine: Engine, path: Path, progress: Progress | None = None, query: str = "") -> GeographySummary:
    """Load one file of boundaries. Known regions are replaced per NUTS version, others are passed over.

    The same file again leaves every boundary and the data version as they are.

    Args:
        engine: the database, with its regions loaded.
        path: GeoJSON or TopoJSON.
        progress: told the regions done and the regions in all.
        query: how a live file was asked for; empty for files.

    Raises:
        SourceError: the file cannot be used; what was loaded before stays as it was, and the ledger says so.
    """
    clock = time.perf_counter()
    ledger: dict[str, Any] = {
        "source": "gisco",
        "query": query,
        "file_name": path.name,
        "started_at": datetime.now(UTC).replace(tzinfo=None),
        **_file_facts(path),
    }
    try:
        boundaries = read_geography(path)
    except SourceError as error:
        with writing(engine) as connection:
            ledger |= {"state": "failed", "dataset": "NUTS_RG", "message": str(error)}
            ledger |= {"duration_s": time.perf_counter() - clock, "data_version": version(connection)}
            refuse(connection, _refused([error.problem], open_load(connection, **ledger), path))
        raise
    with writing(engine) as connection:
        counts, rows = _compare(connection, boundaries)
        changed = counts["rows_new"] + counts["rows_changed"] > 0
        ledger |= {"dataset": boundaries.dataset, "data_version": version(connection) + changed, **counts}
        load_id = open_load(connection, **ledger)
        refuse(connection, _refused(boundaries.problems, load_id, path))
        for done, row in enumerate(rows, start=1):
            key = (Geometry.region == row["region"], Geometry.nuts_version == row["nuts_version"])
            connection.execute(delete(Geometry).where(*key))
            connection.execute(insert(Geometry), row | {"load_id": load_id})
            if progress:
                progress(done, len(rows))
        ledger["duration_s"] = time.perf_counter() - clock
        close_load(connection, load_id, duration_s=ledger["duration_s"])
    names = GeographySummary.__dataclass_fields__
    return GeographySummary(load_id=load_id, **{name: ledger[name] for name in names if name != "load_id"})


def load_gisco(
    engine: Engine, nuts_version: str = "2024", scale: str = "20M", progress: Progress | None = None
) -> list[GeographySummary]:
    """Fetch the boundaries of countries and of regions of levels 1 and 2 from GISCO and load them, a file a level.

    Raises:
        etl.sources.live.OfflineError: no connection; nothing stored is touched.
        SourceError: a file cannot be had or used.
    """
    paths = fetch_gisco(nuts_version, scale)
    asked = [f"{path.name.removesuffix('.gz')} from GISCO" for path in paths]
    return [load_geography(engine, path, progress, query) for path, query in zip(paths, asked, strict=True)]


def _file_facts(path: Path) -> dict[str, Any]:
    there = path.is_file()
    return {"sha256": checksum(path) if there else "", "bytes": path.stat().st_size if there else 0}


def _compare(connection: Connection, boundaries: Boundaries) -> tuple[dict[str, int], list[dict[str, Any]]]:
    """Counts for the ledger, and the rows of ``geometry`` that must be written."""
    known = set(connection.scalars(select(Region.code)))
    stored = {
        row.region: (row.scale, row.shape, row.credit)
        for row in connection.execute(
            select(Geometry.region, Geometry.scale, Geometry.shape, Geometry.credit).where(
                Geometry.nuts_version == boundaries.version
            )
        )
    }
    wanted = [region for region in boundaries.regions if region.code in known]
    rows = [
        {
            "region": region.code,
            "nuts_version": boundaries.version,
            "scale": boundaries.scale,
            "shape": region.shape,
            "credit": boundaries.credit,
        }
        for region in wanted
        if stored.get(region.code) != (boundaries.scale, region.shape, boundaries.credit)
    ]
    new = sum(row["region"] not in stored for row in rows)
    counts = {
        "rows_read": len(boundaries.regions) + len(boundaries.problems),
        "rows_passed_over": len(boundaries.regions) - len(wanted),
        "rows_new": new,
        "rows_changed": len(rows) - new,
        "rows_unchanged": len(wanted) - len(rows),
        "rows_rejected": len(boundaries.problems),
    }
    return counts, rows


def _refused(problems: Iterable[Problem], load_id: int, path: Path) -> list[dict[str, Any]]:
    return [asdict(problem) | {"load_id": load_id, "file_name": path.name} for problem in problems]
