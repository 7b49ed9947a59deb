"""The digest: the same letter has the same one however it was delivered; another letter has another."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter import digest_of
from tests.unit.letter.specimens import letter, read

ONCE = letter("BJ02R0G72U8V, 2", "thanks", headers="Date: Mon, 2 Nov 2026 10:00:00 +0000\nSubject: an order of lamps")


@pytest.mark.parametrize(
    "again",
    [
        b"Received: from a by b\r\nReturn-Path: <x@y.example>\r\nDelivered-To: orders@shop.example\r\n" + ONCE,
        ONCE.replace(b"\r\n", b"\n"),
        ONCE + b"\r\n\r\n \r\n",
        ONCE.replace(b"an order of", b"an order\r\n of"),
        ONCE.replace(b"From:", b"FROM:"),
    ],
)
def test_delivered_again(again: bytes) -> None:
    assert read(again).digest == read(ONCE).digest


@pytest.mark.parametrize(
    "other",
    [
        ONCE.replace(b", 2", b", 3"),
        ONCE.replace(b"lamps", b"lamp"),
        ONCE.replace(b"ada@", b"bob@"),
        ONCE.replace(b"10:00:00", b"10:00:01"),
        ONCE.replace(b"<one@", b"<two@"),
        ONCE.replace(b"BJ02", b"\r\nBJ02"),
        b"From: bob@customer.example\r\n" + ONCE,
    ],
)
def test_another_letter(other: bytes) -> None:
    assert read(other).digest != read(ONCE).digest


@settings(deadline=None)  # a busy machine is not a slow letter
@given(st.binary(max_size=200), st.binary(max_size=200))
def test_any_other_body_has_another_digest(one: bytes, two: bytes) -> None:
    def normal(body: bytes) -> bytes:
        return body.replace(b"\r\n", b"\n").rstrip(b" \t\r\n")

    same = read(b"Subject: x\n\n" + one).digest == read(b"Subject: x\n\n" + two).digest
    assert same == (normal(one) == normal(two))


@settings(deadline=None)  # a busy machine is not a slow letter
@given(st.binary(max_size=300))
def test_the_digest_alone_is_the_same(raw: bytes) -> None:
    assert digest_of(raw) == read(raw).digest


def test_fields_cannot_be_moved_into_one_another() -> None:
    one = read(b"Subject: a\nDate: b\n\n").digest
    assert one != read(b"Subject: a date:b\n\n").digest
    assert one != read(b"\nsubject:a\ndate:b\n").digest
