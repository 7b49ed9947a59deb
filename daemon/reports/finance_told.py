"""The finance report as its templates tell it: every number a cell in words, every sentence's figures by name."""

from datetime import date

from daemon.reports.numbers import Numbers
from store.facts import JSON, Comparison, FinanceFigures, Point, Reconciliation, Restatement, Sales, Tally, Week

A_YEAR = 52
"""Among more weeks a number alone could be either of two."""


def finance_told(figures: FinanceFigures, numbers: Numbers) -> JSON:
    """What templates/report_finance reads besides what every report tells."""
    names, shown = names_of(figures), figures.weeks
    rows = [week_told(week, numbers, len(shown) > A_YEAR) for week in reversed(shown)]
    compared = [comparison_told(one, names, numbers) for one in figures.comparisons]
    return {
        "empty": figures.is_empty,
        "now": rows[0],
        "weeks": rows,
        "begins": begins(figures.period.first_day),
        "any_margin": any(row["margin"] for row in rows),
        "comparisons": compared,
        "on": next((one for one in compared if one["against"] == "week_before"), None),
        "balance": reconciled(figures.reconciliation, numbers),
        "restated": restatements_told(figures, numbers),
        "unread_before": figures.unread_before,
        "curves": curves(figures, numbers),
    }


def begins(first_day: date) -> str | None:
    """The day on which weeks begin, where it is not the Monday that the names of weeks make one expect."""
    return None if first_day.weekday() == 0 else f"{first_day:%A}"


def names_of(figures: FinanceFigures) -> dict[str, str]:
    """What each week is called, by its key."""
    known = [*figures.weeks, *([figures.year_before] if figures.year_before else [])]
    return {week.period.key: week.period.name for week in known}


def week_told(week: Week, numbers: Numbers, with_year: bool) -> JSON:
    sales = week.sales
    return {
        "label": week.period.key if with_year else label_of(week.period.key),
        "name": week.period.name,
        "days": days_of(week),
        "before_books": week.before_books,
        "customers": numbers.count(sales.customers),
        "orders": numbers.count(sales.ordered.orders),
        "ordered": numbers.money(sales.ordered.cents),
        "cancelled": tally_told(sales.cancelled, numbers),
        "net": tally_told(sales.net, numbers),
        "margin": margin_told(sales, numbers),
        "partly_known": bool(sales.margin.known_lines and sales.margin.known_lines < sales.margin.lines),
        "no_cost_known": bool(sales.margin.lines and not sales.margin.known_lines),
        "nothing": sales.ordered.orders == 0,
    }


def label_of(key: str) -> str:
    """ "2026-W47" is "W47" in a table."""
    return key.rpartition("-")[2]


def days_of(week: Week) -> str:
    """ "16–22 Nov", and over the end of a month "30 Nov – 6 Dec"."""
    first, last = week.period.first_day, week.period.last_day
    if first.month == last.month:
        return f"{first.day}–{last.day} {last:%b}"
    return f"{first.day} {first:%b} – {last.day} {last:%b}"


def margin_told(sales: Sales, numbers: Numbers) -> JSON | None:
    """None when no cost is known: a margin without costs would be made up. Nor is there one of what was given away."""
    margin = sales.margin
    if margin.rate is None:
        return None
    return {
        "gross": numbers.money(margin.gross),
        "rate": numbers.share(margin.rate),
        "known": numbers.share(margin.known),
        "known_lines": numbers.count(margin.known_lines),
        "lines": numbers.count(margin.lines),
    }


def tally_told(tally: Tally, numbers: Numbers) -> JSON:
    return {"orders": numbers.count(tally.orders), "money": numbers.money(tally.cents), "none": tally == Tally()}


def comparison_told(one: Comparison, names: dict[str, str], numbers: Numbers) -> JSON:
    return {
        "against": one.against.value,
        "name": names.get(one.keys[0], label_of(one.keys[0])),
        "first": label_of(one.keys[0]),
        "last": label_of(one.keys[-1]),
        "year": one.keys[0].partition("-")[0],
        "customers": numbers.changed(one.customers),
        "orders": numbers.changed(one.orders),
        "money": numbers.changed(one.cents, money=True),
    }


def reconciled(one: Reconciliation, numbers: Numbers) -> JSON:
    return {
        "opening": tally_told(one.opening, numbers),
        "placed": tally_told(one.placed, numbers),
        "cancelled": tally_told(one.cancelled, numbers),
        "changed": numbers.more_money(one.changed) if one.changed else None,
        "closing": tally_told(one.closing, numbers),
        "difference": numbers.money(one.difference) if one.difference else None,
    }


def restatements_told(figures: FinanceFigures, numbers: Numbers) -> list[JSON]:
    """Each week that was told otherwise before; `told_in` is which report of several says so, None for one alone."""
    names = names_of(figures)
    return [restated_told(one, names, numbers) for one in figures.restated]


def restated_told(one: Restatement, names: dict[str, str], numbers: Numbers) -> JSON:
    return {
        "told_in": None,
        "label": label_of(one.key) if one.key else None,
        "name": names.get(one.key, one.key) if one.key else None,
        "difference": numbers.more_money(one.difference),
        "late": tally_told(one.late_cancellations, numbers),
        "late_orders": one.late_cancellations.orders,
        "added": tally_told(one.added, numbers),
        "added_orders": one.added.orders,
        "changed": numbers.more_money(one.changed) if one.changed else None,
    }


def curves(figures: FinanceFigures, numbers: Numbers) -> JSON:
    """The numbers of the plots in words, for those who do not see them."""
    labels = labels_of(figures.weekly)
    orders = [(label, numbers.count(point.orders)) for label, point in zip(labels, figures.weekly, strict=True)]
    money = [(label, numbers.money(point.cents)) for label, point in zip(labels, figures.weekly, strict=True)]
    return {"orders": orders, "dollars": money}


def labels_of(points: tuple[Point, ...]) -> list[str]:
    """A week is called after the ISO week of its Thursday, as everywhere."""
    thursdays = [point.day.fromordinal(point.day.toordinal() + (3 - point.day.weekday()) % 7) for point in points]
    return [f"W{day.isocalendar().week:02}" for day in thursdays]
