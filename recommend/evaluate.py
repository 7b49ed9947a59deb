"""How good suggestions are: one product of each later basket is hidden, and looked for among what is suggested."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, repeat
from math import log2, sqrt
from random import Random
from statistics import fmean, stdev

from recommend.baselines import RIDGES, Weights, best, best_ridge, best_sellers_first, cosine, ease
from recommend.baskets import Owned, as_rows, as_table
from recommend.mine import mine_of
from recommend.shapes import Source
from recommend.suggest import Suggester

Basket = frozenset[str]
Progress = Callable[[int, int], None]
"""Told how many steps are done, of how many."""

DRAWS = 5
"""So often each later basket is asked about, each time without a product drawn anew: less of the result is luck."""
WITHIN = 0.8
"""Of the training baskets this share trains while EASE's lambda is chosen, on the rest of them."""
STEPS = len(RIDGES) + 4


@dataclass(frozen=True, slots=True)
class Question:
    """A basket without one of its products, which is looked for."""

    basket: Basket
    hidden: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Shares of the questions: `hit_rate` that found the product among `k`, `coverage` that got any suggestion.

    `ndcg` counts a hit at place i as 1 / log2(i + 1), of 1 at most (Järvelin, Kekäläinen 2002, with one relevant
    product). `from_rules` is the share of the suggestions that a rule led to; weaker pairs don't count. By `behind` the
    hit rate is lower than that of ours, give or take the standard error of that difference, `behind_error`: both
    answered the same questions, and those about one basket are one observation. 0.0 for ours.
    """

    method: str
    k: int
    hit_rate: float
    ndcg: float
    coverage: float
    from_rules: float
    behind: float
    behind_error: float


Places = Sequence[int | None]
"""For each question where what is hidden stands among what was found, from 0; None: nowhere."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a method made of the questions; the last two as in Scored."""

    method: str
    places: Places
    coverage: float
    from_rules: float = 0.0


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`scored` is ours first; DRAWS `questions` for each later basket but the `single` ones, which hold one product.

    In `unknown` questions the hidden one is in no training basket, so that nobody can find it; they count as missed.
    `rules` and `pairs` were mined.
    """

    scored: Sequence[Scored]
    trained: int
    questions: int
    single: int
    unknown: int
    rules: int
    pairs: int
    ridge: float


class NothingToAskError(Exception):
    """The cut leaves no basket to train on, or none of two products to ask about; one line says which."""


def questions(baskets: Sequence[Basket], seed: int = 0) -> list[Question]:
    """One for each basket of two products or more; which one is hidden follows from the seed and the baskets."""
    drawn = Random(seed)  # noqa: S311 (nobody gains by guessing it)
    hidden = [(basket, drawn.choice(sorted(basket))) for basket in baskets if len(basket) > 1]
    return [Question(basket - {one}, one) for basket, one in hidden]


def evaluate(
    baskets: Sequence[Basket], trained: int, k: int, tell: Progress, customers: Sequence[str | None] | None = None
) -> Evaluation:
    """Train on the first `trained` baskets, the oldest, and ask about the others. Raises NothingToAskError.

    Nothing of the others is known to any method: EASE's lambda is chosen within the training baskets. `customers` says
    whose each basket is; without it each is of somebody else.
    """
    earlier, later = baskets[:trained], baskets[trained:]
    asked = [one for seed in range(DRAWS) for one in questions(later, seed)]
    if not any(earlier) or not asked:
        raise NothingToAskError(
            "no basket lies before the cut" if asked else "no basket after the cut holds two products"
        )
    done = iter(range(1, STEPS + 1))

    def step() -> None:
        tell(next(done), STEPS)

    ours, rules, pairs = ask_rules(zip(customers or repeat(None), earlier, strict=False), asked, k)
    step()
    ridge = chosen_ridge(earlier, k, step)
    theirs = ask_baselines(earlier, asked, k, ridge, step)
    sold = {product_id for basket in earlier for product_id in basket}
    unknown = sum(one.hidden not in sold for one in asked)
    single = sum(len(basket) == 1 for basket in later)
    told = [scored(one, ours.places, k) for one in (ours, *theirs)]
    return Evaluation(told, len(earlier), len(asked), single, unknown, rules, pairs, ridge)


def ask_rules(earlier: Iterable[Owned], asked: Sequence[Question], k: int) -> tuple[Answered, int, int]:
    """(what was answered, how many rules, how many pairs); by the Suggester that the shop uses."""
    mined = mine_of(earlier)
    suggester = Suggester(mined.rules, mined.pairs, mined.popular, {})
    found = [suggester.suggest(one.basket, k) for one in asked]
    ids = [[suggestion.product_id for suggestion in some] for some in found]
    sources = [suggestion.source for some in found for suggestion in some]
    from_rules = sources.count(Source.RULE) / max(1, len(sources))
    return Answered("rules", places_of(ids, asked), covered(found), from_rules), len(mined.rules), len(mined.pairs)


def chosen_ridge(earlier: Sequence[Basket], k: int, step: Callable[[], None]) -> float:
    """The first of RIDGES where the training baskets are too few to ask about."""
    cut = int(len(earlier) * WITHIN)
    table, asked = best_sellers_first(as_table(earlier[:cut])), questions(earlier[cut:])
    if not asked or not table.products:
        return RIDGES[0]

    def hits(ridge: float) -> float:
        places, _ = ask(table.products, ease(table, ridge), asked, k)
        return float(sum(place is not None for place in places))

    return best_ridge(hits, step)


def ask_baselines(
    earlier: Sequence[Basket], asked: Sequence[Question], k: int, ridge: float, step: Callable[[], None]
) -> list[Answered]:
    table = best_sellers_first(as_table(earlier))
    told = [Answered("best_sellers", *ask_best_sellers(table.products, asked, k))]
    step()
    for method, weigh in (("cosine", cosine), ("ease", partial(ease, ridge=ridge))):
        told.append(Answered(method, *ask(table.products, weigh(table), asked, k)))
        step()
    return told


def ask_best_sellers(products: Sequence[str], asked: Sequence[Question], k: int) -> tuple[Places, float]:
    found = [list(islice((each for each in products if each not in one.basket), k)) for one in asked]
    return places_of(found, asked), covered(found)


def ask(products: Sequence[str], weights: Weights, asked: Sequence[Question], k: int) -> tuple[Places, float]:
    found = best(weights, as_rows([one.basket for one in asked], products), k)
    ids = [[products[place] for place in some] for some in found]
    return places_of(ids, asked), covered(found)


def places_of(found: Sequence[Sequence[str]], asked: Sequence[Question]) -> Places:
    return [some.index(one.hidden) if one.hidden in some else None for some, one in zip(found, asked, strict=True)]


def covered(found: Sequence[Sequence[object]]) -> float:
    return sum(map(bool, found)) / len(found)


def scored(answered: Answered, ours: Places, k: int) -> Scored:
    places = answered.places
    hits = [place for place in places if place is not None]
    ndcg = sum(1 / log2(place + 2) for place in hits)
    shares = (len(hits) / len(places), ndcg / len(places), answered.coverage, answered.from_rules)
    return Scored(answered.method, k, *shares, *behind(ours, places))


def behind(ours: Places, theirs: Places) -> tuple[float, float]:
    """(how much lower their hit rate is, the standard error of that); questions are DRAWS times the same baskets."""
    baskets = len(ours) // DRAWS
    more = [(our is not None) - (their is not None) for our, their in zip(ours, theirs, strict=True)]
    by_basket = [fmean(more[basket::baskets]) for basket in range(baskets)]
    return fmean(by_basket), stdev(by_basket) / sqrt(baskets) if baskets > 1 else 0.0
