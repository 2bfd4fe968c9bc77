"""Which future a region is heading to: what the figures tell, as it was told, and where the signposts stand.

Two layers that share no evidence: tracking weights follow from figures and pathways and are computed after each load
(``etl.derive_tracking``); the weights of signposts follow from what a panel judged, and are computed when asked for,
since people change them while they talk.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pandas as pd

from analysis import signposts, tracking
from analysis.model import Reason
from analysis.signposts import Weights
from dashboard import frames, futures
from dashboard.futures import FuturesSet

NAME = "tracking"
"""Under this name results lie that were computed after the last load."""

NONE, NO_DATA, OFF_MAP, TOO_EARLY, TIE, LEADER = "none", "no_data", "off_map", "too_early", "tie", "leader"
"""What can be said of a region; see ``Heading.verdict``."""

MET, APPROACHING, AWAY, MISSING = "signpost_met", "signpost_approaching", "signpost_away", "signpost_no_data"
OPEN, NOT_MET = "signpost_open", "signpost_not_met"
STATES = (MET, APPROACHING, AWAY, NOT_MET, OPEN, MISSING)
"""Where a signpost stands, in the order in which the board lists them; the last two but one only events have."""


def today_or(day: date | None, today: date) -> date:
    """The day from which things are looked at."""
    return today if day is None else day


# --- what the figures tell ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Heading:
    """What is told of a region, or was told on a day.

    Attributes:
        region: whose figures and pathways they are: the region that was asked for, or its country.
        asked: the region that was asked for.
        as_of: day of the newest load whose figures went in; None when nothing was told.
        run_at: when it was computed.
        edition: data version then.
        base: year after which figures count.
        state: ``told``, ``too_early``, ``no_data`` or ''.
        leader: scenario with the highest weight, '' for none.
        best: scenario whose pathway the figures lie nearest to, '' for none.
        off_map: whether no scenario fits.
        reversal: whether the leader changed in each of the last two releases.
        stale: indicators whose newest figure was too old.
        separation: how far scenarios lie apart over the years observed.
        weights: [scenario, prior, posterior, weight (NaN: not told), mean_abs_z, observations].
        inputs: as ``analysis.tracking.Evaluation``.
        notes: [{issue, where, detail}].
        moved: [scenario, variable, how, observed, shift] by which pathways were tied to the base value.
        settings: of the evaluation.
        replayed: whether it is an older one, asked for by its day.
    """

    region: str
    asked: str
    as_of: date | None = None
    run_at: datetime | None = None
    edition: int = 0
    base: int = 0
    state: str = ""
    leader: str = ""
    best: str = ""
    off_map: bool = False
    reversal: bool = False
    stale: tuple[str, ...] = ()
    separation: float = 0.0
    weights: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=tracking.WEIGHTS))
    inputs: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=tracking.INPUTS))
    notes: tuple[Mapping[str, Any], ...] = ()
    moved: pd.DataFrame = field(default_factory=pd.DataFrame)
    settings: tracking.Settings = tracking.SETTINGS
    replayed: bool = False

    @property
    def verdict(self) -> str:
        """What can be said, in one word: whether anything, else the most important."""
        if not self.state or self.weights.empty:
            return NONE
        if self.state == tracking.State.NO_DATA:
            return NO_DATA
        if self.off_map:
            return OFF_MAP
        if self.state == tracking.State.TOO_EARLY:
            return TOO_EARLY
        return LEADER if self.leader else TIE

    @property
    def years(self) -> int:
        """Years since the base of which there is any figure."""
        return len(self.inputs["period"].unique())

    @property
    def indicators(self) -> tuple[str, ...]:
        """Indicators whose figures count."""
        return tuple(dict.fromkeys(str(code) for code in self.inputs["indicator"]))

    def weight(self, scenario: str) -> float:
        """Tracking weight of a scenario, NaN when not told."""
        return float(
            dict(zip(self.weights["scenario"], self.weights["weight"], strict=True)).get(scenario, float("nan"))
        )


def place_of(found: FuturesSet, region: str) -> str:
    """Whose figures stand for a region: its own when the set has pathways of it, else its country's."""
    return region if region in futures.places_of(found.code) else futures.country_of(region)


def heading(found: FuturesSet, region: str, day: date | None, today: date) -> Heading:
    """What is told of a region, or what was told on a day (the newest evaluation of that day or earlier)."""
    key = (found.code, region, str(day or ""), today.isoformat())
    return frames.remember("heading", key, lambda: _heading(found, region, day, today))


def _heading(found: FuturesSet, region: str, day: date | None, today: date) -> Heading:
    place = place_of(found, region)
    told = frames.told(found.code, place, day)
    if told is None:
        return Heading(place, region)
    details = [row["detail"] for row in told.rows]
    first = details[0]
    order = {code: at for at, code in enumerate(found.codes)}
    weights = pd.DataFrame(
        [{"scenario": row["scenario"], "weight": row["weight"], **row["detail"]["scores"]} for row in told.rows]
    )
    weights = weights[weights["scenario"].isin(order)]
    numbers = ["prior", "log_likelihood", "posterior", "weight", "mean_abs_z"]
    weights = weights.astype(dict.fromkeys(numbers, "float64"))[tracking.WEIGHTS]
    inputs = pd.DataFrame([one for detail in details for one in detail["inputs"]], columns=tracking.INPUTS)
    floats = ["observed", "path", "low", "high", "residual", "one_step", "band", "noise", "sigma", "z", "evidence"]
    inputs = inputs.astype(dict.fromkeys(floats, "float64"))
    moved = [{"scenario": row["scenario"], **one} for row in told.rows for one in row["detail"].get("moved", [])]
    replayed = day is not None and (newest := frames.told(found.code, place)) is not None and newest.as_of != told.as_of
    settings = tracking.Settings(**first["settings"])
    stale = tuple(str(pair[0]) for pair in first["stale"]) if replayed else _stale(inputs, place, today, settings)
    return Heading(
        region=place,
        asked=region,
        as_of=told.as_of,
        run_at=told.run_at,
        edition=told.edition,
        base=int(first["base"]),
        state=str(first["state"]),
        leader=first["leader"] or "",
        best=first["best"] or "",
        off_map=bool(first["off_map"]),
        reversal=bool(first["reversal"]),
        stale=stale,
        separation=float(first["separation"] or 0.0),
        weights=weights.sort_values("scenario", key=lambda codes: codes.map(order)).reset_index(drop=True),
        inputs=inputs,
        notes=tuple(first["notes"]),
        moved=pd.DataFrame(moved, columns=["scenario", "variable", "how", "observed", "shift"]),
        settings=settings,
        replayed=replayed,
    )


def _stale(inputs: pd.DataFrame, place: str, today: date, settings: tracking.Settings) -> tuple[str, ...]:
    """Indicators whose newest figure is too old now: that changes without any load."""
    codes = sorted({str(code) for code in inputs["indicator"]})
    if not codes:
        return ()
    frame = frames.observations(codes, [place])
    found = tracking.stale_series(frame, {(code, place) for code in codes}, today, None, settings)
    return tuple(indicator for indicator, _region in found)


def days(found: FuturesSet, region: str) -> list[date]:
    """Days of which an evaluation of a region was kept, newest first."""
    told = frames.evaluations(found.code, place_of(found, region))
    return sorted(set(told["as_of"]), reverse=True)


def all_days() -> list[date]:
    """Days of which any evaluation of any set was kept, newest first."""

    def compute() -> list[date]:
        every = [day for option in futures.set_options() for day in frames.evaluations(option.value)["as_of"]]
        return sorted(set(every), reverse=True)

    return list(frames.remember("heading-days", (), compute))


def apart_from(found: FuturesSet, region: str) -> tuple[int | None, float]:
    """First year whose figures could tell the scenarios apart if all came in, None when none up to the horizon; and how
    far they then lie apart."""
    result = frames.derived(NAME, found.code, f"{place_of(found, region)}:apart")
    if result is None or result.frame.empty:
        return None, 0.0
    last = result.frame.iloc[-1]
    enough = float(last["separation"]) >= tracking.SETTINGS.separation
    return (int(last["year"]) if enough else None), float(last["separation"])


def course(found: FuturesSet, region: str) -> pd.DataFrame:
    """Weights after each year with today's figures (``analysis.tracking.course``); empty when there are none."""
    result = frames.derived(NAME, found.code, f"{place_of(found, region)}:years")
    columns = ["last", "scenario", "prior", "posterior", "weight", "state", "leader"]
    return pd.DataFrame(columns=columns) if result is None else result.frame


def overview(found: FuturesSet) -> pd.DataFrame:
    """Where every region of a set stands, a row a region.

    Returns:
        [region, name, state, verdict, leader, weight (of the leader), best, mean_abs_z (of the best), indicators,
        first, last (years with figures, 0: none), as_of].
    """
    return frames.remember("heading-overview", (found.code,), lambda: _overview(found))


def _overview(found: FuturesSet) -> pd.DataFrame:
    result = frames.derived(NAME, found.code)
    columns = ["region", "name", "state", "verdict", "leader", "weight", "best", "mean_abs_z", "indicators"]
    if result is None or result.frame.empty:
        return pd.DataFrame(columns=[*columns, "first", "last", "as_of"])
    rows = []
    names = frames.region_names()
    for region, part in result.frame.groupby("region", sort=False):
        row = part.iloc[0]
        short = Heading(
            str(region), str(region), state=row["state"], leader=row["leader"], off_map=row["off_map"], weights=part
        )
        best = part.loc[part["scenario"] == row["best"], "mean_abs_z"]
        rows.append(
            {
                "region": str(region),
                "name": names.get(str(region), str(region)),
                "verdict": short.verdict,
                "weight": short.weight(short.leader),
                "mean_abs_z": float(best.iloc[0]) if len(best) else float("nan"),
                **{name: row[name] for name in ("state", "leader", "best", "indicators", "first", "last")},
                "as_of": date.fromisoformat(row["as_of"]),
            }
        )
    return pd.DataFrame(rows)


# --- signposts ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Board:
    """The signposts of a set and what follows from them.

    Attributes:
        rows: signposts in the order of their states: [code, name, why, owner, source, indicator ('' for an event),
            region, operator, threshold, window, due (Int64), review (date or None), overdue, cluster, observed,
            observed_on, state (one of ``STATES``), period (Int64), value, gap, year (Int64), in_time, reason, flags,
            outcome (True, False or None: open), bits (when met), bits_not (when not), useless, incomplete, share (of
            one signpost), repeats (code of an earlier one, '')].
        likelihoods: signposts x scenarios, NaN where not judged.
        words: the nearest words of these, by signpost and scenario.
        weights: what follows; None when nothing was judged.
        series: observations behind each signpost, by its code.
    """

    rows: pd.DataFrame
    likelihoods: pd.DataFrame
    words: Mapping[tuple[str, str], str]
    weights: Weights | None
    series: Mapping[str, pd.DataFrame]

    def count(self, state: str) -> int:
        """How many signposts stand there."""
        return int((self.rows["state"] == state).sum())

    @property
    def overdue(self) -> int:
        """How many should have been reviewed by now."""
        return int(self.rows["overdue"].astype(bool).sum())


def board(found: FuturesSet, region: str, today: date) -> Board:
    """The signposts of a set; those that name no region are held against the one that is asked for."""
    key = (found.code, region, today.isoformat())
    return frames.remember("heading-board", key, lambda: _board(found, region, today))


def _board(found: FuturesSet, region: str, today: date) -> Board:
    raw = frames.scenario_part("signposts", found.code).astype({"indicator": object, "region": object})
    posts = raw.assign(
        signpost=raw["code"],
        indicator=[code if isinstance(code, str) else "" for code in raw["indicator"]],
        region=[place if isinstance(place, str) else region for place in raw["region"]],
    )
    measured = posts[(posts["indicator"] != "") & posts["threshold"].notna() & (posts["operator"] != "")]
    specs = frames.specs()
    seen = frames.observations(sorted(set(measured["indicator"])), sorted(set(measured["region"])))
    stands = signposts.states(measured, seen, specs)
    copies = signposts.duplicates(measured)
    outcomes = signposts.outcomes(stands, measured, today.year)
    outcomes |= {
        str(row["code"]): bool(row["observed"])
        for row in frames.records(posts)
        if _said(row) and row["indicator"] == ""
    }
    table = _likelihoods(found, posts)
    told = None
    if len(table) and len(found.codes) > 1:
        prior = None if any(one.prior is None for one in found.scenarios) else _prior(found)
        groups = {str(row["code"]): str(row["cluster"]) for row in frames.records(posts) if row["cluster"]}
        told = signposts.signpost_weights(table, outcomes, prior, groups, copies)
    bits = signposts.diagnosticity(table).set_index("signpost") if len(table) else pd.DataFrame()
    shares = {} if told is None else dict(zip(told.inputs["signpost"], told.inputs["share"], strict=True))
    by_code = {row["signpost"]: row for row in frames.records(stands)}
    rows = []
    for row in frames.records(posts):
        code = str(row["code"])
        mine = by_code.get(code, {})
        judged = bits.loc[code] if code in bits.index else None
        review = row["review"] if isinstance(row["review"], date) else None
        rows.append(
            {
                **{name: row[name] for name in _KEPT},
                "due": row["due"],
                "review": review,
                "overdue": review is not None and review < today,
                "observed": row["observed"] if _said(row) else None,
                "observed_on": row["observed_on"] if isinstance(row["observed_on"], date) else None,
                "state": _state(row, mine),
                "period": mine.get("period", pd.NA),
                "value": mine.get("value", float("nan")),
                "gap": mine.get("gap", float("nan")),
                "year": mine.get("year", pd.NA),
                "in_time": mine.get("in_time"),
                "reason": str(mine.get("reason", Reason.NONE)),
                "flags": mine.get("flags", ""),
                "outcome": outcomes.get(code),
                "bits": float("nan") if judged is None else float(judged["met"]),
                "bits_not": float("nan") if judged is None else float(judged["not_met"]),
                "useless": judged is not None and bool(judged["useless"]),
                "incomplete": judged is None or bool(judged["incomplete"]),
                "share": float(shares.get(code, 0.0)),
                "repeats": copies.get(code, ""),
            }
        )
    frame = pd.DataFrame(rows, columns=_COLUMNS).astype({"due": "Int64", "period": "Int64", "year": "Int64"})
    order = frame["state"].map({state: at for at, state in enumerate(STATES)})
    frame = frame.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    nearest = signposts.words(table) if len(table) else table
    words = {(str(code), str(one)): str(word) for one in nearest for code, word in nearest[one].items()}
    lines = dict(iter(seen.groupby(["indicator", "region"])))
    series = {
        str(row["code"]): lines[row["indicator"], row["region"]]
        for row in frames.records(measured)
        if (row["indicator"], row["region"]) in lines
    }
    return Board(frame, table, words, told, series)


_KEPT = (
    *("code", "name", "why", "owner", "source", "indicator", "region", "operator", "threshold", "window", "cluster"),
)
_COLUMNS = [
    *_KEPT,
    *("due", "review", "overdue", "observed", "observed_on", "state", "period", "value", "gap", "year", "in_time"),
    *("reason", "flags", "outcome", "bits", "bits_not", "useless", "incomplete", "share", "repeats"),
]


def _said(row: Mapping[str, Any]) -> bool:
    """Whether people said of an event that it happened or not."""
    return row["observed"] is not None and not pd.isna(row["observed"])


def _state(row: Mapping[str, Any], measured: Mapping[str, Any]) -> str:
    if row["indicator"] == "":
        return (MET if row["observed"] else NOT_MET) if _said(row) else OPEN
    return f"signpost_{measured['state']}" if measured else MISSING


def _likelihoods(found: FuturesSet, posts: pd.DataFrame) -> pd.DataFrame:
    """Signposts x scenarios of the set, in their orders; signposts of which nothing was judged are not in it."""
    judged = frames.scenario_part("likelihoods", found.code)
    judged = judged[judged["signpost"].isin(posts["code"]) & judged["scenario"].isin(found.codes)]
    if judged.empty:
        return pd.DataFrame(columns=list(found.codes))
    table = signposts.likelihood_table(judged)
    return table.reindex(index=[code for code in posts["code"] if code in table.index], columns=list(found.codes))


def _prior(found: FuturesSet) -> dict[str, float] | None:
    stated = {one.code: float(one.prior or 0.0) for one in found.scenarios}
    return stated if sum(stated.values()) > 0 else None


def about_region(region: str, today: date) -> pd.DataFrame:
    """Signposts of all sets that rest on a region's own figures.

    Returns:
        [set, set_title, code, name, indicator, state, year (Int64), due (Int64), outcome, observed_on (None)], sets in
        their order.
    """
    return frames.remember("heading-about", (region, today.isoformat()), lambda: _about_region(region, today))


ABOUT = ["set", "set_title", "code", "name", "indicator", "state", "year", "due", "outcome", "observed_on"]


def _about_region(region: str, today: date) -> pd.DataFrame:
    parts = []
    for option in futures.set_options():
        posts = frames.scenario_part("signposts", option.value).astype({"indicator": object, "region": object})
        mine = posts[(posts["region"] == region) & posts["threshold"].notna() & (posts["operator"] != "")]
        mine = mine[[isinstance(code, str) for code in mine["indicator"]]]
        if mine.empty:
            continue
        mine = mine.assign(signpost=mine["code"])
        seen = frames.observations(sorted(set(mine["indicator"])), [region])
        stands = signposts.states(mine, seen, frames.specs())
        outcomes = signposts.outcomes(stands, mine, today.year)
        parts.append(
            pd.DataFrame(
                {
                    "set": option.value,
                    "set_title": option.label,
                    **{name: mine[name].tolist() for name in ("code", "name", "indicator", "due")},
                    "state": [f"signpost_{state}" for state in stands["state"]],
                    "year": stands["year"].tolist(),
                    "outcome": [outcomes.get(code) for code in mine["code"]],
                    "observed_on": None,
                }
            )[ABOUT]
        )
    frame = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=ABOUT)
    return frame.astype({"year": "Int64", "due": "Int64", "outcome": object})
