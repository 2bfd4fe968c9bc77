"""Write scenario tables in the format of the IAMC, so that reading them again gives the same figures."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pacsv

from etl.sources.iamc import FIRST_YEAR, KEYS, LAST_YEAR, SHEET


def write_iamc(
    table: pa.Table, path: Path, *, layout: Literal["wide", "long"] = "wide", comments: Sequence[str] = ()
) -> None:
    """Write rows as CSV or, when the name ends in ``.xlsx``, as the sheet ``data`` of a workbook.

    Figures are written with as many digits as they need to come back the same. In the wide layout the years ascend and
    the series stand in the order in which they first appear; a year without a figure is an empty cell.

    Args:
        table: model, scenario, region, variable, unit, year, value; further columns are left out. Nulls in ``value``
            are missing figures.
        path: the file; replaced when it is there.
        layout: ``wide`` (one column a year) or ``long`` (Year and Value).
        comments: lines put before the header, each behind ``#``.

    Raises:
        ValueError: a key that is empty, has blanks at its ends or a line break; a year of other than four digits; an
            infinite value; a key and year that stand twice. Nothing is written then.
    """
    rows = _checked(table)
    shown = _wide(rows) if layout == "wide" else rows.rename_columns([name.title() for name in rows.column_names])
    lines = [f"# {line}" for text in comments for line in text.splitlines()]
    if path.suffix.lower() == ".xlsx":
        _write_sheet(shown, path, lines)
        return
    with path.open("wb") as stream:
        stream.write("".join(f"{line}\n" for line in lines).encode())
        pacsv.write_csv(shown, stream)


def _checked(table: pa.Table) -> pa.Table:
    columns = {name: table.column(name).cast(pa.string()) for name in KEYS}
    for name, column in columns.items():
        for text in pc.unique(column).to_pylist():
            if not text or text != text.strip() or len(text.splitlines()) > 1 or "\x00" in text:
                raise ValueError(f"{name} {text!r}: a name must not be empty, end in blanks or have a line break")
    years = table.column("year").cast(pa.int32())
    if len(years) and (pc.min(years).as_py() < FIRST_YEAR or pc.max(years).as_py() > LAST_YEAR):
        raise ValueError(f"years must lie between {FIRST_YEAR} and {LAST_YEAR}")
    values = table.column("value").cast(pa.float64())
    values = pc.if_else(pc.is_nan(values), None, values)
    if pc.any(pc.is_inf(values)).as_py():
        raise ValueError("an infinite value cannot be written")
    rows = pa.table({**columns, "year": years, "value": values})
    if rows.group_by([*KEYS, "year"]).aggregate([]).num_rows < rows.num_rows:
        raise ValueError("model, scenario, region, variable, unit and year stand twice; keep one of them")
    return rows


def _wide(rows: pa.Table) -> pa.Table:
    years = np.unique(rows.column("year").to_numpy())
    frame = rows.select(list(KEYS)).to_pandas()
    series = frame.groupby(list(KEYS), sort=False).ngroup().to_numpy()
    first = pd.Series(series).drop_duplicates().index.to_numpy()
    cells = np.full((len(first), len(years)), np.nan)
    place = np.searchsorted(years, rows.column("year").to_numpy())
    cells[series, place] = rows.column("value").to_numpy()
    columns: dict[str, Any] = {name.title(): rows.column(name).take(pa.array(first, pa.int64())) for name in KEYS}
    for number, year in enumerate(years):
        columns[str(year)] = pa.array(cells[:, number], pa.float64(), from_pandas=True)
    return pa.table(columns)


def _write_sheet(shown: pa.Table, path: Path, lines: Sequence[str]) -> None:
    import openpyxl
    from openpyxl.cell import WriteOnlyCell

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)

    def as_text(content: str, kind: str = "s") -> WriteOnlyCell:
        # Said to be text, or a name that begins with "=" would become a formula.
        cell = WriteOnlyCell(sheet, content)
        cell.data_type = kind
        return cell

    def content(cell: Any) -> Any:
        if isinstance(cell, str):
            return as_text(cell)
        # Numbers are written with 16 digits, some doubles need 17: those are handed over in writing.
        return as_text(repr(cell), "n") if isinstance(cell, float) and float(f"{cell:.16g}") != cell else cell

    for line in lines:
        sheet.append([as_text(line)])
    # A year is a number in a spreadsheet, so that it can be sorted and drawn.
    sheet.append([int(name) if name.isdigit() else as_text(name) for name in shown.column_names])
    for batch in shown.to_batches(max_chunksize=4096):
        for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            sheet.append([content(cell) for cell in row])
    book.save(path)
