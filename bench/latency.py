"""One letter at a time while the daemon idles: from the server's announcement to the relay's acceptance."""

import socket
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from bench.goods import letters
from bench.opened import Opened
from bench.path import SECONDS, Street
from bench.premises import BenchError, Premises, furnish
from daemon.simulator.imap_server import ImapServer

# Dovecot tells half a second later what it notices: the sorting of one letter must not hurry the next announcement.
QUIET_SECONDS = 1.0
ANNOUNCED_WITHIN = 10.0
COMMANDS = ((b"a LOGIN demo demo", b"a OK"), (b"b SELECT INBOX", b"b OK"), (b"c IDLE", b"+ "))
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
    with listening(street.dovecot.port) as heard:
        return measure(
            street, premises, heard, lambda raw: maildir.deliver([raw]), lambda: maildir.waiting() == 0, count
        )


def on_pymap(street: Street, count: int) -> Latency:
    """The simulator's server announces at once; it lives in this process, beside the one who listens."""
    street.sink.forget()
    with ImapServer() as server, listening(server.port) as heard:
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
def listening(port: int) -> Iterator[Callable[[], float]]:
    """A second connection to the inbox: when, on the machine's clock, the server announced a letter on it."""
    with socket.create_connection(("127.0.0.1", port), ANNOUNCED_WITHIN) as sock, sock.makefile("rb") as lines:

        def heard(sign: bytes) -> float:
            for line in lines:
                if sign in line:
                    return time.monotonic()
            raise BenchError("the server hangs up")

        # Spoken by hand: pymap tells half lines while it idles, at which imaplib gives up.
        for command, sign in COMMANDS:
            sock.sendall(command + b"\r\n")
            heard(sign)
        yield lambda: heard(b" EXISTS")
