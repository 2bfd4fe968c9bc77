"""The cross-impact matrix of a set, from a ScenarioWizard project and back to one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from analysis.cross_impact import CrossImpactMatrix, Descriptor
from etl.scenario_tables import code_of, numbered
from etl.sources.base import Problem
from etl.sources.scenario_set import CellEntry, MatrixEntry, PartEntry, SetContent, ValueEntry
from etl.sources.scenario_wizard import ScenarioWizardProject
from etl.sources.scenario_words import DEFAULT_MATRICES


def _coded(names: Sequence[str], known: Mapping[str, str], otherwise: str) -> list[str]:
    """A code for each name: the known one, else one made of its letters; no two alike."""
    codes: list[str] = []
    for name in names:
        wanted = known.get(name.casefold()) or code_of(name, otherwise)
        codes.append(next(c for n in range(1, len(names) + 2) if (c := numbered(wanted, n)) not in codes))
    return codes


def _names(entries: Sequence[PartEntry] | Sequence[ValueEntry]) -> dict[str, str]:
    """Codes by all that they are called."""
    return {name.casefold(): one.code for one in entries for name in (one.code, *one.name.values())}


def with_matrix(
    content: SetContent, project: ScenarioWizardProject, lang: str = "en"
) -> tuple[SetContent, list[Problem]]:
    """A set with its first cross-impact matrix replaced by that of a project.

    Descriptors and variants whose names are known keep codes and further texts. Judgements of single groups, and
    variants of scenarios, stay where what they name is still there; the others are told.

    Args:
        content: the set.
        project: descriptors and judgements.
        lang: language of the project's names.
    """
    old = next((one for one in content.matrices if one.kind == "cib"), None)
    code = old.code if old else "cib"
    old_parts = [one for one in content.parts if one.matrix == code]
    old_values = [one for one in content.values if one.matrix == code]
    parts: list[PartEntry] = []
    values: list[ValueEntry] = []
    names: list[str] = []
    descriptors = project.matrix.descriptors
    part_codes = _coded([one.name for one in descriptors], _names(old_parts), "descriptor")
    for part_code, descriptor in zip(part_codes, descriptors, strict=True):
        before = next((one for one in old_parts if one.code == part_code), None)
        said = {**(before.name if before else {}), lang: descriptor.name}
        part = before or PartEntry(matrix=code, code=part_code, name=said)
        parts.append(part.model_copy(update={"name": dict(sorted(said.items()))}))
        mine = [one for one in old_values if one.part == part_code]
        codes = _coded(descriptor.variants, _names(mine), "variant")
        for value_code, variant in zip(codes, descriptor.variants, strict=True):
            known = next((one for one in mine if one.code == value_code), None)
            told = {**(known.name if known else {}), lang: variant}
            values.append(ValueEntry(matrix=code, part=part_code, code=value_code, name=told))
            names.append(f"{part_code}.{value_code}")
    reasons = {
        (one.row, one.column): one.reason
        for one in content.cells
        if (one.matrix, one.group) == (code, "") and one.reason
    }
    cells = [
        CellEntry(
            matrix=code,
            row=names[row],
            column=names[column],
            value=float(project.matrix.values[row, column]),
            reason=reasons.get((names[row], names[column]), ""),
        )
        for row, column in zip(*np.nonzero(project.matrix.values), strict=True)
    ]
    problems: list[Problem] = []
    for one in content.cells:
        if one.matrix == code and one.group:
            if one.row in names and one.column in names:
                cells.append(one)
            else:
                remedy = f"A judgement of the group {one.group} on {one.row} and {one.column} has no place any more."
                problems.append(Problem("unknown-code", remedy, value=f"{one.row}, {one.column}"))
    states = []
    for state in content.states:
        if f"{state.descriptor}.{state.variant}" in names:
            states.append(state)
        else:
            remedy = f"{state.scenario} has the variant {state.variant} of {state.descriptor}, which is gone."
            problems.append(Problem("unknown-code", remedy, value=f"{state.descriptor}.{state.variant}"))
    matrix = old or MatrixEntry(code=code, kind="cib", name=dict(DEFAULT_MATRICES["cib"]))
    changed = replace(
        content,
        matrices=content.matrices if old else [*content.matrices, matrix],
        parts=[*(one for one in content.parts if one.matrix != code), *parts],
        values=[*(one for one in content.values if one.matrix != code), *values],
        cells=[*(one for one in content.cells if one.matrix != code), *cells],
        states=states,
    )
    return changed, problems


def matrix_of(content: SetContent, lang: str = "en") -> CrossImpactMatrix:
    """The agreed judgements of a set's first cross-impact matrix, with names in a language.

    Raises:
        KeyError: the set has none.
        analysis.cross_impact.MatrixError: names that repeat.
    """
    matrix = next((one.code for one in content.matrices if one.kind == "cib"), None)
    if matrix is None:
        raise KeyError(f"The set {content.head.code} has no cross-impact matrix.")
    descriptors: list[Descriptor] = []
    place: dict[str, int] = {}
    for part in content.parts:
        if part.matrix != matrix:
            continue
        mine = [one for one in content.values if (one.matrix, one.part) == (matrix, part.code)]
        for one in mine:
            place[f"{part.code}.{one.code}"] = len(place)
        descriptors.append(Descriptor(_said(part.name, lang), tuple(_said(one.name, lang) for one in mine)))
    cells = np.zeros((len(place), len(place)))
    for cell in content.cells:
        if (cell.matrix, cell.group) == (matrix, ""):
            cells[place[cell.row], place[cell.column]] = cell.value
    return CrossImpactMatrix.from_cells(descriptors, cells.tolist())


def _said(name: Mapping[str, str], lang: str) -> str:
    return " ".join((name.get(lang) or name.get("en") or next(iter(name.values()))).split())
