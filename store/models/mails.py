"""Mails to be sent, and what people said about being mailed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Index, Text, UniqueConstraint
from sqlmodel import Field

from store.facts import MailState, Role
from store.models.kinds import Instant, RowId, Shop, Word, one_of, only_where, table_of


class OutboxRow(Shop, table=True):
    """What is sent stays; the indexes see to it that millions of sent rows cost a claim nothing."""

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("state", MailState),
        one_of("role", Role),
        CheckConstraint("(hashed_email IS NULL) <> (role IS NULL)", name="one_recipient"),
        CheckConstraint("attempts >= 0", name="attempts"),
        CheckConstraint("(state = 'sending') = (leased_until IS NOT NULL)", name="lease"),
        CheckConstraint("(leased_until IS NULL) = (leased_by IS NULL)", name="leased_by"),
        CheckConstraint("(state IN ('queued', 'sending')) = (settled_at IS NULL)", name="settled"),
        UniqueConstraint("token"),
        UniqueConstraint("event_key"),
        # claim() and next_due(): the oldest due first, without sorting a long queue; listing() by state; health()
        # counts by it. Not partial: beside any index on state, SQLite would rather take that one and sort.
        Index("ix_outbox_due", "state", "due_at", "id"),
        # claim(): is an earlier mail of the same order still on its way?
        Index(
            "ix_outbox_order",
            "order_number",
            "id",
            **only_where("state IN ('queued', 'sending') AND order_number IS NOT NULL"),
        ),
        # answers_since() and kinds_since() count what a correspondent was sent lately.
        Index("ix_outbox_recipient", "hashed_email", "created_at"),
        # health(): when was mail last sent?
        Index("ix_outbox_settled", "state", "settled_at"),
        # The sweep of the vault asks which enclosures are still to be sent.
        Index("ix_outbox_enclosure", "enclosure_id", **only_where("enclosure_id IS NOT NULL")),
        # The brakes count offers alone: to a person lately, and in all today.
        Index("ix_outbox_offer_person", "hashed_email", "settled_at", **only_where("kind = 'offer'")),
        Index("ix_outbox_offer_day", "state", "settled_at", **only_where("kind = 'offer'")),
    )

    id: int | None = Field(default=None, sa_type=RowId, primary_key=True)
    token: str = Field(sa_type=Text)
    event_key: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    facts: dict[str, Any] = Field(sa_type=JSON)
    due_at: datetime = Field(sa_type=Instant)
    hashed_email: str | None = Field(sa_type=Text)
    role: Role | None = Field(sa_type=Word(Role))
    letter_id: str | None = Field(sa_type=Text)
    order_number: str | None = Field(sa_type=Text)
    enclosure_id: str | None = Field(sa_type=Text)
    expires_at: datetime | None = Field(sa_type=Instant)
    state: MailState = Field(sa_type=Word(MailState))
    attempts: int
    created_at: datetime = Field(sa_type=Instant)
    settled_at: datetime | None = Field(sa_type=Instant)
    last_reply: str | None = Field(sa_type=Text)
    leased_until: datetime | None = Field(sa_type=Instant)
    leased_by: str | None = Field(sa_type=Text)


class ConsentRow(Shop, table=True):
    """What a person said about a subject; subject `all` with allowed false means: no mail at all."""

    __tablename__ = "consent"

    hashed_email: str = Field(sa_type=Text, primary_key=True)
    subject: str = Field(sa_type=Text, primary_key=True)
    allowed: bool
    reason: str = Field(sa_type=Text)
    at: datetime = Field(sa_type=Instant)


class ProofRow(Shop, table=True):
    """The Message-IDs of questions for proof that were answered with yes: each counts once."""

    __tablename__ = "proof"

    token: str = Field(sa_type=Text, primary_key=True)
    used_at: datetime = Field(sa_type=Instant)


outbox = table_of(OutboxRow)
consent = table_of(ConsentRow)
proof = table_of(ProofRow)
