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
from dashboard import frames, jobs, programmes, roles, trust
from dashboard.components.table import inert
from dashboard.i18n import _, language, ngettext, number
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
        raise Refused(400, _("The file is empty."))
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
        raise Refused(400, _("Unpacked, the file would be far too large."))


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
    reason, message = str(result.get("reason") or ""), str(result.get("message") or "")
    remedy = trust.remedy_in_words(reason, message)
    words = trust.reason_in_words(reason)
    return message if remedy == message else f"{words[:1].upper()}{words[1:]}. {remedy}"


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
    reason, line, said = str(problem["reason"]), problem.get("line"), str(problem.get("remedy") or "")
    remedy = trust.remedy_in_words(reason, said)
    return {
        "sheet": sheet,
        "row": "" if line is None else str(line),
        "column": column,
        "value": str(problem.get("value") or ""),
        "reason": trust.reason_in_words(reason),
        "remedy": remedy,
        "detail": "" if remedy == said else said,
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
        out.writerow([inert(cell) for cell in [*cells, " – ".join(filter(None, (told["remedy"], told["detail"])))]])
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
