"""A mining from the orders in the books to the rules in force: known answers, and what stays when it breaks."""

import threading
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from itertools import count, permutations
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon.config import MiningConfig
from daemon.mining.due import due
from daemon.mining.mine import Run, UnderWayError, begin, finish
from daemon.suggesting import LOOK_AGAIN, Suggesting, load
from recommend.shapes import Source
from store import catalogue, orders, rules
from store.database import BusyError, Database
from store.facts import Evidence, MiningState, Order, OrderLine, OrderState, Product

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
NewUrl = Callable[..., str]
UTC_ZONE = ZoneInfo("UTC")
GROCERIES = Path(__file__).parents[4] / "shared" / "data" / "baskets" / "groceries.txt"


def book(shop: Database, baskets: Sequence[Collection[str]], start: datetime = NOW - timedelta(days=300)) -> None:
    """Each basket an order of another customer, a minute after the one before."""
    goods = sorted({one for basket in baskets for one in basket})
    with shop.transaction() as conn:
        catalogue.add(conn, [Product(one, one.title(), "", 100, 1) for one in goods], "test", NOW)
        orders.book_past(conn, [order(place, one, start) for place, one in enumerate(baskets)])


def order(place: int, basket: Iterable[str], start: datetime) -> Order:
    at = start + timedelta(minutes=place)
    lines = tuple(OrderLine(one, one, 1, 100) for one in sorted(basket))
    state = OrderState.FULFILLED
    return Order(f"MO-{place}", f"{place:064}", state, at, at, at, None, "f", None, lines, at, f"s{place}")


def mine(
    shop: Database, owner: str = "test", now: datetime = NOW, tell: Callable[[int, int], None] | None = None
) -> None:
    run = Run(owner, UTC_ZONE, MiningConfig(), lambda: now)
    with shop.transaction() as conn:
        begun = begin(conn, run)
    finish(shop, run, begun, tell or (lambda done, of: None))


def tea_shop() -> list[list[str]]:
    """Two in three who take tea take a cup; wine has nothing to do with either."""
    both = [["tea", "cup"]] * 60 + [["tea"]] * 30 + [["cup"]] * 20
    return [*both, *[["wine", "tea", "cup"]] * 10, *[["wine"]] * 40, *[["jam"]] * 40]


def counted(baskets: Sequence[Collection[str]]) -> tuple[Counter[str], Counter[tuple[str, ...]]]:
    """How many baskets hold a product, and how many hold each two or three: in plain Python."""
    singles, sets = Counter[str](), Counter[tuple[str, ...]]()
    for basket in baskets:
        held = sorted(set(basket))
        singles.update(held)
        sets.update((one, other) for place, one in enumerate(held) for other in held[place + 1 :])
    return singles, sets


def test_a_rule_that_must_fire_does_with_its_exact_counts(shop: Database) -> None:
    book(shop, tea_shop())
    mine(shop)
    with shop.reading() as conn:
        mined = rules.in_force(conn)
        assert mined is not None
        assert (mined.state, mined.baskets) == (MiningState.IN_FORCE, 200)
        found = {(one.antecedent, one.consequent): one for one in rules.rules(conn, Evidence.RULE)}
        one = found[("tea",), "cup"]
        assert (one.together, one.antecedents, one.consequents) == (70, 100, 90)
        assert not [pair for pair in found if "wine" in (*pair[0], pair[1])]
        first = load(conn).suggester.suggest(["tea"], 1)[0]
        assert (first.product_id, first.source) == ("cup", Source.RULE)
        assert first.rule is not None
        assert (first.rule.together, first.rule.antecedents, first.rule.baskets) == (70, 100, 200)


def test_orders_that_do_not_stand_or_are_too_old_are_not_mined(shop: Database) -> None:
    book(shop, tea_shop(), NOW - timedelta(days=800))
    mine(shop)
    with shop.reading() as conn:
        mined = rules.in_force(conn)
        assert mined is not None
        assert (mined.baskets, mined.rules, mined.pairs) == (0, 0, 0)
        assert list(rules.popular(conn)) == []


def test_an_empty_shop_has_no_rules_and_that_is_no_error(shop: Database) -> None:
    mine(shop)
    with shop.reading() as conn:
        assert rules.version(conn) == 1
        assert load(conn).suggester.suggest(["tea"], 3) == []


class BrokenError(Exception):
    pass


def broken(done: int, of: int) -> None:
    raise BrokenError


def test_a_mining_that_breaks_leaves_the_old_rules_and_the_next_night_tries_again(shop: Database) -> None:
    book(shop, tea_shop())
    mine(shop)
    with shop.reading() as conn:
        before = list(rules.rules(conn))
    night = NOW + timedelta(days=1)
    with pytest.raises(BrokenError):
        mine(shop, "two", night, broken)
    with shop.reading() as conn:
        assert list(rules.rules(conn)) == before != []
        last = rules.latest(conn)[0]
        assert (last.state, last.reason) == (MiningState.FAILED, "BrokenError")
        config = MiningConfig()
        assert not due(conn, config, UTC_ZONE, night + timedelta(hours=3))
        assert due(conn, config, UTC_ZONE, night + timedelta(hours=16))
    mine(shop, "three", night)


def test_of_two_at_once_one_is_told_so(shop: Database) -> None:
    book(shop, tea_shop())
    reading, go_on = threading.Event(), threading.Event()

    def slow(done: int, of: int) -> None:
        reading.set()
        assert go_on.wait(20)

    first = threading.Thread(target=mine, args=(shop, "one", NOW, slow))
    first.start()
    assert reading.wait(20)
    with pytest.raises(UnderWayError, match="since 2026-11-20 12:00 UTC"):
        mine(shop, "two")
    go_on.set()
    first.join()
    with shop.reading() as conn:
        assert [one.state for one in rules.latest(conn, 5)] == [MiningState.IN_FORCE]


def test_it_waits_for_the_books_until_its_time_is_over(sqlite_urls: NewUrl, opened: Callable[..., Database]) -> None:
    url = sqlite_urls("shop")
    shop, elsewhere = opened(url, "shop", 0.02), opened(url, "shop")
    book(shop, tea_shop())
    minutes = count()
    run = Run("test", UTC_ZONE, MiningConfig(), lambda: NOW + timedelta(minutes=20 * next(minutes)))
    with shop.transaction() as conn:
        begun = begin(conn, run)
    holding = ExitStack()
    with pytest.raises(BusyError), holding:
        finish(shop, run, begun, lambda done, of: None if done < of else holding.enter_context(elsewhere.transaction()))
    assert next(minutes) >= 3
    with shop.reading() as conn:
        assert rules.version(conn) is None


def test_it_is_due_once_a_night_and_at_once_after_taking_over_past_orders(shop: Database) -> None:
    config = MiningConfig()
    with shop.reading() as conn:
        assert not due(conn, config, UTC_ZONE, NOW)
    book(shop, [["tea"]], NOW - timedelta(hours=1))
    with shop.reading() as conn:
        assert not due(conn, config, UTC_ZONE, NOW)
        assert due(conn, config, UTC_ZONE, NOW + timedelta(hours=16))
        assert not due(conn, MiningConfig(nightly=False), UTC_ZONE, NOW + timedelta(days=9))
    mine(shop)
    with shop.reading() as conn:
        assert not due(conn, config, UTC_ZONE, NOW + timedelta(hours=15, minutes=29))
        assert due(conn, config, UTC_ZONE, NOW + timedelta(hours=15, minutes=30))


def test_none_is_due_while_one_is_under_way_unless_that_has_died(shop: Database) -> None:
    evening = NOW + timedelta(hours=15, minutes=20)
    run = Run("by hand", UTC_ZONE, MiningConfig(), lambda: evening)
    with shop.transaction() as conn:
        begun = begin(conn, run)
        assert not due(conn, MiningConfig(), UTC_ZONE, evening + timedelta(minutes=20))
        assert due(conn, MiningConfig(), UTC_ZONE, begun.until)


def test_new_rules_take_the_place_of_the_old_while_those_still_serve(shop: Database) -> None:
    now = [NOW]
    suggesting = Suggesting(shop, lambda: now[0])
    book(shop, tea_shop())
    with shop.reading() as conn:
        assert suggesting.suggester(conn).suggest(["tea"], 1) == []
    mine(shop)
    with shop.reading() as conn:
        old = suggesting.suggester(conn)
        now[0] += LOOK_AGAIN - timedelta(milliseconds=1)
        assert suggesting.suggester(conn) is old
        assert suggesting.loading is None
        now[0] += timedelta(milliseconds=1)
        assert suggesting.suggester(conn) is old
    assert suggesting.loading is not None
    suggesting.loading.join()
    with shop.reading() as conn:
        new = suggesting.suggester(conn)
        assert new.suggest(["tea"], 1)[0].product_id == "cup"
        now[0] += LOOK_AGAIN
        assert suggesting.suggester(conn) is new


@pytest.fixture(scope="module")
def groceries() -> list[list[str]]:
    if not GROCERIES.exists():
        pytest.skip(f"no {GROCERIES.name} beside the checkout, under shared/data/baskets")
    return [line.split(",") for line in GROCERIES.read_text("utf-8").splitlines() if line]


def test_groceries_booked_as_orders_give_the_counts_of_plain_python(shop: Database, groceries: list[list[str]]) -> None:
    book(shop, groceries)
    mine(shop)
    singles, pairs = counted(groceries)
    with shop.reading() as conn:
        mined = rules.in_force(conn)
        kept = list(rules.rules(conn))
        popular = {one.product_id: one.baskets for one in rules.popular(conn)}
    assert mined is not None
    assert mined.baskets + mined.too_wide == len(groceries)
    assert mined.too_wide == 0
    assert popular == singles
    assert len(kept) > 1_000
    held = [frozenset(basket) for basket in groceries]
    for one in kept:
        assert one.consequents == singles[one.consequent]
        if len(one.antecedent) == 1:
            pair = min(permutations((one.antecedent[0], one.consequent)))
            assert (one.together, one.antecedents) == (pairs[pair], singles[one.antecedent[0]])
    for one in [one for one in kept if len(one.antecedent) > 1][:200]:
        having = [basket for basket in held if basket.issuperset(one.antecedent)]
        assert (one.antecedents, one.together) == (len(having), sum(one.consequent in basket for basket in having))
