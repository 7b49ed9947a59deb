"""Prose that asks for goods without a product number ("2 brass desk lamps"): it may never be passed over in silence."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from daemon.request.address import looks_like_address
from daemon.request.courtesy import is_courtesy
from daemon.request.doubt import doubt_in
from daemon.request.harmless import unread
from daemon.request.items import BULLET, LEAD_IN, NUMBERING, is_heading, undecorated
from daemon.request.page import Body
from daemon.request.quantity import VAGUE, WORDS
from daemon.request.shapes import Fault, ItemLine, Reason
from daemon.request.spelling import fold, plain, squeezed, words
from daemon.request.tokens import UNITS, tokens_of

MOST_WORDS = 6
"""More words than these are a sentence, not the name of a product."""

JOINED = re.compile(r"(?:(?:and|plus|also|as well as|und|et|y|e)(?!\w)|[&+])[\s,:]*")
COUNT = re.compile(r"(?P<count>\d{1,4}|[^\W\d_]+)(?:\s?[x×](?![^\W_]))?(?=\s|$)[\s,:]*(?P<what>.*)")
OTHER_COUNTS = words(
    "day days week weeks month months year years hour hours minute minutes time times o'clock am pm attachment "
    "attachments file files thumb thumbs star stars percent people person persons kids children thing things question "
    "questions item items product products article articles order orders parcel parcels line lines letter letters "
    "mail mails st nd rd th jan january feb february mar march apr april may jun june jul july aug august sep sept "
    "september oct october nov november dec december"
)
"""What people count besides goods: "2 weeks ago", "5 items in all", "24 Nov"."""

OF_OTHERS = re.compile(r"of (?:my|our|your|the|these|those|us|you|them|\d)(?!\w)")


@dataclass(frozen=True, slots=True)
class Goods:
    """`certain` count goods or are points of the list; the words of the lines in `perhaps` may name a product."""

    certain: tuple[ItemLine, ...] = ()
    perhaps: tuple[ItemLine, ...] = ()


def goods_in(body: Body) -> Goods:
    """The lines of prose that speak of goods, all of them with a fault: nothing can be booked on their account."""
    lines = [line for line in body.prose if not is_aside(line[1], body)]
    if not lines:
        return Goods()
    counted = [line for line in lines if counts_goods(line[1], False)]
    listed = [*counted, *((item.line, item.text) for item in body.items)]
    beside = set(beside_items(body, {number for number, _ in listed}))
    marks = {mark_of(text) for _, text in listed} - {""}
    certain, perhaps = [], []
    for number, text in lines:
        item = asked_for(number, text)
        if counts_goods(text, number in beside) or (number in beside and mark_of(text) in marks):
            certain.append(item)
        elif (number in beside or LEAD_IN.match(plain(text))) and may_name(text, item.written_id):
            perhaps.append(item)
    return Goods(tuple(certain), tuple(perhaps))


def may_name(text: str, what: str) -> bool:
    """Whether a line is short enough to be a product's name, and not the row that names the columns."""
    return 0 < len(what.split()) <= MOST_WORDS and not is_heading(tokens_of(text))


def is_aside(text: str, body: Body) -> bool:
    """Courtesies, a street, a signature, and what is asked back already for what it says."""
    known = squeezed(body.ship_to.name) if body.ship_to else squeezed(body.name)
    signed = bool(known) and squeezed(text) in known
    if signed or is_courtesy(text) or looks_like_address(text):
        return True
    return doubt_in(text, additions=False) is not None or not unread(text)


def asked_for(number: int, text: str) -> ItemLine:
    """The line as an item that has to be asked back, with the count that was probably meant."""
    found = COUNT.fullmatch(bare(text))
    counted = found is not None and (found["count"].isdigit() or found["count"] in WORDS)
    meant = (WORDS.get(found["count"]) or found["count"].lstrip("0")) if found and counted else None
    what = found["what"] if found and (counted or found["count"] in VAGUE) else bare(text)
    fault = Fault(number, text.strip()[:200], Reason.LINE_NOT_UNDERSTOOD, str(meant) if meant else None)
    return ItemLine(number, text.strip(), written_id=what[:80], fault=fault)


def bare(text: str) -> str:
    """In lower case, without bullet, "and" and "please send me"."""
    text = plain(undecorated(fold(text)))
    joined = JOINED.match(text)
    text = text[joined.end() :] if joined else text
    lead = LEAD_IN.match(text)
    return text[lead.end() :] if lead else text


def counts_goods(text: str, beside: bool) -> bool:
    """Whether a line begins with a number of something that can be goods; beside items the number alone will do."""
    found = COUNT.fullmatch(bare(text))
    if found is None or not (found["count"].isdigit() or found["count"] in WORDS or found["count"] in VAGUE):
        return False
    what = found["what"].strip(" .!")
    if not what:
        return beside
    first = re.split(r"\W", what, maxsplit=1)[0]
    if not first.isalpha() or OF_OTHERS.match(what):
        return False
    return first not in OTHER_COUNTS or (first in UNITS and " of " in what)


def mark_of(text: str) -> str:
    """The bullet of a line, or that it is numbered."""
    text = fold(text)
    bullet = BULLET.match(text)
    marked = bullet[0].strip() if bullet else ""
    return marked or ("1." if NUMBERING.match(text.lstrip()) else "")


def beside_items(body: Body, items: Collection[int]) -> Iterator[int]:
    """The numbers of the prose lines under a heading for items, or next to an item with no blank between."""
    prose = [number for number, _ in body.prose]
    first = min(items, default=None)
    for heading in body.listed:
        yield from (number for number in prose if first is not None and heading <= number < first)
    steps = range(body.step + 1)
    yield from reached(sorted(prose), {*items, *body.listed}, [-step for step in steps])
    yield from reached(sorted(prose, reverse=True), items, steps)


def reached(numbers: Sequence[int], starts: Collection[int], steps: Iterable[int]) -> Iterator[int]:
    """The lines that are such a step away from one of `starts`, or from a line reached before them."""
    seen = set(starts)
    for number in numbers:
        if any(number + step in seen for step in steps):
            seen.add(number)
            yield number
