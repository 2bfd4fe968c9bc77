"""The workbook for whole scenario sets: its sheets, and how it is written, empty or filled.

Sheet names, heads and codes are the same in every language, so that a filled workbook can be read wherever it comes
from. Texts stand in all languages side by side, the reader's first. Heads that depend on other sheets (a column for
each scenario, the labels of the grids) are formulas which mirror one cell; the reader follows them.
"""

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from etl.sources.scenario_set import LIKELIHOODS, SIGNS, SetContent
from etl.sources.scenario_words import (
    EXAMPLE,
    EXAMPLE_FIGURES,
    EXAMPLES,
    GRID,
    GUIDES,
    LANGUAGE_NAMES,
    LANGUAGES,
    LIST_HEADS,
    MEANINGS,
    MESSAGES,
    SHEETS,
    WRONG,
)

GUIDE, LISTS, HEAD, LINES = "guide", "lists", "set", "data"
LEAVE_OUT = "#"
"""Head of the column in which anything keeps a row from being loaded."""

IN = "in: "
"""How the head of a column for one scenario begins."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
MOST = 2_000
MOST_POINTS = 100_000
"""Rows of one sheet, and of the pathways."""

VALIDATED = 500
VALIDATED_POINTS = 20_000
"""Rows for which the sheet checks what is typed; the reader takes more."""

SCENARIOS = 12
"""Scenarios for which the form has columns."""

GRID_FIRST = 5
"""Row of the first judgement in a grid, from 1; the first column is C."""

GRID_MOST = 400
"""Rows and columns of a grid."""

SPARE = 10
"""Rows that a filled grid has to spare."""


@dataclass(frozen=True)
class Column:
    """A column: field of the row, what it holds, and the list that it is chosen from."""

    field: str
    holds: str = "text"
    chosen: str = ""
    width: int = 16


@dataclass(frozen=True)
class Form:
    """A sheet: kind of rows, its columns, and what the columns for single scenarios hold ('' for no such columns)."""

    name: str
    kind: str
    columns: tuple[Column, ...]
    needed: tuple[str, ...]
    most: int = MOST
    per_scenario: str = ""
    matrix_kind: str = ""


CODE = Column("code", "code", width=18)
NAME = Column("name", "texts", width=32)
LONG = 50
SOURCE = Column("source", width=28)
SCENARIO = Column("scenario", "code", "scenarios.code", 18)
INDICATOR = Column("indicator", "code", "indicators", 26)
REGION = Column("region", "code", "regions", 10)
THEME = Column("theme", "code", "themes", 18)
MATRIX = Column("matrix", "code", "matrices.code", 12)
DESCRIPTION = Column("description", "texts", width=LONG)
OWNER = Column("owner", "texts", width=24)


def _ranged(name: str, holds: str) -> tuple[Column, ...]:
    return tuple(Column(f"{name}{end}", holds, width=11) for end in ("_low", "", "_high"))


FORMS: tuple[Form, ...] = (
    Form(
        "axes",
        "axes",
        (CODE, NAME, Column("low", "texts", width=24), Column("high", "texts", width=24)),
        ("code",),
        per_scenario="places",
    ),
    Form("groups", "groups", (CODE, NAME), ("code",)),
    Form(
        "scenarios",
        "scenarios",
        (
            CODE,
            NAME,
            Column("summary", "texts", width=LONG),
            Column("story", "texts", width=70),
            Column("notes", "texts", width=40),
            Column("prior", "number", width=10),
        ),
        ("code",),
    ),
    Form(
        "drivers",
        "drivers",
        (
            CODE,
            NAME,
            DESCRIPTION,
            Column("kind", "code", "driver kinds"),
            Column("steep", "code", "steep"),
            THEME,
            *_ranged("impact", "scale"),
            *_ranged("uncertainty", "scale"),
            *_ranged("year", "year"),
            Column("ratings", "whole", width=10),
            SOURCE,
        ),
        ("code", "steep", "impact", "uncertainty"),
    ),
    Form(
        "evidence",
        "evidence",
        (
            Column("driver", "code", "drivers.code", 18),
            Column("text", "texts", width=LONG),
            Column("url", width=36),
            SOURCE,
            INDICATOR,
        ),
        ("driver",),
    ),
    Form(
        "assumptions",
        "assumptions",
        (
            SCENARIO,
            CODE,
            Column("driver", "code", "drivers.code", 18),
            Column("subject", "texts", width=24),
            Column("text", "texts", width=LONG),
            SOURCE,
        ),
        ("scenario", "code"),
        10_000,
    ),
    Form(
        "pathways",
        "points",
        (
            SCENARIO,
            REGION,
            INDICATOR,
            Column("year", "year", width=8),
            Column("median", "number", width=12),
            Column("low", "number", width=12),
            Column("high", "number", width=12),
            Column("source", width=40),
        ),
        ("scenario", "region", "indicator", "year", "median"),
        MOST_POINTS,
    ),
    Form(
        "signposts",
        "signposts",
        (
            CODE,
            NAME,
            Column("why", "texts", width=40),
            OWNER,
            INDICATOR,
            REGION,
            Column("operator", "code", "operators", 10),
            Column("threshold", "number", width=11),
            Column("window", "whole", width=9),
            Column("due", "year", width=8),
            Column("review", "day", width=12),
            Column("cluster", width=14),
            Column("observed", "flag", "flags", 10),
            Column("observed_on", "day", width=12),
            SOURCE,
        ),
        ("code",),
        per_scenario="likelihoods",
    ),
    Form("strategies", "strategies", (CODE, NAME, DESCRIPTION), ("code",)),
    Form(
        "measures",
        "measures",
        (
            CODE,
            NAME,
            DESCRIPTION,
            Column("instrument", "texts", width=24),
            Column("strategy", "code", "strategies.code", 18),
            THEME,
            Column("cost", "amount", width=12),
            Column("currency", "code", width=10),
            Column("needs", "codes", width=20),
            Column("excludes", "codes", width=20),
            SOURCE,
        ),
        ("code",),
    ),
    Form(
        "payoffs",
        "payoffs",
        (
            Column("measure", "code", "measures.code", 18),
            SCENARIO,
            Column("group", "code", "groups.code", 18),
            Column("score", "score", width=9),
            Column("reason", width=LONG),
        ),
        ("measure", "scenario", "score"),
        20_000,
    ),
    Form(
        "matrices",
        "matrices",
        (CODE, Column("kind", "code", "matrix kinds"), NAME, DESCRIPTION, SOURCE),
        ("code", "kind"),
    ),
    Form(
        "descriptors",
        "parts",
        (MATRIX, CODE, NAME, Column("note", "texts", width=40), Column("ordinal", "flag", "flags", 9)),
        ("code",),
        per_scenario="states",
        matrix_kind="cib",
    ),
    Form(
        "variants",
        "values",
        (MATRIX, Column("descriptor", "code", "descriptors.code", 18), CODE, NAME),
        ("descriptor", "code"),
        matrix_kind="cib",
    ),
    Form(
        "variables",
        "parts",
        (MATRIX, CODE, NAME, Column("note", "texts", width=40)),
        ("code",),
        matrix_kind="influence",
    ),
    Form(
        "parameters",
        "parts",
        (MATRIX, CODE, NAME, Column("note", "texts", width=40), Column("ordinal", "flag", "flags", 9)),
        ("code",),
        matrix_kind="morphology",
    ),
    Form(
        "values",
        "values",
        (MATRIX, Column("parameter", "code", "parameters.code", 18), CODE, NAME),
        ("parameter", "code"),
        matrix_kind="morphology",
    ),
    Form(
        "reasons",
        "reasons",
        (
            MATRIX,
            Column("group", "code", "groups.code", 18),
            Column("row", width=28),
            Column("column", width=28),
            Column("reason", width=60),
        ),
        ("row", "column", "reason"),
        20_000,
    ),
    Form(
        "milestones",
        "milestones",
        (
            CODE,
            NAME,
            Column("goal", "flag", "flags", 8),
            INDICATOR,
            REGION,
            Column("year", "year", width=8),
            Column("value", "number", width=11),
            Column("duration", "amount", width=10),
            Column("measure", "code", "measures.code", 18),
            Column("needs", "codes", width=20),
            OWNER,
            SOURCE,
        ),
        ("code", "year"),
    ),
    Form(
        "workshops",
        "workshops",
        (
            CODE,
            Column("title", "texts", width=32),
            Column("place", "texts", width=24),
            Column("summary", "texts", width=LONG),
            Column("held_on", "day", width=12),
            Column("participants", "counts", width=30),
        ),
        ("code",),
    ),
    Form(
        "records",
        "records",
        (
            Column("workshop", "code", "workshops.code", 18),
            Column("kind", "code", "record kinds", 12),
            Column("text", "texts", width=LONG),
            OWNER,
            Column("due", "day", width=12),
        ),
        ("workshop", "kind"),
        10_000,
    ),
)
"""Sheets in the order in which they are filled in; the grids stand behind the sheets that name their rows."""

HEAD_FIELDS: tuple[Column, ...] = (
    Column("code", "code"),
    Column("title", "texts"),
    Column("question", "texts"),
    Column("description", "texts"),
    Column("caveat", "texts"),
    Column("base_year", "year"),
    Column("horizon", "year"),
    Column("origin", "code", "origins"),
    Column("regions", "codes"),
    Column("source"),
    Column("source_url"),
    Column("licence"),
    Column("position", "whole"),
)
"""Rows of the sheet ``set``."""

GRIDS: Mapping[str, tuple[str, str]] = {
    "cross_impact": ("cib", "variants"),
    "influence": ("influence", "variables"),
    "box": ("morphology", "values"),
}
"""Grids: kind of matrix, and the sheet that names their rows and columns."""

AFTER = {"variants": "cross_impact", "variables": "influence", "values": "box"}
COLOURS = {
    **dict.fromkeys((GUIDE, LISTS), "#7F7F7F"),
    **dict.fromkeys((HEAD, "axes", "groups", "scenarios", "assumptions"), "#1F4E79"),
    **dict.fromkeys(("drivers", "evidence", "pathways", "signposts", LINES), "#2E7D32"),
    **dict.fromkeys(("strategies", "measures", "payoffs", "milestones"), "#B45F06"),
    **dict.fromkeys(("workshops", "records"), "#5B5B9A"),
}
MATRIX_COLOUR = "#8E2A6B"


class _Exact(float):
    """A number that is written with as many digits as it needs to come back the same."""

    def __format__(self, _spec: str) -> str:
        return repr(float(self))


@dataclass(frozen=True)
class Catalogue:
    """What the lists of the form offer: frames with ``code`` and ``name``."""

    indicators: pd.DataFrame
    regions: pd.DataFrame
    themes: pd.DataFrame


def headers(form: Form, languages: Sequence[str]) -> list[tuple[Column, str]]:
    """Columns of a sheet with their heads; a text has one for each language."""
    found: list[tuple[Column, str]] = []
    for column in form.columns:
        if column.holds == "texts":
            found += [(column, f"{column.field}_{lang}") for lang in languages]
        else:
            found.append((column, column.field))
    return found


def write_form(
    path: Path,
    catalogue: Catalogue,
    lang: str = "en",
    content: SetContent | None = None,
    lines: pd.DataFrame | None = None,
) -> None:
    """Write the workbook that a facilitator fills in, or one that holds a set.

    Args:
        path: where to.
        catalogue: what the lists offer.
        lang: language of guide and messages, ``en`` or ``hu``; its texts stand before those of others.
        content: the set; empty with examples when None.
        lines: a scenario table that belongs to it, as ``store.scenarios.iamc`` gives it without the set's own series.

    Raises:
        KeyError: there is no such language.
        OSError: the file cannot be written.
    """
    import xlsxwriter

    # Texts stay texts, whatever they begin with.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, options) as book:
        _Writing(book, catalogue, lang, content, lines).run()
    path.write_bytes(held.getvalue())


class _Writing:
    """Writes one workbook."""

    def __init__(
        self, book: Any, catalogue: Catalogue, lang: str, content: SetContent | None, lines: pd.DataFrame | None
    ) -> None:
        self._book, self._catalogue, self._lang = book, catalogue, lang
        self._content, self._lines = content, lines
        # The example stands in the second row of an empty form, and no list offers it.
        self._first = 3 if content is None else 2
        self._words = MESSAGES[lang]
        used = () if content is None else _languages_of(content)
        self._languages = [lang, *(one for one in (*LANGUAGES, *used) if one != lang)]
        self._languages = list(dict.fromkeys(self._languages))
        self._sheets: dict[str, Any] = {}
        self._heads: dict[str, list[tuple[Column, str]]] = {}
        self._lists: dict[str, str] = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        add = book.add_format
        base = {"valign": "top", "align": "left"}
        self._head = add({"bold": True, "bg_color": "#DCE6F1", "bottom": 1, "valign": "top"})
        self._other = add({"bold": True, "bg_color": "#EEF2F7", "bottom": 1, "valign": "top", "font_color": "#44546A"})
        self._key = add({"bold": True, "bg_color": "#F2F2F2", **base})
        self._text = add({"quote_prefix": True, **base})
        self._wrap = add({"text_wrap": True, "quote_prefix": True, **base})
        self._plain = add(base)
        self._day = add({"num_format": "yyyy-mm-dd", **base})
        self._shown = add({"italic": True, "font_color": "#7F7F7F", "bg_color": "#FFF8E5", "text_wrap": True, **base})
        self._label = add({"bold": True, "bg_color": "#DCE6F1", **base})
        self._upright = add(
            {"bold": True, "bg_color": "#DCE6F1", "rotation": 90, "valign": "bottom", "align": "center"}
        )
        self._cell = add({"align": "center"})
        self._title = add({"bold": True, "font_size": 16, "text_wrap": True})
        self._hint = add({"italic": True, "font_color": "#595959"})

    def run(self) -> None:
        """Write all sheets."""
        for name in self._order():
            self._sheets[name] = self._book.add_worksheet(name)
            self._sheets[name].set_tab_color(COLOURS.get(name, MATRIX_COLOUR))
        for form in FORMS:
            self._heads[form.name] = [(Column(LEAVE_OUT), LEAVE_OUT), *headers(form, self._languages)]
            self._rows[form.name] = list(_form_rows(form, self._content)) if self._content else []
        self._write_lists()
        self._write_head()
        for form in FORMS:
            self._write_form(form)
        for name in GRIDS:
            self._write_grids(name)
        if LINES in self._sheets:
            self._write_lines()
        self._write_guide()
        self._sheets[GUIDE].activate()
        for sheet in self._book.worksheets():
            sheet.set_landscape()
            sheet.set_paper(9)
            if sheet.get_name().rstrip(" 0123456789") in (GUIDE, HEAD, *GRIDS):
                # Printed for a workshop, as wide as the page.
                sheet.fit_to_pages(1, 0)

    def _order(self) -> list[str]:
        names = [GUIDE, HEAD]
        for form in FORMS:
            names.append(form.name)
            if form.name in AFTER:
                names.append(AFTER[form.name])
        if self._lines is not None and len(self._lines):
            names.append(LINES)
        return [*names, LISTS]

    def _message(self, form: str, field: str, kind: str = "") -> tuple[str, str]:
        """Title and text for a column, the most particular there is."""
        for key in (f"{form}.{field}", f"part.{field}" if kind == "parts" else "", field):
            if key and key in self._words:
                return self._words[key]
        return field, ""

    # Lists

    def _write_lists(self) -> None:
        sheet, heads = self._sheets[LISTS], LIST_HEADS[self._lang]
        sheet.freeze_panes(2, 0)
        place = 0
        for name, frame in (
            ("indicators", self._catalogue.indicators),
            ("regions", self._catalogue.regions),
            ("themes", self._catalogue.themes),
        ):
            pairs = [(str(code), str(text)) for code, text in zip(frame["code"], frame["name"], strict=True)]
            self._write_list(sheet, place, name, pairs, heads["name"])
            place += 3
        for name, meanings in MEANINGS.items():
            pairs = [(code, said[self._lang]) for code, said in meanings.items()]
            self._write_list(sheet, place, name, pairs, heads["meaning"])
            place += 3

    def _write_list(self, sheet: Any, place: int, name: str, pairs: Sequence[tuple[str, str]], second: str) -> None:
        from xlsxwriter.utility import xl_col_to_name

        sheet.write_string(0, place, name, self._head)
        sheet.write_string(0, place + 1, "", self._head)
        sheet.write_string(1, place, LIST_HEADS[self._lang]["code"], self._other)
        sheet.write_string(1, place + 1, second, self._other)
        for row, (code, text) in enumerate(pairs, start=2):
            sheet.write_string(row, place, code, self._text)
            sheet.write_string(row, place + 1, text, self._text)
        sheet.set_column(place, place, 26 if place == 0 else 16)
        sheet.set_column(place + 1, place + 1, 44 if place < 4 else 28)
        sheet.set_column(place + 2, place + 2, 3)
        column = xl_col_to_name(place)
        self._lists[name] = f"={LISTS}!${column}$3:${column}${len(pairs) + 2}"

    def _list_source(self, chosen: str) -> str:
        """The cells that a list offers: of the sheet ``lists``, or the codes typed on another sheet."""
        if chosen in self._lists:
            return self._lists[chosen]
        from xlsxwriter.utility import xl_col_to_name

        name, _, field = chosen.partition(".")
        column = xl_col_to_name(self._place(name, field))
        return f"={name}!${column}${self._first}:${column}${VALIDATED + 1}"

    def _place(self, name: str, head: str) -> int:
        return next(place for place, (_, one) in enumerate(self._heads[name]) if one == head)

    # The set itself

    def _write_head(self) -> None:
        sheet = self._sheets[HEAD]
        sheet.freeze_panes(1, 2)
        names = ("field", "", "value", *self._languages)
        for place, name in enumerate(names):
            sheet.write_string(0, place, name, self._head)
        sheet.set_column(0, 0, 14)
        sheet.set_column(1, 1, 60)
        sheet.set_column(2, 2, 34)
        sheet.set_column(3, 2 + len(self._languages), 60)
        content = self._content
        for row, column in enumerate(HEAD_FIELDS, start=1):
            title, text = self._words[f"set.{column.field}"]
            sheet.write_string(row, 0, column.field, self._key)
            sheet.write_string(row, 1, f"{title}: {text}", self._wrap)
            said = getattr(content.head, column.field) if content and column.holds == "texts" else {}
            value = _cell_of(content.head, column) if content and column.holds != "texts" else None
            sheet.set_row(
                row, _height([(f"{title}: {text}", 60), (value, 30), *((told, 60) for told in said.values())])
            )
            if column.holds == "texts":
                for place, lang in enumerate(self._languages, start=3):
                    if said.get(lang):
                        sheet.write_string(row, place, said[lang], self._wrap)
                    self._validate(sheet, row, place, row, Column(column.field), "set")
                continue
            self._put(sheet, row, 2, column, value, self._wrap)
            self._validate(sheet, row, 2, row, column, "set")

    # Sheets with a row for each thing

    def _write_form(self, form: Form) -> None:
        sheet, heads = self._sheets[form.name], self._heads[form.name]
        sheet.freeze_panes(1, 2)
        last = VALIDATED_POINTS if form.most == MOST_POINTS else VALIDATED
        last = max(last, len(self._rows[form.name]) + 50)
        for place, (column, head) in enumerate(heads):
            other = column.holds == "texts" and not head.endswith(f"_{self._lang}")
            sheet.write_string(0, place, head, self._other if other else self._head)
            title, text = self._message(form.name, column.field, form.kind)
            if column.holds == "texts":
                title = f"{title} ({_language_name(head[len(column.field) + 1 :], self._lang)})"
            sheet.write_comment(0, place, f"{title}: {text}", {"x_scale": 2})
            sheet.set_column(place, place, 8 if head == LEAVE_OUT else column.width)
            self._validate(sheet, 1, place, last, column, form.name, form.kind)
        if form.per_scenario:
            self._write_per_scenario(form, len(heads), last)
        if self._content is None:
            self._write_example(form)
            return
        for row, filled in enumerate(self._rows[form.name], start=1):
            sheet.set_row(row, _height([(filled.get(head), column.width) for column, head in heads[1:]]))
            for place, (column, head) in enumerate(heads[1:], start=1):
                wrap = self._wrap if column.holds == "texts" else self._text
                self._put(sheet, row, place, column, filled.get(head), wrap)

    def _validate(
        self, sheet: Any, first: int, place: int, last: int, column: Column, form: str, kind: str = ""
    ) -> None:
        title, text = self._message(form, column.field, kind)
        wrong = WRONG[self._lang]
        rule: dict[str, Any] = {"validate": "any"}
        bounds = {"validate": "decimal", "criteria": "between"}
        if column.chosen:
            rule = {"validate": "list", "source": self._list_source(column.chosen)}
        elif column.holds in ("number", "amount"):
            rule = {**bounds, "minimum": 0 if column.holds == "amount" else -1e15, "maximum": 1e15}
        elif column.holds == "scale":
            rule = {**bounds, "minimum": 1, "maximum": 10}
        elif column.holds == "score":
            rule = {**bounds, "minimum": -2, "maximum": 2}
        elif column.holds == "place":
            rule = {**bounds, "minimum": -1, "maximum": 1}
        elif column.holds == "whole":
            rule = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": 1_000_000}
        elif column.holds == "year":
            rule = {"validate": "integer", "criteria": "between", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}
        elif column.holds == "day":
            span = {"minimum": dt.date(1990, 1, 1), "maximum": dt.date(2199, 12, 31)}
            rule = {"validate": "date", "criteria": "between", **span}
        told = {"input_title": title, "input_message": text, "error_title": wrong[0], "error_message": wrong[1]}
        sheet.data_validation(first, place, last, place, {**rule, **told, "ignore_blank": True})

    def _put(self, sheet: Any, row: int, place: int, column: Column, value: Any, text: Any) -> None:
        """Write one cell; nothing for what is not known."""
        if value is None or value == "":
            return
        if isinstance(value, dt.date):
            sheet.write_datetime(row, place, dt.datetime(value.year, value.month, value.day), self._day)  # noqa: DTZ001
        elif isinstance(value, (int, float)):
            sheet.write_number(row, place, _Exact(value) if isinstance(value, float) else value, self._plain)
        else:
            sheet.write_string(row, place, str(value), text)

    def _write_example(self, form: Form) -> None:
        words = EXAMPLES[self._lang].get(form.name, {})
        figures = EXAMPLE_FIGURES.get(form.name, {})
        sheet = self._sheets[form.name]
        sheet.write_string(1, 0, EXAMPLE[self._lang], self._shown)
        for place, (column, head) in enumerate(self._heads[form.name][1:], start=1):
            given = words.get(column.field, figures.get(column.field))
            if column.holds == "texts" and head != f"{column.field}_{self._lang}":
                given = None
            if isinstance(given, (int, float)):
                sheet.write_number(1, place, given, self._shown)
            else:
                sheet.write_string(1, place, str(given or ""), self._shown)

    def _write_per_scenario(self, form: Form, first: int, last: int) -> None:
        """Columns for single scenarios, each headed by a row of the sheet ``scenarios``."""
        from xlsxwriter.utility import xl_col_to_name

        sheet = self._sheets[form.name]
        place = xl_col_to_name(self._place("scenarios", "code"))
        codes = [] if self._content is None else [one.code for one in self._content.scenarios]
        holds = {"places": ("place", ""), "likelihoods": ("code", "likelihoods"), "states": ("code", "")}
        kind, chosen = holds[form.per_scenario]
        rows = self._rows[form.name]
        told: dict[tuple[str, ...], Any] = {}
        if self._content is not None:
            told = _per_scenario(self._content, form)
        for number in range(max(SCENARIOS, len(codes) + 2)):
            source = f"scenarios!${place}${self._first + number}"
            head = f"{IN}{codes[number]}" if number < len(codes) else ""
            sheet.write_formula(0, first + number, f'=IF({source}="","","{IN}"&{source})', self._head, head)
            sheet.set_column(first + number, first + number, 18)
            self._validate(sheet, 1, first + number, last, Column("in", kind, chosen), form.name)
            for row, filled in enumerate(rows, start=1) if number < len(codes) else ():
                key = (codes[number], *(str(filled[name]) for name in ("matrix", "code") if name in filled))
                self._put(sheet, row, first + number, Column("in"), told.get(key), self._text)

    # Grids

    def _write_grids(self, name: str) -> None:
        """The grid of the agreed judgements of a kind's first matrix, then those of further matrices and of groups."""
        kind, labels = GRIDS[name]
        content = self._content
        if content is None:
            self._write_grid(self._sheets[name], kind, labels, "", "", range(3, 3 + _template_rows(kind)), [])
            return
        codes = [one.code for one in content.matrices if one.kind == kind]
        for number, code in enumerate(codes or [""]):
            groups = list(dict.fromkeys(one.group for one in content.cells if one.matrix == code and one.group))
            for group in ["", *groups]:
                first = number == 0 and not group
                sheet = self._sheets[name] if first else self._book.add_worksheet(self._grid_title(name))
                if not first:
                    sheet.set_tab_color(MATRIX_COLOUR)
                rows = self._rows[labels]
                mine = [row for row, filled in enumerate(rows, start=2) if filled["matrix"] == code]
                spare = range(len(rows) + 2, len(rows) + 2 + SPARE) if len(codes) < 2 else range(0)
                told = [one for one in content.cells if one.matrix == code and one.group == group]
                self._write_grid(sheet, kind, labels, code, group, [*mine, *spare], told)

    def _grid_title(self, name: str) -> str:
        taken = {sheet.get_name() for sheet in self._book.worksheets()}
        return next(f"{name} {number}" for number in range(2, 1000) if f"{name} {number}" not in taken)

    def _write_grid(
        self, sheet: Any, kind: str, labels: str, code: str, group: str, rows: Iterable[int], cells: Sequence[Any]
    ) -> None:
        """One grid; ``rows`` are rows of the sheet that names its labels."""
        from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

        words = GRID[self._lang]
        sheet.write_string(0, 0, words["matrix"], self._hint)
        sheet.write_string(0, 1, code, self._text)
        sheet.write_string(0, 2, words["group"], self._hint)
        sheet.write_string(0, 3, group, self._text)
        sheet.write_string(0, 5, words[kind], self._hint)
        sheet.write_string(1, 5, words["labels"], self._hint)
        sheet.set_column(0, 1, 18)
        named = [(place, column.field) for place, (column, _) in enumerate(self._heads[labels])]
        fields = ["code"] if kind == "influence" else [GRID_PART[kind], "code"]
        places = {field: xl_col_to_name(place) for place, field in named if field in fields}
        top = GRID_FIRST - 3
        for number, field in enumerate(fields):
            sheet.write_string(GRID_FIRST - 2, number, field, self._head)
        listed = list(rows)
        filled = self._rows[labels]
        for number, row in enumerate(listed):
            for side, field in enumerate(fields):
                source = f"{labels}!${places[field]}${row}"
                shown = str(filled[row - 2][field]) if row - 2 < len(filled) else ""
                formula = f'=IF({source}="","",{source})'
                sheet.write_formula(GRID_FIRST - 1 + number, side, formula, self._label, shown)
                sheet.write_formula(top + side, 2 + number, formula, self._upright, shown)
        end = len(listed)
        sheet.set_column(2, 1 + end, 5)
        for side, field in enumerate(fields):
            longest = max((len(str(one[field])) for one in filled), default=10)
            sheet.set_row(top + side, min(max(70.0, 7.0 * longest), 220))
        sheet.freeze_panes(GRID_FIRST - 1, 2)
        first, last = (GRID_FIRST - 1, 2), (GRID_FIRST - 2 + end, 1 + end)
        self._validate_grid(sheet, kind, first, last)
        self._style_grid(sheet, kind, first, last)
        index = {self._label_of(filled[row - 2], fields): n for n, row in enumerate(listed) if row - 2 < len(filled)}
        for one in cells:
            row, column = index[one.row] + first[0], index[one.column] + first[1]
            if one.sign:
                sheet.write_string(row, column, one.sign, self._cell)
            else:
                sheet.write_number(row, column, _Exact(one.value), self._cell)
        sheet.write_comment(xl_rowcol_to_cell(0, 3), words["labels"], {"x_scale": 2})

    @staticmethod
    def _label_of(filled: Mapping[str, Any], fields: Sequence[str]) -> str:
        return ".".join(str(filled[field]) for field in fields)

    def _validate_grid(self, sheet: Any, kind: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        rules: dict[str, dict[str, Any]] = {
            "cib": {"validate": "decimal", "criteria": "between", "minimum": -3, "maximum": 3},
            "influence": {"validate": "list", "source": ["0", "1", "2", "3", SIGNS["influence"]]},
            "morphology": {"validate": "list", "source": ["-2", "-1", "0", "1", "2", SIGNS["morphology"]]},
        }
        wrong, words = WRONG[self._lang], GRID[self._lang]
        told = {"error_title": wrong[0], "error_message": words[kind], "error_type": "information"}
        sheet.data_validation(*first, *last, {**rules[kind], **told, "ignore_blank": True})

    def _style_grid(self, sheet: Any, kind: str, first: tuple[int, int], last: tuple[int, int]) -> None:
        """Sections: a line where the descriptor changes, grey where it meets itself."""
        add = self._book.add_format
        area = (*first, *last)
        top = GRID_FIRST - 2
        grey = f'AND($A{GRID_FIRST}<>"",$A{GRID_FIRST}=C${top})'
        sheet.conditional_format(
            *area, {"type": "formula", "criteria": f"={grey}", "format": add({"bg_color": "#D9D9D9"})}
        )
        used = f'AND($A{GRID_FIRST}<>"",C${top}<>"")'
        for value, colour in ((">0", "#DDEBF7"), ("<0", "#FBE5D6")):
            rule = {"type": "formula", "criteria": f"=AND(ISNUMBER(C{GRID_FIRST}),C{GRID_FIRST}{value})"}
            sheet.conditional_format(*area, {**rule, "format": add({"bg_color": colour})})
        if kind == "influence":
            thin = {"type": "formula", "criteria": f"={used}", "format": add({"border": 1, "border_color": "#D9D9D9"})}
            sheet.conditional_format(*area, thin)
            return
        for criteria, sides in (
            (f"AND({used},$A{GRID_FIRST}<>$A{GRID_FIRST - 1},C${top}<>B${top})", {"top": 1, "left": 1}),
            (f"AND({used},$A{GRID_FIRST}<>$A{GRID_FIRST - 1})", {"top": 1}),
            (f"AND({used},C${top}<>B${top})", {"left": 1}),
        ):
            sheet.conditional_format(*area, {"type": "formula", "criteria": f"={criteria}", "format": add(sides)})

    # The rest

    def _write_lines(self) -> None:
        """A scenario table in the layout of the IAMC, one row for each line and year; ends of ranges are lines."""
        sheet = self._sheets[LINES]
        names = ("Model", "Scenario", "Region", "Variable", "Unit", "Year", "Value")
        for place, name in enumerate(names):
            sheet.write_string(0, place, name, self._head)
            sheet.set_column(place, place, 24 if place < 5 else 12)
        sheet.freeze_panes(1, 0)
        lines = pd.DataFrame() if self._lines is None else self._lines[[name.lower() for name in names]]
        for row, line in enumerate(lines.itertuples(index=False), start=1):
            for place, text in enumerate(line[:5]):
                sheet.write_string(row, place, text, self._text)
            sheet.write_number(row, 5, int(line[5]), self._plain)
            sheet.write_number(row, 6, _Exact(line[6]), self._plain)

    def _write_guide(self) -> None:
        sheet = self._sheets[GUIDE]
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 110)
        title, *steps = GUIDES[self._lang]
        sheet.merge_range(0, 0, 0, 1, title, self._title)
        row = 2
        for sentence in steps:
            sheet.merge_range(row, 0, row, 1, sentence, self._wrap)
            sheet.set_row(row, 32 if len(sentence) > 125 else 17)
            row += 1
        row += 1
        for name in (name for name in self._sheets if name != GUIDE):
            sheet.write_url(row, 0, f"internal:'{name}'!A1", string=name)
            sheet.write_string(row, 1, SHEETS[self._lang][name], self._wrap)
            row += 1


GRID_PART = {"cib": "descriptor", "morphology": "parameter"}
"""Column that says to which part a variant or value belongs."""


LINE, MOST_LINES = 15.0, 8
"""Height of a line in points, and lines of the highest row; longer texts are read in the line of input."""


def _height(texts: Iterable[tuple[Any, int]]) -> float:
    """Height of a row that shows these texts, each in a column of some width."""
    lines = [1]
    for text, width in texts:
        if isinstance(text, str):
            lines.append(sum(max(1, -(-len(line) // max(width - 1, 1))) for line in text.split("\n")))
    return LINE * min(max(lines), MOST_LINES)


def _template_rows(kind: str) -> int:
    return 60 if kind == "cib" else 40


def _language_name(code: str, lang: str) -> str:
    return LANGUAGE_NAMES[lang].get(code, code)


def _languages_of(content: SetContent) -> list[str]:
    """Languages in which a set has any text."""
    from etl.sources.scenario_set import KINDS, texts_of

    entries = [content.head, *(entry for kind in KINDS for entry in getattr(content, kind))]
    return sorted({lang for entry in entries for said in texts_of(entry).values() for lang in said})


def _cell_of(entry: Any, column: Column) -> Any:
    """What a cell shows of a field."""
    value = getattr(entry, column.field)
    if column.holds == "flag":
        return None if value is None else "yes" if value else "no"
    if column.holds == "codes":
        return "; ".join(value)
    if column.holds == "counts":
        return "; ".join(f"{name}: {number}" for name, number in value.items())
    return value


def _form_rows(form: Form, content: SetContent) -> Iterable[dict[str, Any]]:
    """Rows of a sheet by head."""
    kinds = {matrix.code: matrix.kind for matrix in content.matrices}
    entries: Iterable[Any] = (
        [one for one in content.cells if one.reason] if form.kind == "reasons" else getattr(content, form.kind)
    )
    for entry in entries:
        if form.matrix_kind and kinds.get(entry.matrix) != form.matrix_kind:
            continue
        row: dict[str, Any] = {}
        for column in form.columns:
            if column.holds == "texts":
                said = getattr(entry, column.field)
                row |= {f"{column.field}_{lang}": text for lang, text in said.items()}
            elif form.kind == "values" and column.field in GRID_PART.values():
                row[column.field] = entry.part
            else:
                row[column.field] = _cell_of(entry, column)
        yield row


def _per_scenario(content: SetContent, form: Form) -> dict[tuple[str, ...], Any]:
    """What the columns for single scenarios hold, by scenario and the codes of the row."""
    if form.per_scenario == "places":
        return {(one.scenario, one.axis): one.value for one in content.places}
    if form.per_scenario == "likelihoods":
        words = {share: word for word, share in LIKELIHOODS.items()}
        return {(one.scenario, one.signpost): words.get(one.likelihood, one.likelihood) for one in content.likelihoods}
    found: dict[tuple[str, ...], Any] = {}
    for one in content.states:
        matrices = [part.matrix for part in content.parts if part.code == one.descriptor]
        cib = [code for code in matrices if any(m.code == code and m.kind == "cib" for m in content.matrices)]
        for matrix in cib[:1]:
            found[one.scenario, matrix, one.descriptor] = one.variant
    return found
