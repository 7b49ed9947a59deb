"""Everything that is open while the shop is: books, vault, wording; opened and closed in one place."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from daemon.campaign import Campaign
from daemon.config import Config, ConfigError, DatabaseConfig
from daemon.dispatch import Dispatch, Sent
from daemon.handle import Desk, Handled
from daemon.handle.own_data import carry_own_data
from daemon.inbox.imap import Mailbox
from daemon.post.smtp import Relay
from daemon.reports.sending import Reporting
from daemon.suggesting import Suggesting
from daemon.wording import Wording
from store import letters, orders
from store.database import Database, is_missing, open_shop, open_vault
from store.vault import Vault, VaultError, load_key

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Watcher:
    """Who is told as things happen: the demo's screen, a test's list; the daemon's log."""

    handled: Callable[[Handled], None]
    sent: Callable[[Sent], None]


@dataclass(frozen=True, slots=True)
class House:
    config: Config
    shop: Database
    vault: Vault
    wording: Wording
    suggesting: Suggesting
    clock: Clock = utc_now

    @property
    def desk(self) -> Desk:
        return Desk(self.shop, self.vault, self.config, self.suggesting)

    def mailbox(self, name: str) -> Mailbox:
        """A connection to a mailbox, not yet made."""
        return Mailbox(name, self.config.mailbox[name], self.config.limits.letter_bytes)

    def dispatch(self, relay: Relay) -> Dispatch:
        campaign = Campaign(self.config, self.suggesting)
        reporting = Reporting(self.shop, self.vault, self.config)
        own_data = partial(carry_own_data, self.desk)
        told = (self.shop, self.vault, relay, self.wording, self.config, self.clock)
        return Dispatch(*told, campaign, reporting, own_data)

    def disconnect(self) -> None:
        """Give up all connections to the databases; whoever needs one opens it anew."""
        self.shop.close()
        self.vault.database.close()


@contextmanager
def open_house(config: Config, clock: Clock = utc_now) -> Iterator[House]:
    """Open and migrate both databases and check the vault's key; ConfigError or a store error says what is wrong."""
    shop, vault = open_books(config), open_vault(config.database.vault_url.get_secret_value())
    try:
        vault.migrate()
        key = load_key(config.database.vault_key_file, vault, may_be_new=is_new(shop))
        suggesting = Suggesting(shop, clock)
        yield House(config, shop, Vault(vault, key), Wording(config.shop), suggesting, clock)
    finally:
        vault.close()
        shop.close()


@contextmanager
def open_existing(config: Config) -> Iterator[Desk]:
    """Books and vault for commands that are about one person: a vault is never made for them.

    Raises VaultError when the vault's URL, its file or its key is missing.
    """
    url, key_file = config.database.vault_url.get_secret_value(), config.database.vault_key_file
    if not url:
        raise VaultError("database.vault_url is not set; this command needs the vault")
    if is_missing(url):
        raise VaultError("vault database: its file is not here; this command needs the vault")
    if not key_file.exists():
        raise VaultError(f"{key_file}: the vault's key is not here; this command needs the vault")
    shop, vault = open_books(config), open_vault(url)
    try:
        vault.migrate()
        yield Desk(shop, Vault(vault, load_key(key_file, vault, may_be_new=is_new(shop))), config)
    finally:
        vault.close()
        shop.close()


def open_books(config: Config) -> Database:
    """The shop database alone: all that commands need which never look at a person."""
    shop = open_shop(two_databases(config).shop_url.get_secret_value())
    shop.migrate()
    return shop


def two_databases(config: Config) -> DatabaseConfig:
    """Where shop and vault are kept; ConfigError when that is one place."""
    if config.database.shop_url == config.database.vault_url:
        raise ConfigError("database.vault_url: must be another database than database.shop_url")
    return config.database


def is_new(shop: Database) -> bool:
    """Whether the books know of no person yet.

    Where they do, a vault made anew would look well and fit nothing: every customer unknown, every suppression void.
    """
    with shop.reading() as connection:
        return not (letters.listing(connection, limit=1) or orders.listing(connection, limit=1))
