"""Sheets of a workbook that came from outside: opened behind the guards, cells taken for what they hold.

Shared by the readers of our own workbooks. A formula, an error or a date in the wrong place becomes an ``Odd``, which
says what would be right.
"""

import datetime as dt
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etl.sources.archive import check_archive, check_size
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten

LAST_SHEET_ROW = 1_048_576
MAX_COLUMNS = 64
"""Columns of a sheet that are looked at."""

_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=\"\$?[A-Z]+\$?(\d+)(?::\$?[A-Z]+\$?(\d+))?\"")

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Odd:
    """A cell that holds neither text nor number; says what it holds and what would be right.

    ``raw`` is what it holds, where that may be right after all: a date, or the text of a formula.
    """

    reason: str
    remedy: str
    value: str
    raw: Any = None


Plain = str | float | None
Content = Plain | Odd


@contextmanager
def open_book(path: Path) -> Iterator[Any]:
    """A workbook, read-only, after the guards looked into it.

    Raises:
        SourceError: ``unknown-format``, ``damaged`` and what ``check_archive`` refuses.
    """
    if path.suffix.lower() == ".ods":
        check_size(path)
        remedy = "OpenDocument sheets are not read; save the file as XLSX or CSV."
        raise SourceError(Problem("unknown-format", remedy), path.name)
    check_archive(path)
    import openpyxl

    # The reader warns of extensions it does not keep; nothing of them is needed here.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(path, read_only=True, data_only=False, keep_links=False)
            try:
                yield book
            finally:
                book.close()
        except SourceError:
            raise
        except Exception as error:
            # Damaged parts make the reader fail in many ways, none of which tells a person more than this sentence.
            logger.info("%s cannot be read as a workbook: %r", path.name, error)
            remedy = (
                "The workbook is damaged. Open it in a spreadsheet, save it as XLSX again, or use a fresh template."
            )
            raise SourceError(Problem("damaged", remedy), path.name) from error


def merged_rows(sheet: Any) -> tuple[tuple[int, int], ...]:
    """First and last row of each merged range; the streaming reader does not tell them."""
    with sheet._get_source() as stream:
        part = stream.read()
    found = _MERGED.findall(part[part.rfind(b"sheetData") :])
    return tuple((int(first), int(last or first)) for first, last in found)


def content(cell: Any) -> Content:
    """What a cell holds, as text, number, nothing, or as an ``Odd``."""
    value = cell.value
    if value is None:
        return None
    if cell.data_type == "f":
        remedy = "The cell holds a formula. Copy it and paste it as a value (Paste Special, Values)."
        text = str(getattr(value, "text", value))
        return Odd("formula", remedy, shorten(text), text)
    if cell.data_type == "e":
        return Odd("error-value", "The cell shows an error. Type the figure, or leave it empty.", str(value))
    if isinstance(value, bool):
        return Odd("not-a-number", "The cell holds TRUE or FALSE. Type a number or a text.", str(value).upper())
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, dt.datetime):
        return Odd("date", _date_remedy(value), value.date().isoformat(), value)
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        return Odd(
            "date", "The cell is formatted as a date or time. Format it as a number and type it again.", str(value)
        )
    return str(value).strip() or None


def _date_remedy(value: dt.datetime) -> str:
    """What to do about a date: its year is meant, unless a plain year was formatted as a date and became 1905."""
    from openpyxl.utils.datetime import to_excel

    serial = to_excel(value)
    year = int(serial) if 1900 <= serial <= 2155 and serial == int(serial) else value.year
    return f"The cell holds a date. Format the column as a number; if a year is meant, type it alone: {year}."
