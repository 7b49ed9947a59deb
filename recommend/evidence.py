"""Whether two things meet more often than by chance: Fisher's exact test, and how many such findings to believe."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

BINS = 4_000
WEAKEST = 200.0
"""Minus the natural logarithm of the smallest probability that is told apart."""


class Chance:
    """How likely counts are by chance, among so many baskets.

    That is Fisher's exact test, one-sided: with fixed numbers of baskets for each of two products, the number that
    holds both is hypergeometric (Hahsler, Hornik 2007, "New probabilistic interest measures for association rules").
    """

    def __init__(self, baskets: int) -> None:
        self.factorials: Floats = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, baskets + 1)))])

    def of(self, together: Counts, one: Counts, other: Counts, total: Counts | int) -> Floats:
        """An upper bound of the probability that at least so many hold both, for arrays of counts.

        The terms of the tail fall faster than a geometric series with the ratio of the first two (ratios fall from term
        to term), so that first / (1 - ratio) is no less than the tail, and close to it away from the expected count.
        """
        more = (one - together) * (other - together)
        ratio = more / np.maximum((together + 1) * (total - one - other + together + 1), 1)
        with np.errstate(divide="ignore"):
            tail = np.exp(self.logarithm(together, one, other, total)) / np.maximum(1 - ratio, 0)
        # At or below the expected count the series does not fall from the start: nothing speaks against chance.
        return np.where((together * total > one * other) & (ratio < 1), np.minimum(tail, 1.0), 1.0)

    def logarithm(self, together: Counts, one: Counts, other: Counts, total: Counts | int) -> Floats:
        """Of the probability that exactly so many hold both."""
        return self.choose(one, together) + self.choose(total - one, other - together) - self.choose(total, other)

    def choose(self, of: Counts | int, taken: Counts) -> Floats:
        chosen: Floats = self.factorials[of] - self.factorials[taken] - self.factorials[of - taken]
        return chosen


class Findings:
    """Collects the probabilities of many tests in little memory, and says which to believe.

    Believed are those up to the threshold of Benjamini and Hochberg (1995, "Controlling the false discovery rate"):
    of all that are believed, at most the share `rate` is expected to be chance.
    """

    def __init__(self) -> None:
        self.bins = np.zeros(BINS, np.int64)

    def add(self, chances: Floats) -> None:
        with np.errstate(divide="ignore"):
            strength = np.minimum(-np.log(chances), WEAKEST)
        # Rounded down: a bin counts for no less likely by chance than all that is in it.
        self.bins += np.bincount((strength * ((BINS - 1) / WEAKEST)).astype(np.int64), minlength=BINS)

    def threshold(self, tests: int, rate: float) -> float:
        """The largest probability to believe in when so many tests were made, also of those not added; 0.0: none."""
        weakest = np.exp(-np.arange(BINS) * (WEAKEST / (BINS - 1)))
        as_strong = np.cumsum(self.bins[::-1])[::-1]
        believed = np.nonzero((weakest * tests <= rate * as_strong) & (as_strong > 0))[0]
        return float(weakest[believed[0]]) if len(believed) else 0.0
