"""Offers of a daemon that is killed again and again: each goes out at most once, and after its order's confirmation."""

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.simulator.servers import ImapServer, SmtpServer
from store import rules
from store.database import open_shop
from store.facts import Evidence, Found, KeptRule, Popular
from tests.e2e.daemon_process import Daemon, eventually
from tests.e2e.letters import LAMP, POT, order_of, read
from tests.integration.doors.conftest import Place

ALWAYS = """[offers]
quiet_from = "00:00"
quiet_until = "00:00"
holdout_share = 0.3
"""
PEOPLE = [f"customer{number}@customer.example" for number in range(6)]


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Daemon]:
    with ImapServer() as imap, SmtpServer() as relay, Daemon(tmp_path, Place(imap, "demo"), relay, ALWAYS) as daemon:
        now = datetime.now(UTC)
        with closing(open_shop(daemon.shop_url)) as shop, shop.transaction() as connection:
            begun = rules.begin(connection, "test", now - timedelta(days=90), {}, now, now + timedelta(hours=1))
            sold = (Popular(POT, 9, 9, 0), Popular("QRIC1R56LNRF", 8, 8, 0), Popular(LAMP, 7, 7, 0))
            found = (KeptRule((LAMP,), POT, Evidence.RULE, 4, 7, 9, 0.3),)
            rules.replace(connection, begun, rules.pack(Found(found, sold, 20)), now)
        daemon.start()
        yield daemon


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_each_offer_goes_out_at_most_once(running: Daemon, seed: int) -> None:
    draw = random.Random(seed)
    running.trap.set_after(draw.randint(5, 60), running.kill)
    for person in PEOPLE:
        running.place.append(order_of(person, f"{LAMP}, 1"))
    for _ in range(3):
        if running.trap.sprung.wait(10):
            eventually(lambda: not running.is_running(), lambda: "killed")
            running.trap.set_after(draw.randint(5, 50), running.kill)
            running.start()
    running.trap.set_after(1_000_000, running.kill)
    if not running.is_running():
        running.start()
    eventually(lambda: settled(running), lambda: running.log[-3000:])
    promised(running)


def settled(daemon: Daemon) -> bool:
    """Every order is confirmed and was drawn; each offer was sent or given up."""
    done = "SELECT count(*) FROM outbox WHERE kind = 'offer' AND state IN ('sent', 'expired')"
    drawn = daemon.ask("SELECT count(*), coalesce(sum(arm = 'offered'), 0) FROM offer")[0]
    return drawn[0] == len(PEOPLE) and daemon.ask(done) == [(drawn[1],)] and daemon.at_rest()


def promised(daemon: Daemon) -> None:
    mails = [(one.recipients[0], read(one.message)) for one in daemon.relay.kept]
    offers = Counter(who for who, mail in mails if mail["List-Unsubscribe"])
    assert max(offers.values(), default=1) == 1
    for who in offers:
        kinds = [bool(mail["List-Unsubscribe"]) for to, mail in mails if to == who]
        assert kinds[0] is False, "the confirmation first"
    sent = daemon.ask("SELECT count(*) FROM outbox WHERE kind = 'offer' AND state = 'sent'")[0][0]
    assert sent <= len(offers), "what is written down as sent did arrive"
    assert daemon.ask("SELECT count(*), count(DISTINCT order_number) FROM offer") == [(len(PEOPLE), len(PEOPLE))]
    told = "SELECT count(*) FROM offer_item WHERE position = 1 AND source = 'rule'"
    assert daemon.ask(told) == [(len(PEOPLE),)], "the rule fires for each of them"
    held_out = "SELECT count(*) FROM outbox WHERE kind = 'offer' AND order_number IN "
    assert daemon.ask(held_out + "(SELECT order_number FROM offer WHERE arm = 'held_out')") == [(0,)]
