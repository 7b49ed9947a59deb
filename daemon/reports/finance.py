"""The finance report of a week: sums from the books, made into figures that reconcile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.reports.periods import Calendar
from store import sales
from store.database import Connection
from store.facts import (
    Against,
    Change,
    Comparison,
    FinanceFigures,
    Period,
    Point,
    Reconciliation,
    Restatement,
    Sales,
    Span,
    Tally,
    Week,
)

PLOTTED_WEEKS = 13
"""Three months: so many weekly points are in the plots at least."""
WEEKS_OF_THE_MEAN = 4
BEGINNING = datetime.fromisoformat("0001-01-02T00:00:00+00:00")


@dataclass(frozen=True, slots=True)
class Since:
    """What happened to some orders since the finance report before this one told of them."""

    cancelled: Tally
    changed: int


@dataclass(frozen=True, slots=True)
class Again:
    """A week that is told again, with what was told of it then."""

    week: Week
    then: Sales
    since: Since


def figures(
    connection: Connection, calendar: Calendar, period: Period, shown: int, before: FinanceFigures | None
) -> FinanceFigures:
    """The report of a week with `shown` weeks in its table (at least 1), as the books stood when the week ended.

    `before` is what the last report of an earlier week told; without it no week can be restated.
    """
    first, everything = sales.first_placed_at(connection), sales.everything(connection)
    periods = [period]
    while len(periods) < max(shown, PLOTTED_WEEKS):
        periods.append(calendar.before(periods[-1]))
    weeks = tuple(gather_week(connection, one, first, period.end) for one in reversed(periods))
    other = calendar.year_before(period)
    year_before = None if other is None else gather_week(connection, other, first, period.end)
    return FinanceFigures(
        period=period,
        weeks=weeks[-shown:],
        year_before=None if year_before is None or year_before.before_books else year_before,
        comparisons=comparisons(weeks, year_before, first),
        reconciliation=reconciled(connection, period, everything),
        restated=restated(connection, before, weeks[-shown:], everything) if before else (),
        weekly=tuple(point(week.period, week.sales.ordered) for week in weeks if not week.before_books),
        daily=gather_days(connection, calendar, first, weeks),
    )


def gather_week(connection: Connection, week: Period, first: datetime | None, as_of: datetime) -> Week:
    if first is None or week.end <= first:
        return Week(week, Sales(), before_books=True)
    return Week(week, sales.sales(connection, window(week), as_of))


def gather_days(
    connection: Connection, calendar: Calendar, first: datetime | None, weeks: Sequence[Week]
) -> tuple[Point, ...]:
    """What was ordered on each day of these weeks, from the day of the first order on."""
    begins, ends = weeks[0].period.start, weeks[-1].period.end
    if first is None or first >= ends:
        return ()
    days = list(calendar.ended(Span.DAY, max(first, begins), ends))
    return tuple(map(point, days, sales.ordered(connection, map(window, days), ends)))


def reconciled(connection: Connection, period: Period, everything: Tally) -> Reconciliation:
    return Reconciliation(
        opening=sales.standing(connection, period.start, everything),
        placed=sales.placed(connection, window(period)),
        cancelled=sales.cancelled(connection, window(period)),
        closing=sales.standing(connection, period.end, everything),
        changed=sales.changed(connection, window(period)),
    )


def window(period: Period) -> sales.Window:
    return period.start, period.end


def point(period: Period, tally: Tally) -> Point:
    return Point(period.first_day, tally.orders, tally.cents)


def comparisons(weeks: Sequence[Week], year_before: Week | None, first: datetime | None) -> tuple[Comparison, ...]:
    """With those weeks that the books know whole: a mean of fewer than four would be another thing, and a week in whose
    midst the books begin is no measure.
    """
    others = {
        Against.WEEK_BEFORE: weeks[-2:-1],
        Against.MEAN_OF_FOUR: weeks[-1 - WEEKS_OF_THE_MEAN : -1],
        Against.YEAR_BEFORE: () if year_before is None else (year_before,),
    }
    return tuple(
        compared(against, found, weeks[-1])
        for against, found in others.items()
        if found and first is not None and all(is_whole(week.period, first) for week in found)
    )


def is_whole(week: Period, first: datetime) -> bool:
    """Whether the books, whose first order was placed at `first`, begin on the first day of the week or before."""
    return first < week.start + timedelta(days=1)


def compared(against: Against, others: Sequence[Week], week: Week) -> Comparison:
    def change(now: int, before: Sequence[int]) -> Change:
        return Change(now, sum(before) / len(before))

    return Comparison(
        against,
        tuple(one.period.key for one in others),
        change(week.sales.customers, [one.sales.customers for one in others]),
        change(week.sales.ordered.orders, [one.sales.ordered.orders for one in others]),
        change(week.sales.ordered.cents, [one.sales.ordered.cents for one in others]),
    )


def restated(
    connection: Connection, before: FinanceFigures, shown: Sequence[Week], everything: Tally
) -> tuple[Restatement, ...]:
    """The weeks whose net is not what was told any more, the latest first; last, all that is older than those."""
    told, last_told = {window(week.period): week.sales for week in before.weeks}, before.period.end
    meanwhile = (last_told, shown[-1].period.end)

    def since(placed: sales.Window) -> Since:
        return Since(sales.cancelled(connection, meanwhile, placed), sales.changed(connection, meanwhile, placed))

    twice = [(week, told[window(week.period)]) for week in shown if window(week.period) in told]
    again = [Again(week, then, since(window(week.period))) for week, then in twice]
    older = since((BEGINNING, again[0].week.period.start if again else last_told))
    standing = sales.standing(connection, last_told, everything)
    return restatements(again, older, standing - before.reconciliation.closing)


def restatements(again: Sequence[Again], older: Since, entered: Tally) -> tuple[Restatement, ...]:
    """`entered` is what now stood beyond what was told when the last report's week ended, in all weeks together.

    An order that was entered later and had been cancelled before that was never told to stand, and is not named.
    """
    weeks = []
    for one in reversed(again):
        grown = one.week.sales.net - one.then.net
        added = grown + one.since.cancelled - Tally(0, one.since.changed)
        entered -= added
        weeks.append(restatement(one.week.period.key, added, one.since))
    return tuple(one for one in (*weeks, restatement(None, entered, older)) if one != Restatement(one.key, 0))


def restatement(key: str | None, added: Tally, since: Since) -> Restatement:
    difference = added.cents + since.changed - since.cancelled.cents
    return Restatement(key, difference, since.cancelled, added, since.changed)
