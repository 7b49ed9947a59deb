"""What one or two customers do is told to nobody, however often they do it."""

from collections import defaultdict
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommend.baskets import Owned, as_table_of
from recommend.mine import Settings, mine, mine_of
from recommend.people import people_of
from recommend.shapes import Mined
from tests.unit.recommend.test_mining import market

Told = set[tuple[tuple[str, ...], str]]


def told(mined: Mined) -> Told:
    return {(one.antecedent, one.consequent) for one in (*mined.rules, *mined.pairs)}


def lamp_and_shade(*customers: str | None) -> list[Owned]:
    """Six times a lamp and a shade, by these customers in turn, among what sixty others buy by chance."""
    drawn = Random(1)
    others = [(f"other{number}", drawn.sample("abcdefghijklmnopqrst", 2)) for number in range(60)]
    return [*others, *[(customers[turn % len(customers)], ["lamp", "shade"]) for turn in range(6)]]


@pytest.mark.parametrize(
    ("customers", "people"),
    [(["ada"], 1), (["ada", "ben"], 2), (["ada", "ben", "eve"], 3), (["ada", None], 4), ([None], 6)],
    ids=["one", "two", "three", "one and strangers", "strangers"],
)
def test_the_habit_of_one_or_two_is_no_rule(customers: list[str | None], people: int) -> None:
    pair = {(("lamp",), "shade"), (("shade",), "lamp")}
    baskets = lamp_and_shade(*customers)
    assert told(mine_of(baskets)) & pair == (pair if people >= 3 else set())
    assert told(mine_of(baskets, Settings(people=people))) & pair == pair
    assert not told(mine_of(baskets, Settings(people=people + 1))) & pair


def gifts(customer: str | None) -> list[Owned]:
    """Who buys a and b buys the gift, too: one customer a hundred times, or a hundred people."""
    drawn = Random(3)
    chance = [(None, {one for one in "abxyz" if drawn.random() < 0.3} - {drawn.choice("ab")}) for _ in range(1_000)]
    return [*chance, *[(None, {"gift"}) for _ in range(20)], *[(customer, {"a", "b", "gift"}) for _ in range(100)]]


def test_the_habit_of_one_is_no_rule_of_three_products_either() -> None:
    seen = {customer: told(mine_of(gifts(customer), Settings(chance_rate=0.5))) for customer in (None, "ada")}
    assert any("gift" in (*antecedent, consequent) for antecedent, consequent in seen[None])
    assert not any("gift" in (*antecedent, consequent) for antecedent, consequent in seen["ada"])


owned = st.tuples(st.sampled_from([None, "ada", "ben", "eve", "kim"]), st.frozensets(st.sampled_from("abcdef")))


@given(st.lists(owned, max_size=60), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_whatever_is_told_comes_from_enough_people(baskets: list[Owned], people: int) -> None:
    """Counted another way: by looking through all baskets for each."""
    for antecedent, consequent in told(mine_of(baskets, Settings(chance_rate=0.5, people=people))):
        whole = {*antecedent, consequent}
        theirs = {who or place for place, (who, basket) in enumerate(baskets) if whole.issubset(basket)}
        assert len(theirs) >= people


@given(st.lists(owned, min_size=1, max_size=60))
@settings(max_examples=100, deadline=None)
def test_people_are_counted_as_by_hand(baskets: list[Owned]) -> None:
    table = as_table_of(baskets)
    by_hand: defaultdict[tuple[str, str], set[str | int]] = defaultdict(set)
    for place, (who, basket) in enumerate(baskets):
        for one in basket:
            for other in basket:
                by_hand[one, other].add(who or place)
    pairs = [(a, b) for a in range(len(table.products)) for b in range(len(table.products))]
    Random(len(baskets)).shuffle(pairs)
    columns, consequents = np.array(pairs, np.int64).reshape(-1, 2).T
    ours = people_of(table, table.ones, columns, consequents)
    assert ours.tolist() == [len(by_hand[table.products[a], table.products[b]]) for a, b in pairs]


def test_strangers_are_each_somebody_else_and_wide_baskets_take_their_people_along() -> None:
    assert mine(market()) == mine_of((None, basket) for basket in market())
    wide = ("ada", [f"wide{number}" for number in range(3_000)])
    baskets = lamp_and_shade("ada", "ben", "eve")
    assert told(mine_of([wide, *baskets], Settings(work=1_000_000))) == told(mine_of(baskets))
