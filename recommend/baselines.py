"""What suggestions must hold up against: item-item cosine and EASE, each a matrix of weights between products."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from recommend.baskets import Sparse, Table

Weights = NDArray[np.float32]
"""products x products: what one in the basket adds to the score of the other."""

RIDGES = (10.0, 30.0, 100.0, 300.0, 500.0, 1000.0)
"""Lambdas that are tried for EASE, on a part of the training baskets."""
LARGEST = 6_000
"""Products; with more their inverse takes too long, and the best sellers alone go in."""
AT_ONCE = 500


def cosine(table: Table) -> Weights:
    """Item-item similarity (Sarwar et al. 2001): together over the root of the product of both counts."""
    held = np.maximum(table.held(), 1)
    weights = np.asarray((table.ones.T @ table.ones).todense(), np.float32)
    weights /= np.sqrt(np.outer(held, held)).astype(np.float32)
    np.fill_diagonal(weights, 0)
    return weights


def ease(table: Table, ridge: float) -> Weights:
    """Steck 2019, "Embarrassingly shallow autoencoders for sparse data": the best linear weights, in closed form."""
    squares = np.asarray((table.ones.T @ table.ones).todense(), np.float64)
    squares[np.diag_indices_from(squares)] += ridge
    inverse = np.linalg.inv(squares)
    weights = (inverse / -np.diag(inverse)).astype(np.float32)
    np.fill_diagonal(weights, 0)
    return weights


def best_sellers_first(table: Table) -> Table:
    """The table with at most LARGEST products, the best seller first, so that it is taken where scores are equal."""
    order = np.argsort(-table.held(), kind="stable")[:LARGEST]
    return Table([table.products[place] for place in order], table.ones[:, order], table.people)


def best(weights: Weights, rows: Sparse, count: int) -> list[list[int]]:
    """For each basket the columns of the best products that it does not hold, at most `count`; only scores above 0."""
    found: list[list[int]] = []
    for first in range(0, rows.shape[0], AT_ONCE):
        some = rows[first : first + AT_ONCE]
        scores = np.asarray(some @ weights)
        scores[some.nonzero()] = -np.inf
        found += [ranked(row, count) for row in scores]
    return found


def ranked(scores: NDArray[np.float32], count: int) -> list[int]:
    count = min(count, len(scores))
    least = np.partition(scores, len(scores) - count)[len(scores) - count] if count else np.inf
    among = np.nonzero(scores >= max(least, np.nextafter(np.float32(0), np.float32(1))))[0]
    return [int(place) for place in among[np.argsort(-scores[among], kind="stable")][:count]]


def best_ridge(try_it: Callable[[float], float], tell: Callable[[], None]) -> float:
    """The lambda of RIDGES with the best result."""
    results: list[tuple[float, float]] = []
    for ridge in RIDGES:
        results.append((try_it(ridge), ridge))
        tell()
    return max(results)[1]
