"""When to look: the heartbeat that wakes the stations; what is due stands in rows, not here."""

from collections.abc import Callable

import schedule


class Timetable:
    """Named chores at intervals, kept by `schedule`; nothing of it survives a restart, and nothing needs to."""

    def __init__(self) -> None:
        self.scheduler = schedule.Scheduler()

    def every(self, seconds: int, chore: Callable[[], None]) -> None:
        self.scheduler.every(seconds).seconds.do(chore)

    def run_pending(self) -> None:
        self.scheduler.run_pending()

    def idle_seconds(self) -> float:
        """How long until the next chore, in seconds; never negative."""
        return max(0.0, self.scheduler.idle_seconds or 0.0)
