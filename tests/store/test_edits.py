"""Edits: one row at a time, each with its entry in the audit, each to be undone, and every cache told."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from store import edits, scenarios
from store.edits import REASONS, ConflictError, Edit, EditError
from store.engine import version, writing
from store.schema import LoadRun
from store.schema_scenarios import AuditEntry, ScenarioSet
from store.writes import open_load
from tests.store.made_set import SET, make_set

ROLE = "facilitator"
DRIVER = {"code": "energy"}
CELL = {"matrix": "cib", "row": "market.open", "column": "skills.many", "group_code": ""}


@pytest.fixture
def made(engine: Engine) -> Engine:
    """A database with a small scenario set."""
    make_set(engine)
    return engine


def put(engine: Engine, entity: str, key: dict[str, str], values: dict[str, Any] | None, why: str = "") -> Edit:
    with writing(engine) as connection:
        return edits.put(connection, entity, SET, key, values, ROLE, why)


def undo(engine: Engine, entry: int, scope: str | None = None) -> Edit:
    with writing(engine) as connection:
        return edits.undo(connection, entry, ROLE, scope)


def newest(engine: Engine, entity: str = "", role: str = "") -> int | None:
    with engine.connect() as connection:
        return edits.newest(connection, SET, entity, role)


def row(engine: Engine, entity: str, key: dict[str, str]) -> dict[str, Any] | None:
    with engine.connect() as connection:
        return edits.row(connection, entity, SET, key)


def audit(engine: Engine) -> list[dict[str, Any]]:
    with engine.connect() as connection:
        return scenarios.audit(connection, SET).to_dict("records")


def test_a_change_is_written_noted_and_raises_the_version(made: Engine) -> None:
    with made.connect() as connection:
        before = version(connection)
        edited = connection.scalar(select(ScenarioSet.edited_at))
    done = put(made, "driver", DRIVER, {"impact": 9.5, "year": 2031}, why="the panel met")
    assert edited is None
    assert (done.old["impact"], done.new["impact"], done.new["year"]) == (7.0, 9.5, 2031)  # type: ignore[index]
    assert done.new["texts"] == done.old["texts"]  # type: ignore[index]
    with made.connect() as connection:
        assert version(connection) == done.version == before + 1
        assert connection.scalar(select(ScenarioSet.edited_at)) is not None
        assert scenarios.drivers(connection, SET).set_index("code").loc["energy", "impact"] == 9.5
    (entry,) = audit(made)
    assert (entry["id"], entry["role"], entry["entity"], entry["key"]) == (done.entry, ROLE, "driver", "energy")
    assert (entry["why"], entry["old"], entry["new"]) == ("the panel met", done.old, done.new)


def test_undo_brings_back_what_was(made: Engine) -> None:
    before = row(made, "driver", DRIVER)
    done = put(made, "driver", DRIVER, {"impact": 9.5})
    back = undo(made, done.entry)
    assert row(made, "driver", DRIVER) == before == back.new
    assert back.version == done.version + 1
    assert audit(made)[1]["undone_by"] == back.entry
    with pytest.raises(EditError, match="taken back already"):
        undo(made, done.entry)


def test_a_row_that_was_made_is_removed_and_one_removed_is_made_again(made: Engine) -> None:
    key = CELL | {"row": "market.closed"}
    made_now = put(made, "judgement_cell", key, {"value": -2, "sign": "", "reason": "said so"})
    assert made_now.old is None
    undo(made, made_now.entry)
    assert row(made, "judgement_cell", key) is None
    removed = put(made, "judgement_cell", CELL, None)
    assert (removed.old, removed.new) == ({"value": 2.0, "sign": "", "reason": ""}, None)
    assert row(made, "judgement_cell", CELL) is None
    undo(made, removed.entry)
    assert row(made, "judgement_cell", CELL) == removed.old


def test_days_and_nested_texts_survive_the_way_there_and_back(made: Engine) -> None:
    key = {"code": "first"}
    before = row(made, "workshop", key)
    assert before is not None
    assert before["held_on"] == "2026-03-12"
    record = {"inputs": [{"texts": {"text": {"hu": "Új"}}}], "challenges": [], "actions": [{"due": "2026-12-31"}]}
    done = put(made, "workshop", key, {"held_on": "2026-04-01", "record": record})
    assert (done.old["held_on"], done.new["held_on"]) == ("2026-03-12", "2026-04-01")  # type: ignore[index]
    assert done.new["record"] == record  # type: ignore[index]
    with made.connect() as connection:
        assert scenarios.workshops(connection, SET)["held_on"].iloc[0] == date(2026, 4, 1)
    undo(made, done.entry)
    assert row(made, "workshop", key) == before
    gone = put(made, "workshop", key, None)
    undo(made, gone.entry)
    assert row(made, "workshop", key) == before
    done = put(made, "workshop", key, {"held_on": None})
    assert done.new["held_on"] is None  # type: ignore[index]
    undo(made, done.entry)
    assert row(made, "workshop", key) == before


def test_what_was_changed_since_is_in_the_way(made: Engine) -> None:
    first = put(made, "driver", DRIVER, {"impact": 8})
    second = put(made, "driver", DRIVER, {"impact": 9})
    with pytest.raises(ConflictError, match="later change"):
        undo(made, first.entry)
    undo(made, second.entry)
    undo(made, first.entry)
    assert row(made, "driver", DRIVER)["impact"] == 7.0  # type: ignore[index]


def test_an_undo_taken_back_is_a_redo(made: Engine) -> None:
    done = put(made, "driver", DRIVER, {"impact": 9})
    assert newest(made) == done.entry
    back = undo(made, done.entry)
    assert newest(made) is None
    again = undo(made, back.entry)
    assert row(made, "driver", DRIVER)["impact"] == 9.0  # type: ignore[index]
    assert newest(made) == again.entry  # it stands for the edit now
    back = undo(made, again.entry)
    assert row(made, "driver", DRIVER)["impact"] == 7.0  # type: ignore[index]
    assert newest(made) is None
    again = undo(made, back.entry)
    assert newest(made) == again.entry
    assert len(audit(made)) == 5  # nothing is ever taken out of the audit


def test_the_newest_edit_in_force_is_found(made: Engine) -> None:
    first = put(made, "driver", DRIVER, {"impact": 8}, why="undo my mistake")  # a reason like any other
    assert newest(made) == first.entry
    cell = put(made, "judgement_cell", CELL, {"value": 1})
    assert newest(made) == cell.entry
    assert newest(made, "driver") == first.entry
    assert newest(made, role="reader") is None
    undo(made, cell.entry)
    assert newest(made) == first.entry
    with made.connect() as connection:
        assert edits.newest(connection, "other") is None


def test_entries_of_another_set_and_of_other_things_are_not_undone(made: Engine) -> None:
    done = put(made, "driver", DRIVER, {"impact": 8})
    with pytest.raises(EditError, match="no edit"):
        undo(made, done.entry, scope="other")
    undo(made, done.entry, scope=SET)
    with pytest.raises(EditError, match="no edit 4711"):
        undo(made, 4711)
    with writing(made) as connection:
        noted = edits.note(connection, ROLE, "pack", SET, "rp1", None, {"state": "frozen"}, "as decided")
    with pytest.raises(EditError, match="no edit"):
        undo(made, noted.entry)
    assert newest(made) is None


@pytest.mark.parametrize(
    ("entity", "key", "values", "reason"),
    [
        ("load_run", {}, {}, "entity"),
        ("scenario_set", {}, {"origin": "own"}, "entity"),
        ("driver", {"code": "no_such"}, None, "row"),
        ("driver", DRIVER, {"colour": "red"}, "columns"),
        ("driver", DRIVER, {"set_code": "other"}, "columns"),
        ("driver", DRIVER, {"code": "other"}, "columns"),
        ("driver", {}, {"impact": 3}, "key"),
        ("driver", {"name": "energy"}, {"impact": 3}, "key"),
        ("judgement_cell", {**CELL, "row": "a|b"}, {"value": 1}, "key_text"),
        ("judgement_cell", {**CELL, "row": "a" * 400}, {"value": 1}, "key_text"),
        ("workshop", {"code": "first"}, {"held_on": "soon"}, "day"),
    ],
)
def test_what_cannot_be_edited_is_refused(
    made: Engine, entity: str, key: dict[str, str], values: dict[str, Any] | None, reason: str
) -> None:
    with pytest.raises(EditError) as caught:
        put(made, entity, key, values)
    assert caught.value.reason == reason
    assert str(caught.value) == REASONS[reason].format(**caught.value.facts)
    assert audit(made) == []


def test_a_new_row_needs_its_set_and_the_rules_of_the_table_hold(made: Engine) -> None:
    with pytest.raises(EditError, match="no scenario set elsewhere"), writing(made) as connection:
        edits.put(connection, "strategy", "elsewhere", {"code": "a"}, {"position": 1, "texts": {}}, ROLE)
    for values in ({"impact": 11}, {"theme": "no_such_theme"}, {"kind": "other"}):
        with pytest.raises(IntegrityError):
            put(made, "driver", DRIVER, values)
    assert audit(made) == []
    assert row(made, "driver", DRIVER)["impact"] == 7.0  # type: ignore[index]


def test_what_others_belong_to_is_not_removed_with_them(made: Engine) -> None:
    with pytest.raises(ConflictError, match="1 of pay_off"):
        put(made, "measure", {"code": "vouchers"}, None)
    key = {"code": "new"}
    values = {"position": 9, "strategy": None, "theme": None, "cost": None, "currency": "EUR", "needs": []}
    done = put(made, "measure", key, values | {"excludes": [], "texts": {}, "source": ""})
    said = put(
        made, "pay_off", {"measure": "new", "scenario": "rise", "group_code": "smes"}, {"score": 1, "reason": "why"}
    )
    with pytest.raises(ConflictError, match="pay_off"):
        undo(made, done.entry)
    undo(made, said.entry)
    undo(made, done.entry)
    assert row(made, "measure", key) is None


def test_what_others_name_is_not_removed(made: Engine) -> None:
    with pytest.raises(ConflictError, match="1 of assumption belong to it or name it"):
        put(made, "driver", DRIVER, None)
    with pytest.raises(ConflictError, match="1 of measure"):
        put(made, "strategy", {"code": "act"}, None)
    gone = put(made, "driver", {"code": "people"}, None)
    undo(made, gone.entry)
    new = {"code": "new"}
    row_of = {"goal": False, "indicator": None, "region": None, "year": 2030, "value": None, "duration": 1.0}
    row_of |= {"position": 2, "measure": None, "needs": ["new"], "texts": {}, "source": ""}
    done = put(made, "milestone", new, row_of)
    later = put(made, "milestone", {"code": "goal"}, {"needs": ["new"]})
    with pytest.raises(ConflictError, match="1 of milestone"):
        undo(made, done.entry)
    undo(made, later.entry)
    undo(made, done.entry)  # what names itself only is in nobody's way
    assert row(made, "milestone", new) is None


def test_new_rows_stand_last(made: Engine) -> None:
    with made.connect() as connection:
        assert edits.next_position(connection, "driver", SET) == 3
        assert edits.next_position(connection, "strategy", "elsewhere") == 1


@pytest.mark.parametrize(
    ("name", "code", "found"),
    [
        ("driver", "energy", True),
        ("driver", "rise", False),
        ("theme", "innovation", True),
        ("theme", "energy", False),
        ("indicator", "rd_expenditure_gdp", True),
        ("region", "HU31", True),
        ("region", "HU99", False),
        (edits.GROUP, "smes", True),
        (edits.GROUP, "energy", False),
        ("reporting_period", "1", False),
        ("reporting_period", "first", False),
    ],
)
def test_codes_are_known_within_their_scope(made: Engine, name: str, code: str, found: bool) -> None:
    with made.connect() as connection:
        assert edits.known(connection, name, SET, code) is found
        if name in ("driver", edits.GROUP):
            assert not edits.known(connection, name, "elsewhere", code)


def test_a_day_of_edits_is_one_row_of_the_ledger(made: Engine) -> None:
    query = select(LoadRun.rows_changed, LoadRun.data_version).where(LoadRun.source == edits.PEOPLE)

    def ledger() -> list[tuple[int, int]]:
        with made.connect() as connection:
            return [tuple(found) for found in connection.execute(query.order_by(LoadRun.id))]

    done = put(made, "driver", DRIVER, {"impact": 8})
    assert ledger() == [(1, done.version)]
    done = undo(made, done.entry)
    assert ledger() == [(2, done.version)]
    with writing(made) as connection:  # a load in between has the higher number
        number = version(connection) + 1
        now = datetime.now(UTC).replace(tzinfo=None)
        facts = {"dataset": "X", "file_name": "", "sha256": "", "catalogue": "", "bytes": 0, "started_at": now}
        open_load(connection, source="EUROSTAT", data_version=number, **facts)
    done = put(made, "driver", DRIVER, {"impact": 8})
    assert done.version == number + 1
    assert ledger() == [(3, done.version)]
    with writing(made) as connection:  # the next day has a row of its own
        connection.execute(
            update(LoadRun).where(LoadRun.source == edits.PEOPLE).values(started_at=now - timedelta(days=1))
        )
    later = put(made, "driver", DRIVER, {"impact": 9})
    assert ledger() == [(3, done.version), (1, later.version)]


def test_nothing_of_a_failed_edit_remains(made: Engine) -> None:
    with made.connect() as connection:
        before = version(connection)

    def fail() -> None:
        with writing(made) as connection:
            edits.put(connection, "driver", SET, DRIVER, {"impact": 9}, ROLE)
            raise RuntimeError("the power went out")

    with pytest.raises(RuntimeError):
        fail()
    with made.connect() as connection:
        assert version(connection) == before
        assert connection.scalar(select(func.count()).select_from(AuditEntry)) == 0
    assert row(made, "driver", DRIVER)["impact"] == 7.0  # type: ignore[index]


def test_an_old_entry_keeps_what_it_said(made: Engine) -> None:
    """An entry whose row is gone together with its set can be read, and not undone."""
    done = put(made, "driver", DRIVER, {"impact": 8})
    with writing(made) as connection:
        connection.execute(ScenarioSet.__table__.delete())
    with pytest.raises(ConflictError):
        undo(made, done.entry)
    assert audit(made)[0]["new"]["impact"] == 8.0
    with writing(made) as connection:
        entry = {"at": datetime.now(UTC).replace(tzinfo=None), "role": ROLE, "entity": "driver", "scope": SET}
        connection.execute(
            insert(AuditEntry), {**entry, "key": "b", "old": {"impact": 1.0}, "new": None, "why": "", "undone_by": None}
        )
    with pytest.raises(IntegrityError):
        undo(made, done.entry + 1)
