"""National input-output tables as Eurostat publishes them (``naio_10_cp1700``, ``naio_10_cp1750``), as SDMX-CSV.

One file may hold several countries and years. Old and new names of the dimensions are understood. ``stk_flow`` says
whether cells are domestic production (DOM), imports (IMP) or both (TOTAL); the domestic ones are preferred.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from etl.countries import country_code
from etl.pipeline import Progress
from etl.sources.base import SourceError
from etl.sources.blocks import split_line
from etl.sources.eurostat_csv import CODE_AND_LABEL, is_sdmx_csv, read_eurostat_csv
from etl.sources.io_base import Found, Matrix, stop
from etl.sources.io_national import About, domestic_of, industry_labels, national

USED = ("ind_use", "prd_use", "induse", "prod_use")
"""Names of the dimension of columns."""

AVAILABLE = ("ind_ava", "prd_ava", "prod_na", "indava", "prod_ava")
"""Names of the dimension of rows."""

DATASETS = ("NAIO_10_CP1700", "NAIO_10_CP1750")
UNITS = ("MIO_EUR", "MIO_NAC")
"""Best first, where a file has several."""


def is_naio(first_line: str) -> bool:
    """Whether the header of a file is that of SDMX-CSV with the dimensions of an input-output table."""
    if not is_sdmx_csv(first_line):
        return False
    delimiter = next((sign for sign in first_line if sign in ",;\t"), ",")
    names = {cell.split(CODE_AND_LABEL)[0].strip() for cell in split_line(first_line, delimiter) or []}
    return bool(names & set(USED)) and bool(names & set(AVAILABLE))


def read_naio(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found | SourceError]:
    """The tables in a file, one for each country and year.

    Raises:
        SourceError: ``unknown-dataset``, ``not-a-number``, ``duplicate-row``, and what ``national`` raises.
    """
    extract = read_eurostat_csv(path, name)
    if extract.dataset not in DATASETS:
        remedy = f"{extract.dataset or 'This'} is no symmetric table that is known; give {' or '.join(DATASETS)}."
        raise stop("unknown-dataset", remedy, name, 2, "", extract.dataset)
    used, available = (next(dim for dim in extract.dims if dim in names) for names in (USED, AVAILABLE))
    flow = next((dim for dim in extract.dims if dim in ("stk_flow", "stkflow")), "")
    keep = [*filter(None, (flow, "unit")), used, available, "geo", "time", "value", "line"]
    chunks = []
    for chunk in extract.chunks:
        chunks.append(chunk.select(keep))
        if progress is not None:
            progress(extract.consumed, extract.size_hint)
    if extract.problems:
        first = extract.problems[0]
        raise stop(first.reason, first.remedy, name, first.line, first.column, first.value)
    frame = pa.concat_tables(chunks).unify_dictionaries().to_pandas()
    frame = frame.rename(columns={used: "used", available: "available"})
    frame["flow"] = frame[flow].astype(str) if flow else "TOTAL"
    for (geo, time), part in frame.groupby(["geo", "time"], observed=True, sort=True):
        country = country_code(str(geo))
        if country:
            try:
                yield _table(part, country, int(str(time)[:4]), extract.dataset, name, extract.vintage)
            except SourceError as error:
                told = replace(error.problem, remedy=f"{country} {time}: {error.problem.remedy}")
                yield SourceError(told, name)


def _table(part: pd.DataFrame, country: str, year: int, dataset: str, name: str, vintage: object) -> Found:
    units = [str(unit) for unit in part["unit"].unique()]
    unit = next((unit for unit in UNITS if unit in units), units[0])
    one = part[part["unit"] == unit]
    flows = {str(flow): _matrix(cells, name) for flow, cells in one.groupby("flow", observed=True)}
    matrix, notes = domestic_of(flows, name)
    table, warnings = national(matrix, About(country, year, unit, dataset, None, notes), name)
    return Found(table, dataset, vintage, warnings)  # type: ignore[arg-type]


def _matrix(cells: pd.DataFrame, name: str) -> Matrix:
    rows, columns = (_order(cells[side]) for side in ("available", "used"))
    # A product that nobody uses may have no cell in its row; whether that is right, the balance will tell.
    rows, columns = (
        list(dict.fromkeys((*own, *_products(other)))) for own, other in ((rows, columns), (columns, rows))
    )
    down, across = (
        cells[side].astype(str).map({label: place for place, label in enumerate(labels)}).to_numpy(np.int64)
        for side, labels in (("available", rows), ("used", columns))
    )
    keys = down * len(columns) + across
    distinct, first = np.unique(keys, return_index=True)
    if len(distinct) < len(keys):
        place = int(np.setdiff1d(np.arange(len(keys)), first)[0])
        row, column = rows[down[place]], columns[across[place]]
        remedy = f"The cell {row}, {column} stands there twice; leave one."
        raise stop("duplicate-row", remedy, name, int(cells["line"].iloc[place]), column, row)
    values = np.full((len(rows), len(columns)), np.nan)
    values.ravel()[keys] = cells["value"].to_numpy(float)
    return Matrix(rows, columns, values)


def _products(labels: list[str]) -> list[str]:
    return [label for label, code in zip(labels, industry_labels(labels), strict=True) if code]


def _order(labels: pd.Series) -> list[str]:
    return list(dict.fromkeys(labels.astype(str)))
