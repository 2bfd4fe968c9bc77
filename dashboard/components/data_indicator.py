"""Part 'indicator': what one indicator measures, where it comes from, where it has figures, how they changed."""

from typing import Any

import pandas as pd
from dash import html

from analysis.model import DIRECTION
from dashboard import frames, trust
from dashboard.components.card import exhibit_card
from dashboard.components.data_catalogue import value_columns
from dashboard.components.data_parts import PATH, files, part_link, table_card
from dashboard.components.marks import FLAGS, flag_words
from dashboard.components.states import empty
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import heat
from dashboard.i18n import _, date, language, ngettext, number
from dashboard.trust import DataFilters


def _query(chosen: DataFilters) -> dict[str, str]:
    """The address of an indicator's own page: always with its code, so that it outlives a new order of the list."""
    query = {"indicator": chosen.indicator}
    return query | ({} if chosen.country == trust.ALL else {"country": chosen.country})


def _row(chosen: DataFilters) -> pd.Series | None:
    frame = trust.catalogue()
    found = frame[frame["code"] == chosen.indicator]
    return None if found.empty else found.iloc[0]


def _answer(row: pd.Series) -> str:
    if not row["loaded"]:
        return _("{indicator}: no figures are loaded.").format(indicator=row["name"])
    return ngettext(
        "{indicator}: {figures} figure from {first} to {last}, {regions} regions; {marked} marked, {missing} missing.",
        "{indicator}: {figures} figures from {first} to {last}, {regions} regions; {marked} marked, {missing} missing.",
        int(row["figures"]),
    ).format(
        indicator=row["name"],
        figures=number(row["figures"]),
        first=int(row["first"]),
        last=int(row["last"]),
        regions=number(row["regions"]),
        marked=number(row["marked"]),
        missing=number(row["missing"]),
    )


def facts(row: pd.Series) -> list[tuple[str, str]]:
    """What there is to say of an indicator, as pairs of label and words; what is not known is left out."""
    dataset = frames.datasets().set_index("code").loc[row["dataset"]]
    limits = [number(row[side], 0) if not pd.isna(row[side]) else "" for side in ("lower", "upper")]
    pairs = [
        (_("Code"), row["code"]),
        (_("Theme"), row["theme_name"]),
        (_("What it measures"), row["definition"]),
        (_("Unit"), row["unit_label"]),
        (_("Direction"), row["better"]),
        (_("Change over time"), change_in_words(str(row["change"]))),
        (_("Possible values"), _between(*limits)),
        (_("EU target"), row["target"]),
        (_("Legal source of the target"), row["target_law"]),
        (_("On the target"), row["target_note"]),
        (_("Source"), row["publisher"]),
        (_("Dataset"), f"{row['dataset']}: {dataset['title']}"),
        (_("Rows taken"), ", ".join(f"{name} = {code}" for name, code in row["filters"].items())),
        (_("Edition"), _edition(row) if row["loaded"] else ""),
        (_("Licence"), row["licence"]),
        (_("Note"), row["note"]),
    ]
    return [(label, str(words)) for label, words in pairs if words]


def _edition(row: pd.Series) -> str:
    return _("date unknown") if pd.isna(row["edition"]) else date(row["edition"])


def _between(low: str, high: str) -> str:
    if low and high:
        return f"{low}–{high}"
    return _("{low} or more").format(low=low) if low else ""


def change_in_words(change: str) -> str:
    """How change is measured, with its threshold."""
    if change == "relative":
        return _(
            "growth in percent a year over about {years} years; from {limit}% a year it counts as significant"
        ).format(years=DIRECTION.years, limit=number(DIRECTION.significant))
    return _(
        "change in points a year over about {years} years; from {limit}% of the scale a year it counts as significant"
    ).format(years=DIRECTION.years, limit=number(DIRECTION.points, 1))


@exhibit("data-indicator", DataFilters)
def indicator_exhibit(chosen: DataFilters) -> Exhibit:
    """Everything that describes one indicator, label by label: its metadata."""
    row = _row(chosen)
    pairs = [] if row is None else facts(row)
    return Exhibit(
        key="data-indicator",
        answer=_("There is no such indicator.") if row is None else _answer(row),
        subtitle=_("Definition, source and method"),
        table=pd.DataFrame(pairs, columns=["what", "words"]),
        columns=(Column("what", _("What")), Column("words", _("Value"))),
        indicators=(chosen.indicator,) if row is not None else (),
        query=_query(chosen),
        path=PATH,
    )


@exhibit("data-values", DataFilters)
def values_exhibit(chosen: DataFilters) -> Exhibit:
    """All figures of one indicator, at every level and under every code: a download only."""
    row = _row(chosen)
    table = trust.values([chosen.indicator])
    return Exhibit(
        key="data-values",
        answer=_("There is no such indicator.") if row is None else _answer(row),
        subtitle=_("All figures of the indicator"),
        table=table,
        columns=value_columns(),
        indicators=(chosen.indicator,) if row is not None else (),
        query=_query(chosen),
        path=PATH,
    )


@exhibit("data-coverage", DataFilters)
def coverage_exhibit(chosen: DataFilters) -> Exhibit:
    """Heat map region by year of what is there, and the same in words."""
    row = _row(chosen)
    cells = trust.cells(chosen.indicator, chosen.country)
    names = frames.region_names()
    place = names.get(chosen.country, _("all countries"))
    figures = int((cells["state"].isin(["value", "uncertain", "break"])).sum())
    bare = cells.groupby("region")["state"].agg(lambda states: not states.isin(["value", "uncertain", "break"]).any())
    answer = _("{figures} figures for {with_some} of {all} regions and older codes; {none} have none.").format(
        figures=number(figures),
        with_some=number(len(bare) - int(bare.sum())),
        all=number(len(bare)),
        none=number(bare.sum()),
    )
    if not figures:
        answer = _("There is no figure to show.")
    return Exhibit(
        key="data-coverage",
        answer=answer,
        subtitle=_("Which years are there: {indicator}, {place}").format(
            indicator=chosen.indicator if row is None else row["name"], place=place
        ),
        table=trust.years_by_region(cells),
        columns=(
            Column("name", _("Region")),
            Column("region", _("Code")),
            Column("country_name", _("Country")),
            Column("figures", _("Years with a figure")),
            Column("marks", _("Marks and their years")),
            Column("missing", _("Published as missing")),
            Column("note", _("Note")),
        ),
        figure=heat.coverage(cells, 0 if row is None else int(row["decimals"])) if figures else None,
        indicators=(chosen.indicator,) if row is not None else (),
        how=_(
            "One row a region of level 2, one column a year. Empty: no record. A colon: published as missing. Letters: "
            "the publisher's marks. A dagger: code of an older classification."
        ),
        empty="" if figures else _("No region of level 2 has a figure of this indicator here, or it is not loaded."),
        query=_query(chosen),
        path=PATH,
        height=heat.height(cells),
    )


@exhibit("data-revisions", DataFilters)
def revisions_exhibit(chosen: DataFilters) -> Exhibit:
    """What later loads changed of one indicator."""
    table = trust.revised(chosen.indicator)
    if table.empty:
        answer = _("No later load has changed a figure of this indicator.")
    else:
        answer = ngettext(
            "Later loads changed {n} figure, the last time on {day}.",
            "Later loads changed {n} figures, the last time on {day}.",
            len(table),
        ).format(n=number(len(table)), day=date(table["changed_on"].max(), "long"))
    return Exhibit(
        key="data-revisions",
        answer=answer,
        subtitle=_("Revisions: before and after, newest first"),
        table=table,
        columns=(
            Column("region", _("Region")),
            Column("code", _("Code")),
            Column("period", _("Year"), "year"),
            Column("before", _("Before"), "number", "decimals"),
            Column("after", _("After"), "number", "decimals"),
            Column("difference", _("Difference"), "signed", "decimals"),
            Column("flags_before", _("Marks before"), "flags"),
            Column("data_version", _("Data version"), "number"),
            Column("changed_on", _("Changed on"), "date"),
        ),
        indicators=(chosen.indicator,) if chosen.indicator else (),
        query=_query(chosen),
        path=PATH,
    )


def draw(chosen: DataFilters) -> list[Any]:
    """The part as components."""
    row = _row(chosen)
    if row is None:
        return [empty(_("There is no such indicator."), _("The catalogue is empty."))]
    head = [html.H2(_answer(row), className="card-answer", id="data-indicator-answer"), _card_of_facts(row)]
    if not row["loaded"]:
        return [html.Div(head, className="figure-card"), _how_to_load(row), *_files(chosen, loaded=False)]
    left = [
        html.Div(head, className="figure-card"),
        *_files(chosen, loaded=True),
        html.Section([html.H3(_("What the marks say")), *_marks(chosen)], className="section"),
        html.Section([html.H3(_("Breaks in the classification")), *_changes(chosen)], className="section"),
        html.Section([html.H3(_("Revisions")), *_revisions(chosen)], className="section"),
    ]
    right = html.Div([_legend(), exhibit_card(coverage_exhibit(chosen))], className="span-7")
    return [html.Div([html.Div(left, className="span-5"), right], className="grid")]


def _card_of_facts(row: pd.Series) -> html.Dl:
    dataset = frames.datasets().set_index("code")["url"].get(row["dataset"], "")
    source = frames.sources().set_index("code").loc[row["source"]]
    addresses = {
        _("Dataset"): dataset,
        _("Licence"): source["licence_url"],
        _("Legal source of the target"): row["target_url"] or "",
    }
    parts: list[Any] = []
    for label, words in facts(row):
        address = addresses.get(label, "")
        linked = html.A(words, href=address, rel="noopener") if str(address).startswith("https://") else words
        parts += [html.Dt(label), html.Dd(linked)]
    return html.Dl(parts, className="facts")


def _how_to_load(row: pd.Series) -> html.Div:
    told = (
        _("Whoever runs this installation can load it from the source with this command:")
        if row["live"]
        else _("It comes as a file; whoever runs this installation can load it with this command:")
    )
    return empty(
        _("This indicator is in the catalogue, but not loaded."),
        told,
        html.Pre(trust.command(row["dataset"], bool(row["live"])), className="command", tabIndex="0"),
    )


def _files(chosen: DataFilters, loaded: bool) -> list[Any]:
    query = {"indicator": chosen.indicator}
    asked = f"indicator={chosen.indicator}&lang={language()}"
    rows: list[Any] = [html.H3(_("Download and cite") if loaded else _("Download"))]
    if loaded:
        rows.append(files("data-values", _("All figures"), query))
    rows.append(files("data-indicator", _("Description (metadata)"), query, ("json", "csv")))
    if loaded:
        cited = [
            html.A(name, href=frames.href(f"/export/data-values.{form}?{asked}"), download=True, className="download")
            for form, name in (("bib", "BibTeX"), ("ris", "RIS"))
        ]
        rows.append(html.P([html.Span(_("Citation"), className="files-label"), *cited], className="files"))
        rows.append(html.P(source_citation(chosen), className="citation"))
    return [html.Div(rows, className="figure-card data-files")]


def source_citation(chosen: DataFilters) -> str:
    """The publisher's own wording of a citation, filled with dataset, title and dates."""
    row = frames.indicator(chosen.indicator)
    source = frames.sources().set_index("code").loc[row["source"]]
    title = frames.datasets().set_index("code")["title"].get(row["dataset"], row["dataset"])
    runs = frames.loads(10_000)
    # Files of our own form do not say when their figures were taken from the publisher.
    mine = runs[(runs["dataset"] == row["dataset"]) & (runs["state"] == "done")]
    accessed = date(mine["started_at"].max()) if len(mine) else _("at an unknown date")
    words = str(source["citation"]).format_map(
        {
            "dataset": row["dataset"],
            "title": title,
            "updated": trust.edition_in_words(row["dataset"]),
            "accessed": accessed,
        }
    )
    # A date that ends with a full stop, as Hungarian ones do, may meet the full stop of its sentence.
    return words.replace("..", ".")


def _legend() -> html.Ul:
    entries = (
        ("value", "", _("there is a figure")),
        ("uncertain", "e", _("estimated, provisional or of low reliability")),
        ("break", "b", _("break: not comparable with the years before")),
        ("missing", heat.MISSING_LETTER, _("published as missing")),
        ("old", "†", _("figure under a code of an older classification")),
        ("none", "", _("no record")),
    )
    return html.Ul(
        [
            html.Li([html.Span(letter, className=f"cell cell-{state}", **{"aria-hidden": "true"}), words])
            for state, letter, words in entries
        ],
        className="list-plain heat-legend",
        **{"aria-label": _("Key to the figure")},
    )


def _marks(chosen: DataFilters) -> list[Any]:
    frame = frames.observations([chosen.indicator])
    flags = frame["flags"].fillna("")
    counts = {letter: int(flags.str.contains(letter, regex=False).sum()) for letter in sorted(set("".join(flags)))}
    if not counts:
        return [html.P(_("The publisher has marked no figure of this indicator."))]
    rows = []
    for letter, n in counts.items():
        known = flag_words(letter) if letter in FLAGS else _("a mark of the publisher")
        rows.append(html.Li([html.B(letter), " ", known, ": ", _count(n)]))
    return [html.Ul(rows, className="mark-list")]


def _count(n: int) -> str:
    return ngettext("{n} figure", "{n} figures", n).format(n=number(n))


def _changes(chosen: DataFilters) -> list[Any]:
    there = frames.observations([chosen.indicator])["region"].unique()
    found = trust.changes(there)
    if found.empty:
        return [html.P(_("No change of the classification touches the regions of this indicator."))]
    items = [html.Li(text) for text in found["text"]]
    sources = [html.Li(text) for text in dict.fromkeys(found["source"])]
    return [
        html.P(_("Series are never joined across these changes. Old codes keep their own rows.")),
        html.Ul(items, className="change-list"),
        html.P(_("Sources of the table of changes:"), className="muted"),
        html.Ul(sources, className="muted change-list"),
        html.P([part_link(_("How changes of regions are treated"), part="methods")]),
    ]


def _revisions(chosen: DataFilters) -> list[Any]:
    shown = revisions_exhibit(chosen)
    return [html.P(shown.answer)] if shown.table.empty else [table_card(shown)]
