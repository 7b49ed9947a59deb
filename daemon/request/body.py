"""The body of a letter taken apart: items, address, commands, and the prose between them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from daemon.request.address import address_faults, looks_like_address, same_address, to_ship_to
from daemon.request.commands import Command, read_command, sentences
from daemon.request.items import not_understood, plain_item, read_items
from daemon.request.keys import Key, read_key
from daemon.request.manners import is_closing, is_greeting
from daemon.request.money import take_prices
from daemon.request.numbers import named_orders
from daemon.request.shapes import Fault, ItemLine, Reason, ShipTo
from daemon.request.spelling import fold, plain
from daemon.request.tokens import is_mixed, is_strong, tokens_of

ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w.-]{1,255}")
FILLER = re.compile(r"(?:and|also|plus|as well as|then|&|\W*|please|items?|qty|order|---+)[\s:.,]*")
WRAPPED_AT = 60
"""A line this long that goes on in the next was broken by the mail program, not by its writer."""

Line = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """What a reader has to know of the shop."""

    max_lines: int
    max_quantity: int
    currency: str


@dataclass(slots=True)
class Body:
    """A body as it is being read from top to bottom."""

    rules: Rules
    declared: bool  # the letter has announced that it is an order
    items: list[ItemLine] = field(default_factory=list)
    ship_to: ShipTo | None = None
    name: str = ""
    emails: list[tuple[int, str, str]] = field(default_factory=list)
    commands: list[Command] = field(default_factory=list)
    before: list[Line] = field(default_factory=list)  # prose before the first item
    after: list[Line] = field(default_factory=list)  # prose behind it
    numbers: list[str] = field(default_factory=list)  # order numbers told on lines of their own
    faults: list[Fault] = field(default_factory=list)
    total: int | None = None
    keyed: bool = False  # an order form's key was seen
    block: list[Line] = field(default_factory=list)  # lines of the address being read
    block_line: int | None = None
    unread: list[Line] = field(default_factory=list)  # since the last item, not yet known to be prose

    @property
    def prose(self) -> list[Line]:
        return [*self.before, *self.after]

    @property
    def has_order(self) -> bool:
        return bool(self.items)


def read_body(lines: Sequence[Line], rules: Rules, declared: bool) -> Body:
    """Take the lines of a letter apart; nothing is judged yet except single lines."""
    body = Body(rules, declared)
    written = [(number, text) for number, text in lines if text.strip()]
    spaced = is_double_spaced(written)
    last = 0
    for number, text in written:
        if number > last + 1:
            on_blank(body, spaced and number == last + 2)
        last = number
        if on_line(body, number, text):
            break
    end_address(body)
    end_items(body)
    return body


def is_double_spaced(written: Sequence[Line]) -> bool:
    """Whether a mail program put a blank between any two lines, so that one blank parts nothing."""
    gaps = [later - earlier for (earlier, _), (later, _) in pairwise(written)]
    return len(gaps) >= 3 and min(gaps) >= 2


def on_blank(body: Body, meaningless: bool) -> None:
    """A blank ends an address, except before its first line, or where every line has one and the address goes on."""
    if body.block and not (meaningless and body.block[0][1].count(",") < 2):
        end_address(body)


def on_line(body: Body, number: int, text: str) -> bool:
    """Take in one line; True when it ends the letter."""
    item = plain_item(number, text, body.rules.max_quantity)
    if item is not None:
        end_address(body)
        on_item_line(body, (item,))
        return False
    if is_closing(text, in_address=body.block_line is not None):
        return True
    key = read_key(text)
    if key is not None:
        on_key(body, number, text, *key)
    elif body.block_line is not None and not begins_items(body, number, text):
        body.block.append((number, text))
    else:
        end_address(body)
        on_text(body, number, text)
    return False


def on_key(body: Body, number: int, text: str, key: Key, rest: str) -> None:
    if key is Key.ITEMS and (named := named_orders(rest)).numbers and not named.rest.strip(" .,!"):
        key = Key.NUMBER
    end_address(body)
    KEYS[key](body, number, text, rest)


def on_ship_to(body: Body, number: int, text: str, rest: str) -> None:
    body.keyed = True
    address, found, items = split_at_items(rest)
    body.block_line = number
    if address:
        body.block.append((number, address))
    if found:
        end_address(body)
        on_items(body, number, text, items)


def split_at_items(rest: str) -> tuple[str, bool, str]:
    """ "Ada, 1 Way, Denver Items: BJ02R0G72U8V, 2": a form whose lines ran together."""
    address, found, items = INNER_ITEMS.split(rest, maxsplit=1) if INNER_ITEMS.search(rest) else (rest, "", "")
    return address.strip(), bool(found), items.strip()


INNER_ITEMS = re.compile(r"(?<!\w)(items|products) ?:", re.IGNORECASE)


def on_items(body: Body, number: int, text: str, rest: str) -> None:
    body.keyed = body.declared = True
    if rest:
        on_text(body, number, rest)


def on_email(body: Body, number: int, text: str, rest: str) -> None:
    body.emails.extend((number, text, address) for address in ADDRESS.findall(fold(rest)[:400]))


def on_name(body: Body, number: int, text: str, rest: str) -> None:
    body.name = body.name or " ".join(rest.split())


def on_number(body: Body, number: int, text: str, rest: str) -> None:
    named = named_orders(rest)
    body.numbers.extend(named.numbers)
    if not named.numbers:
        keep_prose(body, number, text)


def on_total(body: Body, number: int, text: str, rest: str) -> None:
    stated = fold(rest).strip()
    _, prices = take_prices(stated if not stated[:1].isdigit() else f"@{stated}")
    body.total = prices[0].cents if prices else body.total


def on_note(body: Body, number: int, text: str, rest: str) -> None:
    if rest:
        body.after.append((number, rest))


def on_other(body: Body, number: int, text: str, rest: str) -> None:
    """Known and of no use: a phone number, a date."""


KEYS = {
    Key.SHIP_TO: on_ship_to,
    Key.ITEMS: on_items,
    Key.EMAIL: on_email,
    Key.NAME: on_name,
    Key.NUMBER: on_number,
    Key.TOTAL: on_total,
    Key.NOTE: on_note,
    Key.OTHER: on_other,
}


def begins_items(body: Body, number: int, text: str) -> bool:
    """An item line inside an address ends it: nobody lives at "BJ02R0G72U8V, 2"."""
    words = fold(text).split()
    if not any(map(is_strong, words)) and sum(map(is_mixed, words)) < 2:
        return False
    items = items_on(body, number, text, declared=False)
    return any(is_strong(item.written_id) for item in items)


def items_on(body: Body, number: int, text: str, declared: bool) -> tuple[ItemLine, ...]:
    return read_items(number, fold(text), body.rules.max_quantity, body.rules.currency, declared)


def end_address(body: Body) -> None:
    """What was gathered since "Ship to:" becomes the address, or a fault when there was another."""
    number, lines = body.block_line, [text for _, text in body.block]
    body.block_line, body.block = None, []
    if number is None:
        return
    ship_to = to_ship_to(lines, body.name)
    if ship_to is None:
        body.faults.append(Fault(number, "", Reason.NO_ADDRESS))
    elif body.ship_to is not None and not same_address(body.ship_to, ship_to):
        body.faults.append(Fault(number, " / ".join(lines)[:200], Reason.TWO_ADDRESSES))
    else:
        body.ship_to = ship_to
        body.faults.extend(address_faults(number, ship_to))


def on_text(body: Body, number: int, text: str) -> None:
    """A line that is neither key nor address: a command, items, or prose."""
    if (command := read_command(text, body.rules.currency)) is not None:
        body.commands.append(replace(command, line=number))
        return
    if is_greeting(text):
        return
    # The line right below an item is taken for one too, whatever names the product there.
    declared = body.declared or (bool(body.items) and number == body.items[-1].line + 1)
    items = () if is_address(text) else items_on(body, number, text, declared)
    if items:
        on_item_line(body, items)
    elif not on_sentences(body, number, text):
        body.unread.append((number, text))


def is_address(text: str) -> bool:
    """A line of an address, rather than an item of the same look: no id stands in it."""
    return looks_like_address(text) and not any(is_strong(word) for word in fold(text).split())


def on_item_line(body: Body, items: tuple[ItemLine, ...]) -> None:
    if body.items:
        between = [line for line in body.unread if not FILLER.fullmatch(plain(line[1]))]
        body.items.extend(not_understood(*line) for line in between)
    else:
        body.before.extend(body.unread)
    body.unread = []
    body.items.extend(items)


def on_sentences(body: Body, number: int, text: str) -> bool:
    """Commands among the sentences of a line; False when there are none and the line is prose as a whole."""
    parts = list(sentences(text))
    commands = [read_command(part, body.rules.currency) for part in parts]
    if len(parts) < 2 or not any(commands):
        return False
    for part, command in zip(parts, commands, strict=True):
        if command is not None:
            body.commands.append(replace(command, line=number))
        elif not is_greeting(part) and not is_closing(part):
            keep_prose(body, number, part)
    return True


def keep_prose(body: Body, number: int, text: str) -> None:
    (body.after if body.items else body.before).append((number, text))


def end_items(body: Body) -> None:
    """What was left over since the last item is prose."""
    for number, text in body.unread:
        named = named_orders(text)
        if named.numbers and not named.rest.strip(" .,!#"):
            body.numbers.extend(named.numbers)
        else:
            keep_prose(body, number, text)
    body.unread = []
    body.before = unwrapped(body.before)
    body.after = unwrapped(body.after)


def unwrapped(lines: Sequence[Line]) -> list[Line]:
    """Prose lines that a mail program broke are one again, so that a sentence is judged as a whole."""
    joined: list[Line] = []
    length = last = 0
    for number, text in lines:
        if joined and number == last + 1 and length >= WRAPPED_AT:
            joined[-1] = (joined[-1][0], f"{joined[-1][1]} {text.strip()}")
        else:
            joined.append((number, text.strip()))
        last, length = number, len(text)
    return joined


def stray_ids(body: Body) -> list[Line]:
    """Lines of prose that name a product: in an order they were perhaps meant as items."""
    return [line for line in body.prose if names_product(named_orders(line[1]).rest)]


def names_product(text: str) -> bool:
    return any(is_strong(token.text) for token in tokens_of(text))
