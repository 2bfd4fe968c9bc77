"""ScenarioWizard projects come back as they went out; wrong files say where and what would be right."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cross_impact import CrossImpactMatrix, Descriptor, MatrixError
from etl.sources import scenario_wizard
from etl.sources.base import SourceError
from etl.sources.scenario_wizard import ScenarioWizardProject

# A made project in the layout of the program; the blocks between hold made lines.
LINES = [
    "&Economy", " -Shrinking", " -Dynamic", "&Cohesion", " -Peace", " -Riots", "#",
    "first note", "", "#", "#", "0,0", "#", "#",
    "0,0,-2,2", "0,0,3,-3", "-1,1,0,0", "2,-2,0,0", "#",
    "1 2 3", "#", "", "last",
]  # fmt: skip
TEXT = "\r\n".join([*LINES, ""]).encode()


def test_a_project_is_read():
    project = scenario_wizard.parse(TEXT)
    assert [(d.name, d.variants) for d in project.matrix.descriptors] == [
        ("Economy", ("Shrinking", "Dynamic")),
        ("Cohesion", ("Peace", "Riots")),
    ]
    assert project.matrix.values.tolist() == [[0, 0, -2, 2], [0, 0, 3, -3], [-1, 1, 0, 0], [2, -2, 0, 0]]
    assert project.between == (("first note", ""), (), ("0,0",), ())
    assert project.rest == ("1 2 3", "#", "", "last")


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_bytes_come_back_as_they_were(newline, tmp_path):
    content = newline.join([*LINES, ""]).encode()
    path = tmp_path / "project.scw"
    path.write_bytes(content)
    scenario_wizard.write(scenario_wizard.read(path), path)
    assert path.read_bytes() == content


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=8)


@settings(max_examples=40)
@given(
    st.lists(st.lists(NAMES, min_size=1, max_size=3, unique=True), min_size=1, max_size=4),
    st.data(),
)
def test_what_is_written_is_read(variants, data):
    names = data.draw(st.lists(NAMES, min_size=len(variants), max_size=len(variants), unique=True))
    descriptors = [Descriptor(name, tuple(mine)) for name, mine in zip(names, variants, strict=True)]
    size = sum(len(mine) for mine in variants)
    values = np.random.default_rng(data.draw(st.integers(0, 99))).integers(-3, 4, (size, size))
    matrix = CrossImpactMatrix.from_cells(descriptors, values.tolist())
    back = scenario_wizard.parse(scenario_wizard.render(ScenarioWizardProject(matrix)))
    assert back.matrix.descriptors == matrix.descriptors
    assert np.array_equal(back.matrix.values, matrix.values)
    assert (back.between, back.rest) == (((),) * 4, ())


def test_letters_of_older_files():
    for content in (TEXT.replace(b"Riots", "Kämpfe".encode("cp1252")), TEXT.replace(b"Riots", "Kämpfe".encode())):
        project = scenario_wizard.parse(content)
        assert project.matrix.descriptors[1].variants[1] == "Kämpfe"
        assert scenario_wizard.render(project) == content
    marked = b"\xef\xbb\xbf" + TEXT
    assert scenario_wizard.parse(marked).matrix.descriptors[0].name == "Economy"
    assert scenario_wizard.render(scenario_wizard.parse(marked)) == marked
    # A letter that the old code page lacks is not lost.
    older = scenario_wizard.parse(TEXT.replace(b"Riots", "Kämpfe".encode("cp1252")))
    named = CrossImpactMatrix((Descriptor("Győr", ("x",)),), older.matrix.values[:1, :1])
    written = scenario_wizard.render(ScenarioWizardProject(named, encoding=older.encoding))
    assert scenario_wizard.parse(written).matrix.descriptors[0].name == "Győr"


@pytest.mark.parametrize(
    ("was", "becomes", "words"),
    [
        (b"0,0,3,-3", b"0,0,x,-3", r"Economy → Cohesion.*Dynamic → Peace.*'x'"),
        (b"0,0,3,-3", b"0,0,3", r"Economy: Dynamic.*3 cells; 4"),
        (b"0,0,3,-3\r\n", b"", r"3 rows; 4"),
        (b"&Cohesion", b"&Economy", r"twice"),
        (b" -Riots", b" -Peace", r"two variants"),
        (b" -Riots", b" Riots", r"line 6: & and a descriptor"),
        (b"&Economy", b" -Economy", r"line 1: & and a descriptor"),
        (b"#", b"", r"0 blocks that end with #; six"),
    ],
)
def test_wrong_files_say_where(was, becomes, words):
    with pytest.raises(SourceError, match=words):
        scenario_wizard.parse(TEXT.replace(was, becomes))
    with pytest.raises(SourceError):
        scenario_wizard.parse(b"")


def test_what_the_format_cannot_hold_is_refused():
    matrix = scenario_wizard.parse(TEXT).matrix
    with pytest.raises(MatrixError, match="fractions"):
        scenario_wizard.render(ScenarioWizardProject(matrix.with_values(matrix.values / 2)))
    long = CrossImpactMatrix.from_cells([Descriptor("A\nB", ("x",))], [[0]])
    with pytest.raises(MatrixError, match="several lines"):
        scenario_wizard.render(ScenarioWizardProject(long))
