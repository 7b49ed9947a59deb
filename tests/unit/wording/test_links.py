"""A link opens exactly the mail that was meant, or there is none."""

from urllib.parse import parse_qs, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from daemon.request import read
from daemon.request.shapes import PlaceOrder
from daemon.wording.links import LONGEST_LINK, mailto, one_tap, order_block
from tests.unit.wording.test_read_back import letter

ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=200)


@given(subject=ANY, body=ANY)
def test_a_link_carries_subject_and_body_as_they_are_and_no_other_header(subject: str, body: str) -> None:
    link = mailto("orders@shop.example", subject, body)
    if link is None:
        return
    parts = urlsplit(link)
    assert (parts.scheme, parts.path) == ("mailto", "orders@shop.example")
    told = parse_qs(parts.query, keep_blank_values=True, strict_parsing=True)
    assert told == {"subject": [subject], **({"body": [body.replace("\n", "\r\n")]} if body else {})}
    assert link.isascii()
    assert link.isprintable()
    assert not set(" +\"'<>") & set(link)


@given(st.integers(0, 3_000))
def test_a_link_is_whole_or_not_at_all(length: int) -> None:
    link = mailto("orders@shop.example", "order", "x" * length)
    assert link is None or (len(link) <= LONGEST_LINK and link.endswith("x" * length))
    assert link is not None or length > 1_800


def test_an_order_block_is_in_the_letter_language() -> None:
    lines = [{"product_id": "BJ02R0G72U8V", "quantity": 2}, {"product_id": "7B4VYMBRQNAR", "quantity": 1}]
    ada = {"name": "Ada Lovelace", "lines": ["12 Analytical Way", "Denver, CO 80202"]}
    items = "Items:\nBJ02R0G72U8V, 2\n7B4VYMBRQNAR, 1\n"
    assert order_block(lines, ada, False) == (
        f"Ship to:\n  Ada Lovelace\n  12 Analytical Way\n  Denver, CO 80202\n\n{items}"
    )
    assert order_block(lines, None, False) == items
    assert order_block(lines, None, True) == f"Ship to: \n\n{items}"


@given(cents=st.integers(0, 999_999_999), currency=st.sampled_from(("USD", "EUR", "GBP", "INR", "SEK", "PLN")))
def test_the_price_in_a_link_is_read_back_whatever_the_currency(cents: int, currency: str) -> None:
    line = {"product_id": "7B4VYMBRQNAR", "quantity": 2, "unit_price": cents}
    link = one_tap("orders@shop.example", [line], False, priced=True, address_of="MO-7K3F-9Q2D")
    assert link is not None
    request = read(letter("order", parse_qs(urlsplit(link).query)["body"][0]), currency=currency)
    assert isinstance(request, PlaceOrder)
    (item,) = request.items
    assert (item.fault, item.unit_price, item.line_price) == (None, cents, None)
    assert [reading.quantity for reading in item.readings] == [2]
    assert (request.address_of, request.faults) == ("MO-7K3F-9Q2D", ())
