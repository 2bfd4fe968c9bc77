"""Parts 'methods', 'accessibility', 'privacy' and 'licence': short texts with formulas; numbers come from constants."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
from dash import html

from analysis import convergence, peers, progress, ranks
from analysis.model import DIRECTION, LEVEL, TARGET
from dashboard import frames, statements, trust
from dashboard.components.data_chain_methods import chain_methods, specialisation_methods
from dashboard.components.data_future_methods import future_methods
from dashboard.components.data_parts import PATH, Method, default, formula, short, statement, table_card
from dashboard.components.data_programme_methods import programme_methods
from dashboard.components.marks import FLAGS
from dashboard.exhibits import Column, Exhibit, exhibit
from dashboard.i18n import _, date, number, percent
from dashboard.trust import DataFilters


def groups() -> Mapping[str, tuple[Method, ...]]:
    """All measures in the order in which a reader meets them, under the names of their groups."""
    return {
        _("Regions and indicators"): _indicator_methods(),
        _("Specialisation"): specialisation_methods(),
        _("Value chains"): chain_methods(),
        _("Futures"): future_methods(),
        _("Programmes"): programme_methods(),
    }


def methods() -> tuple[Method, ...]:
    """All measures, one after the other."""
    return tuple(method for group in groups().values() for method in group)


def _indicator_methods() -> tuple[Method, ...]:
    return (
        _level(),
        _direction(),
        _target(),
        _peers(),
        _ranks(),
        _clear(),
        _sigma(),
        _beta(),
        _flags(),
        _breaks(),
    )


def _level() -> Method:
    return Method(
        "level",
        _("Level"),
        (
            _(
                "A region's value stands beside a reference of the same year: the EU, its country, or the median of "
                "its peers. The year is the newest that both have; for peers, the newest in which the region and at "
                "least {share} of them report. Within {near} of the reference it counts as about the same. For "
                "indicators of which neither more nor less is better, the words are only higher and lower."
            ).format(share=percent(default(progress.level_against_peers, "share")), near=percent(LEVEL.near)),
        ),
        (f"|y − r| ≤ {percent(LEVEL.near)} · |r|",),
        _("Our own choice, valid from {day}.").format(day=date(LEVEL.valid_from)),
    )


def _direction() -> Method:
    return Method(
        "direction",
        _("Direction"),
        (
            _(
                "Direction is the change over the last {years} years, in the direction that is wanted. Growth is "
                "compounded; from {up}% a year it is significant progress, from 0 moderate progress, down to {down}% "
                "a moderate, below that a significant movement away."
            ).format(years=DIRECTION.years, up=number(DIRECTION.significant), down=number(DIRECTION.away)),
            _(
                "For shares, and for values that may cross zero, change is measured in points; {points}% of the scale "
                "a year is significant. No start year within {tolerance} year of the wanted one, or a break that "
                "leaves fewer than {shortest} years: no direction is given, and the reason is."
            ).format(points=number(DIRECTION.points, 1), tolerance=DIRECTION.tolerance, shortest=DIRECTION.shortest),
        ),
        ("g = (y_{t} / y_{0})^{1/(t − t₀)} − 1", "d = (y_{t} − y_{0}) / (t − t₀)"),
        _("{source}; the limit for points is our own choice. In this form from {day}.").format(
            source=_("Eurostat, Sustainable development in the European Union, annex on assessing indicator trends"),
            day=date(DIRECTION.valid_from),
        ),
    )


def _target() -> Method:
    return Method(
        "target",
        _("Distance to target"),
        (
            _(
                "The gap is the target less the newest value. The pace that was observed stands beside the pace that "
                "would have been needed: from {high}% of it progress is significant, from {low}% moderate, below that "
                "insufficient, below zero it is a movement away. The year of arrival carries the observed pace on; "
                "after {horizon} no year is named. Targets of the EU or a country are shown only beside indicators "
                "that measure the same."
            ).format(high=number(TARGET.significant), low=number(TARGET.moderate), horizon=TARGET.horizon),
        ),
        (
            "ρ = g / g* · 100%,   g* = (y* / y_{0})^{1/(t* − t₀)} − 1",
            "T = t + ln(y* / y_{t}) / ln(1 + g)",
        ),
        _("{source}. In this form from {day}.").format(
            source=_("Eurostat, Sustainable development in the European Union, annex on assessing indicator trends"),
            day=date(TARGET.valid_from),
        ),
    )


def _peers() -> Method:
    return Method(
        "peers",
        _("Peers"),
        (
            _(
                "Peers are regions with a similar structure, not with a similar success: size and the shares of "
                "industries in employment, never what policy wants to change. Each variable is standardised over "
                "all regions; the distance is the weighted mean of squared differences, and its parts say why two "
                "regions are alike. When more than {missing} of the weight is missing, no peers are computed. "
                "Alternatives are regions with a similar GDP per head, and the reader's own list."
            ).format(missing=percent(default(peers.structural_peers, "max_missing"))),
        ),
        ("D_{ab} = Σ_{v} w_{v} (z_{va} − z_{vb})²,   Σ_{v} w_{v} = 1,   z_{v} = (x_{v} − x̄_{v}) / s_{v}",),
        _("Navarro, M. et al. (2014), Regional benchmarking in the smart specialisation process, JRC, S3 Platform."),
    )


def _ranks() -> Method:
    return Method(
        "ranks",
        _("Rank ranges"),
        (
            _(
                "No rank stands without its range. Where the publisher gives no error, the width of a value's 90% "
                "range is assumed from how unevenly the region's own series moves from year to year; marks widen it "
                "(low reliability {u}-fold, estimated and provisional {e}-fold). From these ranges values are drawn "
                "{draws} times with a fixed seed; the rank range holds 90% of the ranks. Where it is wider than one "
                "third of all regions, no rank is printed. For several indicators weights vary by {weights} either "
                "way."
            ).format(
                u=short(ranks.FLAG_FACTORS["u"]),
                e=short(ranks.FLAG_FACTORS["e"]),
                draws=number(ranks.DRAWS),
                weights=percent(ranks.WEIGHT_SPREAD),
            ),
        ),
        ("y ± z_{0.95} · σ · k",),
        _("OECD and JRC (2008), Handbook on Constructing Composite Indicators; the assumed width is our own choice."),
    )


def _clear() -> Method:
    return Method(
        "clear",
        _("Clear difference"),
        (
            _(
                "Two regions differ clearly only when their 90% ranges do not overlap; ranges that touch overlap. "
                "Otherwise the words are 'no clear difference', however far apart the values look."
            ),
        ),
        ("y_{a}^{−} > y_{b}^{+}",),
        _("Our own choice, on the careful side: ranges may overlap although a test would find a difference."),
    )


def _sigma() -> Method:
    return Method(
        "sigma",
        _("Sigma convergence"),
        (
            _(
                "Do regions draw closer together? The coefficient of variation across the same regions is followed "
                "year by year, plain and weighted by population, with a 90% band from {draws} draws of regions. Only "
                "regions with a value in every year count; at least {least} are needed. Gaps narrowed or widened only "
                "when the band of the change excludes zero."
            ).format(draws=number(default(convergence.sigma, "draws")), least=convergence.LEAST_REGIONS),
        ),
        ("CV_{t} = s_{t} / ȳ_{t} · 100%",),
        _("Barro, R. and Sala-i-Martin, X. (1992), Convergence, Journal of Political Economy 100(2)."),
    )


def _beta() -> Method:
    return Method(
        "beta",
        _("Beta convergence"),
        (
            _(
                "Do poorer regions grow faster? Yearly growth is explained by the logarithm of the starting level; "
                "the slope has a 95% interval from standard errors that allow for unequal spread (HC3). The speed of "
                "convergence and the half-life of the gap follow from a negative slope. Nothing else is held constant "
                "and no cause is claimed."
            ),
        ),
        (
            "ln(y_{iT} / y_{i0}) / T = a + b · ln y_{i0} + e_{i}",
            "β = −ln(1 + bT) / T,   h = ln 2 / β",
        ),
        _(
            "Barro, R. and Sala-i-Martin, X. (1992), Convergence, Journal of Political Economy 100(2); "
            "MacKinnon, J. and White, H. (1985), Journal of Econometrics 29(3)."
        ),
    )


def _flags() -> Method:
    letters = "; ".join(f"{letter}: {_(words)}" for letter, words in FLAGS.items())
    return Method(
        "flags",
        _("Marks and missing figures"),
        (
            _(
                "The publisher's letters travel with each figure into tables, files and results. Missing is never "
                "zero: it is a gap in figures and an empty cell in files. Estimated, provisional and unreliable "
                "figures are drawn hollow. No figure is estimated, filled or carried on by us."
            ),
            letters,
        ),
        source=_("Marks: Eurostat. Status of each figure: SDMX code list of observation status."),
    )


def _breaks() -> Method:
    return Method(
        "breaks",
        _("Changes of regions and breaks"),
        (
            _(
                "Regions change with each version of the NUTS classification. An old code keeps its own series; it is "
                "never joined to a new one, not even when the territory is the same. A figure marked with b cannot be "
                "compared with the years before: lines stop there, and change is measured from the break."
            ),
        ),
        source=_("Regulation (EC) No 1059/2003 (NUTS) and its amendments."),
    )


@exhibit("data-changes", DataFilters)
def changes_exhibit(chosen: DataFilters) -> Exhibit:
    """The table of changes of the classification, in words."""
    table = trust.changes()
    return Exhibit(
        key="data-changes",
        answer=_("The classification changed {n} times in a region of the area.").format(n=number(len(table)))
        if len(table)
        else _("No change of the classification is known."),
        subtitle=_("Changes of level 2 regions between versions of NUTS"),
        table=table,
        columns=(
            Column("from_code", _("Code")),
            Column("version", _("With NUTS"), "text"),
            Column("text", _("What changed")),
            Column("source", _("Source")),
        ),
        query=chosen.but(part="methods").query(),
        path=PATH,
    )


@exhibit("data-sources", DataFilters)
def sources_exhibit(chosen: DataFilters) -> Exhibit:
    """Publishers with licence and terms."""
    frame = frames.sources()
    filled = trust.catalogue()
    loaded = {*filled.loc[filled["loaded"], "source"], *(["gisco"] if len(frames.geometries()) else [])}
    counted = frame.assign(
        publisher=[_(name) for name in frame["publisher"]], licence=[_(name) for name in frame["licence"]]
    )
    return Exhibit(
        key="data-sources",
        answer=_("The catalogue names {n} sources; figures or boundaries of {k} are loaded.").format(
            n=number(len(frame)), k=number(int(frame["code"].isin(loaded).sum()))
        ),
        subtitle=_("Sources, licences and terms"),
        table=counted.assign(loaded=[_("yes") if code in loaded else _("no") for code in frame["code"]]),
        columns=(
            Column("publisher", _("Publisher")),
            Column("licence", _("Licence")),
            Column("terms", _("Terms")),
            Column("url", _("Address")),
            Column("loaded", _("Loaded")),
        ),
        query=chosen.but(part="licence").query(),
        path=PATH,
    )


def draw_methods(chosen: DataFilters) -> list[Any]:
    """The methods as components, each with an anchor."""
    found, count = groups(), len(methods())
    contents = html.Nav(
        [
            part
            for name, group in found.items()
            for part in (
                html.P(html.B(name)),
                html.Ul(
                    [html.Li(html.A(method.name, href=f"#method-{method.key}")) for method in group],
                    className="list-plain",
                ),
            )
        ],
        className="method-contents",
        **{"aria-label": _("Measures on this page")},
    )
    head = html.H2(
        _("{n} measures; each says its formula, its thresholds and where they come from.").format(n=number(count)),
        className="card-answer",
    )
    whole = html.P(
        _("The whole of it, with traps and references, stands in the file docs/methods.md of the source code."),
        className="muted",
    )
    signs = html.P(
        _(
            "In the formulas y is the value, r the reference, t the newest year, t₀ the start, g growth a year; an "
            "asterisk marks the target, − and + the ends of a range. Regions are a, b and i, variables v with the "
            "weight w; z is a standard score, x̄ and ȳ are means, s and σ standard deviations, k the widening by "
            "marks."
        ),
        className="muted",
    )
    more = html.P(
        _(
            "For specialisation X is the amount, M presence (1 or 0), s a share, d the number of industries of a "
            "region and u the number of regions of an industry, D and U the diagonal matrices of these; r is a region, "
            "c, d and e are industries. For chains Z are flows between industries, x output, f and Y final use, v "
            "value added for a unit of output, e and E exports, n the number of industries; s, r and t are countries, "
            "i, j and k industries."
        ),
        className="muted",
    )
    futures = html.P(
        _(
            "For futures p is a pathway and p* the moved one, l and h the ends of its range, i, j and k scenarios, π "
            "the weight stated before, L a likelihood, w a weight, x 1 for the true scenario and else 0, P a judged "
            "likelihood; β is an impact balance of judgements C, u a pay-off, c a cost, E an earliest finish and d a "
            "duration."
        ),
        className="muted",
    )
    texts = [part for name, group in found.items() for part in (html.H2(name), *[_method(method) for method in group])]
    return [
        head,
        whole,
        signs,
        more,
        futures,
        html.Div(
            [html.Div(contents, className="span-3"), html.Div(texts, className="span-9")],
            className="grid methods",
        ),
        html.Section(table_card(changes_exhibit(chosen)), className="section"),
    ]


def _method(method: Method) -> html.Section:
    return html.Section(
        [
            html.H3(method.name, id=f"method-{method.key}"),
            *[html.P(text) for text in method.paragraphs],
            *[formula(text) for text in method.formulas],
            html.P([html.B(_("Source:")), " ", html.Cite(method.source)], className="muted"),
        ],
        className="statement",
    )


def draw_accessibility(_chosen: DataFilters) -> list[Any]:
    """The accessibility statement."""
    head = _("This website is partially accessible; {n} known limits are listed.")
    sections = statements.accessibility()
    limits = sum(len(section.points) for section in sections)
    return [html.H2(head.format(n=number(limits)), className="card-answer"), *statement(sections)]


def draw_privacy(_chosen: DataFilters) -> list[Any]:
    """The privacy statement."""
    head = _("No personal data are collected; two cookies remember language and colours.")
    return [html.H2(head, className="card-answer"), *statement(statements.privacy())]


def draw_licence(chosen: DataFilters) -> list[Any]:
    """Licences, citation, attributions, and the note on Kosovo."""
    head = _("Figures, texts and software may be reused when their source is named.")
    return [
        html.H2(head, className="card-answer"),
        *statement(statements.licence()),
        html.Section([html.H3(_("How to cite")), html.P(citation()), *_citations()], className="statement"),
        table_card(sources_exhibit(chosen)),
    ]


def citation() -> str:
    """How the installation as a whole is cited."""
    return _("PoliSEE, data version {version}, {day}.").format(version=frames.data_version(), day=date(trust.today()))


def _citations() -> list[Any]:
    frame: pd.DataFrame = frames.sources()
    placeholders = {
        "dataset": _("[dataset]"),
        "title": _("[title]"),
        "updated": _("[date of the edition]"),
        "accessed": _("[date of access]"),
    }
    items = [html.Li(str(text).format_map(placeholders), className="citation") for text in frame["citation"] if text]
    intro = _("Figures are cited in the words that their publisher asks for; each card gives them filled in:")
    return [html.P(intro), html.Ul(items, className="list-plain")] if items else []
