"""mailorder mine, rules and suggest, as staff type them: what they print, and what they refuse in one line."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import main
from daemon.simulator.past import past_orders
from daemon.simulator.stock import shop_catalogue
from store import catalogue, orders, rules
from store.database import open_shop
from store.facts import MiningState, Movement, MovementReason, Order
from tests.e2e.daemon_process import eventually

COMMAND = str(Path(sys.executable).with_name("mailorder"))
TEAPOT, TOWEL, MUG, SALT_PIG = "7B4VYMBRQNAR", "86H2HKJ06GH0", "GFPD2GAEDHNW", "7ZQ7SNNUQVUP"
NOW = datetime.now(UTC)


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
    """A shop in a folder of its own; called with the words after `mailorder`."""

    folder: Path
    past: Sequence[Order]
    capture: pytest.CaptureFixture[str]

    def __call__(self, *words: str) -> Told:
        with pytest.raises(SystemExit) as end:
            main(["--config", str(self.folder / "config.toml"), *words])
        out, err = self.capture.readouterr()
        return Told(int(end.value.code or 0), out, err)

    def process(self, *words: str) -> "subprocess.Popen[str]":
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MAILORDER_")}
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [COMMAND, *words], cwd=self.folder, env=environment, stdout=pipe, stderr=pipe, text=True
        )

    def mine(self, *words: str) -> Told:
        process = self.process("mine", *words)
        out, err = process.communicate(timeout=100)
        return Told(process.returncode, out, err)

    def sell_out(self, product_id: str) -> None:
        books = open_shop(f"sqlite:///{self.folder}/shop.sqlite")
        with books.transaction() as conn:
            left = catalogue.products(conn, [product_id])[product_id].on_hand
            catalogue.move(conn, [Movement(product_id, -left, MovementReason.CORRECTION, NOW, "test")])
        books.close()

    def counted(self, *product_ids: str) -> int:
        """How many baskets of the past hold all of these: orders of one customer on one day are one."""
        baskets: dict[object, set[str]] = {}
        for one in self.past:
            held = baskets.setdefault((one.hashed_email, one.placed_at.date()), set())
            held.update(line.product_id for line in one.lines)
        return sum(held.issuperset(product_ids) for held in baskets.values())


@pytest.fixture
def shop(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Shop:
    (tmp_path / "config.toml").write_text(f'[database]\nshop_url = "sqlite:///{tmp_path}/shop.sqlite"\n')
    products = shop_catalogue()
    past = past_orders({one.product_id: one for one in products}, NOW)
    books = open_shop(f"sqlite:///{tmp_path}/shop.sqlite")
    books.migrate()
    with books.transaction() as conn:
        catalogue.add(conn, products, "test", NOW)
        orders.book_past(conn, past)
    books.close()
    return Shop(tmp_path, past, capfd)


def test_before_the_first_mining_it_says_what_to_do(shop: Shop) -> None:
    for words in (("rules", "list"), ("suggest", TEAPOT)):
        told = shop(*words)
        assert (told.code, told.out) == (0, "No rules yet; run `mailorder mine`.\n")
    assert shop("rules", "list", "--json").json == shop("suggest", TEAPOT, "--json").json == []


def test_mined_listed_and_suggested_with_figures_that_are_true(shop: Shop) -> None:
    told = shop.mine()
    assert told.code == 0, told.err
    assert re.fullmatch(
        r"\d+ rules and \d+ weaker pairs from \d{3} baskets since 20\d\d-\d\d-\d\d, in \d+\.\d s\n", told.out
    )
    both, teapots = shop.counted(TEAPOT, TOWEL), shop.counted(TEAPOT)

    listed = shop("rules", "list", "--product", TEAPOT.lower())
    assert listed.out.splitlines()[0].split()[:3] == ["bought", "also", "taken"]
    assert all("teapot" in line for line in listed.out.splitlines()[1:])
    detail = shop("rules", "list", "--product", TEAPOT, "--json").json
    rule = next(one for one in detail if one["consequent"]["product_id"] == TOWEL and len(one["antecedent"]) == 1)
    assert (rule["together"], rule["antecedents"]) == (both, teapots)
    assert rule["confidence"] == pytest.approx(both / teapots)
    assert rule["lift"] == pytest.approx(both / teapots / (shop.counted(TOWEL) / rule["baskets"]))

    said = shop("suggest", TEAPOT).out
    assert f"{TOWEL}  Linen tea towel, striped, $8.50" in said
    assert f"{both} of {teapots} baskets with Stoneware teapot, 1.2 l also held it" in said
    first = shop("suggest", TEAPOT, "--json").json[0]
    assert (first["product_id"], first["source"], first["rule"]["together"]) == (TOWEL, "rule", both)


def test_what_is_in_the_basket_or_sold_out_is_not_suggested(shop: Shop) -> None:
    shop.mine()
    assert TOWEL in shop("suggest", TEAPOT).out
    shop.sell_out(TOWEL)
    many = shop("suggest", TEAPOT, "--count", "100", "--json").json
    assert not {TEAPOT, TOWEL, SALT_PIG} & {one["product_id"] for one in many}
    assert len(many) == len(shop_catalogue()) - 3
    assert not any("also held" in one["why"] for one in many if one["rule"] is None)


def test_an_id_that_does_not_exist_is_one_line_with_the_nearest(shop: Shop) -> None:
    told = shop("suggest", TEAPOT, "BJ02R0G72U8X", "nonsense")
    assert told.code == 1
    assert told.err == (
        "mailorder: there is no product 'BJ02R0G72U8X' (did you mean BJ02R0G72U8V, Brass desk lamp?) nor 'nonsense'\n"
    )
    told = shop("rules", "list", "--product", "stoneware teapott")
    assert (told.code, "Stoneware teapot" in told.err, told.err.count("\n")) == (1, True, 1)


def test_a_shop_whose_orders_are_too_old_is_told_so(shop: Shop) -> None:
    told = shop.mine("--json")
    assert told.json["baskets"] > 500
    (shop.folder / "config.toml").write_text(f'[database]\nshop_url = "sqlite:///{shop.folder}/empty.sqlite"\n')
    told = shop.mine()
    assert told.code == 0
    assert told.out.startswith("No order since ")


def test_too_little_memory_is_one_line(shop: Shop) -> None:
    with (shop.folder / "config.toml").open("a") as config:
        config.write("[mining]\nmemory_mb = 200\n")
    told = shop.mine()
    assert (told.code, told.out) == (1, "")
    assert "Traceback" not in told.err, told.err
    assert "mailorder: the mining failed" in told.err
    assert "is mining.memory_mb = 200 enough?" in told.err.splitlines()[-1]


def test_while_one_mines_another_is_told_so_and_ctrl_c_ends_it_for_good(shop: Shop) -> None:
    books = open_shop(f"sqlite:///{shop.folder}/shop.sqlite")

    def latest() -> MiningState | None:
        with books.reading() as conn:
            found = rules.latest(conn)
        return found[0].state if found else None

    mining = shop.process("mine")
    eventually(lambda: latest() is not None, lambda: "no mining was begun", seconds=60.0)
    with books.transaction() as conn:  # so that it cannot end by itself
        assert rules.running(conn) is not None
        mining.send_signal(signal.SIGINT)
    _, err = mining.communicate(timeout=60)
    assert mining.returncode != 0
    assert "Traceback" not in err, err
    assert latest() is MiningState.FAILED
    with books.transaction() as conn:
        rules.begin(conn, "another", NOW, {}, NOW, NOW + timedelta(hours=1))
    told = shop.mine()
    assert told.code == 1
    assert told.err.startswith("mailorder: another mining is under way since ")
    with books.transaction() as conn:
        rules.fail(conn, "another", "over", NOW)
    books.close()
    assert shop.mine().code == 0
