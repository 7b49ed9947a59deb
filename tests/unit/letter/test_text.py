"""Plain text in every charset and encoding that mail comes in."""

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.letter import Damage, Limits, parse
from daemon.letter.charsets import CODECS, decode
from tests.unit.letter.specimens import letter, multipart, part, read, texts

FLOWED = "Content-Type: text/plain; charset=utf-8; format=flowed"


def in_charset(text: str, charset: str, codec: str = "") -> bytes:
    return letter(text.encode(codec or charset), headers=f"Content-Type: text/plain; charset={charset}")


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Jürgen 🌏"),
        ("iso-8859-1", "Jürgen"),
        ("windows-1252", "“smart” – €"),
        ("iso-8859-15", "Jürgen €"),
        ("koi8-r", "Закажите"),
        ("windows-1251", "Закажите"),
        ("gb2312", "订单"),
        ("big5", "訂單"),
        ("shift_jis", "注文"),
        ("iso-2022-jp", "注文"),
        ("euc-kr", "주문"),
    ],
)
def test_charsets(charset: str, text: str) -> None:
    found = read(in_charset(text, charset))
    assert (found.lines, found.damage) == (((1, text),), ())


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-32"])
def test_wide_charsets(codec: str) -> None:
    data = base64.encodebytes("BJ02R0G72U8V, 2".encode(codec)).decode()
    told = f"Content-Type: text/plain; charset={codec}\nContent-Transfer-Encoding: base64"
    assert texts(letter(data, headers=told)) == ["BJ02R0G72U8V, 2"]


def test_undeclared_charsets_are_found() -> None:
    assert texts(letter("Jürgen")) == ["Jürgen"]
    assert texts(letter("Jürgen".encode("cp1252"))) == ["Jürgen"]
    assert texts(in_charset("Jürgen", "us-ascii", "utf-8")) == ["Jürgen"]
    assert texts(in_charset("Jürgen", "utf-8", "cp1252")) == ["Jürgen"]
    assert texts(in_charset("BJ02, 2", "x-made-up", "utf-8")) == ["BJ02, 2"]


def test_one_stray_byte_does_not_garble_the_rest() -> None:
    found = read(in_charset("Jürgen Müller, Köln", "utf-8").replace(b"rgen", b"rgen\xff", 1))
    assert found.lines[0][1] == "Jürgen\ufffd Müller, Köln"


def test_utf_7_is_not_trusted() -> None:
    found = read(letter("+AEIASg-02R0G72U8V, 2", headers="Content-Type: text/plain; charset=utf-7"))
    assert found.damage == (Damage.UNDECODABLE,)
    assert found.lines == ((1, "+AEIASg-02R0G72U8V, 2"),)


def test_mostly_unreadable_text_is_told() -> None:
    data = bytes([0x81, 0x8D, 0x8F, 0x90, 0x9D]) * 10
    assert Damage.UNDECODABLE in read(letter(data)).damage


@pytest.mark.parametrize("codec", sorted(CODECS))
@settings(deadline=None)  # a busy machine is not a slow letter
@given(data=st.binary(max_size=60))
def test_no_codec_raises(codec: str, data: bytes) -> None:
    text, _ = decode(data, codec)
    assert isinstance(text, str)


def test_invisible_characters_go_but_soft_hyphens_and_blanks_stay() -> None:
    assert texts(letter("\ufeffBJ02\u200bR0G7\u200e2U8V,\u00a02\u202e")) == ["BJ02R0G72U8V,\u00a02"]
    assert texts(letter("BJ02\u00adR0G72U8V, ２")) == ["BJ02\u00adR0G72U8V, ２"]
    assert texts(letter("a\0b\x1bc")) == ["abc"]


def test_lines_are_counted_as_shown_and_blank_ones_count() -> None:
    found = read(letter("", "Ship to: Ada", "", "", "Items:", "BJ02R0G72U8V, 2", ""))
    assert found.lines == ((2, "Ship to: Ada"), (3, ""), (4, ""), (5, "Items:"), (6, "BJ02R0G72U8V, 2"))


def test_every_kind_of_line_end() -> None:
    assert texts(letter(b"a\rb\x0bc\xe2\x80\xa8d")) == ["a", "b", "c", "d"]


def test_quoted_printable() -> None:
    data = quopri.encodestring(("Jürgen wants = signs " + "x" * 90).encode())
    found = read(
        letter(data, headers="Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable")
    )
    assert found.lines == ((1, "Jürgen wants = signs " + "x" * 90),)
    assert found.damage == ()


def encoded_letter(encoding: str, data: str | bytes) -> bytes:
    return letter(data, headers=f"Content-Transfer-Encoding: {encoding}")


@pytest.mark.parametrize(
    ("encoding", "data", "damage"),
    [
        ("base64", "QkowMlIwRzcyVThWLCAy", ()),
        ("BASE64", "Qkow MlIw\nRzcyVThWLCAy", ()),
        ("base64", "QkowMlIwRzcyVThWLCAyMg==", ()),
        ("base64", "QkowMlIwRzcyVThWLCAyM", (Damage.CUT_OFF,)),
        ("base64", "QkowMlIwRzcyVThWLCAyMg", (Damage.CUT_OFF,)),
        ("base64", "QkowMlIwRzcyVThWLCAyMg==QQ==", (Damage.UNDECODABLE,)),
        ("base64", "this is not base64 at all, is it? %%%%", (Damage.UNDECODABLE,)),
        ("quoted-printable", "BJ02=", (Damage.CUT_OFF,)),
        ("quoted-printable", "BJ02=4", (Damage.CUT_OFF,)),
        ("quoted-printable", "BJ02=\n", ()),
        ("quoted-printable", "=XX=YY=ZZ=QQ", (Damage.UNDECODABLE,)),
        ("quoted-printable", "1+1=2 a=b.", ()),
        ("x-own", "BJ02R0G72U8V, 2", (Damage.UNDECODABLE,)),
        ("7bit", "BJ02R0G72U8V, 2", ()),
        ("8bit (comment)", "BJ02R0G72U8V, 2", ()),
    ],
)
def test_transfer_encodings(encoding: str, data: str, damage: tuple[Damage, ...]) -> None:
    assert read(encoded_letter(encoding, data)).damage == damage


def test_flowed_lines_are_joined() -> None:
    found = read(letter("Ship to: Ada ", "Lovelace", "BJ02R0G72U8V, ", "2", headers=FLOWED))
    assert found.lines == ((1, "Ship to: Ada Lovelace"), (2, "BJ02R0G72U8V, 2"))


def test_delsp_takes_the_blank_away() -> None:
    assert texts(letter("BJ02R0 ", "G72U8V, 2", headers=FLOWED + "; delsp=yes")) == ["BJ02R0G72U8V, 2"]


def test_flowed_keeps_stuffed_lines_quotes_and_signatures_apart() -> None:
    raw = letter(" >not a quote", "  From here", "> quoted ", "mine ", "-- ", "Ada", headers=FLOWED)
    assert texts(raw) == [">not a quote", " From here", "mine"]


def test_not_flowed_keeps_its_line_breaks() -> None:
    assert texts(letter("BJ02R0G72U8V, 2 ", "7B4VYMBRQNAR, 1 ")) == ["BJ02R0G72U8V, 2", "7B4VYMBRQNAR, 1"]


def test_more_lines_or_bytes_than_allowed_are_told() -> None:
    small = Limits(text_lines=10, text_bytes=1_000)
    assert parse(letter(*["x"] * 10), limits=small).damage == ()
    found = parse(letter(*["x"] * 11), limits=small)
    assert (len(found.lines), found.damage) == (10, (Damage.TOO_LONG,))
    assert parse(letter("x" * 1_001), limits=small).damage == (Damage.TOO_LONG,)


def test_a_long_quote_below_the_order_is_not_too_long() -> None:
    raw = letter("cancel", "", *["> x"] * 100)
    found = parse(raw, limits=Limits(text_lines=10))
    assert (found.lines, found.damage) == (((1, "cancel"),), ())


def test_several_text_parts_are_one_letter() -> None:
    raw = multipart(part("Ship to: Ada"), part(b"\x89PNG", "image/png"), part("BJ02R0G72U8V, 2"))
    assert texts(raw) == ["Ship to: Ada", "BJ02R0G72U8V, 2"]
