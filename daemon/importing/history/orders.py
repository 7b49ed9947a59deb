"""Lines put together to orders, and each order judged against the books; pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, TypeVar

from daemon.importing.faults import Fault, TableError
from daemon.importing.history.lines import BadLine, PastLine
from store.facts import Order, OrderLine, OrderState, Product

What = TypeVar("What")


class Seen(NamedTuple):
    """A product as the file tells of it, in the latest of its lines."""

    placed_at: datetime
    product_id: str
    name: str
    unit_price: int | None


@dataclass(slots=True)
class Survey:
    """What one pass over the file finds: enough to put orders together in a second one without holding them all.

    `last` is the last good line of each order, `spoilt` the first bad line of those that have one.
    """

    lines: int = 0
    last: dict[str, int] = field(default_factory=dict)
    spoilt: dict[str, int] = field(default_factory=dict)
    products: dict[str, Seen] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def note(self, line: PastLine | BadLine) -> None:
        self.lines += 1
        if isinstance(line, BadLine):
            self.faults += line.faults
            if line.order is not None:
                self.spoilt.setdefault(line.order, line.faults[0].line)
            return
        self.last[line.order] = line.number
        known = self.products.get(line.key)
        if known is None or line.placed_at >= known.placed_at:
            self.products[line.key] = Seen(line.placed_at, line.product_id, line.name, line.unit_price)


def put_together(lines: Iterable[PastLine | BadLine], survey: Survey) -> Iterator[list[PastLine]]:
    """The orders of the file, each when its last line is reached. Raises TableError when the file is another by now."""
    waiting: dict[str, list[PastLine]] = {}
    whole = 0
    for line in lines:
        if isinstance(line, BadLine):
            continue
        waiting.setdefault(line.order, []).append(line)
        if survey.last.get(line.order) == line.number:
            whole += 1
            yield waiting.pop(line.order)
    if waiting or whole < len(survey.last):
        raise TableError("changed while it was read; nothing was imported")


class Books(NamedTuple):
    """What the shop knows that bears on the file: products by key, and what the orders may still take off the shelf.

    `left` is by product id, and None when nothing is taken.
    """

    products: Mapping[str, Product]
    left: dict[str, int] | None


def judge(lines: Sequence[PastLine], known: Order | None, books: Books) -> list[Fault]:
    """What is wrong with an order as a whole; a new one that is right takes its goods from `books.left`."""
    if faults := misfits(lines, books.products):
        return faults
    if known is not None:
        return [] if is_same(lines, known, books.products) else [imported_differently(lines)]
    return list(taken(lines, books)) if books.left is not None else []


def misfits(lines: Sequence[PastLine], products: Mapping[str, Product]) -> list[Fault]:
    """Lines that fit neither each other nor the catalogue; all that can be said of an order that lacks a line."""
    return [*disagreements(lines), *unknown_products(lines, products)]


def disagreements(lines: Sequence[PastLine]) -> Iterator[Fault]:
    first = lines[0]
    for line in lines:
        if line.customer.lower() != first.customer.lower():
            yield Fault(
                line.number, "", "", "two_customers", f"another customer than on line {first.number}, one order"
            )
        elif line.location != first.location:
            yield Fault(
                line.number, "", "", "two_locations", f"another location than on line {first.number}, one order"
            )


def unknown_products(lines: Sequence[PastLine], products: Mapping[str, Product]) -> Iterator[Fault]:
    for line in lines:
        if line.key not in products:
            words = "is no product of the shop; import the products first, or say --create-products"
            yield Fault(line.number, "product_id", line.product_id, "unknown_product", words)


def is_same(lines: Sequence[PastLine], known: Order, products: Mapping[str, Product]) -> bool:
    """Whether the books say what the file says; a price the file does not state may have been any."""
    told = [(products[line.key].product_id, line.unit_price, line.quantity) for line in lines]
    goods = added((product_id, quantity) for product_id, _, quantity in told)
    priced = added(((product_id, price), quantity) for product_id, price, quantity in told if price is not None)
    kept = added(((line.product_id, line.unit_price), line.quantity) for line in known.lines)
    return goods == added((line.product_id, line.quantity) for line in known.lines) and priced <= kept


def added(counted: Iterable[tuple[What, int]]) -> Counter[What]:
    total: Counter[What] = Counter()
    for what, quantity in counted:
        total[what] += quantity
    return total


def imported_differently(lines: Sequence[PastLine]) -> Fault:
    words = "its order was imported before with other goods or prices; the books stay as they are"
    return Fault(lines[0].number, "", "", "imported_differently", words)


def taken(lines: Sequence[PastLine], books: Books) -> Iterator[Fault]:
    """Take the order's goods from what is left, all or none; what there is too little of is a fault."""
    if books.left is None:
        return
    wanted: Counter[str] = Counter()
    lacking: dict[str, Fault] = {}
    for line in lines:
        product_id = books.products[line.key].product_id
        wanted[product_id] += line.quantity
        left = books.left[product_id]
        if wanted[product_id] > left:
            words = f"{wanted[product_id]} wanted, {left} left on the shelf"
            lacking.setdefault(product_id, Fault(line.number, "product_id", line.product_id, "not_enough_stock", words))
    if not lacking:
        for product_id, quantity in wanted.items():
            books.left[product_id] -= quantity
    yield from lacking.values()


class Identity(NamedTuple):
    """By what names the books keep an order of the file; `number` is its new one."""

    source: str
    number: str
    hashed_email: str | None
    address_id: str | None


def past_order(lines: Sequence[PastLine], identity: Identity, products: Mapping[str, Product]) -> Order:
    """The order as it is booked: long delivered, so that nothing can be cancelled; placed when its first line was."""
    placed_at = min(line.placed_at for line in lines)
    return Order(
        number=identity.number,
        hashed_email=identity.hashed_email,
        state=OrderState.FULFILLED,
        arrived_at=placed_at,
        placed_at=placed_at,
        cancel_until=placed_at,
        address_id=identity.address_id,
        fingerprint=identity.source,
        letter_id=None,
        lines=order_lines(lines, products),
        closed_at=placed_at,
        source=identity.source,
    )


def order_lines(lines: Sequence[PastLine], products: Mapping[str, Product]) -> tuple[OrderLine, ...]:
    """A line for each product and price; of a price the file does not state, the product's own of today."""
    counted: Counter[tuple[str, int]] = Counter()
    names: dict[tuple[str, int], str] = {}
    for line in lines:
        price = products[line.key].price if line.unit_price is None else line.unit_price
        counted[line.key, price] += line.quantity
        names.setdefault((line.key, price), line.name)
    return tuple(
        OrderLine(
            products[key].product_id, names[key, price] or products[key].name, quantity, price, products[key].cost
        )
        for (key, price), quantity in counted.items()
    )
