"""Books in plain Python: the same sums as the store's, by walking through every order; and how to write them down."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import count

from sqlalchemy import Connection, insert

from store import catalogue, orders
from store.facts import Margin, Order, OrderLine, OrderState, Product, Sales, Tally, Totals
from store.models import order_revision
from store.sets import row_of

GOODS = tuple(Product(f"P{number}", f"Thing {number}", "things", 100, 0) for number in range(4))
NUMBERS = count(1)
Window = tuple[datetime, datetime]
Line = tuple[int, int, int, int | None]
"""Which of GOODS, quantity, unit price, unit cost."""


def cents_of(lines: Sequence[Line]) -> int:
    return sum(quantity * price for _, quantity, price, _ in lines)


@dataclass(frozen=True)
class Sold:
    """An order as a test thinks of it; `was` are its former lines, each with the time they were changed."""

    at: datetime
    who: str | None
    lines: tuple[Line, ...]
    cancelled_at: datetime | None = None
    held: bool = False
    was: tuple[tuple[datetime, tuple[Line, ...]], ...] = ()

    @property
    def cents(self) -> int:
        return cents_of(self.lines)

    @property
    def grown(self) -> Iterator[tuple[datetime, int]]:
        worths = [*(cents_of(lines) for _, lines in self.was), self.cents]
        for (at, _), before, after in zip(self.was, worths, worths[1:], strict=False):
            yield at, after - before

    def at_that_time(self, at: datetime) -> tuple[Line, ...]:
        return next((lines for when, lines in self.was if when >= at), self.lines)

    def worth(self, at: datetime) -> int:
        return cents_of(self.at_that_time(at))

    def gone(self, at: datetime) -> bool:
        return self.cancelled_at is not None and self.cancelled_at < at


def write(conn: Connection, books: Sequence[Sold]) -> None:
    """The orders into the store, whose goods nobody counts here."""
    if not catalogue.count(conn):
        catalogue.add(conn, GOODS, "test", datetime.fromisoformat("2020-01-01T00:00+00:00"))
    for sold in books:
        number = f"MO-{next(NUMBERS):06}"
        orders.write(conn, [an_order(number, sold)])
        worths = [*(cents_of(lines) for _, lines in sold.was), sold.cents]
        for revision, (at, before) in enumerate(sold.was, start=1):
            told = {"order_number": number, "revision": revision, "at": at}
            told |= {"before": [row_of(line) for line in order_lines(before)]}
            told |= {"before_cents": worths[revision - 1], "after_cents": worths[revision]}
            conn.execute(insert(order_revision).values(told))


def an_order(number: str, sold: Sold) -> Order:
    state = OrderState.HELD if sold.held else OrderState.CANCELLED if sold.cancelled_at else OrderState.PLACED
    told = (None, "f", None, order_lines(sold.lines), sold.cancelled_at, f"test:{number}")
    return Order(number, sold.who, state, sold.at, sold.at, sold.at, *told)


def order_lines(lines: Sequence[Line]) -> tuple[OrderLine, ...]:
    return tuple(OrderLine(GOODS[what].product_id, GOODS[what].name, *rest) for what, *rest in lines)


def placed_in(books: Sequence[Sold], window: Window) -> list[Sold]:
    return [sold for sold in books if not sold.held and window[0] <= sold.at < window[1]]


def sales(books: Sequence[Sold], window: Window, as_of: datetime) -> Sales:
    found = placed_in(books, window)
    gone = [sold for sold in found if sold.gone(as_of)]
    lines = [line for sold in found if not sold.gone(as_of) for line in sold.at_that_time(as_of)]
    known = [line for line in lines if line[3] is not None]
    margin = Margin(
        len(lines),
        len(known),
        sum(quantity * price for _, quantity, price, _ in known),
        sum(quantity * (cost or 0) for _, quantity, _, cost in known),
    )
    customers = len({sold.who for sold in found if sold.who is not None})
    ordered = Tally(len(found), sum(sold.worth(as_of) for sold in found))
    return Sales(customers, ordered, Tally(len(gone), sum(sold.cents for sold in gone)), margin)


def standing(books: Sequence[Sold], at: datetime) -> Tally:
    found = [sold for sold in books if not sold.held and sold.at < at and not sold.gone(at)]
    return Tally(len(found), sum(sold.worth(at) for sold in found))


def placed(books: Sequence[Sold], window: Window) -> Tally:
    found = placed_in(books, window)
    return Tally(len(found), sum(sold.worth(sold.at) for sold in found))


def cancelled(books: Sequence[Sold], window: Window) -> Tally:
    found = [sold for sold in books if sold.cancelled_at is not None and window[0] <= sold.cancelled_at < window[1]]
    return Tally(len(found), sum(sold.cents for sold in found))


def changed(books: Sequence[Sold], window: Window) -> int:
    return sum(grew for sold in books for at, grew in sold.grown if window[0] <= at < window[1])


def totals(books: Sequence[Sold], window: Window, as_of: datetime) -> Totals:
    found = [sold for sold in placed_in(books, window) if not sold.gone(as_of)]
    return Totals(
        len({sold.who for sold in found if sold.who is not None}),
        len(found),
        sum(quantity for sold in found for _, quantity, _, _ in sold.at_that_time(as_of)),
        sum(sold.worth(as_of) for sold in found),
    )


def best_products(books: Sequence[Sold], window: Window, as_of: datetime) -> list[tuple[str, str, int, int]]:
    units: Counter[int] = Counter()
    cents: Counter[int] = Counter()
    for sold in placed_in(books, window):
        for what, quantity, price, _ in () if sold.gone(as_of) else sold.at_that_time(as_of):
            units[what] += quantity
            cents[what] += quantity * price
    ranked = sorted(units, key=lambda what: (-units[what], -cents[what], GOODS[what].product_id))
    return [(GOODS[what].product_id, GOODS[what].name, units[what], cents[what]) for what in ranked]


def best_customers(books: Sequence[Sold], window: Window, as_of: datetime) -> list[tuple[str, int, int]]:
    numbers: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for sold in placed_in(books, window):
        if sold.who is not None and not sold.gone(as_of):
            numbers[sold.who] += 1
            cents[sold.who] += sold.worth(as_of)
    ranked = sorted(numbers, key=lambda who: (-cents[who], -numbers[who], who))
    return [(who, numbers[who], cents[who]) for who in ranked]
