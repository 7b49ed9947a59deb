"""The books as they should be: what is on the shelf, the state of each order, and what a letter has to lead to."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from store.facts import OrderState, Outcome

Items = tuple[tuple[str, int], ...]
Fate = tuple[Outcome, str]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Wants:
    """An order; without `home` it goes where the last one went."""

    items: Items
    home: str | None


@dataclass(frozen=True)
class Cancels:
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Agrees:
    number: str | None
    refused: bool = False  # it answers a refusal


@dataclass(frozen=True)
class Says:
    """Nothing that touches the books."""

    fate: Fate


@dataclass(frozen=True)
class Bounces:
    """A mail of ours did not reach this person."""

    person: str


Meaning = Wants | Cancels | Agrees | Says | Bounces


@dataclass(frozen=True)
class Told:
    """What a letter means, who wrote it and when it arrived; `released` by the operator, or `old` before we opened."""

    meaning: Meaning
    person: str
    arrived_at: datetime
    now: datetime
    released: bool = False
    old: bool = False


@dataclass
class Ordered:
    person: str
    items: Items
    home: str
    arrived_at: datetime
    state: OrderState = OrderState.HELD
    cancel_until: datetime | None = None


@dataclass
class Books:
    shelf: dict[str, int]
    orders: dict[str, Ordered] = field(default_factory=dict)
    unreachable: set[str] = field(default_factory=set)

    def place(self, number: str, now: datetime) -> None:
        order = self.orders[number]
        order.state = OrderState.PLACED
        order.cancel_until = full_minute(now + timedelta(hours=24))
        self.move(order.items, -1)

    def cancel(self, number: str) -> None:
        self.orders[number].state = OrderState.CANCELLED
        self.move(self.orders[number].items, +1)

    def move(self, items: Items, sign: int) -> None:
        for product_id, quantity in items:
            self.shelf[product_id] += sign * quantity

    def has(self, items: Items) -> bool:
        return all(self.shelf[product_id] >= quantity for product_id, quantity in items)

    def hear(self, told: Told, number: str | None) -> Fate:
        """What a letter has to lead to; `number` is the one that a new order was given."""
        match told.meaning:
            case Bounces(person):
                self.unreachable.add(person)
                return Outcome.IGNORED, "bounce_hard"
            case Says((Outcome.IGNORED, _) as fate):
                return fate
        if told.old and not told.released:
            return Outcome.HELD, "first_contact"
        if told.person in self.unreachable:
            return Outcome.PERSON, "suppressed"
        match told.meaning:
            case Wants():
                return self.ordered(told, told.meaning, number)
            case Cancels(numbers):
                return self.cancelled(told, numbers)
            case Agrees(_, refused=True):
                return Outcome.REFUSED, "yes_to_refusal"
            case Agrees(agreed):
                return self.agreed(told, agreed)
            case Says(fate):
                return fate

    def ordered(self, told: Told, wants: Wants, number: str | None) -> Fate:
        home = wants.home or self.last_home(told.person)
        if home is None or not self.has(wants.items):
            return Outcome.REFUSED, "no_address" if home is None else "not_enough_stock"
        assert number is not None
        assert number not in self.orders
        doubt = None if told.released else self.doubt(told, wants.items, home)
        self.orders[number] = Ordered(told.person, wants.items, home, told.arrived_at)
        if doubt:
            return Outcome.HELD, doubt
        self.place(number, told.now)
        return Outcome.DONE, "placed"

    def last_home(self, person: str) -> str | None:
        standing = [order for order in self.of(person) if order.state is OrderState.PLACED]
        return max(standing, key=lambda order: order.arrived_at).home if standing else None

    def doubt(self, told: Told, items: Items, home: str) -> str | None:
        if told.now - told.arrived_at > timedelta(days=3):
            return "stale"
        for other in self.of(told.person):
            same = (other.state, other.items, other.home) == (OrderState.PLACED, items, home)
            if same and abs(told.arrived_at - other.arrived_at) <= 10 * MINUTE:
                return "same_order"
        return None

    def of(self, person: str) -> Iterable[Ordered]:
        return (order for order in self.orders.values() if order.person == person)

    def cancelled(self, told: Told, numbers: tuple[str, ...]) -> Fate:
        if not numbers:
            return Outcome.REFUSED, "which_order"
        results = [self.judged(told, number) for number in numbers]
        for number, result in zip(numbers, results, strict=True):
            if result == "cancelled":
                self.cancel(number)
        return (Outcome.DONE, "cancelled") if "cancelled" in results else (Outcome.REFUSED, results[0])

    def judged(self, told: Told, number: str) -> str:
        order = self.orders.get(number)
        if order is None or order.person != told.person:
            return "unknown"
        if order.cancel_until is None:
            return "not_booked"
        if order.state is OrderState.CANCELLED:
            return "already_cancelled"
        return "cancelled" if told.arrived_at <= order.cancel_until else "too_late"

    def agreed(self, told: Told, number: str | None) -> Fate:
        order = self.orders.get(number or "")
        if number is None or order is None or order.person != told.person:
            return Outcome.REFUSED, "yes_to_what"
        if order.state is not OrderState.HELD:
            return Outcome.DONE, "needs_no_yes"
        if not self.has(order.items):
            return Outcome.REFUSED, "not_enough_stock"
        self.place(number, told.now)
        return Outcome.DONE, "placed_after_question"


def full_minute(moment: datetime) -> datetime:
    """Rounded up, as deadlines are told."""
    since = moment - moment.replace(hour=0, minute=0, second=0, microsecond=0)
    return moment - since + ceil(since / MINUTE) * MINUTE
