"""Rules a figure must keep to be loaded. A row that breaks one goes to quarantine with its reason and its remedy."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from etl.harmonise import (
    FIRST_YEAR,
    LAST_YEAR,
    OUTSIDE,
    WRONG,
    Coded,
    Meaning,
    indicator_remedy,
    region_remedy,
)
from etl.sources.base import Problem

MAX_FLAGS = 8
"""Letters of flags that a row can keep."""

YEARS = LAST_YEAR - FIRST_YEAR + 1


class Seen:
    """Which keys of a file have passed, one bit each: its size follows the catalogue, not the file."""

    def __init__(self, meaning: Meaning) -> None:
        self._regions = max(meaning.regions.values(), default=0) + 1
        indicators = max(meaning.indicators.values(), default=0) + 1
        self._bits = np.zeros(indicators * self._regions * YEARS // 8, dtype=np.uint8)

    def repeated(self, indicator: np.ndarray, region: np.ndarray, period: np.ndarray) -> np.ndarray:
        """For each key whether it has passed before, in this block or an earlier one; remembers them all."""
        key = (indicator * self._regions + region) * YEARS + (period - FIRST_YEAR)
        place, bit = key >> 3, np.left_shift(1, key & 7).astype(np.uint8)
        again = (self._bits[place] & bit) != 0
        # Files come sorted, so that mostly one comparison of neighbours shows that no key repeats within the block.
        if len(key) > 1 and not np.all(key[1:] > key[:-1]):
            _, first = np.unique(key, return_index=True)
            later = np.ones(len(key), dtype=bool)
            later[first] = False
            again |= later
        np.bitwise_or.at(self._bits, place, bit)
        return again


@dataclass(frozen=True)
class Verdict:
    """What the rules say of a block.

    Attributes:
        good: mask of the rows that may be loaded.
        passed_over: rows that are about something else.
        problems: one for each row that is refused.
    """

    good: np.ndarray
    passed_over: int
    problems: list[Problem]


def check_block(coded: Coded, meaning: Meaning) -> Verdict:
    """Judge each row by itself. A row about something else is passed over, whatever else may be wrong with it."""
    outside = (coded.indicator == OUTSIDE) | (coded.region == OUTSIDE)
    open_rows = ~outside
    problems: list[Problem] = []
    for broken, describe in _rules(coded, meaning):
        rows = open_rows & broken
        if rows.any():
            problems.extend(describe(row) for row in np.flatnonzero(rows).tolist())
            open_rows &= ~rows
    return Verdict(open_rows, int(outside.sum()), problems)


def _rules(coded: Coded, meaning: Meaning) -> Iterator[tuple[np.ndarray, Callable[[int], Problem]]]:
    """Each rule as the mask of rows that break it and the words for one of them, the gravest first."""

    def text(column: tuple[np.ndarray, list[str]], row: int) -> str:
        return column[1][column[0][row]]

    def problem(row: int, reason: str, remedy: str, column: str, value: object) -> Problem:
        return Problem(reason, remedy, int(coded.line[row]), column, str(value)[:200])

    def indicator(row: int) -> Problem:
        code = text(coded.name, row) if coded.name else ""
        return problem(row, "unknown-indicator", indicator_remedy(code, meaning), "indicator", code)

    def region(row: int) -> Problem:
        code = text(coded.geo, row)
        return problem(row, "unknown-region", region_remedy(code, meaning), "region", code)

    def year(row: int) -> Problem:
        remedy = (
            f"Give a calendar year between {FIRST_YEAR} and {LAST_YEAR}, four digits; only annual figures are kept."
        )
        return problem(row, "not-a-year", remedy, "year", text(coded.time, row))

    def finite(row: int) -> Problem:
        remedy = "Give a number; leave the cell empty when there is none, and never write zero for a missing figure."
        return problem(row, "not-finite", remedy, "value", coded.value[row])

    def limits(row: int) -> Problem:
        low, high = meaning.limits[int(coded.indicator[row])]
        span = f"between {low:g} and {high:g}" if np.isfinite(low) and np.isfinite(high) else ""
        span = span or (f"{low:g} or more" if np.isfinite(low) else f"{high:g} or less")
        remedy = f"A figure of this indicator is {span}. Check the unit and the decimal separator."
        return problem(row, "outside-limits", remedy, "value", f"{coded.value[row]:g}")

    def flags(row: int) -> Problem:
        remedy = f"Flags are letters such as b, e, p, u; at most {MAX_FLAGS} of them."
        return problem(row, "unknown-flags", remedy, "flags", coded.flags[row])

    yield coded.indicator == WRONG, indicator
    yield coded.region == WRONG, region
    yield coded.period == WRONG, year
    yield ~coded.missing & ~np.isfinite(coded.value), finite
    yield _beyond(coded, meaning), limits
    yield coded.flag_count > MAX_FLAGS, flags


def _beyond(coded: Coded, meaning: Meaning) -> np.ndarray:
    """Rows whose value is outside the limits of their indicator; a missing value never is."""
    low = np.full(max(meaning.limits, default=0) + 1, -np.inf)
    high = -low
    for number, (lower, upper) in meaning.limits.items():
        low[number], high[number] = lower, upper
    # OUTSIDE and WRONG are negative and would read from the end of the list; those rows are judged by other rules.
    known = np.maximum(coded.indicator, 0)
    with np.errstate(invalid="ignore"):
        return (coded.value < low[known]) | (coded.value > high[known])


def duplicate_problem(line: int | None, same: bool) -> Problem:
    """The words for a key that stands in a file more than once."""
    if same:
        remedy = "The file has this row already, with the same figure; it was loaded once. Delete the repeat."
    else:
        remedy = (
            "The file has several different figures for this indicator, region and year; none of them was loaded. "
            "Keep the right one. In a publisher's file, the filters in the catalogue are too wide for this dataset."
        )
    return Problem("duplicate-key", remedy, line)


def is_false_zero(predecessors: list[float | None], siblings: list[float | None]) -> bool:
    """Whether a zero only says that the figure is filed under the region's former code.

    Args:
        predecessors: values of the regions this one was made from, in the same year.
        siblings: values of the other regions made from them, in the same year.

    Returns:
        True when a former region carries a figure and none of its successors does. A zero beside a sibling that has
        a figure is a real zero.
    """
    return any(predecessors) and not any(siblings)


def false_zero_problem(line: int, former: str) -> Problem:
    """The words for a zero that stands where the figure is under a former code."""
    remedy = (
        f"In this year the figure is filed under the former code {former}; this zero stands for no figure. "
        "Leave the cell empty, or give the figure of the new region."
    )
    return Problem("zero-after-recode", remedy, line, "value", "0")
