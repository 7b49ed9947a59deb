"""What mining finds and suggesting tells: frozen values that any room may hold, without numpy in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Rule:
    """Who has the antecedent often has the consequent too; all figures follow from four counts of baskets.

    `together` baskets hold antecedent and consequent, `antecedents` the whole antecedent, `consequents` the consequent,
    out of `baskets`. The antecedent's product ids are sorted. `weight` is what the rule adds to the score of its
    consequent beside other rules that fire; it is found in mining and kept with the rule.
    """

    antecedent: tuple[str, ...]
    consequent: str
    together: int
    antecedents: int
    consequents: int
    baskets: int
    weight: float = 0.0

    @property
    def support(self) -> float:
        """Share of all baskets that hold antecedent and consequent."""
        return self.together / self.baskets

    @property
    def confidence(self) -> float:
        """Share of the baskets with the antecedent that hold the consequent too."""
        return self.together / self.antecedents

    @property
    def lift(self) -> float:
        """How many times as often as if the two had nothing to do with each other (Brin et al. 1997)."""
        return self.together * self.baskets / (self.antecedents * self.consequents)


@dataclass(frozen=True, slots=True)
class Popularity:
    """How many baskets hold the product."""

    product_id: str
    baskets: int


@dataclass(frozen=True, slots=True)
class Mined:
    """What was found in `baskets` baskets.

    `rules` have enough evidence to be told; `pairs` are weaker evidence of two products, few for each product, and only
    fill up; `popular` are all products, the best seller first. `too_wide` more baskets were left out: each held so
    many products that it says next to nothing of any two.
    """

    rules: Sequence[Rule]
    pairs: Sequence[Rule]
    popular: Sequence[Popularity]
    baskets: int
    too_wide: int = 0


class Source(StrEnum):
    """Where a suggestion comes from, the strongest evidence first.

    Rules and weaker pairs are one tier, ranked by score on one scale; what they leave open is filled with best sellers
    of the basket's categories, then with best sellers.
    """

    RULE = "rule"
    PAIR = "pair"
    CATEGORY = "category"
    BEST_SELLER = "best_seller"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A product to suggest; `rule` is the one whose figures are told, and there is none without RULE or PAIR.

    Scores are comparable between RULE and PAIR, and otherwise within one source only.
    """

    product_id: str
    score: float
    source: Source
    rule: Rule | None
