"""Strategies: back from the goal. Steps from the goal to today, what they wait for, and the pace each one needs."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pandas as pd
from dash import html

from dashboard import frames, futures, strategies
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.marks import MARKS, word
from dashboard.components.strategies_parts import lines, nothing, set_exhibit
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import canvas
from dashboard.i18n import _, language, ngettext, number, year
from dashboard.strategies import Road, StrategyFilters, finish, listed, pace_words, value_words

CONTROLS = ("region",)


def road_of(chosen: StrategyFilters) -> Road | None:
    """The way back from the goals, as it stands today."""
    return strategies.road(chosen, datetime.now(UTC).date())


def _missing(chosen: StrategyFilters, key: str, title: str) -> Exhibit:
    why = _("The set has no milestones yet. A facilitator can add the goal and the steps that lead to it below.")
    return nothing(chosen, key, title, why)


def place_of(found: Road) -> str:
    return frames.region_names().get(found.region, found.region)


def aim(row: Mapping[str, Any]) -> str:
    """A step with its value, if it has one: 'R&D (2.0%)'."""
    value = value_words(row, row["value"]) if row["indicator"] else ""
    if not value and row["value"] is not None and row["value"] == row["value"]:
        value = number(row["value"], 0 if float(row["value"]).is_integer() else 1)
    return value


def stands(row: Mapping[str, Any]) -> str:
    """How a step stands, in words: 'in time, 1.5 years to spare'."""
    status = str(row["status"])
    if status in ("reached", "overdue"):
        return word(status)
    slack = abs(float(row["slack"]))
    years = ngettext("{n} year", "{n} years", 1 if f"{slack:.1f}" == "1.0" else 2).format(n=number(slack, 1))
    told = _("{years} short") if status == "late" else _("{years} to spare")
    return f"{word(status)}, {told.format(years=years)}"


def _note(row: Mapping[str, Any]) -> str:
    """What stands under a step's bar in the figure; its year is read off the axis."""
    return " · ".join(part for part in (f"{MARKS[str(row['status'])].shape} {stands(row)}", aim(row)) if part)


@exhibit("strategies-backcast", StrategyFilters)
def backcast(chosen: StrategyFilters) -> Exhibit:
    """The steps on a timeline, from the goal back to today."""
    key, title = "strategies-backcast", _("Back from the goal")
    found, of_set = road_of(chosen), futures.the_set(chosen.set)
    if found is None or of_set is None or found.steps.empty:
        return _missing(chosen, key, title)
    # From the goal back: what is due last stands on top, and of steps due together the one that waits stands above.
    steps = found.steps.iloc[::-1].sort_values("due", ascending=False, kind="stable", ignore_index=True)
    records = frames.records(steps)
    drawn = pd.DataFrame(
        [
            {
                "code": row["code"],
                "label": row["name"],
                "note": _note(row),
                "goal": row["goal"],
                "start": row["due"] - row["duration"],
                "due": row["due"],
                "earliest": row["earliest"],
                "status": row["status"],
                "hover": lines(
                    row["name"],
                    stands(row),
                    row["owner"],
                    _("waits for: {names}").format(names=row["needs_names"]) if row["needs_names"] else "",
                    _("measure: {name}").format(name=row["measure_name"]) if row["measure_name"] else "",
                ),
            }
            for row in records
        ]
    )
    links = [(before, row["code"]) for row in records for before in row["needs"]]
    table = steps.assign(
        aim=[aim(row) for row in records],
        done=[finish(row["earliest"]) for row in records],
        needed=[pace_words(row, row["required"]) for row in records],
        fastest=[pace_words(row, row["best"]) for row in records],
        said=[row["status"] for row in records],
    )
    return set_exhibit(
        chosen,
        of_set,
        key,
        answer=answer_words(found),
        subtitle=_("Steps by the year in which they are due, {place}").format(place=place_of(found))
        if found.region
        else _("Steps by the year in which they are due"),
        figure=canvas.timeline(drawn, [] if found.problem else links, found.now),
        table=table,
        columns=(
            Column("name", _("Milestone")),
            Column("year", _("Due by the end of"), "year"),
            Column("aim", _("Value")),
            Column("owner", _("Who answers for it")),
            Column("needs_names", _("Must come first")),
            Column("measure_name", _("Measure")),
            Column("duration", _("Years of work"), "number", 1),
            Column("done", _("Possible by the end of")),
            Column("slack", _("Slack, years"), "signed", 1),
            Column("said", _("How it stands"), "mark"),
            Column("needed", _("Pace needed")),
            Column("fastest", _("Fastest pace so far")),
            Column("seen", _("Ever seen?"), "mark"),
        ),
        indicators=tuple(dict.fromkeys(row["indicator"] for row in records if row["indicator"])),
        how=_(
            "Read from the goal on top back to today. A thick bar is the work on a step, ending when it is due; thin "
            "lines lead to the step that waits for it. The dotted line is slack (green, before the due date) or what "
            "is missing (red, after it), if all work began today in the order of the steps. Past paces limit nothing; "
            "they show how unusual a step would be."
        ),
        notes=notes_on(found),
        height=canvas.height(len(drawn)),
    )


def notes_on(found: Road) -> tuple[str, ...]:
    notes = []
    if found.problem:
        words = _("These steps wait for one another, so no order can be kept until one of them is freed: {cycle}.")
        notes.append(words.format(cycle=found.problem))
    if found.lost:
        words = _("Some steps wait for steps that no longer exist: {codes}.")
        notes.append(words.format(codes=", ".join(found.lost)))
    critical = [row["name"] for row in frames.records(found.steps) if row["critical"] and row["status"] != "reached"]
    if critical and not found.problem:
        words = ngettext(
            "Least slack on the way: {names}. A delay there delays the goal first.",
            "Least slack on the way: {names}. A delay there delays the goal first.",
            len(critical),
        )
        notes.append(words.format(names=listed([_("“{step}”").format(step=name) for name in critical], 3)))
    return tuple(notes)


def goal_words(found: Road) -> str:
    """Whether the goal is in reach: the answer of the page."""
    goal, records = found.goal, frames.records(found.steps)
    if goal is None:
        return ngettext("{n} step and no goal yet", "{n} steps and no goal yet", len(records)).format(
            n=number(len(records))
        )
    late = sum(row["status"] in ("late", "overdue") for row in records)
    facts = {"goal": goal["name"], "year": year(goal["year"]), "all": number(len(records))}
    if late:
        return ngettext(
            "“{goal}” by {year}: {n} of {all} steps cannot be in time",
            "“{goal}” by {year}: {n} of {all} steps cannot be in time",
            late,
        ).format(n=number(late), **facts)
    if all(row["status"] == "reached" for row in records):
        return _("“{goal}” by {year}: all {all} steps are reached").format(**facts)
    return _("“{goal}” by {year}: all {all} steps can be in time").format(**facts)


def answer_words(found: Road) -> str:
    """What comes next, and what cannot be in time."""
    records = frames.records(found.steps)
    late = [row["name"] for row in records if row["status"] in ("late", "overdue")]
    waiting = [row for row in records if row["status"] not in ("reached", "overdue")]
    said = []
    if waiting:
        first = min(waiting, key=lambda row: (row["due"], row["slack"]))
        said.append(_("Next: “{step}”, by the end of {year}").format(step=first["name"], year=year(first["year"])))
    if late:
        said.append(
            _("not in time: {steps}").format(steps=listed([_("“{step}”").format(step=name) for name in late], 3))
        )
    return "; ".join(said) or _("All steps are reached")


@exhibit("strategies-pace", StrategyFilters)
def pace(chosen: StrategyFilters) -> Exhibit:
    """The pace that the goal's indicator needs, beside the fastest pace that history shows."""
    key, title = "strategies-pace", _("The pace that is needed, and the pace ever seen")
    found, of_set = road_of(chosen), futures.the_set(chosen.set)
    if found is None or of_set is None:
        return _missing(chosen, key, title)
    goal = found.goal
    rows = [] if goal is None else _series(found, goal)
    if goal is None or not rows:
        why = _("No goal has a value of an indicator that this region reports, so there is no pace to compare with.")
        return set_exhibit(chosen, of_set, key, answer=title, empty=why)
    place = goal["region"] or found.region
    history = found.history
    history = history[(history["indicator"] == goal["indicator"]) & (history["region"] == place)]
    spec = frames.specs()[goal["indicator"]]
    first = rows[0]
    needed = pd.DataFrame(
        [
            {"year": first["from_year"], "value": first["from_value"], "label": ""},
            *({"year": row["year"], "value": float(row["value"]), "label": row["name"]} for row in rows),
        ]
    )
    fastest = pd.DataFrame(
        [
            {
                "from_year": row["from_year"],
                "from_value": row["from_value"],
                "to_year": row["year"],
                "to_value": _ahead(row),
            }
            for row in rows
            if row["best"] == row["best"]
        ],
        columns=["from_year", "from_value", "to_year", "to_value"],
    )
    table = pd.DataFrame(
        [
            {
                "name": row["name"],
                "span": f"{row['from_year']}–{row['year']}",
                "from_value": row["from_value"],
                "value": row["value"],
                "needed": pace_words(row, row["required"]),
                "fastest": pace_words(row, row["best"]),
                "when": "" if row["best_from"] is None or row["best_from"] != row["best_from"]
                else f"{int(row['best_from'])}–{int(row['best_from']) + row['year'] - row['from_year']}",
                "ratio": row["ratio"],
                "seen": row["seen"],
            }
            for row in rows
        ]
    )  # fmt: skip
    name = str(frames.indicator_names().get(goal["indicator"], goal["indicator"]))
    return set_exhibit(
        chosen,
        of_set,
        key,
        answer=_pace_answer(rows, frames.region_names().get(place, place)),
        subtitle=_("{indicator}, {place}: observed, needed, and as fast as ever").format(
            indicator=name, place=frames.region_names().get(place, place)
        ),
        figure=canvas.path(history, needed, fastest, spec.decimals, strategies.suffix(goal["indicator"])),
        table=table,
        columns=(
            Column("name", _("Milestone")),
            Column("span", _("Years")),
            Column("from_value", _("From"), "number", spec.decimals),
            Column("value", _("To"), "number", spec.decimals),
            Column("needed", _("Pace needed")),
            Column("fastest", _("Fastest pace over as many years")),
            Column("when", _("Seen in")),
            Column("ratio", _("Needed against fastest"), "number", 2),
            Column("seen", _("Ever seen?"), "mark"),
        ),
        indicators=(goal["indicator"],),
        how=_(
            "The pace between two values is compared with the fastest that the region's own history shows over as many "
            "years; spans with a break in the series are left out. Spans overlap, so how often a pace was seen is no "
            "probability."
        ),
        height=380,
    )


def _ahead(row: Mapping[str, Any]) -> float:
    """Where the fastest pace ever seen leads by a step's year."""
    years = row["year"] - row["from_year"]
    start = float(row["from_value"])
    return start * (1 + row["best"]) ** years if row["kind"] == "cagr" else start + row["best"] * years


def _series(found: Road, goal: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Steps of the goal's own indicator that lie ahead, by year."""
    rows = [
        row
        for row in frames.records(found.steps)
        if row["indicator"] == goal["indicator"]
        and row["region"] == goal["region"]
        and row["from_year"] is not None
        and row["from_year"] == row["from_year"]
    ]
    return [
        {**row, "from_year": int(row["from_year"]), "year": int(row["year"])}
        for row in sorted(rows, key=lambda row: row["year"])
    ]


def _pace_answer(rows: list[dict[str, Any]], place: str) -> str:
    hardest = max(
        rows, key=lambda row: (row["seen"] == "never_seen", row["ratio"] if row["ratio"] == row["ratio"] else 0)
    )
    told = {"step": hardest["name"], "needed": pace_words(hardest, hardest["required"]), "place": place}
    if hardest["seen"] == "not_available":
        return _("“{step}” needs {needed}; the history is too short to say whether that was ever seen").format(**told)
    told["best"] = pace_words(hardest, hardest["best"])
    if hardest["seen"] == "never_seen":
        return _("“{step}” needs {needed}, faster than {place} ever was: {best} at best").format(**told)
    return _("“{step}” needs {needed}; {place} has been as fast before: {best} at best").format(**told)


def wild_cards(chosen: StrategyFilters) -> html.Section | None:
    """Cards to test the road with: what if this happens, which steps would still stand?"""
    drivers = frames.scenario_part("drivers", chosen.set)
    cards = frames.records(drivers[drivers["kind"] == "wild_card"])
    if not cards:
        return None
    items = [
        html.Li(
            [
                html.H3(row["name"]),
                html.P(row["description"]),
                html.P(_("impact {n} of 10").format(n=number(row["impact"], 0)), className="tile-meta"),
            ],
            className="tile wild-card",
        )
        for row in cards
    ]
    words = _("Draw a card: which steps would still stand, and which would have to come sooner?")
    return html.Section(
        [html.H2(_("Wild cards")), html.P(words), html.Ul(items, className="list-plain tile-row")], className="section"
    )


def downloads(chosen: StrategyFilters, found: Road) -> html.P:
    """The canvas to print or to draw on: PDF and SVG."""
    query = urlencode({"region": found.region, "lang": language()})
    base = f"/canvas/{chosen.set}"
    return html.P(
        [
            html.A(
                _("Canvas to print, A3 (PDF)"),
                href=frames.href(f"{base}.pdf?{query}"),
                className="download",
                **attributes(download=True),
            ),
            html.A(
                _("Canvas as a drawing (SVG)"),
                href=frames.href(f"{base}.svg?{query}"),
                className="download",
                **attributes(download=True),
            ),
        ],
        className="no-print",
    )


def headline(chosen: StrategyFilters) -> str:
    """The page's answer while this part is shown."""
    found = road_of(chosen)
    return _("Back from the goal") if found is None or found.steps.empty else goal_words(found)


def content(chosen: StrategyFilters) -> list[Any]:
    """The part as the chosen filters ask for it."""
    found = road_of(chosen)
    first = exhibit_card(backcast(chosen))
    if found is None or found.steps.empty:
        return [first]
    beside = [
        html.Div([first, downloads(chosen, found)], className="span-7"),
        html.Div(exhibit_card(pace(chosen)), className="span-5"),
    ]
    return [html.Div(beside, className="grid"), wild_cards(chosen)]
