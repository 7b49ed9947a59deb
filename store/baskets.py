"""What customers put together in their orders: what mining reads, and what somebody owns. Read only."""

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Select, and_, case, exists, func, or_, select

from store.facts import Bought, OrderState
from store.models import order, order_line, order_revision, popularity, product
from store.sets import pieces

ROWS_AT_ONCE = 10_000
# Placed or fulfilled; not said so, because for IN SQLite takes the index of states, and sorts all that it finds.
STANDING = order.c.state.not_in((OrderState.HELD, OrderState.CANCELLED))


def count(conn: Connection, since: datetime) -> int:
    """How many orders placed at `since` or later stand."""
    query = select(func.count()).select_from(order).where(STANDING, order.c.placed_at >= since)
    return conn.execute(query).scalar_one()


def stream(conn: Connection, since: datetime) -> Iterator[Bought]:
    """Every order placed at `since` or later that stands, the oldest first; memory holds few of them at a time."""
    columns = (order.c.number, order.c.placed_at, order.c.hashed_email, order_line.c.product_id)
    query = (
        select(*columns)
        .join(order_line, order_line.c.order_number == order.c.number)
        .where(STANDING, order.c.placed_at >= since)
        .order_by(order.c.placed_at, order.c.number)
    )
    rows = conn.execute(query.execution_options(yield_per=ROWS_AT_ONCE))
    for (_, placed_at, hashed_email), lines in groupby(rows, key=itemgetter(0, 1, 2)):
        yield Bought(placed_at, hashed_email, tuple(line[3] for line in lines))


def bought_again(conn: Connection, since: datetime) -> dict[str, tuple[int, int]]:
    """(known customers, those of them who bought it on another day too) by product; days in UTC."""
    days = func.count(func.date(order.c.placed_at).distinct())
    each = (
        select(order_line.c.product_id, days.label("days"))
        .join(order, order_line.c.order_number == order.c.number)
        .where(STANDING, order.c.placed_at >= since, order.c.hashed_email.is_not(None))
        .group_by(order_line.c.product_id, order.c.hashed_email)
        .subquery()
    )
    again = func.sum(case((each.c.days > 1, 1), else_=0))
    query = select(each.c.product_id, func.count(), again).group_by(each.c.product_id)
    return {product_id: (customers, int(returned)) for product_id, customers, returned in conn.execute(query)}


def any_before(conn: Connection, moment: datetime) -> bool:
    """Whether any order was placed before the moment."""
    return conn.execute(select(exists().where(order.c.placed_at < moment))).scalar_one()


def unavailable(conn: Connection) -> set[str]:
    """Every product that cannot be ordered now: retired, or none on hand. It walks all products.

    Asked only when the best suggestions were not in stock: an index for this alone would cost each order.
    """
    return set(conn.scalars(select(product.c.product_id).where(or_(~product.c.active, product.c.on_hand <= 0))))


def owned(conn: Connection, hashed_emails: Collection[str], least: int, share: float) -> dict[str, set[str]]:
    """What each customer ordered and is not expected to order again, by customer.

    Expected again is a product that at least so many, and at least this share, of its known customers bought on another
    day too.
    """
    again = and_(popularity.c.again >= least, popularity.c.again >= share * popularity.c.customers)
    query = (
        select(order.c.hashed_email, order_line.c.product_id)
        .join(order_line, order_line.c.order_number == order.c.number)
        .outerjoin(popularity, popularity.c.product_id == order_line.c.product_id)
        .where(STANDING, or_(popularity.c.product_id.is_(None), ~again))
        .distinct()
    )
    return by_customer(conn, query, hashed_emails)


def cancelled(conn: Connection, hashed_emails: Collection[str], since: datetime) -> dict[str, set[str]]:
    """What each customer ordered and cancelled, or took out of an order, at `since` or later, by customer."""
    query = (
        select(order.c.hashed_email, order_line.c.product_id)
        .join(order_line, order_line.c.order_number == order.c.number)
        .where(order.c.state == OrderState.CANCELLED, order.c.closed_at >= since)
        .distinct()
    )
    found = by_customer(conn, query, hashed_emails)
    for hashed_email, product_ids in taken_out(conn, hashed_emails, since).items():
        found.setdefault(hashed_email, set()).update(product_ids)
    return found


def taken_out(conn: Connection, hashed_emails: Collection[str], since: datetime) -> dict[str, set[str]]:
    """What each customer's orders held before changes at `since` or later and hold no more, by customer."""
    had: dict[tuple[str, str], set[str]] = {}
    lines: dict[str, set[str]] = {}
    before = (
        select(order.c.hashed_email, order.c.number, order_revision.c.before)
        .join(order_revision, order_revision.c.order_number == order.c.number)
        .where(order_revision.c.at >= since)
    )
    for piece in pieces(hashed_emails):
        for hashed_email, number, kept in conn.execute(before.where(order.c.hashed_email.in_(piece))):
            had.setdefault((hashed_email, number), set()).update(line["product_id"] for line in kept)
    for piece in pieces([number for _, number in had]):
        now = select(order_line.c.order_number, order_line.c.product_id).where(order_line.c.order_number.in_(piece))
        for number, product_id in conn.execute(now):
            lines.setdefault(number, set()).add(product_id)
    found: dict[str, set[str]] = {}
    for (hashed_email, number), product_ids in had.items():
        found.setdefault(hashed_email, set()).update(product_ids - lines.get(number, set()))
    return found


def by_customer(
    conn: Connection, query: Select[*tuple[Any, ...]], hashed_emails: Collection[str]
) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for piece in pieces(hashed_emails):
        for hashed_email, product_id in conn.execute(query.where(order.c.hashed_email.in_(piece))):
            found.setdefault(hashed_email, set()).add(product_id)
    return found


def categories(conn: Connection) -> Iterator[tuple[str, str]]:
    """(product_id, category) of every product on sale, as a stream."""
    query = select(product.c.product_id, product.c.category).where(product.c.active)
    return ((row[0], row[1]) for row in conn.execute(query.execution_options(yield_per=ROWS_AT_ONCE)))
