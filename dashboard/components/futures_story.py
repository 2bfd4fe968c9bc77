"""Futures: the scenarios of a set, told, drawn and laid side by side."""

from typing import Any

from dashboard.components import states
from dashboard.futures import FuturesFilters
from dashboard.i18n import _

CONTROLS = ("scenario", "other")
"""Filters that stand in the bar while this part is shown."""


def content(chosen: FuturesFilters) -> list[Any]:
    """The part as the chosen filters ask for it."""
    return [states.empty(_("There is nothing to show here."), "")]
