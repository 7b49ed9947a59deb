"""The latest moment at which it was time to mine, also where clocks are changed."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.mining.due import last_turn

DENVER = ZoneInfo("America/Denver")


def denver(*when: int, fold: int = 0) -> datetime:
    return datetime(*when, tzinfo=DENVER, fold=fold).astimezone(UTC)  # type: ignore[misc, arg-type]


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        (denver(2026, 11, 20, 3, 30), denver(2026, 11, 20, 3, 30)),
        (denver(2026, 11, 20, 3, 29, 59), denver(2026, 11, 19, 3, 30)),
        (denver(2026, 11, 20, 23, 59), denver(2026, 11, 20, 3, 30)),
        (denver(2026, 1, 1, 0, 0), denver(2025, 12, 31, 3, 30)),
    ],
)
def test_it_is_today_or_yesterday_in_the_shops_zone(now: datetime, turn: datetime) -> None:
    assert last_turn(now, time(3, 30), DENVER) == turn


def test_a_time_left_out_is_an_hour_later_and_one_that_comes_twice_counts_once() -> None:
    at = time(2, 30)
    assert last_turn(denver(2026, 3, 8, 3, 29), at, DENVER) == denver(2026, 3, 7, 2, 30)
    assert last_turn(denver(2026, 3, 8, 3, 30), at, DENVER) == datetime(2026, 3, 8, 9, 30, tzinfo=UTC)
    twice = time(1, 30)
    first = denver(2026, 11, 1, 1, 30)
    assert last_turn(first, twice, DENVER) == first
    assert last_turn(denver(2026, 11, 1, 1, 45, fold=1), twice, DENVER) == first


@given(
    st.datetimes(datetime(2021, 1, 2), datetime(2030, 1, 1), timezones=st.just(UTC)),
    st.times().map(lambda one: one.replace(fold=0)),
    st.sampled_from(["America/Denver", "UTC", "Australia/Lord_Howe", "Africa/Casablanca", "America/Havana"]),
)
def test_there_is_one_a_day_whatever_the_clocks_do(now: datetime, at: time, zone: str) -> None:
    turn = last_turn(now, at, ZoneInfo(zone))
    assert turn <= now
    assert now - turn < timedelta(hours=25)
    assert last_turn(turn, at, ZoneInfo(zone)) == turn
