"""Products kept by staff: changed, found, removed or retired; their movements told; the database refuses the rest."""

import pytest
from sqlalchemy import text
from store_makers import LAMP, MUG, NOW, an_order, line, on_hand, stock

from store import catalogue, orders, vocabulary
from store.database import Database, ForbiddenError
from store.facts import Movement, MovementReason, OrderState, Product, Removed, search_text


def received(product: Product, quantity: int, actor: str = "staff") -> Movement:
    return Movement(product.product_id, quantity, MovementReason.RECEIVED, NOW, actor)


def test_a_change_leaves_what_is_on_hand(shop: Database) -> None:
    new = Product(LAMP.product_id, "Lamp, brass", "light", 2099, on_hand=999, active=False, cost=None, supplier_id="S")
    with shop.transaction() as conn:
        stock(conn)
        catalogue.change(conn, [new])
        catalogue.change(conn, [])
    with shop.reading() as conn:
        found = catalogue.products(conn, [LAMP.key, MUG.key])
        assert found[LAMP.key] == Product(
            LAMP.product_id, "Lamp, brass", "light", 2099, LAMP.on_hand, False, None, supplier_id="S"
        )
        assert found[MUG.key] == MUG


def test_a_product_never_ordered_is_deleted_with_its_movements(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
        catalogue.move(conn, [received(LAMP, 5)])
        assert catalogue.remove(conn, LAMP.product_id) is Removed.DELETED
        assert catalogue.remove(conn, LAMP.product_id) is Removed.UNKNOWN
    with shop.reading() as conn:
        assert catalogue.products(conn, [LAMP.key]) == {}
        assert catalogue.moved(conn, LAMP.product_id) == (0, 0)
        assert catalogue.moved(conn, MUG.product_id) == (1, MUG.on_hand)
        assert catalogue.differences(conn) == []


@pytest.mark.parametrize("state", [OrderState.PLACED, OrderState.HELD])
def test_a_product_that_was_ever_ordered_is_retired(shop: Database, state: OrderState) -> None:
    order = an_order(line(LAMP, 2), state=state)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [order])
        orders.cancel(conn, [order.number], NOW, "test")
        assert catalogue.remove(conn, LAMP.product_id) is Removed.RETIRED
    with shop.reading() as conn:
        assert not catalogue.products(conn, [LAMP.key])[LAMP.key].active
        assert on_hand(conn, LAMP) == LAMP.on_hand
        assert vocabulary.holding(conn, [search_text(LAMP.name).split()], 10) == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM stock_movement WHERE product_id = :id",
        "DELETE FROM stock_movement",
        "DELETE FROM product WHERE product_id = :id",
        "DELETE FROM product",
        "UPDATE stock_movement SET quantity = 1 WHERE product_id = :id",
    ],
)
def test_whoever_writes_nothing_that_was_ordered_is_removed(shop: Database, statement: str) -> None:
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [an_order(line(LAMP, 2))])
    with pytest.raises(ForbiddenError), shop.transaction() as conn:
        conn.execute(text(statement), {"id": LAMP.product_id})
    with shop.reading() as conn:
        assert catalogue.moved(conn, LAMP.product_id) == (2, LAMP.on_hand - 2)


def test_movements_are_told_newest_first_and_add_up(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
        catalogue.move(conn, [received(LAMP, 5, "anna"), received(MUG, 1), received(LAMP, 7, "bert")])
    with shop.reading() as conn:
        told = catalogue.movements(conn, LAMP.product_id, limit=2)
        assert [(one.quantity, one.actor, one.at) for one in told] == [(7, "bert", NOW), (5, "anna", NOW)]
        assert catalogue.moved(conn, LAMP.product_id) == (3, LAMP.on_hand + 12)
        assert catalogue.movements(conn, "nothing") == []


PIPE = Product("100-%_X", "5% off Pipe_cleaner", "Über", price=1, on_hand=0, active=False)


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("", [PIPE, MUG, LAMP]),
        ("lAmP", [LAMP]),
        ("KITCHEN", [MUG]),
        ("bj02r0", [LAMP]),
        ("bj02-r0g7 2u8v", [LAMP]),
        ("2U8V", [LAMP]),
        ("%", [PIPE]),
        ("_", [PIPE]),
        ("pipe_c", [PIPE]),
        ("bj%8v", []),
        ("'; DROP TABLE product; --", []),
    ],
)
def test_a_word_finds_products_by_id_name_or_category(shop: Database, word: str, found: list[Product]) -> None:
    with shop.transaction() as conn:
        stock(conn, LAMP, MUG, PIPE)
    with shop.reading() as conn:
        assert {one.product_id for one in catalogue.search(conn, word)} == {one.product_id for one in found}


def test_search_keeps_to_its_limit_and_to_what_is_on_sale(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn, LAMP, MUG, PIPE)
    with shop.reading() as conn:
        assert catalogue.search(conn, active=False) == [PIPE]
        assert PIPE not in catalogue.search(conn, active=True)
        assert len(catalogue.search(conn, limit=2)) == 2
        assert {one.product_id for one in catalogue.everything(conn)} == {LAMP.product_id, MUG.product_id, "100-%_X"}
