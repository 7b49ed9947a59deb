"""A real daemon in a folder of its own, between proxies, and its books as somebody outside sees them."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from daemon.simulator.servers import Kept, SmtpServer
from daemon.simulator.stock import shop_catalogue
from store import catalogue
from store.database import open_shop, open_vault
from store.vault import load_key
from tests.integration.doors.conftest import Place
from tests.servers.proxy import Proxy
from tests.servers.trap import Trap

COMMAND = str(Path(sys.executable).with_name("mailorder"))
CONFIG = """
[shop]
address = "orders@shop.example"
[mailbox.orders]
port = {imap_port}
security = "none"
user = "{user}"
poll_seconds = 1
timeout_seconds = 10
[smtp]
port = {smtp_port}
security = "none"
timeout_seconds = 5
[outbox]
lease_seconds = 1
first_retry_seconds = 0.2
{more}
"""


def eventually(condition: Callable[[], bool], what: Callable[[], str], seconds: float = 20.0) -> None:
    """Waits for something that only a look can tell; AssertionError when it does not come about in time."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, f"not within {seconds:g} s: {what()}"
        time.sleep(0.05)


def clean_environment(**more: str) -> dict[str, str]:
    """Ours without settings of the shop; the mailbox's password is added."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAILORDER_")}
    return kept | {"MAILORDER_MAILBOX__ORDERS__PASSWORD": "demo", "NO_COLOR": "1"} | more


class Daemon:
    """`mailorder run` with SQLite, a mailbox and a relay; whatever passes between them passes by `trap`."""

    def __init__(self, folder: Path, place: Place, relay: SmtpServer, more: str = "") -> None:
        self.folder, self.place, self.relay, self.more = folder, place, relay, more
        self.trap = Trap()
        self.process: subprocess.Popen[bytes] | None = None
        self._open = ExitStack()

    def __enter__(self) -> Self:
        imap = self._open.enter_context(Proxy(self.place.server.port, tap=self.trap.tap))
        smtp = self._open.enter_context(Proxy(self.relay.port, tap=self.trap.tap))
        ports = {"imap_port": imap.port, "smtp_port": smtp.port}
        config = CONFIG.format(**ports, user=self.place.user, more=self.more)
        (self.folder / "config.toml").write_text(config)
        shop = open_shop(self.shop_url)
        shop.migrate()
        with shop.transaction() as connection:
            catalogue.add(connection, shop_catalogue(), "test", datetime.now(UTC))
        shop.close()
        vault = open_vault(f"sqlite:///{self.folder / 'vault.sqlite'}")
        vault.migrate()
        load_key(self.folder / "vault.key", vault)
        vault.close()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()
        self._open.close()

    @property
    def shop_url(self) -> str:
        return f"sqlite:///{self.folder / 'shop.sqlite'}"

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen([COMMAND, "run"], cwd=self.folder, env=clean_environment(), stderr=log)

    def kill(self) -> None:
        """SIGKILL to desk and delivery, as when the machine stops: no handler, no clean-up, no last words."""
        for pid in self.deliveries():
            os.kill(pid, signal.SIGKILL)
        self.kill_desk()

    def kill_desk(self) -> None:
        """SIGKILL to the process that was started, and to none that it started."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(10)

    def deliveries(self) -> list[int]:
        """The delivery of the running one, once it is open: the child that is the same program, for it was forked."""
        if self.process is None or not self.is_running():
            return []
        mine = Path(f"/proc/{self.process.pid}")
        children = (mine / "task" / mine.name / "children").read_text().split()
        same = (mine / "cmdline").read_bytes()
        return [int(child) for child in children if Path(f"/proc/{child}/cmdline").read_bytes() == same]

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self.process is not None
        self.process.terminate()
        return self.process.wait(20)

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def is_open(self) -> bool:
        """Whether it has come so far as to have its delivery."""
        return bool(self.deliveries())

    def run(self, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
        """Another command of the program, in the same folder."""
        return subprocess.run(
            [COMMAND, *arguments],
            cwd=self.folder,
            env=clean_environment(**environment),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of the books as they are committed now."""
        with closing(sqlite3.connect(self.folder / "shop.sqlite", timeout=10)) as books:
            return books.execute(query, values).fetchall()

    def at_rest(self) -> bool:
        """Nothing waits in the inbox and nothing in the outbox."""
        waiting = self.ask("SELECT count(*) FROM outbox WHERE state IN ('queued', 'sending')")
        return waiting == [(0,)] and not self.place.letters()

    def kept_for(self, mark: str) -> list[Kept]:
        return [one for one in tuple(self.relay.kept) if mark in one.message.decode()]
