"""Quiet hours go by the clock on the shop's wall, whatever it does in spring and autumn."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from daemon.campaign import quiet_until
from daemon.config import Config, OffersConfig, ShopConfig

DENVER = "America/Denver"
ZONES = (DENVER, "UTC", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca", "America/St_Johns")


def config(begin: str, end: str, zone: str = DENVER) -> Config:
    return Config(shop=ShopConfig(timezone=zone), offers=OffersConfig(quiet_from=begin, quiet_until=end))


def at(text: str, zone: str = DENVER, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone), fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 20:59:59", None),
        ("2026-11-23 21:00", "2026-11-24 08:00"),
        ("2026-11-23 23:59", "2026-11-24 08:00"),
        ("2026-11-24 00:00", "2026-11-24 08:00"),
        ("2026-11-24 07:59:59.999999", "2026-11-24 08:00"),
        ("2026-11-24 08:00", None),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
        # The night of the change has an hour less, and one more.
        ("2026-03-07 22:00", "2026-03-08 08:00"),
        ("2026-10-31 22:00", "2026-11-01 08:00"),
    ],
)
def test_quiet_from_evening_to_morning(now: str, until: str | None) -> None:
    expected = at(until) if until else None
    assert quiet_until(at(now), config("21:00", "08:00")) == expected


def test_quiet_within_one_day() -> None:
    siesta = config("13:00", "15:30")
    assert quiet_until(at("2026-07-01 12:59"), siesta) is None
    assert quiet_until(at("2026-07-01 13:00"), siesta) == at("2026-07-01 15:30")
    assert quiet_until(at("2026-07-01 15:30"), siesta) is None


def test_from_and_until_the_same_are_never() -> None:
    assert quiet_until(at("2026-07-01 00:00"), config("00:00", "00:00")) is None


def test_an_end_that_the_clock_skips_is_as_if_it_had_not_been_set_forward() -> None:
    """In Denver it is never 02:30 on 8 March 2026: 02:00 is followed by 03:00."""
    assert quiet_until(at("2026-03-08 01:00"), config("22:00", "02:30")) == at("2026-03-08 03:30")


def test_an_end_that_comes_twice_is_the_second() -> None:
    """In Denver it is 01:30 twice on 1 November 2026."""
    assert quiet_until(at("2026-11-01 00:30"), config("22:00", "01:30")) == at("2026-11-01 01:30", fold=1)


def test_a_day_that_a_zone_leaves_out_is_no_trap() -> None:
    """Samoa had no 30 December 2011."""
    zone = "Pacific/Apia"
    assert quiet_until(at("2011-12-29 22:00", zone), config("21:00", "08:00", zone)) == at("2011-12-31 08:00", zone)


clocks = st.times().map(lambda found: found.replace(second=0, microsecond=0))
moments = st.datetimes(datetime(2011, 1, 1), datetime(2030, 1, 1)).map(lambda found: found.replace(tzinfo=UTC))


@given(moments, clocks, clocks, st.sampled_from(ZONES))
@example(datetime(2026, 3, 8, 8, 30, tzinfo=UTC), time(22), time(2, 30), DENVER)
@example(datetime(2026, 11, 1, 7, 45, tzinfo=UTC), time(22), time(1, 30), DENVER)
def test_who_waits_until_then_waits_no_more(now: datetime, begin: time, end: time, zone: str) -> None:
    told = config(f"{begin:%H:%M}", f"{end:%H:%M}", zone)
    until = quiet_until(now, told)
    there = now.astimezone(ZoneInfo(zone)).time()
    inside = begin != end and ((begin <= there < end) if begin < end else (there >= begin or there < end))
    assert (until is not None) == inside
    if until is not None:
        assert now < until <= now + timedelta(hours=26)
        assert quiet_until(until, told) is None


def test_every_day_of_a_year_is_quiet_from_nine_to_eight() -> None:
    told = config("21:00", "08:00")
    for day in (date(2026, 1, 1) + timedelta(days=number) for number in range(365)):
        evening = datetime.combine(day, time(21, 30), ZoneInfo(DENVER))
        assert quiet_until(evening, told) == datetime.combine(day + timedelta(days=1), time(8), ZoneInfo(DENVER))
