"""The chore that removes vault rows which nothing refers to any more."""

from datetime import timedelta

import structlog

from daemon.service.house import House
from store import sweep
from store.database import DatabaseError

log = structlog.get_logger()

UNTOUCHED = timedelta(days=1)
"""Intake writes the vault before the books, so only rows older than any batch in hand are judged."""


def sweep_vault(house: House) -> None:
    """A database that does not answer now is swept at the next turn."""
    try:
        removed = sweep.sweep(house.shop, house.vault, house.clock() - UNTOUCHED)
    except DatabaseError as error:
        log.warning("not_swept", error=str(error))
        return
    if removed:
        log.info("swept", rows=removed)
