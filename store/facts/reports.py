"""Periods, the figures of reports, and which report was made for which period."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from store.facts.offers import ArmFigures
from store.facts.text import JSON


class Report(StrEnum):
    FINANCE = "finance"
    MARKETING = "marketing"


class Span(StrEnum):
    """How long a period is; its value is the word of the command's option."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """Whole local days as the half-open window of instants [start, end), both in UTC.

    `key` is `2026-11-22`, `2026-W47` or `2026-11`; a week is called after the ISO week of its Thursday, whatever day
    it starts on. `name` is short ("week 47"), `words` are whole ("Monday 16 to Sunday 22 November 2026,
    America/Denver"). `days` counts those that the zone did not skip.
    """

    span: Span
    key: str
    start: datetime
    end: datetime
    zone: str
    first_day: date
    last_day: date
    days: int
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Tally:
    """So many orders and their worth in cents."""

    orders: int = 0
    cents: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.orders + other.orders, self.cents + other.cents)

    def __sub__(self, other: "Tally") -> "Tally":
        return Tally(self.orders - other.orders, self.cents - other.cents)


@dataclass(frozen=True, slots=True)
class Margin:
    """Gross margin of the lines that stand and whose cost is known; `cents` and `cost` are of those lines alone."""

    lines: int = 0
    known_lines: int = 0
    cents: int = 0
    cost: int = 0

    @property
    def gross(self) -> int:
        return self.cents - self.cost

    @property
    def rate(self) -> float | None:
        """Gross margin as a share of the dollars it was made with; None when no line with a known cost was sold."""
        return self.gross / self.cents if self.cents else None

    @property
    def known(self) -> float | None:
        """The share of lines whose cost is known; None when there are no lines."""
        return self.known_lines / self.lines if self.lines else None


@dataclass(frozen=True, slots=True)
class Sales:
    """What was ordered in a window; `cancelled` is what of these same orders was cancelled before the report's end.

    `customers` counts people; orders of the past whose customer is not known have none.
    """

    customers: int = 0
    ordered: Tally = Tally()
    cancelled: Tally = Tally()
    margin: Margin = Margin()

    @property
    def net(self) -> Tally:
        return self.ordered - self.cancelled


@dataclass(frozen=True, slots=True)
class Week:
    """A row of the finance report; `before_books` says that the shop's first order came only later."""

    period: Period
    sales: Sales
    before_books: bool = False


class Against(StrEnum):
    """What a week is compared with."""

    WEEK_BEFORE = "week_before"
    MEAN_OF_FOUR = "mean_of_four"
    YEAR_BEFORE = "year_before"


@dataclass(frozen=True, slots=True)
class Change:
    """A number now and before; a mean of four whole numbers is exact as a float."""

    now: int
    before: float

    @property
    def difference(self) -> float:
        return self.now - self.before

    @property
    def share(self) -> float | None:
        """The difference as a share of before (0.081 is +8.1 %); None when there was nothing before."""
        return self.difference / self.before if self.before else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The week of the report against others, by what was ordered; `keys` are the weeks it is compared with."""

    against: Against
    keys: tuple[str, ...]
    customers: Change
    orders: Change
    cents: Change


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The worth of the orders that stand (placed or fulfilled, not cancelled) when the period starts and when it ends.

    `cancelled` is what was cancelled within the period, whenever it was ordered; `changed` is what orders became worth
    more or less within it. Each of the four is counted from the books by itself.
    """

    opening: Tally
    placed: Tally
    cancelled: Tally
    closing: Tally
    changed: int = 0

    @property
    def difference(self) -> int:
        """Cents by which opening + placed - cancelled + changed misses closing: 0, or the books are wrong."""
        return self.opening.cents + self.placed.cents - self.cancelled.cents + self.changed - self.closing.cents


@dataclass(frozen=True, slots=True)
class Restatement:
    """An earlier week whose net is another than the finance report before this one told.

    `late_cancellations` is what was cancelled since; `added` is what was entered since with an earlier date (orders of
    the past); `changed` is the rest in cents. `key` is None for all that is older than the weeks shown.
    """

    key: str | None
    difference: int
    late_cancellations: Tally = Tally()
    added: Tally = Tally()
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the plots: what was ordered in the days that start with `day`."""

    day: date
    orders: int
    cents: int


@dataclass(frozen=True, slots=True)
class FinanceFigures:
    """The finance report of one week: everything in it is as the books stood when the week ended.

    `weeks` are those shown, oldest first, this one last; `year_before` is None where there is none. `weekly` and
    `daily` are the points of the plots: at least 13 weeks, oldest first, none from before the first order.
    `unread_before` names the period of the report before when that can no longer be read, so that nothing is restated.
    """

    period: Period
    weeks: tuple[Week, ...]
    year_before: Week | None
    comparisons: tuple[Comparison, ...]
    reconciliation: Reconciliation
    restated: tuple[Restatement, ...]
    weekly: tuple[Point, ...]
    daily: tuple[Point, ...]
    unread_before: str | None = None

    @property
    def now(self) -> Week:
        return self.weeks[-1]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ordered and nothing was cancelled in the period."""
        return self.now.sales.ordered.orders == 0 and self.reconciliation.cancelled.orders == 0


@dataclass(frozen=True, slots=True)
class ProductRank:
    """A product of the marketing report; `rank_before` is None when it was not ordered in the period before."""

    rank: int
    product_id: str
    name: str
    units: int
    cents: int
    rank_before: int | None
    units_before: int
    cents_before: int


@dataclass(frozen=True, slots=True)
class CustomerRank:
    """A customer of the marketing report; `alias` is short, stable and leads back to nobody ("C-7K3F9Q")."""

    rank: int
    hashed_email: str
    alias: str
    orders: int
    cents: int
    rank_before: int | None
    cents_before: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What was ordered in a period and stood when it ended."""

    customers: int = 0
    orders: int = 0
    units: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True)
class OffersFollowed:
    """What came of offers within `days` days of each; `words` say when they were made.

    `lift` is the difference of the two shares of buyers, between `low` and `high` with 95 % confidence; all three are
    None when one of the groups is empty.
    """

    days: float
    words: str
    offered: ArmFigures
    held_out: ArmFigures
    lift: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class OfferTotals:
    """Orders of a period drawn to get an offer or to be held out for comparison, and the offers sent in it.

    `followed` is what came of those whose days to buy ended in the period; None where there were none.
    """

    made: int
    sent: int
    held_out: int
    followed: OffersFollowed | None


@dataclass(frozen=True, slots=True)
class MarketingFigures:
    """The marketing report of a day, week or month: orders cancelled before it ended do not count.

    `products` are the most ordered by units, `customers` the best by dollars; `offers` is None where none are made.
    """

    period: Period
    before: Period
    totals: Totals
    totals_before: Totals
    products: tuple[ProductRank, ...]
    customers: tuple[CustomerRank, ...]
    offers: OfferTotals | None = None

    @property
    def is_empty(self) -> bool:
        return self.totals.orders == 0


Figures = FinanceFigures | MarketingFigures


@dataclass(frozen=True, slots=True)
class ReportRun:
    """A report that was made: for which period, when it was due, when it was made, and what it told (`snapshot`).

    Those of the timetable exist once a report and period; those made `by_hand` as often as somebody asks. `late` says
    that it was made long after it was due. `next_due_at` is when the next of its kind comes by itself.
    """

    report: Report
    period: Period
    due_at: datetime
    made_at: datetime
    late: bool
    next_due_at: datetime | None
    snapshot: JSON
    by_hand: bool = False
