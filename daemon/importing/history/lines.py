"""One line of a file of past orders, read to what it says or to what is wrong with it; pure."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from daemon.importing import amounts
from daemon.importing.amounts import Refusal
from daemon.importing.faults import Fault
from daemon.importing.tables import Columns, Line
from daemon.letter.addresses import plausible
from store.facts import product_key
from store.vault import normalise

COLUMNS: Columns = {
    "order_id": ("order_id",),
    "placed_at": ("placed_at", "date"),
    "customer": ("customer", "cust_email"),
    "location": ("cust_location", "location"),
    "product_id": ("product_id",),
    "name": ("name", "product_name"),
    "quantity": ("quantity", "product_quantity"),
    "unit_price": ("unit_price",),
    "state": ("state",),
}
REQUIRED = ("placed_at", "customer", "product_id", "quantity")
MOST = 1_000_000
"""Of one product in one line; more is a mistake of whoever wrote the file."""
NOON = time(12)
OVER = ("", "fulfilled")
"""What `orders export` writes for orders that can be taken over elsewhere."""
BY_ID = "id\0"
BY_DAY = "day\0"


class PastLine(NamedTuple):
    """A line as it was meant: `order` is what it has in common with the other lines of its order, and with no other."""

    number: int
    order: str
    placed_at: datetime
    customer: str
    location: str
    key: str
    product_id: str
    name: str
    quantity: int
    unit_price: int | None


class BadLine(NamedTuple):
    """What is wrong with a line, and the order it belongs to where that much can be told."""

    order: str | None
    faults: list[Fault]


class Customs(NamedTuple):
    """What times and prices mean in this shop."""

    zone: ZoneInfo
    currency: str
    now: datetime


def read_line(line: Line, customs: Customs) -> PastLine | BadLine:
    """The line as it was meant. A day without a time counts as its noon; times without a zone are the shop's."""
    if line.fault is not None:
        return BadLine(None, [line.fault])
    cells, order = line.cells, order_name(line)
    placed_at = instant(cells["placed_at"], customs.zone)
    quantity = whole(cells["quantity"])
    unit_price = price(cells["unit_price"], customs.currency) if cells.get("unit_price") else None
    if isinstance(quantity, int) and not 1 <= quantity <= MOST:
        quantity = Refusal("quantity", f"is not from 1 to {MOST:,}")
    faults = [
        *faults_of_order(line, placed_at, customs.now),
        *faults_of_product(line, quantity, unit_price),
    ]
    if faults or order is None or placed_at is None or isinstance(quantity, Refusal) or isinstance(unit_price, Refusal):
        return BadLine(order, faults)
    return PastLine(
        line.number,
        order,
        placed_at,
        cells["customer"],
        cells.get("location", ""),
        keyed(cells["product_id"]),
        cells["product_id"],
        cells.get("name", ""),
        quantity,
        unit_price,
    )


def faults_of_order(line: Line, placed_at: datetime | None, now: datetime) -> Iterator[Fault]:
    """What is wrong with when and who; of the customer nothing is repeated, because faults are printed."""
    cells = line.cells
    if placed_at is None:
        words = "is no date like 2022-01-31 or 2022-01-31 14:05:00"
        yield Fault(line.number, "placed_at", cells["placed_at"], "not_a_date", words)
    elif placed_at > now:
        words = "has not come yet; past orders only"
        yield Fault(line.number, "placed_at", cells["placed_at"], "in_the_future", words)
    if cells.get("order_id") == "":
        yield Fault(line.number, "", "", "no_order_id", "order_id is empty; it says which lines are one order")
    if cells.get("state", "") not in OVER:
        words = "is not over; only fulfilled orders are the past"
        yield Fault(line.number, "state", cells["state"], "not_over", words)
    if not is_customer(cells["customer"], has_id="order_id" in cells):
        yield Fault(line.number, "", "", "not_a_customer", "the customer is no mail address")


def faults_of_product(line: Line, quantity: int | Refusal, unit_price: int | Refusal | None) -> Iterator[Fault]:
    if not keyed(line.cells["product_id"]):
        yield Fault(line.number, "product_id", line.cells["product_id"], "no_product_id", "is no product id")
    for column, value in (("quantity", quantity), ("unit_price", unit_price)):
        if isinstance(value, Refusal):
            yield Fault(line.number, column, line.cells[column], value.reason, value.words)


def order_name(line: Line) -> str | None:
    """What makes lines one order: its id, or else the day and the customer; None where that cannot be told."""
    cells = line.cells
    if line.fault is not None:
        return None
    if "order_id" in cells:
        return f"{BY_ID}{cells['order_id']}" if cells["order_id"] else None
    told = day(cells["placed_at"])
    return f"{BY_DAY}{told}\0{same(cells['customer'])}" if told and cells["customer"] else None


@lru_cache(100_000)
def is_customer(customer: str, has_id: bool) -> bool:
    """A mail address; where orders have ids of their own, a customer number or nothing will do."""
    return plausible(customer) is not None if "@" in customer or not has_id else True


@lru_cache(100_000)
def same(customer: str) -> str:
    return normalise(customer)


@lru_cache(100_000)
def keyed(product_id: str) -> str:
    return product_key(product_id)


@lru_cache(10_000)
def day(text: str) -> str | None:
    """The day of an ISO 8601 date or time, as written."""
    try:
        return datetime.fromisoformat(text).date().isoformat()
    except ValueError:
        return None


@lru_cache(10_000)
def instant(text: str, zone: ZoneInfo) -> datetime | None:
    """The moment in UTC; None for what is no ISO 8601 date."""
    try:
        told = datetime.fromisoformat(text)
        if told.tzinfo is None:
            # Spreadsheets write a day as its midnight.
            told = datetime.combine(told, NOON if told.time() == time.min else told.time(), zone)
        return told.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


# Cells repeat: a file has few prices, quantities and days.
price = lru_cache(10_000)(amounts.cents)
whole = lru_cache(10_000)(amounts.units)
