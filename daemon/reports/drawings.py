"""Which plots a finance report shows, and the finding that each has for its title."""

from collections.abc import Sequence

from daemon.reports.finance_told import labels_of, names_of
from daemon.reports.numbers import Numbers
from daemon.reports.plots import Drawing, Point
from store.facts import Against, Change, FinanceFigures

LONG_ENOUGH = 8
"""Among fewer weeks "the most" is no finding."""


def drawings(figures: FinanceFigures, numbers: Numbers, locale: str) -> tuple[Drawing, ...]:
    """Orders and dollars over the weeks of the plots, the week reported last."""
    return tuple(
        Drawing(
            name=name,
            title=finding(figures, numbers, name),
            weeks=tuple(
                Point(point.day, label, value)
                for point, label, value in zip(figures.weekly, labels_of(figures.weekly), values, strict=True)
            ),
            days=tuple((point.day, point.orders if name == "orders" else point.cents) for point in figures.daily),
            locale=locale,
            currency=None if name == "orders" else numbers.currency,
            when_empty="No orders in these weeks.",
        )
        for name, values in series(figures).items()
    )


def series(figures: FinanceFigures) -> dict[str, list[int]]:
    weekly = figures.weekly
    return {"orders": [point.orders for point in weekly], "dollars": [point.cents for point in weekly]}


def finding(figures: FinanceFigures, numbers: Numbers, name: str) -> str:
    """What the plot shows, in a sentence without an end."""
    now = figures.now.sales.ordered
    if not now.orders:
        return f"No orders in {figures.period.name}"
    told = numbers.money(now.cents)
    if name == "orders":
        told = f"{numbers.count(now.orders)} {'order' if now.orders == 1 else 'orders'}"
    clauses = [f"{told} in {figures.period.name}", *compared(figures, numbers, name)]
    # A week keeps its number when the title is wrapped.
    return ", ".join([*clauses, *extreme(series(figures)[name], name)]).replace("week ", "week\N{NO-BREAK SPACE}")


def compared(figures: FinanceFigures, numbers: Numbers, name: str) -> list[str]:
    for one in figures.comparisons:
        change: Change = one.orders if name == "orders" else one.cents
        if one.against is Against.WEEK_BEFORE and change.share is not None:
            return [f"{numbers.change(change.share)} on {names_of(figures).get(one.keys[0], one.keys[0])}"]
    return []


def extreme(values: Sequence[int], name: str) -> list[str]:
    if len(values) < LONG_ENOUGH:
        return []
    *before, now = values
    if min(before) <= now <= max(before):
        return []
    word = "the most" if now > max(before) else "the fewest" if name == "orders" else "the least"
    return [f"{word} in {len(values)} weeks"]
