"""An order out of a letter that asks for one, with everything that stands against it."""

import re
from collections.abc import Collection, Iterator, Sequence

from daemon.letter import Damage, Letter
from daemon.request.address import looks_like_address, run_together
from daemon.request.asides import asks_price, doubt_beside
from daemon.request.beside import below, beside, doubt_of_line, doubt_of_subject, has_count, headings, names_in
from daemon.request.body import stray_ids
from daemon.request.doubt import Doubt, doubt_in, gravest, reason_for_person
from daemon.request.goods import goods_in
from daemon.request.items import not_understood, read_items, without_boxes
from daemon.request.page import Body, Line
from daemon.request.shapes import Fault, ForPerson, ItemLine, PlaceOrder, Reason, Request
from daemon.request.spelling import fold, plain, squeezed
from daemon.request.subject import Subject
from daemon.request.tables import beside_sheet, read_sheet, same_items
from daemon.request.wishes import is_wish

FOR_A_PERSON = (Doubt.COMPLAINT, Doubt.CANCELLING, Doubt.NEGATION)
"""Doubts that an order form in return would not answer."""

ASK_BACK = {
    Doubt.QUESTION: Reason.QUESTION,
    Doubt.CONDITION: Reason.CONDITION,
    Doubt.CORRECTION: Reason.CORRECTION_IN_PROSE,
}
DAMAGES = {
    Damage.CUT_OFF: Reason.CUT_OFF,
    Damage.UNDECODABLE: Reason.UNDECODABLE,
    Damage.TOO_DEEP: Reason.TOO_LONG,
    Damage.TOO_LONG: Reason.TOO_LONG,
}
ATTACHMENTS = {
    "wrong_kind": Reason.ATTACHMENT_WRONG_KIND,
    "formula": Reason.ATTACHMENT_FORMULA,
    "too_large": Reason.ATTACHMENT_TOO_LARGE,
}


def order(letter: Letter, subject: Subject, body: Body, quote: bool, changes: bool = False) -> Request:
    """The order with its faults; a person when the letter is about one rather than being one.

    With `changes` the letter says that it takes another's place, so that talk of correcting one is no wonder.
    """
    names = names_in(letter, body)
    doubts = list(doubts_of(subject, body, names, quote))
    worst = gravest([doubt for doubt, _ in doubts])
    if worst in FOR_A_PERSON:
        return ForPerson(reason_for_person(worst))
    if subject.papers and subject.command is None:
        return ForPerson("not_an_order")
    items, sheet_faults = all_items(letter, subject, body)
    expected = changes and worst is Doubt.CORRECTION
    if not items and not sheet_faults and worst is not None and not expected:
        return ForPerson(reason_for_person(worst))
    goods = goods_in(body)
    told = {item.line for item in goods.certain}
    items = [*without_boxes(items), *goods.certain]
    items += [not_understood(*line) for line in stray_ids(body) if line[0] not in told]
    faults = [
        *letter_faults(letter),
        *sheet_faults,
        *body.faults,
        *(fault_of(doubt, line, body) for doubt, line in doubts if not is_told(doubt, line, told)),
        *(() if quote else prose_faults(subject, body, names, [line for _, line in doubts if line], told)),
        *address_doubts(body),
        *email_faults(letter, body),
        *(beside_sheet(body.prose, names) if letter.sheets and not (doubts or quote) else ()),
        *(() if quote else price_faults(items)),
        *(() if changes else thread_faults(subject, items)),
    ]
    if not items and not faults:
        items += goods.perhaps
        faults += [] if items else [Fault(None, "", Reason.NO_ITEMS)]
    faulty = {fault.line for fault in faults}
    perhaps = tuple(item for item in goods.perhaps if item not in items and item.line not in faulty)
    taken, told_faults = within_bounds(items, faults, body.rules.max_lines)
    return PlaceOrder(
        items=taken,
        ship_to=body.ship_to,
        faults=told_faults,
        quote=quote,
        total=body.total,
        address_of=body.address_of,
        perhaps=perhaps,
        headed=() if quote or changes else tuple(headings(subject, body, names, faulty)),
        beside=beside(body, names, changes),
    )


def within_bounds(
    items: Sequence[ItemLine], faults: Sequence[Fault], most: int
) -> tuple[tuple[ItemLine, ...], tuple[Fault, ...]]:
    """No more lines than are taken; the faults by line, each once."""
    if len(items) > most:
        faults = [*faults, Fault(None, "", Reason.TOO_MANY_LINES, str(most))]
    return tuple(items[:most]), tuple(sorted(unique(faults), key=lambda fault: fault.line or 0))


def is_told(doubt: Doubt, line: Line | None, goods: Collection[int]) -> bool:
    """That a line adds to an order ("two mugs") is said where it is asked back as goods."""
    return doubt is Doubt.CORRECTION and line is not None and line[0] in goods


def doubts_of(subject: Subject, body: Body, names: frozenset[str], quote: bool) -> Iterator[tuple[Doubt, Line | None]]:
    """Every doubt that the prose raises, with the line that raises it."""
    if doubt := subject.doubt or doubt_of_subject(subject, names):
        yield doubt, (0, subject.text)
    listed = bool(body.items or subject.item)
    for line in body.before:
        if doubt := doubt_of_line(line[1], names, False, listed) or doubt_of_heading(line[1], quote):
            yield doubt, line
    for line in [*body.after, *body.noted]:
        if doubt := doubt_of_line(line[1], names, True, listed) or doubt_of_heading(line[1], quote):
            yield doubt, line
    yield from below(body, names)
    for item in body.items:
        doubt = doubt_in(item.text, additions=False) or doubt_beside(item.text) if item.fault else None
        if doubt in FOR_A_PERSON:
            yield doubt, (item.line, item.text)


def doubt_of_heading(text: str, quote: bool) -> Doubt | None:
    """ "Price list:" or "Returns:" above the items, which then are not ordered."""
    asked = Doubt.QUESTION if not quote and asks_price(text) else None
    return doubt_beside(text) or asked


def price_faults(items: Sequence[ItemLine]) -> Iterator[Fault]:
    """Lines that ask what something costs, among others that order or change."""
    for item in items:
        if item.asks_price:
            yield Fault(item.line, item.text, Reason.QUESTION)


def prose_faults(
    subject: Subject, body: Body, names: frozenset[str], doubtful: Collection[Line], goods: Collection[int]
) -> Iterator[Fault]:
    """Prose that makes a condition or holds a number, on lines of which nothing is told yet."""
    named = {number for number, _ in stray_ids(body)}
    for number, text in body.prose:
        if (number, text) in doubtful or number in goods:
            continue
        if is_wish(text):
            yield Fault(number, text.strip()[:200], Reason.CONDITION)
        elif (body.items or subject.item) and number not in named and has_count(text, names):
            yield Fault(number, text.strip()[:200], Reason.CORRECTION_IN_PROSE)


def fault_of(doubt: Doubt, line: Line | None, body: Body) -> Fault:
    number, text = line or (0, "")
    elsewhere = Reason.TWO_ADDRESSES if body.ship_to else Reason.NO_ADDRESS
    only_a_test = doubt is Doubt.CORRECTION and A_TEST.search(plain(text)) is not None
    reason = Reason.ONLY_A_TEST if only_a_test else ASK_BACK.get(doubt, elsewhere)
    return Fault(number or None, text.strip()[:200], reason)


A_TEST = re.compile(
    r"(?<!\w)(?:(?:is|was|just|only) (?:just |only )?an? (?:\w+ )?test|test (?:mail|order|message)|testing)(?!\w)"
)


def all_items(letter: Letter, subject: Subject, body: Body) -> tuple[list[ItemLine], list[Fault]]:
    """The items of body, subject and sheets; those that are told twice count once."""
    items = list(body.items)
    faults: list[Fault] = []
    if subject.item:
        announced = read_items(0, fold(subject.item), body.rules.max_quantity, body.rules.currency, declared=not items)
        items, differ = told_twice(items, announced)
        faults += [Fault(None, subject.text, Reason.SUBJECT_AND_BODY_DIFFER)] if differ else []
    for sheet in letter.sheets:
        rows, wrong = read_sheet(sheet, body.rules, run_together(body.ship_to))
        faults += wrong
        items, differ = told_twice(items, rows)
        faults += [Fault(None, sheet.name, Reason.SHEET_DIFFERS)] if differ else []
    return items, faults


def told_twice(items: list[ItemLine], again: Sequence[ItemLine]) -> tuple[list[ItemLine], bool]:
    """The items once, and whether the two lists differ."""
    if not items or not again:
        return items or list(again), False
    return items, not same_items(items, again)


def sheet_is_order(letter: Letter, subject: Subject, body: Body) -> bool:
    """A sheet is an order when something in the letter says so; a stock list is a sheet too."""
    if not letter.sheets:
        return False
    return subject.announces_order or body.keyed or any("order" in plain(text) for _, text in body.prose)


def letter_faults(letter: Letter) -> Iterator[Fault]:
    """What happened to the letter on its way, or in its writing, that may hide a part of the order."""
    too_much = not {Damage.TOO_DEEP, Damage.TOO_LONG}.isdisjoint(letter.damage)
    for damage in letter.damage:
        if damage is Damage.CUT_OFF and too_much:  # it was we who did not read on
            continue
        yield Fault(None, "", DAMAGES[damage])
    for attachment in letter.unopened:
        yield Fault(None, attachment.name, ATTACHMENTS.get(attachment.reason, Reason.ATTACHMENT_UNREADABLE))
    for struck in letter.struck:
        if any(map(str.isalnum, struck)):
            yield Fault(None, struck.strip()[:200], Reason.STRUCK_OUT)


def address_doubts(body: Body) -> Iterator[Fault]:
    """Lines that look like an address nobody announced, perhaps where it should go; and two that were announced."""
    if body.ship_to and body.address_of:
        yield Fault(None, "", Reason.TWO_ADDRESSES)
    known = run_together(body.ship_to) if body.prose else ""
    suspected = [line for line in body.prose if looks_like_address(line[1]) and squeezed(line[1]) not in known]
    if suspected and body.ship_to:
        # Before the items it is what a blank line cut off the address; behind them it is another one.
        reason = Reason.ADDRESS_INCOMPLETE if suspected[0] in body.before else Reason.TWO_ADDRESSES
        yield Fault(suspected[0][0], suspected[0][1].strip()[:200], reason)
    elif suspected:
        number = suspected[0][0]
        together = [text.strip() for line, text in body.prose if abs(line - number) <= len(suspected)]
        whole = ", ".join(together)[:200]
        yield Fault(number, whole, Reason.NO_ADDRESS, f"Ship to: {whole}")


def email_faults(letter: Letter, body: Body) -> Iterator[Fault]:
    sender = (letter.sender or "").casefold()
    for number, text, address in body.emails:
        if address.strip(".").casefold() != sender:
            yield Fault(number, text.strip()[:200], Reason.OTHER_EMAIL)


def thread_faults(subject: Subject, items: Sequence[ItemLine]) -> Iterator[Fault]:
    """Items in a reply to a confirmation: a new order, or that one changed?"""
    if subject.numbers and items:
        yield Fault(None, subject.text[:200], Reason.CORRECTION_IN_PROSE)


def unique(faults: Sequence[Fault]) -> list[Fault]:
    return list(dict.fromkeys(faults))
