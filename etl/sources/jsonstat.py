"""JSON-stat 2.0 as Eurostat's statistics service writes it: a cube, mostly sparse, in row-major order.

A cell that the file does not mention is absent; a cell that it mentions as null, or only with a status, is delivered
with a null value. The whole document is held in memory: JSON cannot be read in pieces, and the service refuses
queries that would make it large.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pyarrow as pa

from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import confidentiality, not_a_number, open_bytes, read_safely, sorted_letters
from etl.sources.eurostat_tsv import dataset_of_file

ROWS = 200_000
"""Rows in a chunk."""
TIME_NAMES = ("time", "TIME_PERIOD", "TIME")


def read_jsonstat(path: Path, name: str = "") -> Extract:
    """The extract in a JSON-stat 2.0 dataset, plain, gzipped or alone in a ZIP. A line is the cell's place in the cube
    plus one, as JSON has no lines.

    Raises:
        SourceError: ``unknown-format`` for broken or other JSON, ``missing-column`` without time or geo, ``no-rows``.
    """
    file_name = name or path.name
    stream, raw = open_bytes(path)
    with raw, stream:
        text = read_safely(stream, -1, file_name)
    try:
        cube = orjson.loads(text.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        remedy = f"The JSON is damaged or cut short near line {error.lineno}; download it again."
        raise SourceError(Problem("truncated", remedy, error.lineno), file_name) from error
    try:
        names, codes = _axes(cube)
        cells, values, flags, problems = _cells(cube, [len(axis) for axis in codes])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        remedy = f"This is not a JSON-stat 2.0 dataset as it should be ({type(error).__name__}: {error})."
        raise SourceError(Problem("unknown-format", remedy), file_name) from error
    time, geo = _role(cube, names, "time", TIME_NAMES), _role(cube, names, "geo", ("geo",))
    for place, wanted in ((time, "time"), (geo, "geo")):
        if place is None:
            remedy = f"The dimension {wanted} is missing; regional figures need geo and time."
            raise SourceError(Problem("missing-column", remedy, None, wanted), file_name)
    if not len(cells):
        remedy = "The reply holds no values: nothing is published for this query."
        raise SourceError(Problem("no-rows", remedy), file_name)
    size = path.stat().st_size
    extract = Extract(
        source="eurostat",
        dataset=str((cube.get("extension") or {}).get("id") or dataset_of_file(file_name)).upper(),
        dims=tuple(axis.lower() for place, axis in enumerate(names) if place not in (time, geo)),
        chunks=iter(()),
        file_name=file_name,
        path=path,
        vintage=updated(str(cube.get("updated", ""))),
        problems=problems,
        title=str(cube.get("label", "")),
        size_hint=size,
    )
    meaning = ["time" if place == time else "geo" if place == geo else axis.lower() for place, axis in enumerate(names)]
    extract.chunks = _chunks(extract, meaning, codes, cells, values, flags)
    return extract


def is_jsonstat(document: Any) -> bool:
    """Whether a parsed JSON document is a JSON-stat dataset."""
    return isinstance(document, dict) and "dimension" in document and "id" in document and "size" in document


def updated(text: str) -> datetime | None:
    """An ISO time, with or without offset, as naive UTC; None if unreadable."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment


def _axes(cube: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Names of the dimensions and their codes, both in the cube's order."""
    names = [str(name) for name in cube["id"]]
    codes = [_codes(cube["dimension"][name]["category"]) for name in names]
    sizes = [int(size) for size in cube["size"]]
    if [len(axis) for axis in codes] != sizes:
        raise ValueError(f"size {sizes} differs from the number of codes {[len(axis) for axis in codes]}")
    return names, codes


def _codes(category: dict[str, Any]) -> list[str]:
    index = category.get("index")
    if index is None:
        # Allowed for a dimension of one category, which then has a label only.
        return [str(code) for code in category["label"]]
    return [str(code) for code in (index if isinstance(index, list) else sorted(index, key=index.__getitem__))]


def _role(cube: dict[str, Any], names: list[str], role: str, usual: tuple[str, ...]) -> int | None:
    named = (cube.get("role") or {}).get(role) or []
    return next((names.index(name) for name in (*named, *usual) if name in names), None)


def _cells(cube: dict[str, Any], sizes: list[int]) -> tuple[np.ndarray, np.ndarray, list[str], list[Problem]]:
    """Places in the cube, values (NaN for missing) and statuses of all cells that the file mentions."""
    whole = int(np.prod(sizes, dtype=np.int64))
    values = _by_place(cube.get("value") or {}, whole)
    status = cube.get("status") or {}
    states = dict.fromkeys(values, status) if isinstance(status, str) else _by_place(status, whole)
    states = {place: state for place, state in states.items() if state is not None}
    places = sorted(values.keys() | states.keys())
    problems: list[Problem] = []
    good: list[int] = []
    numbers: list[float] = []
    for place in places:
        value = values.get(place)
        if value is None or value == ":":
            number = np.nan
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value)
        else:
            problems.append(not_a_number(str(value), place + 1, "value"))
            continue
        good.append(place)
        numbers.append(number)
    flags = [str(states.get(place, "")) for place in good]
    return np.array(good, dtype=np.int64), np.array(numbers, dtype=np.float64), flags, problems


def _by_place(cells: Any, whole: int) -> dict[int, Any]:
    """A list or a dict keyed by place, as a dict with whole keys inside the cube."""
    pairs = enumerate(cells) if isinstance(cells, list) else cells.items()
    found = {int(place): value for place, value in pairs}
    outside = [place for place in found if not 0 <= place < whole]
    if outside:
        raise IndexError(f"cell {outside[0]} lies outside a cube of {whole} cells")
    return found


def _chunks(
    extract: Extract, names: list[str], codes: list[list[str]], cells: np.ndarray, values: np.ndarray, flags: list[str]
) -> Iterator[pa.Table]:
    sizes = [len(axis) for axis in codes]
    for start in range(0, len(cells), ROWS):
        part = slice(start, start + ROWS)
        columns = {
            name: pa.DictionaryArray.from_arrays(pa.array(place.astype(np.int32)), pa.array(axis, pa.string()))
            for name, axis, place in zip(names, codes, np.unravel_index(cells[part], sizes), strict=True)
        }
        states = [_status(text) for text in flags[part]]
        extract.consumed = extract.size_hint * min(start + ROWS, len(cells)) // len(cells)
        yield pa.table(
            {
                **{name: columns[name] for name in extract.dims},
                "line": pa.array(cells[part] + 1),
                "geo": columns["geo"],
                "time": columns["time"],
                "value": pa.array(values[part], mask=np.isnan(values[part])),
                "flags": pa.array([state[0] for state in states], pa.string()).dictionary_encode(),
                "conf": pa.array([state[1] for state in states], pa.string()).dictionary_encode(),
            }
        )


def _status(text: str) -> tuple[str, str]:
    """``bu`` -> flags; letters behind an at sign tell confidentiality, as in TSV."""
    letters, _, secret = text.partition("@")
    flags = sorted_letters(letters)
    return flags, secret.strip() or confidentiality(flags)
