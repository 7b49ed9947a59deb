"""The nearest product in the books, looked for only when a letter names one that does not exist."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from daemon.request.nearest import nearest
from store import catalogue, vocabulary
from store.database import Connection
from store.facts import Product

MOST_SEARCHES = 50
"""A search goes through every number and word of the catalogue (some 10 ms where there are 42,000 products, at
worst 50) while the books are held; a letter may ask for 20, and a batch holds 400 letters."""


@dataclass(slots=True)
class Searching:
    """The look-up of one batch: numbers and words of all products are read once, at the first question.

    What it finds joins `products`, so that the answer can tell its price and stock. After MOST_SEARCHES it looks for
    nothing more, which is what None says, and `exhausted` tells whether somebody has been told so.
    """

    connection: Connection
    products: dict[str, Product]
    left: int = MOST_SEARCHES
    exhausted: bool = False
    read_keys: Sequence[str] | None = field(default=None, init=False)
    read_words: Sequence[str] | None = field(default=None, init=False)

    def __call__(self, written: str) -> tuple[Product, ...] | None:
        if self.left <= 0:
            self.exhausted = True
            return None
        self.left -= 1
        keys = nearest(written, self)
        self.learn(keys)
        return tuple(self.products[key] for key in keys)

    def learn(self, keys: Sequence[str]) -> None:
        missing = [key for key in keys if key not in self.products]
        if missing:
            self.products.update(catalogue.products(self.connection, missing))

    def keys(self) -> Sequence[str]:
        if self.read_keys is None:
            self.read_keys = catalogue.keys(self.connection)
        return self.read_keys

    def words(self) -> Sequence[str]:
        if self.read_words is None:
            self.read_words = vocabulary.words(self.connection)
        return self.read_words

    def holding(self, terms: Sequence[Collection[str]], most: int) -> Sequence[tuple[str, str]]:
        return vocabulary.holding(self.connection, terms, most)

    def on_sale(self, keys: Sequence[str]) -> Sequence[str]:
        self.learn(keys)
        return [key for key in keys if key in self.products and self.products[key].active]
