"""Strategies: within a budget. Which measures to choose together so that no future is regretted much."""

from typing import Any

import pandas as pd
from dash import html

from analysis.robustness import PortfolioStatus
from dashboard import frames, strategies
from dashboard.components.card import exhibit_card
from dashboard.components.strategies_parts import Question, board_exhibit, lines, no_measures, nothing, question
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import portfolio as portfolio_figures
from dashboard.i18n import _, ngettext, number, signed
from dashboard.strategies import Purse, StrategyFilters, listed

ROWS = 20
"""Rows of a long table that stand on the page."""

CONTROLS = ("group", "budget", "combine", "weights", "region")


def _purse(asked: Question) -> Purse | None:
    return strategies.purse(asked.chosen, asked.board, asked.weighed)


def _no_choice() -> str:
    return _("No measure has both a cost and all its judgements, so there is nothing to choose from.")


def _notes(asked: Question, purse: Purse) -> tuple[str, ...]:
    names, notes = asked.board.names, []
    if purse.left_out:
        told = [f"{names[code]} ({why})" for code, why in purse.left_out.items()]
        notes.append(_("Not to choose from: {list}.").format(list="; ".join(told)))
    if purse.by_regret.status is PortfolioStatus.STOPPED:
        notes.append(
            _("The search was stopped before it was proven best; the largest regret could be lower by {gap}.").format(
                gap=number(purse.by_regret.gap, 1)
            )
        )
    if asked.weighed.note:
        notes.append(asked.weighed.note)
    return tuple(notes)


def _how(asked: Question) -> str:
    together = (
        _("Pay-offs of the chosen measures add up.")
        if asked.chosen.combine == "sum"
        else _("In each future only the best of the chosen measures counts, as with options that are held.")
    )
    return " ".join(
        [
            _(
                "Of all sets of measures that the budget can pay for, the one is shown whose largest regret over the "
                "futures is smallest; of equal ones that with the higher mean pay-off, then the cheapest. What a "
                "measure needs comes with it, and what it excludes stays out."
            ),
            together,
        ]
    )


def answer_words(asked: Question, purse: Purse) -> str:
    """What the budget buys, in one sentence."""
    board, best = asked.board, purse.by_regret
    budget = strategies.money(purse.budget, board.currency)
    if not best.measures:
        return _(
            "With {budget} nothing is worth buying: no set of measures is regretted less than doing nothing"
        ).format(budget=budget)
    words = ngettext(
        "With {budget}: {names} is regretted least, by {regret} at most",
        "With {budget}: {names} are regretted least together, by {regret} at most",
        len(best.measures),
    )
    names = [board.names[code] for code in best.measures]
    return words.format(budget=budget, names=listed(names, 6), regret=number(best.worst_regret, 1))


@exhibit("strategies-portfolio", StrategyFilters)
def portfolio(chosen: StrategyFilters) -> Exhibit:
    """The measures to choose, and what they pay in each future beside the portfolio of the highest mean."""
    asked, key = question(chosen), "strategies-portfolio"
    if asked is None:
        return nothing(chosen, key, _("The best measures within a budget"), no_measures(chosen))
    purse, board = _purse(asked), asked.board
    if purse is None:
        return board_exhibit(asked, key, answer=_("The best measures within a budget"), empty=_no_choice())
    best, mean, found = purse.by_regret, purse.by_mean, board.found
    drawn = []
    for one in found.scenarios:
        top = best.payoff[one.code] + best.regret[one.code]
        drawn.append(
            {
                "label": one.label,
                "best": top,
                "first": best.payoff[one.code],
                "second": mean.payoff[one.code],
                "hover": lines(
                    one.label,
                    _("best for this money: {value}").format(value=signed(top, 1)),
                    _("least regret: {value}").format(value=signed(best.payoff[one.code], 1)),
                    _("highest mean: {value}").format(value=signed(mean.payoff[one.code], 1)),
                ),
            }
        )
    rows = []
    for row in frames.records(board.measures):
        code = row["code"]
        rows.append(
            {
                "measure": row["name"],
                "cost": row["cost"],
                "bought": "bought" if code in best.measures else "not_bought",
                "by_mean": "bought" if code in mean.measures else "not_bought",
                "needs": ", ".join(board.names.get(other, other) for other in row["needs"]),
                "excludes": ", ".join(board.names.get(other, other) for other in row["excludes"]),
                "why": purse.left_out.get(code, ""),
            }
        )
    table = pd.DataFrame(rows).sort_values("bought", kind="stable", ignore_index=True)
    unit = _("Cost, thousand {currency}").format(currency=board.currency)
    return board_exhibit(
        asked,
        key,
        answer=answer_words(asked, purse),
        subtitle=_("Pay-off in each future, in points of the scale, for {cost} of {budget}").format(
            cost=strategies.money(best.cost, board.currency), budget=strategies.money(purse.budget, board.currency)
        ),
        figure=portfolio_figures.futures(
            pd.DataFrame(drawn),
            (_("the best for this money in that future"), _("least regret"), _("highest mean")),
            _("pay-off, points of the scale"),
        ),
        table=table,
        columns=(
            Column("measure", _("Measure")),
            Column("cost", unit, "number"),
            Column("bought", _("Least regret"), "mark"),
            Column("by_mean", _("Highest mean"), "mark"),
            Column("needs", _("Needs")),
            Column("excludes", _("Excludes")),
            Column("why", _("Why it cannot be chosen")),
        ),
        how=_how(asked),
        notes=_notes(asked, purse),
        height=portfolio_figures.futures_height(len(drawn)),
    )


@exhibit("strategies-budget", StrategyFilters)
def budgets(chosen: StrategyFilters) -> Exhibit:
    """The best portfolio at other budgets."""
    asked, key = question(chosen), "strategies-budget"
    if asked is None:
        return nothing(chosen, key, _("What another budget would buy"), no_measures(chosen))
    purse, board = _purse(asked), asked.board
    if purse is None:
        return board_exhibit(asked, key, answer=_("What another budget would buy"), empty=_no_choice())
    names = board.names
    curve = purse.curve.assign(
        names=[", ".join(names[code] for code in measures) for measures in purse.curve["measures"]],
    )
    curve["hover"] = [
        lines(
            strategies.money(row["budget"], board.currency),
            _("pay-off {mean} on average, {least} to {most}").format(
                mean=signed(row["mean"], 1), least=signed(row["least"], 1), most=signed(row["most"], 1)
            ),
            _("largest regret {value}").format(value=number(row["worst_regret"], 1)),
            row["names"] or _("nothing"),
        )
        for row in frames.records(curve)
    ]
    joined = {code: next(at for at, held in enumerate(curve["measures"]) if code in held)
              for code in purse.costs if any(code in held for held in curve["measures"])}  # fmt: skip
    order = sorted(purse.costs, key=lambda code: (joined.get(code, len(curve)), list(names).index(code)))
    return board_exhibit(
        asked,
        key,
        answer=_budget_answer(asked, purse),
        subtitle=_("Pay-off of the least regretted measures by budget, and below it which measures these are"),
        figure=portfolio_figures.budgets(
            curve,
            [{"code": code, "label": names[code]} for code in order],
            _("pay-off"),
            _("budget, thousand {currency}").format(currency=board.currency),
        ),
        table=curve,
        columns=(
            Column("budget", _("Budget, thousand {currency}").format(currency=board.currency), "number"),
            Column("mean", _("Mean pay-off"), "signed", 2),
            Column("least", _("Pay-off in the worst future"), "signed", 1),
            Column("most", _("Pay-off in the best future"), "signed", 1),
            Column("worst_regret", _("Largest regret"), "number", 1),
            Column("cost", _("Cost, thousand {currency}").format(currency=board.currency), "number"),
            Column("names", _("Measures")),
        ),
        how=_(
            "The line is the mean pay-off over the futures, the band runs from the worst to the best future. At each "
            "budget the least regretted measures are worked out anew, so one may leave when the money allows for a "
            "better one. Regret is measured against the best that the same money could have bought in each future, so "
            "it may rise with the budget."
        ),
        notes=_notes(asked, purse)[:1] if purse.left_out else (),
        page_rows=ROWS,
        height=portfolio_figures.height(len(order)),
    )


def _budget_answer(asked: Question, purse: Purse) -> str:
    names, curve = asked.board.names, purse.curve
    later = curve[curve["budget"] > purse.budget]
    held = set(purse.by_regret.measures)
    for row in frames.records(later):
        new = [code for code in row["measures"] if code not in held]
        if new:
            return _("The next measure that more money would buy: {names}, from {budget} on").format(
                names=listed([names[code] for code in new]),
                budget=strategies.money(row["budget"], asked.board.currency),
            )
    return _("More money than {budget} would buy no further measure that is worth it").format(
        budget=strategies.money(purse.budget, asked.board.currency)
    )


def compared(asked: Question, purse: Purse) -> html.Dl:
    """The two ways to choose, side by side."""
    board = asked.board
    tiles = []
    for name, one in ((_("Least regret"), purse.by_regret), (_("Highest mean pay-off"), purse.by_mean)):
        facts = _("largest regret {regret}, mean pay-off {mean}, cost {cost}").format(
            regret=number(one.worst_regret, 1),
            mean=signed(strategies.mean_of(one, asked.weighed), 1),
            cost=strategies.money(one.cost, board.currency),
        )
        names = [board.names[code] for code in one.measures]
        tiles.append(
            html.Div(
                [
                    html.Dt(name, className="tile-label"),
                    html.Dd([html.Strong(", ".join(names) or _("nothing")), html.Span(facts, className="tile-meta")]),
                ],
                className="tile",
            )
        )
    return html.Dl(tiles, className="tile-row strategies-compared")


def _difference(asked: Question, purse: Purse) -> str:
    """What the safer choice gives up, and what it saves."""
    if set(purse.by_regret.measures) == set(purse.by_mean.measures):
        return _("Both ways to choose lead to the same measures.")
    given = strategies.mean_of(purse.by_mean, asked.weighed) - strategies.mean_of(purse.by_regret, asked.weighed)
    saved = purse.by_mean.worst_regret - purse.by_regret.worst_regret
    return _(
        "The safer choice gives up {given} points of mean pay-off for {saved} points less of largest regret."
    ).format(given=number(given, 1), saved=number(saved, 1))


def headline(asked: Question) -> str:
    """The page's answer while this part is shown."""
    purse = _purse(asked)
    if purse is None:
        return _no_choice()
    best = purse.by_regret
    words = ngettext(
        "{budget} can pay for {n} of {all} measures that no future makes one regret by more than {regret} points",
        "{budget} can pay for {n} of {all} measures that no future makes one regret by more than {regret} points",
        len(best.measures),
    )
    return words.format(
        budget=strategies.money(purse.budget, asked.board.currency),
        n=number(len(best.measures)),
        all=number(len(asked.board.names)),
        regret=number(best.worst_regret, 1),
    )


def content(asked: Question) -> list[Any]:
    """The part as the chosen filters ask for it."""
    purse = _purse(asked)
    if purse is None:
        return [exhibit_card(portfolio(asked.chosen))]
    return [
        compared(asked, purse),
        html.P(_difference(asked, purse), className="strategies-difference"),
        html.Div(
            [
                html.Div(exhibit_card(portfolio(asked.chosen)), className="span-6"),
                html.Div(exhibit_card(budgets(asked.chosen)), className="span-6"),
            ],
            className="grid",
        ),
    ]
