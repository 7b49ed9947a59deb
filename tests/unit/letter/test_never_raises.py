"""Whatever the bytes: a letter comes out, within the limits, in bounded work."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter import Limits, parse
from tests.unit.letter.specimens import alternative, attachment, letter, multipart, nested, part, read
from tests.unit.letter.test_bounces import QMAIL, delivery_report, group
from tests.unit.letter.test_sheets import ORDER, by_openpyxl

LIMITS = Limits()
REAL = [
    letter(
        "Ship to: Ada",
        "",
        "BJ02R0G72U8V, 2",
        "-- ",
        "Ada",
        headers="Content-Type: text/plain; format=flowed; delsp=yes",
    ),
    alternative("BJ02R0G72U8V, 2", "<table><tr><td>BJ02R0G72U8V<td><s>2</s><p>3</table><blockquote type=cite>x"),
    multipart(part("see"), attachment(by_openpyxl(ORDER), "a.xlsx"), attachment(b"product_id,quantity\nA,2", "a.csv")),
    delivery_report(group("5.1.1"), group("4.2.2", "delayed", "452 4.2.2 full")),
    letter(*QMAIL, headers="Return-Path: <>", sender="MAILER-DAEMON@mx.customer.example"),
    multipart(
        nested(part("cancel"), part("<p>cancel", "text/html")), part("BEGIN:VCALENDAR", "text/calendar; method=REQUEST")
    ),
    letter(
        "yes",
        "On Monday the shop <x@shop.example> wrote:",
        "> yes?",
        headers="Subject: =?utf-8?q?Re=3A_order?= =?iso-2022-jp?B?GyRCQ21KOBsoQg==?=\n"
        "Authentication-Results: mx.shop.example; dkim=pass (ok) header.d=customer.example; dmarc=fail\n"
        "References: <a@b.example> <c@d.example>\nAuto-Submitted: (x) auto-generated; y=z",
    ),
]
PIECES = [
    *(
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\0",
        b"\xff",
        b"=",
        b"=?",
        b"?=",
        b"--b1",
        b"\n--b1\n",
        b"--b1--",
        b";",
        b'"',
        b"\\",
    ),
    *(
        b"<",
        b">",
        b"<table>",
        b"</div>",
        b"(",
        b")",
        b"@",
        b":",
        b"charset=utf-16",
        b"charset=utf-7",
        b"boundary=",
        b"base64",
    ),
    *(
        b"multipart/mixed",
        b"text/html",
        b"message/rfc822",
        b"Content-Type: ",
        b"\xed\xa0\x80",
        b"&#xD800;",
        b"%00",
        b"*0*=",
    ),
]


def check(raw: bytes) -> None:
    """Parses, and holds the letter against what is promised of every letter."""
    found = read(raw)
    for lines in (found.lines, found.html_lines or ()):
        assert len(lines) <= LIMITS.text_lines
        numbers = [number for number, _ in lines]
        assert numbers == sorted(set(numbers))
        assert all(number >= 1 for number in numbers)
        assert not any(set(text) & set("\r\n\0\u2028\u2029\x0b\x0c\x85") for _, text in lines)
    assert len(found.replies_to) <= 20
    assert len(found.sheets) + len(found.unopened) <= LIMITS.parts + sum(len(sheet.rows) for sheet in found.sheets)
    names = [sheet.name for sheet in found.sheets] + [one.name for one in found.unopened]
    for one in (found.subject, found.sender_name, *names):
        assert not set(one) & set("\r\n\0")
        one.encode("utf-8")
    parse(raw, whole=False)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes(raw: bytes) -> None:
    check(raw)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=60))
def test_random_pieces(pieces: list[bytes]) -> None:
    check(b"".join(pieces))
    check(b"Content-Type: multipart/mixed; boundary=b1\n\n" + b"".join(pieces))
    check(b"Content-Type: text/html\n\n" + b"".join(pieces))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(REAL), st.randoms(use_true_random=False), st.integers(1, 12))
def test_real_letters_damaged(raw: bytes, chance: random.Random, times: int) -> None:
    damaged = bytearray(raw)
    for _ in range(times):
        at = chance.randrange(len(damaged) + 1)
        to = min(len(damaged), at + chance.randrange(20))
        damaged[at:to] = chance.choice([b"", chance.choice(PIECES), bytes(damaged[at:to]) * 2, chance.randbytes(3)])
    check(bytes(damaged))


@pytest.mark.parametrize("raw", REAL)
def test_real_letters_cut_anywhere(raw: bytes) -> None:
    for end in range(0, len(raw), max(len(raw) // 150, 1)):
        check(raw[:end])


def in_html(html: str) -> bytes:
    return letter(html, headers="Content-Type: text/html")


MEGA = 1_000_000
HOSTILE = {
    "one line": letter("x" * 10 * MEGA),
    "one line of headers": b"x" * 5 * MEGA,
    "a header without end": b"Subject: " + b"=?utf-8?q?x" * 400_000,
    "100,000 headers": b"X-A: b\n" * 100_000 + b"\nhello",
    "100,000 senders": b"From: a@b.example\n" * 100_000 + b"\nhello",
    "a sender of brackets": letter(sender="(" * 100_000),
    "a sender of quotes": letter(sender='"\\' * 100_000),
    "a sender of dots": letter(sender="a." * 100_000 + "@b.example"),
    "references": letter(headers="References: " + "<a@b.example> " * 100_000),
    "references unclosed": letter(headers="References: " + "<a" * 400_000),
    "parameters": letter("x", headers="Content-Type: text/plain" + "; a*0*=b" * 100_000),
    "parameter quotes": letter("x", headers='Content-Type: text/plain; a="' + '\\"' * 500_000),
    "results": letter(headers="Authentication-Results: mx.shop.example; " + "dkim=pass (" * 100_000),
    "automatic comments": letter(headers="Auto-Submitted: " + "(" * 500_000),
    "blank lines": letter("\n" * 4 * MEGA),
    "quotes": letter(*["> x", "On 1 x@y.example wrote:"] * 100_000),
    "attributions": letter(*["On 1 January a b c:"] * 100_000),
    "wrote": letter("On 1 " + "wrote " * 60 + ":", *["schrieb " * 45 + ":"] * 20_000),
    "rules": letter(*["_" * 40, "From: x"] * 100_000),
    "dashes": letter(*["-" * 300 + "x"] * 15_000),
    "sent from": letter(*["sent from my " + "mail " * 60 + "\u00e9"] * 15_000),
    "boundaries": multipart(part("--b1\n" * 900_000)),
    "near boundaries": letter("--b1x\n" * 800_000, headers="Content-Type: multipart/mixed; boundary=b1"),
    "long near boundary": letter("--b1 x" * 800_000, headers="Content-Type: multipart/mixed; boundary=b1"),
    "a boundary of blanks": letter("--b1" + " " * 4 * MEGA + "x", headers="Content-Type: multipart/mixed; boundary=b1"),
    "the same boundary in itself": letter(
        "--b1\nContent-Type: multipart/mixed; boundary=b1\n\n" * 80_000,
        headers="Content-Type: multipart/mixed; boundary=b1",
    ),
    "quoted-printable blanks": letter(" " * 4 * MEGA + "x", headers="Content-Transfer-Encoding: quoted-printable"),
    "quoted-printable equals": letter("=" * 4 * MEGA, headers="Content-Transfer-Encoding: quoted-printable"),
    "base64 noise": letter("====" * MEGA, headers="Content-Transfer-Encoding: base64"),
    "flowed": letter("x \n" * MEGA, headers="Content-Type: text/plain; format=flowed"),
    "flowed quotes": letter(">" * 4 * MEGA, headers="Content-Type: text/plain; format=flowed"),
    "50,000 nested divs": in_html("<div>" * 50_000),
    "hidden nested divs": in_html("<div></x>" * 20_000),
    "nested tables": in_html("<table><tr><td>" * 10_000),
    "nested lists": in_html("<ul><li>" * 20_000),
    "unclosed fonts": in_html("<p>" + "".join(f"<font color={n}>" for n in range(150)) + "</p><p>x" * 15_000),
    "attributes": in_html("<p " + " ".join(f"a{n}=1" for n in range(20_000)) + ">x"),
    "one long style": in_html('<p style="' + "text-decoration:" * 10_000 + '">x'),
    "styles": in_html('<p style="border-left:;margin:0">' * 5_000),
    "unclosed tags": in_html("<" * 190_000),
    "unclosed comments": in_html("<!--" * 45_000),
    "wide table": in_html("<table><tr>" + "<td>x" * 35_000),
    "tables in table cells": in_html("<table><tr><td>x<td>" * 60 + "y" * 100_000),
    "meta": in_html("<meta " * 30_000),
    "bounces": letter(("<a@shop.example> 550 5.1.1 " * 100 + "\n") * 1_500, headers="Return-Path: <>"),
    "report": delivery_report(*[group("5.1.1")] * 20_000),
    "mime bomb for flufl": letter(
        f"<{'a' * 32}@shop.example>\n" + "--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 2_000,
        headers="Return-Path: <>\nContent-Type: multipart/mixed; boundary=b",
    ),
    "csv": multipart(attachment(b'"' * 3 * MEGA, "a.csv")),
    "csv columns": multipart(attachment(b"," * 3 * MEGA, "a.csv")),
    "csv rows": multipart(attachment(b"a\n" * MEGA, "a.csv")),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.timeout(30)
def test_hostile_letters_stay_within_their_limits(name: str) -> None:
    check(HOSTILE[name])
