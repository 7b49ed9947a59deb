"""An order that is to go where another went: only the sender's own, and a proven one where that is asked."""

from typing import Any

import pytest

from daemon.decide import Decision, Facts, decide
from daemon.letter import Verdict
from daemon.request import read
from daemon.request.shapes import PlaceOrder, Reason
from store.facts import Order, OrderState, Outcome
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    HOME,
    NOW,
    NUMBER,
    OFFICE,
    POT,
    ago,
    an_order,
    case,
    known,
    place_of,
    the_answer,
    unchanged,
    wants,
)
from tests.unit.wording.test_read_back import letter

FIRST = an_order(arrived_at=ago(days=2), placed_at=ago(days=2))
LATER = an_order(number="MO-3333-3333", ship_to=OFFICE, arrived_at=ago(days=1), placed_at=ago(days=1))


def asks(text: str) -> PlaceOrder:
    request = read(letter("order", text))
    assert isinstance(request, PlaceOrder)
    return request


@pytest.mark.parametrize(
    "line",
    [
        "Same address as: MO-7K3F-9Q2D",
        "same address as order: mo-7k3f-9q2d.",
        "Address of: MO-7K3F-9Q2D",
    ],
)
@pytest.mark.parametrize("form", ["{}\n\nItems:\n7B4VYMBRQNAR, 1\n", "Items:\n7B4VYMBRQNAR, 1\n{}\n"])
def test_the_line_is_read_before_and_behind_the_items(line: str, form: str) -> None:
    request = asks(form.format(line))
    assert (request.address_of, request.ship_to, request.faults) == (NUMBER, None, ())
    assert [item.fault for item in request.items] == [None]


@pytest.mark.parametrize(
    "told",
    ["Same address as:", "Same address as: last time", "Same address as: MO-7K3F", f"Same address as: {NUMBER} or so",
     f"Same address as: {NUMBER}\nSame address as: MO-3333-3333"],
)  # fmt: skip
def test_a_line_without_one_order_in_it_is_asked_back(told: str) -> None:
    request = asks(f"{told}\n\nItems:\n7B4VYMBRQNAR, 1\n")
    assert Reason.ADDRESS_UNKNOWN in [fault.reason for fault in request.faults]


def test_two_places_are_asked_back() -> None:
    request = asks(f"Ship to: Ada, 1 Way, Denver, CO 80202\n\nSame address as: {NUMBER}\n\nItems:\n7B4VYMBRQNAR, 1\n")
    assert [fault.reason for fault in request.faults] == [Reason.TWO_ADDRESSES]


def ordered(facts: Facts, **said: Any) -> Decision:
    return decide(case(wants((POT, 1), ship_to=None, address_of=NUMBER), **said), facts, CONFIG, NOW)


def test_it_goes_where_that_order_went_whatever_came_after_it() -> None:
    decision = ordered(known(FIRST, LATER))
    assert decision.book is not None
    assert decision.book.address_id == place_of(ADA, HOME).address_id
    assert the_answer(decision).facts["address_of"] == NUMBER


LAST = {ADA: (ago(hours=1), "MO-3333-3333", place_of(ADA, OFFICE).address_id)}


@pytest.mark.parametrize(
    "first",
    [
        None,
        an_order(owner=BEN),
        an_order(state=OrderState.CANCELLED, closed_at=NOW),
        an_order(state=OrderState.HELD),
        an_order(address_id=None),
        an_order(letter_id=None, source="past"),
    ],
    ids=["unknown", "somebody else's", "cancelled", "held", "erased", "past"],
)
def test_an_order_that_tells_no_place_is_asked_back_though_there_is_a_last_one(first: Order | None) -> None:
    decision = ordered(known(*([first] if first else []), last_address=LAST))
    assert unchanged(decision)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "address_unknown")
    assert len(the_answer(decision).words["faults"]) == 1
    assert "address_id" not in the_answer(decision).facts, "nor is any place kept for a reply"


def test_a_proven_letter_takes_only_the_place_of_a_proven_order() -> None:
    assert ordered(known(FIRST), verdict=Verdict.PASS).reason == "address_unknown"
    assert ordered(known(FIRST, proven={NUMBER}), verdict=Verdict.PASS).book is not None


def test_what_is_refused_for_its_price_keeps_the_place() -> None:
    told = asks(f"Same address as: {NUMBER}\n\nItems:\n{POT.product_id}, 1 at 9.99\n")
    decision = decide(case(told), known(FIRST, LATER), CONFIG, NOW)
    assert decision.reason == "price_differs"
    assert the_answer(decision).facts["address_id"] == FIRST.address_id


@pytest.mark.parametrize(("named", "changed"), [("MO-3333-3333", True), ("MO-4444-4444", False)])
def test_a_change_can_name_one_too(named: str, changed: bool) -> None:
    now = an_order(arrived_at=ago(minutes=5), placed_at=ago(minutes=5))
    request = wants((POT, 1), ship_to=None, replaces=(NUMBER,), address_of=named)
    decision = decide(case(request), known(now, LATER), CONFIG, NOW)
    assert decision.reason == ("changed" if changed else "address_unknown")
    assert not changed or (decision.change and decision.change.after.address_id == LATER.address_id)


def test_a_quote_that_names_one_leaves_room_for_the_address() -> None:
    request = wants((POT, 1), ship_to=None, quote=True, address_of=NUMBER)
    decision = decide(case(request), known(FIRST, last_address=LAST), CONFIG, NOW)
    assert the_answer(decision).words["corrected"]["blank_address"] is True
