"""Long work beside the server: asked for by a page or a command, done by a process of its own, told step by step.

A job is a row of its table. Whoever does jobs claims one after another until none of its kinds is waiting. What was
claimed by a process that is no longer there is claimed anew, so work is lost with no crash, and may be done twice: it
must come out the same.
"""

import json
import os
import socket
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update
from sqlalchemy.exc import OperationalError

from store.engine import writing
from store.schema_programme import Job

WAITING, RUNNING, DONE, FAILED = "waiting", "running", "done", "failed"

ELSEWHERE = timedelta(hours=1)
"""After so long a job that another host took is taken to be lost; on this host one can look."""

KEPT = timedelta(days=90)
"""How long ended jobs are kept."""


@dataclass(frozen=True)
class JobRow:
    """A job as it stands. ``message`` is for people; ``result`` what its kind gives besides, or None."""

    id: int
    kind: str
    arguments: dict[str, Any]
    state: str
    done: int
    total: int
    message: str
    result: Any

    @property
    def has_ended(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in (DONE, FAILED)


def ask(connection: Connection, kind: str, arguments: Mapping[str, Any]) -> int:
    """Put a job in the queue; gives its number. The same job that waits already is not asked for twice."""
    now = _now()
    connection.execute(delete(Job).where(Job.ended_at < now - KEPT))
    for row in connection.execute(select(Job.id, Job.arguments).where(Job.kind == kind, Job.state == WAITING)):
        if row.arguments == dict(arguments):
            return int(row.id)
    values = {"kind": kind, "arguments": dict(arguments), "state": WAITING, "done": 0, "total": 0, "message": ""}
    return int(
        connection.execute(insert(Job).returning(Job.id), {**values, "asked_at": now, "worker": ""}).scalar_one()
    )


def claim(engine: Engine, kinds: Sequence[str], worker: str) -> JobRow | None:
    """Take the oldest job of these kinds that waits, or whose worker died; None when there is none.

    Args:
        engine: of the database.
        kinds: which jobs this worker can do.
        worker: ``me()``.
    """
    with _brief(engine) as connection:
        _take_back(connection, kinds)
        while True:
            first = select(Job.id).where(Job.state == WAITING, Job.kind.in_(kinds)).order_by(Job.id).limit(1)
            found = connection.scalar(first)
            if found is None:
                return None
            mine = update(Job).where(Job.id == found, Job.state == WAITING)
            taken = mine.values(state=RUNNING, worker=worker[:80], started_at=_now(), done=0, total=0, message="")
            if connection.execute(taken).rowcount == 1:  # another worker may have been quicker
                return read(connection, found)


def step(engine: Engine, job: int, done: int, total: int) -> None:
    """Tell how far a job is. What cannot be written at once is passed over: to tell is never worth waiting for.

    A worker may hold a write transaction while it tells; on SQLite nobody else can write then.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            connection.execute(update(Job).where(Job.id == job).values(done=done, total=total))
        return
    try:
        with engine.connect().execution_options(polisee_write=True) as connection:
            driver: Any = connection.connection.driver_connection
            driver.execute("PRAGMA busy_timeout=0")
            try:
                with connection.begin():
                    connection.execute(update(Job).where(Job.id == job).values(done=done, total=total))
            finally:
                driver.execute("PRAGMA busy_timeout=30000")
    except OperationalError:
        return


def end(engine: Engine, job: int, state: str, message: str, result: Any = None) -> None:
    """Close a job.

    Args:
        engine: of the database.
        job: its number.
        state: ``DONE`` or ``FAILED``.
        message: a sentence for people, in the language of who asked.
        result: what the job gives besides, in values that JSON knows.
    """
    text = message if result is None else json.dumps({"message": message, "result": result}, ensure_ascii=False)
    with _brief(engine) as connection:
        connection.execute(update(Job).where(Job.id == job).values(state=state, message=text, ended_at=_now()))


def read(connection: Connection, job: int) -> JobRow | None:
    """A job as it stands; None when there is none of this number."""
    row = connection.execute(select(Job.__table__).where(Job.id == job)).mappings().one_or_none()
    if row is None:
        return None
    message, result = _told(row["message"])
    names = ("id", "kind", "arguments", "state", "done", "total")
    return JobRow(**{name: row[name] for name in names}, message=message, result=result)


def me() -> str:
    """Name of this process: host, number, and when it began, as numbers are given again."""
    return f"{socket.gethostname()[:48]}:{os.getpid()}:{_born(os.getpid())}"


def _told(text: str) -> tuple[str, Any]:
    if text.startswith("{"):
        try:
            found = json.loads(text)
        except ValueError:
            return text, None
        if isinstance(found, dict) and set(found) == {"message", "result"}:
            return str(found["message"]), found["result"]
    return text, None


def _take_back(connection: Connection, kinds: Sequence[str]) -> None:
    """Let jobs wait anew whose worker is no longer there."""
    running = select(Job.id, Job.worker, Job.started_at).where(Job.state == RUNNING, Job.kind.in_(kinds))
    for row in connection.execute(running).all():
        if _is_lost(row.worker, row.started_at):
            same = update(Job).where(Job.id == row.id, Job.state == RUNNING, Job.worker == row.worker)
            connection.execute(same.values(state=WAITING, worker=""))


def _is_lost(worker: str, started: datetime | None) -> bool:
    host, _colon, rest = worker.rpartition(":")[0].rpartition(":")
    born = worker.rpartition(":")[2]
    if host != socket.gethostname()[:48] or not rest.isdecimal():
        return started is None or _now() - started > ELSEWHERE
    return _born(int(rest)) != born


def _born(process: int) -> str:
    """When a process of this host began, in the kernel's ticks; '' for one that is gone.

    Where the kernel does not tell, a process that is there has no such time.
    """
    try:
        facts = Path(f"/proc/{process}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "" if Path("/proc/self/stat").exists() or not _is_there(process) else "0"
    return "" if facts[0] == "Z" else facts[19]


def _is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _brief(engine: Engine) -> AbstractContextManager[Connection]:
    """A short write. On PostgreSQL it need not queue up behind loads, as rows are locked one by one there."""
    return writing(engine) if engine.dialect.name == "sqlite" else engine.begin()


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
