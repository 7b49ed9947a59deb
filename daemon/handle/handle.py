"""A batch of letters becomes facts: read the books, decide each, write once; a bad letter costs only itself."""

import traceback
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from daemon.decide import Case, Decision, decide
from daemon.handle.gather import gather
from daemon.handle.prepare import Desk, letter_id, message_key, prepare
from daemon.handle.write import write, write_failed
from daemon.inbox.imap import Arrived
from store import letters
from store.database import Connection, DatabaseError, ForbiddenError
from store.facts import LetterRecord, Outcome


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a letter, to sort the mailbox by and to watch; `case` is None when it was known or failed."""

    arrived: Arrived
    outcome: Outcome
    reason: str
    case: Case | None = None
    decision: Decision | None = None


def handle(desk: Desk, batch: Sequence[Arrived], now: datetime) -> list[Handled]:
    """Book the batch in one transaction; if that fails, letter by letter, setting aside the one that breaks.

    Raises DatabaseError when a database is at fault (BusyError: locked for too long): then nothing is booked
    and every letter stays where it is.
    """
    try:
        return book(desk, batch, [prepare(desk, arrived) for arrived in batch], now)
    except Exception as error:
        if isinstance(error, DatabaseError) and not isinstance(error, ForbiddenError):
            raise
        if len(batch) == 1:
            return [set_aside(desk, batch[0], error, now)]
    return [handled for arrived in batch for handled in handle(desk, [arrived], now)]


def set_aside(desk: Desk, arrived: Arrived, error: Exception, now: datetime) -> Handled:
    """Our mistake: the letter goes to Failed, whole, with its trace, and the operator is told."""
    trace = "".join(traceback.format_exception(error))
    write_failed(desk, arrived, letter_id(arrived), type(error), trace, now)
    return Handled(arrived, Outcome.FAILED, type(error).__name__)


def book(desk: Desk, batch: Sequence[Arrived], cases: Sequence[Case], now: datetime) -> list[Handled]:
    with desk.shop.transaction() as connection:
        known = Known(letters.known(connection, *identities(batch, cases)))
        opened = first_contacts(connection, batch, now)
        slack = timedelta(minutes=desk.config.conduct.first_contact_minutes)
        fresh = [
            (arrived, known.reopen(case, old=case.arrived_at < opened[arrived.mailbox] - slack))
            for arrived, case in zip(batch, cases, strict=True)
        ]
        facts = gather(connection, [case for _, case in fresh], desk.config, now)
        handled = []
        for arrived, case in fresh:
            again = known.recognise(arrived, case)
            if again is None:
                decision = decide(case, facts, desk.config, now)
                facts.absorb(case, decision, now)
                again = Handled(arrived, decision.outcome, decision.reason, case, decision)
            handled.append(again)
        write(connection, desk, handled, now)
    return handled


def identities(
    batch: Sequence[Arrived], cases: Sequence[Case]
) -> tuple[list[tuple[str, int, int]], list[str], list[str]]:
    positions = [(arrived.mailbox, arrived.uidvalidity, arrived.uid) for arrived in batch]
    keys = [key for case in cases if (key := message_key(case.letter))]
    return positions, keys, [case.letter.digest for case in cases]


def first_contacts(connection: Connection, batch: Sequence[Arrived], now: datetime) -> dict[str, datetime]:
    return {name: letters.first_contact(connection, name, now) for name in {arrived.mailbox for arrived in batch}}


class Known:
    """The letters of the books that a batch may repeat, and those of the batch seen so far."""

    def __init__(self, records: Sequence[LetterRecord]) -> None:
        self.by_position = {(r.mailbox, r.uidvalidity, r.uid): r for r in records if not r.reopened}
        self.reopened = {r.digest: r for r in records if r.reopened}
        self.keys = {r.message_key for r in records if r.message_key and not r.reopened}

    def reopen(self, case: Case, old: bool) -> Case:
        """A letter that the operator sent round again keeps its name and the time it first arrived."""
        record = self.reopened.get(case.letter.digest)
        if record is None:
            return replace(case, old=old)
        arrived_at = min(case.arrived_at, record.arrived_at)
        return replace(case, letter_id=record.letter_id, arrived_at=arrived_at, released=True)

    def recognise(self, arrived: Arrived, case: Case) -> Handled | None:
        """What is already known of a letter; None when it is new, and from then on it is not."""
        record = self.by_position.get((arrived.mailbox, arrived.uidvalidity, arrived.uid))
        if record is not None:
            return Handled(arrived, record.outcome, record.reason)
        key = message_key(case.letter)
        if key is not None and key in self.keys:
            return Handled(arrived, Outcome.IGNORED, "duplicate", case, Decision(Outcome.IGNORED, "duplicate"))
        if key is not None:
            self.keys.add(key)
        return None
