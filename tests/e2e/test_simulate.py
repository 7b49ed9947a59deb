"""`mailorder simulate` as a person runs it: real servers on loopback, the figures reckoned again in plain Python."""

import csv
import json
import os
import sqlite3
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent / "simulation"
ORDERS, CATALOGUE = HERE / "orders.csv", HERE / "catalogue.csv"
COURSE = Path(__file__).parents[2].parent / "shared" / "data" / "course"
SEED = "23"  # brings every kind of mishap within the few days of the small file
SECONDS = 110


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("mailorder"), "simulate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=SECONDS, env=os.environ | environment)


def played(*arguments: str | Path, orders: Path = ORDERS, catalogue: Path = CATALOGUE, **environment: str) -> Any:
    done = run(orders, "--catalogue", catalogue, "--json", *arguments, **environment)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


Basket = list[tuple[str, int]]


def baskets(orders: Path) -> dict[tuple[str, str], Basket]:
    """Same day and customer: one order."""
    found: dict[tuple[str, str], Basket] = defaultdict(list)
    for row in rows(orders):
        found[row["date"], row["cust_email"]].append((row["product_id"], int(row["product_quantity"])))
    return found


def cents(text: str) -> int:
    return round(float(text) * 100)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """A simulation in which everything goes wrong that can; its folder, and what was told."""
    folder = tmp_path_factory.mktemp("simulate") / "kept"
    return folder, played("--faults", SEED, "--keep", folder)


def test_every_order_of_the_file_is_booked_on_its_day() -> None:
    told = played()
    price = {row["product_id"]: cents(row["sale_price"]) for row in rows(CATALOGUE)}
    # There are three shuttles: the second customer who wants two of them is refused.
    wanted = {key: basket for key, basket in baskets(ORDERS).items() if key[1] != "noor@mail.example"}
    units = sum(n for basket in wanted.values() for _, n in basket)
    total = told["total"]
    assert (total["letters"], total["orders"], total["cancelled"]) == (len(wanted) + 1, len(wanted), 0)
    assert total["cents"] == sum(price[one] * n for basket in wanted.values() for one, n in basket)
    assert total["units"] == units == total["stock_before"] - total["stock_after"]
    assert total["stock_before"] == sum(int(row["quantity"]) for row in rows(CATALOGUE))
    assert total["outcomes"] == {"refused": {"not_enough_stock": 1}}
    by_day = {day["day"]: day["orders"] for day in told["days"]}
    assert by_day == {day: sum(key[0] == day for key in wanted) for day in by_day}
    assert by_day["2024-03-01"] == 0


def test_what_customers_do_besides_is_handled_as_due(kept: tuple[Path, Any]) -> None:
    folder, told = kept
    total = told["total"]
    assert told["ok"]
    assert all(not claim["differences"] for claim in told["proof"])
    assert total["cancelled"] > 0
    assert {reason for reasons in total["outcomes"].values() for reason in reasons} >= {
        "too_late",
        "duplicate",
        "same_order",
        "unknown_product",
    }
    with sqlite3.connect(folder / "shop.sqlite") as shop:
        agreed = shop.execute("SELECT count(*) FROM letter WHERE reason = 'placed_after_question'").fetchone()
    shop.close()
    assert agreed == (1,)


def test_the_same_seed_gives_the_same_books_and_another_seed_others(kept: tuple[Path, Any]) -> None:
    told = kept[1]
    again, other = played("--faults", SEED), played("--faults", "24")
    for one in (told, again, other):
        del one["seconds"], one["kept"]
    assert again == told
    assert other["fingerprint"] != told["fingerprint"]


def test_nobody_is_named_outside_the_vault_and_the_mails(kept: tuple[Path, Any]) -> None:
    """Promise 5: no table of the shop, no byte of its file, no line of the log knows who ordered or where to."""
    folder = kept[0]
    people = {row["cust_email"] for row in rows(ORDERS)}
    with sqlite3.connect(folder / "vault.sqlite") as vault:
        known = {row[0] for row in vault.execute("SELECT unhashed_email FROM email_lookup")}
        places = set(vault.execute("SELECT name, lines FROM shipping_address"))
    vault.close()
    assert known == people
    streets = {line for _, lines in places for line in json.loads(lines)}
    assert any(line.endswith(" 02134") for line in streets), "ZIP codes keep their zeros"
    secrets = people | streets | {name for name, _ in places}
    assert_holds_none_of(cells(folder / "shop.sqlite"), secrets)
    for file in (folder / "shop.sqlite", folder / "log"):
        assert_holds_none_of([file.read_bytes().decode("utf-8", "replace")], secrets)
    assert len((folder / "log").read_text("utf-8").splitlines()) > 50


def cells(database: Path) -> list[str]:
    """Every value of every table as text."""
    with sqlite3.connect(database) as shop:
        tables = [row[0] for row in shop.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = [str(cell) for table in tables for row in shop.execute(f'SELECT * FROM "{table}"') for cell in row]
    shop.close()
    assert len(tables) >= 6
    assert len(found) > 500
    return found


def assert_holds_none_of(texts: list[str], secrets: set[str]) -> None:
    whole = "\n".join(texts).lower()
    assert [secret for secret in secrets if secret.lower() in whole] == []


def test_letters_and_mails_are_kept_whole(kept: tuple[Path, Any]) -> None:
    folder, told = kept
    assert len(list((folder / "letters").glob("*.eml"))) == told["total"]["letters"]
    assert len(list((folder / "mails").glob("*.eml"))) == told["total"]["mails"]


def test_a_folder_in_use_is_left_alone(kept: tuple[Path, Any]) -> None:
    done = run(ORDERS, "--catalogue", CATALOGUE, "--keep", kept[0])
    assert (done.returncode, done.stdout) == (1, "")
    assert "is not empty" in done.stderr


def test_the_real_shop_is_out_of_reach(tmp_path: Path) -> None:
    """An operator's environment names the shop's own books; a simulation must not play in them."""
    real = tmp_path / "real.sqlite"
    played("--days", "1", MAILORDER_DATABASE__SHOP_URL=f"sqlite:///{real}", MAILORDER_ORDERS__CANCEL_WINDOW_HOURS="0")
    assert not real.exists()


def test_days_and_a_first_day_choose_what_is_played() -> None:
    told = played("--days", "2", "--from", "2024-02-29")
    assert [day["day"] for day in told["days"]] == ["2024-02-29", "2024-03-01"]
    assert told["total"]["letters"] == 5


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    played("--days", "1", TMPDIR=str(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_person_reads_a_statement_and_the_proof() -> None:
    done = run(ORDERS, "--catalogue", CATALOGUE, "--days", "2")
    assert done.returncode == 0
    head, first, second, total, *rest = done.stdout.splitlines()
    assert head.split()[:3] == ["day", "letters", "orders"]
    assert first.split()[:3] == ["2024-02-27", "5", "5"]
    assert second.split()[:3] == ["2024-02-28", "5", "4"]
    assert second.endswith("refused not_enough_stock 1")
    assert total.split()[:3] == ["all", "10", "9"]
    assert sum(line.startswith("ok ") for line in rest) == 7
    assert "days: 2 of 2" in done.stderr


def test_products_that_the_catalogue_does_not_have_are_refused(tmp_path: Path) -> None:
    orders = tmp_path / "orders.csv"
    text = ORDERS.read_text("utf-8").splitlines()
    orders.write_text("\n".join([*text[:3], "2024-02-27,zoe@mail.example,10001,NOSUCHTHING1,1"]), "utf-8")
    done = run(orders, "--catalogue", CATALOGUE, "--json")
    assert done.returncode == 0
    assert "1 lines want products that are not in the catalogue" in done.stderr
    assert json.loads(done.stdout)["total"]["outcomes"] == {"refused": {"unknown_product": 1}}


@pytest.mark.parametrize(
    ("orders", "catalogue", "told"),
    [
        (None, CATALOGUE, "orders.csv: cannot be read (No such file or directory)"),
        ("date,cust_email,product_id,product_quantity\n", CATALOGUE, "no column location"),
        (
            "date,cust_email,cust_location,product_id,product_quantity\n2024-02-30,a@mail.example,1,X,1\n",
            CATALOGUE,
            "line 2",
        ),
        (
            "date,cust_email,cust_location,product_id,product_quantity\n2024-02-28,a@mail.example,1,X,0\n",
            CATALOGUE,
            "line 2",
        ),
        (ORDERS.read_text("utf-8"), HERE / "none.csv", "none.csv: cannot be read"),
        (ORDERS.read_text("utf-8"), ORDERS, "orders.csv"),
        ("date,cust_email,cust_location,product_id,product_quantity\n", CATALOGUE, "no orders"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(
    tmp_path: Path, orders: str | None, catalogue: Path, told: str
) -> None:
    file = tmp_path / "orders.csv"
    if orders is not None:
        file.write_text(orders, "utf-8")
    done = run(file, "--catalogue", catalogue)
    assert done.returncode in (1, 2)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [("--days", "0"), ("--days", "-3"), ("--from", "yesterday"), ("--faults", "x")])
def test_what_makes_no_sense_is_refused(arguments: tuple[str, str]) -> None:
    done = run(ORDERS, "--catalogue", CATALOGUE, *arguments)
    assert done.returncode == 2
    assert arguments[0] in done.stderr


def test_a_day_after_the_last_is_told() -> None:
    done = run(ORDERS, "--catalogue", CATALOGUE, "--from", "2024-03-04")
    assert done.returncode == 1
    assert done.stderr == f"mailorder: {ORDERS}: no orders from 2024-03-04 on; the last is of 2024-03-03\n"


@pytest.mark.skipif(not COURSE.is_dir(), reason="the course files are not here (../shared/data/course)")
def test_two_weeks_of_the_course_file() -> None:
    """Fourteen days, not the 180: those take over a minute; `mailorder simulate` on the whole file plays all."""
    orders, catalogue = COURSE / "customer_orders.csv", COURSE / "inventory.csv"
    total = played("--days", "14", "--faults", "1", orders=orders, catalogue=catalogue)["total"]
    wanted = {key: basket for key, basket in baskets(orders).items() if key[0] < "2022-01-15"}
    assert total["stock_before"] == sum(int(row["quantity"]) for row in rows(catalogue))
    assert total["letters"] > len(wanted)
    assert 0.95 * len(wanted) < total["orders"] < 1.05 * len(wanted)
    assert total["stock_before"] - total["stock_after"] == total["units"] - total["units_back"]
