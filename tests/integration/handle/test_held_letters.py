"""A letter that was held waits until something came of it, and no longer: what the operator's list of them shows."""

from datetime import timedelta

import pytest

from daemon.decide.proving import VALID
from daemon.handle import Desk
from daemon.handle.staff import NotDoneError, send_round_again
from store import letters
from store.facts import LetterRecord, Outcome
from tests.e2e.letters import LAMP, order_of
from tests.integration.handle.counter import ADA, Counter


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


def waiting(counter: Counter) -> list[LetterRecord]:
    since = counter.now - VALID
    with counter.desk.shop.reading() as connection:
        found = letters.waiting(connection, since)
        assert letters.count_waiting(connection, since) == len(found)
        assert all(one.outcome is Outcome.HELD for one in found)
    return found


def held_order(counter: Counter) -> LetterRecord:
    counter.hand_in(order_of(ADA, f"{LAMP}, 2"))
    counter.passes(minutes=1)
    counter.deliver()
    assert counter.hand_in(order_of(ADA, f"{LAMP}, 2")) == [("held", "same_order")]
    (one,) = waiting(counter)
    return one


def test_an_order_that_the_customer_says_yes_to_waits_no_more(counter: Counter) -> None:
    held_order(counter)
    (question,) = counter.deliver()
    assert counter.answer(ADA, question, "yes")[0] == ("done", "placed_after_question")
    assert waiting(counter) == []


def test_an_order_that_was_released_waits_no_more_and_says_so(counter: Counter) -> None:
    one = held_order(counter)
    send_round_again(counter.desk, one.letter_id, Outcome.HELD, counter.now)
    assert waiting(counter) == []
    with pytest.raises(NotDoneError, match=f"{one.order_number} is placed, no longer held"):
        send_round_again(counter.desk, one.letter_id, Outcome.HELD, counter.now)


def test_a_question_for_proof_waits_until_it_is_answered(counter: Counter) -> None:
    fate, (question,) = counter.write(ADA, "my orders")
    assert fate == ("held", "proof_asked")
    assert len(waiting(counter)) == 1
    counter.answer(ADA, question, "yes")
    assert waiting(counter) == []


def test_a_question_for_proof_waits_for_a_day(counter: Counter) -> None:
    counter.write(ADA, "my orders")
    counter.now += VALID
    assert len(waiting(counter)) == 1
    counter.now += timedelta(seconds=1)
    assert waiting(counter) == []


def test_a_letter_that_goes_back_to_the_inbox_waits_no_more(counter: Counter) -> None:
    failed = b"Authentication-Results: mx.shop.example; dmarc=fail header.from=customer.example\r\n"
    assert counter.hand_in(failed + order_of(ADA, f"{LAMP}, 2")) == [("held", "sender_not_believed")]
    counter.passes(days=30)
    (one,) = waiting(counter)
    send_round_again(counter.desk, one.letter_id, Outcome.HELD, counter.now)
    assert waiting(counter) == []
