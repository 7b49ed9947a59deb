"""What lies on the desk, made by hand: people, products, orders, letters and what the shop knows of them."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from daemon.config import Config
from daemon.decide import Answer, Case, Decision, Facts
from daemon.decide.ordering import fingerprint
from daemon.request.shapes import ItemLine, PlaceOrder, Reading, Request, ShipTo
from store.facts import (
    Mail,
    MailState,
    Order,
    OrderLine,
    OrderState,
    Product,
    QueuedMail,
    ShippingAddress,
)
from tests.unit.request.hand_written import letter

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
CONFIG = Config.model_construct()
ADA, BEN = "hash-of-ada", "hash-of-ben"
LAMP = Product("BJ02R0G72U8V", "Lamp", "home", price=1999, on_hand=10, cost=950)
POT = Product("7B4VYMBRQNAR", "Pot", "kitchen", price=450, on_hand=3)
OLD_RUG = Product("QZ81RUG00OLD", "Rug", "home", price=9900, on_hand=5, active=False)
HOME = ShipTo("Ada Lovelace", ("12 Analytical Way", "Denver, CO 80202"))
OFFICE = ShipTo("Ada Lovelace", ("1 Engine Yard", "Denver, CO 80203"))
COUNT = count(1)
NUMBER = "MO-7K3F-9Q2D"


def ago(**how: float) -> datetime:
    return NOW - timedelta(**how)


def later(**how: float) -> datetime:
    return NOW + timedelta(**how)


def item(product: Product, quantity: int, line: int = 1) -> ItemLine:
    text = f"{product.product_id}, {quantity}"
    return ItemLine(line, text, (Reading(product.key, quantity),), product.product_id)


def wants(*items: tuple[Product, int], ship_to: ShipTo | None = HOME, **said: Any) -> PlaceOrder:
    return PlaceOrder(
        tuple(item(product, quantity, line) for line, (product, quantity) in enumerate(items, 1)), ship_to, **said
    )


def place_of(sender: str, ship_to: ShipTo) -> ShippingAddress:
    digest = hashlib.sha256(f"{sender}{ship_to}".encode()).hexdigest()
    return ShippingAddress(digest, sender, ship_to.name, ship_to.lines)


def case(request: Request, sender: str | None = ADA, answering: Iterable[str] = (), **said: Any) -> Case:
    """A letter that asks this; `answering` are tokens of our mails, what else is said of it goes to letter or case."""
    number = next(COUNT)
    of_letter = {name: said.pop(name) for name in ("verdict", "auto_forwarded", "subject") if name in said}
    ship_to = request.ship_to if isinstance(request, PlaceOrder) else None
    made = Case(
        letter_id=f"letter-{number}",
        letter=letter(replies_to=tuple(f"{token}@shop.example" for token in answering), **of_letter),
        request=request,
        arrived_at=NOW,
        size=1_000,
        number=f"MO-2222-{number:04}",
        hashed_email=sender,
        address=place_of(sender, ship_to) if sender and ship_to else None,
    )
    return replace(made, **said)


def an_order(*items: tuple[Product, int], ship_to: ShipTo = HOME, owner: str = ADA, **said: Any) -> Order:
    """An order that was placed just now, with the usual window."""
    chosen = items or ((LAMP, 2),)
    lines = tuple(OrderLine(one.product_id, one.name, quantity, one.price, one.cost) for one, quantity in chosen)
    address_id = place_of(owner, ship_to).address_id
    made = Order(
        number=NUMBER,
        hashed_email=owner,
        state=OrderState.PLACED,
        arrived_at=NOW,
        placed_at=NOW,
        cancel_until=later(hours=24),
        address_id=address_id,
        fingerprint=fingerprint(lines, address_id),
        letter_id=f"letter-{next(COUNT)}",
        lines=lines,
    )
    return replace(made, **said)


def our_mail(about: Order | None = None, to: str = ADA, **said: Any) -> QueuedMail:
    """A mail of ours, known by the token `mail`."""
    number = about.number if about else None
    told: dict[str, Any] = {"token": "mail", "kind": "confirmation", "facts": {}} | said
    mail = Mail(event_key="event", due_at=NOW, hashed_email=to, letter_id="letter", order_number=number, **told)
    return QueuedMail(1, mail, MailState.SENT, 1, NOW)


def known(*orders: Order, mails: Iterable[QueuedMail] = (), **said: Any) -> Facts:
    """What the shop knows: the usual products, these orders and mails, and what else is said."""
    facts = Facts(
        products={one.key: one for one in (LAMP, POT, OLD_RUG)},
        orders={order.number: order for order in orders},
        threads={queued.mail.token: queued for queued in mails},
    )
    for order in orders:
        if order.state is OrderState.PLACED and order.hashed_email:
            facts.recent.setdefault(order.hashed_email, []).append(order)
    return replace(facts, **said)


def the_answer(decision: Decision) -> Answer:
    """The one mail to the customer, without how much may be sent her."""
    (answer,) = (answer for answer in decision.answers if answer.role is None)
    return replace(answer, facts={name: told for name, told in answer.facts.items() if name != "lean"})


def unchanged(decision: Decision) -> bool:
    return decision.book is None and decision.release is None and not decision.cancel and not decision.suppress
