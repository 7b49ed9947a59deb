"""Letters that were handled, and the mailboxes they came from."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint
from sqlmodel import Field

from store.facts import Outcome
from store.models.kinds import Instant, Shop, Word, one_of, only_where, table_of


class LetterRow(Shop, table=True):
    __tablename__ = "letter"
    __table_args__ = (
        one_of("outcome", Outcome),
        # With the digest: a mail server that is replaced or restored gives the same place to another letter.
        UniqueConstraint("mailbox", "uidvalidity", "uid", "digest"),
        UniqueConstraint("message_key"),
        # known() and reopened() look only at letters that wait to be read again: a handful.
        Index("ix_letter_reopened_digest", "digest", **only_where("reopened")),
        Index("ix_letter_reopened", "mailbox", "arrived_at", "letter_id", **only_where("reopened")),
        # listing() of everything or of one outcome, newest first; counts() reads the second alone.
        Index("ix_letter_handled_at", "handled_at", "letter_id"),
        Index("ix_letter_outcome", "outcome", "handled_at", "letter_id"),
        # The sweep of the vault asks who has written.
        Index("ix_letter_sender", "hashed_email"),
    )

    letter_id: str = Field(sa_type=Text, primary_key=True)
    mailbox: str = Field(sa_type=Text)
    uidvalidity: int = Field(sa_type=BigInteger)
    uid: int = Field(sa_type=BigInteger)
    message_key: str | None = Field(sa_type=Text)
    digest: str = Field(sa_type=Text)
    arrived_at: datetime = Field(sa_type=Instant)
    handled_at: datetime = Field(sa_type=Instant)
    kind: str = Field(sa_type=Text)
    outcome: Outcome = Field(sa_type=Word(Outcome))
    reason: str = Field(sa_type=Text)
    verdict: str = Field(sa_type=Text)
    hashed_email: str | None = Field(sa_type=Text)
    order_number: str | None = Field(sa_type=Text)
    trace: str | None = Field(sa_type=Text)
    reopened: bool


class MailboxRow(Shop, table=True):
    __tablename__ = "mailbox"

    name: str = Field(sa_type=Text, primary_key=True)
    uidvalidity: int | None = Field(sa_type=BigInteger)
    first_contact_at: datetime = Field(sa_type=Instant)
    looked_at: datetime | None = Field(sa_type=Instant)


letter = table_of(LetterRow)
mailbox = table_of(MailboxRow)
