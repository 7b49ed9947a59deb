"""Every instant lies in exactly one period of each span, whatever the clocks of a zone do."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.config.reports import when
from daemon.reports.due import due_at, next_due_at
from daemon.reports.periods import Calendar, PeriodError, first_instant
from store.facts import Report, Span

# What is hard: midnight that does not exist (Sao Paulo, Beirut, Havana, Asuncion), clocks set back over midnight
# (St Johns, Sao Paulo), a day left out (Apia, Kwajalein), a day nearly repeated (Manila, Juneau), half and quarter
# hours (Kolkata, Lord Howe, Chatham, Kathmandu), offsets in seconds (Monrovia, Amsterdam), summer time the other way
# round (Dublin, Casablanca).
ZONES = [
    "UTC",
    "America/Denver",
    "America/Sao_Paulo",
    "Asia/Beirut",
    "America/Havana",
    "America/Asuncion",
    "America/St_Johns",
    "Pacific/Apia",
    "Pacific/Kwajalein",
    "Asia/Manila",
    "America/Juneau",
    "Asia/Kolkata",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Asia/Kathmandu",
    "Africa/Monrovia",
    "Europe/Amsterdam",
    "Europe/Dublin",
    "Africa/Casablanca",
    "America/Toronto",
]
CALENDARS = st.builds(Calendar, st.sampled_from(ZONES).map(ZoneInfo), st.integers(0, 6))
SPANS = st.sampled_from(Span)
MOMENTS = st.datetimes(datetime(1860, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))
DENVER = Calendar(ZoneInfo("America/Denver"))
TIMES = {Span.DAY: ["07:30", "00:00", "02:30"], Span.WEEK: ["monday 07:00", "sunday 02:30"], Span.MONTH: ["1 08:00"]}


@settings(max_examples=1500)
@given(CALENDARS, SPANS, MOMENTS)
def test_an_instant_lies_in_one_period_and_in_none_of_its_neighbours(
    calendar: Calendar, span: Span, now: datetime
) -> None:
    period = calendar.holding(span, now)
    assert period.start <= now < period.end
    before, after = calendar.before(period), calendar.after(period)
    assert before.end == period.start
    assert after.start == period.end
    assert calendar.holding(span, period.start) == period
    assert calendar.holding(span, period.end - timedelta(microseconds=1)) == period
    assert len({before.key, period.key, after.key}) == 3


@settings(max_examples=300)
@given(CALENDARS, SPANS, MOMENTS, st.integers(1, 400))
def test_the_periods_that_ended_follow_each_other_without_gap(
    calendar: Calendar, span: Span, since: datetime, days: int
) -> None:
    until = since + timedelta(days=days)
    ended = list(calendar.ended(span, since, until))
    assert all(one.end == other.start for one, other in pairwise(ended))
    assert all(since < one.end <= until and one.start < one.end for one in ended)
    if ended:
        assert ended[0].start <= since
        assert calendar.after(ended[-1]).end > until


@settings(max_examples=300)
@given(CALENDARS, SPANS, MOMENTS)
def test_a_key_leads_back_to_its_period(calendar: Calendar, span: Span, now: datetime) -> None:
    period = calendar.holding(span, max(now, datetime(1901, 1, 1, tzinfo=UTC)))
    assert calendar.read(span, period.key) == period
    assert calendar.read(span, f" {period.key.lower()} ") == period


@settings(max_examples=300)
@given(CALENDARS, MOMENTS)
def test_days_make_up_weeks_and_months(calendar: Calendar, now: datetime) -> None:
    for span in (Span.WEEK, Span.MONTH):
        period = calendar.holding(span, now)
        days = list(calendar.ended(Span.DAY, period.start, period.end))
        assert (days[0].start, days[-1].end, len(days)) == (period.start, period.end, period.days)


@settings(max_examples=500)
@given(st.sampled_from(ZONES).map(ZoneInfo), MOMENTS)
def test_the_first_instant_of_a_wall_time_is_not_before_it_and_nothing_earlier_is_not_before_it(
    zone: ZoneInfo, moment: datetime
) -> None:
    wall = moment.replace(tzinfo=None, second=0, microsecond=0)
    first = first_instant(zone, wall)
    assert first.astimezone(zone).replace(tzinfo=None) >= wall
    # A second earlier the clock showed less; unless that was before it was set back.
    earlier = first - timedelta(seconds=1)
    set_back = first.astimezone(zone).utcoffset() < earlier.astimezone(zone).utcoffset()  # type: ignore[operator]
    assert earlier.astimezone(zone).replace(tzinfo=None) < wall or set_back


@settings(max_examples=500)
@given(CALENDARS, SPANS, MOMENTS, st.integers(0, 1))
def test_a_report_comes_after_its_period_and_before_the_one_after_the_next(
    calendar: Calendar, span: Span, now: datetime, place: int
) -> None:
    told = when(span, TIMES[span][min(place, len(TIMES[span]) - 1)])
    assert told is not None
    period = calendar.holding(span, now)
    due = due_at(calendar, told, period)
    assert due >= period.end
    assert due <= calendar.after(period).end + timedelta(days=1)
    coming = next_due_at(calendar, (Report.MARKETING, span), told, now)
    assert coming > now
    assert coming <= due_at(calendar, told, period)


def test_a_week_has_167_168_or_169_hours_in_denver() -> None:
    def hours(number: int) -> float:
        week = DENVER.of_week(2026, number)
        return (week.end - week.start) / timedelta(hours=1)

    assert [hours(number) for number in (9, 10, 11, 44, 45)] == [168, 167, 168, 169, 168]


def test_a_day_that_apia_left_out_is_no_period() -> None:
    apia = Calendar(ZoneInfo("Pacific/Apia"))
    ended = apia.ended(Span.DAY, datetime(2011, 12, 29, 12, tzinfo=UTC), datetime(2012, 1, 1, 12, tzinfo=UTC))
    assert [day.key for day in ended] == ["2011-12-29", "2011-12-31", "2012-01-01"]
    week = apia.read(Span.WEEK, "2011-W52")
    assert (week.days, week.end - week.start) == (6, timedelta(days=6))


def test_a_day_begins_at_one_where_midnight_does_not_exist() -> None:
    day = Calendar(ZoneInfo("America/Sao_Paulo")).read(Span.DAY, "2017-10-15")
    assert day.start == datetime(2017, 10, 15, 3, tzinfo=UTC)
    assert day.end - day.start == timedelta(hours=23)


def test_a_day_whose_midnight_is_amid_a_jump_begins_when_the_clocks_jump() -> None:
    day = Calendar(ZoneInfo("America/Toronto")).read(Span.DAY, "1919-03-31")
    assert day.start.astimezone(ZoneInfo("America/Toronto")).time() == time(0, 30)


@pytest.mark.parametrize(
    ("starts", "first", "key", "name"),
    [
        (0, date(2026, 11, 16), "2026-W47", "week 47"),
        (6, date(2026, 11, 15), "2026-W47", "the week of 15 November 2026"),
        (5, date(2026, 11, 14), "2026-W47", "the week of 14 November 2026"),
        (4, date(2026, 11, 20), "2026-W48", "the week of 20 November 2026"),
    ],
)
def test_a_week_is_called_after_its_thursday(starts: int, first: date, key: str, name: str) -> None:
    week = Calendar(ZoneInfo("America/Denver"), starts).holding(Span.WEEK, datetime(2026, 11, 20, 18, tzinfo=UTC))
    assert (week.first_day, week.key, week.name) == (first, key, name)


@pytest.mark.parametrize(
    ("span", "key", "words"),
    [
        (Span.DAY, "2026-11-22", "Sunday 22 November 2026, America/Denver"),
        (Span.WEEK, "2026-W47", "Monday 16 to Sunday 22 November 2026, America/Denver"),
        (Span.WEEK, "2026-W49", "Monday 30 November to Sunday 6 December 2026, America/Denver"),
        (Span.WEEK, "2026-W53", "Monday 28 December 2026 to Sunday 3 January 2027, America/Denver"),
        (Span.MONTH, "2026-11", "November 2026, America/Denver"),
    ],
)
def test_a_period_in_words(span: Span, key: str, words: str) -> None:
    assert DENVER.read(span, key).words == words


def test_the_same_week_a_year_before() -> None:
    def before(year: int, number: int) -> str | None:
        found = DENVER.year_before(DENVER.of_week(year, number))
        return found.key if found else None

    assert [before(2026, 47), before(2027, 53 - 1), before(2026, 53), before(2021, 53 - 1)] == [
        "2025-W47",
        "2026-W52",
        None,
        "2020-W52",
    ]


@pytest.mark.parametrize(
    ("span", "written", "told"),
    [
        (Span.WEEK, "2026-W54", "there is no week '2026-W54'; write it like 2026-W47"),
        (Span.WEEK, "2027-W53", "there is no week 2027-W53: 2027 has 52 weeks"),
        (Span.WEEK, "2026-W00", "there is no week '2026-W00'; write it like 2026-W47"),
        (Span.WEEK, "47", "there is no week '47'; write it like 2026-W47"),
        (Span.DAY, "2026-02-29", "there is no day '2026-02-29'; write it like 2026-11-22"),
        (Span.DAY, "22.11.2026", "there is no day '22.11.2026'; write it like 2026-11-22"),
        (Span.MONTH, "2026-13", "there is no month '2026-13'; write it like 2026-11"),
        (Span.MONTH, "9999-12", "there is no month '9999-12'; write it like 2026-11"),
        (Span.MONTH, "٢٠٢٦-١١", "there is no month '٢٠٢٦-١١'; write it like 2026-11"),
    ],
)
def test_what_is_no_period_is_told_in_one_line(span: Span, written: str, told: str) -> None:
    with pytest.raises(PeriodError) as refused:
        DENVER.read(span, written)
    assert str(refused.value) == told


def test_a_time_that_the_clocks_skip_is_when_they_jump_and_one_shown_twice_is_the_first() -> None:
    told = when(Span.DAY, "02:30")
    assert told is not None
    spring, autumn = (due_at(DENVER, told, DENVER.read(Span.DAY, key)) for key in ("2026-03-07", "2026-10-31"))
    assert spring == datetime(2026, 3, 8, 9, tzinfo=UTC)  # 03:00 MDT, where 02:00 MST would have been
    assert autumn == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)  # 02:30 MST: only 01:30 is shown twice
    twice = when(Span.DAY, "01:30")
    assert twice is not None
    first = due_at(DENVER, twice, DENVER.read(Span.DAY, "2026-10-31"))
    assert first == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)
    assert first.astimezone(DENVER.zone).time() == time(1, 30)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        (Span.DAY, "25:00"),
        (Span.DAY, "monday 07:00"),
        (Span.WEEK, "07:00"),
        (Span.WEEK, "funday 07:00"),
        (Span.MONTH, "29 08:00"),
        (Span.MONTH, "0 08:00"),
        (Span.MONTH, "1 8h"),
    ],
)
def test_a_time_that_is_none_is_refused_with_an_example(span: Span, told: str) -> None:
    with pytest.raises(ValueError, match="write a"):
        when(span, told)
