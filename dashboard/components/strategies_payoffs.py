"""Strategies: what holds up. The heat table of measures and scenarios, and how much each measure would be regretted."""

from typing import Any

import pandas as pd
from dash import html

from analysis import robustness
from dashboard import frames, strategies
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.marks import mark
from dashboard.components.strategies_parts import (
    Question,
    board_exhibit,
    lines,
    mark_code,
    mark_words,
    no_measures,
    nothing,
    question,
    tone,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import payoff_heat
from dashboard.figures import regret as regret_figures
from dashboard.i18n import _, ngettext, number
from dashboard.strategies import ALL, StrategyFilters, listed, score, spread_words

CONTROLS = ("group",)


@exhibit("strategies-payoff", StrategyFilters)
def payoffs(chosen: StrategyFilters) -> Exhibit:
    """Pay-off of each measure in each scenario, with the spread of the groups and the mark."""
    asked, key = question(chosen), "strategies-payoff"
    if asked is None:
        return nothing(chosen, key, _("Measures against futures"), no_measures(chosen))
    board, found = asked.board, asked.board.found
    order, names = board.ordered, board.names
    cells, rows, table = [], [], []
    for place, code in enumerate(order):
        facts = board.mark_of[code]
        marked = mark_code(facts["mark"])
        rows.append({"label": names[code], "mark": mark_words(marked), "tone": tone(marked)})
        line: dict[str, Any] = {"measure": names[code], "mark": marked, "votes": 0, "worst": facts["worst"]}
        line["worst_in"] = ", ".join(found.names()[s] for s in facts["worst_in"])
        for column, scenario in enumerate(found.scenarios):
            value, low, high, count = board.cells[code, scenario.code]
            spread = spread_words(low, high)
            line["votes"] += count
            line |= {scenario.code: value, f"{scenario.code}_spread": spread}
            cells.append(
                {
                    "row": place,
                    "column": column,
                    "value": value,
                    "text": f"{payoff_heat.sign(value)} {score(value)}" if value == value else "?",
                    "detail": spread if asked.board.group == ALL and count > 1 else "",
                    "key": code,
                    "hover": lines(
                        names[code],
                        scenario.label,
                        _("pay-off {value}").format(value=score(value)),
                        _("middle half of the groups: {range}").format(range=spread) if spread else "",
                        ngettext("{n} judgement", "{n} judgements", count).format(n=number(count)),
                    ),
                }
            )
        table.append(line)
    columns = [Column("measure", _("Measure"))]
    columns += [Column(one.code, one.name, "score", 1) for one in found.scenarios]
    columns += [Column("mark", _("Mark"), "mark"), Column("worst", _("Worst"), "score", 1)]
    columns.append(Column("worst_in", _("Worst in")))
    if board.group == ALL:
        columns += [
            Column(f"{one.code}_spread", _("{scenario}: middle half of the groups").format(scenario=one.name))
            for one in found.scenarios
        ]
    columns.append(Column("votes", _("Judgements"), "number"))
    what = (
        _("Median of the groups' judgements from −2 to +2, below it the middle half of the groups")
        if board.group == ALL
        else _("Judgements of {group}, from −2 to +2").format(group=board.groups[board.group])
    )
    return board_exhibit(
        asked,
        key,
        answer=strategies.robust_answer(board),
        subtitle=what,
        figure=payoff_heat.heat(pd.DataFrame(cells), rows, [one.label for one in found.scenarios]),
        table=pd.DataFrame(table),
        columns=tuple(columns),
        how=_(
            "+2 helps much, −2 harms much, 0 changes nothing. Robust: in no future below 0. Fragile: −1 or less in "
            "some future. Mixed: between the two. A measure that lacks judgements is only marked where the others "
            "settle it."
        ),
        notes=owed(asked),
        height=payoff_heat.height(len(rows), [one.label for one in found.scenarios]),
    )


def owed(asked: Question) -> tuple[str, ...]:
    """Which groups still owe judgements, and how many."""
    missing = asked.board.missing_votes()
    if not missing:
        return ()
    told = [f"{group} {number(count)}" for group, count in missing.items()]
    return (_("Judgements that are still missing: {list}.").format(list=", ".join(told)),)


@exhibit("strategies-regret", StrategyFilters)
def regret(chosen: StrategyFilters) -> Exhibit:
    """How much the best measure of each scenario is better than each measure."""
    asked, key = question(chosen), "strategies-regret"
    if asked is None:
        return nothing(chosen, key, _("How much one would regret each measure"), no_measures(chosen))
    board, found, names = asked.board, asked.board.found, asked.board.names
    losses = robustness.regret(board.payoff).to_dict("index")
    largest = {code: max((x for x in row.values() if x == x), default=float("nan")) for code, row in losses.items()}
    order = sorted(names, key=lambda code: (largest[code] != largest[code], largest[code]))
    drawn, table = [], []
    for code in order:
        top = float(largest[code])
        where = [one.name for one in found.scenarios if abs(float(losses[code][one.code]) - top) < 1e-9]
        line: dict[str, Any] = {"measure": names[code], "largest": top, "where": ", ".join(where)}
        for place, one in enumerate(found.scenarios):
            loss = float(losses[code][one.code])
            line[one.code] = loss
            drawn.append(
                {
                    "key": code,
                    "label": names[code],
                    "scenario": one.code,
                    "regret": loss,
                    "text": "" if place or top != top else number(top, 1),
                    "hover": lines(names[code], one.label, _("regret {value}").format(value=number(loss, 1))),
                }
            )
        table.append(line)
    columns = [Column("measure", _("Measure")), Column("largest", _("Largest regret"), "number", 1)]
    columns.append(Column("where", _("In which future")))
    columns += [Column(one.code, one.name, "number", 1) for one in found.scenarios]
    looks = [{"code": o.code, "name": o.name, "colour": o.colour, "marker": o.marker} for o in found.scenarios]
    gaps = bool(board.payoff.isna().to_numpy().any())
    least = _("Some judgements are missing, so regrets are the least that they can be.")
    return board_exhibit(
        asked,
        key,
        answer=_regret_answer(names, {c: x for c, x in largest.items() if x == x}, order),
        subtitle=_("Best pay-off of each future minus the measure's own, in points of the scale"),
        figure=regret_figures.dots(pd.DataFrame(drawn), looks, _("regret, points of the scale")),
        table=pd.DataFrame(table),
        columns=tuple(columns),
        how=_(
            "Regret is what one would have missed by choosing this measure alone once a future has come: the best "
            "measure's pay-off there minus its own (Savage, 1951). The measure with the smallest largest regret is the "
            "safest choice."
        ),
        notes=(least,) if gaps and board.told else (),
        empty="" if board.told else _("Nobody has judged the measures yet."),
        height=regret_figures.height(len(order)),
    )


def _regret_answer(names: dict[str, str], largest: dict[str, float], order: list[str]) -> str:
    if not largest:
        return _("How much one would regret each measure")
    low = min(largest.values())
    best = [names[code] for code in order if code in largest and abs(largest[code] - low) < 1e-9]
    worst = order[len(largest) - 1]
    words = ngettext(
        "{names} is regretted least: never more than {low}; {last} most: up to {high}",
        "{names} are regretted least: never more than {low}; {last} most: up to {high}",
        len(best),
    )
    return words.format(
        names=listed(best, strategies.NAMED),
        low=number(low, 1),
        last=names[worst],
        high=number(max(largest.values()), 1),
    )


def headline(asked: Question) -> str:
    """The page's answer while this part is shown."""
    return strategies.headline(asked.board)


def content(asked: Question) -> list[Any]:
    """The part as the chosen filters ask for it."""
    first, second = payoffs(asked.chosen), regret(asked.chosen)
    return [
        html.Div(
            [
                html.Div(exhibit_card(first, extra=legend()), className="span-7"),
                html.Div(exhibit_card(second), className="span-5"),
            ],
            className="grid",
        ),
        measures(asked),
    ]


def legend() -> html.Ul:
    """What the marks mean, in words."""
    meanings = (
        ("robust", _("in no future below 0")),
        ("neither", _("below 0 somewhere, but nowhere −1")),
        ("fragile", _("−1 or less in some future")),
    )
    return html.Ul(
        [html.Li([mark(code), " – ", words]) for code, words in meanings],
        className="list-plain strategies-legend",
        **attributes(aria_label=_("What the marks mean")),
    )


def measures(asked: Question) -> html.Details:
    """What each measure is: description, instrument, cost, what it needs and excludes."""
    names = asked.board.names
    items = []
    for row in frames.records(asked.board.measures):
        cost = "" if row["cost"] != row["cost"] else strategies.money(row["cost"], row["currency"])
        facts = [
            (_("Strategy"), row["strategy_name"]),
            (_("Instrument"), row["instrument"]),
            (_("Cost"), cost),
            (_("Needs"), ", ".join(names.get(code, code) for code in row["needs"])),
            (_("Excludes"), ", ".join(names.get(code, code) for code in row["excludes"])),
            (_("Source"), row["source"]),
        ]
        told = [part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]
        items.append(
            html.Li([html.H3(row["name"]), html.P(row["description"]) if row["description"] else None, html.Dl(told)])
        )
    summary = html.Summary(_("What the measures are"))
    return html.Details(
        [summary, html.Ul(items, className="list-plain measure-list")], className="section measure-fold"
    )
