"""A letter with a text and an HTML part has to ask the same in both."""

from collections.abc import Hashable
from dataclasses import replace

from daemon.request.address import run_together
from daemon.request.kinds import kind_of
from daemon.request.shapes import Fault, ForPerson, ItemLine, PlaceOrder, Reason, Request, Several, Unclear
from daemon.request.spelling import squeezed


def parts_differ(text: Request, html: Request) -> Request:
    """The request if both parts ask the same in all that matters, else the question which one is meant."""
    if essence(text) == essence(html):
        return text
    if isinstance(text, ForPerson) or isinstance(html, ForPerson):
        return text if isinstance(text, ForPerson) else html
    fault = Fault(None, "", Reason.PARTS_DIFFER)
    if isinstance(text, PlaceOrder):
        return replace(text, faults=(fault, *text.faults))
    return Unclear(kind_of(html if isinstance(text, Unclear) else text), (fault,))


def essence(request: Request) -> Hashable:
    """What of a request matters: not the line numbers, not white space, not punctuation."""
    match request:
        case PlaceOrder():
            items = sorted(map(essence_of_item, request.items))
            kind = kind_of(request), request.replaces, request.address_of
            return *kind, tuple(items), run_together(request.ship_to), reasons(request.faults)
        case ForPerson():
            return "person"
        case Unclear():
            return "unclear", request.kind, reasons(request.faults)
        case Several():
            return "several", request.left_out, tuple(step.request and essence(step.request) for step in request.steps)
        case _:
            return without_lines(request)


def essence_of_item(item: ItemLine) -> tuple[str, ...]:
    if item.fault is not None:
        return item.fault.reason.value, squeezed(item.text)
    ways = (f"{reading.product_key} {reading.quantity}" for reading in item.readings)
    return (*ways, str(item.unit_price), str(item.line_price))


def reasons(faults: tuple[Fault, ...]) -> tuple[str, ...]:
    return tuple(sorted(fault.reason.value for fault in faults))


def without_lines(request: Request) -> Hashable:
    faults = getattr(request, "faults", ())
    return type(request).__name__, getattr(request, "numbers", ()), reasons(faults), repr(request) if not faults else ""
