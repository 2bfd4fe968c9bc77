"""Futures: drivers by kind, impact and uncertainty."""

from typing import Any

from dashboard.components import states
from dashboard.futures import FuturesFilters
from dashboard.i18n import _


def content(chosen: FuturesFilters) -> list[Any]:
    """The part as the chosen filters ask for it."""
    return [states.empty(_("There is nothing to show here."), "")]
