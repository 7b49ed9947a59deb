"""An order is not booked over a limit on its price, over a day, a colour or a size that somebody wants."""

import pytest

from daemon.request import read
from daemon.request.keys import Key, read_key
from daemon.request.shapes import PlaceOrder, Reason
from tests.unit.request.hand_written import letter

ORDER = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\nItems:\n7B4VYMBRQNAR, 1\n\n{}\n"


@pytest.mark.parametrize(
    "wish",
    [
        "I pay at most 30 dollars",
        "I can pay $30",
        "My budget is 30",
        "send it in January",
        "Please send it in the spring",
        "Ship on Monday",
        "It should come tomorrow",
        "in blue",
        "The green one.",
        "Blue please",
        "I'd like it in red",
        "The lamp must be black",
        "the smaller ones",
        "in size L",
        "Please engrave it",
    ],
)
def test_a_wish_is_asked_back_with_its_line(wish: str) -> None:
    made = read(letter("order", ORDER.format(wish)))
    assert isinstance(made, PlaceOrder)
    assert [(fault.line, fault.reason, fault.text) for fault in made.faults] == [(8, Reason.CONDITION, wish)]


@pytest.mark.parametrize(
    "aside",
    [
        "Ada Brown",
        "See you in January",
        "Have a nice weekend",
        "I'll pay by card",
        "Please send it soon",
        "Please leave it at the red door",
        "Please gift wrap it",
        "My daughter has her birthday on Friday",
        "Sent from my phone in Denver",
    ],
)
def test_what_ties_the_order_to_nothing_is_none(aside: str) -> None:
    made = read(letter("order", ORDER.format(aside)))
    assert isinstance(made, PlaceOrder)
    assert made.faults == ()


def test_a_total_needs_no_colon() -> None:
    assert read_key("Total $32.75") == (Key.TOTAL, "$32.75")
    assert read_key("The total is 32.75 USD") == (Key.TOTAL, "32.75 USD")
    assert read_key("Total rubbish 5") is None
