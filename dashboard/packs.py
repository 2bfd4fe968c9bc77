"""What a committee takes along: frozen packs, minutes, the dates of a programme for its calendar.

A pack's file is served from where it was kept when the period was frozen: byte for byte the same for ever.
"""

import base64
import json
import logging
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request
from icalendar import Calendar, Event
from sqlalchemy.exc import DatabaseError

from dashboard import frames, jobs, programmes, roles
from dashboard.i18n import LANGUAGES, _, language
from dashboard.pack_words import refused
from dashboard.programmes import ProgrammeView, period_name
from dashboard.reports import minutes
from dashboard.reports.pack_files import MIMETYPES
from dashboard.reports.pack_forms import FORMS, stem
from dashboard.reports.pack_model import Paper
from store import packs
from store.engine import writing
from store.packs import PackError

log = logging.getLogger("polisee.web")

blueprint = Blueprint("packs", __name__)

BODIES = {"sc": "SC", "tsc": "TSC", "wg": "WG"}


LARGEST = 4 * 1024
"""Bytes of a request that writes."""

YEAR = 31_536_000
PATIENCE = 5
"""Seconds after which to ask again for a file that is being made."""


# --- freezing, adopting ----------------------------------------------------------------------------------------------


@blueprint.post("/freeze/<programme>")
def freeze(programme: str) -> Response:
    """Freeze a period (``{period}``): gives the job that does it, to be asked after at ``/jobs/<job>``."""
    roles.require_facilitator(request)
    period = _body().get("period")
    if programme not in _codes():
        return roles.answer({"error": refused("programme", programme=programme[:40])}, 404)
    if not isinstance(period, int) or isinstance(period, bool) or not 0 < period < 100:
        return roles.answer({"error": refused("period", period=str(period)[:20])}, 400)
    view = programmes.the_programme(programme)
    if period not in view.periods or period > view.closed:
        return roles.answer({"error": refused("period", period=period)}, 400)
    asked = {"programme": programme, "period": period, "role": roles.FACILITATOR, "lang": language()}
    try:
        job = jobs.start("pack", asked)
    except DatabaseError as error:
        return _busy(error)
    log.info("facilitator: freezes period %s of %s", period, programme)
    return roles.answer({"job": job}, 202)


@blueprint.post("/adopt/<programme>")
def adopt(programme: str) -> Response:
    """Note which decision adopts a pack: ``{number, decision}``."""
    roles.require_facilitator(request)
    body = _body()
    number, decision = str(body.get("number", ""))[:16], str(body.get("decision", ""))[:32]
    try:
        with writing(frames.engine()) as connection:
            version = packs.adopt(connection, programme, number, decision, roles.FACILITATOR)
    except PackError as error:
        return roles.answer({"error": refused(error.reason, **error.facts)}, 409 if error.reason == "adopted" else 404)
    except DatabaseError as error:
        return _busy(error)
    frames.at_least(version)
    log.info("facilitator: pack %s of %s is adopted", number, programme)
    return roles.answer({"version": version})


@blueprint.errorhandler(roles.Refused)
def _refused(error: roles.Refused) -> Response:
    return roles.answer({"error": str(error), "role": roles.session(request).role}, error.status)


def _busy(error: DatabaseError) -> Response:
    log.error("a pack could not be written: %s", type(error).__name__)
    return roles.answer({"error": _("The database cannot be written to just now. Try again in a moment.")}, 503)


def _body() -> dict[str, Any]:
    request.max_content_length = LARGEST
    try:
        found = json.loads(request.get_data())
    except (ValueError, RecursionError):
        found = None
    return found if isinstance(found, dict) else {}


def _codes() -> set[str]:
    return {option.value for option in programmes.programme_options()}


# --- files -----------------------------------------------------------------------------------------------------------


@blueprint.get("/pack/<programme>/<number>/<lang>.<form>")
def pack_file(programme: str, number: str, lang: str, form: str) -> Response:
    """A pack in a language and form, as it was kept when it was frozen."""
    if lang not in LANGUAGES or form not in FORMS:
        abort(404)
    with frames.engine().connect() as connection:
        row = packs.find(connection, programme, number)
        if row is None:
            abort(404)
        found = packs.file(connection, row["id"], lang, form)
    if found is None:
        words = _("This file is being made. Try again in a moment.")
        waiting = Response(words, status=503, content_type="text/plain; charset=utf-8")
        waiting.headers["Retry-After"] = str(PATIENCE)
        waiting.headers["Cache-Control"] = "no-store"
        return waiting
    content, checksum = found
    response = Response(content, content_type=MIMETYPES[form])
    view = programmes.the_programme(programme)
    name = stem(programme, number, lang, view.is_demonstration)
    response.headers["Content-Disposition"] = f'{"inline" if form == "pdf" else "attachment"}; filename="{name}.{form}"'
    response.headers["Content-Language"] = lang
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable, no-transform"
    response.headers["Digest"] = f"sha-256={_base64(checksum)}"
    response.set_etag(checksum)
    response.make_conditional(request)
    return response


def _base64(checksum: str) -> str:
    return base64.b64encode(bytes.fromhex(checksum)).decode()


PAPERS = {"minutes": minutes.of_meeting, "decision": minutes.of_decision}


@blueprint.get("/programme/<code>/<any(minutes, decision):kind>/<name>.<form>")
def paper(code: str, kind: str, name: str, form: str) -> Response:
    """Minutes of a meeting, or the sheet of a decision, as DOCX or PDF."""
    if code not in _codes() or form not in ("docx", "pdf"):
        abort(404)
    view = programmes.the_programme(code)
    found = PAPERS[kind](view, name)
    if found is None:
        abort(404)
    response = Response(_written(found, form), content_type=MIMETYPES[form])
    response.headers["Content-Disposition"] = (
        f'{"inline" if form == "pdf" else "attachment"}; filename="{found.stem}.{form}"'
    )
    response.headers["Content-Language"] = language()
    response.headers["Vary"] = "Cookie, Accept-Language"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _written(found: Paper, form: str) -> bytes:
    if form == "pdf":
        from dashboard.reports.pack_pdf import as_pdf

        return as_pdf(found)
    from dashboard.reports.pack_docx import as_docx  # its library is slow to import

    return as_docx(found)


# --- the calendar ----------------------------------------------------------------------------------------------------


@blueprint.get("/programme/<code>.ics")
def dates(code: str) -> Response:
    """Due days of reports and deliverables, meetings and events, for any calendar program."""
    if code not in _codes():
        abort(404)
    view = programmes.the_programme(code)
    demo = "DEMO-" if view.is_demonstration else ""
    response = Response(calendar(view), content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="polisee-{demo}{code}.ics"'
    return response


def calendar(view: ProgrammeView) -> bytes:
    """All days of a programme as an iCalendar file (RFC 5545)."""
    book = Calendar()
    book.add("prodid", "-//PoliSEE//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", view.title)
    label = _("DEMO: ") if view.is_demonstration else ""
    stamp = datetime(view.today.year, view.today.month, view.today.day)  # noqa: DTZ001 - the same file each time
    for key, first, last, words in _days(view):
        entry = Event()
        entry.add("uid", f"{key}@{view.code}.polisee")
        entry.add("dtstamp", stamp)
        entry.add("dtstart", first)
        entry.add("dtend", last + timedelta(days=1))
        entry.add("summary", f"{label}{words}")
        book.add_component(entry)
    content: bytes = book.to_ical()
    return content


def _days(view: ProgrammeView) -> list[tuple[str, date, date, str]]:
    """Key, first and last day, words; in the order of the days."""
    found: list[tuple[str, date, date, str]] = []

    def add(key: str, first: Any, last: Any, words: str) -> None:
        if first is not None and first == first:
            found.append((key, first, last if last is not None and last == last else first, words))

    for row in frames.records(frames.programme_part("periods", view.code)):
        name = period_name(int(row["number"]))
        add(
            f"report-{row['number']}", row["report_due"], None, _("Partner reports on {period} due").format(period=name)
        )
        add(f"control-{row['number']}", row["control_due"], None, _("Control of {period} due").format(period=name))
    for row in frames.records(programmes.deliverables(view.code)):
        if not row["is_delivered"]:
            day = (
                row["new_date"] if row["new_date"] is not None and row["new_date"] == row["new_date"] else row["due_on"]
            )
            add(f"deliverable-{row['code']}", day, None, f"{row['code']} {row['title']}")
    for row in frames.records(frames.programme_part("meetings", view.code)):
        add(f"meeting-{row['code']}", row["held_on"], None, f"{BODIES[row['body']]}: {row['title']}")
    for row in frames.records(frames.programme_part("events", view.code)):
        add(f"event-{row['code']}", row["start"], row["end"], row["title"])
    return sorted(found, key=lambda one: (one[1], one[0]))
