"""The nearest product in the books, looked for only when a letter names one that does not exist."""

from collections.abc import Callable

from sqlalchemy import Connection

from daemon.request.nearest import nearest_key
from store import catalogue
from store.facts import Product


def nearest_in(connection: Connection) -> Callable[[str], Product | None]:
    """A look-up for one batch: the names of all products are read once, at the first question."""
    names: list[tuple[str, str, str]] = []

    def nearest(written: str) -> Product | None:
        if not names:
            names.extend(catalogue.names(connection))
        key = nearest_key(written, names)
        return catalogue.products(connection, [key])[key] if key is not None else None

    return nearest
