"""What every source returns: one extract, read in chunks so that memory does not grow with the file.

A source only parses. It renames no code, picks no row and sums nothing; meaning is given in ``etl.harmonise``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pyarrow as pa

MEASURES = ("line", "geo", "time", "value", "flags", "conf")
"""Columns of every chunk besides its dimensions, in this order after them."""


@dataclass(frozen=True)
class Problem:
    """A row, or a whole file, that cannot be taken, said so that a person can mend it.

    Attributes:
        reason: short stable code, such as ``not-a-number``, ``unknown-region``, ``duplicate-key``.
        remedy: a sentence that says what would be right.
        line: line of the file (1 is the header), or row of the sheet; None when the whole file is meant.
        column: name of the column; empty when the whole row is meant.
        value: the offending text, shortened.
    """

    reason: str
    remedy: str
    line: int | None = None
    column: str = ""
    value: str = ""


class SourceError(Exception):
    """A file or reply that is not what its source says it is. Carries the problem, the file and no traceback talk."""

    def __init__(self, problem: Problem, file_name: str) -> None:
        super().__init__(f"{file_name}: {problem.remedy}")
        self.problem = problem
        self.file_name = file_name


@dataclass
class Extract:
    """One file or reply of one source.

    Attributes:
        source: code in the catalogue, such as ``eurostat``.
        dataset: the publisher's dataset code in upper case (``TGS00042``), or ``INDICATOR`` when the rows name our own
            indicators in a dimension ``indicator`` (starter files and workbooks).
        dims: names of the dimensions (lower case, no geo, no time), in file order.
        vintage: the publisher's time of this edition, when the file says it.
        file_name: name shown to people.
        path: the bytes that are hashed for the ledger.
        chunks: pyarrow tables with the columns ``*dims`` (dictionary<string>), ``line`` (int64), ``geo``
            (dictionary<string>), ``time`` (dictionary<string>, as published), ``value`` (double, null when missing),
            ``flags`` (dictionary<string>, letters sorted, '' for none), ``conf`` (dictionary<string>, '' for none).
        problems: rows that could not even be parsed; grows while chunks are consumed.
        query: how a live reply was asked for; empty for files.
        title: the dataset's own title, when the file says it.
        size_hint: bytes of the file, for a progress bar; ``consumed`` says how many are behind us.
    """

    source: str
    dataset: str
    dims: tuple[str, ...]
    chunks: Iterator[pa.Table]
    file_name: str
    path: Path
    vintage: datetime | None = None
    problems: list[Problem] = field(default_factory=list)
    query: str = ""
    title: str = ""
    size_hint: int = 0
    consumed: int = 0
