"""The application with as many pages as its plan has: those that are not there yet stand in as empty ones."""

import dash
from dash import html

from dashboard.wsgi import server

PLANNED = {
    "steering": {
        "/strategy": "Strategy",
        "/pilots": "Pilots",
        "/workplan": "Work plan",
        "/money": "Money",
        "/outreach": "Outreach",
        "/decisions": "Risks & decisions",
    },
    "futures": {"/futures": "Futures", "/strategies": "Strategies"},
}

known = {page["path"] for page in dash.page_registry.values()}
for group, pages in PLANNED.items():
    for place, (path, name) in enumerate(pages.items()):
        if path not in known:
            dash.register_page(
                f"stand_in{path.replace('/', '_')}",
                path=path,
                name=name,
                title=name,
                layout=html.Div(html.H1(name), className="page"),
                group=group,
                order=20 + place,
            )

__all__ = ["server"]
