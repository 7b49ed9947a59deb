"""The whole path: letters waiting, the daemon from its opening to the last letter sorted, seen from outside."""

import json
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.goods import letters
from bench.opened import MAILORDER, Opened, Spent
from bench.premises import Maildir, Premises, check_books, furnish
from bench.sink import Sink
from store.facts import Product
from tests.servers.dovecot import Dovecot

SECONDS = 600.0
EMPTY_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Street:
    """The servers and the goods that all measurements share."""

    dovecot: Dovecot
    sink: Sink
    products: list[Product]
    folder: Path

    def furnish(self, name: str) -> Premises:
        return furnish(self.folder / name, self.dovecot.port, self.sink.port, self.products)

    def new_maildir(self) -> Maildir:
        self.sink.forget()
        return Maildir(self.dovecot)

    def fill(self, maildir: Maildir, count: int) -> None:
        maildir.deliver(letters(count, self.products, datetime.now(UTC)))


@dataclass(frozen=True, slots=True)
class Whole:
    """A run of the daemon: `wall` seconds from its opening to the last letter sorted, processor and memory of it all.

    `cpu_order` is milliseconds an order, without what an opening and closing with nothing to do takes.
    """

    orders: int
    wall: float
    cpu: float
    peak_mb: float
    peaks_mb: tuple[float, ...]
    cpu_order: float

    @property
    def rate(self) -> float:
        return self.orders / self.wall


def run_empty(street: Street) -> Spent:
    """What opening, looking at an empty mailbox and closing take."""
    street.new_maildir()
    with Opened(street.furnish("empty")) as daemon:
        daemon.until(lambda: daemon.opened_at() is not None, SECONDS)
        ended = time.monotonic() + EMPTY_LOOK_SECONDS
        daemon.until(lambda: time.monotonic() > ended, SECONDS)
        return daemon.close()


def run_whole(street: Street, count: int, idle: Spent, name: str, command: tuple[str, ...] = MAILORDER) -> Whole:
    """`count` letters, each with a confirmation; raises BenchError when one of them has none."""
    maildir = street.new_maildir()
    street.fill(maildir, count)
    premises = street.furnish(name)
    with Opened(premises, command) as daemon:
        daemon.until(lambda: street.sink.count >= count, SECONDS)
        daemon.until(lambda: maildir.waiting() == 0, SECONDS)
        ended = datetime.now(UTC)
        opened = daemon.opened_at() or ended
        spent = daemon.close()
    check_books(premises, count)
    wall = (ended - opened).total_seconds()
    cpu_order = 1000 * (spent.cpu - idle.cpu) / count
    return Whole(count, wall, spent.cpu, spent.peak_mb, spent.peaks_mb, cpu_order)


def run_watched(street: Street, count: int, idle: Spent, name: str) -> tuple[Whole, dict[str, float]]:
    """The same with stopwatches on the stations: milliseconds an order by stage, `rest` being all else."""
    told = street.folder / f"stages-{name}"
    command = (sys.executable, "-m", "bench.watched", str(told))
    whole = run_whole(street, count, idle, name, command)
    spent = [pair for line in told.read_text().splitlines() for pair in json.loads(line).items()]
    stages = {stage: 1000 * seconds / count for stage, seconds in spent}
    return whole, {**stages, "rest": whole.cpu_order - sum(stages.values())}
