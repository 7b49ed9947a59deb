"""A basket and the rules in force: ranked suggestions, each with its evidence."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from heapq import heapify, heappop
from itertools import islice

from recommend.shapes import Popularity, Rule, Source, Suggestion

__all__ = ["Popularity", "Rule", "Source", "Suggester", "Suggestion"]


class Suggester:
    """The rules in force, arranged for answering; built once and only read then, so that threads may share it.

    A product's score is the share of baskets that may be expected to hold it: its share of all baskets, changed by the
    weights of what fires. Rules and weaker pairs are on this one scale; a weak pair has a small weight, and is not kept
    out for being one. After all that these lead to comes what only rules without weight lead to (others say all that
    they have to say, but did not fire), then best sellers of the categories that the basket holds, then best sellers.
    """

    def __init__(
        self,
        rules: Sequence[Rule],
        pairs: Sequence[Rule],
        popular: Sequence[Popularity],
        categories: Mapping[str, str],
    ) -> None:
        self.popular = sorted(popular, key=lambda one: (-one.baskets, one.product_id))
        self.categories = categories
        self.by_category: dict[str, list[Popularity]] = {}
        for one in self.popular:
            if category := categories.get(one.product_id):
                self.by_category.setdefault(category, []).append(one)
        self.singles: dict[str, list[tuple[str, float]]] = {}
        self.wider: dict[str, list[tuple[frozenset[str], str, float]]] = {}
        self.idle: dict[str, list[Rule]] = {}
        self.leading_to: dict[str, list[tuple[Rule, Source]]] = {}
        self.expected: dict[str, float] = {}
        for source, some in ((Source.RULE, rules), (Source.PAIR, pairs)):
            for rule in some:
                self.add(rule, source)

    def add(self, rule: Rule, source: Source) -> None:
        first, *rest = rule.antecedent
        if not rule.weight:
            self.idle.setdefault(first, []).append(rule)
        elif rest:
            self.wider.setdefault(first, []).append((frozenset(rest), rule.consequent, rule.weight))
        else:
            self.singles.setdefault(first, []).append((rule.consequent, rule.weight))
        self.leading_to.setdefault(rule.consequent, []).append((rule, source))
        # What is expected when nothing fires: weights tell what differs from the usual, so their usual sum is taken off.
        before = self.expected.get(rule.consequent, rule.consequents / rule.baskets)
        self.expected[rule.consequent] = before - rule.weight * rule.antecedents / rule.baskets

    def suggest(
        self, basket: Collection[str], count: int = 3, leave_out: Container[str] = frozenset()
    ) -> list[Suggestion]:
        """At most `count` products for the basket, the best first; nothing that it holds or that is left out.

        There are fewer only when no more products are known. The order of the basket makes no difference.
        """
        held = frozenset(basket)
        found: list[Suggestion] = []
        for tier in (self.led_to, self.led_to_idly, self.alike, self.sold_best):
            taken = tier(held, leave_out)
            known = {one.product_id for one in found}
            found += islice((one for one in taken if one.product_id not in known), max(0, count - len(found)))
        return found

    def led_to(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        """What rules and pairs lead to; each with the rule that adds most, and a weak pair only without any rule."""
        return self.ranked(self.scores(held), held, leave_out)

    def led_to_idly(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        fired = (rule for one in held for rule in self.idle.get(one, ()) if held.issuperset(rule.antecedent))
        return self.ranked({rule.consequent: self.expected[rule.consequent] for rule in fired}, held, leave_out)

    def ranked(
        self, scores: Mapping[str, float], held: frozenset[str], leave_out: Container[str]
    ) -> Iterator[Suggestion]:
        heap = [(-score, product_id) for product_id, score in scores.items() if product_id not in held]
        heapify(heap)
        while heap:
            score, product_id = heappop(heap)
            if product_id not in leave_out:
                fired = [one for one in self.leading_to[product_id] if held.issuperset(one[0].antecedent)]
                rule, source = max(fired, key=telling)
                yield Suggestion(product_id, -score, source, rule)

    def scores(self, held: frozenset[str]) -> dict[str, float]:
        added: dict[str, float] = defaultdict(float)
        # In a fixed order, so that sums of floats are the same for the same basket.
        for product_id in sorted(held):
            for consequent, weight in self.singles.get(product_id, ()):
                added[consequent] += weight
            for rest, consequent, weight in self.wider.get(product_id, ()):
                if rest <= held:
                    added[consequent] += weight
        expected = self.expected
        return {product_id: expected[product_id] + more for product_id, more in added.items()}

    def alike(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        """Best sellers of the basket's categories, those of which it holds most first."""
        shared: dict[str, int] = {}
        for product_id in held:
            if category := self.categories.get(product_id):
                shared[category] = shared.get(category, 0) + 1
        for category in sorted(shared, key=lambda one: (-shared[one], one)):
            for one in self.by_category.get(category, ()):
                if one.product_id not in held and one.product_id not in leave_out:
                    yield Suggestion(one.product_id, float(one.baskets), Source.CATEGORY, None)

    def sold_best(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        for one in self.popular:
            if one.product_id not in held and one.product_id not in leave_out:
                yield Suggestion(one.product_id, float(one.baskets), Source.BEST_SELLER, None)


def telling(one: tuple[Rule, Source]) -> tuple[bool, float, float, tuple[str, ...]]:
    rule, source = one
    return source is Source.RULE, rule.weight, rule.confidence, rule.antecedent
