"""What holds for every letter: it is read, read the same in every form, and never read wrong."""

import re
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.letter import BounceReport, Damage, Sheet, Unopened
from daemon.request import read
from daemon.request.items import plain_item, read_item
from daemon.request.resolve import resolve
from daemon.request.shapes import CancelOrder, PlaceOrder
from daemon.request.shelf import shelf_of
from daemon.request.spelling import fold
from daemon.request.tokens import is_strong
from store.facts import Product
from tests.unit.request.hand_written import letter

CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
IDS = st.text(CAPITALS, min_size=12, max_size=12).filter(is_strong)
ORDERS = st.lists(st.tuples(IDS, st.integers(1, 99)), min_size=1, max_size=8)
FORMS = (
    "{id}, {n}",
    "({id}, {n})",
    "{n} x {id}",
    "{id} x {n}",
    "{id} {n}",
    "{id}: {n}",
    "{id} × {n}",
    "{n} × {id}",
    "{n}x {id}",
    "{id} x{n}",
    "{id}\t{n}",
    "{id}, {n} pcs",
    "{id}, {n} (the blue one)",
    "{id}, {n} - gift wrap please",
    "{id} Brass lamp, {n}",
    "Brass lamp ({id}), {n}",
    "{n} of {id}",
    "{id}, qty {n}",
)
BULLETS = ("", "- ", "• ", "* ", "  ", "> ".replace("> ", "– "), "1. ", "2) ", "a) ")
SPELLINGS = (str, str.lower, lambda key: f"{key[:4]}-{key[4:8]}-{key[8:]}", lambda key: f"{key[:6]}\u00ad{key[6:]}")
DIGITS = ("0123456789", "٠١٢٣٤٥٦٧٨٩", "０１２３４５６７８９", "०१२३४५६७८९")
ADDRESS = "Ship to: Ada Lovelace\n12 Analytical Way\nDenver, CO 80202\n"
GREETINGS = ("", "Hi,\n\n", "Dear shop,\nplease send me:\n", "Hello!\n\nI would like to order the following items:\n\n")
CLOSINGS = ("", "\nThanks,\nAda\n", "\nend\nBJ02R0G72U8V, 9\n", "\nKind regards\nAda Lovelace\n12 Analytical Way\n")


def digits(number: int, script: str) -> str:
    return str(number).translate(str.maketrans("0123456789", script))


@st.composite
def written(draw: st.DrawFn) -> tuple[list[tuple[str, int]], str]:
    """An order and one of the ways in which a person could have written it."""
    order = draw(ORDERS)
    lines = []
    for key, count in order:
        form, bullet = draw(st.sampled_from(FORMS)), draw(st.sampled_from(BULLETS))
        # Without capitals or figures an id looks like any word; only an announced list may hold it so.
        spelt = draw(st.sampled_from(SPELLINGS))(key) if any(map(str.isdigit, key)) else key
        lines.append(bullet + form.format(id=spelt, n=digits(count, draw(st.sampled_from(DIGITS)))))
    items = draw(st.sampled_from(("", "Items:\n", "products:\n"))) + "\n".join(lines) + "\n"
    blocks = [f"{ADDRESS}\n", items] if draw(st.booleans()) else [f"{items}\n", ADDRESS]
    return order, draw(st.sampled_from(GREETINGS)) + "".join(blocks) + draw(st.sampled_from(CLOSINGS))


@given(written(), st.sampled_from(("order", "New order please", "Re: order", "")))
@settings(max_examples=200)
def test_an_order_reads_the_same_in_every_form(order_and_body: tuple[list[tuple[str, int]], str], subject: str) -> None:
    order, body = order_and_body
    wanted: dict[str, int] = {}
    for key, count in order:
        wanted[key] = wanted.get(key, 0) + count
    request = read(letter(subject, body))
    assert isinstance(request, PlaceOrder)
    assert request.faults == ()
    assert request.ship_to is not None
    assert (request.ship_to.name, request.ship_to.lines) == ("Ada Lovelace", ("12 Analytical Way", "Denver, CO 80202"))
    basket = resolve(request, shelf_of(Product(key, "Brass lamp", "", 100, 10_000) for key in wanted))
    assert basket.faults == ()
    assert {line.product.key: line.quantity for line in basket.lines} == wanted


AROUND_NUMBERS = st.text(alphabet="0123456789 .,-+/×½²%~()'_|:;=*#@٢२三①⅔−–\u00a0\u066b\u066c", max_size=10)


@given(AROUND_NUMBERS)
@settings(max_examples=1000)
@example("- 2")
@example("1 000")
@example("2²")
@example("2-")
@example("三 0:1")
@example("1,O0")
@example("_1,1")
def test_a_quantity_is_never_misread(text: str) -> None:
    """Whatever stands behind the id: if a number is read, then exactly that number stands there, alone and unsigned."""
    item = read_item(1, fold(f"BJ02R0G72U8V, {text}"), 9_999, "USD", True)
    if item is None or item.fault is not None:
        return
    folded = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in text)
    without_prices = re.sub(r"@\s?\d+(?:[.,\u066b]\d{1,2})?", " ", folded)
    runs = re.findall(r"\d+", without_prices)
    quantities = {reading.quantity for reading in item.readings}
    assert len(quantities) == 1
    assert {int(run) for run in runs} == quantities
    assert not re.search(r"[-−–+~½²⅔三①]\s*\d|\d\s*[½²⅔三①%]|\d ?/ ?\d|\d[.,'_\u066b\u066c]\d", without_prices)


@given(st.from_regex(r"[ ]{0,2}\(?[A-Z0-9]{5,13}(, | x |: | |\t)[0-9]{1,6}\)?", fullmatch=True))
def test_the_quick_way_reads_what_the_long_way_reads(text: str) -> None:
    quick = plain_item(1, text, 9_999)
    if quick is not None:
        assert quick == read_item(1, text, 9_999, "USD", True)


TEXTS = st.text(max_size=60) | st.sampled_from(
    [
        "order",
        "cancel",
        "Ship to:",
        "Items:",
        "BJ02R0G72U8V, 2",
        "thanks",
        "MO-7K3F-9Q2D",
        "yes",
        "Email: a@b.example",
        "x",
        "",
    ]
)
LINES = st.lists(TEXTS, max_size=12).map(lambda texts: tuple(enumerate(texts, 1)))


@given(
    subject=TEXTS,
    lines=LINES,
    html_lines=st.none() | LINES,
    cells=st.lists(st.lists(TEXTS, max_size=4).map(tuple), max_size=5),
    damage=st.lists(st.sampled_from(Damage), max_size=2).map(tuple),
    struck=st.lists(TEXTS, max_size=2).map(tuple),
    unopened=st.lists(st.builds(Unopened, TEXTS, st.sampled_from(["wrong_kind", "formula", "?"])), max_size=2).map(
        tuple
    ),
    replies_to=st.sampled_from([(), ("1@shop.example",)]),
    sender_count=st.integers(0, 2),
    bounce=st.none() | st.just(BounceReport(("1@shop.example",), True, "5.1.1")),
)
@settings(max_examples=200)
def test_no_letter_makes_it_raise(
    subject: str, cells: list[tuple[str, ...]], sender_count: int, **more: object
) -> None:
    sheets = (Sheet("order.csv", tuple(enumerate(cells, 1))),) if cells else ()
    sender = "ada@customer.example" if sender_count == 1 else None
    request = read(letter(subject, sheets=sheets, sender=sender, sender_count=sender_count, **more))
    if isinstance(request, PlaceOrder):
        resolve(request, shelf_of([Product("BJ02R0G72U8V", "Brass lamp", "", 100, 5)]))


CANCELLING = ("cancel MO-7K3F-9Q2D", "please cancel", "Cancel my order MO-7K3F-9Q2D, thank you.", "I want to cancel")
AGAINST = (
    "please do not",
    "Don't cancel it.",
    "Never mind.",
    "No, wait.",
    "Not yet please",
    "Is it too late?",
    "but keep the lamp",
    "only the teapot",
    "unless it was sent",
    "if you can still stop it from leaving",
    "On second thought, keep it",
    "Please do NOT cancel",
)


@given(
    st.lists(st.sampled_from(CANCELLING), min_size=1, max_size=3),
    st.lists(st.sampled_from(AGAINST), min_size=1, max_size=2),
    st.sampled_from(["", "hello", "cancel MO-7K3F-9Q2D", "my order", "Re: Order MO-7K3F-9Q2D confirmed"]),
    st.randoms(use_true_random=False),
)
def test_a_cancellation_with_a_word_against_it_is_never_done(
    cancelling: list[str], against: list[str], subject: str, random: object
) -> None:
    lines = [*cancelling, *against]
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert not isinstance(read(letter(subject, "\n".join(lines))), CancelOrder)


HOSTILE = (
    "BJ02R0G72U8V, " * 5_000,
    "a " * 50_000,
    "1," * 50_000,
    "MO-" * 50_000,
    "cancel " * 30_000,
    "please " * 30_000,
    "ship to:" * 20_000,
    "x" * 200_000,
    "9" * 200_000,
    "(" * 100_000,
    "if you have any questions " * 10_000,
    "$1" * 100_000,
    "@" * 200_000,
    "thanks " * 30_000,
    "a-" * 100_000,
    " " * 200_000 + "x",
    "12 a " * 40_000,
)


@pytest.mark.timeout(30)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_hostile_lines_take_no_time(text: str) -> None:
    read(letter("order", text))
    read(letter(text, f"Ship to: {text}\n{text}"))
    read(letter("hello", "\n".join([text[:100]] * 2_000)))
