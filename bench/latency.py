"""One letter at a time while the daemon idles: from the server's announcement to the relay's acceptance."""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from imapclient import IMAPClient

from bench.goods import letters
from bench.opened import Opened
from bench.path import SECONDS, Street
from bench.premises import BenchError, Premises, furnish
from daemon.simulator.imap_server import ImapServer

QUIET_SECONDS = 0.2
ANNOUNCED_WITHIN = 10.0
Drop = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the announcement to the acceptance: half of the letters, and 95 in 100, were faster.

    `announced` is the server's own share: from the letter's arrival to its announcement, median.
    """

    letters: int
    median: float
    p95: float
    announced: float


def on_dovecot(street: Street, count: int) -> Latency:
    maildir = street.new_maildir()
    premises = street.furnish("latency")
    with listening(street.dovecot.port, "demo") as heard:
        return measure(
            street, premises, heard, lambda raw: maildir.deliver([raw]), lambda: maildir.waiting() == 0, count
        )


def on_pymap(street: Street, count: int) -> Latency:
    """The simulator's server announces at once; it lives in this process, beside the one who listens."""
    street.sink.forget()
    with ImapServer() as server, listening(server.port, "demo") as heard:
        premises = furnish(street.folder / "latency-pymap", server.port, street.sink.port, street.products)
        return measure(street, premises, heard, server.append, lambda: not server.letters(), count)


def measure(
    street: Street, premises: Premises, heard: Callable[[], float], drop: Drop, empty: Callable[[], bool], count: int
) -> Latency:
    shares, announcements = [], []
    with Opened(premises) as daemon:
        daemon.until(lambda: daemon.opened_at() is not None, SECONDS)
        # The first letter finds connections not yet made, and is not counted.
        for place, raw in enumerate(letters(count + 1, street.products, datetime.now(UTC))):
            time.sleep(QUIET_SECONDS)
            dropped = time.monotonic()
            drop(raw)
            announced = heard()
            daemon.until(lambda place=place: street.sink.count > place and empty(), SECONDS)  # type: ignore[misc]
            shares.append(1000 * (street.sink.times()[place] - announced))
            announcements.append(1000 * (announced - dropped))
        daemon.close()
    return Latency(
        count,
        statistics.median(shares[1:]),
        statistics.quantiles(shares[1:], n=20)[-1],
        statistics.median(announcements[1:]),
    )


@contextmanager
def listening(port: int, user: str) -> Iterator[Callable[[], float]]:
    """A second connection to the inbox: when, on the machine's clock, the server announced a letter on it."""
    client = IMAPClient("127.0.0.1", port, ssl=False, timeout=30)
    client.login(user, "demo")
    client.select_folder("INBOX")  # type: ignore[no-untyped-call]
    client.idle()

    def heard() -> float:
        until = time.monotonic() + ANNOUNCED_WITHIN
        while time.monotonic() < until:
            told = client.idle_check(timeout=1)
            if any(len(one) > 1 and one[1] == b"EXISTS" and one[0] for one in told):
                return time.monotonic()
        raise BenchError("the server announces nothing")

    try:
        yield heard
    finally:
        client.idle_done()
        client.logout()  # type: ignore[no-untyped-call]
