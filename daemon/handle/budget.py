"""A bound on the time that one letter may take."""

import signal
import threading
from types import FrameType


class OutOfTimeError(Exception):
    """A letter took more processor time than any honest letter needs."""


class TimeBudget:
    """Raises OutOfTimeError in the block once the process has computed `seconds`.

    Counts processor time (ITIMER_VIRTUAL), so a machine that sleeps or swaps sets no letter aside.
    Signals reach only the main thread, and that is where the desk stands; elsewhere there is no bound
    but the caps of `daemon.letter.Limits`.
    """

    # A class, and a handler that stays where it is: a generator, and putting the former handler back, take as long
    # again, for every letter.
    __slots__ = ("bound", "seconds")

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.bound = threading.current_thread() is threading.main_thread()

    def __enter__(self) -> None:
        if self.bound:
            signal.signal(signal.SIGVTALRM, out_of_time)
            signal.setitimer(signal.ITIMER_VIRTUAL, self.seconds)

    def __exit__(self, *_: object) -> None:
        if self.bound:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def out_of_time(_signal: int, _frame: FrameType | None) -> None:
    raise OutOfTimeError
