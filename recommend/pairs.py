"""Which two products are bought together: every pair counted by a sparse product, the strongest of each kept."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from recommend.baskets import Counts, Sparse, Table
from recommend.evidence import Chance, Findings, Floats
from recommend.people import people_of

LEAST = 2
"""A pair in a single basket is nothing yet."""
AT_ONCE = 2_000_000
"""Pairs held at once beyond the counts themselves."""
ROOM = 30_000_000
"""Counts that are kept: 8 bytes each, and as many again while they are put together."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Candidates for rules of two products, by consequent and then antecedent, both as columns of the table.

    `counts` is the matrix of how many baskets hold both (its diagonal: hold the one), without the rarest pairs where
    there is no room for all; `believed` is the largest probability by chance at which a pair is a rule.
    """

    antecedents: Counts
    consequents: Counts
    together: Counts
    chances: Floats
    believed: float
    counts: Sparse


def find_pairs(table: Table, most: int, rate: float, people: int = 1) -> Pairs:
    """Count all pairs; keep those met more often than by chance alone, for each consequent the `most` nearest (cosine).

    Believed are pairs at the false discovery rate `rate`. Tested is every pair of products that are both bought often
    enough to be a pair at all; how often they are is no part of the test (Tarone 1990). Of what is kept, baskets of
    `people` different people at least hold both.
    """
    held, chance, findings = table.held(), Chance(table.baskets), Findings()
    rows, kept = Rows(), []
    for first, counts in counted(table, held):
        rows.add(first, counts)
        some = attracted(first, counts, held, table.baskets)
        upper = some[0] < some[1]  # each pair is tested once, from its side with the smaller column
        findings.add(chance.of(some[2][upper], held[some[0]][upper], held[some[1]][upper], table.baskets))
        kept.append(nearest(some[:, some[2] >= people], held, most))
    found = np.concatenate(kept, axis=1) if kept else np.zeros((3, 0), np.int64)
    consequents, antecedents, together = found[:, people_of(table, table.ones, found[1], found[0]) >= people]
    able = int((held >= LEAST).sum())
    believed = findings.threshold(able * (able - 1) // 2, rate)
    chances = chance.of(together, held[antecedents], held[consequents], table.baskets)
    return Pairs(antecedents, consequents, together, chances, believed, rows.together(table))


def counted(table: Table, held: Counts) -> Iterator[tuple[int, Sparse]]:
    """(first product, rows of the matrix of counts from it on), so many rows at once that memory stays bounded."""
    by_product = table.ones.T.tocsr()
    # A product meets no more products than its baskets hold places, nor than there are.
    meets = np.minimum(by_product @ table.sizes(), len(table.products))
    ends = np.cumsum(meets)
    first = 0
    while first < len(table.products):
        before = ends[first - 1] if first else 0
        end = max(first + 1, int(np.searchsorted(ends, before + AT_ONCE, side="right")))
        yield first, by_product[first:end] @ table.ones
        first = end


@dataclass(slots=True)
class Rows:
    """Counts piece by piece, each with its first product, and how often a pair is met at least to be among them.

    Pairs that are met once matter a little to the weights. Where wide baskets share next to nothing they are nearly
    all there is, and would fill the memory.
    """

    pieces: list[tuple[int, Sparse]] = field(default_factory=list)
    least: int = 1

    def add(self, first: int, counts: Sparse) -> None:
        self.pieces.append((first, counts if self.least == 1 else frequent(first, counts, self.least)))
        while sum(piece.nnz for _, piece in self.pieces) > ROOM:
            self.least += 1
            self.pieces = [(start, frequent(start, piece, self.least)) for start, piece in self.pieces]

    def together(self, table: Table) -> Sparse:
        rows = [piece for _, piece in self.pieces]
        return vstack(rows, format="csr") if rows else table.ones.T @ table.ones


def frequent(first: int, counts: Sparse, least: int) -> Sparse:
    """Rows of counts without what is met less often; the diagonal stays."""
    rows = np.repeat(np.arange(first, first + counts.shape[0]), np.diff(counts.indptr))
    often = (counts.data >= least) | (counts.indices == rows)
    ends = np.concatenate([[0], np.cumsum(often)])[counts.indptr]
    return csr_matrix((counts.data[often], counts.indices[often], ends), shape=counts.shape)


def attracted(first: int, counts: Sparse, held: Counts, baskets: int) -> NDArray[np.int64]:
    """Rows of (consequent, antecedent, together): the pairs that are met more often than by chance, LEAST at least."""
    consequents = np.repeat(np.arange(counts.shape[0], dtype=np.int64), np.diff(counts.indptr)) + first
    antecedents, together = counts.indices.astype(np.int64), counts.data.astype(np.int64)
    often = together * baskets > held[consequents] * held[antecedents]
    some = often & (together >= LEAST) & (consequents != antecedents)
    return np.stack([consequents[some], antecedents[some], together[some]])


def nearest(some: NDArray[np.int64], held: Counts, most: int) -> NDArray[np.int64]:
    """Of each consequent's pairs the `most` with the largest cosine; which of two equal ones is always the same."""
    consequents, antecedents, together = some
    cosine = together / np.sqrt(held[consequents] * held[antecedents])
    order = np.lexsort((antecedents, -cosine, consequents))
    sorted_by = consequents[order]
    place = np.arange(len(order)) - np.searchsorted(sorted_by, sorted_by)
    return some[:, order[place < most]]
