"""Which of several things offered a reply takes: "yes 2", "number two", "the second one", or a number alone."""

import re
from dataclasses import dataclass

from daemon.request.phrases import YES

PLACES = {
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "fifth": 5,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "5th": 5,
}
TAKE = r"(?:(?:i'll|i will|i would|let me|we'll|we will)? ?(?:take|have|order|want|like|go for|send|send me|give me) )?"
SIGN = r"(?:number|num|no|nr|option|item|product|choice)[ .:#]{0,3}|#"
ORDINAL = "first|second|third|fourth|fifth|1st|2nd|3rd|4th|5th"
PLACE = re.compile(
    rf"{TAKE}(?:(?:the )?(?:{SIGN})(?P<number>\d{{1,4}}|one|two|three|four|five)"
    rf"|(?:the )?(?P<ordinal>{ORDINAL})(?: (?:one|product|item|offer|option))?)"
)
NUMBER = re.compile(rf"{TAKE}(?P<count>\d{{1,4}})(?: ?(?:x|pcs|pieces|of (?:it|them|these|those)))?")
AFTER_YES = re.compile(r"(?P<yes>[^,.:!-]{1,30}?)[ ,.:!-]{1,3}(?:please[ ,.:!-]{1,3})?(?P<rest>.{1,60})")
MORE = re.compile(r"\b(?:both|twice|all)\b")


@dataclass(frozen=True, slots=True)
class Choice:
    """The place of the thing that is taken, or a number alone, which may be its place or how many of it."""

    place: int | None = None
    count: int | None = None


def chosen_alone(words: str) -> Choice | None:
    """What a sentence chooses that does nothing else; in lower case and without politeness around it."""
    if found := PLACE.fullmatch(words):
        return Choice(place=place_of(found["number"] or found["ordinal"]))
    found = NUMBER.fullmatch(words)
    return Choice(count=int(found["count"])) if found else None


def chosen_with_yes(words: str) -> int | None:
    """The place that "yes" is said to; behind it a number alone is one. None when the sentence is no such choice."""
    found = AFTER_YES.fullmatch(words)
    if found is None or not YES.fullmatch(found["yes"].strip()):
        return None
    rest = found["rest"]
    choice = chosen_alone(rest)
    if choice is None or (choice.place is None and not rest.isdecimal()):
        return None
    return choice.place or choice.count


def place_of(word: str) -> int:
    return PLACES[word] if word in PLACES else int(word)
