"""A change replaces the lines of an order within its window, all or nothing, and only for whom it was booked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from daemon.decide import Decision, Facts, decide
from daemon.decide.continuing import continued
from daemon.letter import Verdict
from daemon.request.partly import as_change
from daemon.request.shapes import CancelOrder, Fault, PlaceOrder, Reason, ShipTo
from store.facts import Order, OrderState, Outcome, Product
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    HOME,
    LAMP,
    NOW,
    NUMBER,
    OFFICE,
    OLD_RUG,
    POT,
    ago,
    an_order,
    case,
    known,
    later,
    our_mail,
    place_of,
    the_answer,
    unchanged,
    wants,
)


def change(
    *items: tuple[Product, int], number: str | None = NUMBER, ship_to: ShipTo | None = None, **said: Any
) -> PlaceOrder:
    return wants(*items, ship_to=ship_to, replaces=(number,) if number else (), **said)


def decided(request: PlaceOrder, facts: Facts, **said: Any) -> Decision:
    return decide(case(request, **said), facts, CONFIG, NOW)


def after(decision: Decision) -> Order:
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "changed")
    assert decision.change is not None
    assert decision.book is None
    return decision.change.after


def refused(decision: Decision) -> str:
    assert decision.outcome is Outcome.REFUSED
    assert decision.change is None
    assert unchanged(decision)
    assert the_answer(decision).kind == "not_changed"
    return decision.reason


def lines(order: Order) -> list[tuple[str, int, int]]:
    return [(line.product_id, line.quantity, line.unit_price) for line in order.lines]


def test_the_lines_are_replaced_and_all_else_stays() -> None:
    order = an_order((LAMP, 2))
    decision = decided(change((POT, 1), (LAMP, 3)), known(order))
    new = after(decision)
    assert lines(new) == [(POT.product_id, 1, POT.price), (LAMP.product_id, 3, LAMP.price)]
    assert replace(new, lines=order.lines, fingerprint=order.fingerprint) == order
    answer = the_answer(decision)
    assert (answer.kind, answer.order_number, answer.facts["revision"]) == ("changed", NUMBER, 1)
    assert answer.facts["before"]["total"] == order.total


def test_the_prices_are_those_of_the_moment() -> None:
    dear = replace(LAMP, price=2500)
    new = after(decided(change((LAMP, 2)), known(an_order((LAMP, 1)), products={LAMP.key: dear})))
    assert new.total == 5000


def test_the_deadline_is_that_of_the_first_order() -> None:
    order = an_order((LAMP, 1), placed_at=ago(hours=3), cancel_until=later(hours=21))
    assert after(decided(change((LAMP, 2)), known(order))).cancel_until == order.cancel_until


def test_what_the_order_holds_may_be_taken_again() -> None:
    books = known(an_order((LAMP, 4)), products={LAMP.key: replace(LAMP, on_hand=1)})
    assert lines(after(decided(change((LAMP, 3)), books)))[0][1] == 3
    assert lines(after(decided(change((LAMP, 5)), books)))[0][1] == 5
    assert refused(decided(change((LAMP, 6)), books)) == "not_enough_stock"


def test_stock_moves_both_ways_before_the_next_letter_of_the_batch() -> None:
    facts = known(an_order((LAMP, 4)), products={LAMP.key: replace(LAMP, on_hand=0), POT.key: POT})
    swap = case(change((POT, 3)))
    facts.absorb(swap, decide(swap, facts, CONFIG, NOW), NOW)
    assert (facts.products[LAMP.key].on_hand, facts.products[POT.key].on_hand) == (4, 0)
    again = decided(change((LAMP, 4)), facts)
    assert again.change is not None
    assert (again.change.revision, again.change.before.lines[0].product_id) == (2, POT.product_id)
    cancelled = decide(case(CancelOrder((NUMBER,))), facts, CONFIG, NOW)
    assert cancelled.cancel[0].lines[0].product_id == POT.product_id


@pytest.mark.parametrize(
    ("said", "until", "reason"),
    [
        ({}, timedelta(), "changed"),
        ({}, timedelta(microseconds=-1), "too_late"),
        ({"arrived_at": ago(hours=1)}, -timedelta(hours=1), "changed"),
        ({"arrived_at": ago(minutes=59)}, -timedelta(hours=1), "too_late"),
    ],
)
def test_the_window_goes_by_arrival(said: Any, until: timedelta, reason: str) -> None:
    order = an_order(placed_at=ago(days=1), cancel_until=NOW + until)
    assert decided(change((LAMP, 1)), known(order), **said).reason == reason


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (OrderState.CANCELLED, "already_cancelled"),
        (OrderState.FULFILLED, "fulfilled"),
        (OrderState.HELD, "not_booked"),
    ],
)
def test_what_does_not_stand_is_not_changed(state: OrderState, told: str) -> None:
    assert refused(decided(change((LAMP, 1)), known(an_order(state=state)))) == told


def test_somebody_elses_order_is_as_unknown_as_none() -> None:
    theirs = decided(change((LAMP, 1)), known(an_order(owner=BEN)))
    none = decided(change((LAMP, 1)), known())
    assert refused(theirs) == refused(none) == "unknown"
    assert the_answer(theirs) == the_answer(none)
    assert theirs.order_number is None


def test_the_thread_says_which() -> None:
    order = an_order()
    mails = [our_mail(order)]
    assert (
        after(decided(change((LAMP, 1), number=None), known(order, mails=mails), answering=["mail"])).number == NUMBER
    )
    assert decided(change((LAMP, 1), number=None), known(order)).reason == "which_order"


@pytest.mark.parametrize(
    ("request_", "reason"),
    [
        (change((LAMP, 11)), "not_enough_stock"),
        (change((OLD_RUG, 1)), "retired_product"),
        (change((LAMP, 1), faults=(Fault(3, "maybe", Reason.CORRECTION_IN_PROSE),)), "correction_in_prose"),
    ],
)
def test_a_fault_leaves_all_as_it_was(request_: PlaceOrder, reason: str) -> None:
    decision = decided(request_, known(an_order((POT, 1))))
    assert refused(decision) == reason
    assert the_answer(decision).facts["command"] == f"change {NUMBER}"


def test_without_lines_the_order_itself_is_shown_to_be_changed() -> None:
    request = change(faults=(Fault(None, "", Reason.NO_ITEMS),))
    answer = the_answer(decided(request, known(an_order((LAMP, 2)))))
    assert answer.facts["state"] == "which_lines"
    assert [line["quantity"] for line in answer.words["corrected"]["items"]] == [2]


@pytest.mark.parametrize(
    "request_",
    [
        change((LAMP, 2), (POT, 1)),
        change((POT, 1), (LAMP, 2)),
        change((LAMP, 1), (POT, 1), (LAMP, 1)),
        change((LAMP, 2), (POT, 1), ship_to=HOME),
    ],
)
def test_what_changes_nothing_is_said_and_touches_nothing(request_: PlaceOrder) -> None:
    dearer = {one.key: replace(one, price=one.price + 100) for one in (LAMP, POT)}
    order = an_order((LAMP, 2), (POT, 1))
    decision = decided(request_, known(order, products=dearer))
    assert (decision.outcome, decision.reason, decision.change) == (Outcome.DONE, "nothing_to_change", None)
    assert unchanged(decision)
    answer = the_answer(decision)
    assert (answer.kind, answer.facts["state"], answer.order_number) == ("not_changed", "same", NUMBER)


def test_the_same_lines_to_another_address_are_a_change() -> None:
    order = an_order((LAMP, 2), (POT, 1))
    assert decided(change((LAMP, 2), (POT, 1), ship_to=OFFICE), known(order)).reason == "changed"
    assert decided(change((LAMP, 2)), known(order)).reason == "changed"


# Only a part of it


def in_part(*items: tuple[Product, int], adds: bool = False, **said: Any) -> PlaceOrder:
    partly = (Fault(1, "add it", Reason.CHANGE_IN_PART),)
    return as_change(change(*items, partly=partly, adds=adds, ship_to=None, **said))


def proposed(decision: Decision) -> list[tuple[str, int]]:
    assert refused(decision) == "change_in_part"
    assert the_answer(decision).facts["state"] == "in_part"
    return [(line["product_id"], line["quantity"]) for line in the_answer(decision).words["corrected"]["items"]]


def test_a_part_is_asked_back_with_the_order_as_it_stands() -> None:
    decision = decided(in_part((POT, 1)), known(an_order((LAMP, 2))))
    assert proposed(decision) == [(LAMP.product_id, 2)]
    assert the_answer(decision).words["now"]["total"] == 2 * LAMP.price


def test_what_plainly_adds_is_proposed_with_the_rest() -> None:
    order = known(an_order((LAMP, 2)))
    assert proposed(decided(in_part((POT, 1), adds=True), order)) == [(LAMP.product_id, 2), (POT.product_id, 1)]
    assert proposed(decided(in_part((LAMP, 1), (POT, 2), adds=True), order)) == [
        (LAMP.product_id, 3),
        (POT.product_id, 2),
    ]


def test_what_the_order_holds_counts_as_on_the_shelf_when_more_is_added() -> None:
    books = known(an_order((LAMP, 2)), products={LAMP.key: replace(LAMP, on_hand=1)})
    assert proposed(decided(in_part((LAMP, 1), adds=True), books)) == [(LAMP.product_id, 3)]
    assert proposed(decided(in_part((LAMP, 2), adds=True), books)) == [(LAMP.product_id, 2)]


def test_another_fault_beside_it_proposes_the_order_as_it_stands() -> None:
    decision = decided(in_part((POT, 99), adds=True), known(an_order((LAMP, 2))))
    assert the_answer(decision).words["corrected"]["items"][0]["quantity"] == 2
    assert [fault["reason"] for fault in the_answer(decision).words["faults"]] == ["change_in_part", "not_enough_stock"]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        *[("confirmation", "change_in_part"), ("changed", "change_in_part"), ("not_changed", "change_in_part")],
        *[("status", "change_in_part"), ("refusal", "placed"), ("offer", "placed"), ("cancellation", "placed")],
    ],
)
def test_adding_in_reply_to_a_mail_that_tells_the_order_is_no_order_of_its_own(kind: str, reason: str) -> None:
    order = an_order((LAMP, 2))
    added = wants((POT, 1), ship_to=None, partly=in_part((POT, 1)).partly, adds=True)
    replied = case(added, answering=["mail"])
    mail = our_mail(order, kind=kind)
    decision = decide(continued(replied, mail), known(order, mails=[mail]), CONFIG, NOW)
    assert decision.reason == reason
    if reason == "change_in_part":
        assert proposed(decision) == [(LAMP.product_id, 2), (POT.product_id, 1)]


# Where it goes


def goes_to(decision: Decision) -> str | None:
    return after(decision).address_id


def test_without_an_address_it_goes_where_it_went() -> None:
    assert goes_to(decided(change((LAMP, 1)), known(an_order(ship_to=OFFICE)))) == place_of(ADA, OFFICE).address_id


def test_another_address_takes_its_place() -> None:
    assert goes_to(decided(change((LAMP, 1), ship_to=OFFICE), known(an_order()))) == place_of(ADA, OFFICE).address_id


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "address_not_proven"),
        ({"answering": ["other"]}, "address_not_proven"),
        ({"answering": ["mail"]}, "changed"),
        ({"verdict": Verdict.PASS}, "changed"),
    ],
)
def test_a_proven_order_is_not_led_elsewhere_by_who_only_knows_its_number(said: Any, reason: str) -> None:
    order = an_order()
    other = replace(our_mail(an_order(number="MO-AAAA-AAAA")), mail=replace(our_mail().mail, token="other"))
    books = known(order, mails=[our_mail(order), other], proven={NUMBER})
    assert decided(change((LAMP, 1), ship_to=OFFICE), books, **said).reason == reason
    assert decided(change((LAMP, 1), ship_to=HOME), books, **said).reason == "changed"


def test_an_order_without_an_address_asks_for_one() -> None:
    books = known(an_order(address_id=None))
    assert decided(change((LAMP, 1)), books).reason == "no_address"
    assert decided(change((LAMP, 1), ship_to=HOME), books).reason == "changed"
