"""The commands as an operator uses them: the right words, the right exit code, and nothing personal or secret."""

import json
import os
import re
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from daemon.cli import main
from daemon.simulator.servers import SmtpServer
from tests.e2e.daemon_process import Daemon, clean_environment, eventually
from tests.e2e.letters import LAMP, POT, letter, order_of
from tests.e2e.shop import PERSONAL, personal_traces
from tests.integration.doors.conftest import Place
from tests.servers.trap import FETCH, Moment

ADA, BEN = "ada@customer.example", "nobody-550@customer.example"
LETTERS = 12
SECRETS = ("open-sesame", "Traceback")


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def one_line(self) -> str:
        """The whole of what a failing command says, when that is one line."""
        assert self.out == ""
        assert self.err.startswith("mailorder: ")
        assert self.err.count("\n") == 1
        return self.err


Command = Callable[..., Said]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Command:
    """The command's own entry, in the folder given; what it says never holds a secret, a trace or a customer."""
    for name in [name for name in os.environ if name.startswith("MAILORDER_")]:
        monkeypatch.delenv(name)

    def run(folder: Path, *arguments: str, **environment: str) -> Said:
        monkeypatch.chdir(folder)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        said = Said(int(ended.value.code or 0), *capfd.readouterr())
        for word in (*SECRETS, *(word.decode() for word in PERSONAL)):
            assert word not in said.out + said.err
        return said

    return run


@pytest.fixture(scope="module")
def running(dovecot: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Daemon]:
    """A daemon that was written to, and has been stopped."""
    place = Place(dovecot, "commands")
    with SmtpServer() as relay, Daemon(tmp_path_factory.mktemp("shop"), place, relay) as daemon:
        place.append(order_of(ADA, f"{LAMP}, 2"))
        place.append(order_of(BEN, f"{POT}, 1", home=("Ben Okafor", "7 Harbour Street", "Portland, ME 04101")))
        place.append(letter(ADA, "Teapots", "Are they blue?\n"))
        daemon.start()
        eventually(lambda: len(relay.kept) >= 4 and daemon.at_rest(), lambda: daemon.log)
        assert daemon.stop() == 0
        yield daemon


def test_sigterm_ends_after_the_batch_in_hand(place: Place, tmp_path: Path) -> None:
    with SmtpServer() as relay, Daemon(tmp_path, place, relay) as daemon:
        daemon.start()
        eventually(lambda: daemon.ask("SELECT count(*) FROM mailbox") == [(1,)], lambda: daemon.log)
        process = daemon.process
        assert process is not None
        daemon.trap.set_to(Moment(FETCH, "told"), lambda: process.send_signal(signal.SIGTERM))
        for number in range(LETTERS):
            place.append(order_of(f"customer-{number}@customer.example", f"{LAMP}, 1"))
        assert process.wait(20) == 0
        handled = daemon.ask("SELECT count(*) FROM letter")[0][0]
        assert 1 <= handled <= LETTERS
        assert (len(place.letters("Done")), len(place.letters())) == (handled, LETTERS - handled)
        assert "closed" in daemon.log.splitlines()[-1]
        daemon.start()
        # All may have gone out before the end: only a daemon that is open can end in order.
        eventually(lambda: len(relay.kept) == LETTERS and daemon.at_rest() and daemon.is_open(), lambda: daemon.log)
        assert daemon.stop() == 0
        assert len({kept.recipients for kept in relay.kept}) == LETTERS


def test_nothing_personal_lies_outside_the_vault(running: Daemon) -> None:
    assert "letter" in running.log
    assert personal_traces(running.folder) == []
    vault = [file.read_bytes() for file in running.folder.glob("vault.sqlite*")]
    assert any(b"Lovelace" in data for data in vault)


def test_nobody_else_can_read_the_files(running: Daemon) -> None:
    private = [file for file in running.folder.iterdir() if "sqlite" in file.name or file.suffix == ".key"]
    assert {file.stat().st_mode & 0o077 for file in private} == {0}


def test_status_tells_what_is_stuck(running: Daemon, command: Command) -> None:
    told = command(running.folder, "status")
    assert told.code == 1
    assert "mailbox orders: last looked at 20" in told.out
    assert "! outbox: 1 dead; mailorder outbox list --state dead" in told.out
    as_json = command(running.folder, "status", "--json")
    assert (as_json.code, as_json.json["ok"], as_json.json["outbox"]["dead"]) == (1, False, 1)
    assert as_json.json["letters"] == {"done": 2, "person": 1}


def test_lists_and_single_things(running: Daemon, command: Command) -> None:
    listed = command(running.folder, "letters", "list", "--json")
    assert listed.code == 0
    assert sorted(one["reason"] for one in listed.json) == ["placed", "placed", "prose"]
    shown = command(running.folder, "letters", "show", listed.json[0]["letter_id"])
    assert "reason" in shown.out

    orders = command(running.folder, "orders", "list", "--json").json
    assert [one["state"] for one in orders] == ["placed", "placed"]
    assert "Brass desk lamp" in "".join(command(running.folder, "orders", "show", one["number"]).out for one in orders)

    mails = command(running.folder, "outbox", "list", "--json").json
    assert sorted((one["kind"], one["state"]) for one in mails) == [
        ("alert", "sent"),
        ("confirmation", "dead"),
        ("confirmation", "sent"),
        ("forward", "sent"),
        ("passed_on", "sent"),
    ]
    dead = command(running.folder, "outbox", "list", "--state", "dead", "--json").json
    shown = command(running.folder, "outbox", "show", str(dead[0]["id"]), "--json")
    assert shown.json["last_reply"].startswith("as the address asks") or "550" in shown.out


@pytest.mark.parametrize("table", ["letters", "orders", "outbox"])
def test_lists_for_people_are_tables(running: Daemon, command: Command, table: str) -> None:
    told = command(running.folder, table, "list")
    assert told.code == 0
    assert len({len(re.findall(r"  +", line)) > 0 for line in told.out.splitlines()}) == 1
    assert len(told.out.splitlines()) >= 3


def test_staff_cancel_an_order_once_and_the_customer_is_told(running: Daemon, command: Command) -> None:
    [number] = [row[0] for row in running.ask("SELECT order_number FROM order_line WHERE product_id = ?", POT)]
    assert command(running.folder, "orders", "cancel", number).code == 0
    assert "is cancelled, not placed" in command(running.folder, "orders", "cancel", number).one_line
    assert running.ask("SELECT count(*) FROM outbox WHERE kind = 'cancellation'") == [(1,)]


def test_check_is_green_and_connects(running: Daemon, command: Command) -> None:
    told = command(running.folder, "check", "--connect", "--json", MAILORDER_MAILBOX__ORDERS__PASSWORD="demo")
    red = [check for check in told.json if not check["ok"]]
    assert (told.code, red) == (0, [])
    assert {"configuration", "templates", "shop database", "vault key", "stock", "mailbox orders", "relay"} <= {
        check["name"] for check in told.json
    }
    clocks = {check["name"]: check["found"] for check in told.json if "clock" in check["name"]}
    assert clocks["clock of mailbox orders"] == "agrees with ours"


def test_check_names_each_red_line_and_what_to_do(running: Daemon, command: Command) -> None:
    wrong = {"MAILORDER_SMTP__PORT": "1", "MAILORDER_MAILBOX__ORDERS__PASSWORD": "open-sesame"}
    told = command(running.folder, "check", "--connect", **wrong)
    assert told.code == 1
    red = [line for line in told.out.splitlines() if line.startswith("RED")]
    assert [line.split(":")[0] for line in red] == ["RED  mailbox orders", "RED  relay"]


def test_a_wrong_key_names_itself(running: Daemon, command: Command) -> None:
    wrong = running.folder / "wrong.toml"
    wrong.write_text("[mailbox.orders]\nprot = 993\n")
    for arguments in (["status"], ["run"], ["once"], ["letters", "list"]):
        said = command(running.folder, "--config", "wrong.toml", *arguments)
        assert said.code == 2
        assert "mailbox.orders.prot" in said.one_line


@pytest.mark.parametrize(
    ("config", "arguments", "words"),
    [
        ("", ["run"], "no mailbox"),
        ("", ["once"], "no mailbox"),
        ("[mailbox.orders]\nuser = 'shop'\n", ["run"], "set MAILORDER_MAILBOX__ORDERS__PASSWORD"),
        ("[mailbox.orders]\nhost = 'mail.example'\n", ["once"], "mailbox.orders.user"),
        ("[smtp]\nuser = 'shop'\n[mailbox.a]\nuser = 'a'\npassword_file = 'config.toml'\n", ["run"], "smtp.password"),
        ("[mailbox.a]\nuser = 'a'\npassword_file = 'gone'\n", ["run"], "secret file gone: cannot be read"),
        ("[smtp]\npassword = 'open-sesame'\n", ["status"], "MAILORDER_SMTP__PASSWORD"),
        ("[shop]\ntimezone = 'Mars/Olympus'\n", ["status"], "shop.timezone"),
        ("[mailbox.orders]\nhost = 'mail.example'\nsecurity = 'none'\n", ["run"], "only for this machine"),
        ("= nonsense", ["status"], "is not TOML"),
        ("[database]\nvault_url = 'sqlite:///shop.sqlite'\n", ["status"], "another database"),
        ("[database]\nshop_url = 'mysql://nowhere/shop'\n", ["status"], "not one of ours"),
        ("[database]\nshop_url = 'sqlite:////nowhere/at/all/shop.sqlite'\n", ["status"], "cannot be opened"),
    ],
)
def test_what_the_operator_did_wrong_is_one_line(
    tmp_path: Path, command: Command, config: str, arguments: list[str], words: str
) -> None:
    (tmp_path / "config.toml").write_text(config)
    said = command(tmp_path, *arguments)
    assert said.code == 2
    assert words in said.one_line


def test_no_configuration_at_all_is_one_line(tmp_path: Path, command: Command) -> None:
    said = command(tmp_path, "status")
    assert said.code == 2
    assert "config.toml" in said.one_line


def test_a_wrong_password_is_told_by_check_and_by_once(running: Daemon, command: Command) -> None:
    wrong = {"MAILORDER_MAILBOX__ORDERS__PASSWORD": "open-sesame"}
    assert "RED  mailbox orders: " in command(running.folder, "check", "--connect", **wrong).out
    ended = running.run("once", **wrong)
    assert (ended.returncode, "sesame" in ended.stderr) == (1, False)
    assert ended.stderr.splitlines()[-1].startswith("mailorder: mailbox orders: logging in: ")


def test_the_wrong_vault_key_is_refused(running: Daemon, command: Command, tmp_path: Path) -> None:
    other = tmp_path / "other.key"
    other.write_bytes(b"k" * 32)
    other.chmod(0o600)
    keyed = {"MAILORDER_DATABASE__VAULT_KEY_FILE": str(other), "MAILORDER_MAILBOX__ORDERS__PASSWORD": "open-sesame"}
    for arguments in (["once"], ["run"]):
        said = command(running.folder, *arguments, **keyed)
        assert said.code == 2
        assert "not the key that the vault was made with" in said.one_line


@pytest.mark.parametrize(
    "arguments",
    [
        ["letters", "show", "L0"],
        ["letters", "retry", "L0"],
        ["letters", "release", "L0"],
        ["letters", "drop", "L0"],
        ["orders", "show", "MO-2222-2222"],
        ["orders", "cancel", "MO-2222-2222"],
        ["outbox", "show", "999999"],
        ["outbox", "retry", "999999"],
    ],
    ids=" ".join,
)
def test_what_does_not_exist_is_said_in_one_line(running: Daemon, command: Command, arguments: list[str]) -> None:
    said = command(running.folder, *arguments)
    assert said.code == 1
    assert "there is no" in said.one_line


def test_only_what_was_held_is_released_and_only_what_failed_is_retried(running: Daemon, command: Command) -> None:
    [(done,)] = running.ask("SELECT letter_id FROM letter WHERE reason = 'prose'")
    assert "is person, not failed" in command(running.folder, "letters", "retry", done).one_line
    assert "is person, not held" in command(running.folder, "letters", "release", done).one_line


def test_the_program_itself_fails_in_one_line_without_a_trace(tmp_path: Path) -> None:
    import subprocess

    from tests.e2e.daemon_process import COMMAND

    ended = subprocess.run(
        [COMMAND, "status"], cwd=tmp_path, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
