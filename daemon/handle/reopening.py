"""Letters that the operator sent round again: by the folder they lie in, and what is told when one is not there."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from daemon.handle.write import alert
from store import letters, outbox
from store.database import Connection
from store.facts import LetterRecord, Mail, Outcome


def reopened_in(connection: Connection, mailbox: str) -> dict[Outcome, list[LetterRecord]]:
    """The reopened letters of a mailbox, by the outcome whose folder holds them."""
    found: dict[Outcome, list[LetterRecord]] = defaultdict(list)
    for record in letters.reopened(connection, mailbox):
        found[record.outcome].append(record)
    return found


def search_no_more(connection: Connection, missing: Sequence[LetterRecord], now: datetime) -> None:
    """Letters that lie neither in their folder nor in the inbox are what they were before; the operator is told."""
    closed = letters.close(connection, [record.letter_id for record in missing])
    outbox.enqueue(connection, [not_found(record, now) for record in missing if record.letter_id in closed], now)


def not_found(record: LetterRecord, now: datetime) -> Mail:
    facts = {
        "what": "letter_not_found",
        "reference": record.letter_id,
        "reason": f"not_in_{record.outcome.value}_of_{record.mailbox}",
        "when": now.isoformat(),
        "command": f"mailorder letters show {record.letter_id}",
    }
    # By the moment, so that each time it is looked for in vain is told.
    return alert(f"{record.letter_id}:{now.isoformat()}", facts, None, now)
