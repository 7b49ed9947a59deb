"""What customers put together in their orders: the baskets that mining reads, and what somebody owns. Read only."""

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import Connection, or_, select

from store.facts import OrderState
from store.models import order, order_line, popularity, product
from store.sets import pieces

STANDING = order.c.state.in_((OrderState.PLACED, OrderState.FULFILLED))


def unavailable(conn: Connection) -> set[str]:
    """Every product that cannot be ordered now: retired, or none on hand. It walks all products."""
    return set(conn.scalars(select(product.c.product_id).where(or_(~product.c.active, product.c.on_hand <= 0))))


def owned(conn: Connection, hashed_emails: Collection[str], share: float) -> dict[str, set[str]]:
    """What each customer ordered and is not expected to order again, by customer.

    Expected again is a product of which at least this share of its known customers bought it on another day, too; one
    that no mining has seen yet is not.
    """
    again = popularity.c.again >= share * popularity.c.customers
    query = (
        select(order.c.hashed_email, order_line.c.product_id)
        .join(order_line, order_line.c.order_number == order.c.number)
        .outerjoin(popularity, popularity.c.product_id == order_line.c.product_id)
        .where(STANDING, or_(popularity.c.product_id.is_(None), popularity.c.again == 0, ~again))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for piece in pieces(hashed_emails):
        for hashed_email, product_id in conn.execute(query.where(order.c.hashed_email.in_(piece))):
            found.setdefault(hashed_email, set()).add(product_id)
    return found


def cancelled(conn: Connection, hashed_emails: Collection[str], since: datetime) -> dict[str, set[str]]:
    """What each customer ordered and cancelled at `since` or later, by customer."""
    query = (
        select(order.c.hashed_email, order_line.c.product_id)
        .join(order_line, order_line.c.order_number == order.c.number)
        .where(order.c.state == OrderState.CANCELLED, order.c.closed_at >= since)
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for piece in pieces(hashed_emails):
        for hashed_email, product_id in conn.execute(query.where(order.c.hashed_email.in_(piece))):
            found.setdefault(hashed_email, set()).add(product_id)
    return found


def categories(conn: Connection) -> Iterator[tuple[str, str]]:
    """(product_id, category) of every product on sale, as a stream."""
    query = select(product.c.product_id, product.c.category).where(product.c.active)
    return ((row[0], row[1]) for row in conn.execute(query.execution_options(yield_per=10_000)))
