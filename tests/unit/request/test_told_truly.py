"""What an answer says of a line is so: the bound, the total, a test, and not something near to it."""

from typing import Any

import pytest

from daemon.letter import Damage
from daemon.request import read
from daemon.request.resolve import resolve
from daemon.request.shapes import Fault, PlaceOrder, Reading, Reason
from daemon.request.shelf import shelf_of
from store.facts import Product
from tests.unit.request.hand_written import letter

LAMP = Product("BJ02R0G72U8V", "Brass desk lamp", "lighting", 4_950, 100_000)
ADDRESS = "Ship to: Ada\n12 Way\n\n"


def order(body: str, **more: Any) -> PlaceOrder:
    made = read(letter("order", ADDRESS + body, **more))
    assert isinstance(made, PlaceOrder)
    return made


@pytest.mark.parametrize("line", ["7B4VYMBRQNARx2", "7B4VYMBRQNARX2", "- 7B4VYMBRQNARx2"])
def test_an_id_and_its_quantity_in_one_word(line: str) -> None:
    assert order(line).items[0].readings[0] == Reading("7B4VYMBRQNAR", 2)


def test_a_sum_above_the_bound_names_the_bound() -> None:
    (fault,) = resolve(order("BJ02R0G72U8V, 9000\nBJ02R0G72U8V, 3000"), shelf_of([LAMP])).faults
    assert (fault.reason, fault.suggestion) == (Reason.QUANTITY_TOO_LARGE, "BJ02R0G72U8V, 9999")


def test_too_many_lines_quote_nothing_that_nobody_wrote() -> None:
    made = order("BJ02R0G72U8V, 1\n" * 101)
    assert made.faults == (Fault(None, "", Reason.TOO_MANY_LINES, "100"),)


def test_what_is_nested_too_deep_was_not_cut_off() -> None:
    made = order("BJ02R0G72U8V, 1", damage=(Damage.CUT_OFF, Damage.TOO_DEEP))
    assert [fault.reason for fault in made.faults] == [Reason.TOO_LONG]
    assert [fault.reason for fault in order("BJ02R0G72U8V, 1", damage=(Damage.CUT_OFF,)).faults] == [Reason.CUT_OFF]


@pytest.mark.parametrize("said", ["This is just a test, please ignore.", "Only testing", "This was only a test"])
def test_a_test_is_no_correction(said: str) -> None:
    assert order(f"BJ02R0G72U8V, 1\n\n{said}").faults == (Fault(6, said, Reason.ONLY_A_TEST),)
