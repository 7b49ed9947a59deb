"""A cancellation that arrived in its window always wins, outside never; nobody touches the order of anybody else."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from daemon.config import Config, OrdersConfig
from daemon.decide import Decision, decide
from daemon.decide.ordering import cancel_deadline
from daemon.request.shapes import CancelOrder, Fault, Reason
from store.facts import Order, OrderState, Outcome
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    LAMP,
    NOW,
    NUMBER,
    POT,
    ago,
    an_order,
    case,
    known,
    later,
    our_mail,
    the_answer,
    unchanged,
)

OTHER = "MO-AAAA-AAAA"
STRANGE = "MO-ZZZZ-ZZZZ"
LATE = NOW + timedelta(days=400)


def cancel(*numbers: str, books: tuple[Order, ...], now: datetime = NOW, **said: Any) -> Decision:
    return decide(case(CancelOrder(numbers), **said), known(*books), CONFIG, now)


def told(decision: Decision) -> dict[str, str]:
    """What the answer says of each order."""
    answer = the_answer(decision)
    assert answer.kind == "cancellation"
    assert answer.words == {}
    return {result["number"]: result["state"] for result in answer.facts["results"]}


@pytest.mark.parametrize("read_at", [NOW, LATE], ids=["read at once", "read much later"])
@pytest.mark.parametrize(
    ("past_deadline", "wins"),
    [
        (timedelta(hours=-24), True),
        (timedelta(microseconds=-1), True),
        (timedelta(0), True),
        (timedelta(microseconds=1), False),
        (timedelta(seconds=1), False),
        (timedelta(days=300), False),
    ],
)
def test_the_arrival_decides_and_not_the_reading(past_deadline: timedelta, wins: bool, read_at: datetime) -> None:
    order = an_order()
    decision = cancel(NUMBER, books=(order,), arrived_at=order.cancel_until + past_deadline, now=read_at)
    assert decision.cancel == ((order,) if wins else ())
    assert decision.reason == ("cancelled" if wins else "too_late")
    assert decision.outcome is (Outcome.DONE if wins else Outcome.REFUSED)
    assert told(decision) == {NUMBER: decision.reason}


def test_a_letter_that_arrived_before_its_order_was_booked_is_in_time() -> None:
    """The clocks of server and shop differ, or the order was held and booked by the operator meanwhile."""
    assert cancel(NUMBER, books=(an_order(),), arrived_at=ago(days=5)).reason == "cancelled"


@pytest.mark.parametrize("arrived_at", [ago(days=1), NOW, later(days=1)])
def test_without_a_window_nothing_can_be_cancelled(arrived_at: datetime) -> None:
    none = Config.model_construct(orders=OrdersConfig(cancel_window_hours=0))
    order = an_order(cancel_until=cancel_deadline(NOW, none))
    assert decide(case(CancelOrder((NUMBER,)), arrived_at=arrived_at), known(order), none, NOW).reason == "too_late"


def test_the_answer_tells_the_order_and_when() -> None:
    order = an_order((LAMP, 2), (POT, 1))
    decision = cancel(NUMBER, books=(order,), now=later(hours=1))
    (result,) = the_answer(decision).facts["results"]
    assert result["cancelled_at"] == later(hours=1).isoformat()
    assert result["cancel_until"] == order.cancel_until.isoformat()
    assert result["total"] == 2 * 1999 + 450
    assert [line["quantity"] for line in result["lines"]] == [2, 1]


@pytest.mark.parametrize(
    ("state", "tells"),
    [
        (OrderState.HELD, "not_booked"),
        (OrderState.CANCELLED, "already_cancelled"),
        (OrderState.FULFILLED, "fulfilled"),
    ],
)
@pytest.mark.parametrize("arrived_at", [NOW, LATE], ids=["in time", "too late"])
def test_what_is_not_placed_is_told_as_it_is(state: OrderState, tells: str, arrived_at: datetime) -> None:
    closed_at = None if state is OrderState.HELD else ago(minutes=5)
    order = an_order(state=state, closed_at=closed_at)
    decision = cancel(NUMBER, books=(order,), arrived_at=arrived_at)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, tells)
    assert unchanged(decision)
    (result,) = the_answer(decision).facts["results"]
    assert result["cancelled_at"] == (closed_at.isoformat() if closed_at else None)


def test_the_order_of_somebody_else_is_as_unknown_as_none_at_all() -> None:
    foreign = cancel(NUMBER, books=(an_order(owner=BEN),))
    nowhere = cancel(NUMBER, books=())
    assert foreign == nowhere
    assert (foreign.outcome, foreign.reason) == (Outcome.REFUSED, "unknown")
    assert foreign.order_number is None
    assert told(foreign) == {NUMBER: "unknown"}


def test_the_order_of_a_forgotten_customer_is_nobodys() -> None:
    assert cancel(NUMBER, books=(an_order(hashed_email=None),)).reason == "unknown"


def test_several_orders_each_have_their_result() -> None:
    books = (
        an_order(),
        an_order(number="MO-BBBB-BBBB", cancel_until=ago(seconds=1)),
        an_order(number="MO-CCCC-CCCC", owner=BEN),
        an_order(number="MO-DDDD-DDDD", state=OrderState.HELD),
        an_order(number="MO-EEEE-EEEE"),
    )
    decision = cancel(STRANGE, *(order.number for order in books), books=books)
    assert told(decision) == {
        STRANGE: "unknown",
        NUMBER: "cancelled",
        "MO-BBBB-BBBB": "too_late",
        "MO-CCCC-CCCC": "unknown",
        "MO-DDDD-DDDD": "not_booked",
        "MO-EEEE-EEEE": "cancelled",
    }
    assert decision.cancel == (books[0], books[4])
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "cancelled")
    assert decision.order_number == NUMBER


def test_when_none_can_be_cancelled_the_first_gives_the_reason() -> None:
    books = (an_order(cancel_until=ago(seconds=1)), an_order(number=OTHER, state=OrderState.HELD))
    assert cancel(NUMBER, OTHER, books=books).reason == "too_late"
    assert cancel(OTHER, NUMBER, books=books).reason == "not_booked"


def test_the_same_number_twice_is_one_cancellation() -> None:
    order = an_order()
    assert cancel(NUMBER, NUMBER, books=(order,)).cancel == (order,)


def test_a_number_beside_a_fault_cancels_nothing() -> None:
    request = CancelOrder((NUMBER,), (Fault(None, "MO-7K3F-9Q2O", Reason.NOT_AN_ORDER_NUMBER),))
    decision = decide(case(request), known(an_order()), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "not_an_order_number")
    assert the_answer(decision).words["faults"][0]["text"] == "MO-7K3F-9Q2O"
    assert unchanged(decision)


def reply(order: Order | None, to: str = ADA, sender: str = ADA, **mail: Any) -> Decision:
    """`cancel` without a number, in answer to a mail of ours about this order."""
    books = known(*((order,) if order else ()), mails=[our_mail(order, to=to, **mail)])
    return decide(case(CancelOrder(()), sender=sender, answering=["mail"]), books, CONFIG, NOW)


def test_a_reply_means_the_order_of_the_mail_it_answers() -> None:
    order = an_order()
    assert reply(order).cancel == (order,)


def test_a_reply_to_a_mail_about_no_order_is_asked_back() -> None:
    decision = reply(None)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "which_order")
    assert unchanged(decision)


def test_a_reply_to_a_mail_about_several_orders_is_asked_which() -> None:
    both = {"results": [{"number": NUMBER}, {"number": OTHER}]}
    assert reply(an_order(), kind="cancellation", facts=both).reason == "which_order"


def test_a_reply_to_a_mail_about_one_order_means_it() -> None:
    assert reply(an_order(), kind="cancellation", facts={"results": [{"number": NUMBER}]}).reason == "cancelled"


def test_an_answer_to_nothing_of_ours_is_asked_back() -> None:
    asked = case(CancelOrder(()), answering=["elsewhere"])
    assert decide(asked, known(an_order(), mails=[our_mail(an_order())]), CONFIG, NOW).reason == "which_order"


def test_who_answers_the_mail_of_somebody_else_cancels_nothing() -> None:
    decision = reply(an_order(owner=BEN), to=BEN, sender=ADA)
    assert decision.reason == "which_order"
    assert unchanged(decision)


def test_the_first_mail_of_ours_in_the_thread_counts() -> None:
    first, second = an_order(), an_order(number=OTHER)
    mails = [our_mail(first, token="one"), our_mail(second, token="two")]
    asked = case(CancelOrder(()), answering=["elsewhere", "two", "one"])
    assert decide(asked, known(first, second, mails=mails), CONFIG, NOW).cancel == (second,)


def test_a_number_goes_before_the_thread() -> None:
    first, second = an_order(), an_order(number=OTHER)
    asked = case(CancelOrder((OTHER,)), answering=["mail"])
    assert decide(asked, known(first, second, mails=[our_mail(first)]), CONFIG, NOW).cancel == (second,)


def test_every_part_of_the_order_comes_back_and_no_more() -> None:
    order = an_order((LAMP, 2), (POT, 3))
    facts = known(order)
    asked = case(CancelOrder((NUMBER,)))
    facts.absorb(asked, decide(asked, facts, CONFIG, NOW), NOW)
    assert facts.products[LAMP.key] == replace(LAMP, on_hand=LAMP.on_hand + 2)
    assert facts.products[POT.key] == replace(POT, on_hand=POT.on_hand + 3)
