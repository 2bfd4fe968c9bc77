"""The brief as a Word document: real headings, a repeated head row, its language set, pictures described."""

import io
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from dashboard import theme
from dashboard.i18n import _
from dashboard.reports.brief import Brief, Fact, Section, Tile, Verdict
from dashboard.reports.pdf import as_png

LOCALES = {"en": "en-GB", "hu": "hu-HU"}
"""The language tag that Word wants, by our language code."""

WIDTHS = (3.7, 2.2, 2.3, 2.5, 2.5, 2.5, 2.5)
"""Widths of the table's columns in centimetres; together the width of the text."""


def as_docx(brief: Brief) -> bytes:
    """Write the brief as a Word document."""
    word = Document()
    _set_up(word, brief)
    _line(word, brief.kicker, "Kicker")
    word.add_heading(brief.headline, 1)
    if brief.lead:
        _line(word, brief.lead, "Lead")
    _line(word, f"{brief.place} · {brief.coverage}", "Small")
    _line(word, brief.caption, "Caption")
    _table(word, brief)
    for section in (brief.targets, brief.good, brief.attention, brief.peers):
        _section(word, section)
    word.add_heading(brief.facts_heading, 2)
    for fact in brief.facts:
        _fact(word, fact)
    for note in brief.notes:
        _line(word, note, "Small")
    buffer = io.BytesIO()
    word.save(buffer)
    return buffer.getvalue()


# --- set-up ---------------------------------------------------------------------------------------------------


def _colour(name: str) -> RGBColor:
    return RGBColor.from_string(getattr(theme.LIGHT, name).lstrip("#"))


def _set_up(word: Word, brief: Brief) -> None:
    """Page, styles, language and properties."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.4)
    page.top_margin, page.bottom_margin = Cm(1.3), Cm(1.5)
    page.footer_distance = Cm(0.8)
    _speak(word, LOCALES.get(brief.lang, brief.lang))
    _style(word, "Normal", 9.5, "ink", after=2)
    _style(word, "Heading 1", 17, "ink", bold=True, after=3)
    _style(word, "Heading 2", 11, "accent", bold=True, before=7, after=2)
    _style(word, "Caption", 9, "muted", before=5, after=3)
    word.styles["Caption"].paragraph_format.keep_with_next = True
    _style(word, "List Bullet", 9.5, "ink", after=1)
    for name, size, colour in (
        ("Kicker", 9, "accent"),
        ("Lead", 11, "ink"),
        ("Small", 8, "muted"),
        ("Cell", 8.5, "ink"),
    ):
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Normal"]
        _style(word, name, size, colour, after=0 if name == "Cell" else 2)
    about = word.core_properties
    about.title, about.author, about.language = brief.title, brief.organisation, brief.lang
    about.subject, about.comments = brief.headline, brief.address
    about.created = about.modified = datetime.now(UTC).replace(tzinfo=None)
    foot = page.footer.paragraphs[0]
    foot._p.style = "Small"
    foot.add_run(brief.stamp + " · ")
    before, _number, after = _("Page {n} of {all}").partition("{n}")
    foot.add_run(before)
    _page_field(foot, "PAGE")
    between, _all, rest = after.partition("{all}")
    foot.add_run(between)
    _page_field(foot, "NUMPAGES")
    foot.add_run(rest)


def _speak(word: Word, tag: str) -> None:
    """Say in which language the text is, where spelling and screen readers look for it."""
    usual = word.styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault")).find(qn("w:rPr"))
    lang = usual.find(qn("w:lang"))
    if lang is None:
        lang = OxmlElement("w:lang")
        usual.append(lang)
    lang.set(qn("w:val"), tag)
    lang.set(qn("w:eastAsia"), tag)
    settings = word.settings.element
    for old in settings.findall(qn("w:themeFontLang")):
        old.set(qn("w:val"), tag)


def _style(
    word: Word, name: str, size: float, colour: str, *, bold: bool = False, before: float = 0, after: float = 0
) -> None:
    style: Any = word.styles[name]
    style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
    style.font.color.rgb = _colour(colour)
    style.font.name = "Calibri"
    # Headings of the template name theme fonts, which go before a font's own name.
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for key in list(fonts.attrib):
        if key.endswith("Theme"):
            del fonts.attrib[key]
    for key in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(key), "Calibri")
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.line_spacing = 1.05


def _page_field(paragraph: Paragraph, name: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    run, text = OxmlElement("w:r"), OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    paragraph._p.append(field)


# --- parts ----------------------------------------------------------------------------------------------------


def _line(place: Word | _Cell, text: str, style: str) -> Paragraph:
    """A paragraph in the style of this id; asking for styles by name would search all of them each time."""
    line = place.add_paragraph(text)
    line._p.style = style
    return line


def _section(word: Word, section: Section) -> None:
    word.add_heading(section.heading, 2)
    for item in section.items:
        _line(word, item, "ListBullet")
    for note in section.notes:
        _line(word, note, "Small")


def _fact(word: Word, fact: Fact) -> None:
    line = _line(word, "", "Small")
    line.add_run(f"{fact.label}: ").bold = True
    if fact.link:
        _link(line, fact.text, fact.link)
    else:
        line.add_run(fact.text)


def _link(paragraph: Paragraph, text: str, address: str) -> None:
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = paragraph.add_run(text)
    run.font.color.rgb, run.font.underline = _colour("accent"), True
    link.append(run._r)
    paragraph._p.append(link)


def _table(word: Word, brief: Brief) -> None:
    table = word.add_table(rows=1, cols=len(brief.columns))
    table.style = "Table Grid"
    table.autofit = False
    _describe(table, brief.title, brief.caption)
    for cell, text in zip(table.rows[0].cells, brief.columns, strict=True):
        _write(cell, text, bold=True)
        _shade(cell, theme.LIGHT.raised)
    _mark_row(table.rows[0], "w:tblHeader")
    for tile in brief.tiles:
        row = table.add_row()
        _fill(row.cells, tile)
        _mark_row(row, "w:cantSplit")
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = Cm(width)  # programs differ in whether they go by the columns or by the cells
        for cell in column.cells:
            cell.width = Cm(width)
    _draw_lines(table)


def _fill(cells: tuple[_Cell, ...], tile: Tile) -> None:
    _write(cells[0], tile.name, bold=True, below=tile.unit)
    when = " ".join(part for part in (tile.year, tile.flags) if part)
    _write(cells[1], tile.value, bold=True, below=tile.instead or when)
    if tile.spark:
        _picture(cells[2], tile)
    else:
        _write(cells[2], "–")
    for cell, verdict in zip(cells[3:], tile.verdicts, strict=True):
        _judge(cell, verdict)


def _write(cell: _Cell, text: str, *, bold: bool = False, below: str = "") -> None:
    line = cell.paragraphs[0]
    line._p.style = "Cell"
    line.add_run(text).bold = bold
    if below:
        run = _line(cell, "", "Cell").add_run(below)
        run.font.size, run.font.color.rgb = Pt(7.5), _colour("muted")


def _judge(cell: _Cell, verdict: Verdict) -> None:
    line = cell.paragraphs[0]
    line._p.style = "Cell"
    if verdict.shape:
        shape = line.add_run(verdict.shape + "\N{NO-BREAK SPACE}")
        shape.font.color.rgb = _colour("muted" if verdict.tone == "none" else verdict.tone)
    line.add_run(verdict.word)
    if verdict.detail:
        run = _line(cell, "", "Cell").add_run(verdict.detail)
        run.font.size, run.font.color.rgb = Pt(7.5), _colour("muted")


def _picture(cell: _Cell, tile: Tile) -> None:
    line = cell.paragraphs[0]
    line._p.style = "Cell"
    shape = line.add_run().add_picture(io.BytesIO(as_png(tile.spark)), width=Emu(Cm(2.0)))
    about = shape._inline.docPr
    about.set("descr", tile.spark_words)
    about.set("name", tile.indicator)


def _describe(table: Table, title: str, words: str) -> None:
    for name, text in (("w:tblCaption", title), ("w:tblDescription", words)):
        element = OxmlElement(name)
        element.set(qn("w:val"), text)
        table._tbl.tblPr.append(element)


def _mark_row(row: Any, name: str) -> None:
    element = OxmlElement(name)
    element.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(element)


def _shade(cell: _Cell, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), colour.lstrip("#"))
    cell._tc.get_or_add_tcPr().append(shade)


def _draw_lines(table: Table) -> None:
    """Thin lines between rows only."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        shown = side in ("top", "bottom", "insideH")
        line.set(qn("w:val"), "single" if shown else "nil")
        if shown:
            line.set(qn("w:sz"), "4")
            line.set(qn("w:color"), theme.LIGHT.line.lstrip("#"))
        borders.append(line)
    # The schema wants borders before layout, look, caption and description.
    following = ("w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook", "w:tblCaption", "w:tblDescription")
    table._tbl.tblPr.insert_element_before(borders, *following)
