"""Briefs at their addresses: the list, the print view, PDF and DOCX. None of them needs a script."""

from collections.abc import Callable

from flask import Blueprint, Response, request

from dashboard import frames, theme
from dashboard.i18n import language
from dashboard.reports import html
from dashboard.reports.brief import Brief, BriefFilters, build
from dashboard.reports.pdf import as_pdf

blueprint = Blueprint("briefs", __name__)

YEAR = 31_536_000


def _as_docx(brief: Brief) -> bytes:
    from dashboard.reports.docx import as_docx  # its library is slow to import, and few ask for it

    return as_docx(brief)


FORMS: dict[str, tuple[str, str, Callable[[Brief], bytes]]] = {
    "pdf": ("application/pdf", "inline", as_pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "attachment", _as_docx),
}


@blueprint.get("/brief.css")
def style() -> Response:
    """The style sheet of the pages below."""
    response = Response(html.style(), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={YEAR}"
    return response


@blueprint.get("/brief", strict_slashes=False)
@blueprint.get("/brief/", strict_slashes=False)
def index() -> Response:
    """All briefs: the entrance for readers without scripts."""
    return _page(html.index(_filters().query()))


@blueprint.get("/brief/<name>")
def one(name: str) -> Response:
    """One brief: ``/brief/HU33`` to read and print, ``/brief/HU33.pdf`` and ``.docx`` to hand on."""
    code, dot, form = name.partition(".")
    code = code.upper()
    known = code in set(frames.current_regions()["code"])
    if not known or (dot and form not in FORMS):
        return _page(html.not_found(name, code if known else "", _became(code)), 404)
    theme.set_scheme("light")  # paper is white, whatever the screen
    chosen = _filters()
    brief = build(code, chosen)
    if not dot:
        return _page(html.page(brief, chosen.query()))
    mimetype, disposition, write = FORMS[form]
    response = Response(write(brief), content_type=mimetype)
    filename = f"polisee-brief-{code}-{language()}-v{frames.data_version()}.{form}"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{filename}"'
    response.headers["Content-Language"] = language()
    response.headers["Vary"] = "Cookie, Accept-Language"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _filters() -> BriefFilters:
    return BriefFilters.parse(request.args.to_dict())


def _became(code: str) -> list[str]:
    """Today's regions that a former region became part of."""
    changes, current = frames.region_changes(), set(frames.current_regions()["code"])
    later = changes.loc[changes["from_code"] == code, "to_code"]
    return [found for found in dict.fromkeys(later) if found in current]


def _page(text: str, status: int = 200) -> Response:
    response = Response(text, status=status, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response
