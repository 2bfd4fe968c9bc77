"""Outreach: who do we reach, who uses it?"""

from collections.abc import Mapping
from typing import Any

import dash
import pandas as pd
from dash import Output, callback, html

from analysis import outreach as measures
from analysis.pilots import given
from dashboard import choices, frames, programmes, reach
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.programme_parts import (
    page,
    page_top,
    programme_bar,
    programme_exhibit,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number
from dashboard.programmes import ALL, ProgrammeView
from dashboard.reach import PATH, ReachFilters

TITLE = N_("Outreach – Who do we reach, who uses it?")
PAGE = "outreach"
NEXT = 6
"""Events to come that stand on the page; the table holds them all."""

STAGES = {
    "understand": N_("understands it"),
    "adapt": N_("adapts it"),
    "reuse": N_("uses it"),
}

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Outreach"),
    title=lambda **_query: _(TITLE),
    group="steering",
    order=14,
)


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    chosen = ReachFilters.parse(query)
    return page(
        PAGE,
        _(TITLE),
        lambda: programme_bar(PAGE, chosen, ("programme", "theme", "channel", "country", "group")),
        lambda: answer(chosen),
    )


@callback(Output("outreach-answer", "children"), inputs=ReachFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> list[Any]:
    """Answer a change of the filters."""
    return answer(ReachFilters.parse(values))


def answer(chosen: ReachFilters) -> list[Any]:
    """Sentence, funnel, adopters, calendar, countries, target groups, publications."""
    view = programmes.the_programme(chosen.programme)
    parts = page_top(view, _(TITLE), headline(chosen, view), view.closed)
    parts.append(exhibit_card(funnel_exhibit(chosen), extra=_funnel(chosen)))
    if len(frames.programme_part("adoptions", view.code)):
        parts.append(exhibit_card(adoptions_exhibit(chosen), lead=_stages(chosen), open_table=True))
    else:
        why = _("Adopters come with the programme's workbook: who understands, adapts or uses what, since when.")
        if view.origin == "published":
            why = _("Public pages do not tell who took over what; later projects may.")
        parts.append(states.empty(_("No adopter is on record."), why))
    parts += [_calendar(chosen, view), html.Div(_where(chosen), className="reach-where")]
    parts.append(exhibit_card(items_exhibit(chosen)))
    return [part for part in parts if part is not None]


def headline(chosen: ReachFilters, view: ProgrammeView) -> str:
    """From contacts to uptake in one sentence, or what there is where nobody counted."""
    found, taken = measures.funnel(reach.items(chosen)), measures.adopted(reach.adoptions(chosen))
    if found.reached is None:
        table = reach.events(chosen)
        countries = len({code for code in table["country"] if code})
        first = ngettext("{n} event in {c}", "{n} events in {c}", len(table)).format(
            n=number(len(table)),
            c=ngettext("{n} country", "{n} countries", countries).format(n=number(countries)),
        )
        second = ngettext("{n} publication", "{n} publications", found.items).format(n=number(found.items))
        return _("{events} and {items} are on record; how many people they reached is not.").format(
            events=first, items=second
        )
    told = _("{reached} contacts led to {used} clicks and downloads").format(
        reached=number(found.reached), used=number(found.used)
    )
    if found.use_rate is not None:
        told += " " + _("({rate} in 100)").format(rate=number(found.use_rate, 1))
    adopters = sum(taken[stage] for stage in measures.STAGES)
    told += ", " + ngettext(
        "and {n} adopter took something over, {k} confirmed.",
        "and {n} adopters took something over, {k} confirmed.",
        adopters,
    ).format(n=number(adopters), k=number(taken["confirmed"]))
    return told


# --- the funnel ------------------------------------------------------------------------------------------------------


def _funnel(chosen: ReachFilters) -> html.Ol | None:
    """Reach, use, uptake: three boxes, each with what it counts, and the rate from one to the next."""
    found = measures.funnel(reach.items(chosen))
    if found.reached is None:
        return None
    taken = measures.adopted(reach.adoptions(chosen))
    table = reach.events(chosen)
    past = table[table["is_past"].astype(bool)]
    counts = [n for row in reach.rows(past) if (n := reach.people(row, chosen.group)) is not None]
    met = reach.count_words(sum(counts)) if counts else DASH
    published = ngettext("{n} publication", "{n} publications", found.items).format(n=number(found.items))
    held = ngettext("{met} participations at {n} event", "{met} participations at {n} events", len(past))
    held = held.format(met=met, n=number(len(past)))
    steps = (
        (
            _("Reach"),
            number(found.reached),
            _("contacts by {items}").format(items=published),
            held,
        ),
        (_("Use"), number(found.used), _("clicks and downloads"), _rate(found.use_rate, _("{rate} in 100 contacts"))),
        (
            _("Taken up"),
            number(found.taken_up),
            _("citations and reported uses"),
            _rate(found.uptake_rate, _("{rate} in 100 uses")),
        ),
        (
            _("Adoption"),
            number(sum(taken[stage] for stage in measures.STAGES)),
            _("adopters of a pilot"),
            ngettext("{n} confirmed", "{n} confirmed", taken["confirmed"]).format(n=number(taken["confirmed"])),
        ),
    )
    boxes = [
        html.Li(
            [
                html.Span(name, className="funnel-name"),
                html.Span(value, className="funnel-number"),
                html.Span(what, className="funnel-what"),
                html.Span(more, className="funnel-more"),
            ],
            className="funnel-step",
        )
        for name, value, what, more in steps
    ]
    return html.Ol(boxes, className="funnel", **attributes(aria_label=_("From reach to uptake")))


def _rate(rate: float | None, words: str) -> str:
    return "" if rate is None else words.format(rate=number(rate, 1))


@exhibit("outreach-funnel", ReachFilters)
def funnel_exhibit(chosen: ReachFilters) -> Exhibit:
    """Reach, use and uptake by channel."""
    view = programmes.the_programme(chosen.programme)
    items = reach.items(chosen)
    table = measures.by_channel(items)
    found = measures.funnel(items)
    shown = table.assign(channel_name=[_(reach.CHANNELS[code]) for code in table["channel"]])
    best = table.dropna(subset="rate").sort_values("rate", ascending=False)
    answer = _("How far publications came, channel by channel")
    if len(best) > 1:
        first = frames.records(best)[0]
        name = reach.CHANNELS[first["channel"]]
        answer = _("{channel} is used most: {rate} clicks and downloads in 100 contacts").format(
            channel=_(name), rate=number(first["rate"], 1)
        )
    empty = "" if found.reached is not None else _nothing_counted(view, found.items)
    return programme_exhibit(
        chosen,
        view,
        "outreach-funnel",
        PATH,
        answer=answer if found.reached is not None else _("How many were reached is not on record"),
        subtitle=_("Contacts, then clicks and downloads, then citations and reported uses"),
        table=shown if found.reached is not None else pd.DataFrame(),
        columns=(
            Column("channel_name", _("Channel")),
            Column("items", _("Publications"), "number"),
            Column("reached", _("Contacts"), "number"),
            Column("used", _("Clicks and downloads"), "number"),
            Column("rate", _("In 100 contacts"), "number", 1),
            Column("taken_up", _("Citations and uses"), "number"),
        ),
        how=_("Read from left to right. The last box counts organisations that took something over, not readers."),
        notes=(
            _("A contact is no person: one person may be reached by several channels. What nobody counted is no zero."),
        )
        if found.reached is not None
        else (),
        empty=empty,
    )


def _nothing_counted(view: ProgrammeView, items: int) -> str:
    if not items:
        return _("No publication is in this choice. Choose another theme or channel.")
    if view.origin == "published":
        return _("Public pages tell what was published, not how many it reached. The list of publications is below.")
    return _("Reach, clicks and downloads of publications come with the programme's workbook.")


# --- adopters --------------------------------------------------------------------------------------------------------


def _stages(chosen: ReachFilters) -> html.Div:
    """The chain of adoption, and what is confirmed towards the common indicators."""
    table = reach.adoptions(chosen)
    counts = measures.adopted(table)
    words = {"understand": _("understand"), "adapt": _("adapt"), "reuse": _("re-use")}
    steps = [
        html.Li([html.Span(number(counts[stage]), className="funnel-number"), html.Span(words[stage])])
        for stage in measures.STAGES
    ]
    goals = reach.goals(chosen.programme)
    confirmed = table[table["confirmed_on"].notna()]
    towards = []
    for code in ("RCR 79", "RCR 104"):
        count = int((confirmed["common_code"] == code).sum())
        goal = goals.get(code)
        said = _("{code}: {n} confirmed").format(code=code, n=number(count))
        if goal is not None and chosen.theme == ALL and chosen.country == ALL:
            said = _("{code}: {n} confirmed of {goal} aimed at").format(
                code=code, n=number(count), goal=number(goal, 0 if float(goal).is_integer() else 1)
            )
        towards.append(html.Li(said))
    return html.Div(
        [
            html.Ol(steps, className="adoption-chain", **attributes(aria_label=_("Stages of adoption"))),
            html.Ul(towards, className="adoption-towards"),
        ]
    )


@exhibit("outreach-adoptions", ReachFilters)
def adoptions_exhibit(chosen: ReachFilters) -> Exhibit:
    """Who took over what, how far, since when, and whether it is confirmed."""
    view = programmes.the_programme(chosen.programme)
    table = reach.adoptions(chosen)
    shown = table.assign(
        country_name=[frames.country_name(code) if code else DASH for code in table["country"]],
        stage_name=[_(STAGES[stage]) for stage in table["stage"]],
        since_day=[date(day) if given(day) else DASH for day in table["since"]],
        confirmed=[date(day) if given(day) else _("not yet") for day in table["confirmed_on"]],
        counts=[
            code if code and given(day) else ""
            for code, day in zip(table["common_code"], table["confirmed_on"], strict=True)
        ],
        what_href=[
            frames.href(f"/pilots?programme={view.code}&pilot={code}") if given(code) and code else ""
            for code in table["pilot"]
        ],
    )
    counts = measures.adopted(table)
    told = ngettext(
        "{n} adopter, {k} confirmed: only confirmed ones count as uptake",
        "{n} adopters, {k} confirmed: only confirmed ones count as uptake",
        len(table),
    ).format(n=number(len(table)), k=number(counts["confirmed"]))
    return programme_exhibit(
        chosen,
        view,
        "outreach-adoptions",
        PATH,
        answer=told,
        subtitle=_("Understand, adapt, re-use; confirmed towards RCR 79 (strategies) and RCR 104 (solutions)"),
        table=shown,
        columns=(
            Column("what", _("What")),
            Column("adopter", _("Who")),
            Column("country_name", _("Country")),
            Column("stage_name", _("Stage")),
            Column("since_day", _("Since")),
            Column("confirmed", _("Confirmed")),
            Column("counts", _("Counts towards")),
            Column("evidence", _("Evidence")),
        ),
        empty="" if len(table) else _("No adopter in this choice."),
    )


# --- calendar --------------------------------------------------------------------------------------------------------


def _calendar(chosen: ReachFilters, view: ProgrammeView) -> html.Section:
    """What comes next, the dates for a calendar, and the table of all events."""
    coming = [
        one
        for one in programmes.coming(view.code, chosen.theme)
        if chosen.country in (ALL, one.country) and chosen.group == ALL
    ]
    address = frames.href(f"/programme/{view.code}.ics?lang={language()}")
    dates = html.A(_("Dates for your calendar (ICS)"), href=address, download=True, className="no-print")
    parts: list[Any] = [html.H2(_("What comes next?"))]
    if coming:
        parts.append(html.Ol([html.Li(coming_words(one)) for one in coming[:NEXT]], className="coming"))
    else:
        parts.append(html.P(_("Nothing is planned after {day}.").format(day=date(view.today)), className="muted"))
    parts += [html.P(dates), exhibit_card(events_exhibit(chosen), open_table=True)]
    return html.Section(parts, className="section")


def coming_words(one: programmes.Coming) -> list[Any]:
    """A day of the calendar: when, what, where."""
    where = [one.place, frames.country_name(one.country) if one.country else ""]
    facts = ", ".join(part for part in (_(reach.KINDS[one.kind]), *where) if part)
    return [html.Span(_days(one.first, one.last), className="coming-day"), html.Strong(one.title), html.Span(facts)]


def _days(first: Any, last: Any) -> str:
    if not given(first):
        return _("day not known")
    if not given(last) or first == last:
        return date(first)
    return f"{date(first)} – {date(last)}"


@exhibit("outreach-events", ReachFilters)
def events_exhibit(chosen: ReachFilters) -> Exhibit:
    """Every event: when, what, where, with how many people."""
    view = programmes.the_programme(chosen.programme)
    table = reach.events(chosen)
    themes = {option.value: option.label for option in choices.themes()}
    names, places = programmes.partner_names(view.code), frames.region_names()
    shown = table.assign(
        when=[_days(row["start"], row["end"]) for row in reach.rows(table)],
        standing=[_("past") if past else _("to come") for past in table["is_past"]],
        kind_name=[_(reach.KINDS[code]) for code in table["kind"]],
        where=[_where_words(row, places) for row in reach.rows(table)],
        theme_name=[themes.get(code, DASH) for code in table["theme"]],
        who=[names.get(code, DASH) for code in table["organiser"]],
        people=[reach.count_words(reach.people(row, chosen.group)) or DASH for row in reach.rows(table)],
    )
    past = int(table["is_past"].astype(bool).sum())
    told = ngettext("{n} event held", "{n} events held", past).format(n=number(past))
    left = len(table) - past
    if left:
        told += ", " + ngettext("{n} to come", "{n} to come", left).format(n=number(left))
    newest_first = shown.iloc[::-1] if len(shown) else shown
    return programme_exhibit(
        chosen,
        view,
        "outreach-events",
        PATH,
        answer=told,
        subtitle=_("Conferences, workshops, study visits, trainings, newest first"),
        table=newest_first,
        columns=(
            Column("when", _("When")),
            Column("standing", _("State")),
            Column("kind_name", _("Kind")),
            Column("title", _("Event")),
            Column("where", _("Where")),
            Column("theme_name", _("Theme")),
            Column("who", _("Organiser")),
            Column("people", _("People")),
            Column("score", _("Evaluation (1–5)"), "number", 1),
            Column("note", _("Note")),
        ),
        page_rows=8,
        notes=(_small_note(),),
        empty="" if len(table) else _("No event in this choice."),
    )


def _small_note() -> str:
    return _("Counts of fewer than {least} people are hidden, and so are those that would give them away (…).").format(
        least=number(measures.LEAST)
    )


def _where_words(row: Mapping[str, Any], places: Mapping[str, str]) -> str:
    if row["online"] or not (row["country"] or row["place"]):
        return _("online")
    region = places.get(row["region"], "") if row["region"] else ""
    country = frames.country_name(row["country"]) if row["country"] else ""
    return ", ".join(part for part in (row["place"], region, country) if part)


# --- where and who ---------------------------------------------------------------------------------------------------


def _where(chosen: ReachFilters) -> list[Any]:
    countries = exhibit_card(countries_exhibit(chosen), lead=_tiles(chosen), open_table=True)
    return [html.Div(countries, className="reach-countries"), exhibit_card(groups_exhibit(chosen), open_table=True)]


def _tiles(chosen: ReachFilters) -> html.Ul | None:
    """Countries as tiles roughly where they lie; a tile is a button that chooses the country."""
    table = reach.by_country(chosen)
    rows = [row for row in reach.rows(table) if row["country"]]
    if not rows:
        return None
    most = max(row["events"] for row in rows) or 1
    used = [reach.TILES[row["country"]] for row in rows if row["country"] in reach.TILES]
    last = max((line for _column, line in used), default=0)
    tiles, others = [], 0
    for row in rows:
        column, line = reach.TILES.get(row["country"], (others % 5 + 1, last + 1 + others // 5))
        others += row["country"] not in reach.TILES
        level = 0 if not row["events"] else 1 + min(3, int(4 * row["events"] / most - 1e-9))
        events = ngettext("{n} event", "{n} events", row["events"]).format(n=number(row["events"]))
        taken = ngettext("{n} adopter", "{n} adopters", row["adopters"]).format(n=number(row["adopters"]))
        pick = html.Button(
            [
                html.Span(row["country"], className="tile-code", **attributes(aria_hidden="true")),
                html.Span(number(row["events"]), **attributes(aria_hidden="true")),
                html.Span("★" * min(row["adopters"], 3), className="tile-adopters", **attributes(aria_hidden="true")),
                html.Span(f"{row['name']}: {events}, {taken}", className="visually-hidden"),
            ],
            type="button",
            className=f"country-tile tile-level-{level}",
            **attributes(data_action="pick", data_filter="country", data_value=row["country"]),
        )
        tiles.append(html.Li(pick, style={"gridColumn": column, "gridRow": line}))
    return html.Ul(tiles, className="country-tiles", **attributes(aria_label=_("Events and adopters by country")))


@exhibit("outreach-countries", ReachFilters)
def countries_exhibit(chosen: ReachFilters) -> Exhibit:
    """Events, people and adopters by country."""
    view = programmes.the_programme(chosen.programme)
    table = reach.by_country(chosen)
    counts = [None if n is None or n != n else int(n) for n in table["people"].astype(object)]
    shown = table.assign(people_words=[reach.count_words(n) or DASH for n in counts])
    silent = [row["name"] for row in reach.rows(table) if row["country"] and not row["events"]]
    there = int(((table["country"] != "") & (table["events"] > 0)).sum())
    answer = ngettext("Events in {n} country", "Events in {n} countries", there).format(n=number(there))
    if silent:
        answer += "; " + _("none in {countries}").format(countries=", ".join(silent))
    return programme_exhibit(
        chosen,
        view,
        "outreach-countries",
        PATH,
        answer=answer,
        subtitle=_("Number of events; a star for each adopter, up to three"),
        table=shown,
        columns=(
            Column("name", _("Country")),
            Column("events", _("Events"), "number"),
            Column("coming", _("To come"), "number"),
            Column("people_words", _("People")),
            Column("adopters", _("Adopters"), "number"),
            Column("confirmed", _("Confirmed"), "number"),
        ),
        how=_("Tiles lie roughly where the countries do; a click chooses one. The table holds the same numbers."),
        empty="" if len(table) else _("No event or adopter in this choice."),
    )


@exhibit("outreach-groups", ReachFilters)
def groups_exhibit(chosen: ReachFilters) -> Exhibit:
    """People by target group and kind of event."""
    view = programmes.the_programme(chosen.programme)
    table, kinds = reach.group_table(chosen)
    known = len(table) - 1
    if known > 0:
        answer = ngettext("{n} target group took part in events", "{n} target groups took part in events", known)
        answer = answer.format(n=number(known))
    else:
        answer = _("Who took part was not counted")
    why = _("No event in this choice says how many people of which group came.")
    return programme_exhibit(
        chosen,
        view,
        "outreach-groups",
        PATH,
        answer=answer,
        subtitle=_("People by target group and kind of event; groups as Interreg's monitoring tells them apart"),
        table=table,
        columns=(
            Column("name", _("Target group")),
            *(Column(kind, _(reach.KINDS[kind])) for kind in kinds),
            Column("total", _("In all")),
        ),
        notes=(_small_note(),) if known > 0 else (),
        empty="" if known > 0 else why,
    )


@exhibit("outreach-items", ReachFilters)
def items_exhibit(chosen: ReachFilters) -> Exhibit:
    """Every publication with how far it came."""
    view = programmes.the_programme(chosen.programme)
    table = reach.items(chosen)
    themes = {option.value: option.label for option in choices.themes()}
    shown = table.assign(
        channel_name=[_(reach.CHANNELS[code]) for code in table["channel"]],
        published=[date(day) if given(day) else DASH for day in table["published_on"]],
        theme_name=[themes.get(code, DASH) for code in table["theme"]],
        source=[row["url"] or row["source_url"] for row in reach.rows(table)],
    )
    told = ngettext("{n} publication", "{n} publications", len(table)).format(n=number(len(table)))
    columns = [
        Column("title", _("Publication")),
        Column("channel_name", _("Channel")),
        Column("published", _("Published")),
        Column("language", _("Language")),
        Column("theme_name", _("Theme")),
        Column("reach", _("Contacts"), "number"),
        Column("clicks", _("Clicks"), "number"),
        Column("downloads", _("Downloads"), "number"),
        Column("citations", _("Citations"), "number"),
        Column("uptake", _("Reported uses"), "number"),
    ]
    if shown["source"].astype(bool).any():
        columns.append(Column("source", _("Source")))
    return programme_exhibit(
        chosen,
        view,
        "outreach-items",
        PATH,
        answer=told,
        subtitle=_("What was published, newest first, and how far it came"),
        table=shown,
        columns=tuple(columns),
        page_rows=15,
        empty="" if len(table) else _("No publication in this choice."),
    )
