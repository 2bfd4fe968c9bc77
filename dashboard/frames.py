"""Store queries, opened and remembered: the dashboard's only door to the database, the only user of the cache.

Frames come from the cache as they are: never change one in place, copy it first.
"""

import time
from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal, TypeVar

import pandas as pd
from sqlalchemy import Connection, Engine

from analysis.input_output import System
from analysis.model import IndicatorSpec
from analysis.pilots import rows_of
from analysis.trade import DIGITS, goods
from config import settings
from dashboard import cache
from dashboard.i18n import _, language, territory
from store import catalogue, ledger, programme_results
from store import derived as derived_store
from store import industries as industry_store
from store import observations as observation_store
from store import programmes as programme_store
from store import regions as region_store
from store import scenarios as scenario_store
from store import tables as table_store
from store import tracking as tracking_store
from store import trade as trade_store
from store.derived import Result
from store.engine import make_engine, version
from store.tracking import Told

# Pages read small frames row by row, and Arrow's strings are several times slower at that than plain objects.
pd.options.mode.string_storage = "python"

VERSION_SECONDS = 1.0
"""How long a process may believe that no load has happened since it last looked."""

Value = TypeVar("Value")
_seen: dict[str, tuple[float, int]] = {}


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The engine of this process."""
    return make_engine(settings().database_url)


def forget_engine() -> None:
    """Close the engine, after a fork or when the settings changed."""
    if engine.cache_info().currsize:
        engine().dispose()
    engine.cache_clear()
    _names.cache_clear()
    _seen.clear()


def data_version() -> int:
    """Number of the last good load; looked up at most once a second in each process."""
    now = time.monotonic()
    url = settings().database_url
    looked, found = _seen.get(url, (0.0, -1))
    if found < 0 or now - looked > VERSION_SECONDS:
        with engine().connect() as connection:
            found = version(connection)
        _seen[url] = (now, found)
    return found


def at_least(number: Any) -> None:
    """Look for a newer data version now, if this process knows none as high: for who has just edited something.

    What the browser says is no number of ours is passed over.
    """
    if not isinstance(number, int):
        return
    url = settings().database_url
    if _seen.get(url, (0.0, -1))[1] < number:
        _seen.pop(url, None)


def _frame(name: str, arguments: tuple[object, ...], read: Callable[[Connection], pd.DataFrame]) -> pd.DataFrame:
    def compute() -> pd.DataFrame:
        with engine().connect() as connection:
            return read(connection)

    return cache.remembered((name, data_version(), *arguments), compute)


def remember(name: str, arguments: tuple[Hashable, ...], compute: Callable[[], Value]) -> Value:
    """What was composed from frames before, until the next load and for each language; ``arguments`` tell it apart."""
    return cache.remembered((name, data_version(), language(), *arguments), compute)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries of plain values; for small wide frames ten times quicker than pandas' own."""
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in rows_of(frame, *frame)]


def _codes(given: Iterable[str] | None) -> tuple[str, ...] | None:
    return None if given is None else tuple(sorted(set(given)))


def indicators() -> pd.DataFrame:
    """The catalogue of indicators in this request's language (columns: ``store.catalogue.indicators``)."""
    lang = language()
    return _frame("indicators", (lang,), lambda c: catalogue.indicators(c, lang))


def indicator(code: str) -> pd.Series:
    """One indicator of the catalogue. Raises KeyError when there is none of that code."""
    return indicators().set_index("code", drop=False).loc[code]


def provenance() -> dict[str, dict[str, Any]]:
    """Where each indicator comes from, by code: its catalogue row with publisher, licence, licence_url, dataset_url
    and updated (the edition of its dataset).

    Series by industry stand here by their codes too, and datasets of stored tables by theirs, as far as they have such
    texts; what these lack is ''.
    """

    def compute() -> dict[str, dict[str, Any]]:
        publishers = sources().set_index("code")[["publisher", "licence", "licence_url"]]
        editions = datasets().set_index("code")[["url", "updated"]].rename(columns={"url": "dataset_url"})
        tables = datasets().rename(columns={"title": "name"}).drop(columns=["url", "updated"])
        tables = tables.assign(dataset=tables["code"], definition="", unit_label="", note="")
        found: dict[str, dict[str, Any]] = {}
        for frame in (tables, industry_series(), indicators()):
            rows = frame.join(publishers, on="source").join(editions, on="dataset")
            found |= {row["code"]: row for row in records(rows)}
        return found

    return remember("provenance", (), compute)


def specs() -> dict[str, IndicatorSpec]:
    """What the measures must know of each indicator, by code."""
    return remember("specs", (), lambda: {spec.code: spec for spec in _specs()})


def _specs() -> list[IndicatorSpec]:
    return [IndicatorSpec.from_row(row) for row in records(indicators())]


def themes() -> pd.DataFrame:
    """The six themes in this request's language."""
    lang = language()
    return _frame("themes", (lang,), lambda c: catalogue.themes(c, lang))


def sources() -> pd.DataFrame:
    """Publishers with licence and citation text in this request's language."""
    lang = language()
    return _frame("sources", (lang,), lambda c: catalogue.sources(c, lang))


def datasets() -> pd.DataFrame:
    """Published datasets with their newest vintage."""
    lang = language()
    return _frame("datasets", (lang,), lambda c: catalogue.datasets(c, lang))


def regions() -> pd.DataFrame:
    """All regions of all classification versions, names in this request's language."""
    lang = language()
    return _frame("regions", (lang,), lambda c: region_store.regions(c, lang))


def current_regions() -> pd.DataFrame:
    """Regions of level 2 that exist today and are drawn and ranked: no older codes, no extra-regio."""
    frame = regions()
    return frame[(frame["level"] == 2) & (frame["kind"] != "extra") & frame["tile_column"].notna()]


def region_names() -> dict[str, str]:
    """Name of each region by code, in this request's language."""
    return _names("region", settings().database_url, data_version(), language())


def indicator_names() -> dict[str, str]:
    """Name of each indicator by code, in this request's language."""
    return _names("indicator", settings().database_url, data_version(), language())


@lru_cache(maxsize=16)
def _names(entity: str, _url: str, _version: int, _lang: str) -> dict[str, str]:
    """Names are asked for in each cell of a table; a cache that unpickles a frame each time would be too slow there."""
    frame = regions() if entity == "region" else indicators()
    return dict(zip(frame["code"], frame["name"], strict=True))


def region_changes() -> pd.DataFrame:
    """How regions of older classification versions became today's."""
    return _frame("region_changes", (), region_store.region_changes)


def geometries(codes: Iterable[str] | None = None) -> pd.DataFrame:
    """Boundaries that are loaded, of these regions or of all."""
    chosen = _codes(codes)
    return _frame("geometries", (chosen,), lambda c: region_store.geometries(c, chosen))


def observations(
    indicators: Iterable[str], regions: Iterable[str] | None = None, first: int | None = None, last: int | None = None
) -> pd.DataFrame:
    """Figures of these indicators (columns: ``store.observations.observations``)."""
    chosen, places = _codes(indicators) or (), _codes(regions)
    return _frame(
        "observations",
        (chosen, places, first, last),
        lambda c: observation_store.observations(c, chosen, places, first, last),
    )


def coverage() -> pd.DataFrame:
    """What is there: one row per indicator and region, with years, counts and flags."""
    return _frame("coverage", (), observation_store.coverage)


def revisions(indicators: Iterable[str]) -> pd.DataFrame:
    """What figures of these indicators were before later loads changed them, newest change first."""
    chosen = _codes(indicators) or ()
    return _frame("revisions", (chosen,), lambda c: observation_store.revisions(c, chosen))


def loads(limit: int = 100) -> pd.DataFrame:
    """The load ledger, newest first."""
    return _frame("loads", (limit,), lambda c: ledger.loads(c, limit))


def quarantine(load_id: int | None = None) -> pd.DataFrame:
    """Rows that were not loaded, with reason and remedy."""
    return _frame("quarantine", (load_id,), lambda c: ledger.quarantine(c, load_id))


def industry_series() -> pd.DataFrame:
    """Series by industry in this request's language (columns: ``store.industries.series``)."""
    lang = language()
    return _frame("industry_series", (lang,), lambda c: industry_store.series(c, lang))


def industries(classification: str) -> pd.DataFrame:
    """Industries of a classification in this request's language (columns: ``store.industries.industries``)."""
    lang = language()
    return _frame("industries", (lang, classification), lambda c: industry_store.industries(c, classification, lang))


def industry_names(classification: str, short: bool = False) -> dict[str, str]:
    """Name of each industry of a classification by code, in this request's language."""
    return _industry_names(classification, short, settings().database_url, data_version(), language())


@lru_cache(maxsize=64)
def _industry_names(classification: str, short: bool, _url: str, _version: int, _lang: str) -> dict[str, str]:
    frame = industries(classification)
    return dict(zip(frame["code"], frame["short" if short else "name"], strict=True))


def series_years(series: str) -> list[int]:
    """Years of a series by industry, newest first."""

    def compute() -> list[int]:
        with engine().connect() as connection:
            return industry_store.years(connection, series)

    return remember("series_years", (series,), compute)


def industry_figures(series: str, regions: Iterable[str] | None = None) -> pd.DataFrame:
    """Figures of a series by industry (columns: ``store.industries.figures``)."""
    places = _codes(regions)
    return _frame("industry_figures", (series, places), lambda c: industry_store.figures(c, series, places))


def derived(name: str, subject: str, part: str = "") -> Result | None:
    """A result that was computed after the last load, or None when there is none."""

    def compute() -> Result | None:
        with engine().connect() as connection:
            return derived_store.read(connection, name, subject, part)

    return cache.remembered(("derived", data_version(), name, subject, part), compute)


def stored_tables(kind: str | None = None) -> pd.DataFrame:
    """Input-output and trade tables that are loaded (columns: ``store.tables.tables``)."""
    return _frame("stored_tables", (kind,), lambda c: table_store.tables(c, kind))


@lru_cache(maxsize=2)
def io_system(digest: str) -> System:
    """A stored input-output table with its inverse: opened once in each process, then ready at once.

    Raises:
        store.tables.TableFileError: the table's file is missing or damaged.
    """
    folder = settings().tables_dir
    table = table_store.open_table(folder / f"{digest}.parquet")
    return System(table, inverse=table_store.open_inverse(folder, digest))


@lru_cache(maxsize=4)
def exports(digest: str) -> pd.DataFrame:
    """Exports of a stored table in US dollars, exporters x products, at the detail at which results are computed.

    Raises:
        store.tables.TableFileError: the table's file is missing or damaged.
    """
    table = trade_store.open_trade(settings().tables_dir / f"{digest}.parquet")
    return goods(table.frame(DIGITS), table.classification)


ScenarioPart = Literal[
    "scenarios",
    "assumptions",
    "drivers",
    "signposts",
    "likelihoods",
    "strategies",
    "measures",
    "pay_offs",
    "matrices",
    "milestones",
    "workshops",
    "links",
]
"""What belongs to a scenario set; each is a function of ``store.scenarios`` that documents its columns."""

WITHOUT_TEXTS = ("likelihoods", "pay_offs", "links")


def scenario_sets() -> pd.DataFrame:
    """Scenario sets in this request's language (columns: ``store.scenarios.sets``)."""
    lang = language()
    return _frame("scenario_sets", (lang,), lambda c: scenario_store.sets(c, lang))


def scenario_part(part: ScenarioPart, set_code: str) -> pd.DataFrame:
    """One kind of thing of a scenario set, texts in this request's language (columns: ``store.scenarios``)."""
    lang, read = language(), getattr(scenario_store, part)
    if part in WITHOUT_TEXTS:
        return _frame(f"scenario_{part}", (set_code,), lambda c: read(c, set_code))
    return _frame(f"scenario_{part}", (set_code, lang), lambda c: read(c, set_code, lang))


def judgement_cells(set_code: str, matrix: str) -> pd.DataFrame:
    """Judgements of a matrix that are not zero (columns: ``store.scenarios.cells``)."""
    return _frame("judgement_cells", (set_code, matrix), lambda c: scenario_store.cells(c, set_code, matrix))


def pathways(
    set_code: str, indicators: Iterable[str] | None = None, regions: Iterable[str] | None = None
) -> pd.DataFrame:
    """Pathways of our indicators in our regions (columns: ``store.scenarios.pathways``)."""
    chosen, places = _codes(indicators), _codes(regions)
    return _frame(
        "pathways", (set_code, chosen, places), lambda c: scenario_store.pathways(c, set_code, chosen, places)
    )


def pathway_places(set_code: str) -> frozenset[str]:
    """Regions and countries of which a set has pathways of our indicators."""

    def compute() -> frozenset[str]:
        with engine().connect() as connection:
            return frozenset(scenario_store.places(connection, set_code))

    return remember("pathway_places", (set_code,), compute)


def tracking(set_code: str, region: str | None = None) -> pd.DataFrame:
    """Evaluations of which scenario the figures follow, oldest first (columns: ``store.scenarios.tracking``)."""
    return _frame("tracking", (set_code, region), lambda c: scenario_store.tracking(c, set_code, region))


def evaluations(set_code: str, region: str | None = None) -> pd.DataFrame:
    """The same without their inputs: quick to read (columns: ``store.tracking.evaluations``)."""
    return _frame("evaluations", (set_code, region), lambda c: tracking_store.evaluations(c, set_code, region))


def told(set_code: str, region: str, day: date | None = None) -> Told | None:
    """The newest evaluation of a region, of all or of those as of a day or earlier, with its inputs."""

    def compute() -> Told | None:
        with engine().connect() as connection:
            return tracking_store.told(connection, set_code, region, day)

    return cache.remembered(("told", data_version(), set_code, region, str(day or "")), compute)


def edits(scope: str | None = None, limit: int = 200) -> pd.DataFrame:
    """What people changed, newest first (columns: ``store.scenarios.audit``)."""
    return _frame("edits", (scope, limit), lambda c: scenario_store.audit(c, scope, limit))


def programmes() -> pd.DataFrame:
    """Programmes in this request's language (columns: ``store.programmes.programmes``)."""
    lang = language()
    return _frame("programmes", (lang,), lambda c: programme_store.programmes(c, lang))


def programme_part(part: str, programme: str, **where: str | tuple[str, ...]) -> pd.DataFrame:
    """One kind of thing of a programme (kinds and columns: ``store.programmes.PARTS`` and ``part``).

    ``where`` names columns and a value or several: only such rows are read, which is worth it where a table is large.
    """
    lang = language()
    return _frame(
        "programme_part",
        (part, programme, lang, *sorted(where.items())),
        lambda c: programme_store.part(c, part, programme, lang, where),
    )


def programme_bare(part: str, programme: str, *columns: str, **where: str | tuple[str, ...]) -> pd.DataFrame:
    """Some columns of one kind of thing of a programme, without its texts (``store.programmes.bare``)."""
    return _frame(
        "programme_bare",
        (part, programme, columns, *sorted(where.items())),
        lambda c: programme_store.bare(c, part, programme, columns, where),
    )


def programme_labels(part: str, field: str = "") -> pd.DataFrame:
    """What may be chosen of one kind of thing of any programme (columns: ``store.programmes.labels``)."""
    lang = language()
    return _frame("programme_labels", (part, field, lang), lambda c: programme_store.labels(c, part, field, lang))


def result_names(programme: str) -> dict[str, str]:
    """Name of each result indicator of a programme, by its code."""
    lang = language()
    table = _frame("result_names", (programme, lang), lambda c: programme_store.indicator_names(c, programme, lang))
    return dict(zip(table["code"], table["name"], strict=True))


def pilot_lights(programme: str) -> pd.DataFrame:
    """Lights that those who run pilots gave (columns: ``store.programmes.lights``)."""
    return _frame("pilot_lights", (programme,), lambda c: programme_store.lights(c, programme))


def last_reported(programme: str, indicators: tuple[str, ...], period: int) -> dict[str, Any]:
    """Day on which each of some result indicators was last reported up to a period, by its code."""
    table = _frame(
        "last_reported",
        (programme, indicators, period),
        lambda c: programme_store.last_reported(c, programme, indicators, period),
    )
    return dict(rows_of(table, "indicator", "reported_on"))


def _of_load(name: str, arguments: tuple[str, ...], read: Callable[[Connection], pd.DataFrame]) -> pd.DataFrame:
    """A large table of a programme (the first argument), remembered until a load changes the programme: what people
    edit does not touch it, and one copy an edit would soon fill the memory."""

    def look() -> str:
        with engine().connect() as connection:
            return programme_results.stamp(connection, arguments[0])

    def compute() -> pd.DataFrame:
        with engine().connect() as connection:
            return read(connection)

    stamp = cache.remembered(("programme-stamp", data_version(), arguments[0]), look)
    derived = cache.remembered(("programme-derived", data_version(), arguments[0]), lambda: _derived(arguments[0]))
    return cache.held((name, stamp, derived, *arguments), compute)


def _derived(programme: str) -> str:
    """From which state the results of a programme were computed; '' when they were not."""
    with engine().connect() as connection:
        state = derived_store.states(connection, programme_results.NAME).get(programme)
    return "" if state is None else f"{state.inputs}.{state.method}"


def budget(programme: str) -> pd.DataFrame:
    """Planned money of a programme in cents (columns: ``store.programmes.budget``, texts as categories)."""
    return _money("budget", programme, programme_store.budget)


def expenditure(programme: str) -> pd.DataFrame:
    """Spent money of a programme in cents, summed (columns: ``store.programmes.expenditure``, texts as categories)."""
    return _money("expenditure", programme, programme_store.expenditure)


def _money(name: str, programme: str, read: Callable[[Connection, str], pd.DataFrame]) -> pd.DataFrame:
    """A table of money, from the results of the last load where they are there, else from its rows."""

    def both(connection: Connection) -> pd.DataFrame:
        found = programme_results.result(connection, programme, name)
        if found is None:
            found = programme_results.coded(read(connection, programme), programme_results.KEYS)
        return programme_results.told(found)

    return _of_load(name, (programme,), both)


def money_by_period(programme: str) -> pd.DataFrame:
    """Planned and spent money of all partners by period (columns: ``store.programme_results.by_period``)."""

    def read(connection: Connection) -> pd.DataFrame:
        found = programme_results.result(connection, programme, "by_period")
        if found is not None:
            return programme_results.told(found)
        return programme_results.by_period(budget(programme), expenditure(programme))

    return _of_load("money_by_period", (programme,), read)


def programme_judged(
    programme: str, part: Literal["judged", "speaks"], limits: Mapping[str, str]
) -> pd.DataFrame | None:
    """Result indicators as they were judged after every period when the programme was loaded, or what speaks for each
    pilot (``analysis.pilots.judgements`` and ``speaking``); None when that is not there, or was judged by other limits.
    """

    def read(connection: Connection) -> pd.DataFrame:
        found = programme_results.result(connection, programme, part)
        if found is None or found.facts["limits"] != limits:
            return pd.DataFrame()
        return programme_results.told(found)

    table = _of_load(f"programme_{part}", (programme, *limits.values()), read)
    return table if len(table.columns) else None


def packs(programme: str | None = None) -> pd.DataFrame:
    """Frozen packs, newest first (columns: ``store.programmes.packs``)."""
    return _frame("packs", (programme,), lambda c: programme_store.packs(c, programme))


REST_OF_WORLD = "ROW"


def country_name(code: str) -> str:
    """Name of a country in this request's language: the catalogue's, else the one in common use, else the code."""
    if code == REST_OF_WORLD:
        return _("Rest of the world")
    return region_names().get(code) or territory(code)


def is_empty() -> bool:
    """True before the first load."""
    return data_version() == 0


def href(path: str) -> str:
    """An address of ours behind whatever path prefix the installation has."""
    return settings().url_prefix.rstrip("/") + path
