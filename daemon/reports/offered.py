"""What the offers of a period brought, for the marketing report."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from daemon.config import OffersConfig
from daemon.lift import lift_of
from daemon.reports.periods import in_words
from store import offers
from store.database import Connection
from store.facts import OffersFollowed, OfferTotals, Period, Span


def offer_totals(connection: Connection, period: Period, told: OffersConfig) -> OfferTotals | None:
    """The offers of the period, and what came of those whose days to buy ended in it; None where none are made at all.

    So each offer is followed for as long as every other, and what it brought is told once.
    """
    made, held_out = offers.drawn(connection, period.start, period.end)
    sent = offers.sent(connection, period.start, period.end)
    followed = follow(connection, period, told.conversion_days)
    if not told.enabled and not any((made, held_out, sent, followed)):
        return None
    return OfferTotals(made, sent, held_out, followed)


def follow(connection: Connection, period: Period, days: float) -> OffersFollowed | None:
    since, until = (moment - timedelta(days=days) for moment in (period.start, period.end))
    found = offers.figures(connection, since, until, days, seen_until=period.end)
    if not found.offered.orders and not found.held_out.orders:
        return None
    lift = lift_of(found.offered, found.held_out)
    return OffersFollowed(
        days=days,
        words=days_in_words(since, until, ZoneInfo(period.zone)),
        offered=found.offered,
        held_out=found.held_out,
        lift=lift.difference if lift else None,
        low=lift.between.low if lift else None,
        high=lift.between.high if lift else None,
    )


def days_in_words(since: datetime, until: datetime, zone: ZoneInfo) -> str:
    last = until - timedelta(microseconds=1)
    return in_words(Span.WEEK, since.astimezone(zone).date(), last.astimezone(zone).date())
