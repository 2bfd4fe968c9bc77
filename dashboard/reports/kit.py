"""The offline kit: everything of a set for a room without internet, as one ZIP that opens from a memory stick.

``…-slides.html`` holds the same slides in every language with their charts and script, and asks nothing of any network.
"""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from dashboard.i18n import LANGUAGES, _, speaking
from dashboard.reports import poster, slides_html, slides_pdf, slides_pptx
from dashboard.slide_charts import Bars, Cross, Lines, Steps
from dashboard.slides import Deck, Slide

LARGEST = 25 * 1024 * 1024
"""Bytes that a kit may have, so that it can be sent by mail."""

HEAD = ("slide", "title", "series", "year", "low", "value", "high", "unit")


def as_zip(decks: Sequence[Deck]) -> bytes:
    """The kit of a set; ``decks`` are the same slides in each language, the first of which is shown first."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as kit:
        for name, content in _files(decks):
            _put(kit, name, content)
    return buffer.getvalue()


def _put(kit: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    # Files of Office and PDF are packed already.
    info.compress_type = zipfile.ZIP_STORED if name.endswith((".pptx", ".pdf")) else zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    kit.writestr(info, content)


def _files(decks: Sequence[Deck]) -> Iterator[tuple[str, bytes]]:
    folder = _folder(decks[0])
    yield f"{folder}/README.txt", _readme(decks).encode("utf-8-sig")
    yield f"{folder}/{folder}-slides.html", slides_html.offline(decks).encode()
    for deck in decks:
        yield f"{folder}/{deck.stem}.pptx", slides_pptx.as_pptx(deck)
        yield f"{folder}/{deck.stem}.pdf", slides_pdf.as_pdf(deck)
        yield f"{folder}/{deck.stem}-poster.svg", poster.as_svg(deck).encode()
        yield f"{folder}/{deck.stem}-numbers.csv", numbers(deck)


def _folder(deck: Deck) -> str:
    """Name of what holds all languages."""
    return deck.stem.replace(f"-{deck.lang}-", "-")


def _readme(decks: Sequence[Deck]) -> str:
    parts = []
    for deck in decks:
        with speaking(deck.lang):
            lines = [
                LANGUAGES.get(deck.lang, deck.lang).upper(),
                f"{deck.title} – {deck.region_name}",
                f"{deck.fixed} {deck.warning}",
                "",
                _("{name}: the slides. Open it in any browser; it needs no network. Arrow keys turn the pages.").format(
                    name=f"{_folder(deck)}-slides.html"
                ),
                _("{name}: the slides for PowerPoint and LibreOffice, with charts to edit and notes.").format(
                    name=f"{deck.stem}.pptx"
                ),
                _("{name}: handout, A4.").format(name=f"{deck.stem}.pdf"),
                _("{name}: poster, A1. A browser or Inkscape opens and prints it.").format(
                    name=f"{deck.stem}-poster.svg"
                ),
                _("{name}: all numbers of the charts; opens in Excel.").format(name=f"{deck.stem}-numbers.csv"),
                "",
                _("Made by PoliSEE on {day} from data version {version}.").format(day=deck.day, version=deck.version),
                *[line for slide in deck.slides if slide.key == "sources" for line in slide.lines],
            ]
            parts.append("\r\n".join(lines))
    return "\r\n\r\n".join(parts) + "\r\n"


def numbers(deck: Deck) -> bytes:
    """All numbers of the charts, a row each, with full precision: UTF-8 with byte-order mark, as Excel wants it."""
    text = io.StringIO()
    text.write(f"# {deck.title}, {deck.region_name}. {deck.fixed} {deck.warning}\n")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(HEAD)
    for place, slide in enumerate(deck.slides, 1):
        for row in rows_of(slide):
            table.writerow([place, slide.name, *row])
    return text.getvalue().encode("utf-8-sig")


def rows_of(slide: Slide) -> Iterator[tuple[object, ...]]:
    """[series, year, low, value, high, unit] of a slide's chart; what is not stated is empty."""

    def plain(value: float) -> object:
        return "" if value != value else value

    chart = slide.chart
    if isinstance(chart, Lines):
        for part in chart.seen:
            for one in part:
                yield chart.seen_label, one.year, "", one.value, "", chart.label
        for path in chart.paths:
            for spot in path.spots:
                yield path.name, spot.year, plain(spot.low), plain(spot.value), plain(spot.high), chart.label
    elif isinstance(chart, Bars):
        for bar in chart.bars:
            yield bar.label, "", "", plain(bar.value), "", chart.name
            if bar.before == bar.before:
                yield bar.label, "", "", bar.before, "", chart.before
    elif isinstance(chart, Cross):
        for where in chart.places:
            yield where.name, "", "", where.x, "", chart.across.name
            if chart.upward is not None:
                yield where.name, "", "", where.y, "", chart.upward.name
    elif isinstance(chart, Steps):
        for step in chart.steps:
            yield step.name, "", step.start, step.due, step.earliest, chart.label
