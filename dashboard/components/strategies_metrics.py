"""Strategies: the ranking by each metric of robustness, where it depends on the metric, and classes of measures."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from dash import html

from analysis import robustness
from analysis.robustness import METRICS, Choice, OptionClass
from dashboard import strategies
from dashboard.components.card import exhibit_card
from dashboard.components.marks import MARKS
from dashboard.components.strategies_parts import Question, board_exhibit, lines, no_measures, nothing, question
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import ranks_by_metric, shock
from dashboard.i18n import _, ngettext, number
from dashboard.strategies import CLASS_HOW, CLASS_NAMES, METRIC_HOW, METRIC_NAMES, METRIC_SHORT, StrategyFilters, listed

CONTROLS = ("group", "metric", "threshold", "worst", "weights", "region")

DECIMALS = {"starr": 0, "maximin": 1, "maximax": 1}
"""Decimals of metrics; the others have two."""

MOST = 3
"""Measures that the sentence on the leaders names."""


def _scores(asked: Question) -> pd.DataFrame:
    return strategies.scores(asked.chosen, asked.board, asked.weighed)


def _notes(asked: Question, scores: pd.DataFrame) -> tuple[str, ...]:
    """What a careful reader must know: weights, gaps, metrics that rank nothing."""
    notes = []
    if asked.weighed.note:
        used = _("Only the mean and the share that meets the threshold use weights.") if asked.weighed.shares else ""
        notes.append(" ".join(part for part in (asked.weighed.note, used) if part))
    gaps = [
        name for code, name in asked.board.names.items() if scores.loc[code, "maximin"] != scores.loc[code, "maximin"]
    ]
    if gaps and len(gaps) < len(scores):
        notes.append(_("Not ranked, since judgements are missing: {measures}.").format(measures=listed(gaps)))
    return tuple(notes)


def _by_place(places: pd.Series, board: strategies.Board) -> list[str]:
    """Codes by their place, those without one last; equal ones in the order of the heat table."""
    order = {code: at for at, code in enumerate(board.ordered)}
    return sorted(order, key=lambda code: (places[code] if places[code] == places[code] else 99.0, order[code]))


@exhibit("strategies-metrics", StrategyFilters)
def places(chosen: StrategyFilters) -> Exhibit:
    """Place of each measure by each metric."""
    asked, key = question(chosen), "strategies-metrics"
    if asked is None:
        return nothing(chosen, key, _("The ranking by each metric"), no_measures(chosen))
    board, compared = asked.board, strategies.ranked_by(chosen.metric)
    scores = _scores(asked)
    ranks = robustness.rank_table(scores, compared)
    facts = robustness.choice(scores, compared)
    order = _by_place(ranks[chosen.metric], board)
    rows = [{"code": code, "label": board.names[code], "note": _span(facts, code)} for code in order]
    table = pd.DataFrame(
        [
            {
                "measure": board.names[code],
                **{metric: ranks.loc[code, metric] for metric in compared},
                "best_place": facts.places.loc[code, "best_place"],
                "worst_place": facts.places.loc[code, "worst_place"],
            }
            for code in order
        ]
    )
    columns = [Column("measure", _("Measure"))]
    columns += [Column(metric, _(METRIC_NAMES[metric]), "number") for metric in compared]
    columns += [Column("best_place", _("Best place"), "number"), Column("worst_place", _("Worst place"), "number")]
    return board_exhibit(
        asked,
        key,
        answer=depends_words(board, facts),
        subtitle=_("Place of each measure by each metric, 1 is best, and at the right its best and worst place"),
        figure=ranks_by_metric.places(
            ranks, rows, {metric: _(METRIC_SHORT[metric]) for metric in compared}, chosen.metric
        ),
        table=table,
        columns=tuple(columns),
        how=_(
            "Each metric answers another question: how bad can it get, how good, how is it on the whole, how much "
            "would one regret it (McPhail et al., 2018). Kendall's W says how far the metrics agree: 1 is the same "
            "ranking by all, 0 none in common. Equal measures share the better place. Skewness and kurtosis describe "
            "the spread only, and are compared when chosen."
        ),
        notes=_notes(asked, scores),
        empty="" if board.told else _("Nobody has judged the measures yet."),
        height=ranks_by_metric.height(len(rows)),
    )


def _span(facts: Choice, code: str) -> str:
    low, high = facts.places.loc[code, "best_place"], facts.places.loc[code, "worst_place"]
    if low != low:
        return ""
    return number(low) if low == high else f"{number(low)}–{number(high)}"


def depends_words(board: strategies.Board, facts: Choice) -> str:
    """Whether the ranking depends on the metric, and how far the metrics agree."""
    if not facts.best:
        return _("The ranking by each metric")
    agreement = _("agreement of the metrics (Kendall's W): {w}").format(w=number(facts.agreement, 2))
    count = len(facts.best)
    if not facts.depends:
        words = ngettext(
            "By all {n} metrics {names} comes first; {agreement}",
            "By all {n} metrics {names} come first; {agreement}",
            len(facts.always_first),
        )
        names = listed([board.names[str(code)] for code in facts.always_first])
        return words.format(n=number(count), names=names, agreement=agreement)
    told = [
        _("{measure} is first by {n}").format(measure=board.names[code], n=number(wins))
        for code, wins in list(facts.leaders.items())[:MOST]
    ]
    words = _("The ranking depends on the metric: of {n}, {leaders}; {agreement}")
    return words.format(n=number(count), leaders=", ".join(told), agreement=agreement)


@exhibit("strategies-metric", StrategyFilters)
def values(chosen: StrategyFilters) -> Exhibit:
    """The chosen metric of each measure; the table has all eleven."""
    asked, key = question(chosen), "strategies-metric"
    if asked is None:
        return nothing(chosen, key, _("The measures by one metric"), no_measures(chosen))
    board, metric = asked.board, chosen.metric
    scores = _scores(asked)
    ranks = robustness.rank_table(scores, (metric,))[metric]
    order = _by_place(ranks, board)
    kinds = strategies.classes(scores)
    rows = []
    for code in order:
        line: dict[str, Any] = {"measure": board.names[code], "place": ranks[code], "class": _class_mark(kinds[code])}
        for name in METRICS:
            shown = strategies.metric_value(name, float(scores.loc[code, name]))
            line[name] = shown * 100 if name == "starr" else shown
        rows.append(line)
    table = pd.DataFrame(rows)
    drawn = pd.DataFrame(
        [
            {
                "key": code,
                "label": board.names[code],
                "value": line[metric],
                "strong": ranks[code] == 1,
                "hover": lines(
                    board.names[code],
                    f"{_(METRIC_NAMES[metric])}: {strategies.metric_words(metric, float(scores.loc[code, metric]))}",
                ),
            }
            for code, line in zip(order, rows, strict=True)
            if line[metric] == line[metric]
        ]
    )
    columns = [Column("measure", _("Measure")), Column("place", _("Place"), "number")]
    columns.append(_metric_column(metric))
    columns += [_metric_column(name) for name in METRICS if name != metric]
    columns.append(Column("class", _("What to do"), "mark"))
    return board_exhibit(
        asked,
        key,
        answer=_metric_answer(asked, scores, ranks),
        subtitle=_metric_subtitle(chosen),
        figure=shock.bars(
            drawn,
            DECIMALS.get(metric, 2),
            "%" if metric == "starr" else "",
            metric in ("maximin", "maximax", "laplace", "hurwicz", "undesirable_deviations"),
        )
        if len(drawn)
        else None,
        table=table,
        columns=tuple(columns),
        how=_(METRIC_HOW[metric]),
        notes=_undefined(asked, scores),
        empty="" if board.told else _("Nobody has judged the measures yet."),
        height=shock.height(len(drawn)),
    )


def _metric_column(metric: str) -> Column:
    name = _(METRIC_NAMES[metric])
    return Column(metric, f"{name}, %" if metric == "starr" else name, "number", DECIMALS.get(metric, 2))


def _metric_subtitle(chosen: StrategyFilters) -> str:
    name = _(METRIC_NAMES[chosen.metric])
    if chosen.metric == "hurwicz":
        return _("{metric}; {n}% of the weight on the worst case").format(metric=name, n=number(chosen.worst))
    if chosen.metric == "starr":
        return _("{metric} of {threshold}, %").format(metric=name, threshold=strategies.score(float(chosen.threshold)))
    return _("{metric}, in points of the scale").format(metric=name)


def _metric_answer(asked: Question, scores: pd.DataFrame, ranks: pd.Series) -> str:
    names, metric = asked.board.names, asked.chosen.metric
    first = [code for code in ranks.index if ranks[code] == 1]
    if not first:
        return _("The measures by one metric")
    words = ngettext(
        "{metric}: {names} comes first, with {value}", "{metric}: {names} come first, with {value}", len(first)
    )
    value = strategies.metric_words(metric, float(scores.loc[first[0], metric]))
    return words.format(metric=_(METRIC_NAMES[metric]), names=listed([names[code] for code in first]), value=value)


def _undefined(asked: Question, scores: pd.DataFrame) -> tuple[str, ...]:
    metric = asked.chosen.metric
    lacking = [code for code in scores.index if scores.loc[code, metric] != scores.loc[code, metric]]
    complete = [code for code in lacking if scores.loc[code, "maximin"] == scores.loc[code, "maximin"]]
    if not complete:
        return ()
    words = _("Not defined, since its middle futures do not differ: {measures}.")
    return (words.format(measures=listed([asked.board.names[code] for code in complete])),)


def _class_mark(kind: OptionClass) -> str:
    return "unjudged" if kind is OptionClass.UNKNOWN else str(kind)


def classes(asked: Question) -> html.Section:
    """What to do with each measure, by how many futures meet the threshold."""
    board, kinds = asked.board, strategies.classes(_scores(asked))
    tiles = []
    for kind in OptionClass:
        mine = [board.names[code] for code in board.ordered if kinds[code] == kind]
        if kind is OptionClass.UNKNOWN and not mine:
            continue
        tiles.append(_tile(kind, mine))
    threshold = int(asked.chosen.threshold)
    said = _("What to do, if a measure should bring at least {threshold} ({words})").format(
        threshold=strategies.score(threshold), words=_(strategies.SCALE[threshold])
    )
    return html.Section([html.H2(said), html.Div(tiles, className="tile-row")], className="section")


def _tile(kind: OptionClass, names: Sequence[str]) -> html.Div:
    shape = MARKS[_class_mark(kind)].shape
    inside: Any = html.Ul([html.Li(name) for name in names], className="list-plain") if names else html.P(_("none"))
    return html.Div(
        [
            html.H3(f"{shape} {_(CLASS_NAMES[kind])} · {number(len(names))}"),
            html.P(_(CLASS_HOW[kind]), className="tile-meta"),
            inside,
        ],
        className=f"tile class-tile class-{kind}",
    )


def headline(asked: Question) -> str:
    """The page's answer while this part is shown."""
    facts = robustness.choice(_scores(asked), strategies.ranked_by(asked.chosen.metric))
    if not facts.best:
        return _("The ranking by each metric")
    if facts.depends:
        words = ngettext(
            "Which measure is best depends on the metric: {n} comes first by one or another",
            "Which measure is best depends on the metric: {n} come first by one or another",
            len(facts.leaders),
        )
        return words.format(n=number(len(facts.leaders)))
    names = listed([asked.board.names[str(code)] for code in facts.always_first])
    words = ngettext("{names} comes first, whatever the metric", "{names} come first, whatever the metric",
                     len(facts.always_first))  # fmt: skip
    return words.format(names=names)


def content(asked: Question) -> list[Any]:
    """The part as the chosen filters ask for it."""
    return [
        html.Div(
            [
                html.Div(exhibit_card(places(asked.chosen)), className="span-7"),
                html.Div(exhibit_card(values(asked.chosen)), className="span-5"),
            ],
            className="grid",
        ),
        classes(asked),
    ]
