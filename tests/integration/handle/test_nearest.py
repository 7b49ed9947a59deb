"""Looking for the nearest product goes through the whole catalogue, so a batch may ask for it only so often."""

from datetime import UTC, datetime

from sqlalchemy import event

from daemon.handle.nearest import MOST_SEARCHES, nearest_in
from store import catalogue
from store.database import Database
from store.facts import Product

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
LAMP = Product("BJ02R0G72U8V", "Lamp", "", price=1999, on_hand=10)
SLIP = "BJ02R0G72U8W"


def test_a_batch_of_slips_is_searched_for_only_so_often(shop: Database) -> None:
    products: dict[str, Product] = {}
    with shop.transaction() as connection:
        catalogue.add(connection, [LAMP], "test", NOW)
        nearest = nearest_in(connection, products)
        found = [nearest(SLIP) for _ in range(200 * 20)]
    assert found == [(LAMP,)] * MOST_SEARCHES + [()] * (200 * 20 - MOST_SEARCHES)
    assert products == {LAMP.key: LAMP}


def test_each_batch_has_searches_of_its_own(shop: Database) -> None:
    with shop.transaction() as connection:
        catalogue.add(connection, [LAMP], "test", NOW)
        first, second = (nearest_in(connection, {}) for _ in range(2))
        assert [first(SLIP) for _ in range(MOST_SEARCHES + 1)][-1] == ()
        assert second(SLIP) == (LAMP,)


def test_the_names_are_read_once_and_only_when_asked_for(shop: Database) -> None:
    asked: list[str] = []
    with shop.transaction() as connection:
        catalogue.add(connection, [LAMP], "test", NOW)
        event.listen(shop.engine, "before_cursor_execute", lambda *say: asked.append(say[2]))
        nearest = nearest_in(connection, {LAMP.key: LAMP})
        assert asked == []
        for _ in range(3):
            nearest(SLIP)
    assert len([sql for sql in asked if "FROM product" in sql]) == 1
