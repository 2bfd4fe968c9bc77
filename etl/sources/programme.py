"""What a programme's file may say, whatever file it comes from: typed columns, rules that hold, problems with a place.

A file gives a ``Draft``: for each kind of thing a table of raw cells that knows where each row stands. ``settle`` makes
columns of the right types of them, all rows of a column at once, since a programme may have a hundred thousand of them.
A row that cannot be taken is refused with its place; the others are taken.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import JSON, Boolean, Date, Float, Integer, String, Text

from etl.sources.base import Problem
from etl.sources.blocks import shorten
from etl.sources.sheets import Odd
from store.programmes import PARTS
from store.schema import Base
from store.schema_programme import BudgetLine, Expenditure, Money, Programme

KINDS: Mapping[str, type[Base]] = {name: part.model for name, part in PARTS.items()} | {
    "budget": BudgetLine,
    "expenditure": Expenditure,
}
"""Kinds of things of a programme and their tables; parents stand before what rests on them."""

ORDER = (
    *("facts", "partners", "working_groups", "periods", "work_packages", "activities", "deliverables", "pilots"),
    *("pilot_reports", "result_indicators", "result_values", "partner_reports", "budget", "expenditure", "risks"),
    *("risk_scores", "meetings", "decisions", "actions", "events", "communications", "adoptions", "strategies"),
    *("measures", "chain_links", "evaluations"),
)

CATEGORIES = ("staff", "office", "travel", "external", "equipment", "infrastructure", "lump_sum", "unit_cost")
"""Cost categories of Interreg programmes."""

TEXT_FIELDS: Mapping[str, tuple[str, ...]] = {
    name: tuple(one.removesuffix("_text") for one in part.texts) for name, part in PARTS.items()
}
CHOICES: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("facts", "mark"): ("S", "I", "?"),
    ("partners", "role"): ("lead", "partner", "associated"),
    ("partners", "scope"): ("region", "county", "national", "research", "network"),
    ("periods", "state"): ("planned", "open", "closing", "closed", "frozen"),
    ("activities", "status"): ("planned", "running", "done", "cancelled"),
    ("work_packages", "status"): ("", "fully", "partly", "not"),
    ("deliverables", "quality"): ("accepted", "returned", "not_reviewed"),
    ("pilots", "verdict"): ("", "stop", "change", "scale"),
    ("pilot_reports", "light"): ("", "on_track", "watch", "off_track", "done"),
    ("result_indicators", "owner_kind"): ("pilot", "measure", "programme"),
    ("result_indicators", "kind"): ("context", "input", "output", "result", "impact", "qualitative"),
    ("result_indicators", "direction"): ("up", "down", "keep", "range"),
    ("result_indicators", "profile"): ("linear", "step"),
    ("partner_reports", "status"): ("draft", "submitted", "in_control", "certified"),
    ("budget", "category"): CATEGORIES,
    ("expenditure", "category"): CATEGORIES,
    ("risks", "response"): ("avoid", "reduce", "transfer", "accept"),
    ("meetings", "body"): ("sc", "tsc", "wg"),
    ("decisions", "body"): ("sc", "tsc", "wg"),
    ("decisions", "state"): ("proposed", "adopted", "deferred", "rejected", "superseded"),
    ("decisions", "effect"): ("", "better", "same", "worse", "unknown"),
    ("events", "kind"): ("committee", "workshop", "study_visit", "training", "conference", "webinar", "meeting"),
    ("communications", "channel"): ("website", "social", "press", "publication", "newsletter"),
    ("adoptions", "stage"): ("understand", "adapt", "reuse"),
    ("strategies", "kind"): ("s3", "cluster", "innovation", "regional", "joint"),
    ("measures", "instrument"): (
        *("grant", "voucher", "service", "regulation", "procurement", "network", "finance", "training"),
    ),
    ("measures", "level"): ("eu", "national", "regional", "local", "joint"),
    ("evaluations", "criterion"): (
        *("relevance", "effectiveness", "efficiency", "coherence", "eu_added_value", "impact", "sustainability"),
    ),
    ("evaluations", "grade"): ("", "A", "B", "C"),
}
"""What a column may hold where its table says so."""

REFERENCES: Mapping[tuple[str, str], str] = {
    ("activities", "work_package"): "work_packages",
    ("deliverables", "work_package"): "work_packages",
    ("deliverables", "due_period"): "periods",
    ("pilot_reports", "pilot"): "pilots",
    ("pilot_reports", "period"): "periods",
    ("result_values", "indicator"): "result_indicators",
    ("result_values", "period"): "periods",
    ("partner_reports", "partner"): "partners",
    ("partner_reports", "period"): "periods",
    ("budget", "partner"): "partners",
    ("budget", "work_package"): "work_packages",
    ("budget", "period"): "periods",
    ("expenditure", "partner"): "partners",
    ("expenditure", "work_package"): "work_packages",
    ("expenditure", "period"): "periods",
    ("risk_scores", "risk"): "risks",
    ("risk_scores", "period"): "periods",
    ("decisions", "meeting"): "meetings",
    ("actions", "decision"): "decisions",
    ("actions", "risk"): "risks",
    ("measures", "strategy"): "strategies",
}
"""Columns that name another thing of the same programme; empty ones name none."""

NAMES: Mapping[str, str] = {"periods": "number"}
"""The column by which a kind is named where it is not ``code``."""

DEFAULTS: Mapping[str, Any] = {
    "joined": 1,
    "rate": None,
    "profile": "linear",
    "cumulative": True,
    "decimals": 0,
    "tolerance": 0.0,
    "baseline_period": 0,
    "milestones": {},
    "counts": {},
    "status": "A",
    "delivered": 0.0,
    "planned": 1.0,
    "quality": "not_reviewed",
    "cancelled": False,
    "online": False,
}
"""What an empty cell of such a column means."""

MONEY: Mapping[str, str] = {"budget": "amount", "expenditure": "declared"}
"""Tables of money, and the column that says how much a row is about."""

LAYOUT = "layout"
"""Says in an update by which layout of others a file was read."""

RECORDS = ("moves", "signposts", "subjects", "evidence")
"""Columns that hold a list of ``name=value`` pairs; those of ``PAIRS`` hold one ``name: value`` after the other."""
PAIRS = ("milestones", "counts")

LONGEST = 30_000
MILLION = Decimal(1_000_000_000_000)

RUNS = re.compile(r"\s*(=|@\s*\w+\s*[(|]|[+-]\s*[A-Za-z]\w*\s*[(|])")
"""How a text begins that a spreadsheet would run."""


@dataclass
class Draft:
    """What a file said.

    Attributes:
        head: the programme's own row, raw; empty in a file that only updates.
        tables: raw cells by kind, with two more columns: ``_line`` (row of the sheet or table, or number in the list)
            and ``_where`` (sheet, table or list).
        update: what a file replaces when it is no whole programme: ``{"partner": …, "period": …}``, or the layout that
            it was read by (``{"layout": …}``): then nothing is taken out, and what it does not say stays.
        programme: code of the programme.
        streams: raw cells of long tables, which come piece by piece instead.
        problems: what could not even be read; grows while streams are read.
    """

    programme: str
    head: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    update: dict[str, Any] = field(default_factory=dict)
    streams: dict[str, Iterable[pd.DataFrame]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class LeftOut:
    """Rows of a table of money that were refused, and the money in them: no total includes it.

    ``unread`` counts rows whose amount cannot be read.
    """

    rows: int = 0
    cents: int = 0
    unread: int = 0


@dataclass
class Content:
    """A programme as the store takes it: typed columns of each table, texts as ``{field: {language: text}}``.

    ``streams`` are long tables piece by piece; reading them adds to the problems and to ``left_out``.
    """

    programme: str
    head: dict[str, Any] | None
    tables: dict[str, pd.DataFrame]
    update: dict[str, Any]
    streams: dict[str, Iterator[pd.DataFrame]] = field(default_factory=dict)
    left_out: dict[str, LeftOut] = field(default_factory=dict)

    @property
    def adds(self) -> bool:
        """Whether rows that the file does not name stay."""
        return LAYOUT in self.update


@dataclass(frozen=True)
class Known:
    """Codes of the catalogue, and what a stored programme already has (for a file that updates).

    ``runs`` are the pilots of the partner whose report a file is, ``owns`` the result indicators of these.
    """

    regions: frozenset[str]
    themes: frozenset[str]
    indicators: frozenset[str]
    stored: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    currency: str = ""
    members: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    cumulative: frozenset[str] = frozenset()
    runs: frozenset[str] = frozenset()
    owns: frozenset[str] = frozenset()


Reading = Callable[[Any], Any]


class Refused(ValueError):
    """A cell that cannot be taken."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(remedy)
        self.reason = reason


def as_text(value: Any) -> str:
    """A text without blanks at its ends; whole numbers count as text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, datetime | date):
        raise Refused("date-as-text", "This is a date; a text belongs here. Format the cell as text and type it again.")
    text = str(value).strip()
    if len(text) > LONGEST:
        raise Refused("too-long", f"Use at most {LONGEST:,} characters.")
    if RUNS.match(text):
        remedy = "The text begins like a formula, which a spreadsheet could run; let it begin with a word."
        raise Refused("formula-injection", remedy)
    return text


def as_number(value: Any) -> float:
    """A finite number; text with one decimal point counts, others can be read in two ways."""
    if isinstance(value, bool | datetime | date):
        raise Refused("not-a-number", "A number belongs here.")
    if isinstance(value, str):
        text = value.strip()
        if re.fullmatch(r"[+-]?[1-9]\d{0,2}([.,  ]\d{3})+([.,]\d+)?|[+-]?\d+,\d+", text):
            raise Refused("ambiguous-number", "Write the number with digits and one decimal point, such as 1234.50.")
        if not re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", text):
            raise Refused("not-a-number", "A number belongs here.")
        value = text
    number = float(value)
    if not np.isfinite(number):
        raise Refused("not-finite", "A finite number belongs here.")
    return number


def as_whole(value: Any) -> int:
    """A whole number."""
    number = as_number(value)
    if not number.is_integer():
        raise Refused("not-a-number", "A whole number belongs here.")
    return int(number)


def as_day(value: Any) -> date:
    """A day: a date of the workbook, or a text that can be read in one way only.

    These are 2026-03-31, 2026.03.31. and 2026/03/31, 31.03.2026 (with dots the day stands first wherever it is
    written so), and with slashes or hyphens those in which one of the numbers can only be the day.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = value.strip() if isinstance(value, str) else ""
    try:
        found = _day(text)
    except Refused:
        raise
    except ValueError:
        raise Refused("not-a-date", "There is no such day; check its month and its number.") from None
    if found is None:
        raise Refused("not-a-date", "Write the day as a date of the workbook, or as year-month-day such as 2026-03-31.")
    return found


def _day(text: str) -> date | None:
    if year_first := re.fullmatch(r"(\d{4})([-./])\s?(\d{1,2})\2\s?(\d{1,2})\.?(?:[T ]\d{2}:\d{2}.*)?", text):
        return date(int(year_first[1]), int(year_first[3]), int(year_first[4]))
    year_last = re.fullmatch(r"(\d{1,2})([-./])\s?(\d{1,2})\2\s?(\d{4})\.?(?: \d{2}:\d{2}.*)?", text)
    if not year_last:
        return None
    one, two, year = int(year_last[1]), int(year_last[3]), int(year_last[4])
    if year_last[2] == "." or one > 12 or one == two:
        return date(year, two, one)
    if two > 12:
        return date(year, one, two)
    ways = f"{date(year, two, one)} or {date(year, one, two)}"
    raise Refused("ambiguous-date", f"This can be read in two ways: write {ways}.")


def as_amount(value: Any) -> int:
    """Cents of an amount of money."""
    if isinstance(value, str):
        as_number(value)  # says what is wrong with the text
    try:
        amount = Decimal(str(value).strip())
    except InvalidOperation:
        raise Refused("not-a-number", "An amount of money belongs here.") from None
    if not amount.is_finite() or abs(amount) > MILLION:
        raise Refused("outside-limits", "This amount is too large to be true.")
    cents = amount * 100
    # A workbook holds 0.1 + 0.2 as 0.30000000000000004: what is nearer to a cent than that is the cent.
    nearest = cents.to_integral_value()
    if abs(cents - nearest) > Decimal("0.0001"):
        raise Refused("fraction-of-cent", "Round the amount to whole cents.")
    return int(nearest)


def as_flag(value: Any) -> bool:
    """Yes or no."""
    said = str(value).strip().lower()
    if said in ("true", "1", "yes", "igen"):
        return True
    if said in ("false", "0", "no", "nem"):
        return False
    raise Refused("not-in-list", "Write yes or no.")


def plain(value: Any) -> Any:
    """Lists and mappings as JSON gives them back: days as text, keys as text."""
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def as_list(value: Any, name: str = "") -> Any:
    """A list or a mapping. Text is a list of its parts between semicolons, ``name: value; …`` in a column of pairs,
    ``name=value, …; …`` in one of records, or JSON."""
    if isinstance(value, list | dict):
        return plain(value)
    said = str(value).strip()
    if said[:1] in ("[", "{"):
        try:
            return plain(json.loads(said))
        except ValueError:
            raise Refused("not-a-list", "This begins like JSON and is none; check brackets and quotes.") from None
    parts = [part.strip() for part in said.split(";") if part.strip()]
    if name in PAIRS:
        return dict(_pair(part, ":") for part in parts)
    if name in RECORDS:
        return [dict(_pair(one, "=") for one in part.split(",")) for part in parts]
    return parts


def _pair(text: str, sign: str) -> tuple[str, Any]:
    name, found, value = text.partition(sign)
    if not found or not name.strip():
        example = "1: 10; 2: 25" if sign == ":" else "kind=pilot, code=p1; kind=risk, code=r2"
        raise Refused("not-a-list", f"Write it like this: {example}.")
    said = value.strip()
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})", said):
        return name.strip(), int(said)
    if re.fullmatch(r"-?(0|[1-9]\d{0,14})\.\d+", said):
        return name.strip(), float(said)
    return name.strip(), said


def list_as_text(value: Any, name: str) -> str:
    """The text that ``as_list`` reads back as this very list or mapping."""
    if not value:
        return ""
    if isinstance(value, dict):
        said = "; ".join(f"{key}: {one}" for key, one in value.items())
    elif all(isinstance(one, dict) for one in value):
        said = "; ".join(", ".join(f"{key}={one}" for key, one in row.items()) for row in value)
    else:
        said = "; ".join(str(one) for one in value)
    try:
        same = as_list(said, name) == value
    except Refused:
        same = False
    return said if same else json.dumps(value, ensure_ascii=False)


def reading(column: Any) -> Reading:
    """How a cell of a column is read."""
    if isinstance(column.type, JSON):
        return lambda value: as_list(value, column.name)
    kinds: tuple[tuple[type[Any] | tuple[type[Any], ...], Reading], ...] = (
        (Money, as_amount),
        (Boolean, as_flag),
        (Date, as_day),
        (Integer, as_whole),
        (Float, as_number),
        ((String, Text), as_text),
    )
    return next(read for kind, read in kinds if isinstance(column.type, kind))


def empty(value: Any) -> bool:
    """Whether a cell holds nothing."""
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return True
    return isinstance(value, str) and not value.strip()


def read_column(raw: Sequence[Any], column: Any, kind: str = "") -> tuple[np.ndarray, dict[int, Refused]]:
    """A column's values, None where a cell is empty or refused, and what was refused by its place.

    Equal texts are read once: a long table repeats few.
    """
    read, nothing = reading(column), DEFAULTS.get(column.name)
    if column.name == "status" and kind != "result_values":
        nothing = None
    if isinstance(column.type, String | Text) and not column.nullable and nothing is None:
        nothing = ""
    if isinstance(column.type, JSON) and nothing is None:
        nothing = []
    allowed = CHOICES.get((kind, column.name))
    if isinstance(column.type, Money) and (cents := _plain_amounts(raw)) is not None:
        return cents, {}
    kinds = set(map(type, raw))
    keys: Sequence[Any] = raw
    if len(kinds - {type(None)}) > 1 or not kinds <= CACHED:
        # True, 1 and 1.0 are equal and not read alike; what cannot be compared stands for itself.
        keys = [(type(cell), cell if type(cell) in CACHED else place) for place, cell in enumerate(raw)]
    known: dict[Any, Any] = {}
    for key, cell in dict(zip(keys, raw, strict=True)).items():
        known[key] = nothing if empty(cell) else _read(cell, read, column, allowed)
    wrong = {key: found for key, found in known.items() if isinstance(found, Refused)}
    refused = {place: wrong[key] for place, key in enumerate(keys) if key in wrong} if wrong else {}
    known |= dict.fromkeys(wrong)
    held = np.empty(len(raw), dtype=object)
    held[:] = [known[key] for key in keys]
    return held, refused


CACHED = frozenset((type(None), str, float, int, bool, date, datetime))
"""Kinds of cells that are read once for all that are equal."""


def _plain_amounts(raw: Sequence[Any]) -> np.ndarray | None:
    """Cents of a column that holds nothing but numbers of whole cents, or nothing; None when it must be looked at."""
    if not set(map(type, raw)) <= {float, type(None)}:
        return None
    amounts = np.array(raw, dtype=float)
    known = ~np.isnan(amounts)
    cents = amounts * 100
    nearest = np.rint(cents)
    # Below this a double holds a cent to more digits than the limit of ``as_amount`` asks for.
    if not ((np.abs(amounts[known]) < 1e8) & (np.abs(cents[known] - nearest[known]) < 1e-4)).all():
        return None
    found = np.full(len(amounts), None, dtype=object)
    found[known] = nearest[known].astype(np.int64).tolist()
    return found


def _read(cell: Any, read: Reading, column: Any, allowed: tuple[str, ...] | None) -> Any:
    if isinstance(cell, Odd):
        return Refused(cell.reason, cell.remedy)
    try:
        value = read(cell)
    except Refused as error:
        return error
    if allowed is not None and value not in allowed:
        near = get_close_matches(str(value).lower(), allowed, 1)
        meant = f" Perhaps “{near[0]}” is meant." if near else ""
        return Refused("not-in-list", f"Use one of {', '.join(one or '(empty)' for one in allowed)}.{meant}")
    length = getattr(column.type, "length", None)
    if isinstance(value, str) and length and len(value) > length:
        return Refused("too-long", f"Use at most {length} characters.")
    return value


@dataclass
class _Checks:
    """Rows that are still good and problems so far, of one table."""

    kind: str
    raw: pd.DataFrame
    good: np.ndarray
    problems: list[Problem]

    def refuse(self, rows: Any, column: str, reason: str, remedy: str | Callable[[int], str]) -> None:
        """Refuse rows (places or a mask) that are still good, one problem each."""
        places = np.flatnonzero(rows) if isinstance(rows, np.ndarray) else rows
        for place in places:
            if not self.good[place]:
                continue
            self.good[place] = False
            value = self.raw[column].iloc[place] if column in self.raw else ""
            said = remedy(int(place)) if callable(remedy) else remedy
            self.problems.append(self._problem(int(place), column, reason, said, value))

    def _problem(self, place: int, column: str, reason: str, remedy: str, value: Any) -> Problem:
        line, where = self.raw["_line"].iloc[place], self.raw["_where"].iloc[place]
        shown = "" if empty(value) else shorten(value.value if isinstance(value, Odd) else str(value))
        return Problem(reason, remedy, int(line), f"{where}: {column}" if column else str(where), shown)


@dataclass
class _Around:
    """What a table is checked against: the catalogue, what is named so far, and where to tell."""

    known: Known
    names: dict[str, frozenset[Any]]
    members: dict[str, tuple[int, int | None]]
    currency: str
    update: Mapping[str, Any]
    problems: list[Problem]
    left_out: dict[str, LeftOut] = field(default_factory=dict)


class _Seen:
    """Keys of the rows so far, eight bytes each, so that a row that comes twice is noticed in a long table too."""

    def __init__(self) -> None:
        self._known: list[np.ndarray] = []

    def again(self, keys: Iterable[tuple[Any, ...]], count: int) -> np.ndarray:
        """Which of these keys came before, here or in an earlier piece."""
        marks = np.fromiter((hash(key) for key in keys), dtype=np.int64, count=count)
        found = pd.Series(marks).duplicated().to_numpy(copy=True)
        for known in self._known:
            found |= known[np.minimum(np.searchsorted(known, marks), len(known) - 1)] == marks
        if count:
            self._known.append(np.sort(marks))
        # Few arrays to look into, and each mark is sorted only a few times.
        if len(self._known) > 12:
            self._known = [np.sort(np.concatenate(self._known))]
        return found


def settle(draft: Draft, known: Known) -> tuple[Content, list[Problem]]:
    """Typed columns of what a file said, and the rows that cannot be taken; both grow as streams are read."""
    problems = draft.problems
    head = _head(draft) if draft.head else None
    currency = str(head["currency"]) if head else known.currency
    tables: dict[str, pd.DataFrame] = {}
    streams: dict[str, Iterator[pd.DataFrame]] = {}
    cumulative = known.cumulative
    around = _Around(known, dict(known.stored), dict(known.members), currency, draft.update, problems)
    for kind in ORDER:
        if kind in draft.streams:
            streams[kind] = _pieces(kind, draft.streams[kind], around)
            continue
        raw = draft.tables.get(kind)
        if raw is None or raw.empty:
            continue
        table = _table(kind, raw.reset_index(drop=True), around, _Seen())
        if kind == "result_indicators":
            cumulative = cumulative | frozenset(table.loc[table["cumulative"].astype(bool), "code"])
        if kind == "result_values":
            table = _rising(table, cumulative, problems)
        tables[kind] = table.drop(columns=["_line", "_where"], errors="ignore")
        key = NAMES.get(kind, "code")
        if key in table.columns:
            around.names[kind] = around.names.get(kind, frozenset()) | frozenset(table[key])
        if kind == "partners":
            around.members |= {
                row["code"]: (row["joined"], row["left"])
                for row in table[["code", "joined", "left"]].to_dict("records")
            }
    return Content(draft.programme, head, tables, draft.update, streams, around.left_out), problems


def _pieces(kind: str, raw: Iterable[pd.DataFrame], around: _Around) -> Iterator[pd.DataFrame]:
    """The good rows of a long table, piece by piece."""
    seen = _Seen()
    for piece in raw:
        yield _table(kind, piece.reset_index(drop=True), around, seen).drop(columns=["_line", "_where"])


HEAD_TEXTS = ("title", "description", "notice")


def _head(draft: Draft) -> dict[str, Any]:
    from etl.sources.base import SourceError

    row: dict[str, Any] = {}
    for column in Programme.__table__.columns:
        if column.name in ("texts", "edited_at", "load_id"):
            continue
        values, refused = read_column([draft.head.get(column.name)], column)
        if refused:
            raise SourceError(Problem(refused[0].reason, str(refused[0]), 1, f"programme: {column.name}"), "")
        row[column.name] = values[0]
        if values[0] is None and not column.nullable and column.name != "position":
            raise SourceError(Problem("empty-cell", f"The programme needs its {column.name}.", 1, "programme"), "")
    row["position"] = row["position"] or 100
    row["texts"] = {}
    for name in HEAD_TEXTS:
        said = draft.head.get(name) or {}
        row["texts"][name] = {
            lang: str(text) for lang, text in (said if isinstance(said, dict) else {"en": said}).items()
        }
    if row["origin"] not in ("published", "demonstration", "own"):
        remedy = "Use one of published, demonstration, own."
        raise SourceError(Problem("not-in-list", remedy, 1, "programme: origin", str(row["origin"])), "")
    if row["end"] < row["start"]:
        raise SourceError(Problem("wrong-order", "The end lies before the start.", 1, "programme: end"), "")
    return row


def _table(kind: str, raw: pd.DataFrame, around: _Around, seen: _Seen) -> pd.DataFrame:
    model = KINDS[kind]
    checks = _Checks(kind, raw, np.ones(len(raw), dtype=bool), around.problems)
    columns: dict[str, np.ndarray] = {}
    for column in model.__table__.columns:
        if column.name in ("programme", "texts"):
            continue
        cells = raw[column.name].tolist() if column.name in raw else [None] * len(raw)
        values, refused = read_column(cells, column, kind)
        for place, error in refused.items():
            checks.refuse([place], column.name, error.reason, str(error))
        if column.name == "position":
            values = np.array([given or place + 1 for place, given in enumerate(values)], dtype=object)
        columns[column.name] = values
        if not column.nullable:
            missing = np.array([value is None for value in values], dtype=bool)
            checks.refuse(missing, column.name, "empty-cell", f"Fill in {column.name}.")
    if "texts" in model.__table__.c:
        columns["texts"] = _texts(kind, raw, checks)
    table = pd.DataFrame(columns, dtype=object)
    table[["_line", "_where"]] = raw[["_line", "_where"]]
    _references(checks, table, around.names)
    _catalogue(checks, table, around.known)
    _rules(checks, table, around)
    _twice(checks, table, model, seen)
    if kind in MONEY and not checks.good.all():
        _leave_out(around.left_out.setdefault(kind, LeftOut()), table.loc[~checks.good, MONEY[kind]])
    return table[checks.good].reset_index(drop=True)


def _leave_out(left: LeftOut, amounts: "pd.Series[Any]") -> None:
    known = [int(one) for one in amounts if not empty(one)]
    left.rows += len(amounts)
    left.cents += sum(known)
    left.unread += len(amounts) - len(known)


def _texts(kind: str, raw: pd.DataFrame, checks: _Checks) -> np.ndarray:
    """Texts of each row; a plain text is taken as English."""
    found = np.empty(len(raw), dtype=object)
    columns = set(KINDS[kind].__table__.columns.keys())
    heads = {name: f"{name}_text" if name in columns else name for name in TEXT_FIELDS[kind]}
    fields = [name for name, head in heads.items() if head in raw]
    cells = {name: raw[heads[name]].tolist() for name in fields}
    for place in range(len(raw)):
        texts: dict[str, dict[str, str]] = {}
        for name in fields:
            cell = cells[name][place]
            said = cell if isinstance(cell, dict) else {} if empty(cell) else {"en": cell}
            told: dict[str, str] = {}
            for lang, text in said.items():
                try:
                    if isinstance(text, Odd):
                        raise Refused(text.reason, text.remedy)
                    if not empty(text):
                        told[str(lang)] = as_text(text)
                except Refused as error:
                    shown = text.value if isinstance(text, Odd) else str(text)
                    if checks.good[place]:
                        checks.good[place] = False
                        problem = checks._problem(place, f"{name}_{lang}", error.reason, str(error), shown)
                        checks.problems.append(problem)
            if told:
                texts[name] = told
        found[place] = texts
    return found


def _references(checks: _Checks, table: pd.DataFrame, names: Mapping[str, frozenset[Any]]) -> None:
    for (kind, column), target in REFERENCES.items():
        if kind != checks.kind or target not in KINDS:
            continue
        there = names.get(target, frozenset())
        lost = np.array([one not in there and not empty(one) for one in table[column].tolist()], dtype=bool)
        said = target.replace("_", " ")

        def remedy(place: int, column: str = column, there: frozenset[Any] = there, said: str = said) -> str:
            near = get_close_matches(str(table[column].iloc[place]), [str(one) for one in there], 1)
            meant = f" Perhaps {near[0]} is meant." if near else ""
            return f"The file has no such row among its {said}; add it or correct the name.{meant}"

        checks.refuse(lost, column, "unknown-reference", remedy)


def _catalogue(checks: _Checks, table: pd.DataFrame, known: Known) -> None:
    if "theme" in table:
        lost = _mask(one not in known.themes and not empty(one) for one in table["theme"].tolist())
        checks.refuse(lost, "theme", "not-in-list", f"Use one of {', '.join(sorted(known.themes))}.")
    if "region" in table:
        lost = _mask(one not in known.regions and not empty(one) for one in table["region"].tolist())
        checks.refuse(lost, "region", "unknown-region", "Use a code of the table of regions.")


def _mask(values: Any) -> np.ndarray:
    return np.array([bool(one) for one in values], dtype=bool)


def _rules(checks: _Checks, table: pd.DataFrame, around: _Around) -> None:
    """What must hold within a row, beyond the types of its cells."""
    kind, members, currency = checks.kind, around.members, around.currency
    if kind in ("activities", "pilots", "measures"):
        turned = _mask(
            not (empty(a) or empty(b)) and a > b
            for a, b in zip(table["start_period"], table["end_period"], strict=True)
        )
        checks.refuse(turned, "end_period", "wrong-order", "The last period lies before the first.")
    if kind in ("partner_reports", "expenditure"):
        pairs = zip(table["partner"].tolist(), table["period"].tolist(), strict=True)
        outside = _mask(_outside(members.get(p), n) for p, n in pairs)
        checks.refuse(outside, "period", "not-a-member", lambda place: _member_remedy(table, members, place))
    if around.update:
        _outside_update(checks, table, around)
    if kind == "expenditure":
        _money_rules(checks, table, currency)
    if kind == "evaluations":
        step = _mask(not empty(one) and not 1 <= one <= 4 for one in table["step"])
        checks.refuse(step, "step", "outside-limits", "A step lies between 1 and 4.")
    if kind == "risk_scores":
        for column in ("likelihood", "impact"):
            wrong = _mask(not empty(one) and not 1 <= one <= 5 for one in table[column])
            checks.refuse(wrong, column, "outside-limits", "Likelihood and impact lie between 1 and 5.")
    if kind == "budget":
        checks.refuse(
            _mask(not empty(one) and one < 0 for one in table["amount"]),
            "amount",
            "negative-value",
            "Planned money cannot be negative.",
        )


def _outside_update(checks: _Checks, table: pd.DataFrame, around: _Around) -> None:
    """Rows of other partners, periods or pilots in the file of one partner's period."""
    update = around.update
    about = ", ".join(f"{name} {value}" for name, value in update.items())
    remedy = f"This file updates {about}; rows of others are not taken from it."
    for name in ("partner", "period"):
        if name in update and name in table:
            checks.refuse(_mask(str(one) != str(update[name]) for one in table[name]), name, "outside-update", remedy)
    mine = {"pilot_reports": ("pilot", around.known.runs), "result_values": ("indicator", around.known.owns)}
    if "partner" in update and checks.kind in mine:
        name, own = mine[checks.kind]
        checks.refuse(_mask(one not in own for one in table[name]), name, "outside-update", remedy)


def _outside(span: tuple[int, int | None] | None, period: Any) -> bool:
    if span is None or period is None:
        return False
    joined, left = span
    return bool(period < joined or (left is not None and not empty(left) and period > left))


def _member_remedy(table: pd.DataFrame, members: Mapping[str, tuple[int, int | None]], place: int) -> str:
    partner = table["partner"].iloc[place]
    joined, left = members[partner]
    until = f" to {left}" if not empty(left) else " on"
    return f"{partner} is a partner from period {joined}{until}; correct the period, or when it joined or left."


def _money_rules(checks: _Checks, table: pd.DataFrame, currency: str) -> None:
    foreign = _mask(
        code and currency and code != currency and rate is None
        for code, rate in zip(table["currency"].tolist(), table["rate"].tolist(), strict=True)
    )
    remedy = f"Amounts are in {currency}; give the rate at which they were turned into it, or amounts in {currency}."
    checks.refuse(foreign, "currency", "mixed-currencies", remedy)
    table["currency"] = [one or currency for one in table["currency"].tolist()]
    declared, certified, verified = (table[name].tolist() for name in ("declared", "certified", "verified"))
    above = _mask(
        d is not None and c is not None and d >= 0 and c > d for d, c in zip(declared, certified, strict=True)
    )
    checks.refuse(above, "certified", "certified-above-declared", "Certified money cannot exceed what was declared.")
    beyond = _mask(
        v is not None and d is not None and d >= 0 and v > (c or 0)
        for d, c, v in zip(declared, certified, verified, strict=True)
    )
    checks.refuse(beyond, "verified", "verified-above-certified", "Verified money cannot exceed what was certified.")


def _twice(checks: _Checks, table: pd.DataFrame, model: type[Base], seen: _Seen) -> None:
    keys = [column.name for column in model.__table__.primary_key if column.name != "programme"]
    good = np.flatnonzero(checks.good)
    rows = table if len(good) == len(table) else table.iloc[good]
    # A row that is refused takes no place: the next one with its key may stand.
    again = seen.again(zip(*(rows[key].tolist() for key in keys), strict=True), len(rows))
    remedy = f"A row with the same {', '.join(keys)} stands above; keep one."
    checks.refuse(good[again].tolist(), keys[0], "duplicate-row", remedy)


def _rising(table: pd.DataFrame, cumulative: frozenset[str], problems: list[Problem]) -> pd.DataFrame:
    """The values without those of cumulative indicators that fall and do not say why."""
    keep = np.ones(len(table), dtype=bool)
    last: dict[str, float] = {}
    rows = zip(range(len(table)), *(table[name].tolist() for name in ("indicator", "period", "value")), strict=True)
    ordered = sorted((code, period, place, value) for place, code, period, value in rows if code in cumulative)
    for code, _period, place, value in ordered:
        if value is None:
            continue
        before = last.get(code)
        if before is not None and value < before and not str(table["comment"].iloc[place] or "").strip():
            keep[place] = False
            remedy = f"The value falls from {before:g}; correct it, or say in the comment why."
            line, where = int(table["_line"].iloc[place]), table["_where"].iloc[place]
            problems.append(Problem("falling-output", remedy, line, f"{where}: value", f"{value:g}"))
            continue
        last[code] = value
    return table[keep].reset_index(drop=True)
