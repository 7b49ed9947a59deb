"""Where on an item line the quantity stands, where the product, and what is remark."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.request.naming import SPOKEN, is_piece, joined_is_strong, looks_like_id, runs_of
from daemon.request.quantity import Amount, read_amount
from daemon.request.shapes import Reason
from daemon.request.spelling import words
from daemon.request.tokens import MEASURES, PACKS, Kind, Token, is_fragment, is_strong


@dataclass(frozen=True, slots=True)
class Written:
    """What stands on an item line: the words that name the product, the amount, the remark after it."""

    named: tuple[tuple[Token, ...], ...]  # the words in runs; no id reaches over the end of one
    amount: Amount
    remark: tuple[Token, ...] = ()
    swapped: "Written | None" = None  # the same two figures the other way round


def without_labels(tokens: Sequence[Token]) -> list[Token]:
    """ "qty 2 BJ02R0G72U8V" begins with the quantity all the same."""
    start = next((place for place, token in enumerate(tokens) if token.kind not in (Kind.LABEL, Kind.MARK)), 0)
    return list(tokens[start:])


def arrange(tokens: Sequence[Token], max_quantity: int) -> Written:
    """Which token is the quantity, which words name the product, what is remark."""
    tokens = glued_pair(negated(without_labels(tokens)))
    after = [index for index in range(1, len(tokens)) if after_separator(tokens, index)]
    pieces = [index for index in after if not is_measured(tokens, index)]
    spots = pieces or after or [index for index in range(1, len(tokens)) if after_id(tokens, index)]
    leads = leading(tokens, bool(spots))
    if leads and spots and is_glued(tokens):
        whole = Token(Kind.WORD, "".join(token.text for token in tokens[:3]), tokens[0].tight)
        return arrange([whole, *tokens[3:]], max_quantity)
    if leads and spots:
        return both_ends(tokens, spots, max_quantity)
    if leads:
        return from_the_front(tokens, max_quantity)
    if not spots:
        last = behind_name(tokens)
        return without_amount(tokens) if last is None else from_the_back(tokens, last, max_quantity)
    if len(spots) > 1 and not is_range(tokens, spots):
        return Written(runs_of(tokens[: spots[0]]), Amount(reason=Reason.LINE_AMBIGUOUS))
    return from_the_back(tokens, spots[0], max_quantity)


SIGNS = frozenset("-+~<>≈≤≥±")


def is_glued(tokens: Sequence[Token]) -> bool:
    """ "12X4567890ABCD, 2" is an id: written in one word, and with another quantity behind it."""
    return len(tokens) > 2 and tokens[1].kind is Kind.TIMES and tokens[1].tight and tokens[2].tight


def negated(tokens: Sequence[Token]) -> list[Token]:
    """ "BJ02R0G72U8V, - 2" is minus two: a dash behind another separator is a sign."""
    signed: list[Token] = []
    for index, token in enumerate(tokens):
        before = tokens[index - 1].text if index > 1 and tokens[index - 1].kind is Kind.MARK else ""
        sign = before == "-" and tokens[index - 2].kind in (Kind.MARK, Kind.TIMES, Kind.LABEL)
        if token.kind is Kind.NUMBER and (sign or (before != "-" and before[-1:] in SIGNS)):
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


SIZED = words("size no nr number model type page colour color of article grade series version serial room for age")
"""Words behind which a number is no quantity."""


def behind_name(tokens: Sequence[Token]) -> int | None:
    """Where the one number of the line stands, when it ends in it and holds one id, words, and nothing else."""
    end = len(tokens)
    while end > 1 and (tokens[end - 1].kind is Kind.UNIT or tokens[end - 1].lower in POLITE):
        end -= 1
    number, before = tokens[end - 1 : end], tokens[: end - 1]
    if not number or number[0].kind is not Kind.NUMBER or len(number[0].text) > 4 or not before:
        return None
    others = [token for token in before if not is_strong(token.text)]
    words_alone = all(token.text in (",", "-") or token.text.isalpha() for token in others)
    counted = any(token.kind not in (Kind.WORD, Kind.MARK) for token in others)
    sized = before[-1].lower in SIZED | MEASURES or before[-1].kind is Kind.MARK
    return end - 1 if len(before) - len(others) == 1 and words_alone and not counted and not sized else None


def without_amount(tokens: Sequence[Token]) -> Written:
    stray = any(token.kind in (Kind.NUMBER, Kind.ODD) and len(token.text) < 5 for token in tokens[1:])
    several = sum(token.kind is Kind.WORD for token in tokens) > 1
    reason = Reason.LINE_AMBIGUOUS if stray and several else Reason.QUANTITY_MISSING
    return Written(runs_of(tokens), Amount(reason=reason))


def from_the_front(tokens: Sequence[Token], max_quantity: int) -> Written:
    amount, start = amount_at(tokens, 0, max_quantity)
    while start < len(tokens) and is_before_id(tokens[start]):
        start += 1
    rest = tokens[start:]
    end = end_of_naming(rest)
    # What follows the id may be its name or a remark; it is looked at as both.
    behind_id = next((place + 1 for place, token in enumerate(rest) if looks_like_id(token)), end)
    return Written(runs_of(rest[:end]), amount, tuple(rest[behind_id:]))


def is_before_id(token: Token) -> bool:
    return token.kind in (Kind.TIMES, Kind.UNIT, Kind.MARK) or token.lower in ("of", "the", "these")


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
    return all(token.kind in COUNTS and token.lower not in MEASURES for token in run)


def amount_at(tokens: Sequence[Token], index: int, max_quantity: int) -> tuple[Amount, int]:
    """The amount that begins at a token, and where the remark after it begins."""
    end = index + 1
    while end < len(tokens) and belongs_to_amount(tokens, end):
        end += 1
    text = " ".join(token.text for token in tokens[index:end])
    amount = read_amount(text, max_quantity)
    if end < len(tokens) and (
        tokens[end].kind is Kind.UNIT or (tokens[end].kind is Kind.TIMES and end + 1 == len(tokens))
    ):
        end += 1
    following = tokens[end].lower if end < len(tokens) else ""
    if (following in MEASURES or following.startswith(("%", "percent"))) and amount.value is not None:
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
    before = tokens[index - 1]
    return token.kind is Kind.NUMBER and (before.text == "-" or before.kind not in (Kind.NUMBER, Kind.MARK))
