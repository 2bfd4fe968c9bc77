"""Where the cells stand in a piece of a sheet's XML: found for all of them at once, without an object for each.

Text and attributes of XML hold no ``<``, so every one of them begins a mark; what a cell is shows in the marks that
follow the one that opens it. Comments and the like could hold anything: a piece that has them is not scanned.
"""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

HEAD = re.compile(r'(?: s="(\d+)")?(?: t="(b|d|e|inlineStr|n|s|str)")?\s?(/?)')
"""What stands in the mark of a cell behind its place: style, kind, and whether the cell ends with it."""

DIGITS, LETTERS = "0123456789", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
LAST_ROW = 9_999_999
"""Seven digits; no sheet is so long."""

AHEAD = 5
"""How many marks behind the one that opens a cell are looked at."""


class Unusual(Exception):
    """A sheet is not written as it can be scanned."""


@dataclass(frozen=True)
class Scan:
    """Cells of a piece; arrays have one value for each of them, in their order.

    Attributes:
        rows: number of the row, from 1.
        letters: of the column.
        heads: each style and kind in the piece, '' where a cell says none.
        head: which of them is the cell's.
        valued: which cells hold nothing but a value.
        inline: which hold nothing but a text of their own.
        odd: which hold something else.
    """

    rows: np.ndarray
    letters: pa.Array
    heads: list[tuple[str, str]]
    head: np.ndarray
    valued: np.ndarray
    inline: np.ndarray
    odd: np.ndarray
    _xml: np.ndarray
    _inner: np.ndarray
    _next: np.ndarray
    _closing: np.ndarray

    def values(self, cells: np.ndarray) -> pa.Array:
        """Values of these cells (places), as they are written."""
        return _slices(self._xml, self._inner[cells] + len("<v>"), self._next[cells])

    def texts(self, cells: np.ndarray) -> pa.Array:
        """Texts of these cells (places), each with the mark ``<t>`` before it, which may say more."""
        return _slices(self._xml, self._inner[cells] + len("<is>"), self._closing[cells])

    def inside(self, cell: int) -> str:
        """All that stands in a cell.

        Raises:
            Unusual: the cell does not end before the next one.
        """
        limit = int(self._inner[cell + 1]) if cell + 1 < len(self._inner) else len(self._xml)
        text, closing, _rest = self._xml[int(self._inner[cell]) : limit].tobytes().decode("utf-8").partition("</c>")
        if not closing:
            raise Unusual
        return text


def scanned(xml: bytes) -> Scan | None:
    """The cells of a piece that ends with a row; None where there are none.

    Raises:
        Unusual: it is not written as spreadsheets do.
    """
    data = np.frombuffer(xml, dtype=np.uint8)
    tags = np.flatnonzero(data == ord("<"))
    # Marks by their first four bytes, which the end of a row always has behind it; behind the last one come none.
    names = np.zeros(len(tags) + AHEAD, dtype=np.uint32)
    names[:-AHEAD] = np.lib.stride_tricks.sliding_window_view(data, 4)[tags].view("<u4")[:, 0]
    tags = np.append(tags, np.full(AHEAD, len(data)))
    opens = np.flatnonzero(names == _number("<c r"))
    cells = sum(np.count_nonzero(names & 0xFFFFFF == _number(f"<c{sign}")) for sign in " />\t\r\n")
    if len(opens) != cells or any(np.any(names & 0xFFFF == _number(mark)) for mark in ("<!", "<?")):
        raise Unusual
    if not cells:
        return None
    begin, first = tags[opens] + len('<c r="'), tags[opens + 1]
    marks = _slices(data, begin, first)
    quote, end = (begin + np.asarray(pc.find_substring(marks, sign)) for sign in '">')
    if not np.all((data[begin - 2] == ord("=")) & (data[begin - 1] == ord('"')) & (begin < quote) & (quote < end)):
        raise Unusual
    rows, letters = _places(_slices(data, begin, quote))
    heads = _slices(data, quote + 1, end).dictionary_encode()
    told = [HEAD.fullmatch(one) for one in heads.dictionary.to_pylist()]
    known = [(one[1] or "", one[2] or "") for one in told if one is not None]
    if len(known) < len(told):
        raise Unusual
    head = np.asarray(heads.indices)
    closed = np.array([one is not None and one[3] == "/" for one in told])[head]

    def holds(*wanted: str) -> np.ndarray:
        """Which cells hold these marks and nothing between them but what stands in ``<v>`` or ``<t>``."""
        found, place = ~closed, end + 1
        for step, mark in enumerate(wanted, 1):
            if step == 1 or wanted[step - 2] not in ("<v>", "<t"):
                found &= tags[opens + step] == place
            found &= names[opens + step] & (1 << 8 * min(len(mark), 4)) - 1 == _number(mark[:4])
            place = tags[opens + step] + len(mark)
        return found

    nothing, valued = closed | holds("</c>"), holds("<v>", "</v>", "</c>")
    inline = holds("<is>", "<t", "</t>", "</is>", "</c>")
    odd = ~nothing & ~valued & ~inline
    valued &= tags[opens + 2] > end + len("<v>") + 1
    return Scan(rows, letters, known, head, valued, inline, odd, data, end + 1, tags[opens + 2], tags[opens + 3])


def _places(places: pa.Array) -> tuple[np.ndarray, pa.Array]:
    """Row and letters of places such as ``AB12``."""
    letters = pc.ascii_rtrim(places, DIGITS)
    if not all(re.fullmatch("[A-Z]{1,3}", one) for one in letters.unique().to_pylist()):
        raise Unusual
    rows = np.asarray(pc.ascii_ltrim(places, LETTERS).cast(pa.int64()))
    if rows.max() > LAST_ROW:
        raise Unusual
    return rows, letters


def _number(mark: str) -> int:
    """Up to four bytes as one number."""
    return int.from_bytes(mark.encode("ascii"), "little")


def _slices(data: np.ndarray, begin: np.ndarray, end: np.ndarray) -> pa.Array:
    """Texts that stand in the data one behind the other, from each place to another."""
    offsets = np.stack([begin, end], axis=1).astype(np.int32).ravel()
    # What stands between two of them is a text too, and left out.
    whole = pa.Array.from_buffers(pa.string(), len(offsets) - 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    return whole.take(pa.array(np.arange(0, len(offsets), 2)))
