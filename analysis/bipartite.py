"""Products and vectors behind relatedness and complexity: plain arrays in, plain arrays out.

``m`` is a matrix of regions (rows, R) x industries (columns, C) that holds 1 where the industry is present in the
region and 0 elsewhere, as float64 or float32 in C order. Counts of co-occurrence are exact in float32 below 2**24.
Labels, missing values and messages are the business of ``analysis.relatedness`` and ``analysis.complexity``.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg import blas
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import LinearOperator, eigsh

# Above this many cells single precision halves time and memory and is good for six digits.
SINGLE_FROM = 4_000_000

# Up to this length of the shorter side powers of its matrix are faster than Lanczos steps on the whole.
DENSE_TO = 1000

# Rows and columns of a tile, and cells of a block of rows, that stay in the cache.
TILE = 256
BLOCK = 1 << 16

BASES = ("minimum", "cosine", "jaccard", "association")
Basis = Literal["minimum", "cosine", "jaccard", "association"]


def precision(cells: int) -> type[np.floating]:
    """Type in which products of a matrix with so many cells are made."""
    return np.float32 if cells > SINGLE_FROM else np.float64


def by_rows(work: Callable[[slice], None], shape: tuple[int, ...]) -> None:
    """Do the work for blocks of rows that fit into the cache; for a large matrix on all cores at once."""
    step = max(1, BLOCK // max(1, shape[1]))
    blocks = [slice(start, min(start + step, shape[0])) for start in range(0, shape[0], step)]
    if shape[0] * shape[1] <= SINGLE_FROM:
        for rows in blocks:
            work(rows)
        return
    # Array arithmetic leaves the interpreter's lock to others.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for _ in pool.map(work, blocks):
            pass


def co_occurrence(m: np.ndarray) -> np.ndarray:
    """Upper triangle of m'm (C x C, symmetric or with zeros below): regions that hold both industries."""
    if m.size <= SINGLE_FROM:
        # Half the work like the other way, and one library's threads do not wait for the other's to fall asleep.
        return m.T @ m
    rank_k = blas.ssyrk if m.dtype == np.float32 else blas.dsyrk
    return rank_k(1.0, m.T)


def _over(counts: np.ndarray, a: np.ndarray, b: np.ndarray, basis: Basis, regions: int) -> None:
    """Turn counts of pairs into proximities in place; ``a`` and ``b`` are the ubiquities of rows and columns."""
    if basis == "minimum":
        counts /= np.maximum(a[:, None], b[None, :])
    elif basis == "cosine":
        counts /= np.sqrt(a[:, None] * b[None, :])
    elif basis == "jaccard":
        counts /= a[:, None] + b[None, :] - counts
    else:
        counts *= regions
        counts /= a[:, None] * b[None, :]


def proximity(m: np.ndarray, basis: Basis = "minimum", diagonal: bool = False) -> np.ndarray:
    """Proximity of each pair of industries (C x C, symmetric); 0 for industries that no region holds.

    Args:
        m: presence (R x C).
        basis: ``minimum`` of the two conditional probabilities (Hidalgo et al. 2007), ``cosine``, ``jaccard``, or
            ``association`` strength, observed over expected co-occurrence (van Eck and Waltman 2009).
        diagonal: whether an industry is near to itself; without, the diagonal is 0.
    """
    result = co_occurrence(m)
    ubiquity = result.diagonal().copy()
    ubiquity[ubiquity == 0] = 1
    count = m.shape[1]
    tiles = [slice(start, min(start + TILE, count)) for start in range(0, count, TILE)]
    for i, down in enumerate(tiles):
        for across in tiles[i:]:
            tile = result[down, across]
            if across is down:
                # Below the diagonal there is nothing, or the same.
                tile[:] = np.triu(tile) + np.triu(tile, 1).T
            _over(tile, ubiquity[down], ubiquity[across], basis, len(m))
            if across is not down:
                result[across, down] = tile.T
    if not diagonal:
        np.fill_diagonal(result, 0)
    return result


def density(m: np.ndarray, near: np.ndarray, known: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Share of each industry's proximity that the region already holds (R x C), and total proximities (C).

    ``known`` (R x C, 1 or 0) marks what is known of the regions: what is not counts neither as held nor as absent.
    Industries without any proximity have NaN.
    """
    total = near.sum(axis=0, dtype=np.float64)
    result = m @ near
    with np.errstate(divide="ignore", invalid="ignore"):
        if known is None:
            scale = np.where(total > 0, 1 / total, np.nan).astype(m.dtype)

            def divide(rows: slice) -> None:
                result[rows] *= scale

            by_rows(divide, result.shape)
        else:
            reach = known @ near
            result /= np.where(reach > 0, reach, np.nan)
    return result, total


def outlook_and_gain(
    m: np.ndarray,
    near: np.ndarray,
    dense: np.ndarray,
    score: np.ndarray,
    known: np.ndarray | None = None,
    loss_term: bool = True,
) -> tuple[np.ndarray, np.ndarray]:
    """Complexity outlook of each region (R) and gain by each industry that it lacks (R x C, else NaN).

    ``score`` is the complexity of the industries (C); those without a score or without proximity count for nothing and
    have no gain. What is unknown of a region (``known`` 0) is no option of it.
    """
    total = near.sum(axis=0, dtype=np.float64)
    usable = ~np.isnan(score) & (total > 0)
    kind = m.dtype.type
    # What each lacking industry would take part in: its score, spread over its own total proximity.
    weight = np.where(usable, score / np.where(total > 0, total, 1), 0).astype(kind)
    part = np.where(usable, score, 0).astype(kind)
    loss = part if loss_term else np.zeros_like(part)
    # NaN where there is no gain, 0 elsewhere, so that one addition marks them.
    blank = np.where(usable, 0, np.nan).astype(kind)
    looks = np.full(len(m), np.nan)
    options = np.empty_like(m)

    def lack(rows: slice) -> None:
        np.subtract(1 if known is None else known[rows], m[rows], out=options[rows])
        if usable.all():
            looks[rows] = np.einsum("rc,c->r", options[rows] * dense[rows], part)
        else:
            looks[rows] = np.where(options[rows] * usable, dense[rows] * part, 0).sum(axis=1)
        options[rows] *= weight

    by_rows(lack, m.shape)
    gains = options @ near

    def finish(rows: slice) -> None:
        here = gains[rows]
        here -= dense[rows] * loss
        here += blank
        held = m[rows] != 0 if known is None else (m[rows] != 0) | (known[rows] == 0)
        np.copyto(here, np.nan, where=held)

    by_rows(finish, m.shape)
    if not usable.any():
        looks[:] = np.nan
    return looks, gains


def core(
    m: np.ndarray, rows: np.ndarray, columns: np.ndarray, diversity: float, ubiquity: float
) -> tuple[np.ndarray, np.ndarray]:
    """Round in which each row and column falls out of the core; 0 for those that stay, -1 for those not asked for.

    A row of the core holds at least ``diversity`` columns of the core, a column is held by at least ``ubiquity`` rows
    of it. ``rows`` and ``columns`` say who takes part at first. Nobody falls before all are counted, so that the order
    of rows and columns does not matter.
    """
    row_round, column_round = np.where(rows, 0, -1), np.where(columns, 0, -1)
    step = 0
    while True:
        step += 1
        live_rows, live_columns = row_round == 0, column_round == 0
        few = live_rows & (m @ live_columns.astype(m.dtype) < diversity)
        rare = live_columns & (live_rows.astype(m.dtype) @ m < ubiquity)
        if not few.any() and not rare.any():
            return row_round, column_round
        row_round[few] = step
        column_round[rare] = step


def components(m: np.ndarray) -> tuple[int, np.ndarray, np.ndarray]:
    """Number of separate parts of the network of regions and industries, and the part of each row and column."""
    rows, columns = np.zeros(m.shape[0], dtype=bool), np.zeros(m.shape[1], dtype=bool)
    rows[:1] = True
    reached = 0
    # Most networks are one part that a few steps reach, without the lists of neighbours that the general way needs.
    while rows.sum() + columns.sum() > reached:
        reached = rows.sum() + columns.sum()
        columns = rows.astype(m.dtype) @ m > 0
        rows = (m @ columns.astype(m.dtype) > 0) | rows
    if rows.all() and columns.all():
        return 1, np.zeros(m.shape[0], dtype=int), np.zeros(m.shape[1], dtype=int)
    here, there = np.nonzero(m)
    size = sum(m.shape)
    links = csr_array((np.ones(len(here), dtype=np.int8), (here, there + m.shape[0])), shape=(size, size))
    count, label = connected_components(links, directed=False)
    return int(count), label[: m.shape[0]], label[m.shape[0] :]


@dataclass(frozen=True, eq=False)
class Spectrum:
    """Second and third singular value of D^-1/2 m U^-1/2 and the vectors of the second, unscaled.

    ``rows`` (R) and ``columns`` (C) are the right eigenvectors of D^-1 m U^-1 m' and of U^-1 m' D^-1 m: ``rows`` is
    the mean of ``columns`` over what each row holds. ``products`` counts the products of ``m`` and a
    vector, 0 where the shorter side's own matrix was made.
    """

    sigma_2: float
    sigma_3: float
    rows: np.ndarray
    columns: np.ndarray
    products: int


def spectrum(m: np.ndarray, diversity: np.ndarray, ubiquity: np.ndarray) -> Spectrum:
    """The second singular pair of a connected network without empty rows and columns (both sides at least 2).

    Symmetric throughout and on the shorter side only: a few vectors at once under powers of its matrix until they
    stand still, Lanczos steps on the whole for large ones.
    """
    tall = m.shape[0] > m.shape[1]
    short, long = (ubiquity, diversity) if tall else (diversity, ubiquity)
    find = _powers if len(short) <= DENSE_TO else _lanczos
    values, vector, products = find(m, short, long, tall)
    root = np.sqrt(np.clip(values, 0, None))
    vector = vector / np.sqrt(short)
    columns = vector if tall else (vector.astype(m.dtype) @ m) / ubiquity
    rows = (m @ columns.astype(m.dtype)) / diversity
    if tall:
        # Once to and fro, so that neither side depends on which of the two was solved for.
        columns = (rows.astype(m.dtype) @ m) / ubiquity
        rows = (m @ columns.astype(m.dtype)) / diversity
    return Spectrum(float(root[0]), float(root[1]), rows, columns, products)


# Vectors at once, squarings of the matrix, and rounds before a complete solver takes over.
VECTORS, SQUARINGS, ROUNDS = 8, 4, 12


def _powers(m: np.ndarray, short: np.ndarray, long: np.ndarray, tall: bool) -> tuple[np.ndarray, np.ndarray, int]:
    scaled = m / np.sqrt(long)[:, None] if tall else (m / np.sqrt(long)[None, :]).T
    scaled = np.asarray(scaled / np.sqrt(short)[None, :], dtype=np.float64)
    first = np.sqrt(short / short.sum())
    # Without the first pair, which is known, the second is the largest and cannot mix with it.
    gram = scaled.T @ scaled - first[:, None] * first[None, :]
    n = len(short)
    if n > 4 * VECTORS:
        power = gram / max(float(np.abs(gram).sum(axis=0).max()), 1e-300)
        for _ in range(SQUARINGS):
            power = power @ power
            power /= max(float(np.abs(power).max()), 1e-300)
        vectors = np.random.default_rng(0).standard_normal((n, VECTORS))
        for _ in range(ROUNDS):
            vectors, _ = np.linalg.qr(power @ vectors)
            image = gram @ vectors
            values, turn = np.linalg.eigh(vectors.T @ image)
            second = vectors @ turn[:, -1]
            # By the theorem of Davis and Kahan the error of the vector is this over the gap.
            residual = float(np.linalg.norm(image @ turn[:, -1] - values[-1] * second))
            if residual < 1e-14:
                break
        if residual < 1e-12:
            return values[:-3:-1], second, 0
    values, vectors = np.linalg.eigh(gram)
    return values[:-3:-1], vectors[:, -1], 0


def _lanczos(m: np.ndarray, short: np.ndarray, long: np.ndarray, tall: bool) -> tuple[np.ndarray, np.ndarray, int]:
    single = m.dtype == np.float32
    scale = 1 / np.sqrt(short)
    first = np.sqrt(short / short.sum())
    back, forth, middle = m.dtype.type, m if tall else m.T, 1 / long
    products = 0

    def times(vector: np.ndarray) -> np.ndarray:
        nonlocal products
        products += 2
        vector = vector.ravel()
        vector = vector - first * (first @ vector)
        half = (forth @ (vector * scale).astype(back)) * middle
        whole = (forth.T @ half.astype(back)) * scale
        # The first pair is known: what is left of it must not come back through rounding.
        return whole - first * (first @ whole)

    n = len(short)
    start = np.random.default_rng(0).standard_normal(n)
    operator = LinearOperator((n, n), matvec=times, dtype=np.float64)
    tolerance = 1e-6 if single else 1e-13
    values, vectors = eigsh(operator, k=2, which="LA", v0=start - first * (first @ start), tol=tolerance)
    return values[::-1], vectors[:, 1], products
