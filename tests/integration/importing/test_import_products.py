"""Whole tables brought into the books of either database: all or nothing, the same again changes nothing."""

import csv
import os
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from daemon.importing.changes import Plan
from daemon.importing.faults import TableError
from daemon.importing.products import ProductLine
from daemon.importing.shelves import Imported, Options, carry_out, import_products, plan_in, read_file, renewed
from store import catalogue, orders
from store.database import Database, ForbiddenError, History
from store.facts import MovementReason, Order, OrderLine, OrderState, Product

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
INVENTORY = Path(
    os.environ.get("MAILORDER_COURSE_DATA", Path(__file__).parents[4] / "shared/data/course"), "inventory.csv"
)
NewUrl = Callable[[History | None], str]


def imported(shop: Database, path: Path, **said: object) -> Imported:
    options = Options(**{"actor": "ada", "currency": "USD"} | said)  # type: ignore[arg-type]
    return import_products(path, shop, options, NOW, lambda done, of: None)


def table(folder: Path, *lines: str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def shelf(shop: Database) -> dict[str, Product]:
    with shop.reading() as conn:
        assert catalogue.differences(conn) == []
        return {one.product_id: one for one in catalogue.everything(conn)}


HEADER = "product_id,name,quantity,wholesale_cost,sale_price"
GOOD = (HEADER, "A1,Lamp,10,5.00,9.50", "B2,Mug,3,,4")


def test_new_products_come_with_their_stock_and_who_brought_it(shop: Database, tmp_path: Path) -> None:
    done = imported(shop, table(tmp_path, *GOOD))
    assert (done.written, len(done.plan.new), done.faults) == (True, 2, ())
    assert shelf(shop) == {
        "A1": Product("A1", "Lamp", "", 950, 10, True, 500, ""),
        "B2": Product("B2", "Mug", "", 400, 3, True, None, ""),
    }
    with shop.reading() as conn:
        first = catalogue.movements(conn, "A1")
    assert [(one.quantity, one.reason, one.actor, one.at) for one in first] == [
        (10, MovementReason.INITIAL, "ada", NOW)
    ]


def order(number: str, product: Product, quantity: int) -> Order:
    line = OrderLine(product.product_id, product.name, quantity, product.price)
    return Order(number, "eve", OrderState.PLACED, NOW, NOW, NOW, "home", "same", f"L-{number}", (line,))


def test_the_same_file_again_changes_nothing_also_after_customers_ordered(shop: Database, tmp_path: Path) -> None:
    path = table(tmp_path, *GOOD)
    imported(shop, path)
    with shop.transaction() as conn:
        orders.book(conn, [order("MO-1", shelf_of(conn, "A1"), 4)])
    before = shelf(shop)
    again = imported(shop, path)
    assert (again.plan.same, again.plan.left, again.plan.new, again.plan.changed, again.plan.moved) == (
        2,
        1,
        [],
        [],
        [],
    )
    assert shelf(shop) == before
    assert before["A1"].on_hand == 6


def shelf_of(conn: object, product_id: str) -> Product:
    return catalogue.products(conn, [product_id])[product_id]  # type: ignore[arg-type]


def test_counted_quantities_are_booked_as_corrections_once(shop: Database, tmp_path: Path) -> None:
    imported(shop, table(tmp_path, *GOOD))
    stocktaking = table(tmp_path, "quantity,product_id", "8,a-1", "3,B2")
    assert len(imported(shop, stocktaking, counted=True).plan.moved) == 1
    assert imported(shop, stocktaking, counted=True).plan.same == 2
    with shop.reading() as conn:
        assert [(one.quantity, one.reason) for one in catalogue.movements(conn, "A1")] == [
            (-2, MovementReason.CORRECTION),
            (10, MovementReason.INITIAL),
        ]
    assert shelf(shop)["A1"].on_hand == 8


def test_changes_reach_known_products_and_a_retired_one_stays_so(shop: Database, tmp_path: Path) -> None:
    imported(shop, table(tmp_path, *GOOD))
    imported(shop, table(tmp_path, "product_id,active", "A1,no"))
    done = imported(shop, table(tmp_path, HEADER, "A1,Lamp of brass,10,,10", "B2,Mug,3,,4"))
    assert (len(done.plan.changed), done.plan.same) == (1, 1)
    assert shelf(shop)["A1"] == Product("A1", "Lamp of brass", "", 1000, 10, False, 500, "")


BAD = (*GOOD, "A1,again,1,1,1", "C3,x,1,234,1,1", "D4,x,1.5,1,cheap", "E5,x,1,1,", "F6,fine,1,1,1")
REASONS = [(4, "twice"), (5, "too_many_cells"), (6, "not_whole"), (6, "not_a_number"), (7, "no_price")]


def test_one_bad_line_keeps_all_of_the_file_out_and_every_one_is_told(shop: Database, tmp_path: Path) -> None:
    done = imported(shop, table(tmp_path, *BAD))
    assert not done.written
    assert [(fault.line, fault.reason) for fault in done.faults] == REASONS
    assert shelf(shop) == {}


def test_a_bad_line_that_only_the_books_can_tell_keeps_all_out(shop: Database, tmp_path: Path) -> None:
    done = imported(shop, table(tmp_path, *GOOD, "E5,x,1,1,"))
    assert (done.written, [fault.reason for fault in done.faults]) == (False, ["no_price"])
    assert shelf(shop) == {}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_bad_lines_set_aside_can_be_corrected_and_imported(shop: Database, tmp_path: Path, suffix: str) -> None:
    aside = tmp_path / f"bad.{suffix}"
    done = imported(shop, table(tmp_path, *BAD), skip_bad=aside)
    assert done.written
    assert set(shelf(shop)) == {"A1", "B2", "F6"}
    again = imported(shop, aside, skip_bad=tmp_path / "still.csv")
    assert [fault.reason for fault in again.faults] == [
        "too_many_cells",
        "not_whole",
        "not_a_number",
        "no_price",
    ]
    assert len(again.plan.changed) == 1, "the second A1 is the only one in its file"
    if suffix == "csv":
        rows = list(csv.reader(aside.read_text("utf-8-sig").splitlines()))
        assert rows[0] == ["reason", *HEADER.split(",")]
        assert rows[2][1:] == ["C3", "x", "1", "234", "1", "1"]
        assert rows[3][0] == ("quantity a quantity is a whole number; sale_price is not a number; write it like 12.50")


def test_bad_lines_never_take_the_place_of_the_file_itself(shop: Database, tmp_path: Path) -> None:
    path = table(tmp_path, *BAD)
    with pytest.raises(TableError, match="name another"):
        imported(shop, path, skip_bad=tmp_path / "." / "table.csv")
    with pytest.raises(TableError, match=r"\.csv or \.xlsx"):
        imported(shop, path, skip_bad=tmp_path / "bad.txt")
    assert path.read_text().startswith(HEADER)
    assert shelf(shop) == {}, "the import is undone when its bad lines cannot be kept"


def test_a_trial_tells_and_writes_nothing(shop: Database, tmp_path: Path) -> None:
    done = imported(shop, table(tmp_path, *BAD), dry_run=True, skip_bad=tmp_path / "bad.csv")
    assert (done.written, len(done.plan.new), len(done.faults)) == (False, 3, 5)
    assert shelf(shop) == {}
    assert not (tmp_path / "bad.csv").exists()


def inventory() -> Path:
    if not INVENTORY.exists():
        pytest.skip(f"no course data at {INVENTORY}; MAILORDER_COURSE_DATA may name another folder")
    return INVENTORY


def test_the_course_inventory_comes_in_whole(shop: Database) -> None:
    path = inventory()
    done = imported(shop, path)
    assert done.faults == ()
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    found = shelf(shop)
    assert len(found) == len(rows) == len({row["product_id"] for row in rows})
    assert sum(one.on_hand for one in found.values()) == sum(int(row["quantity"]) for row in rows)
    for field, column in (("price", "sale_price"), ("cost", "wholesale_cost")):
        cents = sum(getattr(one, field) for one in found.values())
        assert Decimal(cents) / 100 == sum(Decimal(row[column]) for row in rows)
    drawn = random.Random(7).sample(rows, 200)
    for row in drawn:
        one = found[row["product_id"]]
        assert (one.on_hand, one.supplier_id) == (int(row["quantity"]), row["supplier_id"])
        assert (one.price, one.cost) == (Decimal(row["sale_price"]) * 100, Decimal(row["wholesale_cost"]) * 100)
    again = imported(shop, path)
    assert (again.plan.same, again.plan.new, again.plan.changed, again.plan.left) == (len(rows), [], [], 0)


def test_customers_are_served_while_forty_thousand_products_come_in(
    new_url: NewUrl, opened: Callable[..., Database], tmp_path: Path
) -> None:
    url = new_url("shop")
    counter, office = opened(url, "shop", 60.0), opened(url, "shop", 60.0)
    imported(office, table(tmp_path, *GOOD[:1], "LAST,x,1000,1,1"))
    many = (f"P{number:07},Thing {number},{number % 50},1.00,2.00" for number in range(40_000))
    path = table(tmp_path, HEADER, *many)
    failed: list[BaseException] = []

    def bring_in() -> None:
        try:
            imported(office, path)
        except BaseException as error:  # told in the test's own thread
            failed.append(error)

    importing = threading.Thread(target=bring_in)
    importing.start()
    served = 0
    while importing.is_alive():
        with counter.transaction() as conn:
            orders.book(conn, [order(f"MO-{served}", shelf_of(conn, "LAST"), 1)])
        served += 1
        if served == 900:
            importing.join()
    importing.join()
    assert failed == []
    assert served > 0
    found = shelf(office)
    assert len(found) == 40_001
    assert found["LAST"].on_hand == 1000 - served


def planned(shop: Database, path: Path, options: Options) -> tuple[Plan, Sequence[ProductLine]]:
    told = read_file(path, "USD", lambda done, of: None)
    with shop.reading() as conn:
        return plan_in(conn, told.good, options, NOW), told.good


STOCKTAKING = ("product_id,quantity,sale_price", "A1,8,10", "B2,3,5")


def test_what_changed_while_the_file_was_read_is_not_overwritten(shop: Database, tmp_path: Path) -> None:
    imported(shop, table(tmp_path, *GOOD))
    options = Options("ada", "USD", counted=True)
    first, lines = planned(shop, table(tmp_path, *STOCKTAKING), options)
    with shop.transaction() as conn:
        orders.book(conn, [order("MO-1", shelf_of(conn, "A1"), 4)])
        catalogue.change(conn, [replace(shelf_of(conn, "B2"), name="Beaker")])
    with shop.transaction() as conn:
        carry_out(conn, renewed(conn, first, lines, options, NOW), "ada", NOW, lambda done, of: None)
    found = shelf(shop)
    assert (found["A1"].on_hand, found["A1"].price) == (8, 1000)
    assert (found["B2"].name, found["B2"].price) == ("Beaker", 500)


def test_a_product_removed_or_added_meanwhile_keeps_the_file_out(shop: Database, tmp_path: Path) -> None:
    imported(shop, table(tmp_path, *GOOD))
    options = Options("ada", "USD")
    first, lines = planned(shop, table(tmp_path, *STOCKTAKING, "N1,1,1"), options)
    with shop.transaction() as conn:
        catalogue.add(conn, [Product("N1", "New", "", 1, 1)], "eve", NOW)
    with pytest.raises(ForbiddenError), shop.transaction() as conn:
        carry_out(conn, renewed(conn, first, lines, options, NOW), "ada", NOW, lambda done, of: None)
    with shop.transaction() as conn:
        catalogue.remove(conn, "A1")
    with pytest.raises(TableError, match="import it again"), shop.transaction() as conn:
        renewed(conn, first, lines, options, NOW)
    assert shelf(shop)["B2"].price == 400
