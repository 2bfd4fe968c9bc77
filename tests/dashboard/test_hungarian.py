"""A Hungarian reader finds no English word and a decimal comma on any page and in any of its parts."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import dash
import pytest
from dash import Dash

from dashboard.i18n import set_language

ENGLISH = re.compile(
    r"\b(the|and|with|are|table|download|source|year|region|regions|peers|value|loading|search|show)\b", re.I
)
PLACE = re.compile(r"\b(Beogradski region|Region (Vojvodine|Šumadije|Južne))")
"""Names of places in their own language."""
SAID = ("title", "aria-label", "placeholder", "label", "alt")
"""Properties that are read out or shown on hover."""

PAGES = (
    *("/", "/region", "/specialisation", "/upload?programme=demo6", "/data?indicator=rd_expenditure_gdp"),
    *(f"/compare?view={one}" for one in ("indicator", "scatter", "ranking", "convergence", "peers")),
    *(
        f"/data?part={one}"
        for one in ("catalogue", "quality", "loads", "methods", "accessibility", "privacy", "licence")
    ),
    *(f"/value-chain?view={one}" for one in ("position", "participation", "chain", "linkages", "whatif")),
    *(f"/futures?set=see2035&part={one}" for one in ("story", "heading", "drivers", "impact")),
    *(f"/futures?set=see2035&part=impact&view={one}" for one in ("influence", "morphology")),
    *(f"/strategies?set=see2035&part={one}" for one in ("payoffs", "metrics", "portfolio", "groups", "backcast")),
    *(f"/{one}?programme=demo6" for one in ("strategy", "pilots", "workplan", "money", "outreach", "decisions")),
    *(f"/{one}?programme=clusterpolisee" for one in ("strategy", "pilots", "workplan", "money", "outreach")),
    "/pilots?programme=demo6&pilot=pilot06",
)


def _words(part: Any) -> Iterator[str]:
    """What a component and those in it say; foreign and quoted parts say so and are passed over."""
    if isinstance(part, str) and not part.startswith("http"):
        yield part
    if isinstance(part, list | tuple):
        for one in part:
            yield from _words(one)
    if not isinstance(part, dict):
        return
    kind, said = part.get("type", ""), part.get("props", {})
    if kind in ("Pre", "Code", "Cite") or said.get("lang") == "en" or "citation" in str(said.get("className") or ""):
        return
    for name in SAID:
        if isinstance(said.get(name), str):
            yield said[name]
    for option in said.get("options") or ():
        yield from _words(option.get("label") if isinstance(option, dict) else option)
    yield from _words(said.get("children"))


@pytest.mark.parametrize("address", PAGES)
def test_no_english_word_on_any_page(app: Dash, address: str) -> None:
    parts = urlsplit(address)
    layout = next(page["layout"] for page in dash.page_registry.values() if page["path"] == parts.path)
    with app.server.test_request_context(f"{address}{'&' if parts.query else '?'}lang=hu"):
        set_language("hu")
        drawn = layout(**dict(parse_qsl(parts.query)))
        told = list(_words(_plain(drawn)))
    assert len(" ".join(told)) > 200
    assert [one for one in told if ENGLISH.search(PLACE.sub("", one))] == []
    assert not re.search(r"\d\.\d+\s?%", " ".join(told))


def _plain(drawn: Any) -> Any:
    import json

    from plotly.utils import PlotlyJSONEncoder

    return json.loads(json.dumps(drawn, cls=PlotlyJSONEncoder))
