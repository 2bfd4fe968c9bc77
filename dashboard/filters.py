"""What a page lets its reader choose: typed, readable in the address, safe to parse from anything.

A page's filters are a frozen dataclass whose fields say what is allowed. ``parse`` takes whatever the address or a
callback holds and returns allowed values only; ``query`` gives back the shortest address that says the same.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import Field, dataclass, field, fields, replace
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode

from dash import Input


class Option(NamedTuple):
    """One value that a reader may choose."""

    value: str
    label: str
    group: str = ""


Options = Callable[[], Sequence[Option]]

LONGEST = 250
"""Letters of one text in the address; codes of a matrix cell have up to four times 48."""


def one_of(options: Options, default: str = "", label: str = "") -> Any:
    """A field that holds one of these values. An empty default means the first option."""
    return field(default=default, metadata={"kind": "one", "options": options, "label": label})


def some_of(options: Options, at_most: int, label: str = "") -> Any:
    """A field that holds up to ``at_most`` of these values, in the reader's order."""
    return field(default=(), metadata={"kind": "some", "options": options, "at_most": at_most, "label": label})


def number_in(low: int, high: int, default: int, label: str = "") -> Any:
    """A field that holds a whole number in a closed range."""
    return field(default=default, metadata={"kind": "number", "low": low, "high": high, "label": label})


def texts_like(form: str, at_most: int, label: str = "") -> Any:
    """A field that holds up to ``at_most`` texts of one form, a regular expression that each must match as a whole.

    For what cannot be listed, such as changes that a reader tries. Texts hold no comma.
    """
    metadata = {"kind": "texts", "form": re.compile(form), "at_most": at_most, "label": label}
    return field(default=(), metadata=metadata)


def switch(default: bool = False, label: str = "") -> Any:
    """A field that is on or off."""
    return field(default=default, metadata={"kind": "switch", "label": label})


@dataclass(frozen=True)
class Filters:
    """Base of a page's filters; see the module."""

    @classmethod
    def parse(cls, query: Mapping[str, Any] | None = None) -> Self:
        """Read anything: unknown keys are passed over, values that are not allowed become the default."""
        given = query or {}
        return cls(**{spec.name: _read(spec, given.get(spec.name)) for spec in fields(cls)})

    def query(self) -> dict[str, str]:
        """What the address must say; defaults are left out."""
        usual = type(self).parse()
        return {
            spec.name: _write(getattr(self, spec.name))
            for spec in fields(self)
            if getattr(self, spec.name) != getattr(usual, spec.name)
        }

    def but(self, **changes: Any) -> Self:
        """The same filters with some changed."""
        return replace(self, **changes)

    def href(self, path: str, **changes: Any) -> str:
        """Address of a page with these filters."""
        query = self.but(**changes).query()
        return path + ("?" + urlencode(query, safe=",") if query else "")

    @classmethod
    def inputs(cls, page: str) -> dict[str, Input]:
        """Callback inputs of a page's controls, by field name."""
        return {spec.name: Input(control_id(page, spec.name), "value") for spec in fields(cls)}

    @classmethod
    def options(cls, name: str) -> Sequence[Option]:
        """What may be chosen in a field."""
        spec = next(spec for spec in fields(cls) if spec.name == name)
        return list(spec.metadata["options"]())


def control_id(page: str, name: str) -> dict[str, str]:
    """Id of the control of a filter."""
    return {"type": "filter", "page": page, "name": name}


def _write(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _first(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return value.strip()[:200] if isinstance(value, str) else ""


def _read(spec: "Field[Any]", value: Any) -> Any:
    kind = spec.metadata["kind"]
    if kind == "switch":
        if isinstance(value, list):  # a switch drawn as a checklist holds [] or ["1"]
            return bool(value)
        return value in (True, "1", "true") if isinstance(value, bool | str) else spec.default
    if kind == "number":
        return _whole(value, spec)
    if kind == "texts":
        form, wanted = spec.metadata["form"], value.split(",") if isinstance(value, str) else value
        texts = [text for text in wanted if isinstance(text, str)] if isinstance(wanted, list | tuple) else []
        return _some(
            texts, {text for text in texts if len(text) <= LONGEST and form.fullmatch(text)}, spec.metadata["at_most"]
        )
    allowed = [option.value for option in spec.metadata["options"]()]
    if kind == "one":
        text = _first(value)
        return text if text in allowed else _default(spec, allowed)
    wanted = value.split(",") if isinstance(value, str) else value if isinstance(value, list | tuple) else []
    return _some(wanted, set(allowed), spec.metadata["at_most"])


def _default(spec: "Field[Any]", allowed: Sequence[str]) -> str:
    return str(spec.default) if spec.default in allowed or not allowed else allowed[0]


def _some(wanted: Iterable[Any], allowed: set[str], at_most: int) -> tuple[str, ...]:
    kept = [text for item in list(wanted)[:500] if isinstance(item, str) and (text := item.strip()) in allowed]
    return tuple(dict.fromkeys(kept))[:at_most]


def _whole(value: Any, spec: "Field[Any]") -> int:
    usual = int(str(spec.default))
    if isinstance(value, list):
        value = value[0] if value else None
    try:
        chosen = int(str(value)[:12])
    except ValueError:
        return usual
    return chosen if spec.metadata["low"] <= chosen <= spec.metadata["high"] else usual
