"""Kinds of values that people may enter: bounds, codes, texts by language, addresses of the web.

What does not fit raises an error whose kind is one of ``dashboard.editable.WORDS``.
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

CODE = re.compile(r"[a-z0-9][a-z0-9_-]{0,47}")
"""Codes within a scenario set."""
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,47}")
"""Codes within a programme, which come from its own papers."""
LANGUAGE = re.compile(r"[a-z]{2,3}")
UNSEEN = ("Cc", "Cs", "Cn")
"""Categories of signs that no reader sees and that not every database keeps."""


class Values(BaseModel):
    """Columns of a row besides its key."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


def clean(value: Any) -> Any:
    """A text without unseen signs and outer blanks; anything else as it is."""
    if not isinstance(value, str):
        return value
    kept = (c for c in value.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) not in UNSEEN)
    return unicodedata.normalize("NFC", "".join(kept)).strip()


def between(low: float, high: float) -> AfterValidator:
    """A number from ``low`` to ``high``."""

    def check(value: float) -> float:
        if not low <= value <= high:
            raise PydanticCustomError("between", "out of bounds", {"low": low, "high": high})
        return value

    return AfterValidator(check)


def matching(pattern: re.Pattern[str], kind: str = "code") -> AfterValidator:
    """A text of this form; ``kind`` is the kind of error that another one is."""

    def check(value: str) -> str:
        if not pattern.fullmatch(value):
            raise PydanticCustomError(kind, "another form", {"code": value[:60]})
        return value

    return AfterValidator(check)


def texts(**most: int) -> Any:
    """Texts by field and language, each field with its greatest length. Empty ones are left out."""

    def check(given: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
        kept: dict[str, dict[str, str]] = {}
        for field, versions in given.items():
            if field not in most:
                raise PydanticCustomError("extra_forbidden", "no such text", {"field": field})
            for language, text in versions.items():
                if not LANGUAGE.fullmatch(language):
                    raise PydanticCustomError("language", "no language", {"field": field, "code": language[:20]})
                if len(text) > most[field]:
                    facts = {"field": field, "max_length": most[field]}
                    raise PydanticCustomError("string_too_long", "too long", facts)
            kept[field] = {language: text for language, text in versions.items() if text}
        return kept

    return Annotated[dict[str, dict[str, Annotated[str, BeforeValidator(clean)]]], AfterValidator(check)]


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
    except ValueError:
        parts = urlsplit("")
    if value and not (parts.scheme in ("http", "https") and parts.netloc):
        raise PydanticCustomError("web_address", "http or https")
    return value


def _amount(value: Any) -> Any:
    """An amount in whole cents, from a number or its text."""
    if value is None or isinstance(value, bool) or not isinstance(value, int | float | str):
        return value
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return value
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 14 or amount != round(amount, 2):
        raise PydanticCustomError("amount", "whole cents")
    return amount.quantize(Decimal("0.01"))


def _text_of_day(value: Any) -> Any:
    """Days come as text; a number would be taken for seconds."""
    if isinstance(value, str | date) or value is None:
        return value
    raise PydanticCustomError("day", "a day")


Line = Annotated[str, BeforeValidator(clean), Field(max_length=400)]
Words = Annotated[str, BeforeValidator(clean), Field(max_length=2000)]
RoleName = Annotated[str, BeforeValidator(clean), Field(max_length=80)]
Address = Annotated[str, BeforeValidator(clean), Field(max_length=400), AfterValidator(_address)]
Code = Annotated[str, matching(CODE)]
Codes = Annotated[list[Code], Field(max_length=60)]
Label = Annotated[str, matching(LABEL, "label")]
Labels = Annotated[list[Label], Field(max_length=100)]
Position = Annotated[int, between(0, 30_000)]
Period = Annotated[int, between(1, 60)]
Year = Annotated[int, between(1900, 2200)]
Share = Annotated[float, between(0, 1)]
Day = Annotated[date, BeforeValidator(_text_of_day)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Indicator = Annotated[str, Field(max_length=64)]
Region = Annotated[str, Field(max_length=16)]
