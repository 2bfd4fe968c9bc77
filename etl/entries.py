"""What an entry of the catalogue may say, and the rows of the store it becomes."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
DatasetCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9_]+$", max_length=64)]
IndustryCode = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.+-]*$", max_length=24)]
Classification = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=16)]
Dimension = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")]
Texts = dict[Annotated[str, StringConstraints(pattern=r"^[a-z]{2,8}$")], str]
DIRECTIONS = {"up": 1, "down": -1, "neutral": 0}


class Entry(BaseModel):
    """One entry. A key it does not know is an error: it is nearly always a slip of the pen."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    def texts(self) -> dict[str, dict[str, str]]:
        """{field: {language: text}}."""
        return {}


class Named(Entry):
    """An entry with a name; English is the language everything falls back to, so it must be there."""

    name: Texts

    @model_validator(mode="after")
    def _english(self) -> "Named":
        if not self.name.get("en"):
            raise ValueError("name needs at least the text en")
        return self


class ThemeEntry(Named):
    """One of the themes of cluster policy."""

    code: Code
    position: int = Field(ge=1, le=6)
    symbol: str = Field(min_length=1, max_length=8)
    question: Texts
    summary: Texts

    def texts(self) -> dict[str, dict[str, str]]:
        return {"name": self.name, "question": self.question, "summary": self.summary}


class SourceEntry(Named):
    """A publisher, its terms and how it wants to be cited."""

    code: Code
    publisher: str = Field(max_length=160)
    url: str = Field(max_length=400)
    licence: str = Field(max_length=80)
    licence_url: str = Field(max_length=400)
    citation: Texts
    terms: Texts

    def columns(self) -> dict[str, Any]:
        """The row of table ``source``."""
        return self.model_dump(include={"code", "publisher", "url", "licence", "licence_url"})

    def texts(self) -> dict[str, dict[str, str]]:
        return {"name": self.name, "citation": self.citation, "terms": self.terms}


class DatasetEntry(Entry):
    """A published dataset."""

    code: DatasetCode
    source: Code
    url: str = Field(max_length=400)
    title: Texts

    def columns(self) -> dict[str, Any]:
        """The row of table ``dataset``; its newest edition is set by loads."""
        return self.model_dump(include={"code", "source", "url"})

    def texts(self) -> dict[str, dict[str, str]]:
        return {"title": self.title}


class Query(Entry):
    """Which rows of a dataset are meant."""

    dataset: DatasetCode
    filters: dict[Dimension, str]


class Target(Entry):
    """A target with the act that sets it; ``comparable`` is false when it counts something else than the indicator."""

    value: float
    year: int = Field(ge=2000, le=2100)
    law: Texts
    url: str = Field(max_length=400)
    scope: str = Field(max_length=80)
    note: Texts
    comparable: bool


class IndicatorEntry(Named):
    """An indicator."""

    code: Code
    theme: Code
    role: Literal["headline", "core", "structural", "context", "own"]
    position: int
    short: Texts
    definition: Texts
    unit: str = Field(max_length=32)
    unit_label: Texts
    unit_suffix: Texts
    direction: Literal["up", "down", "neutral"]
    decimals: int = Field(ge=0, le=6)
    change: Literal["relative", "points"]
    limits: tuple[float | None, float | None]
    dataset: DatasetCode
    filters: dict[Dimension, str]
    aliases: tuple[Query, ...] = ()
    target: Target | None = None
    note: Texts = Field(default_factory=dict)
    live: bool

    @model_validator(mode="after")
    def _sound(self) -> "IndicatorEntry":
        lower, upper = self.limits
        if lower is not None and upper is not None and lower >= upper:
            raise ValueError("limits must be [low, high]")
        long = [text for text in self.short.values() if len(text) > 28]
        if long:
            raise ValueError(f"short may have 28 characters, “{long[0]}” has {len(long[0])}")
        return self

    def queries(self) -> tuple[Query, ...]:
        """Its own query and its aliases."""
        return (Query(dataset=self.dataset, filters=self.filters), *self.aliases)

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            "name": self.name,
            "short": self.short,
            "definition": self.definition,
            "unit_label": self.unit_label,
            "unit_suffix": self.unit_suffix,
            "note": self.note,
            "target_law": self.target.law if self.target else {},
            "target_note": self.target.note if self.target else {},
        }


class IndustryEntry(Entry):
    """A class of a classification of activities or products, as one line of its table; empty cells are left out."""

    code: IndustryCode
    parent: str | None = None
    level: int = Field(ge=0, le=9)
    section: str = Field(default="", max_length=8)
    name_en: str
    name_hu: str
    short_en: str = Field(default="", max_length=28)
    short_hu: str = Field(default="", max_length=28)


class SeriesQuery(Query):
    """Rows of a dataset that carry a series: as for an indicator, with the industry in a dimension of its own."""

    dimension: Dimension | None = None


class SeriesEntry(Named):
    """A figure by region, industry and year; each of its industries becomes an indicator."""

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=38)]
    position: int
    kind: Literal["structure", "position"]
    classification: Classification
    dimension: Dimension
    dataset: DatasetCode
    filters: dict[Dimension, str]
    aliases: tuple[SeriesQuery, ...] = ()
    members: Literal["all"] | tuple[IndustryCode, ...]
    total: IndustryCode | Literal[""] = ""
    unit: str = Field(max_length=32)
    unit_label: Texts
    unit_suffix: Texts
    decimals: int = Field(ge=0, le=6)
    limits: tuple[float | None, float | None]
    short: Texts
    definition: Texts
    note: Texts = Field(default_factory=dict)
    live: bool

    @model_validator(mode="after")
    def _sound(self) -> "SeriesEntry":
        lower, upper = self.limits
        if lower is not None and upper is not None and lower >= upper:
            raise ValueError("limits must be [low, high]")
        if self.members != "all":
            twice = sorted(code for code, times in Counter(self.members).items() if times > 1)
            if twice:
                raise ValueError(f"members has {', '.join(twice)} more than once")
            if len(self.members) < 2:
                raise ValueError("members must be at least two industries, or all")
            if self.total in self.members:
                raise ValueError("total must not be one of the members: they would count twice")
        if self.kind == "position" and self.total:
            raise ValueError("a series of kind position does not add up, so it has no total")
        return self

    def queries(self) -> tuple[SeriesQuery, ...]:
        """Its own query and its aliases, each with its dimension of industries."""
        own = SeriesQuery(dataset=self.dataset, filters=self.filters, dimension=self.dimension)
        filled = (one.model_copy(update={"dimension": one.dimension or self.dimension}) for one in self.aliases)
        return (own, *filled)

    def texts(self) -> dict[str, dict[str, str]]:
        return {
            "name": self.name,
            "short": self.short,
            "definition": self.definition,
            "unit_label": self.unit_label,
            "unit_suffix": self.unit_suffix,
            "note": self.note,
        }


class RegionEntry(Entry):
    """A region as one line of a table; empty cells are left out."""

    code: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=16)]
    level: Literal[0, 1, 2, 9]
    kind: Literal["nuts", "statistical", "aggregate", "extra"]
    country: str = Field(max_length=8)
    parent: str | None = None
    nuts_versions: str = ""
    valid_from: int | None = None
    valid_to: int | None = None
    name_local: str
    name_latin: str
    name_en: str
    name_hu: str
    tile_column: int | None = None
    tile_row: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _level(cls, given: Any) -> Any:
        # Literal numbers are compared, not converted, and a CSV has only texts.
        if isinstance(given, dict) and str(given.get("level", "")).isdigit():
            return {**given, "level": int(given["level"])}
        return given

    def columns(self) -> dict[str, Any]:
        """The row of table ``region``."""
        row = self.model_dump(exclude={"name_local", "name_latin", "name_en", "name_hu"})
        return {**row, "nuts_versions": self.nuts_versions.split()}

    def texts(self) -> dict[str, dict[str, str]]:
        names = {"local": self.name_local, "latin": self.name_latin, "en": self.name_en, "hu": self.name_hu}
        return {"name": names}


class ChangeEntry(Entry):
    """How a region became another; the share is of the older region's people."""

    from_code: str
    to_code: str
    from_version: str
    to_version: str
    kind: Literal["split", "merge", "recode", "border"]
    population_share: float | None = Field(default=None, ge=0, le=1)
    source: str = Field(max_length=400)


@dataclass(frozen=True)
class Catalogue:
    """All entries."""

    themes: list[ThemeEntry]
    sources: list[SourceEntry]
    datasets: list[DatasetEntry]
    indicators: list[IndicatorEntry]
    regions: list[RegionEntry]
    changes: list[ChangeEntry]
    industries: dict[str, list[IndustryEntry]]
    series: list[SeriesEntry]

    def members(self, series: SeriesEntry) -> list[str]:
        """Industries of a series that add up, in the order shown."""
        if series.members == "all":
            return [industry.code for industry in self.industries.get(series.classification, [])]
        return list(series.members)


Kind = TypeVar("Kind", bound=Entry)


def described(file: str, kind: type[Kind], entries: Iterable[Mapping[str, Any]], problems: list[str]) -> list[Kind]:
    """The entries that are right; a sentence for each that is not goes to ``problems``."""
    good = []
    for place, entry in enumerate(entries, start=1):
        code = entry.get("code") or entry.get("from_code") if isinstance(entry, Mapping) else None
        try:
            good.append(kind.model_validate(entry))
        except ValidationError as error:
            for fault in error.errors():
                field = ".".join(str(part) for part in fault["loc"])
                problems.append(f"{file}, {code or f'entry {place}'}: {f'{field}: ' if field else ''}{fault['msg']}.")
    return good


def indicator_row(entry: IndicatorEntry) -> dict[str, Any]:
    """The row of table ``indicator``."""
    target = entry.target
    return {
        **entry.model_dump(
            include={"code", "theme", "role", "position", "unit", "decimals", "change", "dataset", "live"}
        ),
        "filters": dict(entry.filters),
        "aliases": [alias.model_dump() for alias in entry.aliases],
        "direction": DIRECTIONS[entry.direction],
        "lower": entry.limits[0],
        "upper": entry.limits[1],
        "target_value": target.value if target else None,
        "target_year": target.year if target else None,
        "target_url": target.url if target else None,
        "target_scope": target.scope if target else None,
        "target_comparable": target.comparable if target else None,
        "series": None,
        "industry": None,
    }


SERIES_ROW: dict[str, Any] = {
    "theme": "specialisation",
    "role": "context",
    "change": "relative",
    "direction": 0,
    **dict.fromkeys(("target_value", "target_year", "target_url", "target_scope", "target_comparable")),
}
"""What the rows of a series say where indicators differ: they stand in no list, so it is seen nowhere."""


def industry_rows(classification: str, entries: Iterable[IndustryEntry]) -> list[dict[str, Any]]:
    """Rows of table ``industry``, in the order of the file."""
    return [
        {
            "classification": classification,
            "code": entry.code,
            "parent": entry.parent,
            "level": entry.level,
            "position": position,
            "section": entry.section,
        }
        for position, entry in enumerate(entries, start=1)
    ]


def industry_texts(classification: str, entries: Iterable[IndustryEntry]) -> list[dict[str, str]]:
    """Rows of table ``text`` for industries, under ``classification:code``; empty texts are none."""
    return [
        {
            "entity": "industry",
            "code": f"{classification}:{entry.code}",
            "field": field,
            "lang": lang,
            "value": getattr(entry, f"{field}_{lang}"),
        }
        for entry in entries
        for field in ("name", "short")
        for lang in ("en", "hu")
        if getattr(entry, f"{field}_{lang}")
    ]


def series_row(entry: SeriesEntry, members: list[str]) -> dict[str, Any]:
    """The row of table ``industry_series``."""
    columns = {"code", "position", "kind", "classification", "dataset", "unit", "decimals", "total"}
    return {**entry.model_dump(include=columns), "members": members}


def series_indicators(entry: SeriesEntry, members: list[str]) -> list[dict[str, Any]]:
    """Rows of table ``indicator``, one for each industry of a series and one for its total."""
    codes = [*members, entry.total] if entry.total else members
    own, *others = entry.queries()
    return [
        {
            **entry.model_dump(include={"unit", "decimals", "dataset", "live"}),
            **SERIES_ROW,
            "code": f"{entry.code}:{industry}",
            "position": entry.position,
            "filters": {**own.filters, str(own.dimension): industry},
            "aliases": [
                {"dataset": one.dataset, "filters": {**one.filters, str(one.dimension): industry}} for one in others
            ],
            "lower": entry.limits[0],
            "upper": entry.limits[1],
            "series": entry.code,
            "industry": industry,
        }
        for industry in codes
    ]


def text_rows(entity: str, entry: Any) -> list[dict[str, str]]:
    """Rows of table ``text`` of one entry; empty texts are none."""
    return [
        {"entity": entity, "code": entry.code, "field": field, "lang": lang, "value": text}
        for field, texts in entry.texts().items()
        for lang, text in texts.items()
        if text
    ]
