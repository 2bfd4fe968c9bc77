"""What a region is good at: its structure in a few numbers, the treemap, cluster stars and shift-share."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard import frames, specialisations
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.specialisation_parts import (
    EARLIEST,
    PATH,
    SpecialisationFilters,
    asked,
    cell,
    decimals,
    industry_columns,
    missing,
    place_notes,
    subtitle,
    term,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import shift_share as shift_figure
from dashboard.figures import treemap
from dashboard.figures.ranges import escape
from dashboard.i18n import DASH, N_, _, ngettext, number, percent, signed, year
from dashboard.specialisations import Portfolio

# --- structure ------------------------------------------------------------------------------------------------------


@exhibit("specialisation-structure", SpecialisationFilters)
def structure(chosen: SpecialisationFilters) -> Exhibit:
    """How each region's structure stands beside the others'."""
    shown = asked(chosen)
    there = shown.stand in ("own", "former")
    table = shown.regions.sort_values("krugman", ascending=False, ignore_index=True) if there else pd.DataFrame()
    return Exhibit(
        key="specialisation-structure",
        answer=_structure_answer(shown) if there else "",
        subtitle=subtitle(shown),
        table=table,
        columns=(
            Column("region", _("Region"), "region"),
            Column("total", _("Total"), "number", decimals(shown)),
            Column("diversity", _("Industries it is specialised in"), "number"),
            Column("krugman", _("Krugman index"), "number", 3),
            Column("herfindahl", _("Herfindahl index"), "number", 3),
            Column("entropy", _("Entropy, bits"), "number", 2),
            Column("hachman", _("Hachman index"), "number", 3),
            Column("eci", _("Economic complexity"), "signed", 2),
            Column("fitness", _("Fitness"), "number", 2),
            Column("outlook", _("Complexity outlook"), "signed", 2),
        ),
        indicators=(chosen.series,),
        how=_(
            "The Krugman index adds up the differences between the region's shares and those of all regions together: "
            "0 is the same mix, 2 nothing in common. Economic complexity is a standard score; outlook adds up how near "
            "the region is to complex industries that it does not have."
        ),
        notes=(*place_notes(chosen, shown), *specialisations.quality(shown)) if there else (),
        empty="" if there else missing(shown),
        query=chosen.query(),
        path=PATH,
    )


def _own(shown: Portfolio) -> Mapping[str, Any]:
    mine = shown.regions[shown.regions["region"] == shown.source]
    return frames.records(mine)[0] if len(mine) else {}


def _structure_answer(shown: Portfolio) -> str:
    own = _own(shown)
    return _(
        "{region}: its mix of industries differs by {value} from that of all regions together; that of the median "
        "region by {median} (0 is the same, 2 nothing in common)."
    ).format(
        region=shown.source_name,
        value=number(own.get("krugman"), 2),
        median=number(shown.regions["krugman"].median(), 2),
    )


def _tile(label: Any, value: str, meta: str, unit: str = "") -> html.Div:
    return html.Div(
        [
            html.Dt(label, className="tile-label"),
            html.Dd(
                [
                    html.Div([value, html.Span(unit, className="tile-unit") if unit else None], className="tile-value"),
                    html.Div(meta, className="tile-meta"),
                ]
            ),
        ],
        className="tile",
    )


def _middle(values: pd.Series, places: int, sign: bool = False) -> str:
    low, high = values.quantile(0.25), values.quantile(0.75)
    write = signed if sign else number
    return _("middle half of the regions: {low} to {high}").format(low=write(low, places), high=write(high, places))


def tiles(chosen: SpecialisationFilters) -> html.Dl | None:
    """The region's structure in at most five numbers, each beside the middle half of all regions."""
    shown = asked(chosen)
    own = _own(shown) if shown.stand in ("own", "former") else {}
    if not own:
        return None
    regions = shown.regions
    found = [
        _tile(_("Total"), shown.value(own["total"]), f"{specialisations.unit(shown)}, {year(shown.period)}"),
        _tile(
            term(
                _("Industries it is specialised in"),
                _("Those whose share here is at least as large as in all regions together (location quotient)."),
            ),
            number(own["diversity"]),
            _middle(regions["diversity"], 0),
            " / " + number(int(shown.rows["present"].notna().sum())),
        ),
        _tile(
            term(_("Krugman index"), _("How far the mix of industries is from that of all regions: 0 to 2.")),
            number(own["krugman"], 2),
            _middle(regions["krugman"], 2),
        ),
    ]
    if shown.identified and own["eci"] == own["eci"]:
        found += [
            _tile(
                term(_("Economic complexity"), _("The mean complexity of what the region is specialised in.")),
                signed(own["eci"], 2),
                _middle(regions["eci"], 2, True),
            ),
            _tile(
                term(
                    _("Complexity outlook"),
                    _("How near the region is to complex industries that it does not have; more is better."),
                ),
                signed(own["outlook"], 2),
                _middle(regions["outlook"], 2, True),
            ),
        ]
    else:
        why = _("not computed for this region") if shown.identified else _("not identified from these figures")
        found.append(_tile(_("Economic complexity"), DASH, why))
    return html.Dl(found, className="tile-row specialisation-tiles")


# --- treemap --------------------------------------------------------------------------------------------------------


@exhibit("specialisation-industries", SpecialisationFilters)
def industries(chosen: SpecialisationFilters) -> Exhibit:
    """Industries of the region by size and specialisation."""
    shown = asked(chosen)
    there = shown.stand != "none"
    rows = specialisations.structure(shown, chosen.beside) if there else pd.DataFrame()
    beside = specialisations.reference(shown, chosen.beside) if there else None
    drawn = rows[rows["value"] > 0] if there else rows
    lacking = rows[~(rows["value"] >= 0)]["short"].tolist() if there else []
    figure = None
    if there:
        figure = treemap.structure(
            drawn.assign(
                label=drawn["short"],
                figures=[
                    percent(share, 1) + " · " + _("LQ {value}").format(value=number(lq, 2))
                    for share, lq in zip(drawn["share"], drawn["lq"], strict=True)
                ],
                hover=[_industry_hover(shown, row) for row in frames.records(drawn)],
            )
        )
    notes = [*place_notes(chosen, shown)]
    if there and beside is not None:
        notes.append(
            _("Location quotients beside {area}.").format(area=beside.name)
            + " "
            + _("Hatched: estimated, provisional or of low reliability.")
        )
    if lacking:
        notes.append(_("No figure is published for: {industries}.").format(industries="; ".join(map(str, lacking))))
    return Exhibit(
        key="specialisation-industries",
        answer=_industries_answer(shown, drawn) if there else _nothing(shown),
        subtitle=subtitle(shown),
        figure=figure,
        table=industry_columns(rows) if there else rows,
        columns=(
            Column("industry", _("Industry"), "industry"),
            Column("value", _("Figure"), "number", decimals(shown)),
            Column("flags", _("Flags"), "flags"),
            Column("share", _("Share of the total (0–1)"), "number", 3),
            Column("lq", _("Location quotient"), "number", 2),
            Column("area_total", _("All regions together"), "number", decimals(shown)),
            Column("growth", _("Growth a year, last five years (0.01 = 1%)"), "signed", 3),
        ),
        indicators=(chosen.series,),
        how=_(
            "Areas are in proportion to the figures. Blue: a larger share here than in the area it is put beside "
            "(location quotient above 1); brown: a smaller one; grey: the same."
        ),
        notes=tuple(notes),
        empty="" if there else missing(shown),
        query=chosen.query(),
        path=PATH,
        height=420,
    )


def _nothing(shown: Portfolio) -> str:
    return _("{region}: nothing is known of its industries here.").format(region=shown.name)


def _industries_answer(shown: Portfolio, drawn: pd.DataFrame) -> str:
    if drawn.empty:
        return _nothing(shown)
    largest = drawn.iloc[0]
    known = drawn.dropna(subset="lq")
    if known.empty:
        return _("{region}, largest: {industry} ({share}).").format(
            region=shown.source_name, industry=_short(largest), share=percent(largest["share"], 1)
        )
    best = known.loc[known["lq"].idxmax()]
    return _(
        "{region}, largest: {industry} ({share}); most specialised: {other} (location quotient {quotient})."
    ).format(
        region=shown.source_name,
        industry=_short(largest),
        share=percent(largest["share"], 1),
        other=_short(best),
        quotient=number(best["lq"], 2),
    )


def _short(row: Mapping[str, Any] | pd.Series) -> str:
    return specialisations.inline(str(row["short"]))


def _industry_hover(shown: Portfolio, row: Mapping[str, Any]) -> str:
    lines = [
        f"<b>{escape(str(row['name']))}</b>",
        f"{shown.value(row['value'])} ({escape(specialisations.unit(shown))}), {percent(row['share'], 1)}",
        cell(_("Location quotient"), row["lq"]),
    ]
    return "<br>".join(lines)


# --- stars ----------------------------------------------------------------------------------------------------------


CRITERIA: Mapping[str, str] = {
    "size": N_("size"),
    "specialisation": N_("specialisation"),
    "focus": N_("focus"),
}
LIMITS = ("size_threshold", "specialisation_threshold", "focus_threshold")


@exhibit("specialisation-stars", SpecialisationFilters)
def stars(chosen: SpecialisationFilters) -> Exhibit:
    """Cluster stars of the region's industries."""
    shown = asked(chosen)
    there = shown.stand in ("own", "former") and bool(shown.rows["stars"].notna().any())
    rows = shown.rows if there else pd.DataFrame()
    if there:
        rows = rows.sort_values(["stars", "lq", "industry"], ascending=[False, False, True], ignore_index=True)
        limits = shown.industries.set_index("industry")
        rows = industry_columns(rows, "short", pick=True).assign(
            mark=[_stars(value) for value in rows["stars"]],
            earned=[_earned(row) for row in frames.records(rows)],
            **{name: rows["industry"].map(limits[name]) if name in limits else np.nan for name in LIMITS},
        )
    return Exhibit(
        key="specialisation-stars",
        answer=_stars_answer(shown, rows) if there else _("{region}: no cluster stars.").format(region=shown.name),
        subtitle=subtitle(shown),
        table=rows,
        columns=(
            Column("industry", _("Industry"), "industry"),
            Column("mark", _("Stars"), "mark"),
            Column("earned", _("Earned for")),
            Column("value", _("Size"), "number", decimals(shown)),
            Column("size_threshold", _("Size that earns a star"), "number", decimals(shown)),
            Column("lq", _("Location quotient"), "number", 2),
            Column("specialisation_threshold", _("Quotient that earns a star"), "number", 2),
            Column("share", _("Share of the total (0–1)"), "number", 3),
            Column("focus_threshold", _("Share that earns a star"), "number", 3),
        ),
        indicators=(chosen.series,),
        how=specialisations.star_rules(shown),
        notes=(*place_notes(chosen, shown), specialisations.star_rules(shown)) if there else place_notes(chosen, shown),
        empty="" if there else _("Stars need the region's own figures and at least ten regions with an industry."),
        query=chosen.query(),
        path=PATH,
    )


def _stars(value: Any) -> str:
    return f"stars_{int(value)}" if value == value else "not_computable"


def _earned(row: Mapping[str, Any]) -> str:
    """For which criteria an industry has its stars, in words."""
    return ", ".join(_(word) for name, word in CRITERIA.items() if row[f"{name}_star"] in (True, 1.0))


def _stars_answer(shown: Portfolio, rows: pd.DataFrame) -> str:
    starred = rows[rows["stars"] > 0]
    if starred.empty:
        return _("{region}: none of its {n} industries earns a star.").format(
            region=shown.source_name, n=number(len(rows))
        )
    best = starred.iloc[0]
    template = ngettext(
        "{region}: {k} of {n} industries earns a star; most of all {industry} ({stars} of 3).",
        "{region}: {k} of {n} industries earn stars; most of all {industry} ({stars} of 3).",
        len(starred),
    )
    return template.format(
        region=shown.source_name,
        k=number(len(starred)),
        n=number(len(rows)),
        industry=_short(best),
        stars=number(best["stars"]),
    )


# --- shift-share ----------------------------------------------------------------------------------------------------


@exhibit("specialisation-shift", SpecialisationFilters)
def shift(chosen: SpecialisationFilters) -> Exhibit:
    """What the change of each industry is made of."""
    shown = asked(chosen)
    start = None if chosen.start == EARLIEST else int(chosen.start)
    found = specialisations.shift(shown, start, chosen.beside) if shown.stand != "none" else None
    places = decimals(shown)
    table, figure, drawn, notes = pd.DataFrame(), None, 0, [*place_notes(chosen, shown)]
    if found is not None and len(found.frame):
        whole = pd.DataFrame(
            [
                {
                    "industry": "",
                    "name": _("All industries"),
                    "short": _("All industries"),
                    "start_value": found.frame["start_value"].sum(),
                    "end_value": found.frame["end_value"].sum(),
                    **found.total,
                }
            ]
        )
        table = industry_columns(pd.concat([whole, found.frame], ignore_index=True), "short").assign(
            check=lambda rows: rows["national"] + rows["mix"] + rows["regional"] - rows["change"]
        )
        table["industry"] = [code or "TOTAL" for code in table["industry"]]
        names = {part: _(name) for part, name in SHIFT_NAMES.items()}
        bars = _bars(table)
        figure = shift_figure.bars(
            bars.assign(
                label=bars["short"],
                whole=bars["industry"] == "TOTAL",
                change_text=[signed(value, places) for value in bars["change"]],
                hover=[_shift_hover(row, names, places) for row in frames.records(bars)],
                industry=["" if code in ("TOTAL", "") else code for code in bars["industry"]],
            ),
            names,
            specialisations.unit(shown),
        )
        drawn = len(bars)
        notes.append(_("The three parts add up to the change in each row; the last column of the table checks it."))
        if start is not None and start != found.start:
            notes.append(
                _("There are no figures for {asked}; the span starts in {shown}.").format(
                    asked=year(start), shown=year(found.start)
                )
            )
        if len(found.reference.regions) == 1:
            notes.append(_("The region is the only one of its country here, so its own part is zero by definition."))
        if found.left_out:
            notes.append(_("Left out for want of both years: {regions}.").format(regions="; ".join(found.left_out)))
        if found.breaks:
            notes.append(
                _("The publisher marks breaks in the series of this region: {years}.").format(
                    years=", ".join(year(period) for period in found.breaks)
                )
            )
    return Exhibit(
        key="specialisation-shift",
        answer=specialisations.shift_sentence(shown, found)
        if found is not None and len(found.frame)
        else _("{region}: no change over time can be told.").format(region=shown.name),
        subtitle=_span(shown, found),
        figure=figure,
        table=table,
        columns=(
            Column("industry", _("Industry"), "industry"),
            Column("start_value", year(found.start) if found else _("Start"), "number", places),
            Column("end_value", year(found.end) if found else _("End"), "number", places),
            Column("change", _("Change"), "signed", places),
            Column("national", _("Trend of the area"), "signed", places),
            Column("mix", _("Mix of industries"), "signed", places),
            Column("regional", _("The region's own part"), "signed", places),
            Column("check", _("Sum check (0)"), "number", 6),
        ),
        indicators=(chosen.series,),
        how=_(
            "Shift-share (Dunn, 1960). Trend: what the industry would have gained had it grown like the whole area. "
            "Mix: what its branch gained beyond that in the area. Own part: what it gained beyond its branch. The last "
            "is no proof of good or bad policy; it is what the other two do not explain."
        ),
        notes=tuple(notes),
        empty=""
        if found is not None and len(found.frame)
        else missing(shown)
        if shown.stand == "none"
        else _("No earlier year has figures for this region."),
        query=chosen.query(),
        path=PATH,
        height=shift_figure.height(drawn),
    )


SHIFT_NAMES: Mapping[str, str] = {
    "national": N_("Trend of the area"),
    "mix": N_("Mix of industries"),
    "regional": N_("The region's own part"),
    "change": N_("Change"),
}
ROWS = 12
"""How many industries the picture of shift-share shows; the rest are added up in one row."""


def _bars(table: pd.DataFrame) -> pd.DataFrame:
    """The row of all industries, those that changed most, and the rest in one."""
    whole, rows = table.iloc[:1], table.iloc[1:]
    if len(rows) <= ROWS + 1:
        return table
    most = rows.loc[rows["change"].abs().nlargest(ROWS).index].sort_values("change", ascending=False)
    rest = rows.drop(most.index)
    name = ngettext("The other {n} industry", "The other {n} industries", len(rest)).format(n=number(len(rest)))
    added = {"industry": "", "name": name, "short": name} | {part: rest[part].sum() for part in specialisations.SHIFT}
    return pd.concat([whole, most, pd.DataFrame([added])], ignore_index=True)


def _span(shown: Portfolio, found: specialisations.Shift | None) -> str:
    if found is None:
        return subtitle(shown)
    parts = (
        str(shown.series["name"]),
        specialisations.unit(shown),
        f"{year(found.start)}–{year(found.end)}",
        _("beside {area}").format(area=found.reference.name),
    )
    return ", ".join(parts)


def _shift_hover(row: Mapping[str, Any], names: Mapping[str, str], places: int) -> str:
    lines = [f"<b>{escape(str(row['name']))}</b>"]
    lines += [cell(names[part], row[part], places, sign=True) for part in ("national", "mix", "regional")]
    return "<br>".join([*lines, f"= {signed(row['change'], places)}"])


def structure_part(chosen: SpecialisationFilters) -> list[Any]:
    """What the region is good at: tiles, treemap, stars."""
    shown = asked(chosen)
    if shown.stand == "none":
        return []
    numbers = tiles(chosen)
    picture = html.Div(exhibit_card(industries(chosen)), className="section", **attributes(data_click_filter="pick"))
    parts: list[Any] = [] if numbers is None else [html.Div(exhibit_card(structure(chosen), extra=numbers))]
    return [*parts, picture, html.Div(exhibit_card(stars(chosen), open_table=True), className="section")]
