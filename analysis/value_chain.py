"""Value chains in inter-country tables: where value comes from, where it goes, and where an industry stands.

Everything takes a ``System`` (``analysis.input_output``) and gives frames; amounts are in the table's unit. Functions
on trade need an inter-country table and raise ValueError for a national one.

The decomposition of exports is Borin & Mancini's (2019, 2023), source-based, seen from the exporting country as a whole
(country perimeter): of the methods in use it is the one whose parts add up to gross exports exactly, for each flow and
for all flows together, without a residual; where Koopman, Wang & Wei or Wang, Wei & Zhu count the same value added a
second time at other borders it differs, so the method is named beside every figure.

Notation: v value added per output, L the Leontief inverse, Y final use by country, e gross exports,
H_s = (I - A_ss)^-1.

Literature: Hummels, Ishii & Yi (2001); Koopman, Wang & Wei (2014); Johnson & Noguera (2012); Borin & Mancini (2019,
2023); Wang, Wei, Yu & Zhu (2017); Antràs & Chor (2018); Meng, Ye & Wei (2020).
"""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from analysis.input_output import (
    METHOD,
    Diagnostics,
    System,
    TableError,
    downstreamness,
    extraction,
    linkages,
    multipliers,
    upstreamness,
)
from analysis.shocks import DemandChange, LostSupplier, Shock, shock, suppliers_and_buyers
from analysis.tables import IOTable

__all__ = [
    "METHOD",
    "ChainFrames",
    "DemandChange",
    "Diagnostics",
    "IOTable",
    "LostSupplier",
    "Shock",
    "Smile",
    "System",
    "TableError",
    "bilateral",
    "chain_frames",
    "decomposition",
    "origins",
    "participation",
    "positions",
    "production_participation",
    "shock",
    "smile",
    "suppliers_and_buyers",
    "trade_in_value_added",
]

DECOMPOSITION = "Borin-Mancini, source-based, country perimeter"
# Inter-industry blocks are drawn as a heat map; more rows cannot be told apart.
HEAT_MAP = 40
OTHER = "other"


@dataclass(frozen=True)
class _Trade:
    """Arrays that the measures of one system share. G countries of N industries, n rows.

    Attributes:
        by_origin: value added of each country in one unit of each product (G x n).
        local: H_s (G x N x N).
        local_shares: v_s H_s in one row (n).
        foreign_local: sum over t != s of v_t L_ts L_ss^-1 H_s, in one row (n).
        needed: L Y, output that each country's final use needs (n x G).
        returning: of each row's deliveries to each country, those that end in final use at home (n x G).
        direct: exports that the importer absorbs without exporting any of them again (n x G).
    """

    by_origin: np.ndarray
    local: np.ndarray
    local_shares: np.ndarray
    foreign_local: np.ndarray
    needed: np.ndarray
    returning: np.ndarray
    direct: np.ndarray


def _trade(system: System) -> _Trade:
    if system.table.kind == "national":
        raise ValueError(f"{system.table.name} is a national table; value added in trade needs an inter-country one.")
    return system.once("trade", lambda: _make_trade(system))


def _blocks(system: System, matrix: np.ndarray) -> np.ndarray:
    """The blocks of each country with itself (G x N x N), as a view."""
    countries, industries = len(system.table.countries), len(system.table.industries)
    return np.einsum("gigj->gij", matrix.reshape(countries, industries, countries, industries))


def _make_trade(system: System) -> _Trade:
    countries, industries = len(system.table.countries), len(system.table.industries)
    n, own = system.size, (np.arange(system.size), system.country_of)
    by_origin = system.by_origin(system.shares)
    at_home = _blocks(system, system.flows) * system.per_output.reshape(countries, 1, industries)
    local = np.linalg.inv(np.eye(industries) - at_home)
    shares = system.shares.reshape(countries, 1, industries)
    local_shares = (shares @ local).reshape(n)
    foreign = by_origin.sum(axis=0) - system.of_own_country(by_origin)
    inner = _blocks(system, system.inverse)
    # x L_ss^-1 as a solve of the transposed block.
    split = np.linalg.solve(inner.transpose(0, 2, 1), foreign.reshape(countries, industries, 1))
    foreign_local = (split.transpose(0, 2, 1) @ local).reshape(n)
    needed = system.solve(system.absorbed)
    domestic_final = system.absorbed[own].reshape(countries, industries, 1)
    settled = (local @ domestic_final).reshape(n)
    # Deliveries to r for what r turns into final products for itself within its borders.
    direct = _delivered_for(system, settled)
    direct += system.absorbed
    direct[own] = 0.0
    returning = np.empty((n, countries))
    for place in range(countries):
        rows = slice(place * industries, (place + 1) * industries)
        used = needed[:, place] * system.per_output
        returning[rows] = (system.flows[rows] * used).reshape(industries, countries, industries).sum(axis=2)
    returning[own] = 0.0
    return _Trade(by_origin, local, local_shares, foreign_local, needed, returning, direct)


def _delivered_for(system: System, output: np.ndarray) -> np.ndarray:
    """Deliveries of each row to each country's industries for this output of theirs (n x G)."""
    countries, industries = len(system.table.countries), len(system.table.industries)
    used = system.per_output * output
    result = np.empty((countries, system.size))
    for place in range(countries):
        columns = slice(place * industries, (place + 1) * industries)
        np.dot(system.flows[:, columns], used[columns], out=result[place])
    return np.ascontiguousarray(result.T)


def _by_country(system: System, values: np.ndarray) -> np.ndarray:
    """Sums over the industries of each country: (n) -> (G), (n x k) -> (G x k)."""
    countries, industries = len(system.table.countries), len(system.table.industries)
    return values.reshape(countries, industries, *values.shape[1:]).sum(axis=1)


def _ratio(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    return np.divide(values, by, out=np.full(np.shape(values), np.nan), where=np.asarray(by) > 0)


AMOUNTS = (
    "exports",
    "domestic_content",
    "foreign_content",
    "remainder",
    "dva",
    "ddc",
    "davax",
    "gvc",
    "gvc_backward",
    "gvc_forward",
    "fva",
    "fdc",
)


def _parts(system: System, exports: np.ndarray, direct: np.ndarray) -> dict[str, np.ndarray]:
    """Parts of exports, element by element: ``exports`` and ``direct`` are (n) or (n x G)."""
    trade = _trade(system)
    extra = (slice(None),) + (None,) * (exports.ndim - 1)
    inside = system.of_own_country(trade.by_origin)
    outside = trade.by_origin.sum(axis=0) - inside
    content, foreign = inside[extra] * exports, outside[extra] * exports
    dva = trade.local_shares[extra] * exports
    davax = trade.local_shares[extra] * direct
    fva = trade.foreign_local[extra] * exports
    return {
        "exports": exports,
        "domestic_content": content,
        "foreign_content": foreign,
        "remainder": exports - content - foreign,
        "dva": dva,
        "ddc": content - dva,
        "davax": davax,
        "gvc": content + foreign - davax,
        "gvc_backward": foreign + content - dva,
        "gvc_forward": dva - davax,
        "fva": fva,
        "fdc": foreign - fva,
    }


def decomposition(system: System, by: Literal["country", "bilateral", "industry"] = "country") -> pd.DataFrame:
    """Value added in gross exports, without counting any of it twice.

    Columns, all in the table's unit: exports; domestic_content and foreign_content (with what crosses the exporter's
    border more than once; foreign content is vertical specialisation in the sense of Hummels et al.); remainder
    (exports less both: taxes on inputs when value added is the published one, else 0); dva (domestic value added at its
    first crossing) and ddc (what crosses again): dva + ddc = domestic_content; davax (dva that the direct importer
    absorbs); gvc (value that crosses at least two borders) = gvc_backward (foreign content and ddc) + gvc_forward (dva
    that the importer exports again); fva and fdc: the same split of the foreign content. Except ``by="industry"`` also
    vax (dva absorbed abroad) and ref (dva that comes home): vax + ref = dva.

    Returns:
        ``by="country"``: [country, ...]; ``"bilateral"``: [exporter, importer, ...], each pair of different countries;
        ``"industry"``: [country, industry (that exports), ...]. Bilateral figures and those of industries sum to the
        country's.
    """
    trade = _trade(system)
    if by == "industry":
        return system.frame(**_parts(system, system.exports, trade.direct.sum(axis=1)))
    parts = _parts(system, system.exported, trade.direct)
    parts["ref"] = trade.local_shares[:, None] * trade.returning
    flows = {name: _by_country(system, values) for name, values in parts.items()}
    flows["vax"] = flows["dva"] - flows["ref"]
    countries = np.array(system.table.countries, dtype=object)
    if by == "country":
        return pd.DataFrame({"country": countries, **{name: values.sum(axis=1) for name, values in flows.items()}})
    exporter, importer = np.nonzero(~np.eye(len(countries), dtype=bool))
    columns = {name: values[exporter, importer] for name, values in flows.items()}
    return pd.DataFrame({"exporter": countries[exporter], "importer": countries[importer], **columns})


def origins(system: System) -> pd.DataFrame:
    """Where the value in each country's gross exports was added: [exporter, origin, value], all pairs.

    The values of one exporter sum to its gross exports (less ``remainder``, see ``decomposition``).
    """
    values = _origins(system)
    countries = np.array(system.table.countries, dtype=object)
    exporter, origin = np.indices(values.T.shape).reshape(2, -1)
    return pd.DataFrame({"exporter": countries[exporter], "origin": countries[origin], "value": values.T.ravel()})


def _origins(system: System) -> np.ndarray:
    """Value added of the row's country in gross exports of the column's (G x G)."""
    return _by_country(system, (_trade(system).by_origin * system.exports).T).T


def bilateral(system: System) -> pd.DataFrame:
    """Who in the end absorbs each country's value added, beside the gross exports to it.

    Returns:
        [country, absorber, value_added (of ``country`` in final use of ``absorber``), exports (gross)], all pairs, the
        country itself too. A country's value added sums to all value added that it makes.
    """
    needed = _by_country(system, system.shares[:, None] * _trade(system).needed)
    sold = _by_country(system, system.exported)
    countries = np.array(system.table.countries, dtype=object)
    country, absorber = np.indices(needed.shape).reshape(2, -1)
    return pd.DataFrame(
        {
            "country": countries[country],
            "absorber": countries[absorber],
            "value_added": needed.ravel(),
            "exports": sold.ravel(),
        }
    )


def participation(system: System) -> pd.DataFrame:
    """Participation in value chains, in shares of gross exports (Koopman, Wang & Wei 2010; OECD).

    Returns:
        [country, backward (foreign content of its exports), forward (its value added in other countries' exports), dvx
        (the same, in the table's unit), position (ln(1 + forward) - ln(1 + backward): above 0 nearer the source)].
        Missing for a country without exports.
    """
    values = _origins(system)
    exports = _by_country(system, system.exports)
    backward = _ratio(values.sum(axis=0) - values.diagonal(), exports)
    dvx = values.sum(axis=1) - values.diagonal()
    forward = _ratio(dvx, exports)
    return pd.DataFrame(
        {
            "country": np.array(system.table.countries, dtype=object),
            "backward": backward,
            "forward": forward,
            "dvx": dvx,
            "position": np.log1p(forward) - np.log1p(backward),
        }
    )


def _dvx(system: System) -> np.ndarray:
    """Value added of each industry in other countries' exports (n)."""
    own = _blocks(system, system.inverse) @ system.exports.reshape(len(system.table.countries), -1, 1)
    return system.shares * (system.solve(system.exports) - own.reshape(system.size))


def production_participation(system: System) -> pd.DataFrame:
    """Participation of industries on the side of production (Wang, Wei, Yu & Zhu 2017).

    Returns:
        [country, industry; of its value added the shares: domestic (in final products that stay at home), traditional
        (in final products that are exported), forward (exported in inputs) = forward_simple (absorbed where the inputs
        go) + forward_complex (crosses further borders): domestic + traditional + forward = 1; backward (of one unit of
        its final products: value that crossed a border in inputs)].
    """
    trade = _trade(system)
    countries, industries = len(system.table.countries), len(system.table.industries)
    own = (np.arange(system.size), system.country_of)

    def at_home(right: np.ndarray) -> np.ndarray:
        return (trade.local @ right.reshape(countries, industries, 1)).reshape(system.size)

    kept = system.absorbed[own]
    foreign_inputs = system.delivered.sum(axis=1) - system.delivered[own]
    simple = _delivered_for(system, at_home(kept))
    simple[own] = 0.0
    forward = at_home(foreign_inputs) * system.per_output
    forward_simple = at_home(simple.sum(axis=1)) * system.per_output
    whole = trade.by_origin.sum(axis=0)
    return system.frame(
        domestic=system.known(at_home(kept) * system.per_output),
        traditional=system.known(at_home(system.final - kept) * system.per_output),
        forward=system.known(forward),
        forward_simple=system.known(forward_simple),
        forward_complex=system.known(forward - forward_simple),
        backward=system.known(_ratio(whole - trade.local_shares, whole)),
    )


def positions(
    system: System,
    by: Literal["industry", "country"] = "industry",
    inventories: Literal["final", "net"] = "final",
    exports: Literal["open", "final"] = "open",
) -> pd.DataFrame:
    """Where industries or countries stand between first inputs and final use (Antràs & Chor 2018).

    ``inventories``, ``exports``: see ``upstreamness``.

    Returns:
        ``by="industry"``: [country, industry, upstreamness, downstreamness (stages), final_use_share (F/GO),
        value_added_share (VA/GO), corrected, doubtful]. ``by="country"``: [country, upstreamness (mean weighted by
        value added: length of chains forward), downstreamness (weighted by final use: length backward)]; over all
        countries of a table that balances both means are output over value added.
    """
    up, down = upstreamness(system, inventories, exports), downstreamness(system)
    if by == "country":
        weights = (system.value_added, system.final)
        lengths = [
            _ratio(_by_country(system, np.nan_to_num(values.to_numpy()) * weight), _by_country(system, weight))
            for values, weight in zip((up["upstreamness"], down["downstreamness"]), weights, strict=True)
        ]
        codes = np.array(system.table.countries, dtype=object)
        return pd.DataFrame({"country": codes, "upstreamness": lengths[0], "downstreamness": lengths[1]})
    return up.assign(
        downstreamness=down["downstreamness"],
        value_added_share=down["value_added_share"],
        doubtful=up["doubtful"] | down["doubtful"],
    )


def trade_in_value_added(system: System) -> pd.DataFrame:
    """All figures of countries on value added in trade: decomposition, participation and mean positions.

    Returns:
        [country, exports, domestic_content, foreign_content, remainder, dva, ddc, vax, ref, davax, gvc, gvc_backward,
        gvc_forward, fva, fdc, backward, forward, dvx, position, upstreamness, downstreamness].
    """
    result = decomposition(system).merge(participation(system), on="country", validate="1:1")
    return result.merge(positions(system, by="country"), on="country", validate="1:1")


@dataclass(frozen=True)
class Smile:
    """The chain of one final product: value added per output along the distance to it.

    Attributes:
        points: [country, industry, distance (stages to the product, 1 for its last stage), value_added_share (per
            output), value_added (in the chain, table's unit), share (of the chain's value added), domestic (bool)], of
            all industries with at least ``minimum`` of the chain's value added, farthest first.
        covered: share of the chain's value added that the points hold.
        total: value added in the chain.
        curve: [distance, value_added_share, low, high]: the fitted quadratic with its band (``confidence``).
        coefficients: constant, linear, quadratic term of the fit; NaN where it is not possible.
        r_squared: of the weighted fit.
        is_smile: the quadratic term is positive.
        reason: ``""`` for a smile, else ``not_positive`` or ``too_few`` (under four points).
        bottom: distance of the lowest point of the curve, None without a smile.
        certain: the quadratic term differs from zero at the confidence level.
    """

    points: pd.DataFrame
    covered: float
    total: float
    curve: pd.DataFrame
    coefficients: tuple[float, float, float]
    r_squared: float
    is_smile: bool
    reason: Literal["", "not_positive", "too_few"]
    bottom: float | None
    certain: bool


def smile(system: System, country: str, industry: str, minimum: float = 0.001, confidence: float = 0.95) -> Smile:
    """Smile curve of the chain that ends in one country's final product (Meng, Ye & Wei 2020).

    Distance of industry i from the product k: (L L)_ik / L_ik, the mean number of stages in which i's value is carried
    to the final product, i's own stage included. The fit is a quadratic weighted with the value added of each industry
    in the chain; its band comes from errors that are robust to unequal variance (White 1980, with the small-sample
    factor). A curve is called a smile only when its quadratic term is positive.

    Raises:
        KeyError: the table has no such industry. TableError: it has no output.
    """
    place = system.table.place(country, industry)
    if not system.active[place]:
        raise TableError(f"{system.table.name}: {country} {industry} has no output.")
    reach = system.leontief_column(place)
    twice = system.solve(reach)
    per_unit = system.shares * reach
    there = (reach > 1e-12) & system.active
    distance = np.divide(twice, reach, out=np.full(system.size, np.nan), where=there)
    whole = float(per_unit[there].sum())
    share = np.where(there, per_unit / whole, np.nan) if whole > 0 else np.full(system.size, np.nan)
    amount = max(float(system.final[place]), 0.0)
    points = system.frame(
        distance=distance,
        value_added_share=system.shares,
        value_added=per_unit * amount,
        share=share,
        domestic=system.country_of == system.country_of[place],
    )
    points = points[share >= minimum].sort_values("distance", ascending=False, ignore_index=True)
    return Smile(
        points=points,
        covered=float(points["share"].sum()),
        total=whole * amount,
        **_fit(
            points["distance"].to_numpy(),
            points["value_added_share"].to_numpy(),
            points["share"].to_numpy(),
            confidence,
        ),
    )


def _fit(x: np.ndarray, y: np.ndarray, weights: np.ndarray, confidence: float) -> dict[str, Any]:
    nothing = pd.DataFrame(columns=["distance", "value_added_share", "low", "high"], dtype=float)
    blank: dict[str, Any] = {
        "curve": nothing,
        "coefficients": (np.nan, np.nan, np.nan),
        "r_squared": np.nan,
        "is_smile": False,
        "reason": "too_few",
        "bottom": None,
        "certain": False,
    }
    if len(x) < 4 or np.ptp(x) < 1e-9:
        return blank
    # Centred, so that the normal equations stay well conditioned.
    middle, weights = float(np.average(x, weights=weights)), weights / weights.sum()
    design = np.vander(x - middle, 3, increasing=True)
    bread = np.linalg.pinv((design * weights[:, None]).T @ design)
    terms = bread @ ((design * weights[:, None]).T @ y)
    errors = y - design @ terms
    spread = float(np.sum(weights * (y - np.average(y, weights=weights)) ** 2))
    freedom = len(x) - 3
    meat = (design * (weights * errors)[:, None] ** 2).T @ design * len(x) / freedom
    covariance = bread @ meat @ bread
    quantile = float(stats.t.ppf((1 + confidence) / 2, freedom))
    grid = np.linspace(x.min(), x.max(), 60)
    lines = np.vander(grid - middle, 3, increasing=True)
    line = lines @ terms
    width = quantile * np.sqrt(np.maximum(np.einsum("ij,jk,ik->i", lines, covariance, lines), 0.0))
    rising = bool(terms[2] > 1e-12)
    return {
        "curve": pd.DataFrame({"distance": grid, "value_added_share": line, "low": line - width, "high": line + width}),
        "coefficients": (
            float(terms[0] - terms[1] * middle + terms[2] * middle**2),
            float(terms[1] - 2 * terms[2] * middle),
            float(terms[2]),
        ),
        "r_squared": float(1 - np.sum(weights * errors**2) / spread) if spread > 0 else np.nan,
        "is_smile": rising,
        "reason": "" if rising else "not_positive",
        "bottom": float(middle - terms[1] / (2 * terms[2])) if rising else None,
        "certain": bool(abs(terms[2]) > quantile * np.sqrt(max(covariance[2, 2], 0.0))),
    }


class ChainFrames(NamedTuple):
    """Results of one table for storing: frames by part, and facts (conventions, diagnostics) as plain JSON values."""

    parts: dict[str, pd.DataFrame]
    facts: dict[str, Any]


def chain_frames(system: System) -> ChainFrames:
    """Everything that is shown of a table.

    Parts: ``industries`` and one ``linkages:{country}`` for each country; of inter-country tables also ``countries``,
    ``origins`` and ``absorbers``. Multipliers, linkages and extraction are those within the industry's own country.

    Raises:
        TableError: the table has no meaning (see ``System.check``), or its rounds do not fade (spectral radius of A not
            below one).
    """
    system.check()
    diagnostics = system.diagnostics()
    if diagnostics.spectral_radius >= 1:
        raise TableError(
            f"{system.table.name}: industries need more inputs than they make (spectral radius of the coefficients "
            f"{diagnostics.spectral_radius:.3f}, must be below 1)."
        )
    inter_country = system.table.kind == "inter_country"
    parts = {"industries": _industries(system)}
    if inter_country:
        parts["countries"] = trade_in_value_added(system)
        parts["origins"] = origins(system)
        parts["absorbers"] = bilateral(system)
    for country in system.table.countries:
        parts[f"linkages:{country}"] = _heat_map(system, country)
    corrected = parts["industries"].loc[parts["industries"]["doubtful"], ["country", "industry"]]
    facts = {
        "method": METHOD,
        "conventions": {
            **system.conventions,
            "multipliers": "type I, within the country",
            "linkages": "Rasmussen, forward after Ghosh, average of the country",
            "extraction": "row, column and final sales removed, within the country",
            "upstreamness_exports": "intermediate and final abroad as at home" if not inter_country else "traced",
            "inventories": "final",
            **(
                {
                    "decomposition": DECOMPOSITION,
                    "participation_countries": "foreign content and value added in others' exports, share of exports",
                    "participation_industries": "Wang-Wei-Yu-Zhu, production side",
                }
                if inter_country
                else {"downstreamness": "domestic stages"}
            ),
        },
        "diagnostics": diagnostics.facts() | {"doubtful": [f"{c} {i}" for c, i in corrected.to_numpy().tolist()]},
        "unit": system.table.unit,
        "jobs_year": system.table.jobs_year,
        "notes": list(system.table.notes),
    }
    return ChainFrames(parts, facts)


def _industries(system: System) -> pd.DataFrame:
    table = system.table
    stand, made = positions(system), multipliers(system)
    tied, gone = linkages(system), extraction(system)
    own = (np.arange(system.size), system.country_of)
    final = system.absorbed[own] if table.kind == "national" else system.final
    jobs = np.full(system.size, np.nan) if table.jobs is None else table.jobs.astype(float)
    result = system.frame(
        output=system.output,
        value_added=table.value_added.astype(float),
        value_added_share=stand["value_added_share"].to_numpy(),
        final_use=final,
        final_use_share=stand["final_use_share"].to_numpy(),
        exports=system.exports,
        upstreamness=stand["upstreamness"].to_numpy(),
        downstreamness=stand["downstreamness"].to_numpy(),
        doubtful=stand["doubtful"].to_numpy(),
        **{name: tied[name].to_numpy() for name in tied.columns[2:]},
        **{name: made[name].to_numpy() for name in made.columns[2:]},
        extraction=gone["share_at_home"].to_numpy(),
        extraction_loss=gone["loss"].to_numpy(),
        jobs=jobs,
    )
    if table.kind == "inter_country":
        shares = production_participation(system)
        trade = decomposition(system, by="industry")
        result["backward_participation"] = shares["backward"]
        result["forward_participation"] = shares["forward"]
        result["foreign_content"] = trade["foreign_content"]
        result["dvx"] = _dvx(system)
        result["davax"] = trade["davax"]
    return result


def _heat_map(system: System, country: str) -> pd.DataFrame:
    """Shares of each industry's inputs that the others of its country deliver: [country, source, target, value].

    Of a table with more than ``HEAT_MAP`` industries the largest are shown and the rest added up as ``other``. Inputs
    are all of the target's inputs from industries, whatever their origin, where that is known.
    """
    rows = system.table.rows(country)
    flows, codes = system.flows[rows, rows], np.array(system.table.industries, dtype=object)
    inputs = system.flows[:, rows].sum(axis=0)
    if system.table.imported_inputs is not None:
        inputs = inputs + np.nan_to_num(system.table.imported_inputs[rows])
    if len(codes) > HEAT_MAP:
        largest = np.sort(np.argsort(-system.output[rows], kind="stable")[: HEAT_MAP - 1])
        group = np.full(len(codes), HEAT_MAP - 1)
        group[largest] = np.arange(HEAT_MAP - 1)
        merge = np.zeros((HEAT_MAP, len(codes)))
        merge[group, np.arange(len(codes))] = 1.0
        flows, inputs, codes = merge @ flows @ merge.T, merge @ inputs, np.append(codes[largest], OTHER)
    values = _ratio(flows, np.broadcast_to(inputs, flows.shape))
    source, target = np.indices(values.shape).reshape(2, -1)
    return pd.DataFrame({"country": country, "source": codes[source], "target": codes[target], "value": values.ravel()})
