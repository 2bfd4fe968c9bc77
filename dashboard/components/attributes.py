"""Names of HTML attributes with hyphens, written as Python writes names."""

from typing import Any


def attributes(**named: Any) -> dict[str, Any]:
    """``attributes(data_action="sort")`` gives ``{"data-action": "sort"}``, to be passed on with two stars."""
    return {name.replace("_", "-"): value for name, value in named.items()}
