"""A scenario set on one sheet of A1 for the wall: axes, stories, headline ranges, pathways and signposts, as SVG."""

from collections.abc import Sequence

from dashboard import theme
from dashboard.i18n import _, speaking
from dashboard.reports.svg import Drawing, clipped, light, n, width_of, wrapped
from dashboard.reports.svg_charts import draw
from dashboard.slide_charts import Cross, Lines
from dashboard.slides import STORY_KIND, Deck, Slide

MM = 4.0
"""Units in a millimetre."""

WIDTH, HEIGHT = 594 * MM, 841 * MM
EDGE, GAP = 24 * MM, 8 * MM
SIZES = (36.0, 34.0, 32.0, 30.0, 28.0, 26.0, 24.0, 22.0, 20.0)
"""Letters of the stories, in units: from 25 points, to be read from two metres, to the smallest that still can."""

LEADING = 1.34

POSTS = 7
"""Signposts on the sheet."""

ROOMY = 26.0
"""Smallest letters of the stories with which pathways are drawn too."""

FULL = WIDTH - 2 * EDGE


def as_svg(deck: Deck) -> str:
    """The poster, in the largest letters with which everything fits; pathways come along where there is room."""
    with speaking(deck.lang):
        tries = [*((size, True) for size in SIZES if size >= ROOMY), *((size, False) for size in SIZES)]
        drawing, used, parts = made = _sheet(deck, *tries[-1], 0.0)
        for size, lines in tries:
            made = _sheet(deck, size, lines, 0.0)
            if made[1] <= HEIGHT:
                drawing, used, parts = made
                # What is left over goes between the parts.
                drawing = _sheet(deck, size, lines, min((HEIGHT - used) / max(parts, 1), 16 * MM))[0]
                break
        drawing.height = max(HEIGHT, used)
        words = " ".join((deck.question, deck.fixed, deck.warning))
        svg = drawing.svg(f"{deck.title}, {deck.region_name}", words, "poster", more=f' xml:lang="{deck.lang}"')
        return svg.replace(
            f'width="{WIDTH:g}" height="{n(drawing.height)}"', f'width="594mm" height="{drawing.height / MM:g}mm"', 1
        )


def _sheet(deck: Deck, size: float, lines: bool, air: float) -> tuple[Drawing, float, int]:
    """The sheet with letters of a size and so much more room between its parts: drawing, height used, parts.

    ``lines``: whether pathways are drawn.
    """
    d = Drawing(WIDTH, HEIGHT, light, size, theme.FONT)
    d.rect(0, 0, WIDTH, 4 * HEIGHT, "surface")
    y, parts = _head(d, deck), 0
    by_key = {slide.key: slide for slide in deck.slides}
    stories = [slide for slide in deck.slides if slide.kind == STORY_KIND]
    paths = [slide for slide in deck.slides if isinstance(slide.chart, Lines)] if lines else []
    for part in (
        lambda at: _beside(d, by_key.get("axes"), by_key.get("signposts"), at),
        lambda at: _ranges(d, [story for story in stories if story.facts], at),
        lambda at: _stories(d, stories, at),
        lambda at: _pathways(d, paths, at),
    ):
        after = part(y)
        if after > y:
            y, parts = after + GAP + air, parts + 1
    return d, _foot(d, deck, y, by_key.get("sources")), parts


def _head(d: Drawing, deck: Deck) -> float:
    d.rect(0, 0, WIDTH, 7 * MM, "accent")
    y = EDGE + 20 * MM
    d.text(EDGE, y - 21 * MM, f"{deck.region_name} · {deck.horizon}", "accent", size=44)
    for words in wrapped(deck.title, 128, FULL, 2, True):
        d.text(EDGE, y + 9 * MM, words, bold=True, size=128)
        y += 33 * MM
    for words in wrapped(deck.question, 58, FULL, 3):
        d.text(EDGE, y - 5 * MM, words, "ink", size=58)
        y += 18 * MM
    wide = width_of(deck.fixed, 46, True) + 40
    d.rect(EDGE, y - 12 * MM, wide, 17 * MM, "bad", 1.0, 10)
    d.text(EDGE + 20, y, deck.fixed, "surface", bold=True, size=46)
    for row, words in enumerate(wrapped(deck.warning, 26, FULL - wide - 30, 3)):
        d.text(EDGE + wide + 30, y - 6.5 * MM + row * 33, words, "muted", size=26)
    return y + 13 * MM


def _heading(d: Drawing, words: str, x: float, y: float, wide: float = FULL) -> float:
    lines = wrapped(words, 46, wide, 2, True)
    for row, line in enumerate(lines):
        d.text(x, y + 44 + row * 54, line, "ink", bold=True, size=46)
    return y + 12 + 54 * len(lines)


def _beside(d: Drawing, axes: Slide | None, posts: Slide | None, y: float) -> float:
    """The schematic and the signposts, side by side."""
    drawn = axes is not None and isinstance(axes.chart, Cross)
    told = posts is not None and posts.table is not None
    half = (FULL - GAP) / 2 if drawn and told else FULL
    bottom = y
    if told and posts is not None:
        bottom = _signposts(d, posts, EDGE + (half + GAP if drawn else 0), half, y)
    if drawn and axes is not None and axes.chart is not None:
        top = _heading(d, _("The axes"), EDGE, y)
        tall = min(max(bottom - top, 110 * MM), 150 * MM)
        _nest(d, draw(axes.chart, axes.title, axes.words, "axes", light, half, tall, 34.0, theme.FONT), EDGE, top)
        bottom = max(bottom, top + tall)
    return bottom


def _nest(d: Drawing, svg: str, x: float, y: float) -> None:
    d.add(svg.replace("<svg ", f'<svg x="{x:g}" y="{y:g}" ', 1))


def _ranges(d: Drawing, stories: Sequence[Slide], y: float) -> float:
    """Headline numbers: a row for each indicator, a column for each scenario."""
    if not stories:
        return y
    y = _heading(d, _("Headline numbers, {where}").format(where=stories[0].under), EDGE, y)
    labels = list(dict.fromkeys(fact.label for story in stories for fact in story.facts))
    first = FULL * 0.22
    wide = (FULL - first) / len(stories)
    letters = min(46.0, 46.0 * 4.6 / max(len(stories), 4))
    heads = [wrapped(f"{story.sign} {story.kicker}", 31, wide - 12, 2, True) for story in stories]
    for place, (story, rows) in enumerate(zip(stories, heads, strict=True)):
        for row, words in enumerate(rows):
            d.text(EDGE + first + place * wide, y + 30 + row * 36, words, story.tone, bold=True, size=31)
    y += 10 + 36 * max(map(len, heads))
    for label in labels:
        d.line(EDGE, y, EDGE + FULL, y, "line", 2)
        for row, words in enumerate(wrapped(label, 32, first - 20, 2)):
            d.text(EDGE, y + 40 + row * 36, words, size=32)
        for place, story in enumerate(stories):
            fact = next((fact for fact in story.facts if fact.label == label), None)
            if fact is None:
                continue
            x = EDGE + first + place * wide
            d.text(x, y + 46, clipped(fact.value, letters, wide - 8, True), story.tone, bold=True, size=letters)
            d.text(x, y + 78, clipped(fact.detail, 25, wide - 10), "muted", size=25)
        y += 94
    return y


def _stories(d: Drawing, stories: Sequence[Slide], y: float) -> float:
    """Stories side by side, two in a row; an odd last one has the row for itself."""
    columns = 2 if len(stories) > 1 else 1
    for place in range(0, len(stories), columns):
        row = stories[place : place + columns]
        wide = (FULL - GAP * (len(row) - 1)) / len(row)
        y = max(_story(d, story, EDGE + number * (wide + GAP), y, wide) for number, story in enumerate(row)) + GAP * 0.8
    return y


def _story(d: Drawing, story: Slide, x: float, y: float, wide: float) -> float:
    d.rect(x, y, wide, 2.5 * MM, story.tone)
    y += 15 * MM
    d.text(x, y, clipped(f"{story.sign} {story.kicker}", 52, wide, True), story.tone, bold=True, size=52)
    y += 2 * MM
    lead = d.size * 1.15
    for words in wrapped(story.title, lead, wide, bold=True):
        y += lead * 1.28
        d.text(x, y, words, bold=True, size=lead)
    y += d.size * 0.35
    for part in story.whole or story.lines:
        for words in wrapped(part, d.size, wide):
            y += d.size * LEADING
            d.text(x, y, words)
        y += d.size * 0.4
    return y


def _pathways(d: Drawing, slides: Sequence[Slide], y: float) -> float:
    if not slides:
        return y
    y = _heading(d, _("How it could go"), EDGE, y)
    columns = min(len(slides), 2)
    wide = (FULL - GAP * (columns - 1)) / columns
    tall = 84 * MM
    for place in range(0, len(slides), columns):
        for number, slide in enumerate(slides[place : place + columns]):
            x = EDGE + number * (wide + GAP)
            chart = slide.chart
            if chart is None:
                continue
            d.text(x, y + 30, clipped(slide.kicker, 34, wide, True), "ink", bold=True, size=34)
            d.text(x, y + 68, clipped(slide.under, 25, wide), "muted", size=25)
            svg = draw(chart, slide.title, slide.words, f"p{place + number}", light, wide, tall, 28.0, theme.FONT)
            _nest(d, svg, x, y + 84)
        y += tall + 84 + GAP * 0.6
    return y


def _signposts(d: Drawing, slide: Slide, x: float, wide: float, y: float) -> float:
    if slide.table is None:
        return y
    y = _heading(d, f"{slide.kicker}: {slide.title}", x, y, wide)
    for row in slide.table.rows[:POSTS]:
        name, said, due = (cell.text for cell in row[:3])
        lines = wrapped(name, 29, wide * 0.6, 2)
        notes = wrapped(f"{said} ({due})", 27, wide * 0.38, 2)
        for number, words in enumerate(lines):
            d.text(x, y + 28 + number * 34, words, size=29)
        for number, words in enumerate(notes):
            d.text(x + wide * 0.62, y + 28 + number * 34, words, "muted", size=27)
        y += 34 * max(len(lines), len(notes)) + 14
        d.line(x, y - 4, x + wide, y - 4, "faint", 2)
    return y


def _foot(d: Drawing, deck: Deck, y: float, sources: Slide | None) -> float:
    """Sources at the foot of the sheet; gives the height that everything takes."""
    lines = [line for text in (sources.lines if sources else ()) for line in wrapped(text, 26, FULL)]
    tall = 36 * len(lines) + 24
    at = max(y, HEIGHT - EDGE * 0.6 - tall)
    d.line(EDGE, at, EDGE + FULL, at, "line", 3)
    for row, words in enumerate(lines):
        d.text(EDGE, at + 44 + row * 36, words, "muted", size=26)
    return y + tall + EDGE * 0.6
