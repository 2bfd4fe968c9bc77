"""How fast a scenario table of two million figures is read, and in how much memory.

    python -m benchmarks.iamc [path of a scenario table in the wide layout]

The file is made: the rows of the SSP pathways repeated under other names of models, so that no key stands twice. It is
read in both layouts by ``read_iamc`` (all checks, long rows), by pandas (``read_csv``, then ``melt`` where it is wide;
no checks) and by pyarrow's CSV parser alone (whole table; no checks, no long rows). Each reading is a process of its
own; its peak memory is the largest resident set, that of the imports included. The best of three counts. Results are
added to ``benchmarks/results/iamc.md``.
"""

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import orjson

from config import ROOT

STARTER = ROOT.parent / "shared" / "figures" / "starter" / "ssp_pathways_iamc.csv"
RESULTS = ROOT / "benchmarks" / "results" / "iamc.md"
FIGURES = 2_000_000
REPEATS = 3
READERS = ("ours", "pandas", "pyarrow", "imports")


def make(source: Path, folder: Path, figures: int) -> dict[str, Path]:
    """Files of about so many figures, wide and long, labelled as made; {layout: path}."""
    import pandas as pd

    frame = pd.read_csv(source)
    keys = ["Model", "Scenario", "Region", "Variable", "Unit"]
    rounds = -(-figures // (len(frame) * (frame.shape[1] - len(keys))))
    paths = {layout: folder / f"{layout}.csv" for layout in ("wide", "long")}
    for layout, path in paths.items():
        part = frame if layout == "wide" else frame.melt(keys, var_name="Year", value_name="Value")
        with path.open("w", encoding="utf-8") as stream:
            for number in range(rounds):
                named = part.assign(Model=f"made copy {number} of SSP 3.0.1")
                named.to_csv(stream, index=False, header=number == 0)
    return paths


def read(reader: str, layout: str, path: Path) -> tuple[float, int]:
    """Seconds to read a file and the rows that came out; imports are not counted."""
    import pandas as pd
    from pyarrow import csv

    from etl.sources.iamc import read_iamc

    start = time.perf_counter()
    rows = 0
    if reader == "ours":
        extract = read_iamc(path)
        rows = sum(chunk.num_rows for chunk in extract.chunks)
        if extract.problems:
            raise SystemExit(f"unexpected problems: {extract.problems[:3]}")
    elif reader == "pandas":
        frame = pd.read_csv(path)
        if layout == "wide":
            frame = frame.melt(["Model", "Scenario", "Region", "Variable", "Unit"], var_name="Year").dropna()
        rows = len(frame)
    elif reader == "pyarrow":
        rows = csv.read_csv(path).num_rows
    return time.perf_counter() - start, rows


def measure(reader: str, layout: str, path: Path) -> tuple[float, float, int]:
    """Seconds (best), peak memory in MB (largest) and rows of one reader, each run in a process of its own."""
    runs = []
    for _ in range(REPEATS):
        command = [sys.executable, "-m", "benchmarks.iamc", "--one", reader, layout, str(path)]
        runs.append(orjson.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout))
    return min(run[0] for run in runs), max(run[1] for run in runs), runs[0][2]


def main(source: Path) -> None:
    """Make the files, measure all readers, write the results down."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        for figures in (FIGURES // 4, FIGURES):
            for layout, path in make(source, Path(folder), figures).items():
                size = path.stat().st_size / 1e6
                for reader in READERS:
                    seconds, memory, rows = measure(reader, layout, path)
                    cells = f"{figures:,} | {layout} | {size:.0f} | {reader} | {seconds:.2f} | {memory:.0f} | {rows:,}"
                    lines.append(f"| {cells} |")
                    print(lines[-1], flush=True)
    stamp = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    head = f"\n## {stamp} UTC, {os.cpu_count()} cores, Python {platform.python_version()}\n\n"
    head += "| figures | layout | MB | reader | seconds | peak MB | rows out |\n|--:|---|--:|---|--:|--:|--:|\n"
    if not RESULTS.exists():
        RESULTS.write_text(f"# Scenario tables\n\n{(__doc__ or '').partition('[path')[2].partition(']')[2].strip()}\n")
    with RESULTS.open("a", encoding="utf-8") as stream:
        stream.write(head + "\n".join(lines) + "\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        spent, count = read(sys.argv[2], sys.argv[3], Path(sys.argv[4]))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(orjson.dumps([spent, peak, count]).decode())
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else STARTER)
