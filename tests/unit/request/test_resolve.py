"""An order against the catalogue: the one product that is meant, or every reason why not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.request import read
from daemon.request.resolve import MOST_SUGGESTIONS, Basket, resolve
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reading, Reason
from daemon.request.shelf import shelf_of
from store.facts import Product
from tests.unit.request.hand_written import letter

LAMP = Product("BJ02R0G72U8V", "Brass desk lamp", "lighting", 4950, 10)
TEAPOT = Product("7B4VYMBRQNAR", "Stoneware teapot", "kitchen", 3275, 3)
NEAR = Product("7B4VYMBRQNAS", "Stoneware teapot, large", "kitchen", 4275, 9)
GONE = Product("QRIC1R56LNRF", "Storm lantern", "lighting", 2790, 5, active=False)
SOLD_OUT = Product("X38EDSTKWS1F", "Secateurs", "garden", 2690, 0)
FIGURES = Product("7105", "White metal lantern", "lighting", 339, 100)
SMALL = Product("6", "Six", "odd", 100, 100)
SHELF = shelf_of([LAMP, TEAPOT, NEAR, GONE, SOLD_OUT, FIGURES, SMALL])


def basket(*lines: str) -> Basket:
    request = read(letter("order", "Items:\n" + "\n".join(lines)))
    assert isinstance(request, PlaceOrder)
    return resolve(request, SHELF)


def amounts(basket: Basket) -> dict[str, int]:
    return {line.product.product_id: line.quantity for line in basket.lines}


def corrected(basket: Basket) -> dict[str, int]:
    return {line.product.product_id: line.quantity for line in basket.corrected}


def told(basket: Basket) -> list[tuple[int | None, Reason, str | None]]:
    return [(fault.line, fault.reason, fault.suggestion) for fault in basket.faults]


def test_a_good_order() -> None:
    good = basket("BJ02R0G72U8V, 2", "7b4v-ymbr-qnar x 1")
    assert (amounts(good), told(good)) == ({"BJ02R0G72U8V": 2, "7B4VYMBRQNAR": 1}, [])
    assert corrected(good) == amounts(good)


def test_the_same_product_adds_up_and_remembers_its_lines() -> None:
    good = basket("BJ02R0G72U8V, 2", "7B4VYMBRQNAR, 1", "BJ02R0G72U8V, 3")
    assert [(line.product, line.quantity, line.lines) for line in good.lines] == [(LAMP, 5, (2, 4)), (TEAPOT, 1, (3,))]


def test_a_near_miss_is_suggested_never_taken() -> None:
    missed = basket("BJ02R0G72U8W, 2", "7B4VYMBRQNAR, 1")
    assert told(missed) == [(2, Reason.UNKNOWN_PRODUCT, "BJ02R0G72U8V")]
    assert amounts(missed) == {"7B4VYMBRQNAR": 1}
    assert corrected(missed) == {"BJ02R0G72U8V": 2, "7B4VYMBRQNAR": 1}


def test_near_by_name() -> None:
    assert told(basket("desk lamp, 2")) == [(2, Reason.UNKNOWN_PRODUCT, "BJ02R0G72U8V")]


def test_nothing_near() -> None:
    missed = basket("ZZZZ99999999, 2")
    assert told(missed) == [(2, Reason.UNKNOWN_PRODUCT, None)]
    assert corrected(missed) == {}


def test_two_products_on_a_line_are_asked_back() -> None:
    assert told(basket("7105 x 6")) == [(2, Reason.LINE_AMBIGUOUS, "7105, 6")]


def test_the_only_reading_that_names_a_product_is_meant() -> None:
    assert amounts(basket("7105 x 7")) == {"7105": 7}
    assert amounts(basket("7 x 7105")) == {"7105": 7}


def test_stock_counts_over_all_lines_of_a_product() -> None:
    short = basket("7B4VYMBRQNAR, 2", "BJ02R0G72U8V, 1", "7B4VYMBRQNAR, 2", "X38EDSTKWS1F, 1")
    assert told(short) == [(2, Reason.NOT_ENOUGH_STOCK, "3"), (5, Reason.NOT_ENOUGH_STOCK, "0")]
    assert corrected(short) == {"7B4VYMBRQNAR": 3, "BJ02R0G72U8V": 1}


def test_a_retired_product() -> None:
    retired = basket("QRIC1R56LNRF, 1")
    assert told(retired) == [(2, Reason.RETIRED_PRODUCT, None)]
    assert corrected(retired) == {}


@pytest.mark.parametrize("price", ["@ $49.50", "at 49.50 each", "for $99.00", "$49.50", "@ $49.50 = $99.00"])
def test_our_price_is_no_fault(price: str) -> None:
    assert told(basket(f"BJ02R0G72U8V, 2 {price}")) == []


@pytest.mark.parametrize("price", ["@ $49.49", "at 12.50 each", "for $98.00", "@ $49.50 = $49.50"])
def test_another_price_is_asked_back(price: str) -> None:
    differs = basket(f"BJ02R0G72U8V, 2 {price}")
    assert told(differs) == [(2, Reason.PRICE_DIFFERS, "49.50")]
    assert corrected(differs) == {"BJ02R0G72U8V": 2}


def test_another_total_is_asked_back() -> None:
    assert told(basket("BJ02R0G72U8V, 2", "Total: $99.00")) == []
    assert told(basket("BJ02R0G72U8V, 2", "Total: $90.00")) == [(None, Reason.TOTAL_DIFFERS, "99.00")]


def test_a_quantity_in_doubt_with_its_product() -> None:
    spelt = basket("BJ02R0G72U8V, two")
    assert told(spelt) == [(2, Reason.QUANTITY_IN_WORDS, "BJ02R0G72U8V, 2")]
    assert corrected(spelt) == {"BJ02R0G72U8V": 2}
    assert corrected(basket("BJ02R0G72U8V, 2-3")) == {}


def test_a_line_with_two_faults_tells_both() -> None:
    assert told(basket("BJ02R0G72U8W, 1.5")) == [
        (2, Reason.QUANTITY_FRACTION, None),
        (2, Reason.UNKNOWN_PRODUCT, "BJ02R0G72U8V"),
    ]


def test_every_fault_at_once_by_line() -> None:
    everything = basket("BJ02R0G72U8W, 1", "7B4VYMBRQNAR, 9", "QRIC1R56LNRF, 1", "BJ02R0G72U8V, zero", "7105 x 6")
    assert [line for line, _, _ in told(everything)] == [2, 3, 4, 5, 6]


def test_the_bound_holds_for_the_sum() -> None:
    many = shelf_of([Product("BJ02R0G72U8V", "Lamp", "", 1, 1_000_000)])
    lines = (ItemLine(number, "x", (Reading("BJ02R0G72U8V", 9_999),), "x") for number in (1, 2))
    assert [fault.reason for fault in resolve(PlaceOrder(tuple(lines)), many).faults] == [Reason.QUANTITY_TOO_LARGE]


def test_faults_of_the_letter_stay_with_the_letter() -> None:
    order = PlaceOrder((), faults=(Fault(None, "", Reason.NO_ADDRESS),))
    assert resolve(order, SHELF) == Basket(())


class Counting:
    """A catalogue that counts how often the nearest product is looked for."""

    def __init__(self) -> None:
        self.products = SHELF.products
        self.asked = 0

    def nearest(self, _written: str) -> tuple[Product, ...]:
        self.asked += 1
        return ()


def test_nonsense_does_not_search_without_end() -> None:
    counting = Counting()
    order = PlaceOrder(tuple(ItemLine(n, f"Q{n}", (Reading(f"Q{n}", 1),), f"Q{n}") for n in range(1_000)))
    assert len(resolve(order, counting).faults) == 1_000
    assert counting.asked == MOST_SUGGESTIONS


@given(st.text(max_size=200))
def test_looking_for_the_nearest_never_raises(text: str) -> None:
    SHELF.nearest(text)


READINGS = st.tuples(st.sampled_from(sorted(SHELF.products)), st.integers(1, 12))


@given(st.lists(READINGS, max_size=10))
def test_what_is_booked_is_what_was_asked_or_nothing(asked: list[tuple[str, int]]) -> None:
    items = tuple(
        ItemLine(n, f"{key}, {count}", (Reading(key, count),), key) for n, (key, count) in enumerate(asked, 1)
    )
    found = resolve(PlaceOrder(items), SHELF)
    wanted: dict[str, int] = {}
    for key, count in asked:
        wanted[key] = wanted.get(key, 0) + count
    assert {line.product.key: line.quantity for line in found.lines} == wanted
    possible = all(SHELF.products[key].active and count <= SHELF.products[key].on_hand for key, count in wanted.items())
    assert (found.faults == ()) == possible
    assert all(line.product.active and 0 < line.quantity <= line.product.on_hand for line in found.corrected)


def test_of_two_that_are_equally_near_none_is_put_forward() -> None:
    pot, large = (
        replace(LAMP, product_id=f"3SPC9L1ND0Y{end}", name=name) for end, name in (("E", "Pot"), ("F", "Wok"))
    )
    order = read(letter("order", "3SPC9L1ND0YG, 1\n"))
    assert isinstance(order, PlaceOrder)
    found = resolve(order, shelf_of([pot, large]))
    assert [(fault.suggestion, fault.product_id) for fault in found.faults] == [
        ("3SPC9L1ND0YE (Pot) or 3SPC9L1ND0YF (Wok)", None)
    ]
    assert found.corrected == ()
