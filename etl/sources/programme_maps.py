"""Files in the layouts of others (Jems' exports, keep.eu's list of operations) as drafts, by column maps in YAML.

A map says under which heads a column may stand, in any language, and how its cells are written; heads are compared
without case, accents, blanks and signs. What a layout lacks stays as it is stored, or, where nothing is stored, is told
by the checks that every file goes through. The maps that we bring lie in ``data/maps``; anybody can bring their own.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from config import ROOT
from etl.countries import OURS
from etl.sources.archive import check_archive, check_size
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten
from etl.sources.programme import KINDS, LAYOUT, Draft, Refused, as_day
from etl.sources.programme_files import CODE, LOADER, known_columns
from etl.sources.sheet_stream import BookStream
from etl.sources.sheets import Odd

FOLDER = ROOT / "data" / "maps"
SCALE = 3
HEAD_WITHIN = 20
"""Rows at the top of a sheet among which its heads are looked for: exports like to begin with a title."""

MOST = 200_000
KNOWN_KEYS = {"name", "title", "source", "decimal", "dates", "units", "project", "acronym", "programme", "tables"}
KINDS_OF_CELLS = ("text", "money", "number", "share", "day", "region", "country", "partner", "period", "line")


@dataclass
class Table:
    """Rows of a sheet by the heads of its columns, with the row of the sheet that each stands in."""

    title: str
    heads: dict[str, str]
    rows: list[dict[str, Any]]
    lines: list[int]


@dataclass
class _Reading:
    """What is needed while a file is read."""

    map: Mapping[str, Any]
    name: str
    fill: Mapping[str, str]
    partners: pd.DataFrame
    periods: pd.DataFrame
    regions: frozenset[str]
    problems: list[Problem]
    lacking: list[str] = field(default_factory=list)


def maps() -> dict[str, Path]:
    """The maps that we bring, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.yaml"))}


def titles() -> dict[str, dict[str, str]]:
    """Names of the maps that we bring, by language."""
    return {name: load_map(str(path))["title"] for name, path in maps().items()}


def load_map(named: str) -> dict[str, Any]:
    """A map, by the name of one of ours or the path of a file.

    Raises:
        SourceError: there is none, or it is not built as a map.
    """
    path = maps().get(named, Path(named))
    if not path.is_file():
        remedy = f"There is no map {named}; give a file, or one of {', '.join(maps())}."
        raise SourceError(Problem("no-file", remedy), named)
    if path.stat().st_size > 1 << 20:
        raise SourceError(Problem("too-big", "A map has a few kilobytes."), path.name)
    try:
        found = yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - it is a safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SourceError(
            Problem("bad-yaml", "The map cannot be read; check indents and quotes."), path.name
        ) from error
    wrong = _wrong_with(found)
    if wrong:
        raise SourceError(Problem("bad-map", wrong), path.name)
    return {"name": path.stem, "title": {}, "decimal": "auto", "dates": "auto", **found}


def _wrong_with(found: Any) -> str:
    """What is wrong with a map, in a sentence; '' when nothing is."""
    if not isinstance(found, dict) or not isinstance(found.get("tables"), dict):
        return "A map is a mapping with the key tables; see docs/programmes.md."
    if unknown := set(found) - KNOWN_KEYS:
        return f"A map has no key {', '.join(sorted(map(str, unknown)))}; it has {', '.join(sorted(KNOWN_KEYS))}."
    for kind, table in found["tables"].items():
        if kind not in KINDS or not isinstance(table, dict) or not isinstance(table.get("columns"), dict):
            return f"Below tables stand kinds of things with their columns; {kind} is none, or has no columns."
        known = known_columns(kind)
        for name, rule in table["columns"].items():
            if str(name).partition(".")[0] not in known:
                return f"{kind} has no column {name}."
            if not isinstance(rule, dict) or rule.get("as", "text") not in KINDS_OF_CELLS:
                return f"{kind}: {name} needs a rule such as {{from: [Head], as: money}}."
    return ""


def plain_head(text: Any) -> str:
    """A head without case, accents, blanks and signs."""
    spread = unicodedata.normalize("NFKD", str(text))
    return re.sub(r"[^0-9a-z]+", "", "".join(one for one in spread if not unicodedata.combining(one)).casefold())


def read_mapped(
    path: Path,
    name: str,
    layout: Any,
    stored: Mapping[str, Any],
    partners: pd.DataFrame,
    periods: pd.DataFrame,
    regions: frozenset[str],
) -> Draft:
    """The draft of a file in the layout of others.

    Args:
        path: CSV or XLSX.
        name: shown to people.
        layout: an ``etl.programmes.Layout``.
        stored: the row of the programme that it goes into; empty when there is none yet.
        partners: partners of that programme.
        periods: its periods.
        regions: codes of regions.

    Raises:
        SourceError: the file or the map cannot be used: what ``load_map`` and ``check_archive`` raise,
            ``unknown-format``, ``unknown-layout``, ``which-project``, ``missing-column``, ``empty-cell``.
    """
    found = _tables(path, name)
    chosen = load_map(layout.map) if layout.map else _recognised(found, name)
    reading = _Reading(chosen, name, layout.fill, partners, periods, regions, [])
    wanted = _project(found, reading, layout.project, stored)
    code = layout.programme or _code_of(wanted)
    if not re.fullmatch(CODE, code):
        remedy = "Say into which programme the file goes: --programme CODE, a code of small letters and digits."
        raise SourceError(Problem("empty-cell", remedy, None, "programme", code), name)
    draft = Draft(code, update={LAYOUT: chosen["name"]}, problems=reading.problems)
    if chosen.get("programme"):
        draft.head = _head(found, reading, wanted, code, stored)
    for kind, rule in chosen["tables"].items():
        table = _sheet_for(rule, found)
        missing = [one for one in rule.get("needs", ()) if not _has(one, rule["columns"].get(one), table, reading)]
        if table is None or missing:
            lacks = ", ".join(missing) or "the sheet"
            remedy = f"The file lacks {lacks}, so {kind} stays as it is; give what it lacks with --fill name=value."
            reading.problems.append(Problem("layout-lacks", remedy, None, kind))
            continue
        rows = list(_rows(kind, rule, table, reading, wanted))
        if rows:
            frame = pd.DataFrame(rows, dtype=object)
            draft.tables[kind] = frame.where(frame.notna(), None)
    if not draft.head and not draft.tables:
        remedy = f"Nothing in this file has a place by the map {chosen['name']}; check which layout it is."
        raise SourceError(Problem("unknown-layout", remedy), name)
    return draft


# Files as tables


def _tables(path: Path, name: str) -> list[Table]:
    if path.suffix.lower() == ".xlsx":
        check_archive(path, SCALE)
        book = BookStream(path)
        found = [_of_sheet(book, title, name) for title in book.titles]
    elif path.suffix.lower() in (".csv", ".txt", ".tsv"):
        check_size(path, 60 << 20)
        found = [_of_csv(path, name)]
    else:
        raise SourceError(Problem("unknown-format", "Give a CSV or an XLSX."), name)
    found = [table for table in found if table.rows]
    if not found:
        raise SourceError(Problem("no-rows", "The file holds no rows below a header."), name)
    return found


def _of_sheet(book: BookStream, title: str, name: str) -> Table:
    rows: list[tuple[int, dict[str, Any]]] = []
    for piece in book.pieces(title):
        for place, line in enumerate(piece.rows.tolist()):
            held = {letters: cells[place] for letters, cells in piece.columns.items() if cells[place] is not None}
            rows.append((line, held))
        if len(rows) > MOST:
            raise SourceError(Problem("too-many-rows", f"The sheet {title} has more than {MOST:,} rows."), name)
    return _table(title, rows)


def _of_csv(path: Path, name: str) -> Table:
    raw = path.read_bytes()
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise SourceError(Problem("not-utf8", "Save the file as UTF-8."), name)
    first = text.split("\n", 1)[0]
    sign = max(";,\t", key=first.count)
    rows = []
    for line, cells in enumerate(csv.reader(text.splitlines(), delimiter=sign), start=1):
        held = {str(place): cell.strip() for place, cell in enumerate(cells) if cell.strip()}
        if held:
            rows.append((line, held))
    if len(rows) > MOST:
        raise SourceError(Problem("too-many-rows", f"The file has more than {MOST:,} rows."), name)
    return _table("", rows)


def _table(title: str, rows: Sequence[tuple[int, dict[str, Any]]]) -> Table:
    """Rows below the header, which is the fullest of the first rows."""
    if not rows:
        return Table(title, {}, [], [])
    top = max(range(min(len(rows), HEAD_WITHIN)), key=lambda n: (_texts_in(rows[n][1]), -n))
    heads = {plain_head(cell): place for place, cell in reversed(rows[top][1].items()) if not isinstance(cell, Odd)}
    rest = rows[top + 1 :]
    return Table(title, heads, [held for _line, held in rest], [line for line, _held in rest])


def _texts_in(cells: Mapping[str, Any]) -> int:
    return sum(isinstance(cell, str) and not re.fullmatch(r"[\d.,\s-]+", cell) for cell in cells.values())


# Which map, which project


def _sheet_for(rule: Mapping[str, Any], found: Sequence[Table]) -> Table | None:
    """The sheet of a table of the map: by its name, else the one with most of its heads."""
    names = {plain_head(one) for one in rule.get("sheet", ())}
    named = [table for table in found if plain_head(table.title) in names]
    best = max(named or found, key=lambda table: _met(rule, table))
    return best if _met(rule, best) else None


def _met(rule: Mapping[str, Any], table: Table) -> int:
    return sum(_place(one.get("from", ()), table) is not None for one in rule["columns"].values()) + sum(
        _place(heads, table) is not None
        for parts in (rule.get("each") or {}).values()
        for one in parts.values()
        for heads in one.values()
    )


def _place(heads: Iterable[str], table: Table) -> str | None:
    return next((table.heads[plain_head(one)] for one in heads if plain_head(one) in table.heads), None)


def _recognised(found: Sequence[Table], name: str) -> dict[str, Any]:
    """The map whose heads the file has most of, if it has those that the map cannot do without."""
    best: tuple[float, dict[str, Any]] = (0.0, {})
    for named in maps():
        known = load_map(named)
        rules = [*known["tables"].values(), *([known["programme"]] if known.get("programme") else [])]
        met = sum(max(_met(rule, table) for table in found) for rule in rules)
        whole = sum(len(rule["columns"]) for rule in rules)
        if met >= 3 and (met, met / whole) > (best[0], 0):
            best = (met, known)
    if not best[1]:
        remedy = f"The layout is not known. Say which it is with --map: {', '.join(maps())}, or a map of your own."
        raise SourceError(Problem("unknown-layout", remedy), name)
    return best[1]


def _project(found: Sequence[Table], reading: _Reading, asked: str, stored: Mapping[str, Any]) -> str:
    """Number of the project whose rows are taken; '' where the file has no such column."""
    ids: dict[str, str] = {}
    for table in found:
        place = _place(reading.map.get("project", ()), table)
        short = _place(reading.map.get("acronym", ()), table)
        if place is None:
            continue
        for row in table.rows:
            if place in row:
                number = _text(row[place])
                ids[number] = _text(row.get(short, "")) if short else ids.get(number, "")
    if not ids:
        return ""
    wishes = [asked] if asked else [str(stored.get("reference", "")), str(stored.get("acronym", ""))]
    for wish in (plain_head(one) for one in wishes if one):
        for number, acronym in ids.items():
            if wish in (plain_head(number), plain_head(acronym)):
                return number
    if len(ids) == 1 and not asked:
        return next(iter(ids))
    listed = ", ".join(list(ids)[:8])
    remedy = f"The file holds several projects and none is this programme's; say which with --project: {listed}."
    raise SourceError(Problem("which-project", remedy, None, "project", shorten(asked)), reading.name)


def _code_of(wanted: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-")[:32]


# Rows


def _has(name: str, rule: Mapping[str, Any] | None, table: Table | None, reading: _Reading) -> bool:
    if name in reading.fill or (rule or {}).get("default") is not None:
        return True
    return table is not None and rule is not None and _place(rule.get("from", ()), table) is not None


def _mine(table: Table, reading: _Reading, wanted: str) -> Iterator[tuple[int, dict[str, Any]]]:
    place = _place(reading.map.get("project", ()), table)
    for line, row in zip(table.lines, table.rows, strict=True):
        if place is None or not wanted or _text(row.get(place, "")) == wanted:
            yield line, row


def _head(
    found: Sequence[Table], reading: _Reading, wanted: str, code: str, stored: Mapping[str, Any]
) -> dict[str, Any]:
    rule = reading.map["programme"]
    table = _sheet_for(rule, found)
    rows = list(_mine(table, reading, wanted)) if table is not None else []
    if table is None or not rows:
        return {}
    line, row = rows[0]
    head: dict[str, Any] = {"code": code}
    if not stored:
        title = {"origin": "own", "currency": "EUR", "fund": "Interreg", "languages": ["en"], "source": reading.name}
        head |= title | {name: value for name, value in reading.fill.items() if name in title}
    for name, column in rule["columns"].items():
        value = _cell(name, column, row, table, reading)
        if isinstance(value, Refused):
            where = f"{table.title or 'file'}: {name}"
            shown = _shown(row.get(_place(column.get("from", ()), table) or "", ""))
            reading.problems.append(Problem(value.reason, str(value), line, where, shown))
        elif value is not None:
            _put(head, name, value)
    return head


def _rows(kind: str, rule: Mapping[str, Any], table: Table, reading: _Reading, wanted: str) -> Iterator[dict[str, Any]]:
    where = table.title or kind
    counts: dict[tuple[Any, ...], int] = {}
    for line, row in _mine(table, reading, wanted):
        said: dict[str, Any] = {}
        for name, column in rule["columns"].items():
            value = _cell(name, column, row, table, reading)
            if isinstance(value, Refused):
                place = _place(column.get("from", ()), table) or ""
                value = Odd(value.reason, str(value), _shown(row.get(place, "")))
            if value is not None:
                _put(said, name, value)
        # Columns that the map does not speak of may be told by hand too.
        said |= {
            name: value for name, value in reading.fill.items() if name in known_columns(kind) and name not in said
        }
        if not any(name in said for name in rule.get("needs", said)):
            continue
        for part in _parts(rule, row, table, reading) if rule.get("each") else [{}]:
            whole = {**said, **part, "_line": line, "_where": where}
            if rule["columns"].get("line", {}).get("as") == "line":
                key = (str(said.get("partner")), str(said.get("period")))
                counts[key] = counts.get(key, 0) + 1
                whole["line"] = counts[key]
            yield whole


def _parts(
    rule: Mapping[str, Any], row: Mapping[str, Any], table: Table, reading: _Reading
) -> Iterator[dict[str, Any]]:
    """A row for each of several columns, such as one for each category of cost; empty ones and zeros give none."""
    for name, parts in rule["each"].items():
        for word, columns in parts.items():
            said: dict[str, Any] = {}
            for column, heads in columns.items():
                value = _cell(column, {"from": heads, "as": "money"}, row, table, reading)
                if isinstance(value, Refused):
                    value = Odd(value.reason, str(value), _shown(row.get(_place(heads, table) or "", "")))
                if value is not None:
                    said[column] = value
            if any(isinstance(value, Odd) or value != 0 for value in said.values()):
                yield {name: word, **said}


def _put(said: dict[str, Any], name: str, value: Any) -> None:
    field_name, _dot, lang = name.partition(".")
    if lang:
        said.setdefault(field_name, {})[lang] = value
    else:
        said[field_name] = value


def _shown(value: Any) -> str:
    return shorten(value.value if isinstance(value, Odd) else _text(value))


def _text(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _cell(
    name: str, rule: Mapping[str, Any], row: Mapping[str, Any], table: Table, reading: _Reading
) -> Any | Refused | None:
    """What a column of the map holds in a row: None for nothing, a ``Refused`` for what cannot be read."""
    place = _place(rule.get("from", ()), table)
    value = row.get(place) if place is not None else None
    if isinstance(value, Odd):
        return value
    if value is None or value == "":
        return reading.fill.get(name, rule.get("default") if place is None or "values" in rule else None)
    try:
        return _read(value, rule, reading)
    except Refused as error:
        return error


def _read(value: Any, rule: Mapping[str, Any], reading: _Reading) -> Any:
    if "values" in rule:
        words = {plain_head(word): meant for word, meant in rule["values"].items()}
        return words.get(plain_head(value), _text(value))
    kind = rule.get("as", "text")
    if kind in ("money", "number"):
        found = number(value, str(reading.map["decimal"]))
        factor = rule.get("units", reading.map.get("units", 1))
        return found if factor == 1 else round(found * factor, 2)
    if kind == "share":
        percent = isinstance(value, str) and "%" in value
        found = number(str(value).replace("%", "") if isinstance(value, str) else value, str(reading.map["decimal"]))
        return found / 100 if percent or found > 1 else found
    if kind == "day":
        return day(value, str(reading.map["dates"]))
    if kind == "region":
        return _region(_text(value), reading.regions)
    if kind == "country":
        return _country(_text(value))
    if kind == "partner":
        return _partner(_text(value), reading.partners)
    if kind == "period":
        found_number = re.search(r"\d+", _text(value))
        if found_number is None:
            raise Refused("not-a-number", "The number of a period belongs here, such as 4 or Period 4.")
        return int(found_number[0])
    return _text(value)[: rule.get("most", 30_000)]


def number(value: Any, decimal: str) -> float:
    """A number as the layout writes it: ``decimal`` is ``,`` or ``.``; with ``auto`` only what is plain is taken."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    text = re.sub(r"[\s\u00a0\u202f'’]|EUR|€", "", str(value))
    if not re.fullmatch(r"[+-]?\d[\d.,]*", text):
        raise Refused("not-a-number", "A number belongs here.")
    if decimal not in (",", "."):
        signs = re.findall(r"[.,]", text)
        if len(set(signs)) == 2:
            decimal = signs[-1]
        elif len(signs) == 1 and not re.search(r"[.,]\d{3}$", text):
            decimal = signs[0]
        elif signs and (len(signs) > 1):
            decimal = "," if signs[0] == "." else "."
        elif signs:
            remedy = "This can be a thousand or a decimal sign; say in the map which: decimal: ',' or decimal: '.'."
            raise Refused("ambiguous-number", remedy)
        else:
            decimal = "."
    other = "." if decimal == "," else ","
    plain = text.replace(other, "").replace(decimal, ".")
    if plain.count(".") > 1 or (other in text and not re.fullmatch(r"[+-]?\d{1,3}(\D\d{3})*(\D\d*)?", text)):
        raise Refused("not-a-number", f"The number is not written with “{decimal}” before its decimals.")
    return float(plain)


def day(value: Any, order: str) -> date:
    """A day as the layout writes it: ``dmy``, ``mdy``, ``ymd``, or ``auto`` for what can be read in one way only."""
    parts = (
        re.fullmatch(r"\s*(\d{1,2})[-./](\d{1,2})[-./](\d{4})\.?(?:[ T].*)?", value) if isinstance(value, str) else None
    )
    if parts is None or order not in ("dmy", "mdy"):
        return as_day(value)
    one, two, year = (int(part) for part in parts.groups())
    try:
        return date(year, two, one) if order == "dmy" else date(year, one, two)
    except ValueError:
        raise Refused("not-a-date", f"There is no such day when it is read as {order}.") from None


def _region(text: str, regions: frozenset[str]) -> str:
    """The region at the beginning of a text such as ``HU312 - Heves``: the longest code that the catalogue has."""
    said = re.search(r"\b([A-Z]{2}[A-Z0-9]{0,3})\b", text)
    code = said[1] if said else text
    code = OURS.get(code[:2], code[:2]) + code[2:]
    return next((code[:length] for length in (5, 4, 3, 2) if code[:length] in regions), code)


def _country(text: str) -> str:
    """Our code of a country that is given by a code or by its name in English or Hungarian."""
    found = re.search(r"\(([A-Z]{2})\)", text)
    code = found[1] if found else text.upper() if re.fullmatch(r"[A-Za-z]{2}", text) else ""
    if not code:
        from babel import Locale

        for lang in ("en", "hu"):
            names = {plain_head(name): one for one, name in Locale(lang).territories.items() if len(one) == 2}
            code = code or names.get(plain_head(re.sub(r"\(.*\)", "", text)), "")
    if not code:
        raise Refused("unknown-region", "Write the country by its two letters, such as HU.")
    return OURS.get(code, code)


def _partner(text: str, partners: pd.DataFrame) -> str:
    """The code of a partner that is given by its number, code or abbreviation."""
    rows = partners[["code", "abbreviation"]].to_dict("records") if len(partners) else []
    for row in rows:
        if plain_head(text) in (plain_head(row["code"]), plain_head(row["abbreviation"])):
            return str(row["code"])
    said = re.search(r"\d+", text)
    number_ = int(said[0]) if said else (1 if plain_head(text) in ("lp", "lead") else None)
    if number_ is None:
        raise Refused("unknown-reference", "The number of a partner belongs here, such as 7 or PP7.")
    for row in rows:
        tail = re.search(r"(\d+)$", str(row["code"]))
        if tail and int(tail[1]) == number_:
            return str(row["code"])
    return "lp" if any(row["code"] == "lp" for row in rows) and number_ == 1 else f"p{number_:02d}"
