"""Does the jobs of kind ``import`` that wait, then ends: loads what was uploaded, writes what is to be downloaded.

    python -m etl.work

The pages ask for such jobs and start this program (``dashboard.jobs``). Arguments of a job: ``action`` (``load``,
``check``, ``template``, ``partner-report`` or ``export``) and what it needs. Its result says what came of it in numbers
and refused rows; sentences for the reader are made by the page.
"""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from config import settings
from etl.pipeline import Outcome
from store import jobs
from store.engine import make_engine

log = logging.getLogger("polisee.etl")

KIND = "import"
SHOWN = 1000
"""Refused rows that a result tells of; all are in the quarantine."""


def main() -> None:
    """Do what waits."""
    logging.basicConfig(level=settings().log_level)
    engine = make_engine(settings().database_url)
    try:
        while (job := jobs.claim(engine, (KIND,), jobs.me())) is not None:
            do(engine, job)
    finally:
        engine.dispose()


def do(engine: Engine, job: jobs.JobRow) -> None:
    """Do one job and close it, whatever comes."""
    said = job.arguments
    try:
        result = _load(engine, job) if said["action"] in ("load", "check") else _write(engine, said)
    except Exception as error:
        log.exception("job %s failed", job.id)
        jobs.end(engine, job.id, jobs.FAILED, f"{type(error).__name__}: {error}"[:500])
        return
    state = jobs.FAILED if result.get("state") == "failed" else jobs.DONE
    jobs.end(engine, job.id, state, str(result.get("message", "")), result)


def _load(engine: Engine, job: jobs.JobRow) -> dict[str, Any]:
    from etl.programmes import Layout, load_programme_file

    said = job.arguments
    path, check = uploads() / Path(str(said["stored"])).name, said["action"] == "check"
    if not path.is_file():
        return {"state": "failed", "reason": "no-file", "message": "The uploaded file is no longer there."}
    last = [0]

    def progress(done: int, total: int) -> None:
        # Telling is a write of its own; a hundred are enough.
        if total and done * 100 // total != last[0]:
            last[0] = done * 100 // total
            jobs.step(engine, job.id, last[0], 100)

    layout = None
    if said.get("layout"):
        named = "" if said["layout"] == "auto" else str(said["layout"])
        layout = Layout(
            named, str(said.get("programme", "")), str(said.get("project", "")), dict(said.get("fill") or {})
        )
    try:
        done = load_programme_file(
            engine, path, name=str(said["name"]), check=check, layout=layout, force=True, progress=progress
        )
    finally:
        path.unlink(missing_ok=True)
    if done.state == "done" and not check:
        _derive(engine)
    return _told(engine, done, check)


def _derive(engine: Engine) -> None:
    """Compute the results that rest on what was loaded; what fails is told by the next load or start."""
    from etl.derive import run_jobs

    for one in run_jobs(engine):
        if one.state == "failed":
            log.warning("%s %s was not computed: %s", one.name, one.subject, one.message)


def _told(engine: Engine, done: Outcome, check: bool) -> dict[str, Any]:
    from store.ledger import quarantine

    if check or done.load_id is None:
        rows = [vars(problem) for problem in done.problems]
    else:
        with engine.connect() as connection:
            frame = quarantine(connection, done.load_id)
        frame = frame.astype(object).where(frame.notna(), None)
        rows = frame[["reason", "remedy", "line", "column", "value"]].to_dict("records")
    return {
        "state": done.state,
        "reason": done.reason,
        "message": done.message,
        "file": done.file_name,
        "programme": done.subject,
        "check": check,
        "load": done.load_id,
        "counts": done.counts,
        "left_out": done.left_out,
        "refused": len(rows),
        "problems": rows[:SHOWN],
    }


def _write(engine: Engine, said: Mapping[str, Any]) -> dict[str, Any]:
    """Write a template or an export into the folder of uploads; the name of the file."""
    from etl import programme_export as export

    uploads().mkdir(parents=True, exist_ok=True)
    path = uploads() / Path(str(said["stored"])).name
    lang = "hu" if said.get("lang") == "hu" else "en"
    try:
        with engine.connect() as connection:
            if said["action"] == "template":
                export.write_template(connection, path, lang)
            elif said["action"] == "partner-report":
                one = (str(said["programme"]), str(said["partner"]), int(said["period"]))
                export.write_partner_report(connection, path, *one, lang)
            else:
                export.export_programme(connection, str(said["programme"]), path, lang)
    except export.CannotExport as error:
        return {"state": "failed", "reason": "cannot-export", "message": str(error)}
    return {"state": "done", "stored": path.name, "file": str(said["name"])}


def uploads() -> Path:
    """Where uploaded files wait and written ones lie."""
    return settings().uploads_dir


if __name__ == "__main__":
    main()
