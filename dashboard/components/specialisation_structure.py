"""What a region is good at: its structure in a few numbers, the treemap, cluster stars and shift-share."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from dash import html

from dashboard import frames, products, specialisations
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
    page_rows,
    place_notes,
    source,
    subtitle,
    term,
    told,
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
    there = shown.measured
    table = _ranked(shown) if there else pd.DataFrame()
    return Exhibit(
        key="specialisation-structure",
        answer=_structure_answer(shown) if there else "",
        subtitle=subtitle(shown),
        table=table,
        columns=(
            Column("exporter", _("Exporter")) if shown.trade else Column("region", _("Region"), "region"),
            Column("total", _("Total"), "number", decimals(shown)),
            Column("diversity", shown.say(N_("Industries it is specialised in")), "number"),
            Column("krugman", _("Krugman index"), "number", 3),
            Column("herfindahl", _("Herfindahl index"), "number", 3),
            Column("entropy", _("Entropy, bits"), "number", 2),
            Column("hachman", _("Hachman index"), "number", 3),
            Column("eci", _("Economic complexity"), "signed", 2),
            Column("fitness", _("Fitness"), "number", 2),
            Column("outlook", _("Complexity outlook"), "signed", 2),
        ),
        indicators=source(chosen, shown),
        how=shown.say(
            N_(
                "The Krugman index adds up the differences between the region's shares and those of all regions "
                "together: 0 is the same mix, 2 nothing in common. Economic complexity is a standard score; outlook "
                "adds up how near the region is to complex industries that it does not have."
            )
        ),
        notes=(*place_notes(chosen, shown), *specialisations.quality(shown)) if there else (),
        empty="" if there else missing(shown),
        query=chosen.query(),
        path=PATH,
        page_rows=page_rows(shown),
    )


def _ranked(shown: Portfolio) -> pd.DataFrame:
    """All regions, the most particular structure first; of exporters the country itself, then the most complex."""
    if not shown.trade:
        return shown.regions.sort_values("krugman", ascending=False, ignore_index=True)
    names = specialisations.region_names(shown)
    table = shown.regions.assign(
        exporter=[names[str(code)] for code in shown.regions["region"]], own=shown.regions["region"] == shown.source
    )
    return table.sort_values(["own", "eci", "region"], ascending=[False, False, True], ignore_index=True)


def _own(shown: Portfolio) -> Mapping[str, Any]:
    mine = shown.regions[shown.regions["region"] == shown.source]
    return frames.records(mine)[0] if len(mine) else {}


def _structure_answer(shown: Portfolio) -> str:
    own = _own(shown)
    place, among = _place(shown, "eci")
    if shown.trade and shown.identified and place:
        return _(
            "{country}: economic complexity {value}, place {place} of {n} exporters; it has a comparative advantage in "
            "{k} of {m} products."
        ).format(
            country=shown.source_name,
            value=signed(own["eci"], 2),
            place=number(place),
            n=number(among),
            k=number(own["diversity"]),
            m=number(len(shown.rows)),
        )
    return shown.say(
        N_(
            "{region}: its mix of industries differs by {value} from that of all regions together; that of the median "
            "region by {median} (0 is the same, 2 nothing in common)."
        )
    ).format(
        region=shown.source_name,
        value=number(own.get("krugman"), 2),
        median=number(shown.regions["krugman"].median(), 2),
    )


def _place(shown: Portfolio, measure: str) -> tuple[int, int]:
    """Place among those with a value, the highest first, and how many these are; 0 without a value."""
    values = shown.regions.set_index("region")[measure].dropna()
    own = values.get(shown.source)
    return (0 if own is None else int((values > own).sum()) + 1, len(values))


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


def _middle(shown: Portfolio, measure: str, places: int, sign: bool = False) -> str:
    """What is usual; and the place among exporters, where there is a first and a last."""
    values = shown.regions[measure]
    low, high = values.quantile(0.25), values.quantile(0.75)
    write = signed if sign else number
    usual = shown.say(N_("middle half of the regions: {low} to {high}"))
    text = usual.format(low=write(low, places), high=write(high, places))
    place, among = _place(shown, measure)
    if shown.trade and sign and place:
        text = _("place {place} of {n} exporters").format(place=number(place), n=number(among)) + "; " + text
    return text


def tiles(chosen: SpecialisationFilters) -> html.Dl | None:
    """The region's structure in at most five numbers, each beside the middle half of all regions."""
    shown = asked(chosen)
    own = _own(shown) if shown.measured else {}
    if not own:
        return None
    found = [
        _tile(
            _("Total"),
            number(own["total"]) if shown.trade else shown.value(own["total"]),
            f"{specialisations.unit(shown)}, {year(shown.period)}",
        ),
        _tile(
            term(
                shown.say(N_("Industries it is specialised in")),
                shown.say(
                    N_("Those whose share here is at least as large as in all regions together (location quotient).")
                ),
            ),
            number(own["diversity"]),
            _middle(shown, "diversity", 0),
            " / " + number(int(shown.rows["present"].notna().sum())),
        ),
        _tile(
            term(
                _("Krugman index"),
                shown.say(N_("How far the mix of industries is from that of all regions: 0 to 2.")),
            ),
            number(own["krugman"], 2),
            _middle(shown, "krugman", 2),
        ),
    ]
    if shown.identified and own["eci"] == own["eci"]:
        found += [
            _tile(
                term(
                    _("Economic complexity"), shown.say(N_("The mean complexity of what the region is specialised in."))
                ),
                signed(own["eci"], 2),
                _middle(shown, "eci", 2, True),
            ),
            _tile(
                term(
                    _("Complexity outlook"),
                    shown.say(
                        N_("How near the region is to complex industries that it does not have; more is better.")
                    ),
                ),
                signed(own["outlook"], 2),
                _middle(shown, "outlook", 2, True),
            ),
        ]
    else:
        why = (
            shown.say(N_("not computed for this region"))
            if shown.identified
            else _("not identified from these figures")
        )
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
        areas = _largest(shown, drawn) if shown.trade else drawn
        figure = treemap.structure(
            areas.assign(
                label=[
                    products.label(name, code) if code else name
                    for name, code in zip(areas["short"], areas["industry"], strict=True)
                ]
                if shown.trade
                else areas["short"],
                figures=[
                    percent(share, 1) + " · " + _("LQ {value}").format(value=number(lq, 2))
                    for share, lq in zip(areas["share"], areas["lq"], strict=True)
                ],
                hover=[_industry_hover(shown, row) for row in frames.records(areas)],
            )
        )
    notes = [*place_notes(chosen, shown)]
    if there and beside is not None:
        told_beside = _("Location quotients beside {area}.").format(area=beside.name)
        more = shown.say(N_("Hatched: estimated, provisional or of low reliability."))
        notes.append(f"{told_beside} {more}")
    if lacking:
        notes.append(_("No figure is published for: {industries}.").format(industries="; ".join(map(str, lacking))))
    return Exhibit(
        key="specialisation-industries",
        answer=_industries_answer(shown, drawn) if there else _nothing(shown),
        subtitle=subtitle(shown),
        figure=figure,
        table=industry_columns(rows) if there else rows,
        columns=told(
            shown,
            Column("industry", shown.say(N_("Industry")), "industry"),
            Column("value", shown.say(N_("Figure")), "number", decimals(shown)),
            Column("flags", _("Flags"), "flags"),
            Column("share", _("Share of the total (0–1)"), "number", 3),
            Column("lq", _("Location quotient"), "number", 2),
            Column("area_total", shown.say(N_("All regions together")), "number", decimals(shown)),
            Column("growth", _("Growth a year, last five years (0.01 = 1%)"), "signed", 3),
        ),
        indicators=source(chosen, shown),
        how=_(
            "Areas are in proportion to the figures. Blue: a larger share here than in the area it is put beside "
            "(location quotient above 1); brown: a smaller one; grey: the same."
        ),
        notes=tuple(notes),
        empty="" if there else missing(shown),
        query=chosen.query(),
        path=PATH,
        height=600 if shown.trade else 420,
        page_rows=page_rows(shown),
    )


AREAS = 40
"""How many products have an area of their own; the rest are together by section."""


def _largest(shown: Portfolio, drawn: pd.DataFrame) -> pd.DataFrame:
    """The largest products, and the others in one area for each section, with a quotient of its own."""
    if len(drawn) <= AREAS + 1:
        return drawn
    classification = str(shown.series["classification"])
    rest = drawn.iloc[AREAS:]
    kinds = [products.section(str(code), classification) for code in rest["industry"]]
    sums = rest.groupby(kinds)[["value", "share", "area_total"]].sum()
    counts = rest.groupby(kinds).size()
    world = float(shown.rows["area_total"].sum())
    added = sums.rename_axis("kind").reset_index()
    names = [_rest_of(kind, int(counts[kind])) for kind in added["kind"]]
    lq = added["share"] / (added["area_total"].where(added["area_total"] > 0) / (world or np.nan))
    added = added.assign(industry="", name=names, short=names, lq=lq, lq_symmetric=(lq - 1) / (lq + 1), uncertain=False)
    columns = ["industry", "name", "short", "value", "share", "lq", "lq_symmetric", "uncertain"]
    return pd.concat([drawn[columns].iloc[:AREAS], added[columns]], ignore_index=True)


def _rest_of(section: str, count: int) -> str:
    words = ngettext("{n} other product", "{n} other products", count).format(n=number(count))
    return f"{section} ({words})" if section else words


def _nothing(shown: Portfolio) -> str:
    return shown.say(N_("{region}: nothing is known of its industries here.")).format(region=shown.name)


def _industries_answer(shown: Portfolio, drawn: pd.DataFrame) -> str:
    if drawn.empty:
        return _nothing(shown)
    largest = drawn.iloc[0]
    known = drawn.dropna(subset="lq")
    if shown.trade:
        known = known[known["share"] >= products.NOTABLE]
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


NO_STARS = N_("Stars need the region's own figures and at least ten regions with an industry.")


@exhibit("specialisation-stars", SpecialisationFilters)
def stars(chosen: SpecialisationFilters) -> Exhibit:
    """Cluster stars of the region's industries."""
    shown = asked(chosen)
    there = shown.stand in ("own", "former") and bool(shown.rows["stars"].notna().any())
    rules = shown.say(NO_STARS) if shown.trade else specialisations.star_rules(shown)
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
        answer=_stars_answer(shown, rows) if there else _("{region}: no cluster stars.").format(region=shown.label),
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
        indicators=source(chosen, shown),
        how=rules,
        notes=(*place_notes(chosen, shown), rules) if there else place_notes(chosen, shown),
        empty="" if there else shown.say(NO_STARS),
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
                    "name": shown.say(N_("All industries")),
                    "short": shown.say(N_("All industries")),
                    "start_value": found.frame["start_value"].sum(),
                    "end_value": found.frame["end_value"].sum(),
                    **found.total,
                }
            ]
        )
        rows = found.frame
        if shown.trade:
            rows = rows.loc[rows["change"].abs().sort_values(ascending=False, kind="stable").index]
        table = industry_columns(pd.concat([whole, rows], ignore_index=True), "short").assign(
            check=lambda rows: rows["national"] + rows["mix"] + rows["regional"] - rows["change"]
        )
        table["industry"] = [code or "TOTAL" for code in table["industry"]]
        names = {part: shown.say(name) for part, name in SHIFT_NAMES.items()}
        bars = _bars(shown, table)
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
            named = [*found.left_out[:NAMED], *(["…"] if len(found.left_out) > NAMED else [])]
            notes.append(_("Left out for want of both years: {regions}.").format(regions="; ".join(named)))
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
            Column("industry", shown.say(N_("Industry")), "industry"),
            Column("start_value", year(found.start) if found else _("Start"), "number", places),
            Column("end_value", year(found.end) if found else _("End"), "number", places),
            Column("change", _("Change"), "signed", places),
            Column("national", shown.say(N_("Trend of the area")), "signed", places),
            Column("mix", shown.say(N_("Mix of industries")), "signed", places),
            Column("regional", shown.say(N_("The region's own part")), "signed", places),
            Column("check", _("Sum check (0)"), "number", 6),
        ),
        indicators=source(chosen, shown),
        how=shown.say(
            N_(
                "Shift-share (Dunn, 1960). Trend: what the industry would have gained had it grown like the whole "
                "area. Mix: what its branch gained beyond that in the area. Own part: what it gained beyond its "
                "branch. The last is no proof of good or bad policy; it is what the other two do not explain."
            )
        ),
        notes=tuple(notes),
        empty=""
        if found is not None and len(found.frame)
        else missing(shown)
        if shown.stand == "none"
        else shown.say(N_("No earlier year has figures for this region.")),
        query=chosen.query(),
        path=PATH,
        height=shift_figure.height(drawn),
        page_rows=page_rows(shown),
    )


SHIFT_NAMES: Mapping[str, str] = {
    "national": N_("Trend of the area"),
    "mix": N_("Mix of industries"),
    "regional": N_("The region's own part"),
    "change": N_("Change"),
}
ROWS = 12
"""How many industries the picture of shift-share shows; the rest are added up in one row."""
NAMED = 20
"""How many of those that were left out are named."""


def _bars(shown: Portfolio, table: pd.DataFrame) -> pd.DataFrame:
    """The row of all industries, those that changed most, and the rest in one."""
    whole, rows = table.iloc[:1], table.iloc[1:]
    if len(rows) <= ROWS + 1:
        return table
    most = rows.loc[rows["change"].abs().nlargest(ROWS).index].sort_values("change", ascending=False)
    rest = rows.drop(most.index)
    template = (
        ngettext("The other {n} product", "The other {n} products", len(rest))
        if shown.trade
        else ngettext("The other {n} industry", "The other {n} industries", len(rest))
    )
    name = template.format(n=number(len(rest)))
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
