"""Letters as they are remembered, and their mailboxes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a letter; each has a folder of its own in the mailbox."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"
    PERSON = "person"
    IGNORED = "ignored"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class LetterRecord:
    """What is kept of a letter: no word of it, only what was made of it.

    `message_key` is None when the letter has no Message-ID or repeats a letter already known.
    """

    letter_id: str
    mailbox: str
    uidvalidity: int
    uid: int
    digest: str
    arrived_at: datetime
    handled_at: datetime
    kind: str
    outcome: Outcome
    reason: str
    verdict: str
    message_key: str | None = None
    hashed_email: str | None = None
    order_number: str | None = None
    trace: str | None = None
    reopened: bool = False


@dataclass(frozen=True, slots=True)
class MailboxRecord:
    """A mailbox as it was last looked at; letters older than `first_contact_at` were there before us."""

    name: str
    first_contact_at: datetime
    uidvalidity: int | None = None
    looked_at: datetime | None = None
