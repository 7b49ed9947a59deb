"""Words and signs that would change only a part of an order, where a change replaces the whole of it."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.beside import names_in, postscript
from daemon.request.commands import bare, sentences
from daemon.request.courtesy import is_courtesy
from daemon.request.items import HEADERS, is_heading, undecorated
from daemon.request.money import take_prices
from daemon.request.nearest import in_words
from daemon.request.numbers import named_orders
from daemon.request.page import Body, Line
from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reason
from daemon.request.spelling import fold, plain, words
from daemon.request.subject import Subject
from daemon.request.tokens import UNITS, Kind, tokens_of

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
    r"\s*(?:(?:please|pls|plz|kindly|and|then|also)[\s,]+)*(?:(?:add(?:ing)?|plus|put in|include)(?!\w)|\+)",
    re.IGNORECASE,
)
ADD_BELOW = re.compile(
    r"(?:(?:please|pls|plz|kindly|hi|hello|and|also|could you|can you|would you|will you|i'd like to|i would like to|"
    r"i want to|oh|sorry)[\s,]+)*(?:add|include|put in|(?:i |we )?forgot|it misses)(?: (?:to|it|this|that|these|the|my|"
    r"order|following|items?|products?|lines?|below|too|also|as well|please|one|ones|for me|in)){0,10}[\s:.!?]*"
)
ANNOUNCES = re.compile(
    r"(?:(?:then|so|here|below|instead|of it|for order) )*(?:"
    r"(?:change|amend|update|modify|alter|replace|set|make|turn|revise|correct)"
    r"(?: (?:it|all|all of it|everything|(?:my |the |this |that )?(?:whole )?(?:order|list)))*"
    r"(?: (?:to|into|with|by|as|like|so|be|read)(?: (?:this|that|these|the following|follows|below|the list below))*)*"
    r"|(?:it|the order|my order|the list|all of it|everything) (?:should|must|shall|is to|ought to) (?:now )?"
    r"(?:be|read|look like|become)(?: (?:as|like|so|this|these|the following|follows|below|now))*"
    r"|(?:(?:here|this|that|below|following) (?:is|comes) |here's |that's )?(?:(?:my|the|our|a) )?"
    r"(?:(?:whole|complete|full|entire|new|changed|revised|corrected|updated|final|right|correct|amended|modified) )+"
    r"(?:order|list|version|contents|order list|list of items)"
    r"(?: (?:is|should be|reads?|as|follows|now|below|would be|is to be|this|these|then|looks like))*"
    r"|(?:as follows|as below|see below|the following|like this|these|this)(?: (?:please|instead|now))*"
    r"|(?:die )?neue bestellung(?: (?:ist|lautet|wäre))?|neue liste|(?:bestellung )?(?:ändern|abändern) (?:in|auf|zu)|"
    r"(?:la )?nouvelle commande(?: est)?|(?:el )?nuevo pedido(?: es)?|(?:il )?nuovo ordine(?: è)?"
    r")"
)
"""What announces the whole list as it is to be: the one thing beside it that is sure to speak of all of it."""

EXCUSES = re.compile(
    r"(?:(?:oh|oops|so|and|but|sorry|apologies|i'm sorry|i am sorry|we're sorry|my apologies|"
    r"(?:i|we)(?:'ve| have)? (?:made an? (?:\w+ )?(?:mistake|error)|changed (?:my|our) minds?|mistyped|miscounted|"
    r"got (?:it|that|something) wrong)|(?:for|about) (?:the|any|this|that|my) (?:\w+ )?(?:trouble|inconvenience|"
    r"confusion|mistake|mix-?up|extra work|change)|(?:my|our) (?:mistake|error|bad))(?: |$))*"
)
"""Why somebody changes an order, of which nothing follows."""

BESIDE_AN_ID = (
    HEADERS
    | UNITS
    | words(
        "please pls plz kindly i we i'd i'll would like want to need order buy have get send ship me us the a an of "
        "for at per in x usd eur gbp euro euros dollar dollars nr my our"
    )
)
"""What says no more on the line of an item than its number alone would."""

SAYS_THE_SAME = frozenset(
    (
        Reason.LINE_AMBIGUOUS, Reason.LINE_NOT_UNDERSTOOD, Reason.CORRECTION_IN_PROSE,
        Reason.QUANTITY_MISSING, Reason.QUANTITY_NEGATIVE, Reason.QUANTITY_NOT_A_NUMBER,
    )
)  # fmt: skip
"""What else is found wrong with a line because of the word that adds or takes away."""


def with_parts(made: PlaceOrder, letter: Letter, subject: Subject, body: Body) -> PlaceOrder:
    """The order with the lines that may add to another one, take from it, or keep the rest of it.

    Beside a list that is to take the place of another, any sentence does that is not known to be harmless.
    """
    parts = [line for line in body.items if is_part(line, body.items)]
    names = names_in(letter, body)
    beside = [line for line in [*headline(subject), *body.joins, *body.noted] if speaks_of_part(line[1])]
    whole = bool(made.items)  # where nothing is listed, nothing can be thrown away
    said = [*body.prose, *postscript(body)]
    beside += [one for one in said if speaks_of_part(one[1]) or (whole and not leaves_no_part(one[1], names))]
    told = sorted({(item.line, item.text) for item in parts} | set(beside))
    faults = tuple(Fault(number or None, text.strip()[:200], Reason.CHANGE_IN_PART) for number, text in told)
    return replace(made, partly=faults, adds=bool(faults) and only_adds(body.items, beside))


def without_announcement(made: PlaceOrder, letter: Letter, body: Body) -> PlaceOrder:
    """Without the fault that "make it:" sounds like a correction: in a change it is one, and of the whole."""
    names = names_in(letter, body)
    announcing = {number for number, text in body.prose if leaves_no_part(text, names)}
    known = [one for one in made.faults if one.reason is Reason.CORRECTION_IN_PROSE and one.line in announcing]
    return replace(made, faults=tuple(one for one in made.faults if one not in known))


def leaves_no_part(text: str, names: Collection[str]) -> bool:
    """Whether each of its sentences is politeness, a name of the writer's, or the announcement of the whole list; or
    it names the columns.
    """
    return is_heading(tokens_of(text)) or all(
        is_courtesy(one)
        or any(known.fullmatch(announced(one)) for known in (ANNOUNCES, EXCUSES))
        or set(words_of(one)) <= set(names)
        for one in sentences(text)
    )


def announced(sentence: str) -> str:
    return " ".join(re.sub(r"[^\w' ]", " ", bare(plain(named_orders(sentence).rest))).split())


def words_of(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", plain(text))


def says_more(item: ItemLine, name: str, joined: bool) -> bool:
    """Whether an item line holds words besides the product's number and name; `joined` allows an "and" before it."""
    text, _ = take_prices(undecorated(fold(item.text)))
    said = [token.lower.strip(".-") for token in tokens_of(text) if token.kind is Kind.WORD]
    said = said[1:] if joined and said[:1] == ["and"] else said
    named = {*in_words(name).split(), *words_of(name)}
    return any(
        word.isalpha()
        and word not in BESIDE_AN_ID
        and in_words(word) not in named
        and word not in item.written_id.lower()
        for word in said
    )


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
    if OF_A_PART.search(plain(text)) or ADDS.match(text) or SIGNED_COUNT.search(text) or below_zero:
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
    """A change that is refused for what it may say of a part; of each such line it is told once what is wrong."""
    lines = {fault.line for fault in made.partly}
    others = [fault for fault in made.faults if fault.line not in lines or fault.reason not in SAYS_THE_SAME]
    items = tuple(as_part(item) if item.line in lines else item for item in made.items)
    as_parts = {item.line for item in items if item.fault is not None and item.fault.reason is Reason.CHANGE_IN_PART}
    told_already = as_parts | {fault.line for fault in others} - {None}
    told = [fault for fault in made.partly if fault.line not in told_already]
    in_order = sorted(dict.fromkeys([*told, *others]), key=lambda fault: fault.line or 0)
    perhaps = tuple(item for item in made.perhaps if item.line not in lines)
    return replace(made, items=items, faults=tuple(in_order), perhaps=perhaps)


def as_part(item: ItemLine) -> ItemLine:
    if item.fault is None or item.fault.reason not in SAYS_THE_SAME:
        return item
    return replace(item, fault=Fault(item.line, item.text, Reason.CHANGE_IN_PART))
