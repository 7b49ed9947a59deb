"""Rows for the tests of the store, each valid, each changed by what a test says of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Connection, insert

from store import catalogue
from store.facts import LetterRecord, Mail, Movement, MovementReason, Order, OrderLine, OrderState, Outcome, Product
from store.models import product
from store.sets import row_of

NOW = datetime(2026, 11, 20, 12, 30, 15, 123456, UTC)
LAMP = Product("BJ02R0G72U8V", "Lamp", "home", price=1999, on_hand=10, cost=950, supplier_id="NLWHEOG")
MUG = Product("7B4VYMBRQNAR", "Mug", "kitchen", price=450, on_hand=3)
NUMBERS = count(1)


def later(**how: float) -> datetime:
    return NOW + timedelta(**how)


def stock(conn: Connection, *products: Product) -> None:
    catalogue.add(conn, products or (LAMP, MUG), "test", NOW)


def stock_of_then(conn: Connection) -> None:
    """Products as they were written before they could be searched."""
    for one in (LAMP, MUG):
        conn.execute(insert(product).values(**row_of(replace(one, on_hand=0)), product_key=one.key))
    first = [Movement(one.product_id, one.on_hand, MovementReason.INITIAL, NOW, "test") for one in (LAMP, MUG)]
    catalogue.move(conn, first)


def on_hand(conn: Connection, product: Product) -> int:
    return catalogue.products(conn, [product.key])[product.key].on_hand


def line(product: Product, quantity: int) -> OrderLine:
    return OrderLine(product.product_id, product.name, quantity, product.price, product.cost)


def an_order(*lines: OrderLine, **said: Any) -> Order:
    number = next(NUMBERS)
    made = Order(
        number=f"MO-{number}",
        hashed_email="ada",
        state=OrderState.PLACED,
        arrived_at=NOW,
        placed_at=NOW,
        cancel_until=later(hours=24),
        address_id="home",
        fingerprint="same",
        letter_id=f"letter-{number}",
        lines=lines or (line(LAMP, 1),),
    )
    return replace(made, **said)


def a_letter(**said: Any) -> LetterRecord:
    number = next(NUMBERS)
    made = LetterRecord(
        letter_id=f"letter-{number}",
        mailbox="orders",
        uidvalidity=7,
        uid=number,
        digest=f"digest-{number}",
        arrived_at=NOW,
        handled_at=NOW,
        kind="order",
        outcome=Outcome.DONE,
        reason="booked",
        verdict="pass",
        message_key=f"key-{number}",
        hashed_email="ada",
    )
    return replace(made, **said)


def a_mail(**said: Any) -> Mail:
    number = next(NUMBERS)
    made = Mail(
        token=f"token-{number}",
        event_key=f"event-{number}",
        kind="confirmation",
        facts={"total": 1999},
        due_at=NOW,
        hashed_email=None if "role" in said else "ada",
        letter_id=f"letter-{number}",
    )
    return replace(made, **said)
