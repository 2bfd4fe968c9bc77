"""Findings in words: templates with plural rules, filled with numbers that know which table cell they come from.

A function here chooses a template and its numbers from result rows; it never writes text of its own. ``render`` (or
``parts``, where numbers become links) turns the result into the reader's language with the functions it is given.
Templates put inserted names before a colon or in brackets, so that no language has to bend them.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from string import Formatter
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from analysis.convergence import BetaResult, SigmaResult
from analysis.model import TARGET, Arrival, Level, Movement, Reason, TargetProgress, Trend, Verdict
from analysis.peers import PeerResult
from analysis.progress import Coverage

Row: TypeAlias = Mapping[str, Any] | pd.Series
Kind = Literal["plain", "signed", "year"]
Tone = Literal["neutral", "good", "watch"]


@dataclass(frozen=True)
class Key:
    """The table cell that a number comes from."""

    indicator: str = ""
    region: str = ""
    period: int | None = None


@dataclass(frozen=True)
class Number:
    """A number on its way to the reader: written by locale with ``decimals``, then ``unit`` as it is ("%", " PPS")."""

    value: float
    decimals: int = 0
    kind: Kind = "plain"
    unit: str = ""
    key: Key = Key()


@dataclass(frozen=True)
class Name:
    """A name that is already in the reader's language, with the code it stands for."""

    text: str
    code: str = ""


@dataclass(frozen=True)
class Word:
    """A word or phrase of ours, still to be translated."""

    msgid: str


Value = Number | Name | Word


@dataclass(frozen=True)
class Sentence:
    """A template (msgid, and its plural with the count ``n`` that governs it) and what fills it.

    ``rest`` are further sentences of the same finding; ``tone`` says whether it is good news or asks for attention.
    """

    msgid: str
    values: Mapping[str, Value]
    plural: str | None = None
    n: int | None = None
    tone: Tone = "neutral"
    rest: tuple["Sentence", ...] = ()


@dataclass(frozen=True)
class Measure:
    """An indicator as sentences need it: its name in the reader's language, decimals and what follows a number."""

    code: str
    name: str
    decimals: int = 1
    unit: str = ""
    direction: int = 1

    @classmethod
    def from_row(cls, row: Row) -> "Measure":
        """Of one row of the indicators frame (code, name, decimals, unit_suffix, direction)."""
        suffix = row.get("unit_suffix")
        return cls(
            code=str(row["code"]),
            name=str(row["name"]),
            decimals=int(row["decimals"]),
            unit=suffix if isinstance(suffix, str) else "",
            direction=int(row["direction"]),
        )

    @property
    def inline(self) -> Name:
        """The name inside a sentence: a capital at its start goes unless it begins an abbreviation."""
        first = self.name[:2]
        plain = len(first) == 2 and first[0].isupper() and first[1].islower()
        return Name(self.name[0].lower() + self.name[1:] if plain else self.name, self.code)

    def number(self, value: float, region: str = "", period: int | None = None) -> Number:
        """A value of this indicator, with the cell it comes from."""
        return Number(float(value), self.decimals, "plain", self.unit, Key(self.code, region, period))


@dataclass(frozen=True)
class _Template:
    msgid: str
    plural: str | None = None

    def fill(self, count: int | None = None, tone: Tone = "neutral", /, **values: Value) -> Sentence:
        return Sentence(self.msgid, values, self.plural, count, tone)


_ALL: list[_Template] = []


def _t(msgid: str, plural: str | None = None) -> _Template:
    _ALL.append(_Template(msgid, plural))
    return _ALL[-1]


NO_DATA = _t("{region}: no value is published for {indicator}.")
UNCERTAIN = _t("Based on a value that the source marks as estimated, provisional or of low reliability.")

HEADLINE = _t(
    "{region}: {k} of {n} headline indicators is better than the median of its peers.",
    "{region}: {k} of {n} headline indicators are better than the median of its peers.",
)
HEADLINE_NONE = _t("{region}: no headline indicator can be compared with peers.")
HEADLINE_MOVED = _t("{k} of {n} moved in the desired direction over about five years.")

PEERS_BELOW = _t("{region}: {indicator} is {value} ({year}), below {k} of {n} peers.")
PEERS_ABOVE = _t("{region}: {indicator} is {value} ({year}), above {k} of {n} peers.")
PEERS_BELOW_CLEAR = _t(
    "{region}: {indicator} is {value} ({year}), below {k} of {n} peers; {m} differs clearly.",
    "{region}: {indicator} is {value} ({year}), below {k} of {n} peers; {m} differ clearly.",
)
PEERS_ABOVE_CLEAR = _t(
    "{region}: {indicator} is {value} ({year}), above {k} of {n} peers; {m} differs clearly.",
    "{region}: {indicator} is {value} ({year}), above {k} of {n} peers; {m} differ clearly.",
)
PEERS_BELOW_UNCLEAR = _t(
    "{region}: {indicator} is {value} ({year}), below {k} of {n} peers, but no difference is clear."
)
PEERS_ABOVE_UNCLEAR = _t(
    "{region}: {indicator} is {value} ({year}), above {k} of {n} peers, but no difference is clear."
)
PEERS_SAME = _t("{region}: {indicator} is {value} ({year}), the same as in all {n} peers.")

MOST_BELOW = _t(
    "{region} is below most peers; {m} of {n} peers differs clearly.",
    "{region} is below most peers; {m} of {n} peers differ clearly.",
)
MOST_ABOVE = _t(
    "{region} is above most peers; {m} of {n} peers differs clearly.",
    "{region} is above most peers; {m} of {n} peers differ clearly.",
)
MOST_MIDDLE = _t(
    "{region} is in the middle of its peers; {m} of {n} peers differs clearly.",
    "{region} is in the middle of its peers; {m} of {n} peers differ clearly.",
)
MOST_BELOW_UNCLEAR = _t("{region} is below most of its {n} peers, but no difference is clear.")
MOST_ABOVE_UNCLEAR = _t("{region} is above most of its {n} peers, but no difference is clear.")
MOST_MIDDLE_UNCLEAR = _t("{region} is in the middle of its {n} peers; no difference is clear.")
MOST_NONE = _t("{region}: no peer has a value for {indicator} in the same year.")

REFERENCE_ABOVE = _t("{region}: {indicator} is {value} ({year}), above {reference} ({reference_value}).")
REFERENCE_BELOW = _t("{region}: {indicator} is {value} ({year}), below {reference} ({reference_value}).")
REFERENCE_NEAR = _t("{region}: {indicator} is {value} ({year}), close to {reference} ({reference_value}).")
REFERENCE_NONE = _t("{region}: no figure for {reference} to compare {indicator} with in the same year.")

ROSE = _t("{region}: {indicator} rose from {start} ({first}) to {end} ({last}), {pace} a year.")
FELL = _t("{region}: {indicator} fell from {start} ({first}) to {end} ({last}), {pace} a year.")
ROSE_POINTS = _t(
    "{region}: {indicator} rose from {start} ({first}) to {end} ({last}), {pace} percentage points a year."
)
FELL_POINTS = _t(
    "{region}: {indicator} fell from {start} ({first}) to {end} ({last}), {pace} percentage points a year."
)
UNCHANGED = _t("{region}: {indicator} was {end} in {last}, the same as in {first}.")
ASSESSED = _t("Assessment: {assessment}.")
CUT = _t("The series breaks before this; the change is measured from {first}.")
JUMP = _t("Read with care: the value at least doubled or halved in {year}, and the source does not say why.")
CHANGE_BREAK = _t("{region}: change in {indicator} cannot be computed, because the series breaks in {year}.")
CHANGE_GAP = _t(
    "{region}: change in {indicator} cannot be computed, because there is no value about five years before {year}."
)

TARGET_REACHED = _t("{region}: {indicator} is {value} ({year}); the target of {target} for {target_year} is met.")
TARGET_IN_TIME = _t(
    "{region}: {indicator} is {value} ({year}); at the present pace the target of {target} is reached in {arrival}, "
    "in time for {target_year}."
)
TARGET_LATE = _t(
    "{region}: {indicator} is {value} ({year}); at the present pace the target of {target} is reached in {arrival}, "
    "after {target_year}."
)
TARGET_FAR = _t(
    "{region}: {indicator} is {value} ({year}); at the present pace the target of {target} for {target_year} is not "
    "reached before {horizon}."
)
TARGET_NEVER = _t(
    "{region}: {indicator} is {value} ({year}); at the present pace the target of {target} for {target_year} is never "
    "reached."
)
TARGET_UNKNOWN = _t(
    "{region}: {indicator} is {value} ({year}); the target is {target} for {target_year}, the pace cannot be computed."
)

RANK = _t("{region}: rank {rank} of {n} in {indicator} ({year}); in {share} of draws it lies between {low} and {high}.")
RANK_SURE = _t("{region}: rank {rank} of {n} in {indicator} ({year}), the same in at least {share} of draws.")
RANK_WIDE = _t("{region}: between rank {low} and {high} of {n} in {indicator} ({year}), too wide to name one rank.")

LIKE_ONE = _t("{region} is most like {a}.")
LIKE_TWO = _t("{region} is most like {a} and {b}.")
LIKE_THREE = _t("{region} is most like {a}, {b} and {c}.")
LIKE_WHY = _t("The {n} peers are closest in {alike} and furthest away in {different}.")
PEERS_MISSING = _t("{region}: no peers are computed, because too much is missing: {variables}.")
PEERS_UNKNOWN = _t("{region}: no peers are computed, because there are no structural figures for it.")
PEERS_NOBODY = _t("{region}: no other region meets the chosen conditions.")

AREA_RANGE = _t("In {year}, {indicator} ranged from {low} ({low_region}) to {high} ({high_region}) across {n} regions.")
AREA_ONE = _t("In {year}, only one region has a value for {indicator}: {region}, {value}.")
AREA_NONE = _t("No region has a value for {indicator}.")
AREA_BELOW = _t(
    "{k} of {n} regions is below {reference} ({value}) in {indicator} ({year}).",
    "{k} of {n} regions are below {reference} ({value}) in {indicator} ({year}).",
)
AREA_NO_REFERENCE = _t("No figure for {reference} to compare {indicator} with.")

NARROWED = _t(
    "Gaps in {indicator} narrowed between {first} and {last}: across {n} regions the coefficient of variation fell "
    "from {start} to {end}."
)
WIDENED = _t(
    "Gaps in {indicator} widened between {first} and {last}: across {n} regions the coefficient of variation rose "
    "from {start} to {end}."
)
GAPS_UNCLEAR = _t(
    "No clear change in the gaps in {indicator} between {first} and {last}: across {n} regions the coefficient of "
    "variation was {start}, then {end}."
)
GAPS_NONE = _t("Gaps in {indicator} cannot be followed: too few regions have a value in every year.")
CATCHING_UP = _t(
    "Regions with a lower {indicator} in {first} grew faster until {last} ({n} regions); at this pace half of the gap "
    "closes in {years} year.",
    "Regions with a lower {indicator} in {first} grew faster until {last} ({n} regions); at this pace half of the gap "
    "closes in {years} years.",
)
FALLING_BACK = _t("Regions with a higher {indicator} in {first} grew faster until {last} ({n} regions).")
CATCHING_UNCLEAR = _t("No clear link between {indicator} in {first} and its growth until {last} ({n} regions).")
CATCHING_NONE = _t("Too few regions have a value for {indicator} in both {first} and {last}.")

GOES_WITH_HIGHER = _t(
    "Across {n} regions ({year}), higher {x} goes with higher {y} (rank correlation {rho}); this shows no cause."
)
GOES_WITH_LOWER = _t(
    "Across {n} regions ({year}), higher {x} goes with lower {y} (rank correlation {rho}); this shows no cause."
)
GOES_UNCLEAR = _t("Across {n} regions ({year}), no clear link between {x} and {y} (rank correlation {rho}).")
GOES_FEW = _t("Too few regions have both {x} and {y} in {year}.")

COVERAGE = _t("{k} of {n} indicators, newest year {year}, {e} estimated.")
COVERAGE_NONE = _t("None of {n} indicators has a value.")

WORDS: Mapping[tuple[type[StrEnum], str], str] = {
    (type(member), str(member)): msgid
    for member, msgid in (
        (Movement.SIGNIFICANT_PROGRESS, "significant progress"),
        (Movement.MODERATE_PROGRESS, "moderate progress"),
        (Movement.NO_CHANGE, "no change"),
        (Movement.MODERATE_AWAY, "moderate movement away"),
        (Movement.SIGNIFICANT_AWAY, "significant movement away"),
        (Movement.RISING, "rising"),
        (Movement.FALLING, "falling"),
        (Movement.NOT_COMPUTABLE, "not computable"),
        (TargetProgress.REACHED, "target reached"),
        (TargetProgress.SIGNIFICANT, "significant progress towards the target"),
        (TargetProgress.MODERATE, "moderate progress towards the target"),
        (TargetProgress.INSUFFICIENT, "insufficient progress towards the target"),
        (TargetProgress.AWAY, "movement away from the target"),
        (TargetProgress.NOT_COMPUTABLE, "not computable"),
        (Arrival.REACHED, "already there"),
        (Arrival.FAR, "not before 2100"),
        (Arrival.NEVER, "never at this pace"),
        (Arrival.NOT_COMPUTABLE, "not computable"),
        (Reason.NO_VALUE, "no value"),
        (Reason.GAP, "no value about five years earlier"),
        (Reason.BREAK, "break in the series"),
        (Reason.NO_REFERENCE, "no value to compare with in the same year"),
        (Reason.NO_DIRECTION, "neither more nor less is better"),
        (Reason.TARGET_PAST, "the target year is over"),
        (Trend.NARROWED, "narrowed"),
        (Trend.WIDENED, "widened"),
        (Trend.UNCLEAR, "no clear change"),
        (Trend.NOT_COMPUTABLE, "not computable"),
    )
}
"""Verdicts and reasons in words, for sentences and for tables; the words of movements are Eurostat's."""


def word(code: StrEnum) -> Word:
    """The words of a verdict or reason of analysis.model; levels and differences have theirs beside their marks."""
    return Word(WORDS[type(code), str(code)])


def all_msgids() -> list[tuple[str, str | None]]:
    """Every template and word of this module as (msgid, plural or None): what a catalogue must translate."""
    return [(t.msgid, t.plural) for t in _ALL] + [(msgid, None) for msgid in dict.fromkeys(WORDS.values())]


def parts(
    sentence: Sentence, translate: Callable[[str], str], ntranslate: Callable[[str, str, int], str]
) -> list[str | Number | Name]:
    """The sentence as text pieces, numbers and names in reading order, so that numbers can be made links."""
    if sentence.plural is not None and sentence.n is not None:
        template = ntranslate(sentence.msgid, sentence.plural, sentence.n)
    else:
        template = translate(sentence.msgid)
    pieces: list[str | Number | Name] = []
    for text, field, _, _ in Formatter().parse(template):
        if text:
            pieces.append(text)
        if field is not None:
            value = sentence.values[field]
            pieces.append(translate(value.msgid) if isinstance(value, Word) else value)
    for further in sentence.rest:
        pieces += [" ", *parts(further, translate, ntranslate)]
    return pieces


def render(
    sentence: Sentence,
    translate: Callable[[str], str],
    ntranslate: Callable[[str, str, int], str],
    format_number: Callable[[Number], str],
) -> str:
    """The sentence as text in the language of ``translate``, with numbers written by ``format_number``."""
    written = []
    for piece in parts(sentence, translate, ntranslate):
        if isinstance(piece, Number):
            written.append(format_number(piece))
        else:
            written.append(piece.text if isinstance(piece, Name) else piece)
    return "".join(written)


def _count(value: Any, key: Key = Key()) -> Number:
    return Number(int(value), key=key)


def _year(value: Any) -> Number:
    return Number(int(value), kind="year")


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _noted(sentence: Sentence, row: Row) -> Sentence:
    """With the note on uncertain inputs when the row has one."""
    return replace(sentence, rest=(*sentence.rest, UNCERTAIN.fill())) if row.get("uncertain") else sentence


def no_data(region: Name, measure: Measure) -> Sentence:
    """There is no value to speak of."""
    return NO_DATA.fill(region=region, indicator=measure.inline)


def region_headline(region: Name, levels: pd.DataFrame, directions: pd.DataFrame) -> Sentence:
    """How a region is doing: ``levels`` of progress.level_against_peers, ``directions`` of progress.direction.

    Both frames hold the headline indicators only; those with a desired direction and a comparable value count.
    """
    words = [str(word) for word in levels["level"]]
    judged = [word for word in words if word in (Level.BETTER, Level.NEAR, Level.WORSE)]
    key = Key(region=region.code)
    if not judged:
        return HEADLINE_NONE.fill(region=region)
    better = sum(word == Level.BETTER for word in judged)
    sentence = HEADLINE.fill(better, region=region, k=_count(better, key), n=_count(len(judged), key))
    mine = directions[(directions["region"] == region.code) & directions["desired"].notna()]
    if mine.empty:
        return sentence
    moved = int((mine["desired"] > 0).sum())
    return replace(sentence, rest=(HEADLINE_MOVED.fill(k=_count(moved, key), n=_count(len(mine), key)),))


def _clear(differences: pd.DataFrame) -> int:
    return int(sum(str(v) != Verdict.UNCLEAR for v in differences["verdict"]))


def against_peers(region: Name, measure: Measure, level: Row, differences: pd.DataFrame | None = None) -> Sentence:
    """A value beside the peers: a row of level_against_peers, and ranks.clear_differences for 'differ clearly'."""
    if str(level["reason"]) == Reason.NO_VALUE:
        return no_data(region, measure)
    if not _there(level["value"]):
        return MOST_NONE.fill(region=region, indicator=measure.inline)
    period = int(level["period"])
    values: dict[str, Value] = {
        "region": region,
        "indicator": measure.inline,
        "value": measure.number(level["value"], region.code, period),
        "year": _year(period),
        "n": _count(level["peers"]),
    }
    below, above = int(level["below"]), int(level["above"])
    if max(below, above) == 0:
        return _noted(PEERS_SAME.fill(**values), level)
    values["k"] = _count(max(below, above))
    is_below = above >= below
    if differences is None:
        return _noted((PEERS_BELOW if is_below else PEERS_ABOVE).fill(**values), level)
    clear = _clear(differences)
    if clear == 0:
        return _noted((PEERS_BELOW_UNCLEAR if is_below else PEERS_ABOVE_UNCLEAR).fill(**values), level)
    template = PEERS_BELOW_CLEAR if is_below else PEERS_ABOVE_CLEAR
    return _noted(template.fill(clear, **values, m=_count(clear)), level)


def most_peers(region: Name, measure: Measure, differences: pd.DataFrame) -> Sentence:
    """The answer of the comparison: below or above most peers, and how many differ clearly."""
    total, clear = len(differences), _clear(differences)
    if total == 0:
        return MOST_NONE.fill(region=region, indicator=measure.inline)
    below, above = int((differences["difference"] < 0).sum()), int((differences["difference"] > 0).sum())
    if 2 * below > total:
        template, unclear = MOST_BELOW, MOST_BELOW_UNCLEAR
    elif 2 * above > total:
        template, unclear = MOST_ABOVE, MOST_ABOVE_UNCLEAR
    else:
        template, unclear = MOST_MIDDLE, MOST_MIDDLE_UNCLEAR
    if clear == 0:
        return unclear.fill(region=region, n=_count(total))
    return template.fill(clear, region=region, m=_count(clear), n=_count(total))


def against_reference(region: Name, measure: Measure, level: Row, reference: Name) -> Sentence:
    """A value beside the EU's or the country's of the same year: a row of level_against_region."""
    if str(level["reason"]) == Reason.NO_VALUE:
        return no_data(region, measure)
    if not _there(level["value"]):
        return REFERENCE_NONE.fill(region=region, reference=reference, indicator=measure.inline)
    if str(level["level"]) == Level.NEAR:
        template = REFERENCE_NEAR
    else:
        template = REFERENCE_ABOVE if level["difference"] > 0 else REFERENCE_BELOW
    period = int(level["period"])
    sentence = template.fill(
        region=region,
        indicator=measure.inline,
        value=measure.number(level["value"], region.code, period),
        year=_year(period),
        reference=reference,
        reference_value=measure.number(level["reference_value"], reference.code, period),
    )
    return _noted(sentence, level)


_TONES: Mapping[str, Tone] = {
    Movement.SIGNIFICANT_PROGRESS: "good",
    Movement.MODERATE_PROGRESS: "good",
    Movement.MODERATE_AWAY: "watch",
    Movement.SIGNIFICANT_AWAY: "watch",
}


def change_over_time(region: Name, measure: Measure, direction: Row) -> Sentence:
    """Change between two years with its assessment: a row of progress.direction."""
    reason = str(direction["reason"])
    if reason == Reason.NO_VALUE:
        return no_data(region, measure)
    if reason == Reason.BREAK:
        return CHANGE_BREAK.fill(region=region, indicator=measure.inline, year=_year(direction["reason_year"]))
    if reason == Reason.GAP:
        return CHANGE_GAP.fill(region=region, indicator=measure.inline, year=_year(direction["last"]))
    first, last = int(direction["first"]), int(direction["last"])
    values: dict[str, Value] = {
        "region": region,
        "indicator": measure.inline,
        "start": measure.number(direction["first_value"], region.code, first),
        "first": _year(first),
        "end": measure.number(direction["last_value"], region.code, last),
        "last": _year(last),
    }
    rest: list[Sentence] = []
    movement = Movement(direction["movement"])
    tone = _TONES.get(movement, "neutral")
    if round(direction["first_value"], measure.decimals) == round(direction["last_value"], measure.decimals):
        # What prints alike must not be said to rise or fall.
        del values["start"]
        sentence = UNCHANGED.fill(**values)
    else:
        relative = str(direction["measure"]) == "relative"
        shares = not relative and measure.unit.strip() == "%"
        key = Key(measure.code, region.code, last)
        if relative:
            values["pace"] = Number(float(direction["pace"]), 1, "signed", "%", key)
        else:
            unit = "" if shares else measure.unit
            values["pace"] = Number(float(direction["pace"]), measure.decimals + 1, "signed", unit, key)
        rose = direction["change"] > 0
        template = (ROSE_POINTS if rose else FELL_POINTS) if shares else (ROSE if rose else FELL)
        sentence = template.fill(None, tone, **values)
        if movement in _TONES:
            rest.append(ASSESSED.fill(assessment=word(movement)))
    if direction.get("shortened"):
        rest.append(CUT.fill(first=_year(first)))
    if _there(direction.get("jump")):
        rest.append(JUMP.fill(year=_year(direction["jump"])))
    return _noted(replace(sentence, rest=tuple(rest)), direction)


def towards_target(region: Name, measure: Measure, target: Row) -> Sentence:
    """Distance to the target and year of arrival: a row of progress.distance_to_target."""
    if not _there(target["value"]):
        return no_data(region, measure)
    period = int(target["period"])
    values: dict[str, Value] = {
        "region": region,
        "indicator": measure.inline,
        "value": measure.number(target["value"], region.code, period),
        "year": _year(period),
        "target": replace(measure.number(target["target"]), decimals=_decimals(target["target"], measure.decimals)),
        "target_year": _year(target["target_year"]),
    }
    arrival = str(target["arrival"])
    if arrival == Arrival.REACHED:
        sentence = TARGET_REACHED.fill(None, "good", **values)
    elif arrival == Arrival.YEAR:
        values["arrival"] = _year(target["arrival_year"])
        in_time = bool(target["on_time"])
        sentence = (TARGET_IN_TIME if in_time else TARGET_LATE).fill(None, "good" if in_time else "watch", **values)
    elif arrival == Arrival.FAR:
        sentence = TARGET_FAR.fill(None, "watch", **values, horizon=_year(TARGET.horizon))
    elif arrival == Arrival.NEVER:
        sentence = TARGET_NEVER.fill(None, "watch", **values)
    else:
        sentence = TARGET_UNKNOWN.fill(**values)
    return _noted(sentence, target)


def _decimals(value: float, most: int) -> int:
    """As few decimals as write the value without loss: a target of 3 is not 3.00."""
    return next((d for d in range(most) if math.isclose(value, round(value, d), abs_tol=1e-12)), most)


def rank_range(region: Name, measure: Measure, rank: Row, year: int) -> Sentence:
    """The rank range: a row of ranks.rank_ranges."""
    values: dict[str, Value] = {
        "region": region,
        "indicator": measure.inline,
        "year": _year(year),
        "n": _count(rank["regions"]),
    }
    ends: dict[str, Value] = {"low": _count(rank["rank_low"]), "high": _count(rank["rank_high"])}
    if not rank["printable"]:
        return RANK_WIDE.fill(**values, **ends)
    values |= {"rank": _count(rank["rank"]), "share": Number(90, unit="%")}
    if rank["rank_low"] == rank["rank_high"]:
        return RANK_SURE.fill(**values)
    return RANK.fill(**values, **ends)


def peers_found(region: Name, peers: PeerResult, names: Mapping[str, str]) -> Sentence:
    """Who is most alike, or why no peers were computed; ``names`` of regions and variables by code."""
    if peers.refused == "too much missing":
        variables = ", ".join(names.get(v, v) for v in peers.missing)
        return PEERS_MISSING.fill(region=region, variables=Name(variables))
    if peers.refused == "unknown region":
        return PEERS_UNKNOWN.fill(region=region)
    if peers.refused is not None:
        return PEERS_NOBODY.fill(region=region)
    nearest = {letter: Name(names.get(c, c), c) for letter, c in zip("abc", peers.codes, strict=False)}
    sentence = (LIKE_ONE, LIKE_TWO, LIKE_THREE)[len(nearest) - 1].fill(region=region, **nearest)
    mean = peers.contributions.groupby("variable")["contribution"].mean().dropna().sort_values(kind="stable")
    if len(mean) < 2:
        return sentence
    alike, different = (Measure(c, names.get(c, c)).inline for c in (str(mean.index[0]), str(mean.index[-1])))
    why = LIKE_WHY.fill(n=_count(len(peers.codes)), alike=alike, different=different)
    return replace(sentence, rest=(why,)) if len(peers.codes) > 1 else sentence


def area_range(measure: Measure, values: pd.DataFrame, names: Mapping[str, str]) -> Sentence:
    """Lowest and highest region of one year: ``values`` [region, period, value, flags], without aggregates."""
    known = values.dropna(subset="value").sort_values(["value", "region"], ignore_index=True)
    if known.empty:
        return AREA_NONE.fill(indicator=measure.inline)
    if known["period"].min() != known["period"].max():
        raise ValueError("Regions can only be ranged within one year.")
    year = int(known["period"].iloc[0])
    ends = []
    for position in (0, -1):
        code, value = str(known["region"].iloc[position]), float(known["value"].iloc[position])
        ends.append((Name(names.get(code, code), code), measure.number(value, code, year)))
    (low_region, low), (high_region, high) = ends
    if len(known) == 1:
        return AREA_ONE.fill(year=_year(year), indicator=measure.inline, region=low_region, value=low)
    return AREA_RANGE.fill(
        year=_year(year),
        indicator=measure.inline,
        low=low,
        low_region=low_region,
        high=high,
        high_region=high_region,
        n=_count(len(known)),
    )


def area_against_reference(measure: Measure, levels: pd.DataFrame, reference: Name) -> Sentence:
    """How many regions are below a reference: rows of level_against_region of one indicator.

    Rows may come from several years; the year with most regions counts (the newest of equals).
    """
    known = levels.dropna(subset=["value", "reference_value"])
    if known.empty:
        return AREA_NO_REFERENCE.fill(reference=reference, indicator=measure.inline)
    counts = known["period"].value_counts()
    year = int(counts.index[counts == counts.max()].max())
    rows = known[known["period"] == year]
    below = int((rows["value"] < rows["reference_value"]).sum())
    return AREA_BELOW.fill(
        below,
        k=_count(below),
        n=_count(len(rows)),
        reference=reference,
        value=measure.number(rows["reference_value"].iloc[0], reference.code, year),
        indicator=measure.inline,
        year=_year(year),
    )


def convergence(measure: Measure, sigma: SigmaResult) -> Sentence:
    """Whether gaps narrowed, only as far as the band supports it."""
    if sigma.trend == Trend.NOT_COMPUTABLE or sigma.first is None or sigma.last is None:
        return GAPS_NONE.fill(indicator=measure.inline)
    template = {Trend.NARROWED: NARROWED, Trend.WIDENED: WIDENED}.get(sigma.trend, GAPS_UNCLEAR)
    tones: Mapping[Trend, Tone] = {Trend.NARROWED: "good", Trend.WIDENED: "watch"}
    ends = sigma.frame["cv"]
    return template.fill(
        None,
        tones.get(sigma.trend, "neutral"),
        indicator=measure.inline,
        first=_year(sigma.first),
        last=_year(sigma.last),
        n=_count(len(sigma.regions)),
        start=Number(float(ends.iloc[0]), 1, unit="%", key=Key(measure.code, "", sigma.first)),
        end=Number(float(ends.iloc[-1]), 1, unit="%", key=Key(measure.code, "", sigma.last)),
    )


def catching_up(measure: Measure, beta: BetaResult) -> Sentence:
    """Whether regions that started lower grew faster, only as far as the confidence limits support it."""
    values: dict[str, Value] = {
        "indicator": measure.inline,
        "first": _year(beta.first),
        "last": _year(beta.last),
    }
    if beta.trend == Trend.NOT_COMPUTABLE:
        return CATCHING_NONE.fill(**values)
    values["n"] = _count(beta.n)
    if beta.trend == Trend.NARROWED and not math.isnan(beta.half_life):
        years = round(beta.half_life)
        return CATCHING_UP.fill(years, "good", **values, years=Number(beta.half_life))
    return (FALLING_BACK if beta.trend == Trend.WIDENED else CATCHING_UNCLEAR).fill(**values)


LEAST_PAIRS = 10
"""With fewer regions a rank correlation says nothing."""


def association(x: Measure, y: Measure, year: int, values: pd.DataFrame) -> Sentence:
    """Do two indicators move together across regions: ``values`` [region, x, y]; rank correlation, in words.

    A link is claimed when the 95 % interval of Spearman's coefficient (Fisher's transformation with the standard error
    sqrt(1.06 / (n - 3)) of Fieller, Hartley and Pearson 1957) excludes zero.
    """
    both = values[["x", "y"]].dropna()
    names: dict[str, Value] = {"x": x.inline, "y": y.inline, "year": _year(year)}
    if len(both) < LEAST_PAIRS or both.nunique().min() < 2:
        return GOES_FEW.fill(**names)
    rho = float(np.corrcoef(both["x"].rank(), both["y"].rank())[0, 1])
    half = 1.959963984540054 * math.sqrt(1.06 / (len(both) - 3))
    clear = abs(math.atanh(min(max(rho, -1 + 1e-12), 1 - 1e-12))) > half
    template = (GOES_WITH_HIGHER if rho > 0 else GOES_WITH_LOWER) if clear else GOES_UNCLEAR
    return template.fill(**names, n=_count(len(both)), rho=Number(rho, 2, "signed"))


def coverage_line(coverage: Coverage) -> Sentence:
    """What is there of what could be."""
    if coverage.newest is None:
        return COVERAGE_NONE.fill(n=_count(coverage.total))
    return COVERAGE.fill(
        k=_count(coverage.available),
        n=_count(coverage.total),
        year=_year(coverage.newest),
        e=_count(coverage.uncertain),
    )


STALE = 2
"""Years behind an indicator's newest year after which a series is no news; series of every other year still are."""


def news(
    directions: pd.DataFrame,
    targets: pd.DataFrame,
    measures: Mapping[str, Measure],
    names: Mapping[str, str],
    good: int = 3,
    attention: int = 5,
) -> tuple[list[Sentence], list[Sentence]]:
    """Good news and what needs attention: strongest first, at most one item per indicator and per region in each list.

    Good news are significant progress, then targets met; attention is asked by significant movement away, then by
    movement away from a target. Changes that include an unexplained jump are left out, and so are series that ended
    more than two years before the indicator's newest year. ``directions`` and ``targets``
    of progress.direction and progress.distance_to_target; ``names`` of regions.
    """
    current = directions["last"] >= directions.groupby("indicator")["last"].transform("max") - STALE
    steady = directions[directions["jump"].isna() & directions["desired"].notna() & current.fillna(False)]
    present = targets["period"] >= targets.groupby("indicator")["period"].transform("max") - STALE
    targets = targets[present.fillna(False)]
    strength = steady.assign(strength=(steady["desired"] / steady["significant"]).abs())
    strength = strength.sort_values(["strength", "indicator", "region"], ascending=[False, True, True])

    def items(movement: Movement, progress: TargetProgress, most: int) -> list[Sentence]:
        chosen: list[Sentence] = []
        seen: set[str] = set()
        sources: Sequence[tuple[pd.DataFrame, Callable[[Name, Measure, Row], Sentence]]] = (
            (strength[strength["movement"] == movement], change_over_time),
            (targets[targets["progress"] == progress], towards_target),
        )
        for rows, write in sources:
            for row in rows.to_dict("records"):
                code, region = str(row["indicator"]), str(row["region"])
                if len(chosen) < most and code in measures and not seen & {code, region}:
                    seen |= {code, region}
                    chosen.append(write(Name(names.get(region, region), region), measures[code], _plain(row)))
        return chosen

    return (
        items(Movement.SIGNIFICANT_PROGRESS, TargetProgress.REACHED, good),
        items(Movement.SIGNIFICANT_AWAY, TargetProgress.AWAY, attention),
    )


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items()}
