"""Letters of one batch are decided one in the light of the other, as if each had been alone."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from daemon.config import ConductConfig, Config
from daemon.decide import Case, Decision, Facts, decide
from daemon.letter import Verdict
from daemon.request.shapes import Ask, AskKind, Bounced, CancelOrder, ForPerson, Yes
from store.facts import OrderState, Outcome
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
    wants,
)


def one_by_one(cases: Sequence[Case], facts: Facts, config: Config = CONFIG) -> list[Decision]:
    """What `handle` does with a batch, without the books."""
    decisions = []
    for each in cases:
        decision = decide(each, facts, config, NOW)
        facts.absorb(each, decision, NOW)
        decisions.append(decision)
    return decisions


def reasons(cases: Sequence[Case], facts: Facts, config: Config = CONFIG) -> list[str]:
    return [decision.reason for decision in one_by_one(cases, facts, config)]


def test_the_last_piece_is_sold_once() -> None:
    batch = [case(wants((POT, 2))), case(wants((POT, 2)), BEN), case(wants((POT, 1)), BEN)]
    assert reasons(batch, known()) == ["placed", "not_enough_stock", "placed"]


def test_what_a_cancellation_brings_back_can_be_sold_at_once() -> None:
    facts = known(an_order((POT, 3)), products={POT.key: replace(POT, on_hand=0)})
    batch = [case(wants((POT, 1)), BEN), case(CancelOrder((NUMBER,))), case(wants((POT, 1)), BEN)]
    assert reasons(batch, facts) == ["not_enough_stock", "cancelled", "placed"]


def test_the_same_order_in_one_batch_is_held() -> None:
    assert reasons([case(wants((LAMP, 1))), case(wants((LAMP, 1)))], known()) == ["placed", "same_order"]


def test_what_was_cancelled_meanwhile_is_no_same_order() -> None:
    batch = [case(wants((LAMP, 2))), case(CancelOrder((NUMBER,))), case(wants((LAMP, 2)))]
    assert reasons(batch, known(an_order())) == ["same_order", "cancelled", "placed"]


def test_a_held_order_keeps_nothing_back_until_its_yes() -> None:
    facts = known()
    second = case(wants((POT, 1)))
    batch = [case(wants((POT, 1))), second, case(wants((POT, 2)), BEN), case(Yes((second.number,)))]
    assert reasons(batch, facts) == ["placed", "same_order", "placed", "not_enough_stock"]
    assert facts.products[POT.key].on_hand == 0
    assert facts.orders[second.number].state is OrderState.HELD


def test_an_order_can_be_asked_about_agreed_to_and_cancelled_in_one_batch() -> None:
    facts = known()
    first, second = case(wants((LAMP, 2))), case(wants((LAMP, 2)))
    batch = [first, second, case(Yes((second.number,))), case(CancelOrder((second.number, first.number)))]
    decisions = one_by_one(batch, facts)
    assert [one.reason for one in decisions] == ["placed", "same_order", "placed_after_question", "cancelled"]
    assert [order.number for order in decisions[-1].cancel] == [second.number, first.number]
    assert facts.products[LAMP.key] == LAMP


def test_an_order_is_cancelled_once() -> None:
    facts = known(an_order())
    batch = [case(CancelOrder((NUMBER,))), case(CancelOrder((NUMBER,))), case(Yes((NUMBER,)))]
    assert reasons(batch, facts) == ["cancelled", "already_cancelled", "needs_no_yes"]
    assert facts.orders[NUMBER].state is OrderState.CANCELLED
    assert facts.orders[NUMBER].closed_at == NOW
    assert facts.products[LAMP.key].on_hand == LAMP.on_hand + 2


def test_the_address_of_an_earlier_letter_serves_the_next() -> None:
    batch = [
        case(wants((LAMP, 1), ship_to=HOME), arrived_at=ago(minutes=2)),
        case(wants((LAMP, 2), ship_to=OFFICE)),
        case(wants((LAMP, 3), ship_to=None)),
        case(wants((LAMP, 3), ship_to=None), BEN),
    ]
    *_, hers, his = one_by_one(batch, known())
    assert hers.book is not None
    assert hers.book.address_id == place_of(ADA, OFFICE).address_id
    assert his.reason == "no_address"


def test_a_letter_not_proven_in_the_same_batch_does_not_say_where_a_proven_one_goes() -> None:
    hers = case(wants((LAMP, 1), ship_to=HOME), arrived_at=ago(minutes=2), verdict=Verdict.PASS)
    claimed = case(wants((LAMP, 2), ship_to=OFFICE), arrived_at=ago(minutes=1))
    *_, decision = one_by_one([hers, claimed, case(wants((LAMP, 3), ship_to=None), verdict=Verdict.PASS)], known())
    assert decision.book is not None
    assert decision.book.address_id == place_of(ADA, HOME).address_id
    assert reasons([claimed, case(wants((LAMP, 3), ship_to=None), verdict=Verdict.PASS)], known())[1] == "no_address"


def test_the_address_of_a_held_order_serves_nobody() -> None:
    batch = [case(wants((LAMP, 1)), arrived_at=ago(days=9)), case(wants((LAMP, 3), ship_to=None))]
    assert reasons(batch, known()) == ["stale", "no_address"]


def test_the_address_of_an_order_cancelled_meanwhile_serves_nobody() -> None:
    earlier = (ago(days=30), "MO-2345-6789", "where-she-lives")
    facts = known(an_order(ship_to=OFFICE), last_address={ADA: earlier})
    *_, decision = one_by_one([case(CancelOrder((NUMBER,))), case(wants((POT, 1), ship_to=None))], facts)
    assert decision.book is not None
    assert decision.book.address_id == "where-she-lives"


def test_who_bounced_gets_no_more_mail() -> None:
    batch = [case(Bounced(("mail@shop.example",), True, "5.1.1"), None), case(wants((LAMP, 1)))]
    assert reasons(batch, known(mails=[our_mail()])) == ["bounce_hard", "suppressed"]


def test_a_sender_is_told_once_that_a_person_will_read() -> None:
    batch = [case(ForPerson("question")), case(ForPerson("question")), case(ForPerson("question"), BEN)]
    told = [[answer.kind for answer in one.answers] for one in one_by_one(batch, known())]
    assert told == [["forward", "passed_on"], ["forward"], ["forward", "passed_on"]]


def test_the_governor_counts_the_answers_of_the_batch_and_of_each_alone() -> None:
    config = Config.model_construct(conduct=ConductConfig(answers_per_hour=2))
    batch = [case(Ask(AskKind.HELP), sender) for sender in (ADA, ADA, BEN, ADA, ADA, BEN)]
    decisions = one_by_one(batch, known(), config)
    assert [[answer.kind for answer in one.answers] for one in decisions] == [
        ["help"],
        ["help"],
        ["help"],
        ["slow_down"],
        [],
        ["help"],
    ]


@pytest.mark.parametrize("told", [set(), {ADA}], ids=["told by us", "told today"])
def test_a_letter_left_to_a_person_counts_once_for_the_governor(told: set[str]) -> None:
    facts = known(told=told)
    one_by_one([case(ForPerson("question"))] * 5, facts)
    assert facts.answers == {ADA: 5}


@pytest.mark.parametrize("said", [{"old": True}, {"whole": False}], ids=["old", "too large"])
def test_what_is_not_done_leaves_no_trace(said: dict[str, Any]) -> None:
    facts = known()
    first = case(wants((LAMP, 1)), **said)
    assert reasons([first, case(wants((LAMP, 1)))], facts)[1] == "placed"
    assert facts.products[LAMP.key].on_hand == LAMP.on_hand - 1


def test_a_booked_order_is_known_to_the_next_letter_by_its_number() -> None:
    first = case(wants((LAMP, 1)))
    foreign = case(CancelOrder((first.number,)), BEN)
    late = case(CancelOrder((first.number,)), arrived_at=later(hours=25))
    decisions = one_by_one([first, foreign, late, case(CancelOrder((first.number,)))], known())
    assert [one.reason for one in decisions] == ["placed", "unknown", "too_late", "cancelled"]
    assert decisions[-1].outcome is Outcome.DONE
