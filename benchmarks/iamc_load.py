"""How fast a scenario table of two million figures gets into the database, and in how much memory.

    python -m benchmarks.iamc_load [--figures 2000000]

The file is made as in ``benchmarks.iamc``. It is loaded by PoliSEE (``write_lines`` in one transaction: all checks,
names mapped, keys and indexes kept, lines and figures in tables of their own) and beside it, in the same run, by the
raw limit: pyarrow's CSV parser block by block and the database's own bulk load (``executemany`` of Python's driver on
SQLite, COPY on PostgreSQL) into a bare table of seven columns, texts replaced by their places in a dictionary, without
key, index or check. *again* loads the same file a second time, which changes nothing. Each run is a process of its own,
each round on a fresh database; imports are not counted; the best of two counts. Beside the seconds stands the time of
the processor, that of the database server included: other work on the machine adds to it less than to the seconds.
Results are added to ``benchmarks/results/iamc.md``.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.iamc import RESULTS, STARTER, make
from benchmarks.load import Databases
from config import ROOT

RUNS = 2
WANTED = 3.0
VERDICT = ("PoliSEE", "raw limit")
SET = "bench"
TEXTS = ("Model", "Scenario", "Region", "Variable", "Unit")


def prepare(url: str) -> None:
    """Tables, catalogue and an empty set."""
    from sqlalchemy import insert

    from etl.catalogue import load_catalogue
    from store.engine import make_engine, writing
    from store.migrate import upgrade
    from store.schema_scenarios import ScenarioSet

    engine = make_engine(url)
    upgrade(engine)
    load_catalogue(engine)
    texts = {"source": "", "source_url": "", "licence": "", "texts": {}}
    facts = {"code": SET, "position": 1, "origin": "own", "base_year": 2020, "horizon": 2100, "edited_at": None}
    with writing(engine) as connection:
        lists: dict[str, list[Any]] = {"regions": [], "axes": [], "groups": []}
        connection.execute(insert(ScenarioSet).values(**facts, **texts, **lists, load_id=1))
    engine.dispose()


def polisee(file: Path, url: str) -> int:
    """Load with PoliSEE; figures committed."""
    from etl.scenario_tables import write_lines
    from etl.sources.iamc import load_mapping, read_iamc
    from store.engine import make_engine, writing
    from store.writes import open_load

    mapping = load_mapping(ROOT / "data" / "catalogue" / "iamc.yaml")
    head = {"source": "iamc", "dataset": "IAMC", "file_name": file.name, "sha256": "", "catalogue": "", "bytes": 0}
    with writing(make_engine(url)) as connection:
        load_id = open_load(connection, **head, started_at=datetime.now(UTC).replace(tzinfo=None))
        written = write_lines(connection, SET, read_iamc(file), mapping, load_id)
    if written.rejected:
        raise RuntimeError(str(written.problems[:3]))
    return written.new + written.unchanged


def _blocks(file: Path) -> Iterator[list[np.ndarray]]:
    """The file as pyarrow reads it, in long rows, texts replaced by their places in a dictionary."""
    import pyarrow as pa
    from pyarrow import csv as pacsv

    texts = dict.fromkeys(TEXTS, pa.dictionary(pa.int32(), pa.string()))
    reader = pacsv.open_csv(
        file,
        read_options=pacsv.ReadOptions(block_size=4 << 20),
        convert_options=pacsv.ConvertOptions(column_types=texts),
    )
    for batch in reader:
        columns = {
            name: np.asarray(column.indices if pa.types.is_dictionary(column.type) else column)
            for name, column in zip(batch.schema.names, batch.columns, strict=True)
        }
        keys = [columns.pop(name) for name in TEXTS]
        if "Year" in columns:
            yield [*keys, columns["Year"], columns["Value"]]
        else:
            years = np.array([int(name) for name in columns], np.int32)
            yield [
                *(np.repeat(key, len(years)) for key in keys),
                np.tile(years, len(batch)),
                np.stack(list(columns.values()), axis=1).ravel(),
            ]


def raw(file: Path, url: str) -> int:
    """pyarrow and the database's own bulk load into a bare table."""
    return _raw_sqlite(file, url) if url.startswith("sqlite") else _raw_postgres(file, url)


def _raw_sqlite(file: Path, url: str) -> int:
    import sqlite3

    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE bare (a INTEGER, b INTEGER, c INTEGER, d INTEGER, e INTEGER, f INTEGER, g REAL)")
    rows = 0
    for block in _blocks(file):
        columns = (column.tolist() for column in block)
        connection.executemany("INSERT INTO bare VALUES (?,?,?,?,?,?,?)", zip(*columns, strict=True))
        rows += len(block[0])
    connection.execute("COMMIT")
    return rows


def _raw_postgres(file: Path, url: str) -> int:
    import psycopg
    import pyarrow as pa
    from pyarrow import csv as pacsv

    rows = 0
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("CREATE TABLE bare (a int, b int, c int, d int, e int, f int, g float8)")
        with connection.cursor() as cursor, cursor.copy("COPY bare FROM STDIN (FORMAT csv)") as copy:
            for block in _blocks(file):
                text = pa.BufferOutputStream()
                pacsv.write_csv(pa.table(block, names=list("abcdefg")), text, pacsv.WriteOptions(include_header=False))
                copy.write(text.getvalue())
                rows += len(block[0])
    return rows


CONTESTANTS: dict[str, Callable[[Path, str], int]] = {"PoliSEE": polisee, "again": polisee, "raw limit": raw}


def one(name: str, file: Path, url: str) -> dict[str, float]:
    """Run one contestant in this process: figures, seconds, and the highest memory in MB."""
    for module in ("pandas", "pyarrow.csv", "psycopg", "etl.catalogue", "etl.scenario_tables"):
        import_module(module)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    rows = CONTESTANTS[name](file, url)
    seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = {"peak_mb": after.ru_maxrss / 1024, "idle_mb": before.ru_maxrss / 1024}
    return {"rows": rows, "seconds": seconds, "processor": processor, **memory}


def server_seconds(folder: Path) -> float:
    """Time of the processor that the database server in a folder has used so far; 0 where that cannot be seen."""
    try:
        root = (folder / "postgres" / "postmaster.pid").read_text().split()[0]
    except OSError:
        return 0.0
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            facts = (process / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        # Of the server itself also what its ended processes used; of those that run, their own.
        if process.name == root:
            ticks += sum(map(int, facts[11:15]))
        elif facts[1] == root:
            ticks += int(facts[11]) + int(facts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def apart(name: str, file: Path, url: str) -> dict[str, float]:
    """Run one contestant in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.iamc_load", "--one", name, "--file", str(file), "--url", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


def _times(runs: dict[str, list[dict[str, float]]]) -> str:
    """How much longer we take than the raw limit, by the clock and by the processor."""
    ours, limit = ([min(run[what] for run in runs[name]) for what in ("seconds", "processor")] for name in VERDICT)
    clock, processor = (a / b for a, b in zip(ours, limit, strict=True))
    return (
        f"{clock:.1f} times the time of the raw limit (wanted: at most {WANTED:g}), "
        f"{processor:.1f} times that of the processor."
    )


def measure(figures: int, folder: Path) -> str:
    """Run everything; the report as Markdown."""
    lines = [
        "| database | layout | figures | contestant | seconds | processor | figures/s | peak MB | of which idle |",
        "|---|---|--:|---|--:|--:|--:|--:|--:|",
    ]
    verdict = []
    databases = Databases(folder)
    try:
        for size in (figures // 4, figures):
            for layout, file in make(STARTER, folder, size).items():
                for kind in ("SQLite", "PostgreSQL"):
                    runs: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
                    for _ in range(RUNS):
                        url = databases.fresh(kind)
                        prepare(url)
                        # Each beside the others: what else the machine does hits all alike.
                        for name in CONTESTANTS:
                            used = server_seconds(folder)
                            run = apart(name, file, url)
                            run["processor"] += server_seconds(folder) - used
                            runs[name].append(run)
                    best = {name: min(done, key=lambda run: run["seconds"]) for name, done in runs.items()}
                    if len({run["rows"] for run in best.values()}) > 1:
                        raise RuntimeError(f"not the same figures: {best}")
                    for name, run in best.items():
                        speed = f"{run['seconds']:.2f} | {run['processor']:.2f} | {run['rows'] / run['seconds']:,.0f}"
                        cells = f"{kind} | {layout} | {run['rows']:,.0f} | {name} | {speed}"
                        lines.append(f"| {cells} | {run['peak_mb']:.0f} | {run['idle_mb']:.0f} |")
                        print(lines[-1], flush=True)
                    if size == figures:
                        verdict.append(f"{kind}, {layout}: {_times(runs)}")
    finally:
        databases.close()
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    head = (
        f"## Into the database, {stamp} UTC, {os.cpu_count()} cores, Python {platform.python_version()}\n\n"
        f"Load average at the end: {os.getloadavg()[1]:.1f}; above {os.cpu_count()} other work was competing for the "
        "cores. Made by `python -m benchmarks.iamc_load`."
    )
    return "\n".join([head, "", *lines, "", *(f"- {line}" for line in verdict), ""])


def main() -> None:
    """Run the benchmark, or with ``--one`` a single contestant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figures", type=int, default=2_000_000)
    parser.add_argument("--one", choices=list(CONTESTANTS))
    parser.add_argument("--file", type=Path)
    parser.add_argument("--url")
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(chosen.one, chosen.file, chosen.url)))
        return
    with tempfile.TemporaryDirectory(prefix="polisee-bench-") as folder:
        report = measure(chosen.figures, Path(folder))
    with RESULTS.open("a", encoding="utf-8") as stream:
        stream.write("\n" + report)
    print(report)


if __name__ == "__main__":
    main()
