"""The sentence that cancels: the one command that is never read out of doubt, so every word of it has to be known."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from daemon.request.numbers import FOUR, named_orders
from daemon.request.regrets import without_regret
from daemon.request.spelling import words

HINT = re.compile(r"can[cs]?[ea]l|cancle|storn|ann?ul")
VERBS = words(
    "cancel cancle cancell cancal cansel canel cancellation cancelation storno stornieren storniere "
    "annuler d'annuler annulez annulation cancelar cancele anular anule annullare annulli"
)
PARTICIPLES = words("cancelled canceled")
WISHES = words("want like need please should must wish")
AROUND = words(
    "please pls plz kindly hi hello hey dear shop sir madam team all thanks thank you thx i we i'd we'd would like "
    "want need wish hereby have to the my our this that it them these those order orders number numbers nr id of for "
    "request whole entire complete entirely completely wholly full purchase and as well also both asap now "
    "immediately today urgent urgently right away regards best be should must can could will a an in its entirety "
    "following everything soon possible very much so at once above below mentioned & + from made placed subject "
    "bestellung bestellungen bitte meine die hallo danke sie ich möchte hiermit gern gerne "
    "commande commandes la ma bonjour svp merci je voudrais souhaite s'il vous plaît plait "
    "mi el pedido por favor hola gracias quiero quisiera il mio ordine per favore vorrei grazie buongiorno"
)
LOOSE = words(
    "last latest recent recently previous first old new newest second other today's yesterday yesterday's earlier just "
    "on sent morning afternoon evening week sunday monday tuesday wednesday thursday friday saturday all both "
    "everything orders"
)
"""Words that mean a certain order, or several, without naming it."""

KNOWN = VERBS | PARTICIPLES | AROUND | LOOSE
# A bare "no" says the opposite, unless it stands behind the word for an order.
NUMBER_WORD = re.compile(
    r"(?<!\w)(?:(?:(?<=order )|(?<=orders ))nos?[.:]?|nos?[.:]|(?:nr|num|number|numbers|#)[.:]?) ?"
    rf"(?=#?mo(?:\b|[_.-]{{0,3}}{FOUR}[ _.-]{{0,3}}{FOUR}(?!\w))|\d)",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\s,.;:!?()\[\]\"#<>*_]+")
YOU = re.compile(r"(?:could|would|can|will) you")


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Which orders a sentence cancels; `malformed` is what stands where a number belongs and is none.

    `vague` says that it means a certain order, or several, and names none.
    """

    numbers: tuple[str, ...]
    malformed: tuple[str, ...]
    vague: bool


def read_cancelling(text: str) -> Cancelling | None:
    """The cancellation that a plain sentence is; None when any word of it is not known to belong to one."""
    if not HINT.search(text):
        return None
    text = without_regret(text)
    asked = YOU.search(text) is not None
    if not HINT.search(text) or ("?" in text and not (asked and "please" in text)):
        return None
    named = named_orders(NUMBER_WORD.sub(" ", text))
    said = [word for word in (found.strip("'-") for found in WORD.findall(named.rest.lower())) if word]
    odd = tuple(word for word in said if any(map(str.isdigit, word)))
    if not is_wish(said, asked) or not (KNOWN | set(odd)).issuperset(said) or (odd and named.numbers):
        return None
    vague = not named.numbers and not odd and not LOOSE.isdisjoint(said)
    return Cancelling(named.numbers, (*named.malformed, *odd), vague)


def is_wish(said: Sequence[str], asked: bool) -> bool:
    """One verb, said as a wish: "is cancelled" tells, "can I cancel" asks, "cancel the cancellation" revokes."""
    verbs = [word for word in said if word in VERBS or word in PARTICIPLES]
    if len(verbs) != 1 or (not asked and not {"can", "could", "will"}.isdisjoint(said)):
        return False
    if verbs[0] in PARTICIPLES:
        return "have" not in said and not WISHES.isdisjoint(said)
    return "should" not in said
