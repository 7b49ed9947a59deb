"""mailorder offers as staff use it, also mistyped."""

import json
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from store import catalogue, customers, offers, orders
from store.database import open_shop, open_vault
from store.facts import Arm, Offer, OfferItem, Order, OrderLine, OrderState, Product
from store.vault import Vault, load_key
from tests.e2e.daemon_process import clean_environment

COMMAND = str(Path(sys.executable).with_name("mailorder"))
LAMP = Product("BJ02R0G72U8V", "Brass lamp", "home", 1_999, 0)
POT = Product("7B4VYMBRQNAR", "Stoneware pot", "kitchen", 450, 0)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
MADE = OfferItem(POT.product_id, 450, "rule", (LAMP.product_id,), 4, 10, 12, 100)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty offers and ten held out; of the first, five came to something."""
    folder = tmp_path_factory.mktemp("offers")
    (folder / "config.toml").write_text("")
    with closing(open_shop(f"sqlite:///{folder / 'shop.sqlite'}")) as shop:
        shop.migrate()
        with shop.transaction() as connection:
            catalogue.add(connection, [LAMP, POT], "test", NOW)
            orders.write(connection, [order(number, NOW, LAMP) for number in range(30)])
            orders.write(connection, [order(number, NOW + timedelta(days=1), POT, "later") for number in range(5)])
            arms = [Arm.OFFERED] * 20 + [Arm.HELD_OUT] * 10
            made = [Offer(f"MO-{number}", f"person {number}", arm, NOW, (MADE,)) for number, arm in enumerate(arms)]
            offers.make(connection, made)
    with closing(open_vault(f"sqlite:///{folder / 'vault.sqlite'}")) as vault:
        vault.migrate()
        load_key(folder / "vault.key", vault)
    return folder


def order(number: int, at: datetime, product: Product, mark: str = "") -> Order:
    line = OrderLine(product.product_id, product.name, 1, product.price)
    name = f"MO-{mark}{number}"
    state = OrderState.PLACED
    return Order(name, f"person {number}", state, at, at, at, None, name, name, (line,))


def run(folder: Path, arguments: Sequence[str], code: int = 0, said: str = "") -> str:
    done = subprocess.run(
        [COMMAND, "offers", *arguments],
        cwd=folder,
        env=clean_environment(),
        capture_output=True,
        input=said,
        text=True,
        timeout=60,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def test_the_report_tells_both_arms_their_difference_and_the_rule(folder: Path) -> None:
    told = run(folder, ["report"])
    assert [line.split() for line in told.splitlines() if line.startswith(("offered", "held out"))] == [
        ["offered", "20", "5", "25.0%", "$22.50", "$1.12"],
        ["held", "out", "10", "0", "0.0%", "$0.00", "$0.00"],
    ]
    assert "+25.0 points (95 %: -6.0 to +46.9; Newcombe 1998)" in told
    assert "may still be chance" in told
    assert "Brass lamp -> Stoneware pot" in told
    head, row = told.splitlines()[-2:]
    assert row[head.index("lift") :].startswith("+25.0 (-6.0 to +46.9)")
    assert "$0.00" in row


def test_the_report_for_programs_and_for_some_days(folder: Path) -> None:
    told = json.loads(run(folder, ["report", "--json", "--since", "2026-11-20", "--until", "2026-11-20"]))
    assert told["offered"] == {"orders": 20, "converted": 5, "share": 0.25, "cents": 2250}
    assert told["held_out"] == {"orders": 10, "converted": 0, "share": 0.0, "cents": 0}
    (rule,) = told["by_rule"]
    assert rule["antecedent"] == [LAMP.product_id]
    assert rule["lift"] == told["lift"]
    assert rule["lift"]["difference"] == 0.25
    before = json.loads(run(folder, ["report", "--json", "--until", "2026-11-19"]))
    assert (before["offered"]["orders"], before["lift"], before["by_rule"]) == (0, None, [])


def test_the_latest_offers(folder: Path) -> None:
    assert len(json.loads(run(folder, ["list", "--arm", "held_out", "--json"]))) == 10
    assert len(run(folder, ["list", "-n", "3"]).splitlines()) == 4


@pytest.mark.parametrize("aside", [False, True], ids=["argument", "standard input"])
@pytest.mark.parametrize("written", ["Ada@Customer.example", "Ada Lovelace <ada@customer.example>"])
def test_stop_and_start_by_staff(folder: Path, written: str, aside: bool) -> None:
    with closing(open_vault(f"sqlite:///{folder / 'vault.sqlite'}")) as database:
        hashed = Vault(database, load_key(folder / "vault.key", database)).hashed("ada@customer.example")
    for word, refused in (("stop", {hashed}), ("start", set())):
        told = run(folder, [word, "-"], said=f"{written}\n") if aside else run(folder, [word, written])
        assert "ada" not in told.lower()
        assert "no letter" in told, "the vault does not know her"
        with closing(open_shop(f"sqlite:///{folder / 'shop.sqlite'}")) as shop, shop.reading() as connection:
            assert customers.offers_refused(connection, [hashed]) == refused


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["report", "--since", "yesterday"], 1, "--since must be a day such as"),
        (["report", "--since", "2026-11-21", "--until", "2026-11-20"], 1, "--since is after --until"),
        (["stop", "ada"], 1, "one mail address"),
        (["stop", "@"], 1, "one mail address"),
        (["stop", "a@b@c.example"], 1, "one mail address"),
        (["stop", "ada@customer.example, ben@customer.example"], 1, "one mail address"),
        (["start", "ada@customer.example\nben@customer.example"], 1, "one mail address"),
        (["start", ""], 1, "one mail address"),
        (["stop", "-"], 1, "one mail address"),
        (["list", "--arm", "neither"], 2, "Invalid value"),
    ],
)
def test_what_is_mistyped_is_told_in_a_line(folder: Path, arguments: list[str], code: int, told: str) -> None:
    assert told in run(folder, arguments, code)
