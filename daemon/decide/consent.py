"""Stop and start: whether somebody gets offers; mails about their orders come all the same."""

from dataclasses import replace
from datetime import datetime

from daemon.config import Config
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.thread import answered_mail
from daemon.letter import Verdict
from daemon.request.shapes import Ask, AskKind, ForPerson, Unclear
from daemon.request.stopping import only_refuses_offers, refuses_offers
from store.facts import OFFER, Outcome, QueuedMail

STOPPED = Answer("preferences", {"offers": False})


def decide_stop(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """No proof is asked for: who writes in another's name brings about nothing but fewer mails."""
    return Decision(Outcome.DONE, "stopped", (STOPPED,), offers=False)


def decide_start(case: Case, request: Ask, facts: Facts, config: Config, now: datetime) -> Decision:
    """For the sender alone, as everything; the answer goes to them, and says how to stop again."""
    return Decision(Outcome.DONE, "started", (Answer("preferences", {"offers": True}),), offers=True)


def heard(case: Case, decision: Decision, facts: Facts) -> Decision:
    """A stop is noted also where it is not answered: from one who is over the limit of letters, who gets no mail, or
    whose letter is too long or too old, or asks for something else besides, wherever in the letter it stands. Only a
    letter that is certainly not its sender's stops nothing.
    """
    request = case.request
    stops = case.says_stop or (isinstance(request, Ask | Unclear) and request.kind == AskKind.STOP)
    stops = stops or (answers_offer(answered_mail(case, facts)) and refuses_offers(case.letter))
    believed = case.letter.verdict is not Verdict.FAIL or case.released
    if not (stops and believed) or case.hashed_email is None:
        return decision
    answered = decision.outcome in (Outcome.DONE, Outcome.REFUSED, Outcome.PERSON) or decision.book is not None
    heard_beside = decision.offers is None and answered and not decision.erase
    told = any(answer.role is None for answer in decision.answers)
    answers = (*decision.answers, STOPPED) if heard_beside and told else decision.answers
    return replace(decision, offers=False, answers=answers)


def answers_offer(answered: QueuedMail | None) -> bool:
    return answered is not None and answered.mail.kind == OFFER


def as_stop(case: Case, answered: QueuedMail | None) -> Case:
    """A reply to an offer that says nothing but that no more are wanted, in words that are no command of ours."""
    if not answers_offer(answered) or not isinstance(case.request, ForPerson):
        return case
    return replace(case, request=Ask(AskKind.STOP)) if only_refuses_offers(case.letter) else case
