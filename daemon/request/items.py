"""An item line to every way it can be read, or to the reason why it cannot."""

import re
from collections.abc import Sequence
from dataclasses import replace

from daemon.request.against import doubt_of_order, second_thought
from daemon.request.announcing import announces
from daemon.request.arrange import SIZED, Written, arrange, is_measured
from daemon.request.asides import asks_price, doubt_beside
from daemon.request.courtesy import is_courtesy
from daemon.request.doubt import Doubt
from daemon.request.money import Price, is_ours, take_prices
from daemon.request.naming import SPOKEN, id_as_written, is_piece, joined_is_strong, keys_in, looks_like_id
from daemon.request.numbers import named_orders
from daemon.request.quantity import ABOUT
from daemon.request.shapes import Fault, ItemLine, Reading, Reason
from daemon.request.spelling import words
from daemon.request.tokens import COMMON_LENGTH, COUNTED, MEASURES, TIMES_INSIDE, Kind, Token, is_strong, tokens_of
from daemon.request.wishes import DAY, LIMIT

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


def without_lead_in(tokens: list[Token], text: str) -> list[Token]:
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


def words_beside(written: Written) -> str:
    """What stands on the line besides id and quantity: the product's name, or something that somebody has to read."""
    named = [token for run in written.named for token in run if not is_piece(token) and token not in written.remark]
    beside = [*named, *written.remark]
    return " ".join(token.text for token in beside if token.kind not in (Kind.MARK, Kind.UNIT, Kind.LABEL))


AGAINST = words(
    "no not never none dont instead rather or nor except without maybe perhaps possibly minus less replace replacing "
    "remove delete cancel"
)


def words_fault(written: Written) -> Reason | None:
    """Why the words beside id and quantity cannot be passed over."""
    if any(token.lower in AGAINST or token.lower.endswith("n't") for run in written.named for token in run):
        return Reason.LINE_AMBIGUOUS
    lead = lead_of(written)
    doubt = doubt_of_order(lead, additions=False) or doubt_beside(lead)
    return REMARKS.get(doubt) or remark_fault(written.remark)


def lead_of(written: Written) -> str:
    """The words in front of the id: "red", or "return"; none where the id may be any of them."""
    words = [token for run in written.named for token in run]
    found = next((place for place, token in enumerate(words) if looks_like_id(token)), None)
    if found is None:
        found = next((place for place, token in enumerate(words) if any(map(str.isdigit, token.text))), 0)
    return said(words[:found])


def said(tokens: Sequence[Token]) -> str:
    return " ".join(token.text for token in tokens)


def remark_fault(remark: Sequence[Token]) -> Reason | None:
    """Why a remark cannot be passed over: another number, a question, a condition, a second thought."""
    if remark and remark[0].tight and remark[0].text in (":", "=", "<"):
        return Reason.LINE_AMBIGUOUS
    for index, token in enumerate(remark):
        # A price that could not be read as one is no remark either.
        if token.kind is Kind.TIMES or looks_like_id(token) or not PRICE_SIGNS.isdisjoint(token.text):
            return Reason.LINE_AMBIGUOUS
        if has_number(token) and not is_harmless_number(remark, index):
            return Reason.LINE_AMBIGUOUS
        if token.kind is Kind.COUNT_WORD and token.lower not in PRONOUNS:
            return Reason.LINE_AMBIGUOUS
    if adds_goods(remark):
        return Reason.LINE_NOT_UNDERSTOOD
    return vague_fault(remark) or doubt_fault(said([token for token in remark if token.kind is not Kind.MARK]))


def vague_fault(remark: Sequence[Token]) -> Reason | None:
    """Words behind a number make it as vague as those before it; a sign that is none of writing may cross it out."""
    if remark and remark[0].lower in DOZENS:
        return Reason.QUANTITY_IN_WORDS
    if not ABOUT.isdisjoint(token.lower for token in remark) or OR_SO.search(said(remark).lower()):
        return Reason.QUANTITY_RANGE
    marks = "".join(token.text for token in remark if token.kind is Kind.MARK)
    return Reason.LINE_AMBIGUOUS if SIGN.search(marks) else None


DOZENS = words("doz dz dzn dozn dozen dozens")
OR_SO = re.compile(
    r"(?<!\w)(?:or so|or more|or less|or fewer|at (?:least|most|the most)|up to|give or take|if that|ish)(?!\w)"
)
SIGN = re.compile(r"[^\w\s,.;:!?()\[\]{}|\"'*=+#&/\\_<>✓✔☑✅-]")


def doubt_fault(text: str) -> Reason | None:
    """A day or a limit ties the line to what it does not say; "the blue one" may be the name of what is sold."""
    if not text:
        return None
    words = text.lower()
    wishes = LATER.search(words) or LIMIT.search(words) or DAY.search(words)
    doubt = doubt_of_order(text) or doubt_beside(text) or second_thought(text) or (Doubt.CONDITION if wishes else None)
    return REMARKS.get(doubt)


LATER = re.compile(
    r"(?<!\w)(?:later|(?:next|this) (?:week|month|year|spring|summer|autumn|fall|winter|time|\w+day)|(?:in|on|"
    r"for|by|until|from) "
    r"(?:(?:jan|feb|apr|may|june?|july?|aug|sept?|oct|nov|dec|mar)\w{0,6}|\w+day)|tomorrow|sale|deal|"
    r"discount\w*)(?!\w)"
)


def adds_goods(remark: Sequence[Token]) -> bool:
    """ "+ Brass desk lamp": behind an "and" stands something else that is wanted, unless it is "and thank you"."""
    lead, rest = [token.lower for token in remark[:1]], said(remark[1:])
    return not AND.isdisjoint(lead) and bool(rest) and not is_courtesy(rest)


AND = words("+ & and plus und et y")

PRICE_SIGNS = frozenset("@$€£¥₹₽₩")
PRONOUNS = words("one both several some un ein due")
""" "The blue one": they count nothing there."""


def has_number(token: Token) -> bool:
    """Figures that stand for themselves ("3", "_0", "½"), not a name with figures in it ("A4")."""
    return token.kind is Kind.ODD or (any(map(str.isnumeric, token.text)) and not any(map(str.isalpha, token.text)))


def is_harmless_number(remark: Sequence[Token], index: int) -> bool:
    """ "size 10", "20 cm", "60W", "2nd floor": numbers that cannot be meant as a quantity."""
    before = remark[index - 1].lower if index else ""
    measured = COUNTED.fullmatch(remark[index].text)
    in_one_word = measured is not None and measured[2].lower() in MEASURES | ORDINALS
    return before in SIZED or is_measured(remark, index) or in_one_word


ORDINALS = words("st nd rd th")

REMARKS: dict[Doubt | None, Reason] = {
    Doubt.QUESTION: Reason.QUESTION,
    Doubt.CONDITION: Reason.CONDITION,
    Doubt.CORRECTION: Reason.CORRECTION_IN_PROSE,
    Doubt.NEGATION: Reason.CORRECTION_IN_PROSE,
    Doubt.CANCELLING: Reason.CORRECTION_IN_PROSE,
    Doubt.COMPLAINT: Reason.LINE_NOT_UNDERSTOOD,
    Doubt.ELSEWHERE: Reason.TWO_ADDRESSES,
}
