"""Which letters the operator sent round again, and in which folder they lie."""

from collections import defaultdict

from store import letters
from store.database import Connection
from store.facts import Outcome


def reopened_in(connection: Connection, mailbox: str) -> dict[Outcome, set[str]]:
    """Digests of the reopened letters of a mailbox, by the outcome whose folder holds them."""
    found: dict[Outcome, set[str]] = defaultdict(set)
    for record in letters.reopened(connection, mailbox):
        found[record.outcome].add(record.digest)
    return found
