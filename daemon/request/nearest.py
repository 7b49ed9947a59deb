"""The product that something written is nearest to: to be suggested, never to be taken."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.request.spelling import fold
from daemon.request.tokens import is_strong
from store.facts import Product, product_key

MOST_EDITS = 3
"""An id further away than this is not a slip of the finger; and never more than a third of its length."""

LIKE_A_NAME = 75
"""rapidfuzz's token_set_ratio, of 100, from which a written name is near to a product's."""

LONGEST = 80
MOST_TIED = 3


@dataclass(slots=True)
class Nearest:
    """Looks among the (key, name) of products; names are made comparable only when no id is near."""

    named: Sequence[tuple[str, str]]
    keys: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)

    def __call__(self, written: str) -> tuple[str, ...]:
        """The keys of the nearest products by id, else by name: several where they are equally near, at most MOST_TIED.

        Nothing where none is near; what is an id by its look is looked for among the ids alone.
        """
        by_id = self.by_id(product_key(written[:LONGEST]))
        is_id = " " not in written and is_strong(written)
        return by_id if by_id or is_id else self.by_name(in_words(written[:LONGEST]))

    def by_id(self, key: str) -> tuple[str, ...]:
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        edits = min(MOST_EDITS, len(key) // 3)
        if edits == 0:
            return ()
        self.keys = self.keys or [known for known, _ in self.named]
        found = process.extract(key, self.keys, scorer=OSA.distance, score_cutoff=edits, limit=MOST_TIED)
        return tuple(self.keys[place] for _, far, place in found if far == found[0][1])

    def by_name(self, name: str) -> tuple[str, ...]:
        from rapidfuzz import fuzz, process

        if len(name) < 3 or not any(map(str.isalpha, name)):
            return ()
        self.names = self.names or [in_words(known) for _, known in self.named]
        if name in self.names:
            return (self.named[self.names.index(name)][0],)
        scorer = fuzz.token_set_ratio
        found = process.extract(name, self.names, scorer=scorer, score_cutoff=LIKE_A_NAME, limit=MOST_TIED)
        return tuple(self.named[place][0] for _, near, place in found if near == found[0][1])


MOST_WORDS = 3


def near_words(terms: Iterable[str], texts: Iterable[str]) -> tuple[str, ...]:
    """The words of the texts nearest to the terms, at most MOST_WORDS a term; a third of its letters may differ."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = sorted({word for text in texts for word in text.split() if word.isalpha()})
    found: dict[str, None] = {}
    for term in terms:
        near = process.extract(term, known, scorer=OSA.distance, limit=MOST_WORDS, score_cutoff=max(1, len(term) // 3))
        found.update(dict.fromkeys(word for word, _, _ in near))
    return tuple(found)


def in_words(name: str) -> str:
    """In lower case without signs; mugs as mug, since who orders two names a product so."""
    plain = "".join(letter if letter.isalnum() else " " for letter in fold(name).lower())
    return " ".join(word.removesuffix("s") if len(word) > 3 else word for word in plain.split())


@dataclass(frozen=True, slots=True)
class Shelf:
    """A catalogue held in memory, as `resolve` asks for it."""

    products: Mapping[str, Product]
    search: Nearest

    def nearest(self, written: str) -> tuple[Product, ...]:
        return tuple(self.products[key] for key in self.search(written))


def shelf_of(products: Iterable[Product]) -> Shelf:
    by_key = {product.key: product for product in products}
    return Shelf(by_key, Nearest([(key, product.name) for key, product in by_key.items()]))
