"""Frozen packs in words: what changed between two of them, who did what, and what is proposed to a committee."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date as Date
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from analysis.steering import Concern
from dashboard import editable
from dashboard.i18n import DASH, N_, _, date, language, ngettext, number
from dashboard.programmes import CATEGORIES, STATUS_WORDS, money, period_name, role_name, share, spending_words

ROLES: Mapping[str, str] = {"facilitator": N_("facilitator"), "command": N_("command line"), "reader": N_("reader")}
"""Who freezes, in words."""

MEASURES: Mapping[str, str] = {
    "declared": N_("declared"),
    "certified": N_("certified"),
    "verified": N_("verified"),
    "deducted": N_("deducted"),
    "parked": N_("parked"),
    "amount": N_("planned"),
}
"""Amounts of money in words."""

PARTS: Mapping[str, str] = {
    "programme": N_("Programme"),
    "facts": N_("Fact"),
    "partners": N_("Partner"),
    "working_groups": N_("Working group"),
    "periods": N_("Reporting period"),
    "work_packages": N_("Work package"),
    "activities": N_("Activity"),
    "deliverables": N_("Deliverable"),
    "pilots": N_("Pilot"),
    "pilot_reports": N_("Report of a pilot"),
    "result_indicators": N_("Result indicator"),
    "result_values": N_("Value of an indicator"),
    "partner_reports": N_("Report of a partner"),
    "risks": N_("Risk"),
    "risk_scores": N_("Score of a risk"),
    "meetings": N_("Meeting"),
    "decisions": N_("Decision"),
    "actions": N_("Action"),
    "events": N_("Event"),
    "communications": N_("Publication"),
    "adoptions": N_("Uptake"),
    "strategies": N_("Strategy"),
    "measures": N_("Measure"),
    "chain_links": N_("Link of the theory of change"),
    "evaluations": N_("Evaluation"),
}
"""Kinds of things of a programme, one of them in words."""

FIGURES: Mapping[str, str] = {
    "plan_covered": N_("Plan of the controlled periods"),
    "certified": N_("Certified spending of the controlled periods"),
    "plan_reported": N_("Plan to the last closed period"),
    "declared": N_("Declared spending to the last closed period"),
    "covered": N_("Last fully controlled period"),
    "status": N_("Status of spending"),
    "on_track": N_("Pilots on track"),
    "watch": N_("Pilots to watch"),
    "off_track": N_("Pilots off track"),
    "no_report": N_("Pilots without report"),
    "not_computable": N_("Pilots not computable"),
    "done": N_("Pilots done"),
    "decisions": N_("Decisions"),
    "overdue": N_("Overdue actions"),
    "median_days": N_("Median days from decision to completed action"),
}

MONEY_FIGURES = ("plan_covered", "certified", "plan_reported", "declared")

PROPOSALS: Mapping[Concern, str] = {
    Concern.PILOT_OFF_TRACK: N_("ask for a plan to catch up by the next meeting, or change or stop the pilot"),
    Concern.PILOT_SILENT: N_("set a last day for the report, and say what follows when it passes"),
    Concern.RISK_UNMANAGED: N_("have the owner name a mitigation with its day at this meeting"),
    Concern.SPENDING: N_("ask those furthest behind for a forecast, and prepare a shift of budget"),
    Concern.ACTIONS_OVERDUE: N_("go through them one by one: a new day, or cancel"),
    Concern.DELIVERABLES_LATE: N_("agree to the new days, or take the deliverable back"),
    Concern.LIGHT_ROSIER: N_("hear those who run it, then settle which light stands"),
    Concern.EFFECT_DUE: N_("record whether the decision worked"),
}
"""What the committee may decide on each kind of concern; a proposal to talk about, no more."""


REASONS: Mapping[str, str] = {
    "programme": N_("There is no programme {programme}."),
    "period": N_("Period {period} cannot be frozen: it has not ended yet, or there is none of this number."),
    "pack": N_("There is no pack {number}."),
    "decision": N_("There is no adopted decision {decision}."),
    "adopted": N_("Pack {number} was adopted already, by {decision}."),
}
"""Why something about packs is refused (``store.packs.REASONS``)."""


class Change(NamedTuple):
    """A change in words: what, before, after, and what a careful reader wants to know besides."""

    what: str
    old: str
    new: str
    about: str = ""

    @property
    def sentence(self) -> str:
        """All of it on one line: "partner 7, external expertise: 41 200 → 39 800 (declared, RP4, EUR)"."""
        rest = f" ({self.about})" if self.about else ""
        return f"{self.what}: {self.old} → {self.new}{rest}"


@dataclass(frozen=True)
class Names:
    """How things of a programme are called, by kind and code, and its currency."""

    currency: str
    by_kind: Mapping[str, Mapping[Any, str]]

    @classmethod
    def of(cls, parts: Mapping[str, pd.DataFrame], currency: str) -> "Names":
        """From the frames of a programme, live or frozen."""
        found: dict[str, dict[Any, str]] = {}
        for kind, frame in parts.items():
            field = next((one for one in ("title", "name", "text", "question", "event") if one in frame), None)
            if field and "code" in frame:
                found[kind] = dict(zip(frame["code"], frame[field], strict=True))
        partners = parts.get("partners")
        if partners is not None and len(partners):
            places = zip(partners["code"], partners["position"], strict=True)
            found["partners"] = {code: _("partner {n}").format(n=number(place)) for code, place in places}
            found["abbreviations"] = dict(zip(partners["code"], partners["abbreviation"], strict=True))
        return cls(currency, found)

    def get(self, kind: str, code: Any) -> str:
        """The name of a thing, else its code."""
        return self.by_kind.get(kind, {}).get(code) or str(code)


KINDS: Mapping[str, str] = {
    "indicator": "result_indicators",
    "partner": "partners",
    "pilot": "pilots",
    "risk": "risks",
    "work_package": "work_packages",
}
"""Which kind of thing a part of a key names."""


def change(told: Mapping[str, Any], names: Names) -> Change:
    """One change (``store.packs.differences``) in words."""
    what = told["what"]
    part, key, field = what["part"], what["key"], what["field"]
    if part in ("expenditure", "budget"):
        return _money_change(told, names)
    if part.startswith("figure."):
        return _figure_change(told, names)
    head = _(PARTS.get(part, part))
    called = [head[:1].upper() + head[1:] if part == "programme" else head, *_key_words(part, key, names)]
    if not field:
        states = (_("not there"), _("there"))
        return Change(" ".join(called), states[told["old"] is not None], states[told["new"] is not None])
    name = editable.field_name(field.removeprefix("texts.").removesuffix("_cents"))
    about = _("text") if field.startswith("texts.") else ""
    old, new = _value(field, told["old"], names), _value(field, told["new"], names)
    return Change(f"{' '.join(called)}, {name}", old, new, about)


def _key_words(part: str, key: Mapping[str, Any], names: Names) -> list[str]:
    words = []
    for name, code in key.items():
        if name in ("period", "number"):
            words.append(period_name(int(code)))
        elif name == "code":
            title = names.get(part, code)
            words.append(f"{code} ({title})" if title != str(code) else str(code))
        else:
            words.append(names.get(KINDS.get(name, ""), code))
    return words


def _money_change(told: Mapping[str, Any], names: Names) -> Change:
    key, measure = told["what"]["key"], told["what"]["field"].removesuffix("_cents")
    category = _(CATEGORIES.get(key["category"], key["category"]))
    what = f"{names.get('partners', key['partner'])}, {category[:1].lower()}{category[1:]}"
    short = names.get("abbreviations", key["partner"])
    more = [key[one] for one in ("work_package", "fund") if one in key]
    about = ", ".join([short, _(MEASURES[measure]), period_name(int(key["period"])), *more, names.currency])
    return Change(what, amount(told["old"]), amount(told["new"]), about)


def _figure_change(told: Mapping[str, Any], names: Names) -> Change:
    what = told["what"]
    part, name = what["part"].removeprefix("figure."), what["field"]
    if part in ("judged", "risks"):
        code = next(iter(what["key"].values()))
        if part == "risks":
            head = _("Risk {code}, score").format(code=code)
            return Change(head, number(told["old"]), number(told["new"]), _("computed"))
        head = _("Status of {indicator}").format(indicator=names.get("result_indicators", code))
        return Change(head, _status(told["old"]), _status(told["new"]), _("computed"))
    if name in MONEY_FIGURES:
        about = f"{_('computed')}, {names.currency}"
        return Change(_(FIGURES[name]), amount(told["old"]), amount(told["new"]), about)
    return Change(_(FIGURES.get(name, name)), _status(told["old"]), _status(told["new"]), _("computed"))


def _status(value: Any) -> str:
    """A computed status in words, or a computed number."""
    if isinstance(value, str):
        return _(STATUS_WORDS.get(value, value))
    return number(value, 0 if value is None or float(value).is_integer() else 1)


def amount(cents: int | None) -> str:
    """An amount, with cents only where there are any."""
    return money(cents, 0 if cents is None or cents % 100 == 0 else 2)


def _value(field: str, value: Any, names: Names) -> str:
    """A stored value in words."""
    if value is None or value == "":
        return DASH
    if field.endswith("_cents"):
        return f"{names.currency} {amount(value)}"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return number(value, 0 if float(value).is_integer() else 2)
    if isinstance(value, Mapping):
        return _short(_spoken(value))
    if isinstance(value, list):
        return _short(", ".join(str(one) for one in value)) or DASH
    if field in STATES_OF:
        return _(STATES_OF[field].get(str(value), str(value)))
    try:
        return date(Date.fromisoformat(str(value)))
    except ValueError:
        return _short(str(value))


STATES_OF: Mapping[str, Mapping[str, str]] = {
    "light": STATUS_WORDS,
    "state": {
        "proposed": N_("proposed"),
        "adopted": N_("adopted"),
        "deferred": N_("deferred"),
        "rejected": N_("rejected"),
        "superseded": N_("superseded"),
    },
    "status": {
        "draft": N_("draft"),
        "submitted": N_("submitted"),
        "in_control": N_("in control"),
        "certified": N_("certified"),
    },
}
"""Codes of columns in words."""


def _spoken(texts: Mapping[str, Any]) -> str:
    found = texts.get(language()) or texts.get("en") or next((one for one in texts.values() if one), "")
    return str(found) if found else DASH


LONGEST = 90


def _short(text: str) -> str:
    """A text that is told in a list, cut where it is long."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def refused(reason: str, **facts: object) -> str:
    """Why something about packs is refused."""
    return _(REASONS[reason]).format(**facts)


# --- sentences -------------------------------------------------------------------------------------------------------


def spending(told: Mapping[str, Any]) -> str:
    """Like with like, in two sentences; certified money never beside the plan of a later period.

    Args:
        told: ``money`` of ``analysis.snapshot.figures``.
    """
    if not told["plan_reported"]:
        return _("No plan of money is on record.")
    return spending_words(
        int(told["covered"]),
        _part(told["certified"], told["plan_covered"]),
        int(told["reported"]),
        _part(told["declared"], told["plan_reported"]),
    )


def _part(some: int, whole: int) -> Fraction | None:
    return Fraction(some, whole) if whole else None


def opening(figures: Mapping[str, Any], period: int, periods: int, late: int) -> str:
    """The sentence with which a pack begins, by rule: pilots, money, deliverables, and who has not reported."""
    counts, told = figures["counts"], figures["money"]
    of = sum(counts.values())
    parts = []
    if of:
        good = counts["on_track"] + counts["done"]
        parts.append(_("{n} of {of} pilots on track").format(n=number(good), of=number(of)))
    like = _part(told["certified"], told["plan_covered"])
    if like is not None:
        parts.append(
            _("certified spending {share} of the {period} plan").format(
                share=share(like), period=period_name(int(told["covered"]))
            )
        )
    if late:
        parts.append(ngettext("{n} deliverable late", "{n} deliverables late", late).format(n=number(late)))
    words = ", ".join(parts) or _("nothing can be compared yet")
    end = "."
    if counts["no_report"]:
        silent = ngettext("{n} pilot has not reported", "{n} pilots have not reported", counts["no_report"])
        end = f"; {silent.format(n=number(counts['no_report']))}."
    return _("After period {p} of {of}: {words}").format(p=number(period), of=number(periods), words=words) + end


def concern_words(kind: Concern, code: str, title: str, size: float | None) -> str:
    """What needs the committee, in a sentence.

    Args:
        kind: what kind of thing.
        code, title: the pilot or risk that it is about.
        size: how many, how much or which score; None where there is none.
    """
    size = 0.0 if size is None or size != size else size
    words: dict[Concern, str] = {
        Concern.PILOT_OFF_TRACK: _("Pilot off track: {pilot}, {share} behind what was expected"),
        Concern.PILOT_SILENT: _("No report: {pilot}"),
        Concern.LIGHT_ROSIER: _("Sees itself rosier than its figures do: {pilot}"),
        Concern.RISK_UNMANAGED: _("Risk {code} scores {score} and has no dated mitigation: {event}"),
        Concern.SPENDING: _("Certified spending is {share} under the plan of the same periods"),
        Concern.ACTIONS_OVERDUE: ngettext("{n} action is overdue", "{n} actions are overdue", size),
        Concern.DELIVERABLES_LATE: ngettext("{n} deliverable is late", "{n} deliverables are late", size),
        Concern.EFFECT_DUE: _("It is time to look whether a decision worked"),
    }
    exact = 0 if kind == Concern.PILOT_OFF_TRACK else 1
    return words[kind].format(
        pilot=title, event=title, code=code, share=share(round(size, 6), exact), score=number(size), n=number(size)
    )


def owner_words(owner: str, owners: Sequence[str]) -> str:
    """Who answers for it: one, or several, each once."""
    named = [owner] if owner else list(dict.fromkeys(owners))
    return ", ".join(role_name(one) for one in named if one)


def concern(one: Mapping[str, Any], parts: Mapping[str, pd.DataFrame]) -> tuple[str, str, str, str]:
    """What needs the committee: what, who answers for it, since when, and what is proposed."""
    kind = Concern(one["concern"])
    code = one["codes"][0] if one["codes"] else ""
    named = parts["risks"] if kind == Concern.RISK_UNMANAGED else parts["pilots"]
    title = _title(named, "event" if kind == Concern.RISK_UNMANAGED else "title", code)
    said = concern_words(kind, code, title, one["size"])
    since = date(Date.fromisoformat(one["since"])) if one["since"] else ""
    proposal = _(PROPOSALS[kind])
    return said, owner_words(one["owner"], one["owners"]), since, f"{proposal[:1].upper()}{proposal[1:]}."


def _title(frame: pd.DataFrame, field: str, code: str) -> str:
    found = frame.loc[frame["code"] == code, field].tolist() if len(frame) else []
    return str(found[0]) if found else code
