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
ANNOUNCED_WITHIN = 2.0
COMMANDS = ((b"a LOGIN demo demo", b"a OK"), (b"b SELECT INBOX", b"b OK"), (b"c IDLE", b"+ "))
Drop = Callable[[bytes], object]


@dataclass(frozen=True, slots=True)
class Latency:
    """Milliseconds from the announcement to the acceptance: half of the letters, and 95 in 100, were faster.

    `letters` are those whose announcement the listener heard. `announced` is the server's own share: from the
    letter's arrival to its announcement, median.
    """

    letters: int
    median: float
    p95: float
    announced: float


def on_dovecot(street: Street, count: int) -> Latency:
    maildir = street.new_maildir()
    premises = street.furnish("latency")
    with listening(street.dovecot.port) as ear:
        return measure(street, premises, ear, lambda raw: maildir.deliver([raw]), lambda: maildir.waiting() == 0, count)


def on_pymap(street: Street, count: int) -> Latency:
    """The simulator's server announces at once; it lives in this process, beside the one who listens."""
    street.sink.forget()
    with ImapServer() as server, listening(server.port) as ear:
        premises = furnish(street.folder / "latency-pymap", server.port, street.sink.port, street.products)
        return measure(street, premises, ear, server.append, lambda: not server.letters(), count)


def measure(
    street: Street, premises: Premises, ear: "Ear", drop: Drop, empty: Callable[[], bool], count: int
) -> Latency:
    shares, announcements = [], []
    with Opened(premises) as daemon:
        daemon.until(lambda: daemon.opened_at() is not None, SECONDS)
        # The first letter finds connections not yet made, and is not counted.
        for place, raw in enumerate(letters(count + 1, street.products, datetime.now(UTC))):
            time.sleep(QUIET_SECONDS)
            dropped = time.monotonic()
            drop(raw)
            announced = ear.hear(b" EXISTS")
            daemon.until(lambda place=place: street.sink.count > place and empty(), SECONDS)  # type: ignore[misc]
            if place and announced is not None:
                shares.append(1000 * (street.sink.times()[place] - announced))
                announcements.append(1000 * (announced - dropped))
        daemon.close()
    if len(shares) < 2:
        raise BenchError("the server announced nothing to the second listener")
    p95 = statistics.quantiles(shares, n=20)[-1]
    return Latency(len(shares), statistics.median(shares), p95, statistics.median(announcements))


class Ear:
    """A second connection to the inbox that idles; it speaks by hand, for pymap tells half lines."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.heard = b""
        for command, sign in COMMANDS:
            sock.sendall(command + b"\r\n")
            if self.hear(sign) is None:
                raise BenchError(f"no answer to {command.split()[1].decode()}")

    def hear(self, sign: bytes) -> float | None:
        """When, on the machine's clock, the server said it; None when it does not: a letter that the daemon has
        taken away before the server looks again is announced to nobody else."""
        until = time.monotonic() + ANNOUNCED_WITHIN
        while sign not in self.heard:
            self.sock.settimeout(max(0.001, until - time.monotonic()))
            try:
                told = self.sock.recv(65536)
            except TimeoutError:
                return None
            if not told:
                raise BenchError("the server hangs up")
            self.heard += told
        self.heard = b""
        return time.monotonic()


@contextmanager
def listening(port: int) -> Iterator[Ear]:
    with socket.create_connection(("127.0.0.1", port), ANNOUNCED_WITHIN) as sock:
        yield Ear(sock)
