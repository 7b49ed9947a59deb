"""Reports over two files of real orders, compared with sums made of the files' own rows and local dates."""

import csv
import gzip
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from daemon.importing.history import Options, import_history
from daemon.reports import finance, marketing
from daemon.reports.periods import Calendar
from store import catalogue
from store.database import Database
from store.facts import FinanceFigures, Margin, Product, Span, Tally
from store.vault import Vault

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DATA = Path(__file__).parents[4] / "shared" / "data"
COURSE, RETAIL = DATA / "course", DATA / "baskets" / "online_retail.csv.gz"
AUTUMN = "2011-10-01"
Open = Callable[..., Database]
Shops = Callable[[Any], str]


@dataclass(frozen=True)
class Bought:
    """A row of a file: on which local day, which order, by whom, and what."""

    day: date
    order: str
    who: str
    product: str
    units: int
    cents: int


def weeks_of(rows: list[Bought]) -> dict[tuple[int, int], list[Bought]]:
    found: defaultdict[tuple[int, int], list[Bought]] = defaultdict(list)
    for row in rows:
        found[row.day.isocalendar()[:2]].append(row)
    return found


def tally(rows: list[Bought]) -> Tally:
    return Tally(len({row.order for row in rows}), sum(row.cents for row in rows))


def imported(path: Path, calendar: Calendar, urls: Shops, opened: Open, goods: list[Product]) -> Database:
    shop, vault = opened(urls("shop"), "shop"), Vault(opened(urls("vault"), "vault"), b"k" * 32)
    with shop.transaction() as conn:
        catalogue.add(conn, goods, "test", NOW)
    options = Options(calendar.zone, create_products=not goods)
    assert not import_history(path, shop, vault, options, NOW, lambda *_: None).faults
    return shop


def chained(shop: Database, calendar: Calendar, first: date, last: date) -> Iterator[FinanceFigures]:
    """A report a week, each compared with what the one before told."""
    before = None
    with shop.reading() as conn:
        day = first - timedelta(days=first.weekday())
        while day <= last:
            before = finance.figures(conn, calendar, calendar.of_day(Span.WEEK, day), 5, before)
            yield before
            day += timedelta(days=7)


def assert_weeks_are_those_of(rows: list[Bought], reports: list[FinanceFigures]) -> None:
    expected = weeks_of(rows)
    opening = tally([row for row in rows if row.day < reports[0].period.first_day])
    for report in reports:
        year, number = map(int, report.period.key.split("-W"))
        week = expected[year, number]
        told, books = report.now.sales, report.reconciliation
        assert told.ordered == told.net == books.placed == tally(week), report.period.key
        assert told.customers == len({row.who for row in week} - {""})
        assert (books.opening, books.closing, books.difference) == (opening, opening + tally(week), 0)
        assert report.restated == ()
        for shown in report.weeks:
            assert shown.sales.ordered == tally(expected[shown.period.first_day.isocalendar()[:2]])
        by_day = {point.day: (point.orders, point.cents) for point in report.daily}
        days: defaultdict[date, list[Bought]] = defaultdict(list)
        for row in week:
            days[row.day].append(row)
        for day, bought in days.items():
            assert by_day[day] == (tally(bought).orders, tally(bought).cents)
        opening = books.closing
    assert opening == tally(rows)


def test_the_course_file_by_weeks(sqlite_urls: Shops, opened: Open) -> None:
    if not COURSE.exists():
        pytest.skip(f"the course files are not here ({COURSE.name})")
    with (COURSE / "inventory.csv").open(encoding="utf-8-sig", newline="") as file:
        inventory = {row["product_id"]: row for row in csv.DictReader(file)}
    with (COURSE / "customer_orders.csv").open(encoding="utf-8-sig", newline="") as file:
        told = list(csv.DictReader(file))

    def cents(amount: str) -> int:
        return int(Decimal(amount) * 100)

    goods = [
        Product(name, name, "", cents(row["sale_price"]), 0, cost=cents(row["wholesale_cost"]))
        for name, row in inventory.items()
    ]
    rows = [
        Bought(
            date.fromisoformat(row["date"]),
            f"{row['date']} {row['cust_email']}",
            row["cust_email"],
            row["product_id"],
            int(row["product_quantity"]),
            int(row["product_quantity"]) * cents(inventory[row["product_id"]]["sale_price"]),
        )
        for row in told
    ]
    calendar = Calendar(ZoneInfo("America/Denver"))
    shop = imported(COURSE / "customer_orders.csv", calendar, sqlite_urls, opened, goods)
    reports = list(chained(shop, calendar, rows[0].day, rows[-1].day))
    assert_weeks_are_those_of(rows, reports)
    for report in reports[::5]:
        week = weeks_of(rows)[report.period.first_day.isocalendar()[:2]]
        cost = sum(row.units * cents(inventory[row.product]["wholesale_cost"]) for row in week)
        lines = len({(row.order, row.product) for row in week})
        assert report.now.sales.margin == Margin(lines, lines, tally(week).cents, cost)


@pytest.mark.timeout(600)
def test_the_autumn_of_a_gift_shop_by_weeks_and_months(sqlite_urls: Shops, opened: Open, tmp_path: Path) -> None:
    if not RETAIL.exists():
        pytest.skip(f"the file of baskets is not here ({RETAIL.name})")
    with gzip.open(RETAIL, "rt", encoding="utf-8", newline="") as file:
        header, *told = csv.reader(file)
    told = [row for row in told if row[header.index("placed_at")] >= AUTUMN]
    with (tmp_path / "autumn.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *told])
    with (tmp_path / "autumn.csv").open(encoding="utf-8", newline="") as file:
        rows = [
            Bought(
                date.fromisoformat(row["placed_at"][:10]),
                row["order_id"],
                row["customer"],
                row["product_id"].upper(),  # the shop is blind for case in it
                int(row["quantity"]),
                int(Decimal(row["unit_price"]) * 100) * int(row["quantity"]),
            )
            for row in csv.DictReader(file)
        ]
    calendar = Calendar(ZoneInfo("Europe/London"))
    shop = imported(tmp_path / "autumn.csv", calendar, sqlite_urls, opened, [])
    assert_weeks_are_those_of(rows, list(chained(shop, calendar, rows[0].day, rows[-1].day)))
    for year, month in ((2011, 10), (2011, 11)):
        assert_best_of_month(shop, calendar, rows, year, month)


def assert_best_of_month(shop: Database, calendar: Calendar, rows: list[Bought], year: int, month: int) -> None:
    with shop.reading() as conn:
        report = marketing.figures(conn, calendar, calendar.read(Span.MONTH, f"{year}-{month:02}"), 25)
    now = [row for row in rows if (row.day.year, row.day.month) == (year, month)]
    then = [
        row for row in rows if (row.day.year, row.day.month) == ((year, month - 1) if month > 1 else (year - 1, 12))
    ]
    best = ranked(now)
    before = {name: (rank, units, cents) for rank, (name, units, cents) in enumerate(ranked(then), start=1)}
    assert [
        (one.rank, one.product_id.upper(), one.units, one.cents, one.rank_before, one.units_before, one.cents_before)
        for one in report.products
    ] == [
        (rank, name, units, cents, *before.get(name, (None, 0, 0)))
        for rank, (name, units, cents) in enumerate(best[:25], start=1)
    ]
    spent: Counter[str] = Counter()
    for row in now:
        if row.who:
            spent[row.who] += row.cents
    assert [one.cents for one in report.customers] == [cents for _, cents in spent.most_common(25)]
    assert len({one.alias for one in report.customers}) == 25
    assert report.totals.units == sum(row.units for row in now)
    assert (report.totals.orders, report.totals.cents) == (tally(now).orders, tally(now).cents)


def ranked(rows: list[Bought]) -> list[tuple[str, int, int]]:
    units: Counter[str] = Counter()
    cents: Counter[str] = Counter()
    for row in rows:
        units[row.product] += row.units
        cents[row.product] += row.cents
    names = sorted(units, key=lambda name: (-units[name], -cents[name], name))
    return [(name, units[name], cents[name]) for name in names]
