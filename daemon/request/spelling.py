"""One spelling for what people type in many: digits, letters, dashes, quotes and spaces of any script."""

import re
import unicodedata
from functools import lru_cache

TIMES = "×"
SPECIAL = {
    **dict.fromkeys("‘’‚‛ʼ`´′", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("−⁃", "-"),
    **dict.fromkeys("×✕✖⨯⨉∗", TIMES),
    **dict.fromkeys("،、٬", ","),
    **dict.fromkeys("⁄∕", "/"),
    **dict.fromkeys("؛", ";"),
    **dict.fromkeys("؟", "?"),
    **dict.fromkeys("٫", "."),
    **dict.fromkeys("。", "."),
    "\t": "\t",
}


def fold(text: str) -> str:
    """The same text in ASCII where it means the same; invisible characters and soft hyphens go, all else stays.

    Superscripts, circled numbers and fractions are *not* digits: "2²" must never become 22.
    """
    return text if text.isascii() and text.isprintable() else "".join(map(fold_character, text))


@lru_cache(maxsize=8192)
def fold_character(character: str) -> str:
    known = SPECIAL.get(character)
    if known is not None:
        return known
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    category = unicodedata.category(character)
    if category in ("Zs", "Zl", "Zp") or character in "\r\n\v\f\x85":
        return " "
    if category in ("Cf", "Cc"):
        return ""
    if category == "Pd":
        return "-"
    return compatible(character, category)


def compatible(character: str, category: str) -> str:
    """Full-width and mathematical letters and punctuation as their ASCII twin (Unicode NFKC), never a number."""
    twin = unicodedata.normalize("NFKC", character)
    return twin if len(twin) == 1 and twin.isascii() and category[0] in "LPS" else character


WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
"""A word of letters, with what joins its parts: "don't", "peut-être"."""


# Each line of a letter is asked about from many sides.
@lru_cache(maxsize=1_024)
def plain(text: str) -> str:
    """Folded, lower case, single blanks: what words are compared in."""
    return " ".join(fold(text).split()).lower()


def squeezed(text: str) -> str:
    """Letters and digits only: what two spellings of an address are compared in."""
    return "".join(filter(str.isalnum, fold(text))).casefold()


def words(text: str) -> frozenset[str]:
    """A vocabulary, written as one text."""
    return frozenset(text.split())
