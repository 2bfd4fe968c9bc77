"""Plain elements, and names of HTML attributes with hyphens, written as Python writes names."""

from typing import Any


def attributes(**named: Any) -> dict[str, Any]:
    """``attributes(data_action="sort")`` gives ``{"data-action": "sort"}``, to be passed on with two stars."""
    return {name.replace("_", "-"): value for name, value in named.items()}


def element(kind: str, children: Any = None, **given: Any) -> dict[str, Any]:
    """A plain element as the framework sends it. Of components, each is checked when it is made and taken apart again
    when it is sent: where there are hundreds, that takes most of the time of an answer."""
    return {"props": {"children": children, **given}, "type": kind, "namespace": "dash_html_components"}
