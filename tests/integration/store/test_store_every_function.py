"""What must hold for every function of the store: a clean error when the database is locked, no long table walked."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import event, make_url
from store_calls import READS, WRITES, Call, all_functions, fill
from store_makers import NOW

from store.database import BusyError, Database, History
from store.vault import Vault, load_key

NewUrl = Callable[[History | None], str]
WAIT_SECONDS = 0.05
CALLS = READS | WRITES
LONG = ("letter", "order", "order_line", "stock_movement", "outbox", "product")
# These are about everything there is, and are asked for by a person, or once a night.
WHOLE_TABLES = (
    *(f"catalogue.{name}" for name in ("keys", "everything", "differences", "count", "movements", "moved", "remove")),
    *(f"baskets.{name}" for name in ("bought_again", "unavailable", "categories")),
    "orders.totals",
    "letters.counts",
    # It sorts the products with the rarest of the words, MOST_ENTRIES of them at most.
    "vocabulary.holding",
    # Reports: what a whole week reconciles against, and sums of a period put into order.
    "sales.everything",
    *(f"sales.{name}" for name in ("products", "product_ranks", "customers", "customer_ranks")),
)


def test_no_function_is_left_out() -> None:
    assert set(CALLS) == all_functions()


@contextmanager
def locked(url: str, tables: str) -> Iterator[None]:
    """The whole database in another program's hands."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        other = sqlite3.connect(str(parsed.database), isolation_level=None)
        # Only in this mode does a WAL database keep readers out as well; nobody else may have it open by then.
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.close()
    else:
        with psycopg.connect(url) as server:
            server.execute(f"LOCK TABLE {tables} IN ACCESS EXCLUSIVE MODE")
            yield


@pytest.fixture(scope="module")
def shared_url(new_url: NewUrl) -> str:
    return new_url("shop")


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_locked_database_is_a_clean_error(shared_url: str, opened: Callable[..., Database], call: Call) -> None:
    shop = opened(shared_url, "shop", WAIT_SECONDS)
    tables = 'product, "order", order_line, stock_movement, letter, mailbox, outbox, consent, mining, rule, popularity'
    tables += ", offer, offer_item, report_run, report_start, order_revision, wish, proof, catalogue_word, product_word"
    shop.close()
    with locked(shared_url, tables):
        for context in (shop.transaction, shop.claiming, shop.reading):
            with pytest.raises(BusyError) as told, context() as conn:
                call(conn)
            assert "\n" not in str(told.value)


def test_a_locked_vault_is_a_clean_error(new_url: NewUrl, opened: Callable[..., Database]) -> None:
    url = new_url("vault")
    vault = Vault(opened(url, "vault", WAIT_SECONDS), b"k" * 32)
    calls: list[Callable[[], object]] = [
        lambda: vault.keep({"ada": "ada@example.com"}, [], [], NOW),
        lambda: vault.emails(["ada"]),
        lambda: vault.addresses(["home"]),
        lambda: vault.enclosures(["e"]),
        lambda: vault.discard(["e"]),
        lambda: vault.belongings("ada"),
        lambda: vault.forget("ada"),
        lambda: vault.sweep(NOW, set, set, set),
        lambda: load_key(__file__, vault.database),  # type: ignore[arg-type]
    ]
    vault.database.close()
    with locked(url, "email_lookup, shipping_address, enclosure, key_check"):
        for call in calls:
            with pytest.raises(BusyError) as told:
                call()
            assert "example.com" not in str(told.value)


def test_a_thread_that_waits_too_long_for_another_is_told_so(new_url: NewUrl, opened: Callable[..., Database]) -> None:
    shop = opened(new_url("shop"), "shop", WAIT_SECONDS)
    with shop.transaction(), pytest.raises(BusyError), shop.transaction():
        pass


def plans_of(shop: Database, name: str) -> list[str]:
    """How SQLite would go about each statement of the call, step by step."""
    asked: list[tuple[str, object]] = []
    with shop.transaction() as conn:
        fill(conn)
        event.listen(shop.engine, "before_cursor_execute", lambda *say: asked.append((say[2], say[3])))
        CALLS[name](conn)
        statements = [(sql, bound[0] if isinstance(bound, list) else bound) for sql, bound in list(asked)]
        return [
            str(row[-1])
            for sql, bound in statements
            if sql.startswith(("SELECT", "UPDATE", "DELETE"))
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", bound)
        ]


@pytest.mark.parametrize("name", [name for name in CALLS if name not in WHOLE_TABLES])
def test_no_function_walks_or_sorts_a_long_table(
    sqlite_urls: NewUrl, opened: Callable[..., Database], name: str
) -> None:
    """SQLite has no statistics here, as in a shop that never ran ANALYZE: it must find the indexes without."""
    plans = plans_of(opened(sqlite_urls("shop"), "shop"), name)
    bad = [step for step in plans if step in {f"SCAN {table}" for table in LONG} or "TEMP B-TREE FOR ORDER" in step]
    assert bad == []


@pytest.mark.parametrize(
    ("name", "index"),
    [("orders.recent", "ix_order_customer"), ("outbox.enclosures_waiting", "ix_outbox_enclosure")],
)
def test_people_are_looked_up_and_not_the_state_that_most_are_in(
    sqlite_urls: NewUrl, opened: Callable[..., Database], name: str, index: str
) -> None:
    """SQLite guesses that a bound list is long, and would rather walk an index by state."""
    assert index in plans_of(opened(sqlite_urls("shop"), "shop"), name)[0]
