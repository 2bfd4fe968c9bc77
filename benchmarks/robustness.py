"""How fast robustness metrics, their ranks and a portfolio are worked out, on made pay-offs.

    python -m benchmarks.robustness

20 measures x 50 scenarios with all 11 metrics is the goal's size (under 10 ms). Single thread; median of the runs.
"""

import os
import platform
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

from analysis import robustness

RUNS = 200


def clock(work: Callable[[], Any], runs: int = RUNS) -> tuple[float, float]:
    """(median, 95th percentile) of milliseconds over ``runs``, after one to warm up."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return median(taken), float(np.quantile(taken, 0.95))


def made(measures: int, scenarios: int) -> pd.DataFrame:
    """Made pay-offs from -2 to 2 in quarters."""
    values = np.random.default_rng(1).integers(-8, 9, (measures, scenarios)) / 4
    return pd.DataFrame(values, [f"m{i}" for i in range(measures)], [f"s{i}" for i in range(scenarios)])


def main() -> None:
    table = made(20, 50)
    small = made(15, 6)
    costs = {name: 1.0 + i % 4 for i, name in enumerate(small.index)}
    scores = robustness.metrics(table)
    works: dict[str, tuple[Callable[[], Any], int]] = {
        "11 metrics, 20 x 50": (lambda: robustness.metrics(table), RUNS),
        "the ranking's facts, 20 measures": (lambda: robustness.choice(scores), RUNS),
        "portfolio of sums, 15 x 6": (lambda: robustness.portfolio(small, costs, 12), 5),
        "portfolio of the best, 15 x 6": (lambda: robustness.portfolio(small, costs, 12, combine="best"), 5),
    }
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, numpy {np.__version__}")
    print("| Work | Median, ms | p95, ms |\n| --- | --- | --- |")
    for name, (work, runs) in works.items():
        middle, high = clock(work, runs)
        print(f"| {name} | {middle:.2f} | {high:.2f} |")


if __name__ == "__main__":
    main()
