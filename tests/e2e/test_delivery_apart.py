"""Delivery under `mailorder run` is a process of its own: it is woken, it is missed, and it outlives nobody."""

import os
import signal
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from daemon.service.delivery import LOOK_AGAIN_SECONDS
from daemon.simulator.servers import ImapServer, SmtpServer
from tests.e2e.daemon_process import Daemon, eventually
from tests.e2e.letters import LAMP, order_of
from tests.integration.doors.conftest import Place

ADA, BEN = "ada@customer.example", "ben@customer.example"


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """Open, and its delivery idle since a moment ago: Ada's order is confirmed."""
    with ImapServer() as imap, SmtpServer() as relay, Daemon(tmp_path, Place(imap, "demo"), relay) as daemon:
        daemon.start()
        serve(daemon, ADA, 1)
        yield daemon


def serve(daemon: Daemon, who: str, count: int) -> None:
    daemon.place.append(order_of(who, f"{LAMP}, 1"))
    eventually(lambda: len(daemon.relay.kept) == count and daemon.at_rest(), lambda: f"no answer\n{daemon.log}")


def is_there(pid: int) -> bool:
    """Whether a process still does anything; one that only waits for its exit code to be asked for does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_what_the_desk_books_wakes_the_delivery(daemon: Daemon) -> None:
    serve(daemon, BEN, 2)
    [[queued, settled]] = daemon.ask("SELECT created_at, settled_at FROM outbox ORDER BY id DESC LIMIT 1")
    waited = datetime.fromisoformat(settled) - datetime.fromisoformat(queued)
    assert waited.total_seconds() < LOOK_AGAIN_SECONDS / 2


def test_both_processes_tell_the_log_what_they_did(daemon: Daemon) -> None:
    eventually(lambda: "kind=confirmation state=sent" in daemon.log, lambda: daemon.log)
    assert "outcome=done reason=placed" in daemon.log
    assert ADA not in daemon.log


def test_a_delivery_that_is_killed_ends_the_daemon_with_its_name(daemon: Daemon) -> None:
    [delivery] = daemon.deliveries()
    os.kill(delivery, signal.SIGKILL)
    eventually(lambda: not daemon.is_running(), lambda: "it runs on")
    assert daemon.process is not None
    assert daemon.process.returncode == 1
    last = daemon.log.splitlines()[-1]
    assert last == "mailorder: delivery died, so the shop is closed; the log says of what"
    assert "station_died station=delivery exit_code=-9" in daemon.log


def test_a_desk_that_is_killed_leaves_no_delivery_behind(daemon: Daemon) -> None:
    [delivery] = daemon.deliveries()
    assert is_there(delivery)
    daemon.kill_desk()
    eventually(partial(gone, delivery), lambda: "it sends on", seconds=5.0)


def gone(pid: int) -> bool:
    return not is_there(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_the_whole_group_is_an_orderly_end(daemon: Daemon, number: signal.Signals) -> None:
    """As a service manager and a terminal send it: to the delivery as well."""
    assert daemon.process is not None
    [delivery] = daemon.deliveries()
    for pid in (delivery, daemon.process.pid):
        os.kill(pid, number)
    assert daemon.process.wait(20) == 0
    assert not is_there(delivery)
    assert "station_died" not in daemon.log
    assert daemon.log.splitlines()[-1].endswith("closed")


def test_a_signal_to_the_delivery_alone_is_none_of_its_business(daemon: Daemon) -> None:
    [delivery] = daemon.deliveries()
    os.kill(delivery, signal.SIGTERM)
    serve(daemon, BEN, 2)
    assert daemon.deliveries() == [delivery]
