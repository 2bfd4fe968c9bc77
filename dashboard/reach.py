"""Whom a programme reaches and who uses it: publications, events, adopters, as chosen. No Dash, no SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from analysis import outreach, pilots
from dashboard import frames, programmes
from dashboard.filters import Option, one_of
from dashboard.i18n import N_, _, number
from dashboard.programmes import ALL, ProgrammeFilters, ProgrammeView

PATH = "/outreach"

CHANNELS: Mapping[str, str] = {
    "website": N_("Website"),
    "social": N_("Social media"),
    "press": N_("Press"),
    "publication": N_("Publication"),
    "newsletter": N_("Newsletter"),
}
KINDS: Mapping[str, str] = {
    "committee": N_("Committee meeting"),
    "workshop": N_("Workshop"),
    "study_visit": N_("Study visit"),
    "training": N_("Training"),
    "conference": N_("Conference"),
    "webinar": N_("Webinar"),
    "meeting": N_("Meeting"),
    "sc": N_("Steering committee"),
    "tsc": N_("Technical and scientific committee"),
    "wg": N_("Working group"),
}
"""Kinds of events, and bodies that meet."""

GROUPS: Mapping[str, str] = {
    "local_authority": N_("Local public authority"),
    "regional_authority": N_("Regional public authority"),
    "national_authority": N_("National public authority"),
    "sectoral_agency": N_("Sectoral agency"),
    "service_provider": N_("Infrastructure and public service provider"),
    "interest_group": N_("Interest group, including NGOs"),
    "higher_education": N_("Higher education and research"),
    "training_centre": N_("Education or training centre, school"),
    "large_enterprise": N_("Enterprise that is no SME"),
    "sme": N_("Small or medium-sized enterprise"),
    "business_support": N_("Business support organisation"),
    "egtc": N_("European grouping of territorial cooperation"),
    "international": N_("International organisation"),
    "general_public": N_("General public"),
    "hospital": N_("Hospital or medical centre"),
    "cross_border": N_("Cross-border legal body"),
    "other": N_("Other"),
    "cluster_organisation": N_("Cluster organisation"),
}
"""Target groups: the seventeen of Interreg's monitoring, and cluster organisations, which they do not tell apart."""

TILES: Mapping[str, tuple[int, int]] = {
    "DE": (1, 1),
    "CZ": (2, 1),
    "SK": (3, 1),
    "UA": (5, 1),
    "AT": (2, 2),
    "HU": (3, 2),
    "RO": (4, 2),
    "MD": (5, 2),
    "IT": (1, 3),
    "SI": (2, 3),
    "HR": (3, 3),
    "RS": (4, 3),
    "BG": (5, 3),
    "BA": (2, 4),
    "ME": (3, 4),
    "XK": (4, 4),
    "MK": (5, 4),
    "AL": (3, 5),
    "EL": (4, 5),
    "TR": (5, 5),
}
"""Column and row of each country of the area on the map of tiles."""


def group_code(name: str) -> str:
    """The code of a target group as a programme writes it; one that is not known stays what it is."""
    plain = "_".join(name.lower().replace("-", " ").split())
    return plain.removesuffix("_organisation") if plain == "international_organisation" else plain


def group_name(code: str) -> str:
    """A target group in words."""
    return _(GROUPS[code]) if code in GROUPS else code.replace("_", " ")


def channel_options() -> list[Option]:
    """All channels, and each."""
    return [Option(ALL, _("All channels")), *(Option(code, _(name)) for code, name in CHANNELS.items())]


def group_options() -> list[Option]:
    """All target groups, and those that any event of any programme counts."""
    return list(frames.remember("reach-groups", (), _group_options))


def _group_options() -> list[Option]:
    found: set[str] = set()
    for programme in programmes.programme_options():
        for counts in frames.programme_part("events", programme.value)["counts"]:
            found |= {group_code(name) for name in counts or {}}
    order = list(GROUPS)
    ranked = sorted(found, key=lambda code: (order.index(code) if code in order else len(order), code))
    return [Option(ALL, _("All target groups")), *(Option(code, group_name(code)) for code in ranked)]


def country_options() -> list[Option]:
    """All countries, and those of any event or adopter."""
    return list(frames.remember("reach-countries", (), _country_options))


def _country_options() -> list[Option]:
    found: set[str] = set()
    for programme in programmes.programme_options():
        for part in ("events", "adoptions"):
            found |= {code for code in frames.programme_part(part, programme.value)["country"] if code}
    return [
        Option(ALL, _("All countries")),
        *sorted((Option(code, frames.country_name(code)) for code in found), key=lambda one: one.label),
    ]


@dataclass(frozen=True)
class ReachFilters(ProgrammeFilters):
    """What the reader wants to see of a programme's outreach."""

    channel: str = one_of(channel_options, default=ALL, label=N_("Channel"))
    country: str = one_of(country_options, default=ALL, label=N_("Country"))
    group: str = one_of(group_options, default=ALL, label=N_("Target group"))


def items(chosen: ReachFilters) -> pd.DataFrame:
    """Publications in the choice, newest first; they have no country and no target group."""
    table = programmes.part(chosen.programme, "communications", chosen.theme)
    if chosen.channel != ALL:
        table = table[table["channel"] == chosen.channel]
    days = [str(day) if pilots.given(day) else "" for day in table["published_on"]]
    return table.assign(day=days).sort_values("day", ascending=False, kind="stable")


def events(chosen: ReachFilters) -> pd.DataFrame:
    """Events in the choice, soonest first, those without a day last: the columns of ``events`` with ``is_past`` and
    ``groups``, the people counted by the codes of their groups."""
    view = programmes.the_programme(chosen.programme)
    table = programmes.part(chosen.programme, "events", chosen.theme)
    counts = [{group_code(name): int(n) for name, n in (one or {}).items() if n is not None} for one in table["counts"]]
    table = table.assign(
        groups=pd.Series(counts, index=table.index, dtype=object), is_past=[_is_past(row, view) for row in rows(table)]
    )
    if chosen.country != ALL:
        table = table[table["country"] == chosen.country]
    if chosen.group != ALL:
        table = table[np.array([chosen.group in one for one in table["groups"]], dtype=bool)]
    days = [str(day) if pilots.given(day) else "9999" for day in table["start"]]
    return table.assign(day=days).sort_values("day", kind="stable")


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dictionaries."""
    return frames.records(table)


def _is_past(row: Mapping[str, Any], view: ProgrammeView) -> bool:
    """Whether an event is over; one whose day is not known is over when its programme is."""
    last = row["end"] if pilots.given(row["end"]) else row["start"]
    return bool(last < view.today) if pilots.given(last) else view.origin == "published"


def adoptions(chosen: ReachFilters) -> pd.DataFrame:
    """Adopters in the choice, furthest first."""
    table = programmes.part(chosen.programme, "adoptions", chosen.theme)
    if chosen.country != ALL:
        table = table[table["country"] == chosen.country]
    order = list(outreach.STAGES)
    return table.assign(place=[-order.index(stage) for stage in table["stage"]]).sort_values("place", kind="stable")


def people(row: Mapping[str, Any], group: str = ALL) -> int | None:
    """How many people an event counted, of all groups or one; None where none were counted."""
    counts: Mapping[str, int] = row["groups"]
    if not counts:
        return None
    return sum(counts.values()) if group == ALL else counts.get(group)


def count_words(count: int | None) -> str:
    """A count of people as it may be shown: small ones are hidden."""
    if count is None:
        return ""
    return number(count) if count == 0 or count >= outreach.LEAST else small()


def small() -> str:
    """What stands in place of a count that may not be shown."""
    return _("< {least}").format(least=number(outreach.LEAST))


HIDDEN = "…"
"""What stands in place of a count that would give away a small one."""


def group_table(chosen: ReachFilters) -> tuple[pd.DataFrame, list[str]]:
    """People by target group (rows) and kind of event (columns), as words: small counts and those that would give them
    away are hidden; the last column and row are totals.

    Returns:
        [group, name, <kind> …, total], and the kinds in their order.
    """
    table = events(chosen)
    kinds = [kind for kind in KINDS if kind in set(table["kind"])]
    groups = [option.value for option in group_options() if option.value != ALL]
    if chosen.group != ALL:
        groups = [chosen.group]
    counts = np.zeros((len(groups), len(kinds)), dtype=np.int64)
    for row in rows(table):
        for group, n in row["groups"].items():
            if group in groups:
                counts[groups.index(group), kinds.index(row["kind"])] += n
    kept = counts.sum(axis=1) > 0
    used = counts.sum(axis=0) > 0
    counts, groups = counts[kept][:, used], [one for one, keep in zip(groups, kept, strict=True) if keep]
    kinds = [one for one, keep in zip(kinds, used, strict=True) if keep]
    if not groups:
        return pd.DataFrame(columns=["group", "name", "total"]), []
    hide = outreach.hidden(counts)
    whole = np.block([[counts, counts.sum(axis=1)[:, None]], [counts.sum(axis=0)[None, :], counts.sum()]])
    names = [*groups, ""]
    out = []
    for place, group in enumerate(names):
        words = [_cell(int(n), bool(h)) for n, h in zip(whole[place], hide[place], strict=True)]
        title = group_name(group) if group else _("All target groups")
        out.append({"group": group, "name": title} | dict(zip([*kinds, "total"], words, strict=True)))
    return pd.DataFrame(out), kinds


def _cell(count: int, hide: bool) -> str:
    if not hide:
        return number(count)
    return small() if 0 < count < outreach.LEAST else HIDDEN


def by_country(chosen: ReachFilters) -> pd.DataFrame:
    """Events, people and adopters by country, most events first: [country, name, events, coming, people, adopters,
    confirmed]; what is online has no country and stands last, under ''."""
    view = programmes.the_programme(chosen.programme)
    area = list(frames.programmes().set_index("code").loc[view.code, "area"]) if chosen.country == ALL else []
    found: dict[str, dict[str, Any]] = {}

    def of(code: str) -> dict[str, Any]:
        name = frames.country_name(code) if code else _("Online")
        nothing = {
            "country": code,
            "name": name,
            "events": 0,
            "coming": 0,
            "people": None,
            "adopters": 0,
            "confirmed": 0,
        }
        return found.setdefault(code, nothing)

    for row in rows(events(chosen)):
        mine = of(row["country"])
        mine["events"] += 1
        mine["coming"] += not row["is_past"]
        n = people(row, chosen.group)
        mine["people"] = mine["people"] if n is None else (mine["people"] or 0) + n
    for row in rows(adoptions(chosen)):
        mine = of(row["country"])
        mine["adopters"] += 1
        mine["confirmed"] += pilots.given(row["confirmed_on"])
    for code in area:
        of(code)
    return pd.DataFrame(
        sorted(found.values(), key=lambda row: (row["country"] == "", -row["events"], -row["adopters"], row["name"])),
        columns=["country", "name", "events", "coming", "people", "adopters", "confirmed"],
    )


def goals(code: str) -> dict[str, float]:
    """Targets of the programme's common result indicators, by their codes."""
    table = frames.programme_part("result_indicators", code)
    mine: Sequence[dict[str, Any]] = rows(table[table["common_code"].isin(("RCR 79", "RCR 104"))])
    return {row["common_code"]: float(row["target"]) for row in mine if pilots.given(row["target"])}
