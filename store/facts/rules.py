"""Association rules as they are kept, and the mining that they come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from store.facts.text import JSON


class MiningState(StrEnum):
    """`running -> in_force -> replaced`, or `running -> failed`; the database allows one running and one in force."""

    RUNNING = "running"
    IN_FORCE = "in_force"
    REPLACED = "replaced"
    FAILED = "failed"


class Evidence(StrEnum):
    RULE = "rule"  # enough of it to be told
    PAIR = "pair"  # weaker: only fills up


@dataclass(frozen=True, slots=True)
class Mining:
    """One run over the baskets placed at `since` or later; `owner` is the run that may finish it.

    One that is running and was not heard of until `until` has died. `settings` are what it was told. Besides the
    `baskets` mined, those that were `too_wide` were left out.
    """

    id: int
    state: MiningState
    owner: str
    started_at: datetime
    until: datetime
    since: datetime
    settings: JSON
    finished_at: datetime | None = None
    baskets: int = 0
    too_wide: int = 0
    rules: int = 0
    pairs: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class KeptRule:
    """The antecedent's product ids are sorted; the counts are of baskets, out of those of the mining in force."""

    antecedent: tuple[str, ...]
    consequent: str
    evidence: Evidence
    together: int
    antecedents: int
    consequents: int
    weight: float


@dataclass(frozen=True, slots=True)
class Bought:
    """One order as mining sees it: when, by whom where that is known, and which products, in no order."""

    placed_at: datetime
    hashed_email: str | None
    product_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Popular:
    """A product: how many baskets hold it, how many known customers bought it, how many of them on another day too."""

    product_id: str
    baskets: int
    customers: int
    again: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a mining found in `baskets` baskets: rules with the best first, all products with the best seller first."""

    rules: Sequence[KeptRule]
    popular: Sequence[Popular]
    baskets: int
    too_wide: int = 0
