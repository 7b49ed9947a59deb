"""What was sent is written down however long the books are held, up to what the lease allows."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from daemon.config import Config, DatabaseConfig, OutboxConfig, ShopConfig
from daemon.post.shapes import Envelope, Receipt, State
from daemon.post.smtp import Relay
from daemon.service.house import House, open_house
from store import outbox
from store.database import BusyError, open_shop
from store.facts import Mail, MailState, Role

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
WAIT_SECONDS, LEASE_SECONDS = 0.02, 1.0
ATTEMPTS = 25  # of 0.02 s: half the lease


class Holding(Relay):
    """Takes every mail; somebody else takes the books at that moment, and keeps them."""

    def __init__(self, house: House, books: sqlite3.Connection) -> None:
        super().__init__(house.config.smtp)
        self.books = books
        self.taken: list[bytes] = []

    async def send(self, envelopes: Sequence[Envelope], seconds: float = 120.0) -> list[Receipt]:
        self.books.execute("BEGIN IMMEDIATE")
        self.taken += [one.message for one in envelopes]
        return [Receipt(State.ACCEPTED, 250, "ok")] * len(envelopes)


class Clock:
    """Stands; whenever somebody looks at it, `then` is called."""

    def __init__(self) -> None:
        self.now = NOW
        self.then: Callable[[], None] = lambda: None

    def __call__(self) -> datetime:
        self.then()
        return self.now


@contextmanager
def opened(folder: Path, clock: Clock) -> Iterator[tuple[House, Holding]]:
    """A shop that waits for the books no longer than a blink, with an alert to send."""
    database = DatabaseConfig(
        shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
        vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
        vault_key_file=folder / "vault.key",
    )
    outbox_config = OutboxConfig(lease_seconds=LEASE_SECONDS)
    with open_house(Config(shop=ShopConfig(), database=database, outbox=outbox_config), clock) as patient:
        facts = {"what": "mail_dead", "reference": "1", "reason": "", "when": NOW.isoformat(), "command": ""}
        with patient.shop.transaction() as connection:
            outbox.enqueue(connection, [Mail("a" * 32, "e", "alert", facts, NOW, role=Role.OPERATOR)], NOW)
        house = replace(patient, shop=open_shop(database.shop_url.get_secret_value(), WAIT_SECONDS))
        books = sqlite3.connect(folder / "shop.sqlite", isolation_level=None)
        yield house, Holding(house, books)
        books.close()
        house.shop.close()


def states(house: House) -> list[MailState]:
    with house.shop.reading() as connection:
        return [one.state for one in outbox.listing(connection)]


def test_settling_waits_until_the_books_are_free_again(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as (house, relay):
        looks = 0

        def look() -> None:
            nonlocal looks
            if relay.books.in_transaction:
                looks += 1
                if looks == ATTEMPTS - 1:
                    relay.books.rollback()

        clock.then = look
        [sent] = asyncio.run(house.dispatch(relay).step())
        assert sent.settlement.state is MailState.SENT
        assert looks == ATTEMPTS - 1
        assert states(house) == [MailState.SENT]
        assert len(relay.taken) == 1


def test_settling_gives_up_before_the_lease_ends_and_the_same_mail_goes_out_again(tmp_path: Path) -> None:
    clock = Clock()
    with opened(tmp_path, clock) as (house, relay):
        looks = 0

        def look() -> None:
            nonlocal looks
            looks += relay.books.in_transaction

        clock.then = look
        with pytest.raises(BusyError):
            asyncio.run(house.dispatch(relay).step())
        assert looks == ATTEMPTS
        relay.books.rollback()
        assert states(house) == [MailState.SENDING]
        assert asyncio.run(house.dispatch(relay).step()) == []
        clock.now += timedelta(seconds=house.config.outbox.lease_seconds)
        clock.then = relay.books.rollback
        asyncio.run(house.dispatch(relay).step())
        assert states(house) == [MailState.SENT]
        assert [b"a" * 32 in message for message in relay.taken] == [True, True]
