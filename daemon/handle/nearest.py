"""The nearest product in the books, looked for only when a letter names one that does not exist."""

from collections.abc import Callable

from daemon.request.nearest import Nearest
from store import catalogue
from store.database import Connection
from store.facts import Product


def nearest_in(connection: Connection, products: dict[str, Product]) -> Callable[[str], Product | None]:
    """A look-up for one batch: the names of all products are read once, at the first question.

    What it finds joins `products`, so that the answer can tell its price and stock.
    """
    search: list[Nearest] = []

    def nearest(written: str) -> Product | None:
        if not search:
            search.append(Nearest(catalogue.names(connection)))
        key = search[0](written)
        if key is None:
            return None
        if key not in products:
            products.update(catalogue.products(connection, [key]))
        return products[key]

    return nearest
