"""What is due: pure arithmetic on the calendar, and which reports are in the books already."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.config import Config, When
from daemon.config.reports import WEEKDAYS
from daemon.reports.periods import Calendar, first_instant
from store import periods
from store.database import Connection
from store.facts import Period, Span
from store.periods import Kind

LATE = timedelta(hours=1)
"""A report made longer after it was due says so: restarts and a busy machine are no news."""
SETTLING = timedelta(minutes=2)
"""What was booked in the last moments of a period may still be on its way into the books for so long."""
LOOKED_AT = 32
"""So many periods in a row that have their report are looked at again, before nobody looks at them any more."""
MOST_AT_ONCE = 100
"""More missing reports of a kind are rather a wrong clock than downtime. None is made then: it could not be unmade."""


@dataclass(frozen=True, slots=True)
class Due:
    """A report that is to be made: which, for which period, since when."""

    kind: Kind
    period: Period
    due_at: datetime

    def late(self, now: datetime) -> bool:
        return now - self.due_at > LATE


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is due of one kind, oldest first, up to one beyond MOST_AT_ONCE; before `settled` everything is made."""

    kind: Kind
    due: tuple[Due, ...]
    settled: datetime | None

    @property
    def held_back(self) -> bool:
        """Whether so much is due that a person has to look first."""
        return len(self.due) > MOST_AT_ONCE


def calendar_of(config: Config) -> Calendar:
    """The calendar of the shop's reports."""
    zone = ZoneInfo(config.reports.timezone or config.shop.timezone)
    return Calendar(zone, WEEKDAYS.index(config.reports.week_starts))


def due_at(calendar: Calendar, when: When, period: Period) -> datetime:
    """The first moment after the period at which the local clock says it is time, and the books are settled.

    A wall time that the clocks skip is the moment they jump, one that they show twice is the first of the two.
    """
    first = period.last_day + timedelta(days=1)
    for ahead in range(40):
        day = first + timedelta(days=ahead)
        shown = {Span.DAY: when.day, Span.WEEK: day.weekday(), Span.MONTH: day.day}[period.span]
        moment = first_instant(calendar.zone, datetime.combine(day, when.at))
        if shown == when.day and moment >= period.end:
            return max(moment, period.end + SETTLING)
    raise AssertionError(f"{when} does not come within 40 days")


def next_due_at(calendar: Calendar, kind: Kind, when: When, now: datetime) -> datetime:
    """When the next report of a kind comes by itself, after now."""
    period = calendar.before(calendar.holding(kind[1], now))
    while (moment := due_at(calendar, when, period)) <= now or period.start == period.end:
        period = calendar.after(period)
    return moment


def outstanding(connection: Connection, config: Config, now: datetime) -> list[Outstanding]:
    """Of each kind that was started, the periods that ended since, whose time has come, and that have no report."""
    calendar, times = calendar_of(config), config.reports.times()
    found = []
    for kind, since in sorted(periods.starts(connection).items()):
        if kind in times:
            made = periods.made(connection, kind, since)
            found.append(missing(calendar, kind, times[kind], since, made, now))
    return found


def missing(
    calendar: Calendar, kind: Kind, when: When, since: datetime, made: Collection[str], now: datetime
) -> Outstanding:
    due: list[Due] = []
    in_a_row, settled = 0, None
    for period in calendar.ended(kind[1], since, now):
        if period.key in made:
            in_a_row += not due
            settled = settled if due else period.end
        elif len(due) <= MOST_AT_ONCE and (moment := due_at(calendar, when, period)) <= now:
            due.append(Due(kind, period, moment))
        else:
            break
    return Outstanding(kind, tuple(due), settled if in_a_row > LOOKED_AT else None)


def unstarted(connection: Connection, config: Config) -> bool:
    """Whether the configuration wants other reports than those that are made so far."""
    return periods.starts(connection).keys() != config.reports.times().keys()


def mailed_together(due: Sequence[Due], as_digest: bool, now: datetime) -> Iterator[tuple[Due, ...]]:
    """Which reports go into one mail: each alone, or all late ones of a kind together."""
    late = [one for one in due if one.late(now)]
    if as_digest and len(late) > 1:
        yield tuple(late)
        due = [one for one in due if not one.late(now)]
    yield from ((one,) for one in due)
