"""National input-output tables laid out as one sees them: a row for each product, a column for each use, as CSV.

Such files carry no country, year or unit. Lines ``# country: HU`` above the header may say them (country, year, unit,
dataset, jobs_year, note); else country and year are read from the name (``io_table_HU_2020.csv``) and the unit is taken
to be the one that the layout is known to be published in. A row ``EMP`` holds persons employed.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from etl.countries import country_code
from etl.pipeline import Progress
from etl.sources.io_base import Found, header_of, need_year, read_matrix, stop
from etl.sources.io_national import PRIMARY, About, industry_labels, is_use, national

UNITS = {"prod_na": "MIO_NAC", "t_rows2": "THS_NAC"}
"""Units of layouts that are handed on without one, by the name of their first column: Eurostat's own labels go with
million, those of the Croatian tables with thousand of national currency."""

PLACE = re.compile(r"(?<![A-Za-z])([A-Z]{2})_((?:19|20)\d\d)(?!\d)")
FEWEST = 3
"""Columns of products that a header must have to be taken for a table."""


def is_wide(header: Sequence[str]) -> bool:
    """Whether column labels are those of a national table, even a table laid on its side."""
    codes = [code for code in industry_labels(header[1:]) if code]
    return len(codes) >= FEWEST and any(is_use(label) or label in PRIMARY for label in header[1:])


def read_wide(path: Path, name: str, progress: Progress | None = None) -> Iterator[Found]:
    """The table in a wide file.

    Raises:
        SourceError: ``missing-country``, ``missing-year``, and what ``read_matrix`` and ``national`` raise.
    """
    header, _, _ = header_of(path)
    matrix = read_matrix(path, name, progress)
    facts = matrix.facts
    told = PLACE.search(name)
    country = country_code(facts.get("country") or (told.group(1) if told else ""))
    if not country:
        remedy = "Nothing says which country this is; write a line such as # country: HU above the header."
        raise stop("missing-country", remedy, name, 1, "", facts.get("country", ""))
    year = need_year(name, facts.get("year") or (told.group(2) if told else None))
    warnings: tuple[str, ...] = ()
    unit = facts.get("unit", "")
    if not unit:
        unit = UNITS.get(header[0], "MIO_NAC")
        warnings = (f"The file names no unit; taken as {unit}.",)
    jobs_year = facts.get("jobs_year", "")
    about = About(
        country,
        year,
        unit,
        facts.get("dataset", "NAIO_10_CP1700"),
        int(jobs_year) if jobs_year.isdigit() else None,
        (facts["note"],) if facts.get("note") else (),
    )
    table, more = national(matrix, about, name)
    yield Found(table, about.dataset, None, (*warnings, *more))
