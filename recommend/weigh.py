"""What each rule adds to the score of its consequent beside the others that fire with it: a ridge regression."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommend.baskets import Counts, Sparse
from recommend.evidence import Floats

USUAL_WEIGHT = 0.04
"""How far from 0 weights lie before anything is counted, as the standard deviation of a normal distribution.

The ridge that follows is the variance of the consequent over that of the weights: what is bought often is noisier to
predict, and takes more baskets to be learned from (Hoerl, Kennard 1970; as the prior of a Bayesian: MacKay 1992).
"""
LEAST_RIDGE = 5.0
"""For what is bought seldom, where a few baskets would say too much."""
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """Antecedents and consequents by their columns in the matrix of counts; sorted by consequent."""

    antecedents: Counts
    consequents: Counts
    counts: Sparse
    baskets: int

    def weights(self) -> Floats:
        """One for each rule, 0.0 where the others say all that it has to say.

        For each consequent the share of baskets that hold it is predicted from its antecedents and a constant, by
        least squares: rules are the few features that a sparse linear method chooses for itself (Ning, Karypis 2011,
        "SLIM"; with antecedents of two products Christakopoulou, Karypis 2014, "HOSLIM"). A rule that would speak
        against its consequent is dropped and the rest weighed again.
        """
        weights = np.zeros(len(self.consequents))
        held = self.counts.diagonal().astype(np.float64)
        bounds = np.nonzero(np.diff(self.consequents, prepend=-1, append=-1))[0]
        places = np.full(self.counts.shape[0], -1, np.int64)
        for first, end in pairwise(bounds):
            antecedents = self.antecedents[first:end]
            target = int(self.consequents[first])
            squares, with_target = self.among(antecedents, target, places)
            weights[first:end] = solve(squares, with_target, held[antecedents], held[target], self.baskets)
        return weights

    def among(self, antecedents: Counts, target: int, places: Counts) -> tuple[Floats, Floats]:
        """(counts of each two antecedents, of each with the target); `places` is all -1, and is again afterwards."""
        size = len(antecedents)
        places[antecedents], places[target] = np.arange(size), size
        rows = self.counts[antecedents]
        columns = places[rows.indices]
        there = columns >= 0
        table = np.zeros((size, size + 1))
        table[np.repeat(np.arange(size), np.diff(rows.indptr))[there], columns[there]] = rows.data[there]
        places[antecedents], places[target] = -1, -1
        return table[:, :size], table[:, size]


def solve(squares: Floats, with_target: Floats, held: Floats, target: float, baskets: int) -> Floats:
    """Weights of one consequent's antecedents. The constant is solved for beforehand: all counts are centred."""
    share = target / baskets
    ridge = max(LEAST_RIDGE, share * (1 - share) / USUAL_WEIGHT**2)
    centred = squares - np.outer(held, held) / baskets + ridge * np.eye(len(held))
    aim = with_target - held * share
    weights = np.zeros(len(held))
    left: NDArray[np.int64] = np.arange(len(held))
    for _ in range(ROUNDS):
        found = np.linalg.solve(centred[np.ix_(left, left)], aim[left])
        if (found >= 0).all():
            break
        left, found = left[found > 0], found[found > 0]
    weights[left] = found
    return weights
