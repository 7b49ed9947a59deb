"""The database's sums are those of plain Python over every order, and the books reconcile to the cent."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import plain_books
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_books import Line, Sold

from daemon.reports import finance, marketing
from daemon.reports.periods import Calendar
from store import sales
from store.database import Database
from store.facts import Against, FinanceFigures, Restatement, Span, Tally

CALENDAR = Calendar(ZoneInfo("America/Denver"))
WEEK = CALENDAR.of_week(2026, 44)  # clocks are set back at its end: 169 hours
START = WEEK.start - timedelta(weeks=6)
HOURS = 24 * 7 * 8
FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def an_order(draw: st.DrawFn) -> Sold:
    at = START + timedelta(hours=draw(st.integers(0, HOURS)))
    cost = st.none() | st.integers(0, 500)
    one = st.tuples(st.integers(0, 3), st.integers(1, 9), st.integers(0, 1000), cost)
    few = st.lists(one, min_size=1, max_size=3, unique_by=lambda line: line[0]).map(tuple)
    lines = draw(few)
    closed = draw(st.none() | st.integers(1, HOURS // 2))
    cancelled_at = None if closed is None else at + timedelta(hours=closed)
    who = draw(st.none() | st.sampled_from(["ada", "ben", "cleo"]))
    held = cancelled_at is None and draw(st.integers(0, 9)) == 0
    was: list[tuple[datetime, tuple[Line, ...]]] = []
    moment = at
    for _ in range(0 if held else draw(st.integers(0, 2))):
        moment += timedelta(hours=draw(st.integers(1, 100)))
        if cancelled_at is None or moment < cancelled_at:
            was.append((moment, draw(few)))
    return Sold(at, who, lines, cancelled_at, held, tuple(was))


BOOKS = st.lists(an_order(), max_size=25)
MOMENTS = st.integers(0, HOURS).map(lambda hours: START + timedelta(hours=hours))
# On the edges of the week, where a window's end belongs to the next.
EDGES = st.sampled_from([WEEK.start, WEEK.end])


@FEW
@given(BOOKS, MOMENTS | EDGES, MOMENTS | EDGES, MOMENTS | EDGES)
def test_sums_of_a_window_are_those_of_walking_through_all_orders(
    shop: Database, books: list[Sold], one: datetime, other: datetime, as_of: datetime
) -> None:
    window = min(one, other), max(one, other)
    with shop.transaction() as conn, conn.begin_nested() as undone:
        plain_books.write(conn, books)
        assert sales.sales(conn, window, as_of) == plain_books.sales(books, window, as_of)
        assert sales.ordered(conn, [window], as_of) == [plain_books.sales(books, window, as_of).ordered]
        assert sales.placed(conn, window) == plain_books.placed(books, window)
        assert sales.cancelled(conn, window) == plain_books.cancelled(books, window)
        assert sales.changed(conn, window) == plain_books.changed(books, window)
        assert sales.standing(conn, as_of, sales.everything(conn)) == plain_books.standing(books, as_of)
        assert sales.totals(conn, window, as_of) == plain_books.totals(books, window, as_of)
        undone.rollback()


@FEW
@given(BOOKS, MOMENTS, MOMENTS, st.integers(1, 4))
def test_the_best_are_the_best(shop: Database, books: list[Sold], one: datetime, other: datetime, most: int) -> None:
    window, as_of = (min(one, other), max(one, other)), max(one, other)
    goods, people = plain_books.best_products(books, window, as_of), plain_books.best_customers(books, window, as_of)
    with shop.transaction() as conn, conn.begin_nested() as undone:
        plain_books.write(conn, books)
        assert sales.products(conn, window, as_of, most) == goods[:most]
        assert sales.customers(conn, window, as_of, most) == people[:most]
        asked = ["P1", "P3", "unknown"]
        ranks = {one[0]: (rank, *one[2:]) for rank, one in enumerate(goods, start=1) if one[0] in asked}
        assert sales.product_ranks(conn, window, as_of, asked) == ranks
        known = {who: (rank, cents) for rank, (who, _, cents) in enumerate(people, start=1) if who in ("ada", "cleo")}
        assert sales.customer_ranks(conn, window, as_of, ["ada", "cleo"]) == known
        undone.rollback()


def report(conn: object, number: int, before: FinanceFigures | None, shown: int = 3) -> FinanceFigures:
    return finance.figures(conn, CALENDAR, CALENDAR.of_week(2026, number), shown, before)  # type: ignore[arg-type]


@FEW
@given(BOOKS, BOOKS, st.integers(1, 3))
def test_a_week_reconciles_and_nothing_of_the_past_changes_without_being_named(
    shop: Database, books: list[Sold], found_later: list[Sold], gap: int
) -> None:
    """Between two reports a box of old orders turns up and is entered; the weeks between may not have been reported."""
    with shop.transaction() as conn, conn.begin_nested() as undone:
        plain_books.write(conn, books)
        first = report(conn, 44 - gap, None)
        plain_books.write(conn, found_later)
        second = report(conn, 44, first)
        undone.rollback()
    assert first.reconciliation.difference == second.reconciliation.difference == 0
    assert first.reconciliation.closing == plain_books.standing(books, first.period.end)
    assert second.reconciliation.closing == plain_books.standing([*books, *found_later], second.period.end)
    # What the shop is worth now and was told to be worth then differs by what was ordered in the weeks between, net,
    # and by what is named; whatever else had changed would show here.
    everything = [*books, *found_later]
    new = sum((plain_books.sales(everything, week, second.period.end).net for week in weeks(gap)), Tally())
    grown = second.reconciliation.closing - first.reconciliation.closing
    assert grown.cents == new.cents + sum(one.difference for one in second.restated)
    late = sum((one.late_cancellations for one in second.restated), Tally())
    assert grown.orders == new.orders + sum(one.added.orders for one in second.restated) - late.orders
    meanwhile = first.period.end, second.period.end
    assert late == plain_books.cancelled([one for one in everything if one.at < first.period.end], meanwhile)


def weeks(count: int) -> list[plain_books.Window]:
    found = [CALENDAR.of_week(2026, 44 - back) for back in range(count)]
    return [(week.start, week.end) for week in found]


DAY = timedelta(days=1)
MONDAY = WEEK.start


def sold(day: float, cents: int, who: str = "ada", **said: object) -> Sold:
    return Sold(MONDAY + day * DAY, who, ((0, 1, cents, None),), **said)  # type: ignore[arg-type]


def test_a_small_shop_reckoned_by_hand(shop: Database) -> None:
    books = [
        sold(-15, 50_00),  # W41
        sold(-6, 100_00, "ben"),  # W43
        sold(-2, 120_00, "cleo", cancelled_at=MONDAY + DAY),  # W43, cancelled on Tuesday of W44
        sold(0, 30_00),  # the first instant of W44
        sold(3, 45_00, "ben"),
        sold(3.5, 10_00, "ben", cancelled_at=MONDAY + 3.6 * DAY),
        sold(3.7, 5_00, "dora", cancelled_at=WEEK.end),  # stands when the week ends, and not an instant later
        sold(4, 999_00, held=True),
        Sold(WEEK.end, "ben", ((1, 2, 7_00, None),)),  # the first instant of W45
    ]
    with shop.transaction() as conn:
        plain_books.write(conn, books)
        before = report(conn, 43, None)
        week = report(conn, 44, before)
    now = week.now.sales
    assert (now.customers, now.ordered, now.cancelled, now.net) == (
        3,
        Tally(4, 90_00),
        Tally(1, 10_00),
        Tally(3, 80_00),
    )
    books_told = week.reconciliation
    assert (books_told.opening, books_told.placed) == (Tally(3, 270_00), Tally(4, 90_00))
    assert (books_told.cancelled, books_told.closing, books_told.difference) == (Tally(2, 130_00), Tally(5, 230_00), 0)
    assert week.restated == (Restatement("2026-W43", -120_00, late_cancellations=Tally(1, 120_00)),)
    assert [one.period.key for one in week.weeks] == ["2026-W42", "2026-W43", "2026-W44"]
    assert [point.cents for point in week.weekly] == [50_00, 0, 220_00, 90_00]  # none from before the first order
    assert [point.orders for point in week.daily[-7:]] == [1, 0, 0, 3, 0, 0, 0]
    against_w43 = week.comparisons[0]
    assert (against_w43.against, against_w43.keys) == (Against.WEEK_BEFORE, ("2026-W43",))
    assert (against_w43.orders.difference, against_w43.cents.share) == (2, (90_00 - 220_00) / 220_00)
    assert len(week.comparisons) == 1  # the mean would need four weeks, and there was no year before


@pytest.mark.parametrize(("day", "compared"), [(-7, True), (-6.1, True), (-5.9, False), (-2, False)])
def test_a_week_in_whose_midst_the_books_begin_is_no_measure(shop: Database, day: float, compared: bool) -> None:
    with shop.transaction() as conn:
        plain_books.write(conn, [sold(day, 100_00), sold(1, 265_00)])
        week = report(conn, 44, None)
    assert [one.against for one in week.comparisons] == ([Against.WEEK_BEFORE] if compared else [])


def test_an_order_found_later_restates_its_week_and_one_that_is_older_than_all_shown_is_named_too(
    shop: Database,
) -> None:
    with shop.transaction() as conn:
        plain_books.write(conn, [sold(-100, 10_00), sold(-6, 100_00)])
        before = report(conn, 43, None)
        plain_books.write(conn, [sold(-5, 7_00), sold(-50, 3_00), sold(1, 1_00)])
        week = report(conn, 44, before)
    assert week.restated == (
        Restatement("2026-W43", 7_00, added=Tally(1, 7_00)),
        Restatement(None, 3_00, added=Tally(1, 3_00)),
    )


def test_an_order_changed_after_its_week_restates_it(shop: Database) -> None:
    with shop.transaction() as conn:
        plain_books.write(conn, [sold(-3, 80_00, was=((MONDAY + DAY, ((0, 1, 100_00, None),)),))])
        before = report(conn, 43, None)
        week = report(conn, 44, before)
    assert before.now.sales.ordered == Tally(1, 100_00)
    assert week.restated == (Restatement("2026-W43", -20_00, changed=-20_00),)
    assert (week.reconciliation.changed, week.reconciliation.difference) == (-20_00, 0)


def test_a_shop_without_any_order_has_an_empty_report(shop: Database) -> None:
    with shop.reading() as conn:
        week = report(conn, 44, None)
        month = marketing.figures(conn, CALENDAR, CALENDAR.read(Span.MONTH, "2026-10"), 10)
    assert week.is_empty
    assert month.is_empty
    assert (week.comparisons, week.weekly, week.daily, week.restated) == ((), (), (), ())
    assert all(one.before_books for one in week.weeks)
    assert (month.products, month.customers) == ((), ())


def test_the_best_move_against_the_period_before(shop: Database) -> None:
    def bought(day: float, what: int, units: int, who: str) -> Sold:
        return Sold(MONDAY + day * DAY, who, ((what, units, 100, None),))

    with shop.transaction() as conn:
        plain_books.write(conn, [bought(-7, 0, 5, "ada"), bought(-6, 1, 4, "ben"), bought(1, 1, 6, "cleo")])
        plain_books.write(conn, [bought(2, 0, 2, "ada"), bought(3, 2, 3, "ben")])
        week = marketing.figures(conn, CALENDAR, WEEK, 2)
    assert [(one.rank, one.product_id, one.units, one.rank_before, one.units_before) for one in week.products] == [
        (1, "P1", 6, 2, 4),
        (2, "P2", 3, None, 0),
    ]
    assert [(one.rank, one.hashed_email, one.cents, one.rank_before, one.cents_before) for one in week.customers] == [
        (1, "cleo", 600, None, 0),
        (2, "ben", 300, 2, 400),
    ]
    assert len({one.alias for one in week.customers}) == 2
