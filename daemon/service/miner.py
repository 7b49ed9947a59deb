"""The chore that has the rules mined anew each night, by a process of its own."""

import secrets
import subprocess
from contextlib import suppress

import structlog

from daemon.mining.due import due
from daemon.mining.mine import Run, UnderWayError, begin
from daemon.mining.process import Process, ended, start
from daemon.service.house import House
from store import rules
from store.database import Connection, DatabaseError

log = structlog.get_logger()

GRACE_SECONDS = 5.0
"""How long a mining may take to end when asked; it leaves no trace, so it is not worth waiting for."""


class Miner:
    """Looks whether a mining is due or has ended; one at a time."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.owner = ""
        self.process: Process | None = None

    def look(self) -> None:
        """A database that does not answer now is asked again at the next look."""
        try:
            if self.process is None:
                self.begin()
            elif (code := self.process.poll()) is not None:
                self.process = None
                self.ended(code)
            elif self.overdue():
                self.process.kill()
        except (DatabaseError, UnderWayError, OSError) as error:
            log.warning("not_mined", reason=str(error))

    def once(self) -> None:
        """Mine if it is due, and wait until that is over."""
        self.look()
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(60 * self.house.config.mining.give_up_minutes)
            self.close()

    def begin(self) -> None:
        """It is noted before the process is there: also one that cannot even start is tried only once a night."""
        with self.house.shop.reading() as connection:
            if not self.due(connection):
                return
        config = self.house.config
        run = Run(secrets.token_hex(16), config.shop.zone, config.mining, self.house.clock)
        with self.house.shop.transaction() as connection:
            # Another daemon of the same shop may have looked at the same time.
            if not self.due(connection):
                return
            begin(connection, run)
        self.owner = run.owner
        self.process = start(self.house.shop, config, run)

    def due(self, connection: Connection) -> bool:
        config = self.house.config
        return due(connection, config.mining, config.shop.zone, self.house.clock())

    def ended(self, code: int) -> None:
        """What goes wrong the process says in the log itself, unless it was killed."""
        if ended(self.house.shop, self.owner, code, self.house.clock()):
            log.warning("mining_failed", code=code)

    def overdue(self) -> bool:
        with self.house.shop.reading() as connection:
            running = rules.running(connection)
        return running is not None and running.owner == self.owner and running.until <= self.house.clock()

    def close(self) -> None:
        """End a mining that is under way; the rules in force stay, and the next night it is tried again."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_SECONDS)
        self.process.kill()
        code, self.process = self.process.wait(), None
        with suppress(DatabaseError):
            self.ended(code)
