"""An order that takes the place of another one, out of a letter that says so."""

from collections.abc import Sequence
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.asking import number_faults, unique
from daemon.request.commands import Command
from daemon.request.numbers import named_orders
from daemon.request.ordering import order
from daemon.request.page import Body
from daemon.request.shapes import Fault, PlaceOrder, Reason, Request
from daemon.request.subject import Subject


def change(letter: Letter, subject: Subject, body: Body, commands: Sequence[Command]) -> Request:
    """The whole order as it is to be, and which it replaces; a person when the letter is rather about one."""
    made = order(letter, subject, body, quote=False, changes=True)
    if not isinstance(made, PlaceOrder):
        return made
    told = [*(number for command in commands for number in command.numbers), *body.numbers]
    numbers = unique(told or well_formed(subject))
    faults = (*number_faults(commands), *made.faults)
    return replace(made, replaces=numbers or subject.numbers, faults=faults)


def order_or_change(letter: Letter, subject: Subject, body: Body) -> Request:
    """An order; where its subject names another one ("revised order MO-..."), perhaps that one changed: asked back."""
    if not subject.about:
        return order(letter, subject, body, quote=False)
    made = order(letter, subject, body, quote=False, changes=True)
    if not isinstance(made, PlaceOrder):
        return made
    numbers = well_formed(subject)
    wrong = [Fault(None, about.upper(), Reason.NOT_AN_ORDER_NUMBER) for about in subject.about if about not in numbers]
    faults = unique([*wrong, *made.faults, Fault(None, subject.text[:200], Reason.CORRECTION_IN_PROSE)])
    return replace(made, replaces=numbers, faults=faults)


def well_formed(subject: Subject) -> tuple[str, ...]:
    return named_orders(" ".join(subject.about)).numbers
