"""Work plan: are we on time?"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

import dash
import numpy as np
import pandas as pd
from dash import Input, Output, callback, html

from analysis.finance import ReportState
from analysis.pilots import given
from dashboard import frames, programmes
from dashboard.components import quality_parts, states, status_grid
from dashboard.components.card import exhibit_card
from dashboard.components.fact_parts import facts
from dashboard.components.light import why
from dashboard.components.programme_parts import (
    link,
    method,
    page,
    page_top,
    programme_bar,
    programme_exhibit,
    without_theme,
)
from dashboard.components.status_grid import Group, Row
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import timeline
from dashboard.filters import Option, one_of, switch
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number
from dashboard.programmes import ALL, ProgrammeFilters, ProgrammeView, period_mark, period_name, share

TITLE = N_("Work plan – Are we on time?")
PAGE, PATH = "workplan", "/workplan"
EVERY, LATE = "all", "late"
MANY = 300
"""Deliverables that are drawn one by one; of more, those delivered stand together, a mark for each half of a period."""

ROWS, REPORTERS = 40, 40
"""Activities that are drawn, and partners in the grid of reports, before one asks for all."""

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Work plan"),
    title=lambda **_query: _(TITLE),
    group="steering",
    order=12,
)

STATE_MARKS = {
    ReportState.ON_TIME: "on_time",
    ReportState.LATE: "late_report",
    ReportState.MISSING: "no_report",
    ReportState.WAITING: "waiting",
    ReportState.NOT_DUE: "not_due",
    ReportState.NOT_EXPECTED: "not_expected",
}
QUALITY = {"accepted": N_("accepted"), "returned": N_("returned"), "not_reviewed": N_("not reviewed")}


def _shown_options() -> list[Option]:
    return [Option(EVERY, _("All deliverables")), Option(LATE, _("Only late ones"))]


@dataclass(frozen=True)
class WorkFilters(ProgrammeFilters):
    """What the reader wants to see."""

    shown: str = one_of(_shown_options, default=EVERY, label=N_("Deliverables"))
    work_package: str = one_of(programmes.package_options, default=ALL, label=N_("Work package"))
    more: bool = switch(label=N_("Show all"))


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = WorkFilters.parse(query)
    return page(
        PAGE,
        _(TITLE),
        lambda: programme_bar(
            PAGE,
            chosen,
            ("programme", "theme", "work_package", "partner", "shown"),
            offered={"work_package": programmes.packages_of(chosen.programme)},
        ),
        lambda: answer(chosen),
    )


@callback(
    Output("workplan-answer", "children"),
    inputs={"edition": Input("edition", "data"), "values": WorkFilters.inputs(PAGE)},
    prevent_initial_call=True,
)
def update(edition: int | None, values: Mapping[str, Any]) -> list[Any]:
    """Answer a change of the filters, or of what people recorded."""
    frames.at_least(edition)
    return answer(WorkFilters.parse(values))


def answer(chosen: WorkFilters) -> list[Any]:
    """Sentence, timeline, deliverables, reports."""
    view = programmes.the_programme(chosen.programme)
    parts = page_top(view, _(TITLE), headline(chosen, view), view.closed)
    if len(programmes.part(view.code, "activities", ALL)):
        parts.append(exhibit_card(timeline_exhibit(chosen)))
    if len(frames.programme_part("deliverables", view.code)):
        parts.append(exhibit_card(deliverables_exhibit(chosen), open_table=True))
    else:
        parts.append(states.empty(_("No deliverable is on record."), _("They come with the programme's workbook.")))
    parts.append(quality_parts.section(chosen))
    parts += _reports(chosen, view)
    parts.append(facts(view))
    parts.append(_dates(view))
    return [part for part in parts if part is not None]


def headline(chosen: WorkFilters, view: ProgrammeView) -> str:
    """Deliverables due and delivered, and reports expected and received."""
    table = _deliverables(chosen, view)
    due = int(table["is_due"].sum()) if len(table) else 0
    told = []
    if due:
        done = int((table["is_due"] & table["is_delivered"]).sum())
        late = int(table["is_late"].sum())
        words = ngettext(
            "{done} of {n} due deliverable is delivered ({share})",
            "{done} of {n} due deliverables are delivered ({share})",
            due,
        )
        first = words.format(done=number(done), n=number(due), share=share(done / due))
        if late and view.origin != "published":
            first += ngettext(", {n} is late", ", {n} are late", late).format(n=number(late))
        told.append(first + ".")
    if _reports_known(view):
        row = _discipline(view)
        if row is not None and row["expected"]:
            told.append(
                _(
                    "Reports on {period}: {received} of {expected} came ({share}), {on_time} on time ({time_share})."
                ).format(
                    period=period_name(int(row["period"])),
                    received=number(row["received"]),
                    expected=number(row["expected"]),
                    share=share(row["received_share"]),
                    on_time=number(row["on_time"]),
                    time_share=share(row["on_time_share"]),
                )
            )
    return " ".join(told) or _("Nothing is due yet.")


def _deliverables(chosen: WorkFilters, view: ProgrammeView) -> pd.DataFrame:
    """The deliverables of the theme, work package and lead asked for."""
    table = programmes.deliverables(view.code, chosen.theme)
    if chosen.partner in programmes.partner_names(view.code):
        table = table[table["lead"] == chosen.partner]
    return table if chosen.work_package == ALL else table[table["work_package"] == chosen.work_package]


def _reports_known(view: ProgrammeView) -> bool:
    return len(frames.programme_part("partner_reports", view.code)) > 0


def _discipline(view: ProgrammeView) -> dict[str, Any] | None:
    table = programmes.discipline(view.code)
    mine = frames.records(table[table["period"] == view.closed])
    return mine[0] if mine else None


def _places(view: ProgrammeView, days: Iterable[Date]) -> dict[Date, float]:
    """Where days lie among the periods: 0 is the start of the first."""
    periods = frames.records(frames.programme_part("periods", view.code))

    def place(day: Date) -> float:
        for row in periods:
            if day <= row["end"]:
                length = (row["end"] - row["start"]).days + 1
                return float(int(row["number"]) - 1 + max((day - row["start"]).days, 0) / length)
        return float(len(periods))

    return {day: place(day) for day in days}


@exhibit("workplan-timeline", WorkFilters)
def timeline_exhibit(chosen: WorkFilters) -> Exhibit:
    """Activities and deliverables over the periods."""
    view = programmes.the_programme(chosen.programme)
    rows = programmes.part(view.code, "activities", chosen.theme)
    if chosen.partner in programmes.partner_names(view.code):
        rows = rows[[chosen.partner in who for who in rows["partners"]]]
    if chosen.work_package != ALL:
        rows = rows[rows["work_package"] == chosen.work_package]
    packages = frames.programme_part("work_packages", view.code).set_index("code")["title"]
    drawn = frames.records(rows)
    if len(drawn) > ROWS and not chosen.more:  # what runs now and next says more than what is over
        drawn = sorted(drawn, key=lambda row: (row["end_period"] < view.closed, row["position"]))[:ROWS]
        drawn.sort(key=lambda row: row["position"])
    label = {row["code"]: f"{row['code'].upper()} {row['title']}" for row in drawn}
    activities = [
        {
            "label": label[row["code"]],
            "start": int(row["start_period"]),
            "end": int(row["end_period"]),
            "status": row["status"],
        }
        for row in drawn
    ]
    table = programmes.deliverables(view.code, chosen.theme)
    marks = _marks(view, table[table["activity"].isin(label)], label)
    running = int((rows["status"] == "running").sum()) if len(rows) else 0
    told = ngettext("{n} activity is running", "{n} activities are running", running).format(n=number(running))
    names = {period: period_mark(period) for period in view.periods}
    status = {"planned": _("planned"), "running": _("running"), "done": _("done"), "cancelled": _("cancelled")}
    shown = rows.assign(
        package=[packages.get(code, code) for code in rows["work_package"]],
        first=[period_name(int(n)) for n in rows["start_period"]],
        last=[period_name(int(n)) for n in rows["end_period"]],
        standing=[status[one] for one in rows["status"]],
    )
    return programme_exhibit(
        chosen,
        view,
        "workplan-timeline",
        PATH,
        answer=told,
        subtitle=_("Activities by period, deliverables at their day"),
        figure=timeline.work(activities, marks, names, _places(view, [view.today])[view.today], date(view.today)),
        height=timeline.height(len(activities)),
        table=shown,
        columns=(
            Column("package", _("Work package")),
            Column("title", _("Activity")),
            Column("first", _("From")),
            Column("last", _("To")),
            Column("standing", _("State")),
            Column("progress", _("Progress")),
        ),
        how=_(
            "Full circles are delivered, squares late, hollow circles to come. The dotted line is the day of the view."
        ),
        page_rows=ROWS,
        notes=_left_out(len(drawn), len(rows)),
        empty="" if len(rows) else _("No activity in this choice."),
    )


def _left_out(drawn: int, of: int) -> tuple[str, ...]:
    if drawn == of:
        return ()
    words = _("Drawn are {n} of {of} activities, those that are not over first; choose a work package to see its own.")
    return (words.format(n=number(drawn), of=number(of)),)


def _marks(view: ProgrammeView, table: pd.DataFrame, label: Mapping[str, str]) -> list[dict[str, Any]]:
    """Deliverables at their days. Of very many, those delivered stand together at the middle of half a period."""
    rows = frames.records(table[["code", "title", "activity", "due_on", "is_late", "is_delivered"]])
    days = _places(view, {row["due_on"] for row in rows})
    single = [row for row in rows if not row["is_delivered"] or len(rows) <= MANY]
    marks = [
        {
            "label": label[row["activity"]],
            "at": days[row["due_on"]],
            "state": "late" if row["is_late"] else "done" if row["is_delivered"] else "due",
            "name": f"{row['code']} {row['title']}, {date(row['due_on'])}",
        }
        for row in single
    ]
    rest = [row for row in rows if row["is_delivered"]] if len(single) < len(rows) else []
    together = Counter((row["activity"], int(days[row["due_on"]] * 2)) for row in rest)
    for (activity, half), count in together.items():
        words = ngettext("{n} delivered", "{n} delivered", count).format(n=number(count))
        marks.append({"label": label[activity], "at": half / 2 + 0.25, "state": "done", "name": words})
    return marks


@exhibit("workplan-deliverables", WorkFilters)
def deliverables_exhibit(chosen: WorkFilters) -> Exhibit:
    """Deliverables with days late, new date and consequence; late ones first."""
    view = programmes.the_programme(chosen.programme)
    table = _deliverables(chosen, view)
    if chosen.shown == LATE:
        table = table[table["is_late"]]
    table = table.sort_values(["is_late", "due_on"], ascending=[False, True], kind="stable")
    names = programmes.partner_names(view.code)
    late = int(table["is_late"].sum()) if len(table) else 0
    state = np.where(table["is_delivered"], "delivered", np.where(table["is_late"], "overdue", "not_due"))
    shown = table.assign(
        state=state,
        late_days=table["days_late"].where(table["days_late"] > 0),
        who=table["lead"].map(names).fillna(DASH),
        reviewed=table["quality"].map({code: _(label) for code, label in QUALITY.items()}),
        remark=table["consequence"].where(table["consequence"] != "", table["comment"]),
        anchor="deliverable-" + table["code"],
    )
    told = ngettext("{n} deliverable is late", "{n} deliverables are late", late).format(n=number(late))
    if view.origin == "published":
        told = _("What public pages tell of the deliverables")
    return programme_exhibit(
        chosen,
        view,
        "workplan-deliverables",
        PATH,
        answer=told if late or view.origin == "published" else _("No deliverable is late"),
        subtitle=_("Due, delivered, new date and consequence; quality as the technical committee sees it"),
        table=shown,
        columns=(
            Column("code", _("No.")),
            Column("title", _("Deliverable")),
            Column("who", _("Lead")),
            Column("due_on", _("Due"), "date"),
            Column("state", _("State"), "mark", why=lambda line: _deliverable_lines(view, line)),
            Column("delivered_on", _("Delivered"), "date"),
            Column("late_days", _("Days late"), "number"),
            Column("new_date", _("New date"), "date"),
            Column("remark", _("Consequence or remark")),
            Column("reviewed", _("Quality")),
        ),
        page_rows=25,
        empty="" if len(table) else _("No deliverable in this choice."),
    )


def _deliverable_lines(view: ProgrammeView, row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What decides the state of a deliverable (row of ``analysis.steering.deliverables``)."""
    rules = {
        "delivered": _("the planned quantity is there"),
        "overdue": _("its period has closed, and the planned quantity is not there"),
        "not_due": _("its period has not closed"),
    }
    there = _("{n} of {planned}").format(n=number(row["delivered"]), planned=number(row["planned"]))
    lines = [(_("Rule"), rules[row["state"]]), (_("Delivered so far"), there), (_("Due"), date(row["due_on"]))]
    if given(row["delivered_on"]):
        lines.append((_("Delivered on"), date(row["delivered_on"])))
    if given(row["late_days"]):
        lines.append((_("Days late"), number(row["late_days"])))
    return [*lines, (_("Seen on"), date(view.today))]


# --- reports ---------------------------------------------------------------------------------------------------------


def _reports(chosen: WorkFilters, view: ProgrammeView) -> list[Any]:
    if not _reports_known(view):
        said = states.empty(_("No partner report is on record."), _("So nothing can be said of who reported in time."))
        return [said]
    note = without_theme(chosen.theme, _("reports are of partners, not of themes."))
    return [note, exhibit_card(reports_exhibit(chosen), extra=_report_table(chosen, view)), _chase(view)]


def _report_table(chosen: WorkFilters, view: ProgrammeView) -> html.Div:
    """Partners by period. Of very many, those stand first whose newest report is missing or late."""
    grid, names = programmes.report_grid(view.code), programmes.partner_names(view.code)
    cells: dict[str, list[str]] = {code: [] for code in names}
    for code, state in zip(grid["partner"].tolist(), grid["state"].tolist(), strict=True):
        cells[code].append(STATE_MARKS[ReportState(state)])
    shown = [chosen.partner] if chosen.partner in names else list(names)
    of = len(shown)
    if of > REPORTERS and not chosen.more:
        order = {code: place for place, code in enumerate(("no_report", "late_report", "waiting"))}
        newest = max(view.closed - 1, 0)
        shown = sorted(shown, key=lambda code: order.get(cells[code][newest], len(order)))[:REPORTERS]
    more = None
    if len(shown) < of:
        words = ngettext("Show all {n} partner", "Show all {n} partners", of).format(n=number(of))
        more = link(chosen.href(PATH, more=True), words)
    foot = [_("received / expected")]
    for row in frames.records(programmes.discipline(view.code)):
        foot.append(f"{number(row['received'])}/{number(row['expected'])}" if row["expected"] else DASH)
    chosen_grid = grid[grid["partner"].isin(shown)]
    compact = len(view.periods) > status_grid.WORDS
    whys = {} if compact else _report_whys(view, chosen_grid, names)
    rows = []
    for code in shown:
        # Where there is no room for reasons, the name leads to the partner's reports with what decided each.
        name = link(chosen.href(PATH, partner=code), names[code]) if compact else names[code]
        rows.append(Row([name], cells[code], whys=whys.get(code, {})))
    caption = _("Reports by partner and period")
    heads = [period_name(n) if len(view.periods) <= status_grid.WORDS else number(n) for n in view.periods]
    grid_of = status_grid.grid(caption, _("Partner"), heads, [Group("", rows, more=more)], foot)
    return html.Div(grid_of, className="report-grid")


def _report_whys(view: ProgrammeView, grid: pd.DataFrame, names: Mapping[str, str]) -> dict[str, dict[int, Any]]:
    """The mark of each report that is due with what decided it, by partner and place of the period."""
    places = {period: place for place, period in enumerate(view.periods)}
    found: dict[str, dict[int, Any]] = {}
    for row in frames.records(grid[grid["state"] != ReportState.NOT_DUE]):
        label = f"{names[row['partner']]}, {period_name(int(row['period']))}"
        drawn = why(STATE_MARKS[ReportState(row["state"])], _report_lines(view, row), label=label, hint=False)
        found.setdefault(row["partner"], {})[places[row["period"]]] = drawn
    return found


def _report_lines(view: ProgrammeView, row: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """What decides the state of a report (row of ``analysis.finance.report_grid``)."""
    rules = {
        ReportState.ON_TIME: _("received by its day"),
        ReportState.LATE: _("received after its day"),
        ReportState.MISSING: _("not received, and its day is over"),
        ReportState.WAITING: _("not received, and its day is to come"),
        ReportState.NOT_DUE: _("its period has not closed"),
        ReportState.NOT_EXPECTED: _("the partner was not in the programme in this period"),
    }
    lines = [(_("Rule"), rules[ReportState(row["state"])])]
    if row["state"] == ReportState.NOT_EXPECTED:
        return lines
    lines.append((_("Due"), date(row["due"]) if given(row["due"]) else DASH))
    if given(row["submitted_on"]):
        lines.append((_("Received"), date(row["submitted_on"])))
    if given(row["days_late"]) and row["days_late"] > 0:
        lines.append((_("Days late"), number(row["days_late"])))
    return [*lines, (_("Seen on"), date(view.today))]


@exhibit("workplan-reports", WorkFilters)
def reports_exhibit(chosen: WorkFilters) -> Exhibit:
    """Reports by partner and period."""
    view = programmes.the_programme(chosen.programme)
    grid = programmes.report_grid(view.code)
    names = programmes.partner_names(view.code)
    grid = grid[grid["period"] <= view.closed]
    if chosen.partner in names:
        grid = grid[grid["partner"] == chosen.partner]
    if len(names) > REPORTERS:  # the newest first, since only the beginning stands on the page
        grid = grid.sort_values("period", ascending=False, kind="stable")
    shown = grid.assign(
        who=grid["partner"].map(names),
        period_name=grid["period"].map({n: period_name(n) for n in view.periods}),
        state_mark=grid["state"].map({str(state): code for state, code in STATE_MARKS.items()}),
    )
    row = _discipline(view)
    told = _("Nothing was expected yet")
    if row is not None and row["expected"]:
        told = _("{period}: {received} of {expected} reports, {on_time} on time").format(
            period=period_name(int(row["period"])),
            received=number(row["received"]),
            expected=number(row["expected"]),
            on_time=number(row["on_time"]),
        )
    return programme_exhibit(
        chosen,
        view,
        "workplan-reports",
        PATH,
        answer=told,
        subtitle=_("Expected from the period in which a partner joined to the one in which it left"),
        table=shown,
        columns=(
            Column("who", _("Partner")),
            Column("period_name", _("Period")),
            Column("due", _("Due"), "date"),
            Column("submitted_on", _("Received"), "date"),
            Column("days_late", _("Days late"), "number"),
            Column("state_mark", _("State"), "mark", why=lambda line: _report_lines(view, line)),
        ),
        page_rows=40,
    )


def _chase(view: ProgrammeView) -> html.Details | None:
    """Whom to remind, and a text to send: organisations and roles, no persons."""
    grid = programmes.report_grid(view.code)
    open_ones = grid[(grid["period"] == view.closed) & (grid["state"] == ReportState.MISSING)]
    if open_ones.empty:
        return None
    names = programmes.partner_names(view.code)
    who = [html.Li(names[code]) for code in open_ones["partner"]]
    day = open_ones["due"].iloc[0]
    text = _(
        "The report on {period} was due on {day} and has not arrived. Without it, spending and results of the period "
        "cannot be told. Please send it, or say when it comes."
    ).format(period=period_name(view.closed), day=date(day))
    return html.Details(
        [html.Summary(_("Whom to remind, and with which words")), html.Ul(who), html.Blockquote(text)],
        className="chase",
    )


def _dates(view: ProgrammeView) -> html.P:
    """Days for the calendar: due days of deliverables and reports, and meetings."""
    address = frames.href(f"/programme/{view.code}.ics?lang={language()}")
    calendar = html.A(_("Dates for your calendar (ICS)"), href=address, download=True)
    return html.P([calendar, " · ", method("programmes-reports")], className="no-print")
