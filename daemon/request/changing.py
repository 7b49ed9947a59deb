"""An order that takes the place of another one, out of a letter that says so."""

from collections.abc import Sequence
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.asking import number_faults, unique
from daemon.request.commands import Command
from daemon.request.ordering import order
from daemon.request.page import Body
from daemon.request.shapes import PlaceOrder, Request
from daemon.request.subject import Subject


def change(letter: Letter, subject: Subject, body: Body, commands: Sequence[Command]) -> Request:
    """The whole order as it is to be, and which it replaces; a person when the letter is rather about one."""
    made = order(letter, subject, body, quote=False, changes=True)
    if not isinstance(made, PlaceOrder):
        return made
    numbers = unique([*(number for command in commands for number in command.numbers), *body.numbers])
    faults = (*number_faults(commands), *made.faults)
    return replace(made, replaces=numbers or subject.numbers, faults=faults)
