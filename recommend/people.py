"""How many different people some evidence comes from: who buys the same each week is one of them, not many."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from recommend.baskets import Counts, Sparse, Table


def people_of(table: Table, holding: Sparse, columns: Counts, consequents: Counts) -> Counts:
    """For each rule the number of different people whose baskets hold all of it.

    `holding` is baskets x antecedents, with something where the basket holds the whole antecedent; `columns` are those
    of the rules' antecedents in it. Memory: one consequent's antecedents at a time, no more than `holding` itself.
    """
    people = np.zeros(len(consequents), np.int64)
    by_antecedent, by_product = holding.tocsc(), table.ones.tocsc()
    order = np.argsort(consequents, kind="stable")
    bounds = np.nonzero(np.diff(consequents[order], prepend=-1, append=-1))[0]
    holds = np.zeros(table.baskets, np.bool_)
    for first, end in pairwise(bounds):
        some = order[first:end]
        column = int(consequents[some[0]])
        baskets = by_product.indices[by_product.indptr[column] : by_product.indptr[column + 1]]
        holds[baskets] = True
        people[some] = among(table.people, holds, by_antecedent[:, columns[some]])
        holds[baskets] = False
    return people


def among(whose: Counts, holds: NDArray[np.bool_], antecedents: Sparse) -> Counts:
    """How many different people the baskets with each antecedent come from, of those that hold the consequent."""
    both = holds[antecedents.indices]
    rules = np.repeat(np.arange(antecedents.shape[1]), np.diff(antecedents.indptr))[both]
    ids = int(whose.max(initial=0)) + 1
    once = np.unique(rules * ids + whose[antecedents.indices[both]])
    return np.bincount(once // ids, minlength=antecedents.shape[1])
