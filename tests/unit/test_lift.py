"""The intervals are those of their papers, and hold what they promise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.lift import Interval, katz, lift_of, newcombe, wilson
from store.facts import ArmFigures

# Newcombe, Statist. Med. 17 (1998), table II, method 10.
PUBLISHED = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000)),
]
arms = st.integers(1, 100_000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


@pytest.mark.parametrize(("counts", "interval"), PUBLISHED)
def test_the_difference_is_newcombes(counts: tuple[int, int, int, int], interval: tuple[float, float]) -> None:
    found = newcombe(*counts)
    assert (round(found.low, 4), round(found.high, 4)) == interval


def test_the_share_is_wilsons() -> None:
    """Newcombe, Statist. Med. 17 (1998), p. 857, table I, method 3: 81 of 263 and 0 of 20."""
    found = [wilson(81, 263), wilson(0, 20)]
    assert [(round(one.low, 4), round(one.high, 4)) for one in found] == [(0.2553, 0.3662), (0.0, 0.1611)]


def test_the_ratio_is_that_of_the_physicians_health_study() -> None:
    """Agresti, Categorical Data Analysis (2002), section 3.1: 189 of 11,034 to 104 of 11,037 is 1.82 (1.43 to 2.31)."""
    found = katz(189, 11_034, 104, 11_037)
    assert found is not None
    assert (round(found.low, 2), round(found.high, 2)) == (1.43, 2.31)


@given(arms, arms)
def test_an_interval_holds_its_difference_and_turns_with_the_arms(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    found, turned = newcombe(*first, *second), newcombe(*second, *first)
    difference = first[0] / first[1] - second[0] / second[1]
    assert -1.0 - 1e-9 <= found.low <= difference + 1e-9
    assert difference - 1e-9 <= found.high <= 1.0 + 1e-9
    assert turned.low == pytest.approx(-found.high)
    assert turned.high == pytest.approx(-found.low)


@given(arms, arms)
def test_a_lift_can_be_told_of_any_two_arms(first: tuple[int, int], second: tuple[int, int]) -> None:
    lift = lift_of(ArmFigures(first[1], first[0], 100), ArmFigures(second[1], second[0], 100))
    assert lift is not None
    assert (lift.ratio is None) == (second[0] == 0)
    assert (lift.ratio_between is None) == (first[0] == 0 or second[0] == 0)
    assert lift.is_sure == (lift.between.low > 0 or lift.between.high < 0)


@pytest.mark.parametrize("orders", [(0, 5), (5, 0), (0, 0)])
def test_an_empty_arm_tells_nothing(orders: tuple[int, int]) -> None:
    assert lift_of(ArmFigures(orders[0], 0, 0), ArmFigures(orders[1], 0, 0)) is None


def test_intervals_narrow_with_more_orders() -> None:
    def width(found: Interval) -> float:
        return found.high - found.low

    widths = [width(newcombe(7 * times, 100 * times, 3 * times, 100 * times)) for times in (1, 10, 100)]
    assert widths == sorted(widths, reverse=True)
