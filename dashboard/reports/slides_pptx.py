"""Slides as a presentation to go on working with: native charts and tables, titles, notes, alternative texts."""

import io
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.i18n import _, speaking
from dashboard.reports import pptx_base as base
from dashboard.reports import pptx_charts as charts
from dashboard.reports.pptx_base import AREA, INCH, SPACES, Box
from dashboard.reports.svg import ROOMY, clean, escape
from dashboard.reports.svg import wrapped as wrapped_wide
from dashboard.slide_charts import Cell, Cross, Pole, Table
from dashboard.slides import CHART, STORY_KIND, TABLE, TEXT, TITLE, Deck, Slide

LANGUAGES = {"en": "en-GB", "hu": "hu-HU"}
"""Languages as presentations name them."""

LAYOUTS = {TITLE: base.TITLE, TEXT: base.TEXT, CHART: base.CHART, STORY_KIND: base.STORY, TABLE: base.TABLE}

TITLE_SIZES = (30, 26, 22)
"""Letters of a title in points: the largest with which it keeps to two lines."""

TABLE_SIZES = (18, 16, 14)
"""The same of a table: the largest with which it keeps to its place."""

BAD = "bad"
NO_STYLE = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
"""The built-in style of tables without lines and colours: ours are set cell by cell."""


def wrapped(text: str, size: float, room: float, bold: bool = False) -> list[str]:
    """A text in lines; Arial's letters are as wide as those that widths are known of."""
    return wrapped_wide(text, size / ROOMY, room, bold=bold)


def as_pptx(deck: Deck) -> bytes:
    """The deck as a file of PowerPoint."""
    with speaking(deck.lang):
        made = base.blank()
        for place, slide in enumerate(deck.slides, 1):
            _slide(made, deck, slide, place)
        _properties(made, deck)
        buffer = io.BytesIO()
        made.save(buffer)
        return buffer.getvalue()


def _properties(made: Any, deck: Deck) -> None:
    core = made.core_properties
    core.title, core.subject = clean(f"{deck.title} – {deck.region_name}"), clean(deck.question)
    core.author, core.last_modified_by = "PoliSEE", "PoliSEE"
    core.language, core.comments = LANGUAGES.get(deck.lang, deck.lang), clean(deck.warning)
    core.keywords, core.version = deck.fixed, str(deck.version)
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    core.created = core.modified = now
    core.revision = 1


def _slide(made: Any, deck: Deck, slide: Slide, number: int) -> None:
    one = made.slides.add_slide(made.slide_layouts[LAYOUTS[slide.kind]])
    one.shapes.title.text_frame.text = slide.title
    size = _fitting(TITLE_SIZES, lambda size: len(wrapped(slide.title, size, base.FULL * 72, bold=True)) <= 2)
    if size != TITLE_SIZES[0] and slide.kind != TITLE:
        one.shapes.title.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
    places = {shape.placeholder_format.idx: shape for shape in one.placeholders}
    kicker = places[base.KICKER].text_frame
    kicker.text = f"{slide.sign} {slide.kicker}".strip()
    if slide.tone:
        font = kicker.paragraphs[0].runs[0].font
        font.bold, font.size = True, Pt(20)
        charts.paint(font.color, slide.tone)
    if slide.kind == STORY_KIND:
        _paragraphs(places[base.BODY], slide.lines)
        _facts(places[base.SIDE], slide)
    elif base.BODY in places:
        _paragraphs(places[base.BODY], slide.lines)
        if slide.kind == TEXT and (size := _size(slide.lines)):
            for paragraph in places[base.BODY].text_frame.paragraphs:
                paragraph.runs[0].font.size = Pt(size)
    if base.UNDER in places:
        rest = slide.table.rest if slide.table is not None else ""
        _paragraphs(places[base.UNDER], [" ".join(part for part in (slide.under, rest) if part)])
    if slide.chart is not None:
        _chart(one, deck, slide, places.get(base.BODY))
    if slide.table is not None:
        _table(one, slide)
    for shape in list(one.placeholders):
        if shape.has_text_frame and not shape.text_frame.text.strip():
            shape._element.getparent().remove(shape._element)
    _footer(one, deck, number)
    _notes(one, slide)
    lang = LANGUAGES.get(deck.lang, deck.lang)
    for part in (one._element, one.notes_slide._element):
        _speak(part, lang)


def _fitting(sizes: Sequence[int], fits: Callable[[int], bool]) -> int:
    """The first size that fits, else the last."""
    return next((size for size in sizes if fits(size)), sizes[-1])


def _paragraphs(shape: Any, texts: Sequence[str]) -> None:
    frame = shape.text_frame
    for place, text in enumerate(texts):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        paragraph.text = text


def _size(lines: Sequence[str]) -> int:
    """Letters in points for lines that do not fit in full size; 0 for those that do."""
    rows = sum(1.3 + len(line) // 72 for line in lines)
    return 0 if rows <= 8.5 else 20 if rows <= 11 else 16


def _facts(shape: Any, slide: Slide) -> None:
    """Headline numbers: what, the number, and what it is to be held against."""
    frame = shape.text_frame
    lines: list[tuple[str, float, bool, str]] = [(slide.under, 14, False, "muted")] if slide.facts else []
    for fact in slide.facts:
        lines += [(fact.label, 14, False, "ink"), (fact.value, 28, True, slide.tone), (fact.detail, 14, False, "muted")]
    for place, (text, size, bold, tone) in enumerate(line for line in lines if line[0]):
        paragraph = frame.paragraphs[0] if not place else frame.add_paragraph()
        run = paragraph.add_run()
        run.text, run.font.size, run.font.bold = text, Pt(size), bold
        charts.paint(run.font.color, tone)
        if size == 14 and tone == "ink":
            paragraph.space_before = Pt(9)


def _chart(one: Any, deck: Deck, slide: Slide, body: Any) -> None:
    if slide.chart is None:
        return
    lang = LANGUAGES.get(deck.lang, deck.lang)
    box = AREA
    if isinstance(slide.chart, Cross):
        box = Box(AREA.x, AREA.y + 0.35, 8.0, AREA.h + 0.05)
        if body is not None:
            body.left, body.top, body.width, body.height = Box(AREA.x + 8.5, AREA.y + 0.35, 3.59, AREA.h).emu
            for paragraph in body.text_frame.paragraphs:
                paragraph.space_after = Pt(12)
        for words, where, align in _poles(slide.chart.across, slide.chart.upward, box):
            _words(one, words, where, align)
    elif slide.lines:
        box = Box(AREA.x, AREA.y + 0.65, AREA.w, AREA.h - 0.65)
    charts.add(one.shapes, slide.chart, box, slide.title[:200], slide.words, lang)


def _poles(across: Pole, upward: Pole | None, box: Box) -> list[tuple[str, Box, str]]:
    """What lies at the ends of the axes, and where it is written."""
    middle = box.y + box.h / 2
    found = [
        (f"◀ {across.low}", Box(box.x, middle + 0.04, 3.4, 0.32), "l"),
        (f"{across.high} ▶", Box(box.x + box.w - 3.4, middle + 0.04, 3.4, 0.32), "r"),
    ]
    if upward is not None:
        found += [
            (f"▲ {upward.high}", Box(box.x, box.y - 0.33, box.w, 0.32), "ctr"),
            (f"▼ {upward.low}", Box(box.x, box.y + box.h, box.w, 0.32), "ctr"),
        ]
    return found


def _words(one: Any, words: str, box: Box, align: str) -> None:
    shape = one.shapes.add_textbox(*box.emu)
    frame = shape.text_frame
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    frame.text = words
    paragraph = frame.paragraphs[0]
    paragraph._p.get_or_add_pPr().set("algn", align)
    paragraph.runs[0].font.size = Pt(charts.SIZE)
    charts.paint(paragraph.runs[0].font.color, "muted")


# --- tables ---------------------------------------------------------------------------------------------------------


def _table(one: Any, slide: Slide) -> None:
    """A native table, written as a whole: cell by cell python-pptx takes ten times as long."""
    if slide.table is None:
        return
    shown: Table = slide.table
    columns, box = len(shown.heads), Box(AREA.x, AREA.y - 0.12, AREA.w, 0.4 * (len(shown.rows) + 1))
    frame = one.shapes.add_table(1, 1, *box.emu)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", clean(shown.caption))
    properties.set("descr", clean(". ".join(part for part in (shown.caption, slide.under) if part)))
    total = sum(head.width for head in shown.heads)
    size = _fitting(TABLE_SIZES, lambda size: _tall(shown, size) <= AREA.h * 72)
    grid = "".join(f'<a:gridCol w="{round(box.w * INCH * head.width / total)}"/>' for head in shown.heads)
    heads = [Cell(head.text, tone=head.tone or "ink", strong=True) for head in shown.heads]
    rows = [_row(heads, [shown.heat and 0 < place < columns - 1 for place in range(columns)], size, "b")]
    rows += [
        _row(row, [shown.heat and 0 < place < columns - 1 for place in range(columns)], size) for row in shown.rows
    ]
    made = (
        f'<a:tbl {SPACES}><a:tblPr firstRow="1" firstCol="1"><a:tableStyleId>{NO_STYLE}</a:tableStyleId></a:tblPr>'
        f"<a:tblGrid>{grid}</a:tblGrid>{''.join(rows)}</a:tbl>"
    )
    old = frame._element.find(".//" + qn("a:tbl"))
    old.getparent().replace(old, parse_xml(made))


def _tall(shown: Table, size: int) -> float:
    """Height of a table in points, about."""
    total = sum(head.width for head in shown.heads)
    heads = [Cell(head.text, strong=True) for head in shown.heads]
    return sum(
        max(
            len(wrapped(cell.text, size, AREA.w * 72 * head.width / total - 12, cell.strong))
            for head, cell in zip(shown.heads, row, strict=True)
        )
        * size
        * 1.2
        + 7
        for row in (heads, *shown.rows)
    )


def _row(cells: Sequence[Cell], centred: Sequence[bool], size: int, anchor: str = "") -> str:
    return (
        f'<a:tr h="{round(0.4 * INCH)}">'
        + "".join(_cell(cell, middle, size, anchor) for cell, middle in zip(cells, centred, strict=True))
        + "</a:tr>"
    )


def _cell(shown: Cell, centred: bool, size: int, anchor: str) -> str:
    tone = f"{shown.fill}-ink" if shown.fill else shown.tone if shown.tone and shown.tone != "none" else "ink"
    align = ' algn="ctr"' if centred else ""
    anchor = anchor or ("ctr" if shown.fill or centred else "t")
    wide, pad = round(0.08 * INCH), round(0.045 * INCH)
    # About a coloured cell a gap in the colour of the page, below any other a thin line.
    sides, line, thick = (("lnL", "lnR", "lnT", "lnB"), "surface", 3.0) if shown.fill else (("lnB",), "line", 1.0)
    borders = "".join(
        f'<a:{side} w="{round(thick * 12700)}"><a:solidFill>{charts.colour_of(line)}</a:solidFill></a:{side}>'
        for side in sides
    )
    fill = f"<a:solidFill>{charts.colour_of(shown.fill)}</a:solidFill>" if shown.fill else "<a:noFill/>"
    return (
        f'<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr{align}/><a:r><a:rPr sz="{size * 100}" '
        f'b="{int(shown.strong)}"><a:solidFill>{charts.colour_of(tone)}</a:solidFill></a:rPr>'
        f'<a:t>{escape(shown.text)}</a:t></a:r></a:p></a:txBody><a:tcPr marL="{wide}" marR="{wide}" marT="{pad}" '
        f'marB="{pad}" anchor="{anchor}">{borders}{fill}</a:tcPr></a:tc>'
    )


# --- footer, notes, language ----------------------------------------------------------------------------------------


def _footer(one: Any, deck: Deck, number: int) -> None:
    """What stands on each slide, and its number, in the placeholders of the layout."""
    tree = one.shapes._spTree
    words = (
        f'<a:r><a:rPr b="1"><a:solidFill>{charts.colour_of(BAD)}</a:solidFill></a:rPr>'
        f"<a:t>{escape(deck.fixed)}</a:t></a:r>"
        f"<a:r><a:rPr/><a:t>  {escape(deck.title)} · {escape(deck.region_name)}</a:t></a:r>"
    )
    field = base.NUMBER_FIELD.replace("‹#›", str(number))
    for ident, name, ph, inner in (
        (900, _("Footer"), 'type="ftr" sz="quarter" idx="10"', words),
        (901, _("Slide number"), 'type="sldNum" sz="quarter" idx="11"', field),
    ):
        tree.append(
            parse_xml(
                f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{ident}" name="{escape(name)}"/><p:cNvSpPr>'
                f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph {ph}/></p:nvPr></p:nvSpPr><p:spPr/><p:txBody>'
                f"<a:bodyPr/><a:lstStyle/><a:p>{inner}</a:p></p:txBody></p:sp>"
            )
        )


def _notes(one: Any, slide: Slide) -> None:
    parts = [*slide.notes, *slide.whole]
    if slide.words and slide.chart is not None:
        parts.append(slide.words)
    if slide.sources:
        parts.append(f"{_('Source')}: {'; '.join(slide.sources)}")
    one.notes_slide.notes_text_frame.text = "\n".join(parts)


def _speak(element: Any, lang: str) -> None:
    """Set the language of every run, so that spelling and reading aloud are right."""
    for tag in ("a:rPr", "a:endParaRPr"):
        for found in element.iter(qn(tag)):
            found.set("lang", lang)
    for run in element.iter(qn("a:r")):
        if run.find(qn("a:rPr")) is None:
            run.insert(0, parse_xml(f'<a:rPr {SPACES} lang="{lang}"/>'))
