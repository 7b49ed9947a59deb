"""The small print that an office's mail server puts below every letter."""

import re
from collections.abc import Sequence
from itertools import groupby, pairwise

from daemon.request.page import Line
from daemon.request.spelling import plain
from daemon.request.tokens import is_strong, tokens_of

BEGINS = re.compile(
    r"\W*(?:(?:this|the|any|all) (?:\w+ )?(?:e-?mails?|messages?|communications?|transmissions?|information|"
    r"documents?)|confidential|disclaimer|notice|important|legal|privileged|privacy|if you (?:are not|have received|"
    r"received)|please (?:consider|think)|diese e-?mail|vertraulich|ce (?:message|courriel)|este (?:mensaje|correo)|"
    r"questa e-?mail|il presente messaggio)(?!\w)"
)
SAYS = re.compile(
    r"confidential|intended (?:only |solely )?(?:for|recipient)|intended (?:only|solely)|not the (?:intended|named) "
    r"(?:recipient|addressee)|are the (?:intended|named) (?:recipient|addressee)|received (?:this|it) (?:\S+ )?in "
    r"error|privileged|before printing|vertraulich|confidentiel|confidencial|riservat"
)


def without_notices(lines: Sequence[Line], step: int) -> list[Line]:
    """The lines without the paragraphs that only say who may read the letter; one that names a product stays."""
    # Most letters have none, and that is quickly seen.
    if not SAYS.search(" ".join(text for _, text in lines).lower()):
        return list(lines)
    kept: list[Line] = []
    for paragraph in paragraphs(lines, step):
        start = next((place for place, (_, text) in enumerate(paragraph) if BEGINS.match(plain(text))), None)
        end = len(paragraph) if start is None or not is_notice(paragraph[start:]) else start
        kept += paragraph[:end]
    return kept


def paragraphs(lines: Sequence[Line], step: int) -> list[list[Line]]:
    """Lines without a blank between them."""
    gaps = [0] if lines else []
    for (before, _), (number, _) in pairwise(lines):
        gaps.append(gaps[-1] + (number > before + step))
    numbered = zip(gaps, lines, strict=True)
    return [[line for _, line in together] for _, together in groupby(numbered, key=lambda pair: pair[0])]


def is_notice(lines: Sequence[Line]) -> bool:
    whole = " ".join(plain(text) for _, text in lines)
    named = any(is_strong(token.text) for _, text in lines for token in tokens_of(text))
    return bool(SAYS.search(whole)) and not named
