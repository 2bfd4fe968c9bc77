"""Long work: asked for once, claimed by one worker, taken back from a dead one, told without waiting."""

import os
import subprocess
import sys
import threading
import time

from sqlalchemy import Engine, update

from store import jobs
from store.engine import writing
from store.schema_programme import Job


def _ask(engine: Engine, kind: str = "pack", **arguments: object) -> int:
    with writing(engine) as connection:
        return jobs.ask(connection, kind, arguments)


def _read(engine: Engine, number: int) -> jobs.JobRow:
    with engine.connect() as connection:
        found = jobs.read(connection, number)
    assert found is not None
    return found


def test_a_job_waits_runs_and_ends(engine: Engine) -> None:
    number = _ask(engine, programme="demo6", period=4)
    assert _ask(engine, programme="demo6", period=4) == number  # who presses twice gets one
    assert _ask(engine, programme="demo6", period=3) != number
    assert jobs.claim(engine, ["import"], jobs.me()) is None
    found = jobs.claim(engine, ["pack"], jobs.me())
    assert found is not None
    assert (found.id, found.state, found.arguments) == (number, jobs.RUNNING, {"programme": "demo6", "period": 4})
    jobs.step(engine, number, 3, 10)
    assert (_read(engine, number).done, _read(engine, number).total) == (3, 10)
    jobs.end(engine, number, jobs.DONE, "Kész", {"number": "4.0"})
    ended = _read(engine, number)
    assert ended.has_ended
    assert (ended.message, ended.result) == ("Kész", {"number": "4.0"})


def test_messages_that_look_like_json_stay_messages(engine: Engine) -> None:
    number = _ask(engine)
    jobs.end(engine, number, jobs.FAILED, '{"x": 1}')
    assert (_read(engine, number).message, _read(engine, number).result) == ('{"x": 1}', None)


def test_two_workers_never_get_the_same_job(engine: Engine) -> None:
    wanted = {_ask(engine, n=n) for n in range(12)}
    got: list[int] = []

    def work() -> None:
        while (found := jobs.claim(engine, ["pack"], jobs.me())) is not None:
            got.append(found.id)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == sorted(wanted)


def test_what_a_dead_worker_held_is_claimed_anew(engine: Engine) -> None:
    number = _ask(engine)
    code = "from store import jobs; print(jobs.me())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=dict(os.environ)
    )
    assert jobs.claim(engine, ["pack"], done.stdout.strip()) is not None
    again = jobs.claim(engine, ["pack"], jobs.me())
    assert again is not None
    assert again.id == number
    assert jobs.claim(engine, ["pack"], jobs.me()) is None  # this process lives, so it keeps what it has


def test_work_of_another_host_is_lost_only_after_long(engine: Engine) -> None:
    number = _ask(engine)
    assert jobs.claim(engine, ["pack"], "elsewhere:1:1") is not None
    assert jobs.claim(engine, ["pack"], jobs.me()) is None
    with writing(engine) as connection:
        long_ago = jobs._now() - 2 * jobs.ELSEWHERE
        connection.execute(update(Job).where(Job.id == number).values(started_at=long_ago))
    assert jobs.claim(engine, ["pack"], jobs.me()) is not None


def test_telling_never_waits_for_a_transaction_of_the_same_worker(engine: Engine) -> None:
    number = _ask(engine)
    started = time.monotonic()
    with writing(engine):
        jobs.step(engine, number, 1, 2)
    assert time.monotonic() - started < 5
    jobs.step(engine, number, 2, 2)
    assert _read(engine, number).done == 2
