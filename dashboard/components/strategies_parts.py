"""What the parts of the strategies page share: the question that the filters ask, exhibits with the set's source."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import dcc, html

from dashboard import frames, strategies
from dashboard.components import states
from dashboard.components.futures_parts import source_of
from dashboard.components.marks import MARKS, word
from dashboard.exhibits import Exhibit
from dashboard.figures.ranges import escape
from dashboard.i18n import _
from dashboard.strategies import Board, StrategyFilters, Weights

MARK_CODES: Mapping[str, str] = {"unknown": "unjudged"}
"""Marks whose code in ``components.marks`` is another."""


@dataclass(frozen=True)
class Question:
    """What the chosen filters mean."""

    chosen: StrategyFilters
    board: Board
    weighed: Weights


def question(chosen: StrategyFilters) -> Question | None:
    """The judgements that the filters ask for; None where the set has no measures."""
    board = strategies.board(chosen)
    return None if board is None else Question(chosen, board, strategies.weights(chosen, board.found))


def mark_code(mark: str) -> str:
    """Code of a mark in ``components.marks``."""
    return MARK_CODES.get(str(mark), str(mark))


def mark_words(code: str) -> str:
    """Shape and word of a mark, for figures."""
    return f"{MARKS[code].shape} {word(code)}"


def tone(code: str) -> str:
    """Tone of a mark, for figures; what is not told is neutral."""
    return MARKS[code].tone if MARKS[code].tone != "none" else "neutral"


def lines(*words: str) -> str:
    """Words on hover, the first line bold; empty ones are left out."""
    return "<br>".join(escape(line) if place else f"<b>{escape(line)}</b>" for place, line in enumerate(words) if line)


def board_exhibit(asked: Question, key: str, **parts: Any) -> Exhibit:
    """An exhibit that names the set as its source and says of what origin it is; ``parts`` are its other fields."""
    return set_exhibit(asked.chosen, asked.board.found, key, **parts)


def set_exhibit(chosen: StrategyFilters, found: Any, key: str, **parts: Any) -> Exhibit:
    """The same for parts of a set that need no judgements."""
    usual: dict[str, Any] = {"table": pd.DataFrame(), "columns": (), "subtitle": ""}
    shown = usual | parts
    shown["subtitle"] = " · ".join(part for part in (shown["subtitle"], found.title, found.label) if part)
    sources = (source_of(found),)
    return Exhibit(key=key, query=chosen.query(), path=strategies.PATH, sources=sources, **shown)


def nothing(chosen: StrategyFilters, key: str, answer: str, why: str) -> Exhibit:
    """An exhibit of something that is not there, for downloads too."""
    return Exhibit(
        key=key,
        answer=answer,
        subtitle="",
        table=pd.DataFrame(),
        columns=(),
        empty=why,
        query=chosen.query(),
        path=strategies.PATH,
    )


def no_measures(chosen: StrategyFilters) -> str:
    """Why there is nothing to show of a set without measures."""
    return _("The set “{title}” tells futures, but no measures to judge against them.").format(title=title_of(chosen))


def title_of(chosen: StrategyFilters) -> str:
    """Title of the chosen set; '' when there is none."""
    sets = frames.scenario_sets()
    mine = sets.loc[sets["code"] == chosen.set, "title"]
    return str(mine.iloc[0]) if len(mine) else ""


def other_sets(chosen: StrategyFilters) -> html.Div:
    """What stands where the chosen set has no measures: that, and the sets that have."""
    sets = frames.scenario_sets().set_index("code")["title"]
    links = [
        html.Li(dcc.Link(str(sets[code]), href=frames.href(f"{strategies.PATH}?{urlencode({'set': code})}")))
        for code in strategies.sets_with_measures()
    ]
    why = (
        _("These sets have measures:")
        if links
        else _("A facilitator can add measures in the set's workbook, or load the starter sets.")
    )
    return states.empty(_("There is nothing to judge in this set."), why, html.Ul(links) if links else None)
