"""The chore that removes vault rows which nothing refers to any more."""

import threading
from datetime import timedelta

import structlog

from daemon.service.house import House
from daemon.service.station import last_words
from store import sweep
from store.database import DatabaseError

log = structlog.get_logger()

UNTOUCHED = timedelta(days=1)
"""Intake writes the vault before the books, so only rows older than any batch in hand are judged."""
LAST_PIECES_SECONDS = 20.0
"""How long a shop that closes waits for a sweep; it may be broken off anywhere, each piece being a transaction."""


class Sweeper:
    """Sweeps in a thread of its own, one at a time: a vault of years is a long walk, and the desk must not wait."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.thread: threading.Thread | None = None

    def begin(self) -> None:
        if self.thread is None or not self.thread.is_alive():
            self.thread = threading.Thread(target=self.walk, name="sweeper", daemon=True)
            self.thread.start()

    def walk(self) -> None:
        with last_words("sweeper"):
            sweep_vault(self.house)

    def close(self) -> None:
        if self.thread is not None:
            self.thread.join(LAST_PIECES_SECONDS)


def sweep_vault(house: House) -> None:
    """A database that does not answer now is swept at the next turn."""
    try:
        removed = sweep.sweep(house.shop, house.vault, house.clock() - UNTOUCHED)
    except DatabaseError as error:
        log.warning("not_swept", error=str(error))
        return
    if removed:
        log.info("swept", rows=removed)
