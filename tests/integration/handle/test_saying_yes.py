"""A yes to mails that ask for none, through the real books: it books nothing, and the way on is in the answer."""

import pytest

from daemon.handle import Desk
from tests.e2e.letters import HOME, LAMP, order_of, text_of
from tests.integration.handle.counter import ADA, Counter


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


def test_a_yes_to_a_refusal_gets_the_order_put_right_again_and_that_is_booked(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 99"))
    (refusal,) = counter.deliver()
    fate, (shown,) = counter.answer(ADA, refusal, "Yes please")
    assert fate == ("refused", "yes_to_refusal")
    assert counter.ask('SELECT count(*) FROM "order"') == 0
    assert f"{LAMP}, 10" in text_of(shown)
    assert HOME[1] in text_of(shown)
    assert counter.answer(ADA, shown, f"{LAMP}, 10")[0] == ("done", "placed")


def test_a_second_yes_says_that_the_order_is_booked_already(counter: Counter) -> None:
    counter.hand_in(order_of(ADA, f"{LAMP}, 1"), order_of(ADA, f"{LAMP}, 1"))
    held = next(
        mail for mail in counter.deliver() if "twice" in str(mail["Subject"]) or "again" in str(mail["Subject"])
    )
    assert counter.answer(ADA, held, "yes")[0] == ("done", "placed_after_question")
    fate, (told,) = counter.answer(ADA, held, "yes")
    assert fate == ("done", "needs_no_yes")
    assert "is booked already" in " ".join(text_of(told).split())
    assert counter.ask("SELECT count(*) FROM \"order\" WHERE state = 'placed'") == 2
