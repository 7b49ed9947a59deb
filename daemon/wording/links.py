"""One-tap mails: an order, a cancellation or a yes as a `mailto:` link that is ready to send (RFC 6068)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

# Past about 2,000 characters some programs drop the rest of a link; half an order is worse than none.
LONGEST_LINK = 1_900


def mailto(address: str, subject: str, body: str = "") -> str | None:
    """A link that opens a new mail to `address`; None when it would be too long to be safe.

    Everything but unreserved characters is percent-encoded and line breaks are %0D%0A, as RFC 6068
    section 5 asks.
    """
    link = f"mailto:{quote(address, safe='@')}?subject={quote(subject, safe='')}"
    if body:
        link += "&body=" + quote(body.replace("\n", "\r\n"), safe="")
    return link if len(link) <= LONGEST_LINK else None


def one_tap(
    address: str, lines: Iterable[Mapping[str, Any]], blank_address: bool, priced: bool = False, address_of: str = ""
) -> str | None:
    """A link that orders these lines: to the customer's last address, or with room for one, or after another order.

    `priced` tells each line's unit price along, so that nothing is booked at another; `address_of` is the number of the
    order that it is to go after.
    """
    where = f"Same address as: {address_of}\n\n" if address_of else ""
    told = [{**line, "priced": priced} for line in lines]
    return mailto(address, "order", where + order_block(told, None, blank_address))


def repeat_link(address: str, order: Mapping[str, Any], blank_address: bool) -> str | None:
    """A link that books what was in a past order: the whole of it to where it went, or what there is of it as a new
    order; None where nothing can be had, or the order itself still waits for an answer.
    """
    if order["state"] == "held" or not order["again"]:
        return None
    if order.get("repeats"):
        return mailto(address, f"again {order['number']}")
    return one_tap(address, order["again"], blank_address)


def order_block(lines: Iterable[Mapping[str, Any]], ship_to: Mapping[str, Any] | None, blank_address: bool) -> str:
    """A whole order in the letter language, as it is read back by daemon.request.

    Without `ship_to` there is no address block, so that the customer's last address is used, unless
    `blank_address` leaves an empty one to fill in. A blank is left rather than an example: whatever
    is not overwritten must never pass for an address or an item.
    """
    items = [item_line(line) for line in lines]
    return "\n".join([*address_block(ship_to, blank_address), "Items:", *items]) + "\n"


def item_line(line: Mapping[str, Any]) -> str:
    """One line of an order; without a quantity there is room for it.

    A price stands there in plain figures, which are read alike for every locale's currency.
    """
    item = f"{line['product_id']}, {line.get('quantity') or ''}"
    if not line.get("priced"):
        return item
    units, cents = divmod(line["unit_price"], 100)
    return f"{item} at {units}.{cents:02d}"


def address_block(ship_to: Mapping[str, Any] | None, blank: bool) -> Sequence[str]:
    if ship_to is not None:
        return ("Ship to:", f"  {ship_to['name']}", *(f"  {line}" for line in ship_to["lines"]), "")
    return ("Ship to: ", "") if blank else ()
