"""What an operator typed wrongly, and what a server said, as the operator reads it."""

from pathlib import Path

import pytest
import typer
from imapclient.exceptions import LoginError

from daemon.cli.app import config_first
from daemon.cli.outbox import mail_number
from daemon.config import ConfigError, load_config, unknown_variables
from daemon.inbox.errors import explain


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("MAILORDER_SMPT__PASSWORD", "sesame", "no section smpt; perhaps MAILORDER_SMTP__PASSWORD"),
        ("MAILORDER_XYZ__A", "sesame", "no section xyz; the sections are shop, "),
        ("MAILORDER_SHOP", "1", "is a section; set its keys one by one, as MAILORDER_SHOP__KEY"),
        ("MAILORDER_SMTP__PROT", "1", "smtp.prot: no such key"),
    ],
)
def test_a_variable_that_sets_nothing_is_refused_by_name(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, told: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as refused:
        load_config(None)
    line = str(refused.value)
    assert line.startswith(f"{name}: ")
    assert told in line
    assert "sesame" not in line
    assert "\n" not in line


def test_a_whole_section_may_be_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILORDER_SHOP", '{"name": "Tea"}')
    assert load_config(None).shop.name == "Tea"


def test_variables_that_are_no_settings_are_known_by_name() -> None:
    names = ("MAILORDER_FOO", "MAILORDER_CONFIG", "MAILORDER_SMTP__HOST", "MAILORDER_LOG", "PATH", "MAILORDERS_FOO")
    assert unknown_variables(dict.fromkeys(names, "x")) == ["MAILORDER_FOO"]


def test_a_mailbox_without_a_name_is_one_clear_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[mailbox]\nhost = "mail.example"\nuser = "x"\nport = 993\n')
    with pytest.raises(ConfigError) as refused:
        load_config(file)
    assert str(refused.value).count("\n") == 0
    assert "write [mailbox.orders] instead of [mailbox]" in str(refused.value)


def test_a_key_in_a_sections_place_is_told_so(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('shop = "Tea"\n')
    with pytest.raises(ConfigError, match=r"shop: is a section; write \[shop\]"):
        load_config(file)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("status --config a.toml --json", "--config a.toml status --json"),
        ("outbox show 17 --config=a.toml", "--config=a.toml outbox show 17"),
        ("--config a.toml status", "--config a.toml status"),
        ("status --config", "--config status"),
        ("read -- --config", "read -- --config"),
        ("status", "status"),
        ("", ""),
    ],
)
def test_config_counts_wherever_it_stands(typed: str, taken: str) -> None:
    assert config_first(typed.split()) == taken.split()


def test_a_servers_refusal_is_told_in_its_words() -> None:
    for words in ("b'[AUTHENTICATIONFAILED] wrong user'", "[AUTHENTICATIONFAILED] wrong user"):
        line = str(explain(LoginError(words), "logging in", 30))
        assert line == "logging in: refused ([AUTHENTICATIONFAILED] wrong user)"


@pytest.mark.parametrize("typed", ["nope", "-1", "1.5", "", "²", "9" * 40])
def test_what_is_no_number_of_a_mail_is_told_so(typed: str) -> None:
    with pytest.raises(typer.BadParameter, match="outbox list"):
        mail_number(typed)
