"""mailorder orders import and export, mailorder customer: as staff type them, and who is named where."""

import csv
import json
import os
import stat
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import main
from daemon.importing.tables import open_table
from store import customers, letters, outbox, sending
from store.database import open_shop, open_vault
from store.facts import Enclosure, LetterRecord, Mail, MailState, Outcome
from store.vault import Vault, load_key

COMMAND = Path(sys.executable).with_name("mailorder")
PRODUCTS = """product_id,name,quantity,wholesale_cost,sale_price,supplier_id
BJ02R0G72U8V,=Lamp,10,9.50,19.99,NLWHEOG
7B4VYMBRQNAR,Mug,3,2.00,4.50,NLWHEOG
"""
PAST = """date,cust_email,cust_location,product_id,product_quantity
2022-01-05,ada@customer.example,01234 Analytical Way,BJ02R0G72U8V,2
2022-01-05,bob@customer.example,93634 Builder Row,7B4VYMBRQNAR,1
2022-01-05,Ada@customer.example,01234 Analytical Way,7B4VYMBRQNAR,1
"""
NAMING = ("ada@", "bob@", "customer.example", "analytical", "builder row")
NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Shop:
    """A shop in a folder of its own; called with the words after `mailorder`, and with what is typed into it."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self.patch, self.capture, self.said = folder, patch, capture, ""
        patch.chdir(folder)
        (folder / "config.toml").write_text('[shop]\ntimezone = "America/Denver"\n')
        assert self("products", "import", self.file("products.csv", PRODUCTS)).code == 0

    def __call__(self, *words: str | Path, said: str | None = None, **settings: str) -> Told:
        told = self.in_a_process(words, said) if said is not None else self.in_here(words, settings)
        self.said += told.out + told.err
        return told

    def in_here(self, words: Sequence[str | Path], settings: dict[str, str]) -> Told:
        with self.patch.context() as patch:
            for name, value in settings.items():
                patch.setenv(name, value)
            with pytest.raises(SystemExit) as end:
                main([*map(str, words)])
        out, err = self.capture.readouterr()
        return Told(int(end.value.code or 0), out, err)

    def in_a_process(self, words: Sequence[str | Path], said: str) -> Told:
        command = [COMMAND, *map(str, words)]
        done = subprocess.run(command, cwd=self.folder, input=said, capture_output=True, text=True, timeout=60)
        return Told(done.returncode, done.stdout, done.stderr)

    def file(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.write_text(text, "utf-8")
        return path

    def correspond(self) -> None:
        """Ada has written, was answered, and an answer with her words waits."""
        shop, vault_database = open_shop(self.url("shop")), open_vault(self.url("vault"))
        vault = Vault(vault_database, load_key(self.folder / "vault.key", vault_database))
        ada = vault.hashed("ada@customer.example")
        vault.keep({}, [], [Enclosure("L1:refusal", ada, {"text": "my words"})], NOW)
        letter = LetterRecord("L1", "orders", 7, 1, "d", NOW, NOW, "order", Outcome.REFUSED, "fault", "none", None, ada)
        mail = Mail("t1", "L1:refusal", "refusal", {}, NOW, ada, enclosure_id="L1:refusal", letter_id="L1")
        with shop.transaction() as conn:
            letters.record(conn, [letter])
            outbox.enqueue(conn, [mail], NOW)
        shop.close()
        vault_database.close()

    def url(self, name: str) -> str:
        return f"sqlite:///{self.folder}/{name}.sqlite"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shop:
    for name in [name for name in os.environ if name.startswith("MAILORDER_")]:
        monkeypatch.delenv(name)
    return Shop(tmp_path, monkeypatch, capsys)


def past(shop: Shop, *more: str) -> Path:
    return shop.file("past.csv", PAST + "".join(f"{line}\n" for line in more))


def test_past_orders_are_imported_once(shop: Shop) -> None:
    first = shop("orders", "import", past(shop))
    assert (first.code, first.out) == (0, "2 orders, 4 units, $48.98; 0 were there before\n")
    assert shop("orders", "import", past(shop), "--json").json["known"] == 2
    [one, _] = shop("orders", "list", "--json").json
    assert one["state"] == "fulfilled"
    refused = shop("orders", "cancel", one["number"])
    assert (refused.code, refused.err.count("\n")) == (1, 1)
    assert "fulfilled" in refused.err
    assert shop("outbox", "list", "--json").json == []
    assert "ok   stock: " in shop("check").out


def test_bad_lines_are_told_by_number_and_keep_the_file_out(shop: Shop) -> None:
    bad = past(shop, "2022-01-06,eve@customer.example,1,BJ02R0G72U8V,some", "2022-01-06,eve,1,NONE,1")
    told = shop("orders", "import", bad)
    assert told.code == 1
    assert told.err.splitlines() == [
        "line 5: quantity 'some' is not a number; write it like 12",
        "line 6: the customer is no mail address",
        "mailorder: nothing was imported: 2 bad lines; correct them, or --skip-bad FILE",
    ]
    assert shop("orders", "list", "--json").json == []
    left = shop.folder / "left.csv"
    told = shop("orders", "import", bad, "--skip-bad", left)
    assert told.code == 0
    assert "2 orders with 2 lines are left out and written to" in told.out
    assert stat.S_IMODE(left.stat().st_mode) == 0o600


def test_a_file_that_is_none_is_one_line(shop: Shop) -> None:
    for name, content in (("a.csv", ""), ("b.csv", PAST.split("\n", 1)[1]), ("c.xlsx", "PK\3\4"), ("d.gz", "\x1f\x8b")):
        told = shop("orders", "import", shop.file(name, content))
        assert (told.code, told.err.count("\n")) == (2, 1)
    told = shop("orders", "import", shop.folder / "none.csv")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert not any(word in shop.said.lower() for word in NAMING)


@pytest.mark.parametrize("name", ["orders.csv", "orders.xlsx"])
def test_orders_are_exported_guarded_and_without_addresses(shop: Shop, name: str) -> None:
    shop("orders", "import", past(shop))
    assert shop("orders", "export", shop.folder / name).code == 0
    columns = {column: (column,) for column in ("order_id", "customer", "name", "quantity", "unit_price")}
    with open_table(shop.folder / name, columns, ()) as table:
        lines = list(table.lines)
    assert sorted(line.cells["quantity"] for line in lines) == ["1", "1", "2"]
    assert {line.cells["name"] for line in lines} == {"=Lamp", "Mug"}
    assert not any(cell.startswith(("=", "@")) for line in lines for cell in line.raw)
    assert {len(line.cells["customer"]) for line in lines} == {64}
    assert shop("orders", "import", shop.folder / name, "--json").json["known"] == 2


def test_nothing_outside_the_vault_names_anybody(shop: Shop) -> None:
    source = past(shop, "2022-01-06,bob@customer.example,93634 Builder Row,NEW1,1")
    bad = past(shop, "2022-01-06,bob@customer.example,93634 Builder Row,NEW1,x")
    assert shop("orders", "import", bad, MAILORDER_LOG__LEVEL="debug").code == 1
    source.write_text(PAST, "utf-8")
    assert shop("orders", "import", source, "--take-stock").code == 0
    shop("orders", "import", source, "--json")
    number = shop("orders", "list", "--json").json[0]["number"]
    for words in (("orders", "show", number), ("orders", "list"), ("check",), ("status",), ("products", "list")):
        shop(*words)
    shop("orders", "export", shop.folder / "export.csv")
    source.unlink()
    for path in [one for one in shop.folder.rglob("*") if one.is_file() and not one.name.startswith("vault.")]:
        content = path.read_bytes().lower()
        assert not [word for word in NAMING if word.encode() in content], path.name
    assert not [word for word in NAMING if word in shop.said.lower()]
    vault = b"".join(path.read_bytes().lower() for path in shop.folder.glob("vault.sqlite*"))
    assert all(word.encode() in vault for word in NAMING)


def test_what_is_held_of_a_person_is_shown_and_given_out(shop: Shop) -> None:
    shop("orders", "import", past(shop))
    shop.correspond()
    told = shop("customer", "show", "ADA@customer.example", "--json").json
    assert (told["orders"]["count"], told["letters"]["count"], told["mails"]["count"]) == (1, 1, 1)
    assert (told["shipping_addresses"], told["enclosures"], told["in_vault"]) == (1, 1, True)
    text = shop("customer", "show", "-", said="ada@customer.example\n").out
    assert "1 (1 queued)" in text
    assert "analytical" not in text.lower()
    whole = shop("customer", "export", "ada@customer.example").json
    assert whole["email"].lower() == "ada@customer.example"
    assert whole["shipping_addresses"][0]["lines"] == ["01234 Analytical Way"]
    assert whole["waiting_words"] == [{"words": {"text": "my words"}, "letter": None}]
    assert sum(order["total"] for order in whole["orders"]) == 4448
    assert "bob" not in json.dumps(whole)


def test_what_is_held_of_a_person_is_written_into_a_folder_of_its_own(shop: Shop) -> None:
    shop("orders", "import", past(shop))
    out = shop.folder / "ada"
    assert shop("customer", "export", "ada@customer.example", "--out", out).code == 0
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    names = ["addresses.csv", "consent.csv", "customer.json", "letters.csv", "mails.csv", "orders.csv"]
    assert sorted(path.name for path in out.iterdir()) == names
    rows = list(csv.DictReader((out / "orders.csv").open(encoding="utf-8-sig", newline="")))
    assert sorted(row["product_id"] for row in rows) == ["7B4VYMBRQNAR", "BJ02R0G72U8V"]
    again = shop("customer", "export", "ada@customer.example", "--out", out)
    assert (again.code, again.err.count("\n")) == (1, 1)


def test_an_erased_person_is_gone_from_the_vault_never_mailed_and_the_sums_stay(shop: Shop) -> None:
    shop("orders", "import", past(shop))
    shop.correspond()
    before = [(one["number"], one["total"]) for one in shop("orders", "list", "--json").json]
    kept = shop("customer", "erase", "ada@customer.example", said="n\n")
    assert kept.code == 1
    assert shop("customer", "show", "ada@customer.example", "--json").json["in_vault"]
    erased = shop("customer", "erase", "ada@customer.example", "--yes")
    assert (erased.code, erased.out) == (
        0,
        "erased; 1 waiting mails stopped, 1 orders stay without name and address\n",
    )
    held = shop("customer", "export", "ada@customer.example").json
    assert (held["email"], held["shipping_addresses"], held["waiting_words"]) == (None, [], [])
    assert [order["address_id"] for order in held["orders"]] == [None]
    assert [mail["state"] for mail in held["mails"]] == ["suppressed"]
    assert [(one["number"], one["total"]) for one in shop("orders", "list", "--json").json] == before
    assert shop("customer", "erase", "ada@customer.example", "--yes").code == 0
    books = open_shop(shop.url("shop"))
    with books.transaction() as conn:
        assert customers.suppressed(conn, [held["hashed_email"]])
        new = Mail("t2", "later", "confirmation", {}, NOW, held["hashed_email"])
        outbox.enqueue(conn, [new], NOW)
        assert sending.claim(conn, NOW + timedelta(days=1), 10, NOW + timedelta(days=2), "one") == []
        assert outbox.by_tokens(conn, ["t2"])["t2"].state is MailState.SUPPRESSED
    books.close()
    assert not any(b"ada@" in path.read_bytes().lower() for path in shop.folder.glob("shop.sqlite*"))


def test_one_person_is_no_other(shop: Shop) -> None:
    shop("orders", "import", past(shop))
    assert shop("customer", "erase", "ada@customer.example", "--yes").code == 0
    assert shop("customer", "show", "bob@customer.example", "--json").json["in_vault"]


@pytest.mark.parametrize(
    ("words", "settings", "code", "says"),
    [
        (("show", "eve@customer.example"), {}, 1, "nothing is held"),
        (("show", "nobody"), {}, 1, "no mail address"),
        (("show", "ada@customer.example"), {"MAILORDER_DATABASE__VAULT_URL": ""}, 2, "vault_url is not set"),
        (("show", "ada@customer.example"), {"MAILORDER_DATABASE__VAULT_URL": "sqlite:///no.sqlite"}, 2, "not here"),
        (("erase", "ada@customer.example"), {"MAILORDER_DATABASE__VAULT_KEY_FILE": "no.key"}, 2, "no.key"),
        (
            ("export", "ada@customer.example"),
            {"MAILORDER_DATABASE__VAULT_URL": "postgresql://nobody@127.0.0.1:1/vault"},
            2,
            "vault database",
        ),
    ],
)
def test_what_cannot_be_done_is_one_line_that_names_nobody(
    shop: Shop, words: tuple[str, ...], settings: dict[str, str], code: int, says: str
) -> None:
    shop("orders", "import", past(shop))
    told = shop("customer", *words, **settings)
    assert (told.code, told.err.count("\n"), told.out) == (code, 1, "")
    assert says in told.err
    assert "customer.example" not in told.err
    assert not (shop.folder / "no.sqlite").exists()
    assert not (shop.folder / "no.key").exists()


def test_another_key_is_refused_before_anything_is_looked_up(shop: Shop) -> None:
    shop("orders", "import", past(shop))
    (shop.folder / "vault.key").write_bytes(b"x" * 32)
    told = shop("customer", "show", "ada@customer.example")
    assert (told.code, told.err.count("\n")) == (2, 1)
    assert "not the key" in told.err


def test_mail_goes_again_to_who_was_erased_once_staff_say_so(shop: Shop) -> None:
    shop("orders", "import", past(shop))
    told = shop("customer", "allow", "ada@customer.example")
    assert (told.code, told.err) == (1, "mailorder: mail to this person was not stopped\n")
    shop("customer", "erase", "ada@customer.example", "--yes")
    assert shop("customer", "allow", "ada@customer.example").code == 0
    said = shop("customer", "show", "ada@customer.example", "--json").json["consent"]
    assert [(one["subject"], one["allowed"], one["reason"]) for one in said] == [("all", True, "staff")]
