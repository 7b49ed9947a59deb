"""A batch of mails in portions: what is worded, and so in memory, together."""

from collections.abc import Iterator, Sequence

from store.facts import QueuedMail, Role

OWN_DATA = "own_data"
"""The kind of mail that carries what is held of its recipient."""
LARGE = frozenset({"forward", OWN_DATA})
LARGE_HELD = 3
"""Mails that carry much and are in memory together: letters of 5 MB as `limits.letter_bytes` comes, copies of 12 MB."""


def portions(claimed: Sequence[QueuedMail]) -> Iterator[list[QueuedMail]]:
    """The mails in their order, cut so that no portion has more than LARGE_HELD that carry much.

    Reports come last and one by one: drawing takes seconds, and no customer is to wait for it.
    """
    reports = [queued for queued in claimed if queued.mail.role is Role.STAFF]
    portion: list[QueuedMail] = []
    large = 0
    for queued in claimed:
        if queued.mail.role is Role.STAFF:
            continue
        is_large = queued.mail.kind in LARGE
        if is_large and large == LARGE_HELD:
            yield portion
            portion, large = [], 0
        large += is_large
        portion.append(queued)
    if portion:
        yield portion
    yield from ([report] for report in reports)
