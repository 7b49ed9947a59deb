"""An item line to every way it can be read, or to the reason why it cannot."""

import re
from collections.abc import Sequence
from dataclasses import replace

from daemon.request.announcing import announces
from daemon.request.arrange import Written, arrange
from daemon.request.asides import asks_price
from daemon.request.line_words import lead_of, said, words_beside, words_fault
from daemon.request.money import Price, is_ours, take_prices
from daemon.request.naming import SPOKEN, id_as_written, joined_is_strong, keys_in, looks_like_id
from daemon.request.numbers import named_orders
from daemon.request.shapes import Fault, ItemLine, Reading, Reason
from daemon.request.spelling import words
from daemon.request.tokens import COMMON_LENGTH, TIMES_INSIDE, Kind, Token, is_strong, tokens_of

LONGEST_LINE = 300
BULLET = re.compile(r"\s*(?:[-*•·‣◦▪●○–—>»☐☑✓✔+o](?=\s)\s*|\[[ xX✓✔]?\]\s*|[•·‣◦▪●»☐☑✓✔✅]\s*){0,3}")
NUMBERING = re.compile(r"(?:\(?\d{1,3}[.)](?!\d)\s*|#\d{1,3}[.):]?\s+|\(?[a-z][.)]\s+)(?=\S*[^\W_])", re.IGNORECASE)
LEAD_IN = re.compile(
    r"(?:(?:and|also|then|please|pls|kindly|just|so|now|hi|hello"
    r"|(?:i|we)(?: would|'d)(?: also)? like(?: to (?:order|buy|get|have))?"
    r"|(?:i|we)(?: also)?(?:'ll take| want| need| order| will take)"
    r"(?: to (?:order|buy|get|have))?|(?:can|could|may) (?:i|we) (?:please )?(?:have|get|order|buy)"
    r"|(?:(?:can|could|would) you )?(?:please )?(?:send|ship|order|buy|get|give|reserve)(?: me| us)?(?: the "
    r"following)?"
    r"|(?:new )?(?:product|item|article|art|sku|id|code|product_id|product id|item no|article no)(?=[\s.:#]))"
    r"(?!\w)[\s.:#!,]*"
    r"|(?:no|nr)[.:]\s*){1,6}",
    re.IGNORECASE,
)
HEADERS = words(
    "product products product_id productid id ids item items article articles sku code name description qty quantity "
    "amount count price unit total no number pcs each cost order"
)


PLAIN = re.compile(
    r"[ \t]{0,20}(?:[-*•] )?\(?(?:(?P<id>[A-Za-z0-9]{6,20})(?: ?[,:\t] ?| x | )(?P<count>\d{1,5})"
    r"|(?P<count2>\d{1,4}) ?x (?P<id2>[A-Za-z0-9]{6,20}))\)? {0,5}"
)


def plain_item(number: int, text: str, max_quantity: int) -> ItemLine | None:
    """The item on a line in the plainest of forms, which most lines have; None leaves it to `read_items`.

    It never reads what `read_items` would read otherwise; it is only an order of magnitude quicker.
    """
    found = PLAIN.fullmatch(text)
    if found is None:
        return None
    written, count = found["id"] or found["id2"], found["count"] or found["count2"]
    if not is_strong(written) or TIMES_INSIDE.fullmatch(written) or not 0 < int(count) <= max_quantity:
        return None
    return ItemLine(number, text.strip(), (Reading(written.upper(), int(count)),), written)


def read_items(number: int, text: str, max_quantity: int, currency: str, declared: bool) -> tuple[ItemLine, ...]:
    """The items on one folded line: mostly one, several when `;` parts them, none when it is no item line.

    `declared` says that the letter has announced a list of items here, so that a product may be named by anything;
    elsewhere it takes what looks like an id.
    """
    parts = [part for part in text.split(";") if any(map(str.isalnum, part))]
    if 1 < len(parts) <= 20:
        items = [read_item(number, part.strip(), max_quantity, currency, declared=False) for part in parts]
        if sum(item is not None for item in items) > 1:
            return tuple(item or not_understood(number, part) for item, part in zip(items, parts, strict=True))
    item = read_item(number, text, max_quantity, currency, declared)
    return (item,) if item else ()


def not_understood(number: int, text: str) -> ItemLine:
    text = text.strip()
    return ItemLine(number, text, written_id=text[:80], fault=Fault(number, text, Reason.LINE_NOT_UNDERSTOOD))


def read_item(number: int, text: str, max_quantity: int, currency: str, declared: bool) -> ItemLine | None:
    if len(text) > LONGEST_LINE or named_orders(text).numbers or not any(map(str.isalnum, text)):
        return None
    if TELEPHONE.fullmatch(text) or ENDS_IN_TELEPHONE.search(text):
        return None
    if not any(map(str.isdigit, text)) and announces(text):
        return None
    bare, prices = take_prices(ARROW.sub(", ", undecorated(text).rstrip(" ?")))
    bare = unglued(bare)
    tokens = without_lead_in(tokens_of(bare), bare)
    written = arrange(tokens, max_quantity)
    if not is_item(written, text, declared) or is_heading(tokens):
        return None
    return to_item(number, text.strip(), written, prices, currency)


TICKED = re.compile(r"\s*(?:[-*•] ?)?(?:\[[xX✓✔]\]|[☑✓✔✅])")
UNTICKED = re.compile(r"\s*(?:[-*•] ?)?(?:\[ ?\]|[☐□❏❑])")


def without_boxes(items: Sequence[ItemLine]) -> list[ItemLine]:
    """Where some boxes are ticked, a line whose box is not was hardly meant to be ordered."""
    if not any(TICKED.match(item.text) for item in items):
        return list(items)
    return [unticked(item) if item.fault is None and UNTICKED.match(item.text) else item for item in items]


def unticked(item: ItemLine) -> ItemLine:
    fault = Fault(item.line, item.text, Reason.LINE_AMBIGUOUS)
    return replace(item, readings=(), named=item.keys, fault=fault)


TELEPHONE = re.compile(
    r"\W{0,3}(?:(?:my|our) )?(?:(?:please )?(?:call|ring|phone|text|reach)\b|(?:tele)?phone\b|tel\b|mobile\b|cell\b)"
    r"[a-z ,.:']{0,40}\+?[\d ()./-]{6,24}",
    re.IGNORECASE,
)
"""Where somebody can be called: "call me at 555 0100"."""
ENDS_IN_TELEPHONE = re.compile(
    r"^(?:[^\W\d_][^\W\d_.'-]{0,20}[\s,.:;|/-]{1,4}){1,5}\+?(?:1[ .-]?)?\(?\d{3}\)?[ .-]{1,3}\d{3}[ .-]\d{4}\W*$"
)
"""A name or two and a number behind it: "Kay Moss | 207-555-0100"."""


def unglued(text: str) -> str:
    """ "7B4VYMBRQNARx2" with nothing else on the line is an id of the common length and its quantity."""
    found = GLUED.fullmatch(text)
    return f"{found[1]} x {found[2]}" if found and is_strong(found[1]) else text


GLUED = re.compile(rf"\s*([A-Za-z0-9]{{{COMMON_LENGTH}}})[xX×](\d{{1,4}})[\s.]*")
ARROW = re.compile(r"[-=]{1,3}>|→|⇒")


def undecorated(text: str) -> str:
    text = text[BULLET.match(text).end() :]  # type: ignore[union-attr]
    numbering = NUMBERING.match(text)
    return text[numbering.end() :] if numbering else text


def without_lead_in(tokens: tuple[Token, ...], text: str) -> tuple[Token, ...]:
    """Without "please send me" and "product:" before the id."""
    lead = LEAD_IN.match(text)
    if lead is None:
        return tokens
    rest = tokens_of(text[lead.end() :])
    return rest if any(token.kind is not Kind.MARK for token in rest) else tokens


def is_heading(tokens: Sequence[Token]) -> bool:
    """A row that only names the columns."""
    words = [token.lower for token in tokens if token.kind is not Kind.MARK]
    return len(words) > 1 and all(word in HEADERS for word in words)


def is_item(written: Written, text: str, declared: bool) -> bool:
    words = [token for run in written.named for token in run]
    if not words or any(token.lower in SPOKEN for token in words):
        return False
    counted = written.amount.reason is not Reason.QUANTITY_MISSING
    if any(is_strong(token.text) for token in words):
        return True
    if not counted:
        return declared and any(map(looks_like_id, words))
    # "P.S. I love your shop": a capital I is no quantity where nothing else is a figure.
    figures = written.amount.value is not None or any(map(str.isnumeric, text))
    if not figures and written.amount.reason is Reason.QUANTITY_NOT_A_NUMBER:
        return False
    return declared or any(map(looks_like_id, words)) or joined_is_strong(written.named)


def to_item(number: int, text: str, written: Written, prices: Sequence[Price], currency: str) -> ItemLine:
    keys = keys_in(written.named)
    item = ItemLine(number, text, written_id=id_as_written(written.named), named=keys)
    foreign = any(not is_ours(price.currency, currency) for price in prices)
    asked = Reason.QUESTION if text.endswith("?") else None
    reason = Reason.CURRENCY_DIFFERS if foreign else written.amount.reason or asked or words_fault(written)
    if reason is not None or written.amount.value is None:
        fault = Fault(number, text, reason or Reason.LINE_NOT_UNDERSTOOD, written.amount.suggestion)
        return replace(item, fault=fault)
    readings = [Reading(key, written.amount.value) for key in keys]
    if written.swapped is not None and written.swapped.amount.value is not None:
        readings += [Reading(key, written.swapped.amount.value) for key in keys_in(written.swapped.named)]
    each = next((price.cents for price in prices if price.each), None)
    whole = next((price.cents for price in prices if not price.each), None)
    return replace(
        item,
        readings=tuple(readings),
        named=(),
        unit_price=each,
        line_price=whole,
        asks_price=asks_price(lead_of(written)) or (not prices and asks_price(said(written.remark))),
        words=words_beside(written),
    )
