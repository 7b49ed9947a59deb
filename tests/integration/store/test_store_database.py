"""Opening, and what a transaction keeps: errors in one line without the password, snapshots, private files."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from store_makers import LAMP, an_order, line, on_hand, stock

from store import orders
from store.database import Database, DatabaseError, History, open_shop

NewUrl = Callable[[History | None], str]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("shop.sqlite", "sqlite:///shop.sqlite"),
        ("mysql://shop:sesame@127.0.0.1/shop", "sqlite:///shop.sqlite"),
        ("sqlite://", "a file is needed"),
        ("sqlite:///:memory:", "a file is needed"),
        ("sqlite:////nowhere/at/all", "/nowhere/at/all: No such file or directory"),
        ("postgresql://shop:sesame@127.0.0.1:1/shop", "refused"),
        ("postgresql://shop:sesame@127.0.0.1:1/shop?odd=1", "odd"),
        ("postgresql+nothing://shop:sesame@127.0.0.1/shop", "cannot be opened"),
    ],
)
def test_what_cannot_be_opened_is_told_in_one_line_without_the_password(url: str, says: str) -> None:
    with pytest.raises(DatabaseError) as told:
        open_shop(url)
    assert says in str(told.value)
    assert "sesame" not in str(told.value)
    assert "\n" not in str(told.value)


def test_a_file_that_is_no_database_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear shop, " * 1_000)
    with pytest.raises(DatabaseError, match="not a database"):
        open_shop(f"sqlite:///{path}")


def test_a_database_that_was_never_migrated_is_told_in_one_line(
    sqlite_urls: NewUrl, opened: Callable[..., Database]
) -> None:
    shop = opened(sqlite_urls(None), "shop")
    with pytest.raises(DatabaseError, match="no such table"), shop.reading() as conn:
        orders.listing(conn)


def test_database_files_are_the_owners_alone(tmp_path: Path, opened: Callable[..., Database]) -> None:
    opened(f"sqlite:///{tmp_path}/shop.sqlite", "shop").migrate()
    files = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert files == dict.fromkeys(("shop.sqlite", "shop.sqlite-wal", "shop.sqlite-shm"), 0o600)


def test_sqlite_keeps_what_it_promised_to_keep(sqlite_urls: NewUrl, opened: Callable[..., Database]) -> None:
    shop = opened(sqlite_urls("shop"), "shop")
    for context in (shop.transaction, shop.claiming):
        with context() as conn:
            told = [
                conn.exec_driver_sql(f"PRAGMA {name}").scalar()
                for name in ("journal_mode", "synchronous", "foreign_keys")
            ]
        assert told == ["wal", 2, 1]


def test_a_reader_sees_one_moment_and_writes_nothing(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)
    with shop.reading() as before:
        assert on_hand(before, LAMP) == 10
        with shop.transaction() as conn:
            orders.book(conn, [an_order(line(LAMP, 4))])
        assert on_hand(before, LAMP) == 10
        assert orders.listing(before) == []
    with pytest.raises(DatabaseError), shop.reading() as conn:
        stock(conn, LAMP)
    with shop.transaction() as conn:
        assert on_hand(conn, LAMP) == 6


def test_what_breaks_off_leaves_nothing(shop: Database) -> None:
    with shop.transaction() as conn:
        stock(conn)

    def break_off() -> None:
        with shop.transaction() as conn:
            orders.book(conn, [an_order(line(LAMP, 4))])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    with shop.reading() as conn:
        assert on_hand(conn, LAMP) == 10


def test_a_claim_does_not_wait_for_the_books_of_postgresql(
    postgres_urls: NewUrl, opened: Callable[..., Database]
) -> None:
    shop = opened(postgres_urls("shop"), "shop", 0.1)
    with shop.transaction() as books, shop.claiming() as claim:
        stock(books)
        assert claim.exec_driver_sql("SELECT 1").scalar() == 1
