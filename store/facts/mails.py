"""Mails to be sent and what came of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.facts.text import JSON

ERASED_MAIL = "erased"  # the kind of the last mail to who was erased, which says so


class MailState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"


class Role(StrEnum):
    """A recipient whose address stands in the configuration, not in the vault."""

    OPERATOR = "operator"
    HUMAN = "human"
    STAFF = "staff"  # the one whose name in the configuration is facts["recipient"]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to be sent: what it tells in plain facts, to whom by hash or by role.

    `facts` never hold an address, a name or a street; what must repeat the customer's own words
    lies in the vault under `enclosure_id` until the mail is sent. `event_key` makes the same
    event's mail impossible to enqueue twice. `token` is the local part of its Message-ID.
    """

    token: str
    event_key: str
    kind: str
    facts: JSON
    due_at: datetime
    hashed_email: str | None = None
    role: Role | None = None
    letter_id: str | None = None
    order_number: str | None = None
    enclosure_id: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class QueuedMail:
    """A row of the outbox: the mail and how far it has come."""

    id: int
    mail: Mail
    state: MailState
    attempts: int
    created_at: datetime
    settled_at: datetime | None = None
    last_reply: str | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """What came of sending a claimed mail; `due_at` is when to try again, given exactly when it goes back to QUEUED."""

    id: int
    state: MailState
    at: datetime
    due_at: datetime | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxHealth:
    """How the outbox stands: rows waiting to be sent, being sent, given up; `oldest_due` is of those waiting."""

    waiting: int
    sending: int
    dead: int
    oldest_due: datetime | None = None
    last_sent_at: datetime | None = None
