"""What is known of a person: in the vault, and of what she said about our mails."""

from dataclasses import dataclass
from datetime import datetime

from store.facts.text import JSON


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
class Wish:
    """To be told when a product is back in stock."""

    product_id: str
    hashed_email: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person said about a subject of our mails, or what a bounce or an erasure said for them."""

    subject: str
    allowed: bool
    reason: str
    at: datetime
