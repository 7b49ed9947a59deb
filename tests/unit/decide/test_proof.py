"""What tells personal history is asked back first; the yes to that question is the proof, once and for a day."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from daemon.decide import Case, Decision, Facts, decide
from daemon.decide.proving import VALID, agreed, ask_proof, needs_proof
from daemon.decide.thread import mail_answered
from daemon.letter import Verdict
from daemon.request.shapes import Ask, AskKind, Yes
from store.facts import Outcome, QueuedMail
from tests.unit.decide.by_hand import ADA, BEN, CONFIG, NOW, case, known, our_mail, the_answer

ASKED = Ask(AskKind.EXPORT)


def question(asked: Ask = ASKED, to: str = ADA, age: timedelta = timedelta()) -> QueuedMail:
    facts = the_answer(ask_proof(asked, NOW - age)).facts
    return replace(our_mail(to=to, kind="prove", facts=facts), created_at=NOW - age)


def said_yes(mail: QueuedMail, **said: Any) -> Case:
    told = case(Yes(), answering=["mail"], **said)
    return agreed(replace(told, letter=replace(told.letter, subject="Re: Please say yes", lines=((1, "yes"),))), mail)


def decided(mail: QueuedMail, facts: Facts | None = None, **said: Any) -> Decision:
    return decide(said_yes(mail, **said), facts or known(mails=[mail]), CONFIG, NOW)


@pytest.mark.parametrize(
    ("said", "needed"),
    [({}, True), ({"verdict": Verdict.PASS}, False), ({"proof": "token"}, False), ({"released": True}, False)],
)
def test_who_has_to_prove_it(said: Any, needed: bool) -> None:
    assert needs_proof(case(ASKED, **said)) is needed


@pytest.mark.parametrize("kind", [AskKind.MY_ORDERS, AskKind.EXPORT, AskKind.ERASE])
def test_the_question_carries_the_kind_of_the_request_and_nothing_else(kind: AskKind) -> None:
    decision = ask_proof(Ask(kind, "a word of the letter"), NOW)
    assert (decision.outcome, decision.reason) == (Outcome.HELD, "proof_asked")
    assert the_answer(decision).words == {}
    assert "word" not in str(the_answer(decision).facts)
    assert said_yes(question(Ask(kind))).request == Ask(kind)


def test_a_yes_to_another_mail_proves_nothing() -> None:
    assert said_yes(our_mail(kind="held")).proof is None


def test_a_yes_by_number_is_about_an_order() -> None:
    told = case(Yes(("MO-7K3F-9Q2D",)), answering=["mail"])
    assert agreed(told, question()) == told


def test_the_question_to_somebody_else_proves_nothing() -> None:
    mine = case(Yes(), answering=["mail"])
    assert agreed(mine, mail_answered(mine, {"mail": question(to=BEN)})) == mine


def test_a_yes_in_time_is_the_request() -> None:
    assert decided(question(age=VALID)).reason not in ("proof_too_old", "proof_spent", "proof_asked")


def test_a_yes_that_arrives_too_late_asks_again() -> None:
    decision = decided(question(age=VALID + timedelta(seconds=1)))
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "proof_too_old")


def test_a_yes_that_was_read_late_counts_by_its_arrival() -> None:
    mail = question(age=timedelta(days=3))
    assert decided(mail, arrived_at=mail.created_at + VALID).reason != "proof_too_old"


def test_a_proof_counts_once() -> None:
    mail = question()
    facts = known(mails=[mail])
    first = said_yes(mail)
    facts.absorb(first, decide(first, facts, CONFIG, NOW), NOW)
    assert decided(mail, facts).reason == "proof_spent"
    assert decided(mail, known(mails=[mail], spent={"mail"})).reason == "proof_spent"
