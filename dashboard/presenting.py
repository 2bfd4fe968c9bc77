"""Scenario sets at their addresses in a room: the slides, and files of them to carry there.

Files are made from the data version, the day and the address alone, so that one that was made can be handed out again;
those that are heavy to make are kept, up to a number of bytes in each process.
"""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from flask import Blueprint, Response, request

from dashboard import futures, slides, theme, trust
from dashboard.i18n import LANGUAGES, language
from dashboard.reports import slides_html
from dashboard.slides import Deck, SlideFilters

blueprint = Blueprint("presenting", __name__)

YEAR = 31_536_000

KEPT = 48 * 1024 * 1024
"""Bytes of files that a process keeps; the least recently used go first."""


class Form(NamedTuple):
    """A kind of file: its ending and type, and how it is made from the slides in every language, the reader's first."""

    ending: str
    mimetype: str
    write: Callable[[list[Deck]], bytes]


# What these need is slow to import, and few ask for it.
def _pptx(decks: list[Deck]) -> bytes:
    from dashboard.reports.slides_pptx import as_pptx

    return as_pptx(decks[0])


def _pdf(decks: list[Deck]) -> bytes:
    from dashboard.reports.slides_pdf import as_pdf

    return as_pdf(decks[0])


def _poster(decks: list[Deck]) -> bytes:
    from dashboard.reports.poster import as_svg

    return as_svg(decks[0]).encode()


def _kit(decks: list[Deck]) -> bytes:
    from dashboard.reports.kit import as_zip

    return as_zip(decks)


FORMS = {
    "pptx": Form(".pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", _pptx),
    "pdf": Form(".pdf", "application/pdf", _pdf),
    "poster": Form("-poster.svg", "image/svg+xml", _poster),
    "kit": Form("-kit.zip", "application/zip", _kit),
}


@blueprint.get("/slides.css")
def style() -> Response:
    """The style sheet of the slides."""
    return _for_a_year(slides_html.style(), "text/css; charset=utf-8")


@blueprint.get("/slides.js")
def script() -> Response:
    """The script of the slides."""
    return _for_a_year(slides_html.script(), "text/javascript; charset=utf-8")


def _for_a_year(content: bytes, kind: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Cache-Control"] = f"public, max-age={YEAR}"
    return response


@blueprint.get("/present/<code>", strict_slashes=False)
def present(code: str) -> Response:
    """The slides of a set (``/present/see2035?region=HU31&lang=hu#5``), and two of their files with an ending."""
    name, _dot, form = code.rpartition(".")
    if form in ("pptx", "pdf"):
        return _file(name, form)
    chosen = _chosen()
    found = slides.deck(code, chosen, language())
    if found is None:
        return _missing(code)
    shows = slides.shown_options(code, found.region)
    query = {**chosen.query(), "region": found.region}
    text = slides_html.page(found, f"/present/{code}", query, futures.region_options(code), shows)
    return _page(text)


@blueprint.get("/present/<code>/poster.svg")
def poster(code: str) -> Response:
    """The poster of a set."""
    return _file(code, "poster")


@blueprint.get("/present/<code>/kit.zip")
def kit(code: str) -> Response:
    """The offline kit of a set."""
    return _file(code, "kit")


def _chosen() -> SlideFilters:
    return SlideFilters.parse({**request.args.to_dict(), "show": ",".join(request.args.getlist("show"))})


def _page(text: str, status: int = 200) -> Response:
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    if status == 200:
        response.set_etag(hashlib.sha256(text.encode()).hexdigest()[:24], weak=True)
        response.make_conditional(request)
    return response


def _missing(code: str) -> Response:
    return _page(slides_html.missing(code, futures.set_options()), 404)


def _file(code: str, form: str) -> Response:
    theme.set_scheme("light")  # paper is white, whatever the screen
    chosen, kind = _chosen(), FORMS[form]
    lead = slides.deck(code, chosen, language())
    if lead is None:
        return _missing(code)
    key = (form, code, lead.region, chosen.show, language(), lead.version, trust.today().isoformat(), _edition())
    etag = hashlib.sha256(repr(key).encode()).hexdigest()[:24]

    def make() -> bytes:
        others = [slides.deck(code, chosen, lang) for lang in LANGUAGES if lang != lead.lang] if form == "kit" else []
        return kind.write([lead, *(deck for deck in others if deck is not None)])

    response = Response(content_type=kind.mimetype)
    response.set_etag(etag, weak=True)
    if not request.if_none_match.contains_weak(etag):
        response.set_data(_files.get(etag, make))
    response.headers["Content-Disposition"] = f'attachment; filename="{lead.stem}{kind.ending}"'
    response.headers["Content-Language"] = language()
    response.headers["Vary"] = "Cookie, Accept-Language"
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request)
    return response


@lru_cache(maxsize=1)
def _edition() -> str:
    """Fingerprint of the programme itself: another one may write the same numbers otherwise."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*")):
        if path.suffix in (".py", ".html", ".typ", ".css", ".js", ".po"):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


class Files:
    """Files that were made, kept by name up to a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit, self._size = limit, 0
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, name: str, make: Callable[[], bytes]) -> bytes:
        """The file of a name, made now if it is not kept."""
        with self._lock:
            found = self._kept.get(name)
            if found is not None:
                self._kept.move_to_end(name)
                return found
        found = make()
        with self._lock:
            self._size += len(found) - len(self._kept.pop(name, b""))
            self._kept[name] = found
            while self._size > self._limit and len(self._kept) > 1:
                self._size -= len(self._kept.popitem(last=False)[1])
        return found


_files = Files(KEPT)
