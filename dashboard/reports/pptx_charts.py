"""Charts of slides as native charts of a presentation: their numbers lie in a sheet that anyone can open and edit."""

from collections.abc import Callable
from typing import Any

from pptx.chart.data import CategoryChartData, XyChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_AXIS_CROSSES,
    XL_CHART_TYPE,
    XL_LABEL_POSITION,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
    XL_TICK_MARK,
)
from pptx.enum.dml import MSO_LINE_DASH_STYLE, MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import qn
from pptx.util import Pt

from dashboard.i18n import _
from dashboard.reports.pptx_base import Box
from dashboard.reports.svg import clean, light, width_of
from dashboard.slide_charts import Bars, Chart, Cross, Lines, Path, Steps, apart

SIZE = 14
"""Letters of a chart, in points: 28 pixels on a wall of 1920."""

CHART_SPACES = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
)
DASHES = {
    "dash": MSO_LINE_DASH_STYLE.DASH,
    "dot": MSO_LINE_DASH_STYLE.ROUND_DOT,
    "dashdot": MSO_LINE_DASH_STYLE.DASH_DOT,
    "longdash": MSO_LINE_DASH_STYLE.LONG_DASH,
    "longdashdot": MSO_LINE_DASH_STYLE.LONG_DASH_DOT,
    "5px 2px": MSO_LINE_DASH_STYLE.SQUARE_DOT,
}
MARKERS = {
    "circle": XL_MARKER_STYLE.CIRCLE,
    "square": XL_MARKER_STYLE.SQUARE,
    "diamond": XL_MARKER_STYLE.DIAMOND,
    "triangle-up": XL_MARKER_STYLE.TRIANGLE,
    "cross": XL_MARKER_STYLE.PLUS,
    "star": XL_MARKER_STYLE.STAR,
    "hexagon": XL_MARKER_STYLE.DASH,
}
ACCENTS = (
    MSO_THEME_COLOR.ACCENT_1,
    MSO_THEME_COLOR.ACCENT_2,
    MSO_THEME_COLOR.ACCENT_3,
    MSO_THEME_COLOR.ACCENT_4,
    MSO_THEME_COLOR.ACCENT_5,
    MSO_THEME_COLOR.ACCENT_6,
)


def add(shapes: Any, chart: Chart, box: Box, name: str, words: str, lang: str) -> Any:
    """Put a chart on a slide.

    Args:
        shapes: of the slide.
        chart: what it shows.
        box: where it stands.
        name, words: what it is called, and what it says to who does not see it.
        lang: language of its numbers, such as ``hu-HU``.

    Returns:
        The graphic frame.
    """
    makers: dict[type, Callable[[Any, Any, Box], Any]] = {Lines: _lines, Bars: _bars, Cross: _cross, Steps: _steps}
    frame = makers[type(chart)](shapes, chart, box)
    properties = frame._element.nvGraphicFramePr.cNvPr
    properties.set("name", clean(name))
    properties.set("descr", clean(words))
    space = frame.chart._chartSpace
    rounded = space.find(qn("c:roundedCorners"))
    language = parse_xml(f'<c:lang {CHART_SPACES} val="{lang}"/>')
    place = 0 if rounded is None else list(space).index(rounded)
    first = space.find(qn("c:date1904"))
    space.insert(place if first is None else list(space).index(first) + 1, language)
    return frame


def paint(colour: Any, tone: str) -> None:
    """Give a colour format a tone: of the theme where the theme has it."""
    kind, _sign, place = tone.partition("-")
    if kind == "series" and int(place) < len(ACCENTS):
        colour.theme_color = ACCENTS[int(place)]
    elif tone == "ink":
        colour.theme_color = MSO_THEME_COLOR.TEXT_1
    elif tone == "muted":
        colour.theme_color = MSO_THEME_COLOR.TEXT_2
    else:
        colour.rgb = RGBColor.from_string(light(tone)[1:].upper())


def colour_of(tone: str) -> str:
    """The same as markup."""
    kind, _sign, place = tone.partition("-")
    if kind == "series" and int(place) < len(ACCENTS):
        return f'<a:schemeClr val="accent{int(place) + 1}"/>'
    named = {"ink": "tx1", "muted": "tx2", "surface": "bg1"}.get(tone)
    return f'<a:schemeClr val="{named}"/>' if named else f'<a:srgbClr val="{light(tone)[1:].upper()}"/>'


def number_format(decimals: int, suffix: str, factor: float = 1.0) -> str:
    """Format of numbers as a sheet writes it; its reader's program puts in the marks of its language."""
    zeros = "0" + ("." + "0" * decimals if decimals else "")
    if factor == 100.0:
        return zeros + "%"
    plain = suffix.strip().replace('"', "")
    grouped = "#,##" + zeros
    return f'{grouped}"{suffix[:1] if suffix[:1].isspace() else ""}{plain}"' if plain else grouped


def _base(frame: Any) -> Any:
    chart = frame.chart
    chart.has_legend = False
    chart.has_title = False
    chart.font.size = Pt(SIZE)
    paint(chart.font.color, "ink")
    return chart


def _axis_text(axis: Any, tone: str = "muted") -> None:
    axis.tick_labels.font.size = Pt(SIZE)
    paint(axis.tick_labels.font.color, tone)


def _plain(axis: Any, tone: str = "line") -> None:
    axis.major_tick_mark = XL_TICK_MARK.NONE
    axis.minor_tick_mark = XL_TICK_MARK.NONE
    axis.format.line.width = Pt(1)
    paint(axis.format.line.color, tone)


def _grid(axis: Any) -> None:
    axis.has_major_gridlines = True
    axis.major_gridlines.format.line.width = Pt(0.75)
    paint(axis.major_gridlines.format.line.color, "faint")


def _inner(chart: Any, x: float, y: float, w: float, h: float) -> None:
    """Where the plot stands within its frame, as shares: then labels beside it have a place."""
    area = chart._chartSpace.chart.plotArea
    old = area.find(qn("c:layout"))
    if old is not None:
        area.remove(old)
    area.insert(
        0,
        parse_xml(
            f'<c:layout {CHART_SPACES}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            f'<c:yMode val="edge"/><c:x val="{x:.4f}"/><c:y val="{y:.4f}"/><c:w val="{w:.4f}"/><c:h val="{h:.4f}"/>'
            "</c:manualLayout></c:layout>"
        ),
    )


# --- lines ----------------------------------------------------------------------------------------------------------


def _lines(shapes: Any, chart: Lines, box: Box) -> Any:
    skip = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (chart.last - chart.first) / step <= 12)
    # The first year is moved back so that the last one is named.
    first = chart.first - (-(chart.last - chart.first) % skip)
    years = list(range(first, chart.last + 1))
    data = CategoryChartData(number_format=number_format(chart.decimals, chart.suffix))
    data.categories = [str(year) for year in years]
    styles: list[tuple[str, str, float, float]] = []

    def series(name: str, values: dict[int, float], tone: str, dash: str, wide: float, alpha: float = 1.0) -> None:
        known = {year: value for year, value in values.items() if value == value}
        data.add_series(clean(name), [known.get(year) for year in years])
        styles.append((tone, dash, wide, alpha))

    for place, part in enumerate(chart.seen):
        name = (
            chart.seen_label if place == len(chart.seen) - 1 else f"{chart.seen_label} ({part[0].year}–{part[-1].year})"
        )
        series(name, {one.year: one.value for one in part}, "ink", "", 3.0)
    middles = []
    for path in chart.paths:
        ranged = any(spot.ranged for spot in path.spots)
        if ranged:
            for end, words in (("low", _("low")), ("high", _("high"))):
                values = {spot.year: getattr(spot, end) for spot in path.spots}
                series(f"{path.name}, {words}", values, path.tone, "", 1.0, 0.55)
        middles.append(len(styles))
        series(path.name, {spot.year: spot.value for spot in path.spots}, path.tone, path.dash, 2.75)
    if chart.target is not None:
        value, words = chart.target
        series(words, dict.fromkeys(years, value), "ink", "dot", 1.25)
    frame = shapes.add_chart(XL_CHART_TYPE.LINE, *box.emu, data)
    made = _base(frame)
    plot = made.plots[0]
    for one, (tone, dash, wide, alpha) in zip(plot.series, styles, strict=True):
        one.smooth = False
        one.marker.style = XL_MARKER_STYLE.NONE
        one.format.line.width = Pt(wide)
        paint(one.format.line.color, tone)
        if dash in DASHES:
            one.format.line.dash_style = DASHES[dash]
        if alpha < 1:
            fill = one.format.line._ln.find(qn("a:solidFill"))
            fill[0].append(parse_xml(f'<a:alpha {CHART_SPACES} val="{round(alpha * 100000)}"/>'))
    values, categories = made.value_axis, made.category_axis
    values.minimum_scale, values.maximum_scale = chart.axis.low, chart.axis.high
    if len(chart.axis.ticks) > 1:
        values.major_unit = chart.axis.ticks[1] - chart.axis.ticks[0]
    _grid(values)
    _plain(values, "surface")
    short = chart.suffix if len(chart.suffix.strip()) <= 1 else ""
    values.tick_labels.number_format = number_format(chart.axis.decimals, short)
    values.tick_labels.number_format_is_linked = False
    _axis_text(values)
    _plain(categories, "neutral")
    _axis_text(categories)
    categories.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    # Years stand on the lines of the axis, not between them.
    cross = values._element.find(qn("c:crossBetween"))
    if cross is None:
        cross = parse_xml(f"<c:crossBetween {CHART_SPACES}/>")
        values._element.find(qn("c:crosses")).addnext(cross)
    cross.set("val", "midCat")
    for tag in ("c:tickLblSkip", "c:tickMarkSkip"):
        _skip(categories._element, tag, skip)
    _labels(made, chart, middles, box)
    return frame


def _skip(axis: Any, tag: str, count: int) -> None:
    found = axis.find(qn(tag))
    if found is None:
        found = parse_xml(f"<{tag} {CHART_SPACES}/>")
        before = axis.find(qn("c:noMultiLvlLbl"))
        axis.insert(list(axis).index(before), found) if before is not None else axis.append(found)
    found.set("val", str(count))


def _labels(made: Any, chart: Lines, middles: list[int], box: Box) -> None:
    """Name and number at the end of each line; labels that would cover one another are moved apart."""
    pixel = 2.0 * 72  # pixels of a slide in an inch: a point is two of them
    wide = max((width_of(path.name, 2 * SIZE, True) for path in chart.paths), default=200.0)
    share = min(max((wide + 40) / (box.w * pixel), 0.16), 0.32)
    top, tall = 0.03, 0.86
    _inner(made, 0.07, top, 0.93 - share, tall)
    height = 2.3 * 2 * SIZE / (box.h * pixel)
    wanted = [
        top + tall * (chart.axis.high - path.last.value) / (chart.axis.high - chart.axis.low) for path in chart.paths
    ]
    placed = apart(wanted, [height] * len(wanted), 0.0, 1.0)
    format_ = number_format(chart.decimals, chart.suffix).replace('"', "&quot;")
    plot = list(made.plots[0].series)
    for path, number, at, want in zip(chart.paths, middles, placed, wanted, strict=True):
        point = len(plot[number]._element.findall(qn("c:cat") + "//" + qn("c:pt"))) - 1
        plot[number]._element.get_or_add_dLbls()
        labels = plot[number]._element.find(qn("c:dLbls"))
        labels.insert(0, parse_xml(_label(path, point, format_, at - want)))
        for tag in ("c:showVal", "c:showLegendKey", "c:showCatName", "c:showSerName"):
            found = labels.find(qn(tag))
            if found is not None:
                found.set("val", "0")


def _label(path: Path, point: int, format_: str, moved: float) -> str:
    return (
        f'<c:dLbl {CHART_SPACES}><c:idx val="{point}"/><c:layout><c:manualLayout><c:x val="0.004"/>'
        f'<c:y val="{moved:.4f}"/></c:manualLayout></c:layout><c:numFmt formatCode="{format_}" sourceLinked="0"/>'
        '<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr wrap="none" anchor="ctr"/><a:lstStyle/>'
        f'<a:p><a:pPr algn="l"><a:defRPr sz="{SIZE * 100}" b="1"><a:solidFill>{colour_of(path.tone)}</a:solidFill>'
        "</a:defRPr></a:pPr>"
        '<a:endParaRPr lang="en-GB"/></a:p></c:txPr><c:dLblPos val="r"/><c:showLegendKey val="0"/><c:showVal val="1"/>'
        '<c:showCatName val="0"/><c:showSerName val="1"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
        "<c:separator>\n</c:separator></c:dLbl>"
    )


# --- bars -----------------------------------------------------------------------------------------------------------


def _bars(shapes: Any, chart: Bars, box: Box) -> Any:
    format_ = number_format(chart.decimals, chart.suffix, chart.factor)
    data = CategoryChartData(number_format=format_)
    data.categories = [clean(f"{bar.sign} {bar.label}".strip()) for bar in chart.bars]
    if chart.before:
        data.add_series(clean(chart.before), [None if bar.before != bar.before else bar.before for bar in chart.bars])
    data.add_series(clean(chart.name), [None if bar.value != bar.value else bar.value for bar in chart.bars])
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *box.emu, data)
    made = _base(frame)
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 45, 0
    plot.vary_by_categories = False
    main = plot.series[len(plot.series) - 1]
    if chart.before:
        plot.series[0].format.fill.solid()
        paint(plot.series[0].format.fill.fore_color, "rest")
    for place, bar in enumerate(chart.bars):
        fill = main.points[place].format.fill
        fill.solid()
        paint(fill.fore_color, bar.tone)
    for one in plot.series:
        labels = one.data_labels
        labels.show_value = True
        labels.number_format, labels.number_format_is_linked = format_, False
        labels.position = XL_LABEL_POSITION.OUTSIDE_END
        labels.font.size = Pt(SIZE)
        labels.font.bold = one is main or len(plot.series) == 1
        paint(labels.font.color, "ink")
    if chart.before:
        made.has_legend = True
        made.legend.include_in_layout = False
        made.legend.font.size = Pt(SIZE)
        made.legend.position = XL_LEGEND_POSITION.BOTTOM
    _downwards(made.category_axis)
    _plain(made.category_axis, "neutral")
    values = made.value_axis
    values.visible = False
    values.has_major_gridlines = False
    values.minimum_scale, values.maximum_scale = 0, chart.high * 1.12
    return frame


def _downwards(axis: Any) -> None:
    """The first category on top, the axis of the values below, and no name left out."""
    axis.reverse_order = True
    axis.crosses = XL_AXIS_CROSSES.MAXIMUM
    axis.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    _axis_text(axis, "ink")
    _skip(axis._element, "c:tickLblSkip", 1)


# --- cross ----------------------------------------------------------------------------------------------------------

REACH = 1.35
"""How far the picture goes on each side of the middle, places lying between -1 and 1."""


def _cross(shapes: Any, chart: Cross, box: Box) -> Any:
    data = XyChartData(number_format="0.00")
    for one in chart.places:
        data.add_series(clean(one.name)).add_data_point(one.x, one.y)
    frame = shapes.add_chart(XL_CHART_TYPE.XY_SCATTER, *box.emu, data)
    made = _base(frame)
    for one, place in zip(made.plots[0].series, chart.places, strict=True):
        one.format.line.fill.background()
        one.marker.style, one.marker.size = MARKERS.get(place.marker, XL_MARKER_STYLE.CIRCLE), 16
        one.marker.format.fill.solid()
        paint(one.marker.format.fill.fore_color, place.tone)
        paint(one.marker.format.line.color, place.tone)
        labels = one._element.get_or_add_dLbls()
        for tag in ("c:showVal", "c:showLegendKey", "c:showCatName"):
            found = labels.find(qn(tag))
            if found is not None:
                found.set("val", "0")
        shown = made.plots[0].series[list(chart.places).index(place)].points[0].data_label
        shown.has_text_frame = False
        shown.position = XL_LABEL_POSITION.ABOVE
        shown.font.size, shown.font.bold = Pt(18), True
        paint(shown.font.color, place.tone)
        label = shown._dLbl
        for tag, value in (
            ("c:showSerName", "1"),
            ("c:showVal", "0"),
            ("c:showCatName", "0"),
            ("c:showLegendKey", "0"),
        ):
            found = label.find(qn(tag))
            if found is not None:
                found.set("val", value)
    for axis in (made.value_axis, made.category_axis):
        axis.minimum_scale, axis.maximum_scale, axis.major_unit = -REACH, REACH, 1
        axis.has_major_gridlines = False
        axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
        _plain(axis, "neutral")
    made.value_axis.visible = chart.upward is not None
    _inner(made, 0.01, 0.02, 0.98, 0.96)
    return frame


# --- steps ----------------------------------------------------------------------------------------------------------


def _steps(shapes: Any, chart: Steps, box: Box) -> Any:
    data = CategoryChartData(number_format="0.0")
    data.categories = [clean(f"{one.mark} {one.name}") for one in chart.steps]
    data.add_series(_("begins"), [round(one.start, 2) for one in chart.steps])
    data.add_series(clean(chart.work), [round(max(one.due - one.start, 0.12), 2) for one in chart.steps])
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *box.emu, data)
    made = _base(frame)
    plot = made.plots[0]
    plot.gap_width, plot.overlap = 60, 100
    plot.series[0].format.fill.background()
    for place, one in enumerate(chart.steps):
        fill = plot.series[1].points[place].format.fill
        fill.solid()
        paint(fill.fore_color, one.tone if one.tone != "none" else "neutral")
    _downwards(made.category_axis)
    _plain(made.category_axis, "line")
    values = made.value_axis
    values.minimum_scale, values.maximum_scale = chart.first, chart.last
    values.major_unit = max(1, round((chart.last - chart.first) / 6))
    values.tick_labels.number_format, values.tick_labels.number_format_is_linked = "0", False
    _grid(values)
    _plain(values)
    _axis_text(values)
    _inner(made, 0.5, 0.02, 0.48, 0.86)
    return frame
