"""The product that something written is nearest to: to be suggested, never to be taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.request.spelling import fold
from store.facts import Product, product_key

MOST_EDITS = 3
"""An id further away than this is not a slip of the finger; and never more than a third of its length."""

LIKE_A_NAME = 75
"""rapidfuzz's token_set_ratio, of 100, from which a written name is near to a product's."""

LONGEST = 80


@dataclass(slots=True)
class Nearest:
    """Looks among these products; its tables are made when something is first looked for."""

    products: Sequence[Product]
    keys: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __call__(self, written: str) -> Product | None:
        """The nearest product by id, else by name; None when nothing is near."""
        if not self.keys:
            self.keys = [product.key for product in self.products]
            self.names = [in_words(product.name) for product in self.products]
        return self.by_id(product_key(written[:LONGEST])) or self.by_name(in_words(written[:LONGEST]))

    def by_id(self, key: str) -> Product | None:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = min(MOST_EDITS, len(key) // 3)
        if edits == 0:
            return None
        found = process.extractOne(key, self.keys, scorer=OSA.distance, score_cutoff=edits)
        return self.products[found[2]] if found else None

    def by_name(self, name: str) -> Product | None:
        from rapidfuzz import fuzz, process

        if len(name) < 3 or not any(map(str.isalpha, name)):
            return None
        found = process.extractOne(name, self.names, scorer=fuzz.token_set_ratio, score_cutoff=LIKE_A_NAME)
        return self.products[found[2]] if found else None


def in_words(name: str) -> str:
    return " ".join("".join(letter if letter.isalnum() else " " for letter in fold(name).lower()).split())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue held in memory, as `resolve` asks for it."""

    products: Mapping[str, Product]
    nearest: Nearest


def shelf_of(products: Iterable[Product]) -> Shelf:
    by_key = {product.key: product for product in products}
    return Shelf(by_key, Nearest(tuple(by_key.values())))
