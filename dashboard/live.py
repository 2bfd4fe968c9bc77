"""What follows from a cross-impact matrix while someone types: one small answer, without the page around it. And the
matrix itself as a file for ScenarioWizard.

Callbacks are answered within their own queue and redraw a page's parts; between two key strokes that would be too slow
for a room that looks on.
"""

from flask import Blueprint, Response, abort, jsonify, request

from analysis.cross_impact import CrossImpactMatrix, Descriptor, MatrixError, check_descriptors
from analysis.scenario_wizard import ScenarioWizardProject, render
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


@blueprint.get("/futures/<set_code>.scw")
def scenario_wizard(set_code: str) -> Response:
    """A set's cross-impact matrix, with what is tried on it, named in the reader's language."""
    chosen = ImpactFilters.parse({**request.args.to_dict(), "set": set_code, "part": futures.IMPACT})
    if chosen.set != set_code:
        abort(404)
    try:
        question = Asked(chosen)
        content = render(ScenarioWizardProject(_named(question)))
    except LookupError:
        abort(404)
    except MatrixError as error:
        response = Response(str(error), status=422, content_type="text/plain; charset=utf-8")
        response.headers["Cache-Control"] = "no-cache"
        return response
    response = Response(content, content_type="text/plain; charset=utf-8")
    # The format has no room for remarks, so the name says what the judgements are.
    name = f"polisee-{set_code}-{question.found.origin}-v{frames.data_version()}.scw"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-cache"
    return response


def _named(question: Asked) -> CrossImpactMatrix:
    """The matrix with names for people; the program has one line for each, and no two alike."""
    parts = [
        Descriptor(_line(part.name), tuple(_line(name) for _code, name in part.values)) for part in question.mine.parts
    ]
    return CrossImpactMatrix(check_descriptors(parts), question.matrix.values)


def _line(name: str) -> str:
    return " ".join(name.split())
