"""What a table of products changes: its lines compared with the products that are known; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from daemon.importing.faults import Fault
from daemon.importing.products import ProductLine
from store.facts import Movement, MovementReason, Product

FIELDS = ("name", "category", "price", "cost", "supplier_id", "active")


@dataclass(frozen=True, slots=True)
class Count:
    """That quantities are what was counted just now: by whom, and when."""

    actor: str
    at: datetime


@dataclass(slots=True)
class Plan:
    """What the good lines change; `same` of them nothing.

    `left` are the known products whose quantity in the table is not what is on hand, which stays as it is: it was
    what came in once, and customers have ordered since.
    """

    new: list[Product] = field(default_factory=list)
    changed: list[Product] = field(default_factory=list)
    moved: list[Movement] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    same: int = 0
    left: int = 0


def plan(lines: Iterable[ProductLine], known: Mapping[str, Product], count: Count | None) -> Plan:
    """Changes to the known products (by key), and new ones. Of what a line does not say, nothing changes."""
    made = Plan()
    for line in lines:
        before = known.get(line.key)
        if before is not None:
            compare(made, line, before, count)
        elif line.price is None:
            made.faults.append(Fault(line.number, "", "", "no_price", "is a new product and has no sale_price"))
        else:
            made.new.append(new_product(line, line.price))
    return made


def new_product(line: ProductLine, price: int) -> Product:
    """A product as its line tells; without a name it goes by its id."""
    return Product(
        product_id=line.product_id,
        name=line.name or line.product_id,
        category=line.category or "",
        price=price,
        on_hand=line.quantity or 0,
        active=line.active is not False,
        cost=line.cost,
        supplier_id=line.supplier_id or "",
    )


def compare(made: Plan, line: ProductLine, before: Product, count: Count | None) -> None:
    said = {name: value for name in FIELDS if (value := getattr(line, name)) is not None}
    after = replace(before, **said)
    differs = line.quantity is not None and line.quantity != before.on_hand
    if after != before:
        made.changed.append(after)
    if line.quantity is not None and differs and count is not None:
        difference = line.quantity - before.on_hand
        made.moved.append(Movement(before.product_id, difference, MovementReason.CORRECTION, count.at, count.actor))
    made.left += differs and count is None
    made.same += after == before and not (differs and count)
