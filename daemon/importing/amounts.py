"""Numbers as people and spreadsheets write them: read when they can mean one thing only, else refused and why."""

import re
import unicodedata
from dataclasses import dataclass

from daemon.request.money import SYMBOLS, is_ours

MOST_UNITS = 1_000_000_000
MOST_CENTS = 1_000_000_000_00

# The groups of a grouped number are all parted by the same sign, and not by the one before its decimals.
GROUPS = r"[1-9]\d{0,2}(?:(?P<group>[ ,.'])\d{3})(?:(?P=group)\d{3})*"
NUMBER = re.compile(rf"(?P<whole>{GROUPS}|\d+)(?:(?P<point>[.,])(?P<decimals>\d+))?")
ONE_SEPARATOR = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
MARK = r"[A-Za-z]{0,2}\$|[€£¥₹₽₩]|[A-Za-z]{1,7}"
SIGNED = re.compile(rf"(?P<before>{MARK})? ?(?P<number>\d[\d .,']*?) ?(?P<after>{MARK})?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a cell is not taken: the reason by its name, and in words that say what to write instead."""

    reason: str
    words: str


def cents(text: str, currency: str) -> int | Refusal:
    """An amount of the currency in cents, with or without the currency's sign, with a decimal point or comma."""
    if text.isascii() and text.isdigit():
        return within(int(shortened(text)) * 100, MOST_CENTS)
    told = SIGNED.fullmatch(fold(text))
    if told is None:
        return no_number(text)
    for mark in (told["before"], told["after"]):
        meant = currency_of(mark) if mark else currency
        if meant is None:
            return no_number(text)
        if not is_ours(meant, currency):
            return Refusal("not_our_currency", f"is in {meant}; prices are in {currency}")
    found = number(told["number"], "12.50")
    if isinstance(found, Refusal):
        return found
    whole, decimals = found
    if len(decimals) > 2:
        return Refusal("too_many_decimals", "a price has two decimals at most")
    return within(int(whole) * 100 + int(decimals.ljust(2, "0")), MOST_CENTS)


def units(text: str) -> int | Refusal:
    """A whole number, also as spreadsheets write one (12.0)."""
    if text.isascii() and text.isdigit():
        return within(int(shortened(text)), MOST_UNITS)
    folded = fold(text)
    found = number(folded, "12") if folded[:1].isdigit() else no_number(text, "12")
    if isinstance(found, Refusal):
        return found
    whole, decimals = found
    if decimals:
        return Refusal("not_whole", "a quantity is a whole number")
    return within(int(whole), MOST_UNITS)


def number(text: str, example: str) -> tuple[str, str] | Refusal:
    """The digits of a number before and after its point, without zeros at the end of the latter."""
    told = NUMBER.fullmatch(text)
    if told is None or (told["point"] and told["point"] == told["group"]):
        return Refusal("not_a_number", f"is not a number; write it like {example}")
    if ONE_SEPARATOR.fullmatch(text):
        digits = re.sub(r"\D", "", text)
        words = f"may mean {digits} or {digits[:-3]}.{digits[-3:]}; write no separator of thousands"
        return Refusal("ambiguous", words)
    return shortened(re.sub(r"\D", "", told["whole"])), (told["decimals"] or "").rstrip("0")


def shortened(digits: str) -> str:
    """Beyond eighteen digits a number is too large, whatever it is, and Python takes long over very long ones."""
    return digits.lstrip("0")[:18] or "0"


def no_number(text: str, example: str = "12.50") -> Refusal:
    if fold(text)[:1] in ("-", "−", "("):
        return Refusal("negative", "must not be negative")
    return Refusal("not_a_number", f"is not a number; write it like {example}")


def within(value: int, most: int) -> int | Refusal:
    return value if value <= most else Refusal("too_large", "is larger than this shop believes")


def currency_of(mark: str) -> str | None:
    """The currency that a sign or a word stands for; None for a word that is none."""
    code = mark if len(mark) == 3 and mark.isupper() else None
    return SYMBOLS.get(mark.lower(), code)


def fold(text: str) -> str:
    """Digits of any script, full-width signs and narrow blanks as the ones on our keyboards."""
    if text.isascii():
        return text.strip()
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").replace("٬", "'").replace("٫", ".").strip()
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in folded)
