"""What regions are good at and what is near to it: specialisation, relatedness, complexity and stars of each series by
industry and year, a part a region. The arithmetic is that of ``analysis``; here it is decided what goes in.

- Regions are those of level 2 with any figure in the year; countries, aggregates and extra-regio parts are none. A
  region of an older classification stands as it is, unless one that took its place has figures of the same year too:
  both would count the same people twice.
- Shares are of the sum of the members of the series that are known. What is not published is unknown, never zero; so is
  a negative amount (value added), which has no share.
- Proximity and complexity rest on the regions of which at least half of the industries with figures are known.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from etl.derive import Job, fingerprint
from etl.pipeline import Progress
from store.schema import Indicator, IndustrySeries, Observation, Region, RegionChange

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.complexity import Conventions
    from store.derived import Result

METHOD = 1
"""Raised when the same figures would give another result."""

SPAN = 5
"""Years over which growth is taken, or as many as there are."""

COVERAGE = 0.5
"""Share of the industries that must be known of a region for proximity and complexity to rest on it."""

RELATED, HOLDERS = 3, 5
"""How many industries already present, and how many regions, are named for each industry."""


def jobs(connection: Connection) -> list[Job]:
    """Each series that tells a structure and each of its years with figures of level-2 regions, oldest year first."""
    series = connection.execute(
        select(IndustrySeries.code, IndustrySeries.members)
        .where(IndustrySeries.kind == "structure")
        .order_by(IndustrySeries.position)
    ).all()
    area = connection.execute(select(func.count(), func.max(Region.id)).where(Region.level == 2)).one()
    changes = connection.execute(select(func.count()).select_from(RegionChange)).scalar_one()
    states = _states(connection)
    found = []
    for code, members in series:
        known = states.get(code, {})
        for year in sorted(known):
            if not known[year][1]:
                continue
            window = [(one, known[one]) for one in range(year - SPAN, year + 1) if one in known]
            inputs = fingerprint(members, tuple(area), changes, window)
            compute = partial(_compute, series=code, members=members, year=year)
            found.append(Job("industries", f"{code}:{year}", inputs, METHOD, compute))
    return found


def _states(connection: Connection) -> dict[str, dict[int, tuple[int, ...]]]:
    """By series and year: rows, values, and the newest and the sum of the loads they came with.

    A figure that changes takes the number of the load that changed it, so that the sum rises with any change.
    """
    owned = select(Indicator.id, Indicator.series).where(Indicator.series.is_not(None))
    series = {row.id: str(row.series) for row in connection.execute(owned)}
    # Grouped by numbers and put together here: half the time of a join, and this is asked at every start.
    query = (
        select(
            Observation.indicator_id,
            Observation.period,
            func.count(),
            func.count(Observation.value),
            func.max(Observation.load_id),
            func.sum(Observation.load_id),
        )
        .where(
            Observation.indicator_id.in_(select(Indicator.id).where(Indicator.series.is_not(None))),
            Observation.region_id.in_(select(Region.id).where(Region.level == 2)),
        )
        .group_by(Observation.indicator_id, Observation.period)
    )
    found: dict[str, dict[int, tuple[int, ...]]] = {}
    for number, year, rows, values, newest, loads in connection.execute(query):
        years = found.setdefault(series[number], {})
        before = years.get(year, (0, 0, 0, 0))
        years[year] = (before[0] + rows, before[1] + values, max(before[2], newest), before[3] + int(loads))
    return found


def _compute(
    connection: Connection, progress: Progress, *, series: str, members: list[str], year: int
) -> "dict[str, Result]":
    """The parts of one series and year."""
    from store.industries import figures

    rows = figures(connection, series, first=year - SPAN, last=year)
    places = connection.execute(select(Region.code).where(Region.level == 2, Region.kind != "extra"))
    rows = rows[rows["region"].isin(set(places.scalars())) & rows["industry"].isin(members)]
    now = rows[rows["period"] == year]
    active = set(now.loc[now["value"].notna(), "region"])
    superseded = sorted(_superseded(connection, active))
    regions = sorted(active - set(superseded))
    frames, marks = (
        {int(period): _wide(group, column, regions, members) for period, group in rows.groupby("period")}
        for column in ("value", "flags")
    )
    marks = {period: frame.fillna("") for period, frame in marks.items()}
    return parts(
        frames[year],
        flags=marks[year],
        growth=growth(frames, marks, year),
        facts={"superseded": superseded},
        progress=progress,
    )


def _superseded(connection: Connection, active: set[str]) -> set[str]:
    """Regions of an older classification of which a successor has figures too."""
    query = select(RegionChange.from_code, RegionChange.to_code).where(RegionChange.kind != "border")
    return {before for before, after in connection.execute(query) if before != after and {before, after} <= active}


def growth(
    frames: "Mapping[int, pd.DataFrame]", marks: "Mapping[int, pd.DataFrame]", year: int
) -> "tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]":
    """Compound annual growth of each cell to ``year`` since the earliest of the years given that has a value.

    Args:
        frames: year -> amounts (R x C), all with the same labels; years after ``year`` do not count.
        marks: year -> flags (R x C).
        year: the last year.

    Returns:
        Growth a year as a fraction, NaN without an earlier value above zero; the years it spans; and whether a break in
        the series (flag b) lies after its first year. (R x C) each.
    """
    import numpy as np

    last = frames[year]
    first, since = last * np.nan, last * np.nan
    broken = last.isna() & False
    behind, later = broken, year
    for one in sorted((period for period in frames if period < year), reverse=True):
        # Going backwards; a break in the year that growth starts from lies behind it and does not count.
        behind = behind | marks[later].apply(lambda column: column.str.contains("b"))
        usable = frames[one] > 0
        first, since = first.where(~usable, frames[one]), since.where(~usable, float(one))
        broken, later = broken.where(~usable, behind), one
    span = year - since
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = (last.clip(lower=0) / first) ** (1 / span) - 1
    return rate, span, broken


def parts(
    x: "pd.DataFrame",
    flags: "pd.DataFrame | None" = None,
    growth: "tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame] | None" = None,
    facts: Mapping[str, Any] | None = None,
    conventions: "Conventions | None" = None,
    progress: Progress = lambda _done, _total: None,
    regions: Sequence[str] | None = None,
) -> "dict[str, Result]":
    """All results of one table of amounts; also of trade, where exporters are the regions and products the industries.

    Args:
        x: amounts (R x C), NaN where unknown.
        flags: the publisher's letters (R x C), '' for none.
        growth: what ``growth`` gives.
        facts: more to say in the facts of the part ``regions``.
        conventions: of complexity; by default those of the field, resting on regions that are known well enough.
        progress: told of regions done and in all.
        regions: those that get a part of their own; all by default.

    Returns:
        Part -> result: ``regions``, ``industries``, ``proximity``, and one for each region.
    """
    import numpy as np
    import pandas as pd

    from analysis import complexity, relatedness, specialisation
    from store.derived import Result

    negative = int((x < 0).sum().sum())
    x = x.where(~(x < 0))
    thin = _thin(x)
    if conventions is None:
        # Where the network falls apart, the largest part has scores; the diagnostics name the others.
        basis = None if thin.empty else tuple(region for region in x.index if region not in set(thin))
        conventions = complexity.Conventions(eci_for="all", regions=basis, disconnected="largest")
    found = complexity.portfolio(x, conventions)
    m = found.presence
    structure = specialisation.structure(x)
    starred = specialisation.stars(x)
    labels = x.index, x.columns
    cells = {
        "value": x,
        "flags": pd.DataFrame("", index=x.index, columns=x.columns) if flags is None else flags,
        "share": x.div(x.sum(axis=1).where(lambda total: total > 0), axis=0),
        "lq": found.lq,
        "lq_symmetric": specialisation.symmetric(found.lq),
        "present": _said(m),
        "density": found.density,
        "relative_density": relatedness.relative_density(m, found.density),
        "distance": 1 - found.density,
        "gain": found.gain,
        "quadrant": _wide(complexity.diamond(m, found.density, found.pci).options, "quadrant", *labels),
        "stars": _wide(starred.cells, "stars", *labels),
        **{f"{name}_star": _said(_wide(starred.cells, f"{name}_star", *labels)) for name in _CRITERIA},
    }
    rate, span, broken = growth or (x * np.nan, x * np.nan, x.isna() & False)
    cells |= {"growth": rate, "growth_years": span, "growth_break": broken}
    arrays = {name: frame.to_numpy() for name, frame in cells.items()}
    near = relatedness.region_proximity(m)
    network = relatedness.network_layout(found.proximity)
    results = {
        "regions": Result(
            _regions(x, found, structure, complexity.fitness(m).fitness, thin),
            {
                **(facts or {}),
                "conventions": {**conventions.as_text(), "log_base": "2", "growth_years": str(SPAN)},
                "diagnostics": found.diagnostics.as_dict(),
                "reference": "all",
                "stars": {name: getattr(starred.rules, name) for name in ("size", "lq", "focus", "regions")},
                "coverage": COVERAGE,
                "negative": negative,
            },
        ),
        "industries": Result(_industries(x, found, network.nodes, starred.thresholds)),
        "proximity": Result(network.edges),
    }
    industries, chosen = list(x.columns), list(x.index) if regions is None else list(regions)
    for done, region in enumerate(chosen, start=1):
        why = relatedness.related(m, found.proximity, region, top=RELATED)
        who = relatedness.holders(m, region, top=HOLDERS, similarity=near)
        results[str(region)] = Result(
            _region(
                x.index.get_loc(region), industries, arrays, found.pci, _lists(why, "related"), _lists(who, "holder")
            )
        )
        progress(done, len(chosen))
    return results


_CRITERIA = ("size", "specialisation", "focus")


def _thin(x: "pd.DataFrame") -> "pd.Index":
    """Regions of which too few of the industries that have figures are known."""
    some = x.loc[:, x.notna().any(axis=0)]
    return x.index[some.notna().mean(axis=1) < COVERAGE]


def _said(frame: "pd.DataFrame") -> "pd.DataFrame":
    """1, 0 and NaN as True, False and None."""
    return frame.astype(object).where(frame.isna(), frame == 1).where(frame.notna(), None)


def _wide(long: "pd.DataFrame", column: str, regions: Iterable[str], industries: Iterable[str]) -> "pd.DataFrame":
    """A column of a frame with region and industry as (R x C); what is not there is missing."""
    import numpy as np
    import pandas as pd

    rows, columns = pd.Index(regions, dtype=object), pd.Index(industries, dtype=object)
    values = long[column].to_numpy()
    number = values.dtype.kind in "fib"
    cells = np.full((len(rows), len(columns)), np.nan if number else None, dtype=float if number else object)
    row, place = rows.get_indexer(long["region"]), columns.get_indexer(long["industry"])
    there = (row >= 0) & (place >= 0)
    cells[row[there], place[there]] = values[there]
    return pd.DataFrame(cells, index=rows, columns=columns)


def _lists(frame: "pd.DataFrame", column: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for industry, code in zip(frame["industry"], frame[column], strict=True):
        found.setdefault(industry, []).append(str(code))
    return found


def _region(
    row: int,
    industries: list[str],
    arrays: "Mapping[str, np.ndarray]",
    pci: "pd.Series",
    related: Mapping[str, list[str]],
    holders: Mapping[str, list[str]],
) -> "pd.DataFrame":
    """The part of one region: a row an industry."""
    import pandas as pd

    def column(name: str) -> Any:
        values = arrays[name][row]
        if name == "flags":
            return [str(text) for text in values]
        if values.dtype == object:
            return pd.Series([None if value != value else value for value in values], dtype=object)
        return values

    order = ("value", "flags", "share", "lq", "lq_symmetric", "present", "density", "relative_density", "distance")
    rest = ("quadrant", "stars", *(f"{name}_star" for name in _CRITERIA), "growth", "growth_years", "growth_break")
    return pd.DataFrame(
        {
            "industry": industries,
            **{name: column(name) for name in order},
            "pci": pci.to_numpy(),
            "gain": column("gain"),
            "related": [related.get(code, []) for code in industries],
            "holders": [holders.get(code, []) for code in industries],
            **{name: column(name) for name in rest},
        }
    )


def _regions(
    x: "pd.DataFrame", found: Any, structure: "pd.DataFrame", fit: "pd.Series", thin: "pd.Index"
) -> "pd.DataFrame":
    """The part ``regions``: a row a region, with why it is outside the core where it is."""
    import pandas as pd

    fallen = found.diagnostics.dropped
    why = {row.unit: str(row.reason) for row in fallen[fallen["kind"] == "region"].itertuples()}
    why |= {region: "coverage" for region in thin if why.get(region) == "reference"}
    return pd.DataFrame(
        {
            "region": x.index.to_numpy(object),
            "total": structure["total"].to_numpy(),
            "known": x.notna().sum(axis=1).to_numpy(),
            "diversity": structure["diversity"].to_numpy(),
            "eci": found.eci.to_numpy(),
            "fitness": fit.to_numpy(),
            "outlook": found.outlook.to_numpy(),
            **{name: structure[name].to_numpy() for name in ("krugman", "herfindahl", "entropy", "theil", "hachman")},
            "dropped": [why.get(region, "") for region in x.index],
        }
    )


def _industries(x: "pd.DataFrame", found: Any, nodes: "pd.DataFrame", thresholds: "pd.DataFrame") -> "pd.DataFrame":
    """The part ``industries``: a row an industry, with its place in the industry space and what earns a star."""
    import pandas as pd

    total = x.sum(axis=0, min_count=1)
    frame = pd.DataFrame(
        {
            "industry": x.columns.to_numpy(object),
            "total": total.to_numpy(),
            "share": (total / total.sum()).to_numpy(),
            "regions": x.notna().sum(axis=0).to_numpy(),
            "ubiquity": found.ubiquity.to_numpy(),
            "pci": found.pci.to_numpy(),
        }
    ).merge(nodes, on="industry", how="left")
    limits = thresholds.rename(columns={name: f"{name}_threshold" for name in _CRITERIA}).drop(columns="regions")
    return frame.merge(limits, on="industry", how="left")
