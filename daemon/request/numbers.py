"""Order numbers as people write them: MO-XXXX-XXXX, case-blind, blanks and hyphens as they fall."""

import re
from dataclasses import dataclass

from daemon.request.spelling import fold

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U, so that what is read aloud or copied by hand stays the same."""

FOUR = f"[{ALPHABET}]{{4}}"
WELL_FORMED = re.compile(rf"(?<!\w)#?MO([ _.-]{{0,3}})({FOUR})([ _.-]{{0,3}})({FOUR})(?!\w|-\w)", re.IGNORECASE)
COMMAND = (
    r"status|track(?:ing)?|where|check|news|can[cs]?[ea]l\w{0,7}|cancle|storn\w{0,6}|annul\w{0,4}|ch(?:an|na|ag|ang)g\w{0,4}|"
    r"cahnge|amend|modify|edit|update|replace|revise|again|re-?order|repeat|same|yes|yep|ok|okay|sure"
)
LEAD = re.compile(
    rf"(?<!\w)(?:(?:{COMMAND})(?:[\s,:]+(?:of|for|to|on|about|my|the|our|this|that|is|are|please|once more|orders?|"
    rf"number|no|nr|id)(?!\w)[.#]?)*|orders?(?:[\s:]+(?:number|no|nr|id|is)[.#]?)*|number|no|nr|id|"
    rf"{FOUR}[ _.-]{{0,3}}{FOUR}(?:[\s,]+(?:and|or|und|et|y))?)[\s:#.,;&(\[-]{{0,4}}$",
    re.IGNORECASE,
)
"""What stands before a number: a command and the few words between, the word for one, or another number."""

LOOKED_AT = 80
ALONE = re.compile(rf"[\s.,!?)\]]*(?:$|(?:please )?(?:{COMMAND})(?!\w))", re.IGNORECASE)
MEANT = re.compile(r"(?<!\w)#?MO ?[-_#] ?[A-Z0-9][A-Z0-9_-]{1,30}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """The order numbers in a text, what only looks like one, and the text without either."""

    numbers: tuple[str, ...]
    malformed: tuple[str, ...]
    rest: str


def named_orders(text: str) -> Named:
    """Every number once, in order of appearance; nothing is repaired."""
    folded = fold(text)
    if "mo" not in folded.lower():
        return Named((), (), folded)
    numbers: dict[str, None] = {}

    def take(match: re.Match[str]) -> str:
        if "-" not in match[1] + match[3] and not any(map(str.isdigit, match[0])) and not is_announced(match):
            return match[0]
        numbers[f"MO-{match[2]}-{match[4]}".upper()] = None
        return " "

    rest = WELL_FORMED.sub(take, folded)
    malformed = tuple(match[0] for match in MEANT.finditer(rest))
    return Named(tuple(numbers), malformed, MEANT.sub(" ", rest) if malformed else rest)


def is_announced(match: re.Match[str]) -> bool:
    """Whether what may be prose ("Mo they need") stands where a number does: without hyphen and digit that has to be.

    Behind a command or the word for it, or first in the text, with nothing or a command behind it.
    """
    before = match.string[: match.start()].rstrip(" #(")
    if not before:
        return bool(ALONE.match(match.string, match.end()))
    return bool(LEAD.search(before[-LOOKED_AT:]))
