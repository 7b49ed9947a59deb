"""The chore that has reports made when they are due, by a process of its own."""

import subprocess
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import structlog

from daemon.reports.making import UnmadeError, make_due, work_waits
from daemon.reports.process import start
from daemon.service.house import House
from store.database import DatabaseError
from store.facts import ReportRun

log = structlog.get_logger()

GRACE_SECONDS = 5.0
"""How long a report under way may take to end when asked; what is not filed by then is made after the next start."""
LONGEST = timedelta(minutes=30)
AGAIN = timedelta(minutes=5)
"""How long to wait after a failure: the report is still due, and the operator has time to read the log."""


class Reporter:
    """Looks whether a report is due or has been made; one process at a time."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.process: subprocess.Popen[bytes] | None = None
        self.started_at = house.clock()
        self.not_before: datetime | None = None

    def look(self) -> None:
        """A database that does not answer now is asked again at the next look; a process that cannot be is tried later.

        `mailorder status` tells of a report that is not made within an hour.
        """
        now = self.house.clock()
        try:
            if self.process is None:
                self.begin(now)
            elif (code := self.process.poll()) is not None:
                self.process = None
                self.ended(code, now)
            elif now - self.started_at > LONGEST:
                self.process.kill()
        except DatabaseError as error:
            log.warning("reports_not_looked_at", error=str(error))
        except OSError as error:
            self.not_before = now + AGAIN
            log.warning("reports_not_begun", error=str(error))

    def begin(self, now: datetime) -> None:
        if self.not_before is not None and self.not_before - AGAIN <= now < self.not_before:
            return
        with self.house.shop.reading() as connection:
            waits = work_waits(connection, self.house.config, now)
        if waits:
            self.started_at = now
            self.process = start(self.house.config, now)

    def ended(self, code: int, now: datetime) -> None:
        self.not_before = None if code == 0 else now + AGAIN
        if code != 0:
            log.warning("reports_failed", code=code)

    def close(self) -> None:
        """End what is under way; nothing is filed by halves, and what was not made is still due."""
        if self.process is None:
            return
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(GRACE_SECONDS)
        self.process.kill()
        self.process.wait()
        self.process = None


def report_once(house: House) -> None:
    """Make what is due here and now, for a round that is over when all is done. Raises UnmadeError after the others."""
    try:
        tell(make_due(house.shop, house.config, house.clock()))
    except UnmadeError as error:
        tell(error.made)
        raise


def tell(made: Sequence[ReportRun]) -> None:
    for run in made:
        log.info("reported", report=run.report.value, period=run.period.key, late=run.late)
