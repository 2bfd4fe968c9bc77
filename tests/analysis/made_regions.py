"""Made-up regions and industries, and published cases, for the tests of specialisation, relatedness and complexity."""

import json
import os
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

from config import ROOT

# The network of four countries and four products in the supporting information of Hidalgo and Hausmann (2009).
TOY = pd.DataFrame(
    [[1, 1, 1, 1], [0, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 1]],
    index=["C1", "C2", "C3", "C4"],
    columns=["P1", "P2", "P3", "P4"],
    dtype=float,
)


def published(name: str) -> dict[str, Any]:
    """A published case; a test that needs it is skipped where the folder is missing, but never in CI."""
    path = ROOT.parent / "shared" / "figures" / "reference" / name
    if not path.is_file():
        if os.environ.get("CI"):
            pytest.fail(f"the published case is missing: {path}")
        pytest.skip(f"the published case is missing: {path}")
    return json.loads(path.read_text(encoding="utf-8"))


def amounts_by(regions: int, industries: int, seed: int = 1) -> pd.DataFrame:
    """Amounts with a nested pattern, kinds of regions and noise; every cell is positive."""
    random = np.random.default_rng(seed)
    able, need = random.normal(size=(regions, 1)), random.normal(size=(1, industries))
    kin = random.integers(0, 4, size=(regions, 1)) == random.integers(0, 4, size=(1, industries))
    here = random.random((regions, industries)) < 1 / (1 + np.exp(0.5 - 2 * (able - need) - kin))
    size = random.normal(size=(regions, 1)) + random.normal(size=(1, industries))
    values = np.exp(size + random.normal(size=(regions, industries)) / 2) * np.where(here, 1, 0.02)
    return pd.DataFrame(
        values,
        index=[f"r{i:03}" for i in range(regions)],
        columns=[f"c{i:03}" for i in range(industries)],
    )


@st.composite
def tables(draw: st.DrawFn, least: int = 2, most: int = 7, zeros: bool = True) -> pd.DataFrame:
    """Small tables of whole amounts, some of them zero."""
    shape = draw(st.tuples(st.integers(least, most), st.integers(least, most)))
    cell = st.integers(0 if zeros else 1, 60)
    values = draw(st.lists(cell, min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]))
    return pd.DataFrame(
        np.array(values, dtype=float).reshape(shape),
        index=[f"r{i}" for i in range(shape[0])],
        columns=[f"c{i}" for i in range(shape[1])],
    )
