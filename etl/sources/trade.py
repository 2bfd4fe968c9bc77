"""Trade by country, product and year as long CSV, in the layouts of UN Comtrade, BACI and the Growth Lab's Atlas.

All three say who exports what, each in columns of its own. They are read in blocks, as texts, with what is needed to
pick the rows of exports and to sum them behind; nothing is picked or summed here.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa

from etl.sources.base import Extract, Problem, SourceError
from etl.sources.blocks import (
    DICTIONARY,
    Block,
    one_array,
    parse_block,
    read_blocks,
    read_head,
    split_line,
    to_numbers,
)

VERSIONS = {"92": "H0", "96": "H1", "02": "H2", "07": "H3", "12": "H4", "17": "H5", "22": "H6"}
"""Revisions of the Harmonised System by their year, and what UN Comtrade calls them."""

CLASSIFICATIONS = {
    **{code: f"HS{year}" for year, code in VERSIONS.items()},
    **{f"S{number}": f"SITC{number}" for number in (1, 2, 3, 4)},
}
"""UN Comtrade's codes of classifications and ours."""

KNOWN = frozenset(CLASSIFICATIONS.values())

LAYOUTS: dict[str, dict[str, tuple[str, ...]]] = {
    "baci": {"year": ("t",), "exporter": ("i",), "partner": ("j",), "product": ("k",), "value": ("v",)},
    "comtrade": {
        "year": ("refyear", "year", "period"),
        "period": ("period",),
        "exporter": ("reportercode", "reporteriso"),
        "partner": ("partnercode", "partneriso"),
        "product": ("cmdcode", "commoditycode"),
        "value": ("primaryvalue", "tradevalueus", "tradevalueusd", "tradevalue"),
        "flow": ("flowcode", "tradeflowcode", "flowdesc", "tradeflow"),
        "frequency": ("freqcode",),
        "classification": ("classificationcode", "classification"),
        "second_partner": ("partner2code", "2ndpartnercode"),
        "procedure": ("customscode", "customsproccode"),
        "transport": ("motcode", "modeoftransportcode"),
        "supply": ("moscode",),
        "name": ("cmddesc", "commodity"),
    },
    "atlas": {
        "year": ("year",),
        "exporter": (
            "countryiso3code",
            "exporteriso3code",
            "locationcode",
            "exportercode",
            "exporter",
            "origin",
            "countrycode",
            "countryid",
            "locationid",
        ),
        "partner": ("partneriso3code", "partnercountryiso3code", "partnercode", "importer", "destination", "partnerid"),
        "product": (),
        "value": ("exportvalue", "exportval"),
        "name": ("productname", "hsproductnameshorten", "sitcproductnameshorten"),
    },
}
"""Columns of each layout by what they hold; names are compared in lower case, letters and digits alone."""

SOURCES = {"baci": "cepii", "comtrade": "comtrade", "atlas": "growth_lab"}
"""Publishers in the catalogue by layout."""

NEEDED = ("year", "exporter", "product", "value")
_PRODUCT = re.compile(r"^(?:product|)(hs|sitc)(\d{0,4})(?:product|)(?:code|)$|^(product)(?:code|)$")


@dataclass(frozen=True)
class Layout:
    """What the header of a file says.

    Attributes:
        kind: ``baci``, ``comtrade`` or ``atlas``.
        names: all columns in order, each different.
        places: name of the column by what it holds (``exporter``, ``product``, …).
        delimiter: one character.
        classification: of the products, where a column's name says it, else ''.
    """

    kind: str
    names: tuple[str, ...]
    places: dict[str, str]
    delimiter: str
    classification: str = ""


@dataclass
class TradeExtract(Extract):
    """A file of trade.

    ``chunks`` have the columns ``line`` (int64), ``year``, ``exporter``, ``product`` (dictionary<string>, as published)
    and ``value`` (double, null when missing), and those of ``dims`` that the file has: ``partner``, ``flow``,
    ``frequency``, ``period``, ``classification``, ``second_partner``, ``procedure``, ``transport``, ``supply``,
    ``name``.

    Attributes:
        classification: of the products, where the whole file has one (``HS92``, ``SITC2``); '' when rows say it.
        scale: US dollars that one unit of ``value`` is worth.
    """

    classification: str = ""
    scale: float = 1.0
    layout: Layout = field(default_factory=lambda: Layout("", (), {}, ","))


def is_trade(first_line: str) -> bool:
    """Whether a first line is the header of a file of trade by country and product."""
    return find_layout(first_line) is not None


def trade_file(path: Path) -> str:
    """What a file is: ``trade``, ``names`` (a list that BACI brings along), or '' when it is neither or unreadable."""
    try:
        first = read_head(path).decode("utf-8-sig", errors="replace").split("\n", maxsplit=1)[0]
    except SourceError:
        return ""
    return "trade" if is_trade(first) else "names" if is_names(first) else ""


def find_layout(first_line: str) -> Layout | None:
    """The layout that a header follows, or None."""
    line = first_line.removeprefix("﻿").rstrip("\r\n")
    delimiter = max(",\t;", key=line.count)
    cells = split_line(line, delimiter) or []
    plain = [re.sub(r"[^a-z0-9]", "", cell.lower()) for cell in cells]
    for kind, columns in LAYOUTS.items():
        if kind == "baci" and plain[:1] != ["t"]:
            continue
        places = {
            what: cells[plain.index(name)]
            for what, names in columns.items()
            for name in [next((name for name in names if name in plain), "")]
            if name
        }
        classification = ""
        if kind == "atlas":
            product, classification = _product(plain)
            places |= {"product": cells[plain.index(product)]} if product else {}
        if all(what in places for what in NEEDED):
            names = tuple(cell if cells.index(cell) == place else f"#{place}" for place, cell in enumerate(cells))
            return Layout(kind, names, places, delimiter, classification)
    return None


def _product(plain: Sequence[str]) -> tuple[str, str]:
    """The column of products of an Atlas file, and the classification that its name gives ('' for none)."""
    for name in sorted(plain, key=lambda name: not name.endswith("code")):
        found = _PRODUCT.match(name)
        if found:
            kind, version, _ = found.groups()
            if kind == "sitc":
                # The Growth Lab publishes SITC in its second revision alone.
                return name, "SITC2"
            year = (version or "")[-2:]
            return name, f"HS{year}" if kind and f"HS{year}" in KNOWN else ""
    return "", ""


def named_classification(text: str) -> str:
    """The classification that a file's name or a person says (``HS92``, ``hs2017``, ``SITC Rev. 2``, ``H5``), or ''."""
    upper = text.upper()
    found = re.search(r"(?<![A-Z0-9])HS[ _-]?(?:19|20)?(\d\d)(?!\d)", upper)
    if found and found.group(1) in VERSIONS:
        return f"HS{found.group(1)}"
    found = re.search(r"(?<![A-Z0-9])SITC[ _-]*(?:REV\.?|R)?[ _-]*([1-4])(?!\d)", upper)
    if found:
        return f"SITC{found.group(1)}"
    found = re.search(r"(?<![A-Z0-9])(H[0-6]|S[1-4])(?![A-Z0-9])", upper)
    return CLASSIFICATIONS[found.group(1)] if found else ""


def read_trade(path: Path, name: str = "", classification: str = "") -> TradeExtract:
    """The extract in a file of trade.

    Args:
        path: CSV or TSV, plain, gzipped or alone in a ZIP.
        name: the name shown to people and read for classification and edition (``BACI_HS92_Y2022_V202401.csv``);
            the file's own name when empty.
        classification: of the products, when neither file nor name say it.

    Raises:
        SourceError: ``unknown-format``, ``no-rows``, ``missing-column``, ``no-classification``, ``truncated``.
    """
    shown = name or path.name
    lines = read_head(path).decode("utf-8-sig", errors="replace").split("\n")
    layout = find_layout(lines[0])
    if layout is None:
        raise SourceError(Problem("unknown-format", "This is no file of trade by country and product.", 1), shown)
    if not any(line.strip() for line in lines[1:]):
        raise SourceError(Problem("no-rows", "The file has a header and no rows.", 1), shown)
    if layout.kind == "comtrade" and "flow" not in layout.places:
        remedy = "The column flowCode is missing, so exports cannot be told from imports; download it too."
        raise SourceError(Problem("missing-column", remedy, 1, "flowCode"), shown)
    cells = split_line(lines[1].rstrip("\r"), layout.delimiter)
    if cells is not None and len(cells) == len(layout.names) + 1 and not cells[-1]:
        # Files that Comtrade's website writes end each row, but not the header, with a delimiter.
        layout = replace(layout, names=(*layout.names, "#end"))
    said = layout.classification or named_classification(classification) or named_classification(shown)
    if not said and "classification" not in layout.places:
        remedy = (
            "Neither the file nor its name say in which classification the products are. Put it into the file's name, "
            f"such as {path.stem}_HS17{path.suffix}; known are {', '.join(sorted(KNOWN))}."
        )
        raise SourceError(Problem("no-classification", remedy), shown)
    extract = TradeExtract(
        source=SOURCES[layout.kind],
        dataset=f"{layout.kind.upper()}_{said}" if said else layout.kind.upper(),
        dims=tuple(what for what in LAYOUTS[layout.kind] if what in layout.places and what not in NEEDED),
        chunks=iter(()),
        file_name=shown,
        path=path,
        vintage=_edition(shown),
        size_hint=path.stat().st_size,
        classification=said,
        scale=1000.0 if layout.kind == "baci" else 1.0,
        layout=layout,
    )
    extract.chunks = chunks(extract)
    return extract


def _edition(name: str) -> datetime | None:
    """The edition in the name of a file of BACI: ``V202401`` or ``V202401b``."""
    found = re.search(r"_V(\d{4})(\d\d)[a-z]?(?![0-9])", name)
    return datetime(int(found.group(1)), int(found.group(2)), 1) if found else None  # noqa: DTZ001 - UTC, as stored


def chunks(extract: TradeExtract) -> Iterator[pa.Table]:
    """The rows of the file from its beginning; may be asked again for a second look, which reports nothing again."""
    layout, places = extract.layout, extract.layout.places
    texts = [what for what in ("year", "exporter", "product", *extract.dims) if what != "value"]
    types: dict[str, pa.DataType] = {places[what]: DICTIONARY for what in texts}
    types[places["value"]] = pa.string()
    for block in read_blocks(extract.path, extract.file_name):
        table, lines = parse_block(_in_utf8(block), layout.names, types, layout.delimiter, quoted=True, extract=extract)
        values, good = to_numbers(table.column(places["value"]), lines, places["value"], extract)
        extract.consumed = block.position
        chunk = pa.table(
            {
                "line": pa.array(lines, pa.int64()),
                **{what: one_array(table.column(places[what])) for what in texts},
                "value": values,
            }
        )
        yield chunk if np.all(good) else chunk.filter(pa.array(good))


def _in_utf8(block: Block) -> Block:
    """The block in UTF-8: Comtrade's website writes names of countries in the Western encoding of Windows."""
    try:
        block.data.decode("utf-8")
    except UnicodeDecodeError:
        return replace(block, data=block.data.decode("cp1252", errors="replace").encode("utf-8"))
    return block


def is_names(first_line: str) -> bool:
    """Whether a first line is the header of one of the lists of names that BACI brings along."""
    return _columns(first_line)[:2] == ["code", "description"] or _columns(first_line)[:1] == ["country_code"]


def read_names(path: Path) -> dict[str, str]:
    """Names of products by code, from BACI's ``product_codes_HS92_V202401.csv``."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
        return {row["code"]: row["description"] for row in csv.DictReader(lines) if row.get("description")}


def read_countries(folder: Path) -> dict[str, str]:
    """Three letters of countries by number (no leading zeros), from BACI's ``country_codes_V202401.csv`` in a folder.

    Empty when it is not there: it is only asked about numbers that ISO 3166 does not have.
    """
    for path in sorted(folder.glob("country_codes*.csv"), reverse=True):
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as lines:
            rows = csv.DictReader(lines)
            letters = next(
                (name for name in ("country_iso3", "iso_3digit_alpha") if name in (rows.fieldnames or ())), ""
            )
            if letters and "country_code" in (rows.fieldnames or ()):
                return {row["country_code"].lstrip("0"): row[letters] or "" for row in rows}
    return {}


def _columns(first_line: str) -> list[str]:
    cells = split_line(first_line.removeprefix("﻿").rstrip("\r\n"), ",") or []
    return [cell.strip().lower() for cell in cells]
