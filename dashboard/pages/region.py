"""My region: how are we doing?"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import dash
import pandas as pd
from dash import Output, callback, dcc, html

from analysis import sentences
from dashboard import choices, findings, frames
from dashboard.components import pilot_lines, signpost_lines, states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card, graph
from dashboard.components.filter_bar import filter_bar
from dashboard.components.map_card import boundaries
from dashboard.components.marks import flag, mark, word
from dashboard.components.spoken import row_id, spoken
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import maps, targets, trends
from dashboard.filters import Filters, one_of, some_of, switch
from dashboard.findings import Peers, Profile
from dashboard.i18n import DASH, N_, _, ngettext, number, year

PAGE = "region"
PATH = "/region"
PREVIEW = 5
"""Peers that are named before the rest is folded away."""

dash.register_page(
    __name__,
    path=PATH,
    name=N_("My region"),
    title=lambda **_query: _("My region – How are we doing?"),
    group="progress",
    order=2,
)


@dataclass(frozen=True)
class RegionFilters(Filters):
    """What the page shows."""

    region: str = one_of(choices.regions, default="HU33", label=N_("Region"))
    indicator: str = one_of(choices.indicators, default="gdp_pps_per_head_eu", label=N_("Indicator"))
    peers: str = one_of(choices.peer_methods, default="structural", label=N_("Compare with regions"))
    abroad: bool = switch(label=N_("Other countries only"))
    own: tuple[str, ...] = some_of(choices.regions, choices.OWN_LIST, label=N_("My own list"))


def layout(**query: Any) -> html.Div:
    """The page for what the address asks."""
    chosen = RegionFilters.parse(query)
    shown = _profile(chosen)
    head, below = _head(shown, chosen), _below(shown, chosen)
    return html.Div(
        [
            filter_bar(PAGE, chosen, ["region", "indicator", "peers"], more=["abroad", "own"]),
            states.loading(html.Div(head, id="region-head", **attributes(aria_live="polite")), 420),
            states.loading(html.Div(_trend_card(chosen, shown), id="region-trend-area", className="section"), 560),
            states.loading(html.Div(below, id="region-below"), 600),
        ],
        className="page region-page",
    )


@callback(
    Output("region-head", "children"),
    Output("region-below", "children"),
    inputs={name: part for name, part in RegionFilters.inputs(PAGE).items() if name != "indicator"},
    prevent_initial_call=True,
)
def update_region(**values: Any) -> tuple[list[Any], list[Any]]:
    """Another region, or others to compare it with."""
    chosen = RegionFilters.parse(values)
    shown = _profile(chosen)
    return _head(shown, chosen), _below(shown, chosen)


@callback(Output("region-trend-area", "children"), inputs=RegionFilters.inputs(PAGE), prevent_initial_call=True)
def update_trend(**values: Any) -> Any:
    """Another indicator, or anything else that the trend depends on."""
    chosen = RegionFilters.parse(values)
    return _trend_card(chosen, _profile(chosen))


def _peers(chosen: RegionFilters) -> Peers:
    return findings.peers(chosen.region, chosen.peers, other_countries=chosen.abroad, own=chosen.own)


def _profile(chosen: RegionFilters) -> Profile:
    return findings.profile(chosen.region, _peers(chosen))


# --- head: the answer, the tiles, the news ------------------------------------------------------------------


def _head(shown: Profile, chosen: RegionFilters) -> list[Any]:
    kicker = _("My region – How are we doing?")
    title = html.Header(
        [
            html.P(kicker, className="kicker"),
            html.H1(_headline(shown)),
            html.P(_lead(shown), className="lead") if _lead(shown) else None,
            html.P(
                [html.Span(shown.country_name), " · ", *spoken(shown.coverage_line, here=shown.region)],
                className="region-coverage",
            ),
        ]
    )
    head = html.Div([html.Div([title, _doors(chosen)]), _locator(shown)], className="page-head region-head")
    if shown.coverage.newest is None:
        return [head, _without_figures(shown)]
    series = _own_series(shown)
    tiles = [_tile(row, shown, series) for row in frames.records(shown.tiles)]
    legend = html.P([shown.peers.note, " ", _("“Better” and “worse” compare with the median of these peers.")])
    return [
        head,
        html.Div(legend, className="region-legend"),
        html.Div(tiles, className="tile-row region-tiles"),
        signpost_lines.of_region(shown.region),
        pilot_lines.of_region(shown.region),
    ]


def _headline(shown: Profile) -> str:
    if shown.coverage.newest is None:
        return _("{region}: the loaded sources hold no figures for this region.").format(region=shown.name)
    return findings.say(replace(shown.headline, rest=()))


def _lead(shown: Profile) -> str:
    """What the headline goes on to say, on a line of its own."""
    if shown.coverage.newest is None:
        return ""
    return " ".join(findings.say(further) for further in shown.headline.rest)


def _doors(chosen: RegionFilters) -> html.Div:
    brief = frames.href(f"/brief/{chosen.region}")
    beside = {name: value for name, value in chosen.query().items() if name in ("peers", "abroad", "own")}
    query = "?" + urlencode(beside, safe=",") if beside else ""
    return html.Div(
        [
            html.A(
                _("One-page brief (PDF)"),
                href=brief + ".pdf" + query,
                className="btn btn-sm btn-primary",
                download=True,
            ),
            html.A(
                _("Word (DOCX)"),
                href=brief + ".docx" + query,
                className="btn btn-sm btn-outline-secondary",
                download=True,
            ),
            html.A(_("Print view"), href=brief + query, className="btn btn-sm btn-outline-secondary", target="_blank"),
            dcc.Link(_("Compare with peers"), href=_compare(chosen), className="region-door"),
            dcc.Link(
                _("What is published for it"),
                href=frames.href(f"/data?region={chosen.region}"),
                className="region-door",
            ),
        ],
        className="region-doors no-print",
    )


def _compare(chosen: RegionFilters) -> str:
    """The same region, indicator and peers on the page that compares; its own defaults differ, so both are named."""
    query = chosen.query() | {"region": chosen.region, "indicator": chosen.indicator}
    return frames.href("/compare?" + urlencode(query, safe=","))


def _locator(shown: Profile) -> html.Div:
    frame = frames.current_regions()[["code", "name", "country", "tile_column", "tile_row"]]
    figure = maps.locator(frame, shown.region, geometry=boundaries(), height=170)
    label = _("Map of the area; {region} is in the accent colour, the rest of its country in grey.")
    return html.Div(
        graph(figure, "region-locator", 170, label.format(region=shown.name)),
        className="region-locator",
        **attributes(data_click_filter="region"),
    )


def _without_figures(shown: Profile) -> html.Div:
    rows = shown.all[shown.all["country_value"].notna()]
    why = _(
        "Candidate countries and potential candidates publish only part of the regional statistics, and this region is "
        "not in any dataset that is loaded here. Nothing is estimated in its place; missing is not zero."
    )
    mend = _("A ministry or statistical office can load its own figures from a workbook; the page fills by itself.")
    parts: list[Any] = [states.empty(_("What is missing, and why"), why, html.P(mend))]
    if len(rows):
        parts += [html.H2(_("What is known about the whole country")), _country_list(rows, shown)]
    return html.Div(parts, className="section")


def _country_list(rows: pd.DataFrame, shown: Profile) -> html.Ul:
    return html.Ul(
        [
            html.Li(
                f"{row['name']}: {_written(row['country_value'], row)} "
                f"({shown.country_name}, {year(row['country_period'])})"
            )
            for row in frames.records(rows)
        ]
    )


def _there(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _unit(row: Mapping[str, Any]) -> str:
    return str(row["unit_suffix"]).replace(" ", "\N{NO-BREAK SPACE}")


def _written(value: Any, row: Mapping[str, Any]) -> str:
    return number(value, int(row["decimals"])) + _unit(row) if _there(value) else DASH


def _years(row: Mapping[str, Any]) -> str:
    return f"{year(row['first'])}–{year(row['last'])}" if _there(row["first"]) else ""


def _reason(row: Mapping[str, Any]) -> str:
    """Why a direction cannot be told, in words."""
    code = str(row["reason"])
    msgids = {str(key): text for (kind, key), text in sentences.WORDS.items() if kind.__name__ == "Reason"}
    words = _(msgids[code]) if code in msgids else ""
    return f"{words} ({year(row['reason_year'])})" if words and _there(row["reason_year"]) else words


def _direction(row: Mapping[str, Any]) -> html.Span:
    if row["direction"] == "not_computable":
        return html.Span([mark("not_computable"), html.Span(_reason(row), className="region-why")])
    # Word joiners keep the two years on one line.
    return mark(str(row["direction"]), _years(row).replace("–", "\N{WORD JOINER}–\N{WORD JOINER}"))


def _own_series(shown: Profile) -> dict[str, pd.DataFrame]:
    """The region's own series by indicator, taken apart once for all small lines of the page."""
    mine = shown.series[shown.series["role"] == "own"]
    return {str(code): series for code, series in mine.groupby("indicator")}


def _spark(row: Mapping[str, Any], series: Mapping[str, pd.DataFrame], width: int = 120) -> Any:
    mine = series.get(str(row["indicator"]))
    picture = "" if mine is None else trends.sparkline(mine, width)
    if mine is None or not picture:
        return ""
    known = [
        (period, value)
        for period, value in zip(mine["period"].tolist(), mine["value"].tolist(), strict=True)
        if value == value
    ]
    words = _("{name}: {first} in {first_year}, {last} in {last_year}").format(
        name=row["short"],
        first=_written(known[0][1], row),
        first_year=year(known[0][0]),
        last=_written(known[-1][1], row),
        last_year=year(known[-1][0]),
    )
    return html.Img(src=picture, alt=words, width=width, height=36, className="spark")


def _tile(row: Mapping[str, Any], shown: Profile, series: Mapping[str, pd.DataFrame]) -> html.Div:
    """One headline indicator: value, level, direction and distance to target, each on its own line."""
    name = html.H2(
        html.Button(
            row["short"],
            type="button",
            className="tile-pick",
            title=_("Show the trend"),
            **attributes(data_action="pick", data_filter="indicator", data_value=str(row["indicator"])),
        ),
        className="tile-label",
    )
    if not _there(row["value"]):
        nothing = html.Div(DASH, className="tile-value")
        return html.Div([name, nothing, *_instead(row, shown)], className="tile region-tile-missing")
    value = html.Div(
        [
            number(row["value"], int(row["decimals"])),
            html.Span(_unit(row), className="tile-unit"),
        ],
        className="tile-value",
    )
    when = html.Div(
        [year(row["period"]), " · ", row["unit_label"], " ", flag(str(row["flags"]))], className="tile-meta"
    )
    facts: list[Any] = [
        html.Dt(_("Beside peers")),
        html.Dd(_level(row["against_peers"], row["peers_value"], row["peers_period"], row)),
    ]
    if _there(row["eu_value"]):
        facts += [
            html.Dt(_("Beside the EU")),
            html.Dd(_level(row["against_eu"], row["eu_value"], row["eu_period"], row)),
        ]
    facts += [html.Dt(_("Direction")), html.Dd(_direction(row))]
    if row["target"]:
        facts += [html.Dt(_("Target")), html.Dd(_target(row))]
    return html.Div(
        [
            name,
            value,
            when,
            html.Div(_spark(row, series, 180), className="tile-spark"),
            html.Dl(facts, className="tile-facts"),
        ],
        className="tile",
    )


def _instead(row: Mapping[str, Any], shown: Profile) -> list[Any]:
    """What stands in a tile without a value: that it is missing, and the country's value, named as such."""
    parts: list[Any] = [html.Div(_("not published for this region"), className="tile-meta")]
    if _there(row["country_value"]):
        words = _("Whole country ({country}): {value}, {year}").format(
            country=shown.country_name, value=_written(row["country_value"], row), year=year(row["country_period"])
        )
        parts.append(html.Div(words, className="tile-meta tile-country"))
    return parts


def _level(code: str, reference: Any, period: Any, row: Mapping[str, Any]) -> html.Span:
    beside = f"{_written(reference, row)}, {year(period)}" if _there(reference) else _("no value in the same year")
    return html.Span([mark(code), html.Span(beside, className="region-why")])


def _target(row: Mapping[str, Any]) -> html.Span:
    aim = _("{value} by {year}").format(value=_plainly(row["target_value"], row), year=year(row["target_year"]))
    return html.Span([mark(str(row["target"])), html.Span(aim, className="region-why")])


def _plainly(value: float, row: Mapping[str, Any]) -> str:
    """A target as the law writes it: 3%, not 3.00%."""
    decimals = 0 if float(value).is_integer() else int(row["decimals"])
    return number(value, decimals) + _unit(row)


def _news(shown: Profile) -> html.Div:
    lists = (
        (_("Good news"), shown.good, _("No clear progress in the last five years."), "good"),
        (_("Needs attention"), shown.attention, _("No clear worsening in the last five years."), "watch"),
    )
    columns = []
    for title, items, nothing, tone in lists:
        listed: Any = html.Ul(
            [html.Li(spoken(item, about=shown.region, here=shown.region)) for item in items],
            className=f"region-news region-news-{tone}",
        )
        columns.append(
            html.Section([html.H2(title), listed if items else html.P(nothing, className="muted")], className="span-6")
        )
    return html.Div(columns, className="grid section")


# --- trend ----------------------------------------------------------------------------------------------------


ROLE_NAMES = {"median": N_("Median of the peers"), "eu": N_("EU")}


@exhibit("region-trend", RegionFilters)
def trend(chosen: RegionFilters) -> Exhibit:
    """The chosen indicator over time, beside peers, country and EU."""
    return _trend(chosen, _profile(chosen))


def _trend(chosen: RegionFilters, shown: Profile) -> Exhibit:
    if not chosen.indicator:
        return _nothing("region-trend", chosen, _("No indicator has figures yet."))
    measure = findings.measure(chosen.indicator)
    row = frames.indicator(chosen.indicator)
    frame = findings.trend(shown, chosen.indicator)
    mine = frame[(frame["role"] == "own") & frame["value"].notna()]
    level = shown.levels[shown.levels["indicator"] == chosen.indicator]
    name = sentences.Name(shown.name, shown.region)
    if mine.empty:
        answer = findings.say(sentences.no_data(name, measure))
    elif _there(level["value"].iloc[0]):
        # That an input is uncertain is said below, with the change; a heading has to be short.
        answer = findings.say(replace(sentences.against_peers(name, measure, level.iloc[0]), rest=()))
    else:
        answer = _("{region}: {indicator}, {first}–{last}").format(
            region=shown.name, indicator=measure.name, first=int(mine["period"].min()), last=int(mine["period"].max())
        )
    drawn = frame[frame["role"] != "rest"]
    drawn = drawn[drawn["value"].notna()]
    if drawn[drawn["role"].isin(("own", "country", "former"))].empty:
        return _nothing("region-trend", chosen, _no_figures_why(shown), answer, str(row["name"]))
    table, columns = _trend_table(frame, shown, int(row["decimals"]))
    return Exhibit(
        key="region-trend",
        answer=answer,
        subtitle=f"{row['name']}, {row['unit_label']}, {int(drawn['period'].min())}–{int(drawn['period'].max())}",
        figure=trends.lines(frame, _line_names(shown), int(row["decimals"]), str(row["unit_suffix"])),
        table=table,
        columns=columns,
        indicators=(chosen.indicator,),
        how=_(
            "The thick line is the region, the grey ones its peers, the thicker grey one their median; all other "
            "regions are pale. A gap is a missing year or a break in the series, a hollow dot an estimated, "
            "provisional or unreliable value."
        ),
        notes=_trend_notes(shown, chosen.indicator, frame, measure),
        query=chosen.query(),
        path=PATH,
        height=420,
    )


def _no_figures_why(shown: Profile) -> str:
    why = _("No loaded dataset holds this indicator for the region or for {country}.")
    return (
        why.format(country=shown.country_name) + " " + _("Choose another indicator, or see what is published for it.")
    )


def _nothing(key: str, chosen: RegionFilters, why: str, answer: str = "", subtitle: str = "") -> Exhibit:
    return Exhibit(
        key=key,
        answer=answer or why,
        subtitle=subtitle,
        table=pd.DataFrame(),
        columns=(),
        empty=why,
        query=chosen.query(),
        path=PATH,
    )


def _line_names(shown: Profile) -> dict[str, str]:
    names = frames.region_names()
    former = {code: _("{region} (former)").format(region=names.get(code, code)) for code in shown.former}
    median, eu = ROLE_NAMES["median"], ROLE_NAMES["eu"]
    return names | former | {findings.MEDIAN: _(median), findings.EU: _(eu)}


def _trend_notes(shown: Profile, indicator: str, frame: pd.DataFrame, measure: sentences.Measure) -> tuple[str, ...]:
    direction = shown.directions[shown.directions["indicator"] == indicator]
    own = frame[(frame["role"] == "own") & frame["value"].notna()]
    notes = []
    if len(own) and len(direction):
        change = sentences.change_over_time(
            sentences.Name(shown.name, shown.region), measure, direction.iloc[0].to_dict()
        )
        notes.append("".join(piece.text for piece in findings.pieces(change, shown.region)))
    if own.empty and (frame["role"].eq("country") & frame["value"].notna()).any():
        note = _("There is no regional value; the dotted line is the whole country ({country}).")
        notes.append(note.format(country=shown.country_name))
    level = shown.levels[shown.levels["indicator"] == indicator]
    if level["uncertain"].any() and not (len(direction) and direction["uncertain"].any()):
        notes.append(findings.say(sentences.UNCERTAIN.fill()))
    notes.append(shown.peers.note)
    former = frame.loc[(frame["role"] == "former") & frame["value"].notna(), "region"].unique()
    if len(former):
        names = frames.region_names()
        note = _(
            "The dashed line is the former region whose area became this one ({regions}). The two series are not "
            "joined, because their areas differ."
        )
        notes.append(note.format(regions=", ".join(f"{names.get(code, code)}, {code}" for code in former)))
    return tuple(notes)


def _trend_table(frame: pd.DataFrame, shown: Profile, decimals: int) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    """One row a year: the region with its flags, then what it is compared with."""
    named = frame[frame["role"] != "rest"]
    wide = named.pivot_table(index="period", columns="region", values="value", aggfunc="first")
    own = frame[frame["role"] == "own"].set_index("period")
    order = [shown.region, findings.MEDIAN, shown.country, findings.EU, *shown.former]
    order = [code for code in [*order, *shown.peers.codes] if code in wide.columns]
    table = wide[order].assign(flags=own["flags"]).reset_index().sort_values("period", ascending=False)
    names = _line_names(shown)
    columns = [Column("period", _("Year"), "year")]
    for code in order:
        columns.append(Column(code, names.get(code, code), "number", decimals))
        if code == shown.region:
            columns.append(Column("flags", _("Flags"), "flags"))
    return table.reset_index(drop=True), tuple(columns)


def _trend_card(chosen: RegionFilters, shown: Profile) -> html.Div:
    return html.Div(
        [
            html.Div(
                exhibit_card(_trend(chosen, shown), extra=_bears_on(chosen)),
                className="span-9",
            ),
            _peers_card(shown, chosen),
        ],
        className="grid",
    )


def _bears_on(chosen: RegionFilters) -> html.Div | None:
    """What rests on these figures or wants to move them: signposts and pilots."""
    lines = (of_indicator(chosen.region, chosen.indicator) for of_indicator in BEARS_ON)
    parts = [line for line in lines if line is not None]
    return html.Div(parts) if parts else None


BEARS_ON = (signpost_lines.of_indicator, pilot_lines.of_indicator)


def _peers_card(shown: Profile, chosen: RegionFilters) -> html.Section:
    names, found = frames.region_names(), shown.peers
    links = [
        html.Li(dcc.Link(names.get(code, code), href=frames.href(chosen.href(PATH, region=code))))
        for code in found.codes
    ]
    parts: list[Any] = [html.H2(_("Peers"))]
    if not found.codes:
        parts.append(html.P(found.note))
    if found.refused and found.asked == "own":
        parts.append(html.P(found.refused + " " + found.note))
    elif found.refused:
        parts.append(html.Details([html.Summary(_("Why not by structure?")), html.P(found.refused)], className="fold"))
    parts.append(html.Ol(links[:PREVIEW]))
    if links[PREVIEW:]:
        more = ngettext("{n} more", "{n} more", len(links) - PREVIEW).format(n=len(links) - PREVIEW)
        parts.append(
            html.Details([html.Summary(more), html.Ol(links[PREVIEW:], start=str(PREVIEW + 1))], className="fold")
        )
    if found.codes:
        parts.append(html.P(dcc.Link(_("Why these? Compare in detail"), href=_compare(chosen))))
    parts.append(html.P(dcc.Link(_("About this indicator"), href=frames.href(f"/data?indicator={chosen.indicator}"))))
    return html.Section(parts, className="span-3 region-peers", **attributes(aria_label=_("Peers")))


# --- all indicators and targets ----------------------------------------------------------------------------


@exhibit("region-indicators", RegionFilters)
def indicators(chosen: RegionFilters) -> Exhibit:
    """Every indicator with figures: newest value, level, direction, target."""
    return _indicators(chosen, _profile(chosen))


def _indicators(chosen: RegionFilters, shown: Profile) -> Exhibit:
    rows = shown.all[shown.all["value"].notna()]
    missing = shown.all[shown.all["value"].isna()]
    notes = []
    if len(missing):
        notes.append(_("Without a value for this region: {names}.").format(names="; ".join(missing["short"])))
    table = rows.assign(years=[_years(row) for row in frames.records(rows)])
    count = ngettext("{region}: {n} indicator at a glance", "{region}: {n} indicators at a glance", len(rows))
    return Exhibit(
        key="region-indicators",
        answer=count.format(region=shown.name, n=len(rows)),
        subtitle=_("Newest value of each, beside the median of the peers and the EU in the same year"),
        table=table.drop(columns=["shortened", "jump"]).reset_index(drop=True),
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("theme_name", _("Theme")),
            Column("period", _("Year"), "year"),
            Column("value", _("Value"), "number", "decimals"),
            Column("unit_label", _("Unit")),
            Column("flags", _("Flags"), "flags"),
            Column("peers_value", _("Median of the peers"), "number", "decimals"),
            Column("against_peers", _("Beside peers"), "mark"),
            Column("eu_value", _("EU"), "number", "decimals"),
            Column("against_eu", _("Beside the EU"), "mark"),
            Column("direction", _("Direction"), "mark"),
            Column("years", _("Years")),
            Column("target_value", _("Target"), "number", "decimals"),
            Column("target_year", _("Target year"), "year"),
            Column("target", _("Distance to target"), "mark"),
        ),
        indicators=tuple(rows["indicator"]),
        how=_(
            "Level and direction are judged apart: a region can be behind and catch up. Values within 5% of the "
            "reference count as about the same. The direction is the change a year over about five years."
        ),
        notes=tuple(notes),
        empty="" if len(rows) else _no_figures_why(shown),
        query=chosen.query(),
        path=PATH,
    )


def _glance(shown: Profile) -> html.Div:
    """All indicators as small multiples in rows, grouped by theme."""
    heads = (_("Indicator"), _("Newest value"), _("Trend"), _("Beside peers"), _("Direction"), _("Target"))
    body: list[Any] = []
    rows, series = shown.all[shown.all["value"].notna()], _own_series(shown)
    for theme, group in rows.groupby("theme_name", sort=False):
        body.append(html.Tr(html.Th(theme, colSpan=str(len(heads)), scope="colgroup", className="region-theme")))
        body += [_glance_row(row, series) for row in frames.records(group)]
    caption = _("{region}: all indicators").format(region=shown.name)
    head = html.Thead(html.Tr([html.Th(text, scope="col") for text in heads]))
    return html.Div(
        html.Table(
            [html.Caption(caption, className="visually-hidden"), head, html.Tbody(body)],
            className="figures-table region-glance",
        ),
        className="table-scroll region-glance-scroll",
        tabIndex="0",
        role="region",
        **attributes(aria_label=caption),
    )


def _glance_row(row: Mapping[str, Any], series: Mapping[str, pd.DataFrame]) -> html.Tr:
    pick = html.Button(
        row["name"],
        type="button",
        className="tile-pick",
        title=_("Show the trend"),
        **attributes(data_action="pick", data_filter="indicator", data_value=str(row["indicator"])),
    )
    value = [html.Strong(_written(row["value"], row)), " ", flag(str(row["flags"])), html.Span(year(row["period"]))]
    return html.Tr(
        [
            html.Th([pick, html.Span(row["unit_label"], className="region-why")], scope="row"),
            html.Td(value, className="region-value"),
            html.Td(_spark(row, series, 110)),
            html.Td(_level(row["against_peers"], row["peers_value"], row["peers_period"], row)),
            html.Td(_direction(row)),
            html.Td(_target(row) if row["target"] else ""),
        ],
        id=row_id(str(row["indicator"])),
    )


@exhibit("region-targets", RegionFilters)
def distance(chosen: RegionFilters) -> Exhibit:
    """Distance to the targets that are comparable, and the names of those that are not."""
    return _distance(chosen, _profile(chosen))


def _distance(chosen: RegionFilters, shown: Profile) -> Exhibit:
    aimed = shown.all[shown.all["value"].notna() & shown.all["target_value"].notna()]
    comparable = aimed[aimed["target"] != "no_target"]
    notes = [
        _("Not comparable: {name}, target {aim} by {year}. {why}").format(
            name=row["name"],
            aim=_plainly(row["target_value"], row),
            year=year(row["target_year"]),
            why=row["target_note"],
        )
        for row in frames.records(aimed[aimed["target"] == "no_target"])
    ]
    notes += [f"{row['name']}: {row['target_law']}" for row in frames.records(comparable)]
    table = aimed.assign(arrives=[_arrival(row) for row in frames.records(aimed)])
    return Exhibit(
        key="region-targets",
        answer=_targets_answer(shown, comparable),
        subtitle=_("Newest value, target, and where the present pace leads by the target year"),
        figure=targets.bullets(frames.records(comparable)) if len(comparable) else None,
        table=table.drop(columns=["shortened", "jump"]).reset_index(drop=True),
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("period", _("Year"), "year"),
            Column("value", _("Value"), "number", "decimals"),
            Column("flags", _("Flags"), "flags"),
            Column("target_value", _("Target"), "number", "decimals"),
            Column("target_year", _("Target year"), "year"),
            Column("gap", _("Gap"), "signed", "decimals"),
            Column("projected", _("At this pace in the target year"), "number", "decimals"),
            Column("arrives", _("Year of arrival")),
            Column("target", _("Assessment"), "mark"),
        ),
        indicators=tuple(aimed["indicator"]),
        how=_(
            "The bar is the newest value (its pale line the value about five years before), the upright mark the "
            "target, the hollow diamond the value of the target year if the pace of the last five years goes on. "
            "Targets bind the EU or its members, not regions."
        ),
        notes=tuple(notes),
        query=chosen.query(),
        path=PATH,
        height=targets.height(len(comparable)),
    )


def _targets_answer(shown: Profile, comparable: pd.DataFrame) -> str:
    if comparable.empty:
        return _("{region}: no comparable target").format(region=shown.name)
    if len(comparable) == 1:
        code = str(comparable["indicator"].iloc[0])
        row = frames.records(shown.targets[shown.targets["indicator"] == code])[0]
        name = sentences.Name(shown.name, shown.region)
        return findings.say(sentences.towards_target(name, findings.measure(code), row))
    reached = int((comparable["target"] == "achieved").sum())
    track = int((comparable["target"] == "on_track").sum())
    text = _("{region}: of {n} comparable targets, {reached} are reached and {track} are on track")
    return text.format(region=shown.name, n=len(comparable), reached=reached, track=track)


def _arrival(row: Mapping[str, Any]) -> str:
    if row["target"] == "no_target":
        return word("no_target")
    if _there(row["arrival_year"]):
        return year(row["arrival_year"])
    msgids = {str(key): text for (kind, key), text in sentences.WORDS.items() if kind.__name__ == "Arrival"}
    return _(msgids.get(str(row["arrival"]), "not computable"))


def _below(shown: Profile, chosen: RegionFilters) -> list[Any]:
    if shown.coverage.newest is None:
        return []
    parts: list[Any] = [_news(shown)]
    aimed = _distance(chosen, shown)
    if len(aimed.table):
        parts.append(html.Div(exhibit_card(aimed), className="section"))
    parts.append(html.Div(exhibit_card(_indicators(chosen, shown), extra=_glance(shown)), className="section"))
    return parts
