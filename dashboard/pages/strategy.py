"""Strategy: what do we try to change?"""

from collections.abc import Mapping
from typing import Any

import dash
import pandas as pd
from dash import Output, callback, html

from analysis.pilots import rows_of
from dashboard import aims, choices, citation, frames, programmes
from dashboard.aims import PATH, AimFilters, Box, Group
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.chain_map import chain_map
from dashboard.components.marks import word
from dashboard.components.programme_parts import (
    limits_in_force,
    page,
    page_top,
    programme_bar,
    programme_exhibit,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import DASH, N_, _, date, ngettext, number, year
from dashboard.programmes import ProgrammeView, period_name

TITLE = N_("Strategy – What do we try to change?")
PAGE = "strategy"
LINK_KINDS = {
    "problem": N_("Problem"),
    "measure": N_("Measure"),
    "pilot": N_("Pilot"),
    "deliverable": N_("Deliverable"),
    "result": N_("Result"),
    "indicator": N_("Regional figure"),
    "aim": N_("Aim"),
}

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Strategy"),
    title=lambda **_query: _(TITLE),
    group="steering",
    order=10,
)


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = AimFilters.parse(query)
    return page(
        PAGE,
        _(TITLE),
        lambda: programme_bar(PAGE, chosen, ("programme", "theme", "region", "level")),
        lambda: answer(chosen),
    )


@callback(Output("strategy-answer", "children"), inputs=AimFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> list[Any]:
    """Answer a change of the filters."""
    return answer(AimFilters.parse(values))


def answer(chosen: AimFilters) -> list[Any]:
    """Sentence, map, measures, strategies, and the thinking behind the map."""
    view = programmes.the_programme(chosen.programme)
    parts = page_top(view, _(TITLE), headline(chosen, view), view.period(chosen.period))
    if frames.programme_part("chain_links", view.code).empty:
        return [part for part in (*parts, *_without_chain(view)) if part is not None]
    groups = aims.chain(chosen)
    parts.append(_map_card(chosen, groups))
    measures = measures_exhibit(chosen)
    if not measures.table.empty:
        parts.append(exhibit_card(measures, open_table=True))
    if len(frames.programme_part("strategies", view.code)):
        parts.append(exhibit_card(strategies_exhibit(chosen), open_table=True))
    parts.append(exhibit_card(links_exhibit(chosen)))
    return [part for part in parts if part is not None]


def headline(chosen: AimFilters, view: ProgrammeView) -> str:
    """How many measures are tried in how many pilots, and where these stand."""
    if frames.programme_part("chain_links", view.code).empty:
        count = len(programmes.part(view.code, "pilots", chosen.theme))
        return ngettext(
            "{n} pilot is on record, but not what it was to lead to.",
            "{n} pilots are on record, but not what they were to lead to.",
            count,
        ).format(n=number(count))
    groups = aims.chain(chosen)
    lanes = [lane for group in groups for lane in group.lanes if lane.measure]
    found = {
        row.pilot.code: row.pilot.status for group in groups for lane in group.lanes for row in lane.rows if row.pilot
    }
    if not lanes and not found:
        return _("No measure is in this choice.")
    measures = ngettext("{n} measure", "{n} measures", len(lanes)).format(n=number(len(lanes)))
    if not found:
        return _("{measures}, none of them tried in a pilot.").format(measures=measures)
    words = programmes.status_words({status: list(found.values()).count(status) for status in found.values()})
    return ngettext(
        "{measures} tried in {n} pilot: {told}.", "{measures} tried in {n} pilots: {told}.", len(found)
    ).format(measures=measures, n=number(len(found)), told=words)


def _without_chain(view: ProgrammeView) -> list[Any]:
    """What a programme set out to do, where nobody wrote down how one thing was to lead to another."""
    groups = [
        html.Li([html.Strong(row["name"]), html.Br(), row["task"], *_source(row["source_url"])])
        for row in frames.records(frames.programme_part("working_groups", view.code))
        if row["task"]
    ]
    why = (
        _("Public pages tell what was tried, not how it was thought to change a region.")
        if view.origin == "published"
        else _("Strategies, measures and the links between them come with the programme's workbook.")
    )
    parts: list[Any] = [states.empty(_("No theory of change is on record."), why)]
    if view.description or groups:
        told: list[Any] = [html.H2(_("What it set out to do"), className="card-answer")]
        told += [html.P(view.description)] if view.description else []
        told += [html.Ul(groups, className="set-out")] if groups else []
        parts.append(html.Article(told, className="figure-card"))
    return parts


def _source(url: str) -> list[Any]:
    return [" ", html.A(_("source"), href=url, rel="noopener")] if url else []


# --- the map ---------------------------------------------------------------------------------------------------------


def _map_card(chosen: AimFilters, groups: tuple[Group, ...]) -> Any:
    shown = map_exhibit(chosen)
    if not groups:
        return exhibit_card(shown)
    button = html.Button(
        _("Print the map, or save it as PDF"),
        type="button",
        className="btn btn-sm btn-outline-secondary no-print",
        **attributes(data_action="print"),
    )
    where = html.P(citation.text(shown), className="card-note print-only")
    return html.Div(
        exhibit_card(shown, extra=html.Div([chain_map(groups), html.P(button, className="chain-print"), where])),
        className="chain-card",
    )


@exhibit("strategy-map", AimFilters)
def map_exhibit(chosen: AimFilters) -> Exhibit:
    """The chain as a table: one row a pilot, everything that it leads to with where it stands."""
    view = programmes.the_programme(chosen.programme)
    rows = [
        {
            "problem": lane.measure.over if lane.measure else "",
            "measure": lane.measure.title if lane.measure else "",
            "pilot": row.pilot.title if row.pilot else "",
            "pilot_href": frames.href(row.pilot.href) if row.pilot else "",
            "status": row.pilot.status if row.pilot else None,
            "told": " · ".join(part for part in (row.pilot.note, row.pilot.day) if part) if row.pilot else "",
            "deliverables": _cell(row.deliverables),
            "results": _cell(row.results),
            "indicators": _cell(row.indicators),
            "signposts": "; ".join(name for box in row.indicators for _path, name in box.further),
            "aims": "; ".join(box.title for box in group.aims),
        }
        for group in aims.chain(chosen)
        for lane in group.lanes
        for row in lane.rows
    ]
    lights = [row["status"] for row in rows if row["status"]]
    off = lights.count("off_track") + lights.count("no_report")
    answer = ngettext(
        "{n} chain is broken or silent at its pilot: off track, or without a report",
        "{n} chains are broken or silent at their pilot: off track, or without a report",
        off,
    ).format(n=number(off))
    return programme_exhibit(
        chosen,
        view,
        "strategy-map",
        PATH,
        answer=answer if off else _("No chain is off track at its pilot"),
        subtitle=_("From problem to aim, each step with its mark and its last date"),
        table=pd.DataFrame(rows),
        columns=(
            Column("problem", _("Problem")),
            Column("measure", _("Measure")),
            Column("pilot", _("Pilot")),
            Column("status", _("Status"), "mark"),
            Column("told", _("Last report")),
            Column("deliverables", _("Deliverables")),
            Column("results", _("Results")),
            Column("indicators", _("Regional figures")),
            Column("signposts", _("Signposts")),
            Column("aims", _("Aim")),
        ),
        how=_(
            "Read from left to right: what is thought to lead to what. Where several things stand below one box, it "
            "counts their marks; marks are never averaged."
        ),
        notes=(
            _(
                "Contribution, not proof: the map shows what the programme thinks leads to what. That a regional "
                "figure moves does not show that a pilot moved it, and a good pilot may be lost in a large region."
            ),
            limits_in_force(view.limits),
        ),
        page_rows=60,
        empty="" if rows else _("No measure or pilot is in this choice. Choose another theme, region or level."),
    )


def _cell(boxes: tuple[Box, ...]) -> str:
    """Boxes of one cell in words."""
    told = []
    for box in boxes:
        facts = [box.over, word(box.status) if box.status else "", box.note, box.day]
        told.append(f"{box.title} ({', '.join(fact for fact in facts if fact)})")
    return "; ".join(told)


# --- measures and strategies -----------------------------------------------------------------------------------------


def _money(cents: Any) -> float | None:
    return None if pd.isna(cents) else float(cents) / 100


@exhibit("strategy-measures", AimFilters)
def measures_exhibit(chosen: AimFilters) -> Exhibit:
    """Measures: instrument, level of government, budget, time, and where their pilots stand."""
    view = programmes.the_programme(chosen.programme)
    table = aims.measures(chosen)
    themes = {option.value: option.label for option in choices.themes()}
    titles = frames.programme_part("strategies", view.code).set_index("code")["title"]
    grid = programmes.grid(view.code)
    now = grid[grid["period"] == max(view.period(chosen.period), 1)].set_index("pilot")["status"]
    spread = [[str(now.get(code, "not_due")) for code in tried] for tried in table["tried"]]
    shown = table.assign(
        theme_name=[themes.get(code, DASH) for code in table["theme"]],
        instrument_name=[_(aims.INSTRUMENTS[code]) for code in table["instrument"]],
        level_name=[_(aims.LEVELS[code]) for code in table["level"]],
        strategy_title=[titles.get(code, code) for code in table["strategy"]],
        budget=[_money(cents) for cents in table["budget_cents"]],
        first=[period_name(int(n)) for n in table["start_period"]],
        last=[period_name(int(n)) for n in table["end_period"]],
        pilots=[programmes.status_words({one: told.count(one) for one in told}) or DASH for told in spread],
        anchor=[f"measure-{code}" for code in table["code"]],
    )
    budgets = [one for one in shown["budget"] if one is not None] if len(shown) else []
    answer = ngettext("{n} measure", "{n} measures", len(shown)).format(n=number(len(shown)))
    if budgets:
        answer = _("{measures} with {currency} {amount}").format(
            measures=answer, currency=view.currency, amount=number(sum(budgets))
        )
    return programme_exhibit(
        chosen,
        view,
        "strategy-measures",
        PATH,
        answer=answer,
        subtitle=_("Instrument, level of government, budget in {currency}, from and to").format(currency=view.currency),
        table=shown,
        columns=(
            Column("title", _("Measure")),
            Column("theme_name", _("Theme")),
            Column("instrument_name", _("Instrument")),
            Column("level_name", _("Level of government")),
            Column("target", _("For whom")),
            Column("budget", _("Budget"), "number"),
            Column("first", _("From")),
            Column("last", _("To")),
            Column("pilots", _("Its pilots")),
            Column("strategy_title", _("Strategy")),
        ),
        page_rows=40,
        empty="" if len(shown) else _("No measure is in this choice."),
    )


@exhibit("strategy-list", AimFilters)
def strategies_exhibit(chosen: AimFilters) -> Exhibit:
    """Strategies that the programme serves: kind, area, years, budget, when last confirmed."""
    view = programmes.the_programme(chosen.programme)
    table = frames.programme_part("strategies", view.code)
    wanted = aims.measures(chosen)
    counts = wanted["strategy"].value_counts()
    shown = table.assign(
        kind_name=[_(aims.KINDS[code]) for code in table["kind"]],
        area_name=[_area(code) for code in table["area"]],
        years=[_years(row["first_year"], row["last_year"]) for row in frames.records(table)],
        money=[_money(cents) for cents in table["budget_cents"]],
        confirmed=[date(day) if not pd.isna(day) else _("never confirmed") for day in table["confirmed_on"]],
        measures=[int(counts.get(code, 0)) for code in table["code"]],
        anchor=[f"strategy-{code}" for code in table["code"]],
    )
    answer = ngettext("{n} strategy stands behind the measures", "{n} strategies stand behind the measures", len(shown))
    return programme_exhibit(
        chosen,
        view,
        "strategy-list",
        PATH,
        answer=answer.format(n=number(len(shown))),
        subtitle=_("Kind, area, years, budget in {currency}, and when those responsible last confirmed it").format(
            currency=view.currency
        ),
        table=shown,
        columns=(
            Column("title", _("Strategy")),
            Column("kind_name", _("Kind")),
            Column("area_name", _("Area")),
            Column("years", _("Years")),
            Column("money", _("Budget"), "number"),
            Column("confirmed", _("Last confirmed")),
            Column("measures", _("Measures in this choice"), "number"),
            Column("aim", _("Aim")),
        ),
    )


def _area(code: str) -> str:
    if code == "SEE":
        return _("South East Europe")
    return frames.region_names().get(code) or frames.country_name(code)


def _years(first: Any, last: Any) -> str:
    ends = [year(one) for one in (first, last) if not pd.isna(one)]
    return "–".join(ends) or DASH


@exhibit("strategy-links", AimFilters)
def links_exhibit(chosen: AimFilters) -> Exhibit:
    """Every step of the chain with why it is thought to hold."""
    view = programmes.the_programme(chosen.programme)
    links, shown = frames.programme_part("chain_links", view.code), _shown_codes(chosen)
    names, kinds = _names(view.code, links), {kind: _(name) for kind, name in LINK_KINDS.items()}
    whole = chosen.query().keys() <= {"programme", "period", "partner"}
    rows = [
        {
            "from_what": kinds[row["from_kind"]],
            "from_name": row["problem"] or names.get((row["from_kind"], row["from_code"]), row["from_code"]),
            "to_what": kinds[row["to_kind"]],
            "to_name": names.get((row["to_kind"], row["to_code"]), row["to_code"]),
            "because": row["because"],
        }
        for row in frames.records(links)
        if whole or _touches(row, shown)
    ]
    told = ngettext("{n} step, each with its reason", "{n} steps, each with its reason", len(rows))
    return programme_exhibit(
        chosen,
        view,
        "strategy-links",
        PATH,
        answer=told.format(n=number(len(rows))),
        subtitle=_("Why one thing is thought to lead to the next"),
        table=pd.DataFrame(rows),
        columns=(
            Column("from_what", _("From (kind)")),
            Column("from_name", _("From")),
            Column("to_what", _("To (kind)")),
            Column("to_name", _("To")),
            Column("because", _("Because")),
        ),
        how=_("A step without a reason is a guess; a reason that a pilot disproves is the most useful of results."),
        page_rows=80,
        empty="" if rows else _("No step is in this choice."),
    )


def _shown_codes(chosen: AimFilters) -> set[tuple[str, str]]:
    """Kind and code of every box on the map."""
    found: set[tuple[str, str]] = set()
    for group in aims.chain(chosen):
        for box in group.aims:
            found.add((box.kind, box.code))
        for lane in group.lanes:
            for row in lane.rows:
                boxes = (lane.measure, row.pilot, *row.deliverables, *row.results, *row.indicators)
                found |= {(box.kind, box.code) for box in boxes if box is not None}
    return found


def _touches(row: Mapping[str, str], shown: set[tuple[str, str]]) -> bool:
    ends = {(row["from_kind"], row["from_code"]), (row["to_kind"], row["to_code"])}
    return ends <= shown or (row["from_kind"] == "problem" and (row["to_kind"], row["to_code"]) in shown)


NAMED = (
    ("measure", "measures", "title"),
    ("pilot", "pilots", "title"),
    ("deliverable", "deliverables", "title"),
    ("result", "result_indicators", "name"),
    ("aim", "strategies", "title"),
)
"""What links may join: kind of the end, part of the programme, and the field that names it."""
MANY = ("deliverable", "result")
"""Kinds of which a programme has thousands: only those that links join are read; the map has read the others whole."""


def _names(code: str, links: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Names of what links join, by kind and code."""
    found: dict[tuple[str, str], str] = {}
    for kind, part, field in NAMED:
        where = {"code": aims.linked(links, kind)} if kind in MANY else {}
        table = frames.programme_part(part, code, **where)
        found |= {(kind, one): name for one, name in rows_of(table, "code", field)}
    return found | {("indicator", one): name for one, name in frames.indicator_names().items()}
