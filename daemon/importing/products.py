"""Lines of a table of products: what each says of its product, or everything that is wrong with it."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from daemon.importing.amounts import Refusal, cents, units
from daemon.importing.faults import Fault
from daemon.importing.tables import Columns, Line
from store.facts import product_key

COLUMNS: Columns = {
    "product_id": ("product_id",),
    "name": ("name", "title", "description"),
    "category": ("category",),
    "quantity": ("quantity", "on_hand", "stock"),
    "wholesale_cost": ("wholesale_cost", "cost"),
    "sale_price": ("sale_price", "price"),
    "supplier_id": ("supplier_id", "supplier"),
    "active": ("active",),
}
REQUIRED = ("product_id",)

ID = re.compile(r"[^\W_](?:[\w ./-]{0,62}[^\W_])?")
LONGEST_TEXT = 200
YES_NO = {"yes": True, "true": True, "1": True, "y": True, "no": False, "false": False, "0": False, "n": False}


@dataclass(frozen=True, slots=True)
class ProductLine:
    """What a line says of a product; None where it says nothing. Money in cents."""

    number: int
    product_id: str
    name: str | None = None
    category: str | None = None
    quantity: int | None = None
    cost: int | None = None
    price: int | None = None
    supplier_id: str | None = None
    active: bool | None = None

    @property
    def key(self) -> str:
        return product_key(self.product_id)


Cell = Callable[[str], Any]
"""Reads a cell that is not empty, to its value or a Refusal."""


def read_products(lines: Iterable[Line], currency: str) -> Iterator[tuple[Line, ProductLine | tuple[Fault, ...]]]:
    """Each line with what it says or what is wrong with it; of a product that comes twice, the first line counts."""
    readers = cells(currency)
    first: dict[str, int] = {}
    for line in lines:
        told = read_line(line, readers)
        if isinstance(told, ProductLine):
            before = first.setdefault(told.key, line.number)
            if before != line.number:
                words = f"is the product of line {before} again"
                told = (Fault(line.number, "product_id", told.product_id, "twice", words),)
        yield line, told


def cells(currency: str) -> dict[str, tuple[str, Cell]]:
    """For each column the field it fills, and how its cells are read."""
    amount = partial(cents, currency=currency)
    return {
        "product_id": ("product_id", product_id),
        "name": ("name", text),
        "category": ("category", text),
        "quantity": ("quantity", units),
        "wholesale_cost": ("cost", amount),
        "sale_price": ("price", amount),
        "supplier_id": ("supplier_id", text),
        "active": ("active", yes_or_no),
    }


def read_line(line: Line, readers: dict[str, tuple[str, Cell]]) -> ProductLine | tuple[Fault, ...]:
    if line.fault:
        return (line.fault,)
    said: dict[str, Any] = {}
    faults = []
    if not line.cells["product_id"]:
        faults.append(Fault(line.number, "", "", "no_product_id", "has no product_id"))
    for column, cell in line.cells.items():
        if not cell:
            continue
        field, read = readers[column]
        value = read(cell)
        if isinstance(value, Refusal):
            faults.append(Fault(line.number, column, cell, value.reason, value.words))
        said[field] = value
    return tuple(faults) if faults else ProductLine(line.number, **said)


def product_id(cell: str) -> str | Refusal:
    if ID.fullmatch(cell):
        return cell
    return Refusal("odd_product_id", "is no product id: letters and digits, between them - _ . / too, at most 64")


def text(cell: str) -> str | Refusal:
    if len(cell) > LONGEST_TEXT:
        return Refusal("too_long", f"is longer than {LONGEST_TEXT} characters")
    return cell


def yes_or_no(cell: str) -> bool | Refusal:
    found = YES_NO.get(cell.lower())
    return Refusal("not_yes_or_no", "is neither yes nor no") if found is None else found
