"""The rules in force, held ready for answering, and what of their suggestions this customer can be offered."""

import threading
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import TypeVar

import structlog

from recommend.shapes import Popularity, Rule
from recommend.suggest import Suggester, Suggestion
from store import baskets, catalogue, rules
from store.database import Connection, Database, DatabaseError
from store.facts import Evidence, KeptRule, Product, product_key

log = structlog.get_logger()

LOOK_AGAIN = timedelta(seconds=5)
"""How soon rules that another process has mined are noticed."""
JUST_CANCELLED = timedelta(days=30)
"""For how long nobody is offered what they have cancelled."""
BOUGHT_AGAIN, BOUGHT_AGAIN_SHARE = 3, 0.2
"""Somebody is offered what they have only if so many, and this share, of its customers bought it on another day too.

From one in five on, an owner is as likely to buy it again as anybody is to take the best suggestion.
"""
SPARE = 3
"""So many suggestions more are asked for than are wanted, because some turn out to be out of stock."""

Clock = Callable[[], datetime]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Offerable:
    """A suggestion that can be ordered: the product with its price and stock of the moment."""

    product: Product
    suggestion: Suggestion


@dataclass(frozen=True, slots=True)
class Held:
    """A suggester, and the mining whose rules it knows."""

    version: int | None
    suggester: Suggester


class Suggesting:
    """One a process, safe to share between threads: holds the rules in force, and notices when there are others.

    Others are loaded in a thread of their own, and the former serve until they are there: loading 100,000 rules takes
    about a second, and whoever asks may hold the books.
    """

    def __init__(self, shop: Database, clock: Clock) -> None:
        self.shop, self.clock = shop, clock
        self.turn = threading.Lock()
        self.held: Held | None = None
        self.looked_at = datetime.min.replace(tzinfo=UTC)
        self.loading: threading.Thread | None = None

    def prepare(self) -> None:
        """Load what is in force, so that nobody waits for it later."""
        with self.shop.reading() as connection:
            self.suggester(connection)

    def suggester(self, connection: Connection) -> Suggester:
        """The suggester of the rules in force, or of those that were a moment (LOOK_AGAIN and the loading) ago."""
        with self.turn:
            now = self.clock()
            if self.held is None:
                self.held, self.looked_at = load(connection), now
            elif abs(now - self.looked_at) >= LOOK_AGAIN:
                self.looked_at = now
                if rules.version(connection) != self.held.version:
                    self.load_beside()
            return self.held.suggester

    def load_beside(self) -> None:
        if self.loading is None or not self.loading.is_alive():
            self.loading = threading.Thread(target=self.reload, name="rules", daemon=True)
            self.loading.start()

    def reload(self) -> None:
        """A database that does not answer now is asked again at the next look."""
        try:
            with self.shop.reading() as connection:
                fresh = load(connection)
        except DatabaseError as error:
            log.warning("rules_not_loaded", error=str(error))
            return
        with self.turn:
            self.held = fresh


def load(connection: Connection) -> Held:
    """Everything that suggesting needs, from the shop database, as it was at one moment."""
    mining = rules.in_force(connection)
    of = mining.baskets if mining else 0
    strong = [as_rule(one, of) for one in rules.rules(connection, Evidence.RULE)]
    pairs = [as_rule(one, of) for one in rules.rules(connection, Evidence.PAIR)]
    popular = [Popularity(intern(one.product_id), one.baskets) for one in rules.popular(connection)]
    categories = {intern(product_id): intern(category) for product_id, category in baskets.categories(connection)}
    return Held(mining.id if mining else None, Suggester(strong, pairs, popular, categories))


def as_rule(one: KeptRule, baskets: int) -> Rule:
    # The same product stands in many rules: kept once.
    antecedent = tuple(map(intern, one.antecedent))
    counts = (one.together, one.antecedents, one.consequents)
    return Rule(antecedent, intern(one.consequent), *counts, baskets, one.weight)


def offerable(
    connection: Connection,
    suggester: Suggester,
    held: Mapping[Key, Collection[str]],
    customers: Mapping[Key, str],
    count: int,
    now: datetime,
) -> dict[Key, list[Offerable]]:
    """At most `count` suggestions for each of the baskets, the best first, all of which can be ordered now.

    `held` are product ids by whatever key the caller likes, `customers` the hashed_email behind a key where it is
    known. Nobody is offered what is in the basket, out of stock, retired, cancelled by this customer within
    JUST_CANCELLED, or owned and not bought again (BOUGHT_AGAIN). A few queries, however many baskets.
    """
    barred = barred_for(connection, set(customers.values()), now)
    out = {key: barred.get(customers.get(key, ""), frozenset()) for key in held}
    found = {key: suggester.suggest(basket, count + SPARE, out[key]) for key, basket in held.items()}
    offers = available(connection, found, count)
    short = [key for key in held if len(offers[key]) < count and len(found[key]) == count + SPARE]
    if short:
        gone = baskets.unavailable(connection)
        found = {key: suggester.suggest(held[key], count, gone | out[key]) for key in short}
        offers |= available(connection, found, count)
    return offers


def barred_for(connection: Connection, hashed_emails: Collection[str], now: datetime) -> dict[str, Set[str]]:
    """What each customer is not to be offered, because of what they ordered before."""
    owned = baskets.owned(connection, hashed_emails, BOUGHT_AGAIN, BOUGHT_AGAIN_SHARE)
    cancelled = baskets.cancelled(connection, hashed_emails, now - JUST_CANCELLED)
    return {one: owned.get(one, set()) | cancelled.get(one, set()) for one in {*owned, *cancelled}}


def available(
    connection: Connection, found: Mapping[Key, Sequence[Suggestion]], count: int
) -> dict[Key, list[Offerable]]:
    """The first `count` of each whose product is on sale and on hand."""
    keys = {one.product_id: product_key(one.product_id) for suggestions in found.values() for one in suggestions}
    products = catalogue.products(connection, keys.values())
    on_sale = {one.product_id: one for one in products.values() if one.active and one.on_hand > 0}
    return {
        key: [Offerable(on_sale[one.product_id], one) for one in suggestions if one.product_id in on_sale][:count]
        for key, suggestions in found.items()
    }
