"""The catalogue's files into the store: read, checked as a whole, made equal in one transaction.

An indicator, a region or a theme is an entry in a file and no code. Nothing is written unless every entry is right.
"""

import csv
import hashlib
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, func, select

from config import ROOT
from store.engine import version, writing
from store.schema import Indicator, LoadRun

if TYPE_CHECKING:
    from etl.entries import Catalogue
    from store.writes import Tally

FOLDER = ROOT / "data" / "catalogue"
FILES = (
    "themes.yaml",
    "sources.yaml",
    "datasets.yaml",
    "indicators.yaml",
    "series.yaml",
    "regions.csv",
    "region_changes.csv",
)
INDUSTRIES = "industries"
"""Folder of classifications, a table each; its name is the classification's code."""
DATASET = "CATALOGUE"
"""Under this name the ledger keeps changes of the catalogue."""


class CatalogueError(Exception):
    """The catalogue cannot be loaded; ``problems`` are sentences, each naming file and entry."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True)
class CatalogueOutcome:
    """What loading the catalogue came to; ``load_id`` is None when nothing had changed."""

    load_id: int | None
    entries: int
    new: int
    changed: int
    removed: int


def files(folder: Path = FOLDER) -> list[Path]:
    """The catalogue's files, classifications of industries included."""
    return [*(folder / name for name in FILES), *sorted((folder / INDUSTRIES).glob("*.csv"))]


def fingerprint(folder: Path = FOLDER) -> str:
    """SHA-256 over the catalogue's files.

    Raises:
        CatalogueError: a file is missing.
    """
    digest = hashlib.sha256()
    for path in files(folder):
        try:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
        except FileNotFoundError:
            raise CatalogueError([f"{path.name}: there is no such file in {folder}."]) from None
    return digest.hexdigest()


def loaded_fingerprint(connection: Connection) -> str:
    """Fingerprint of the catalogue in the database, '' when there is none."""
    query = (
        select(LoadRun.sha256)
        .where(LoadRun.dataset == DATASET, LoadRun.state == "done")
        .order_by(LoadRun.id.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none() or ""


def meaning(connection: Connection) -> str:
    """A short text that changes whenever rows of a file may come to mean something else: catalogue, own indicators."""
    count, last = connection.execute(select(func.count(Indicator.id), func.max(Indicator.id))).one()
    return f"{loaded_fingerprint(connection)[:40]}-{count}-{last or 0}"


def load_catalogue(engine: Engine, folder: Path = FOLDER) -> CatalogueOutcome:
    """Make the store's catalogue equal to the files; a ledger row is written only when something changed.

    Indicators of ministries (role ``own``), which come with workbooks, are left alone.

    Raises:
        CatalogueError: an entry is wrong, or something with figures would be removed. Nothing was written.
    """
    mark = fingerprint(folder)
    with engine.connect() as connection:
        if loaded_fingerprint(connection) == mark:
            return CatalogueOutcome(None, 0, 0, 0, 0)
    began, started = time.perf_counter(), datetime.now(UTC).replace(tzinfo=None)
    catalogue = read_catalogue(folder)
    from store.writes import open_load

    with writing(engine) as connection:
        entries, tally = _write(connection, catalogue)
        changed = tally.new + tally.changed + tally.removed > 0
        load_id = open_load(
            connection,
            source="catalogue",
            dataset=DATASET,
            file_name=folder.name,
            sha256=mark,
            bytes=sum(path.stat().st_size for path in files(folder)),
            started_at=started,
            duration_s=time.perf_counter() - began,
            rows_read=entries,
            rows_new=tally.new,
            rows_changed=tally.changed + tally.removed,
            rows_unchanged=tally.unchanged,
            data_version=version(connection) + int(changed),
        )
    return CatalogueOutcome(load_id, entries, tally.new, tally.changed, tally.removed)


def add_own_indicators(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> "Tally":
    """Add or change a ministry's own indicators, inside the transaction that loads their figures.

    Raises:
        CatalogueError: an entry is wrong or takes the code of an indicator of the catalogue.
    """
    from etl.entries import IndicatorEntry, described, indicator_row, text_rows
    from store.schema import Label
    from store.writes import synchronise

    problems: list[str] = []
    read = described("workbook", IndicatorEntry, entries, problems)
    taken = set(connection.scalars(select(Indicator.code).where(Indicator.role != "own")))
    for entry in read:
        if entry.role != "own":
            problems.append(f"workbook, {entry.code}: an indicator of a workbook has the role own.")
        if entry.code in taken:
            problems.append(f"workbook, {entry.code}: the catalogue has an indicator of this code; choose another.")
    if problems:
        raise CatalogueError(problems)
    tally = synchronise(connection, Indicator, [indicator_row(entry) for entry in read])
    tally += synchronise(connection, Label, [row for entry in read for row in text_rows("indicator", entry)])
    return tally


def read_catalogue(folder: Path = FOLDER) -> "Catalogue":
    """Read and check all files.

    Raises:
        CatalogueError: all that is wrong, at once.
    """
    import yaml

    from etl import entries as kinds

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    problems: list[str] = []

    def listed(name: str) -> list[Mapping[str, Any]]:
        try:
            found = yaml.load((folder / name).read_text(encoding="utf-8"), loader)  # noqa: S506 - a safe loader, in C
        except yaml.YAMLError as error:
            problems.append(f"{name}: not readable as YAML. {error}")
            return []
        if not isinstance(found, list):
            problems.append(f"{name}: must be a list of entries.")
            return []
        return found

    catalogue = kinds.Catalogue(
        themes=kinds.described("themes.yaml", kinds.ThemeEntry, listed("themes.yaml"), problems),
        sources=kinds.described("sources.yaml", kinds.SourceEntry, listed("sources.yaml"), problems),
        datasets=kinds.described("datasets.yaml", kinds.DatasetEntry, listed("datasets.yaml"), problems),
        indicators=kinds.described("indicators.yaml", kinds.IndicatorEntry, listed("indicators.yaml"), problems),
        regions=kinds.described("regions.csv", kinds.RegionEntry, _table(folder / "regions.csv"), problems),
        changes=kinds.described(
            "region_changes.csv", kinds.ChangeEntry, _table(folder / "region_changes.csv"), problems
        ),
        industries={
            path.stem: kinds.described(f"{INDUSTRIES}/{path.name}", kinds.IndustryEntry, _table(path), problems)
            for path in sorted((folder / INDUSTRIES).glob("*.csv"))
        },
        series=kinds.described("series.yaml", kinds.SeriesEntry, listed("series.yaml"), problems),
    )
    problems.extend(_contradictions(catalogue))
    if problems:
        raise CatalogueError(problems)
    return catalogue


def _table(path: Path) -> list[Mapping[str, Any]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [{name: cell for name, cell in row.items() if cell != ""} for row in csv.DictReader(lines)]


def _contradictions(catalogue: "Catalogue") -> Iterator[str]:
    """What no single entry can show: codes given twice, references to nothing, two indicators with the same rows."""
    known: dict[str, set[str]] = {}
    kinds: dict[str, Sequence[Any]] = {
        "themes.yaml": catalogue.themes,
        "sources.yaml": catalogue.sources,
        "datasets.yaml": catalogue.datasets,
        "indicators.yaml": catalogue.indicators,
        "series.yaml": catalogue.series,
        "regions.csv": catalogue.regions,
        **{f"{INDUSTRIES}/{name}.csv": entries for name, entries in catalogue.industries.items()},
    }
    for name, entries in kinds.items():
        count = Counter(entry.code for entry in entries)
        known[name.partition(".")[0]] = set(count)
        yield from (f"{name}, {code}: the code stands {times} times." for code, times in count.items() if times > 1)
    for dataset in catalogue.datasets:
        if dataset.source not in known["sources"]:
            yield f"datasets.yaml, {dataset.code}: there is no source {dataset.source} in sources.yaml."
    claims: dict[tuple[str, tuple[tuple[str, str], ...]], str] = {}
    for indicator in catalogue.indicators:
        where = f"indicators.yaml, {indicator.code}"
        if indicator.theme not in known["themes"]:
            yield f"{where}: there is no theme {indicator.theme} in themes.yaml."
        for query in indicator.queries():
            if query.dataset not in known["datasets"]:
                yield f"{where}: there is no dataset {query.dataset} in datasets.yaml."
            claim = (query.dataset, tuple(sorted(query.filters.items())))
            if claim in claims and indicator.live:
                yield f"{where}: asks for the same rows of {query.dataset} as {claims[claim]}."
            claims[claim] = indicator.code
    yield from _wrong_industries(catalogue)
    yield from _wrong_series(catalogue, known["datasets"], claims)
    for region in catalogue.regions:
        if region.parent and region.parent not in known["regions"]:
            yield f"regions.csv, {region.code}: there is no region {region.parent} to be its parent."
    for change in catalogue.changes:
        for code in (change.from_code, change.to_code):
            if code not in known["regions"]:
                yield f"region_changes.csv, {change.from_code} to {change.to_code}: there is no region {code}."


def _wrong_industries(catalogue: "Catalogue") -> Iterator[str]:
    """Classifications whose parents are unknown or do not stand above."""
    for name, industries in catalogue.industries.items():
        if len(name) > 16:
            yield f"{INDUSTRIES}/{name}.csv: the name of a classification may have 16 characters."
        level = {industry.code: industry.level for industry in industries}
        for industry in industries:
            where = f"{INDUSTRIES}/{name}.csv, {industry.code}"
            if industry.parent is None:
                continue
            if industry.parent not in level:
                yield f"{where}: there is no industry {industry.parent} to be its parent."
            elif level[industry.parent] >= industry.level:
                yield f"{where}: its parent {industry.parent} must have a lower level than {industry.level}."


def _wrong_series(
    catalogue: "Catalogue", datasets: set[str], claims: dict[tuple[str, tuple[tuple[str, str], ...]], str]
) -> Iterator[str]:
    """Series of unknown classifications, industries or datasets, or that ask for rows which others ask for."""
    indicators = {indicator.code for indicator in catalogue.indicators}
    for series in catalogue.series:
        where = f"series.yaml, {series.code}"
        if series.code in indicators:
            yield f"{where}: an indicator of indicators.yaml has this code; choose another."
        if series.classification not in catalogue.industries:
            yield f"{where}: there is no classification {series.classification} in {INDUSTRIES}."
            continue
        members = catalogue.members(series)
        codes = [*members, series.total] if series.total else members
        known = {industry.code for industry in catalogue.industries[series.classification]}
        unknown = [code for code in codes if code not in known]
        if unknown:
            yield f"{where}: {INDUSTRIES}/{series.classification}.csv has no {', '.join(unknown)}."
        yield from (f"{where}: {fault}" for fault in _overlaps(catalogue, series.classification, members))
        for query in series.queries():
            if query.dataset not in datasets:
                yield f"{where}: there is no dataset {query.dataset} in datasets.yaml."
            for code in codes:
                claim = (query.dataset, tuple(sorted({**query.filters, str(query.dimension): code}.items())))
                if claims.setdefault(claim, series.code) != series.code:
                    yield f"{where}, {code}: asks for the same rows of {query.dataset} as {claims[claim]}."


def _overlaps(catalogue: "Catalogue", classification: str, members: Sequence[str]) -> Iterator[str]:
    """Members of which one lies within another, so that they would count twice."""
    parent = {industry.code: industry.parent for industry in catalogue.industries[classification]}
    for code in members:
        above, steps = parent.get(code), 0
        while above is not None and steps < 10:
            if above in members:
                yield f"{code} lies within {above}, which is a member too: it would count twice."
            above, steps = parent.get(above), steps + 1


def _write(connection: Connection, catalogue: "Catalogue") -> tuple[int, "Tally"]:
    from etl.entries import indicator_row, industry_rows, industry_texts, series_indicators, series_row, text_rows
    from store.schema import Dataset, Industry, IndustrySeries, Label, Region, RegionChange, Source, StoredTable, Theme
    from store.writes import synchronise

    own = set(connection.scalars(select(Indicator.code).where(Indicator.role == "own")))
    _refuse_loss(connection, catalogue, own)
    labelled: dict[str, Sequence[Any]] = {
        "theme": catalogue.themes,
        "source": catalogue.sources,
        "dataset": catalogue.datasets,
        "indicator": catalogue.indicators,
        "region": catalogue.regions,
        "series": catalogue.series,
    }
    texts = [row for entity, entries in labelled.items() for entry in entries for row in text_rows(entity, entry)]
    industries: list[dict[str, Any]] = []
    for name, classes in catalogue.industries.items():
        industries += industry_rows(name, classes)
        texts += industry_texts(name, classes)
    indicators = [indicator_row(entry) for entry in catalogue.indicators]
    for series in catalogue.series:
        indicators += series_indicators(series, catalogue.members(series))
    series_rows = [series_row(series, catalogue.members(series)) for series in catalogue.series]
    entries = sum(len(kind) for kind in labelled.values()) + len(catalogue.changes) + len(industries)
    # Parents come before children, so that foreign keys hold at every step; removal happens in the other direction,
    # which is why a dataset or theme that an own indicator stands on is kept.
    in_use = set(connection.scalars(select(Indicator.dataset).where(Indicator.role == "own")))
    in_use |= set(connection.scalars(select(StoredTable.dataset)))
    sources_in_use = {"own", *connection.scalars(select(Dataset.source).where(Dataset.code.in_(in_use)))}
    themes_in_use = set(connection.scalars(select(Indicator.theme).where(Indicator.role == "own")))
    steps: tuple[tuple[Any, list[dict[str, Any]], Any], ...] = (
        (Theme, [entry.model_dump(include={"code", "position", "symbol"}) for entry in catalogue.themes], None),
        (Source, [entry.columns() for entry in catalogue.sources], None),
        (Dataset, [entry.columns() for entry in catalogue.datasets], None),
        (Industry, industries, lambda _row: False),
        (IndustrySeries, series_rows, None),
        (Indicator, indicators, lambda row: row["role"] == "own"),
        (IndustrySeries, series_rows, lambda _row: False),
        (Dataset, [entry.columns() for entry in catalogue.datasets], lambda row: row["code"] in in_use),
        (Source, [entry.columns() for entry in catalogue.sources], lambda row: row["code"] in sources_in_use),
        (
            Theme,
            [entry.model_dump(include={"code", "position", "symbol"}) for entry in catalogue.themes],
            lambda row: row["code"] in themes_in_use,
        ),
        (RegionChange, [entry.model_dump() for entry in catalogue.changes], lambda _row: False),
        (Region, _parents_first([entry.columns() for entry in catalogue.regions]), lambda _row: False),
        (Label, texts, lambda row: row["entity"] == "indicator" and row["code"] in own),
    )
    from store.writes import Tally

    total = Tally()
    seen: set[Any] = set()
    for model, rows, keep in steps:
        tally = synchronise(connection, model, rows) if keep is None else synchronise(connection, model, rows, keep)
        if model in seen:
            # The second visit of a table only removes.
            tally.unchanged = 0
        seen.add(model)
        total += tally
    return entries, total


def _parents_first(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (row["parent"] is not None, row["level"] == 9, row["level"], row["code"]))


def _refuse_loss(connection: Connection, catalogue: "Catalogue", own: set[str]) -> None:
    """Refuse to drop an indicator or region that has figures: they would lose their meaning.

    Raises:
        CatalogueError: one sentence for each.
    """
    from etl.entries import series_indicators
    from store.schema import Region
    from store.writes import figures_of

    problems = []
    listed = {entry.code for entry in catalogue.indicators} | own
    for series in catalogue.series:
        listed |= {row["code"] for row in series_indicators(series, catalogue.members(series))}
    for model, column, kind, file, kept in (
        (Indicator, "indicator_id", "indicator", "indicators.yaml", listed),
        (Region, "region_id", "region", "regions.csv", {entry.code for entry in catalogue.regions}),
    ):
        for number, code in connection.execute(select(model.id, model.code)).all():
            figures = 0 if code in kept else figures_of(connection, column, number)
            if figures:
                place = "series.yaml" if kind == "indicator" and ":" in code else file
                problems.append(
                    f"{place}: the {kind} {code} is gone, but {figures} figures are stored under it. "
                    f"Put the entry back; a retired {kind} stays in the catalogue as long as its figures do."
                )
    if problems:
        raise CatalogueError(problems)
