"""`mailorder simulate` from end to end, customers and servers included; alone by `python -m bench.simulation`."""

import csv
import json
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from bench.goods import LINES, catalogue
from bench.opened import LOOK_SECONDS, MAILORDER, high_water_mb
from bench.premises import BenchError

ORDERS = 1_000
DAYS = 60
SECONDS = 600.0
SEED = 1


@dataclass(frozen=True, slots=True)
class Simulated:
    """`wall` seconds from the start of the command to its end, with its largest memory in MB."""

    orders: int
    wall: float
    peak_mb: float

    @property
    def rate(self) -> float:
        return self.orders / self.wall

    def __str__(self) -> str:
        speed = f"{self.orders:,} orders in {self.wall:.1f} s, {self.rate:.0f} orders/s end to end"
        return f"simulation of {DAYS} days: {speed}, peak {self.peak_mb:.0f} MB"


def measure(folder: Path) -> Simulated:
    """Raises BenchError when books and letters do not agree: then the figures mean nothing."""
    goods, orders, told = folder / "goods.csv", folder / "orders.csv", folder / "statement.json"
    write_goods(goods)
    write_orders(orders)
    command = [*MAILORDER, "simulate", str(orders), "--catalogue", str(goods), "--faults", str(SEED), "--json"]
    began = time.monotonic()
    with told.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=subprocess.DEVNULL) as process:
        peak = watch(process, began + SECONDS)
    wall = time.monotonic() - began
    if process.returncode:
        raise BenchError(f"the simulation ended with {process.returncode}; run: {' '.join(command)}")
    return Simulated(json.loads(told.read_text())["total"]["orders"], wall, peak)


def watch(process: subprocess.Popen[bytes], limit: float) -> float:
    """Its largest memory, looked at until it ends: afterwards the system tells only that of whoever started it."""
    peak = 0.0
    while process.poll() is None:
        if time.monotonic() > limit:
            process.kill()
            raise BenchError(f"the simulation takes longer than {SECONDS:.0f} s")
        try:
            peak = high_water_mb(process.pid)
        except (OSError, BenchError):
            continue  # it is just ending, and has no memory any more
        time.sleep(LOOK_SECONDS)
    return peak


def write_goods(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["product_id", "name", "quantity", "sale_price"])
        for one in catalogue():
            rows.writerow([one.product_id, one.name, one.on_hand, f"{one.price // 100}.{one.price % 100:02}"])


def write_orders(path: Path) -> None:
    """Each of another customer, spread over the days."""
    drawn, products = random.Random(SEED), catalogue()
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["date", "cust_email", "cust_location", "product_id", "product_quantity"])
        for number in range(ORDERS):
            day = date(2024, 1, 1) + timedelta(days=number * DAYS // ORDERS)
            for product in drawn.sample(products, LINES):
                rows.writerow([day, f"customer{number}@mail.example", "02134", product.product_id, drawn.randint(1, 5)])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="mailorder-bench-") as folder:
        try:
            print(measure(Path(folder)))
        except BenchError as error:
            sys.exit(f"bench: {error}")
