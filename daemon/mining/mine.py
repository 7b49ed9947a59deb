"""One mining: the baskets of the last months are read, mined, and the rules in force replaced."""

from calendar import monthrange
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from daemon.config import MiningConfig
from recommend.shapes import Mined, Rule
from store import baskets, rules
from store.database import BusyError, Connection, Database, DatabaseError
from store.facts import Bought, Evidence, Found, KeptRule, Mining, Popular
from store.rules import Packed

Progress = Callable[[int, int], None]
"""Told how many orders are read, of how many."""
TELL_EVERY = 500


class UnderWayError(Exception):
    """Another mining of this shop runs; one line says since when."""


@dataclass(frozen=True, slots=True)
class Run:
    """Who mines, and from what; `owner` is a name that no other run has."""

    owner: str
    zone: ZoneInfo
    config: MiningConfig
    clock: Callable[[], datetime]


def begin(connection: Connection, run: Run) -> Mining:
    """Note in the books that this run mines from now on. Raises UnderWayError while another does."""
    now = run.clock()
    until = now + timedelta(minutes=run.config.give_up_minutes)
    settings = {"months": run.config.months, "most_rules": run.config.most_rules}
    since = months_before(now, run.config.months, run.zone)
    begun = rules.begin(connection, run.owner, since, settings, now, until)
    if begun.owner != run.owner:
        raise UnderWayError(
            f"another mining is under way since {begun.started_at:%Y-%m-%d %H:%M} UTC; "
            f"it is over by {begun.until:%Y-%m-%d %H:%M} UTC at the latest"
        )
    return begun


def finish(shop: Database, run: Run, begun: Mining, tell: Progress) -> Mining:
    """Do what was begun. The rules in force stay as they are when anything goes wrong; what broke it is noted."""
    try:
        return put_in_force(shop, run, begun, rules.pack(find(shop, run, begun.since, tell)))
    except BaseException as error:
        with shop.claiming() as connection:
            rules.fail(connection, run.owner, reason(error), run.clock())
        raise


def put_in_force(shop: Database, run: Run, begun: Mining, found: Packed) -> Mining:
    """Replace the rules in force, as soon as nobody else holds the books: an import may do so for minutes."""
    while True:
        try:
            with shop.claiming() as connection:
                return rules.replace(connection, begun, found, run.clock())
        except BusyError:
            if run.clock() >= begun.until:
                raise


def reason(error: BaseException) -> str:
    """Errors of the store are one line that holds no values; others may say anything."""
    return str(error) if isinstance(error, DatabaseError) else type(error).__name__


def months_before(now: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The beginning of the day so many months ago in the zone; of the month's last day where it has no such day."""
    day = now.astimezone(zone).date()
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    then = day.replace(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
    return datetime.combine(then, time(), zone).astimezone(UTC)


def find(shop: Database, run: Run, since: datetime, tell: Progress) -> Found:
    from recommend.mine import Settings, mine_of  # brings numpy and more along: nobody else shall pay for it

    with closing(in_days(orders(shop, since, tell), run.zone)) as read:
        mined = mine_of(read, Settings(most_rules=run.config.most_rules))
    with shop.reading() as connection:
        again = baskets.bought_again(connection, since)
    return as_found(mined, again)


def orders(shop: Database, since: datetime, tell: Progress) -> Iterator[Bought]:
    """A stream; the snapshot of the books is given back with the last order, before the mining proper begins."""
    with shop.reading() as connection:
        of = baskets.count(connection, since)
        for done, one in enumerate(baskets.stream(connection, since)):
            if done % TELL_EVERY == 0:
                tell(done, of)
            yield one
    tell(of, of)


def in_days(orders: Iterable[Bought], zone: ZoneInfo) -> Generator[tuple[str | None, frozenset[str]]]:
    """What each customer ordered in one day is one basket: people order again what they forgot.

    The oldest day first, each basket with its customer. Each order of somebody unknown is a basket by itself.
    """
    for _, of_one_day in groupby(orders, lambda one: one.placed_at.astimezone(zone).date()):
        held: dict[str | int, set[str]] = {}
        for place, one in enumerate(of_one_day):
            held.setdefault(one.hashed_email or place, set()).update(one.product_ids)
        yield from ((who if isinstance(who, str) else None, frozenset(basket)) for who, basket in held.items())


def as_found(mined: Mined, again: Mapping[str, tuple[int, int]]) -> Found:
    kept = [as_kept(one, Evidence.RULE) for one in mined.rules] + [as_kept(one, Evidence.PAIR) for one in mined.pairs]
    popular = [Popular(one.product_id, one.baskets, *again.get(one.product_id, (0, 0))) for one in mined.popular]
    return Found(kept, popular, mined.baskets, mined.too_wide)


def as_kept(one: Rule, evidence: Evidence) -> KeptRule:
    counts = (one.together, one.antecedents, one.consequents)
    return KeptRule(one.antecedent, one.consequent, evidence, *counts, one.weight)
