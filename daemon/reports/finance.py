"""The finance report of a week: sums from the books, made into figures that reconcile."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

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
    """What happened to the books since the finance report before this one told them.

    `weeks` are those that it told and that are shown again, each with the cents that changes made of it since; the
    other sums are of what is older. `standing` is what stood, by today's books, when that report's week ended.
    """

    weeks: tuple[tuple[Week, Sales, int], ...]
    older_cancelled: Tally
    older_changed: int
    standing: Tally


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
        comparisons=comparisons(weeks, year_before),
        reconciliation=reconciled(connection, period, everything),
        restated=()
        if before is None
        else restated(before, gather_since(connection, before, weeks[-shown:], everything)),
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
    days = calendar.ended(Span.DAY, max(first, begins), ends)
    return tuple(point(day, sales.ordered(connection, window(day), ends)) for day in days)


def reconciled(connection: Connection, period: Period, everything: Tally) -> Reconciliation:
    return Reconciliation(
        opening=sales.standing(connection, period.start, everything),
        placed=sales.placed(connection, window(period)),
        cancelled=sales.cancelled(connection, window(period)),
        closing=sales.standing(connection, period.end, everything),
        changed=sales.changed(connection, window(period)),
    )


def gather_since(connection: Connection, before: FinanceFigures, shown: Sequence[Week], everything: Tally) -> Since:
    told = {window(week.period): week.sales for week in before.weeks}
    again = [week for week in shown if window(week.period) in told]
    last_told = before.period.end
    oldest = again[0].period.start if again else last_told
    meanwhile = (last_told, shown[-1].period.end)
    return Since(
        weeks=tuple(
            (week, told[window(week.period)], sales.changed(connection, meanwhile, placed=window(week.period)))
            for week in again
        ),
        older_cancelled=sales.cancelled(connection, meanwhile, placed_before=oldest),
        older_changed=sales.changed(connection, meanwhile, placed=(BEGINNING, oldest)),
        standing=sales.standing(connection, last_told, everything),
    )


def window(period: Period) -> sales.Window:
    return period.start, period.end


def point(period: Period, tally: Tally) -> Point:
    return Point(period.first_day, tally.orders, tally.cents)


def comparisons(weeks: Sequence[Week], year_before: Week | None) -> tuple[Comparison, ...]:
    """With those weeks that the books know: a mean of fewer than four would be another thing."""
    others = {
        Against.WEEK_BEFORE: weeks[-2:-1],
        Against.MEAN_OF_FOUR: weeks[-1 - WEEKS_OF_THE_MEAN : -1],
        Against.YEAR_BEFORE: () if year_before is None else (year_before,),
    }
    return tuple(
        compared(against, found, weeks[-1])
        for against, found in others.items()
        if found and not any(week.before_books for week in found)
    )


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


def restated(before: FinanceFigures, since: Since) -> tuple[Restatement, ...]:
    """The weeks whose net is no longer what was told, the latest first; last, all that is older than those shown."""
    weeks = [restatement(*one) for one in reversed(since.weeks)]
    added = since.standing - before.reconciliation.closing
    for one in weeks:
        added -= one.added
    older = explained(None, since.older_cancelled, added, since.older_changed)
    return tuple(one for one in (*weeks, older) if one != Restatement(one.key, 0))


def restatement(week: Week, then: Sales, changed: int) -> Restatement:
    late = week.sales.cancelled - then.cancelled
    return explained(week.period.key, late, week.sales.ordered - then.ordered - Tally(0, changed), changed)


def explained(key: str | None, late: Tally, added: Tally, changed: int) -> Restatement:
    return Restatement(key, added.cents + changed - late.cents, late, added, changed)
