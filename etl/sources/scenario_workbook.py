"""A filled workbook for a scenario set, read: every row that can be taken, and a problem for every other one.

Sheets that are not there are empty; rows marked in the column ``#`` are not read. Heads and labels of grids may be our
own formulas, which mirror one cell each: they are followed. Any other formula is refused.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten
from etl.sources.scenario_form import (
    FORMS,
    GRID_FIRST,
    GRID_MOST,
    GRID_PART,
    GRIDS,
    HEAD,
    HEAD_FIELDS,
    IN,
    LEAVE_OUT,
    LINES,
    MOST_POINTS,
    Column,
    Form,
)
from etl.sources.scenario_set import Draft, Found
from etl.sources.scenario_words import DEFAULT_MATRICES
from etl.sources.sheets import LAST_SHEET_ROW, Content, Odd, content, merged_rows, open_book

PER_SCENARIO: Mapping[str, tuple[str, str]] = {
    "places": ("axis", "value"),
    "likelihoods": ("signpost", "likelihood"),
    "states": ("descriptor", "variant"),
}
"""What a column for one scenario gives: the field of the row's code, and the field of the cell."""

MIRROR = re.compile(
    r"""=\s*IF\(\s*'?([A-Za-z_ 0-9]+)'?!\$?([A-Z]{1,3})\$?(\d{1,7})\s*=\s*""\s*[,;]\s*""\s*[,;]\s*"""
    r"""(?:"in:\ "\s*&\s*)?'?\1'?!\$?\2\$?\3\s*\)""",
    re.VERBOSE | re.IGNORECASE,
)
"""A formula of ours: what one cell of another sheet holds, or nothing."""

TEXT_HEAD = re.compile(r"(\w+?)_([a-z]{2,8})")


@dataclass
class _Sheet:
    """A sheet as it stands: content by row (from 1) and place (from 0), without the rows that are empty."""

    title: str
    rows: dict[int, tuple[Content, ...]]
    merged: tuple[tuple[int, int], ...] = ()

    def at(self, row: int, place: int) -> Content:
        """What a cell holds."""
        cells = self.rows.get(row, ())
        return cells[place] if place < len(cells) else None

    def in_merged(self, row: int) -> bool:
        """Whether cells of a row are merged with others."""
        return any(first <= row <= last for first, last in self.merged)


@dataclass
class _Cells:
    """A row by field: values, what is odd, and where each field stands."""

    values: dict[str, Any] = field(default_factory=dict)
    odd: dict[str, Odd] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)


def read_set_workbook(path: Path, name: str = "") -> Draft:
    """The draft of a set in a filled workbook.

    Raises:
        SourceError: the file as a whole cannot be taken: what ``open_book`` refuses, ``missing-sheet``,
            ``missing-column``, ``duplicate-column``, ``merged-cells`` in a header, ``too-many-rows``.
    """
    shown = name or path.name
    with open_book(path) as book:
        sheets = {sheet.title.strip().lower(): sheet for sheet in book.worksheets}
        for needed in (HEAD, "scenarios"):
            if needed not in sheets:
                near = get_close_matches(needed, list(sheets), n=1, cutoff=0.5)
                hint = f" Is it {near[0]}? Rename it." if near else ""
                raise SourceError(Problem("missing-sheet", f"The workbook has no sheet {needed}.{hint}"), shown)
        reading = _Reading(shown, sheets)
        draft = reading.draft()
    if LINES in sheets:
        draft.lines = path
    return draft


class _Reading:
    """Reads the sheets of one workbook."""

    def __init__(self, file_name: str, sheets: Mapping[str, Any]) -> None:
        self._file_name, self._books = file_name, sheets
        self._sheets: dict[str, _Sheet] = {}
        self._problems: list[Problem] = []
        self._draft = Draft(Found({}), file_name=file_name)
        self._reasons: dict[tuple[str, str, str, str], tuple[str, Found]] = {}

    def draft(self) -> Draft:
        """All of the workbook."""
        self._draft.head = self._head()
        for form in FORMS:
            if form.name in self._books:
                self._form(form)
        self._name_matrices()
        for name, (kind, labels) in GRIDS.items():
            for title in self._books:
                if re.fullmatch(rf"{name}(\s*\(?\d+\)?)?", title):
                    self._grid(title, kind, labels)
        for key, (_, found) in self._reasons.items():
            remedy = f"The grid has no judgement in {key[2]}, {key[3]}; a reason needs one."
            self._tell(found, "row", "unknown-code", remedy, f"{key[2]}, {key[3]}")
        self._draft.problems = self._problems
        return self._draft

    # Sheets

    def _sheet(self, title: str, widest: int = 120, most: int = MOST_POINTS) -> _Sheet:
        """A sheet with its cells; bounds are given, because the sheet's own word on its size need not be true."""
        if title in self._sheets:
            return self._sheets[title]
        book = self._books[title]
        rows: dict[int, tuple[Content, ...]] = {}
        blank: Any = None
        lines = book.iter_rows(min_row=1, max_row=LAST_SHEET_ROW, min_col=1, max_col=widest)
        for number, cells in enumerate(lines, start=1):
            # The reader gives one and the same row for all that are not in the file, and there may be a million.
            if cells is blank:
                continue
            found = tuple(content(cell) for cell in cells)
            if any(cell is not None for cell in found):
                rows[number] = found
                if len(rows) > most:
                    remedy = f"The sheet {title} has more than {most:,} rows; divide it into several workbooks."
                    raise self._refusal("too-many-rows", remedy, number)
            else:
                blank = cells
        self._sheets[title] = _Sheet(title, rows, merged_rows(book))
        return self._sheets[title]

    def _refusal(self, reason: str, remedy: str, line: int | None = None, column: str = "") -> SourceError:
        return SourceError(Problem(reason, remedy, line, column), self._file_name)

    def _tell(self, found: Found, name: str, reason: str, remedy: str, value: object = "") -> None:
        line, column = found.place(name)
        self._problems.append(Problem(reason, remedy, line, column[:80], shorten(str(value))))

    def _followed(self, cell: Content) -> Content:
        """What a cell holds, or what the cell holds that it mirrors."""
        if not isinstance(cell, Odd) or cell.reason != "formula":
            return cell
        found = MIRROR.fullmatch(str(cell.raw).strip())
        title = found[1].strip().lower() if found else ""
        if found is None or title not in self._books:
            return cell
        other = self._sheet(title)
        target = other.at(int(found[3]), _place_of(found[2]))
        if other.at(int(found[3]), 0) is not None and self._has_marks(other):
            return None
        if '"in: "' in str(cell.raw) and target is not None and not isinstance(target, Odd):
            return f"{IN}{_as_text(target)}"
        return target

    @staticmethod
    def _has_marks(sheet: _Sheet) -> bool:
        return sheet.at(1, 0) == LEAVE_OUT

    # The set itself

    def _head(self) -> Found:
        sheet = self._sheet(HEAD)
        head = {str(cell).strip().lower(): place for place, cell in enumerate(sheet.rows.get(1, ())) if cell}
        for needed in ("field", "value"):
            if needed not in head:
                remedy = f"The sheet {HEAD} has no column {needed}; keep the heads of the form."
                raise self._refusal("missing-column", remedy, 1, needed)
        known = {column.field: column for column in HEAD_FIELDS}
        values: dict[str, Any] = {}
        columns: dict[str, str] = {}
        lines: dict[str, int] = {}
        languages = {name: place for name, place in head.items() if re.fullmatch(r"[a-z]{2,3}", name)}
        for line, cells in sheet.rows.items():
            name = str(cells[head["field"]] or "").strip().lower()
            if line == 1 or not any(cells):
                continue
            if name not in known:
                if any(
                    cells[place] is not None for place in (head["value"], *languages.values()) if place < len(cells)
                ):
                    remedy = f"The sheet {HEAD} has no field “{name}”; keep those of the form."
                    self._problems.append(Problem("unknown-field", remedy, line, f"{HEAD}: field", shorten(name)))
                continue
            column = known[name]
            lines[name], columns[name] = line, f"{HEAD}: {name}"
            if column.holds == "texts":
                said = {}
                for lang, place in languages.items():
                    cell = cells[place] if place < len(cells) else None
                    told = self._plain(cell, Column(name), f"{HEAD}: {name}, {lang}", line)
                    if told is not None:
                        said[lang] = told
                values[name] = said
            else:
                told = self._plain(sheet.at(line, head["value"]), column, f"{HEAD}: {name}", line)
                if told is not None:
                    values[name] = told
        return Found(values, 1, "", columns, lines)

    def _plain(self, cell: Content, column: Column, place: str, line: int) -> Any:
        """A cell as its field wants it, None for what cannot be taken, which is told."""
        if isinstance(cell, Odd):
            taken = _odd_taken(cell, column)
            if taken is None:
                self._problems.append(Problem(*_odd_said(cell, column), line, place[:80], shorten(cell.value)))
            return taken
        return None if cell is None else _typed(cell, column)

    # Sheets with a row for each thing

    def _form(self, form: Form) -> None:
        sheet = self._sheet(form.name, most=form.most)
        places = self._places(form, sheet)
        for line in sheet.rows:
            if line == 1 or self._left_out(sheet, line, places):
                continue
            self._row(form, sheet, line, places)

    def _left_out(self, sheet: _Sheet, line: int, places: Mapping[str, Any]) -> bool:
        mark = places.get(LEAVE_OUT)
        return mark is not None and sheet.at(line, mark) is not None

    def _places(self, form: Form, sheet: _Sheet) -> dict[str, int]:
        """Place of each head, those of single scenarios included; what the form does not know is told."""
        fields = {column.field: column for column in form.columns}
        if any(first == 1 for first, _ in sheet.merged):
            remedy = f"Cells of the header of the sheet {form.name} are merged; unmerge them."
            raise self._refusal("merged-cells", remedy, 1)
        places: dict[str, int] = {}
        for place, cell in enumerate(sheet.rows.get(1, ())):
            told = self._followed(cell)
            if told is None or isinstance(told, Odd):
                if isinstance(told, Odd):
                    self._problems.append(
                        Problem(told.reason, told.remedy, 1, f"{form.name} ({_letter(place)})", told.value)
                    )
                continue
            head = _as_text(told).strip()
            if not head.lower().startswith(IN.strip()):
                head = head.lower()
            if not self._known_head(head, fields, form):
                near = get_close_matches(head, list(fields), n=1, cutoff=0.6)
                hint = f" Is it {near[0]}? Rename it." if near else ""
                remedy = f"The sheet {form.name} has no column “{shorten(head)}”; it was not read.{hint}"
                self._problems.append(Problem("unknown-column", remedy, 1, f"{form.name} ({_letter(place)})", head))
                continue
            if head in places:
                remedy = f"The column {form.name}: {head} stands twice; delete one."
                raise self._refusal("duplicate-column", remedy, 1, head)
            places[head] = place
        for needed in form.needed:
            if needed not in places:
                remedy = f"The sheet {form.name} has no column {needed}; keep the heads of the form."
                raise self._refusal("missing-column", remedy, 1, needed)
        return places

    def _known_head(self, head: str, fields: Mapping[str, Column], form: Form) -> bool:
        if head == LEAVE_OUT or (form.per_scenario and head.lower().startswith(IN.strip())):
            return True
        text = TEXT_HEAD.fullmatch(head)
        if text and text[1] in fields and fields[text[1]].holds == "texts":
            return True
        return head in fields and fields[head].holds != "texts"

    def _row(self, form: Form, sheet: _Sheet, line: int, places: Mapping[str, int]) -> None:
        cells = self._cells(form, sheet, line, places)
        single = {
            head[len(IN) - 1 :].strip(): place
            for head, place in places.items()
            if head.lower().startswith(IN.strip()) and sheet.at(line, place) is not None
        }
        if not cells.values and not cells.odd and not single:
            return
        found = Found(cells.values, line, "", cells.columns)
        if sheet.in_merged(line):
            remedy = "Cells of this row are merged. Unmerge them and give each row its own codes."
            self._problems.append(Problem("merged-cells", remedy, line, form.name))
            return
        if cells.odd:
            for name, odd in cells.odd.items():
                column = next(one for one in form.columns if one.field == name.partition(".")[0])
                self._tell(found, name, *_odd_said(odd, column), odd.value)
            return
        self._take(form, found)
        code = cells.values.get("code")
        for scenario, place in single.items():
            self._single(form, sheet, line, scenario, place, code)

    def _cells(self, form: Form, sheet: _Sheet, line: int, places: Mapping[str, int]) -> _Cells:
        cells = _Cells()
        for column in form.columns:
            if column.holds == "texts":
                self._texts(form, sheet, line, places, column, cells)
                continue
            place = places.get(column.field)
            if place is None:
                continue
            cells.columns[column.field] = _column(form.name, column.field, place)
            cell = sheet.at(line, place)
            if isinstance(cell, Odd):
                taken = _odd_taken(cell, column)
                if taken is None:
                    cells.odd[column.field] = cell
                else:
                    cells.values[column.field] = taken
            elif cell is not None:
                cells.values[column.field] = _typed(cell, column)
        return cells

    @staticmethod
    def _texts(form: Form, sheet: _Sheet, line: int, places: Mapping[str, int], column: Column, cells: _Cells) -> None:
        said = {}
        for head, place in places.items():
            text = TEXT_HEAD.fullmatch(head)
            if text is None or text[1] != column.field:
                continue
            name = f"{column.field}.{text[2]}"
            cells.columns[name] = _column(form.name, head, place)
            cells.columns.setdefault(column.field, cells.columns[name])
            cell = sheet.at(line, place)
            if isinstance(cell, Odd):
                cells.odd[name] = cell
            elif cell is not None:
                said[text[2]] = _as_text(cell)
        if said:
            cells.values[column.field] = said

    def _take(self, form: Form, found: Found) -> None:
        """Put a row where it belongs."""
        values = dict(found.values)
        if form.kind == "reasons":
            matrix, group, row, head = (str(values.get(name) or "") for name in ("matrix", "group", "row", "column"))
            self._reasons[matrix, group, row, head] = (str(values.get("reason") or ""), found)
            return
        if form.matrix_kind:
            values["matrix"] = values.get("matrix") or f"?{form.matrix_kind}"
        if form.kind == "values":
            values["part"] = values.pop(GRID_PART[form.matrix_kind], None)
            columns = {**found.columns, "part": found.columns.get(GRID_PART[form.matrix_kind], "")}
            found = Found(values, found.line, "", columns)
        self._draft.rows[form.kind].append(Found(values, found.line, "", found.columns))

    def _single(self, form: Form, sheet: _Sheet, line: int, scenario: str, place: int, code: Any) -> None:
        """What a row says of one scenario, in a column of its own."""
        which, what = PER_SCENARIO[form.per_scenario]
        column = _column(form.name, f"{IN}{scenario}", place)
        found = Found({}, line, "", dict.fromkeys(("scenario", which, what), column))
        cell = sheet.at(line, place)
        if isinstance(cell, Odd):
            self._tell(found, what, *_odd_said(cell, Column(what)), cell.value)
            return
        told = _as_text(cell) if form.per_scenario == "states" else cell
        values = {"scenario": scenario, which: code, what: told}
        self._draft.rows[form.per_scenario].append(Found(values, line, "", found.columns))

    # Matrices

    def _name_matrices(self) -> None:
        """Give rows without a matrix the first of their kind; where there is none, make it."""
        rows = self._draft.rows
        first: dict[str, str] = {}
        for found in rows["matrices"]:
            kind, code = found.values.get("kind"), found.values.get("code")
            if isinstance(kind, str) and isinstance(code, str):
                first.setdefault(kind, code)
        for name in ("parts", "values"):
            named = []
            for found in rows[name]:
                matrix = str(found.values["matrix"])
                if matrix.startswith("?"):
                    kind = matrix[1:]
                    if kind not in first:
                        first[kind] = kind
                        values = {"code": kind, "kind": kind, "name": dict(DEFAULT_MATRICES[kind])}
                        rows["matrices"].append(Found(values, found.line, "", {"": found.place("matrix")[1]}))
                    found = Found({**found.values, "matrix": first[kind]}, found.line, "", found.columns)
                named.append(found)
            rows[name] = named
        self._first = first

    def _grid(self, title: str, kind: str, labels: str) -> None:
        """One grid of judgements."""
        sheet = self._sheet(title, GRID_MOST + 2, GRID_MOST + GRID_FIRST)
        matrix = self._corner(sheet, 1) or self._first.get(kind, "")
        group = self._corner(sheet, 3)
        sides = 1 if kind == "influence" else 2
        rows = self._labels(sheet, [[(line, side) for side in range(sides)] for line in self._lines(sheet)])
        top = GRID_FIRST - 2
        columns = self._labels(
            sheet, [[(top + side, place) for side in range(sides)] for place in range(2, GRID_MOST + 2)]
        )
        row_of = {cells[0][0]: label for label, cells in rows}
        column_of = {cells[0][1]: label for label, cells in columns}
        filled = [
            (line, place, cell)
            for line, cells in sheet.rows.items()
            if line >= GRID_FIRST
            for place, cell in enumerate(cells)
            if place >= 2 and cell is not None
        ]
        if not filled:
            return
        if not matrix:
            remedy = f"The grid {title} has judgements, and the sheet {labels} does not say of what."
            self._problems.append(Problem("empty-cell", remedy, filled[0][0], title))
            return
        crooked = self._crooked(title, kind, matrix, row_of, list(column_of.values()))
        for line, place, cell in filled:
            self._judgement(sheet, kind, (matrix, group), (line, place), cell, row_of, column_of, crooked)

    @staticmethod
    def _lines(sheet: _Sheet) -> Iterator[int]:
        return (line for line in sheet.rows if line >= GRID_FIRST)

    def _corner(self, sheet: _Sheet, place: int) -> str:
        cell = sheet.at(1, place)
        return "" if cell is None or isinstance(cell, Odd) else _as_text(cell)

    def _labels(
        self, sheet: _Sheet, places: Sequence[Sequence[tuple[int, int]]]
    ) -> list[tuple[str, Sequence[tuple[int, int]]]]:
        """Names of rows or columns that have one: part, or part.value."""
        found = []
        for cells in places:
            told = [self._followed(sheet.at(line, place)) for line, place in cells]
            if any(one is None or isinstance(one, Odd) for one in told):
                odd = next((one for one in told if isinstance(one, Odd)), None)
                if odd is not None:
                    line, place = cells[0]
                    self._problems.append(
                        Problem(odd.reason, odd.remedy, line, f"{sheet.title} ({_letter(place)})", odd.value)
                    )
                continue
            found.append((".".join(_as_text(one) for one in told), cells))
        return found

    def _crooked(
        self, title: str, kind: str, matrix: str, row_of: Mapping[int, str], columns: Sequence[str]
    ) -> set[str]:
        """Parts of which the grid has not the same rows as columns, or not all; each is told, and not taken."""
        wanted: dict[str, list[str]] = {}
        rows = list(row_of.values())
        for found in self._draft.rows["parts" if kind == "influence" else "values"]:
            if found.values.get("matrix") == matrix:
                code = str(found.values.get("code"))
                part = code if kind == "influence" else str(found.values.get("part"))
                wanted.setdefault(part, []).append(code if kind == "influence" else f"{part}.{code}")
        crooked = set()
        for part in dict.fromkeys([*wanted, *(label.partition(".")[0] for label in (*rows, *columns))]):
            mine = wanted.get(part, [])
            high = [label for label in rows if label.partition(".")[0] == part]
            wide = [label for label in columns if label.partition(".")[0] == part]
            if sorted(high) == sorted(wide) == sorted(mine):
                continue
            crooked.add(part)
            lacking = sorted({*mine, *high, *wide} - ({*high} & {*wide} & {*mine}))
            twice = sorted({label for label in high if high.count(label) > 1 or wide.count(label) > 1})
            which = f" Look at {', '.join([*lacking, *twice][:6])}." if lacking or twice else ""
            remedy = (
                f"“{part}” has {len(high)} rows and {len(wide)} columns in the grid, and {len(mine)} in the sheet "
                f"before it; a section is as high as it is wide.{which} Its judgements were not taken."
            )
            line = next((line for line, label in row_of.items() if label in high), GRID_FIRST - 2)
            self._problems.append(Problem("not-square", remedy, line, title, part))
        return crooked

    def _judgement(
        self,
        sheet: _Sheet,
        kind: str,
        matrix: tuple[str, str],
        place: tuple[int, int],
        cell: Content,
        row_of: Mapping[int, str],
        column_of: Mapping[int, str],
        crooked: set[str],
    ) -> None:
        line, at = place
        column = f"{sheet.title} ({_letter(at)}{line})"
        found = Found({}, line, "", dict.fromkeys(("value", "row", "column", "matrix", "group"), column))
        if line not in row_of or at not in column_of:
            missing = "row" if line not in row_of else "column"
            remedy = f"The {missing} of this judgement has no name; name it, or empty the cell."
            self._tell(found, "value", "empty-cell", remedy, cell.value if isinstance(cell, Odd) else cell)
            return
        row, head = row_of[line], column_of[at]
        if {row.partition(".")[0], head.partition(".")[0]} & crooked:
            return
        if isinstance(cell, Odd):
            self._tell(found, "value", *_odd_said(cell, Column("value", "number")), cell.value)
            return
        code, group = matrix
        reason = ""
        for key in ((code, group, row, head), ("", group, row, head)):
            if key in self._reasons:
                reason = self._reasons.pop(key)[0]
                break
        values = {"matrix": code, "group": group, "row": row, "column": head, "value": cell, "reason": reason}
        self._draft.rows["cells"].append(Found(values, line, "", found.columns))


def _column(sheet: str, head: str, place: int) -> str:
    return f"{sheet}: {head} ({_letter(place)})"


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))


def _place_of(letters: str) -> int:
    from openpyxl.utils import column_index_from_string

    return int(column_index_from_string(letters)) - 1


def _as_text(cell: Content) -> str:
    if isinstance(cell, float):
        return f"{cell:.15g}"
    return "" if cell is None or isinstance(cell, Odd) else cell


def _typed(cell: str | float, column: Column) -> Any:
    """A cell as its field wants it; numbers in places of text are text, lists are split."""
    if column.holds == "codes":
        return [part for part in re.split(r"[;,\s]+", _as_text(cell)) if part]
    if column.holds == "counts":
        return _counts(_as_text(cell))
    if column.holds in ("code", "text", "flag"):
        text = _as_text(cell)
        return text.lower() if column.holds == "flag" else text
    return cell


def _counts(text: str) -> dict[str, Any]:
    """``ministry: 4; cluster: 9`` as names with numbers; a number that is none stays text, to be told."""
    found: dict[str, Any] = {}
    for part in re.split(r"[;\n]+", text):
        if part.strip():
            name, _, number = part.rpartition(":")
            name, number = (name or number).strip(), number.strip()
            found[name] = int(number) if number.isdigit() else number
    return found


def _odd_taken(odd: Odd, column: Column) -> Any:
    """What an odd cell holds, where its field wants just that: a day, or a truth value."""
    if column.holds == "day" and isinstance(odd.raw, dt.datetime):
        return odd.raw.date()
    if column.holds == "flag" and odd.value in ("TRUE", "FALSE"):
        return odd.value == "TRUE"
    return None


def _odd_said(odd: Odd, column: Column) -> tuple[str, str]:
    """Reason and remedy for an odd cell."""
    if odd.reason != "date":
        return odd.reason, odd.remedy
    if column.holds == "year":
        return "date-in-year", odd.remedy
    if column.holds in ("number", "scale", "amount", "score", "whole"):
        return "not-a-number", odd.remedy
    return "not-a-text", "The cell holds a date; write it as text."
