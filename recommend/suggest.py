"""A basket and the rules in force: ranked suggestions, each with its evidence."""

from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice

from recommend.shapes import Popularity, Rule, Source, Suggestion

__all__ = ["Popularity", "Rule", "Source", "Suggester", "Suggestion"]

LEADS = 50
"""Of what a product leads to, the strongest so many are added up; it bounds the time, and more do not find better."""


class Suggester:
    """The rules in force, arranged for answering; built once and only read then, so that threads may share it.

    A product's score is the share of baskets that may be expected to hold it: its share of all baskets, changed by the
    weights of what fires. Rules and weaker pairs are on this one scale; a weak pair has a small weight, and is not kept
    out for being one. After all that these lead to comes what only rules lead to that are not added up, then best
    sellers of the categories that the basket holds, then best sellers.
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
        self.by_category = by_category(self.popular, categories)
        self.leading_to = leading_to(rules, pairs)
        # Consequents go by their places here, the best seller first.
        self.consequents = [one.product_id for one in self.popular if one.product_id in self.leading_to]
        self.consequents += sorted(self.leading_to.keys() - set(self.consequents))
        self.expected = [0.0] * len(self.consequents)
        self.singles: dict[str, tuple[list[int], list[float]]] = {}
        self.wider: dict[str, list[tuple[frozenset[str], int, float]]] = {}
        self.idle: dict[str, list[Rule]] = {}
        self.arrange()

    def arrange(self) -> None:
        place_of = {product_id: place for place, product_id in enumerate(self.consequents)}
        by_first: dict[str, list[Rule]] = {}
        for product_id, found in self.leading_to.items():
            one = found[0][0]
            self.expected[place_of[product_id]] = one.consequents / one.baskets
            for rule, _ in found:
                by_first.setdefault(rule.antecedent[0], []).append(rule)
        for first, some in by_first.items():
            some.sort(key=lambda rule: (-rule.weight, place_of[rule.consequent], rule.antecedent))
            for rule in some[:LEADS]:
                self.add(first, rule, place_of[rule.consequent])
            if idle := some[LEADS:]:
                self.idle[first] = idle

    def add(self, first: str, rule: Rule, place: int) -> None:
        if len(rule.antecedent) > 1:
            self.wider.setdefault(first, []).append((frozenset(rule.antecedent), place, rule.weight))
        else:
            places, weights = self.singles.setdefault(first, ([], []))
            places.append(place)
            weights.append(rule.weight)
        # Weights tell what differs from the usual, so what they add up to usually is taken off beforehand.
        self.expected[place] -= rule.weight * rule.antecedents / rule.baskets

    def suggest(
        self, basket: Collection[str], count: int = 3, leave_out: Container[str] = frozenset()
    ) -> list[Suggestion]:
        """At most `count` products for the basket, the best first; nothing that it holds or that is left out.

        There are fewer only when no more products are known. The order of the basket makes no difference.
        """
        held = frozenset(basket)
        found: dict[str, Suggestion] = {}
        for tier in (self.led_to, self.led_to_idly, self.alike, self.sold_best):
            if len(found) >= count:
                break
            fresh = (one for one in tier(held, leave_out) if one.product_id not in found)
            found.update((one.product_id, one) for one in islice(fresh, count - len(found)))
        return list(found.values())

    def led_to(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        """What rules and pairs lead to; each with the rule that adds most, and a weak pair only without any rule."""
        scores, places = self.scores(held)
        # Of two with the same score the better seller, whose place is the smaller one.
        best = sorted(sorted(places), key=scores.__getitem__, reverse=True)
        return self.reasoned(((self.consequents[place], scores[place]) for place in best), held, leave_out)

    def led_to_idly(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        fired: dict[str, float] = {}
        for rule in (rule for one in sorted(held) for rule in self.idle.get(one, ())):
            if held.issuperset(rule.antecedent):
                fired[rule.consequent] = max(rule.confidence, fired.get(rule.consequent, 0.0))
        best = sorted(fired, key=lambda one: (-fired[one], one))
        return self.reasoned(((one, fired[one]) for one in best), held, leave_out)

    def scores(self, held: frozenset[str]) -> tuple[list[float], set[int]]:
        """(the score of every consequent, the places of those that anything leads to)."""
        scores, fired = self.expected.copy(), set[int]()
        # In a fixed order, so that sums of floats are the same for the same basket.
        for product_id in sorted(held):
            if product_id in self.singles:
                places, weights = self.singles[product_id]
                fired.update(places)
                for place, weight in zip(places, weights, strict=True):
                    scores[place] += weight
            for antecedent, place, weight in self.wider.get(product_id, ()):
                if antecedent <= held:
                    scores[place] += weight
                    fired.add(place)
        return scores, fired

    def reasoned(
        self, ranked: Iterable[tuple[str, float]], held: frozenset[str], leave_out: Container[str]
    ) -> Iterator[Suggestion]:
        for product_id, score in ranked:
            if product_id not in held and product_id not in leave_out:
                fired = [one for one in self.leading_to[product_id] if held.issuperset(one[0].antecedent)]
                rule, source = max(fired, key=telling)
                yield Suggestion(product_id, score, source, rule)

    def alike(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        """Best sellers of the basket's categories, those of which it holds most first."""
        shared: dict[str, int] = {}
        for product_id in held:
            if category := self.categories.get(product_id):
                shared[category] = shared.get(category, 0) + 1
        for category in sorted(shared, key=lambda one: (-shared[one], one)):
            yield from unranked(self.by_category.get(category, ()), Source.CATEGORY, held, leave_out)

    def sold_best(self, held: frozenset[str], leave_out: Container[str]) -> Iterator[Suggestion]:
        return unranked(self.popular, Source.BEST_SELLER, held, leave_out)


def unranked(
    popular: Iterable[Popularity], source: Source, held: frozenset[str], leave_out: Container[str]
) -> Iterator[Suggestion]:
    for one in popular:
        if one.product_id not in held and one.product_id not in leave_out:
            yield Suggestion(one.product_id, float(one.baskets), source, None)


def by_category(popular: Iterable[Popularity], categories: Mapping[str, str]) -> dict[str, list[Popularity]]:
    found: dict[str, list[Popularity]] = {}
    for one in popular:
        if category := categories.get(one.product_id):
            found.setdefault(category, []).append(one)
    return found


def leading_to(rules: Iterable[Rule], pairs: Iterable[Rule]) -> dict[str, list[tuple[Rule, Source]]]:
    """The rules and pairs by their consequent, with what each is."""
    found: dict[str, list[tuple[Rule, Source]]] = {}
    for source, some in ((Source.RULE, rules), (Source.PAIR, pairs)):
        for rule in some:
            found.setdefault(rule.consequent, []).append((rule, source))
    return found


def telling(one: tuple[Rule, Source]) -> tuple[bool, float, float, tuple[str, ...]]:
    """Whose figures are told of the rules that fired: of the one that adds most, and no weak pair beside a rule."""
    rule, source = one
    return source is Source.RULE, rule.weight, rule.confidence, rule.antecedent
