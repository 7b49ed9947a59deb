"""Baskets from a file: order lines as CSV or XLSX with columns, or a basket a line with commas; gzipped by `.gz`."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from daemon.importing.faults import TableError, in_short
from daemon.importing.tables import Columns, Table, open_table
from daemon.importing.text import CODECS, csv_rows, look_through, opened
from daemon.letter.charsets import visible

COLUMNS: Columns = {
    "order_id": ("order_id",),
    "product_id": ("product_id",),
    "placed_at": ("placed_at", "date"),
    "customer": ("customer", "customer_id"),
}
REQUIRED = ("order_id", "product_id")


@dataclass(frozen=True, slots=True)
class Basket:
    """`placed_at` is None where the file tells no times; the order of its lines is the order of time then.

    A time without a zone is taken as UTC: it only orders the baskets. `customer` is None where the file tells none.
    """

    placed_at: datetime | None
    product_ids: frozenset[str]
    customer: str | None = None


def read_baskets(path: Path) -> list[Basket]:
    """All baskets of the file, the oldest first. Raises TableError with the file and the line that is wrong."""
    try:
        if named_gz_but_is_not(path):
            raise TableError("is named .gz and is not gzipped; name it by what it is")
        if has_columns(path):
            return from_table(path)
        return [Basket(None, product_ids) for product_ids in from_lines(path)]
    except TableError as why:
        told = str(why)
        raise TableError(told if told.startswith(str(path)) else f"{path}: {told}") from None


def named_gz_but_is_not(path: Path) -> bool:
    with path.open("rb") as file:
        return path.suffix.lower() == ".gz" and file.read(2) != b"\x1f\x8b"


def has_columns(path: Path) -> bool:
    """Whether its first line is a header with any of our columns, or it is XLSX. Raises TableError, also when empty."""
    with path.open("rb") as file:
        if file.read(4) == b"PK\3\4":
            return True
    first = next((row for _, row in csv_rows(path, look_through(path)[0])), None)
    if first is None:
        raise TableError("is empty")
    return any(cell.strip().lower() in COLUMNS for cell in first)


def from_table(path: Path) -> list[Basket]:
    """The lines of an order may stand apart; the earliest of its times counts, and the first customer that is told."""
    held: dict[str, set[str]] = {}
    placed: dict[str, datetime] = {}
    customers: dict[str, str] = {}
    with open_table(path, COLUMNS, REQUIRED) as table:
        for order_id, product_id, placed_at, customer in order_lines(table):
            held.setdefault(order_id, set()).add(product_id)
            if customer:
                customers.setdefault(order_id, customer)
            if placed_at is not None:
                placed[order_id] = min(placed_at, placed.get(order_id, placed_at))
    # Sorted is stable: orders of the same moment, or without one, stay as they stand.
    ordered = sorted(held, key=placed.__getitem__) if placed else list(held)
    return [Basket(placed.get(each), frozenset(held[each]), customers.get(each)) for each in ordered]


def order_lines(table: Table) -> Iterator[tuple[str, str, datetime | None, str]]:
    dated, owned = "placed_at" in table.columns, "customer" in table.columns
    for line in table.lines:
        if line.fault:
            raise TableError(str(line.fault))
        for column in REQUIRED:
            if not line.cells[column]:
                raise TableError(f"line {line.number}: {column} is empty")
        placed_at = as_time(line.number, line.cells["placed_at"]) if dated else None
        yield line.cells["order_id"], line.cells["product_id"], placed_at, line.cells["customer"] if owned else ""


def as_time(number: int, told: str) -> datetime:
    try:
        time = datetime.fromisoformat(told)
    except ValueError:
        raise TableError(
            f"line {number}: placed_at {in_short(told)!r} is no date; write it like 2026-01-31 or 2026-01-31 17:05"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def from_lines(path: Path) -> Iterator[frozenset[str]]:
    charset, _ = look_through(path)
    with opened(path) as stream, io.TextIOWrapper(stream, encoding=CODECS[charset]) as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            items = [visible(item).strip() for item in line.split(",")]
            if not all(items):
                raise TableError(f"line {number}: has nothing between two commas, or at an end")
            yield frozenset(items)
