"""What stands beside an order: nothing of it may speak against the order, and none of it goes unread."""

from pathlib import Path

import pytest

from daemon.reading import csv_catalogue
from daemon.request import read
from daemon.request.kinds import kind_of
from daemon.request.resolve import resolve
from daemon.request.shapes import ForPerson, PlaceOrder, Reason
from daemon.request.shelf import Shelf
from tests.unit.request.hand_written import letter

CATALOGUE = Path(__file__).parents[3] / "daemon" / "simulator" / "catalogue.csv"
ADDRESS = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n\n"
ITEMS = "BJ02R0G72U8V, 3\n7B4VYMBRQNAR, 2\n"
ORDER = ADDRESS + ITEMS


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    return csv_catalogue(CATALOGUE)


def fate(body: str, shelf: Shelf, subject: str = "Order") -> str:
    """Booked, booked and read by a person, asked back, or left to a person."""
    request = read(letter(subject, body))
    if isinstance(request, ForPerson):
        return "person"
    assert isinstance(request, PlaceOrder), kind_of(request)
    basket = resolve(request, shelf)
    if request.faults or basket.faults:
        return "asked"
    return "read" if request.beside or basket.remarks else "booked"


def reasons(body: str, shelf: Shelf, subject: str = "Order") -> list[Reason]:
    request = read(letter(subject, body))
    assert isinstance(request, PlaceOrder)
    return [fault.reason for fault in (*request.faults, *resolve(request, shelf).faults)]


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    "said",
    [
        "Bitte noch nicht buchen, ich melde mich morgen.",
        "Die Kanne bitte streichen.",
        "Doch nur eine Kanne bitte.",
        "Falls die Kanne nicht da ist, bitte gar nichts schicken.",
        "Eine Kanne reicht.",
        "Pas la théière.",
        "Supprimez la théière…",
        "C'est juste un essai.",
        "Solo si llega antes de Navidad.",
        "La tetera no, gracias.",
        "Se possibile senza la teiera.",
        "De theepot niet, dank u.",
        "Als het op tijd komt.",
        "Sem o bule, por favor.",
        "My wife says one teapot would be enough, so one it is.",
        "Oh no, I meant 4 lamps.",
        "The lamps should be 4.",
        "The second teapot you can strike.",
        "minus the teapots",
        "Kidding!",
        "Hold this order please.",
        "I'm thinking about it.",
        "I'm on holiday from 1 December so please send before.",
        "This order replaces the one I sent this morning.",
        "At the sale price please.",
        "Half would do.",
        "Both are for her.",
        "Thanks for making it 4 lamps",
        "Quantity: 5",
        "Qty 5",
        "Qty=5",
        "Count: 5",
        "Menge: 5",
        "Quantity is 5",
    ],
)
def test_a_second_thought_asks_back(said: str, gap: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}{gap}{said}\n", shelf) == "asked"


@pytest.mark.parametrize("said", ["Only lamps.", "A mug too.", "Zu teuer.", "My wife ordered these already."])
def test_a_second_thought_above_the_address_asks_back(said: str, shelf: Shelf) -> None:
    assert fate(f"{said}\n\n{ORDER}", shelf) == "asked"


@pytest.mark.parametrize(
    "said",
    [
        "Ich widerrufe diese Bestellung.",
        "Bitte stornieren Sie das wieder.",
        "Annulez tout.",
        "Scrap that, see you.",
        *(f"{verb} this order." for verb in ("Abort", "Annul", "Discard", "Discontinue", "Halt", "Refuse")),
    ],
)
def test_what_cancels_is_left_to_a_person(said: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}\n{said}\n", shelf) == "person"


@pytest.mark.parametrize(
    "said",
    [
        "Leave it with the porter.",
        "Please gift wrap it",
        "Colour does not matter.",
        "I don't need an invoice.",
        "No need to wrap them.",
        "Note: leave it with the porter",
        "Delivery: express please",
        "Bitte als Geschenk verpacken.",
        "C'est pour un cadeau.",
        "Thanks\nAda\nPS: My son says hello.",
        "Let me know when they ship.",
        "My phone is 303 555 0100 in case the driver needs it.",
    ],
)
def test_what_is_not_known_is_booked_and_read(said: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}\n{said}\n", shelf) == "read"


@pytest.mark.parametrize("gap", ["", "\n"])
@pytest.mark.parametrize(
    "said",
    [
        "Please confirm.",
        "Pls confirm, thx",
        "Could you confirm?",
        "many thanks and have a great weekend,",
        "Contact: Kay, 207 555 0100",
        "Thanks, Kay Moss | 207-555-0100",
        "Please ship it to my usual address.",
        "Vielen Dank und liebe Grüße",
        "Total\t\t\t$214.00",
        "Total should be $214.00",
        "Ada Lovelace",
        "24 Nov 2026",
        "Phone: 207 555 0100",
        "Date: 24 November 2026",
        "This is my first order with you.",
        "Hope all is well with you and the family.",
        "Merry Christmas and a happy new year to you all",
        "Can't wait!",
        "Keep up the good work",
        "I am a returning customer.",
        "Thank you very much in advance for your help with this order.",
        "Kindly confirm by return.",
        "www.lovelace.example",
        "Sorry for the short notice.",
        "Un saludo desde Madrid",
        "Ich freue mich auf die Lieferung.",
        "This e-mail and any attachments are confidential and intended solely for the\nuse of the addressee. If you "
        "are not the intended recipient, please notify the\nsender and delete it. Do not copy it.",
    ],
)
def test_what_is_harmless_is_passed_over(said: str, gap: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}{gap}{said}\n", shelf) == "booked"


def test_a_total_that_is_not_ours_still_asks_back(shelf: Shelf) -> None:
    assert reasons(f"{ORDER}Total\t\t\t$215.00\n", shelf) == [Reason.TOTAL_DIFFERS]


def test_small_print_that_names_a_product_is_no_small_print(shelf: Shelf) -> None:
    assert fate(f"{ORDER}\nThis message is confidential.\nQRIC1R56LNRF, 1\n", shelf) != "booked"


@pytest.mark.parametrize(
    "below",
    [
        "Thanks\nPS: and 2 x 7B4VYMBRQNAR",
        "Thanks\nAda\n\nP.S. make it 4 lamps",
        "Thank you.\nOnly if both are in stock though.",
        "Thanks.\nThe lamps later please.",
        "Many thanks,\nAda\n\n7B4VYMBRQNAR, 9",
        "Best\nAda\n2 teapots more",
    ],
)
def test_an_afterthought_below_the_closing_asks_back(below: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}\n{below}\n", shelf) == "asked"


@pytest.mark.parametrize("below", ["Thanks\nPS: please cancel the teapot", "Thanks.\nActually scrap the whole thing."])
def test_cancelling_below_the_closing_books_nothing(below: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}\n{below}\n", shelf) in ("asked", "person")


@pytest.mark.parametrize(
    "below",
    [
        "Best\nAda",
        "Thanks,\nAda Lovelace\nSales & Returns\nLovelace & Co.\nTel 207 555 0100\nWe never sleep. 24/7",
        "Thanks\n\nSent from my iPhone",
        "Regards\nAda\nada@customer.example\nIf it is broken, we fix it.",
        "Kind regards\nAda Lovelace\n12 Analytical Way\nDenver, CO 80202",
        "Regards\nAda\nThis e-mail is confidential. If you are not the intended recipient, delete it.",
        "Regards\nAda\nVAT DE123456789",
        "end\n7B4VYMBRQNAR, 1",
    ],
)
def test_a_signature_is_not_read(below: str, shelf: Shelf) -> None:
    assert fate(f"{ORDER}\n{below}\n", shelf) == "booked"


@pytest.mark.parametrize("subject", ["Order", ""])
@pytest.mark.parametrize(
    "lead",
    [
        "Last week I bought:",
        "Got these today, lovely!",
        "We counted these in the box:",
        "Sending back:",
        "I'd like to give back",
        "Still owed:",
        "We can offer you:",
        "Please remind me to order:",
        "Bitte nicht liefern:",
        "Ich möchte zurückgeben:",
        "Je ne veux plus:",
        "Bitte um Angebot für:",
        "My last order:",
        "In our cupboard we have:",
        "We can send you these items:",
        "I want to send these to you:",
    ],
)
@pytest.mark.parametrize("gap", ["", "\n"])
def test_a_list_announced_as_something_else_asks_back(lead: str, gap: str, subject: str, shelf: Shelf) -> None:
    assert fate(f"{lead}\n{gap}{ITEMS}\n{ADDRESS}", shelf, subject) == "asked"


@pytest.mark.parametrize("subject", ["Order", "", "hello from Denver"])
@pytest.mark.parametrize(
    "lead",
    [
        "Please send me:",
        "I'd like to order",
        "I need these soon please:",
        "I'd love to get these for my sister's birthday:",
        "Hi, could you send me the following please:",
        "Could you please send me the following?",
        "We need these items please",
        "I'll take these:",
        "Here is my order:",
        "Can I have",
        "Christmas order:",
        "For Ada:",
        "Would you be so kind as to send me",
        "My wife and I would like:",
        "I'm writing to order a few things.",
        "Please find below our purchase order for December:",
        "We would be grateful if you could send:",
        "Sehr geehrte Damen und Herren,\n\nich bestelle wie folgt:",
        "Good morning! Hope you are well. I would like to buy",
        "Hello,\nplease find my order below.",
        "Ich möchte bestellen:",
        "Bitte senden Sie mir folgende Artikel:",
        "Je voudrais commander :",
        "Bonjour, merci de m'envoyer les articles suivants :",
        "Quisiera pedir lo siguiente:",
        "Vorrei ordinare:",
    ],
)
def test_a_list_announced_as_an_order_is_one(lead: str, subject: str, shelf: Shelf) -> None:
    assert fate(f"{lead}\n{ITEMS}\n{ADDRESS}", shelf, subject) == "booked"


@pytest.mark.parametrize("subject", ["Sold yesterday", "Stock count", "Order received", "Order placed last week"])
def test_a_subject_that_says_something_else_of_the_list_asks_back(subject: str, shelf: Shelf) -> None:
    assert reasons(ORDER, shelf, subject) == [Reason.IS_IT_AN_ORDER]


@pytest.mark.parametrize("subject", ["Gifts", "stuff", "2nd order", "Birthday gift for my sister", "for the office"])
def test_who_says_where_to_send_it_means_to_order(subject: str, shelf: Shelf) -> None:
    assert fate(ORDER, shelf, subject) == "booked"
    assert Reason.IS_IT_AN_ORDER in reasons(f"{ITEMS}\n", shelf, subject)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "(no subject)",
        "Kein Betreff",
        "Hello",
        "new order please",
        "Lamps",
        "lamp and teapot",
        "PO 4711",
        "Order #12",
        "Order for Ada",
        "Bestellung",
    ],
)
def test_a_subject_that_orders_greets_or_names_the_goods_is_no_hindrance(subject: str, shelf: Shelf) -> None:
    assert fate(ORDER, shelf, subject) == "booked"


@pytest.mark.parametrize(
    ("said", "becomes"),
    [
        ("Please confirm.", "booked"),
        ("Leave it with the porter.", "read"),
        ("The lamps should be 4", "asked"),
        ("Make it lamps only.", "asked"),
        ("Nicht liefern", "asked"),
    ],
)
def test_beside_an_item_in_the_subject_it_is_the_same(said: str, becomes: str, shelf: Shelf) -> None:
    assert fate(f"{said}\n\n{ADDRESS}", shelf, "order BJ02R0G72U8V x 2") == becomes


# On the item line


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("BJ02R0G72U8V, 3 perhaps", Reason.QUANTITY_RANGE),
        ("BJ02R0G72U8V, 3 probably", Reason.QUANTITY_RANGE),
        ("BJ02R0G72U8V, 3 or so", Reason.QUANTITY_RANGE),
        ("BJ02R0G72U8V, 3 at least", Reason.QUANTITY_RANGE),
        ("BJ02R0G72U8V, 3 approx", Reason.QUANTITY_RANGE),
        ("BJ02R0G72U8V, 3 doz", Reason.QUANTITY_IN_WORDS),
        ("BJ02R0G72U8V, 3 later", Reason.CORRECTION_IN_PROSE),
        ("BJ02R0G72U8V, 3 (next month)", Reason.CONDITION),
        ("BJ02R0G72U8V, 3 to be delivered in May", Reason.CONDITION),
        ("(BJ02R0G72U8V, 2) <- maybe next time", Reason.QUANTITY_RANGE),
        ("BJ02R0G72U8V, 3 ❌", Reason.LINE_AMBIGUOUS),
        ("BJ02R0G72U8V, 2 ✗", Reason.LINE_AMBIGUOUS),
        ("BJ02R0G72U8V, 3 nein", Reason.CORRECTION_IN_PROSE),
        ("BJ02R0G72U8V, 3 ship to Bob", Reason.TWO_ADDRESSES),
        ("BJ02R0G72U8V, 3 at the sale price", Reason.CONDITION),
        ("BJ02R0G72U8V size 3", Reason.LINE_AMBIGUOUS),
        ("BJ02R0G72U8V Lamp 3 2", Reason.LINE_AMBIGUOUS),
    ],
)
def test_a_remark_that_makes_a_line_doubtful_asks_back(line: str, reason: Reason, shelf: Shelf) -> None:
    assert reasons(f"{ADDRESS}{line}\n", shelf) == [reason]


@pytest.mark.parametrize("remark", ["colour: red", "gift wrap please", "for my mother", "(the blue one)"])
def test_other_remarks_are_read_by_a_person(remark: str, shelf: Shelf) -> None:
    assert fate(f"{ADDRESS}BJ02R0G72U8V, 3 {remark}\n", shelf) == "read"


@pytest.mark.parametrize(
    "line",
    [
        "BJ02R0G72U8V, 3 Brass desk lamp",
        "BJ02R0G72U8V Brass desk lamp, 3",
        "BJ02R0G72U8V Brass desk lamp 3",
        "lamp BJ02R0G72U8V 3",
        "3 x BJ02R0G72U8V (brass lamps)",
        "BJ02R0G72U8V, 3 please",
        "BJ02R0G72U8V, 3 ✓",
    ],
)
def test_the_name_of_the_product_is_no_remark(line: str, shelf: Shelf) -> None:
    assert fate(f"{ADDRESS}{line}\n", shelf) == "booked"


@pytest.mark.parametrize(("ticked", "empty"), [("[x]", "[ ]"), ("[X]", "[]"), ("☑", "☐"), ("✓", "☐")])
def test_beside_a_ticked_box_an_empty_one_is_not_ordered(ticked: str, empty: str, shelf: Shelf) -> None:
    lines = f"{ticked} BJ02R0G72U8V, 3\n{empty} 7B4VYMBRQNAR, 2\n"
    assert reasons(f"{ADDRESS}{lines}", shelf) == [Reason.LINE_AMBIGUOUS]
    assert fate(f"{ADDRESS}{lines.replace(ticked, empty)}", shelf) == "booked"
