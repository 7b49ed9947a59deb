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


Identity = tuple[str, int, int, str]


def place_of(letter: Arrived | LetterRecord) -> tuple[str, int, int]:
    """Where it lies: (mailbox, UIDVALIDITY, UID)."""
    return letter.mailbox, letter.uidvalidity, letter.uid


def identity(arrived: Arrived, digest: str) -> Identity:
    """Its place and what it says: a server that is replaced or restored may give a place to another letter."""
    return *place_of(arrived), digest


class Known:
    """The letters of the books that a batch may repeat, and those of the batch seen so far."""

    def __init__(self, records: Sequence[LetterRecord]) -> None:
        self.met = {(*place_of(record), record.digest): record for record in records if not record.reopened}
        self.reopened = {record.digest: record for record in records if record.reopened}
        self.keys: set[str | None] = {record.message_key for record in records if not record.reopened} - {None}

    def before(self, arrived: Arrived, digest: str) -> Handled | None:
        """What became of this very letter when it was met before; None when it was not."""
        record = self.met.get(identity(arrived, digest))
        return Handled(arrived, record.outcome, record.reason, known=True) if record else None

    def sent_round(self, arrived: Arrived, digest: str) -> LetterRecord | None:
        """The letter that the operator sent round again and that this one is; each is met once, whatever its copies."""
        return None if identity(arrived, digest) in self.met else self.reopened.pop(digest, None)

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
        """What is already known of a letter; None when it is new."""
        before = self.before(arrived, case.letter.digest)
        if before is not None:
            return before
        if message_key(case.letter) in self.keys:
            return Handled(arrived, DUPLICATE.outcome, DUPLICATE.reason, case, DUPLICATE)
        return None

    def note(self, case: Case, decision: Decision) -> None:
        """From now on a copy of this letter is its repetition."""
        key = message_key(case.letter)
        if key is not None and is_judged(decision):
            self.keys.add(key)


def is_judged(decision: Decision) -> bool:
    """Whether what the letter asks was looked at. If not, a copy of it that came a better way is no repetition:
    one through a list or through a forwarder that breaks signatures must not keep the true one from being read.
    """
    return decision.outcome is not Outcome.IGNORED and decision.reason != "sender_not_believed"
