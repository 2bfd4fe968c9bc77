"""Checked rows into the store. Runs inside a transaction that the pipeline opens and closes.

Blocks go through one by one, so that memory does not grow with the file. What is stored already in the range of a block
is read once and compared with it as arrays; only new and changed rows are written.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection

from etl.checks import Seen, Verdict, check_block, duplicate_problem, false_zero_problem, is_false_zero
from etl.harmonise import FIRST_YEAR, Coded, Meaning, code_block
from etl.sources.base import Extract, Problem, SourceError
from store.writes import (
    Batch,
    Staging,
    add_observations,
    newest_years,
    read_block,
    values_at,
    withdraw,
)

MAX_PROBLEMS = 100_000
"""A file with more wrong rows than this is not the file it is taken for."""

Progress = Callable[[int, int], None]


@dataclass
class Counts:
    """What a load came to, in rows. ``read`` is the sum of the others."""

    read: int = 0
    passed_over: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    kept: int = 0


@dataclass
class _Run:
    """One load under way."""

    connection: Connection
    extract: Extract
    meaning: Meaning
    load_id: int
    seen: Seen
    staging: Staging
    counts: Counts = field(default_factory=Counts)
    problems: list[Problem] = field(default_factory=list)
    stored_until: dict[int, int | None] = field(default_factory=dict)
    reaches: dict[int, int] = field(default_factory=dict)
    repeats: list[tuple[Batch, np.ndarray]] = field(default_factory=list)
    zeros: list[tuple[Batch, np.ndarray]] = field(default_factory=list)


def load_rows(
    connection: Connection,
    extract: Extract,
    meaning: Meaning,
    load_id: int,
    *,
    force: bool = False,
    only_over: Sequence[int] | None = None,
    progress: Progress | None = None,
) -> tuple[Counts, list[Problem]]:
    """Load an extract's rows.

    A row replaces what is stored, also when it says that the figure is missing now; what was there goes to
    ``revision``. Figures that are not in the file stay. Rows of an older edition only add what is not there yet; where
    they differ they are counted as ``kept``. An edition is older when its date is before that of the newest one loaded
    of the dataset, when it has none and that one has, or, for a publisher's file without a date, when it ends in an
    earlier year than what is stored.

    Args:
        connection: an open write transaction.
        extract: what to load; it is consumed.
        meaning: what codes mean, from the same transaction.
        load_id: the ledger row that the rows will name.
        force: let an older edition replace figures too.
        only_over: numbers of loads; when given, only figures that came with one of them are replaced.
        progress: called with bytes read and bytes in all.

    Returns:
        Counts, and a problem for each row refused.

    Raises:
        SourceError: the file cannot be read to its end, or is wrong throughout.
    """
    run = _Run(connection, extract, meaning, load_id, Seen(meaning), Staging(connection, load_id))
    for block in ahead(extract.chunks):
        run.counts.read += len(block)
        coded = code_block(block, extract.dims, extract.dataset, meaning)
        verdict = check_block(coded, meaning)
        run.problems.extend(verdict.problems)
        run.counts.passed_over += verdict.passed_over
        _take(run, coded, verdict)
        _refuse_nonsense(run)
        if progress:
            progress(extract.consumed, extract.size_hint)
    _settle_zeros(run)
    if not force:
        run.counts.kept += run.staging.drop([number for number in run.reaches if _is_older(run, number)])
    if only_over is not None:
        run.counts.kept += run.staging.drop_unless_from(only_over)
    run.counts.changed += run.staging.apply()
    _settle_repeats(run)
    run.counts.rejected += len(run.problems) + len(extract.problems)
    run.counts.read += len(extract.problems)
    return run.counts, [*extract.problems, *run.problems]


def _refuse_nonsense(run: _Run) -> None:
    """Give up a file that is wrong throughout, before its reasons fill memory and quarantine.

    Raises:
        SourceError: it names the first reason.
    """
    repeated = sum(len(lines) for _, lines in run.repeats)
    found = [*run.extract.problems[:1], *run.problems[:1]]
    if len(run.extract.problems) + len(run.problems) + repeated > MAX_PROBLEMS:
        first = found[0].remedy if found else duplicate_problem(None, same=False).remedy
        remedy = f"More than {MAX_PROBLEMS} rows of this file are wrong, the first because: {first}"
        raise SourceError(Problem("wrong-throughout", remedy), run.extract.file_name)


def ahead(chunks: Iterator[pa.Table]) -> Iterator[pa.Table]:
    """The same blocks, each read while the one before it is being written."""
    with ThreadPoolExecutor(1) as reader:
        coming = reader.submit(next, chunks, None)
        while (block := coming.result()) is not None:
            coming = reader.submit(next, chunks, None)
            yield block


def _take(run: _Run, coded: Coded, verdict: Verdict) -> None:
    """Write the good rows of a block; put aside repeats and zeros that only the whole file can judge."""
    rows = np.flatnonzero(verdict.good)
    if not len(rows):
        return
    batch = Batch(
        coded.indicator, coded.region, coded.period, coded.value, coded.flags, coded.status, coded.confidential
    )
    if len(rows) < len(batch):
        batch = batch.take(rows)
    lines = coded.line[rows]
    again = run.seen.repeated(batch.indicator, batch.region, batch.period)
    doubtful = (batch.value == 0) & np.isin(batch.region, list(run.meaning.predecessors))
    for mask, shelf in ((again, run.repeats), (doubtful & ~again, run.zeros)):
        if mask.any():
            shelf.append((batch.take(mask), lines[mask]))
    aside = again | doubtful
    _merge(run, batch.take(~aside) if aside.any() else batch)


def _merge(run: _Run, batch: Batch) -> None:
    """Compare with what is stored and write what is new or changed."""
    if not len(batch):
        return
    present = np.unique(batch.indicator).tolist()
    unknown = [number for number in present if number not in run.stored_until]
    if unknown:
        years = newest_years(run.connection, unknown)
        run.stored_until.update((number, years.get(number)) for number in unknown)
    if all(run.stored_until[number] is None for number in present):
        # A first load has nothing to compare with; keys cannot meet, since each passes `Seen` once.
        run.counts.new += len(batch)
        add_observations(run.connection, batch, run.load_id)
        return
    for number in present:
        last = int(batch.period[batch.indicator == number].max())
        run.reaches[number] = max(last, run.reaches.get(number, last))
    stored = read_block(run.connection, batch)
    place, known = _find(batch, stored)
    differs = np.zeros(len(batch), dtype=bool)
    differs[known] = _differ(batch.take(known), stored.take(place[known]))
    run.counts.new += int((~known).sum())
    run.counts.unchanged += int((known & ~differs).sum())
    add_observations(run.connection, batch.take(~known), run.load_id)
    run.staging.add(batch.take(differs))


def _find(batch: Batch, stored: Batch) -> tuple[np.ndarray, np.ndarray]:
    """For each row its place in what is stored, and whether it is there at all."""
    ours, theirs = _keys(batch), _keys(stored)
    order = np.argsort(theirs, kind="stable")
    if not len(theirs):
        return np.zeros(len(ours), dtype=np.int64), np.zeros(len(ours), dtype=bool)
    place = order[np.minimum(np.searchsorted(theirs, ours, sorter=order), len(theirs) - 1)]
    return place, theirs[place] == ours


def _keys(batch: Batch) -> np.ndarray:
    return (batch.indicator << 40) | (batch.region << 16) | (batch.period - FIRST_YEAR)


def _differ(left: Batch, right: Batch) -> np.ndarray:
    value = (left.value != right.value) & ~(np.isnan(left.value) & np.isnan(right.value))
    return (
        value | (left.flags != right.flags) | (left.status != right.status) | (left.confidential != right.confidential)
    )


def _is_older(run: _Run, indicator: int) -> bool:
    """Whether what is stored of an indicator is newer than this file, as far as anyone can know."""
    vintage = run.extract.vintage
    newest = [run.meaning.editions.get(name) for name in (run.extract.dataset, run.meaning.home[indicator])]
    if any(edition is not None and (vintage is None or vintage < edition) for edition in newest):
        return True
    until = run.stored_until[indicator]
    undated = vintage is None and run.extract.source != "own"
    return undated and until is not None and run.reaches[indicator] < until


def _settle_zeros(run: _Run) -> None:
    """Load the zeros of regions with a former code, unless the figure stands under that code."""
    codes = {number: code for code, number in run.meaning.regions.items()}
    for batch, lines in run.zeros:
        good = np.ones(len(batch), dtype=bool)
        for row in range(len(batch)):
            region = int(batch.region[row])
            former = run.meaning.predecessors[region]
            family = {other for one in former for other in run.meaning.successors[one]} - {region}
            found = values_at(run.connection, int(batch.indicator[row]), [*former, *family], int(batch.period[row]))
            if is_false_zero([found.get(one) for one in former], [found.get(one) for one in family]):
                good[row] = False
                carrier = next(one for one in former if found.get(one))
                run.problems.append(false_zero_problem(int(lines[row]), codes[carrier]))
        _merge(run, batch.take(good))


def _settle_repeats(run: _Run) -> None:
    """Refuse keys that came more than once; when they contradict each other, undo the first as well."""
    contradicted: dict[tuple[int, int, int], bool] = {}
    for batch, _ in run.repeats:
        stored = read_block(run.connection, batch)
        place, known = _find(batch, stored)
        differs = ~known
        differs[known] = _differ(batch.take(known), stored.take(place[known]))
        for key, other in zip(_triples(batch), differs.tolist(), strict=True):
            contradicted[key] = contradicted.get(key, False) or other
    for batch, lines in run.repeats:
        for key, line in zip(_triples(batch), lines.tolist(), strict=True):
            run.problems.append(duplicate_problem(line, same=not contradicted[key]))
    undone = [key for key, conflict in contradicted.items() if conflict]
    tally = withdraw(run.connection, undone, run.load_id)
    run.counts.new -= tally.new
    run.counts.changed -= tally.changed
    # What the first of them had neither added nor changed was counted as unchanged or, in an older edition, as kept.
    run.counts.unchanged -= min(tally.unchanged, run.counts.unchanged)
    run.problems.extend(duplicate_problem(None, same=False) for _ in undone)


def _triples(batch: Batch) -> Sequence[tuple[int, int, int]]:
    return list(zip(batch.indicator.tolist(), batch.region.tolist(), batch.period.tolist(), strict=True))
