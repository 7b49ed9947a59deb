"""Offers: looked up again when they are claimed, sent at most once, and counted alike in both arms."""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_makers import LAMP, MUG, NOW, a_mail, an_order, later, line, stock

from store import customers, offers, orders, outbox, sending
from store.database import Database, ForbiddenError
from store.facts import (
    Arm,
    ArmFigures,
    Braked,
    Brakes,
    Mail,
    MailState,
    Offer,
    OfferFigures,
    OfferItem,
    Order,
    OrderState,
    QueuedMail,
    Settlement,
)

OPEN = Brakes(later(days=-14), later(days=-7), 1, later(days=-1), 100)
POT = replace(MUG, product_id="TEAPOT000001", name="Pot", on_hand=0)


def brakes(minutes: float = 0, **said: Any) -> Brakes:
    """The usual brakes, seen so many minutes later."""
    moved = {name: getattr(OPEN, name) + timedelta(minutes=minutes) for name in ("person_since", "day_since")}
    return replace(OPEN, **(moved | {"cancelled_since": OPEN.cancelled_since + timedelta(minutes=minutes)} | said))


def offer_mail(order: Order, **said: Any) -> Mail:
    told = {"kind": "offer", "event_key": offers.event_key(order.number), "letter_id": None}
    return a_mail(**(told | {"order_number": order.number, "hashed_email": order.hashed_email} | said))


def after(shop: Database, *placed: Order, **said: Any) -> list[Mail]:
    """These orders are booked, and an offer for each of them waits."""
    mails = [offer_mail(order, **said) for order in placed]
    with shop.transaction() as conn:
        if not conn.exec_driver_sql("SELECT count(*) FROM product").scalar():
            stock(conn, replace(LAMP, on_hand=1000), MUG)
        orders.book(conn, placed)
        outbox.enqueue(conn, mails, NOW)
    return mails


def take(shop: Database, minutes: float = 0, worker: str = "one", **said: Any) -> list[str]:
    """The tokens of the mails claimed so many minutes later."""
    return [one.mail.token for one in taken(shop, minutes, worker, **said)]


def taken(shop: Database, minutes: float = 0, worker: str = "one", **said: Any) -> list[QueuedMail]:
    with shop.claiming() as conn:
        told = brakes(minutes, **said)
        return sending.claim(conn, later(minutes=minutes), 10, later(minutes=minutes + 5), worker, told)


def row(shop: Database, mail: Mail) -> QueuedMail:
    with shop.reading() as conn:
        return outbox.by_tokens(conn, [mail.token])[mail.token]


def ends(shop: Database, mail: Mail, state: MailState, reply: str | None = None) -> None:
    kept = row(shop, mail)
    assert (kept.state, kept.last_reply) == (state, reply)


def sent(shop: Database, one: QueuedMail, minutes: float = 0) -> None:
    with shop.claiming() as conn:
        sending.settle(conn, [Settlement(one.id, MailState.SENT, later(minutes=minutes))], "one")


def say(shop: Database, allowed: bool, person: str = "ada") -> None:
    with shop.transaction() as conn:
        customers.say(conn, [person], customers.OFFERS, allowed, "test", NOW)


def test_an_offer_that_nothing_brakes_is_claimed(shop: Database) -> None:
    (mail,) = after(shop, an_order())
    assert take(shop) == [mail.token]


def test_nobody_gets_an_offer_after_stop_though_it_waited_already(shop: Database) -> None:
    (mail,) = after(shop, an_order())
    other = a_mail()
    with shop.transaction() as conn:
        outbox.enqueue(conn, [other], NOW)
    say(shop, allowed=False)
    assert take(shop) == [other.token]
    ends(shop, mail, MailState.SUPPRESSED, "stopped")


def test_start_undoes_stop(shop: Database) -> None:
    say(shop, allowed=False)
    say(shop, allowed=True)
    (mail,) = after(shop, an_order())
    assert take(shop) == [mail.token]


def test_stop_is_about_the_one_who_said_it(shop: Database) -> None:
    say(shop, allowed=False, person="ben")
    (mail,) = after(shop, an_order())
    assert take(shop) == [mail.token]


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.HELD])
def test_no_offer_after_an_order_that_does_not_stand(shop: Database, state: OrderState) -> None:
    placed = an_order(state=OrderState.HELD if state is OrderState.HELD else OrderState.PLACED)
    (mail,) = after(shop, placed)
    if state is OrderState.CANCELLED:
        with shop.transaction() as conn:
            assert orders.cancel(conn, [placed.number], later(days=-20), "test")
    assert take(shop) == []
    ends(shop, mail, MailState.SUPPRESSED, "order_gone")


def test_nothing_to_who_just_cancelled_another_order(shop: Database) -> None:
    placed, other = an_order(), an_order()
    (mail,) = after(shop, placed)
    with shop.transaction() as conn:
        orders.book(conn, [other])
        orders.cancel(conn, [other.number], later(days=-13), "test")
    assert take(shop, cancelled_since=later(days=-12)) == [mail.token]
    (second,) = after(shop, an_order())
    assert take(shop, per_person=9) == []
    ends(shop, second, MailState.SUPPRESSED, "cancelled_lately")


def test_one_person_gets_so_many_in_a_week_also_out_of_one_batch(shop: Database) -> None:
    first, second, third = after(shop, an_order(), an_order(), an_order(hashed_email="ben"))
    assert take(shop) == [first.token, third.token]
    ends(shop, second, MailState.SUPPRESSED, "enough_for_person")


def test_the_week_is_counted_from_when_it_was_sent(shop: Database) -> None:
    after(shop, an_order())
    (one,) = taken(shop)
    sent(shop, one, minutes=1)
    week = 7 * 24 * 60
    (second,) = after(shop, an_order(), due_at=later(minutes=week))
    assert take(shop, minutes=week) == []
    ends(shop, second, MailState.SUPPRESSED, "enough_for_person")
    (third,) = after(shop, an_order(), due_at=later(minutes=week))
    assert take(shop, minutes=week + 2) == [third.token]


def test_no_more_than_so_many_go_out_in_a_day_over_all(shop: Database) -> None:
    people = [an_order(hashed_email=f"person {number}") for number in range(5)]
    mails = after(shop, *people)
    assert take(shop, per_day=3) == [mail.token for mail in mails[:3]]
    assert [row(shop, mail).last_reply for mail in mails[3:]] == ["enough_for_day"] * 2
    (late,) = after(shop, an_order(hashed_email="late"))
    assert take(shop, per_day=3) == []
    ends(shop, late, MailState.SUPPRESSED, "enough_for_day")


def test_an_offer_that_may_have_arrived_counts_for_week_and_day(shop: Database) -> None:
    after(shop, an_order())
    assert len(taken(shop)) == 1
    (second,) = after(shop, an_order())
    assert take(shop, minutes=6) == []
    ends(shop, second, MailState.SUPPRESSED, "enough_for_person")
    (third,) = after(shop, an_order(hashed_email="ben"))
    assert take(shop, minutes=7, per_day=1) == []
    ends(shop, third, MailState.SUPPRESSED, "enough_for_day")


def test_in_quiet_hours_offers_wait_and_nothing_else_does(shop: Database) -> None:
    placed = an_order()
    (offer,) = after(shop, placed, expires_at=later(hours=24))
    answer = a_mail(order_number=placed.number)
    with shop.transaction() as conn:
        outbox.enqueue(conn, [answer], NOW)
    morning = later(hours=9)
    (one,) = taken(shop, quiet_until=morning)
    assert one.mail == answer
    assert row(shop, offer).mail.due_at == morning
    sent(shop, one)
    with shop.reading() as conn:
        assert outbox.next_due(conn) == morning
    assert take(shop, minutes=9 * 60 - 1) == []
    assert take(shop, minutes=9 * 60) == [offer.token]


def test_an_offer_that_waits_keeps_back_nothing_about_its_order(shop: Database) -> None:
    placed = an_order()
    (offer,) = after(shop, placed, due_at=later(hours=9))
    cancellation = a_mail(order_number=placed.number)
    with shop.transaction() as conn:
        outbox.enqueue(conn, [cancellation], NOW)
        assert outbox.next_due(conn) == NOW
    assert take(shop) == [cancellation.token]
    assert row(shop, offer).state is MailState.QUEUED


def test_an_offer_waits_for_what_is_on_its_way_about_its_order(shop: Database) -> None:
    placed = an_order()
    confirmation = a_mail(order_number=placed.number)
    with shop.transaction() as conn:
        outbox.enqueue(conn, [confirmation], NOW)
    (offer,) = after(shop, placed)
    (one,) = taken(shop)
    assert one.mail.token == confirmation.token
    assert take(shop) == []
    sent(shop, one)
    assert take(shop) == [offer.token]


def test_an_offer_expires(shop: Database) -> None:
    (mail,) = after(shop, an_order(), expires_at=later(hours=1))
    assert take(shop, minutes=60) == []
    ends(shop, mail, MailState.EXPIRED)


def test_offers_switched_off_go_nowhere_nor_where_nobody_can_brake_them(shop: Database) -> None:
    (first,) = after(shop, an_order())
    assert take(shop, on=False) == []
    ends(shop, first, MailState.SUPPRESSED, "off")
    (second,) = after(shop, an_order())
    with shop.claiming() as conn:
        assert sending.claim(conn, NOW, 10, later(minutes=5), "one") == []
    ends(shop, second, MailState.SUPPRESSED, "off")


def test_an_offer_whose_worker_died_is_never_sent_again(shop: Database) -> None:
    (mail,) = after(shop, an_order())
    (one,) = taken(shop)
    answer = a_mail(hashed_email="ben")
    with shop.transaction() as conn:
        outbox.enqueue(conn, [answer], NOW)
        sending.claim(conn, NOW, 10, later(minutes=5), "one", OPEN)
    assert take(shop, minutes=6, worker="two") == [answer.token]
    ends(shop, mail, MailState.EXPIRED, "lease ran out: it may have been sent")
    with shop.transaction() as conn:
        assert not outbox.retry(conn, one.id, later(minutes=7))
        assert sending.settle(conn, [Settlement(one.id, MailState.SENT, later(minutes=7))], "one") == []


def test_an_offer_refused_for_now_is_tried_again(shop: Database) -> None:
    (mail,) = after(shop, an_order())
    (one,) = taken(shop)
    with shop.claiming() as conn:
        sending.settle(conn, [Settlement(one.id, MailState.QUEUED, NOW, later(minutes=10), "451 later")], "one")
    assert take(shop, minutes=9) == []
    assert take(shop, minutes=10) == [mail.token]


def test_two_workers_at_once_do_not_both_find_room_for_the_last(postgres_urls: Any, opened: Any) -> None:
    shop = opened(postgres_urls("shop"), "shop")
    mails = after(shop, *(an_order() for _ in range(20)))
    barrier = Barrier(4)

    def work(number: int) -> list[str]:
        barrier.wait()
        with shop.claiming() as conn:
            return [one.mail.token for one in sending.claim(conn, NOW, 5, later(minutes=5), f"{number}", OPEN)]

    with ThreadPoolExecutor(4) as pool:
        claimed = [token for tokens in pool.map(work, range(4)) for token in tokens]
    assert len(claimed) == 1
    assert {row(shop, mail).state for mail in mails} <= {MailState.SENDING, MailState.SUPPRESSED, MailState.QUEUED}


ITEM = OfferItem(MUG.product_id, MUG.price, "rule", (LAMP.product_id,), 4, 10, 20, 100)


def an_offer(order: Order, *items: OfferItem, arm: Arm = Arm.OFFERED, at: datetime = NOW) -> Offer:
    return Offer(order.number, order.hashed_email or "", arm, at, items or (ITEM,))


def test_an_offer_comes_back_as_it_went_in_and_once_an_order(shop: Database) -> None:
    placed = an_order()
    after(shop, placed)
    made = an_offer(placed, ITEM, OfferItem(LAMP.product_id, 1999, "best_seller"))
    with shop.transaction() as conn:
        offers.make(conn, [made])
        assert offers.listing(conn) == offers.of_customer(conn, "ada") == [made]
        assert offers.listing(conn, Arm.HELD_OUT) == []
        assert offers.made(conn, [placed.number, "MO-0"]) == {placed.number}
    with pytest.raises(ForbiddenError), shop.transaction() as conn:
        offers.make(conn, [made])


def test_brakes_before_the_draw_hold_for_both_arms(shop: Database) -> None:
    placed = [an_order() for _ in range(3)] + [an_order(hashed_email="ben")]
    after(shop, *placed)
    wanted = {order.number: order.hashed_email or "" for order in placed[1:]}
    with shop.transaction() as conn:
        offers.make(conn, [an_offer(placed[0], arm=Arm.HELD_OUT, at=later(days=-6))])
        found = offers.braked(conn, wanted, OPEN)
        assert found == dict.fromkeys([one.number for one in placed[1:3]], Braked.ENOUGH_FOR_PERSON)
        assert offers.braked(conn, wanted, replace(OPEN, person_since=later(days=-5))) == {
            placed[2].number: Braked.ENOUGH_FOR_PERSON
        }
        customers.suppress(conn, ["ben"], "hard_bounce", NOW)
        assert offers.braked(conn, wanted, OPEN)[placed[3].number] is Braked.SUPPRESSED
        assert set(offers.braked(conn, wanted, replace(OPEN, on=False)).values()) == {Braked.OFF}
        assert offers.braked(conn, wanted, replace(OPEN, per_day=0))[placed[1].number] is Braked.ENOUGH_FOR_PERSON


# -- what came of them


def figures_of(shop: Database, **said: Any) -> OfferFigures:
    told = {"since": None, "until": None, "days": 14.0} | said
    with shop.reading() as conn:
        return offers.figures(conn, **told)


def bought(shop: Database, *lines: Any, days: float, person: str = "ada", **said: Any) -> Order:
    at = later(days=days)
    order = an_order(*lines, hashed_email=person, arrived_at=at, placed_at=at, cancel_until=at, **said)
    with shop.transaction() as conn:
        orders.write(conn, [order])
    return order


@pytest.fixture
def offered(shop: Database) -> Callable[..., Offer]:
    def make(days: float = 0, person: str = "ada", arm: Arm = Arm.OFFERED, *items: OfferItem) -> Offer:
        order = an_order(hashed_email=person, arrived_at=later(days=days), placed_at=later(days=days))
        after(shop, order)
        made = an_offer(order, *items, arm=arm, at=later(days=days))
        with shop.transaction() as conn:
            offers.make(conn, [made])
        return made

    return make


@pytest.mark.parametrize(("days", "counts"), [(-0.1, False), (0, False), (0.1, True), (14, True), (14.01, False)])
def test_a_conversion_arrives_after_the_offer_and_within_its_days(
    shop: Database, offered: Callable[..., Offer], days: float, counts: bool
) -> None:
    offered()
    bought(shop, line(MUG, 2), line(LAMP, 1), days=days)
    assert figures_of(shop).offered == ArmFigures(1, int(counts), 900 * counts)
    assert figures_of(shop).held_out == ArmFigures(0, 0, 0)


@pytest.mark.parametrize(
    "how",
    [
        {"person": "ben"},
        {"state": OrderState.CANCELLED, "closed_at": NOW},
        {"state": OrderState.HELD},
    ],
    ids=["somebody else", "cancelled", "held"],
)
def test_what_is_no_conversion(shop: Database, offered: Callable[..., Offer], how: dict[str, Any]) -> None:
    offered()
    bought(shop, line(MUG, 2), days=1, **how)
    bought(shop, line(LAMP, 1), days=1)
    assert figures_of(shop).offered == ArmFigures(1, 0, 0)


def test_a_line_counts_once_for_the_latest_offer_of_its_product(shop: Database, offered: Callable[..., Offer]) -> None:
    offered(0, "ada", Arm.HELD_OUT)
    offered(3, "ada", Arm.OFFERED)
    bought(shop, line(MUG, 1), days=4)
    bought(shop, line(MUG, 2), days=5)
    found = figures_of(shop)
    assert (found.held_out, found.offered) == (ArmFigures(1, 0, 0), ArmFigures(1, 1, 1350))
    # Also when the later offer is none of the period's: the periods add up.
    assert figures_of(shop, until=later(days=2)).held_out == ArmFigures(1, 0, 0)
    assert figures_of(shop, until=later(days=2)).offered == ArmFigures(0, 0, 0)
    assert figures_of(shop, since=later(days=2)).offered == ArmFigures(1, 1, 1350)


def test_only_what_was_seen_by_then_counts(shop: Database, offered: Callable[..., Offer]) -> None:
    offered()
    bought(shop, line(MUG, 1), days=5)
    assert figures_of(shop, seen_until=later(days=5)).offered.converted == 0
    assert figures_of(shop, seen_until=later(days=5, seconds=1)).offered.converted == 1


def test_an_offer_counts_as_sent_in_the_days_in_which_it_was_sent(
    shop: Database, offered: Callable[..., Offer]
) -> None:
    """One of Sunday night waits for Monday morning: it is told with the week in which it went out."""
    made = offered(-0.1)
    (mail,) = taken(shop)
    assert mail.mail.order_number == made.order_number
    sent(shop, mail)
    with shop.reading() as conn:
        assert offers.drawn(conn, later(days=-7), NOW) == (1, 0)
        assert [offers.sent(conn, later(days=day), later(days=day + 7)) for day in (-7, 0, 7)] == [0, 1, 0]


@pytest.mark.parametrize("gone", [5.0, 6.0])
def test_what_was_cancelled_later_stood_when_the_period_ended(
    shop: Database, offered: Callable[..., Offer], gone: float
) -> None:
    offered()
    order = bought(shop, line(MUG, 1), days=1)
    in_time = figures_of(shop, seen_until=later(days=5))
    with shop.transaction() as conn:
        orders.cancel(conn, [order.number], later(days=gone), "test")
    assert figures_of(shop, seen_until=later(days=5)) == in_time
    assert in_time.offered.converted == 1
    assert figures_of(shop, seen_until=later(days=gone, seconds=1)).offered.converted == 0
    assert figures_of(shop).offered.converted == 0


def test_what_was_held_when_the_period_ended_is_not_in_its_figures_later_either(
    shop: Database, offered: Callable[..., Offer]
) -> None:
    offered()
    order = bought(shop, line(MUG, 1), days=1, state=OrderState.HELD)
    in_time = figures_of(shop, seen_until=later(days=5))
    with shop.transaction() as conn:
        orders.release(conn, order.number, later(days=5), later(days=6))
    assert figures_of(shop, seen_until=later(days=5)) == in_time
    assert in_time.offered.converted == 0
    assert figures_of(shop, seen_until=later(days=5, seconds=1)).offered.converted == 1


def test_what_was_sent_later_was_not_sent_when_the_period_ended(shop: Database, offered: Callable[..., Offer]) -> None:
    offered()
    for one in taken(shop):
        sent(shop, one, minutes=30)
    assert figures_of(shop, seen_until=later(minutes=30)).sent == 0
    assert figures_of(shop, seen_until=later(minutes=31)).sent == 1


def test_sent_counts_what_the_relay_took(shop: Database, offered: Callable[..., Offer]) -> None:
    offered(0, "ada")
    offered(0, "ben")
    for one in taken(shop):
        if one.mail.hashed_email == "ada":
            sent(shop, one)
    found = figures_of(shop)
    assert (found.sent, found.offered.orders) == (1, 2)


def test_by_rule_tells_reasons_apart(shop: Database, offered: Callable[..., Offer]) -> None:
    seller = OfferItem(LAMP.product_id, 1999, "best_seller")
    offered(0, "ada", Arm.OFFERED, ITEM, seller)
    offered(0, "ben", Arm.OFFERED, ITEM)
    offered(0, "eve", Arm.HELD_OUT, ITEM)
    bought(shop, line(MUG, 1), days=1)
    bought(shop, line(LAMP, 1), days=1)
    bought(shop, line(MUG, 1), days=1, person="eve")
    first, second = figures_of(shop).by_rule
    assert (first.source, first.antecedent, first.product_id) == ("rule", (LAMP.product_id,), MUG.product_id)
    assert (first.offered, first.held_out) == (ArmFigures(2, 1, 450), ArmFigures(1, 1, 450))
    assert (second.source, second.antecedent, second.product_id) == ("best_seller", (), LAMP.product_id)
    assert (second.offered, second.held_out) == (ArmFigures(1, 1, 1999), ArmFigures(0, 0, 0))
    assert figures_of(shop).offered == ArmFigures(2, 1, 2449)


def by_hand(
    made: list[Offer], sold: list[Order], since: datetime | None, until: datetime | None, days: float
) -> dict[Arm, ArmFigures]:
    """The same figures, counted slowly: for each line bought, the latest offer that it can count for."""
    credited: dict[str, int] = {}
    for order in sold:
        if order.state not in (OrderState.PLACED, OrderState.FULFILLED):
            continue
        for each in order.lines:
            before = [
                one
                for one in made
                if one.hashed_email == order.hashed_email
                and one.made_at < order.arrived_at <= one.made_at + timedelta(days=days)
                and any(item.product_id == each.product_id for item in one.items)
            ]
            if before:
                latest = max(before, key=lambda one: (one.made_at, one.order_number))
                credited[latest.order_number] = credited.get(latest.order_number, 0) + each.total
    found = {}
    for arm in Arm:
        mine = [
            one
            for one in made
            if one.arm is arm and (since is None or one.made_at >= since) and (until is None or one.made_at < until)
        ]
        cents = [credited[one.order_number] for one in mine if one.order_number in credited]
        found[arm] = ArmFigures(len(mine), len(cents), sum(cents))
    return found


@pytest.mark.parametrize("seed", range(6))
def test_the_figures_are_those_counted_by_hand(shop: Database, seed: int) -> None:
    chance = random.Random(seed)
    products = [replace(MUG, product_id=f"PRODUCT{number}", price=100 + number, on_hand=0) for number in range(4)]
    made, sold = [], []
    for number in range(120):
        at = later(days=chance.randrange(60), hours=chance.randrange(24))
        chosen = chance.sample(products, chance.randint(1, 3))
        order = an_order(
            *(line(product, chance.randint(1, 3)) for product in chosen),
            number=f"MO-{seed}-{number:03}",
            hashed_email=f"person {chance.randrange(12)}",
            arrived_at=at,
            placed_at=at,
            state=(state := chance.choice([OrderState.PLACED] * 4 + [OrderState.FULFILLED, OrderState.CANCELLED])),
            closed_at=None if state is OrderState.PLACED else at,
        )
        sold.append(order)
        if chance.random() < 0.6:
            arm = Arm.HELD_OUT if chance.random() < 0.3 else Arm.OFFERED
            items = [OfferItem(one.product_id, one.price, "best_seller") for one in chance.sample(products, 2)]
            made.append(an_offer(order, *items, arm=arm, at=at + timedelta(minutes=chance.randrange(3))))
    with shop.transaction() as conn:
        stock(conn, *products)
        orders.write(conn, sold)
        offers.make(conn, made)
    for since, until, days in ((None, None, 14.0), (later(days=10), later(days=40), 7.0), (None, later(days=30), 30.0)):
        found = figures_of(shop, since=since, until=until, days=days)
        expected = by_hand(made, sold, since, until, days)
        assert (found.offered, found.held_out) == (expected[Arm.OFFERED], expected[Arm.HELD_OUT])
        assert sum(one.offered.cents + one.held_out.cents for one in found.by_rule) == sum(
            arm.cents for arm in expected.values()
        )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from(["stop", "start", "order", "claim"]), st.sampled_from("abc")), max_size=14))
def test_whatever_comes_between_nobody_who_said_stop_is_sent_an_offer(
    sqlite_urls: Callable[[str], str], opened: Callable[..., Database], steps: list[tuple[str, str]]
) -> None:
    shop = opened(sqlite_urls("shop"), "shop")
    wants = dict.fromkeys("abc", True)
    for what, person in steps:
        if what in ("stop", "start"):
            wants[person] = what == "start"
            say(shop, wants[person], person)
        elif what == "order":
            after(shop, an_order(hashed_email=person))
        else:
            assert all(wants[one.mail.hashed_email or ""] for one in taken(shop, per_person=99))
