"""What codes mean: which indicator a row belongs to, which region of ours, which year, and what its flags say.

Codes are looked up once a block in its dictionaries, never once a row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import pyarrow as pa
from sqlalchemy import Connection, select

from store.schema import Dataset, Indicator, Region, RegionChange

OUTSIDE = -1
"""The row is about something else: another indicator, another area. It is passed over and counted."""

WRONG = -2
"""The row cannot be right; it goes to quarantine."""

FIRST_YEAR, LAST_YEAR = 1900, 2155
"""Years that a figure may have: 256 of them, so that a year is one byte in the memory of what was seen."""

OWN_ROWS = "INDICATOR"
"""Dataset of files whose rows name our indicators themselves."""

MOST_INDUSTRIES = 40
"""Industries of a series that a remedy lists."""

# SDMX code list CL_OBS_STATUS, version 2.2 (https://sdmx.org/?page_id=3215), for Eurostat's letters
# (https://ec.europa.eu/eurostat/data/database/information, "Available flags"). An observation has one status, so of
# several letters the one that most limits its use wins, in this order; all letters stay in ``flags``.
STATUS = {"b": "B", "d": "D", "e": "E", "s": "E", "i": "I", "f": "F", "p": "P", "u": "U", "n": "N"}
MISSING_STATUS = {"c": "Q", "z": "M"}


def status_of(flags: str, confidential: str, missing: bool) -> str:
    """SDMX OBS_STATUS of one observation.

    Args:
        flags: publisher's letters.
        confidential: ``C`` and the like, '' for none.
        missing: whether there is no value.

    Returns:
        For a value: B break, D definition differs, E estimated, I imputed, F forecast, P provisional, U low
        reliability, N not significant, A none of these. Without a value: Q suppressed, M cannot exist, O missing.
    """
    if missing:
        if confidential:
            return "Q"
        return next((status for letter, status in MISSING_STATUS.items() if letter in flags), "O")
    return next((status for letter, status in STATUS.items() if letter in flags), "A")


def confidential_of(code: str, flags: str) -> str:
    """One letter of confidentiality: the publisher's CONF_STATUS, ``C`` for the flag c, '' when free (``F``)."""
    letter = code.strip().upper()[:1]
    if letter in ("", "F"):
        return "C" if "c" in flags else ""
    return letter


@dataclass(frozen=True)
class Query:
    """Rows of a dataset that belong to an indicator."""

    indicator: int
    filters: dict[str, str]


@dataclass
class Meaning:
    """What the catalogue in the store says about codes, read once a load.

    Attributes:
        indicators: code -> id.
        regions: code -> id.
        queries: dataset -> its queries.
        limits: id -> lowest and highest possible value; minus and plus infinity for none.
        predecessors: region id -> ids of the regions that became it by a split, merge or new code.
        successors: region id -> ids of the regions it became.
        home: indicator id -> its own dataset.
        editions: dataset -> newest edition loaded.
    """

    indicators: dict[str, int]
    regions: dict[str, int]
    queries: dict[str, list[Query]]
    limits: dict[int, tuple[float, float]]
    predecessors: dict[int, list[int]] = field(default_factory=dict)
    successors: dict[int, list[int]] = field(default_factory=dict)
    home: dict[int, str] = field(default_factory=dict)
    editions: dict[str, Any] = field(default_factory=dict)


def read_meaning(connection: Connection) -> Meaning:
    """The meaning of codes as the store's catalogue has it."""
    meaning = Meaning({}, {}, {}, {})
    for row in connection.execute(
        select(
            Indicator.id,
            Indicator.code,
            Indicator.dataset,
            Indicator.filters,
            Indicator.aliases,
            Indicator.lower,
            Indicator.upper,
        )
    ):
        meaning.indicators[row.code] = row.id
        meaning.home[row.id] = row.dataset
        meaning.limits[row.id] = (
            -np.inf if row.lower is None else row.lower,
            np.inf if row.upper is None else row.upper,
        )
        for query in ({"dataset": row.dataset, "filters": row.filters}, *row.aliases):
            meaning.queries.setdefault(query["dataset"], []).append(Query(row.id, query["filters"]))
    meaning.regions.update({row.code: row.id for row in connection.execute(select(Region.id, Region.code))})
    meaning.editions.update(
        {row.code: row.updated for row in connection.execute(select(Dataset.code, Dataset.updated))}
    )
    for change in connection.execute(select(RegionChange.from_code, RegionChange.to_code, RegionChange.kind)):
        before, after = meaning.regions.get(change.from_code), meaning.regions.get(change.to_code)
        # A moved border leaves both regions what they were; only what took another's place can hold its zeros.
        if before is not None and after is not None and before != after and change.kind != "border":
            meaning.predecessors.setdefault(after, []).append(before)
            meaning.successors.setdefault(before, []).append(after)
    return meaning


@dataclass
class Coded:
    """A block of rows in our own numbers. ``indicator``, ``region`` and ``period`` may be OUTSIDE or WRONG.

    Attributes:
        indicator: int64, ids.
        region: int64, ids.
        period: int64, years.
        value: float64, NaN when missing.
        missing: bool; a NaN that is not missing was published as one.
        flags: object array of str.
        flag_count: int64, how many letters.
        status: object array of str.
        confidential: object array of str.
        line: int64, in the file.
        geo: the region as published: places, and texts.
        time: the year as published: places, and texts.
        name: the indicator as published, for rows that name it: places, and texts.
    """

    indicator: np.ndarray
    region: np.ndarray
    period: np.ndarray
    value: np.ndarray
    missing: np.ndarray
    flags: np.ndarray
    flag_count: np.ndarray
    status: np.ndarray
    confidential: np.ndarray
    line: np.ndarray
    geo: tuple[np.ndarray, list[str]]
    time: tuple[np.ndarray, list[str]]
    name: tuple[np.ndarray, list[str]] | None


def code_block(block: pa.Table, dims: Sequence[str], dataset: str, meaning: Meaning) -> Coded:
    """Put a block of an extract into our own numbers."""
    geo, time = _places(block["geo"]), _places(block["time"])
    flags, conf = _places(block["flags"]), _places(block["conf"])
    number = block["value"].combine_chunks()
    missing = number.is_null().to_numpy(zero_copy_only=False)
    value = np.where(missing, np.nan, number.to_numpy(zero_copy_only=False))
    own = dataset == OWN_ROWS
    name = _places(block["indicator"]) if own else None
    if name is not None:
        indicator = _lookup(name, [meaning.indicators.get(code, WRONG) for code in name[1]])
    else:
        indicator = _indicators(
            {dim: _places(block[dim]) for dim in dims}, meaning.queries.get(dataset, []), len(missing)
        )
    confidential, status = _standing(flags, conf, missing)
    return Coded(
        indicator=indicator,
        region=_lookup(geo, [region_id(code, meaning, own) for code in geo[1]]),
        period=_lookup(time, [year_of(text) for text in time[1]]),
        value=value,
        missing=missing,
        flags=_lookup(flags, flags[1], object),
        flag_count=_lookup(flags, [len(letters) for letters in flags[1]]),
        status=status,
        confidential=confidential,
        line=block["line"].to_numpy(),
        geo=geo,
        time=time,
        name=name,
    )


def region_id(code: str, meaning: Meaning, own: bool) -> int:
    """Id of a region; OUTSIDE for what a publisher says of other areas; WRONG for a slip.

    In a file of one's own nobody means regions outside our area, so there an unknown code is a slip.
    """
    known = meaning.regions.get(code)
    if known is not None:
        return known
    return WRONG if own or near_region(code, meaning) else OUTSIDE


def near_region(code: str, meaning: Meaning) -> str:
    """The code that Eurostat uses for what ISO calls otherwise (GR is EL), or '' when this is no such slip."""
    meant = "EL" + code[2:] if code.startswith("GR") else ""
    return meant if meant in meaning.regions else ""


def region_remedy(code: str, meaning: Meaning) -> str:
    """What would be right instead of an unknown region code."""
    meant = near_region(code, meaning)
    if meant:
        return f"Eurostat writes Greece as EL, not GR: use {meant}."
    if code.startswith("GB"):
        return f"Eurostat writes the United Kingdom as UK, not GB; use UK{code[2:]} if the catalogue has it."
    near = get_close_matches(code.upper(), meaning.regions, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"The catalogue has no region of this code.{hint}"


def indicator_remedy(code: str, meaning: Meaning) -> str:
    """What would be right instead of an unknown indicator code."""
    series, mark, industry = code.partition(":")
    known = [one.partition(":")[2] for one in meaning.indicators if one.startswith(f"{series}:")] if mark else []
    if known:
        listed = ", ".join(known[:MOST_INDUSTRIES]) + (" …" if len(known) > MOST_INDUSTRIES else "")
        return f"The series {series} has no industry {industry}; it has {listed}."
    near = get_close_matches(code.lower(), [one for one in meaning.indicators if ":" not in one], n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    return f"The catalogue has no indicator of this code.{hint}"


def year_of(text: str) -> int:
    """A calendar year such as 2014; WRONG for quarters, months, ranges and anything else."""
    if not re.fullmatch(r"[0-9]{4}", text):
        return WRONG
    year = int(text)
    return year if FIRST_YEAR <= year <= LAST_YEAR else WRONG


def _places(column: pa.ChunkedArray) -> tuple[np.ndarray, list[str]]:
    """A dictionary column as places and texts; an empty cell is the text ''."""
    array = column.unify_dictionaries().combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if isinstance(array, pa.ChunkedArray):
        array = array.chunk(0) if array.num_chunks else pa.array([], pa.dictionary(pa.int32(), pa.string()))
    texts = ["" if text is None else text for text in array.dictionary.to_pylist()]
    places = array.indices.fill_null(len(texts)).to_numpy(zero_copy_only=False).astype(np.int64)
    return places, [*texts, ""]


def _lookup(places: tuple[np.ndarray, list[str]], meanings: Sequence[Any], dtype: Any = np.int64) -> np.ndarray:
    return np.array(meanings, dtype=dtype)[places[0]]


def _indicators(dims: dict[str, tuple[np.ndarray, list[str]]], queries: list[Query], rows: int) -> np.ndarray:
    """Indicator of each row; OUTSIDE when no query asks for it.

    Of one indicator's queries those count that name the most of the file's dimensions, so that a spelling made for an
    older edition with fewer dimensions does not pick up totals and parts alike in a newer one.
    """
    usable: dict[int, list[Query]] = {}
    for query in queries:
        if set(query.filters) <= set(dims):
            usable.setdefault(query.indicator, []).append(query)
    result = np.full(rows, OUTSIDE, dtype=np.int64)
    annual = np.ones(rows, dtype=bool)
    if "freq" in dims:
        places, texts = dims["freq"]
        annual = np.array([text in ("A", "") for text in texts])[places]
    # Only as many passes over the rows as there are different filters: a filter is shared by many indicators.
    remembered: dict[tuple[str, str], np.ndarray] = {}

    def where(dim: str, code: str) -> np.ndarray:
        if (dim, code) not in remembered:
            places, texts = dims[dim]
            remembered[dim, code] = np.array([text == code for text in texts])[places]
        return remembered[dim, code]

    for indicator, candidates in usable.items():
        most = max(len(query.filters) for query in candidates)
        for query in candidates:
            if len(query.filters) < most or any(code not in dims[dim][1] for dim, code in query.filters.items()):
                continue
            match = annual.copy()
            for dim, code in query.filters.items():
                match &= where(dim, code)
            result[match] = indicator
    return result


def _standing(
    flags: tuple[np.ndarray, list[str]], conf: tuple[np.ndarray, list[str]], missing: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Confidentiality and status of each row, worked out once for each combination that occurs."""
    wide = len(conf[1])
    pair = flags[0] * wide + conf[0]
    letters = np.array([confidential_of(code, letters) for letters in flags[1] for code in conf[1]], dtype=object)
    status = np.array(
        [
            status_of(flag, confidential_of(code, flag), gone)
            for flag in flags[1]
            for code in conf[1]
            for gone in (False, True)
        ],
        dtype=object,
    )
    return letters[pair], status[pair * 2 + missing]
