"""Value chains of a made inter-country table of 77 countries and 45 industries, beside LAPACK and pymrio, in one run.

``python -m benchmarks.chains [--countries 77] [--industries 45]`` makes a dense table (all cells above zero), runs
every part in a process of its own and writes ``benchmarks/results/chains.md``.

- LAPACK: ``getrf`` and ``getri`` on I - A that stands ready in Fortran order; nothing else.
- PoliSEE: from the table: checks, coefficients, I - A, factors, inverse.
- pymrio: ``calc_L`` from ready coefficients, and ``calc_system`` from the flows.
"""

import argparse
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from analysis.tables import IOTable
from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "chains.md"
ARRAYS = ("flows", "final", "output", "value_added", "jobs")
INVERSE = "inverse.npy"
RUNS = 7


def make_table(countries: int, industries: int) -> IOTable:
    """A dense balanced table: most inputs from home, home and sizes unequal, each column with its value added."""
    random = np.random.default_rng(2022)
    n = countries * industries
    size = np.repeat(random.lognormal(0, 1.5, countries), industries) * random.lognormal(0, 1, n)
    flows = random.random((n, n)) * size[:, None]
    blocks = flows.reshape(countries, industries, countries, industries)
    blocks[np.arange(countries), :, np.arange(countries), :] *= 30.0
    flows *= random.uniform(0.35, 0.75, n) * size / flows.sum(axis=0)
    final = random.random((n, countries)) * size[:, None] / countries
    final[np.arange(n), np.repeat(np.arange(countries), industries)] *= 20.0
    # Output follows from the rows; the columns' value added takes what is left, kept positive by more final use.
    final *= np.maximum(1.0, 1.2 * (size - flows.sum(axis=1)) / final.sum(axis=1))[:, None]
    output = flows.sum(axis=1) + final.sum(axis=1)
    short = np.maximum(flows.sum(axis=0) * 1.3 - output, 0.0)
    final[:, 0] += short
    output += short
    codes = tuple(f"C{place:02d}" for place in range(countries))
    return IOTable(
        name="made",
        kind="inter_country",
        year=2022,
        unit="MIO_USD",
        classification="MADE",
        countries=codes,
        industries=tuple(f"I{place:02d}" for place in range(industries)),
        flows=flows,
        final=final,
        final_columns=tuple((code, "households") for code in codes),
        output=output,
        value_added=output - flows.sum(axis=0),
        jobs=output * random.uniform(2, 20, n),
        jobs_year=2022,
    )


def save(table: IOTable, folder: Path) -> None:
    """The table's arrays as files of numpy."""
    for name in ARRAYS:
        np.save(folder / f"{name}.npy", getattr(table, name))
    head = {"countries": table.countries, "industries": table.industries}
    (folder / "head.json").write_text(json.dumps(head), encoding="utf-8")


def read(folder: Path, mapped: bool = False) -> IOTable:
    """The saved table; ``mapped``: its flows memory-mapped."""
    head = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r" if mapped else None) for name in ARRAYS}
    countries = tuple(head["countries"])
    return IOTable(
        name="made",
        kind="inter_country",
        year=2022,
        unit="MIO_USD",
        classification="MADE",
        countries=countries,
        industries=tuple(head["industries"]),
        final_columns=tuple((code, "households") for code in countries),
        jobs_year=2022,
        **arrays,
    )


def timed(work: Callable[[], Any]) -> float:
    """Seconds that the work takes; its result is let go."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def inverses(folder: Path) -> dict[str, list[float]]:
    """LAPACK, PoliSEE and pymrio invert the same matrix, one after the other, again and again."""
    import pandas as pd
    import pymrio
    from scipy.linalg import lapack

    from analysis.input_output import System, coefficients

    table = read(folder)
    n = len(table.output)
    technical = coefficients(System(table))
    leontief = np.asfortranarray(np.eye(n) - technical)
    frame = pd.DataFrame(technical)
    work = int(lapack.dgetri_lwork(n)[0])
    times: dict[str, list[float]] = {"LAPACK, factors": [], "LAPACK": [], "PoliSEE": [], "pymrio.calc_L": []}
    for _ in range(RUNS):
        matrix = leontief.copy(order="F")
        start = time.perf_counter()
        factors, pivots, _info = lapack.dgetrf(matrix, overwrite_a=1)
        times["LAPACK, factors"].append(time.perf_counter() - start)
        lapack.dgetri(factors, pivots, lwork=work, overwrite_lu=1)
        times["LAPACK"].append(time.perf_counter() - start)
        del matrix, factors
        times["PoliSEE"].append(timed(lambda: System(table).inverse))
        times["pymrio.calc_L"].append(timed(lambda: pymrio.calc_L(frame)))
    return times


def peer_system(folder: Path) -> dict[str, list[float]]:
    """``calc_system`` of pymrio: coefficients and inverse from flows and final use."""
    import pandas as pd
    import pymrio

    table = read(folder)
    final = pd.MultiIndex.from_tuples(table.final_columns, names=["region", "category"])
    labels = table.labels.set_names(["region", "sector"])
    times: dict[str, list[float]] = {"pymrio.calc_system": []}
    for _ in range(3):
        system = pymrio.IOSystem(
            Z=pd.DataFrame(table.flows, index=labels, columns=labels),
            Y=pd.DataFrame(table.final, index=labels, columns=final),
        )
        times["pymrio.calc_system"].append(timed(system.calc_system))
    return times


def measures(folder: Path) -> dict[str, list[float]]:
    """From the table to all frames that are stored: once, as a job does it, and each set after the inverse."""
    from analysis import input_output, value_chain

    table = read(folder)
    system = value_chain.System(table)
    inverse = system.inverse
    np.save(folder / INVERSE, inverse)

    def fresh() -> value_chain.System:
        return value_chain.System(table, inverse)

    works: dict[str, Callable[[], Any]] = {
        "country set": lambda: value_chain.trade_in_value_added(fresh()),
        "bilateral decomposition": lambda: value_chain.decomposition(fresh(), by="bilateral"),
        "linkages": lambda: input_output.linkages(fresh()),
        "extraction of each industry": lambda: input_output.extraction(fresh()),
        "all frames for storing": lambda: value_chain.chain_frames(fresh()),
    }
    return _rounds(works)


def interactions(folder: Path) -> dict[str, list[float]]:
    """What a page asks of a process that has just mapped table and inverse."""
    from analysis import value_chain

    table = read(folder, mapped=True)
    first = time.perf_counter()
    inverse = np.load(folder / INVERSE, mmap_mode="r")
    system = value_chain.System(table, inverse)
    ready = time.perf_counter() - first
    country, industry = table.countries[40], table.industries[20]
    works: dict[str, Callable[[], Any]] = {
        "shock, one product": lambda: value_chain.shock(system, value_chain.DemandChange(-100.0, country, industry)),
        "shock, one buyer country": lambda: value_chain.shock(
            system, value_chain.DemandChange(-0.1, absorber=country, relative=True)
        ),
        "lost supplier": lambda: value_chain.shock(system, lost_supplier=value_chain.LostSupplier(country, industry)),
        "lost supplier, supply side": lambda: value_chain.shock(
            system, lost_supplier=value_chain.LostSupplier(country, industry), model="supply"
        ),
        "smile curve": lambda: value_chain.smile(system, country, industry),
        "suppliers and buyers": lambda: value_chain.suppliers_and_buyers(system, country, industry),
    }
    start = time.perf_counter()
    value_chain.shock(system, value_chain.DemandChange(-100.0, country, industry))
    return {"ready": [ready], "first shock": [time.perf_counter() - start], **_rounds(works, 11)}


def _rounds(works: dict[str, Callable[[], Any]], runs: int = RUNS) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(runs):
        for name, work in works.items():
            times[name].append(timed(work))
    return times


def one_system(folder: Path) -> dict[str, list[float]]:
    """The job: table to inverse to all frames; for its memory."""
    from analysis import value_chain

    table = read(folder)
    start = time.perf_counter()
    value_chain.chain_frames(value_chain.System(table))
    return {"table to all frames": [time.perf_counter() - start]}


def stored(folder: Path) -> dict[str, list[float]]:
    """The table from the store's compressed file, and the inverse mapped beside it."""
    from store import tables

    place = folder / "store"
    written = tables.write_table(place, read(folder))
    tables.write_inverse(place, written.digest, np.load(folder / INVERSE))
    works: dict[str, Callable[[], Any]] = {
        f"load from the store ({written.bytes / 2**20:.0f} MB)": lambda: tables.open_table(place / written.file),
        "map the inverse": lambda: tables.open_inverse(place, written.digest),
    }
    return _rounds(works)


PARTS: dict[str, Callable[[Path], dict[str, list[float]]]] = {
    "inverses": inverses,
    "peer_system": peer_system,
    "measures": measures,
    "interactions": interactions,
    "one_system": one_system,
    "stored": stored,
}


def apart(part: str, folder: Path) -> dict[str, Any]:
    """Run one part in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.chains", "--one", part, "--folder", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{part}: {done.stderr}")
    return json.loads(done.stdout)


def one(part: str, folder: Path) -> dict[str, Any]:
    """One part in this process: seconds by name, and the highest memory in MB."""
    times = PARTS[part](folder)
    return {"times": times, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def measure(countries: int, industries: int, folder: Path) -> str:
    """Run everything; the report as Markdown."""
    save(make_table(countries, industries), folder)
    results = {part: apart(part, folder) for part in PARTS}
    lines = ["| what | minimum | median | peak MB of its process |", "|---|--:|--:|--:|"]
    for part, result in results.items():
        for name, times in result["times"].items():
            label = f"PoliSEE: {name}" if part not in ("inverses", "peer_system") else name
            best, middle = (f"{value * 1000:,.1f} ms" for value in (min(times), statistics.median(times)))
            lines.append(f"| {label} | {best} | {middle} | {result['peak_mb']:.0f} |")
    times = results["inverses"]["times"]
    pairs = list(zip(times["PoliSEE"], times["LAPACK"], strict=True))
    quick = results["interactions"]["times"]
    slowest = max((name for name in quick if name not in ("ready", "first shock")), key=lambda n: min(quick[n]))
    loading = min(next(iter(results["stored"]["times"].values())))
    verdict = [
        f"Load from the store: {loading:.2f} s (wanted: under 0.3).",
        f"First inverse: {min(times['PoliSEE']) / min(times['LAPACK']):.2f} × LAPACK's own time (wanted: at most 1.3; "
        f"median of the turns {statistics.median(ours / bare for ours, bare in pairs):.2f}), "
        f"{min(times['pymrio.calc_L']) / min(times['PoliSEE']):.1f} × as fast as pymrio.",
        f"Country set after it: {min(results['measures']['times']['country set']):.2f} s (wanted: under 0.5).",
        f"Slowest interaction: {slowest}, {min(quick[slowest]) * 1000:.0f} ms, "
        f"median {statistics.median(quick[slowest]) * 1000:.0f} ms (wanted: under 50).",
        f"Memory from the table to all frames: {results['one_system']['peak_mb']:.0f} MB (wanted: under 600); "
        f"pymrio.calc_system: {results['peer_system']['peak_mb']:.0f} MB.",
    ]
    return "\n".join(
        [
            f"# Value chains: {countries} countries × {industries} industries, {countries * industries:,} rows",
            "",
            f"{datetime.now(UTC).date().isoformat()}; {os.cpu_count()} cores, {_processor()}; "
            f"Python {platform.python_version()}, numpy {np.__version__}; {platform.system()} {platform.machine()}. "
            "Made by `python -m benchmarks.chains` from a made table without empty cells; contestants of one part take "
            f"turns. Load average at the end: {os.getloadavg()[1]:.1f}; above {os.cpu_count()} other work was "
            "competing for the cores, so read the minima.",
            "",
            *lines,
            "",
            *(f"- {line}" for line in verdict),
            "",
        ]
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or "processor unknown"


def main() -> None:
    """Run the benchmark, or with ``--one`` a single part."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--countries", type=int, default=77)
    parser.add_argument("--industries", type=int, default=45)
    parser.add_argument("--one", choices=list(PARTS))
    parser.add_argument("--folder", type=Path)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(one(chosen.one, chosen.folder)))
        return
    with tempfile.TemporaryDirectory(prefix="polisee-bench-") as folder:
        report = measure(chosen.countries, chosen.industries, Path(folder))
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(report, encoding="utf-8")
    print(report)


if __name__ == "__main__":
    main()
