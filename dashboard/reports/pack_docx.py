"""A committee's document for Word: real headings, repeated head rows, its language set, pictures described."""

import io
from datetime import datetime
from typing import Any

from docx import Document
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Cm, Emu, Pt
from docx.table import _Cell
from docx.text.paragraph import Paragraph

from dashboard import theme
from dashboard.i18n import _, speaking
from dashboard.reports import docx as house
from dashboard.reports import pack_charts
from dashboard.reports.pack_files import steady
from dashboard.reports.pack_model import Block, Cell, Grid, Items, Paper, Picture, Text
from dashboard.reports.pdf import as_png
from dashboard.reports.svg import clean, escape

WIDTH = 17.6
"""Width of the text in centimetres."""

STYLES = {"lead": "Lead", "small": "Small", "warning": "Warning", "body": ""}


def as_docx(paper: Paper) -> bytes:
    """Write the document for Word; it bears no time but the pack's own."""
    with speaking(paper.lang):
        word = Document()
        _set_up(word, paper)
        _line(word, paper.kicker, "Kicker")
        word.add_heading(clean(paper.title), 1)
        for name, value in paper.facts:
            line = _line(word, "", "Small")
            line.add_run(f"{name}: ")
            line.add_run(clean(value)).bold = True
        for note in paper.notes:
            _line(word, note, "Warning")
        for section in paper.sections:
            heading = word.add_heading(clean(section.heading), section.level)
            heading.paragraph_format.page_break_before = section.breaks
            for place, block in enumerate(section.blocks):
                _block(word, block, f"{section.key}-{place}", section.heading)
        buffer = io.BytesIO()
        word.save(buffer)
    return steady(buffer.getvalue(), paper.at)


def _set_up(word: Word, paper: Paper) -> None:
    """Page, styles, language, properties, head and foot of each page."""
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(1.7)
    page.top_margin, page.bottom_margin = Cm(1.8), Cm(1.6)
    page.header_distance = page.footer_distance = Cm(0.8)
    house._speak(word, house.LOCALES.get(paper.lang, paper.lang))
    house._style(word, "Normal", 9.5, "ink", after=3)
    house._style(word, "Heading 1", 17, "ink", bold=True, after=4)
    house._style(word, "Heading 2", 13, "accent", bold=True, before=12, after=3)
    house._style(word, "Heading 3", 11, "accent", bold=True, before=8, after=2)
    house._style(word, "Caption", 8.5, "muted", before=5, after=2)
    word.styles["Caption"].paragraph_format.keep_with_next = True
    house._style(word, "List Bullet", 9.5, "ink", after=1)
    for name, size, colour, bold in (
        ("Kicker", 9, "accent", True),
        ("Lead", 11, "ink", True),
        ("Small", 8, "muted", False),
        ("Cell", 8, "ink", False),
        ("Tiny", 7.5, "ink", False),
        ("Warning", 9.5, "bad", True),
    ):
        word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = word.styles["Normal"]
        house._style(word, name, size, colour, bold=bold, after=0 if name in ("Cell", "Tiny") else 3)
    word.styles["Lead"].paragraph_format.keep_with_next = True
    about = word.core_properties
    about.title, about.author, about.language = clean(paper.name), "PoliSEE", paper.lang
    about.subject, about.comments = clean(paper.title), clean(paper.label)
    about.created = about.modified = datetime.fromisoformat(paper.at)
    top = page.header.paragraphs[0]
    top._p.style = "Small"
    if paper.label:
        top._p.style = "Warning"
        top.add_run(clean(paper.label)).font.size = Pt(8)
    else:
        top.add_run(clean(paper.kicker))
    foot = page.footer.paragraphs[0]
    foot._p.style = "Small"
    foot.add_run(clean(paper.stamp) + " · ")
    before, _number, after = _("Page {n} of {all}").partition("{n}")
    foot.add_run(before)
    house._page_field(foot, "PAGE")
    between, _all, rest = after.partition("{all}")
    foot.add_run(between)
    house._page_field(foot, "NUMPAGES")
    foot.add_run(rest)


def _line(place: Word | _Cell, text: str, style: str) -> Paragraph:
    line = place.add_paragraph(clean(text))
    if style:
        line._p.style = style
    return line


def _block(word: Word, block: Block, ident: str, heading: str) -> None:
    if isinstance(block, Text):
        _line(word, block.text, STYLES[block.style])
    elif isinstance(block, Items):
        for item in block.items:
            _line(word, item, "ListBullet")
    elif isinstance(block, Picture):
        _picture(word, block, ident)
    else:
        _grid(word, block, not heading.endswith(block.caption))


def _picture(word: Word, block: Picture, ident: str) -> None:
    line = _line(word, "", "")
    shape = line.add_run().add_picture(io.BytesIO(as_png(pack_charts.draw(block, ident))), width=Emu(Cm(WIDTH)))
    about = shape._inline.docPr
    about.set("descr", clean(block.words))
    about.set("name", clean(block.title))


def _grid(word: Word, shown: Grid, named: bool) -> None:
    """A native table, written row by row as markup: cell by cell python-docx takes many times as long."""
    if named:
        _line(word, shown.caption, "Caption")
    table = word.add_table(rows=0, cols=len(shown.heads))
    table.style = "Table Grid"
    table.autofit = False
    house._describe(table, shown.caption, shown.rest or shown.caption)
    total = sum(head.width for head in shown.heads)
    widths = [WIDTH * head.width / total for head in shown.heads]
    style = "Tiny" if shown.small else "Cell"
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    heads = [Cell(head.text, strong=True) for head in shown.heads]
    for place, row in enumerate((tuple(heads), *shown.rows)):
        table._tbl.append(_row(row, shown, widths, style, place == 0))
    house._draw_lines(table)
    _line(word, shown.rest, "Small")


def _row(cells: tuple[Cell, ...], shown: Grid, widths: list[float], style: str, is_head: bool) -> Any:
    marks = '<w:cantSplit w:val="true"/>' + ('<w:tblHeader w:val="true"/>' if is_head else "")
    shade = f'<w:shd w:val="clear" w:fill="{theme.LIGHT.raised.lstrip("#")}"/>' if is_head else ""
    parts = []
    for cell, head, width in zip(cells, shown.heads, widths, strict=True):
        align = "" if head.align == "left" else f'<w:jc w:val="{head.align}"/>'
        runs = _run(f"{cell.sign}\N{NO-BREAK SPACE}", cell.tone, True) if cell.sign else ""
        runs += _run(cell.text, "" if cell.sign else cell.tone, cell.strong)
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{round(width / 2.54 * 1440)}" w:type="dxa"/>{shade}</w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{align}</w:pPr>{runs}</w:p></w:tc>'
        )
    return parse_xml(f"<w:tr {nsdecls('w')}><w:trPr>{marks}</w:trPr>{''.join(parts)}</w:tr>")


def _run(text: str, tone: str, strong: bool) -> str:
    look = "<w:b/>" if strong else ""
    if tone and tone != "ink":
        look += f'<w:color w:val="{getattr(theme.LIGHT, tone).lstrip("#")}"/>'
    return f'<w:r><w:rPr>{look}</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
