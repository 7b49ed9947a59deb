"""Which of our mails a letter answers, and so which order it means."""

from collections.abc import Mapping

from daemon.decide.shapes import Case, Facts
from store.facts import OFFER, QueuedMail


def token_of(message_id: str) -> str:
    """The local part of a Message-ID: 128 random bits in ours, so whoever repeats one has received that mail."""
    return message_id.rpartition("@")[0]


def answered_mail(case: Case, facts: Facts) -> QueuedMail | None:
    """The mail of ours that this letter answers first, if it was sent to this sender."""
    return mail_answered(case, facts.threads)


def mail_answered(case: Case, threads: Mapping[str, QueuedMail]) -> QueuedMail | None:
    """The same among mails by the token of their Message-ID."""
    for message_id in case.letter.replies_to:
        queued = threads.get(token_of(message_id))
        if queued is not None and queued.mail.hashed_email == case.hashed_email:
            return queued
    return None


def order_of_thread(case: Case, facts: Facts) -> tuple[str, ...]:
    """The one order that the answered mail is about; nothing when it showed several or none.

    Nor for an offer: it follows an order, and is about something else.
    """
    queued = answered_mail(case, facts)
    if queued is None or queued.mail.order_number is None or queued.mail.kind == OFFER:
        return ()
    if len(queued.mail.facts.get("results", ())) > 1:
        return ()
    return (queued.mail.order_number,)
