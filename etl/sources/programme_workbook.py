"""A filled workbook for a programme, or for a partner's report on one period, as a draft.

The sheets are those of ``programme_form``: one for each kind of thing, heads as the columns of its table, texts with
their language behind the name. Rows marked in the column ``#`` are not read. Sheets that are not there are empty, in an
update they say nothing. The two long ones, budget and expenditure, are read piece by piece while they are loaded.
"""

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from etl.sources.archive import check_archive
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten
from etl.sources.programme import HEAD_TEXTS, KINDS, TEXT_FIELDS, Draft, Refused, as_whole
from etl.sources.programme_files import CODE, known_columns
from etl.sources.programme_form import BULK, HEAD, HEAD_FIELDS, LEAVE_OUT, UPDATE, UPDATE_FIELDS
from etl.sources.sheet_stream import BookStream, Piece, filled
from etl.sources.sheets import Odd

SCALE = 3
"""How many times larger than a ministry's workbook a programme's may be: it has sheets of a hundred thousand rows."""

MOST = 200_000
"""Rows of a sheet that is not read piece by piece."""

TEXT_HEAD = re.compile(r"(\w+?)_([a-z]{2,3}(?:-[a-z]{2,4})?)")
SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"")


def is_programme_workbook(path: Path) -> bool:
    """Whether a file is a workbook with a sheet ``programme`` or ``update`` and one of a kind of thing."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            head = part.read(200_000)
    except (OSError, KeyError, zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return False
    titles = {name.decode("utf-8", "replace").strip().lower() for name in SHEET.findall(head)}
    return bool(titles & {HEAD, UPDATE}) and bool(titles & KINDS.keys())


def read_programme_workbook(path: Path, name: str = "") -> Draft:
    """The draft of a programme in a filled workbook.

    Raises:
        SourceError: the file as a whole cannot be taken: what ``check_archive`` refuses, ``missing-sheet``,
            ``missing-column``, ``duplicate-column``, ``empty-cell`` where the programme has no code.
    """
    shown = name or path.name
    check_archive(path, SCALE)
    book = BookStream(path)
    sheets = {title.strip().lower(): title for title in book.titles}
    updates = UPDATE in sheets
    if HEAD not in sheets and not updates:
        raise SourceError(Problem("missing-sheet", f"The workbook has no sheet {HEAD}; use a fresh template."), shown)
    problems: list[Problem] = []
    fields = _fields(book, sheets[UPDATE if updates else HEAD], UPDATE if updates else HEAD, problems)
    draft = _begun(fields, updates, shown, problems)
    for title in sheets:
        if title not in KINDS and title not in (HEAD, UPDATE, "guide", "lists"):
            near = get_close_matches(title, list(KINDS), 1, 0.7)
            if near:
                remedy = f"There is no sheet of this name, so it was not read. Is it {near[0]}? Rename it."
                problems.append(Problem("unknown-column", remedy, None, title))
    for kind in KINDS:
        if kind in sheets:
            _sheet(draft, kind, book, sheets[kind], shown)
    return draft


def _begun(fields: Mapping[str, Any], updates: bool, shown: str, problems: list[Problem]) -> Draft:
    code = str(fields.get("programme" if updates else "code") or "").strip()
    if not re.fullmatch(CODE, code):
        remedy = "Give the programme a code of lower case letters, digits, hyphen or underscore, at most 32."
        raise SourceError(Problem("empty-cell", remedy, None, f"{UPDATE if updates else HEAD}: code", code), shown)
    if not updates:
        return Draft(code, {**fields, "code": code}, problems=problems)
    update: dict[str, Any] = {}
    for name in ("partner", "period"):
        if fields.get(name) in (None, ""):
            remedy = f"The sheet {UPDATE} says whose report this is: fill in {name}."
            raise SourceError(Problem("empty-cell", remedy, None, f"{UPDATE}: {name}"), shown)
    try:
        update = {"partner": str(fields["partner"]).strip(), "period": as_whole(fields["period"])}
    except Refused as error:
        place = f"{UPDATE}: period"
        raise SourceError(Problem(error.reason, str(error), None, place, str(fields["period"])), shown) from None
    return Draft(code, {}, update=update, problems=problems)


def _fields(book: BookStream, title: str, name: str, problems: list[Problem]) -> dict[str, Any]:
    """The fields of the sheet about the programme itself, texts by language."""
    known = {column.field for column in (HEAD_FIELDS if name == HEAD else UPDATE_FIELDS)}
    found: dict[str, Any] = {}
    heads: dict[str, str] = {}
    for piece in book.pieces(title):
        for place, line in enumerate(piece.rows.tolist()):
            cells = {letters: cells[place] for letters, cells in piece.columns.items() if cells[place] is not None}
            if not heads:
                heads = {letters: str(cell).strip().lower() for letters, cell in cells.items()}
                continue
            said = {heads[letters]: cell for letters, cell in cells.items() if letters in heads}
            field = str(said.pop("field", "")).strip().lower()
            said = {head: cell for head, cell in said.items() if head not in ("", "what")}
            if field in known and said:
                _field(found, name, field, said, line, problems)
            elif said and field:
                remedy = f"The sheet {name} has no field “{shorten(field)}”; keep those of the form."
                problems.append(Problem("unknown-field", remedy, line, f"{name}: field", shorten(field)))
    if "field" not in heads.values():
        remedy = f"The sheet {name} has no column field; keep the heads of the form."
        raise SourceError(Problem("missing-column", remedy, 1, name), book.path.name)
    return found


def _field(
    found: dict[str, Any], sheet: str, field: str, said: Mapping[str, Any], line: int, problems: list[Problem]
) -> None:
    texts: dict[str, str] = {}
    for head, cell in said.items():
        if isinstance(cell, Odd):
            problems.append(Problem(cell.reason, cell.remedy, line, f"{sheet}: {field}", cell.value))
        elif field in HEAD_TEXTS and head != "value":
            texts[head] = str(cell)
        elif head == "value":
            found[field] = cell
    if field in HEAD_TEXTS:
        found[field] = texts or ({"en": str(found[field])} if field in found else {})


@dataclass(frozen=True)
class _Heads:
    """Where the columns of a sheet stand, by letter; texts by field and language."""

    plain: Mapping[str, str]
    texts: Mapping[str, Mapping[str, str]]
    leave_out: str
    line: int


def _sheet(draft: Draft, kind: str, book: BookStream, title: str, shown: str) -> None:
    pieces = book.pieces(title)
    first = next(pieces, None)
    if first is None:
        return
    heads = _heads(kind, first, draft.problems, shown)
    frames = _frames(kind, heads, first, pieces, bool(draft.update))
    if kind in BULK:
        opening = next(frames, None)
        # A sheet without rows says nothing in an update, and in a whole programme that there is nothing.
        if opening is not None:
            draft.streams[kind] = _again(opening, frames)
        return
    held: list[pd.DataFrame] = []
    for frame in frames:
        held.append(frame)
        if sum(map(len, held)) > MOST:
            raise SourceError(Problem("too-many-rows", f"The sheet {kind} has more than {MOST:,} rows.", MOST), shown)
    if held:
        frame = pd.concat(held, ignore_index=True).astype(object)
        draft.tables[kind] = frame.where(frame.notna(), None)


def _again(first: pd.DataFrame, rest: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
    yield first
    yield from rest


def _heads(kind: str, piece: Piece, problems: list[Problem], shown: str) -> _Heads:
    """Which column is which; what the form does not know is told and passed over."""
    line = int(piece.rows[0])
    known, texts = known_columns(kind), set(TEXT_FIELDS.get(kind, ()))
    columns = {column.name for column in KINDS[kind].__table__.columns}
    names = {f"{name}_text" if name in columns else name for name in texts}
    plain: dict[str, str] = {}
    said: dict[str, dict[str, str]] = {}
    leave_out = ""
    for letters, cells in piece.columns.items():
        cell = cells[0]
        if cell is None:
            continue
        head = cell.value if isinstance(cell, Odd) else str(cell).strip().lower()
        text = TEXT_HEAD.fullmatch(head)
        if head == LEAVE_OUT:
            leave_out = letters
        elif head in known - names:
            if head in plain:
                raise _twice(kind, head, line, shown)
            plain[head] = letters
        elif text and text[1] in names:
            if text[2] in said.setdefault(text[1], {}):
                raise _twice(kind, head, line, shown)
            said[text[1]][text[2]] = letters
        else:
            near = get_close_matches(head, [*known, *(f"{name}_en" for name in names)], 1, 0.6)
            hint = f" Is it {near[0]}? Rename it." if near else ""
            remedy = f"The sheet {kind} has no column “{shorten(head)}”; it was not read.{hint}"
            problems.append(Problem("unknown-column", remedy, line, f"{kind} ({letters})", shorten(head)))
    for key in KINDS[kind].__table__.primary_key:
        if key.name not in ("programme", "position") and key.name not in plain:
            remedy = f"The sheet {kind} has no column {key.name}; keep the heads of the form."
            raise SourceError(Problem("missing-column", remedy, line, f"{kind}: {key.name}"), shown)
    return _Heads(plain, said, leave_out, line)


def _twice(kind: str, head: str, line: int, shown: str) -> SourceError:
    return SourceError(
        Problem("duplicate-column", f"The column {kind}: {head} stands twice; delete one.", line, kind), shown
    )


def _frames(kind: str, heads: _Heads, first: Piece, rest: Iterator[Piece], updates: bool) -> Iterator[pd.DataFrame]:
    """Raw cells piece by piece, without the header and the rows that are marked to be left out."""
    piece: Piece | None = first
    while piece is not None:
        frame = _frame(kind, heads, piece, updates)
        if len(frame):
            yield frame
        piece = next(rest, None)


def _frame(kind: str, heads: _Heads, piece: Piece, updates: bool) -> pd.DataFrame:
    nothing = np.full(len(piece.rows), None, dtype=object)
    columns: dict[str, Any] = {head: piece.columns.get(letters, nothing) for head, letters in heads.plain.items()}
    keep = piece.rows > heads.line
    if heads.leave_out in piece.columns:
        keep &= ~filled(piece.columns[heads.leave_out])
    for field, places in heads.texts.items():
        told = np.empty(len(piece.rows), dtype=object)
        cells = {lang: piece.columns.get(letters, nothing) for lang, letters in places.items()}
        for place in range(len(told)):
            told[place] = {lang: held[place] for lang, held in cells.items() if held[place] is not None} or None
        columns[field] = told
    # A row with nothing but a note beside the table is none; in an update, one that was not filled in beyond its key.
    keys = {column.name for column in KINDS[kind].__table__.primary_key} if updates else set()
    some = np.zeros(len(piece.rows), dtype=bool)
    for name, cells in columns.items():
        if name not in keys and not some.all():
            some |= filled(cells)
    keep &= some
    frame = pd.DataFrame({name: cells[keep] for name, cells in columns.items()}, dtype=object)
    return frame.assign(_line=piece.rows[keep], _where=kind)
