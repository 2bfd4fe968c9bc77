"""Which scenario the figures follow: every set and region with pathways of our indicators is evaluated when what goes
in has changed, and each evaluation is kept as a dated row. What else the page shows at once is kept as a result.

An evaluation is dated by the newest load whose figures went in, those of the pathways included. When something else
changed (a prior, the arithmetic) and no load is newer than the evaluation before, it is dated by the day it was made,
so that what was told on a day stays what was told on that day.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, func, select

from etl.derive import Job, fingerprint
from etl.pipeline import Progress
from store.schema import Indicator, LoadRun, Observation
from store.schema_scenarios import PathwayLink, PathwayPoint, PathwaySeries, Scenario, ScenarioSet

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    from analysis.model import IndicatorSpec
    from analysis.pathways import Rebased
    from analysis.tracking import BackTest, Evaluation
    from store.derived import Result
    from store.tracking import Told

NAME = "tracking"
METHOD = 1
"""Raised when the same figures would give another result."""

WORLDS, WORLD_YEARS = 2000, 10
"""Made histories of the back-test, and how many years after the base year they reach."""

DIGITS = 9
"""Digits by which evaluations are told apart: the last ones differ with the machine."""


def jobs(connection: Connection) -> list[Job]:
    """One job for each scenario set that has pathways of our indicators in our regions."""
    sets = connection.execute(
        select(ScenarioSet.code, ScenarioSet.base_year, ScenarioSet.horizon).order_by(ScenarioSet.position)
    ).all()
    return [
        Job(NAME, code, fingerprint(base, horizon, *facts), METHOD, task.compute, keep=task.keep)
        for code, base, horizon in sets
        if (facts := _facts(connection, code)) is not None
        for task in (_Tracking(code),)
    ]


def _facts(connection: Connection, set_code: str) -> tuple[Any, ...] | None:
    """What an evaluation rests on, in numbers that change with it; None when nothing can be evaluated."""
    links = connection.execute(
        select(PathwayLink.variable, PathwayLink.unit, PathwayLink.indicator, PathwayLink.transform, PathwayLink.factor)
        .add_columns(PathwayLink.per)
        .where(PathwayLink.set_code == set_code)
        .order_by(PathwayLink.variable, PathwayLink.unit, PathwayLink.indicator)
    ).all()
    if not links:
        return None
    ours = (PathwaySeries.set_code == set_code) & PathwaySeries.region.is_not(None)
    series = connection.execute(select(func.count(), func.max(PathwaySeries.load_id)).where(ours)).one()
    if not series[0]:
        return None
    points = connection.execute(
        select(func.count())
        .select_from(PathwayPoint)
        .join(PathwaySeries, PathwaySeries.id == PathwayPoint.series_id)
        .where(ours)
    ).scalar_one()
    scenarios = connection.execute(
        select(Scenario.code, Scenario.prior).where(Scenario.set_code == set_code).order_by(Scenario.position)
    ).all()
    known = (
        select(Indicator.id, Indicator.code, Indicator.change, Indicator.decimals)
        .where(Indicator.code.in_({link.indicator for link in links}))
        .order_by(Indicator.code)
    )
    indicators = connection.execute(known).all()
    figures = connection.execute(
        select(func.count(), func.max(Observation.load_id), func.sum(Observation.load_id)).where(
            Observation.indicator_id.in_([row.id for row in indicators])
        )
    ).one()
    rows = (links, [tuple(series)], scenarios, indicators, [(points, figures[0], figures[1], int(figures[2] or 0))])
    return tuple(tuple(map(tuple, part)) for part in rows)


@dataclass
class _Tracking:
    """Evaluates one set; holds the evaluations between computing and writing."""

    set_code: str
    found: "dict[str, Evaluated]" = field(default_factory=dict)
    edition: int = 0

    def compute(self, connection: Connection, progress: Progress) -> "dict[str, Result]":
        """The results that the page shows beside the evaluations."""
        from store.engine import version

        self.edition = version(connection)
        shared = stage(connection, self.set_code)
        self.found = evaluate(connection, shared, progress=progress)
        return _results(shared, self.found)

    def keep(self, connection: Connection) -> None:
        """Keep the evaluations of which anything differs from the one before."""
        keep(connection, self.set_code, self.found, self.edition)


@dataclass(frozen=True)
class Evaluated:
    """One region of a set.

    Attributes:
        evaluation: see ``analysis.tracking``.
        moved: pathways as they were compared.
        frame: the observations that went in.
        as_of: day of the newest load whose figures went in.
    """

    evaluation: "Evaluation"
    moved: "Rebased"
    frame: "pd.DataFrame"
    as_of: date


@dataclass(frozen=True)
class Stage:
    """What all evaluations of a set share.

    Attributes:
        set_code: which set.
        base: its base year.
        horizon: its last year.
        prior: stated weight of each scenario in their order; all alike unless each is stated.
        specs: indicators by code.
        paths: pathways of all regions.
        days: day of each load by its number.
        pathway_day: day of the newest load of pathways.
    """

    set_code: str
    base: int
    horizon: int
    prior: Mapping[str, float]
    specs: "Mapping[str, IndicatorSpec]"
    paths: "pd.DataFrame"
    days: Mapping[int, date]
    pathway_day: date


def stage(connection: Connection, set_code: str, regions: Iterable[str] | None = None) -> Stage:
    """Read what the evaluations of a set share. Raises KeyError when there is no such set."""
    from analysis.model import specs_of
    from store.catalogue import indicators
    from store.scenarios import pathways

    query = select(ScenarioSet.base_year, ScenarioSet.horizon).where(ScenarioSet.code == set_code)
    span = connection.execute(query).one_or_none()
    if span is None:
        raise KeyError(set_code)
    paths = _plain(pathways(connection, set_code, None, None if regions is None else list(regions)))
    told = connection.execute(
        select(Scenario.code, Scenario.prior).where(Scenario.set_code == set_code).order_by(Scenario.position)
    ).all()
    stated = all(row.prior is not None for row in told) and any(row.prior for row in told)
    catalogue = indicators(connection)
    loads = connection.execute(select(LoadRun.id, LoadRun.started_at))
    days = {number: moment.date() for number, moment in loads}
    newest = connection.scalar(select(func.max(PathwaySeries.load_id)).where(PathwaySeries.set_code == set_code))
    return Stage(
        set_code,
        int(span.base_year),
        int(span.horizon),
        {row.code: float(row.prior) if stated else 1.0 for row in told},
        specs_of(catalogue[catalogue["code"].isin(paths["variable"].unique())]),
        paths,
        days,
        days.get(newest or 0, date.min),
    )


def evaluate(
    connection: Connection, shared: Stage, day: date | None = None, progress: Progress | None = None
) -> dict[str, Evaluated]:
    """Evaluate a set in its regions: with today's figures, or with those that were known here on a day.

    Pathways are always the present ones: what is known of the past are figures. Regions without any figure of an
    indicator of the set are left out.
    """
    from analysis.pathways import Rebased, aligned
    from analysis.tracking import as_known
    from store.observations import observations, vintages

    codes = sorted(shared.specs)
    if day is None:
        frame = _plain(observations(connection, codes))
    else:
        every = _plain(vintages(connection, codes))
        keys = ["indicator", "region", "period"]
        known = every[every["known"] <= day].drop_duplicates(keys, keep="last")
        frame = as_known(every, day).merge(known[[*keys, "load_id"]], on=keys)
    through = aligned(shared.paths, frame, shared.specs, shared.base)
    past = frame[frame["period"] <= shared.base]
    paths, own = (dict(iter(part.groupby("region"))) for part in (through.paths, frame))
    found: dict[str, Evaluated] = {}
    places = sorted(shared.paths["region"].unique())
    for number, place in enumerate(places, 1):
        if place in own:
            moved = Rebased(
                paths.get(place, through.paths.iloc[:0]), tuple(n for n in through.notes if n.where[2] == place)
            )
            found[place] = _evaluate(shared, place, moved, own[place], past, day)
        if progress is not None:
            progress(number, len(places))
    return found


def _plain(frame: "pd.DataFrame") -> "pd.DataFrame":
    """The frame with its texts as plain objects: small pieces of it are taken often, which Arrow's are slow at."""
    return frame.astype({name: object for name, kind in frame.dtypes.items() if kind == "str"})


def _evaluate(
    shared: Stage, region: str, moved: "Rebased", mine: "pd.DataFrame", past: "pd.DataFrame", day: date | None
) -> Evaluated:
    import pandas as pd

    from analysis.tracking import evaluate as evaluation_of

    used = mine[mine["indicator"].isin(moved.paths["variable"].unique())]
    as_of = day or max([shared.pathway_day, *(shared.days[load] for load in used["load_id"].unique())])
    # Of other regions only the past is asked, for a typical error where the own is too short.
    seen = pd.concat([used, past[past["region"] != region]], ignore_index=True)
    made = evaluation_of(moved.paths, seen, shared.specs, shared.base, shared.prior, as_of=as_of)
    return Evaluated(replace(made, notes=(*moved.notes, *made.notes)), moved, used, as_of)


# ---------------------------------------------------------------------------------------------------------------------
# Dated rows


def keep(connection: Connection, set_code: str, found: Mapping[str, Evaluated], edition: int) -> int:
    """Keep evaluations that differ from the newest one of their region; returns how many were kept.

    Runs in a write transaction: what is the newest is looked up there, so that two processes never keep one twice.
    """
    from analysis.tracking import is_reversal
    from store import tracking

    before, now = tracking.newest(connection, set_code), datetime.now(UTC).replace(tzinfo=None)
    leaders: dict[str, list[tuple[date, str | None]]] = {}
    rows: list[dict[str, Any]] = []
    kept = 0
    for region, one in found.items():
        made, earlier = one.evaluation, before.get(region)
        inputs = inputs_of(one)
        if earlier is not None and earlier.inputs == inputs:
            continue
        as_of = one.as_of
        if earlier is not None and earlier.as_of >= as_of:
            as_of = max(now.date(), earlier.as_of)
        if not leaders and before:
            leaders = _leaders(connection, set_code)
        past = [leader for told_on, leader in leaders.get(region, []) if told_on < as_of]
        reversal = made.leader is not None and is_reversal([*past, made.leader])
        told = replace(made, as_of=as_of, reversal=reversal).rows()
        shifts = one.moved.paths.drop_duplicates(["scenario", "variable"])
        for row in told:
            mine = shifts[shifts["scenario"] == row["scenario"]]
            detail = row["detail"] | {"moved": _plain_rows(mine[["variable", "how", "observed", "shift"]])}
            facts = {"set_code": set_code, "region": region, "run_at": now, "edition": edition, "inputs": inputs}
            rows.append({**facts, "as_of": as_of, **{k: row[k] for k in ("scenario", "weight")}, "detail": detail})
        kept += 1
    tracking.keep(connection, rows)
    return kept


def _leaders(connection: Connection, set_code: str) -> dict[str, list[tuple[date, str | None]]]:
    """The leader told last on each day, by region, oldest first."""
    from store.tracking import evaluations

    told = evaluations(connection, set_code).drop_duplicates(["region", "as_of"], keep="last")
    found: dict[str, list[tuple[date, str | None]]] = {}
    for region, day, leader in zip(told["region"], told["as_of"], told["leader"], strict=True):
        found.setdefault(str(region), []).append((day, str(leader) or None))
    return found


def inputs_of(one: Evaluated) -> str:
    """Fingerprint of all that an evaluation was made from and says, but for its day."""
    rows = replace(one.evaluation, as_of=None, stale=(), reversal=False).rows()
    text = json.dumps(rows, default=str, sort_keys=True)
    rounded = json.loads(text, parse_float=lambda number: float(f"{float(number):.{DIGITS}g}"))
    return hashlib.sha256(json.dumps(rounded, sort_keys=True).encode()).hexdigest()


def _plain_rows(frame: "pd.DataFrame") -> list[dict[str, Any]]:
    known = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in known.to_dict("records")]


def replay(
    connection: Connection, set_code: str, day: date, regions: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """What a set tells of its regions as known here on a day, beside what was told then.

    Returns a row a region: [set, region, as_of, state, leader, off_map, separation, weights (list of {scenario, prior,
    posterior, weight, mean_abs_z, observations}), notes, told (the newest kept evaluation of that day or earlier:
    {as_of, run_at, state, leader, weights by scenario, same}, or None)].

    Raises:
        KeyError: there is no such set.
    """
    from store import tracking

    found = evaluate(connection, stage(connection, set_code, regions), day)
    rows = []
    for region, one in found.items():
        made = one.evaluation
        kept = tracking.told(connection, set_code, region, day)
        rows.append(
            {
                "set": set_code,
                "region": region,
                "as_of": day.isoformat(),
                "state": str(made.state),
                "leader": made.leader,
                "off_map": made.off_map,
                "separation": made.separation,
                "weights": _plain_rows(made.weights.drop(columns="log_likelihood")),
                "notes": [{"issue": str(n.issue), "where": list(n.where), "detail": n.detail} for n in made.notes],
                "told": None if kept is None else _told(kept, made),
            }
        )
    return rows


def _told(kept: "Told", made: "Evaluation") -> dict[str, Any]:
    """A kept evaluation in short, and whether the replay says the same."""
    import math

    weights = {row["scenario"]: row["weight"] for row in kept.rows}
    again = dict(zip(made.weights["scenario"], made.weights["weight"], strict=True))
    same = weights.keys() == again.keys() and all(
        math.isnan(again[s]) if weight is None else math.isclose(weight, again[s], abs_tol=1e-9)
        for s, weight in weights.items()
    )
    detail = kept.rows[0]["detail"]
    return {
        "as_of": kept.as_of.isoformat(),
        "run_at": kept.run_at.isoformat(timespec="seconds"),
        "state": detail["state"],
        "leader": detail["leader"],
        "weights": weights,
        "same": same,
    }


# ---------------------------------------------------------------------------------------------------------------------
# Results


def _results(shared: Stage, found: Mapping[str, Evaluated]) -> "dict[str, Result]":
    """Overview of the regions; pathways, weights by year and separation by year of each; the back-test of the set."""
    import pandas as pd

    from analysis.tracking import course
    from store.derived import Result

    if not found:
        return {}
    overview = [_overview(region, one) for region, one in found.items()]
    results = {"": Result(pd.concat(overview, ignore_index=True))}
    ahead = {region: expected(shared, one) for region, one in found.items()}
    for region, one in found.items():
        moved = one.moved.paths.rename(columns={"variable": "indicator"})
        results[f"{region}:apart"] = Result(_apart(ahead[region]))
        results[region] = Result(moved[["scenario", "indicator", "year", "value", "low", "high", "how", "shift"]])
        results[f"{region}:years"] = Result(course(one.evaluation))
    tested = back_test_of(shared, ahead)
    if tested is not None:
        region, made, facts = tested
        shown = {"region": region, "worlds": made.worlds, "brier": made.brier, "brier_prior": made.brier_prior}
        facts = facts | shown | {"off_map": made.off_map, "seed": made.seed}
        results["back_test"] = Result(made.leader, facts)
        results["back_test_all"] = Result(made.reliability, facts)
    return results


def _overview(region: str, one: Evaluated) -> "pd.DataFrame":
    """Where a region stands, a row a scenario."""
    made = one.evaluation
    years = made.inputs["period"]
    return made.weights.assign(
        region=region,
        state=str(made.state),
        leader=made.leader or "",
        best=made.best or "",
        off_map=made.off_map,
        as_of=one.as_of.isoformat(),
        indicators=made.inputs["indicator"].nunique(),
        first=int(years.min()) if len(years) else 0,
        last=int(years.max()) if len(years) else 0,
    )


@dataclass(frozen=True)
class Expected:
    """What the pathways of a region say of the years after the base, as the back-test takes it.

    Attributes:
        indicators: those that every scenario states and whose own error is known.
        years: k years after the base.
        lines: (scenarios, indicators, k), in logarithms for growth.
        bands: the same shape, standard deviations of the stated ranges.
        steps: yearly error of each indicator.
        counts: yearly steps on which each rests.
    """

    indicators: list[str]
    years: "np.ndarray"
    lines: "np.ndarray"
    bands: "np.ndarray"
    steps: "np.ndarray"
    counts: list[int]


def expected(shared: Stage, one: Evaluated) -> Expected | None:
    """The pathways of a region at every year after the base that all of them reach; None where nothing is left."""
    import numpy as np

    from analysis.pathways import check, lines_at, method_of
    from analysis.ranks import Z90
    from analysis.tracking import own_step

    paths, scenarios = one.moved.paths, list(shared.prior)
    if paths.empty:
        return None
    reach = int(paths.groupby(["scenario", "variable"])["year"].max().min())
    years = np.arange(shared.base + 1, min(reach, shared.horizon) + 1)
    stated = check(paths)
    logs = {
        code: method_of(shared.specs[code]) == "log" and bool((np.nan_to_num(part.to_numpy(float), nan=1) > 0).all())
        for code, part in stated.groupby("variable")[["value", "low", "high"]]
    }
    both: dict[tuple[str, ...], np.ndarray] = {}
    for log in (False, True) if len(years) else ():
        both |= lines_at(stated[stated["variable"].map(logs) == log], years, log)
    names, lines, bands, steps, counts = [], [], [], [], []
    known = one.frame[one.frame["period"] <= shared.base].sort_values("period")
    for variable, mine in known.groupby("indicator"):
        values, flags, log = mine["value"].to_numpy(float), mine["flags"].to_numpy(object), logs[variable]
        step, count = own_step(mine["period"].to_numpy(float), values, flags, shared.specs[str(variable)], log)
        found = {key[1]: at for key, at in both.items() if key[3] == variable}
        if np.isnan(step) or set(found) != set(scenarios):
            continue
        stack = np.stack([found[scenario] for scenario in scenarios])
        stack = np.log(stack) if log else stack
        if np.isnan(stack[:, :, 0]).any():
            continue
        lines.append(stack[:, :, 0])
        bands.append(np.nan_to_num((stack[:, :, 2] - stack[:, :, 1]) / (2 * Z90)))
        steps.append(step)
        counts.append(count)
        names.append(str(variable))
    if not names:
        return None
    return Expected(names, years, np.stack(lines, axis=1), np.stack(bands, axis=1), np.array(steps), counts)


def _apart(years: "Expected | None") -> "pd.DataFrame":
    """How far the scenarios lie apart if all figures come in up to each year, until they can be told apart: [year,
    separation]."""
    import pandas as pd

    from analysis.tracking import separations

    if years is None:
        return pd.DataFrame({"year": pd.Series(dtype=int), "separation": pd.Series(dtype=float)})
    found = separations(years.lines, years.steps, years.bands)
    return pd.DataFrame({"year": years.years[: len(found)], "separation": found})


def back_test_of(
    shared: Stage, found: "Mapping[str, Expected | None]"
) -> "tuple[str, BackTest, dict[str, Any]] | None":
    """The back-test on the pathways of the region with the most indicators.

    Returns the region, the back-test, and [first, last (years), indicators, history (yearly steps)].
    """
    import numpy as np

    from analysis.tracking import back_test

    usable = [(region, one) for region, one in found.items() if one is not None]
    if not usable or len(shared.prior) < 2:
        return None
    region, one = max(usable, key=lambda item: len(item[1].indicators))
    years, history = one.years[:WORLD_YEARS], int(np.median(one.counts))
    made = back_test(
        one.lines[:, :, : len(years)],
        one.steps,
        one.bands[:, :, : len(years)],
        prior=np.array(list(shared.prior.values())),
        history=history,
        worlds=WORLDS,
    )
    facts = {"first": int(years[0]), "last": int(years[-1]), "indicators": one.indicators, "history": history}
    return region, made, facts
