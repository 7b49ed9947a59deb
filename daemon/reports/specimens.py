"""One believable report of each kind, to draw and word without a shop; every figure in it adds up."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from daemon.reports.periods import Calendar
from store.facts import (
    Against,
    ArmFigures,
    Change,
    Comparison,
    CustomerRank,
    FinanceFigures,
    Margin,
    MarketingFigures,
    OffersFollowed,
    OfferTotals,
    Point,
    ProductRank,
    Reconciliation,
    Restatement,
    Sales,
    Span,
    Tally,
    Totals,
    Week,
)

CALENDAR = Calendar(ZoneInfo("America/Denver"))
DENVER_WEEK = CALENDAR.of_week(2026, 47)

# Orders of thirteen weeks and of the same week a year before, the last being the week of the report.
ORDERS = (241, 255, 262, 248, 270, 281, 266, 259, 284, 291, 277, 289, 312)
ORDERS_A_YEAR_BEFORE = 233
SHARES_OF_DAYS = (0.17, 0.15, 0.14, 0.14, 0.13, 0.11)


def finance() -> FinanceFigures:
    weeks = tuple(week(12 - place, orders) for place, orders in enumerate(ORDERS))
    year_before = Week(CALENDAR.of_week(2025, 47), sales(ORDERS_A_YEAR_BEFORE))
    placed = weeks[-1].sales.ordered
    cancelled = Tally(9, 109_275)
    opening = Tally(31_208, 412_077_145)
    return FinanceFigures(
        period=DENVER_WEEK,
        weeks=weeks,
        year_before=year_before,
        comparisons=(
            compared(Against.WEEK_BEFORE, weeks[-2:-1], weeks[-1]),
            compared(Against.MEAN_OF_FOUR, weeks[-5:-1], weeks[-1]),
            compared(Against.YEAR_BEFORE, (year_before,), weeks[-1]),
        ),
        reconciliation=Reconciliation(opening, placed, cancelled, opening + placed - cancelled),
        restated=(
            Restatement("2026-W46", -12_000, late_cancellations=Tally(2, 12_000)),
            Restatement("2026-W44", 4_550, added=Tally(1, 4_550)),
        ),
        weekly=tuple(Point(one.period.first_day, *tally(one)) for one in weeks),
        daily=tuple(point for one in weeks for point in days(one)),
    )


def week(back: int, orders: int) -> Week:
    return Week(CALENDAR.before(DENVER_WEEK, back) if back else DENVER_WEEK, sales(orders))


def sales(orders: int) -> Sales:
    cents = orders * 13_208
    lines = orders * 3
    cancelled = Tally(orders // 45, orders // 45 * 12_100)
    margin = Margin(lines, lines * 9 // 10, cents * 9 // 10, cents * 9 // 10 * 58 // 100)
    return Sales(orders * 8 // 9, Tally(orders, cents), cancelled, margin)


def tally(one: Week) -> tuple[int, int]:
    return one.sales.ordered.orders, one.sales.ordered.cents


def days(one: Week) -> list[Point]:
    """A week's orders and dollars spread over its days; the last takes what rounding left."""
    orders, cents = tally(one)
    points = [
        Point(one.period.first_day + timedelta(days=place), int(orders * share), int(cents * share))
        for place, share in enumerate(SHARES_OF_DAYS)
    ]
    rest = orders - sum(point.orders for point in points), cents - sum(point.cents for point in points)
    return [*points, Point(one.period.last_day, *rest)]


def compared(against: Against, others: tuple[Week, ...], now: Week) -> Comparison:
    def change(what: str) -> Change:
        def of(one: Week) -> int:
            return {"customers": one.sales.customers, "orders": tally(one)[0], "cents": tally(one)[1]}[what]

        return Change(of(now), sum(map(of, others)) / len(others))

    keys = tuple(one.period.key for one in others)
    return Comparison(against, keys, change("customers"), change("orders"), change("cents"))


FOLLOWED = OffersFollowed(
    14,
    "Monday 2 to Sunday 8 November 2026",
    ArmFigures(287, 21, 98_740),
    ArmFigures(32, 1, 5_100),
    0.0419,
    -0.0867,
    0.0862,
)


def marketing(span: Span = Span.WEEK) -> MarketingFigures:
    period = CALENDAR.holding(span, DENVER_WEEK.start)
    return MarketingFigures(
        period=period,
        before=CALENDAR.before(period),
        totals=Totals(customers=277, orders=306, units=1_402, cents=4_031_570),
        totals_before=Totals(customers=256, orders=283, units=1_377, cents=3_744_420),
        products=PRODUCTS,
        customers=CUSTOMERS,
        offers=OfferTotals(281, 255, 30, FOLLOWED),
    )


PRODUCTS = (
    ProductRank(1, "BJ02R0G72U8V", "Brass desk lamp", 118, 601_800, 3, 71, 362_100),
    ProductRank(2, "7B4VYMBRQNAR", "Beeswax candles, set of 6", 97, 174_600, 1, 104, 187_200),
    ProductRank(3, "RQD2JAUYZLID", "Linen tea towel, blue stripe", 81, 113_400, 2, 81, 113_400),
    ProductRank(4, "K3N8XQ2TD7WP", "Enamel pot, 4 quarts, with lid and wooden handle", 64, 313_600, None, 0, 0),
    ProductRank(5, "M5C9ZH4VE6RA", "Pocket notebook, ruled", 60, 42_000, 11, 22, 15_400),
)

CUSTOMERS = (
    CustomerRank(1, "5f" * 32, "C-7K3F9Q", 4, 88_250, 2, 61_400),
    CustomerRank(2, "c1" * 32, "C-QW9D4T", 2, 61_075, None, 0),
    CustomerRank(3, "08" * 32, "C-4HTM2X", 3, 49_900, 1, 70_215),
)


def finance_without_orders() -> FinanceFigures:
    """A week in which nobody ordered, in a shop whose first order is a week old."""
    first = Week(CALENDAR.before(DENVER_WEEK), sales(12))
    nothing = Week(DENVER_WEEK, Sales())
    before = first.sales.ordered
    return FinanceFigures(
        period=DENVER_WEEK,
        weeks=(first, nothing),
        year_before=None,
        comparisons=(compared(Against.WEEK_BEFORE, (first,), nothing),),
        reconciliation=Reconciliation(before, Tally(), Tally(), before),
        restated=(),
        weekly=(Point(first.period.first_day, *tally(first)), Point(DENVER_WEEK.first_day, 0, 0)),
        daily=tuple(point for one in (first, nothing) for point in days(one)),
    )


def marketing_without_orders() -> MarketingFigures:
    return MarketingFigures(DENVER_WEEK, CALENDAR.before(DENVER_WEEK), Totals(), Totals(), (), ())
