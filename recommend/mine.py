"""Association rules from baskets: counted, tested, weighed, and as many as there is room for."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import hstack, vstack

from recommend.baskets import Counts, Owned, Sparse, Table, as_table_of
from recommend.evidence import Floats
from recommend.pairs import LEAST, Pairs, find_pairs
from recommend.shapes import Mined, Popularity, Rule
from recommend.weigh import Weighed
from recommend.wider import NONE, Wider, find_wider

__all__ = ["Mined", "Settings", "mine", "mine_of"]

FEWEST_EACH = 10
"""Antecedents that each consequent may have, however many products there are."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What mining may be told; docs/recommending.md says where the defaults come from.

    `most_rules` bounds the rules, and the pairs once more. `chance_rate` is the share of the rules that may be chance.
    `work` bounds time and memory: so many times two products are seen in one basket; the widest baskets are left out
    until it is enough. `wider` looks for antecedents of two products. `people` is the number of different people whose
    baskets hold all of a rule or pair, at least: one customer's habit is nobody else's business, and no evidence.
    """

    most_rules: int = 100_000
    chance_rate: float = 0.01
    work: int = 200_000_000
    wider: bool = True
    people: int = 3


@dataclass(frozen=True, slots=True)
class Found:
    """Rules as columns. `antecedents` is len x 2, the second -1 where there is one only; sorted by consequent."""

    antecedents: NDArray[np.int64]
    consequents: Counts
    together: Counts
    antecedents_held: Counts
    believed: NDArray[np.bool_]
    weights: Floats


def mine(baskets: Iterable[Collection[str]], settings: Settings = Settings()) -> Mined:
    """`mine_of` baskets of which each is of somebody else."""
    return mine_of(((None, basket) for basket in baskets), settings)


def mine_of(baskets: Iterable[Owned], settings: Settings = Settings()) -> Mined:
    """The rules, the weaker pairs and the popularity of all products in the baskets, which are read once.

    The same baskets in another order give the same result. Rules and pairs come with the greatest weight first.
    """
    read = as_table_of(baskets)
    table = narrow(read, settings.work)
    popular = popularity(table)
    if table.baskets:
        rules, pairs = as_rules(find(table, settings), table, settings.most_rules)
    else:
        rules, pairs = [], []
    return Mined(rules, pairs, popular, table.baskets, read.baskets - table.baskets)


def narrow(table: Table, work: int) -> Table:
    """The table without its widest baskets, whose pairs are most of the work and the least of the evidence."""
    sizes = table.sizes()
    order = np.argsort(sizes, kind="stable")
    spent = np.cumsum(sizes[order] ** 2)
    if not len(spent) or spent[-1] <= work:
        return table
    widest = sizes[order][np.searchsorted(spent, work, side="right")]
    return table.only(sizes < widest)


def popularity(table: Table) -> list[Popularity]:
    held = table.held()
    order = np.lexsort((np.arange(len(held)), -held))
    return [Popularity(table.products[place], int(held[place])) for place in order if held[place]]


def find(table: Table, settings: Settings) -> Found:
    able = max(1, int((table.held() >= LEAST).sum()))
    each, rate, people = max(FEWEST_EACH, 2 * settings.most_rules // able), settings.chance_rate, settings.people
    pairs = find_pairs(table, each, rate, people)
    wider = find_wider(table, pairs.counts, rate, people) if settings.wider else NONE
    return weighed(table, pairs, wider)


def weighed(table: Table, pairs: Pairs, wider: Wider) -> Found:
    """All candidates with their weights; antecedents of two products are features like those of one."""
    sets, of_set = np.unique(wider.antecedents, axis=0, return_inverse=True)
    columns = np.concatenate([pairs.antecedents, len(table.products) + of_set.ravel()])
    consequents = np.concatenate([pairs.consequents, wider.consequents])
    order = np.lexsort((columns, consequents))
    columns, consequents = columns[order], consequents[order]
    counts = with_sets(table, pairs.counts, sets)
    single = np.stack([pairs.antecedents, np.full(len(pairs.antecedents), -1)], axis=1)
    believed = np.concatenate([pairs.chances <= pairs.believed, np.ones(len(wider.consequents), bool)])
    return Found(
        np.concatenate([single, wider.antecedents])[order],
        consequents,
        np.concatenate([pairs.together, wider.together])[order],
        counts.diagonal().astype(np.int64)[columns],
        believed[order],
        Weighed(columns, consequents, counts, table.baskets).weights(),
    )


def with_sets(table: Table, counts: Sparse, sets: NDArray[np.int64]) -> Sparse:
    """The matrix of counts with a row and a column more for each two products that are an antecedent together."""
    if not len(sets):
        return counts
    by_product = table.ones.tocsc()
    both = by_product[:, sets[:, 0]].multiply(by_product[:, sets[:, 1]]).tocsr()
    with_products = both.T @ table.ones
    return vstack([hstack([counts, with_products.T]), hstack([with_products, both.T @ both])], format="csr")


def as_rules(found: Found, table: Table, most: int) -> tuple[list[Rule], list[Rule]]:
    """(rules, weaker pairs), at most so many of each. A pair without weight says nothing that a rule does not."""
    held = table.held()
    order = np.lexsort((found.consequents, -found.together / found.antecedents_held, -found.weights))
    believed = found.believed[order]
    weak = ~believed & (found.weights[order] > 0)
    return tuple(  # type: ignore[return-value]
        [as_rule(found, place, table, held) for place in order[which][:most]] for which in (believed, weak)
    )


def as_rule(found: Found, place: int, table: Table, held: Counts) -> Rule:
    antecedent = tuple(table.products[column] for column in found.antecedents[place] if column >= 0)
    consequent = int(found.consequents[place])
    counts = (int(found.together[place]), int(found.antecedents_held[place]), int(held[consequent]))
    return Rule(antecedent, table.products[consequent], *counts, table.baskets, float(found.weights[place]))
