"""What can be offered to whom: nothing forbidden ever, and as much as there is; held against a plain reckoning."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from daemon.suggesting import JUST_CANCELLED, load, offerable
from store import catalogue, orders, rules
from store.database import Connection, Database, open_shop
from store.facts import Evidence, Found, KeptRule, Order, OrderLine, OrderState, Popular, Product

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
IDS = [f"P{number:02}" for number in range(14)]
CUSTOMERS = ("ada", "ben")


@dataclass(frozen=True)
class Past:
    """An order of the past: whose, of what, and for how many days it has been cancelled, if it has."""

    who: str
    product_ids: frozenset[str]
    cancelled_days: float | None
    held: bool


@dataclass(frozen=True)
class World:
    products: Sequence[Product]
    popular: Sequence[Popular]
    kept: Sequence[KeptRule]
    past: Sequence[Past]


def product(product_id: str, on_hand: int, active: bool, category: str) -> Product:
    return Product(product_id, f"Product {product_id}", category, 100, on_hand, active)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    on_hand = st.sampled_from([0, 1, 5, 9])
    products = [product(one, draw(on_hand), draw(st.booleans()), draw(st.sampled_from("xy"))) for one in IDS]
    known = draw(st.lists(st.sampled_from(IDS), unique=True))
    counts = [(draw(st.integers(0, 20)), draw(st.integers(0, 20))) for _ in known]
    popular = [
        Popular(one, 30 - place, max(pair), min(pair))
        for place, (one, pair) in enumerate(zip(known, counts, strict=True))
    ]
    some = st.frozensets(st.sampled_from(IDS), min_size=1, max_size=4)
    past = st.builds(
        Past, st.sampled_from(CUSTOMERS), some, st.none() | st.floats(0, 60, allow_nan=False), st.booleans()
    )
    return World(products, popular, draw(rules_among(known)), draw(st.lists(past, max_size=5)))


def rules_among(known: Sequence[str]) -> st.SearchStrategy[list[KeptRule]]:
    """Rules name only products that were in a basket, as mining makes them."""
    if len(known) < 3:
        return st.just([])
    three = st.lists(st.sampled_from(known), min_size=3, max_size=3, unique=True)
    width = st.integers(1, 2)
    return st.lists(
        st.builds(
            lambda ids, wide, evidence: KeptRule(
                tuple(sorted(ids[1 : 1 + wide])), ids[0], evidence, 5, 8 - wide, 9, 0.3
            ),
            three,
            width,
            st.sampled_from(Evidence),
        ),
        max_size=8,
        unique_by=lambda one: (one.antecedent, one.consequent),
    )


def as_order(place: int, one: Past) -> Order:
    closed = None if one.cancelled_days is None else NOW - timedelta(days=one.cancelled_days)
    state = OrderState.HELD if one.held else OrderState.PLACED if closed is None else OrderState.CANCELLED
    lines = tuple(OrderLine(each, each, 1, 100) for each in sorted(one.product_ids))
    at = NOW - timedelta(days=90)
    closed = None if one.held else closed
    return Order(f"MO-{place}", one.who, state, at, at, at, None, "f", None, lines, closed, f"s{place}")


def write(conn: Connection, world: World) -> None:
    catalogue.add(conn, world.products, "test", NOW)
    orders.book_past(conn, [as_order(place, one) for place, one in enumerate(world.past)])
    begun = rules.begin(conn, "test", NOW, {}, NOW, NOW + timedelta(hours=1))
    rules.replace(conn, begun, rules.pack(Found(world.kept, world.popular, 30)), NOW)


def forbidden(world: World, basket: frozenset[str], who: str | None) -> set[str]:
    """Reckoned from the world alone, product by product."""
    bought_again = {one.product_id for one in world.popular if one.again >= 3 and one.again >= 0.2 * one.customers}
    out = {one.product_id for one in world.products if not one.active or one.on_hand == 0} | basket
    for one in world.past:
        if one.who != who or one.held:
            continue
        if one.cancelled_days is None:
            out |= one.product_ids - bought_again
        elif one.cancelled_days <= JUST_CANCELLED.days:
            out |= one.product_ids
    return out


class Undone(Exception):  # noqa: N818
    pass


@contextmanager
def for_a_moment(shop: Database) -> Iterator[Connection]:
    """A transaction that leaves the database as it was, for the next example."""
    with suppress(Undone), shop.transaction() as conn:
        yield conn
        raise Undone


@pytest.fixture(scope="module")
def one_shop(sqlite_urls: Callable[..., str]) -> Iterator[Database]:
    shop = open_shop(sqlite_urls("shop"))
    yield shop
    shop.close()


baskets_of_many = st.lists(
    st.tuples(st.frozensets(st.sampled_from(IDS), max_size=4), st.none() | st.sampled_from(CUSTOMERS)), max_size=5
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(worlds(), baskets_of_many, st.integers(1, 4))
def test_nothing_forbidden_is_offered_and_all_that_is_wanted_where_there_is_enough(
    one_shop: Database, world: World, asked: list[tuple[frozenset[str], str | None]], count: int
) -> None:
    held = {place: basket for place, (basket, _) in enumerate(asked)}
    customers = {place: who for place, (_, who) in enumerate(asked) if who is not None}
    with for_a_moment(one_shop) as conn:
        write(conn, world)
        found = offerable(conn, load(conn).suggester, held, customers, count, NOW)
        assert found.keys() == held.keys()
        for place, offers in found.items():
            ids = [one.product.product_id for one in offers]
            bad = forbidden(world, held[place], customers.get(place))
            assert not bad.intersection(ids)
            assert len(set(ids)) == len(ids)
            allowed = {one.product_id for one in world.popular} - bad
            assert len(ids) == min(count, len(allowed)), (ids, allowed)
            assert all(one.product in world.products for one in offers)
            assert [one.suggestion.product_id for one in offers] == ids


def many(conn: Connection) -> None:
    """A shop whose best sellers are all sold out: what is left comes last."""
    products = [product(f"P{number:03}", int(number >= 290), True, "x") for number in range(300)]
    catalogue.add(conn, products, "test", NOW)
    popular = [Popular(one.product_id, 999 - place, 1, 0) for place, one in enumerate(products)]
    begun = rules.begin(conn, "test", NOW, {}, NOW, NOW + timedelta(hours=1))
    rules.replace(conn, begun, rules.pack(Found([], popular, 1000)), NOW)


def test_what_is_in_stock_is_found_behind_hundreds_that_are_not_with_a_few_queries(shop: Database) -> None:
    with shop.transaction() as conn:
        many(conn)
    asked: list[str] = []
    with shop.reading() as conn:
        suggester = load(conn).suggester
        event.listen(shop.engine, "before_cursor_execute", lambda *say: asked.append(say[2]))
        held = {number: {f"P{number:03}"} for number in range(50)}
        customers = {number: f"customer {number}" for number in held}
        found = offerable(conn, suggester, held, customers, 3, NOW)
    assert all([one.product.product_id for one in offers] == ["P290", "P291", "P292"] for offers in found.values())
    assert len(asked) <= 6


def test_nobody_asked_for_nothing_is_offered(shop: Database) -> None:
    with shop.reading() as conn:
        assert offerable(conn, load(conn).suggester, {}, {}, 3, NOW) == {}
        assert offerable(conn, load(conn).suggester, {"one": ["unknown"]}, {"one": "ada"}, 3, NOW) == {"one": []}
