"""How many: one whole number in figures, or the named reason why not."""

import re
from dataclasses import dataclass

from daemon.request.shapes import Reason
from daemon.request.spelling import words

NAMES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
TENS = ("thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
WORDS = {name: number for number, name in enumerate(NAMES)} | {name: 30 + 10 * n for n, name in enumerate(TENS)}
VAGUE = words(
    "dozen dozens couple pair pairs half double triple several some few many lots hundred hundreds thousand thousands "
    "million score gross zwei drei vier ein eine deux trois dos tres due tre both"
)
ABOUT = words(
    "about approx approximately around ca circa roughly maybe perhaps possibly probably max min maximum minimum ish"
)
LARGEST_DIGITS = 9
"""Longer runs of digits are not worth turning into a number: whatever the bound, they are above it."""

WHOLE = re.compile(r"\d+")
FRACTION = re.compile(r"\d+ ?[.,]\d{1,2}|\d+[.,]\d{4,}|\d{0,9}[ -]?\d{1,3}/\d{1,3}|\d{0,9} ?[½⅓⅔¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚]")
THOUSANDS = re.compile(r"\d{1,3}(?:[,.'_ ]\d{3}){1,6}")
RANGE = re.compile(r"\d+ ?(?:-|\.\.|to|or|bis|/or) ?\d+|[~<>≤≥≈]=? ?\d+|\d+ ?\+")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity, or why there is none; `suggestion` is the number that was probably meant, for asking back."""

    value: int | None = None
    reason: Reason | None = None
    suggestion: str | None = None


def read_amount(text: str, max_quantity: int) -> Amount:
    """The amount in a piece of folded text that stands where a quantity belongs."""
    text = text.strip(" .!").lower()
    if WHOLE.fullmatch(text):
        return whole(text, max_quantity)
    text = text if len(text) < 60 else "?"
    if text[:1] in ("-", "+") or text.startswith("minus "):
        negative = not text.startswith("+")
        return Amount(reason=Reason.QUANTITY_NEGATIVE if negative else Reason.QUANTITY_NOT_A_NUMBER)
    if THOUSANDS.fullmatch(text):
        return Amount(reason=Reason.QUANTITY_NOT_A_NUMBER)
    if FRACTION.fullmatch(text):
        return Amount(reason=Reason.QUANTITY_FRACTION)
    if RANGE.fullmatch(text) or set(text.split()) & ABOUT:
        return Amount(reason=Reason.QUANTITY_RANGE)
    return in_words(text, max_quantity)


def whole(digits: str, max_quantity: int) -> Amount:
    significant = digits.lstrip("0")
    if not significant:
        return Amount(reason=Reason.QUANTITY_ZERO)
    if len(significant) > LARGEST_DIGITS or int(significant) > max_quantity:
        return Amount(reason=Reason.QUANTITY_TOO_LARGE)
    return Amount(int(significant))


def in_words(text: str, max_quantity: int) -> Amount:
    words = text.replace("-", " ").split()
    meant = WORDS.get(text)
    if meant == 0:
        return Amount(reason=Reason.QUANTITY_ZERO)
    if meant is not None:
        return Amount(reason=Reason.QUANTITY_IN_WORDS, suggestion=str(meant) if meant <= max_quantity else None)
    if any(word in WORDS or word in VAGUE for word in words) or text in ("a", "an") or in_numerals(text):
        return Amount(reason=Reason.QUANTITY_IN_WORDS)
    return Amount(reason=Reason.QUANTITY_NOT_A_NUMBER)


def in_numerals(text: str) -> bool:
    """Numbers written as words of other scripts (二), not as figures."""
    return bool(text) and all(character.isnumeric() and character.isalpha() for character in text)
