"""The catalogue as customers look through it: a page of what can be had."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, literal_column, select, tuple_

from store.facts import Listing, Page, Product
from store.models import popularity, product
from store.sets import columns_of
from store.vocabulary import SHORT, lacks

COLUMNS = columns_of(product, Product)
AVAILABLE: tuple[ColumnElement[bool], ...] = (product.c.active, product.c.on_hand > 0)
NEVER: ColumnElement[int] = literal_column("0")
Query = Select[*tuple[Any, ...]]


def page(conn: Connection, listing: Listing) -> Page:
    """The products behind `listing.after`, by keyset: what changes before or behind moves nothing.

    A product is met exactly once on the way through the pages as long as its own place (price, or rank) is what it was.
    """
    if lacks(conn, listing.terms):
        return Page(())
    found: list[tuple[int, Product]] = []
    for query in best_sellers(listing) if listing.best_first else [cheapest(listing)]:
        if len(found) <= listing.size:
            rows = conn.execute(query.limit(listing.size + 1 - len(found)))
            found += [(row[0], Product(*row[1:])) for row in rows]
    shown = found[: listing.size]
    last = (shown[-1][0], shown[-1][1].product_id) if len(found) > listing.size else None
    return Page(tuple(one for _, one in shown), last)


def cheapest(listing: Listing) -> Query:
    key = (product.c.price, product.c.product_id)
    query = chosen(listing, product.c.price, product.c.price).order_by(*key)
    return query if listing.after is None else query.where(tuple_(*key) > listing.after)


def best_sellers(listing: Listing) -> Iterator[Query]:
    """By how many baskets held them; those that none held come last, with 0 for their rank."""
    # The sum keeps SQLite from the index by price, after which it would have to sort.
    price = product.c.price + 0
    if listing.after is None or listing.after[0]:
        key = (popularity.c.baskets, popularity.c.product_id)
        sold = chosen(listing, popularity.c.baskets, price)
        sold = sold.join(popularity, popularity.c.product_id == product.c.product_id)
        if listing.after is not None:
            sold = sold.where(tuple_(*key) < listing.after)
        yield sold.order_by(*(column.desc() for column in key))
    unsold = chosen(listing, NEVER, price).where(~exists().where(popularity.c.product_id == product.c.product_id))
    if listing.after is not None and not listing.after[0]:
        unsold = unsold.where(product.c.product_id > listing.after[1])
    yield unsold.order_by(product.c.product_id)


def chosen(listing: Listing, rank: ColumnElement[Any], price: ColumnElement[int]) -> Query:
    """`rank` and the columns of the products that the listing means, wherever it begins."""
    query = select(rank, *COLUMNS).where(*AVAILABLE, *(holds(term) for term in listing.terms))
    if listing.cents is None:
        return query
    return query.where(price <= listing.cents if listing.inclusive else price < listing.cents)


def holds(term: str) -> ColumnElement[bool]:
    """`term` is letters and digits as `store.facts.search_text` makes them."""
    return product.c.search_text.contains(f" {term}" if len(term) <= SHORT else term, autoescape=True)
