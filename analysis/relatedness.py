"""How near industries are to one another, and how near each is to what a region already does.

``m`` is a frame of regions (rows) x industries (columns): 1 present, 0 absent, NaN unknown (``specialisation.presence``
makes it). ``near`` is a frame of proximities, industries x industries.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from analysis import bipartite

Basis = Literal["minimum", "cosine", "jaccard", "association", "correlation"]


def incidence(m: pd.DataFrame) -> tuple[np.ndarray, np.ndarray | None]:
    """Presence as 1 and 0 with unknown as 0, and what is known (1 and 0; None: everything); (R x C) each.

    Raises:
        ValueError: a label is twice there, or a cell is anything else than 1, 0 or unknown.
    """
    for kind, labels in (("region", m.index), ("industry", m.columns)):
        if labels.has_duplicates:
            raise ValueError(f"The {kind} {labels[labels.duplicated()][0]} is there more than once.")
    kind_of = bipartite.precision(m.size)
    try:
        values = np.ascontiguousarray(m.to_numpy(dtype=kind_of))
    except (TypeError, ValueError) as error:
        raise ValueError("Presence must be 1, 0 or unknown.") from error
    known = None
    if np.isnan(values.sum()):
        known = (~np.isnan(values)).astype(kind_of)
        values = np.nan_to_num(values, copy=True, nan=0.0)
    if not ((values == 0) | (values == 1)).all():
        row, column = np.argwhere((values != 0) & (values != 1))[0]
        raise ValueError(f"{m.columns[column]} in {m.index[row]} is {values[row, column]}, not 1, 0 or unknown.")
    return values, known


def square(near: pd.DataFrame, industries: pd.Index | None = None) -> np.ndarray:
    """Proximities in the order of ``industries`` with missing as 0."""
    if industries is not None and not near.index.equals(industries):
        if lacking := [c for c in industries if c not in near.index]:
            raise ValueError(f"There is no proximity of {lacking[0]}.")
        near = near.reindex(index=industries)
    if not near.columns.equals(near.index):
        near = near.reindex(columns=near.index)
    values = near.to_numpy()
    return np.nan_to_num(values, nan=0.0) if np.isnan(values.sum()) else values


def proximity(m: pd.DataFrame, basis: Basis = "minimum", diagonal: bool = False) -> pd.DataFrame:
    """Proximity of each pair of industries: how often regions that have one have the other.

    Args:
        m: presence; for ``correlation`` location quotients.
        basis: ``minimum`` of the two conditional probabilities, 0 to 1 (Hidalgo et al. 2007); ``cosine`` and
            ``jaccard``, 0 to 1; ``association``, observed over expected co-occurrence, 0 upwards, 1 as by chance (van
            Eck and Waltman 2009); ``correlation`` of location quotients as (1 + r) / 2, 0 to 1.
        diagonal: whether an industry is near to itself (1; else 0, so that a held industry does not count for itself).

    Returns:
        (C x C), symmetric; NaN where an industry is in no region (or, in a correlation, the same everywhere). Unknown
        cells count as absent; in a correlation regions with unknown cells are left out.
    """
    if basis == "correlation":
        values = m.to_numpy(float)
        values = values[~np.isnan(values).any(axis=1)]
        with np.errstate(divide="ignore", invalid="ignore"):
            result = (1 + np.corrcoef(values.T)) / 2 if len(values) > 1 else np.full((m.shape[1],) * 2, np.nan)
        result = np.atleast_2d(result)
        result[np.arange(len(result)), np.arange(len(result))] = np.where(
            np.isnan(result.diagonal()), np.nan, 1.0 if diagonal else 0.0
        )
    else:
        if basis not in bipartite.BASES:
            raise ValueError(f"There is no proximity named {basis}.")
        values, _ = incidence(m)
        result = bipartite.proximity(values, basis, diagonal)
        absent = values.sum(axis=0) == 0
        result[absent], result[:, absent] = np.nan, np.nan
    return pd.DataFrame(result, index=m.columns, columns=m.columns, copy=False)


def density(m: pd.DataFrame, near: pd.DataFrame) -> pd.DataFrame:
    """Relatedness density: share of the proximity of an industry to all others that lies with those a region holds.

    Returns (R x C), 0 to 1; NaN where an industry is near to none. What is unknown of a region counts neither as held
    nor as absent.
    """
    values, known = incidence(m)
    return pd.DataFrame(
        bipartite.density(values, square(near, m.columns).astype(values.dtype, copy=False), known)[0],
        index=m.index,
        columns=m.columns,
        copy=False,
    )


def distance(m: pd.DataFrame, near: pd.DataFrame) -> pd.DataFrame:
    """1 - density (R x C)."""
    return 1 - density(m, near)


def relative_density(m: pd.DataFrame, dense: pd.DataFrame) -> pd.DataFrame:
    """Density as z-score among the options of a region, the industries that it does not have (Pinheiro et al. 2022).

    Population standard deviation. Returns (R x C); NaN for what is held or unknown, and where a region has fewer than
    two options or all its options are equally near.
    """
    options = dense.where(m == 0)
    count = options.notna().sum(axis=1)
    spread = options.std(axis=1, ddof=0)
    # Rounding leaves a spread of equal densities that is not quite zero.
    spread = spread.where((count >= 2) & (spread > 1e-6 * options.abs().max(axis=1)))
    return options.sub(options.mean(axis=1), axis=0).div(spread, axis=0)


def related(
    m: pd.DataFrame, near: pd.DataFrame, region: str, industries: Sequence[str] | None = None, top: int = 3
) -> pd.DataFrame:
    """Which industries that a region holds give most of the density of each industry: why it is within reach.

    Args:
        m: presence.
        near: proximities.
        region: label of the region; KeyError when it is not there.
        industries: those to explain; all of ``m`` by default.
        top: how many to name at most.

    Returns:
        [industry, place (1 nearest), related (held industry), proximity, share (of the density)], in the order of
        ``industries``; held industries without proximity are not named. Equally near ones in alphabetical order.
    """
    columns = m.columns if industries is None else pd.Index(industries)
    here = m.loc[region].to_numpy(float) == 1
    # Sorted, so that equally near ones have an order that does not depend on the table's.
    held = m.columns[here].sort_values()
    targets = near.index.get_indexer(columns)
    if (targets < 0).any():
        raise KeyError(f"There is no proximity of {columns[targets < 0][0]}.")
    values = near.to_numpy()[np.ix_(near.index.get_indexer(held), targets)].astype(float)
    values = np.nan_to_num(values, nan=0.0)
    values[held.to_numpy()[:, None] == columns.to_numpy()[None, :]] = 0
    total = values.sum(axis=0)
    top = min(top, len(held))
    order = np.argsort(-values, axis=0, kind="stable")[:top]
    picked = np.take_along_axis(values, order, axis=0)
    place, column = np.nonzero((picked > 0).T)[::-1]
    by = np.lexsort((place, column))
    place, column = place[by], column[by]
    return pd.DataFrame(
        {
            "industry": columns.to_numpy(object)[column],
            "place": place + 1,
            "related": held.to_numpy(object)[order[place, column]],
            "proximity": picked[place, column],
            "share": picked[place, column] / total[column],
        }
    )


def holders(
    m: pd.DataFrame,
    region: str,
    industries: Sequence[str] | None = None,
    top: int = 5,
    similarity: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Which regions already hold each industry, those with the portfolio nearest to ``region``'s first.

    Args:
        m: presence.
        region: label of the region; KeyError when it is not there.
        industries: all of ``m`` by default.
        top: how many to name at most.
        similarity: proximity of regions (R x R), ``region_proximity(m)``; made here when not given.

    Returns:
        [industry, place (1 nearest), holder, proximity (of the two regions' portfolios, 0 to 1)], in the order of
        ``industries``; the region itself is not named. Equally near ones in alphabetical order.
    """
    columns = m.columns if industries is None else pd.Index(industries)
    near = (region_proximity(m, region) if similarity is None else similarity.loc[region]).drop(region, errors="ignore")
    near = near.fillna(0.0).sort_index().sort_values(ascending=False, kind="stable")
    rows, targets = m.index.get_indexer(near.index), m.columns.get_indexer(columns)
    if (targets < 0).any():
        raise KeyError(f"There is no industry {columns[targets < 0][0]}.")
    here = m.to_numpy()[np.ix_(rows, targets)] == 1
    place = np.cumsum(here, axis=0)
    column, row = np.nonzero((here & (place <= top)).T)
    return pd.DataFrame(
        {
            "industry": columns.to_numpy(object)[column],
            "place": place[row, column],
            "holder": near.index.to_numpy(object)[row],
            "proximity": near.to_numpy(float)[row],
        }
    )


def region_proximity(m: pd.DataFrame, region: str | None = None) -> pd.DataFrame | pd.Series:
    """Proximity of regions' portfolios: industries held by both over the larger portfolio, 0 to 1 (R x R).

    With ``region`` the row of this region alone (R). NaN for regions that hold nothing.
    """
    if region is None:
        return proximity(m.T, diagonal=True)
    values, _ = incidence(m)
    held = values.sum(axis=1)
    mine = values[m.index.get_loc(region)]
    most = np.maximum(held, mine.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        return pd.Series(np.where((held > 0) & mine.any(), values @ mine / most, np.nan), index=m.index, name=region)


def _pairs(near: pd.DataFrame) -> tuple[pd.Index, np.ndarray]:
    """Industries sorted by label and their proximities in this order; so that drawings do not depend on the table's."""
    nodes = near.index.sort_values()
    return nodes, np.asarray(square(near, nodes), dtype=float)


def _spanning(values: np.ndarray) -> np.ndarray:
    """Pairs (i < j) of the maximum spanning forest, (edges x 2), by Prim's algorithm for dense networks."""
    count = len(values)
    best, parent = np.zeros(count), np.full(count, -1)
    outside = np.ones(count, dtype=bool)
    found = []
    for _ in range(count):
        # Of equally near ones the first; where nothing is near, the next part begins at its first node.
        node = int(np.argmax(np.where(outside, best, -1.0)))
        outside[node] = False
        if parent[node] >= 0:
            found.append((min(node, parent[node]), max(node, parent[node])))
        nearer = values[node] > best
        nearer &= outside
        best[nearer] = values[node][nearer]
        parent[nearer] = node
    return np.array(sorted(found), dtype=int).reshape(-1, 2)


def edges(near: pd.DataFrame, threshold: float = 0.5, per_node: float = 4.0) -> pd.DataFrame:
    """The pairs worth drawing: the maximum spanning tree, and the strongest others (Hidalgo et al. 2007).

    Args:
        near: proximities.
        threshold: proximity from which a pair beside the tree is drawn.
        per_node: at most so many pairs per industry in all, the strongest first.

    Returns:
        [source, target, proximity, tree (bool)], each pair once with source before target in the alphabet, strongest
        first.
    """
    nodes, values = _pairs(near)
    return _edge_frame(nodes, values, _spanning(values), threshold, per_node)


def _edge_frame(
    nodes: pd.Index, values: np.ndarray, tree: np.ndarray, threshold: float, per_node: float
) -> pd.DataFrame:
    in_tree = np.zeros(values.shape, dtype=bool)
    in_tree[tree[:, 0], tree[:, 1]] = True
    room = max(0, int(per_node * len(nodes)) - len(tree))
    worth = np.triu(np.where(in_tree, 0.0, values), 1)
    floor = max(threshold, 1e-12)
    if room and (worth >= floor).sum() > room:
        # All that tie with the last one come along and are sorted out below.
        floor = np.partition(worth, worth.size - room, axis=None)[worth.size - room]
    i, j = np.nonzero(worth >= floor)
    strongest = np.lexsort((j, i, -worth[i, j]))[:room]
    i, j = np.append(tree[:, 0], i[strongest]).astype(int), np.append(tree[:, 1], j[strongest]).astype(int)
    strength = values[i, j]
    order = np.lexsort((j, i, -strength))
    i, j = i[order], j[order]
    names = nodes.to_numpy(object)
    return pd.DataFrame({"source": names[i], "target": names[j], "proximity": strength[order], "tree": in_tree[i, j]})


@dataclass(frozen=True, eq=False)
class Network:
    """A drawing of the industry space: nodes [industry, x, y] with x and y in [0, 1], and ``edges``."""

    nodes: pd.DataFrame
    edges: pd.DataFrame


# Nodes to whose distances a large drawing keeps; small ones keep to those of all.
PIVOTS = 96
STEPS = 60


def network_layout(near: pd.DataFrame, threshold: float = 0.5, per_node: float = 4.0) -> Network:
    """Places of industries so that what is linked lies together: the same drawing for the same proximities.

    Distances on the drawn edges are kept as well as two dimensions allow (stress majorisation, Gansner et al. 2005;
    with pivots for many nodes, Brandes and Pich 2006, Ortmann et al. 2016). Parts that no edge connects are hung on by
    a long invisible one; industries without any proximity stand in a row below. The order of rows does not matter.
    """
    nodes, values = _pairs(near)
    drawn = _edge_frame(nodes, values, _spanning(values), threshold, per_node)
    place = np.full((len(nodes), 2), np.nan)
    i, j = nodes.get_indexer(drawn["source"]), nodes.get_indexer(drawn["target"])
    linked = np.zeros(len(nodes), dtype=bool)
    linked[i], linked[j] = True, True
    alone = np.flatnonzero(~linked)
    if linked.any():
        inner = np.cumsum(linked) - 1
        place[linked] = _arrange(inner[i], inner[j], drawn["proximity"].to_numpy(), int(linked.sum()))
    bottom = 0.08 if len(alone) and linked.any() else 0.0
    place[:, 1] = bottom + (1 - bottom) * place[:, 1]
    place[alone, 0] = (np.arange(len(alone)) + 0.5) / max(len(alone), 1)
    place[alone, 1] = 0.0 if linked.any() else 0.5
    table = pd.DataFrame({"industry": nodes.to_numpy(object), "x": place[:, 0], "y": place[:, 1]})
    return Network(table.set_index("industry").reindex(near.index).rename_axis("industry").reset_index(), drawn)


def _arrange(i: np.ndarray, j: np.ndarray, strength: np.ndarray, count: int) -> np.ndarray:
    """Places (count x 2) in [0, 1] of the nodes of a network of edges (i, j)."""
    # Strong links are short: at most half as long as weak ones.
    length = 2 - np.clip(strength, 0, 1)
    graph = csr_array((length, (i, j)), shape=(count, count))
    parts, label = connected_components(graph, directed=False)
    if parts > 1:
        degree = np.bincount(np.append(i, j), minlength=count)
        hubs = np.array([np.flatnonzero(label == p)[np.argmax(degree[label == p])] for p in range(parts)])
        largest = np.argmax(np.bincount(label))
        others = np.delete(hubs, largest)
        long = np.full(len(others), 2 * np.sqrt(count) ** 0.5 + 2)
        graph = csr_array(
            (np.append(length, long), (np.append(i, np.full(len(others), hubs[largest])), np.append(j, others))),
            shape=(count, count),
        )
    if count == 2:
        return np.array([[0.0, 0.5], [1.0, 0.5]])
    pivots = _pivots(graph, count)
    far = dijkstra(graph, directed=False, indices=pivots).T
    place = _scaled(_classical(far))
    place = _majorise(place * far.max(), far, pivots, graph)
    centred = place - place.mean(axis=0)
    # The long side lies across; of the two ways round the one with the heavier tail to the right and up.
    _, _, turn = np.linalg.svd(centred, full_matrices=False)
    centred = centred @ turn.T
    tail = (centred**3).sum(axis=0)
    centred *= np.where(tail < 0, -1.0, 1.0)
    return _scaled(centred)


def _pivots(graph: csr_array, count: int) -> np.ndarray:
    """Nodes far from one another: each the farthest from those before; all of them in a small network."""
    if count <= 4 * PIVOTS:
        return np.arange(count)
    chosen = [0]
    nearest = dijkstra(graph, directed=False, indices=0)
    while len(chosen) < PIVOTS:
        chosen.append(int(np.argmax(nearest)))
        nearest = np.minimum(nearest, dijkstra(graph, directed=False, indices=chosen[-1]))
    return np.array(chosen)


def _classical(far: np.ndarray) -> np.ndarray:
    """First places from the distances to the pivots (nodes x pivots)."""
    squared = far**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1, keepdims=True) + squared.mean()
    _, vectors = np.linalg.eigh(centred.T @ centred)
    ways = vectors[:, :-3:-1]
    # Of either sign of a vector the one whose largest entry is positive.
    ways = ways * np.sign(ways[np.argmax(np.abs(ways), axis=0), np.arange(ways.shape[1])])
    return centred @ ways


def _majorise(place: np.ndarray, far: np.ndarray, pivots: np.ndarray, graph: csr_array) -> np.ndarray:
    """Move each node to where its distances to the pivots and to its neighbours fit best, again and again."""
    links = graph.tocoo()
    here, there = np.append(links.row, links.col), np.append(links.col, links.row)
    length = np.append(links.data, links.data)
    weight = np.where(far > 0, 1 / np.where(far > 0, far, 1) ** 2, 0)
    pull = 1 / length**2
    count = len(place)
    total = weight.sum(axis=1) + np.bincount(here, pull, minlength=count)
    # Nodes that start at one place would stay there together.
    place = place + 1e-3 * far.max() * np.random.default_rng(0).standard_normal(place.shape)
    for _ in range(STEPS):
        moved = np.empty_like(place)
        apart = [place[:, [axis]] - place[pivots, axis] for axis in (0, 1)]
        ratio = weight * far / np.maximum(np.hypot(*apart), 1e-9)
        step = place[here] - place[there]
        stretch = (pull * length / np.maximum(np.hypot(step[:, 0], step[:, 1]), 1e-9))[:, None] * step
        target = pull[:, None] * place[there] + stretch
        for axis in (0, 1):
            own = weight @ place[pivots, axis] + (ratio * apart[axis]).sum(axis=1)
            moved[:, axis] = (own + np.bincount(here, target[:, axis], minlength=count)) / total
        place = moved
    return place


def _scaled(place: np.ndarray) -> np.ndarray:
    """Places fitted into the unit square, both directions by the same factor, in the middle."""
    low, high = place.min(axis=0), place.max(axis=0)
    size = max(float((high - low).max()), 1e-12)
    return (place - (low + high) / 2) / size + 0.5
