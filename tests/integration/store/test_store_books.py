"""Products, stock and orders: nothing oversold, nothing booked or given back twice, money to the cent."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from threading import Barrier, Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from store_makers import LAMP, MUG, NOW, a_letter, an_order, later, line, on_hand, stock

from store import catalogue, letters, orders
from store.catalogue import OutOfStock
from store.database import Database, ForbiddenError, History
from store.facts import Movement, MovementReason, OrderState, Product, StateTotal
from store.models import Instant


def test_a_placed_order_takes_its_goods_and_comes_back_as_it_went_in(shop: Database) -> None:
    order = an_order(line(MUG, 2), line(LAMP, 3))
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [order])
    with shop.reading() as conn:
        assert orders.by_numbers(conn, [order.number, "MO-none"]) == {order.number: order}
        assert (on_hand(conn, LAMP), on_hand(conn, MUG)) == (7, 1)
        assert catalogue.differences(conn) == []


def test_a_product_comes_back_as_it_went_in(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
        assert catalogue.products(conn, [LAMP.key, "NONE"]) == {LAMP.key: LAMP}
        assert sorted(catalogue.keys(conn)) == sorted([LAMP.key, MUG.key])
        assert catalogue.count(conn) == 2


def test_a_held_order_takes_nothing_until_it_is_released_once(shop: Database) -> None:
    order = an_order(line(LAMP, 4), state=OrderState.HELD)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [order])
        assert on_hand(conn, LAMP) == 10
    with shop.transaction() as conn:
        assert orders.release(conn, order.number, later(hours=1), later(hours=25))
        assert not orders.release(conn, order.number, later(hours=2), later(hours=26))
        assert on_hand(conn, LAMP) == 6
        released = orders.by_numbers(conn, [order.number])[order.number]
    assert (released.state, released.placed_at, released.cancel_until) == (
        OrderState.PLACED,
        later(hours=1),
        later(hours=25),
    )


def test_an_order_that_cannot_be_released_stays_held(shop: Database) -> None:
    order = an_order(line(LAMP, 1), line(MUG, 4), state=OrderState.HELD)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [order])
        with pytest.raises(OutOfStock) as lacking:
            orders.release(conn, order.number, NOW, later(hours=24))
        assert lacking.value.product_id == MUG.product_id
    with shop.reading() as conn:
        assert orders.by_numbers(conn, [order.number]) == {order.number: order}
        assert on_hand(conn, LAMP) == 10


def test_cancelling_gives_the_goods_back_once(shop: Database) -> None:
    order, held = an_order(line(LAMP, 4)), an_order(line(LAMP, 1), state=OrderState.HELD)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [order, held])
    asked = ["MO-none", order.number, held.number, order.number]
    with shop.transaction() as conn:
        assert orders.cancel(conn, asked, later(hours=1), "letter-2") == [order.number]
    with shop.transaction() as conn:
        assert orders.cancel(conn, asked, later(hours=2), "letter-3") == []
        assert on_hand(conn, LAMP) == 10
        cancelled = orders.by_numbers(conn, [order.number])[order.number]
    assert (cancelled.state, cancelled.closed_at) == (OrderState.CANCELLED, later(hours=1))


def test_a_batch_with_one_order_too_many_books_none_of_them(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
    with pytest.raises(OutOfStock) as lacking, shop.transaction() as conn:
        orders.book(conn, [an_order(line(LAMP, 1)), an_order(line(MUG, 2)), an_order(line(MUG, 2))])
    assert lacking.value.product_id == MUG.product_id
    with shop.reading() as conn:
        assert orders.listing(conn) == []
        assert (on_hand(conn, LAMP), on_hand(conn, MUG)) == (10, 3)


def test_movements_that_lack_stock_leave_the_transaction_usable(shop: Database) -> None:
    takes = Movement(LAMP.product_id, -8, MovementReason.CORRECTION, NOW, "test")
    with shop.transaction() as conn:
        stock(conn)
        with pytest.raises(OutOfStock):
            catalogue.move(conn, [takes, takes])
        catalogue.move(conn, [takes])
    with shop.reading() as conn:
        assert on_hand(conn, LAMP) == 2


def test_a_movement_refused_for_another_reason_is_not_called_lack_of_stock(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
    with pytest.raises(ForbiddenError), shop.transaction() as conn:
        catalogue.move(conn, [Movement("NOWHERE", 1, MovementReason.RECEIVED, NOW, "test")])


@pytest.mark.parametrize("programs", [1, 2])
def test_the_last_one_is_sold_once(
    new_url: Callable[[History | None], str], opened: Callable[..., Database], programs: int
) -> None:
    """Two threads of one program, and two programs, which share nothing but the database."""
    url = new_url("shop")
    shops = [opened(url, "shop") for _ in range(programs)]
    with shops[0].transaction() as conn:
        stock(conn, Product("LAST", "Last one", "", price=100, on_hand=1))
    both = Barrier(2, timeout=10)
    came: list[str] = []

    def buy(name: str, shop: Database) -> None:
        both.wait()
        with shop.transaction() as conn:
            left = catalogue.products(conn, ["LAST"])["LAST"]
            if left.on_hand:
                orders.book(conn, [an_order(line(left, 1), hashed_email=name)])
            came.append("booked" if left.on_hand else "refused")

    buyers = [Thread(target=buy, args=buyer) for buyer in (("ada", shops[0]), ("bob", shops[-1]))]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join(timeout=30)
    assert sorted(came) == ["booked", "refused"]


def test_a_stock_written_past_the_books_is_found(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
        conn.execute(text("UPDATE product SET on_hand = 9 WHERE product_id = :id"), {"id": LAMP.product_id})
        assert catalogue.differences(conn) == [(LAMP.product_id, 9, 10)]


def test_money_and_quantities_beyond_32_bits_add_up(shop: Database) -> None:
    dear = Product("DEAR", "Palace", "", price=2**40 + 1, on_hand=2**33, cost=2**35)
    order = an_order(line(dear, 2**20))
    with shop.transaction() as conn:
        stock(conn, dear)
        orders.book(conn, [order])
        assert orders.by_numbers(conn, [order.number])[order.number].total == 2**20 * (2**40 + 1)
        assert orders.totals(conn) == {OrderState.PLACED: StateTotal(1, 2**20 * (2**40 + 1))}
        assert on_hand(conn, dear) == 2**33 - 2**20


def test_totals_count_each_order_once_whatever_its_lines(shop: Database) -> None:
    many, one, gone = an_order(line(LAMP, 1), line(MUG, 2)), an_order(line(LAMP, 1)), an_order(line(MUG, 1))
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [many, one, gone])
        orders.cancel(conn, [gone.number], NOW, "test")
        assert orders.totals(conn) == {
            OrderState.PLACED: StateTotal(2, many.total + one.total),
            OrderState.CANCELLED: StateTotal(1, gone.total),
        }


def test_recent_orders_are_the_placed_ones_since_an_instant(shop: Database) -> None:
    old, edge, held = an_order(arrived_at=later(hours=-2)), an_order(), an_order(state=OrderState.HELD)
    gone, bobs = an_order(), an_order(hashed_email="bob", arrived_at=later(hours=1))
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [bobs, old, edge, held, gone])
        orders.cancel(conn, [gone.number], NOW, "test")
        assert orders.recent(conn, ["ada", "bob", "eve"], NOW) == [edge, bobs]
        assert orders.recent(conn, [], NOW) == []


def test_the_last_address_is_that_of_the_latest_order_that_stands(shop: Database) -> None:
    made = [
        an_order(address_id="first", arrived_at=later(hours=1)),
        an_order(address_id="second", arrived_at=later(hours=2)),
        an_order(address_id="mistaken", arrived_at=later(hours=3)),
        an_order(address_id="asked back", arrived_at=later(hours=4), state=OrderState.HELD),
        an_order(address_id="bobs", hashed_email="bob"),
    ]
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, made)
        orders.cancel(conn, [made[2].number], NOW, "test")
        ada, bob = ((one.arrived_at, one.number, one.address_id) for one in (made[1], made[4]))
        assert orders.last_addresses(conn, ["ada", "bob", "eve"]) == {"ada": ada, "bob": bob}
        first = (made[0].arrived_at, made[0].number, "first")
        assert orders.last_addresses(conn, ["ada", "bob"], [made[1].number, made[4].number]) == {"ada": first}
        assert orders.addresses_in_use(conn, ["first", "asked back", "nowhere"]) == {"first", "asked back"}


def test_the_last_address_can_be_asked_of_orders_whose_letter_had_a_verdict(shop: Database) -> None:
    proven, claimed, lost = (an_order(address_id=at, arrived_at=later(hours=1)) for at in ("home", "away", "lost"))
    with shop.transaction() as conn:
        stock(conn)
        letters.record(
            conn, [a_letter(letter_id=proven.letter_id), a_letter(letter_id=claimed.letter_id, verdict="none")]
        )
        orders.book(
            conn, [proven, replace(claimed, arrived_at=later(hours=2)), replace(lost, arrived_at=later(hours=3))]
        )
        assert orders.last_addresses(conn, ["ada"])["ada"][2] == "lost"
        assert orders.last_addresses(conn, ["ada"], verdict="none")["ada"][2] == "away"
        assert orders.last_addresses(conn, ["ada"], verdict="pass")["ada"][2] == "home"
        assert orders.last_addresses(conn, ["ada"], [proven.number], "pass") == {}
        every = [proven.number, claimed.number, lost.number]
        assert orders.with_verdict(conn, every, "pass") == {proven.number}
        assert orders.with_verdict(conn, [], "pass") == set()


def test_listing_turns_pages_without_losing_an_order(shop: Database) -> None:
    same_moment = [an_order() for _ in range(5)]
    newest, bobs = an_order(placed_at=later(hours=1)), an_order(hashed_email="bob", state=OrderState.HELD)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [*same_moment, newest, bobs])
        seen = page = orders.listing(conn, limit=2)
        while page:
            page = orders.listing(conn, limit=2, before=page[-1].number)
            seen = seen + page
        assert seen[0] == newest
        assert sorted(one.number for one in seen) == sorted(one.number for one in [*same_moment, newest, bobs])
        assert orders.listing(conn, hashed_email="bob") == orders.listing(conn, state=OrderState.HELD) == [bobs]


def test_times_come_back_in_utc_from_whatever_zone(shop: Database) -> None:
    told = datetime(2026, 3, 29, 2, 30, 0, 1, timezone(timedelta(hours=-7)))
    order = an_order(arrived_at=told)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [order])
    with shop.reading() as conn:
        read = orders.by_numbers(conn, [order.number])[order.number].arrived_at
    assert read == told
    assert read.tzinfo is UTC


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.timezones()))
def test_any_moment_survives_keeping(moment: datetime) -> None:
    from sqlalchemy.dialects import postgresql, sqlite

    for dialect in (sqlite.dialect(), postgresql.dialect()):
        kept = Instant().process_bind_param(moment, dialect)
        assert Instant().process_result_value(kept, dialect) == moment.astimezone(UTC)


def test_42_000_products_are_taken_in_at_once(shop: Database) -> None:
    many = [
        Product(f"P{number:011}", f"Product {number}", "", price=number, on_hand=number % 7) for number in range(42_000)
    ]
    with shop.transaction() as conn:
        catalogue.add(conn, many, "import", NOW)
    with shop.reading() as conn:
        assert catalogue.count(conn) == 42_000
        assert catalogue.differences(conn) == []
        # More keys than SQLite binds to one statement.
        assert len(catalogue.products(conn, [one.key for one in many])) == 42_000
