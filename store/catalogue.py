"""Products, prices, stock, and every movement of stock."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.exc import IntegrityError

from store.facts import Movement, MovementReason, Product
from store.models import product, stock_movement
from store.sets import columns_of, insert_rows, pieces, row_of

COLUMNS = columns_of(product, Product)


class OutOfStock(Exception):  # noqa: N818 - it is no error of anybody's
    """There is less of `product_id` than the movements take; none of them was made."""

    def __init__(self, product_id: str) -> None:
        super().__init__(f"not enough of {product_id} in stock")
        self.product_id = product_id


def products(conn: Connection, keys: Collection[str]) -> dict[str, Product]:
    """The products with these keys (`store.facts.product_key`), by key."""
    found = {}
    for piece in pieces(keys):
        query = select(product.c.product_key, *COLUMNS).where(product.c.product_key.in_(piece))
        found.update({row[0]: Product(*row[1:]) for row in conn.execute(query)})
    return found


def names(conn: Connection) -> list[tuple[str, str, str]]:
    """(key, product_id, name) of every product on sale."""
    query = select(product.c.product_key, product.c.product_id, product.c.name).where(product.c.active)
    return [(key, product_id, name) for key, product_id, name in conn.execute(query)]


def add(conn: Connection, products: Sequence[Product], actor: str, at: datetime) -> None:
    """New products, each with a first movement that brings what is on hand. Those known already are refused."""
    rows = [row_of(one) | {"product_key": one.key, "on_hand": 0} for one in products]
    insert_rows(conn, product, rows)
    first = [
        Movement(one.product_id, one.on_hand, MovementReason.INITIAL, at, actor) for one in products if one.on_hand
    ]
    move(conn, first)


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
