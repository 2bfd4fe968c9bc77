"""Files of input-output tables into the store: read, checked, written beside the database, noted in the ledger.

Imports are made inside the functions: whether a file is known is asked at every start, and needs none of them.
"""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, func, select

from config import settings
from etl.pipeline import Outcome, Progress, digest, note_failure, quarantined
from store.engine import version, writing
from store.schema import LoadRun, StoredTable

if TYPE_CHECKING:
    from etl.sources.base import Problem
    from etl.sources.io_base import Found, Reader
    from etl.table_checks import Checked

READING = 1
"""Version of readers and checks; raised when the same file would give another table."""

MARK = f"input-output tables, reading {READING}"
"""What the ledger keeps as the query of such loads, so that a file is read again after a change of the readers."""

SAID = 4
"""Sentences that are told of one file."""


def recall_tables(engine: Engine, path: Path, folder: Path | None = None) -> Outcome | None:
    """The earlier load of these very bytes, if all its tables are still those that are stored; else None."""
    if not path.is_file():
        return None
    with engine.connect() as connection:
        same = select(LoadRun.id).where(
            LoadRun.sha256 == digest(path), LoadRun.query == MARK, LoadRun.state == "done", LoadRun.rows_rejected == 0
        )
        last = connection.execute(
            select(LoadRun.__table__).where(LoadRun.id.in_(same)).order_by(LoadRun.id.desc()).limit(1)
        ).one_or_none()
        if last is None or last.rows_passed_over:
            return None
        files = list(connection.scalars(select(StoredTable.file).where(StoredTable.load_id.in_(same))))
    number = last.rows_new + last.rows_changed + last.rows_unchanged
    if len(files) != number or not all(((folder or settings().tables_dir) / file).is_file() for file in files):
        return None
    counts = {"read": number, "passed_over": 0, "new": 0, "changed": 0, "unchanged": number, "rejected": 0}
    message = f"The same file was loaded as number {last.id} on {last.started_at:%Y-%m-%d}; nothing to do."
    return Outcome("known", last.id, path.name, last.dataset, counts, message)


def load_tables(
    engine: Engine,
    path: Path,
    reader: "Reader",
    *,
    name: str = "",
    force: bool = False,
    starter: bool = False,
    folder: Path | None = None,
    progress: Progress | None = None,
) -> Outcome:
    """Load the tables of one file in one transaction together with the ledger row.

    A table that fails a check is refused as a whole and told in the quarantine; others of the same file are loaded. The
    matrices of a table are on the disk before the row that names them is committed, so a killed load leaves the old
    table as it was, and at most a file without a row, which the next load removes.

    Args:
        engine: the database, migrated, with its catalogue.
        path: the file.
        reader: what reads it (see ``etl.sources.io_detect``).
        name: name shown to people and read for country and year; the file's own when empty.
        force: let an older edition replace a newer one.
        starter: the starter data: they replace only what earlier starter data brought.
        folder: where matrices lie; that of the settings when not given.
        progress: called with bytes read and bytes in all.

    Returns:
        the outcome; its counts are tables. ``failed`` when not one table could be taken.
    """
    from etl.sources.base import Problem, SourceError

    began = time.perf_counter()
    shown = name or path.name
    head: dict[str, Any] = {
        "source": "",
        "dataset": "",
        "query": MARK,
        "file_name": shown[-400:],
        "sha256": digest(path),
        "bytes": path.stat().st_size,
        "vintage": None,
        "started_at": datetime.now(UTC).replace(tzinfo=None),
    }
    good: list[tuple[Found, Checked]] = []
    bad: list[Problem] = []
    try:
        for found, checked in _checked(reader, path, shown, progress, bad):
            good.append((found, checked))
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)
    if not good:
        problem = bad[0] if bad else Problem("no-rows", "The file holds no table of a country that we know.")
        return note_failure(engine, problem, head, began)
    with writing(engine) as connection:
        return _write(connection, good, bad, head, folder or settings().tables_dir, force, starter, began)


def _checked(
    reader: "Reader", path: Path, name: str, progress: Progress | None, bad: "list[Problem]"
) -> "Iterator[tuple[Found, Checked]]":
    from etl.sources.base import SourceError
    from etl.table_checks import check

    for found in reader(path, name, progress):
        if isinstance(found, SourceError):
            bad.append(found.problem)
            continue
        try:
            yield found, check(found, name)
        except SourceError as error:
            bad.append(error.problem)


def _write(
    connection: Connection,
    good: "list[tuple[Found, Checked]]",
    bad: "list[Problem]",
    head: dict[str, Any],
    folder: Path,
    force: bool,
    starter: bool,
    began: float,
) -> Outcome:
    from store.schema import Dataset
    from store.tables import place_of, put_row, stored, sweep, write_table
    from store.writes import close_load, note_edition, open_load, refuse

    before = version(connection)
    sweep(connection, folder)
    dataset, vintage = good[0][0].dataset, max((found.vintage for found, _ in good if found.vintage), default=None)
    source = connection.execute(select(Dataset.source).where(Dataset.code == dataset)).scalar_one()
    head = {**head, "source": source, "dataset": dataset, "vintage": vintage}
    load_id = open_load(connection, **head, data_version=before)
    counts = {"read": len(good) + len(bad), "passed_over": 0, "new": 0, "changed": 0, "unchanged": 0}
    counts["rejected"] = len(bad)
    said: list[str] = []
    for found, checked in good:
        there = stored(connection, place_of(checked.table, found.dataset))
        if there and _stays(connection, there, found, head["file_name"], force, starter):
            counts["passed_over"] += 1
            said.append(f"{checked.table.name} is there in a newer edition; load with --force to replace it.")
            continue
        written = write_table(folder, checked.table)
        if there and there["digest"] == written.digest:
            counts["unchanged"] += 1
            continue
        state = put_row(connection, checked.table, found.dataset, written, checked.checks, found.vintage, load_id)
        counts[state] += 1
        said.append(_sentence(checked))
        if found.vintage is not None:
            note_edition(connection, found.dataset, found.vintage)
    refuse(connection, [quarantined(problem, load_id, head["file_name"]) for problem in bad])
    message = " ".join(said[:SAID] + ([f"… {len(said) - SAID} more."] if len(said) > SAID else []))
    close_load(
        connection,
        load_id,
        duration_s=time.perf_counter() - began,
        data_version=before + int(counts["new"] + counts["changed"] > 0),
        message=message,
        **{f"rows_{key}": number for key, number in counts.items()},
    )
    return Outcome("done", load_id, head["file_name"], dataset, counts, message)


def _stays(
    connection: Connection, there: dict[str, Any], found: "Found", file_name: str, force: bool, starter: bool
) -> bool:
    """Whether a stored table is not to be replaced: by an older edition, or by starter data if others loaded it."""
    if starter:
        brought = select(func.count()).where(LoadRun.id == there["load_id"], LoadRun.file_name == file_name)
        return not connection.execute(brought).scalar_one()
    return not force and bool(there["vintage"] and found.vintage and found.vintage < there["vintage"])


def _sentence(checked: "Checked") -> str:
    table, checks = checked.table, checked.checks
    size = f"{len(table.industries)} industries"
    if table.kind == "inter_country":
        size = f"{len(table.countries)} countries × {size}"
    off = max(checks["rows"]["share"], checks["columns"]["share"])
    return " ".join((f"{table.name}: {size}, balanced within {off:.2%} of output.", *checked.warnings))
