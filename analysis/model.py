"""What the measures talk about: indicators, flags, dated thresholds and the code of every verdict.

Observation frames have the columns ``indicator, region, period, value, flags`` (period: int year, value: float with NaN
for missing, flags: the publisher's letters). Missing is never zero; ``b`` says that a value is not comparable with the
years before it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import pandas as pd

OBSERVATION = ["indicator", "region", "period", "value", "flags"]
"""Columns that every measure needs of an observation frame; others are ignored."""

UNCERTAIN = frozenset("efipsu")
"""Flags of values that are estimated, forecast, imputed, provisional or of low reliability."""


def _number(value: Any) -> float | None:
    return None if value is None or pd.isna(value) else float(value)


@dataclass(frozen=True)
class IndicatorSpec:
    """What the measures must know of an indicator.

    ``direction`` is +1 (higher is better), -1 or 0 (neither); ``change`` is ``relative`` (growth in percent a year) or
    ``points`` (change in the unit itself a year, for shares and for values that may cross zero); ``lower`` and
    ``upper`` are the limits of possible values, in the unit.
    """

    code: str
    direction: int = 1
    change: str = "relative"
    decimals: int = 1
    lower: float | None = None
    upper: float | None = None
    target_value: float | None = None
    target_year: int | None = None

    @classmethod
    def from_row(cls, row: Mapping[str, Any] | pd.Series) -> "IndicatorSpec":
        """Of one row of the indicators frame; absent or empty limits and targets become None."""
        year = _number(row.get("target_year"))
        return cls(
            code=str(row["code"]),
            direction=int(row["direction"]),
            change=str(row["change"]),
            decimals=int(row["decimals"]),
            lower=_number(row.get("lower")),
            upper=_number(row.get("upper")),
            target_value=_number(row.get("target_value")),
            target_year=None if year is None else int(year),
        )


def specs_of(indicators: pd.DataFrame) -> dict[str, IndicatorSpec]:
    """The indicators frame as specs by code."""
    return {str(row["code"]): IndicatorSpec.from_row(row) for _, row in indicators.iterrows()}


class Level(StrEnum):
    """Where a value stands against a reference of the same year, in the desired direction; ``above`` is better.

    Higher and lower are for neutral indicators.
    """

    BETTER = "above"
    NEAR = "near"
    WORSE = "below"
    HIGHER = "higher"
    LOWER = "lower"
    UNKNOWN = "unknown"


class Movement(StrEnum):
    """How a value moved, in the desired direction; rising and falling are for neutral indicators."""

    SIGNIFICANT_PROGRESS = "significant_progress"
    MODERATE_PROGRESS = "moderate_progress"
    NO_CHANGE = "steady"
    MODERATE_AWAY = "moderate_away"
    SIGNIFICANT_AWAY = "significant_away"
    RISING = "rising"
    FALLING = "falling"
    NOT_COMPUTABLE = "not_computable"


class TargetProgress(StrEnum):
    """Observed pace beside the pace that the target requires."""

    REACHED = "achieved"
    SIGNIFICANT = "on_track"
    MODERATE = "moderate_progress"
    INSUFFICIENT = "insufficient"
    AWAY = "away"
    NOT_COMPUTABLE = "not_computable"


class Arrival(StrEnum):
    """When the target is reached if the present pace goes on."""

    REACHED = "reached"
    YEAR = "year"
    FAR = "far"
    NEVER = "never"
    NOT_COMPUTABLE = "not_computable"


class Reason(StrEnum):
    """Why a measure gives no result; ``reason_year`` of the result says the year where there is one."""

    NONE = ""
    NO_VALUE = "no_value"
    GAP = "gap"
    BREAK = "break"
    NO_REFERENCE = "no_reference"
    NO_DIRECTION = "no_direction"
    TARGET_PAST = "target_past"


class Verdict(StrEnum):
    """Result of comparing two values whose 90 % ranges are known."""

    AHEAD = "ahead"
    BEHIND = "behind"
    HIGHER = "higher"
    LOWER = "lower"
    UNCLEAR = "unclear"


class Trend(StrEnum):
    """What happened to gaps between regions, as far as the confidence band supports it."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    UNCLEAR = "unclear"
    NOT_COMPUTABLE = "not_computable"


class Status(StrEnum):
    """Status of a programme indicator beside what was expected by now."""

    DONE = "done"
    ON_TRACK = "on_track"
    WATCH = "watch"
    OFF_TRACK = "off_track"
    NOT_DUE = "not_due"
    NO_REPORT = "no_report"
    NOT_COMPUTABLE = "not_computable"


@dataclass(frozen=True)
class DirectionThresholds:
    """When a change counts as significant, in the desired direction.

    Relative changes: Eurostat's limits for indicators without a quantitative target, in percent a year. Changes in
    points: ``points`` percent of the scale a year (0.5 on a scale of 0 to 100), our own choice: it equals Eurostat's
    1 % a year for a share in the middle of the scale.
    """

    significant: float = 1.0
    away: float = -1.0
    points: float = 0.5
    years: int = 5
    tolerance: int = 1
    shortest: int = 3
    source: str = "Eurostat, Sustainable development in the European Union, annex on assessing indicator trends"
    source_url: str = "https://ec.europa.eu/eurostat/web/sdi"
    valid_from: date = date(2020, 6, 22)


@dataclass(frozen=True)
class TargetThresholds:
    """Observed beside required pace, in percent: Eurostat's limits for indicators with a quantitative target."""

    significant: float = 95.0
    moderate: float = 60.0
    horizon: int = 2100
    source: str = "Eurostat, Sustainable development in the European Union, annex on assessing indicator trends"
    source_url: str = "https://ec.europa.eu/eurostat/web/sdi"
    valid_from: date = date(2020, 6, 22)


@dataclass(frozen=True)
class LevelThresholds:
    """How close to a reference counts as near it, as a share of the reference. Our own choice."""

    near: float = 0.05
    source: str = "PoliSEE"
    source_url: str = ""
    valid_from: date = date(2026, 11, 1)


@dataclass(frozen=True)
class StatusThresholds:
    """Ratio of achieved to expected change from which a programme indicator is on track or to be watched."""

    on_track: float = 0.90
    watch: float = 0.70
    source: str = "PoliSEE; the same limits are the default of a common strategy monitoring tool (Camms)"
    source_url: str = "https://camms.atlassian.net/wiki/spaces/CD/pages/135626999"
    valid_from: date = date(2026, 11, 1)


DIRECTION = DirectionThresholds()
TARGET = TargetThresholds()
LEVEL = LevelThresholds()
STATUS = StatusThresholds()


def join_flags(flags: Iterable[str]) -> str:
    """All letters of several flags, each once, sorted; this is how a marker travels into results."""
    return "".join(sorted(set("".join(flags))))


def is_uncertain(flags: str) -> bool:
    """Whether a value (or any input of a result) is estimated, provisional, forecast, imputed or of low reliability."""
    return bool(UNCERTAIN.intersection(flags))
