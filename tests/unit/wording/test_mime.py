"""What we put on the wire is what the standard library's parser reads back, whatever the words."""

import email
import email.policy
import re
from datetime import UTC, datetime
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.utils import unquote
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.wording import UnmailableError
from daemon.wording.carried import File, Picture
from daemon.wording.inert import one_line
from daemon.wording.mime import addressed, dated, encoded, is_plain, message, message_id

HTML = "<p>Hello</p>\n"
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
MARKUP = st.text(st.characters(exclude_categories=["Cs", "Cn"]), max_size=300)
"""What has a reference that the standard library reads, besides controls."""
LETTERS = st.binary(max_size=400) | st.text(st.characters(max_codepoint=127), max_size=400).map(
    lambda text: text.replace("\r", "").replace("\n", "\r\n").encode()
)


def parsed(raw: bytes) -> EmailMessage:
    made = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made


def body(made: EmailMessage, kind: str) -> str:
    part = made.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def lines_kept(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def in_order(raw: bytes) -> None:
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 998 for line in lines)
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", raw)
    assert raw.isascii()
    assert b"\0" not in raw


@given(text=ANY, html=MARKUP)
@example(text=".\n..\nFrom here\n  trailing  \n=3D\x00", html="--=_at--\n")
def test_both_readings_come_back_as_they_were(text: str, html: str) -> None:
    raw = message([("Subject", "x")], text, html, "t")
    in_order(raw)
    made = parsed(raw)
    assert body(made, "plain") == lines_kept(text)
    assert unescape(body(made, "html")) == unescape(lines_kept(html))


@given(ANY)
@example("=?utf-8?b?eA==?=")
@example(" led and trailed ")
@example("x" * 200)
@example("Grüße " * 40)
@example("two\r\nBcc: all@customer.example")
def test_a_subject_comes_back_as_it_was_and_can_add_no_header(text: str) -> None:
    raw = message([("Subject", encoded(text)), ("X-After", "1")], "t", HTML, "t")
    made = parsed(raw)
    assert made["Subject"] == one_line(text)
    assert made.keys() == ["Subject", "X-After", "MIME-Version", "Content-Type"]
    head = raw[: raw.index(b"\r\nX-After")]
    assert b"=?" not in head or all(len(line) <= 76 for line in head.split(b"\r\n"))


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=80))
@example('The "Shop", & Söhne <x@y>')
@example("a\\b")
@example("=?utf-8?q?x?=")
def test_a_name_comes_back_and_stays_one_sender(name: str) -> None:
    raw = message([("From", addressed("orders@shop.example", name))], "t", HTML, "t")
    assert [each.addr_spec for each in parsed(raw)["From"].addresses] == ["orders@shop.example"]
    assert shown_name(email.message_from_bytes(raw)["From"]) == one_line(name)


def shown_name(value: str) -> str:
    """Read by the older parser's means: the newer one puts a blank between two encoded words of a name."""
    phrase = value[: value.rindex("<")].strip()
    return unquote(phrase) if phrase.startswith('"') else str(make_header(decode_header(phrase)))


@pytest.mark.parametrize(
    "address",
    [
        "a@customer.example\r\nBcc: b@customer.example",
        "a@customer.example, b@customer.example",
        "a b@customer.example",
        "a@b@customer.example",
        "<a@customer.example>",
        "customer.example",
        "",
        "a@",
        "@customer.example",
        "x" * 250 + "@customer.example",
        "a\x00@customer.example",
    ],
)
def test_an_address_that_is_not_a_single_plain_one_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(UnmailableError) as raised:
        addressed(address)
    assert "customer" not in str(raised.value)


@pytest.mark.parametrize("address", ["ada+mail@customer.example", '"a b"@customer.example', "ada@[192.0.2.1]"])
def test_unusual_but_valid_addresses_are_taken(address: str) -> None:
    made = parsed(message([("To", addressed(address))], "t", HTML, "t"))
    assert made["To"].addresses[0].addr_spec == address


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ("a.b@mail.customer.example", "<a.b@mail.customer.example>"),
        ("<a@customer.example>", "<a@customer.example>"),
        ("a@customer.example\r\nBcc: x", None),
        ("a b@customer.example", None),
        ("no-at-sign", None),
        ("a" * 200 + "@customer.example", None),
        ("ä@customer.example", None),
        (7, None),
        (None, None),
    ],
)
def test_only_a_well_formed_message_id_is_answered(told: object, expected: str | None) -> None:
    assert message_id(told) == expected


@given(LETTERS)
@example(b"")
@example(b"--=_mt\r\n\r\nmine\r\n--=_mt--")
@example("Subject: Grüße\r\n\r\n".encode("latin-1") + b"\0" + b"x" * 2000)
def test_a_letter_passed_on_arrives_byte_for_byte(letter: bytes) -> None:
    raw = message([("Subject", "x")], "t", HTML, "t", letter)
    in_order(raw)
    if is_plain(letter) and b"=_mt" not in letter:
        # A parser may put the headers of an inner message another way; on the wire it stands as it came.
        assert b"\r\n\r\n" + letter + b"\r\n--=_mt--" in raw
        return
    attachment = next(iter(parsed(raw).iter_attachments()))
    assert attachment.get_filename() == "letter.eml"
    assert attachment.get_content() == letter


def test_the_letter_of_a_mail_passed_on_opens_as_a_letter() -> None:
    letter = b"From: ada@customer.example\r\nSubject: Dimmable?\r\n\r\nIs it?\r\n"
    attachment = next(iter(parsed(message([], "t", HTML, "t", letter)).iter_attachments()))
    assert attachment.get_content_type() == "message/rfc822"
    assert attachment.get_content()["Subject"] == "Dimmable?"


def test_a_date_is_one_that_mail_programs_read() -> None:
    at = datetime(2026, 11, 23, 4, 5, 6, tzinfo=UTC)
    assert dated(at, ZoneInfo("UTC")) == "Mon, 23 Nov 2026 04:05:06 +0000"
    assert dated(at, ZoneInfo("America/Denver")) == "Sun, 22 Nov 2026 21:05:06 -0700"


@given(picture=st.binary(max_size=300), file=st.binary(max_size=300), html=MARKUP)
@example(picture=b"--=_rt--\r\n", file=b"--=_mt\r\n", html="--=_rt\n")
def test_what_a_mail_carries_arrives_byte_for_byte(picture: bytes, file: bytes, html: str) -> None:
    pictures = {"plot.t@shop.example": Picture("plot", picture)}
    files = [File("finance-2026-W47.csv", "text/csv; charset=utf-8", file), File("x.bin", "application/x-any", file)]
    raw = message([("Subject", "x")], "t", html, "t", pictures=pictures, files=files)
    in_order(raw)
    made = parsed(raw)
    assert unescape(body(made, "html")) == unescape(lines_kept(html))
    (shown,) = [part for part in made.walk() if part["Content-ID"]]
    assert shown["Content-ID"] == "<plot.t@shop.example>"
    assert shown.get_payload(decode=True) == picture
    attached = [(part.get_filename(), part.get_payload(decode=True)) for part in made.iter_attachments()]
    assert attached == [("finance-2026-W47.csv", file), ("x.bin", file)]
