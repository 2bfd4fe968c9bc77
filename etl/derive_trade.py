"""Complexity of countries from their exports: what the pages show of each stored table of trade, computed once.

Regions are exporters, industries are products, summed to four digits. All exporters count, also those outside the area,
since what is rare and what goes together shows in the world alone; a part of its own is kept for each exporter of the
area.
"""

from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select

from config import settings
from etl.derive import Job, fingerprint
from etl.pipeline import Progress
from store.schema import Region, StoredTable

if TYPE_CHECKING:
    import pandas as pd

    from store.derived import Result
    from store.trade import TradeTable

METHOD = 1
"""Version of the arithmetic here."""

DIGITS = 4
"""Detail at which complexity is computed: headings of the Harmonised System, groups of SITC."""

YEARS = 10
"""Newest years of a dataset that have results."""

SPAN = 5
"""Years over which growth is taken, or as many as there are tables for."""

LEAST_EXPORTS = 1e9
"""Exports in US dollars below which a country does not shape the network and the scores of products. The Growth Lab
sets the same limit, and one for population, which files of trade do not know."""

LEAST_WORLD_TRADE = 10e6
"""World exports in US dollars below which a product does not."""

UNSPECIFIED = {"HS": ("98", "99"), "SITC": ("91", "93", "96", "97")}
"""Chapters that hold what is not classified by kind, coin and gold that is money: no products one can become good at.
"""

FEW = 50
"""Exporters below which the page warns: a location quotient against a few neighbours is none against the world."""


def jobs(connection: Connection) -> list[Job]:
    """One job for each of the newest years of each dataset of trade."""
    query = (
        select(StoredTable.dataset, StoredTable.year, StoredTable.digest)
        .where(StoredTable.kind == "trade")
        .order_by(StoredTable.dataset, StoredTable.year.desc())
    )
    tables: dict[str, dict[int, str]] = {}
    for dataset, year, digest in connection.execute(query):
        tables.setdefault(dataset, {})[year] = digest
    if not tables:
        return []
    area = sorted(connection.scalars(select(Region.code).where(Region.level == 0)))
    found = []
    for dataset, digests in tables.items():
        for year in list(digests)[:YEARS]:
            window = {one: digests[one] for one in sorted(digests) if year - SPAN <= one <= year}
            compute = partial(_compute, dataset=dataset, year=year, years=list(window), area=area)
            found.append(Job("industries", f"trade:{dataset}:{year}", fingerprint(window, area), METHOD, compute))
    return found


def _compute(
    connection: Connection, progress: Progress, *, dataset: str, year: int, years: list[int], area: list[str]
) -> "dict[str, Result]":
    """The parts of one table, made as those of series by industry are."""
    from analysis.complexity import Conventions
    from etl.derive_industries import growth, parts
    from store.derived import Result

    table = _table(connection, dataset, year)
    x = goods(table)
    frames = {one: goods(_table(connection, dataset, one)).reindex_like(x) for one in years if one != year}
    none = x.isna().astype(object).where(x.isna(), "")
    few = len(table.exporters) < FEW
    found = parts(
        x,
        flags=none,
        growth=growth(frames | {year: x}, dict.fromkeys(years, none), year),
        facts={"notes": ["population_unknown", *(["few_exporters"] if few else [])]},
        conventions=Conventions(
            minimum_region=LEAST_EXPORTS,
            minimum_industry=LEAST_WORLD_TRADE,
            minimum_ubiquity=2,
            minimum_diversity=2,
            disconnected="largest",
            eci_for="all",
        ),
        progress=progress,
        regions=[code for code in area if code in x.index],
    )
    left_out = ", ".join(_unspecified(table.classification))
    found["regions"].facts["conventions"] |= {"digits": str(min(DIGITS, table.digits)), "left_out": left_out}
    # The catalogue has no names of products; those that came with the file are all there are.
    industries = found["industries"].frame
    names = [table.names.get(code, "") for code in industries["industry"]]
    return found | {"industries": Result(industries.assign(name=names), found["industries"].facts)}


def _table(connection: Connection, dataset: str, year: int) -> "TradeTable":
    from store.trade import open_trade, stored_trade

    row = stored_trade(connection, dataset, year)
    if row is None:
        raise LookupError(f"The table of trade {dataset} {year} has been removed.")
    return open_trade(settings().tables_dir / row["file"])


def goods(table: "TradeTable") -> "pd.DataFrame":
    """Exports of goods classified by kind (exporters x products), summed to ``DIGITS`` digits."""
    frame = table.frame(DIGITS)
    return frame.loc[:, ~frame.columns.str.startswith(_unspecified(table.classification))]


def _unspecified(classification: str) -> tuple[str, ...]:
    return UNSPECIFIED["SITC" if classification.startswith("SITC") else "HS"]
