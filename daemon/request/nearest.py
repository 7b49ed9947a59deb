"""The product that something written is nearest to: to be suggested, never to be taken."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby, islice, pairwise, takewhile
from typing import Protocol

from daemon.request.spelling import fold
from daemon.request.tokens import is_strong
from store.facts import product_key, search_text

MOST_EDITS = 3
"""An id further away than this is not a slip of the finger; and never more than a third of its length."""

LIKE_A_NAME = 75
"""rapidfuzz's token_set_ratio, of 100, from which a written name is near to a product's."""

LONGEST = 80
MOST_TIED = 3
MOST_COMPARED = 200
"""So many names of products that hold the words written are compared with them letter by letter."""


class Assortment(Protocol):
    """What is on sale, as it is searched: what is as long as the catalogue is given as a whole, to be walked once."""

    def keys(self) -> Sequence[str]:
        """The key (`store.facts.product_key`) of every product, on sale or not."""
        ...

    def words(self) -> Sequence[str]:
        """Every word (`store.facts.words_of`) of what is on sale, in order."""
        ...

    def holding(self, terms: Sequence[Collection[str]], most: int) -> Sequence[tuple[str, str]]:
        """(key, name) of `most` products on sale that hold most of the terms, the rarest before all; a term is given
        by the words that it may mean.
        """
        ...

    def on_sale(self, keys: Sequence[str]) -> Sequence[str]:
        """Those of the keys whose products can be ordered."""
        ...


def nearest(written: str, goods: Assortment) -> tuple[str, ...]:
    """The keys of the nearest products by id, else by name: several where they are equally near, at most MOST_TIED.

    Nothing where none is near; what is an id by its look is looked for among the ids alone. Words without a figure are
    first taken for a name.
    """
    text = written[:LONGEST]
    if " " not in written and is_strong(written):
        return by_id(product_key(text), goods)
    if " " not in written or any(map(str.isdecimal, text)):
        return by_id(product_key(text), goods) or by_name(text, goods)
    return by_name(text, goods) or by_id(product_key(text), goods)


def by_id(key: str, goods: Assortment) -> tuple[str, ...]:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    edits = min(MOST_EDITS, len(key) // 3)
    if edits == 0:
        return ()
    found = process.extract(key, goods.keys(), scorer=OSA.distance, score_cutoff=edits, limit=None)
    for _, equally_far in groupby(found, lambda one: one[1]):
        if tied := goods.on_sale([known for known, _, _ in equally_far]):
            return tuple(sorted(tied)[:MOST_TIED])
    return ()


def by_name(text: str, goods: Assortment) -> tuple[str, ...]:
    from rapidfuzz import fuzz, process

    name = in_words(text)
    if len(name) < 3 or not any(map(str.isalpha, name)):
        return ()
    found = goods.holding(list(words_meant(search_text(text).split(), goods.words())), MOST_COMPARED)
    names = [in_words(known) for _, known in found]
    for (key, _), known in zip(found, names, strict=True):
        if known.replace(" ", "") == name.replace(" ", ""):
            return (key,)
    near = process.extract(name, names, scorer=fuzz.token_set_ratio, score_cutoff=LIKE_A_NAME, limit=MOST_TIED)
    return tuple(found[place][0] for _, ratio, place in near if ratio == near[0][1])


def words_meant(terms: Sequence[str], known: Sequence[str]) -> Iterator[Collection[str]]:
    """For each term the words of the assortment that it may mean; `known` is in order.

    A word that is there, in one number or the other, means itself: its look-alikes would only push it aside.
    """
    there = set(known)
    for term in dict.fromkeys(terms):
        itself = there.intersection((term, f"{term}s", term.removesuffix("s")))
        if itself or len(term) < SHORTEST_PART:
            yield itself
        else:
            yield {*near_words([term], known), *begun_by(term, known)}
            yield from halves_of(term, there)
    yield from ({one + two} for one, two in pairwise(terms) if one + two in there)


SHORTEST_PART = 3
MOST_BEGUN = 8
MOST_WORDS = 3


def begun_by(term: str, known: Sequence[str]) -> Sequence[str]:
    """The shortest of the words that the term is the beginning of."""
    first = bisect_left(known, term)
    begun = takewhile(lambda word: word.startswith(term), islice(known, first, None))
    return sorted(begun, key=len)[:MOST_BEGUN]


def halves_of(term: str, there: set[str]) -> Iterator[Collection[str]]:
    """The two words that the term was put together from."""
    for cut in range(SHORTEST_PART, len(term) - SHORTEST_PART + 1):
        if there.issuperset((term[:cut], term[cut:])):
            yield from ({term[:cut]}, {term[cut:]})


def near_words(terms: Iterable[str], known: Sequence[str]) -> tuple[str, ...]:
    """The words nearest to the terms, at most MOST_WORDS a term; a third of its letters may differ.

    Only words of letters: another figure is another size, and no slip.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    found: dict[str, None] = {}
    for term in filter(str.isalpha, terms):
        near = process.extract(term, known, scorer=OSA.distance, limit=MOST_WORDS, score_cutoff=max(1, len(term) // 3))
        found.update((word, None) for word, far, _ in near if far == near[0][1] and word.isalpha())
    return tuple(found)


def in_words(name: str) -> str:
    """In lower case without signs; mugs as mug, since who orders two names a product so."""
    plain = "".join(letter if letter.isalnum() else " " for letter in fold(name).lower())
    return " ".join(word.removesuffix("s") if len(word) > 3 else word for word in plain.split())
