"""An order against the catalogue: which products are meant, whether they can be had, what would do instead."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from daemon.request.shapes import Fault, ItemLine, PlaceOrder, Reading, Reason
from daemon.request.spelling import plain, words
from store.facts import Product, product_key

MOST_SUGGESTIONS = 20
"""Looking for the nearest product goes through the whole catalogue; nonsense may not ask for it without end."""


class Catalogue(Protocol):
    """What `resolve` asks: products by `store.facts.product_key`, and the nearest ones to something written.

    None instead of those says that nothing more is looked for.
    """

    @property
    def products(self) -> Mapping[str, Product]: ...

    @property
    def nearest(self) -> Callable[[str], tuple[Product, ...] | None]: ...


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A product, how many of it in all, and the lines of the letter that asked for it."""

    product: Product
    quantity: int
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Basket:
    """The good lines added up; every fault of the lines, in their order; the order as it would be accepted.

    `corrected` has near misses replaced by what they are near to and quantities cut to what there is. `remarks` are the
    words on good lines that are more than the product's name.
    """

    lines: tuple[BasketLine, ...]
    faults: tuple[Fault, ...] = ()
    corrected: tuple[BasketLine, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What became of one item line: the product with its quantity, or a fault and what would do instead."""

    item: ItemLine
    product: Product | None = None
    quantity: int | None = None
    fault: Fault | None = None
    more: tuple[Fault, ...] = ()


def resolve(order: PlaceOrder, catalogue: Catalogue, max_quantity: int = 9_999) -> Basket:
    """Pick each line's product, add up, and check retirement, stock, prices and bounds.

    The faults are those of the lines; those of the letter as a whole stay in `order.faults`.
    """
    look = Looking(catalogue)
    found = [find(item, look, max_quantity) for item in order.items]
    good = add_up(one for one in found if one.fault is None)
    faults = [fault for one in found for fault in ((one.fault,) if one.fault else ()) + one.more]
    faults += [fault for line in good for fault in line_faults(line, found, max_quantity)]
    faults += [fault for item in order.perhaps for fault in perhaps_goods(item, good, look)]
    faults += total_fault(order, good) if not faults else []
    faults += list(heading_faults(order, good, faults))
    mended = add_up(found) if faults else good
    return Basket(
        lines=tuple(good),
        faults=tuple(sorted(faults, key=lambda fault: fault.line or 0)),
        corrected=tuple(cut_to_stock(mended, max_quantity)),
        remarks=tuple(one.item.words for one in found if one.fault is None and is_remark(one)),
    )


class Looking:
    """The catalogue with a bound on how often the nearest product is looked for."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.products = catalogue.products
        self.search = catalogue.nearest
        self.left = MOST_SUGGESTIONS

    def nearest(self, written: str) -> tuple[Product, ...] | None:
        if not written:
            return ()
        if self.left <= 0:
            return None
        self.left -= 1
        return self.search(written)

    def known(self, keys: Iterable[str]) -> dict[str, Product]:
        return {key: self.products[key] for key in keys if key in self.products}


def find(item: ItemLine, look: Looking, most: int) -> Found:
    """The one product that a line names, or why there is not one."""
    named = look.known(item.keys)
    if item.fault is not None:
        return at_fault(item, naming_the_most(item.fault, most), named, look)
    ways = [reading for reading in item.readings if reading.product_key in named]
    if not ways:
        return unknown(item, look)
    if len(set(ways)) > 1:
        shown = ", ".join(dict.fromkeys(named[way.product_key].product_id for way in ways))
        return Found(item, fault=Fault(item.line, item.text, Reason.LINE_AMBIGUOUS, shown))
    product = named[ways[0].product_key]
    if ends_in_number(product, item, ways[0].quantity):
        return Found(item, product, fault=Fault(item.line, item.text, Reason.LINE_AMBIGUOUS, None, product.product_id))
    return priced(item, ways[0], product)


def ends_in_number(product: Product, item: ItemLine, quantity: int) -> bool:
    """Whether what was taken for the quantity may belong to the product's name: "BJ02R0G72U8V Vase 3"."""
    named = f"{item.words.lower().rpartition(' ')[2]} {quantity}"
    return bool(item.words) and f" {named} " in f" {plain(product.name)} " and named in plain(item.text)


def naming_the_most(fault: Fault, most: int) -> Fault:
    return replace(fault, suggestion=f"{most:,}") if fault.reason is Reason.QUANTITY_TOO_LARGE else fault


def at_fault(item: ItemLine, fault: Fault, named: Mapping[str, Product], look: Looking) -> Found:
    """A line whose quantity cannot be taken; when its product cannot be found either, both are said."""
    product = next(iter(named.values())) if len(named) == 1 else None
    meant = int(fault.suggestion) if fault.suggestion and fault.suggestion.isdigit() else None
    if product is not None:
        limit = fault.suggestion if fault.reason is Reason.QUANTITY_TOO_LARGE else None
        instead = f"{product.product_id}, {meant}" if meant else limit
        return Found(item, product, meant, replace(fault, suggestion=instead, product_id=product.product_id))
    if fault.reason is Reason.LINE_NOT_UNDERSTOOD and not named:
        tied = look.nearest(item.written_id) or ()
        near = only(tied)
        return Found(item, near, meant, suggesting(fault, tied, meant))
    if fault.reason.value.startswith("quantity_") and not named:
        missing = unknown(item, look)
        return Found(item, missing.product, meant, fault, more=(missing.fault,) if missing.fault else ())
    return Found(item, fault=fault)


def perhaps_goods(item: ItemLine, good: Iterable[BasketLine], look: Looking) -> Iterator[Fault]:
    """A line without a number is asked back when it names a product that is not ordered on another line.

    Where nothing more is looked for, it may name one all the same.
    """
    tied = look.nearest(item.written_id)
    ordered = any(line.product in (tied or ()) for line in good)
    if item.fault is not None and tied != () and not ordered:
        yield suggesting(item.fault, tied or ())


def unknown(item: ItemLine, look: Looking) -> Found:
    tied = look.nearest(item.written_id) or ()
    quantity = item.readings[0].quantity if item.readings else None
    fault = Fault(item.line, item.text, Reason.UNKNOWN_PRODUCT)
    return Found(item, only(tied), quantity, suggesting(fault, tied))


def only(tied: Sequence[Product]) -> Product | None:
    """The nearest product; which of several equally near ones is meant nobody knows, so none of them is put forward."""
    return tied[0] if len(tied) == 1 else None


def suggesting(fault: Fault, tied: Sequence[Product], quantity: int | None = None) -> Fault:
    """The fault with the nearest product, or the names of all that are equally near."""
    if len(tied) != 1:
        names = " or ".join(f"{product.product_id} ({product.name})" for product in tied)
        return replace(fault, suggestion=names or None, product_id=None)
    product_id = tied[0].product_id
    return replace(fault, suggestion=f"{product_id}, {quantity}" if quantity else product_id, product_id=product_id)


def priced(item: ItemLine, way: Reading, product: Product) -> Found:
    """The line if the price stated on it is ours; a price that may be for one or for all may fit either."""
    differs = item.unit_price is not None and item.unit_price != product.price
    whole = product.price * way.quantity
    if item.line_price is not None:
        fitting = (whole,) if item.unit_price is not None else (product.price, whole)
        differs = differs or item.line_price not in fitting
    if not differs:
        return Found(item, product, way.quantity)
    ours = f"{product.price // 100}.{product.price % 100:02}"
    fault = Fault(item.line, item.text, Reason.PRICE_DIFFERS, ours, product.product_id)
    return Found(item, product, way.quantity, fault)


def add_up(found: Iterable[Found]) -> list[BasketLine]:
    """The same product once, with all its lines, in order of appearance."""
    basket: dict[str, BasketLine] = {}
    for one in found:
        if one.product is None or one.quantity is None:
            continue
        key = product_key(one.product.product_id)
        before = basket.get(key, BasketLine(one.product, 0))
        basket[key] = BasketLine(one.product, before.quantity + one.quantity, (*before.lines, one.item.line))
    return list(basket.values())


def line_faults(line: BasketLine, found: Iterable[Found], max_quantity: int) -> list[Fault]:
    """Why a product cannot be had in this number; told at the first line that asks for it."""
    product = line.product
    text = next((one.item.text for one in found if one.item.line == line.lines[0] and one.product is product), "")
    where = (line.lines[0], text)
    if not product.active:
        return [Fault(*where, Reason.RETIRED_PRODUCT, None, product.product_id)]
    if line.quantity > max_quantity:
        return [Fault(*where, Reason.QUANTITY_TOO_LARGE, f"{product.product_id}, {max_quantity}", product.product_id)]
    if line.quantity > product.on_hand:
        return [Fault(*where, Reason.NOT_ENOUGH_STOCK, str(max(product.on_hand, 0)), product.product_id)]
    return []


COURTESIES = words(
    "please pls plz thanks thx thank you each x a an the of for and with no art item product code of in each"
)
WORD = re.compile(r"\w+")


def is_remark(found: Found) -> bool:
    said = found.item.words
    return bool(said) and found.product is not None and not names(said, [found.product])


def names(text: str, products: Iterable[Product]) -> bool:
    """Whether a text holds no word besides those of the products' names and numbers, be there one of them or two."""
    told = " ".join(f"{product.name} {product.product_id} {product.category}" for product in products)
    known = {singular(word) for word in WORD.findall(plain(told))}
    return all(singular(word) in known for word in WORD.findall(plain(text)) if word not in COURTESIES)


def singular(word: str) -> str:
    return word.removesuffix("s")


def heading_faults(order: PlaceOrder, good: Iterable[BasketLine], told: Iterable[Fault]) -> Iterator[Fault]:
    """ "Sold yesterday" above a list is no order; "lamps" may well be. A change says itself what it wants."""
    products = [line.product for line in good]
    lines = {fault.line for fault in told} - {None}
    for fault in order.headed if order.replaces is None else ():
        if fault.line not in lines and not names(fault.text, products):
            yield fault


def total_fault(order: PlaceOrder, good: Iterable[BasketLine]) -> list[Fault]:
    """A total that the customer wrote has to be what our prices come to."""
    ours = sum(line.quantity * line.product.price for line in good)
    if order.total is None or order.total == ours:
        return []
    return [
        Fault(
            None, f"{order.total // 100}.{order.total % 100:02}", Reason.TOTAL_DIFFERS, f"{ours // 100}.{ours % 100:02}"
        )
    ]


def cut_to_stock(mended: Iterable[BasketLine], max_quantity: int) -> Iterable[BasketLine]:
    for line in mended:
        quantity = min(line.quantity, line.product.on_hand, max_quantity)
        if line.product.active and quantity > 0:
            yield BasketLine(line.product, quantity, line.lines)
