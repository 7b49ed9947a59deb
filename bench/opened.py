"""The daemon as the process that a shopkeeper starts: opened, watched from outside, closed by SIGTERM."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from bench.premises import BenchError, Premises

MAILORDER = (str(Path(sys.executable).with_name("mailorder")),)
LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class Spent:
    """What a process took in its whole life: processor seconds (user and system) and its largest memory in MB."""

    cpu: float
    peak_mb: float


class Opened:
    """A running `mailorder run`; `command` may put something else in front."""

    def __init__(self, premises: Premises, command: Sequence[str] = MAILORDER) -> None:
        self.premises = premises
        self.command = [*command, "-c", str(premises.config), "run"]
        self.log = premises.folder / "log"

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(self.command, stderr=log)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.returncode is None:
            self.process.kill()
            self.process.wait(10)

    def until(self, done: Callable[[], bool], seconds: float) -> None:
        """Wait for something that is seen from outside; BenchError when it takes too long or the daemon ends."""
        limit = time.monotonic() + seconds
        while not done():
            ended = os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if ended is not None or time.monotonic() > limit:
                raise BenchError(f"the daemon {'ended' if ended else 'is too slow'}: {self.last_words()}")
            time.sleep(LOOK_SECONDS)

    def opened_at(self) -> datetime | None:
        """When it said that it is open; None before that."""
        for line in self.log.read_text("utf-8").splitlines():
            if " open " in line:
                return datetime.fromisoformat(line.split()[0])
        return None

    def close(self, seconds: float = 60.0) -> Spent:
        """Ask for an orderly end and wait for it."""
        # Not ru_maxrss: that counts the memory of the process that started it, too.
        peak = high_water_mb(self.process.pid)
        self.process.send_signal(signal.SIGTERM)
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                if self.process.returncode:
                    raise BenchError(f"the daemon ended with {self.process.returncode}: {self.last_words()}")
                return Spent(used.ru_utime + used.ru_stime, peak)
            time.sleep(LOOK_SECONDS)
        raise BenchError("the daemon does not end")

    def last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return "\n".join(lines[-15:]) or "nothing in its log"


def high_water_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise BenchError("the system does not tell how much memory the daemon took")
