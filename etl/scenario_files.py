"""Scenario tables (IAMC) that people load: the set they belong to, the ledger, sums that differ.

A set as a whole, from its YAML file or workbook, and its cross-impact matrix are ``etl.scenarios``.
"""

import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from config import ROOT
from etl.pipeline import Outcome, Progress, digest, note_failure, quarantined
from etl.scenario_tables import (
    LONGEST_CODE,
    Written,
    code_of,
    find_set,
    numbered,
    sums_that_differ,
    write_lines,
)
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import read_head, shorten
from etl.sources.iamc import IamcMapping, is_iamc, is_iamc_workbook, load_mapping, names_of_scenarios, read_iamc
from store.engine import version, writing
from store.pathway_writes import add_set, set_facts, span_set, touch_set
from store.writes import close_load, open_load, refuse

SOURCE, DATASET = "iamc", "IAMC"
"""Under these names the ledger keeps such loads."""

MAPPING = ROOT / "data" / "catalogue" / "iamc.yaml"

CODE = re.compile(r"[a-z0-9][a-z0-9_-]*")


def is_scenario_table(path: Path) -> bool:
    """Whether a file is a scenario table, as text or as a workbook."""
    if not path.is_file():
        return False
    try:
        if path.suffix.lower() == ".xlsx":
            return is_iamc_workbook(path)
        return is_iamc(read_head(path))
    except SourceError:
        return False


def load_scenario_table(
    engine: Engine,
    path: Path,
    *,
    set_code: str = "",
    replace: bool = False,
    name: str = "",
    progress: Progress | None = None,
) -> Outcome:
    """Load a scenario table into a set, in one transaction with its ledger row and its quarantine.

    Where no set is named, it is the first whose scenarios have all the names of the table, else a new set of our own
    with the name of the file, which reaches from the first year to the last. Sums that differ from their parts are told
    and loaded all the same.

    Args:
        engine: the database, migrated, with its catalogue.
        path: the file.
        set_code: code of the set; made when there is none.
        replace: the table is the whole of each of its models; see ``write_lines``.
        name: name shown to people; the file's own when empty.
        progress: called with bytes read and bytes in all.

    Returns:
        The outcome, in figures; ``failed`` when the file cannot be used: what was there stays.
    """
    began, shown = time.perf_counter(), name or path.name

    there = path.is_file()
    head: dict[str, Any] = {
        "source": SOURCE,
        "dataset": DATASET,
        "query": "scenario table",
        "file_name": shown[-400:],
        "sha256": digest(path) if there else "",
        "bytes": path.stat().st_size if there else 0,
        "started_at": _now(),
    }
    try:
        with writing(engine) as connection:
            return _write(connection, path, shown, head, set_code, replace, progress, began)
    except SourceError as error:
        return note_failure(engine, error.problem, head, began)


def _write(
    connection: Connection,
    path: Path,
    shown: str,
    head: dict[str, Any],
    wanted: str,
    replace: bool,
    progress: Progress | None,
    began: float,
) -> Outcome:
    before = version(connection)
    load_id = open_load(connection, **head, catalogue="", data_version=before)
    mapping = load_mapping(MAPPING)
    code, fresh = _set_of(connection, path, shown, wanted, load_id)
    written = write_lines(connection, code, read_iamc(path, shown), mapping, load_id, progress, replace=replace)
    if fresh and not written.first:
        raise SourceError(Problem("no-rows", "The table has no figure that could be taken."), shown)
    if written.first:
        span_set(connection, code, written.first, written.last, fresh=fresh)
    if written.differs and not fresh:
        touch_set(connection, code, _now())
    told, sums = _sums(connection, code, written, mapping)
    said = f"Made the scenario set {code}." if fresh else f"Into scenario set {code}."
    message = " ".join(part for part in (said, written.sentence(), told) if part)
    refuse(connection, [quarantined(problem, load_id, shown) for problem in [*written.problems, *sums]])
    names = ("read", "new", "changed", "unchanged", "rejected")
    counts = {"passed_over": 0, **{name: getattr(written, name) for name in names}}
    close_load(
        connection,
        load_id,
        query=f"scenario table; into scenario set {code}",
        duration_s=time.perf_counter() - began,
        data_version=before + int(written.differs),
        message=message,
        **{f"rows_{name}": number for name, number in counts.items()},
    )
    return Outcome("done", load_id, shown, DATASET, counts, message)


def _set_of(connection: Connection, path: Path, shown: str, wanted: str, load_id: int) -> tuple[str, bool]:
    """The set that a table belongs to, and whether it was made for it."""
    if wanted and (len(wanted) > LONGEST_CODE or not CODE.fullmatch(wanted)):
        remedy = f"A code of a set has small letters, digits, hyphens and underscores, at most {LONGEST_CODE}."
        raise SourceError(Problem("bad-code", remedy, value=shorten(wanted)), shown)
    known = set_facts(connection)
    code = wanted or find_set(connection, list(known), names_of_scenarios(path, shown) if known else ())
    if code in known:
        return code, False
    if not code:
        # Another edition of a file, with a scenario more, goes where the first one went.
        named = code_of(Path(shown).name.partition(".")[0], "scenarios")
        if known.get(named) == "own":
            return named, False
        code = next(one for n in range(1, len(known) + 2) if (one := numbered(named, n)) not in known)
    add_set(connection, code, Path(shown).name, load_id)
    return code, True


def _sums(connection: Connection, set_code: str, written: Written, mapping: IamcMapping) -> tuple[str, list[Problem]]:
    """What differs from the sum of its parts: a sentence, and a row of the quarantine for each."""
    wrong = sums_that_differ(connection, set_code, written.models, mapping)
    if wrong.empty:
        return "", []
    number = f"{len(wrong):,}" if len(wrong) < SUMS else f"{SUMS:,} or more"
    first = wrong.iloc[0]
    place = ", ".join(str(first[name]) for name in ("variable", "region", "scenario", "year"))
    told = f"Figures that are not the sum of their parts, loaded all the same: {number}, first {place}."
    return told, [_sum_problem(row) for row in wrong.to_dict("records")]


SUMS = 1000
"""Sums that differ are told up to this number."""


def _sum_problem(row: dict[Any, Any]) -> Problem:
    place = ", ".join(str(row[name]) for name in ("model", "scenario", "region", "variable", "year"))
    remedy = (
        f"Loaded all the same. {place}: {row['value']:g} {row['unit']}, its parts add up to {row['children_sum']:g} "
        f"({shorten(row['children'])}); check the breakdown."
    )
    return Problem("sum-differs", remedy, None, str(row["variable"])[:80], f"{row['value']:g}")


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
