"""The revisions lead from nothing to exactly the tables of `store.models`, all or none of them, once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect, select
from store_makers import LAMP, MUG, NOW, on_hand, stock_of_then

from store import catalogue
from store.database import Database, DatabaseError, History, open_database
from store.facts import Movement, MovementReason, Removed, search_text
from store.migrations import configuration
from store.models import Shop, Vault, catalogue_word, product, product_word

HISTORIES: list[tuple[History, Any]] = [("shop", Shop.metadata), ("vault", Vault.metadata)]
Open = Callable[..., Database]
NewUrl = Callable[[History | None], str]


@pytest.mark.parametrize(("history", "metadata"), HISTORIES)
def test_migrated_tables_are_the_tables_of_the_models(
    new_url: NewUrl, opened: Open, history: History, metadata: Any
) -> None:
    with opened(new_url(history), history).reading() as conn:
        ours = {"include_name": lambda name, kind, _: kind != "table" or name in metadata.tables}
        context = MigrationContext.configure(conn, opts={"compare_type": True, **ours})
        assert compare_metadata(context, metadata) == []


@pytest.mark.parametrize(("history", "metadata"), HISTORIES)
def test_migrated_tables_forbid_what_the_models_forbid(
    new_url: NewUrl, opened: Open, history: History, metadata: Any
) -> None:
    with opened(new_url(None), history).transaction() as conn:
        metadata.create_all(conn)
        wanted = forbidden(conn, metadata)
    with opened(new_url(history), history).reading() as conn:
        assert forbidden(conn, metadata) == wanted
    assert any("on_hand" in name for _, name, _ in wanted) == (history == "shop")


def forbidden(conn: Connection, metadata: Any) -> set[tuple[str, str, str]]:
    """Checks, and the conditions of partial indexes: what alembic does not compare."""
    found = inspect(conn)
    checks = {
        (table, str(one["name"]), one["sqltext"])
        for table in metadata.tables
        for one in found.get_check_constraints(table)
    }
    indexes = {
        (table, str(one["name"]), str(sorted((key, str(value)) for key, value in one["dialect_options"].items())))
        for table in metadata.tables
        for one in found.get_indexes(table)
    }
    return checks | indexes


def test_migrating_again_changes_nothing(new_url: NewUrl, opened: Open) -> None:
    shop = opened(new_url(None), "shop")
    assert shop.behind() == [f"shop_{number}" for number in range(1, 10)]
    shop.migrate()
    shop.migrate()
    assert shop.behind() == []


def test_programs_that_start_at_once_migrate_once(new_url: NewUrl) -> None:
    url = new_url(None)

    def start(_: int) -> list[str]:
        database = open_database(url, "shop", 20)
        database.migrate()
        behind = database.behind()
        database.close()
        return behind

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [[]] * 4


def test_a_migration_that_breaks_off_leaves_nothing(new_url: NewUrl, opened: Open) -> None:
    shop = opened(new_url(None), "shop")
    with shop.transaction() as conn:
        conn.exec_driver_sql("CREATE TABLE consent (in_the_way INTEGER)")
    with pytest.raises(Exception, match="consent"):
        shop.migrate()
    with shop.reading() as conn:
        assert inspect(conn).get_table_names() == ["consent"]


def test_tables_newer_than_the_program_are_refused_in_one_line(new_url: NewUrl, opened: Open) -> None:
    shop = opened(new_url("shop"), "shop")
    with shop.transaction() as conn:
        conn.exec_driver_sql("UPDATE shop_revision SET version_num = 'shop_99'")
    for attempt in (shop.behind, shop.migrate):
        with pytest.raises(DatabaseError, match="newer than this program"):
            attempt()


def test_shop_and_vault_may_share_a_postgresql_database(postgres_urls: NewUrl, opened: Open) -> None:
    url = postgres_urls(None)
    shop, vault = opened(url, "shop"), opened(url, "vault")
    shop.migrate()
    vault.migrate()
    assert shop.behind() == vault.behind() == []


def test_the_words_of_a_catalogue_of_before_are_those_it_would_be_given_today(new_url: NewUrl, opened: Open) -> None:
    shop = opened(new_url("shop"), "shop")
    gone, usb = replace(MUG, active=False), replace(LAMP, product_id="USB-33X", name="USB lamp", category="Küche")
    here = [LAMP, usb, replace(LAMP, product_id="ß1")]
    tables = [select(catalogue_word), select(product_word)]
    with shop.transaction() as conn:
        catalogue.add(conn, [*here, gone], "test", NOW)
        before = [sorted(map(tuple, conn.execute(table))) for table in tables]
        conn.exec_driver_sql("DROP TABLE product_word")
        conn.exec_driver_sql("DELETE FROM catalogue_word")
        conn.exec_driver_sql("INSERT INTO catalogue_word (word, products) VALUES ('mug', 1)")
        conn.exec_driver_sql("UPDATE shop_revision SET version_num = 'shop_8'")
    shop.migrate()
    with shop.reading() as conn:
        assert [sorted(map(tuple, conn.execute(table))) for table in tables] == before


def test_movements_written_before_products_could_be_removed_are_kept(new_url: NewUrl, opened: Open) -> None:
    shop = opened(new_url(None), "shop")
    with shop.transaction() as conn:
        command.upgrade(configuration(conn, "shop"), "shop_2")
        stock_of_then(conn)
        catalogue.move(conn, [Movement(LAMP.product_id, 5, MovementReason.RECEIVED, NOW, "anna")])
        before = catalogue.movements(conn, LAMP.product_id)
    shop.migrate()
    with shop.transaction() as conn:
        assert catalogue.movements(conn, LAMP.product_id) == before
        assert catalogue.differences(conn) == []
        catalogue.move(conn, [Movement(LAMP.product_id, -1, MovementReason.CORRECTION, NOW, "anna")])
        assert on_hand(conn, LAMP) == LAMP.on_hand + 4
        assert catalogue.remove(conn, LAMP.product_id) is Removed.DELETED
        assert catalogue.moved(conn, MUG.product_id) == (1, MUG.on_hand)
        assert conn.scalar(select(product.c.search_text)) == search_text(MUG.product_id, MUG.name, MUG.category)
