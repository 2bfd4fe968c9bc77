"""Cross-impact balances of made matrices, beside prophesy-cib, in one run.

``python -m benchmarks.cross_impact [--peer PYTHON]`` writes ``benchmarks/results/cross_impact.md``. ``PYTHON`` is the
interpreter of an environment of its own that holds prophesy-cib: it is no dependency. It lists every scenario and
computes its consistency, which is the same question; the consistent ones must be the same.
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

import numpy as np

from analysis import cross_impact
from analysis.cross_impact import CrossImpactMatrix, Descriptor
from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "cross_impact.md"
SEEDS = range(5)
RUNS = 5
PEER_SIZES = ((6, 3), (8, 3), (10, 3))

# Its function for one scenario builds its matrices anew each time; here they are built once, as in its successions.
PEER = """
import json, sys, time, warnings
warnings.simplefilter("ignore")
from prophesy_cib.io.input import load_model_from_matrix
from prophesy_cib.scenario_gen import enumerate_all_scenarios
from prophesy_cib.succession import _consistency_from_balances, _scenario_to_vec
model = load_model_from_matrix(sys.argv[1])
start = time.perf_counter()
ready = model.build_matrices()
good = [s for s in enumerate_all_scenarios(model, None)
        if _consistency_from_balances(s, model, ready.A @ _scenario_to_vec(s, ready), ready) >= 0]
seconds = time.perf_counter() - start
good = [[value for _, value in sorted(s.variant_indices.items())] for s in good]
print(json.dumps({"seconds": seconds, "good": good}))
"""


def made(descriptors: int, variants: int, density: float, seed: int) -> CrossImpactMatrix:
    """Judgements from -3 to 3, equally likely; a section is judged with probability ``density``."""
    random = np.random.default_rng(seed)
    size = descriptors * variants
    link = random.random((descriptors, descriptors)) < density
    np.fill_diagonal(link, False)
    values = random.integers(-3, 4, (size, size)) * np.kron(link, np.ones((variants, variants)))
    names = tuple(Descriptor(f"D{i}", tuple(f"v{v}" for v in range(variants))) for i in range(descriptors))
    return CrossImpactMatrix(names, values)


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def solved(descriptors: int, variants: int, density: float, wanted: float) -> str:
    """One line of the table: made matrices by seed, the best of some runs of each."""
    best, nodes = [], []
    for seed in SEEDS:
        matrix = made(descriptors, variants, density, seed)
        found = cross_impact.consistent_scenarios(matrix)
        if found.status != "complete":
            raise RuntimeError("a search was cut short")
        best.append(min(timed(lambda m=matrix: cross_impact.consistent_scenarios(m)) for _ in range(RUNS)))
        nodes.append(found.nodes)
    return (
        f"| {descriptors} × {variants}, density {density} | {variants**descriptors:,} | "
        f"{statistics.median(nodes):,.0f} | "
        f"{min(best) * 1e3:,.1f} | {statistics.median(best) * 1e3:,.1f} | {max(best) * 1e3:,.1f} | {wanted:,.0f} |"
    )


def beside(python: str, descriptors: int, variants: int) -> str:
    """One line: the same matrix for both, whose answers must be the same."""
    matrix = made(descriptors, variants, 1.0, 0)
    names = [(d.name, v) for d in matrix.descriptors for v in d.variants]
    lines = [",".join(["", "", *(name[part] for name in names)]) for part in (0, 1)]
    lines += [",".join([*name, *(str(int(x)) for x in row)]) for name, row in zip(names, matrix.values, strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "matrix.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = subprocess.run([python, "-c", PEER, str(path)], capture_output=True, text=True, check=True, cwd=folder)
    theirs = json.loads(done.stdout)
    mine = cross_impact.consistent_scenarios(matrix)
    seconds = min(timed(lambda: cross_impact.consistent_scenarios(matrix)) for _ in range(RUNS))
    # It counts variants from 1.
    same = sorted([v - 1 for v in state] for state in theirs["good"]) == mine.states.tolist()
    return (
        f"| {descriptors} × {variants} | {matrix.space:,} | {theirs['seconds'] * 1e3:,.0f} | "
        f"{matrix.space / theirs['seconds']:,.0f} | {seconds * 1e3:,.1f} | {theirs['seconds'] / seconds:,.0f} × | "
        f"{'same' if same else 'DIFFERENT'} ({len(mine.states)}) |"
    )


def main() -> None:
    """Run everything and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", default="", help="interpreter of an environment with prophesy-cib")
    chosen = parser.parse_args()
    start = subprocess.run(
        [sys.executable, "-c", "import time; import numpy, pandas; a = time.perf_counter(); "
         "import analysis.cross_impact; print(time.perf_counter() - a)"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    lines = ["| made matrix | scenarios | partial states, median | fastest seed, ms | median, ms | slowest, ms | "
             "wanted, ms |",
             "|---|--:|--:|--:|--:|--:|--:|"]  # fmt: skip
    sizes = ((12, 3, 0.5, 10), (12, 3, 1.0, 10), (17, 3, 0.3, 50), (18, 3, 0.3, 50), (20, 4, 0.4, 500))
    lines += [solved(*size) for size in sizes]
    lines += ["", "| other work | seconds | wanted |", "|---|--:|--:|"]
    twelve = made(12, 3, 0.5, 0)
    lines.append(f"| 1,000 perturbed matrices 12 × 3 | {timed(lambda: cross_impact.perturbed(twelve)):.2f} | 5 |")
    lines.append(
        f"| one cell more or less, all of 12 × 3 | {timed(lambda: cross_impact.one_cell_changes(twelve)):.2f} | - |"
    )
    wide = made(15, 3, 0.4, 1)
    names = (*wide.descriptors[:-1], Descriptor("D14", ("v0", "v1", "v2", "v3")))
    values = np.zeros((46, 46))
    values[:45, :45] = wide.values
    large = CrossImpactMatrix(names, values)
    lines.append(f"| exact basins of {large.space:,} states | {timed(lambda: cross_impact.basins(large)):.2f} | 15 |")
    huge = made(17, 3, 0.4, 1)
    lines.append(
        f"| basins of {huge.space:,} states, 100,000 sampled | {timed(lambda: cross_impact.basins(huge)):.2f} | - |"
    )
    lines.append(f"| import, after numpy and pandas | {float(start.stdout):.3f} | 0.3 |")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if chosen.peer:
        lines += ["", "| beside prophesy-cib | scenarios | its ms | its scenarios a second | PoliSEE, ms | faster | "
                  "answers |",
                  "|---|--:|--:|--:|--:|--:|---|"]  # fmt: skip
        lines += [beside(chosen.peer, *size) for size in PEER_SIZES]
    head = (
        f"# Cross-impact balances\n\n{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores; Python "
        f"{platform.python_version()}, numpy {np.__version__}; {platform.system()} {platform.machine()}. Made by "
        f"`python -m benchmarks.cross_impact` from made matrices (judgements from -3 to 3, equally likely; density = "
        f"share of judged sections; {len(SEEDS)} seeds, best of {RUNS} runs each). Highest memory {peak:,.0f} MB. Load "
        f"average at the end: {os.getloadavg()[0]:.1f}; above 2 other work was competing for the cores.\n\n"
    )
    if chosen.peer:
        lines += [
            "",
            "prophesy-cib looks at every scenario, the search here does not: the factor grows with the space.",
        ]
    RESULTS.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(RESULTS.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
