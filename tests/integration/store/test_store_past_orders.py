"""Orders that no letter brought, and what is found and forgotten of one person."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from alembic import command
from store_makers import LAMP, MUG, NOW, a_letter, a_mail, an_order, later, line, on_hand, stock, stock_of_then

from store import catalogue, customers, letters, orders, outbox, sending
from store.catalogue import OutOfStock
from store.database import Database, History
from store.facts import Enclosure, MailState, Order, OrderLine, OrderState
from store.migrations import configuration
from store.vault import Vault

NewUrl = Callable[[History | None], str]


def past(*lines: OrderLine, **said: Any) -> Order:
    made = an_order(*lines, state=OrderState.FULFILLED, closed_at=NOW, letter_id=None)
    return replace(made, **{"source": made.number, **said})


def test_a_past_order_leaves_the_shelf_alone_and_comes_back_as_it_went_in(shop: Database) -> None:
    nobodys = past(line(MUG, 9), hashed_email=None, address_id=None, source="a file")
    with shop.transaction() as conn:
        stock(conn)
        orders.book_past(conn, [nobodys])
        assert on_hand(conn, MUG) == 3
        assert orders.by_sources(conn, ["a file", "another"]) == {"a file": nobodys}
        assert orders.numbers_in_use(conn, [nobodys.number, "MO-none"]) == {nobodys.number}
        assert orders.cancel(conn, [nobodys.number], NOW, "test") == []


def test_a_past_order_takes_its_goods_when_told_each_product_once(shop: Database) -> None:
    two_prices = past(line(LAMP, 3), OrderLine(LAMP.product_id, "Lamp", 2, 1500))
    with shop.transaction() as conn:
        stock(conn)
        orders.book_past(conn, [two_prices], taken_at=NOW)
        assert on_hand(conn, LAMP) == 5
        assert catalogue.differences(conn) == []


def test_what_is_not_there_is_not_taken_for_the_past_either(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
    with pytest.raises(OutOfStock), shop.transaction() as conn:
        orders.book_past(conn, [past(line(MUG, 4))], taken_at=NOW)
    with shop.reading() as conn:
        assert orders.listing(conn) == []


def test_the_last_address_is_never_that_of_a_file(shop: Database) -> None:
    lettered, imported = an_order(address_id="home"), past(arrived_at=later(days=1), address_id="zip")
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [lettered])
        orders.book_past(conn, [imported])
        assert orders.last_addresses(conn, ["ada"])["ada"][2] == "home"
        orders.forget_addresses(conn, "ada")
        assert orders.last_addresses(conn, ["ada"]) == {}
        assert {one.address_id for one in orders.listing(conn)} == {None}


def test_books_from_before_past_orders_keep_what_they_hold(new_url: NewUrl, opened: Callable[..., Database]) -> None:
    shop, order = opened(new_url(None), "shop"), an_order(line(LAMP, 1), line(MUG, 2))
    with shop.transaction() as conn:
        command.upgrade(configuration(conn, "shop"), "shop_1")
        stock_of_then(conn)
        columns = "number, hashed_email, state, arrived_at, placed_at, cancel_until, address_id, fingerprint, letter_id"
        moment = NOW.isoformat()
        conn.exec_driver_sql(
            f"INSERT INTO \"order\" ({columns}) VALUES ('{order.number}', 'ada', 'placed', '{moment}', '{moment}',"
            f" '{moment}', 'home', 'same', 'letter')"
        )
        conn.exec_driver_sql(
            "INSERT INTO order_line (order_number, position, product_id, name, quantity, unit_price)"
            f" VALUES ('{order.number}', 1, '{LAMP.product_id}', 'Lamp', 1, 1999)"
        )
        conn.exec_driver_sql(
            "INSERT INTO stock_movement (product_id, quantity, reason, order_number, actor, at)"
            f" VALUES ('{LAMP.product_id}', -1, 'order', '{order.number}', 'letter', '{moment}')"
        )
    shop.migrate()
    with shop.transaction() as conn:
        assert orders.by_numbers(conn, [order.number])[order.number].letter_id == "letter"
        assert orders.cancel(conn, [order.number], NOW, "test") == [order.number]
        assert on_hand(conn, LAMP) == LAMP.on_hand
        assert catalogue.differences(conn) == []


def test_only_what_waits_for_one_person_is_withheld(shop: Database) -> None:
    sent, waiting, anothers = a_mail(), a_mail(), a_mail(hashed_email="bob")
    with shop.transaction() as conn:
        outbox.enqueue(conn, [sent, waiting, anothers], NOW)
        sending.claim(conn, NOW, 1, later(minutes=5), "one")
        assert outbox.withhold(conn, "ada", NOW) == 1
        states = {one.mail.token: one.state for one in outbox.to_recipient(conn, "ada")}
        assert states == {sent.token: MailState.SENDING, waiting.token: MailState.SUPPRESSED}
        assert [one.state for one in outbox.to_recipient(conn, "bob")] == [MailState.QUEUED]
        assert not outbox.retry(conn, outbox.by_tokens(conn, [waiting.token])[waiting.token].id, NOW)


def test_what_one_person_wrote_and_said_is_found(shop: Database) -> None:
    mine, anothers = a_letter(arrived_at=NOW), a_letter(hashed_email="bob")
    with shop.transaction() as conn:
        letters.record(conn, [mine, anothers])
        customers.say(conn, ["ada"], "offers", False, "stop", NOW)
        customers.suppress(conn, ["ada", "bob"], "hard_bounce", NOW)
        customers.suppress(conn, ["ada"], customers.ERASED, NOW)
        assert letters.of_sender(conn, "ada") == [mine]
        assert [(one.subject, one.allowed, one.reason) for one in customers.said(conn, "ada")] == [
            ("all", False, "erased"),
            ("offers", False, "stop"),
        ]
        assert customers.erased(conn, ["ada", "bob"]) == {"ada"}


def test_the_vault_forgets_one_person_and_only_that_one(vault_database: Database) -> None:
    vault = Vault(vault_database, b"k" * 32)
    places = {name: vault.shipping_address(name, name, ["Home"]) for name in ("ada", "bob")}
    words = {name: Enclosure(name, name, {"said": "hello"}, b"\xff") for name in ("ada", "bob")}
    vault.keep({name: f"{name}@example.com" for name in places}, places.values(), words.values(), NOW)
    assert vault.belongings("ada") == ("ada@example.com", [places["ada"]], [words["ada"]])
    assert vault.forget("ada") == 3
    assert vault.forget("ada") == 0
    assert vault.belongings("ada") == (None, [], [])
    assert vault.belongings("bob") == ("bob@example.com", [places["bob"]], [words["bob"]])
