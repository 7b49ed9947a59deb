"""The nearest product in the books, looked for only when a letter names one that does not exist."""

from dataclasses import dataclass, field

from daemon.request.nearest import Nearest
from store import catalogue
from store.database import Connection
from store.facts import Product

MOST_SEARCHES = 50
"""A search goes through every name on sale (up to 60 ms where there are 42,000) while the books are held; a letter may
ask for 20, and a batch holds 200 letters."""


@dataclass(slots=True)
class Searching:
    """The look-up of one batch: the names of all products are read once, at the first question.

    What it finds joins `products`, so that the answer can tell its price and stock. After MOST_SEARCHES it looks for
    nothing more, which is what None says, and `exhausted` tells whether somebody has been told so.
    """

    connection: Connection
    products: dict[str, Product]
    left: int = MOST_SEARCHES
    exhausted: bool = False
    named: Nearest | None = field(default=None, init=False)

    def __call__(self, written: str) -> tuple[Product, ...] | None:
        if self.left <= 0:
            self.exhausted = True
            return None
        self.left -= 1
        self.named = self.named or Nearest(catalogue.names(self.connection))
        keys = self.named(written)
        missing = [key for key in keys if key not in self.products]
        if missing:
            self.products.update(catalogue.products(self.connection, missing))
        return tuple(self.products[key] for key in keys)
