"""Judgement matrices as the pages show them: what is stored, what a reader tries on top of it, and what follows.

Everything here is a pure function of stored rows and of what is tried. A *line* of a matrix is named by codes:
``part.value`` in cross-impact matrices and boxes, ``part`` among influences. No Dash, no SQL.
"""

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from analysis import cross_impact, influence, morphology
from analysis.cross_impact import CrossImpactMatrix, Descriptor
from dashboard import cache, frames

CIB: Final = "cib"
INFLUENCE: Final = "influence"
BOX: Final = "morphology"
Kind = Literal["cib", "influence", "morphology"]

POTENTIAL, IMPOSSIBLE = "P", "X"
SIGNS: Mapping[str, str] = {CIB: "", INFLUENCE: POTENTIAL, BOX: IMPOSSIBLE}
"""The letter that a cell may hold instead of a number."""

RANGES: Mapping[str, tuple[int, int]] = {CIB: (-3, 3), INFLUENCE: (0, 3), BOX: (-2, 2)}
"""Least and largest judgement of each kind of matrix."""

CHANGE = r"[a-z0-9_-]+(\.[a-z0-9_-]+){1,3}\.(-?\d{1,2}|[PX])"
"""A change that is tried, as the address says it: codes of row and column and what the cell then holds."""

MOST_TRIED = 60
"""Changes that may be tried at once; more would make an address too long to be sent."""

STRICT = "strict"
"""What counts as consistent: only scenarios in which every variant is the single best one."""

SEARCH_SECONDS = 1.0
MOST_SCENARIOS = 400
"""Limits of a search while the reader waits; where one is met, the page says so."""

QUICK_STARTS, EXACT_STATES, STARTS = 500, 1_100_000, 20_000
"""Starts followed while someone types; spaces up to which every start is followed afterwards, and starts beyond."""

DRAWS, DRAW_SECONDS = 200, 1.5
"""Draws of judgements that may be off, and how long they and what goes with them may take."""


@dataclass(frozen=True)
class Part:
    """A descriptor with variants, a parameter with values, or a variable without: codes and names."""

    code: str
    name: str
    note: str
    ordinal: bool
    values: tuple[tuple[str, str], ...]

    def value_name(self, code: str) -> str:
        """Name of one of its values."""
        return dict(self.values).get(code, code)


@dataclass(frozen=True)
class Judgement:
    """What a cell holds: a number, or a sign ('P' or 'X') and then no number; and the reason given."""

    value: float
    sign: str = ""
    reason: str = ""

    @property
    def text(self) -> str:
        """The judgement as it is typed: ``2``, ``-1``, ``1.5``, ``P``."""
        return self.sign or f"{self.value:g}"


Cells = Mapping[tuple[str, str], Judgement]


@dataclass(frozen=True)
class Change:
    """A cell that is tried: its row and column, and what it then holds."""

    row: str
    column: str
    text: str

    @property
    def judgement(self) -> Judgement:
        """What the cell then holds."""
        return Judgement(math.nan, self.text) if self.text in (POTENTIAL, IMPOSSIBLE) else Judgement(float(self.text))


def read_changes(texts: Iterable[str], kind: Kind) -> tuple[Change, ...]:
    """Changes from the address that belong to a kind of matrix and lie in its range; others are passed over."""
    pieces = 2 if kind == INFLUENCE else 4
    found = {}
    for text in texts:
        *codes, last = text.split(".")
        if len(codes) != pieces or not _may_hold(last, kind):
            continue
        half = pieces // 2
        row, column = ".".join(codes[:half]), ".".join(codes[half:])
        found[row, column] = Change(row, column, last if last in (POTENTIAL, IMPOSSIBLE) else str(int(last)))
    return tuple(found.values())


def _may_hold(text: str, kind: Kind) -> bool:
    if text in (POTENTIAL, IMPOSSIBLE):
        return text == SIGNS[kind]
    low, high = RANGES[kind]
    return low <= int(text) <= high


@dataclass(frozen=True, eq=False)
class Sheet:
    """One matrix of a set with what is tried on it.

    Attributes:
        saved: cells as stored, of the chosen group or as agreed.
        cells: the same with ``tried`` on top; no cell is zero.
        tried: changes that differ from what is stored.
        basis: whose judgements: ``agreed``, ``median`` (of the groups, where nothing was agreed), or a group's code.
        groups: codes of the groups that judged anything.
    """

    set_code: str
    code: str
    kind: Kind
    name: str
    description: str
    source: str
    parts: tuple[Part, ...]
    saved: Cells
    cells: Cells
    tried: tuple[Change, ...]
    basis: str
    groups: tuple[str, ...]

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Names of rows and columns, in order."""
        return lines_of(self.kind, self.parts)

    @cached_property
    def names(self) -> dict[str, str]:
        """Name of each line for people: 'Skills: growing'."""
        if self.kind == INFLUENCE:
            return {part.code: part.name for part in self.parts}
        return {f"{p.code}.{code}": f"{p.name}: {name}" for p in self.parts for code, name in p.values}

    @cached_property
    def offsets(self) -> list[int]:
        """First line of each part, and their number at the end."""
        return [0, *np.cumsum([max(len(part.values), 1) for part in self.parts]).tolist()]


def lines_of(kind: Kind, parts: Sequence[Part]) -> tuple[str, ...]:
    """Names of the rows and columns of a matrix with these parts."""
    if kind == INFLUENCE:
        return tuple(part.code for part in parts)
    return tuple(f"{part.code}.{code}" for part in parts for code, _name in part.values)


def sheet(set_code: str, kind: Kind, group: str = "", tried: Iterable[str] = ()) -> Sheet | None:
    """The set's matrix of a kind (the first, if it has several) with these changes; None when it has none."""
    table = frames.scenario_part("matrices", set_code)
    rows = frames.records(table[table["kind"] == kind])
    if not rows or not rows[0]["parts"]:
        return None
    return make_sheet(set_code, rows[0], frames.judgement_cells(set_code, rows[0]["code"]), group, tried)


def make_sheet(
    set_code: str, row: Mapping[str, Any], stored: pd.DataFrame, group: str = "", tried: Iterable[str] = ()
) -> Sheet:
    """A sheet from a row of matrices and its stored cells (columns: ``store.scenarios``)."""
    kind: Kind = row["kind"]
    parts = tuple(
        Part(
            part["code"],
            part.get("name") or part["code"],
            part.get("note") or "",
            bool(part.get("ordinal")),
            tuple((value["code"], value.get("name") or value["code"]) for value in part.get("values") or ()),
        )
        for part in row["parts"]
    )
    lines = set(lines_of(kind, parts))
    by_group: dict[str, dict[tuple[str, str], Judgement]] = {}
    for cell in frames.records(stored):
        place = (str(cell["row"]), str(cell["column"]))
        if lines.issuperset(place):
            held = Judgement(float(cell["value"]), cell["sign"] or "", cell["reason"] or "")
            by_group.setdefault(cell["group_code"], {})[place] = held
    groups = tuple(code for code in by_group if code)
    basis, saved = _chosen_cells(by_group, groups, group)
    asked = read_changes(tried, kind)
    if kind == BOX:
        # A pair has one mark, which lies wherever it was first put.
        asked = tuple(Change(c.column, c.row, c.text) if (c.column, c.row) in saved else c for c in asked)
    changes = tuple(
        change
        for change in asked
        if {change.row, change.column} <= lines
        and change.text != (saved[change.row, change.column].text if (change.row, change.column) in saved else "0")
    )
    cells = dict(saved)
    for change in changes:
        cells.pop((change.row, change.column), None)
        if change.text != "0":
            cells[change.row, change.column] = change.judgement
    name, description, source = (str(row[field]) for field in ("name", "description", "source"))
    code = str(row["code"])
    return Sheet(set_code, code, kind, name, description, source, parts, saved, cells, changes, basis, groups)


def _chosen_cells(
    by_group: Mapping[str, Cells], groups: Sequence[str], group: str
) -> tuple[str, dict[tuple[str, str], Judgement]]:
    if group in groups:
        return group, dict(by_group[group])
    if by_group.get("") or not groups:
        return "agreed", dict(by_group.get("", {}))
    places = dict.fromkeys(place for code in groups for place in by_group[code])
    found = {}
    for place in places:
        held = [by_group[code].get(place, Judgement(0.0)) for code in groups]
        signs = [one.sign for one in held if one.sign]
        if len(signs) * 2 > len(held):
            found[place] = Judgement(math.nan, signs[0])
        elif middle := float(np.median([0.0 if one.sign else one.value for one in held])):
            found[place] = Judgement(middle)
    return "median", found


def group_values(sheet_of: Sheet, stored: pd.DataFrame) -> np.ndarray:
    """Judgements of each group, (groups, lines, lines); what a group did not judge is no influence, 0."""
    place = {line: number for number, line in enumerate(sheet_of.lines)}
    result = np.zeros((len(sheet_of.groups), len(place), len(place)))
    for cell in frames.records(stored):
        if cell["group_code"] in sheet_of.groups and cell["row"] in place and cell["column"] in place:
            value = 0.0 if cell["sign"] else float(cell["value"])
            result[sheet_of.groups.index(cell["group_code"]), place[cell["row"]], place[cell["column"]]] = value
    return result


# Cross-impact balances


def matrix_of(sheet_of: Sheet) -> CrossImpactMatrix:
    """The judgements as a matrix whose descriptors and variants are named by their codes.

    Raises:
        analysis.cross_impact.MatrixError: the descriptors are not usable.
    """
    descriptors = [Descriptor(part.code, tuple(code for code, _name in part.values)) for part in sheet_of.parts]
    place = {line: number for number, line in enumerate(sheet_of.lines)}
    values = np.zeros((len(place), len(place)))
    for (row, column), held in sheet_of.cells.items():
        values[place[row], place[column]] = 0.0 if held.sign else held.value
    empty = CrossImpactMatrix(cross_impact.check_descriptors(descriptors), np.zeros_like(values))
    return empty.with_values(values)


State = tuple[int, ...]


@dataclass(frozen=True)
class Named:
    """A scenario of the set as a state of the matrix; None where it says nothing of a descriptor."""

    code: str
    label: str
    name: str
    state: tuple[int | None, ...]

    @property
    def whole(self) -> bool:
        """Whether it says a variant of every descriptor."""
        return None not in self.state


def named_states(parts: Sequence[Part], scenarios: Iterable[Any]) -> tuple[Named, ...]:
    """Scenarios (``futures.ScenarioLook``) that say a variant of at least one of these parts."""
    found = []
    for one in scenarios:
        state: list[int | None] = []
        for part in parts:
            codes = [code for code, _name in part.values]
            said = one.state.get(part.code)
            state.append(codes.index(said) if said in codes else None)
        if any(place is not None for place in state):
            found.append(Named(one.code, one.label, one.name, tuple(state)))
    return tuple(found)


@dataclass(frozen=True)
class Likeness:
    """The set's scenario that is nearest to a state: ``differs`` holds the numbers of descriptors that differ.

    ``equal``: it is that scenario. Of several that are equally near the first is taken.
    """

    scenario: Named
    differs: tuple[int, ...]

    @property
    def equal(self) -> bool:
        """Whether the state is the scenario, in all descriptors."""
        return not self.differs and self.scenario.whole


def nearest(state: Sequence[int], scenarios: Sequence[Named]) -> Likeness | None:
    """The scenario that differs in the fewest of the descriptors of which it says something; None without any."""
    best: Likeness | None = None
    for one in scenarios:
        differs = tuple(
            j for j, (mine, own) in enumerate(zip(state, one.state, strict=True)) if own is not None and own != mine
        )
        if best is None or len(differs) < len(best.differs):
            best = Likeness(one, differs)
    return best


@dataclass(frozen=True)
class Consistent:
    """A scenario that supports itself, with its measures in points of judgement and the nearest one of the set."""

    state: State
    total: float
    consistency: float
    inconsistency: float
    nearest: Likeness | None


@dataclass(frozen=True)
class Found:
    """All consistent scenarios, in the order of their variants.

    ``status`` is ``stopped`` when a limit came first: there may be more then.
    """

    scenarios: tuple[Consistent, ...]
    space: int
    status: str
    seconds: float


def tolerance_of(accept: str) -> float:
    """How many points a variant may lie behind the best one, as the reader chose."""
    return 0.0 if accept == STRICT else float(accept or 0)


def consistent(matrix: CrossImpactMatrix, accept: str, scenarios: Sequence[Named]) -> Found:
    """Consistent scenarios as the reader accepts them; see ``STRICT``."""
    found = cross_impact.consistent_scenarios(
        matrix, tolerance_of(accept), time_limit=SEARCH_SECONDS, most=MOST_SCENARIOS
    )
    rows = zip(
        found.states.tolist(),
        found.scores.total.tolist(),
        found.scores.consistency.tolist(),
        found.scores.inconsistency.tolist(),
        strict=True,
    )
    kept = tuple(
        Consistent(tuple(state), total, consistency, inconsistency, nearest(state, scenarios))
        for state, total, consistency, inconsistency in rows
        if accept != STRICT or consistency > 0
    )
    return Found(kept, matrix.space, found.status, found.seconds)


@dataclass(frozen=True)
class Judged:
    """How a scenario of the set stands under the judgements: where other variants are better supported.

    ``behind`` holds (descriptor, better variant, points) of each descriptor that falls short, worst first; ``leads``
    is the end of the succession that starts there (one state, or the states of a cycle).
    """

    scenario: Named
    state: State
    inconsistency: float
    consistency: float
    total: float
    behind: tuple[tuple[int, int, float], ...]
    leads: tuple[State, ...]


def judged(matrix: CrossImpactMatrix, scenarios: Sequence[Named], rule: cross_impact.Rule) -> tuple[Judged, ...]:
    """The set's scenarios that say a variant of every descriptor, each held against the judgements."""
    found = []
    for one in scenarios:
        state = tuple(place for place in one.state if place is not None)
        if len(state) != len(matrix.counts):
            continue
        scores = cross_impact.score(matrix, state)
        balance = cross_impact.impact_balances(matrix, state)[0]
        behind = []
        for j, mine in enumerate(state):
            own = balance[matrix.offsets[j] : matrix.offsets[j + 1]]
            short = float(own.max() - own[mine])
            if short > cross_impact.EPSILON:
                behind.append((j, int(own.argmax()), short))
        path = cross_impact.succession(matrix, state, rule)
        found.append(
            Judged(
                one,
                state,
                float(scores.inconsistency[0]),
                float(scores.consistency[0]),
                float(scores.total[0]),
                tuple(sorted(behind, key=lambda place: -place[2])),
                tuple(tuple(int(v) for v in step) for step in path.attractor),
            )
        )
    return tuple(found)


def attractors(matrix: CrossImpactMatrix, rule: cross_impact.Rule, quick: bool) -> cross_impact.Basins:
    """Where successions end; ``quick`` follows few random starts, for while someone types."""
    if quick:
        return cross_impact.basins(matrix, rule, exact_up_to=QUICK_STARTS, samples=QUICK_STARTS, most=50)
    # One change at a time takes many more steps.
    most = EXACT_STATES if rule == "global" else EXACT_STATES // 8
    return cross_impact.basins(matrix, rule, exact_up_to=most, samples=STARTS, most=50)


def survival(matrix: CrossImpactMatrix, accept: str) -> cross_impact.Survival:
    """How many of the consistent scenarios stay consistent when every judgement may be off by one point."""

    def compute() -> cross_impact.Survival:
        return cross_impact.perturbed(matrix, DRAWS, tolerance=tolerance_of(accept), time_limit=DRAW_SECONDS)

    # Where the time runs out, another run may make more draws: a page and its downloads tell of the same ones.
    digest = hashlib.sha256(matrix.values.tobytes() + repr(matrix.offsets).encode()).hexdigest()
    return cache.remembered(("survival", digest, accept), compute)


def tipping(matrix: CrossImpactMatrix) -> pd.DataFrame:
    """Single judgements that would change the result if they were one point different, those that change most first.

    Returns:
        [source, target (numbers of variants), change, lost (states), gained (states)]; ``attrs["status"]``.
    """
    frame = cross_impact.one_cell_changes(matrix, time_limit=DRAW_SECONDS)
    now = cross_impact.consistent_scenarios(matrix, time_limit=DRAW_SECONDS).states.tolist()
    frame["lost"] = [[tuple(now[place]) for place in lost] for lost in frame["lost"]]
    size = frame["lost"].str.len() + frame["gained"].str.len()
    kept = frame[size > 0].assign(size=size)
    kept = kept.sort_values(["size", "source", "target", "change"], ascending=[False, True, True, True], kind="stable")
    kept.attrs["status"] = frame.attrs["status"]
    return kept.drop(columns="size").reset_index(drop=True)


def disagreement(sheet_of: Sheet, values: np.ndarray) -> pd.DataFrame:
    """Cells on which groups differ, most disputed first: [row, column, spread (points), low, high, opposite].

    ``opposite``: some group sees promotion where another sees hindrance.
    """
    low, high = values.min(axis=0), values.max(axis=0)
    rows, columns = np.nonzero(high > low)
    frame = pd.DataFrame(
        {
            "row": [sheet_of.lines[i] for i in rows],
            "column": [sheet_of.lines[j] for j in columns],
            "spread": high[rows, columns] - low[rows, columns],
            "low": low[rows, columns],
            "high": high[rows, columns],
            "opposite": (low[rows, columns] < 0) & (high[rows, columns] > 0),
        }
    )
    return frame.sort_values(["spread", "opposite"], ascending=False, kind="stable").reset_index(drop=True)


# Influences among drivers


@dataclass(frozen=True, eq=False)
class Micmac:
    """Direct and indirect influence and dependence of the variables, in the order of the sheet."""

    direct: influence.Influences
    indirect: influence.Influences
    potential: bool


def micmac(sheet_of: Sheet, potential: int) -> Micmac:
    """Influences with potential ones taken as ``potential`` (0: what is; 3: what may come).

    Raises:
        analysis.influence.InfluenceError: a judgement is no influence.
    """
    codes = [part.code for part in sheet_of.parts]
    held = [
        [sheet_of.cells[row, column].text if (row, column) in sheet_of.cells else "0" for column in codes]
        for row in codes
    ]
    values = influence.read_influences(codes, held, potential)
    any_potential = any(cell.sign == POTENTIAL for cell in sheet_of.cells.values())
    return Micmac(influence.direct(values), influence.indirect(values), any_potential)


# The morphological box


def box_of(sheet_of: Sheet) -> morphology.Box:
    """The marks as a box whose parameters and values are named by their codes.

    Raises:
        analysis.morphology.BoxError: a mark or a parameter is not usable.
    """
    parameters = [
        morphology.Parameter(part.code, tuple(code for code, _name in part.values)) for part in sheet_of.parts
    ]
    marks = {
        (_pair(row), _pair(column)): held.sign or held.value
        for (row, column), held in sheet_of.cells.items()
        if row.split(".")[0] != column.split(".")[0]
    }
    return morphology.Box.from_marks(parameters, marks)


def _pair(line: str) -> tuple[str, str]:
    part, _dot, value = line.partition(".")
    return part, value


@dataclass(frozen=True, eq=False)
class BoxAnswer:
    """What remains of a box once values are chosen.

    Attributes:
        space: all configurations.
        surviving: those without an impossible pair, nothing chosen.
        left: those that also take the chosen values.
        complete: whether both were counted to the end.
        open_values: lines that some configuration takes which is left.
        dead: lines that no surviving configuration takes.
        lift: fewest impossible pairs to lift, where nothing is left; pairs of lines.
        lift_complete: whether fewer could not do.
        examples: some configurations that are left, the best marks first, with their mean mark.
    """

    space: int
    surviving: int
    left: int
    complete: bool
    open_values: frozenset[str]
    dead: tuple[str, ...]
    lift: tuple[tuple[str, str], ...]
    lift_complete: bool
    examples: tuple[tuple[State, float], ...]


def read_fixed(sheet_of: Sheet, chosen: Iterable[str]) -> dict[int, int]:
    """Chosen values by parameter, from lines; unknown ones are passed over, and of a parameter's the last counts."""
    places = {
        f"{part.code}.{code}": (number, place)
        for number, part in enumerate(sheet_of.parts)
        for place, (code, _name) in enumerate(part.values)
    }
    return dict(places[line] for line in chosen if line in places)


EXAMPLES = 12


def open_box(sheet_of: Sheet, fixed: Mapping[int, int]) -> BoxAnswer:
    """Count what survives, and what is left with these values chosen."""
    box = box_of(sheet_of)
    every = morphology.solutions(box, time_limit=SEARCH_SECONDS)
    mine = morphology.solutions(box, fixed, time_limit=SEARCH_SECONDS) if fixed else every
    lines = np.array(sheet_of.lines)
    taken: set[str] = set()
    for number in range(len(sheet_of.parts)):
        taken.update(lines[int(box.offsets[number]) + np.unique(mine.states[:, number])].tolist())
    lift = None if len(mine.states) else morphology.fewest_to_lift(_restricted(box, fixed), time_limit=1.0)
    best = np.lexsort((np.arange(len(mine.states)), -np.nan_to_num(mine.mean)))[:EXAMPLES]
    return BoxAnswer(
        box.space,
        len(every.states),
        len(mine.states),
        every.status == mine.status == "complete",
        frozenset(taken),
        tuple(".".join(value) for value in morphology.dead_values(box)),
        tuple((".".join(a), ".".join(b)) for a, b in lift.vetoes) if lift else (),
        lift is None or lift.status == "complete",
        tuple((tuple(int(v) for v in mine.states[place]), float(mine.mean[place])) for place in best),
    )


def fits(sheet_of: Sheet, fixed: Mapping[int, int]) -> bool:
    """Whether any configuration takes these values."""
    return len(morphology.solutions(box_of(sheet_of), fixed, time_limit=SEARCH_SECONDS, most=1).states) > 0


def _restricted(box: morphology.Box, fixed: Mapping[int, int]) -> morphology.Box:
    """The box with only the chosen values of the parameters that are fixed."""
    keep = [
        int(box.offsets[p]) + v
        for p, parameter in enumerate(box.parameters)
        for v in range(len(parameter.values))
        if p not in fixed or fixed[p] == v
    ]
    parameters = tuple(
        morphology.Parameter(one.name, (one.values[fixed[p]],) if p in fixed else one.values)
        for p, one in enumerate(box.parameters)
    )
    square = np.ix_(keep, keep)
    return morphology.Box(parameters, box.marks[square], box.vetoes[square])
