"""Everything a letter can ask besides ordering: cancelling, questions, a yes, or nothing that we know."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from daemon.letter import Letter
from daemon.request.body import ABOUT_NUMBER, stray_ids
from daemon.request.choosing import chosen_alone
from daemon.request.commands import Command, bare
from daemon.request.courtesy import rest_for_person
from daemon.request.doubt import Doubt, doubt_in, gravest, reason_for_person
from daemon.request.manners import is_greeting
from daemon.request.numbers import named_orders
from daemon.request.ordering import FOR_A_PERSON, letter_faults, order
from daemon.request.page import Body, Line
from daemon.request.regrets import is_regret
from daemon.request.remarks import said_beside
from daemon.request.shapes import (
    Ask,
    AskKind,
    CancelOrder,
    Fault,
    ForPerson,
    Reason,
    Request,
    Unclear,
    Yes,
)
from daemon.request.slips import ASKS_ONLY, read_slip
from daemon.request.spelling import plain
from daemon.request.subject import Subject

T = TypeVar("T")
MOST_WORDS_SOUGHT = 4


def cancel(letter: Letter, subject: Subject, body: Body, told: Command | None) -> Request:
    """Whole orders by number, or the one of the thread; its doubts have been looked for before."""
    if stray_ids(body):
        return ForPerson("doubt")
    commands = [command for command in body.commands if command.kind == "cancel"]
    numbers = unique([*(number for command in commands for number in command.numbers), *body.numbers])
    if told is not None and told.numbers:
        if set(numbers) - set(told.numbers):
            return Unclear("cancel", (Fault(None, told.text, Reason.SUBJECT_AND_BODY_DIFFER),))
        numbers = told.numbers
    commands += [told] if told else []
    faults = (*letter_faults(letter), *number_faults(commands), *which(commands, numbers, subject, body))
    return CancelOrder(numbers or subject.numbers or about_alone(subject), unique(faults))


def against_cancelling(letter: Letter, subject: Subject, body: Body) -> str:
    """Why a person reads what seems to cancel: anything that is neither a reason to nor politeness; empty for nothing.

    A person reads it rather than that it is asked back, since she may still be in time.
    """
    beside = [text for _, text in said_beside(body.prose, letter) if not (is_regret(text) or only_names_order(text))]
    if not (beside or subject.doubt or body.items or body.ship_to or body.address_of or letter.sheets):
        return ""
    doubts = [*map(doubt_in, beside), subject.doubt]
    worst = gravest([doubt for doubt in doubts if doubt is not None])
    return reason_for_person(worst) if worst else "more_than_cancelling"


MEANT = re.compile(r"(?:i (?:mean|meant)|it is|it's|that is|that's|namely|my|the|order|number|no|nr|is|[\s.,!#:])*")


def only_names_order(text: str) -> bool:
    named = named_orders(text)
    return bool(named.numbers) and MEANT.fullmatch(named.rest.lower()) is not None


def number_faults(commands: Sequence[Command]) -> Iterator[Fault]:
    for command in commands:
        for written in command.malformed:
            yield Fault(command.line, written.upper(), Reason.NOT_AN_ORDER_NUMBER)


def which(commands: Sequence[Command], numbers: tuple[str, ...], subject: Subject, body: Body) -> Iterator[Fault]:
    """Orders named in passing, several in the subject, or "my last order": it is not certain which is meant."""
    in_passing = {number for _, text in body.prose for number in named_orders(text).numbers}
    malformed = any(command.malformed for command in commands)
    if in_passing - set(numbers):
        yield Fault(None, ", ".join(sorted(in_passing)), Reason.WHICH_ORDER)
    elif not numbers and not malformed:
        vague = next((command for command in commands if command.vague), None)
        if vague is not None or len(subject.numbers) > 1:
            yield Fault(vague.line if vague else None, vague.text if vague else subject.text, Reason.WHICH_ORDER)


def unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def words_beside(letter: Letter, body: Body) -> list[str]:
    """The prose of a letter without politeness around it, and without the name its sender signs with."""
    signed = set(plain(letter.sender_name).replace(",", " ").split())
    rest = (bare(plain(text)) for _, text in body.prose)
    return [words for words in rest if words and not signed.issuperset(words.replace(",", " ").split())]


def takes_offer(letter: Letter, subject: Subject, body: Body) -> Yes | None:
    """A reply that is nothing but a choice: "2", "the second one". What it takes, the mail it answers says."""
    if not (subject.reply and letter.replies_to) or body.items or body.keyed:
        return None
    rest = words_beside(letter, body)
    choice = chosen_alone(rest[0]) if len(rest) == 1 else None
    return Yes(choice=choice.place, count=choice.count) if choice else None


def ask(letter: Letter, kind: AskKind, body: Body, commands: Sequence[Command]) -> Request:
    """A question with its argument. A stop is always heard; other questions are not when a complaint stands beside."""
    beside = unsigned(letter, body)
    doubt = gravest([one for _, text in beside if (one := doubt_in(text, additions=False)) is not None])
    if kind is not AskKind.STOP and (doubt in (*FOR_A_PERSON, Doubt.QUESTION) or (kind is AskKind.HELP and beside)):
        return ForPerson(reason_for_person(doubt))
    faults = tuple(number_faults(commands))
    if any(command.foreign for command in commands):
        faults += (Fault(commands[0].line, commands[0].text, Reason.CURRENCY_DIFFERS),)
    faults += tuple(Fault(one.line, one.text, Reason.NEARLY_A_COMMAND, one.instead) for one in commands if one.instead)
    if faults:
        return Unclear(kind.value, faults)
    numbers = unique([*(number for command in commands for number in command.numbers), *body.numbers])
    words = [command.argument for command in commands if command.argument]
    words = words or bare_ids(kind, body)
    below = [] if words else word_below(kind, beside)
    cents, inclusive = next(((one.cents, one.inclusive) for one in commands if one.cents is not None), (None, False))
    rest = "" if below else rest_for_person(kind, beside)
    guess = kind is AskKind.CATALOG and all(command.weak for command in commands)
    return Ask(kind, " ".join(numbers) or next(iter([*words, *below]), ""), cents, inclusive, rest, guess)


def unsigned(letter: Letter, body: Body) -> list[Line]:
    """The prose of the letter without the lines that are only its writer's name."""
    name = set(plain(letter.sender_name).split())
    return [line for line in body.prose if not name.issuperset(plain(line[1]).strip(" .,-!").split())]


def word_below(kind: AskKind, beside: Sequence[Line]) -> list[str]:
    """What is looked for, told in the letter where the subject says only "catalog"."""
    said = [text.strip(" .,!?") for _, text in beside]
    return said if kind is AskKind.CATALOG and len(said) == 1 and len(said[0].split()) <= MOST_WORDS_SOUGHT else []


def bare_ids(kind: AskKind, body: Body) -> list[str]:
    """Products named on lines of their own below "recommend"."""
    return [" ".join(item.written_id for item in body.items)] if kind is AskKind.RECOMMEND and body.items else []


def nothing_asked(letter: Letter, subject: Subject, body: Body) -> Request:
    """Neither item nor command: a form without items, a question for a person, or nothing at all."""
    taken = takes_offer(letter, subject, body)
    if taken is not None:
        return taken
    doubts = [doubt_in(text, additions=False) for _, text in body.prose] + [subject.doubt]
    doubt = gravest([one for one in doubts if one is not None])
    if body.keyed and not body.prose and doubt is None:
        return order(letter, subject, body, quote=False)
    if doubt in (None, Doubt.CANCELLING) and (slipped := mistyped(letter, subject, body)) is not None:
        return slipped
    if body.prose or doubt is not None:
        return ForPerson(reason_for_person(doubt))
    if letter.sheets or letter.unopened:
        return ForPerson("attachment")
    if letter.damage:
        return Unclear("unreadable", tuple(letter_faults(letter)))
    return without_words(subject, body)


def mistyped(letter: Letter, subject: Subject, body: Body) -> Request | None:
    """What the one thing that a letter says would be without its typing errors: a question, or what may be meant."""
    said = [*unsigned(letter, body), *([] if subject.reply or is_greeting(subject.text) else [(None, subject.text)])]
    slipped = read_slip(said[0][1], body.rules.currency) if len(said) == 1 else None
    if slipped is None:
        return None
    if slipped.kind in ASKS_ONLY and slipped.kind != "quote":
        return ask(letter, AskKind(slipped.kind), replace(body, before=[], after=[]), [slipped])
    return Unclear(slipped.kind, (Fault(said[0][0], said[0][1].strip(), Reason.NEARLY_A_COMMAND, slipped.text),))


def about_alone(subject: Subject) -> tuple[str, ...]:
    """The order that a subject of the customer's own names, and says no more: "my order MO-..."."""
    named = named_orders(subject.text if subject.about else "")
    return named.numbers if named.numbers and ABOUT_NUMBER.fullmatch(named.rest.lower()) else ()


def without_words(subject: Subject, body: Body) -> Request:
    """An empty body: the subject alone, or only the number of an order."""
    numbers = (*body.numbers, *subject.numbers, *about_alone(subject))
    if numbers and not subject.reply:
        return Ask(AskKind.STATUS, numbers[0])
    if numbers or subject.reply:
        return ForPerson("courtesy")
    if any(map(str.isalnum, subject.text)):
        return ForPerson("prose")
    return Unclear("unreadable", (Fault(None, "", Reason.EMPTY),))
