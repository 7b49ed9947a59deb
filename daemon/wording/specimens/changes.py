"""Specimens of what customers change or ask for about themselves: proof, changes, wishes, their data."""

from collections.abc import Iterator

from daemon.wording.specimens.made import DEADLINE, WRITTEN, Specimen, specimen
from store.facts import JSON


def proofs() -> Iterator[Specimen]:
    answered: JSON = {"message_id": WRITTEN}
    for asked in ("my_orders", "export", "erase"):
        facts = {"asked": asked, "request": {"kind": asked, "argument": "", "cents": None}, "until": DEADLINE}
        yield specimen(asked, "prove", facts, answered)
