"""Commands that book what the letter does not list, a yes and the same order again, with what makes them uncertain."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.address import looks_like_address
from daemon.request.asking import ask, number_faults, unique
from daemon.request.choosing import chosen_alone
from daemon.request.commands import Command, bare
from daemon.request.doubt import Doubt, doubt_in, gravest, reason_for_person
from daemon.request.ordering import FOR_A_PERSON, email_faults, letter_faults
from daemon.request.page import Body, Line
from daemon.request.remarks import said_beside
from daemon.request.shapes import Ask, AskKind, Fault, ForPerson, Reason, Request, Unclear, Yes
from daemon.request.spelling import plain


def once_more(letter: Letter, body: Body, commands: Sequence[Command]) -> Request:
    asked = ask(letter, AskKind.AGAIN, body, commands)
    if not isinstance(asked, Ask):
        return asked
    faults = uncertain(letter, body, said_beside(body.prose, letter, goes_there=True))
    return replace(asked, beside="", ship_to=body.ship_to, faults=unique(faults))


def say_yes(letter: Letter, body: Body, commands: Sequence[Command]) -> Request:
    rest = said_beside(body.prose, letter, goes_there=True)
    doubt = gravest([one for _, text in rest if (one := doubt_in(text, additions=False)) is not None])
    if doubt in (*FOR_A_PERSON, Doubt.QUESTION):
        return ForPerson(reason_for_person(doubt))
    if malformed := tuple(number_faults(commands)):
        return Unclear("order", malformed)
    numbers = unique([number for command in commands for number in command.numbers])
    alone = chosen_alone(bare(plain(rest[0][1]))) if len(rest) == 1 else None
    places = [command.choice for command in commands] + ([alone.place or alone.count] if alone else [])
    choices = unique([place for place in places if place is not None])
    choice = choices[0] if len(choices) == 1 else None
    more = len(choices) > 1 or any(command.more for command in commands)
    faults = unique(uncertain(letter, body, [] if alone else rest))
    return Yes(numbers, choice, more=more, ship_to=body.ship_to, faults=faults)


def uncertain(letter: Letter, body: Body, rest: Sequence[Line]) -> Iterator[Fault]:
    """Everything in the letter that is not known to be harmless: nothing is booked before it is sorted out."""
    yield from letter_faults(letter)
    yield from body.faults
    yield from email_faults(letter, body)
    if body.address_of:
        yield Fault(None, body.address_of, Reason.TWO_ADDRESSES)
    for sheet in letter.sheets:
        yield Fault(None, sheet.name, Reason.SAID_BESIDE)
    for item in body.items:
        yield item.fault or Fault(item.line, item.text[:200], Reason.SAID_BESIDE)
    for number, text in rest:
        if body.ship_to is None and AS_BEFORE.fullmatch(plain(text)):
            continue
        yield Fault(number, text[:200], reason_of(text, body))


AS_BEFORE = re.compile(
    r"(?:please )?(?:(?:send|ship|deliver) (?:it|them|everything) )?(?:and )?(?:to )?(?:the |my |our )?"
    r"(?:same|usual|old|last|known) address(?: (?:as|like) (?:before|always|usual|last time|ever|then))?"
    r"(?:,? (?:please|thanks|thank you))?[ .!]*"
)
"""It goes there anyway."""


def reason_of(text: str, body: Body) -> Reason:
    if not looks_like_address(text) and doubt_in(text, additions=False) is not Doubt.ELSEWHERE:
        return Reason.SAID_BESIDE
    return Reason.TWO_ADDRESSES if body.ship_to else Reason.NO_ADDRESS
