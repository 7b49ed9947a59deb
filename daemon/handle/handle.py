"""A batch of letters becomes facts: read the books, decide each, write once; a bad letter costs only itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.decide import Case, decide
from daemon.decide.several import each_alone
from daemon.handle.gather import gather
from daemon.handle.gather_asked import gather_asked, warm
from daemon.handle.known import Handled, Known, place_of
from daemon.handle.nearest import Searching
from daemon.handle.prepare import Desk, message_key, prepare
from daemon.handle.replies import in_their_threads
from daemon.handle.write import write, write_failed
from daemon.inbox.imap import Arrived
from daemon.letter import digest_of
from store import letters
from store.database import Connection, DatabaseError, ForbiddenError
from store.facts import Outcome

MOST_PORTIONS = 5
"""A batch that has used up its searches ends there, and the next letters have searches of their own; but nonsense may
not keep everybody else waiting without end."""


def handle(desk: Desk, batch: Sequence[Arrived], now: datetime) -> list[Handled]:
    """Book the batch in one transaction; if that fails, letter by letter, setting aside the one that breaks.

    Raises DatabaseError when a database is at fault (BusyError: locked for too long): then every letter stays where it
    is, and what has been booked is recognised when it comes again.
    """
    try:
        cases = [prepare(desk, arrived) for arrived in batch]
        warm(desk, [alone for case in cases for alone in each_alone(case)])
        return in_portions(desk, batch, cases, now)
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, ForbiddenError):
            raise
        if len(batch) == 1:
            return [set_aside(desk, batch[0], error, now)]
    return [handled for arrived in batch for handled in handle(desk, [arrived], now)]


def set_aside(desk: Desk, arrived: Arrived, error: Exception, now: datetime) -> Handled:
    """Our mistake: the letter goes to Failed, whole, with its trace, and the operator is told.

    One whose effects were committed before it broke the code keeps the outcome it has.
    """
    digest = digest_of(arrived.raw, desk.limits())
    with desk.shop.transaction() as connection:
        known = Known(letters.known(connection, [place_of(arrived)], [], [digest]))
        before = known.before(arrived, digest)
        if before is not None:
            return before
        letters.first_contact(connection, arrived.mailbox, now)
        write_failed(connection, desk, arrived, digest, known.sent_round(arrived, digest), error, now)
    return Handled(arrived, Outcome.FAILED, type(error).__name__)


def in_portions(desk: Desk, batch: Sequence[Arrived], cases: Sequence[Case], now: datetime) -> list[Handled]:
    handled: list[Handled] = []
    for portion in range(MOST_PORTIONS):
        last = portion == MOST_PORTIONS - 1
        handled += book(desk, batch[len(handled) :], cases[len(handled) :], now, whole=last)
        if len(handled) == len(batch):
            break
    return handled


def book(
    desk: Desk, batch: Sequence[Arrived], cases: Sequence[Case], now: datetime, *, whole: bool = True
) -> list[Handled]:
    """The first letters of the batch, at least one, in one transaction: as many as its searches last for, or the
    `whole`.
    """
    with desk.shop.transaction() as connection:
        known = Known(letters.known(connection, *identities(batch, cases)))
        opened = first_contacts(connection, batch, now)
        slack = timedelta(minutes=desk.config.conduct.first_contact_minutes)
        named = [known.reopen(arrived, case) for arrived, case in zip(batch, cases, strict=True)]
        dated = [
            replace(case, old=True) if case.arrived_at < opened[arrived.mailbox] - slack else case
            for arrived, case in zip(batch, named, strict=True)
        ]
        meant = in_their_threads(connection, dated, desk)
        asked = [alone for case in meant for alone in each_alone(case)]
        facts = gather(connection, asked, desk.config, now)
        searching = facts.nearest = Searching(connection, facts.products)
        facts.asked = gather_asked(connection, asked, facts, desk, now)
        handled: list[Handled] = []
        for arrived, case in zip(batch, meant, strict=True):
            again = known.recognise(arrived, case)
            if again is None:
                decision = decide(case, facts, desk.config, now)
                if searching.exhausted and handled and not whole:
                    break
                facts.absorb(case, decision, now)
                known.note(case, decision)
                again = Handled(arrived, decision.outcome, decision.reason, case, decision)
            handled.append(again)
        write(connection, desk, handled, now)
    return handled


def identities(
    batch: Sequence[Arrived], cases: Sequence[Case]
) -> tuple[list[tuple[str, int, int]], list[str], list[str]]:
    keys = [key for case in cases if (key := message_key(case.letter))]
    return [place_of(arrived) for arrived in batch], keys, [case.letter.digest for case in cases]


def first_contacts(connection: Connection, batch: Sequence[Arrived], now: datetime) -> dict[str, datetime]:
    return {name: letters.first_contact(connection, name, now) for name in {arrived.mailbox for arrived in batch}}
