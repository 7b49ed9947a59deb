"""The mails to be sent: enqueue, find, count, retry, drop.

queued -> sending (lease) -> sent | dead (`store.sending`); dead -> queued or suppressed, as the operator says.
"""

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal_column,
    select,
    update,
)

from store.facts import (
    OFFER,
    LetterRecord,
    Mail,
    MailState,
    OutboxHealth,
    QueuedMail,
)
from store.models import outbox
from store.sets import among, columns_of, insert_of, pieces, present, row_of, write_many

MAIL = columns_of(outbox, Mail)
REST = [outbox.c[field.name] for field in fields(QueuedMail) if field.name != "mail"]
# Written out, not bound: SQLite uses a partial index only where it reads the index's own condition.
ON_ITS_WAY: list[ColumnElement[str]] = [literal_column("'queued'"), literal_column("'sending'")]
# What may still be sent: waiting, on its way, or given up on but open to `retry`.
OPEN = (MailState.QUEUED, MailState.SENDING, MailState.DEAD, MailState.EXPIRED)
DROPPED = "dropped by the operator after: "


def enqueue(conn: Connection, mails: Sequence[Mail], at: datetime) -> None:
    """Queue the mails; one whose event_key is known already is left as it is."""
    rows = [row_of(mail) | {"state": MailState.QUEUED, "attempts": 0, "created_at": at} for mail in mails]
    write_many(conn, enqueueing(conn.dialect.name), rows)


@cache
def enqueueing(dialect: str) -> Insert:
    return insert_of(dialect, outbox).on_conflict_do_nothing(index_elements=["event_key"])


def retry(conn: Connection, id: int, now: datetime) -> bool:
    """Queue a mail again that was given up on, as new and never too late; False when it was not given up on.

    Never an offer: it may have arrived.
    """
    changed = conn.execute(
        update(outbox)
        .where(outbox.c.id == id, outbox.c.state.in_((MailState.DEAD, MailState.EXPIRED)), outbox.c.kind != OFFER)
        .values(state=MailState.QUEUED, attempts=0, created_at=now, due_at=now, expires_at=None, settled_at=None)
    )
    return changed.rowcount == 1


def drop(conn: Connection, ids: Collection[int]) -> set[int]:
    """Leave dead mails unsent for good; returns the ids of those that were dead.

    Each stays with what was tried and when it died, as SUPPRESSED, and its last reply says that it was dropped.
    """
    told = DROPPED + func.coalesce(outbox.c.last_reply, "no reply")
    dropped: set[int] = set()
    for piece in pieces(ids):
        dead = outbox.c.id.in_(piece), outbox.c.state == MailState.DEAD
        changed = update(outbox).where(*dead).values(state=MailState.SUPPRESSED, last_reply=told)
        dropped.update(conn.scalars(changed.returning(outbox.c.id)))
    return dropped


def withhold(conn: Connection, hashed_email: str, at: datetime) -> int:
    """Never send what waits for one recipient; returns how many mails that are. What is being sent just now is not."""
    changed = conn.execute(
        update(outbox)
        .where(outbox.c.hashed_email == hashed_email, outbox.c.state == MailState.QUEUED)
        .values(state=MailState.SUPPRESSED, settled_at=at)
    )
    return changed.rowcount


def to_recipient(conn: Connection, hashed_email: str) -> list[QueuedMail]:
    """The mails for one recipient, oldest first."""
    query = select(*MAIL, *REST).where(outbox.c.hashed_email == hashed_email)
    return [queued(row) for row in conn.execute(query.order_by(outbox.c.created_at))]


def of_letter(conn: Connection, cause: LetterRecord) -> list[QueuedMail]:
    """The mails that a letter caused, in their order: to its sender, to the shop's people, to the operator."""
    own = and_(outbox.c.hashed_email == cause.hashed_email, outbox.c.letter_id == cause.letter_id)
    others = outbox.c.event_key.in_([f"{cause.letter_id}:{kind}" for kind in ("forward", "alert")])
    found = {row.id: queued(row) for which in (own, others) for row in conn.execute(select(*MAIL, *REST).where(which))}
    return [found[id] for id in sorted(found)]


def by_tokens(conn: Connection, tokens: Collection[str]) -> dict[str, QueuedMail]:
    found = {}
    for piece in pieces(tokens):
        for row in conn.execute(select(*MAIL, *REST).where(outbox.c.token.in_(piece))):
            found[row.token] = queued(row)
    return found


def answers_since(
    conn: Connection, hashed_emails: Collection[str], since: datetime, besides: Collection[str] = ()
) -> dict[str, int]:
    """How many mails caused by letters were queued for each of them at `since` or later; none is not listed.

    Mails of the kinds `besides` do not count.
    """
    return counted(conn, hashed_emails, since, CAUSED_BY_LETTERS, besides=list(besides))


def kinds_since(conn: Connection, hashed_emails: Collection[str], kind: str, since: datetime) -> dict[str, int]:
    """How many mails of a kind were queued for each of them at `since` or later; none is not listed."""
    return counted(conn, hashed_emails, since, OF_KIND, kind=kind)


CAUSED_BY_LETTERS = and_(outbox.c.letter_id.is_not(None), outbox.c.kind.not_in(bindparam("besides", expanding=True)))
OF_KIND = outbox.c.kind == bindparam("kind")


def counted(
    conn: Connection, hashed_emails: Collection[str], since: datetime, which: ColumnElement[bool], **bound: Any
) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces(hashed_emails):
        rows = conn.execute(counting(conn.dialect.name, which), {"values": piece, "since": since, **bound})
        found.update((one, mails) for one, mails in rows)
    return found


@cache
def counting(dialect: str, which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    since = outbox.c.created_at >= bindparam("since")
    theirs = select(outbox.c.hashed_email, func.count()).where(among(dialect, outbox.c.hashed_email), since, which)
    return theirs.group_by(outbox.c.hashed_email)


def find(conn: Connection, id: int) -> QueuedMail | None:
    row = conn.execute(select(*MAIL, *REST).where(outbox.c.id == id)).one_or_none()
    return None if row is None else queued(row)


def listing(conn: Connection, state: MailState | None = None, limit: int = 50) -> list[QueuedMail]:
    """Mails, the one queued last first; those of one state, the one due last first."""
    query = select(*MAIL, *REST).limit(limit)
    if state is None:
        query = query.order_by(outbox.c.id.desc())
    else:
        query = query.where(outbox.c.state == state).order_by(outbox.c.due_at.desc(), outbox.c.id.desc())
    return [queued(row) for row in conn.execute(query)]


def health(conn: Connection, now: datetime) -> OutboxHealth:
    counts = dict.fromkeys(MailState, 0)
    for state in (MailState.QUEUED, MailState.SENDING, MailState.DEAD):
        counts[state] = conn.execute(select(func.count()).where(outbox.c.state == state)).scalar_one()
    oldest = select(func.min(outbox.c.due_at)).where(outbox.c.state == MailState.QUEUED, outbox.c.due_at <= now)
    last = select(func.max(outbox.c.settled_at)).where(outbox.c.state == MailState.SENT)
    return OutboxHealth(
        waiting=counts[MailState.QUEUED],
        sending=counts[MailState.SENDING],
        dead=counts[MailState.DEAD],
        oldest_due=conn.execute(oldest).scalar(),
        last_sent_at=conn.execute(last).scalar(),
    )


def next_due(conn: Connection) -> datetime | None:
    """When `claim` will next have something to do; None when nothing waits.

    A mail that waits for an earlier one of its order does not count: it comes when that one is settled.
    """
    waiting = select(outbox.c.due_at).where(outbox.c.state == MailState.QUEUED, first_of_its_order())
    first = conn.execute(waiting.order_by(outbox.c.due_at, outbox.c.id).limit(1)).scalar()
    lease = conn.execute(select(func.min(outbox.c.leased_until)).where(outbox.c.state == MailState.SENDING)).scalar()
    return min((moment for moment in (first, lease) if moment is not None), default=None)


def first_of_its_order() -> ColumnElement[bool]:
    earlier = outbox.alias("earlier")
    return ~exists().where(
        earlier.c.order_number == outbox.c.order_number,
        earlier.c.id < outbox.c.id,
        earlier.c.state.in_(ON_ITS_WAY),
        # One that waits for the morning must not keep back what follows about the order.
        earlier.c.kind != OFFER,
    )


def enclosures_waiting(conn: Connection, enclosure_ids: Collection[str]) -> set[str]:
    """Those of the enclosures that a mail may still need."""
    # Not asked for the states, or SQLite would walk all mails of these rather than look up the enclosures.
    query = select(outbox.c.enclosure_id, outbox.c.state).where(among(conn.dialect.name, outbox.c.enclosure_id))
    rows = (row for piece in pieces(enclosure_ids) for row in conn.execute(query, {"values": piece}))
    return {enclosure_id for enclosure_id, state in rows if state in OPEN}


def emails_in_use(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    return present(conn, outbox.c.hashed_email, hashed_emails)


def queued(row: Row[*tuple[Any, ...]]) -> QueuedMail:
    id, *rest = row[len(MAIL) :]
    return QueuedMail(id, Mail(*row[: len(MAIL)]), *rest)


def awaited(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    """Those of them for whom a mail waits or is on its way."""
    return present(conn, outbox.c.hashed_email, hashed_emails, outbox.c.state.in_(ON_ITS_WAY))
