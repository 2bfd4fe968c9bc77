"""Observation frames: small ones by hand, and the real starter figures."""

import os
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import settings

# Two shared cores make single examples slow now and then; that is no failure of a measure, and the suite stays short.
settings.register_profile("shared-cores", deadline=None, max_examples=50)
settings.load_profile("shared-cores")

ROOT = Path(__file__).resolve().parents[2]
STARTERS = (ROOT / "data/starter/observations.csv", ROOT.parent / "shared/figures/starter/observations.csv")

Cell = tuple[int, float | None] | tuple[int, float | None, str]


def series(indicator: str, region: str, cells: Sequence[Cell]) -> pd.DataFrame:
    """One series from (year, value) or (year, value, flags)."""
    rows = [(indicator, region, c[0], c[1], c[2] if len(c) == 3 else "") for c in cells]
    frame = pd.DataFrame(rows, columns=["indicator", "region", "period", "value", "flags"])
    return frame.astype({"value": float, "period": "int64"})


@pytest.fixture(scope="session")
def starter() -> pd.DataFrame:
    """The starter figures as an observation frame with the column ``dataset``."""
    for path in STARTERS:
        if path.exists():
            frame = pd.read_csv(path, keep_default_na=False, na_values={"value": ["", ":"]})
            frame = frame.rename(columns={"year": "period", "flag": "flags"})
            return frame.assign(dataset=frame["dataset"].str.upper())
    message = f"starter figures are missing: {STARTERS[0]}"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def gerd(starter: pd.DataFrame) -> pd.DataFrame:
    """R&D expenditure in percent of GDP, under the code ``gerd``."""
    return starter[starter["dataset"] == "TGS00042"].assign(indicator="gerd")


@pytest.fixture(scope="session")
def unemployment(starter: pd.DataFrame) -> pd.DataFrame:
    """Unemployment rate, under the code ``unemployment``."""
    return starter[starter["dataset"] == "TGS00010"].assign(indicator="unemployment")
