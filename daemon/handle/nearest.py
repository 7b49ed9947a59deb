"""The nearest product in the books, looked for only when a letter names one that does not exist."""

from collections.abc import Callable

from daemon.request.nearest import Nearest
from store import catalogue
from store.database import Connection
from store.facts import Product

MOST_SEARCHES = 50
"""A search goes through every name on sale (up to 60 ms where there are 42,000) while the batch holds the books. A
letter may ask for 20, a batch holds 200 letters: without a bound of its own, nonsense would keep everybody else
waiting for minutes."""


def nearest_in(connection: Connection, products: dict[str, Product]) -> Callable[[str], tuple[Product, ...]]:
    """A look-up for one batch: the names of all products are read once, at the first question.

    What it finds joins `products`, so that the answer can tell its price and stock. After MOST_SEARCHES it finds
    nothing more: a faulty line is told all the same, only without a suggestion.
    """
    search: list[Nearest] = []
    left = MOST_SEARCHES

    def nearest(written: str) -> tuple[Product, ...]:
        nonlocal left
        if left <= 0:
            return ()
        left -= 1
        if not search:
            search.append(Nearest(catalogue.names(connection)))
        keys = search[0](written)
        missing = [key for key in keys if key not in products]
        if missing:
            products.update(catalogue.products(connection, missing))
        return tuple(products[key] for key in keys)

    return nearest
