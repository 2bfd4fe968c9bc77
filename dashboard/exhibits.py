"""Exhibits: what a figure card shows and a download holds, from one function, so that they never disagree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pandas as pd

from dashboard.filters import Filters

Kind = Literal["text", "number", "signed", "score", "year", "region", "indicator", "industry", "flags", "mark", "date"]


class Column(NamedTuple):
    """How one column of an exhibit's table is shown.

    ``kind`` decides format and alignment: ``region`` and ``indicator`` hold codes and are shown as linked names,
    ``mark`` holds a status code (see ``components.marks``), ``flags`` the publisher's letters, ``score`` a judgement
    from -2 to 2, which a workbook colours. ``industry`` holds the
    code of an industry whose name stands in the same row's ``{name}_name``; where the row's ``{name}_pick`` names a
    filter of the page, the name is a button that sets it.
    ``decimals`` may name another column that holds the decimals of each row. A text is a link to a page of ours where
    its row says an address in ``{name}_href``. ``why`` gives what decided the mark of a row, name and value of each;
    the mark then opens.
    """

    name: str
    label: str
    kind: Kind = "text"
    decimals: int | str = 0
    why: Callable[[Mapping[str, Any]], list[tuple[str, Any]]] | None = None


class Source(NamedTuple):
    """Where numbers come from that are no indicator's of the catalogue, such as a scenario set's.

    ``note`` is what must be said wherever they go, such as that they are made up for illustration.
    """

    name: str
    publisher: str
    url: str = ""
    licence: str = ""
    note: str = ""


@dataclass(frozen=True)
class Exhibit:
    """One finding: its answer in words, its picture, its numbers, and where they come from.

    Attributes:
        key: name in addresses, such as ``region-trend``.
        answer: the heading, a sentence that answers.
        subtitle: indicator, unit, year.
        figure: plotly figure as a plain dict, or None when there is nothing to draw.
        table: the same numbers, raw (not formatted); columns named in ``columns`` come first.
        columns: what the table shows.
        indicators: codes whose source and method apply.
        sources: further sources, of numbers that are no indicator's.
        how: how to read the figure, one or two sentences.
        notes: what a careful reader must know (breaks, years, what was left out).
        empty: when there is nothing to show: what is missing, why, and what to do.
        query: filters that lead back here.
        path: page on which it stands.
        height: of the figure, in pixels.
        page_rows: how many rows of the table stand on the page, the first being the most relevant; 0 for all. Downloads
            hold all of them.
    """

    key: str
    answer: str
    subtitle: str
    table: pd.DataFrame
    columns: tuple[Column, ...]
    figure: dict[str, Any] | None = None
    indicators: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    how: str = ""
    notes: tuple[str, ...] = ()
    empty: str = ""
    query: Mapping[str, str] = field(default_factory=dict)
    path: str = "/"
    height: int = 420
    page_rows: int = 0


class Registered(NamedTuple):
    """An exhibit's function with the filters that it takes."""

    filters: type[Filters]
    build: Callable[[Any], Exhibit]


REGISTRY: dict[str, Registered] = {}


def exhibit(key: str, filters: type[Filters]) -> Callable[[Callable[[Any], Exhibit]], Callable[[Any], Exhibit]]:
    """Register a function from filters to an exhibit, so that its numbers can be downloaded under the same key."""

    def register(build: Callable[[Any], Exhibit]) -> Callable[[Any], Exhibit]:
        REGISTRY[key] = Registered(filters, build)
        return build

    return register
