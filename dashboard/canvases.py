"""The canvas of the road back at its addresses: to print (PDF) and as a drawing (SVG)."""

from flask import Blueprint, Response, abort, request

from dashboard import frames, strategies, theme
from dashboard.i18n import language
from dashboard.reports import canvas
from dashboard.reports.pdf import sheet
from dashboard.strategies import BACKCAST, StrategyFilters

blueprint = Blueprint("canvases", __name__)

FORMS = {"pdf": "application/pdf", "svg": "image/svg+xml"}


@blueprint.get("/canvas/<name>")
def one(name: str) -> Response:
    """One canvas: ``/canvas/see2035.pdf?region=HU31``, and ``.svg``."""
    code, _dot, form = name.rpartition(".")
    if form not in FORMS or code not in {option.value for option in StrategyFilters.options("set")}:
        abort(404)
    theme.set_scheme("light")  # paper is white, whatever the screen
    chosen = StrategyFilters.parse({**request.args.to_dict(), "set": code, "part": BACKCAST})
    built = canvas.build(chosen)
    if built is None:
        abort(404)
    response = Response(sheet("canvas", canvas.data(built), form), content_type=FORMS[form])
    region = f"-{chosen.region}" if chosen.region != strategies.AUTO else ""
    filename = f"polisee-canvas-{code}{region}-{language()}-v{frames.data_version()}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Content-Language"] = language()
    response.headers["Vary"] = "Cookie, Accept-Language"
    response.headers["Cache-Control"] = "no-cache"
    return response
