"""Open a file of unknown make: its format is recognised by what it holds, not by its name."""

import hashlib
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import open_bytes, read_head, read_safely, shorten
from etl.sources.eurostat_csv import is_sdmx_csv, read_eurostat_csv
from etl.sources.eurostat_tsv import is_eurostat_tsv, read_eurostat_tsv
from etl.sources.jsonstat import is_jsonstat, read_jsonstat
from etl.sources.starter import is_starter, read_starter

PARTS = "polisee-parts"
"""Key that marks the list of parts of a split query."""

Reader = Callable[[Path, str], Extract]
TAG = re.compile(r"<[^>]+>")
MESSAGES = re.compile(
    r"<(?:[\w.-]+:)?(?:faultstring|Text|ErrorMessage)\b[^>]*>(.*?)</(?:[\w.-]+:)?(?:faultstring|Text|ErrorMessage)>",
    re.DOTALL,
)
CODES = re.compile(
    r"<(?:[\w.-]+:)?faultcode[^>]*>\s*(?:[\w.-]+:)?(\w+)\s*<|<(?:[\w.-]+:)?(?:Error)?Message\s[^>]*code=\"(\w+)\""
)
TITLE = re.compile(r"<title[^>]*>(.*?)</title>|<h1[^>]*>(.*?)</h1>", re.DOTALL | re.IGNORECASE)


def open_extract(path: Path, *, name: str = "") -> Extract:
    """The extract in a file, ready to be read chunk by chunk.

    Recognised: SDMX-CSV 1.0 and 2.0 with or without labels, bulk TSV old and new, JSON-stat 2.0, our own tidy CSV
    (starter files), each plain, gzipped or alone in a ZIP, and the list of parts that a split live query leaves.

    Args:
        path: the file.
        name: the name shown to people and read for the dataset code where the file does not say it (TSV);
            the file's own name when empty.

    Raises:
        SourceError: with one of the reasons ``no-file``, ``empty-file``, ``no-rows``, ``maintenance-page``,
            ``service-fault``, ``service-error``, ``asynchronous``, ``too-big``, ``truncated``, ``not-utf8``,
            ``unknown-format``, ``missing-column``, ``unsupported-action``. A file cut short further down than its first
            block raises ``truncated`` while its chunks are read, so a load must only commit after the last chunk.
    """
    shown = name or path.name
    head = _head(path, shown)
    problem = refusal(head)
    if problem:
        raise SourceError(problem, shown)
    reader = _reader(head, path, shown)
    if reader is None:
        remedy = (
            "The format is not known. Give SDMX-CSV, Eurostat TSV, JSON-stat 2.0 or a CSV with the header "
            "indicator,region,period,value,flags,dataset."
        )
        raise SourceError(Problem("unknown-format", remedy, 1, "", shorten(_first_line(head))), shown)
    return reader(path, shown)


def refusal(head: bytes) -> Problem | None:
    """What a service says instead of figures, when the beginning of its reply is no figures.

    Reasons: ``empty-file``, ``maintenance-page`` (HTML), ``asynchronous`` (come back later; the value is the number of
    the job or the address to ask, empty when the same query is to be asked again), ``too-big``, ``no-rows``,
    ``service-fault`` (SOAP or SDMX message), ``service-error`` (JSON).
    """
    text = head.decode("utf-8-sig", errors="replace").lstrip()
    if not text:
        return Problem("empty-file", "The file is empty; download it again.")
    if re.match(r"(?i)(<!--.*?-->\s*)?<(!doctype html|html)\b", text, re.DOTALL):
        found = TITLE.search(text)
        title = _plain("".join(part or "" for part in found.groups())) if found else ""
        said = f' ("{shorten(title)}")' if title else ""
        return Problem(
            "maintenance-page", f"This is a web page{said}, not figures; the service may be under maintenance."
        )
    if text.startswith("<"):
        return _xml_refusal(text)
    if text.startswith("{"):
        return _json_refusal(head)
    return None


def _xml_refusal(text: str) -> Problem | None:
    job = re.search(r"<queued>.*?<id>\s*([\w-]+)\s*</id>", text, re.DOTALL)
    if job:
        return Problem(
            "asynchronous", "The service prepares the figures and asks to come back later.", value=job.group(1)
        )
    said = [_plain(message) for message in MESSAGES.findall(text)]
    code = next(("".join(groups) for groups in CODES.findall(text)), "")
    message = " ".join(dict.fromkeys(said))
    if not message and not code:
        return Problem("unknown-format", "This is XML; ask for SDMX-CSV, TSV or JSON-stat instead.")
    address = re.search(r"https?://[^\s<]+", message)
    if code == "413" and address:
        remedy = "The service prepares the figures and asks to come back later."
        return Problem("asynchronous", remedy, value=address.group(0).rstrip("."))
    return _said(code, message, "service-fault")


def _json_refusal(head: bytes) -> Problem | None:
    try:
        document = orjson.loads(head.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        # Longer than the beginning we hold, so no short message of refusal, or damaged: its reader will say.
        return None
    warning = document.get("warning")
    if warning:
        first = warning[0] if isinstance(warning, list) else warning
        label = str(first.get("label", "")) if isinstance(first, dict) else str(first)
        status = str(first.get("status", "")) if isinstance(first, dict) else ""
        if status == "413" or "ASYNCHRONOUS" in label.upper():
            return Problem("asynchronous", "The service prepares the figures and asks to come back later.")
        if not is_jsonstat(document):
            return _said(status, label, "service-error")
    errors = document.get("error") or document.get("errors")
    if errors:
        first = errors[0] if isinstance(errors, list) else errors
        if isinstance(first, dict):
            label = first.get("label") or first.get("message") or first.get("detail") or first.get("title") or ""
            return _said(str(first.get("status") or first.get("code") or ""), str(label), "service-error")
        return _said("", str(first), "service-error")
    return None


def _said(code: str, message: str, reason: str) -> Problem:
    upper = message.upper()
    if "EXTRACTION_TOO_BIG" in upper:
        reason = "too-big"
    elif "NO_RESULTS" in upper or "NO_RECORDS_FOUND" in upper:
        reason = "no-rows"
    elif "ASYNCHRONOUS_RESPONSE" in upper:
        return Problem("asynchronous", "The service prepares the figures and asks to come back later.")
    number = f" (code {code})" if code else ""
    return Problem(reason, f"The service answered{number}: {message or 'no explanation'}".rstrip(".") + ".", value=code)


def _plain(text: str) -> str:
    return " ".join(html.unescape(TAG.sub(" ", text)).split())


def _head(path: Path, shown: str) -> bytes:
    try:
        return read_head(path)
    except SourceError as error:
        raise SourceError(error.problem, shown) from error


def _first_line(head: bytes) -> str:
    return head.decode("utf-8-sig", errors="replace").split("\n", maxsplit=1)[0].rstrip("\r")


def _reader(head: bytes, path: Path, shown: str) -> Reader | None:
    line = _first_line(head)
    if is_sdmx_csv(line):
        return read_eurostat_csv
    if is_starter(line):
        return read_starter
    if is_eurostat_tsv(line):
        return read_eurostat_tsv
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
        if head.lstrip().startswith(b'{"' + PARTS.encode() + b'"'):
            return read_parts
        if b'"dimension"' in head or b'"class"' in head or b'"version"' in head:
            return read_jsonstat
    return None


def write_parts(path: Path, parts: list[Path], query: str) -> None:
    """Write the list of the files that together answer one query, with their checksums."""
    names = [{"file": part.name, "sha256": checksum(part)} for part in parts]
    path.write_bytes(orjson.dumps({PARTS: names, "query": query}))


def checksum(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_parts(path: Path, name: str = "") -> Extract:
    """The answers to the parts of a split query as one extract. Lines run on from part to part.

    Raises:
        SourceError: ``truncated`` when a part is missing or was changed, ``mixed-parts`` when the parts are not of one
            dataset and edition, and what ``open_extract`` raises.
    """
    shown = name or path.name
    stream, raw = open_bytes(path)
    with raw, stream:
        listed = orjson.loads(read_safely(stream, -1, shown))
    extracts: list[Extract] = []
    for item in listed[PARTS]:
        part = path.parent / Path(item["file"]).name
        if not part.is_file() or checksum(part) != item["sha256"]:
            remedy = f"The part {part.name} is missing or was changed; load the query again."
            raise SourceError(Problem("truncated", remedy), shown)
        extracts.append(open_extract(part))
    first = extracts[0]
    if any((part.dataset, part.dims, part.vintage) != (first.dataset, first.dims, first.vintage) for part in extracts):
        remedy = "The dataset was updated while its parts were fetched; load it again."
        raise SourceError(Problem("mixed-parts", remedy), shown)
    joined = replace(
        first,
        file_name=shown,
        path=path,
        query=str(listed.get("query", "")),
        problems=[],
        size_hint=sum(part.size_hint for part in extracts),
        consumed=0,
    )
    joined.chunks = _joined(joined, extracts)
    return joined


def _joined(joined: Extract, parts: list[Extract]) -> Iterator[pa.Table]:
    behind = 0
    offset = 0
    for part in parts:
        last = offset
        for chunk in part.chunks:
            place = chunk.schema.get_field_index("line")
            lines = pc.add(chunk.column("line"), offset)
            last = max(last, pc.max(lines).as_py() or 0)
            last = max(last, _take_problems(joined, part, offset))
            joined.consumed = behind + part.consumed
            yield chunk.set_column(place, "line", lines)
        offset = max(last, _take_problems(joined, part, offset))
        behind += part.size_hint
        joined.consumed = behind


def _take_problems(joined: Extract, part: Extract, offset: int) -> int:
    """Move a part's problems over, with their lines in the whole; the last of these lines."""
    moved = [
        replace(problem, line=None if problem.line is None else problem.line + offset) for problem in part.problems
    ]
    joined.problems.extend(moved)
    part.problems.clear()
    return max((problem.line or 0 for problem in moved), default=0)
