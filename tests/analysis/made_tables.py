"""Small input-output tables for tests: by hand, and drawn at random."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from analysis.tables import IOTable


def table(
    countries: Sequence[str],
    industries: Sequence[str],
    flows: Any,
    final: Any,
    columns: Sequence[tuple[str, str]],
    output: Any = None,
    value_added: Any = None,
    **more: Any,
) -> IOTable:
    """A table whose output and value added are what the rows and columns leave, unless given."""
    flows, final = np.array(flows, dtype=float), np.array(final, dtype=float)
    output = flows.sum(axis=1) + final.sum(axis=1) if output is None else np.array(output, dtype=float)
    value_added = output - flows.sum(axis=0) if value_added is None else np.array(value_added, dtype=float)
    return IOTable(
        **{
            "name": "made",
            "kind": "national" if len(countries) == 1 else "inter_country",
            "year": 2020,
            "unit": "MIO_EUR",
            "classification": "MADE",
            "countries": tuple(countries),
            "industries": tuple(industries),
            "flows": flows,
            "final": final,
            "final_columns": tuple(columns),
            "output": output,
            "value_added": value_added,
            **more,
        }
    )


def textbook(**more: Any) -> IOTable:
    """The two sectors of Miller & Blair (2009), tables 2.3 and 2.4; 0.3 and 0.25 jobs per unit of output."""
    more = {"jobs": np.array([300.0, 500.0])} | more
    return table(["HU"], ["1", "2"], [[150, 500], [200, 100]], [[350], [1700]], [("HU", "households")], **more)


def two_countries() -> IOTable:
    """Two countries of one industry, A = [[.1, .1], [.3, .2]]: every measure can be worked out by hand."""
    columns = [("HU", "households"), ("AT", "households")]
    return table(["HU", "AT"], ["G"], [[10, 20], [30, 40]], [[50, 20], [30, 100]], columns)


def made(countries: int, industries: int, seed: int, idle: bool = False) -> IOTable:
    """A random table that balances, with jobs; ``idle``: the last industry of the first country has no output."""
    random = np.random.default_rng(seed)
    n = countries * industries
    flows = random.random((n, n)) * random.random((n, 1)) * (random.random((n, n)) > 0.2)
    final = random.random((n, countries)) + 0.1
    if idle:
        flows[industries - 1], flows[:, industries - 1], final[industries - 1] = 0.0, 0.0, 0.0
    # More final use of whatever uses more than it makes keeps value added above zero.
    short = np.maximum(1.2 * flows.sum(axis=0) - flows.sum(axis=1) - final.sum(axis=1), 0.0)
    final[:, 0] += short
    codes = [f"C{place}" for place in range(countries)]
    return table(
        codes,
        [f"I{place}" for place in range(industries)],
        flows,
        final,
        [(code, "households") for code in codes],
        jobs=random.random(n) * 10,
        jobs_year=2019,
    )


SEEDS = st.integers(0, 2**32 - 1)
INTER_COUNTRY = st.builds(made, st.integers(2, 4), st.integers(1, 4), SEEDS, st.just(False))
ANY = st.builds(made, st.integers(1, 3), st.integers(3, 4), SEEDS, st.booleans())
