"""The process that mines: how it is begun and told what to do, how far it is, and what is noted when it dies."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from daemon.config import Config, LogConfig, MiningConfig
from daemon.mining.mine import Progress, Run, begin
from store import rules
from store.database import Database
from store.facts import Mining

Process = subprocess.Popen[str]

COMMAND = (sys.executable, "-P", "-m", "daemon.mining")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
LESS_URGENT = 10
"""Added to the niceness: whatever else the machine has to do goes first."""


@dataclass(frozen=True, slots=True)
class Errand:
    """All that the process is told: the mining begun, the shop database and no other, how to mine, how to log."""

    owner: str
    shop_url: str
    zone: ZoneInfo
    mining: MiningConfig
    log: LogConfig


def mine_apart(shop: Database, config: Config, run: Run, tell: Progress) -> Mining:
    """Mine in another process and wait for it; the mining as it ended, IN_FORCE or FAILED.

    Raises UnderWayError while another mines, DatabaseError, and OSError when there can be no process.
    """
    with shop.transaction() as connection:
        begun = begin(connection, run)
    process = start(shop, config, run, subprocess.PIPE)
    try:
        with process:
            follow(process, tell)
    finally:
        ended(shop, run.owner, process.wait(), run.clock())
    with shop.reading() as connection:
        return rules.find(connection, begun.id) or begun


def start(shop: Database, config: Config, run: Run, out: int = subprocess.DEVNULL) -> Process:
    """Let another process do the mining that was begun; it ends with 0 when it has put rules in force.

    What it is told goes through its standard input: a URL may hold a password. To `out` it says how far it is. Raises
    OSError when there can be no process; then the mining is over.
    """
    told = {
        "owner": run.owner,
        "shop_url": config.database.shop_url.get_secret_value(),
        "timezone": config.shop.timezone,
        "mining": run.config.model_dump(mode="json"),
        "log": config.log.model_dump(mode="json"),
    }
    there, here = os.pipe()
    with open(there) as errand:
        with open(here, "w") as pen:
            # It fits into the pipe's buffer, so it waits there for its reader.
            json.dump(told, pen)
        try:
            # A session of its own: Ctrl-C in a terminal is for us, who end the mining then.
            return subprocess.Popen(  # noqa: S603 - our own program
                COMMAND, stdin=errand, stdout=out, env=environment(os.environ), start_new_session=True, text=True
            )
        except (OSError, KeyboardInterrupt) as error:
            with shop.claiming() as connection:
                rules.fail(connection, run.owner, type(error).__name__, run.clock())
            raise


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Ours without what is about the shop: the process needs no key of the vault."""
    return {name: value for name, value in ours.items() if not name.startswith("MAILORDER_")} | ONE_THREAD


def follow(process: Process, tell: Progress) -> None:
    """Until the process has nothing more to say; it is ended when we are to stop before (Ctrl-C)."""
    try:
        for line in process.stdout or ():
            done, of = line.split()
            tell(int(done), int(of))
    except BaseException:
        process.terminate()
        raise


def ended(shop: Database, owner: str, code: int, now: datetime) -> bool:
    """Note the end of a process that was killed, and could not do so itself; True when that was so."""
    if code == 0:
        return False
    with shop.claiming() as connection:
        return rules.fail(connection, owner, f"exit code {code}", now)


def read_errand(text: str) -> Errand:
    told: dict[str, Any] = json.loads(text)
    mining, log = MiningConfig.model_validate(told["mining"]), LogConfig.model_validate(told["log"])
    return Errand(told["owner"], told["shop_url"], ZoneInfo(told["timezone"]), mining, log)


def keep_out_of_the_way(config: MiningConfig) -> None:
    """Low priority, and bounds that the operating system keeps: memory, and time also where nobody looks any more."""
    os.nice(LESS_URGENT)
    limit(resource.RLIMIT_AS, config.memory_mb * 1_000_000)
    limit(resource.RLIMIT_CPU, round(config.give_up_minutes * 60))


def limit(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (bound, hard))
