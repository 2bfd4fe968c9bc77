"""Programmes load as a whole, once, row by row; what breaks a rule is refused with its place and its remedy."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import Engine, func, select, text

from etl import starter_demo
from etl.programmes import load_programme_file
from etl.sources.programme import KINDS, read_column
from etl.sources.sheets import Odd
from store.edits import put
from store.engine import version, writing
from store.programmes import PARTS, expenditure, part, programmes
from store.schema_programme import Expenditure

FOLDER = starter_demo.FOLDER


def _quarantine(engine: Engine) -> list[tuple[str, str, int]]:
    with engine.connect() as connection:
        query = text('SELECT reason, "column", line FROM quarantine ORDER BY id')
        return [tuple(row) for row in connection.execute(query)]


def test_the_script_writes_what_is_committed(tmp_path: Path) -> None:
    written = starter_demo.write(tmp_path)
    assert [path.name for path in written] == ["demo6.yaml", "demo6_budget.csv", "demo6_expenditure.csv"]
    for path in written:
        assert path.read_text(encoding="utf-8") == (FOLDER / path.name).read_text(encoding="utf-8"), path.name


@pytest.mark.parametrize("name", ["demo6", "clusterpolisee"])
def test_a_starter_programme_loads_whole_and_once(engine: Engine, name: str) -> None:
    first = load_programme_file(engine, FOLDER / f"{name}.yaml", starter=True)
    assert (first.state, first.counts["rejected"]) == ("done", 0)
    with engine.connect() as connection:
        before = version(connection)
        assert programmes(connection)["code"].tolist() == [name]
        for kind in PARTS:
            part(connection, kind, name, "hu")
    assert load_programme_file(engine, FOLDER / f"{name}.yaml", starter=True).state == "known"
    forced = load_programme_file(engine, FOLDER / f"{name}.yaml", force=True)
    assert (forced.counts["new"], forced.counts["changed"]) == (0, 0)
    with engine.connect() as connection:
        assert version(connection) == before, "the same content is no new edition"


def test_two_programmes_never_mix(engine: Engine) -> None:
    for name in ("demo6", "clusterpolisee"):
        load_programme_file(engine, FOLDER / f"{name}.yaml")
    with engine.connect() as connection:
        assert len(part(connection, "partners", "clusterpolisee")) == 26
        assert len(part(connection, "partners", "demo6")) == 24
        assert expenditure(connection, "clusterpolisee").empty
        assert expenditure(connection, "demo6")["declared_cents"].sum() == 284_000_000


def test_starter_data_leave_what_people_edited_alone(engine: Engine) -> None:
    load_programme_file(engine, FOLDER / "demo6.yaml", starter=True)
    with writing(engine) as connection:
        put(connection, "action", "demo6", {"code": "act20"}, {"done_on": "2026-10-08"}, "facilitator")
    done = load_programme_file(engine, FOLDER / "demo6.yaml", starter=True, force=False)
    assert done.state == "known" or done.counts["passed_over"]
    with engine.connect() as connection:
        actions = part(connection, "actions", "demo6").set_index("code")
        assert str(actions.loc["act20", "done_on"]) == "2026-10-08"


def _small(**more: Any) -> dict[str, Any]:
    texts = {"en": "x"}
    content: dict[str, Any] = {
        "programme": {
            **{"code": "small", "origin": "own", "acronym": "S", "reference": "S", "fund": "ERDF", "currency": "EUR"},
            **{"start": "2025-01-01", "end": "2026-12-31", "title": texts, "source": "us"},
        },
        "partners": [
            {
                "code": "a",
                "abbreviation": "A",
                "role": "lead",
                "kind": "k",
                "scope": "region",
                "country": "HU",
                "name": texts,
            },
            {
                "code": "b",
                "abbreviation": "B",
                "role": "partner",
                "kind": "k",
                "scope": "region",
                "country": "HU",
                "left": 1,
                "name": texts,
            },
        ],
        "periods": [
            {"number": 1, "start": "2025-01-01", "end": "2025-12-31", "state": "closed"},
            {"number": 2, "start": "2026-01-01", "end": "2026-12-31", "state": "open"},
        ],
        "work_packages": [{"code": "wp1", "title": texts}],
    }
    return content | more


def _write(folder: Path, content: dict[str, Any]) -> Path:
    path = folder / "small.yaml"
    path.write_text(yaml.dump(content, Dumper=starter_demo._Plain, sort_keys=False), encoding="utf-8")
    return path


def _money(line: int, **more: Any) -> dict[str, Any]:
    row = {"partner": "a", "period": 1, "line": line, "work_package": "wp1", "category": "staff", "fund": "ERDF"}
    return row | {"declared": "100.00", "certified": "90.00"} | more


BAD = [
    (_money(2, partner="b", period=2), "not-a-member", "period"),
    (_money(3, certified="100.01"), "certified-above-declared", "certified"),
    (_money(4, category="catering"), "not-in-list", "category"),
    (_money(5, declared="1 234,50"), "ambiguous-number", "declared"),
    (_money(6, declared="0.001", certified=None), "fraction-of-cent", "declared"),
    (_money(7, currency="RON"), "mixed-currencies", "currency"),
    (_money(8, paid_on="03/04/2026"), "ambiguous-date", "paid_on"),
    (_money(9, work_package="wp9"), "unknown-reference", "work_package"),
    (_money(10, verified="95.00"), "verified-above-certified", "verified"),
    (_money(1), "duplicate-row", "partner"),
]


def test_each_bad_row_has_its_own_clear_line_and_no_total_includes_it(engine: Engine, tmp_path: Path) -> None:
    path = _write(tmp_path, _small(expenditure=[_money(1), *(row for row, _reason, _column in BAD)]))
    done = load_programme_file(engine, path)
    assert (done.state, done.counts["rejected"]) == ("done", len(BAD))
    found = sorted(_quarantine(engine))
    wanted = sorted((reason, f"expenditure: {column}", n) for n, (_row, reason, column) in enumerate(BAD, 2))
    assert found == wanted
    with engine.connect() as connection:
        assert expenditure(connection, "small")["declared_cents"].tolist() == [10_000]


def test_a_deliverable_due_in_a_period_that_is_none_and_a_count_that_falls(engine: Engine, tmp_path: Path) -> None:
    texts = {"en": "x"}
    indicator = {
        "code": "i",
        "owner_kind": "programme",
        "owner": "small",
        "kind": "output",
        "unit": "n",
        "direction": "up",
        "cumulative": True,
        "name": texts,
    }
    content = _small(
        deliverables=[{"code": "d", "work_package": "wp1", "due_period": 9, "due_on": "2026-01-01", "title": texts}],
        result_indicators=[indicator],
        result_values=[{"indicator": "i", "period": 1, "value": 5}, {"indicator": "i", "period": 2, "value": 4}],
    )
    load_programme_file(engine, _write(tmp_path, content))
    assert [reason for reason, _c, _l in _quarantine(engine)] == ["unknown-reference", "falling-output"]


def test_an_update_changes_only_that_partner_s_period(engine: Engine, tmp_path: Path) -> None:
    two = _money(1, period=2, declared="70.00", certified=None)
    load_programme_file(engine, _write(tmp_path, _small(expenditure=[_money(1), two])))
    update = {
        "update": {"programme": "small", "partner": "a", "period": 1},
        "expenditure": [
            _money(1, declared="80.00", certified=None),
            _money(1, period=2, declared="1.00", certified=None),
        ],
    }
    path = tmp_path / "update.yaml"
    path.write_text(yaml.safe_dump(update), encoding="utf-8")
    done = load_programme_file(engine, path)
    assert (done.counts["changed"], done.counts["rejected"]) == (1, 1)
    assert _quarantine(engine)[0][0] == "outside-update"
    with engine.connect() as connection:
        table = expenditure(connection, "small").set_index("period")["declared_cents"]
        assert table.to_dict() == {1: 8_000, 2: 7_000}


def test_what_a_new_edition_no_longer_holds_goes_and_children_go_first(engine: Engine, tmp_path: Path) -> None:
    load_programme_file(engine, _write(tmp_path, _small(expenditure=[_money(1)])))
    content = _small()
    content["periods"] = content["periods"][:1]
    content["work_packages"] = []
    done = load_programme_file(engine, _write(tmp_path, content))
    assert done.state == "done"
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Expenditure)) == 0
        assert part(connection, "periods", "small")["number"].tolist() == [1]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("programme: [1, 2]", "bad-yaml"),
        ("programme: &a {code: x}\nfacts: [*a]", "bad-yaml"),
        ("programme: {code: Big Name}", "empty-cell"),
        ("programme: {code: ok}\n  partners: x", "bad-yaml"),
        ("update: {programme: nobody, partner: a, period: 1}\nexpenditure: []", "unknown-programme"),
    ],
)
def test_a_file_that_is_no_programme_says_so_and_loads_nothing(
    engine: Engine, tmp_path: Path, body: str, reason: str
) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text(body, encoding="utf-8")
    done = load_programme_file(engine, path)
    assert (done.state, done.reason) == ("failed", reason)
    with engine.connect() as connection:
        assert programmes(connection).empty


def test_cells_that_are_equal_and_of_different_kinds_are_read_each_by_its_kind() -> None:
    column = KINDS["result_values"].__table__.c["value"]
    raw: list[Any] = [1.0, True, "1", None, 1.0, "1,5", Odd("formula", "Paste it as a value.", "=1")]
    values, refused = read_column(raw, column, "result_values")
    assert values.tolist() == [1.0, None, 1.0, None, 1.0, None, None]
    assert {place: error.reason for place, error in refused.items()} == {
        1: "not-a-number",
        5: "ambiguous-number",
        6: "formula",
    }
    partners = KINDS["pilots"].__table__.c["partners"]
    values, refused = read_column(["a; b", ["c"], None, ["c"]], partners, "pilots")
    assert (values.tolist(), refused) == ([["a", "b"], ["c"], [], ["c"]], {})
