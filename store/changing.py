"""Orders whose lines are replaced by others; what they were before is kept as a revision."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from store.catalogue import move
from store.facts import Movement, MovementReason, Order, OrderLine, OrderState, Revision
from store.models import order, order_line, order_revision
from store.orders import units, write_lines
from store.sets import columns_of, insert_rows, pieces, row_of


def change(conn: Connection, before: Order, after: Order, revision: int, at: datetime, actor: str) -> bool:
    """Put the lines and the address of `after` in the place of those of `before`, and exchange the goods.

    What it was is kept as this revision of it. False when the order is not PLACED (any more). Raises OutOfStock, and
    nothing is changed; a revision that is there already breaks a constraint.
    """
    with conn.begin_nested():
        changed = conn.execute(
            update(order)
            .where(order.c.number == before.number, order.c.state == OrderState.PLACED)
            .values(address_id=after.address_id, fingerprint=after.fingerprint)
        )
        if changed.rowcount == 1:
            kept = Revision(before.number, revision, at, before.total, after.total, before.lines)
            insert_rows(conn, order_revision, [row_of(kept) | {"before": [row_of(line) for line in kept.before]}])
            conn.execute(delete(order_line).where(order_line.c.order_number == before.number))
            write_lines(conn, [after])
            move(conn, goods_exchanged(before, after, at, actor))
    return changed.rowcount == 1


def goods_exchanged(before: Order, after: Order, at: datetime, actor: str) -> list[Movement]:
    """What a change takes off the shelf and what it puts back, a movement a product that differs."""
    had, has = units(before), units(after)
    return [
        Movement(product_id, had[product_id] - has[product_id], MovementReason.CHANGE, at, actor, before.number)
        for product_id in dict.fromkeys((*had, *has))
        if had[product_id] != has[product_id]
    ]


def revisions(conn: Connection, numbers: Collection[str]) -> dict[str, int]:
    """How often each of the orders was changed; one that never was is not listed."""
    found: dict[str, int] = {}
    number, latest = order_revision.c.order_number, func.max(order_revision.c.revision)
    for piece in pieces(numbers):
        query = select(number, latest).where(number.in_(piece)).group_by(number)
        found.update({row[0]: row[1] for row in conn.execute(query)})
    return found


def changes(conn: Connection, numbers: Collection[str]) -> list[Revision]:
    """What the orders were before each change, an order's in their order."""
    found: list[Revision] = []
    for piece in pieces(numbers):
        query = select(*columns_of(order_revision, Revision)).where(order_revision.c.order_number.in_(piece))
        for row in conn.execute(query.order_by(order_revision.c.order_number, order_revision.c.revision)):
            lines = tuple(OrderLine(**line) for line in row.before)
            told = (row.order_number, row.revision, row.at, row.before_cents, row.after_cents)
            found.append(Revision(*told, lines))
    return found
