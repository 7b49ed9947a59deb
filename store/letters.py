"""Which letters were handled, and with what outcome."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
    text,
    tuple_,
    update,
)

from store.facts import LetterRecord, MailboxRecord, OrderState, Outcome
from store.models import letter, mailbox, order, outbox, proof
from store.sets import among, columns_of, insert_into, insert_rows, pieces, present, row_of

COLUMNS = columns_of(letter, LetterRecord)
# Written as the partial index has it, or SQLite does not use that index.
REOPENED: ColumnElement[bool] = text("reopened")  # type: ignore[assignment]
IN_PLACE = (letter.c.mailbox == bindparam("mailbox"), letter.c.uidvalidity == bindparam("uidvalidity"))
PROOF_ASKED = "proof_asked"  # the reason of a letter that is held until its sender proves to be that
DROPPED = "dropped by the operator after: "
# A letter that had an effect is never read again: its order or cancellation stands, or waits for an answer.
MAY_BE_REOPENED = (Outcome.FAILED, Outcome.HELD, Outcome.IGNORED, Outcome.PERSON, Outcome.REFUSED)


def known(
    conn: Connection, positions: Sequence[tuple[str, int, int]], message_keys: Sequence[str], digests: Sequence[str]
) -> list[LetterRecord]:
    """Letters that stand at one of these places or carry one of these keys, and reopened ones of these contents.

    A position is (mailbox, UIDVALIDITY, UID).
    """
    uids: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for name, uidvalidity, uid in positions:
        uids[name, uidvalidity].append(uid)
    found: dict[str, LetterRecord] = {}
    for (name, uidvalidity), here in uids.items():
        found |= records(conn, letter.c.uid, here, *IN_PLACE, mailbox=name, uidvalidity=uidvalidity)
    found |= records(conn, letter.c.message_key, message_keys)
    found |= records(conn, letter.c.digest, digests, REOPENED)
    return list(found.values())


def records(
    conn: Connection,
    column: ColumnElement[Any],
    values: Collection[Any],
    *also: ColumnElement[bool],
    **bound: str | int,
) -> dict[str, LetterRecord]:
    """Letters whose column holds one of the values; `also` is other conditions, `bound` what is bound to them."""
    found = {}
    for piece in pieces(values):
        for row in conn.execute(whose(conn.dialect.name, column, *also), {"values": piece, **bound}):
            found[row.letter_id] = LetterRecord(*row)
    return found


@cache
def whose(dialect: str, column: ColumnElement[Any], *also: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    return select(*COLUMNS).where(among(dialect, column), *also)


def record(conn: Connection, records: Sequence[LetterRecord]) -> None:
    insert_rows(conn, letter, [row_of(one) for one in records])


def replace(conn: Connection, records: Sequence[LetterRecord]) -> None:
    """Put what became of reopened letters in the place of what had become of them before."""
    rows = [row_of(one) | {"known_id": one.letter_id} for one in records]
    if rows:
        conn.execute(update(letter).where(letter.c.letter_id == bindparam("known_id")), rows)


def reopen(conn: Connection, letter_id: str) -> bool:
    """Let a letter be read again when it is met next; False when there is none such, or it has had its effect."""
    changed = conn.execute(
        update(letter)
        .where(letter.c.letter_id == letter_id, letter.c.outcome.in_(MAY_BE_REOPENED), letter.c.order_number.is_(None))
        .values(reopened=True)
    )
    return changed.rowcount == 1


def close(conn: Connection, letter_ids: Collection[str]) -> set[str]:
    """Let reopened letters be what they were before; the ids of those that had not been read again meanwhile."""
    closed: set[str] = set()
    for piece in pieces(letter_ids):
        waiting = update(letter).where(letter.c.letter_id.in_(piece), REOPENED).values(reopened=False)
        closed.update(conn.scalars(waiting.returning(letter.c.letter_id)))
    return closed


def drop(conn: Connection, letter_ids: Collection[str]) -> set[str]:
    """Give up letters that were set aside; returns the ids of those that were.

    Each stays with where the code broke, as IGNORED, and its reason says that it was dropped.
    """
    dropped: set[str] = set()
    for piece in pieces(letter_ids):
        failed = letter.c.letter_id.in_(piece), letter.c.outcome == Outcome.FAILED
        told = {"outcome": Outcome.IGNORED, "reason": DROPPED + letter.c.reason, "reopened": False}
        dropped.update(conn.scalars(update(letter).where(*failed).values(told).returning(letter.c.letter_id)))
    return dropped


def reopened(conn: Connection, mailbox: str) -> list[LetterRecord]:
    """The letters of a mailbox that wait to be read again, oldest first."""
    query = select(*COLUMNS).where(REOPENED, letter.c.mailbox == mailbox)
    return [LetterRecord(*row) for row in conn.execute(query.order_by(letter.c.arrived_at, letter.c.letter_id))]


def find(conn: Connection, letter_id: str) -> LetterRecord | None:
    return records(conn, letter.c.letter_id, [letter_id]).get(letter_id)


def listing(
    conn: Connection, outcome: Outcome | None = None, limit: int = 50, before: str | None = None
) -> list[LetterRecord]:
    """Letters, the one handled last first; `before` is the letter_id of the last one already seen."""
    order = (letter.c.handled_at, letter.c.letter_id)
    query = select(*COLUMNS).order_by(*(column.desc() for column in order)).limit(limit)
    if outcome is not None:
        query = query.where(letter.c.outcome == outcome)
    if before is not None:
        query = query.where(tuple_(*order) < select(*order).where(letter.c.letter_id == before).scalar_subquery())
    return [LetterRecord(*row) for row in conn.execute(query)]


def waiting(conn: Connection, asked_since: datetime, limit: int = 50) -> list[LetterRecord]:
    """Held letters that still wait for a yes or for the operator, the one handled last first.

    A question for proof that was asked before `asked_since` waits no more.
    """
    query = select(*COLUMNS).where(waits(asked_since)).order_by(letter.c.handled_at.desc(), letter.c.letter_id.desc())
    return [LetterRecord(*row) for row in conn.execute(query.limit(limit))]


def count_waiting(conn: Connection, asked_since: datetime) -> int:
    return conn.execute(select(func.count()).select_from(letter).where(waits(asked_since))).scalar_one()


def waits(asked_since: datetime) -> ColumnElement[bool]:
    """Held, and nothing has come of it: neither sent round again, nor its order booked, nor its proof given."""
    # Without an address it is the order of who was erased, and nobody can book it.
    order_held = order.c.state == OrderState.HELD, order.c.address_id.is_not(None)
    not_booked = exists().where(order.c.number == letter.c.order_number, *order_held)
    question = outbox.c.event_key == letter.c.letter_id + ":prove"
    proven = exists().where(question, proof.c.token == outbox.c.token)
    unproven = and_(letter.c.handled_at >= asked_since, ~proven)
    return and_(
        letter.c.outcome == Outcome.HELD,
        ~letter.c.reopened,
        or_(letter.c.order_number.is_(None), not_booked),
        or_(letter.c.reason != PROOF_ASKED, unproven),
    )


def of_sender(conn: Connection, hashed_email: str) -> list[LetterRecord]:
    """The letters of one correspondent, oldest first."""
    found = records(conn, letter.c.hashed_email, [hashed_email])
    return sorted(found.values(), key=lambda one: (one.arrived_at, one.letter_id))


def counts(conn: Connection) -> dict[Outcome, int]:
    query = select(letter.c.outcome, func.count().label("letters")).group_by(letter.c.outcome)
    return {row.outcome: row.letters for row in conn.execute(query)}


def for_person_since(conn: Connection, hashed_emails: Collection[str], since: datetime) -> dict[str, int]:
    """How many letters of each of them were left to a person at `since` or later; none is not listed."""
    return counted(conn, hashed_emails, since, FOR_PERSON)


def of_kind_since(conn: Connection, hashed_emails: Collection[str], kind: str, since: datetime) -> dict[str, int]:
    """How many letters of a kind from each of them were handled at `since` or later; none is not listed."""
    return counted(conn, hashed_emails, since, OF_KIND, kind=kind)


FOR_PERSON = letter.c.outcome == Outcome.PERSON
OF_KIND = letter.c.kind == bindparam("kind")


def counted(
    conn: Connection, hashed_emails: Collection[str], since: datetime, which: ColumnElement[bool], **bound: str
) -> dict[str, int]:
    found: dict[str, int] = {}
    for piece in pieces(hashed_emails):
        rows = conn.execute(counting(conn.dialect.name, which), {"values": piece, "since": since, **bound})
        found.update((one, letters) for one, letters in rows)
    return found


@cache
def counting(dialect: str, which: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    since = letter.c.handled_at >= bindparam("since")
    theirs = select(letter.c.hashed_email, func.count()).where(among(dialect, letter.c.hashed_email), since, which)
    return theirs.group_by(letter.c.hashed_email)


def emails_in_use(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    return present(conn, letter.c.hashed_email, hashed_emails)


def first_contact(conn: Connection, name: str, now: datetime) -> datetime:
    """When the mailbox was first looked at: now, if never before."""
    new = insert_into(conn, mailbox).values(name=name, first_contact_at=now).on_conflict_do_nothing()
    conn.execute(new)
    first: datetime = conn.execute(select(mailbox.c.first_contact_at).where(mailbox.c.name == name)).scalar_one()
    return first


def looked(conn: Connection, name: str, uidvalidity: int, now: datetime) -> None:
    """Note that a mailbox, met before by `first_contact`, was looked at."""
    conn.execute(update(mailbox).where(mailbox.c.name == name).values(uidvalidity=uidvalidity, looked_at=now))


def mailboxes(conn: Connection) -> list[MailboxRecord]:
    query = select(*columns_of(mailbox, MailboxRecord)).order_by(mailbox.c.name)
    return [MailboxRecord(*row) for row in conn.execute(query)]
