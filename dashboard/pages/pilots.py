"""Pilots: do our experiments work?"""

from dataclasses import dataclass
from typing import Any

import dash
import pandas as pd
from dash import Output, callback, html

from analysis import pilots
from analysis.pilots import Agreement, Goal, Status
from dashboard import frames, impacts, programmes
from dashboard.components import impact_parts, states, status_grid
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card, graph
from dashboard.components.fact_parts import facts
from dashboard.components.light import why
from dashboard.components.marks import mark, word
from dashboard.components.programme_parts import (
    banner,
    judgement_lines,
    limits_in_force,
    link,
    looked_at,
    method,
    page,
    page_top,
    programme_bar,
    programme_exhibit,
)
from dashboard.components.status_grid import Group, Row
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import goal
from dashboard.filters import Option, number_in, one_of, switch
from dashboard.i18n import DASH, N_, _, date, ngettext, number
from dashboard.programmes import ALL, NEWEST, ProgrammeFilters, ProgrammeView, period_mark, period_name, share

TITLE = N_("Pilots – Do our experiments work?")
PAGE, PATH = "pilots", "/pilots"

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Pilots"),
    title=lambda **_query: _(TITLE),
    group="steering",
    order=11,
)

CRITERIA = {
    "relevance": N_("Relevance"),
    "effectiveness": N_("Effectiveness"),
    "efficiency": N_("Efficiency"),
    "coherence": N_("Coherence"),
    "eu_added_value": N_("EU added value"),
    "impact": N_("Impact"),
    "sustainability": N_("Sustainability"),
}
AGREEMENTS = {
    Agreement.AGREE: N_("agrees with the computed light"),
    Agreement.ROSIER: N_("rosier than the computed light"),
    Agreement.GLOOMIER: N_("gloomier than the computed light"),
    Agreement.NOT_COMPARABLE: N_("cannot be compared"),
}
OVERVIEW = "none"
STANDINGS = (Status.OFF_TRACK, Status.WATCH, Status.NO_REPORT, Status.NOT_COMPUTABLE, Status.ON_TRACK, Status.DONE)
ROSIER = "rosier"
TOGETHER = 24
"""Up to so many pilots stand in one list; more are grouped by theme, the worst first."""

OF_THEME, AT_ONCE = 8, 60
"""Pilots of a theme that stand on the page of all themes, and on that of one; the rest is a click away."""

CARDS = 8
"""Indicators of a pilot that are drawn at once, the worst first."""


def _pilot_options() -> list[Option]:
    return list(frames.remember("pilot-options", (), _all_pilots))


def _all_pilots() -> list[Option]:
    table = frames.programme_labels("pilots", "title")
    named = (Option(code, title) for code, title in zip(table["code"], table["label"], strict=True))
    return [Option(OVERVIEW, _("All pilots")), *named]


def _standing_options() -> list[Option]:
    return [
        Option(ALL, _("Any status")),
        *(Option(str(status), word(status)) for status in STANDINGS),
        Option(ROSIER, _("rosier than computed")),
    ]


@dataclass(frozen=True)
class PilotFilters(ProgrammeFilters):
    """What the reader wants to see: a programme, and perhaps one of its pilots."""

    pilot: str = one_of(_pilot_options, default=OVERVIEW, label=N_("Pilot"))
    standing: str = one_of(_standing_options, default=ALL, label=N_("Status"))
    more: bool = switch(label=N_("Show all"))
    move: int = number_in(1, 9, 1, label=N_("Regional figure"))


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = PilotFilters.parse(query)
    return page(
        PAGE,
        _(TITLE),
        lambda: programme_bar(PAGE, chosen, ("programme", "theme", "period", "partner", "standing")),
        lambda: answer(chosen),
    )


@callback(Output("pilots-answer", "children"), inputs=PilotFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> list[Any]:
    """Answer a change of the filters."""
    return answer(PilotFilters.parse(values))


def answer(chosen: PilotFilters) -> list[Any]:
    """The grid of all pilots, or the sheet of one."""
    view = programmes.the_programme(chosen.programme)
    known = set(frames.programme_part("pilots", view.code)["code"])
    body = [banner(view), *_sheet(chosen, view)] if chosen.pilot in known else _overview(chosen, view)
    return [part for part in body if part is not None]


# --- all pilots ------------------------------------------------------------------------------------------------------


def _chosen(chosen: PilotFilters, view: ProgrammeView) -> pd.DataFrame:
    """The pilots of the theme and partner asked for."""
    table = programmes.part(view.code, "pilots", chosen.theme)
    if chosen.partner in programmes.partner_names(view.code):
        table = table[[chosen.partner in who for who in table["partners"]]]
    return table


def _standing(chosen: PilotFilters, view: ProgrammeView) -> pd.DataFrame:
    """Where each pilot of the choice stands after the period: rows of the grid."""
    grid = programmes.grid(view.code)
    now = grid[
        (grid["period"] == max(view.period(chosen.period), 1)) & grid["pilot"].isin(_chosen(chosen, view)["code"])
    ]
    if chosen.standing == ROSIER:
        return now[now["agreement"] == Agreement.ROSIER]
    return now if chosen.standing == ALL else now[now["status"] == chosen.standing]


def headline(chosen: PilotFilters, view: ProgrammeView) -> str:
    """How many pilots stand where, in one sentence."""
    period = view.period(chosen.period)
    counts = pilots.distribution(_standing(chosen, view)["status"].tolist())
    of = sum(counts.values())
    if not of:
        return _("There is no pilot in this choice.")
    if not period:
        return ngettext(
            "{n} pilot has begun; no period has closed yet.", "{n} pilots have begun; no period has closed yet.", of
        ).format(n=number(of))
    told = programmes.status_words(counts)
    return ngettext(
        "After period {p} of {of}, {n} pilot: {told}.", "After period {p} of {of}, {n} pilots: {told}.", of
    ).format(p=number(period), of=number(len(view.periods)), n=number(of), told=told)


def _overview(chosen: PilotFilters, view: ProgrammeView) -> list[Any]:
    return [
        *page_top(view, _(TITLE), headline(chosen, view), view.period(chosen.period)),
        exhibit_card(grid_exhibit(chosen), extra=html.Div([_grid_table(chosen, view), html.P(method())])),
        facts(view, "pilot"),
    ]


def _grid_table(chosen: PilotFilters, view: ProgrammeView) -> html.Div:
    """The grid as a table of marks; each pilot leads to its sheet. Many pilots are grouped by theme, worst first."""
    now = _standing(chosen, view)
    table = _chosen(chosen, view)
    table = table[table["code"].isin(now["pilot"])]
    if table.empty:
        return states.empty(_("There is no pilot in this choice."), _("Choose another theme, partner or status."))
    groups = [_group(chosen, view, "", table, now, AT_ONCE)]
    if len(table) > TOGETHER and chosen.theme == ALL:
        themes = {option.value: option.label for option in programmes.theme_options()}
        groups = [
            _group(chosen, view, themes.get(theme, theme), mine, now, OF_THEME)
            for theme, mine in table.groupby("theme", sort=False)
        ]
    names = [period_name(n) if len(view.periods) <= status_grid.WORDS else number(n) for n in view.periods]
    star = _("rosier than the computed light")
    return status_grid.grid(_("Pilots by period"), _("Pilot"), names, groups, star=star)


def _group(
    chosen: PilotFilters, view: ProgrammeView, title: str, table: pd.DataFrame, now: pd.DataFrame, most: int
) -> Group:
    """The pilots of a theme, or all: as many as stand on the page at once, unless all are asked for."""
    rows, mine = frames.records(table), now[now["pilot"].isin(table["code"])]
    if title or len(rows) > most:
        order = {status: place for place, status in enumerate(map(str, pilots.WORST_FIRST))}
        severity = {code: order[status] for code, status in zip(mine["pilot"], mine["status"], strict=True)}
        rows = sorted(rows, key=lambda row: (severity[row["code"]], row["position"]))
    shown = rows if chosen.more else rows[:most]
    facts = programmes.status_words(pilots.distribution(mine["status"].tolist()))
    more = None
    if len(shown) < len(rows):
        words = ngettext("Show all {n} pilot", "Show all {n} pilots", len(rows)).format(n=number(len(rows)))
        theme = rows[0]["theme"] or ALL
        more = link(chosen.href(PATH, theme=theme, more=False) if title else chosen.href(PATH, more=True), words)
    return Group(title, _rows(chosen, view, shown), facts, more)


def _rows(chosen: PilotFilters, view: ProgrammeView, shown: list[dict[str, Any]]) -> list[Row]:
    grid = programmes.grid(view.code)
    mine = grid[grid["pilot"].isin({row["code"] for row in shown})]
    found: dict[str, tuple[list[str], dict[int, str]]] = {row["code"]: ([], {}) for row in shown}
    for pilot, status, agreement, reported in zip(
        *(mine[name].tolist() for name in ("pilot", "status", "agreement", "reported")), strict=True
    ):
        codes, notes = found[pilot]
        if agreement == Agreement.ROSIER:
            notes[len(codes)] = _("They say: {word}").format(word=word(reported))
        codes.append(status)
    names = programmes.partner_names(view.code)
    whys = _whys(view, mine) if len(view.periods) <= status_grid.WORDS else {}
    rows = []
    for pilot in shown:
        address = chosen.href(PATH, pilot=pilot["code"], more=False, standing=ALL, theme=ALL, partner=ALL)
        who = ", ".join(names.get(code, code) for code in pilot["partners"])
        codes, notes = found[pilot["code"]]
        links = {}
        if not whys:
            base = frames.href(chosen.href(PATH, pilot=pilot["code"], more=False, period=NEWEST))
            links = {place: f"{base}&period={n}" for place, n in enumerate(view.periods) if n <= view.closed}
        head = [link(address, pilot["title"]), html.Span(who, className="muted grid-who")]
        rows.append(Row(head, codes, notes, whys.get(pilot["code"], {}), links))
    return rows


def _whys(view: ProgrammeView, cells: pd.DataFrame) -> dict[str, dict[int, Any]]:
    """The mark of each pilot in each closed period with what decided it, by pilot and place of the period."""
    cells = cells[cells["period"] <= view.closed]
    deciding = tuple(sorted(set(cells["indicator"]) - {""}))
    judged = {
        (row["indicator"], row["period"]): row for row in frames.records(programmes.judged_of(view.code, deciding))
    }
    about = {row["code"]: row for row in frames.records(_indicators_of(view, deciding))}
    places = {period: place for place, period in enumerate(view.periods)}
    found: dict[str, dict[int, Any]] = {}
    for cell in frames.records(cells):
        if cell["status"] == Status.NOT_DUE:
            continue
        row, spec = judged.get((cell["indicator"], cell["period"])), about.get(cell["indicator"])
        lines: list[tuple[str, Any]] = []
        if row is not None and spec is not None:
            lines = [(_("Decided by"), spec["name"])]
            lines += judgement_lines(row, spec["unit"], int(spec["decimals"]), view.limits)
        elif cell["status"] == Status.NO_REPORT:
            lines = [(_("Rule"), _("no report came for this period; older values do not count"))]
        if cell["reported"]:
            said = f"{word(cell['reported'])} – {_(AGREEMENTS[Agreement(cell['agreement'])])}"
            lines.append((_("They say"), said))
        found.setdefault(cell["pilot"], {})[places[cell["period"]]] = why(cell["status"], lines, hint=False)
    return found


def _indicators_of(view: ProgrammeView, codes: tuple[str, ...]) -> pd.DataFrame:
    table = frames.programme_part("result_indicators", view.code)
    return table[table["code"].isin(codes)]


@exhibit("pilots-grid", PilotFilters)
def grid_exhibit(chosen: PilotFilters) -> Exhibit:
    """Pilots by period with what decides each status: the table behind the grid."""
    view = programmes.the_programme(chosen.programme)
    table, standing = programmes.grid(view.code), _standing(chosen, view)
    titles = dict(zip(*(_chosen(chosen, view)[name] for name in ("code", "title")), strict=True))
    table = table[table["pilot"].isin(standing["pilot"]) & (table["period"] <= max(view.closed, 1))]
    if len(titles) > TOGETHER:  # the newest first, since only the beginning stands on the page
        table = table.sort_values("period", ascending=False, kind="stable")
    said = {code: word(code) if code else DASH for code in table["reported"].unique()}
    checks = {code: _(AGREEMENTS[Agreement(code)]) for code in table["agreement"].unique()}
    table = table.assign(
        title=table["pilot"].map(titles),
        period_name=table["period"].map({n: period_name(n) for n in view.periods}),
        decides=table["indicator"].astype(object).map(frames.result_names(view.code) | {"": ""}),
        percent=table["share"] * 100,
        said=table["reported"].map(said),
        check=table["agreement"].map(checks),
    )
    count = int((standing["agreement"] == Agreement.ROSIER).sum())
    told = ngettext(
        "{n} pilot sees itself rosier than its figures do",
        "{n} pilots see themselves rosier than their figures do",
        count,
    ).format(n=number(count))
    return programme_exhibit(
        chosen,
        view,
        "pilots-grid",
        PATH,
        answer=told if count else _("No pilot sees itself rosier than its figures do"),
        subtitle=_("Computed light and the partners' own, by pilot and period"),
        table=table,
        columns=(
            Column("title", _("Pilot")),
            Column("period_name", _("Period")),
            Column("status", _("Computed"), "mark"),
            Column("decides", _("Indicator that decides")),
            Column("percent", _("% of what was expected"), "number", 1),
            Column("said", _("Their own light")),
            Column("check", _("Beside one another")),
        ),
        how=_(
            "The worst indicator speaks for a pilot; of equally bad ones the one furthest behind. Colours are never "
            "averaged. A pilot without a report is not judged by older values."
        ),
        page_rows=72,
        notes=(limits_in_force(view.limits),),
    )


# --- one pilot -------------------------------------------------------------------------------------------------------


def _sheet(chosen: PilotFilters, view: ProgrammeView) -> list[Any]:
    pilot = _pilot(view, chosen.pilot)
    period = view.period(chosen.period)
    cell = _now(view, chosen.pilot, period)
    names = programmes.partner_names(view.code)
    who = ", ".join(names.get(code, code) for code in pilot["partners"])
    about = [who, _money(pilot, view), looked_at(view, period)]
    texts = [
        html.Div([html.H2(name), html.P(pilot[field] or DASH)])
        for name, field in ((_("Problem"), "problem"), (_("Hypothesis"), "hypothesis"), (_("Method"), "method"))
    ]
    return [
        html.Header(
            [
                html.P(link(chosen.href(PATH, pilot=OVERVIEW), _("← All pilots")), className="kicker no-print"),
                html.H1(sheet_headline(pilot, cell, period)),
                html.P(" · ".join(fact for fact in about if fact), className="lead"),
            ],
            className="page-head",
        ),
        html.Div(texts, className="pilot-texts"),
        _own_words(view, chosen.pilot, period, cell),
        html.Section(_indicators(chosen, view, period), **attributes(aria_label=_("Indicators"))),
        exhibit_card(sheet_exhibit(chosen)),
        impact_parts.section(chosen, view, pilot),
        facts(view, f"pilot:{chosen.pilot}"),
        _threads(view, pilot),
        _evaluation(view, chosen.pilot),
    ]


def _pilot(view: ProgrammeView, code: str) -> dict[str, Any]:
    table = frames.programme_part("pilots", view.code)
    return frames.records(table[table["code"] == code])[0]


def _now(view: ProgrammeView, pilot: str, period: int) -> dict[str, Any]:
    grid = programmes.grid(view.code)
    return frames.records(grid[(grid["pilot"] == pilot) & (grid["period"] == max(period, 1))])[0]


def _money(pilot: dict[str, Any], view: ProgrammeView) -> str:
    cents = pilot["budget_cents"]
    return f"{view.currency} {programmes.money(cents)}" if pilots.given(cents) else ""


def sheet_headline(pilot: dict[str, Any], cell: dict[str, Any], period: int) -> str:
    """The pilot and where it stands."""
    told = word(cell["status"])
    if cell["share"] == cell["share"]:
        return _("{pilot}: {status}, at {share} of what was expected by period {n}.").format(
            pilot=pilot["title"], status=told, share=share(float(cell["share"])), n=number(period)
        )
    return _("{pilot}: {status}.").format(pilot=pilot["title"], status=told)


def _own_words(view: ProgrammeView, pilot: str, period: int, cell: dict[str, Any]) -> html.Article:
    reports = frames.programme_part("pilot_reports", view.code, pilot=pilot)
    mine = frames.records(reports[reports["period"] == period])
    title = html.H2(_("What those who run it say"), className="card-answer")
    if not mine:
        told = _("No report came for this period.") if period else _("Nothing is due yet.")
        return html.Article([title, html.P(told)], className="figure-card")
    row = mine[0]
    parts = [
        title,
        html.P(
            [
                *(_("They say"), ": ", mark(row["light"]), " · ", _("Computed"), ": ", mark(cell["status"]), " · "),
                html.Span(_(AGREEMENTS[Agreement(cell["agreement"])]), className="muted"),
            ]
        ),
        html.P(row["narrative"] or DASH),
    ]
    if row["reply"]:
        parts.append(html.P([html.Strong(_("Reply to the computed light: ")), row["reply"]]))
    facts = [row["confirmed_by"], date(row["submitted_on"])]
    parts.append(html.P(" · ".join(str(fact) for fact in facts if fact and fact != DASH), className="muted"))
    if row["evidence_url"]:
        parts.append(html.P(html.A(_("Evidence"), href=row["evidence_url"], rel="noopener")))
    return html.Article(parts, className="figure-card")


def _indicators(chosen: PilotFilters, view: ProgrammeView, period: int) -> list[Any]:
    """A card for each indicator: its light with the reason, and its way; the worst first, of many only these."""
    mine = _of_pilot(view, chosen.pilot)
    judged = programmes.judged_of(view.code, tuple(mine["code"]))
    histories = dict(list(judged.groupby("indicator", sort=False)))
    nows = {row["indicator"]: row for row in frames.records(judged[judged["period"] == period])}
    rows = frames.records(mine)
    if not rows:
        return [states.empty(_("No indicator is on record for this pilot."), _("They come with the workbook."))]
    order = {status: place for place, status in enumerate(map(str, pilots.WORST_FIRST))}
    rows.sort(key=lambda row: order.get(nows.get(row["code"], {}).get("status", ""), len(order)))
    shown = rows if chosen.more else rows[:CARDS]
    cards = [_indicator(view, row, histories.get(row["code"], judged.head(0)), nows.get(row["code"])) for row in shown]
    parts: list[Any] = [html.Div(cards, className="goal-cards")]
    if len(shown) < len(rows):
        words = ngettext("Show all {n} indicator", "Show all {n} indicators", len(rows)).format(n=number(len(rows)))
        parts.append(html.P(link(chosen.href(PATH, more=True), words), className="grid-more no-print"))
    return parts


def _of_pilot(view: ProgrammeView, pilot: str) -> pd.DataFrame:
    return frames.programme_part("result_indicators", view.code, owner_kind="pilot", owner=pilot)


def _indicator(
    view: ProgrammeView, row: dict[str, Any], history: pd.DataFrame, now: dict[str, Any] | None
) -> html.Article:
    aim = Goal.from_row(row)
    wanted = {n: float(value) for n in (0, *view.periods) if (value := pilots.expected(aim, n)) is not None}
    seen = {int(n): float(v) for n, v in zip(history["period"], history["actual"], strict=True) if v == v}
    unit, decimals = row["unit"], int(row["decimals"])
    names = {n: period_mark(n) if n else _("Start") for n in (0, *view.periods)}
    figure = goal.way((0, *view.periods), wanted, seen, names, (_("expected"), _("reported")), decimals, unit)
    light = (
        why(now["status"], judgement_lines(now, unit, decimals, view.limits), label=row["name"])
        if now
        else mark(Status.NOT_DUE)
    )
    parts = [
        html.H3(row["name"], className="card-answer"),
        html.P(" · ".join(part for part in (unit, row["common_code"], row["definition"]) if part), className="muted"),
        light,
        graph(figure, f"pilots-{row['code']}-graph", goal.HEIGHT, row["name"]),
    ]
    return html.Article(parts, className="figure-card goal-card", id=f"indicator-{row['code']}")


@exhibit("pilots-sheet", PilotFilters)
def sheet_exhibit(chosen: PilotFilters) -> Exhibit:
    """Indicators of one pilot by period: baseline, milestone, target, actual."""
    view = programmes.the_programme(chosen.programme)
    mine = _of_pilot(view, chosen.pilot).set_index("code")
    rows = programmes.judged_of(view.code, tuple(mine.index))
    rows = rows.assign(
        name=rows["indicator"].map(mine["name"]),
        unit=rows["indicator"].map(mine["unit"]),
        decimals=rows["indicator"].map(mine["decimals"]),
        baseline=rows["indicator"].map(mine["baseline"]),
        target=rows["indicator"].map(mine["target"]),
        period_name=[period_name(n) for n in rows["period"]],
        percent=rows["share"] * 100,
        final=rows["of_target"] * 100,
    )
    return programme_exhibit(
        chosen,
        view,
        "pilots-sheet",
        PATH,
        answer=_("All values of this pilot"),
        subtitle=_("Baseline, expected by now, reported and target of each indicator"),
        table=rows,
        columns=(
            Column("name", _("Indicator")),
            Column("unit", _("Unit")),
            Column("period_name", _("Period")),
            Column("baseline", _("Baseline"), "number", "decimals"),
            Column("expected", _("Expected by now"), "number", 1),
            Column("actual", _("Reported"), "number", "decimals"),
            Column("target", _("Target"), "number", "decimals"),
            Column("percent", _("% of what was expected"), "number", 1),
            Column("final", _("% of the target"), "number", 1),
            Column("status", _("Status"), "mark"),
        ),
        page_rows=120,
        empty="" if len(rows) else _("No indicator is on record for this pilot."),
        notes=(limits_in_force(view.limits),),
    )


@exhibit("pilots-impact", PilotFilters)
def impact_exhibit(chosen: PilotFilters) -> Exhibit:
    """Whether the regional figure that a pilot wants to move has moved more than in regions like it."""
    view = programmes.the_programme(chosen.programme)
    table = frames.programme_part("pilots", view.code)
    mine = frames.records(table[table["code"] == chosen.pilot])
    shown = impacts.case(view.code, mine[0], chosen.move) if mine else None
    if shown is None:
        told = _("No regional figure to move is named.")
        return programme_exhibit(chosen, view, "pilots-impact", PATH, answer=told, empty=told)
    return impact_parts.impact_exhibit(chosen, view, mine[0], shown)


def _threads(view: ProgrammeView, pilot: dict[str, Any]) -> html.Div:
    """From the pilot on: the regional figures it wants to move, signposts, risks, decisions."""
    names, places = frames.indicator_names(), frames.region_names()
    moves = [
        html.Li(
            link(
                f"/region?region={one['region']}&indicator={one['indicator']}" if one.get("region") else "/compare",
                f"{names.get(one['indicator'], one['indicator'])} – {places.get(one.get('region'), '')}",
            )
        )
        for one in pilot["moves"]
    ]
    signposts = [html.Li(link(*_signpost(one))) for one in pilot["signposts"]]
    risks = programmes.risks(view.code)
    about = [
        html.Li(link(f"/decisions?programme={view.code}&risk={row['code']}", f"{row['code']} – {row['event']}"))
        for row in frames.records(risks[risks["pilot"] == pilot["code"]])
    ]
    decisions = frames.programme_part("decisions", view.code)
    decided = [
        html.Li(
            [
                date(row["decided_on"]),
                " ",
                link(f"/decisions?programme={view.code}&decision={row['code']}", row["question"]),
            ]
        )
        for row in frames.records(decisions)
        if {"kind": "pilot", "code": pilot["code"]} in row["subjects"]
    ]
    parts = (
        (_("Regional figures it wants to move"), moves, _("None is named.")),
        (_("Signposts that bear on it"), signposts, _("None is named.")),
        (_("Open risks"), about, _("None is on record.")),
        (_("Decisions"), decided, _("None is on record.")),
    )
    return html.Div(
        [
            html.Div([html.H2(title), html.Ul(items) if items else html.P(nothing, className="muted")])
            for title, items, nothing in parts
        ],
        className="threads",
    )


def _signpost(one: dict[str, Any]) -> tuple[str, str]:
    table = frames.scenario_part("signposts", one["set"])
    found = table[table["code"] == one["signpost"]]
    name = str(found["name"].iloc[0]) if len(found) else one["signpost"]
    return f"/futures?set={one['set']}&part=heading", name


def _evaluation(view: ProgrammeView, pilot: str) -> html.Article | None:
    table = frames.programme_part("evaluations", view.code)
    mine = table[(table["subject_kind"] == "pilot") & (table["subject"] == pilot)]
    if mine.empty:
        return None
    order = list(CRITERIA)
    matrix = pilots.evaluation_matrix(mine).sort_values("criterion", key=lambda names: names.map(order.index))
    rows = [
        html.Tr(
            [
                html.Th(_(CRITERIA[row["criterion"]]), scope="row"),
                html.Td(number(row["median"], 1), className="num"),
                html.Td(f"{number(row['low'])}–{number(row['high'])}", className="num"),
                html.Td(number(row["evaluators"]), className="num"),
                html.Td(row["grade"] or DASH),
            ]
        )
        for row in frames.records(matrix)
    ]
    heads = (_("Criterion"), _("Median (1–4)"), _("Range"), _("Evaluators"), _("Evidence"))
    head = html.Thead(
        html.Tr([html.Th(name, scope="col", className="num" if 0 < n < 4 else None) for n, name in enumerate(heads)])
    )
    note = _("Evidence: A evaluated, B measured, C described; the weakest given counts.")
    return html.Article(
        [
            html.H2(_("How evaluators see it"), className="card-answer"),
            html.Div(
                html.Table([head, html.Tbody(rows)], className="figures-table"),
                className="table-scroll",
                tabIndex="0",
                role="region",
                **attributes(aria_label=_("How evaluators see it")),
            ),
            html.P(note, className="card-note"),
        ],
        className="figure-card",
    )
