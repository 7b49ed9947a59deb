"""The commands of the letter language: one sentence or subject to at most one of them."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from daemon.request.cancelling import read_cancelling
from daemon.request.choosing import MORE, chosen_with_yes
from daemon.request.doubt import Doubt, doubt_in
from daemon.request.money import is_ours, take_prices
from daemon.request.nearly import nearest_command
from daemon.request.numbers import named_orders
from daemon.request.phrases import (
    AGAIN,
    ASKS,
    CATALOG,
    CHANGE,
    CHANGE_BY_NUMBER,
    GOODS,
    MY_ORDER,
    NOTIFY,
    OR_LESS,
    ORDER,
    PREFIXES,
    PRODUCTS_FOR,
    QUOTE,
    RECOMMEND,
    STATUS,
    SUFFIXES,
    TRIGGER,
    UNDER,
    VAGUE,
    WHERE,
    YES,
)
from daemon.request.shapes import AskKind
from daemon.request.spelling import fold, plain

LONGEST = 200
"""A command is short; what is longer is prose."""

EDGES = " \t,.;:!?¿¡-_*\"'()[]<>"
POLITE_WORDS = 8


@dataclass(frozen=True, slots=True)
class Command:
    """What a sentence asks. `kind` is an AskKind's value, or order, quote, change, cancel, yes.

    `inclusive`: what costs just `cents` is meant, too; `foreign`: a price in another currency than ours; `vague`: some
    order is meant and none is named; `weak`: a command only where the letter says nothing else; `instead`: it is none
    of ours, and this one comes nearest.
    """

    kind: str
    numbers: tuple[str, ...] = ()
    malformed: tuple[str, ...] = ()
    argument: str = ""
    cents: int | None = None
    inclusive: bool = False
    foreign: bool = False
    vague: bool = False
    weak: bool = False
    instead: str = ""
    line: int | None = None
    text: str = ""
    choice: int | None = None
    more: bool = False


def read_command(text: str, currency: str = "USD") -> Command | None:
    """The command that a whole line, sentence or subject is, or None."""
    return command_in(text, currency)


# A sentence is asked about several times: as a command, as a courtesy, as a doubt.
@lru_cache(maxsize=256)
def command_in(text: str, currency: str) -> Command | None:
    if len(text) > LONGEST:
        return None
    sentence = spelt_out(plain(text))
    if not TRIGGER.search(sentence):
        return None
    cancelling = read_cancelling(sentence)
    if cancelling is not None:
        return Command("cancel", cancelling.numbers, cancelling.malformed, vague=cancelling.vague, text=text.strip())
    asked = read_question(sentence, currency)
    if asked is None or ("?" in sentence and books(asked) and not POLITE.match(sentence)):
        return None
    return replace(asked, text=text.strip())


POLITE = re.compile(r"(?:(?:hi|hello|hey)[ ,]{1,3})?(?:please )?(?:can|could|may|would|will) (?:i|we|you) ")


def books(command: Command) -> bool:
    """Whether an order comes of it: who only asks whether ("again?") has not ordered yet."""
    return command.kind in ("yes", AskKind.AGAIN)


SHORT_FOR = {"do u": "do you", "can u": "can you", "could u": "could you", "have u": "have you"}
SHORT_FOR |= {"whats": "what's", "wheres": "where's", "ive": "i've", "ur catalog": "your catalog"}
SHORT = re.compile(rf"(?<!\w)(?:{'|'.join(SHORT_FOR)})(?!\w)")


def spelt_out(sentence: str) -> str:
    """As people write on a telephone: "do u have"."""
    return SHORT.sub(lambda found: SHORT_FOR[found[0]], sentence)


def read_question(sentence: str, currency: str) -> Command | None:
    """Every command but cancelling."""
    named = named_orders(sentence)
    core = bare(" ".join(named.rest.split()))
    if named.numbers or named.malformed:
        return about_order(core, named.numbers, named.malformed)
    for kind, pattern in (("order", ORDER), ("quote", QUOTE), ("yes", YES), *ASKS, ("change", CHANGE)):
        if pattern.fullmatch(core):
            return Command(str(kind), more=kind == "yes" and bool(MORE.search(core)))
    place = chosen_with_yes(core)
    if place is not None:
        return Command("yes", choice=place)
    if nearest := nearest_command(core):
        return Command(nearest[0], weak=True, instead=nearest[1])
    return products_under(core, currency) or with_argument(core)


def bare(text: str) -> str:
    """Without the politeness around it."""
    for _ in range(POLITE_WORDS):
        before = text
        text = text.strip(EDGES)
        for prefix in PREFIXES if text.startswith(PREFIXES) else ():
            after = text[len(prefix) : len(prefix) + 1]
            if text.startswith(prefix) and not after.isalnum() and after != "'":
                text = text[len(prefix) :].strip(EDGES)
        for suffix in SUFFIXES if text.endswith(SUFFIXES) else ():
            if text.endswith(suffix) and not text[: -len(suffix)][-1:].isalnum():
                text = text[: -len(suffix)].strip(EDGES)
        if text == before:
            break
    return text


def about_order(core: str, numbers: tuple[str, ...], malformed: tuple[str, ...]) -> Command | None:
    """What can be asked of an order by its number, besides cancelling."""
    if STATUS.fullmatch(core) or WHERE.fullmatch(core):
        return Command(AskKind.STATUS.value, numbers, malformed)
    if CHANGE.fullmatch(core) or CHANGE_BY_NUMBER.fullmatch(core):
        return Command("change", numbers, malformed)
    if AGAIN.fullmatch(core):
        return Command(AskKind.AGAIN.value, numbers, malformed)
    return Command("yes", numbers, malformed) if YES.fullmatch(core) else None


def products_under(core: str, currency: str) -> Command | None:
    """ "under 20" leaves out what costs 20; "up to 20" and "20 or less" do not."""
    found, behind = UNDER.match(core), OR_LESS.search(core)
    if found is not None:
        bound, inclusive = core[found.end() :], found["inclusive"] is not None
    elif behind is not None and (before := PRODUCTS_FOR.match(core)):
        bound, inclusive = core[before.end() : behind.start()], True
    else:
        return None
    bound = bound.strip(EDGES)
    left, prices = take_prices(f"@{bound}" if bound.replace(".", "").replace(",", "").isdecimal() else bound)
    if len(prices) != 1 or left.strip(EDGES):
        return None
    foreign = not is_ours(prices[0].currency, currency)
    return Command(AskKind.PRODUCTS_UNDER.value, cents=prices[0].cents, inclusive=inclusive, foreign=foreign)


def with_argument(core: str) -> Command | None:
    """Questions that may hold a word of the customer's."""
    if STATUS.fullmatch(core):
        return Command(AskKind.STATUS.value)
    if AGAIN.fullmatch(core):
        return Command(AskKind.AGAIN.value)
    if found := NOTIFY.fullmatch(core):
        return Command(AskKind.NOTIFY.value, argument=(found["word"] or found["sought"] or "").strip().upper())
    if found := CATALOG.fullmatch(core):
        return Command(AskKind.CATALOG.value, argument=(found["word"] or found["sought"] or "").strip())
    if found := RECOMMEND.fullmatch(core):
        return Command(AskKind.RECOMMEND.value, argument=named_after(found["word"] or found["beside"] or "").upper())
    if found := MY_ORDER.fullmatch(core):
        return Command((AskKind.MY_ORDERS if found["which"] else AskKind.STATUS).value, weak=True)
    if (found := GOODS.fullmatch(core)) and doubt_in(core.replace("do you", "")) in (None, Doubt.QUESTION):
        return Command(AskKind.CATALOG.value, argument=found["goods"].strip(), weak=True)
    return None


def named_after(text: str) -> str:
    """What "recommend something like ..." names, without the words that name nothing."""
    said = text.split()
    while said and said[0].strip(EDGES) in VAGUE:
        said = said[1:]
    return " ".join(said)


SENTENCE_END = re.compile(r"(?<=[.!?;])\s+|,?\s+(?=because\b|since (?:i|we|you|it|the)\b|as (?:i|we)\b)", re.IGNORECASE)


# Each question about a line is put to its sentences. A line may be as long as a letter, so only a few are kept.
@lru_cache(maxsize=64)
def sentences(text: str) -> tuple[str, ...]:
    """The sentences of a line, cut where a mark is followed by a blank, and before the reason that one gives."""
    folded = fold(text)
    return tuple(sentence for sentence in SENTENCE_END.split(folded) if any(map(str.isalnum, sentence)))
