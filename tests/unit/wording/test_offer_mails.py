"""Offers tell only what is so, can be answered and ordered from as they say, and can be left with one tap."""

import re

import pytest
from selectolax.lexbor import LexborHTMLParser

from daemon.letter import parse
from daemon.request import read
from daemon.request.shapes import Ask, AskKind, PlaceOrder
from daemon.wording import Specimen, specimens
from store.facts import product_key
from tests.unit.wording.test_read_back import SHOP, WORDING, items, letter, sent
from tests.unit.wording.test_wording import NOW

OFFERS = list(specimens("offer"))
each_offer = pytest.mark.parametrize("made", OFFERS, ids=lambda one: one.name)


def text_of(made: Specimen) -> str:
    return WORDING.word(made.mail, None, None).text


def html_of(made: Specimen) -> LexborHTMLParser:
    return LexborHTMLParser(WORDING.word(made.mail, None, None).html)


def raw_of(made: Specimen) -> bytes:
    return WORDING.compose(made.mail, "ada@customer.example", None, None, NOW)


@each_offer
def test_each_product_has_a_link_that_orders_one_of_it_at_its_price_to_where_the_order_went(made: Specimen) -> None:
    products = made.mail.facts["products"]
    in_text = [line for line in text_of(made).splitlines() if line.startswith("mailto:") and "subject=order" in line]
    in_html = [node.attributes["href"] or "" for node in html_of(made).css("a[href*='subject=order']")]
    assert in_text == in_html
    for link, product in zip(in_html, products, strict=True):
        request = sent(link)
        assert items(request) == [(product_key(product["product_id"]), 1)]
        assert isinstance(request, PlaceOrder)
        assert request.items[0].unit_price == product["price"]
        assert (request.ship_to, request.address_of) == (None, made.mail.facts["number"])


@each_offer
def test_name_price_and_reason_stand_in_both_parts(made: Specimen) -> None:
    plain = " ".join(text_of(made).split())
    body = html_of(made).body
    assert body is not None
    page = " ".join(body.text(separator=" ").split())
    for product in made.mail.facts["products"]:
        price = f"${product['price'] / 100:,.2f}"
        for part in (plain, page):
            assert product["name"] in part
            assert price in part
            if product["together"]:
                assert f"{product['together']} of {product['antecedents']} purchases with" in part


@each_offer
def test_only_rules_and_pairs_are_told_as_what_others_bought(made: Specimen) -> None:
    sources = {product["source"] for product in made.mail.facts["products"]}
    text = " ".join(text_of(made).split())
    assert ("thers also bought" in text) == (sources <= {"rule", "pair"})
    assert text.count("also had it") == sum(
        product["source"] in ("rule", "pair") for product in made.mail.facts["products"]
    )


@each_offer
def test_the_words_to_reply_with_are_told_by_number(made: Specimen) -> None:
    count = len(made.mail.facts["products"])
    told = re.findall(r'reply "(yes(?: \d)?)"', text_of(made))
    assert told == ["yes", *(f"yes {place}" for place in range(2, count + 1))]
    assert ("how many" in text_of(made)) == (count == 1)


@each_offer
def test_an_offer_can_be_left_by_its_header_by_its_link_and_says_who_sends_it(made: Specimen) -> None:
    head = raw_of(made).partition(b"\r\n\r\n")[0].decode()
    (unsubscribe,) = re.findall(r"^List-Unsubscribe: <(mailto:.+)>\r?$", head, re.MULTILINE)
    assert sent(unsubscribe) == Ask(AskKind.STOP)
    assert unsubscribe in text_of(made)
    assert [node.attributes["href"] for node in html_of(made).css(".foot a")] == [unsubscribe]
    assert SHOP.postal_address in text_of(made)
    assert SHOP.postal_address in html_of(made).css(".foot")[0].text()


def test_no_other_mail_says_that_it_is_a_list() -> None:
    for made in specimens():
        if made.mail.kind != "offer":
            raw = WORDING.compose(made.mail, "ada@customer.example", made.enclosure, made.address, NOW)
            assert b"list-unsubscribe" not in raw.partition(b"\r\n\r\n")[0].lower()


@each_offer
def test_an_offer_that_comes_back_to_us_is_a_machines(made: Specimen) -> None:
    returned = parse(raw_of(made), own_domain=SHOP.domain, own_address=SHOP.address)
    assert returned.automatic is not None


@each_offer
@pytest.mark.parametrize("word", ["stop", "STOP", "Stop please", "unsubscribe", "Please remove me from your list"])
def test_stop_in_reply_to_an_offer_is_a_stop(made: Specimen, word: str) -> None:
    subject = WORDING.word(made.mail, None, None).subject
    assert read(letter(f"Re: {subject}", word, reply=True)) == Ask(AskKind.STOP)
    assert read(letter(f"Re: {subject}", f"{word}\n\n{text_of(made)}", reply=True)) == Ask(AskKind.STOP)
