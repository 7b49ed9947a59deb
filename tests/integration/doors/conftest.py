"""Real servers for the doors: the same suite runs over Dovecot and over pymap."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from daemon.config import MailboxConfig
from daemon.inbox.imap import Mailbox
from daemon.simulator.servers import ImapServer
from tests.servers.dovecot import Dovecot, DovecotMissing

LIMIT = 100_000


@dataclass
class Place:
    """A mailbox of one's own on some server."""

    server: Dovecot | ImapServer
    user: str

    def append(self, raw: bytes, arrived_at: datetime | None = None) -> None:
        self.server.append(raw, arrived_at, user=self.user)

    def letters(self, folder: str = "INBOX") -> list[bytes]:
        return self.server.letters(folder, self.user)

    def renew(self) -> None:
        self.server.renew(self.user)

    def config(self, **changes: Any) -> MailboxConfig:
        settings: dict[str, Any] = {"security": "none", "port": self.server.port, "user": self.user}
        return MailboxConfig(**settings | {"password": "demo", "timeout_seconds": 10} | changes)

    def mailbox(self, letter_bytes: int = LIMIT, **changes: Any) -> Mailbox:
        """A mailbox that is connected."""
        mailbox = Mailbox("shop", self.config(**changes), letter_bytes)
        mailbox.connect()
        return mailbox


def start_dovecot(**settings: Any) -> Dovecot:
    """A running Dovecot; without one the test is skipped with the reason, or fails where servers are required."""
    try:
        return Dovecot(**settings).start()
    except DovecotMissing as missing:
        if os.environ.get("MAILORDER_REQUIRE_SERVERS") == "1":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    server = start_dovecot()
    yield server
    server.stop()


@pytest.fixture(params=["dovecot", "pymap"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "dovecot":
        yield Place(request.getfixturevalue("dovecot"), f"u{uuid.uuid4().hex[:12]}")
        return
    with ImapServer() as server:
        yield Place(server, "demo")
