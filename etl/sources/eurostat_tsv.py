r"""Eurostat's bulk TSV: old (``unit,geo\time``, newest year first) and new (``freq,unit,geo\TIME_PERIOD``).

One line holds a whole series. Cells are padded with blanks and carry their flags behind the number (``4.0 bu``);
``:`` is missing and may carry flags too (``: c``); letters behind an at sign tell confidentiality (``: @C``). Every
cell is delivered, a missing one with a null value, because the file says so for that year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import (
    check_header,
    confidentiality,
    constant,
    not_a_number,
    parse_block,
    read_blocks,
    read_head,
    shorten,
    sorted_letters,
    to_numbers,
)

ENDINGS = re.compile(r"\.(tsv|gz|zip|txt|csv|json)$", re.IGNORECASE)
EDITION = re.compile(r"\.(\d{4}|linear|tabular|sdmx)$", re.IGNORECASE)
CELL = re.compile(r"(:|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)([a-z\s]*)(?:@\s*([A-Z]+))?")
BLOCK_BYTES = 1 << 20
"""Less than for CSV: a line melts into as many rows as there are years."""


@dataclass(frozen=True)
class Layout:
    """Dimensions of the key, where geo stands among them, and the periods of the columns."""

    keys: tuple[str, ...]
    periods: tuple[str, ...]

    @property
    def dims(self) -> tuple[str, ...]:
        """The dimensions without geo."""
        return tuple(name for name in self.keys if name != "geo")


def is_eurostat_tsv(first_line: str) -> bool:
    """Whether a first line is the header of Eurostat's TSV."""
    return "\\" in first_line.split("\t", maxsplit=1)[0] and "\t" in first_line


def read_eurostat_tsv(path: Path, name: str = "") -> Extract:
    """The extract in a bulk TSV file, plain, gzipped or alone in a ZIP. The dataset is taken from the file name.

    Raises:
        SourceError: ``missing-column``, ``no-rows``, ``not-utf8``, ``truncated``.
    """
    file_name = name or path.name
    # A table of daily figures has a header of many thousand columns.
    head = read_head(path, 1 << 20).decode("utf-8-sig", errors="replace").split("\n")
    layout = _layout(head[0].rstrip("\r"), file_name)
    if not any(line.strip() for line in head[1:]):
        remedy = "The file has a header and no rows: nothing is published for this query."
        raise SourceError(Problem("no-rows", remedy), file_name)
    extract = Extract(
        source="eurostat",
        dataset=dataset_of_file(file_name),
        dims=layout.dims,
        chunks=iter(()),
        file_name=file_name,
        path=path,
        size_hint=path.stat().st_size,
    )
    extract.chunks = _chunks(extract, layout)
    return extract


def dataset_of_file(file_name: str) -> str:
    """``nama_10r_2gdp.2017.tsv`` -> ``NAMA_10R_2GDP``; ``estat_tgs00042.tsv.gz`` -> ``TGS00042``."""
    stem = Path(file_name).name
    while ENDINGS.search(stem):
        stem = ENDINGS.sub("", stem)
    while EDITION.search(stem):
        stem = EDITION.sub("", stem)
    return re.sub(r"^estat_", "", stem, flags=re.IGNORECASE).upper()


def _layout(header: str, file_name: str) -> Layout:
    first, *rest = header.split("\t")
    keys = tuple(name.strip() for name in first.split("\\")[0].split(","))
    periods = tuple(cell.strip() for cell in rest)
    if "geo" not in keys:
        remedy = f"The header {shorten(first)} names no geo; regional figures need it."
        raise SourceError(Problem("missing-column", remedy, 1, "geo"), file_name)
    check_header(keys, keys, file_name)
    if not periods:
        remedy = "The header names no period; every column after the first is one."
        raise SourceError(Problem("missing-column", remedy, 1, "time"), file_name)
    return Layout(keys, periods)


def _chunks(extract: Extract, layout: Layout) -> Iterator[pa.Table]:
    names = ["key", *(f"#{place}" for place in range(len(layout.periods)))]
    types: dict[str, pa.DataType] = dict.fromkeys(names, pa.string())
    for block in read_blocks(extract.path, extract.file_name, BLOCK_BYTES):
        table, lines = parse_block(block, names, types, "\t", quoted=False, extract=extract)
        extract.consumed = block.position
        chunk = _melt(extract, layout, table, lines)
        if chunk.num_rows:
            yield chunk


def _melt(extract: Extract, layout: Layout, table: pa.Table, lines: np.ndarray) -> pa.Table:
    """A block of series as long rows, period by period."""
    fits, keys = _keys(extract, layout, table.column("key").combine_chunks(), lines)
    if not fits.all():
        table, lines = table.filter(pa.array(fits)), lines[fits]
    width = len(layout.periods)
    cells = pa.concat_arrays([column.combine_chunks() for column in table.columns[1:]])
    line = np.tile(lines, width)
    time = pa.DictionaryArray.from_arrays(
        pa.array(np.repeat(np.arange(width, dtype=np.int32), len(lines))), pa.array(layout.periods, pa.string())
    )
    values, flags, conf, good = _cells(extract, cells, line, np.repeat(np.arange(width), len(lines)), layout.periods)
    tiled = {
        name: pa.DictionaryArray.from_arrays(pa.array(np.tile(np.asarray(key.indices), width)), key.dictionary)
        for name, key in keys.items()
    }
    chunk = pa.table(
        {
            **{name: tiled[name] for name in layout.dims},
            "line": pa.array(line, pa.int64()),
            "geo": tiled["geo"],
            "time": time,
            "value": values,
            "flags": flags,
            "conf": conf,
        }
    )
    return chunk if good.all() else chunk.filter(pa.array(good))


def _keys(
    extract: Extract, layout: Layout, keys: pa.Array, lines: np.ndarray
) -> tuple[np.ndarray, dict[str, pa.DictionaryArray]]:
    """Which rows have a key of the right length, and the codes of those rows for each dimension."""
    parts = pc.split_pattern(keys, ",")
    fits = np.asarray(pc.equal(pc.list_value_length(parts), len(layout.keys)))
    remedy = f"The header names {len(layout.keys)} dimensions; give the row one code for each."
    for place in np.flatnonzero(~fits):
        text = shorten(keys[int(place)].as_py())
        extract.problems.append(Problem("wrong-columns", remedy, int(lines[place]), ",".join(layout.keys), text))
    flat = parts.filter(pa.array(fits)).flatten()
    width = len(layout.keys)
    codes = {}
    for start, name in enumerate(layout.keys):
        column = flat.take(pa.array(np.arange(start, len(flat), width)))
        codes[name] = pc.utf8_trim_whitespace(column).dictionary_encode()
    return fits, codes


def _cells(
    extract: Extract, cells: pa.Array, lines: np.ndarray, columns: np.ndarray, periods: tuple[str, ...]
) -> tuple[pa.Array, pa.DictionaryArray, pa.DictionaryArray, np.ndarray]:
    """Values, flags, confidentiality and the mask of good cells."""
    cells = pc.utf8_trim_whitespace(cells)
    marked = np.asarray(pc.match_substring_regex(cells, "[^0-9.:-]"))
    plain = pc.if_else(pa.array(marked), None, cells)
    known = len(extract.problems)
    values, good = to_numbers(pc.fill_null(plain, ""), lines, "", extract)
    _name_periods(extract, known, columns[~good], periods)
    if not marked.any():
        return values, constant("", len(cells)), constant("", len(cells)), good

    # Numbers with a flag repeat a lot: split every distinct one once.
    distinct = cells.filter(pa.array(marked)).dictionary_encode()
    split = [_split(text) for text in distinct.dictionary.to_pylist()]
    codes = np.asarray(distinct.indices)
    places = np.flatnonzero(marked)
    numbers = np.array([np.nan if part is None or part[0] is None else part[0] for part in split])
    missing = np.array([part is None or part[0] is None for part in split], dtype=bool)
    bad = np.array([part is None for part in split], dtype=bool)
    value = np.asarray(pc.fill_null(values, np.nan)).copy()
    null = np.asarray(pc.is_null(values)).copy()
    value[places], null[places] = numbers[codes], missing[codes]
    good = good.copy()
    good[places] = ~bad[codes]
    for place in places[bad[codes]]:
        problem = not_a_number(cells[int(place)].as_py(), int(lines[place]), periods[columns[place]])
        extract.problems.append(problem)
    flags = _scatter([part[1] if part else "" for part in split], codes, places, len(cells))
    conf = _scatter([part[2] if part else "" for part in split], codes, places, len(cells))
    return pa.array(value, pa.float64(), mask=null), flags, conf, good


def _name_periods(extract: Extract, known: int, columns: np.ndarray, periods: tuple[str, ...]) -> None:
    """Give the problems after ``known`` the period of their cell as column."""
    for offset, column in enumerate(columns.tolist()):
        extract.problems[known + offset] = replace(extract.problems[known + offset], column=periods[column])


def _split(text: str) -> tuple[float | None, str, str] | None:
    """Number (None when missing), flags and confidentiality of a cell; None when it is no number."""
    match = CELL.fullmatch(text)
    if match is None:
        return None
    number, letters, secret = match.groups()
    flags = sorted_letters(letters)
    return None if number == ":" else float(number), flags, (secret or "").strip() or confidentiality(flags)


def _scatter(texts: list[str], codes: np.ndarray, places: np.ndarray, length: int) -> pa.DictionaryArray:
    """A text for each of ``places``, nothing elsewhere, as a dictionary column."""
    unique = list(dict.fromkeys(["", *texts]))
    number = np.array([unique.index(text) for text in texts], dtype=np.int32)
    whole = np.zeros(length, dtype=np.int32)
    whole[places] = number[codes]
    return pa.DictionaryArray.from_arrays(pa.array(whole), pa.array(unique, pa.string()))
