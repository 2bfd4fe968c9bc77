"""Stored figures as files for people: CSV, XLSX or JSON, each saying where they come from."""

import csv
import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import orjson
import pandas as pd
from sqlalchemy import Connection

from store.catalogue import datasets, indicators, sources
from store.engine import version
from store.industries import industries
from store.industries import series as series_by_industry
from store.observations import observations
from store.regions import regions

Format = Literal["csv", "xlsx", "json"]
COLUMNS = (
    "indicator",
    "region",
    "period",
    "value",
    "flags",
    "dataset",
    "indicator_name",
    "region_name",
    "unit",
    "status",
)
"""Header of every format. Its first six are those that ``polisee load`` reads."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def safe(text: str) -> str:
    """A text that a spreadsheet shows instead of running it as a formula (OWASP, CSV injection)."""
    return "'" + text if text.startswith(_FORMULA) else text


def figures(
    connection: Connection,
    chosen: Sequence[str] = (),
    places: Sequence[str] = (),
    first: int | None = None,
    last: int | None = None,
    lang: str = "en",
) -> tuple[pd.DataFrame, list[str]]:
    """The figures asked for, and the lines that cite them.

    Args:
        connection: open connection.
        chosen: codes of indicators, of series by industry, or of one industry of them (``employment_nace:J``); all when
            empty.
        places: region codes; all when empty.
        first: first year.
        last: last year.
        lang: language of names and citation.

    Returns:
        A frame with ``COLUMNS``, and one citation for each dataset in it.

    Raises:
        KeyError: a code that the catalogue does not have; its text is a sentence.
    """
    shown = ["code", "dataset", "name", "unit_label"]
    by_industry = _by_industry(connection, lang)
    known = pd.concat([indicators(connection, lang)[shown], by_industry[shown]], ignore_index=True)
    area = regions(connection, lang)
    whole = by_industry.groupby("series")["code"].agg(list).to_dict()
    wanted = [code for one in chosen for code in whole.get(one, [one])]
    for kind, asked, frame in (("indicator", wanted, known), ("region", places, area)):
        missing = sorted(set(asked) - set(frame["code"]))
        if missing:
            raise KeyError(f"There is no {kind} {', '.join(missing)} in the catalogue.")
    rows = observations(connection, wanted or list(known["code"]), list(places) or None, first, last)
    facts, names = known.set_index("code"), area.set_index("code")["name"]
    table = pd.DataFrame(
        {
            **{name: rows[name] for name in ("indicator", "region", "period", "value", "flags")},
            "dataset": rows["indicator"].map(facts["dataset"]),
            "indicator_name": rows["indicator"].map(facts["name"]),
            "region_name": rows["region"].map(names),
            "unit": rows["indicator"].map(facts["unit_label"]),
            "status": rows["status"],
        },
        columns=list(COLUMNS),
    )
    return table, citations(connection, sorted(set(table["dataset"])), lang)


def _by_industry(connection: Connection, lang: str) -> pd.DataFrame:
    """Each industry of each series as an indicator: [series, code, dataset, name, unit_label]."""
    rows = []
    for series in series_by_industry(connection, lang).to_dict("records"):
        classes = industries(connection, series["classification"], lang).set_index("code")["name"]
        for industry in [*series["members"], *filter(None, [series["total"]])]:
            name = f"{series['name']}: {classes.get(industry, industry)}"
            rows.append((series["code"], f"{series['code']}:{industry}", series["dataset"], name, series["unit_label"]))
    return pd.DataFrame(rows, columns=["series", "code", "dataset", "name", "unit_label"])


def citations(connection: Connection, codes: Sequence[str], lang: str) -> list[str]:
    """How the publishers want these datasets cited, and which data version this is."""
    known, publishers = datasets(connection, lang).set_index("code"), sources(connection, lang).set_index("code")
    today = datetime.now(UTC).date().isoformat()
    lines = [f"PoliSEE, data version {version(connection)}, {today}"]
    for code in codes:
        row = known.loc[code]
        updated = "–" if pd.isna(row["updated"]) else row["updated"].date().isoformat()
        wording = publishers.loc[row["source"], "citation"]
        lines.append(wording.format(dataset=code, title=row["title"], updated=updated, accessed=today))
    return lines


def write(table: pd.DataFrame, cited: Sequence[str], kind: Format) -> bytes:
    """A table in one of the formats. Missing values are empty cells (null in JSON), never zero."""
    return {"csv": _csv, "json": _json, "xlsx": _xlsx}[kind](table, cited)


def _cells(table: pd.DataFrame) -> list[list[Any]]:
    return [
        [None if cell is None or cell != cell else safe(cell) if isinstance(cell, str) else cell for cell in row]
        for row in table.astype(object).itertuples(index=False)
    ]


def _csv(table: pd.DataFrame, cited: Sequence[str]) -> bytes:
    text = io.StringIO()
    text.writelines(f"# {line}\n" for line in cited)
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(table.columns)
    rows.writerows(_cells(table))
    return text.getvalue().encode()


def _json(table: pd.DataFrame, cited: Sequence[str]) -> bytes:
    rows = [
        {name: None if cell is None or cell != cell else cell for name, cell in zip(table.columns, row, strict=True)}
        for row in table.astype(object).itertuples(index=False)
    ]
    return orjson.dumps(
        {"citation": list(cited), "data": rows}, option=orjson.OPT_INDENT_2 | orjson.OPT_SERIALIZE_NUMPY
    )


def _xlsx(table: pd.DataFrame, cited: Sequence[str]) -> bytes:
    import xlsxwriter

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        data, about = book.add_worksheet("data"), book.add_worksheet("citation")
        bold = book.add_format({"bold": True})
        data.write_row(0, 0, list(table.columns), bold)
        for place, row in enumerate(_cells(table), start=1):
            data.write_row(place, 0, row)
        data.freeze_panes(1, 0)
        data.autofilter(0, 0, len(table), len(table.columns) - 1)
        about.write_column(0, 0, list(cited))
    return file.getvalue()


def kind_of(path: Path | None) -> Format:
    """The format that a file name asks for; CSV when it says nothing."""
    suffix = path.suffix.lower() if path else ""
    return "xlsx" if suffix == ".xlsx" else "json" if suffix == ".json" else "csv"
