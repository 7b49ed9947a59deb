"""The chore that tells people, once, that what they asked for is in stock again."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from daemon.decide.asked import tell_product
from daemon.handle.prepare import Desk
from store import orders, outbox, wishes
from store.facts import Mail, Product, Wish

AT_ONCE = 500
"""Wishes told in one transaction, so that the books are not held for long; the rest follow at the next look."""


def tell_back_in_stock(desk: Desk, now: datetime) -> int:
    """What is due follows from the rows: a wish, and its product on sale and on hand, however that came about.

    The wish goes in the transaction that queues its mail, so it is told once. Returns how many were told.
    """
    too_old = now - timedelta(days=desk.config.wishes.days)
    with desk.shop.reading() as connection:
        if not wishes.any_due(connection, too_old):
            return 0
    with desk.shop.transaction() as connection:
        wishes.expire(connection, too_old)
        told = wishes.fulfilled(connection, AT_ONCE)
        wishes.drop(connection, [wish for wish, _ in told])
        addresses = orders.last_addresses(connection, {wish.hashed_email for wish, _ in told})
        outbox.enqueue(connection, [to_mail(wish, product, addresses, now) for wish, product in told], now)
    return len(told)


def to_mail(wish: Wish, product: Product, addresses: Collection[str], now: datetime) -> Mail:
    token = secrets.token_hex(16)
    return Mail(
        token=token,
        event_key=f"{token}:back_in_stock",  # the wish is gone with it, which is what makes it once
        kind="back_in_stock",
        facts={
            "product": tell_product(product),
            "asked_at": wish.asked_at.isoformat(),
            "blank_address": wish.hashed_email not in addresses,
        },
        due_at=now,
        hashed_email=wish.hashed_email,
    )
