"""Headers as real mail has them: encoded, folded, doubled, raw, broken."""

from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter import Damage, Limits, parse
from tests.unit.letter.specimens import letter, read

SUBJECTS = {
    "=?utf-8?q?order_for_M=C3=BCller?=": "order for Müller",
    "=?UTF-8?B?b3JkZXIg8J+Mjw==?=": "order 🌏",
    "=?utf-8?B?b3JkZXIg8J+M?= =?utf-8?B?jw==?=": "order 🌏",  # cut inside a character
    "=?iso-8859-1?Q?Bestellung_f=FCr?= =?utf-8?q?_Ada?=": "Bestellung für Ada",
    "=?utf-8*en?q?order?=": "order",
    "=?utf-8?q?one?= two =?utf-8?q?three?=": "one two three",
    "=?iso-2022-jp?B?GyRCQ21KOBsoQg==?=": "注文",
    "=?koi8-r?B?WsHLwdo=?=": "Zаказ",
    "=?gb2312?B?tqm1pQ==?=": "订单",
    "=?utf-8?q?what??=": "what?",
    "=?x-nonsense?q?order?=": "order",
    "=?utf-8?q?order=0D=0ABcc:_x@evil.example?=": "order Bcc: x@evil.example",
    "=?utf-8?q?a=00b?=": "ab",
    "=?broken": "=?broken",
    "order =?utf-8?b?!!!?=": "order",
    "or\n der\n\tnow": "or der now",
}


@pytest.mark.parametrize(("told", "meant"), SUBJECTS.items())
def test_subject(told: str, meant: str) -> None:
    assert read(letter(headers=f"Subject: {told}")).subject == meant


@pytest.mark.parametrize("codec", ["utf-8", "cp1252"])
def test_raw_eight_bit_subject_is_read_without_spoiling_its_neighbours(codec: str) -> None:
    found = read(letter(headers=b"X-Odd: \xff\xfe\x81\nSubject: " + "für Jürgen".encode(codec)))
    assert (found.subject, found.sender) == ("für Jürgen", "ada@customer.example")


@settings(deadline=None)  # a busy machine is not a slow letter
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60))
def test_a_subject_is_always_one_visible_line(text: str) -> None:
    raw = letter(headers=b"Subject: =?utf-8?b?" + b64encode(text.encode()) + b"?=")
    subject = read(raw).subject
    assert not set(subject) & set("\r\n\0\x0b\x0c\u2028\u2029")


def test_the_first_of_two_subjects_counts() -> None:
    assert read(letter(headers="Subject: order\nSubject: cancel")).subject == "order"


def test_lines_that_are_no_header_end_the_headers() -> None:
    found = read(b"From: a@customer.example\nhello there\nSubject: cancel\n\nBJ02R0G72U8V, 2")
    assert found.subject == ""
    assert [text for _, text in found.lines] == ["hello there", "Subject: cancel", "", "BJ02R0G72U8V, 2"]


def test_an_envelope_line_of_a_mail_folder_is_passed_over() -> None:
    found = read(b"From ada@customer.example Mon Nov  2 10:00:00 2026\nFrom: ada@customer.example\nSubject: help\n\n")
    assert (found.sender, found.subject) == ("ada@customer.example", "help")


def test_a_letter_without_headers_is_all_text() -> None:
    found = read(b"\nBJ02R0G72U8V, 2\n")
    assert (found.lines, found.sender, found.sender_count) == (((1, "BJ02R0G72U8V, 2"),), None, 0)


def test_headers_without_a_body() -> None:
    found = read(b"From: ada@customer.example\r\nSubject: cancel MO-7K3F-9Q2D")
    assert (found.subject, found.lines, found.damage) == ("cancel MO-7K3F-9Q2D", (), ())


def test_too_many_headers_are_told() -> None:
    found = parse(letter("hello", headers="X-A: 1\n" * 20), limits=Limits(headers=10))
    assert Damage.TOO_LONG in found.damage


def test_only_headers_fetched() -> None:
    raw = letter(headers='Subject: order\nContent-Type: multipart/mixed; boundary="b1"')
    found = parse(raw, whole=False)
    assert (found.lines, found.damage, found.unopened, found.sender) == ((), (), (), "ada@customer.example")


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ("Message-ID: <a@b.example>", "a@b.example"),
        ("Message-ID:\n <a@b.example>", "a@b.example"),
        ("Message-ID: <long\n er@b.example>", "longer@b.example"),
        ("Message-ID: a@b.example", "a@b.example"),
        ("Message-ID: <a@b.example> (comment) <c@d.example>", "a@b.example"),
        ("Message-ID: <>", None),
        ("Message-ID:", None),
        ("Message-ID: <" + "x" * 2_000 + ">", None),
        ("X-None: 1", None),
    ],
)
def test_message_id(told: str, found: str | None) -> None:
    raw = letter(headers=told, sender="")
    assert read(raw).message_id == found


def test_replies_to_begins_with_what_is_answered_then_goes_back() -> None:
    found = read(letter(headers="In-Reply-To: <c@x.example>\nReferences: <a@x.example> <b@x.example>\n <c@x.example>"))
    assert found.replies_to == ("c@x.example", "b@x.example", "a@x.example")
    assert found.reply


def test_only_the_newest_twenty_references_are_kept() -> None:
    found = read(letter(headers="References: " + " ".join(f"<{n}@x.example>" for n in range(1_000))))
    assert len(found.replies_to) == 20
    assert found.replies_to[0] == "999@x.example"


@pytest.mark.parametrize(
    ("subject", "reply", "forward"),
    [
        ("Re: your order", True, False),
        ("AW: order", True, False),
        ("SV: order", True, False),
        ("Re[2]: order", True, False),
        ("RE : order", True, False),
        ("order", False, False),
        ("reorder: lamps", False, False),
        ("Fwd: order", False, True),
        ("FW: order", False, True),
        ("WG: order", False, True),
        ("TR : order", False, True),
        ("Re: Fwd: order", True, False),
        ("forward this order", False, False),
    ],
)
def test_replies_and_forwards_by_subject(subject: str, reply: bool, forward: bool) -> None:
    found = read(letter("hello", headers=f"Subject: {subject}"))
    assert (found.reply, found.forwarded) == (reply, forward)
