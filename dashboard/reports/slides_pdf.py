"""Slides as a handout: what each showed and what was said about it, as a tagged PDF (PDF/UA-1)."""

from typing import Any

from dashboard.i18n import _, speaking
from dashboard.reports.pdf import sheet
from dashboard.reports.svg import light, tones
from dashboard.reports.svg_charts import draw
from dashboard.slide_charts import Cross, Table
from dashboard.slides import TITLE, Deck, Slide
from dashboard.theme import LIGHT

FONT = "Libertinus Serif"
"""Typst brings it along."""

WIDTH, HEIGHT, SIZE = 1240.0, 470.0, 24.0
"""A chart on the width of a page, in units; letters are then about as large as the text."""


def as_pdf(deck: Deck) -> bytes:
    """The deck on sheets of A4."""
    with speaking(deck.lang):
        return sheet("handout", data(deck), "pdf")


def data(deck: Deck) -> dict[str, Any]:
    """Everything that stands in the handout."""
    return {
        "lang": deck.lang,
        "organisation": "PoliSEE",
        "title": deck.title,
        "region": deck.region_name,
        "place": _("{region}, up to {year}").format(region=deck.region_name, year=deck.horizon),
        "question": deck.question,
        "description": deck.description,
        "fixed": deck.fixed,
        "warning": deck.warning,
        "about": _("Handout of the slides of {day}, with their notes. Data version {version}.").format(
            day=deck.day, version=deck.version
        ),
        "stamp": f"PoliSEE · {deck.day}",
        "sheet": _("Page {n} of {all}"),
        "colours": tones(LIGHT),
        "slides": [_slide(slide, place) for place, slide in enumerate(deck.slides) if slide.kind != TITLE],
    }


def _slide(slide: Slide, place: int) -> dict[str, Any]:
    chart = ""
    if slide.chart is not None:
        tall = 620.0 if isinstance(slide.chart, Cross) else HEIGHT
        chart = draw(slide.chart, slide.title, slide.words, f"c{place}", light, WIDTH, tall, SIZE, FONT)
    return {
        "kicker": f"{slide.sign} {slide.kicker}".strip(),
        "tone": slide.tone or "line",
        "title": slide.title,
        "chart": chart,
        "words": slide.words or slide.title,
        "under": slide.under,
        "lines": [] if slide.facts else list(slide.lines),
        "facts": [{"label": fact.label, "value": fact.value, "detail": fact.detail} for fact in slide.facts],
        "fact-heads": [_("Indicator"), _("How far it could reach"), _("To compare")],
        "table": _table(slide.table),
        "numbers": _table(slide.numbers),
        "whole": list(slide.whole),
        "notes": list(slide.notes),
        # The set itself is named in front and at the end; beside each chart stand the figures' own sources.
        "sources": f"{_('Source')}: {'; '.join(slide.sources[:-1])}" if slide.sources[1:] else "",
    }


def _table(shown: Table | None) -> dict[str, Any] | None:
    if shown is None:
        return None
    return {
        "heads": [{"text": head.text, "tone": head.tone or "ink", "width": head.width} for head in shown.heads],
        "rows": [
            [
                {
                    "text": cell.text,
                    "detail": cell.detail,
                    "fill": cell.fill,
                    "tone": cell.tone if cell.tone not in ("", "none") else "ink",
                    "strong": cell.strong,
                }
                for cell in row
            ]
            for row in shown.rows
        ],
        "rest": shown.rest,
    }
