"""Pages of the catalogue: every product once, whatever changes between them; borders, words, what is near a word."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from store_makers import NOW, an_order, later

from store import browsing, catalogue, orders, rules
from store.database import Database
from store.facts import Found, Listing, Movement, MovementReason, OrderState, Popular, Product

CHEAP = Product("AA11AA11AA11", "Beeswax candle", "light", price=500, on_hand=5)
EVEN = Product("BB22BB22BB22", "Brass lamp", "light", price=2000, on_hand=5)
ODD = Product("CC33CC33CC33", "Café crème bowl", "Küche & Bad", price=1999, on_hand=5)
DEAR = Product("DD44DD44DD44", "Oak art easel", "studio", price=9900, on_hand=5)
SOLD_OUT = Product("EE55EE55EE55", "Cart, sold out", "studio", price=300, on_hand=0)
RETIRED = Product("FF66FF66FF66", "Candle of old", "light", price=200, on_hand=5, active=False)
ALL = (CHEAP, EVEN, ODD, DEAR, SOLD_OUT, RETIRED)


@pytest.fixture
def conn(shop: Database) -> Iterator[Connection]:
    with shop.transaction() as connection:
        catalogue.add(connection, ALL, "test", NOW)
        yield connection


def listed(conn: Connection, listing: Listing) -> list[str]:
    """The names on all pages, one after the other."""
    found: list[str] = []
    for _ in range(100):
        page = browsing.page(conn, listing)
        assert len(page.products) <= listing.size
        found += [one.name for one in page.products]
        if page.next is None:
            return found
        assert len(page.products) == listing.size
        listing = replace(listing, after=page.next)
    raise AssertionError("there is no end of it")


def sell(conn: Connection, **baskets: int) -> None:
    found = [Popular(product_id, count, 1, 0) for product_id, count in baskets.items()]
    begun = rules.begin(conn, "test", NOW - timedelta(days=365), {}, NOW, later(hours=1))
    rules.replace(conn, begun, rules.pack(Found([], found, 100)), NOW)


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_cheapest_come_first_and_only_what_can_be_had(conn: Connection, size: int) -> None:
    assert listed(conn, Listing(size)) == ["Beeswax candle", "Café crème bowl", "Brass lamp", "Oak art easel"]


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_the_best_sellers_come_first_and_those_never_sold_last(conn: Connection, size: int) -> None:
    sell(conn, BB22BB22BB22=3, DD44DD44DD44=70, EE55EE55EE55=99)
    best_first = Listing(size, best_first=True)
    assert listed(conn, best_first) == ["Oak art easel", "Brass lamp", "Beeswax candle", "Café crème bowl"]
    cheap = replace(best_first, cents=2000, inclusive=True)
    assert listed(conn, cheap) == ["Brass lamp", "Beeswax candle", "Café crème bowl"]


@pytest.mark.parametrize("best_first", [False, True])
def test_under_a_price_leaves_it_out_and_up_to_takes_it_in(conn: Connection, best_first: bool) -> None:
    under = Listing(10, cents=2000, best_first=best_first)
    assert listed(conn, under) == ["Beeswax candle", "Café crème bowl"]
    assert sorted(listed(conn, replace(under, inclusive=True))) == ["Beeswax candle", "Brass lamp", "Café crème bowl"]
    assert listed(conn, replace(under, cents=500)) == []
    assert listed(conn, replace(under, cents=500, inclusive=True)) == ["Beeswax candle"]


@pytest.mark.parametrize(
    ("terms", "names"),
    [
        (("candle",), ["Beeswax candle"]),
        (("light",), ["Beeswax candle", "Brass lamp"]),
        (("light", "brass"), ["Brass lamp"]),
        (("creme",), ["Café crème bowl"]),
        (("kuche",), ["Café crème bowl"]),
        (("art",), ["Oak art easel"]),
        (("asel",), ["Oak art easel"]),
        (("dd44dd",), ["Oak art easel"]),
        (("unicorn",), []),
    ],
)
def test_words_are_found_in_names_categories_and_ids(
    conn: Connection, terms: tuple[str, ...], names: list[str]
) -> None:
    """Without accents or capitals; a short one has to begin a word, for "art" is in every cart."""
    assert listed(conn, Listing(10, terms)) == names


def test_a_product_that_is_renamed_is_found_by_its_new_name(conn: Connection) -> None:
    catalogue.change(conn, [replace(EVEN, name="Copper lantern")])
    assert listed(conn, Listing(10, ("brass",))) == []
    assert listed(conn, Listing(10, ("lantern",))) == ["Copper lantern"]


def test_a_name_of_any_length_is_kept_and_found_by_its_beginning(conn: Connection) -> None:
    endless = Product("GG77GG77GG77", "Wondrous " + "ß茶" * 4_000, "odd", price=1, on_hand=1)
    catalogue.add(conn, [endless], "test", NOW)
    assert listed(conn, Listing(10, ("wondrous",))) == [endless.name]


prices = st.integers(1, 6).map(lambda step: step * 100)
deeds = st.lists(
    st.tuples(
        st.sampled_from(["add", "sell out", "restock", "retire", "reprice", "nothing"]), st.integers(0, 30), prices
    ),
    max_size=4,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(prices, st.integers(0, 3)), min_size=1, max_size=14),
    st.integers(1, 4),
    st.booleans(),
    st.lists(deeds, max_size=6),
)
def test_whatever_changes_between_pages_nothing_that_stays_is_missed_or_met_twice(
    shop: Database, goods: list[tuple[int, int]], size: int, best_first: bool, changes: list[list[tuple[str, int, int]]]
) -> None:
    with shop.transaction() as connection:
        trial = connection.begin_nested()
        stock = [
            Product(f"P{n:03}", f"Thing {n}", "", price=price, on_hand=on_hand)
            for n, (price, on_hand) in enumerate(goods)
        ]
        catalogue.add(connection, stock, "test", NOW)
        sell(connection, **{one.product_id: 1 + one.price // 100 for one in stock[::2]})
        world = World(connection, stock)
        seen, listing = [], Listing(size, best_first=best_first)
        while True:
            page = browsing.page(connection, listing)
            seen += [one.product_id for one in page.products]
            if page.next is None:
                break
            listing = replace(listing, after=page.next)
            for deed in changes.pop() if changes else []:
                world.do(*deed)
        trial.rollback()
    for one in world.stayed:
        assert seen.count(one) == (1 if world.was_there[one] else 0), (one, seen)
    assert {one: seen.count(one) for one in seen if one not in world.repriced and seen.count(one) > 1} == {}


class World:
    """The shelves as they are changed under the customer's hands; `stayed` are the products nothing was done to."""

    def __init__(self, conn: Connection, stock: list[Product]) -> None:
        self.conn, self.stock = conn, stock
        self.stayed = {one.product_id for one in stock}
        self.was_there = {one.product_id: one.on_hand > 0 for one in stock}
        self.repriced: set[str] = set()

    def do(self, what: str, which: int, price: int) -> None:
        one = self.stock[which % len(self.stock)]
        current = catalogue.products(self.conn, [one.key])[one.key]
        match what:
            case "add":
                new = Product(f"N{len(self.stock):03}", "New", "", price=price, on_hand=1)
                catalogue.add(self.conn, [new], "test", NOW)
                self.stock.append(new)
                return
            case "sell out" if current.on_hand:
                self.move(one, -current.on_hand)
            case "restock":
                self.move(one, 2)
            case "retire":
                catalogue.change(self.conn, [replace(current, active=False)])
            case "reprice":
                catalogue.change(self.conn, [replace(current, price=price)])
                self.repriced.add(one.product_id)
            case _:
                return
        self.stayed.discard(one.product_id)

    def move(self, one: Product, quantity: int) -> None:
        change = Movement(one.product_id, quantity, MovementReason.CORRECTION, NOW, "test")
        catalogue.move(self.conn, [change])


def test_histories_are_each_customers_own_and_the_latest_first(conn: Connection) -> None:
    hers = [an_order(arrived_at=later(hours=n), placed_at=later(hours=n)) for n in range(5)]
    his = [replace(an_order(hashed_email="ben"), state=OrderState.HELD)]
    lines = an_order().lines
    catalogue.add(conn, [Product(lines[0].product_id, "Lamp", "", price=1, on_hand=50)], "test", NOW)
    orders.book(conn, [*hers[2:], *his, *hers[:2]])
    found = orders.histories(conn, ["ada", "ben", "nobody"], 3)
    assert {who: [one.number for one in theirs] for who, theirs in found.items()} == {
        "ada": [one.number for one in reversed(hers[2:])],
        "ben": [his[0].number],
    }
    assert orders.histories(conn, [], 3) == {}
