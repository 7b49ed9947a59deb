"""Products and the movements of their stock."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.facts.text import product_key


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the counter sees it; money in integer cents."""

    product_id: str
    name: str
    category: str
    price: int
    on_hand: int
    active: bool = True
    cost: int | None = None
    supplier_id: str = ""

    @property
    def key(self) -> str:
        return product_key(self.product_id)


@dataclass(frozen=True, slots=True)
class Listing:
    """Which products on sale to list, `size` at a time: those with all `terms` in them, below or `inclusive` up to a
    price in cents; the best sellers or the cheapest first, behind the place `after`.
    """

    size: int
    terms: tuple[str, ...] = ()
    cents: int | None = None
    inclusive: bool = False
    best_first: bool = False
    after: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a listing; `next` is the place behind which it goes on, None at its end."""

    products: tuple[Product, ...]
    next: tuple[int, str] | None = None


class Removed(StrEnum):
    """What became of a product that was to be removed."""

    DELETED = "deleted"
    RETIRED = "retired"
    UNKNOWN = "unknown"


class MovementReason(StrEnum):
    INITIAL = "initial"
    RECEIVED = "received"
    ORDER = "order"
    CANCELLATION = "cancellation"
    CORRECTION = "correction"
    CHANGE = "change"  # of an order, either way


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of stock on hand: negative leaves the shelf, positive comes back to it."""

    product_id: str
    quantity: int
    reason: MovementReason
    at: datetime
    actor: str
    order_number: str | None = None
