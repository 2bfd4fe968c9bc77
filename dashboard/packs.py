"""What a committee takes along: the dates of a programme for its calendar."""

from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort
from icalendar import Calendar, Event

from dashboard import frames, programmes
from dashboard.i18n import _
from dashboard.programmes import ProgrammeView, period_name

blueprint = Blueprint("packs", __name__)

BODIES = {"sc": "SC", "tsc": "TSC", "wg": "WG"}


@blueprint.get("/programme/<code>.ics")
def dates(code: str) -> Response:
    """Due days of reports and deliverables, meetings and events, for any calendar program."""
    if code not in {option.value for option in programmes.programme_options()}:
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
