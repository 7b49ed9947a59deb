"""Nothing that stands in an attached sheet, or beside it in the letter, is passed over as if it were not there."""

import pytest

from daemon.letter import Sheet
from daemon.request import read
from daemon.request.shapes import PlaceOrder, Reason
from tests.unit.request.hand_written import letter

HOME = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\n"
LAMP, POT = "BJ02R0G72U8V", "7B4VYMBRQNAR"


def asked(*rows: tuple[str, ...], said: str = "", home: str = HOME) -> PlaceOrder:
    sheets = (Sheet("order.csv", tuple(enumerate(rows, 1))),)
    request = read(letter("order", home + said, sheets=sheets))
    assert isinstance(request, PlaceOrder), request
    return request


def faults(order: PlaceOrder) -> list[tuple[int | None, Reason]]:
    told = [*order.faults, *(item.fault for item in order.items if item.fault)]
    return [(fault.line, fault.reason) for fault in told]


NOTES = ["notes", "Remarks", "Comment", "Bemerkung", "include?", "", "colour", "deliver by"]


@pytest.mark.parametrize("column", NOTES)
@pytest.mark.parametrize("note", ["not this time", "only if blue", "2", "x"])
def test_a_row_that_says_more_is_asked_back_and_no_other(column: str, note: str) -> None:
    order = asked(("product_id", "quantity", column), (LAMP, "2"), (POT, "1", note), (LAMP, "1", ""))
    assert faults(order) == [(3, Reason.CONDITION)]
    (fault,) = [item.fault for item in order.items if item.fault]
    assert note in fault.text


def test_so_is_one_that_goes_on_beyond_the_header() -> None:
    assert faults(asked(("product_id", "quantity"), (LAMP, "2", "not this time"))) == [(2, Reason.CONDITION)]


@pytest.mark.parametrize("nothing", ["", "-", "n/a", "None", "--"])
def test_a_cell_that_says_nothing_is_no_remark(nothing: str) -> None:
    assert faults(asked(("product_id", "quantity", "notes"), (LAMP, "2", nothing))) == []


@pytest.mark.parametrize(
    "column", ["Name", "Description", "Unit", "Line total", "Category", "No.", "Position", "EAN", "Total"]
)
def test_what_describes_the_product_is_no_remark(column: str) -> None:
    assert faults(asked((column, "product_id", "quantity"), ("12", LAMP, "2"))) == []


@pytest.mark.parametrize("column", ["ship_to", "Ship To", "Address", "Shipping address", "City", "Lieferadresse"])
def test_where_a_sheet_wants_it_sent_is_asked_back(column: str) -> None:
    rows = ("product_id", "quantity", column), (LAMP, "2", "1 Engine Yard, Boulder")
    for home in (HOME, ""):
        assert faults(asked(*rows, home=home)) == [(None, Reason.ADDRESS_IN_SHEET)]


def test_the_address_of_the_letter_may_stand_in_the_sheet_too() -> None:
    rows = ("product_id", "quantity", "street", "city"), (LAMP, "2", "12 analytical way", "Denver"), (POT, "1", "", "")
    assert faults(asked(*rows)) == []


BOOKED = [
    "order attached",
    "Hello,\n\nplease find my order attached.\n\nThanks\nAda",
    "Here's our order, please see the attached spreadsheet",
    "Dear shop,\n\nattached is the order list.\n\nKind regards",
    "Anbei meine Bestellung",
    "I hope you are well. My order is in the attached Excel file.",
]
ASKED_BACK = [
    "order attached - first two rows only",
    "Order attached, the last one was my wife's",
    "my order is attached, lamps first",
    "see sheet for the lamps",
    "Order attached. Rows marked yellow are for next month.",
    "order attached but the pot",
    "order attached; just the top half",
]


@pytest.mark.parametrize("said", BOOKED)
def test_that_the_order_is_attached_may_be_said(said: str) -> None:
    assert faults(asked(("product_id", "quantity"), (LAMP, "2"), said=said)) == []


@pytest.mark.parametrize("said", ASKED_BACK)
def test_what_else_is_said_beside_a_sheet_is_asked_back(said: str) -> None:
    assert faults(asked(("product_id", "quantity"), (LAMP, "2"), (POT, "1"), said=said))
