"""Suggestions keep what they promise for any rules and any basket, and are explained by what really fired."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommend.shapes import Popularity, Rule, Source
from recommend.suggest import LEADS, Suggester

PRODUCTS = "abcdefghij"
BASKETS = 100

ids = st.sampled_from(PRODUCTS)


@st.composite
def rules_of(draw: st.DrawFn) -> Rule:
    consequent = draw(ids)
    antecedent = draw(st.frozensets(ids.filter(lambda one: one != consequent), min_size=1, max_size=2))
    held, other = draw(st.integers(1, BASKETS)), draw(st.integers(1, BASKETS))
    together = draw(st.integers(1, min(held, other)))
    weight = draw(st.sampled_from([0.0, 0.01, 0.1, 0.1, 0.5]))
    return Rule(tuple(sorted(antecedent)), consequent, together, held, other, BASKETS, weight)


some_rules = st.lists(rules_of(), max_size=30, unique_by=lambda rule: (rule.antecedent, rule.consequent))
popularity = st.lists(
    st.builds(Popularity, ids, st.integers(1, BASKETS)), max_size=10, unique_by=lambda one: one.product_id
)
categories = st.dictionaries(ids, st.sampled_from(["", "tea", "garden"]))
baskets = st.lists(ids, max_size=6)
left_out = st.frozensets(ids, max_size=5)
counts = st.integers(0, 6)


def suggester_of(rules: list[Rule], popular: list[Popularity], categories: dict[str, str] | None = None) -> Suggester:
    """Every third rule is a weaker pair."""
    strong = [rule for place, rule in enumerate(rules) if place % 3]
    pairs = [rule for place, rule in enumerate(rules) if not place % 3]
    return Suggester(strong, pairs, popular, categories or {})


@given(some_rules, popularity, categories, baskets, left_out, counts)
def test_nothing_forbidden_nothing_twice_never_too_many_never_too_few(
    rules: list[Rule],
    popular: list[Popularity],
    categories: dict[str, str],
    basket: list[str],
    leave_out: frozenset[str],
    count: int,
) -> None:
    found = [one.product_id for one in suggester_of(rules, popular, categories).suggest(basket, count, leave_out)]
    assert not set(found) & (set(basket) | leave_out)
    assert len(set(found)) == len(found)
    led_to = {rule.consequent for rule in rules if set(rule.antecedent) <= set(basket)}
    known = ({one.product_id for one in popular} | led_to) - set(basket) - leave_out
    assert len(found) == min(count, len(known))


@given(some_rules, popularity, categories, baskets)
def test_the_order_of_the_basket_makes_no_difference(
    rules: list[Rule], popular: list[Popularity], categories: dict[str, str], basket: list[str]
) -> None:
    suggester = suggester_of(rules, popular, categories)
    assert suggester.suggest([*reversed(basket), *basket], 5) == suggester.suggest(basket, 5)


@given(some_rules, popularity, categories, baskets, counts)
def test_every_suggestion_tells_what_really_speaks_for_it(
    rules: list[Rule], popular: list[Popularity], categories: dict[str, str], basket: list[str], count: int
) -> None:
    strong = [rule for place, rule in enumerate(rules) if place % 3]
    fired = {rule.consequent for rule in strong if set(rule.antecedent) <= set(basket)}
    shared = {categories.get(one) for one in basket} - {None, ""}
    for one in suggester_of(rules, popular, categories).suggest(basket, count):
        assert (one.source is Source.RULE) == (one.product_id in fired)
        assert (one.rule is None) == (one.source in (Source.CATEGORY, Source.BEST_SELLER))
        if one.rule is not None:
            assert one.rule.consequent == one.product_id
            assert set(one.rule.antecedent) <= set(basket)
            assert (one.rule in strong) == (one.source is Source.RULE)
        if one.source is Source.CATEGORY:
            assert categories[one.product_id] in shared


def rule(antecedent: str, consequent: str, weight: float, together: int = 10, held: int = 20) -> Rule:
    return Rule(tuple(antecedent), consequent, together, held, 20, BASKETS, weight)


def told(suggester: Suggester, basket: str, count: int = 3) -> list[tuple[str, Source]]:
    return [(one.product_id, one.source) for one in suggester.suggest(basket, count)]


def test_rules_that_fire_for_one_product_add_up() -> None:
    suggester = Suggester([rule("a", "x", 0.3), rule("b", "y", 0.2), rule("c", "y", 0.2)], [], [], {})
    assert told(suggester, "ab") == [("x", Source.RULE), ("y", Source.RULE)]
    assert told(suggester, "abc") == [("y", Source.RULE), ("x", Source.RULE)]


def test_what_two_say_together_is_said_only_when_both_are_there() -> None:
    suggester = Suggester([rule("ab", "x", 0.9), rule("a", "y", 0.2)], [], [], {})
    assert told(suggester, "a") == [("y", Source.RULE)]
    assert told(suggester, "ab") == [("x", Source.RULE), ("y", Source.RULE)]


def test_falling_back_goes_from_pairs_to_categories_to_best_sellers() -> None:
    popular = [Popularity("best", 90), Popularity("tea", 50), Popularity("weak", 5)]
    suggester = Suggester([], [rule("a", "weak", 0.01, 2)], popular, {"a": "drinks", "tea": "drinks", "best": "other"})
    assert told(suggester, "a") == [("weak", Source.PAIR), ("tea", Source.CATEGORY), ("best", Source.BEST_SELLER)]
    assert told(suggester, "z") == [
        ("best", Source.BEST_SELLER),
        ("tea", Source.BEST_SELLER),
        ("weak", Source.BEST_SELLER),
    ]


def test_the_rule_told_is_the_one_that_adds_most_and_no_weak_pair_beside_a_rule() -> None:
    light, heavy, pair = rule("a", "x", 0.1), rule("b", "x", 0.2), rule("c", "x", 0.5)
    found = Suggester([light, heavy], [pair], [], {}).suggest("abc")
    assert [one.rule for one in found] == [heavy]


def test_rules_beyond_the_strongest_still_fill_up() -> None:
    many = [rule("a", f"x{number:03}", 1 - number / 1_000) for number in range(LEADS + 5)]
    found = Suggester(many, [], [Popularity("best", 90)], {}).suggest("a", LEADS + 6)
    assert [one.product_id for one in found] == [*(f"x{number:03}" for number in range(LEADS + 5)), "best"]
    assert {one.source for one in found[:-1]} == {Source.RULE}


def test_a_shop_without_history_suggests_nothing() -> None:
    assert Suggester([], [], [], {"a": "drinks"}).suggest("a") == []


@pytest.mark.parametrize("heavy", ["numpy", "scipy", "pandas", "mlxtend"])
def test_suggesting_brings_nothing_heavy_along(heavy: str) -> None:
    code = f"import recommend.suggest, recommend.shapes, sys; sys.exit({heavy!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
