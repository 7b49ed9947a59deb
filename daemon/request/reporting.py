"""The wish that staff can reply to a report with: more weeks, or more of the best."""

import re
from collections.abc import Sequence

from daemon.letter import Letter
from daemon.request.commands import bare
from daemon.request.manners import is_closing, is_greeting
from daemon.request.page import Line
from daemon.request.shapes import Ask, AskKind
from daemon.request.spelling import plain

WISH = re.compile(r"(?P<word>weeks|top)\s{0,3}[:=]?\s{0,3}(?P<number>[0-9]{1,6})|(?P<weeks>[0-9]{1,6}) weeks")
NEARLY = re.compile(r"(?:weeks?|top)(?: ?[:=] ?(?:\S{1,20}(?: \S{1,20})?)?| [-+]?[0-9]\S{0,20})?")
"""The word, and no number that could be meant; prose that begins with it is none."""
LONGEST = 80
OUR_REPORT = re.compile(r"(?:finance|marketing), .{0,60}\d{4}, ")
"""How the text of a report begins, for mail programs that quote without a mark."""


def read_report_wish(letter: Letter) -> Ask | None:
    """`weeks: 26` or `top: 25` alone, politeness aside; both parts of the letter must say it.

    The argument is `weeks 26`, or what was written where that is no number ("weeks: many").
    """
    if not letter.reply or letter.sheets or letter.unopened or letter.struck or letter.damage:
        return None
    wish = wish_in(letter.lines)
    if wish is None or (letter.html_lines is not None and wish_in(letter.html_lines) != wish):
        return None
    return Ask(AskKind.REPORT, wish)


def wish_in(lines: Sequence[Line]) -> str | None:
    """The wish as it is told; None when anything else is asked or said."""
    wishes: list[str] = []
    for _, text in lines:
        words = plain(text[:LONGEST]).strip()
        if is_closing(text) or OUR_REPORT.match(words):
            break
        if not words or is_greeting(text):
            continue
        wish = wish_of(words)
        if wish is None:
            return None
        wishes.append(wish)
    return wishes[0] if len(wishes) == 1 else None


def wish_of(words: str) -> str | None:
    found = WISH.fullmatch(bare(words))
    if found is not None:
        return f"{found['word'] or 'weeks'} {int(found['number'] or found['weeks'])}"
    return words if NEARLY.fullmatch(words) else None
