"""`mailorder check`: each fault with the advice that belongs to it, and nothing said of what could not be looked at."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.config import ConfigError, load_config
from daemon.service.accounts import able_to_open
from daemon.service.check_line import Check, State
from daemon.service.checking import check_all
from daemon.simulator.servers import SmtpServer
from daemon.simulator.stock import shop_catalogue
from store import catalogue
from store.database import open_shop, open_vault
from store.vault import load_key

MAILBOX = '[mailbox.orders]\nsecurity = "none"\nuser = "shop"\npassword_file = "imap.password"\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "imap.password").write_text("demo\n")
    (tmp_path / "imap.password").chmod(0o600)
    return tmp_path


def checked(folder: Path, told: str, connect: bool = False) -> dict[str, Check]:
    (folder / "config.toml").write_text(told)
    found = list(check_all(lambda: load_config(folder / "config.toml"), folder, connect))
    assert len({one.name for one in found}) == len(found)
    return {one.name: one for one in found}


def red(found: dict[str, Check]) -> list[str]:
    return [name for name, one in found.items() if one.state is State.RED]


def test_a_shop_as_it_should_be_has_no_red_line(folder: Path) -> None:
    assert red(checked(folder, MAILBOX)) == []


@pytest.mark.parametrize("url", ["shop.sqlite", "sqlite:////nowhere/at/all/shop.sqlite", "postgresql://127.0.0.1:1/x"])
def test_a_shop_database_that_does_not_open_is_one_red_line_and_nobody_is_told_to_restore(
    folder: Path, url: str
) -> None:
    found = checked(folder, f'[database]\nshop_url = "{url}"\n{MAILBOX}')
    assert red(found) == ["shop database"]
    assert "database.shop_url" in found["shop database"].advice
    for name in ("vault key", "stock"):
        assert found[name].state is State.SKIPPED
        assert found[name].found == "not looked at, since the shop database did not open"
    assert "backup" not in " ".join(one.advice for one in found.values())


def test_a_vault_that_does_not_open_leaves_the_stock_to_be_looked_at(folder: Path) -> None:
    found = checked(folder, f'[database]\nvault_url = "vault"\n{MAILBOX}')
    assert red(found) == ["vault database"]
    assert "database.vault_url" in found["vault database"].advice
    assert found["vault key"].state is State.SKIPPED
    assert found["stock"].state is State.OK


def test_one_database_for_both_is_told_as_run_tells_it(folder: Path) -> None:
    found = checked(folder, f'[database]\nvault_url = "sqlite:///shop.sqlite"\n{MAILBOX}')
    assert red(found) == ["vault database"]
    assert "another database" in found["vault database"].found


def with_key(folder: Path) -> Path:
    vault = open_vault("sqlite:///vault.sqlite")
    vault.migrate()
    load_key(folder / "vault.key", vault)
    vault.close()
    return folder / "vault.key"


def test_a_key_that_others_can_read_is_to_be_closed_not_restored(folder: Path) -> None:
    with_key(folder).chmod(0o644)
    found = checked(folder, MAILBOX)
    assert red(found) == ["vault key"]
    assert found["vault key"].advice == "run: chmod 600 vault.key"


def test_a_key_that_does_not_fit_asks_first_whether_the_setting_is_right(folder: Path) -> None:
    with_key(folder).write_bytes(b"k" * 32)
    advice = checked(folder, MAILBOX)["vault key"].advice
    assert "database.vault_key_file" in advice
    assert advice.index("database.vault_key_file") < advice.index("put")


def test_stock_that_differs_is_told_with_advice_that_harms_nothing(folder: Path) -> None:
    shop = open_shop("sqlite:///shop.sqlite")
    shop.migrate()
    with shop.transaction() as connection:
        catalogue.add(connection, shop_catalogue(), "test", datetime.now(UTC))
        connection.exec_driver_sql("UPDATE product SET on_hand = on_hand + 1")
    shop.close()
    found = checked(folder, MAILBOX)
    assert red(found) == ["stock"]
    assert "copy" in found["stock"].advice
    assert "restore" not in found["stock"].advice


@pytest.mark.parametrize(("setting", "key"), [('currency = "JPY"', "currency"), ('locale = "klingon"', "locale")])
def test_a_setting_that_cannot_be_worded_is_named_and_no_template_is_blamed(
    folder: Path, setting: str, key: str
) -> None:
    found = checked(folder, f"[shop]\n{setting}\n{MAILBOX}")
    assert red(found) == ["wording"]
    assert f"shop.{key}" in found["wording"].found + found["wording"].advice
    assert found["templates"].state is State.SKIPPED


def test_each_account_says_what_it_lacks_and_the_other_checks_go_on(folder: Path) -> None:
    told = '[mailbox.a]\n[mailbox.b]\nuser = "b"\n[mailbox.c]\nuser = "c"\npassword_file = "gone"\n[smtp]\nuser = "r"\n'
    found = checked(folder, told, connect=True)
    lacking = ["mailbox.a user", "mailbox.b password", "mailbox.c password_file", "smtp password"]
    assert red(found) == lacking
    assert found["mailbox.a user"].advice.startswith("set mailbox.a.user")
    assert "MAILORDER_MAILBOX__C__PASSWORD or mailbox.c.password_file" in found["mailbox.c password_file"].advice
    assert found["templates"].ok
    for name in ("mailbox a", "mailbox b", "mailbox c", "relay"):
        assert found[name].state is State.SKIPPED


@pytest.mark.parametrize(
    "told",
    ["", "[mailbox.orders]\n", '[mailbox.orders]\nuser = "x"\n', '[mailbox.o]\nuser = "x"\npassword_file = ""\n',
     '[mailbox.o]\nuser = "x"\npassword_file = "gone"\n', f'{MAILBOX}[smtp]\nuser = "x"\n'],
)  # fmt: skip
def test_what_run_refuses_is_red(folder: Path, told: str) -> None:
    assert red(checked(folder, told)) != []
    with pytest.raises(ConfigError):
        able_to_open(load_config(folder / "config.toml"))


def test_an_empty_password_file_is_none(folder: Path) -> None:
    found = checked(folder, '[mailbox.o]\nuser = "x"\npassword_file = ""\n')
    assert found["mailbox.o password"].found == "is missing"


def test_the_configuration_as_shipped_is_refused_by_name(folder: Path) -> None:
    shipped = (Path(__file__).parents[2] / "config.toml").read_text("utf-8")
    assert red(checked(folder, shipped)) == ["mailbox.orders user"]


def test_a_password_that_others_can_read_is_a_warning(folder: Path) -> None:
    (folder / "imap.password").chmod(0o644)
    told = checked(folder, MAILBOX)["mailbox.orders password"]
    assert (told.state, told.ok) == (State.WARNING, True)
    assert told.advice == "run: chmod 600 imap.password"


def test_a_relay_without_a_user_is_not_said_to_have_let_us_in(folder: Path) -> None:
    with SmtpServer() as relay:
        told = f'{MAILBOX}port = 1\n[smtp]\nport = {relay.port}\nsecurity = "none"\n'
        found = checked(folder, told, connect=True)
    assert found["relay"].found == "reached, no user configured, nothing sent"
    assert red(found) == ["mailbox orders"]
