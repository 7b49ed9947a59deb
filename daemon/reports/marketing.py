"""The marketing report of a day, week or month: what sold best, and who bought most."""

from daemon.reports.alias import alias
from daemon.reports.periods import Calendar
from store import sales
from store.database import Connection
from store.facts import CustomerRank, MarketingFigures, OfferTotals, Period, ProductRank


def figures(
    connection: Connection, calendar: Calendar, period: Period, top: int, offers: OfferTotals | None = None
) -> MarketingFigures:
    """The report with the `top` products and customers; both periods as the books stood when this one ended.

    The period before is the last one that had any instants: a zone that skips a day has none on it.
    """
    before = calendar.before(period)
    while before.start == before.end:
        before = calendar.before(before)
    return MarketingFigures(
        period=period,
        before=before,
        totals=sales.totals(connection, (period.start, period.end), period.end),
        totals_before=sales.totals(connection, (before.start, before.end), period.end),
        products=products(connection, period, before, top),
        customers=customers(connection, period, before, top),
        offers=offers,
    )


def products(connection: Connection, period: Period, before: Period, top: int) -> tuple[ProductRank, ...]:
    best = sales.products(connection, (period.start, period.end), period.end, top)
    then = sales.product_ranks(connection, (before.start, before.end), period.end, [one for one, *_ in best])
    return tuple(
        ProductRank(rank, product_id, name, units, cents, *then.get(product_id, (None, 0, 0)))
        for rank, (product_id, name, units, cents) in enumerate(best, start=1)
    )


def customers(connection: Connection, period: Period, before: Period, top: int) -> tuple[CustomerRank, ...]:
    best = sales.customers(connection, (period.start, period.end), period.end, top)
    hashes = [hashed for hashed, *_ in best]
    then = sales.customer_ranks(connection, (before.start, before.end), period.end, hashes)
    return tuple(
        CustomerRank(rank, hashed, alias(hashed), orders, cents, *then.get(hashed, (None, 0)))
        for rank, (hashed, orders, cents) in enumerate(best, start=1)
    )
