"""What a reader may choose from: regions, countries, indicators, years, ways to find peers."""

from collections.abc import Callable, Sequence

from dashboard import frames
from dashboard.filters import Option
from dashboard.i18n import N_, _, sort_key

PEER_METHODS: dict[str, str] = {
    "structural": N_("Alike in structure"),
    "gdp": N_("Alike in GDP per head"),
    "own": N_("My own list"),
}
"""Ways to find the regions to compare with, by code."""

OWN_LIST = 10
"""How many regions a reader's own list may hold."""


def regions() -> list[Option]:
    """Today's regions of level 2, grouped by country, in the order of the reader's alphabet."""
    return _remembered("regions", _regions)


def _regions() -> list[Option]:
    names = frames.region_names()
    current = frames.current_regions()
    options = [
        Option(code, f"{name} ({code})", names.get(country, country))
        for code, name, country in zip(current["code"], current["name"], current["country"], strict=True)
    ]
    return sorted(options, key=lambda option: (sort_key(option.group), sort_key(option.label)))


def countries() -> list[Option]:
    """Countries that have regions of level 2, in the order of the reader's alphabet."""
    return _remembered("countries", _countries)


def _countries() -> list[Option]:
    names = frames.region_names()
    options = [Option(code, names.get(code, code)) for code in frames.current_regions()["country"].unique()]
    return sorted(options, key=lambda option: sort_key(option.label))


def indicators(with_data: bool = True) -> list[Option]:
    """Indicators grouped by theme, in the catalogue's order.

    Args:
        with_data: only those that have a value somewhere.
    """
    return _remembered("indicators-filled" if with_data else "indicators", lambda: _indicators(with_data))


def _indicators(with_data: bool) -> list[Option]:
    themes = dict(zip(frames.themes()["code"], frames.themes()["name"], strict=True))
    frame = frames.indicators()
    if with_data:
        frame = frame[frame["code"].isin(filled_indicators())]
    return [
        Option(code, name, themes.get(theme, theme))
        for code, name, theme in zip(frame["code"], frame["name"], frame["theme"], strict=True)
    ]


def headline_indicators() -> list[Option]:
    """The few indicators that stand for the whole, those with data only, in the catalogue's order."""
    frame = frames.indicators()
    wanted = frame[(frame["role"] == "headline") & frame["code"].isin(filled_indicators())].sort_values("position")
    return [Option(code, name) for code, name in zip(wanted["code"], wanted["name"], strict=True)]


def filled_indicators() -> frozenset[str]:
    """Codes of the indicators that have a value in a region of level 2."""
    coverage = frames.coverage()
    return frozenset(coverage.loc[(coverage["level"] == 2) & (coverage["count"] > 0), "indicator"])


def years() -> list[Option]:
    """Years in which any region of level 2 has a value, newest first."""
    coverage = frames.coverage()
    filled = coverage[(coverage["level"] == 2) & (coverage["count"] > 0)]
    if filled.empty:
        return []
    return [
        Option(str(year), str(year)) for year in range(int(filled["last"].max()), int(filled["first"].min()) - 1, -1)
    ]


def themes() -> list[Option]:
    """The six themes in their order."""
    frame = frames.themes()
    return [Option(code, name) for code, name in zip(frame["code"], frame["name"], strict=True)]


def peer_methods() -> list[Option]:
    """Ways to find the regions to compare with."""
    return [Option(code, _(label)) for code, label in PEER_METHODS.items()]


def _remembered(name: str, compute: Callable[[], list[Option]]) -> list[Option]:
    found: Sequence[Option] = frames.remember(f"choices-{name}", (), compute)
    return list(found)
