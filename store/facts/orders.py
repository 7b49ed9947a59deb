"""Orders as they are kept."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class OrderState(StrEnum):
    HELD = "held"  # asked back, nothing booked yet
    PLACED = "placed"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order, its name and prices as they were when it was placed."""

    product_id: str
    name: str
    quantity: int
    unit_price: int
    unit_cost: int | None = None

    @property
    def total(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is kept; times are aware UTC.

    It comes from a letter, or from a file of past orders: then `source` says which order of which file form it is.
    Of a past order the customer may not be known; `address_id` is None when the address is not known (any more).
    """

    number: str
    hashed_email: str | None
    state: OrderState
    arrived_at: datetime
    placed_at: datetime
    cancel_until: datetime
    address_id: str | None
    fingerprint: str
    letter_id: str | None
    lines: tuple[OrderLine, ...]
    closed_at: datetime | None = None
    source: str | None = None

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)


@dataclass(frozen=True, slots=True)
class Revision:
    """A change of an order, counted from 1: what it was worth before and after, and its lines as they were before."""

    order_number: str
    revision: int
    at: datetime
    before_cents: int
    after_cents: int
    before: tuple[OrderLine, ...]


@dataclass(frozen=True, slots=True)
class StateTotal:
    """How many orders are in a state, and their worth in cents."""

    orders: int
    cents: int
