"""Slides as a page to present from, and as one file that needs no server. Charts are our own SVG, in both schemes."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard import frames, theme
from dashboard.filters import Option
from dashboard.i18n import DASH, LANGUAGES, _, language, number, speaking, year
from dashboard.reports.html import TEMPLATES
from dashboard.reports.html import draw as draw_page
from dashboard.reports.svg import css, variable, wrapped
from dashboard.reports.svg_charts import draw as draw_chart
from dashboard.slide_charts import Lines, Path
from dashboard.slides import Deck, Slide

WALL, PHONE = 1760.0, 560.0
"""Width of a chart on a wall and on a phone, in pixels of a slide."""

LONG = 2
"""Lines of a title in full size; a longer one is set smaller."""

MUCH = 1100
"""Letters of notes that still fit under a printed slide in full size."""

BOOT = (
    '(function(){var w=null;try{w=localStorage.getItem("polisee_theme")}catch(e){}'
    'var d=w?w==="dark":matchMedia("(prefers-color-scheme: dark)").matches;'
    'document.documentElement.setAttribute("data-bs-theme",d?"dark":"light")})();'
)
"""Chooses the scheme before the first paint where there is no server."""


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def style() -> bytes:
    """The style sheet, with both palettes in front."""
    return (theme.css() + css() + "\n" + (TEMPLATES / "slides.css").read_text("utf-8")).encode()


@lru_cache(maxsize=1)
def script() -> bytes:
    """The script that turns pages."""
    return (TEMPLATES / "slides.js").read_bytes()


def _fingerprint(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


def page(deck: Deck, path: str, query: Mapping[str, str], regions: Sequence[Option], shows: Sequence[Option]) -> str:
    """The slides at their address.

    Args:
        deck: in the language of the request.
        path: of the page, without prefix.
        query: filters that links keep.
        regions, shows: what may be chosen instead.
    """
    groups: dict[str, list[Option]] = {}
    for option in regions:
        groups.setdefault(option.group, []).append(option)
    one = _part(deck, "", path, query, groups=groups, shows=shows)
    return (
        _environment()
        .get_template("slides.html")
        .render(
            lang=language(),
            icon=frames.href("/assets/favicon.svg"),
            title=deck.title,
            decks=[one],
            skips=[("content", _("Skip to the content"))],
            offline=False,
            scheme=theme.scheme(),
            style=frames.href(f"/slides.css?v={_fingerprint(style())}"),
            script=frames.href(f"/slides.js?v={_fingerprint(script())}"),
            boot=frames.href("/boot.js"),
        )
    )


def offline(decks: Sequence[Deck]) -> str:
    """The same slides in all their languages as one file; the first language is shown first."""
    parts, skips = [], []
    for place, deck in enumerate(decks):
        with speaking(deck.lang):
            parts.append(_part(deck, f"{deck.lang}-", "", {}, hidden=place > 0))
            skips.append((f"{deck.lang}-content", _("Skip to the content")))
    with speaking(decks[0].lang):
        return (
            _environment()
            .get_template("slides.html")
            .render(
                lang=language(),
                title=decks[0].title,
                decks=parts,
                skips=skips,
                offline=True,
                scheme="light",
                style=style().decode(),
                script=script().decode(),
                boot=BOOT,
            )
        )


def missing(asked: str, sets: Sequence[Option]) -> str:
    """What an unknown set gets."""
    return draw_page("no_slides.html", "/present", {}, asked=asked, sets=sets)


def _part(
    deck: Deck,
    ids: str,
    path: str,
    query: Mapping[str, str],
    hidden: bool = False,
    groups: Mapping[str, Sequence[Option]] | None = None,
    shows: Sequence[Option] = (),
) -> str:
    """All slides of one language."""
    template = _environment().get_template("deck.html")
    kept = {**query, "lang": language()}
    files = (
        (".pptx", _("PowerPoint (PPTX)")),
        (".pdf", _("Handout (PDF)")),
        ("/poster.svg", _("Poster A1 (SVG)")),
        ("/kit.zip", _("Offline kit (ZIP)")),
    )

    def link(to: str, **changes: str) -> str:
        return frames.href(to) + "?" + urlencode({**kept, **changes}, safe=",")

    return template.render(
        _=_,
        deck={spec.name: getattr(deck, spec.name) for spec in fields(deck)}
        | {"slides": [view(slide, f"{ids}c{place}") for place, slide in enumerate(deck.slides, 1)]},
        ids=ids,
        hidden=hidden,
        offline=groups is None,
        languages=LANGUAGES,
        path=path,
        link=link,
        files=files,
        address=frames.href(path),
        back=deck.address + ("&" if "?" in deck.address else "?") + f"lang={deck.lang}",
        regions=groups or {},
        shows=shows,
        shown=query.get("show", "").split(","),
        help=_help(),
    )


def _help() -> list[tuple[tuple[str, ...], str]]:
    return [
        (("→", "↓", _("space")), _("next slide")),
        (("←", "↑"), _("slide before")),
        (("Home", "End"), _("first and last slide")),
        (("1", "2", "…"), _("hide or show a scenario in a chart")),
        (("V",), _("values by year")),
        (("N",), _("notes for the speaker")),
        (("P",), _("window for the speaker, on another screen")),
        (("F",), _("full screen")),
        (("B",), _("blank screen")),
    ]


def view(slide: Slide, ident: str) -> dict[str, Any]:
    """A slide as the template wants it: with its charts drawn, wide and narrow."""
    found: dict[str, Any] = {spec.name: getattr(slide, spec.name) for spec in fields(slide)}
    title = wrapped(slide.title, 51, WALL, bold=True)
    found |= {
        "said": slide.name,
        "long": len(title) > LONG,
        "much": sum(map(len, slide.notes + slide.whole)) > MUCH,
        "wide": "",
        "narrow": "",
        "reading": _reading(slide.chart) if isinstance(slide.chart, Lines) else "",
    }
    if slide.chart is not None:
        name, words = slide.title, slide.words
        width, height = _room(slide, min(len(title), LONG))
        found["wide"] = draw_chart(slide.chart, name, words, f"{ident}w", variable, width, height, 29.0, "", "wide")
        found["narrow"] = draw_chart(slide.chart, name, words, f"{ident}n", variable, PHONE, 560.0, 28.0, "", "narrow")
    return found


def _room(slide: Slide, title: int) -> tuple[float, float]:
    """Room for a chart under a title of so many lines, in pixels of a slide of 1920 × 1080."""
    tall = 1080.0 - 48 - 38 - 62 * title - 27 - 88
    if slide.key == "axes":
        return 1130.0, tall
    for line in slide.lines if len(slide.lines) == 1 else ():
        tall -= 46 * len(wrapped(line, 35, WALL)) + 19
    for line in slide.lines if len(slide.lines) > 1 else ():
        tall -= 49 * len(wrapped(line, 37, WALL)) + 20
    if slide.under:
        tall -= 38 * len(wrapped(slide.under, 28, WALL)) + 19
    return WALL, tall


def _reading(chart: Lines) -> str:
    """Values of every scenario by year, in words, as JSON."""

    def text(path: Path, at: int) -> str:
        spot = next((one for one in path.spots if one.year == at), None)
        if spot is None:
            return ""
        words = f"{path.sign} {path.name} {number(spot.value, chart.decimals)}{chart.suffix}"
        if spot.ranged:
            words += f" ({number(spot.low, chart.decimals)}{DASH}{number(spot.high, chart.decimals)})"
        return words

    told = {year(at): [text(path, at) for path in chart.paths] for at in range(chart.start, chart.last + 1)}
    return json.dumps(told, ensure_ascii=False)
