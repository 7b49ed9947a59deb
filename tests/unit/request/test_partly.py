"""A change replaces the whole order, so whatever speaks of a part of it is asked back and never taken for the whole."""

import pytest

from daemon.request import read
from daemon.request.shapes import PlaceOrder, Reason
from tests.unit.request.hand_written import letter

NUMBER = "MO-7K3F-9Q2D"
LAMP, POT = "BJ02R0G72U8V", "7B4VYMBRQNAR"

OF_A_PART = [
    f"add {LAMP}, 2",
    f"please add {LAMP}, 2",
    f"+ {LAMP}, 2",
    f"+{LAMP}, 2",
    f"+ {LAMP}, 2\n+ {POT}, 1",
    f"{LAMP}, +2",
    f"{LAMP} +2",
    f"{LAMP}, -1",
    f"plus {LAMP}, 2",
    f"also {LAMP}, 2",
    f"please also send me {LAMP}, 2",
    f"2 more {LAMP}",
    f"{LAMP}, 2 more",
    f"another 2 x {LAMP}",
    f"another {LAMP}",
    f"{LAMP}, 2 as well",
    f"{LAMP}, 2 extra",
    f"{LAMP}, 2, everything else as before",
    f"{LAMP}, 2\nthe rest stays",
    f"{LAMP}, 2\nkeep the rest",
    f"{LAMP}, 2\n\nThe other items remain the same.",
    f"{LAMP}, 2\n\nRest unchanged please",
    f"Only this one:\n{LAMP}, 2",
    f"remove {LAMP}, 2",
    f"remove {LAMP}",
    "remove the lamp",
    f"without {LAMP}, 2",
    f"take out {LAMP}, 1",
    f"- {LAMP}, 2",
    f"-{LAMP}, 2",
    f"– {LAMP}, 2",
    f"− {LAMP}, 2",
    f"-{LAMP}, 2\n-{POT}, 1",
    f"{POT}, 3\n- {LAMP}, 2",
    f"+ {POT}, 3\n- {LAMP}, 2",
    f"* {POT}, 3\n- {LAMP}, 2",
    f"Please add:\n\n{LAMP}, 2",
    f"Hi,\n\nadd the following to my order:\n{LAMP}, 2\n\nThanks\nAda",
    f"{LAMP}, 2\nplus\n{POT}, 1",
    f"Also\n{LAMP}, 2",
    f"Items:\nadd {LAMP}, 2",
    f"Bitte hinzufügen:\n{LAMP}, 2",
    f"{LAMP}, 2\nDer Rest bleibt",
    f"{LAMP}, 2\n\nle reste ne change pas, gardez le",
    f"I forgot:\n{LAMP}, 2",
    f"Please include\n{LAMP}, 2",
    f"It misses\n{LAMP}, 2",
    f"Please put in {LAMP}, 2",
    f"{LAMP}, 2\n\nThe teapot is fine.",
    f"{LAMP}, 2\n\nThe teapot is fine.\n\nThanks\nAda",
    f"{LAMP}, 2\nUnd die Kanne wie gehabt",
    f"{LAMP}, 2\n\nThank you! I am very happy with everything in it apart from that.",
    f"{LAMP}, 2\nTeapot As Was",
    f"Hi keep the rest\n{LAMP}, 2",
    f"Dear shop leave the pot\n{LAMP}, 2",
    f"Hello this besides\n{LAMP}, 2",
    f"{LAMP}, 2\n\nThanks\nAda\n\nPS: the teapot comes as it is",
    f"Delivery: with the other things\n{LAMP}, 2",
    f"Sorry about the teapot, I made a mistake.\n{LAMP}, 2",
    f"{LAMP}, 2\n\nTeapot: same",
    f"We have talked it over.\n\n{LAMP}, 2",
    f"Please change the following:\n{LAMP}, 2",
    f"The new items are:\n{LAMP}, 2",
    f"Hello,\n\nmake it as follows, with the teapot:\n\n{LAMP}, 2",
    f"Wir nehmen {LAMP}, 2\ndie andere Lampe wie besprochen",
]

WHOLE = [
    f"{LAMP}, 2\n{POT}, 1",
    f"- {LAMP}, 2\n- {POT}, 1",
    f"– {LAMP}, 2\n– {POT}, 1",
    f"* {LAMP}, 2",
    f"• {LAMP}, 2\n• {POT}, 1",
    f"1. {LAMP}, 2\n2. {POT}, 1",
    f"{LAMP} - 2",
    f"{LAMP}, 2\nand\n{POT}, 1",
    f"Hello,\n\nplease make it as follows:\n\n{LAMP}, 3\n\nThank you very much, have a nice rest of the week!\n\nAda",
    f"Ship to: Ada Lovelace\n1 Keep Lane\nRest Harrow, CO 80203\n\nItems:\n{LAMP}, 2",
    *(
        f"Hello dear shop,\n\nI hope you are well. {announced}\n\n{LAMP}, 3\n{POT}, 1\n\nHave a nice day!\nAda Lovelace"
        for announced in (
            "Please change it to:",
            "Please change my order to the following:",
            "Sorry, I made a mistake. The new order is:",
            "Sorry for the trouble, I have changed my mind! It should be:",
            "The new order is:",
            "The new order should be as follows:",
            "Here is my new list:",
            "This is the complete order now:",
            "Please make it:",
            "It should be:",
            "My order should read as follows, please:",
            "As follows please:",
            "Neue Bestellung:",
            "Die neue Bestellung lautet:",
            "La nouvelle commande est :",
        )
    ),
]


def change(body: str, subject: str = f"change {NUMBER}") -> PlaceOrder:
    asked = read(letter(subject, body))
    assert isinstance(asked, PlaceOrder), asked
    assert asked.replaces == (NUMBER,)
    return asked


def reasons(asked: PlaceOrder) -> set[Reason]:
    return {fault.reason for fault in (*asked.faults, *(item.fault for item in asked.items)) if fault is not None}


@pytest.mark.parametrize("body", OF_A_PART)
def test_what_speaks_of_a_part_is_a_fault_told_once(body: str) -> None:
    asked = change(body)
    assert reasons(asked) == {Reason.CHANGE_IN_PART}
    told = [fault.line for fault in asked.faults] + [item.line for item in asked.items if item.fault]
    assert len(told) == len(set(told))


@pytest.mark.parametrize("said", ["Note: the pot can come later", "Is the pot still in it?", "the pot by Friday"])
def test_a_line_that_is_at_fault_otherwise_speaks_of_a_part_all_the_same(said: str) -> None:
    asked = change(f"{LAMP}, 2\n\n{said}")
    assert asked.partly
    assert len(asked.faults) == 1
    assert not asked.adds


@pytest.mark.parametrize("body", WHOLE)
def test_a_whole_list_is_a_change(body: str) -> None:
    assert not reasons(change(body))


@pytest.mark.parametrize("body", OF_A_PART)
def test_the_same_words_in_an_order_are_judged_as_before(body: str) -> None:
    asked = read(letter("order", f"Ship to: Ada\n12 Way\nDenver, CO 80202\n\n{body}"))
    assert not isinstance(asked, PlaceOrder) or Reason.CHANGE_IN_PART not in reasons(asked)


@pytest.mark.parametrize("subject", [f"add to {NUMBER}", f"please add to my order {NUMBER}", f"one more for {NUMBER}"])
def test_a_subject_of_ones_own_may_say_it(subject: str) -> None:
    assert reasons(change(f"{LAMP}, 2", subject)) == {Reason.CHANGE_IN_PART}


ADDS = [
    f"add {LAMP}, 2",
    f"please add {LAMP}, 2\nadd {POT}, 1",
    f"+ {LAMP}, 2\n+{POT}, 1",
    f"Please add:\n{LAMP}, 2\n{POT}, 1",
    f"Hi,\n\ncould you add the following to my order:\n{LAMP}, 2",
]
NOT_CERTAIN = [
    f"add {LAMP}, 2\n{POT}, 1",
    f"add {LAMP}, 2\nremove {POT}, 1",
    f"add {LAMP}, 2\n- {POT}, 1",
    f"add {LAMP}, 2\nkeep the rest",
    f"Please do add:\n{LAMP}, 2, or more if you have it",
    f"{LAMP}, 2 more",
    f"also {LAMP}, 2",
]


@pytest.mark.parametrize("body", ADDS)
def test_it_is_certain_what_plainly_adds(body: str) -> None:
    assert change(body).adds


@pytest.mark.parametrize("body", NOT_CERTAIN)
def test_of_anything_beside_it_it_is_not(body: str) -> None:
    assert not change(body).adds


def test_a_subject_that_adds_is_as_certain() -> None:
    assert change(f"{LAMP}, 2", f"please add to my order {NUMBER}").adds
    assert not change(f"{LAMP}, 2", f"add or remove, {NUMBER}").adds
