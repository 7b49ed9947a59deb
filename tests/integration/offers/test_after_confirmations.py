"""An offer follows its order's confirmation: never before it, never without it, once, whatever dies or breaks."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from daemon.campaign import Campaign, arm_of
from daemon.post.shapes import Envelope, Receipt, State
from daemon.post.smtp import Relay
from daemon.wording import Wording
from store import customers, offers, orders
from store.database import Connection
from store.facts import Arm, Mail, MailState, QueuedMail
from tests.integration.offers.conftest import LAMP, POT, RUG, NewShop, Shop

ADA, BEN = "ada@customer.example", "ben@customer.example"


def mail(shop: Shop) -> list[tuple[str, MailState]]:
    """What was tried, in order."""
    return [(one.queued.mail.kind, one.settlement.state) for one in asyncio.run(shop.mail())]


CONFIRMED, OFFERED = ("confirmation", MailState.SENT), ("offer", MailState.SENT)


class Scripted(Relay):
    """Answers as it is told, one receipt a mail; then it accepts."""

    def __init__(self, shop: Shop, *receipts: Receipt) -> None:
        super().__init__(shop.house.config.smtp)
        self.receipts, self.seen = list(receipts), list[Envelope]()

    async def send(self, envelopes: Sequence[Envelope], seconds: float = 120.0) -> list[Receipt]:
        self.seen += envelopes
        return [self.receipts.pop(0) if self.receipts else Receipt(State.ACCEPTED, 250, "ok") for _ in envelopes]


REFUSED_FOR_NOW = Receipt(State.TEMPORARY, 451, "later")
LOST = Receipt(State.TEMPORARY, None, "connection lost", unknown=True)


def test_the_offer_follows_the_confirmation_and_tells_its_rule(shop: Shop) -> None:
    number = shop.order()
    assert shop.rows() == []
    assert mail(shop) == [CONFIRMED, OFFERED]
    (row,) = shop.rows()
    first, second = row.mail.facts["products"]
    assert (first["product_id"], first["source"], first["after"]) == (POT.product_id, "rule", [LAMP.name])
    assert (first["together"], first["antecedents"], first["price"]) == (40, 100, POT.price)
    assert second["product_id"] == RUG.product_id
    assert second["source"] != "rule"
    offer = shop.offers()[number]
    assert (offer.arm, offer.made_at) == (Arm.OFFERED, shop.clock())
    assert [(item.product_id, item.unit_price) for item in offer.items] == [
        (POT.product_id, 450),
        (RUG.product_id, 9900),
    ]
    assert row.mail.letter_id is None, "the governor counts what letters cause"


def test_no_offer_while_the_confirmation_is_not_accepted(shop: Shop) -> None:
    shop.order("later-once-451@customer.example")
    assert mail(shop) == [("confirmation", MailState.QUEUED)]
    assert shop.rows() == []
    assert shop.offers() == {}
    shop.later(minutes=5)
    assert mail(shop) == [CONFIRMED, OFFERED]


def test_no_offer_after_a_confirmation_that_never_went_out(shop: Shop) -> None:
    shop.order("gone-550-5.1.1@customer.example")
    assert [kind for kind, _ in mail(shop)] == ["confirmation", "alert"]
    assert shop.offers() == {}


def test_a_confirmation_sent_twice_is_followed_once(shop: Shop) -> None:
    shop.order("drop-once-after-data@customer.example")
    assert mail(shop) == [("confirmation", MailState.QUEUED)]
    shop.later(minutes=5)
    assert mail(shop) == [CONFIRMED, OFFERED]
    assert len(shop.kept("is booked")) == 2
    assert len(shop.rows()) == 1


def test_an_offer_whose_connection_broke_after_data_is_never_sent_again(shop: Shop) -> None:
    shop.order()
    relay = Scripted(shop, Receipt(State.ACCEPTED, 250, "ok"), LOST)
    asyncio.run(shop.mail(relay))
    (row,) = shop.rows()
    assert (row.state, row.last_reply) == (MailState.EXPIRED, "it may have been taken: connection lost")
    shop.later(days=2)
    assert mail(shop) == []


def test_an_offer_refused_before_it_was_taken_is_tried_again_until_it_expires(shop: Shop) -> None:
    shop.order()
    asyncio.run(shop.mail(Scripted(shop, Receipt(State.ACCEPTED, 250, "ok"), REFUSED_FOR_NOW)))
    assert [row.state for row in shop.rows()] == [MailState.QUEUED]
    shop.later(minutes=2)
    asyncio.run(shop.mail(Scripted(shop, REFUSED_FOR_NOW)))
    shop.later(hours=25)
    assert mail(shop) == []
    assert [(row.state, row.attempts) for row in shop.rows()] == [(MailState.EXPIRED, 2)]


@pytest.mark.parametrize("when", ["before the confirmation is out", "after the offer was made"])
def test_an_order_cancelled_meanwhile_gets_no_offer(shop: Shop, when: str) -> None:
    number = shop.order()
    if when.startswith("after"):
        asyncio.run(shop.dispatch().step())
        assert len(shop.rows()) == 1
    with shop.house.shop.transaction() as connection:
        assert orders.cancel(connection, [number], shop.clock() - timedelta(days=30), "test")
    mail(shop)
    assert [row.state for row in shop.rows()] == ([MailState.SUPPRESSED] if when.startswith("after") else [])
    assert shop.kept("After your order") == []


def test_stop_between_making_and_sending_is_heard(shop: Shop) -> None:
    shop.order()
    asyncio.run(shop.dispatch().step())
    assert shop.write(ADA, "stop").reason == "stopped"
    assert [kind for kind, _ in mail(shop)] == ["preferences"]
    assert [(row.state, row.last_reply) for row in shop.rows()] == [(MailState.SUPPRESSED, "stopped")]
    shop.order(ADA, f"{RUG.product_id}, 2")
    assert mail(shop) == [CONFIRMED]
    shop.write(ADA, "start")
    shop.later(days=8)
    shop.order(ADA, f"{RUG.product_id}, 3")
    assert [kind for kind, _ in mail(shop)] == ["preferences", "confirmation", "offer"]


def test_stop_by_one_reply_to_the_offer_cancels_no_order(shop: Shop) -> None:
    number = shop.order()
    mail(shop)
    (row,) = shop.rows()
    handled = shop.write(ADA, "Re: an idea", "stop\n", In_Reply_To=f"<{row.mail.token}@shop.example>")
    assert handled.reason == "stopped"
    assert shop.orders()[number].closed_at is None
    with shop.house.shop.reading() as connection:
        assert customers.offers_refused(connection, {row.mail.hashed_email or ""})


def test_a_yes_orders_what_was_offered_and_is_confirmed(shop: Shop) -> None:
    first = shop.order()
    mail(shop)
    (row,) = shop.rows()
    shop.later(minutes=1)
    handled = shop.write(ADA, "Re: an idea", "Yes, number 2\n", In_Reply_To=f"<{row.mail.token}@shop.example>")
    assert (handled.outcome.value, handled.reason) == ("done", "placed")
    found = shop.orders()
    (new,) = set(found) - {first}
    assert [(line.product_id, line.quantity, line.unit_price) for line in found[new].lines] == [
        (RUG.product_id, 1, 9900)
    ]
    assert found[new].address_id == found[first].address_id
    assert mail(shop) == [CONFIRMED]
    with shop.house.shop.reading() as connection:
        figures = offers.figures(connection, None, None, 14)
    assert (figures.sent, figures.offered.orders, figures.offered.converted, figures.offered.cents) == (1, 1, 1, 9900)


def test_the_second_order_of_the_week_gets_none(shop: Shop) -> None:
    shop.order()
    mail(shop)
    shop.order(ADA, f"{LAMP.product_id}, 3")
    assert mail(shop) == [CONFIRMED]
    shop.later(days=8)
    shop.order(ADA, f"{LAMP.product_id}, 4")
    assert mail(shop) == [CONFIRMED, OFFERED]


def test_two_confirmations_of_one_person_in_one_portion_are_followed_once(shop: Shop) -> None:
    shop.order(ADA, f"{LAMP.product_id}, 1")
    shop.order(ADA, f"{LAMP.product_id}, 2")
    shop.order(BEN)
    states = mail(shop)
    assert states.count(CONFIRMED) == 3
    assert states.count(OFFERED) == len(shop.rows()) == len(shop.offers()) == 2


def test_nothing_is_made_when_offers_are_off(new_shop: NewShop) -> None:
    shop = new_shop(enabled=False)
    shop.order()
    assert mail(shop) == [CONFIRMED]
    assert shop.offers() == {}


def test_without_rules_and_sales_there_is_nothing_to_offer(shop: Shop) -> None:
    with shop.house.shop.transaction() as connection:
        for table in ("rule", "popularity"):
            connection.exec_driver_sql(f"DELETE FROM {table}")
    shop.order()
    assert mail(shop) == [CONFIRMED]
    assert shop.offers() == {}


def test_what_was_just_taken_out_of_an_order_is_not_offered(new_shop: NewShop) -> None:
    shop = new_shop(per_person_week=9)
    number = shop.order(ADA, f"{POT.product_id}, 1", f"{RUG.product_id}, 1")
    shop.later(minutes=1)
    assert shop.write(ADA, f"change {number}", f"Items:\n{RUG.product_id}, 1\n").reason == "changed"
    shop.order(ADA)
    mail(shop)
    told = [item["product_id"] for row in shop.rows() for item in row.mail.facts["products"]]
    assert POT.product_id not in told
    shop.later(days=31)
    later = shop.order(ADA, f"{LAMP.product_id}, 2")
    mail(shop)
    assert POT.product_id in [item.product_id for item in shop.offers()[later].items]


# -- the draw


def test_who_is_held_out_is_recorded_with_what_they_would_have_got(new_shop: NewShop) -> None:
    shop = new_shop(holdout_share=1.0)
    number = shop.order()
    assert mail(shop) == [CONFIRMED]
    assert shop.rows() == []
    offer = shop.offers()[number]
    assert offer.arm is Arm.HELD_OUT
    assert [item.product_id for item in offer.items] == [POT.product_id, RUG.product_id]
    shop.order(ADA, f"{LAMP.product_id}, 3")
    mail(shop)
    assert len(shop.offers()) == 1, "held out for the week, as the others have theirs"


@given(st.floats(0, 1), st.text(min_size=1, max_size=20))
def test_the_share_held_out_is_the_one_asked_for_and_the_same_again(share: float, seed: str) -> None:
    numbers = [f"MO-{number:04}-{number * 7919 % 10_000:04}" for number in range(2_000)]
    drawn = [arm_of(number, seed, share) for number in numbers]
    assert drawn == [arm_of(number, seed, share) for number in numbers]
    held_out = sum(arm is Arm.HELD_OUT for arm in drawn)
    # Six standard deviations of 2,000 draws.
    assert abs(held_out - 2_000 * share) <= 6 * (2_000 * share * (1 - share)) ** 0.5 + 1e-9


def test_a_larger_share_holds_out_the_same_orders_and_more() -> None:
    numbers = [f"MO-{number:04}" for number in range(1_000)]
    small, large = ({n for n in numbers if arm_of(n, "1", share) is Arm.HELD_OUT} for share in (0.1, 0.3))
    assert small < large
    assert small != {n for n in numbers if arm_of(n, "2", 0.1) is Arm.HELD_OUT}


# -- what breaks


class Poisoned(Campaign):
    """Cannot make an offer for one order."""

    poison = ""

    def open_orders(self, connection: Connection, numbers: Sequence[str], now: datetime) -> Any:
        if self.poison in numbers:
            raise ValueError("this order breaks the code")
        return super().open_orders(connection, numbers, now)


def test_an_order_that_no_offer_can_be_made_for_costs_only_its_own(shop: Shop) -> None:
    bad, good = shop.order(), shop.order(BEN)
    campaign = Poisoned(shop.house.config, shop.house.suggesting)
    campaign.poison = bad
    house = shop.house

    async def work() -> None:
        relay = Relay(house.config.smtp)
        dispatch = house.dispatch(relay)
        dispatch.following = campaign
        while await dispatch.step():
            pass
        await relay.close()

    asyncio.run(work())
    assert [row.state for row in shop.rows("confirmation")] == [MailState.SENT] * 2
    assert set(shop.offers()) == {good}
    shop.later(hours=1)
    assert mail(shop) == []
    assert len(shop.kept("is booked")) == 2


def test_the_operator_hears_once_a_day_that_offers_cannot_be_worded(shop: Shop, tmp_path: Any) -> None:
    (tmp_path / "broken" / "offer").mkdir(parents=True)
    (tmp_path / "broken" / "offer" / "body.txt").write_text("{{ nothing_of_the_kind }}")
    for number in range(5):
        shop.order(f"customer{number}@customer.example")
    shop.house = replace(shop.house, wording=Wording(shop.house.config.shop, tmp_path / "broken"))
    states = mail(shop)
    assert states.count(("offer", MailState.QUEUED)) == 5
    assert states.count(("alert", MailState.SENT)) == 1


class Killed(BaseException):
    """The process is gone."""


STEPS = (
    *("order ada", "order ben", "step", "step", "wait", "stop ada"),
    *("dies in DATA", "dies before commit", "dies after"),
)
BOUNDS = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # each example opens a shop: shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@BOUNDS
@given(st.lists(st.sampled_from(STEPS), max_size=14))
def test_an_orders_offer_goes_out_at_most_once_whatever_dies(new_shop: NewShop, steps: list[str]) -> None:
    """And never before its confirmation, and never to Ada once she said stop."""
    shop = new_shop(per_person_week=99)
    relay = Mortal(shop)
    stopped = None
    for number, what in enumerate([*steps, "wait", "step", "step"]):
        if what.startswith("order"):
            shop.order(f"{what.split()[1]}@customer.example", f"{LAMP.product_id}, {number + 1}")
        elif what == "stop ada":
            shop.write(ADA, "stop")
            stopped = stopped if stopped is not None else len(relay.taken)
        elif what == "wait":
            shop.later(minutes=10)
        else:
            relay.step(what)
        promised(shop, relay.taken, stopped)
    confirmed = {row.mail.order_number for row in shop.rows("confirmation") if row.state is MailState.SENT}
    assert {row.mail.order_number for row in shop.rows()} <= confirmed
    assert set(shop.offers()) <= confirmed


def promised(shop: Shop, taken: list[tuple[str, str, str]], stopped: int | None) -> None:
    by_order: dict[str, list[str]] = {}
    for kind, number, _ in taken:
        by_order.setdefault(number, []).append(kind)
    for kinds in by_order.values():
        assert kinds.count("offer") <= 1
        assert "offer" not in kinds or kinds[0] == "confirmation"
    if stopped is not None:
        assert not [one for one in taken[stopped:] if one[0] == "offer" and one[2] == ADA]


class Mortal(Relay):
    """Takes every mail, and may die while it does: the process is killed once the first is taken."""

    def __init__(self, shop: Shop) -> None:
        super().__init__(shop.house.config.smtp)
        self.shop, self.dying = shop, False
        self.taken: list[tuple[str, str, str]] = []

    async def send(self, envelopes: Sequence[Envelope], seconds: float = 120.0) -> list[Receipt]:
        tokens = {row.mail.token: row.mail for kind in ("offer", "confirmation") for row in self.shop.rows(kind)}
        for envelope in envelopes:
            mail = named(envelope, tokens)
            if mail is not None:
                self.taken.append((mail.kind, mail.order_number or "", envelope.recipient))
            if self.dying:
                raise Killed
        return [Receipt(State.ACCEPTED, 250, "ok")] * len(envelopes)

    def step(self, what: str) -> None:
        dispatch = self.shop.house.dispatch(self)
        self.dying = what == "dies in DATA"
        if what == "dies before commit":
            dispatch.following = Deadly(dispatch.following)  # type: ignore[assignment]
        if what == "dies after":
            dispatch.settle = raise_killed(dispatch.settle)  # type: ignore[method-assign]
        try:
            asyncio.run(dispatch.step())
        except Killed:
            assert what.startswith("dies")
        self.dying = False


class Deadly:
    """Follows, and dies with the transaction open."""

    def __init__(self, following: Any) -> None:
        self.following = following

    def brakes(self, now: datetime) -> Any:
        return self.following.brakes(now)

    def after_sent(self, connection: Connection, sent: Sequence[QueuedMail], now: datetime) -> list[Mail]:
        self.following.after_sent(connection, sent, now)
        raise Killed


def raise_killed(settle: Callable[..., Any]) -> Callable[..., Any]:
    def settled(tried: Any) -> Any:
        settle(tried)
        raise Killed

    return settled


def named(envelope: Envelope, tokens: dict[str, Mail]) -> Mail | None:
    head = envelope.message.partition(b"\r\n\r\n")[0].decode()
    return next((mail for token, mail in tokens.items() if token in head), None)
