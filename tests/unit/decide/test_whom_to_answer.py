"""Section 6 of the design: whom to believe, whom to answer, and whom never."""

from collections import deque
from datetime import timedelta
from typing import Any

import pytest

from daemon.config import ConductConfig, Config
from daemon.decide import Case, Facts, decide
from daemon.decide.asking import ANSWERS
from daemon.letter import Verdict
from daemon.request.shapes import (
    Ask,
    AskKind,
    Automatic,
    Bounced,
    CancelOrder,
    Fault,
    ForPerson,
    PlaceOrder,
    Reason,
    Request,
    Unclear,
    Unreadable,
    Yes,
)
from store.facts import Outcome, Role
from tests.unit.decide.by_hand import (
    ADA,
    BEN,
    CONFIG,
    HOME,
    LAMP,
    NOW,
    NUMBER,
    an_order,
    case,
    known,
    later,
    our_mail,
    the_answer,
    unchanged,
    wants,
)

QUESTION = ForPerson("question")
LIMITED = Config.model_construct(conduct=ConductConfig(answers_per_hour=3))
EVERY_COMMAND: list[Request] = [
    wants((LAMP, 1)),
    CancelOrder((NUMBER,)),
    Yes((NUMBER,)),
    Ask(AskKind.HELP),
    QUESTION,
    Unclear("order", (Fault(None, "", Reason.SEVERAL_COMMANDS),)),
]


def outcome(case: Case, facts: Facts, config: Config = CONFIG) -> tuple[Outcome, str]:
    decision = decide(case, facts, config, NOW)
    return decision.outcome, decision.reason


def test_a_machine_gets_no_answer() -> None:
    decision = decide(case(Automatic("auto_submitted")), known(), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.IGNORED, "auto_submitted")
    assert not decision.answers
    assert unchanged(decision)


def test_a_machine_needs_no_sender_and_is_never_held() -> None:
    asked = case(Automatic("list"), sender=None, old=True, verdict=Verdict.FAIL)
    assert outcome(asked, known()) == (Outcome.IGNORED, "list")


def bounce(token: str = "mail", hard: bool = True) -> Bounced:
    return Bounced((f"{token}@shop.example",), hard, "5.1.1" if hard else "4.2.2")


def test_a_hard_bounce_of_our_mail_ends_mail_to_whom_it_was_for() -> None:
    order = an_order()
    decision = decide(case(bounce(), sender=None), known(mails=[our_mail(order, to=ADA)]), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.IGNORED, "bounce_hard")
    assert decision.suppress == (ADA,)
    assert decision.order_number == order.number
    assert not decision.answers


def test_a_soft_bounce_ends_nothing() -> None:
    decision = decide(case(bounce(hard=False)), known(mails=[our_mail()]), CONFIG, NOW)
    assert decision.reason == "bounce_soft"
    assert unchanged(decision)


def test_a_bounce_of_no_mail_of_ours_ends_nothing() -> None:
    decision = decide(case(bounce("forged")), known(mails=[our_mail()]), CONFIG, NOW)
    assert decision.reason == "bounce_unknown"
    assert unchanged(decision)


def test_a_bounced_report_suppresses_nobody() -> None:
    """A mail to the operator has no correspondent behind it."""
    report = our_mail(to="")
    decision = decide(case(bounce()), known(mails=[report]), CONFIG, NOW)
    assert decision.suppress == ()


def test_a_bounce_counts_however_old_and_whatever_the_verdict() -> None:
    found = decide(case(bounce(), verdict=Verdict.FAIL, old=True), known(mails=[our_mail()]), CONFIG, NOW)
    assert found.suppress == (ADA,)


@pytest.mark.parametrize("request_", EVERY_COMMAND, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize(
    ("said", "reason"),
    [({"old": True}, "first_contact"), ({"verdict": Verdict.FAIL}, "sender_not_believed")],
    ids=["old", "not believed"],
)
def test_what_is_old_or_not_believed_is_held_unanswered(request_: Request, said: dict[str, Any], reason: str) -> None:
    decision = decide(case(request_, **said), known(an_order()), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.HELD, reason)
    assert not decision.answers
    assert unchanged(decision)


@pytest.mark.parametrize("said", [{"old": True}, {"verdict": Verdict.FAIL}], ids=["old", "not believed"])
def test_the_operator_vouches_for_a_released_letter(said: dict[str, Any]) -> None:
    assert outcome(case(wants((LAMP, 1)), released=True, **said), known()) == (Outcome.DONE, "placed")


@pytest.mark.parametrize("verdict", [Verdict.NONE, Verdict.PASS])
def test_without_a_verdict_or_with_a_good_one_orders_are_taken(verdict: Verdict) -> None:
    assert outcome(case(wants((LAMP, 1)), verdict=verdict), known()) == (Outcome.DONE, "placed")


@pytest.mark.parametrize("request_", EVERY_COMMAND, ids=lambda one: type(one).__name__)
@pytest.mark.parametrize("released", [False, True])
def test_whom_mail_does_not_reach_a_person_reads(request_: Request, released: bool) -> None:
    decision = decide(case(request_, released=released), known(an_order(), suppressed={ADA}), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.PERSON, "suppressed")
    assert [answer.role for answer in decision.answers] == [Role.HUMAN]
    assert unchanged(decision)


def test_the_suppression_of_one_is_none_of_another() -> None:
    assert outcome(case(wants((LAMP, 1))), known(suppressed={BEN}))[0] is Outcome.DONE


@pytest.mark.parametrize("request_", EVERY_COMMAND, ids=lambda one: type(one).__name__)
def test_the_governor_first_gives_notice_then_is_silent(request_: Request) -> None:
    at_limit = decide(case(request_), known(an_order(), answers={ADA: 3}, slowed={BEN}), LIMITED, NOW)
    beyond = decide(case(request_), known(an_order(), answers={ADA: 4}, slowed={ADA}), LIMITED, NOW)
    assert (at_limit.outcome, at_limit.reason) == (beyond.outcome, beyond.reason) == (Outcome.HELD, "too_many_letters")
    assert the_answer(at_limit).kind == "slow_down"
    assert the_answer(at_limit).facts == {"limit": 3, "minutes": 60}
    assert not beyond.answers
    assert unchanged(at_limit)
    assert unchanged(beyond)


@pytest.mark.parametrize("answers", [3, 4, 50])
def test_the_notice_comes_also_where_the_limit_was_jumped_over(answers: int) -> None:
    facts = known(answers={ADA: answers})
    first = decide(case(wants((LAMP, 1))), facts, LIMITED, NOW)
    facts.absorb(case(wants((LAMP, 1))), first, NOW)
    second = decide(case(wants((LAMP, 1))), facts, LIMITED, NOW)
    assert [[answer.kind for answer in one.answers] for one in (first, second)] == [["slow_down"], []]


def test_below_the_limit_of_the_governor_all_is_as_usual() -> None:
    assert outcome(case(wants((LAMP, 1))), known(answers={ADA: 2, BEN: 100}), LIMITED) == (Outcome.DONE, "placed")


def test_the_operator_overrules_the_governor() -> None:
    asked = case(wants((LAMP, 1)), released=True)
    assert outcome(asked, known(answers={ADA: 100}), LIMITED) == (Outcome.DONE, "placed")


def test_a_cancellation_that_the_governor_held_still_wins_when_released_after_the_deadline() -> None:
    order = an_order()
    asked = case(CancelOrder((order.number,)), arrived_at=order.cancel_until)
    afterwards = order.cancel_until + timedelta(days=2)
    assert decide(asked, known(order, answers={ADA: 9}), LIMITED, afterwards).reason == "too_many_letters"
    sent_round = case(CancelOrder((order.number,)), arrived_at=order.cancel_until, released=True, reopened=True)
    assert decide(sent_round, known(order, answers={ADA: 9}), LIMITED, afterwards).cancel == (order,)


def test_no_conversation_outlives_the_governor() -> None:
    """A robot that answers every answer: in one hour it gets the limit, the notice and nothing more."""
    facts = known()
    mails = 0
    for _ in range(50):
        asked = case(Ask(AskKind.HELP))
        decision = decide(asked, facts, LIMITED, NOW)
        facts.absorb(asked, decision, NOW)
        mails += len(decision.answers)
    assert mails == 3 + 1


def test_whom_mail_does_not_reach_comes_to_rest_without_a_word() -> None:
    facts = known(suppressed={ADA})
    asked = [case(QUESTION) for _ in range(50)]
    decisions = []
    for each in asked:
        decisions.append(decide(each, facts, LIMITED, NOW))
        facts.absorb(each, decisions[-1], NOW)
    assert [one.outcome for one in decisions] == [Outcome.PERSON] * 3 + [Outcome.HELD] * 47
    assert {answer.kind for one in decisions for answer in one.answers} == {"forward"}


def test_two_robots_come_to_rest_also_where_one_is_the_human_of_the_shop() -> None:
    """Each writes again, in prose and as no machine, for every mail of ours that reaches it."""
    facts = known()
    waiting = deque([case(QUESTION, ADA)])
    mails = 0
    while waiting and mails < 500:
        asked = waiting.popleft()
        decision = decide(asked, facts, LIMITED, NOW)
        facts.absorb(asked, decision, NOW)
        mails += len(decision.answers)
        waiting.extend(case(QUESTION, "hash-of-human" if one.role else asked.hashed_email) for one in decision.answers)
    # Ada's letter and her answer to "passed on"; from the human the limit of letters, "passed on" and "slow down".
    assert mails == (2 + 1) + (3 + 1 + 1)


def test_a_letter_too_large_is_told_so_by_its_size() -> None:
    decision = decide(case(wants((LAMP, 1)), whole=False, size=9_000_000), known(), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "too_large")
    assert the_answer(decision).facts == {"size": 9_000_000, "limit": CONFIG.limits.letter_bytes}
    assert unchanged(decision)


def test_a_machine_is_not_told_that_it_sent_too_much() -> None:
    assert not decide(case(Automatic("bulk"), whole=False), known(), CONFIG, NOW).answers


def test_every_question_has_its_answer() -> None:
    assert set(ANSWERS) == set(AskKind)


def test_a_quote_books_nothing() -> None:
    decision = decide(case(wants((LAMP, 1), quote=True)), known(), CONFIG, NOW)
    assert (decision.outcome, decision.reason, the_answer(decision).kind) == (Outcome.DONE, "quoted", "quote")
    assert unchanged(decision)


def test_a_letter_for_a_person_is_passed_on_whole_and_the_sender_is_told() -> None:
    asked = case(QUESTION, subject="Do you sell rugs?")
    decision = decide(asked, known(), CONFIG, NOW)
    forward, told = decision.answers
    assert (decision.outcome, decision.reason) == (Outcome.PERSON, "question")
    assert (forward.role, forward.with_letter, forward.facts) == (Role.HUMAN, True, {})
    assert forward.words == {"from": "ada@customer.example", "subject": "Do you sell rugs?", "reason": "question"}
    assert (told.kind, told.role) == ("passed_on", None)


def test_who_was_told_today_is_not_told_again() -> None:
    decision = decide(case(QUESTION), known(told={ADA}), CONFIG, NOW)
    assert [answer.kind for answer in decision.answers] == ["forward"]


def test_what_cannot_be_read_goes_to_a_person_without_a_word() -> None:
    decision = decide(case(Unreadable("two_senders"), sender=None), known(), CONFIG, NOW)
    assert (decision.outcome, decision.reason) == (Outcome.PERSON, "two_senders")
    assert [answer.role for answer in decision.answers] == [Role.HUMAN]


def test_what_is_unclear_is_asked_back_with_the_words_in_the_vault() -> None:
    fault = Fault(3, "cancel it or not", Reason.SUBJECT_AND_BODY_DIFFER)
    decision = decide(case(Unclear("cancel", (fault,))), known(), CONFIG, NOW)
    answer = the_answer(decision)
    assert (decision.outcome, decision.reason) == (Outcome.REFUSED, "subject_and_body_differ")
    assert answer.facts == {}
    assert answer.words["kind"] == "cancel"
    assert [told["text"] for told in answer.words["faults"]] == ["cancel it or not"]


@pytest.mark.parametrize(
    "said",
    [
        {"request": Ask(AskKind.HELP)},
        {"request": QUESTION},
        {"request": Unclear("order", (Fault(None, "", Reason.EMPTY),))},
        {"request": wants((LAMP, 1)), "whole": False},
    ],
    ids=["not yet", "person", "unclear", "too large"],
)
def test_a_forwarder_gets_no_courtesies(said: dict[str, Any]) -> None:
    decision = decide(case(auto_forwarded=True, **said), known(), CONFIG, NOW)
    assert [answer for answer in decision.answers if answer.role is None] == []


def test_a_forwarder_gets_no_notice_of_the_governor() -> None:
    assert not decide(case(QUESTION, auto_forwarded=True), known(answers={ADA: 3}), LIMITED, NOW).answers


def test_a_forwarded_question_still_reaches_a_person() -> None:
    decision = decide(case(QUESTION, auto_forwarded=True), known(), CONFIG, NOW)
    assert [answer.kind for answer in decision.answers] == ["forward"]


@pytest.mark.parametrize(
    ("request_", "kind"),
    [
        (wants((LAMP, 1)), "confirmation"),
        (wants((LAMP, 99)), "refusal"),
        (CancelOrder((NUMBER,)), "cancellation"),
        (PlaceOrder(wants((LAMP, 2)).items, HOME), "held"),
    ],
    ids=["placed", "refused", "cancelled", "held"],
)
def test_a_forwarded_order_counts_and_what_concerns_it_is_told(request_: Request, kind: str) -> None:
    decision = decide(case(request_, auto_forwarded=True), known(an_order(arrived_at=later(minutes=1))), CONFIG, NOW)
    assert the_answer(decision).kind == kind
