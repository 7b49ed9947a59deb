"""Which customer writes what, and when: every purchase made into letters, with some of what people do besides; pure."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random

from daemon.simulator.purchases import Purchase
from store.facts import product_key

LOOKS = (time(6), time(12), time(18), time(23, 59, 59))
"""When the shop looks at its mail; the last look of a day is before the next one begins."""

Wares = tuple[tuple[str, int], ...]


class Wish(StrEnum):
    """What a letter is for."""

    ORDER = "order"
    REPEAT = "repeat"  # the very same letter, delivered once more
    CANCEL = "cancel"
    YES = "yes"  # to the question whether an order is meant twice
    NONSENSE = "nonsense"


@dataclass(frozen=True, slots=True)
class Customer:
    email: str
    name: str
    street: str
    town: str


@dataclass(frozen=True, slots=True)
class Act:
    """A letter that will be written: `key` is the local part of its Message-ID, unlike that of any other letter.

    `about` is the key of the letter it comes back to; `wares` are what either of the two orders. `style` chooses
    among the ways to write the same.
    """

    at: datetime
    key: str
    wish: Wish
    customer: Customer
    wares: Wares = ()
    about: str = ""
    style: int = 0


Mischief = Callable[[Act, Random, Collection[str]], list[Act]]


def plan(purchases: Sequence[Purchase], seed: int | None, products: Collection[str]) -> list[Act]:
    """Every letter of these purchases by arrival; without a seed each is one order and nothing goes wrong.

    `products` are the keys of the catalogue, among which no mistyped product may be. What is chosen for a purchase
    depends on the seed and its place alone.
    """
    acts = [
        act
        for place, purchase in enumerate(purchases)
        for act in acts_of(place, purchase, Random(f"{seed}/{place}"), seed is not None, products)  # noqa: S311
    ]
    return sorted(acts, key=lambda act: (act.at, act.key))


def acts_of(place: int, purchase: Purchase, drawn: Random, faulty: bool, products: Collection[str]) -> list[Act]:
    at = datetime.combine(purchase.day, time(6), UTC) + timedelta(seconds=drawn.randrange(16 * 3600))
    order = Act(at, f"{place}.order", Wish.ORDER, customer(purchase), purchase.wares, style=drawn.randrange(1000))
    draw = drawn.random()
    for share, mischief in MISCHIEF if faulty else ():
        if draw < share:
            return mischief(order, drawn, products)
        draw -= share
    return [order]


def customer(purchase: Purchase) -> Customer:
    """Somebody of that address and ZIP code, the same at each purchase; name and street are invented."""
    drawn = Random(purchase.email)  # noqa: S311 - not a secret
    name = f"{drawn.choice(FIRST_NAMES)} {drawn.choice(LAST_NAMES)}"
    street = f"{drawn.randint(1, 99)} {drawn.choice(STREETS)}"
    return Customer(purchase.email, name, street, f"{drawn.choice(TOWNS)} {purchase.zip_code}".strip())


FIRST_NAMES = ("Ada", "Ben", "Chloé", "Dev", "Else", "Farid", "Grace", "Hiro", "Inés", "Jonas", "Kemi", "Lucía")
LAST_NAMES = ("Archer", "Bergström", "Clarke", "Dubois", "Eze", "Fischer", "Gupta", "Hayashi", "Ivanova", "Müller")
STREETS = ("Mill Lane", "Harbour Street", "Orchard Road", "Station Avenue", "Great Oak Drive", "Church Street")
TOWNS = ("Riverton", "Fairview", "Oakdale", "Milford", "Ashland", "Clayton")


# What people do besides


def follow(order: Act, name: str, wish: Wish, at: datetime, drawn: Random) -> Act:
    key = order.key.replace("order", name)
    return Act(at, key, wish, order.customer, order.wares, order.key, style=drawn.randrange(1000))


def cancel_in_time(order: Act, drawn: Random, _products: Collection[str]) -> list[Act]:
    """Within the day after the confirmation, which says how."""
    at = next_look(order.at) + timedelta(seconds=drawn.randrange(60, 23 * 3600))
    return [order, follow(order, "cancel", Wish.CANCEL, at, drawn)]


def cancel_too_late(order: Act, drawn: Random, _products: Collection[str]) -> list[Act]:
    at = next_look(order.at) + timedelta(seconds=drawn.randrange(25 * 3600, 70 * 3600))
    return [order, follow(order, "cancel", Wish.CANCEL, at, drawn)]


def write_nonsense(order: Act, drawn: Random, _products: Collection[str]) -> list[Act]:
    at = order.at + timedelta(seconds=drawn.randrange(60, 12 * 3600))
    return [order, follow(order, "nonsense", Wish.NONSENSE, at, drawn)]


def arrive_twice(order: Act, drawn: Random, _products: Collection[str]) -> list[Act]:
    at = order.at + timedelta(seconds=drawn.randrange(1, 30 * 3600))
    return [order, follow(order, "repeat", Wish.REPEAT, at, drawn)]


def order_twice(order: Act, drawn: Random, _products: Collection[str]) -> list[Act]:
    """The same in another letter, minutes later; about half of them mean it."""
    at = order.at + timedelta(seconds=drawn.randrange(30, 9 * 60))
    key = order.key.replace("order", "again")
    again = Act(at, key, Wish.ORDER, order.customer, order.wares, style=drawn.randrange(1000))
    if drawn.random() < 0.5:
        return [order, again]
    answered = next_look(at) + timedelta(seconds=drawn.randrange(60, 12 * 3600))
    yes = replace(follow(order, "yes", Wish.YES, answered, drawn), about=key)
    return [order, again, yes]


def mistype(order: Act, drawn: Random, products: Collection[str]) -> list[Act]:
    """A product that does not exist; after the refusal the order is sent as it was meant."""
    spot = drawn.randrange(len(order.wares))
    wares = list(order.wares)
    wares[spot] = (typo(wares[spot][0], drawn, products), wares[spot][1])
    wrong = Act(order.at, order.key.replace("order", "typo"), Wish.ORDER, order.customer, tuple(wares))
    at = next_look(order.at) + timedelta(seconds=drawn.randrange(60, 6 * 3600))
    right = Act(at, order.key, Wish.ORDER, order.customer, order.wares, style=order.style)
    return [wrong, right]


def typo(product_id: str, drawn: Random, products: Collection[str]) -> str:
    """The id with one sign another, so that it is none of the products."""
    while True:
        spot = drawn.randrange(len(product_id))
        wrong = product_id[:spot] + drawn.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") + product_id[spot + 1 :]
        if product_key(wrong) not in products:
            return wrong


MISCHIEF: Sequence[tuple[float, Mischief]] = (
    (0.05, cancel_in_time),
    (0.03, cancel_too_late),
    (0.03, write_nonsense),
    (0.03, arrive_twice),
    (0.03, order_twice),
    (0.03, mistype),
)
"""How large a share of the purchases each concerns."""


# The days


def days_to_play(purchases: Sequence[Purchase], start: date | None, count: int | None) -> list[date]:
    """The calendar days from `start` (that of the first purchase) on, at most `count`, up to the last purchase."""
    if not purchases:
        return []
    first = start or min(purchase.day for purchase in purchases)
    last = max(purchase.day for purchase in purchases)
    length = (last - first).days + 1
    return [first + timedelta(days=number) for number in range(min(length, count or length))]


def looks(day: date) -> Iterator[datetime]:
    return (datetime.combine(day, look, UTC) for look in LOOKS)


def next_look(at: datetime) -> datetime:
    """When a letter that arrives then is read."""
    return next(look for look in looks(at.date()) if at <= look)
