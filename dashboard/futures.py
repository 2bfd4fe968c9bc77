"""Scenario sets as the pages tell them: who is in a set, how it looks, where it has pathways. No Dash, no SQL.

Everything here is in the language and colours of the request.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
    return list(frames.remember("futures-set-options", (), _set_options))


def _set_options() -> list[Option]:
    sets = frames.scenario_sets()
    return [Option(code, title) for code, title in zip(sets["code"], sets["title"], strict=True)]


def scenario_options() -> list[Option]:
    """Scenarios of every set: what an address may hold; the controls offer those of the set shown."""
    return list(frames.remember("futures-scenario-options", (), _scenario_options))


def _scenario_options() -> list[Option]:
    codes = [code for option in set_options() for code in frames.scenario_part("scenarios", option.value)["code"]]
    return [Option(AUTO, ""), *(Option(code, code) for code in dict.fromkeys(codes))]


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
    return frames.pathway_places(set_code)


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
    return frames.remember("futures-set", (code, theme.scheme()), lambda: (_the_set(code),))[0]


def _the_set(code: str) -> FuturesSet | None:
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


class Point(NamedTuple):
    """A pathway in a year; ends are NaN where no range is stated. ``stated`` is false for years in between."""

    year: int
    low: float
    value: float
    high: float
    stated: bool = True


class Seen(NamedTuple):
    """An observed figure."""

    year: int
    value: float
    flags: str


@dataclass(frozen=True)
class About:
    """An indicator as sentences and tables need it, and how its numbers are written.

    ``target`` is the value that law sets, with its year, where it can be compared with the indicator.
    """

    code: str
    short: str
    unit: str
    suffix: str
    decimals: int
    direction: int
    target: float | None = None
    target_year: int | None = None

    @property
    def in_sentence(self) -> str:
        """Its short name within a sentence: what follows a comma in brackets, and lower case unless it begins with an
        abbreviation."""
        head, comma, rest = self.short.partition(", ")
        name = f"{head} ({rest})" if comma else head
        return name if len(name) > 1 and not name[1].islower() else name[:1].lower() + name[1:]

    def text(self, value: float) -> str:
        """A value with its unit; a dash when missing."""
        text = number(value, self.decimals)
        return text if text == DASH else text + self.suffix

    def range(self, low: float, value: float, high: float) -> str:
        """The range, or the median alone where no range is stated."""
        if low != low or high != high or low == high:
            return self.text(value)
        return f"{number(low, self.decimals)}{DASH}{number(high, self.decimals)}{self.suffix}"

    def median(self, low: float, value: float, high: float) -> str:
        """The median with its range in brackets."""
        if low != low or high != high or low == high:
            return self.text(value)
        return f"{self.text(value)} ({number(low, self.decimals)}{DASH}{number(high, self.decimals)})"

    def change(self, value: float) -> str:
        """A difference with its sign; in points where the unit is a per cent."""
        text = signed(value, self.decimals)
        return text if text == DASH else text + (_(" pts") if self.suffix.strip() == "%" else self.suffix)


def about(indicator: str) -> About:
    """What is to be known of an indicator. Raises KeyError for an unknown code."""
    return frames.remember("futures-about", (), _all_about)[indicator]


def _all_about() -> dict[str, About]:
    rows = frames.records(frames.indicators())
    return {str(row["code"]): _about(row) for row in rows}


def _about(row: Mapping[str, Any]) -> About:
    suffix, comparable = row["unit_suffix"], row["target_comparable"] is True or row["target_comparable"] == 1
    value, by = (
        row[name] if comparable and row[name] == row[name] else None for name in ("target_value", "target_year")
    )
    return About(
        code=str(row["code"]),
        short=str(row["short"]),
        unit=str(row["unit_label"]),
        suffix=suffix.replace(" ", "\N{NO-BREAK SPACE}") if isinstance(suffix, str) else "",
        decimals=int(row["decimals"]),
        direction=int(row["direction"]),
        target=None if value is None else float(value),
        target_year=None if by is None else int(by),
    )


@dataclass(frozen=True)
class Told:
    """How the pathways of one indicator are told for a region.

    Attributes:
        indicator: code.
        about: how it is called and written.
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
    about: About
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
        points: the lines again, by indicator and scenario, oldest year first.
        seen: the history again, by indicator, oldest year first, without missing values.
        sources: what the set names as source of a line, by indicator and scenario.
    """

    region: str
    told: tuple[Told, ...] = ()
    untied: tuple[str, ...] = ()
    stated: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=pathways.COLUMNS))
    lines: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=[*pathways.COLUMNS, "method", "stated"]))
    history: pd.DataFrame = field(default_factory=pd.DataFrame)
    points: Mapping[tuple[str, str], tuple[Point, ...]] = field(default_factory=dict)
    seen: Mapping[str, tuple[Seen, ...]] = field(default_factory=dict)
    sources: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def of(self, indicator: str) -> Told | None:
        """How an indicator is told, None when the set says nothing of it."""
        return next((one for one in self.told if one.indicator == indicator), None)

    def at(self, told: Told, year: int | None = None) -> dict[str, tuple[float, float, float]]:
        """Low, median and high of each scenario in a year (by default the last); ends are NaN without a range."""
        wanted = told.last if year is None else year
        return {
            scenario: (point.low, point.value, point.high)
            for (indicator, scenario), points in self.points.items()
            if indicator == told.indicator
            for point in points
            if point.year == wanted
        }


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
    points = _points(lines)
    told = tuple(_told(code, region, _given(raw, code), stated, points) for code in variables)
    history = history.sort_values(["indicator", "period"], ignore_index=True)
    named = zip(raw["variable"], raw["scenario"], raw["source"], strict=True)
    sources = {(indicator, scenario): source for indicator, scenario, source in named}
    return RegionPaths(region, told, untied, stated, lines, history, points, _seen(history), sources)


def _points(lines: pd.DataFrame) -> dict[tuple[str, str], tuple[Point, ...]]:
    points: dict[tuple[str, str], list[Point]] = {}
    columns = [lines[name].tolist() for name in ("variable", "scenario", *Point._fields)]
    for indicator, scenario, *point in zip(*columns, strict=True):
        points.setdefault((indicator, scenario), []).append(Point(*point))
    return {key: tuple(sorted(mine)) for key, mine in points.items()}


def _seen(history: pd.DataFrame) -> dict[str, tuple[Seen, ...]]:
    seen: dict[str, list[Seen]] = {}
    columns = [history[name].tolist() for name in ("indicator", "period", "value", "flags")]
    for indicator, period, value, flags in zip(*columns, strict=True):
        if value == value:
            seen.setdefault(indicator, []).append(Seen(int(period), float(value), str(flags)))
    return {indicator: tuple(mine) for indicator, mine in seen.items()}


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


def _given(raw: pd.DataFrame, code: str) -> tuple[int, tuple[str, ...]]:
    """The most models that any scenario of an indicator has, and what the set names as sources of its lines."""
    mine = raw[raw["variable"] == code]
    pairs = set(zip(mine["scenario"], mine["model"], strict=True))
    models = Counter(scenario for scenario, _model in pairs)
    return max(models.values()), tuple(dict.fromkeys(str(source) for source in mine["source"] if source))


def _told(
    code: str,
    region: str,
    given: tuple[int, tuple[str, ...]],
    stated: pd.DataFrame,
    points: Mapping[tuple[str, str], tuple[Point, ...]],
) -> Told:
    mine = stated[stated["variable"] == code]
    # Where a few pathways could not be moved, the others say how the indicator was tied.
    rows = frames.records(mine[["region", "base", "how", "observed"]])
    row = next((row for row in rows if row["how"]), rows[0])
    lines = [line for (indicator, _scenario), line in points.items() if indicator == code]
    known, tied = about(code), bool(row["how"])
    return Told(
        indicator=code,
        about=known,
        region=str(row["region"]),
        stands_in=row["region"] != region,
        base=int(row["base"]) if tied else None,
        how=str(row["how"]),
        method=pathways.method_of(frames.specs()[code]),
        observed=float(row["observed"]) if tied else float("nan"),
        first=min(line[0].year for line in lines),
        last=min(line[-1].year for line in lines),
        models=given[0],
        target=known.target,
        target_year=known.target_year,
        sources=given[1],
    )


@dataclass(frozen=True)
class Difference:
    """One scenario beside another in the last year of an indicator; numbers are NaN where they cannot be told.

    ``overlap`` is the share of values that both ranges hold of all they hold; ``apart`` the difference as a share of
    what was observed in the base year.
    """

    told: Told
    value: float
    other: float
    difference: float
    ratio: float
    overlap: float
    apart: float


def differences(found: FuturesSet, region: str, first: str, other: str) -> tuple[Difference, ...]:
    """Two scenarios of a set beside one another in a region, by indicator as far as both have pathways."""
    return frames.remember(
        "futures-differences",
        (found.code, region, first, other),
        lambda: _differences(region_paths(found, region), first, other),
    )


def _differences(paths: RegionPaths, first: str, other: str) -> tuple[Difference, ...]:
    lines = paths.lines
    ends = lines[lines["year"] == lines["variable"].map({told.indicator: told.last for told in paths.told})]
    compared = {str(row["variable"]): row for row in frames.records(pathways.compare(ends, first, other))}
    shared = pathways.fan_overlap(ends, first, other)
    overlap = dict(zip(shared["variable"], shared["overlap"], strict=True))
    result = []
    for told in paths.told:
        row = compared.get(told.indicator)
        if row is None:
            continue
        start = abs(told.observed)
        one, two, difference, ratio = (float(row[n]) for n in ("value", "value_other", "difference", "ratio"))
        apart = abs(difference) / start if start > 0 else float("nan")
        common = float(overlap.get(told.indicator, float("nan")))
        result.append(Difference(told, one, two, difference, ratio, common, apart))
    return tuple(result)


def meetings(found: FuturesSet, region: str) -> dict[tuple[str, str], dict[str, Any]]:
    """When each scenario meets the target of an indicator that has one, by indicator and scenario.

    Rows are those of ``analysis.pathways.target_years``, within the years up to the last.
    """
    return frames.remember("futures-meetings", (found.code, region), lambda: _meetings(region_paths(found, region)))


def _meetings(paths: RegionPaths) -> dict[tuple[str, str], dict[str, Any]]:
    result: dict[tuple[str, str], dict[str, Any]] = {}
    for told in paths.told:
        if told.target is None or told.about.direction == 0:
            continue
        lines = paths.lines
        mine = lines[(lines["variable"] == told.indicator) & (lines["year"] <= told.last)]
        method: pathways.Method = "log" if told.method == "log" else "linear"
        for row in frames.records(pathways.target_years(mine, told.target, told.about.direction, method)):
            result[told.indicator, str(row["scenario"])] = row
    return result


def distances(found: FuturesSet, region: str) -> dict[tuple[str, str], float]:
    """How far any two scenarios lie apart over all indicators and the years after the base year, in a region.

    Each indicator counts in units of its own spread (``analysis.pathways.distances``); pairs that have nothing in
    common are left out.
    """
    return frames.remember("futures-distances", (found.code, region), lambda: _distances(region_paths(found, region)))


def _distances(paths: RegionPaths) -> dict[tuple[str, str], float]:
    lines = paths.lines
    start = {told.indicator: told.base or told.first for told in paths.told}
    ahead = lines[lines["year"] > lines["variable"].map(start)] if len(lines) else lines
    if ahead.empty:
        return {}
    apart = pathways.distances(ahead)
    pairs = {(str(a), str(b)): float(apart.loc[a, b]) for a in apart.index for b in apart.columns}
    return {pair: distance for pair, distance in pairs.items() if distance == distance and pair[0] != pair[1]}


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
