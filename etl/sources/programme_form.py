"""The workbook for programmes: its sheets, and how it is written, empty or filled.

Sheets and columns are those of the tables (``etl.sources.programme``), so that a new column of a table is one of the
form too. Names of sheets, heads and codes are the same in every language, so that a filled workbook can be read
wherever it comes from; guide, notes and messages are in the language of the reader.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import JSON, Boolean, Date, Float, Integer

from etl.sources.programme import CHOICES, HEAD_TEXTS, KINDS, NAMES, ORDER, REFERENCES, TEXT_FIELDS, list_as_text
from etl.sources.programme_words import (
    EXAMPLE,
    GUIDES,
    LANGUAGE_NAMES,
    LANGUAGES,
    LIST_HEADS,
    SHEETS,
    WRONG,
    message,
)
from store.schema_programme import Money, Programme

HEAD, UPDATE, GUIDE, LISTS, LEAVE_OUT = "programme", "update", "guide", "lists", "#"
BULK = ("budget", "expenditure")
"""Sheets that may have hundreds of thousands of rows."""

REPORT = ("partner_reports", "expenditure", "pilot_reports", "result_values")
"""Sheets of the report of a partner, in the order in which they are filled in."""

VALIDATED, VALIDATED_LONG = 500, 20_000
"""Rows for which the sheet checks what is typed; the reader takes more."""

LONG_TEXTS = ("title", "name", "code")
COLOURS: Mapping[str, str] = {
    **dict.fromkeys((GUIDE, LISTS), "#7F7F7F"),
    **dict.fromkeys((HEAD, UPDATE, "facts", "partners", "working_groups", "periods"), "#1F4E79"),
    **dict.fromkeys(("work_packages", "activities", "deliverables"), "#2E7D32"),
    **dict.fromkeys(("pilots", "pilot_reports", "result_indicators", "result_values"), "#8E2A6B"),
    **dict.fromkeys(("partner_reports", "budget", "expenditure"), "#B45F06"),
}
OTHER_COLOUR = "#5B5B9A"


@dataclass(frozen=True)
class Column:
    """A column: field of the row, what it holds (``text``, ``texts``, ``number``, ``whole``, ``money``, ``day``,
    ``flag``, ``list``), the list that it is chosen from, and for texts their language."""

    field: str
    holds: str = "text"
    chosen: str = ""
    lang: str = ""

    @property
    def head(self) -> str:
        """What stands in the first row."""
        return f"{self.field}_{self.lang}" if self.lang else self.field


@dataclass
class Filled:
    """What a workbook holds: fields of the programme, or of the update, and rows by kind in pieces, as a file says
    them (see ``etl.programme_export``)."""

    head: Mapping[str, Any]
    rows: Mapping[str, Iterable[pd.DataFrame]] = field(default_factory=dict)


@dataclass(frozen=True)
class Catalogue:
    """What the lists of the form offer: frames with ``code`` and ``name``."""

    regions: pd.DataFrame
    themes: pd.DataFrame


def _holds(column: Any) -> str:
    kinds: tuple[tuple[Any, str], ...] = (
        (Money, "money"),
        (Boolean, "flag"),
        (Date, "day"),
        (Integer, "whole"),
        (Float, "number"),
        (JSON, "list"),
    )
    return next((name for kind, name in kinds if isinstance(column.type, kind)), "text")


def _fields_of_head() -> Iterator[Column]:
    names = [column for column in Programme.__table__.columns if column.name not in ("texts", "edited_at", "load_id")]
    for column in names:
        chosen = "origin" if column.name == "origin" else ""
        yield Column(column.name, _holds(column), chosen)
    yield from (Column(name, "texts") for name in HEAD_TEXTS)


HEAD_FIELDS = tuple(_fields_of_head())
"""Rows of the sheet ``programme``."""
UPDATE_FIELDS = (Column("programme"), Column("partner"), Column("period", "whole"))
"""Rows of the sheet ``update``."""


def columns(kind: str, languages: Sequence[str]) -> list[Column]:
    """Columns of the sheet of a kind: the key first, texts in each language, the order of the rows last."""
    table = KINDS[kind].__table__
    own = [column for column in table.columns if column.name not in ("programme", "texts")]
    keyed = bool(table.c.get("code") is None and any(one.name == "position" for one in table.primary_key))
    first = [one for one in own if one.primary_key and (one.name != "position" or keyed)]
    rest = [one for one in own if one not in first and one.name not in ("position", "source_url")]
    last = [one for one in own if one not in first and one.name in ("position", "source_url")]
    names = set(table.columns.keys())
    texts = [f"{name}_text" if name in names else name for name in TEXT_FIELDS.get(kind, ())]
    early = [name for name in texts if name in LONG_TEXTS]
    found = [_column(kind, one) for one in first]
    found += [Column(name, "texts", lang=lang) for name in early for lang in languages]
    found += [_column(kind, one) for one in rest]
    found += [Column(name, "texts", lang=lang) for name in texts if name not in early for lang in languages]
    return found + [_column(kind, one) for one in last]


def _column(kind: str, column: Any) -> Column:
    if (kind, column.name) in CHOICES:
        return Column(column.name, _holds(column), f"{kind}.{column.name}")
    if (kind, column.name) in REFERENCES:
        return Column(column.name, _holds(column), REFERENCES[kind, column.name])
    named = {"theme": "themes", "region": "regions", "lead": "partners", "organiser": "partners", "pilot": "pilots"}
    chosen = "flags" if _holds(column) == "flag" else named.get(column.name, "")
    return Column(column.name, _holds(column), "" if chosen == kind else chosen)


class _Exact(float):
    """A number that is written with as many digits as it needs to come back the same."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


def write_programme_form(
    path: Path, catalogue: Catalogue, lang: str = "en", filled: Filled | None = None, update: bool = False
) -> None:
    """Write the workbook that a programme fills in, or one that holds a programme.

    Args:
        path: where to.
        catalogue: what the lists offer.
        lang: language of guide, notes and messages, ``en`` or ``hu``; its texts stand before those of others.
        filled: what it holds; empty with examples when None.
        update: the report of a partner on one period: only its sheets.

    Raises:
        KeyError: there is no such language.
        OSError: the file cannot be written.
    """
    import xlsxwriter

    # Texts stay texts, whatever they begin with. Long sheets are written row by row, with nothing kept in memory.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, {**options, "constant_memory": filled is not None}) as book:
        _Writing(book, catalogue, lang, filled, update).run()


class _Writing:
    """Writes one workbook."""

    def __init__(self, book: Any, catalogue: Catalogue, lang: str, filled: Filled | None, update: bool) -> None:
        self._book, self._catalogue, self._lang, self._filled, self._update = book, catalogue, lang, filled, update
        self._about = SHEETS[lang]
        used = [] if filled is None else list(filled.head.get("languages") or [])
        self._languages = list(dict.fromkeys([lang, *LANGUAGES, *used]))
        self._kinds = REPORT if update else ORDER
        # The example stands in the second row of an empty form, and no list offers it.
        self._first = 3 if filled is None else 2
        self._columns = {kind: [Column(LEAVE_OUT), *columns(kind, self._languages)] for kind in self._kinds}
        self._lists: dict[str, str] = {}
        self._sheets: dict[str, Any] = {}
        add = book.add_format
        base = {"valign": "top", "align": "left"}
        self._head = add({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "top"})
        self._other = add({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "valign": "top", "font_color": "#44546A"})
        self._key = add({"bold": True, "bg_color": "#F2F2F2", **base})
        self._text = add({"quote_prefix": True, **base})
        self._wrap = add({"text_wrap": True, "quote_prefix": True, **base})
        self._plain = add(base)
        self._money = add({"num_format": "#,##0.00", "valign": "top"})
        self._day = add({"num_format": "yyyy-mm-dd", **base})
        self._shown = add({"italic": True, "font_color": "#7F7F7F", "bg_color": "#FFF8E5", **base})
        self._shown_day = add(
            {"italic": True, "font_color": "#7F7F7F", "bg_color": "#FFF8E5", "num_format": "yyyy-mm-dd"}
        )
        self._title = add({"bold": True, "font_size": 16})

    def run(self) -> None:
        """Write all sheets."""
        top = UPDATE if self._update else HEAD
        for name in (GUIDE, top, *self._kinds, LISTS):
            self._sheets[name] = self._book.add_worksheet(name)
            self._sheets[name].set_tab_color(COLOURS.get(name, OTHER_COLOUR))
            self._sheets[name].set_landscape()
            self._sheets[name].set_paper(9)
        self._guide(top)
        self._place_lists()
        self._fields(top, UPDATE_FIELDS if self._update else HEAD_FIELDS)
        for kind in self._kinds:
            self._sheet(kind)
        self._write_lists()
        self._sheets[GUIDE].activate()

    def _guide(self, top: str) -> None:
        sheet = self._sheets[GUIDE]
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 20)
        sheet.set_column(1, 1, 110)
        title, *steps = GUIDES[self._lang]["partner-report" if self._update else "programme"]
        sheet.write_string(0, 0, title, self._title)
        row = 2
        for number, sentence in enumerate(steps, 1):
            sheet.write_string(row, 0, f"{number}.", self._key)
            sheet.write_string(row, 1, sentence, self._wrap)
            row += 1
        for place, name in enumerate((top, *self._kinds, LISTS), start=row + 1):
            sheet.write_url(place, 0, f"internal:'{name}'!A1", string=name)
            sheet.write_string(place, 1, self._about[name], self._wrap)

    def _fields(self, name: str, fields: Sequence[Column]) -> None:
        """The sheet about the programme itself: a row for each field."""
        sheet, filled = self._sheets[name], self._filled
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 2 + len(self._languages), 46)
        for place, head in enumerate(("field", "what", "value", *self._languages)):
            sheet.write_string(0, place, head, self._head)
        for row, column in enumerate(fields, start=1):
            title, text = message(name, column.field, self._lang)
            sheet.write_string(row, 0, column.field, self._key)
            sheet.write_string(row, 1, f"{title}: {text}", self._wrap)
            value = filled.head.get(column.field) if filled is not None else None
            if column.holds != "texts":
                self._put(sheet, row, 2, column, value)
                self._validate(sheet, row, 2, row, column, name)
                continue
            for place, lang in enumerate(self._languages, start=3):
                if isinstance(value, Mapping) and value.get(lang):
                    sheet.write_string(row, place, value[lang], self._wrap)

    def _sheet(self, kind: str) -> None:
        sheet = self._sheets[kind]
        sheet.freeze_panes(1, 2)
        last = VALIDATED_LONG if kind in BULK else VALIDATED
        for place, column in enumerate(self._columns[kind]):
            other = column.lang and column.lang != self._lang
            sheet.write_string(0, place, column.head, self._other if other else self._head)
            title, text = message(kind, column.field, self._lang)
            if column.lang:
                title = f"{title} ({LANGUAGE_NAMES[self._lang].get(column.lang, column.lang)})"
            sheet.write_comment(0, place, f"{title}: {text}", {"x_scale": 2})
            width = 8 if column.field == LEAVE_OUT else 36 if column.lang else 14 if column.holds != "text" else 18
            sheet.set_column(place, place, width)
            self._validate(sheet, 1, place, last, column, kind)
        if self._filled is None:
            self._example(kind)
            return
        row = 1
        for piece in self._filled.rows.get(kind, ()):
            cells = [self._cells(piece, column) for column in self._columns[kind]]
            for values in zip(*cells, strict=True):
                for place, value in enumerate(values):
                    if value is not None:
                        self._put(sheet, row, place, self._columns[kind][place], value)
                row += 1

    def _cells(self, piece: pd.DataFrame, column: Column) -> list[Any]:
        if column.field not in piece:
            return [None] * len(piece)
        values = piece[column.field].tolist()
        if column.lang:
            return [one.get(column.lang) if isinstance(one, Mapping) else None for one in values]
        return values

    def _put(self, sheet: Any, row: int, place: int, column: Column, value: Any) -> None:
        """Write one cell; nothing for what is not known."""
        if column.holds == "list" and isinstance(value, list | dict):
            value = list_as_text(value, column.field)
        if value is None or value == "":
            return
        if column.holds == "money" and isinstance(value, str):
            value = Decimal(value)
        if isinstance(value, bool):
            sheet.write_string(row, place, "yes" if value else "no", self._text)
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), self._day)  # noqa: DTZ001
        elif isinstance(value, Decimal):
            sheet.write_number(row, place, _Exact(value), self._money)
        elif isinstance(value, int | float):
            sheet.write_number(row, place, _Exact(value), self._plain)
        else:
            sheet.write_string(row, place, str(value), self._wrap if column.holds == "texts" else self._text)

    def _example(self, kind: str) -> None:
        """A row that shows what belongs where; it is marked to be left out."""
        sheet = self._sheets[kind]
        sheet.write_string(1, 0, EXAMPLE[self._lang], self._shown)
        for place, column in enumerate(self._columns[kind][1:], start=1):
            value = _example_of(kind, column, self._lang)
            if isinstance(value, dt.datetime):
                sheet.write_datetime(1, place, value, self._shown_day)
            elif isinstance(value, int | float):
                sheet.write_number(1, place, value, self._shown)
            else:
                sheet.write_string(1, place, value, self._shown)

    # Lists

    def _offered(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Lists of the sheet ``lists``: name, and code with its meaning."""
        found = [
            (name, [(str(code), str(text)) for code, text in zip(frame["code"], frame["name"], strict=True)])
            for name, frame in (("regions", self._catalogue.regions), ("themes", self._catalogue.themes))
        ]
        found.append(("flags", [("yes", ""), ("no", "")]))
        if not self._update:
            found.append(("origin", [("own", ""), ("published", ""), ("demonstration", "")]))
        for (kind, column), words in CHOICES.items():
            if kind in self._kinds:
                found.append((f"{kind}.{column}", [(word, "") for word in words if word]))
        if self._update and self._filled is not None:
            for name, codes in (self._filled.head.get("offered") or {}).items():
                found.append((name, codes))
        return found

    def _place_lists(self) -> None:
        """Where each list will stand, since the sheets that use it are written before."""
        from xlsxwriter.utility import xl_col_to_name

        for number, (name, pairs) in enumerate(self._offered()):
            column = xl_col_to_name(3 * number)
            if pairs:
                self._lists[name] = f"={LISTS}!${column}$3:${column}${len(pairs) + 2}"

    def _write_lists(self) -> None:
        sheet, heads, offered = self._sheets[LISTS], LIST_HEADS[self._lang], self._offered()
        sheet.freeze_panes(2, 0)
        for number, (name, _pairs) in enumerate(offered):
            sheet.write_string(0, 3 * number, name, self._head)
            sheet.write_string(0, 3 * number + 1, "", self._head)
            sheet.set_column(3 * number, 3 * number, 16)
            sheet.set_column(3 * number + 1, 3 * number + 1, 30 if number < 2 else 12)
            sheet.set_column(3 * number + 2, 3 * number + 2, 3)
        for number in range(len(offered)):
            sheet.write_string(1, 3 * number, heads["code"], self._other)
            sheet.write_string(1, 3 * number + 1, heads["name"], self._other)
        for row in range(max(len(pairs) for _name, pairs in offered)):
            for number, (_name, pairs) in enumerate(offered):
                if row < len(pairs):
                    sheet.write_string(row + 2, 3 * number, pairs[row][0], self._text)
                    if pairs[row][1]:
                        sheet.write_string(row + 2, 3 * number + 1, pairs[row][1], self._text)

    def _source(self, chosen: str) -> str:
        """The cells that a list offers: of the sheet ``lists``, or the codes typed on another sheet; '' for none."""
        if chosen in self._lists:
            return self._lists[chosen]
        if chosen not in self._columns:
            return ""
        from xlsxwriter.utility import xl_col_to_name

        key = NAMES.get(chosen, "code")
        place = next(place for place, one in enumerate(self._columns[chosen]) if one.head == key)
        column = xl_col_to_name(place)
        return f"={chosen}!${column}${self._first}:${column}${VALIDATED + 1}"

    def _validate(self, sheet: Any, first: int, place: int, last: int, column: Column, name: str) -> None:
        title, text = message(name, column.field, self._lang)
        rule: dict[str, Any] = {"validate": "any"}
        source = self._source(column.chosen) if column.chosen else ""
        if source:
            rule = {"validate": "list", "source": source}
        elif column.holds in ("number", "money"):
            rule = {"validate": "decimal", "criteria": "between", "minimum": -1e12, "maximum": 1e12}
        elif column.holds == "whole":
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 2_000_000_000}
        elif column.holds == "day":
            span = {"minimum": dt.date(1990, 1, 1), "maximum": dt.date(2199, 12, 31)}
            rule = {"validate": "date", "criteria": "between", **span}
        wrong = WRONG[self._lang]
        told = {"input_title": title, "input_message": text, "error_title": wrong[0], "error_message": wrong[1]}
        sheet.data_validation(first, place, last, place, {**rule, **told, "ignore_blank": True})


EXAMPLES: Mapping[str, Any] = {
    **{"code": "x1", "partner": "p01", "work_package": "wp1", "period": 1, "line": 1, "pilot": "pilot1"},
    **{"indicator": "firms", "risk": "r1", "meeting": "sc1", "strategy": "s1", "lead": "p01", "organiser": "p01"},
    **{"region": "HU31", "theme": "skills", "country": "HU", "fund": "ERDF", "currency": "EUR", "number": 1},
    **{
        "partners": "p01; p02",
        "regions": "HU31; RO11",
        "milestones": "2: 10; 4: 25",
        "counts": "ministry: 8; firm: 12",
    },
    **{"subjects": "kind=pilot, code=pilot1", "evidence": "kind=pilot, code=pilot1, period=1, value=12"},
    **{"moves": "indicator=employment_rate, region=HU31, direction=up", "signposts": "set=see2035, signpost=jobs"},
    **{"indicators": "firms", "start_period": 1, "end_period": 4, "due_period": 2, "joined": 1, "score": 4},
}
"""Codes and figures of the example rows, the same in every language."""


def _example_of(kind: str, column: Column, lang: str) -> Any:
    if column.lang:
        return message(kind, column.field, lang)[0] if column.lang == lang and column.field in LONG_TEXTS else ""
    if column.field == "code" and kind == "partners":
        return "p01"
    if column.field in EXAMPLES:
        return EXAMPLES[column.field]
    if (kind, column.field) in CHOICES:
        return next(word for word in CHOICES[kind, column.field] if word)
    if column.holds == "day":
        return dt.datetime(2026, 3, 31)  # noqa: DTZ001
    return {"money": 1200.5, "flag": "no"}.get(column.holds, "") if column.field not in ("parked", "left") else ""
