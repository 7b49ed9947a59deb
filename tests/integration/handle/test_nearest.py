"""Looking for the nearest product goes through the whole catalogue, so a batch may ask for it only so often."""

from datetime import UTC, datetime

from sqlalchemy import event

from daemon.handle import Desk
from daemon.handle.handle import MOST_PORTIONS
from daemon.handle.nearest import MOST_SEARCHES, Searching
from store import catalogue
from store.database import Connection, Database
from store.facts import Product
from tests.e2e.letters import LAMP, POT, order_of
from tests.integration.handle.counter import ADA, BEN, Counter

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
THE_LAMP = Product("BJ02R0G72U8V", "Lamp", "", price=1999, on_hand=10)
SLIP = "BJ02R0G72U8W"


def stocked(connection: Connection) -> Connection:
    catalogue.add(connection, [THE_LAMP], "test", NOW)
    return connection


def test_a_batch_of_slips_is_searched_for_only_so_often(shop: Database) -> None:
    with shop.transaction() as connection:
        searching = Searching(stocked(connection), {})
        assert [searching(SLIP) for _ in range(MOST_SEARCHES)] == [(THE_LAMP,)] * MOST_SEARCHES
        assert not searching.exhausted
        assert [searching(SLIP) for _ in range(200)] == [None] * 200
    assert searching.exhausted
    assert searching.products == {THE_LAMP.key: THE_LAMP}


def test_the_names_are_read_once_and_only_when_asked_for(shop: Database) -> None:
    asked: list[str] = []
    with shop.transaction() as connection:
        stocked(connection)
        event.listen(shop.engine, "before_cursor_execute", lambda *say: asked.append(say[2]))
        searching = Searching(connection, {THE_LAMP.key: THE_LAMP})
        assert asked == []
        for _ in range(3):
            searching(SLIP)
    assert len([sql for sql in asked if "product_key" in sql]) == 1


def test_nobody_is_told_less_because_of_what_others_wrote(desk: Desk) -> None:
    """Nonsense asks for several batches' worth of searches; behind it stand a line that names the product without a
    number, which is asked back, and one of prose, which is not.
    """
    with desk.shop.transaction() as connection:
        catalogue.add(connection, [Product(POT, "Pot", "", price=450, on_hand=10)], "test", NOW)
    counter = Counter(desk)
    nonsense = [order_of(f"robot{n}@example.com", *(f"BJ02R0G7{m}, 1" for m in range(10, 30))) for n in range(7)]
    beside = ((ADA, "pots"), (BEN, "sooner or later"))
    named, prose = (order_of(sender, f"{LAMP}, 1", line) for sender, line in beside)
    fates = counter.hand_in(*nonsense, named, prose)
    assert len(fates) == 9
    assert fates[-2:] == [("refused", "line_not_understood"), ("done", "placed")]
    assert counter.ask('SELECT count(*) FROM "order"') == 1


def test_nonsense_does_not_keep_the_others_waiting_without_end(desk: Desk) -> None:
    """After so many searches the rest of the batch does without: faults are told all the same, none is suggested."""
    searched: list[str] = []
    event.listen(desk.shop.engine, "before_cursor_execute", lambda *say: searched.append(say[2]))
    nonsense = [order_of(f"robot{n}@example.com", *(f"BJ02R0G7{m}, 1" for m in range(10, 30))) for n in range(60)]
    fates = Counter(desk).hand_in(*nonsense, order_of(ADA, f"{LAMP}, 1"))
    assert fates == [("refused", "unknown_product")] * 60 + [("done", "placed")]
    keys_read = [sql for sql in searched if "(product.product_key," in sql]
    assert len(keys_read) == MOST_PORTIONS
