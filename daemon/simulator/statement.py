"""The sums of simulated days: what came, what was sold, what was put back, what was mailed; pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Judged:
    """A letter and what became of it; `key` is the local part of its Message-ID, which a repeated letter shares."""

    key: str
    at: datetime
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Booked:
    """An order as it was placed, and when it was cancelled if ever; `wares` are (product_id, quantity, unit price)."""

    key: str
    placed_at: datetime
    wares: tuple[tuple[str, int, int], ...]
    cancelled_at: datetime | None = None

    @property
    def units(self) -> int:
        return sum(quantity for _, quantity, _ in self.wares)

    @property
    def cents(self) -> int:
        return sum(quantity * price for _, quantity, price in self.wares)


@dataclass(frozen=True, slots=True)
class Mailed:
    at: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Account:
    """All that happened, as one side tells it: the shop's books, or the clerk who read the same letters.

    `opening` are the units on hand before the first day, `closing` those at the end of each day; `stock` is
    what is on hand of every product at the end of all.
    """

    letters: tuple[Judged, ...]
    orders: tuple[Booked, ...]
    mails: tuple[Mailed, ...]
    opening: int
    closing: Mapping[date, int]
    stock: Mapping[str, int]


@dataclass(slots=True)
class Figures:
    """A day, or all of them; money in cents. `units` and `cents` are what was ordered, `*_back` what was cancelled.

    `outcomes` counts the letters that ordered or cancelled nothing: outcome, then reason.
    """

    stock_before: int = 0
    stock_after: int = 0
    letters: int = 0
    orders: int = 0
    cancelled: int = 0
    units: int = 0
    cents: int = 0
    units_back: int = 0
    cents_back: int = 0
    mails: int = 0
    outcomes: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    days: Mapping[date, Figures]
    total: Figures


def state(account: Account, days: Sequence[date]) -> Statement:
    """A line for each day: letters by the day they arrived, orders and cancellations by that of their booking."""
    found = {day: Figures() for day in days}
    carry = account.opening
    for day in days:
        found[day].stock_before = carry
        found[day].stock_after = carry = account.closing.get(day, carry)
    count_orders(found, account.orders)
    count_letters(found, account.letters)
    for mail in account.mails:
        found[mail.at.date()].mails += 1
    return Statement(found, add_up(found.values()))


def count_orders(found: Mapping[date, Figures], orders: Iterable[Booked]) -> None:
    for order in orders:
        day = found[order.placed_at.date()]
        day.orders += 1
        day.units += order.units
        day.cents += order.cents
        if order.cancelled_at is not None:
            back = found[order.cancelled_at.date()]
            back.cancelled += 1
            back.units_back += order.units
            back.cents_back += order.cents


def count_letters(found: Mapping[date, Figures], letters: Iterable[Judged]) -> None:
    for letter in letters:
        day = found[letter.at.date()]
        day.letters += 1
        if letter.outcome != "done":
            reasons = day.outcomes.setdefault(letter.outcome, {})
            reasons[letter.reason] = reasons.get(letter.reason, 0) + 1


def add_up(days: Iterable[Figures]) -> Figures:
    told = list(days)
    total = Figures(
        stock_before=told[0].stock_before if told else 0,
        stock_after=told[-1].stock_after if told else 0,
        **{name: sum(getattr(day, name) for day in told) for name in COUNTED},
    )
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for day in told:
        for outcome, reasons in day.outcomes.items():
            outcomes[outcome].update(reasons)
    total.outcomes = {outcome: dict(reasons) for outcome, reasons in sorted(outcomes.items())}
    return total


COUNTED = ("letters", "orders", "cancelled", "units", "cents", "units_back", "cents_back", "mails")
