"""A letter sent round again that left its folder is looked for once, told of, and no longer waited for."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future
from pathlib import Path

import pytest

from daemon.cli import main
from daemon.handle.staff import send_round_again
from daemon.service.health import examine
from daemon.service.intake import look
from daemon.simulator.servers import ImapServer, SmtpServer
from store import letters
from store.facts import Outcome
from tests.e2e.letters import LAMP, order_of
from tests.e2e.shop import Shop, open_shop_on
from tests.integration.doors.conftest import Place

ADA, OPERATOR = "ada@customer.example", "operator@shop.example"
RAW = order_of(ADA, f"{LAMP}, 2")
BROKEN = "CREATE TRIGGER broken BEFORE INSERT ON order_line BEGIN SELECT RAISE(ABORT, 'this shelf is on fire'); END"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    """A letter was set aside, for a reason that has gone away since."""
    with (
        ImapServer() as server,
        SmtpServer() as relay,
        open_shop_on(tmp_path, [Place(server, "demo")], relay) as shop,
    ):
        shop.alter(BROKEN)
        assert shop.told(RAW) == [("failed", "ForbiddenError")]
        shop.alter("DROP TRIGGER broken")
        yield shop


def failed(shop: Shop) -> str:
    [(letter_id,)] = shop.ask("SELECT letter_id FROM letter WHERE outcome = 'failed'")
    return str(letter_id)


def sought(shop: Shop) -> list[str]:
    with shop.house.shop.reading() as connection:
        return [one.letter_id for one in letters.reopened(connection, "orders")]


def red(shop: Shop) -> list[str]:
    return [one for one in examine(shop.house.shop, shop.house.config, shop.now).problems if "letters" in one]


def test_one_that_is_gone_is_looked_for_once_and_the_operator_is_told(shop: Shop) -> None:
    name, told = failed(shop), len(shop.mails_to(OPERATOR))
    shop.places[0].renew()
    for times in (1, 2):
        send_round_again(shop.house.desk, name, Outcome.FAILED, shop.now)
        assert sought(shop) == [name]
        assert shop.outcomes() == []
        assert sought(shop) == []
        shop.later(minutes=5)
        shop.serve()
        assert len(shop.mails_to(OPERATOR)) == told + times
        assert name in str(shop.latest(OPERATOR)["Subject"])
    assert len(red(shop)) == 1


def test_one_that_lies_in_the_inbox_already_is_no_other(shop: Shop) -> None:
    name, told = failed(shop), len(shop.mails_to(OPERATOR))
    shop.places[0].renew()
    send_round_again(shop.house.desk, name, Outcome.FAILED, shop.now)
    assert shop.told(RAW) == [("done", "placed")]
    assert (sought(shop), red(shop), len(shop.mails_to(OPERATOR))) == ([], [], told)
    assert shop.ask("SELECT letter_id, outcome FROM letter") == [(name, "done")]


def test_one_brought_back_by_a_look_that_was_stopped_is_handled_by_a_later_one(shop: Shop) -> None:
    name, stop = failed(shop), threading.Event()
    send_round_again(shop.house.desk, name, Outcome.FAILED, shop.now)
    stop.set()
    for _ in range(2):
        mailbox = shop.house.mailbox("orders")
        mailbox.connect()
        assert look(shop.house, mailbox, lambda _: Future(), stop) == 0
        mailbox.close()
    assert (shop.folders(), sought(shop)) == ({"INBOX": 1}, [name])
    assert shop.outcomes() == [("done", "placed")]
    assert sought(shop) == []


def test_one_that_is_given_up_is_no_matter_of_status_any_more(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> str:
        with pytest.raises(SystemExit) as ended:
            main(["letters", *arguments])
        return f"{ended.value.code} {''.join(capfd.readouterr())}"

    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.toml").write_text("")
    name = failed(shop)
    send_round_again(shop.house.desk, name, Outcome.FAILED, shop.now)
    assert red(shop) == ["letters: 1 set aside; mailorder letters list --outcome failed, then retry or drop each"]
    assert run("drop", name, "L0") == (
        "1 mailorder: there is no letter L0 set aside, so nothing is dropped; see `mailorder letters list`\n"
    )
    assert (len(red(shop)), sought(shop)) == (1, [name])
    assert run("drop", name) == f"0 {name}: dropped; it is kept as ignored and never handled\n"
    assert (red(shop), sought(shop)) == ([], [])
    assert "dropped by the operator after: ForbiddenError" in run("show", name)
    assert run("drop", name).startswith("1 mailorder: there is no letter")
    assert run("retry", name).startswith("1 mailorder: ")
    shop.serve()
    assert shop.folders() == {"Failed": 1}
