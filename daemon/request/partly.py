"""Words and signs that would change only a part of an order, where a change replaces the whole of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.request.commands import sentences
from daemon.request.courtesy import is_courtesy
from daemon.request.numbers import named_orders
from daemon.request.page import Body, Line
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reason
from daemon.request.spelling import fold, plain
from daemon.request.subject import Subject

OF_A_PART = re.compile(
    r"(?<!\w)(?:add(?:s|ed|ing|itions?|itional(?:ly)?)?|also|plus|more|another|extra|further|too|as well|besides|"
    r"on top|fewer|less|remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing)|drop|skip|minus|without|no longer|only|"
    r"(?:leave|leaving|take|taking) (?:\w+ ){0,4}(?:out|off|away)|keep(?:s|ing)?|kept|stay(?:s|ing)?|"
    r"remain(?:s|ing|der)?|rest|(?:all|everything|anything|nothing) else|others?|unchanged|untouched|"
    r"same as (?:before|it was|they were|ordered)|as (?:before|it is|it was|is|they are|they were|ordered)|"
    r"hinzu(?:f\w{1,8})?|dazu|zusätzlich|außerdem|auch|noch|ohne|entfern\w{1,3}|streich\w{1,3}|behalten?|bleib(?:t|en)|"
    r"ajout\w{1,3}|aussi|enlev\w{1,3}|retir\w{1,3}|gard\w{1,3}|reste|agreg\w{1,4}|añad\w{1,3}|también|tambien|"
    r"quit(?:ar|e|en)|resto|aggiung\w{1,4}|anche|toglier?e|rimuov\w{1,3})(?!\w)"
)
SIGN = re.compile(r"\s*(?:items?\s*:\s*)?(?P<sign>[+-])(?P<blank>\s?)\s*(?=\w)", re.IGNORECASE)
SIGNED_COUNT = re.compile(r"(?<!\w)\+\s?\d")
ADDS = re.compile(
    r"\s*(?:(?:please|pls|plz|kindly|and|then|also)[\s,]+)*(?:add(?:ing)?(?!\w)|plus(?!\w)|\+)", re.IGNORECASE
)
ADD_BELOW = re.compile(
    r"(?:(?:please|pls|plz|kindly|hi|hello|and|also|could you|can you|would you|will you|i'd like to|i would like to|"
    r"i want to)[\s,]+)*add(?: (?:to|it|this|that|these|the|my|order|following|items?|products?|lines?|below|too|also|"
    r"as well|please|one|ones|for me|in)){0,10}[\s:.!?]*"
)
SAYS_THE_SAME = frozenset(
    (
        Reason.LINE_AMBIGUOUS, Reason.LINE_NOT_UNDERSTOOD, Reason.CORRECTION_IN_PROSE,
        Reason.QUANTITY_MISSING, Reason.QUANTITY_NEGATIVE, Reason.QUANTITY_NOT_A_NUMBER,
    )
)  # fmt: skip
"""What else is found wrong with a line because of the word that adds or takes away."""


def with_parts(made: PlaceOrder, subject: Subject, body: Body) -> PlaceOrder:
    """The order with the lines that would add to another one, take from it, or keep the rest of it."""
    parts = [line for line in body.items if is_part(line, body.items)]
    beside = [line for line in [*headline(subject), *body.prose, *body.joins] if speaks_of_part(line[1])]
    told = sorted({(item.line, item.text) for item in parts} | set(beside))
    faults = tuple(Fault(number or None, text.strip()[:200], Reason.CHANGE_IN_PART) for number, text in told)
    return replace(made, partly=faults, adds=bool(faults) and only_adds(body.items, beside))


def headline(subject: Subject) -> Iterator[Line]:
    """A subject of the customer's own that names an order; one carried over says nothing of what is wanted."""
    if subject.about:
        yield 0, subject.text


def speaks_of_part(text: str) -> bool:
    return any(OF_A_PART.search(plain(one)) for one in sentences(text) if not is_courtesy(one))


def is_part(item: ItemLine, items: Sequence[ItemLine]) -> bool:
    """Whether an item line adds or takes away, by a word, by a sign before its number, or by a sign before the line.

    A dash before the line is a bullet only in a list of two or more whose every line has one with a blank behind it.
    """
    text = fold(item.text)
    below_zero = item.fault is not None and item.fault.reason is Reason.QUANTITY_NEGATIVE
    if OF_A_PART.search(plain(text)) or SIGNED_COUNT.search(text) or below_zero:
        return True
    sign = SIGN.match(text)
    return sign is not None and (sign["sign"] == "+" or len(items) < 2 or not all(map(has_bullet, items)))


def has_bullet(item: ItemLine) -> bool:
    sign = SIGN.match(fold(item.text))
    return sign is not None and sign["sign"] == "-" and bool(sign["blank"])


def only_adds(items: Sequence[ItemLine], beside: Sequence[Line]) -> bool:
    """Whether it is certain that each item is to be added to what there is: "add ID, 2", or "please add:" above all."""
    if not items or any(item.fault for item in items):
        return False
    for number, text in beside:
        if number >= items[0].line or not ADD_BELOW.fullmatch(plain(named_orders(text).rest)):
            return False
    return bool(beside) or all(ADDS.match(fold(item.text)) for item in items)


def as_change(made: PlaceOrder) -> PlaceOrder:
    """A change that is refused for what it says of a part; of such a line it is told once that it cannot be read."""
    lines = {fault.line for fault in made.partly}
    others = [fault for fault in made.faults if fault.line not in lines or fault.reason not in SAYS_THE_SAME]
    items = tuple(as_part(item) if item.line in lines else item for item in made.items)
    faulty = {item.line for item in items if item.fault is not None and item.fault.reason is Reason.CHANGE_IN_PART}
    told = [fault for fault in made.partly if fault.line not in faulty]
    in_order = sorted(dict.fromkeys([*told, *others]), key=lambda fault: fault.line or 0)
    return replace(made, items=items, faults=tuple(in_order))


def as_part(item: ItemLine) -> ItemLine:
    if item.fault is None or item.fault.reason not in SAYS_THE_SAME:
        return item
    return replace(item, fault=Fault(item.line, item.text, Reason.CHANGE_IN_PART))
