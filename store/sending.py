"""Mails on their way: claimed under a lease, settled, queued again.

queued -> sending (lease) -> sent | dead; back to queued after a passing failure or when the lease runs out;
suppressed or expired when that is found out at the moment of claiming.
Offers go out at most once: one that may have been taken is never sent again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, or_, select, update

from store.brakes import IS_OFFER, examine
from store.customers import suppressed
from store.facts import (
    ERASED_MAIL,
    OFFER,
    Braked,
    Brakes,
    MailState,
    QueuedMail,
    Settlement,
    without_addresses,
)
from store.models import outbox
from store.outbox import MAIL, REST, first_of_its_order, queued
from store.sets import among, pieces, write_many

CHANGING = update(outbox).where(outbox.c.id == bindparam("row"))
LEASE_RAN_OUT = "lease ran out: it may have been sent"


def claim(
    conn: Connection,
    now: datetime,
    limit: int,
    lease_until: datetime,
    worker: str,
    brakes: Brakes | None = None,
    again_until: datetime | None = None,
) -> list[QueuedMail]:
    """At most `limit` mails that are due, oldest first, leased to the worker; `attempts` counts this one.

    Of those that were tried before, only what was due again by `again_until`, if that is given. An order's mails go in
    order: none while an earlier one is on its way, except that an offer holds up nothing. What may not be sent any more
    is settled as SUPPRESSED or EXPIRED and not returned. Without `brakes` no offer is.
    """
    rescue(conn, now)
    taken: list[QueuedMail] = []
    while due := due_mails(conn, now, limit, again_until or now):
        closed = close_unsendable(conn, due, now)
        closed |= brake_offers(conn, [one for one in due if one.id not in closed], now, brakes)
        taken = [mail for mail in due if mail.id not in closed]
        if taken:
            break
    lease = {"state": MailState.SENDING, "leased_until": lease_until, "leased_by": worker}
    change_all(conn, [mail.id for mail in taken], lease | {"attempts": outbox.c.attempts + 1})
    return [taken_up(mail) for mail in taken]


def taken_up(one: QueuedMail) -> QueuedMail:
    # Not `replace()`, which takes longer than to read the mail.
    tried = one.attempts + 1
    return QueuedMail(one.id, one.mail, MailState.SENDING, tried, one.created_at, one.settled_at, one.last_reply)


def rescue(conn: Connection, now: datetime) -> None:
    """Queue again what a worker held for longer than its lease; an offer may have been sent by then, so it ends."""
    for statement in rescuing():
        conn.execute(statement, {"now": now})


@cache
def rescuing() -> tuple[Update, Update]:
    overdue = outbox.c.state == MailState.SENDING, outbox.c.leased_until <= bindparam("now")
    free = {"leased_until": None, "leased_by": None}
    ended = free | {"state": MailState.EXPIRED, "settled_at": bindparam("now"), "last_reply": LEASE_RAN_OUT}
    return (
        update(outbox).where(*overdue, IS_OFFER).values(ended),
        update(outbox).where(*overdue).values(free | {"state": MailState.QUEUED}),
    )


def due_mails(conn: Connection, now: datetime, limit: int, again_until: datetime) -> list[QueuedMail]:
    found = conn.execute(due(), {"now": now, "most": limit, "again_until": again_until})
    return [queued(row) for row in found.all()]


@cache
def due() -> Select[*tuple[Any, ...]]:
    """Made once, because SQLAlchemy puts it together for as long as SQLite looks for fifty mails."""
    in_turn = or_(outbox.c.attempts == 0, outbox.c.due_at <= bindparam("again_until"))
    is_due = outbox.c.due_at <= bindparam("now")
    return (
        select(*MAIL, *REST)
        .where(outbox.c.state == MailState.QUEUED, is_due, in_turn, first_of_its_order())
        .order_by(outbox.c.due_at, outbox.c.id)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True)
    )


def close_unsendable(conn: Connection, mails: Sequence[QueuedMail], now: datetime) -> set[int]:
    unwanted = suppressed(conn, {one.mail.hashed_email for one in mails if one.mail.hashed_email is not None})
    silenced = {one.id for one in mails if one.mail.hashed_email in unwanted and one.mail.kind != ERASED_MAIL}
    late = {one.id for one in mails if one.mail.expires_at is not None and one.mail.expires_at <= now} - silenced
    change_all(conn, silenced, {"state": MailState.SUPPRESSED, "settled_at": now})
    change_all(conn, late, {"state": MailState.EXPIRED, "settled_at": now})
    return silenced | late


def brake_offers(conn: Connection, mails: Sequence[QueuedMail], now: datetime, brakes: Brakes | None) -> set[int]:
    """Settle the offers that may not go out, and let the others wait while it is quiet; what is not to be sent now."""
    offers = [one for one in mails if one.mail.kind == OFFER]
    if brakes is not None and brakes.quiet_until is not None:
        waiting = {one.id for one in offers}
        change_all(conn, waiting, {"due_at": brakes.quiet_until})
        return waiting
    braked = examine(conn, offers, brakes) if brakes is not None else {one.id: Braked.OFF for one in offers}
    for why in set(braked.values()):
        ids = [id for id, reason in braked.items() if reason is why]
        change_all(conn, ids, {"state": MailState.SUPPRESSED, "settled_at": now, "last_reply": why.value})
    return set(braked)


def change_all(conn: Connection, ids: Collection[int], values: dict[str, Any]) -> None:
    for piece in pieces(ids):
        conn.execute(changing_all(conn.dialect.name).values(values), {"values": piece})


@cache
def changing_all(dialect: str) -> Update:
    return update(outbox).where(among(dialect, outbox.c.id))


def settle(conn: Connection, results: Sequence[Settlement], worker: str) -> list[int]:
    """Write down what came of claimed mails; returns the ids of those that were still leased to the worker.

    The others are another worker's by now, and are left alone. Mail addresses in replies are not kept.
    """
    held: set[int] = set()
    for piece in pieces([result.id for result in results]):
        held.update(conn.scalars(leased(conn.dialect.name), {"values": piece, "worker": worker}))
    mine_only = [result for result in results if result.id in held]
    close(conn, [result for result in mine_only if result.state is not MailState.QUEUED])
    queue_again(conn, [result for result in mine_only if result.state is MailState.QUEUED])
    return [result.id for result in mine_only]


@cache
def leased(dialect: str) -> Select[int]:
    mine = outbox.c.state == MailState.SENDING, outbox.c.leased_by == bindparam("worker")
    return select(outbox.c.id).where(among(dialect, outbox.c.id), *mine).with_for_update()


def close(conn: Connection, results: Sequence[Settlement]) -> None:
    write_many(conn, CHANGING, [released(result) | {"settled_at": result.at} for result in results])


def queue_again(conn: Connection, results: Sequence[Settlement]) -> None:
    write_many(conn, CHANGING, [released(result) | {"due_at": result.due_at} for result in results])


def released(result: Settlement) -> dict[str, Any]:
    reply = None if result.reply is None else without_addresses(result.reply)
    return {"row": result.id, "state": result.state, "last_reply": reply, "leased_until": None, "leased_by": None}
