"""How much a letter's sender may be answered: a forged one must not make us deliver a catalogue to somebody else."""

from collections.abc import Mapping

from daemon.decide.shapes import Case, Facts
from daemon.decide.thread import mail_answered
from daemon.letter import Verdict
from store.facts import QueuedMail


def is_believed(case: Case, threads: Mapping[str, QueuedMail]) -> bool:
    """Whether an answer may be larger than a few KB: her domain vouches for the letter, or it answers a mail of ours
    that only she was sent. That alone is no proof for what is personal (`daemon.decide.proving`).
    """
    if case.letter.verdict is Verdict.PASS or case.proof or case.released:
        return True
    return mail_answered(case, threads) is not None


def has_no_address(case: Case, facts: Facts) -> bool:
    """Whether a one-tap order has to leave room for the address, because there is no last one to send it to."""
    proven = case.letter.verdict is Verdict.PASS
    return case.hashed_email is None or facts.address_of(case.hashed_email, proven) is None
