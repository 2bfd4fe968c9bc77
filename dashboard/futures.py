"""Scenario sets as the pages tell them: who is in a set, how it looks, where it has pathways. No Dash, no SQL.

Everything here is in the language and colours of the request.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dashboard import frames, theme
from dashboard.filters import Filters, Option, one_of
from dashboard.i18n import N_, _, sort_key

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
    return [Option(AUTO, ""), *(Option(c, c) for c in dict.fromkeys(code for s in _sets() for code in s.codes))]


def _sets() -> "list[FuturesSet]":
    return [found for option in set_options() if (found := the_set(option.value)) is not None]


def _part_options() -> list[Option]:
    return [Option(code, _(label)) for code, label in PARTS.items()]


def region_options(set_code: str | None = None) -> list[Option]:
    """Countries and regions of which a set (or any set) says something, grouped by country.

    A region counts when it has pathways of its own or its country has; where no set has any, all of today's count.
    """
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
