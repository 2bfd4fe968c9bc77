"""Compare: who is like us and what differs?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import dash
import dash_bootstrap_components as dbc
import numpy as np
import pandas as pd
from dash import Output, callback, ctx, dcc, html, no_update, set_props
from dash.exceptions import MissingCallbackContextException

from analysis import comparison, convergence, progress, ranks, sentences
from analysis import peers as likeness
from analysis.model import IndicatorSpec, Trend, join_flags
from analysis.sentences import Name
from dashboard import choices, findings, frames
from dashboard.components import states
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.components.filter_bar import filter_bar
from dashboard.components.marks import flag_words, word
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.figures import likeness as likeness_figures
from dashboard.figures import maps, ranges, scatter
from dashboard.filters import Filters, Option, control_id, number_in, one_of, some_of, switch
from dashboard.i18n import DASH, N_, _, ngettext, number, signed, year

PAGE = "compare"
PATH = "/compare"
GDP = "gdp_pps_per_head"
SIZES = ("population", "employment_total", "gdp_meur")
"""What a bubble may stand for; the one known in most of the years shown is taken."""

NEWEST = "newest"
REASONS = 3
"""How many variables explain why a peer is similar, and as many why it is different."""

LEAST_IN_YEAR = 10
"""Years in which fewer regions have both values are not shown in the scatter: the picture would say nothing."""

VIEWS: Mapping[str, str] = {
    "gaps": N_("Gaps"),
    "peers": N_("Peers"),
    "indicator": N_("One indicator"),
    "scatter": N_("Two indicators"),
    "ranking": N_("Ranking and map"),
    "convergence": N_("Convergence"),
}

dash.register_page(
    __name__,
    path=PATH,
    name=N_("Compare"),
    title=lambda **_query: _("Compare – Who is like us and what differs?"),
    group="progress",
    order=3,
)


def _views() -> list[Option]:
    return [Option(code, _(label)) for code, label in VIEWS.items()]


def _years() -> list[Option]:
    return [Option(NEWEST, _("Newest")), *choices.years()]


def _filled() -> list[Option]:
    return choices.indicators(with_data=True)


@dataclass(frozen=True)
class CompareFilters(Filters):
    """What the reader compares."""

    view: str = one_of(_views, default="gaps", label=N_("View"))
    region: str = one_of(choices.regions, default="HU33", label=N_("Region"))
    peers: str = one_of(choices.peer_methods, default="structural", label=N_("Peers"))
    indicator: str = one_of(_filled, default="rd_expenditure_gdp", label=N_("Indicator"))
    x: str = one_of(_filled, default="rd_expenditure_gdp", label=N_("Horizontal axis"))
    y: str = one_of(_filled, default="gdp_pps_per_head_eu", label=N_("Vertical axis"))
    year: str = one_of(_years, default=NEWEST, label=N_("Year"))
    n: int = number_in(2, 20, 10, label=N_("Number of peers"))
    abroad: bool = switch(label=N_("Other countries only"))
    own: tuple[str, ...] = some_of(choices.regions, at_most=choices.OWN_LIST, label=N_("My own list (up to 10)"))


@dataclass(frozen=True)
class Question:
    """What the chosen filters mean: names, peers and measures, looked up once."""

    chosen: CompareFilters
    region: Name
    peers: findings.Peers
    names: Mapping[str, str]
    specs: Mapping[str, IndicatorSpec]
    catalogue: Mapping[str, Mapping[str, Any]]
    codes: tuple[str, ...]

    def role(self, region: str) -> str:
        """Own, peer or rest."""
        return "own" if region == self.region.code else "peer" if region in self.peers.codes else "rest"

    def value(self, indicator: str, value: float) -> str:
        """A value with what follows it."""
        row = self.catalogue[indicator]
        return number(value, int(row["decimals"])) + _suffix(row)

    def subtitle(self, indicator: str, *more: str) -> str:
        """Indicator, unit and what else must be said."""
        row = self.catalogue[indicator]
        return ", ".join([str(row["name"]), str(row["unit_label"]), *more])


def _suffix(row: Mapping[str, Any]) -> str:
    suffix = row["unit_suffix"]
    return suffix.replace(" ", "\N{NO-BREAK SPACE}") if isinstance(suffix, str) else ""


def _texts(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _question(chosen: CompareFilters) -> Question:
    names = frames.region_names()
    catalogue = {str(row["code"]): _texts(row) for row in frames.records(frames.indicators())}
    return Question(
        chosen=chosen,
        region=Name(names.get(chosen.region, chosen.region), chosen.region),
        peers=findings.peers(chosen.region, chosen.peers, chosen.n, chosen.abroad, chosen.own),
        names=names,
        specs={code: IndicatorSpec.from_row(row) for code, row in catalogue.items()},
        catalogue=catalogue,
        codes=tuple(frames.current_regions()["code"]),
    )


def _wanted(chosen: CompareFilters, years: Sequence[int], otherwise: int | None) -> int | None:
    """The year asked for, the nearest one before it that has figures, else the usual one."""
    if chosen.year == NEWEST:
        return otherwise
    before = [period for period in years if period <= int(chosen.year)]
    return max(before) if before else min(years, default=otherwise)


def _year_note(chosen: CompareFilters, shown: int | None) -> tuple[str, ...]:
    if chosen.year != NEWEST and shown is not None and int(chosen.year) != shown:
        return (
            _("There are too few figures for {asked}; the figures of {shown} are shown.").format(
                asked=chosen.year, shown=shown
            ),
        )
    return ()


def _no_peers(asked: Question) -> str:
    return " ".join(
        part
        for part in (
            asked.peers.refused,
            asked.peers.note,
            _("Choose 'My own list' under 'Peers' and pick regions to compare with under 'More options'."),
        )
        if part
    )


def _ranges_note(basis: Sequence[str]) -> str:
    if "assumed" in basis:
        return _(
            "The publisher gives no error for these figures. The 90% ranges are assumed from how unevenly each "
            "region's series moves from year to year; estimated values get wider ones."
        )
    return _("The 90% ranges are the publisher's.") if "published" in basis else _("No ranges can be given.")


def _ranges(spec: IndicatorSpec, period: int) -> pd.DataFrame:
    """Values of all regions in a year with their 90% ranges; the same for every question, so kept."""

    def compute() -> pd.DataFrame:
        codes = frames.current_regions()["code"]
        return ranks.value_ranges(frames.observations([spec.code], codes), spec, period)

    return frames.remember("ranges", (spec.code, period), compute)


# --- gaps -----------------------------------------------------------------------------------------------------------


@exhibit("compare-gaps", CompareFilters)
def gaps(chosen: CompareFilters) -> Exhibit:
    """Where the region is clearly behind or ahead of its peers, over all indicators with a desired direction."""
    asked = _question(chosen)
    codes = [
        code
        for code in choices.filled_indicators()
        if code in asked.specs and asked.catalogue[code]["role"] != "structural"
    ]
    frame = frames.observations(codes, asked.codes)
    table = comparison.gaps(frame, asked.specs, chosen.region, asked.peers.codes, ranges_of=_ranges)
    for column in ("short", "name", "decimals", "unit_label"):
        table[column] = [asked.catalogue[code][column] for code in table["indicator"]]
    drawn = table.dropna(subset="position").assign(
        label=lambda rows: rows["short"],
        value_text=lambda rows: [
            asked.value(code, v) for code, v in zip(rows["indicator"], rows["value"], strict=True)
        ],
        word=lambda rows: [word(str(verdict)) for verdict in rows["verdict"]],
        hover=lambda rows: [_gap_hover(asked, record) for record in frames.records(rows)],
    )
    behind, ahead = (table[table["verdict"].isin(kinds)] for kinds in (("behind", "lower"), ("ahead", "higher")))
    lacking = sorted(set(codes) - set(table["indicator"]))
    notes = [_ranges_note(["assumed"])] if len(table) else []
    if lacking and len(table):
        left_out = ", ".join(sorted(str(asked.catalogue[code]["short"]) for code in lacking))
        notes.append(_("Left out, because too few figures can be compared: {indicators}.").format(indicators=left_out))
    return Exhibit(
        key="compare-gaps",
        answer=_gaps_answer(asked, table, behind, ahead),
        subtitle=_(
            "Newest year in which the region and at least half of its peers have a value, {first}–{last}"
        ).format(first=int(table["period"].min()), last=int(table["period"].max()))
        if len(table)
        else "",
        figure=ranges.gaps(drawn),
        table=table,
        columns=(
            Column("indicator", _("Indicator"), "indicator"),
            Column("unit_label", _("Unit")),
            Column("period", _("Year"), "year"),
            Column("value", asked.region.text, "number", "decimals"),
            Column("low", _("Low end of the 90% range"), "number", "decimals"),
            Column("high", _("High end of the 90% range"), "number", "decimals"),
            Column("flags", _("Flags"), "flags"),
            Column("median", _("Peer median"), "number", "decimals"),
            Column("peers_low", _("Peers, 10th percentile"), "number", "decimals"),
            Column("peers_high", _("Peers, 90th percentile"), "number", "decimals"),
            Column("peers_min", _("Lowest peer"), "number", "decimals"),
            Column("peers_max", _("Highest peer"), "number", "decimals"),
            Column("peers", _("Peers with a value"), "number"),
            Column("clear", _("Peers that differ clearly"), "number"),
            Column("verdict", _("Beside the peer median"), "mark"),
        ),
        indicators=tuple(table["indicator"]),
        how=_(
            "Each row puts the region (dot with its 90% range) on the scale of its peers: left is their 10th "
            "percentile, right their 90th, always with the better end on the right. The upright line is the peer "
            "median, the thin line reaches from the weakest to the strongest peer. A gap is called clear only when the "
            "region's range and the range of the peer median do not overlap; grey rows show no clear difference. "
            "Hollow dots are estimated or provisional."
        ),
        notes=tuple(notes),
        empty=""
        if len(table)
        else _no_peers(asked)
        if not asked.peers.codes
        else _("No figures to compare are loaded."),
        query=chosen.query(),
        path=PATH,
        height=ranges.height(len(drawn)),
    )


def _gaps_answer(asked: Question, table: pd.DataFrame, behind: pd.DataFrame, ahead: pd.DataFrame) -> str:
    n, k, m = len(table), len(behind), len(ahead)
    if n == 0:
        return _("{region}: no indicator can be compared with peers.").format(region=asked.region.text)
    if k and m:
        first = ngettext(
            "{region}: clearly behind the peer median in {k} of {n} indicator, clearly ahead in {m}.",
            "{region}: clearly behind the peer median in {k} of {n} indicators, clearly ahead in {m}.",
            n,
        )
    elif k:
        first = ngettext(
            "{region}: clearly behind the peer median in {k} of {n} indicator, clearly ahead in none.",
            "{region}: clearly behind the peer median in {k} of {n} indicators, clearly ahead in none.",
            n,
        )
    elif m:
        first = ngettext(
            "{region}: clearly ahead of the peer median in {m} of {n} indicator, clearly behind in none.",
            "{region}: clearly ahead of the peer median in {m} of {n} indicators, clearly behind in none.",
            n,
        )
    else:
        first = ngettext(
            "{region}: no clear difference from the peer median in the {n} indicator that can be compared.",
            "{region}: no clear difference from the peer median in any of {n} indicators.",
            n,
        )
    parts = [first.format(region=asked.region.text, k=number(k), m=number(m), n=number(n))]
    if k:
        parts.append(_extreme(asked, behind.iloc[0], N_("Furthest behind")))
    elif m:
        parts.append(_extreme(asked, ahead.iloc[-1], N_("Furthest ahead")))
    return " ".join(parts)


def _extreme(asked: Question, row: pd.Series, which: str) -> str:
    template = ngettext(
        "{which}: {indicator}; {m} of {n} peers differs clearly.",
        "{which}: {indicator}; {m} of {n} peers differ clearly.",
        int(row["clear"]),
    )
    return template.format(
        which=_(which),
        indicator=findings.measure(row["indicator"]).inline.text,
        m=number(row["clear"]),
        n=number(row["peers"]),
    )


def _gap_hover(asked: Question, record: Mapping[Any, Any]) -> str:
    show = partial(asked.value, record["indicator"])
    lines = [
        f"<b>{ranges.escape(str(record['name']))}</b>, {year(record['period'])}",
        f"{ranges.escape(asked.region.text)}: {show(record['value'])} ({show(record['low'])} – {show(record['high'])})",
        _("Peer median: {value}").format(value=show(record["median"])),
        _("Peers, 10–90%: {low} – {high}").format(low=show(record["peers_low"]), high=show(record["peers_high"])),
        _flags_text(record["flags"]),
    ]
    return "<br>".join(line for line in lines if line)


def _flags_text(flags: str) -> str:
    return flag_words(flags) if flags else ""


# --- one indicator --------------------------------------------------------------------------------------------------


@exhibit("compare-indicator", CompareFilters)
def one_indicator(chosen: CompareFilters) -> Exhibit:
    """The region and each of its peers in one indicator, with 90% ranges."""
    asked, code = _question(chosen), chosen.indicator
    spec, row, measure = asked.specs[code], asked.catalogue[code], findings.measure(code)
    frame = frames.observations([code], asked.codes)
    until = frame if chosen.year == NEWEST else frame[frame["period"] <= int(chosen.year)]
    levels = progress.level_against_peers(until, asked.specs, chosen.region, asked.peers.codes)
    level = levels.iloc[0] if len(levels) else None
    period = int(level["period"]) if level is not None and pd.notna(level["period"]) else None
    found = _ranges(spec, period or 0)
    found = found[found["region"].isin([chosen.region, *asked.peers.codes])].reset_index(drop=True)
    differences = ranks.clear_differences(found, chosen.region, asked.peers.codes, spec.direction)
    verdicts = dict(zip(differences["other"], differences["verdict"].map(str), strict=True))
    table = found.assign(
        name=found["region"].map(asked.names),
        country=found["region"].map(_countries()),
        verdict=[verdicts.get(region, "") for region in found["region"]],
        difference=[
            float(found.loc[found["region"] == chosen.region, "value"].iloc[0]) - v if period else np.nan
            for v in found["value"]
        ]
        if period
        else [],
        decimals=spec.decimals,
    )
    own, others = table[table["region"] == chosen.region], table[table["region"] != chosen.region]
    table = pd.concat([own, others], ignore_index=True)
    band = None
    middle = ""
    if period is not None and level is not None:
        band = (float(level["low"]), float(level["reference_value"]), float(level["high"]))
        middle = _("peer median {median}, 10–90% of peers {low} – {high}").format(
            median=asked.value(code, band[1]), low=asked.value(code, band[0]), high=asked.value(code, band[2])
        )
    missing = [asked.names.get(peer, peer) for peer in asked.peers.codes if peer not in set(table["region"])]
    notes = [*_year_note(chosen, period)]
    if period is not None:
        notes.append(_ranges_note(found["basis"].tolist()))
    if missing and period is not None:
        notes.append(_("No value in {year}: {regions}.").format(year=period, regions=", ".join(missing)))
    return Exhibit(
        key="compare-indicator",
        answer=findings.say(sentences.most_peers(asked.region, measure, differences)),
        subtitle=asked.subtitle(code, *([f"{year(period)}; {middle}"] if period else [])),
        figure=ranges.values(_value_rows(asked, table), band, spec.decimals, _suffix(row)),
        table=table,
        columns=(
            Column("region", _("Region"), "region"),
            Column("country", _("Country")),
            Column("period", _("Year"), "year"),
            Column("value", str(row["short"]), "number", "decimals"),
            Column("low", _("Low end of the 90% range"), "number", "decimals"),
            Column("high", _("High end of the 90% range"), "number", "decimals"),
            Column("flags", _("Flags"), "flags"),
            Column("difference", _("{region} less this region").format(region=asked.region.text), "signed", "decimals"),
            Column("verdict", _("{region} beside it").format(region=asked.region.text), "mark"),
        ),
        indicators=(code,),
        how=_(
            "Dots are values, lines their 90% ranges. The coloured stripe is the range of the chosen region: a peer "
            "whose range touches it does not differ clearly. The grey stripe holds the middle 80% of the peers, the "
            "dotted line is their median. Hollow dots are estimated, provisional or of low reliability."
        ),
        notes=tuple(notes),
        empty=""
        if period is not None
        else _no_peers(asked)
        if not asked.peers.codes
        else _(
            "There is no year in which this region and at least half of its peers have a value. Choose another "
            "indicator, year or region."
        ),
        query=chosen.query(),
        path=PATH,
        height=ranges.height(len(table)) + 20,
    )


def _value_rows(asked: Question, table: pd.DataFrame) -> pd.DataFrame:
    own = table["region"] == asked.region.code
    # The word stands in the row of the peer, so it speaks of the peer's value.
    words = {
        "ahead": _("clearly weaker"),
        "behind": _("clearly stronger"),
        "higher": _("clearly lower"),
        "lower": _("clearly higher"),
        "unclear": word("unclear"),
        "": "",
    }
    turned = {"ahead": "lower", "behind": "higher", "higher": "lower", "lower": "higher"}
    return table.assign(
        label=table["name"],
        word=["" if mine else words[verdict] for mine, verdict in zip(own, table["verdict"], strict=True)],
        verdict=["own" if mine else turned.get(v, v) for mine, v in zip(own, table["verdict"], strict=True)],
        hover=[
            "<br>".join(
                part
                for part in (
                    f"<b>{ranges.escape(str(record['name']))}</b>, {year(record['period'])}",
                    f"{asked.value(record['indicator'], record['value'])} "
                    f"({asked.value(record['indicator'], record['low'])} – "
                    f"{asked.value(record['indicator'], record['high'])})",
                    _flags_text(record["flags"]),
                )
                if part
            )
            for record in frames.records(table)
        ],
    )


def _countries() -> dict[str, str]:
    names, current = frames.region_names(), frames.current_regions()
    return {
        code: names.get(country, country) for code, country in zip(current["code"], current["country"], strict=True)
    }


# --- peers ----------------------------------------------------------------------------------------------------------


@exhibit("compare-peers", CompareFilters)
def peers(chosen: CompareFilters) -> Exhibit:
    """Who the peers are, and which variables make each of them similar or different."""
    asked = _question(chosen)
    result = asked.peers.result if asked.peers.result is not None else _own_distances(asked)
    structural = result.method == "structural"
    rows = result.frame.assign(country=result.frame["region"].map(_countries()))
    ordered = result.contributions.dropna(subset="contribution").sort_values("contribution", kind="stable")
    pieces = {peer: frames.records(part) for peer, part in ordered.groupby("region")}
    rows = rows.assign(
        alike=[_variables(asked, pieces[peer][:REASONS]) for peer in rows["region"]],
        different=[_variables(asked, pieces[peer][: -REASONS - 1 : -1]) for peer in rows["region"]],
        label=rows["region"].map(asked.names),
    )
    names = {**asked.names, **{code: str(row["short"]).rstrip(".") for code, row in asked.catalogue.items()}}
    places = 2 if structural else 0
    notes = [note for note in (asked.peers.refused, asked.peers.note) if note]
    if structural and len(rows):
        notes.append(_structural_years(asked, result))
        lacking = result.contributions.loc[result.contributions["value"].isna(), "variable"].unique()
        if len(lacking):
            without = ", ".join(str(asked.catalogue[code]["short"]) for code in lacking)
            notes.append(_("Left out, because the region itself has no figure: {variables}.").format(variables=without))
    if result.dropped:
        dropped = ", ".join(asked.names.get(code, code) for code in result.dropped)
        notes.append(_("Not considered, because structural figures are missing: {regions}.").format(regions=dropped))
    columns = [
        Column("rank", _("No."), "number"),
        Column("region", _("Region"), "region"),
        Column("country", _("Country")),
        Column("distance", _("Distance"), "number", places),
    ]
    if structural:
        columns.append(Column("alike", _("Most alike in (region / peer)")))
    columns.append(
        Column("different", _("Differs most in (region / peer)") if structural else _("Values (region / peer)"))
    )
    return Exhibit(
        key="compare-peers",
        answer=findings.say(sentences.peers_found(asked.region, result, names)),
        subtitle=_("Each peer less the region, in standard deviations; beside the name the distance")
        if structural
        else asked.subtitle(GDP),
        figure=_peers_figure(asked, result, rows, structural) if len(rows) else None,
        table=rows,
        columns=tuple(columns),
        indicators=result.variables,
        how=_(
            "Peers are found after Navarro and others (2014): size and economic structure, no results. Each "
            "variable is expressed in standard deviations over all regions (sizes as logarithms); the distance is the "
            "mean of the squared differences, 0 for a twin. A cell shows how much higher (+) or lower (−) the peer is."
        )
        if structural
        else _("Peers are the regions whose GDP per head is nearest; the distance is in the unit of the indicator."),
        notes=tuple(notes),
        empty="" if len(rows) else _no_peers(asked),
        query=chosen.query(),
        path=PATH,
        height=likeness_figures.height(len(rows)) if structural else ranges.height(len(rows) + 1) + 20,
    )


def _own_distances(asked: Question) -> likeness.PeerResult:
    """Distances to the reader's own list, by the structural variables."""
    variables = findings.structural_variables()
    values = likeness.structural_matrix(frames.observations(variables, asked.codes), variables)
    sizes = [code for code in variables if asked.specs[code].change == "relative"]
    return likeness.structural_peers(values, asked.region.code, log=sizes, own_list=asked.peers.codes)


def _variables(asked: Question, pieces: Sequence[Mapping[Any, Any]]) -> str:
    return "; ".join(
        f"{asked.catalogue[piece['variable']]['short']} {asked.value(piece['variable'], piece['value'])} / "
        f"{asked.value(piece['variable'], piece['peer_value'])}"
        for piece in pieces
    )


def _structural_years(asked: Question, result: likeness.PeerResult) -> str:
    newest = progress.latest(frames.observations(result.variables, [asked.region.code, *result.codes]))
    return _("Structural figures are the newest of each region, {first}–{last}.").format(
        first=int(newest["period"].min()), last=int(newest["period"].max())
    )


def _peers_figure(asked: Question, result: likeness.PeerResult, rows: pd.DataFrame, structural: bool) -> dict[str, Any]:
    pieces = result.contributions[result.contributions["value"].notna()]
    if structural:
        cells = pieces.assign(
            label=[asked.catalogue[code]["short"] for code in pieces["variable"]],
            difference=pieces["peer_score"] - pieces["score"],
            hover=[
                f"<b>{ranges.escape(asked.names.get(r['region'], r['region']))}</b><br>"
                f"{ranges.escape(str(asked.catalogue[r['variable']]['name']))}: "
                f"{asked.value(r['variable'], r['peer_value'])} ({ranges.escape(asked.region.text)}: "
                f"{asked.value(r['variable'], r['value'])})"
                for r in frames.records(pieces)
            ],
        )
        return likeness_figures.differences(cells, rows)
    variable = result.variables[0]
    own = pd.DataFrame({"region": [asked.region.code], "value": [float(pieces["value"].iloc[0])], "verdict": ["own"]})
    theirs = pd.DataFrame({"region": pieces["region"], "value": pieces["peer_value"], "verdict": ""})
    drawn = pd.concat([own, theirs], ignore_index=True)
    drawn = drawn.assign(
        label=drawn["region"].map(asked.names),
        low=drawn["value"],
        high=drawn["value"],
        word="",
        uncertain=False,
        hover=[
            f"{ranges.escape(asked.names.get(region, region))}: {asked.value(variable, value)}"
            for region, value in zip(drawn["region"], drawn["value"], strict=True)
        ],
    )
    row = asked.catalogue[variable]
    return ranges.values(drawn, None, int(row["decimals"]), _suffix(row))


# --- two indicators -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Pairs:
    """Both indicators and the bubble's size of every region and year: [region, period, x, y, flags, size]."""

    frame: pd.DataFrame
    size: str | None
    years: tuple[int, ...]


def _pairs(asked: Question) -> _Pairs:
    chosen = asked.chosen
    sides = {}
    for side, code in (("x", chosen.x), ("y", chosen.y)):
        frame = frames.observations([code], asked.codes)
        frame = frame[frame["value"].notna()]
        sides[side] = frame[["region", "period", "value", "flags"]].rename(
            columns={"value": side, "flags": f"flags_{side}"}
        )
    both = sides["x"].merge(sides["y"], on=["region", "period"])
    flags = [join_flags(pair) for pair in zip(both["flags_x"], both["flags_y"], strict=True)]
    both = both.drop(columns=["flags_x", "flags_y"]).assign(flags=flags)
    counts = both.groupby("period")["region"].nunique()
    shown = tuple(
        int(period) for period in counts.index[counts >= min(LEAST_IN_YEAR, int(counts.max() if len(counts) else 1))]
    )
    size = _size_indicator(asked, shown)
    return _Pairs(both.assign(size=_size_of(both, size, asked)), size, shown)


def _size_indicator(asked: Question, years: Sequence[int]) -> str | None:
    found = frames.observations([code for code in SIZES if code in asked.specs], asked.codes)
    found = found[found["value"].notna() & found["period"].isin(list(years))]
    known = found.groupby("indicator")["period"].nunique()
    return max((code for code in SIZES if code in known.index), key=lambda code: known[code], default=None)


def _size_of(both: pd.DataFrame, code: str | None, asked: Question) -> np.ndarray:
    """Size of each region in the nearest year that has one: sizes move slowly, and a bubble must not vanish."""
    if code is None or both.empty:
        return np.full(len(both), np.nan)
    known = frames.observations([code], asked.codes)
    known = known[known["value"].notna()][["region", "period", "value"]].sort_values("period")
    wanted = both[["region", "period"]].assign(order=np.arange(len(both))).sort_values("period")
    wanted = wanted.astype({"period": "int64"})
    nearest = pd.merge_asof(wanted, known.astype({"period": "int64"}), on="period", by="region", direction="nearest")
    return nearest.sort_values("order")["value"].to_numpy(float)


def _is_log(values: pd.Series, spec: IndicatorSpec) -> bool:
    """Sizes that differ by orders of magnitude need a logarithmic axis; rates and shares are read on a plain one."""
    known = values.dropna()
    if spec.change != "relative" or spec.direction != 0 or known.empty or float(known.min()) <= 0:
        return False
    return float(known.max() / known.min()) > 20


@exhibit("compare-scatter", CompareFilters)
def two_indicators(chosen: CompareFilters) -> Exhibit:
    """Two indicators of every region in one year, and the way the region has come."""
    asked = _question(chosen)
    both = _pairs(asked)
    period = _wanted(chosen, both.years, both.years[-1] if both.years else None)
    names = {side: str(asked.catalogue[code]["name"]) for side, code in (("x", chosen.x), ("y", chosen.y))}
    now = both.frame[both.frame["period"] == period].copy()
    now = now.assign(
        role=now["region"].map(asked.role),
        label=now["region"].map(asked.names),
        country=now["region"].map(_countries()),
        uncertain=[bool(set(flags) & set("efipsu")) for flags in now["flags"]],
        x_decimals=asked.specs[chosen.x].decimals,
        y_decimals=asked.specs[chosen.y].decimals,
        size_decimals=asked.specs[both.size].decimals if both.size else 0,
    )
    now["hover"] = [_pair_hover(asked, record, both.size) for record in frames.records(now)]
    order = {"own": 0, "peer": 1, "rest": 2}
    now = now.sort_values(["role", "label"], key=lambda s: s.map(order) if s.name == "role" else s)
    x_log, y_log = (_is_log(both.frame[side], asked.specs[code]) for side, code in (("x", chosen.x), ("y", chosen.y)))
    shown = both.frame[both.frame["period"].isin(both.years)]
    figure = scatter.pairs(
        now,
        _trail(both.frame, chosen.region, period),
        x_title=_axis_title(asked, chosen.x),
        y_title=_axis_title(asked, chosen.y),
        x_range=scatter.extent(shown["x"], x_log),
        y_range=scatter.extent(shown["y"], y_log),
        caption=year(period),
        x_log=x_log,
        y_log=y_log,
        largest=float(shown["size"].max()) if both.size and len(shown) else None,
    )
    x, y = findings.measure(chosen.x), findings.measure(chosen.y)
    notes = [_("Two things that move together need not cause each other: a third may drive both.")]
    if both.size:
        notes.append(
            _("Area of a bubble: {indicator}, of the same year or the nearest that has a value.").format(
                indicator=findings.measure(both.size).inline.text
            )
        )
    columns = [
        Column("region", _("Region"), "region"),
        Column("country", _("Country")),
        Column("period", _("Year"), "year"),
        Column("x", str(asked.catalogue[chosen.x]["short"]), "number", "x_decimals"),
        Column("y", str(asked.catalogue[chosen.y]["short"]), "number", "y_decimals"),
        Column("flags", _("Flags"), "flags"),
    ]
    if both.size:
        columns.append(Column("size", str(asked.catalogue[both.size]["short"]), "number", "size_decimals"))
    return Exhibit(
        key="compare-scatter",
        answer=findings.say(sentences.association(x, y, period or 0, now))
        if period
        else _("No year has figures for both {x} and {y}.").format(x=x.inline.text, y=y.inline.text),
        subtitle=" ".join(
            [
                _("{x} and {y} by region, {year}.").format(x=names["x"], y=names["y"], year=year(period)),
                *_year_note(chosen, period),
            ]
        ),
        figure=figure,
        table=now.reset_index(drop=True),
        columns=tuple(columns),
        indicators=tuple(dict.fromkeys([chosen.x, chosen.y, *([both.size] if both.size else [])])),
        how=_(
            "Each bubble is a region; the chosen one and the way it has come are in colour, its peers darker grey. "
            "Hollow bubbles hold an estimated or provisional value. The line is interrupted where a year is missing or "
            "a series breaks."
        ),
        notes=tuple(notes),
        empty="" if period else _("Choose two indicators that are published for the same years."),
        query=chosen.query(),
        path=PATH,
        height=460,
    )


def _axis_title(asked: Question, code: str) -> str:
    short, unit = str(asked.catalogue[code]["short"]), str(asked.catalogue[code]["unit_label"])
    # "GDP per head, EU = 100" says its unit already.
    return short if "= 100" in short else f"{short}, {unit}"


def _trail(frame: pd.DataFrame, region: str, period: int | None) -> pd.DataFrame:
    """The region's way up to a year, with an empty row where a year is missing and before a break."""
    mine = frame[(frame["region"] == region) & (frame["period"] <= (period or 0))].sort_values("period")
    rows: list[dict[str, Any]] = []
    last: int | None = None
    for record in frames.records(mine):
        if last is not None and (record["period"] > last + 1 or "b" in record["flags"]):
            rows.append({"period": record["period"], "x": np.nan, "y": np.nan})
        rows.append({"period": record["period"], "x": record["x"], "y": record["y"]})
        last = record["period"]
    return pd.DataFrame(rows, columns=["period", "x", "y"])


def _pair_hover(asked: Question, record: Mapping[Any, Any], size: str | None) -> str:
    lines = [f"<b>{ranges.escape(str(record['label']))}</b>, {year(record['period'])}"]
    facts = [(asked.chosen.x, record["x"]), (asked.chosen.y, record["y"])]
    if size and not np.isnan(record["size"]):
        facts.append((size, record["size"]))
    lines += [f"{ranges.escape(str(asked.catalogue[c]['short']))}: {asked.value(c, v)}" for c, v in facts]
    return "<br>".join([*lines, *([_flags_text(record["flags"])] if record["flags"] else [])])


# --- ranking and map ------------------------------------------------------------------------------------------------


@exhibit("compare-ranks", CompareFilters)
def ranking(chosen: CompareFilters) -> Exhibit:
    """All regions in one indicator, each with the range of ranks that the figures allow."""
    asked, code = _question(chosen), chosen.indicator
    spec, row, measure = asked.specs[code], asked.catalogue[code], findings.measure(code)
    usual = findings.area(code)
    period = _wanted(chosen, usual.years, usual.period)
    found = _ranges(spec, period or 0)
    ranked = frames.remember("ranks", (code, period or 0), lambda: ranks.rank_ranges(found, spec.direction))
    table = ranked.drop(columns="value").merge(found, on="region", how="left")
    table = table.assign(
        rank=table["rank"].where(table["printable"].astype(bool)),
        rank_range=[
            f"{number(low)}–{number(high)}" for low, high in zip(table["rank_low"], table["rank_high"], strict=True)
        ],
        country=table["region"].map(_countries()),
        label=table["region"].map(asked.names),
        role=table["region"].map(asked.role),
        decimals=spec.decimals,
    )
    table["hover"] = [_rank_hover(asked, record) for record in frames.records(table)]
    mine = table[table["region"] == chosen.region]
    if len(mine) and period is not None:
        answer = findings.say(sentences.rank_range(asked.region, measure, mine.iloc[0], period))
    else:
        answer = findings.say(sentences.no_data(asked.region, measure))
    missing = [asked.names[c] for c in asked.codes if c not in set(table["region"])]
    notes = [*_year_note(chosen, period)]
    if len(table):
        notes.append(_ranges_note(found["basis"].tolist()))
    if missing and len(table):
        notes.append(
            ngettext(
                "{n} region has no value in {year}: {regions}.",
                "{n} regions have no value in {year}: {regions}.",
                len(missing),
            ).format(n=number(len(missing)), year=year(period), regions=", ".join(missing))
        )
    return Exhibit(
        key="compare-ranks",
        answer=answer,
        subtitle=asked.subtitle(code, year(period)),
        figure=ranges.ranks(table) if len(table) else None,
        table=table,
        columns=(
            Column("region", _("Region"), "region"),
            Column("country", _("Country")),
            Column("rank", _("Rank"), "number"),
            Column("rank_range", _("Rank range")),
            Column("value", str(row["short"]), "number", "decimals"),
            Column("low", _("Low end of the 90% range"), "number", "decimals"),
            Column("high", _("High end of the 90% range"), "number", "decimals"),
            Column("period", _("Year"), "year"),
            Column("flags", _("Flags"), "flags"),
        ),
        indicators=(code,),
        how=_(
            "Each bar is the range in which a region's rank lies in 90% of {draws} seeded draws from the value "
            "ranges; rank 1 is best (highest for indicators without a desired direction). A rank is named, and its "
            "dot drawn, only where the range is no wider than a third of all regions."
        ).format(draws=number(ranks.DRAWS)),
        notes=tuple(notes),
        empty="" if len(table) else _("No region has a value for this indicator."),
        query=chosen.query(),
        path=PATH,
        height=400,
    )


def _rank_hover(asked: Question, record: Mapping[Any, Any]) -> str:
    span = _("rank {low}–{high} of {n}").format(
        low=number(record["rank_low"]), high=number(record["rank_high"]), n=number(record["regions"])
    )
    text = asked.value(record["indicator"], record["value"])
    parts = [f"<b>{ranges.escape(str(record['label']))}</b>: {text}", span, _flags_text(record["flags"])]
    return "<br>".join(part for part in parts if part)


@exhibit("compare-map", CompareFilters)
def area(chosen: CompareFilters) -> Exhibit:
    """The indicator on the map; the ranking beside it is its equal list."""
    asked, code = _question(chosen), chosen.indicator
    row, measure = asked.catalogue[code], findings.measure(code)
    usual = findings.area(code)
    period = _wanted(chosen, usual.years, usual.period)
    found = findings.area(code, period)
    current = frames.current_regions().set_index("code")
    values = found.values.assign(
        code=found.values["region"],
        label=[asked.value(code, value) if value == value else DASH for value in found.values["value"]],
        tile_column=found.values["region"].map(current["tile_column"]),
        tile_row=found.values["region"].map(current["tile_row"]),
        decimals=asked.specs[code].decimals,
    )
    loaded = frames.geometries(asked.codes)
    credit = tuple(dict.fromkeys(loaded["credit"])) if len(loaded) else ()
    return Exhibit(
        key="compare-map",
        answer=findings.say(sentences.area_range(measure, found.values, asked.names)),
        subtitle=asked.subtitle(code, year(period)),
        figure=maps.area_map(
            values,
            selected=chosen.region,
            peers=asked.peers.codes,
            geometry=maps.boundaries(loaded),
            unit=str(row["unit_label"]),
            decimals=asked.specs[code].decimals,
            height=430,
        ),
        table=values.sort_values("value", ascending=False, na_position="last", ignore_index=True),
        columns=(
            Column("region", _("Region"), "region"),
            Column("country_name", _("Country")),
            Column("period", _("Year"), "year"),
            Column("value", str(row["short"]), "number", "decimals"),
            Column("flags", _("Flags"), "flags"),
        ),
        indicators=(code,),
        how=_("The chosen region is outlined in colour, its peers in grey. Click a region to choose it."),
        notes=credit,
        empty="" if period is not None else _("No region has a value for this indicator."),
        query=chosen.query(),
        path=PATH,
        height=430,
    )


# --- convergence ----------------------------------------------------------------------------------------------------


def _gdp_series(asked: Question) -> tuple[pd.DataFrame, int | None, int | None]:
    frame = frames.observations([GDP], asked.codes)
    known = frame[frame["value"].notna()]
    if known.empty:
        return frame, None, None
    return frame, int(known["period"].min()), int(known["period"].max())


def _sigma(asked: Question) -> convergence.SigmaResult:
    frame, first, last = _gdp_series(asked)
    people = frames.observations(["population"], asked.codes) if "population" in choices.filled_indicators() else None
    if people is not None and not _covers(people, first, last):
        people = None
    return frames.remember("sigma", (), lambda: convergence.sigma(frame, weights=people, first=first, last=last))


def _covers(people: pd.DataFrame, first: int | None, last: int | None) -> bool:
    """Whether there are people for the whole time: a weight must not decide which years are compared."""
    known = people[people["value"].notna()]["period"]
    return first is not None and last is not None and len(known) > 0 and known.min() <= first and known.max() >= last


@exhibit("compare-sigma", CompareFilters)
def sigma(chosen: CompareFilters) -> Exhibit:
    """Whether gaps in GDP per head between regions close."""
    asked = _question(chosen)
    result = _sigma(asked)
    weighted = "cv_weighted" in result.frame
    notes = []
    if result.trend != Trend.NOT_COMPUTABLE:
        notes.append(
            _("Change: {change} percentage points, 90% band from {low} to {high}.").format(
                change=signed(result.change, 1), low=signed(result.change_low, 1), high=signed(result.change_high, 1)
            )
        )
    if result.dropped:
        notes.append(
            ngettext(
                "{n} region without a value in every year is left out: {regions}.",
                "{n} regions without a value in every year are left out: {regions}.",
                len(result.dropped),
            ).format(n=number(len(result.dropped)), regions=", ".join(asked.names.get(c, c) for c in result.dropped))
        )
    columns = [
        Column("period", _("Year"), "year"),
        Column("mean", _("Mean"), "number", 0),
        Column("cv", _("Coefficient of variation, %"), "number", 1),
        Column("low", _("Low end of the 90% range"), "number", 1),
        Column("high", _("High end of the 90% range"), "number", 1),
    ]
    if weighted:
        columns += [
            Column("cv_weighted", _("Weighted by people, %"), "number", 1),
            Column("low_weighted", _("Low end, weighted"), "number", 1),
            Column("high_weighted", _("High end, weighted"), "number", 1),
        ]
    return Exhibit(
        key="compare-sigma",
        answer=findings.say(sentences.convergence(findings.measure(GDP), result)),
        subtitle=_("Coefficient of variation of GDP per head (PPS) across regions, with 90% bootstrap band"),
        figure=scatter.dispersion(result.frame, weighted) if len(result.frame) else None,
        table=result.frame,
        columns=tuple(columns),
        indicators=(GDP, *(("population",) if weighted else ())),
        how=_(
            "The coefficient of variation is the standard deviation in per cent of the mean: the higher, the further "
            "regions lie apart. The band comes from drawing the regions 1,000 times anew. A change is claimed only "
            "when its own band excludes zero."
        ),
        notes=tuple(notes),
        empty="" if len(result.frame) else _("Too few regions have a GDP per head in every year."),
        query=chosen.query(),
        path=PATH,
        height=380,
    )


@exhibit("compare-beta", CompareFilters)
def beta(chosen: CompareFilters) -> Exhibit:
    """Whether regions that started lower grew faster."""
    asked = _question(chosen)
    frame, first, last = _gdp_series(asked)
    measure = findings.measure(GDP)
    if first is None or last is None or last <= first:
        result = None
        points = pd.DataFrame(columns=["region", "initial", "growth", "flags"])
        grid = pd.DataFrame(columns=["initial", "fit", "low", "high"])
        answer = findings.say(sentences.AREA_NONE.fill(indicator=measure.inline))
    else:
        start, end = first, last
        result = frames.remember("beta", (start, end), lambda: convergence.beta(frame, start, end))
        points, grid = result.points, result.grid
        answer = findings.say(sentences.catching_up(measure, result))
    points = points.assign(
        role=points["region"].map(asked.role),
        label=points["region"].map(asked.names),
        country=points["region"].map(_countries()),
        uncertain=[bool(set(flags) & set("efipsu")) for flags in points["flags"]],
        decimals=asked.specs[GDP].decimals,
    )
    points["hover"] = [
        f"<b>{ranges.escape(str(r['label']))}</b><br>{year(first)}: {asked.value(GDP, r['initial'])}<br>"
        + _("growth {value}% a year").format(value=number(r["growth"], 1))
        for r in frames.records(points)
    ]
    notes = []
    if result is not None and result.trend != Trend.NOT_COMPUTABLE:
        notes.append(
            _("Slope {slope} with 95% limits from {low} to {high} (HC3); R² {r2}.").format(
                slope=signed(result.slope * 100, 1),
                low=signed(result.slope_low * 100, 1),
                high=signed(result.slope_high * 100, 1),
                r2=number(result.r_squared, 2),
            )
        )
    if result is not None and result.dropped:
        left_out = ", ".join(asked.names.get(c, c) for c in result.dropped)
        notes.append(_("Left out for want of both years: {regions}.").format(regions=left_out))
    return Exhibit(
        key="compare-beta",
        answer=answer,
        subtitle=_("GDP per head (PPS) in {first} and its growth until {last}, one dot per region").format(
            first=year(first), last=year(last)
        ),
        figure=scatter.growth(
            points,
            grid,
            _("GDP per head in {year}, PPS").format(year=year(first)),
            _("growth a year, %"),
        )
        if len(points)
        else None,
        table=points.sort_values("growth", ascending=False, ignore_index=True),
        columns=(
            Column("region", _("Region"), "region"),
            Column("country", _("Country")),
            Column("initial", _("PPS in {year}").format(year=year(first)), "number", "decimals"),
            Column("growth", _("Growth a year, %"), "number", 2),
            Column("flags", _("Flags"), "flags"),
        ),
        indicators=(GDP,),
        how=_(
            "A falling line means that poorer regions grew faster (beta convergence after Barro and Sala-i-Martin, "
            "1992). The band is the 95% confidence band of the line. The growth is in current purchasing power "
            "standards, so it holds the rise of prices too."
        ),
        notes=tuple(notes),
        empty="" if len(points) else _("Too few regions have a GDP per head in both years."),
        query=chosen.query(),
        path=PATH,
        height=380,
    )


# --- page -----------------------------------------------------------------------------------------------------------


def _peers_line(asked: Question) -> html.Div:
    """Who the comparison is with, in words, and where the method had to give way."""
    parts: list[Any] = []
    if asked.peers.refused:
        parts.append(html.P(asked.peers.refused, className="note note-watch"))
    text: list[Any] = [asked.peers.note + " "]
    for position, code in enumerate(asked.peers.codes):
        text += [
            ", " if position else "",
            dcc.Link(asked.names.get(code, code), href=frames.href(f"/region?region={code}")),
        ]
    if asked.peers.codes:
        text += [". ", dcc.Link(_("Why these?"), href=frames.href(asked.chosen.href(PATH, view="peers")))]
    parts.append(html.P(text, className="peers-line"))
    return html.Div(parts)


def _key(asked: Question, range_of_peers: bool = False) -> html.Ul | None:
    """What the marks of the figure above mean."""
    if not asked.peers.codes:
        return None
    marks = [("dot", _("{region} with 90% range").format(region=asked.region.text)), ("tick", _("peer median"))]
    marks.append(("band", _("middle 80% of peers")))
    if range_of_peers:
        marks.append(("line", _("weakest to strongest peer")))
    marks.append(("hollow", _("estimated, provisional or of low reliability")))
    signs = (
        [f"{ranges.SHAPES[code]} {word(code)}" for code in ("behind", "ahead", "unclear")]
        if range_of_peers
        else [f"▲ {_('clearly stronger')}", f"▼ {_('clearly weaker')}", f"○ {word('unclear')}"]
    )
    return html.Ul(
        [
            html.Li([html.Span(className=f"key-{kind}", **attributes(aria_hidden="true")), words])
            for kind, words in marks
        ]
        + [html.Li(sign, className="key-sign") for sign in signs],
        className="figure-key list-plain",
    )


def _show_gaps(asked: Question) -> list[Any]:
    shown = gaps(asked.chosen)
    base = asked.chosen.but(view="indicator", indicator=CompareFilters.parse().indicator).query()
    base.pop("indicator", None)
    lead = frames.href(PATH) + "?" + "".join(f"{name}={value}&" for name, value in base.items()) + "indicator="
    card = html.Div(exhibit_card(shown, extra=_key(asked, range_of_peers=True)), **attributes(data_click_go=lead))
    return [shown.answer, card, _peers_line(asked)]


def _show_peers(asked: Question) -> list[Any]:
    shown = peers(asked.chosen)
    return [shown.answer, exhibit_card(shown, open_table=True)]


def _show_indicator(asked: Question) -> list[Any]:
    shown = one_indicator(asked.chosen)
    card = html.Div(exhibit_card(shown, extra=_key(asked)), **attributes(data_click_filter="region"))
    return [shown.answer, card, _peers_line(asked)]


def _show_scatter(asked: Question) -> list[Any]:
    shown = two_indicators(asked.chosen)
    player = html.Div(
        [
            html.Button(
                [html.Span("▶", **attributes(aria_hidden="true")), " ", _("Play through the years")],
                type="button",
                className="btn btn-sm btn-outline-secondary",
                **attributes(
                    data_action="play",
                    data_filter="year",
                    data_values=",".join(str(period) for period in _pairs(asked).years),
                    aria_pressed="false",
                ),
            ),
            html.Span(_("The year can also be chosen above."), className="muted"),
        ],
        className="player no-print",
    )
    card = exhibit_card(shown, extra=player)
    _name_moving_parts(card)
    return [shown.answer, html.Div(card, **attributes(data_click_filter="region")), _peers_line(asked)]


MOVING = ("compare-scatter-subtitle", "compare-scatter-actions")


def _name_moving_parts(card: html.Article) -> None:
    """Give ids to what changes with the year, so that the bubbles can glide in a figure that stays."""
    card.children[1].id, card.children[-1].id = MOVING


def _show_ranking(asked: Question) -> list[Any]:
    listed, mapped = ranking(asked.chosen), area(asked.chosen)
    return [
        listed.answer,
        html.Div(
            [
                html.Div(
                    exhibit_card(listed, open_table=True), className="span-7", **attributes(data_click_filter="region")
                ),
                html.Div(exhibit_card(mapped), className="span-5 beside", **attributes(data_click_filter="region")),
            ],
            className="grid",
        ),
    ]


def _show_convergence(asked: Question) -> list[Any]:
    spread, growth = sigma(asked.chosen), beta(asked.chosen)
    return [
        spread.answer,
        html.Div(
            [
                html.Div(exhibit_card(spread), className="span-6"),
                html.Div(exhibit_card(growth), className="span-6", **attributes(data_click_filter="region")),
            ],
            className="grid",
        ),
    ]


SHOW: Mapping[str, Callable[[Question], list[Any]]] = {
    "gaps": _show_gaps,
    "peers": _show_peers,
    "indicator": _show_indicator,
    "scatter": _show_scatter,
    "ranking": _show_ranking,
    "convergence": _show_convergence,
}


def answer(chosen: CompareFilters) -> list[Any]:
    """The chosen view: only this one is computed."""
    said, *parts = SHOW[chosen.view](_question(chosen))
    return [html.P(said, id="compare-said", className="visually-hidden", role="status"), *parts]


def _view_control(chosen: CompareFilters) -> html.Fieldset:
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


def layout(**query: Any) -> html.Div:
    """The page for a query string."""
    if not choices.filled_indicators():
        return html.Div([html.H1(_("Who is like us and what differs?")), states.nothing_loaded()], className="page")
    chosen = CompareFilters.parse(query)
    bar = filter_bar(PAGE, chosen, ["region", "peers", "indicator", "x", "y", "year"], ["n", "abroad", "own"])
    # The view is chosen by the row of buttons above, so the bar needs no control of its own for it.
    bar.children = [part for part in bar.children if getattr(part, "id", None) != control_id(PAGE, "view")]
    return html.Div(
        [
            html.Header([html.H1(_("Who is like us and what differs?")), _view_control(chosen)], className="page-head"),
            bar,
            states.loading(html.Div(answer(chosen), id="compare-answer"), 600),
        ],
        className="page page-compare",
    )


def _only_the_year_moved(chosen: CompareFilters) -> bool:
    """Whether a change is a step through the years of a scatter that is on the screen."""
    try:
        moved = ctx.triggered_id
    except MissingCallbackContextException:
        return False
    return chosen.view == "scatter" and moved == control_id(PAGE, "year") and not two_indicators(chosen).empty


@callback(Output("compare-answer", "children"), inputs=CompareFilters.inputs(PAGE), prevent_initial_call=True)
def update(**values: Any) -> Any:
    """Answer a change of any control."""
    chosen = CompareFilters.parse(values)
    if not _only_the_year_moved(chosen):
        return answer(chosen)
    # The bubbles glide to another year in the figure that is there; words, table and downloads follow.
    shown = two_indicators(chosen)
    subtitle, actions = MOVING
    set_props("compare-scatter-graph", {"figure": shown.figure})
    set_props("compare-scatter-answer", {"children": shown.answer})
    set_props("compare-said", {"children": shown.answer})
    set_props(subtitle, {"children": shown.subtitle})
    set_props(actions, {"children": exhibit_card(shown).children[-1].children})
    return no_update
