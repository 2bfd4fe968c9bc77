"""Scenario sets at their addresses in a room: the slides, and files of them to carry there."""

from flask import Blueprint, Response, request

from dashboard import futures, slides
from dashboard.i18n import language
from dashboard.reports import slides_html
from dashboard.slides import SlideFilters

blueprint = Blueprint("presenting", __name__)

YEAR = 31_536_000


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
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response


@blueprint.get("/present/<code>", strict_slashes=False)
def present(code: str) -> Response:
    """The slides of a set: ``/present/see2035?region=HU31&lang=hu#5``."""
    chosen = _chosen()
    found = slides.deck(code, chosen, language())
    if found is None:
        return _missing(code)
    shown = futures.region_options(code)
    text = slides_html.page(found, f"/present/{code}", chosen.query(), shown, slides.shown_options(code, found.region))
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def _chosen() -> SlideFilters:
    query = request.args.to_dict()
    return SlideFilters.parse({**query, "show": ",".join(request.args.getlist("show"))})


def _missing(code: str) -> Response:
    text = slides_html.missing(code, futures.set_options())
    response = Response(text, status=404, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
