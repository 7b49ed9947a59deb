"""What a customer writes beside an order reaches a person, and the order is booked all the same."""

import pytest

from daemon.handle import Desk
from tests.e2e.letters import LAMP, text_of
from tests.integration.handle.counter import ADA, Counter

ADDRESS = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\n"


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


def kinds(counter: Counter) -> list[str]:
    return sorted(str(kind) for (kind,) in counter.rows("select kind from outbox"))


@pytest.mark.parametrize("said", ["Leave it with the porter.", "Note: gift wrap please"])
def test_an_order_with_words_beside_is_booked_and_read(said: str, counter: Counter) -> None:
    fate, mails = counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2\n\n{said}\n")
    assert fate == ("done", "placed")
    assert kinds(counter) == ["confirmation", "forward", "passed_on"]
    [forward] = [mail for mail in mails if "For a person" in mail["Subject"]]
    assert "an order was booked" in text_of(forward)


def test_a_remark_on_an_item_line_is_read_too(counter: Counter) -> None:
    fate, _ = counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2 for my mother\n")
    assert fate == ("done", "placed")
    assert "forward" in kinds(counter)


@pytest.mark.parametrize("said", ["Please confirm.", "Please ship it to my usual address.", "Thanks a lot!"])
def test_politeness_bothers_nobody(said: str, counter: Counter) -> None:
    fate, _ = counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2 lamps\n\n{said}\n")
    assert fate == ("done", "placed")
    assert kinds(counter) == ["confirmation"]


def test_who_is_asked_back_is_not_passed_on(counter: Counter) -> None:
    fate, _ = counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2\n\nLeave it with the porter. Make it 3.\n")
    assert fate[0] == "refused"
    assert kinds(counter) == ["refusal"]


def test_words_beside_an_order_that_is_held_are_read_as_well(counter: Counter) -> None:
    counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2\n")
    fate, _ = counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2\n\nLeave it with the porter.\n")
    assert fate == ("held", "same_order")
    assert "forward" in kinds(counter)


def test_words_beside_a_change_are_read(counter: Counter) -> None:
    counter.write(ADA, "order", f"{ADDRESS}{LAMP}, 2\n")
    number = counter.ask('select number from "order"')
    fate, _ = counter.write(ADA, f"change {number}", f"{LAMP}, 3\n\nDelivery: express please\n")
    assert fate == ("done", "changed")
    assert "forward" in kinds(counter)
    assert counter.ask("select on_hand from product") == 7
