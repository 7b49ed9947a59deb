"""The process that mines beside the daemon: how it is started, and how it keeps out of everybody's way."""

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from daemon.config import Config, LogConfig, MiningConfig

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


def start(config: Config, owner: str) -> "subprocess.Popen[bytes]":
    """Let another process do the mining that this owner has begun; it ends with 0 when it has put rules in force.

    What it is told goes through its standard input: a URL may hold a password.
    """
    told = {
        "owner": owner,
        "shop_url": config.database.shop_url.get_secret_value(),
        "timezone": config.shop.timezone,
        "mining": config.mining.model_dump(mode="json"),
        "log": config.log.model_dump(mode="json"),
    }
    there, here = os.pipe()
    with open(there, "rb") as errand:
        with open(here, "wb") as pen:
            # It fits into the pipe's buffer, so it waits there for its reader.
            pen.write(json.dumps(told).encode())
        # A session of its own: Ctrl-C in a terminal is for the daemon, which ends the mining by itself.
        return subprocess.Popen(COMMAND, stdin=errand, env=environment(os.environ), start_new_session=True)  # noqa: S603


def environment(ours: Mapping[str, str]) -> dict[str, str]:
    """Ours without what is about the shop: the process needs no key of the vault."""
    return {name: value for name, value in ours.items() if not name.startswith("MAILORDER_")} | ONE_THREAD


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
