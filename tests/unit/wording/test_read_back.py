"""What our mails tell customers to send is read back by the letter language as exactly that."""

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from daemon.config import ShopConfig
from daemon.letter import Letter, Verdict
from daemon.request import read
from daemon.request.shapes import Ask, AskKind, CancelOrder, PlaceOrder, Request, Yes
from daemon.wording import KINDS, Specimen, Wording, specimens
from daemon.wording.links import mailto, order_block
from store.facts import product_key

SHOP = ShopConfig()
WORDING = Wording(SHOP)
NUMBER = "MO-7K3F-9Q2D"
ORDERED = next(made for made in specimens("refusal") if made.name == "corrected")


def letter(subject: str, body: str, reply: bool = False) -> Letter:
    lines = tuple(enumerate(body.replace("\r\n", "\n").split("\n"), 1))
    answered = ("token@shop.example",) if reply else ()
    return Letter(
        sender="ada@customer.example",
        sender_name="",
        sender_count=1,
        subject=subject,
        message_id="1@customer.example",
        digest="d",
        verdict=Verdict.PASS,
        lines=lines,
        replies_to=answered,
        reply=reply,
    )


def sent(link: str) -> Request:
    told = parse_qs(urlsplit(link).query, keep_blank_values=True)
    return read(letter(told["subject"][0], told.get("body", [""])[0]))


def links(made: Specimen) -> list[str]:
    html = WORDING.word(made.mail, made.enclosure, made.address).html
    return [node.attributes["href"] or "" for node in LexborHTMLParser(html).css("a[href*=subject]")]


def items(request: Request) -> list[tuple[str, int]]:
    assert isinstance(request, PlaceOrder), request
    assert not request.faults
    assert all(item.fault is None for item in request.items)
    return [(reading.product_key, reading.quantity) for item in request.items for reading in item.readings[:1]]


def test_the_link_of_a_correction_orders_it_as_it_stands() -> None:
    assert ORDERED.enclosure is not None
    corrected = ORDERED.enclosure.words["corrected"]
    request = sent(links(ORDERED)[0])
    assert items(request) == [(line["product_id"], line["quantity"]) for line in corrected["items"]]
    assert isinstance(request, PlaceOrder)
    assert request.ship_to is not None
    assert [request.ship_to.name, *request.ship_to.lines] == ["Ada Lovelace", "12 Analytical Way", "Denver, CO 80202"]


def test_who_wants_more_than_there_is_may_ask_a_person_and_is_promised_nothing() -> None:
    """A word when it is back would come at once: some of it is here."""
    worded = WORDING.word(ORDERED.mail, ORDERED.enclosure, None)
    for text in (" ".join(worded.text.split()), worded.html):
        assert "there is 1 in stock. If you need more than that, reply in your own words" in text
        assert "notify" not in text


def test_the_text_has_the_same_link_on_a_line_of_its_own() -> None:
    text = WORDING.word(ORDERED.mail, ORDERED.enclosure, None).text
    assert [line for line in text.splitlines() if line.startswith("mailto:")] == links(ORDERED)[:1]


def test_the_block_to_copy_from_the_text_orders_it_too() -> None:
    text = WORDING.word(ORDERED.mail, ORDERED.enclosure, None).text
    block = text[text.index("Ship to:") : text.index("Or send them")]
    assert items(read(letter("order", block))) == items(sent(links(ORDERED)[0]))


def test_what_is_left_open_is_filled_in_and_sent() -> None:
    left_open = next(made for made in specimens("refusal") if made.name == "left_open")
    link = links(left_open)[0]
    unfilled = sent(link)
    assert isinstance(unfilled, PlaceOrder)
    assert unfilled.ship_to is not None
    assert [item.fault and item.fault.reason.value for item in unfilled.items] == ["quantity_missing"] * 2
    told = parse_qs(urlsplit(link).query)["body"][0].replace(", \r\n", ", 3\r\n")
    assert [quantity for _, quantity in items(read(letter("order", told)))] == [3, 3]


def test_an_address_that_was_read_is_sent_again_with_room_for_products() -> None:
    alone = next(made for made in specimens("refusal") if made.name == "address_alone")
    link = links(alone)[0]
    told = parse_qs(urlsplit(link).query)["body"][0]
    request = read(letter("order", told + "BJ02R0G72U8V, 2\n"))
    assert items(request) == [("BJ02R0G72U8V", 2)]
    assert isinstance(request, PlaceOrder)
    assert request.ship_to is not None


@given(
    st.lists(
        st.tuples(st.from_regex(r"[A-Z0-9]{6}[A-Z][0-9]{5}", fullmatch=True), st.integers(1, 9_999)),
        min_size=1,
        max_size=8,
        unique_by=lambda pair: pair[0],
    )
)
def test_any_corrected_order_is_read_back(wanted: list[tuple[str, int]]) -> None:
    lines = [{"product_id": product_id, "quantity": quantity} for product_id, quantity in wanted]
    link = mailto(SHOP.address, "order", order_block(lines, None, False))
    assert link is not None
    assert items(sent(link)) == [(product_key(product_id), quantity) for product_id, quantity in wanted]


def test_the_cancel_link_cancels_that_order() -> None:
    assert sent(links(next(specimens("confirmation")))[0]) == CancelOrder((NUMBER,))


def test_the_yes_link_says_yes_to_that_order() -> None:
    assert sent(links(next(specimens("held")))[0]) == Yes((NUMBER,))


def test_an_unfilled_form_orders_nothing() -> None:
    blank = next(made for made in specimens("refusal") if made.name == "nothing")
    text = WORDING.word(blank.mail, blank.enclosure, None).text
    form = text[text.index("  Ship to:") : text.index("with your name")]
    for request in (sent(links(blank)[0]), read(letter("order", form))):
        assert not isinstance(request, PlaceOrder) or request.faults or all(item.fault for item in request.items)


@pytest.mark.parametrize("kind", KINDS)
def test_a_reply_of_thanks_to_any_of_our_mails_does_nothing(kind: str) -> None:
    """Our own subject comes back with "Re:", and must not be taken for a command."""
    for made in specimens(kind):
        subject = WORDING.word(made.mail, made.enclosure, made.address).subject
        request = read(letter(f"Re: {subject}", "Thank you very much, that is kind of you!", reply=True))
        assert not isinstance(request, PlaceOrder | CancelOrder | Yes), (subject, request)


def test_cancel_in_reply_to_a_confirmation_and_yes_in_reply_to_a_question_are_understood() -> None:
    confirmed, held = next(specimens("confirmation")), next(specimens("held"))
    subject = WORDING.word(confirmed.mail, confirmed.enclosure, confirmed.address).subject
    assert isinstance(read(letter(f"Re: {subject}", "cancel", reply=True)), CancelOrder)
    for made in (held, *specimens("held")):
        subject = WORDING.word(made.mail, made.enclosure, made.address).subject
        # Without a number: the thread says which order is held, while the subject names the one booked before.
        assert read(letter(f"Re: {subject}", "yes", reply=True)) == Yes(), subject


def test_the_links_of_changes_and_wishes_are_read_back_as_what_they_say() -> None:
    made = {f"{one.mail.kind}-{one.name}": one for one in specimens()}
    change = sent(next(link for link in links(made["not_changed-which_lines"]) if "change" in link))
    assert isinstance(change, PlaceOrder)
    assert change.replaces == (NUMBER,)
    assert items(change) == [("BJ02R0G72U8V", 2), ("7B4VYMBRQNAR", 1), ("QRIC1R56LNRF", 12)]
    wish = sent(next(link for link in links(made["not_changed-faults"]) if "notify" in link))
    assert wish == Ask(AskKind.NOTIFY, "7B4VYMBRQNAR")
    order = sent(links(made["back_in_stock-plain"])[0])
    assert items(order) == [("7B4VYMBRQNAR", 1)]
    assert sent(links(made["own_data-plain"])[0]) == Ask(AskKind.ERASE)
    assert sent(links(made["not_erased-one"])[0]) == CancelOrder((NUMBER,))
