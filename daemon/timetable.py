"""When to look: the heartbeat that wakes the stations; what is due stands in rows, not here."""

import time
from collections.abc import Callable

import schedule

Clock = Callable[[], float]
"""Seconds that only go forward."""


class Chore(schedule.Job):
    """Due so many seconds after it was last done, whatever the clocks on the wall are set to meanwhile.

    `schedule` itself compares local times: at the end of summer it would wait for an hour, and for as long as a clock
    that was ahead is put back by.
    """

    def __init__(self, seconds: int, scheduler: schedule.Scheduler, clock: Clock) -> None:
        super().__init__(seconds, scheduler)
        self.clock = clock
        self.due_at = clock() + seconds

    @property
    def should_run(self) -> bool:
        return self.clock() >= self.due_at

    def run(self) -> object:
        done: object = super().run()  # type: ignore[no-untyped-call]
        self.due_at = self.clock() + self.interval
        return done


class Timetable:
    """Named chores at intervals, kept by `schedule`; nothing of it survives a restart, and nothing needs to."""

    def __init__(self, clock: Clock = time.monotonic) -> None:
        self.scheduler, self.clock = schedule.Scheduler(), clock

    def every(self, seconds: int, chore: Callable[[], object]) -> None:
        Chore(seconds, self.scheduler, self.clock).seconds.do(chore)

    def run_pending(self) -> None:
        self.scheduler.run_pending()
