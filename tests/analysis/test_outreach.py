"""Small counts stay hidden, also from those who subtract; the funnel tells nothing where nobody counted."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.outreach import LEAST, adopted, by_channel, funnel, hidden

COLUMNS = ["channel", "reach", "clicks", "downloads", "citations", "uptake"]


def items(*rows: tuple[object, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS)


def test_funnel_sums_what_is_told() -> None:
    found = funnel(items(("website", 100, 5, None, None, None), ("press", 300, 7, 8, 2, None)))
    assert (found.items, found.reached, found.used, found.taken_up) == (2, 400, 20, 2)
    assert (found.use_rate, found.uptake_rate) == (5.0, 10.0)
    silent = funnel(items(("website", None, None, None, None, None)))
    assert (silent.items, silent.reached, silent.used, silent.use_rate) == (1, None, None, None)
    assert funnel(items()).reached is None
    table = by_channel(items(("website", 100, 5, 5, None, None), ("press", None, None, None, 2, None)))
    assert table["rate"].tolist()[0] == 10.0
    assert np.isnan(table["rate"].tolist()[1])


def test_a_small_count_takes_another_along() -> None:
    counts = np.array([[25, 2], [7, 30]])
    hide = hidden(counts)
    assert hide[0, 1]
    assert hide[0, 0] or hide[0, 2]
    assert not hidden(np.array([[25, 12], [7, 30]])).any()
    assert not hidden(np.array([[0, 12], [7, 30]])).any()


@settings(max_examples=150, deadline=None)
@given(arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(0, 12)))
def test_no_line_gives_a_hidden_count_away(counts: np.ndarray) -> None:
    hide = hidden(counts)
    small = (counts > 0) & (counts < LEAST)
    assert hide[:-1, :-1][small].all()
    assert (hide.sum(axis=0) != 1).all()
    assert (hide.sum(axis=1) != 1).all()


def test_adopters_by_stage() -> None:
    table = pd.DataFrame({"stage": ["adapt", "reuse", "adapt"], "confirmed_on": [None, "2026-01-01", None]})
    assert adopted(table) == {"understand": 0, "adapt": 2, "reuse": 1, "confirmed": 1}
