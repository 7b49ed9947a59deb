"""Read only: the sums that reports need, over orders placed, cancelled and changed in windows of time.

A window is [start, end), both instants. Held orders are not in the books yet and count nowhere. An order that was
cancelled before `as_of` counts as cancelled, one that was cancelled later still stands: so a window is told again as it
was. What was cancelled at the time that it was placed or before (a clock set back) counts by these times all the same.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
)

from store.facts import Margin, OrderState, Sales, Tally, Totals
from store.lines_then import lines_at, with_lines, worth
from store.models import order, order_line, order_revision

CENTS = worth(order_line)
GREW = order_revision.c.after_cents - order_revision.c.before_cents
BOOKED = order.c.state != OrderState.HELD
# Written out, not bound: SQLite uses a partial index only where it reads the index's own condition.
CANCELLED = order.c.state == literal_column("'cancelled'")
LINES = with_lines(order_line)
# An expression, so that SQLite does not group by walking the index of customers, past all the orders there are.
UNKNOWN = ""
CUSTOMER = func.coalesce(order.c.hashed_email, literal_column("''"))
REVISIONS = order.join(order_revision, order_revision.c.order_number == order.c.number)

Window = tuple[datetime, datetime]


def first_placed_at(conn: Connection) -> datetime | None:
    """When the first order in the books was placed; None when there is none."""
    first = select(order.c.placed_at).where(BOOKED).order_by(order.c.placed_at).limit(1)
    return conn.execute(first).scalar()


def sales(conn: Connection, window: Window, as_of: datetime) -> Sales:
    """What was ordered in the window, worth what it was worth at `as_of`, and what of it was cancelled by then."""
    heads = conn.execute(
        select(func.count(), func.count(order.c.hashed_email.distinct()), number(gone(as_of)))
        .select_from(order)
        .where(placed_in(window))
    ).one()
    lines = lines_at(conn, placed_in(window), as_of)
    known = and_(lines.c.unit_cost.is_not(None), ~gone(as_of))
    sums = conn.execute(
        select(
            amount(worth(lines)),
            amount(case((gone(as_of), worth(lines)))),
            number(~gone(as_of)),
            number(known),
            amount(case((known, worth(lines)))),
            amount(case((known, lines.c.quantity * lines.c.unit_cost))),
        )
        .select_from(with_lines(lines))
        .where(placed_in(window))
    ).one()
    cents, cancelled, *margin = map(int, sums)
    return Sales(heads[1], Tally(heads[0], cents), Tally(int(heads[2]), cancelled), Margin(*margin))


def ordered(conn: Connection, windows: Iterable[Window], as_of: datetime) -> list[Tally]:
    """The same for each of many short windows, without customers, cancellations and costs."""
    within = placed_in((bindparam("start"), bindparam("end")))
    counted = select(func.count()).select_from(order).where(within)
    summed = select(amount(CENTS)).select_from(LINES).where(within)
    grown = select(amount(GREW)).select_from(REVISIONS).where(order_revision.c.at >= as_of, within)
    query = select(*(one.scalar_subquery() for one in (counted, summed, grown)))
    rows = (conn.execute(query, {"start": start, "end": end}).one() for start, end in windows)
    return [Tally(orders, int(cents) - int(grew)) for orders, cents, grew in rows]


def placed(conn: Connection, window: Window) -> Tally:
    """What was ordered in the window, worth what it was worth when it was placed."""
    since = conn.execute(select(amount(GREW)).select_from(REVISIONS).where(placed_in(window))).scalar_one()
    return tally(conn, placed_in(window)) - Tally(0, int(since))


def cancelled(conn: Connection, window: Window, placed: Window | None = None) -> Tally:
    """What was cancelled in the window, of all orders or of those placed in another; worth what it last was."""
    within = [CANCELLED, order.c.closed_at >= window[0], order.c.closed_at < window[1]]
    if placed is not None:
        within.append(placed_in(placed))
    return tally(conn, *within)


def changed(conn: Connection, window: Window, placed: Window | None = None) -> int:
    """Cents by which changes made in the window altered what orders, or those `placed` in another, are worth."""
    within = [order_revision.c.at >= window[0], order_revision.c.at < window[1]]
    if placed is not None:
        within.append(placed_in(placed))
    return int(conn.execute(select(amount(GREW)).select_from(REVISIONS).where(*within)).scalar_one())


def everything(conn: Connection) -> Tally:
    """All lines there are, of held orders too: the one sum that reads them all, without looking at their orders."""
    orders = conn.execute(select(func.count()).select_from(order)).scalar_one()
    return Tally(orders, int(conn.execute(select(amount(CENTS))).scalar_one()))


def standing(conn: Connection, at: datetime, everything: Tally) -> Tally:
    """What stood at an instant: all there is, less what was not placed yet, less what had been cancelled.

    Orders that are fulfilled stand. Few orders are younger than a report or cancelled, so few are looked at.
    """
    later = order.c.placed_at >= at, BOOKED
    cancelled_before = CANCELLED, order.c.closed_at < at
    held = (order.c.state == OrderState.HELD,)
    found = everything
    for which in (later, cancelled_before, held):
        found -= tally(conn, *which)
    grown_later = order_revision.c.at >= at, order.c.placed_at < at, BOOKED
    grew = conn.execute(select(amount(GREW)).select_from(REVISIONS).where(*grown_later)).scalar_one()
    return found - Tally(0, int(grew))


def totals(conn: Connection, window: Window, as_of: datetime) -> Totals:
    """What was ordered in the window and stood at `as_of`."""
    standing = placed_in(window), ~gone(as_of)
    lines = lines_at(conn, placed_in(window), as_of)
    heads = select(func.count(order.c.hashed_email.distinct()), func.count()).select_from(order).where(*standing)
    sums = select(amount(lines.c.quantity), amount(worth(lines))).select_from(with_lines(lines)).where(*standing)
    return Totals(*conn.execute(heads).one(), *map(int, conn.execute(sums).one()))


def products(conn: Connection, window: Window, as_of: datetime, most: int) -> list[tuple[str, str, int, int]]:
    """The most ordered products, by units: (product_id, name, units, cents), the best first."""
    ranked = ranking(product_sums(conn, window, as_of), "units", "cents")
    rows = conn.execute(select(ranked).where(ranked.c.rank <= most).order_by(ranked.c.rank))
    return [(row.key, row.name, int(row.units), int(row.cents)) for row in rows]


def product_ranks(conn: Connection, window: Window, as_of: datetime, of: list[str]) -> dict[str, tuple[int, int, int]]:
    """For those of the products that were ordered in the window: (rank, units, cents)."""
    ranked = ranking(product_sums(conn, window, as_of), "units", "cents")
    rows = conn.execute(select(ranked).where(ranked.c.key.in_(of)))
    return {row.key: (row.rank, int(row.units), int(row.cents)) for row in rows}


def customers(conn: Connection, window: Window, as_of: datetime, most: int) -> list[tuple[str, int, int]]:
    """The best customers, by dollars: (hashed_email, orders, cents), the best first. Unknown customers are left out."""
    ranked = ranking(customer_sums(conn, window, as_of), "cents", "orders")
    rows = conn.execute(select(ranked).where(ranked.c.rank <= most).order_by(ranked.c.rank))
    return [(row.key, row.orders, int(row.cents)) for row in rows]


def customer_ranks(conn: Connection, window: Window, as_of: datetime, of: list[str]) -> dict[str, tuple[int, int]]:
    """For those of the customers who ordered in the window: (rank, cents)."""
    ranked = ranking(customer_sums(conn, window, as_of), "cents", "orders")
    rows = conn.execute(select(ranked).where(ranked.c.key.in_(of)))
    return {row.key: (row.rank, int(row.cents)) for row in rows}


def product_sums(conn: Connection, window: Window, as_of: datetime) -> Select[*tuple[Any, ...]]:
    lines = lines_at(conn, placed_in(window), as_of)
    return (
        select(
            lines.c.product_id.label("key"),
            func.max(lines.c.name).label("name"),
            amount(lines.c.quantity).label("units"),
            amount(worth(lines)).label("cents"),
        )
        .select_from(with_lines(lines))
        .where(placed_in(window), ~gone(as_of))
        .group_by(lines.c.product_id)
    )


def customer_sums(conn: Connection, window: Window, as_of: datetime) -> Select[*tuple[Any, ...]]:
    lines = lines_at(conn, placed_in(window), as_of)
    return (
        select(
            CUSTOMER.label("key"),
            func.count(order.c.number.distinct()).label("orders"),
            amount(worth(lines)).label("cents"),
        )
        .select_from(with_lines(lines))
        .where(placed_in(window), ~gone(as_of))
        .group_by(CUSTOMER)
        .having(CUSTOMER != UNKNOWN)
    )


def ranking(sums: Select[*tuple[Any, ...]], first: str, second: str) -> Any:
    """The sums with their rank: by one, then by the other, the most first, then by key, so that none share one."""
    found = sums.subquery()
    best_first = found.c[first].desc(), found.c[second].desc(), found.c.key
    return select(found, func.row_number().over(order_by=best_first).label("rank")).subquery()


def placed_in(window: tuple[Any, Any]) -> ColumnElement[bool]:
    start, end = window
    return and_(order.c.placed_at >= start, order.c.placed_at < end, BOOKED)


def gone(as_of: datetime) -> ColumnElement[bool]:
    """Whether the order had been cancelled by then; never unknown, so that it can be negated."""
    return and_(order.c.state == OrderState.CANCELLED, order.c.closed_at < as_of)


def tally(conn: Connection, *which: ColumnElement[bool]) -> Tally:
    """The orders for which all of this is true; counted apart from their lines, which would have to be told apart."""
    orders = conn.execute(select(func.count()).select_from(order).where(*which)).scalar_one()
    return Tally(orders, int(conn.execute(select(amount(CENTS)).select_from(LINES).where(*which)).scalar_one()))


def amount(of: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(of), 0)


def number(which: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(cast(case((which, 1), else_=0), Integer)), 0)
