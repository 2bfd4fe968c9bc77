"""What people may enter into a programme: a model for each table (``store.schema_programme``) that can be edited."""

from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from dashboard.editable_types import (
    Address,
    Amount,
    Code,
    Day,
    Indicator,
    Label,
    Labels,
    Line,
    Period,
    Position,
    Region,
    RoleName,
    Values,
    between,
    texts,
)

Body = Literal["sc", "tsc", "wg"]
Step = Annotated[int, between(1, 5)]


class Move(Values):
    """A regional indicator that a pilot wants to move."""

    indicator: Indicator
    region: Region
    direction: Literal["up", "down", "keep"] = "up"


class Bearing(Values):
    """A signpost of a scenario set that bears on a pilot."""

    set: Code
    signpost: Code


class PilotValues(Values):
    """An experiment."""

    position: Position
    theme: Code | None = None
    partners: Labels = Field(default_factory=list)
    regions: Annotated[list[Region], Field(max_length=100)] = Field(default_factory=list)
    start_period: Period
    end_period: Period
    budget: Amount | None = None
    moves: Annotated[list[Move], Field(max_length=40)] = Field(default_factory=list)
    signposts: Annotated[list[Bearing], Field(max_length=40)] = Field(default_factory=list)
    verdict: Literal["", "stop", "change", "scale"] = ""
    texts: texts(title=200, problem=4000, hypothesis=4000, method=4000)  # type: ignore[valid-type]
    source_url: Address = ""

    @model_validator(mode="after")
    def _starts_before_it_ends(self) -> "PilotValues":
        if self.start_period > self.end_period:
            raise PydanticCustomError("first_last", "start, end", {"field": "end_period", "first": "start_period"})
        return self


class PilotReportValues(Values):
    """What those who run a pilot say of a period."""

    light: Literal["", "on_track", "watch", "off_track", "done"] = ""
    submitted_on: Day | None = None
    confirmed_by: RoleName = ""
    evidence_url: Address = ""
    texts: texts(narrative=8000, reply=4000)  # type: ignore[valid-type]


class DeliverableValues(Values):
    """Something promised for a day."""

    position: Position
    work_package: Label
    activity: Label | None = None
    theme: Code | None = None
    lead: Label | None = None
    due_period: Period
    due_on: Day
    planned: Annotated[float, between(0, 1e9)] = 1.0
    delivered: Annotated[float, between(0, 1e9)] = 0.0
    delivered_on: Day | None = None
    new_date: Day | None = None
    quality: Literal["accepted", "returned", "not_reviewed"] = "not_reviewed"
    score: Step | None = None
    url: Address = ""
    texts: texts(title=300, consequence=4000, comment=4000)  # type: ignore[valid-type]
    source_url: Address = ""


class RiskValues(Values):
    """What may go wrong."""

    position: Position
    category: Annotated[Line, Field(max_length=32)]
    theme: Code | None = None
    work_package: Label | None = None
    pilot: Label | None = None
    response: Literal["avoid", "reduce", "transfer", "accept"] = "reduce"
    mitigation_due: Day | None = None
    owner_role: RoleName = ""
    opened_on: Day
    reviewed_on: Day | None = None
    closed_on: Day | None = None
    indicators: Labels = Field(default_factory=list)
    texts: texts(cause=2000, event=2000, effect=2000, mitigation=4000, closing_reason=2000)  # type: ignore[valid-type]

    @model_validator(mode="after")
    def _closed_after_it_was_opened(self) -> "RiskValues":
        if self.closed_on is not None and self.closed_on < self.opened_on:
            raise PydanticCustomError("first_last", "opened, closed", {"field": "closed_on", "first": "opened_on"})
        return self


class RiskScoreValues(Values):
    """Likelihood and impact of a risk, as seen at the end of a period."""

    likelihood: Step
    impact: Step


class MeetingValues(Values):
    """A meeting of a body."""

    position: Position
    body: Body
    held_on: Day
    period: Period | None = None
    texts: texts(title=200, place=200)  # type: ignore[valid-type]
    source_url: Address = ""


class Subject(Values):
    """What a decision is about."""

    kind: Literal["pilot", "risk", "indicator", "measure", "deliverable"]
    code: Label


class DecisionEvidence(Values):
    """A figure as it stood when the decision was taken."""

    kind: Annotated[Line, Field(max_length=32)]
    code: Annotated[Line, Field(max_length=80)]
    period: Period | None = None
    value: float | Line | None = None


class DecisionValues(Values):
    """What a body decided, because of what, and whether it worked."""

    position: Position
    meeting: Label | None = None
    body: Body = "sc"
    decided_on: Day | None = None
    theme: Code | None = None
    state: Literal["proposed", "adopted", "deferred", "rejected", "superseded"] = "proposed"
    subjects: Annotated[list[Subject], Field(max_length=60)] = Field(default_factory=list)
    evidence: Annotated[list[DecisionEvidence], Field(max_length=60)] = Field(default_factory=list)
    pack: Annotated[Line, Field(max_length=16)] = ""
    effect_period: Period | None = None
    effect: Literal["", "better", "same", "worse", "unknown"] = ""
    texts: texts(  # type: ignore[valid-type]
        question=2000, options=8000, because=8000, decision=8000, dissent=4000, effect=4000
    )


class ActionValues(Values):
    """Something to do by a day."""

    position: Position
    decision: Label | None = None
    risk: Label | None = None
    owner_role: RoleName = ""
    due: Day | None = None
    done_on: Day | None = None
    cancelled: bool = False
    texts: texts(text=2000)  # type: ignore[valid-type]


class EvaluationValues(Values):
    """What one evaluator says of a pilot or measure by one criterion."""

    step: Annotated[int, between(1, 4)] | None = None
    grade: Literal["", "A", "B", "C"] = ""
    texts: texts(comment=4000)  # type: ignore[valid-type]


MODELS: dict[str, type[Values]] = {
    "pilot": PilotValues,
    "pilot_report": PilotReportValues,
    "deliverable": DeliverableValues,
    "risk": RiskValues,
    "risk_score": RiskScoreValues,
    "meeting": MeetingValues,
    "decision": DecisionValues,
    "action": ActionValues,
    "evaluation": EvaluationValues,
}

POINTS_TO: dict[str, dict[str, str]] = {
    "pilot": {"theme": "theme", "partners": "partner"},
    "pilot_report": {"pilot": "pilot", "period": "reporting_period"},
    "deliverable": {
        "work_package": "work_package",
        "activity": "activity",
        "theme": "theme",
        "lead": "partner",
        "due_period": "reporting_period",
    },
    "risk": {"theme": "theme", "work_package": "work_package", "pilot": "pilot", "indicators": "result_indicator"},
    "risk_score": {"risk": "risk", "period": "reporting_period"},
    "meeting": {"period": "reporting_period"},
    "decision": {"meeting": "meeting", "theme": "theme"},
    "action": {"decision": "decision", "risk": "risk"},
}
