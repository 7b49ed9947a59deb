"""What counts as a yes to the question that proves who wrote, and what never does."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.request.agreeing import agrees
from daemon.request.shapes import AskKind
from tests.unit.request.hand_written import letter

SUBJECT = "Re: Erase your data? Please say yes"
ANY = (
    "yes|Yes.|YES!|Yes please|y|ok|Okay!|OK, thanks|Yes I did|yes i did ask for this|Yes, that was me|Yes, it was me.|"
    "Ja|Ja bitte|ja, gerne|oui|Oui, s'il vous plaît|sí|si|Si, por favor|sure|Sure, go ahead|I confirm|"
    "Yes, I confirm.|Please do it|yes yes yes|Yes :)|Hi, yes|Hello there,/yes|yes/Ada|yes/thank you so much|"
    "Yes./Kind regards/Ada Lovelace/Analytical Engines Ltd|Yes/Ada Lovelace/+1 555 0100/www.engines.example|"
    "Dear shop,/Yes, that was me. Have a nice day!/Ada"
)
ERASE = (
    "Yes, erase it|Yes please erase my data|yes delete everything|Yes, please delete all my data now.|yes erase me|"
    "ok delete it|Ja, bitte löschen|Ja, löschen Sie alles|oui, effacez tout|sí, borre todo|Yes. Erase everything.|"
    "yes, forget me|Yes, you can delete my data"
)
SENT = "Yes, send it|yes please send me my data|ok send it to me|Yes, show me my orders|yes, send me a copy of my data"
NEVER = (
    "no|No!|yes but|Yes, but only my address|yes?|Yes??|ok?|yes erase Ben's data|yes. Erase Ben's data|"
    "yes/Erase Ben's data|yes, erase the data of ben@other.example|yes/cancel MO-7K3F-9Q2D|yes MO-7K3F-9Q2D|"
    "yes/my orders|yes/BJ02R0G72U8V, 2|yes/help|yes, and stop|yes no|Yes/NO|yes, if you must|maybe yes|"
    "yes, what is this?|was it me?|not yes|yes, I did not ask for this|thanks|hello|Ada|erase my data|2|yes 2|"
    "yes to the lamp|yesterday|okra|I said yes to somebody else|yes/Please do not erase anything|yes, later|yes/wait"
)


def said(text: str, asked: AskKind, subject: str = SUBJECT) -> bool:
    return agrees(letter(subject, text.replace("/", "\n"), replies_to=("1@shop.example",)), asked)


@pytest.mark.parametrize("text", ANY.split("|"))
@pytest.mark.parametrize("asked", [AskKind.ERASE, AskKind.EXPORT, AskKind.MY_ORDERS, AskKind.STATUS])
def test_a_yes_in_anybodys_words(text: str, asked: AskKind) -> None:
    assert said(text, asked)


@pytest.mark.parametrize("text", ERASE.split("|"))
def test_a_yes_with_what_was_asked_counts_for_that_alone(text: str) -> None:
    assert said(text, AskKind.ERASE)
    assert not said(text, AskKind.EXPORT)


@pytest.mark.parametrize("text", SENT.split("|"))
def test_who_says_what_to_send_does_not_say_what_to_erase(text: str) -> None:
    assert said(text, AskKind.EXPORT)
    assert not said(text, AskKind.ERASE)


@pytest.mark.parametrize("text", NEVER.split("|"))
@pytest.mark.parametrize("asked", [AskKind.ERASE, AskKind.EXPORT])
def test_what_is_no_plain_yes_proves_nothing(text: str, asked: AskKind) -> None:
    assert not said(text, asked)


def test_a_subject_of_her_own_counts_like_the_letter() -> None:
    assert said("", AskKind.ERASE, "Yes, erase it")
    assert said("Ada", AskKind.ERASE, "yes")
    assert not said("yes", AskKind.ERASE, "Erase Ben's data")
    assert not said("", AskKind.ERASE)


def test_both_parts_have_to_say_it() -> None:
    told = {"lines": ((1, "yes"),), "replies_to": ("1@shop.example",)}
    assert agrees(letter(SUBJECT, **told, html_lines=((1, "Yes"), (2, ""))), AskKind.ERASE)
    assert not agrees(letter(SUBJECT, **told, html_lines=((1, "yes?"),)), AskKind.ERASE)
    assert not agrees(letter(SUBJECT, **told, struck=("yes",)), AskKind.ERASE)


def test_what_our_own_mail_says_below_is_not_hers() -> None:
    below = "You asked us to erase what we know about you.\n\nShall we? Then reply to this mail with the word yes."
    assert said(f"Yes, erase it\n\n{below}", AskKind.ERASE)
    assert not said(f"What is this\n\n{below}", AskKind.ERASE)


WORDS = st.sampled_from(
    [
        "yes",
        "it",
        "was",
        "me",
        "please",
        "send",
        "all",
        "of",
        "my",
        "data",
        "do",
        "erase",
        "i asked",
        "ok",
        "löschen",
        "no",
    ]
)


@given(st.lists(WORDS, max_size=60).map(" ".join))
def test_no_text_makes_it_slow_or_raise(text: str) -> None:
    began = process_time()
    said(text, AskKind.ERASE)
    said(text, AskKind.EXPORT)
    assert process_time() - began < 0.5
