"""A desk with one product on the shelf, whose mail server tells what it found out about a sender."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.config import Config, MailboxConfig
from daemon.handle import Desk
from store import catalogue
from store.database import Database
from store.facts import Product
from store.vault import Vault, load_key
from tests.e2e.letters import LAMP


@pytest.fixture
def desk(shop: Database, vault_database: Database, tmp_path: Path) -> Desk:
    with shop.transaction() as connection:
        lamp = Product(LAMP, "Lamp", "", price=1999, on_hand=10)
        catalogue.add(connection, [lamp], "test", datetime(2026, 11, 20, 12, 30, tzinfo=UTC))
    config = Config(mailbox={"orders": MailboxConfig(user="demo", authserv_id="mx.shop.example")})
    return Desk(shop, Vault(vault_database, load_key(tmp_path / "vault.key", vault_database)), config)
