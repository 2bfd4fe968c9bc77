"""Pictures of a pack: the curve of money and the matrix of risks, as SVG and as native charts of a presentation."""

from collections import defaultdict
from typing import Any

from dashboard.i18n import number
from dashboard.reports.pack_model import Curve, Matrix, Picture
from dashboard.reports.svg import Drawing, Paint, light, n
from dashboard.slide_charts import apart, axis

FONT = "Libertinus Serif"
"""Typst brings it along."""

DASHES = {"dash": "12 8", "dot": "3 8"}


def draw(shown: Picture, ident: str, paint: Paint = light) -> str:
    """A picture as one SVG."""
    if isinstance(shown.chart, Curve):
        drawing = Drawing(1240.0, 430.0, paint, 24.0, FONT)
        _curve(drawing, shown.chart)
    else:
        drawing = Drawing(1240.0, 440.0, paint, 23.0, FONT)
        _matrix(drawing, shown.chart)
    return drawing.svg(shown.title, shown.words, ident)


def _curve(d: Drawing, chart: Curve) -> None:
    last = len(chart.periods)
    highest = [value for line in chart.lines for value in line.values if value is not None]
    if chart.forecast is not None:
        highest.append(chart.forecast[2])
    scale = axis([0.0, *highest], 5)
    left, right, top, bottom = 70.0, 300.0, 30.0, 46.0

    def x(period: float) -> float:
        return left + period / last * (d.width - left - right)

    def y(value: float) -> float:
        return top + (scale.high - value) / (scale.high - scale.low) * (d.height - top - bottom)

    if chart.covered < chart.closed:
        d.rect(x(chart.covered), top, x(chart.closed) - x(chart.covered), d.height - top - bottom, "faint")
        d.text((x(chart.covered) + x(chart.closed)) / 2, top + 22, chart.lag, "muted", "middle", size=20)
    for value in scale.ticks:
        d.line(left, y(value), x(last), y(value), "neutral" if value == 0 else "line", 2 if value == 0 else 1)
        d.text(left - 12, y(value) + 8, number(value, scale.decimals), "muted", "end")
    every = max(1, -(-last // 12))
    for place, name in enumerate(chart.periods, 1):
        if place % every == 0 or place == last:
            d.text(x(place), d.height - 10, name, "muted", "middle")
    labels: list[tuple[float, float, str, str]] = []
    certified = next((line for line in reversed(chart.lines)), None)
    if chart.forecast is not None and certified is not None and chart.covered:
        start = certified.values[chart.covered - 1] or 0.0
        low, central, high = chart.forecast
        fan = [(x(chart.covered), y(start)), (x(last), y(high)), (x(last), y(low))]
        d.area(fan, certified.tone, 0.25)
        d.line(x(chart.covered), y(start), x(last), y(central), certified.tone, 2.5, "3 8")
        labels.append((x(last), y(central), f"{chart.ahead} {number(central, 2)}", certified.tone))
    for line in chart.lines:
        points = [(x(0), y(0.0))]
        points += [(x(at), y(value)) for at, value in enumerate(line.values, 1) if value is not None]
        if len(points) < 2:
            continue
        d.curve(points, line.tone, 4, DASHES.get(line.dash, ""))
        for at, up in points[1:]:
            d.add(f'<circle cx="{n(at)}" cy="{n(up)}" r="5.5" fill="{d.paint(line.tone)}"/>')
        value = next(one for one in reversed(line.values) if one is not None)
        labels.append((points[-1][0], points[-1][1], f"{line.name} {number(value, 2)}", line.tone))
    _end_labels(d, labels)


def _end_labels(d: Drawing, labels: list[tuple[float, float, str, str]]) -> None:
    """Names at the ends of lines, those of one place moved apart."""
    columns: dict[float, list[tuple[float, str, str]]] = defaultdict(list)
    for at, up, words, tone in labels:
        columns[round(at)].append((up, words, tone))
    last = max(columns, default=0.0)
    for at, ends in columns.items():
        beside = at >= last - 1
        placed = apart([up for up, _words, _tone in ends], [28.0] * len(ends), 0.0, d.height - 40)
        for (up, words, tone), middle in zip(ends, placed, strict=True):
            if beside:
                d.text(at + 16, middle + 8, words, tone, bold=True)
            else:  # a line goes on to the right of it, so it stands below its end
                d.text(at + 12, up + 32, words, tone, bold=True, halo=True)


SHADES = ("raised", "diverging-4", "accent")
"""Tones of cells that are watched, for the working group, for the committee."""


def shade(chart: Matrix, score: int) -> int:
    """Whom a score concerns: 0 nobody yet, 1 the working group, 2 the committee."""
    return 2 if score >= chart.committee else 1 if score >= chart.group else 0


def cells(chart: Matrix) -> dict[tuple[int, int], list[str]]:
    """Labels of the risks in each cell, by likelihood and impact."""
    found: dict[tuple[int, int], list[str]] = defaultdict(list)
    for spot in chart.spots:
        found[spot.likelihood, spot.impact].append(spot.label)
    return found


def listed(labels: list[str], most: int = 9) -> list[str]:
    """Labels that stand in a cell; of more than fit the last place says how many there are."""
    return labels if len(labels) <= most else [*labels[: most - 1], f"+{len(labels) - most + 1}"]


def _matrix(d: Drawing, chart: Matrix) -> None:
    left, top, gap = 80.0, 6.0, 6.0
    wide, tall = (d.width - left - 10) / 5, (d.height - top - 66) / 5
    for (across, up), labels in [((i, j), cells(chart).get((i, j), [])) for i in range(1, 6) for j in range(1, 6)]:
        x0, y0 = left + (across - 1) * wide, top + (5 - up) * tall
        level = shade(chart, across * up)
        d.rect(x0, y0, wide - gap, tall - gap, SHADES[level], round_=4)
        shown = listed(labels)
        rows = [" ".join(shown[at : at + 3]) for at in range(0, len(shown), 3)]
        for place, words in enumerate(rows):
            base = y0 + (tall - gap) / 2 + 8 + (place - (len(rows) - 1) / 2) * 26
            d.text(x0 + (wide - gap) / 2, base, words, "surface" if level == 2 else "ink", "middle", bold=True)
    for step in range(1, 6):
        d.text(left + (step - 0.5) * wide, d.height - 34, number(step), "muted", "middle")
        d.text(left - 16, top + (5.5 - step) * tall, number(step), "muted", "end")
    d.text(left + 2.5 * wide, d.height - 6, f"{chart.across} →", "muted", "middle")
    d.add(f'<g transform="translate(22 {n(top + 2.5 * tall)}) rotate(-90)">')
    d.text(0, 0, f"{chart.upward} →", "muted", "middle")
    d.add("</g>")


def native_curve(shapes: Any, chart: Curve, box: Any, name: str, words: str, lang: str) -> Any:
    """The curve as a native chart of lines, whose numbers lie in a sheet that anyone can open."""
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    from dashboard.reports import pptx_charts as charts

    data = CategoryChartData(number_format="0.00")
    data.categories = list(chart.periods)
    for line in chart.lines:
        data.add_series(charts.clean(line.name), list(line.values))
    frame = shapes.add_chart(XL_CHART_TYPE.LINE_MARKERS, *box.emu, data)
    made = charts._base(frame)
    for one, line in zip(made.plots[0].series, chart.lines, strict=True):
        one.smooth = False
        one.format.line.width = Pt(2.75)
        charts.paint(one.format.line.color, line.tone)
        one.marker.style, one.marker.size = XL_MARKER_STYLE.CIRCLE, 7
        one.marker.format.fill.solid()
        charts.paint(one.marker.format.fill.fore_color, line.tone)
        charts.paint(one.marker.format.line.color, line.tone)
        if line.dash in charts.DASHES:
            one.format.line.dash_style = charts.DASHES[line.dash]
        _label_last(one, line.values, line.tone, line is chart.lines[0])
    made.has_legend = True
    made.legend.include_in_layout = False
    made.legend.position = XL_LEGEND_POSITION.BOTTOM
    made.legend.font.size = Pt(charts.SIZE)
    values, categories = made.value_axis, made.category_axis
    scale = axis([0.0, *(value for line in chart.lines for value in line.values if value is not None)], 5)
    values.minimum_scale, values.maximum_scale = scale.low, scale.high
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0.0", False
    charts._grid(values)
    charts._plain(values, "surface")
    charts._axis_text(values)
    charts._plain(categories, "neutral")
    charts._axis_text(categories)
    return speak(frame, name, words, lang)


def _label_last(series: Any, values: tuple[float | None, ...], tone: str, above: bool) -> None:
    """The number of the last point that is known, beside it."""
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.util import Pt

    from dashboard.reports import pptx_charts as charts

    known = [place for place, value in enumerate(values) if value is not None]
    if not known:
        return
    label = series.points[known[-1]].data_label
    label.has_text_frame = True
    label.text_frame.text = number(values[known[-1]], 2)
    label.position = XL_LABEL_POSITION.ABOVE if above else XL_LABEL_POSITION.BELOW
    run = label.text_frame.paragraphs[0].runs[0]
    run.font.size, run.font.bold = Pt(charts.SIZE), True
    charts.paint(run.font.color, tone)


def speak(frame: Any, name: str, words: str, lang: str) -> Any:
    """Name, description and language of a native chart."""
    from pptx.oxml import parse_xml
    from pptx.oxml.ns import qn

    from dashboard.reports import pptx_charts as charts

    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", charts.clean(name))
    properties.set("descr", charts.clean(words))
    space = frame.chart._chartSpace
    first, rounded = space.find(qn("c:date1904")), space.find(qn("c:roundedCorners"))
    language = parse_xml(f'<c:lang {charts.CHART_SPACES} val="{lang}"/>')
    place = 0 if rounded is None else list(space).index(rounded)
    space.insert(place if first is None else list(space).index(first) + 1, language)
    return frame
