"""How ids, domains and what others said are written down."""

import re
import unicodedata
from typing import Any

JSON = dict[str, Any]


def product_key(text: str) -> str:
    """The form in which product ids are compared: letters and digits only, upper case."""
    return "".join(filter(str.isalnum, text)).upper()


def search_text(*texts: str) -> str:
    """What a word is looked for in, and the word made likewise: no case, no accents, a blank before every word.

    Casefolding alone leaves "é" and "e" two letters, and people leave the accents out (Unicode NFKD, TR 15).
    """
    apart = unicodedata.normalize("NFKD", " ".join(texts).casefold())
    kept = (letter if letter.isalnum() else " " for letter in apart if not unicodedata.combining(letter))
    return f" {' '.join(''.join(kept).split())}"


def words_of(product_id: str, text: str) -> set[str]:
    """The words of a product's search text that are looked for as words: those with a letter in them, but no id of one
    word with a digit.

    Such ids are as many as there are products, and where one begins is told by the index of product_key.
    """
    own = product_key(product_id).lower()
    words = {word for word in text.split() if any(map(str.isalpha, word))}
    return words if own.isalpha() or not own.isascii() else words - {own}


def a_labels(domain: str) -> str:
    """The domain in lower case and in ASCII, label by label (punycode, RFC 3492).

    Labels are only encoded and not mapped (RFC 5891 section 5.5, not IDNA 2003): mapping would take ß for ss, so that
    one owner's domain became another's. A character that lower case alone would make ASCII, as the Kelvin sign, makes
    a label with a hyphen at its end, which is nobody's.
    """
    return domain.lower() if domain.isascii() else ".".join(map(a_label, domain.split(".")))


def a_label(label: str) -> str:
    if label.isascii():
        return label.lower()
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).lower())
    return "xn--" + lower.encode("punycode").decode("ascii")


def without_addresses(text: str, longest: int = 500) -> str:
    """What a server or an error said, cut to `longest` characters, with every mail address in it left out."""
    cut = text[:longest]
    return re.sub(r"[^\s<>]*@[^\s<>]*", "(address)", cut) if "@" in cut else cut
