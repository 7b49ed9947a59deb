"""What the operator is told of a letter: every fault with its line, the mails that answered it, and no word of it."""

import json

import pytest

from daemon.handle import Desk
from store import letters, outbox
from store.facts import LetterRecord, QueuedMail
from tests.e2e.letters import LAMP, letter, order_of
from tests.integration.handle.counter import ADA, Counter


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


def caused(counter: Counter) -> tuple[LetterRecord, list[QueuedMail]]:
    with counter.desk.shop.reading() as connection:
        (record,) = letters.listing(connection, limit=1)
        return record, outbox.of_letter(connection, record)


def test_every_fault_of_a_refusal_is_kept_with_its_line_and_without_its_words(counter: Counter) -> None:
    fate = counter.hand_in(order_of(ADA, f"{LAMP}, some", "QQQQQQQQQQQQ, 1"))
    counter.deliver()
    _, (refusal,) = caused(counter)
    assert (fate[0][0], refusal.mail.kind) == ("refused", "refusal")
    (one, two) = refusal.mail.facts["faults_at"]
    assert (one[1], two[1], two[0] - one[0]) == ("quantity_in_words", "unknown_product", 1)
    assert "QQQQ" not in json.dumps(refusal.mail.facts)
    assert "some" not in json.dumps(refusal.mail.facts["faults_at"])


def test_what_went_to_people_is_among_the_answers(counter: Counter) -> None:
    counter.hand_in(letter(ADA, "Teapots", "Are they blue?\n"))
    assert {one.mail.kind for one in caused(counter)[1]} == {"forward", "passed_on"}


def test_the_confirmation_of_an_order_is_its_answer(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 1"))
    record, (confirmation,) = caused(counter)
    assert confirmation.mail.kind == "confirmation"
    assert confirmation.mail.order_number == record.order_number
