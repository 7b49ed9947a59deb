"""The process that mines by night: begun when due, out of everybody's way, and its death noticed."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from daemon.config import MiningConfig
from daemon.mining.mine import Run
from daemon.mining.process import LESS_URGENT, mine_apart
from daemon.service.health import examine
from daemon.service.house import House, Watcher, open_house
from daemon.service.miner import Miner
from daemon.service.run import run
from daemon.simulator.past import ORDERS, past_orders
from daemon.simulator.premises import loopback_config
from daemon.simulator.stock import shop_catalogue
from daemon.suggesting import LOOK_AGAIN
from recommend.shapes import Source
from store import catalogue, orders, rules
from store.database import Database
from store.facts import Mining, MiningState

PATIENCE = 60.0


class Night:
    """A shop with a past, its miner, and a clock that the test moves."""

    def __init__(self, house: House, clock: list[datetime]) -> None:
        self.house, self.clock = house, clock
        self.miner = Miner(house)

    def latest(self, limit: int = 5) -> list[Mining]:
        with self.house.shop.reading() as connection:
            return rules.latest(connection, limit)

    def problems(self) -> tuple[str, ...]:
        return examine(self.house.shop, self.house.config, self.clock[0]).problems

    def begin(self) -> "subprocess.Popen[str]":
        self.miner.look()
        assert self.miner.process is not None
        return self.miner.process

    def end(self) -> None:
        """Let the process come to its end, and the miner look."""
        assert self.miner.process is not None
        self.miner.process.wait(PATIENCE)
        self.miner.look()
        assert self.miner.process is None


def fill(shop: Database, now: datetime) -> None:
    products = shop_catalogue()
    with shop.transaction() as connection:
        catalogue.add(connection, products, "test", now)
        orders.book_past(connection, past_orders({one.product_id: one for one in products}, now))


@pytest.fixture
def night(tmp_path: Path) -> Iterator[Night]:
    clock = [datetime.now(UTC)]
    config = loopback_config(tmp_path, 1, 1)
    with open_house(config, lambda: clock[0]) as house:
        fill(house.shop, clock[0])
        made = Night(house, clock)
        yield made
        made.miner.close()


def eventually(condition: Callable[[], object], what: str) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until, what
        time.sleep(0.005)


def test_it_is_begun_when_due_ends_with_rules_and_is_not_begun_again(night: Night) -> None:
    process = night.begin()
    night.miner.look()
    assert night.miner.process is process
    night.end()
    (mined,) = night.latest()
    assert (mined.state, mined.baskets > 500, mined.rules > 10) == (MiningState.IN_FORCE, True, True)
    assert not [one for one in night.problems() if one.startswith("rules")]
    night.miner.look()
    assert night.miner.process is None
    night.clock[0] += timedelta(days=1, minutes=1)
    night.begin()


def test_the_process_mines_in_either_database_and_tells_how_far_it_is(
    new_url: Callable[..., str], opened: Callable[..., Database], tmp_path: Path
) -> None:
    url = new_url("shop")
    shop, now = opened(url, "shop"), datetime.now(UTC)
    fill(shop, now)
    config = loopback_config(tmp_path, 1, 1)
    database = config.database.model_copy(update={"shop_url": SecretStr(url)})
    run = Run("test", config.shop.zone, config.mining, lambda: now)
    told: list[tuple[int, int]] = []
    mined = mine_apart(shop, config.model_copy(update={"database": database}), run, lambda *far: told.append(far))
    assert mined.state is MiningState.IN_FORCE
    assert (told[0], told[-1]) == ((0, ORDERS), (ORDERS, ORDERS))


class Mined(threading.Event):
    """Set, when the daemon asks for it, once there are rules in force."""

    def __init__(self, night: Night) -> None:
        super().__init__()
        self.night, self.until = night, time.monotonic() + PATIENCE

    def is_set(self) -> bool:
        if time.monotonic() > self.until or any(one.state is MiningState.IN_FORCE for one in self.night.latest()):
            self.set()
        return super().is_set()


def test_the_daemon_mines_beside_its_work_and_serves_the_new_rules(night: Night) -> None:
    house = replace(night.house, config=night.house.config.model_copy(update={"mailbox": {}}))
    run(house, Mined(night), Watcher(lambda _: None, lambda _: None))
    assert night.latest()[0].state is MiningState.IN_FORCE
    night.clock[0] += LOOK_AGAIN
    with house.shop.reading() as connection:
        house.suggesting.suggester(connection)
        assert house.suggesting.loading is not None
        house.suggesting.loading.join()
        first = house.suggesting.suggester(connection).suggest(["7B4VYMBRQNAR"], 1)[0]
    assert (first.product_id, first.source) == ("86H2HKJ06GH0", Source.RULE)


def opened(process: "subprocess.Popen[str]") -> list[str]:
    found = []
    for one in Path(f"/proc/{process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            found.append(os.readlink(one))
    return found


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="there is no /proc here to look into a process")
def test_it_gives_way_to_others_and_has_neither_the_vault_nor_a_secret(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILORDER_SMTP__PASSWORD", "secret")
    process = night.begin()
    # Who holds the books keeps the mining from ending before it was looked at.
    with night.house.shop.transaction():
        eventually(lambda: "shop.sqlite" in " ".join(opened(process)), "the mining did not open the books")
        urgency = os.getpriority(os.PRIO_PROCESS, process.pid)
        files = " ".join(opened(process))
        said = b" ".join(Path(f"/proc/{process.pid}/{name}").read_bytes() for name in ("environ", "cmdline"))
    assert urgency == min(19, os.getpriority(os.PRIO_PROCESS, 0) + LESS_URGENT)
    assert "vault" not in files
    assert b"MAILORDER" not in said
    assert b"sqlite" not in said
    night.end()
    assert night.latest()[0].state is MiningState.IN_FORCE


def test_one_that_is_killed_is_noticed_and_the_old_rules_stay(night: Night) -> None:
    night.begin()
    night.end()
    before = night.latest()[0]
    night.clock[0] += timedelta(days=1, minutes=1)
    process = night.begin()
    process.kill()
    night.end()
    dead, still = night.latest()
    assert (dead.state, dead.reason) == (MiningState.FAILED, "exit code -9")
    assert still == before
    assert any("failed (exit code -9); try `mailorder mine`" in one for one in night.problems())
    night.miner.look()
    assert night.miner.process is None


def test_one_that_takes_too_long_is_ended(night: Night) -> None:
    process = night.begin()
    process.send_signal(signal.SIGSTOP)
    night.miner.look()
    assert process.poll() is None
    night.clock[0] += timedelta(minutes=61)
    night.miner.look()
    night.end()
    assert night.latest()[0].reason == "exit code -9"


def test_doing_once_what_is_due_waits_for_it(night: Night) -> None:
    night.miner.once()
    (mined,) = night.latest()
    assert mined.state is MiningState.IN_FORCE
    night.miner.once()
    assert night.latest() == [mined]


def test_a_shop_that_closes_ends_it(night: Night) -> None:
    process = night.begin()
    night.miner.close()
    assert process.poll() is not None
    assert night.latest()[0].state is MiningState.FAILED
    night.miner.close()


def test_one_that_wants_more_memory_than_it_may_have_fails_and_says_so(night: Night) -> None:
    small = night.house.config.model_copy(update={"mining": MiningConfig(memory_mb=200)})
    night.miner = Miner(replace(night.house, config=small))
    night.begin()
    night.end()
    (failed,) = night.latest()
    assert (failed.state, failed.rules) == (MiningState.FAILED, 0)
    night.miner.look()
    assert night.miner.process is None


HEAVY = """
import sys
from pathlib import Path
import daemon.cli.app, daemon.service.run, daemon.service.once
from daemon.service.house import open_house
from daemon.service.miner import Miner
from daemon.service.run import run
from daemon.simulator.premises import loopback_config
with open_house(loopback_config(Path(sys.argv[1]), 1, 1)) as house:
    house.suggesting.prepare()
    with house.shop.reading() as connection:
        house.suggesting.suggester(connection).suggest(["BJ02R0G72U8V"])
    miner = Miner(house)
    miner.look()
    miner.close()
heavy = ("numpy", "scipy", "pandas", "mlxtend", "sklearn", "matplotlib")
print([name for name in heavy if name in sys.modules])
"""


def test_the_daemon_itself_imports_nothing_that_mining_needs(tmp_path: Path) -> None:
    told = subprocess.run([sys.executable, "-c", HEAVY, str(tmp_path)], capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == "[]", told.stderr
