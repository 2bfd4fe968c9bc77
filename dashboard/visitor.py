"""What a request says of its visitor: language and colour scheme, read the same way by Flask and by the reply cache."""

from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

from config import settings
from dashboard.i18n import negotiate
from dashboard.theme import SCHEMES

LANGUAGE_COOKIE = "polisee_lang"
SCHEME_COOKIE = "polisee_scheme"


def _asked(query: str) -> str | None:
    try:
        return parse_qs(query[:2000], max_num_fields=60).get("lang", [None])[0]
    except ValueError:
        return None


def _referer_query(environ: dict[str, Any]) -> str:
    try:
        return urlsplit(environ.get("HTTP_REFERER", "")[:4000]).query
    except ValueError:
        return ""


def cookies(environ: dict[str, Any]) -> SimpleCookie:
    """The request's cookies; none when they cannot be read."""
    try:
        return SimpleCookie(environ.get("HTTP_COOKIE", ""))
    except CookieError:
        return SimpleCookie()


def visitor(environ: dict[str, Any]) -> tuple[str, str]:
    """Language and scheme of a request.

    The address comes first, then the address of the page that asks (a callback belongs to the page it serves, even
    with a second tab in another language), then the cookie, then what the browser accepts.
    """
    jar = cookies(environ)
    asked = _asked(environ.get("QUERY_STRING", "")) or _asked(_referer_query(environ))
    remembered = jar[LANGUAGE_COOKIE].value if LANGUAGE_COOKIE in jar else None
    wanted = jar[SCHEME_COOKIE].value if SCHEME_COOKIE in jar else ""
    lang = negotiate(asked, remembered, environ.get("HTTP_ACCEPT_LANGUAGE", ""), settings().default_language)
    return lang, wanted if wanted in SCHEMES else "light"
