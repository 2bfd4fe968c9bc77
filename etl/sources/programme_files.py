"""A programme's files as drafts: YAML with tables beside it, or the workbook that PoliSEE hands out."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from etl.sources.base import Problem, SourceError
from etl.sources.programme import KINDS, TEXT_FIELDS, Draft

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where it is there."""

CODE = r"[a-z0-9][a-z0-9_-]{0,31}"
"""How the code of a programme is built."""

LARGEST = 20 * 1024 * 1024
"""Bytes of a YAML file that is read at all."""


def read_programme(path: Path, name: str) -> Draft:
    """What a file says of a programme.

    Raises:
        SourceError: the file cannot be read as one at all.
    """
    if path.suffix.lower() == ".xlsx":
        from etl.sources.programme_workbook import read_programme_workbook

        return read_programme_workbook(path, name)
    return _yaml(path, name)


def _yaml(path: Path, name: str) -> Draft:
    if path.stat().st_size > LARGEST:
        raise SourceError(Problem("too-big", "The file is larger than 20 MB; put large tables into CSV."), name)
    try:
        text = path.read_text(encoding="utf-8")
        # A few aliases can stand for gigabytes, and no file of ours needs one.
        alias = next((one for one in yaml.parse(text, Loader=LOADER) if isinstance(one, yaml.AliasEvent)), None)
        if alias is not None:
            line = alias.start_mark.line + 1 if alias.start_mark else None
            raise SourceError(Problem("bad-yaml", "Write out what the alias stands for.", line), name)
        document = yaml.load(text, Loader=LOADER)  # noqa: S506 - it is a safe loader
    except UnicodeDecodeError as error:
        raise SourceError(Problem("not-utf8", "Save the file as UTF-8."), name) from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else None
        raise SourceError(
            Problem("bad-yaml", "The YAML cannot be read here; check indents and quotes.", line), name
        ) from error
    if not isinstance(document, dict):
        raise SourceError(Problem("bad-yaml", "The file holds no programme.", 1), name)
    head, update = document.get("programme") or {}, document.get("update") or {}
    if not isinstance(head, dict) or not isinstance(update, dict) or not (head or update):
        raise SourceError(
            Problem("bad-yaml", "A programme begins with “programme:”, an update with “update:”.", 1), name
        )
    code = str(head.get("code") or update.get("programme") or "")
    if not re.fullmatch(CODE, code):
        remedy = "Give the programme a code of lower case letters, digits, hyphen or underscore, at most 32."
        raise SourceError(Problem("empty-cell", remedy, 1, "programme: code", code), name)
    draft = Draft(code, head if head else {}, update={k: v for k, v in update.items() if k in ("partner", "period")})
    for key, rows in document.items():
        if key in ("programme", "update"):
            continue
        if key not in KINDS:
            remedy = f"There is no kind of thing {key}; there are {', '.join(KINDS)}."
            draft.problems.append(Problem("unknown-column", remedy, 1, str(key)))
            continue
        draft.tables[key] = _rows(key, rows, path, name, draft.problems)
    return draft


def _rows(kind: str, rows: Any, path: Path, name: str, problems: list[Problem]) -> pd.DataFrame:
    if isinstance(rows, Mapping) and "table" in rows:
        return read_table(kind, path.parent / Path(str(rows["table"])).name, problems)
    if not isinstance(rows, list):
        raise SourceError(Problem("bad-yaml", f"{kind} is a list of rows.", 1, kind), name)
    good = []
    for number, row in enumerate(rows, 1):
        if isinstance(row, dict):
            good.append({**{str(key): value for key, value in row.items()}, "_line": number, "_where": kind})
        else:
            problems.append(Problem("bad-yaml", "A row is a mapping of columns to values.", number, kind))
    known = known_columns(kind)
    unknown = sorted({key for row in good for key in row} - known - {"_line", "_where"})
    for key in unknown:
        first = next(row["_line"] for row in good if key in row)
        problems.append(_unknown(kind, key, first))
    return pd.DataFrame(good, columns=[*sorted({key for row in good for key in row} - set(unknown))], dtype=object)


def known_columns(kind: str) -> set[str]:
    """Columns that a kind may have in a file: those of its table, and its texts."""
    columns = {column.name for column in KINDS[kind].__table__.columns} - {"programme", "texts"}
    texts = TEXT_FIELDS.get(kind, ())
    return columns | {f"{text}_text" if text in columns else text for text in texts}


def _unknown(kind: str, key: str, line: int) -> Problem:
    remedy = f"{kind} has no column {key}; it has {', '.join(sorted(known_columns(kind)))}."
    return Problem("unknown-column", remedy, line, f"{kind}: {key}")


def read_table(kind: str, path: Path, problems: list[Problem]) -> pd.DataFrame:
    """A CSV beside a programme's file, cells as text.

    Raises:
        SourceError: there is no such file, or it is no CSV.
    """
    if not path.is_file():
        raise SourceError(
            Problem("no-file", "The table that the file names is not beside it.", 1, kind, path.name), path.name
        )
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise SourceError(
            Problem("unknown-format", "This is no CSV in UTF-8 with commas.", 1, kind), path.name
        ) from error
    for key in [key for key in frame.columns if key not in known_columns(kind)]:
        problems.append(_unknown(kind, str(key), 1))
        frame = frame.drop(columns=key)
    return frame.assign(_line=range(2, len(frame) + 2), _where=path.name)
