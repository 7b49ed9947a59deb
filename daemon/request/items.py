"""An item line to every way it can be read, or to the reason why it cannot."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from daemon.request.doubt import Doubt, doubt_in
from daemon.request.money import Price, is_ours, take_prices
from daemon.request.numbers import named_orders
from daemon.request.quantity import Amount, read_amount
from daemon.request.shapes import Fault, ItemLine, Reading, Reason
from daemon.request.spelling import words
from daemon.request.tokens import (
    COUNTED,
    MEASURES,
    PACKS,
    TIMES_INSIDE,
    Kind,
    Token,
    compact,
    is_fragment,
    is_strong,
    tokens_of,
)
from store.facts import product_key

LONGEST_LINE = 300
BULLET = re.compile(r"\s*(?:[-*•·‣◦▪●○–—>»☐☑✓✔+o](?=\s)\s*|\[[ x]?\]\s*|[•·‣◦▪●»☐☑✓✔]\s*){0,3}")
NUMBERING = re.compile(r"(?:\(?\d{1,3}[.)](?!\d)\s*|#\d{1,3}[.):]?\s+|\(?[a-z][.)]\s+)(?=\S*[^\W_])", re.IGNORECASE)
LEAD_IN = re.compile(
    r"(?:(?:hi|hello|and|also|then|please|pls|kindly|just|so|now|send|ship|order|ordering|buy|get|give|want|need|take|have|like|"
    r"love|i|we|me|us|my|i'd|i'll|we'd|would|could|can|you|to|the following|new|product|item|article|sku|id|code|"
    r"product_id|no|nr|art)\b[\s.:#!,]*){1,12}",
    re.IGNORECASE,
)
SPOKEN = words(
    "i i'm i've my we we're we've our you your he she they it it's its is are was were am be been have has had got get "
    "received bought ordered like want need love hate this that these those the a an and or but so because with for from "
    "on at to do does did will would can could should there here when where what which who how why if"
)
"""Words of sentences; beside an id they mean that a sentence is about the product, not that it is ordered."""
HEADERS = words(
    "product products product_id productid id ids item items article articles sku code name description qty quantity "
    "amount count price unit total no number pcs each cost order"
)


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on an item line: the words that name the product, the amount, the remark after it."""

    named: tuple[tuple[Token, ...], ...]  # the words in runs; no id reaches over the end of one
    amount: Amount
    remark: tuple[Token, ...] = ()
    swapped: "Written | None" = None  # the same two figures the other way round


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
    bare, prices = take_prices(undecorated(text).rstrip(" ?"))
    tokens = without_lead_in(tokens_of(bare), bare)
    written = arrange(tokens, bare, max_quantity)
    if not is_item(written, declared) or is_heading(tokens):
        return None
    return to_item(number, text.strip(), written, prices, currency)


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


def without_labels(tokens: Sequence[Token]) -> list[Token]:
    """ "qty 2 BJ02R0G72U8V" begins with the quantity all the same."""
    start = next((place for place, token in enumerate(tokens) if token.kind not in (Kind.LABEL, Kind.MARK)), 0)
    return list(tokens[start:])


def is_heading(tokens: Sequence[Token]) -> bool:
    """A row that only names the columns."""
    words = [token.lower for token in tokens if token.kind is not Kind.MARK]
    return len(words) > 1 and all(word in HEADERS for word in words)


def is_item(written: Written, declared: bool) -> bool:
    words = [token for run in written.named for token in run]
    if not words or any(token.lower in SPOKEN for token in words):
        return False
    counted = written.amount.reason is not Reason.QUANTITY_MISSING
    if any(is_strong(token.text) for token in words):
        return True
    if not counted:
        return declared and any(map(looks_like_id, words))
    return declared or any(map(looks_like_id, words)) or joined_is_strong(written.named)


def looks_like_id(token: Token) -> bool:
    return is_strong(token.text) or (token.kind is Kind.NUMBER and len(token.text) >= 5)


def joined_is_strong(runs: Sequence[Sequence[Token]]) -> bool:
    """ "BJ02 R0G7 2U8V": no piece is an id, together they are one."""
    for run in runs:
        pieces = [token for token in run if is_fragment(token.text)]
        if len(pieces) > 1 and sum(any(map(str.isdigit, piece.text)) for piece in pieces) > 1:
            joined = "".join(compact(piece.text) for piece in pieces)
            if len(joined) >= 8 and is_strong(joined):
                return True
    return False


# Where the quantity stands


def arrange(tokens: Sequence[Token], text: str, max_quantity: int) -> Written:
    """Which token is the quantity, which words name the product, what is remark."""
    tokens = glued_pair(negated(without_labels(tokens)))
    after = [index for index in range(1, len(tokens)) if after_separator(tokens, index)]
    pieces = [index for index in after if not is_measured(tokens, index)]
    spots = pieces or after or [index for index in range(1, len(tokens)) if after_id(tokens, index)]
    leads = leading(tokens, bool(spots))
    if leads and spots and is_glued(tokens):
        whole = Token(Kind.WORD, "".join(token.text for token in tokens[:3]), tokens[0].tight)
        return arrange([whole, *tokens[3:]], text, max_quantity)
    if leads and spots:
        return both_ends(tokens, spots, max_quantity)
    if leads:
        return from_the_front(tokens, max_quantity)
    if not spots:
        return without_amount(tokens)
    if len(spots) > 1 and not is_range(tokens, spots):
        return Written(runs_of(tokens[: spots[0]]), Amount(reason=Reason.LINE_AMBIGUOUS))
    return from_the_back(tokens, spots[0], max_quantity)


SIGNS = frozenset(("+", "~", "<", ">", "≈", "≤", "≥", "±", "--", "+-"))


def is_glued(tokens: Sequence[Token]) -> bool:
    """ "12X4567890ABCD, 2" is an id: written in one word, and with another quantity behind it."""
    return len(tokens) > 2 and tokens[1].kind is Kind.TIMES and tokens[1].tight and tokens[2].tight


def negated(tokens: Sequence[Token]) -> list[Token]:
    """ "BJ02R0G72U8V, - 2" is minus two: a dash behind another separator is a sign."""
    signed: list[Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index > 1 else ""
        sign = before == "-" and tokens[index - 2].kind in (Kind.MARK, Kind.TIMES, Kind.LABEL)
        if token.kind is Kind.NUMBER and (sign or before in SIGNS):
            signed[-1] = Token(Kind.ODD, f"{before[-1]}{token.text}", tokens[index - 1].tight)
        else:
            signed.append(token)
    return signed


def glued_pair(tokens: Sequence[Token]) -> list[Token]:
    """ "71053,6" is an id and a quantity when nothing else on the line can be the id."""
    first = tokens[0] if tokens else None
    if first and first.kind is Kind.ODD and first.text.count(",") == 1 and len(tokens) == 1:
        left, _, right = first.text.partition(",")
        if left.isdigit() and right.isdigit() and not (len(left) <= 3 and len(right) == 3):
            return [
                Token(Kind.NUMBER, left, first.tight),
                Token(Kind.MARK, ",", True),
                Token(Kind.NUMBER, right, True),
            ]
    return list(tokens)


COUNTS = (Kind.NUMBER, Kind.ODD, Kind.COUNT_WORD)


def after_separator(tokens: Sequence[Token], index: int) -> bool:
    """A number in the place where the form says that a quantity stands."""
    token, before = tokens[index], tokens[index - 1]
    if token.kind not in COUNTS and not is_article(tokens, index):
        return False
    if before.kind not in (Kind.MARK, Kind.TIMES, Kind.LABEL):
        return False
    if token.kind is Kind.COUNT_WORD or token.text[:1] in "OoIl|":
        return ends_field(tokens, index + 1)
    return True


def is_article(tokens: Sequence[Token], index: int) -> bool:
    """ "a dozen", "about 5", "minus 2": the word before the number belongs to it."""
    if tokens[index].lower not in ("a", "an", "about", "approx", "ca", "circa", "minus", "roughly", "maybe"):
        return False
    return index + 1 < len(tokens) and tokens[index + 1].kind in COUNTS


def ends_field(tokens: Sequence[Token], index: int) -> bool:
    while index < len(tokens) and (tokens[index].kind in (Kind.UNIT, Kind.COUNT_WORD) or tokens[index].lower in POLITE):
        index += 1
    return index == len(tokens) or tokens[index].kind is Kind.MARK or tokens[index].lower in ("of", "x")


POLITE = words("please pls thanks only") - {"only"}


def after_id(tokens: Sequence[Token], index: int) -> bool:
    """A number right behind the id and a blank: `ID QTY`; everything before it has to be id."""
    if tokens[index].kind not in COUNTS and not is_article(tokens, index):
        return False
    before = tokens[:index]
    if not all(map(is_piece, before)):
        return len(before) == 1 and index == 1 and before[0].kind is Kind.WORD and before[0].lower not in SPOKEN
    behind_figures = tokens[index - 1].kind is Kind.NUMBER and index > 1
    return not behind_figures and not is_fragment_of_id(tokens, index)


def is_fragment_of_id(tokens: Sequence[Token], index: int) -> bool:
    """A group of figures inside an id typed in groups: more id follows it."""
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return (
        following is not None and following.kind in (Kind.WORD, Kind.NUMBER, Kind.ODD) and is_fragment(following.text)
    )


def is_measured(tokens: Sequence[Token], index: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is not None and following.lower in MEASURES


def leading(tokens: Sequence[Token], other: bool) -> bool:
    """Whether the line begins with a quantity: `QTY x ID`, `QTY ID`."""
    if len(tokens) < 2 or (tokens[0].kind not in COUNTS and not is_article(tokens, 0)):
        return False
    if other and SHORT_ID.fullmatch(tokens[0].text):
        return False
    if any(token.kind is Kind.TIMES for token in tokens[1:3]):
        return True
    rest = [token for token in tokens[1:] if token.kind in (Kind.WORD, Kind.NUMBER)]
    if tokens[0].kind is Kind.NUMBER and len(tokens[0].text) >= 5:
        return False
    if tokens[1].kind is Kind.UNIT or tokens[1].lower == "of":
        return True
    return any(is_strong(token.text) for token in rest) or joined_is_strong([rest]) or (other and words_then_id(rest))


SHORT_ID = re.compile(r"\d{2,5}[A-Za-z]{1,3}")
""" "123A x 3": no quantity ends in letters, so it is the id where another number can be the quantity."""


def words_then_id(rest: Sequence[Token]) -> bool:
    return any(looks_like_id(token) for token in rest[1:])


def both_ends(tokens: Sequence[Token], spots: Sequence[int], max_quantity: int) -> Written:
    """Two quantities; only `figures x figures` is a form, and either may be the id."""
    if len(tokens) >= 3 and list(spots) == [2] and tokens[1].kind is Kind.TIMES:
        first, second = tokens[0], tokens[2]
        if first.kind is Kind.NUMBER and second.kind is Kind.NUMBER:
            other = Written(((second,),), read_amount(first.text, max_quantity), tuple(tokens[3:]))
            usual = from_the_back(tokens, 2, max_quantity)
            if usual.amount.value is None and other.amount.value is not None:
                return other
            return replace(usual, swapped=other)
    return Written(runs_of(tokens), Amount(reason=Reason.LINE_AMBIGUOUS))


def is_range(tokens: Sequence[Token], spots: Sequence[int]) -> bool:
    """ "2 - 3": the dash between two numbers is no separator."""
    first, second = spots[0], spots[1]
    return len(spots) == 2 and second == first + 2 and tokens[first + 1].text == "-"


def without_amount(tokens: Sequence[Token]) -> Written:
    stray = any(token.kind in (Kind.NUMBER, Kind.ODD) and len(token.text) < 5 for token in tokens[1:])
    several = sum(token.kind is Kind.WORD for token in tokens) > 1
    reason = Reason.LINE_AMBIGUOUS if stray and several else Reason.QUANTITY_MISSING
    return Written(runs_of(tokens), Amount(reason=reason))


def from_the_front(tokens: Sequence[Token], max_quantity: int) -> Written:
    amount, index = amount_at(tokens, 0, max_quantity)
    while index < len(tokens) and (
        tokens[index].kind in (Kind.TIMES, Kind.UNIT, Kind.MARK) or tokens[index].lower == "of"
    ):
        index += 1
    rest = tokens[index:]
    end = end_of_naming(rest)
    return Written(runs_of(rest[:end]), amount, tuple(rest[end:]))


def end_of_naming(tokens: Sequence[Token]) -> int:
    """Where the words that can name the product end: at the first separator behind what looks like an id."""
    seen = False
    for index, token in enumerate(tokens):
        seen = seen or looks_like_id(token)
        if seen and token.kind is Kind.MARK and token.text != "-":
            return index
    return len(tokens)


def from_the_back(tokens: Sequence[Token], index: int, max_quantity: int) -> Written:
    amount, end = amount_at(tokens, index, max_quantity)
    named = runs_of(tokens[:index])
    if any(map(is_number_alone, named[1:])):
        amount = Amount(reason=Reason.LINE_AMBIGUOUS)
    return Written(named, amount, tuple(tokens[end:]))


def is_number_alone(run: Sequence[Token]) -> bool:
    """A field that is a number and no measure: with another quantity on the line it is anybody's guess."""
    return all(token.kind in (Kind.NUMBER, Kind.ODD) and token.lower not in MEASURES for token in run)


def amount_at(tokens: Sequence[Token], index: int, max_quantity: int) -> tuple[Amount, int]:
    """The amount that begins at a token, and where the remark after it begins."""
    end = index + 1
    while end < len(tokens) and belongs_to_amount(tokens, end):
        end += 1
    text = " ".join(token.text for token in tokens[index:end])
    amount = read_amount(text, max_quantity)
    if end < len(tokens) and tokens[end].kind is Kind.UNIT:
        end += 1
    following = tokens[end].lower if end < len(tokens) else ""
    if (following in MEASURES or following in ("%", "percent")) and amount.value is not None:
        return Amount(reason=Reason.QUANTITY_NOT_A_NUMBER), end
    if following in PACKS and amount.value is not None:
        return Amount(reason=Reason.LINE_AMBIGUOUS), end
    return amount, end


def belongs_to_amount(tokens: Sequence[Token], index: int) -> bool:
    """Ranges, fractions and words that make one amount of several tokens."""
    token = tokens[index]
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    if token.kind is Kind.COUNT_WORD or (token.kind is Kind.ODD and token.text[:1] not in "OoIl|"):
        return True
    joins = token.text in ("-", "to", "or", "bis", "..", "/")
    if joins and following is not None and following.kind in (Kind.NUMBER, Kind.COUNT_WORD):
        return True
    return (
        token.kind is Kind.NUMBER
        and tokens[index - 1].kind is not Kind.NUMBER
        and tokens[index - 1].kind is not Kind.MARK
        or (token.kind is Kind.NUMBER and tokens[index - 1].text == "-")
    )


# What names the product


def runs_of(tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Words that stand together; commas and brackets part them, a dash does not."""
    runs: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind is Kind.MARK and token.text != "-":
            runs.append([])
        elif token.kind not in (Kind.MARK, Kind.TIMES, Kind.LABEL):
            runs[-1].append(token)
    return tuple(tuple(run) for run in runs if run)


LONGEST_ID_IN_WORDS = 6
MOST_KEYS = 24


def keys_in(runs: Sequence[Sequence[Token]]) -> tuple[str, ...]:
    """Every product key the words could spell, likeliest first.

    Beside something that looks like an id the other words are its name: "LANTERN" may well be another product's id.
    """
    words = [token for run in runs for token in run]
    pieces = [token for token in words if is_piece(token)]
    certain = [token for token in pieces if looks_like_id(token)]
    keys = dict.fromkeys(joined(run) for run in runs if can_be_one_id(run, bool(pieces)))
    keys |= dict.fromkeys(product_key(token.text) for token in certain or pieces)
    for run in runs:
        for start, end in stretches(run):
            keys[joined(run[start:end])] = None
    return tuple([key for key in keys if key][:MOST_KEYS])


def can_be_one_id(run: Sequence[Token], has_pieces: bool) -> bool:
    """Words without a figure in them are an id only all together, and only when nothing better stands there."""
    if len(run) > LONGEST_ID_IN_WORDS:
        return False
    return all(map(is_piece, run)) or not has_pieces


def is_piece(token: Token) -> bool:
    return is_fragment(token.text) or looks_like_id(token)


def stretches(run: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Neighbouring pieces that together can be an id typed with blanks inside, the longest first."""
    for size in range(min(len(run), LONGEST_ID_IN_WORDS), 1, -1):
        for start in range(len(run) - size + 1):
            if all(map(is_piece, run[start : start + size])):
                yield start, start + size


def joined(tokens: Sequence[Token]) -> str:
    return product_key("".join(token.text for token in tokens))


def id_as_written(runs: Sequence[Sequence[Token]]) -> str:
    words = [token.text for run in runs for token in run]
    strong = [token.text for run in runs for token in run if looks_like_id(token)]
    return (strong[0] if strong else " ".join(words))[:80]


# Together


def to_item(number: int, text: str, written: Written, prices: Sequence[Price], currency: str) -> ItemLine:
    keys = keys_in(written.named)
    item = ItemLine(number, text, written_id=id_as_written(written.named), named=keys)
    foreign = any(not is_ours(price.currency, currency) for price in prices)
    asked = Reason.QUESTION if text.endswith("?") else None
    reason = Reason.CURRENCY_DIFFERS if foreign else written.amount.reason or asked or remark_fault(written.remark)
    if reason is not None or written.amount.value is None:
        fault = Fault(number, text, reason or Reason.LINE_NOT_UNDERSTOOD, written.amount.suggestion)
        return replace(item, fault=fault)
    readings = [Reading(key, written.amount.value) for key in keys]
    if written.swapped is not None and written.swapped.amount.value is not None:
        readings += [Reading(key, written.swapped.amount.value) for key in keys_in(written.swapped.named)]
    each = next((price.cents for price in prices if price.each), None)
    whole = next((price.cents for price in prices if not price.each), None)
    return replace(item, readings=tuple(readings), named=(), unit_price=each, line_price=whole)


SIZED = words("size no nr number model type page colour color of article grade series version serial room for age")


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
    text = " ".join(token.text for token in remark)
    return REMARKS.get(doubt_in(text)) if text else None


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
}
