"""Whether offers pay: how much more often who gets one orders what was offered, and how sure that is."""

import math
from dataclasses import dataclass

from store.facts import ArmFigures

Z95 = 1.959963984540054
"""The standard normal quantile of a two-sided interval of 95 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Lift:
    """The share that converted among the offered against that among the held out.

    `difference` is in shares (0.01 is one in a hundred); `ratio` is None when nobody who was held out converted, its
    interval also when nobody at all did. Both intervals are of 95 %.
    """

    difference: float
    between: Interval
    ratio: float | None
    ratio_between: Interval | None

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves no room for no difference at all."""
        return self.between.low > 0 or self.between.high < 0


def lift_of(offered: ArmFigures, held_out: ArmFigures) -> Lift | None:
    """Offered against held out, by intention to treat; None when either arm is empty.

    It takes the orders drawn for independent, which they nearly are: nobody is drawn more often than
    `offers.per_person_week` allows.
    """
    if offered.share is None or held_out.share is None:
        return None
    counts = (offered.converted, offered.orders, held_out.converted, held_out.orders)
    ratio = offered.share / held_out.share if held_out.converted else None
    return Lift(offered.share - held_out.share, newcombe(*counts), ratio, katz(*counts))


def wilson(successes: int, trials: int, z: float = Z95) -> Interval:
    """The score interval of a share (Wilson, J. Amer. Statist. Assoc. 22, 1927, p. 209)."""
    share, square = successes / trials, z * z
    middle = share + square / (2 * trials)
    reach = z * math.sqrt(share * (1 - share) / trials + square / (4 * trials * trials))
    whole = 1 + square / trials
    return Interval(max(0.0, (middle - reach) / whole), min(1.0, (middle + reach) / whole))


def newcombe(first: int, first_of: int, second: int, second_of: int, z: float = Z95) -> Interval:
    """The hybrid score interval of the difference of two shares, first minus second.

    Newcombe, Interval estimation for the difference between independent proportions, Statist. Med. 17 (1998), p. 873:
    method 10, without continuity correction. It holds also where shares are small or nobody converted.
    """
    one, other = first / first_of, second / second_of
    mine, theirs = wilson(first, first_of, z), wilson(second, second_of, z)
    low = one - other - math.hypot(one - mine.low, theirs.high - other)
    high = one - other + math.hypot(mine.high - one, other - theirs.low)
    return Interval(low, high)


def katz(first: int, first_of: int, second: int, second_of: int, z: float = Z95) -> Interval | None:
    """The log interval of the ratio of two shares, first to second; None where either is zero.

    Katz, Baptista, Azen, Pike, Obtaining confidence intervals for the risk ratio in cohort studies, Biometrics 34
    (1978), p. 469.
    """
    if not first or not second:
        return None
    middle = math.log(first / first_of) - math.log(second / second_of)
    reach = z * math.sqrt(1 / first - 1 / first_of + 1 / second - 1 / second_of)
    return Interval(math.exp(middle - reach), math.exp(middle + reach))
