"""The vault: its key guarded, its addresses kept once, nobody taken for somebody else, nothing left behind."""

import stat
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData
from store_makers import NOW, a_letter, a_mail, an_order, later, stock

from store import letters, orders, outbox, sending
from store.database import Database, History
from store.facts import Enclosure, MailState, OrderState, Settlement
from store.sweep import sweep
from store.vault import Vault, VaultError, load_key, normalise

NewUrl = Callable[[History | None], str]
ADA = "Ada@Example.com"


@pytest.fixture
def vault(vault_database: Database) -> Vault:
    return Vault(vault_database, b"k" * 32)


def test_the_key_is_made_once_for_its_owner_alone(vault_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    key = load_key(path, vault_database)
    assert len(key) == 32
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_key(path, vault_database) == key
    assert list(tmp_path.iterdir()) == [path]


def test_a_lost_key_is_noticed_and_not_replaced(vault_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    load_key(path, vault_database)
    path.unlink()
    with pytest.raises(VaultError, match="missing"):
        load_key(path, vault_database)
    assert not path.exists()


def test_another_key_is_refused(vault_database: Database, tmp_path: Path) -> None:
    path = tmp_path / "vault.key"
    load_key(path, vault_database)
    path.write_bytes(b"x" * 32)
    with pytest.raises(VaultError, match="is not the key"):
        load_key(path, vault_database)


def test_a_vault_with_addresses_but_no_check_takes_no_key_on_trust(vault: Vault, tmp_path: Path) -> None:
    vault.keep({vault.hashed(ADA): ADA}, [], [], NOW)
    with pytest.raises(VaultError, match="missing"):
        load_key(tmp_path / "vault.key", vault.database)


@pytest.mark.parametrize(("content", "mode", "says"), [(b"x" * 32, 0o640, "chmod 600"), (b"short", 0o600, "5 bytes")])
def test_a_key_kept_badly_is_refused(
    vault_database: Database, tmp_path: Path, content: bytes, mode: int, says: str
) -> None:
    path = tmp_path / "vault.key"
    path.write_bytes(content)
    path.chmod(mode)
    with pytest.raises(VaultError, match=says) as told:
        load_key(path, vault_database)
    assert "\n" not in str(told.value)


def test_a_key_where_none_can_be_made_is_one_line(vault_database: Database, tmp_path: Path) -> None:
    with pytest.raises(VaultError, match="No such file"):
        load_key(tmp_path / "no" / "folder" / "vault.key", vault_database)


def test_a_key_whose_making_broke_off_is_made_anew(vault_database: Database, tmp_path: Path) -> None:
    (tmp_path / "vault.key.new").write_bytes(b"half")
    assert len(load_key(tmp_path / "vault.key", vault_database)) == 32


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@example.com", " Ada@EXAMPLE.COM "),
        ("ada@example.com", "ada@example.com."),
        ("ada@münchen.example", "ada@xn--mnchen-3ya.example"),
        ("ada@mu\u0308nchen.example", "ada@MÜNCHEN.example"),
        ("re\u0301my@example.com", "RÉMY@example.com"),
    ],
)
def test_one_person_has_one_hash(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada@straße.example", "ada@strasse.example"),
        ("straße@example.com", "strasse@example.com"),
        ("ada+shop@example.com", "ada@example.com"),
        ("a.da@example.com", "ada@example.com"),
        ("ada@example.com", "ada@example.org"),
    ],
)
def test_two_people_never_share_a_hash(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


@given(st.text())
def test_any_text_has_a_form_that_is_its_own(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_hashes_depend_on_the_key_and_tell_nothing(vault: Vault) -> None:
    other = Vault(vault.database, b"o" * 32)
    assert vault.hashed(ADA) == vault.hashed("ada@example.com") != other.hashed(ADA)
    assert len(vault.hashed(ADA)) == 64
    assert vault.hashed("\ud800@example.com")


def test_what_is_kept_comes_back(vault: Vault) -> None:
    hashed = vault.hashed(ADA)
    home = vault.shipping_address(hashed, "Ada Lovelace", ["12 Analytical Way", "Denver, CO 80202"])
    bare, full = Enclosure("e1", None, {"said": "naïve\u2028"}), Enclosure("e2", hashed, {}, b"\x00\xff" * 1_000)
    vault.keep({hashed: ADA}, [home], [bare, full], NOW)
    assert vault.emails([hashed, "none"]) == {hashed: ADA}
    assert vault.addresses([home.address_id, "none"]) == {home.address_id: home}
    assert vault.enclosures(["e1", "e2", "none"]) == {"e1": bare, "e2": full}
    vault.discard(["e1"])
    vault.discard([])
    assert set(vault.enclosures(["e1", "e2"])) == {"e2"}


def test_an_address_is_kept_once_for_each_person(vault: Vault) -> None:
    same = [vault.shipping_address("ada", "Ada", ["Home"]) for _ in range(2)]
    others = [
        vault.shipping_address("bob", "Ada", ["Home"]),
        vault.shipping_address("ada", "Ada", ["Home", ""]),
        vault.shipping_address("ada", "Ada Home", []),
    ]
    assert len({one.address_id for one in same + others}) == 4


def test_keeping_again_changes_only_the_spelling_of_the_email_and_the_words_of_an_enclosure(vault: Vault) -> None:
    home = vault.shipping_address("ada", "Ada", ["Home"])
    first, second = (Enclosure("e", "ada", {"said": said}) for said in ("first", "second"))
    vault.keep({"ada": ADA}, [home], [first], NOW)
    vault.keep({"ada": "ada@example.com"}, [home, home], [second], later(hours=1))
    assert vault.emails(["ada"]) == {"ada": "ada@example.com"}
    assert vault.addresses([home.address_id]) == {home.address_id: home}
    assert vault.enclosures(["e"]) == {"e": second}


def test_what_a_crash_left_in_the_vault_is_swept_and_nothing_else(shop: Database, vault: Vault) -> None:
    ada, eve, old = vault.hashed(ADA), vault.hashed("eve@example.com"), later(days=-2)
    home, lost = vault.shipping_address(ada, "Ada", ["Home"]), vault.shipping_address(eve, "Eve", ["Hut"])
    held = vault.shipping_address(ada, "Ada", ["Office"])
    enclosed = [Enclosure(name, ada, {}) for name in ("waits", "sent", "lost")]
    vault.keep({ada: ADA, eve: "eve@example.com"}, [home, held, lost], enclosed, old)
    with shop.transaction() as conn:
        stock(conn)
        booked = an_order(hashed_email=ada, address_id=home.address_id)
        asked = an_order(hashed_email=ada, address_id=held.address_id, state=OrderState.HELD)
        orders.book(conn, [booked, asked])
        letters.record(conn, [a_letter(hashed_email=ada)])
        outbox.enqueue(conn, [a_mail(enclosure_id="sent"), a_mail(enclosure_id="waits")], old)
        sent = sending.claim(conn, NOW, 1, later(minutes=5), "one")
        sending.settle(conn, [Settlement(one.id, MailState.SENT, NOW) for one in sent], "one")
    assert sweep(shop, vault, later(days=-3)) == 0
    assert sweep(shop, vault, later(days=-1)) == 3
    assert set(vault.emails([ada, eve])) == {ada}
    places = [one.address_id for one in (home, held, lost)]
    assert set(vault.addresses(places)) == set(places), "a refused order may still be put right"
    assert set(vault.enclosures(["waits", "sent", "lost"])) == {"waits"}
    assert sweep(shop, vault, later(days=13)) == 1
    assert set(vault.addresses(places)) == {home.address_id, held.address_id}
    assert sweep(shop, vault, later(days=13)) == 0


def test_a_row_that_intake_came_back_for_is_not_swept(vault: Vault) -> None:
    vault.keep({"ada": ADA}, [], [], later(days=-2))

    def meanwhile(hashes: object) -> set[str]:
        vault.keep({"ada": ADA}, [], [], NOW)
        return set()

    assert vault.sweep(later(days=-1), meanwhile, set, set) == 0
    assert vault.emails(["ada"]) == {"ada": ADA}


def test_a_sweep_goes_through_more_than_one_piece(vault: Vault) -> None:
    vault.keep({f"h{number:05}": f"c{number}@example.com" for number in range(1_201)}, [], [], later(days=-2))
    used = {"h00000", "h00700", "h01200"}
    pieces: list[int] = []

    def in_use(hashes: list[str]) -> set[str]:
        pieces.append(len(hashes))
        return used & set(hashes)

    assert vault.sweep(NOW, in_use, set, set) == 1_198  # type: ignore[arg-type]
    assert max(pieces) <= 500
    assert set(vault.emails([f"h{number:05}" for number in range(1_201)])) == used


def test_no_word_of_the_vault_stands_in_the_shop(shop: Database, vault: Vault) -> None:
    """All that the shop keeps of a customer who ordered and was answered, read column by column."""
    ada = vault.hashed(ADA)
    home = vault.shipping_address(ada, "Lovelace", ["12 Analytical Way"])
    vault.keep({ada: ADA}, [home], [Enclosure("e", ada, {"said": "Dear shop"})], NOW)
    with shop.transaction() as conn:
        stock(conn)
        orders.book(conn, [an_order(hashed_email=ada, address_id=home.address_id)])
        letters.record(conn, [a_letter(hashed_email=ada)])
        outbox.enqueue(conn, [a_mail(hashed_email=ada, enclosure_id="e")], NOW)
        (mail,) = sending.claim(conn, NOW, 1, later(minutes=5), "one")
        bounced = Settlement(mail.id, MailState.DEAD, NOW, reply=f"550 <{ADA}> unknown")
        sending.settle(conn, [bounced], "one")
    tables = MetaData()
    with shop.reading() as conn:
        tables.reflect(conn)
        everything = str([list(conn.execute(table.select())) for table in tables.tables.values()]).casefold()
    assert ada in everything
    for word in (ADA, "example.com", *asdict(home)["lines"], "Lovelace", "Dear shop"):
        assert word.casefold() not in everything
