"""What people may enter, table by table, and the words for what does not fit.

The bounds are those of the tables, and a few that keep nonsense out. An edit may name some columns only: it is checked
together with what the row holds already.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import ValidationError

from dashboard import editable_programmes, editable_scenarios
from dashboard.editable_types import CODE, LABEL, Values
from dashboard.i18n import N_, _, number

MODELS: Mapping[str, type[Values]] = {**editable_scenarios.MODELS, **editable_programmes.MODELS}
"""The model of each table of ``store.edits.EDITABLE``."""

POINTS_TO: Mapping[str, Mapping[str, str]] = {**editable_scenarios.POINTS_TO, **editable_programmes.POINTS_TO}
"""What the codes in a column or a part of a key are codes of: a table of the same set or programme, or of the
catalogue; ``group`` for the groups of a set."""

ENTITIES: Mapping[str, str] = {
    "scenario": N_("Scenario"),
    "assumption": N_("Assumption"),
    "driver": N_("Driver"),
    "signpost": N_("Signpost"),
    "signpost_likelihood": N_("Likelihood of a signpost"),
    "strategy": N_("Strategy"),
    "measure": N_("Measure"),
    "pay_off": N_("Pay-off"),
    "judgement_matrix": N_("Judgement matrix"),
    "judgement_cell": N_("Judgement"),
    "milestone": N_("Milestone"),
    "workshop": N_("Workshop"),
    "pilot": N_("Pilot"),
    "pilot_report": N_("Report of a pilot"),
    "deliverable": N_("Deliverable"),
    "risk": N_("Risk"),
    "risk_score": N_("Score of a risk"),
    "meeting": N_("Meeting"),
    "decision": N_("Decision"),
    "action": N_("Action"),
    "evaluation": N_("Evaluation"),
}
"""Names of the tables, for messages and for the audit's table."""

FIELDS: Mapping[str, str] = {
    "actions": N_("Actions"),
    "activity": N_("Activity"),
    "because": N_("Grounds"),
    "body": N_("Body"),
    "budget": N_("Budget"),
    "cancelled": N_("Cancelled"),
    "category": N_("Category"),
    "cause": N_("Cause"),
    "challenges": N_("Challenges"),
    "closed_on": N_("Closed on"),
    "closing_reason": N_("Reason for closing"),
    "cluster": N_("Cluster of signposts"),
    "code": N_("Code"),
    "column": N_("Column"),
    "comment": N_("Comment"),
    "confirmed_by": N_("Confirmed by"),
    "consequence": N_("Consequence"),
    "cost": N_("Cost"),
    "criterion": N_("Criterion"),
    "currency": N_("Currency"),
    "decided_on": N_("Decided on"),
    "decision": N_("Decision"),
    "delivered": N_("Delivered"),
    "delivered_on": N_("Delivered on"),
    "description": N_("Description"),
    "direction": N_("Direction"),
    "dissent": N_("Dissent"),
    "done_on": N_("Done on"),
    "driver": N_("Driver"),
    "due": N_("Due"),
    "due_on": N_("Due on"),
    "due_period": N_("Due in period"),
    "duration": N_("Duration"),
    "effect": N_("Effect"),
    "effect_period": N_("Effect looked at in period"),
    "end_period": N_("Last period"),
    "evaluator": N_("Evaluator"),
    "event": N_("Event"),
    "evidence": N_("Evidence"),
    "evidence_url": N_("Address of the evidence"),
    "excludes": N_("Excludes"),
    "goal": N_("Goal"),
    "grade": N_("Grade of the evidence"),
    "group_code": N_("Group"),
    "held_on": N_("Day"),
    "hypothesis": N_("Hypothesis"),
    "impact": N_("Impact"),
    "impact_high": N_("Impact, upper end"),
    "impact_low": N_("Impact, lower end"),
    "indicator": N_("Indicator"),
    "indicators": N_("Indicators"),
    "inputs": N_("Inputs"),
    "instrument": N_("Instrument"),
    "kind": N_("Kind"),
    "lead": N_("Lead partner"),
    "light": N_("Light"),
    "likelihood": N_("Likelihood"),
    "matrix": N_("Judgement matrix"),
    "measure": N_("Measure"),
    "meeting": N_("Meeting"),
    "method": N_("Method"),
    "mitigation": N_("Mitigation"),
    "mitigation_due": N_("Mitigation due"),
    "moves": N_("Indicators to move"),
    "name": N_("Name"),
    "narrative": N_("Narrative"),
    "needs": N_("Needs"),
    "new_date": N_("New date"),
    "note": N_("Note"),
    "notes": N_("Speaker's notes"),
    "observed": N_("Observed"),
    "observed_on": N_("Observed on"),
    "opened_on": N_("Opened on"),
    "operator": N_("Comparison"),
    "options": N_("Options"),
    "ordinal": N_("Ordered"),
    "owner": N_("Responsible role"),
    "owner_role": N_("Responsible role"),
    "pack": N_("Pack"),
    "participants": N_("Participants"),
    "partners": N_("Partners"),
    "parts": N_("Parts of the matrix"),
    "period": N_("Period"),
    "pilot": N_("Pilot"),
    "place": N_("Place"),
    "planned": N_("Planned"),
    "position": N_("Place in the order"),
    "prior": N_("Prior weight"),
    "problem": N_("Problem"),
    "quality": N_("Quality"),
    "question": N_("Question"),
    "ratings": N_("Number of ratings"),
    "reason": N_("Reason"),
    "record": N_("Record"),
    "region": N_("Region"),
    "regions": N_("Regions"),
    "reply": N_("Reply"),
    "response": N_("Response"),
    "review": N_("Review"),
    "reviewed_on": N_("Reviewed on"),
    "risk": N_("Risk"),
    "row": N_("Row"),
    "scenario": N_("Scenario"),
    "score": N_("Score"),
    "set": N_("Scenario set"),
    "sign": N_("Sign"),
    "signpost": N_("Signpost"),
    "signposts": N_("Signposts"),
    "source": N_("Source"),
    "source_url": N_("Address of the source"),
    "start_period": N_("First period"),
    "state": N_("State"),
    "steep": N_("STEEP category"),
    "step": N_("Step"),
    "story": N_("Story"),
    "strategy": N_("Strategy"),
    "subject": N_("Subject"),
    "subject_kind": N_("Kind of subject"),
    "subjects": N_("Subjects"),
    "submitted_on": N_("Submitted on"),
    "summary": N_("Summary"),
    "text": N_("Text"),
    "texts": N_("Texts"),
    "theme": N_("Theme"),
    "threshold": N_("Threshold"),
    "title": N_("Title"),
    "uncertainty": N_("Uncertainty"),
    "uncertainty_high": N_("Uncertainty, upper end"),
    "uncertainty_low": N_("Uncertainty, lower end"),
    "url": N_("Web address"),
    "value": N_("Value"),
    "values": N_("Values"),
    "verdict": N_("Verdict"),
    "why": N_("Reason"),
    "window": N_("Window"),
    "work_package": N_("Work package"),
    "year": N_("Year"),
    "year_high": N_("Year, latest"),
    "year_low": N_("Year, earliest"),
}
"""Names of columns and of fields of texts, for messages and for the audit's table."""

WORDS: Mapping[str, str] = {
    "amount": N_("{field} must be an amount of money with at most two decimals."),
    "between": N_("{field} must lie between {low} and {high}."),
    "code": N_("{field} takes codes: small letters, digits, hyphen and underscore, at most 48 characters."),
    "currency": N_("{field} takes the three capital letters of a currency, such as EUR."),
    "day": N_("{field} must be a day, written like 2026-03-31."),
    "extra_forbidden": N_("There is no field {field} here."),
    "first_last": N_("{field} must not come before this: {first}."),
    "fits": N_("{field} cannot be this."),
    "form": N_("{field} is not built as it should be."),
    "label": N_("{field} takes codes: letters, digits, full stop, hyphen and underscore, at most 48 characters."),
    "language": N_("{field}: {code} is no code of a language."),
    "literal_error": N_("{field} must be one of these: {expected}."),
    "missing": N_("{field} is missing."),
    "number": N_("{field} must be a number."),
    "number_or_sign": N_("{field} must be a number, or have the sign X or P instead."),
    "order": N_("{field}: the lower end, the median and the upper end must follow one another in this order."),
    "state": N_("{field}: {code} is no state of this matrix, or of the same part as the other."),
    "string_too_long": N_("{field} is too long: at most {max_length} characters."),
    "text": N_("{field} must be a text."),
    "threshold": N_("A signpost with an indicator needs a comparison and a threshold."),
    "too_long": N_("{field} has too many entries: at most {max_length}."),
    "twice": N_("{field}: each code may stand there only once."),
    "unknown_code": N_("{field}: {code} does not exist."),
    "web_address": N_("{field} must begin with http:// or https://."),
    "whole": N_("{field} must be a whole number."),
    "yes_no": N_("{field} must be yes or no."),
}
"""What is said for each way in which a value can be wrong."""

_SAME: tuple[tuple[str, str], ...] = (
    (r"float_.*|finite_number", "number"),
    (r"int_.*", "whole"),
    (r"bool_.*", "yes_no"),
    (r"date_.*|date", "day"),
    (r"decimal_.*|is_instance_of", "amount"),
    (r"string_(type|sub_type|unicode)", "text"),
    (r"(list|dict|model)_.*", "form"),
)
"""Kinds of pydantic's errors that are one and the same to a person."""

YEARS = ("year", "year_low", "year_high", "due")


def field_name(name: str) -> str:
    """Name of a column or text field in the reader's language; an unknown one as it is, shortened."""
    return _(FIELDS[name]) if name in FIELDS else name[:60]


def sentence(kind: str, field: str, **facts: Any) -> str:
    """What to say of a value that does not fit, in the reader's language."""
    told = {name: _fact(name, value, field) for name, value in facts.items()}
    return _(WORDS[kind]).format(**{"field": field_name(field), **told})


def _fact(name: str, value: Any, field: str) -> str:
    if name == "first":
        return field_name(str(value))
    if isinstance(value, int | float) and field not in YEARS:
        return number(value, 0 if float(value).is_integer() else 2)
    return str(value)


def complaint(error: ValidationError) -> str:
    """The first thing that is wrong with an edit, in one sentence of the reader's language."""
    first = error.errors(include_url=False)[0]
    facts, kind = dict(first.get("ctx", {})), str(first["type"])
    path = [part for part in first["loc"] if isinstance(part, str)]
    # What is wrong is named by the innermost part of its place that has a name: the place may lie deep in a list.
    named = next((part for part in reversed(path) if part in FIELDS), path[-1] if path else "values")
    if kind == "extra_forbidden" and path and "field" not in facts:
        named = path[-1]
    field = str(facts.pop("field", named))
    if kind == "too_long" and isinstance(first["input"], str):
        kind = "string_too_long"
    if "expected" in facts:
        facts["expected"] = str(facts["expected"]).replace("' or '", "', '")
    kind = next((ours for pattern, ours in _SAME if re.fullmatch(pattern, kind)), kind)
    wanted = {name: facts[name] for name in ("low", "high", "max_length", "expected", "code", "first") if name in facts}
    return sentence(kind if kind in WORDS else "fits", field, **wanted)


def check(entity: str, old: Mapping[str, Any] | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that an edit changes, checked together with what the row holds already, in values that JSON knows.

    ``texts`` are put into those that are there, by field and language; an empty text takes one away. Setting the value
    of a judgement takes its sign away, and the other way round.

    Args:
        entity: table, one of ``MODELS``.
        old: what the row holds, or None for a new one: then all columns are given back.
        values: what the edit says.

    Raises:
        pydantic.ValidationError: something does not fit; ``complaint`` says what.
    """
    merged = {**(old or {}), **values}
    if "texts" in values and isinstance(values["texts"], Mapping):
        merged["texts"] = _merged((old or {}).get("texts", {}), values["texts"])
    if entity == "judgement_cell":
        if values.get("value") is not None and "sign" not in values:
            merged["sign"] = ""
        elif values.get("sign") and "value" not in values:
            merged["value"] = None
    found = MODELS[entity].model_validate(merged).model_dump(mode="json")
    if old is None:
        return found
    return {name: value for name, value in found.items() if value != old.get(name)}


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **old,
        **{
            field: {**old.get(field, {}), **versions} if isinstance(versions, Mapping) else versions
            for field, versions in new.items()
        },
    }


def empties(entity: str, values: Mapping[str, Any]) -> bool:
    """Whether an edit takes a judgement away: what is zero is not kept."""
    return entity == "judgement_cell" and values.get("value") == 0 and not values.get("sign")


STATE = re.compile(rf"{CODE.pattern}(\.{CODE.pattern})?")
ROLE = re.compile(r"\w(?:[\w .-]{0,46}\w)?")
"""Who evaluates: a role in words."""
KEY_PARTS: Mapping[str, Callable[[str], Any]] = {
    "row": STATE.fullmatch,
    "column": STATE.fullmatch,
    "group_code": lambda code: code == "" or CODE.fullmatch(code),
    "evaluator": ROLE.fullmatch,
    "subject_kind": lambda code: code in ("pilot", "measure", "deliverable"),
    "period": lambda code: code.isascii() and code.isdigit() and len(code) <= 3,
}


def bad_key_part(entity: str, key: Mapping[str, str]) -> tuple[str, str] | None:
    """The first part of a new row's key that is no code, with the kind of code that it should be; else None."""
    pattern, kind = (LABEL, "label") if entity in editable_programmes.MODELS else (CODE, "code")
    for name, code in key.items():
        if not KEY_PARTS.get(name, pattern.fullmatch)(code):
            return name, kind
    return None


def states(parts: list[dict[str, Any]], kind: str) -> dict[str, str]:
    """Names that a row or column of a matrix may have, each with the part that it belongs to."""
    if kind == "influence":
        return {part["code"]: part["code"] for part in parts}
    return {f"{part['code']}.{value['code']}": part["code"] for part in parts for value in part.get("values", [])}
