"""Told once when it is back, however it came back; bounded, forgotten after a while, and never who wants no mail."""

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.config import Config
from daemon.config.wishes import WishesConfig
from daemon.handle import Desk
from daemon.handle.back_in_stock import tell_back_in_stock
from store import catalogue, customers, wishes
from store.facts import Movement, MovementReason, Product
from tests.e2e.letters import LAMP, POT, follow, letter, links_in, number_in, order_of, text_of
from tests.integration.handle.counter import ADA, BEN, START, Counter


@pytest.fixture
def counter(desk: Desk) -> Counter:
    with desk.shop.transaction() as connection:
        catalogue.add(connection, [Product(POT, "Stoneware pot", "", price=450, on_hand=0)], "test", START)
    return Counter(desk)


def wish(counter: Counter, sender: str = ADA, product: str = POT) -> tuple[str, str]:
    fate, _ = counter.write(sender, f"notify {product}")
    return fate


def receive(counter: Counter, product: str = POT, quantity: int = 1) -> None:
    with counter.desk.shop.transaction() as connection:
        catalogue.move(connection, [Movement(product, quantity, MovementReason.RECEIVED, counter.now, "test")])


def told(counter: Counter) -> list[str]:
    tell_back_in_stock(counter.house.desk, counter.now)
    return sorted(str(mail["To"]) for mail in counter.deliver())


def test_a_refusal_for_lack_of_stock_offers_it_with_one_tap_and_so_it_comes(counter: Counter) -> None:
    (fate,) = counter.hand_in(order_of(ADA, f"{POT}, 2"))
    (refusal,) = counter.deliver()
    assert fate == ("refused", "not_enough_stock")
    link = next(link for link in links_in(refusal) if "notify" in link)
    assert counter.hand_in(follow(ADA, link)) == [("done", "wish_noted")]
    assert "Stoneware pot" in text_of(counter.deliver()[0])
    assert told(counter) == []
    receive(counter, quantity=3)
    tell_back_in_stock(counter.house.desk, counter.now)
    (mail,) = counter.deliver()
    assert (mail["To"], mail["Subject"]) == (ADA, "Back in stock: Stoneware pot")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert told(counter) == []
    assert counter.ask("SELECT count(*) FROM wish") == 0
    order = next(link for link in links_in(mail) if "order" in link)
    assert counter.hand_in(follow(ADA, order))[0] == ("refused", "no_address"), "she has not ordered yet"


def test_where_there_is_some_but_too_little_nothing_is_offered(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 11"))
    (refusal,) = counter.deliver()
    assert not [link for link in links_in(refusal) if "notify" in link]


def test_a_cancellation_brings_it_back_too(counter: Counter) -> None:
    receive(counter)
    counter.hand_in(order_of(BEN, f"{POT}, 1"))
    (confirmation,) = counter.deliver()
    assert wish(counter) == ("done", "wish_noted")
    assert told(counter) == []
    counter.write(BEN, f"cancel {number_in(confirmation)}")
    assert told(counter) == [ADA]


def test_the_link_orders_it_where_the_last_order_went(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 1"))
    counter.deliver()
    wish(counter)
    receive(counter)
    tell_back_in_stock(counter.house.desk, counter.now)
    (mail,) = counter.deliver()
    order = next(link for link in links_in(mail) if "subject=order" in link)
    assert counter.hand_in(follow(ADA, order)) == [("done", "placed")]
    assert counter.ask("SELECT on_hand FROM product WHERE product_id = '" + POT + "'") == 0


def test_who_asks_twice_is_told_once_and_who_asks_anew_is_told_anew(counter: Counter) -> None:
    assert [wish(counter), wish(counter), wish(counter, BEN)] == [("done", "wish_noted")] * 3
    receive(counter)
    assert told(counter) == [ADA, BEN]
    counter.hand_in(order_of(BEN, f"{POT}, 1"))
    counter.deliver()
    wish(counter)
    receive(counter)
    assert told(counter) == [ADA]


def test_what_is_in_stock_is_said_at_once_and_nothing_is_kept(counter: Counter) -> None:
    assert wish(counter, product=LAMP) == ("done", "in_stock")
    assert counter.ask("SELECT count(*) FROM wish") == 0


def test_what_we_do_not_sell_is_no_wish(counter: Counter) -> None:
    with counter.desk.shop.transaction() as connection:
        catalogue.add(connection, [Product("OLD1", "Old", "", price=1, on_hand=0, active=False)], "test", START)
    assert wish(counter, product="OLD1") == ("refused", "retired_product")
    assert wish(counter, product="7B4VYMBRQNAZ") == ("refused", "unknown_product")
    assert wish(counter, product="") == ("refused", "unknown_product")


def test_a_product_that_is_retired_meanwhile_is_not_told(counter: Counter) -> None:
    wish(counter)
    receive(counter)
    with counter.desk.shop.transaction() as connection:
        catalogue.change(connection, [Product(POT, "Stoneware pot", "", price=450, on_hand=1, active=False)])
    assert told(counter) == []


def test_a_person_may_wait_for_so_many_products(counter: Counter) -> None:
    config = counter.desk.config.model_copy(update={"wishes": WishesConfig(per_person=2)})
    counter = Counter(replace(counter.desk, config=config))
    with counter.desk.shop.transaction() as connection:
        more = [Product(f"GONE{number}", f"Gone {number}", "", price=1, on_hand=0) for number in range(3)]
        catalogue.add(connection, more, "test", START)
    batch = [letter(ADA, f"notify GONE{number}") for number in (0, 1, 1, 2)]
    assert [reason for _, reason in counter.hand_in(*batch)] == ["wish_noted"] * 3 + ["too_many_wishes"]
    assert wish(counter, BEN, "GONE2") == ("done", "wish_noted")


def test_a_wish_is_forgotten_after_its_days(counter: Counter) -> None:
    wish(counter)
    counter.passes(days=Config().wishes.days, seconds=1)
    receive(counter)
    assert told(counter) == []
    assert counter.ask("SELECT count(*) FROM wish") == 0


def test_who_gets_no_mail_at_all_is_not_told_and_who_gets_no_offers_is(counter: Counter) -> None:
    wish(counter)
    wish(counter, BEN)
    with counter.desk.shop.transaction() as connection:
        customers.suppress(connection, [counter.desk.vault.hashed(ADA)], "hard_bounce", counter.now)
        customers.say(connection, [counter.desk.vault.hashed(BEN)], "offers", False, "stop", counter.now)
    receive(counter)
    assert told(counter) == [BEN]


def test_thousands_of_wishes_are_told_in_portions_the_oldest_first(counter: Counter) -> None:
    with counter.desk.shop.transaction() as connection:
        made = [wishes.Wish(POT, f"h{n}", counter.now + timedelta(seconds=n)) for n in range(1_100)]
        wishes.keep(connection, made)
    receive(counter)
    told_each = [tell_back_in_stock(counter.house.desk, counter.now) for _ in range(4)]
    assert told_each == [500, 500, 100, 0]
    first = counter.rows("SELECT hashed_email FROM outbox ORDER BY id LIMIT 500")
    assert {str(one[0]) for one in first} == {f"h{n}" for n in range(500)}


def test_the_wishes_of_the_erased_are_forgotten(counter: Counter) -> None:
    wish(counter)
    _, (question,) = counter.write(ADA, "erase my data")
    counter.answer(ADA, question, "yes")
    receive(counter)
    assert told(counter) == []
