"""Finished answers, kept: the same question to the same data in the same language gets the same bytes.

Callbacks are pure functions of their request, the data version, language, scheme, day and host (citations name the
last two), so a whole reply can be remembered, compressed once. This stands in front of Flask as WSGI middleware, where
a hit costs a dictionary look-up.
"""

import gzip
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, NamedTuple

from dashboard.visitor import visitor

log = logging.getLogger("polisee.web")

LARGEST_QUESTION = 256 * 1024
"""Bytes of a callback's request; ours are a few hundred, so more than this is refused."""

Environ = dict[str, Any]
Key = tuple[int, str, str, str, str, str, bytes]


class Reply(NamedTuple):
    """A kept answer: headers without length and coding, the plain body and the compressed one."""

    headers: list[tuple[str, str]]
    plain: bytes
    packed: bytes

    def size(self) -> int:
        """Bytes of its two bodies."""
        return len(self.plain) + len(self.packed)


class Replies:
    """Middleware that keeps answers of Dash's callbacks and layout.

    Args:
        application: the WSGI application behind.
        version: the data version now; part of every key.
        megabytes: how much may be kept in this process; the least recently used goes first.
    """

    def __init__(self, application: Callable[..., Iterable[bytes]], version: Callable[[], int], megabytes: int) -> None:
        self._application = application
        self._version = version
        self._limit = megabytes * 1024 * 1024
        self._kept: OrderedDict[Key, Reply] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from what is kept, else ask the application and keep its answer."""
        question = self._question(environ)
        if question is None:
            return self._application(environ, start_response)
        if len(question) > LARGEST_QUESTION:
            start_response("413 Content Too Large", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        key = self._key(environ, question)
        if key is None:
            return self._application(environ, start_response)
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
        if found is None:
            return self._ask(environ, start_response, key)
        return _send(found, environ, start_response)

    def _key(self, environ: Environ, question: bytes) -> Key | None:
        try:
            version = self._version()
        except Exception as error:  # whatever is wrong with the database, the application behind says it in words
            log.warning("no data version, so no kept answers: %s", type(error).__name__)
            return None
        lang, scheme = visitor(environ)
        host = f"{environ.get('wsgi.url_scheme', '')}://{environ.get('HTTP_HOST', '')}"
        today = datetime.now(UTC).date().isoformat()
        return version, lang, scheme, host, today, environ.get("PATH_INFO", ""), question

    def _question(self, environ: Environ) -> bytes | None:
        path = environ.get("PATH_INFO", "")
        if not self._limit or environ.get("HTTP_SEC_FETCH_SITE", "same-origin") not in ("same-origin", "none"):
            return None
        if environ["REQUEST_METHOD"] == "GET" and path.endswith("/_dash-layout"):
            return b""
        if environ["REQUEST_METHOD"] != "POST" or not path.endswith("/_dash-update-component"):
            return None
        try:
            length = int(environ.get("CONTENT_LENGTH") or 0)
        except ValueError:
            length = 0
        body: bytes = environ["wsgi.input"].read(min(length, LARGEST_QUESTION + 1)) if length > 0 else b""
        environ["wsgi.input"] = BytesIO(body)
        return body

    def _ask(self, environ: Environ, start_response: Callable[..., Any], key: Key) -> Iterable[bytes]:
        accepts = environ.pop("HTTP_ACCEPT_ENCODING", "")
        caught: dict[str, Any] = {}

        def catch(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
            caught.update(status=status, headers=headers)
            return lambda _data: None

        result = self._application(environ, catch)
        try:
            body = b"".join(result)
        finally:
            close = getattr(result, "close", None)
            if close:
                close()
        environ["HTTP_ACCEPT_ENCODING"] = accepts
        dropped = ("content-length", "content-encoding", "set-cookie")
        headers = [(name, value) for name, value in caught["headers"] if name.lower() not in dropped]
        keep = caught["status"].startswith("200") and "no-store" not in dict(headers).get("Cache-Control", "")
        if not keep:
            start_response(caught["status"], [*headers, ("Content-Length", str(len(body)))])
            return [body]
        reply = Reply(headers, body, gzip.compress(body, 5))
        self._keep(key, reply)
        return _send(reply, environ, start_response)

    def _keep(self, key: Key, reply: Reply) -> None:
        size = reply.size() + len(key[-1])
        if size > self._limit // 8:
            return
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += size - (before.size() + len(key[-1]) if before else 0)
            self._kept[key] = reply
            while self._size > self._limit:
                old_key, old = self._kept.popitem(last=False)
                self._size -= old.size() + len(old_key[-1])


def _takes_gzip(accepts: str) -> bool:
    for part in accepts.split(","):
        coding, _sign, quality = part.replace(" ", "").partition(";q=")
        if coding == "gzip":
            return not quality or quality.strip("0.") != ""
    return False


def _send(reply: Reply, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    packed = _takes_gzip(environ.get("HTTP_ACCEPT_ENCODING", ""))
    body = reply.packed if packed else reply.plain
    coding = [("Content-Encoding", "gzip")] if packed else []
    start_response("200 OK", [*reply.headers, *coding, ("Content-Length", str(len(body)))])
    return [body]
