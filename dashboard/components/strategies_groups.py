"""Strategies: where groups differ. The cells over which kinds of organisations disagree most, and all their votes."""

from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from analysis import robustness
from dashboard import frames, strategies, theme
from dashboard.components.card import exhibit_card
from dashboard.components.strategies_parts import Question, board_exhibit, lines, no_measures, nothing, question
from dashboard.components.strategies_payoffs import owed
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import votes as vote_figures
from dashboard.futures import MARKERS
from dashboard.i18n import _, ngettext, number
from dashboard.strategies import StrategyFilters, score

CONTROLS: tuple[str, ...] = ()

DRAWN = 10
"""Cells that the figure shows; the table has them all."""

WIDE = 2
"""Points from the lowest to the highest group from which they differ much."""

ROWS = 20
"""Rows of a long table that stand on the page."""


def _ranked(asked: Question) -> pd.DataFrame:
    """Cells by how far the groups differ (``analysis.robustness.disagreement``)."""
    votes = asked.board.votes[["measure", "scenario", "value", "group"]]
    return frames.remember("strategies-ranked", (asked.chosen.set,), lambda: robustness.disagreement(votes))


def _too_few(cells: pd.DataFrame) -> bool:
    """Whether no cell has the judgements of two groups."""
    return bool(cells.empty or cells["group_range"].isna().all())


@exhibit("strategies-disagreement", StrategyFilters)
def disagreement(chosen: StrategyFilters) -> Exhibit:
    """The measures and scenarios over which the groups differ most."""
    asked, key = question(chosen), "strategies-disagreement"
    title = _("Where groups differ")
    if asked is None:
        return nothing(chosen, key, title, no_measures(chosen))
    board, found = asked.board, asked.board.found
    cells = _ranked(asked)
    if _too_few(cells):
        why = _("It takes the judgements of at least two groups to see where they differ.")
        return board_exhibit(asked, key, answer=title, empty=why)
    votes, names, scenarios = board.votes, board.names, found.names()
    said = {
        (row["measure"], row["scenario"], row["group"]): (row["value"], row["told"]) for row in frames.records(votes)
    }
    drawn, table = [], []
    for place, cell in enumerate(frames.records(cells)):
        measure, scenario = cell["measure"], cell["scenario"]
        line = {
            "measure": names[measure],
            "scenario": scenarios[scenario],
            "group_range": cell["group_range"],
            "spread": cell["spread"],
            "median": cell["median"],
            "votes": cell["votes"],
        }
        for group, called in board.groups.items():
            value, reason = said.get((measure, scenario, group), (float("nan"), ""))
            line[f"group-{group}"] = value
            if place < DRAWN and value == value:
                drawn.append(
                    {
                        "key": place,
                        "label": f"{scenarios[scenario]} – {names[measure]}",
                        "group": group,
                        "value": value,
                        "hover": lines(called, f"{names[measure]}, {scenarios[scenario]}: {score(value)}", reason),
                    }
                )
        table.append(line)
    series = theme.palette().series
    looks = [
        {"code": code, "name": name, "colour": series[at % len(series)], "marker": MARKERS[at % len(MARKERS)]}
        for at, (code, name) in enumerate(board.groups.items())
    ]
    columns = [
        Column("measure", _("Measure")),
        Column("scenario", _("Scenario")),
        Column("group_range", _("From the lowest to the highest group, points"), "number", 1),
        Column("spread", _("Middle half, points"), "number", 1),
        Column("median", _("Median"), "score", 1),
    ]
    columns += [Column(f"group-{code}", name, "score", 1) for code, name in board.groups.items()]
    columns.append(Column("votes", _("Judgements"), "number"))
    frame = pd.DataFrame(drawn)
    return board_exhibit(
        asked,
        key,
        answer=_answer(asked, cells),
        subtitle=_("Judgements of each group from −2 (harms much) to +2 (helps much), most disputed first"),
        figure=vote_figures.dots(frame, looks),
        table=pd.DataFrame(table),
        columns=tuple(columns),
        how=_(
            "A row is a measure in a future, a mark is what a group says, the bar runs from the lowest to the highest "
            "group. Where groups differ, it pays to hear their reasons before anything is averaged. A group is a kind "
            "of organisation; no person's vote is kept."
        ),
        notes=owed(asked),
        height=vote_figures.height(frame["key"].nunique()),
        page_rows=ROWS,
    )


def _answer(asked: Question, cells: pd.DataFrame) -> str:
    board = asked.board
    first = frames.records(cells)[0]
    if not first["group_range"] > 0:
        return _("All groups judge alike")
    mine = board.votes[(board.votes["measure"] == first["measure"]) & (board.votes["scenario"] == first["scenario"])]
    ends = mine.sort_values("value", kind="stable")
    low, high = frames.records(ends)[0], frames.records(ends)[-1]
    return _(
        "Groups differ most over {measure} in {scenario}: from {low} ({low_group}) to {high} ({high_group})"
    ).format(
        measure=board.names[first["measure"]],
        scenario=board.found.names()[first["scenario"]],
        low=score(low["value"]),
        low_group=board.groups[low["group"]],
        high=score(high["value"]),
        high_group=board.groups[high["group"]],
    )


@exhibit("strategies-votes", StrategyFilters)
def all_votes(chosen: StrategyFilters) -> Exhibit:
    """Every judgement with its reason: groups, no persons."""
    asked, key = question(chosen), "strategies-votes"
    if asked is None:
        return nothing(chosen, key, _("All judgements"), no_measures(chosen))
    board = asked.board
    names, scenarios = board.names, board.found.names()
    table = board.votes.assign(
        measure_name=[names[code] for code in board.votes["measure"]],
        scenario_name=[scenarios[code] for code in board.votes["scenario"]],
        group_name=[board.groups[code] for code in board.votes["group"]],
    )
    reasons = int((table["told"] != "").sum())
    words = ngettext("{counted}, {n} with a reason", "{counted}, {n} with a reason", reasons)
    return board_exhibit(
        asked,
        key,
        answer=words.format(counted=strategies.counted_words(_together(board)), n=number(reasons)),
        subtitle=_("One row is what a group says of a measure in a future"),
        table=table.sort_values("told", key=lambda told: told == "", kind="stable", ignore_index=True),
        columns=(
            Column("measure_name", _("Measure")),
            Column("scenario_name", _("Scenario")),
            Column("group_name", _("Group")),
            Column("value", _("Judgement, −2 to +2"), "score", 1),
            Column("told", _("Reason")),
        ),
        how=_("Groups are kinds of organisations. Neither the table nor its downloads hold names of persons."),
        empty="" if len(table) else _("Nobody has judged the measures yet."),
        page_rows=ROWS,
    )


def _together(board: strategies.Board) -> strategies.Board:
    """The board as all groups together see it: the list of votes holds them all."""
    return replace(board, group=strategies.ALL)


def headline(asked: Question) -> str:
    """The page's answer while this part is shown."""
    cells = _ranked(asked)
    if _too_few(cells):
        return _("Where groups differ")
    wide = int((cells["group_range"] >= WIDE).sum())
    words = ngettext(
        "Groups differ by {points} points or more in {n} of {all} judgements",
        "Groups differ by {points} points or more in {n} of {all} judgements",
        wide,
    )
    return words.format(points=number(WIDE), n=number(wide), all=number(len(cells)))


def content(asked: Question) -> list[Any]:
    """The part as the chosen filters ask for it."""
    return [
        exhibit_card(disagreement(asked.chosen)),
        html.Div(exhibit_card(all_votes(asked.chosen), open_table=True), className="section"),
    ]
