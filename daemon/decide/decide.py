"""One letter to one decision: first whom to believe and whom to answer, then what was asked."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import assert_never

from daemon.config import Config
from daemon.decide.asking import decide_ask
from daemon.decide.believing import lean
from daemon.decide.cancelling import decide_cancel
from daemon.decide.changing import decide_change
from daemon.decide.consent import heard
from daemon.decide.declining import decide_no
from daemon.decide.ordering import decide_order
from daemon.decide.quoting import decide_quote
from daemon.decide.several import decide_several
from daemon.decide.shapes import Answer, Case, Decision, Facts
from daemon.decide.telling import ask_back, for_person, passed_on_besides, told_what_was_done
from daemon.decide.yes import decide_yes
from daemon.letter import Verdict
from daemon.request.shapes import (
    Ask,
    Automatic,
    Bounced,
    CancelOrder,
    ForPerson,
    PlaceOrder,
    Several,
    Unclear,
    Unreadable,
    Yes,
)
from store.facts import Outcome

COURTESIES = frozenset({"passed_on", "unclear", "too_large", "slow_down"}) | {
    *("my_orders", "status", "products", "recommend", "quote", "help"),
    *("prove", "own_data", "erased", "not_erased", "wish", "transcript", "declined"),
}
"""Answers that an automatic forwarder must not trigger (RFC 3834 section 2); what concerns an order is always told."""


def decide(case: Case, facts: Facts, config: Config, now: datetime) -> Decision:
    """What becomes of the letter; pure, and total: every letter gets exactly one decision."""
    decision = set_aside_unread(case, facts, config) or decide_request(case, facts, config, now)
    decision = heard(case, decision, facts)
    decision = lean(case, told_what_was_done(decision), facts)
    if case.letter.auto_forwarded:
        answers = tuple(answer for answer in decision.answers if answer.kind not in COURTESIES)
        decision = replace(decision, answers=answers)
    return decision


def set_aside_unread(case: Case, facts: Facts, config: Config) -> Decision | None:
    """Letters whose request is not looked at, because of who sent them or when; None for all others."""
    if isinstance(case.request, Automatic | Bounced):
        return None
    if case.old and not case.released:
        return Decision(Outcome.HELD, "first_contact")
    if case.letter.verdict is Verdict.FAIL and not case.released:
        return Decision(Outcome.HELD, "sender_not_believed")
    if case.hashed_email is None:
        return None
    braked = None if case.released else governed(case, facts, config)
    if braked is None and case.hashed_email in facts.suppressed:
        return unmailed(case, facts)
    return braked


def unmailed(case: Case, facts: Facts) -> Decision:
    """For a person, who is told why we do not write to its sender."""
    if case.hashed_email in facts.erased:
        return replace(for_person(case, facts, "was_erased", tell=False), reason="suppressed")
    return for_person(case, facts, "suppressed", tell=False)


def governed(case: Case, facts: Facts, config: Config) -> Decision | None:
    """The brake on loops: over the limit of letters an hour that led to mail, one notice and then silence; nothing is
    booked. What goes to the human counts too: a robot may answer there.

    A letter of several commands is answered by several mails, so the limit may be passed without having been met.
    """
    limit = config.conduct.answers_per_hour
    if facts.answers.get(case.hashed_email or "", 0) < limit:
        return None
    notice = Answer("slow_down", facts={"limit": limit, "minutes": 60})
    silent = case.hashed_email in facts.slowed or case.hashed_email in facts.suppressed
    return Decision(Outcome.HELD, "too_many_letters", () if silent else (notice,))


def decide_request(case: Case, facts: Facts, config: Config, now: datetime) -> Decision:
    request = case.request
    match request:
        case Automatic():
            return Decision(Outcome.IGNORED, request.reason)
        case Bounced():
            return decide_bounce(request, facts)
        case Unreadable():
            return for_person(case, facts, request.reason, tell=False)
    if not case.whole:
        return too_large(case, config)
    match request:
        case PlaceOrder():
            if request.replaces is not None:
                changed = decide_change(case, request, facts, config, now)
                beside = request.beside if changed.change else ""
                return passed_on_besides(case, beside, changed, facts)
            if request.quote:
                return passed_on_besides(case, request.beside, decide_quote(case, request, facts, config), facts)
            return decide_order(case, request, facts, config, now)
        case CancelOrder():
            return decide_cancel(case, request, facts, now)
        case Yes():
            return decide_yes(case, request, facts, config, now)
        case Ask():
            return passed_on_besides(case, request.beside, decide_ask(case, request, facts, config, now), facts)
        case Several():
            each = partial(decide_request, config=config, now=now)
            return decide_several(case, request, facts, each, now)
        case ForPerson():
            return decide_no(case, facts) or for_person(case, facts, request.reason)
        case Unclear():
            return ask_back(case, request.kind, request.faults, facts)
        case _:
            assert_never(request)


def decide_bounce(bounce: Bounced, facts: Facts) -> Decision:
    """Only who received a mail of ours can name its Message-ID, so a bounce that names none proves nothing."""
    mails = [facts.threads[token] for token in bounce.tokens if token in facts.threads]
    hashes = tuple(sorted({mail.mail.hashed_email for mail in mails if mail.mail.hashed_email}))
    if not mails:
        return Decision(Outcome.IGNORED, "bounce_unknown")
    if not bounce.hard:
        return Decision(Outcome.IGNORED, "bounce_soft")
    return Decision(Outcome.IGNORED, "bounce_hard", suppress=hashes, order_number=mails[0].mail.order_number)


def too_large(case: Case, config: Config) -> Decision:
    answer = Answer("too_large", facts={"size": case.size, "limit": config.limits.letter_bytes})
    return Decision(Outcome.REFUSED, "too_large", (answer,))
