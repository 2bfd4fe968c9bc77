"""Signposts: judged events that speak for one scenario rather than another, and where the figures stand beside them.

This layer is judgement: a panel says in words how likely each signpost is to be met in each scenario, and Bayes' rule
makes weights of what was met. It shares Bayes' rule with the tracking of pathways (``analysis.tracking``) but no
evidence and no result, and the weights of the two must be shown apart.

A likelihood table has ``signpost, scenario`` and ``likelihood`` (a word of ``Word`` or a number from 0 to 1). Signposts
have ``signpost, indicator, region, operator, threshold`` and optionally ``window`` (how many newest observations in a
row must meet the threshold, 1 if absent) and ``due`` (last year in which meeting it counts).
"""

import operator as op
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np
import pandas as pd

from analysis.model import Arrival, IndicatorSpec, Reason, is_uncertain, join_flags
from analysis.pathways import EPSILON, Note
from analysis.progress import distance_to_target
from analysis.tracking import posterior, priors


class Word(StrEnum):
    """Five steps of likelihood; the numbers are those of ``WORDS``."""

    VERY_UNLIKELY = "very_unlikely"
    UNLIKELY = "unlikely"
    EVEN = "even"
    LIKELY = "likely"
    VERY_LIKELY = "very_likely"


WORDS: Mapping[Word, float] = {
    Word.VERY_UNLIKELY: 0.05,
    Word.UNLIKELY: 0.25,
    Word.EVEN: 0.50,
    Word.LIKELY: 0.75,
    Word.VERY_LIKELY: 0.95,
}

FLOOR = 0.02
"""No judgement rules an outcome out: likelihoods stay this far from 0 and 1."""

OFF_MAP = 0.25
"""When even the best scenario held the observed outcomes for no likelier than this (geometric mean by weight), none
fits: "unlikely" in the scale of words. Our own choice."""

DUE = 2100
"""Year by which a threshold is asked for where a signpost has no ``due``."""


class Issue(StrEnum):
    """What counts less or not at all."""

    USELESS = "same_in_all_scenarios"
    DUPLICATE = "duplicate"
    INCOMPLETE = "no_likelihood_in_some_scenario"
    UNKNOWN = "not_in_table"


class State(StrEnum):
    """Where a signpost stands."""

    MET = "met"
    APPROACHING = "approaching"
    AWAY = "away"
    NO_DATA = "no_data"


def likelihood(value: Word | str | float) -> float:
    """A word or number as a likelihood, NaN for an empty cell. Raises ValueError for anything else."""
    if isinstance(value, str):
        if value not in WORDS:
            raise ValueError(f"{value!r} is no likelihood; words are {', '.join(WORDS)}")
        return WORDS[Word(value)]
    number = float("nan") if value is None or pd.isna(value) else float(value)
    if not np.isnan(number) and not 0 <= number <= 1:
        raise ValueError(f"a likelihood lies between 0 and 1, not at {number:g}")
    return number


def likelihood_table(judgements: pd.DataFrame) -> pd.DataFrame:
    """Signposts x scenarios, in the order of the judgements, kept ``FLOOR`` away from 0 and 1; NaN where not judged.

    A judgement that is given twice alike counts once. Raises ValueError where two differ.
    """
    frame = judgements.assign(p=[likelihood(v) for v in judgements["likelihood"]])
    frame = frame.drop_duplicates(["signpost", "scenario", "p"])
    twice = frame[frame.duplicated(["signpost", "scenario"])]
    if len(twice):
        first = twice.iloc[0]
        raise ValueError(f"two likelihoods of signpost {first['signpost']} in scenario {first['scenario']}")
    rows, columns = pd.unique(frame["signpost"]), pd.unique(frame["scenario"])
    wide = frame.set_index(["signpost", "scenario"])["p"].unstack("scenario").reindex(rows)[list(columns)]  # noqa: PD010
    return wide.clip(FLOOR, 1 - FLOOR)


def diagnosticity(table: pd.DataFrame) -> pd.DataFrame:
    """How much each signpost tells, in bits: log2 of its highest over its lowest likelihood across scenarios.

    Returns every row of the table: [signpost, met (bits when it is met), not_met (bits when it is not, from 1 - p),
    useless (the same in all scenarios), incomplete (some scenario has no likelihood; bits are of the others)].
    """
    p = table.to_numpy(float)
    bits = [np.log2(np.nanmax(q, axis=1) / np.nanmin(q, axis=1)) for q in (p, 1 - p)]
    return pd.DataFrame(
        {
            "signpost": table.index.to_numpy(object),
            "met": bits[0],
            "not_met": bits[1],
            "useless": np.maximum(*bits) < EPSILON,
            "incomplete": np.isnan(p).any(axis=1),
        }
    )


@dataclass(frozen=True)
class Weights:
    """Weights of scenarios by judged signposts, with everything they were made from.

    ``weights``: [scenario, prior, log_likelihood, weight, fit (geometric mean of the likelihoods of what was
    observed)]. ``inputs``: every signpost of the table and every scenario: [signpost, scenario, likelihood, observed
    (True, False, None: open), group, share (weight of the signpost), contribution (share x log likelihood)]. ``told``
    is false when nothing that counts was observed; the weights are then the prior. ``off_map``: no scenario fits.
    """

    told: bool
    leader: str | None
    off_map: bool
    weights: pd.DataFrame
    inputs: pd.DataFrame
    notes: tuple[Note, ...]


def signpost_weights(
    table: pd.DataFrame,
    observed: Mapping[str, bool | None],
    prior: Mapping[str, float] | None = None,
    groups: Mapping[str, str] | None = None,
    copies: Mapping[str, str] | None = None,
) -> Weights:
    """Prior x likelihood of every observed outcome (p when met, 1 - p when not), in logarithms.

    ``observed`` says of a signpost whether it was met (None or absent: still open, counts nothing). ``groups`` names
    the correlated ones: each of a group of n counts 1/n. ``copies`` maps a signpost to the one that it repeats (see
    ``duplicates``); it counts nothing and does not enlarge its group. Signposts that are not judged for every
    scenario count nothing, so that no scenario gains by an empty cell. All of this is noted.
    """
    scenarios = [str(s) for s in table.columns]
    first = priors(scenarios, prior)
    groups, copies = groups or {}, copies or {}
    notes = [Note(Issue.UNKNOWN, (str(s),)) for s in observed if s not in table.index]
    copied = {s for s, of in copies.items() if s in table.index and of in table.index and s != of}
    told_of = diagnosticity(table)
    skip = copied | set(told_of.loc[told_of["incomplete"], "signpost"])
    counted = [groups.get(s) for s in table.index if s not in skip]
    score, total, rows = np.zeros(len(scenarios)), 0.0, []
    for signpost, useless, incomplete in zip(
        told_of["signpost"], told_of["useless"], told_of["incomplete"], strict=True
    ):
        if signpost in copied:
            notes.append(Note(Issue.DUPLICATE, (signpost,), copies[signpost]))
        elif incomplete:
            notes.append(Note(Issue.INCOMPLETE, (signpost,)))
        elif useless:
            notes.append(Note(Issue.USELESS, (signpost,)))
        p = table.loc[signpost].to_numpy(float)
        group, met = groups.get(signpost), observed.get(signpost)
        share = 0.0 if signpost in skip else 1.0 if group is None else 1 / counted.count(group)
        part = np.zeros(len(scenarios))
        if met is not None and share > 0:
            part = share * np.log(p if met else 1 - p)
            score += part
            total += share
        rows += [
            {
                "signpost": signpost,
                "scenario": s,
                "likelihood": p[i],
                "observed": met,
                "group": group,
                "share": share,
                "contribution": part[i],
            }
            for i, s in enumerate(scenarios)
        ]
    weight = posterior(score, first)
    fit = np.exp(score / total) if total else np.full(len(scenarios), np.nan)
    top = np.flatnonzero(weight >= weight.max() - EPSILON)
    columns = ["signpost", "scenario", "likelihood", "observed", "group", "share", "contribution"]
    return Weights(
        total > 0,
        scenarios[int(top[0])] if total and len(top) == 1 else None,
        bool(total and fit.max() <= OFF_MAP + EPSILON),
        pd.DataFrame({"scenario": scenarios, "prior": first, "log_likelihood": score, "weight": weight, "fit": fit}),
        pd.DataFrame(rows, columns=columns).astype({"observed": object}),
        tuple(notes),
    )


def duplicates(signposts: pd.DataFrame) -> dict[str, str]:
    """Signposts that ask the same of the same figure as an earlier one, mapped to that one."""
    first: dict[tuple[Any, ...], str] = {}
    found = {}
    for row in signposts.to_dict("records"):
        due = row.get("due")
        asked = (row["indicator"], row["region"], row["operator"], float(row["threshold"]), _window(row))
        key = (*asked, None if due is None or pd.isna(due) else int(due))
        name = str(row["signpost"])
        original = first.setdefault(key, name)
        if original != name:
            found[name] = original
    return found


def _window(row: Mapping[str, Any]) -> int:
    window = row.get("window")
    window = 1 if window is None or pd.isna(window) else int(window)
    if window < 1:
        raise ValueError(f"signpost {row['signpost']}: the window is at least one observation")
    return window


OPERATORS: Mapping[str, tuple[Callable[[Any, Any], Any], int]] = {
    ">=": (op.ge, 1),
    ">": (op.gt, 1),
    "<=": (op.le, -1),
    "<": (op.lt, -1),
}
"""Comparison of value and threshold, and the direction in which a value approaches."""

STATES = ["signpost", "state", "period", "value", "threshold", "gap", "pace", "measure", "year", "in_time", "reason"]


def states(signposts: pd.DataFrame, frame: pd.DataFrame, specs: Mapping[str, IndicatorSpec]) -> pd.DataFrame:
    """Where each signpost stands by the newest observations, and when it is met if the present pace goes on.

    Returns one row per signpost, in order: [signpost, state (State), period, value (the newest), threshold, gap
    (threshold - value, unit), pace (a year, by ``measure``: percent if ``relative``, unit if ``points``; see
    ``analysis.progress``), year (in which an approaching one is met, <NA> beyond 2100), in_time (met or approaching by
    the due year; None without one), reason (analysis.model.Reason of no pace), flags, uncertain].

    A value that stands still or moves the other way is ``away``. ``no_data`` means no value, or none before it to tell
    a pace from; in the second case the value is given. With a window of n, the threshold must be met by the n newest
    observations, and one that is met by fewer is approaching, met when the remaining years have passed.
    Raises ValueError for an unknown operator or a threshold that is not a number.
    """
    rows: list[dict[str, Any]] = []
    series = dict(iter(frame.groupby(["indicator", "region"])))
    for row in signposts.to_dict("records"):
        mine = series.get((row["indicator"], row["region"]))
        rows.append(_state(row, mine, specs.get(row["indicator"])))
    table = pd.DataFrame(rows, columns=[*STATES, "flags", "uncertain"])
    return table.astype({"period": "Int64", "year": "Int64", "in_time": object})


def _state(row: Mapping[str, Any], series: pd.DataFrame | None, spec: IndicatorSpec | None) -> dict[str, Any]:
    name, sign, threshold, window = str(row["signpost"]), row["operator"], float(row["threshold"]), _window(row)
    if sign not in OPERATORS:
        raise ValueError(f"signpost {name}: {sign!r} is no operator; there are {', '.join(OPERATORS)}")
    if not np.isfinite(threshold):
        raise ValueError(f"signpost {name}: the threshold is no number")
    compare, way = OPERATORS[sign]
    stated_due = row.get("due")
    due = None if stated_due is None or pd.isna(stated_due) else int(stated_due)
    result: dict[str, Any] = {
        "signpost": name,
        "state": State.NO_DATA,
        "threshold": threshold,
        "reason": Reason.NO_VALUE,
        "flags": "",
        "uncertain": False,
        "in_time": None,
    }
    if series is not None:
        # A publisher's forecast has not happened.
        series = series[~series["flags"].fillna("").str.contains("f")]
    if series is None or spec is None or series["value"].notna().sum() == 0:
        return result
    asked = replace(spec, direction=way, target_value=threshold, target_year=DUE if due is None else due)
    paced = distance_to_target(series, {spec.code: asked}).iloc[0]
    values = series.dropna(subset="value").sort_values("period")
    newest, period = float(values["value"].iloc[-1]), int(values["period"].iloc[-1])
    flags = str(paced["flags"])
    result |= {
        "period": period,
        "value": newest,
        "gap": threshold - newest,
        "pace": paced["pace"],
        "measure": paced["measure"],
        "reason": Reason.NONE,
        "flags": flags,
        "uncertain": is_uncertain(flags),
    }
    # Rounding of published figures must not hold back a threshold that is met on paper.
    slack = EPSILON * max(1.0, abs(threshold)) if sign in (">=", "<=") else 0.0
    meets = compare(values["value"].to_numpy(float) + way * slack, threshold)
    run = int(np.argmin(meets[::-1])) if not meets.all() else len(meets)
    pace = paced["pace"]
    if run >= window:
        result |= {"state": State.MET, "flags": join_flags(values["flags"].fillna("").iloc[-window:])}
        # The first year of the present run in which enough of them were in a row.
        result["year"] = int(values["period"].iloc[len(values) - run + window - 1])
        result["uncertain"] = is_uncertain(result["flags"])
    elif run > 0:
        result |= {"state": State.APPROACHING, "year": period + window - run}
    elif pd.isna(pace):
        result |= {"reason": paced["reason"]}
    elif way * pace <= 0:
        result["state"] = State.AWAY
    else:
        result["state"] = State.APPROACHING
        if paced["arrival"] == Arrival.YEAR:
            result["year"] = int(paced["arrival_year"]) + window - 1
        elif paced["arrival"] == Arrival.REACHED:
            # It stands on a threshold that it must pass.
            result["year"] = period + window
    if due is not None and result["state"] in (State.MET, State.APPROACHING):
        result["in_time"] = "year" in result and result["year"] <= due
    return result


def outcomes(board: pd.DataFrame, signposts: pd.DataFrame, year: int) -> dict[str, bool | None]:
    """What ``signpost_weights`` may take as observed: met, not met by the end of its due year, or open (None).

    ``board`` is that of ``states``. A signpost that is not met speaks against a scenario only once its due year has
    been observed (the newest value is of that year or later) and has passed by ``year``; before that, and without a
    due year or data, it is open. One that was met after it was due was not met in time.
    """
    due = dict(zip(signposts["signpost"], signposts["due"], strict=True)) if "due" in signposts else {}
    result: dict[str, bool | None] = {}
    for row in board.to_dict("records"):
        name, limit = row["signpost"], due.get(row["signpost"])
        limit = None if limit is None or pd.isna(limit) else int(limit)
        if row["state"] == State.MET:
            result[name] = limit is None or row["year"] <= limit
        elif limit is None or pd.isna(row["period"]) or row["period"] < limit or year < limit:
            result[name] = None
        else:
            result[name] = False
    return result


def words(table: pd.DataFrame) -> pd.DataFrame:
    """The nearest word of every likelihood, for the screen; of two equally near ones the one closer to even."""
    order: Sequence[Word] = sorted(WORDS, key=lambda w: abs(WORDS[w] - 0.5))
    near = {w: i for i, w in enumerate(order)}

    def name(p: float) -> str:
        return "" if np.isnan(p) else str(min(order, key=lambda w: (round(abs(WORDS[w] - p), 9), near[w])))

    return table.apply(lambda column: column.map(name))
