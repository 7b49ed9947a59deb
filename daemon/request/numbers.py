"""Order numbers as people write them: MO-XXXX-XXXX, case-blind, blanks and hyphens as they fall."""

import re
from dataclasses import dataclass

from daemon.request.spelling import fold

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0 O 1 I L U, so that what is read aloud or copied by hand stays the same."""

FOUR = f"[{ALPHABET}]{{4}}"
WELL_FORMED = re.compile(rf"(?<!\w)#?MO([ _.-]{{0,3}})({FOUR})([ _.-]{{0,3}})({FOUR})(?!\w|-\w)", re.IGNORECASE)
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
        # "MO some more" is prose: without any hyphen a number has to show a digit.
        if "-" not in match[1] + match[3] and not any(map(str.isdigit, match[0])):
            return match[0]
        numbers[f"MO-{match[2]}-{match[4]}".upper()] = None
        return " "

    rest = WELL_FORMED.sub(take, folded)
    malformed = tuple(match[0] for match in MEANT.finditer(rest))
    return Named(tuple(numbers), malformed, MEANT.sub(" ", rest) if malformed else rest)
