"""The words beside id and quantity: an order is only what nothing on its lines speaks against."""

import pytest

from daemon.request import read
from daemon.request.kinds import kind_of
from daemon.request.shapes import PlaceOrder, Request
from daemon.request.spelling import words
from tests.unit.request.hand_written import letter

LAMP = "BJ02R0G72U8V"
POT = "7B4VYMBRQNAR"


def books(request: Request) -> bool:
    """Whether a letter would be booked, if its products can be had."""
    return (
        isinstance(request, PlaceOrder)
        and not request.quote
        and not request.faults
        and all(item.fault is None for item in request.items)
    )


@pytest.mark.parametrize("place", ["subject", "body"])
@pytest.mark.parametrize(
    "line",
    [
        f"quote {LAMP}, 1",
        f"Quote: {LAMP}, 1",
        f"price of {LAMP}, 1",
        f"estimate {LAMP}, 1",
        f"cost {LAMP}, 1",
        f"Angebot {LAMP}, 1",
        f"Preis {LAMP}, 1",
        f"prix {LAMP}, 1",
        f"devis {LAMP}, 1",
        f"please quote {LAMP} x 1",
    ],
)
def test_a_price_word_makes_it_a_quote(line: str, place: str) -> None:
    request = read(letter(line, "") if place == "subject" else letter("", line))
    assert kind_of(request) == "quote", request
    assert isinstance(request, PlaceOrder)
    assert [item.readings[0].product_key for item in request.items] == [LAMP]


@pytest.mark.parametrize("line", [f"{LAMP}, 1 quote", f"{LAMP}, 1 quotation please"])
def test_a_price_word_behind_the_quantity_does_too(line: str) -> None:
    assert kind_of(read(letter("", line))) == "quote"


AGAINST = words(
    "missing broken damaged faulty defect cracked wrong warranty complaint return returns Retoure retour kaputt "
    "reclamo refund exchange repair credit lost undelivered late short question reminder: interested tracking stop "
    "start again change more help info stock availability catalog search notify recommend sample wishlist compare check"
)


@pytest.mark.parametrize("subject", ["", "order"])
@pytest.mark.parametrize("word", [*sorted(AGAINST), "question:", "notify me", "return:", "photo of", "stock of"])
def test_a_word_against_it_is_never_booked(word: str, subject: str) -> None:
    assert not books(read(letter(subject, f"{word} {LAMP}, 1")))
    assert not books(read(letter(subject, f"{LAMP}, 2\n{word} {POT}, 1")))
    assert not books(read(letter(f"{word} {LAMP}, 1", "")))


@pytest.mark.parametrize(
    "line",
    [
        f"{LAMP} x1 waiting list",
        f"{LAMP}, 1 too small",
        f"{LAMP}, 1 too expensive",
        f"{LAMP}, 1 return",
        f"{LAMP}, 1 not needed",
        f"{LAMP}, 1 - how much",
    ],
)
def test_a_remark_against_it_is_never_booked(line: str) -> None:
    assert not books(read(letter("", line)))


@pytest.mark.parametrize(
    "heading", ["Price list:", "Returns:", "wish list:", "Availability", "stock of", "return", "Retoure"]
)
def test_a_heading_against_it_is_never_booked(heading: str) -> None:
    assert not books(read(letter("", f"{heading}\n{LAMP}, 1")))
    assert not books(read(letter("", f"{LAMP}, 1\n{heading}")))
    assert not books(read(letter(heading, f"{LAMP}, 1")))


@pytest.mark.parametrize(
    "line",
    [
        f"red {LAMP}, 1",
        f"Desk lamp, brass {LAMP}, 1",
        f"please {LAMP}, 1",
        f"Photo frame {LAMP}, 1",
        f"Stop sign {LAMP}, 1",
        f"Price tags {LAMP}, 1",
        f"Return address stamp {LAMP}, 1",
        f"Stock pot {LAMP}, 1",
        f"{LAMP} Stop sign, 1",
        f"item: {LAMP}, 1",
        f"{LAMP}, 1 pcs, red please",
    ],
)
def test_names_and_harmless_words_stay_orders(line: str) -> None:
    assert books(read(letter("order", line)))


@pytest.mark.parametrize("heading", ["My list:", "Request", "Hello", "Dear all"])
def test_harmless_headings_stay_harmless(heading: str) -> None:
    assert books(read(letter("order", f"{heading}\n{LAMP}, 1")))


def test_a_price_word_among_lines_that_order_asks_back() -> None:
    assert not books(read(letter("order", f"{LAMP}, 1\nprice of {POT}, 1")))
    assert not books(read(letter("change MO-7K3F-9Q2D", f"quote {LAMP}, 1")))


@pytest.mark.parametrize("word", ["damaged", "missing", "return", "Retoure", "faulty", "refund"])
def test_who_complains_is_read_by_a_person(word: str) -> None:
    assert kind_of(read(letter("", f"{word} {LAMP}, 1"))) == "person"
