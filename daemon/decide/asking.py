"""Questions: each kind with the function that answers it."""

from collections.abc import Callable, Mapping
from datetime import datetime

from daemon.config import Config
from daemon.decide.consent import decide_start, decide_stop
from daemon.decide.proving import refuse_proof
from daemon.decide.reporting import decide_report
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.request.shapes import Ask, AskKind
from store.facts import Outcome

Answering = Callable[[Case, Ask, Facts, Config, datetime], Decision]

ANSWERS: Mapping[AskKind, Answering] = {
    AskKind.STOP: decide_stop,
    AskKind.START: decide_start,
    AskKind.REPORT: decide_report,
}


def decide_ask(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """What a question is answered, by its kind alone; whether its sender is believed enough is each answer's matter."""
    refused = refuse_proof(case, request, facts)
    if refused is not None:
        return refused
    answer = ANSWERS.get(request.kind)
    return not_yet(request.kind.value) if answer is None else answer(case, request, facts, config, now)


def not_yet(kind: str) -> Decision:
    return Decision(Outcome.REFUSED, "not_yet", (Answer("not_yet", facts={"kind": kind}),))
