"""Home: what matters now?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import dash
import pandas as pd
from dash import Output, callback, dcc, html

from analysis import convergence, progress, sentences
from analysis.model import Movement, Trend
from analysis.sentences import Name, Sentence
from dashboard import choices, findings, frames
from dashboard.components import home_programme, states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.filter_bar import filter_bar
from dashboard.components.map_card import boundaries, map_with_list
from dashboard.components.marks import mark
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import maps
from dashboard.filters import Filters, Option, one_of
from dashboard.i18n import DASH, N_, _, ngettext, number, year

PAGE = "home"
PATH = "/"
GDP = "gdp_pps_per_head_eu"
NEWEST = "newest"
"""The newest year in which nearly all regions that report have a value."""
YEARS_BACK = 5
"""Over how many years the themes look back, as directions do everywhere."""
LEAST_REGIONS = 10
"""With fewer regions a median says nothing about the area."""
MAP_HEIGHT = 440

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Home"),
    title=lambda **_query: _("PoliSEE – What matters now?"),
    group="home",
    order=0,
)


def _years() -> list[Option]:
    return [Option(NEWEST, _("Newest")), *choices.years()]


def _headline_indicators() -> list[Option]:
    return frames.remember("home-indicators", (), choices.headline_indicators)


def _regions() -> list[Option]:
    return [Option("", _("None")), *choices.regions()]


@dataclass(frozen=True)
class HomeFilters(Filters):
    """What the map shows. The region is not chosen here; it is kept for the pages that follow and outlined."""

    indicator: str = one_of(_headline_indicators, default=GDP, label=N_("Indicator"))
    year: str = one_of(_years, default=NEWEST, label=N_("Year"))
    region: str = one_of(_regions, default="", label=N_("Region"))


@dataclass(frozen=True)
class NoFilters(Filters):
    """For what has no choices."""


def layout(**query: str) -> html.Div:
    """The page for a query string."""
    chosen = HomeFilters.parse(query)
    return html.Div(
        [
            html.Div([_head(), _finder()], className="home-head"),
            _doors(),
            html.Section(
                [
                    filter_bar(PAGE, chosen, ["indicator", "year"]),
                    states.loading(html.Div(_map(chosen), id="home-map", **attributes(aria_live="polite")), 640),
                ],
                **attributes(aria_label=_("Map of the area")),
            ),
            html.Section(_news(), className="section"),
            home_programme.section(query),
            html.Section(_themes(), className="section"),
        ],
        className="page home",
    )


@callback(Output("home-map", "children"), inputs=HomeFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> html.Div:
    """Answer a change of the map's filters."""
    return _map(HomeFilters.parse(values))


# --- headline --------------------------------------------------------------------------------------------------------


def _head() -> html.Div:
    return html.Div(
        [
            html.H1(_("What matters now?"), className="home-question"),
            html.P(headline(), className="home-headline"),
        ]
    )


def headline() -> str:
    """The state of the area in one or two sentences: who is below the EU, and whether gaps close."""
    found = findings.area(GDP) if GDP in choices.filled_indicators() else None
    if found is None or found.period is None or found.eu_value is None:
        return _("No GDP per head is loaded yet, so the area cannot be summed up.")
    known = found.values.dropna(subset="value")
    below = int((known["value"] < found.eu_value).sum())
    first = ngettext(
        "In {year}, {k} of {n} regions in South East Europe produced less per person than the EU average.",
        "In {year}, {k} of {n} regions in South East Europe produced less per person than the EU average.",
        below,
    ).format(year=year(found.period), k=number(below), n=number(len(known)))
    gaps = frames.remember("home-gaps", (), _gaps)
    words = {
        Trend.NARROWED: _("The gaps between regions have narrowed since {year}."),
        Trend.WIDENED: _("The gaps between regions have widened since {year}."),
        Trend.UNCLEAR: _("The gaps between regions have not clearly changed since {year}."),
    }
    if gaps.first is None or gaps.trend not in words:
        return first
    return first + " " + words[gaps.trend].format(year=year(gaps.first))


def _gaps() -> convergence.SigmaResult:
    return convergence.sigma(frames.observations([GDP], frames.current_regions()["code"]))


# --- finder and doors ------------------------------------------------------------------------------------------------


def _finder() -> html.Div:
    """Type to find a region: a list of links that the browser narrows; the map below finds them by sight."""
    names = frames.current_regions().set_index("code")[["name", "name_local", "name_latin"]].to_dict("index")
    rows = [
        html.Div(
            dcc.Link(
                [
                    html.Span(option.label),
                    html.Span(_other_names(names[option.value]), className="home-finder-other"),
                    html.Span(option.group, className="home-finder-country"),
                ],
                href=frames.href(f"/region?region={option.value}"),
            ),
            className="form-check",
        )
        for option in choices.regions()
    ]
    field = dcc.Input(
        id="home-finder",
        type="search",
        placeholder=_("Type a region or a country"),
        className="find-in-list",
        autoComplete="off",
    )
    return html.Div(
        [
            html.Label(_("Find your region"), htmlFor="home-finder"),
            # The browser's script narrows the rows of the panel in which the field stands.
            html.Div([field, html.Div(rows, className="home-finder-list", tabIndex="-1")], className="filter-panel"),
            html.P(_("Or click it on the map, or pick it from the list beside the map."), className="muted"),
        ],
        className="home-finder",
        role="search",
    )


def _other_names(row: Mapping[str, Any]) -> str:
    names = dict.fromkeys((row["name_local"], row["name_latin"]))
    return ", ".join(name for name in names if isinstance(name, str) and name and name != row["name"])


DOORS: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        N_("I make policy"),
        (
            (N_("How is my region doing?"), "/region"),
            (N_("Where are we clearly behind or ahead?"), "/compare"),
            (N_("Who is like us, and why?"), "/compare?view=peers"),
        ),
    ),
    (
        N_("I steer the programme"),
        (
            (N_("What needs the committee today?"), "/decisions"),
            (N_("What do we try to change?"), "/strategy"),
            (N_("Do our pilots deliver?"), "/pilots"),
            (N_("Is spending on course?"), "/money"),
        ),
    ),
    (
        N_("I prepare a workshop"),
        (
            (N_("Show what could happen: scenarios and their ranges"), "/futures"),
            (N_("Which future are we heading to?"), "/futures?part=heading"),
            (N_("Show how two indicators move over time"), "/compare?view=scatter"),
            (N_("Show the ranking, with its uncertainty"), "/compare?view=ranking"),
        ),
    ),
)
"""Entrances by role: name, and top tasks with their addresses."""


def _doors() -> html.Div:
    doors = []
    for name, tasks in DOORS:
        links = [html.Li(dcc.Link(_(task), href=frames.href(path))) for task, path in tasks]
        doors.append(html.Div([html.H2(_(name)), html.Ul(links)], className="door"))
    learn = html.P(
        [
            _("I want to learn:"),
            " ",
            dcc.Link(_("how the figures are made and what they can tell"), href=frames.href("/data?part=methods")),
            ". ",
            _("Good practices come with later releases."),
        ],
        className="home-learn",
    )
    return html.Div([html.Div(doors, className="doors"), learn], className="home-doors")


# --- map -------------------------------------------------------------------------------------------------------------


def _map(chosen: HomeFilters) -> html.Div:
    return map_with_list(area_map(chosen))


@exhibit("home-map", HomeFilters)
def area_map(chosen: HomeFilters) -> Exhibit:
    """One headline indicator in all regions, on the map and in the list."""
    code = chosen.indicator
    if code not in choices.filled_indicators():
        return _nothing_to_map(chosen)
    found, notes = _area(chosen)
    row, spec, measure = frames.indicator(code), frames.specs()[code], findings.measure(code)
    suffix = measure.unit.replace(" ", "\N{NO-BREAK SPACE}")
    places = frames.current_regions().set_index("code")
    rows = found.values.sort_values("value", ascending=False, na_position="last", ignore_index=True, kind="stable")
    rows = rows.assign(
        code=rows["region"],
        label=[number(value, spec.decimals) + suffix if value == value else DASH for value in rows["value"]],
        tile_column=rows["region"].map(places["tile_column"]),
        tile_row=rows["region"].map(places["tile_row"]),
    )
    outlines = boundaries()
    missing_outline = maps.undrawn(rows, outlines)
    if missing_outline:
        names = frames.region_names()
        notes.append(
            _("Not on the map, but in the list: {regions}.").format(
                regions=", ".join(names.get(c, c) for c in missing_outline)
            )
        )
    return Exhibit(
        key="home-map",
        answer=findings.say(_area_sentence(found, measure)),
        subtitle=", ".join((str(row["name"]), str(row["unit_label"]), year(found.period))),
        figure=maps.area_map(
            rows,
            selected=chosen.region or None,
            geometry=outlines,
            diverging_at=found.eu_value if spec.direction else None,
            reverse=spec.direction < 0,
            unit=str(row["unit_label"]),
            height=MAP_HEIGHT,
        ),
        table=rows[["region", "country_name", "period", "value", "flags"]],
        columns=(
            Column("region", _("Region"), "region"),
            Column("country_name", _("Country")),
            Column("value", _("Value"), "number", spec.decimals),
            Column("flags", _("Flags"), "flags"),
        ),
        indicators=(code,),
        how=_("Click a region, or choose it in the list, to see how it is doing."),
        notes=tuple(notes),
        query=chosen.query(),
        path=PATH,
        height=MAP_HEIGHT,
    )


def _nothing_to_map(chosen: HomeFilters) -> Exhibit:
    return Exhibit(
        key="home-map",
        answer=_("No headline indicator has figures yet."),
        subtitle="",
        table=pd.DataFrame(),
        columns=(),
        empty=_("Figures of these indicators are not loaded. This command loads them:") + " polisee load --starter",
        query=chosen.query(),
        path=PATH,
    )


def _area(chosen: HomeFilters) -> tuple[findings.Area, list[str]]:
    """The indicator in the year asked for, or in the nearest earlier one with figures, and what must be noted."""
    found = findings.area(chosen.indicator)
    notes: list[str] = []
    if chosen.year != NEWEST:
        asked = int(chosen.year)
        earlier = [period for period in found.years if period <= asked]
        period = max(earlier) if earlier else found.years[0]
        found = findings.area(chosen.indicator, period)
        if period != asked:
            notes.append(
                _("There are no figures for {asked}; those of {shown} are shown.").format(
                    asked=year(asked), shown=year(period)
                )
            )
    missing = int(found.values["value"].isna().sum())
    if missing:
        notes.append(
            ngettext(
                "{n} of {all} regions has no value in {year}. It is left blank and counted nowhere.",
                "{n} of {all} regions have no value in {year}. They are left blank and counted nowhere.",
                missing,
            ).format(n=number(missing), all=number(len(found.values)), year=year(found.period))
        )
    if (found.values["region"] == "XK00").any():
        notes.append(
            _(
                "* This designation is without prejudice to positions on status, and is in line with UNSCR 1244/1999 "
                "and the ICJ Opinion on the Kosovo declaration of independence."
            )
        )
    return found, notes


def _area_sentence(found: findings.Area, measure: sentences.Measure) -> Sentence:
    names = frames.region_names()
    if found.eu_value is None:
        return sentences.area_range(measure, found.values, names)
    levels = found.values.assign(reference_value=found.eu_value)
    return sentences.area_against_reference(measure, levels, Name(names.get(findings.EU, findings.EU), findings.EU))


# --- news ------------------------------------------------------------------------------------------------------------


def _news() -> html.Div:
    shown = news(NoFilters())
    good, attention = findings.area_news()
    lists = html.Div(
        [
            _news_list(_("Good news"), good, _("No region has made clear progress lately.")),
            _news_list(_("Needs attention"), attention, _("No region has clearly moved away from what is wanted.")),
        ],
        className="home-news",
    )
    return html.Div(exhibit_card(shown, extra=lists), className="home-card")


def _news_list(title: str, items: Sequence[Sentence], nothing: str) -> html.Div:
    rows = [html.Li(_news_item(item)) for item in items]
    content = html.Ul(rows, className="attention-list") if rows else html.P(nothing, className="muted")
    return html.Div([html.H3(title), content])


def _news_item(item: Sentence) -> list[Any]:
    """The mark of the change, and the sentence with the region as a link to its page at this indicator."""
    found = _subject(item)
    href = frames.href(f"/region?region={found['region']}&indicator={found['indicator']}")
    words = [
        dcc.Link(piece.text, href=href) if piece.code == found["region"] else piece.text
        for piece in findings.pieces(_short(item))
    ]
    return [html.Span(mark(found["mark"]), className="home-news-mark"), html.Span(words)]


def _short(item: Sentence) -> Sentence:
    """Without the assessment, which the mark says."""
    return replace(item, rest=tuple(part for part in item.rest if part.msgid != sentences.ASSESSED.msgid))


def _subject(item: Sentence) -> dict[str, Any]:
    """What a sentence of news is about: region, indicator, newest year and the code of its mark."""
    keys = [value.key for value in item.values.values() if isinstance(value, sentences.Number) and value.key.indicator]
    newest = max(keys, key=lambda key: key.period or 0)
    moved = any(part.msgid == sentences.ASSESSED.msgid for part in item.rest)
    good = item.tone == "good"
    if moved:
        code = str(Movement.SIGNIFICANT_PROGRESS if good else Movement.SIGNIFICANT_AWAY)
    else:
        code = "achieved" if good else "away"
    return {"region": newest.region, "indicator": newest.indicator, "period": newest.period, "mark": code}


@exhibit("home-news", NoFilters)
def news(_chosen: NoFilters) -> Exhibit:
    """The strongest changes for better and worse across the area."""
    good, attention = findings.area_news()
    rows = [
        _subject(item) | {"list": name, "finding": findings.say(_short(item))}
        for name, items in ((_("Good news"), good), (_("Needs attention"), attention))
        for item in items
    ]
    table = pd.DataFrame(rows, columns=["list", "region", "indicator", "period", "mark", "finding"])
    regions = len({row["region"] for row in rows[len(good) :]})
    answer = ngettext(
        "One region needs attention before all others", "{n} regions need attention before all others", regions
    ).format(n=number(regions))
    return Exhibit(
        key="home-news",
        answer=answer if regions else _("No region stands out as needing attention"),
        subtitle=_("Strongest changes over about five years, at most one per region and indicator"),
        table=table,
        columns=(
            Column("region", _("Region"), "region"),
            Column("list", _("List")),
            Column("indicator", _("Indicator"), "indicator"),
            Column("period", _("Newest year"), "year"),
            Column("mark", _("Direction"), "mark"),
            Column("finding", _("Finding")),
        ),
        indicators=tuple(dict.fromkeys(row["indicator"] for row in rows)),
        how=_(
            "Changes are ordered by how far they exceed the pace that counts as a clear change. Changes that rest on a "
            "sudden jump are left out, and so is everything that depends on prices."
        ),
        path=PATH,
    )


# --- themes ----------------------------------------------------------------------------------------------------------


def _themes() -> html.Div:
    shown = themes(NoFilters())
    cards = [_theme_card(row) for row in _theme_rows()]
    return html.Div(exhibit_card(shown, extra=html.Div(cards, className="home-themes")), className="home-card")


@exhibit("home-themes", NoFilters)
def themes(_chosen: NoFilters) -> Exhibit:
    """Where the middle region stands in each of the six themes, and which way it moves."""
    rows = [row for row in _theme_rows() if row["indicator"]]
    better = sum(row["mark"] in ("significant_progress", "moderate_progress") for row in rows)
    answer = ngettext(
        "The middle region is making progress in {k} of {n} themes with figures",
        "The middle region is making progress in {k} of {n} themes with figures",
        better,
    ).format(k=number(better), n=number(len(rows)))
    columns = ["theme_name", "indicator", "period", "value", "decimals", "mark", "regions", "finding"]
    return Exhibit(
        key="home-themes",
        answer=answer if rows else _("No theme has figures yet"),
        subtitle=_("Median of the regions for one indicator of each theme, and its direction over about five years"),
        table=pd.DataFrame(rows, columns=columns),
        columns=(
            Column("theme_name", _("Theme")),
            Column("indicator", _("Indicator"), "indicator"),
            Column("period", _("Year"), "year"),
            Column("value", _("Median"), "number", "decimals"),
            Column("mark", _("Direction"), "mark"),
            Column("regions", _("Regions"), "number"),
        ),
        indicators=tuple(row["indicator"] for row in rows),
        how=_(
            "Each year's median is taken over the regions that have a value in every year shown, so that it moves only "
            "when figures do. The direction follows the same rule as that of a region."
        ),
        path=PATH,
    )


def _theme_rows() -> list[dict[str, Any]]:
    return frames.remember("home-themes", (), lambda: [_theme_row(row) for _n, row in frames.themes().iterrows()])


def _theme_row(theme: pd.Series) -> dict[str, Any]:
    """One theme: its leading indicator with figures, the median, its direction and the sentence."""
    found: dict[str, Any] = {
        "theme": str(theme["code"]),
        "theme_name": str(theme["name"]),
        "symbol": str(theme["symbol"]),
        "question": str(theme["question"]),
        "indicator": "",
    }
    for code in _leading(found["theme"]):
        middle, regions = median_series(code)
        if middle.empty:
            continue
        spec, measure = frames.specs()[code], findings.measure(code)
        moved = progress.direction(middle, {code: spec}).iloc[0].to_dict()
        sentence = sentences.change_over_time(Name(_("Median of the regions")), measure, moved)
        newest = middle.iloc[-1]
        return found | {
            "indicator": code,
            "period": int(newest["period"]),
            "value": float(newest["value"]),
            "decimals": spec.decimals,
            "suffix": measure.unit.replace(" ", "\N{NO-BREAK SPACE}"),
            "short": str(frames.indicator(code)["short"]),
            "mark": str(moved["movement"]),
            "regions": regions,
            "finding": findings.say(replace(sentence, rest=())),
        }
    return found


def _leading(theme: str) -> list[str]:
    """A theme's indicators with figures and a desired direction: headline before core, then the catalogue's order."""
    catalogue = frames.indicators()
    mine = catalogue[
        (catalogue["theme"] == theme)
        & catalogue["role"].isin(("headline", "core"))
        & (catalogue["direction"] != 0)
        & catalogue["code"].isin(choices.filled_indicators())
    ]
    return list(mine.sort_values(["role", "position"], ascending=[False, True])["code"])


def median_series(indicator: str) -> tuple[pd.DataFrame, int]:
    """Median of today's regions by year, over those with a value in all of the last years, and how many they are.

    Returns:
        [indicator, region, period, value, flags] for up to ``YEARS_BACK`` + 1 years, oldest first, and the number of
        regions; empty when there are fewer than ``LEAST_REGIONS``. A break or an uncertain value is passed on when at
        least half of the regions have it.
    """
    found = findings.area(indicator)
    observations = frames.observations([indicator], frames.current_regions()["code"])
    empty = observations.iloc[0:0][["indicator", "region", "period", "value", "flags"]]
    if found.period is None:
        return empty, 0
    years = range(found.period - YEARS_BACK, found.period + 1)
    known = observations[observations["period"].isin(list(years)) & observations["value"].notna()]
    span = sorted(set(known["period"]))
    counts = known["region"].value_counts()
    steady = set(counts.index[counts == len(span)])
    if len(steady) < LEAST_REGIONS:
        return empty, 0
    rows = [
        {"indicator": indicator, "region": "", "period": int(period), "value": float(part["value"].median())}
        | {"flags": _shared_flags(part["flags"])}
        for period, part in known[known["region"].isin(steady)].groupby("period", sort=True)
    ]
    return pd.DataFrame(rows), len(steady)


def _shared_flags(flags: pd.Series) -> str:
    letters = sorted(set("".join(flags)))
    return "".join(letter for letter in letters if 2 * flags.str.contains(letter, regex=False).sum() >= len(flags))


def _theme_card(row: Mapping[str, Any]) -> html.Div:
    title = html.H3(
        [html.Span(row["symbol"], className="home-theme-symbol", **attributes(aria_hidden="true")), row["theme_name"]]
    )
    if not row["indicator"]:
        parts: list[Any] = [
            html.P(_("Not loaded"), className="home-theme-number muted"),
            html.P(
                [
                    _("No figures of this theme come with PoliSEE. They can be loaded from Eurostat:"),
                    " ",
                    html.Code("polisee load --live"),
                ],
                className="home-theme-words",
            ),
            dcc.Link(_("What it would show"), href=frames.href(f"/data?theme={row['theme']}")),
        ]
    else:
        value = number(row["value"], row["decimals"]) + row["suffix"]
        parts = [
            html.P(
                [value, html.Span(f"{row['short']}, {row['period']}", className="tile-unit")],
                className="home-theme-number",
            ),
            html.P(mark(row["mark"])),
            html.P(row["finding"], className="home-theme-words"),
            dcc.Link(
                _("See it on the map and by region"),
                href=frames.href(f"/compare?view=ranking&indicator={row['indicator']}"),
            ),
        ]
    return html.Div([title, *parts], className=f"home-theme home-theme-{row['theme']}")
