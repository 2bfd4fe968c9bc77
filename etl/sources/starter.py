"""Our own tidy CSV: ``indicator,region,period,value,flags,dataset``, as the starter data and our exports write it."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa

from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import (
    DICTIONARY,
    constant,
    map_dictionary,
    one_array,
    parse_block,
    read_blocks,
    read_head,
    sorted_letters,
    to_numbers,
)

COLUMNS = ("indicator", "region", "period", "value", "flags", "dataset")
"""The header; ``flags`` and ``dataset`` may be left out, and further columns are not read."""
NEEDED = COLUMNS[:4]


def is_starter(first_line: str) -> bool:
    """Whether a first line is the header of our own tidy CSV."""
    columns = first_line.split(",")
    return columns[0] == "indicator" and "region" in columns


def read_starter(path: Path, name: str = "") -> Extract:
    """The extract in one of our own files. Its dataset is ``INDICATOR``: rows name our indicators themselves.

    Raises:
        SourceError: ``missing-column``, ``no-rows``, ``not-utf8``, ``truncated``.
    """
    file_name = name or path.name
    head = read_head(path).decode("utf-8-sig", errors="replace").split("\n")
    columns = tuple(cell.strip() for cell in head[0].split(","))
    for wanted in NEEDED:
        if wanted not in columns:
            remedy = f"The column {wanted} is missing; the header is {','.join(COLUMNS)}."
            raise SourceError(Problem("missing-column", remedy, 1, wanted), file_name)
    if not any(line.strip() for line in head[1:]):
        raise SourceError(Problem("no-rows", "The file has a header and no rows."), file_name)
    extract = Extract(
        source="own",
        dataset="INDICATOR",
        dims=("indicator",),
        chunks=iter(()),
        file_name=file_name,
        path=path,
        size_hint=path.stat().st_size,
    )
    extract.chunks = _chunks(extract, columns)
    return extract


def _chunks(extract: Extract, columns: tuple[str, ...]) -> Iterator[pa.Table]:
    names = tuple(cell if columns.index(cell) == place else f"#{place}" for place, cell in enumerate(columns))
    texts = [name for name in ("indicator", "region", "period", "flags") if name in names]
    types = {**dict.fromkeys(texts, DICTIONARY), "value": pa.string()}
    for block in read_blocks(extract.path, extract.file_name):
        table, lines = parse_block(block, names, types, ",", quoted=True, extract=extract)
        values, good = to_numbers(table.column("value"), lines, "value", extract)
        extract.consumed = block.position
        chunk = pa.table(
            {
                "indicator": one_array(table.column("indicator")),
                "line": pa.array(lines, pa.int64()),
                "geo": one_array(table.column("region")),
                "time": one_array(table.column("period")),
                "value": values,
                "flags": map_dictionary(one_array(table.column("flags")), sorted_letters)
                if "flags" in names
                else constant("", len(lines)),
                "conf": constant("", len(lines)),
            }
        )
        yield chunk if np.all(good) else chunk.filter(pa.array(good))
