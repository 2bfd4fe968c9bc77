"""Complexity of countries from their exports: what the pages show of each stored table of trade, computed once.

Regions are exporters, industries are products, summed to four digits. All exporters count, also those outside the area,
since what is rare and what goes together shows in the world alone; a part of its own is kept for each exporter of the
area.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from config import settings
from etl.derive import Job, fingerprint
from store.schema import Region, StoredTable

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.complexity import Conventions, Portfolio
    from store.derived import Result
    from store.trade import TradeTable

METHOD = 1
"""Version of the arithmetic here."""

DIGITS = 4
"""Detail at which complexity is computed: headings of the Harmonised System, groups of SITC."""

YEARS = 10
"""Newest years of a dataset that have results."""

SPAN = 5
"""Years over which growth is measured, or fewer where no earlier table is loaded."""

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

RELATED, HOLDERS = 3, 5


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
            earlier = min((known for known in digests if year - SPAN <= known < year), default=None)
            inputs = fingerprint(digests[year], digests.get(earlier or 0), earlier, area)
            compute = partial(_compute, dataset=dataset, year=year, earlier=earlier, area=area)
            found.append(Job("industries", f"trade:{dataset}:{year}", inputs, METHOD, compute))
    return found


def _compute(
    connection: Connection,
    progress: Callable[[int, int], None],
    *,
    dataset: str,
    year: int,
    earlier: int | None,
    area: list[str],
) -> "dict[str, Result]":
    from analysis.complexity import Conventions

    table = _table(connection, dataset, year)
    before = None if earlier is None else goods(_table(connection, dataset, earlier))
    conventions = Conventions(
        minimum_region=LEAST_EXPORTS,
        minimum_industry=LEAST_WORLD_TRADE,
        minimum_ubiquity=2,
        minimum_diversity=2,
        disconnected="largest",
        eci_for="all",
    )
    growth = None if before is None or earlier is None else (before, year - earlier)
    facts = {
        "digits": str(min(DIGITS, table.digits)),
        "left_out": ", ".join(_unspecified(table.classification)),
        "growth_years": "" if earlier is None else str(year - earlier),
    }
    notes = ["population_unknown"] + (["few_exporters"] if len(table.exporters) < FEW else [])
    return results(goods(table), conventions, area, growth, table.names, facts, notes, progress)


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


def results(
    x: "pd.DataFrame",
    conventions: "Conventions",
    area: list[str],
    growth: "tuple[pd.DataFrame, int] | None",
    names: dict[str, str],
    facts: dict[str, Any],
    notes: list[str],
    progress: Callable[[int, int], None],
) -> "dict[str, Result]":
    """All parts of one table.

    Args:
        x: exports (exporters x products).
        conventions: of the scores.
        area: exporters that get a part of their own, as far as the table has them.
        growth: an earlier table and how many years lie between, or None.
        names: of products.
        facts: what else stands among the conventions.
        notes: short codes of what a reader must be told.
        progress: told steps done and steps in all.
    """
    import pandas as pd

    from analysis.complexity import diamond, fitness, network_layout, portfolio, relative_density
    from analysis.specialisation import stars, structure
    from store.derived import Result

    wanted = [code for code in area if code in x.index]
    steps = len(wanted) + 4
    found = portfolio(x, conventions)
    progress(1, steps)
    shape = structure(x)
    total = x.sum()
    rank = fitness(found.presence.fillna(0.0))
    progress(2, steps)
    network = network_layout(found.proximity)
    progress(3, steps)
    cluster = stars(x)
    options = diamond(found.presence, found.density, found.pci, regions=wanted)
    relative = relative_density(found.presence, found.density)
    progress(4, steps)
    dropped = found.diagnostics.dropped
    fell = dropped[dropped["kind"] == "region"].set_index("unit")["reason"].astype(str)
    everything = {
        "conventions": {**conventions.as_text(), **facts, "stars": "observatory", "diamond_split": options.split}
        | {"diamond_centre": options.centre, "entropy_base": "2"},
        "diagnostics": found.diagnostics.as_dict(),
        "reference": "exporters",
        "notes": notes,
        "fitness": {"iterations": rank.iterations, "converged": rank.converged, "vanishing": rank.vanishing},
    }
    parts = {
        "regions": Result(
            pd.DataFrame(
                {
                    "region": x.index,
                    "total": x.sum(axis=1).to_numpy(),
                    "diversity": found.diversity.to_numpy(),
                    "eci": found.eci.to_numpy(),
                    "fitness": rank.fitness.to_numpy(),
                    "outlook": found.outlook.to_numpy(),
                    **{name: shape[name].to_numpy() for name in ("krugman", "herfindahl", "entropy", "hachman")},
                    "dropped": [fell.get(code, "") for code in x.index],
                }
            ),
            everything,
        ),
        "industries": Result(
            pd.DataFrame(
                {
                    "industry": x.columns,
                    "name": [names.get(code, "") for code in x.columns],
                    "total": total.to_numpy(),
                    "share": (total / total.sum()).to_numpy(),
                    "ubiquity": found.ubiquity.to_numpy(),
                    "pci": found.pci.to_numpy(),
                }
            ).merge(network.nodes, on="industry", how="left", sort=False)
        ),
        "proximity": Result(network.edges),
    }
    start, years = (None, 0) if growth is None else growth
    by_region = {region: part for region, part in cluster.cells.groupby("region", sort=False) if region in set(wanted)}
    quadrants = dict(iter(options.options.groupby("region", sort=False)))
    for step, region in enumerate(wanted, start=5):
        parts[region] = Result(
            _region(region, x, found, relative, by_region[region], quadrants.get(region), start, years)
        )
        progress(step, steps)
    return parts


def _region(
    region: str,
    x: "pd.DataFrame",
    found: "Portfolio",
    relative: "pd.DataFrame",
    cluster: "pd.DataFrame",
    quadrants: "pd.DataFrame | None",
    start: "pd.DataFrame | None",
    years: int,
) -> "pd.DataFrame":
    """One row a product for one exporter."""
    import numpy as np
    import pandas as pd

    from analysis.complexity import holders, related
    from analysis.specialisation import symmetric

    value, present = x.loc[region], found.presence.loc[region]
    total = float(value.sum())
    lq = found.lq.loc[region]
    near = related(found.presence, found.proximity, region, top=RELATED).groupby("industry")["related"].agg(list)
    who = holders(found.presence, region, top=HOLDERS).groupby("industry")["holder"].agg(list)
    star = cluster.set_index("industry").reindex(x.columns)
    quadrant = pd.Series(dtype=object) if quadrants is None else quadrants.set_index("industry")["quadrant"]
    return pd.DataFrame(
        {
            "industry": x.columns,
            "value": value.to_numpy(),
            "flags": "",
            "share": (value / total).to_numpy() if total > 0 else np.nan,
            "lq": lq.to_numpy(),
            "lq_symmetric": symmetric(lq).to_numpy(),
            "present": _known(present.to_numpy(float)),
            "density": found.density.loc[region].to_numpy(),
            "relative_density": relative.loc[region].to_numpy(),
            "distance": 1 - found.density.loc[region].to_numpy(),
            "pci": found.pci.to_numpy(),
            "gain": found.gain.loc[region].to_numpy(),
            "related": [near.get(code, []) for code in x.columns],
            "holders": [who.get(code, []) for code in x.columns],
            "quadrant": [quadrant.get(code) for code in x.columns],
            "stars": star["stars"].to_numpy(),
            **{name: _known(star[name].to_numpy(float)) for name in ("size_star", "specialisation_star", "focus_star")},
            "growth": _growth(value, start, region, years),
        }
    )


def _known(values: "np.ndarray") -> list[bool | None]:
    """True and False of 1 and 0, None of what is not known."""
    return [None if one != one else bool(one) for one in values.tolist()]


def _growth(value: "pd.Series", start: "pd.DataFrame | None", region: str, years: int) -> "np.ndarray":
    """Compound growth a year, in percent; missing where the earlier table has nothing positive."""
    import numpy as np

    if start is None or region not in start.index:
        return np.full(len(value), np.nan)
    before = start.loc[region].reindex(value.index).to_numpy(float)
    now = value.to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = ((now / before) ** (1 / years) - 1) * 100
    return np.where((before > 0) & (now > 0), rate, np.nan)
