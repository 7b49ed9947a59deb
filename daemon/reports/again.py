"""A report made again for a period: what today's books say otherwise than it said then."""

from dataclasses import dataclass

from store.facts import Figures, FinanceFigures


@dataclass(frozen=True, slots=True)
class Difference:
    """One number of the period that is not as it was told; money is in cents and says so in `what`."""

    what: str
    then: int
    now: int


def differences(then: Figures, now: Figures) -> tuple[Difference, ...]:
    """What differs of the period's own totals; empty when today's books tell the same.

    Both are the books as they stood when the period ended, so only what was entered since with an earlier date, or
    another setting of the days, makes a difference; cancelling afterwards does not.
    """
    before, after = totals(then), totals(now)
    return tuple(Difference(what, before[what], told) for what, told in after.items() if before.get(what, told) != told)


def totals(figures: Figures) -> dict[str, int]:
    if isinstance(figures, FinanceFigures):
        sales = figures.now.sales
        return {
            "customers": sales.customers,
            "orders": sales.ordered.orders,
            "cents ordered": sales.ordered.cents,
            "orders cancelled": sales.cancelled.orders,
            "cents cancelled": sales.cancelled.cents,
            "cents opening": figures.reconciliation.opening.cents,
            "cents closing": figures.reconciliation.closing.cents,
        }
    told = figures.totals
    return {"customers": told.customers, "orders": told.orders, "units": told.units, "cents": told.cents}
