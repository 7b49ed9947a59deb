"""A whole shop on real servers, run a round at a time by a clock of the test's own."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import text

from daemon.config import Config, DatabaseConfig, ShopConfig, SmtpConfig
from daemon.handle import Handled
from daemon.inbox.folders import FOLDERS
from daemon.service.house import House, Watcher, open_house
from daemon.service.once import Done, once
from daemon.simulator.servers import SmtpServer
from daemon.simulator.stock import shop_catalogue
from store import catalogue
from tests.e2e.letters import SHOP, read
from tests.integration.doors.conftest import Place

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
# What customers of these tests are called, where they live, and where they write from.
PERSONAL = (b"customer.example", b"Lovelace", b"Analytical Way", b"Okafor", b"Harbour Street")


class Shop:
    """`serve` does what the daemon does, once; `now` is the time."""

    def __init__(self, house: House, places: Sequence[Place], relay: SmtpServer, clock: list[datetime]) -> None:
        self.house, self.places, self.relay, self.clock = house, places, relay, clock
        self.handled: list[Handled] = []

    @property
    def now(self) -> datetime:
        return self.clock[0]

    def later(self, **how: float) -> None:
        self.clock[0] += timedelta(**how)

    def write(self, *letters: bytes, arrived_at: datetime | None = None, place: int = 0) -> None:
        for raw in letters:
            self.places[place].append(raw, arrived_at or self.now)

    def serve(self) -> Done:
        return once(self.house, Watcher(self.handled.append, lambda _: None))

    def told(self, *letters: bytes) -> list[tuple[str, str]]:
        """What became of these letters, which are delivered now."""
        self.write(*letters)
        return self.outcomes()

    def outcomes(self) -> list[tuple[str, str]]:
        """What became of the letters that waited."""
        before = len(self.handled)
        self.serve()
        return [(one.outcome.value, one.reason) for one in self.handled[before:]]

    def mails_to(self, address: str) -> list[EmailMessage]:
        return [read(one.message) for one in tuple(self.relay.kept) if address in one.recipients]

    def latest(self, address: str) -> EmailMessage:
        return self.mails_to(address)[-1]

    def subjects(self, address: str) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails_to(address)]

    def folders(self, place: int = 0) -> dict[str, int]:
        """How many letters lie in each folder that is not empty."""
        counts = {folder: len(self.places[place].letters(folder)) for folder in ["INBOX", *FOLDERS.values()]}
        return {folder: count for folder, count in counts.items() if count}

    def ask(self, query: str, **values: Any) -> list[tuple[Any, ...]]:
        with self.house.shop.reading() as connection:
            return [tuple(row) for row in connection.execute(text(query), values)]

    def orders(self) -> list[tuple[Any, ...]]:
        """(state, pieces) of each order, oldest first."""
        return self.ask(
            'SELECT state, sum(quantity) FROM "order" o JOIN order_line ON order_number = number'
            " GROUP BY number ORDER BY o.arrived_at, o.placed_at, state"
        )

    def sold(self) -> int:
        """Pieces that are off the shelf; the books must add up."""
        with self.house.shop.reading() as connection:
            assert catalogue.differences(connection) == []
        return sum(one.on_hand for one in shop_catalogue()) - int(self.ask("SELECT sum(on_hand) FROM product")[0][0])

    def alter(self, statement: str) -> None:
        """Change the books past the program, as somebody with the database's own tools would."""
        with closing(sqlite3.connect(str(self.house.shop.engine.url.database))) as books:
            books.execute(statement)
            books.commit()


@contextmanager
def open_shop_on(
    folder: Path, places: Sequence[Place], relay: SmtpServer, at: datetime = MORNING, **sections: Any
) -> Iterator[Shop]:
    """A stocked shop that has met its mailboxes already; at the end nothing personal may lie outside the vault."""
    clock = [at]
    with open_house(configuration(folder, places, relay, sections), lambda: clock[0]) as house:
        stock(house)
        shop = Shop(house, places, relay, clock)
        if at == MORNING:
            shop.serve()
        yield shop
        assert personal_traces(folder) == []


def stock(house: House) -> None:
    with house.shop.transaction() as connection:
        if not catalogue.count(connection):
            catalogue.add(connection, shop_catalogue(), "test", house.clock())


def configuration(folder: Path, places: Sequence[Place], relay: SmtpServer | None, sections: dict[str, Any]) -> Config:
    boxes = sections.pop("mailbox", {})
    names = ["orders", "second"]
    settings: dict[str, Any] = {
        "shop": ShopConfig(address=SHOP),
        "database": DatabaseConfig(
            shop_url=SecretStr(f"sqlite:///{folder / 'shop.sqlite'}"),
            vault_url=SecretStr(f"sqlite:///{folder / 'vault.sqlite'}"),
            vault_key_file=folder / "vault.key",
        ),
        "mailbox": {name: place.config(**boxes) for name, place in zip(names, places, strict=False)},
        "smtp": SmtpConfig(port=relay.port if relay else 1, security="none", timeout_seconds=5),
    }
    return Config(**settings | sections)


def personal_traces(folder: Path, words: Iterable[bytes] = PERSONAL) -> list[tuple[str, bytes]]:
    """Files outside the vault that hold a customer's name, street or address: (file, word)."""
    files = [file for file in folder.iterdir() if file.is_file() and not file.name.startswith("vault.sqlite")]
    return [(file.name, word) for file in files for word in words if word in file.read_bytes()]
