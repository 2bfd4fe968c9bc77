"""What people may enter into a scenario set: a model for each table (``store.schema_scenarios``) that can be edited."""

import re
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from dashboard.editable_types import (
    CODE,
    Address,
    Code,
    Codes,
    Day,
    Indicator,
    Line,
    Position,
    Region,
    RoleName,
    Share,
    Values,
    Words,
    Year,
    between,
    matching,
    texts,
)

Scale = Annotated[float, between(1, 10)]
Count = Annotated[int, between(0, 10_000)]


class ScenarioValues(Values):
    """One future."""

    position: Position
    place: dict[Code, Annotated[float, between(-1, 1)]] = Field(default_factory=dict)
    state: dict[Code, Code] = Field(default_factory=dict)
    prior: Share | None = None
    texts: texts(name=120, summary=400, story=20_000, notes=20_000)  # type: ignore[valid-type]


class AssumptionValues(Values):
    """What a scenario takes for granted."""

    position: Position
    driver: Code | None = None
    texts: texts(subject=200, text=2000)  # type: ignore[valid-type]
    source: Line = ""


class Evidence(Values):
    """What a statement on a driver rests on."""

    texts: texts(text=2000)  # type: ignore[valid-type]
    url: Address = ""
    source: Line = ""
    indicator: Indicator | None = None


class DriverValues(Values):
    """A force that shapes the subject."""

    position: Position
    kind: Literal["driver", "trend", "weak_signal", "wild_card"] = "driver"
    steep: Literal["social", "technological", "economic", "environmental", "political"]
    theme: Code | None = None
    impact: Scale
    impact_low: Scale | None = None
    impact_high: Scale | None = None
    uncertainty: Scale
    uncertainty_low: Scale | None = None
    uncertainty_high: Scale | None = None
    ratings: Annotated[int, between(0, 100_000)] | None = None
    year: Year | None = None
    year_low: Year | None = None
    year_high: Year | None = None
    evidence: Annotated[list[Evidence], Field(max_length=60)] = Field(default_factory=list)
    texts: texts(name=120, description=4000)  # type: ignore[valid-type]
    source: Line = ""

    @model_validator(mode="after")
    def _ranges_run_upwards(self) -> "DriverValues":
        for name in ("impact", "uncertainty", "year"):
            stated = [getattr(self, f"{name}_low"), getattr(self, name), getattr(self, f"{name}_high")]
            known = [value for value in stated if value is not None]
            if known != sorted(known):
                raise PydanticCustomError("order", "low, median, high", {"field": name})
        return self


class SignpostValues(Values):
    """What would tell that one future is coming."""

    position: Position
    indicator: Indicator | None = None
    region: Region | None = None
    operator: Literal["", ">", ">=", "<", "<="] = ""
    threshold: float | None = None
    window: Annotated[int, between(1, 50)] = 1
    due: Year | None = None
    review: Day | None = None
    cluster: Annotated[str, matching(re.compile(f"({CODE.pattern})?"))] = ""
    observed: bool | None = None
    observed_on: Day | None = None
    texts: texts(name=200, why=2000, owner=200)  # type: ignore[valid-type]
    source: Line = ""

    @model_validator(mode="after")
    def _an_indicator_has_a_threshold(self) -> "SignpostValues":
        if self.indicator is not None and (not self.operator or self.threshold is None):
            raise PydanticCustomError("threshold", "operator and threshold", {"field": "indicator"})
        return self


class SignpostLikelihoodValues(Values):
    """How likely a signpost is to be met in a scenario."""

    likelihood: Share


class StrategyValues(Values):
    """A way to act."""

    position: Position
    texts: texts(name=120, description=4000)  # type: ignore[valid-type]


class MeasureValues(Values):
    """Something that can be done."""

    position: Position
    strategy: Code | None = None
    theme: Code | None = None
    cost: Annotated[float, between(0, 1e9)] | None = None
    currency: Annotated[str, matching(re.compile("[A-Z]{3}"), "currency")] = "EUR"
    needs: Codes = Field(default_factory=list)
    excludes: Codes = Field(default_factory=list)
    texts: texts(name=120, description=4000, instrument=400)  # type: ignore[valid-type]
    source: Line = ""


class PayOffValues(Values):
    """What a group says a measure brings in a scenario."""

    score: Annotated[float, between(-2, 2)]
    reason: Words = ""


class PartValue(Values):
    """A variant of a descriptor, or a value of a parameter."""

    code: Code
    texts: texts(name=120)  # type: ignore[valid-type]


class Part(Values):
    """A descriptor, a parameter, or a driver of an influence matrix."""

    code: Code
    ordinal: bool = False
    texts: texts(name=120, note=1000)  # type: ignore[valid-type]
    values: Annotated[list[PartValue], Field(max_length=40)] = Field(default_factory=list)


class JudgementMatrixValues(Values):
    """A square of judgements, without its cells."""

    kind: Literal["cib", "influence", "morphology"]
    parts: Annotated[list[Part], Field(max_length=100)]
    texts: texts(name=120, description=4000)  # type: ignore[valid-type]
    source: Line = ""

    @model_validator(mode="after")
    def _each_code_once(self) -> "JudgementMatrixValues":
        for found in (self.parts, *(part.values for part in self.parts)):
            codes = [one.code for one in found]  # type: ignore[attr-defined]
            if len(codes) != len(set(codes)):
                raise PydanticCustomError("twice", "each code once", {"field": "parts"})
        return self


class JudgementCellValues(Values):
    """One judgement: a number, or a sign instead of one."""

    value: Annotated[float, between(-10, 10)] | None = None
    sign: Literal["", "X", "P"] = ""
    reason: Words = ""

    @model_validator(mode="after")
    def _a_number_or_a_sign(self) -> "JudgementCellValues":
        if (self.value is None) == (self.sign == ""):
            raise PydanticCustomError("number_or_sign", "one of both", {"field": "value"})
        return self


class MilestoneValues(Values):
    """A step on the way back from the goal."""

    position: Position
    goal: bool = False
    indicator: Indicator | None = None
    region: Region | None = None
    year: Year
    value: float | None = None
    duration: Annotated[float, between(0, 100)] = 1.0
    measure: Code | None = None
    needs: Codes = Field(default_factory=list)
    texts: texts(name=200, owner=200)  # type: ignore[valid-type]
    source: Line = ""


class Note(Values):
    """Something that was said."""

    texts: texts(text=2000)  # type: ignore[valid-type]


class ToDo(Values):
    """What somebody (a role) is to do until a day."""

    texts: texts(text=2000, owner=200)  # type: ignore[valid-type]
    due: Day | None = None


class Record(Values):
    """What came of a workshop."""

    inputs: Annotated[list[Note], Field(max_length=200)] = Field(default_factory=list)
    challenges: Annotated[list[Note], Field(max_length=200)] = Field(default_factory=list)
    actions: Annotated[list[ToDo], Field(max_length=200)] = Field(default_factory=list)


class WorkshopValues(Values):
    """The record of a workshop."""

    held_on: Day | None = None
    participants: Annotated[dict[RoleName, Annotated[int, between(0, 10_000)]], Field(max_length=40)] = Field(
        default_factory=dict
    )
    record: Record = Record()
    texts: texts(title=200, place=200, summary=4000)  # type: ignore[valid-type]


MODELS: dict[str, type[Values]] = {
    "scenario": ScenarioValues,
    "assumption": AssumptionValues,
    "driver": DriverValues,
    "signpost": SignpostValues,
    "signpost_likelihood": SignpostLikelihoodValues,
    "strategy": StrategyValues,
    "measure": MeasureValues,
    "pay_off": PayOffValues,
    "judgement_matrix": JudgementMatrixValues,
    "judgement_cell": JudgementCellValues,
    "milestone": MilestoneValues,
    "workshop": WorkshopValues,
}

POINTS_TO: dict[str, dict[str, str]] = {
    "assumption": {"scenario": "scenario", "driver": "driver"},
    "driver": {"theme": "theme"},
    "signpost": {"indicator": "indicator", "region": "region"},
    "signpost_likelihood": {"signpost": "signpost", "scenario": "scenario"},
    "measure": {"strategy": "strategy", "theme": "theme", "needs": "measure", "excludes": "measure"},
    "pay_off": {"measure": "measure", "scenario": "scenario", "group_code": "group"},
    "judgement_cell": {"matrix": "judgement_matrix", "group_code": "group"},
    "milestone": {"indicator": "indicator", "region": "region", "measure": "measure", "needs": "milestone"},
}
