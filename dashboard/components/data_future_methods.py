"""Words on the measures of futures, for the part 'methods'; numbers come from the constants of the measures."""

from analysis import cross_impact, influence, morphology, pathways, robustness, signposts, tracking
from analysis.ranks import FLAG_FACTORS, Z90
from dashboard.components.data_parts import Method, default, short
from dashboard.i18n import _, number, percent

SETTINGS = tracking.SETTINGS


def future_methods() -> tuple[Method, ...]:
    """Measures of scenarios: where they lead, which one the figures follow, what holds in all of them."""
    return (
        _pathways(),
        _apart(),
        _tracking(),
        _calibration(),
        _signposts(),
        _balances(),
        _influence(),
        _box(),
        _robustness(),
        _portfolio(),
        _backcast(),
    )


def _pathways() -> Method:
    return Method(
        "pathways",
        _("Pathways"),
        (
            _(
                "A scenario states figures for some years. Between them a pathway runs straight, or at constant growth "
                "for indicators that grow in per cent; before the first and after the last stated year nothing is "
                "said. So that figures can be held against it, each pathway is moved to pass through what was observed "
                "in the set's base year: multiplied where relative change counts, shifted where points count. Where a "
                "table only states growth (other prices, another definition), only its growth is carried over."
            ),
            _(
                "Several models of one scenario become their median with their {low}th and {high}th percentile as "
                "range. What was missing stays missing, never zero. Moving a pathway keeps its change and gives up its "
                "level: a pathway whose level was wrong from the start is not told by it."
            ).format(low=short(default(pathways.fan, "low") * 100), high=short(default(pathways.fan, "high") * 100)),
        ),
        (
            "p_{t} = p_{a}^{1−w} · p_{b}^{w},   w = (t − a) / (b − a)",
            "p*_{t} = p_{t} · y_{0} / p_{0},   p*_{t} = p_{t} + y_{0} − p_{0}",
        ),
        _(
            "Format of the Integrated Assessment Modeling Consortium: Gidden, M. and Huppmann, D. (2019), pyam, "
            "Journal of Open Source Software 4(33); quantiles of type 7: Hyndman, R. and Fan, Y. (1996), The American "
            "Statistician 50(4)."
        ),
    )


def _apart() -> Method:
    return Method(
        "futures-apart",
        _("How far futures lie apart"),
        (
            _(
                "Two scenarios are compared in the years that both reach: difference and ratio of the medians, and how "
                "far their ranges share the same values, from 0 (none) to 1 (equal). The distance over all indicators "
                "is the root mean square of the differences, each indicator in units of its own spread over scenarios "
                "and years. A target year is the first in which a pathway meets the target; the two ends of its range "
                "give the earliest and the latest."
            ),
            _(
                "Ranges mean what the set says they mean. Every indicator and year weighs the same in a distance, "
                "whether it matters or not."
            ),
        ),
        (
            "J = |R_{a} ∩ R_{b}| / |R_{a} ∪ R_{b}|",
            "D_{ab} = √( Σ_{v,t} ((p_{avt} − p_{bvt}) / s_{v})^{2} / N )",
        ),
        _("Overlap: Jaccard, P. (1912), The distribution of the flora in the alpine zone, New Phytologist 11(2)."),
    )


def _tracking() -> Method:
    return Method(
        "tracking-weight",
        _("Tracking weight"),
        (
            _(
                "Which scenario do the figures follow? Figures after the base year depart from each pathway. How large "
                "a departure is to be expected is learnt from the indicator's own yearly changes up to the base year: "
                "the error adds up from year to year like a random walk, and the stated range of the scenario widens "
                "it. The likelihood of all departures together, times the weight that was stated before (equal unless "
                "the set says otherwise), gives the weight; the weights of the scenarios sum to 1. Since the error is "
                "estimated from few years, its distribution is Student's t. Estimated and provisional figures count as "
                "{factor} times as uncertain."
            ).format(factor=short(FLAG_FACTORS["e"])),
            _(
                "Nothing is told with fewer than {years} years of figures, or while no two scenarios lie {apart} "
                "expected error apart over the years observed. A region with fewer than {steps} yearly changes takes "
                "the median error of the others. Figures after a break in the series and forecasts of the publisher "
                "are left out; an indicator counts only where every scenario says something. Off the map means that "
                "even the nearest pathway is missed by more than {off} expected errors on average; figures are old "
                "after {stale} times the usual time between two; a reversal is a leader that changed in each of the "
                "last two releases."
            ).format(
                years=SETTINGS.years,
                apart=short(SETTINGS.separation),
                steps=SETTINGS.steps,
                off=short(SETTINGS.off_map),
                stale=short(SETTINGS.stale),
            ),
            _(
                "It is no probability: one of the scenarios is taken to be right, which nobody knows. Indicators count "
                "as independent; where they move together the weight is surer than it should be. Every evaluation is "
                "kept with all its inputs and the day whose figures it knew, and is never changed; it can be made "
                "again from the figures that were known on any day."
            ),
        ),
        (
            "z_{t} = (y_{t} − p_{t}) / σ_{t},   σ_{t}^{2} = s^{2} (t − t₀) + b_{t}^{2}",
            "Cov(e_{t}, e_{u}) = s^{2} (min(t, u) − t₀) + b_{t} b_{u},   b_{t} = (h_{t} − l_{t}) / (2 · "
            + number(Z90, 3)
            + ")",
            "w_{i} = π_{i} L_{i} / Σ_{j} π_{j} L_{j}",
        ),
        _(
            "Bayes' rule; multivariate t: Kotz, S. and Nadarajah, S. (2004), Multivariate t Distributions and Their "
            "Applications, Cambridge University Press; distance of scenarios: Bhattacharyya, A. (1943), Bulletin of "
            "the Calcutta Mathematical Society 35. The limits are our own choice."
        ),
    )


def _calibration() -> Method:
    return Method(
        "tracking-calibration",
        _("Calibration of tracking weights"),
        (
            _(
                "On the pathways of each set {worlds} histories are made whose true scenario is known: it is drawn by "
                "the stated weights, and figures scatter about its pathway as the indicators did before. In each the "
                "error is estimated anew, as in earnest. If leaders that are given 70% are right in 70% of the "
                "histories, weights keep their word."
            ).format(worlds=number(default(tracking.back_test, "worlds"))),
            _(
                "That is a test of the arithmetic, not of the world: it takes one scenario to be true, errors to be "
                "like those of the past, and indicators to be independent."
            ),
        ),
        ("B = Σ_{i} (w_{i} − x_{i})^{2}",),
        _(
            "Brier, G. (1950), Verification of forecasts expressed in terms of probability, Monthly Weather Review "
            "78(1); intervals: Wilson, E. (1927), Journal of the American Statistical Association 22."
        ),
    )


def _signposts() -> Method:
    words = signposts.WORDS
    return Method(
        "signposts",
        _("Signposts"),
        (
            _(
                "A signpost says what would tell that one future is coming: a threshold of an indicator, or an event. "
                "A panel says in words how likely it is to be met in each scenario; the words stand for {values}. What "
                "was met, or was not met by its due year, multiplies the stated weights by these likelihoods. How much "
                "a signpost tells is counted in bits: 1 bit when it is twice as likely in one scenario as in another, "
                "0 when it is equally likely in all. Signposts of one group share the weight of one; no likelihood "
                "counts as nearer to 0 or 1 than {floor}."
            ).format(values=", ".join(number(value, 2) for value in words.values()), floor=number(signposts.FLOOR, 2)),
            _(
                "A signpost of an indicator is met when the newest figures meet the threshold, as many in a row as it "
                "asks for. It is approaching when the pace of the last years leads there, and the year is that in "
                "which it would; where the pace leads elsewhere it is not approaching. None fits when even the best "
                "scenario held what came for no likelier than {off} on average."
            ).format(off=percent(signposts.OFF_MAP)),
            _(
                "These weights are what the panel's judgements imply, no more. They share no evidence with the "
                "tracking weights and are never multiplied with them: the same figure would count twice, and nobody "
                "could tell any more what was judged and what was measured."
            ),
        ),
        (
            "w_{i} = π_{i} Π_{j} q_{ij}^{1/n_{j}} / Σ_{k} π_{k} Π_{j} q_{kj}^{1/n_{j}},   q = P or 1 − P",
            "B_{j} = log_{2} (max_{i} P_{ij} / min_{i} P_{ij})",
        ),
        _(
            "Diagnosticity of evidence: Heuer, R. (1999), Psychology of Intelligence Analysis; words of likelihood: "
            "Kent, S. (1964), Words of estimative probability. Groups, floor and limits are our own choice."
        ),
    )


def _balances() -> Method:
    return Method(
        "cross-impact",
        _("Cross-impact balances"),
        (
            _(
                "Descriptors have states; the panel judges how each state of one promotes (+3) or hinders (−3) each "
                "state of another. In a scenario the judgements of the chosen states add up to an impact balance for "
                "every state. The scenario is consistent when every chosen state has the highest balance of its "
                "descriptor, ties included; its inconsistency is the largest shortfall. All consistent scenarios are "
                "found, not a sample of them. Succession lets states give way to stronger ones step by step, all at "
                "once or the weakest first, until nothing changes or a cycle closes; the weight of an end is the share "
                "of starts that lead to it, exact up to {exact} million starts."
            ).format(exact=short(cross_impact.EXACT_STATES / 1e6)),
            _(
                "Judgements are no measurements and balances no forces. So each result says what one point more or "
                "less in one judgement would change, and what remains when all are moved at random."
            ),
        ),
        (
            "β_{kl} = Σ_{i} C_{i s(i), kl},   β_{k s(k)} ≥ max_{l} β_{kl}",
            "κ = max_{k} (max_{l} β_{kl} − β_{k s(k)})",
        ),
        _(
            "Weimer-Jehle, W. (2006), Cross-impact balances: a system-theoretical approach to cross-impact analysis, "
            "Technological Forecasting and Social Change 73(4); the same (2009), Properties of cross-impact balance "
            "analysis, arXiv:0912.5352."
        ),
    )


def _influence() -> Method:
    return Method(
        "influence",
        _("Influence and dependence (MICMAC)"),
        (
            _(
                "The panel judges how strongly each driver influences each other one, from 0 to 3. The sum of a row is "
                "the direct influence of a driver, the sum of a column its dependence. Powers of the matrix count what "
                "goes round by others: the first power at which both rankings stay as they were is taken as the "
                "indirect one, the {most}th at the latest. Means cut the plane into drivers, relays, dependent and "
                "autonomous ones."
            ).format(most=influence.MOST_POWERS),
            _(
                "Rankings tell more than the sums, which grow with the power. P marks an influence that may come; the "
                "matrix is computed without and with it."
            ),
        ),
        ("I_{i} = Σ_{j} (M^{k})_{ij},   D_{j} = Σ_{i} (M^{k})_{ij}",),
        _(
            "Duperrin, J. and Godet, M. (1973), Méthode de hiérarchisation des éléments d'un système, CEA-R-4541; "
            "Godet, M. (1994), From Anticipation to Action, Unesco."
        ),
    )


def _box() -> Method:
    return Method(
        "morphology",
        _("Morphological box"),
        (
            _(
                "Parameters have values; pairs of values are marked from {low} to {high}, or as impossible. A "
                "combination of one value of each parameter survives when none of its pairs is impossible; its score "
                "is the mean of its marks, and the smallest is told with it. Values that no surviving combination "
                "takes are named, and when nothing survives, the fewest marks to lift."
            ).format(low=short(min(morphology.MARKS)), high=short(max(morphology.MARKS))),
            _("A pair that nobody marked counts as possible: a box with few marks excludes little."),
        ),
        ("S = Π_{p} n_{p},   m̄ = Σ_{a<b} m_{ab} / (P (P − 1) / 2)",),
        _(
            "Zwicky, F. (1969), Discovery, Invention, Research through the Morphological Approach; Ritchey, T. (2011), "
            "Wicked Problems – Social Messes, Springer; marks: von Reibnitz, U. (1992), Szenario-Technik, Gabler."
        ),
    )


def _robustness() -> Method:
    function = robustness.metrics
    return Method(
        "robustness",
        _("What holds up in all futures"),
        (
            _(
                "Groups judge what each measure brings in each scenario, from −2 to +2; the median of the groups is "
                "the pay-off. A metric turns the pay-offs of a measure into one number: the worst (maximin), the best "
                "(maximax), their mixture with {hurwicz} on the worst (Hurwicz), the mean (Laplace), the largest "
                "regret and its {percentile}th percentile, the share of scenarios in which it does at least "
                "{threshold} (Starr), mean with spread, deviations to the bad side, skewness and kurtosis by "
                "percentiles. Regret is what the best measure would have brought in that scenario, less what this one "
                "brings."
            ).format(
                hurwicz=percent(default(function, "weight_on_worst")),
                percentile=short(default(function, "regret_percentile") * 100),
                threshold=short(default(function, "threshold")),
            ),
            _(
                "Metrics answer different questions and often rank differently; where the first place depends on the "
                "metric, that is said, with how far the rankings agree. Robust means never below 0, fragile −1 or less "
                "in some scenario. A measure that somebody has not judged everywhere is not ranked. With fewer than "
                "{votes} votes a cell's spread is not shown, since it could give a voter away."
            ).format(votes=robustness.PRINTABLE_VOTES),
        ),
        (
            "r_{ms} = max_{n} u_{ns} − u_{ms},   R_{m} = max_{s} r_{ms}",
            "H_{m} = α min_{s} u_{ms} + (1 − α) max_{s} u_{ms}",
            "W = 12 S / (k^{2} (n^{3} − n) − k T)",
        ),
        _(
            "McPhail, C. and others (2018), Robustness metrics: how are they calculated, when should they be used and "
            "why do they give different results?, Earth's Future 6(2); regret: Savage, L. (1951), Journal of the "
            "American Statistical Association 46; agreement: Kendall, M. and Smith, B. (1939), Annals of Mathematical "
            "Statistics 10(3)."
        ),
    )


def _portfolio() -> Method:
    return Method(
        "portfolio",
        _("Measures under a budget"),
        (
            _(
                "Of all sets of measures that fit the budget, and in which each measure has what it needs and none "
                "that it excludes, the one with the smallest largest regret is taken: in the scenario that suits it "
                "least it falls least behind the best set that the same budget could have bought there. Up to {all_of} "
                "measures every set is looked at; beyond, a mixed-integer program is solved, with a bound where time "
                "runs out."
            ).format(all_of=robustness.ENUMERABLE),
            _(
                "Pay-offs add up, unless another rule is chosen; measures that strengthen or weaken one another are "
                "not foreseen. The result rests on judgements and on costs as stated."
            ),
        ),
        ("min_{x} max_{s} ( max_{y} Σ_{m} u_{ms} y_{m} − Σ_{m} u_{ms} x_{m} ),   Σ_{m} c_{m} x_{m} ≤ B",),
        _(
            "Minimax regret: Savage, L. (1951); in programs under a budget: Kouvelis, P. and Yu, G. (1997), Robust "
            "Discrete Optimization and Its Applications, Kluwer."
        ),
    )


def _backcast() -> Method:
    return Method(
        "backcast",
        _("The road back from the goal"),
        (
            _(
                "From the goal in the target year back to today: the pace that each step between two milestones needs "
                "stands beside the paces that the region's own history showed over as many years, those across a break "
                "left out. The ratio is the pace needed over the best that was seen. Milestones with preconditions are "
                "put in an order in which they can be done; slack is what is left between the earliest finish and the "
                "due date, and the chain with the least of it is the critical path."
            ),
            _(
                "A pace that was never seen is not impossible, and one that was seen is not certain: past windows "
                "overlap, so their share is no probability."
            ),
        ),
        (
            "g* = (y_{b} / y_{a})^{1/(b − a)} − 1,   ρ = g* / max_{t} g_{t}",
            "E_{i} = max(now, max_{j≺i} E_{j}) + d_{i},   slack_{i} = due_{i} − E_{i}",
        ),
        _(
            "Robinson, J. (1990), Futures under glass: a recipe for people who hate to predict, Futures 22(8); "
            "critical path: Kelley, J. and Walker, M. (1959), Proceedings of the Eastern Joint Computer Conference."
        ),
    )
