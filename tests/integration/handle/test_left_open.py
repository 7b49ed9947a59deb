"""An order with no line that can be booked comes back with what was read of it, and is booked once it is filled in."""

import pytest

from daemon.handle import Desk
from tests.e2e.letters import HOME, LAMP, follow, links_in, order_of, text_of
from tests.integration.handle.counter import ADA, Counter

UNCERTAIN = [
    "1.5",
    "-3",
    "10000",
    "1,000",
    "2-3",
    "",
    "+2",
    "2 by Friday",
    "2 (instead of 3)",
    "2 at 49.50 EUR",
    "2 boxes",
]


@pytest.fixture
def counter(desk: Desk) -> Counter:
    return Counter(desk)


@pytest.mark.parametrize("written", UNCERTAIN)
def test_its_product_and_its_address_are_there_to_be_filled_in(counter: Counter, written: str) -> None:
    assert counter.hand_in(order_of(ADA, f"{LAMP}, {written}"))[0][0] == "refused"
    (mail,) = counter.deliver()
    told = text_of(mail)
    assert "Lamp" in told
    assert "$19.99" in told
    assert HOME[1] in told
    link = links_in(mail)[0]
    assert counter.hand_in(follow(ADA, link))[0][0] == "refused", "unfilled"
    room = f"{LAMP}%2C%20%0D%0A"
    assert room in link
    assert counter.hand_in(follow(ADA, link.replace(room, f"{LAMP}%2C%202%0D%0A"))) == [("done", "placed")]
