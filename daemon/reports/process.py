"""The process that makes reports beside the daemon: how it is started, and what it is told."""

import json
import os
import subprocess
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

from daemon.config import Config

COMMAND = (sys.executable, "-P", "-m", "daemon.reports")


def start(config: Config, now: datetime) -> "subprocess.Popen[bytes]":
    """Begin to make what is due now in another process, which gets the shop database and no key of the vault.

    It is told by its standard input, because a URL may hold a password.
    """
    # A session of its own: Ctrl-C in a terminal is for the daemon, which ends this by itself.
    process = subprocess.Popen(COMMAND, stdin=subprocess.PIPE, env=environment(), start_new_session=True)  # noqa: S603
    if process.stdin is not None:
        # One that died at once is found dead by who looks at it.
        with suppress(BrokenPipeError), process.stdin as pen:
            pen.write(json.dumps(errand(config, now)).encode())
    return process


def environment() -> dict[str, str]:
    """Ours without what is about the shop."""
    return {name: value for name, value in os.environ.items() if not name.startswith("MAILORDER_")}


def errand(config: Config, now: datetime) -> dict[str, Any]:
    """All that figures depend on; not the accounts, nor the vault."""
    told = config.model_dump(mode="json", include={"shop", "offers", "reports", "log"})
    told["database"] = {"shop_url": config.database.shop_url.get_secret_value()}
    return {"config": told, "now": now.isoformat()}


def read_errand(text: str) -> tuple[Config, datetime]:
    told = json.loads(text)
    return Config.model_validate(told["config"]), datetime.fromisoformat(told["now"])
