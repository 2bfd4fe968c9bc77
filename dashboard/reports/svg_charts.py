"""Charts of slides as SVG: direct labels, numbers as the language writes them, a name and a description for each.

Wide ones are for a wall, narrow ones for a phone; both hold the same. Scenarios differ by colour, dash and mark.
"""

from collections.abc import Callable, Sequence
from typing import Any

from dashboard import theme
from dashboard.i18n import number, year
from dashboard.reports.svg import DASHES, Drawing, Paint, clipped, n, width_of, wrapped
from dashboard.slide_charts import Bars, Chart, Cross, Lines, Path, Place, Seen, Spot, Step, Steps, apart, years_named

NARROW = 900.0
"""Pictures below this width are laid out for a phone."""

LEADING = 1.2
"""Height of a line of words, in their size."""

FAN = 0.14
"""Opacity of a range: four of them over one another still let the lines through."""


def draw(
    chart: Chart,
    title: str,
    desc: str,
    ident: str,
    paint: Paint,
    width: float = 1760.0,
    height: float = 640.0,
    size: float = 28.0,
    font: str = theme.FONT,
    klass: str = "",
) -> str:
    """A chart as one SVG.

    Args:
        chart: what it shows.
        title, desc: its name, and what it says in words.
        ident: name that its own ids begin with.
        paint: colour of each tone.
        width, height: in pixels of a slide; a narrow picture grows as high as it must.
        size: of its words.
        font: of its words, '' where the page says it.
        klass: its CSS class.
    """
    drawing = Drawing(width, height, paint, size, font)
    makers: dict[type, Callable[[Drawing, Any], str]] = {Lines: _lines, Bars: _bars, Cross: _cross, Steps: _steps}
    more = makers[type(chart)](drawing, chart)
    return drawing.svg(title, desc, ident, klass, more)


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines(d: Drawing, chart: Lines) -> str:
    wide, line = d.width >= NARROW, d.size * LEADING
    suffix = chart.suffix if len(chart.suffix.strip()) <= 1 else ""
    ticks = [number(value, chart.axis.decimals) + suffix for value in chart.axis.ticks]
    left = max(width_of(text, d.size) for text in ticks) + 16
    labels = [_label(path, d, 0.3 * d.width) for path in chart.paths]
    step = 22.0 if any(path.last.ranged for path in chart.paths) else 0.0
    bars = step * (len(chart.paths) + 0.6) if step else 34.0
    room = max((width_of(text, d.size, place == 0) for rows in labels for place, text in enumerate(rows)), default=0.0)
    right = bars + room + 18 if wide else bars + 10
    top, bottom = d.size * 0.6, d.size * 1.6
    plot = d.height - top - bottom
    span = max(chart.last - chart.first, 1)

    def x(at: float) -> float:
        return left + (at - chart.first) / span * (d.width - left - right)

    def y(value: float) -> float:
        return top + (chart.axis.high - value) / (chart.axis.high - chart.axis.low) * plot

    for value, text in zip(chart.axis.ticks, ticks, strict=True):
        tone = "neutral" if value == 0 else "faint"
        d.line(left, y(value), x(chart.last), y(value), tone, 2)
        d.text(left - 12, y(value) + d.size * 0.35, text, "muted", "end")
    d.line(x(chart.start), top, x(chart.start), d.height - bottom, "line", 2)
    for at in years_named(chart.first, chart.start, chart.last, 6 if wide else 3):
        anchor = "middle" if at not in (chart.first,) else "start"
        d.text(x(at), d.height - bottom + d.size * 1.25, year(at), "muted", anchor)
    _target(d, chart, x, y, left)
    placed = apart(
        [y(path.last.value) for path in chart.paths],
        [line * len(rows) + 8 for rows in labels],
        0.0,
        d.height - bottom + d.size * 0.5,
    )
    for place, path in enumerate(chart.paths):
        d.add(f'<g class="path path-{place}">')
        _fan(d, path, x, y)
        d.curve([(x(spot.year), y(spot.value)) for spot in path.spots], path.tone, 5, DASHES.get(path.dash, ""))
        _end(d, path, x(chart.last) + (step * (place + 0.8) or 17.0), y)
        if wide:
            beside = x(chart.last) + bars + 6
            first = placed[place] - line * len(labels[place]) / 2 + d.size * 0.95
            for row, words in enumerate(labels[place]):
                head = row < len(labels[place]) - 1 or not path.end
                d.text(beside, first + row * line, words, path.tone if head else "ink", bold=head)
        d.add("</g>")
    _observed(d, chart, x, y)
    if not wide:
        _legend(d, chart.paths)
    d.line(0, top, 0, d.height - bottom, "ink", 2, "4 6")
    d.parts[-1] = d.parts[-1].replace("<line", '<line class="cursor" visibility="hidden"')
    return (
        f' data-first="{chart.first}" data-last="{chart.last}" data-left="{n(x(chart.first))}" '
        f'data-right="{n(x(chart.last))}"'
    )


def _label(path: Path, d: Drawing, room: float) -> list[str]:
    """Name in one or two lines, then the end in words."""
    rows = wrapped(f"{path.sign} {path.name}", d.size, room, 2, True)
    return [*rows, path.end] if path.end else rows


def _fan(d: Drawing, path: Path, x: Callable[[float], float], y: Callable[[float], float]) -> None:
    ranged = [spot for spot in path.spots if spot.low == spot.low and spot.high == spot.high]
    if len(ranged) < 2 or not any(spot.ranged for spot in ranged):
        return
    upper = [(x(spot.year), y(spot.high)) for spot in ranged]
    d.area([*upper, *((x(spot.year), y(spot.low)) for spot in reversed(ranged))], path.tone, FAN)


def _end(d: Drawing, path: Path, at: float, y: Callable[[float], float]) -> None:
    """Range and middle of the last year, beside the lines, since ranges that overlap cannot be told apart."""
    spot: Spot = path.last
    if spot.ranged:
        d.line(at, y(spot.low), at, y(spot.high), path.tone, 9)
        d.parts[-1] = d.parts[-1].replace("/>", ' stroke-opacity="0.5"/>')
    d.marker(path.marker, at, y(spot.value), 10, path.tone)


def _target(d: Drawing, chart: Lines, x: Callable[[float], float], y: Callable[[float], float], left: float) -> None:
    if chart.target is None:
        return
    value, words = chart.target
    d.line(left, y(value), x(chart.last), y(value), "ink", 2.5, "3 8")
    under = y(value) < d.size * 1.8
    d.text(left + 8, y(value) + (d.size if under else -d.size * 0.35), words, halo=True)


def _observed(d: Drawing, chart: Lines, x: Callable[[float], float], y: Callable[[float], float]) -> None:
    seen: list[Seen] = [one for part in chart.seen for one in part]
    for part in chart.seen:
        if len(part) > 1:
            d.curve([(x(one.year), y(one.value)) for one in part], "ink", 6)
    for part in chart.seen:
        for one in part:
            if one.uncertain or len(part) == 1 or one is seen[-1]:
                fill = "surface" if one.uncertain else "ink"
                d.add(
                    f'<circle cx="{n(x(one.year))}" cy="{n(y(one.value))}" r="7" fill="{d.paint(fill)}" '
                    f'stroke="{d.paint("ink")}" stroke-width="3.5"/>'
                )
    if not seen:
        return
    # The name stands over or under the beginning of the line, wherever the line leaves more room.
    wide = width_of(chart.seen_label, d.size, True)
    near = [y(one.value) for one in seen if x(one.year) <= x(seen[0].year) + wide]
    above, below = min(near) - d.size * 0.7, max(near) + d.size * 1.35
    room_below = d.height - d.size * 2 - below
    d.text(x(seen[0].year), above if above > d.size * 1.2 or room_below < 0 else below, chart.seen_label,
           "ink", bold=True, halo=True)  # fmt: skip


def _legend(d: Drawing, paths: Sequence[Path]) -> None:
    """Names and ends below the picture, where there is no room beside it."""
    line = d.size * LEADING
    at = d.height + d.size * 0.9
    for place, path in enumerate(paths):
        d.add(f'<g class="path path-{place}">')
        d.line(0, at - d.size * 0.35, 46, at - d.size * 0.35, path.tone, 5, DASHES.get(path.dash, ""))
        d.marker(path.marker, 23, at - d.size * 0.35, 10, path.tone)
        for words in wrapped(path.name, d.size, d.width - 60, 2, True):
            d.text(60, at, words, path.tone, bold=True)
            at += line
        if path.end:
            d.text(60, at, path.end)
            at += line
        d.add("</g>")
        at += d.size * 0.35
    d.height = at


# --- bars -----------------------------------------------------------------------------------------------------------


def _bars(d: Drawing, chart: Bars) -> str:
    return _wide_bars(d, chart) if d.width >= NARROW else _narrow_bars(d, chart)


def _wide_bars(d: Drawing, chart: Bars) -> str:
    count, line = max(len(chart.bars), 1), d.size * LEADING
    names = [wrapped(f"{bar.sign} {bar.label}".strip(), d.size, 0.34 * d.width, 2, True) for bar in chart.bars]
    left = max((width_of(row, d.size, True) for rows in names for row in rows), default=0.0) + 24
    room = min(max((width_of(bar.text, d.size) for bar in chart.bars), default=0.0), 0.36 * d.width) + 24
    top = line * 1.2 if chart.limit else 8.0
    bottom = line * 1.3 if chart.before else 8.0
    step = min((d.height - top - bottom) / count, 120.0)
    scale = (d.width - left - room) / chart.high
    foot = top + step * count
    d.line(left, top, left, foot, "neutral", 2)
    if chart.limit:
        at = left + chart.limit[0] * scale
        d.line(at, top, at, foot, "bad", 3, "10 8")
        half = width_of(chart.limit[1], d.size) / 2
        d.text(min(at, d.width - half), top - d.size * 0.4, chart.limit[1], "bad", "middle")
    for place, bar in enumerate(chart.bars):
        middle = top + step * (place + 0.5)
        rows = names[place]
        for row, words in enumerate(rows):
            y = middle - line * len(rows) / 2 + row * line + d.size * 0.95
            d.text(left - 16, y, words, bar.tone if bar.tone.startswith("series") else "ink", "end", True)
        if bar.value == bar.value:
            tall = min(step * 0.6, 56.0)
            d.rect(left, middle - tall / 2, max(bar.value * scale, 3), tall, bar.tone, round_=3)
            if bar.before == bar.before:
                at = left + bar.before * scale
                d.line(at, middle - tall / 2 - 8, at, middle + tall / 2 + 8, "ink", 4)
        end = (
            left
            + (max(bar.value, bar.before if bar.before == bar.before else 0) if bar.value == bar.value else 0) * scale
        )
        d.text(
            end + 14,
            middle + d.size * 0.35,
            clipped(bar.text, d.size, d.width - end - 14),
            "ink",
            halo=bool(chart.limit),
        )
    if chart.before:
        d.line(left + 4, foot + line * 0.35, left + 4, foot + line * 1.05, "ink", 4)
        d.text(left + 20, foot + line * 0.95, chart.before, "muted")
        foot += line * 1.3
    d.height = min(d.height, foot + 8)
    return ""


def _narrow_bars(d: Drawing, chart: Bars) -> str:
    line, at = d.size * LEADING, 0.0
    scale = d.width / chart.high
    for bar in chart.bars:
        for words in wrapped(f"{bar.sign} {bar.label}".strip(), d.size, d.width, 3, True):
            at += line
            d.text(0, at - d.size * 0.25, words, bar.tone if bar.tone.startswith("series") else "ink", bold=True)
        if bar.value == bar.value:
            d.rect(0, at, d.width, 26, "raised", round_=3)
            d.rect(0, at, max(bar.value * scale, 3), 26, bar.tone, round_=3)
            if bar.before == bar.before:
                d.line(bar.before * scale, at - 4, bar.before * scale, at + 30, "ink", 4)
        at += 30
        for words in wrapped(bar.text, d.size, d.width, 3):
            at += line
            d.text(0, at - d.size * 0.2, words)
        at += d.size * 0.6
    if chart.limit:
        at += line
        words = f"{chart.limit[1]}: {number(chart.limit[0] * chart.factor, chart.decimals)}{chart.suffix}"
        d.line(2, at - d.size, 2, at, "bad", 3, "6 5")
        d.text(16, at - d.size * 0.2, words, "bad")
    if chart.before:
        at += line
        d.line(2, at - d.size, 2, at, "ink", 4)
        d.text(16, at - d.size * 0.2, chart.before, "muted")
    d.height = at + d.size * 0.4
    return ""


# --- cross ----------------------------------------------------------------------------------------------------------


def _cross(d: Drawing, chart: Cross) -> str:
    two, wide = chart.upward is not None, d.width >= NARROW
    pole, line = d.size * LEADING * 1.25, d.size * LEADING
    if not two:
        d.height = min(d.height, 300.0)
    top, bottom = (pole if two else 10.0), d.height - (pole if two else line * 2.4)
    middle_x, middle_y = d.width / 2, (top + bottom) / 2 if two else bottom - 20
    half_x, half_y = d.width / 2, (bottom - top) / 2
    # Names need room beside and above their marks.
    reach_x, reach_y = half_x * 0.62, half_y * 0.6
    if two:
        _quarters(d, chart.places, (middle_x, middle_y), (half_x, half_y))
    d.line(0, middle_y, d.width, middle_y, "neutral", 3)
    if two and chart.upward is not None:
        d.line(middle_x, top, middle_x, bottom, "neutral", 3)
        d.text(middle_x, top - d.size * 0.45, f"▲ {chart.upward.high}", "muted", "middle")
        d.text(middle_x, d.height - d.size * 0.3, f"▼ {chart.upward.low}", "muted", "middle")
    room = d.width * (0.34 if wide else 0.42)
    for words, at, anchor in ((chart.across.low, 6.0, "start"), (chart.across.high, d.width - 6, "end")):
        arrowed = f"◀ {words}" if anchor == "start" else f"{words} ▶"
        for row, text in enumerate(wrapped(arrowed, d.size, room)):
            d.text(at, middle_y + line * (row + 1), text, "muted", anchor, halo=True)
    taken = [(0.0, middle_y, room, middle_y + 2 * line), (d.width - room, middle_y, d.width, middle_y + 2 * line)]
    for one in chart.places:
        x, y = middle_x + one.x * reach_x, middle_y - one.y * reach_y
        _named(d, one, x, y, taken)
    return ""


def _quarters(d: Drawing, places: Sequence[Place], middle: tuple[float, float], half: tuple[float, float]) -> None:
    """A quarter of the cross in the colour of the scenario that has it for itself."""
    quarters: dict[tuple[bool, bool], list[Place]] = {}
    for one in places:
        if one.x and one.y:
            quarters.setdefault((one.x > 0, one.y > 0), []).append(one)
    for (right, up), members in quarters.items():
        if len(members) == 1:
            x = middle[0] + 4 if right else middle[0] - half[0]
            y = middle[1] - half[1] if up else middle[1] + 4
            d.rect(x, y, half[0] - 4, half[1] - 4, members[0].tone, 0.12, 6)


def _named(d: Drawing, one: Place, x: float, y: float, taken: list[tuple[float, float, float, float]]) -> None:
    """A mark with its name above or below it, wherever it covers nothing."""
    size = d.size * 1.15
    rows = wrapped(one.name, size, max(d.width * 0.3, 150), 3, True)
    wide, tall = max(width_of(row, size, True) for row in rows), size * LEADING * len(rows)
    at = min(max(x, wide / 2 + 6), d.width - wide / 2 - 6)
    above = (at - wide / 2, y - 26 - tall, at + wide / 2, y - 26)
    below = (at - wide / 2, y + 26, at + wide / 2, y + 26 + tall)
    sides = (above, below) if one.y >= 0 else (below, above)
    box = min(sides, key=lambda box: sum(_overlap(box, other) for other in taken))
    taken += [box, (x - 18, y - 18, x + 18, y + 18)]
    d.marker(one.marker, x, y, 17, one.tone)
    for row, words in enumerate(rows):
        d.text(at, box[1] + size * LEADING * row + size * 0.95, words, one.tone, "middle", True, size, halo=True)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> float:
    across, down = min(one[2], other[2]) - max(one[0], other[0]), min(one[3], other[3]) - max(one[1], other[1])
    return across * down if across > 0 and down > 0 else 0.0


# --- steps ----------------------------------------------------------------------------------------------------------


def _steps(d: Drawing, chart: Steps) -> str:
    wide, line = d.width >= NARROW, d.size * LEADING
    name_room = 0.46 * d.width if wide else d.width
    word_room = max(width_of(_word(one), d.size) for one in chart.steps) if chart.steps else 0.0
    note_room = min(word_room, 0.22 * d.width) + 30 if wide else d.width
    left = name_room + 24 if wide else 6.0
    right = d.width - note_room - 20 if wide else d.width - 14
    years = chart.last - chart.first
    top = line * 1.15

    def x(at: float) -> float:
        return left + (at - chart.first) / max(years, 1) * (right - left)

    step = min((d.height - top - line * 1.4) / max(len(chart.steps), 1), 4 * line)
    many_lines = 2 if not wide or step >= 2.1 * d.size else 1
    line = min(line, step / 2) if many_lines == 2 and wide else line
    rows_of = [wrapped(one.name, d.size, name_room, many_lines, one.goal) for one in chart.steps]
    tall = [
        step if wide else line * (len(rows) + len(wrapped(_note(one), d.size, note_room, 2))) + 60
        for one, rows in zip(chart.steps, rows_of, strict=True)
    ]
    foot = top + sum(tall)
    many = next(k for k in (1, 2, 5, 10, 20, 50, 100, 1000) if years / k <= (8 if wide else 4))
    for at in range(chart.first, chart.last + 1):
        d.line(x(at), top, x(at), foot, "faint", 2)
        if at < chart.last and (chart.last - 1 - at) % many == 0:
            d.text(x(at + 0.5), foot + d.size * 1.2, year(at), "muted", "middle")
    d.line(x(chart.now), top, x(chart.now), foot, "ink", 3, "4 7")
    today = max(x(chart.now), left + width_of(chart.today, d.size) / 2)
    d.text(today, top - d.size * 0.4, chart.today, "ink", "middle")
    y = top
    for place, (one, rows, high) in enumerate(zip(chart.steps, rows_of, tall, strict=True)):
        if wide and place:
            d.line(0, y, right, y, "faint", 2)
        if wide:
            middle = y + high / 2
            _beside(d, one, rows, name_room, right + 26, middle, line, note_room)
        else:
            middle = _above(d, one, rows, y, line)
        _work(d, one, x, middle)
        y += high
    d.height = foot + line * 1.4
    return ""


def _said_in(one: Step) -> str:
    return one.tone if one.tone != "none" else "muted"


def _beside(
    d: Drawing, one: Step, rows: Sequence[str], end: float, start: float, middle: float, line: float, room: float
) -> None:
    """A step's name on the left of its bar and how it stands on the right."""
    for row, words in enumerate(rows):
        d.text(end, middle - line * len(rows) / 2 + row * line + d.size * 0.92, words, "ink", "end", one.goal)
    d.text(start, middle + d.size * 0.35, clipped(_word(one), d.size, room), _said_in(one))


def _above(d: Drawing, one: Step, rows: Sequence[str], y: float, line: float) -> float:
    """The same above its bar; gives the middle of the bar."""
    said = wrapped(_note(one), d.size, d.width, 2)
    for row, words in enumerate([*rows, *said], 1):
        named = row <= len(rows)
        tone = "ink" if named else _said_in(one)
        d.text(0, y + row * line - d.size * 0.2, words, tone, bold=named and one.goal, halo=True)
    return y + (len(rows) + len(said)) * line + 26


def _work(d: Drawing, one: Step, x: Callable[[float], float], middle: float) -> None:
    """The work on a step, what is to spare or missing, and the mark of its end."""
    d.line(x(one.start), middle, x(one.due), middle, "peers", 16)
    low, high = sorted((one.earliest, one.due))
    if high - low > 1e-9 and one.tone != "none":
        d.line(x(low), middle + 15, x(high), middle + 15, one.tone, 4, "3 6")
    shape = {"bad": "square", "watch": "triangle-up"}.get(one.tone, "circle")
    d.marker(shape, x(one.due), middle, 15 if one.goal else 11, one.tone if one.tone != "none" else "neutral")


def _note(one: Step) -> str:
    return f"{one.mark} {one.note}"


def _word(one: Step) -> str:
    return f"{one.mark} {one.word}"
