"""Marks of level, direction and status: shape, sign and word together, never colour alone (product rules 7.2)."""

from typing import NamedTuple

from dash import html

from dashboard.components.attributes import attributes, element
from dashboard.i18n import N_, _
from dashboard.programmes import STATUS_WORDS


class Mark(NamedTuple):
    """Shape, word and tone (a CSS class) of one code."""

    shape: str
    word: str
    tone: str


MARKS: dict[str, Mark] = {
    "above": Mark("▲", N_("better"), "good"),
    "near": Mark("●", N_("about the same"), "neutral"),
    "below": Mark("▼", N_("worse"), "bad"),
    "higher": Mark("▲", N_("higher"), "neutral"),
    "lower": Mark("▼", N_("lower"), "neutral"),
    "ahead": Mark("▲", N_("clearly ahead"), "good"),
    "behind": Mark("▼", N_("clearly behind"), "bad"),
    "unclear": Mark("○", N_("no clear difference"), "neutral"),
    "significant_progress": Mark("⬆", N_("significant progress"), "good"),
    "moderate_progress": Mark("⬈", N_("moderate progress"), "good"),
    "moderate_away": Mark("⬊", N_("moderate movement away"), "watch"),
    "significant_away": Mark("⬇", N_("significant movement away"), "bad"),
    "rising": Mark("⬈", N_("rising"), "neutral"),
    "falling": Mark("⬊", N_("falling"), "neutral"),
    "steady": Mark("➡", N_("steady"), "neutral"),
    "not_computable": Mark("?", STATUS_WORDS["not_computable"], "none"),
    "achieved": Mark("✓", N_("target reached"), "good"),
    "on_track": Mark("●", STATUS_WORDS["on_track"], "good"),
    "watch": Mark("▲", STATUS_WORDS["watch"], "watch"),
    "off_track": Mark("■", STATUS_WORDS["off_track"], "bad"),
    "not_due": Mark("○", STATUS_WORDS["not_due"], "none"),
    "no_report": Mark("◌", STATUS_WORDS["no_report"], "watch"),
    "done": Mark("✓", STATUS_WORDS["done"], "good"),
    "delivered": Mark("✓", N_("delivered"), "good"),
    "on_time": Mark("✓", N_("on time"), "good"),
    "late_report": Mark("▲", N_("late"), "watch"),
    "waiting": Mark("○", N_("awaited"), "neutral"),
    "not_expected": Mark("–", N_("not expected"), "none"),
    "insufficient": Mark("▲", N_("too slow"), "watch"),
    "away": Mark("■", N_("moving away"), "bad"),
    "stars_3": Mark("★★★", N_("3 of 3 stars"), "good"),
    "stars_2": Mark("★★☆", N_("2 of 3 stars"), "good"),
    "stars_1": Mark("★☆☆", N_("1 of 3 stars"), "good"),
    "stars_0": Mark("☆☆☆", N_("no star"), "neutral"),
    "no_target": Mark("–", N_("no comparable target"), "none"),
    "told": Mark("●", N_("can be told"), "neutral"),
    "too_early": Mark("○", N_("too early to tell"), "neutral"),
    "no_data": Mark("?", N_("no figures yet"), "none"),
    "off_map": Mark("■", N_("off the map"), "bad"),
    "stale": Mark("▲", N_("figures are old"), "watch"),
    "reversal": Mark("▲", N_("the leader keeps changing"), "watch"),
    "review_overdue": Mark("▲", N_("review overdue"), "watch"),
    "signpost_met": Mark("✓", N_("met"), "neutral"),
    "signpost_approaching": Mark("▶", N_("approaching"), "neutral"),
    "signpost_away": Mark("■", N_("not approaching"), "neutral"),
    "signpost_not_met": Mark("×", N_("has not happened"), "neutral"),
    "signpost_open": Mark("○", N_("open"), "neutral"),
    "signpost_no_data": Mark("?", N_("no data"), "none"),
    "robust": Mark("●", N_("robust"), "good"),
    "fragile": Mark("■", N_("fragile"), "bad"),
    "neither": Mark("▲", N_("mixed"), "watch"),
    "unjudged": Mark("?", N_("not judged everywhere"), "none"),
    "no_regrets": Mark("●", N_("no regrets"), "good"),
    "opt_out": Mark("◐", N_("opt out"), "neutral"),
    "opt_in": Mark("○", N_("opt in"), "neutral"),
    "abandon": Mark("■", N_("abandon"), "bad"),
    "bought": Mark("✓", N_("yes"), "good"),
    "not_bought": Mark("–", N_("no"), "none"),
    "reached": Mark("✓", N_("reached"), "good"),
    "in_time": Mark("●", N_("in time"), "good"),
    "tight": Mark("▲", N_("tight"), "watch"),
    "late": Mark("■", N_("too late"), "bad"),
    "overdue": Mark("×", N_("overdue"), "bad"),
    "seen": Mark("●", N_("seen before"), "good"),
    "never_seen": Mark("■", N_("never seen"), "bad"),
    "not_needed": Mark("✓", N_("no change needed"), "good"),
    "not_available": Mark("–", N_("no history to compare with"), "none"),
}


def mark(code: str, extra: str = "") -> html.Span:
    """Draw the mark of a code with its word; an unknown code shows as not computable."""
    found = MARKS.get(code, MARKS["not_computable"])
    words = _(found.word) + (f" {extra}" if extra else "")
    return html.Span(
        [
            element("Span", found.shape, className="mark-shape", **attributes(aria_hidden="true")),
            element("Span", words),
        ],
        className=f"mark mark-{found.tone}",
    )


def word(code: str) -> str:
    """The word of a code, for exports and sentences."""
    return _(MARKS.get(code, MARKS["not_computable"]).word)


FLAGS: dict[str, str] = {
    "b": N_("break in the series"),
    "c": N_("confidential"),
    "d": N_("definition differs"),
    "e": N_("estimated"),
    "f": N_("forecast"),
    "i": N_("imputed"),
    "n": N_("not significant"),
    "p": N_("provisional"),
    "r": N_("revised"),
    "s": N_("estimated by Eurostat"),
    "u": N_("low reliability"),
    "z": N_("not applicable"),
}


def flag_words(flags: str) -> str:
    """The publisher's letters in words: ``bu`` becomes 'break in the series, low reliability'."""
    return ", ".join(_(FLAGS[letter]) if letter in FLAGS else letter for letter in flags)


def flag(flags: str) -> html.Abbr | str:
    """The publisher's letters, their meaning on hover, focus and for screen readers; nothing when there are none."""
    if not flags:
        return ""
    return html.Abbr(flags, title=flag_words(flags), className="flag", tabIndex="0")
