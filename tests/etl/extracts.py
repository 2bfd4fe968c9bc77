"""Extracts made in memory, as a source would deliver them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl.sources.base import Extract

Row = tuple[Any, ...]
"""(dimensions…, region, year, value[, flags[, conf]])"""

TEXT = pa.dictionary(pa.int32(), pa.string())


def table(rows: Sequence[Row], dims: Sequence[str], first_line: int = 2) -> pa.Table:
    """Rows as a chunk of an extract."""
    wide = len(dims)
    full = [(*row, *("",) * (wide + 5 - len(row))) for row in rows]
    columns: dict[str, Any] = {
        name: pa.array([row[place] for row in full], pa.string()).dictionary_encode() for place, name in enumerate(dims)
    }
    columns["line"] = pa.array(range(first_line, first_line + len(full)), pa.int64())
    for place, name in ((wide, "geo"), (wide + 1, "time"), (wide + 3, "flags"), (wide + 4, "conf")):
        columns[name] = pa.array([str(row[place]) for row in full], pa.string()).dictionary_encode()
    columns["value"] = pa.array([row[wide + 2] for row in full], pa.float64())
    order = [*dims, "line", "geo", "time", "value", "flags", "conf"]
    return pa.table({name: columns[name] for name in order})


def extract(
    folder: Path,
    rows: Sequence[Row],
    *,
    dims: Sequence[str] = ("indicator",),
    dataset: str = "INDICATOR",
    source: str = "own",
    vintage: datetime | None = None,
    name: str = "figures.csv",
    chunk: int = 1000,
) -> Extract:
    """An extract of these rows in chunks; its file holds them as text, so that its hash follows its content."""
    path = folder / name
    path.write_text(repr([*rows]) + repr(vintage), encoding="utf-8")

    def chunks() -> Iterator[pa.Table]:
        for start in range(0, len(rows), chunk):
            yield table(rows[start : start + chunk], dims, start + 2)

    return Extract(
        source=source,
        dataset=dataset,
        dims=tuple(dims),
        chunks=chunks(),
        file_name=name,
        path=path,
        vintage=vintage,
        size_hint=path.stat().st_size,
    )
