"""Who is reached and who uses it: from contacts to uptake, and small counts that stay hidden.

A count of people below ``LEAST`` is never shown. Neither is one that could be had by subtracting what is shown from a
total: in each line of a table either no count is hidden or at least two are (complementary suppression, see
A. Hundepool et al., Statistical Disclosure Control, Wiley 2012, chapter 4).
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

LEAST = 5
"""Counts of people below this are hidden."""

STAGES = ("understand", "adapt", "reuse")
"""How far an adopter has come, in this order."""


@dataclass(frozen=True)
class Funnel:
    """How far what was published came; None where no item tells.

    Attributes:
        items: how many were published.
        reached: contacts; one person may be counted by several channels.
        used: clicks and downloads.
        taken_up: citations and reported uptake.
    """

    items: int
    reached: int | None
    used: int | None
    taken_up: int | None

    @property
    def use_rate(self) -> float | None:
        """Uses per 100 contacts."""
        return 100 * self.used / self.reached if self.used is not None and self.reached else None

    @property
    def uptake_rate(self) -> float | None:
        """Uptake per 100 uses."""
        return 100 * self.taken_up / self.used if self.taken_up is not None and self.used else None


def funnel(items: pd.DataFrame) -> Funnel:
    """Reach, use and uptake of publications: [reach, clicks, downloads, citations, uptake], missing where not told."""
    return Funnel(
        len(items), _sum(items, "reach"), _sum(items, "clicks", "downloads"), _sum(items, "citations", "uptake")
    )


def _sum(items: pd.DataFrame, *names: str) -> int | None:
    known = [value for name in names for value in items[name].tolist() if not pd.isna(value)]
    return int(sum(known)) if known else None


def by_channel(items: pd.DataFrame) -> pd.DataFrame:
    """The same for each channel: [channel, items, reached, used, taken_up, rate (uses per 100 contacts)], NaN where
    nothing is told."""
    rows = []
    for channel, mine in items.groupby("channel", sort=False):
        found = funnel(mine)
        rows.append((channel, found.items, found.reached, found.used, found.taken_up, found.use_rate))
    return pd.DataFrame(rows, columns=["channel", "items", "reached", "used", "taken_up", "rate"]).astype(
        dict.fromkeys(("reached", "used", "taken_up", "rate"), "float64")
    )


def hidden(counts: np.ndarray, least: int = LEAST) -> np.ndarray:
    """Which counts of a table may not be shown beside the totals of its rows and columns.

    Args:
        counts: rows x columns, whole numbers; 0 is nobody and may be shown.
        least: counts from 1 to below this are hidden.

    Returns:
        Of the same shape plus one row and one column for the totals: True where hidden. Where a line has no second
        count to hide, its total is hidden in its place.
    """
    table = np.asarray(counts, dtype=np.int64)
    rows, columns = table.shape
    whole = np.zeros((rows + 1, columns + 1), dtype=np.int64)
    whole[:rows, :columns] = table
    whole[rows, :columns], whole[:rows, columns] = table.sum(axis=0), table.sum(axis=1)
    whole[rows, columns] = table.sum()
    hide = (whole > 0) & (whole < least)
    while True:
        alone = _alone(hide)
        if alone is None:
            return hide
        line, across = alone
        values = whole[line] if across else whole[:, line]
        free = ~(hide[line] if across else hide[:, line])
        places = np.flatnonzero(free)
        if not len(places):
            return hide
        # Counts before the total, and of these the smallest that tells of anybody, then of nobody.
        last = len(values) - 1
        chosen = min(places, key=lambda place: (place == last, values[place] == 0, values[place], place))
        if across:
            hide[line, chosen] = True
        else:
            hide[chosen, line] = True


def _alone(hide: np.ndarray) -> tuple[int, bool] | None:
    """A row (True) or column (False) with exactly one hidden entry, which its total would tell."""
    for place in np.flatnonzero(hide.sum(axis=1) == 1):
        return int(place), True
    for place in np.flatnonzero(hide.sum(axis=0) == 1):
        return int(place), False
    return None


def adopted(adoptions: pd.DataFrame) -> dict[str, int]:
    """How many adopters have come to each stage, and how many are confirmed: understand, adapt, reuse, confirmed."""
    counts = {stage: int((adoptions["stage"] == stage).sum()) for stage in STAGES}
    return counts | {"confirmed": int(adoptions["confirmed_on"].notna().sum())}
