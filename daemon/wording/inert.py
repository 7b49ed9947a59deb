"""Strangers' words made harmless, so that a mail of ours can repeat them."""

import re
from typing import Any

LONGEST = 300
# Beyond these an answer is no help any more, and a stranger could make us send a book.
LONGEST_TRACE = 8_000

# What would break a line, hide text, or turn its direction around; joiners stay, Persian and Hindi need them.
BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
UNSEEN = re.compile(r"[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff0-\uffff\ud800-\udfff]+")
# A letter with a forged sender must not make us deliver its advertisement.
LINKS = re.compile(r"(?i)\b[a-z][a-z0-9+.-]{1,20}:/{1,2}\S+|\bwww\.\S+")


def one_line(text: str) -> str:
    """The text on a single line, without control and direction characters."""
    if text.isprintable():
        return text
    return UNSEEN.sub("", BREAKS.sub(" ", text)).strip()


def inert(text: str, longest: int = LONGEST) -> str:
    """A stranger's text on one line, links taken out, at most `longest` characters of it."""
    # Cut before the patterns see it, so that the work is bounded too.
    cut = text[: longest + 1]
    plain = one_line(cut)
    if ":/" in plain or "www." in plain.lower():
        plain = LINKS.sub("[link]", plain)
    return plain if len(cut) <= longest else plain[: longest - 1].rstrip() + "…"


def inert_lines(text: str) -> str:
    """A technical text of several lines, such as a traceback: only its line breaks are kept."""
    return "\n".join(inert(line) for line in text[:LONGEST_TRACE].splitlines())


def inert_all(told: Any) -> Any:
    """The same for every text inside lists and mappings; numbers and the rest as they are."""
    if isinstance(told, str):
        return inert(told)
    if isinstance(told, dict):
        return {key: inert_all(value) for key, value in told.items()}
    if isinstance(told, (list, tuple)):
        return [inert_all(value) for value in told]
    return told
