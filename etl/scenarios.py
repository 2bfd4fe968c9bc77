"""Scenario sets into the store and out again: one transaction, one ledger row, the former content in the audit.

A set is replaced as a whole, table by table and row by row, so that what did not change is not touched: the same
content gives no new data version.
"""

import hashlib
import re
import time
import zipfile
import zlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, select

from config import ROOT
from etl.catalogue import meaning as meaning_mark
from etl.pipeline import Outcome, Progress, digest, note_failure, quarantined
from store.engine import version, writing
from store.schema import Indicator, LoadRun, Region, Theme
from store.schema_scenarios import (
    Assumption,
    Driver,
    JudgementCell,
    JudgementMatrix,
    Measure,
    Milestone,
    PathwaySeries,
    PayOff,
    Scenario,
    ScenarioSet,
    Signpost,
    SignpostLikelihood,
    Strategy,
    Workshop,
)

if TYPE_CHECKING:
    from etl.sources.base import Problem
    from etl.sources.scenario_set import Draft, Known, SetContent
    from store.scenario_writes import Series
    from store.schema import Base
    from store.writes import Tally

SOURCE, DATASET = "scenarios", "SCENARIOS"
"""Under these names the ledger keeps loads of scenario sets."""

YAML = (".yaml", ".yml")

READING = 1
"""Version of the readers; raised when the same file would give another set."""

MAPPING = ROOT / "data" / "catalogue" / "iamc.yaml"
"""What regions and variables of scenario tables are with us."""

SET_LOAD = "scenario set "
"""How the ledger's query of such a load begins; the set's code, a semicolon and the mark of its reading follow."""

FORCE_HINT = "load with --force to put the file's content back; the present one then goes to the audit."


# ---------------------------------------------------------------------------------------------------------------------
# Loading


def is_set_file(path: Path) -> bool:
    """Whether a file is a scenario set: YAML with a line ``set:``, or a workbook with our sheets.

    Every load asks, so that nothing is imported for it.
    """
    suffix = path.suffix.lower()
    if suffix not in (*YAML, ".xlsx") or not path.is_file():
        return False
    if suffix in YAML:
        with path.open("rb") as file:
            head = file.read(1 << 16)
        return re.search(rb"^(\xef\xbb\xbf)?[\"']?set[\"']?\s*:", head, re.MULTILINE) is not None
    try:
        with zipfile.ZipFile(path) as archive, archive.open("xl/workbook.xml") as part:
            names = re.findall(rb"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"", part.read(1 << 20))
    except (OSError, KeyError, zipfile.BadZipFile, RuntimeError, NotImplementedError, zlib.error):
        return False
    return {b"set", b"scenarios"} <= {name.strip().lower() for name in names}


def side_files(path: Path) -> list[Path]:
    """Files beside a YAML set whose names stand in it: they are loaded with it. A workbook has all in itself."""
    if path.suffix.lower() not in YAML:
        return []
    text = path.read_bytes()
    return [
        other
        for other in sorted(path.parent.iterdir())
        if other.is_file() and other != path and not other.name.startswith(".") and other.name.encode() in text
    ]


def set_digest(path: Path) -> str:
    """SHA-256 of a set's file, together with the scenario tables beside it that it names."""
    beside = [digest(other) for other in side_files(path)]
    if not beside:
        return digest(path)
    return hashlib.sha256("".join([digest(path), *beside]).encode()).hexdigest()


def recall_set(engine: Engine, path: Path, *, starter: bool = False) -> Outcome | None:
    """The earlier load of these very bytes, if loading them again could change nothing, or should not; else None.

    Where people have edited the set since, the file is not loaded again by itself: it would take their work back.
    """
    if not path.is_file():
        return None
    sha = set_digest(path)
    with engine.connect() as connection:
        same = LoadRun.query.startswith(SET_LOAD) & LoadRun.query.endswith(_mark(connection), autoescape=True)
        query = select(LoadRun.__table__).where(LoadRun.sha256 == sha, LoadRun.state == "done", same)
        earlier = connection.execute(query.order_by(LoadRun.id.desc()).limit(1)).one_or_none()
        if earlier is None:
            return None
        code = earlier.query.removeprefix(SET_LOAD).partition(";")[0]
        stored = connection.execute(
            select(ScenarioSet.edited_at, ScenarioSet.load_id).where(ScenarioSet.code == code)
        ).one_or_none()
        if stored is None:
            return None
        edited = stored.edited_at is not None and stored.edited_at > earlier.started_at
        # A later load that changed the set claimed it; one that passed it over brought nothing.
        if not starter and (earlier.rows_passed_over or stored.load_id > earlier.id):
            return None
    number = earlier.rows_new + earlier.rows_changed + earlier.rows_unchanged
    counts = {"read": number, "passed_over": 0, "new": 0, "changed": 0, "unchanged": number, "rejected": 0}
    message = f"The same file was loaded as number {earlier.id} on {earlier.started_at:%Y-%m-%d}; nothing to do."
    if edited and not starter:
        message = f"People have changed the set {code} since this file was loaded; {FORCE_HINT}"
    return Outcome("known", earlier.id, path.name, DATASET, counts, message)


def _of_set(code: str) -> Any:
    """Whether a load is one of this set."""
    return LoadRun.query.startswith(f"{SET_LOAD}{code};", autoescape=True)


def _mark(connection: Connection) -> str:
    """What the same bytes mean the same under: readers, catalogue, names of scenario tables."""
    names = digest(MAPPING)[:16] if MAPPING.is_file() else ""
    return f"reading {READING}, catalogue {meaning_mark(connection)}, names {names}"


def load_set_file(
    engine: Engine,
    path: Path,
    *,
    name: str = "",
    force: bool = False,
    starter: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Load a scenario set from its YAML file or workbook; see ``load_set``."""
    known = None if force else recall_set(engine, path, starter=starter)
    if known is not None:
        known.file_name = name or path.name
        return known
    from etl.sources.base import SourceError
    from etl.sources.scenario_yaml import read_set

    began = time.perf_counter()
    head = _head(path, name or path.name)
    try:
        draft = read_set(path, name or path.name) if path.suffix.lower() in YAML else _workbook(path, name)
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)
    return load_set(
        engine, draft, head, folder=path.parent, force=force, starter=starter, progress=progress, began=began
    )


def _workbook(path: Path, name: str) -> "Draft":
    from etl.sources.scenario_workbook import read_set_workbook

    return read_set_workbook(path, name or path.name)


def _head(path: Path, name: str) -> dict[str, Any]:
    there = path.is_file()
    return {
        "source": SOURCE,
        "dataset": DATASET,
        "file_name": name[-400:],
        "sha256": set_digest(path) if there else "",
        "bytes": path.stat().st_size if there else 0,
        "started_at": _now(),
    }


def load_set(
    engine: Engine,
    draft: "Draft",
    head: Mapping[str, Any],
    *,
    folder: Path | None = None,
    force: bool = False,
    starter: bool = False,
    progress: Progress | None = None,
    began: float | None = None,
) -> Outcome:
    """Write a set in one transaction together with its ledger row and its quarantine.

    Rows that cannot be taken are refused one by one; the set then stands without them. When people had edited the set
    that is replaced, an entry of the audit keeps its former content.

    Args:
        engine: the database, migrated, with its catalogue.
        draft: what a file gave.
        head: columns of the ledger row: source, dataset, file_name, sha256, bytes, started_at.
        folder: where the scenario tables lie that the set names.
        force: replace also what starter data would leave alone.
        starter: the starter data: they replace only what earlier starter data brought and nobody edited.
        progress: called with steps done and steps in all.
        began: clock at the beginning, for the ledger.

    Returns:
        The outcome; counted are rows of all tables. ``failed`` when the set as a whole cannot be used: what was there
        stays.
    """
    from etl.sources.base import SourceError
    from etl.sources.scenario_set import settle

    began = time.perf_counter() if began is None else began
    try:
        with writing(engine) as connection:
            content, problems = settle(draft, catalogue_known(connection))
            tables = _tables_of(content, draft.lines, folder, str(head["file_name"]))
            return _write(connection, content, problems, head, tables, starter, progress, began)
    except SourceError as error:
        return note_failure(engine, error.problem, dict(head), began)


def catalogue_known(connection: Connection) -> "Known":
    """What the catalogue knows of indicators, regions and themes."""
    from etl.sources.scenario_set import Known

    query = select(Indicator.code, Indicator.unit, Indicator.lower, Indicator.upper)
    return Known(
        indicators={row.code: (row.unit, row.lower, row.upper) for row in connection.execute(query)},
        regions=set(connection.scalars(select(Region.code))),
        themes=set(connection.scalars(select(Theme.code))),
    )


def _write(
    connection: Connection,
    content: "SetContent",
    problems: "Sequence[Problem]",
    head: Mapping[str, Any],
    tables: Sequence[tuple[str, Path]],
    starter: bool,
    progress: Progress | None,
    began: float,
) -> Outcome:
    from store.scenario_writes import claim, note_replaced, stored_set
    from store.writes import close_load, open_load, refuse

    code, file_name = content.head.code, str(head["file_name"])
    stored = stored_set(connection, code)
    query = f"{SET_LOAD}{code}; {_mark(connection)}"
    head = {**head, "query": query, "catalogue": ""}
    counts = {"read": content.rows() + len(problems), "passed_over": 0, "new": 0, "changed": 0, "unchanged": 0}
    counts["rejected"] = len(problems)
    if stored is not None and starter and (stays := _stays(connection, stored, file_name)):
        counts = {**dict.fromkeys(counts, 0), "read": content.rows(), "passed_over": content.rows()}
        load_id = open_load(connection, **head, data_version=version(connection))
        totals = {f"rows_{name}": number for name, number in counts.items()}
        close_load(connection, load_id, duration_s=time.perf_counter() - began, message=stays, **totals)
        return Outcome("done", load_id, file_name, DATASET, counts, stays)
    former = former_document(connection, code) if stored is not None and stored["edited_at"] is not None else None
    load_id = open_load(connection, **head, data_version=version(connection))
    tally, more = write_content(connection, content, load_id, tables, progress)
    refused = [*((file_name, problem) for problem in problems), *more]
    counts["rejected"] = len(refused)
    changed = tally.new + tally.changed + tally.removed > 0
    kind = " (illustrative)" if content.head.origin == "illustrative" else ""
    message = f"Scenario set {code}{kind}, {len(content.scenarios)} scenarios."
    if changed and former is not None:
        entry = note_replaced(connection, code, former, f"replaced by {file_name}")
        message += f" What people had changed in it is kept: entry {entry} of the audit."
    if changed:
        claim(connection, code, load_id)
    refuse(connection, [quarantined(problem, load_id, name) for name, problem in refused])
    counts |= {"new": tally.new, "changed": tally.changed + tally.removed, "unchanged": tally.unchanged}
    counts["read"] = tally.new + tally.changed + tally.unchanged + len(refused)
    close_load(
        connection,
        load_id,
        duration_s=time.perf_counter() - began,
        data_version=version(connection) + int(changed),
        message=message,
        **{f"rows_{name}": number for name, number in counts.items()},
    )
    return Outcome("done", load_id, file_name, DATASET, counts, message)


def _stays(connection: Connection, stored: Mapping[str, Any], file_name: str) -> str:
    """Why starter data leave a set alone; '' when they do not."""
    if stored["edited_at"] is not None:
        return f"People have changed the set {stored['code']}; the starter data leave it alone."
    query = select(LoadRun.file_name).where(LoadRun.id == stored["load_id"])
    if connection.execute(query).scalar_one() != file_name:
        return f"The set {stored['code']} was loaded from elsewhere; the starter data leave it alone."
    return ""


# ---------------------------------------------------------------------------------------------------------------------
# From content to tables


def write_content(
    connection: Connection,
    content: "SetContent",
    load_id: int,
    tables: Sequence[tuple[str, Path]] = (),
    progress: Progress | None = None,
) -> "tuple[Tally, list[tuple[str, Problem]]]":
    """Make the tables of a set equal to its content.

    Args:
        connection: an open write transaction.
        content: the set.
        load_id: the ledger row.
        tables: names and files of the scenario tables that belong to it.
        progress: called with bytes read and bytes in all.

    Returns:
        Rows new, changed, unchanged and removed, and what was refused in the scenario tables that it names, each
        with the name of its file.

    Raises:
        SourceError: a scenario table cannot be used.
    """
    from store.scenario_writes import line_scenarios, prune, put_head, put_links, put_rows, put_series

    code = content.head.code
    units = {row.code: row.unit for row in connection.execute(select(Indicator.code, Indicator.unit))}
    parts = list(table_rows(content))
    tally = put_head(connection, {**head_row(content), "load_id": load_id})
    for model, rows in parts:
        tally += put_rows(connection, model, code, rows)
    tally += put_series(connection, code, series_of(content, units), load_id)
    lines, refused = _scenario_tables(connection, content, tables, load_id, progress)
    tally += lines
    # A scenario that only a scenario table knows was made for its lines, and stays as long as they do.
    kept = line_scenarios(connection, code)
    for model, rows in reversed(parts):
        known = [*rows, *({"code": one} for one in kept)] if model is Scenario else rows
        tally += prune(connection, model, code, known)
    links = [_own_link(indicator, units) for indicator in sorted({point.indicator for point in content.points})]
    tally += put_links(connection, code, links)
    return tally, refused


def head_row(content: "SetContent") -> dict[str, Any]:
    """The row of table ``scenario_set``."""
    from etl.sources.scenario_set import texts_of

    head = content.head
    names = ("code", "position", "origin", "base_year", "horizon", "source", "source_url", "licence")
    return {
        **{name: getattr(head, name) for name in names},
        "regions": list(head.regions),
        "axes": [{"code": axis.code, "texts": texts_of(axis)} for axis in content.axes],
        "groups": [{"code": group.code, "texts": texts_of(group)} for group in content.groups],
        "texts": texts_of(head),
    }


def table_rows(content: "SetContent") -> "Iterable[tuple[type[Base], list[dict[str, Any]]]]":
    """Rows of every other table but the pathways, without ``set_code``; parents before children."""
    from etl.sources.scenario_set import texts_of

    def listed(entries: Iterable[Any], *names: str) -> list[dict[str, Any]]:
        return [
            {"position": place, "texts": texts_of(entry), **{name: _stored(getattr(entry, name)) for name in names}}
            for place, entry in enumerate(entries, start=1)
        ]

    scenarios = listed(content.scenarios, "code", "prior")
    for row in scenarios:
        row["place"] = {one.axis: one.value for one in content.places if one.scenario == row["code"]}
        row["state"] = {one.descriptor: one.variant for one in content.states if one.scenario == row["code"]}
    yield Scenario, scenarios
    ranges = [f"{name}{end}" for name in ("impact", "uncertainty", "year") for end in ("_low", "", "_high")]
    drivers = listed(content.drivers, "code", "kind", "steep", "theme", "ratings", "source", *ranges)
    for row in drivers:
        row["evidence"] = [
            {"texts": texts_of(one), "url": one.url, "source": one.source, "indicator": one.indicator}
            for one in content.evidence
            if one.driver == row["code"]
        ]
    yield Driver, drivers
    yield (
        Assumption,
        [
            row
            for scenario in content.scenarios
            for row in listed(
                (one for one in content.assumptions if one.scenario == scenario.code),
                "scenario",
                "code",
                "driver",
                "source",
            )
        ],
    )
    names = ["code", "indicator", "region", "operator", "threshold", "window", "due", "review", "cluster", "observed"]
    yield Signpost, listed(content.signposts, *names, "observed_on", "source")
    yield (
        SignpostLikelihood,
        [one.model_dump(include={"signpost", "scenario", "likelihood"}) for one in content.likelihoods],
    )
    yield Strategy, listed(content.strategies, "code")
    names = ["code", "strategy", "theme", "cost", "currency", "needs", "excludes", "source"]
    yield Measure, listed(content.measures, *names)
    yield (
        PayOff,
        [
            {
                "measure": one.measure,
                "scenario": one.scenario,
                "group_code": one.group,
                "score": one.score,
                "reason": one.reason,
            }
            for one in content.payoffs
        ],
    )
    yield (
        JudgementMatrix,
        [
            {
                "code": matrix.code,
                "kind": matrix.kind,
                "parts": _parts(content, matrix.code),
                "texts": texts_of(matrix),
                "source": matrix.source,
            }
            for matrix in content.matrices
        ],
    )
    yield (
        JudgementCell,
        [
            {
                **one.model_dump(include={"matrix", "row", "column", "value", "sign", "reason"}),
                "group_code": one.group,
            }
            for one in content.cells
        ],
    )
    names = ["code", "goal", "indicator", "region", "year", "value", "duration", "measure", "needs", "source"]
    yield Milestone, listed(content.milestones, *names)
    yield (
        Workshop,
        [
            {
                "code": one.code,
                "held_on": one.held_on,
                "participants": dict(one.participants),
                "record": _record(content, one.code),
                "texts": texts_of(one),
            }
            for one in content.workshops
        ],
    )


def _stored(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _parts(content: "SetContent", matrix: str) -> list[dict[str, Any]]:
    from etl.sources.scenario_set import texts_of

    return [
        {
            "code": part.code,
            "ordinal": part.ordinal,
            "texts": texts_of(part),
            "values": [
                {"code": one.code, "texts": texts_of(one)}
                for one in content.values
                if (one.matrix, one.part) == (matrix, part.code)
            ],
        }
        for part in content.parts
        if part.matrix == matrix
    ]


RECORD = {"inputs": "input", "challenges": "challenge", "actions": "action"}


def _record(content: "SetContent", workshop: str) -> dict[str, Any]:
    from etl.sources.scenario_set import texts_of

    record: dict[str, Any] = {}
    for name, kind in RECORD.items():
        mine = [one for one in content.records if (one.workshop, one.kind) == (workshop, kind)]
        record[name] = [
            {"texts": texts_of(one), "due": one.due.isoformat() if one.due else None}
            if kind == "action"
            else {"texts": texts_of(one)}
            for one in mine
        ]
    return record


def series_of(content: "SetContent", units: Mapping[str, str]) -> "list[Series]":
    """Pathways in the set's own indicators as lines; the first source that a line's points name is its own."""
    from store.scenario_writes import Series

    points: dict[tuple[str, str, str], dict[int, tuple[float, float | None, float | None]]] = {}
    sources: dict[tuple[str, str, str], str] = {}
    for point in content.points:
        key = (point.scenario, point.region, point.indicator)
        points.setdefault(key, {})[point.year] = (point.median, point.low, point.high)
        sources[key] = sources.get(key) or point.source
    return [Series(*key, unit_of(key[2], units), sources[key], told) for key, told in points.items()]


def unit_of(indicator: str, units: Mapping[str, str]) -> str:
    """The unit under which an indicator stands in a scenario table."""
    return units.get(indicator) or "1"


def _own_link(indicator: str, units: Mapping[str, str]) -> dict[str, Any]:
    return {
        "variable": indicator,
        "unit": unit_of(indicator, units),
        "indicator": indicator,
        "transform": "level",
        "factor": 1.0,
        "per": "",
        "source": "the indicator itself",
    }


# ---------------------------------------------------------------------------------------------------------------------
# Scenario tables beside the set


def _tables_of(
    content: "SetContent", lines: Path | None, folder: Path | None, file_name: str
) -> list[tuple[str, Path]]:
    """Names and files of the scenario tables that belong to a set: beside it, or within its own file.

    Raises:
        SourceError: ``no-file``.
    """
    from etl.sources.base import Problem, SourceError

    found = [] if lines is None else [(file_name, lines)]
    for name in content.files:
        path = (folder or Path()) / name
        if not path.is_file():
            remedy = f"The set names the scenario table {name}, and there is no such file beside it."
            raise SourceError(Problem("no-file", remedy, column="pathways.files", value=name), file_name)
        found.append((name, path))
    return found


def _scenario_tables(
    connection: Connection,
    content: "SetContent",
    tables: Sequence[tuple[str, Path]],
    load_id: int,
    progress: Progress | None,
) -> "tuple[Tally, list[tuple[str, Problem]]]":
    """Write the lines of a set's scenario tables; those that an earlier file of it brought go."""
    from store.scenario_writes import drop_series
    from store.writes import Tally

    code, tally = content.head.code, Tally()
    refused: list[tuple[str, Problem]] = []
    models = {code}
    for name, path in tables:
        from etl.scenario_tables import write_lines
        from etl.sources.iamc import load_mapping, read_iamc

        extract, mapping = read_iamc(path, name), load_mapping(MAPPING)
        written = write_lines(
            connection, code, extract, mapping, load_id, progress, source=content.head.source, replace=True
        )
        models |= set(written.models)
        known = written.changed or written.unchanged
        new, facts = (written.new, written.facts) if known else (written.new + written.facts, 0)
        tally += Tally(new, written.changed + facts, written.unchanged, written.removed)
        refused += [(name, problem) for problem in written.problems]
    mine = select(LoadRun.id).where(_of_set(code))
    tally.removed += drop_series(
        connection, code, PathwaySeries.model.not_in(sorted(models)), PathwaySeries.load_id.in_(mine)
    )
    return tally, refused


# ---------------------------------------------------------------------------------------------------------------------
# Into a set that is there


def load_project(engine: Engine, path: Path, set_code: str, *, lang: str = "en") -> Outcome:
    """Load the matrix of a ScenarioWizard project into a set that is there, in place of its first cross-impact matrix.

    Descriptors and variants keep their codes where their names are known. Scenario tables are ``etl.scenario_files``.

    Args:
        engine: the database, migrated, with its catalogue.
        path: the file.
        set_code: code of the set.
        lang: language of the project's names.

    Returns:
        The outcome; ``failed`` when there is no such set or the file cannot be used: nothing was changed.
    """
    from etl.sources.base import Problem, SourceError
    from store.scenario_writes import stored_set
    from store.writes import close_load, open_load, refuse

    began = time.perf_counter()
    head = _head(path, path.name)
    try:
        with writing(engine) as connection:
            if not set_code:
                remedy = (
                    f"Say into which scenario set it goes: polisee load {path.name} --set CODE (polisee status lists "
                    "them)."
                )
                raise SourceError(Problem("needs-set", remedy), path.name)
            if stored_set(connection, set_code) is None:
                codes = ", ".join(sorted(connection.scalars(select(ScenarioSet.code)))) or "none"
                remedy = f"There is no scenario set {set_code} to load into; there are: {codes}."
                raise SourceError(Problem("unknown-set", remedy), path.name)
            before = version(connection)
            query = f"into scenario set {set_code}; {_mark(connection)}"
            load_id = open_load(connection, **head, query=query, catalogue="", data_version=before)
            tally, problems = _matrix_into(connection, path, set_code, load_id, lang)
            message = f"Cross-impact matrix of scenario set {set_code}."
            refuse(connection, [quarantined(problem, load_id, path.name) for problem in problems])
            changed = tally.new + tally.changed + tally.removed > 0
            counts = {
                "read": tally.new + tally.changed + tally.removed + tally.unchanged + len(problems),
                "passed_over": 0,
                "new": tally.new,
                "changed": tally.changed + tally.removed,
                "unchanged": tally.unchanged,
                "rejected": len(problems),
            }
            close_load(
                connection,
                load_id,
                duration_s=time.perf_counter() - began,
                data_version=version(connection) + int(changed),
                message=message,
                **{f"rows_{name}": number for name, number in counts.items()},
            )
            return Outcome("done", load_id, path.name, DATASET, counts, message)
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)


def _matrix_into(
    connection: Connection, path: Path, set_code: str, load_id: int, lang: str
) -> "tuple[Tally, list[Problem]]":
    from etl.scenario_matrix import with_matrix
    from etl.sources.scenario_wizard import read
    from store.scenario_writes import claim, note_replaced, prune, put_rows, stored_set
    from store.writes import Tally

    stored = stored_set(connection, set_code)
    former = former_document(connection, set_code) if stored and stored["edited_at"] is not None else None
    content, problems = with_matrix(content_of(connection, set_code), read(path), lang)
    wanted = (Scenario, JudgementMatrix, JudgementCell)
    tables = [(model, rows) for model, rows in table_rows(content) if model in wanted]
    tally = Tally()
    for model, rows in tables:
        tally += put_rows(connection, model, set_code, rows)
    for model, rows in reversed(tables):
        tally += prune(connection, model, set_code, rows)
    if tally.new + tally.changed + tally.removed:
        if former is not None:
            note_replaced(connection, set_code, former, f"cross-impact matrix replaced by {path.name}")
        claim(connection, set_code, load_id)
    return tally, problems


# ---------------------------------------------------------------------------------------------------------------------
# From tables to content


def former_document(connection: Connection, set_code: str) -> dict[str, Any]:
    """The content of a set as a document of plain values, as the audit keeps it."""
    from etl.sources.scenario_yaml import document

    return _json(document(content_of(connection, set_code)))


def _json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value


def content_of(connection: Connection, set_code: str) -> "SetContent":
    """The content of a stored set.

    Raises:
        KeyError: there is no such set.
    """
    from pydantic import ValidationError

    from etl.sources import scenario_set as kinds
    from store.scenario_writes import own_series, stored_set

    row = stored_set(connection, set_code)
    if row is None:
        raise KeyError(f"There is no scenario set {set_code}.")

    def rows(model: "type[Base]", *order: Any) -> list[dict[str, Any]]:
        query = select(model.__table__).where(model.__table__.c.set_code == set_code).order_by(*order)
        return [dict(found) for found in connection.execute(query).mappings()]

    def fill(entry: Any, found: Mapping[str, Any], /, **more: Any) -> Any:
        given = {name: value for name, value in found.items() if name in entry.model_fields}
        given = {**given, **(found.get("texts") or {}), **more}
        try:
            return entry(**given)
        except ValidationError:
            # What people type on the screen may be less complete than what a file must say; it is theirs, and kept.
            return entry.model_construct(**{name: value for name, value in given.items() if name in entry.model_fields})

    content = kinds.SetContent(fill(kinds.SetEntry, row))
    content.axes = [fill(kinds.AxisEntry, axis) for axis in row["axes"]]
    content.groups = [fill(kinds.GroupEntry, group) for group in row["groups"]]
    order = {}
    for place, found in enumerate(rows(Scenario, Scenario.position, Scenario.code)):
        code = order_code = found["code"]
        order[order_code] = place
        content.scenarios.append(fill(kinds.ScenarioEntry, found))
        content.places += [kinds.PlaceEntry(scenario=code, axis=a, value=v) for a, v in found["place"].items()]
        states = found["state"].items()
        content.states += [kinds.StateEntry(scenario=code, descriptor=d, variant=v) for d, v in states]
    for found in rows(Driver, Driver.position, Driver.code):
        content.drivers.append(fill(kinds.DriverEntry, found))
        content.evidence += [fill(kinds.EvidenceEntry, one, driver=found["code"]) for one in found["evidence"]]
    assumptions = rows(Assumption, Assumption.position, Assumption.code)
    assumptions.sort(key=lambda found: order[found["scenario"]])
    content.assumptions = [fill(kinds.AssumptionEntry, found) for found in assumptions]
    content.points = [
        kinds.PointEntry(
            scenario=series.scenario,
            region=series.region,
            indicator=series.indicator,
            year=year,
            low=low,
            median=value,
            high=high,
            source=series.source,
        )
        for _, series in own_series(connection, set_code).values()
        for year, (value, low, high) in series.points.items()
    ]
    signposts = rows(Signpost, Signpost.position, Signpost.code)
    content.signposts = [fill(kinds.SignpostEntry, found) for found in signposts]
    likelihoods = rows(SignpostLikelihood)
    place_of = {found["code"]: place for place, found in enumerate(signposts)}
    likelihoods.sort(key=lambda found: (place_of[found["signpost"]], order.get(found["scenario"], 0)))
    content.likelihoods = [fill(kinds.LikelihoodEntry, found) for found in likelihoods]
    content.strategies = [fill(kinds.StrategyEntry, found) for found in rows(Strategy, Strategy.position)]
    measures = rows(Measure, Measure.position, Measure.code)
    content.measures = [fill(kinds.MeasureEntry, found) for found in measures]
    groups = {group.code: place for place, group in enumerate(content.groups)}
    place_of = {found["code"]: place for place, found in enumerate(measures)}
    payoffs = rows(PayOff)
    payoffs.sort(key=lambda one: (place_of[one["measure"]], order[one["scenario"]], groups.get(one["group_code"], -1)))
    content.payoffs = [fill(kinds.PayOffEntry, found, group=found["group_code"]) for found in payoffs]
    for found in rows(JudgementMatrix, JudgementMatrix.code):
        content.matrices.append(fill(kinds.MatrixEntry, found))
        for part in found["parts"]:
            content.parts.append(fill(kinds.PartEntry, part, matrix=found["code"]))
            content.values += [
                fill(kinds.ValueEntry, one, matrix=found["code"], part=part["code"]) for one in part.get("values") or ()
            ]
    names = _names(content)
    cells = rows(JudgementCell)
    cells.sort(
        key=lambda one: (
            one["matrix"],
            groups.get(one["group_code"], -1),
            names.get((one["matrix"], one["row"]), 0),
            names.get((one["matrix"], one["column"]), 0),
        )
    )
    content.cells = [fill(kinds.CellEntry, found, group=found["group_code"]) for found in cells]
    content.milestones = [fill(kinds.MilestoneEntry, one) for one in rows(Milestone, Milestone.position)]
    for found in rows(Workshop, Workshop.held_on, Workshop.code):
        content.workshops.append(fill(kinds.WorkshopEntry, found))
        for name, kind in RECORD.items():
            listed = found["record"].get(name) or []
            content.records += [fill(kinds.RecordEntry, one, workshop=found["code"], kind=kind) for one in listed]
    return content


def _names(content: "SetContent") -> dict[tuple[str, str], int]:
    """Places of rows and columns in the matrices."""
    names: dict[tuple[str, str], int] = {}
    for part in content.parts:
        names[part.matrix, part.code] = len(names)
        for one in content.values:
            if (one.matrix, one.part) == (part.matrix, part.code):
                names[part.matrix, f"{part.code}.{one.code}"] = len(names)
    return names


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
