"""Look into an XLSX before anything opens it: how large it gets, what it carries, whether its parts are plain XML.

A workbook comes from outside. What could fill the memory, run a program or point elsewhere is refused here with a
sentence; only then does the reader behind see the file.
"""

import re
import zipfile
import zlib
from pathlib import Path

from etl.sources.base import Problem, SourceError

MAX_BYTES = 20 * 1024 * 1024
"""Largest workbook or CSV that is opened."""

MAX_UNPACKED = 100 * 1024 * 1024
"""Bytes of all parts together, as XML: four times a full sheet."""

MAX_RATIO = 200
"""How many times its packed size a part of some size may grow; honest sheets grow 5 to 30 times."""

RATIO_FROM = 4 * 1024 * 1024
"""Parts smaller than this may grow as they like: they are harmless."""

MAX_PARTS = 1000
CHUNK = 1 << 20

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MACRO = re.compile(r"vbaproject\.bin$|/macrosheets/|/dialogsheets/|/activex/", re.IGNORECASE)
_MACRO_ENDINGS = (".xlsm", ".xltm", ".xlam", ".xlsb")
_ENCODING = re.compile(rb"^\s*<\?xml[^>]*encoding\s*=\s*[\"']([A-Za-z0-9._-]+)")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")


def check_size(path: Path, largest: int = MAX_BYTES) -> int:
    """Size of the file in bytes.

    Args:
        path: the file.
        largest: bytes above which it is refused.

    Raises:
        SourceError: ``no-file``, ``empty-file`` or ``too-big``.
    """
    try:
        size = path.stat().st_size
        if path.is_dir():
            raise IsADirectoryError
    except OSError as error:
        raise SourceError(Problem("no-file", "There is no such file, or it may not be read."), path.name) from error
    if size == 0:
        raise SourceError(Problem("empty-file", "The file is empty."), path.name)
    if size > largest:
        remedy = (
            f"The file has {size / 2**20:.0f} MB, at most {largest // 2**20} MB are opened. Delete pictures and"
            " unused sheets, or divide it into several workbooks."
        )
        raise SourceError(Problem("too-big", remedy), path.name)
    return size


def check_archive(path: Path, scale: int = 1) -> None:
    """Refuse a workbook that is no plain XLSX, or that could do harm; does nothing when all is well.

    Args:
        path: the file.
        scale: how many times larger than a ministry's workbook it may be; world input-output tables are larger.

    Raises:
        SourceError: ``no-file``, ``empty-file``, ``too-big``, ``old-or-encrypted``, ``unknown-format``, ``damaged``,
            ``encrypted``, ``zip-bomb``, ``macro``, ``external-link`` or ``entity``.
    """
    check_size(path, MAX_BYTES * scale)
    with path.open("rb") as file:
        magic = file.read(8)
    if magic == OLE:
        raise _refusal(
            path,
            "old-or-encrypted",
            "The file is protected by a password, or it is in the old XLS format. Remove the password and save it as"
            " XLSX (Excel Workbook).",
        )
    if path.suffix.lower() in _MACRO_ENDINGS:
        raise _macro(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_directory(path, archive.infolist(), MAX_UNPACKED * scale)
            for part in archive.infolist():
                _check_part(path, archive, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeError) as error:
        remedy = (
            "The file is no XLSX, or it is damaged or cut short. Open it in a spreadsheet and save it as XLSX again."
        )
        raise _refusal(path, "damaged", remedy) from error


def _check_directory(path: Path, parts: list[zipfile.ZipInfo], largest: int) -> None:
    """What the table of contents alone shows, before any byte is unpacked."""
    names = [part.filename for part in parts]
    unpacked = sum(part.file_size for part in parts)
    grown = [
        part
        for part in parts
        if part.file_size > RATIO_FROM and part.file_size > MAX_RATIO * max(part.compress_size, 1)
    ]
    if unpacked > largest or grown or len(parts) > MAX_PARTS or len(set(names)) < len(names):
        remedy = (
            f"Unpacked, the file would take {unpacked / 2**20:,.0f} MB in {len(parts)} parts, which no workbook needs."
            " Copy the figures into a fresh template."
        )
        raise _refusal(path, "zip-bomb", remedy)
    if any(part.flag_bits & 1 for part in parts):
        raise _refusal(path, "encrypted", "The file is protected by a password. Remove it and save the file again.")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        remedy = "The file is packed in a way that spreadsheets do not use. Open it and save it as XLSX again."
        raise _refusal(path, "unknown-format", remedy)
    if any(_MACRO.search(name) for name in names):
        raise _macro(path)
    if any("/externallinks/" in name.lower() for name in names):
        remedy = (
            "The workbook has links to other workbooks. Break them (Data, Edit Links) and paste the figures as values."
        )
        raise _refusal(path, "external-link", remedy)
    if "[Content_Types].xml" not in names or not any(name.startswith("xl/workbook") for name in names):
        remedy = "The file is no XLSX workbook. Save it from your spreadsheet as XLSX (Excel Workbook)."
        raise _refusal(path, "unknown-format", remedy)


def _check_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Unpack a part once, piece by piece, and refuse what an XML reader could stumble over."""
    before, total = b"", 0
    with archive.open(part) as stream:
        while piece := stream.read(CHUNK):
            if total == 0:
                _check_encoding(path, part.filename, piece)
            total += len(piece)
            joined = before + piece
            if total > part.file_size or any(word in joined for word in _FORBIDDEN):
                raise _entity(path, part.filename)
            before = piece[-16:]


def _check_encoding(path: Path, name: str, beginning: bytes) -> None:
    """Other encodings could hide a declaration from a search for its bytes."""
    if not name.lower().endswith((".xml", ".rels", ".vml")):
        return
    declared = _ENCODING.match(beginning.removeprefix(b"\xef\xbb\xbf")[:200])
    odd = declared is not None and declared[1].lower() not in (b"utf-8", b"us-ascii")
    if odd or b"\0" in beginning[:200]:
        raise _entity(path, name)


def _macro(path: Path) -> SourceError:
    remedy = "The workbook carries macros, which are not opened. Save it as XLSX (Excel Workbook), which has none."
    return _refusal(path, "macro", remedy)


def _entity(path: Path, name: str) -> SourceError:
    remedy = f"Its part {name} declares things that no spreadsheet writes. Copy the figures into a fresh template."
    return _refusal(path, "entity", remedy)


def _refusal(path: Path, reason: str, remedy: str) -> SourceError:
    return SourceError(Problem(reason, remedy), path.name)
