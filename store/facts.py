"""Frozen shapes told to the store and taken from it; no database type leaks through them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

JSON = dict[str, Any]


def product_key(text: str) -> str:
    """The form in which product ids are compared: letters and digits only, upper case."""
    return "".join(filter(str.isalnum, text)).upper()


def a_labels(domain: str) -> str:
    """The domain in lower case and in ASCII, label by label (punycode, RFC 3492).

    Labels are only encoded and not mapped (RFC 5891 section 5.5, not IDNA 2003): mapping would take ß for ss, so that
    one owner's domain became another's. A character that lower case alone would make ASCII, as the Kelvin sign, makes
    a label with a hyphen at its end, which is nobody's.
    """
    return ".".join(map(a_label, domain.split(".")))


def a_label(label: str) -> str:
    if label.isascii():
        return label.lower()
    lower = unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).lower())
    return "xn--" + lower.encode("punycode").decode("ascii")


def without_addresses(text: str, longest: int = 500) -> str:
    """What a server or an error said, cut to `longest` characters, with every mail address in it left out."""
    return re.sub(r"[^\s<>]*@[^\s<>]*", "(address)", text[:longest])


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the counter sees it; money in integer cents."""

    product_id: str
    name: str
    category: str
    price: int
    on_hand: int
    active: bool = True
    cost: int | None = None
    supplier_id: str = ""

    @property
    def key(self) -> str:
        return product_key(self.product_id)


class Removed(StrEnum):
    """What became of a product that was to be removed."""

    DELETED = "deleted"
    RETIRED = "retired"
    UNKNOWN = "unknown"


class OrderState(StrEnum):
    HELD = "held"  # asked back, nothing booked yet
    PLACED = "placed"
    CANCELLED = "cancelled"
    FULFILLED = "fulfilled"


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One product of an order, its name and prices as they were when it was placed."""

    product_id: str
    name: str
    quantity: int
    unit_price: int
    unit_cost: int | None = None

    @property
    def total(self) -> int:
        return self.quantity * self.unit_price


@dataclass(frozen=True, slots=True)
class Order:
    """An order as it is kept; times are aware UTC.

    It comes from a letter, or from a file of past orders: then `source` says which order of which file form it is.
    Of a past order the customer may not be known; `address_id` is None when the address is not known (any more).
    """

    number: str
    hashed_email: str | None
    state: OrderState
    arrived_at: datetime
    placed_at: datetime
    cancel_until: datetime
    address_id: str | None
    fingerprint: str
    letter_id: str | None
    lines: tuple[OrderLine, ...]
    closed_at: datetime | None = None
    source: str | None = None

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)


class MovementReason(StrEnum):
    INITIAL = "initial"
    RECEIVED = "received"
    ORDER = "order"
    CANCELLATION = "cancellation"
    CORRECTION = "correction"


@dataclass(frozen=True, slots=True)
class Movement:
    """A change of stock on hand: negative leaves the shelf, positive comes back to it."""

    product_id: str
    quantity: int
    reason: MovementReason
    at: datetime
    actor: str
    order_number: str | None = None


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
class ShippingAddress:
    """Where an order goes; `address_id` is a keyed digest of the rest, so the same address is kept once."""

    address_id: str
    hashed_email: str
    name: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Enclosure:
    """The personal part of a waiting mail: the customer's words, and the letter itself when it is passed on."""

    enclosure_id: str
    hashed_email: str | None
    words: JSON
    letter: bytes | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person said about a subject of our mails, or what a bounce or an erasure said for them."""

    subject: str
    allowed: bool
    reason: str
    at: datetime


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


@dataclass(frozen=True, slots=True)
class MailboxRecord:
    """A mailbox as it was last looked at; letters older than `first_contact_at` were there before us."""

    name: str
    first_contact_at: datetime
    uidvalidity: int | None = None
    looked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class StateTotal:
    """How many orders are in a state, and their worth in cents."""

    orders: int
    cents: int
