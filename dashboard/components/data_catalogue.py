"""Part 'catalogue': every indicator, what is loaded of it, and all figures as files."""

from typing import Any

from dash import html

from dashboard import frames, trust
from dashboard.components.data_parts import PATH, files, table_card
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import _, language, ngettext, number
from dashboard.trust import DataFilters

WORKBOOK_ROWS = 50_000
"""Figures up to which all of them are offered as one workbook."""


@exhibit("data-catalogue", DataFilters)
def catalogue_exhibit(chosen: DataFilters) -> Exhibit:
    """The catalogue as a table, one row an indicator."""
    frame = trust.catalogue(chosen.theme)
    loaded, old = int(frame["loaded"].sum()), int(frame["old"].sum())
    answer = ngettext(
        "{k} of {n} indicators is loaded; {old} of them ends more than {years} years ago.",
        "{k} of {n} indicators are loaded; {old} of them end more than {years} years ago.",
        loaded,
    ).format(k=number(loaded), n=number(len(frame)), old=number(old), years=trust.STALE_YEARS)
    if frame.empty:
        answer = _("The catalogue is empty.")
    return Exhibit(
        key="data-catalogue",
        answer=answer,
        subtitle=_("Catalogue of indicators by theme"),
        table=frame.rename(columns={"code": "indicator"}),
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("theme_name", _("Theme")),
            Column("unit_label", _("Unit")),
            Column("better", _("Direction")),
            Column("target", _("EU target")),
            Column("years", _("Years")),
            Column("regions", _("Regions"), "number"),
            Column("figures", _("Figures"), "number"),
            Column("dataset", _("Dataset")),
            Column("edition", _("Edition"), "date"),
            Column("licence", _("Licence")),
            Column("state", _("What is loaded")),
        ),
        how=_(
            "Regions counts today's regions of level 2 with a figure; figures counts every level and every code. An "
            "indicator that is not loaded says which command loads it."
        ),
        notes=(
            _("An indicator is old when its newest figure lies more than {years} years before this year.").format(
                years=trust.STALE_YEARS
            ),
        ),
        empty=_("The database holds no catalogue yet; the command 'polisee init' makes it.") if frame.empty else "",
        query=chosen.but(part="catalogue").query(),
        path=PATH,
    )


@exhibit("data-everything", DataFilters)
def everything_exhibit(chosen: DataFilters) -> Exhibit:
    """All figures of all indicators, or of one theme, with names: a download only."""
    wanted = trust.catalogue(chosen.theme)
    codes = list(wanted.loc[wanted["loaded"], "code"])
    table = trust.values(codes)
    return Exhibit(
        key="data-everything",
        answer=_("All figures: {n} rows, {k} indicators.").format(n=number(len(table)), k=number(len(codes))),
        subtitle=_("Every figure that is loaded, one row an indicator, region and year"),
        table=table,
        columns=value_columns(),
        indicators=tuple(codes),
        query=chosen.but(part="catalogue").query(),
        path=PATH,
    )


def value_columns() -> tuple[Column, ...]:
    """Columns of a download of figures; names are ready, so that a long table is written quickly."""
    return (
        Column("indicator", _("Indicator (code)")),
        Column("indicator_name", _("Indicator")),
        Column("region", _("Region (code)")),
        Column("region_name", _("Region")),
        Column("level", _("Level of the region"), "number"),
        Column("country", _("Country")),
        Column("period", _("Year"), "year"),
        Column("value", _("Value"), "number"),
        Column("unit", _("Unit")),
        Column("flags", _("Marks"), "flags"),
        Column("dataset", _("Dataset")),
    )


def draw(chosen: DataFilters) -> list[Any]:
    """The part as components."""
    shown = catalogue_exhibit(chosen)
    # A workbook of this size is written in seconds; a larger one would keep a reader waiting.
    forms = ("csv", "xlsx") if shown.table["figures"].sum() <= WORKBOOK_ROWS else ("csv",)
    query = {} if chosen.theme == trust.ALL else {"theme": chosen.theme}
    downloads = html.Section(
        [
            html.H2(_("Take everything with you")),
            files("data-catalogue", _("The catalogue"), query),
            files("data-everything", _("All figures"), query, forms),
            html.P(
                _("The files begin with source, data version and citation. From a command line: {command}").format(
                    command=f"polisee export --lang {language()} FILE.csv"
                ),
                className="muted",
            ),
        ],
        className="section",
    )
    return [table_card(shown), *([] if frames.is_empty() else [downloads])]
