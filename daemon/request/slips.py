"""Typing errors in the words of a command, where a letter says nothing else; only a question is taken at its word."""

from collections.abc import Sequence

from daemon.request.commands import LONGEST, Command, read_command
from daemon.request.spelling import fold, words

COMMAND_WORDS = words(
    "orders order history purchases status products catalogue catalog assortment recommend recommendation suggest "
    "suggestions something cheaper below under where quote cancel erase delete export unsubscribe"
)
"""None shorter than five letters: "shop" is one letter from "stop", and "held" from "help"."""

ASKS_ONLY = frozenset({"my_orders", "status", "products_under", "catalog", "recommend", "quote", "help", "more"})
"""What changes nothing when it was not meant."""

SHORTEST = 4
LONG = 7
MOST_WORDS = 6


def read_slip(text: str, currency: str) -> Command | None:
    """The command that a short sentence would be if its command words were typed right; None when none is near.

    `kind` in ASKS_ONLY may be answered; any other may only be suggested.
    """
    said = fold(text).split()
    if not 0 < len(said) <= MOST_WORDS or len(text) > LONGEST:
        return None
    typed = [nearest_word(word) for word in said]
    return read_command(" ".join(typed), currency) if typed != said else None


def nearest_word(word: str) -> str:
    """The command word that one slip made into this word, or two in a long one (optimal string alignment)."""
    bare = word.strip(".,:;!?").lower()
    if len(bare) < SHORTEST or bare in COMMAND_WORDS or not bare.isalpha():
        return word
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    slips = 2 if len(bare) >= LONG else 1
    found = process.extractOne(bare, ORDERED, scorer=OSA.distance, score_cutoff=slips)
    return word.lower().replace(bare, found[0]) if found else word


ORDERED: Sequence[str] = sorted(COMMAND_WORDS)
