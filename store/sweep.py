"""Remove from the vault what nothing in the shop refers to: a crash between the two leaves such rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from store import customers, letters, orders, outbox
from store.database import Database
from store.vault import Vault

ADDRESSES_STAY = timedelta(days=14)
"""A refused order may be put right by its lines alone for some days (`daemon.decide.continuing.KEPT`)."""


def sweep(shop: Database, vault: Vault, before: datetime) -> int:
    """Sweep vault rows last seen before an instant, in bounded pieces; returns how many were removed."""

    def emails(hashes: Sequence[str]) -> set[str]:
        with shop.reading() as conn:
            rooms = (letters, orders, outbox)
            known = {one for room in rooms for one in room.emails_in_use(conn, hashes)}
            # Their orders and letters stay; their address is kept only until they are told that it is gone.
            return known - (customers.erased(conn, known) - outbox.awaited(conn, known))

    def addresses(ids: Sequence[str]) -> set[str]:
        with shop.reading() as conn:
            return orders.addresses_in_use(conn, ids)

    def enclosures(ids: Sequence[str]) -> set[str]:
        with shop.reading() as conn:
            return outbox.enclosures_waiting(conn, ids)

    return vault.sweep(before, emails, addresses, enclosures, ADDRESSES_STAY)
