"""ScenarioWizard projects (``.scw``): descriptors, variants and judgements in, and out again without loss.

How such a file is made up, and its text: ``analysis.scenario_wizard``.
"""

from pathlib import Path

from analysis.cross_impact import CrossImpactMatrix, Descriptor, MatrixError, check_descriptors
from analysis.scenario_wizard import BETWEEN, END, ScenarioWizardProject, render
from etl.sources.base import Problem, SourceError

__all__ = ["ScenarioWizardProject", "parse", "read", "render", "write"]


def _decoded(content: bytes) -> tuple[str, str]:
    """Text and its encoding: UTF-8 where it is that, otherwise the code page of Western Windows of older files."""
    for encoding in ("utf-8-sig" if content.startswith(b"\xef\xbb\xbf") else "utf-8", "cp1252"):
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1"), "latin-1"


def parse(content: bytes, file_name: str = "project.scw") -> ScenarioWizardProject:
    """A project from the bytes of its file; `SourceError` names the line and what would be right."""
    text, encoding = _decoded(content)
    newline = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines and not lines[-1]:
        lines.pop()

    def wrong(reason: str, remedy: str, line: int | None = None, value: str = "") -> SourceError:
        where = f"line {line}: " if line else ""
        return SourceError(Problem(reason, where + remedy, line, value=value[:80]), file_name)

    blocks: list[list[tuple[int, str]]] = [[]]
    for number, line in enumerate(lines, start=1):
        if line.strip().startswith(END) and len(blocks) < BETWEEN + 3:
            blocks.append([])
        else:
            blocks[-1].append((number, line))
    if len(blocks) < BETWEEN + 3:
        raise wrong(
            "block-missing",
            f"the file has {len(blocks) - 1} blocks that end with #; six, the last with the matrix, would be right",
        )
    names: list[tuple[str, list[str]]] = []
    for number, line in blocks[0]:
        text_of = line.strip()
        if text_of.startswith("&"):
            names.append((text_of[1:].strip(), []))
        elif text_of.startswith("-") and names:
            names[-1][1].append(text_of[1:].strip())
        elif text_of:
            raise wrong("not-a-name", "& and a descriptor, or - and one of its variants, would be right", number, line)
    rows = [(number, line) for number, line in blocks[BETWEEN + 1] if line.strip()]
    try:
        descriptors = check_descriptors(Descriptor(name, tuple(variants)) for name, variants in names)
        matrix = CrossImpactMatrix.from_cells(descriptors, [line.split(",") for _, line in rows])
    except MatrixError as error:
        raise wrong("bad-matrix", str(error)) from error
    between = tuple(tuple(line for _, line in block) for block in blocks[1 : BETWEEN + 1])
    return ScenarioWizardProject(matrix, between, tuple(line for _, line in blocks[-1]), newline, encoding)


def read(path: Path) -> ScenarioWizardProject:
    """A project from its file."""
    return parse(path.read_bytes(), path.name)


def write(project: ScenarioWizardProject, path: Path) -> None:
    """Writes a project's file."""
    path.write_bytes(render(project))
