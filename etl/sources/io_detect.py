"""Which reader takes a file of input-output tables, told by what the file holds."""

from pathlib import Path

from etl.sources.base import SourceError
from etl.sources.blocks import read_head
from etl.sources.io_base import Reader, header_of, text_lines

XLSX = b"PK\x03\x04"


def table_reader(path: Path) -> Reader | None:
    """The reader for a file of input-output tables, or None when it is something else.

    Modules of readers are loaded only for a file that may be theirs: most loads are of figures.
    """
    if not path.is_file():
        return None
    if path.suffix.lower() == ".xlsx":
        return _sheet(path)
    try:
        head = read_head(path)
    except SourceError:
        return None
    if head.lstrip()[:1] in (b"{", b"[", b"<"):
        return None
    return _text(path, text_lines(head))


def _sheet(path: Path) -> Reader | None:
    import zipfile

    # The sheets of a world table are far larger than any workbook's; opening every workbook twice is not needed.
    from etl.sources.io_wiod import is_wiod_sheet, peek_rows, read_wiod_sheet

    try:
        return read_wiod_sheet if is_wiod_sheet(peek_rows(path)) else None
    except (SourceError, zipfile.BadZipFile, KeyError, OSError, ValueError):
        return None


def _text(path: Path, lines: list[str]) -> Reader | None:
    from etl.sources.eurostat_csv import is_sdmx_csv

    first = next((line for line in lines if not line.startswith("#")), "")
    if is_sdmx_csv(first):
        from etl.sources.io_naio import is_naio, read_naio

        return read_naio if is_naio(first) else None
    if max(map(first.count, ",;\t")) < 2 and max(map(lines[min(3, len(lines) - 1)].count, ",;\t")) < 2:
        return None
    header, _, _ = header_of(path)
    from etl.sources.io_figaro import is_figaro_flat, is_figaro_matrix, read_figaro_flat, read_figaro_matrix
    from etl.sources.io_icio import is_icio, read_icio
    from etl.sources.io_wide import is_wide, read_wide
    from etl.sources.io_wiod import is_wiod, is_wiod_sheet, peek_rows, read_wiod_long, read_wiod_sheet

    for recognised, reader in (
        (is_figaro_matrix, read_figaro_matrix),
        (is_figaro_flat, read_figaro_flat),
        (is_wiod, read_wiod_long),
        (is_icio, read_icio),
        (is_wide, read_wide),
    ):
        if recognised(header):
            return reader
    return read_wiod_sheet if is_wiod_sheet(peek_rows(path)) else None
