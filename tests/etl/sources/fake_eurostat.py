"""A local HTTP server that answers as Eurostat's dissemination API does, its errors included."""

import hashlib
import json
import threading
import time
import zlib
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

from formats import Row, csv1, csv2, jsonstat, zipped

DIMS = ("freq", "unit")
DATASET = "TGS00042"
ROWS = [
    Row(("A", unit), geo, str(year), f"{1 + place / 8 + (year - 2015) / 100:.3f}", "b" if year == 2016 else "")
    for unit in ("PC_GDP", "MIO_EUR")
    for place, geo in enumerate(("HU11", "HU12", "HU31", "RO11", "EL30", "HR02"))
    for year in range(2015, 2020)
]

TOO_BIG = (
    '<?xml version="1.0" ?><S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>413</faultcode>'
    "<faultstring>EXTRACTION_TOO_BIG: The requested extraction is too big, estimated 7644780 rows, max authorised is"
    " 5000000, please change your filters to reduce the extraction size</faultstring></S:Fault>"
)
BAD_DIMENSION = (
    '<?xml version="1.0" ?><S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>150</faultcode>'
    "<faultstring>INVALID_QUERY_DIMENSION_VALUE: Dimension {dim} does not allow the value {code}."
    "</faultstring></S:Fault>"
)
SDMX_ERROR = (
    '<?xml version="1.0"?><mes:Error xmlns:mes="urn:m" xmlns:com="urn:c"><mes:ErrorMessage code="140">'
    '<com:Text xml:lang="en">Invalid value &apos;XX&apos; of parameter startPeriod</com:Text></mes:ErrorMessage>'
    "</mes:Error>"
)
NO_RESULTS = (
    '<?xml version="1.0" ?><S:Fault xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><faultcode>100</faultcode>'
    "<faultstring>NO_RESULTS: The query did not return any results.</faultstring></S:Fault>"
)
QUEUED = (
    '<env:Envelope xmlns:env="urn:s"><env:Body><ns0:syncResponse xmlns:ns0="urn:e">'
    "<queued><id>98de05ea-540a-43d3</id><status>SUBMITTED</status></queued></ns0:syncResponse></env:Body></env:Envelope>"
)
STATUS = (
    '<env:Envelope xmlns:env="urn:s"><env:Body><ns0:asyncResponse xmlns:ns0="urn:e">'
    "<status><key>98de05ea-540a-43d3</key><status>{state}</status></status></ns0:asyncResponse>"
    "</env:Body></env:Envelope>"
)
FOOTER = (
    '<?xml version="1.0"?><m:GenericData xmlns:m="urn:m" xmlns:f="urn:f" xmlns:c="urn:c"><f:Footer>'
    '<f:Message code="413" severity="Information"><c:Text>Due to the large query the response will be written to a file'
    " which will be located under URL: {url}</c:Text></f:Message></f:Footer></m:GenericData>"
)
WARNING = json.dumps(
    {"warning": {"status": 413, "label": "ASYNCHRONOUS_RESPONSE. Your request will be treated asynchronously."}}
)
MAINTENANCE = "<!DOCTYPE html><html><head><title>Eurostat is being updated</title></head><body></body></html>"


@dataclass
class Answer:
    """One scripted answer.

    Attributes:
        status: HTTP status.
        body: bytes or text.
        headers: further headers.
        declare: Content-Length to claim, when it should differ from the truth.
        drip: seconds between single bytes of the body.
        hold: seconds before the answer begins.
    """

    status: int = 200
    body: bytes | str = b""
    headers: dict[str, str] = field(default_factory=dict)
    declare: int | None = None
    drip: float = 0.0
    hold: float = 0.0


@dataclass(frozen=True)
class Asked:
    """What a client asked."""

    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]


class FakeEurostat:
    """The server, from ``__enter__`` to ``__exit__``.

    Attributes:
        rows: what the dataset holds.
        script: answers given first, one a request to the data; None stands for the normal answer.
        limit: most regions in one query before it is too big.
        geos: regions that the dataset knows; others are refused.
        states: what the status of a queued job is, one a request.
        asked: every request so far.
        pauses: the waits that the client would have made.
        busiest: most requests that were under way at once.
    """

    def __init__(self) -> None:
        self.rows = list(ROWS)
        self.script: list[Answer | None] = []
        self.limit = 1000
        self.states: list[str] = []
        self.asked: list[Asked] = []
        self.pauses: list[float] = []
        self.busiest = 0
        self.busy = 0
        self.lock = threading.Lock()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop answering; the port refuses connections from then on."""
        self.server.shutdown()
        self.server.server_close()

    def answer(self, asked: Asked) -> Answer:
        """What the real service would say."""
        parts = asked.path.strip("/").split("/")
        if parts[:3] == ["1.0", "async", "status"]:
            return Answer(body=STATUS.format(state=self.states.pop(0)))
        if parts[:3] == ["1.0", "async", "data"]:
            return Answer(body=csv2(DATASET, DIMS, self.rows))
        if "datastructure" in parts:
            return Answer(
                body='<?xml version="1.0"?><s:DimensionList><s:Dimension id="unit" position="2"/><s:Dimension id="freq"'
                ' position="1"/><s:Dimension id="geo" position="3"/><s:TimeDimension id="TIME_PERIOD" position="4"/>'
                "</s:DimensionList>"
            )
        if self.script:
            scripted = self.script.pop(0)
            if scripted is not None:
                return scripted
        return self.data(asked, parts)

    def data(self, asked: Asked, parts: list[str]) -> Answer:
        """The figures asked for, or why not."""
        query = asked.query
        if parts[0] == "statistics":
            wanted = {name: query.get(name, []) for name in (*DIMS, "geo")}
            since, write = query.get("sinceTimePeriod", ["0"])[0], jsonstat
        elif parts[1] == "2.1":
            cells = parts[4].split(".")
            wanted = {name: cell.split("+") if cell else [] for name, cell in zip((*DIMS, "geo"), cells, strict=True)}
            since, write = query.get("startPeriod", ["0"])[0], csv1
        else:
            wanted = {name: query.get(f"c[{name}]", [""])[0].split(",") for name in (*DIMS, "geo")}
            wanted = {name: [code for code in codes if code] for name, codes in wanted.items()}
            since, write = query.get("c[TIME_PERIOD]", ["ge:0"])[0].removeprefix("ge:"), csv2
        known = {row.geo for row in ROWS}
        for code in wanted["geo"]:
            if code not in known:
                return Answer(400, BAD_DIMENSION.format(dim="geo", code=code))
        for code in wanted["unit"]:
            if code not in ("PC_GDP", "MIO_EUR"):
                return Answer(400, BAD_DIMENSION.format(dim="unit", code=code))
        if len(wanted["geo"] or known) > self.limit:
            return Answer(413, TOO_BIG)
        rows = [
            row
            for row in self.rows
            if row.time >= since
            and (not wanted["geo"] or row.geo in wanted["geo"])
            and all(not wanted[dim] or code in wanted[dim] for dim, code in zip(DIMS, row.codes, strict=True))
        ]
        return Answer(body=write(DATASET, DIMS, rows))


def _handler(owner: FakeEurostat) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            with owner.lock:
                owner.busy += 1
                owner.busiest = max(owner.busiest, owner.busy)
            try:
                self.reply()
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
            finally:
                with owner.lock:
                    owner.busy -= 1

        def reply(self) -> None:
            parts = urlsplit(self.path)
            asked = Asked(parts.path, parse_qs(parts.query), {k.lower(): v for k, v in self.headers.items()})
            owner.asked.append(asked)
            answer = owner.answer(asked)
            time.sleep(answer.hold)
            body = answer.body.encode() if isinstance(answer.body, str) else answer.body
            etag = '"' + hashlib.md5(body, usedforsecurity=False).hexdigest() + '"'
            headers = {"Content-Type": "text/plain", **answer.headers}
            if answer.status == 200 and "ETag" not in headers:
                headers["ETag"] = etag
                if asked.headers.get("if-none-match") == etag:
                    self.send_response(304)
                    self.send_header("ETag", etag)
                    self.end_headers()
                    return
            plain = (
                answer.status != 200 or answer.drip or answer.declare is not None or body[:2] in (b"PK", b"\x1f\x8b")
            )
            if not plain and "gzip" in asked.headers.get("accept-encoding", ""):
                body = zipped(body)
                headers["Content-Encoding"] = "gzip"
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if answer.declare is None else answer.declare))
            self.end_headers()
            if answer.drip:
                for place in range(len(body)):
                    self.wfile.write(body[place : place + 1])
                    self.wfile.flush()
                    time.sleep(answer.drip)
            else:
                self.wfile.write(body)
            if answer.declare is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing: the tests read ``asked``."""

    return Handler


def cut(body: bytes, share: float = 0.5) -> Answer:
    """An answer whose connection ends before the body does."""
    return Answer(body=body[: int(len(body) * share)], declare=len(body))


def cut_gzip(body: bytes) -> Answer:
    """A gzipped answer whose length is as declared and whose compression still misses its end."""
    packed = zlib.compressobj(wbits=31)
    data = packed.compress(body) + packed.flush(zlib.Z_SYNC_FLUSH)
    return Answer(body=data, headers={"Content-Encoding": "gzip"})
