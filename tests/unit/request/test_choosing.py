"""Replies to an offer: which of the products is taken, and what is too little to tell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.request import read
from daemon.request.shapes import Ask, AskKind, CancelOrder, ForPerson, PlaceOrder, Request, Yes
from tests.unit.request.hand_written import letter


def reply(text: str, subject: str = "Re: Stoneware teapot and 1 more idea after MO-7K3F-9Q2D") -> Request:
    return read(letter(subject, text, replies_to=("1@shop.example",), reply=True, sender_name="Ada Lovelace"))


@pytest.mark.parametrize(
    "text",
    [
        "yes 2",
        "Yes, 2",
        "YES 2!",
        "Yes. 2.",
        "yes, number 2",
        "yes no. 2",
        "Yes #2 please",
        "Yes please, the second one",
        "Yes, the 2nd please",
        "sure, number two",
        "the second one",
        "I'll take the second one",
        "I would like the second one, please.",
        "Number 2 please!",
        "2nd",
        "yes\n\n2",
        "yes 2\n\nThanks\nAda",
        "Yes, number 2\n\nAda Lovelace",
    ],
)
def test_the_second_is_taken(text: str) -> None:
    taken = reply(text)
    assert taken == Yes(choice=2)
    assert isinstance(taken, Yes)
    assert not taken.more


@pytest.mark.parametrize("text", ["2", "2 please", "2x", "2 pieces", "I'd like 2", "2 of them please"])
def test_a_number_alone_may_be_a_place_or_how_many(text: str) -> None:
    assert reply(text) == Yes(count=2)


@pytest.mark.parametrize(
    "text",
    ["yes both", "Yes, both please", "yes 1\nyes 3", "Yes, twice!"],
)
def test_a_yes_to_more_than_one_says_so(text: str) -> None:
    taken = reply(text)
    assert isinstance(taken, Yes)
    assert taken.more
    assert taken.choice is None


@pytest.mark.parametrize("text", ["yes", "Yes please!", "Yes please!\n\nAda", "sure\n\nThanks\nAda"])
def test_a_plain_yes_stays_one(text: str) -> None:
    taken = reply(text)
    assert taken == Yes()
    assert isinstance(taken, Yes)
    assert not taken.more


@pytest.mark.parametrize("text", ["not the second one", "is the second one blue?", "the second one is broken", "no"])
def test_doubt_is_left_to_a_person(text: str) -> None:
    assert isinstance(reply(text), ForPerson)


def test_outside_of_a_reply_a_number_takes_nothing() -> None:
    for text in ("2", "the second one", "number 2"):
        request = read(letter("Hello", text))
        assert not isinstance(request, Yes | PlaceOrder | CancelOrder), request


def test_a_count_below_an_item_is_still_its_count() -> None:
    request = reply("BJ02R0G72U8V\n2\n", subject="Re: order")
    assert isinstance(request, PlaceOrder)


@given(st.integers(1, 9), st.sampled_from(["yes {}", "Yes, number {}", "yes no. {}", "sure, #{}", "number {}"]))
def test_every_place_is_read_as_it_is_written(place: int, written: str) -> None:
    assert reply(written.format(place)) == Yes(choice=place)


@pytest.mark.parametrize("said", ["ok", "Okay", "OK, thanks", "yes?", "Yes please?", "yes 2?", "yes MO-7K3F-9Q2D?"])
def test_what_is_heard_or_asked_is_no_yes_to_an_order(said: str) -> None:
    request = read(letter("Re: This looks like MO-2345-6789", said, replies_to=("1@shop.example",)))
    assert not isinstance(request, Yes)


@pytest.mark.parametrize("said", ["again?", "Again MO-7K3F-9Q2D?", "the same order once more?"])
def test_who_asks_whether_has_not_ordered_again(said: str) -> None:
    assert isinstance(read(letter("Re: Order MO-2345-6789 confirmed", said, replies_to=("1@shop.example",))), ForPerson)


def test_who_asks_politely_has() -> None:
    asked = read(letter("Re: Order MO-2345-6789 confirmed", "Could I have the same again, please?"))
    assert asked == Ask(AskKind.AGAIN)


@pytest.mark.parametrize("said", ["ok yes", "Okay, go ahead", "Ok, yes please"])
def test_but_ok_may_stand_before_a_yes(said: str) -> None:
    request = read(letter("Re: This looks like MO-2345-6789", said, replies_to=("1@shop.example",)))
    assert request == Yes()
