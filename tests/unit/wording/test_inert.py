"""Nothing a stranger wrote can break a line, hide, turn text around or advertise in a mail of ours."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.wording.fold import WIDTH, fold
from daemon.wording.inert import LONGEST, LONGEST_TRACE, inert, inert_all, inert_lines

JOINERS = "\u200c\u200d"


@given(st.text(max_size=1_000))
def test_any_text_becomes_one_bounded_line_without_anything_unseen(text: str) -> None:
    made = inert(text)
    assert len(made) <= LONGEST
    assert len(made.splitlines()) <= 1
    assert not [each for each in made if unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp")]
    assert not [each for each in made if unicodedata.bidirectional(each) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI")]
    made.encode()


@given(st.text(max_size=400))
def test_making_harmless_twice_changes_nothing_more(text: str) -> None:
    assert inert(inert(text)) == inert(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("two\r\nBcc: all@customer.example", "two Bcc: all@customer.example"),
        ("\u202egnp.exe", "gnp.exe"),
        ("win at https://evil.example/x?y now", "win at [link] now"),
        ("HTTP://EVIL.EXAMPLE", "[link]"),
        ("h\u200bttps://evil.example", "[link]"),
        ("see WWW.evil.example/win", "see [link]"),
        ("javascript://%0aalert(1)", "[link]"),
        ("12 Analytical Way, c/o Ada", "12 Analytical Way, c/o Ada"),
        (f"نام{JOINERS}ها", f"نام{JOINERS}ها"),
        ("a\tb\u2028c", "a b c"),
    ],
)
def test_what_is_shown_of_it(written: str, shown: str) -> None:
    assert inert(written) == shown


def test_everything_inside_lists_and_mappings_is_made_harmless_and_numbers_are_left() -> None:
    told = {"faults": [{"text": "a\nb", "line": 3, "nearest": None}], "n": True}
    assert inert_all(told) == {"faults": [{"text": "a b", "line": 3, "nearest": None}], "n": True}


def test_a_trace_keeps_its_lines_but_not_its_length() -> None:
    assert inert_lines("one\r\n\x1b[31mtwo") == "one\n[31mtwo"
    assert len(inert_lines("x\n" * 100_000)) <= LONGEST_TRACE


@given(st.text(alphabet=st.sampled_from("ab -1x\n")) | st.text())
def test_folding_loses_no_word_and_leaves_no_long_line(text: str) -> None:
    folded = fold(text)
    assert all(len(line) <= WIDTH or line.startswith("mailto:") for line in folded.split("\n"))
    assert "".join(folded.split()) == "".join(text.split())
    assert "\n\n\n" not in folded


def test_a_link_on_a_line_of_its_own_stays_whole() -> None:
    link = "mailto:orders@shop.example?subject=order&body=" + "x" * 500
    assert fold(f"Open this:\n\n{link}\n") == f"Open this:\n\n{link}\n"
    assert max(map(len, fold(f"See {link}").splitlines())) <= WIDTH


def test_a_folded_line_goes_on_under_its_own_text() -> None:
    folded = fold("  12 x " + "word " * 30)
    assert [line[:7] for line in folded.splitlines()] == ["  12 x ", "       ", "       "]
