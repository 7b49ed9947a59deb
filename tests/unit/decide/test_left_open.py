"""An order of which no line can be booked keeps what was read of it: where it goes, and which products it names."""

import pytest

from daemon.decide import Answer, decide
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reason, ShipTo, Yes
from store.facts import Product, product_key
from tests.unit.decide.by_hand import CONFIG, HOME, LAMP, NOW, OLD_RUG, POT, case, known, our_mail, the_answer, wants


def names(product_id: str, reason: Reason, line: int = 1) -> ItemLine:
    """A line whose quantity cannot be taken."""
    text = f"{product_id}, ?"
    return ItemLine(line, text, (), product_id, Fault(line, text, reason), named=(product_key(product_id),))


def refused(request: PlaceOrder, *products: Product) -> Answer:
    shelves = {one.key: one for one in products or (LAMP, POT, OLD_RUG)}
    answer = the_answer(decide(case(request), known(products=shelves), CONFIG, NOW))
    assert answer.kind == "refusal"
    return answer


def an_order_of(*items: ItemLine, ship_to: ShipTo | None = HOME, faults: tuple[Fault, ...] = ()) -> PlaceOrder:
    return PlaceOrder(items, ship_to, faults)


@pytest.mark.parametrize(
    "reason",
    [
        *(Reason.QUANTITY_FRACTION, Reason.QUANTITY_NEGATIVE, Reason.QUANTITY_TOO_LARGE, Reason.QUANTITY_MISSING),
        *(Reason.QUANTITY_RANGE, Reason.CURRENCY_DIFFERS, Reason.CONDITION, Reason.CORRECTION_IN_PROSE),
    ],
)
def test_a_known_product_stays_with_its_quantity_left_open(reason: Reason) -> None:
    told = refused(an_order_of(names(LAMP.product_id, reason))).words["corrected"]
    assert told["items"] == []
    assert told["open"] == [{"product_id": LAMP.product_id, "name": "Lamp", "unit_price": 1999, "in_stock": 10}]
    assert told["ship_to"] == {"name": HOME.name, "lines": list(HOME.lines)}


def test_each_product_stands_there_once_and_none_that_cannot_be_had() -> None:
    lines = [names(one.product_id, Reason.QUANTITY_MISSING, at) for at, one in enumerate((LAMP, OLD_RUG, LAMP), 1)]
    gone = Product("7B4VYMBRQNAR", "Pot", "kitchen", price=450, on_hand=0)
    told = refused(an_order_of(*lines, names(gone.product_id, Reason.QUANTITY_ZERO, 4)), LAMP, OLD_RUG, gone)
    assert [one["product_id"] for one in told.words["corrected"]["open"]] == [LAMP.product_id]


def test_beside_a_line_that_can_be_booked_none_is_left_open() -> None:
    good = wants((POT, 1)).items
    told = refused(an_order_of(*good, names(LAMP.product_id, Reason.QUANTITY_MISSING, 2))).words["corrected"]
    assert [one["product_id"] for one in told["items"]] == [POT.product_id]
    assert not told.get("open")


def test_the_address_stays_where_no_line_is_read() -> None:
    told = refused(an_order_of(faults=(Fault(None, "", Reason.NO_ITEMS),))).words["corrected"]
    assert told["ship_to"] == {"name": HOME.name, "lines": list(HOME.lines)}
    assert (told["items"], told["open"]) == ([], [])


def test_nothing_that_helps_is_no_order_to_fill_in() -> None:
    no_items, two = Fault(None, "", Reason.NO_ITEMS), Fault(None, "", Reason.TWO_ADDRESSES)
    assert refused(an_order_of(ship_to=None, faults=(no_items,))).words["corrected"] is None
    assert refused(an_order_of(faults=(no_items, two))).words["corrected"] is None


def test_a_yes_to_it_is_shown_it_again() -> None:
    refusal = our_mail(kind="refusal", facts=refused(an_order_of(names(LAMP.product_id, Reason.QUANTITY_ZERO))).facts)
    answer = the_answer(decide(case(Yes(), answering=["mail"]), known(mails=[refusal]), CONFIG, NOW))
    assert [one["reason"] for one in answer.words["faults"]] == ["yes_to_refusal", "quantity_missing"]
    assert [one["product_id"] for one in answer.words["corrected"]["open"]] == [LAMP.product_id]
