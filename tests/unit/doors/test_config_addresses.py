"""The addresses of the configuration: the shop must not write to itself."""

from pathlib import Path

import pytest

from daemon.config import ConfigError, load_config


@pytest.mark.parametrize("key", ["human", "operator"])
@pytest.mark.parametrize("own", ["orders@shop.example", "Orders@SHOP.example"])
def test_mail_to_the_staff_never_goes_to_the_shop_itself(tmp_path: Path, key: str, own: str) -> None:
    told = tmp_path / "config.toml"
    told.write_text(f'[shop]\naddress = "orders@shop.example"\n{key} = "{own}"\n')
    with pytest.raises(ConfigError) as refused:
        load_config(told)
    line = str(refused.value)
    assert line.startswith(f"{told}: shop: {key} must not be the shop's own address")
    assert "\n" not in line
    assert "@" not in line.removeprefix(str(told))


def test_a_shop_at_the_address_that_is_the_humans_by_default_is_refused_too(tmp_path: Path) -> None:
    told = tmp_path / "config.toml"
    told.write_text('[shop]\naddress = "people@shop.example"\n')
    with pytest.raises(ConfigError, match="human"):
        load_config(told)


def test_human_and_operator_may_be_one(tmp_path: Path) -> None:
    told = tmp_path / "config.toml"
    told.write_text('[shop]\nhuman = "desk@shop.example"\noperator = "desk@shop.example"\n')
    assert load_config(told).shop.human == "desk@shop.example"
