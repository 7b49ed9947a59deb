"""A catalogue held in memory."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from daemon.request.nearest import nearest
from store.facts import Product, search_text, words_of


@dataclass(frozen=True)
class Shelf:
    """What `resolve` and `nearest` ask of a catalogue; as the books answer it."""

    products: Mapping[str, Product]

    def nearest(self, written: str) -> tuple[Product, ...]:
        return tuple(self.products[key] for key in nearest(written, self))

    def keys(self) -> list[str]:
        return list(self.products)

    def words(self) -> list[str]:
        return sorted(self.spread)

    def holding(self, terms: Sequence[Collection[str]], most: int) -> list[tuple[str, str]]:
        entries = sorted((sum(len(self.spread.get(word, ())) for word in words), sorted(words)) for words in terms)
        of_word = {word: 1.0 / many for many, words in reversed(entries) for word in words if word in self.spread}
        weights: dict[str, float] = {}
        for word, weight in of_word.items():
            for key in self.spread[word]:
                weights[key] = weights.get(key, 0.0) + weight
        ranked = sorted(weights, key=lambda key: (-weights[key], len(self.held[key]), key))
        return [(key, self.products[key].name) for key in ranked[:most]]

    def on_sale(self, keys: Iterable[str]) -> list[str]:
        return [key for key in keys if self.products[key].active]

    @cached_property
    def held(self) -> dict[str, set[str]]:
        """The words of each product on sale."""
        there = (self.products[key] for key in self.on_sale(self.products))
        return {one.key: words_of(one.product_id, search_text(one.product_id, one.name, one.category)) for one in there}

    @cached_property
    def spread(self) -> dict[str, list[str]]:
        """The products on sale that hold a word."""
        found: dict[str, list[str]] = {}
        for key, words in self.held.items():
            for word in words:
                found.setdefault(word, []).append(key)
        return found


def shelf_of(products: Iterable[Product]) -> Shelf:
    return Shelf({product.key: product for product in products})
