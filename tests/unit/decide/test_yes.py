"""A "yes" books the order that was held for a question, once, and only for whom it was held."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.decide import Decision, Facts, decide
from daemon.request.shapes import Fault, PlaceOrder, Reason, Yes
from store.facts import Order, OrderLine, OrderState, Outcome, QueuedMail
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    HOME,
    LAMP,
    NOW,
    NUMBER,
    OFFICE,
    POT,
    ago,
    an_order,
    case,
    known,
    later,
    our_mail,
    place_of,
    the_answer,
    unchanged,
    wants,
)


def held(**said: Any) -> Order:
    waited = {"arrived_at": ago(days=1), "placed_at": ago(days=1), "cancel_until": ago(hours=2)}
    return an_order(**({"state": OrderState.HELD} | waited | said))


def yes(facts: Facts, *numbers: str, **said: Any) -> Decision:
    return decide(case(Yes(numbers), **said), facts, CONFIG, NOW)


def is_asked_back(decision: Decision) -> bool:
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "yes_to_what")
    return unchanged(decision)


def test_a_yes_in_the_thread_books_the_held_order() -> None:
    order = held()
    decision = yes(known(order, mails=[our_mail(order, kind="held")]), answering=["mail"])
    placed = replace(order, state=OrderState.PLACED, placed_at=NOW, cancel_until=later(hours=24))
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "placed_after_question")
    assert decision.release == placed
    assert decision.book is None
    assert the_answer(decision).kind == "confirmation"
    assert the_answer(decision).order_number == decision.order_number == NUMBER
    assert the_answer(decision).facts["cancel_until"] == later(hours=24).isoformat()


def test_a_yes_by_number_books_the_held_order() -> None:
    assert yes(known(held()), NUMBER).reason == "placed_after_question"


def test_the_price_asked_about_is_the_price() -> None:
    dear = replace(LAMP, price=9999)
    decision = yes(known(held(), products={LAMP.key: dear}), NUMBER)
    assert decision.release is not None
    assert decision.release.total == 2 * LAMP.price
    assert the_answer(decision).facts["total"] == 2 * LAMP.price


def test_a_yes_to_the_held_order_of_somebody_else_is_asked_back() -> None:
    order = held(owner=BEN)
    assert is_asked_back(yes(known(order), NUMBER, sender=ADA))
    assert is_asked_back(yes(known(order, mails=[our_mail(order, to=BEN)]), sender=ADA, answering=["mail"]))


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.CANCELLED, OrderState.FULFILLED])
def test_a_yes_to_what_waits_for_none_books_nothing_more_and_tells_how_it_stands(state: OrderState) -> None:
    order = held(state=state)
    answering = yes(known(order, mails=[our_mail(order, kind="held")]), answering=["mail"])
    for decision in (yes(known(order), NUMBER), answering):
        assert is_told_how_it_stands(decision, state)


def is_told_how_it_stands(decision: Decision, state: OrderState) -> bool:
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "needs_no_yes")
    answer = the_answer(decision)
    assert (answer.kind, answer.facts["said_yes"]) == ("status", True)
    assert [(one["number"], one["state"]) for one in answer.facts["orders"]] == [(NUMBER, state.value)]
    return unchanged(decision)


def test_a_yes_to_a_change_that_was_refused_is_asked_back() -> None:
    order = an_order()
    books = known(order, mails=[our_mail(order, kind="not_changed")])
    assert is_asked_back(yes(books, answering=["mail"]))


def refusal_of(request: PlaceOrder, **said: Any) -> QueuedMail:
    """The mail that refuses this order, as it lies in the outbox."""
    answer = the_answer(decide(case(request), known(**said), CONFIG, NOW))
    assert answer.kind == "refusal"
    return our_mail(kind="refusal", facts=answer.facts)


def test_a_yes_to_a_refusal_books_nothing_and_shows_the_order_put_right_again() -> None:
    refusal = refusal_of(wants((LAMP, 99), (POT, 1)))
    decision = yes(known(mails=[refusal]), answering=["mail"])
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "yes_to_refusal")
    answer = the_answer(decision)
    assert [one["reason"] for one in answer.words["faults"]] == ["yes_to_refusal"]
    told = [(one["product_id"], one["quantity"]) for one in answer.words["corrected"]["items"]]
    assert told == [(LAMP.product_id, 10), (POT.product_id, 1)]
    assert answer.facts["address_id"] == place_of(ADA, HOME).address_id
    assert unchanged(decision)


def test_a_yes_to_a_refusal_shows_what_there_is_by_now() -> None:
    refusal = refusal_of(wants((LAMP, 99)))
    few = {LAMP.key: replace(LAMP, on_hand=4)}
    answer = the_answer(yes(known(mails=[refusal], products=few), answering=["mail"]))
    assert [one["quantity"] for one in answer.words["corrected"]["items"]] == [4]
    assert [one["reason"] for one in answer.words["faults"]] == ["yes_to_refusal", "not_enough_stock"]


def test_a_yes_to_a_refusal_for_its_address_asks_for_it_again_also_of_who_has_a_last_one() -> None:
    two = Fault(None, "", Reason.TWO_ADDRESSES)
    refusal = refusal_of(wants((LAMP, 1), ship_to=None, faults=(two,)))
    decision = yes(known(an_order(number="MO-AAAA-AAAA"), mails=[refusal]), answering=["mail"])
    answer = the_answer(decision)
    assert [one["reason"] for one in answer.words["faults"]] == ["yes_to_refusal", "no_address"]
    assert answer.words["corrected"]["items"][0]["quantity"] == 1
    assert "address_id" not in answer.facts


def test_a_yes_to_the_refusal_of_a_yes_is_answered_the_same() -> None:
    refusal = refusal_of(wants((LAMP, 99)))
    again = our_mail(kind="refusal", facts=the_answer(yes(known(mails=[refusal]), answering=["mail"])).facts)
    answer = the_answer(yes(known(mails=[again]), answering=["mail"]))
    assert [one["quantity"] for one in answer.words["corrected"]["items"]] == [10]
    assert answer.facts["address_id"] == place_of(ADA, HOME).address_id


def test_a_yes_to_the_refusal_of_somebody_else_shows_nothing_of_it() -> None:
    stolen = replace(refusal_of(wants((LAMP, 99))), mail=replace(refusal_of(wants((LAMP, 99))).mail, hashed_email=BEN))
    assert is_asked_back(yes(known(mails=[stolen]), answering=["mail"]))


def test_a_yes_to_nothing_is_asked_back() -> None:
    assert is_asked_back(yes(known()))
    assert is_asked_back(yes(known(), NUMBER))
    assert is_asked_back(yes(known(held())))
    assert is_asked_back(yes(known(held(), mails=[our_mail()]), answering=["mail"]))


def test_a_yes_to_two_orders_is_asked_back() -> None:
    books = known(held(), held(number="MO-AAAA-AAAA"))
    assert is_asked_back(yes(books, NUMBER, "MO-AAAA-AAAA"))


@pytest.mark.parametrize(
    ("lamp", "reason"),
    [
        (replace(LAMP, on_hand=1), "not_enough_stock"),
        (replace(LAMP, on_hand=0), "not_enough_stock"),
        (replace(LAMP, active=False), "retired_product"),
    ],
    ids=["too few", "none", "retired"],
)
def test_what_is_gone_meanwhile_is_refused_and_stays_held(lamp: Any, reason: str) -> None:
    decision = yes(known(held(), products={LAMP.key: lamp}), NUMBER)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, reason)
    assert the_answer(decision).kind == "refusal"
    assert unchanged(decision)


def test_a_product_deleted_meanwhile_is_refused() -> None:
    assert yes(known(held(), products={POT.key: POT}), NUMBER).reason == "unknown_product"


def test_the_stock_counts_for_all_lines_of_a_product_together() -> None:
    """Past orders may hold a product at two prices."""
    lines = (OrderLine(POT.product_id, "Pot", 2, 450), OrderLine(POT.product_id, "Pot", 2, 400))
    assert yes(known(held(lines=lines)), NUMBER).reason == "not_enough_stock"


def test_yes_twice_in_one_batch_books_once() -> None:
    facts = known(held())
    asked = case(Yes((NUMBER,)))
    facts.absorb(asked, decide(asked, facts, CONFIG, NOW), NOW)
    assert is_told_how_it_stands(yes(facts, NUMBER), OrderState.PLACED)
    assert facts.products[LAMP.key].on_hand == LAMP.on_hand - 2


BESIDE = (Fault(2, "but blue", Reason.SAID_BESIDE),)


@pytest.mark.parametrize("said", [{"faults": BESIDE}, {"more": True}, {"ship_to": OFFICE}])
def test_a_yes_with_something_beside_it_shows_the_held_order_and_books_nothing(said: dict[str, Any]) -> None:
    place = place_of(ADA, OFFICE) if "ship_to" in said else None
    decision = decide(case(Yes((NUMBER,), **said), address=place), known(held()), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "said_beside")
    answer = the_answer(decision)
    assert [one["quantity"] for one in answer.words["corrected"]["items"]] == [2]
    assert answer.facts["address_id"] == (place or place_of(ADA, HOME)).address_id
    assert unchanged(decision)


def test_a_yes_with_something_beside_it_to_what_is_booked_is_read_by_a_person() -> None:
    decision = decide(case(Yes((NUMBER,), faults=BESIDE)), known(held(state=OrderState.PLACED)), CONFIG, NOW)
    assert decision.outcome is Outcome.PERSON
    assert unchanged(decision)


def test_a_yes_to_a_refusal_is_shown_the_address_that_it_tells() -> None:
    facts = known(mails=[refusal_of(wants((LAMP, 99)))])
    asked = case(Yes(ship_to=OFFICE), address=place_of(ADA, OFFICE), answering=["mail"])
    answer = the_answer(decide(asked, facts, CONFIG, NOW))
    assert answer.words["corrected"]["ship_to"]["lines"] == list(OFFICE.lines)
    assert answer.facts["address_id"] == place_of(ADA, OFFICE).address_id
