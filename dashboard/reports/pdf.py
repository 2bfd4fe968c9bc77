"""Reports as tagged PDF (PDF/UA-1), set by Typst with the fonts that it carries."""

import json
import threading
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

from dashboard import theme
from dashboard.i18n import _
from dashboard.reports.brief import Brief

TEMPLATES = Path(__file__).parent / "templates"
PICTURE = b'#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#image(bytes(sys.inputs.svg), format: "svg")'
"""A sheet that is nothing but one picture."""

_lock = threading.Lock()


@lru_cache(maxsize=1)
def _compiler() -> typst.Compiler:
    """One compiler a process: fonts are read once. System fonts are left out, so every host sets the same page."""
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)
    return typst.Compiler(root=str(TEMPLATES), font_paths=fonts)


@lru_cache(maxsize=1)
def _layout() -> bytes:
    return (TEMPLATES / "brief.typ").read_bytes()


def as_pdf(brief: Brief) -> bytes:
    """Set the brief on A4. All text goes in as data, so nothing in it can be taken for markup."""
    colours = {
        name: getattr(theme.LIGHT, name) for name in ("ink", "muted", "line", "raised", "accent", "good", "watch")
    }
    colours |= {"bad": theme.LIGHT.bad, "neutral": theme.LIGHT.neutral, "none": theme.LIGHT.muted}
    data = json.dumps({**asdict(brief), "colours": colours, "sheet": _("Page {n} of {all}")}, ensure_ascii=False)
    return _compile(_layout(), {"brief": data}, "pdf")


def sheet(template: str, data: Mapping[str, Any], form: str) -> bytes:
    """A template of ours filled with data: a tagged PDF, or its drawing alone as one SVG.

    Args:
        template: name of the template, under which it also finds its data.
        data: what it says, in values that JSON knows.
        form: ``pdf`` or ``svg``.
    """
    inputs = {template: json.dumps(data, ensure_ascii=False), "part": "drawing" if form == "svg" else "sheet"}
    return _compile((TEMPLATES / f"{template}.typ").read_bytes(), inputs, form)


def dated(source: bytes, inputs: Mapping[str, str], moment: datetime) -> bytes:
    """A tagged PDF that bears a given moment and no other, so that it comes out the same whenever it is made."""
    with _lock:
        made = _compiler().compile(
            source, format="pdf", sys_inputs=dict(inputs), pdf_standards="ua-1", timestamp=moment
        )
    if not isinstance(made, bytes):
        raise TypeError("Typst made several files where one was wanted.")
    return made


def as_png(svg: str) -> bytes:
    """A picture for programs that do not draw SVG, at 300 dots an inch."""
    return _compile(PICTURE, {"svg": svg}, "png")


def _compile(source: bytes, inputs: dict[str, str], form: str) -> bytes:
    # Typst's compiler keeps its state between runs and must not be entered twice at a time.
    with _lock:
        if form == "pdf":
            made = _compiler().compile(source, format="pdf", sys_inputs=inputs, pdf_standards="ua-1")
        elif form == "svg":
            made = _compiler().compile(source, format="svg", sys_inputs=inputs)
        else:
            made = _compiler().compile(source, format="png", sys_inputs=inputs, ppi=300)
    if not isinstance(made, bytes):
        raise TypeError("Typst made several files where one was wanted.")
    return made
