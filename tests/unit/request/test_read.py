"""The fine print, sentence by sentence: a careful clerk who never books the wrong thing."""

import pytest

from daemon.letter import BounceReport, Damage, Sheet, Unopened
from daemon.request import read
from daemon.request.shapes import (
    Ask,
    AskKind,
    Automatic,
    Bounced,
    CancelOrder,
    ForPerson,
    PlaceOrder,
    Reading,
    Reason,
    Request,
    ShipTo,
    Unclear,
    Unreadable,
    Yes,
)
from tests.unit.request.hand_written import letter

SHIP = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\n"
ADA = ShipTo("Ada Lovelace", ("12 Analytical Way", "Denver, CO 80202"))
LAMP = "BJ02R0G72U8V, 2"
TEAPOT = "7B4VYMBRQNAR, 1"
NUMBER, OTHER = "MO-7K3F-9Q2D", "MO-2345-6789"


def ordered(request: Request) -> list[tuple[str, int]]:
    assert isinstance(request, PlaceOrder)
    return [(item.readings[0].product_key, item.readings[0].quantity) for item in request.items if item.readings]


def reasons(request: Request) -> list[Reason]:
    """Every reason why a request is not done as it stands, of the letter and of its lines."""
    assert isinstance(request, PlaceOrder | CancelOrder | Unclear)
    lines = request.items if isinstance(request, PlaceOrder) else ()
    return [fault.reason for fault in request.faults] + [item.fault.reason for item in lines if item.fault]


# Addresses


@pytest.mark.parametrize(
    "form",
    [
        "Ship to: Ada Lovelace\n         12 Analytical Way\n         Denver, CO 80202",
        "SHIP TO:\nAda Lovelace\n12 Analytical Way\nDenver, CO 80202",
        "Shipping address: Ada Lovelace, 12 Analytical Way, Denver, CO 80202",
        "Address:\n\nAda Lovelace\n12 Analytical Way\nDenver, CO 80202",
        "Deliver to : Ada Lovelace\n12 Analytical Way,\nDenver, CO 80202,",
        "*Ship to:* Ada Lovelace\n12 Analytical Way\nDenver, CO 80202",
        "Ship to\nAda Lovelace\n12 Analytical Way\nDenver, CO 80202",
        "Name: Ada Lovelace\nAddress: 12 Analytical Way\nDenver, CO 80202",
        "To: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202",
        "Ship to：Ada Lovelace\n12 Analytical Way\nDenver, CO 80202",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_an_address_in_every_form(form: str, first: bool) -> None:
    items = f"Items:\n{LAMP}"
    request = read(letter("order", f"{form}\n\n{items}" if first else f"{items}\n\n{form}"))
    assert isinstance(request, PlaceOrder)
    assert (request.ship_to, request.faults) == (ADA, ())
    assert ordered(request) == [("BJ02R0G72U8V", 2)]


def test_the_next_key_ends_an_address() -> None:
    request = read(letter("order", f"Ship to: Ada Lovelace\n12 Analytical Way\nPhone: 555 0100\nItems:\n{LAMP}"))
    assert isinstance(request, PlaceOrder)
    assert request.ship_to == ShipTo("Ada Lovelace", ("12 Analytical Way",))


def test_an_item_line_ends_an_address_and_is_not_lost() -> None:
    request = read(letter("order", f"Ship to: Ada Lovelace\n12 Analytical Way\n{LAMP}\n\n{TEAPOT}"))
    assert isinstance(request, PlaceOrder)
    assert request.ship_to == ShipTo("Ada Lovelace", ("12 Analytical Way",))
    assert ordered(request) == [("BJ02R0G72U8V", 2), ("7B4VYMBRQNAR", 1)]


def test_the_same_address_twice_is_one() -> None:
    once_more = "Ship to: ADA LOVELACE; 12 Analytical Way, Denver CO 80202"
    request = read(letter("order", f"{SHIP}{LAMP}\n\n{once_more}"))
    assert reasons(request) == []


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (f"{SHIP}{LAMP}\n\nShip to: Ben\n7 Harbour Street\nPortland", Reason.TWO_ADDRESSES),
        (f"{SHIP}{LAMP}\n\nPlease send it to my office.", Reason.TWO_ADDRESSES),
        (f"{SHIP}{LAMP}\n\nBen Okafor\n7 Harbour Street\nPortland, ME 04101", Reason.TWO_ADDRESSES),
        (f"Ship to:\nItems:\n{LAMP}", Reason.NO_ADDRESS),
        (f"{LAMP}\n\nAda Lovelace\n12 Analytical Way\nDenver, CO 80202", Reason.NO_ADDRESS),
        (f"Ship to: Ada\n\n{LAMP}", Reason.ADDRESS_INCOMPLETE),
        (f"Ship to: 80202\nDenver\n\n{LAMP}", Reason.ADDRESS_INCOMPLETE),
        (f"Ship to: Ada Lovelace\n12 Analytical Way\n\nDenver, CO 80202\n\n{LAMP}", Reason.ADDRESS_INCOMPLETE),
        ("Ship to: Ada\n" + "a line of an address\n" * 30 + f"\n{LAMP}", Reason.ADDRESS_INCOMPLETE),
    ],
)
def test_an_address_in_doubt_is_asked_back(body: str, reason: Reason) -> None:
    request = read(letter("order", body))
    assert reasons(request) == [reason]
    assert ordered(request) == [("BJ02R0G72U8V", 2)]


def test_the_usual_address_is_no_address_in_doubt() -> None:
    assert reasons(read(letter("order", f"{LAMP}\n\nPlease ship it to the same address as last time."))) == []


# Items


def test_remarks_and_closings_around_items() -> None:
    body = f"Hello,\n\nplease send me:\n\n{LAMP} (the blue one)\n{TEAPOT} - gift wrap please\n\nThanks!\nAda\n"
    request = read(letter("hello", body))
    assert ordered(request) == [("BJ02R0G72U8V", 2), ("7B4VYMBRQNAR", 1)]
    assert reasons(request) == []


@pytest.mark.parametrize(
    "items",
    [
        "BJ02R0G72U8V\n2",
        "Item: BJ02R0G72U8V\nQty: 2",
        "Product ID: BJ02R0G72U8V\nQuantity: 2 pcs",
        "BJ02R0G72U8V -> 2",
        "BJ02R0G72U8V, 2x",
        "I want 2 of the BJ02R0G72U8V please.",
    ],
)
def test_items_in_forms_that_mail_programs_and_people_make(items: str) -> None:
    request = read(letter("order", f"{SHIP}{items}"))
    assert (ordered(request), reasons(request)) == ([("BJ02R0G72U8V", 2)], [])


@pytest.mark.parametrize(
    "line",
    [
        "No BJ02R0G72U8V, 2",
        "not BJ02R0G72U8V, 2",
        "I have 2 BJ02R0G72U8V already",
        "2 x BJ02R0G72U8V 3",
        "2 x BJ02R0G72U8V maybe",
        "BJ02R0G72U8V instead, 2",
        "BJ02R0G72U8V, 2 or 7B4VYMBRQNAR, 1",
        "or BJ02R0G72U8V, 2",
        "BJ02R0G72U8V ×2, 7B4VYMBRQNAR ×1",
        "I would like to order 2 BJ02R0G72U8V and 1 7B4VYMBRQNAR.",
        "Hello my name is Ada and I want BJ02R0G72U8V, 2 and 7B4VYMBRQNAR, 1 thanks",
        "BJ02R0G72U8V, 2 @ 12,5O",
        "BJ02R0G72U8V, 2 $ 5 6",
    ],
)
def test_a_line_that_is_more_than_an_item_is_never_booked(line: str) -> None:
    request = read(letter("order", f"{SHIP}{line}\nQRIC1R56LNRF, 1"))
    assert isinstance(request, ForPerson) or reasons(request)
    assert isinstance(request, ForPerson) or all(key == "QRIC1R56LNRF" for key, _ in ordered(request))


@pytest.mark.parametrize("between", ["the blue lamp", "and for my mother", "7B4VYMBRQNAR as well", "Lantern, 3"])
def test_a_line_between_items_is_never_passed_over(between: str) -> None:
    request = read(letter("order", f"{SHIP}Items:\n{LAMP}\n{between}\n{TEAPOT}"))
    assert isinstance(request, PlaceOrder)
    assert [item.line for item in request.items] == [6, 7, 8]


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        ("Make that 5.", Reason.CORRECTION_IN_PROSE),
        ("No wait, three of the lamps", Reason.QUANTITY_IN_WORDS),
        ("And another lamp", Reason.CORRECTION_IN_PROSE),
        ("Plus two teapots please", Reason.QUANTITY_IN_WORDS),
        ("Oh, replace the teapot by a lamp", Reason.CORRECTION_IN_PROSE),
        ("Only if it arrives by Friday", Reason.CONDITION),
        ("I need it before Christmas", Reason.CONDITION),
        ("unless it is plastic", Reason.CONDITION),
        ("Send me this every month", Reason.CONDITION),
        ("Is the lamp dimmable?", Reason.QUESTION),
        ("How much is shipping", Reason.QUESTION),
        ("7B4VYMBRQNAR would be nice as a gift", Reason.LINE_NOT_UNDERSTOOD),
    ],
)
def test_prose_behind_the_items_that_must_stop_us(after: str, reason: Reason) -> None:
    """Asked back, or left to a person: never booked."""
    request = read(letter("order", f"{SHIP}{LAMP}\n\n{after}"))
    assert isinstance(request, ForPerson) or reason in reasons(request)


@pytest.mark.parametrize(
    "before",
    [
        "Hi,",
        "Hope you are well!",
        "I would like to order the following:",
        "Could you please send me these?",
        "This is my first order with you.",
        "Thanks for last time! Next order:",
        "My last order was great.",
        "No rush at all.",
        "If you have any questions, please call me.",
        "Please ship it if possible as a gift.",
        "I am looking forward to the lamp.",
    ],
)
def test_polite_filler_does_not_stop_us(before: str) -> None:
    request = read(letter("order", f"{before}\n\n{LAMP}\n\n{SHIP}"))
    assert ordered(request) == [("BJ02R0G72U8V", 2)]
    assert reasons(request) == []


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("order", "The BJ02R0G72U8V, 2 arrived broken"),
        ("My last order", f"{LAMP}\n{TEAPOT}\nboth arrived damaged"),
        ("Refund please", LAMP),
        ("Wrong items", f"I received these instead:\n{LAMP}"),
        ("order", f"Please do not send these again:\n{LAMP}"),
        ("order", f"I never ordered this:\n{LAMP}"),
        ("order", f"{LAMP}\n\nOr rather cancel everything."),
        ("order", "My parcel has not come."),
        ("Invoice 4711", LAMP),
    ],
)
def test_complaints_and_negation_are_for_a_person(subject: str, body: str) -> None:
    assert isinstance(read(letter(subject, body)), ForPerson)


def test_too_many_lines() -> None:
    request = read(letter("order", "\n".join([LAMP] * 101)))
    assert reasons(request) == [Reason.TOO_MANY_LINES]
    assert len(ordered(request)) == 100


@pytest.mark.parametrize("subject", ["order", "New order", "quote"])
def test_an_order_of_nothing(subject: str) -> None:
    assert reasons(read(letter(subject, SHIP))) == [Reason.NO_ITEMS]


def test_a_total_that_the_customer_wrote_is_kept_for_checking() -> None:
    request = read(letter("order", f"{LAMP}\nTotal: $99.00"))
    assert isinstance(request, PlaceOrder)
    assert request.total == 9900


# What happened to the letter


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"damage": (Damage.CUT_OFF,)}, Reason.CUT_OFF),
        ({"damage": (Damage.UNDECODABLE,)}, Reason.UNDECODABLE),
        ({"damage": (Damage.TOO_LONG,)}, Reason.TOO_LONG),
        ({"struck": ("7B4VYMBRQNAR, 1",)}, Reason.STRUCK_OUT),
        ({"unopened": (Unopened("order.pdf", "wrong_kind"),)}, Reason.ATTACHMENT_WRONG_KIND),
        ({"unopened": (Unopened("order.xlsx", "formula"),)}, Reason.ATTACHMENT_FORMULA),
        ({"unopened": (Unopened("order.xlsx", "too_large"),)}, Reason.ATTACHMENT_TOO_LARGE),
        ({"unopened": (Unopened("order.csv", "unreadable"),)}, Reason.ATTACHMENT_UNREADABLE),
    ],
)
def test_what_may_hide_a_part_of_an_order_is_asked_back(more: dict[str, object], reason: Reason) -> None:
    assert reasons(read(letter("order", LAMP, **more))) == [reason]


@pytest.mark.parametrize("more", [{"damage": (Damage.CUT_OFF,)}, {"struck": ("only the lamp",)}])
def test_a_damaged_cancellation_is_asked_back(more: dict[str, object]) -> None:
    assert len(reasons(read(letter(f"cancel {NUMBER}", "", **more)))) == 1


def html(body: str) -> tuple[tuple[int, str], ...]:
    return tuple(enumerate(body.split("\n"), 1))


@pytest.mark.parametrize(
    "other",
    [f"{SHIP}BJ02R0G72U8V, 20", f"{SHIP}{LAMP}\n{TEAPOT}", SHIP, f"Ship to: Ben\n7 Harbour Street\n\n{LAMP}", ""],
)
def test_parts_that_differ_are_asked_back(other: str) -> None:
    request = read(letter("order", f"{SHIP}{LAMP}", html_lines=html(other) if other else html("nothing here")))
    assert Reason.PARTS_DIFFER in reasons(request)


def test_parts_that_differ_in_nothing_that_matters() -> None:
    shown = (
        f"Dear shop,\n\nShip to:\n\nAda  Lovelace,\n12 Analytical Way\nDenver CO 80202\n\nItems:\n- {LAMP}\n\nThanks"
    )
    assert reasons(read(letter("order", f"{SHIP}{LAMP}", html_lines=html(shown)))) == []


def test_a_negation_in_one_part_only_is_for_a_person() -> None:
    assert isinstance(read(letter(f"cancel {NUMBER}", "", html_lines=html("Please do not!"))), ForPerson)
    assert isinstance(read(letter("order", LAMP, html_lines=html(f"do not send\n{LAMP}"))), ForPerson)


# Sheets


def sheet(*rows: tuple[str, ...]) -> Sheet:
    return Sheet("order.csv", tuple(enumerate(rows, 1)))


HEADER = ("product_id", "quantity")


@pytest.mark.parametrize(
    "rows",
    [
        (HEADER, ("BJ02R0G72U8V", "2")),
        (HEADER, ("BJ02R0G72U8V", "2.0")),
        (HEADER, ("", ""), ("bj02-r0g7-2u8v", " 2 ")),
        (("SKU", "Name", "Qty", "Price"), ("BJ02R0G72U8V", "Lamp", "2", "$49.50")),
        (("Our order",), HEADER, ("BJ02R0G72U8V", "２")),
        (("Quantity", "Product ID"), ("2", "BJ02R0G72U8V")),
        (("BJ02R0G72U8V", "2"),),
    ],
)
def test_sheets_are_read(rows: tuple[tuple[str, ...], ...]) -> None:
    request = read(letter("order", "", sheets=(sheet(*rows),)))
    assert ordered(request) == [("BJ02R0G72U8V", 2)]
    assert reasons(request) == []


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2.5", Reason.QUANTITY_FRACTION),
        ("two", Reason.QUANTITY_IN_WORDS),
        ("", Reason.QUANTITY_MISSING),
        ("0.0", Reason.QUANTITY_ZERO),
        ("-1.0", Reason.QUANTITY_NEGATIVE),
        ("1,000", Reason.QUANTITY_NOT_A_NUMBER),
        ("1.000", Reason.QUANTITY_NOT_A_NUMBER),
        ("100000.0", Reason.QUANTITY_TOO_LARGE),
    ],
)
def test_quantities_in_sheets(cell: str, reason: Reason) -> None:
    request = read(letter("order", "", sheets=(sheet(HEADER, ("BJ02R0G72U8V", cell)),)))
    assert reasons(request) == [reason]


def test_a_sheet_and_a_body_that_say_the_same_count_once() -> None:
    request = read(letter("order", f"{SHIP}{LAMP}", sheets=(sheet(HEADER, ("BJ02R0G72U8V", "2")),)))
    assert ordered(request) == [("BJ02R0G72U8V", 2)]
    assert reasons(request) == []


@pytest.mark.parametrize("row", [("BJ02R0G72U8V", "3"), ("7B4VYMBRQNAR", "2")])
def test_a_sheet_that_differs_from_the_body_is_asked_back(row: tuple[str, str]) -> None:
    assert reasons(read(letter("order", LAMP, sheets=(sheet(HEADER, row),)))) == [Reason.SHEET_DIFFERS]


def test_a_sheet_without_known_columns() -> None:
    assert reasons(read(letter("order", "", sheets=(sheet(("what", "where"), ("lamp", "hall")),)))) == [
        Reason.SHEET_COLUMNS
    ]


def test_a_sheet_that_nobody_called_an_order_is_for_a_person() -> None:
    assert isinstance(read(letter("Stock", "FYI", sheets=(sheet(HEADER, ("BJ02R0G72U8V", "2")),))), ForPerson)


# Cancelling


@pytest.mark.parametrize(
    ("subject", "body", "numbers"),
    [
        (f"cancel {NUMBER}", "", (NUMBER,)),
        (f"cancel {NUMBER}", "cancel", (NUMBER,)),
        (f"cancel {NUMBER}", f"cancel {NUMBER}", (NUMBER,)),
        (f"cancel {NUMBER}", "Sorry, I changed my mind.", (NUMBER,)),
        (f"cancel {NUMBER}", "I don't need it any more.\n\nThanks\nAda", (NUMBER,)),
        ("cancel", f"{NUMBER}", (NUMBER,)),
        ("cancel my order", f"Order number: {NUMBER}", (NUMBER,)),
        ("hello", f"cancel {NUMBER}\ncancel {OTHER}", (NUMBER, OTHER)),
        ("Cancel my order", f"please cancel {NUMBER} because I found it cheaper", (NUMBER,)),
        ("cancellation", f"Hi, I want to cancel my order.\nOrder number {NUMBER}", (NUMBER,)),
        (f"cancel {NUMBER}", "I ordered the wrong colour.", (NUMBER,)),
        ("", f"Hi,\n\nplease cancel {NUMBER}.\n\nAda", (NUMBER,)),
        (f"Re: Order {NUMBER} confirmed", "cancel", (NUMBER,)),
        (f"AW: Order {NUMBER} confirmed", "Please cancel this order.", (NUMBER,)),
        (f"Re: Order {NUMBER} confirmed", f"cancel {OTHER}", (OTHER,)),
        (f"Re: This looks like {NUMBER}: would you like it again?", "cancel", ()),
        ("Re: Your order", "cancel please", ()),
    ],
)
def test_which_orders_are_cancelled(subject: str, body: str, numbers: tuple[str, ...]) -> None:
    assert read(letter(subject, body, replies_to=("1@shop.example",) if "Re:" in subject else ())) == CancelOrder(
        numbers
    )


@pytest.mark.parametrize(
    ("subject", "body", "reason"),
    [
        ("cancel MO-7K3F-9Q2O", "", Reason.NOT_AN_ORDER_NUMBER),
        ("cancel 7K3F-9Q2D", "", Reason.NOT_AN_ORDER_NUMBER),
        ("cancel my last order", "", Reason.WHICH_ORDER),
        ("cancel all my orders", "", Reason.WHICH_ORDER),
        ("cancel my order", f"I mean {NUMBER}.", Reason.WHICH_ORDER),
        (f"cancel {NUMBER}", f"cancel {OTHER}", Reason.SUBJECT_AND_BODY_DIFFER),
        (f"cancel {NUMBER}", LAMP, Reason.SUBJECT_AND_BODY_DIFFER),
        (f"cancel {NUMBER}", "my orders", Reason.SUBJECT_AND_BODY_DIFFER),
        ("order", f"cancel {NUMBER}", Reason.SUBJECT_AND_BODY_DIFFER),
        ("hello", f"cancel {NUMBER}\nagain {OTHER}", Reason.SEVERAL_COMMANDS),
        ("hello", f"cancel {NUMBER}\n\n{LAMP}", Reason.SEVERAL_COMMANDS),
    ],
)
def test_a_cancellation_in_doubt_is_asked_back(subject: str, body: str, reason: Reason) -> None:
    assert reasons(read(letter(subject, body))) == [reason]


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("My order", f"Please do not cancel {NUMBER}"),
        (f"Re: Order {NUMBER} confirmed", "Please do not\ncancel my order"),
        (f"Re: Order {NUMBER} confirmed", "Can I still cancel?"),
        (f"cancel {NUMBER}", "only the lamp"),
        (f"cancel {NUMBER}", "Just the teapot, please."),
        (f"cancel {NUMBER}", "if it is not too late"),
        (f"cancel {NUMBER}", "Is that possible?"),
        (f"cancel {NUMBER}", "No wait, keep it!"),
        (f"cancel {NUMBER}", "7B4VYMBRQNAR from it"),
        ("cancel my account", ""),
        ("cancel my newsletter", ""),
        ("hello", f"cancel {NUMBER}, but keep {OTHER}"),
        ("Cancel?", ""),
    ],
)
def test_a_cancellation_with_a_doubt_is_for_a_person(subject: str, body: str) -> None:
    assert isinstance(read(letter(subject, body)), ForPerson)


# Replies, questions, machines


def test_what_comes_back_unmarked_in_a_reply_is_no_command() -> None:
    ours = f"Order {NUMBER} confirmed\nThank you for your order.\n{LAMP}\nTo cancel, reply with cancel."
    told = {"replies_to": ("1@shop.example",)}
    assert read(letter(f"Re: Order {NUMBER} confirmed", f"cancel\n\n{ours}", **told)) == CancelOrder((NUMBER,))
    assert isinstance(read(letter(f"Re: Order {NUMBER} confirmed", f"Lovely!\n\n{ours}", **told)), ForPerson)


def test_items_in_a_reply_to_a_confirmation_are_asked_back() -> None:
    request = read(letter(f"Re: Order {NUMBER} confirmed", LAMP, replies_to=("1@shop.example",)))
    assert reasons(request) == [Reason.CORRECTION_IN_PROSE]


@pytest.mark.parametrize(("body", "numbers"), [("Yes", ()), ("yes please!", ()), ("Yes, order again", ())])
def test_yes(body: str, numbers: tuple[str, ...]) -> None:
    assert read(letter("Re: Would you like this order twice?", body)) == Yes(numbers)
    assert read(letter(f"yes {NUMBER}", "")) == Yes((NUMBER,))


@pytest.mark.parametrize("body", ["Yes, but only one", "yes if it is free", "Yes? Which order?", "No", "no thanks"])
def test_what_is_no_yes(body: str) -> None:
    assert isinstance(read(letter("Re: Would you like this order twice?", body)), ForPerson)


@pytest.mark.parametrize(
    ("subject", "body", "request_"),
    [
        ("my orders", "", Ask(AskKind.MY_ORDERS)),
        (f"status {NUMBER}", "", Ask(AskKind.STATUS, NUMBER)),
        ("status", NUMBER, Ask(AskKind.STATUS, NUMBER)),
        ("products under $20", "", Ask(AskKind.PRODUCTS_UNDER, cents=2000)),
        ("recommend BJ02R0G72U8V", "", Ask(AskKind.RECOMMEND, "BJ02R0G72U8V")),
        ("catalog lamps", "", Ask(AskKind.CATALOG, "lamps")),
        ("stop", "I am not happy with these mails. Don't write again!", Ask(AskKind.STOP)),
        (f"Order {NUMBER}", "", Ask(AskKind.STATUS, NUMBER)),
    ],
)
def test_questions(subject: str, body: str, request_: Ask) -> None:
    assert read(letter(subject, body)) == request_


def test_another_currency_is_told() -> None:
    assert reasons(read(letter("products under €20", ""))) == [Reason.CURRENCY_DIFFERS]
    assert read(letter("products under €20", ""), currency="EUR") == Ask(AskKind.PRODUCTS_UNDER, cents=2000)


def test_who_is_not_read() -> None:
    assert read(letter("order", LAMP, automatic="list")) == Automatic("list")
    assert read(letter("order", LAMP, bounce=BounceReport(("1@x",), True, "5.1.1"))) == Bounced(("1@x",), True, "5.1.1")
    assert read(letter("order", LAMP, forwarded=True)) == ForPerson("forwarded")
    two = read(letter("order", LAMP, sender=None, sender_count=2))
    assert isinstance(two, Unreadable)
    assert two.faults[0].reason is Reason.TWO_SENDERS


def test_an_empty_letter_is_told_so() -> None:
    assert reasons(read(letter("", ""))) == [Reason.EMPTY]


def test_an_email_line_may_only_repeat_the_sender() -> None:
    assert reasons(read(letter("order", f"Email: ADA@Customer.example\n{LAMP}"))) == []
    assert reasons(read(letter("order", f"E-mail: ben@customer.example\n{LAMP}"))) == [Reason.OTHER_EMAIL]


def test_readings_are_what_the_catalogue_is_asked() -> None:
    request = read(letter("order", "120 x 71"))
    assert isinstance(request, PlaceOrder)
    assert set(request.items[0].readings) == {Reading("120", 71), Reading("71", 120)}
