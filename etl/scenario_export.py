"""Stored scenario sets as files for people: YAML, the workbook, a scenario table (IAMC), a ScenarioWizard project.

YAML and workbook hold a set as a whole: loading them again changes nothing.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from etl.scenarios import content_of
from store.scenarios import iamc, spoken

ENDINGS = (".yaml", ".xlsx", ".csv", ".scw")
LOW, HIGH = "|5th percentile", "|95th percentile"
"""Behind a variable, the ends of a range; see ``etl.scenario_tables``."""

NOT_REAL = "Illustrative: made up to show what is possible. No forecast, no figure of any region."


class CannotExport(Exception):
    """What was asked for cannot be written; one sentence for people."""


def export_set(connection: Connection, set_code: str, path: Path, lang: str = "en", audit: int | None = None) -> str:
    """Write a set to a file whose ending says how; what was written, in words.

    Args:
        connection: an open connection.
        set_code: code of the set.
        path: a file ending in one of ``ENDINGS``. A YAML set with a scenario table gets that beside it.
        lang: language of names in a ScenarioWizard project, and of guide and messages of the workbook.
        audit: an entry of the audit that keeps a former content of the set; that is written then, as YAML or workbook.

    Raises:
        CannotExport: no such set, entry or ending, or the format cannot hold it.
        OSError: the file cannot be written.
    """
    suffix = path.suffix.lower().replace(".yml", ".yaml")
    if suffix not in ENDINGS:
        raise CannotExport(f"The ending says how it is written; use one of {', '.join(ENDINGS)}.")
    try:
        content = content_of(connection, set_code) if audit is None else _former(connection, set_code, audit)
    except KeyError as error:
        raise CannotExport(str(error.args[0])) from None
    lines = tables(connection, set_code) if audit is None else None
    if suffix == ".yaml":
        return _write_yaml(content, lines, path)
    if suffix == ".xlsx":
        from etl.sources.scenario_form import write_form

        write_form(path, form_catalogue(connection, lang), lang, content, lines)
        return f"Scenario set {set_code}, {content.rows():,} rows"
    if audit is not None:
        raise CannotExport("A former content is written as .yaml or .xlsx.")
    if suffix == ".csv":
        return _write_table(connection, content, path, lang)
    return _write_project(content, path, lang)


def form_catalogue(connection: Connection, lang: str) -> Any:
    """What the lists of the workbook offer."""
    from etl.sources.scenario_form import Catalogue
    from store.catalogue import indicators, themes
    from store.regions import regions

    return Catalogue(indicators(connection, lang), regions(connection, lang), themes(connection, lang))


def _former(connection: Connection, set_code: str, entry: int) -> Any:
    from etl.sources.scenario_set import settle
    from etl.sources.scenario_yaml import read_document
    from store.scenario_writes import former_content

    document = former_content(connection, set_code, entry)
    if document is None:
        raise KeyError(f"Entry {entry} of the audit keeps no former content of the set {set_code}.")
    return settle(read_document(document, f"entry {entry}"))[0]


def tables(connection: Connection, set_code: str) -> pd.DataFrame:
    """Lines of the scenario tables of a set, without its own series; ends of ranges are lines of their own."""
    frame = iamc(connection, set_code)
    return long(frame[frame["model"] != set_code])


def long(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines with ranges as plain lines: [model, scenario, region, variable, unit, year, value]."""
    keys = ["model", "scenario", "region", "variable", "unit", "year", "value"]
    parts = [frame[keys]]
    for name, ending in (("low", LOW), ("high", HIGH)):
        ends = frame[frame[name].notna()]
        parts.append(ends.assign(variable=ends["variable"] + ending, value=ends[name])[keys])
    return pd.concat(parts, ignore_index=True)


def _write_yaml(content: Any, lines: pd.DataFrame | None, path: Path) -> str:
    from dataclasses import replace

    from etl.sources.scenario_yaml import write_set

    said = f"Scenario set {content.head.code}, {content.rows():,} rows"
    if lines is not None and len(lines):
        beside = path.with_name(f"{path.stem}_pathways.csv")
        _write_iamc(lines, beside, [])
        content = replace(content, files=(beside.name,))
        said += f", scenario table {beside.name}"
    path.write_text(write_set(content), encoding="utf-8")
    return said


def _write_iamc(lines: pd.DataFrame, path: Path, comments: Sequence[str]) -> None:
    import pyarrow as pa

    from etl.sources.iamc_write import write_iamc

    try:
        write_iamc(pa.Table.from_pandas(lines, preserve_index=False), path, comments=comments)
    except ValueError as error:
        raise CannotExport(f"The scenario table cannot be written: {error}.") from None


def _write_table(connection: Connection, content: Any, path: Path, lang: str) -> str:
    lines = long(iamc(connection, content.head.code))
    if lines.empty:
        raise CannotExport(f"The set {content.head.code} has no pathways to write.")
    head = content.head
    said = spoken({"title": head.title, "caveat": head.caveat}, lang)
    comments = [said["title"], *([NOT_REAL] if head.origin == "illustrative" else [])]
    comments += [text for text in (said.get("caveat"), head.source, head.source_url, head.licence) if text]
    comments.append(f"Ends of ranges are lines of their own, ending in {LOW} and {HIGH}.")
    _write_iamc(lines, path, comments)
    return f"{len(lines):,} figures of scenario set {head.code}"


def _write_project(content: Any, path: Path, lang: str) -> str:
    from analysis.cross_impact import MatrixError
    from etl.scenario_matrix import matrix_of
    from etl.sources.scenario_wizard import ScenarioWizardProject, write

    try:
        matrix = matrix_of(content, lang)
        write(ScenarioWizardProject(matrix), path)
    except (KeyError, MatrixError) as error:
        raise CannotExport(str(error.args[0]).rstrip(".") + ".") from None
    return f"Cross-impact matrix of scenario set {content.head.code}, {len(matrix.descriptors)} descriptors"
