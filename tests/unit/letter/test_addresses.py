"""From: exactly one address that mail could have come from, or nobody."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter.addresses import mailboxes, plausible
from tests.unit.letter.specimens import letter, read

ONE = {
    "ada@customer.example": "ada@customer.example",
    "<ada@customer.example>": "ada@customer.example",
    "Ada <ada@Customer.Example>": "ada@customer.example",
    "Ada.L@Customer.Example": "Ada.L@customer.example",
    '"a@b.example" <c@d.example>': "c@d.example",
    "a@b.example <c@d.example>": "c@d.example",
    '"Lovelace, Ada" <ada@customer.example>': "ada@customer.example",
    "ada@customer.example (Ada, of London)": "ada@customer.example",
    "(sales@evil.example) ada@customer.example": "ada@customer.example",
    "ada(comment)@customer.example": "ada@customer.example",
    '"ada"@customer.example': "ada@customer.example",
    '"Ada \\"the Count\\" L" <ada@customer.example>': "ada@customer.example",
    "Team: ada@customer.example;": "ada@customer.example",
    "=?utf-8?q?Ada_=3Cx=40evil=2Eexample=3E?= <ada@customer.example>": "ada@customer.example",
    "ada@bücher.example": "ada@xn--bcher-kva.example",
    "Team (of \\) two): Ada <ada@customer.example>;": "ada@customer.example",
    'Ada ("the Count") <ada@customer.example>': "ada@customer.example",
    "ada@straße.example": "ada@xn--strae-oqa.example",
    "ada@ſhop.example": "ada@xn--hop-f3a.example",
    "ada@MU\u0308NCHEN.example": "ada@xn--mnchen-3ya.example",
    "Ada <ada@customer.example.>": "ada@customer.example",
    "ada+lamps@customer.example": "ada+lamps@customer.example",
}
NONE = {
    "a@b.example, c@d.example": 2,
    "A <a@b.example>, C <c@d.example>": 2,
    "Team: a@b.example, c@d.example;": 2,
    "A <a@b.example> <c@d.example>": 2,
    "<a@b.example>c@d.example": 2,
    "": 0,
    "undisclosed-recipients:;": 0,
    "Ada": 1,
    "<>": 1,
    "a@b@c.example": 1,
    '"a@b"@c.example': 1,
    '"a b"@c.example': 1,
    "ada@": 1,
    "@customer.example": 1,
    "ada@[127.0.0.1]": 1,
    "ada@-customer.example": 1,
    "ada@customer..example": 1,
    "ada@" + "x" * 260 + ".example": 1,
    "x" * 65 + "@customer.example": 1,
    "ada@customer.example\u2028bcc": 1,
    ".ada@customer.example": 1,
    "ada@\u212aelvin.example": 1,
    "ada@customer\u200b.example": 1,
    "Ada <ada@customer.example": 1,
    "m@evil.example: ada@customer.example;": 2,
    '"m@evil.example": ada@customer.example;': 2,
    "<m@evil.example>: ada@customer.example;": 2,
    "M <m@evil.example>: ada@customer.example;": 2,
    "m@evil.example\rFrom: ada@customer.example": 1,
    "m@evil.example\r <ada@customer.example>": 1,
    "m@evil.example\0 <ada@customer.example>": 1,
    "m@evil.example)<ada@customer.example>": 1,
    "m@evil.example (<ada@customer.example>": 1,
    "m@evil.example> <ada@customer.example>": 1,
    "<m@evil.example <ada@customer.example>": 1,
    '"m@evil.example <ada@customer.example>': 1,
    '(") <m@evil.example> (") ada@customer.example': 1,
    "ada@customer.example" + " " * 6000 + ", m@evil.example": 1,
}


@pytest.mark.parametrize(("told", "address"), ONE.items())
def test_one_sender(told: str, address: str) -> None:
    found = read(letter(sender=told))
    assert (found.sender, found.sender_count) == (address, 1)


@pytest.mark.parametrize(("told", "count"), NONE.items())
def test_no_sender(told: str, count: int) -> None:
    found = read(letter(sender="", headers=f"From: {told}"))
    assert (found.sender, found.sender_count) == (None, count)


def test_two_from_headers_are_nobody() -> None:
    found = read(letter(headers="From: a@customer.example"))
    assert (found.sender, found.sender_count) == (None, 2)


def test_reply_to_is_never_the_sender() -> None:
    assert read(letter(headers="Reply-To: thief@evil.example")).sender == "ada@customer.example"
    assert read(letter(headers="Reply-To: thief@evil.example", sender="")).sender is None


def test_the_name_is_what_is_shown() -> None:
    assert read(letter(sender="=?utf-8?q?Ada_L=C3=B6ve?= <ada@customer.example>")).sender_name == "Ada Löve"
    assert read(letter(sender='"Lovelace, Ada" <ada@customer.example>')).sender_name == "Lovelace, Ada"
    assert read(letter(sender="ada@customer.example")).sender_name == ""


@settings(deadline=None)  # a busy machine is not a slow letter
@given(st.text(max_size=200))
def test_whatever_stands_there_an_address_is_one_plain_word(text: str) -> None:
    for _, address in mailboxes([text]):
        found = plausible(address)
        if found is not None:
            assert found.count("@") == 1
            assert found.isprintable()
            assert not set(found) & set(' <>(),;:"\r\n\t')
            assert len(found) <= 254
