"""What a relay's answer means for a row of the outbox: pure arithmetic."""

from datetime import datetime, timedelta

from daemon.config import OutboxConfig
from daemon.post.shapes import Receipt, State
from store.facts import OFFER, MailState, QueuedMail, Settlement

DEAD_ADDRESS = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
"""Enhanced codes that say the address itself is dead (RFC 3463 section 3), unlike policy or a full mailbox."""


def retry_at(now: datetime, attempts: int, first: float, longest: float) -> datetime:
    """When to try again after so many attempts: doubling from `first` seconds up to `longest`."""
    return now + timedelta(seconds=min(longest, first * 2.0 ** min(attempts - 1, 30)))


def settle(queued: QueuedMail, receipt: Receipt, config: OutboxConfig, now: datetime) -> Settlement:
    """Sent, later or never. A connection lost after DATA counts as later: the same Message-ID goes out again, but an
    offer, which may have been taken, does not.

    While the relay itself is away the pauses do not grow, so that mail flows soon after it is back.
    """
    if receipt.state is State.ACCEPTED:
        return Settlement(queued.id, MailState.SENT, now, None, receipt.reply)
    if receipt.unknown and queued.mail.kind == OFFER:
        return Settlement(queued.id, MailState.EXPIRED, now, None, f"it may have been taken: {receipt.reply}")
    given_up = now - queued.created_at >= timedelta(hours=config.give_up_after_hours)
    if receipt.state is State.PERMANENT or given_up:
        return Settlement(queued.id, MailState.DEAD, now, None, receipt.reply)
    attempts = queued.attempts if receipt.tried else 1
    due_at = retry_at(now, attempts, config.first_retry_seconds, config.longest_retry_seconds)
    return Settlement(queued.id, MailState.QUEUED, now, due_at, receipt.reply)


def is_dead_address(receipt: Receipt) -> bool:
    """Whether the relay said for good that nobody lives there; then no mail goes there any more.

    What it says to MAIL is about us.
    """
    return receipt.state is State.PERMANENT and receipt.stage != "mail" and receipt.status in DEAD_ADDRESS
