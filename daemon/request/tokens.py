"""An item line cut into words, numbers and separators, and which of the words can be an id."""

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache

from daemon.request.quantity import VAGUE, WORDS
from daemon.request.spelling import TIMES, words


class Kind(Enum):
    WORD = auto()
    NUMBER = auto()  # plain figures
    ODD = auto()  # begins like a number and is none: 1e3, 2-3, ½, -1
    COUNT_WORD = auto()  # two, dozen
    UNIT = auto()  # pcs, each: counts pieces
    LABEL = auto()  # qty: a quantity follows
    TIMES = auto()  # x, ×, *
    MARK = auto()  # , : ; | = TAB ( ) and a dash between blanks


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    tight: bool  # no blank before it

    @property
    def lower(self) -> str:
        return self.text.lower()


UNITS = words(
    "pc pcs pce pces piece pieces unit units ea each item items copy copies off st stk stck stück stueck u pz nos"
)
LABELS = words("qty qnty quantity quant amount count anzahl menge number")
MEASURES = words(
    "kg g gr gram grams mg lb lbs oz pound pounds l ltr liter litre liters litres ml cl m cm mm meter meters metre "
    "metres inch inches in ft foot feet yd yard yards w watt watts v volt volts"
)
PACKS = words(
    "pack packs packet packets box boxes case cases carton cartons crate crates pallet pallets bundle bundles"
)

KNOWN = (
    dict.fromkeys([*WORDS, *VAGUE], Kind.COUNT_WORD)
    | dict.fromkeys(LABELS, Kind.LABEL)
    | dict.fromkeys(UNITS, Kind.UNIT)
)
CUT = re.compile(
    r"(?P<glued>(?<![\w.,'-])[+-]?\d+(?:[.,']\d+)+(?![\w]))"
    r"|(?P<mark>[,;:|=\t()\[\]{}<>\"])"
    rf"|(?P<times>[{TIMES}*])"
    rf"|(?P<word>[^\s,;:|=()\[\]{{}}<>\"{TIMES}*]+)"
)
FIGURES = re.compile(r"\d+")
COUNTED = re.compile(r"(\d{1,9})([^\W\d_]{1,6})\.?")
TIMES_BEFORE = re.compile(r"[xXхХ](\d{1,9})")
TIMES_AFTER = re.compile(r"(\d{1,4})[xXхХ]")
TIMES_INSIDE = re.compile(r"(\d{1,4})[xX](\w[\w-]{5,})")
ODD = re.compile(r"[~<>≈≤≥+-]*\d|[½⅓⅔¼¾⅛⅜⅝⅞⅕⅖⅗⅘⅙⅚]|[OoIl|]{1,3}\W{0,3}$|[oOlI]{1,3}\d{1,4}\W{0,3}$")
MOST_TOKENS = 60


@lru_cache(maxsize=256)
def tokens_of(text: str) -> tuple[Token, ...]:
    """The tokens of a folded line, at most MOST_TOKENS of them."""
    tokens: list[Token] = []
    end, first = 0, True
    for match in CUT.finditer(text):
        tight = match.start() == end
        end = match.end()
        added = classify(match, tight, first)
        first = first and all(token.kind is Kind.MARK for token in added)
        tokens += added
        if len(tokens) >= MOST_TOKENS:
            break
    return tuple(tokens)


MARKS: dict[str | None, Kind] = {"mark": Kind.MARK, "times": Kind.TIMES, "glued": Kind.ODD}


def classify(match: re.Match[str], tight: bool, first: bool) -> list[Token]:
    text = match[0]
    if match.lastgroup in MARKS:
        return [Token(MARKS[match.lastgroup], text, tight)]
    if len(text) > 1 and text.isalpha():  # most words
        return classify_word(text, tight, first)
    if text in ("-", "--", "/"):
        return [Token(Kind.MARK, "-", tight)]
    if not any(map(str.isalnum, text)):
        return [Token(Kind.MARK, text, tight)]
    if text in ("x", "X", "х", "Х"):
        return [Token(Kind.TIMES, text, tight)]
    return classify_word(text.rstrip(".!").strip("'`") or text, tight, first)


def classify_word(text: str, tight: bool, first: bool) -> list[Token]:
    known = KNOWN.get(text.lower())
    if known is not None:
        return [Token(known, text, tight)]
    if text.isascii() and text.isalpha():  # with no figure in it, nothing was written as one with it
        return [Token(Kind.ODD if ODD.match(text) else Kind.WORD, text, tight)]
    if FIGURES.fullmatch(text):
        return [Token(Kind.NUMBER, text, tight)]
    if text.isnumeric() and text.isalpha():
        return [Token(Kind.COUNT_WORD, text, tight)]
    return split_glued(text, tight, first) or [Token(Kind.ODD if is_odd(text) else Kind.WORD, text, tight)]


def split_glued(text: str, tight: bool, first: bool) -> list[Token]:
    """ "2x", "x2", "2pcs" and "2xBJ02R0G72U8V" are two or three tokens written as one."""
    if found := TIMES_AFTER.fullmatch(text):
        return [Token(Kind.NUMBER, found[1], tight), Token(Kind.TIMES, "x", True)]
    if (found := TIMES_BEFORE.fullmatch(text)) and not first:
        return [Token(Kind.TIMES, "x", tight), Token(Kind.NUMBER, found[1], True)]
    if (found := COUNTED.fullmatch(text)) and found[2].lower() in UNITS - {"u", "st", "off"}:
        return [Token(Kind.NUMBER, found[1], tight), Token(Kind.UNIT, found[2], True)]
    found = TIMES_INSIDE.fullmatch(text) if first and len(compact(text)) != COMMON_LENGTH else None
    if found and is_strong(found[2]):
        return [Token(Kind.NUMBER, found[1], tight), Token(Kind.TIMES, "x", True), Token(Kind.WORD, found[2], True)]
    return []


COMMON_LENGTH = 12
"""Ids of this shop's kind are this long: "2XAB12CD34EF" is one of them, not two pieces of AB12CD34EF."""


def is_odd(text: str) -> bool:
    """Whether a word has the look of a number without being one: figures alone, ½, ², a zero spelt as the letter O."""
    if any(character.isnumeric() and not character.isdecimal() for character in text):
        return True
    if any(map(str.isdecimal, text)) and not any(map(str.isalpha, text)):
        return True
    return bool(ODD.match(text)) and not is_strong(text)


def compact(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def is_strong(text: str) -> bool:
    """Whether a word is an id by its look alone: letters and figures mixed, or a long run of capitals."""
    if len(text) < 6:
        return False
    letters_and_figures = text if text.isalnum() else compact(text)
    if len(letters_and_figures) < 6 or "@" in text or not letters_and_figures.isascii():
        return False
    if letters_and_figures.isalpha():
        return len(letters_and_figures) >= 10 and letters_and_figures.isupper()
    return not letters_and_figures.isdigit() and not MEASURED.fullmatch(letters_and_figures)


MEASURED = re.compile(r"\d{1,4}(?:x\d{1,4}){0,3}[a-z]{1,2}|\d{4}s|\d+(?:st|nd|rd|th)|\d{1,2}(?:am|pm)", re.IGNORECASE)


def is_fragment(text: str) -> bool:
    """Whether a word can be a piece of an id that was typed with blanks inside."""
    piece = compact(text)
    if not piece.isascii():
        return False
    return any(map(str.isdigit, piece)) or (piece.isupper() and 1 < len(piece) < 5)


def is_mixed(text: str) -> bool:
    """A word of letters and figures, as the pieces of an id mostly are and those of an address mostly not."""
    return any(map(str.isdigit, text)) and any(map(str.isupper, text))
