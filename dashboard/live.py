"""What follows from a cross-impact matrix while someone types: one small answer, without the page around it.

Callbacks are answered within their own queue and redraw a page's parts; between two key strokes that would be too slow
for a room that looks on.
"""

from flask import Blueprint, Response, jsonify, request

from analysis.cross_impact import MatrixError
from dashboard import frames, futures
from dashboard.components.futures_cross_impact import Asked, live_answer
from dashboard.components.futures_impact_parts import ImpactFilters

blueprint = Blueprint("live", __name__)

LARGEST_EDITION = 12
"""Digits of a data version."""


@blueprint.get("/futures/live.json")
def live() -> tuple[Response, int] | Response:
    """The consistent scenarios of a set's matrix with what is tried on it, in words (``live_answer``)."""
    edition = request.args.get("edition", "")
    if edition.isdecimal() and len(edition) <= LARGEST_EDITION:
        frames.at_least(int(edition))
    chosen = ImpactFilters.parse({**request.args.to_dict(), "part": futures.IMPACT})
    try:
        question = Asked(chosen)
    except (LookupError, MatrixError) as error:
        return jsonify(error=str(error)), 404
    response = jsonify(live_answer(question, question.consistent()))
    response.headers["Cache-Control"] = "no-store"
    return response
