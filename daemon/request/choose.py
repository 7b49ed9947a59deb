"""Which one thing a letter asks, out of what its subject and its body say."""

import re
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.asking import against_cancelling, ask, cancel, nothing_asked, unsigned
from daemon.request.booking import once_more, say_yes
from daemon.request.changing import change, order_or_change
from daemon.request.commands import Command, sentences
from daemon.request.courtesy import is_courtesy, rest_for_person
from daemon.request.ordering import order, sheet_is_order
from daemon.request.page import Body
from daemon.request.regrets import is_regret
from daemon.request.several import several
from daemon.request.shapes import AskKind, Fault, ForPerson, PlaceOrder, Reason, Request, Unclear
from daemon.request.spelling import plain
from daemon.request.subject import Subject


def choose(letter: Letter, subject: Subject, body: Body) -> Request:
    """The request, or the question which of two is meant; never one of them silently."""
    subject, body = certain(letter, subject, body)
    body = without_stop(subject, without_confirming(letter, subject, body))
    told = subject_command(letter, subject, body)
    kinds = body_kinds(letter, subject, body, told)
    if "cancel" in kinds or (told is not None and told.kind == "cancel"):
        reason = against_cancelling(letter, subject, body)
        if reason and {*kinds, told.kind if told else "cancel"} == {"cancel"}:
            return ForPerson(reason)
    if told is not None and any(kind != told.kind for kind in kinds):
        return Unclear(told.kind, (Fault(None, told.text, Reason.SUBJECT_AND_BODY_DIFFER),))
    commands = [*([told] if told else []), *body.commands]
    if len(kinds) > 1 and not WITH_ITEMS.isdisjoint(kinds):
        return Unclear(kinds[0], (Fault(None, beside_items(body), Reason.SEVERAL_COMMANDS),))
    kind = told.kind if told is not None else kinds[0] if kinds else None
    if kind not in WITH_ITEMS and (each := several(letter, subject, body, commands)) is not None:
        return each
    match kind:
        case None:
            return nothing_asked(letter, subject, body)
        case "order":
            return order_or_change(letter, subject, body)
        case "quote":
            return quoted(letter, subject, body)
        case "change":
            return change(letter, subject, body, commands)
        case "cancel":
            return cancel(letter, subject, body, told)
        case "yes":
            return say_yes(letter, body, commands)
        case "again":
            return once_more(letter, body, commands)
        case _:
            return ask(letter, AskKind(kind), body, commands)


def certain(letter: Letter, subject: Subject, body: Body) -> tuple[Subject, Body]:
    """Without the commands that are none beside anything else the letter says: "my order" above a list, above a
    complaint.
    """
    commands = [*([subject.command] if subject.command else []), *body.commands]
    weak = [command for command in commands if command.weak]
    said = {(command.kind, command.argument.lower(), command.numbers, command.instead) for command in commands}
    if not weak or (len(said) == 1 and says_nothing_else(letter, body)):
        return subject, body
    prose = [(command.line or 0, command.text) for command in body.commands if command.weak]
    strong = [command for command in body.commands if not command.weak]
    body = replace(body, commands=strong, before=sorted([*body.before, *prose]))
    return (replace(subject, command=None) if subject.command in weak else subject), body


CONFIRM = re.compile(
    r"\W*(?:(?:and|hi|hello|please|pls|plz|kindly|can you|could you|would you|will you|thanks|thx|thank you|asap|soon)"
    r"[\s,.!]*)*confirm(?:[\s,.!?]*(?:please|pls|plz|thanks|thx|thank you|asap|soon|it|this|by mail))*[\s.!?]*"
)
"""Beside a list it asks for our confirmation; alone it is a yes."""


def without_confirming(letter: Letter, subject: Subject, body: Body) -> Body:
    """Beside items or a cancellation "please confirm" asks for our answer, and is no yes."""
    cancels = any(command.kind == "cancel" for command in body.commands)
    lists = body.items or subject.item or letter.sheets

    def is_wanted(command: Command) -> bool:
        asks = (lists and CONFIRM.fullmatch(plain(command.text))) or (cancels and is_regret(command.text))
        return command.kind != "yes" or not asks

    wanted = list(filter(is_wanted, body.commands))
    return body if len(wanted) == len(body.commands) else replace(body, commands=wanted)


def without_stop(subject: Subject, body: Body) -> Body:
    """Beside items, and below a subject that cancels, a stop of our mails is heard all the same
    (`daemon.request.stopping`) and the rest goes on; "stop" alone may be about the order.
    """
    stops = [command for command in body.commands if command.kind == AskKind.STOP]
    said = [Fault(one.line, one.text, Reason.SAID_BESIDE) for one in stops if ALONE.fullmatch(one.text)]
    cancels = subject.command is not None and subject.command.kind == "cancel" and not said
    if not stops or not (body.items or cancels):
        return body
    others = [command for command in body.commands if command not in stops]
    return replace(body, commands=others, faults=[*body.faults, *said])


ALONE = re.compile(r"\W*(?:please )?stop(?: please)?\W*", re.IGNORECASE)


def says_nothing_else(letter: Letter, body: Body) -> bool:
    if body.items or body.keyed or body.numbers or letter.sheets or letter.unopened:
        return False
    return all(is_courtesy(sentence) for _, text in unsigned(letter, body) for sentence in sentences(text))


def quoted(letter: Letter, subject: Subject, body: Body) -> Request:
    """What an order would cost; a person reads what else is said."""
    asked = order(letter, subject, body, quote=True)
    if not isinstance(asked, PlaceOrder):
        return asked
    return replace(asked, beside=rest_for_person("quote", unsigned(letter, body)))


def subject_command(letter: Letter, subject: Subject, body: Body) -> Command | None:
    """The subject's command, unless the subject was only carried over and the letter speaks for itself."""
    command = subject.command
    if command is not None and command.text.lower() == "orders" and body.items:
        return None
    if command is None or not subject.reply:
        return command
    agrees = {one.kind for one in body.commands} | ({"order", "quote", "change"} if body.items else set())
    if agrees:
        return command if command.kind in agrees and len({one.kind for one in body.commands}) < 2 else None
    return None if body.prose or letter.replies_to else command


def body_kinds(letter: Letter, subject: Subject, body: Body, told: Command | None) -> list[str]:
    """What the body asks, each kind once, in order of appearance; a list of items asks for what was announced."""
    kinds = dict.fromkeys(command.kind for command in body.commands)
    asks_about = told is not None and told.kind == AskKind.RECOMMEND and not told.argument and only_ids(body)
    if asks_about:
        return list(kinds)
    said = {*kinds, told.kind if told is not None else None, *(["quote"] if asks_prices(body) else [])}
    announced = next((kind for kind in ("change", "quote") if kind in said), "order")
    if lists_items(subject, body) or subject.item or sheet_is_order(letter, subject, body):
        kinds.setdefault(announced)
    if announced != "order":
        kinds.pop("order", None)
    return list(kinds)


def lists_items(subject: Subject, body: Body) -> bool:
    """Whether the body holds an order's items; an id somewhere in unannounced prose, without a number, is none."""
    if subject.announces_order or body.keyed or not body.prose:
        return bool(body.items)
    return any(item.fault is None or item.fault.reason is not Reason.QUANTITY_MISSING for item in body.items)


def asks_prices(body: Body) -> bool:
    return any(item.asks_price for item in body.items)


def only_ids(body: Body) -> bool:
    """Whether the items are ids alone, which is no order but may be what a question is about."""
    return all(item.fault is not None and item.fault.reason is Reason.QUANTITY_MISSING for item in body.items)


WITH_ITEMS = frozenset({"order", "quote", "change", "yes"})
"""What a list of items belongs to, and what agrees to one: beside another command it is never certain enough."""


def beside_items(body: Body) -> str:
    return " / ".join(command.text for command in body.commands[:4])[:200]
