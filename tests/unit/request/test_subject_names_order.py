"""A subject that names an order, with item lines below: never a second order; the change is asked back."""

import pytest

from daemon.config import ShopConfig
from daemon.request import read
from daemon.request.kinds import kind_of
from daemon.request.numbers import named_orders
from daemon.request.shapes import PlaceOrder, Reason
from daemon.request.subject import read_subject
from daemon.wording import Wording
from daemon.wording.specimens import specimens
from tests.unit.request.hand_written import letter

LAMP = "BJ02R0G72U8V, 2"
NUMBER = "MO-7K3F-9Q2D"


@pytest.mark.parametrize(
    "subject",
    [
        "changes to {n}",
        "correction {n}",
        "correction to {n}",
        "revised order {n}",
        "updated order {n}",
        "Änderung {n}",
        "Änderung zu Bestellung {n}",
        "modification commande {n}",
        "instead of {n}",
        "replacement for {n}",
        "new version of {n}",
        "can I change {n}?",
        "about {n}",
        "add to {n}",
        "again {n}, but",
        "quote {n}",
        "order {n} revised",
        "my order {n}",
        "order {n}",
        "{n}",
        "{n}?",
        "Re: correction {n}",
    ],
)
def test_it_is_asked_back_as_a_change(subject: str) -> None:
    request = read(letter(subject.format(n=NUMBER), LAMP))
    assert isinstance(request, PlaceOrder), request
    assert request.faults
    assert request.replaces == (NUMBER,)


@pytest.mark.parametrize("subject", ["Re: correction {n}", "Re: about {n}", "AW: Änderung {n}", "Re: {n}"])
def test_a_reply_that_carries_none_of_our_subjects_is_no_order_either(subject: str) -> None:
    request = read(letter(subject.format(n=NUMBER), LAMP, replies_to=("1@shop.example",), reply=True))
    assert isinstance(request, PlaceOrder)
    assert request.faults


@pytest.mark.parametrize(
    "subject", ["return {n}", "refund {n}", "problem with {n}", "Complaint about {n}", "wrong order {n}"]
)
def test_a_complaint_about_it_is_for_a_person(subject: str) -> None:
    assert kind_of(read(letter(subject.format(n=NUMBER), LAMP))) == "person"


def test_a_number_that_is_none_is_told() -> None:
    request = read(letter("changes to MO-7K3F-9Q2", LAMP))
    assert isinstance(request, PlaceOrder)
    assert request.replaces == ()
    assert request.faults[0].reason is Reason.NOT_AN_ORDER_NUMBER


def test_two_numbers_are_told() -> None:
    request = read(letter(f"instead of {NUMBER} and MO-2345-6789", LAMP))
    assert isinstance(request, PlaceOrder)
    assert request.replaces == (NUMBER, "MO-2345-6789")


SUBJECTS = sorted({Wording(ShopConfig()).word(one.mail, one.enclosure, one.address).subject for one in specimens()})
CARRIED = [subject for subject in SUBJECTS if named_orders(subject).numbers]


@pytest.mark.parametrize("subject", CARRIED)
def test_our_own_subjects_carried_over_say_nothing(subject: str) -> None:
    assert read_subject(f"Re: {subject}", True, "USD").about == ()
    assert read_subject(f"AW: {subject}", True, "USD").doubt is None


@pytest.mark.parametrize("subject", CARRIED)
def test_but_typed_anew_they_name_an_order(subject: str) -> None:
    request = read(letter(subject, LAMP))
    assert not isinstance(request, PlaceOrder) or request.faults
