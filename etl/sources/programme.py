"""What a programme's file may say, whatever file it comes from: typed columns, rules that hold, problems with a place.

A file gives a ``Draft``: for each kind of thing a table of raw cells that knows where each row stands. ``settle`` makes
columns of the right types of them, all rows of a column at once, since a programme may have a hundred thousand of them.
A row that cannot be taken is refused with its place; the others are taken.
"""

import re
from collections.abc import Callable, Mapping, Sequence
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
    "status": "A",
    "delivered": 0.0,
    "planned": 1.0,
    "quality": "not_reviewed",
    "cancelled": False,
    "online": False,
}
"""What an empty cell of such a column means."""

LONGEST = 30_000
MILLION = Decimal(1_000_000_000_000)


@dataclass
class Draft:
    """What a file said.

    Attributes:
        head: the programme's own row, raw; empty in a file that only updates.
        tables: raw cells by kind, with two more columns: ``_line`` (row of the sheet or table, or number in the list)
            and ``_where`` (sheet, table or list).
        update: what a file replaces when it is no whole programme: ``{"partner": …, "period": …}``.
        programme: code of the programme.
        problems: what could not even be read.
    """

    programme: str
    head: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    update: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


@dataclass
class Content:
    """A programme as the store takes it: typed columns of each table, texts as ``{field: {language: text}}``."""

    programme: str
    head: dict[str, Any] | None
    tables: dict[str, pd.DataFrame]
    update: dict[str, Any]


@dataclass(frozen=True)
class Known:
    """Codes of the catalogue, and what a stored programme already has (for a file that updates)."""

    regions: frozenset[str]
    themes: frozenset[str]
    indicators: frozenset[str]
    stored: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    currency: str = ""
    members: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)
    cumulative: frozenset[str] = frozenset()


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
        raise Refused("date-as-text", "This is a date; a text belongs here.")
    text = str(value).strip()
    if len(text) > LONGEST:
        raise Refused("too-long", f"Use at most {LONGEST:,} characters.")
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
    """A day: a date of the workbook, or text as year-month-day; all other texts can be read in two ways."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise Refused("not-a-date", "Write the day as a date of the workbook, or as year-month-day such as 2026-03-31.")


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


def as_list(value: Any) -> Any:
    """A list or a mapping; text is a list of its parts between semicolons."""
    if isinstance(value, list | dict):
        return plain(value)
    return [part.strip() for part in str(value).split(";") if part.strip()]


def reading(column: Any) -> Reading:
    """How a cell of a column is read."""
    kinds: tuple[tuple[type[Any] | tuple[type[Any], ...], Reading], ...] = (
        (Money, as_amount),
        (Boolean, as_flag),
        (Date, as_day),
        (Integer, as_whole),
        (Float, as_number),
        (JSON, as_list),
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
    seen: dict[Any, Any] = {}
    values = np.empty(len(raw), dtype=object)
    refused: dict[int, Refused] = {}
    for place, cell in enumerate(raw):
        if empty(cell):
            values[place] = nothing
            continue
        key = (type(cell), cell) if isinstance(cell, str | int | float | date) else None
        found = seen.get(key) if key is not None else None
        if found is None:
            found = _read(cell, read, column, allowed)
            if key is not None:
                seen[key] = found
        if isinstance(found, Refused):
            refused[place] = found
        else:
            values[place] = found
    return values, refused


def _read(cell: Any, read: Reading, column: Any, allowed: tuple[str, ...] | None) -> Any:
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
        shown = "" if empty(value) else shorten(str(value))
        return Problem(reason, remedy, int(line), f"{where}: {column}" if column else str(where), shown)


def settle(draft: Draft, known: Known) -> tuple[Content, list[Problem]]:
    """Typed columns of what a file said, and the rows that cannot be taken."""
    problems = list(draft.problems)
    head = _head(draft, problems) if draft.head else None
    currency = str(head["currency"]) if head else known.currency
    tables: dict[str, pd.DataFrame] = {}
    cumulative = known.cumulative
    names: dict[str, frozenset[Any]] = dict(known.stored)
    members = dict(known.members)
    for kind in ORDER:
        raw = draft.tables.get(kind)
        if raw is None or raw.empty:
            continue
        table = _table(kind, raw.reset_index(drop=True), known, names, members, currency, problems, draft.update)
        if kind == "result_indicators":
            cumulative = cumulative | frozenset(table.loc[table["cumulative"].astype(bool), "code"])
        if kind == "result_values":
            table = _rising(table, cumulative, problems)
        tables[kind] = table.drop(columns=["_line", "_where"], errors="ignore")
        key = NAMES.get(kind, "code")
        if key in table.columns:
            names[kind] = names.get(kind, frozenset()) | frozenset(table[key])
        if kind == "partners":
            members |= {
                row["code"]: (row["joined"], row["left"])
                for row in table[["code", "joined", "left"]].to_dict("records")
            }
    return Content(draft.programme, head, tables, draft.update), problems


HEAD_TEXTS = ("title", "description", "notice")


def _head(draft: Draft, problems: list[Problem]) -> dict[str, Any]:
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
    row["texts"] = {name: draft.head.get(name) or {} for name in HEAD_TEXTS}
    if row["origin"] not in ("published", "demonstration", "own"):
        remedy = "Use one of published, demonstration, own."
        raise SourceError(Problem("not-in-list", remedy, 1, "programme: origin", str(row["origin"])), "")
    if row["end"] < row["start"]:
        raise SourceError(Problem("wrong-order", "The end lies before the start.", 1, "programme: end"), "")
    return row


def _table(
    kind: str,
    raw: pd.DataFrame,
    known: Known,
    names: Mapping[str, frozenset[Any]],
    members: Mapping[str, tuple[int, int | None]],
    currency: str,
    problems: list[Problem],
    update: Mapping[str, Any],
) -> pd.DataFrame:
    model = KINDS[kind]
    checks = _Checks(kind, raw, np.ones(len(raw), dtype=bool), problems)
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
        columns["texts"] = _texts(kind, raw)
    table = pd.DataFrame(columns)
    table[["_line", "_where"]] = raw[["_line", "_where"]]
    _references(checks, table, names)
    _catalogue(checks, table, known)
    _rules(checks, table, members, currency, update)
    _twice(checks, table, model)
    return table[checks.good].reset_index(drop=True)


def _texts(kind: str, raw: pd.DataFrame) -> np.ndarray:
    """Texts of each row; a plain text is taken as English."""
    found = np.empty(len(raw), dtype=object)
    fields = [name for name in TEXT_FIELDS[kind] if name in raw or f"{name}_text" in raw]
    cells = {name: raw[f"{name}_text" if f"{name}_text" in raw else name].tolist() for name in fields}
    for place in range(len(raw)):
        texts: dict[str, dict[str, str]] = {}
        for name in fields:
            cell = cells[name][place]
            if isinstance(cell, dict):
                texts[name] = {str(lang): str(text).strip() for lang, text in cell.items() if not empty(text)}
            elif not empty(cell):
                texts[name] = {"en": str(cell).strip()}
            else:
                texts[name] = {}
        found[place] = texts
    return found


def _references(checks: _Checks, table: pd.DataFrame, names: Mapping[str, frozenset[Any]]) -> None:
    for (kind, column), target in REFERENCES.items():
        if kind != checks.kind or target not in KINDS:
            continue
        there = names.get(target, frozenset())
        lost = np.array([not empty(value) and value not in there for value in table[column]], dtype=bool)
        said = target.replace("_", " ")

        def remedy(place: int, column: str = column, there: frozenset[Any] = there, said: str = said) -> str:
            near = get_close_matches(str(table[column].iloc[place]), [str(one) for one in there], 1)
            meant = f" Perhaps {near[0]} is meant." if near else ""
            return f"The file has no such row among its {said}; add it or correct the name.{meant}"

        checks.refuse(lost, column, "unknown-reference", remedy)


def _catalogue(checks: _Checks, table: pd.DataFrame, known: Known) -> None:
    if "theme" in table:
        lost = np.array([not empty(one) and one not in known.themes for one in table["theme"]], dtype=bool)
        checks.refuse(lost, "theme", "not-in-list", f"Use one of {', '.join(sorted(known.themes))}.")
    if "region" in table:
        lost = np.array([not empty(one) and one not in known.regions for one in table["region"]], dtype=bool)
        checks.refuse(lost, "region", "unknown-region", "Use a code of the table of regions.")


def _mask(values: Any) -> np.ndarray:
    return np.array([bool(one) for one in values], dtype=bool)


def _rules(
    checks: _Checks,
    table: pd.DataFrame,
    members: Mapping[str, tuple[int, int | None]],
    currency: str,
    update: Mapping[str, Any],
) -> None:
    """What must hold within a row, beyond the types of its cells."""
    kind = checks.kind
    if kind in ("activities", "pilots", "measures"):
        turned = _mask(
            not (empty(a) or empty(b)) and a > b
            for a, b in zip(table["start_period"], table["end_period"], strict=True)
        )
        checks.refuse(turned, "end_period", "wrong-order", "The last period lies before the first.")
    if kind in ("partner_reports", "expenditure"):
        outside = _mask(_outside(members.get(p), n) for p, n in zip(table["partner"], table["period"], strict=True))
        checks.refuse(outside, "period", "not-a-member", lambda place: _member_remedy(table, members, place))
    if kind in ("partner_reports", "expenditure", "result_values") and update:
        other = _mask(
            ("partner" in update and "partner" in table and row["partner"] != update["partner"])
            or ("period" in update and row["period"] != update["period"])
            for row in table.to_dict("records")
        )
        remedy = "This file updates {}; rows of others are not taken from it."
        about = ", ".join(f"{name} {value}" for name, value in update.items())
        checks.refuse(other, "period", "outside-update", remedy.format(about))
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


def _outside(span: tuple[int, int | None] | None, period: Any) -> bool:
    if span is None or empty(period):
        return False
    joined, left = span
    return bool(period < joined or (not empty(left) and period > left))


def _member_remedy(table: pd.DataFrame, members: Mapping[str, tuple[int, int | None]], place: int) -> str:
    partner = table["partner"].iloc[place]
    joined, left = members[partner]
    until = f" to {left}" if not empty(left) else " on"
    return f"{partner} is a partner from period {joined}{until}; correct the period, or when it joined or left."


def _money_rules(checks: _Checks, table: pd.DataFrame, currency: str) -> None:
    foreign = _mask(
        not empty(code) and currency and code != currency and empty(rate)
        for code, rate in zip(table["currency"], table["rate"], strict=True)
    )
    remedy = f"Amounts are in {currency}; give the rate at which they were turned into it, or amounts in {currency}."
    checks.refuse(foreign, "currency", "mixed-currencies", remedy)
    table["currency"] = [one or currency for one in table["currency"]]
    above = _mask(
        not empty(d) and not empty(c) and d >= 0 and c > d
        for d, c in zip(table["declared"], table["certified"], strict=True)
    )
    checks.refuse(above, "certified", "certified-above-declared", "Certified money cannot exceed what was declared.")
    beyond = _mask(
        not empty(v) and not empty(d) and d >= 0 and v > (0 if empty(c) else c)
        for d, c, v in zip(table["declared"], table["certified"], table["verified"], strict=True)
    )
    checks.refuse(beyond, "verified", "verified-above-certified", "Verified money cannot exceed what was certified.")


def _twice(checks: _Checks, table: pd.DataFrame, model: type[Base]) -> None:
    keys = [column.name for column in model.__table__.primary_key if column.name != "programme"]
    repeated = table[keys].astype(str).duplicated().to_numpy() & checks.good
    checks.refuse(repeated, keys[0], "duplicate-row", f"A row with the same {', '.join(keys)} stands above; keep one.")


def _rising(table: pd.DataFrame, cumulative: frozenset[str], problems: list[Problem]) -> pd.DataFrame:
    """The values without those of cumulative indicators that fall and do not say why."""
    keep = np.ones(len(table), dtype=bool)
    last: dict[str, float] = {}
    ordered = table[table["indicator"].isin(cumulative)].sort_values(["indicator", "period"])
    for place, row in zip(ordered.index, ordered.to_dict("records"), strict=True):
        code, value = row["indicator"], row["value"]
        if empty(value):
            continue
        before = last.get(code)
        if before is not None and value < before and not str(row["comment"] or "").strip():
            keep[place] = False
            remedy = f"The value falls from {before:g}; correct it, or say in the comment why."
            problems.append(
                Problem("falling-output", remedy, int(row["_line"]), f"{row['_where']}: value", f"{value:g}")
            )
            continue
        last[code] = value
    return table[keep].reset_index(drop=True)
