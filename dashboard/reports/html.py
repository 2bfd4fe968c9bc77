"""The brief as a page that needs no script, the list of all briefs, and what an unknown address gets."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from dashboard import choices, frames, theme
from dashboard.filters import Option
from dashboard.i18n import LANGUAGES, _, language
from dashboard.reports.brief import Brief, status_note

TEMPLATES = Path(__file__).parent / "templates"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


@lru_cache(maxsize=1)
def style() -> bytes:
    """The style sheet, with the light palette in front."""
    return (theme.css() + "\n" + (TEMPLATES / "brief.css").read_text("utf-8")).encode()


@lru_cache(maxsize=1)
def _style_version() -> str:
    return hashlib.sha256(style()).hexdigest()[:12]


def draw(template: str, path: str, query: Mapping[str, str], **parts: Any) -> str:
    """Fill a template.

    Args:
        template: file name.
        path: of this page, without prefix, for the links to other languages.
        query: filters that links keep.
    """

    def link(to: str, **changes: str) -> str:
        kept = {**query, "lang": language(), **changes}
        return frames.href(to) + "?" + "&".join(f"{key}={quote(value, safe=',')}" for key, value in kept.items())

    return (
        _environment()
        .get_template(template)
        .render(
            _=_,
            lang=language(),
            languages=LANGUAGES,
            link=link,
            path=path,
            picture=lambda svg: "data:image/svg+xml," + quote(svg),
            style=frames.href(f"/brief.css?v={_style_version()}"),
            icon=frames.href("/assets/favicon.svg"),
            **parts,
        )
    )


def page(brief: Brief, query: Mapping[str, str]) -> str:
    """The print view of one brief; ``query`` are the filters that its links keep."""
    return draw("brief.html", f"/brief/{brief.region}", query, brief=brief)


def index(query: Mapping[str, str]) -> str:
    """All of today's regions by country, each with its brief in three forms."""
    return draw("index.html", "/brief", query, groups=_groups(), note=_note(), loaded=not frames.is_empty())


def not_found(asked: str, known: str, instead: Sequence[str]) -> str:
    """What an unknown region or form gets.

    Args:
        asked: what the address said.
        known: the region's code when only the form is unknown, else empty.
        instead: codes of today's regions that a former region became part of.
    """
    names = frames.region_names()
    regions = [(code, names.get(code, code)) for code in instead]
    return draw("missing.html", "/brief", {}, asked=asked, known=known, instead=regions, groups=_groups(), note=_note())


def _note() -> str:
    return " ".join(status_note(frames.current_regions()["code"]))


def _groups() -> dict[str, list[Option]]:
    groups: dict[str, list[Option]] = {}
    for option in choices.regions():
        groups.setdefault(option.group, []).append(option)
    return groups
