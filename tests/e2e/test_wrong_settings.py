"""What an operator may set wrongly: each is one line, and no address ever gets into the books."""

from pathlib import Path

import pytest

from daemon.config import ConfigError, load_config
from store.database import DatabaseError, open_shop, open_vault


@pytest.mark.parametrize("spelled", ["shop.sqlite", "./shop.sqlite", "link.sqlite"])
def test_the_vault_is_never_the_shop_however_it_is_spelled(tmp_path: Path, spelled: str) -> None:
    shop = open_shop(f"sqlite:///{tmp_path}/shop.sqlite")
    shop.migrate()
    (tmp_path / "link.sqlite").symlink_to(tmp_path / "shop.sqlite")
    vault = open_vault(f"sqlite:///{tmp_path}/{spelled}")
    with pytest.raises(DatabaseError, match="this is the shop's file"):
        vault.migrate()
    vault.close()
    shop.close()


@pytest.mark.parametrize(
    ("told", "key"),
    [
        ('[shop]\naddress = "Shop <a@c.example>"', "shop.address"),
        ('[shop]\nhuman = "a b@c.example"', "shop.human"),
        ('[shop]\ntimezone = "America"', "shop.timezone"),
        ("[orders]\ncancel_window_hours = inf", "orders.cancel_window_hours"),
        ("[orders]\ncancel_window_hours = 1e300", "orders.cancel_window_hours"),
        ('[mailbox.Orders]\nuser = "x"', "mailbox.Orders"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_the_key(tmp_path: Path, told: str, key: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(told)
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    line = str(refused.value)
    assert key in line
    assert "\n" not in line


def test_a_database_url_with_a_wrong_port_is_one_line() -> None:
    with pytest.raises(DatabaseError, match="not one of ours"):
        open_shop("postgresql://user@127.0.0.1:port/shop")


def test_no_part_of_a_password_is_told() -> None:
    with pytest.raises(DatabaseError) as refused:
        open_shop("postgresql://user:Ge@heim@127.0.0.1:1/shop")
    assert "heim" not in str(refused.value)
    assert "%40" in str(refused.value)
