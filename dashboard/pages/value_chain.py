"""Value chain: where do we sit?"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import dash
import dash_bootstrap_components as dbc
import pandas as pd
from dash import Output, callback, dcc, html

from dashboard import chains, choices, frames, products
from dashboard.chains import Standing
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.filter_bar import filter_bar, grouped
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import linkages as linkage_figures
from dashboard.figures import participation as participation_figures
from dashboard.figures import positions as position_figures
from dashboard.figures import sankey as sankey_figures
from dashboard.figures import shock as shock_figures
from dashboard.figures import smile as smile_figures
from dashboard.figures.ranges import escape
from dashboard.filters import Filters, Option, control_id, number_in, one_of, some_of
from dashboard.i18n import N_, _, ngettext, number, percent, signed, year

PAGE = "value_chain"
PATH = "/value-chain"
MOST = 4
"""Countries to compare with."""

AUTO = "auto"
HERE = "here"
SIZE = -10
ROWS = 12
PLACES = 8
"""Bars of a shock, for industries and for countries; the tables have all."""

VIEWS: Mapping[str, str] = {
    "position": N_("Position"),
    "participation": N_("Participation"),
    "chain": N_("Suppliers and buyers"),
    "linkages": N_("Linkages"),
    "whatif": N_("What if?"),
}

SHOCKS: Mapping[str, str] = {
    "demand": N_("Final demand changes"),
    "supplier": N_("A supplier is lost"),
}

LOAD_INTER = "polisee load ICIO2023_2020.csv"
LOAD_NATIONAL = "polisee load naio_10_cp1700_{country}.csv"

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Value chain"),
    title=lambda **_query: _("Value chain – Where do we sit?"),
    group="progress",
    order=6,
)


def _views() -> list[Option]:
    return [Option(code, _(label)) for code, label in VIEWS.items()]


def _shocks() -> list[Option]:
    return [Option(code, _(label)) for code, label in SHOCKS.items()]


def _partners() -> list[Option]:
    return [Option(HERE, _("The country itself")), *chains.countries()]


def _industries() -> list[Option]:
    """Every industry of every table: what an address may hold; the control offers those of the table shown."""
    return [Option(AUTO, ""), *(Option(code, code) for code in chains.industry_codes())]


@dataclass(frozen=True)
class ChainFilters(Filters):
    """What the reader wants to see."""

    view: str = one_of(_views, default="position", label=N_("View"))
    country: str = one_of(chains.countries, default="HU", label=N_("Country"))
    table: str = one_of(chains.table_options, default=chains.BEST, label=N_("Input–output table"))
    industry: str = one_of(_industries, default=AUTO, label=N_("Industry"))
    compare: tuple[str, ...] = some_of(chains.countries, at_most=MOST, label=N_("Compare with (up to 4)"))
    top: int = number_in(3, 12, 7, label=N_("Partners shown"))
    threshold: int = number_in(0, 20, 1, label=N_("Least share shown, %"))
    shock: str = one_of(_shocks, default="demand", label=N_("What happens"))
    partner: str = one_of(_partners, default=HERE, label=N_("In which country"))
    hit: str = one_of(_industries, default=AUTO, label=N_("In which industry"))
    size: int = number_in(-100, 100, SIZE, label=N_("By how many %"))
    region: str = one_of(choices.regions, default="HU33", label=N_("Region"))


@dataclass(frozen=True)
class Question:
    """What the chosen filters mean."""

    chosen: ChainFilters
    found: Standing
    industry: str
    others: tuple[Standing, ...]
    lacking: tuple[str, ...]
    usual: bool

    @property
    def label(self) -> str:
        """The chosen industry in few words."""
        return self.called(self.industry)

    def called(self, industry: str, full: bool = False) -> str:
        """Name of an industry of this table."""
        known = chains.names(self.found.classification) if self.found.classification else pd.DataFrame()
        return str(known.loc[industry, "name" if full else "label"]) if industry in known.index else industry


def _question(chosen: ChainFilters) -> Question:
    found = chains.standing(chosen.country, chosen.table)
    others, lacking = chains.comparable(found, chosen.compare or chains.company(found))
    industry = chains.chosen_industry(found, chosen.industry)
    return Question(chosen, found, industry, tuple(others), tuple(lacking), not chosen.compare)


# --- what is said on several cards ----------------------------------------------------------------------------------


def _exhibit(asked: Question, key: str, **parts: Any) -> Exhibit:
    usual = {
        "indicators": asked.found.sources,
        "query": asked.chosen.query(),
        "path": PATH,
        "subtitle": asked.found.source_name,
        "table": pd.DataFrame(),
        "columns": (),
    }
    shown = usual | parts
    table = shown["table"]
    if "industry" in table:
        # The names in the table are buttons that choose the industry, for those who do not click in figures.
        shown["table"] = table.assign(industry_name=table["name"], industry_pick="industry")
    return Exhibit(key=key, **shown)


def _missing(asked: Question, key: str, answer: str, why: str) -> Exhibit:
    return _exhibit(asked, key, answer=answer, empty=why, indicators=())


def _needs_inter_country(asked: Question) -> str:
    """Why something cannot be shown, and which file would mend it."""
    found = asked.found
    if found.outside:
        return found.outside
    return _(
        "This needs a table that follows goods and services across borders. The loaded ones hold one country each. "
        "Load an inter-country table: OECD ICIO, Eurostat FIGARO or WIOD, for example with the command “{command}”."
    ).format(command=LOAD_INTER)


def _needs_table(asked: Question) -> str:
    found = asked.found
    if found.table is not None:
        return _("The file of this table is missing or damaged. Load the table again.")
    command = LOAD_NATIONAL.format(country=found.country)
    why = _(
        "No input–output table of {country} is loaded. Eurostat's dataset naio_10_cp1700 has national tables; load "
        "one with the command “{command}”."
    ).format(country=found.name, command=command)
    return why


def _no_output(asked: Question) -> str:
    if chains.system(asked.found) is None:
        return _needs_table(asked)
    return _("This industry has no output in this table.")


def _not_computed(asked: Question) -> str:
    return _("The table is loaded, but its results have not been computed yet. Run the command “{command}”.").format(
        command="polisee derive"
    )


def _compare_note(asked: Question) -> tuple[str, ...]:
    if asked.usual and asked.others:
        return (_("Other countries can be chosen under “Compare with”, up to four."),)
    if not asked.lacking:
        return ()
    return (_("Without comparable figures: {countries}.").format(countries=", ".join(asked.lacking)),)


def _years_note(asked: Question) -> tuple[str, ...]:
    years = {one.year for one in (asked.found, *asked.others)}
    if len(years) < 2:
        return ()
    listed = ", ".join(f"{one.name} {year(one.year)}" for one in (asked.found, *asked.others))
    return (_("The years differ: {years}.").format(years=listed),)


def _how(asked: Question, text: str, *topics: str) -> str:
    """How to read a figure, and the conventions of these topics under which its numbers were computed."""
    return " ".join([text, *(chains.conventions_in_words(asked.found, *topics) if topics else ())])


def _percents(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Fractions as per cent; columns that are not there are empty."""
    return frame.assign(
        **{name: frame[name].astype(float) * 100 if name in frame else float("nan") for name in columns}
    )


def _lines(*lines: str) -> str:
    return "<br>".join(
        escape(line) if number_ else f"<b>{escape(line)}</b>" for number_, line in enumerate(lines) if line
    )


# --- position -------------------------------------------------------------------------------------------------------


@exhibit("chain-positions", ChainFilters)
def positions(chosen: ChainFilters) -> Exhibit:
    """Upstreamness and value-added share of all industries of the country."""
    asked = _question(chosen)
    found, key = asked.found, "chain-positions"
    if found.state == "none":
        return _missing(
            asked, key, _("What would show the position of {country}").format(country=found.name), _needs_table(asked)
        )
    frame = chains.industries(found)
    if frame.empty:
        return _missing(asked, key, chains.headline(found), _not_computed(asked))
    table = _percents(frame, ["value_added_share", "final_use_share"])
    table = table.sort_values("upstreamness", ascending=False, kind="stable", ignore_index=True)
    sized = chains.known_size(frame)
    table["mine"] = table["industry"] == asked.industry
    table["weight"] = table["value_added"].where(table["value_added"] > 0) if sized else float("nan")
    ends = chains.ends(found)
    first = [asked.industry, *(row["industry"] for row in ends or ())]
    rest = table.sort_values("weight", ascending=False, kind="stable")["industry"] if sized else _alternating(table)
    order = {code: place for place, code in reversed(list(enumerate([*first, *rest])))}
    drawn = table.assign(
        x=table["upstreamness"],
        y=table["value_added_share"],
        size=table["weight"],
        chosen=table["mine"],
        order=table["industry"].map(order),
        hollow=table["industry"].map(chains.exported(found)),
        hover=[_position_hover(asked, row) for row in frames.records(table)],
    )
    drawn = drawn[drawn["y"].notna()].sort_values("order", kind="stable")
    columns = [
        Column("industry", _("Industry"), "industry"),
        Column("upstreamness", _("Upstreamness, stages"), "number", 2),
        Column("downstreamness", _("Downstreamness, stages"), "number", 2),
        Column("value_added_share", _("Value added, % of output"), "number", 1),
        Column("final_use_share", _("Final use, % of output"), "number", 1),
    ]
    if sized:
        columns += [
            Column("output", _("Output, {unit}").format(unit=found.unit), "number"),
            Column("value_added", _("Value added, {unit}").format(unit=found.unit), "number"),
        ]
    return _exhibit(
        asked,
        key,
        answer=_position_answer(asked, table),
        subtitle=_("Upstreamness and value added as a share of output, all industries; {source}").format(
            source=found.source_name
        ),
        figure=position_figures.scatter(
            drawn,
            {code: _(label) for code, label in chains.GROUPS.items()},
            x_title=_("upstreamness: stages to final use"),
            y_title=_("value added, % of output"),
        ),
        table=table,
        columns=tuple(columns),
        how=_how(
            asked,
            _(
                "Upstreamness counts the stages between an industry and final use: 1 when everything is sold to final "
                "users, more when it supplies industries that supply others (Antràs, Chor, Fally and Hillberry, 2012). "
                "Downstreamness counts the stages behind it. The ringed bubble is the chosen industry."
            )
            + (" " + _("Bubbles are as large as the industry's value added.") if sized else ""),
            "upstreamness_exports",
            "inventories",
            "downstreamness",
            "value_added",
            "imports",
            "exports",
        ),
        notes=(*chains.cautions(found), *_export_note(asked, table)),
        height=520,
    )


def _export_note(asked: Question, table: pd.DataFrame) -> tuple[str, ...]:
    """How little of the chosen industry's output its position rests on, where that is little."""
    if not chains.exported(asked.found).get(asked.industry, False):
        return ()
    row = frames.records(table[table["mine"]])[0]
    return (
        _("{industry}: {share} of the output is exported.").format(
            industry=asked.label, share=percent(row["exports"] / row["output"], 0)
        ),
    )


def _alternating(table: pd.DataFrame) -> list[str]:
    """Codes from both ends of a sorted table towards its middle."""
    codes = list(table["industry"])
    return [codes[-1 - place // 2 if place % 2 else place // 2] for place in range(len(codes))]


def _position_hover(asked: Question, row: Mapping[str, Any]) -> str:
    lines = [
        str(row["name"]),
        _("{n} stages to final use").format(n=number(row["upstreamness"], 2)),
        _("value added {share}% of output").format(share=number(row["value_added_share"], 1)),
    ]
    if row.get("value_added") is not None and "output" in row:
        lines.append(_("value added {amount} {unit}").format(amount=number(row["value_added"]), unit=asked.found.unit))
    return _lines(*lines)


def _position_answer(asked: Question, table: pd.DataFrame) -> str:
    mine = frames.records(table[table["mine"]])
    if not mine:
        return chains.headline(asked.found)
    row, middle = mine[0], float(table["upstreamness"].median())
    template = (
        _("{industry}: {u} stages to final use, more upstream than the median industry of {country} ({median})")
        if row["upstreamness"] > middle
        else _("{industry}: {u} stages to final use, not further than the median industry of {country} ({median})")
    )
    return template.format(
        industry=asked.label, u=number(row["upstreamness"], 2), median=number(middle, 2), country=asked.found.name
    )


@exhibit("chain-compared", ChainFilters)
def compared(chosen: ChainFilters) -> Exhibit:
    """The same industries in other countries."""
    asked, key = _question(chosen), "chain-compared"
    frame = chains.compared(asked.found, asked.others, asked.industry)
    if frame.empty or not asked.others:
        answer = _("{country} beside other countries").format(country=asked.found.name)
        why = _("No other country has figures of the same kind.")
        if asked.lacking:
            why = _compare_note(asked)[0]
        return _missing(asked, key, answer, why)
    frame["hover"] = [
        _lines(str(r["name"]), f"{r['country_name']}: " + _("{n} stages to final use").format(n=number(r["x"], 2)))
        for r in frames.records(frame)
    ]
    mine = frame[frame["industry"] == asked.industry].sort_values("x", kind="stable")
    table = frame.pivot_table(index=["industry", "name"], columns="country", values="x", sort=False).reset_index()
    everyone = [(one.country, one.name) for one in (asked.found, *asked.others)]
    listed = ", ".join(f"{r['country_name']} {number(r['x'], 2)}" for r in frames.records(mine.iloc[::-1]))
    return _exhibit(
        asked,
        key,
        answer=_("{industry}, stages to final use: {list}").format(industry=asked.label, list=listed),
        subtitle=_("Upstreamness of the same industries; {source}").format(source=asked.found.source_name),
        figure=position_figures.beside(frame, everyone, _("stages to final use")),
        table=table,
        columns=(
            Column("industry", _("Industry"), "industry"),
            *(Column(code, name, "number", 2) for code, name in everyone if code in table),
        ),
        indicators=tuple(dict.fromkeys(code for one in (asked.found, *asked.others) for code in one.sources)),
        how=_how(
            asked,
            _(
                "Each row is an industry, each mark a country. The same industry can stand at different places: where "
                "it sells to assemblers it is upstream, where it sells to households it is downstream."
            ),
            "upstreamness_exports",
            "inventories",
            "imports",
            "exports",
        ),
        notes=(*_compare_note(asked), *_years_note(asked)),
        height=position_figures.height(frame["industry"].nunique()),
    )


@exhibit("chain-smile", ChainFilters)
def smile(chosen: ChainFilters) -> Exhibit:
    """Who earns how much in the chain of the chosen industry's final product."""
    asked, key = _question(chosen), "chain-smile"
    found = asked.found
    title = _("Smile curve of the chosen chain")
    if found.state != "inter_country":
        return _missing(asked, key, title, _needs_inter_country(asked))
    curve = chains.smile(found, asked.industry)
    if curve is None:
        return _missing(asked, key, title, _no_output(asked))
    points = curve.points
    drawn = points.assign(
        hover=[
            _lines(
                str(r["label"]),
                _("{n} stages to the final product").format(n=number(r["x"], 2)),
                _("value added {share}% of output").format(share=number(r["y"], 1)),
                _("{share}% of the value of the chain").format(share=number(r["share"], 1)),
            )
            for r in frames.records(points)
        ]
    )
    return _exhibit(
        asked,
        key,
        answer=curve.answer,
        subtitle=_("Value chain of {industry} of {country} as a final product; {source}").format(
            industry=chains.named_in_text(asked.label), country=found.name, source=found.source_name
        ),
        figure=smile_figures.curve(
            drawn,
            curve.fitted,
            _("stages to the final product (far suppliers on the left)"),
            _("value added, % of output"),
        ),
        table=points,
        columns=(
            Column("country_name", _("Country")),
            Column("name", _("Industry")),
            Column("x", _("Stages to the final product"), "number", 2),
            Column("y", _("Value added, % of output"), "number", 1),
            Column("share", _("Share of the chain's value, %"), "number", 2),
        ),
        how=_how(
            asked,
            _(
                "After Meng, Ye and Wei (2020): each bubble is an industry of a country that earns part of the final "
                "product's value; the further left, the earlier in the chain. The curve is a quadratic fitted with the "
                "value as weight, with its 95% band; it is drawn only where it bends upwards, that is, where both ends "
                "of the chain earn more than its middle. Accented bubbles are the chosen country's own."
            ),
            "value_added",
        ),
        notes=curve.notes,
        height=480,
    )


# --- participation --------------------------------------------------------------------------------------------------


@exhibit("chain-participation", ChainFilters)
def participation(chosen: ChainFilters) -> Exhibit:
    """Backward and forward participation of countries."""
    asked, key = _question(chosen), "chain-participation"
    found = asked.found
    if found.state != "inter_country":
        title = _("{country}: participation in chains across borders").format(country=found.name)
        return _missing(asked, key, title, _needs_inter_country(asked))
    frame = chains.participation(found, () if asked.usual else asked.others)
    if frame.empty:
        return _missing(asked, key, chains.headline(found), _not_computed(asked))
    table = _percents(frame, ["backward", "forward"])
    drawn = table.assign(
        key=table["country"],
        label=table["name"],
        left=table["backward"],
        right=table["forward"],
        strong=table["country"] == found.country,
        hover=[
            _lines(
                str(r["name"]),
                _("backward {share}% of gross exports").format(share=number(r["backward"], 1)),
                _("forward {share}% of gross exports").format(share=number(r["forward"], 1)),
            )
            for r in frames.records(table)
        ],
    )
    own = frames.records(table[table["country"] == found.country])[0]
    return _exhibit(
        asked,
        key,
        answer=_(
            "{backward}% of the exports of {country} is foreign value (backward), {forward}% becomes part of others' "
            "exports (forward)"
        ).format(country=found.name, backward=number(own["backward"], 1), forward=number(own["forward"], 1)),
        subtitle=_("Participation in chains across borders, % of gross exports; {source}").format(
            source=found.source_name
        ),
        figure=participation_figures.mirror(drawn, _("backward"), _("forward")),
        table=table,
        columns=(
            Column("name", _("Country")),
            Column("backward", _("Backward, % of exports"), "number", 1),
            Column("forward", _("Forward, % of exports"), "number", 1),
            Column("position", _("Position index"), "signed", 3),
            Column("exports", _("Gross exports, {unit}").format(unit=found.unit), "number"),
            Column("domestic_content", _("Domestic content, {unit}").format(unit=found.unit), "number"),
            Column("foreign_content", _("Foreign content, {unit}").format(unit=found.unit), "number"),
            Column("vax", _("Value added absorbed abroad, {unit}").format(unit=found.unit), "number"),
        ),
        how=_how(
            asked,
            _(
                "Backward: foreign value added in gross exports (vertical specialisation after Hummels, Ishii and Yi, "
                "2001). Forward: domestic value added in the exports of other countries (Koopman and others, 2010). "
                "The position index is ln(1 + forward) − ln(1 + backward): above zero a supplier, below zero an "
                "assembler."
            ),
            "participation_countries",
            "decomposition",
            "value_added",
        ),
        notes=_compare_note(asked),
        height=participation_figures.height(len(drawn)),
    )


@exhibit("chain-participation-industries", ChainFilters)
def participation_industries(chosen: ChainFilters) -> Exhibit:
    """Backward and forward participation of the country's exporting industries."""
    asked, key = _question(chosen), "chain-participation-industries"
    found = asked.found
    title = _("{country}: participation by industry").format(country=found.name)
    if found.state != "inter_country":
        return _missing(asked, key, title, _needs_inter_country(asked))
    frame = chains.participating(found, asked.industry)
    if frame.empty:
        return _missing(asked, key, title, _not_computed(asked))
    table = _percents(frame, ["backward_participation", "forward_participation"])
    drawn = table.assign(
        key=table["industry"],
        left=table["backward_participation"],
        right=table["forward_participation"],
        strong=table["industry"] == asked.industry,
        hover=[
            _lines(
                str(r["name"]),
                _("backward {share}% of the value of its final products").format(
                    share=number(r["backward_participation"], 1)
                ),
                _("forward {share}% of its value added").format(share=number(r["forward_participation"], 1)),
                _("gross exports {amount} {unit}").format(amount=number(r["exports"]), unit=found.unit),
            )
            for r in frames.records(table)
        ],
    )
    top = frames.records(table.sort_values("backward_participation", ascending=False))[0]
    return _exhibit(
        asked,
        key,
        answer=_("Most imported value among the large exporters of {country}: {industry}, {share}%").format(
            country=found.name,
            industry=chains.named_in_text(top["label"]),
            share=number(top["backward_participation"], 1),
        ),
        subtitle=_(
            "Largest exporting industries: imported value in final products, exported inputs in value added; {source}"
        ).format(source=found.source_name),
        figure=participation_figures.mirror(drawn, _("backward"), _("forward")),
        table=table,
        columns=(
            Column("industry", _("Industry"), "industry"),
            Column("backward_participation", _("Backward, % of final products"), "number", 1),
            Column("forward_participation", _("Forward, % of value added"), "number", 1),
            Column("exports", _("Gross exports, {unit}").format(unit=found.unit), "number"),
        ),
        how=_how(
            asked,
            _(
                "The largest exporting industries, the chosen one among them. Backward: value that crossed a border in "
                "inputs, in the value of final products; forward: value added that leaves in inputs."
            ),
            "participation_industries",
        ),
        height=participation_figures.height(len(drawn)),
    )


@exhibit("chain-partners", ChainFilters)
def partners(chosen: ChainFilters) -> Exhibit:
    """Whose value is in our exports, and who absorbs our value."""
    asked, key = _question(chosen), "chain-partners"
    found = asked.found
    title = _("{country}: whose value it uses, who absorbs its own").format(country=found.name)
    if found.state != "inter_country":
        return _missing(asked, key, title, _needs_inter_country(asked))
    frame = chains.partners(found)
    if frame.empty:
        return _missing(asked, key, title, _not_computed(asked))
    table = _percents(frame, ["origin", "absorbed"])
    drawn = table.assign(
        key=table["country"],
        label=table["name"],
        left=table["origin"],
        right=table["absorbed"],
        strong=[code in chosen.compare for code in table["country"]],
        hover=[
            _lines(
                str(r["name"]),
                _("origin of {share}% of the value of gross exports").format(share=number(r["origin"], 1)),
                _("absorbs {share}% of the value added sold abroad").format(share=number(r["absorbed"], 1)),
            )
            for r in frames.records(table)
        ],
    )
    source = frames.records(table.sort_values("origin", ascending=False))[0]
    buyer = frames.records(table.sort_values("absorbed", ascending=False))[0]
    return _exhibit(
        asked,
        key,
        answer=_(
            "Most foreign value comes from {origin} ({o}% of exports), most of ours ends in {absorber} ({a}%)"
        ).format(
            origin=source["name"],
            o=number(source["origin"], 1),
            absorber=buyer["name"],
            a=number(buyer["absorbed"], 1),
        ),
        subtitle=_(
            "Origin of the value in gross exports, and where value added sold abroad is finally used, %; {source}"
        ).format(source=found.source_name),
        figure=participation_figures.mirror(drawn, _("origin"), _("absorber")),
        table=table,
        columns=(
            Column("name", _("Country")),
            Column("origin", _("Origin, % of gross exports"), "number", 1),
            Column("absorbed", _("Absorber, % of value added sold abroad"), "number", 1),
            Column("origin_value", _("Its value in our exports, {unit}").format(unit=found.unit), "number"),
            Column("absorbed_value", _("Our value added it absorbs, {unit}").format(unit=found.unit), "number"),
        ),
        how=_how(
            asked,
            _(
                "Left: value added of each country in the gross exports of the chosen one. Right: value added of the "
                "chosen country that ends in each country's final demand, on whatever way it came there (Johnson and "
                "Noguera, 2012)."
            ),
            "value_added",
        ),
        height=participation_figures.height(len(drawn)),
    )


# --- suppliers and buyers -------------------------------------------------------------------------------------------


@exhibit("chain-flows", ChainFilters)
def flows(chosen: ChainFilters) -> Exhibit:
    """Who supplies the chosen industry and who buys from it."""
    asked, key = _question(chosen), "chain-flows"
    found = asked.found
    title = _("{country}: who supplies an industry and who buys from it").format(country=found.name)
    if found.table is None:
        why = _needs_table(asked)
        return _missing(asked, key, title, why)
    streams = chains.flows(found, asked.industry, chosen.top, chosen.threshold / 100)
    if streams is None:
        return _missing(asked, key, title, _no_output(asked))
    parts = []
    for side, frame in ((_("Supplier"), streams.suppliers), (_("Buyer"), streams.buyers)):
        parts.append(frame.assign(side=side))
    table = pd.concat(parts, ignore_index=True)
    for frame in (streams.suppliers, streams.buyers):
        frame["hover"] = [
            _lines(
                str(r["name"]),
                f"{number(r['value'], streams.decimals)} {found.unit}",
                _("{share}% of output").format(share=number(r["share"], 1)),
            )
            for r in frames.records(frame)
        ]
    return _exhibit(
        asked,
        key,
        answer=streams.answer,
        subtitle=_("Suppliers and buyers of {industry}, {unit}; {source}").format(
            industry=chains.named_in_text(asked.label), unit=found.unit, source=found.source_name
        ),
        figure=sankey_figures.chain(
            streams.suppliers,
            streams.buyers,
            asked.label,
            (_("what goes in"), asked.label, _("who buys it")),
            found.unit,
        ),
        table=table,
        columns=(
            Column("name", _("Partner")),
            Column("side", _("Side")),
            Column("value", _("Amount, {unit}").format(unit=found.unit), "number", streams.decimals),
            Column("share", _("% of output"), "number", 1),
        ),
        how=_how(
            asked,
            _(
                "Left what the industry uses: inputs of other industries, imports, taxes and its own value added; "
                "right who buys its output. Both sides add up to its output. Partners below {threshold}% of output, "
                "and those after the first {top}, are together under “other”."
            ).format(threshold=number(chosen.threshold), top=number(chosen.top)),
            "imports",
            "exports",
        ),
        notes=streams.notes,
        height=sankey_figures.height(max(len(streams.suppliers), len(streams.buyers))),
    )


# --- linkages -------------------------------------------------------------------------------------------------------


@exhibit("chain-linkages", ChainFilters)
def linkages(chosen: ChainFilters) -> Exhibit:
    """Which industries of the country buy from which."""
    asked, key = _question(chosen), "chain-linkages"
    found = asked.found
    title = _("{country}: which industry buys from which").format(country=found.name)
    if found.table is None:
        why = _needs_table(asked)
        return _missing(asked, key, title, why)
    web = chains.linkages(found, asked.industry)
    if web is None:
        return _missing(asked, key, title, _not_computed(asked))
    cells = web.cells.assign(
        hover=[
            escape(
                _("{share}% of the inputs of {target} comes from {source}").format(
                    share=number(r["share"], 2), target=r["target_name"], source=r["source_name"]
                )
            )
            for r in frames.records(web.cells)
        ]
    )
    table = web.cells.sort_values("share", ascending=False, kind="stable").head(200).reset_index(drop=True)
    return _exhibit(
        asked,
        key,
        answer=web.answer,
        subtitle=_("Share of each buyer's inputs by domestic supplier, %; {source}").format(source=found.source_name),
        figure=linkage_figures.inputs(cells, web.order, web.names, web.strong),
        table=table,
        columns=(
            Column("source_name", _("Supplier")),
            Column("target_name", _("Buyer")),
            Column("share", _("Share of the buyer's inputs, %"), "number", 2),
        ),
        how=_how(
            asked,
            _(
                "Rows supply, columns buy; the darker, the larger the share of the buyer's inputs, on a logarithmic "
                "scale. Empty cells have no flow. The frame marks the chosen industry. The table has the 200 largest."
            ),
            "imports",
            "exports",
        ),
        notes=web.notes,
        height=linkage_figures.height(len(web.order)),
    )


@exhibit("chain-key", ChainFilters)
def key_sectors(chosen: ChainFilters) -> Exhibit:
    """Backward and forward linkages, key sectors and multipliers."""
    asked, key = _question(chosen), "chain-key"
    found = asked.found
    title = _("{country}: key sectors").format(country=found.name)
    if found.table is None:
        why = _needs_table(asked)
        return _missing(asked, key, title, why)
    frame = chains.industries(found)
    if frame.empty or "backward_linkage" not in frame:
        return _missing(asked, key, title, _not_computed(asked))
    table = _percents(frame, ["extraction"])
    table["key"] = table["key"].astype(bool)
    table["is_key"] = [_("yes") if flag else "" for flag in table["key"]]
    table = table.sort_values(["key", "output"], ascending=[False, False], kind="stable", ignore_index=True)
    keys = table[table["key"]]
    drawn = table.assign(
        x=table["backward_linkage"],
        y=table["forward_linkage"],
        size=table["output"],
        chosen=table["industry"] == asked.industry,
        hover=[
            _lines(
                str(r["name"]),
                _("backward linkage {value}").format(value=number(r["backward_linkage"], 2)),
                _("forward linkage {value}").format(value=number(r["forward_linkage"], 2)),
                _("output multiplier {value}").format(value=number(r["output_multiplier"], 2)),
            )
            for r in frames.records(table)
        ],
    )
    drawn = drawn[drawn["x"].notna() & drawn["y"].notna()]
    order = drawn["chosen"].map({True: 0, False: 1})
    drawn = drawn.assign(order=order).sort_values(
        ["order", "key", "size"], ascending=[True, False, False], kind="stable"
    )
    named = [chains.named_in_text(str(label)) for label in keys["label"].head(3)]
    answer = (
        ngettext(
            "{country} has {n} key sector; the largest: {list}",
            "{country} has {n} key sectors; the largest: {list}",
            len(keys),
        ).format(country=found.name, n=number(len(keys)), list=", ".join(named))
        if len(keys)
        else _("{country}: no industry is above average in both linkages").format(country=found.name)
    )
    columns = [
        Column("industry", _("Industry"), "industry"),
        Column("is_key", _("Key sector")),
        Column("backward_linkage", _("Backward linkage"), "number", 2),
        Column("forward_linkage", _("Forward linkage"), "number", 2),
        Column("output_multiplier", _("Output multiplier"), "number", 2),
        Column("value_added_multiplier", _("Value-added multiplier"), "number", 2),
        Column("jobs_multiplier", _("Jobs per {unit}").format(unit=found.unit), "number", 3),
        Column("extraction", _("Output lost without it, %"), "number", 1),
    ]
    columns = [column for column in columns if column.name in table and table[column.name].notna().any()]
    return _exhibit(
        asked,
        key,
        answer=answer,
        subtitle=_("Backward and forward linkages, average of all industries = 1; {source}").format(
            source=found.source_name
        ),
        figure=position_figures.scatter(
            drawn,
            {code: _(label) for code, label in chains.GROUPS.items()},
            x_title=_("backward linkage: how much it pulls on suppliers"),
            y_title=_("forward linkage: how much others rest on it"),
            y_suffix="",
            lines=(1.0, 1.0),
            corners=(_("key sectors"), _("others rest on them"), _("pull on suppliers"), _("weakly linked")),
        ),
        table=table,
        columns=tuple(columns),
        how=_how(
            asked,
            _(
                "Rasmussen's indices: column sums of the Leontief inverse (backward) and row sums of the Ghosh inverse "
                "(forward), divided by their average. Key sectors are above 1 in both. A multiplier says how much "
                "output, value added or jobs one unit of final demand sets in motion; “output lost without it” is a "
                "hypothetical extraction."
            ),
            "linkages",
            "multipliers",
            "extraction",
            "imports",
            "exports",
        ),
        notes=chains.cautions(found, "diagnostics"),
        height=480,
    )


# --- what if --------------------------------------------------------------------------------------------------------


def _trace(asked: Question) -> "chains.Trace | None":
    chosen, found = asked.chosen, asked.found
    if found.table is None:
        return None
    partner = found.country if chosen.partner == HERE or not found.table.holds(chosen.partner) else chosen.partner
    hit = asked.industry if chosen.hit == AUTO or chosen.hit not in found.table.industries else chosen.hit
    return chains.trace(found, chosen.shock, partner, hit, chosen.size)


@exhibit("chain-shock", ChainFilters)
def shock_by_industry(chosen: ChainFilters) -> Exhibit:
    """What a shock does to the industries of the country."""
    asked, key = _question(chosen), "chain-shock"
    found, trace = asked.found, _trace(asked)
    if trace is None:
        why = _needs_table(asked)
        return _missing(asked, key, _("{country}: what would a shock do?").format(country=found.name), why)
    table = trace.industries
    drawn = table.head(ROWS).assign(
        key=lambda rows: rows["industry"],
        strong=lambda rows: rows["industry"] == trace.hit,
        hover=lambda rows: [_shock_hover(asked, row, trace) for row in frames.records(rows)],
    )
    columns = [
        Column("industry", _("Industry"), "industry"),
        Column("value", _("Change of output, {unit}").format(unit=found.unit), "signed", trace.decimals),
        Column("relative", _("Change of output, %"), "signed", 2),
        Column("value_added", _("Change of value added, {unit}").format(unit=found.unit), "signed", trace.decimals),
        Column("jobs", _("Change of jobs"), "signed"),
    ]
    return _exhibit(
        asked,
        key,
        answer=trace.answer,
        subtitle=_("Change of output by industry of {country}, {unit}; {source}").format(
            country=found.name, unit=found.unit, source=found.source_name
        ),
        figure=shock_figures.bars(drawn, trace.decimals),
        table=table,
        columns=tuple(column for column in columns if column.name in table and table[column.name].notna().any()),
        how=trace.how,
        notes=_elsewhere_note(asked),
        empty="" if len(table) else _("Nothing changes: the industry has no final demand or no sales in this table."),
        height=shock_figures.height(len(drawn)),
    )


def _elsewhere_note(asked: Question) -> tuple[str, ...]:
    """That a shock abroad was asked for where the table ends at the border."""
    partner, table = asked.chosen.partner, asked.found.table
    if partner == HERE or table is None or table.holds(partner):
        return ()
    return (
        _("The table does not show {country} on its own, so the shock is in {here}.").format(
            country=frames.country_name(partner), here=asked.found.name
        ),
    )


def _shock_hover(asked: Question, row: Mapping[str, Any], trace: "chains.Trace") -> str:
    lines = [
        str(row["name"]),
        _("output {change} {unit}").format(change=signed(row["value"], trace.decimals), unit=asked.found.unit),
    ]
    if row.get("relative") == row.get("relative"):
        lines.append(signed(row["relative"], 2) + "%")
    if row.get("jobs") is not None and row["jobs"] == row["jobs"]:
        lines.append(_("jobs {change}").format(change=signed(row["jobs"])))
    return _lines(*lines)


@exhibit("chain-shock-countries", ChainFilters)
def shock_by_country(chosen: ChainFilters) -> Exhibit:
    """What the shock does to countries."""
    asked, key = _question(chosen), "chain-shock-countries"
    found, trace = asked.found, _trace(asked)
    title = _("What the shock does to other countries")
    if found.state != "inter_country":
        return _missing(asked, key, title, _needs_inter_country(asked))
    if trace is None:
        return _missing(asked, key, title, _needs_table(asked))
    table = trace.countries
    drawn = table.head(PLACES).assign(
        key=lambda rows: rows["country"],
        label=lambda rows: rows["name"],
        value=lambda rows: rows["value_added"],
        strong=lambda rows: rows["country"] == found.country,
        hover=lambda rows: [
            _lines(
                str(r["name"]),
                _("value added {amount} {unit}").format(
                    amount=signed(r["value_added"], trace.decimals), unit=found.unit
                ),
            )
            for r in frames.records(rows)
        ],
    )
    return _exhibit(
        asked,
        key,
        answer=trace.abroad,
        subtitle=_("Change of value added by country, {unit}; {source}").format(
            unit=found.unit, source=found.source_name
        ),
        figure=shock_figures.bars(drawn, trace.decimals),
        table=table,
        columns=(
            Column("name", _("Country")),
            Column("value_added", _("Change of value added, {unit}").format(unit=found.unit), "signed", trace.decimals),
            Column("output", _("Change of output, {unit}").format(unit=found.unit), "signed", trace.decimals),
        ),
        how=trace.how,
        empty="" if len(table) else _("Nothing changes: the industry has no final demand or no sales in this table."),
        height=shock_figures.height(len(drawn)),
    )


@exhibit("chain-shock-rounds", ChainFilters)
def shock_by_round(chosen: ChainFilters) -> Exhibit:
    """How the shock runs through the chain, round after round."""
    asked, key = _question(chosen), "chain-shock-rounds"
    found, trace = asked.found, _trace(asked)
    title = _("How the shock runs along the chain")
    if trace is None:
        return _missing(asked, key, title, _needs_table(asked))
    table = trace.rounds
    drawn = table.assign(
        hover=[
            _lines(
                _("Round {n}").format(n=number(r["round"])),
                f"{signed(r['value'], trace.decimals)} {found.unit}",
                _("so far {share}% of the whole").format(share=number(r["share"], 1)),
            )
            for r in frames.records(table)
        ]
    )
    return _exhibit(
        asked,
        key,
        answer=trace.steps,
        subtitle=_("Change of output in each round and so far, {unit}; {source}").format(
            unit=found.unit, source=found.source_name
        ),
        figure=shock_figures.rounds(drawn, found.unit, _("round")),
        table=table,
        columns=(
            Column("round", _("Round"), "number"),
            Column("value", _("Change of output, {unit}").format(unit=found.unit), "signed", trace.decimals),
            Column("total", _("So far, {unit}").format(unit=found.unit), "signed", trace.decimals),
            Column("share", _("So far, % of the whole"), "number", 1),
        ),
        how=_(
            "Round 0 is the shock itself, round 1 what its direct suppliers lose or gain, round 2 their suppliers, and "
            "so on. Rounds are steps along the chain, not years."
        )
        + " "
        + trace.how,
        empty="" if len(table) else _("Nothing changes: the industry has no final demand or no sales in this table."),
        height=360,
    )


# --- page -----------------------------------------------------------------------------------------------------------


def _wide(card: html.Article) -> html.Div:
    """A figure that may be scrolled sideways on a phone instead of being squeezed, by keyboard too."""
    for part in card.children:
        if getattr(part, "role", None) == "img":
            part.tabIndex = "0"
    return html.Div(card, className="chain-wide")


def _picking(card: Any, name: str) -> html.Div:
    """A figure whose marks can be clicked; the same can be chosen in the filter of that name."""
    return html.Div(card, **attributes(data_click_filter=name))


def _show_position(asked: Question) -> list[Any]:
    if asked.found.state == "none":
        only = positions(asked.chosen)
        return [only.answer, exhibit_card(only)]
    first, second, third = positions(asked.chosen), compared(asked.chosen), smile(asked.chosen)
    return [
        first.answer,
        _picking(exhibit_card(first), "industry"),
        html.Div(
            [
                html.Div(_picking(exhibit_card(second), "industry"), className="span-6"),
                html.Div(exhibit_card(third), className="span-6"),
            ],
            className="grid section",
        ),
    ]


def _show_participation(asked: Question) -> list[Any]:
    if asked.found.state != "inter_country":
        only = participation(asked.chosen)
        return [only.answer, exhibit_card(only), None if asked.found.outside else _elsewhere(asked)]
    first, second, third = participation(asked.chosen), participation_industries(asked.chosen), partners(asked.chosen)
    return [
        first.answer,
        html.Div(
            [
                html.Div(
                    [
                        _picking(exhibit_card(first), "country"),
                        html.Div(_picking(exhibit_card(third), "country"), className="section"),
                    ],
                    className="span-6",
                ),
                html.Div(_picking(exhibit_card(second), "industry"), className="span-6"),
            ],
            className="grid",
        ),
    ]


def _show_chain(asked: Question) -> list[Any]:
    shown = flows(asked.chosen)
    return [shown.answer, _picking(exhibit_card(shown), "industry")]


def _show_linkages(asked: Question) -> list[Any]:
    first, second = key_sectors(asked.chosen), linkages(asked.chosen)
    return [
        first.answer,
        _picking(exhibit_card(first), "industry"),
        html.Div(_wide(exhibit_card(second)), className="section"),
    ]


def _show_whatif(asked: Question) -> list[Any]:
    first = shock_by_industry(asked.chosen)
    if first.empty and asked.found.table is None:
        return [first.answer, exhibit_card(first)]
    trace = _trace(asked)
    second, third = shock_by_round(asked.chosen), shock_by_country(asked.chosen)
    return [
        first.answer,
        *([_totals(asked, trace), _assumptions(trace)] if trace is not None else []),
        html.Div(
            [
                html.Div(exhibit_card(first), className="span-7"),
                html.Div(
                    [exhibit_card(second), html.Div(exhibit_card(third), className="section")], className="span-5"
                ),
            ],
            className="grid",
        ),
    ]


def _totals(asked: Question, trace: "chains.Trace") -> html.Dl:
    return html.Dl(
        [
            html.Div(
                [
                    html.Dt(label, className="tile-label"),
                    html.Dd([html.Span(value, className="tile-value"), html.Span(more, className="tile-meta")]),
                ],
                className="tile",
            )
            for label, value, more in trace.totals
        ],
        className="tile-row chain-totals",
    )


def _assumptions(trace: "chains.Trace") -> html.Details:
    return html.Details(
        [
            html.Summary(_("What this assumes")),
            html.Ul([html.Li(text) for text in trace.assumptions]),
        ],
        className="chain-assumptions",
        open=True,
    )


def _elsewhere(asked: Question) -> html.P:
    """Where a reader finds what this page cannot show."""
    country = asked.found.country
    query = {"region": chains.region_of(country) or country}
    exports = products.series_of(country)
    if exports:
        query["series"] = exports
    words = (
        _("See what the country exports and could export next")
        if exports
        else _("See what the country is good at, by employment and trade")
    )
    return html.P(
        [
            dcc.Link(words, href=frames.href("/specialisation?" + urlencode(query))),
        ],
        className="chain-elsewhere",
    )


SHOW: Mapping[str, Callable[[Question], list[Any]]] = {
    "position": _show_position,
    "participation": _show_participation,
    "chain": _show_chain,
    "linkages": _show_linkages,
    "whatif": _show_whatif,
}


def head(asked: Question) -> list[Any]:
    """The answer of the page: where the country sits, and from which table."""
    found = asked.found
    parts: list[Any] = [
        html.P(_("Value chain – Where do we sit?"), className="kicker"),
        html.H1(chains.headline(found)),
    ]
    said = [found.source_name, *chains.coverage(found)]
    if any(said):
        parts.append(html.P(" · ".join(part for part in said if part), className="lead chain-source"))
    parts += [html.P(note, className="note note-watch") for note in found.notes]
    if found.outside:
        parts += [html.P(found.outside, className="note"), _elsewhere(asked)]
    return parts


def answer(asked: Question) -> list[Any]:
    """The chosen view: only this one is computed."""
    said, *parts = SHOW[asked.chosen.view](asked)
    return [html.P(said, id="chain-said", className="visually-hidden", role="status"), *parts]


def _industry_choice(asked: Question, first: str) -> list[dict[str, Any]]:
    return grouped([Option(AUTO, first), *chains.industry_options(asked.found)])


def _choices(asked: Question) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Industries that the two controls offer: those of the table shown."""
    return (
        _industry_choice(asked, _("Largest in manufacturing")),
        _industry_choice(asked, _("The chosen industry")),
    )


def _view_control(chosen: ChainFilters) -> html.Fieldset:
    return html.Fieldset(
        [
            html.Legend(_("View"), className="visually-hidden"),
            dbc.RadioItems(
                id=control_id(PAGE, "view"),
                options=[{"label": option.label, "value": option.value} for option in _views()],
                value=chosen.view,
                inline=True,
                class_name="view-choice",
            ),
        ],
        className="views no-print",
    )


BAR = ("country", "table", "industry", "compare", "top", "threshold")
PANEL = ("shock", "partner", "hit", "size")


def _controls(asked: Question) -> tuple[html.Div, html.Fieldset]:
    """The filter bar, and the inputs of the what-if panel, which stand apart from it."""
    bar = filter_bar(PAGE, asked.chosen, [*BAR, *PANEL])
    drawn = dict(zip([*BAR, *PANEL], bar.children, strict=False))
    for name, options in zip(("industry", "hit"), _choices(asked), strict=True):
        drawn[name].children[1].options = options
    others = [part for part in bar.children[len(drawn) :] if getattr(part, "id", None) != control_id(PAGE, "view")]
    bar.children = [*(drawn[name] for name in BAR), *others]
    usual = ChainFilters.parse()
    reset = html.Button(
        _("Reset"),
        id="chain-reset",
        type="button",
        className="btn btn-sm btn-outline-secondary",
        **attributes(data_action="set", data_values=json.dumps({name: getattr(usual, name) for name in PANEL})),
    )
    panel = html.Fieldset(
        [html.Legend(_("What if?")), *(drawn[name] for name in PANEL), reset], className="chain-panel no-print"
    )
    return bar, panel


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    if not chains.countries():
        return html.Div([html.H1(_("Value chain – Where do we sit?")), states.nothing_loaded()], className="page")
    chosen = ChainFilters.parse(_with_country(query))
    asked = _question(chosen)
    bar, panel = _controls(asked)
    return html.Div(
        [
            bar,
            html.Header(
                html.Div(head(asked), id="chain-head", **attributes(aria_live="polite")), className="page-head"
            ),
            _view_control(chosen),
            panel,
            states.loading(html.Div(answer(asked), id="chain-answer"), 600),
        ],
        className="page page-chain",
    )


def _with_country(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """A reader who comes with a region means its country."""
    region = query.get("region")
    if "country" in query or not isinstance(region, str):
        return query
    regions = frames.current_regions()
    mine = regions.loc[regions["code"] == region, "country"]
    return {**query, "country": mine.iloc[0]} if len(mine) else query


@callback(
    Output("chain-head", "children"),
    Output("chain-answer", "children"),
    Output(control_id(PAGE, "industry"), "options"),
    Output(control_id(PAGE, "hit"), "options"),
    inputs=ChainFilters.inputs(PAGE),
    prevent_initial_call=True,
)
def update(**values: Any) -> tuple[Any, ...]:
    """Answer a change of any control."""
    asked = _question(ChainFilters.parse(values))
    return head(asked), answer(asked), *_choices(asked)
