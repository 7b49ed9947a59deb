"""What staff can reply to a report with, and what is never taken for it."""

from typing import Any

import pytest

from daemon.config import ShopConfig
from daemon.reports.preview import report_specimens, without_plots
from daemon.request.reporting import read_report_wish
from daemon.request.shapes import Ask, AskKind
from daemon.wording import Wording
from daemon.wording.specimens import Specimen
from tests.unit.request.hand_written import letter

SHOP = ShopConfig()
REPLY: dict[str, Any] = {"reply": True, "subject": "Re: Week 47: 312 orders, $41,208.96, +8.0 % on week 46"}


def wish_of(*lines: str, html: tuple[str, ...] | None = None) -> str | None:
    html_lines = None if html is None else tuple(enumerate(html, 1))
    asked = read_report_wish(letter(lines=tuple(enumerate(lines, 1)), html_lines=html_lines, **REPLY))
    assert asked is None or asked.kind is AskKind.REPORT
    return asked.argument if asked else None


@pytest.mark.parametrize(
    ("lines", "wish"),
    [
        (("weeks: 26",), "weeks 26"),
        (("Weeks 26",), "weeks 26"),
        (("weeks=26",), "weeks 26"),
        (("WEEKS : 026",), "weeks 26"),
        (("26 weeks please",), "weeks 26"),
        (("top: 25",), "top 25"),
        (("Top 25, thanks",), "top 25"),
        (("Hi all,", "", "weeks: 26", "", "Best regards", "Anna", "Head of everything"), "weeks 26"),
        (("weeks: 26", "", "Finance, Monday 16 to Sunday 22 November 2026, America/Denver", "312 orders"), "weeks 26"),
    ],
)
def test_a_wish_is_read_as_people_write_it(lines: tuple[str, ...], wish: str) -> None:
    assert wish_of(*lines) == wish


@pytest.mark.parametrize(
    "line",
    [
        *("weeks: some", "weeks: -1", "weeks: 2.5", "weeks: 9999999999999", "weeks:", "weeks", "week: 26", "weeks -5"),
        *("top = all", "top: 25, 2"),
    ],
)
def test_a_wish_that_names_no_number_is_told_as_it_was_written(line: str) -> None:
    assert wish_of(line.capitalize()) == line


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("",),
        ("weeks: 26", "top: 25"),
        ("weeks: 26", "and why is week 46 lower?"),
        ("weeks: please tell me why it fell",),
        ("weeks 40 to 45 look wrong",),
        ("top work",),
        ("weekstar, 2",),
        ("please cancel the report of 26 weeks",),
        ("two weeks: 26",),
        ("BJ02R0G72U8V, 2",),
    ],
)
def test_whatever_else_is_asked_is_no_wish(lines: tuple[str, ...]) -> None:
    assert wish_of(*lines) is None


def test_both_parts_of_a_letter_must_say_it() -> None:
    assert wish_of("weeks: 26", html=("weeks: 26", "")) == "weeks 26"
    assert wish_of("weeks: 26", html=("weeks: 52",)) is None


def test_only_a_reply_can_wish() -> None:
    assert read_report_wish(letter(lines=((1, "weeks: 26"),), subject="weeks")) is None


def test_struck_out_is_not_said() -> None:
    assert read_report_wish(letter(lines=((1, "weeks: 26"),), struck=("weeks: 52",), **REPLY)) is None


def test_the_kind_has_a_name() -> None:
    assert Ask(AskKind.REPORT, "weeks 26").kind.value == "report"


@pytest.mark.parametrize("made", list(report_specimens(SHOP, without_plots)), ids=lambda one: one.mail.token)
def test_a_report_that_is_quoted_without_a_mark_is_known(made: Specimen) -> None:
    worded = Wording(SHOP).word(made.mail, None, None, made.carried)
    assert wish_of("weeks: 26", "", *worded.text.splitlines()) == "weeks 26"
