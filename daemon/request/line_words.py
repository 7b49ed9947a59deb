"""The words beside id and quantity on an item line, and why they cannot be passed over."""

import re
from collections.abc import Sequence

from daemon.request.against import doubt_of_order, second_thought
from daemon.request.arrange import SIZED, Written, is_measured
from daemon.request.asides import doubt_beside
from daemon.request.courtesy import is_courtesy
from daemon.request.doubt import Doubt
from daemon.request.naming import is_piece, looks_like_id
from daemon.request.quantity import ABOUT
from daemon.request.shapes import Reason
from daemon.request.spelling import words
from daemon.request.tokens import COUNTED, MEASURES, Kind, Token
from daemon.request.wishes import DAY, LIMIT

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
    r"(?<!\w)(?:later|(?:next|this) (?:week|month|year|spring|summer|autumn|fall|winter|\w+day)|(?:in|on|for|by|until|"
    r"from) (?:(?:jan|feb|apr|may|june?|july?|aug|sept?|oct|nov|dec|mar)\w{0,6}|\w+day)|tomorrow|sale|deal|"
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


def words_beside(written: Written) -> str:
    """What stands on the line besides id and quantity: the product's name, or something that somebody has to read."""
    named = [token for run in written.named for token in run if not is_piece(token) and token not in written.remark]
    beside = [*named, *written.remark]
    return " ".join(token.text for token in beside if token.kind not in (Kind.MARK, Kind.UNIT, Kind.LABEL))
