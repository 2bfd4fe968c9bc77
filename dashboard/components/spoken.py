"""Sentences on a page: each number leads to the table row that it comes from."""

from typing import Any

from dash import dcc, html

from analysis.sentences import Key, Sentence
from dashboard import findings, frames


def row_id(indicator: str) -> str:
    """Id of an indicator's row in the table of a region's page."""
    return f"row-{indicator}"


def spoken(sentence: Sentence, about: str = "", here: str = "") -> list[Any]:
    """A sentence whose numbers are links.

    Args:
        sentence: what to say.
        about: region that the reader is told about anyway; its name at the start is left out.
        here: region whose table stands on the same page; numbers of it lead to its rows.
    """
    return [
        piece.text if piece.key is None else _link(piece.text, piece.key, here)
        for piece in findings.pieces(sentence, about)
    ]


def _link(text: str, key: Key, here: str) -> Any:
    if key.region == here:
        return html.A(text, href=f"#{row_id(key.indicator)}", className="number-link")
    place = f"region={key.region}&" if key.region else ""
    return dcc.Link(text, href=frames.href(f"/region?{place}indicator={key.indicator}"), className="number-link")
