"""Regions that are alike by structure, and why (Navarro et al. 2014, S3 Working Paper 3)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from analysis.progress import latest

PEER_COLUMNS = ["region", "distance", "rank", "missing_share"]
CONTRIBUTION_COLUMNS = [
    "region",
    "variable",
    "value",
    "peer_value",
    "score",
    "peer_score",
    "contribution",
    "share",
]


@dataclass(frozen=True)
class PeerResult:
    """Peers of a region, nearest first, and what each variable adds to each distance.

    ``frame`` is [region, distance, rank, missing_share]; ``contributions`` is [region (the peer), variable, value,
    peer_value, score, peer_score (standard deviations from the mean of the candidates), contribution (sums to the
    distance), share (of the distance)]. ``refused`` is None or the reason for an empty list, ``missing`` names the
    variables that the region lacks, ``dropped`` the candidates that lack too much.
    """

    region: str
    method: str
    frame: pd.DataFrame
    contributions: pd.DataFrame
    variables: tuple[str, ...] = ()
    refused: str | None = None
    missing: tuple[str, ...] = ()
    dropped: tuple[str, ...] = field(default=())

    @property
    def codes(self) -> tuple[str, ...]:
        """Codes of the peers, nearest first."""
        return tuple(self.frame["region"])

    def most_alike(self, peer: str, count: int = 3) -> tuple[str, ...]:
        """Variables that differ least between the region and this peer."""
        return self._by_contribution(peer, ascending=True)[:count]

    def most_different(self, peer: str, count: int = 3) -> tuple[str, ...]:
        """Variables that add most to the distance to this peer."""
        return self._by_contribution(peer, ascending=False)[:count]

    def _by_contribution(self, peer: str, ascending: bool) -> tuple[str, ...]:
        mine = self.contributions[self.contributions["region"] == peer].dropna(subset="contribution")
        return tuple(mine.sort_values("contribution", ascending=ascending, kind="stable")["variable"])


def structural_matrix(frame: pd.DataFrame, variables: Sequence[str]) -> pd.DataFrame:
    """Newest value of each structural variable: index region, one column per variable, NaN where missing."""
    newest = latest(frame[frame["indicator"].isin(list(variables))])
    wide = newest.pivot_table(index="region", columns="indicator", values="value", aggfunc="first")
    return wide.reindex(columns=list(variables))


def _refusal(
    region: str, method: str, variables: Sequence[str], reason: str, missing: Sequence[str] = ()
) -> PeerResult:
    return PeerResult(
        region=region,
        method=method,
        frame=pd.DataFrame(columns=PEER_COLUMNS),
        contributions=pd.DataFrame(columns=CONTRIBUTION_COLUMNS),
        variables=tuple(variables),
        refused=reason,
        missing=tuple(missing),
    )


def _scores(values: pd.DataFrame, log: Collection[str]) -> pd.DataFrame:
    """Standard scores over all rows (population standard deviation); a variable that does not vary scores zero."""
    taken = values.astype(float).copy()
    for name in log:
        taken[name] = np.log(taken[name].where(taken[name] > 0))
    spread = taken.std(ddof=0)
    return (taken - taken.mean()) / spread.where(spread > 0, 1.0)


def _allowed(
    codes: Sequence[str], region: str, countries: Mapping[str, str] | None, other_countries_only: bool
) -> list[str]:
    home = (countries or {}).get(region)
    return [
        code
        for code in codes
        if code != region and not (other_countries_only and (countries or {}).get(code, code) == home)
    ]


def structural_peers(
    values: pd.DataFrame,
    region: str,
    *,
    n: int = 10,
    weights: Mapping[str, float] | None = None,
    log: Collection[str] = (),
    countries: Mapping[str, str] | None = None,
    other_countries_only: bool = False,
    own_list: Sequence[str] | None = None,
    max_missing: float = 0.20,
) -> PeerResult:
    """The ``n`` candidates (index of ``values``) nearest to ``region`` in standardised structural variables.

    ``values``: index region, a column per variable; ``weights``: by variable, 1 where absent; ``log``: size variables
    taken as logarithms; ``countries``: region -> country, needed for ``other_countries_only``; ``own_list``: only these
    regions are returned, whatever their distance (``n`` and countries do not cut it). Refused when more than
    ``max_missing`` of the weight is missing for the region: ``refused`` is "unknown region", "too much missing" or
    "no candidates".
    """
    method, variables = "structural", [str(c) for c in values.columns]
    if region not in values.index:
        return _refusal(region, method, variables, "unknown region")
    weight = np.array([(weights or {}).get(v, 1.0) for v in variables], dtype=float)
    weight = weight / weight.sum()
    scores = _scores(values, log)
    known = scores.notna().to_numpy()
    gap = (weight * ~known).sum(axis=1)
    here = scores.index.get_loc(region)
    if gap[here] > max_missing + 1e-12:
        lacking = [v for v, there in zip(variables, known[here], strict=True) if not there]
        return _refusal(region, method, variables, "too much missing", lacking)
    wanted = own_list if own_list is not None else list(scores.index)
    codes = _allowed(list(dict.fromkeys(wanted)), region, countries, other_countries_only and own_list is None)
    positions = scores.index.get_indexer(pd.Index(codes))
    full = np.array([p >= 0 and gap[p] <= max_missing + 1e-12 for p in positions], dtype=bool)
    dropped = tuple(code for code, there in zip(codes, full, strict=True) if not there)
    chosen = positions[full]
    if len(chosen) == 0:
        return replace(_refusal(region, method, variables, "no candidates"), dropped=dropped)
    matrix = scores.to_numpy(float)
    both = known[chosen] & known[here]
    share = weight * both
    pieces = share * np.square(np.where(both, matrix[chosen] - matrix[here], 0.0)) / share.sum(axis=1, keepdims=True)
    distance = pieces.sum(axis=1)
    names = scores.index.to_numpy(object)[chosen]
    # Equal distances are ordered by code so that the same question always has the same answer.
    order = np.lexsort((names.astype(str), distance))
    order = order if own_list is not None else order[:n]
    frame = pd.DataFrame(
        {
            "region": names[order],
            "distance": distance[order],
            "rank": np.arange(1, len(order) + 1),
            "missing_share": 1 - share.sum(axis=1)[order],
        }
    )
    raw = values.to_numpy(float)
    contributions = pd.DataFrame(
        {
            "region": np.repeat(names[order], len(variables)),
            "variable": np.tile(np.array(variables, dtype=object), len(order)),
            "value": np.tile(raw[here], len(order)),
            "peer_value": raw[chosen][order].ravel(),
            "score": np.tile(matrix[here], len(order)),
            "peer_score": matrix[chosen][order].ravel(),
            "contribution": np.where(both, pieces, np.nan)[order].ravel(),
        }
    )
    total = np.repeat(distance[order], len(variables))
    contributions["share"] = contributions["contribution"] / np.where(total > 0, total, np.nan)
    return PeerResult(region, method, frame, contributions, tuple(variables), dropped=dropped)


def gdp_peers(
    values: pd.Series,
    region: str,
    *,
    n: int = 10,
    countries: Mapping[str, str] | None = None,
    other_countries_only: bool = False,
) -> PeerResult:
    """The ``n`` regions nearest in one variable (index region, such as GDP per head); distance is in its unit."""
    variable = str(values.name)
    known = values.dropna().astype(float)
    if region not in values.index:
        return _refusal(region, "gdp", [variable], "unknown region")
    if region not in known.index:
        return _refusal(region, "gdp", [variable], "too much missing", [variable])
    codes = _allowed(list(known.index), region, countries, other_countries_only)
    dropped = tuple(
        _allowed([c for c in values.index if c not in known.index], region, countries, other_countries_only)
    )
    if not codes:
        return replace(_refusal(region, "gdp", [variable], "no candidates"), dropped=dropped)
    theirs = known.loc[codes].to_numpy()
    distance = np.abs(theirs - known.loc[region])
    order = np.lexsort((np.array(codes, dtype=str), distance))[:n]
    names = np.array(codes, dtype=object)[order]
    frame = pd.DataFrame(
        {"region": names, "distance": distance[order], "rank": np.arange(1, len(order) + 1), "missing_share": 0.0}
    )
    scores = _scores(known.to_frame(variable), ())[variable]
    contributions = pd.DataFrame(
        {
            "region": names,
            "variable": variable,
            "value": known.loc[region],
            "peer_value": theirs[order],
            "score": scores.loc[region],
            "peer_score": scores.loc[list(names)].to_numpy(),
            "contribution": distance[order],
            "share": 1.0,
        }
    )
    return PeerResult(region, "gdp", frame, contributions, (variable,), dropped=dropped)
