"""How much a letter's sender may be answered: a forged one must not make us deliver a catalogue to somebody else."""

from collections.abc import Mapping
from dataclasses import replace

from daemon.decide.shapes import Case, Decision, Facts
from daemon.decide.thread import mail_answered
from daemon.letter import Verdict
from daemon.request.shapes import Several
from store.facts import QueuedMail


def is_believed(case: Case, threads: Mapping[str, QueuedMail]) -> bool:
    """Whether an answer may be larger than a few KB: her domain vouches for the letter, or it answers a mail of ours
    that only she was sent. That alone is no proof for what is personal (`daemon.decide.proving`).
    """
    if case.letter.verdict is Verdict.PASS or case.proof or case.released:
        return True
    return mail_answered(case, threads) is not None


ABOUT_AN_ORDER = frozenset({"confirmation", "held", "changed"})
"""Mails as large as the order that they tell, which has its own bounds; nobody else's letter brings them about."""


def lean(case: Case, decision: Decision, facts: Facts) -> Decision:
    """The decision with its answers to its sender marked to be small (`daemon.wording.lean`), unless believed."""
    if is_believed(case, facts.threads):
        return decision
    # Where one letter leads to several mails, none of them has the weight of HTML.
    size = "text" if isinstance(case.request, Several) else "small"
    answers = tuple(
        answer
        if answer.role is not None or answer.kind in ABOUT_AN_ORDER
        else replace(answer, facts={**answer.facts, "lean": size})
        for answer in decision.answers
    )
    return replace(decision, answers=answers)


def has_no_address(case: Case, facts: Facts) -> bool:
    """Whether a one-tap order has to leave room for the address, because there is no last one to send it to."""
    proven = case.letter.verdict is Verdict.PASS
    return case.hashed_email is None or facts.address_of(case.hashed_email, proven) is None
