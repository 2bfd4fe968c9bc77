"""Headers that keep a page to itself: nothing is fetched from or sent to another host."""

import hashlib
import logging
import secrets

from dash import Dash
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from config import Settings

log = logging.getLogger("polisee.web")

PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


def content_security_policy(app: Dash, embed_origins: str) -> str:
    """The policy, with the hashes of Dash's own two inline scripts.

    Computed for each page, because Dash adds its title script on the first request only.
    ``style-src`` needs ``unsafe-inline``: plotly writes style elements (plotly.js#7543); images may be ``data:`` and
    ``blob:`` since downloads of figures pass through them.
    """
    parts = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", *dict.fromkeys(app.csp_hashes())]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": " ".join(["'self'", *embed_origins.split()]),
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def init(app: Dash, chosen: Settings) -> None:
    """Put headers on every response and refuse what another site asks in a visitor's name."""
    server: Flask = app.server

    @server.before_request
    def same_site_only() -> tuple[str, int] | None:
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return None
        if request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none"):
            return None
        return "Requests from another site are not answered.", 403

    @server.after_request
    def headers(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if response.mimetype == "text/html":
            response.headers.setdefault("Content-Security-Policy", content_security_policy(app, chosen.embed_origins))
        if g.get("failed"):
            response.headers["Cache-Control"] = "no-store"
        return response


def reference(error: BaseException) -> str:
    """Log an error under a short number that the visitor can quote, and mark the reply as not to be kept."""
    number = secrets.token_hex(4)
    log.error("failure %s on %s", number, request.path, exc_info=error)
    g.failed = True
    return number


def fingerprint(content: bytes) -> str:
    """Short hash of an asset's content, for addresses that may be cached for a year."""
    return hashlib.sha256(content).hexdigest()[:12]


def is_expected(error: Exception) -> bool:
    """True for HTTP errors that Flask answers by itself."""
    return isinstance(error, HTTPException)
