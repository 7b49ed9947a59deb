"""A clerk with pencil and paper: takes letters as they were meant, and knows neither the shop's code nor its books."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from daemon.config import OrdersConfig
from daemon.simulator.days import Act, Wares, Wish
from daemon.simulator.pens import nonsense_of
from daemon.simulator.statement import Account, Booked, Judged, Mailed
from store.facts import Product, product_key

Verdict = tuple[str, str]
"""Outcome and reason."""

MAILS: Mapping[Verdict, tuple[str, ...]] = {
    ("done", "placed"): ("confirmation",),
    ("done", "placed_after_question"): ("confirmation",),
    ("done", "cancelled"): ("cancellation",),
    ("refused", "too_late"): ("cancellation",),
    ("refused", "already_cancelled"): ("cancellation",),
    ("held", "same_order"): ("held",),
    ("ignored", "duplicate"): (),
}
"""What is answered; an order with a fault is answered with a refusal."""

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Sold:
    act: Act
    booked: Booked
    cancel_until: datetime


@dataclass(slots=True)
class Clerk:
    """Keeps the account that the shop's books must agree with; `take` every letter in the order of arrival.

    `goods` by product key.
    """

    goods: Mapping[str, Product]
    terms: OrdersConfig
    stock: dict[str, int] = field(init=False)
    opening: int = field(init=False)
    letters: list[Judged] = field(default_factory=list)
    mails: list[Mailed] = field(default_factory=list)
    sold: dict[str, Sold] = field(default_factory=dict)
    of_customer: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    held: dict[str, Act] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)
    closing: dict[date, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stock = {key: product.on_hand for key, product in self.goods.items()}
        self.opening = sum(self.stock.values())

    def take(self, act: Act, now: datetime) -> None:
        """`now` is when the shop reads the letter."""
        key = act.about if act.wish is Wish.REPEAT else act.key
        verdict = self.judge(act, now)
        self.letters.append(Judged(key, act.at, *verdict))
        self.mails += [Mailed(now, kind) for kind in self.answers(act, verdict, now)]

    def end(self, day: date) -> None:
        self.closing[day] = sum(self.stock.values())

    def account(self) -> Account:
        orders = tuple(sold.booked for sold in self.sold.values())
        return Account(tuple(self.letters), orders, tuple(self.mails), self.opening, self.closing, self.stock)

    def judge(self, act: Act, now: datetime) -> Verdict:
        match act.wish:
            case Wish.ORDER:
                return self.order(act, now)
            case Wish.REPEAT:
                return "ignored", "duplicate"
            case Wish.CANCEL:
                return self.cancel(act, now)
            case Wish.YES:
                return self.sell(self.held[act.about], now, "placed_after_question")
            case Wish.NONSENSE:
                told = nonsense_of(act)
                return told.outcome, told.reason

    def answers(self, act: Act, verdict: Verdict, now: datetime) -> tuple[str, ...]:
        if act.wish is not Wish.NONSENSE:
            return MAILS.get(verdict, ("refusal",))
        kinds = nonsense_of(act).mails
        if "passed_on" not in kinds:
            return kinds
        email = act.customer.email
        known = email in self.told and now - self.told[email] <= ONE_DAY
        if not known:
            self.told[email] = now
        return tuple(kind for kind in kinds if kind != "passed_on" or not known)

    def order(self, act: Act, now: datetime) -> Verdict:
        if self.fault(act.wares) is None and any(self.same(act, key) for key in self.of_customer[act.customer.email]):
            self.held[act.key] = act
            return "held", "same_order"
        return self.sell(act, now, "placed")

    def same(self, act: Act, key: str) -> bool:
        """Whether the order repeats a standing one that arrived within minutes of it."""
        sold = self.sold[key]
        near = abs(act.at - sold.act.at) <= timedelta(minutes=self.terms.same_order_minutes)
        alike = sold.act.customer == act.customer and added(sold.act.wares) == added(act.wares)
        return near and alike and sold.booked.cancelled_at is None

    def sell(self, act: Act, now: datetime, reason: str) -> Verdict:
        fault = self.fault(act.wares)
        if fault is not None:
            return "refused", fault
        goods = [(self.goods[key], quantity) for key, quantity in added(act.wares).items()]
        wares = tuple((product.product_id, quantity, product.price) for product, quantity in goods)
        until = now + timedelta(hours=self.terms.cancel_window_hours)
        if until.second:
            until = until.replace(second=0) + timedelta(minutes=1)
        self.sold[act.key] = Sold(act, Booked(act.key, now, wares), until)
        self.of_customer[act.customer.email].append(act.key)
        self.move(wares, -1)
        return "done", reason

    def fault(self, wares: Wares) -> str | None:
        """What is wrong with the first line that anything is wrong with."""
        wanted = added(wares)
        for product_id, _ in wares:
            key = product_key(product_id)
            if key not in self.goods:
                return "unknown_product"
            if wanted[key] > self.terms.max_quantity:
                return "quantity_too_large"
            if wanted[key] > self.stock[key]:
                return "not_enough_stock"
        return None

    def cancel(self, act: Act, now: datetime) -> Verdict:
        sold = self.sold[act.about]
        if sold.booked.cancelled_at is not None:
            return "refused", "already_cancelled"
        if act.at > sold.cancel_until:
            return "refused", "too_late"
        self.sold[act.about] = replace(sold, booked=replace(sold.booked, cancelled_at=now))
        self.move(sold.booked.wares, +1)
        return "done", "cancelled"

    def move(self, wares: tuple[tuple[str, int, int], ...], sign: int) -> None:
        for product_id, quantity, _ in wares:
            self.stock[product_key(product_id)] += sign * quantity


def added(wares: Wares) -> dict[str, int]:
    """The same product once, by its key."""
    sums: dict[str, int] = {}
    for product_id, quantity in wares:
        key = product_key(product_id)
        sums[key] = sums.get(key, 0) + quantity
    return sums
