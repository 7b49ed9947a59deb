"""What the marketing reports of all days say of offers, together, is what came of all offers."""

from datetime import UTC, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import plain_books
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from plain_books import Sold

from daemon.config import OffersConfig
from daemon.reports.offered import offer_totals
from daemon.reports.periods import Calendar
from store import offers, orders
from store.database import Database
from store.facts import Arm, Offer, OfferItem, OfferTotals, Span

CALENDAR = Calendar(ZoneInfo("Europe/Berlin"), 0)
BEGIN = datetime(2026, 3, 20, tzinfo=UTC)
DAYS = 30
TOLD = OffersConfig(conversion_days=3)
MOMENTS = st.integers(0, 24 * DAYS - 1).map(lambda hours: BEGIN + timedelta(hours=hours))
OFFERS = st.lists(st.tuples(MOMENTS, st.sampled_from(["ada", "ben"]), st.sampled_from(Arm)), max_size=12)
BOUGHT = st.lists(st.tuples(MOMENTS, st.sampled_from(["ada", "ben"])), max_size=12)
NUMBERS = count(1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(OFFERS, BOUGHT)
def test_each_offer_and_each_purchase_is_told_once(
    shop: Database, made: list[tuple[datetime, str, Arm]], bought: list[tuple[datetime, str]]
) -> None:
    with shop.transaction() as conn, conn.begin_nested() as undone:
        plain_books.write(conn, [Sold(at, who, ((0, 1, 100, None),)) for at, who in bought])
        for at, who, arm in made:
            number = f"OF-{next(NUMBERS)}"
            orders.write(conn, [plain_books.an_order(number, Sold(at, who, ((1, 1, 100, None),)))])
            offers.make(conn, [Offer(number, who, arm, at, (OfferItem("P0", 100, "best_seller"),))])
        told = [offer_totals(conn, day, TOLD) for day in CALENDAR.ended(Span.DAY, BEGIN, BEGIN + timedelta(days=40))]
        whole = offers.figures(conn, None, None, TOLD.conversion_days)
        undone.rollback()
    days = [one for one in told if one is not None]
    assert (sum(one.made for one in days), sum(one.held_out for one in days)) == (
        whole.offered.orders,
        whole.held_out.orders,
    )
    for arm in ("offered", "held_out"):
        followed = [getattr(one.followed, arm) for one in days if one.followed]
        one = getattr(whole, arm)
        sums = tuple(sum(getattr(day, what) for day in followed) for what in ("orders", "converted", "cents"))
        assert sums == (one.orders, one.converted, one.cents)


def test_the_days_of_those_followed_are_named(shop: Database) -> None:
    at = datetime(2026, 4, 1, 12, tzinfo=UTC)
    day = CALENDAR.holding(Span.DAY, at + timedelta(days=3))
    with shop.transaction() as conn:
        plain_books.write(conn, [])
        orders.write(conn, [plain_books.an_order("OF-0", Sold(at, "ada", ((1, 1, 100, None),)))])
        offers.make(conn, [Offer("OF-0", "ada", Arm.HELD_OUT, at, (OfferItem("P0", 100, "best_seller"),))])
        told = offer_totals(conn, day, TOLD)
        assert isinstance(told, OfferTotals)
        assert (told.made, told.sent, told.held_out) == (0, 0, 0)
        assert told.followed is not None
        assert (told.followed.words, told.followed.days) == ("Wednesday 1 April 2026", 3)
        assert told.followed.held_out.orders == 1
        assert offer_totals(conn, CALENDAR.before(day), TOLD) == OfferTotals(0, 0, 0, None)
        assert offer_totals(conn, CALENDAR.before(day), TOLD.model_copy(update={"enabled": False})) is None
