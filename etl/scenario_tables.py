"""Scenario tables (IAMC) into the pathways of a scenario set.

Blocks go through one by one: figures of lines that are new are inserted in bulk, those of lines that are stored are
compared with them as arrays, and only what differs is written. What grows with the file is 8 bytes for each figure of a
line that was stored before, and 33 for each figure of a range.

A range comes as lines of its own, as models write them: a variable, or else a scenario, whose last part (behind ``|``)
is one of ``ENDINGS``, in any case. The median is the value of the line before that part, the 5th and 95th percentile
are its range, since our ranges hold 90 %. Other quantiles are lines like any others.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from sqlalchemy import Connection

from etl.load import MAX_PROBLEMS, ahead
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import one_array, shorten
from etl.sources.iamc import KEYS, IamcExtract, IamcMapping, KeyNumbers, check_sums
from store.pathway_writes import (
    Changes,
    Points,
    add_lines,
    add_points,
    add_scenario,
    change_lines,
    extend_regions,
    figures,
    indicator_units,
    models,
    next_line,
    put_links,
    region_codes,
    remove_lines,
    scenario_names,
    settle_ids,
    slices,
    stored_lines,
    stored_points,
    variables,
)

Progress = Callable[[int, int], None]

VALUE, MEDIAN, LOW, HIGH = range(4)
"""What a figure is to its line."""

ENDINGS: Mapping[str, int] = {
    **dict.fromkeys(("median", "50th percentile", "50.0th percentile", "p50"), MEDIAN),
    **dict.fromkeys(("5th percentile", "5.0th percentile", "p5", "p05"), LOW),
    **dict.fromkeys(("95th percentile", "95.0th percentile", "p95"), HIGH),
}
"""Last parts of a variable or scenario that tell of the middle or an end of a range."""

LONGEST = {"model": 120, "scenario": 120, "region": 120, "variable": 200, "unit": 80}
"""Letters of the longest name that is kept."""

LONGEST_CODE = 48
NAMED = 5
"""Names that are told in a sentence."""

YEAR_BITS = np.uint64(12)

BREAK = re.compile("[\\x00-\\x1f\\x7f\\x85\\u2028\\u2029]")
"""What no name may hold, since tables could not be written with it."""

SUMMED = pa.schema([*((name, pa.string()) for name in KEYS), ("year", pa.int32()), ("value", pa.float64())])


@dataclass
class Written:
    """What a scenario table came to, in figures; ``read`` is the sum of new, changed, unchanged and rejected.

    Attributes:
        read: all figures of the table, ends of ranges among them.
        removed: figures that were stored and went: ranges that are no longer stated, and what ``replace`` took.
        lines: lines that are new.
        facts: statements about lines that are new or other than before: region, source, link to an indicator.
        scenarios: codes of scenarios that were made.
        regions, variables: names that belong to none of our regions or indicators; their lines are kept.
        ours: our regions of which there are pathways now.
        models: models of the table.
        first, last: first and last year; 0 when there is no figure.
        problems: one for each row, or for each name, that was refused.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: int = 0
    lines: int = 0
    facts: int = 0
    scenarios: list[str] = field(default_factory=list)
    regions: list[str] = field(default_factory=list)
    variables: list[str] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    first: int = 0
    last: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Whether anything in the database is other than before."""
        return bool(self.new or self.changed or self.removed or self.facts or self.scenarios)

    def sentence(self) -> str:
        """What a person should know besides the numbers; '' for nothing."""
        said = []
        if self.scenarios:
            said.append(f"Scenarios made: {_listed(self.scenarios)}.")
        if self.regions:
            said.append(f"Regions that are not ours, kept ({len(self.regions)}): {_listed(self.regions)}.")
        if self.variables:
            said.append(f"Variables of no indicator, kept ({len(self.variables)}): {_listed(self.variables)}.")
        if self.removed:
            said.append(f"Figures removed since they are no longer stated: {self.removed:,}.")
        return " ".join(said)


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(shorten(name) for name in names[:NAMED])
    return shown if len(names) <= NAMED else f"{shown} and {len(names) - NAMED} more"


def write_lines(
    connection: Connection,
    set_code: str,
    extract: IamcExtract,
    mapping: IamcMapping,
    load_id: int,
    progress: Progress | None = None,
    *,
    source: str = "",
    replace: bool = False,
) -> Written:
    """Write a scenario table into a set that exists; the caller owns the transaction.

    A line is model, scenario, region, variable and unit. What the table says of a line and year replaces what is
    stored, its range included: a value without a range has none. Lines and years that are not in the table stay,
    unless ``replace`` is given. Scenarios are found by code, name or what stored lines call them, and made where there
    is none.

    A range whose low lies above its high, that does not hold its value or that has no value is refused, the value
    itself is not.

    Args:
        connection: an open write transaction.
        set_code: code of the set.
        extract: the table; it is consumed.
        mapping: what names of regions and variables are with us.
        load_id: the ledger row that new and changed lines will name.
        progress: called with bytes read and bytes in all.
        source: where the figures come from; when empty, lines that are stored keep theirs and new ones get the file's
            name.
        replace: the table is the whole of each of its models: whatever else is stored of them in the set goes.

    Raises:
        SourceError: the file cannot be read to its end, or is wrong throughout.
    """
    with ThreadPoolExecutor(1) as writer:
        run = _Run(connection, writer, set_code, extract, mapping, load_id, source[:400])
        for chunk in ahead(extract.chunks):
            run.take(chunk)
            if progress:
                progress(extract.consumed, extract.size_hint)
        run.settle(replace)
    return run.written


@dataclass
class _Book:
    """The lines seen or stored, by their numbers in ascending order.

    Attributes:
        number: uint64, of ``KeyNumbers``.
        id: int64, in the database.
        stored: bool, there before this load.
        touched: bool, the table has a figure of it.
    """

    number: np.ndarray = field(default_factory=lambda: np.array([], np.uint64))
    id: np.ndarray = field(default_factory=lambda: np.array([], np.int64))
    stored: np.ndarray = field(default_factory=lambda: np.array([], bool))
    touched: np.ndarray = field(default_factory=lambda: np.array([], bool))

    def find(self, numbers: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each number its place, and whether it is there at all."""
        if not len(self.number):
            return np.zeros(len(numbers), np.int64), np.zeros(len(numbers), bool)
        places = np.minimum(np.searchsorted(self.number, numbers), len(self.number) - 1)
        return places, self.number[places] == numbers

    def add(self, numbers: np.ndarray, ids: np.ndarray, *, stored: bool) -> None:
        """Put in lines that are not there yet, in any order."""
        joined = np.concatenate([self.number, numbers])
        order = np.argsort(joined, kind="stable")
        same = np.full(len(numbers), stored)
        self.number, self.id = joined[order], np.concatenate([self.id, ids])[order]
        self.stored = np.concatenate([self.stored, same])[order]
        self.touched = np.concatenate([self.touched, np.zeros(len(numbers), bool)])[order]


class _Keys:
    """Sets of line and year, as 64-bit numbers, collected in parts."""

    def __init__(self) -> None:
        self._parts: list[np.ndarray] = []

    def add(self, keys: np.ndarray) -> None:
        """Put some in."""
        if len(keys):
            self._parts.append(keys)

    def sorted(self) -> np.ndarray:
        """All of them, each once."""
        self._parts = [distinct(np.concatenate([np.array([], np.uint64), *self._parts]))]
        return self._parts[0]


def distinct(values: np.ndarray) -> np.ndarray:
    """Sorted, each once; by sorting, which is faster here than NumPy's table of what it has seen."""
    values = np.sort(values)
    return values[np.append(True, values[1:] != values[:-1])] if len(values) else values


def _key(ids: np.ndarray, years: np.ndarray) -> np.ndarray:
    return (ids.astype(np.uint64) << YEAR_BITS) | years.astype(np.uint64)


def _within(keys: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Which keys are in a sorted array."""
    if not len(whole):
        return np.zeros(len(keys), bool)
    return whole[np.minimum(np.searchsorted(whole, keys), len(whole) - 1)] == keys


class _Run:
    """One table on its way.

    Figures of new lines are written by a thread of their own, while the next block is made ready; whoever asks for the
    connection waits for it.
    """

    def __init__(
        self,
        connection: Connection,
        writer: Executor,
        set_code: str,
        extract: IamcExtract,
        mapping: IamcMapping,
        load_id: int,
        source: str,
    ) -> None:
        self._connection, self._writer = connection, writer
        self._writing: Future[None] | None = None
        self.set_code, self.extract = set_code, extract
        self.mapping, self.load_id, self.source = mapping, load_id, source
        self.written = Written()
        self.numbers = KeyNumbers(extract.file_name)
        self.book = _Book()
        self.changes = Changes(connection)
        self.places = _Regions(connection, mapping)
        self.futures = _Scenarios(connection, set_code)
        self.next_id = next_line(connection)
        self.models: set[str] = set()
        self.stored_models = models(connection, set_code)
        self.refused: dict[tuple[str, str], list[int]] = {}
        self.moved: dict[str | None, list[int]] = {}
        self.otherwise: list[int] = []
        self.stated, self.ranged, self.had_range, self.changed = _Keys(), _Keys(), _Keys(), _Keys()
        self.aside: list[tuple[np.ndarray, ...]] = []

    @property
    def connection(self) -> Connection:
        """The connection, when nobody else uses it any more."""
        self._join()
        return self._connection

    def _join(self) -> None:
        if self._writing is not None:
            self._writing.result()
            self._writing = None

    # Blocks

    def take(self, chunk: pa.Table) -> None:
        """Write one block of the table."""
        self.written.read += len(chunk)
        keys = [one_array(chunk.column(name)) for name in KEYS]
        year = chunk.column("year").to_numpy()
        value = chunk.column("value").to_numpy()
        line = chunk.column("line").to_numpy()
        kept = self._named(keys, line)
        kind, keys = _kinds(keys)
        codes = [np.asarray(column.indices) for column in keys]
        if not kept.all():
            codes = [code[kept] for code in codes]
            year, value, line, kind = year[kept], value[kept], line[kept], kind[kept]
        self._refuse_nonsense()
        if not len(year):
            return
        span = [int(year.min()), int(year.max())]
        self.written.first = min(self.written.first or span[0], span[0])
        self.written.last = max(self.written.last, span[1])
        ids, stored = self._lines([column.dictionary.to_pylist() for column in keys], codes)
        plain = kind == VALUE
        if not plain.all():
            rest = ~plain
            self.aside.append((ids[rest], year[rest], kind[rest], value[rest], line[rest], stored[rest]))
        fresh = plain & ~stored
        nothing = np.full(int(fresh.sum()), np.nan)
        points = Points(ids[fresh], year[fresh], value[fresh], nothing, nothing)
        self._writing = self._writer.submit(add_points, self.connection, points)
        self.written.new += len(nothing)
        known = plain & stored
        if known.any():
            self._compare(ids[known], year[known], value[known])

    def _named(self, keys: Sequence[pa.DictionaryArray], line: np.ndarray) -> np.ndarray:
        """Mask of the rows whose names can be kept."""
        good = np.ones(len(line), bool)
        for name, column in zip(KEYS, keys, strict=True):
            for place, text in enumerate(column.dictionary.to_pylist()):
                if len(text) <= LONGEST[name] and not BREAK.search(text):
                    continue
                rows = line[(np.asarray(column.indices) == place) & good]
                if len(rows):
                    found = self.refused.setdefault((name, text), [int(rows[0]), 0])
                    found[1] += len(rows)
                    good &= np.asarray(column.indices) != place
        return good

    def _refuse_nonsense(self) -> None:
        found = [*self.extract.problems[:1], *self.written.problems[:1]]
        if len(self.extract.problems) + len(self.written.problems) + len(self.refused) > MAX_PROBLEMS:
            because = found[0].remedy if found else "its names cannot be kept."
            remedy = f"More than {MAX_PROBLEMS} rows of this file are wrong, the first because: {because}"
            raise SourceError(Problem("wrong-throughout", remedy), self.extract.file_name)

    def _lines(self, texts: Sequence[list[str]], codes: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """For each row the id of its line and whether that was stored before; lines that are not there are made."""
        self._read_models(texts[0][code] for code in np.flatnonzero(np.bincount(codes[0])))
        # Rows of one line mostly stand together: only the first of each run is looked up.
        turns = np.ones(len(codes[0]), bool)
        turns[1:] = np.logical_or.reduce([code[1:] != code[:-1] for code in codes])
        starts = np.flatnonzero(turns)
        unique, first, inverse = np.unique(
            self.numbers.number(texts, [code[starts] for code in codes]), return_index=True, return_inverse=True
        )
        places, there = self.book.find(unique)
        if not there.all():
            missing = np.flatnonzero(~there)
            self._make(unique[missing[np.argsort(first[missing])]])
            places, _ = self.book.find(unique)
        self.book.touched[places] = True
        each = np.repeat(places[inverse], np.diff(np.append(starts, len(turns))))
        return self.book.id[each], self.book.stored[each]

    def _read_models(self, models: Iterable[str]) -> None:
        """Put the stored lines of models into the book that are not there yet."""
        found = []
        for model in models:
            if model in self.models:
                continue
            self.models.add(model)
            if model in self.stored_models:
                found += [self._read_part(model, rows) for rows in stored_lines(self.connection, self.set_code, model)]
        if found:
            self.book.add(*map(np.concatenate, zip(*found, strict=True)), stored=True)

    def _read_part(self, model: str, rows: Sequence[Sequence[Any]]) -> tuple[np.ndarray, np.ndarray]:
        """Numbers and ids of some stored lines; where the table will say otherwise of them is noted."""
        ids, codes, scenarios, regions, variables, units, ours, sources = zip(*rows, strict=True)
        self.futures.bind(model, scenarios, codes)
        names = [pa.array(column).dictionary_encode() for column in (scenarios, regions, variables, units)]
        texts = [[model], *(column.dictionary.to_pylist() for column in names)]
        places = [np.zeros(len(rows), np.int64), *(np.asarray(column.indices) for column in names)]
        for number, name, code, source in zip(ids, regions, ours, sources, strict=True):
            if self.places.code(name) != code:
                self.moved.setdefault(self.places.code(name), []).append(number)
            if source != (self.source or source):
                self.otherwise.append(number)
        return self.numbers.number(texts, places), np.array(ids, np.int64)

    def _make(self, numbers: np.ndarray) -> None:
        """Insert lines in the order of the table."""
        connection = self.connection
        ids = np.arange(self.next_id, self.next_id + len(numbers))
        self.next_id += len(numbers)
        pair, region, variable = (
            _Names(names, part) for names, part in zip(self.numbers.names(), self.numbers.parts(numbers), strict=True)
        )
        columns = {
            "id": ids,
            "scenario": pair.each(self.futures.code),
            "model": pair.each(lambda model, _: model),
            "scenario_name": pair.each(lambda _, scenario: scenario),
            "region_name": region.each(lambda name: name),
            "variable": variable.each(lambda name, _: name),
            "unit": variable.each(lambda _, unit: unit),
            "region": region.each(self.places.code),
            "source": np.full(len(ids), self.source or self.extract.file_name[:400], dtype=object),
        }
        add_lines(connection, self.set_code, self.load_id, columns)
        self.book.add(numbers, ids, stored=False)
        self.written.lines += len(ids)

    def _compare(self, ids: np.ndarray, year: np.ndarray, value: np.ndarray) -> None:
        """Write what is new or other than stored of lines that were stored before."""
        order = np.lexsort((year, ids))
        ids, year, value = ids[order], year[order], value[order]
        keys = _key(ids, year)
        self.stated.add(keys)
        for part in slices(distinct(ids)):
            mine = slice(*np.searchsorted(ids, [part[0], part[-1] + 1]))
            stored = stored_points(self.connection, part)
            place, known = _find(keys[mine], _key(stored.series, stored.year))
            nothing = np.full(len(known), np.nan)
            now = Points(ids[mine], year[mine], value[mine], nothing, nothing)
            differs = known.copy()
            differs[known] = now.value[known] != stored.value[place[known]]
            before = stored.take(place[known & differs])
            add_points(self.connection, now.take(~known))
            update = now.take(known & differs)
            self.changes.change(Points(update.series, update.year, update.value, before.low, before.high))
            self.written.new += int((~known).sum())
            self.written.changed += len(update)
            self.written.unchanged += int((known & ~differs).sum())
            self.changed.add(keys[mine][~known | differs])
            ranges = stored.take(~np.isnan(stored.low) | ~np.isnan(stored.high))
            there = _key(ranges.series, ranges.year)
            self.had_range.add(there[_within(there, keys[mine])])

    # The end

    def settle(self, replace: bool) -> None:
        """What only the whole table can decide: ranges, what is no longer stated, what names mean."""
        self._join()
        self._ranges()
        self._drop_ranges()
        if replace:
            self._drop_unstated()
        self.changes.close()
        settle_ids(self.connection)
        self._facts()
        for (name, text), (line, rows) in self.refused.items():
            remedy = (
                f"Give the {name} a name of at most {LONGEST[name]} letters in one line; rows with this name: {rows}."
            )
            self.written.problems.append(Problem("bad-name", remedy, line, name, shorten(text)))
            self.written.rejected += rows
        self.written.rejected += len(self.extract.problems)
        self.written.read += len(self.extract.problems)
        self.written.problems[:0] = self.extract.problems
        self.written.scenarios = self.futures.made
        self.written.models = sorted(self.models)

    def _ranges(self) -> None:
        """Write medians and ends of ranges, a slice of lines at a time."""
        if not self.aside:
            return
        ids, year, kind, value, line, stored = (np.concatenate(column) for column in zip(*self.aside, strict=True))
        self.aside.clear()
        order = np.lexsort((line, kind, year, ids))
        ids, year, kind, value, line, stored = (a[order] for a in (ids, year, kind, value, line, stored))
        stated = self.stated.sorted()
        for part in slices(distinct(ids)):
            mine = slice(*np.searchsorted(ids, [part[0], part[-1] + 1]))
            rows = _Aside(ids[mine], year[mine], kind[mine], value[mine], line[mine], stored[mine])
            self._settle_slice(rows, stored_points(self.connection, part), stated)
            self._refuse_nonsense()
        empty = self.book.id[self.book.touched & ~self.book.stored]
        asked = np.intersect1d(empty, np.unique(ids))
        for part in slices(asked):
            without = np.setdiff1d(part, stored_points(self.connection, part).series)
            remove_lines(self.connection, without)
            self.written.lines -= len(without)

    def _settle_slice(self, rows: "_Aside", stored: Points, stated: np.ndarray) -> None:
        """Ranges and medians of some lines, against what is stored of them after the values were written."""
        written = self.written
        keys = _key(rows.series, rows.year)
        repeated = np.concatenate([[False], (keys[1:] == keys[:-1]) & (rows.kind[1:] == rows.kind[:-1])])
        self._refuse(rows, repeated, "duplicate-key", "Figure and year stand in the file before; keep one of them.")
        unique, inverse = np.unique(keys, return_inverse=True)
        cells = np.full((len(unique), 4), np.nan)
        lines = np.zeros((len(unique), 4), np.int64)
        cells[inverse[~repeated], rows.kind[~repeated]] = rows.value[~repeated]
        lines[inverse[~repeated], rows.kind[~repeated]] = rows.line[~repeated]
        first = np.unique(inverse, return_index=True)[1]
        place, known = _find(unique, _key(stored.series, stored.year))
        old = np.full((len(unique), 4), np.nan)
        for column, values in ((VALUE, stored.value), (LOW, stored.low), (HIGH, stored.high)):
            old[known, column] = values[place[known]]
        # A new line has no figures but those of this table.
        said = known & (~rows.stored[first] | _within(unique, stated))
        has = ~np.isnan(cells)
        again = has[:, MEDIAN] & said
        other = again & (cells[:, MEDIAN] != old[:, VALUE])
        remedy = "The value stands in the file without this ending too, and differs; keep one of the two."
        self._refuse_cells(other, MEDIAN, cells, lines, "duplicate-key", remedy)
        written.unchanged += int((again & ~other).sum())
        median = has[:, MEDIAN] & ~again
        value = np.where(median, cells[:, MEDIAN], old[:, VALUE])
        said |= median
        low = np.where(has[:, LOW] | said, cells[:, LOW], old[:, LOW])
        high = np.where(has[:, HIGH] | said, cells[:, HIGH], old[:, HIGH])
        nothing, crossed = np.isnan(value), low > high
        beside = ~nothing & ~crossed & ((value < low) | (value > high))
        for wrong, reason, remedy in (
            (nothing, "range-without-value", "Give the figure itself too, as the median or without an ending."),
            (crossed, "low-above-high", "The 5th percentile lies above the 95th; check the two figures."),
            (
                beside,
                "value-outside-range",
                "The figure does not lie between its percentiles; check all three.",
            ),
        ):
            for column in (LOW, HIGH):
                self._refuse_cells(wrong & has[:, column], column, cells, lines, reason, remedy)
        wrong = nothing | crossed | beside
        low, high = np.where(wrong, np.nan, low), np.where(wrong, np.nan, high)
        now = np.stack([value, low, high], axis=1)
        before = old[:, [VALUE, LOW, HIGH]]
        mine = np.stack([median, has[:, LOW] & ~wrong, has[:, HIGH] & ~wrong], axis=1)
        none = np.isnan(before)
        differs = (now != before) & ~(np.isnan(now) & none)
        written.new += int((mine & none).sum())
        written.changed += int((mine & ~none & differs).sum())
        written.unchanged += int((mine & ~differs).sum())
        written.removed += int((np.isnan(now) & ~none).sum())
        points = Points((unique >> YEAR_BITS).astype(np.int64), (unique & np.uint64(0xFFF)).astype(np.int64), *now.T)
        some = differs.any(axis=1) & ~nothing
        add_points(self.connection, points.take(some & ~known))
        self.changes.change(points.take(some & known))
        self.changed.add(unique[some])
        self.ranged.add(unique[~nothing])
        self.stated.add(unique[median])

    def _refuse(self, rows: "_Aside", which: np.ndarray, reason: str, remedy: str) -> None:
        for place in np.flatnonzero(which):
            self.written.problems.append(Problem(reason, remedy, int(rows.line[place]), "", f"{rows.value[place]:g}"))
        self.written.rejected += int(which.sum())

    def _refuse_cells(
        self, which: np.ndarray, column: int, cells: np.ndarray, lines: np.ndarray, reason: str, remedy: str
    ) -> None:
        for place in np.flatnonzero(which):
            number, line = f"{cells[place, column]:g}", int(lines[place, column])
            self.written.problems.append(Problem(reason, remedy, line, "", number))
        self.written.rejected += int(which.sum())

    def _drop_ranges(self) -> None:
        """Take away stored ranges of values that the table states without one."""
        had = self.had_range.sorted()
        gone = had[~_within(had, self.ranged.sorted())]
        for part in slices(distinct((gone >> YEAR_BITS).astype(np.int64))):
            stored = stored_points(self.connection, part)
            stored = stored.take(_within(_key(stored.series, stored.year), gone))
            nothing = np.full(len(stored), np.nan)
            self.written.removed += stored.figures() - len(stored)
            self.changes.change(Points(stored.series, stored.year, stored.value, nothing, nothing))
        self.changed.add(gone)

    def _drop_unstated(self) -> None:
        """Take away what is stored of the table's models and not stated in it."""
        book = self.book
        self.written.removed += remove_lines(self.connection, book.id[book.stored & ~book.touched])
        stated = self.stated.sorted()
        for part in slices(np.sort(book.id[book.stored & book.touched])):
            stored = stored_points(self.connection, part)
            keys = _key(stored.series, stored.year)
            unstated = ~_within(keys, stated)
            gone = stored.take(unstated)
            self.written.removed += gone.figures()
            self.changes.remove(gone)
            self.changed.add(keys[unstated])

    def _facts(self) -> None:
        """What names mean, and where lines come from."""
        book, written = self.book, self.written
        touched = book.id[book.touched]
        for region, numbers in self.moved.items():
            mine = np.intersect1d(numbers, touched)
            change_lines(self.connection, mine, region=region, load_id=self.load_id)
            written.facts += len(mine)
        mine = np.intersect1d(np.array(self.otherwise, np.int64), touched)
        change_lines(self.connection, mine, source=self.source, load_id=self.load_id)
        written.facts += len(mine)
        changed = distinct((self.changed.sorted() >> YEAR_BITS).astype(np.int64))
        change_lines(self.connection, np.intersect1d(changed, touched), load_id=self.load_id)
        _, regions, pair = self.numbers.parts(book.number[book.touched])
        _, known_regions, known_variables = self.numbers.names()
        names = [known_regions[place][0] for place in distinct(regions)]
        written.regions = sorted(name for name in names if self.places.code(name) is None)
        written.ours = sorted({code for name in names if (code := self.places.code(name)) is not None})
        extend_regions(self.connection, self.set_code, written.ours)
        units = indicator_units(self.connection)
        links, used = [], set()
        pairs = [known_variables[place] for place in distinct(pair)]
        for variable, unit in pairs:
            entries = [entry for entry in self.mapping.indicators(variable, unit) if entry.indicator in units]
            for entry in entries:
                links.append(entry.model_dump())
                used |= {variable, entry.per}
            if not entries and units.get(variable) == unit:
                link = {"variable": variable, "unit": unit, "indicator": variable, "transform": "level", "factor": 1.0}
                links.append({**link, "per": "", "source": "the indicator itself"})
                used.add(variable)
        written.variables = sorted(f"{variable} ({unit})" for variable, unit in pairs if variable not in used)
        written.facts += put_links(self.connection, self.set_code, links)


@dataclass(frozen=True)
class _Aside:
    """Figures that are not plain values, sorted by line, year, kind and line of the file."""

    series: np.ndarray
    year: np.ndarray
    kind: np.ndarray
    value: np.ndarray
    line: np.ndarray
    stored: np.ndarray


def _find(keys: np.ndarray, stored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """For each key its place in a sorted array, and whether it is there at all."""
    if not len(stored):
        return np.zeros(len(keys), np.int64), np.zeros(len(keys), bool)
    place = np.minimum(np.searchsorted(stored, keys), len(stored) - 1)
    return place, stored[place] == keys


class _Names:
    """Names of rows, each once."""

    def __init__(self, names: Sequence[tuple[str, ...]], places: np.ndarray) -> None:
        # In the order of the rows, so that what is made of them is too.
        unique, first, inverse = np.unique(places, return_index=True, return_inverse=True)
        order = np.argsort(first)
        self._names = [names[place] for place in unique[order]]
        self._rows = np.argsort(order)[inverse]

    def each(self, call: Callable[..., str | None]) -> np.ndarray:
        """What is made of the names of each row (object)."""
        made = np.empty(len(self._names), dtype=object)
        made[:] = [call(*name) for name in self._names]
        return made[self._rows]


def split_ending(name: str) -> tuple[str, int]:
    """A variable or scenario without its ending, and what the figures under it are."""
    base, bar, last = name.rpartition("|")
    kind = ENDINGS.get(last.strip().lower(), VALUE) if bar and base.strip() else VALUE
    return (base.strip(), kind) if kind != VALUE else (name, VALUE)


def _kinds(keys: Sequence[pa.DictionaryArray]) -> tuple[np.ndarray, list[pa.DictionaryArray]]:
    """What each row is to its line, and the keys of that line.

    Where variable and scenario both have an ending, that of the scenario is a part of its name.
    """
    changed = list(keys)
    kind = np.zeros(len(keys[0]), np.int8)
    for place in (KEYS.index("variable"), KEYS.index("scenario")):
        texts = keys[place].dictionary.to_pylist()
        found = [split_ending(text) for text in texts]
        if all(one == VALUE for _, one in found):
            continue
        codes = np.asarray(keys[place].indices)
        said = np.array([one for _, one in found], np.int8)[codes]
        mine = (said != VALUE) & (kind == VALUE)
        kind = np.where(mine, said, kind)
        names = {text: number for number, text in enumerate(dict.fromkeys([*texts, *(base for base, _ in found)]))}
        bases = np.array([names[base] for base, _ in found], np.int32)
        changed[place] = pa.DictionaryArray.from_arrays(
            pa.array(np.where(mine, bases[codes], codes), pa.int32()), pa.array(list(names), pa.string())
        )
    return kind, changed


class _Regions:
    """Our codes of regions by the names that tables use."""

    def __init__(self, connection: Connection, mapping: IamcMapping) -> None:
        self._mapping, self._codes = mapping, region_codes(connection)
        self._known: dict[str, str | None] = {}

    def code(self, name: str) -> str | None:
        """Our code: by the mapping, or the name is itself a code of the catalogue."""
        if name not in self._known:
            found = self._mapping.region(name) or name.upper()
            self._known[name] = found if found in self._codes else None
        return self._known[name]


class _Scenarios:
    """Our codes of scenarios by the names that tables use; unknown ones are made.

    Two names of one model are two scenarios, however alike they are: their lines could not be told apart otherwise.
    """

    def __init__(self, connection: Connection, set_code: str) -> None:
        self._connection, self._set_code = connection, set_code
        self._names = scenario_names(connection, set_code)
        self._known: dict[tuple[str, str], str] = {}
        self._taken: dict[tuple[str, str], str] = {}
        self.made: list[str] = []

    def bind(self, model: str, names: Iterable[str], codes: Iterable[str]) -> None:
        """Remember what stored lines of a model say."""
        for name, code in set(zip(names, codes, strict=True)):
            self._known[model, name] = code
            self._taken[model, code] = name

    def code(self, model: str, name: str) -> str:
        """The code of a scenario."""
        if (model, name) not in self._known:
            code = self._names.get(name.lower()) or self._names.get(code_of(name))
            if code is None or self._taken.get((model, code), name) != name:
                code = self._make(name)
            self.bind(model, [name], [code])
        return self._known[model, name]

    def _make(self, name: str) -> str:
        codes, wanted = set(self._names.values()), code_of(name)
        code = next(c for n in range(1, len(codes) + 2) if (c := numbered(wanted, n)) not in codes)
        add_scenario(self._connection, self._set_code, code, name)
        self._names.setdefault(name.lower(), code)
        self._names.setdefault(code, code)
        self.made.append(code)
        return code


def find_set(connection: Connection, sets: Iterable[str], names: Iterable[str]) -> str:
    """The first of some sets whose scenarios have all of these names; '' when there is none, or no name."""
    wanted = {split_ending(name)[0] for name in names}
    for code in sets if wanted else ():
        known = scenario_names(connection, code)
        if all(name.lower() in known or code_of(name) in known for name in wanted):
            return code
    return ""


def code_of(name: str, otherwise: str = "scenario") -> str:
    """A code made of a name: its Latin letters and digits."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9-]+", "_", plain).strip("_-")[:LONGEST_CODE].strip("_-") or otherwise


def numbered(code: str, number: int) -> str:
    """The code itself, or with a number behind it from the second on."""
    ending = f"-{number}" if number > 1 else ""
    return code[: LONGEST_CODE - len(ending)] + ending


def sums_that_differ(
    connection: Connection, set_code: str, models: Sequence[str], mapping: IamcMapping, limit: int = 1000
) -> pd.DataFrame:
    """Stored figures of some models that are not the sum of their parts; see ``etl.sources.iamc.check_sums``.

    Memory holds the figures of some regions at a time.

    Args:
        connection: open connection.
        set_code: code of the set.
        models: names of models.
        mapping: says which variables are no sums.
        limit: rows at most; the search ends there.
    """
    names = set(variables(connection, set_code, models))
    parents = {name.rpartition("|")[0] for name in names} & names - set(mapping.intensive)
    family = sorted(name for name in names if name in parents or name.rpartition("|")[0] in parents)
    columns = [*KEYS, "year", "value"]
    found = [check_sums(pa.table({name: [] for name in columns}, SUMMED))]
    for rows in figures(connection, set_code, models, family) if family else ():
        table = pa.table(dict(zip(columns, map(list, zip(*rows, strict=True)), strict=True)), SUMMED)
        wrong = check_sums(table, intensive=mapping.intensive)
        if len(wrong):
            found.append(wrong)
        if sum(map(len, found)) >= limit:
            break
    return pd.concat(found, ignore_index=True).head(limit) if len(found) > 1 else found[0]
