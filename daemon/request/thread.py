"""In a reply, what the customer wrote anew: some mail programs send our own sentences back without a mark."""

import re
from collections.abc import Sequence

from daemon.letter.phrases import ADDRESS, DAY
from daemon.request.commands import read_command
from daemon.request.numbers import named_orders
from daemon.request.page import Line
from daemon.request.spelling import plain
from daemon.request.subject import Subject

# How the mails in templates/ begin; a test renders them all and holds this list against them.
OPENING = re.compile(
    r"thank you! your order|your order (?:mo\b|needs|is|was|of|from)|order mo\b|this looks like mo\b|\"?mo-|you have "
    r"just sent us the same order|we are sorry: your order|we have not (?:booked|changed|erased)|here is everything "
    r"our order desk|your letter asked for|it is done: our|we could change your order|we could not (?:tell|read|find)|"
    r"thank you for (?:your (?:letter|order)|writing)\. |we know no order|you asked (?:for|us|what|how)|here is what "
    r"our order desk|after your order mo\b|we will send you no(?:ne| more offers)|you will get offers|your letter "
    r"(?:has|reached|was)|we have answered|the order desk has a letter|a (?:letter|mail) could not be|(?:from|sent|to|"
    r"subject|date|von|gesendet|an|betreff): ?.{0,200}@"
)
FOOT = re.compile(
    r"a question\? just reply|you get this mail because|.{0,80}reply to this mail in your own words|"
    r"replies to this are read by"
)
LOOKED_AT = 400


def written_anew(lines: Sequence[Line], subject: Subject) -> Sequence[Line]:
    """The lines above the first that is plainly ours: nothing quoted is a command (design section 5).

    Where only the foot of our mail is recognised, the first paragraph alone is sure to be the customer's.
    """
    if not subject.reply:
        return lines
    for index, (_, text) in enumerate(lines):
        if index and is_opening(text):
            return above_attribution(lines[:index])
    if any(FOOT.match(plain(text[:LOOKED_AT])) for _, text in lines):
        return first_paragraph(lines)
    return lines


def above_attribution(lines: Sequence[Line]) -> Sequence[Line]:
    """Without the line that says who wrote what stood below, in whatever language."""
    index = next((place for place in range(len(lines) - 1, -1, -1) if lines[place][1].strip()), 0)
    text = lines[index][1].strip()[:LOOKED_AT] if lines else ""
    return lines[:index] if text.endswith((":", "：")) and (ADDRESS.search(text) or DAY.search(text)) else lines


def is_opening(text: str) -> bool:
    """The first sentence of a mail of ours; a command that names an order begins differently."""
    words = plain(text[:LOOKED_AT])
    return bool(OPENING.match(words)) and not is_own_words(words)


def is_own_words(words: str) -> bool:
    """A number alone on its line, or a command, is the customer's."""
    named = named_orders(words)
    return read_command(words) is not None or bool(named.numbers and not named.rest.strip(" .,!#"))


def first_paragraph(lines: Sequence[Line]) -> Sequence[Line]:
    begun = False
    for index, (number, text) in enumerate(lines):
        gap = index > 0 and number > lines[index - 1][0] + 1
        if begun and (gap or not text.strip()):
            return lines[:index]
        begun = begun or bool(text.strip())
    return lines
