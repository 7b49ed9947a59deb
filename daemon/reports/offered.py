"""What the offers of a period brought, for the marketing report."""

from daemon.config import OffersConfig
from daemon.lift import lift_of
from store import offers
from store.database import Connection
from store.facts import OfferTotals, Period


def offer_totals(connection: Connection, period: Period, told: OffersConfig) -> OfferTotals | None:
    """Offers made in the period and the orders that came of them before it ended; None where none are made at all.

    Both arms are seen for as long, so their difference is fair, though orders still to come are not in it;
    `mailorder offers report` shows those later.
    """
    found = offers.figures(connection, period.start, period.end, told.conversion_days, seen_until=period.end)
    offered, held_out = found.offered, found.held_out
    if not told.enabled and not offered.orders and not held_out.orders:
        return None
    lift = lift_of(offered, held_out)
    return OfferTotals(
        made=offered.orders,
        sent=found.sent,
        held_out=held_out.orders,
        converted=offered.converted,
        held_out_converted=held_out.converted,
        cents=offered.cents,
        held_out_cents=held_out.cents,
        lift=lift.difference if lift else None,
        low=lift.between.low if lift else None,
        high=lift.between.high if lift else None,
    )
