"""An order is booked as it stands, held for a question, or refused with every fault: nothing is guessed."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from daemon.config import Config, OrdersConfig
from daemon.decide import Decision, Facts, decide
from daemon.decide.ordering import cancel_deadline
from daemon.letter import Verdict
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reading, Reason, ShipTo
from store.facts import Order, OrderState, Outcome
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    HOME,
    LAMP,
    NOW,
    OFFICE,
    OLD_RUG,
    POT,
    ago,
    an_order,
    case,
    item,
    known,
    later,
    place_of,
    the_answer,
    unchanged,
    wants,
)


def ordered(request: PlaceOrder, facts: Facts | None = None, **said: Any) -> Decision:
    return decide(case(request, **said), facts or known(), CONFIG, NOW)


def reasons(decision: Decision) -> list[tuple[int | None, str]]:
    """What a refusal tells: line and reason of each fault."""
    assert decision.outcome is Outcome.REFUSED
    assert unchanged(decision)
    return [(fault["line"], fault["reason"]) for fault in the_answer(decision).words["faults"]]


def booked(decision: Decision) -> Order:
    assert decision.book is not None
    return decision.book


def test_an_order_is_booked_at_our_prices_with_our_names() -> None:
    asked = case(wants((LAMP, 2), (POT, 3)), arrived_at=ago(hours=2))
    decision = decide(asked, known(), CONFIG, NOW)
    order = booked(decision)
    assert (decision.outcome, decision.reason) == (Outcome.DONE, "placed")
    assert (order.number, order.letter_id, order.hashed_email) == (asked.number, asked.letter_id, ADA)
    assert (order.state, order.arrived_at, order.placed_at) == (OrderState.PLACED, ago(hours=2), NOW)
    assert [(line.product_id, line.name, line.quantity, line.unit_price, line.unit_cost) for line in order.lines] == [
        (LAMP.product_id, "Lamp", 2, 1999, 950),
        (POT.product_id, "Pot", 3, 450, None),
    ]
    assert order.total == 2 * 1999 + 3 * 450


def test_the_confirmation_tells_the_order_in_plain_facts() -> None:
    decision = ordered(wants((LAMP, 2)))
    order, answer = booked(decision), the_answer(decision)
    assert answer.kind == "confirmation"
    assert answer.order_number == decision.order_number == order.number
    assert answer.words == {}
    assert answer.facts == {
        "number": order.number,
        "placed_at": NOW.isoformat(),
        "address_id": order.address_id,
        "total": 3998,
        "lines": [{"product_id": LAMP.product_id, "name": "Lamp", "quantity": 2, "unit_price": 1999}],
        "cancel_until": order.cancel_until.isoformat(),
        "address_reused": False,
        "address_of": None,
    }


def test_all_there_is_can_be_had_but_not_one_more() -> None:
    assert ordered(wants((POT, POT.on_hand))).outcome is Outcome.DONE
    assert reasons(ordered(wants((POT, POT.on_hand + 1)))) == [(1, "not_enough_stock")]


def test_the_same_product_twice_adds_up_also_against_the_stock() -> None:
    assert [line.quantity for line in booked(ordered(wants((POT, 1), (POT, 2)))).lines] == [3]
    assert reasons(ordered(wants((POT, 2), (POT, 2)))) == [(1, "not_enough_stock")]


def test_a_retired_product_is_not_sold() -> None:
    assert reasons(ordered(wants((OLD_RUG, 1)))) == [(1, "retired_product")]


def test_a_refusal_names_every_fault_at_once_by_line() -> None:
    unknown = ItemLine(2, "QX99QX99QX99, 1", (Reading("QX99QX99QX99", 1),), "QX99QX99QX99")
    words = Fault(4, "two lamps", Reason.QUANTITY_IN_WORDS, "2")
    in_words = ItemLine(4, "two lamps", fault=words, named=(LAMP.key,))
    request = PlaceOrder(
        (item(POT, 99, 1), unknown, item(OLD_RUG, 1, 3), in_words),
        HOME,
        faults=(Fault(9, "if it arrives by Friday", Reason.CONDITION), Fault(None, "", Reason.OTHER_EMAIL)),
    )
    assert reasons(ordered(request)) == [
        (None, "other_email"),
        (1, "not_enough_stock"),
        (2, "unknown_product"),
        (3, "retired_product"),
        (4, "quantity_in_words"),
        (9, "condition"),
    ]


def test_the_reason_of_a_refusal_is_its_first_fault() -> None:
    faults = (Fault(9, "", Reason.CONDITION), Fault(None, "", Reason.TWO_ADDRESSES))
    assert ordered(wants((LAMP, 1), faults=faults)).reason == "two_addresses"


def test_one_bad_line_and_nothing_of_the_order_is_booked() -> None:
    decision = ordered(wants((LAMP, 1), (POT, 99)))
    assert reasons(decision) == [(2, "not_enough_stock")]
    assert the_answer(decision).words["corrected"] == {
        "items": [
            {"product_id": LAMP.product_id, "name": "Lamp", "quantity": 1, "unit_price": 1999},
            {"product_id": POT.product_id, "name": "Pot", "quantity": 3, "unit_price": 450},
        ],
        "ship_to": {"name": HOME.name, "lines": list(HOME.lines)},
        "total": 1999 + 3 * 450,
    }


def test_a_refusal_tells_stock_and_price_of_the_product_meant() -> None:
    (fault,) = the_answer(ordered(wants((POT, 99)))).words["faults"]
    assert (fault["in_stock"], fault["price"], fault["nearest"]["product_id"]) == (3, 450, POT.product_id)


def test_a_near_miss_is_suggested_and_never_taken() -> None:
    typo = ItemLine(1, "BJ02R0G72U8X, 1", (Reading("BJ02R0G72U8X", 1),), "BJ02R0G72U8X")
    decision = ordered(PlaceOrder((typo,), HOME), known(nearest=lambda _: (LAMP,)))
    assert reasons(decision) == [(1, "unknown_product")]
    assert the_answer(decision).words["faults"][0]["suggestion"] == LAMP.product_id


LIVES = (ago(days=9), "MO-2345-6789", "where-she-lives")


def test_without_an_address_the_last_one_is_used_and_told() -> None:
    decision = ordered(wants((LAMP, 1), ship_to=None), known(last_address={ADA: LIVES}))
    assert booked(decision).address_id == "where-she-lives"
    assert the_answer(decision).facts["address_reused"] is True


def test_an_address_in_the_letter_goes_before_the_last_one() -> None:
    decision = ordered(wants((LAMP, 1), ship_to=OFFICE), known(last_address={ADA: LIVES}))
    assert booked(decision).address_id == place_of(ADA, OFFICE).address_id
    assert the_answer(decision).facts["address_reused"] is False


def test_a_proven_letter_goes_to_a_proven_address_only() -> None:
    claimed = known(last_address={ADA: LIVES})
    asked = wants((LAMP, 1), ship_to=None)
    assert reasons(decide(case(asked, verdict=Verdict.PASS), claimed, CONFIG, NOW)) == [(None, "no_address")]
    assert booked(decide(case(asked), claimed, CONFIG, NOW)).address_id == "where-she-lives"
    proven = known(last_address={ADA: (NOW, "MO-2345-6780", "elsewhere")}, proven_address={ADA: LIVES})
    assert booked(decide(case(asked, verdict=Verdict.PASS), proven, CONFIG, NOW)).address_id == "where-she-lives"


@pytest.mark.parametrize(
    "facts",
    [known(), known(last_address={BEN: LIVES}), known(an_order(owner=BEN)), known(an_order(state=OrderState.HELD))],
    ids=["none known", "of somebody else", "order of somebody else", "only asked about"],
)
def test_without_any_address_it_is_asked_for(facts: Facts) -> None:
    assert reasons(ordered(wants((LAMP, 1), ship_to=None), facts)) == [(None, "no_address")]


@pytest.mark.parametrize(
    ("said", "goes_to"),
    [
        ({"arrived_at": ago(days=8)}, OFFICE),
        ({"arrived_at": ago(days=8), "state": OrderState.FULFILLED}, OFFICE),
        ({"arrived_at": ago(days=10)}, None),
        ({"arrived_at": ago(days=8), "state": OrderState.CANCELLED}, None),
        ({"arrived_at": ago(days=8), "letter_id": None, "source": "file"}, None),
    ],
    ids=["later", "fulfilled", "earlier", "cancelled", "taken over from a file"],
)
def test_the_last_address_is_that_of_the_latest_order_that_stands(said: dict[str, Any], goes_to: ShipTo | None) -> None:
    facts = known(an_order((POT, 1), ship_to=OFFICE, **said), last_address={ADA: LIVES})
    expected = place_of(ADA, goes_to).address_id if goes_to else "where-she-lives"
    assert booked(ordered(wants((LAMP, 1), ship_to=None), facts)).address_id == expected


@pytest.mark.parametrize("reason", [Reason.NO_ADDRESS, Reason.ADDRESS_INCOMPLETE, Reason.TWO_ADDRESSES])
@pytest.mark.parametrize("facts", [known(), known(last_address={ADA: LIVES})], ids=["none known", "one known"])
def test_a_faulty_address_is_told_once_and_never_replaced_by_the_last(reason: Reason, facts: Facts) -> None:
    request = wants((LAMP, 1), ship_to=None, faults=(Fault(None, "", reason),))
    assert reasons(ordered(request, facts)) == [(None, reason.value)]


def again(**said: Any) -> Decision:
    """The usual order, once more in another letter, with an earlier one in the books."""
    return ordered(wants((LAMP, 2)), known(an_order(**said)))


def test_the_same_order_again_is_held_and_asked_about() -> None:
    earlier = an_order(arrived_at=ago(minutes=3), placed_at=ago(minutes=2))
    decision = ordered(wants((LAMP, 2)), known(earlier))
    answer = the_answer(decision)
    assert (decision.outcome, decision.reason) == (Outcome.HELD, "same_order")
    assert booked(decision).state is OrderState.HELD
    assert answer.kind == "held"
    assert answer.order_number == booked(decision).number != earlier.number
    told = {"number": earlier.number, "placed_at": ago(minutes=2).isoformat(), "total": earlier.total}
    assert answer.facts["earlier"] == told


@pytest.mark.parametrize("side", [-1, 1], ids=["arrived after", "arrived before"])
@pytest.mark.parametrize(
    ("apart", "held"),
    [
        (timedelta(0), True),
        (timedelta(minutes=10), True),
        (timedelta(minutes=10, microseconds=1), False),
        (timedelta(hours=5), False),
    ],
)
def test_ten_minutes_between_arrivals_are_the_window(apart: timedelta, side: int, held: bool) -> None:
    assert again(arrived_at=NOW + side * apart).outcome is (Outcome.HELD if held else Outcome.DONE)


def test_a_window_of_no_minutes_holds_only_what_arrived_at_once() -> None:
    config = Config.model_construct(orders=OrdersConfig(same_order_minutes=0))
    facts = known(an_order(arrived_at=ago(seconds=1)))
    assert decide(case(wants((LAMP, 2))), facts, config, NOW).outcome is Outcome.DONE


@pytest.mark.parametrize(
    "request_",
    [wants((LAMP, 3)), wants((LAMP, 2), (POT, 1)), wants((LAMP, 2), ship_to=OFFICE)],
    ids=["other quantity", "one more product", "other address"],
)
def test_what_differs_is_not_the_same_order(request_: PlaceOrder) -> None:
    assert ordered(request_, known(an_order())).reason == "placed"


def test_lines_in_another_order_are_the_same_order() -> None:
    assert ordered(wants((POT, 1), (LAMP, 1), (LAMP, 1)), known(an_order((LAMP, 2), (POT, 1)))).reason == "same_order"


def test_the_same_order_of_somebody_else_is_not_the_same_order() -> None:
    assert ordered(wants((LAMP, 2)), known(an_order(owner=BEN))).reason == "placed"


@pytest.mark.parametrize("state", [OrderState.CANCELLED, OrderState.HELD])
def test_after_a_cancelled_or_held_order_nothing_is_the_same(state: OrderState) -> None:
    assert again(state=state).reason == "placed"


def test_an_order_is_not_the_repetition_of_its_own_letter() -> None:
    earlier = an_order()
    assert ordered(wants((LAMP, 2)), known(earlier), letter_id=earlier.letter_id).reason == "placed"


def test_a_held_order_takes_nothing_but_needs_to_be_possible() -> None:
    assert reasons(ordered(wants((LAMP, 11)), known(an_order((LAMP, 11))))) == [(1, "not_enough_stock")]


@pytest.mark.parametrize(("waited", "held"), [(timedelta(days=3), False), (timedelta(days=3, seconds=1), True)])
def test_an_order_that_waited_too_long_is_asked_about(waited: timedelta, held: bool) -> None:
    decision = ordered(wants((LAMP, 1)), arrived_at=NOW - waited)
    assert decision.reason == ("stale" if held else "placed")
    if held:
        assert the_answer(decision).facts["earlier"] is None
        assert the_answer(decision).facts["arrived_at"] == (NOW - waited).isoformat()


@pytest.mark.parametrize("arrived_at", [ago(days=30), NOW], ids=["stale", "same order"])
def test_what_the_operator_released_is_not_asked_about(arrived_at: datetime) -> None:
    decision = ordered(wants((LAMP, 2)), known(an_order()), arrived_at=arrived_at, released=True)
    assert decision.reason == "placed"


def test_a_letter_from_the_future_is_no_stale_one() -> None:
    assert ordered(wants((LAMP, 1)), arrived_at=later(days=9)).reason == "placed"


@pytest.mark.parametrize(
    ("second", "deadline"),
    [(timedelta(0), later(hours=24)), (timedelta(seconds=1), later(hours=24, minutes=1))],
    ids=["full minute", "rounded up"],
)
def test_the_deadline_is_a_full_minute_and_never_earlier_than_promised(second: timedelta, deadline: datetime) -> None:
    assert cancel_deadline(NOW + second, CONFIG) == deadline


def test_the_window_begins_when_the_order_is_booked() -> None:
    assert booked(ordered(wants((LAMP, 1)), arrived_at=ago(days=2))).cancel_until == later(hours=24)
