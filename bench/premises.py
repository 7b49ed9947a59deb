"""Where a shop is opened for measuring: configuration, stocked books, and letters put into a Dovecot's maildir."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.goods import AUTHSERV_ID, SHOP_ADDRESS
from store import catalogue, orders
from store.database import open_shop
from store.facts import OrderState, Product
from tests.servers.dovecot import Dovecot

PASSWORD = "demo"
# Everything that is not said here has its default, and the defaults are what is measured; an order counts one mail.
CONFIG = """
[shop]
address = "{address}"
[database]
shop_url = "sqlite:///{folder}/shop.sqlite"
vault_url = "sqlite:///{folder}/vault.sqlite"
vault_key_file = "{folder}/vault.key"
[mailbox.orders]
host = "127.0.0.1"
port = {imap_port}
security = "none"
user = "demo"
password_file = "{folder}/password"
authserv_id = "{authserv_id}"
[smtp]
host = "127.0.0.1"
port = {smtp_port}
security = "none"
[offers]
enabled = false
[mining]
nightly = false
"""


class BenchError(Exception):
    """What was measured is not what was to be measured; the message says why."""


@dataclass(frozen=True, slots=True)
class Premises:
    """A folder with a config.toml, where `mailorder` can be started."""

    folder: Path

    @property
    def config(self) -> Path:
        return self.folder / "config.toml"

    @property
    def books(self) -> str:
        return f"sqlite:///{self.folder}/shop.sqlite"


def furnish(folder: Path, imap_port: int, smtp_port: int, products: list[Product]) -> Premises:
    """A shop that never opened before, with full shelves."""
    folder.mkdir()
    made = Premises(folder)
    (folder / "password").write_text(PASSWORD)
    ports = {"imap_port": imap_port, "smtp_port": smtp_port}
    made.config.write_text(CONFIG.format(folder=folder, address=SHOP_ADDRESS, authserv_id=AUTHSERV_ID, **ports))
    shop = open_shop(made.books)
    shop.migrate()
    with shop.transaction() as connection:
        catalogue.add(connection, products, "bench", datetime.now(UTC))
    shop.close()
    return made


def check_books(premises: Premises, count: int) -> None:
    """Every letter became an order and the stock adds up; otherwise the figures mean nothing: BenchError."""
    shop = open_shop(premises.books)
    with shop.reading() as connection:
        placed = orders.totals(connection).get(OrderState.PLACED)
        wrong = catalogue.differences(connection)
    shop.close()
    if placed is None or placed.orders != count or wrong:
        raise BenchError(f"{placed.orders if placed else 0} orders of {count} letters, {len(wrong)} stocks differ")


class Maildir:
    """The inbox of the Dovecot's user, written to as a delivery agent does."""

    def __init__(self, dovecot: Dovecot) -> None:
        """An empty mailbox; the one before and its letters are gone."""
        self.inbox = dovecot.root / "home" / "demo" / "Maildir"
        self.delivered = 0
        if self.inbox.exists():
            dovecot.renew()
        dovecot.letters()  # the first look makes the folders

    def deliver(self, letters: Iterable[bytes]) -> None:
        for raw in letters:
            self.delivered += 1
            # Dovecot's own agents tell the sizes in the name, so that no letter is opened to learn them.
            name = f"{int(time.time())}.{self.delivered:07}.bench,S={len(raw)},W={len(raw)}"
            draft = self.inbox / "tmp" / name
            draft.write_bytes(raw)
            draft.rename(self.inbox / "new" / name)

    def waiting(self) -> int:
        """How many letters lie in the inbox."""
        return sum(len(os.listdir(self.inbox / part)) for part in ("new", "cur"))
