"""A letter of several commands: each with the line it stands on, as far as the lines make sense."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.letter import Letter
from daemon.request.asking import against_cancelling, ask, cancel, unsigned
from daemon.request.commands import Command
from daemon.request.doubt import Doubt, doubt_in, gravest, reason_for_person
from daemon.request.ordering import FOR_A_PERSON
from daemon.request.page import Body
from daemon.request.regrets import is_regret
from daemon.request.shapes import Ask, AskKind, Fault, ForPerson, Reason, Request, Several, Step, Unclear
from daemon.request.subject import Subject

MOST_STEPS = 5
"""Each is answered by a mail of its own; a letter must not be answered at many times its size."""

MOST_UNREAD = 3
"""Lines that make no sense; after so many the rest was hardly written as commands."""

TOGETHER = frozenset({"cancel", AskKind.STATUS.value})
"""Commands whose numbers are one request, however many lines they stand on."""

EACH = frozenset(kind.value for kind in AskKind) - {AskKind.AGAIN.value, AskKind.MORE.value}
"""Commands that may stand beside others. What books is asked back: a letter books one order, and certainly that."""


def several(letter: Letter, subject: Subject, body: Body, commands: Sequence[Command]) -> Request | None:
    """The commands one by one when there are several; None when the letter asks one thing alone."""
    groups = grouped(commands)
    if len(groups) < 2:
        return None
    cancels = "cancel" in kinds_of(groups)
    beside = [line for line in unsigned(letter, body) if not (cancels and is_regret(line[1]))]
    doubt = gravest([one for _, text in beside if (one := doubt_in(text, additions=False)) is not None])
    if doubt in (*FOR_A_PERSON, Doubt.QUESTION):
        person = ForPerson(reason_for_person(doubt))
        stops = [group for group in groups if group[0].kind == AskKind.STOP]
        # A stop is always heard; a person reads the rest.
        return Several((made(letter, subject, body, stops[0]), Step(None, "", person))) if stops else person
    if doubt is not None or body.numbers or body.items or not EACH.issuperset(kinds_of(groups) - {"cancel"}):
        text = " / ".join(command.text for command in commands[:4])[:200]
        return Unclear(groups[0][0].kind, (Fault(None, text, Reason.SEVERAL_COMMANDS),))
    uncertain = against_cancelling(letter, subject, body)
    steps = [made(letter, subject, body, group, uncertain) for group in without_starting(groups)]
    unread = [Step(number, text.strip()[:200]) for number, text in beside]
    return as_far_as_it_goes(sorted([*steps, *unread], key=lambda step: step.line or 0))


def grouped(commands: Sequence[Command]) -> list[list[Command]]:
    """Commands that are one request, in order of appearance; who says a thing twice asks it once."""
    found: dict[tuple[object, ...], list[Command]] = {}
    for command in commands:
        about = () if command.kind in TOGETHER else (command.numbers, command.argument, command.cents)
        found.setdefault((command.kind, *about), []).append(command)
    return list(found.values())


def without_starting(groups: Sequence[Sequence[Command]]) -> list[Sequence[Command]]:
    """Who says both stop and start is not sent any offers: that is what can be taken back."""
    stops = AskKind.STOP in kinds_of(groups)
    return [group for group in groups if not (stops and group[0].kind == AskKind.START)]


def kinds_of(groups: Sequence[Sequence[Command]]) -> set[str]:
    return {group[0].kind for group in groups}


def made(letter: Letter, subject: Subject, body: Body, group: Sequence[Command], uncertain: str = "") -> Step:
    """The request of commands that belong together, as if they stood alone in their letter; a person reads a
    cancellation that is `uncertain`.
    """
    alone = replace(body, commands=list(group), before=[], after=[], unread=[])
    text = " / ".join(command.text for command in group)[:200]
    if group[0].kind == "cancel":
        return Step(group[0].line, text, ForPerson(uncertain) if uncertain else cancel(letter, subject, alone, None))
    return Step(group[0].line, text, ask(letter, AskKind(group[0].kind), alone, group))


def as_far_as_it_goes(steps: Sequence[Step]) -> Several:
    kept = tuple(bounded(steps))
    return Several(kept, left_out=len(steps) - len(kept))


def bounded(steps: Sequence[Step]) -> Iterator[Step]:
    """The steps up to the last that is done, or to the line that was one too many; behind it a stop alone."""
    done = unread = 0
    for step in steps:
        over = done >= MOST_STEPS or unread >= MOST_UNREAD
        if over and not is_stop(step):
            continue
        done, unread = done + (step.request is not None), unread + (step.request is None)
        yield step


def is_stop(step: Step) -> bool:
    return isinstance(step.request, Ask) and step.request.kind is AskKind.STOP
