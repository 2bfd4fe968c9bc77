"""Work plan: are we on time?"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date as Date
from typing import Any

import dash
from dash import Output, callback, html

from analysis.finance import ReportState
from dashboard import frames, programmes
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.marks import mark
from dashboard.components.programme_parts import (
    banner,
    looked_at,
    no_programme,
    programme_bar,
    programme_exhibit,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import timeline
from dashboard.filters import Option, one_of
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number
from dashboard.programmes import ALL, ProgrammeFilters, ProgrammeView, period_name, share

PAGE, PATH = "workplan", "/workplan"
EVERY, LATE = "all", "late"

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Work plan"),
    title=lambda **_query: _("Work plan – Are we on time?"),
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


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = WorkFilters.parse(query)
    if not programmes.programme_options():
        return html.Div([html.H1(_("Work plan – Are we on time?")), no_programme()], className="page")
    return html.Div(
        [
            programme_bar(PAGE, chosen, ("programme", "theme", "partner", "shown")),
            states.loading(html.Div(answer(chosen), id="workplan-answer", **attributes(aria_live="polite")), 700),
        ],
        className="page page-workplan page-programme",
    )


@callback(Output("workplan-answer", "children"), inputs=WorkFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> list[Any]:
    """Answer a change of the filters."""
    return answer(WorkFilters.parse(values))


def answer(chosen: WorkFilters) -> list[Any]:
    """Sentence, timeline, deliverables, reports."""
    view = programmes.the_programme(chosen.programme)
    head = [
        html.P(_("Work plan – Are we on time?"), className="kicker"),
        html.H1(headline(chosen, view)),
        html.P(" · ".join((view.title, looked_at(view, view.closed))), className="lead"),
    ]
    parts: list[Any] = [banner(view), html.Header(head, className="page-head")]
    if len(programmes.part(view.code, "activities", ALL)):
        parts.append(exhibit_card(timeline_exhibit(chosen)))
    if len(frames.programme_part("deliverables", view.code)):
        parts.append(exhibit_card(deliverables_exhibit(chosen), open_table=True))
    else:
        parts.append(states.empty(_("No deliverable is on record."), _("They come with the programme's workbook.")))
    parts += _reports(chosen, view)
    parts.append(_packages(view))
    return [part for part in parts if part is not None]


def headline(chosen: WorkFilters, view: ProgrammeView) -> str:
    """Deliverables due and delivered, and reports expected and received."""
    table = programmes.deliverables(view.code, chosen.theme)
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


def _reports_known(view: ProgrammeView) -> bool:
    return len(frames.programme_part("partner_reports", view.code)) > 0


def _discipline(view: ProgrammeView) -> dict[str, Any] | None:
    table = programmes.discipline(view.code)
    mine = frames.records(table[table["period"] == view.closed])
    return mine[0] if mine else None


def _place(view: ProgrammeView, day: Date) -> float:
    """Where a day lies among the periods: 0 is the start of the first."""
    periods = frames.records(frames.programme_part("periods", view.code))
    for row in periods:
        if day <= row["end"]:
            length = (row["end"] - row["start"]).days + 1
            return float(int(row["number"]) - 1 + max((day - row["start"]).days, 0) / length)
    return float(len(periods))


@exhibit("workplan-timeline", WorkFilters)
def timeline_exhibit(chosen: WorkFilters) -> Exhibit:
    """Activities and deliverables over the periods."""
    view = programmes.the_programme(chosen.programme)
    rows = programmes.part(view.code, "activities", chosen.theme)
    if chosen.partner != ALL:
        rows = rows[[chosen.partner in who for who in rows["partners"]]]
    packages = frames.programme_part("work_packages", view.code).set_index("code")["title"]
    label = {row["code"]: f"{row['code'].upper()} {row['title']}" for row in frames.records(rows)}
    activities = [
        {
            "label": label[row["code"]],
            "start": int(row["start_period"]),
            "end": int(row["end_period"]),
            "status": row["status"],
        }
        for row in frames.records(rows)
    ]
    table = programmes.deliverables(view.code, chosen.theme)
    marks = [
        {
            "label": label[row["activity"]],
            "at": _place(view, row["due_on"]),
            "state": "late" if row["is_late"] else "done" if row["is_delivered"] else "due",
            "name": f"{row['code']} {row['title']}, {date(row['due_on'])}",
        }
        for row in frames.records(table)
        if row["activity"] in label
    ]
    running = int((rows["status"] == "running").sum()) if len(rows) else 0
    told = ngettext("{n} activity is running", "{n} activities are running", running).format(n=number(running))
    names = {period: period_name(period) for period in view.periods}
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
        figure=timeline.work(activities, marks, names, _place(view, view.today), date(view.today)),
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
        empty="" if len(rows) else _("No activity in this choice."),
    )


@exhibit("workplan-deliverables", WorkFilters)
def deliverables_exhibit(chosen: WorkFilters) -> Exhibit:
    """Deliverables with days late, new date and consequence; late ones first."""
    view = programmes.the_programme(chosen.programme)
    table = programmes.deliverables(view.code, chosen.theme)
    if chosen.partner != ALL:
        table = table[table["lead"] == chosen.partner]
    if chosen.shown == LATE:
        table = table[table["is_late"]]
    table = table.sort_values(["is_late", "due_on"], ascending=[False, True], kind="stable")
    names = programmes.partner_names(view.code)
    late = int(table["is_late"].sum()) if len(table) else 0
    shown = table.assign(
        due=[date(day) for day in table["due_on"]],
        state=[_state(row) for row in frames.records(table)],
        delivered_day=[date(day) if day is not None and day == day else DASH for day in table["delivered_on"]],
        late_days=[int(n) or None for n in table["days_late"]],
        promised=[date(day) if day is not None and day == day else DASH for day in table["new_date"]],
        who=[names.get(code, DASH) for code in table["lead"]],
        reviewed=[_(QUALITY[one]) for one in table["quality"]],
        remark=[row["consequence"] or row["comment"] for row in frames.records(table)],
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
            Column("due", _("Due")),
            Column("state", _("State"), "mark"),
            Column("delivered_day", _("Delivered")),
            Column("late_days", _("Days late"), "number"),
            Column("promised", _("New date")),
            Column("remark", _("Consequence or remark")),
            Column("reviewed", _("Quality")),
        ),
        page_rows=25,
        empty="" if len(table) else _("No deliverable in this choice."),
    )


def _state(row: Mapping[str, Any]) -> str:
    if row["is_delivered"]:
        return "delivered"
    return "overdue" if row["is_late"] else "not_due"


# --- reports ---------------------------------------------------------------------------------------------------------


def _reports(chosen: WorkFilters, view: ProgrammeView) -> list[Any]:
    if not _reports_known(view):
        said = states.empty(_("No partner report is on record."), _("So nothing can be said of who reported in time."))
        return [said]
    return [_report_table(view), exhibit_card(reports_exhibit(chosen)), _chase(view)]


def _report_table(view: ProgrammeView) -> html.Article:
    grid = programmes.report_grid(view.code)
    cells = {(row["partner"], row["period"]): row for row in frames.records(grid)}
    names = programmes.partner_names(view.code)
    rows = [
        html.Tr(
            [
                html.Th(names[code], scope="row"),
                *(html.Td(mark(STATE_MARKS[ReportState(cells[code, n]["state"])])) for n in view.periods),
            ]
        )
        for code in names
    ]
    totals = []
    for row in frames.records(programmes.discipline(view.code)):
        told = f"{number(row['received'])}/{number(row['expected'])}" if row["expected"] else DASH
        totals.append(html.Td(told))
    foot = html.Tfoot(html.Tr([html.Th(_("received / expected"), scope="row"), *totals]))
    head = html.Tr([html.Th(_("Partner"), scope="col"), *(html.Th(period_name(n), scope="col") for n in view.periods)])
    table = html.Table(
        [html.Caption(_("Reports by partner and period")), html.Thead(head), html.Tbody(rows), foot],
        className="status-grid report-grid",
    )
    return html.Article(
        [
            html.H2(_("Who reported, and when"), className="card-answer"),
            html.Div(
                table,
                className="table-scroll",
                tabIndex="0",
                role="region",
                **attributes(aria_label=_("Reports by partner and period")),
            ),
        ],
        className="figure-card",
    )


@exhibit("workplan-reports", WorkFilters)
def reports_exhibit(chosen: WorkFilters) -> Exhibit:
    """Reports by partner and period."""
    view = programmes.the_programme(chosen.programme)
    grid = programmes.report_grid(view.code)
    names = programmes.partner_names(view.code)
    grid = grid[grid["period"] <= view.closed]
    shown = grid.assign(
        who=[names[code] for code in grid["partner"]],
        period_name=[period_name(n) for n in grid["period"]],
        state_mark=[STATE_MARKS[ReportState(one)] for one in grid["state"]],
        due_day=[date(day) if day is not None and day == day else DASH for day in grid["due"]],
        sent=[date(day) if day is not None and day == day else DASH for day in grid["submitted_on"]],
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
            Column("due_day", _("Due")),
            Column("sent", _("Received")),
            Column("days_late", _("Days late"), "number"),
            Column("state_mark", _("State"), "mark"),
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


def _packages(view: ProgrammeView) -> html.Div:
    """Days for the calendar: due days of deliverables and reports, and meetings."""
    address = frames.href(f"/programme/{view.code}.ics?lang={language()}")
    return html.P([html.A(_("Dates for your calendar (ICS)"), href=address, download=True)], className="no-print")
