"""Results that pages show, computed once for a state of the data: what is stale is computed anew, what is gone goes.

Each maker of results (``etl.derive_industries`` and its like) is a module with ``jobs(connection) -> list[Job]`` which
says what is due, cheaply: fingerprints from SQL, and no import of pandas, pyarrow or ``analysis`` before a job
computes, since every load and every start asks.
"""

import hashlib
import importlib
import importlib.util
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select, update

from etl.pipeline import Progress
from store.engine import version, writing
from store.schema import Derived, LoadRun

if TYPE_CHECKING:
    from etl.loading import Bar
    from store.derived import Result

MAKERS = (
    *("etl.derive_industries", "etl.derive_trade", "etl.derive_tables", "etl.derive_tracking"),
    "etl.derive_programmes",
)
"""Modules that know of results; those that do not exist are passed over."""

LEDGER = "DERIVED"
"""Under this name the ledger keeps that results were computed: the data version goes up, so that caches notice."""


@dataclass(frozen=True)
class Job:
    """One subject whose results are due.

    Attributes:
        name: kind of result (``industries``, ``chain``).
        subject: what it is about, unique within the name.
        inputs: fingerprint of everything that goes in, at most 64 characters (see ``fingerprint``).
        method: version of the arithmetic; raised when the same figures would give another result.
        compute: reads what it needs and gives the parts; called with a connection that reads, and with a function to
            tell steps done and steps in all. May raise: then the older result stays.
        keep: writes what is to stay beside the results when these are computed anew; runs in the transaction that
            writes them.
    """

    name: str
    subject: str
    inputs: str
    method: int
    compute: "Callable[[Connection, Progress], dict[str, Result]]"
    keep: "Callable[[Connection], object] | None" = None


@dataclass(frozen=True)
class Done:
    """What became of a subject: ``computed``, ``failed`` or ``removed``; those that were up to date are not told.

    Attributes:
        name: kind of result.
        subject: what it is about.
        state: see above.
        parts: how many parts were written.
        duration_s: seconds.
        message: why it failed, '' otherwise.
    """

    name: str
    subject: str
    state: str
    parts: int = 0
    duration_s: float = 0.0
    message: str = ""


def fingerprint(*facts: object) -> str:
    """A short text that changes whenever one of the facts does."""
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:32]


def collect(connection: Connection) -> list[Job]:
    """All that is due according to the makers that exist, stale or not."""
    found: list[Job] = []
    for name in MAKERS:
        if importlib.util.find_spec(name) is not None:
            found.extend(importlib.import_module(name).jobs(connection))
    return found


def run_jobs(
    engine: Engine, bar: "Bar | None" = None, *, force: bool = False, jobs: Sequence[Job] | None = None
) -> list[Done]:
    """Compute what is stale and remove the results of subjects that no longer exist.

    Each subject is written in a transaction of its own, together with a higher data version. The fingerprint stored is
    the one from before the figures were read: should a load come between, the subject is computed again next time.

    Args:
        engine: the database.
        bar: shows how far each subject is.
        force: compute everything, also what is up to date.
        jobs: what is due; by default what the makers say.

    Returns:
        What was done, in order; empty when everything was up to date.
    """
    with engine.connect() as connection:
        due = collect(connection) if jobs is None else list(jobs)
        stored = _stored(connection)
    wanted = {(job.name, job.subject) for job in due}
    stale = [job for job in due if force or stored.get((job.name, job.subject)) != (job.inputs, job.method)]
    gone = sorted(set(stored) - wanted)
    if not (stale or gone):
        return []
    from etl.loading import NoBar

    ledger = _Ledger(engine)
    done = _remove(ledger, gone)
    for job in stale:
        with (bar or NoBar()).task(f"{job.name} {job.subject}") as progress:
            done.append(_run(engine, ledger, job, progress))
    return done


def _stored(connection: Connection) -> dict[tuple[str, str], tuple[str, int]]:
    query = select(Derived.name, Derived.subject, Derived.inputs, Derived.method).distinct()
    return {(row.name, row.subject): (row.inputs, row.method) for row in connection.execute(query)}


def _run(engine: Engine, ledger: "_Ledger", job: Job, progress: Progress) -> Done:
    began = time.perf_counter()
    try:
        with engine.connect() as connection:
            results = job.compute(connection, progress)
        spent = time.perf_counter() - began
        from store.derived import State, write

        with ledger.writing() as connection:
            write(connection, job.name, job.subject, State(job.inputs, job.method), results, spent)
            if job.keep is not None:
                job.keep(connection)
    except Exception as error:
        sentence = str(error).strip().splitlines()
        why = f"{type(error).__name__}: {sentence[0]}" if sentence else type(error).__name__
        return Done(job.name, job.subject, "failed", 0, time.perf_counter() - began, why)
    return Done(job.name, job.subject, "computed", len(results), spent)


def _remove(ledger: "_Ledger", gone: Iterable[tuple[str, str]]) -> list[Done]:
    gone = list(gone)
    if not gone:
        return []
    from store.derived import forget

    with ledger.writing() as connection:
        for name in sorted({name for name, _ in gone}):
            forget(connection, name, [subject for kind, subject in gone if kind == name])
    return [Done(name, subject, "removed") for name, subject in gone]


class _Ledger:
    """Write transactions of one run, which share one row of the ledger; each raises the data version."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._began, self._started = time.perf_counter(), datetime.now(UTC).replace(tzinfo=None)
        self._number: int | None = None

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A write transaction that also raises the data version."""
        with writing(self._engine) as connection:
            yield connection
            number = self._note(connection)
        self._number = number

    def _note(self, connection: Connection) -> int:
        from store.writes import open_load

        facts = {"duration_s": time.perf_counter() - self._began, "data_version": version(connection) + 1}
        if self._number is not None:
            connection.execute(update(LoadRun).where(LoadRun.id == self._number).values(**facts))
            return self._number
        head = {"source": "polisee", "dataset": LEDGER, "file_name": "", "sha256": "", "bytes": 0}
        return open_load(connection, **head, started_at=self._started, **facts)
