"""Baskets as a sparse table of ones: a row a basket, a column a product."""

from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

Sparse = Any
"""A scipy.sparse matrix; scipy tells no types."""
Counts = NDArray[np.int64]
Owned = tuple[str | None, Collection[str]]
"""Whose basket it is, by any name that is always the same (None: nobody knows), and the products that it holds."""


@dataclass(frozen=True, slots=True)
class Table:
    """`ones` is len(baskets) x len(products), with a 1 where the basket holds the product; products are sorted.

    `people` has a number for each basket, the same for two baskets of the same person.
    """

    products: Sequence[str]
    ones: Sparse
    people: Counts

    @property
    def baskets(self) -> int:
        return int(self.ones.shape[0])

    def held(self) -> Counts:
        """How many baskets hold each product."""
        return np.bincount(self.ones.indices, minlength=len(self.products)).astype(np.int64)

    def sizes(self) -> Counts:
        """How many products each basket holds."""
        sizes: Counts = np.diff(self.ones.indptr).astype(np.int64)
        return sizes

    def only(self, rows: NDArray[np.bool_]) -> "Table":
        """These baskets alone; products that none of them holds keep an empty column."""
        return Table(self.products, self.ones[rows], self.people[rows])


def as_table(baskets: Iterable[Collection[str]]) -> Table:
    """The table of baskets of which each is of somebody else."""
    return as_table_of((None, basket) for basket in baskets)


def as_table_of(baskets: Iterable[Owned]) -> Table:
    """Read the baskets once, four bytes a product in each; a product that is named twice in a basket counts once."""
    places: dict[str, int] = {}
    # A person goes by the place of their first basket.
    first: dict[str, int] = {}
    found, ends, people = array("i"), array("q", [0]), array("q")
    for place, (customer, basket) in enumerate(baskets):
        found.extend(places.setdefault(product_id, len(places)) for product_id in set(basket))
        ends.append(len(found))
        people.append(place if customer is None else first.setdefault(customer, place))
    products = sorted(places)
    # Places in the order of meeting become places in the order of names: the same baskets give the same table.
    order = np.empty(len(places), np.int32)
    order[[places[product_id] for product_id in products]] = np.arange(len(places), dtype=np.int32)
    columns = order[np.frombuffer(found, np.int32)] if found else np.zeros(0, np.int32)
    data = np.ones(len(columns), np.int32)
    ones = csr_matrix((data, columns, np.frombuffer(ends, np.int64)), shape=(len(ends) - 1, len(products)))
    ones.sort_indices()
    return Table(products, ones, np.array(people, np.int64))


def as_rows(baskets: Iterable[Collection[str]], products: Sequence[str]) -> Sparse:
    """Baskets in the columns of a table that exists; products without a column are passed over."""
    places: Mapping[str, int] = {product_id: place for place, product_id in enumerate(products)}
    rows = [sorted(places[one] for one in basket if one in places) for basket in baskets]
    ends = np.cumsum([0, *map(len, rows)])
    columns = np.fromiter((place for row in rows for place in row), np.int32, int(ends[-1]))
    return csr_matrix((np.ones(len(columns), np.int32), columns, ends), shape=(len(rows), len(products)))
