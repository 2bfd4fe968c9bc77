"""Complexity of countries from their exports: what the pages show of each stored table of trade, computed once.

Regions are exporters, industries are products (``analysis.trade`` has the conventions). All exporters count, also those
outside the area, since what is rare and what goes together shows in the world alone; a part of its own is kept for each
exporter of the area.
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

YEARS = 10
"""Newest years of a dataset that have results."""

SPAN = 5
"""Years over which growth is taken, or as many as there are tables for."""


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
    from analysis.trade import CONVENTIONS, DIGITS, FEW, unspecified
    from etl.derive_industries import growth, parts
    from store.derived import Result

    table = _table(connection, dataset, year)
    x = _goods(table)
    frames = {one: _goods(_table(connection, dataset, one)).reindex_like(x) for one in years if one != year}
    none = x.isna().astype(object).where(x.isna(), "")
    few = len(table.exporters) < FEW
    found = parts(
        x,
        flags=none,
        growth=growth(frames | {year: x}, dict.fromkeys(years, none), year),
        facts={"notes": ["population_unknown", *(["few_exporters"] if few else [])]},
        conventions=CONVENTIONS,
        progress=progress,
        regions=[code for code in area if code in x.index],
    )
    left_out = ", ".join(unspecified(table.classification))
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


def _goods(table: "TradeTable") -> "pd.DataFrame":
    from analysis.trade import DIGITS, goods

    return goods(table.frame(DIGITS), table.classification)
