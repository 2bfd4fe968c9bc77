"""Exports by country and product beside the database: one compressed file for each dataset and year.

The file is Parquet, one row for each exporter and product with a value, and is named by the SHA-256 of its bytes, like
those of input-output tables (``store.tables``), with which it shares the folder and the sweep.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import parquet
from scipy import sparse
from sqlalchemy import Connection, insert, select, update

from store.schema import StoredTable
from store.tables import TableFileError, Written, write_once

META = b"polisee:trade"
FORMAT = 1


@dataclass(frozen=True, eq=False)
class TradeTable:
    """Exports of one year.

    Attributes:
        name: what people call it, such as ``BACI HS92 2022``.
        year: its year.
        unit: unit of all values, ``USD``.
        classification: of the products, such as ``HS92``.
        digits: digits of the products' codes.
        exporters: codes of countries, sorted (EL, UK; former states have three letters), length R.
        products: codes, sorted, length C.
        values: R x C, sparse. What is not there was not reported or is zero: sources of trade do not tell these apart.
        names: names of products, as far as the file gave them, in English.
    """

    name: str
    year: int
    unit: str
    classification: str
    digits: int
    exporters: tuple[str, ...]
    products: tuple[str, ...]
    values: sparse.csr_array
    names: dict[str, str] = field(default_factory=dict)

    def frame(self, digits: int | None = None) -> pd.DataFrame:
        """The values as a dense frame, exporters x products, zero where nothing is there.

        Args:
            digits: sum products to their first digits; all of them without a number.
        """
        if digits is None or digits >= self.digits:
            return pd.DataFrame(self.values.toarray(), list(self.exporters), list(self.products))
        short = [product[:digits] for product in self.products]
        groups = sorted(set(short))
        places = {group: place for place, group in enumerate(groups)}
        to = sparse.csr_array(
            (np.ones(len(short)), (np.arange(len(short)), [places[group] for group in short])),
            shape=(len(short), len(groups)),
        )
        return pd.DataFrame((self.values @ to).toarray(), list(self.exporters), groups)


def write_trade(folder: Path, table: TradeTable) -> Written:
    """Write a table of trade under the hash of its bytes; a crash leaves no half a file under that name."""
    meta = {
        "format": FORMAT,
        **{name: getattr(table, name) for name in ("name", "year", "unit", "classification", "digits", "names")},
        "exporters": list(table.exporters),
        "products": list(table.products),
    }
    cells = table.values.tocoo()
    order = np.lexsort((cells.col, cells.row))
    body = pa.table(
        {
            "exporter": pa.array(cells.row[order].astype(np.int16)),
            "product": pa.array(cells.col[order].astype(np.int16)),
            "value": pa.array(cells.data[order].astype(np.float64)),
        }
    ).replace_schema_metadata({META: json.dumps(meta, sort_keys=True).encode()})
    how: dict[str, Any] = {"compression": "zstd", "compression_level": 3, "write_statistics": False}
    return write_once(folder, lambda path: parquet.write_table(body, path, **how))


def open_trade(path: Path) -> TradeTable:
    """The table of trade in a file that ``write_trade`` wrote.

    Raises:
        TableFileError: the file is missing, damaged or of a later format.
    """
    try:
        body = parquet.read_table(path)
        meta = json.loads((body.schema.metadata or {})[META])
    except FileNotFoundError:
        raise TableFileError(f"The table of trade {path.name} is missing; load it again.") from None
    except (pa.ArrowException, KeyError, ValueError, OSError) as error:
        raise TableFileError(f"The table of trade {path.name} cannot be read; load it again.") from error
    if meta.pop("format") != FORMAT:
        raise TableFileError(f"{path.name} was written by a later version of PoliSEE; load the table again.")
    exporters, products = tuple(meta.pop("exporters")), tuple(meta.pop("products"))
    columns = [body.column(name).to_numpy() for name in ("exporter", "product", "value")]
    values = sparse.csr_array((columns[2], (columns[0], columns[1])), shape=(len(exporters), len(products)))
    return TradeTable(exporters=exporters, products=products, values=values, **meta)


def stored_trade(connection: Connection, dataset: str, year: int) -> dict[str, Any] | None:
    """The row of a dataset's table of a year, or None."""
    query = select(StoredTable.__table__).where(
        StoredTable.kind == "trade", StoredTable.dataset == dataset, StoredTable.year == year
    )
    found = connection.execute(query).mappings().one_or_none()
    return None if found is None else dict(found)


def put_trade(
    connection: Connection,
    table: TradeTable,
    dataset: str,
    written: Written,
    checks: dict[str, Any],
    vintage: datetime | None,
    load_id: int,
) -> None:
    """Write what a table is, in the place of the earlier one of its dataset and year. Runs in a write transaction."""
    values = {
        "kind": "trade",
        "dataset": dataset,
        "country": "",
        "year": table.year,
        "name": table.name,
        "classification": table.classification,
        "unit": table.unit,
        "vintage": vintage,
        # Five thousand codes of products would make every list of tables heavy; they stand in the file.
        "layout": {
            "countries": list(table.exporters),
            "industries": [],
            "products": len(table.products),
            "digits": table.digits,
        },
        "checks": checks,
        "digest": written.digest,
        "file": written.file,
        "bytes": written.bytes,
        "load_id": load_id,
    }
    there = stored_trade(connection, dataset, table.year)
    if there is None:
        connection.execute(insert(StoredTable), values)
    else:
        connection.execute(update(StoredTable).where(StoredTable.id == there["id"]).values(**values))
