"""Promise 1: whatever is killed, wherever, how often, the books end as if nothing had happened.

The daemon is killed with SIGKILL at instants seen from outside. Each test writes one round of the same letters, by
customers of its own, and compares what became of them with an undisturbed round.
"""

import random
import re
import sqlite3
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from daemon.inbox.folders import FOLDERS
from daemon.simulator.servers import ImapServer, SmtpServer
from store.database import open_vault
from store.vault import Vault, read_key
from tests.e2e.daemon_process import Daemon, eventually
from tests.e2e.letters import LAMP, NUMBER, POT, letter, number_in, order_of, read
from tests.integration.doors.conftest import Place
from tests.servers.trap import END_OF_DATA, FETCH, MOVE, Moment

PEOPLE = ("ada", "ben", "chloe", "dev", "else")
END_OF_DATA_ASKED, DATA_TAKEN = Moment(END_OF_DATA, "asked"), Moment(END_OF_DATA, "done")
MOMENTS = {
    "bodies fetched": Moment(FETCH, "told"),
    "MOVE asked": Moment(MOVE, "asked"),
    "MOVE done, its answer lost": Moment(MOVE, "done"),
    "end of DATA asked": END_OF_DATA_ASKED,
    "DATA taken, its answer lost": DATA_TAKEN,
    "DATA answered": Moment(END_OF_DATA, "told"),
}
# Counts a hundred million rows for each letter that is written down: long enough to be seen from outside.
SLOW_BOOKS = """CREATE TRIGGER slow_books BEFORE INSERT ON letter
BEGIN SELECT count(*) FROM product a, product b, product c, product d, product e; END"""

STOCK_THAT_DIFFERS = """SELECT product_id FROM product p WHERE on_hand < 0 OR
on_hand <> (SELECT coalesce(sum(quantity), 0) FROM stock_movement m WHERE m.product_id = p.product_id)"""


@dataclass(frozen=True)
class Round:
    """What became of one round, told so that two rounds can be compared; `copies` counts mails by Message-ID."""

    orders: list[tuple[object, ...]]
    movements: list[tuple[object, ...]]
    letters: list[tuple[object, ...]]
    folders: dict[str, list[str]]
    mails: list[tuple[str, ...]]
    copies: Counter[str] = field(compare=False)


class Street:
    """The customers who write to one daemon, a round at a time."""

    def __init__(self, daemon: Daemon) -> None:
        self.daemon = daemon
        self.mark = ""
        self.hashes: dict[str, str] = {}
        self.uncertain: set[str] = set()

    def begin(self) -> None:
        """A new round: Ada has an order that stands, so that there is something to cancel."""
        if not self.daemon.is_running():
            self.daemon.start()
        self.mark = uuid.uuid4().hex[:10]
        self.uncertain = set()
        self.hashes = self.hashed()
        self.write(order_of(self.who("ada"), f"{POT}, 1"))
        self.settled(1)

    def write_all(self) -> None:
        ada, ben, chloe, dev, else_ = (self.who(name) for name in PEOPLE)
        [confirmation] = self.daemon.kept_for(ada)
        twice = order_of(ben, f"{LAMP}, 2", f"{POT} x 3")
        self.write(twice)
        self.write(letter(ada, f"cancel {number_in(read(confirmation.message))}"))
        self.write(twice)
        self.write(order_of(chloe, "BJ02R0G72U8X, 1"))
        self.write(order_of(ben, f"{LAMP}, 2", f"{POT} x 3"))
        self.write(letter(dev, f"Teapots {dev}", "Are your teapots safe for the dishwasher?\n"))
        self.write(letter(else_, "Automatic reply", "I am away.\n", {"Auto-Submitted": "auto-replied"}))
        self.write(order_of(ada, f"{LAMP}, 1"))

    def write(self, raw: bytes) -> None:
        self.daemon.place.append(raw)

    def who(self, name: str) -> str:
        return f"{name}.{self.mark}@customer.example"

    def settled(self, letters: int = 9) -> None:
        def all_done() -> bool:
            return len(self.handled()) == letters and self.daemon.at_rest()

        eventually(all_done, lambda: f"{letters} letters of round {self.mark}\n{self.daemon.log[-3000:]}")

    def killed(self) -> None:
        """Notes what may now be sent twice: only what was on its way when the daemon died (design section 4)."""
        assert not self.daemon.is_running()
        self.uncertain.update(token for (token,) in self.daemon.ask("SELECT token FROM outbox WHERE state = 'sending'"))

    def hashed(self) -> dict[str, str]:
        """The people of the round by the name that the books have for them."""
        with closing(open_vault(f"sqlite:///{self.daemon.folder / 'vault.sqlite'}")) as database:
            vault = Vault(database, read_key(self.daemon.folder / "vault.key"))
            return {vault.hashed(self.who(name)): name for name in PEOPLE}

    def of_the_round(self, query: str) -> list[tuple[object, ...]]:
        """Rows about people of the round, whose hash comes first, by name."""
        return sorted((self.hashes[who], *rest) for who, *rest in self.daemon.ask(query) if who in self.hashes)

    def handled(self) -> list[tuple[object, ...]]:
        return self.of_the_round("SELECT hashed_email, kind, outcome, reason FROM letter")

    def outcome(self) -> Round:
        assert self.daemon.ask(STOCK_THAT_DIFFERS) == []
        lines = self.of_the_round(
            "SELECT o.hashed_email, o.state, l.product_id, l.quantity, l.unit_price"
            ' FROM "order" o JOIN order_line l ON l.order_number = o.number'
        )
        movements = self.of_the_round(
            "SELECT o.hashed_email, m.product_id, m.quantity, m.reason"
            ' FROM stock_movement m JOIN "order" o ON o.number = m.order_number'
        )
        copies = Counter(str(read(one.message)["Message-ID"]) for one in self.daemon.kept_for(self.mark))
        return Round(
            orders=lines,
            movements=movements,
            letters=self.handled(),
            folders={folder: self.lying_in(folder) for folder in ["INBOX", *FOLDERS.values()]},
            mails=sorted(self.mails()),
            copies=copies,
        )

    def lying_in(self, folder: str) -> list[str]:
        letters = [read(raw) for raw in self.daemon.place.letters(folder)]
        mine = [one for one in letters if self.mark in str(one["From"])]
        return sorted(self.masked(f"{one['From']}: {one['Subject']}") for one in mine)

    def mails(self) -> list[tuple[str, ...]]:
        """Recipient and subject of each mail of the round, copies of the same counted once."""
        once = {str(read(one.message)["Message-ID"]): one for one in self.daemon.kept_for(self.mark)}
        return [(self.masked(*one.recipients), self.masked(read(one.message)["Subject"])) for one in once.values()]

    def masked(self, told: str) -> str:
        return NUMBER.sub("MO", told).replace(self.mark, "*")

    def compare(self, undisturbed: Round) -> None:
        found = self.outcome()
        assert found == undisturbed
        twice = {message_id.strip("<>").partition("@")[0] for message_id, count in found.copies.items() if count > 1}
        assert twice <= self.uncertain


@pytest.fixture(scope="module", params=["dovecot", "pymap"])
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    if request.param == "dovecot":
        yield Place(request.getfixturevalue("dovecot"), f"u{uuid.uuid4().hex[:12]}")
        return
    with ImapServer() as server:
        yield Place(server, "demo")


@pytest.fixture(scope="module")
def street(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with SmtpServer() as relay, Daemon(tmp_path_factory.mktemp("shop"), place, relay) as daemon:
        yield Street(daemon)


@pytest.fixture(scope="module")
def undisturbed(street: Street) -> Round:
    street.begin()
    street.write_all()
    street.settled()
    found = street.outcome()
    assert Counter(found.copies.values()) == {1: len(found.mails)}
    return found


def test_an_undisturbed_round_is_what_it_should_be(undisturbed: Round) -> None:
    assert undisturbed.letters == [
        ("ada", "cancel", "done", "cancelled"),
        ("ada", "order", "done", "placed"),
        ("ada", "order", "done", "placed"),
        ("ben", "order", "done", "placed"),
        ("ben", "order", "held", "same_order"),
        ("ben", "order", "ignored", "duplicate"),
        ("chloe", "order", "refused", "unknown_product"),
        ("dev", "person", "person", "prose"),
        ("else", "automatic", "ignored", "auto_replied"),
    ]
    assert [len(undisturbed.folders[name]) for name in ("INBOX", "Done", "Held", "Refused")] == [0, 4, 1, 1]
    assert len(undisturbed.mails) == 8
    assert undisturbed.orders == [
        ("ada", "cancelled", POT, 1, 3275),
        ("ada", "placed", LAMP, 1, 4950),
        ("ben", "held", POT, 3, 3275),
        ("ben", "held", LAMP, 2, 4950),
        ("ben", "placed", POT, 3, 3275),
        ("ben", "placed", LAMP, 2, 4950),
    ]


@pytest.mark.parametrize("moment", MOMENTS.values(), ids=list(MOMENTS))
def test_killed_at_an_instant_on_the_wire(street: Street, undisturbed: Round, moment: Moment) -> None:
    street.begin()
    street.daemon.trap.set_to(moment, street.daemon.kill)
    street.write_all()
    assert street.daemon.trap.sprung.wait(20)
    street.killed()
    street.daemon.start()
    street.settled()
    street.compare(undisturbed)


@pytest.mark.parametrize("moment", [END_OF_DATA_ASKED, DATA_TAKEN], ids=["end of DATA asked", "DATA taken"])
def test_a_delivery_that_outlives_its_desk_sends_nothing_twice(
    street: Street, undisturbed: Round, moment: Moment
) -> None:
    """It finishes what it has in hand, beside the delivery of the next desk."""
    street.begin()
    street.daemon.trap.set_to(moment, street.daemon.kill_desk)
    street.write_all()
    assert street.daemon.trap.sprung.wait(20)
    street.killed()
    street.daemon.start()
    street.settled()
    street.compare(undisturbed)


def test_killed_with_the_books_open_and_the_vault_unwritten(street: Street, undisturbed: Round) -> None:
    street.begin()
    with closing(lock(street.daemon.folder / "vault.sqlite")):
        street.write_all()
        eventually(lambda: is_locked(street.daemon.folder / "shop.sqlite"), lambda: "the books are open")
        street.daemon.kill()
    street.killed()
    assert len(street.handled()) == 1
    street.daemon.start()
    street.settled()
    street.compare(undisturbed)


def test_killed_between_the_vault_and_the_books(street: Street, undisturbed: Round) -> None:
    street.begin()
    alter(street, SLOW_BOOKS)
    street.write_all()
    eventually(lambda: in_vault(street, street.who("ben")), lambda: "the vault is written")
    street.daemon.kill()
    street.killed()
    alter(street, "DROP TRIGGER slow_books")
    assert len(street.handled()) == 1
    street.daemon.start()
    street.settled()
    street.compare(undisturbed)


def test_killed_again_and_again(street: Street, undisturbed: Round) -> None:
    street.begin()
    draw = random.Random(20261123)
    street.daemon.trap.set_after(draw.randint(1, 60), street.daemon.kill)
    street.write_all()
    for _ in range(3):
        assert street.daemon.trap.sprung.wait(20)
        street.killed()
        street.daemon.trap.set_after(draw.randint(10, 90), street.daemon.kill)
        street.daemon.start()
    assert street.daemon.trap.sprung.wait(20)
    street.killed()
    street.daemon.start()
    street.settled()
    street.compare(undisturbed)


def test_nothing_of_it_is_told_to_a_customer_of_another_round(street: Street, undisturbed: Round) -> None:
    everything = [one.message.decode() for one in street.daemon.relay.kept]
    rounds = [set(re.findall(r"\w+\.([0-9a-f]{10})@customer", told)) for told in everything]
    assert everything
    assert all(len(marks) == 1 for marks in rounds)


def lock(file: Path) -> sqlite3.Connection:
    held = sqlite3.connect(file, isolation_level=None, timeout=10)
    held.execute("BEGIN IMMEDIATE")
    return held


def is_locked(file: Path) -> bool:
    """Somebody has been writing for half a second: that long only who waits for something else."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0.5)) as tried:
        try:
            tried.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return True
        return False


def alter(street: Street, statement: str) -> None:
    with closing(sqlite3.connect(street.daemon.folder / "shop.sqlite", timeout=10)) as books:
        books.execute(statement)
        books.commit()


def in_vault(street: Street, address: str) -> bool:
    with closing(sqlite3.connect(street.daemon.folder / "vault.sqlite", timeout=10)) as vault:
        return bool(vault.execute("SELECT 1 FROM email_lookup WHERE unhashed_email = ?", [address]).fetchall())
