"""The lines of orders as they were at an instant: those of today, but for the orders that were changed since."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    FromClause,
    Join,
    Text,
    cast,
    column,
    select,
    union_all,
    values,
)

from store.models import order, order_line, order_revision

COLUMNS = ("order_number", "product_id", "name", "quantity", "unit_price", "unit_cost")
Row = tuple[str | int | None, ...]


def lines_at(conn: Connection, placed: ColumnElement[bool], as_of: datetime) -> FromClause:
    """What has the COLUMNS of `order_line` for the orders that were `placed` so, as they were at `as_of`.

    It is the table itself where none of these orders was changed at `as_of` or later, as nearly always. Memory grows
    with those that were.
    """
    before = lines_before(conn, placed, as_of)
    if not before:
        return order_line
    same = order_line.join(order, order.c.number == order_line.c.order_number)
    today = select(*(order_line.c[name] for name in COLUMNS)).select_from(same)
    kept = today.where(placed, order.c.number.not_in({row[0] for row in before}))
    # As a common table expression: SQLite names the columns of VALUES nowhere else.
    table = values(*(column(name, kind_of(name)) for name in COLUMNS), name="before").data(before).cte()
    # Cast, because PostgreSQL takes a column of nothing but NULL for text.
    then = select(*(cast(table.c[name], kind_of(name)).label(name) for name in COLUMNS))
    return union_all(kept, then).subquery()


def worth(lines: FromClause) -> ColumnElement[int]:
    return lines.c.quantity * lines.c.unit_price


def with_lines(lines: FromClause) -> Join:
    """Orders with their lines. Every order has some: the outer join makes SQLite begin with the few orders of a window;
    of its own accord it may read all lines there are, and look up the order of each.
    """
    return order.outerjoin(lines, lines.c.order_number == order.c.number)


def lines_before(conn: Connection, placed: ColumnElement[bool], as_of: datetime) -> list[Row]:
    """The lines that orders had until their first change at `as_of` or later."""
    revised = order_revision.join(order, order.c.number == order_revision.c.order_number)
    told = order_revision.c.revision, order_revision.c.order_number, order_revision.c.before
    changed = conn.execute(select(*told).select_from(revised).where(order_revision.c.at >= as_of, placed))
    latest_first = sorted(changed, key=lambda row: row.revision, reverse=True)
    first = {row.order_number: row.before for row in latest_first}
    return [(number, *(line[name] for name in COLUMNS[1:])) for number, lines in first.items() for line in lines]


def kind_of(name: str) -> BigInteger | Text:
    return BigInteger() if isinstance(order_line.c[name].type, BigInteger) else Text()
