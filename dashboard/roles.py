"""Who may write: a role and no person. Whoever knows the installation's token becomes a facilitator for half a day.

A signed cookie says so. Its key is made from the token, so that a changed token signs everybody out, and from the
secret key of the installation, so that all processes and hosts agree. Nothing is kept on the server.
"""

import hashlib
import hmac
import ipaddress
import secrets
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, jsonify
from itsdangerous import BadData, URLSafeTimedSerializer

from config import Settings
from dashboard.i18n import _

READER, FACILITATOR = "reader", "facilitator"
COOKIE = "polisee_role"
LASTS = 12 * 3600
"""Seconds after which one has to sign in again."""
CSRF_HEADER = "X-PoliSEE-CSRF"
EXTENSION = "polisee-roles"

TRIES, WINDOW = 5, 300.0
"""How often an address may try to sign in within so many seconds, in each server process."""
ADDRESSES = 10_000
"""Addresses whose tries are remembered; the oldest are forgotten first."""


@dataclass(frozen=True)
class Session:
    """What a request may do. ``csrf`` must come with every write; readers have none."""

    role: str = READER
    csrf: str = ""

    @property
    def may_edit(self) -> bool:
        """True for a facilitator."""
        return self.role == FACILITATOR


class Tries:
    """Counts tries to sign in by address, in this process alone, and forgets them by itself.

    Args:
        most: tries that an address has.
        window: seconds after which a try no longer counts.
        clock: seconds that never go back.
    """

    def __init__(self, most: int = TRIES, window: float = WINDOW, clock: Callable[[], float] = time.monotonic) -> None:
        self._most, self._window, self._clock = most, window, clock
        self._tries: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, address: str) -> float:
        """Note a try of this address; gives the seconds to wait when it has had too many, else 0.

        A try that has to wait does not count: whoever waits is let in again.
        """
        now, name = self._clock(), network(address)
        with self._lock:
            times = self._tries.setdefault(name, deque())
            self._tries.move_to_end(name)
            while times and now - times[0] >= self._window:
                times.popleft()
            if len(times) >= self._most:
                return self._window - (now - times[0])
            times.append(now)
            while len(self._tries) > ADDRESSES:
                self._tries.popitem(last=False)
        return 0.0

    def forget(self, address: str) -> None:
        """Let an address start anew, after it signed in."""
        with self._lock:
            self._tries.pop(network(address), None)


def network(address: str) -> str:
    """What counts as one visitor: an address of version 4, or the 64 bits that a household has of version 6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped
    return str(mapped) if mapped else str(ipaddress.ip_network((parsed, 64), strict=False))


class Roles:
    """Seals and reads the cookie of one installation."""

    def __init__(self, chosen: Settings) -> None:
        self._token = chosen.admin_token.get_secret_value()
        secret = chosen.secret_key.get_secret_value() or _mac(self._token, "secret", chosen.database_url)
        self._key = _mac(secret, "role", self._token)
        # The serialiser's own default is SHA-1.
        signing = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
        self._serialiser = URLSafeTimedSerializer(self._key, salt=COOKIE, signer_kwargs=signing)
        self.path = "/" + chosen.url_prefix.strip("/") + "/" if chosen.url_prefix.strip("/") else "/"
        self.tries = Tries()

    @property
    def has_token(self) -> bool:
        """False when nobody can sign in."""
        return bool(self._token)

    def admits(self, given: str) -> bool:
        """Whether this is the installation's token; takes as long for any wrong one."""
        right = hmac.compare_digest(_digest(given), _digest(self._token))
        return right and self.has_token

    def seal(self) -> str:
        """A new cookie of a facilitator."""
        return str(self._serialiser.dumps({"role": FACILITATOR, "nonce": secrets.token_urlsafe(16)}))

    def read(self, cookie: str) -> Session:
        """What a cookie allows: nothing when it is not ours, too old or from before the token was changed."""
        if not self.has_token or not cookie:
            return Session()
        try:
            content = self._serialiser.loads(cookie, max_age=LASTS)
        except BadData:
            return Session()
        if not isinstance(content, dict) or content.get("role") != FACILITATOR:
            return Session()
        return Session(FACILITATOR, _mac(self._key, "csrf", str(content.get("nonce"))))


def _mac(key: str, *parts: str) -> str:
    return hmac.new(key.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def init(server: Flask, chosen: Settings) -> None:
    """Let a server know its token."""
    server.extensions[EXTENSION] = Roles(chosen)


def installation() -> Roles:
    """The roles of the server that answers this request."""
    found: Roles = current_app.extensions[EXTENSION]
    return found


def session(request: Request) -> Session:
    """What this request may do by its cookie."""
    return installation().read(request.cookies.get(COOKIE, ""))


def is_own(request: Request) -> bool:
    """Whether a page of ours asks this, as far as browsers say: by ``Sec-Fetch-Site``, older ones by ``Origin``."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:
        return False


def may_write(request: Request, csrf: str) -> Session | None:
    """The session of a request that may write: ours, signed in, and with the token that only our page knows."""
    found = session(request)
    if not (is_own(request) and found.may_edit and hmac.compare_digest(found.csrf.encode(), csrf.encode())):
        return None
    return found


def refusal(request: Request) -> str:
    """Why this request may not write, in words for the reader; '' when it may. The token comes in the header."""
    if may_write(request, request.headers.get(CSRF_HEADER, "")) is not None:
        return ""
    if not is_own(request):
        return _("Requests from another site are not answered.")
    if session(request).may_edit:
        return _("This page is no longer up to date. Reload it and try again.")
    return _("Only facilitators can change this. Sign in first.")


class Refused(Exception):
    """A request that is not granted, with its status and the words for it."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


def require_facilitator(request: Request) -> None:
    """Raises Refused when this request may not write (``refusal``)."""
    words = refusal(request)
    if words:
        raise Refused(403, words)


def private(response: Response, status: int = 200) -> Response:
    """An answer for one visitor: nobody keeps it."""
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie"
    return response


def answer(content: Mapping[str, Any], status: int = 200) -> Response:
    """The same as JSON."""
    return private(jsonify(content), status)


def sign_in(response: Response, secure: bool) -> Response:
    """Make the browser that gets this response a facilitator's."""
    own = installation()
    response.set_cookie(
        COOKIE, own.seal(), max_age=LASTS, path=own.path, secure=secure, httponly=True, samesite="Strict"
    )
    return response


def sign_out(response: Response, secure: bool) -> Response:
    """Make the browser that gets this response a reader's again."""
    response.delete_cookie(COOKIE, path=installation().path, secure=secure, httponly=True, samesite="Strict")
    return response
