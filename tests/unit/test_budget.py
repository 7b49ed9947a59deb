"""A letter that computes for ever is stopped; one that only takes long by the clock is not."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from daemon.handle.budget import OutOfTimeError, TimeBudget


def compute(seconds: float) -> None:
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


def test_computing_beyond_the_budget_is_broken_off() -> None:
    began = time.process_time()
    with pytest.raises(OutOfTimeError), TimeBudget(0.05):
        compute(10)
    assert time.process_time() - began < 5


def test_each_letter_has_a_budget_of_its_own_and_nothing_after_it_has_one() -> None:
    for _ in range(4):
        with TimeBudget(0.2):
            compute(0.08)
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    compute(0.3)


def test_what_breaks_within_the_budget_breaks_as_it_would_without() -> None:
    with pytest.raises(ArithmeticError), TimeBudget(0.05):
        raise ArithmeticError
    compute(0.1)


def test_outside_of_the_main_thread_there_is_no_bound() -> None:
    def work() -> bool:
        with TimeBudget(0.01):
            compute(0.1)
        return True

    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(work).result()
