"""SDMX-CSV as Eurostat writes it: version 1.0 (SDMX 2.1 service) and 2.0 (SDMX 3.0 service, data browser).

Labels are dropped, whether they stand in columns of their own or behind the code in the same cell
(``AT11: Burgenland``, the other way that SDMX-CSV 1.0 knows).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import (
    DICTIONARY,
    Block,
    check_header,
    constant,
    map_dictionary,
    one_array,
    parse_block,
    read_blocks,
    read_head,
    shorten,
    sorted_letters,
    split_line,
    to_numbers,
)

LUXEMBOURG = ZoneInfo("Europe/Luxembourg")
"""LAST UPDATE carries no zone; it is the publisher's own clock."""

STRUCTURE = re.compile(r"^(?:[^:]*:)?([A-Za-z0-9_\-]+)(?:\$[^(]*)?(?:\([^)]*\))?")
LEADING = ("STRUCTURE", "STRUCTURE_ID", "STRUCTURE_NAME", "DATAFLOW", "LAST UPDATE")
CODE_AND_LABEL = ": "


@dataclass(frozen=True)
class Layout:
    """Where things stand in a file.

    Attributes:
        names: one different name for each column; the wanted ones carry their meaning.
        dims: the dimensions without geo and time.
        delimiter: comma, semicolon or tab.
        mixed: whether cells hold a code and its label.
    """

    names: tuple[str, ...]
    dims: tuple[str, ...]
    delimiter: str
    mixed: bool

    @property
    def wanted(self) -> set[str]:
        """The columns that are read as text."""
        return {*self.dims, "geo", "time", "flags", "conf", "structure"}

    def has(self, name: str) -> bool:
        """Whether the file has the column."""
        return name in self.names


def is_sdmx_csv(first_line: str) -> bool:
    """Whether a first line is the header of SDMX-CSV."""
    return re.match(r'^"?(DATAFLOW"?[,;\t]|STRUCTURE"?[,;\t]"?STRUCTURE_ID)', first_line) is not None


def read_eurostat_csv(path: Path, name: str = "") -> Extract:
    """The extract in an SDMX-CSV file, plain, gzipped or alone in a ZIP.

    Raises:
        SourceError: ``missing-column``, ``no-rows``, ``unsupported-action``, ``not-utf8``, ``truncated``.
    """
    file_name = name or path.name
    head = read_head(path).decode("utf-8-sig", errors="replace").split("\n")
    layout = _layout(head[0].rstrip("\r"), file_name)
    first = next((line.rstrip("\r") for line in head[1:] if line.strip()), "")
    if not first:
        remedy = "The file has a header and no rows: nothing is published for this query."
        raise SourceError(Problem("no-rows", remedy), file_name)
    cells = dict(zip(layout.names, split_line(first, layout.delimiter) or [], strict=False))
    identity = cells.get("structure", "")
    extract = Extract(
        source="eurostat",
        dataset=dataset_code(identity),
        dims=layout.dims,
        chunks=iter(()),
        file_name=file_name,
        path=path,
        vintage=last_update(cells.get("updated", "")),
        title=cells.get("title", ""),
        size_hint=path.stat().st_size,
    )
    extract.chunks = _chunks(extract, layout, identity)
    return extract


def dataset_code(identity: str) -> str:
    """``ESTAT:NAMA_10R_2GDP$DEFAULTVIEW(1.0)`` -> ``NAMA_10R_2GDP``."""
    match = STRUCTURE.match(identity.strip())
    return match.group(1).upper() if match else ""


def last_update(text: str) -> datetime | None:
    """LAST UPDATE (``28/08/26 23:00:00`` or the date alone, Luxembourg time) as naive UTC; None if unreadable."""
    for pattern in ("%d/%m/%y %H:%M:%S", "%d/%m/%y"):
        try:
            local = datetime.strptime(text.strip(), pattern).replace(tzinfo=LUXEMBOURG)
        except ValueError:
            continue
        return local.astimezone(UTC).replace(tzinfo=None)
    return None


def _layout(header: str, file_name: str) -> Layout:
    delimiter = next((sign for sign in header if sign in ",;\t"), ",")
    raw = split_line(header, delimiter) or []
    mixed = any(CODE_AND_LABEL in cell for cell in raw)
    columns = [cell.split(CODE_AND_LABEL)[0].strip() if mixed else cell.strip() for cell in raw]
    if "ACTION" in columns:
        remedy = "The file carries instructions (column ACTION); save it as data without them."
        raise SourceError(Problem("unsupported-action", remedy, 1, "ACTION"), file_name)
    for wanted in ("geo", "TIME_PERIOD", "OBS_VALUE"):
        if wanted not in columns:
            remedy = f"The column {wanted} is missing; regional figures need geo, TIME_PERIOD and OBS_VALUE."
            raise SourceError(Problem("missing-column", remedy, 1, wanted), file_name)
    start = next(place for place, cell in enumerate(columns) if cell not in LEADING)
    time = columns.index("TIME_PERIOD")
    # Where labels have columns of their own, one follows each code, also the time and the value.
    step = 1 if columns[time + 1] == "OBS_VALUE" else 2
    dims = tuple(cell for cell in columns[start:time:step] if cell != "geo")
    meaning = {
        **{cell: cell for cell in dims},
        "geo": "geo",
        "TIME_PERIOD": "time",
        "OBS_VALUE": "value",
        "OBS_FLAG": "flags",
        "OBS_STATUS": "flags",
        "CONF_STATUS": "conf",
        "STRUCTURE_ID": "structure",
        "DATAFLOW": "structure",
        "STRUCTURE_NAME": "title",
        "LAST UPDATE": "updated",
    }
    names: list[str] = []
    for place, cell in enumerate(columns):
        label = place >= start and step == 2 and (place - start) % 2 == 1
        wanted = meaning.get(cell, "")
        names.append(f"#{place}" if label or not wanted or wanted in names else wanted)
    check_header(names, (*dims, "geo", "time", "value"), file_name)
    return Layout(tuple(names), dims, delimiter, mixed)


def _chunks(extract: Extract, layout: Layout, identity: str) -> Iterator[pa.Table]:
    for block in read_blocks(extract.path, extract.file_name):
        table, lines, values, good = _parse(block, extract, layout)
        extract.consumed = block.position
        if layout.has("structure"):
            good = good & _same_dataset(one_array(table.column("structure")), identity, lines, extract)
        columns = {name: _codes(table, name, layout) for name in (*layout.dims, "geo", "time")}
        empty = constant("", len(lines))
        chunk = pa.table(
            {
                **{name: columns[name] for name in layout.dims},
                "line": pa.array(lines),
                "geo": columns["geo"],
                "time": columns["time"],
                "value": values,
                "flags": map_dictionary(_codes(table, "flags", layout), sorted_letters)
                if layout.has("flags")
                else empty,
                "conf": _codes(table, "conf", layout) if layout.has("conf") else empty,
            }
        )
        yield chunk if good.all() else chunk.filter(pa.array(good))


def _parse(block: Block, extract: Extract, layout: Layout) -> tuple[pa.Table, np.ndarray, pa.Array, np.ndarray]:
    """Table, lines, values and the mask of good rows of a block."""
    texts = dict.fromkeys((name for name in layout.names if name in layout.wanted), DICTIONARY)
    known = len(extract.problems)
    try:
        types = {**texts, "value": pa.float64()}
        table, lines = parse_block(block, layout.names, types, layout.delimiter, quoted=True, extract=extract)
        values = table.column("value").combine_chunks()
        if pc.all(pc.is_finite(values)).as_py() is not False:
            return table, lines, values, np.ones(len(lines), dtype=bool)
    except pa.ArrowInvalid:
        pass
    # Something here is no number: read the block again as text, to say where and to keep the good rows.
    del extract.problems[known:]
    types = {**texts, "value": pa.string()}
    table, lines = parse_block(block, layout.names, types, layout.delimiter, quoted=True, extract=extract)
    values, good = to_numbers(table.column("value"), lines, "OBS_VALUE", extract)
    return table, lines, values, good


def _codes(table: pa.Table, name: str, layout: Layout) -> pa.DictionaryArray:
    column = one_array(table.column(name))
    return map_dictionary(column, lambda text: text.split(CODE_AND_LABEL)[0]) if layout.mixed else column


def _same_dataset(column: pa.DictionaryArray, identity: str, lines: np.ndarray, extract: Extract) -> np.ndarray:
    """Which rows belong to the dataset of the first row; the others are reported, not read as if they did."""
    same = np.array([text == identity for text in column.dictionary.to_pylist()], dtype=bool)
    if same.all():
        return np.ones(len(column), dtype=bool)
    mine = same[np.asarray(column.indices)]
    remedy = f"The file began with {shorten(identity)}; put every dataset in a file of its own."
    for place in np.flatnonzero(~mine):
        text = shorten(column[int(place)].as_py())
        extract.problems.append(Problem("other-dataset", remedy, int(lines[place]), "STRUCTURE_ID", text))
    return mine
