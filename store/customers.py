"""Consent and suppression, by hashed_email."""

from collections.abc import Collection
from datetime import datetime
from functools import cache

from sqlalchemy import Connection, Insert, select

from store.facts import Consent
from store.models import consent, proof
from store.sets import columns_of, insert_into, insert_of, pieces, present

ALL = "all"  # the subject that stands for every mail
OFFERS = "offers"  # offers alone: whoever said nothing gets them
ERASED = "erased"  # the reason that keeps an address from coming back by an old file


def suppressed(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    """Those of them who get no mail at all."""
    return present(conn, consent.c.hashed_email, hashed_emails, consent.c.subject == ALL, ~consent.c.allowed)


def offers_refused(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    """Those of them who said stop, and have not said start since."""
    return present(conn, consent.c.hashed_email, hashed_emails, consent.c.subject == OFFERS, ~consent.c.allowed)


def said(conn: Connection, hashed_email: str) -> list[Consent]:
    """What one person said, a subject a row."""
    query = select(*columns_of(consent, Consent)).where(consent.c.hashed_email == hashed_email)
    return [Consent(*row) for row in conn.execute(query.order_by(consent.c.subject))]


def erased(conn: Connection, hashed_emails: Collection[str]) -> set[str]:
    """Those of them who were erased, and have not asked for mail since."""
    return present(conn, consent.c.hashed_email, hashed_emails, consent.c.subject == ALL, consent.c.reason == ERASED)


def suppress(conn: Connection, hashed_emails: Collection[str], reason: str, at: datetime) -> None:
    say(conn, hashed_emails, ALL, False, reason, at)


def unsuppress(conn: Connection, hashed_emails: Collection[str], reason: str, at: datetime) -> None:
    say(conn, hashed_emails, ALL, True, reason, at)


def say(
    conn: Connection, hashed_emails: Collection[str], subject: str, allowed: bool, reason: str, at: datetime
) -> None:
    """Note what each of them said about a subject; it replaces what was said before.

    Except that a bounce, which may come long after, does not hide that somebody was erased.
    """
    upsert = saying(conn.dialect.name, allowed)
    for piece in pieces(hashed_emails):
        rows = [
            {"hashed_email": one, "subject": subject, "allowed": allowed, "reason": reason, "at": at} for one in piece
        ]
        conn.execute(upsert, rows)


@cache
def saying(dialect: str, allowed: bool) -> Insert:
    new = insert_of(dialect, consent)
    fresh = {name: new.excluded[name] for name in ("allowed", "reason", "at")}
    replaced = None if allowed else consent.c.reason != ERASED
    return new.on_conflict_do_update(index_elements=["hashed_email", "subject"], set_=fresh, where=replaced)


def spent(conn: Connection, tokens: Collection[str]) -> set[str]:
    """Those of the questions for proof (by the token of their Message-ID) that were answered with yes before."""
    return present(conn, proof.c.token, tokens)


def spend(conn: Connection, tokens: Collection[str], at: datetime) -> None:
    """Note that these questions were answered; once is enough."""
    for piece in pieces(tokens):
        rows = [{"token": token, "used_at": at} for token in piece]
        conn.execute(insert_into(conn, proof).on_conflict_do_nothing(), rows)
