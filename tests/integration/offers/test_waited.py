"""An offer that waited for the morning is looked at again: what cannot be ordered as it says is offered to nobody."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from store import catalogue
from store.facts import MailState, Movement, MovementReason
from tests.integration.offers.conftest import LAMP, NOON, POT, NewShop, Shop

ADA = "ada@customer.example"
Meanwhile = Callable[[Shop, str], None]


def dearer(shop: Shop, _: str) -> None:
    with shop.house.shop.transaction() as connection:
        catalogue.change(connection, [replace(POT, price=2_450)])


def retired(shop: Shop, _: str) -> None:
    with shop.house.shop.transaction() as connection:
        catalogue.change(connection, [replace(POT, active=False)])


def sold_out(shop: Shop, _: str) -> None:
    with shop.house.shop.transaction() as connection:
        all_of_it = Movement(POT.product_id, -500, MovementReason.CORRECTION, shop.clock(), "test")
        catalogue.move(connection, [all_of_it])


def ordered(shop: Shop, _: str) -> None:
    shop.order(ADA, f"{POT.product_id}, 2")


def added(shop: Shop, number: str) -> None:
    handled = shop.write(ADA, f"change {number}", f"Items:\n{LAMP.product_id}, 1\n{POT.product_id}, 1\n")
    assert handled.reason == "changed", handled


def nothing(shop: Shop, _: str) -> None:
    shop.order("ben@customer.example", f"{POT.product_id}, 2")


def morning_after(new_shop: NewShop, meanwhile: Meanwhile) -> Shop:
    """An order at ten in the evening, something at ten past, and a look at eight in the morning."""
    shop = new_shop(quiet_from="21:00", quiet_until="08:00")
    shop.clock.now = NOON.replace(hour=22)
    number = shop.order()
    asyncio.run(shop.mail())
    shop.later(minutes=10)
    meanwhile(shop, number)
    shop.clock.now = NOON.replace(hour=8, minute=1) + timedelta(days=1)
    asyncio.run(shop.mail())
    return shop


@pytest.mark.parametrize("meanwhile", [dearer, retired, sold_out, ordered, added])
def test_what_is_no_longer_as_the_offer_says_is_not_offered(new_shop: NewShop, meanwhile: Meanwhile) -> None:
    shop = morning_after(new_shop, meanwhile)
    first, *_ = shop.rows()
    assert (first.state, first.last_reply) == (MailState.SUPPRESSED, "stale")
    assert shop.kept("List-Unsubscribe") == []


def test_what_somebody_else_orders_meanwhile_changes_nothing(new_shop: NewShop) -> None:
    shop = morning_after(new_shop, nothing)
    first, *_ = shop.rows()
    assert first.state is MailState.SENT
