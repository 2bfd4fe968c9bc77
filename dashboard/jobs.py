"""Long work that a page asks for: a row in the database, a process beside the server, and how far it is."""

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from config import ROOT, settings
from dashboard import frames, roles
from dashboard.i18n import _
from store import jobs
from store.engine import writing

log = logging.getLogger("polisee.web")
blueprint = Blueprint("jobs", __name__)

WORKERS: Mapping[str, str] = {"pack": "dashboard.work", "import": "etl.work"}
"""Which program does jobs of a kind: it does all that wait, then ends."""


def start(kind: str, arguments: Mapping[str, Any]) -> int:
    """Ask for a job and start who does it; gives the job's number.

    Args:
        kind: one of ``WORKERS``.
        arguments: what the worker has to know, in values that JSON knows.
    """
    with writing(frames.engine()) as connection:
        number = jobs.ask(connection, kind, arguments)
    begin(kind)
    return number


def begin(kind: str) -> None:
    """Start the program that does jobs of this kind, in a session of its own: it outlives this server."""
    command = [sys.executable, "-m", WORKERS[kind]]
    known = {**os.environ, "POLISEE_DATABASE_URL": settings().database_url}
    process = subprocess.Popen(command, cwd=ROOT, env=known, stdin=subprocess.DEVNULL, start_new_session=True)
    log.info("work of kind %s was given to process %s", kind, process.pid)
    # Somebody has to take note of its end, or it would stay in the table of processes.
    threading.Thread(target=process.wait, daemon=True).start()


@blueprint.get("/jobs/<int:number>")
def state(number: int) -> Response:
    """How far a job is: ``{state, done, total, message, result}``; for those who may ask for one."""
    if not roles.session(request).may_edit:
        return roles.answer({"error": _("Only facilitators can change this. Sign in first.")}, 403)
    with frames.engine().connect() as connection:
        found = jobs.read(connection, number) if number < 2**31 else None
    if found is None:
        return roles.answer({"error": _("There is no such job.")}, 404)
    told = ("state", "done", "total", "message", "result")
    return roles.answer({name: getattr(found, name) for name in told})
