"""Scenario sets as the pages tell them: who is in a set, how it looks, where it has pathways. No Dash, no SQL.

Everything here is in the language and colours of the request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis import pathways
from analysis.model import IndicatorSpec
from dashboard import frames, theme
from dashboard.filters import Filters, Option, one_of
from dashboard.i18n import DASH, N_, _, number, signed, sort_key

PATH = "/futures"
STORY, HEADING, DRIVERS, IMPACT = "story", "heading", "drivers", "impact"

PARTS: Mapping[str, str] = {
    STORY: N_("Scenarios"),
    HEADING: N_("Where are we heading?"),
    DRIVERS: N_("Drivers"),
    IMPACT: N_("Cross-impact"),
}
"""Parts of the page, in their order."""

AUTO = "auto"

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "5px 2px")
MARKERS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "hexagon")
SIGNS = ("●", "■", "◆", "▲", "✚", "★", "⬢")
"""Line, mark and the same mark as a letter, by a scenario's position: told apart without colours."""


def set_options() -> list[Option]:
    """Scenario sets in their order."""
    sets = frames.scenario_sets()
    return [Option(code, title) for code, title in zip(sets["code"], sets["title"], strict=True)]


def scenario_options() -> list[Option]:
    """Scenarios of every set: what an address may hold; the controls offer those of the set shown."""

    def compute() -> list[Option]:
        return [Option(AUTO, ""), *(Option(c, c) for c in dict.fromkeys(code for s in _sets() for code in s.codes))]

    return list(frames.remember("futures-scenario-options", (), compute))


def _sets() -> "list[FuturesSet]":
    return [found for option in set_options() if (found := the_set(option.value)) is not None]


def _part_options() -> list[Option]:
    return [Option(code, _(label)) for code, label in PARTS.items()]


def region_options(set_code: str | None = None) -> list[Option]:
    """Countries and regions of which a set (or any set) says something, grouped by country.

    A region counts when it has pathways of its own or its country has; where no set has any, all of today's count.
    """
    return list(frames.remember("futures-region-options", (set_code,), lambda: _region_options(set_code)))


def _region_options(set_code: str | None) -> list[Option]:
    codes = [option.value for option in set_options()] if set_code is None else [set_code]
    places = {place for code in codes for place in places_of(code)}
    names, current = frames.region_names(), frames.current_regions()
    options = []
    for country in dict.fromkeys(current["country"]):
        name = names.get(country, country)
        if not places or country in places:
            options.append(Option(country, _("{country} as a whole").format(country=name), name))
        mine = current[current["country"] == country]
        options += [
            Option(code, f"{label} ({code})", name)
            for code, label in zip(mine["code"], mine["name"], strict=True)
            if not places or country in places or code in places
        ]
    return sorted(options, key=lambda o: (sort_key(o.group), len(o.value) > 2, sort_key(o.label)))


def places_of(set_code: str) -> frozenset[str]:
    """Codes of the countries and regions of which a set has pathways."""
    return frames.remember(
        "futures-places", (set_code,), lambda: frozenset(str(r) for r in frames.pathways(set_code)["region"].unique())
    )


@dataclass(frozen=True)
class FuturesFilters(Filters):
    """What the reader wants to see."""

    set: str = one_of(set_options, label=N_("Scenario set"))
    region: str = one_of(region_options, default="HU31", label=N_("Region"))
    part: str = one_of(_part_options, default=STORY, label=N_("Part"))
    scenario: str = one_of(scenario_options, default=AUTO, label=N_("Compare"))
    other: str = one_of(scenario_options, default=AUTO, label=N_("with"))


@dataclass(frozen=True)
class ScenarioLook:
    """One scenario of a set and how it is drawn wherever it appears."""

    code: str
    position: int
    name: str
    summary: str
    story: str
    notes: str
    place: Mapping[str, float]
    state: Mapping[str, str]
    prior: float | None
    colour: str
    dash: str
    marker: str
    sign: str

    @property
    def label(self) -> str:
        """Its sign and name, for lists and tables without colours."""
        return f"{self.sign} {self.name}"


@dataclass(frozen=True)
class FuturesSet:
    """A scenario set in the reader's language, with its scenarios in their order."""

    code: str
    title: str
    question: str
    description: str
    caveat: str
    origin: str
    base_year: int
    horizon: int
    regions: tuple[str, ...]
    axes: tuple[Mapping[str, Any], ...]
    groups: tuple[Mapping[str, Any], ...]
    source: str
    source_url: str
    licence: str
    scenarios: tuple[ScenarioLook, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of its scenarios in their order."""
        return tuple(one.code for one in self.scenarios)

    @property
    def illustrative(self) -> bool:
        """True when it is made up, which every screen and export says."""
        return self.origin == "illustrative"

    @property
    def label(self) -> str:
        """What its figures are, in few words: illustrative, published, or of the installation's own making."""
        return _(ORIGINS.get(self.origin, self.origin))

    @property
    def warning(self) -> str:
        """What stands on every screen and in every export."""
        return _(WARNINGS.get(self.origin, WARNINGS["own"]))

    def look(self, scenario: str) -> ScenarioLook | None:
        """The scenario of a code, None when the set has none."""
        return next((one for one in self.scenarios if one.code == scenario), None)

    def names(self) -> dict[str, str]:
        """Name of each scenario by code."""
        return {one.code: one.name for one in self.scenarios}


ORIGINS: Mapping[str, str] = {
    "illustrative": N_("Illustrative"),
    "published": N_("Published scenarios"),
    "own": N_("Own scenarios"),
}
WARNINGS: Mapping[str, str] = {
    "illustrative": N_("Illustrative: made up to show how it works. Scenarios are not forecasts."),
    "published": N_("Scenarios are not forecasts: each says what could happen under its own assumptions."),
    "own": N_("Scenarios are not forecasts: each says what could happen under its own assumptions."),
}


def the_set(code: str) -> FuturesSet | None:
    """A scenario set with its scenarios as this request draws them, or None when there is none of that code."""
    sets = frames.scenario_sets()
    rows = frames.records(sets[sets["code"] == code])
    if not rows:
        return None
    row = rows[0]
    told = frames.records(frames.scenario_part("scenarios", code))
    plain = ("code", "title", "question", "description", "caveat", "origin", "source", "source_url", "licence")
    return FuturesSet(
        **{name: str(row[name]) for name in plain},
        base_year=int(row["base_year"]),
        horizon=int(row["horizon"]),
        regions=tuple(row["regions"]),
        axes=tuple(row["axes"]),
        groups=tuple(row["groups"]),
        scenarios=tuple(_look(one, place) for place, one in enumerate(told)),
    )


def _look(row: Mapping[str, Any], place: int) -> ScenarioLook:
    series, prior = theme.palette().series, row["prior"]
    return ScenarioLook(
        **{name: str(row[name]) for name in ("code", "name", "summary", "story", "notes")},
        position=place,
        place=dict(row["place"]),
        state=dict(row["state"]),
        prior=None if prior is None or prior != prior else float(prior),
        colour=series[place % len(series)],
        dash=DASHES[place % len(DASHES)],
        marker=MARKERS[place % len(MARKERS)],
        sign=SIGNS[place % len(SIGNS)],
    )


def region_name(code: str) -> str:
    """Name of a region or country in this request's language."""
    return frames.region_names().get(code, code)


def country_of(region: str) -> str:
    """Code of the country of a region; a country is its own."""
    return region[:2]


# --- pathways of a region -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    """How the pathways of one indicator are told for a region.

    Attributes:
        indicator: code.
        region: whose pathways they are: the region that was asked for, or its country.
        stands_in: whether it is the country in the region's place.
        base: year in which they were tied to what was observed; None when they stand as stated.
        how: ``ratio`` (growth kept), ``difference`` (changes in points kept) or '' (as stated).
        method: how they run between stated years: ``linear`` or ``log`` (constant growth).
        observed: the value of the base year; NaN when they stand as stated.
        first: first year of all its pathways.
        last: last year that all of its pathways reach, the set's horizon at most: where they are compared.
        models: the most models that any scenario has; from two on the range is theirs.
        target: value that law sets, if it can be compared with the indicator; with its year.
        sources: what the set names as source of the lines.
    """

    indicator: str
    region: str
    stands_in: bool
    base: int | None
    how: str
    method: str
    observed: float
    first: int
    last: int
    models: int
    target: float | None = None
    target_year: int | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class RegionPaths:
    """What a set says of a region, indicator by indicator in the catalogue's order.

    Attributes:
        region: code that was asked for.
        told: indicators with pathways.
        untied: indicators whose pathways only state growth and that have no observation to carry it over to.
        stated: pathway frame (``analysis.pathways``) of stated years, tied to what was observed, in our units, its
            variables our codes, its region the one of ``Told``.
        lines: the same at every year up to the horizon, with ``method`` and ``stated``.
        history: observation frame of the same indicators and regions.
    """

    region: str
    told: tuple[Told, ...] = ()
    untied: tuple[str, ...] = ()
    stated: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=pathways.COLUMNS))
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*pathways.COLUMNS, "method", "stated"]))
    history: pd.DataFrame = field(default_factory=pd.DataFrame)

    def of(self, indicator: str) -> Told | None:
        """How an indicator is told, None when the set says nothing of it."""
        return next((one for one in self.told if one.indicator == indicator), None)

    def at(self, told: Told, year: int | None = None) -> dict[str, tuple[float, float, float]]:
        """Low, median and high of each scenario in a year (by default the last); ends are NaN without a range."""
        wanted = told.last if year is None else year
        rows = self.lines[(self.lines["variable"] == told.indicator) & (self.lines["year"] == wanted)]
        keys = zip(rows["scenario"], rows["low"], rows["value"], rows["high"], strict=True)
        return {str(code): (float(low), float(value), float(high)) for code, low, value, high in keys}


def region_paths(found: FuturesSet, region: str) -> RegionPaths:
    """Pathways of a region as they are drawn and compared everywhere: tied to what was observed in the base year.

    Where the region has no pathway of an indicator, its country's stands in, beside the country's figures.
    """
    return frames.remember(
        "futures-paths", (found.code, region), lambda: _region_paths(found.code, found.base_year, found.horizon, region)
    )


def _region_paths(set_code: str, base: int, horizon: int, region: str) -> RegionPaths:
    places = list(dict.fromkeys((region, country_of(region))))
    specs = frames.specs()
    order = [code for code in frames.indicators()["code"] if code in specs]
    raw = frames.pathways(set_code, None, places)
    raw = raw[raw["variable"].isin(order)]
    own = set(raw.loc[raw["region"] == region, "variable"])
    raw = raw[(raw["region"] == region) | ~raw["variable"].isin(own)]
    if raw.empty:
        return RegionPaths(region)
    # Rows are picked and grouped many times over; that is quicker on plain objects than on Arrow's strings.
    texts = ["model", "scenario", "region", "variable", "unit", "transform", "source"]
    raw = raw.astype(dict.fromkeys(texts, object))
    variables = [code for code in order if code in set(raw["variable"])]
    where = dict(zip(raw["variable"], raw["region"], strict=True))
    history = frames.observations(variables, places)
    history = history.astype(dict.fromkeys(["indicator", "region", "flags"], object))
    history = history[
        [where[code] == place for code, place in zip(history["indicator"], history["region"], strict=True)]
    ]
    stated, untied = _tied(raw, history, {code: specs[code] for code in variables}, base)
    variables = [code for code in variables if code in set(stated["variable"])]
    lines = _yearly(stated, specs, horizon)
    told = tuple(_told(code, region, raw, stated, lines, specs[code]) for code in variables)
    return RegionPaths(region, told, untied, stated, lines, history.reset_index(drop=True))


def _tied(
    raw: pd.DataFrame, history: pd.DataFrame, specs: Mapping[str, IndicatorSpec], base: int
) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Pathways through the observed value of the base year; growth without one goes through the nearest year's."""
    found = pathways.aligned(raw, history, specs, base).paths
    left = [code for code in specs if code not in set(found["variable"])]
    parts = [found]
    untied = []
    for code in left:
        mine, known = raw[raw["variable"] == code], history[history["indicator"] == code].dropna(subset="value")
        ends = mine.groupby(["model", "scenario"])["year"].agg(["min", "max"])
        first, last = int(ends["min"].max()), int(ends["max"].min())
        years = [int(year) for year in known["period"] if first <= year <= last]
        nearest = min(years, key=lambda year: (abs(year - base), year)) if years else None
        again = None if nearest is None else pathways.aligned(mine, history, {code: specs[code]}, nearest).paths
        if again is None or again.empty:
            untied.append(code)
        else:
            parts.append(again)
    kept = [part for part in parts if len(part)]
    return (pd.concat(kept, ignore_index=True) if kept else found), tuple(untied)


def _yearly(stated: pd.DataFrame, specs: Mapping[str, IndicatorSpec], horizon: int) -> pd.DataFrame:
    """Every pathway at every year from where it starts, or was tied, up to the horizon."""
    if stated.empty:
        return pd.DataFrame(columns=[*pathways.COLUMNS, "method", "stated"])
    methods = {code: pathways.method_of(spec) for code, spec in specs.items()}
    lines = pathways.interpolate(stated, range(int(stated["year"].min()), horizon + 1), methods)
    start = stated[stated["how"] != ""].groupby("variable")["base"].max()
    return lines[lines["year"] >= lines["variable"].map(start).fillna(0)].reset_index(drop=True)


def _told(
    code: str, region: str, raw: pd.DataFrame, stated: pd.DataFrame, lines: pd.DataFrame, spec: IndicatorSpec
) -> Told:
    mine, drawn, given = (frame[frame["variable"] == code] for frame in (stated, lines, raw))
    tied = mine[mine["how"] != ""]
    ends = drawn.groupby("scenario")["year"].agg(["min", "max"])
    row = frames.indicator(code)
    comparable = bool(row["target_comparable"]) if not pd.isna(row["target_comparable"]) else False
    place = str(mine["region"].iloc[0])
    return Told(
        indicator=code,
        region=place,
        stands_in=place != region,
        base=int(tied["base"].iloc[0]) if len(tied) else None,
        how=str(tied["how"].iloc[0]) if len(tied) else "",
        method=str(drawn["method"].iloc[0]) if len(drawn) else "linear",
        observed=float(tied["observed"].iloc[0]) if len(tied) else float("nan"),
        first=int(ends["min"].min()),
        last=int(ends["max"].min()),
        models=int(given.groupby("scenario")["model"].nunique().max()),
        target=spec.target_value if comparable else None,
        target_year=spec.target_year if comparable else None,
        sources=tuple(dict.fromkeys(str(source) for source in given["source"] if source)),
    )


def suffix_of(indicator: str) -> str:
    """What follows a number of an indicator, bound to it."""
    text = frames.indicator(indicator)["unit_suffix"]
    return text.replace(" ", "\N{NO-BREAK SPACE}") if isinstance(text, str) else ""


def value_text(indicator: str, value: float) -> str:
    """A value of an indicator with its unit; a dash when missing."""
    text = number(value, frames.specs()[indicator].decimals)
    return text if text == DASH else text + suffix_of(indicator)


def range_text(indicator: str, ends: Sequence[float]) -> str:
    """Low, median and high as a range, or the median alone where no range is stated."""
    low, value, high = ends
    if low != low or high != high or low == high:
        return value_text(indicator, value)
    decimals = frames.specs()[indicator].decimals
    return f"{number(low, decimals)}{DASH}{number(high, decimals)}{suffix_of(indicator)}"


def change_text(indicator: str, value: float) -> str:
    """A difference in an indicator's unit, with its sign; points where the unit is a per cent."""
    text = signed(value, frames.specs()[indicator].decimals)
    suffix = suffix_of(indicator)
    return text if text == DASH else text + (_(" pts") if suffix.strip() == "%" else suffix)


# --- what the controls offer -----------------------------------------------------------------------------------------


def _regions_offered(chosen: FuturesFilters) -> list[Option]:
    """Regions of which the chosen set says something; the chosen one stays even if it is none of them."""
    options = region_options(chosen.set)
    if chosen.region in {option.value for option in options}:
        return options
    stays = _("{region} (nothing in this set)").format(region=region_name(chosen.region))
    return [Option(chosen.region, stays), *options]


def _scenarios_offered(default: str, field: str) -> Callable[[FuturesFilters], list[Option]]:
    def offered(chosen: FuturesFilters) -> list[Option]:
        found, value = the_set(chosen.set), getattr(chosen, field)
        named = [Option(one.code, one.name) for one in (found.scenarios if found else ())]
        stale = value not in (AUTO, *(option.value for option in named))
        return [Option(AUTO, _(default)), *named, *([Option(value, _("Not in this set"))] if stale else [])]

    return offered


CHOICES: Mapping[str, Callable[[FuturesFilters], list[Option]]] = {
    "region": _regions_offered,
    "scenario": _scenarios_offered(N_("The first scenario"), "scenario"),
    "other": _scenarios_offered(N_("The next scenario"), "other"),
}
"""Filters whose options depend on the set, and what they then offer. Each must stand in the bar of some part."""
