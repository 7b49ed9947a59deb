"""Every link in an answer does what stands beside it, when it comes back as a letter."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from selectolax.lexbor import LexborHTMLParser

from daemon.config import ShopConfig
from daemon.request import read
from daemon.request.shapes import Ask, AskKind, CancelOrder, ForPerson, PlaceOrder, Reason, Request
from daemon.wording import Specimen, Wording, specimens
from tests.unit.wording.test_read_back import items, letter

WORDING = Wording(ShopConfig())
KINDS = ("my_orders", "status", "products", "recommend", "quote", "help", "unclear")
EACH = [made for kind in KINDS for made in specimens(kind)]
each_answer = pytest.mark.parametrize("made", EACH, ids=lambda made: f"{made.mail.kind}-{made.name}")


def links(made: Specimen) -> Iterator[tuple[str, str, Request]]:
    """What stands on each link of the HTML part, the link, and what it asks when it is sent as it stands."""
    html = WORDING.word(made.mail, made.enclosure, made.address).html
    for node in LexborHTMLParser(html).css("a[href*=subject]"):
        link = node.attributes["href"] or ""
        yield node.attributes.get("aria-label") or node.text(strip=True), link, followed(link)


def followed(link: str) -> Request:
    told = parse_qs(urlsplit(link).query, keep_blank_values=True)
    return read(letter(told["subject"][0], told.get("body", [""])[0]))


@each_answer
def test_the_text_holds_every_link_that_orders_or_cancels(made: Specimen) -> None:
    text = WORDING.word(made.mail, made.enclosure, made.address).text
    told = [link for _, link, request in links(made) if does_something(request)]
    assert [link for link in told if link not in text] == []


def does_something(request: Request) -> bool:
    """Whether it is complete: neither an empty form nor a command that waits for its number."""
    again = isinstance(request, Ask) and request.kind is AskKind.AGAIN
    cancels = isinstance(request, CancelOrder) and bool(request.numbers)
    return again or cancels or (isinstance(request, PlaceOrder) and bool(request.items))


@each_answer
def test_no_link_is_for_a_person_to_puzzle_out(made: Specimen) -> None:
    """Also one that waits for a number to be filled in, and is sent without."""
    for label, link, request in links(made):
        assert not isinstance(request, ForPerson), (label, link)


@pytest.mark.parametrize("made", [made for kind in ("products", "recommend") for made in specimens(kind)], ids=str)
def test_a_link_beside_a_product_orders_one_of_just_that(made: Specimen) -> None:
    facts = made.mail.facts
    shown = [*facts.get("suggestions", ()), *facts["products"], *facts.get("instead", ())]
    told = [request for label, _, request in links(made) if label.startswith("Order ")]
    assert [ordered(request, facts["blank_address"]) for request in told] == [[(one["product_id"], 1)] for one in shown]


@pytest.mark.parametrize("made", [made for kind in ("my_orders", "status") for made in specimens(kind)], ids=str)
def test_links_beside_a_past_order_repeat_it_and_cancel_it(made: Specimen) -> None:
    facts = made.mail.facts
    repeats = [request for label, _, request in links(made) if label.endswith(" again")]
    wanted = [one for one in facts["orders"] if one["again"] and one["state"] != "held"]
    assert len(repeats) == len(wanted)
    for request, one in zip(repeats, wanted, strict=True):
        if one["repeats"]:
            assert request == Ask(AskKind.AGAIN, one["number"])
        else:
            again = [(line["product_id"], line["quantity"]) for line in one["again"]]
            assert ordered(request, facts["blank_address"]) == again
    cancels = [request for label, _, request in links(made) if label.startswith("Cancel ")]
    assert cancels == [CancelOrder((one["number"],)) for one in facts["orders"] if one["cancel_until"]]


@pytest.mark.parametrize("name", ["plain", "address", "blank", "faults"])
def test_the_link_of_a_quote_orders_what_was_priced(name: str) -> None:
    made = next(one for one in specimens("quote") if one.name == name)
    assert made.enclosure is not None
    priced: dict[str, Any] = made.enclosure.words["corrected"]
    (request,) = [request for _, _, request in links(made)]
    assert ordered(request, priced["blank_address"]) == [
        (one["product_id"], one["quantity"]) for one in priced["items"]
    ]


def ordered(request: Request, blank_address: bool) -> list[tuple[str, int]]:
    """What a link orders; with room for an address nothing is booked until it is filled in."""
    assert isinstance(request, PlaceOrder)
    if not blank_address:
        return items(request)
    assert [fault.reason for fault in request.faults] in ([], [Reason.NO_ADDRESS], [Reason.ADDRESS_INCOMPLETE])
    return [(reading.product_key, reading.quantity) for item in request.items for reading in item.readings[:1]]


def test_the_words_suggested_for_one_that_was_not_found_are_looked_for() -> None:
    made = next(one for one in specimens("products") if one.name == "nothing_like_it")
    asked = [request for _, link, request in links(made) if "%20" in link]
    assert asked == [Ask(AskKind.CATALOG, word) for word in ("lamp", "lamb", "lantern")]


def test_what_help_offers_is_understood_as_what_it_says() -> None:
    asked = {label.rstrip("…"): request for label, _, request in links(next(specimens("help")))}
    kinds = {label: request.kind for label, request in asked.items() if isinstance(request, Ask)}
    assert kinds == {
        "catalog": AskKind.CATALOG,
        "products under $20.00": AskKind.PRODUCTS_UNDER,
        "recommend": AskKind.RECOMMEND,
        "my orders": AskKind.MY_ORDERS,
        "status MO-": AskKind.STATUS,
        "stop": AskKind.STOP,
        "export my data": AskKind.EXPORT,
        "erase my data": AskKind.ERASE,
    }
    assert isinstance(asked["quote"], PlaceOrder)
    assert asked["quote"].quote
