"""A map and, equal to it, a list of its regions that can be sorted: one card, side by side or stacked on a phone."""

from dataclasses import replace

import pandas as pd
from dash import html

from dashboard import frames
from dashboard.components.attributes import attributes
from dashboard.components.card import exhibit_card
from dashboard.exhibits import Exhibit
from dashboard.figures import maps


def boundaries() -> maps.Features | None:
    """Outlines of today's regions as ``maps.area_map`` takes them, made once per load; None when none are loaded."""
    return frames.remember(
        "map-boundaries", (), lambda: maps.boundaries(frames.geometries(frames.current_regions()["code"]))
    )


def map_with_list(
    exhibit: Exhibit, frame: pd.DataFrame | None = None, click_go: str = "/region?region=", heading: int = 2
) -> html.Div:
    """Draw a map's exhibit with the list of its regions beside it.

    Args:
        exhibit: the map as ``figure``, its regions as ``table``.
        frame: rows of the list, in their first order; the exhibit's table by default.
        click_go: address that a click on a region leads to, without the code.
        heading: level of the card's heading.
    """
    shown = exhibit if frame is None else replace(exhibit, table=frame)
    return html.Div(
        exhibit_card(shown, heading, open_table=True),
        className="map-card",
        **attributes(data_click_go=frames.href(click_go)),
    )
