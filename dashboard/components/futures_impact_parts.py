"""What all views of the cross-impact part share: its choices, exhibits that lead back to them, words for likeness."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import pandas as pd
from dash import Input, State, html

from dashboard import frames, futures, judgements
from dashboard.components.filter_bar import filter_bar
from dashboard.components.futures_parts import set_exhibit
from dashboard.exhibits import Exhibit
from dashboard.filters import Filters, Option, control_id, one_of, texts_like
from dashboard.futures import FuturesFilters, FuturesSet
from dashboard.i18n import N_, _, ngettext, number
from dashboard.judgements import BOX, CIB, INFLUENCE, Kind, Likeness, Sheet

PAGE, OWN = "futures", "futures-impact"
"""Names in the ids of the controls: the page's own, and those of this part."""

AGREED = "agreed"
"""Whose judgements unless a group is chosen."""

VIEWS: Mapping[str, str] = {
    CIB: N_("Cross-impact balances"),
    INFLUENCE: N_("Who drives, who is driven"),
    BOX: N_("Morphological box"),
}
ACCEPTED: Mapping[str, str] = {
    "strict": N_("Every state the single best"),
    "0": N_("Best, ties count"),
    "1": N_("Up to 1 point short"),
    "2": N_("Up to 2 points short"),
    "3": N_("Up to 3 points short"),
}
RULES: Mapping[str, str] = {
    "global": N_("All at once (global)"),
    "incremental": N_("The weakest first (incremental)"),
}
POTENTIALS: Mapping[str, str] = {"0": N_("What is: counts as 0"), "3": N_("What may come: counts as 3")}


def _told(options: Mapping[str, str]) -> list[Option]:
    return [Option(code, _(label)) for code, label in options.items()]


def group_options(found: FuturesSet | None = None) -> list[Option]:
    """Whose judgements: what was agreed, or a group; of one set, or all codes that an address may hold."""
    if found is None:
        sets = frames.scenario_sets()["groups"]
        codes = dict.fromkeys(str(group["code"]) for groups in sets for group in groups)
        return [Option(AGREED, AGREED), *(Option(code, code) for code in codes)]
    mine = [Option(str(g["code"]), str(g.get("name") or g["code"])) for g in found.groups]
    return [Option(AGREED, _("What was agreed")), *mine]


@dataclass(frozen=True)
class ImpactChoices(Filters):
    """What the reader chooses within this part.

    ``look`` is a state to be explained, ``fixed`` are values chosen in the box, ``tried`` are cells that are tried and
    not saved.
    """

    view: str = one_of(lambda: _told(VIEWS), label=N_("View"))
    rule: str = one_of(lambda: _told(RULES), label=N_("What gives way"))
    accept: str = one_of(lambda: _told(ACCEPTED), default="0", label=N_("What counts as consistent"))
    group: str = one_of(group_options, label=N_("Whose judgements"))
    potential: str = one_of(lambda: _told(POTENTIALS), label=N_("Potential influence (P)"))
    look: tuple[str, ...] = texts_like(r"\d{1,2}(-\d{1,2})*", 1)
    fixed: tuple[str, ...] = texts_like(r"[a-z0-9_-]+\.[a-z0-9_-]+", 30)
    tried: tuple[str, ...] = texts_like(judgements.CHANGE, judgements.MOST_TRIED)


@dataclass(frozen=True)
class ImpactFilters(ImpactChoices, FuturesFilters):
    """Choices of the page and of this part together: what an address or a download of it holds."""


def joined(page: FuturesFilters, own: ImpactChoices) -> ImpactFilters:
    """Choices of the page and of this part together."""
    both = {spec.name: getattr(page, spec.name) for spec in fields(page)}
    return ImpactFilters(**both, **{spec.name: getattr(own, spec.name) for spec in fields(own)})


def inputs(*names: str) -> dict[str, Any]:
    """Callback inputs: these choices as what is listened to, all others of part and page as what is only read."""
    own = ImpactChoices.inputs(OWN)
    listened = {name: own[name] for name in names}
    read = {spec.name: State(control_id(OWN, spec.name), "value") for spec in fields(ImpactChoices)}
    page = {spec.name: State(control_id(PAGE, spec.name), "value") for spec in fields(FuturesFilters)}
    return {**page, **read, **listened, "edition": Input("edition", "data")}


def asked(values: Mapping[str, Any]) -> ImpactFilters:
    """What a callback is asked, once this process knows of the reader's own edits."""
    frames.at_least(values.get("edition"))
    return ImpactFilters.parse({**values, "part": futures.IMPACT})


def bar(chosen: ImpactFilters, found: FuturesSet, names: Sequence[str]) -> html.Div:
    """The controls of a view; all others of the part stand there unseen, so that they keep their values."""
    own = ImpactChoices(**{spec.name: getattr(chosen, spec.name) for spec in fields(ImpactChoices)})
    drawn = filter_bar(OWN, own, names)
    if "group" in names:
        control = drawn.children[list(names).index("group")].children[1]
        options = group_options(found)
        control.options = [{"label": option.label, "value": option.value} for option in options]
        control.value = chosen.group if chosen.group in {option.value for option in options} else AGREED
    drawn.children = [part for part in drawn.children if getattr(part, "id", None) != control_id(OWN, "view")]
    drawn.className += " impact-bar"
    drawn.role = "group"
    setattr(drawn, "aria-label", _(VIEWS[chosen.view]))
    return drawn


def sheet(chosen: ImpactFilters, kind: Kind) -> Sheet | None:
    """The matrix of a view, as the reader wants it."""
    return judgements.sheet(chosen.set, kind, chosen.group, chosen.tried)


def impact_exhibit(chosen: ImpactFilters, found: FuturesSet, key: str, mine: Sheet, **parts: Any) -> Exhibit:
    """An exhibit of this part: says whose judgements it uses and how many cells are tried and not saved."""
    notes = [*parts.pop("notes", ())]
    words = basis_words(mine, found)
    if words:
        notes.append(words)
    if mine.tried:
        notes.append(tried_words(mine))
    return set_exhibit(chosen, found, key, notes=tuple(notes), **parts)


def no_exhibit(chosen: ImpactFilters, key: str, why: str) -> Exhibit:
    """What stands for an exhibit that cannot be made, with the reason."""
    chosen = chosen.but(part=futures.IMPACT)
    return Exhibit(key, why, "", pd.DataFrame(), (), empty=why, query=chosen.query(), path=futures.PATH)


def basis_words(mine: Sheet, found: FuturesSet) -> str:
    """Whose judgements, where it is not what was agreed."""
    if mine.basis == "agreed":
        return ""
    if mine.basis == "median":
        return _("Nothing was agreed yet: each cell is the median of what the groups say.")
    names = {str(group["code"]): str(group.get("name") or group["code"]) for group in found.groups}
    return _("Judgements of one group: {group}.").format(group=names.get(mine.basis, mine.basis))


def tried_words(mine: Sheet) -> str:
    """How many cells are tried and not saved."""
    count = len(mine.tried)
    return ngettext("{n} change is tried and not saved.", "{n} changes are tried and not saved.", count).format(
        n=number(count)
    )


def state_text(state: Sequence[int]) -> str:
    """A state as the address says it: ``0-2-1``."""
    return "-".join(str(place) for place in state)


def read_state(mine: Sheet, chosen: ImpactFilters) -> tuple[int, ...] | None:
    """The state that the reader wants explained, if it belongs to the matrix."""
    if not chosen.look:
        return None
    state = tuple(int(place) for place in chosen.look[0].split("-"))
    fits = len(state) == len(mine.parts) and all(
        place < len(part.values) for place, part in zip(state, mine.parts, strict=True)
    )
    return state if fits else None


def likeness_words(near: Likeness | None, mine: Sheet) -> str:
    """What scenario a state is, or which it is near to and where it differs from that."""
    if near is None:
        return _("no scenario of the set")
    if near.equal:
        return near.scenario.label
    if not near.differs:
        return _("fits {scenario}").format(scenario=near.scenario.label)
    where = ", ".join(mine.parts[j].name for j in near.differs)
    return _("near {scenario}, other in: {where}").format(scenario=near.scenario.label, where=where)


def state_words(state: Sequence[int], mine: Sheet) -> str:
    """A state in words: 'Skills: growing; Markets: open'."""
    return "; ".join(f"{part.name}: {part.values[place][1]}" for part, place in zip(mine.parts, state, strict=True))
