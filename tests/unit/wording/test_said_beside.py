"""What a link leaves to be filled in is said beside it, and a mail does not say two things that exclude each other."""

from dataclasses import replace

from daemon.config import ShopConfig
from daemon.request.shapes import Reason
from daemon.wording import Specimen, Worded, Wording, specimens
from daemon.wording.specimens.made import fault

WORDING = Wording(ShopConfig())
FILLED_IN = "with your name and address filled in"


def named(kind: str, name: str) -> Specimen:
    return next(made for made in specimens(kind) if made.name == name)


def worded(made: Specimen) -> Worded:
    worded = WORDING.word(made.mail, made.enclosure, made.address)
    return replace(worded, text=" ".join(worded.text.split()))


def with_faults(made: Specimen, *reasons: Reason) -> Specimen:
    assert made.enclosure is not None
    faults = [fault(1, "", reason) for reason in reasons]
    return replace(made, enclosure=replace(made.enclosure, words={**made.enclosure.words, "faults": faults}))


def test_a_repetition_without_an_address_says_that_one_has_to_be_filled_in() -> None:
    for told in (worded(named("status", "nowhere")), worded(named("my_orders", "one"))):
        assert FILLED_IN in told.text
        assert FILLED_IN in told.html


def test_a_repetition_to_where_the_order_went_asks_for_none() -> None:
    told = worded(named("status", "booked"))
    assert FILLED_IN not in told.text
    assert FILLED_IN not in told.html


def test_who_has_no_last_address_is_not_told_that_it_goes_there() -> None:
    nothing = named("refusal", "nothing")
    for told in (worded(nothing).text, worded(nothing).html):
        assert "your last order went" in told
    unknown = worded(with_faults(nothing, Reason.NO_ITEMS, Reason.NO_ADDRESS))
    first = worded(named("my_orders", "none"))
    for text in (unknown.text, unknown.html, first.text, first.html):
        assert "your last order went" not in text


def test_of_two_addresses_it_is_not_said_that_only_one_is_missing() -> None:
    made = with_faults(named("refusal", "address"), Reason.TWO_ADDRESSES)
    assert "Only the address is missing" not in worded(made).text


def test_a_fault_of_a_line_that_says_nothing_is_one_of_the_letter() -> None:
    told = worded(with_faults(named("refusal", "address"), Reason.NO_ADDRESS))
    assert "Line 1" not in told.text
    assert "Line 1" not in told.html
