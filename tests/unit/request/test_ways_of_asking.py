"""The many ways in which people ask the same, the borders of a price, and slips of the finger."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.request import read
from daemon.request.commands import read_command
from daemon.request.shapes import Ask, AskKind, ForPerson, PlaceOrder, Reason, Unclear
from daemon.request.slips import ASKS_ONLY, COMMAND_WORDS
from tests.unit.request.hand_written import letter

LAMP = "BJ02R0G72U8V"
WAYS = {
    AskKind.MY_ORDERS: (
        "my orders|show me my past orders|what have I ordered|What did I order last?|orders|order history|"
        "could you send me a list of my orders please|show me everything I have ordered so far|my purchase history|"
        "what was my last order|Can I see my orders?|list of my purchases|meine Bestellungen|mes commandes"
    ),
    AskKind.CATALOG: (
        "catalog|Catalogue, please|show me your catalogue|products|price list|what do you sell?|what can I buy?|"
        "the full product catalogue|Katalog|send me your product list"
    ),
    AskKind.RECOMMEND: (
        "recommend|recommend a product to me|recommend something|any recommendations?|what would you recommend|"
        "suggest a gift|What should I buy next?|surprise me|please recommend me something nice|gift ideas"
    ),
    AskKind.HELP: "help|HELP!|commands|how do I order|how does this work|what can I do?|Hilfe|send me an order form",
    AskKind.MORE: "more|More, please!|show me more|next page|next|I want more|more products|the next ones|what else",
    AskKind.STATUS: "status|order status|where is my order?|has my order shipped|any news on my order|track my parcel",
}
UNDER = (
    "products under {}|less than {}|cheaper than {}|under {}|below {}|What costs less than {}?|gifts under {}|"
    "What can I buy for less than {}?|do you have anything cheaper than {}|show me all products below {}|products < {}"
)
UP_TO = (
    "products up to {}|up to {}|at most {}|no more than {}|max {}|{} or less|"
    "gifts for {} or less|products <= {}|{} and under"
)
BOUNDS = {
    "$20": 2000,
    "20 dollars": 2000,
    "20": 2000,
    "19.99": 1999,
    "$1,250.00": 125_000,
    "USD 20": 2000,
    "20 $": 2000,
}


@pytest.mark.parametrize(("kind", "said"), [(kind, said) for kind, ways in WAYS.items() for said in ways.split("|")])
def test_a_question_is_understood_in_the_subject_and_in_the_letter(kind: AskKind, said: str) -> None:
    for asked in (read(letter(said, "")), read(letter("Hello", f"Dear shop,\n\n{said}\n\nKind regards\nAda\n"))):
        assert asked == Ask(kind)


@pytest.mark.parametrize("bound", BOUNDS)
def test_under_a_price_leaves_it_out_and_up_to_takes_it_in(bound: str) -> None:
    for inclusive, ways in ((False, UNDER), (True, UP_TO)):
        for said in ways.split("|"):
            asked = read(letter(said.format(bound), ""))
            assert asked == Ask(AskKind.PRODUCTS_UNDER, cents=BOUNDS[bound], inclusive=inclusive), said.format(bound)


@pytest.mark.parametrize("said", ["products under", "under twenty", "under 10 and over 5"])
def test_what_is_no_price_is_left_to_a_person(said: str) -> None:
    assert isinstance(read(letter(said, "")), ForPerson)


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("catalog lamps", "lamps"),
        ("search for a brass lamp", "brass lamp"),
        ("Catalogue: garden chairs", "garden chairs"),
        ("find me a teapot", "teapot"),
        ("products with candles", "candles"),
    ],
)
def test_a_word_is_looked_for(said: str, about: str) -> None:
    assert read(letter(said, "")) == Ask(AskKind.CATALOG, about)


@pytest.mark.parametrize(
    ("subject", "body", "about"),
    [
        (f"recommend {LAMP}", "", LAMP),
        ("", f"What goes well with {LAMP}?", LAMP),
        (f"please recommend me something like {LAMP.lower()}", "", LAMP),
        ("recommend", f"{LAMP}\n", LAMP),
        ("recommendations", f"{LAMP}\n7B4VYMBRQNAR\n", f"{LAMP} 7B4VYMBRQNAR"),
        ("suggest something to go with a teapot", "", "TEAPOT"),
    ],
)
def test_suggestions_are_asked_for_products(subject: str, body: str, about: str) -> None:
    assert read(letter(subject, body)) == Ask(AskKind.RECOMMEND, about)


def test_recommending_above_an_order_is_asked_back() -> None:
    """Ids with a number each are an order, whatever stands above them."""
    assert isinstance(read(letter("recommend", f"{LAMP}, 2\n")), Unclear)


@pytest.mark.parametrize(
    "said", ["how much would this cost?", "quote", "price quote please", "What would that come to?"]
)
def test_a_price_is_asked(said: str) -> None:
    asked = read(letter(said, f"{LAMP}, 2\n"))
    assert isinstance(asked, PlaceOrder)
    assert (asked.quote, asked.faults) == (True, ())


@pytest.mark.parametrize(
    "said",
    [
        "do you have a warranty?",
        "my lamp is broken, help",
        "more lamps would be nice, and thank you",
        "I recommend your shop to everybody",
        "Where were my orders sent from in 1998, and by whom?",
        "the products of your competitor are cheaper",
    ],
)
def test_what_only_sounds_like_a_question_of_ours_is_for_a_person(said: str) -> None:
    assert isinstance(read(letter("Hello", said)), ForPerson)


# Plain words, which are a question of ours only where nothing else is said


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("my order", Ask(AskKind.STATUS)),
        ("My order?", Ask(AskKind.STATUS)),
        ("my last order please", Ask(AskKind.MY_ORDERS)),
        ("Hi, where is it now?", Ask(AskKind.STATUS)),
        ("wheres my stuff", Ask(AskKind.STATUS)),
        ("Has it shipped yet?", Ask(AskKind.STATUS)),
        ("When will it arrive?", Ask(AskKind.STATUS)),
        ("gimme catalog", Ask(AskKind.CATALOG)),
        ("do you have a catalogue?", Ask(AskKind.CATALOG)),
        ("do you have mugs?", Ask(AskKind.CATALOG, "mugs", guess=True)),
        ("have you got any teapots", Ask(AskKind.CATALOG, "teapots", guess=True)),
        ("Do you sell brass lamps at the moment?", Ask(AskKind.CATALOG, "brass lamps", guess=True)),
        ("How much are the brass desk lamps?", Ask(AskKind.CATALOG, "brass desk lamps", guess=True)),
        ("what does BJ02R0G72U8V cost", Ask(AskKind.CATALOG, "bj02r0g72u8v", guess=True)),
        ("What is the price of BJ02R0G72U8V now?", Ask(AskKind.CATALOG, "bj02r0g72u8v", guess=True)),
        ("my order MO-7K3F-9Q2D", Ask(AskKind.STATUS, "MO-7K3F-9Q2D")),
        ("Where is MO-7K3F-9Q2D???", Ask(AskKind.STATUS, "MO-7K3F-9Q2D")),
        ("has MO-7K3F-9Q2D shipped yet", Ask(AskKind.STATUS, "MO-7K3F-9Q2D")),
        ("whats the status of MO-7K3F-9Q2D", Ask(AskKind.STATUS, "MO-7K3F-9Q2D")),
        ("Could you please tell me the status of my order MO-7K3F-9Q2D?", Ask(AskKind.STATUS, "MO-7K3F-9Q2D")),
        ("Guten Tag, wo ist meine Bestellung?", Ask(AskKind.STATUS)),
        ("¿Dónde está mi pedido?", Ask(AskKind.STATUS)),
        ("do u have teapots", Ask(AskKind.CATALOG, "teapots", guess=True)),
        ("can i see ur catalog", Ask(AskKind.CATALOG)),
        ("I am looking for a teapot", Ask(AskKind.CATALOG, "teapot", guess=True)),
        ("Show me what you have for less than $30", Ask(AskKind.PRODUCTS_UNDER, cents=3000)),
        ("bitte meine Bestellungen zeigen", Ask(AskKind.MY_ORDERS)),
        ("Bonjour, je voudrais voir mes commandes. Merci", Ask(AskKind.MY_ORDERS)),
        ("Hilfe bitte", Ask(AskKind.HELP)),
        ("how do I cancel?", Ask(AskKind.HELP)),
        ("please give me a copy of my data", Ask(AskKind.EXPORT)),
        ("Send me everything you have stored about me", Ask(AskKind.EXPORT)),
        ("Lösche meine Daten", Ask(AskKind.ERASE)),
        ("stop sending me this crap", Ask(AskKind.STOP)),
        ("I want to get your offers again", Ask(AskKind.START)),
    ],
)
def test_plain_words_are_understood(said: str, asked: Ask) -> None:
    assert read(letter(said, "")) == asked
    assert read(letter("hello", f"Dear shop,\n\n{said}\n\nThank you very much!\nAda\n")) == asked
    assert read(letter(said, said)) == asked


@pytest.mark.parametrize("plain", ["My order", "my order", "my last order"])
def test_plain_words_above_a_list_announce_it(plain: str) -> None:
    for request in (read(letter(plain, f"{LAMP}, 2\n")), read(letter("hello", f"{plain}\n{LAMP}, 2\n"))):
        assert isinstance(request, PlaceOrder)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("My order", "The lamp came, and its glass is cracked."),
        ("My order", "Please send it to my neighbour, the one with the dog."),
        ("Hello", "My order\nPlease wrap it as a present."),
        ("Hello", "Do you have mugs? My sister broke hers, it was the blue one."),
        ("Hello", "Do you have mugs?\nAnd where is your shop?"),
        ("do you have a refund policy?", ""),
        ("do you have time tomorrow?", ""),
        ("have you got my letter?", ""),
        ("do you have problems?", ""),
        ("How much do I owe you?", ""),
        ("How much is my order?", ""),
        ("Has it a warranty?", ""),
        ("Where is MO-7K3F-9Q2D? It has not arrived and I am leaving.", ""),
        ("how do I cancel my subscription to your magazine?", ""),
    ],
)
def test_plain_words_beside_others_are_for_a_person(subject: str, body: str) -> None:
    assert isinstance(read(letter(subject, body)), ForPerson)


def test_plain_words_inside_an_order_are_still_a_question_about_it() -> None:
    request = read(letter("order", f"{LAMP}, 2\n\nDo you have mugs?\n"))
    assert isinstance(request, PlaceOrder)
    assert [fault.reason for fault in request.faults] == [Reason.QUESTION]


@pytest.mark.parametrize(
    ("said", "instead"),
    [
        ("order history 2025", "my orders"),
        ("my orders from last year", "my orders"),
        ("catalog page 2", "catalog"),
        ("page 3 of the catalogue", "catalog"),
        ("catalog lamps page 2", "catalog lamps"),
        ("products between 10 and 20", "products up to 20"),
        ("anything from $10 to $20?", "products up to $20"),
        ("products over $50", "catalog"),
        ("lamps under $20", "products under $20"),
        ("recommend a lamp cheaper than 20 dollars", "products less than 20 dollars"),
        ("catalog lamps up to 20", "products up to 20"),
        ("under -5", "catalog"),
        ("products under -$5", "catalog"),
        ("under $0", "catalog"),
        ("up to 0.00", "catalog"),
    ],
)
def test_what_we_cannot_do_comes_back_with_what_comes_nearest(said: str, instead: str) -> None:
    for asked in (read(letter(said, "")), read(letter("Hello", said))):
        assert isinstance(asked, Unclear)
        assert [(fault.reason, fault.suggestion) for fault in asked.faults] == [(Reason.NEARLY_A_COMMAND, instead)]
    assert isinstance(read(letter(instead, "")), Ask)


def test_a_bound_of_less_than_one_is_a_bound() -> None:
    assert read(letter("under $0.50", "")) == Ask(AskKind.PRODUCTS_UNDER, cents=50)


# Slips


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("my oredrs", Ask(AskKind.MY_ORDERS)),
        ("prodcuts undr $20", Ask(AskKind.PRODUCTS_UNDER, cents=2000)),
        ("catlogue lamps", Ask(AskKind.CATALOG, "lamps")),
        ("recomendd somehting", Ask(AskKind.RECOMMEND)),
        ("statsu MO-7K3F-9Q2D", Ask(AskKind.STATUS, "MO-7K3F-9Q2D")),
        ("wher is my ordr", Ask(AskKind.STATUS)),
    ],
)
def test_a_question_survives_its_typing_errors(said: str, asked: Ask) -> None:
    assert read(letter(said, "")) == asked
    assert read(letter("hi", f"{said}\n\nAda")) == asked


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("cancl my order MO-7K3F-9Q2D", "cancel my order MO-7K3F-9Q2D"),
        ("cansell MO-7K3F-9Q2D", "cancel MO-7K3F-9Q2D"),
        ("delte my data", "delete my data"),
        ("expotr my data", "export my data"),
        ("unsubscibe me", "unsubscribe me"),
        ("quoet", "quote"),
    ],
)
def test_what_changes_something_is_only_suggested(said: str, meant: str) -> None:
    asked = read(letter(said, ""))
    assert isinstance(asked, Unclear)
    assert [(fault.reason, fault.suggestion) for fault in asked.faults] == [(Reason.NEARLY_A_COMMAND, meant)]


@pytest.mark.parametrize("said", ["shop", "held", "smart", "older things", "a long way from home, and not a command"])
def test_other_words_stay_what_they_are(said: str) -> None:
    assert isinstance(read(letter(said, "")), ForPerson)


@given(st.lists(st.sampled_from([*sorted(COMMAND_WORDS), "my", "me", "$20", "MO-7K3F-9Q2D"]), max_size=5), st.randoms())
def test_no_slip_of_the_finger_does_what_was_not_written(said: list[str], dice: Random) -> None:
    """What is no command as it stands may become a question, and never anything that changes something."""
    typed = " ".join(swapped(word, dice) for word in said)
    asked = read(letter(typed, ""))
    if read_command(typed) is None:
        harmless = isinstance(asked, Ask) and asked.kind.value in ASKS_ONLY
        assert harmless or isinstance(asked, Unclear | ForPerson), typed


def swapped(word: str, dice: Random) -> str:
    at = dice.randrange(max(1, len(word) - 1))
    return word[:at] + word[at + 1 : at + 2] + word[at : at + 1] + word[at + 2 :]
