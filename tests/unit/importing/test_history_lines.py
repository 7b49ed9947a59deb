"""Lines of past orders: read as they were meant, or everything that is wrong with them, and never whose they are."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.importing.faults import TableError
from daemon.importing.history.lines import BadLine, Customs, PastLine, order_name, read_line
from daemon.importing.history.orders import Books, Survey, judge, put_together
from daemon.importing.tables import Line
from store.facts import Product

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
CUSTOMS = Customs(ZoneInfo("America/Denver"), "USD", NOW)
GOOD = {
    "placed_at": "2022-01-05",
    "customer": "ada@customer.example",
    "location": "01234",
    "product_id": "BJ02R0G72U8V",
    "quantity": "2",
}
RICH = {
    "order_id": "536365",
    "placed_at": "2010-12-01 08:26:00",
    "customer": "",
    "product_id": "85123a",
    "name": "T-LIGHT HOLDER",
    "quantity": "6",
    "unit_price": "2.55",
}


def line(cells: dict[str, str], number: int = 2) -> Line:
    return Line(number, cells, tuple(cells.values()))


def good(**cells: str) -> PastLine:
    read = read_line(line(GOOD | cells), CUSTOMS)
    assert isinstance(read, PastLine)
    return read


def reasons(cells: dict[str, str]) -> list[str]:
    read = read_line(line(cells), CUSTOMS)
    return [fault.reason for fault in read.faults] if isinstance(read, BadLine) else []


def test_a_day_counts_as_its_noon_in_the_shop_and_leading_zeros_stay() -> None:
    read = good()
    assert read.placed_at == datetime(2022, 1, 5, 19, tzinfo=UTC)
    assert (read.location, read.quantity, read.unit_price) == ("01234", 2, None)


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("2010-12-01 08:26:00", datetime(2010, 12, 1, 15, 26, tzinfo=UTC)),
        ("2010-12-01T08:26:00+01:00", datetime(2010, 12, 1, 7, 26, tzinfo=UTC)),
        ("2022-01-05 00:00:00", datetime(2022, 1, 5, 19, tzinfo=UTC)),
    ],
)
def test_times_without_a_zone_are_the_shops(told: str, meant: datetime) -> None:
    assert good(placed_at=told).placed_at == meant


def test_the_richer_form_needs_no_customer_and_states_prices() -> None:
    read = read_line(line(RICH), CUSTOMS)
    assert isinstance(read, PastLine)
    assert (read.key, read.product_id, read.unit_price, read.customer) == ("85123A", "85123a", 255, "")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (GOOD | {"placed_at": "05/01/2022"}, "not_a_date"),
        (GOOD | {"placed_at": "0001-01-01T00:00:00+14:00"}, "not_a_date"),
        (GOOD | {"placed_at": "2030-01-01"}, "in_the_future"),
        (GOOD | {"customer": ""}, "not_a_customer"),
        (GOOD | {"customer": "ada"}, "not_a_customer"),
        (RICH | {"customer": "ada@"}, "not_a_customer"),
        (GOOD | {"product_id": " - "}, "no_product_id"),
        (GOOD | {"quantity": "0"}, "quantity"),
        (GOOD | {"quantity": "1000001"}, "quantity"),
        (GOOD | {"quantity": "-1"}, "negative"),
        (GOOD | {"quantity": "1.5"}, "not_whole"),
        (GOOD | {"quantity": ""}, "not_a_number"),
        (RICH | {"unit_price": "free"}, "not_a_number"),
        (RICH | {"unit_price": "0.125"}, "too_many_decimals"),
        (RICH | {"order_id": ""}, "no_order_id"),
        (RICH | {"state": "cancelled"}, "not_over"),
    ],
)
def test_what_is_wrong_has_a_name(cells: dict[str, str], reason: str) -> None:
    assert reasons(cells) == [reason]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    wrong = GOOD | {"placed_at": "soon", "customer": "nobody", "product_id": "", "quantity": "two"}
    assert reasons(wrong) == ["not_a_date", "not_a_customer", "no_product_id", "not_a_number"]


@given(st.dictionaries(st.sampled_from(sorted(GOOD | RICH)), st.text(max_size=12)))
def test_no_line_breaks_the_reader_and_no_fault_tells_the_customer(cells: dict[str, str]) -> None:
    secret = "ada lovelace at customer.example"
    read = read_line(line(GOOD | cells | {"customer": secret, "product_id": ""}), CUSTOMS)
    assert isinstance(read, BadLine)
    assert not any("lovelace" in str(fault) for fault in read.faults)


@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ({"customer": "ADA@Customer.example"}, True),
        ({"placed_at": "2022-01-05 18:00:00"}, True),
        ({"location": "elsewhere"}, True),
        ({"placed_at": "2022-01-06"}, False),
        ({"customer": "bob@customer.example"}, False),
    ],
)
def test_the_rows_of_one_day_and_customer_are_one_order(cells: dict[str, str], same: bool) -> None:
    assert (order_name(line(GOOD | cells)) == order_name(line(GOOD))) is same


# Orders


def numbered(orders: Iterable[str]) -> list[PastLine]:
    return [good()._replace(number=at, order=order) for at, order in enumerate(orders, 2)]


@given(st.lists(st.sampled_from("abcdef"), max_size=40))
def test_scattered_lines_are_put_together_whatever_their_order(orders: list[str]) -> None:
    lines, survey = numbered(orders), Survey()
    for one in lines:
        survey.note(one)
    by_order = groupby(sorted(lines, key=lambda one: one.order), key=lambda one: one.order)
    assert sorted(put_together(lines, survey)) == sorted(list(group) for _, group in by_order)


@pytest.mark.parametrize("later", ["aabb", "ab", "abbc", "b", "a", ""])
def test_a_file_that_changes_between_two_readings_is_noticed(later: str) -> None:
    survey = Survey()
    for one in numbered("abb"):
        survey.note(one)
    with pytest.raises(TableError, match="changed while it was read"):
        list(put_together(numbered(later), survey))


LAMP = Product("BJ02R0G72U8V", "Lamp", "", price=1999, on_hand=5)


def judged(lines: Sequence[PastLine], left: dict[str, int] | None = None) -> list[str]:
    return [fault.reason for fault in judge(lines, None, Books({LAMP.key: LAMP}, left))]


def test_an_order_has_one_customer_and_one_place() -> None:
    assert judged([good(), good(customer="bob@customer.example")]) == ["two_customers"]
    assert judged([good(), good(location="99999")]) == ["two_locations"]
    assert judged([good(), good(product_id="NEVERHEARD")]) == ["unknown_product"]
    assert judged([good(), good(customer="ADA@customer.example")]) == []


def test_an_order_takes_all_of_its_goods_or_none() -> None:
    left = {LAMP.product_id: 5}
    assert judged([good(quantity="3")], left) == []
    assert judged([good(quantity="2"), good(quantity="1")], left) == ["not_enough_stock"]
    assert left == {LAMP.product_id: 2}
    assert judged([good(quantity="2")], left) == []
    assert left == {LAMP.product_id: 0}
