"""The same order once more: for whom it was booked, at today's prices, asked first when it costs more or is gone."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.decide import Decision, Facts, decide
from daemon.request.shapes import Ask, AskKind, Fault, Reason
from store.facts import Order, OrderLine, OrderState, Outcome
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    LAMP,
    NOW,
    NUMBER,
    OFFICE,
    POT,
    ago,
    an_order,
    case,
    known,
    our_mail,
    place_of,
    the_answer,
    unchanged,
)

LAST_WEEK: dict[str, Any] = {"arrived_at": ago(days=7), "placed_at": ago(days=7), "cancel_until": ago(days=6)}


def again(facts: Facts, number: str = NUMBER, **said: Any) -> Decision:
    return decide(case(Ask(AskKind.AGAIN, number), **said), facts, CONFIG, NOW)


def booked(decision: Decision) -> Order:
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "placed")
    assert decision.book is not None
    return decision.book


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.CANCELLED, OrderState.FULFILLED])
def test_it_is_booked_anew(state: OrderState) -> None:
    order = an_order((LAMP, 2), (POT, 1), state=state, **LAST_WEEK)
    new = booked(again(known(order)))
    assert new.number != order.number
    assert (new.lines, new.address_id, new.state) == (order.lines, order.address_id, OrderState.PLACED)
    assert new.placed_at == NOW


def test_right_after_the_first_it_is_no_repetition_by_mistake_but_the_third_is() -> None:
    facts = known(an_order())
    asked = case(Ask(AskKind.AGAIN, NUMBER))
    first = decide(asked, facts, CONFIG, NOW)
    booked(first)
    facts.absorb(asked, first, NOW)
    assert again(facts).reason == "same_order"


def test_the_thread_says_which() -> None:
    order = an_order(**LAST_WEEK)
    assert booked(again(known(order, mails=[our_mail(order)]), number="", answering=["mail"])).lines == order.lines
    assert again(known(order), number="").reason == "which_order"


def test_what_is_cheaper_now_is_simply_booked() -> None:
    cheap = replace(LAMP, price=LAMP.price - 1)
    assert booked(again(known(an_order((LAMP, 2), **LAST_WEEK), products={LAMP.key: cheap}))).total == 2 * cheap.price


def test_what_got_dearer_is_asked_about_at_the_new_price() -> None:
    dear = replace(LAMP, price=LAMP.price + 1)
    order = an_order((LAMP, 2), **LAST_WEEK)
    decision = again(known(order, products={LAMP.key: dear}))
    assert (decision.outcome, decision.reason) == (Outcome.HELD, "dearer")
    assert decision.book is not None
    assert (decision.book.state, decision.book.total) == (OrderState.HELD, 2 * dear.price)
    assert the_answer(decision).facts["earlier"]["total"] == order.total


def test_a_past_order_at_two_prices_got_dearer_above_the_higher_one() -> None:
    lines = (OrderLine(POT.product_id, "Pot", 1, POT.price - 50), OrderLine(POT.product_id, "Pot", 1, POT.price))
    assert booked(again(known(an_order(lines=lines, **LAST_WEEK)))).total == 2 * POT.price
    dear = replace(POT, price=POT.price + 1)
    assert again(known(an_order(lines=lines, **LAST_WEEK), products={POT.key: dear})).reason == "dearer"


@pytest.mark.parametrize(
    ("lamp", "reason"),
    [(replace(LAMP, on_hand=1), "not_enough_stock"), (replace(LAMP, active=False), "retired_product")],
)
def test_what_is_gone_is_refused_with_what_there_is(lamp: Any, reason: str) -> None:
    order = an_order((LAMP, 2), (POT, 1), **LAST_WEEK)
    decision = again(known(order, products={LAMP.key: lamp, POT.key: POT}))
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, reason)
    assert unchanged(decision)
    assert the_answer(decision).facts["address_id"] == order.address_id


def test_an_order_whose_address_is_gone_asks_for_one() -> None:
    assert again(known(an_order(address_id=None, **LAST_WEEK))).reason == "no_address"


def test_somebody_elses_order_is_as_unknown_as_none() -> None:
    theirs, none = again(known(an_order(owner=BEN, **LAST_WEEK))), again(known())
    assert theirs.reason == none.reason == "which_order"
    assert the_answer(theirs).words == the_answer(none).words
    assert unchanged(theirs)


def test_a_held_order_again_is_a_yes_to_it() -> None:
    decision = again(known(an_order(state=OrderState.HELD)))
    assert decision.reason == "placed_after_question"


BESIDE = (Fault(2, "in May", Reason.SAID_BESIDE),)


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.HELD])
def test_with_something_beside_it_books_and_releases_nothing(state: OrderState) -> None:
    order = an_order((LAMP, 2), state=state, **LAST_WEEK)
    decision = decide(case(Ask(AskKind.AGAIN, NUMBER, faults=BESIDE)), known(order), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "said_beside")
    assert unchanged(decision)
    answer = the_answer(decision)
    assert [one["quantity"] for one in answer.words["corrected"]["items"]] == [2]
    assert answer.facts["address_id"] == order.address_id


def test_it_goes_where_the_letter_says_and_never_to_the_old_place() -> None:
    order = an_order((LAMP, 2), **LAST_WEEK)
    asked = Ask(AskKind.AGAIN, NUMBER, ship_to=OFFICE)
    there = decide(case(asked, address=place_of(ADA, OFFICE)), known(order), CONFIG, NOW)
    assert booked(there).address_id == place_of(ADA, OFFICE).address_id
    assert decide(case(asked), known(order), CONFIG, NOW).reason == "no_address"
