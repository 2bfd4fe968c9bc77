"""A theory of change as lanes: from a problem and the measure against it through pilots to what is wanted of a region.

Links may name anything and lead over any step or none; lanes put each pilot under each measure that tries it. What is
drawn says what is thought to contribute; no rule here proves that it does.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """What one pilot leads to, each by its code; ``pilot`` is '' where a measure acts without one."""

    pilot: str
    deliverables: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lane:
    """A measure ('' for pilots that no measure names) with the problems that it answers, its pilots, and the aims."""

    measure: str
    problems: tuple[str, ...]
    steps: tuple[Step, ...]
    aims: tuple[str, ...]


@dataclass
class _Net:
    """Links by where they begin and where they end."""

    onward: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    back: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def to(self, kind: str, *starts: tuple[str, str]) -> tuple[str, ...]:
        """Codes of a kind that any of these lead to at once, in order, each once."""
        found = [code for start in starts for k, code in self.onward.get(start, ()) if k == kind]
        return tuple(dict.fromkeys(found))

    def of(self, kind: str, end: tuple[str, str]) -> tuple[str, ...]:
        """Codes of a kind that lead here at once."""
        return tuple(dict.fromkeys(code for k, code in self.back.get(end, ()) if k == kind))


def lanes(
    links: Iterable[Mapping[str, str]], measures: Sequence[str], pilots: Sequence[str], owners: Mapping[str, str]
) -> tuple[Lane, ...]:
    """Measures in their order, then the pilots that none of them names.

    Args:
        links: rows with from_kind, from_code, to_kind and to_code.
        measures: codes of the measures to show.
        pilots: codes of the pilots to show; links to others are passed over.
        owners: by result, the pilot that it is counted of. A deliverable may serve several pilots: a result that it
            leads to stands with its own pilot only.
    """
    net = _Net()
    for row in links:
        start, end = (row["from_kind"], row["from_code"]), (row["to_kind"], row["to_code"])
        net.onward.setdefault(start, []).append(end)
        net.back.setdefault(end, []).append(start)
    shown, placed, found = set(pilots), set(), []
    for measure in measures:
        here = ("measure", measure)
        tried = [code for code in net.to("pilot", here) if code in shown]
        placed.update(tried)
        steps = [_step(net, ("pilot", code), owners) for code in tried]
        alone = _step(net, here, owners)
        if not tried and not net.to("pilot", here) and (alone.deliverables or alone.results or alone.indicators):
            steps.append(alone)
        found.append(Lane(measure, net.of("problem", here), tuple(steps), _aims(net, here, steps)))
    left = [_step(net, ("pilot", code), owners) for code in pilots if code not in placed]
    linked = [step for step in left if ("pilot", step.pilot) in net.onward]
    if linked:
        found.append(Lane("", (), tuple(linked), _aims(net, ("measure", ""), linked)))
    return tuple(found)


def _step(net: _Net, start: tuple[str, str], owners: Mapping[str, str]) -> Step:
    pilot = start[1] if start[0] == "pilot" else ""
    deliverables = net.to("deliverable", start)
    written = [("deliverable", code) for code in deliverables]
    results = [code for code in net.to("result", start, *written) if owners.get(code, pilot) == pilot]
    counted = [("result", code) for code in results]
    # What a shared deliverable contributes to directly counts only where no result stands between.
    indicators = net.to("indicator", start, *counted) or net.to("indicator", *written)
    return Step(pilot, deliverables, tuple(results), indicators)


def _aims(net: _Net, measure: tuple[str, str], steps: Sequence[Step]) -> tuple[str, ...]:
    starts = [("indicator", code) for step in steps for code in step.indicators]
    starts += [("result", code) for step in steps for code in step.results]
    starts += [("pilot", step.pilot) for step in steps]
    return net.to("aim", *starts, measure)
