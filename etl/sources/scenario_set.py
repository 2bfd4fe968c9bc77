"""What a scenario set may say, whatever file it comes from: typed rows, references that hold, problems with a place.

A file gives a ``Draft``: flat rows, each knowing where it stands. ``settle`` makes typed content of them. Rows are
refused one by one and the rest is taken; a reference that may be missing is left out where it leads nowhere, a row is
refused where it would mean something else without it.
"""

import datetime as dt
import math
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from etl.entries import Entry
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten

STEEP = ("social", "technological", "economic", "environmental", "political")
DRIVER_KINDS = ("driver", "trend", "weak_signal", "wild_card")
OPERATORS = (">", ">=", "<", "<=")
MATRIX_KINDS = ("cib", "influence", "morphology")
ORIGINS = ("illustrative", "published", "own")
RECORD_KINDS = ("input", "challenge", "action")
LIKELIHOODS: Mapping[str, float] = {
    "very_unlikely": 0.05,
    "unlikely": 0.25,
    "even": 0.5,
    "likely": 0.75,
    "very_likely": 0.95,
}
"""Words of likelihood and their shares, as ``analysis.signposts.WORDS`` has them."""

SIGNS: Mapping[str, str] = {"cib": "", "influence": "P", "morphology": "X"}
"""What a cell may hold in place of a number: only potential, impossible."""

LARGEST: Mapping[str, float] = {"cib": 100.0, "influence": 3.0, "morphology": 2.0}
"""Largest judgement of a matrix; those of ``influence`` are not negative."""

LONGEST = 30_000
"""Characters of the longest text; a cell of a spreadsheet holds no more than 32,767."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
"""Signs that no file of ours can hold; they are left out."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
WHOLE_FILE = 10_000
"""Problems above which a file is refused as a whole."""


def _wrong(reason: str, remedy: str) -> PydanticCustomError:
    # Braces of the text must not be taken for places to fill in.
    return PydanticCustomError(reason, "{said}", {"said": remedy})


def as_number(value: Any) -> float:
    """A finite number; text is refused even where it looks like one, since nobody knows its decimal mark."""
    if isinstance(value, str):
        if re.fullmatch(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)", value.strip()):
            raise _wrong("number-as-text", "The number is written as text; write it as a number.")
        raise _wrong("not-a-number", "A number belongs here.")
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        raise _wrong("not-a-number", "A number belongs here.")
    return float(value)


def as_whole(value: Any) -> int:
    """A whole number."""
    number = as_number(value)
    if not number.is_integer():
        raise _wrong("not-a-number", "A whole number belongs here.")
    return int(number)


def as_year(value: Any) -> int:
    """A year of four digits, as a number or as text of nothing else."""
    if isinstance(value, str) and re.fullmatch(r"[12]\d{3}", value.strip()):
        value = int(value)
    if isinstance(value, (dt.date, dt.datetime)):
        raise _wrong("date-in-year", f"Write the year alone: {value.year}.")
    whole = isinstance(value, (int, float)) and not isinstance(value, bool) and float(value).is_integer()
    if not whole or not FIRST_YEAR <= value <= LAST_YEAR:
        remedy = f"Write the year with four digits, from {FIRST_YEAR} to {LAST_YEAR}, such as 2030."
        raise _wrong("not-a-year", remedy)
    return int(value)


def as_day(value: Any) -> dt.date:
    """A day; of texts only ``2026-03-12`` is one, since all others can be read in two ways."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value.strip()):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            pass
    raise _wrong("not-a-date", "Write the day as a date, or as year-month-day such as 2026-03-12.")


def as_flag(value: Any) -> bool:
    """Yes or no."""
    if isinstance(value, bool):
        return value
    if value in ("yes", "no"):
        return bool(value == "yes")
    raise _wrong("not-in-list", "Write yes or no.")


def as_likelihood(value: Any) -> float:
    """A share from one of the five words, or a share itself."""
    if isinstance(value, str):
        word = value.strip().lower().replace(" ", "_")
        if word in LIKELIHOODS:
            return LIKELIHOODS[word]
        raise _wrong("not-in-list", f"Use one of the words {', '.join(LIKELIHOODS)}.")
    number = as_number(value)
    if not 0 <= number <= 1:
        raise _wrong("outside-limits", "A likelihood lies between 0 and 1.")
    return number


def as_text(value: Any) -> str:
    """A text without blanks at its ends; numbers count as text."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise _wrong("not-a-text", "A text belongs here; put it in quotation marks.")
    text = CONTROL.sub("", str(value).replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > LONGEST:
        raise _wrong("too-long", f"Use at most {LONGEST:,} characters.")
    return text


def as_texts(value: Any) -> dict[str, str]:
    """A text in each of its languages; empty ones are left out."""
    if isinstance(value, str) and value.strip():
        raise _wrong("not-a-text", "Say the language: {en: …, hu: …}.")
    if not value:
        return {}
    if not isinstance(value, Mapping):
        raise _wrong("not-a-text", "A text by language belongs here: {en: …, hu: …}.")
    for lang in value:
        if not (isinstance(lang, str) and re.fullmatch(r"[a-z]{2,8}", lang)):
            raise _wrong("not-in-list", f"“{lang}” is no code of a language; use en, hu and the like.")
    told = {lang: as_text(text) for lang, text in value.items() if text is not None}
    return {lang: told[lang] for lang in sorted(told) if told[lang]}


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None or value == "" else read(value)


def _or(read: Callable[[Any], Any], otherwise: Any) -> Callable[[Any], Any]:
    return lambda value: otherwise if value is None else read(value)


Code = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]*$", min_length=1, max_length=48), BeforeValidator(as_text)
]
MaybeCode = Annotated[str | None, Field(max_length=64), BeforeValidator(_or_none(as_text))]
MaybeGroup = Annotated[str, Field(max_length=48), BeforeValidator(_or(as_text, ""))]
Source = Annotated[str, Field(max_length=400), BeforeValidator(_or(as_text, ""))]
Said = Annotated[dict[str, str], BeforeValidator(as_texts)]
Number = Annotated[float, BeforeValidator(as_number)]
MaybeNumber = Annotated[float | None, BeforeValidator(_or_none(as_number))]
Whole = Annotated[int, BeforeValidator(as_whole)]
MaybeWhole = Annotated[int | None, Field(ge=0, le=1_000_000), BeforeValidator(_or_none(as_whole))]
Year = Annotated[int, BeforeValidator(as_year)]
MaybeYear = Annotated[int | None, BeforeValidator(_or_none(as_year))]
MaybeDay = Annotated[dt.date | None, BeforeValidator(_or_none(as_day))]
Scale = Annotated[float, Field(ge=1, le=10), BeforeValidator(as_number)]
MaybeScale = Annotated[float | None, Field(ge=1, le=10), BeforeValidator(_or_none(as_number))]


class Told(Entry):
    """A row with a name; it is needed in one language at least."""

    name: Said

    @model_validator(mode="after")
    def _named(self) -> "Told":
        if not self.name:
            raise _field_error("name", "empty-cell", "It needs a name, in one language at least.")
        return self


def _field_error(name: str, reason: str, remedy: str) -> PydanticCustomError:
    return PydanticCustomError(reason, "{said}", {"said": remedy, "field": name})


def _ordered(entry: Entry, low: str, middle: str, high: str) -> None:
    """Refuse a range whose ends are in the wrong order."""
    values = [getattr(entry, name) for name in (low, middle, high)]
    known = [value for value in values if value is not None]
    if known != sorted(known):
        shown = ", ".join("–" if value is None else f"{value:g}" for value in values)
        remedy = f"The range reads {shown} (low, median, high); low must not be above the median, nor that above high."
        upside_down = values[0] is not None and values[0] > min(value for value in values[1:] if value is not None)
        raise _field_error(low if upside_down else high, "range-order", remedy)
    if values[1] is None and known:
        raise _field_error(middle, "empty-cell", "The range has no median; give one.")


class SetEntry(Entry):
    """The set itself."""

    code: Code
    position: Annotated[int, Field(ge=0, le=30_000), BeforeValidator(_or(as_whole, 100))] = 100
    origin: Annotated[Literal["illustrative", "published", "own"], BeforeValidator(_or(as_text, "own"))] = "own"
    base_year: Year
    horizon: Year
    regions: tuple[str, ...] = ()
    source: Source = ""
    source_url: Source = ""
    licence: Annotated[str, Field(max_length=80), BeforeValidator(_or(as_text, ""))] = ""
    title: Said
    question: Said = Field(default_factory=dict)
    description: Said = Field(default_factory=dict)
    caveat: Said = Field(default_factory=dict)

    @model_validator(mode="after")
    def _sound(self) -> "SetEntry":
        if not self.title:
            raise _field_error("title", "empty-cell", "The set needs a title, in one language at least.")
        if self.horizon < self.base_year:
            remedy = f"The horizon must not lie before the base year {self.base_year}."
            raise _field_error("horizon", "range-order", remedy)
        return self


class AxisEntry(Told):
    """An axis and what its ends are called."""

    code: Code
    low: Said = Field(default_factory=dict)
    high: Said = Field(default_factory=dict)


class GroupEntry(Told):
    """A kind of organisation that judges."""

    code: Code


class ScenarioEntry(Told):
    """One future."""

    code: Code
    prior: Annotated[float | None, Field(ge=0), BeforeValidator(_or_none(as_number))] = None
    summary: Said = Field(default_factory=dict)
    story: Said = Field(default_factory=dict)
    notes: Said = Field(default_factory=dict)


class PlaceEntry(Entry):
    """Where a scenario lies on an axis."""

    scenario: Code
    axis: Code
    value: Annotated[float, Field(ge=-1, le=1), BeforeValidator(as_number)]


class StateEntry(Entry):
    """Which variant of a descriptor a scenario has."""

    scenario: Code
    descriptor: Code
    variant: Code


class AssumptionEntry(Entry):
    """What a scenario takes for granted."""

    scenario: Code
    code: Code
    driver: MaybeCode = None
    subject: Said = Field(default_factory=dict)
    text: Said
    source: Source = ""

    @model_validator(mode="after")
    def _says(self) -> "AssumptionEntry":
        if not self.text:
            raise _field_error("text", "empty-cell", "Say what is assumed.")
        return self


class DriverEntry(Told):
    """A force, with what the panel said of it."""

    code: Code
    kind: Annotated[Literal["driver", "trend", "weak_signal", "wild_card"], BeforeValidator(_or(as_text, "driver"))] = (
        "driver"
    )
    steep: Annotated[
        Literal["social", "technological", "economic", "environmental", "political"], BeforeValidator(as_text)
    ]
    theme: MaybeCode = None
    impact_low: MaybeScale = None
    impact: Scale
    impact_high: MaybeScale = None
    uncertainty_low: MaybeScale = None
    uncertainty: Scale
    uncertainty_high: MaybeScale = None
    ratings: MaybeWhole = None
    year_low: MaybeYear = None
    year: MaybeYear = None
    year_high: MaybeYear = None
    description: Said = Field(default_factory=dict)
    source: Source = ""

    @model_validator(mode="after")
    def _ranges(self) -> "DriverEntry":
        for name in ("impact", "uncertainty", "year"):
            _ordered(self, f"{name}_low", name, f"{name}_high")
        return self


class EvidenceEntry(Entry):
    """What speaks for a driver."""

    driver: Code
    text: Said = Field(default_factory=dict)
    url: Source = ""
    source: Source = ""
    indicator: MaybeCode = None


class PointEntry(Entry):
    """A stated figure of a pathway."""

    scenario: Code
    region: Annotated[str, Field(min_length=1, max_length=16), BeforeValidator(as_text)]
    indicator: Annotated[str, Field(min_length=1, max_length=64), BeforeValidator(as_text)]
    year: Year
    low: MaybeNumber = None
    median: Number
    high: MaybeNumber = None
    source: Source = ""

    @model_validator(mode="after")
    def _range(self) -> "PointEntry":
        _ordered(self, "low", "median", "high")
        return self


class SignpostEntry(Told):
    """What would tell that a future is coming."""

    code: Code
    indicator: MaybeCode = None
    region: MaybeCode = None
    operator: Annotated[Literal["", ">", ">=", "<", "<="], BeforeValidator(_or(as_text, ""))] = ""
    threshold: MaybeNumber = None
    window: Annotated[int, Field(ge=1, le=20), BeforeValidator(_or(as_whole, 1))] = 1
    due: MaybeYear = None
    review: MaybeDay = None
    cluster: Annotated[str, Field(max_length=48), BeforeValidator(_or(as_text, ""))] = ""
    observed: Annotated[bool | None, BeforeValidator(_or_none(as_flag))] = None
    observed_on: MaybeDay = None
    why: Said = Field(default_factory=dict)
    owner: Said = Field(default_factory=dict)
    source: Source = ""

    @model_validator(mode="after")
    def _sound(self) -> "SignpostEntry":
        if self.indicator and (not self.operator or self.threshold is None):
            missing = "operator" if not self.operator else "threshold"
            remedy = "A signpost with an indicator needs an operator and a threshold."
            raise _field_error(missing, "empty-cell", remedy)
        return self


class LikelihoodEntry(Entry):
    """How likely a signpost is met in a scenario."""

    signpost: Code
    scenario: Code
    likelihood: Annotated[float, BeforeValidator(as_likelihood)]


class StrategyEntry(Told):
    """A way to act."""

    code: Code
    description: Said = Field(default_factory=dict)


class MeasureEntry(Told):
    """Something that can be done."""

    code: Code
    strategy: MaybeCode = None
    theme: MaybeCode = None
    cost: Annotated[float | None, Field(ge=0), BeforeValidator(_or_none(as_number))] = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$"), BeforeValidator(_or(as_text, "EUR"))] = "EUR"
    needs: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    description: Said = Field(default_factory=dict)
    instrument: Said = Field(default_factory=dict)
    source: Source = ""


class PayOffEntry(Entry):
    """What a group says a measure brings in a scenario."""

    measure: Code
    scenario: Code
    group: MaybeGroup = ""
    score: Annotated[float, Field(ge=-2, le=2), BeforeValidator(as_number)]
    reason: Annotated[str, BeforeValidator(_or(as_text, ""))] = ""


class MatrixEntry(Told):
    """A square of judgements."""

    code: Code
    kind: Annotated[Literal["cib", "influence", "morphology"], BeforeValidator(as_text)]
    description: Said = Field(default_factory=dict)
    source: Source = ""


class PartEntry(Told):
    """A descriptor, a variable or a parameter of a matrix."""

    matrix: Code
    code: Code
    ordinal: Annotated[bool, BeforeValidator(_or(as_flag, False))] = False
    note: Said = Field(default_factory=dict)


class ValueEntry(Told):
    """A variant of a descriptor, or a value of a parameter."""

    matrix: Code
    part: Code
    code: Code


class CellEntry(Entry):
    """A judgement that is not zero: a number, or a sign in its place."""

    matrix: Code
    row: Annotated[str, Field(max_length=100), BeforeValidator(as_text)]
    column: Annotated[str, Field(max_length=100), BeforeValidator(as_text)]
    group: MaybeGroup = ""
    value: MaybeNumber = None
    sign: Literal["", "X", "P"] = ""
    reason: Annotated[str, BeforeValidator(_or(as_text, ""))] = ""

    @model_validator(mode="before")
    @classmethod
    def _said(cls, given: Any) -> Any:
        value = given.get("value")
        if isinstance(value, str) and value.strip().upper() in ("X", "P"):
            return {**given, "value": None, "sign": value.strip().upper()}
        return given


class MilestoneEntry(Told):
    """A step on the way back from the goal."""

    code: Code
    goal: Annotated[bool, BeforeValidator(_or(as_flag, False))] = False
    indicator: MaybeCode = None
    region: MaybeCode = None
    year: Year
    value: MaybeNumber = None
    duration: Annotated[float, Field(ge=0, le=200), BeforeValidator(_or(as_number, 0.0))] = 0.0
    measure: MaybeCode = None
    needs: tuple[str, ...] = ()
    owner: Said = Field(default_factory=dict)
    source: Source = ""


class WorkshopEntry(Entry):
    """The record of a workshop."""

    code: Code
    held_on: MaybeDay = None
    participants: dict[
        Annotated[str, Field(min_length=1, max_length=80), BeforeValidator(as_text)],
        Annotated[int, Field(ge=0), BeforeValidator(as_whole)],
    ] = Field(default_factory=dict)
    title: Said
    place: Said = Field(default_factory=dict)
    summary: Said = Field(default_factory=dict)

    @model_validator(mode="after")
    def _named(self) -> "WorkshopEntry":
        if not self.title:
            raise _field_error("title", "empty-cell", "It needs a title, in one language at least.")
        return self


class RecordEntry(Entry):
    """What was said at a workshop: an input, a challenge, or an action with its owner (a role) and its day."""

    workshop: Code
    kind: Annotated[Literal["input", "challenge", "action"], BeforeValidator(as_text)]
    text: Said
    owner: Said = Field(default_factory=dict)
    due: MaybeDay = None

    @model_validator(mode="after")
    def _says(self) -> "RecordEntry":
        if not self.text:
            raise _field_error("text", "empty-cell", "Say what was recorded.")
        return self


@dataclass
class SetContent:
    """All of a set, as flat lists in the order in which they are shown. ``files`` are scenario tables beside it."""

    head: SetEntry
    axes: list[AxisEntry] = field(default_factory=list)
    groups: list[GroupEntry] = field(default_factory=list)
    scenarios: list[ScenarioEntry] = field(default_factory=list)
    places: list[PlaceEntry] = field(default_factory=list)
    drivers: list[DriverEntry] = field(default_factory=list)
    evidence: list[EvidenceEntry] = field(default_factory=list)
    assumptions: list[AssumptionEntry] = field(default_factory=list)
    points: list[PointEntry] = field(default_factory=list)
    signposts: list[SignpostEntry] = field(default_factory=list)
    likelihoods: list[LikelihoodEntry] = field(default_factory=list)
    strategies: list[StrategyEntry] = field(default_factory=list)
    measures: list[MeasureEntry] = field(default_factory=list)
    payoffs: list[PayOffEntry] = field(default_factory=list)
    matrices: list[MatrixEntry] = field(default_factory=list)
    parts: list[PartEntry] = field(default_factory=list)
    values: list[ValueEntry] = field(default_factory=list)
    states: list[StateEntry] = field(default_factory=list)
    cells: list[CellEntry] = field(default_factory=list)
    milestones: list[MilestoneEntry] = field(default_factory=list)
    workshops: list[WorkshopEntry] = field(default_factory=list)
    records: list[RecordEntry] = field(default_factory=list)
    files: tuple[str, ...] = ()

    def rows(self) -> int:
        """How many rows it has, the set's own included."""
        return 1 + sum(len(getattr(self, name)) for name in KINDS)


@dataclass(frozen=True)
class Kind:
    """A kind of rows: their type, what makes a row one of its kind, and what becomes of two that contradict.

    ``firm`` says that the first of two stays, since others hang on it; of contradicting judgements none is taken.
    """

    entry: type[Entry]
    key: tuple[str, ...]
    firm: bool = True


KINDS: Mapping[str, Kind] = {
    "axes": Kind(AxisEntry, ("code",)),
    "groups": Kind(GroupEntry, ("code",)),
    "scenarios": Kind(ScenarioEntry, ("code",)),
    "places": Kind(PlaceEntry, ("scenario", "axis"), firm=False),
    "drivers": Kind(DriverEntry, ("code",)),
    "evidence": Kind(EvidenceEntry, ()),
    "assumptions": Kind(AssumptionEntry, ("scenario", "code")),
    "points": Kind(PointEntry, ("scenario", "region", "indicator", "year"), firm=False),
    "signposts": Kind(SignpostEntry, ("code",)),
    "likelihoods": Kind(LikelihoodEntry, ("signpost", "scenario"), firm=False),
    "strategies": Kind(StrategyEntry, ("code",)),
    "measures": Kind(MeasureEntry, ("code",)),
    "payoffs": Kind(PayOffEntry, ("measure", "scenario", "group"), firm=False),
    "matrices": Kind(MatrixEntry, ("code",)),
    "parts": Kind(PartEntry, ("matrix", "code")),
    "values": Kind(ValueEntry, ("matrix", "part", "code")),
    "states": Kind(StateEntry, ("scenario", "descriptor"), firm=False),
    "cells": Kind(CellEntry, ("matrix", "group", "row", "column"), firm=False),
    "milestones": Kind(MilestoneEntry, ("code",)),
    "workshops": Kind(WorkshopEntry, ("code",)),
    "records": Kind(RecordEntry, ()),
}
"""Kinds in an order in which each comes after all that it refers to."""


@dataclass(frozen=True)
class Found:
    """A row as it was written.

    Attributes:
        values: by field; those that were not given are missing.
        line: where it stands; ``lines`` where single fields stand elsewhere.
        path: how the row is called in the file, such as ``measures[3]``; '' in a sheet.
        columns: how single fields are called in the file, where that is not ``path.field``.
    """

    values: Mapping[str, Any]
    line: int | None = None
    path: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)

    def place(self, name: str) -> tuple[int | None, str]:
        """Line and column of a field; dotted names are parts of fields."""
        first = name.partition(".")[0]
        line = self.lines.get(name, self.lines.get(first, self.line))
        default = f"{self.path}.{name}" if self.path and name else self.path or name
        return line, self.columns.get(name, self.columns.get(first, default))


@dataclass
class Draft:
    """A set as a file gives it, before anything was checked.

    Attributes:
        head: the set itself.
        rows: by kind (see ``KINDS``).
        files: scenario tables named beside the set.
        lines: a file that holds a scenario table of the set in itself; None for none.
        problems: what could not even be read.
        file_name: as shown to people.
    """

    head: Found
    rows: dict[str, list[Found]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    files: tuple[str, ...] = ()
    lines: Path | None = None
    problems: list[Problem] = field(default_factory=list)
    file_name: str = ""


@dataclass(frozen=True)
class Known:
    """What the catalogue knows: unit and limits by indicator, regions, themes."""

    indicators: Mapping[str, tuple[str, float | None, float | None]]
    regions: Collection[str]
    themes: Collection[str]


E_ = TypeVar("E_", bound=Entry)


@dataclass(frozen=True)
class _Row(Generic[E_]):
    entry: E_
    found: Found


def settle(draft: Draft, known: Known | None = None) -> tuple[SetContent, list[Problem]]:
    """The content of a draft, and a problem for everything that was not taken, in the order of the file.

    Args:
        draft: what a file gave.
        known: the catalogue; without it references to it are not checked.

    Raises:
        SourceError: the set itself is wrong (the first fault of its head), has no scenario, or has more than
            ``WHOLE_FILE`` problems.
    """
    settling = _Settling(draft, known)
    content = settling.run()
    problems = list(dict.fromkeys([*draft.problems, *settling.problems]))
    if len(problems) > WHOLE_FILE:
        remedy = f"More than {WHOLE_FILE:,} rows of this file are wrong, the first because: {problems[0].remedy}"
        raise SourceError(Problem("wrong-throughout", remedy), draft.file_name)
    return content, sorted(problems, key=lambda problem: problem.line or 0)


class _Settling:
    """Checks a draft kind by kind; what is refused is told in ``problems``."""

    def __init__(self, draft: Draft, known: Known | None) -> None:
        self.draft, self.known = draft, known
        self.problems: list[Problem] = []
        self.taken: dict[str, list[_Row[Any]]] = {}
        self._named: dict[str, set[str]] = {}

    def run(self) -> SetContent:
        head = self._head()
        for kind in KINDS:
            rows = [row for found in self.draft.rows[kind] if (row := self._typed(KINDS[kind].entry, found))]
            check = getattr(self, f"_check_{kind}", None)
            if check is not None:
                rows = [checked for row in rows if (checked := check(row)) is not None]
            self.taken[kind] = self._without_repeats(kind, rows)
        if not self.taken["scenarios"]:
            remedy = "The set has no scenario that can be taken; it needs at least one."
            first = next((problem for problem in self.problems if problem.reason != "repeated-row"), None)
            hint = f" {first.column}: {first.remedy}" if first else ""
            raise SourceError(Problem("no-rows", remedy + hint), self.draft.file_name)
        self._settle_priors()
        self._settle_references("measures", ("needs", "excludes"))
        self._settle_references("milestones", ("needs",))
        self._settle_circles("measures")
        self._settle_circles("milestones")
        lists = {kind: [row.entry for row in rows] for kind, rows in self.taken.items()}
        return SetContent(head, files=self.draft.files, **lists)

    # What is said of a row

    def tell(self, found: Found, name: str, reason: str, remedy: str, value: object = None) -> None:
        line, column = found.place(name)
        shown = _value_at(found.values, name) if value is None else value
        text = "" if shown is None or isinstance(shown, (dict, list, tuple)) else shorten(str(shown))
        self.problems.append(Problem(reason, remedy, line, column[:80], text))

    def _typed(self, kind: type[E_], found: Found) -> "_Row[E_] | None":
        try:
            return _Row(kind.model_validate(dict(found.values)), found)
        except ValidationError as error:
            for name, reason, remedy in faults(error, kind):
                self.tell(found, name, reason, remedy)
            return None

    def _head(self) -> SetEntry:
        found = self.draft.head
        row = self._typed(SetEntry, found)
        if row is None:
            first = self.problems[0]
            more = f" {len(self.problems) - 1} more faults there." if len(self.problems) > 1 else ""
            remedy = f"{first.column}: {first.remedy}{more}"
            raise SourceError(replace(first, remedy=remedy), self.draft.file_name)
        regions = []
        for place, region in enumerate(row.entry.regions):
            if self._region_known(region):
                regions.append(region)
            else:
                self._unknown_region(found, f"regions.{place}", region)
        return row.entry.model_copy(update={"regions": tuple(dict.fromkeys(regions))})

    # References

    def _codes(self, kind: str, name: str = "code") -> list[str]:
        return [getattr(row.entry, name) for row in self.taken.get(kind, ())]

    def _there(self, row: _Row[Any], name: str, kind: str, what: str) -> bool:
        """Whether a needed reference leads somewhere; told if not."""
        code, codes = getattr(row.entry, name), self._codes(kind)
        if code in codes:
            return True
        self.tell(row.found, name, "unknown-code", f"There is no {what} “{code}” in the set.{_near(code, codes)}", code)
        return False

    def _left_out(self, row: _Row[E_], name: str, there: bool, reason: str, remedy: str) -> "_Row[E_]":
        """The row without a reference that leads nowhere."""
        code = getattr(row.entry, name)
        if code is None or there:
            return row
        self.tell(row.found, name, reason, f"{remedy} The reference was left out, the rest of the row taken.", code)
        return _Row(row.entry.model_copy(update={name: None}), row.found)

    def _optional(self, row: _Row[E_], name: str, kind: str, what: str) -> "_Row[E_]":
        code, codes = getattr(row.entry, name), self._codes(kind)
        remedy = f"There is no {what} “{code}” in the set.{_near(code or '', codes)}"
        return self._left_out(row, name, code in codes, "unknown-code", remedy)

    def _theme(self, row: _Row[E_]) -> "_Row[E_]":
        themes = () if self.known is None else self.known.themes
        code = row.entry.theme  # type: ignore[attr-defined]
        remedy = f"Use one of the themes {', '.join(sorted(themes))}."
        return self._left_out(row, "theme", self.known is None or code in themes, "not-in-list", remedy)

    def _region_known(self, region: str) -> bool:
        return self.known is None or region in self.known.regions

    def _unknown_region(self, found: Found, name: str, region: str) -> None:
        known = () if self.known is None else self.known.regions
        remedy = f"There is no region {region} in the table of regions.{_near(region, known)}"
        self.tell(found, name, "unknown-region", remedy, region)

    def _in_catalogue(self, row: _Row[Any]) -> bool:
        """Whether indicator and region of a row are of the catalogue; told if not."""
        good = True
        indicator, region = row.entry.indicator, row.entry.region
        if self.known is not None and indicator is not None and indicator not in self.known.indicators:
            remedy = f"There is no indicator {indicator} in the catalogue.{_near(indicator, self.known.indicators)}"
            self.tell(row.found, "indicator", "unknown-indicator", remedy, indicator)
            good = False
        if region is not None and not self._region_known(region):
            self._unknown_region(row.found, "region", region)
            good = False
        return good

    # Kind by kind

    def _check_places(self, row: _Row[PlaceEntry]) -> _Row[PlaceEntry] | None:
        good = [self._there(row, "scenario", "scenarios", "scenario"), self._there(row, "axis", "axes", "axis")]
        return row if all(good) else None

    def _check_drivers(self, row: _Row[DriverEntry]) -> _Row[DriverEntry]:
        return self._theme(row)

    def _check_evidence(self, row: _Row[EvidenceEntry]) -> _Row[EvidenceEntry] | None:
        if not self._there(row, "driver", "drivers", "driver"):
            return None
        known = () if self.known is None else self.known.indicators
        code = row.entry.indicator
        remedy = f"There is no indicator {code} in the catalogue.{_near(code or '', known)}"
        return self._left_out(row, "indicator", self.known is None or code in known, "unknown-indicator", remedy)

    def _check_assumptions(self, row: _Row[AssumptionEntry]) -> _Row[AssumptionEntry] | None:
        if not self._there(row, "scenario", "scenarios", "scenario"):
            return None
        row = self._optional(row, "driver", "drivers", "driver")
        if row.entry.driver is None and not row.entry.subject:
            self.tell(row.found, "subject", "empty-cell", "Say what it is about: name a driver, or give a subject.")
            return None
        return row

    def _check_points(self, row: _Row[PointEntry]) -> _Row[PointEntry] | None:
        good = self._there(row, "scenario", "scenarios", "scenario")
        if not self._in_catalogue(row) or not good:
            return None
        if self.known is None:
            return row
        _, lower, upper = self.known.indicators[row.entry.indicator]
        for name in ("low", "median", "high"):
            value = getattr(row.entry, name)
            below, above = lower is not None and value is not None, upper is not None and value is not None
            if (below and value < lower) or (above and value > upper):
                remedy = f"The indicator lies between {_end(lower)} and {_end(upper)}; check the figure and its unit."
                self.tell(row.found, name, "outside-limits", remedy, value)
                return None
        return row

    def _check_signposts(self, row: _Row[SignpostEntry]) -> _Row[SignpostEntry] | None:
        return row if self._in_catalogue(row) else None

    def _check_likelihoods(self, row: _Row[LikelihoodEntry]) -> _Row[LikelihoodEntry] | None:
        good = [
            self._there(row, "signpost", "signposts", "signpost"),
            self._there(row, "scenario", "scenarios", "scenario"),
        ]
        return row if all(good) else None

    def _check_measures(self, row: _Row[MeasureEntry]) -> _Row[MeasureEntry]:
        return self._theme(self._optional(row, "strategy", "strategies", "strategy"))

    def _check_payoffs(self, row: _Row[PayOffEntry]) -> _Row[PayOffEntry] | None:
        good = [
            self._there(row, "measure", "measures", "measure"),
            self._there(row, "scenario", "scenarios", "scenario"),
            row.entry.group == "" or self._there(row, "group", "groups", "group"),
        ]
        return row if all(good) else None

    def _check_parts(self, row: _Row[PartEntry]) -> _Row[PartEntry] | None:
        return row if self._there(row, "matrix", "matrices", "matrix") else None

    def _check_values(self, row: _Row[ValueEntry]) -> _Row[ValueEntry] | None:
        if not self._there(row, "matrix", "matrices", "matrix"):
            return None
        entry = row.entry
        if self._kind_of(entry.matrix) == "influence":
            remedy = "Variables of an influence matrix have no values; take the row out."
            self.tell(row.found, "code", "wrong-shape", remedy)
            return None
        parts = [one.entry.code for one in self.taken["parts"] if one.entry.matrix == entry.matrix]
        if entry.part not in parts:
            remedy = f"The matrix {entry.matrix} has no “{entry.part}”.{_near(entry.part, parts)}"
            self.tell(row.found, "part", "unknown-code", remedy, entry.part)
            return None
        return row

    def _check_states(self, row: _Row[StateEntry]) -> _Row[StateEntry] | None:
        if not self._there(row, "scenario", "scenarios", "scenario"):
            return None
        cib = {one.entry.code for one in self.taken["matrices"] if one.entry.kind == "cib"}
        variants: dict[str, list[str]] = {}
        for one in self.taken["values"]:
            if one.entry.matrix in cib:
                variants.setdefault(one.entry.part, []).append(one.entry.code)
        entry = row.entry
        if entry.descriptor not in variants:
            remedy = f"No cross-impact matrix of the set has the descriptor “{entry.descriptor}”."
            self.tell(
                row.found, "descriptor", "unknown-code", remedy + _near(entry.descriptor, variants), entry.descriptor
            )
            return None
        if entry.variant not in variants[entry.descriptor]:
            remedy = f"{entry.descriptor} has no variant “{entry.variant}”; it has "
            remedy += f"{', '.join(variants[entry.descriptor])}."
            self.tell(row.found, "variant", "unknown-code", remedy, entry.variant)
            return None
        return row

    def _kind_of(self, matrix: str) -> str:
        return next((row.entry.kind for row in self.taken["matrices"] if row.entry.code == matrix), "")

    def _check_cells(self, row: _Row[CellEntry]) -> _Row[CellEntry] | None:
        if not self._there(row, "matrix", "matrices", "matrix"):
            return None
        if row.entry.group and not self._there(row, "group", "groups", "group"):
            return None
        entry, kind = row.entry, self._kind_of(row.entry.matrix)
        names = self._names(entry.matrix)
        for name in ("row", "column"):
            code = getattr(entry, name)
            if code not in names:
                shape = "a variable" if kind == "influence" else "part.value"
                remedy = f"The matrix {entry.matrix} has no “{code}”; {shape} is meant.{_near(code, names)}"
                self.tell(row.found, name, "unknown-code", remedy, code)
                return None
        fault = _cell_fault(entry, kind)
        if fault:
            self.tell(row.found, "value", *fault, value=entry.sign or entry.value)
            return None
        return row if entry.sign or entry.value else None

    def _names(self, matrix: str) -> set[str]:
        """Names of the rows and columns of a matrix."""
        if matrix not in self._named:
            if self._kind_of(matrix) == "influence":
                found = {one.entry.code for one in self.taken["parts"] if one.entry.matrix == matrix}
            else:
                mine = (one.entry for one in self.taken["values"] if one.entry.matrix == matrix)
                found = {f"{entry.part}.{entry.code}" for entry in mine}
            self._named[matrix] = found
        return self._named[matrix]

    def _check_milestones(self, row: _Row[MilestoneEntry]) -> _Row[MilestoneEntry] | None:
        if not self._in_catalogue(row):
            return None
        return self._optional(row, "measure", "measures", "measure")

    def _check_records(self, row: _Row[RecordEntry]) -> _Row[RecordEntry] | None:
        return row if self._there(row, "workshop", "workshops", "workshop") else None

    # What only several rows can show

    def _without_repeats(self, kind: str, rows: list[_Row[Any]]) -> list[_Row[Any]]:
        key, firm = KINDS[kind].key, KINDS[kind].firm
        if not key:
            return rows
        groups: dict[tuple[Any, ...], list[_Row[Any]]] = {}
        for row in rows:
            groups.setdefault(self._key(kind, row.entry), []).append(row)
        good = []
        for same in groups.values():
            first = same[0]
            equal = all(row.entry == first.entry for row in same)
            if firm or equal:
                good.append(first)
            where = f"line {first.found.line}" if first.found.path else f"row {first.found.line}"
            for row in same[1:] if firm or equal else same if len(same) > 1 else ():
                if equal:
                    remedy = f"The same stands in {where}; delete this one."
                elif firm:
                    remedy = f"{_key_words(key, row.entry)} is used in {where} already; the first was kept."
                else:
                    lines = ", ".join(str(one.found.line) for one in same[:5])
                    word = "Lines" if first.found.path else "Rows"
                    remedy = f"{word} {lines} contradict one another; none was loaded. Keep the right one."
                self.tell(row.found, key[-1], "repeated-row", remedy)
        return good

    def _key(self, kind: str, entry: Any) -> tuple[Any, ...]:
        if kind == "cells" and self._kind_of(entry.matrix) == "morphology":
            # A pair of a box may be written either way round.
            return entry.matrix, entry.group, *sorted((entry.row, entry.column))
        return tuple(getattr(entry, name) for name in KINDS[kind].key)

    def _settle_priors(self) -> None:
        rows = self.taken["scenarios"]
        stated = [row for row in rows if row.entry.prior is not None]
        if not stated:
            return
        if len(stated) < len(rows):
            silent = ", ".join(row.entry.code for row in rows if row.entry.prior is None)
            remedy = f"Give every scenario a weight before any evidence, or none; {silent} has none. None was taken."
        elif sum(row.entry.prior for row in stated) <= 0:
            remedy = "The weights before any evidence sum to nothing; at least one must be above zero. None was taken."
        else:
            return
        self.tell(stated[0].found, "prior", "no-weight", remedy)
        self.taken["scenarios"] = [_Row(row.entry.model_copy(update={"prior": None}), row.found) for row in rows]

    def _settle_references(self, kind: str, names: tuple[str, ...]) -> None:
        """Leave out codes of lists that lead nowhere, or to the row itself."""
        codes = self._codes(kind)
        rows = []
        for row in self.taken[kind]:
            entry = row.entry
            for name in names:
                kept = []
                for code in getattr(entry, name):
                    if code in codes and code != entry.code:
                        kept.append(code)
                        continue
                    said = "It cannot need or exclude itself." if code == entry.code else f"There is no “{code}”."
                    remedy = f"{said}{_near(code, codes)} It was left out, the rest of the row taken."
                    self.tell(row.found, name, "unknown-code", remedy, code)
                entry = entry.model_copy(update={name: tuple(dict.fromkeys(kept))})
            rows.append(_Row(entry, row.found))
        self.taken[kind] = rows

    def _settle_circles(self, kind: str) -> None:
        """Cut needs that go in a circle at the row that closes it."""
        needs = {row.entry.code: set(row.entry.needs) for row in self.taken[kind]}
        rows = []
        for row in self.taken[kind]:
            kept = []
            for code in row.entry.needs:
                if _leads(needs, code, row.entry.code):
                    remedy = f"{row.entry.code} needs {code}, which needs {row.entry.code}: a circle. It was left out."
                    self.tell(row.found, "needs", "circle", remedy, code)
                    needs[row.entry.code].discard(code)
                else:
                    kept.append(code)
            rows.append(_Row(row.entry.model_copy(update={"needs": tuple(kept)}), row.found))
        self.taken[kind] = rows


def _leads(needs: Mapping[str, set[str]], start: str, end: str) -> bool:
    """Whether one leads to the other by what is needed."""
    seen, waiting = set(), [start]
    while waiting:
        code = waiting.pop()
        if code == end:
            return True
        if code not in seen:
            seen.add(code)
            waiting.extend(needs.get(code, ()))
    return False


def _cell_fault(entry: CellEntry, kind: str) -> tuple[str, str] | None:
    """Reason and remedy of a judgement that its kind of matrix does not know."""
    sign, most = SIGNS[kind], LARGEST[kind]
    if entry.sign:
        if entry.sign == sign:
            return None
        other = f" or {sign}" if sign else ""
        return "not-a-number", f"A number{other} belongs here, not {entry.sign}."
    value = entry.value or 0.0
    least = 0.0 if kind == "influence" else -most
    if not least <= value <= most:
        return "outside-limits", f"A judgement lies between {least:g} and {most:g}."
    if kind == "influence" and entry.row == entry.column and value:
        return "wrong-shape", "A variable does not influence itself; leave the diagonal empty."
    if kind == "morphology":
        if not value.is_integer():
            return "not-a-number", "A whole number from -2 to 2, or X, belongs here."
        if entry.row.partition(".")[0] == entry.column.partition(".")[0] and value:
            return "wrong-shape", "Two values of one parameter exclude one another anyway; leave the cell empty."
    return None


def _key_words(key: Sequence[str], entry: Entry) -> str:
    return " ".join(str(getattr(entry, name)) for name in key)


def _end(limit: float | None) -> str:
    return "no limit" if limit is None else f"{limit:g}"


def _near(code: str, known: Collection[str] | Mapping[str, Any]) -> str:
    near = get_close_matches(code, list(known), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def _value_at(values: Mapping[str, Any], name: str) -> Any:
    found: Any = values
    for part in name.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, Sequence) and not isinstance(found, str) and part.isdigit() and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


_SAID: Mapping[str, tuple[str, str]] = {
    "missing": ("empty-cell", "It is missing; fill it in."),
    "string_pattern_mismatch": (
        "wrong-code",
        "Use small letters, digits, - and _ only, at most 48, beginning with a letter or digit.",
    ),
    "string_too_short": ("empty-cell", "It is missing; fill it in."),
    "tuple_type": ("wrong-shape", "A list of codes belongs here: [one, another]."),
    "dict_type": ("wrong-shape", "Names with their numbers belong here: {one: 4, another: 9}."),
}
"""Reason and remedy for what pydantic says by itself."""


def faults(error: ValidationError, kind: type[Entry]) -> Iterator[tuple[str, str, str]]:
    """Field, reason and remedy of each fault of a row."""
    for fault in error.errors():
        context = fault.get("ctx", {})
        name = str(context.get("field") or ".".join(str(part) for part in fault["loc"]))
        said = fault["type"]
        if said in _SAID:
            reason, remedy = _SAID[said]
            if name == "currency":
                remedy = "Use the three capital letters of the currency, such as EUR."
        elif said == "extra_forbidden":
            reason = "unknown-field"
            remedy = f"There is no field “{name}” here.{_near(name, kind.model_fields)}"
        elif said == "literal_error":
            reason, remedy = "not-in-list", f"Use one of: {_choices(kind, name)}."
        elif said == "string_too_long":
            reason, remedy = "too-long", f"Use at most {context['max_length']} characters."
        elif said in ("greater_than_equal", "less_than_equal"):
            limit = context.get("ge", context.get("le"))
            word = "least" if "ge" in context else "most"
            reason, remedy = "outside-limits", f"It must be at {word} {limit:g}."
        elif "said" in context:
            reason, remedy = said, str(context["said"])
        elif said in ("string_type", "none_required"):
            reason, remedy = "not-a-text", "A text belongs here; put it in quotation marks."
        else:
            reason, remedy = "wrong-shape", f"{fault['msg']}."
        yield name, reason, remedy


def _choices(kind: type[Entry], name: str) -> str:
    return ", ".join(str(one) for one in get_args(kind.model_fields[name].annotation) if one != "")


def texts_of(entry: Entry) -> dict[str, dict[str, str]]:
    """The texts of a row, ``{field: {language: text}}``; those that are empty are left out."""
    return {name: dict(getattr(entry, name)) for name in text_fields(type(entry)) if getattr(entry, name)}


def text_fields(kind: type[Entry]) -> tuple[str, ...]:
    """Names of a kind's fields that are texts by language."""
    return tuple(
        name
        for name, info in kind.model_fields.items()
        if any(isinstance(one, BeforeValidator) and one.func is as_texts for one in info.metadata)
    )


def content_fields() -> tuple[str, ...]:
    """Names of the lists of ``SetContent``."""
    return tuple(one.name for one in fields(SetContent) if one.name in KINDS)
