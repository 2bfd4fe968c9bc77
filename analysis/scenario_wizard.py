"""ScenarioWizard projects (``.scw``) as text: descriptors, variants and judgements out without loss.

The text has blocks that end with a line ``#``. In the first, a line ``&name`` is a descriptor and a line ``-name``
below it one of its variants; the sixth holds the matrix, a row of whole numbers with commas for each variant. What the
program keeps in the other blocks is not described in public: it is carried along as it stands, and left empty in a new
file. Files are read in ``etl.sources.scenario_wizard``.
"""

from dataclasses import dataclass

from analysis.cross_impact import CrossImpactMatrix, MatrixError

BETWEEN = 4
"""Blocks between the descriptors and the matrix."""

END = "#"


@dataclass(frozen=True, eq=False)
class ScenarioWizardProject:
    """A project.

    Attributes:
        matrix: descriptors and judgements.
        between: lines of the four blocks before the matrix, as they stood.
        rest: lines after the matrix, as they stood.
        newline: what ended the lines.
        encoding: of its letters.
    """

    matrix: CrossImpactMatrix
    between: tuple[tuple[str, ...], ...] = ((),) * BETWEEN
    rest: tuple[str, ...] = ()
    newline: str = "\r\n"
    encoding: str = "utf-8"


def render(project: ScenarioWizardProject) -> bytes:
    """The bytes of a project's file, in its encoding, or in UTF-8 when that lacks a letter.

    Raises `MatrixError` for what the format cannot hold: fractions (it has whole numbers only; nothing is rounded
    silently) and names over several lines.
    """
    matrix = project.matrix
    lines = []
    for descriptor in matrix.descriptors:
        for name in (descriptor.name, *descriptor.variants):
            if len(name.splitlines()) > 1:
                raise MatrixError(f"The name {name!r} has several lines; one would be right")
        lines += [f"&{descriptor.name.strip()}", *(f" -{variant.strip()}" for variant in descriptor.variants)]
    lines.append(END)
    for block in project.between:
        lines += [*block, END]
    names = [f"{d.name}: {v}" for d in matrix.descriptors for v in d.variants]
    for name, row in zip(names, matrix.values, strict=True):
        if (row != row.round()).any():
            raise MatrixError(f"Row “{name}” has fractions; whole numbers, as of medians of odd groups, would be right")
        lines.append(",".join(str(int(cell)) for cell in row))
    lines += [END, *project.rest]
    text = project.newline.join(lines) + project.newline
    try:
        return text.encode(project.encoding)
    except UnicodeEncodeError:
        return text.encode("utf-8")
