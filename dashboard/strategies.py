"""Measures of a scenario set as the page tells them: judgements, marks, metrics, portfolios, the road back from a goal.

Everything here is in the language of the request; nothing is drawn. Pay-offs are on the scale -2 (does much harm) to
+2 (helps much), money is in thousands of the set's currency, and a group is a kind of organisation, never a person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis import backcast, robustness
from analysis.backcast import CycleError, Pace
from analysis.robustness import LEVEL_METRICS, METRICS, Mark, OptionClass, Portfolio
from dashboard import choices, frames, theme
from dashboard.filters import Filters, Option, number_in, one_of
from dashboard.futures import FuturesSet, the_set
from dashboard.i18n import LANGUAGES, N_, _, language, ngettext, number, signed

PATH = "/strategies"
PAYOFFS, METRIC, PORTFOLIO, GROUPS, BACKCAST = "payoffs", "metrics", "portfolio", "groups", "backcast"

PARTS: Mapping[str, str] = {
    PAYOFFS: N_("What holds up"),
    METRIC: N_("Ranking"),
    PORTFOLIO: N_("Within a budget"),
    GROUPS: N_("Where groups differ"),
    BACKCAST: N_("Back from the goal"),
}
"""Parts of the page, in their order."""

ALL, AUTO = "all", "auto"
EQUAL, PRIOR, TRACKING = "equal", "prior", "tracking"

SCALE: Mapping[int, str] = {
    2: N_("helps much"),
    1: N_("helps"),
    0: N_("changes nothing"),
    -1: N_("harms"),
    -2: N_("harms much"),
}
"""What a judgement may be, best first."""

METRIC_NAMES: Mapping[str, str] = {
    "maximin": N_("Worst case"),
    "maximax": N_("Best case"),
    "laplace": N_("Mean"),
    "hurwicz": N_("Worst and best, weighed"),
    "minimax_regret": N_("Largest regret"),
    "percentile_regret": N_("Regret, 90th percentile"),
    "starr": N_("Share of futures that meet the threshold"),
    "mean_variance": N_("Mean against spread"),
    "undesirable_deviations": N_("Bad surprises"),
    "percentile_skewness": N_("Skewness"),
    "percentile_kurtosis": N_("Kurtosis"),
}

METRIC_SHORT: Mapping[str, str] = {
    "maximin": N_("Worst case"),
    "maximax": N_("Best case"),
    "laplace": N_("Mean"),
    "hurwicz": N_("Worst and best"),
    "minimax_regret": N_("Regret"),
    "percentile_regret": N_("Regret, 90%"),
    "starr": N_("Threshold"),
    "mean_variance": N_("Mean, spread"),
    "undesirable_deviations": N_("Surprises"),
    "percentile_skewness": N_("Skewness"),
    "percentile_kurtosis": N_("Kurtosis"),
}
"""Names for heads of narrow columns."""

METRIC_HOW: Mapping[str, str] = {
    "maximin": N_("The pay-off in the worst future (maximin; Wald). Highest is best."),
    "maximax": N_("The pay-off in the best future (maximax). Highest is best."),
    "laplace": N_(
        "The mean pay-off over the futures (Laplace), weighted if scenario weights are chosen. Highest is best."
    ),
    "hurwicz": N_(
        "The weight times the worst pay-off plus the rest times the best one (Hurwicz). The weight here is on the "
        "worst case; many textbooks put it on the best. Highest is best."
    ),
    "minimax_regret": N_(
        "How much the best measure of a future is better than this one, in the future where that is most (Savage). "
        "Lowest is best."
    ),
    "percentile_regret": N_(
        "The regret that is not exceeded in 90% of the futures; with few futures it is the largest or the next to it. "
        "Lowest is best."
    ),
    "starr": N_(
        "The share of futures, weighted if scenario weights are chosen, in which the pay-off meets the threshold "
        "(Starr's domain criterion). Highest is best."
    ),
    "mean_variance": N_(
        "(Mean + 1) / (standard deviation + 1), with pay-offs moved up by 2 so that all are positive. Highest is best."
    ),
    "undesirable_deviations": N_(
        "How far the worse half of the futures lies below the measure's own median, on average. Nearest to 0 is best."
    ),
    "percentile_skewness": N_(
        "Whether outcomes lie nearer to the good or to the bad end: (p50 − (p90 + p10) / 2) / ((p90 − p10) / 2). It "
        "says how outcomes are spread, not how good they are."
    ),
    "percentile_kurtosis": N_(
        "How much of the spread is in the tails: (p90 − p10) / (p75 − p25). It says how outcomes are spread, not how "
        "good they are."
    ),
}
"""How each metric is worked out, after McPhail et al. (2018)."""

REGRETS = ("minimax_regret", "percentile_regret")
"""Metrics that are held negated, so that 0 is best; people are shown the regret itself."""

CLASS_NAMES: Mapping[str, str] = {
    OptionClass.NO_REGRETS: N_("No regrets"),
    OptionClass.OPT_OUT: N_("Opt out"),
    OptionClass.OPT_IN: N_("Opt in"),
    OptionClass.ABANDON: N_("Abandon"),
    OptionClass.UNKNOWN: N_("Not known yet"),
}

CLASS_HOW: Mapping[str, str] = {
    OptionClass.NO_REGRETS: N_("meets the threshold in every future: start now"),
    OptionClass.OPT_OUT: N_("meets it in more than half: start, and stop if the wrong future comes"),
    OptionClass.OPT_IN: N_("meets it in half or fewer: prepare, and start if the right future comes"),
    OptionClass.ABANDON: N_("meets it in none: leave it"),
    OptionClass.UNKNOWN: N_("judgements are missing"),
}
"""What to do with a measure of each class, after UN Global Pulse."""

NAMED = 3
"""Measures that a sentence names; of more it says how many."""

ORDER = (Mark.ROBUST, Mark.NEITHER, Mark.FRAGILE, Mark.UNKNOWN)

CURVE_STEPS, SOLVED_STEPS = 400, 12
"""Budgets at which the best portfolio is worked out, at most; the second where each one takes a solver."""

TIGHT = 1.0
"""Years of slack below which a step is tight."""


# --- what may be chosen ---------------------------------------------------------------------------------------------


def sets_with_measures() -> tuple[str, ...]:
    """Codes of sets that have measures, in the order of the sets."""

    def compute() -> tuple[str, ...]:
        codes = [str(code) for code in frames.scenario_sets()["code"]]
        return tuple(code for code in codes if len(frames.scenario_part("measures", code)))

    return frames.remember("strategies-sets", (), compute)


def _set_options() -> list[Option]:
    sets, having = frames.scenario_sets(), sets_with_measures()
    options = [Option(code, title) for code, title in zip(sets["code"], sets["title"], strict=True)]
    # The first is the default: a set that has something to show here.
    return sorted(options, key=lambda option: option.value not in having)


def _group_options() -> list[Option]:
    """Groups of every set: what an address may hold; the control offers those of the set shown."""
    groups = {group["code"]: group["name"] for many in frames.scenario_sets()["groups"] for group in many}
    return [Option(ALL, _("All groups")), *(Option(code, name) for code, name in groups.items())]


def _metric_options() -> list[Option]:
    return [Option(code, _(METRIC_NAMES[code])) for code in METRICS]


def _weight_options() -> list[Option]:
    names = {
        EQUAL: N_("All futures alike"),
        PRIOR: N_("The set's own weights"),
        TRACKING: N_("Which future the figures follow"),
    }
    return [Option(code, _(name)) for code, name in names.items()]


def _combine_options() -> list[Option]:
    return [Option("sum", _("Pay-offs add up")), Option("best", _("Only the best one counts"))]


def _threshold_options() -> list[Option]:
    return [Option(str(score), f"{signed(score)} – {_(words)}") for score, words in SCALE.items()]


def _part_options() -> list[Option]:
    return [Option(code, _(label)) for code, label in PARTS.items()]


def _region_options() -> list[Option]:
    return [Option(AUTO, _("The region of the goal")), *choices.countries(), *choices.regions()]


@dataclass(frozen=True)
class StrategyFilters(Filters):
    """What the reader wants to see.

    ``worst`` is the weight that Hurwicz puts on the worst case, in per cent; ``budget`` 0 means half of what all cost.
    """

    set: str = one_of(_set_options, label=N_("Scenario set"))
    part: str = one_of(_part_options, default=PAYOFFS, label=N_("Part"))
    group: str = one_of(_group_options, default=ALL, label=N_("Who judges"))
    metric: str = one_of(_metric_options, default="minimax_regret", label=N_("Metric"))
    threshold: str = one_of(_threshold_options, default="0", label=N_("Threshold"))
    worst: int = number_in(0, 100, 50, label=N_("Hurwicz: weight of the worst case, %"))
    weights: str = one_of(_weight_options, default=EQUAL, label=N_("Scenario weights"))
    budget: int = number_in(0, 1_000_000_000, 0, label=N_("Budget, thousand"))
    combine: str = one_of(_combine_options, default="sum", label=N_("Together"))
    region: str = one_of(_region_options, default=AUTO, label=N_("Region"))


# --- judgements -----------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """One cell: the pay-off, the quartiles of the groups, and how many of them have judged."""

    value: float
    low: float
    high: float
    votes: int


@dataclass(frozen=True)
class Board:
    """The judgements of a set.

    Attributes:
        found: the set.
        measures: [code, position, strategy, strategy_name, theme, cost, currency, needs, excludes, source, name,
            description, instrument], in the set's order.
        groups: name of each group by code, in the set's order.
        votes: [measure, scenario, group, value, reason (as entered), told (the reason in the reader's language)]: one
            row is what a group says of a measure in a scenario.
        payoff: measures x scenarios, the median of the groups or what the chosen one says; missing where none did.
        low, high: quartiles of the groups in each cell, in the shape of ``payoff``.
        marks: [worst, worst_in, missing, mark] by measure.
        group: the group whose votes count, or ``ALL``.
    """

    found: FuturesSet
    measures: pd.DataFrame
    groups: Mapping[str, str]
    votes: pd.DataFrame
    payoff: pd.DataFrame
    low: pd.DataFrame
    high: pd.DataFrame
    marks: pd.DataFrame
    group: str

    @property
    def expected(self) -> int:
        """How many votes there are once all groups have judged everything."""
        return len(self.measures) * len(self.found.codes) * len(self.groups)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each measure by code."""
        return dict(zip(self.measures["code"], self.measures["name"], strict=True))

    @cached_property
    def mark_of(self) -> dict[str, dict[str, Any]]:
        """The row of ``marks`` of each measure."""
        return dict(zip(self.marks.index, frames.records(self.marks), strict=True))

    @cached_property
    def cells(self) -> dict[tuple[str, str], Cell]:
        """Each cell of the table by measure and scenario."""
        counts = self.votes.groupby(["measure", "scenario"]).size().to_dict()
        value, low, high = (table.to_numpy().tolist() for table in (self.payoff, self.low, self.high))
        return {
            (measure, scenario): Cell(value[i][j], low[i][j], high[i][j], int(counts.get((measure, scenario), 0)))
            for i, measure in enumerate(self.payoff.index)
            for j, scenario in enumerate(self.payoff.columns)
        }

    @cached_property
    def ordered(self) -> list[str]:
        """Codes of the measures: robust ones first, then by the mean of their pay-offs."""
        means = self.payoff.mean(axis=1).fillna(-9.0).to_dict()
        return sorted(self.names, key=lambda code: (ORDER.index(self.mark_of[code]["mark"]), -means[code]))

    @cached_property
    def currency(self) -> str:
        """The currency of the costs; '' where there is no cost."""
        known = self.measures.loc[self.measures["cost"].notna(), "currency"]
        return str(known.iloc[0]) if len(known) else ""

    @cached_property
    def told(self) -> bool:
        """Whether anyone has judged anything."""
        return bool(self.payoff.notna().to_numpy().any())

    def marked(self, mark: Mark) -> list[str]:
        """Codes of the measures with a mark, in order."""
        return [code for code in self.ordered if self.mark_of[code]["mark"] == mark]

    def missing_votes(self) -> dict[str, int]:
        """How many judgements each group that has not finished still owes, by its name."""
        all_cells = len(self.measures) * len(self.found.codes)
        counts = self.votes.groupby("group").size()
        owed = {name: all_cells - int(counts.get(code, 0)) for code, name in self.groups.items()}
        return {name: count for name, count in owed.items() if count}


def board(chosen: StrategyFilters) -> Board | None:
    """The judgements of the chosen set and group; None without a set or where it has no measures."""
    if chosen.set not in sets_with_measures():
        return None
    key = (chosen.set, chosen.group, theme.scheme())
    return frames.remember("strategies-board", key, lambda: _board(chosen.set, chosen.group))


def _board(set_code: str, asked: str) -> Board | None:
    found = the_set(set_code)
    if found is None:
        return None
    measures, strategies = frames.scenario_part("measures", found.code), frames.scenario_part("strategies", found.code)
    called = dict(zip(strategies["code"], strategies["name"], strict=True))
    measures = measures.assign(strategy_name=[called.get(code, "") for code in measures["strategy"]])
    votes = frames.scenario_part("pay_offs", found.code)
    votes = votes.rename(columns={"group_code": "group", "score": "value"}).astype({"value": "float64"})
    votes = votes.assign(told=[in_language(reason) for reason in votes["reason"]])
    groups = {str(g["code"]): str(g["name"]) for g in found.groups}
    groups |= {code: code for code in dict.fromkeys(votes["group"]) if code not in groups}
    group = asked if asked in groups else ALL
    mine = votes if group == ALL else votes[votes["group"] == group]
    codes, scenarios = list(measures["code"]), list(found.codes)
    payoff = robustness.payoff_table(mine, measures=codes, scenarios=scenarios)
    low, high = (_quartile(mine, share).reindex(index=codes, columns=scenarios) for share in (0.25, 0.75))
    return Board(found, measures, groups, votes, payoff, low, high, robustness.marks(payoff), group)


def in_language(reason: str) -> str:
    """A reason in the reader's language: one that is written in all languages has them in order, between bars."""
    parts = [part.strip() for part in reason.split(" | ")]
    return parts[list(LANGUAGES).index(language())] if len(parts) == len(LANGUAGES) else reason


def _quartile(votes: pd.DataFrame, share: float) -> pd.DataFrame:
    """A quantile of the votes in each cell (linear), measures x scenarios."""
    if votes.empty:
        return pd.DataFrame(dtype="float64")
    return votes.pivot_table(
        index="measure", columns="scenario", values="value", aggfunc=lambda cell: cell.quantile(share)
    )


def score(value: float | None) -> str:
    """A pay-off in few characters: +1, −0.5, a dash."""
    return signed(value, 0 if value is not None and float(value).is_integer() else 1)


def spread_words(low: float, high: float) -> str:
    """The middle half of the groups, as a range."""
    if low != low:
        return ""
    return _("alike") if low == high else _("{low} to {high}").format(low=score(low), high=score(high))


def listed(names: Sequence[str], at_most: int = 4) -> str:
    """Names in a sentence; of many the first ones and how many there are more."""
    if len(names) > at_most:
        more = len(names) - at_most + 1
        words = ngettext("{names} and {n} more", "{names} and {n} more", more)
        return words.format(names=", ".join(names[: at_most - 1]), n=number(more))
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {last}").format(names=", ".join(names[:-1]), last=names[-1])


def headline(found: Board) -> str:
    """How many measures hold up in every future, and how many fail in some: the answer of the page."""
    if not found.told:
        return _("Nobody has judged the measures yet")
    robust, fragile = len(found.marked(Mark.ROBUST)), len(found.marked(Mark.FRAGILE))
    facts = {"all": number(len(found.measures)), "futures": number(len(found.found.codes))}
    if robust:
        words = ngettext(
            "{n} of {all} measures holds up in all {futures} futures",
            "{n} of {all} measures hold up in all {futures} futures",
            robust,
        )
    else:
        words = _("None of the {all} measures holds up in all {futures} futures")
    first = words.format(n=number(robust), **facts)
    if not fragile:
        return _("{first}; none is fragile").format(first=first)
    return ngettext("{first}; {n} is fragile", "{first}; {n} are fragile", fragile).format(
        first=first, n=number(fragile)
    )


def robust_answer(found: Board) -> str:
    """Which measures hold up in every future, and which fail where."""
    if not found.told:
        return _("Nobody has judged the measures yet")
    names, scenarios = found.names, found.found.names()
    robust = [names[code] for code in found.marked(Mark.ROBUST)]
    fragile = [
        _("{measure} (in {scenarios})").format(
            measure=names[code], scenarios=listed([scenarios[s] for s in found.mark_of[code]["worst_in"]], 2)
        )
        for code in found.marked(Mark.FRAGILE)
    ]
    said = [_("Robust: {names}").format(names=listed(robust, NAMED))] if robust else [_("None is robust")]
    said.append(_("fragile: {names}").format(names=listed(fragile, NAMED)) if fragile else _("none is fragile"))
    return "; ".join(said)


def counted_words(found: Board) -> str:
    """How many judgements are in, from how many groups."""
    count = len(found.votes) if found.group == ALL else int((found.votes["group"] == found.group).sum())
    if found.group != ALL:
        cells = len(found.measures) * len(found.found.codes)
        return _("{n} of {all} judgements of {group} are in").format(
            n=number(count), all=number(cells), group=found.groups[found.group]
        )
    words = ngettext(
        "{n} of {all} judgements are in, from {groups} group",
        "{n} of {all} judgements are in, from {groups} groups",
        len(found.groups),
    )
    return words.format(n=number(count), all=number(found.expected), groups=number(len(found.groups)))


# --- metrics --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Weights:
    """Weights of the scenarios, None for equal ones; ``note`` says where they come from or why they are not used."""

    shares: Mapping[str, float] | None
    note: str = ""


def weights(chosen: StrategyFilters, found: FuturesSet) -> Weights:
    """The scenario weights that the reader asked for; equal ones, with a reason, where there are none."""
    if chosen.weights == PRIOR:
        priors = {one.code: one.prior for one in found.scenarios}
        known = {code: share for code, share in priors.items() if share is not None and share >= 0}
        if len(known) == len(priors) and sum(known.values()) > 0:
            return Weights(known, _("Scenarios weigh as the set says: {list}.").format(list=_shares(found, known)))
        return Weights(None, _("The set gives its scenarios no weights, so all count alike."))
    if chosen.weights == TRACKING:
        region = tracked_region(chosen, found)
        rows = frames.tracking(found.code, region) if region else pd.DataFrame()
        newest = rows[rows["as_of"] == rows["as_of"].max()] if len(rows) else rows
        newest = newest.drop_duplicates("scenario", keep="last") if len(newest) else newest
        told = {str(r["scenario"]): r["weight"] for r in frames.records(newest)}
        if set(told) == set(found.codes) and all(share == share and share is not None for share in told.values()):
            shares = {code: float(share) for code, share in told.items()}
            words = _("Scenarios weigh as the figures of {region} follow them: {list}. This is no forecast.")
            place = frames.region_names().get(region, region)
            return Weights(shares, words.format(region=place, list=_shares(found, shares)))
        return Weights(None, _("It is too early to tell which scenario the figures follow, so all count alike."))
    return Weights(None)


def tracked_region(chosen: StrategyFilters, found: FuturesSet) -> str:
    """Region whose figures say which scenario they follow: the chosen one, else the goal's, else the set's first."""
    if chosen.region != AUTO:
        return chosen.region
    return next(iter((*milestone_regions(found.code), *found.regions)), "")


def _shares(found: FuturesSet, shares: Mapping[str, float]) -> str:
    total = sum(shares.values())
    return ", ".join(f"{one.name} {number(100 * shares[one.code] / total)}%" for one in found.scenarios)


def scores(chosen: StrategyFilters, found: Board, weighed: Weights) -> pd.DataFrame:
    """All metrics of all measures, higher is better in every column (``analysis.robustness.metrics``)."""
    shares = weighed.shares
    told = None if shares is None else tuple(sorted(shares.items()))

    def compute() -> pd.DataFrame:
        threshold, worst = float(chosen.threshold), chosen.worst / 100
        table = robustness.metrics(found.payoff, threshold=threshold, weight_on_worst=worst, weights=shares)
        # The ratio is only trusted on a scale without negative values.
        table["mean_variance"] = robustness.metrics(found.payoff + 2)["mean_variance"]
        return table

    key = (found.found.code, found.group, chosen.threshold, chosen.worst, told)
    return frames.remember("strategies-scores", key, compute)


def metric_value(metric: str, value: float) -> float:
    """A metric as people are shown it: regrets as they are, not negated."""
    return -value + 0.0 if metric in REGRETS else value


def metric_words(metric: str, value: float) -> str:
    """A metric's value in few characters."""
    shown = metric_value(metric, value)
    if metric == "starr":
        return number(shown * 100) + "%" if shown == shown else number(None)
    if metric in ("maximin", "maximax", "laplace", "hurwicz"):
        return signed(shown, 2)
    return number(shown, 2)


def classes(table: pd.DataFrame) -> pd.Series:
    """Option class of each measure, from ``scores``."""
    return table["starr"].map(robustness.option_class)


def ranked_by(metric: str) -> tuple[str, ...]:
    """The metrics that are compared: those of level, and the chosen one if it is none of them."""
    return LEVEL_METRICS if metric in LEVEL_METRICS else (*LEVEL_METRICS, metric)


# --- portfolio ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Purse:
    """What a budget buys.

    Attributes:
        budget: in thousands of the currency.
        total: what all measures that can be chosen cost.
        by_regret, by_mean: the portfolio with the smallest largest regret, and that with the highest expected pay-off.
        curve: [budget, worst_regret, mean, least, most (pay-off over the futures, in the worst and the best one), cost,
            measures (tuple), chosen (bool)], by rising budget; what holds at one holds until the next.
        costs: of the measures that can be chosen.
        left_out: code -> why, of measures that cannot be chosen.
    """

    budget: float
    total: float
    by_regret: Portfolio
    by_mean: Portfolio
    curve: pd.DataFrame
    costs: Mapping[str, float]
    left_out: Mapping[str, str]


def purse(chosen: StrategyFilters, found: Board, weighed: Weights) -> Purse | None:
    """The best portfolios under the chosen budget; None where no measure can be chosen."""
    left_out = _left_out(found)
    rows = [row for row in frames.records(found.measures) if row["code"] not in left_out]
    if not rows:
        return None
    costs = {str(row["code"]): float(row["cost"]) for row in rows}
    total = sum(costs.values())
    budget = float(chosen.budget) or float(round(total / 2))
    given: dict[str, Any] = {
        "combine": chosen.combine,
        "needs": {row["code"]: [c for c in row["needs"] if c in costs] for row in rows},
        "exclusive": {
            tuple(sorted((row["code"], other)))
            for row in rows
            for other in row["excludes"]
            if other in costs and other != row["code"]
        },
    }
    shares = weighed.shares or dict.fromkeys(found.found.codes, 1.0)
    payoff = found.payoff.loc[list(costs)]
    key = (found.found.code, found.group, chosen.combine, tuple(sorted(shares.items())), budget)

    def compute() -> tuple[Portfolio, Portfolio, pd.DataFrame]:
        ties = {"exclusive": given["exclusive"], "needs": given["needs"]}
        many = CURVE_STEPS if len(costs) <= robustness.ENUMERABLE else SOLVED_STEPS
        budgets = sorted({*robustness.budget_steps(costs, at_most=many, **ties), budget})
        best = robustness.portfolios(payoff, costs, budgets, **given)
        mean = robustness.portfolios(payoff, costs, [budget], expected=shares, **given)[0]
        weight = sum(shares.values())
        rows = [
            (
                money,
                one.worst_regret,
                sum(shares[s] * pays for s, pays in one.payoff.items()) / weight,
                min(one.payoff.values()),
                max(one.payoff.values()),
                one.cost,
                one.measures,
                money == budget,
            )
            for money, one in zip(budgets, best, strict=True)
        ]
        columns = ["budget", "worst_regret", "mean", "least", "most", "cost", "measures", "chosen"]
        curve = pd.DataFrame(rows, columns=columns)
        same = curve[["worst_regret", "measures"]].eq(curve[["worst_regret", "measures"]].shift()).all(axis=1)
        # A budget that changes nothing tells nothing; the last one says how far the curve goes.
        curve = curve[~same | curve["chosen"] | (curve["budget"] == budgets[-1])]
        return best[budgets.index(budget)], mean, curve.reset_index(drop=True)

    by_regret, by_mean, curve = frames.remember("strategies-purse", key, compute)
    return Purse(budget, total, by_regret, by_mean, curve, costs, left_out)


def _left_out(found: Board) -> dict[str, str]:
    """Measures that no portfolio can hold, with the reason: without cost or judgement, or needing one that is."""
    names = found.names
    out: dict[str, str] = {}
    for row in frames.records(found.measures):
        if row["cost"] != row["cost"]:
            out[row["code"]] = _("its cost is not known")
        elif found.payoff.loc[row["code"]].isna().any():
            out[row["code"]] = _("judgements are missing")
    grown = True
    while grown:
        grown = False
        for row in frames.records(found.measures):
            missing = [code for code in row["needs"] if code in out or code not in names]
            if missing and row["code"] not in out:
                first = names.get(missing[0], missing[0])
                out[row["code"]] = _("it needs {measure}, which cannot be chosen").format(measure=first)
                grown = True
    return out


def mean_of(portfolio: Portfolio, weighed: Weights) -> float:
    """Expected pay-off of a portfolio."""
    shares = weighed.shares or dict.fromkeys(portfolio.payoff, 1.0)
    return sum(shares[s] * pays for s, pays in portfolio.payoff.items()) / sum(shares.values())


def money(value: float, currency: str) -> str:
    """An amount held in thousands, in words."""
    return _("{amount} thousand {currency}").format(amount=number(value), currency=currency)


# --- backcast -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Road:
    """The way back from the goals of a region.

    Attributes:
        region: its code, '' where the milestones name none.
        offered: codes of the regions that have milestones of their own.
        goal: the row of ``steps`` of the first goal, None without a goal.
        steps: in an order in which they can be done: [code, name, owner, goal, indicator, region, year, value,
            duration, measure, measure_name, needs (codes), needs_names, due, earliest, slack, total_slack, critical,
            status, required, best, best_from, ratio, seen, from_year, from_value, kind, observed, observed_year].
            Years of ``due`` and ``earliest`` are decimal: the end of 2030 is 2031.0.
        history: [indicator, region, period, value, flags] of the series that the milestones speak of.
        now: this day as a decimal year.
        problem: why there is no order (preconditions that wait for one another), else ''.
        lost: names of preconditions that no longer exist.
    """

    region: str
    offered: tuple[str, ...]
    goal: Mapping[str, Any] | None
    steps: pd.DataFrame
    history: pd.DataFrame
    now: float
    problem: str = ""
    lost: tuple[str, ...] = ()


STATUSES = ("reached", "in_time", "tight", "late", "overdue")
"""How a milestone stands: reached already; can be in time, with slack, with little, or not; its year is over."""


def decimal_year(day: date) -> float:
    """A day as a decimal year: 1 July 2026 is about 2026.5."""
    first = date(day.year, 1, 1)
    return day.year + (day - first).days / (date(day.year + 1, 1, 1) - first).days


def milestone_regions(set_code: str) -> tuple[str, ...]:
    """Regions of which a set has milestones, the goals' first."""
    frame = frames.scenario_part("milestones", set_code)
    ordered = frame.sort_values("goal", ascending=False, kind="stable")["region"]
    return tuple(dict.fromkeys(str(code) for code in ordered if isinstance(code, str) and code))


def road(chosen: StrategyFilters, today: date) -> Road | None:
    """The way back from the goals of the chosen set in the chosen region; None where the set has no milestones."""
    key = (chosen.set, chosen.region, today)
    return frames.remember("strategies-road", key, lambda: _chosen_road(chosen, today))


def _chosen_road(chosen: StrategyFilters, today: date) -> Road | None:
    rows = [_named(row) for row in frames.records(frames.scenario_part("milestones", chosen.set))]
    if not rows:
        return None
    offered = milestone_regions(chosen.set)
    region = chosen.region if chosen.region in offered else next(iter(offered), "")
    known = {str(row["code"]): row for row in rows}
    mine = {code for code, row in known.items() if (row["region"] or region) == region}
    waiting = list(mine)
    while waiting:
        more = [code for code in known[waiting.pop()]["needs"] if code in known and code not in mine]
        mine.update(more)
        waiting += more
    chosen_rows = [row for row in rows if row["code"] in mine]
    lost = tuple(dict.fromkeys(code for row in chosen_rows for code in row["needs"] if code not in known))
    return _road(chosen.set, region, offered, chosen_rows, lost, decimal_year(today))


def _named(row: Mapping[str, Any]) -> dict[str, Any]:
    """A milestone whose codes are '' where there is none: a frame holds them as missing."""
    return {**row, **{n: row[n] if isinstance(row[n], str) else "" for n in ("indicator", "region", "measure")}}


def _road(
    set_code: str,
    region: str,
    offered: tuple[str, ...],
    rows: Sequence[Mapping[str, Any]],
    lost: tuple[str, ...],
    now: float,
) -> Road:
    names = {str(row["code"]): str(row["name"]) for row in rows}
    measures = frames.scenario_part("measures", set_code)
    called = dict(zip(measures["code"], measures["name"], strict=True))
    series = list(dict.fromkeys((row["indicator"], row["region"] or region) for row in rows if row["indicator"]))
    history = pd.DataFrame(columns=["indicator", "region", "period", "value", "flags"])
    if series:
        history = frames.observations([code for code, _place in series], [place for _code, place in series])
        history = history[["indicator", "region", "period", "value", "flags"]]
    items = pd.DataFrame(
        [(row["code"], int(row["year"]) + 1.0, float(row["duration"])) for row in rows],
        columns=["milestone", "due", "duration"],
    )
    needs = {str(row["code"]): [code for code in row["needs"] if code in names] for row in rows}
    problem = ""
    try:
        plan = backcast.schedule(items, needs, now)
    except CycleError as error:
        problem = " → ".join(names[code] for code in error.cycle)
        plan = backcast.schedule(items, {}, now)
    by_code = {str(row["code"]): row for row in rows}
    paces = _paces(series, rows, region, history)
    critical = float(plan["total_slack"].min()) if len(plan) else 0.0
    steps = []
    for item in frames.records(plan):
        row = by_code[item["milestone"]]
        pace = paces.get(row["code"], {})
        steps.append(
            {
                "code": row["code"],
                "name": row["name"],
                "owner": row["owner"],
                "goal": bool(row["goal"]),
                "indicator": row["indicator"],
                "region": row["region"],
                "year": int(row["year"]),
                "value": row["value"],
                "duration": float(row["duration"]),
                "measure": row["measure"],
                "measure_name": called.get(row["measure"], ""),
                "needs": needs[row["code"]],
                "needs_names": ", ".join(names[code] for code in needs[row["code"]]),
                "due": item["due"],
                "earliest": item["earliest"],
                "slack": item["slack"],
                "total_slack": item["total_slack"],
                "critical": item["total_slack"] <= critical + 1e-9,
                "status": _status(item, bool(pace.get("reached"))),
                **{name: pace.get(name, default) for name, default in NO_PACE.items()},
            }
        )
    frame = pd.DataFrame(steps)
    goals = [row for row in steps if row["goal"]]
    goals.sort(key=lambda row: (not row["indicator"], -row["year"]))
    return Road(region, offered, goals[0] if goals else None, frame, history, now, problem, lost)


NO_PACE: Mapping[str, Any] = {
    "required": float("nan"),
    "best": float("nan"),
    "best_from": None,
    "ratio": float("nan"),
    "seen": "not_available",
    "from_year": None,
    "from_value": float("nan"),
    "kind": "linear",
    "observed": float("nan"),
    "observed_year": None,
}


def _status(item: Mapping[str, Any], reached: bool) -> str:
    if reached:
        return "reached"
    if item["past"]:
        return "overdue"
    if item["slack"] < -1e-9:
        return "late"
    return "tight" if item["slack"] < TIGHT else "in_time"


def _paces(
    series: Sequence[tuple[str, str]], rows: Sequence[Mapping[str, Any]], region: str, history: pd.DataFrame
) -> dict[str, dict[str, Any]]:
    """Required pace to each milestone from the point before it in its series, beside what the history showed."""
    specs = frames.specs()
    found: dict[str, dict[str, Any]] = {}
    for indicator, place in series:
        mine = history[(history["indicator"] == indicator) & (history["region"] == place)]
        seen = mine.dropna(subset="value").sort_values("period")
        spec = specs.get(indicator)
        kind: Pace = "cagr" if spec is not None and spec.change == "relative" else "linear"
        points = {
            int(row["year"]): row
            for row in rows
            if row["indicator"] == indicator and (row["region"] or region) == place and row["value"] == row["value"]
        }
        if not points or seen.empty:
            continue
        last, value = int(seen["period"].iloc[-1]), float(seen["value"].iloc[-1])
        way = np.sign(float(points[max(points)]["value"]) - value) or (spec.direction if spec else 1) or 1
        for row in points.values():
            reached = bool((value - float(row["value"])) * way >= 0)
            found[row["code"]] = {"observed": value, "observed_year": last, "reached": reached, "kind": kind}
        ahead = {year: row for year, row in points.items() if year > last}
        if not ahead:
            continue
        table = pd.DataFrame(
            {
                "year": [last, *sorted(ahead)],
                "value": [value, *(float(ahead[year]["value"]) for year in sorted(ahead))],
            }
        )
        steps = backcast.feasibility(backcast.required_pace(table), seen, kind)
        for step in frames.records(steps):
            code = ahead[int(step["to_year"])]["code"]
            found[code] |= {
                "required": step["required"],
                "best": step["best"],
                "best_from": step["best_from"],
                "ratio": step["ratio"],
                "seen": str(step["seen"]),
                "from_year": int(step["from_year"]),
                "from_value": float(step["from_value"]),
            }
    return found


def pace_words(row: Mapping[str, Any], value: float) -> str:
    """A yearly pace in words: '+0.08 points a year', '+2.1% a year'."""
    if value != value or value is None:
        return number(None)
    if row["kind"] == "cagr":
        return _("{pace}% a year").format(pace=signed(value * 100, 1))
    spec = frames.specs().get(row["indicator"])
    return _("{pace} a year").format(pace=signed(value, (spec.decimals if spec else 1) + 1))


def value_words(row: Mapping[str, Any], value: float) -> str:
    """A value of a milestone's indicator with its unit."""
    spec = frames.specs().get(row["indicator"])
    if value is None or value != value:
        return ""
    return number(value, spec.decimals if spec else 1) + suffix(row["indicator"])


def suffix(indicator: str) -> str:
    """What follows a figure of an indicator, such as '%'."""

    def compute() -> dict[str, str]:
        known = frames.indicators()
        return dict(zip(known["code"], known["unit_suffix"], strict=True))

    return frames.remember("strategies-suffixes", (), compute).get(indicator, "")


def finish(value: float) -> str:
    """A decimal year in which something is finished, as a year: exactly 2031.0 is the end of 2030."""
    return str(int(np.ceil(value - 1e-9)) - 1)
