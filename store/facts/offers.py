"""Offers made after orders, what may keep one from going out, and what came of them."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

OFFER = "offer"  # the kind of mail that an offer is


class Arm(StrEnum):
    """Which part of the comparison an order fell into: its customer gets the offer, or gets none on purpose."""

    OFFERED = "offered"
    HELD_OUT = "held_out"


@dataclass(frozen=True, slots=True)
class OfferItem:
    """A product offered, at its price in cents, and why.

    `source` is where the suggestion came from (rule, pair, category, best_seller). The counts are the rule's, of
    baskets; without a rule there is no antecedent and they are None.
    """

    product_id: str
    unit_price: int
    source: str
    antecedent: tuple[str, ...] = ()
    together: int | None = None
    antecedents: int | None = None
    consequents: int | None = None
    baskets: int | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What was offered after an order, or would have been; by hash, so that it stays when a customer is erased."""

    order_number: str
    hashed_email: str
    arm: Arm
    made_at: datetime
    items: tuple[OfferItem, ...]


@dataclass(frozen=True, slots=True)
class Brakes:
    """What keeps offers from going out at one moment.

    None goes to who cancelled an order since `cancelled_since`, to who was sent `per_person` of them since
    `person_since`, nor at all once `per_day` were sent since `day_since`. `quiet_until` is when quiet hours end; None
    outside of them. With `on` False none goes out at all.
    """

    cancelled_since: datetime
    person_since: datetime
    per_person: int
    day_since: datetime
    per_day: int
    quiet_until: datetime | None = None
    on: bool = True


class Braked(StrEnum):
    """Why an offer does not go out, or was not made; kept as the last reply of its row."""

    OFF = "off"
    STOPPED = "stopped"
    SUPPRESSED = "suppressed"
    ORDER_GONE = "order_gone"
    CANCELLED_LATELY = "cancelled_lately"
    STALE = "stale"
    ENOUGH_FOR_PERSON = "enough_for_person"
    ENOUGH_FOR_DAY = "enough_for_day"


@dataclass(frozen=True, slots=True)
class ArmFigures:
    """One arm of the comparison: orders drawn into it, how many of them converted, and the cents that came of it.

    An order drawn converts when the same customer then orders, within the days asked for, a product that was offered
    (or would have been), and that order stands. The cents are those of the lines with such products; a line counts
    once, for the latest offer before it.
    """

    orders: int
    converted: int
    cents: int

    @property
    def share(self) -> float | None:
        """Converted out of drawn; None when none was drawn."""
        return self.converted / self.orders if self.orders else None


@dataclass(frozen=True, slots=True)
class RuleFigures:
    """The same for everything that was offered for one reason: the rule from `antecedent` to `product_id`, or another
    `source` without a rule.
    """

    source: str
    antecedent: tuple[str, ...]
    product_id: str
    offered: ArmFigures
    held_out: ArmFigures


@dataclass(frozen=True, slots=True)
class OfferFigures:
    """What came of the offers made in [since, until), each followed for `days` days.

    `sent` were accepted by the relay; the arm OFFERED counts those that were not, too (intention to treat): what stops
    an offer after the draw would have stopped it in the other arm. `by_rule`: the most often offered first.
    """

    since: datetime | None
    until: datetime | None
    days: float
    sent: int
    offered: ArmFigures
    held_out: ArmFigures
    by_rule: tuple[RuleFigures, ...]
