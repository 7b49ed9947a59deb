"""A parcel goes to the one address that is told for parcels, and to no line that says something else."""

import pytest

from daemon.request import read
from daemon.request.shapes import PlaceOrder, Reason, ShipTo
from tests.unit.request.hand_written import letter

KAY = ShipTo("Kay Moss", ("1 Congress St", "Portland, ME 04101"))
HOME = "Ship to: Kay Moss\n1 Congress St\nPortland, ME 04101"
ITEMS = "Items:\nBJ02R0G72U8V, 2"
KEYS = ["Bill to", "BILL TO", "Billing address", "Invoice to", "Rechnungsadresse", "Adresse de facturation", "Sold to"]


def asked(body: str) -> PlaceOrder:
    request = read(letter("order", body))
    assert isinstance(request, PlaceOrder), request
    return request


def reasons(order: PlaceOrder) -> list[Reason]:
    return [fault.reason for fault in order.faults]


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("gap", ["\n", "\n\n"])
@pytest.mark.parametrize("first", [True, False])
def test_where_the_bill_goes_no_parcel_goes(key: str, gap: str, first: bool) -> None:
    bill = f"{key}: ACME Inc\n5 State St\nBoston, MA 02109"
    order = asked(gap.join([bill, HOME, ITEMS] if first else [HOME, bill, ITEMS]))
    assert (order.ship_to, order.faults, len(order.items)) == (KAY, (), 1)


def test_the_key_needs_no_colon_and_may_stand_in_a_form_that_ran_together() -> None:
    bare = asked(f"{ITEMS}\n\n{HOME}\n\nBilling address\nACME Inc\n5 State St\nBoston, MA 02109")
    assert (bare.ship_to, bare.faults) == (KAY, ())
    together = "Ship to: Kay Moss, 1 Congress St, Portland, ME 04101 Bill to: ACME, 5 State St, Boston Items: "
    assert asked(f"{together}BJ02R0G72U8V, 2").ship_to == KAY


def test_the_only_address_there_is_is_asked_about_when_it_is_for_the_bill() -> None:
    order = asked(f"Bill to: ACME Inc\n5 State St\nBoston, MA 02109\n\n{ITEMS}")
    assert (order.ship_to, reasons(order)) == (None, [Reason.NO_ADDRESS])
    assert order.faults[0].suggestion == "Ship to: ACME Inc, 5 State St, Boston, MA 02109"


@pytest.mark.parametrize("said", ["same as above", "same", "me", ""])
def test_that_the_bill_goes_nowhere_else_is_no_address(said: str) -> None:
    assert asked(f"Bill to: {said}\n\n{ITEMS}").faults == ()
    assert asked(f"{HOME}\nBill to: {said}\n{ITEMS}").ship_to == KAY


TIES = [
    "by Friday",
    "by friday please",
    "before Christmas",
    "before the 24th",
    "by 24 December",
    "by Dec. 24",
    "no later than tomorrow",
    "until next week",
    "by 12/24",
    "on Saturday!",
    "please deliver before Friday",
    "(if it is still in stock)",
    "only if you can do it this year",
]


@pytest.mark.parametrize("tie", TIES)
@pytest.mark.parametrize("glue", [" ", ", ", "\n"])
def test_a_condition_in_the_address_asks_back_and_stays_off_the_parcel(tie: str, glue: str) -> None:
    order = asked(f"{HOME}{glue}{tie}\n{ITEMS}")
    assert (order.ship_to, reasons(order)) == (KAY, [Reason.CONDITION])


def test_so_it_does_in_an_address_on_one_line() -> None:
    order = asked(f"Ship to: Kay Moss, 1 Congress St, Portland, ME 04101 by Friday\n{ITEMS}")
    assert reasons(order) == [Reason.CONDITION]
    assert order.ship_to is not None
    assert "Friday" not in str(order.ship_to)


def test_a_question_in_the_address_asks_back() -> None:
    assert reasons(asked(f"{HOME}\nor is my office better?\n{ITEMS}")) == [Reason.QUESTION]


STREETS = [
    "12 Friday Lane",
    "1 Thanksgiving Way",
    "5 Christmas Hill Road",
    "Stratford on Avon",
    "Newton by the Sea",
    "Ashby until Easter Street 5",
    "7 Sunday on the Hill",
    "3 If Street",
    "Apartment on the 3rd floor",
    "8 May Court",
    "Chateau d'If",
    "9 Before Road",
]


@pytest.mark.parametrize("street", STREETS)
def test_a_street_of_such_a_name_is_a_street(street: str) -> None:
    order = asked(f"Ship to: Kay Moss\n{street}\nPortland, ME 04101\n{ITEMS}")
    assert order.ship_to == ShipTo("Kay Moss", (street, "Portland, ME 04101"))
    assert order.faults == ()
