"""All measures of a region x industry table, beside the bare products that they need and beside the packages.

``python -m benchmarks.specialisation [--quick] [--peers-large]`` makes two tables, 300 x 600 and 5,000 x 5,000 (only
the small one with ``--quick``), and runs every contestant on them in a process of its own, so that its peak memory is
its own. Results go to ``benchmarks/results/specialisation.md``.

- PoliSEE: ``analysis.complexity.portfolio``: location quotients, presence, proximity, density, ECI and PCI, outlook and
  gain, with checks and diagnostics.
- bare products: BLAS and LAPACK calls that these measures cannot do without and nothing else: one symmetric product,
  two products with the proximity, and for the ECI the products of matrix and vector that PoliSEE took (large) or the
  square of the shorter side and its powers (small). Same precision.
- econcomplex, ecomplexity, economic-complexity: the same measures, as their documentation shows, ecomplexity without
  its extra check. economic-complexity gets our proximity, because its own does not run with pandas 3. On the large
  table they run only with ``--peers-large``: minutes and up to 9 GB.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "specialisation.md"
SMALL, LARGE = (300, 600), (5000, 5000)
STEPS = ("presence", "proximity", "density", "ECI and PCI", "outlook and gain", "everything")


def make_table(regions: int, industries: int) -> pd.DataFrame:
    """Amounts with what real ones have: a nested pattern, kinds of regions, sizes far apart, noise."""
    random = np.random.default_rng(2026)
    able, need = random.normal(size=(regions, 1)), random.normal(size=(1, industries))
    kin = random.integers(0, 5, size=(regions, 1)) == random.integers(0, 5, size=(1, industries))
    odds = 2 * (able - need) + 1.5 * kin - 1
    here = random.random((regions, industries)) < 1 / (1 + np.exp(-odds))
    size = 1.5 * random.normal(size=(regions, 1)) + random.normal(size=(1, industries))
    values = np.exp(size + 0.7 * random.normal(size=(regions, industries)))
    values *= np.where(here, 1, 0.02)
    return pd.DataFrame(
        values, index=[f"R{i:04d}" for i in range(regions)], columns=[f"I{i:04d}" for i in range(industries)]
    )


class Clock:
    """Seconds of each step of a run."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time what is done inside."""
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def polisee(x: pd.DataFrame, clock: Clock) -> Any:
    """The one pass; steps apart are timed on its arrays afterwards."""
    from analysis.complexity import portfolio

    with clock.step("everything"):
        return portfolio(x)


def polisee_steps(x: pd.DataFrame, clock: Clock) -> Any:
    """The kernels of the one pass, one by one."""
    from analysis import bipartite
    from analysis.specialisation import amounts, quotients_and_presence

    with clock.step("presence"):
        _, m = quotients_and_presence(amounts(x), 1.0, 0.0, bipartite.precision(x.size))
    with clock.step("proximity"):
        near = bipartite.proximity(m)
    with clock.step("density"):
        dense, _ = bipartite.density(m, near)
    with clock.step("ECI and PCI"):
        diversity, ubiquity = m.sum(axis=1, dtype=float), m.sum(axis=0, dtype=float)
        bipartite.components(m)
        pair = bipartite.spectrum(m, diversity, ubiquity)
    with clock.step("outlook and gain"):
        bipartite.outlook_and_gain(m, near, dense, pair.columns)


def bare(x: pd.DataFrame, clock: Clock) -> Any:
    """Products of BLAS and LAPACK alone, on operands that stand ready."""
    from scipy.linalg import blas

    from analysis import bipartite
    from analysis.complexity import portfolio

    found = portfolio(x)
    m = found.presence.to_numpy()
    near, products = found.proximity.to_numpy(), found.diagnostics.products
    vector, other = np.ones(m.shape[1], m.dtype), np.ones(m.shape[0], m.dtype)
    side = m if len(m) <= m.shape[1] else m.T
    del found
    start = time.perf_counter()
    with clock.step("proximity"):
        _ = m.T @ m if m.size <= bipartite.SINGLE_FROM else blas.ssyrk(1.0, m.T)
    with clock.step("density"):
        _ = m @ near
    with clock.step("ECI and PCI"):
        for _ in range(products // 2):
            m @ vector
            other @ m
        if not products:
            power = side @ side.T
            for _ in range(bipartite.SQUARINGS):
                power = power @ power / len(power)
    with clock.step("outlook and gain"):
        _ = m @ near
    clock.seconds["everything"] = time.perf_counter() - start


def with_econcomplex(x: pd.DataFrame, clock: Clock) -> Any:
    """econcomplex, function by function."""
    import econcomplex as package

    start = time.perf_counter()
    with clock.step("presence"):
        package.rca(x, binary=True)
    with clock.step("ECI and PCI"):
        _, pci = package.eci_pci(x)
    with clock.step("proximity"):
        near = package.proximity(x, compute="product")["product"]
    with clock.step("density"):
        package.relatedness_density(x, phi=near)
    with clock.step("outlook and gain"):
        pci = pci.fillna(0.0)
        package.coi(x, pci, phi=near)
        package.cog(x, pci, phi=near)
    clock.seconds["everything"] = time.perf_counter() - start


def with_ecomplexity(x: pd.DataFrame, clock: Clock) -> Any:
    """ecomplexity: one call makes all."""
    from ecomplexity import ecomplexity

    long = x.rename_axis(index="region", columns="industry").reset_index().melt("region", value_name="value")
    long["year"] = 2020
    names = {"time": "year", "loc": "region", "prod": "industry", "val": "value"}
    with clock.step("everything"):
        ecomplexity(long, names, check_logsupermodularity=False, verbose=False)


def with_economic_complexity(x: pd.DataFrame, clock: Clock) -> Any:
    """economic-complexity, with a proximity of ours."""
    import economic_complexity as package

    from analysis.relatedness import proximity
    from analysis.specialisation import presence

    near = proximity(presence(x))
    start = time.perf_counter()
    with clock.step("presence"):
        rca = package.rca(x)
    with clock.step("ECI and PCI"):
        _, pci = package.complexity(rca)
    with clock.step("density"):
        package.relatedness(rca, proximities=near)
    with clock.step("outlook and gain"):
        package.opportunity_gain(rca, pci=pci, proximities=near)
    clock.seconds["everything"] = time.perf_counter() - start


def drawing(x: pd.DataFrame, clock: Clock) -> Any:
    """Layout of the industry space."""
    from analysis.complexity import portfolio
    from analysis.relatedness import network_layout

    near = portfolio(x).proximity
    with clock.step("everything"):
        network_layout(near)


CONTESTANTS: dict[str, Callable[[pd.DataFrame, Clock], Any]] = {
    "bare products": bare,
    "PoliSEE": polisee,
    "PoliSEE, step by step": polisee_steps,
    "econcomplex": with_econcomplex,
    "ecomplexity": with_ecomplexity,
    "economic-complexity": with_economic_complexity,
    "PoliSEE, network layout": drawing,
}
OURS = ("bare products", "PoliSEE", "PoliSEE, step by step")


def one(name: str, regions: int, industries: int, runs: int) -> dict[str, Any]:
    """Run one contestant in this process: the best seconds of each step, and the highest memory in MB."""
    warnings.simplefilter("ignore")
    x = make_table(regions, industries)
    work = CONTESTANTS[name]
    # The first product of a process wakes the library's threads, and imports are not what is measured.
    work(make_table(60, 90), Clock())
    seconds: dict[str, float] = {}
    for _ in range(runs):
        clock = Clock()
        work(x, clock)
        seconds = {step: min(value, seconds.get(step, value)) for step, value in clock.seconds.items()}
    return {"seconds": seconds, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def apart(name: str, shape: tuple[int, int], runs: int) -> dict[str, Any]:
    """Run one contestant in a process of its own."""
    size = ["--regions", str(shape[0]), "--industries", str(shape[1]), "--runs", str(runs)]
    command = [sys.executable, "-m", "benchmarks.specialisation", "--one", name, *size]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr}")
    return json.loads(done.stdout)


def race(shape: tuple[int, int], names: list[str], runs: int, rounds: int) -> dict[str, dict[str, Any]]:
    """Everyone once, then everyone again, and the best of each: what else the machine does hits all alike."""
    best: dict[str, dict[str, Any]] = {}
    for turn in range(rounds):
        for name in names:
            # Packages take long on the large table, where one round is enough; else they have the same chances.
            if turn and name not in OURS and shape == LARGE:
                continue
            found = apart(name, shape, runs if name in OURS or shape == SMALL else 1)
            before = best.get(name, {"seconds": {}, "peak_mb": found["peak_mb"]})
            seconds = {k: min(v, before["seconds"].get(k, v)) for k, v in found["seconds"].items()}
            best[name] = {"seconds": seconds, "peak_mb": min(found["peak_mb"], before["peak_mb"])}
            print(
                f"{shape[0]} x {shape[1]}, {name}: {seconds.get('everything', sum(seconds.values())):.3f} s",
                file=sys.stderr,
            )
    return best


def _table(shape: tuple[int, int], found: dict[str, dict[str, Any]]) -> list[str]:
    lines = [
        f"## {shape[0]:,} regions × {shape[1]:,} industries",
        "",
        f"| seconds | {' | '.join(STEPS)} | peak MB |",
        f"|---|{'--:|' * (len(STEPS) + 1)}",
    ]
    for name, run in found.items():
        cells = [f"{run['seconds'][step]:.4f}" if step in run["seconds"] else "–" for step in STEPS]
        lines.append(f"| {name} | {' | '.join(cells)} | {run['peak_mb']:.0f} |")
    return [*lines, ""]


def _verdict(shape: tuple[int, int], found: dict[str, dict[str, Any]], goal: str) -> list[str]:
    mine = found["PoliSEE"]["seconds"]["everything"]
    floor = found["bare products"]["seconds"]["everything"]
    peers = [
        f"{run['seconds']['everything'] / mine:.0f} × faster than {name}"
        for name, run in found.items()
        if name not in OURS and not name.startswith("PoliSEE")
    ]
    bare_goal = " (wanted: 1.5)" if shape == LARGE else ""
    own = f"Everything takes {mine:.3f} s (wanted: {goal}), {mine / floor:.2f} × the bare products{bare_goal}"
    lines = ["; ".join([own, *peers]) + "."]
    if shape == LARGE:
        peak = found["PoliSEE"]["peak_mb"] / 1000
        lines[0] += f" Peak memory {peak:.2f} GB, the table and the interpreter in it (wanted: under 1.2)."
    return [*lines, ""]


def report(quick: bool, peers_large: bool) -> str:
    """Run everything; the report as Markdown."""
    parts: list[str] = []
    small = race(SMALL, list(CONTESTANTS), 5, 3 if quick else 5)
    parts += _table(SMALL, small) + _verdict(SMALL, small, "under 0.05")
    if not quick:
        names = [*OURS, "PoliSEE, network layout", *(["econcomplex", "ecomplexity"] if peers_large else [])]
        large = race(LARGE, names, 2, 3)
        parts += _table(LARGE, large) + _verdict(LARGE, large, "under 3")
    cores = os.cpu_count() or 1
    return "\n".join(
        [
            "# Region × industry: specialisation, relatedness and complexity",
            "",
            f"{datetime.now(UTC).date().isoformat()}; {cores} cores, {_processor()}; "
            f"Python {platform.python_version()}, numpy {np.__version__}, pandas {pd.__version__}; "
            f"{platform.system()} {platform.machine()}. Made by `python -m benchmarks.specialisation`, each contestant "
            "in a process of its own, best of its runs. Made-up amounts with a nested pattern, kinds of regions and "
            "noise. Load average at the end: "
            f"{os.getloadavg()[1]:.1f}; above {cores} other work was competing for the cores.",
            "",
            *parts,
            "economic-complexity is given our proximity (its own does not run with pandas 3) and twenty reflections, "
            "which are not converged. ecomplexity makes everything in one call, here without its check of "
            "log-supermodularity. The steps of PoliSEE one by one are its kernels; everything is what a caller gets, "
            "with checks, cleaning and diagnostics.",
            "",
        ]
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line for line in info.read_text().splitlines() if line.startswith("model name")] if info.exists() else []
    return names[0].partition(":")[2].strip() if names else platform.processor() or "processor unknown"


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="only the small table; prints, writes nothing")
    parser.add_argument("--peers-large", action="store_true", help="econcomplex and ecomplexity on the large table too")
    parser.add_argument("--one", choices=list(CONTESTANTS), help=argparse.SUPPRESS)
    parser.add_argument("--regions", type=int, default=SMALL[0], help=argparse.SUPPRESS)
    parser.add_argument("--industries", type=int, default=SMALL[1], help=argparse.SUPPRESS)
    parser.add_argument("--runs", type=int, default=5, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(one(arguments.one, arguments.regions, arguments.industries, arguments.runs)))
        return
    text = report(arguments.quick, arguments.peers_large)
    print(text)
    if not arguments.quick:
        RESULTS.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
