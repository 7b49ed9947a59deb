"""The tables of a report as CSV and XLSX: the same bytes for the same figures, and no text taken for a formula."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daemon.importing.export import Cell, plain, units, write_row
from store.facts import (
    ArmFigures,
    Change,
    CustomerRank,
    Figures,
    FinanceFigures,
    MarketingFigures,
    OffersFollowed,
    Tally,
    Week,
)

Emails = Mapping[str, str]
WIDEST = 60


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet of the XLSX; the first of a report is its CSV. Days are texts in ISO 8601, amounts decimals."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def tables(reports: Sequence[Figures], emails: Emails | None = None) -> tuple[Table, ...]:
    """The tables of a report, or of several of a kind with the period of each before its rows.

    `emails` by hash take the place of aliases for those who are cleared for them.
    """
    each = [tables_of(figures, emails) for figures in reports]
    if len(each) == 1:
        return each[0]
    keys = [figures.period.key for figures in reports]
    return tuple(together(keys, alike) for alike in zip(*each, strict=True))


def together(keys: Sequence[str], alike: Sequence[Table]) -> Table:
    rows = [(key, *row) for key, table in zip(keys, alike, strict=True) for row in table.rows]
    return Table(alike[0].name, ("report", *alike[0].header), tuple(rows))


def tables_of(figures: Figures, emails: Emails | None) -> tuple[Table, ...]:
    if isinstance(figures, FinanceFigures):
        return weeks(figures), changes(figures), balance(figures), restated(figures), daily(figures)
    return ranks(figures, emails or {}), totals(figures), offers(figures)


def as_csv(reports: Sequence[Figures], emails: Emails | None = None) -> bytes:
    """The first table, in UTF-8 with a byte order mark for the sake of spreadsheets; lines end in CRLF (RFC 4180)."""
    table = tables(reports, emails)[0]
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(table.header)
    writer.writerows([plain(cell) for cell in row] for row in table.rows)
    return written.getvalue().encode("utf-8-sig")


def as_xlsx(reports: Sequence[Figures], emails: Emails | None = None) -> bytes:
    """Every table as a sheet. Raises TableError when there are more rows than a sheet holds."""
    # Only when a report is made: the daemon starts without it.
    from xlsxwriter import Workbook

    written = io.BytesIO()
    told = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(written, told) as book:
        # Without this the hour of making stands in it, and no two files are alike.
        book.set_properties({"created": reports[-1].period.end.replace(tzinfo=None)})
        money, bold = book.add_format({"num_format": "#,##0.00"}), book.add_format({"bold": True})
        for table in tables(reports, emails):
            sheet = book.add_worksheet(table.name)
            sheet.write_row(0, 0, table.header, bold)
            sheet.freeze_panes(1, 0)
            for place, row in enumerate(table.rows, 1):
                write_row(sheet, place, row, money)
            for place, width in enumerate(widths(table)):
                sheet.set_column(place, place, width)
    return written.getvalue()


def widths(table: Table) -> Iterator[int]:
    for column in zip(table.header, *table.rows, strict=True):
        yield min(WIDEST, max(len(plain(cell)) for cell in column) + 3)


def weeks(figures: FinanceFigures) -> Table:
    header = (
        *("week", "first_day", "last_day", "customers", "orders", "ordered"),
        *("cancelled_orders", "cancelled", "net_orders", "net"),
        *("gross_margin", "sold_with_known_cost", "lines", "lines_with_known_cost"),
    )
    return Table("Weeks", header, tuple(week_row(week) for week in figures.weeks))


def week_row(week: Week) -> tuple[Cell, ...]:
    sales, margin = week.sales, week.sales.margin
    known = margin.known_lines > 0
    return (
        *(week.period.key, day(week.period.first_day), day(week.period.last_day)),
        *(sales.customers, *tally(sales.ordered), *tally(sales.cancelled), *tally(sales.net)),
        *(units(margin.gross) if known else None, units(margin.cents) if known else None),
        *(margin.lines, margin.known_lines),
    )


def changes(figures: FinanceFigures) -> Table:
    header = ("compared_with", "weeks", "what", "now", "before", "difference", "change_percent")
    rows = [
        (one.against.value, " ".join(one.keys), what, *change_row(change, what == "ordered"))
        for one in figures.comparisons
        for what, change in (("customers", one.customers), ("orders", one.orders), ("ordered", one.cents))
    ]
    return Table("Changes", header, tuple(rows))


def change_row(change: Change, money: bool) -> tuple[Cell, ...]:
    share = None if change.share is None else units(round(change.share * 10_000))
    if money:
        before = round(change.before)
        return units(change.now), units(before), units(change.now - before), share
    return change.now, units(round(change.before * 100)), units(round(change.difference * 100)), share


def balance(figures: FinanceFigures) -> Table:
    one = figures.reconciliation
    rows: tuple[tuple[Cell, ...], ...] = (
        ("opening", *tally(one.opening)),
        ("placed", *tally(one.placed)),
        ("cancelled", *tally(one.cancelled)),
        ("changed", None, units(one.changed)),
        ("closing", *tally(one.closing)),
        ("difference", None, units(one.difference)),
    )
    return Table("Books", ("what", "orders", "amount"), rows)


def restated(figures: FinanceFigures) -> Table:
    header = ("week", "difference", "late_cancellations", "late_cancelled", "added_orders", "added", "changed")
    rows = [
        (
            one.key or "older",
            units(one.difference),
            *tally(one.late_cancellations),
            *tally(one.added),
            units(one.changed),
        )
        for one in figures.restated
    ]
    return Table("Restated", header, tuple(rows))


def daily(figures: FinanceFigures) -> Table:
    rows = tuple((day(point.day), point.orders, units(point.cents)) for point in figures.daily)
    return Table("Days", ("day", "orders", "ordered"), rows)


def ranks(figures: MarketingFigures, emails: Emails) -> Table:
    """Products and customers in one table, told apart by its first column."""
    header = ("list", "rank", "id", "name", "units", "orders", "amount", "rank_before", "units_before", "amount_before")
    products = [
        ("product", one.rank, one.product_id, one.name, one.units, None, units(one.cents), one.rank_before,
         one.units_before, units(one.cents_before))
        for one in figures.products
    ]  # fmt: skip
    customers = [customer_row(one, emails) for one in figures.customers]
    return Table("Ranks", header, (*products, *customers))


def customer_row(one: CustomerRank, emails: Emails) -> tuple[Cell, ...]:
    email = emails.get(one.hashed_email)
    return (
        *("customer", one.rank, one.alias, email, None, one.orders, units(one.cents)),
        *(one.rank_before, None, units(one.cents_before)),
    )


def totals(figures: MarketingFigures) -> Table:
    rows = tuple(
        (
            period.key,
            day(period.first_day),
            day(period.last_day),
            one.customers,
            one.orders,
            one.units,
            units(one.cents),
        )
        for period, one in ((figures.period, figures.totals), (figures.before, figures.totals_before))
    )
    return Table("Totals", ("period", "first_day", "last_day", "customers", "orders", "units", "amount"), rows)


def offers(figures: MarketingFigures) -> Table:
    header = ("group", "made", "sent", "followed", "made_on", "bought", "amount")
    one = figures.offers
    if one is None:
        return Table("Offers", header, ())
    then = one.followed
    offered = ("offered", one.made, one.sent, *followed(then, then.offered if then else None))
    held_out = ("held out", one.held_out, 0, *followed(then, then.held_out if then else None))
    return Table("Offers", header, (offered, held_out))


def followed(then: OffersFollowed | None, arm: ArmFigures | None) -> tuple[Cell, ...]:
    return (arm.orders, then.words, arm.converted, units(arm.cents)) if arm and then else (None, None, None, None)


def tally(one: Tally) -> tuple[Cell, Cell]:
    return one.orders, units(one.cents)


def day(one: date) -> str:
    return one.isoformat()
