"""A committee's document as tagged PDF (PDF/UA-1), set by Typst; it bears no time but the pack's own."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from dashboard import theme
from dashboard.i18n import _, speaking
from dashboard.reports import pack_charts, pdf
from dashboard.reports.pack_model import Block, Grid, Items, Paper, Picture, Text
from dashboard.reports.svg import tones


def as_pdf(paper: Paper) -> bytes:
    """The document on sheets of A4."""
    with speaking(paper.lang):
        moment = datetime.fromisoformat(paper.at).replace(tzinfo=UTC)
        inputs = {"pack": json.dumps(data(paper), ensure_ascii=False)}
        return pdf.dated((pdf.TEMPLATES / "pack.typ").read_bytes(), inputs, moment)


def data(paper: Paper) -> dict[str, Any]:
    """Everything that stands in it."""
    sections = [
        {
            "heading": one.heading,
            "level": one.level,
            "breaks": one.breaks,
            "blocks": [_block(block, f"{one.key}-{place}", one.heading) for place, block in enumerate(one.blocks)],
        }
        for one in paper.sections
    ]
    return {
        "lang": paper.lang,
        "organisation": "PoliSEE",
        "name": paper.name,
        "kicker": paper.kicker,
        "title": paper.title,
        "facts": [{"name": name, "value": value} for name, value in paper.facts],
        "notes": list(paper.notes),
        "label": paper.label,
        "watermark": paper.watermark,
        "stamp": paper.stamp,
        "sheet": _("Page {n} of {all}"),
        "colours": tones(theme.LIGHT),
        "sections": sections,
    }


def _block(block: Block, ident: str, heading: str) -> dict[str, Any]:
    if isinstance(block, Picture):
        return {"kind": "picture", "svg": pack_charts.draw(block, ident), "words": block.words}
    if isinstance(block, Items):
        return {"kind": "items", "items": list(block.items)}
    if isinstance(block, Text):
        return {"kind": "text", "style": block.style, "text": block.text}
    return {"kind": "grid", "named": not heading.endswith(block.caption), **_grid(block)}


def _grid(shown: Grid) -> dict[str, Any]:
    told = asdict(shown)
    return {
        **told,
        "heads": [head._asdict() for head in shown.heads],
        "rows": [[cell._asdict() for cell in row] for row in shown.rows],
    }
