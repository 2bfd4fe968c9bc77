"""The forms in which a pack is handed out, each made from the frozen data alone."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from dashboard.i18n import LANGUAGES
from dashboard.reports.pack_model import Paper
from dashboard.reports.pack_text import Told, paper


class Forming(NamedTuple):
    """A pack in a language: its content, the same as a document, and the frozen bytes."""

    told: Told
    paper: Paper
    data: bytes


def _pdf(one: Forming) -> bytes:
    from dashboard.reports.pack_pdf import as_pdf

    return as_pdf(one.paper)


def _docx(one: Forming) -> bytes:
    from dashboard.reports.pack_docx import as_docx  # its library is slow to import

    return as_docx(one.paper)


def _pptx(one: Forming) -> bytes:
    from dashboard.reports.pack_pptx import as_pptx

    return as_pptx(one.told, one.paper)


def _xlsx(one: Forming) -> bytes:
    from dashboard.reports.pack_data import as_xlsx

    return as_xlsx(one.told, one.paper)


def _zip(one: Forming) -> bytes:
    from dashboard.reports.pack_data import as_zip

    return as_zip(one.told, one.paper, one.data)


FORMS: Mapping[str, Callable[[Forming], bytes]] = {
    "pdf": _pdf,
    "docx": _docx,
    "pptx": _pptx,
    "xlsx": _xlsx,
    "zip": _zip,
}

WANTED = tuple((lang, form) for lang in LANGUAGES for form in FORMS)
"""All files of a pack: language and form."""


def forming(content: Mapping[str, Any], data: bytes, checksum: str, lang: str) -> Forming:
    """A frozen pack made ready for its forms in a language."""
    told = Told(content, checksum, lang)
    return Forming(told, paper(told), data)


def stem(programme: str, number: str, lang: str, is_demonstration: bool) -> str:
    """Beginning of the names of a pack's files."""
    return f"polisee-{'DEMO-' if is_demonstration else ''}pack-{programme}-{number}-{lang}"
