"""A "yes" books the order that was held for a question, once, and only for whom it was held."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.decide import Decision, Facts, decide
from daemon.request.shapes import Yes
from store.facts import Order, OrderLine, OrderState, Outcome
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
def test_a_yes_to_what_is_not_held_books_nothing_more(state: OrderState) -> None:
    assert is_asked_back(yes(known(held(state=state)), NUMBER))


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
    assert is_asked_back(yes(facts, NUMBER))
    assert facts.products[LAMP.key].on_hand == LAMP.on_hand - 2
