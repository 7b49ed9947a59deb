"""mailorder products, as staff type it: what it prints, what it changes, and what it refuses in one line."""

import csv
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import main
from store import catalogue, orders
from store.database import open_shop
from store.facts import Order, OrderLine, OrderState
from tests.integration.importing.test_import_products import NOW

LAMP = ("BJ02R0G72U8V", "--price", "49.50", "--name", "Brass desk lamp", "--cost", "24,20", "--quantity", "240")


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shop:
    """A shop in a folder of its own; called with the words after `mailorder products`."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str | Path) -> Told:
        with pytest.raises(SystemExit) as end:
            main(["--config", str(self.folder / "config.toml"), "products", *map(str, words)])
        out, err = self.capture.readouterr()
        return Told(int(end.value.code or 0), out, err)

    def file(self, *lines: str, name: str = "goods.csv") -> Path:
        path = self.folder / name
        path.write_text("\n".join(lines) + "\n", "utf-8")
        return path

    def order(self, product_id: str, quantity: int) -> None:
        books = open_shop(f"sqlite:///{self.folder}/shop.sqlite")
        with books.transaction() as conn:
            one = catalogue.products(conn, [product_id])[product_id]
            line = OrderLine(product_id, one.name, quantity, one.price)
            orders.book(conn, [Order("MO-1", "eve", OrderState.PLACED, NOW, NOW, NOW, "home", "same", "L1", (line,))])
        books.close()


@pytest.fixture(scope="module")
def new_books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Books that were migrated once, to be copied."""
    path = tmp_path_factory.mktemp("books") / "shop.sqlite"
    books = open_shop(f"sqlite:///{path}")
    books.migrate()
    books.close()
    return path


@pytest.fixture
def shop(new_books: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shop:
    for name in [name for name in os.environ if name.startswith("MAILORDER_")]:
        monkeypatch.delenv(name)
    config = f'[database]\nshop_url = "sqlite:///{tmp_path}/shop.sqlite"\nvault_url = "sqlite:///{tmp_path}/v.sqlite"\n'
    (tmp_path / "config.toml").write_text(config)
    shutil.copy(new_books, tmp_path)
    return Shop(tmp_path, capsys)


def test_an_empty_shop_says_so(shop: Shop) -> None:
    assert shop("list") == Told(0, "None yet.\n", "")
    assert shop("list", "lamp") == Told(0, "No such product.\n", "")
    assert shop("list", "--json").json == []


def test_a_product_from_its_first_day_to_its_last(shop: Shop) -> None:
    assert shop("add", *LAMP, "--by", "anna") == Told(0, "BJ02R0G72U8V: added, 240 on hand\n", "")
    assert shop("receive", "bj02-r0g7-2u8v", "24", "--by", "ben").out == "BJ02R0G72U8V: 24 received, 264 on hand\n"
    assert shop("adjust", "BJ02R0G72U8V", "262", "--reason", "two broken").out == "BJ02R0G72U8V: -2, 262 on hand\n"
    assert shop("adjust", "BJ02R0G72U8V", "262", "--reason", "again").out == "BJ02R0G72U8V: 262 on hand already\n"
    shop.order("BJ02R0G72U8V", 3)
    assert shop("change", "BJ02R0G72U8V", "--price", "51", "--supplier", "S1").out == "BJ02R0G72U8V: changed\n"
    assert shop("change", "BJ02R0G72U8V", "--price", "51.00").out == "BJ02R0G72U8V: is so already\n"
    assert shop("remove", "BJ02R0G72U8V").out == "BJ02R0G72U8V: retired; orders of it stay as they are\n"
    told = shop("show", "BJ02R0G72U8V", "--json").json
    movements = [(one["quantity"], one["reason"], one["order_number"], one["actor"]) for one in told.pop("movements")]
    assert movements == [
        (-3, "order", "MO-1", "L1"),
        (-2, "correction", None, "staff: two broken"),
        (24, "received", None, "ben"),
        (240, "initial", None, "anna"),
    ]
    assert told == {
        "product_id": "BJ02R0G72U8V",
        "name": "Brass desk lamp",
        "category": "",
        "on_hand": 259,
        "price": 5100,
        "cost": 2420,
        "supplier_id": "S1",
        "active": False,
        "movement_count": 4,
        "moved": 259,
    }


def test_show_for_people(shop: Shop) -> None:
    shop("add", *LAMP)
    shop("receive", "BJ02R0G72U8V", "1")
    told = shop("show", "BJ02R0G72U8V", "--limit", "1").out.splitlines()
    assert told[0] == "product_id   BJ02R0G72U8V"
    assert "price        $49.50" in told
    assert "2 movements, 241 in all: as many as on hand" in told
    assert told[-1].split()[2:] == ["1", "received", "-", "staff"]
    assert sum("initial" in line for line in told) == 0


def test_a_product_never_ordered_leaves_nothing_behind(shop: Shop) -> None:
    shop("add", *LAMP)
    assert shop("remove", "BJ02R0G72U8V").out == "BJ02R0G72U8V: deleted; it was never ordered\n"
    assert shop("show", "BJ02R0G72U8V").code == 1
    assert shop("add", *LAMP).code == 0


def test_empty_options_clear_what_may_be_empty(shop: Shop) -> None:
    shop("add", *LAMP, "--category", "light", "--supplier", "S1")
    shop("change", "BJ02R0G72U8V", "--cost", "", "--category", " ", "--supplier", "", "--retired")
    told = shop("list", "--retired", "--json").json
    assert [(one["cost"], one["category"], one["supplier_id"]) for one in told] == [(None, "", "")]
    assert shop("list", "--active", "--json").json == []


def test_lists_find_by_id_name_and_category(shop: Shop) -> None:
    lines = ("product_id,name,category,sale_price", "A1,Lamp,light,1", "B2,Mug,kitchen,2", "C3,Pot,kitchen,3")
    shop("import", shop.file(*lines))
    found = {word: [one["product_id"] for one in shop("list", word, "--json").json] for word in ("a1", "MUG", "kitch")}
    assert found == {"a1": ["A1"], "MUG": ["B2"], "kitch": ["B2", "C3"]}
    assert len(shop("list", "-n", "2", "--json").json) == 2
    assert "$2.00" in shop("list").out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "NOTHING"), "there is no product 'NOTHING'"),
        (("change", "NOTHING", "--price", "1"), "there is no product"),
        (("remove", "%"), "there is no product"),
        (("receive", "NOTHING", "1"), "there is no product"),
        (("adjust", "NOTHING", "1", "--reason", "x"), "there is no product"),
        (("change", "BJ02R0G72U8V"), "say what to change"),
        (("change", "BJ02R0G72U8V", "--price", "1,234"), "--price '1,234' may mean 1234 or 1.234"),
        (("change", "BJ02R0G72U8V", "--price", "-1"), "--price '-1' must not be negative"),
        (("change", "BJ02R0G72U8V", "--price", ""), "--price '' is empty"),
        (("change", "BJ02R0G72U8V", "--cost", "€3"), "is in EUR; prices are in USD"),
        (("change", "BJ02R0G72U8V", "--name", " "), "--name ' ' is empty"),
        (("change", "BJ02R0G72U8V", "--name", "x" * 201), "is longer than 200 characters"),
        (("add", "bj02-R0G72U8V", "--price", "1"), "BJ02R0G72U8V is there already"),
        (("add", "@home", "--price", "1"), "is no product id"),
        (("add", "", "--price", "1"), "ID '' is empty"),
        (("add", "NEW", "--price", "cheap"), "--price 'cheap' is not a number"),
        (("receive", "BJ02R0G72U8V", "1", "--by", "ada@example.com"), "without a mail address"),
        (("receive", "BJ02R0G72U8V", "1", "--by", ""), "--by must be one line"),
        (("adjust", "BJ02R0G72U8V", "1", "--reason", "a\nb"), "--reason must be one line"),
        (("import", "nothing.csv"), "nothing.csv: cannot be read (No such file or directory)"),
        (("export", "goods.ods"), "name it .csv or .xlsx"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line_and_changes_nothing(
    shop: Shop, words: tuple[str, ...], told: str
) -> None:
    shop("add", *LAMP)
    before = shop("show", "BJ02R0G72U8V", "--json").json
    done = shop(*words)
    assert done.code in (1, 2)
    assert done.out == ""
    assert done.err.startswith("mailorder: ")
    assert told in done.err
    assert done.err.count("\n") == 1
    assert "ada@example.com" not in done.err
    assert shop("show", "BJ02R0G72U8V", "--json").json == before
    assert len(shop("list", "--json").json) == 1


@pytest.mark.parametrize(
    "words",
    [
        ("receive", "BJ02R0G72U8V", "0"),
        ("receive", "BJ02R0G72U8V", "-3"),
        ("receive", "BJ02R0G72U8V", "1.5"),
        ("receive", "BJ02R0G72U8V", "9999999999"),
        ("adjust", "BJ02R0G72U8V", "5"),
        ("adjust", "BJ02R0G72U8V", "--reason", "x", "--", "-5"),
        ("add", "NEW"),
        ("add", "NEW", "--price", "1", "--quantity", "-1"),
        ("list", "--limit", "0"),
        ("shelve",),
    ],
)
def test_a_command_misspelt_is_explained_and_changes_nothing(shop: Shop, words: tuple[str, ...]) -> None:
    shop("add", *LAMP)
    done = shop(*words)
    assert (done.code, done.out) == (2, "")
    assert "Usage" in done.err
    assert [one["on_hand"] for one in shop("list", "--json").json] == [240]


GOOD = ("product_id;title;stock;sale price;colour", "A1;Lamp;10;9,50;red", "B2;Mug;3;4;blue")
BAD = (*GOOD, "C3;Pot;x;4;red", "D4;Pan;1;1.234;red")


def test_an_import_is_all_or_nothing_and_names_every_bad_line(shop: Shop) -> None:
    done = shop("import", shop.file(*BAD))
    assert done.code == 1
    assert done.err.splitlines() == [
        "line 4: quantity 'x' is not a number; write it like 12",
        "line 5: sale_price '1.234' may mean 1234 or 1.234; write no separator of thousands",
        "mailorder: nothing was imported: 2 bad lines; correct them, or --skip-bad FILE",
    ]
    assert shop("list", "--json").json == []


def test_bad_lines_are_set_aside_when_told(shop: Shop) -> None:
    aside = shop.folder / "bad.csv"
    done = shop("import", shop.file(*BAD), "--skip-bad", aside)
    assert done.code == 0
    assert done.out.splitlines()[-1] == f"2 added, 0 changed, 0 as they were; 2 bad lines are in {aside}"
    with aside.open(encoding="utf-8-sig", newline="") as file:
        assert [row[1] for row in csv.reader(file)] == ["product_id", "C3", "D4"]


def test_the_same_import_again_changes_nothing(shop: Shop) -> None:
    path = shop.file(*GOOD)
    assert shop("import", path, "--dry-run").out.endswith(
        "nothing is written: 2 added, 0 changed, 0 as they were, 0 bad lines\n"
    )
    assert shop("import", path).out == "columns that mean nothing here: colour\n2 added, 0 changed, 0 as they were\n"
    shop("receive", "A1", "5")
    again = shop("import", path)
    assert again.out.splitlines()[1:] == [
        "1 of the known products have another quantity on hand; it stays as it is without --counted",
        "0 added, 0 changed, 2 as they were",
    ]
    assert shop("import", path, "--counted", "--by", "anna").out.endswith("1 corrected to what was counted\n")
    assert shop("show", "A1", "--json").json["movements"][0]["actor"] == "anna"
    assert shop("show", "A1", "--json").json["on_hand"] == 10


def test_an_import_for_a_program(shop: Shop) -> None:
    done = shop("import", shop.file(*BAD), "--json")
    assert done.code == 1
    assert (done.json["written"], done.json["added"]) == (False, 2)
    assert [(bad["line"], bad["column"], bad["reason"]) for bad in done.json["bad"]] == [
        (4, "quantity", "not_a_number"),
        (5, "sale_price", "ambiguous"),
    ]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_what_is_exported_can_be_imported_and_changes_nothing(shop: Shop, suffix: str) -> None:
    shop("add", "A1", "--price", "0.07", "--name", "=HYPERLINK(1)", "--category", "-5 °C", "--quantity", "3")
    shop("add", "B2", "--price", "1234567.89", "--name", "'+1", "--supplier", "007", "--cost", "1")
    shop("change", "B2", "--retired")
    path = shop.folder / f"all.{suffix}"
    assert shop("export", path) == Told(0, "", f"2 products written to {path}\n")
    before = shop("list", "--json").json
    assert shop("import", path).out == "0 added, 0 changed, 2 as they were\n"
    for one in ("A1", "B2"):
        shop("remove", one)
    assert shop("import", path).out == "2 added, 0 changed, 0 as they were\n"
    assert shop("list", "--json").json == before


def test_a_long_import_tells_how_far_it_is_in_plain_lines(shop: Shop) -> None:
    lines = ("product_id,sale_price", *(f"P{number:06},1" for number in range(21_000)))
    done = shop("import", shop.file(*lines))
    assert done.out == "21000 added, 0 changed, 0 as they were\n"
    assert done.err.splitlines() == [
        "products: 10,000 of 21,001",
        "products: 20,000 of 21,001",
        "products: 10,000 of 21,000",
        "products: 20,000 of 21,000",
    ]
    assert "\x1b" not in done.err


def test_on_a_terminal_there_is_a_bar(shop: Shop) -> None:
    path = shop.file("product_id,sale_price", *(f"P{number:06},1" for number in range(5_000)))
    command = [sys.executable, "-c", "from daemon.cli import main; main()", "-c", str(shop.folder / "config.toml")]
    leader, follower = os.openpty()
    with os.fdopen(leader, "rb", buffering=0) as terminal:
        environment = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "80"}
        done = subprocess.run(
            [*command, "products", "import", str(path)],
            stderr=follower,
            stdout=subprocess.PIPE,
            env=environment,
            timeout=60,
        )
        os.close(follower)
        shown = terminal.read(65_536)
    assert done.returncode == 0
    assert b"products" in shown
    assert b"\x1b[" in shown
