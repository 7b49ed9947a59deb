"""A no to our question or to our offer books nothing and needs no person; whatever is more than a no does."""

from dataclasses import replace
from typing import Any

import pytest

from daemon.decide import Decision, decide
from daemon.request import read
from store.facts import Order, OrderState, Outcome, QueuedMail
from tests.unit.decide.by_hand import BEN, CONFIG, NOW, NUMBER, an_order, case, known, our_mail, the_answer, unchanged
from tests.unit.request.hand_written import letter


def answered(body: str, order: Order, mail: QueuedMail, **said: Any) -> Decision:
    written = letter(
        subject="Re: Would you like it again?",
        lines=tuple(enumerate(body.split("\n"), 1)),
        replies_to=("mail@shop.example",),
        reply=True,
    )
    made = replace(case(read(written), **said), letter=written)
    return decide(made, known(order, mails=[mail]), CONFIG, NOW)


def to_held(body: str, state: OrderState = OrderState.HELD, **said: Any) -> Decision:
    order = an_order(state=state)
    return answered(body, order, our_mail(order, kind="held"), **said)


NOS = ["no", "No.", "No, thanks", "no thank you\nAda", "Hi,\n\nNo\n\nThanks\nAda", "nope", "Nein danke", "not again"]


@pytest.mark.parametrize("body", [*NOS, "I don't want it twice", "Please don't order it again."])
def test_a_no_to_the_question_is_taken_as_that(body: str) -> None:
    decision = to_held(body)
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "declined")
    assert the_answer(decision).kind == "declined"
    assert the_answer(decision).facts == {"number": NUMBER}
    assert len(decision.answers) == 1
    assert unchanged(decision)


@pytest.mark.parametrize("body", NOS)
def test_a_no_to_an_offer_is_taken_as_that(body: str) -> None:
    order = an_order()
    offer = our_mail(order, kind="offer", facts={"products": []})
    decision = answered(body, order, offer)
    assert (decision.reason, the_answer(decision).facts) == ("declined", {"number": None})


@pytest.mark.parametrize("body", ["No, the lamp was broken", "No, make it two", "No! Cancel it", "no?", "No, why?"])
def test_what_is_more_than_a_no_is_read_by_a_person(body: str) -> None:
    decision = to_held(body)
    assert decision.reason != "declined"
    assert unchanged(decision)


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.CANCELLED, OrderState.FULFILLED])
def test_a_no_once_it_was_booked_is_read_by_a_person(state: OrderState) -> None:
    assert to_held("no", state).outcome is Outcome.PERSON


def test_a_no_to_any_other_mail_and_to_that_of_somebody_else_is_read_by_a_person() -> None:
    order = an_order()
    assert answered("no", order, our_mail(order)).outcome is Outcome.PERSON
    assert to_held("no", sender=BEN).outcome is Outcome.PERSON
