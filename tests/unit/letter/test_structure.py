"""MIME trees: which parts are the letter, and what is told when they are broken."""

import pytest

from daemon.letter import Damage, Limits, parse
from tests.unit.letter.specimens import alternative, letter, multipart, nested, part, read, texts

HTML = "text/html; charset=utf-8"


def test_text_and_html_are_both_read() -> None:
    found = read(alternative("BJ02R0G72U8V, 2", "<p>BJ02R0G72U8V, 3</p>"))
    assert (found.lines, found.html_lines) == (((1, "BJ02R0G72U8V, 2"),), ((1, "BJ02R0G72U8V, 3"),))


def test_html_alone_is_the_letter() -> None:
    found = read(letter("<p>BJ02R0G72U8V, 2</p>", headers=f"Content-Type: {HTML}"))
    assert (found.lines, found.html_lines) == (((1, "BJ02R0G72U8V, 2"),), None)


@pytest.mark.parametrize(
    "text", ["", "\n\n", "Your mail client does not support HTML.", "Please view this in an HTML viewer"]
)
def test_a_text_part_that_says_nothing_gives_way(text: str) -> None:
    found = read(alternative(text, "<p>BJ02R0G72U8V, 2</p>"))
    assert (found.lines, found.html_lines) == (((1, "BJ02R0G72U8V, 2"),), None)


def test_apple_mail_puts_files_between_html_parts() -> None:
    inner = nested(
        part("<p>one</p>", HTML), part(b"x", "image/png"), part("<p>two</p>", HTML), kind="mixed", boundary="b3"
    )
    found = read(multipart(part("one\ntwo"), inner, kind="alternative"))
    assert [text for _, text in found.lines] == ["one", "two"]
    assert [text for _, text in found.html_lines or () if text] == ["one", "two"]


def test_text_and_html_one_after_the_other_are_one_text() -> None:
    assert texts(multipart(part("one"), part("<p>two</p>", HTML))) == ["one", "two"]


def test_of_two_equal_alternatives_the_last_counts() -> None:
    assert texts(multipart(part("old"), part("new"), kind="alternative")) == ["new"]


def test_text_that_exchange_split_off_is_read() -> None:
    raw = multipart(part("one"), part("two", 'text/plain; name="ATT00001.txt"', "Content-Disposition: attachment"))
    assert texts(raw) == ["one", "two"]
    assert read(raw).unopened == ()


def test_an_open_end_is_told() -> None:
    raw = multipart(part("BJ02R0G72U8V, 2"), closed=False)
    assert texts(raw) == ["BJ02R0G72U8V, 2"]
    assert read(raw).damage == (Damage.CUT_OFF,)


@pytest.mark.parametrize("told", ["multipart/mixed", 'multipart/mixed; boundary=""', "multipart/mixed; boundary=other"])
def test_a_boundary_that_is_not_there(told: str) -> None:
    found = read(letter("BJ02R0G72U8V, 2", headers=f"Content-Type: {told}"))
    assert found.lines == ((1, "BJ02R0G72U8V, 2"),)
    assert found.damage == (Damage.CUT_OFF,)


def test_a_boundary_that_begins_another_is_not_it() -> None:
    raw = multipart(part("one\n--b12\ntwo"))
    assert texts(raw) == ["one", "--b12", "two"]


def test_what_stands_around_the_parts_is_not_shown() -> None:
    body = "preamble\n--b1\n\none\n--b1--\nepilogue"
    assert texts(letter(body, headers="Content-Type: multipart/mixed; boundary=b1")) == ["one"]


def test_depth_is_capped() -> None:
    raw = part("deep")
    for level in range(12):
        raw = nested(raw, kind="mixed", boundary=f"n{level}")
    found = read(multipart(raw))
    assert Damage.TOO_DEEP in found.damage
    assert found.lines == ()
    assert read(multipart(nested(part("shallow"), kind="mixed"))).damage == ()


def test_parts_are_capped() -> None:
    found = read(multipart(*[part(str(number)) for number in range(200)]))
    assert found.damage == (Damage.TOO_LONG,)
    assert len(found.lines) == 49  # and the multipart itself


def test_a_letter_larger_than_allowed_is_told() -> None:
    found = parse(letter("x" * 20_000), limits=Limits(letter_bytes=10_000))
    assert found.damage == (Damage.TOO_LONG,)


@pytest.mark.parametrize("kind", ["text", "plain", "/", "", "text/plain/x; =;;", "text/plain; charset"])
def test_a_broken_content_type_is_plain_text(kind: str) -> None:
    assert texts(letter("BJ02R0G72U8V, 2", headers=f"Content-Type: {kind}")) == ["BJ02R0G72U8V, 2"]
