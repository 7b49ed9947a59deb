"""The proof that a letter is from whom it names: a yes to the question that only she was sent."""

from dataclasses import replace
from datetime import datetime, timedelta

from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back
from daemon.letter import Verdict
from daemon.request.agreeing import agrees
from daemon.request.shapes import Ask, AskKind, Fault, ForPerson, Reason, Yes
from store.facts import Outcome, QueuedMail

VALID = timedelta(days=1)
"""How long a question waits for its yes, counted from its own making to the arrival of the reply."""


def needs_proof(case: Case) -> bool:
    """Whether what tells or erases personal history has to be asked back first (design section 6)."""
    return case.letter.verdict is not Verdict.PASS and not (case.proof or case.released)


def ask_proof(request: Ask, now: datetime) -> Decision:
    """Nothing is told yet: the sender's address is asked whether it asked for this. The reply is the proof.

    The question carries what was asked by its kind alone, no word of the letter; its Message-ID is 128 random bits
    that nobody else has seen.
    """
    facts = {"asked": request.kind.value, "until": (now + VALID).isoformat()}
    return Decision(Outcome.HELD, "proof_asked", (Answer("prove", facts=facts),))


def agreed(case: Case, answered: QueuedMail | None) -> Case:
    """A yes to such a question is the request that was asked back, now proven; a yes beside other words is read by a
    person, and every other letter stays as it is.
    """
    if answered is None or answered.mail.kind != "prove":
        return case
    asked = AskKind(answered.mail.facts["asked"])
    if agrees(case.letter, asked):
        return replace(case, request=Ask(asked), proof=answered.mail.token)
    said_yes = isinstance(case.request, Yes) and replace(case.request, faults=(), ship_to=None) == Yes()
    return replace(case, request=ForPerson("doubt")) if said_yes else case


def refuse_proof(case: Case, request: Ask, facts: Facts) -> Decision | None:
    """A proof counts once and for a day; None when it does, or when the letter brings none."""
    if case.proof is None:
        return None
    asked_at = facts.threads[case.proof].created_at
    if case.proof in facts.spent:
        reason = Reason.PROOF_SPENT
    elif case.arrived_at - asked_at > VALID:
        reason = Reason.PROOF_TOO_OLD
    else:
        return None
    return ask_back(case, request.kind.value, (Fault(None, "", reason),), facts)
