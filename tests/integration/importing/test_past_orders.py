"""Past orders come into the books whole or not at all, once, without mail, and name nobody outside the vault."""

import csv
import gzip
import stat
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text

from daemon.importing.faults import TableError
from daemon.importing.history import Imported, Options, import_history
from store import catalogue, customers, orders
from store.database import Database
from store.facts import Order, OrderState, Product
from store.vault import Vault

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
COURSE = Path(__file__).parents[4] / "shared" / "data" / "course"
RETAIL = COURSE.parent / "baskets" / "online_retail.csv.gz"
LAMP = Product("BJ02R0G72U8V", "Lamp", "home", price=1999, on_hand=10, cost=950)
MUG = Product("7B4VYMBRQNAR", "Mug", "kitchen", price=450, on_hand=3)
HEADER = "date,cust_email,cust_location,product_id,product_quantity"
RICH = "order_id,placed_at,customer,product_id,name,quantity,unit_price"
ADA = "2022-01-05,ada@customer.example,01234"
BOB = "2022-01-05,bob@customer.example,93634"
FILE = (f"{ADA},BJ02R0G72U8V,2", f"{BOB},7B4VYMBRQNAR,1", f"{ADA},7B4VYMBRQNAR,1")


class Shop:
    """A shop with two products, and what is said to it."""

    def __init__(self, books: Database, vault: Vault, folder: Path) -> None:
        self.books, self.vault, self.folder = books, vault, folder
        with books.transaction() as conn:
            catalogue.add(conn, [LAMP, MUG], "test", NOW)

    def takes(self, *lines: str, header: str = HEADER, **said: Any) -> Imported:
        path = self.folder / "past.csv"
        path.write_text("\n".join([header, *lines]), "utf-8")
        return self.imports(path, **said)

    def imports(self, path: Path, **said: Any) -> Imported:
        return import_history(path, self.books, self.vault, Options(ZoneInfo("UTC"), **said), NOW, lambda *_: None)

    def orders(self) -> list[Order]:
        with self.books.reading() as conn:
            return orders.listing(conn, limit=10_000)

    def on_hand(self) -> dict[str, int]:
        with self.books.reading() as conn:
            assert catalogue.differences(conn) == []
            return {one.product_id: one.on_hand for one in catalogue.products(conn, [LAMP.key, MUG.key]).values()}

    def rows(self, database: Database, table: str) -> list[tuple[Any, ...]]:
        with database.reading() as conn:
            return [tuple(row) for row in conn.execute(text(f'SELECT * FROM "{table}"'))]


@pytest.fixture
def shop(shop: Database, vault_database: Database, tmp_path: Path) -> Shop:
    return Shop(shop, Vault(vault_database, b"k" * 32), tmp_path)


def goods(order: Order) -> list[tuple[str, int, int]]:
    return sorted((line.product_id, line.quantity, line.unit_price) for line in order.lines)


def reasons(done: Imported) -> list[tuple[int, str]]:
    return [(fault.line, fault.reason) for fault in done.faults]


def test_a_file_becomes_orders_of_the_past(shop: Shop) -> None:
    done = shop.takes(*FILE)
    assert (done.booked, done.orders, done.order_lines, done.units, done.cents) == (True, 2, 3, 4, 4898)
    ada = shop.vault.hashed("ada@customer.example")
    booked = {one.hashed_email: one for one in shop.orders()}
    assert goods(booked[ada]) == [("7B4VYMBRQNAR", 1, 450), ("BJ02R0G72U8V", 2, 1999)]
    placed_at = datetime(2022, 1, 5, 12, tzinfo=UTC)
    assert booked[ada].state is OrderState.FULFILLED
    assert (booked[ada].placed_at, booked[ada].closed_at, booked[ada].cancel_until) == (placed_at,) * 3
    assert shop.vault.emails([ada]) == {ada: "ada@customer.example"}
    assert [one.lines for one in shop.vault.belongings(ada)[1]] == [("01234",)]


def test_nobody_is_mailed_and_stock_stays(shop: Shop) -> None:
    shop.takes(*FILE)
    assert shop.rows(shop.books, "outbox") == []
    assert shop.on_hand() == {LAMP.product_id: 10, MUG.product_id: 3}


def test_a_past_order_cannot_be_cancelled_and_is_no_address_to_ship_to(shop: Shop) -> None:
    shop.takes(*FILE)
    with shop.books.transaction() as conn:
        assert orders.cancel(conn, [one.number for one in shop_orders(conn)], NOW, "test") == []
        assert orders.last_addresses(conn, [shop.vault.hashed("ada@customer.example")]) == {}
        assert orders.recent(conn, [shop.vault.hashed("ada@customer.example")], datetime(2000, 1, 1, tzinfo=UTC)) == []


def shop_orders(conn: Any) -> list[Order]:
    return orders.listing(conn, limit=100)


def test_the_same_file_again_changes_nothing_and_one_that_grew_adds_what_is_new(shop: Shop) -> None:
    shop.takes(*FILE)
    before = shop.orders()
    again = shop.takes(*reversed(FILE))
    assert (again.booked, again.orders, again.known) == (True, 0, 2)
    assert shop.orders() == before
    grown = shop.takes(f"2022-01-06{ADA[10:]},BJ02R0G72U8V,1", *FILE)
    assert (grown.orders, grown.known) == (1, 2)
    assert len(shop.orders()) == 3


def test_prices_of_later_do_not_change_the_past(shop: Shop) -> None:
    shop.takes(*FILE)
    before = shop.orders()
    with shop.books.transaction() as conn:
        conn.execute(text("UPDATE product SET price = 1"))
    assert shop.takes(*FILE).known == 2
    assert shop.orders() == before


def test_an_order_that_was_another_before_is_refused(shop: Shop) -> None:
    shop.takes(*FILE)
    before = shop.orders()
    assert reasons(shop.takes(*FILE, f"{ADA},BJ02R0G72U8V,5")) == [(2, "imported_differently")]
    rich = "A1,2022-01-05 10:00:00,17850,BJ02R0G72U8V,Lamp,1,"
    assert shop.takes(rich + "20.00", header=RICH).orders == 1
    assert reasons(shop.takes(rich + "21.00", header=RICH)) == [(2, "imported_differently")]
    assert len(shop.orders()) == len(before) + 1


def test_one_bad_line_keeps_the_file_out_and_every_bad_line_is_told(shop: Shop) -> None:
    bad = (f"{BOB},NEVERHEARD,1", "someday,eve@customer.example,1,BJ02R0G72U8V,1", f"{BOB},BJ02R0G72U8V,0", "short")
    done = shop.takes(*FILE, *bad)
    assert not done.booked
    assert reasons(done) == [(5, "unknown_product"), (6, "not_a_date"), (7, "quantity"), (8, "too_few_cells")]
    assert shop.orders() == []
    for table in ("email_lookup", "shipping_address"):
        assert shop.rows(shop.vault.database, table) == []


def test_left_out_lines_can_be_corrected_and_imported(shop: Shop) -> None:
    left = shop.folder / "left.csv"
    done = shop.takes(*FILE, f"{BOB},BJ02R0G72U8V,none", skip_bad=left)
    assert (done.booked, done.orders, done.left_out, done.skipped) == (True, 1, 1, 2)
    assert stat.S_IMODE(left.stat().st_mode) == 0o600
    rows = list(csv.DictReader(left.open(newline="")))
    assert [row["reason"].split()[0] for row in rows] == ["left", "quantity"]
    left.write_text(left.read_text().replace(",none,", ",4,"))
    rest = shop.imports(left)
    assert (rest.booked, rest.orders) == (True, 1)
    assert sorted(goods(one) for one in shop.orders())[0] == [("7B4VYMBRQNAR", 1, 450), ("BJ02R0G72U8V", 2, 1999)]
    assert shop.takes(*FILE, f"{BOB},BJ02R0G72U8V,4").known == 2


def test_the_file_itself_is_never_overwritten_by_its_bad_lines(shop: Shop) -> None:
    with pytest.raises(TableError, match="name another"):
        shop.takes(f"{BOB},NEVERHEARD,1", skip_bad=shop.folder / "past.csv")
    assert "NEVERHEARD" in (shop.folder / "past.csv").read_text()


def test_stock_is_taken_when_told_by_movements_of_the_import(shop: Shop) -> None:
    assert shop.takes(*FILE, take_stock=True).booked
    assert shop.on_hand() == {LAMP.product_id: 8, MUG.product_id: 1}
    moved = [row for row in shop.rows(shop.books, "stock_movement") if "import" in row]
    assert len(moved) == 3
    assert shop.takes(*FILE, take_stock=True).known == 2
    assert shop.on_hand() == {LAMP.product_id: 8, MUG.product_id: 1}


def test_what_is_not_there_cannot_be_taken(shop: Shop) -> None:
    much = f"2022-01-07{ADA[10:]},7B4VYMBRQNAR,2"
    assert reasons(shop.takes(*FILE, much, take_stock=True)) == [(5, "not_enough_stock")]
    assert shop.on_hand() == {LAMP.product_id: 10, MUG.product_id: 3}
    assert shop.takes(*FILE, much, take_stock=True, skip_bad=shop.folder / "left.csv").orders == 2
    assert shop.on_hand() == {LAMP.product_id: 8, MUG.product_id: 1}


def test_the_richer_form_brings_products_and_two_prices_of_one(shop: Shop) -> None:
    lines = (
        "1,2022-01-05 10:00:00,,85123A,HOLDER,6,2.55",
        "1,2022-01-05 10:00:00,,85123a,HOLDER,2,2.55",
        "1,2022-01-05 10:01:00,,85123A,WHITE HOLDER,1,2.95",
    )
    assert reasons(shop.takes(*lines, header=RICH)) == [(at, "unknown_product") for at in (2, 3, 4)]
    done = shop.takes(*lines, header=RICH, create_products=True)
    assert (done.created, done.orders, done.cents) == (1, 1, 8 * 255 + 295)
    [booked] = shop.orders()
    assert goods(booked) == [("85123A", 1, 295), ("85123A", 8, 255)]
    assert (booked.hashed_email, booked.placed_at) == (None, datetime(2022, 1, 5, 10, tzinfo=UTC))
    with shop.books.reading() as conn:
        made = catalogue.products(conn, ["85123A"])["85123A"]
    assert (made.name, made.price, made.on_hand, made.active) == ("WHITE HOLDER", 295, 0, True)


def test_a_product_without_a_price_is_not_for_sale(shop: Shop) -> None:
    assert shop.takes(f"{ADA},NEW1,1", create_products=True).created == 1
    with shop.books.reading() as conn:
        assert not catalogue.products(conn, ["NEW1"])["NEW1"].active


def test_a_product_at_two_prices_leaves_the_shelf_in_one_movement(shop: Shop) -> None:
    lines = ("1,2022-01-05,,BJ02R0G72U8V,,2,9.00", "1,2022-01-05,,BJ02R0G72U8V,,3,8.00")
    assert shop.takes(*lines, header=RICH, take_stock=True).booked
    assert shop.on_hand()[LAMP.product_id] == 5


def test_a_dry_run_leaves_no_trace(shop: Shop) -> None:
    done = shop.takes(*FILE, dry_run=True)
    assert (done.booked, done.orders) == (False, 2)
    assert shop.orders() == shop.rows(shop.vault.database, "email_lookup") == []


def test_an_import_that_is_interrupted_leaves_no_trace(shop: Shop) -> None:
    path = shop.folder / "past.csv"
    path.write_text("\n".join([HEADER, *FILE]))
    for moment in range(4):
        calls: Iterator[int] = iter(range(moment))

        def tell(_done: int, _of: int, calls: Iterator[int] = calls) -> None:
            if next(calls, None) is None:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            import_history(path, shop.books, shop.vault, Options(ZoneInfo("UTC")), NOW, tell)
        assert shop.orders() == shop.rows(shop.vault.database, "email_lookup") == []
    assert shop.imports(path).orders == 2


def test_whoever_was_erased_is_not_brought_back_by_an_old_file(shop: Shop) -> None:
    shop.takes(*FILE)
    ada = shop.vault.hashed("ada@customer.example")
    with shop.books.transaction() as conn:
        shop.vault.forget(ada)
        customers.suppress(conn, [ada], customers.ERASED, NOW)
    assert shop.takes(*FILE, f"2022-01-06{ADA[10:]},BJ02R0G72U8V,1").orders == 1
    assert shop.vault.belongings(ada) == (None, [], [])


def test_an_order_exported_by_us_is_known_by_its_number(shop: Shop) -> None:
    shop.takes(*FILE)
    lines = [
        f"{one.number},{one.placed_at.isoformat()},{one.hashed_email},{line.product_id},,{line.quantity},"
        for one in shop.orders()
        for line in one.lines
    ]
    done = shop.takes(*lines, header=RICH)
    assert (done.orders, done.known) == (0, 2)


def test_a_number_that_is_taken_is_not_given_twice(shop: Shop) -> None:
    shop.takes(*FILE[:1])
    [first] = shop.orders()
    with shop.books.transaction() as conn:
        for table in ("order_line", '"order"'):
            conn.execute(text(f"DELETE FROM {table}"))
        orders.book_past(conn, [replace(first, source="another", fingerprint="another")])
    assert shop.takes(*FILE[:1]).orders == 1
    assert len({one.number for one in shop.orders()}) == 2


@pytest.mark.parametrize("header", ["date,cust_email", "", "a;b;c", f"{HEADER},date"])
def test_a_file_of_another_kind_is_one_line(shop: Shop, header: str) -> None:
    with pytest.raises(TableError) as told:
        shop.takes(*FILE, header=header)
    assert "\n" not in str(told.value)
    assert "customer.example" not in str(told.value)


# Whole files, counted by other means


@pytest.mark.parametrize("take_stock", [False, True], ids=["stock stays", "stock is taken"])
def test_the_course_files_whole(
    sqlite_urls: Callable[[Any], str], opened: Callable[..., Database], tmp_path: Path, take_stock: bool
) -> None:
    if not COURSE.exists():
        pytest.skip(f"the course files are not here ({COURSE.name})")
    inventory = list(csv.DictReader((COURSE / "inventory.csv").open(encoding="utf-8-sig", newline="")))
    rows = list(csv.DictReader((COURSE / "customer_orders.csv").open(encoding="utf-8-sig", newline="")))
    shop = Shop(opened(sqlite_urls("shop"), "shop"), Vault(opened(sqlite_urls("vault"), "vault"), b"k" * 32), tmp_path)
    with shop.books.transaction() as conn:
        catalogue.add(conn, [from_course(row) for row in inventory if row["product_id"] not in SHELF], "test", NOW)
    done = shop.imports(COURSE / "customer_orders.csv", take_stock=take_stock, skip_bad=tmp_path / "left.csv")
    # The two products of every test have less on hand here than in the file.
    good, short = fulfillable(inventory, rows, take_stock)
    assert len(set(short)) == done.left_out
    price = {row["product_id"]: Decimal(row["sale_price"]) for row in inventory} | PRICES
    units = sum(int(row["product_quantity"]) for row in good)
    worth = sum(price[row["product_id"]] * int(row["product_quantity"]) for row in good)
    assert done.orders == len({(row["date"], row["cust_email"]) for row in good})
    assert (done.units, done.cents) == (units, worth * 100)
    assert_nobody_is_named(shop, {row["cust_email"] for row in rows})
    assert len({row["cust_email"] for row in good}) == len(shop.rows(shop.vault.database, "email_lookup"))
    with shop.books.reading() as conn:
        assert catalogue.differences(conn) == []
    again = shop.imports(COURSE / "customer_orders.csv", take_stock=take_stock, skip_bad=tmp_path / "left.csv")
    assert (again.orders, again.known) == (0, done.orders)


SHELF = {LAMP.product_id: LAMP.on_hand, MUG.product_id: MUG.on_hand}
PRICES = {one.product_id: Decimal(one.price) / 100 for one in (LAMP, MUG)}


def from_course(row: dict[str, str]) -> Product:
    price = int(Decimal(row["sale_price"]) * 100)
    return Product(row["product_id"], row["product_id"], "", price, int(row["quantity"]))


def fulfillable(
    inventory: Sequence[dict[str, str]], rows: Sequence[dict[str, str]], take_stock: bool
) -> tuple[list[dict[str, str]], list[tuple[str, str]]]:
    """(the rows that can be had, the orders that cannot), each order taken whole or not at all at its last row."""
    left = {row["product_id"]: int(row["quantity"]) for row in inventory} | SHELF
    by_order: defaultdict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    last = {(row["date"], row["cust_email"]): at for at, row in enumerate(rows)}
    for row in rows:
        by_order[row["date"], row["cust_email"]].append(row)
    good, short = [], []
    for name in sorted(by_order, key=last.__getitem__):
        wanted: Counter[str] = Counter()
        for row in by_order[name]:
            wanted[row["product_id"]] += int(row["product_quantity"])
        if take_stock and any(left[product] < count for product, count in wanted.items()):
            short.append(name)
            continue
        for product, count in wanted.items():
            left[product] -= count
        good += by_order[name]
    return good, short


def assert_nobody_is_named(shop: Shop, addresses: set[str]) -> None:
    tables = ("product", "order", "order_line", "stock_movement", "letter", "mailbox", "outbox", "consent")
    cells = {str(cell).lower() for table in tables for row in shop.rows(shop.books, table) for cell in row}
    assert not {cell for cell in cells if "@" in cell}
    assert not cells & {address.lower() for address in addresses}


def test_the_beginning_of_the_richer_file(
    sqlite_urls: Callable[[Any], str], opened: Callable[..., Database], tmp_path: Path
) -> None:
    if not RETAIL.exists():
        pytest.skip(f"the file of baskets is not here ({RETAIL.name})")
    with gzip.open(RETAIL, "rt", encoding="utf-8", newline="") as whole:
        lines = [next(whole) for _ in range(20_001)]
    path = tmp_path / "part.csv.gz"
    with gzip.open(path, "wt", encoding="utf-8", newline="") as part:
        part.writelines(lines)
    rows = list(csv.DictReader(lines))
    shop = Shop(opened(sqlite_urls("shop"), "shop"), Vault(opened(sqlite_urls("vault"), "vault"), b"k" * 32), tmp_path)
    done = shop.imports(path, create_products=True)
    worth = sum(Decimal(row["unit_price"]) * int(row["quantity"]) for row in rows)
    assert (done.orders, done.units) == (len({row["order_id"] for row in rows}), sum(int(r["quantity"]) for r in rows))
    assert done.cents == worth * 100
    with shop.books.reading() as conn:
        [total] = orders.totals(conn).values()
    assert (total.orders, total.cents) == (done.orders, done.cents)
