"""Whether a reply says no to what our mail asked or offered, and nothing else."""

import re
from collections.abc import Sequence

from daemon.letter import Letter
from daemon.request.agreeing import HELLO, PLEASE, bare_of_marks, own_words
from daemon.request.page import Line
from daemon.request.remarks import said_beside
from daemon.request.subject import Subject, read_subject
from daemon.request.thread import written_anew

WANT = r"(?:want|need|book|order|send|ship|repeat)"
IT = r"(?:it|that|this|them|another|one|a second one|the same)"
AGAIN = r"(?:again|twice|a second time|any ?more|once more|now)"
NO = (
    r"no|nope|nah|no need|not needed|not again|not now|not this time|not interested|not me|"
    r"(?:that|it) (?:was not|wasn't) me|(?:i|we) (?:did not|didn't)(?: (?:ask|write|send)"
    r"(?: (?:for )?(?:it|this|that))?)?|once is enough|only once|just once|"
    rf"(?:i|we) (?:do not|don't|dont)(?: {WANT}(?: {IT})?(?: {AGAIN})?)?|(?:do not|don't|dont)(?: {WANT}(?: {IT})?(?: "
    rf"{AGAIN})?)?|nein|nicht noch einmal|non|nee"
)
DECLINED = re.compile(rf"{HELLO}(?:{PLEASE} )*(?:{NO})(?: (?:{NO}|{PLEASE}))*")


def declines(letter: Letter) -> bool:
    """Whether the whole letter says no, politeness and its writer's name aside; pure and total.

    A word about anything else is more than that, and a person reads it.
    """
    if letter.struck or letter.sheets or letter.damage or letter.forwarded:
        return False
    subject = read_subject(letter.subject, bool(letter.replies_to), "USD")
    parts = [part for part in (letter.lines, letter.html_lines or ()) if any(text.strip() for _, text in part)]
    anew = [written_anew(part, subject) for part in parts]
    return bool(anew) and all(part_declines(part, subject, letter) for part in anew)


def part_declines(lines: Sequence[Line], subject: Subject, letter: Letter) -> bool:
    said = list(own_words(lines, subject))
    rest = [(0, text) for text in said if not DECLINED.fullmatch(bare_of_marks(text))]
    return len(rest) < len(said) and not said_beside(rest, letter)
