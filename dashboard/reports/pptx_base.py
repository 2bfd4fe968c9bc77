"""An empty presentation in the house style, 16:9: own colours and letters in its theme, own master and layouts.

It is made once a process from the blank one of python-pptx, so that no binary file lies in the repository.
"""

import io
import re
from functools import lru_cache
from typing import Any, NamedTuple

from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml import parse_xml
from pptx.util import Emu

from dashboard import theme

INCH = 914400
WIDTH, HEIGHT = 13.333, 7.5
"""Size of a slide, in inches."""

LEFT, FULL = 0.62, 12.09
"""Left edge and width of what stands on a slide, in inches."""

FONT = "Arial"
"""Every program has it, or letters of the same widths."""

SPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)

KICKER, BODY, SIDE, UNDER = 13, 1, 14, 15
"""Numbers of the placeholders of text."""

TITLE, TEXT, CHART, STORY, TABLE = range(5)
"""Layouts, in their order."""


class Box(NamedTuple):
    """Place and size of a shape, in inches."""

    x: float
    y: float
    w: float
    h: float

    @property
    def emu(self) -> tuple[int, int, int, int]:
        """The same in the units of the format."""
        x, y, w, h = (round(side * INCH) for side in self)
        return x, y, w, h


HEAD = Box(LEFT, 0.78, FULL, 1.1)
AREA = Box(LEFT, 2.0, FULL, 4.3)
"""Where charts and tables stand."""

_KICKER = Box(LEFT, 0.36, FULL, 0.42)
_UNDER = Box(LEFT, 6.36, FULL, 0.36)
_FOOT = Box(LEFT, 6.9, 9.6, 0.36)
_NUMBER = Box(LEFT + FULL - 1.5, 6.9, 1.5, 0.36)


def blank() -> Any:
    """A new presentation in the house style, without slides."""
    return Presentation(io.BytesIO(_blank()))


@lru_cache(maxsize=1)
def _blank() -> bytes:
    made = Presentation()
    made.slide_width, made.slide_height = Emu(round(WIDTH * INCH)), Emu(round(HEIGHT * INCH))
    _theme(made)
    layouts = list(made.slide_layouts)
    for place, layout in enumerate(layouts):
        if place not in (0, 1, 3, 5, 6):
            made.slide_layouts.remove(layout)
    _master(made.slide_master._element)
    for layout, (name, kind, shapes) in zip(made.slide_layouts, _layouts(), strict=True):
        _fill(layout._element, shapes)
        layout._element.cSld.set("name", name)
        layout._element.set("type", kind)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _theme(made: Any) -> None:
    """Colours and letters of the palette in the place of those of the blank presentation."""
    colours = theme.LIGHT
    named = {
        "dk1": colours.ink,
        "lt1": colours.surface,
        "dk2": colours.muted,
        "lt2": colours.raised,
        **{f"accent{place + 1}": colour for place, colour in enumerate(colours.series[:6])},
        "hlink": colours.accent,
        "folHlink": colours.muted,
    }
    scheme = "".join(f'<a:{name}><a:srgbClr val="{colour[1:].upper()}"/></a:{name}>' for name, colour in named.items())
    letters = f'<a:latin typeface="{FONT}"/><a:ea typeface=""/><a:cs typeface=""/>'
    part = made.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    text = part.blob.decode("utf-8")
    text = re.sub(r'(<a:theme [^>]*name=)"[^"]*"', r'\1"PoliSEE"', text, count=1)
    text = re.sub(
        r"<a:clrScheme.*?</a:clrScheme>", f'<a:clrScheme name="PoliSEE">{scheme}</a:clrScheme>', text, flags=re.S
    )
    fonts = f"<a:majorFont>{letters}</a:majorFont><a:minorFont>{letters}</a:minorFont>"
    text = re.sub(
        r"<a:fontScheme.*?</a:fontScheme>", f'<a:fontScheme name="PoliSEE">{fonts}</a:fontScheme>', text, flags=re.S
    )
    part._blob = text.encode("utf-8")


def _level(size: float, colour: str = "tx1", bold: bool = False, bullet: bool = False, before: int = 0) -> str:
    """The first level of a text's style; ``size`` in points."""
    mark = (
        '<a:buClr><a:schemeClr val="accent1"/></a:buClr><a:buFont typeface="Arial"/><a:buChar char="•"/>'
        if bullet
        else "<a:buNone/>"
    )
    indent = ' marL="342900" indent="-342900"' if bullet else ' marL="0" indent="0"'
    return (
        f'<a:lvl1pPr{indent} algn="l"><a:lnSpc><a:spcPct val="100000"/></a:lnSpc>'
        f'<a:spcBef><a:spcPts val="{before * 100}"/></a:spcBef>{mark}'
        f'<a:defRPr sz="{round(size * 100)}" b="{int(bold)}" kern="1200"><a:solidFill><a:schemeClr val="{colour}"/>'
        '</a:solidFill><a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr>'
        "</a:lvl1pPr>"
    )


def _shape(
    ident: int, name: str, ph: str, box: Box, level: str = "", anchor: str = "t", inner: str = "", fit: bool = True
) -> str:
    """A placeholder; ``ph`` are the attributes that say of what kind it is."""
    x, y, w, h = box.emu
    words = inner or f'<a:r><a:rPr lang="en-GB"/><a:t>{name}</a:t></a:r>'
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{ident}" name="{name}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph {ph}/></p:nvPr></p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/>'
        f'<a:ext cx="{w}" cy="{h}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr><p:txBody>'
        f'<a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anchor}">'
        f"{'<a:normAutofit/>' if fit else '<a:noAutofit/>'}</a:bodyPr><a:lstStyle>{level}</a:lstStyle>"
        f"<a:p>{words}</a:p></p:txBody></p:sp>"
    )


NUMBER_FIELD = (
    '<a:fld id="{C1FF6DA9-008F-8B48-92A6-B652298478BF}" type="slidenum"><a:rPr lang="en-GB"/><a:t>‹#›</a:t></a:fld>'
)


def _foot() -> list[str]:
    foot = _level(14, "tx2")
    number = foot.replace('algn="l"', 'algn="r"')
    return [
        _shape(90, "Footer", 'type="ftr" sz="quarter" idx="10"', _FOOT, foot, "ctr"),
        _shape(91, "Slide number", 'type="sldNum" sz="quarter" idx="11"', _NUMBER, number, "ctr", NUMBER_FIELD),
    ]


def _rule(ident: int, box: Box, colour: str) -> str:
    """A coloured bar that is no placeholder."""
    x, y, w, h = box.emu
    return (
        f'<p:sp {SPACES}><p:nvSpPr><p:cNvPr id="{ident}" name="Line {ident}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        "</p:nvSpPr>"
        f'<p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/>'
        f"</a:prstGeom><a:solidFill>{colour}</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


_LINE = f'<a:srgbClr val="{theme.LIGHT.line[1:].upper()}"/>'
_ACCENT = '<a:schemeClr val="accent1"/>'


def _layouts() -> list[tuple[str, str, list[str]]]:
    """Name, kind and shapes of each layout."""
    title = _shape(2, "Title", 'type="title"', HEAD, _level(30, bold=True))
    kicker = _shape(3, "Subject", f'type="body" sz="quarter" idx="{KICKER}"', _KICKER, _level(16, "tx2"), "ctr")
    under = _shape(4, "How to read", f'type="body" sz="quarter" idx="{UNDER}"', _UNDER, _level(14, "tx2"))
    text = _shape(
        5, "Text", f'type="body" idx="{BODY}"', Box(LEFT, 2.2, FULL, 4.4), _level(24, bullet=True, before=12), "ctr"
    )
    lead = _shape(5, "Text", f'type="body" sz="quarter" idx="{BODY}"', Box(LEFT, 1.92, FULL, 0.75), _level(18))
    story = _shape(
        5, "Story", f'type="body" sz="half" idx="{BODY}"', Box(LEFT, 2.15, 6.5, 4.3), _level(20, before=6), "ctr"
    )
    numbers = _shape(
        6, "Numbers", f'type="body" sz="half" idx="{SIDE}"', Box(LEFT + 7.2, 2.0, 4.89, 4.6), _level(14), "ctr"
    )
    first = [
        _rule(80, Box(LEFT, 2.0, 0.11, 1.95), _ACCENT),
        _shape(2, "Title", 'type="ctrTitle"', Box(LEFT + 0.4, 2.45, FULL - 0.4, 1.5), _level(54, bold=True), "b"),
        _shape(
            3,
            "Subject",
            f'type="body" sz="quarter" idx="{KICKER}"',
            Box(LEFT + 0.4, 2.0, FULL - 0.4, 0.45),
            _level(20, "accent1"),
        ),
        _shape(
            4, "Subtitle", f'type="subTitle" idx="{BODY}"', Box(LEFT + 0.4, 4.2, FULL - 1.4, 2.2), _level(24, before=8)
        ),
    ]
    return [
        ("Title", "title", [*first, *_foot()]),
        ("Text", "obj", [kicker, title, text, *_foot()]),
        ("Chart", "titleOnly", [kicker, title, lead, under, *_foot()]),
        ("Scenario", "twoObj", [kicker, title, story, numbers, *_foot()]),
        ("Table", "tbl", [kicker, title, under, *_foot()]),
    ]


def _fill(element: Any, shapes: list[str]) -> None:
    """Put these shapes in the place of those that a layout or a master has."""
    tree = element.cSld.spTree
    for old in list(tree)[2:]:
        tree.remove(old)
    for shape in shapes:
        tree.append(parse_xml(shape))


def _master(element: Any) -> None:
    shapes = [
        _rule(80, Box(LEFT, 6.82, FULL, 0.02), _LINE),
        _shape(2, "Title", 'type="title"', HEAD),
        _shape(3, "Text", 'type="body" idx="1"', AREA),
        _shape(4, "Footer", 'type="ftr" sz="quarter" idx="3"', _FOOT, _level(14, "tx2"), "ctr"),
        _shape(
            5, "Slide number", 'type="sldNum" sz="quarter" idx="4"', _NUMBER, _level(14, "tx2"), "ctr", NUMBER_FIELD
        ),
    ]
    _fill(element, shapes)
    styles = element.find(f"{{{element.nsmap['p']}}}txStyles")
    space = element.nsmap["a"]
    for style, level in (("titleStyle", _level(30, bold=True)), ("bodyStyle", _level(24, bullet=True, before=10))):
        found = styles.find(f"{{{element.nsmap['p']}}}{style}")
        old = found.find(f"{{{space}}}lvl1pPr")
        new = parse_xml(level.replace("<a:lvl1pPr", f"<a:lvl1pPr {SPACES}", 1))
        found.replace(old, new)
