"""Which letters of a batch the books know already: handled before, repeated, or sent round again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.decide import Case, Decision
from daemon.handle.prepare import message_key
from daemon.inbox.imap import Arrived
from store.facts import LetterRecord, Outcome

DUPLICATE = Decision(Outcome.IGNORED, "duplicate")


@dataclass(frozen=True, slots=True)
class Handled:
    """What became of a letter, to sort the mailbox by and to watch.

    `case` is None when it was known or failed; `known` says that it had been handled before.
    """

    arrived: Arrived
    outcome: Outcome
    reason: str
    case: Case | None = None
    decision: Decision | None = None
    known: bool = False


def place_of(letter: Arrived | LetterRecord) -> tuple[str, int, int]:
    """Where it lies: (mailbox, UIDVALIDITY, UID)."""
    return letter.mailbox, letter.uidvalidity, letter.uid


class Known:
    """The letters of the books that a batch may repeat, and those of the batch seen so far."""

    def __init__(self, records: Sequence[LetterRecord]) -> None:
        self.by_place = {place_of(record): record for record in records if not record.reopened}
        self.reopened = {record.digest: record for record in records if record.reopened}
        self.keys = {record.message_key for record in records if record.message_key and not record.reopened}

    def at(self, arrived: Arrived) -> Handled | None:
        """What became of the letter of this place when it was met before; None when it was not."""
        record = self.by_place.get(place_of(arrived))
        return Handled(arrived, record.outcome, record.reason, known=True) if record else None

    def sent_round(self, arrived: Arrived, digest: str) -> LetterRecord | None:
        """The letter that the operator sent round again and that this one is; each is met once, whatever its copies."""
        return None if place_of(arrived) in self.by_place else self.reopened.pop(digest, None)

    def reopen(self, arrived: Arrived, case: Case) -> Case:
        """A letter sent round again keeps its name and the time it first arrived; for one that was held the
        operator vouches, one that failed is judged as any other.
        """
        record = self.sent_round(arrived, case.letter.digest)
        if record is None:
            return case
        return replace(
            case,
            letter_id=record.letter_id,
            arrived_at=min(case.arrived_at, record.arrived_at),
            reopened=True,
            released=record.outcome is Outcome.HELD,
        )

    def recognise(self, arrived: Arrived, case: Case) -> Handled | None:
        """What is already known of a letter; None when it is new, and from then on it is not."""
        before = self.at(arrived)
        if before is not None:
            return before
        key = message_key(case.letter)
        if key is not None and key in self.keys:
            return Handled(arrived, DUPLICATE.outcome, DUPLICATE.reason, case, DUPLICATE)
        if key is not None:
            self.keys.add(key)
        return None
