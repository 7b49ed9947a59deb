"""What stands beside a question: politeness goes by, everything else is for a person to read."""

import pytest

from daemon.request import read
from daemon.request.courtesy import is_courtesy
from daemon.request.shapes import Ask, PlaceOrder
from tests.unit.request.hand_written import letter


def beside(subject: str, body: str) -> str:
    request = read(letter(subject, body))
    assert isinstance(request, Ask | PlaceOrder), request
    return request.beside


@pytest.mark.parametrize(
    ("subject", "body", "reason"),
    [
        ("stop", "My lamp arrived broken and nobody answers.", "complaint"),
        ("my orders", "Somebody please call me on 555 0100 about my invoice.", "prose"),
        ("catalog", "I moved to 12 New Street, note it for the future.", "prose"),
        ("status", "It must be here on Friday, my daughter's wedding.", "prose"),
        ("quote", "BJ02R0G72U8V, 1\nI am disabled and need help with the delivery.", "prose"),
        ("recommend", "My address has changed to 5 New Rd.", "doubt"),
        ("products under 20", "I live in Norway. Please tell me the delivery costs.", "prose"),
        ("my orders", "I hope you can call me about my invoice.", "prose"),
        ("my orders", "Thank you for calling me back tomorrow.", "prose"),
        ("stop", "And my last parcel was wet, please send a new one", "prose"),
    ],
)
def test_a_person_reads_what_else_is_said(subject: str, body: str, reason: str) -> None:
    assert beside(subject, body) == reason


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("my orders", "Have a nice day!"),
        ("my orders", "Hello,\n\nI hope you are well. Please send me my orders.\n\nThank you for your help!\nAda"),
        ("catalog", "Dear shop,\nhope all is well. Looking forward to it.\nKind regards,\nAda Lovelace"),
        ("quote", "BJ02R0G72U8V, 1\nThanks in advance for your quick answer."),
        ("status", "Sorry to bother you again. No rush."),
        ("my orders", "Merry Christmas and a happy new year to you all"),
        ("recommend", "I love your shop!"),
        ("products under 20", "Vielen Dank\nMit freundlichen Grüßen\nAda Lovelace"),
        ("stop", "I am not happy with these mails. Don't write again!"),
        ("Hello", "show me my past ordrs please"),
    ],
)
def test_politeness_goes_by(subject: str, body: str) -> None:
    assert beside(subject, body) == ""


@pytest.mark.parametrize("said", ["Have a nice day", "Hope you are well", "Thanks a lot for your help, see you soon"])
def test_what_is_courtesy(said: str) -> None:
    assert is_courtesy(said)


@pytest.mark.parametrize("said", ["Call me", "Thanks for sending it back broken", "Have a look at my invoice"])
def test_what_is_none(said: str) -> None:
    assert not is_courtesy(said)
