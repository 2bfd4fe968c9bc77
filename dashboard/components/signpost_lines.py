"""Signposts where their figures are read: one line on a region's page, and one under the trend of an indicator."""

from urllib.parse import urlencode

import pandas as pd
from dash import dcc, html

from dashboard import frames, futures, headings, trust
from dashboard.components.futures_heading_board import said
from dashboard.i18n import _, ngettext, number


def _address(row: dict[str, object], region: str) -> str:
    query = {"set": str(row["set"]), "region": region, "part": futures.HEADING}
    return frames.href(f"{futures.PATH}?{urlencode(query)}#signpost-{row['code']}")


def of_region(region: str) -> html.P | None:
    """How many signposts rest on a region's own figures and where they stand; None when there are none."""
    rows = headings.about_region(region, trust.today())
    if rows.empty:
        return None
    met, near = (int((rows["state"] == state).sum()) for state in (headings.MET, headings.APPROACHING))
    words = ngettext(
        "{n} signpost of the scenarios rests on this region's figures: {met} met, {near} approaching.",
        "{n} signposts of the scenarios rest on this region's figures: {met} met, {near} approaching.",
        len(rows),
    ).format(n=number(len(rows)), met=number(met), near=number(near))
    link = dcc.Link(_("Where are we heading?"), href=_address(frames.records(rows)[0], region).partition("#")[0])
    return html.P([words, " ", link], className="region-signposts")


def of_indicator(region: str, indicator: str) -> html.P | None:
    """The signposts that rest on one indicator of a region, each with where it stands; None when there are none."""
    rows: pd.DataFrame = headings.about_region(region, trust.today())
    rows = rows[rows["indicator"] == indicator]
    if rows.empty:
        return None
    parts: list[object] = [ngettext("Signpost on these figures:", "Signposts on these figures:", len(rows)), " "]
    for place, row in enumerate(frames.records(rows)):
        parts += ["; "] if place else []
        parts += [dcc.Link(str(row["name"]), href=_address(row, region)), f" ({said(row)})"]
    return html.P(parts, className="card-note")
