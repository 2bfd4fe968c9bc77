"""Read text files block by block, whole lines only, plain or compressed, with true line numbers.

Shared by the sources that read delimited text. A block is parsed at pyarrow's speed; only a block in which something
is irregular (a blank line, a row of the wrong width, text where a number belongs) is gone through line by line.
"""

import csv
import gzip
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pacsv

from etl.sources.base import Extract, Problem, SourceError

BLOCK_BYTES = 4 << 20
"""Text held at once. Larger blocks gain little speed and cost memory in every step behind."""

MISSING = ["", ":", "NaN"]
"""What publishers write where there is no figure. Never zero."""

DICTIONARY = pa.dictionary(pa.int32(), pa.string())
SHOWN = 80


@dataclass(frozen=True)
class Block:
    """Whole lines of a file.

    Attributes:
        data: the bytes, ending with a line feed.
        first: number of the first line in the file, where 1 is the header.
        lines: how many lines there are.
        position: bytes of the file on disk that are behind us after this block.
    """

    data: bytes
    first: int
    lines: int
    position: int


def shorten(text: str) -> str:
    """Text cut to a length that fits in a report."""
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def open_bytes(path: Path) -> tuple[IO[bytes], IO[bytes]]:
    """The decompressed stream of a file and the raw one below it, whose position shows the progress.

    A ZIP is opened when it holds exactly one file.

    Raises:
        SourceError: ``no-file``, ``unknown-format`` for a ZIP with several files, ``truncated`` for a broken one.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        reason = "it does not exist" if isinstance(error, FileNotFoundError) else error.strerror or "no access"
        raise SourceError(Problem("no-file", f"The file cannot be opened: {reason}."), path.name) from error
    magic = raw.read(4)
    raw.seek(0)
    if magic[:2] == b"\x1f\x8b":
        return gzip.GzipFile(fileobj=raw), raw  # type: ignore[return-value]
    if magic == b"PK\x03\x04":
        try:
            archive = zipfile.ZipFile(raw)
            members = [item for item in archive.infolist() if not item.is_dir()]
            if len(members) == 1:
                return archive.open(members[0]), raw
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
            raw.close()
            raise truncated(path.name) from error
        raw.close()
        remedy = f"The archive holds {len(members)} files; unpack it and load the one with the figures."
        raise SourceError(Problem("unknown-format", remedy), path.name)
    return raw, raw


def truncated(file_name: str) -> SourceError:
    """The error for a compressed file that stops before its end."""
    return SourceError(
        Problem("truncated", "The compressed file is cut short or damaged; download it again."), file_name
    )


def read_safely(stream: IO[bytes], size: int, file_name: str) -> bytes:
    """Up to ``size`` bytes, with damage in the compression said as a ``SourceError``."""
    try:
        return stream.read(size)
    except (EOFError, zlib.error, zipfile.BadZipFile, gzip.BadGzipFile) as error:
        raise truncated(file_name) from error


def read_head(path: Path, size: int = 1 << 16) -> bytes:
    """The first decompressed bytes of a file."""
    stream, raw = open_bytes(path)
    with raw, stream:
        return read_safely(stream, size, path.name)


def read_blocks(path: Path, file_name: str, size: int = BLOCK_BYTES) -> Iterator[Block]:
    """All lines of a file after its header, in blocks of about ``size`` bytes.

    Raises:
        SourceError: ``truncated`` for damaged compression, ``unknown-format`` for a line that never ends.
    """
    stream, raw = open_bytes(path)
    with raw, stream:
        rest = b""
        line = 1
        while True:
            fresh = read_safely(stream, size, file_name)
            data = rest + fresh
            if fresh:
                end = data.rfind(b"\n") + 1
                data, rest = data[:end], data[end:]
            elif data and not data.endswith(b"\n"):
                data += b"\n"
            if len(rest) > 2 * size:
                raise SourceError(Problem("unknown-format", "A line of this file has no end."), file_name)
            if line == 1 and data:
                start = data.find(b"\n") + 1
                data, line = data[start:], 2
            if data:
                lines = data.count(b"\n")
                yield Block(data, line, lines, raw.tell())
                line += lines
            if not fresh:
                return


def parse_block(
    block: Block, names: Sequence[str], types: dict[str, pa.DataType], delimiter: str, *, quoted: bool, extract: Extract
) -> tuple[pa.Table, np.ndarray]:
    """The wanted columns of a block and the line number of every row.

    Args:
        block: lines of the file.
        names: all columns of the file, in order, each different.
        types: the wanted columns and their types.
        delimiter: one character.
        quoted: whether values may stand in double quotes.
        extract: receives the problems of rows that have the wrong width.

    Raises:
        SourceError: ``not-utf8`` when the text is in another encoding.
        pa.ArrowInvalid: when a value does not fit the type of its column.
    """
    regular = _parse_regular(block.data, names, types, delimiter, quoted)
    if regular is not None and regular.num_rows == block.lines:
        return regular, np.arange(block.first, block.first + block.lines, dtype=np.int64)
    return _parse_by_line(block, names, types, delimiter, quoted, extract)


def _parse_regular(
    data: bytes, names: Sequence[str], types: dict[str, pa.DataType], delimiter: str, quoted: bool
) -> pa.Table | None:
    try:
        return pacsv.read_csv(
            pa.BufferReader(data),
            read_options=pacsv.ReadOptions(column_names=list(names), block_size=len(data) + 1),
            parse_options=pacsv.ParseOptions(delimiter=delimiter, quote_char='"' if quoted else False),
            convert_options=pacsv.ConvertOptions(
                column_types=types, include_columns=list(types), null_values=MISSING, strings_can_be_null=False
            ),
        )
    except pa.ArrowInvalid as error:
        # Rows of the wrong width, nothing but blank lines or another encoding: the walk line by line says which.
        if any(words in str(error) for words in ("CSV parse error", "Empty CSV", "UTF8")):
            return None
        raise


def _parse_by_line(
    block: Block, names: Sequence[str], types: dict[str, pa.DataType], delimiter: str, quoted: bool, extract: Extract
) -> tuple[pa.Table, np.ndarray]:
    try:
        text = block.data.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = block.first + block.data.count(b"\n", 0, error.start)
        problem = Problem("not-utf8", f"Line {bad} is not in UTF-8; save the file as UTF-8.", bad)
        raise SourceError(problem, extract.file_name) from error
    rows: list[list[str]] = []
    numbers: list[int] = []
    for number, full in enumerate(text.split("\n")[:-1], start=block.first):
        line = full.removesuffix("\r")
        if not line:
            continue
        cells = split_line(line, delimiter, quoted)
        if cells is None or len(cells) != len(names):
            found = "an unclosed quote" if cells is None else f"{len(cells)} columns"
            remedy = f"The header has {len(names)} columns, this row has {found}; give it one value for each column."
            extract.problems.append(Problem("wrong-columns", remedy, number, "", shorten(line)))
            continue
        rows.append(cells)
        numbers.append(number)
    columns = {}
    for name, kind in types.items():
        place = names.index(name)
        column = pa.array([row[place] for row in rows], pa.string())
        columns[name] = _convert(column, kind)
    return pa.table(columns), np.array(numbers, dtype=np.int64)


def split_line(line: str, delimiter: str, quoted: bool = True) -> list[str] | None:
    """The cells of one line; None when a quote in it is not closed."""
    if not quoted or '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True))
    except csv.Error:
        return None


def _convert(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if pa.types.is_dictionary(kind):
        return column.dictionary_encode()
    if pa.types.is_floating(kind):
        missing = pc.is_in(column, value_set=pa.array(MISSING))
        return pc.if_else(missing, None, column).cast(kind)
    return column


def check_header(names: Sequence[str], needed: Sequence[str], file_name: str) -> None:
    """Refuse a header in which a needed column is missing, or a dimension has no name or a name twice.

    Raises:
        SourceError: ``missing-column``.
    """
    for name in needed:
        if not name or names.count(name) != 1:
            remedy = f'The header is not as it should be: the column "{shorten(name)}" is missing or there twice.'
            raise SourceError(Problem("missing-column", remedy, 1, shorten(name)), file_name)


def to_numbers(texts: pa.Array, lines: np.ndarray, column: str, extract: Extract) -> tuple[pa.Array, np.ndarray]:
    """Texts as numbers, null where the text says missing, and which rows are good.

    Every text that is no finite number is reported in ``extract.problems`` with its line.

    Returns:
        the values (double) and a mask (bool) of the rows that can be taken; both as long as ``texts``.
    """
    texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
    trimmed = pc.utf8_trim_whitespace(texts)
    empty = pc.is_in(trimmed, value_set=pa.array(MISSING))
    wanted = pc.if_else(empty, None, trimmed)
    try:
        values = wanted.cast(pa.float64())
    except pa.ArrowInvalid:
        values = pa.array([_number(text) for text in wanted.to_pylist()], pa.float64())
    finite = pc.fill_null(pc.is_finite(values), False)
    good = np.asarray(pc.or_(finite, empty))
    for place in np.flatnonzero(~good):
        text = texts[int(place)].as_py()
        extract.problems.append(not_a_number(text, int(lines[place]), column))
    return pc.if_else(pa.array(good), values, None), good


def not_a_number(text: str, line: int | None, column: str) -> Problem:
    """The problem of a value that is no number."""
    remedy = "Write a number with a decimal point and without separators, or leave the cell empty when it is missing."
    return Problem("not-a-number", remedy, line, column, shorten(text))


def _number(text: str | None) -> float | None:
    """A float; None for nothing, infinity (refused behind) for text that is no number."""
    if text is None:
        return None
    try:
        return float(text) if "_" not in text else float("inf")
    except ValueError:
        return float("inf")


def map_dictionary(column: pa.DictionaryArray, change: Callable[[str], str]) -> pa.DictionaryArray:
    """The column with every distinct value changed; equal results share one entry."""
    changed = [change(text) for text in column.dictionary.to_pylist()]
    if changed == column.dictionary.to_pylist():
        return column
    unique = list(dict.fromkeys(changed))
    places = {text: place for place, text in enumerate(unique)}
    moved = np.array([places[text] for text in changed], dtype=np.int32)
    codes = moved[np.asarray(column.indices)] if len(changed) else np.array([], np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(unique, pa.string()))


def one_array(column: pa.ChunkedArray | pa.Array) -> pa.DictionaryArray:
    """A column as one dictionary array with int32 codes."""
    if isinstance(column, pa.Array):
        return column
    if column.num_chunks == 1:
        return column.chunk(0)
    joined = column.unify_dictionaries().combine_chunks()
    return joined if isinstance(joined, pa.Array) else joined.chunk(0)


def constant(text: str, length: int) -> pa.DictionaryArray:
    """A dictionary column that holds one text everywhere."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(length, np.int32)), pa.array([text], pa.string()))


def sorted_letters(text: str) -> str:
    """A flag's letters in alphabetical order, each once: ``ub`` and ``b u`` both become ``bu``."""
    return "".join(sorted({letter for letter in text if letter.isalnum()}))


def confidentiality(flags: str) -> str:
    """The status that the flag ``c`` stands for, where a format has no column of its own for it."""
    return "C" if "c" in flags else ""
