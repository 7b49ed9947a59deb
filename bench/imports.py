"""`mailorder products import` and `orders import` of large tables; alone by `python -m bench.imports`."""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.opened import MAILORDER
from bench.premises import BenchError
from bench.simulation import watch

PRODUCTS = 42_000
ORDERS = 125_000
LINES = 4
SECONDS = 900.0
SEED = 1


@dataclass(frozen=True, slots=True)
class Imported:
    """One import: how many lines of what, `wall` seconds of the whole command, its largest memory in MB."""

    what: str
    lines: int
    wall: float
    peak_mb: float

    def __str__(self) -> str:
        speed = f"{self.lines / self.wall:,.0f} lines/s"
        return f"import of {self.lines:,} {self.what}: {self.wall:.1f} s, {speed}, peak {self.peak_mb:.0f} MB"


def measure(folder: Path) -> list[Imported]:
    """Both into one new shop on SQLite; raises BenchError when an import fails."""
    goods, orders = folder / "import-goods.csv", folder / "import-orders.csv"
    write(goods, ("product_id", "name", "quantity", "wholesale_cost", "sale_price"), product_rows())
    header = ("date", "cust_email", "cust_location", "product_id", "product_quantity")
    write(orders, header, order_rows())
    return [
        run(folder, ["products", "import", str(goods)], "products", PRODUCTS),
        run(folder, ["orders", "import", str(orders)], "order lines", ORDERS * LINES),
    ]


def run(folder: Path, arguments: Sequence[str], what: str, lines: int) -> Imported:
    config = folder / "import.toml"
    config.write_text("")
    place = {
        "MAILORDER_DATABASE__SHOP_URL": f"sqlite:///{folder / 'import-shop.sqlite'}",
        "MAILORDER_DATABASE__VAULT_URL": f"sqlite:///{folder / 'import-vault.sqlite'}",
        "MAILORDER_DATABASE__VAULT_KEY_FILE": str(folder / "import-vault.key"),
    }
    command = [*MAILORDER, "-c", str(config), *arguments]
    began = time.monotonic()
    with subprocess.Popen(
        command, env=os.environ | place, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        peak = watch(process, began + SECONDS)
    if process.returncode:
        raise BenchError(f"the import of {what} ended with {process.returncode}; run: {' '.join(command)}")
    return Imported(what, lines, time.monotonic() - began, peak)


def product_rows() -> Iterable[tuple[object, ...]]:
    for number in range(PRODUCTS):
        yield f"P{number:07}", f"Thing {number}", number % 500, "1.00", f"{2 + number % 90}.95"


def order_rows() -> Iterable[tuple[object, ...]]:
    """A year of orders, each of a customer and a day of its own."""
    drawn = random.Random(SEED)
    for number in range(ORDERS):
        day = date(2024, 1, 1) + timedelta(days=number * 365 // ORDERS)
        for product in drawn.sample(range(PRODUCTS), LINES):
            yield day, f"customer{number}@mail.example", "02134", f"P{product:07}", drawn.randint(1, 5)


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(header)
        lines.writerows(rows)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as folder:
        try:
            print("\n".join(map(str, measure(Path(folder)))))
        except BenchError as error:
            sys.exit(f"bench: {error}")
