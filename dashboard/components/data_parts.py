"""Pieces that all parts of the data page are made of: a card around a table, links to files, statements, formulas."""

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from dash import html

from dashboard import frames
from dashboard.components.card import exhibit_card
from dashboard.exhibits import Exhibit
from dashboard.i18n import _, language, number
from dashboard.statements import Section

PATH = "/data"
FORMS = {"csv": "CSV", "xlsx": "Excel (XLSX)", "json": "JSON"}


def part_link(label: str, **query: str) -> html.A:
    """A link to another part of the page."""
    return html.A(label, href=frames.href(f"{PATH}?{urlencode(query)}"))


def files(key: str, label: str, query: dict[str, str], forms: Sequence[str] = ("csv", "xlsx", "json")) -> html.Div:
    """Links to an exhibit's files, after a word that says what they hold."""
    asked = urlencode({**query, "lang": language()})
    links = [
        html.A(
            FORMS[form],
            href=frames.href(f"/export/{key}.{form}?{asked}"),
            download=True,
            className="download",
            **{"aria-label": f"{label}: {FORMS[form]}"},
        )
        for form in forms
    ]
    return html.Div(
        [html.Span(label, className="files-label"), html.Span(links, className="downloads")], className="files"
    )


def table_card(shown: Exhibit, extra: Any = None) -> html.Div:
    """An exhibit whose table is what there is to see: open at once, with the same actions below."""
    return html.Div(exhibit_card(shown, extra=extra, open_table=True), className="table-first")


def statement(sections: Sequence[Section]) -> list[Any]:
    """A statement as headed sections."""
    return [html.Section([html.H3(section.heading), *_body(section)], className="statement") for section in sections]


def _body(section: Section) -> list[Any]:
    parts: list[Any] = [html.P(text) for text in section.paragraphs]
    if section.points:
        parts.append(html.Ul([html.Li(point) for point in section.points]))
    if section.links:
        links = [html.Li(html.A(label, href=href, rel="noopener")) for label, href in section.links]
        parts.append(html.Ul(links, className="list-plain statement-links"))
    return parts


def formula(text: str) -> html.P:
    """A formula in plain signs: ``y_{t}`` is written low, ``^{1/n}`` high; numbers in it come from the constants."""
    parts: list[Any] = []
    for piece in re.split(r"([_^]\{[^}]*\})", text):
        if piece.startswith("_{"):
            parts.append(html.Sub(piece[2:-1]))
        elif piece.startswith("^{"):
            parts.append(html.Sup(piece[2:-1]))
        elif piece:
            parts.append(piece)
    return html.P(parts, className="formula", **{"aria-label": _("Formula")}, role="group")


@dataclass(frozen=True)
class Method:
    """One measure: anchor, name, paragraphs, formulas, where it comes from."""

    key: str
    name: str
    paragraphs: tuple[str, ...]
    formulas: tuple[str, ...] = ()
    source: str = ""


def default(function: Any, name: str) -> float:
    """Default of a measure's argument, so that the text says what the code does."""
    return float(inspect.signature(function).parameters[name].default)


def short(value: float) -> str:
    """A number without decimals when it has none, else with one."""
    return number(value, 0 if value == int(value) else 1)
