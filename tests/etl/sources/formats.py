"""The same figures written in each format that Eurostat knows, for tests."""

import csv
import gzip
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from etl.sources.base import Extract

RAW = Path(__file__).resolve().parents[4] / "shared" / "figures" / "raw" / "eurostat"


@dataclass(frozen=True)
class Row:
    """One observation: codes of the dimensions, region, period, number as text ('' missing), flags, confidentiality."""

    codes: tuple[str, ...]
    geo: str
    time: str
    value: str = ""
    flags: str = ""
    conf: str = ""


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def csv1(dataset: str, dims: Sequence[str], rows: Sequence[Row], updated: str = "28/08/26 23:00:00") -> bytes:
    """SDMX-CSV 1.0."""
    head = ["DATAFLOW", "LAST UPDATE", *dims, "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS"]
    lead = [f"ESTAT:{dataset}(1.0)", updated]
    return _csv([head, *([*lead, *row.codes, row.geo, row.time, row.value, row.flags, row.conf] for row in rows)])


def csv1_labels(dataset: str, dims: Sequence[str], rows: Sequence[Row]) -> bytes:
    """SDMX-CSV 1.0 with the label behind the code in the same cell."""
    head = ["DATAFLOW", "LAST UPDATE", *(f"{dim}: Name of {dim}" for dim in dims), "geo: Régió, name"]
    head += ["TIME_PERIOD: Time", "OBS_VALUE: Value", "OBS_FLAG: Flag", "CONF_STATUS: Secret"]
    lines = []
    for row in rows:
        codes = [f"{code}: Label, of {code}" for code in (*row.codes, row.geo)]
        flags = f"{row.flags}: meaning" if row.flags else ""
        conf = f"{row.conf}: meaning" if row.conf else ""
        lines.append([f"ESTAT:{dataset}(1.0): Title", "28/08/26 23:00:00", *codes, row.time, row.value, flags, conf])
    return _csv([head, *lines])


def csv2(dataset: str, dims: Sequence[str], rows: Sequence[Row]) -> bytes:
    """SDMX-CSV 2.0 without labels."""
    head = ["STRUCTURE", "STRUCTURE_ID", *dims, "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS"]
    lead = ["dataflow", f"ESTAT:{dataset}$DEFAULTVIEW(1.0)"]
    return _csv([head, *([*lead, *row.codes, row.geo, row.time, row.value, row.flags, row.conf] for row in rows)])


def csv2_labels(dataset: str, dims: Sequence[str], rows: Sequence[Row]) -> bytes:
    """SDMX-CSV 2.0 with a label column behind each code column."""
    head = ["STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME"]
    for name in (*dims, "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS"):
        head += [name, f"Name of {name}"]
    lines = []
    for row in rows:
        line = ["dataflow", f"ESTAT:{dataset}(1.0)", "Figures, of a kind"]
        for code in (*row.codes, row.geo):
            line += [code, f"Név, {code} – Kärnten"]
        line += [row.time, "", row.value, "", row.flags, "meaning" if row.flags else "", row.conf, ""]
        lines.append(line)
    return _csv([head, *lines])


def tsv(dims: Sequence[str], rows: Sequence[Row], *, old: bool = False) -> bytes:
    """Bulk TSV, new or old; cells that have no row are missing there."""
    periods = sorted({row.time for row in rows}, reverse=old)
    series: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        cell = (row.value or ":") + " " + row.flags + (f" @{row.conf}" if row.conf else "")
        series.setdefault((*row.codes, row.geo), {})[row.time] = cell
    lines = [
        "\t".join([",".join([*dims, "geo"]) + ("\\time" if old else "\\TIME_PERIOD"), *(f"{p} " for p in periods)])
    ]
    lines += ["\t".join([",".join(key), *(cells.get(p, ": ") for p in periods)]) for key, cells in series.items()]
    return ("\n".join(lines) + "\n").encode()


def jsonstat(
    dataset: str, dims: Sequence[str], rows: Sequence[Row], updated: str = "2026-08-28T23:00:00+0200"
) -> bytes:
    """JSON-stat 2.0 with sparse values."""
    names = [*dims, "geo", "time"]
    keys = [(*row.codes, row.geo, row.time) for row in rows]
    axes = [sorted({key[place] for key in keys}) for place in range(len(names))]
    values: dict[str, float | None] = {}
    status: dict[str, str] = {}
    for row, key in zip(rows, keys, strict=True):
        place = 0
        for axis, code in zip(axes, key, strict=True):
            place = place * len(axis) + axis.index(code)
        values[str(place)] = float(row.value) if row.value else None
        if row.flags or row.conf:
            status[str(place)] = row.flags + (f"@{row.conf}" if row.conf else "")
    cube = {
        "version": "2.0",
        "class": "dataset",
        "label": "Figures, of a kind",
        "source": "ESTAT",
        "updated": updated,
        "value": values,
        "status": status,
        "id": names,
        "size": [len(axis) for axis in axes],
        "dimension": {
            name: {"label": name, "category": {"index": {code: place for place, code in enumerate(axis)}}}
            for name, axis in zip(names, axes, strict=True)
        },
        "extension": {"id": dataset},
    }
    return json.dumps(cube).encode()


def zipped(data: bytes) -> bytes:
    """Gzipped bytes that are the same each time."""
    return gzip.compress(data, mtime=0)


Long = tuple[tuple[str, ...], str, str, float | None, str, str]


def read_all(extract: Extract) -> pa.Table:
    """All chunks as one table of plain columns."""
    chunks = list(extract.chunks)
    plain = [
        pa.table(
            {
                name: chunk.column(name).cast(chunk.schema.field(name).type.value_type)
                if pa.types.is_dictionary(chunk.schema.field(name).type)
                else chunk.column(name)
                for name in chunk.column_names
            }
        )
        for chunk in chunks
    ]
    return pa.concat_tables(plain)


def long(extract: Extract, *, speaking: bool = False) -> list[Long]:
    """The extract's rows without lines, sorted; with ``speaking`` only those with a value, a flag or a secret."""
    rows = [
        (tuple(row[dim] for dim in extract.dims), row["geo"], row["time"], row["value"], row["flags"], row["conf"])
        for row in read_all(extract).to_pylist()
    ]
    if speaking:
        rows = [row for row in rows if row[3] is not None or row[4] or row[5]]
    return sorted(rows, key=lambda row: row[:3])


def rows_of(extract: Extract) -> list[Row]:
    """The extract as rows to be written again."""
    return [
        Row(codes, geo, time, "" if value is None else repr(value), flags, conf)
        for codes, geo, time, value, flags, conf in long(extract)
    ]
