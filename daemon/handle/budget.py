"""A bound on the time that one letter may take."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class OutOfTimeError(Exception):
    """A letter took more processor time than any honest letter needs."""


@contextmanager
def time_budget(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError in the block once the process has computed that long.

    Counts processor time (ITIMER_VIRTUAL), so a machine that sleeps or swaps sets no letter aside.
    Signals reach only the main thread, and that is where the desk stands; elsewhere there is no bound
    but the caps of `daemon.letter.Limits`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGVTALRM, out_of_time)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTimeError
