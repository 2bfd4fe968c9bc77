"""How fast robustness metrics, their ranks and portfolios are worked out, on made pay-offs, beside rapidrobustness.

``python -m benchmarks.robustness [--peer PYTHON]`` writes ``benchmarks/results/robustness.md``. ``PYTHON`` is the
interpreter of an environment of its own that holds rapidrobustness, the metrics' own authors' package (it brings
ema-workbench, which leaves such metrics to it): it is no dependency. The answers must be the same.

20 measures x 50 scenarios with all 11 metrics is the goal's size (under 10 ms). Single thread; median of the runs, in
processor time, so that other work on the machine counts little.
"""

import argparse
import json
import os
import platform
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from analysis import robustness
from config import ROOT

RESULTS = ROOT / "benchmarks" / "results" / "robustness.md"
RUNS = 200
SIZES = ((8, 4), (20, 50), (100, 1000))
THRESHOLD, WORST = 0.25, 0.75

# In the order of ``analysis.robustness.METRICS``; regret at its 90th percentile is theirs at the 10th, negated.
PEER = """
import json, statistics, sys, time, warnings
warnings.simplefilter("ignore")
import numpy as np
from rapid.robustness import metrics as m
f = np.load(sys.argv[1])
threshold, worst, runs = float(sys.argv[2]), float(sys.argv[3]), int(sys.argv[4])
def work():
    return [m.maximin(f), m.maximax(f), m.laplace(f), m.hurwicz(f, alpha=worst), m.minimax_regret(f),
            m.percentile_regret(f, percentile=0.1), m.starrs_domain(f, threshold=threshold), m.mean_variance(f),
            m.undesirable_deviations(f), m.percentile_skew(f), m.percentile_kurtosis(f)]
found = work()
taken = []
for _ in range(runs):
    start = time.process_time()
    work()
    taken.append((time.process_time() - start) * 1000)
print(json.dumps({"ms": statistics.median(taken), "found": [np.asarray(x, float).tolist() for x in found]}))
"""


def clock(work: Callable[[], Any], runs: int = RUNS) -> tuple[float, float]:
    """(median, 95th percentile) of milliseconds over ``runs``, after one to warm up."""
    work()
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append((time.process_time() - start) * 1000)
    return median(taken), float(np.quantile(taken, 0.95))


def made(measures: int, scenarios: int, steps: bool = True) -> pd.DataFrame:
    """Made pay-offs from -2 to 2, in quarters or any."""
    random = np.random.default_rng(1)
    size = (measures, scenarios)
    values = random.integers(-8, 9, size) / 4 if steps else random.uniform(-2, 2, size)
    return pd.DataFrame(values, [f"m{i}" for i in range(measures)], [f"s{i}" for i in range(scenarios)])


def beside(python: str, measures: int, scenarios: int) -> str:
    """One line: the same pay-offs for both, whose answers are compared metric by metric."""
    table = made(measures, scenarios, steps=False)
    runs = 20 if measures * scenarios > 10_000 else RUNS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "payoffs.npy"
        np.save(path, table.to_numpy())
        command = [python, "-c", PEER, str(path), str(THRESHOLD), str(WORST), str(runs)]
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=folder)
    theirs = json.loads(done.stdout)

    def work() -> pd.DataFrame:
        return robustness.metrics(table, threshold=THRESHOLD, weight_on_worst=WORST)

    mine, (ms, _high) = work(), clock(work, runs)
    apart = [
        name
        for name, found in zip(robustness.METRICS, theirs["found"], strict=True)
        if not np.allclose(mine[name], found, rtol=0, atol=1e-9)
    ]
    same = f"other {', '.join(apart)}" if apart else "all 11 the same"
    return f"| {measures} × {scenarios} | {theirs['ms']:.2f} | {ms:.2f} | {theirs['ms'] / ms:.1f} × | {same} |"


def main() -> None:
    """Run everything and write the report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peer", default="", help="interpreter of an environment with rapidrobustness")
    chosen = parser.parse_args()
    table, small, eight = made(20, 50), made(15, 6), made(8, 4)
    costs = {name: 1.0 + i % 4 for i, name in enumerate(small.index)}
    few = {name: costs[name] for name in eight.index}
    scores = robustness.metrics(table)
    steps = robustness.budget_steps(few)
    works: dict[str, tuple[Callable[[], Any], int, str]] = {
        "11 metrics, 20 × 50": (lambda: robustness.metrics(table), RUNS, "10"),
        "the ranking's facts, 20 measures": (lambda: robustness.choice(scores), RUNS, "-"),
        "portfolio of sums, 15 × 6, solved": (lambda: robustness.portfolio(small, costs, 12), 5, "-"),
        "portfolio of the best, 15 × 6, solved": (
            lambda: robustness.portfolio(small, costs, 12, combine="best"),
            5,
            "-",
        ),
        f"portfolios at all {len(steps)} budgets, 8 × 4": (lambda: robustness.portfolios(eight, few, steps), 20, "-"),
    }
    lines = ["| work | median, ms | p95, ms | wanted, ms |", "|---|--:|--:|--:|"]
    for name, (work, runs, wanted) in works.items():
        middle, high = clock(work, runs)
        lines.append(f"| {name} | {middle:.2f} | {high:.2f} | {wanted} |")
    if chosen.peer:
        lines += ["", "| beside rapidrobustness, 11 metrics | its ms | PoliSEE, ms | faster | answers |",
                  "|---|--:|--:|--:|---|"]  # fmt: skip
        lines += [beside(chosen.peer, *size) for size in SIZES]
        lines += ["", "rapidrobustness is by the first author of the metrics and leaves names, ties, missing pay-offs "
                  "and ranks to its user; it needs numpy below 2.4. ema-workbench, which comes with it, has no such "
                  "metrics of its own. Both are given any pay-offs between -2 and 2."]  # fmt: skip
    load = os.getloadavg()[0]
    head = (
        f"# Robustness of measures\n\n{datetime.now(UTC).date()}; {os.cpu_count()} cores; Python "
        f"{platform.python_version()}, numpy {np.__version__}; {platform.system()} {platform.machine()}. Made by "
        "`python -m benchmarks.robustness` from made pay-offs; single thread, median of the runs, processor time. "
        f"Load average at the end: {load:.1f}; above 2 other work was competing for the cores.\n\n"
    )
    text = head + "\n".join(lines) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
