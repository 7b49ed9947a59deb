"""A yes to an offer is an order like any other, of just what was taken; stop is heard whatever else is wrong."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.decide import Decision, Facts, decide
from daemon.letter import Verdict
from daemon.request.shapes import Ask, AskKind, CancelOrder, Fault, ForPerson, Reason, Unclear, Yes
from store.facts import Order, OrderState, Outcome, Product, QueuedMail
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    HOME,
    LAMP,
    NOW,
    NUMBER,
    OFFICE,
    OLD_RUG,
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

RUG = replace(OLD_RUG, active=True)
HOME_ID, OFFICE_ID = place_of(ADA, HOME).address_id, place_of(ADA, OFFICE).address_id


def an_offer(order: Order, *products: Product, to: str = ADA) -> QueuedMail:
    told = [{"product_id": one.product_id, "name": one.name, "price": one.price} for one in products]
    return our_mail(order, to=to, kind="offer", facts={"number": order.number, "products": told})


def books(*products: Product, order: Order | None = None, **said: Any) -> Facts:
    """An order that was placed a day ago, and the offer that followed it."""
    followed = order or an_order(arrived_at=ago(days=1), placed_at=ago(days=1))
    shelf = {one.key: one for one in (LAMP, POT, RUG)}
    return known(followed, mails=[an_offer(followed, *(products or (POT, RUG)))], **({"products": shelf} | said))


def says(facts: Facts, request: Yes, **said: Any) -> Decision:
    return decide(case(request, answering=["mail"], **said), facts, CONFIG, NOW)


def ordered(decision: Decision) -> list[tuple[str, int, int]]:
    assert decision.book is not None, decision
    return [(line.product_id, line.quantity, line.unit_price) for line in decision.book.lines]


def is_refused(decision: Decision, *reasons: str) -> list[dict[str, Any]]:
    """Nothing is booked; what the answer proposes to send instead."""
    assert unchanged(decision)
    assert decision.outcome is Outcome.REFUSED
    answer = the_answer(decision)
    assert answer.kind == "refusal"
    assert [fault["reason"] for fault in answer.words["faults"]] == list(reasons)
    corrected = answer.words["corrected"]
    return list(corrected["items"]) if corrected else []


@pytest.mark.parametrize(
    ("request_", "product"),
    [(Yes(), POT), (Yes(choice=1), POT), (Yes(choice=2), RUG), (Yes(choice=2, more=True), RUG)],
)
def test_yes_takes_the_first_and_yes_2_the_second(request_: Yes, product: Product) -> None:
    decision = says(books(), request_)
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "placed")
    assert ordered(decision) == [(product.product_id, 1, product.price)]
    assert the_answer(decision).kind == "confirmation"
    told = the_answer(decision).facts
    assert (told["address_reused"], told["address_of"]) == (True, NUMBER)


def test_of_one_product_a_number_is_how_many() -> None:
    assert ordered(says(books(POT), Yes(count=2))) == [(POT.product_id, 2, POT.price)]


@pytest.mark.parametrize("request_", [Yes(count=2), Yes(choice=3), Yes(choice=0), Yes(more=True), Yes(count=7)])
def test_what_is_not_certain_is_asked_back(request_: Yes) -> None:
    assert len(is_refused(says(books(), request_), "which_product")) == 1


def test_asking_back_proposes_what_was_likeliest_meant() -> None:
    assert [item["product_id"] for item in is_refused(says(books(), Yes(count=2)), "which_product")] == [RUG.product_id]
    is_refused(says(books(POT), Yes(choice=2)), "which_product")
    is_refused(says(books(POT), Yes(more=True)), "which_product")


def test_none_of_one_product_is_no_order() -> None:
    assert unchanged(says(books(POT), Yes(count=0)))


@pytest.mark.parametrize("price", [POT.price + 1, POT.price - 1])
def test_another_price_than_offered_is_asked_back_with_todays(price: int) -> None:
    shelf = {one.key: one for one in (LAMP, replace(POT, price=price), RUG)}
    (item,) = is_refused(says(books(products=shelf), Yes()), "price_changed")
    assert (item["product_id"], item["unit_price"]) == (POT.product_id, price)


@pytest.mark.parametrize(
    ("pot", "reason"),
    [
        (replace(POT, on_hand=0), "not_enough_stock"),
        (replace(POT, active=False), "retired_product"),
        (None, "unknown_product"),
    ],
    ids=["sold out", "retired", "deleted"],
)
def test_what_is_gone_meanwhile_is_refused(pot: Product | None, reason: str) -> None:
    shelf = {one.key: one for one in (LAMP, RUG, *([pot] if pot else []))}
    is_refused(says(books(products=shelf), Yes()), reason)


def test_it_goes_to_where_the_order_before_the_offer_went() -> None:
    elsewhere = an_order(number="MO-3333-3333", ship_to=OFFICE, arrived_at=ago(hours=1))
    facts = books()
    facts.orders[elsewhere.number] = elsewhere
    decision = says(facts, Yes())
    assert decision.book is not None
    assert decision.book.address_id == HOME_ID


def test_after_a_cancelled_order_it_goes_to_the_last_that_stands() -> None:
    gone = an_order(state=OrderState.CANCELLED, closed_at=ago(hours=2))
    decision = says(books(order=gone, last_address={ADA: (ago(days=3), "MO-3333-3333", OFFICE_ID)}), Yes())
    assert decision.book is not None
    assert decision.book.address_id == OFFICE_ID
    assert the_answer(decision).facts["address_of"] is None
    assert is_refused(says(books(order=gone), Yes()), "no_address")


def test_a_proven_yes_does_not_go_where_an_unproven_order_went() -> None:
    assert is_refused(says(books(), Yes(), verdict=Verdict.PASS), "no_address")
    decision = says(books(proven={NUMBER}), Yes(), verdict=Verdict.PASS)
    assert decision.book is not None
    assert decision.book.address_id == HOME_ID


def test_an_erased_address_is_asked_for() -> None:
    nowhere = an_order(arrived_at=ago(days=1), address_id=None)
    assert is_refused(says(books(order=nowhere), Yes()), "no_address")


def test_the_same_yes_again_at_once_is_held() -> None:
    facts = books()
    first = case(Yes(), answering=["mail"])
    facts.absorb(first, decide(first, facts, CONFIG, NOW), NOW)
    again = says(facts, Yes())
    assert (again.outcome, again.reason) == (Outcome.HELD, "same_order")


def test_the_offer_to_somebody_else_cannot_be_taken() -> None:
    decision = says(books(), Yes(), sender=BEN)
    assert unchanged(decision)
    assert decision.reason == "yes_to_what"


def test_an_offer_cannot_be_cancelled_by_reply_nor_the_order_before_it() -> None:
    decision = decide(case(CancelOrder(()), answering=["mail"]), books(), CONFIG, NOW)
    assert unchanged(decision)
    assert decision.reason == "which_order"


def test_a_number_in_reply_to_another_mail_is_for_a_person() -> None:
    order = an_order()
    facts = known(order, mails=[our_mail(order)])
    assert says(facts, Yes(count=2)).outcome is Outcome.PERSON
    held = an_order(state=OrderState.HELD)
    assert says(known(held, mails=[our_mail(held, kind="held")]), Yes(choice=2)).reason == "yes_to_what"


def test_stop_and_start_are_noted_and_answered() -> None:
    for kind, offers, reason in ((AskKind.STOP, False, "stopped"), (AskKind.START, True, "started")):
        decision = decide(case(Ask(kind)), known(), CONFIG, NOW)
        assert (decision.outcome, decision.reason, decision.offers) == (Outcome.DONE, reason, offers)
        assert the_answer(decision).kind == "preferences"
        assert the_answer(decision).facts == {"offers": offers}
        assert unchanged(decision)


@pytest.mark.parametrize("kind", ["offer", "confirmation"])
def test_stop_in_reply_is_a_stop_and_cancels_nothing(kind: str) -> None:
    order = an_order()
    facts = known(order, mails=[our_mail(order, kind=kind, facts={"products": []})])
    decision = decide(case(Ask(AskKind.STOP), answering=["mail"]), facts, CONFIG, NOW)
    assert decision.offers is False
    assert unchanged(decision)


@pytest.mark.parametrize(
    ("of_letter", "of_facts"),
    [
        ({}, {"suppressed": {ADA}}),
        ({}, {"answers": {ADA: 20}}),
        ({}, {"answers": {ADA: 500}, "slowed": {ADA}}),
        ({"whole": False}, {}),
        ({"old": True}, {}),
        ({"auto_forwarded": True}, {}),
    ],
    ids=["suppressed", "at the limit", "over the limit", "too large", "old", "forwarded"],
)
def test_a_stop_is_heard_whatever_keeps_it_from_being_answered(of_letter: Any, of_facts: Any) -> None:
    assert decide(case(Ask(AskKind.STOP), **of_letter), known(**of_facts), CONFIG, NOW).offers is False


def test_a_stop_with_something_else_beside_it_is_heard_and_the_rest_asked_back() -> None:
    both = Unclear("stop", (Fault(None, "stop", Reason.SUBJECT_AND_BODY_DIFFER),))
    decision = decide(case(both), known(), CONFIG, NOW)
    assert (decision.offers, decision.outcome) == (False, Outcome.REFUSED)
    assert decide(case(replace(both, kind="order")), known(), CONFIG, NOW).offers is None


@pytest.mark.parametrize("of_facts", [{}, {"answers": {ADA: 500}, "slowed": {ADA}}, {"suppressed": {ADA}}])
@pytest.mark.parametrize("request_", [ForPerson("doubt"), Unclear("help", (Fault(None, "", Reason.EMPTY),))])
def test_a_stop_somewhere_in_the_letter_is_heard(request_: Any, of_facts: Any) -> None:
    facts = known(**of_facts)
    assert decide(case(request_, says_stop=True), facts, CONFIG, NOW).offers is False
    assert decide(case(request_), facts, CONFIG, NOW).offers is None
    told = [one for one in decide(case(request_, says_stop=True), facts, CONFIG, NOW).answers if one.role is None]
    assert not told or told[-1].kind == "preferences", "who is told that nothing was done is told of the stop, too"
    assert decide(case(request_, says_stop=True, verdict=Verdict.FAIL), facts, CONFIG, NOW).offers is None


def test_only_a_stop_that_is_certainly_forged_is_not() -> None:
    assert decide(case(Ask(AskKind.STOP), verdict=Verdict.FAIL), known(), CONFIG, NOW).offers is None
    assert decide(case(Ask(AskKind.STOP), verdict=Verdict.NONE), known(), CONFIG, NOW).offers is False


def test_a_start_needs_to_be_heard_like_any_letter() -> None:
    assert decide(case(Ask(AskKind.START)), known(suppressed={ADA}), CONFIG, NOW).offers is None
    assert decide(case(Ask(AskKind.START), verdict=Verdict.FAIL), known(), CONFIG, NOW).offers is None
