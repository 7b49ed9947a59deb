"""The fields of an order form: what each key does with the line it stands on."""

import re
from collections.abc import Callable

from daemon.request.address import address_faults, same_address, to_ship_to, untied
from daemon.request.keys import Key
from daemon.request.money import take_prices
from daemon.request.numbers import named_orders
from daemon.request.page import Body
from daemon.request.shapes import Fault, Reason, ShipTo
from daemon.request.spelling import fold, plain

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")


def on_key(body: Body, number: int, text: str, key: Key, rest: str) -> str:
    """Take in a line that begins with a key; what it returns of the line is still to be read as an item or as prose."""
    end_address(body)
    if key is Key.ITEMS and is_only_numbers(rest):
        key = Key.NUMBER
    return KEYS[key](body, number, text, rest)


def is_only_numbers(text: str) -> bool:
    named = named_orders(text)
    return bool(named.numbers) and not named.rest.strip(" .,!")


def on_ship_to(body: Body, number: int, text: str, rest: str) -> str:
    """The address begins; "Ada, 1 Way, Denver Items: BJ02R0G72U8V, 2" is a form whose lines ran together."""
    if "@" in rest:  # the "To:" of a mail, or a mail address: no parcel goes there
        return ""
    body.keyed = True
    body.block_line = number
    address, _, items = rest, "", ""
    if INNER_ITEMS.search(rest):
        address, _, items = INNER_ITEMS.split(rest, maxsplit=1)
    address = INNER_BILLING.split(address, maxsplit=1)[0].strip()
    if address:
        body.block.append((number, address))
    if not items:
        return ""
    end_address(body)
    return on_items(body, number, text, items.strip())


INNER_ITEMS = re.compile(r"(?<!\w)(items|products) ?:", re.IGNORECASE)
INNER_BILLING = re.compile(r"(?<!\w)(?:bill(?:ed)? to|billing address|invoice to|invoice address) ?:", re.IGNORECASE)


def on_bill_to(body: Body, number: int, text: str, rest: str) -> str:
    """Where the bill goes is read like an address, and no parcel goes there; we send no bills by post."""
    rest = on_ship_to(body, number, text, rest)
    body.billing = body.block_line is not None
    return rest


def on_same_address(body: Body, number: int, text: str, rest: str) -> str:
    """Where an order went that is named by its number."""
    named = named_orders(rest)
    told = dict.fromkeys([*named.numbers, *([body.address_of] if body.address_of else [])])
    if len(told) != 1 or not is_only_numbers(rest):
        body.faults.append(Fault(number, text.strip()[:200], Reason.ADDRESS_UNKNOWN))
        return ""
    body.address_of = next(iter(told))
    return ""


def on_items(body: Body, number: int, text: str, rest: str) -> str:
    body.keyed = body.declared = True
    body.listed.append(number)
    return rest


def on_email(body: Body, number: int, text: str, rest: str) -> str:
    body.emails.extend((number, text, address) for address in ADDRESS.findall(fold(rest)[:400]))
    return ""


def on_name(body: Body, number: int, text: str, rest: str) -> str:
    body.name = body.name or " ".join(rest.split())
    return ""


def on_number(body: Body, number: int, text: str, rest: str) -> str:
    numbers = named_orders(rest).numbers
    body.numbers.extend(numbers)
    return "" if numbers else text


def on_total(body: Body, number: int, text: str, rest: str) -> str:
    stated = fold(rest).strip()
    _, prices = take_prices(f"@{stated}" if stated[:1].isdigit() else stated)
    body.total = prices[0].cents if prices else body.total
    return ""


def on_note(body: Body, number: int, text: str, rest: str) -> str:
    """A note belongs to the order wherever it stands, so it is looked at as strictly as what follows the items."""
    if rest:
        body.after.append((number, rest))
    return ""


def on_other(body: Body, number: int, text: str, rest: str) -> str:
    """Known and of no use: a phone number, a date. What is written out there, somebody may have to read."""
    if not OF_NO_USE.match(plain(text)) and any(map(str.isalpha, rest)):
        body.noted.append((number, text.strip()))
    return ""


OF_NO_USE = re.compile(
    r"\W*(?:phone|tel|mobile|cell|fax|(?:order )?date|customer|account|vat|tax|company|subject|cc|sent|web|"
    r"source|po\b|p\.o|subtotal|postage|shipping cost)"
)


KEYS: dict[Key, Callable[[Body, int, str, str], str]] = {
    Key.SHIP_TO: on_ship_to,
    Key.BILL_TO: on_bill_to,
    Key.SAME_ADDRESS: on_same_address,
    Key.ITEMS: on_items,
    Key.EMAIL: on_email,
    Key.NAME: on_name,
    Key.NUMBER: on_number,
    Key.TOTAL: on_total,
    Key.NOTE: on_note,
    Key.OTHER: on_other,
}


def end_address(body: Body) -> None:
    """What was gathered since "Ship to:" becomes the address, or a fault when there was another."""
    if body.block_line is None:
        return
    number, lines, billing = body.block_line, [text for _, text in body.block], body.billing
    body.block_line, body.block, body.billing = None, [], False
    ship_to = to_ship_to(lines, "" if billing else body.name)
    if billing:
        body.billed = to_be_billed(number, ship_to) or body.billed
    elif ship_to is None:
        body.faults.append(Fault(number, "", Reason.NO_ADDRESS))
    elif body.ship_to is not None and not same_address(body.ship_to, ship_to):
        body.faults.append(Fault(number, " / ".join(lines)[:200], Reason.TWO_ADDRESSES))
    else:
        body.ship_to, ties = untied(number, ship_to)
        body.faults.extend(ties or address_faults(number, body.ship_to))


def to_be_billed(number: int, ship_to: ShipTo | None) -> Fault | None:
    """The fault that a whole address for the bill is where it is the only one; "same as above" is none."""
    if ship_to is None or address_faults(number, ship_to):
        return None
    whole = ", ".join([ship_to.name, *ship_to.lines])[:200]
    return Fault(number, whole, Reason.NO_ADDRESS, f"Ship to: {whole}")


def end_form(body: Body) -> None:
    """The last block ends with the letter; a parcel does not go where the bill goes unless that is said."""
    end_address(body)
    if body.billed is not None and body.ship_to is None and body.address_of is None:
        body.faults.append(body.billed)
