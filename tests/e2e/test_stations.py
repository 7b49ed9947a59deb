"""Stations that fail: the shop goes on without a log, and ends where it cannot go on."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from daemon.config import LogConfig
from daemon.logs import set_up
from daemon.service.house import House, Watcher, open_house
from daemon.service.run import run
from daemon.service.station import StationError
from daemon.service.sweeping import UNTOUCHED, Sweeper
from daemon.simulator.servers import ImapServer, SmtpServer
from store.vault import VaultError
from tests.e2e.daemon_process import Daemon, eventually
from tests.e2e.letters import LAMP, order_of
from tests.e2e.shop import MORNING, configuration, open_shop_on
from tests.integration.doors.conftest import Place

ADA, BEN = "ada@customer.example", "ben@customer.example"


@pytest.fixture
def places() -> Iterator[list[Place]]:
    """Two mailboxes."""
    with ExitStack() as stack:
        yield [Place(stack.enter_context(ImapServer()), "demo") for _ in range(2)]


@pytest.fixture
def relay() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def test_a_log_on_a_full_disk_keeps_nobody_from_work(tmp_path: Path, places: list[Place], relay: SmtpServer) -> None:
    def answered(count: int) -> bool:
        return len(relay.kept) == count and daemon.at_rest()

    (tmp_path / "log").symlink_to("/dev/full")
    with Daemon(tmp_path, places[0], relay) as daemon:
        daemon.start()
        for count, who in enumerate([ADA, BEN], start=1):
            places[0].append(order_of(who, f"{LAMP}, 1"))
            eventually(partial(answered, count), lambda: "no answer")
        assert daemon.is_running()


class Breaking:
    """A clock that stands, and breaks in one thread."""

    def __init__(self, thread: str) -> None:
        self.thread = thread

    def __call__(self) -> datetime:
        if threading.current_thread().name == self.thread:
            raise ArithmeticError(f"the clock of {ADA} broke")
        return MORNING


def test_a_dead_intake_ends_the_run_and_the_log_says_of_what(
    tmp_path: Path, places: list[Place], relay: SmtpServer, capsys: pytest.CaptureFixture[str]
) -> None:
    set_up(LogConfig())
    stop = threading.Event()
    watcher = Watcher(lambda _: None, lambda _: None)
    with open_house(configuration(tmp_path, places, relay, {}), Breaking("intake-second")) as house:
        with pytest.raises(StationError, match=r"^intake-second died") as told:
            run(house, stop, watcher)
        assert "\n" not in str(told.value)
    assert stop.is_set()
    said = capsys.readouterr().err
    assert "ArithmeticError: the clock of <address> broke" in said
    assert ADA not in said


def test_a_dead_delivery_ends_the_run(tmp_path: Path, places: list[Place], relay: SmtpServer) -> None:
    def breaks(_: object) -> None:
        raise ArithmeticError("nobody listens")

    with open_shop_on(tmp_path, places[:1], relay) as shop:
        shop.write(order_of(ADA, f"{LAMP}, 1"))
        with pytest.raises(StationError, match=r"^delivery died"):
            run(shop.house, threading.Event(), Watcher(lambda _: None, breaks))
        assert shop.orders() == [("placed", 1)]


def test_books_that_refuse_one_mailbox_keep_no_other_and_no_mail(
    tmp_path: Path, places: list[Place], relay: SmtpServer
) -> None:
    with open_shop_on(tmp_path, places, relay) as shop:
        shop.alter(
            "CREATE TRIGGER stuck BEFORE UPDATE ON mailbox WHEN NEW.name = 'orders'"
            " BEGIN SELECT RAISE(ABORT, 'not this one'); END"
        )
        shop.write(order_of(BEN, f"{LAMP}, 1"), place=1)
        done = shop.serve()
        assert (done.handled, done.sent, len(done.failed)) == (1, 1, 1)
        assert "not this one" in done.failed[0]


def test_nobody_waits_for_a_sweep(tmp_path: Path) -> None:
    with open_house(configuration(tmp_path, [], None, {}), lambda: MORNING) as house:
        stale = house.vault.hashed(ADA)
        house.vault.keep({stale: ADA}, [], [], MORNING - UNTOUCHED - timedelta(hours=1))
        sweeper = Sweeper(house)
        with house.vault.database.transaction():
            sweeper.begin()
            walking = sweeper.thread
            sweeper.begin()
            assert sweeper.thread is walking
            assert house.vault.emails([stale])
        sweeper.close()
        assert house.vault.emails([stale]) == {}


@pytest.mark.parametrize("lost", [["vault.sqlite"], ["vault.sqlite", "vault.key"], ["vault.key"]])
def test_an_old_shop_takes_no_new_vault(
    tmp_path: Path, places: list[Place], relay: SmtpServer, lost: list[str]
) -> None:
    with open_shop_on(tmp_path, places, relay) as shop:
        shop.told(order_of(ADA, f"{LAMP}, 1"))
        config = shop.house.config
    for name in lost:
        for file in tmp_path.glob(f"{name}*"):
            file.rename(file.with_name(f"kept-{file.name}"))
    for _ in range(2):
        with pytest.raises(VaultError) as told, open_house(config):
            pass
        assert "\n" not in str(told.value)
        assert all(str(tmp_path / name) in str(told.value) for name in lost)
        assert (tmp_path / "vault.key").exists() == ("vault.key" not in lost)
    for name in lost:
        for file in tmp_path.glob(f"{name}*"):
            file.unlink()
        for file in tmp_path.glob(f"kept-{name}*"):
            file.rename(file.with_name(file.name.removeprefix("kept-")))
    with open_house(config) as house:
        assert customer_is_known(house)


def customer_is_known(house: House) -> bool:
    return house.vault.emails([house.vault.hashed(ADA)]) != {}
