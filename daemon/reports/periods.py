"""Pure calendar: which days make a period, and the instants at which they begin in a time zone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from store.facts import Period, Span

DAY = timedelta(days=1)
WEEK = timedelta(days=7)
MONDAY, THURSDAY = 0, 3
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEK_KEY = re.compile(r"(\d{4})-W(\d{2})", re.ASCII)
MONTH_KEY = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
DAY_KEY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class PeriodError(ValueError):
    """What was written names no period; one line that says what to write instead."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a shop counts its days: the zone of its clocks and the day its weeks begin with (Monday is 0)."""

    zone: ZoneInfo
    week_starts: int = MONDAY

    def holding(self, span: Span, moment: datetime) -> Period:
        """The one period of this span that the moment lies in.

        A clock set back over midnight shows a date twice; the window counts, not the date, so neighbours are tried too.
        """
        shown = moment.astimezone(self.zone).date()
        for day in (shown, shown - DAY, shown + DAY):
            if (period := self.of_day(span, day)).start <= moment < period.end:
                return period
        raise AssertionError(f"{moment} lies in no {span} of {self.zone.key}")

    def of_day(self, span: Span, day: date) -> Period:
        """The period of this span that a local date belongs to."""
        first, after = self.days(span, day)
        start, end = self.begins(first), self.begins(after)
        last = after - DAY
        days = sum(self.begins(one) < self.begins(one + DAY) for one in dates(first, after))
        words = f"{in_words(span, first, last)}, {self.zone.key}"
        return Period(
            span, key_of(span, first), start, end, self.zone.key, first, last, days, self.name(span, first), words
        )

    def days(self, span: Span, day: date) -> tuple[date, date]:
        """The first date of the period, and the first of the next one."""
        if span is Span.DAY:
            return day, day + DAY
        if span is Span.WEEK:
            first = day - timedelta(days=(day.weekday() - self.week_starts) % 7)
            return first, first + WEEK
        first = day.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1)

    def name(self, span: Span, first: date) -> str:
        if span is Span.WEEK and self.week_starts == MONDAY:
            return f"week {first.isocalendar().week}"
        if span is Span.MONTH:
            return f"{first:%B %Y}"
        return f"the week of {long(first)}" if span is Span.WEEK else long(first)

    def begins(self, day: date) -> datetime:
        return first_instant(self.zone, datetime.combine(day, time()))

    def before(self, period: Period, count: int = 1) -> Period:
        """The period of the same span so many before this one."""
        day = period.first_day
        for _ in range(count):
            day = self.days(period.span, day - DAY)[0]
        return self.of_day(period.span, day)

    def after(self, period: Period) -> Period:
        return self.of_day(period.span, period.last_day + DAY)

    def year_before(self, week: Period) -> Period | None:
        """The week of the same number a year before; None for a week 53 when that year had none."""
        year, number = map(int, week.key.split("-W"))
        try:
            return self.of_week(year - 1, number)
        except ValueError:
            return None

    def of_week(self, year: int, number: int) -> Period:
        """The week that is called after an ISO week: the one that holds its Thursday. ValueError when there is none."""
        return self.of_day(Span.WEEK, date.fromisocalendar(year, number, THURSDAY + 1))

    def ended(self, span: Span, since: datetime, until: datetime) -> Iterator[Period]:
        """The periods that ended in (since, until], oldest first; days that a zone skipped are none."""
        period = self.holding(span, since)
        while period.end <= until:
            if period.start < period.end:
                yield period
            period = self.after(period)

    def read(self, span: Span, key: str) -> Period:
        """The period that a key names. Raises PeriodError."""
        try:
            return self.of_key(span, key.strip().upper())
        except (ValueError, OverflowError):
            raise PeriodError(refusal(span, key)) from None

    def of_key(self, span: Span, key: str) -> Period:
        pattern = {Span.DAY: DAY_KEY, Span.WEEK: WEEK_KEY, Span.MONTH: MONTH_KEY}[span]
        if (found := pattern.fullmatch(key)) is None:
            raise ValueError
        numbers = [int(group) for group in found.groups()]
        if not 1900 <= numbers[0] <= 9000:
            raise ValueError
        if span is Span.WEEK:
            return self.of_week(*numbers)
        return self.of_day(span, date(numbers[0], numbers[1], numbers[2] if span is Span.DAY else 1))


def first_instant(zone: ZoneInfo, wall: datetime) -> datetime:
    """The first instant at which the zone's clocks show a local wall time; where they skip it, the moment of the jump.

    Of a wall time that is shown twice it is the first (PEP 495, fold 0).
    """
    early, late = (wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (1, 0))
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    # Skipped: by the offset after the jump it would be before the jump, by the offset before it, after or at it.
    while late - early > timedelta(seconds=1):
        middle = early + timedelta(seconds=(late - early) // timedelta(seconds=2))
        shown = middle.astimezone(zone).replace(tzinfo=None)
        early, late = (early, middle) if shown >= wall else (middle, late)
    return late


def dates(first: date, after: date) -> Iterator[date]:
    while first < after:
        yield first
        first += DAY


def key_of(span: Span, first: date) -> str:
    if span is Span.DAY:
        return first.isoformat()
    if span is Span.MONTH:
        return first.isoformat()[:7]
    # Seven days in a row hold one Thursday, so each week has a name of its own, whatever day it starts on.
    thursday = first + timedelta(days=(THURSDAY - first.weekday()) % 7)
    return f"{thursday.isocalendar().year}-W{thursday.isocalendar().week:02}"


def in_words(span: Span, first: date, last: date) -> str:
    """The days of a period as they are said: "Monday 30 November to Sunday 6 December 2026"."""
    if span is Span.MONTH:
        return f"{first:%B %Y}"
    if first == last:
        return f"{first:%A} {long(first)}"
    parts = [f"{first:%A} {first.day}"]
    if (first.year, first.month) != (last.year, last.month):
        parts.append(f"{first:%B}")
    if first.year != last.year:
        parts.append(str(first.year))
    return f"{' '.join(parts)} to {last:%A} {long(last)}"


def long(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def refusal(span: Span, key: str) -> str:
    example = {Span.DAY: "2026-11-22", Span.WEEK: "2026-W47", Span.MONTH: "2026-11"}[span]
    year = key[:4]
    if span is Span.WEEK and key.upper().endswith("-W53") and year.isdecimal():
        return f"there is no week {key}: {year} has 52 weeks"
    return f"there is no {span.value} {key[:40]!r}; write it like {example}"
