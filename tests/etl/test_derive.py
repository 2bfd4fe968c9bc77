"""Results are computed when they are stale, one by one, and a failure keeps the older result."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import Connection, Engine

from etl.derive import Done, Job, collect, fingerprint, run_jobs
from store.derived import Result, read, states
from store.engine import version
from store.ledger import loads

Compute = Callable[[Connection, Any], dict[str, Result]]


def number(value: float) -> Compute:
    return lambda _connection, _progress: {"": Result(pd.DataFrame({"value": [value]}), {"value": value})}


def failing(_connection: Connection, _progress: Any) -> dict[str, Result]:
    raise ValueError("The table has no rows.\nSecond line.")


def job(subject: str, compute: Compute, inputs: str = "a", method: int = 1) -> Job:
    return Job("made", subject, inputs, method, compute)


def stored(engine: Engine, subject: str) -> float | None:
    with engine.connect() as connection:
        result = read(connection, "made", subject)
    return None if result is None else float(result.frame["value"].iloc[0])


def told(done: list[Done]) -> list[tuple[str, str]]:
    return [(one.subject, one.state) for one in done]


def test_only_what_is_stale_is_computed(engine: Engine) -> None:
    first = run_jobs(engine, jobs=[job("x", number(1)), job("y", number(2))])
    assert told(first) == [("x", "computed"), ("y", "computed")]
    assert run_jobs(engine, jobs=[job("x", number(9)), job("y", number(9))]) == []
    assert told(run_jobs(engine, jobs=[job("x", number(3), inputs="b"), job("y", number(9))])) == [("x", "computed")]
    assert told(run_jobs(engine, jobs=[job("x", number(9), inputs="b"), job("y", number(4), method=2)])) == [
        ("y", "computed")
    ]
    assert (stored(engine, "x"), stored(engine, "y")) == (3, 4)
    again = [job("x", number(5), inputs="b"), job("y", number(6), method=2)]
    assert told(run_jobs(engine, force=True, jobs=again)) == [("x", "computed"), ("y", "computed")]
    assert (stored(engine, "x"), stored(engine, "y")) == (5, 6)


def test_a_failing_job_is_told_keeps_the_older_result_and_stops_nobody(engine: Engine) -> None:
    run_jobs(engine, jobs=[job("x", number(1))])
    done = run_jobs(engine, jobs=[job("x", failing, inputs="b"), job("y", number(2))])
    assert told(done) == [("x", "failed"), ("y", "computed")]
    assert done[0].message == "ValueError: The table has no rows."
    assert (stored(engine, "x"), stored(engine, "y")) == (1, 2)
    with engine.connect() as connection:
        assert states(connection, "made")["x"].inputs == "a", "it stays stale and is tried again"


def test_a_subject_that_is_gone_is_forgotten(engine: Engine) -> None:
    run_jobs(engine, jobs=[job("x", number(1)), job("y", number(2))])
    assert told(run_jobs(engine, jobs=[job("y", number(2))])) == [("x", "removed")]
    assert (stored(engine, "x"), stored(engine, "y")) == (None, 2)
    assert told(run_jobs(engine, jobs=[])) == [("y", "removed")]


def test_each_result_raises_the_data_version_and_a_run_is_one_ledger_row(engine: Engine) -> None:
    with engine.connect() as connection:
        before, rows = version(connection), len(loads(connection))
    seen = []

    def looking(connection: Connection, _progress: Any) -> dict[str, Result]:
        seen.append(version(connection))
        return {"": Result(pd.DataFrame({"value": [1.0]}))}

    run_jobs(engine, jobs=[job("x", looking), job("y", looking)])
    with engine.connect() as connection:
        assert (version(connection), len(loads(connection))) == (before + 2, rows + 1)
        assert seen == [before, before + 1]
        newest = loads(connection).iloc[0]
    assert (newest["dataset"], newest["state"]) == ("DERIVED", "done")
    run_jobs(engine, jobs=[job("x", failing, inputs="b"), job("y", looking)])
    with engine.connect() as connection:
        assert version(connection) == before + 2, "nothing changed"


def test_progress_is_shown(engine: Engine) -> None:
    shown: list[tuple[str, int, int]] = []

    class Bar:
        def task(self, name: str) -> Any:
            from contextlib import nullcontext

            return nullcontext(lambda done, total: shown.append((name, done, total)))

    def slow(_connection: Connection, progress: Any) -> dict[str, Result]:
        progress(1, 2)
        progress(2, 2)
        return {"": Result(pd.DataFrame({"value": [1.0]}))}

    run_jobs(engine, Bar(), jobs=[job("x", slow)])
    assert shown == [("made x", 1, 2), ("made x", 2, 2)]


def test_an_empty_database_has_nothing_due(engine: Engine) -> None:
    with engine.connect() as connection:
        assert collect(connection) == []
    assert run_jobs(engine) == []


@pytest.mark.parametrize("facts", [(1, 2), (1, "2"), (12,), ((1, 2),), ()])
def test_fingerprints_differ(facts: tuple[object, ...]) -> None:
    others = [(1, 2), (1, "2"), (12,), ((1, 2),), ()]
    others.remove(facts)
    assert fingerprint(*facts) not in {fingerprint(*other) for other in others}
    assert len(fingerprint(*facts)) <= 64
