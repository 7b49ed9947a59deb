"""Commands: what people type for each, and what must never be taken for one."""

from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.request.commands import read_command
from daemon.request.numbers import ALPHABET, named_orders

NUMBER, OTHER = "MO-7K3F-9Q2D", "MO-2345-6789"


def kind(text: str) -> str | None:
    command = read_command(text)
    return str(command.kind) if command else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("order", "order"),
        ("Order", "order"),
        ("New order please", "order"),
        ("oder", "order"),
        ("ordr", "order"),
        ("I would like to order", "order"),
        ("place an order", "order"),
        ("quote", "quote"),
        ("Request for quotation", "quote"),
        ("my orders", "my_orders"),
        ("Show me my past orders, please", "my_orders"),
        ("What have I ordered?", "my_orders"),
        ("order history", "my_orders"),
        ("help", "help"),
        ("How do I order?", "help"),
        ("stop", "stop"),
        ("STOP!", "stop"),
        ("unsubscribe", "stop"),
        ("Please remove me from your mailing list", "stop"),
        ("stop sending me emails", "stop"),
        ("start", "start"),
        ("export my data", "export"),
        ("delete my data please", "erase"),
        ("forget me", "erase"),
        ("catalog", "catalog"),
        ("price list", "catalog"),
        ("catalogue lamps", "catalog"),
        ("recommend", "recommend"),
        ("what do you recommend?", "recommend"),
        (f"status {NUMBER}", "status"),
        (f"Where is my order {NUMBER}?", "status"),
        ("where is my order", "status"),
        ("yes", "yes"),
        ("Yes please!", "yes"),
        ("Yes, order again", "yes"),
        (f"yes {NUMBER}", "yes"),
    ],
)
def test_what_people_type(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    ("text", "cents", "foreign"),
    [
        ("products under $20", 2000, False),
        ("What costs less than 20 dollars?", 2000, False),
        ("under 20", 2000, False),
        ("items below 12.50", 1250, False),
        ("anything cheaper than $1,000?", 100_000, False),
        ("cheaper than €15", 1500, True),
        ("gifts up to 15 pounds", 1500, True),
    ],
)
def test_products_under(text: str, cents: int, foreign: bool) -> None:
    command = read_command(text)
    assert command is not None
    assert (command.kind, command.cents, command.foreign) == ("products_under", cents, foreign)


def test_arguments() -> None:
    lamp, word = read_command("recommend bj02r0g72u8v"), read_command("catalog garden tools")
    assert lamp is not None
    assert word is not None
    assert (lamp.argument, word.argument) == ("BJ02R0G72U8V", "garden tools")


@pytest.mark.parametrize(
    "text",
    [
        f"cancel {NUMBER}",
        f"Cancel {NUMBER}, please",
        "cancel",
        "cancle",
        f"Please cancel my order {NUMBER}.",
        f"I would like to cancel order no. {NUMBER}",
        f"cancel order number: {NUMBER} immediately",
        f"Could you please cancel {NUMBER}?",
        f"cancel {NUMBER} and {OTHER}",
        f"Cancellation of order {NUMBER}",
        f"I want {NUMBER} cancelled",
        "cancel this order",
    ],
)
def test_cancellations(text: str) -> None:
    command = read_command(text)
    assert command is not None
    assert command.kind == "cancel"
    assert command.numbers == named_orders(text).numbers


@pytest.mark.parametrize(
    "text",
    [
        f"do not cancel {NUMBER}",
        "please don't cancel my order",
        "Please don’t cancel",
        "never cancel",
        "can I still cancel?",
        "can I cancel",
        f"cancel {NUMBER}?",
        "cancel only the lamp",
        "cancel one of the lamps",
        "cancel my account",
        "cancel my subscription",
        f"cancel {NUMBER} but keep {OTHER}",
        f"cancel {NUMBER} unless it was sent",
        f"cancel everything except {NUMBER}",
        "no cancellation please",
        "cancel the cancellation",
        f"{NUMBER} is cancelled",
        f"Order {NUMBER} was cancelled already",
        "I cancelled my holiday",
        "you can cancel",
        "should I cancel",
        "cancel order instead of shipping",
        "What if I cancel?",
        "How do I cancel",
        "stop my order",
        "cancel BJ02R0G72U8V from my order please maybe",
    ],
)
def test_never_a_cancellation(text: str) -> None:
    command = read_command(text)
    assert command is None or command.kind != "cancel"


NEGATIONS = [
    "not",
    "don't",
    "dont",
    "do not",
    "never",
    "no",
    "cannot",
    "without",
    "n't",
    "nicht",
    "nor",
    "hardly",
    "can't",
]
WORDS = st.sampled_from(
    ["please", "cancel", "my", "order", "the", NUMBER, OTHER, "I", "want", "to", "you", "would", "could", "this", "now"]
)


@given(st.lists(WORDS, max_size=8), st.sampled_from(NEGATIONS), st.lists(WORDS, max_size=8))
def test_a_sentence_with_a_negation_never_cancels(before: list[str], negation: str, after: list[str]) -> None:
    number = before[-1:] == ["order"] and negation == "no" and after[:1] in ([NUMBER], [OTHER])
    assume(not number)  # "order no MO-..." is how it is called
    command = read_command(" ".join([*before, negation, *after]))
    assert command is None or command.kind != "cancel"


@given(st.text(alphabet=ALPHABET, min_size=8, max_size=8), st.data())
def test_order_numbers_in_every_spelling(drawn: str, data: st.DataObject) -> None:
    marks = st.sampled_from(["-", "–", " - ", "‑"])
    first, second = data.draw(marks), data.draw(st.one_of(marks, st.sampled_from(["", " ", "_"])))
    written = f"MO{first}{drawn[:4]}{second}{drawn[4:]}"
    for spelling in (written, written.lower(), f"order #{written}.", f"({written}),"):
        assert named_orders(spelling).numbers == (f"MO-{drawn[:4]}-{drawn[4:]}",)


LETTERS_ONLY = st.text(alphabet=[letter for letter in ALPHABET if letter.isalpha()], min_size=8, max_size=8)
ASKED = {
    "status {}": "status",
    "Hi, status of {} please": "status",
    "where is my order {}": "status",
    "cancel {}": "cancel",
    "please cancel my order {} thanks": "cancel",
    "cancel order no. {}": "cancel",
    "change {}": "change",
    "please change my order {}": "change",
    "again {}": "again",
    "order again {}": "again",
    "yes {}": "yes",
    "{} cancel": "cancel",
    "{} again": "again",
}


@given(
    st.one_of(LETTERS_ONLY, st.text(alphabet=ALPHABET, min_size=8, max_size=8)),
    st.sampled_from(["", " ", "-", "  ", "_", " - "]),
    st.sampled_from(["", " ", "-", "  "]),
    st.sampled_from([str.lower, str.upper, str.title]),
    st.sampled_from(sorted(ASKED)),
)
def test_a_number_behind_a_command_is_read_however_it_is_typed(
    drawn: str, first: str, second: str, case: Callable[[str], str], asked: str
) -> None:
    """Also one of letters alone, without a hyphen: of eleven that are drawn one is."""
    command = read_command(asked.format(case(f"mo{first}{drawn[:4]}{second}{drawn[4:]}")))
    assert command is not None
    assert (command.kind, command.numbers) == (ASKED[asked], (f"MO-{drawn[:4]}-{drawn[4:]}",))


@given(LETTERS_ONLY, LETTERS_ONLY)
def test_several_numbers_of_letters_alone_are_all_read(one: str, other: str) -> None:
    spelt = [f"mo {drawn[:4]} {drawn[4:]}".lower() for drawn in (one, other)]
    numbers = tuple(dict.fromkeys(f"MO-{drawn[:4]}-{drawn[4:]}" for drawn in (one, other)))
    for joined in (" and ", ", ", " & "):
        command = read_command(f"cancel {joined.join(spelt)}")
        assert command is not None
        assert command.numbers == numbers


@given(LETTERS_ONLY)
def test_a_number_of_letters_alone_on_its_line_is_one(drawn: str) -> None:
    for written in (f"mo {drawn[:4]} {drawn[4:]}", f" MO {drawn[:4]} {drawn[4:]}.", f"Order number: mo{drawn}"):
        assert named_orders(written).numbers == (f"MO-{drawn[:4]}-{drawn[4:]}",)


@pytest.mark.parametrize(
    "text",
    [
        "mo will come",
        "Mo have been waiting",
        "a present for Mo next week",
        "order for Mo next week",
        "Mo sent them yesterday",
        "please tell Mo that were fine",
        "status: mo will come",
        "cancel mo some more",
        "in a mo then when",
        "a question of modernness",
        "status mo abcde fghj",
        "status mo abc defgh",
    ],
)
def test_prose_is_no_number(text: str) -> None:
    assert named_orders(text).numbers == ()


@pytest.mark.parametrize(
    "text", ["MO-7K3F-9Q2O", "MO-7K3F-9Q2", "MO-7K3F-9Q2DD", "MO-1K3F-9Q2D", "mo-7k3f", "MO-7K3F-9Q2D-2"]
)
def test_what_is_not_well_formed_is_told_not_repaired(text: str) -> None:
    named = named_orders(f"cancel {text}")
    assert named.numbers == ()
    assert named.malformed == (text,)


@pytest.mark.parametrize("text", ["St. Louis, MO 63101-2345", "MO some more", "Mo Farah", "memo-1234-5678"])
def test_what_is_no_order_number(text: str) -> None:
    assert named_orders(text).numbers == ()


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    read_command(text)
