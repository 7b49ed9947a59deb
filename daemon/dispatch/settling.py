"""What a relay's answer means for a row of the outbox: pure arithmetic."""

import re
from datetime import datetime, timedelta

from daemon.config import OutboxConfig
from daemon.post.smtp import Delivery, Receipt
from store.facts import MailState, QueuedMail, Settlement

NO_SUCH_MAILBOX = re.compile(r"\b5\.1\.(?:1|2|3|6|10)\b|\b5\.2\.1\b")
"""Enhanced codes (RFC 3463, RFC 7505) that say the address itself is dead; policy and full mailboxes say nothing of the kind."""


def retry_at(now: datetime, attempts: int, first: float, longest: float) -> datetime:
    """When to try again after so many attempts: doubling from `first` seconds up to `longest`."""
    return now + timedelta(seconds=min(longest, first * 2.0 ** min(attempts - 1, 30)))


def settle(queued: QueuedMail, receipt: Receipt, config: OutboxConfig, now: datetime) -> Settlement:
    """Sent, later or never. A connection lost after DATA counts as later: the same Message-ID goes out again."""
    if receipt.delivery is Delivery.ACCEPTED:
        return Settlement(queued.id, MailState.SENT, now, None, receipt.reply)
    given_up = now - queued.created_at >= timedelta(hours=config.give_up_after_hours)
    if receipt.delivery is Delivery.PERMANENT or given_up:
        return Settlement(queued.id, MailState.DEAD, now, None, receipt.reply)
    due_at = retry_at(now, queued.attempts, config.first_retry_seconds, config.longest_retry_seconds)
    return Settlement(queued.id, MailState.QUEUED, now, due_at, receipt.reply)


def is_dead_address(receipt: Receipt) -> bool:
    return receipt.delivery is Delivery.PERMANENT and bool(NO_SUCH_MAILBOX.search(receipt.reply))
