"""An order that takes the place of another one, out of a letter that says so."""

from collections.abc import Sequence
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.asking import number_faults, unique
from daemon.request.commands import Command
from daemon.request.numbers import named_orders
from daemon.request.ordering import order
from daemon.request.page import Body
from daemon.request.partly import as_change, speaks_of_part, with_parts, without_announcement
from daemon.request.shapes import Fault, PlaceOrder, Reason, Request
from daemon.request.subject import Subject


def change(letter: Letter, subject: Subject, body: Body, commands: Sequence[Command]) -> Request:
    """The whole order as it is to be, and which it replaces; a person when the letter is rather about one."""
    made = order(letter, subject, body, quote=False, changes=True)
    if not isinstance(made, PlaceOrder):
        return made
    told = [*(number for command in commands for number in command.numbers), *body.numbers]
    numbers = unique(told or well_formed(subject))
    partly = as_change(with_parts(without_announcement(made, letter, body), letter, subject, body))
    return replace(partly, replaces=numbers or subject.numbers, faults=(*number_faults(commands), *partly.faults))


def order_or_change(letter: Letter, subject: Subject, body: Body) -> Request:
    """An order; where its subject names another one ("revised order MO-..."), perhaps that one changed: asked back.

    A reply may yet turn out to be a change, by the mail that it answers (`daemon.decide.continuing`).
    """
    if not subject.about:
        made = order(letter, subject, body, quote=False)
        return with_parts(made, letter, subject, body) if letter.replies_to and isinstance(made, PlaceOrder) else made
    made = order(letter, subject, body, quote=False, changes=True)
    if not isinstance(made, PlaceOrder):
        return made
    numbers = well_formed(subject)
    wrong = [Fault(None, about.upper(), Reason.NOT_AN_ORDER_NUMBER) for about in subject.about if about not in numbers]
    partly = as_change(with_parts(made, letter, subject, body))
    said = [] if speaks_of_part(subject.text) else [Fault(None, subject.text[:200], Reason.CORRECTION_IN_PROSE)]
    return replace(partly, replaces=numbers, faults=unique([*wrong, *partly.faults, *said]))


def well_formed(subject: Subject) -> tuple[str, ...]:
    return named_orders(" ".join(subject.about)).numbers
