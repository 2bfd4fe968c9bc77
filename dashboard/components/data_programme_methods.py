"""Words on the measures of programmes, for the part 'methods'; numbers come from the constants of the measures."""

from analysis import impact, steering
from analysis.pilots import Thresholds
from dashboard.components.data_parts import Method
from dashboard.components.evaluation_parts import RELIABLE, TENTATIVE
from dashboard.i18n import _, number, percent

USUAL = Thresholds()
"""Limits where a programme sets none of its own."""


def programme_methods() -> tuple[Method, ...]:
    """How a programme is judged: indicators, pilots, money, reports, risks, decisions, evaluations, impact."""
    return (
        _status(),
        _pilots(),
        _money(),
        _forecast(),
        _reports(),
        _risks(),
        _decisions(),
        _evaluation(),
        _impact(),
    )


def _share(value: object) -> str:
    return percent(float(str(value)))


def _status() -> Method:
    return Method(
        "programmes",
        _("Status of a result indicator"),
        (
            _(
                "What was reached is held against what was to be reached by now. Expected by now lies on the straight "
                "line through baseline, milestones and target at the ends of their periods, or on steps where that is "
                "agreed. The share of the way counts, so that the rule is the same for figures that shall fall. On "
                "track from {on}, watch from {watch}, off track below; done once the target is met; not due while the "
                "baseline is expected; no report where none came; not computable without a baseline or target (an "
                "output without a baseline begins at 0)."
            ).format(on=_share(USUAL.on_track), watch=_share(USUAL.watch)),
            _(
                "A figure that shall stay within a band is on track inside and to be watched outside by no more than "
                "the agreed tolerance. A judgement on five written steps is on track from the fourth, watch on the "
                "third. Limits are settings of a programme with the day from which they hold, and stand on each page. "
                "Numbers are taken as they are written, so that a value on a limit is on it. As a second opinion the "
                "share of the next milestone is shown: of 2,505 towards 15,000 and 25,000, with 12,980 reached, that "
                "is 83.8% and of the final target 46.6%."
            ),
        ),
        ("r_{t} = (y_{t} − y_{0}) / (e_{t} − y_{0})",),
        _(
            "Commission, OPSYS: logframe indicators and their intermediate targets; the limits of 90% and 70% are "
            "common in performance software and here a setting."
        ),
    )


def _pilots() -> Method:
    return Method(
        "programmes-pilots",
        _("Pilots: the worst speaks, and who sees it rosier"),
        (
            _(
                "The worst indicator speaks for a pilot, of equally bad ones the one furthest behind; a pilot "
                "without a "
                "report is told as such and never by older values. Pilots are counted by status, never averaged: an "
                "average of colours hides the one that fails."
            ),
            _(
                "Those who run a pilot give a light of their own. Where it is rosier than the computed one, both stand "
                "side by side with their reply (green outside and red within, as a watermelon). Done counts as on "
                "track; not due and no report cannot be compared."
            ),
        ),
        (),
        _("Our own rule, after reporting practice in programmes with central thresholds (UN INFO; OPSYS)."),
    )


def _money() -> Method:
    return Method(
        "programmes-money",
        _("Spending, like with like"),
        (
            _(
                "Certified money lags behind declared money, and declared money behind the plan. Each is therefore "
                "compared with the plan of its own periods: certified money of the periods whose control is complete "
                "for every partner that had to report, declared money of all that have closed. Certified money of "
                "later periods is left out and named."
            ),
            _(
                "From half-time on {off} under the plan is off track and {watch} to be watched, before it {early_off} "
                "and {early}. Amounts are whole cents and shares exact fractions: 1.98 of 2.20 million is exactly "
                "10% under. A move of more than {shift} of a partner's budget needs a formal change."
            ).format(
                off=_share(USUAL.underspend_off),
                watch=_share(USUAL.underspend_watch),
                early_off=_share(USUAL.underspend_off_early),
                early=_share(USUAL.underspend_watch_early),
                shift=_share(USUAL.shift),
            ),
        ),
        ("u_{k} = 1 − Σ_{t≤k} certified_{t} / Σ_{t≤k} plan_{t},   k = last covered period",),
        _(
            "Interreg Baltic Sea Region, programme manual on de-commitment (10% after half-time); Interreg Europe, "
            "programme manual on changes of the budget (20%)."
        ),
    )


def _forecast() -> Method:
    return Method(
        "programmes-forecast",
        _("Spending if the pace continues"),
        (
            _(
                "The rest of the plan is spent at the pace of the covered periods: all together in the middle, the "
                "slowest and the fastest single period as the ends of the range. It needs two covered periods. It "
                "carries the past on and is no prediction."
            ),
        ),
        ("F = Σ_{t≤k} certified_{t} + (certified / plan) · Σ_{t>k} plan_{t}",),
        _("Our own, in the manner of earned value's estimate at completion."),
    )


def _reports() -> Method:
    return Method(
        "programmes-reports",
        _("Reports and deliverables"),
        (
            _(
                "A report is expected of a partner from the period in which it joined to the one in which it left, and "
                "of nobody before the period has ended. It is awaited until its day, late when it came after it, "
                "missing when it has not come. Received and on time are shares of the expected; both are told."
            ),
            _(
                "A deliverable is due when its period has closed and delivered when its planned quantity is there. "
                "Days late count to the day of delivery, or to the day of the view while it is open."
            ),
        ),
        (),
        _("Reporting rates as in DHIS2, with the expected set valid for each period."),
    )


def _risks() -> Method:
    return Method(
        "programmes-risks",
        _("Risks"),
        (
            _(
                "Score is likelihood times impact, from 1 to 5 each; the arrow compares with the score before. From "
                "{committee} on a risk concerns the steering committee, from {group} on the working group. An open "
                "risk without a mitigation that has a day breaks the rules, and the page says so. Scores rank "
                "risks; they are no probabilities and are never added."
            ).format(committee=number(float(USUAL.risk_committee)), group=number(float(USUAL.risk_group))),
        ),
        ("s = l · i",),
        _("EU PM² project management methodology, risk log; the limits are settings."),
    )


def _decisions() -> Method:
    return Method(
        "programmes-decisions",
        _("From decision to effect"),
        (
            _(
                "The clock runs from the day of a decision to the day on which an action that follows from it is done; "
                "the median over all done actions is told, since a few slow ones would carry a mean away. Actions "
                "still "
                "open are not in it, so a short median beside many overdue actions is no praise. {later} periods later "
                "the indicators that a decision was about are looked at again: better, the same, worse, or it cannot "
                "be told. Better afterwards does not mean because of it."
            ).format(later=number(steering.LATER)),
            _(
                "What needs the committee is listed by severity: a pilot off track, a risk without a plan, spending, a "
                "silent pilot, overdue actions, late deliverables, lights that are rosier than the figures, effects to "
                "be looked at; at most {most}."
            ).format(most=number(steering.MOST)),
        ),
        (),
        _("Our own."),
    )


def _evaluation() -> Method:
    return Method(
        "programmes-evaluation",
        _("Evaluation and agreement"),
        (
            _(
                "Several evaluators judge by the criteria of the European Commission, and by impact and sustainability "
                "where asked, in four steps, each with the grade of the evidence: A evaluated, B measured, C "
                "described. "
                "Median and range are shown, and the weakest grade given, since a chain holds as much as its weakest "
                "part."
            ),
            _(
                "Agreement is Krippendorff's alpha for ordered steps: 1 full, 0 as by chance, below 0 worse. From {on} "
                "on the steps can be relied upon, from {tentative} for tentative conclusions. It takes what is missing "
                "into account and needs two evaluators in some cells."
            ).format(on=number(RELIABLE, 1), tentative=number(TENTATIVE, 2)),
        ),
        ("α = 1 − D_{observed} / D_{expected}",),
        _(
            "Better Regulation Toolbox, tool 47; OECD (2021), Applying Evaluation Criteria Thoughtfully; Krippendorff, "
            "K. (2004), Content Analysis, 2nd ed., p. 241; Krippendorff, K. (2011), Computing Krippendorff's "
            "Alpha-Reliability."
        ),
    )


def _impact() -> Method:
    return Method(
        "programmes-impact",
        _("Impact on a region's figures"),
        (
            _(
                "A pilot names regional figures that it wants to move. Two comparisons with structural peers are made, "
                "from the first full year after its start on: the change of the mean against that of the peers "
                "(difference-in-differences), and the gap to a weighted mean of peers that ran like the region before "
                "(synthetic control; weights not negative, summing to one, from all years before the start and nothing "
                "else). Regions in which the programme works on the same figure are left out."
            ),
            _(
                "With one region and few others there are no standard errors worth the name. Instead each other region "
                "is treated as if the pilot had been there: p is the share of regions, the own one included, with as "
                "large a difference (or ratio of errors after and before), and never below 1 in their number. A "
                "difference counts as rare up to p = {level}; from the placebos follow the range, and the size that a "
                "difference must exceed."
            ).format(level=number(impact.LEVEL, 2)),
            _(
                "Nothing is told with fewer than {before} years before the start ({mixture} for a mixture), fewer than "
                "{donors} regions, or no year after it. Until then a rehearsal two years earlier, where nothing "
                "happened, says from which size on something could be seen at all. A mixture whose error before "
                "exceeds {poor} of the region's own spread is marked as poor. A region's figure has many causes and a "
                "pilot is small: this is contribution, not proof."
            ).format(
                before=number(impact.MIN_BEFORE),
                mixture=number(impact.MIN_BEFORE_SYNTHETIC),
                donors=number(impact.MIN_DONORS),
                poor=percent(impact.POOR_FIT),
            ),
        ),
        (
            "δ = (ȳ_{after} − ȳ_{before}) − (x̄_{after} − x̄_{before})",
            "min_{w} Σ_{t<t₀} (y_{t} − Σ_{j} w_{j} x_{jt})²,   w_{j} ≥ 0,   Σ_{j} w_{j} = 1",
            "p = #{ j : R_{j} ≥ R } / (J + 1),   R = RMSPE_{after} / RMSPE_{before}",
        ),
        _(
            "Abadie, A., Diamond, A. and Hainmueller, J. (2010), Journal of the American Statistical Association "
            "105(490); Abadie, A. (2021), Journal of Economic Literature 59(2); Conley, T. and Taber, C. (2011), "
            "Review "
            "of Economics and Statistics 93(1); Angrist, J. and Pischke, J.-S. (2009), Mostly Harmless Econometrics."
        ),
    )
