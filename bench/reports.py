"""Reports over a million orders: seconds, memory, plans of queries; alone by `python -m bench.reports`."""

import multiprocessing
import re
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, event

from bench.premises import BenchError
from daemon.reports import finance, marketing
from daemon.reports.periods import Calendar
from store.database import open_shop
from store.facts import Span

ORDERS = 1_000_000
FIRST, LAST = datetime(2023, 11, 27, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)
CALENDAR = Calendar(ZoneInfo("America/Denver"))
# What may read the whole books, against which a week reconciles: one sum of all lines, one count of all orders. The
# first order of all is one step into an index.
WHOLE_BOOKS = (
    "SELECT coalesce(sum(order_line.quantity * order_line.unit_price), ?) AS coalesce_1 FROM order_line",
    'SELECT count(*) AS count_1 FROM "order"',
    'SELECT "order".placed_at FROM "order" WHERE "order".state != ? ORDER BY "order".placed_at LIMIT ? OFFSET ?',
)
# How the orders of a window are found; whatever else finds them has walked past all the others.
FOUND = re.compile(r"SEARCH order USING .*\((placed_at>|closed_at[<>]|state=|number=)")

# Three lines to an order, three years of them; 40,000 products of which some sell far better, 150,000 customers. The
# multiplier makes order numbers that are far apart for orders that follow each other, as they are in a shop.
FILL = """
PRAGMA foreign_keys = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -200000;
BEGIN;
INSERT INTO product (product_id, product_key, name, category, price, cost, supplier_id, active, on_hand)
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 39999)
SELECT printf('P%07d', i), printf('P%07d', i), 'Thing ' || i, 'things', 295 + i % 9000, 150 + i % 4000, 'S', 1, 0
FROM n;
CREATE TEMP TABLE drawn AS
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :orders - 1)
SELECT i, printf('MO-%08X', (i * 2654435761) & 4294967295) AS number, (i * 40503) & 65535 AS dice,
  :first + CAST((:last - :first) * (i * 1.0 / :orders) AS INTEGER) AS at FROM n;
INSERT INTO "order"
  (number, hashed_email, state, arrived_at, placed_at, cancel_until, closed_at, fingerprint, letter_id)
SELECT number, printf('%064x', ((i * 48271) % 2147483647) % 150000),
  CASE WHEN dice % 33 = 0 THEN 'cancelled' ELSE 'placed' END,
  datetime(at, 'unixepoch') || '.000000+00:00', datetime(at, 'unixepoch') || '.000000+00:00',
  datetime(at + 86400, 'unixepoch') || '.000000+00:00',
  CASE WHEN dice % 33 = 0 THEN datetime(at + dice, 'unixepoch') || '.000000+00:00' END, 'f', 'L' || i FROM drawn;
INSERT INTO order_line (order_number, position, product_id, name, quantity, unit_price, unit_cost)
SELECT number, position, product_id, name, quantity, price, CASE WHEN dice % 10 > 0 THEN cost END FROM (
  SELECT number, dice, position, 1 + (dice + position) % 4 AS quantity,
    ((dice % 200) * ((dice / 7 + position * 37) % 200) + position * 13331) % 40000 AS product
  FROM drawn, (SELECT 1 AS position UNION ALL SELECT 2 UNION ALL SELECT 3))
JOIN product ON product_id = printf('P%07d', product);
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Reported:
    """One report: `wall` and processor seconds, and the largest memory of the process that made it, in MB."""

    what: str
    orders: int
    wall: float
    cpu: float
    peak_mb: float

    def __str__(self) -> str:
        books = f"{self.orders:,} orders ({3 * self.orders:,} lines)"
        return f"{self.what} over {books}: {self.wall:.2f} s ({self.cpu:.2f} s CPU), peak {self.peak_mb:.0f} MB"


def measure(folder: Path, orders: int = ORDERS) -> list[Reported]:
    """Both reports, each in a process of its own; raises BenchError when a plan reads all lines where it must not."""
    url = f"sqlite:///{folder / 'reports.sqlite'}"
    fill(folder / "reports.sqlite", url, orders)
    makers = {"two weekly finance reports": make_finance, "a monthly marketing report": make_marketing}
    for make in makers.values():
        refuse_scans(url, make)
    return [Reported(what, orders, *apart(url, make)) for what, make in makers.items()]


def fill(path: Path, url: str, orders: int) -> None:
    shop = open_shop(url)
    shop.migrate()
    shop.close()
    told = {"orders": orders, "first": int(FIRST.timestamp()), "last": int(LAST.timestamp())}
    with sqlite3.connect(path, isolation_level=None) as connection:
        for statement in FILL.strip().split(";\n"):
            connection.execute(statement, {name: told[name] for name in told if f":{name}" in statement})
    connection.close()


def make_finance(connection: Connection) -> None:
    before = finance.figures(connection, CALENDAR, CALENDAR.of_week(2026, 46), 13, None)
    figures = finance.figures(connection, CALENDAR, CALENDAR.of_week(2026, 47), 13, before)
    if figures.reconciliation.difference:
        raise BenchError(f"the books do not reconcile: {figures.reconciliation}")


def make_marketing(connection: Connection) -> None:
    marketing.figures(connection, CALENDAR, CALENDAR.read(Span.MONTH, "2026-10"), 10)


def apart(url: str, make: Callable[[Connection], None]) -> tuple[float, float, float]:
    """Seconds, processor seconds and MB of a process that makes one report and nothing else."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=tell, args=(there, url, make))
    process.start()
    there.close()
    try:
        wall, cpu, peak = here.recv()
    except EOFError:
        raise BenchError(f"{make.__name__} failed") from None
    finally:
        process.join()
    return wall, cpu, peak


def tell(pipe: Pipe, url: str, make: Callable[[Connection], None]) -> None:
    shop = open_shop(url)
    began, busy = time.monotonic(), time.process_time()
    with shop.reading() as connection:
        make(connection)
    pipe.send((time.monotonic() - began, time.process_time() - busy, peak_mb()))


def peak_mb() -> float:
    """Of this process alone: what getrusage tells, a process takes over from the one that started it."""
    told = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(told[1]) / 1024 if told else 0.0


def refuse_scans(url: str, make: Callable[[Connection], None]) -> None:
    """Every statement of the report is explained: none but those of the whole books walks past all orders or lines."""
    statements: list[tuple[str, Any]] = []
    shop = open_shop(url)
    event.listen(shop.engine, "before_cursor_execute", lambda _c, _u, sql, told, *_: statements.append((sql, told)))
    with shop.reading() as connection:
        make(connection)
        for sql, told in [one for one in statements if one[0].startswith("SELECT")]:
            if " ".join(sql.split()) not in WHOLE_BOOKS:
                plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", told)]
                if walks(plan):
                    raise BenchError(f"reads the whole books: {sql}\n{plan}")
    shop.close()


def walks(plan: list[str]) -> bool:
    scans = any(step.startswith(("SCAN order_line", "SCAN order")) for step in plan)
    return scans or any(step.startswith("SEARCH order ") and not FOUND.match(step) for step in plan)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as place:
        try:
            print("\n".join(map(str, measure(Path(place), int(sys.argv[1]) if sys.argv[1:] else ORDERS))))
        except BenchError as error:
            sys.exit(f"bench: {error}")
