"""What next: the diamond, the moves with their evidence, why an industry, and the industry space."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from dash import dcc, html

from dashboard import frames, products, specialisations
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.specialisation_parts import (
    PATH,
    SpecialisationFilters,
    asked,
    cell,
    decimals,
    industry_columns,
    missing,
    page_rows,
    pick_button,
    picked,
    place_notes,
    region_link,
    source,
    subtitle,
    term,
    told,
)
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import diamond as diamond_figure
from dashboard.figures import network
from dashboard.figures.ranges import escape
from dashboard.i18n import N_, _, ngettext, number, percent, signed
from dashboard.specialisations import QUADRANT_MEANINGS, QUADRANTS, Portfolio, Why

STATES = {True: N_("present"), False: N_("possible")}
"""What an industry is to a region, by whether it is present; unknown where its figure is missing."""


def state(present: Any) -> str:
    """Present, possible or unknown, in words."""
    return _(STATES[bool(present)]) if present is True or present is False else _("unknown")


def _quadrant(code: Any) -> str:
    return _(QUADRANTS[code]) if code in QUADRANTS else ""


def _meaning(code: str) -> str:
    return _(QUADRANT_MEANINGS[code])


def _names(codes: list[str], short: Mapping[str, str]) -> str:
    return "; ".join(str(short.get(code, code)) for code in codes)


def _holders(codes: list[str], names: Mapping[str, str]) -> str:
    return "; ".join(names.get(code, code) for code in codes)


def _hover(shown: Portfolio, row: Mapping[str, Any]) -> str:
    if shown.trade:
        return "<br>".join([_product(row), _("LQ {value}").format(value=number(row["lq"], 2))])
    lines = [
        f"<b>{escape(str(row['name']))}</b> ({state(row['present'])})",
        cell(_("Relatedness"), row["density"]),
        cell(_("Complexity"), row["pci"], sign=True),
        cell(_("Location quotient"), row["lq"]),
        f"{shown.value(row['value'])} ({escape(specialisations.unit(shown))})",
    ]
    return "<br>".join(lines)


def _product(row: Mapping[str, Any]) -> str:
    """Head of the label of a product: short, since a figure holds a thousand of them."""
    return f"<b>{escape(str(row['short']))}</b> ({row['industry']})"


def _labels(names: Iterable[str], codes: Iterable[str], shown: Portfolio) -> list[str]:
    """Names as they stand beside points."""
    if not shown.trade:
        return list(names)
    return [products.label(str(name), str(code)) for name, code in zip(names, codes, strict=True)]


def _table(rows: pd.DataFrame, shown: Portfolio, names: str = "name") -> pd.DataFrame:
    short = dict(zip(shown.rows["industry"], shown.rows["short"], strict=True))
    places = specialisations.region_names(shown)
    return industry_columns(rows, names, pick=True).assign(
        state=[state(present) for present in rows["present"]],
        quadrant_name=[_quadrant(code) for code in rows["quadrant"]],
        related_names=[_names(codes, short) for codes in rows["related"]],
        holder_names=[_holders(codes, places) for codes in rows["holders"]],
    )


def _no_relatedness(shown: Portfolio) -> str:
    if shown.stand == "none":
        return missing(shown)
    if not shown.related:
        return _("A country's figures stand in for the region here; relatedness is only computed for regions.")
    return shown.say(
        N_(
            "Complexity cannot be told from these figures: the industries fall into groups of regions that share none, "
            "or are too alike. The moves beside go by nearness alone."
        )
    )


DIAMOND = N_(
    "Each circle is an industry: filled where the region is specialised in it, hollow where it is not; its area is the "
    "industry's size in all regions together. To the right lie industries that often go together with what the region "
    "already does (lower risk), to the top those that few and versatile regions have (higher gain). The dotted lines "
    "are the means at which the quadrants part."
)


@exhibit("specialisation-diamond", SpecialisationFilters)
def diamond(chosen: SpecialisationFilters) -> Exhibit:
    """Relatedness against complexity of the industries of one region, those present and those possible."""
    shown = asked(chosen)
    drawable = shown.related and shown.identified
    rows = shown.rows if shown.related else shown.rows.iloc[:0]
    named = set(specialisations.moves(shown, chosen.minimum)["industry"]) if shown.related else set()
    known = [present is True or present is False for present in rows["present"]] if len(rows) else []
    open_ = rows[[present is False for present in rows["present"]]] if len(rows) else rows
    both = open_[open_["quadrant"] == "high_road"] if len(rows) else rows
    figure = None
    if drawable:
        points = rows[known].assign(
            label=lambda frame: _labels(frame["short"], frame["industry"], shown),
            present=lambda frame: frame["present"].astype(bool),
            size=lambda frame: frame["area_total"],
            move=lambda frame: frame["industry"].isin(named),
            picked=lambda frame: frame["industry"] == picked(chosen, shown),
            hover=lambda frame: [_hover(shown, row) for row in frames.records(frame)],
        )
        figure = diamond_figure.quadrants(
            points,
            specialisations.split(shown),
            {code: _(name) for code, name in QUADRANTS.items()},
            _("Relatedness density"),
            _("Complexity"),
        )
    notes = [*place_notes(chosen, shown)]
    if shown.related and shown.coarse:
        notes.append(_coarse(shown))
    notes += specialisations.conventions(shown) if drawable else []
    return Exhibit(
        key="specialisation-diamond",
        answer=_diamond_answer(shown, open_, both, drawable),
        subtitle=subtitle(shown),
        figure=figure,
        table=_table(_promising_first(rows, shown, chosen), shown) if len(rows) else pd.DataFrame(),
        columns=told(
            shown,
            Column("industry", shown.say(N_("Industry")), "industry"),
            Column("state", shown.say(N_("In this region"))),
            Column("value", shown.say(N_("Figure")), "number", decimals(shown)),
            Column("flags", _("Flags"), "flags"),
            Column("lq", _("Location quotient"), "number", 2),
            Column("density", _("Relatedness density"), "number", 3),
            Column("relative_density", _("Relative density"), "signed", 2),
            Column("pci", _("Complexity"), "signed", 2),
            Column("gain", shown.say(N_("Gain for the region's outlook")), "signed", 3),
            Column("quadrant_name", _("Quadrant")),
            Column("related_names", shown.say(N_("Related industries already present"))),
            Column("holder_names", shown.say(N_("Regions that have it"))),
        ),
        indicators=source(chosen, shown),
        how=shown.say(DIAMOND),
        notes=tuple(notes),
        empty="" if drawable else _no_relatedness(shown),
        query=chosen.query(),
        path=PATH,
        height=470,
        page_rows=page_rows(shown),
    )


def _promising_first(rows: pd.DataFrame, shown: Portfolio, chosen: SpecialisationFilters) -> pd.DataFrame:
    """Rows of a long list with what could come next first; a short one stays as it is."""
    if not shown.trade:
        return rows
    order = specialisations.possible(shown, chosen.minimum)["industry"].tolist()
    places = {code: place for place, code in enumerate(order)}
    by = rows["industry"].map(places).fillna(len(places))
    return rows.loc[by.sort_values(kind="stable").index].reset_index(drop=True)


def _coarse(shown: Portfolio) -> str:
    return shown.say(
        N_(
            "Only {n} broad industries are told apart here. Within each lie near and far, simple and complex "
            "activities, so this is a first look: no order of moves is claimed. Finer figures (NACE divisions) can be "
            "loaded."
        )
    ).format(n=number(len(shown.rows)))


def _diamond_answer(shown: Portfolio, open_: pd.DataFrame, both: pd.DataFrame, drawable: bool) -> str:
    if shown.stand == "none":
        return shown.say(N_("{region}: nothing is known of its industries here.")).format(region=shown.name)
    if not drawable:
        return _("{region}: relatedness and complexity cannot be put beside each other.").format(region=shown.name)
    if both.empty:
        template = shown.say(
            N_("{region}: of {n} industries that it is not specialised in, none is both near and complex.")
        )
    elif shown.trade:
        template = ngettext(
            "{region}: of {n} products that it has no advantage in, {k} is both near and complex.",
            "{region}: of {n} products that it has no advantage in, {k} are both near and complex.",
            len(both),
        )
    else:
        template = ngettext(
            "{region}: of {n} industries that it is not specialised in, {k} is both near and complex.",
            "{region}: of {n} industries that it is not specialised in, {k} are both near and complex.",
            len(both),
        )
    return template.format(region=shown.source_name, n=number(len(open_)), k=number(len(both)))


@exhibit("specialisation-moves", SpecialisationFilters)
def moves(chosen: SpecialisationFilters) -> Exhibit:
    """The moves of the heading, each with its evidence."""
    shown = asked(chosen)
    rows = specialisations.moves(shown, chosen.minimum) if shown.related else pd.DataFrame()
    table = pd.DataFrame()
    if len(rows):
        table = _table(rows, shown, "short").assign(anchor=[specialisations.anchor(code) for code in rows["industry"]])
    rule = (
        _("Ordered by nearness alone.")
        if shown.coarse or not shown.identified
        else shown.say(
            N_("Ordered by the mean of two ranks: nearness and complexity; far and simple industries are left out.")
        )
    )
    never = shown.say(
        N_(
            "Public services and households (sections O, P, Q, T and U) are measured but never named: their size "
            "follows population and public budgets."
        )
    )
    notes = [*place_notes(chosen, shown), f"{rule} {never}"]
    return Exhibit(
        key="specialisation-moves",
        answer=_moves_answer(shown, rows) if len(rows) else _no_answer(shown),
        subtitle=subtitle(shown),
        table=table,
        columns=(
            Column("industry", _("Next move"), "industry"),
            Column("density", _("Relatedness"), "number", 2),
            Column("pci", _("Complexity"), "signed", 2),
            Column("related_names", _("Builds on")),
            *((Column("holder_names", _("Also exported by")),) if shown.trade else ()),
        ),
        indicators=source(chosen, shown),
        how=shown.say(
            N_(
                "Relatedness density is the share of an industry's ties that lead to industries already present, from "
                "0 to 1. Complexity is a standard score: 0 is the mean region. Both say what is likely to fit, not "
                "what will succeed."
            )
        ),
        notes=tuple(notes) if len(rows) else place_notes(chosen, shown),
        empty="" if len(rows) else _no_moves(shown),
        query=chosen.query(),
        path=PATH,
    )


def _moves_answer(shown: Portfolio, rows: pd.DataFrame) -> str:
    return _("{region}, what speaks for each move: {industries}.").format(
        region=shown.label, industries="; ".join(specialisations.inline(str(name)) for name in rows["short"])
    )


def _no_answer(shown: Portfolio) -> str:
    return _("{region}: no next move can be named.").format(region=shown.name)


def _no_moves(shown: Portfolio) -> str:
    if shown.stand == "none" or not shown.related:
        return _no_relatedness(shown)
    return _("Choose a smaller size under “More options”, or another year.")


def why_panel(chosen: SpecialisationFilters) -> html.Section | None:
    """Why the picked industry is, or could be, the region's."""
    shown = asked(chosen)
    code = picked(chosen, shown)
    found = specialisations.why(shown, code) if code else None
    if found is None:
        return None
    row = found.row
    title = (
        shown.say(N_("Why is {industry} present?"))
        if row["present"] is True
        else _("Why could {industry} come next?")
        if row["present"] is False
        else _("What is known of {industry}?")
    )
    parts: list[Any] = [
        html.H2(title.format(industry=specialisations.inline(str(row["short"]))), id="why-title"),
        html.P([str(row["name"]), f" ({code})"], className="card-subtitle"),
    ]
    if row["quadrant"] in QUADRANTS:
        parts.append(
            html.P(
                [
                    html.Strong(_quadrant(row["quadrant"])),
                    " – ",
                    _meaning(row["quadrant"]),
                    ".",
                ],
                className=f"quadrant quadrant-{row['quadrant']}",
            )
        )
    parts.append(html.Dl(_facts(chosen, shown, found), className="why-facts"))
    return html.Section(
        parts, className="figure-card why", id="why", **attributes(aria_labelledby="why-title", aria_live="polite")
    )


def _facts(chosen: SpecialisationFilters, shown: Portfolio, found: Why) -> list[Any]:
    row = found.row
    facts: list[tuple[Any, Any]] = []
    if len(found.related):
        items = []
        for item in frames.records(found.related):
            words: list[Any] = [pick_button(str(item["industry"]), str(item["name"]))]
            if item["proximity"] == item["proximity"]:
                words.append(" " + _("(proximity {value})").format(value=number(item["proximity"], 2)))
            items.append(html.Li(words))
        facts.append((shown.say(N_("Related industries already present")), html.Ul(items, className="list-plain")))
    elif shown.related:
        facts.append((shown.say(N_("Related industries already present")), _("none")))
    if row["density"] == row["density"]:
        k, n = found.nearer
        nearness = number(row["density"], 2)
        if n:
            template = (
                shown.say(N_("{value}, nearer than {k} of the {n} other industries present"))
                if row["present"] is True
                else shown.say(N_("{value}, nearer than {k} of the {n} other possible industries"))
            )
            nearness = template.format(value=nearness, k=number(k), n=number(n))
        meaning = shown.say(N_("The share of an industry's ties that lead to industries already present, from 0 to 1."))
        facts.append((term(_("Relatedness density"), meaning), nearness))
    if row["pci"] == row["pci"]:
        k, n = found.harder
        rank = shown.say(N_("{value}, more complex than {k} of the {n} other industries"))
        meaning = shown.say(N_("High for industries that only few regions have, and those regions have many others."))
        facts.append(
            (term(_("Complexity"), meaning), rank.format(value=signed(row["pci"], 2), k=number(k), n=number(n)))
        )
    if row["gain"] == row["gain"] and row["present"] is False:
        meaning = shown.say(N_("How much nearer the region would come to complex industries that it does not have."))
        facts.append((term(shown.say(N_("Gain for the region's outlook")), meaning), signed(row["gain"], 3)))
    if len(found.holders):
        items = [
            html.Li(
                [
                    region_link(str(item["region"]), str(item["name"]), chosen),
                    " " + _("(LQ {value})").format(value=number(item["lq"], 2)) if item["lq"] == item["lq"] else "",
                ]
            )
            for item in frames.records(found.holders)
        ]
        facts.append((shown.say(N_("Regions that have it, most alike first")), html.Ul(items, className="list-plain")))
    meaning = shown.say(
        N_("The industry's share here over its share in all regions together: 1 is the same, 2 twice as much.")
    )
    figure = _("{value} ({unit}), {share} of the total").format(
        value=shown.value(row["value"]), unit=specialisations.unit(shown), share=percent(row["share"], 1)
    )
    facts.append((_("Size here"), figure if row["value"] == row["value"] else _("not published")))
    facts.append((term(_("Location quotient"), meaning), number(row["lq"], 2)))
    if row["growth"] == row["growth"]:
        broken = " " + _("(over a break in the series)") if row.get("growth_break") else ""
        facts.append((_("Growth a year, last five years"), signed(row["growth"] * 100, 1) + "%" + broken))
    return [html.Div([html.Dt(name), html.Dd(value)]) for name, value in facts]


@exhibit("specialisation-space", SpecialisationFilters)
def space(chosen: SpecialisationFilters) -> Exhibit:
    """The network of related industries with the region's portfolio lit."""
    shown = asked(chosen)
    found = shown.industries
    placed = len(found) > 0 and shown.stand != "none"
    mine = shown.rows.set_index("industry") if placed else pd.DataFrame()
    nodes = pd.DataFrame()
    figure = None
    lit: set[str] = set()
    if placed:
        lit = {
            code for code, present in zip(shown.rows["industry"], shown.rows["present"], strict=True) if present is True
        }
        nodes = found[np.isfinite(found["x"].astype(float))].reset_index(drop=True)
        codes = nodes["industry"].astype(str)
        full, short = specialisations.industry_names(shown.series, found)
        choice = picked(chosen, shown)
        nodes = nodes.assign(
            name=[full.get(code, code) for code in codes],
            short=[short.get(code) or full.get(code, code) for code in codes],
            label=_labels([short.get(code) or full.get(code, code) for code in codes], codes, shown),
            size=nodes["total"],
            present=codes.isin(lit),
            picked=codes == choice,
            lq=codes.map(mine["lq"]).astype(float),
            state=[_("present") if code in lit else _("not present") for code in codes],
        )
        named = set(specialisations.moves(shown, chosen.minimum)["industry"]) | {choice}
        named |= set(shown.rows[shown.rows["industry"].isin(lit)].nlargest(8, "lq")["industry"])
        nodes = nodes.assign(
            named=codes.isin(named),
            hover=[_node(row, shown) for row in frames.records(nodes)],
        )
        figure = network.industry_space(nodes, shown.edges)
    edges = shown.edges
    inner = sum(a in lit and b in lit for a, b in zip(edges["source"], edges["target"], strict=True)) if placed else 0
    return Exhibit(
        key="specialisation-space",
        answer=_space_answer(shown, len(lit), len(nodes), inner, len(edges)),
        subtitle=subtitle(shown),
        figure=figure,
        table=industry_columns(_largest_quotient_first(nodes, shown)) if placed else pd.DataFrame(),
        columns=(
            Column("industry", shown.say(N_("Industry")), "industry"),
            Column("state", shown.say(N_("In this region"))),
            Column("lq", _("Location quotient"), "number", 2),
            Column("total", shown.say(N_("All regions together")), "number", decimals(shown)),
            Column("ubiquity", shown.say(N_("Regions that are specialised in it")), "number"),
            Column("pci", _("Complexity"), "signed", 2),
        ),
        indicators=source(chosen, shown),
        how=shown.say(
            N_(
                "Industries that tend to be strong in the same regions are joined and lie near each other; the layout "
                "is the same for all regions. Filled: the region is specialised in it. Blue lines join two that it "
                "has. The area of a circle is the industry's size in all regions together."
            )
        ),
        notes=place_notes(chosen, shown),
        empty="" if placed else missing(shown),
        query=chosen.query(),
        path=PATH,
        height=540,
        page_rows=page_rows(shown),
    )


def _node(row: Mapping[str, Any], shown: Portfolio) -> str:
    if shown.trade:
        return "<br>".join([_product(row), cell(_("Location quotient"), row["lq"])])
    lines = [
        f"<b>{escape(str(row['name']))}</b> ({row['state']})",
        cell(_("Location quotient"), row["lq"]),
        cell(shown.say(N_("Regions that are specialised in it")), row["ubiquity"], 0),
    ]
    return "<br>".join(lines)


def _largest_quotient_first(nodes: pd.DataFrame, shown: Portfolio) -> pd.DataFrame:
    return nodes.sort_values(["lq", "industry"], ascending=[False, True]) if shown.trade and len(nodes) else nodes


def _space_answer(shown: Portfolio, lit: int, nodes: int, inner: int, edges: int) -> str:
    if not nodes:
        return shown.say(N_("{region}: nothing is known of its industries here.")).format(region=shown.name)
    if shown.trade:
        template = ngettext(
            "{region}: {k} of {n} products is lit; {m} of {e} ties between products join two that it has.",
            "{region}: {k} of {n} products are lit; {m} of {e} ties between products join two that it has.",
            lit,
        )
        return template.format(
            region=shown.source_name, k=number(lit), n=number(nodes), m=number(inner), e=number(edges)
        )
    template = ngettext(
        "{region}: {k} of {n} industries is lit; {m} of {e} ties between industries join two that it has.",
        "{region}: {k} of {n} industries are lit; {m} of {e} ties between industries join two that it has.",
        lit,
    )
    return template.format(region=shown.source_name, k=number(lit), n=number(nodes), m=number(inner), e=number(edges))


def _key(shown: Portfolio) -> html.Ul:
    marks = (
        ("present", _("specialised in it")),
        ("possible", _("not specialised in it")),
        ("move", _("next move, picked with a thick rim")),
    )
    return html.Ul(
        [
            html.Li([html.Span(className=f"key-circle key-{kind}", **attributes(aria_hidden="true")), words])
            for kind, words in marks
        ],
        className="figure-key list-plain",
    )


def next_part(chosen: SpecialisationFilters) -> list[Any]:
    """The diamond, and beside it the moves and why the picked industry."""
    shown = asked(chosen)
    picture = html.Div(
        exhibit_card(diamond(chosen), extra=_key(shown) if shown.related and shown.identified else None),
        className="span-12" if shown.trade else "span-7",
        **attributes(data_click_filter="pick"),
    )
    beside = html.Div(exhibit_card(moves(chosen), open_table=True), className="span-12" if shown.trade else "span-5")
    return [html.Div([picture, beside], className="grid"), why_panel(chosen)]


def heading(chosen: SpecialisationFilters) -> list[Any]:
    """The answer as heading, what the region is good at, and in whose place figures stand."""
    shown = asked(chosen)
    answer = [
        html.A(part.text, href=f"#{part.anchor}", className="number-link") if part.anchor else part.text
        for part in specialisations.headline(shown, chosen.minimum)
    ]
    good = specialisations.plain(specialisations.strengths(shown)) if len(shown.rows) else ""
    links: list[Any] = []
    if chosen.region in frames.current_regions()["code"].tolist():
        links = [
            dcc.Link(
                _("How is it doing?"), href=frames.href(f"/region?region={chosen.region}"), className="region-door"
            ),
            dcc.Link(
                _("Compare with peers"), href=frames.href(f"/compare?region={chosen.region}"), className="region-door"
            ),
        ]
    return [
        html.P(_("Specialisation – What are we good at, what next?"), className="kicker"),
        html.H1(answer),
        html.P(good, className="lead") if good else None,
        html.P(shown.note, className="note note-watch") if shown.note else None,
        html.Div(links, className="region-doors no-print"),
    ]
