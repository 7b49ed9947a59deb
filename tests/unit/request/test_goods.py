"""No line that asks for goods by name is passed over: half an order is never booked in silence."""

from pathlib import Path

import pytest

from daemon.reading import csv_catalogue
from daemon.request import read
from daemon.request.resolve import resolve
from daemon.request.shapes import PlaceOrder, Reason
from daemon.request.shelf import Shelf
from tests.unit.request.hand_written import letter

CATALOGUE = Path(__file__).parents[3] / "daemon" / "simulator" / "catalogue.csv"
ADDRESS = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\n"
LAMP, MUG, TEAPOT = "BJ02R0G72U8V", "GFPD2GAEDHNW", "7B4VYMBRQNAR"

Told = list[tuple[int | None, Reason, str | None]]


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return csv_catalogue(CATALOGUE)


def faults(body: str, shelf: Shelf) -> Told:
    """What is told of an order whose body has the teapot's number for ID."""
    made = read(letter("order", body.replace("ID", TEAPOT)))
    assert isinstance(made, PlaceOrder)
    found = sorted([*made.faults, *resolve(made, shelf).faults], key=lambda fault: fault.line or 0)
    return [(fault.line, fault.reason, fault.suggestion) for fault in found]


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ("ID, 1\n2 brass desk lamps", {7: f"{LAMP}, 2"}),
        ("2 brass desk lamps\n3 enamel mugs\nID, 1", {6: f"{LAMP}, 2", 7: f"{MUG}, 3"}),
        ("two mugs\nID, 1", {6: f"{MUG}, 2"}),
        ("ID, 1\nand two lamps", {7: f"{LAMP}, 2"}),
        ("1. ID, 1\n2. Brass desk lamp", {7: LAMP}),
        ("- ID, 1\n- 2 brass desk lamps", {7: f"{LAMP}, 2"}),
        ("- ID, 1\n- lamp", {7: LAMP}),
        ("- ID, 1\n- what Bob has", {7: None}),
        ("ID, 1\nBrass desk lamp", {7: LAMP}),
        ("Brass desk lamp\nID, 1", {6: LAMP}),
        ("ID, 1\nlamps", {7: LAMP}),
        ("ID, 1\n5", {7: None}),
        ("ID, 1\n\nand 2 brass desk lamps", {8: f"{LAMP}, 2"}),
        ("ID, 1\n\n2 brass desk lamps", {8: f"{LAMP}, 2"}),
        ("ID, 1\n\nItems:\n2 brass desk lamps", {9: f"{LAMP}, 2"}),
        ("ID, 1\n\nItems:\nlamp", {9: LAMP}),
        ("2 brass desk lamps\n1 stoneware teapot", {6: f"{LAMP}, 2", 7: f"{TEAPOT}, 1"}),
        ("lamp", {6: LAMP}),
        ("ID, 1 + Brass desk lamp", {6: None}),
        ("ID, 1 and Brass desk lamps", {6: None}),
    ],
)
def test_goods_by_name_are_asked_back(items: str, told: dict[int, str | None], shelf: Shelf) -> None:
    seen = faults(f"{ADDRESS}Items:\n{items}\n", shelf)
    assert seen == [(line, Reason.LINE_NOT_UNDERSTOOD, nearest) for line, nearest in told.items()]


@pytest.mark.parametrize("body", ["Hello,\n\nI want 2 brass desk lamps.\n", "Hello,\n\n2 brass desk lamps\n"])
def test_an_order_of_named_goods_alone_names_its_lines(body: str, shelf: Shelf) -> None:
    assert faults(body, shelf) == [(3, Reason.LINE_NOT_UNDERSTOOD, f"{LAMP}, 2")]


def test_goods_by_name_are_in_the_order_that_would_do(shelf: Shelf) -> None:
    made = read(letter("order", f"{ADDRESS}Items:\n{TEAPOT}, 1\n2 brass desk lamps\n"))
    assert isinstance(made, PlaceOrder)
    would_do = resolve(made, shelf).corrected
    assert [(line.product.product_id, line.quantity) for line in would_do] == [(TEAPOT, 1), (LAMP, 2)]


@pytest.mark.parametrize(
    "items",
    [
        "ID, 1\nAda Lovelace",
        "ID, 1\n- Ada",
        "- ID, 1\n- Ada",
        "ID, 1\nGrace Hopper",
        "ID, 1\nSent from my iPhone",
        "ID, 1\n+1 303 555 0100",
        "ID, 1\nphone 555 0100",
        "ID, 1\nMy mobile is 0171 555 0100",
        "ID, 1\n12 Analytical Way",
        "ID, 1\nTotal: $32.75",
        "ID, 1\nThank you so much for your help\nAda",
        "ID, 1\n\nPS: I love your shop",
        "ID, 1\n\n2 weeks ago your parcel came so quickly",
        "ID, 1\n1 attachment",
        "ID, 1\n24 Nov 2026",
        "ID, 1\nPlease gift wrap",
        "ID, 1 and thank you",
        "ID, 1\nStoneware teapot",
        "please send me these:\nID, 1",
    ],
)
def test_what_people_write_beside_an_order_is_no_goods(items: str, shelf: Shelf) -> None:
    assert faults(f"{ADDRESS}Items:\n{items}\n", shelf) == []


def test_a_line_is_asked_back_for_one_reason(shelf: Shelf) -> None:
    told = faults(f"{ADDRESS}Items:\nID, 1\n\nI also need lamps\n", shelf)
    assert told == [(8, Reason.CORRECTION_IN_PROSE, None)]


def test_where_no_more_is_looked_for_a_line_is_asked_back(shelf: Shelf) -> None:
    names = "\n".join(f"nothing number {word}" for word in "abcdefghijklmnopqrstuvwxyz")
    assert faults(f"{ADDRESS}Items:\n{names}\n{TEAPOT}, 1\n", shelf)


def test_the_names_of_the_columns_are_looked_for_nowhere() -> None:
    made = read(letter("order", f"{ADDRESS}Product\tQty\n{LAMP}\t1\nproduct_id, quantity\n"))
    assert isinstance(made, PlaceOrder)
    assert (len(made.items), made.faults, made.perhaps) == (1, (), ())
