"""Part 'tables': series by industry and stored tables, with source, edition and what the balance checks found."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from dashboard import frames, trust
from dashboard.components.data_parts import PATH, table_card
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import N_, _, ngettext, number, percent
from dashboard.trust import DataFilters

KINDS: Mapping[str, str] = {
    "national": N_("Input–output table of a country"),
    "inter_country": N_("Input–output table between countries"),
    "trade": N_("Exports by country and product"),
}
"""Kinds of stored tables."""

MEGABYTE = 1024 * 1024

ROUNDING = 0.00001
"""Share of output below which a difference is not told."""


@exhibit("data-series", DataFilters)
def series_exhibit(chosen: DataFilters) -> Exhibit:
    """Series by industry: what is loaded of each."""
    frame = _series()
    loaded = int(frame["figures"].gt(0).sum()) if len(frame) else 0
    return Exhibit(
        key="data-series",
        answer=ngettext(
            "{k} of {n} series by industry is loaded.", "{k} of {n} series by industry are loaded.", loaded
        ).format(k=number(loaded), n=number(len(frame))),
        subtitle=_("Figures by region, industry and year"),
        table=frame,
        columns=(
            Column("name", _("Series")),
            Column("classification", _("Classification")),
            Column("industries", _("Industries"), "number"),
            Column("unit_label", _("Unit")),
            Column("years", _("Years")),
            Column("regions", _("Regions"), "number"),
            Column("figures", _("Figures"), "number"),
            Column("dataset", _("Dataset")),
            Column("edition", _("Edition"), "date"),
            Column("state", _("What is loaded")),
        ),
        how=_("Regions and figures are counted at every level, from those with a value."),
        query=chosen.but(part="tables").query(),
        path=PATH,
    )


def _series() -> pd.DataFrame:
    frame = frames.industry_series()
    editions = frames.datasets().set_index("code")["updated"]
    rows = []
    for row in frame.itertuples():
        years = frames.series_years(row.code)
        figures = frames.industry_figures(row.code) if years else pd.DataFrame(columns=["region", "value"])
        there = figures[figures["value"].notna()]
        command = _("not loaded: {command}").format(command=f"polisee load --live {row.dataset}")
        rows.append(
            {
                "series": row.code,
                "name": row.name,
                "classification": row.classification,
                "industries": len(row.members),
                "unit_label": row.unit_label,
                "years": trust.years_in_words(years),
                "regions": there["region"].nunique(),
                "figures": len(there),
                "dataset": row.dataset,
                "edition": editions.get(row.dataset),
                "state": _("loaded") if len(there) else command if row.kind == "structure" else _("not loaded"),
            }
        )
    return pd.DataFrame(rows, columns=[*rows[0]] if rows else ["figures"])


@exhibit("data-tables", DataFilters)
def tables_exhibit(chosen: DataFilters) -> Exhibit:
    """Stored tables: input-output tables and trade."""
    stored = frames.stored_tables()
    sources = frames.sources().set_index("code")
    publishers, licences = sources["publisher"], sources["licence"]
    table = pd.DataFrame(
        {
            "kind": [_(KINDS[kind]) for kind in stored["kind"]],
            "area": [_area(row) for row in stored.itertuples()],
            "year": stored["year"],
            "classification": stored["classification"],
            "size": [_size(row) for row in stored.itertuples()],
            "unit": stored["unit"],
            "publisher": [_(name) for name in stored["source"].map(publishers)],
            "licence": [_(name) for name in stored["source"].map(licences)],
            "dataset": stored["dataset"],
            "edition": stored["vintage"],
            "checks": [_checks(row) for row in stored.itertuples()],
            "bytes": stored["bytes"] / MEGABYTE,
            "digest": stored["digest"],
        }
    )
    return Exhibit(
        key="data-tables",
        answer=ngettext("{n} table is stored.", "{n} tables are stored.", len(table)).format(n=number(len(table)))
        if len(table)
        else _("No table is stored."),
        subtitle=_("Input–output tables and tables of trade, newest year first"),
        table=table,
        columns=(
            Column("kind", _("Kind")),
            Column("area", _("Area")),
            Column("year", _("Year"), "year"),
            Column("classification", _("Classification")),
            Column("size", _("Size")),
            Column("unit", _("Unit")),
            Column("publisher", _("Publisher")),
            Column("licence", _("Licence")),
            Column("dataset", _("Dataset")),
            Column("edition", _("Edition"), "date"),
            Column("checks", _("Balance checks")),
            Column("bytes", _("Megabytes"), "number", 1),
        ),
        how=_(
            "The balance check says by how much the output of an industry differs at most from its uses (rows) or its "
            "costs (columns), as a share of output. Tables that miss it by too much are not stored."
        ),
        query=chosen.but(part="tables").query(),
        path=PATH,
    )


def _area(row: Any) -> str:
    if row.kind == "national":
        return frames.country_name(row.country)
    count = len(row.countries)
    if row.kind == "trade":
        return ngettext("{n} exporter", "{n} exporters", count).format(n=number(count))
    return ngettext("{n} country", "{n} countries", count).format(n=number(count))


def _size(row: Any) -> str:
    if row.kind == "trade":
        count = int(row.checks.get("products", 0))
        return ngettext("{n} product", "{n} products", count).format(n=number(count))
    return ngettext("{n} industry", "{n} industries", len(row.industries)).format(n=number(len(row.industries)))


def _checks(row: Any) -> str:
    """What the checks of a table found, in words."""
    found = row.checks
    if row.kind == "trade":
        refused = int(found.get("rejected", 0))
        return ngettext("{n} row refused", "{n} rows refused", refused).format(n=number(refused))
    shares = [float(found.get(side, {}).get("share") or 0) for side in ("rows", "columns")]
    gap = max(shares)
    parts = [_("differs by {share} at most").format(share=percent(gap, 3)) if gap >= ROUNDING else _("balances")]
    idle, negative = (int(found.get(f"{name}_count", 0)) for name in ("zero_output", "negative_value_added"))
    if idle:
        parts.append(
            ngettext("{n} industry without output", "{n} industries without output", idle).format(n=number(idle))
        )
    if negative:
        words = ngettext("{n} industry with negative value added", "{n} industries with negative value added", negative)
        parts.append(words.format(n=number(negative)))
    return "; ".join(parts)


def draw(chosen: DataFilters) -> list[Any]:
    """The part as components."""
    command = "polisee load FILE, polisee derive"
    return [
        table_card(series_exhibit(chosen)),
        table_card(tables_exhibit(chosen)),
        html.P(
            _("Where the files are to be had, and on what terms, says the file docs/loading.md of the source code."),
            className="muted",
        ),
        html.P(_("From a command line: {command}").format(command=command), className="muted"),
    ]
