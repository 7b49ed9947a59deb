"""How letters would be understood, told to people and programs; nothing is changed."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from daemon.config import Config
from daemon.decide.ordering import said_besides
from daemon.importing.changes import new_product
from daemon.importing.faults import Fault as LineFault
from daemon.importing.faults import TableError
from daemon.importing.products import COLUMNS, REQUIRED, ProductLine, read_products
from daemon.importing.tables import open_table
from daemon.letter import Letter, Limits, Verdict, parse
from daemon.request import read
from daemon.request.kinds import kind_of
from daemon.request.resolve import Basket, resolve
from daemon.request.shapes import (
    Ask,
    AskKind,
    Automatic,
    Bounced,
    CancelOrder,
    Fault,
    ForPerson,
    PlaceOrder,
    Request,
    Several,
    Unclear,
    Unreadable,
    Yes,
)
from daemon.request.shelf import Shelf, shelf_of
from daemon.request.tokens import is_strong
from store.facts import JSON, Product

UNKNOWN_STOCK = 1_000_000_000
"""On hand where a catalogue does not say: nothing is refused for want of it."""


# The catalogue


def csv_catalogue(path: Path, currency: str = "USD") -> Shelf:
    """The products of a table in the form of `products import`; without a price they cost nothing.

    Raises TableError, also for the first line that is not right.
    """
    with open_table(path, COLUMNS, REQUIRED) as table:
        return shelf_of(to_product(said) for _, said in read_products(table.lines, currency))


def to_product(said: ProductLine | tuple[LineFault, ...]) -> Product:
    if not isinstance(said, ProductLine):
        raise TableError(str(said[0]))
    product = new_product(said, said.price or 0)
    return product if said.quantity is not None else replace(product, on_hand=UNKNOWN_STOCK)


# The letters


def read_letters(paths: Iterable[Path], catalogue: Shelf | None, config: Config) -> Iterator[JSON]:
    """One object a letter, as `mailorder read --json` prints it; without a catalogue any plausible id is believed."""
    for path in paths:
        yield {"file": str(path), **read_bytes(path.read_bytes(), catalogue, config)}


def read_bytes(raw: bytes, catalogue: Shelf | None, config: Config) -> JSON:
    """How one letter would be understood; pure."""
    whole = len(raw) <= config.limits.letter_bytes
    letter = parse(
        raw,
        authserv_id=next((mailbox.authserv_id for mailbox in config.mailbox.values()), ""),
        own_domain=config.shop.domain,
        own_address=config.shop.address,
        limits=Limits(letter_bytes=config.limits.letter_bytes),
        whole=whole,
    )
    orders = config.orders
    request = read(letter, orders.max_lines, orders.max_quantity, config.shop.currency)
    if not whole and not isinstance(request, Automatic | Bounced):
        request = Unreadable("too_large")
    basket = basket_of(request, catalogue, orders.max_quantity)
    return tell(letter, request, basket)


def basket_of(request: Request, catalogue: Shelf | None, max_quantity: int) -> Basket:
    if not isinstance(request, PlaceOrder):
        return Basket(())
    if catalogue is not None:
        return resolve(as_priced(request, catalogue), catalogue, max_quantity)
    believed = by_shape(request)
    keys = {key for item in believed.items for key in item.keys}
    return resolve(believed, shelf_of(Product(key, key, "", 0, UNKNOWN_STOCK) for key in keys), max_quantity)


def by_shape(request: PlaceOrder) -> PlaceOrder:
    """The order with the likeliest reading of each line alone, prices left out: there is nothing to compare with."""
    items = []
    for item in without_prices(request).items:
        likeliest = sorted(item.readings, key=lambda reading: not is_strong(reading.product_key))[:1]
        items.append(replace(item, readings=tuple(likeliest)))
    return replace(request, items=tuple(items), total=None)


def as_priced(request: PlaceOrder, catalogue: Shelf) -> PlaceOrder:
    """The order with its stated prices where the catalogue has prices at all."""
    priced = any(product.price for product in catalogue.products.values())
    return request if priced else without_prices(request)


def without_prices(request: PlaceOrder) -> PlaceOrder:
    items = tuple(replace(item, unit_price=None, line_price=None) for item in request.items)
    return replace(request, items=items, total=None)


# What is told


def tell(letter: Letter, request: Request, basket: Basket) -> JSON:
    faults = sorted((*own_faults(request), *basket.faults), key=lambda fault: fault.line or 0)
    ship_to = request.ship_to if isinstance(request, PlaceOrder | Ask | Yes) else None
    return {
        "kind": kind_of(request),
        "items": [
            {"product_id": line.product.product_id, "quantity": line.quantity, "line": line.lines[0]}
            for line in basket.lines
        ],
        "ship_to": {"name": ship_to.name, "lines": list(ship_to.lines)} if ship_to else None,
        "order_number": order_number(request),
        "asked": tell_question(request),
        "faults": [tell_fault(fault) for fault in faults],
        "verdict": letter.verdict.value,
        "answered": is_answered(letter, request),
        "reason": reason_of(letter, request, faults),
        "read_besides": why_read_besides(request, basket, faults),
        **steps_of(request),
    }


def steps_of(request: Request) -> JSON:
    """The commands of a letter that holds several, and the lines among them that are none."""
    if not isinstance(request, Several):
        return {}
    told = [{"line": one.line, "text": one.text, "kind": one.request and kind_of(one.request)} for one in request.steps]
    return {"steps": told, "left_out": request.left_out}


def tell_question(request: Request) -> JSON | None:
    """What a question is about, in the words of the letter, and the price that bounds it, in cents."""
    if not isinstance(request, Ask):
        return None
    return {"about": request.argument, "cents": request.cents, "inclusive": request.inclusive}


def tell_fault(fault: Fault) -> JSON:
    return {
        "line": fault.line,
        "text": fault.text,
        "reason": fault.reason.value,
        "suggestion": fault.suggestion,
    }


def own_faults(request: Request) -> tuple[Fault, ...]:
    if isinstance(request, PlaceOrder | CancelOrder | Ask | Yes | Unclear | Unreadable):
        return request.faults
    return ()


def order_number(request: Request) -> str | None:
    if isinstance(request, CancelOrder | Yes):
        return request.numbers[0] if request.numbers else None
    if isinstance(request, PlaceOrder):
        return request.replaces[0] if request.replaces else None
    if isinstance(request, Ask) and request.kind in (AskKind.STATUS, AskKind.AGAIN):
        return request.argument or None
    return None


def is_answered(letter: Letter, request: Request) -> bool:
    """Whether the sender would hear of it (design section 6); the governor may still say otherwise."""
    if isinstance(request, Automatic | Bounced) or letter.sender is None or letter.verdict is Verdict.FAIL:
        return False
    courtesy = not isinstance(request, PlaceOrder | CancelOrder | Yes)
    return not (letter.auto_forwarded and courtesy)


def reason_of(letter: Letter, request: Request, faults: list[Fault]) -> str:
    if isinstance(request, Automatic | ForPerson | Unreadable):
        return request.reason
    if isinstance(request, Bounced):
        return "bounce_hard" if request.hard else "bounce_soft"
    if letter.verdict is Verdict.FAIL:
        return "sender_not_believed"
    if faults:
        return faults[0].reason.value
    if isinstance(request, Several):
        return "several"
    if isinstance(request, Yes):
        return "yes"
    return "accepted"


def why_read_besides(request: Request, basket: Basket, faults: list[Fault]) -> str | None:
    """Why a person reads the letter although it is done what it asks: it says more than that."""
    if isinstance(request, PlaceOrder) and not faults:
        return said_besides(request, basket) or None
    return request.beside or None if isinstance(request, Ask) else None


def as_text(told: JSON) -> str:
    """The same for people: what was understood, line by line."""
    heading = f"{told['file']}: {told['kind']}, {told['reason']}"
    lines = [heading + ("" if told["answered"] else " (not answered)")]
    if told["order_number"]:
        lines.append(f"  order {told['order_number']}")
    elif told["asked"] and told["asked"]["about"]:
        lines.append(f"  about {told['asked']['about']!r}")
    if told["asked"] and told["asked"]["cents"] is not None:
        bound = "up to" if told["asked"]["inclusive"] else "under"
        lines.append(f"  {bound} {told['asked']['cents'] / 100:.2f}")
    lines += [f"  line {item['line']}: {item['quantity']} x {item['product_id']}" for item in told["items"]]
    if told["ship_to"]:
        lines.append(f"  to {', '.join([told['ship_to']['name'], *told['ship_to']['lines']])}")
    for step in told.get("steps", ()):
        where = f"line {step['line']}" if step["line"] else "the subject"
        lines.append(f"  {where}: {step['kind'] or 'not understood'}: {step['text']!r}")
    if told.get("left_out"):
        lines.append(f"  {told['left_out']} more not looked at")
    if told["read_besides"]:
        lines.append("  and a person reads it: it says more than that")
    for fault in told["faults"]:
        where = f"line {fault['line']}" if fault["line"] else "the letter"
        instead = f" (perhaps: {fault['suggestion']})" if fault["suggestion"] else ""
        lines.append(f"  ! {where}: {fault['reason']}: {fault['text']!r}{instead}")
    return "\n".join(lines)
