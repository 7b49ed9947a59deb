"""Chores come round in their seconds, whatever the clock on the wall says."""

import time

import pytest

from daemon.timetable import Timetable


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_chore_waits_its_seconds_and_is_done_once_for_all_that_was_missed(clock: Clock) -> None:
    done: list[float] = []
    timetable = Timetable(clock)
    timetable.every(20, lambda: done.append(clock()))
    for clock.seconds in (1000.0, 1019.9, 1020.0, 1020.2, 1039.9, 1040.0, 4640.0, 4640.2):
        timetable.run_pending()
    assert done == [1020.0, 1040.0, 4640.0]


def test_each_chore_has_its_own_time(clock: Clock) -> None:
    done: list[str] = []
    timetable = Timetable(clock)
    timetable.every(30, lambda: done.append("mine"))
    timetable.every(20, lambda: done.append("report"))
    for _ in range(60):
        clock.seconds += 1
        timetable.run_pending()
    assert (done.count("mine"), done.count("report")) == (2, 3)


def test_a_chore_that_takes_long_rests_afterwards(clock: Clock) -> None:
    done: list[float] = []

    def slow() -> None:
        done.append(clock.seconds)
        clock.seconds += 100

    timetable = Timetable(clock)
    timetable.every(20, slow)
    clock.seconds += 20
    for _ in range(3):
        timetable.run_pending()
    assert done == [1020.0]


@pytest.mark.parametrize("hours", [1, 23])
def test_a_clock_on_the_wall_that_goes_back_holds_up_nothing(clock: Clock, hours: int) -> None:
    """Local time goes back under the running chores, as it does by an hour when summer ends."""
    done: list[float] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC0")
        time.tzset()
        try:
            timetable = Timetable(clock)
            timetable.every(20, lambda: done.append(clock()))
            patch.setenv("TZ", f"WEST{hours}")
            time.tzset()
            clock.seconds += 20
            timetable.run_pending()
        finally:
            patch.undo()
            time.tzset()
    assert done == [1020.0]
