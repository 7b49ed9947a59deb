"""What a change did is told line by line: put in, taken out, more, fewer, as it was; and the two lists add up."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from daemon.config import ShopConfig
from daemon.wording import Wording, specimens
from daemon.wording.compared import compared

WORDING = Wording(ShopConfig())


def line(product_id: str, quantity: int, unit_price: int = 100) -> dict[str, Any]:
    return {"product_id": product_id, "name": product_id.lower(), "quantity": quantity, "unit_price": unit_price}


def test_each_line_says_what_became_of_it() -> None:
    before = [line("A", 2), line("B", 1), line("C", 3), line("D", 3, 90)]
    after = [line("E", 1), line("A", 5), line("C", 1), line("D", 3)]
    told = [(one["product_id"], one["state"], one["before"], one["quantity"]) for one in compared(before, after)]
    assert told == [
        *[("E", "in", 0, 1), ("A", "more", 2, 5), ("C", "fewer", 3, 1), ("D", "same", 3, 3)],
        ("B", "out", 1, 1),
    ]
    assert [one["price_before"] for one in compared(before, after)] == [None, None, None, 90, None]


LINES = st.lists(st.builds(line, st.sampled_from("ABCDE"), st.integers(1, 9), st.sampled_from([100, 200])), max_size=6)


def units(lines: list[dict[str, Any]]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in lines:
        counted[one["product_id"]] = counted.get(one["product_id"], 0) + one["quantity"]
    return counted


@given(LINES, LINES)
def test_nothing_is_left_out_on_either_side(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> None:
    told = compared(before, after)
    assert len({one["product_id"] for one in told}) == len(told)
    assert {one["product_id"]: one["quantity"] for one in told if one["state"] != "out"} == units(after)
    assert {one["product_id"]: one["before"] for one in told if one["state"] != "in"} == units(before)
    assert all((one["before"] == one["quantity"]) == (one["state"] in ("same", "out")) for one in told)


def test_both_parts_of_the_mail_tell_every_line_before_and_after() -> None:
    made = next(one for one in specimens("changed") if one.name == "all_ways")
    worded = WORDING.word(made.mail, made.enclosure, made.address)
    for text in (worded.text, LexborHTMLParser(worded.html).text(separator=" ", strip=True)):
        words = " ".join(text.split())
        for product_id, said in (
            ("BJ02R0G72U8V", "2 instead of 5"),
            ("7B4VYMBRQNAR", "as it was, $32.75 each instead of $29.50"),
            ("86H2HKJ06GH0", "as it was"),
            ("QRIC1R56LNRF", "put in"),
            ("TMBYE6H89YWH", "taken out"),
        ):
            assert product_id in words
            assert said in words
