"""One load from end to end: recall, read, check, write, note. One transaction, one ledger row."""

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, or_, select

from etl.catalogue import meaning as meaning_mark
from store.engine import version, writing
from store.schema import LoadRun

if TYPE_CHECKING:
    from etl.sources.base import Extract, Problem

Progress = Callable[[int, int], None]


@dataclass
class Outcome:
    """What became of one file or reply.

    Attributes:
        state: ``done``, ``known`` (loaded before, nothing to do) or ``failed``.
        load_id: its row in the ledger.
        file_name: as shown to people.
        dataset: publisher's code.
        counts: rows read, passed over, new, changed, unchanged, rejected.
        message: one sentence, '' when the counts say all.
        reason: short code of what stopped a failed load.
        left_out: for tables of money, what their refused rows were about: ``{table: {rows, cents, unread}}``.
        problems: what was refused, only where a file was checked and nothing written: else it is in the quarantine.
        subject: what was loaded, where the file names it itself: the code of a programme.
    """

    state: str
    load_id: int | None
    file_name: str
    dataset: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    message: str = ""
    reason: str = ""
    left_out: dict[str, dict[str, int]] = field(default_factory=dict)
    problems: "list[Problem]" = field(default_factory=list)
    subject: str = ""


def digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    facts = path.stat()
    return _digest(path, facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=8)
def _digest(path: Path, _size: int, _changed: int) -> str:
    # A file is asked about twice, before it is opened and when it is loaded; a large one should be read once for it.
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def recall(engine: Engine, path: Path, *, starter: bool = False) -> Outcome | None:
    """The earlier load of these very bytes, if loading them again could change nothing; else None.

    That is so when the catalogue means the same as then, and nothing that came later can have been older: every later
    load that changed figures was of an edition with a date, and of none before this one's. Starter data never replace
    what others loaded, so later loads do not matter to them.
    """
    if not path.is_file():
        return None
    sha = digest(path)
    with engine.connect() as connection:
        mark = meaning_mark(connection)
        earlier = connection.execute(
            select(LoadRun)
            .with_only_columns(*LoadRun.__table__.columns)
            .where(LoadRun.sha256 == sha, LoadRun.catalogue == mark, LoadRun.state == "done")
            .order_by(LoadRun.id.desc())
            .limit(1)
        ).one_or_none()
        if earlier is None:
            return None
        older = LoadRun.vintage < earlier.vintage if earlier.vintage is not None else LoadRun.vintage.is_(None)
        later = (
            select(LoadRun.id)
            .where(LoadRun.id > earlier.id, LoadRun.state == "done", LoadRun.rows_new + LoadRun.rows_changed > 0)
            .where(LoadRun.catalogue != "", or_(LoadRun.vintage.is_(None), older))
        )
        if not starter and connection.execute(later.limit(1)).first() is not None:
            return None
    return Outcome(
        "known",
        earlier.id,
        path.name,
        earlier.dataset,
        {
            "read": earlier.rows_read,
            "passed_over": earlier.rows_passed_over,
            "new": 0,
            "changed": 0,
            "unchanged": earlier.rows_new + earlier.rows_changed + earlier.rows_unchanged,
            "rejected": earlier.rows_rejected,
        },
        f"The same file was loaded as number {earlier.id} on {earlier.started_at:%Y-%m-%d}; nothing to do.",
    )


def load_extract(
    engine: Engine,
    extract: "Extract",
    *,
    force: bool = False,
    starter: bool = False,
    own: Sequence[dict[str, Any]] = (),
    progress: Progress | None = None,
) -> Outcome:
    """Load one extract in one transaction together with its ledger row and its quarantine.

    Args:
        engine: the database, migrated, with its catalogue.
        extract: what to load; it is consumed.
        force: let an older edition replace figures.
        starter: the starter data: they replace only what earlier starter data brought.
        own: catalogue entries of a ministry's own indicators, added in the same transaction.
        progress: called with bytes read and bytes in all.

    Returns:
        The outcome. A file that cannot be used gives the state ``failed``: nothing of it was loaded, what was there
        stays, and the ledger says why.
    """
    from etl.catalogue import CatalogueError
    from etl.sources.base import Problem, SourceError

    began, started = time.perf_counter(), _now()
    extract.vintage = _naive(extract.vintage)
    head = {
        "source": extract.source,
        "dataset": extract.dataset,
        "query": extract.query,
        "file_name": extract.file_name[-400:],
        "sha256": digest(extract.path),
        "bytes": extract.path.stat().st_size,
        "vintage": extract.vintage,
        "started_at": started,
    }
    try:
        with writing(engine) as connection:
            return _run(connection, extract, head, own, force, starter, progress, began)
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)
    except CatalogueError as error:
        return note_failure(engine, Problem("wrong-indicator", " ".join(error.problems)), head, began)


def _run(
    connection: Connection,
    extract: "Extract",
    head: dict[str, Any],
    own: Sequence[dict[str, Any]],
    force: bool,
    starter: bool,
    progress: Progress | None,
    began: float,
) -> Outcome:
    """The steps of a load, in order."""
    from etl.catalogue import add_own_indicators
    from etl.harmonise import read_meaning
    from etl.load import load_rows
    from store.writes import close_load, note_edition, open_load, refuse

    before = version(connection)
    entries = add_own_indicators(connection, own) if own else None
    meaning = read_meaning(connection)
    load_id = open_load(connection, **head, catalogue=meaning_mark(connection), data_version=before)
    counts, problems = load_rows(
        connection,
        extract,
        meaning,
        load_id,
        force=force,
        only_over=_loads_named(connection, extract.file_name) if starter else None,
        progress=progress,
    )
    refuse(connection, [quarantined(problem, load_id, extract.file_name) for problem in problems])
    if extract.vintage is not None:
        note_edition(connection, extract.dataset, extract.vintage)
    changed = counts.new + counts.changed > 0 or (entries is not None and entries.new + entries.changed > 0)
    message = _message(counts.kept, counts.read - counts.passed_over, extract)
    totals = {
        "read": counts.read,
        "passed_over": counts.passed_over + counts.kept,
        "new": counts.new,
        "changed": counts.changed,
        "unchanged": counts.unchanged,
        "rejected": counts.rejected,
    }
    close_load(
        connection,
        load_id,
        duration_s=time.perf_counter() - began,
        data_version=before + int(changed),
        message=message,
        **{f"rows_{name}": number for name, number in totals.items()},
    )
    return Outcome("done", load_id, extract.file_name, extract.dataset, totals, message)


def note_failure(engine: Engine, problem: "Problem", head: dict[str, Any], began: float) -> Outcome:
    """Write a failed load into the ledger, in a transaction of its own, after everything else was rolled back."""
    from store.writes import open_load, refuse

    with writing(engine) as connection:
        load_id = open_load(
            connection,
            **{**head, "state": "failed"},
            catalogue=meaning_mark(connection),
            duration_s=time.perf_counter() - began,
            data_version=version(connection),
            message=problem.remedy,
        )
        refuse(connection, [quarantined(problem, load_id, head["file_name"])])
    return Outcome("failed", load_id, head["file_name"], head["dataset"], {}, problem.remedy, problem.reason)


def note_unreadable(engine: Engine, path: Path, problem: "Problem") -> Outcome:
    """Write into the ledger that a file could not even be opened as what it should be."""
    there = path.is_file()
    head = {
        "source": "",
        "dataset": "",
        "file_name": path.name[-400:],
        "sha256": digest(path) if there else "",
        "bytes": path.stat().st_size if there else 0,
        "started_at": _now(),
    }
    return note_failure(engine, problem, head, time.perf_counter())


def _loads_named(connection: Connection, file_name: str) -> list[int]:
    return list(connection.scalars(select(LoadRun.id).where(LoadRun.file_name == file_name)))


def _message(kept: int, ours: int, extract: "Extract") -> str:
    if kept:
        return (
            f"{kept} rows differ from figures of a newer edition and were left out; "
            "load with --force to let them replace those."
        )
    if not ours:
        return f"No row of this file belongs to an indicator and a region of the catalogue (dataset {extract.dataset})."
    return ""


def quarantined(problem: "Problem", load_id: int, file_name: str) -> dict[str, Any]:
    """The row of table ``quarantine`` that tells of a problem."""
    return {
        "load_id": load_id,
        "file_name": file_name[-400:],
        "line": problem.line,
        "column": problem.column[:80],
        "value": problem.value,
        "reason": problem.reason[:48],
        "remedy": problem.remedy,
    }


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _naive(moment: datetime | None) -> datetime | None:
    """A time as UTC without a zone, which is how both databases keep it."""
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)
