"""A scenario set as YAML: read with the line of everything in it, and written so that reading gives the same set.

The layout follows the tables of ``store.schema_scenarios`` and is described in docs/scenarios.md.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

from etl.sources.archive import check_size
from etl.sources.base import Problem, SourceError
from etl.sources.blocks import shorten
from etl.sources.scenario_set import LIKELIHOODS, Draft, Found, SetContent

MOST_NODES = 2_000_000
"""Values in one file; anchors that multiply would give more than any memory holds."""

SECTIONS = (
    "set",
    "scenarios",
    "drivers",
    "pathways",
    "signposts",
    "strategies",
    "measures",
    "matrices",
    "milestones",
    "workshops",
)

Path_ = tuple[str | int, ...]


def read_set(path: Path, name: str = "") -> Draft:
    """The draft of a set in a YAML file.

    Raises:
        SourceError: ``no-file``, ``empty-file``, ``too-big``, ``not-utf8``, ``not-yaml``, ``wrong-shape``.
    """
    shown = name or path.name
    data, lines, problems = _load(path, shown)
    reading = _Reading(lines, shown, path.parent)
    draft = reading.draft(data)
    draft.problems[:0] = problems
    return draft


def read_document(data: Mapping[str, Any], name: str) -> Draft:
    """The draft of a set that is a document already, as ``document`` gives it.

    Raises:
        SourceError: ``wrong-shape``.
    """
    return _Reading({}, name, Path()).draft(data)


# ---------------------------------------------------------------------------------------------------------------------
# YAML with lines


def _load(path: Path, shown: str = "") -> tuple[dict[str, Any], dict[Path_, int], list[Problem]]:
    """The document, the line of every value by its path, and a problem for each key that stands twice."""
    shown = shown or path.name
    check_size(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError(Problem("not-utf8", "The file is not text in UTF-8; save it as UTF-8."), shown) from error
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        node = loader.get_single_node()
        building = _Building(loader)
        data = None if node is None else building.value(node, ())
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise SourceError(_not_yaml(error), shown) from error
    finally:
        loader.dispose()
    if not isinstance(data, dict):
        remedy = "The file holds no scenario set; it begins with the key set: and what belongs to it."
        raise SourceError(Problem("wrong-shape", remedy, 1), shown)
    return data, building.lines, building.problems


def _not_yaml(error: Exception) -> Problem:
    mark = getattr(error, "problem_mark", None)
    line = None if mark is None else mark.line + 1
    said = getattr(error, "problem", None) or str(error) or type(error).__name__
    hint = " Indent with blanks, never with a tab." if "cannot start any token" in str(said) else ""
    remedy = f"The file is not readable as YAML: {said}.{hint} Mend the line and load it again."
    return Problem("not-yaml", remedy, line)


class _Building:
    """Makes Python values of YAML nodes and notes where each stands."""

    def __init__(self, loader: Any) -> None:
        self._loader, self._nodes = loader, 0
        self.lines: dict[Path_, int] = {}
        self.problems: list[Problem] = []

    def value(self, node: Any, path: Path_) -> Any:
        self._nodes += 1
        if self._nodes > MOST_NODES or len(path) > 40:
            raise ValueError("it holds more values, or deeper ones, than any scenario set")
        self.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._loader.construct_object(node)

    def _mapping(self, node: Any, path: Path_) -> dict[Any, Any]:
        self._loader.flatten_mapping(node)
        result: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise ValueError(f"line {key_node.start_mark.line + 1}: a name must be one word, not a list")
            key = self._loader.construct_object(key_node)
            # A bare 'no' or 'on' is taken for a truth value; as a name it is meant as it is written.
            key = key_node.value if isinstance(key, bool) else key
            line = key_node.start_mark.line + 1
            if key in result:
                remedy = f"“{key}” stands twice here; the first, in line {self.lines[(*path, key)]}, was kept."
                self.problems.append(Problem("repeated-row", remedy, line, _path_text((*path, key))[:80]))
                continue
            result[key] = self.value(value_node, (*path, key))
            self.lines[(*path, key)] = line
        return result


def _path_text(path: Sequence[str | int]) -> str:
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) and not 1000 <= part <= 2999 else f".{part}" if text else f"{part}"
    return text


# ---------------------------------------------------------------------------------------------------------------------
# From the document to flat rows


class _Reading:
    """Takes a document apart into rows of one kind each."""

    def __init__(self, lines: Mapping[Path_, int], file_name: str, folder: Path) -> None:
        self._lines, self._file_name, self._folder = lines, file_name, folder
        self._rows = Draft(Found({})).rows
        self._problems: list[Problem] = []

    def draft(self, data: Mapping[str, Any]) -> Draft:
        head = data.get("set")
        if not isinstance(head, dict):
            remedy = "The key set: must hold code, title, base_year and horizon of the set."
            raise SourceError(Problem("wrong-shape", remedy, self._lines.get(("set",), 1), "set"), self._file_name)
        for key in data:
            if key not in SECTIONS:
                remedy = f"There is no section “{key}”; sections are {', '.join(SECTIONS)}."
                self._tell("unknown-field", remedy, (key,))
        values, own = self._head(head)
        files = self._pathways(data)
        for section in ("scenarios", "drivers", "signposts", "strategies", "measures", "matrices", "milestones"):
            for item, path in self._items(data, (section,)):
                getattr(self, f"_{section}")(item, path)
        for item, path in self._items(data, ("workshops",)):
            self._workshops(item, path)
        return Draft(self._found(values, ("set",), own), self._rows, files, None, self._problems, self._file_name)

    # Helpers

    def _tell(self, reason: str, remedy: str, path: Path_, value: object = "") -> None:
        text = shorten(str(value)) if isinstance(value, (str, int, float)) else ""
        self._problems.append(Problem(reason, remedy, self._lines.get(path), _path_text(path)[:80], text))

    def _found(self, values: Mapping[str, Any], path: Path_, columns: Mapping[str, Path_] | None = None) -> Found:
        """A row; ``columns`` names fields that stand elsewhere than at ``path.field``."""
        columns = columns or {}
        lines = {}
        for name in values:
            line = self._lines.get(columns.get(name, (*path, name)))
            if line is not None:
                lines[name] = line
        named = {name: _path_text(where) for name, where in columns.items()}
        return Found(values, self._lines.get(path), _path_text(path), named, lines)

    def _add(
        self, kind: str, values: Mapping[str, Any], path: Path_, columns: Mapping[str, Path_] | None = None
    ) -> None:
        self._rows[kind].append(self._found(values, path, columns))

    def _items(self, data: Mapping[str, Any], path: Path_) -> Iterator[tuple[dict[str, Any], Path_]]:
        """The entries of a list, each with its path; what is no entry is told."""
        found = data.get(str(path[-1]))
        if found is None:
            return
        if not isinstance(found, list):
            self._tell("wrong-shape", "A list belongs here: each entry begins with “- ”.", path)
            return
        for place, item in enumerate(found):
            where = (*path, place)
            if isinstance(item, dict):
                yield item, where
            else:
                self._tell("wrong-shape", "An entry with names and values belongs here: {code: …}.", where, item)

    def _pairs(self, item: Mapping[str, Any], path: Path_) -> Iterator[tuple[str, Any, Path_]]:
        """Names and values of a mapping, each with its path; anything else is told."""
        found = item.get(str(path[-1]))
        if found is None:
            return
        if not isinstance(found, dict):
            self._tell("wrong-shape", "Names with their values belong here: {one: …, another: …}.", path)
            return
        for key, value in found.items():
            yield str(key), value, (*path, key)

    def _range(self, item: dict[str, Any], name: str, path: Path_) -> tuple[dict[str, Any], dict[str, Path_]]:
        """Low, median and high of a range as three fields."""
        value = item.pop(name, None)
        where = (*path, name)
        names = (f"{name}_low", name, f"{name}_high")
        columns = dict.fromkeys(names, where)
        if value is None:
            return {}, columns
        if not isinstance(value, list):
            return {name: value}, columns
        if len(value) != 3:
            remedy = "A range has three numbers: [low, median, high]; an end that is not known is null."
            self._tell("wrong-shape", remedy, where)
            return {}, columns
        return dict(zip(names, value, strict=True)), columns

    # Sections

    def _head(self, head: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Path_]]:
        values = dict(head)
        for kind in ("axes", "groups"):
            values.pop(kind, None)
            for item, path in self._items(head, ("set", kind)):
                self._add(kind, item, path)
        if values.get("regions") is None:
            values.pop("regions", None)
        return values, {}

    def _scenarios(self, item: dict[str, Any], path: Path_) -> None:
        item = dict(item)
        code = item.get("code")
        for name, kind, fields in (
            ("place", "places", ("axis", "value")),
            ("state", "states", ("descriptor", "variant")),
        ):
            for key, value, where in self._pairs(item, (*path, name)):
                values = {"scenario": code, fields[0]: key, fields[1]: value}
                self._add(kind, values, where, dict.fromkeys(fields, where))
            item.pop(name, None)
        for given, where in self._items(item, (*path, "assumptions")):
            self._add("assumptions", {"scenario": code, **given}, where, {"scenario": (*path, "code")})
        item.pop("assumptions", None)
        self._add("scenarios", item, path)

    def _drivers(self, item: dict[str, Any], path: Path_) -> None:
        item = dict(item)
        columns: dict[str, Path_] = {}
        for name in ("impact", "uncertainty", "year"):
            values, where = self._range(item, name, path)
            item.update(values)
            columns.update(where)
        for given, place in self._items(item, (*path, "evidence")):
            self._add("evidence", {"driver": item.get("code"), **given}, place, {"driver": (*path, "code")})
        item.pop("evidence", None)
        self._add("drivers", item, path, columns)

    def _pathways(self, data: Mapping[str, Any]) -> tuple[str, ...]:
        pathways = data.get("pathways")
        if pathways is None:
            return ()
        if not isinstance(pathways, dict):
            self._tell("wrong-shape", "The keys files, series and table belong here.", ("pathways",))
            return ()
        for key in pathways:
            if key not in PATHWAYS:
                self._tell("unknown-field", f"There is no “{key}” here; use {', '.join(PATHWAYS)}.", ("pathways", key))
        for item, path in self._items(pathways, ("pathways", "series")):
            self._series(item, path)
        if pathways.get("table") is not None:
            where: Path_ = ("pathways", "table")
            if self._beside(pathways["table"], where):
                self._table(self._folder / pathways["table"], where)
        named = pathways.get("files") or []
        listed = named if isinstance(named, list) else [named]
        return tuple(name for place, name in enumerate(listed) if self._beside(name, ("pathways", "files", place)))

    def _beside(self, name: Any, path: Path_) -> bool:
        """Whether a name is that of a file beside the set, and no way out of its folder; told if not."""
        if isinstance(name, str) and name == Path(name).name and name not in ("", ".", ".."):
            return True
        self._tell("wrong-shape", "Give the name alone of a file that lies beside this one.", path, name)
        return False

    def _table(self, path: Path, where: Path_) -> None:
        """Points of a table beside the set, a row each."""
        try:
            check_size(path)
            text = path.read_text(encoding="utf-8-sig")
        except (SourceError, UnicodeDecodeError) as error:
            remedy = error.problem.remedy if isinstance(error, SourceError) else "The table is not text in UTF-8."
            raise SourceError(
                Problem("no-file", f"{path.name}: {remedy}", self._lines.get(where), "pathways.table"), self._file_name
            ) from error
        rows = csv.DictReader(io.StringIO(text, newline=""))
        header = [name.strip().lower() for name in rows.fieldnames or ()]
        rows.fieldnames = header
        missing = [name for name in POINT[:-1] if name not in header and name not in ("low", "high")]
        if missing:
            remedy = f"{path.name}: the column {missing[0]} is missing; the header is {','.join(POINT)}."
            raise SourceError(Problem("missing-column", remedy, 1, missing[0]), self._file_name)
        columns = {name: f"{path.name}: {name}" for name in POINT}
        for row in rows:
            values: dict[str, Any] = {name: row.get(name) or None for name in POINT}
            for name in ("low", "median", "high"):
                values[name] = _number(values[name])
            self._rows["points"].append(Found(values, rows.line_num, "", columns))

    def _series(self, item: dict[str, Any], path: Path_) -> None:
        rest = {key: value for key, value in item.items() if key != "points"}
        shared = {key: (*path, key) for key in rest}
        empty = True
        for key, value, where in self._pairs(item, (*path, "points")):
            empty = False
            names = ("low", "median", "high")
            if isinstance(value, list) and len(value) != 3:
                self._tell("wrong-shape", "A point is a number, or a range [low, median, high].", where)
                continue
            values = dict(zip(names, value, strict=True)) if isinstance(value, list) else {"median": value}
            own = dict.fromkeys((*names, "year"), where)
            self._add("points", {**rest, "year": key, **values}, where, {**shared, **own})
        if empty:
            self._tell("empty-cell", "The series has no points; give years with their figures.", (*path, "points"))

    def _signposts(self, item: dict[str, Any], path: Path_) -> None:
        item = dict(item)
        for key, value, where in self._pairs(item, (*path, "likelihoods")):
            values = {"signpost": item.get("code"), "scenario": key, "likelihood": value}
            self._add("likelihoods", values, where, {"scenario": where, "likelihood": where})
        item.pop("likelihoods", None)
        self._add("signposts", item, path)

    def _strategies(self, item: dict[str, Any], path: Path_) -> None:
        self._add("strategies", item, path)

    def _measures(self, item: dict[str, Any], path: Path_) -> None:
        item = _without_none(item, ("needs", "excludes"))
        for key, value, where in self._pairs(item, (*path, "payoffs")):
            groups = value.items() if isinstance(value, dict) else [("", value)]
            for group, given in groups:
                place = (*where, group) if isinstance(value, dict) else where
                score, reason = self._judged(given, place)
                values = {"measure": item.get("code"), "scenario": key, "group": group, "score": score}
                columns = {"scenario": where, "group": place, "score": place, "reason": place}
                self._add("payoffs", {**values, "reason": reason}, place, columns)
        item.pop("payoffs", None)
        self._add("measures", item, path)

    def _judged(self, given: Any, path: Path_) -> tuple[Any, str]:
        """A judgement and its reason: a number alone, or [number, reason]."""
        if isinstance(given, list):
            if len(given) == 2:
                return given[0], given[1]
            self._tell("wrong-shape", "A judgement is a number, or a number and its reason: [1, why].", path)
            return None, ""
        return given, ""

    def _matrices(self, item: dict[str, Any], path: Path_) -> None:
        item = dict(item)
        code = item.get("code")
        for part, where in self._items(item, (*path, "parts")):
            for value, place in self._items(part, (*where, "values")):
                given = {"matrix": code, "part": part.get("code"), **value}
                self._add("values", given, place, {"matrix": (*path, "code"), "part": (*where, "code")})
            rest = {key: value for key, value in part.items() if key != "values"}
            self._add("parts", {"matrix": code, **rest}, where, {"matrix": (*path, "code")})
        self._cells(item, (*path, "cells"), code, "")
        for group, _, where in self._pairs(item, (*path, "by_group")):
            self._cells(item["by_group"], where, code, group)
        for name in ("parts", "cells", "by_group"):
            item.pop(name, None)
        self._add("matrices", item, path)

    def _cells(self, item: Mapping[str, Any], path: Path_, matrix: object, group: str) -> None:
        for row, _, where in self._pairs(item, path):
            for column, given, place in self._pairs(item[str(path[-1])], where):
                value, reason = self._judged(given, place)
                values = {"matrix": matrix, "row": row, "column": column, "group": group, "value": value}
                columns: dict[str, Path_] = dict.fromkeys(("column", "value", "reason"), place)
                self._add("cells", {**values, "reason": reason}, place, {**columns, "row": where, "group": path})

    def _milestones(self, item: dict[str, Any], path: Path_) -> None:
        self._add("milestones", _without_none(item, ("needs",)), path)

    def _workshops(self, item: dict[str, Any], path: Path_) -> None:
        item = _without_none(item, ("participants",))
        record = item.pop("record", None) or {}
        if not isinstance(record, dict):
            self._tell("wrong-shape", "The keys inputs, challenges and actions belong here.", (*path, "record"))
            record = {}
        for name in record:
            if name not in RECORD:
                self._tell("unknown-field", f"There is no “{name}”; use {', '.join(RECORD)}.", (*path, "record", name))
        for name, kind in RECORD.items():
            for given, where in self._items(record, (*path, "record", name)):
                values = {"workshop": item.get("code"), "kind": kind, **given}
                self._add("records", values, where, {"workshop": (*path, "code")})
        self._add("workshops", item, path)


PATHWAYS = ("files", "table", "series", "rules")
"""Keys of the pathways; ``rules`` say how a table was made, and are for whoever makes it anew."""

POINT = ("scenario", "region", "indicator", "year", "low", "median", "high", "source")
"""Columns of a table of points beside a set."""

RECORD = {"inputs": "input", "challenges": "challenge", "actions": "action"}


def _number(text: str | None) -> Any:
    """A number of a table with decimal points; any other text stays, to be told."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return text


def _without_none(item: Mapping[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if value is not None or key not in names}


# ---------------------------------------------------------------------------------------------------------------------
# From content to a document


def document(content: SetContent) -> dict[str, Any]:
    """A set as the document that ``read_set`` reads; what is empty is left out."""
    head = content.head
    result: dict[str, Any] = {
        "set": _bare(
            {
                **_fields(head),
                "regions": list(head.regions),
                "axes": [_fields(axis) for axis in content.axes],
                "groups": [_fields(group) for group in content.groups],
            }
        ),
        "scenarios": [_scenario(content, entry) for entry in content.scenarios],
        "drivers": [_driver(content, entry) for entry in content.drivers],
        "pathways": _bare({"files": list(content.files), "series": _series_of(content)}),
        "signposts": [_signpost(content, entry) for entry in content.signposts],
        "strategies": [_fields(entry) for entry in content.strategies],
        "measures": [_measure(content, entry) for entry in content.measures],
        "matrices": [_matrix(content, entry) for entry in content.matrices],
        "milestones": [_fields(entry) for entry in content.milestones],
        "workshops": [_workshop(content, entry) for entry in content.workshops],
    }
    return _bare(result)


def write_set(content: SetContent) -> str:
    """The text of a set's YAML file."""
    return yaml.dump(document(content), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=118)


class _Dumper(yaml.SafeDumper):
    """Long texts over several lines, short lists and mappings in one."""

    def ignore_aliases(self, _data: Any) -> bool:
        return True


def _represent(dumper: yaml.SafeDumper, value: Any) -> Any:
    flat = all(not isinstance(item, (dict, list)) for item in (value.values() if isinstance(value, dict) else value))
    short = (
        flat
        and sum(len(str(item)) for item in value)
        + (sum(len(str(item)) for item in value.values()) if isinstance(value, dict) else 0)
        < 100
    )
    if isinstance(value, dict):
        return dumper.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=short)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=short)


_Dumper.add_representer(dict, _represent)
_Dumper.add_representer(list, _represent)


def _bare(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty; zero and False are not."""
    return {key: value for key, value in values.items() if value is not None and value not in ("", [], {})}


def _fields(entry: Any, *without: str) -> dict[str, Any]:
    """A row's fields that are not at their default, plain; numbers without a needless point."""
    values = {}
    for name in sorted(type(entry).model_fields, key=lambda one: one != "code"):
        value = getattr(entry, name)
        info = type(entry).model_fields[name]
        if name in without or (not info.is_required() and value == info.get_default(call_default_factory=True)):
            continue
        values[name] = plain(value)
    return _bare(values)


def plain(value: Any) -> Any:
    """A value as YAML shows it best."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def _scenario(content: SetContent, entry: Any) -> dict[str, Any]:
    code = entry.code
    return _bare(
        {
            **_fields(entry),
            "place": {one.axis: plain(one.value) for one in content.places if one.scenario == code},
            "state": {one.descriptor: one.variant for one in content.states if one.scenario == code},
            "assumptions": [_fields(one, "scenario") for one in content.assumptions if one.scenario == code],
        }
    )


def _driver(content: SetContent, entry: Any) -> dict[str, Any]:
    values = _fields(entry)
    for name in ("impact", "uncertainty", "year"):
        low, high = values.pop(f"{name}_low", None), values.pop(f"{name}_high", None)
        if low is not None or high is not None:
            values[name] = [low, values[name], high]
    evidence = [_fields(one, "driver") for one in content.evidence if one.driver == entry.code]
    return _bare({**values, "evidence": evidence})


def _series_of(content: SetContent) -> list[dict[str, Any]]:
    def key(point: Any) -> tuple[str, str, str, str]:
        return point.scenario, point.region, point.indicator, point.source

    result = []
    for (scenario, region, indicator, source), points in groupby(content.points, key):
        values = {
            point.year: plain(point.median)
            if point.low is None and point.high is None
            else plain([point.low, point.median, point.high])
            for point in points
        }
        head = {"scenario": scenario, "region": region, "indicator": indicator, "source": source}
        result.append({**_bare(head), "points": values})
    return result


def _signpost(content: SetContent, entry: Any) -> dict[str, Any]:
    words = {share: word for word, share in LIKELIHOODS.items()}
    told = {
        one.scenario: words.get(one.likelihood, plain(one.likelihood))
        for one in content.likelihoods
        if one.signpost == entry.code
    }
    return _bare({**_fields(entry), "likelihoods": told})


def _with_reason(value: Any, reason: str) -> Any:
    return [plain(value), reason] if reason else plain(value)


def _measure(content: SetContent, entry: Any) -> dict[str, Any]:
    payoffs: dict[str, Any] = {}
    for one in content.payoffs:
        if one.measure == entry.code:
            payoffs.setdefault(one.scenario, {})[one.group] = _with_reason(one.score, one.reason)
    return _bare({**_fields(entry), "payoffs": payoffs})


def _matrix(content: SetContent, entry: Any) -> dict[str, Any]:
    parts = []
    for part in content.parts:
        if part.matrix == entry.code:
            mine = (one for one in content.values if (one.matrix, one.part) == (entry.code, part.code))
            parts.append(_bare({**_fields(part, "matrix"), "values": [_fields(one, "matrix", "part") for one in mine]}))
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for one in content.cells:
        if one.matrix == entry.code:
            given = _with_reason(one.sign or one.value, one.reason)
            cells.setdefault(one.group, {}).setdefault(one.row, {})[one.column] = given
    agreed = cells.pop("", {})
    return _bare({**_fields(entry), "parts": parts, "cells": agreed, "by_group": cells})


def _workshop(content: SetContent, entry: Any) -> dict[str, Any]:
    record = {
        name: [_fields(one, "workshop", "kind") for one in content.records if (one.workshop, one.kind) == mine]
        for name, mine in ((name, (entry.code, kind)) for name, kind in RECORD.items())
    }
    return _bare({**_fields(entry), "record": _bare(record)})
