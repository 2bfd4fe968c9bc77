"""What all parts of the specialisation page share: its filters, what was asked for, notes on place, time and method."""

from dataclasses import dataclass
from typing import Any

import pandas as pd
from dash import dcc, html

from dashboard import choices, frames, products, specialisations
from dashboard.components.attributes import attributes
from dashboard.exhibits import Column
from dashboard.figures.ranges import escape
from dashboard.filters import Filters, Option, number_in, one_of
from dashboard.i18n import DASH, N_, _, number, signed, sort_key, year
from dashboard.specialisations import Portfolio

PAGE = "specialisation"
PATH = "/specialisation"
NEWEST = "newest"
EARLIEST = "earliest"
SERIES = "employment_nace"


PAGE_ROWS = 60
"""How many of the products stand in a table on the page; downloads hold all."""


def _regions() -> list[Option]:
    """Today's regions, and countries of the area that export but have none."""

    def compute() -> list[Option]:
        known = choices.regions()
        inside = {str(country) for country in frames.current_regions()["country"]}
        names = {code: frames.country_name(code) for code in products.countries() if code not in inside}
        added = [Option(code, f"{name} ({code})", name) for code, name in names.items()]
        return sorted([*known, *added], key=lambda option: (sort_key(option.group), sort_key(option.label)))

    return frames.remember("specialisation-regions", (), compute)


def _series() -> list[Option]:
    return [Option(str(row["code"]), str(row["name"])) for row in specialisations.all_series()]


def _years() -> list[Option]:
    return [Option(NEWEST, _("Newest")), *(Option(str(period), str(period)) for period in specialisations.years())]


def _starts() -> list[Option]:
    found = [Option(str(period), str(period)) for period in specialisations.years()[1:]]
    return [Option(EARLIEST, _("Ten years back, or the earliest")), *found]


def _references() -> list[Option]:
    return [Option("area", _("All regions together")), Option("country", _("Its country"))]


def _picks() -> list[Option]:
    return [Option("", DASH), *(Option(code, code) for code in specialisations.industry_codes())]


@dataclass(frozen=True)
class SpecialisationFilters(Filters):
    """What the page shows."""

    region: str = one_of(_regions, default="HU33", label=N_("Region"))
    series: str = one_of(_series, default=SERIES, label=N_("What is counted"))
    year: str = one_of(_years, default=NEWEST, label=N_("Year"))
    start: str = one_of(_starts, default=EARLIEST, label=N_("Change since"))
    beside: str = one_of(_references, default="area", label=N_("Beside"))
    minimum: int = number_in(0, 10_000, 0, label=N_("Next moves: smallest industry in all regions together"))
    pick: str = one_of(_picks, default="", label=N_("Industry"))


def asked(chosen: SpecialisationFilters) -> Portfolio:
    """The portfolio that the filters mean."""
    period = None if chosen.year == NEWEST else int(chosen.year)
    return specialisations.portfolio(chosen.region, chosen.series, period)


def picked(chosen: SpecialisationFilters, shown: Portfolio) -> str:
    """The industry whose evidence is shown: the picked one, else the first move, else the most specialised."""
    if chosen.pick and shown.row(chosen.pick) is not None:
        return chosen.pick
    named = specialisations.moves(shown, chosen.minimum)
    if len(named):
        return str(named["industry"].iloc[0])
    known = shown.rows.dropna(subset="lq") if len(shown.rows) else shown.rows
    return str(known.sort_values("lq", ascending=False)["industry"].iloc[0]) if len(known) else ""


def subtitle(shown: Portfolio, *more: str) -> str:
    """Series, unit and year, and what else must be said."""
    if shown.period is None:
        return str(shown.series.get("name", ""))
    parts = [str(shown.series["name"]), specialisations.unit(shown), year(shown.period), *more]
    return ", ".join(part for part in parts if part)


def place_notes(chosen: SpecialisationFilters, shown: Portfolio) -> tuple[str, ...]:
    """In whose place figures stand and which year is shown instead of the one asked for."""
    notes = [shown.standing_in] if shown.standing_in else []
    if chosen.year != NEWEST and shown.period is not None and int(chosen.year) != shown.period:
        notes.append(
            _("There are no figures for {asked}; those of {shown} are shown.").format(
                asked=chosen.year, shown=year(shown.period)
            )
        )
    return tuple(notes)


def missing(shown: Portfolio) -> str:
    """Why there is nothing to show and what mends it, in words."""
    if shown.trade:
        return _(
            "The table “{series}” holds no exports of {country}. It can be loaded with “polisee load FILE”."
        ).format(series=shown.series["name"], country=frames.country_name(specialisations.country_of(shown.region)))
    if not shown.series:
        return _("No series by industry is loaded.") + " " + _how_to_load()
    return (
        _("The series “{series}” holds no figures for {region}, its former regions or its country.").format(
            series=shown.series["name"], region=shown.name
        )
        + " "
        + _how_to_load()
    )


def _how_to_load() -> str:
    return _(
        "Whoever runs this installation can load the newest figures with “polisee load --live lfst_r_lfe2en2”, or "
        "figures of an office of statistics from a workbook."
    )


def decimals(shown: Portfolio) -> int:
    """Decimals of the series."""
    return int(shown.series.get("decimals", 0) or 0)


def cell(name: str, value: Any, places: int = 2, sign: bool = False) -> str:
    """A line of a hover label."""
    text = signed(value, places) if sign else number(value, places)
    return f"{escape(name)}: {text}"


def industry_columns(rows: pd.DataFrame, names: str = "name", pick: bool = False) -> pd.DataFrame:
    """Rows with what a column of the kind ``industry`` needs: the name, and the filter that its button sets, if any."""
    return rows.assign(industry_name=rows[names], industry_pick="pick" if pick else "")


def term(word: str, meaning: str) -> html.Abbr:
    """A term of the field with its meaning on hover, on focus and for screen readers."""
    return html.Abbr(word, title=meaning, className="term", tabIndex="0", **attributes(aria_label=f"{word}: {meaning}"))


def pick_button(code: str, name: str) -> html.Button:
    """An industry's name as a button that shows why it is, or could be, the region's."""
    return html.Button(
        name,
        type="button",
        className="number-link pick",
        **attributes(data_action="pick", data_filter="pick", data_value=code),
    )


def region_link(region: str, name: str, chosen: SpecialisationFilters) -> dcc.Link | str:
    """Another region or exporter on this page, with the same industry picked; its name alone where it has none."""
    if chosen.series.startswith(products.PREFIX):
        current = frames.current_regions()
        inside = current.loc[current["country"] == region, "code"]
        if not len(inside) and region not in products.countries():
            return name
        region = str(inside.iloc[0]) if len(inside) else region
    return dcc.Link(name, href=frames.href(chosen.href(PATH, region=region)), className="number-link")


def source(chosen: SpecialisationFilters, shown: Portfolio) -> tuple[str, ...]:
    """Whose source and method apply."""
    return (shown.provenance or chosen.series,)


def page_rows(shown: Portfolio) -> int:
    """How many rows of a table the page shows; 0 for all."""
    return PAGE_ROWS if shown.trade else 0


def told(shown: Portfolio, *columns: Column) -> tuple[Column, ...]:
    """Columns of a table without those that hold nothing: sources of trade publish no flags."""
    return tuple(column for column in columns if not (shown.trade and column.name == "flags"))
