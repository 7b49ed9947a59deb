"""The body of a letter taken apart: items, address, commands, and the prose between them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from daemon.request.address import looks_like_address
from daemon.request.commands import read_command, sentences
from daemon.request.form import end_address, end_form, on_key
from daemon.request.items import not_understood, plain_item, read_items
from daemon.request.keys import read_key
from daemon.request.manners import is_closing, is_greeting
from daemon.request.notices import without_notices
from daemon.request.numbers import named_orders
from daemon.request.page import Body, Line, Rules, keep_prose
from daemon.request.shapes import ItemLine, Reason
from daemon.request.spelling import fold, plain
from daemon.request.tokens import is_mixed, is_strong, tokens_of

FILLER = re.compile(r"(?:and|also|plus|as well as|then|&|\W*|please|items?|qty|order|---+)[\s:.,]*")
WRAPPED_AT = 60
"""A line this long that goes on in the next was broken by the mail program, not by its writer."""


def read_body(lines: Sequence[Line], rules: Rules, declared: bool) -> Body:
    """Take the lines of a letter apart; nothing is judged yet except single lines."""
    body = Body(rules, declared)
    written = [(number, text) for number, text in lines if text.strip()]
    spaced = is_double_spaced(written)
    body.step = 2 if spaced else 1
    written = without_notices(written, body.step)
    body.written = [number for number, _ in written]
    last = 0
    for place, (number, text) in enumerate(written):
        if number > last + 1:
            on_blank(body, spaced and number == last + 2)
        last = number
        if on_line(body, number, text):
            body.below = [] if END.fullmatch(plain(text)) else written[place + 1 :]
            break
    end_form(body)
    end_items(body)
    return body


END = re.compile(r"\W*end\W*")
""" "End" is an order form's own last line: whoever writes it knows that nothing below it is read."""


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
        rest = on_key(body, number, text, *key)
        if rest:
            on_text(body, number, rest)
    elif body.block_line is not None and not begins_items(body, number, text):
        body.block.append((number, text))
    else:
        end_address(body)
        on_text(body, number, text)
    return False


def begins_items(body: Body, number: int, text: str) -> bool:
    """An item line inside an address ends it: nobody lives at "BJ02R0G72U8V, 2"."""
    words = fold(text).split()
    if not any(map(is_strong, words)) and sum(map(is_mixed, words)) < 2:
        return False
    items = items_on(body, number, text, declared=False)
    return any(is_strong(item.written_id) for item in items)


def items_on(body: Body, number: int, text: str, declared: bool) -> tuple[ItemLine, ...]:
    return read_items(number, fold(text), body.rules.max_quantity, body.rules.currency, declared)


def on_text(body: Body, number: int, text: str) -> None:
    """A line that is neither key nor address: a command, items, or prose."""
    if (command := read_command(text, body.rules.currency)) is not None:
        body.commands.append(replace(command, line=number))
        return
    if is_greeting(text):
        return
    if complete_item(body, number, text):
        return
    # The line right below an item is taken for one too, whatever names the product there.
    declared = body.declared or (bool(body.items) and number == body.items[-1].line + 1)
    items = () if is_address(text) else items_on(body, number, text, declared)
    if items:
        on_item_line(body, items)
    elif not on_sentences(body, number, text):
        body.unread.append((number, text))


COUNT_ALONE = re.compile(
    r"\s*(?:qty|quantity|amount|count|pieces|pcs|units)?[\s:.=#]*(\d{1,9})\s*(?:x|pcs|pieces|units)?[\s.]*", re.I
)


def complete_item(body: Body, number: int, text: str) -> bool:
    """A number alone right below an item without one: the cells of a table that were put below each other."""
    last = body.items[-1] if body.items else None
    if last is None or last.fault is None or last.fault.reason is not Reason.QUANTITY_MISSING:
        return False
    count = COUNT_ALONE.fullmatch(fold(text))
    if count is None or number != last.line + 1:
        return False
    together = items_on(body, last.line, f"{last.text.rstrip(' ,')}, {count[1]}", declared=True)
    if len(together) != 1:
        return False
    body.items[-1] = replace(together[0], text=f"{last.text} / {text.strip()}")
    return True


def is_address(text: str) -> bool:
    """A line of an address, rather than an item of the same look: no id stands in it."""
    return looks_like_address(text) and not any(is_strong(word) for word in fold(text).split())


def on_item_line(body: Body, items: tuple[ItemLine, ...]) -> None:
    if body.items:
        between = [line for line in body.unread if not FILLER.fullmatch(plain(line[1]))]
        body.joins.extend(line for line in body.unread if line not in between)
        body.items.extend(not_understood(*line) for line in between)
    else:
        body.before.extend(body.unread)
    body.unread = []
    body.items.extend(items)


def on_sentences(body: Body, number: int, text: str) -> bool:
    """Commands among the sentences of a line; False when there are none and the line is prose as a whole."""
    parts = sentences(text)
    commands = [read_command(part, body.rules.currency) for part in parts]
    if len(parts) < 2 or not any(commands):
        return False
    for part, command in zip(parts, commands, strict=True):
        if command is not None:
            body.commands.append(replace(command, line=number))
        elif not is_greeting(part) and not is_closing(part):
            keep_prose(body, number, part)
    return True


def end_items(body: Body) -> None:
    """What was left over since the last item is prose."""
    for number, text in body.unread:
        named = named_orders(text)
        if named.numbers and ABOUT_NUMBER.fullmatch(named.rest.lower()):
            body.numbers.extend(named.numbers)
        else:
            keep_prose(body, number, text)
    body.unread = []
    body.before = unwrapped(body.before)
    body.after = unwrapped(body.after)


ABOUT_NUMBER = re.compile(r"(?:(?:my|the|order|number|no|nr|is|it|was|it's|order's)?[\s.,!#:]+){0,8}")


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
