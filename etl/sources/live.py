"""Ask live services for files: Eurostat's dissemination API and, through ``fetch``, any other (GISCO).

One request at a time, as the publisher asks. What arrives is kept as it came, compressed where the service compressed
it, in a raw cache with a record beside each file; an older copy is only replaced by a reply that was read to its end
and holds no refusal.
"""

import hashlib
import os
import re
import tempfile
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import IO, Literal

import httpx
import orjson

from config.settings import settings
from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import read_head, shorten
from etl.sources.detect import checksum, open_extract, refusal, write_parts

Progress = Callable[[int, int], None]
"""Called with the bytes received so far and the bytes expected (0 when the service does not say)."""

Flavour = Literal["sdmx-3.0", "sdmx-2.1", "statistics"]
"""Which of Eurostat's interfaces answers: SDMX-CSV 2.0, SDMX-CSV 1.0 or JSON-stat 2.0."""

Check = Callable[[Path, str], object]
"""Opens a finished download under the name it will have; raises SourceError when it is not what was asked for."""

EUROSTAT_LICENCE = "CC BY 4.0, © European Union, Eurostat"
HEADERS = {"User-Agent": "PoliSEE/0.1 (policy monitor; httpx)", "Accept-Encoding": "gzip"}
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that may be another one a little later."""
FIRST_WAIT = 1.0
LONGEST_WAIT = 60.0
HEAD = 1 << 16
"""Bytes of a reply that are looked at for a refusal."""
POLLS = 12
"""How often a prepared answer is asked for before the query is split or given up."""
SLOWEST = 1024
"""Bytes that must arrive within one time-out; a body that only drips counts as stalled."""

_turn = threading.RLock()
pause: Callable[[float], None] = time.sleep


class OfflineError(Exception):
    """The service cannot be reached at all; its text is one sentence for people. Nothing stored was touched."""


class _TooBig(Exception):
    """The service wants a smaller query."""

    def __init__(self, error: SourceError) -> None:
        super().__init__(str(error))
        self.error = error


class _Again(Exception):
    """This try failed, the next may not; ``after`` is the wait the service asked for, in seconds."""

    def __init__(self, problem: Problem, after: float | None = None) -> None:
        super().__init__(problem.remedy)
        self.problem = problem
        self.after = after


@dataclass(frozen=True)
class _Target:
    """A file in the raw cache. Its name lacks ``.gz`` or ``.zip``, which the reply decides."""

    folder: Path
    name: str
    licence: str

    @property
    def record(self) -> Path:
        """Where the origin of the copy is written down."""
        return self.folder / f"{self.name}.json"

    def known(self) -> dict[str, str]:
        """The record of a copy that is there and whole, else nothing."""
        try:
            record: dict[str, str] = orjson.loads(self.record.read_bytes())
            return record if checksum(self.folder / record["file"]) == record["sha256"] else {}
        except (OSError, KeyError, TypeError, orjson.JSONDecodeError):
            return {}

    def confirmed(self) -> Path:
        """The copy that the service calls the newest."""
        record = self.known()
        self._write({**record, "checked": _now()})
        return self.folder / record["file"]

    def keep(self, part: Path, response: httpx.Response) -> Path:
        """Put a finished download in the place of the older copy and write its record."""
        with part.open("rb") as stream:
            magic = stream.read(4)
        ending = ".gz" if magic[:2] == b"\x1f\x8b" else ".zip" if magic == b"PK\x03\x04" else ""
        file = self.name if self.name.endswith(ending) else self.name + ending
        older = self.known().get("file", file)
        path = self.folder / file
        part.replace(path)
        self._write(
            {
                "url": str(response.history[0].url if response.history else response.url),
                "file": file,
                "sha256": checksum(path),
                "bytes": str(path.stat().st_size),
                "etag": response.headers.get("ETag", ""),
                "last_modified": response.headers.get("Last-Modified", ""),
                "fetched": _now(),
                "checked": _now(),
                "licence": self.licence,
            }
        )
        if older != file:
            (self.folder / older).unlink(missing_ok=True)
        return path

    def _write(self, record: Mapping[str, str]) -> None:
        draft = self.record.with_suffix(".draft")
        draft.write_bytes(orjson.dumps(dict(record), option=orjson.OPT_INDENT_2))
        draft.replace(self.record)


def fetch(
    url: str,
    *,
    folder: str = "gisco",
    name: str = "",
    licence: str = "",
    params: Mapping[str, str] | None = None,
    progress: Progress | None = None,
) -> Path:
    """Download one file into the raw cache, or confirm that the copy there is still the newest.

    The file lies under ``settings().raw_dir / folder`` beside ``<file>.json``, which records url, sha256, etag,
    last-modified, time of fetching (UTC) and licence. A copy that is already there is asked for conditionally and kept
    on "not modified". A failed download leaves the older copy untouched. A gzipped reply is stored as ``<name>.gz``.

    Args:
        url: full address.
        folder: room in the cache, the source's code.
        name: file name in the cache; by default the last part of the address (with a short hash when it has a query).
        licence: terms under which the file may be used, for the record.
        params: query parameters.
        progress: called while bytes arrive.

    Raises:
        OfflineError: no connection.
        SourceError: the service answered, but not with a file that can be used.
    """
    address = httpx.URL(url, params=params) if params else httpx.URL(url)
    target = _Target(settings().raw_dir / folder, name or _file_name(address), licence)
    with _client() as client:
        return _download(client, address, target, progress)


def fetch_dataset(
    dataset: str,
    filters: Mapping[str, str | Sequence[str]] | None = None,
    geos: Sequence[str] = (),
    since: int | None = None,
    *,
    flavour: Flavour = "sdmx-3.0",
    progress: Progress | None = None,
) -> Extract:
    """Ask Eurostat for a dataset and open the reply.

    A query that the service finds too big, or never finishes preparing, is split by region and the parts are delivered
    as one extract, whose ``path`` is then a small list of the parts with their checksums and whose line numbers run on
    through them.

    Args:
        dataset: code such as ``nama_10r_2gdp``, any case.
        filters: dimension -> code or codes; dimensions not named are not restricted.
        geos: regions wanted; all when empty (a too big query can then not be split).
        since: first year wanted.
        flavour: which interface to ask.
        progress: called while bytes arrive.

    Raises:
        OfflineError: no connection.
        SourceError: refused, too big, never ready, cut short, no rows, or not what it should be; says why.
    """
    chosen = {name.lower(): [code] if isinstance(code, str) else list(code) for name, code in (filters or {}).items()}
    query = _Query(dataset, chosen, tuple(dict.fromkeys(geos)), since, flavour)
    with _client() as client:
        if flavour == "sdmx-2.1":
            query = replace(query, order=tuple(_dimension_order(client, dataset)))
        files = _fetch_parts(client, query, progress)
    if len(files) == 1:
        extract = open_extract(files[0])
    else:
        listed = files[0].parent / f"{dataset.lower()}.{_short_hash(str(query.url))}.parts.json"
        write_parts(listed, files, query.words)
        extract = open_extract(listed)
    extract.query = query.words
    return extract


@dataclass(frozen=True)
class _Query:
    """What is asked of a dataset."""

    dataset: str
    filters: Mapping[str, Sequence[str]]
    geos: tuple[str, ...]
    since: int | None
    flavour: Flavour
    order: tuple[str, ...] = ()

    @property
    def url(self) -> httpx.URL:
        return dataset_url(self.dataset, self.filters, self.geos, self.since, self.flavour, self.order)

    @property
    def words(self) -> str:
        """The query for the ledger."""
        parts = [self.dataset.upper(), *(f"{name}={'+'.join(codes)}" for name, codes in sorted(self.filters.items()))]
        parts += [f"geo={'+'.join(self.geos)}"] if self.geos else []
        return " ".join([*parts, *([f"since={self.since}"] if self.since is not None else [])])


def dataset_url(
    dataset: str,
    filters: Mapping[str, Sequence[str]],
    geos: Sequence[str],
    since: int | None,
    flavour: Flavour,
    order: Sequence[str] = (),
) -> httpx.URL:
    """The address of a query.

    Args:
        dataset: Eurostat's code.
        filters: dimension -> codes, without geo.
        geos: regions; all when empty.
        since: first year wanted.
        flavour: which interface.
        order: the dimensions in the order of the structure; only SDMX 2.1, whose key is positional, needs it.
    """
    base = settings().eurostat_url.rstrip("/")
    chosen = {**filters, **({"geo": geos} if geos else {})}
    if flavour == "statistics":
        pairs = [("format", "JSON"), ("lang", "EN")]
        pairs += [(name, code) for name, codes in chosen.items() for code in codes]
        if since is not None:
            pairs.append(("sinceTimePeriod", str(since)))
        return httpx.URL(f"{base}/statistics/1.0/data/{dataset.lower()}", params=pairs)
    if flavour == "sdmx-2.1":
        unknown = sorted(set(chosen) - set(order))
        if unknown:
            remedy = f"The dataset has the dimensions {', '.join(order)}, not {', '.join(unknown)}."
            raise SourceError(Problem("unknown-dimension", remedy, None, unknown[0]), dataset.upper())
        key = ".".join("+".join(chosen.get(name, ())) for name in order)
        pairs = [("format", "SDMX-CSV")]
        if since is not None:
            pairs.append(("startPeriod", str(since)))
        return httpx.URL(f"{base}/sdmx/2.1/data/{dataset.upper()}/{key}", params=pairs)
    pairs = [(f"c[{name}]", ",".join(codes)) for name, codes in chosen.items()]
    if since is not None:
        pairs.append(("c[TIME_PERIOD]", f"ge:{since}"))
    pairs += [("format", "csvdata"), ("formatVersion", "2.0"), ("compress", "false")]
    return httpx.URL(f"{base}/sdmx/3.0/data/dataflow/ESTAT/{dataset.lower()}/1.0/*", params=pairs)


def _fetch_parts(client: httpx.Client, query: _Query, progress: Progress | None) -> list[Path]:
    """The files that answer a query: one, or several when it must be split by region.

    Raises:
        SourceError: also ``no-rows``, when no part has any.
    """
    ending = "json" if query.flavour == "statistics" else "csv"
    name = f"{query.dataset.lower()}.{_short_hash(str(query.url))}.{ending}"
    target = _Target(settings().raw_dir / "eurostat", name, EUROSTAT_LICENCE)

    def check(path: Path, shown: str) -> None:
        found = open_extract(path, name=shown).dataset
        if found != query.dataset.upper():
            remedy = f"Asked for {query.dataset.upper()}, the service sent {found}."
            raise SourceError(Problem("other-dataset", remedy), shown)

    try:
        return [_download(client, query.url, target, progress, check)]
    except _TooBig as refused:
        if len(query.geos) < 2:
            raise refused.error from refused
        middle = len(query.geos) // 2
        files: list[Path] = []
        empty: SourceError | None = None
        for half in (query.geos[:middle], query.geos[middle:]):
            try:
                files += _fetch_parts(client, replace(query, geos=half), progress)
            except SourceError as error:
                if error.problem.reason != "no-rows":
                    raise
                empty = error
        if empty and not files:
            raise empty from refused
        return files
    except SourceError as error:
        # The service refuses a whole query for one region that the dataset does not know; ask for the others.
        known = tuple(code for code in query.geos if not re.search(rf"\b{re.escape(code)}\b", error.problem.remedy))
        if error.problem.reason != "service-fault" or not known or len(known) == len(query.geos):
            raise
        return _fetch_parts(client, replace(query, geos=known), progress)


def _dimension_order(client: httpx.Client, dataset: str) -> list[str]:
    """The dimensions of a dataset in the order of its key, without time."""
    url = httpx.URL(f"{settings().eurostat_url.rstrip('/')}/sdmx/2.1/datastructure/ESTAT/{dataset.upper()}")
    target = _Target(settings().raw_dir / "eurostat", f"{dataset.lower()}.structure.xml", EUROSTAT_LICENCE)
    path = _download(client, url, target, None)
    text = read_head(path, 1 << 24).decode("utf-8", errors="replace")
    found = []
    for tag in re.findall(r"<(?:[\w.-]+:)?Dimension\s[^>]*>", text):
        attributes = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        if "id" in attributes and "position" in attributes:
            found.append((int(attributes["position"]), attributes["id"].lower()))
    if not found:
        remedy = f"The service does not say which dimensions {dataset.upper()} has."
        raise SourceError(Problem("service-error", remedy), path.name)
    return [name for _, name in sorted(found)]


@contextmanager
def _client() -> Iterator[httpx.Client]:
    """A client that has the turn: only one request is under way in this process."""
    with (
        _turn,
        httpx.Client(timeout=settings().http_timeout, follow_redirects=True, headers=HEADERS) as client,
    ):
        yield client


def _download(
    client: httpx.Client, url: httpx.URL, target: _Target, progress: Progress | None, check: Check | None = None
) -> Path:
    """The file behind an address, in the raw cache; waits, with bounds, for an answer that the service prepares.

    Raises:
        OfflineError, SourceError, and _TooBig when the query should be split.
    """
    address = url
    for tries in range(POLLS):
        conditions = _conditions(target, url) if address == url else {}
        answer = _try_often(client, _Request(address, target, conditions, progress, check, ready=address == url))
        if isinstance(answer, Path):
            return answer
        error = SourceError(answer, target.name)
        if answer.reason == "too-big":
            raise _TooBig(error)
        if answer.reason != "asynchronous":
            raise error
        pause(_wait(tries))
        if "://" in answer.value:
            address = _own_host(answer.value, url, target)
        elif answer.value:
            address = _finished_job(client, answer.value, url, target)
    raise _TooBig(_never_ready(target))


def _own_host(text: str, url: httpx.URL, target: _Target) -> httpx.URL:
    """An address that a reply points to, provided it lies with the same publisher."""
    address = httpx.URL(text)
    if address.host == url.host or address.host.endswith(".europa.eu"):
        return address
    remedy = f"The service points to another host ({shorten(address.host)}), which is not followed."
    raise SourceError(Problem("service-error", remedy), target.name)


def _finished_job(client: httpx.Client, job: str, url: httpx.URL, target: _Target) -> httpx.URL:
    """Where the figures of a queued job lie once it has ended; the query itself when it must be asked anew."""
    base = f"{settings().eurostat_url.rstrip('/')}/1.0/async"
    for tries in range(POLLS):
        state = _job_state(client, f"{base}/status/{job}")
        if state == "AVAILABLE":
            kept = {name: url.params[name] for name in ("format", "formatVersion") if name in url.params}
            return httpx.URL(f"{base}/data/{job}", params=kept)
        if state in ("EXPIRED", "UNKNOWN_REQUEST"):
            return url
        if state in ("ERROR", "FAILED"):
            raise SourceError(
                Problem("service-error", f"The service could not prepare the figures ({state})."), target.name
            )
        pause(_wait(tries))
    raise _TooBig(_never_ready(target))


def _job_state(client: httpx.Client, address: str) -> str:
    try:
        text = client.get(address).text
    except httpx.ConnectError as error:
        raise _offline(httpx.URL(address)) from error
    except httpx.TransportError:
        return ""
    states = re.findall(r"<(?:[\w.-]+:)?status>\s*([A-Z_]+)\s*<", text)
    return states[-1] if states else ""


def _never_ready(target: _Target) -> SourceError:
    remedy = f"The service has not prepared the figures after {POLLS} tries; try later or ask for fewer regions."
    return SourceError(Problem("asynchronous", remedy), target.name)


def _wait(tries: int) -> float:
    return min(FIRST_WAIT * 2.0**tries, LONGEST_WAIT)


@dataclass(frozen=True)
class _Request:
    """One question to a service. ``ready`` is false for a prepared answer, which may not be there yet."""

    address: httpx.URL
    target: _Target
    conditions: dict[str, str]
    progress: Progress | None
    check: Check | None
    ready: bool


def _try_often(client: httpx.Client, request: _Request) -> Path | Problem:
    """The file, or why there is none; failures that may pass are tried again."""
    for tries in range(settings().http_retries + 1):
        try:
            return _ask(client, request)
        except _Again as failure:
            problem = failure.problem
            if tries < settings().http_retries:
                pause(_wait(tries) if failure.after is None else min(failure.after, LONGEST_WAIT))
    return problem


def _ask(client: httpx.Client, request: _Request) -> Path | Problem:
    try:
        with client.stream("GET", request.address, headers=request.conditions) as response:
            if response.status_code == 304 and request.conditions:
                return request.target.confirmed()
            if response.status_code != 200:
                return _refused(response, request)
            return _receive(response, request)
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise _offline(request.address) from error
    except httpx.TimeoutException as error:
        raise _Again(_slow()) from error
    except (httpx.TooManyRedirects, httpx.UnsupportedProtocol) as error:
        return Problem("service-error", f"The address {shorten(str(request.address))} cannot be followed: {error}.")
    except httpx.TransportError as error:
        raise _Again(_short()) from error


def _offline(address: httpx.URL) -> OfflineError:
    return OfflineError(
        f"{address.host} cannot be reached; check the connection and try again. What is loaded stays as it is."
    )


def _slow() -> Problem:
    remedy = f"The service sent nothing usable for {settings().http_timeout:g} seconds; try again later."
    return Problem("timeout", remedy)


def _short() -> Problem:
    return Problem("truncated", "The reply was cut short on its way; try again later.")


def _refused(response: httpx.Response, request: _Request) -> Problem:
    """Why an answer other than 200 was given; raises _Again when it may be another one later."""
    status = response.status_code
    head = b""
    for piece in response.iter_bytes():
        head += piece
        if len(head) > HEAD:
            break
    said = refusal(head) if head.strip() else None
    if said and said.reason in ("too-big", "asynchronous", "no-rows"):
        return said
    if status in (413, 414):
        return Problem("too-big", f"The query is too big for the service (HTTP {status}); ask for fewer regions.")
    if status == 404 and not request.ready:
        return Problem("asynchronous", "The prepared figures are not there yet.", value=str(request.address))
    text = said.remedy if said and said.reason in ("service-fault", "service-error") else ""
    problem = Problem(
        "service-fault" if text else "service-error",
        text or f"The service answered with HTTP {status} {response.reason_phrase}".strip() + ".",
        value=str(status),
    )
    if status in AGAIN:
        raise _Again(problem, retry_after(response.headers.get("Retry-After", "")))
    return problem


def retry_after(text: str) -> float | None:
    """Seconds that a ``Retry-After`` header asks to wait (a number or a date); None when it says nothing."""
    if text.strip().isdigit():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _receive(response: httpx.Response, request: _Request) -> Path | Problem:
    """The body in the cache, once it is whole and holds no refusal."""
    target = request.target
    target.folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.folder, prefix=f".{target.name}.", suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            _copy(response, stream, request.progress)
        try:
            head = read_head(part, HEAD)
        except SourceError as error:
            if error.problem.reason == "truncated":
                raise _Again(_short()) from error
            head = b"PK"
        # Whoever asks without a check may well want XML, or an archive of several files.
        problem = None if request.check is None and head.startswith((b"<?xml", b"PK")) else refusal(head)
        if problem and problem.reason in ("maintenance-page", "empty-file"):
            raise _Again(problem)
        if problem:
            return problem
        if request.check is not None:
            request.check(part, target.name)
        return target.keep(part, response)
    finally:
        part.unlink(missing_ok=True)


def _copy(response: httpx.Response, stream: IO[bytes], progress: Progress | None) -> None:
    """Write the body as it comes, and see to it that it does come and comes whole."""
    expected = int(response.headers.get("Content-Length", "0") or 0)
    unpacked = zlib.decompressobj(31) if response.headers.get("Content-Encoding", "") == "gzip" else None
    received = mark = 0
    since = time.monotonic()
    for piece in response.iter_raw():
        stream.write(piece)
        received += len(piece)
        if unpacked is not None:
            try:
                unpacked.decompress(piece)
            except zlib.error as error:
                raise _Again(_short()) from error
        if progress:
            progress(received, expected)
        if time.monotonic() - since > settings().http_timeout:
            if received - mark < SLOWEST:
                raise _Again(_slow())
            mark, since = received, time.monotonic()
    if (expected and received != expected) or (unpacked is not None and not unpacked.eof):
        raise _Again(_short())


def _conditions(target: _Target, url: httpx.URL) -> dict[str, str]:
    """Headers that ask for the file only if it differs from our copy."""
    known = target.known()
    if known.get("url") != str(url):
        return {}
    pairs = {"If-None-Match": known.get("etag", ""), "If-Modified-Since": known.get("last_modified", "")}
    return {name: value for name, value in pairs.items() if value}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _file_name(url: httpx.URL) -> str:
    """The last part of an address, safe as a file name, with a short hash when there is a query."""
    last = re.sub(r"[^\w.-]", "_", url.path.rstrip("/").rsplit("/", 1)[-1]).lstrip(".") or "download"
    if not url.query:
        return last
    stem = Path(last)
    return f"{stem.stem}.{_short_hash(str(url))}{stem.suffix}"
