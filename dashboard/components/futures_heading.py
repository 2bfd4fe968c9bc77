"""Futures: where are we heading? Which scenario the figures follow, with every input behind it, and how it was told."""

import itertools
from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import Output, callback, html

from analysis import tracking
from dashboard import frames, futures, headings
from dashboard.components import futures_heading_board as boards
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card, graph
from dashboard.components.futures_heading_parts import (
    BASES,
    VERDICTS,
    HeadingChoices,
    HeadingFilters,
    asked,
    bar,
    distance_words,
    inputs,
    joined,
    missing_words,
    note_words,
    place_words,
    scenario_name,
    span_words,
    told,
    verdict_sentence,
    weight_words,
)
from dashboard.components.futures_parts import lacks, no_set, set_exhibit, set_of
from dashboard.components.marks import mark
from dashboard.components.marks import word as mark_word
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import fans
from dashboard.figures import weights as figures
from dashboard.futures import FuturesFilters, FuturesSet
from dashboard.headings import Heading
from dashboard.i18n import DASH, _, date, ngettext, number, percent, year

OWN = HeadingChoices
"""Choices of this part alone: it draws their controls itself, and the page hands over what the address says of them."""

PANEL_HEIGHT = 250
PAGE_ROWS = 80
"""Rows of inputs that stand on the page, newest figures first; downloads hold all."""

YEARS_BEFORE, YEARS_AFTER = 10, 4
"""Years before the base and after the newest figure that panels show: enough to see where lines part."""


def headline(chosen: FuturesFilters) -> str:
    """The answer of the page: what can be told of the region now."""
    found = told(joined(chosen, HeadingChoices.parse()))
    return "" if found is None else verdict_sentence(*found)


def content(page: FuturesFilters, own: HeadingChoices | None = None) -> list[Any]:
    """The part as the chosen filters ask for it."""
    chosen = joined(page, own or HeadingChoices.parse())
    return [html.Div(_answer(chosen), id="futures-heading-answer")]


def register() -> None:
    """Connect the part's own controls, and redraw it when something was edited."""
    callback(Output("futures-heading-answer", "children"), inputs=inputs("as_of"), prevent_initial_call=True)(update)


def update(**values: Any) -> list[Any]:
    """Another day, or something that was edited."""
    return _answer(asked(values))


def _answer(chosen: HeadingFilters) -> list[Any]:
    found = set_of(chosen)
    if found is None:
        return [no_set()]
    if len(found.scenarios) < 2:
        return [lacks(found, _("This set has fewer than two scenarios: there is nothing to choose between."))]
    pair = told(chosen)
    h = Heading(chosen.region, chosen.region) if pair is None else pair[1]
    parts: list[Any] = [_doors(), bar(chosen, found)]
    if h.replayed:
        parts.append(_replayed(found, h))
    first = html.Div(exhibit_card(weights(chosen)), className="span-7")
    parts.append(html.Div([first, html.Div(_behind(found, h), className="span-5")], className="grid"))
    if not h.inputs.empty:
        parts.append(html.Div(_inputs_card(chosen, found, h), className="section heading-inputs"))
    parts.append(html.Div(boards.part(chosen, found), className="section"))
    parts.append(html.Div(exhibit_card(history(chosen), open_table=True), className="section"))
    lines, tested, every = course(chosen), calibration(chosen), regions(chosen)
    if lines.figure is not None:
        parts.append(html.Div(exhibit_card(lines), className="section"))
    last_row: list[Any] = []
    if not tested.table.empty:
        last_row.append(html.Div(exhibit_card(tested), className="span-5"))
    if len(every.table) > 1:
        last_row.append(html.Div(exhibit_card(every, open_table=True), className="span-7 heading-regions"))
    if last_row:
        parts.append(html.Div(last_row, className="grid section"))
    return parts


def _doors() -> html.Nav:
    links = (
        ("futures-tracking-card", _("What the figures say")),
        ("futures-signposts-card", _("Signposts")),
        ("futures-tracking-history-card", _("How it was told before")),
    )
    return html.Nav(
        html.Ul([html.Li(html.A(label, href=f"#{part}")) for part, label in links], className="heading-doors"),
        className="no-print",
        **attributes(aria_label=_("Parts of this page")),
    )


def _replayed(found: FuturesSet, h: Heading) -> html.P:
    words = _("This is what was told on {day}, with the figures that were known then: {answer}.").format(
        day=date(h.as_of), answer=verdict_sentence(found, h)
    )
    return html.P(words, className="note heading-replayed", role="status")


# --- the weights ----------------------------------------------------------------------------------------------------


@exhibit("futures-tracking", HeadingFilters)
def weights(chosen: HeadingFilters) -> Exhibit:
    """Tracking weights of the scenarios, or how far the figures lie from each pathway while it is too early."""
    pair = told(chosen)
    key = "futures-tracking"
    if pair is None:
        return _nothing(chosen, key)
    found, h = pair
    known = h.weights["weight"].notna().any()
    figure = None
    if known:
        words = {
            str(row["scenario"]): f"{percent(row['weight'])} · {weight_words(float(row['weight']))}"
            for row in frames.records(h.weights)
        }
        figure = figures.bars(h.weights, found.scenarios, words, _("before any figure"))
    elif h.weights["mean_abs_z"].notna().any():
        words = {str(row["scenario"]): distance_words(float(row["mean_abs_z"])) for row in frames.records(h.weights)}
        figure = figures.distances(h.weights, found.scenarios, words, h.settings.off_map)
    table = h.weights.assign(
        name=[scenario_name(found, code) for code in h.weights["scenario"]],
        prior_percent=h.weights["prior"] * 100,
        weight_percent=h.weights["weight"] * 100,
        words=[weight_words(float(value)) for value in h.weights["weight"]],
    )
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_weights_answer(found, h, known),
        subtitle=_weights_subtitle(h, known),
        figure=figure,
        table=table,
        columns=(
            Column("name", _("Scenario")),
            Column("prior_percent", _("Weight before any figure (%)"), "number", 0),
            Column("weight_percent", _("Tracking weight (%)"), "number", 0),
            Column("mean_abs_z", _("Mean distance (expected errors)"), "number", 2),
            Column("observations", _("Figures"), "number"),
            Column("words", _("In words")),
        ),
        indicators=h.indicators,
        how=_how(known),
        notes=(_caveat(),) if figure is not None else (),
        empty="" if figure is not None else _why_empty(found, h),
        height=figures.height(len(found.scenarios)),
    )


def _weights_answer(found: FuturesSet, h: Heading, known: bool) -> str:
    if known and h.leader:
        before = float(h.weights.loc[h.weights["scenario"] == h.leader, "prior"].iloc[0])
        return _("“{scenario}” went from {prior} to {weight} on the figures of {years}").format(
            scenario=scenario_name(found, h.leader),
            prior=percent(before),
            weight=percent(h.weight(h.leader)),
            years=span_words(h),
        )
    if known:
        return _("On the figures of {years}, no scenario is ahead").format(years=span_words(h))
    if h.best:
        far = float(h.weights.loc[h.weights["scenario"] == h.best, "mean_abs_z"].iloc[0])
        words = (
            _("Even the nearest pathway, “{scenario}”, is missed by {z} expected errors on average")
            if h.off_map
            else _("The figures lie nearest to “{scenario}” so far ({z} expected errors); that is no verdict yet")
        )
        return words.format(scenario=scenario_name(found, h.best), z=number(far, 1))
    return _("What the figures say of each scenario")


def _weights_subtitle(h: Heading, known: bool) -> str:
    what = _("Tracking weight, not a probability") if known else _("Mean distance of the figures from each pathway")
    parts = [what, place_words(h)]
    if h.as_of is not None:
        parts.append(_("as known on {day}").format(day=date(h.as_of)))
    return " · ".join(parts)


def _how(known: bool) -> str:
    if known:
        return _(
            "The bar is the weight after the figures, the line across it the weight before. A scenario gains when the "
            "figures are likelier under its pathway than under the others'."
        )
    return _(
        "An expected error is what the indicator would miss a right pathway by, judged by how much it varied before. "
        "Within 1 nothing is out of the ordinary; a mean beyond {limit} does not fit."
    ).format(limit=number(tracking.SETTINGS.off_map))


def _caveat() -> str:
    return _(
        "Weights say how well each of these scenarios fits the figures beside the others. They are no probabilities: "
        "what will happen may be none of them."
    )


def _why_empty(found: FuturesSet, h: Heading) -> str:
    if h.verdict == headings.NONE and h.region not in futures.places_of(found.code):
        places = sorted(futures.region_name(code) for code in futures.places_of(found.code))
        return _("The set has pathways of: {places}. Choose one of these.").format(places=", ".join(places) or DASH)
    if h.verdict == headings.NONE:
        return _("Whoever runs this installation can load figures with “polisee load”; results follow by themselves.")
    return _(
        "The scenarios begin in {base}, and no later figure of their indicators is loaded. As soon as one is, it "
        "counts here."
    ).format(base=year(h.base))


def _nothing(chosen: HeadingFilters, key: str) -> Exhibit:
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


# --- what stands behind it ------------------------------------------------------------------------------------------


def _behind(found: FuturesSet, h: Heading) -> html.Section:
    """State, what is missing, what was left out, and the method in plain words."""
    states = [mark(VERDICTS[h.verdict])]
    if h.off_map and h.verdict != headings.OFF_MAP:
        states.append(mark("off_map"))
    if h.stale:
        states.append(mark("stale"))
    if h.reversal:
        states.append(mark("reversal"))
    parts: list[Any] = [
        html.H2(_("What this rests on"), className="card-answer"),
        html.P(states, className="heading-states"),
    ]
    if not h.inputs.empty:
        parts.append(html.P(_rests_on(found, h)))
    parts += _flags(found, h)
    missing = missing_words(found, h)
    if missing:
        parts += [html.H3(_("What is missing")), html.Ul([html.Li(words) for words in missing])]
    left_out = note_words(found, h)
    if left_out:
        parts += [
            html.Details(
                [
                    html.Summary(
                        ngettext("{n} remark on the figures", "{n} remarks on the figures", len(left_out)).format(
                            n=number(len(left_out))
                        )
                    ),
                    html.Ul([html.Li(words) for words in left_out]),
                ],
                className="heading-notes",
            )
        ]
    parts += [html.H3(_("How it is told")), *[html.P(words) for words in _method(h)]]
    parts.append(html.P(html.A(_("The method in full"), href=frames.href("/data?part=methods#method-tracking-weight"))))
    return html.Section(parts, className="figure-card heading-behind", **attributes(aria_label=_("What this rests on")))


def _rests_on(found: FuturesSet, h: Heading) -> str:
    count = len(h.inputs.drop_duplicates(["indicator", "period"]))
    words = ngettext(
        "{n} figure ({years}) of {indicators}, held against {scenarios} scenarios.",
        "{n} figures ({years}) of {indicators}, held against {scenarios} scenarios.",
        count,
    ).format(
        n=number(count),
        years=span_words(h),
        indicators=ngettext("{n} indicator", "{n} indicators", len(h.indicators)).format(n=number(len(h.indicators))),
        scenarios=number(len(h.weights)),
    )
    made = _("Told on {day}, data version {version}.").format(day=date(h.run_at), version=number(h.edition))
    return f"{words} {made}"


def _flags(found: FuturesSet, h: Heading) -> list[Any]:
    """What each flag means, for those that are raised."""
    said = []
    if h.off_map:
        said.append(
            _(
                "Off the map: even the scenario that fits best is missed by more than {limit} expected errors on "
                "average. Think about opening the set again: the future that is coming may not be in it."
            ).format(limit=number(h.settings.off_map))
        )
    if h.stale:
        names = frames.indicator_names()
        said.append(
            _("Old figures: {indicators}. The newest is older than twice the usual time between two figures.").format(
                indicators="; ".join(names.get(code, code) for code in h.stale)
            )
        )
    if h.reversal:
        said.append(
            _("The leader changed in each of the last two releases of figures: do not build on the newest one alone.")
        )
    return [html.P(words, className="card-note") for words in said]


def _method(h: Heading) -> tuple[str, ...]:
    return (
        _(
            "Every pathway is made to pass through the figure of {base}. Later figures depart from it; how much is "
            "usual is learnt from the indicator's own changes up to {base}, and grows with the years. The less usual "
            "the departures from a pathway, the less weight it keeps."
        ).format(base=year(h.base or 0))
        if h.base
        else _(
            "Every pathway is made to pass through the figure of the base year. Later figures depart from it; the "
            "less usual the departures from a pathway, the less weight it keeps."
        ),
        _(
            "Nothing is told before there are {years} years of figures and the pathways lie far enough apart. "
            "Indicators count as independent; where they move together, weights are surer than they should be. "
            "Signposts are judged by people and are no part of this."
        ).format(years=number(h.settings.years)),
    )


# --- every input ----------------------------------------------------------------------------------------------------


def _error_text(value: float, measure: str, indicator: str) -> str:
    """A standard deviation as people read it: in per cent for what is compared in logarithms, else in the unit."""
    if value != value:
        return DASH
    if measure == "log":
        return percent(value, 1)
    return futures.about(indicator).change(value).lstrip("+")


@exhibit("futures-tracking-inputs", HeadingFilters)
def inputs_exhibit(chosen: HeadingFilters) -> Exhibit:
    """Every figure that counts beside every pathway: observed, path, range, distance and what it was measured by."""
    pair = told(chosen)
    key = "futures-tracking-inputs"
    if pair is None:
        return _nothing(chosen, key)
    found, h = pair
    specs, names = frames.specs(), found.names()
    rows = h.inputs[h.inputs["indicator"].isin(specs)]
    order = {code: at for at, code in enumerate(frames.indicators()["code"])}
    places = {code: at for at, code in enumerate(found.codes)}
    rows = rows.assign(_i=rows["indicator"].map(order), _s=rows["scenario"].map(places)).sort_values(
        ["period", "_i", "_s"], ascending=[False, True, True]
    )
    table = rows.drop(columns=["_i", "_s"]).assign(
        name=[names.get(code, code) for code in rows["scenario"]],
        decimals=[specs[code].decimals for code in rows["indicator"]],
        sigma_text=[
            _error_text(float(v), m, c)
            for v, m, c in zip(rows["sigma"], rows["measure"], rows["indicator"], strict=True)
        ],
        step_text=[
            _error_text(float(v), m, c)
            for v, m, c in zip(rows["one_step"], rows["measure"], rows["indicator"], strict=True)
        ],
        band_text=[
            _error_text(float(v), m, c) if v else DASH
            for v, m, c in zip(rows["band"], rows["measure"], rows["indicator"], strict=True)
        ],
        basis_text=[_(BASES.get(str(basis), "")) if basis else "" for basis in rows["basis"]],
        steps=rows["steps"].astype("Int64"),
    )
    labels = _strip_labels(h, rows)
    figure = figures.strip(rows, found.scenarios, labels) if len(rows) else None
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_inputs_answer(found, h, rows),
        subtitle=" · ".join(
            part for part in (_("Distance from the pathway in expected errors"), place_words(h), span_words(h)) if part
        ),
        figure=figure,
        table=table,
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("period", _("Year"), "year"),
            Column("name", _("Scenario")),
            Column("observed", _("Observed"), "number", "decimals"),
            Column("flags", _("Flags"), "flags"),
            Column("path", _("Pathway"), "number", "decimals"),
            Column("low", _("Low"), "number", "decimals"),
            Column("high", _("High"), "number", "decimals"),
            Column("z", _("Distance (z)"), "signed", 2),
            Column("sigma_text", _("Expected error (σ)")),
            Column("step_text", _("of it: one year's error")),
            Column("steps", _("learnt from yearly changes"), "number"),
            Column("basis_text", _("of the")),
            Column("band_text", _("of it: the stated range")),
            Column("evidence", _("Counts"), "number", 2),
        ),
        indicators=h.indicators,
        how=_(
            "A row an indicator: the mark of each scenario shows how far the newest figure lies from its pathway, the "
            "trail where it came from. Right of the middle the figure is higher than the pathway says. Grey is what is "
            "usual: within 1, and within 2, expected errors. Hollow marks are estimated or provisional figures."
        ),
        empty="" if figure is not None else _why_empty(found, h),
        height=figures.strip_height(len(labels), len(found.scenarios)),
        page_rows=PAGE_ROWS,
    )


def _strip_labels(h: Heading, rows: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Name of each indicator, and its newest figure in words."""
    catalogue = frames.indicators().set_index("code")["short"]
    labels = {}
    for code, part in rows.groupby("indicator", sort=False):
        newest = part.loc[part["period"].idxmax()]
        said = f"{futures.about(str(code)).text(float(newest['observed']))}, {year(int(newest['period']))}"
        labels[str(code)] = (str(catalogue.get(str(code), code)), said)
    return labels


def _inputs_answer(found: FuturesSet, h: Heading, rows: pd.DataFrame) -> str:
    if rows.empty:
        return _("There is no figure yet to hold against the pathways")
    newest = rows[rows["period"] == rows.groupby("indicator")["period"].transform("max")]
    far = newest.loc[newest["z"].abs().idxmax()]
    if abs(float(far["z"])) <= figures.BAND:
        return _("No figure lies out of the ordinary for any scenario")
    up = float(far["z"]) > 0
    beside = newest.loc[newest["indicator"] == far["indicator"], "z"]
    if ((beside if up else -beside) > figures.BAND).all():
        words = (
            _("The most telling figure: {indicator}, {value} in {year}, is higher than any scenario would have it")
            if up
            else _("The most telling figure: {indicator}, {value} in {year}, is lower than any scenario would have it")
        )
    else:
        words = (
            _("The most telling figure: {indicator}, {value} in {year}, is higher than “{scenario}” would have it")
            if up
            else _("The most telling figure: {indicator}, {value} in {year}, is lower than “{scenario}” would have it")
        )
    about = futures.about(str(far["indicator"]))
    return words.format(
        indicator=about.in_sentence,
        value=about.text(float(far["observed"])),
        year=year(int(far["period"])),
        scenario=scenario_name(found, str(far["scenario"])),
    )


def _inputs_card(chosen: HeadingFilters, found: FuturesSet, h: Heading) -> html.Article:
    panels = [] if h.replayed else _panels(found, h)
    extra = None
    if panels:
        title = html.H3(_("Observed beside the pathways"), className="heading-panels-title")
        extra = html.Div([title, html.Div(panels, className="futures-panels heading-panels")])
    return exhibit_card(inputs_exhibit(chosen), extra=extra)


def _panels(found: FuturesSet, h: Heading) -> list[html.Div]:
    """One small figure an indicator: where the lines part, and where the observed one goes."""
    paths = futures.region_paths(found, h.region)
    short = frames.indicators().set_index("code")["short"]
    panels = []
    for code in h.indicators:
        one = paths.of(code)
        if one is None:
            continue
        newest = int(h.inputs.loc[h.inputs["indicator"] == code, "period"].max())
        last = min(one.last, newest + YEARS_AFTER)
        lines = {
            scenario: [point for point in points if point.year <= last]
            for (indicator, scenario), points in paths.points.items()
            if indicator == code
        }
        seen = [figure for figure in paths.seen.get(code, ()) if figure.year >= h.base - YEARS_BEFORE]
        figure = fans.fan(seen, lines, found.scenarios, one.about.decimals, one.about.suffix, last, height=PANEL_HEIGHT)
        name = str(short.get(code, code))
        label = _("{indicator}: observed, and the pathways of the scenarios up to {year}").format(
            indicator=name, year=year(last)
        )
        panels.append(
            html.Div(
                [
                    html.H4(name, className="heading-panel-name"),
                    graph(figure, f"heading-panel-{code}", PANEL_HEIGHT, label),
                ],
                className="futures-panel",
            )
        )
    return panels


# --- how it was told ------------------------------------------------------------------------------------------------


@exhibit("futures-tracking-history", HeadingFilters)
def history(chosen: HeadingFilters) -> Exhibit:
    """Every evaluation that was kept of a region, newest first: nothing in it is ever changed."""
    pair = told(chosen)
    key = "futures-tracking-history"
    if pair is None:
        return _nothing(chosen, key)
    found, h = pair
    rows = frames.evaluations(found.code, h.region)
    table, columns = _history_table(found, rows)
    told_days = rows.loc[rows["weight"].notna(), "as_of"].nunique()
    count = len(table)
    figure = None
    if told_days > 1:
        drawn = rows.drop_duplicates(["as_of", "scenario"], keep="last")
        drawn = drawn.assign(
            at=[day.isoformat() for day in drawn["as_of"]],
            text=[f"{date(day)}: {percent(w)}" for day, w in zip(drawn["as_of"], drawn["weight"], strict=True)],
        )
        figure = figures.over_time(drawn, found.scenarios, dates=True)
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_history_answer(found, h, rows, count),
        subtitle=_("Tracking weights as they were told · {region}").format(region=place_words(h)),
        figure=figure,
        table=table,
        columns=columns,
        how=_(
            "A row is added when loaded figures, pathways or priors changed what is told, and is never changed again. "
            "Revised statistics make a new row; the older one still says what was known then."
        ),
        notes=_history_notes(found, count, len(set(rows["as_of"]))),
        empty=""
        if count
        else _("Nothing was told of this region yet. The first row comes with the first figures of its indicators."),
    )


def _history_notes(found: FuturesSet, count: int, days: int) -> tuple[str, ...]:
    if not count:
        return ()
    again = _(
        "On the command line, “polisee tracking --set {code} --as-of DAY” computes what was told again, from the "
        "figures that were known on that day."
    ).format(code=found.code)
    if days < 2:
        return (again,)
    return (_("Choose a day above to see what was told then, with all its inputs.") + " " + again,)


def _history_table(found: FuturesSet, rows: pd.DataFrame) -> tuple[pd.DataFrame, tuple[Column, ...]]:
    records = []
    for (day, at), part in rows.groupby(["as_of", "run_at"], sort=False):
        first = part.iloc[0]
        verdict = "off_map" if first["off_map"] else str(first["state"])
        records.append(
            {
                "as_of": day,
                "run_at": at,
                "edition": int(first["edition"]),
                "state": verdict,
                "reversal": _("leader changed twice") if first["reversal"] else "",
                "leader": scenario_name(found, first["leader"]) if first["leader"] else "",
                **{
                    f"weight_{code}": value * 100
                    for code, value in zip(part["scenario"], part["weight"].astype(float), strict=True)
                },
            }
        )
    table = pd.DataFrame(records)
    columns = [Column("as_of", _("As known on"), "date"), Column("state", _("State"), "mark")]
    columns += [Column(f"weight_{one.code}", f"{one.label} (%)", "number", 0) for one in found.scenarios]
    columns.append(Column("leader", _("Leader")))
    if any(one["reversal"] for one in records):
        columns.append(Column("reversal", _("Remark")))
    columns += [Column("run_at", _("Told on"), "date"), Column("edition", _("Data version"), "number")]
    if len(table):
        table = table.iloc[::-1].reset_index(drop=True)
        for one in found.scenarios:
            if f"weight_{one.code}" not in table:
                table[f"weight_{one.code}"] = float("nan")
    return table, tuple(columns)


def _history_answer(found: FuturesSet, h: Heading, rows: pd.DataFrame, count: int) -> str:
    if not count:
        return _("How it was told before")
    leaders = [code for code in rows.drop_duplicates(["as_of", "run_at"])["leader"] if code]
    if not leaders:
        return ngettext(
            "Told {n} time so far, always that it is too early",
            "Told {n} times so far, always that it is too early",
            count,
        ).format(n=number(count))
    changes = sum(a != b for a, b in itertools.pairwise(leaders))
    if not changes:
        return ngettext(
            "Told {n} time so far; the leader was always “{scenario}”",
            "Told {n} times so far; the leader was always “{scenario}”",
            count,
        ).format(n=number(count), scenario=scenario_name(found, leaders[-1]))
    return ngettext(
        "Told {n} times so far; the leader changed {times} time",
        "Told {n} times so far; the leader changed {times} times",
        changes,
    ).format(n=number(count), times=number(changes))


@exhibit("futures-tracking-course", HeadingFilters)
def course(chosen: HeadingFilters) -> Exhibit:
    """What the weights would have been after each year, with today's figures."""
    pair = told(chosen)
    key = "futures-tracking-course"
    if pair is None:
        return _nothing(chosen, key)
    found, h = pair
    rows = headings.course(found, chosen.region)
    known = rows[rows["weight"].notna()]
    figure = None
    if len(known["last"].unique()) > 1:
        drawn = rows.assign(
            at=rows["last"],
            text=[f"{year(at)}: {percent(w)}" for at, w in zip(rows["last"], rows["weight"], strict=True)],
        )
        figure = figures.over_time(drawn, found.scenarios, dates=False)
    names = found.names()
    table = rows.assign(
        name=[names.get(code, code) for code in rows["scenario"]],
        prior_percent=rows["prior"].astype(float) * 100,
        weight_percent=rows["weight"].astype(float) * 100,
        state_word=[mark_word(str(state)) for state in rows["state"]],
    )
    first = int(known["last"].min()) if len(known) else 0
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_("How the weights came about: told from the figures of {year} on").format(year=year(first))
        if first
        else _("How the weights will come about"),
        subtitle=_("Tracking weight on figures up to each year, with today's figures · {region}").format(
            region=place_words(h)
        ),
        figure=figure,
        table=table,
        columns=(
            Column("last", _("Figures up to"), "year"),
            Column("name", _("Scenario")),
            Column("prior_percent", _("Weight before any figure (%)"), "number", 0),
            Column("weight_percent", _("Tracking weight (%)"), "number", 0),
            Column("state_word", _("State")),
        ),
        indicators=h.indicators,
        how=_("This is looked at from today: figures that were revised since count as they are now."),
        empty="" if len(rows) else _("There are no figures after the base year yet."),
        height=340,
    )


# --- calibration ----------------------------------------------------------------------------------------------------


@exhibit("futures-tracking-test", HeadingFilters)
def calibration(chosen: HeadingFilters) -> Exhibit:
    """How often leaders are right on made histories whose truth is known."""
    pair = told(chosen)
    key = "futures-tracking-test"
    if pair is None:
        return _nothing(chosen, key)
    found, _h = pair
    result = frames.derived(headings.NAME, found.code, "back_test")
    if result is None or result.frame.empty:
        return set_exhibit(
            chosen,
            found,
            key,
            answer=_("How often weights are right"),
            empty=_("The test needs pathways of at least one indicator with figures up to the base year."),
        )
    frame, facts = result.frame, result.facts
    cases = frame["cases"].astype(float)
    mean = float((frame["weight"] * cases).sum() / cases.sum())
    right = float((frame["right"] * cases).sum() / cases.sum())
    shown = frame.assign(
        text=[
            _("Weight {weight}: right in {right} of {n} made histories").format(
                weight=percent(row["weight"]), right=percent(row["right"]), n=number(row["cases"])
            )
            for row in frames.records(frame)
        ]
    )
    table = frame.assign(**{f"{name}_percent": frame[name] * 100 for name in _SHARES})
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_("Weights keep their word: leaders given {weight} on average were right in {right} of cases").format(
            weight=percent(mean), right=percent(right)
        )
        if abs(mean - right) < KEEPS
        else _("Leaders given {weight} on average were right in {right} of cases").format(
            weight=percent(mean), right=percent(right)
        ),
        subtitle=_("{n} made histories on the pathways of {region}, {years}").format(
            n=number(facts["worlds"]),
            region=futures.region_name(facts["region"]),
            years=f"{year(facts['first'])}–{year(facts['last'])}",
        ),
        figure=figures.reliability(shown),
        table=table,
        columns=(
            Column("low_percent", _("Weight from (%)"), "number", 0),
            Column("high_percent", _("to (%)"), "number", 0),
            Column("weight_percent", _("mean (%)"), "number", 1),
            Column("right_percent", _("Right (%)"), "number", 1),
            Column("right_low_percent", _("at least (%)"), "number", 1),
            Column("right_high_percent", _("at most (%)"), "number", 1),
            Column("cases", _("Made histories"), "number"),
        ),
        how=_(
            "In each made history one scenario is true, drawn by the weights before any figure; figures scatter about "
            "its pathway as the indicators did before {first}, and the error has to be learnt from {steps} yearly "
            "changes, as in earnest. Points on the dotted line keep their word; lines are 95% intervals."
        ).format(first=year(facts["first"]), steps=number(facts["history"])),
        notes=(
            _(
                "The test takes the method at its word: errors like those of the past, indicators independent of one "
                "another, one scenario true. In the world none of this is sure. The error of the weights (Brier) is "
                "{brier}, without figures {prior}; in {off_map} of histories the set wrongly seems off the map."
            ).format(
                brier=number(facts["brier"], 2),
                prior=number(facts["brier_prior"], 2),
                off_map=percent(facts["off_map"], 1),
            ),
        ),
        height=320,
    )


KEEPS = 0.03
"""Weights and shares that lie no further apart are the same."""

_SHARES = ("low", "high", "weight", "right", "right_low", "right_high")


# --- all regions ----------------------------------------------------------------------------------------------------


@exhibit("futures-tracking-regions", HeadingFilters)
def regions(chosen: HeadingFilters) -> Exhibit:
    """Where every region of the set stands."""
    found = set_of(chosen)
    key = "futures-tracking-regions"
    if found is None:
        return _nothing(chosen, key)
    rows = headings.overview(found)
    names = found.names()
    table = rows.assign(
        mark=[VERDICTS.get(str(verdict), "no_data") for verdict in rows["verdict"]],
        leader_name=[names.get(code, "") for code in rows["leader"]],
        weight_percent=rows["weight"].astype(float) * 100,
        best_name=[names.get(code, "") for code in rows["best"]],
        last_year=[int(last) if last else None for last in rows["last"]],
    ).sort_values("name", ignore_index=True)
    counts = {verdict: int((rows["verdict"] == verdict).sum()) for verdict in set(rows["verdict"])}
    return set_exhibit(
        chosen,
        found,
        key,
        answer=_regions_answer(len(rows), counts),
        subtitle=_("All regions and countries of the set with figures"),
        table=table,
        columns=(
            Column("region", _("Region"), "region"),
            Column("mark", _("State"), "mark"),
            Column("leader_name", _("Leader")),
            Column("weight_percent", _("Its tracking weight (%)"), "number", 0),
            Column("best_name", _("Nearest pathway")),
            Column("mean_abs_z", _("Mean distance (expected errors)"), "number", 1),
            Column("indicators", _("Indicators"), "number"),
            Column("last_year", _("Newest figure"), "year"),
        ),
        how=_("The nearest pathway is named also where it is too early to give weights."),
        empty="" if len(rows) else _("No region of the set has figures of its indicators yet."),
    )


def _regions_answer(count: int, counts: Mapping[str, int]) -> str:
    clear = counts.get(headings.LEADER, 0) + counts.get(headings.TIE, 0)
    off = counts.get(headings.OFF_MAP, 0)
    early = count - clear - off
    return _("Of {n} regions: {told} can be told, {early} too early, {off} off the map").format(
        n=number(count), told=number(clear), early=number(early), off=number(off)
    )
