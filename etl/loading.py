"""From what a person names on the command line to loads: files, folders, starter data, live services."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from sqlalchemy import Engine

from etl.pipeline import Outcome, Progress, load_extract, note_unreadable, recall
from etl.tables import load_tables, recall_tables

if TYPE_CHECKING:
    from etl.geography import GeographySummary
    from etl.programmes import Layout

SIDE_FILES = (".md", ".txt", ".zip.json", ".part")
"""Endings of files that lie beside data in a folder and are none."""

FLAVOUR = "sdmx-2.1"
"""The interface that is asked: its replies alone carry both the edition's date and the confidentiality of a figure."""


class Offline(Exception):
    """A service cannot be reached; one sentence for people."""


class Bar(Protocol):
    """Shows how far a load has come."""

    def task(self, name: str) -> AbstractContextManager[Progress]:
        """A line for one file; what it gives is called with bytes done and bytes in all."""


class NoBar:
    """Shows nothing."""

    def task(self, name: str) -> AbstractContextManager[Progress]:
        """Gives a function that does nothing."""
        return nullcontext(lambda _done, _total: None)


class Loader:
    """Loads one thing after the other into one database; what fails is reported and does not stop the rest."""

    def __init__(
        self,
        engine: Engine,
        *,
        force: bool = False,
        bar: Bar | None = None,
        into: str = "",
        lang: str = "en",
        replace: bool = False,
        layout: "Layout | None" = None,
    ) -> None:
        """Load into a database; scenario tables and ScenarioWizard projects go ``into`` a scenario set.

        With ``replace`` a scenario table is taken for the whole of its models. With a ``layout`` every file is read by
        it into a programme.
        """
        self._engine, self._force, self._bar = engine, force, bar or NoBar()
        self._into, self._lang, self._replace, self._layout = into, lang, replace, layout

    def starter(self, path: Path, name: str) -> Outcome:
        """Load the starter data, which never replace what someone else loaded."""
        from etl.programmes import is_programme_file, load_programme_file
        from etl.scenarios import is_set_file, load_set_file

        if is_set_file(path):
            with self._bar.task(name) as progress:
                return load_set_file(self._engine, path, name=name, starter=True, progress=progress)
        if is_programme_file(path):
            with self._bar.task(name) as progress:
                return load_programme_file(self._engine, path, name=name, starter=True, progress=progress)
        known = recall(self._engine, path, starter=True) or recall_tables(self._engine, path)
        if known is not None:
            known.file_name = name
            return known
        from etl.sources.base import SourceError
        from etl.sources.detect import open_extract
        from etl.sources.io_detect import table_reader

        reader = table_reader(path)
        if reader is not None:
            with self._bar.task(name) as progress:
                return load_tables(self._engine, path, reader, name=name, starter=True, progress=progress)

        try:
            extract = open_extract(path, name=name)
        except SourceError as error:
            return note_unreadable(self._engine, path, error.problem)
        with self._bar.task(name) as progress:
            return load_extract(self._engine, extract, starter=True, progress=progress)

    def paths(self, paths: Sequence[Path]) -> Iterator[Outcome]:
        """Load files, and all files of folders in the order of their names."""
        for path in paths:
            if path.is_dir():
                files = [file for file in sorted(path.iterdir()) if _is_data(file)]
                beside = _of_sets(files)
                yield from (self._file(file) for file in files if file not in beside)
            else:
                yield self._file(path)

    def live(self, datasets: Sequence[str]) -> Iterator[Outcome]:
        """Ask Eurostat for datasets of the catalogue, by the filters of their indicators.

        Raises:
            Offline: there is no connection.
        """
        from etl.sources.base import Problem, SourceError
        from etl.sources.live import OfflineError, fetch_dataset

        queries = self._queries()
        for name in datasets or sorted(queries):
            dataset = name.upper()
            if dataset not in queries:
                remedy = "No live indicator of the catalogue uses this dataset; add one to data/catalogue."
                yield Outcome("failed", None, dataset, dataset, {}, remedy, "unknown-dataset")
                continue
            filters, places = queries[dataset]
            with self._bar.task(dataset) as progress:
                try:
                    extract = _fetch(fetch_dataset, dataset, filters, places, progress)
                    known = None if self._force else recall(self._engine, extract.path)
                    yield known or load_extract(self._engine, extract, force=self._force)
                except OfflineError as error:
                    raise Offline(str(error)) from None
                except SourceError as error:
                    problem: Problem = error.problem
                    yield Outcome("failed", None, dataset, dataset, {}, problem.remedy, problem.reason)

    def boundaries(self) -> Iterator[Outcome]:
        """Ask GISCO for boundaries.

        Raises:
            Offline: there is no connection.
        """
        from etl.geography import load_gisco
        from etl.sources.base import SourceError
        from etl.sources.live import OfflineError

        with self._bar.task("GISCO") as progress:
            try:
                yield from (_of_geography(done) for done in load_gisco(self._engine, progress=progress))
            except OfflineError as error:
                raise Offline(str(error)) from None
            except SourceError as error:
                yield Outcome(
                    "failed", None, error.file_name, "NUTS_RG", {}, error.problem.remedy, error.problem.reason
                )

    def _file(self, path: Path) -> Outcome:
        from etl.geography import load_geography
        from etl.programmes import is_programme_file, load_programme_file
        from etl.scenario_files import is_scenario_table, load_scenario_table
        from etl.scenarios import is_set_file, load_project, load_set_file
        from etl.sources.base import SourceError
        from etl.sources.detect import open_extract
        from etl.sources.geography import is_geography
        from etl.sources.io_detect import table_reader
        from etl.sources.trade import trade_file
        from etl.sources.workbook import is_workbook, own_indicators, read_workbook

        if is_set_file(path) and self._layout is None:
            with self._bar.task(path.name) as progress:
                return load_set_file(self._engine, path, force=self._force, progress=progress)
        if self._layout is not None or is_programme_file(path):
            with self._bar.task(path.name) as progress:
                how: dict[str, Any] = {"force": self._force, "layout": self._layout}
                return load_programme_file(self._engine, path, **how, progress=progress)
        if path.suffix.lower() == ".scw":
            return load_project(self._engine, path, self._into, lang=self._lang)
        known = None if self._force else recall(self._engine, path) or recall_tables(self._engine, path)
        if known is not None and not self._lost(known.load_id):
            return known
        with self._bar.task(path.name) as progress:
            if path.is_file() and is_geography(path):
                try:
                    return _of_geography(load_geography(self._engine, path, progress))
                except SourceError as error:
                    problem = error.problem
                    return Outcome("failed", None, path.name, "NUTS_RG", {}, problem.remedy, problem.reason)
            if is_scenario_table(path):
                return load_scenario_table(
                    self._engine, path, set_code=self._into, replace=self._replace, progress=progress
                )
            kind = trade_file(path)
            if kind:
                from etl.trade import load_trade, pass_over_names

                if kind == "names":
                    return pass_over_names(path)
                return load_trade(self._engine, path, force=self._force, progress=progress)
            reader = table_reader(path)
            if reader is not None:
                return load_tables(self._engine, path, reader, force=self._force, progress=progress)
            own: list[dict[str, Any]] = []
            try:
                if path.is_file() and is_workbook(path):
                    extract, own = read_workbook(path), own_indicators(path)
                else:
                    extract = open_extract(path)
            except SourceError as error:
                return note_unreadable(self._engine, path, error.problem)
            return load_extract(self._engine, extract, force=self._force, own=own, progress=progress)

    def _lost(self, load_id: int | None) -> bool:
        """Whether a matrix that a load brought, and that is still wanted, is gone from the disk."""
        from sqlalchemy import select

        from config import settings
        from store.schema import StoredTable

        with self._engine.connect() as connection:
            files = connection.scalars(select(StoredTable.file).where(StoredTable.load_id == load_id)).all()
        return not all((settings().tables_dir / file).is_file() for file in files)

    def _queries(self) -> dict[str, tuple[dict[str, list[str]], list[str]]]:
        """For each live dataset the codes to ask for in each dimension, and the regions of the catalogue."""
        from sqlalchemy import select

        from store.schema import Indicator, Region

        found: dict[str, list[dict[str, str]]] = {}
        with self._engine.connect() as connection:
            for dataset, filters in connection.execute(
                select(Indicator.dataset, Indicator.filters).where(Indicator.live, Indicator.role != "own")
            ):
                found.setdefault(dataset, []).append(filters)
            places = sorted(connection.scalars(select(Region.code)))
        return {dataset: (_union(asked), places) for dataset, asked in found.items()}


def _union(asked: Sequence[dict[str, str]]) -> dict[str, list[str]]:
    """One query for several indicators: a dimension is restricted only when all of them restrict it."""
    shared = set.intersection(*(set(filters) for filters in asked))
    return {dim: sorted({filters[dim] for filters in asked}) for dim in sorted(shared)}


def _fetch(fetch: Any, dataset: str, filters: dict[str, list[str]], places: list[str], progress: Progress) -> Any:
    """Ask for all regions at once, since a dataset may not know our old codes; region by region if that is too big."""
    from etl.sources.base import SourceError

    try:
        return fetch(dataset, filters, flavour=FLAVOUR, progress=progress)
    except SourceError as error:
        if error.problem.reason != "too-big":
            raise
    return fetch(dataset, filters, places, flavour=FLAVOUR, progress=progress)


def _of_geography(done: "GeographySummary") -> Outcome:
    names = ("read", "passed_over", "new", "changed", "unchanged", "rejected")
    counts = {name: getattr(done, f"rows_{name}") for name in names}
    return Outcome("done", done.load_id, done.file_name, done.dataset, counts)


def _of_sets(files: Sequence[Path]) -> set[Path]:
    """Files that scenario sets among them name: they are loaded with their set, and not by themselves."""
    from etl.scenarios import is_set_file, side_files

    return {other for file in files if is_set_file(file) for other in side_files(file)}


def _is_data(path: Path) -> bool:
    """Whether a file in a folder is meant to be loaded: not hidden, no note, no record beside a download."""
    record = path.suffix == ".json" and path.with_suffix("").is_file()
    return path.is_file() and not path.name.startswith((".", "~$")) and not record and path.suffix not in SIDE_FILES
