"""Orders: place, release, cancel, take over from the past, find."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, func, select, tuple_, update

from store.catalogue import move
from store.facts import Movement, MovementReason, Order, OrderLine, OrderState, StateTotal
from store.models import letter, order, order_line
from store.sets import among, columns_of, insert_rows, pieces, present, row_of

HEAD = [field.name for field in fields(Order) if field.name != "lines"]
HEAD_COLUMNS = [order.c[name] for name in HEAD]
LINE_COLUMNS = columns_of(order_line, OrderLine)


def book(conn: Connection, orders: Sequence[Order]) -> None:
    """Write new orders; those PLACED take their goods off the shelf, those HELD take nothing.

    Raises OutOfStock; then the caller's transaction has to be given up.
    """
    write(conn, orders)
    move(
        conn, [leaving for one in orders if one.state is OrderState.PLACED for leaving in goods_out(one, one.placed_at)]
    )


def book_past(conn: Connection, orders: Sequence[Order], taken_at: datetime | None = None) -> None:
    """Write orders of the past, whose goods are long gone; `taken_at` says when to take them off the shelf after all.

    Raises OutOfStock; then the caller's transaction has to be given up.
    """
    write(conn, orders)
    if taken_at is not None:
        move(conn, [leaving for one in orders for leaving in goods_out(one, taken_at)])


def write(conn: Connection, orders: Sequence[Order]) -> None:
    insert_rows(conn, order, [{name: getattr(one, name) for name in HEAD} for one in orders])
    write_lines(conn, orders)


def write_lines(conn: Connection, orders: Sequence[Order]) -> None:
    insert_rows(
        conn,
        order_line,
        [
            row_of(line) | {"order_number": one.number, "position": position}
            for one in orders
            for position, line in enumerate(one.lines, start=1)
        ],
    )


def goods_out(one: Order, at: datetime) -> list[Movement]:
    actor = one.letter_id or "import"
    return [
        Movement(product_id, -quantity, MovementReason.ORDER, at, actor, one.number)
        for product_id, quantity in units(one).items()
    ]


def goods_back(one: Order, at: datetime, actor: str) -> list[Movement]:
    return [
        Movement(product_id, quantity, MovementReason.CANCELLATION, at, actor, one.number)
        for product_id, quantity in units(one).items()
    ]


def units(one: Order) -> Counter[str]:
    """How much of each product the order holds, at whatever price."""
    held: Counter[str] = Counter()
    for line in one.lines:
        held[line.product_id] += line.quantity
    return held


def release(conn: Connection, number: str, placed_at: datetime, cancel_until: datetime) -> bool:
    """Place an order that was held; False when it is not held (any more).

    Raises OutOfStock, and the order stays held.
    """
    with conn.begin_nested():
        changed = conn.execute(
            update(order)
            .where(order.c.number == number, order.c.state == OrderState.HELD)
            .values(state=OrderState.PLACED, placed_at=placed_at, cancel_until=cancel_until)
        )
        if changed.rowcount == 1:
            move(conn, goods_out(by_numbers(conn, [number])[number], placed_at))
    return changed.rowcount == 1


def cancel(conn: Connection, numbers: Collection[str], at: datetime, actor: str) -> list[str]:
    """Cancel those of the orders that are PLACED and put their goods back; their numbers, in the order asked."""
    gone: set[str] = set()
    for piece in pieces(numbers):
        change = (
            update(order)
            .where(order.c.number.in_(piece), order.c.state == OrderState.PLACED)
            .values(state=OrderState.CANCELLED, closed_at=at)
        )
        gone.update(conn.scalars(change.returning(order.c.number)))
    cancelled = by_numbers(conn, gone)
    move(conn, [back for one in cancelled.values() for back in goods_back(one, at, actor)])
    return [number for number in dict.fromkeys(numbers) if number in gone]


def fulfil(conn: Connection, numbers: Collection[str], at: datetime) -> list[str]:
    """Note that those of the orders that are PLACED have left the house; their numbers, in the order asked."""
    gone: set[str] = set()
    for piece in pieces(numbers):
        change = (
            update(order)
            .where(order.c.number.in_(piece), order.c.state == OrderState.PLACED)
            .values(state=OrderState.FULFILLED, closed_at=at)
        )
        gone.update(conn.scalars(change.returning(order.c.number)))
    return [number for number in dict.fromkeys(numbers) if number in gone]


def standing(conn: Connection, hashed_emails: Collection[str]) -> list[Order]:
    """Orders of these customers that are PLACED: booked, and not known to have left the house."""
    found: list[Order] = []
    for piece in pieces(hashed_emails):
        query = select(*HEAD_COLUMNS).where(order.c.hashed_email.in_(piece), order.c.state == OrderState.PLACED)
        found += whole(conn, query.order_by(order.c.arrived_at, order.c.number))
    return found


def by_numbers(conn: Connection, numbers: Collection[str]) -> dict[str, Order]:
    found: dict[str, Order] = {}
    for piece in pieces(numbers):
        query = select(*HEAD_COLUMNS).where(among(conn.dialect.name, order.c.number))
        found |= {one.number: one for one in whole(conn, query, {"values": piece})}
    return found


def by_sources(conn: Connection, sources: Collection[str]) -> dict[str, Order]:
    """Past orders taken over before, by where they came from."""
    found: dict[str, Order] = {}
    for piece in pieces(sources):
        here = whole(conn, select(*HEAD_COLUMNS).where(order.c.source.in_(piece)))
        found |= {one.source: one for one in here if one.source is not None}
    return found


def recent(conn: Connection, hashed_emails: Collection[str], since: datetime) -> list[Order]:
    """Orders placed by these customers in letters that arrived at `since` or later, oldest first."""
    found: list[Order] = []
    for piece in pieces(hashed_emails):
        found += whole(conn, arrived_since(conn.dialect.name), {"values": piece, "since": since})
    placed = (one for one in found if one.state is OrderState.PLACED)
    return sorted(placed, key=lambda one: (one.arrived_at, one.number))


@cache
def arrived_since(dialect: str) -> Select[*tuple[Any, ...]]:
    """Of any state: asked for one, SQLite would walk all orders of that state rather than those of the customers."""
    since = order.c.arrived_at >= bindparam("since")
    return select(*HEAD_COLUMNS).where(among(dialect, order.c.hashed_email), since)


def last_addresses(
    conn: Connection, hashed_emails: Collection[str], besides: Collection[str] = (), verdict: str | None = None
) -> dict[str, tuple[datetime, str, str]]:
    """Each customer's latest order that stands (placed or fulfilled): (arrived at, number, where it goes).

    Orders with the numbers `besides` do not count; with a `verdict`, only orders whose letter had it do. Of past
    orders a file told the place at most, and that is nowhere to send a parcel to.
    """
    found: dict[str, tuple[datetime, str, str]] = {}
    if not hashed_emails:
        return found
    latest_first = func.row_number().over(
        partition_by=order.c.hashed_email, order_by=(order.c.arrived_at.desc(), order.c.number.desc())
    )
    columns = (order.c.hashed_email, order.c.arrived_at, order.c.number, order.c.address_id)
    standing = (
        order.c.state.in_((OrderState.PLACED, OrderState.FULFILLED)),
        order.c.letter_id.is_not(None),
        order.c.address_id.is_not(None),
        order.c.number.not_in(besides),
        *(() if verdict is None else (of_verdict(verdict),)),
    )
    for piece in pieces(hashed_emails):
        ranked = (
            select(*columns, latest_first.label("rank")).where(order.c.hashed_email.in_(piece), *standing).subquery()
        )
        for row in conn.execute(select(ranked).where(ranked.c.rank == 1)):
            found[row.hashed_email] = (row.arrived_at, row.number, row.address_id)
    return found


def with_verdict(conn: Connection, numbers: Collection[str], verdict: str) -> set[str]:
    """Those of the orders whose letter had this verdict on its sender."""
    found: set[str] = set()
    for piece in pieces(numbers):
        found.update(conn.scalars(select(order.c.number).where(order.c.number.in_(piece), of_verdict(verdict))))
    return found


def of_verdict(verdict: str) -> ColumnElement[bool]:
    return exists().where(letter.c.letter_id == order.c.letter_id, letter.c.verdict == verdict)


def listing(
    conn: Connection,
    hashed_email: str | None = None,
    state: OrderState | None = None,
    limit: int = 50,
    before: str | None = None,
) -> list[Order]:
    """Orders, the one placed last first; `before` is the number of the last one already seen."""
    key = (order.c.placed_at, order.c.number)
    query = select(*HEAD_COLUMNS).order_by(*(column.desc() for column in key)).limit(limit)
    if hashed_email is not None:
        query = query.where(order.c.hashed_email == hashed_email)
    if state is not None:
        query = query.where(order.c.state == state)
    if before is not None:
        query = query.where(tuple_(*key) < select(*key).where(order.c.number == before).scalar_subquery())
    return whole(conn, query)


def histories(conn: Connection, hashed_emails: Collection[str], limit: int) -> dict[str, list[Order]]:
    """The latest orders of each customer, at most `limit`, the one that arrived last first; none for who has none."""
    latest_first = func.row_number().over(
        partition_by=order.c.hashed_email, order_by=(order.c.arrived_at.desc(), order.c.number.desc())
    )
    found: dict[str, list[Order]] = {}
    for piece in pieces(hashed_emails):
        ranked = select(*HEAD_COLUMNS, latest_first.label("rank")).where(order.c.hashed_email.in_(piece)).subquery()
        for one in whole(conn, select(*(ranked.c[name] for name in HEAD)).where(ranked.c.rank <= limit)):
            found.setdefault(one.hashed_email or "", []).append(one)
    return {
        hashed_email: sorted(theirs, key=lambda one: (one.arrived_at, one.number), reverse=True)
        for hashed_email, theirs in found.items()
    }


def totals(conn: Connection) -> dict[OrderState, StateTotal]:
    """For each state that occurs: how many orders, and their worth in cents."""
    cents = func.coalesce(func.sum(order_line.c.quantity * order_line.c.unit_price), 0)
    query = (
        select(order.c.state, func.count(order.c.number.distinct()), cents)
        .outerjoin(order_line, order_line.c.order_number == order.c.number)
        .group_by(order.c.state)
    )
    return {state: StateTotal(orders, int(worth)) for state, orders, worth in conn.execute(query)}


def numbers_in_use(conn: Connection, numbers: Collection[str]) -> set[str]:
    return present(conn, order.c.number, numbers)


def forget_addresses(conn: Connection, hashed_email: str) -> None:
    """The orders of a customer stay, but nobody knows any more where they went."""
    conn.execute(update(order).where(order.c.hashed_email == hashed_email).values(address_id=None))


def addresses_in_use(conn: Connection, address_ids: Collection[str]) -> set[str]:
    return present(conn, order.c.address_id, address_ids)


def emails_in_use(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    return present(conn, order.c.hashed_email, hashed_emails)


def whole(conn: Connection, heads: Select[*tuple[Any, ...]], bound: Mapping[str, object] | None = None) -> list[Order]:
    """Orders with their lines, in the order of the query for their heads; `bound` is what is bound to it."""
    rows = conn.execute(heads, bound or {}).all()
    lines: defaultdict[str, list[OrderLine]] = defaultdict(list)
    for piece in pieces([row.number for row in rows]):
        for number, *line in conn.execute(lines_of(conn.dialect.name), {"values": piece}):
            lines[number].append(OrderLine(*line))
    return [Order(**row._mapping, lines=tuple(lines[row.number])) for row in rows]


@cache
def lines_of(dialect: str) -> Select[*tuple[Any, ...]]:
    lines = select(order_line.c.order_number, *LINE_COLUMNS).where(among(dialect, order_line.c.order_number))
    return lines.order_by(order_line.c.order_number, order_line.c.position)
