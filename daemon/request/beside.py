"""The prose of an order: what of it speaks against booking, and whether a person has to read it besides."""

import re
from collections.abc import Collection, Iterator

from daemon.letter import Letter
from daemon.request.against import counts, doubt_of_order, second_thought
from daemon.request.announcing import announces
from daemon.request.commands import LONGEST, sentences
from daemon.request.doubt import Doubt, gravest
from daemon.request.goods import counts_goods
from daemon.request.harmless import LONGEST_LINE, is_known, unread
from daemon.request.items import read_items
from daemon.request.page import Body, Line
from daemon.request.shapes import Fault, Reason
from daemon.request.spelling import WORD, fold, plain, squeezed
from daemon.request.subject import Subject
from daemon.request.tokens import is_strong

BESIDE_ORDER = "beside_order"
"""Why a person reads a letter whose order is booked all the same."""


def names_in(letter: Letter, body: Body) -> frozenset[str]:
    """The words of the names that the letter is signed with and goes to."""
    told = " ".join([letter.sender_name, body.name, body.ship_to.name if body.ship_to else ""])
    return frozenset(WORD.findall(plain(told)))


def beside(body: Body, names: frozenset[str], changes: bool = False) -> str:
    """Why a person has to read the order as well; empty where nothing is said that is not known to be harmless.

    Above the items of a change a line with a colon ("It should be:") is what announces them.
    """
    before = [line for line in body.before if not (changes and line[1].endswith(":"))]
    lines = [*before, *body.after, *body.noted, *postscript(body)]
    return BESIDE_ORDER if any(unread(text, names) for _, text in lines) else ""


def doubt_of_line(text: str, names: frozenset[str], additions: bool, listed: bool) -> Doubt | None:
    """The doubt that a line raises, in our language or in another.

    Where items are `listed`, words that add to them are a doubt in front of them, too, unless they only announce them.
    """
    said = " ".join(one for one in sentences(text) if not is_known(one)) if len(text) < LONGEST_LINE else text
    rest = unread(text, names)
    doubts = [doubt_of_order(said, additions), *map(second_thought, rest)]
    doubts += map(doubt_of_order, rest) if listed else []
    return gravest([doubt for doubt in doubts if doubt is not None])


def has_count(text: str, names: frozenset[str]) -> bool:
    """Whether a sentence that is not known holds a number: it may well be about the items."""
    return any(map(counts, unread(text, names)))


def doubt_of_subject(subject: Subject, names: frozenset[str]) -> Doubt | None:
    """A subject of the customer's own that is no command is prose like any other."""
    said = unread(subject.text, names) if is_own(subject) else []
    return gravest([doubt for sentence in said if (doubt := second_thought(sentence)) is not None])


def is_own(subject: Subject) -> bool:
    """Whether a subject is the customer's own words, rather than a command, an item, or carried over."""
    item = any(map(str.isdigit, subject.item))
    return not (subject.reply or subject.command or item or subject.about or subject.numbers)


# What announces the list


def headings(subject: Subject, body: Body, names: frozenset[str], told: Collection[int]) -> Iterator[Fault]:
    """Lines that announce the items and say something else of them; the subject of a list that nothing else announces.

    Who says where to send it means to order, unless the subject speaks of what has been.
    """
    for number, text in body.before:
        last = sentences(text)[-1:]
        strict = not subject.announces_order
        if number not in told and any(leads_in(number, text, body, strict) and unread(one, names) for one in last):
            yield Fault(number, text.strip()[:200], Reason.IS_IT_AN_ORDER)
    announced = body.listed or any(announces(one, names) for _, text in body.before for one in sentences(text))
    bare = body.items and not announced and (body.ship_to is None or PAST.search(plain(subject.text)))
    if bare and is_own(subject) and not is_known_subject(subject.text[:LONGEST], names):
        yield Fault(None, subject.text[:LONGEST], Reason.IS_IT_AN_ORDER)


PAST = re.compile(
    r"(?<!\w)(?:sold|received|placed|sent|shipped|delivered|bought|ordered|returned|yesterday|last (?:week|month|year|"
    r"time)|ago|stock|count(?:ed)?|inventory)(?!\w)"
)


def is_known_subject(text: str, names: frozenset[str]) -> bool:
    return ORDERS_FROM.fullmatch(plain(text)) is not None or not unread(text, names)


def leads_in(number: int, text: str, body: Body, strict: bool) -> bool:
    """By a colon, by standing right above the items, or by being the last thing that is said before them: where the
    subject calls it an order, a whole sentence may be about anything else.
    """
    if text.rstrip(" *_").endswith((":", "：")):
        return True
    below = next((line for line in body.written if line > number), None)
    if not body.items or below != body.items[0].line:
        return False
    of_them = strict or not text.rstrip().endswith((".", "!")) or POINTS.search(plain(text)) is not None
    return of_them or below - number <= body.step


POINTS = re.compile(r"(?<!\w)(?:these|those|this|them|following|below|here)(?!\w)")
ORDERS_FROM = re.compile(
    r"(?:my |our |new |an? |next |the |please |mail |online |another )*(?:order|purchase|shopping "
    r"list)[ :,-]{1,3}(?:(?:for|from|by|of|to) (?!last|yesterday|this|stock)[^\d]{1,40}|(?:no|nr|number|"
    r"#)?[. #]{0,2}[\w/-]{0,10}\d[\w/. -]{0,20}|(?:form|list|request|enclosed|attached|below|inside|urgent|asap|again "
    r"please|here))[ .!]*"
)


# What stands below the closing


def below(body: Body, names: frozenset[str]) -> Iterator[tuple[Doubt, Line]]:
    """Second thoughts under the closing, where otherwise only a signature stands and is not read."""
    after = {number for number, _ in postscript(body)}
    signed = {squeezed(body.name), squeezed(body.ship_to.name) if body.ship_to else ""}
    lines = [line for line in body.below if squeezed(line[1]) not in signed]
    for number, text in lines:
        if number not in after and (CONTACT.search(text) or len(text) > LONGEST_AFTERTHOUGHT):
            break
        if doubt := gravest(list(doubts_below(text, names, number in after))):
            yield doubt, (number, text)
    for number, text in lines:
        if names_item(number, text, body):
            yield Doubt.CORRECTION, (number, text)


def doubts_below(text: str, names: frozenset[str], read: bool) -> Iterator[Doubt]:
    for sentence in unread(text, names):
        doubt = doubt_of_order(sentence) or second_thought(sentence)
        if doubt is None and (counts(sentence) if read else counts_goods(sentence, beside=False)):
            doubt = Doubt.CORRECTION
        if doubt is not None:
            yield doubt


def names_item(number: int, text: str, body: Body) -> bool:
    """An id with a quantity, or one that is ordered above; a tax number in a signature is neither."""
    rules, said = body.rules, fold(text)
    known = {key for item in body.items for key in item.keys}
    if any("".join(filter(str.isalnum, word)).upper() in known for word in said.split()):
        return True
    if not any(map(is_strong, said.split())):
        return False
    items = read_items(number, said, rules.max_quantity, rules.currency, declared=False)
    return any(item.fault is None and is_strong(item.written_id) for item in items)


def postscript(body: Body) -> list[Line]:
    """From "PS" on the letter goes on."""
    start = next((place for place, (_, text) in enumerate(body.below) if PS.match(text)), len(body.below))
    return body.below[start:]


PS = re.compile(r"\W{0,3}p\.? ?s\b\.?", re.IGNORECASE)
CONTACT = re.compile(
    r"@|https?:|www\.|\d{3}[ .)-]{1,3}\d{3}|^\W*(?:from|sent|to|subject|tel|phone|fax|mobile|vat)\b", re.IGNORECASE
)
LONGEST_AFTERTHOUGHT = 300
