"""Trade by country and product into the store: rows picked, checked and summed over partners, one table a year.

Rows are summed block by block, so that memory holds the sums and a number of eight bytes for each row, by which rows
that stand twice are found; only a file that has such rows is read a second time. Bad rows are told by kind (one entry
of the quarantine for each unknown code, with its first line and how many there are), since one unknown country may
stand in forty thousand rows.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from scipy import sparse
from sqlalchemy import Connection, Engine

from config import settings
from etl.catalogue import meaning as meaning_mark
from etl.countries import country_code
from etl.harmonise import FIRST_YEAR
from etl.load import MAX_PROBLEMS
from etl.pipeline import Outcome, Progress, digest, note_failure, note_unreadable, quarantined
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten
from etl.sources.trade import CLASSIFICATIONS, TradeExtract, chunks, read_countries, read_names, read_trade
from store.engine import version, writing
from store.tables import TableFileError, sweep
from store.trade import TradeTable, open_trade, put_trade, stored_trade, write_trade
from store.writes import close_load, note_edition, open_load, refuse

UNIT = "USD"
TITLES = {"baci": "BACI", "comtrade": "UN Comtrade", "atlas": "Atlas"}
LAST_YEAR = 2100

PRODUCT_BITS, EXPORTER_BITS, YEAR_BITS, PARTNER_BITS = 18, 11, 12, 14
"""Width of each part of the number by which a row is known: partner | version | world | year | exporter | product."""

CONSOLIDATE = 4_000_000
"""Sums held before they are put together."""

SAME = 1e-12
"""Relative difference below which two sums are the same: their rows may have come in another order."""

COVERS = 0.9
"""Share of the value of the fullest level of detail that a finer one must reach to be taken."""

WORLD = frozenset({"0", "W00", "WLD", "WORLD"})
NO_PRODUCT = frozenset(
    (
        *("TOTAL", "AG1", "AG2", "AG3", "AG4", "AG5", "AG6", "ALL", "XXXX", "XXXXXX"),
        *("FINANCIAL", "ICT", "TRANSPORT", "TRAVEL", "UNSPECIFIED", "SERVICES"),
    )
)
"""Totals, and the services that the Atlas adds to its files: no products of a classification of goods."""

PICKED: Mapping[str, Callable[[str], bool]] = {
    "flow": lambda text: text.upper() in {"X", "2", "EXPORT", "EXPORTS"},
    "frequency": lambda text: text.upper() in {"A", ""},
    "period": lambda text: len(text) in (0, 4),
    "second_partner": lambda text: text.upper() in {"0", "", "-1"} | WORLD,
    "procedure": lambda text: text.upper() in {"C00", "0", ""},
    "transport": lambda text: text in {"0", ""},
    "supply": lambda text: text in {"0", ""},
}
"""Which rows of UN Comtrade are yearly exports as a whole; the others repeat a part of these, or are imports."""


class Cells(NamedTuple):
    """Sums by version, year, world or partners, exporter and product.

    Attributes:
        cell: int64, sorted, each once.
        value: sums, in the file's unit.
        rows: how many rows went in.
    """

    cell: np.ndarray
    value: np.ndarray
    rows: np.ndarray

    def take(self, which: np.ndarray) -> "Cells":
        """Those where a mask is true."""
        return Cells(self.cell[which], self.value[which], self.rows[which])


@dataclass
class _Refused:
    """Rows of one kind that were refused."""

    problem: Problem
    rows: int = 0


@dataclass
class _Codes:
    """Texts as numbers in the order in which they first came; several texts may mean the same code."""

    known: dict[str, int] = field(default_factory=dict)
    lines: list[int] = field(default_factory=list)

    def number(self, code: str, line: int) -> int:
        """The number of a code, a new one if need be."""
        if code not in self.known:
            self.known[code] = len(self.lines)
            self.lines.append(line)
        return self.known[code]

    def codes(self) -> list[str]:
        """Codes in the order of their numbers."""
        return list(self.known)


def load_trade(
    engine: Engine,
    path: Path,
    *,
    name: str = "",
    classification: str = "",
    force: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Load one file of trade in one transaction: a stored table for each dataset and year in it.

    Countries that the file has replace what was there of them; those it does not have stay, so that figures may come
    country by country. An older edition replaces nothing.

    Args:
        engine: the database, migrated, with its catalogue.
        path: CSV or TSV in the layout of UN Comtrade, BACI or the Atlas, plain or compressed.
        name: name shown to people and read for classification and edition; the file's own when empty.
        classification: of the products, when neither file nor name say it.
        force: let an older edition, or another level of detail, replace what is there.
        progress: called with bytes read and bytes in all.

    Returns:
        The outcome; a file that cannot be used gives the state ``failed``, with the reason, and changes nothing.
    """
    began = time.perf_counter()
    try:
        extract = read_trade(path, name, classification)
    except SourceError as error:
        return note_unreadable(engine, path, error.problem)
    head: dict[str, Any] = {
        "source": extract.source,
        "dataset": extract.dataset,
        "query": "",
        "file_name": extract.file_name[-400:],
        "sha256": digest(path),
        "bytes": path.stat().st_size,
        "vintage": extract.vintage,
        "started_at": datetime.now(UTC).replace(tzinfo=None),
    }
    try:
        gathered = _Gathering(extract, progress)
        gathered.run()
        tables = list(_settle(gathered))
        head["dataset"] = _dataset(extract, tables)
        with writing(engine) as connection:
            return _write(connection, gathered, tables, head, force, began)
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)


class _Gathering:
    """Reads a file once, or twice where rows repeat one another, and holds its sums."""

    def __init__(self, extract: TradeExtract, progress: Progress | None) -> None:
        self.extract = extract
        self._progress = progress
        self.exporters, self.products, self._partners, self.versions = _Codes(), _Codes(), _Codes(), _Codes()
        self.names: dict[str, str] = {}
        self.read = self.passed_over = 0
        self.refused: dict[tuple[str, str], _Refused] = {}
        self.cells = Cells(np.array([], np.int64), np.array([]), np.array([], np.int64))
        self._pieces: list[Cells] = []
        self._held = 0
        self._keys: list[np.ndarray] = []
        self._beside = read_countries(extract.path.parent) if extract.layout.kind == "baci" else {}

    def run(self) -> None:
        """Read all rows.

        Raises:
            SourceError: the file is damaged, or wrong throughout.
        """
        for chunk in self.extract.chunks:
            self.read += len(chunk)
            cell, key, value, _ = self._rows(chunk)
            self._keys.append(key)
            self._add(Cells(cell, value, np.ones(len(cell), np.int64)))
            self._refuse_nonsense()
            if self._progress:
                self._progress(self.extract.consumed, self.extract.size_hint)
        self.cells = _together(self._pieces)
        self._pieces.clear()
        self._settle_repeats()
        self.read += len(self.extract.problems)

    def refuse(self, problem: Problem, rows: int = 1, key: str = "") -> None:
        """Note that rows were refused, all of a kind and value (or key) under one entry."""
        self.refused.setdefault((problem.reason, key or problem.value), _Refused(problem)).rows += rows

    def _rows(self, chunk: pa.Table, quiet: bool = False) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        """Cell, key, value and line of the rows that count; the others are counted and told, unless quiet."""
        lines = chunk.column("line").to_numpy()
        keep = np.ones(len(chunk), bool)
        for what, wanted in PICKED.items():
            if what in self.extract.dims:
                keep &= self._mapped(chunk, what, partial(_picks, wanted)) > 0
        value = chunk.column("value").to_numpy(zero_copy_only=False)
        keep &= ~np.isnan(value)
        exporter = self._mapped(chunk, "exporter", self._exporter)
        product = self._mapped(chunk, "product", self._product)
        keep &= (exporter != PASS) & (product != PASS)
        if not quiet:
            self.passed_over += int(np.sum(~keep))
        year = self._mapped(chunk, "year", lambda text, _: _year(text))
        label = (
            self._mapped(chunk, "classification", self._version)
            if "classification" in self.extract.dims
            else np.full(len(chunk), self.versions.number(self.extract.classification, 2))
        )
        partner = (
            self._mapped(chunk, "partner", lambda text, line: self._partners.number(text.strip().upper(), line))
            if "partner" in self.extract.dims
            else np.zeros(len(chunk), np.int64)
        )
        for wrong, reason, what in (
            (year < 0, "not-a-year", "year"),
            (exporter < 0, "unknown-country", "exporter"),
            (product < 0, "wrong-product", "product"),
            (label < 0, "no-classification", "classification"),
            (value < 0, "negative-value", "value"),
        ):
            bad = keep & wrong
            if np.any(bad):
                keep &= ~bad
                if not quiet:
                    self._tell(chunk, bad, reason, what, lines)
        self._check_widths()
        if not quiet and "name" in self.extract.dims:
            self._take_names(chunk, product, keep)
        world = np.array([code in WORLD for code in self._partners.codes()] or [False])[partner]
        if "partner" not in self.extract.dims or self.extract.layout.kind == "baci":
            world = np.zeros(len(chunk), bool)
        cell = label
        for part, bits in ((world, 1), (year, YEAR_BITS), (exporter, EXPORTER_BITS), (product, PRODUCT_BITS)):
            cell = (cell << bits) | part
        cell = cell[keep]
        return cell, (cell << PARTNER_BITS) | partner[keep], value[keep], lines[keep]

    def _mapped(self, chunk: pa.Table, what: str, meaning: Callable[[str, int], int]) -> np.ndarray:
        """A column of texts as numbers, each distinct text looked at once; told its first line of the block."""
        column = chunk.column(what).combine_chunks()
        column = column.chunk(0) if isinstance(column, pa.ChunkedArray) else column
        places = np.asarray(column.indices)
        texts = column.dictionary.to_pylist()
        first = np.zeros(len(texts), np.int64)
        first[places[::-1]] = chunk.column("line").to_numpy()[::-1]
        return np.array([meaning(text, int(line)) for text, line in zip(texts, first, strict=True)], np.int64)[places]

    def _exporter(self, text: str, line: int) -> int:
        code = country_code(text)
        if code is None:
            code = country_code(self._beside.get(text.strip().lstrip("0"), ""))
        return WRONG if code is None else PASS if not code else self.exporters.number(code, line)

    def _product(self, text: str, line: int) -> int:
        code = text.strip().strip("'").upper()
        if code in NO_PRODUCT:
            return PASS
        return self.products.number(code, line) if code.isdigit() and code.isascii() else WRONG

    def _version(self, text: str, line: int) -> int:
        code = CLASSIFICATIONS.get(text.strip().upper(), self.extract.classification)
        return self.versions.number(code, line) if code else WRONG

    def _take_names(self, chunk: pa.Table, product: np.ndarray, keep: np.ndarray) -> None:
        codes = self.products.codes()
        numbers, places = np.unique(np.where(keep, product, -1), return_index=True)
        for number, place in zip(numbers, places, strict=True):
            if number >= 0 and codes[number] not in self.names:
                text = chunk.column("name")[int(place)].as_py().strip()
                if text:
                    self.names[codes[number]] = text

    def _tell(self, chunk: pa.Table, bad: np.ndarray, reason: str, what: str, lines: np.ndarray) -> None:
        column = self.extract.layout.places[what]
        places = np.flatnonzero(bad)
        texts = chunk.column(what).take(pa.array(places)).to_pylist()
        for place, found in zip(places, texts, strict=True):
            text = f"{found:.12g}" if isinstance(found, float) else str(found)
            problem = Problem(reason, REMEDIES[reason], int(lines[place]), column, shorten(text))
            # A negative value is told row by row, since each is an error of its own; a code is told once.
            self.refuse(problem, key=str(lines[place]) if what == "value" else text)

    def _check_widths(self) -> None:
        for codes, bits, what in (
            (self.products, PRODUCT_BITS, "product"),
            (self.exporters, EXPORTER_BITS, "exporter"),
            (self._partners, PARTNER_BITS, "partner"),
        ):
            if len(codes.lines) >= 1 << bits:
                remedy = f"The column {self.extract.layout.places[what]} holds too many different codes."
                raise SourceError(Problem("wrong-throughout", remedy), self.extract.file_name)

    def _add(self, piece: Cells) -> None:
        summed = _together([piece])
        self._pieces.append(summed)
        self._held += len(summed.cell)
        if self._held > CONSOLIDATE:
            self._pieces = [_together(self._pieces)]
            self._held = len(self._pieces[0].cell)
            if self._held > CONSOLIDATE // 2:
                # Nearly nothing repeats: putting it together again after each block would only cost time.
                self._held = 0

    def _refuse_nonsense(self) -> None:
        if len(self.refused) + len(self.extract.problems) > MAX_PROBLEMS:
            first = next((found.problem.remedy for found in self.refused.values()), "")
            remedy = f"More than {MAX_PROBLEMS} rows of this file are wrong, the first because: {first}"
            raise SourceError(Problem("wrong-throughout", remedy), self.extract.file_name)

    def _settle_repeats(self) -> None:
        """Find rows that stand twice: of equal ones the first counts, of different ones none does."""
        keys = np.concatenate(self._keys) if self._keys else np.array([], np.int64)
        self._keys.clear()
        keys.sort()
        repeated = np.unique(keys[1:][keys[1:] == keys[:-1]])
        if not len(repeated):
            return
        extra = int(np.sum(keys[1:] == keys[:-1]))
        del keys
        if extra > MAX_PROBLEMS:
            remedy = f"More than {MAX_PROBLEMS} rows of this file stand in it twice."
            raise SourceError(Problem("wrong-throughout", remedy), self.extract.file_name)
        affected = np.unique(repeated >> PARTNER_BITS)
        found: list[tuple[np.ndarray, ...]] = []
        told = list(self.extract.problems)
        for chunk in chunks(self.extract):
            cell, key, value, line = self._rows(chunk, quiet=True)
            mine = _among(cell, affected)
            found.append((key[mine], value[mine], line[mine]))
        self.extract.problems[:] = told
        key, value, line = (np.concatenate(part) for part in zip(*found, strict=True))
        good = self._first_of_equals(key, value, line, repeated)
        rest = self.cells.take(~_among(self.cells.cell, affected))
        again = Cells(key[good] >> PARTNER_BITS, value[good], np.ones(int(good.sum()), np.int64))
        self.cells = _together([rest, again])

    def _first_of_equals(
        self, key: np.ndarray, value: np.ndarray, line: np.ndarray, repeated: np.ndarray
    ) -> np.ndarray:
        good = np.ones(len(key), bool)
        order = np.lexsort((line, key))
        order = order[_among(key[order], repeated)]
        starts = np.flatnonzero(np.r_[True, key[order][1:] != key[order][:-1]])
        for rows in np.split(order, starts[1:]):
            same = bool(np.all(value[rows] == value[rows[0]]))
            bad = rows[1:] if same else rows
            good[bad] = False
            remedy = REMEDIES["duplicate-key"] if same else REMEDIES["different"]
            for row in bad:
                place, column = int(line[row]), self.extract.layout.places["value"]
                problem = Problem("duplicate-key", remedy, place, column, f"{value[row]:.12g}")
                self.refuse(problem, key=str(place))
        return good


PASS, WRONG = -2, -1
"""Numbers of codes that are passed over and of codes that are refused."""

REMEDIES = {
    "not-a-year": f"Write the year with four digits, from {FIRST_YEAR} to {LAST_YEAR}; loads are yearly.",
    "unknown-country": "This is no code of a country: use ISO 3166 (three letters or number) as the source does.",
    "wrong-product": "This is no code of the classification; codes are digits, two, four or six in the Harmonised "
    "System, one to five in SITC, with their leading zeros.",
    "no-classification": "The row does not say which classification its product is of; put it into the file's name.",
    "negative-value": "Exports cannot be negative; check the figure.",
    "duplicate-key": "The row repeats an earlier one; keep one row for each exporter, partner, product and year.",
    "different": "Exporter, partner, product and year stand here twice with different values; none was loaded. Keep "
    "the right one.",
    "mixed-classifications": "Most rows of the year are in another classification; ask for all countries in one.",
    "mixed-levels": "The exporter has figures at another level of detail only than the others; ask for all countries "
    "at one level.",
}


def _picks(wanted: Callable[[str], bool], text: str, _line: int) -> int:
    return int(wanted(text.strip()))


def _year(text: str) -> int:
    plain = text.strip().removesuffix(".0")
    return int(plain) if plain.isdigit() and FIRST_YEAR <= int(plain) <= LAST_YEAR else WRONG


def _together(pieces: list[Cells]) -> Cells:
    if not pieces:
        return Cells(np.array([], np.int64), np.array([]), np.array([], np.int64))
    cell = np.concatenate([piece.cell for piece in pieces])
    cell, place = np.unique(cell, return_inverse=True)
    weights = [np.concatenate([getattr(piece, name) for piece in pieces]) for name in ("value", "rows")]
    value, rows = (np.bincount(place, weight, len(cell)) for weight in weights)
    return Cells(cell, value, rows.astype(np.int64))


def _among(values: np.ndarray, ordered: np.ndarray) -> np.ndarray:
    """Which values are in a sorted array without repeats."""
    if not len(ordered):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    return ordered[places] == values


@dataclass
class _Year:
    """One table to come: rows that went into each of its cells travel with it for the ledger."""

    table: TradeTable
    rows: sparse.csr_array


def _settle(gathered: _Gathering) -> Iterator[_Year]:
    """Sums of a whole file as tables by year, in one classification and at one level of detail each.

    Raises:
        SourceError: ``no-rows`` when nothing is left, ``lost-zeros`` when codes of SITC have lost their leading zeros.
    """
    cells = gathered.cells
    if not len(cells.cell):
        remedy = "No row of this file is a yearly export of a country in a product."
        if gathered.refused:
            remedy = next(iter(gathered.refused.values())).problem.remedy
        raise SourceError(Problem("no-rows", remedy), gathered.extract.file_name)
    years = (cells.cell >> (PRODUCT_BITS + EXPORTER_BITS)) & ((1 << YEAR_BITS) - 1)
    for year in np.unique(years):
        yield from _settle_year(gathered, int(year), cells.take(years == year))


def _settle_year(gathered: _Gathering, year: int, cells: Cells) -> Iterator[_Year]:
    version = cells.cell >> (1 + YEAR_BITS + EXPORTER_BITS + PRODUCT_BITS)
    values = np.bincount(version, cells.value)
    best = int(np.argmax(values))
    classification = gathered.versions.codes()[best]
    for other in np.unique(version[version != best]):
        code, line = gathered.versions.codes()[other], gathered.versions.lines[other]
        rows = int(cells.rows[version == other].sum())
        column = gathered.extract.layout.places.get("classification", "")
        remedy = REMEDIES["mixed-classifications"]
        gathered.refuse(Problem("mixed-classifications", remedy, line, column, f"{code}, {year}"), rows)
    cells = cells.take(version == best)
    product, wrong = _true_products(gathered, classification)
    exporter = (cells.cell >> PRODUCT_BITS) & ((1 << EXPORTER_BITS) - 1)
    number = cells.cell & ((1 << PRODUCT_BITS) - 1)
    codes = np.array([*product, ""], dtype=object)[number]
    bad = wrong[number]
    for place in np.unique(number[bad]):
        rows = int(cells.rows[number == place].sum())
        text, line = gathered.products.codes()[place], gathered.products.lines[place]
        column = gathered.extract.layout.places["product"]
        gathered.refuse(Problem("wrong-product", REMEDIES["wrong-product"], line, column, text), rows)
    world = ((cells.cell >> (YEAR_BITS + EXPORTER_BITS + PRODUCT_BITS)) & 1).astype(bool)
    good = _at_one_level(gathered, year, cells, codes, exporter, ~bad)
    digits = len(codes[good][0]) if np.any(good) else 0
    if not digits:
        return
    # Where the total over all partners is given, the partners repeat it.
    place = np.unique(codes[good], return_inverse=True)
    pair = np.full(len(codes), -1, np.int64)
    pair[good] = exporter[good].astype(np.int64) * len(place[0]) + place[1]
    repeats = good & ~world & np.isin(pair, pair[good & world])
    gathered.passed_over += int(cells.rows[repeats].sum())
    good &= ~repeats
    yield _table(gathered, year, classification, digits, cells.take(good), codes[good], exporter[good])


def _true_products(gathered: _Gathering, classification: str) -> tuple[list[str], np.ndarray]:
    """Codes of products with the leading zeros that a spreadsheet took from them, and which of them are none.

    Codes of the Harmonised System have an even number of digits, so a lost zero shows. In SITC it does not: there the
    file is refused when no code begins with a zero although some are shorter than others by one digit.
    """
    codes = gathered.products.codes()
    kept = any(code.startswith("0") for code in codes)
    if classification.startswith("HS"):
        true = [code if kept or len(code) % 2 == 0 else f"0{code}" for code in codes]
        return true, np.array([len(code) not in (2, 4, 6) for code in true])
    lengths = {len(code) for code in codes}
    longest = max(lengths)
    shorter = {code for code in codes if len(code) == longest - 1}
    parents = {code[:-1] for code in codes if len(code) == longest}
    if not kept and len(shorter - parents) > len(shorter) / 2:
        remedy = (
            "No code of a product begins with 0, and some are one digit short: food and live animals have lost their "
            "leading zero. Export the codes as text."
        )
        raise SourceError(Problem("lost-zeros", remedy), gathered.extract.file_name)
    return codes, np.array([len(code) > 5 for code in codes])


def _at_one_level(
    gathered: _Gathering, year: int, cells: Cells, codes: np.ndarray, exporter: np.ndarray, good: np.ndarray
) -> np.ndarray:
    """Cells of the finest level of detail that holds (nearly) the whole value; coarser ones repeat its sums."""
    lengths = np.array([len(code) for code in codes])
    totals = np.bincount(lengths[good], cells.value[good]) if np.any(good) else np.array([0.0])
    digits = int(np.flatnonzero((totals >= COVERS * totals.max()) & (np.bincount(lengths[good]) > 0)).max(initial=0))
    chosen = good & (lengths == digits)
    inside = np.isin(exporter, exporter[chosen])
    gathered.passed_over += int(cells.rows[good & ~chosen & inside].sum())
    for number in np.unique(exporter[good & ~inside]):
        rows = int(cells.rows[good & (exporter == number)].sum())
        text, line = gathered.exporters.codes()[number], gathered.exporters.lines[number]
        column = gathered.extract.layout.places["exporter"]
        gathered.refuse(Problem("mixed-levels", REMEDIES["mixed-levels"], line, column, f"{text}, {year}"), rows)
    return chosen


def _table(
    gathered: _Gathering,
    year: int,
    classification: str,
    digits: int,
    cells: Cells,
    codes: np.ndarray,
    exporter: np.ndarray,
) -> _Year:
    extract = gathered.extract
    countries = np.array(gathered.exporters.codes(), dtype=object)[exporter]
    exporters, row = np.unique(countries, return_inverse=True)
    products, column = np.unique(codes, return_inverse=True)
    shape = (len(exporters), len(products))
    names = gathered.names or _names_beside(extract.path, classification)
    # Headings are named too, since complexity is computed at their level.
    within = {code[:length] for code in products for length in range(1, digits + 1)}
    table = TradeTable(
        name=f"{TITLES[extract.layout.kind]} {classification} {year}",
        year=year,
        unit=UNIT,
        classification=classification,
        digits=digits,
        exporters=tuple(exporters),
        products=tuple(products),
        values=sparse.csr_array((cells.value * extract.scale, (row, column)), shape=shape),
        names={code: text for code, text in names.items() if code in within},
    )
    return _Year(table, sparse.csr_array((cells.rows, (row, column)), shape=shape))


def _names_beside(path: Path, classification: str) -> dict[str, str]:
    for found in sorted(path.parent.glob(f"product_codes_{classification}*.csv")):
        return read_names(found)
    return {}


def _dataset(extract: TradeExtract, years: list[_Year]) -> str:
    versions = {year.table.classification for year in years}
    return f"{extract.layout.kind.upper()}_{versions.pop()}" if len(versions) == 1 else extract.layout.kind.upper()


def _write(
    connection: Connection,
    gathered: _Gathering,
    years: list[_Year],
    head: dict[str, Any],
    force: bool,
    began: float,
) -> Outcome:
    extract, folder = gathered.extract, settings().tables_dir
    # Before anything is written: what a killed load left must not pile up, and what is replaced now stays for readers.
    sweep(connection, folder)
    before = version(connection)
    load_id = open_load(connection, **head, catalogue=meaning_mark(connection), data_version=before)
    counts = dict.fromkeys(("new", "changed", "unchanged", "kept"), 0)
    changed = False
    for one in years:
        changed |= _write_year(connection, gathered, one, load_id, force, counts)
    refused = [*extract.problems, *(_with_number(found) for found in gathered.refused.values())]
    refuse(connection, [quarantined(problem, load_id, head["file_name"]) for problem in refused])
    totals = {
        "read": gathered.read,
        "passed_over": gathered.passed_over + counts["kept"],
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "rejected": len(extract.problems) + sum(found.rows for found in gathered.refused.values()),
    }
    message = (
        f"{counts['kept']} rows belong to an older edition than the one that is loaded and were left out; "
        "load with --force to let them replace it."
        if counts["kept"]
        else ""
    )
    close_load(
        connection,
        load_id,
        duration_s=time.perf_counter() - began,
        data_version=before + int(changed),
        message=message,
        **{f"rows_{name}": number for name, number in totals.items()},
    )
    return Outcome("done", load_id, extract.file_name, head["dataset"], totals, message)


def _write_year(
    connection: Connection, gathered: _Gathering, one: _Year, load_id: int, force: bool, counts: dict[str, int]
) -> bool:
    """Write one table, merged with the countries that were there before; whether anything changed."""
    extract, folder, table = gathered.extract, settings().tables_dir, one.table
    dataset = f"{extract.layout.kind.upper()}_{table.classification}"
    there = stored_trade(connection, dataset, table.year)
    old = None
    if there is not None:
        vintage = there["vintage"]
        if not force and vintage is not None and (extract.vintage is None or extract.vintage < vintage):
            counts["kept"] += int(one.rows.sum())
            return False
        old = _readable(folder / there["file"])
        if old is not None and old.digits != table.digits:
            if not force:
                remedy = (
                    f"The products of {old.name} that are loaded have {old.digits} digits, those of this file "
                    f"{table.digits}; load the same level of detail, or replace the whole table with --force."
                )
                raise SourceError(Problem("mixed-levels", remedy), extract.file_name)
            old = None
    for state, rows in _compared(old, one).items():
        counts[state] += rows
    merged = table if old is None else _merged(old, table)
    written = write_trade(folder, merged)
    if there is not None and old is not None and written.digest == there["digest"]:
        return False
    put_trade(connection, merged, dataset, written, _checks(merged, gathered), extract.vintage, load_id)
    if extract.vintage is not None:
        note_edition(connection, dataset, extract.vintage)
    return True


def _readable(path: Path) -> TradeTable | None:
    """The table in a file; None when the file is lost or damaged, so that loading again mends it."""
    try:
        return open_trade(path)
    except TableFileError:
        return None


def _compared(old: TradeTable | None, one: _Year) -> dict[str, int]:
    """Rows by what became of their cells: ``new``, ``changed``, ``unchanged``."""
    rows = one.rows.tocoo()
    values = one.table.values.tocoo()
    if old is None:
        return {"new": int(rows.data.sum())}
    places = [
        np.array([{code: place for place, code in enumerate(known)}.get(code, -1) for code in mine])
        for known, mine in ((old.exporters, one.table.exporters), (old.products, one.table.products))
    ]
    row, column = places[0][values.row], places[1][values.col]
    there = (row >= 0) & (column >= 0)
    pattern = sparse.csr_array((np.ones(old.values.nnz), old.values.indices, old.values.indptr), shape=old.values.shape)
    known = np.zeros(len(row), bool)
    before = np.zeros(len(row))
    known[there] = np.asarray(pattern[row[there], column[there]]).ravel() > 0
    before[there] = np.asarray(old.values[row[there], column[there]]).ravel()
    same = known & np.isclose(before, values.data, rtol=SAME, atol=0)
    return {
        "new": int(rows.data[~known].sum()),
        "changed": int(rows.data[known & ~same].sum()),
        "unchanged": int(rows.data[same].sum()),
    }


def _merged(old: TradeTable, new: TradeTable) -> TradeTable:
    """The new table together with the countries that only the old one has."""
    staying = [place for place, code in enumerate(old.exporters) if code not in set(new.exporters)]
    exporters = sorted({*new.exporters, *(old.exporters[place] for place in staying)})
    kept = old.values[staying].tocoo()
    fresh = new.values.tocoo()
    known = {*new.products, *(old.products[place] for place in np.unique(kept.col))}
    products = sorted(known)
    row_of = {code: place for place, code in enumerate(exporters)}
    column_of = {code: place for place, code in enumerate(products)}
    kept_rows = np.array([row_of[old.exporters[place]] for place in staying], np.int64)
    fresh_rows = np.array([row_of[code] for code in new.exporters], np.int64)
    kept_columns = np.array([column_of.get(code, -1) for code in old.products], np.int64)
    fresh_columns = np.array([column_of[code] for code in new.products], np.int64)
    row = np.concatenate([kept_rows[kept.row], fresh_rows[fresh.row]])
    column = np.concatenate([kept_columns[kept.col], fresh_columns[fresh.col]])
    names = {**old.names, **new.names}
    return TradeTable(
        name=new.name,
        year=new.year,
        unit=new.unit,
        classification=new.classification,
        digits=new.digits,
        exporters=tuple(exporters),
        products=tuple(products),
        values=sparse.csr_array(
            (np.concatenate([kept.data, fresh.data]), (row, column)), shape=(len(exporters), len(products))
        ),
        names=names,
    )


def _checks(table: TradeTable, gathered: _Gathering) -> dict[str, Any]:
    """What is said of a table on the page of data."""
    return {
        "exporters": len(table.exporters),
        "products": len(table.products),
        "digits": table.digits,
        "cells": int(table.values.nnz),
        "total": float(table.values.sum()),
        "rejected": sum(found.rows for found in gathered.refused.values()) + len(gathered.extract.problems),
    }


def pass_over_names(path: Path) -> Outcome:
    """The outcome for a list of names beside the figures: nothing is loaded from it by itself."""
    message = "A list of names; it is read together with the figures that lie beside it."
    return Outcome("known", None, path.name, message=message)


def _with_number(found: _Refused) -> Problem:
    problem = found.problem
    if found.rows < 2:
        return problem
    remedy = f"{problem.remedy} {found.rows:,} rows, of which this is the first."
    return Problem(problem.reason, remedy, problem.line, problem.column, problem.value)
