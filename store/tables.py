"""Input-output tables beside the database: the row says what a table is, one compressed file holds its matrices.

The file is Parquet with a single column, all matrices end to end, and what they mean in its metadata: it can be read
without the database, and in row groups side by side. Its name is the SHA-256 of its bytes, so a file never changes,
and a table is replaced by a row that names another file. Files are written and swept under the lock of writers.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from sqlalchemy import Connection, insert, select, update

from analysis.tables import IOTable
from store.schema import Dataset, StoredTable

GROUP = 1 << 18
"""Numbers in one row group: small enough to be read side by side, large enough to compress."""

READERS = 2
"""Threads that decompress a file; more gained nothing where there are two cores."""

MATRICES = ("flows", "final", "output", "value_added", "imports", "imported_inputs", "taxes", "jobs")
META = b"polisee:table"
FORMAT = 1
OURS = re.compile(r"(?:[0-9a-f]{64}\.(?:parquet|inverse\.npy)|\.new-[0-9a-f]{32})")


UNFINISHED = ".new-"
ABANDONED = 3600
"""Seconds after which an unfinished file has nobody who still writes it."""

OWNER = ".database"
"""A file that says which database a folder belongs to, as a hash of its address."""


class TableFileError(Exception):
    """A file of matrices is missing or damaged; one sentence that says what to do."""


class Written(NamedTuple):
    """A file of matrices: its name in the folder, its SHA-256, its size."""

    file: str
    digest: str
    bytes: int


def write_table(folder: Path, table: IOTable) -> Written:
    """Write a table's matrices under the hash of their bytes; a crash leaves no half a file under that name.

    Args:
        folder: where matrices lie; made when it is missing.
        table: what to write. Numbers are kept exactly (double).
    """
    return write_once(folder, lambda path: _write(path, table))


def write_once(folder: Path, write: Callable[[Path], None]) -> Written:
    """Let ``write`` make a file and give it the hash of its bytes as name, in one step and safe from a power cut."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f"{UNFINISHED}{uuid4().hex}"
    try:
        write(temporary)
        with temporary.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            os.fsync(file.fileno())
            size = os.fstat(file.fileno()).st_size
        name = f"{digest}.parquet"
        temporary.replace(folder / name)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(folder)
    return Written(name, digest, size)


def _write(path: Path, table: IOTable) -> None:
    arrays = [(name, getattr(table, name)) for name in MATRICES if getattr(table, name) is not None]
    meta = {
        "format": FORMAT,
        "name": table.name,
        "kind": table.kind,
        "year": table.year,
        "unit": table.unit,
        "classification": table.classification,
        "countries": list(table.countries),
        "industries": list(table.industries),
        "final_columns": [list(column) for column in table.final_columns],
        "uses": table.uses,
        "jobs_year": table.jobs_year,
        "notes": list(table.notes),
        "arrays": [[name, list(array.shape)] for name, array in arrays],
    }
    schema = pa.schema([("value", pa.float64())], metadata={META: json.dumps(meta).encode()})
    # Zstandard makes files a quarter smaller and opens them half as fast; splitting numbers into their bytes first made
    # published tables, whose digits are few, larger and not smaller.
    with parquet.ParquetWriter(path, schema, compression="lz4", use_dictionary=False, write_statistics=False) as writer:
        for group in _groups([np.ascontiguousarray(array, dtype=np.float64).ravel() for _, array in arrays]):
            writer.write_table(pa.table([pa.array(group)], schema=schema), row_group_size=GROUP)


def _groups(arrays: list[np.ndarray]) -> Iterator[np.ndarray]:
    """The arrays end to end in pieces of ``GROUP``, without a second copy of the whole."""
    rest: list[np.ndarray] = []
    held = 0
    for array in arrays:
        start = 0
        while start < len(array):
            piece = array[start : start + GROUP - held]
            rest.append(piece)
            held += len(piece)
            start += len(piece)
            if held == GROUP:
                yield np.concatenate(rest)
                rest, held = [], 0
    if held:
        yield np.concatenate(rest)


def open_table(path: Path) -> IOTable:
    """The table in a file that ``write_table`` wrote.

    Raises:
        TableFileError: the file is missing, damaged or of a later format.
    """
    try:
        facts = parquet.read_metadata(path)
        meta = json.loads((facts.metadata or {})[META])
        if meta["format"] != FORMAT:
            raise TableFileError(f"{path.name} was written by a later version of PoliSEE; load the table again.")
        values = _values(path, [facts.row_group(place).num_rows for place in range(facts.num_row_groups)])
    except FileNotFoundError:
        raise TableFileError(f"The matrices {path.name} are missing; load the table again.") from None
    except (pa.ArrowException, KeyError, ValueError, OSError) as error:
        raise TableFileError(f"The matrices {path.name} cannot be read; load the table again.") from error
    arrays: dict[str, np.ndarray] = {}
    start = 0
    for name, shape in meta["arrays"]:
        length = int(np.prod(shape, dtype=np.int64))
        arrays[name] = values[start : start + length].reshape(shape)
        start += length
    return IOTable(
        name=meta["name"],
        kind=meta["kind"],
        year=meta["year"],
        unit=meta["unit"],
        classification=meta["classification"],
        countries=tuple(meta["countries"]),
        industries=tuple(meta["industries"]),
        final_columns=tuple((country, category) for country, category in meta["final_columns"]),
        uses=meta["uses"],
        jobs_year=meta["jobs_year"],
        notes=tuple(meta["notes"]),
        **arrays,
    )


def _values(path: Path, lengths: list[int]) -> np.ndarray:
    starts = np.cumsum([0, *lengths])
    values = np.empty(starts[-1])

    def fill(first: int) -> None:
        with parquet.ParquetFile(path, memory_map=True) as file:
            for group in range(first, len(lengths), READERS):
                column = file.read_row_group(group, use_threads=False).column(0)
                start = starts[group]
                for chunk in column.chunks:
                    values[start : start + len(chunk)] = chunk.to_numpy(zero_copy_only=False)
                    start += len(chunk)

    with ThreadPoolExecutor(READERS) as readers:
        list(readers.map(fill, range(min(READERS, len(lengths)))))
    values.setflags(write=False)
    return values


def inverse_path(folder: Path, digest: str) -> Path:
    """Where the Leontief inverse of the table with this digest lies, if it has been computed."""
    return folder / f"{digest}.inverse.npy"


def write_inverse(folder: Path, digest: str, inverse: np.ndarray) -> Path:
    """Write a Leontief inverse so that it can be mapped into memory; whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    path, temporary = inverse_path(folder, digest), folder / f"{UNFINISHED}{uuid4().hex}"
    try:
        with temporary.open("wb") as file:
            np.save(file, np.ascontiguousarray(inverse, dtype=np.float64))
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(folder)
    return path


def open_inverse(folder: Path, digest: str) -> np.ndarray | None:
    """The inverse of a table, mapped into memory and read-only, or None when there is none."""
    try:
        return np.load(inverse_path(folder, digest), mmap_mode="r")
    except (FileNotFoundError, ValueError):
        return None


def sync_folder(folder: Path) -> None:
    """Make sure that new names in a folder survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(connection: Connection, folder: Path) -> list[str]:
    """Remove files of ours that no row names: what a killed load left, and what was replaced before this load.

    Must run under the lock of writers. A replaced file stays until the next load, so that nobody who has just read
    its row finds it gone. A folder that another database wrote to first is left alone: its files have rows there.

    Returns:
        Names of the files removed.
    """
    if not folder.is_dir() or not _ours(connection, folder):
        return []
    named = set(connection.scalars(select(StoredTable.digest)))
    removed = []
    for path in sorted(folder.iterdir()):
        if not OURS.fullmatch(path.name) or path.name.split(".")[0] in named:
            continue
        # Inverses are written outside that lock, so a young unfinished file may be somebody's work.
        if not path.name.startswith(UNFINISHED) or time.time() - path.stat().st_mtime > ABANDONED:
            path.unlink(missing_ok=True)
            removed.append(path.name)
    return removed


def _ours(connection: Connection, folder: Path) -> bool:
    """Whether a folder belongs to this database; the first one that sweeps it puts its mark there."""
    address = connection.engine.url.render_as_string(hide_password=True)
    mark, path = hashlib.sha256(address.encode()).hexdigest(), folder / OWNER
    try:
        return path.read_text(encoding="ascii").strip() == mark
    except FileNotFoundError:
        path.write_text(mark + "\n", encoding="ascii")
        return True


class Place(NamedTuple):
    """What identifies a stored table: of two with the same place the newer edition stays."""

    kind: str
    dataset: str
    country: str
    year: int


def place_of(table: IOTable, dataset: str) -> Place:
    """The place of a table; inter-country tables have no country."""
    return Place(table.kind, dataset, table.countries[0] if table.kind == "national" else "", table.year)


def stored(connection: Connection, place: Place) -> dict[str, Any] | None:
    """The row at a place, or None."""
    row = connection.execute(
        select(StoredTable.__table__).where(
            StoredTable.kind == place.kind,
            StoredTable.dataset == place.dataset,
            StoredTable.country == place.country,
            StoredTable.year == place.year,
        )
    )
    found = row.mappings().one_or_none()
    return None if found is None else dict(found)


def put_row(
    connection: Connection,
    table: IOTable,
    dataset: str,
    written: Written,
    checks: dict[str, Any],
    vintage: datetime | None,
    load_id: int,
) -> str:
    """Write what a table is, in the place of an earlier edition if there is one.

    Returns:
        ``new``, or ``changed`` when there was another.
    """
    place = place_of(table, dataset)
    values = {
        **place._asdict(),
        "name": table.name[:160],
        "classification": table.classification,
        "unit": table.unit,
        "vintage": vintage,
        "layout": {
            "countries": list(table.countries),
            "industries": list(table.industries),
            "final_columns": [list(column) for column in table.final_columns],
            "uses": table.uses,
            "jobs_year": table.jobs_year,
            "notes": list(table.notes),
        },
        "checks": checks,
        "digest": written.digest,
        "file": written.file,
        "bytes": written.bytes,
        "load_id": load_id,
    }
    there = stored(connection, place)
    if there is None:
        connection.execute(insert(StoredTable), values)
        return "new"
    connection.execute(update(StoredTable).where(StoredTable.id == there["id"]).values(**values))
    return "changed"


def tables(connection: Connection, kind: str | None = None) -> pd.DataFrame:
    """The stored tables, newest year first.

    Args:
        connection: open connection.
        kind: ``national``, ``inter_country``, ``trade``; all without one.

    Returns:
        [id, kind, dataset, source, country, year, name, classification, unit, vintage, countries, industries (lists),
        checks, layout (dicts), digest, file, bytes, load_id].
    """
    row = StoredTable
    query = (
        select(
            row.id,
            row.kind,
            row.dataset,
            Dataset.source,
            row.country,
            row.year,
            row.name,
            row.classification,
            row.unit,
            row.vintage,
            row.checks,
            row.layout,
            row.digest,
            row.file,
            row.bytes,
            row.load_id,
        )
        .join(Dataset, Dataset.code == row.dataset)
        .order_by(row.kind, row.dataset, row.year.desc(), row.country)
    )
    if kind is not None:
        query = query.where(row.kind == kind)
    result = connection.execute(query)
    frame = pd.DataFrame(result.all(), columns=list(result.keys()))
    frame["vintage"] = pd.to_datetime(frame["vintage"])
    for place, name in enumerate(("countries", "industries")):
        frame.insert(10 + place, name, [layout.get(name, []) for layout in frame["layout"]])
    return frame
