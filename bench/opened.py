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
WEIGH_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Spent:
    """What the daemon took in its whole life: processor seconds (user and system) and its largest memory in MB.

    Both are of all its processes together. `peaks_mb` are the largest of each, desk first, as the kernel noted them;
    they share pages, so their sum is more than `peak_mb`, which counts each page once, at the looks that were taken.
    """

    cpu: float
    peak_mb: float
    peaks_mb: tuple[float, ...]


class Opened:
    """A running `mailorder run`; `command` may put something else in front."""

    def __init__(self, premises: Premises, command: Sequence[str] = MAILORDER) -> None:
        self.premises = premises
        self.command = [*command, "-c", str(premises.config), "run"]
        self.log = premises.folder / "log"
        self.peak_mb = 0.0
        self.weighed_at = 0.0

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
            self.weigh()
            time.sleep(LOOK_SECONDS)

    def weigh(self) -> None:
        """Look how much memory it takes, now and then: the kernel walks all of it to tell."""
        if time.monotonic() - self.weighed_at >= WEIGH_SECONDS:
            self.weighed_at = time.monotonic()
            self.peak_mb = max(self.peak_mb, sum(told_mb(pid, "smaps_rollup", "Pss:") for pid in self.processes()))

    def processes(self) -> list[int]:
        """The process that was started, and those that it started."""
        pid = self.process.pid
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    def opened_at(self) -> datetime | None:
        """When it said that it is open; None before that."""
        for line in self.log.read_text("utf-8").splitlines():
            if " open " in line:
                return datetime.fromisoformat(line.split()[0])
        return None

    def close(self, seconds: float = 60.0) -> Spent:
        """Ask for an orderly end and wait for it."""
        # Not ru_maxrss: that counts the memory of the process that started it, too.
        peaks = tuple(map(high_water_mb, self.processes()))
        self.process.send_signal(signal.SIGTERM)
        limit = time.monotonic() + seconds
        while time.monotonic() < limit:
            pid, status, used = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                self.process.returncode = os.waitstatus_to_exitcode(status)
                if self.process.returncode:
                    raise BenchError(f"the daemon ended with {self.process.returncode}: {self.last_words()}")
                # What the kernel tells of a process that ended is with those that it had waited for (wait4(2)).
                return Spent(used.ru_utime + used.ru_stime, self.peak_mb, peaks)
            time.sleep(LOOK_SECONDS)
        raise BenchError("the daemon does not end")

    def last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines()
        return "\n".join(lines[-15:]) or "nothing in its log"


def high_water_mb(pid: int) -> float:
    return told_mb(pid, "status", "VmHWM:")


def told_mb(pid: int, file: str, field: str) -> float:
    for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / 1024
    raise BenchError("the system does not tell how much memory the daemon takes")
