"""Files that come in over the web, and workbooks that go out: taken and looked at here, read by a process beside us.

Only facilitators upload, from a page of ours. A file is bounded, must be what its name says, and lies under a name of
ours in the folder of uploads until the worker (``etl.work``) has loaded or checked it. What became of it is shown with
every refused row; nothing of it is kept besides.
"""

import csv
import io
import re
import secrets
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, Response, request, send_file
from werkzeug.exceptions import RequestEntityTooLarge

from config import settings
from dashboard import frames, jobs, programmes, roles
from dashboard.components.table import inert
from dashboard.i18n import N_, _, language, ngettext, number
from dashboard.reports import html
from dashboard.roles import Refused, answer, private, require_facilitator
from store import jobs as stored_jobs

blueprint = Blueprint("uploads", __name__)

LARGEST = 40 * 1024 * 1024
"""Bytes of an upload."""

UNPACKED, RATIO, PARTS = 300 * 1024 * 1024, 200, 1000
"""What a workbook may become when it is unpacked; the reader looks again, and more closely."""

ENDINGS = (".xlsx", ".yaml", ".yml", ".csv")
KIND = "import"
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,47}")

EMPTY, BOMB = N_("The file is empty."), N_("Unpacked, the file would be far too large.")

REASONS: Mapping[str, str] = {
    "ambiguous-date": N_("The day can be read in two ways."),
    "ambiguous-number": N_("The number can be read in two ways: write digits and one decimal point."),
    "bad-map": N_("The column map is not built as it should be."),
    "bad-yaml": N_("The YAML cannot be read at this place."),
    "cannot-export": N_("This cannot be written."),
    "certified-above-declared": N_("More was certified than declared."),
    "damaged": N_("The file is damaged: open it in a spreadsheet and save it as XLSX again."),
    "date-as-text": N_("A date stands where a text belongs."),
    "duplicate-column": N_("A column stands twice: delete one."),
    "duplicate-row": N_("The same row stands above: keep one."),
    "empty-cell": N_("Something is needed here: fill it in."),
    "empty-file": EMPTY,
    "encrypted": N_("The file is protected by a password: remove it."),
    "entity": N_("The file declares things that no spreadsheet writes."),
    "error-value": N_("The formula gives an error: type the figure, or leave the cell empty."),
    "external-link": N_("The workbook has links to other workbooks: break them."),
    "falling-output": N_("A cumulative value falls: correct it, or say in the comment why."),
    "formula": N_("The cell holds a formula: paste its result as a value."),
    "formula-injection": N_("The cell holds a formula or text that could run something: type plain text or a figure."),
    "fraction-of-cent": N_("The amount has fractions of a cent: round it."),
    "layout-lacks": N_("The layout does not have this: what is stored stays."),
    "macro": N_("The workbook carries macros: save it as XLSX without them."),
    "missing-column": N_("A column is missing: keep the heads of the form."),
    "missing-sheet": N_("A sheet is missing: use a fresh template."),
    "mixed-currencies": N_("The amount is in another currency and has no rate."),
    "negative-value": N_("The amount is negative."),
    "no-file": N_("The file is no longer there: upload it again."),
    "no-rows": N_("The file holds no rows."),
    "not-a-date": N_("This is no day: write it as 2026-03-31."),
    "not-a-list": N_("The list is not written as it should be."),
    "not-a-member": N_("The partner is not in the programme in this period."),
    "not-a-number": N_("This is no number."),
    "not-finite": N_("This is no number."),
    "not-in-list": N_("The word is not one of those that the column takes."),
    "not-utf8": N_("Save the file as UTF-8."),
    "old-or-encrypted": N_("The file is protected, or in the old XLS format: save it as XLSX."),
    "outside-limits": N_("The number lies outside what is possible."),
    "outside-update": N_("This belongs to another partner, period or pilot than the file is for."),
    "too-big": N_("The file is too large."),
    "too-long": N_("The text is too long."),
    "too-many-rows": N_("The sheet has too many rows."),
    "unknown-column": N_("The form has no such column or sheet; it was not read."),
    "unknown-field": N_("The form has no such field; it was not read."),
    "unknown-format": N_("The format is not known: give XLSX, YAML or CSV."),
    "unknown-layout": N_("The layout is not known: choose which one it is."),
    "unknown-programme": N_("There is no such programme yet: load it as a whole first."),
    "unknown-reference": N_("This names something that the programme does not have."),
    "unknown-region": N_("This is no code of a region or country that is known."),
    "verified-above-certified": N_("More was verified than certified."),
    "which-project": N_("The file holds several projects: say which one."),
    "wrong-order": N_("The end lies before the beginning."),
    "zip-bomb": BOMB,
}
"""What is wrong, by the reason that the reader gives; its own sentence says it in particular."""


@blueprint.errorhandler(Refused)
def _refused(error: Refused) -> Response:
    return answer({"error": str(error)}, error.status)


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(_error: RequestEntityTooLarge) -> Response:
    words = _("This is too large: at most {n} megabytes can be uploaded.").format(n=LARGEST // 2**20)
    return answer({"error": words}, 413)


@blueprint.before_request
def _bound() -> None:
    request.max_content_length = LARGEST


@blueprint.post("/upload")
def upload() -> Response:
    """Take a file and ask for it to be loaded, or only checked; gives the number of the job."""
    require_facilitator(request)
    given = request.files.get("file")
    if given is None or not given.filename:
        raise Refused(400, _("Choose a file first."))
    name = re.sub(r"[^\w .()+-]", "_", Path(given.filename.replace("\\", "/")).name)[-120:]
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise Refused(400, _("Upload an XLSX, YAML or CSV file."))
    said = {key: request.form.get(key, "").strip() for key in ("layout", "programme", "project", "work_package")}
    if any(value and not CODE.fullmatch(value) for key, value in said.items() if key != "project"):
        raise Refused(400, _("A code has letters, digits, hyphens, dots and underscores only."))
    if ending == ".csv" and not said["layout"]:
        raise Refused(400, _("A CSV needs its layout: choose which one it is, and the programme it goes into."))
    _look_into(given.stream, ending)
    folder = settings().uploads_dir
    folder.mkdir(parents=True, exist_ok=True)
    stored = f"{secrets.token_hex(12)}{ending}"
    given.save(folder / stored)
    arguments: dict[str, Any] = {
        "action": "check" if request.form.get("check") else "load",
        **{"stored": stored, "name": name, "layout": said["layout"], "programme": said["programme"]},
        **{"project": said["project"][:80], "lang": language()},
        "fill": {"work_package": said["work_package"]} if said["work_package"] else {},
    }
    return answer({"job": jobs.start(KIND, arguments)})


def _look_into(stream: IO[bytes], ending: str) -> None:
    """Whether a file is what its name says, and harmless to open."""
    head = stream.read(4096)
    if not head:
        raise Refused(400, _(EMPTY))
    if ending == ".xlsx":
        _look_into_book(stream)
    elif b"\0" in head or head.startswith((b"PK\x03\x04", b"%PDF", b"\xd0\xcf\x11\xe0")):
        raise Refused(400, _("This file is not what its name says: it is no text."))
    stream.seek(0)


def _look_into_book(stream: IO[bytes]) -> None:
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise Refused(400, _("This file is not what its name says: it is no workbook.")) from error
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused(400, _("This file is not what its name says: it is no workbook."))
    grown = [part for part in parts if part.file_size > 2**22 and part.file_size > RATIO * max(part.compress_size, 1)]
    if sum(part.file_size for part in parts) > UNPACKED or grown or len(parts) > PARTS:
        raise Refused(400, _(BOMB))


@blueprint.post("/upload/file")
def ask_for_file() -> Response:
    """Ask for a template or an export to be written; gives the number of the job."""
    require_facilitator(request)
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict) or body.get("what") not in ("template", "export", "partner-report"):
        raise Refused(400, _("This request cannot be read."))
    what, programme = str(body["what"]), str(body.get("programme") or "")
    known = {option.value for option in programmes.programme_options()}
    if what != "template" and programme not in known:
        raise Refused(400, _("Choose a programme first."))
    demo = "DEMO-" if what != "template" and programmes.the_programme(programme).is_demonstration else ""
    names = {"template": "programme-template", "export": f"{demo}{programme}"}
    arguments: dict[str, Any] = {"action": what, "programme": programme, "lang": language()}
    if what == "partner-report":
        partner, period = str(body.get("partner") or ""), str(body.get("period") or "")
        if partner not in programmes.partner_names(programme) or not period.isdecimal() or len(period) > 2:
            raise Refused(400, _("Choose a partner and a period first."))
        arguments |= {"partner": partner, "period": int(period)}
        names[what] = f"{demo}{programme}-{partner}-{period}"
    name = f"polisee-{names[what]}.xlsx"
    _forget_written()
    job = jobs.start(KIND, arguments | {"name": name, "stored": f"{secrets.token_hex(12)}.xlsx"})
    return answer({"job": job})


KEPT = 3600
"""Seconds for which a written workbook can be fetched."""


def _forget_written() -> None:
    """Take away files that nobody fetched, and uploads whose worker never came."""
    import time

    folder = settings().uploads_dir
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_file() and time.time() - path.stat().st_mtime > 24 * KEPT:
            path.unlink(missing_ok=True)


def _job(identity: int) -> stored_jobs.JobRow:
    """A job of ours that has ended, for who may see it."""
    if not roles.session(request).may_edit:
        raise Refused(403, _("Only facilitators can change this. Sign in first."))
    with frames.engine().connect() as connection:
        found = stored_jobs.read(connection, identity) if identity < 2**31 else None
    if found is None or found.kind != KIND or not found.has_ended:
        raise Refused(404, _("There is no such job."))
    return found


@blueprint.get("/upload/<int:identity>")
def outcome(identity: int) -> Response:
    """What became of an upload, as a part of the page."""
    job = _job(identity)
    result = job.result if isinstance(job.result, dict) else {"state": "failed", "message": job.message}
    text = html.draw("upload_result.html", "/upload", {}, **_told(job.id, result))
    return private(Response(text, content_type="text/html; charset=utf-8"))


def _told(identity: int, result: Mapping[str, Any]) -> dict[str, Any]:
    code, counts = str(result.get("programme") or ""), result.get("counts") or {}
    failed = result.get("state") == "failed"
    file = str(result.get("file") or _("The file"))
    if failed:
        title = _("{file} was not loaded: nothing was changed.").format(file=file)
    elif result.get("check"):
        title = _("{file} was only checked: nothing was written.").format(file=file)
    else:
        title = _("{file} was loaded.").format(file=file)
    names = {
        "read": _("Rows read"),
        "new": _("New"),
        "changed": _("Changed"),
        "unchanged": _("Unchanged"),
        "rejected": _("Refused"),
    }
    problems = [_line(one) for one in result.get("problems") or []]
    pages = (
        ("/pilots", _("Pilots")),
        ("/workplan", _("Work plan")),
        ("/money", _("Money")),
        ("/decisions", _("Decisions")),
    )
    known = {option.value for option in programmes.programme_options()}
    return {
        "title": title,
        "failed": failed,
        "why": _why(result) if failed else "",
        "counts": [(words, number(counts[name])) for name, words in names.items() if name in counts],
        "left_out": [_left_out(kind, one) for kind, one in (result.get("left_out") or {}).items()],
        "problems": problems,
        "more": max(0, int(result.get("refused") or 0) - len(problems)),
        "csv": frames.href(f"/upload/{identity}.csv"),
        "pages": [(frames.href(f"{path}?programme={code}"), name) for path, name in pages]
        if code in known and not failed
        else [],
        "n": number(int(result.get("refused") or 0)),
    }


def _why(result: Mapping[str, Any]) -> str:
    reason = REASONS.get(str(result.get("reason") or ""))
    return _(reason) if reason and language() != "en" else str(result.get("message") or "")


def _left_out(kind: str, left: Mapping[str, int]) -> str:
    words = ngettext(
        "{n} row of {table} with {amount} in all was left out; no total includes it.",
        "{n} rows of {table} with {amount} in all were left out; no total includes them.",
        left["rows"],
    ).format(n=number(left["rows"]), table=kind, amount=programmes.money(left["cents"], 2))
    if left.get("unread"):
        words += " " + ngettext(
            "The amount of {n} of them cannot be read.", "The amounts of {n} of them cannot be read.", left["unread"]
        ).format(n=number(left["unread"]))
    return words


def _line(problem: Mapping[str, Any]) -> dict[str, str]:
    """A refused row in words: where, what, why, and what would be right."""
    sheet, _colon, column = str(problem.get("column") or "").partition(": ")
    reason = REASONS.get(str(problem["reason"]), "")
    line = problem.get("line")
    return {
        "sheet": sheet,
        "row": "" if line is None else str(line),
        "column": column,
        "value": str(problem.get("value") or ""),
        "reason": _(reason) if reason else str(problem["reason"]),
        "remedy": str(problem.get("remedy") or ""),
    }


@blueprint.get("/upload/<int:identity>.csv")
def refused_rows(identity: int) -> Response:
    """The refused rows of an upload as CSV; texts that a spreadsheet could run are made harmless."""
    job = _job(identity)
    result = job.result if isinstance(job.result, dict) else {}
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\n")
    heads = [_("File"), _("Sheet"), _("Row"), _("Column"), _("Value"), _("Why"), _("What would be right")]
    out.writerow(heads)
    for problem in result.get("problems") or []:
        told = _line(problem)
        cells = [str(result.get("file") or ""), *(told[name] for name in ("sheet", "row", "column", "value", "reason"))]
        out.writerow([inert(cell) for cell in [*cells, told["remedy"]]])
    response = Response(text.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="polisee-refused-{identity}.csv"'
    return private(response)


@blueprint.get("/upload/<int:identity>/file")
def written(identity: int) -> Response:
    """A workbook that was asked for."""
    job = _job(identity)
    result = job.result if isinstance(job.result, dict) else {}
    path = settings().uploads_dir / Path(str(result.get("stored") or "none")).name
    if not path.is_file():
        raise Refused(404, _("The file is no longer there; ask for it again."))
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return private(send_file(path, kind, as_attachment=True, download_name=str(result.get("file") or path.name)))
