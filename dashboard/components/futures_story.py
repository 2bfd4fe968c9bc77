"""Futures: the scenarios of a set, told, drawn and laid side by side."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd
from dash import html

from analysis.pathways import Meeting
from dashboard import citation, frames, futures
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card, graph
from dashboard.components.futures_parts import lacks, no_set, present_links, set_exhibit, set_of
from dashboard.components.table import table
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import axes as axis_figures
from dashboard.figures import fans
from dashboard.futures import Difference, FuturesFilters, FuturesSet, Point, RegionPaths, ScenarioLook, Seen, Told
from dashboard.i18n import DASH, N_, _, ngettext, number, year

CONTROLS = ("scenario", "other")
"""Filters that stand in the bar while this part is shown."""

NUMBERS = 4
"""How many headline numbers a scenario's card shows."""

HISTORY = 14
"""Years of history before the base year that are drawn: about as many as the years to come."""

MOST_SOURCES = 3
"""With more sources of lines than this, only the downloads name them, line by line."""

PANEL_HEIGHT = 290
AXES_HEIGHT = 430


def headline(chosen: FuturesFilters) -> str:
    """How far the futures of the set lie apart, in its first indicator."""
    found = set_of(chosen)
    if found is None or not found.scenarios:
        return ""
    paths = futures.region_paths(found, chosen.region)
    count = len(found.scenarios)
    for told in paths.told:
        ends = _reach(paths, told)
        if ends is None:
            continue
        template = (
            ngettext(
                "{n} future: in {region}, {indicator} could lie between {low} and {high} by {year}; "
                "it was {now} in {base}",
                "{n} futures: in {region}, {indicator} could lie between {low} and {high} by {year}; "
                "it was {now} in {base}",
                count,
            )
            if told.base is not None
            else ngettext(
                "{n} future: in {region}, {indicator} could lie between {low} and {high} by {year}",
                "{n} futures: in {region}, {indicator} could lie between {low} and {high} by {year}",
                count,
            )
        )
        return template.format(
            n=number(count),
            region=futures.region_name(told.region),
            indicator=told.about.in_sentence,
            low=told.about.text(ends[0]),
            high=told.about.text(ends[1]),
            year=year(told.last),
            now=told.about.text(told.observed),
            base=year(told.base),
        )
    template = ngettext("{n} future up to {year}: {names}", "{n} futures up to {year}: {names}", count)
    names = ", ".join(one.name for one in found.scenarios)
    return template.format(n=number(count), year=year(found.horizon), names=names)


def _reach(paths: RegionPaths, told: Told) -> tuple[float, float] | None:
    """Lowest and highest value of any scenario's range in the last year."""
    values = [end for ends in paths.at(told).values() for end in ends if end == end]
    return (min(values), max(values)) if values else None


def content(chosen: FuturesFilters) -> list[Any]:
    """The part as the chosen filters ask for it."""
    found = set_of(chosen)
    if found is None:
        return [no_set()]
    if not found.scenarios:
        return [lacks(found, _("This set has no scenarios yet."))]
    paths = futures.region_paths(found, chosen.region)
    stories = html.Section(
        _stories(found, paths), className="span-7 futures-stories", **attributes(aria_label=_("The scenarios"))
    )
    parts: list[Any] = [
        present_links(found, chosen),
        html.Div([html.Div(_axes_card(chosen), className="span-5 futures-axes"), stories], className="grid"),
        html.Div(_pathways_card(chosen, found, paths), className="section futures-pathways"),
        html.Div(exhibit_card(assumptions(chosen), open_table=True), className="section futures-assumptions"),
    ]
    compared = len(found.scenarios) > 1 and bool(paths.told)
    if compared:
        parts.append(html.Div(exhibit_card(differences(chosen), open_table=True), className="section"))
    last = [html.Div(exhibit_card(distances(chosen), open_table=True), className="span-7")] if compared else []
    return [*parts, html.Div([*last, html.Div(_about(found), className="span-5")], className="grid section")]


def _about(found: FuturesSet) -> html.Section:
    """What kind of set this is, and where it comes from."""
    source: Any = html.A(found.source, href=found.source_url, rel="noopener") if found.source_url else found.source
    facts = (
        (_("Kind"), found.label),
        (_("Base year"), year(found.base_year)),
        (_("Horizon"), year(found.horizon)),
        (_("Source"), source),
        (_("Licence"), found.licence),
    )
    return html.Section(
        [
            html.H2(found.title, className="card-answer"),
            html.P(found.description),
            html.Dl([part for name, value in facts if value for part in (html.Dt(name), html.Dd(value))]),
            html.P(found.warning, className="card-note"),
        ],
        className="figure-card futures-about",
        **attributes(aria_label=_("About this set")),
    )


# --- where the scenarios lie, and their stories ---------------------------------------------------------------------


@exhibit("futures-axes", FuturesFilters)
def axes(chosen: FuturesFilters) -> Exhibit:
    """Schematic of a set: its axes and where each scenario lies on them."""
    found = set_of(chosen)
    key = "futures-axes"
    if found is None:
        return _nothing(chosen, key)
    figure = axis_figures.cross(found.axes, found.scenarios)
    known = found.axes[:2] if figure is not None else ()
    rows = [
        {"scenario": one.label, "summary": one.summary}
        | {f"axis_{place}": one.place.get(axis["code"]) for place, axis in enumerate(known)}
        for one in found.scenarios
    ]
    columns = [Column("scenario", _("Scenario"))]
    columns += [Column(f"axis_{place}", str(axis["name"]), "signed", 1) for place, axis in enumerate(known)]
    columns.append(Column("summary", _("In one sentence")))
    how = _(
        "Each axis is an uncertainty that matters much and could go either way; places run from −1 (left, bottom) to "
        "+1 (right, top). They are drawn, not measured."
    )
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_axes_answer(found, len(known)),
        subtitle=" × ".join(str(axis["name"]) for axis in known),
        figure=figure,
        table=pd.DataFrame(rows),
        columns=tuple(columns),
        how=how if known else "",
        height=AXES_HEIGHT if len(known) > 1 else 220,
    )


def _axes_answer(found: FuturesSet, axes_drawn: int) -> str:
    count = len(found.scenarios)
    if axes_drawn > 1:
        first, second = (str(axis["name"]) for axis in found.axes[:2])
        words = ngettext(
            "Two uncertainties, {n} future: {first}, and {second}",
            "Two uncertainties, {n} futures: {first}, and {second}",
            count,
        )
        return words.format(n=number(count), first=first, second=second[:1].lower() + second[1:])
    if axes_drawn:
        words = ngettext("One uncertainty, {n} future: {first}", "One uncertainty, {n} futures: {first}", count)
        return words.format(n=number(count), first=str(found.axes[0]["name"]))
    words = ngettext("{n} future, told without axes", "{n} futures, told without axes", count)
    return words.format(n=number(count))


def _axes_card(chosen: FuturesFilters) -> html.Article:
    shown = axes(chosen)
    return exhibit_card(shown, open_table=shown.figure is None)


def _stories(found: FuturesSet, paths: RegionPaths) -> list[Any]:
    return [
        html.H2(_("The scenarios"), className="visually-hidden"),
        html.Div([_story(one, paths) for one in found.scenarios], className="story-cards"),
    ]


def _story(one: ScenarioLook, paths: RegionPaths) -> html.Article:
    """A scenario's card: sign and name, one sentence, its numbers as ranges, and the story to unfold."""
    name = f"story-{one.code}"
    title = html.H3(
        [
            html.Span(one.sign, className="story-sign", style={"color": one.colour}, **attributes(aria_hidden="true")),
            one.name,
        ],
        id=name,
    )
    parts: list[Any] = [title, html.P(one.summary, className="story-summary"), _numbers(one, paths)]
    paragraphs = [text.strip() for text in one.story.split("\n\n") if text.strip()]
    if paragraphs:
        summary = html.Summary([_("Read the story"), html.Span(f": {one.name}", className="visually-hidden")])
        parts.append(html.Details([summary, *(html.P(text) for text in paragraphs)], className="story-text"))
    return html.Article(
        parts, className="story-card", style={"borderTopColor": one.colour}, **attributes(aria_labelledby=name)
    )


def _numbers(one: ScenarioLook, paths: RegionPaths) -> Any:
    shown = [(told, ends) for told in paths.told[:NUMBERS] if (ends := paths.at(told).get(one.code)) is not None]
    if not shown:
        return None
    region, lasts = futures.region_name(paths.region), sorted({told.last for told, _ends in shown})
    everywhere = all(told.stands_in for told, _ends in shown)
    if everywhere:
        region = _("{country}, in the region's place").format(country=futures.region_name(shown[0][0].region))
    rows: list[Any] = []
    for told, ends in shown:
        where = f" ({futures.region_name(told.region)})" if told.stands_in and not everywhere else ""
        rows += [html.Dt(told.about.short + where), html.Dd(told.about.range(*ends))]
    place = f"{region}, {DASH.join(year(last) for last in (lasts if len(lasts) == 1 else (lasts[0], lasts[-1])))}"
    return html.Div([html.P(place, className="story-where"), html.Dl(rows)], className="story-numbers")


# --- pathways --------------------------------------------------------------------------------------------------------


@exhibit("futures-pathways", FuturesFilters)
def all_pathways(chosen: FuturesFilters) -> Exhibit:
    """Observed history and every pathway of a region, year by year."""
    found = set_of(chosen)
    return _nothing(chosen, "futures-pathways") if found is None else _pathways(chosen, found, _paths(chosen, found))


def _paths(chosen: FuturesFilters, found: FuturesSet) -> RegionPaths:
    return futures.region_paths(found, chosen.region)


def _pathways(chosen: FuturesFilters, found: FuturesSet, paths: RegionPaths) -> Exhibit:
    key = "futures-pathways"
    region = futures.region_name(chosen.region)
    if not paths.told:
        return set_exhibit(
            chosen,
            found,
            key,
            answer=_("How it could go in {region}").format(region=region),
            empty=_no_pathways(found, paths),
        )
    rows = _long(found, paths)
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_pathways_answer(found, paths),
        subtitle=_("{region}: observed, and median and range of each scenario up to {year}").format(
            region=region, year=year(found.horizon)
        ),
        table=pd.DataFrame(rows),
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("region", _("Region")),
            Column("series", _("Series")),
            Column("year", _("Year"), "year"),
            Column("value", _("Value or median"), "number", "decimals"),
            Column("low", _("Low"), "number", "decimals"),
            Column("high", _("High"), "number", "decimals"),
            Column("flags", _("Flags"), "flags"),
            Column("source", _("Source of the line")),
        ),
        indicators=tuple(told.indicator for told in paths.told),
        how=_how(found, paths),
        notes=_notes(found, paths),
        page_rows=sum(row["front"] for row in rows),
    )


def _pathways_answer(found: FuturesSet, paths: RegionPaths) -> str:
    """In which indicator the scenarios lie furthest apart, as a share of what was observed."""
    apart = []
    for told in paths.told:
        medians = {code: ends[1] for code, ends in paths.at(told).items() if ends[1] == ends[1]}
        start = abs(told.observed) if told.observed == told.observed and told.observed else None
        if len(medians) > 1 and start:
            low, high = min(medians, key=lambda code: medians[code]), max(medians, key=lambda code: medians[code])
            apart.append(((medians[high] - medians[low]) / start, told, low, high, medians))
    if not apart:
        return _("How it could go in {region}").format(region=futures.region_name(paths.region))
    _share, told, low, high, medians = max(apart, key=lambda one: one[0])
    names = found.names()
    return _("By {year} the scenarios lie furthest apart in {indicator}: {low} in {a}, {high} in {b}").format(
        year=year(told.last),
        indicator=told.about.in_sentence,
        low=told.about.text(medians[low]),
        a=names.get(low, low),
        high=told.about.text(medians[high]),
        b=names.get(high, high),
    )


def _how(found: FuturesSet, paths: RegionPaths) -> str:
    """How the pathways were tied to what was observed, and how they run between stated years."""
    words = [_("Lines are medians; areas, and bars at the end, are ranges. Observed figures stay as published.")]
    hows = {told.how for told in paths.told}
    if "ratio" in hows:
        words.append(
            _(
                "Where relative change counts, each pathway is multiplied so that it passes through the figure of the "
                "base year; its growth stays as stated."
            )
        )
    if "difference" in hows:
        words.append(
            _(
                "Shares are moved by the difference to the figure of the base year; their change in points stays as "
                "stated."
            )
        )
    methods = {told.method for told in paths.told}
    if "log" in methods:
        words.append(_("Between stated years what grows in per cent runs at constant growth."))
    if "linear" in methods:
        words.append(_("Between stated years shares run straight."))
    return " ".join(words)


def _ties(found: FuturesSet, paths: RegionPaths) -> tuple[str, ...]:
    """Whose pathways they are, and which are tied otherwise than in the base year."""
    notes = []
    instead = [told for told in paths.told if told.stands_in]
    if instead:
        notes.append(
            _("No pathways of {region} itself: those of {country} stand in for {indicators}.").format(
                region=futures.region_name(paths.region),
                country=futures.region_name(instead[0].region),
                indicators=_listed(told.indicator for told in instead),
            )
        )
    loose = [told for told in paths.told if told.base is None]
    if loose:
        notes.append(
            _("No figure of the base year to tie them to, so they stand as stated: {indicators}.").format(
                indicators=_listed(told.indicator for told in loose)
            )
        )
    for base in sorted({told.base for told in paths.told if told.base not in (None, found.base_year)}):
        notes.append(
            _("Tied to {year}, the nearest year with a figure: {indicators}.").format(
                year=year(base), indicators=_listed(told.indicator for told in paths.told if told.base == base)
            )
        )
    if paths.untied:
        notes.append(
            _("Only growth is stated and no figure is loaded to carry it over to, so not drawn: {indicators}.").format(
                indicators=_listed(paths.untied)
            )
        )
    return tuple(notes)


def _notes(found: FuturesSet, paths: RegionPaths) -> tuple[str, ...]:
    """What a careful reader of the pathways must know."""
    notes = list(_ties(found, paths))
    many = [told for told in paths.told if told.models > 1]
    if many:
        notes.append(
            _(
                "Several models, so the line is their median and the range their 10th to 90th percentile: {list}."
            ).format(list=_listed(told.indicator for told in many))
        )
    sources = dict.fromkeys(source for told in paths.told for source in told.sources if source != found.source)
    if 0 < len(sources) <= MOST_SOURCES:
        notes.append(_("Pathways: {sources}.").format(sources="; ".join(sources)))
    return tuple(notes)


def _listed(indicators: Iterable[str]) -> str:
    return ", ".join(futures.about(code).in_sentence for code in indicators)


def _no_pathways(found: FuturesSet, paths: RegionPaths) -> str:
    if paths.untied:
        return _(
            "The set states only growth for {region}, and no figure is loaded to carry it over to. Load the figures of "
            "{indicators}, or choose another region."
        ).format(region=futures.region_name(paths.region), indicators=_listed(paths.untied))
    if futures.places_of(found.code):
        return _("The set has no pathways of {region} or its country. Choose another region in the bar above.").format(
            region=futures.region_name(paths.region)
        )
    return _("The set has stories but no pathways. They can be added in its workbook or as a scenario table (IAMC).")


def _history(found: FuturesSet, paths: RegionPaths, told: Told) -> list[Seen]:
    """Observed figures of an indicator that are drawn, oldest first."""
    start = (told.base or found.base_year) - HISTORY
    return [one for one in paths.seen.get(told.indicator, ()) if one.year >= start]


def _points(paths: RegionPaths, told: Told, scenario: str) -> list[Point]:
    """A pathway as far as it is drawn, oldest year first."""
    return [point for point in paths.points.get((told.indicator, scenario), ()) if point.year <= told.last]


def _long(found: FuturesSet, paths: RegionPaths) -> list[dict[str, Any]]:
    """All rows of the table: the last year of each indicator first, then observations and years between."""
    front: list[dict[str, Any]] = []
    rest: list[dict[str, Any]] = []
    for told in paths.told:
        same = {
            "indicator": told.indicator,
            "region": futures.region_name(told.region),
            "decimals": told.about.decimals,
        }
        for seen in _history(found, paths, told):
            row = {"series": _("Observed"), "year": seen.year, "value": seen.value, "flags": seen.flags}
            rest.append(same | row | {"low": None, "high": None, "front": False})
        for one in found.scenarios:
            for point in _points(paths, told, one.code):
                end = point.year == told.last
                row = {"series": one.label, "flags": "", "front": end} | point._asdict()
                row["source"] = paths.sources.get((told.indicator, one.code), "")
                (front if end else rest).append(same | row)
    return [*front, *rest]


def _pathways_card(chosen: FuturesFilters, found: FuturesSet, paths: RegionPaths) -> Any:
    shown = _pathways(chosen, found, paths)
    if shown.empty:
        return exhibit_card(shown, extra=_other_region(found))
    panels = [_panel(shown, found, paths, told) for told in paths.told]
    return exhibit_card(shown, extra=html.Div(panels, className="futures-panels"))


def _other_region(found: FuturesSet) -> Any:
    """A button that leads to a region of which the set says something."""
    known = [code for code in found.regions if code in futures.places_of(found.code)]
    known = known or sorted(futures.places_of(found.code))
    if not known:
        return None
    return html.Button(
        _("Show {region}").format(region=futures.region_name(known[0])),
        type="button",
        className="btn btn-sm btn-outline-secondary",
        **attributes(data_action="pick", data_filter="region", data_value=known[0]),
    )


def _panel(shown: Exhibit, found: FuturesSet, paths: RegionPaths, told: Told) -> html.Article:
    """One indicator: what it says, its fans, the same numbers as a table, and the picture to take along."""
    name, about = f"futures-{told.indicator}", told.about
    figure = fans.fan(
        _history(found, paths, told),
        {one.code: _points(paths, told, one.code) for one in found.scenarios},
        found.scenarios,
        about.decimals,
        about.suffix,
        told.last,
        None if told.target is None else (told.target, told.target_year),
        PANEL_HEIGHT,
    )
    place = futures.region_name(told.region)
    place = _("{country}, in the region's place").format(country=place) if told.stands_in else place
    said = _panel_sentence(found, paths, told)
    subtitle = " · ".join((place, about.unit, found.label))
    pictures = [
        html.Button(
            label,
            type="button",
            className="download",
            **attributes(
                data_action="picture",
                data_form=form,
                data_name=name,
                aria_label=_("{form} picture of {indicator}").format(form=label, indicator=about.short),
            ),
        )
        for form, label in (("svg", "SVG"), ("png", "PNG"))
    ]
    alone = replace(shown, answer=f"{about.short}, {place}. {said}.", indicators=(told.indicator,))
    folds = [
        _fold(_("Table"), about.short, _panel_table(found, paths, told)),
        _fold(_("Picture"), about.short, html.Div(pictures, className="downloads")),
    ]
    return html.Article(
        [
            html.H3(about.short, className="card-answer", id=f"{name}-title"),
            html.P(said, className="panel-said"),
            html.P(subtitle, className="card-subtitle"),
            graph(figure, f"{name}-graph", PANEL_HEIGHT, f"{about.short}, {place}. {said}"),
            html.Div(folds, className="card-actions"),
            # A picture of this panel alone takes its foot line from here.
            html.P(citation.text(alone), className="citation", hidden=True),
        ],
        className="futures-panel",
        id=name,
        **attributes(aria_labelledby=f"{name}-title"),
    )


def _fold(label: str, about: str, content_: Any) -> html.Details:
    summary = html.Summary([label, html.Span(f": {about}", className="visually-hidden")])
    return html.Details(
        [summary, html.Div(content_, className="fold-body")], className="fold", **attributes(data_fold="card")
    )


def _panel_sentence(found: FuturesSet, paths: RegionPaths, told: Told) -> str:
    medians = {code: ends[1] for code, ends in paths.at(told).items() if ends[1] == ends[1]}
    if not medians:
        return ""
    names = found.names()
    low, high = min(medians, key=lambda code: medians[code]), max(medians, key=lambda code: medians[code])
    template = (
        _("{year}: from {low} ({a}) to {high} ({b}); {now} in {base}")
        if told.base is not None
        else _("{year}: from {low} ({a}) to {high} ({b})")
    )
    return template.format(
        year=year(told.last),
        low=told.about.text(medians[low]),
        a=names.get(low, low),
        high=told.about.text(medians[high]),
        b=names.get(high, high),
        now=told.about.text(told.observed),
        base=year(told.base),
    )


def _panel_table(found: FuturesSet, paths: RegionPaths, told: Told) -> html.Div:
    """Years down, observed and scenarios across; years between stated ones are in the downloads."""
    rows: dict[int, dict[str, Any]] = {}
    for seen in _history(found, paths, told):
        marks = f" ({seen.flags})" if seen.flags else ""
        rows.setdefault(seen.year, {})["observed"] = told.about.text(seen.value) + marks
    for one in found.scenarios:
        for point in _points(paths, told, one.code):
            if point.stated or point.year == told.last:
                text = told.about.median(point.low, point.value, point.high)
                rows.setdefault(point.year, {})[f"s_{one.code}"] = text
    columns = [
        Column("year", _("Year"), "year"),
        Column("observed", _("Observed")),
        *(Column(f"s_{one.code}", one.label) for one in found.scenarios),
    ]
    names = [column.name for column in columns]
    frame = pd.DataFrame([[rows[at].get(name) or "" for name in names[1:]] for at in sorted(rows)], columns=names[1:])
    frame.insert(0, "year", sorted(rows))
    return table(frame, columns, told.about.short, sortable=False)


# --- assumptions ------------------------------------------------------------------------------------------------------


@exhibit("futures-assumptions", FuturesFilters)
def assumptions(chosen: FuturesFilters) -> Exhibit:
    """What each scenario takes for granted, subject by subject."""
    found, key = set_of(chosen), "futures-assumptions"
    if found is None:
        return _nothing(chosen, key)
    frame = frames.scenario_part("assumptions", found.code)
    if frame.empty:
        return set_exhibit(
            chosen,
            found,
            key,
            answer=_("What each scenario takes for granted"),
            empty=_("The set states no assumptions yet. They can be added in its workbook."),
        )
    rows: dict[str, dict[str, Any]] = {}
    for row in frames.records(frame):
        mine = rows.setdefault(str(row["code"]), {"subject": row["subject"], "sources": []})
        mine[f"s_{row['scenario']}"] = row["text"]
        if row["source"] and row["source"] not in mine["sources"]:
            mine["sources"].append(row["source"])
    listed = [row | {"sources": "; ".join(row["sources"])} for row in rows.values()]
    count = len(listed)
    answer = ngettext(
        "What the scenarios take for granted, in {n} subject",
        "What the scenarios take for granted, in {n} subjects",
        count,
    ).format(n=number(count))
    names = [f"s_{one.code}" for one in found.scenarios]
    return set_exhibit(
        chosen,
        found,
        key,
        answer=answer,
        subtitle=_("Assumptions side by side"),
        table=pd.DataFrame(listed, columns=["subject", *names, "sources"]),
        columns=(
            Column("subject", _("Subject")),
            *(Column(f"s_{one.code}", one.label) for one in found.scenarios),
            Column("sources", _("Source")),
        ),
        how=_("What a scenario assumes is not what will be; it is where its story starts from."),
    )


# --- two scenarios beside one another, and all of them -------------------------------------------------------------


def pair(chosen: FuturesFilters, found: FuturesSet) -> tuple[ScenarioLook, ScenarioLook] | None:
    """The two scenarios that are compared, or None when the set has fewer than two."""
    if len(found.scenarios) < 2:
        return None
    first = found.look(chosen.scenario) or found.scenarios[0]
    other = found.look(chosen.other)
    if other is None or other.code == first.code:
        other = found.scenarios[(first.position + 1) % len(found.scenarios)]
    return first, other


@exhibit("futures-differences", FuturesFilters)
def differences(chosen: FuturesFilters) -> Exhibit:
    """Two scenarios in the last year: difference, ratio, how far their ranges overlap, and when each meets a target."""
    found, key = set_of(chosen), "futures-differences"
    if found is None:
        return _nothing(chosen, key)
    both, paths = pair(chosen, found), _paths(chosen, found)
    told = () if both is None else futures.differences(found, chosen.region, both[0].code, both[1].code)
    if both is None or not told:
        return set_exhibit(
            chosen,
            found,
            key,
            answer=_("Two scenarios beside one another"),
            empty=_("Two scenarios with pathways of the same indicators are needed."),
        )
    first, other = both
    met = futures.meetings(found, chosen.region)
    meeting = [
        Column(name, _("{scenario} meets it").format(scenario=one.name))
        for name, one in (("meets", first), ("meets_other", other))
    ]
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_difference_answer(told, first, other),
        subtitle=_("{a} beside {b} in {region}, medians of the last year").format(
            a=first.label, b=other.label, region=futures.region_name(chosen.region)
        ),
        table=pd.DataFrame([_difference_row(one, met, first, other) for one in told]),
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("year", _("Year"), "year"),
            Column("value", first.label, "number", "decimals"),
            Column("value_other", other.label, "number", "decimals"),
            Column("difference", _("Difference"), "signed", "decimals"),
            Column("ratio", _("Ratio"), "number", 2),
            Column("shared", _("Ranges in common, %"), "number"),
            *([Column("target", _("Target")), *meeting] if met else []),
        ),
        indicators=tuple(one.told.indicator for one in told),
        how=_(
            "Difference: first less second. Ratio: first divided by second. Ranges in common: length that both ranges "
            "share, of the length that they cover together; 0 when they lie apart. A target year is the first in which "
            "the median meets the target, in brackets for the favourable and the unfavourable end of the range."
        ),
        notes=_ties(found, paths),
    )


def _difference_row(
    one: Difference, met: Mapping[tuple[str, str], dict[str, Any]], first: ScenarioLook, other: ScenarioLook
) -> dict[str, Any]:
    told = one.told
    meets, meets_other = (met.get((told.indicator, look.code)) for look in (first, other))
    return {
        "indicator": told.indicator,
        "year": told.last,
        "value": one.value,
        "value_other": one.other,
        "difference": one.difference,
        "ratio": one.ratio,
        "shared": one.overlap * 100,
        "target": _target_text(told),
        "meets": "" if meets is None else _meeting_text(meets),
        "meets_other": "" if meets_other is None else _meeting_text(meets_other),
        "decimals": told.about.decimals,
    }


def _difference_answer(told: Sequence[Difference], first: ScenarioLook, other: ScenarioLook) -> str:
    most = max(told, key=lambda one: one.apart if one.apart == one.apart else -1.0)
    words = (
        _("{a} and {b} differ most in {indicator}: {x} beside {y} by {year}, and their ranges lie apart")
        if most.overlap == 0
        else _("{a} and {b} differ most in {indicator}: {x} beside {y} by {year}")
    )
    return words.format(
        a=first.name,
        b=other.name,
        indicator=most.told.about.in_sentence,
        x=most.told.about.text(most.value),
        y=most.told.about.text(most.other),
        year=year(most.told.last),
    )


def _target_text(told: Told) -> str:
    if told.target is None:
        return ""
    decimals = 0 if told.target == round(told.target) else told.about.decimals
    value = number(told.target, decimals) + told.about.suffix
    return f"{value} ({year(told.target_year)})" if told.target_year else value


MEETINGS = {
    Meeting.FROM_START: N_("from the start"),
    Meeting.YEAR: "{year}",
    Meeting.NOT_WITHIN: N_("not by {last}"),
}


def _meeting_text(row: dict[str, Any]) -> str:
    words = MEETINGS[row["meeting"]]
    text = _(words).format(year=row["year"], last=row["last"])
    early, late = (None if pd.isna(row[name]) else int(row[name]) for name in ("earliest", "latest"))
    if row["meeting"] != Meeting.FROM_START and early is not None:
        text += f" ({early}{DASH}{late if late is not None else _('later')})"
    if row["meeting"] != Meeting.NOT_WITHIN and not row["kept"]:
        text += ", " + _("not kept")
    return text


@exhibit("futures-distances", FuturesFilters)
def distances(chosen: FuturesFilters) -> Exhibit:
    """How far all scenarios of a set lie apart, over all indicators and years."""
    found, key = set_of(chosen), "futures-distances"
    if found is None:
        return _nothing(chosen, key)
    paths, apart = _paths(chosen, found), futures.distances(found, chosen.region)
    looks = [one for one in found.scenarios if any(one.code in pair_ for pair_ in apart)]
    if len(looks) < 2:
        return set_exhibit(
            chosen,
            found,
            key,
            answer=_("How far the scenarios lie apart"),
            empty=_("Two scenarios with pathways of the same indicators are needed."),
        )
    rows = [
        {"scenario": one.label} | {f"s_{two.code}": apart.get((one.code, two.code)) for two in looks} for one in looks
    ]
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_distance_answer(looks, apart),
        subtitle=_("Distance between scenarios over all indicators and years, {region}").format(
            region=futures.region_name(chosen.region)
        ),
        table=pd.DataFrame(rows),
        columns=(
            Column("scenario", _("Scenario")),
            *(Column(f"s_{one.code}", one.label, "number", 1) for one in looks),
        ),
        indicators=tuple(told.indicator for told in paths.told),
        how=_(
            "Root mean square of the differences of the medians. Each indicator counts in units of its own spread over "
            "all scenarios and years, and every indicator and year weighs the same; 0 is alike, 1 is one such spread."
        ),
    )


def _distance_answer(looks: Sequence[ScenarioLook], apart: Mapping[tuple[str, str], float]) -> str:
    known = [
        (apart[one.code, two.code], one.name, two.name)
        for place, one in enumerate(looks)
        for two in looks[place + 1 :]
        if (one.code, two.code) in apart
    ]
    if len(known) < 2:
        return _("How far the scenarios lie apart")
    (_low, a, b), (_high, c, d) = min(known), max(known)
    return _("Most alike: {a} and {b}; furthest apart: {c} and {d}").format(a=a, b=b, c=c, d=d)


def _nothing(chosen: FuturesFilters, key: str) -> Exhibit:
    return Exhibit(
        key=key,
        answer=_("No scenario set is loaded yet."),
        subtitle="",
        table=pd.DataFrame(),
        columns=(),
        empty=_("Whoever runs this installation can load the starter sets with this command:")
        + " polisee load --starter",
        query=chosen.query(),
        path=futures.PATH,
    )
