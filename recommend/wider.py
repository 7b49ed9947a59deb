"""Rules of two products that lead to a third, where the two say more than either alone; itemsets by mlxtend."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommend.baskets import Counts, Sparse, Table
from recommend.evidence import Chance, Floats
from recommend.people import people_of

FREQUENT_PAIRS = 2_000
"""Itemsets of three are looked for at the support at which so many pairs remain: that is what costs the time."""
RAREST = 10
"""Baskets in which three products meet at least; fewer can hardly say more than their pairs do."""


@dataclass(frozen=True, slots=True)
class Wider:
    """Rules by their columns: `antecedents` is len x 2, the smaller column first; `chances` as `find_wider` says."""

    antecedents: Counts
    consequents: Counts
    together: Counts
    chances: Floats


NONE = Wider(np.zeros((0, 2), np.int64), np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0))


def find_wider(table: Table, counts: Sparse, rate: float, people: int = 1) -> Wider:
    """The rules a, b -> c that say more than a -> c and b -> c do.

    Among the baskets with a, those with b must hold c more often than by chance, and among those with b those with a
    (Fisher's exact test of each); the weaker of both results counts. That any of them is believed by chance is less
    likely than `rate`, whatever was tried (Bonferroni, as in Webb 2007, "Discovering significant patterns"). Baskets of
    `people` different people at least hold all three.
    """
    triples, together = frequent_triples(table, counts)
    if not len(together):
        return NONE
    sides = [(0, 1, 2), (0, 2, 1), (1, 2, 0)]
    one, other, consequents = (np.concatenate([triples[:, side[at]] for side in sides]) for at in range(3))
    together = np.tile(together, len(sides))
    chances = chance_beyond_parts(one, other, consequents, together, counts)
    told = chances <= rate / len(chances)
    told[told] = people_of_three(table, one[told], other[told], consequents[told]) >= people
    return Wider(np.stack([one, other], axis=1)[told], consequents[told], together[told], chances[told])


def people_of_three(table: Table, one: Counts, other: Counts, consequents: Counts) -> Counts:
    by_product = table.ones.tocsc()
    both = by_product[:, one].multiply(by_product[:, other])
    return people_of(table, both, np.arange(len(one)), consequents)


def chance_beyond_parts(one: Counts, other: Counts, consequents: Counts, together: Counts, counts: Sparse) -> Floats:
    held = counts.diagonal().astype(np.int64)
    chance = Chance(int(held.max()))
    both, of_one, of_other = (met(counts, *each) for each in ((one, other), (one, consequents), (other, consequents)))
    return np.maximum(chance.of(together, both, of_one, held[one]), chance.of(together, both, of_other, held[other]))


def met(counts: Sparse, one: Counts, other: Counts) -> Counts:
    return np.asarray(counts[one, other]).ravel().astype(np.int64)


def frequent_triples(table: Table, counts: Sparse) -> tuple[NDArray[np.int64], Counts]:
    """(columns of each three products that meet often, in how many baskets they do)."""
    least = least_count(counts)
    columns = in_triangles(counts, least)
    rows = table.ones[:, columns]
    rows = rows[np.diff(rows.indptr) >= 3]
    if rows.shape[0] < least:
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
    found = itemsets(rows, least)
    triples = np.sort(columns[np.array([one for one, _ in found], np.int64).reshape(-1, 3)], axis=1)
    together = np.array([many for _, many in found], np.int64)
    order = np.lexsort(triples.T[::-1])
    return triples[order], together[order]


def least_count(counts: Sparse) -> int:
    """The smallest number of baskets in which at most FREQUENT_PAIRS pairs of products meet; RAREST at least."""
    met_in = np.sort(counts.data[counts.data >= RAREST])[::-1]  # each pair twice, and each product with itself
    return int(met_in[2 * FREQUENT_PAIRS]) + 1 if len(met_in) > 2 * FREQUENT_PAIRS else RAREST


def in_triangles(counts: Sparse, least: int) -> Counts:
    """The products of which three can meet so often: each pair of the three must (Agrawal, Srikant 1994)."""
    often = (counts >= least).astype(np.int64)
    often.setdiag(0)
    often.eliminate_zeros()
    triangles = often.multiply(often @ often).sum(axis=1)
    return np.nonzero(np.asarray(triangles).ravel())[0]


def itemsets(rows: Sparse, least: int) -> list[tuple[list[int], int]]:
    """mlxtend's itemsets of three, with counts; as it compares floats, its threshold lies between two counts."""
    import pandas as pd
    from mlxtend.frequent_patterns import fpgrowth

    names = [str(place) for place in range(rows.shape[1])]
    frame = pd.DataFrame.sparse.from_spmatrix(rows.astype(bool), columns=names)
    found = fpgrowth(frame, min_support=(least - 0.5) / rows.shape[0], max_len=3)
    wide = found[found["itemsets"].map(len) == 3]
    counted = (wide["support"] * rows.shape[0]).round().astype(int)
    return [(sorted(map(int, one)), int(many)) for one, many in zip(wide["itemsets"], counted, strict=True)]
