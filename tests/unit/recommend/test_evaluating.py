"""Figures of an evaluation are those of a count by hand, and nothing of the later baskets is known beforehand."""

from math import log2

import numpy as np
import pytest

from recommend.baselines import best, cosine, ease
from recommend.baskets import as_rows, as_table
from recommend.evaluate import DRAWS, Answered, Basket, NothingToAskError, behind, evaluate, questions, scored
from tests.unit.recommend.test_mining import market


def silent(done: int, of: int) -> None:
    assert 0 < done <= of


def test_one_product_of_each_later_basket_is_hidden_always_the_same() -> None:
    baskets = market(count=50)
    asked = questions(baskets)
    assert [one.basket | {one.hidden} for one in asked] == [basket for basket in baskets if len(basket) > 1]
    assert all(one.hidden not in one.basket for one in asked)
    assert questions(baskets) == asked != questions(baskets, seed=1)


def test_places_become_hit_rate_and_ndcg() -> None:
    places = [0, None, 2, None] * DRAWS
    told = scored(Answered("rules", places, 1.0, 0.5), places, 3)
    assert told.hit_rate == 0.5
    assert told.ndcg == pytest.approx((1 + 1 / log2(4)) / 4)
    assert (told.behind, told.behind_error) == (0.0, 0.0)


def test_the_error_of_a_difference_is_that_between_baskets_however_often_each_is_asked() -> None:
    # Four baskets: we alone find the first one's product each time, they alone the second one's once.
    ours: list[int | None] = [0, None, 2, None] * DRAWS
    theirs: list[int | None] = [None, None, 0, None] * (DRAWS - 1) + [None, 1, 2, None]
    by_basket = np.array([1, -1 / DRAWS, 0, 0])
    difference, error = behind(ours, theirs)
    assert difference == pytest.approx(by_basket.mean())
    assert error == pytest.approx(by_basket.std(ddof=1) / 2)
    assert behind(theirs, ours) == pytest.approx((-difference, error))


def test_the_habit_of_a_single_customer_is_not_counted_on() -> None:
    habit: list[Basket] = [frozenset({"lamp", "shade"})] * 6
    baskets = [*market(count=300), *habit]
    owned = [*[None] * 300, *["ada"] * 6]

    def told(customers: list[str | None] | None) -> int:
        found = evaluate([*baskets, frozenset({"lamp", "shade"})], 306, 3, silent, customers)
        return found.rules + found.pairs

    assert told(None) == told([None] * 307) == told([*owned, None]) + 2


def test_rules_find_what_goes_together_and_best_sellers_do_not() -> None:
    told = evaluate(market(count=1_500), 1_200, 3, silent)
    by_method = {one.method: one for one in told.scored}
    assert list(by_method) == ["rules", "best_sellers", "cosine", "ease"]
    assert by_method["rules"].hit_rate > by_method["best_sellers"].hit_rate
    assert by_method["rules"].coverage == by_method["best_sellers"].coverage == 1.0
    assert 0 < by_method["rules"].from_rules <= 1
    assert all(0 <= one.ndcg <= one.hit_rate <= 1 for one in told.scored)
    assert evaluate(market(count=1_500), 1_200, 3, silent) == told


def test_single_baskets_are_passed_over_and_unknown_products_are_missed() -> None:
    later: list[Basket] = [frozenset({"pot"}), frozenset({"new1", "new2"})]
    told = evaluate([*market(count=300), *later], 300, 3, silent)
    assert (told.questions, told.single, told.unknown) == (DRAWS, 1, DRAWS)
    assert {one.hit_rate for one in told.scored} == {0.0}


@pytest.mark.parametrize(
    ("baskets", "trained", "words"),
    [
        ([], 0, "no basket after the cut"),
        (market(count=20), 0, "no basket lies before"),
        ([*market(count=20), frozenset({"pot"})], 20, "no basket after the cut"),
    ],
)
def test_a_cut_that_leaves_nothing_is_told(baskets: list[Basket], trained: int, words: str) -> None:
    with pytest.raises(NothingToAskError, match=words):
        evaluate(baskets, trained, 3, silent)


def test_a_single_training_basket_is_enough_to_run() -> None:
    assert evaluate([frozenset({"a", "b"}), frozenset({"a", "b"})], 1, 3, silent).questions == DRAWS


def test_ease_is_the_ridge_regression_of_each_product_on_all_others() -> None:
    table = as_table(market(count=200))
    ones, weights = table.ones.toarray().astype(float), ease(table, 10.0)
    for product in (0, 7, len(table.products) - 1):
        others = [place for place in range(len(table.products)) if place != product]
        squares = ones[:, others].T @ ones[:, others] + 10.0 * np.eye(len(others))
        by_hand = np.linalg.solve(squares, ones[:, others].T @ ones[:, product])
        assert weights[others, product] == pytest.approx(by_hand, abs=1e-5)


def test_the_best_are_ranked_without_what_the_basket_holds() -> None:
    table = as_table([frozenset("ab"), frozenset("ab"), frozenset("ac"), frozenset("d")])
    rows = as_rows([frozenset("a"), frozenset("ab"), frozenset("unknown")], table.products)
    assert best(cosine(table), rows, 3) == [[1, 2], [2], []]
