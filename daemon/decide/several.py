"""A letter of several commands: each decided in the light of those before it, and told line by line."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from daemon.decide.believing import is_believed
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.request.shapes import Ask, AskKind, CancelOrder, ForPerson, Several, Step
from store.facts import JSON, Outcome

Deciding = Callable[[Case, Facts], Decision]
TOLD = {
    Outcome.DONE: "done",
    Outcome.HELD: "asked",
    Outcome.REFUSED: "refused",
    Outcome.PERSON: "person",
    Outcome.IGNORED: "refused",
    Outcome.FAILED: "refused",
}


def each_alone(case: Case) -> list[Case]:
    """The letter once for each command in it, so that the facts of each are gathered; any other as it is."""
    if not isinstance(case.request, Several):
        return [case]
    return [replace(case, request=step.request) for step in case.request.steps if step.request is not None]


def decide_several(case: Case, request: Several, facts: Facts, decide: Deciding, now: datetime) -> Decision:
    """One decision out of those of the steps: their effects together, their answers behind a transcript of the letter.

    `facts` stay as they are: they learn of it when the whole is absorbed.
    """
    running = facts.copied()
    decided: list[tuple[Step, Decision | None]] = []
    done = request.steps if is_believed(case, facts.threads) else foremost(request.steps)
    for step in request.steps:
        decision = None
        if step.request is not None and step in done:
            alone = replace(case, request=step.request)
            decision = decide(alone, running)
            running.absorb(alone, decision, now)
        decided.append((step, decision))
    made = [decision for _, decision in decided if decision is not None]
    transcript = Answer("transcript", facts=told(decided, request), words={"texts": [step.text for step, _ in decided]})
    return replace(together(made), answers=(transcript, *numbered(made)))


def foremost(steps: Sequence[Step]) -> Sequence[Step]:
    """What is done for who may not have written the letter, and whom we must not send many mails: one step, the first
    or the cancellation, since that cannot wait; a stop all the same, and what a person reads.
    """
    always = [step for step in steps if isinstance(step.request, ForPerson) or is_stop(step)]
    asked = [step for step in steps if step.request is not None and step not in always]
    return [*sorted(asked, key=lambda step: not isinstance(step.request, CancelOrder))[:1], *always]


def is_stop(step: Step) -> bool:
    return isinstance(step.request, Ask) and step.request.kind is AskKind.STOP


def together(made: Sequence[Decision]) -> Decision:
    """What all of them do. Each thing is done by one of them at most: no step books, and cancellations are one step."""
    done = next((one for one in made if one.outcome is Outcome.DONE), None)
    first = done or (made[0] if made else Decision(Outcome.REFUSED, "several_commands"))
    return Decision(
        first.outcome,
        "several" if made else first.reason,
        cancel=tuple(order for one in made for order in one.cancel),
        suppress=tuple(hashed for one in made for hashed in one.suppress),
        wishes=tuple(wish for one in made for wish in one.wishes),
        order_number=next((one.order_number for one in made if one.order_number), None),
        offers=next((one.offers for one in reversed(made) if one.offers is not None), None),
    )


def numbered(made: Iterable[Decision]) -> list[Answer]:
    """The answers, told apart where two are of one kind."""
    answers = [answer for one in made for answer in one.answers]
    return [replace(answer, part=f":{place}") for place, answer in enumerate(answers, 1)]


def state_of(step: Step, decision: Decision | None) -> str:
    if step.request is None:
        return "unread"
    return TOLD[decision.outcome] if decision is not None else "alone"


def told(decided: Sequence[tuple[Step, Decision | None]], request: Several) -> JSON:
    """The transcript without the customer's words, which go through the vault in the same order."""
    lines = [{"line": step.line, "state": state_of(step, decision)} for step, decision in decided]
    return {"lines": lines, "left_out": request.left_out}
