"""Products, prices, stock, and every movement of stock."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, exists, func, or_, select, update
from sqlalchemy.exc import IntegrityError

from store import vocabulary
from store.facts import Movement, MovementReason, Product, Removed, product_key, search_text
from store.models import order_line, product, stock_movement
from store.sets import Row, among, columns_of, insert_many, insert_rows, pieces, row_of, update_many

COLUMNS = columns_of(product, Product)
MOVEMENT = columns_of(stock_movement, Movement)
LONGEST_TEXT = 400


class OutOfStock(Exception):  # noqa: N818 - it is no error of anybody's
    """There is less of `product_id` than the movements take; none of them was made."""

    def __init__(self, product_id: str) -> None:
        super().__init__(f"not enough of {product_id} in stock")
        self.product_id = product_id


def products(conn: Connection, keys: Collection[str]) -> dict[str, Product]:
    """The products with these keys (`store.facts.product_key`), by key."""
    found = {}
    for piece in pieces(keys):
        rows = conn.execute(with_keys(conn.dialect.name), {"values": piece})
        found.update({row[0]: Product(*row[1:]) for row in rows})
    return found


@cache
def with_keys(dialect: str) -> Select[*tuple[Any, ...]]:
    return select(product.c.product_key, *COLUMNS).where(among(dialect, product.c.product_key))


def keys(conn: Connection) -> list[str]:
    """The key of every product, on sale or not."""
    # One value, out of the index alone, instead of as many rows, which take five times as long.
    return (conn.scalar(select(func.aggregate_strings(product.c.product_key, " "))) or "").split()


def search(conn: Connection, word: str = "", active: bool | None = None, limit: int = 50) -> list[Product]:
    """Products whose id, name or category holds the word, in the order of their ids."""
    query = select(*COLUMNS).order_by(product.c.product_id).limit(limit)
    if word:
        query = query.where(holds(word))
    if active is not None:
        query = query.where(product.c.active == active)
    return [Product(*row) for row in conn.execute(query)]


def holds(word: str) -> ColumnElement[bool]:
    """Case-blind, and in an id blind to hyphens and blanks as well; `%` and `_` mean themselves."""
    anywhere = [column.icontains(word, autoescape=True) for column in (product.c.name, product.c.category)]
    key = product_key(word)
    return or_(product.c.product_key.contains(key, autoescape=True), *anywhere) if key else or_(*anywhere)


def everything(conn: Connection) -> Iterator[Product]:
    """All products in the order of their ids, as a stream."""
    query = select(*COLUMNS).order_by(product.c.product_id).execution_options(yield_per=1_000)
    return (Product(*row) for row in conn.execute(query))


def add(conn: Connection, products: Sequence[Product], actor: str, at: datetime) -> None:
    """New products, each with a first movement that brings what is on hand. Those known already are refused."""
    rows = [row_of(one) | derived(one) | {"on_hand": 0} for one in products]
    insert_many(conn, product, rows)
    vocabulary.recount(conn, (), searched(rows))
    first = [
        Movement(one.product_id, one.on_hand, MovementReason.INITIAL, at, actor) for one in products if one.on_hand
    ]
    insert_many(conn, stock_movement, [row_of(movement) for movement in first])


def change(conn: Connection, products: Sequence[Product]) -> None:
    """Write what a product is: its name, prices and so on. What is on hand changes by movements alone."""
    rows = [row_of(one) | derived(one) for one in products]
    for row in rows:
        del row["on_hand"]
    vocabulary.recount(conn, searched_before(conn, [one.product_id for one in products]), searched(rows))
    update_many(conn, product, "product_id", rows)


def searched(rows: Iterable[Row]) -> list[vocabulary.Searched]:
    return [(row["product_id"], row["search_text"]) for row in rows if row["active"]]


def searched_before(conn: Connection, product_ids: Collection[str]) -> list[vocabulary.Searched]:
    found: list[vocabulary.Searched] = []
    for piece in pieces(product_ids):
        query = select(product.c.product_id, product.c.search_text)
        query = query.where(product.c.product_id.in_(piece), product.c.active)
        found += [(product_id, text) for product_id, text in conn.execute(query)]
    return found


def derived(one: Product) -> dict[str, str]:
    """How a product is found."""
    # PostgreSQL takes no more than 2,704 bytes into an index.
    text = search_text(one.product_id, one.name, one.category)[:LONGEST_TEXT]
    return {"product_key": one.key, "search_text": text}


def remove(conn: Connection, product_id: str) -> Removed:
    """Delete a product that was never ordered, with its movements; retire any other: it stays in the history.

    It walks the order lines: an index for this alone would cost each order more than it saves here.
    """
    vocabulary.recount(conn, searched_before(conn, [product_id]), ())
    if conn.execute(select(exists().where(order_line.c.product_id == product_id))).scalar_one():
        conn.execute(update(product).where(product.c.product_id == product_id).values(active=False))
        return Removed.RETIRED
    gone = conn.execute(delete(product).where(product.c.product_id == product_id)).rowcount
    return Removed.DELETED if gone else Removed.UNKNOWN


def move(conn: Connection, movements: Sequence[Movement]) -> None:
    """Make all of the movements or none. Raises OutOfStock when one would take what is not there."""
    try:
        with conn.begin_nested():
            insert_rows(conn, stock_movement, [row_of(movement) for movement in movements])
    except IntegrityError:
        lacking = first_lacking(conn, movements)
        if lacking is None:
            raise
        raise OutOfStock(lacking) from None


def first_lacking(conn: Connection, movements: Sequence[Movement]) -> str | None:
    """The product of the first movement that cannot be made; the database says only that there is one."""
    left: dict[str, int] = {}
    for piece in pieces([movement.product_id for movement in movements]):
        query = select(product.c.product_id, product.c.on_hand).where(product.c.product_id.in_(piece))
        left.update({row.product_id: row.on_hand for row in conn.execute(query)})
    for movement in movements:
        if movement.product_id in left:
            left[movement.product_id] += movement.quantity
            if left[movement.product_id] < 0:
                return movement.product_id
    return None


def movements(conn: Connection, product_id: str, limit: int = 50) -> list[Movement]:
    """The latest movements of a product, newest first. It walks them all, for the same reason as `remove`."""
    query = select(*MOVEMENT).where(stock_movement.c.product_id == product_id)
    return [Movement(*row) for row in conn.execute(query.order_by(stock_movement.c.id.desc()).limit(limit))]


def moved(conn: Connection, product_id: str) -> tuple[int, int]:
    """(how many movements a product has, their sum)."""
    total = func.coalesce(func.sum(stock_movement.c.quantity), 0)
    query = select(func.count(), total).where(stock_movement.c.product_id == product_id)
    count, units = conn.execute(query).one()
    return count, int(units)


def differences(conn: Connection) -> list[tuple[str, int, int]]:
    """(product_id, on hand, sum of its movements) where the two differ: never, unless somebody wrote past the books."""
    sums = (
        select(stock_movement.c.product_id, func.sum(stock_movement.c.quantity).label("total"))
        .group_by(stock_movement.c.product_id)
        .subquery()
    )
    total = func.coalesce(sums.c.total, 0)
    query = (
        select(product.c.product_id, product.c.on_hand, total)
        .outerjoin(sums, sums.c.product_id == product.c.product_id)
        .where(product.c.on_hand != total)
        .order_by(product.c.product_id)
    )
    return [(product_id, on_hand, int(moved)) for product_id, on_hand, moved in conn.execute(query)]


def count(conn: Connection) -> int:
    return conn.execute(select(func.count()).select_from(product)).scalar_one()
