"""The road back from a goal as a sheet to print and draw on: what it says, for PDF and for SVG."""

import math
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from dashboard import citation, frames, theme
from dashboard.components import strategies_backcast as backcast
from dashboard.components.marks import MARKS
from dashboard.components.table import plain
from dashboard.futures import FuturesSet, the_set
from dashboard.i18n import _, date, language, year
from dashboard.strategies import Road, StrategyFilters

CARDS = 4
"""Wild cards on a sheet."""


@dataclass(frozen=True)
class Canvas:
    """Everything on the sheet, in words. Places along the years are shares of their width, 0 to 1.

    ``rows``: {name, detail, stands, tone, shape, goal, start, due, earliest}, the goal first; ``links``: {before, after
    (numbers of rows), x0, x1}; ``table``: {caption, columns, rows}.
    """

    lang: str
    organisation: str
    kicker: str
    title: str
    lead: str
    warning: str
    years: list[dict[str, Any]]
    grid: list[float]
    now: float
    today: str
    rows: list[dict[str, Any]]
    links: list[dict[str, Any]]
    key: str
    remarks: list[str]
    table: dict[str, Any]
    cards_heading: str
    cards: list[dict[str, str]]
    notes_heading: str
    stamp: str


def build(chosen: StrategyFilters) -> Canvas | None:
    """The sheet of the chosen set and region; None where there are no steps."""
    found, of_set = backcast.road_of(chosen), the_set(chosen.set)
    if found is None or of_set is None or found.steps.empty:
        return None
    steps = found.steps.iloc[::-1].sort_values("due", ascending=False, kind="stable", ignore_index=True)
    records = frames.records(steps)
    first = math.floor(min(found.now, *(row["due"] - row["duration"] for row in records)))
    last = math.ceil(max(max(row["due"], row["earliest"]) for row in records) - 1e-9)

    def along(at: float) -> float:
        return round((at - first) / (last - first), 5)

    place = {row["code"]: number for number, row in enumerate(records)}
    links = [
        {
            "before": place[before],
            "after": place[row["code"]],
            "x0": along(records[place[before]]["due"]),
            "x1": along(row["due"] - row["duration"]),
        }
        for row in records
        for before in row["needs"]
        if not found.problem
    ]
    return Canvas(
        lang=language(),
        organisation="PoliSEE",
        kicker=_("Back from the goal – canvas"),
        title=backcast.goal_words(found),
        lead=" · ".join(part for part in (of_set.title, backcast.place_of(found)) if part),
        warning=of_set.warning,
        years=[{"label": year(at), "x": along(at + 0.5)} for at in range(first, last)],
        grid=[along(at) for at in range(first, last + 1)],
        now=along(found.now),
        today=_("today"),
        rows=[
            {
                "name": row["name"],
                "detail": _detail(row),
                "stands": backcast.stands(row),
                "tone": MARKS[str(row["status"])].tone,
                "shape": MARKS[str(row["status"])].shape,
                "goal": row["goal"],
                "start": along(row["due"] - row["duration"]),
                "due": along(row["due"]),
                "earliest": along(row["earliest"]),
            }
            for row in records
        ],
        links=links,
        key=_(
            "A bar is the work on a step, ending when it is due; thin lines lead to the step that waits for it. Dotted "
            "lines are years to spare (before the due date) or missing years (after it)."
        ),
        remarks=list(backcast.notes_on(found)),
        table=_table(chosen),
        cards_heading=_("Wild cards: which steps would still stand?"),
        cards=_cards(chosen),
        notes_heading=_("Notes of the workshop"),
        stamp=_stamp(chosen, found, of_set),
    )


def _detail(row: dict[str, Any]) -> str:
    parts = (backcast.aim(row), _("by the end of {year}").format(year=year(row["year"])), row["owner"],
             row["measure_name"])  # fmt: skip
    return " · ".join(part for part in parts if part)


def _table(chosen: StrategyFilters) -> dict[str, Any]:
    shown = backcast.backcast(chosen)
    records = frames.records(shown.table)
    return {
        "caption": shown.subtitle,
        "columns": [column.label for column in shown.columns],
        "rows": [[plain(row.get(column.name), column, row) for column in shown.columns] for row in records],
    }


def _cards(chosen: StrategyFilters) -> list[dict[str, str]]:
    drivers = frames.scenario_part("drivers", chosen.set)
    rows = frames.records(drivers[drivers["kind"] == "wild_card"])[:CARDS]
    return [{"name": str(row["name"]), "text": str(row["description"])} for row in rows]


def _stamp(chosen: StrategyFilters, found: Road, of_set: FuturesSet) -> str:
    shown = backcast.backcast(chosen)
    words = _("{title}. Source: {source}, {licence}. PoliSEE, data version {version}, {day}. {address}")
    return words.format(
        title=of_set.title,
        source=of_set.source,
        licence=of_set.licence,
        version=frames.data_version(),
        day=date(datetime.now(UTC)),
        address=citation.address(shown),
    )


def data(canvas: Canvas) -> dict[str, Any]:
    """What the template needs: the words, and the colours of paper."""
    names = ("ink", "muted", "line", "faint", "raised", "accent", "good", "watch", "bad", "peers", "rest")
    colours = {name: getattr(theme.LIGHT, name) for name in names}
    return {**asdict(canvas), "colours": colours, "sheet": _("Page {n} of {all}")}
