"""A load that is killed in the middle leaves the old data whole, and the next load works."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from sqlalchemy import Engine

from config import ROOT
from etl.pipeline import load_extract
from store.engine import version
from store.ledger import loads
from store.observations import observations
from tests.etl.extracts import extract

CHILD = """
import sys, time
from pathlib import Path
from etl.pipeline import load_extract
from store.engine import make_engine
from tests.etl.extracts import extract, table

rows = [("employment_rate", region, year, 1.0) for region in ("HU11", "HU12", "AT11") for year in range(1950, 2020)]
made = extract(Path(sys.argv[2]), rows, name="killed.csv")

def chunks():
    for start in range(0, 120, 40):
        yield table(rows[start:start + 40], ["indicator"])
    # When the fourth block is asked for, the second one at the latest has been written.
    print("half way", flush=True)
    time.sleep(60)

made.chunks = chunks()
load_extract(make_engine(sys.argv[1]), made)
"""


def test_killed_in_the_middle(engine: Engine, url: str, tmp_path: Path) -> None:
    before = [("employment_rate", "HU11", 2014, 67.5), ("employment_rate", "HU12", 2014, 60.1)]
    load_extract(engine, extract(tmp_path, before))
    with engine.connect() as connection:
        number, ledger = version(connection), len(loads(connection))
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, url, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "half way\n"
    finally:
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        if child.stdout:
            child.stdout.close()
    with engine.connect() as connection:
        frame = observations(connection, ["employment_rate"])
        assert frame["value"].tolist() == [67.5, 60.1]
        assert (version(connection), len(loads(connection))) == (number, ledger)
    outcome = load_extract(engine, extract(tmp_path, [("employment_rate", "HU11", 2014, 68.0)], name="next.csv"))
    assert outcome.counts["changed"] == 1
