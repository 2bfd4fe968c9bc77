"""The Sankey of an industry: totals hold, no node covers another, nothing of zero is drawn."""

import itertools
import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.figures import sankey

HEADS = ("Suppliers", "Industry", "Buyers")


def part(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "key": [f"k{place}" for place in range(len(values))],
            "label": [f"<label {place}>" for place in range(len(values))],
            "value": values,
            "kind": ["own"] * len(values),
            "hover": ["h"] * len(values),
        }
    )


def test_three_columns_without_zero_links() -> None:
    drawn = sankey.chain(part([3.0, 0.0, 2.0]), part([4.0, 1.0]), "Motor vehicles", HEADS, "EUR million")
    trace = drawn["data"][0]
    assert trace["link"]["value"] == [3.0, 2.0, 4.0, 1.0]
    assert trace["link"]["source"] == [0, 1, 2, 2]
    assert trace["link"]["target"] == [2, 2, 3, 4]
    assert trace["node"]["x"] == [0.001, 0.001, 0.5, 0.999, 0.999]
    links = zip(trace["link"]["source"], trace["link"]["target"], strict=True)
    assert all(target > source for source, target in links)
    assert "<label" not in json.dumps(drawn, allow_nan=False)


def test_nothing_to_draw() -> None:
    assert sankey.chain(part([]), part([0.0]), "x", HEADS, "")["data"] == []


@settings(max_examples=40)
@given(
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=14),
    st.lists(st.floats(0.01, 1e6), min_size=1, max_size=14),
)
def test_no_node_covers_another(left: list[float], right: list[float]) -> None:
    total, crowded = max(sum(left), sum(right)), max(len(left), len(right))
    pixels = sankey.height(crowded) - 40.0
    pad = min(sankey.PAD, pixels / (crowded - 1)) if crowded > 1 else 0.0
    scale = (pixels - (crowded - 1) * pad) / total
    for values in (left, right):
        centres = sankey.places(values, total, crowded, pixels)
        assert all(0 < centre < 1 for centre in centres)
        edges = [
            (centre * pixels - value * scale / 2, centre * pixels + value * scale / 2)
            for centre, value in zip(centres, values, strict=True)
        ]
        for (_top, bottom), (top, _bottom) in itertools.pairwise(edges):
            assert top >= bottom - 1.5  # clipping to 0.001 moves a node by less than that


def test_colours_become_translucent() -> None:
    assert sankey.faded("#0b5cad", 0.5) == "rgba(11,92,173,0.5)"
    with pytest.raises(ValueError, match="invalid literal"):
        sankey.faded("blue")
