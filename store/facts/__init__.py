"""Frozen shapes told to the store and taken from it; no database type leaks through them."""

from store.facts.goods import Movement, MovementReason, Product, Removed
from store.facts.letters import LetterRecord, MailboxRecord, Outcome
from store.facts.mails import Mail, MailState, OutboxHealth, QueuedMail, Role, Settlement
from store.facts.orders import Order, OrderLine, OrderState, StateTotal
from store.facts.people import Consent, Enclosure, ShippingAddress
from store.facts.text import JSON, a_labels, product_key, without_addresses

__all__ = [
    "JSON",
    "Consent",
    "Enclosure",
    "LetterRecord",
    "Mail",
    "MailState",
    "MailboxRecord",
    "Movement",
    "MovementReason",
    "Order",
    "OrderLine",
    "OrderState",
    "OutboxHealth",
    "Outcome",
    "Product",
    "QueuedMail",
    "Removed",
    "Role",
    "Settlement",
    "ShippingAddress",
    "StateTotal",
    "a_labels",
    "product_key",
    "without_addresses",
]
