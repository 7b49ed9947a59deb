"""Promises 1 to 5 under random letters, crashes and clocks: the real books beside a model, any difference fails.

Letters come as bytes, in batches, through `daemon.handle.handle` into both SQLite databases. A crash is an exception
that no code catches, raised at the end of a transaction: before the vault's commit, between the vault's and the
shop's, or after both and before the letters were moved, so that the same letters are handed in again.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TypeVar

import pytest
from books_model import Agrees, Books, Bounces, Cancels, Fate, Items, Meaning, Says, Told, Wants
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from daemon.config import ConductConfig, Config
from daemon.handle import Desk, handle
from daemon.handle.staff import NotDoneError, cancel_by_staff, send_round_again
from daemon.inbox.imap import Arrived
from store import catalogue, customers, letters, orders, outbox
from store.database import Connection, Database, History, open_database
from store.facts import LetterRecord, Mail, Movement, MovementReason, OrderState, Outcome, Product
from store.vault import Vault

OPENED = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
START = OPENED + timedelta(days=10)
MAILBOX = "orders"
EVERYTHING = 10_000
# The governor has tests of its own; here it would only silence the customers.
CONFIG = Config.model_construct(conduct=ConductConfig(answers_per_hour=EVERYTHING))
LAMP = Product("BJ02R0G72U8V", "Lamp", "home", price=1999, on_hand=6, cost=950)
POT = Product("7B4VYMBRQNAR", "Pot", "kitchen", price=450, on_hand=4)
PRODUCTS = (LAMP, POT)
NAMES = {
    "ada@customer.example": "Ada Lovelace",
    "ben@customer.example": "Ben Babbage",
    "cho@customer.example": "Cho Oui",
}
GONE = "cho@customer.example"  # whose address stops working now and then
HOMES = ("12 Analytical Way", "1 Engine Yard")
PRIVATE = ("@customer.example", "Lovelace", "Babbage", "Oui", "Analytical", "Engine Yard", "opening hours")
# How long a letter waited: not at all, past the window of a cancellation, too long, since before we opened.
DELAYS = [timedelta(), timedelta(), timedelta(minutes=4), timedelta(hours=26), timedelta(days=4), timedelta(days=30)]
STEPS = [timedelta(minutes=minutes) for minutes in (-300, -7, 1, 6, 11, 90, 1440, 4400)]
EDGES = [timedelta(microseconds=micros) for micros in (-1, 0, 1, 1_000_000)]
APART = [timedelta(minutes=3), *(side * timedelta(minutes=10) + edge for side in (-1, 1) for edge in EDGES)]

Kept = TypeVar("Kept")
people = st.sampled_from(sorted(NAMES))
picks = st.integers(0, 1_000)
delays = st.sampled_from(DELAYS)
baskets = st.dictionaries(st.sampled_from([LAMP.product_id, POT.product_id]), st.integers(1, 3), min_size=1).map(
    lambda chosen: tuple(sorted(chosen.items()))
)


class Killed(BaseException):
    """The process is gone: nobody catches it."""


class Mortal(Database):
    """A database whose process can be made to die at the end of its next transaction, just before the commit."""

    dying = False
    written = False

    def transaction(self) -> AbstractContextManager[Connection]:
        return self.until_death()

    @contextmanager
    def until_death(self) -> Iterator[Connection]:
        self.written = True
        with super().transaction() as connection:
            yield connection
            if self.dying:
                raise Killed


@dataclass(frozen=True)
class Post:
    """A letter in a folder of the mailbox, and what its writer meant."""

    arrived: Arrived
    person: str
    meaning: Meaning
    message_id: str | None

    @property
    def place(self) -> tuple[int, int]:
        return self.arrived.uidvalidity, self.arrived.uid


def pick(kept: Sequence[Kept], number: int) -> Kept:
    return kept[number % len(kept)]


def order_text(person: str, items: Items, home: str | None) -> str:
    ship_to = f"Ship to: {NAMES[person]}\n {home}\n Denver, CO 80202\n\n" if home else ""
    lines = "\n".join(f"{product_id}, {quantity}" for product_id, quantity in items)
    return f"{ship_to}Items:\n{lines}\n"


class Shop(RuleBasedStateMachine):
    """`inbox` waits, `filed` was handled and moved; `met` is what has to stand in the table of letters."""

    shop: Mortal
    vault: Mortal

    def __init__(self) -> None:
        super().__init__()
        self.desk = Desk(self.shop, Vault(self.vault, b"k" * 32), CONFIG)
        self.person_of = {self.desk.vault.hashed(person): person for person in NAMES}
        self.now = START
        self.uidvalidity, self.uids, self.serial = 1, 0, 0
        self.inbox: list[Post] = []
        self.filed: list[Post] = []
        self.books = Books({one.product_id: one.on_hand for one in PRODUCTS})
        self.met: dict[tuple[int, int], Fate] = {}
        self.seen: dict[tuple[str, bytes], tuple[int, int]] = {}
        self.sent_round: dict[bytes, Post] = {}
        with self.shop.transaction() as connection:
            catalogue.add(connection, PRODUCTS, "test", OPENED)
            letters.first_contact(connection, MAILBOX, OPENED)

    @initialize(asked=st.lists(baskets, min_size=1, max_size=4))
    def first_orders(self, asked: list[Items]) -> None:
        for person, items in zip([*NAMES, *NAMES], asked, strict=False):
            self.order(person, items, HOMES[0], timedelta(), True)
        self.look_at_all()
        self.order_again(0, timedelta(minutes=3))
        self.look_at_all()

    # -- letters are written

    @rule(
        person=people,
        items=baskets,
        home=st.sampled_from([*HOMES, *HOMES, None]),
        delay=delays,
        named=st.sampled_from([True, True, True, False]),
    )
    def order(self, person: str, items: Items, home: str | None, delay: timedelta, named: bool) -> None:
        self.post(person, Wants(items, home), "order", order_text(person, items, home), delay=delay, named=named)

    @precondition(lambda self: self.books.orders)
    @rule(number=picks, apart=st.sampled_from(APART))
    def order_again(self, number: int, apart: timedelta) -> None:
        first = pick(list(self.books.orders.values()), number)
        text = order_text(first.person, first.items, first.home)
        self.post(first.person, Wants(first.items, first.home), "order", text, at=first.arrived_at + apart)

    @precondition(lambda self: self.books.orders)
    @rule(number=picks, other=st.none() | picks, person=st.none() | people, delay=delays)
    def cancel_by_number(self, number: int, other: int | None, person: str | None, delay: timedelta) -> None:
        known = [*self.books.orders, "MO-9999-9999"]
        meant = pick(known, number)
        numbers = tuple(dict.fromkeys([meant, pick(known, other)] if other is not None else [meant]))
        owner = self.books.orders[meant].person if meant in self.books.orders else min(NAMES)
        self.post(person or owner, Cancels(numbers), f"cancel {' and '.join(numbers)}", delay=delay)

    @precondition(lambda self: any(order.cancel_until for order in self.books.orders.values()))
    @rule(number=picks, past=st.sampled_from(EDGES))
    def cancel_at_the_deadline(self, number: int, past: timedelta) -> None:
        placed = [number for number, order in self.books.orders.items() if order.cancel_until]
        meant = pick(placed, number)
        order = self.books.orders[meant]
        assert order.cancel_until is not None
        self.post(order.person, Cancels((meant,)), f"Cancel {meant}", at=order.cancel_until + past)

    @precondition(lambda self: self.our_mails())
    @rule(number=picks, person=st.none() | people, delay=delays)
    def cancel_by_reply(self, number: int, person: str | None, delay: timedelta) -> None:
        mail = pick(self.our_mails(), number)
        writer = person or self.recipient(mail)
        meant = self.order_of(mail, writer)
        told = {"In-Reply-To": f"<{mail.token}@shop.example>"}
        self.post(writer, Cancels((meant,) if meant else ()), "Re: your order", "cancel\n", told, delay=delay)

    @precondition(lambda self: self.our_mails())
    @rule(number=picks, person=st.none() | people)
    def agree(self, number: int, person: str | None) -> None:
        asked = [mail for mail in self.our_mails() if mail.kind == "held"]
        mail = pick(asked or self.our_mails(), number)
        writer = person or self.recipient(mail)
        told = {"In-Reply-To": f"<{mail.token}@shop.example>"}
        refused = mail.kind == "refusal" and writer == self.recipient(mail)
        self.post(writer, Agrees(self.order_of(mail, writer), refused), "Re: your order", "yes\n", told)

    @rule(person=people)
    def ask_a_question(self, person: str) -> None:
        fate = (Outcome.PERSON, "prose")
        self.post(person, Says(fate), "A question", "What are your opening hours?\n")

    @precondition(lambda self: self.books.orders)
    @rule(person=people, number=picks)
    def be_out_of_office(self, person: str, number: int) -> None:
        fate = (Outcome.IGNORED, "auto_replied")
        subject = f"cancel {pick(list(self.books.orders), number)}"
        self.post(person, Says(fate), subject, "I am away.\n", {"Auto-Submitted": "auto-replied"})

    @precondition(lambda self: self.mails_to(GONE))
    @rule(number=picks)
    def bounce(self, number: int) -> None:
        mail = pick(self.mails_to(GONE), number)
        report = (
            "--r\n\nIt could not be delivered.\n--r\nContent-Type: message/delivery-status\n\n"
            "Reporting-MTA: dns; relay.example\n\nFinal-Recipient: rfc822; gone@customer.example\n"
            "Action: failed\nStatus: 5.1.1\n\n"
            f"--r\nContent-Type: text/rfc822-headers\n\nMessage-ID: <{mail.token}@shop.example>\n\n--r--\n"
        )
        kind = 'multipart/report; report-type=delivery-status; boundary="r"'
        told = {"Return-Path": "<>", "MIME-Version": "1.0", "Content-Type": kind}
        self.post("daemon@relay.example", Bounces(GONE), "Undelivered", report, told)

    @precondition(lambda self: self.inbox or self.filed)
    @rule(number=picks)
    def deliver_again(self, number: int) -> None:
        """The same bytes under a new UID. Without a Message-ID they would be another letter."""
        named = [post for post in [*self.filed, *self.inbox] if post.message_id]
        if named:
            self.lay_in(pick(named, number), self.now)

    @precondition(lambda self: self.inbox or self.filed)
    @rule(number=picks, person=people, items=baskets)
    def reuse_a_message_id(self, number: int, person: str, items: Items) -> None:
        used = pick([*self.filed, *self.inbox], number).message_id
        self.post(person, Wants(items, None), "Order", order_text(person, items, None), message_id=used)

    # -- the shop works

    @precondition(lambda self: self.inbox)
    @rule(size=st.integers(1, 8), death=st.sampled_from([None, None, None, "vault", "shop", "moving"]))
    def look(self, size: int, death: str | None) -> None:
        batch = self.inbox[:size]
        self.vault.dying, self.shop.dying = death == "vault", death == "shop"
        try:
            handle(self.desk, [post.arrived for post in batch], self.now)
        except Killed:
            assert death
        self.vault.dying = self.shop.dying = False
        done = self.compare(batch)
        assert death or done == len(batch)
        if death is None:
            self.filed += batch
            self.inbox = self.inbox[size:]

    @rule()
    def look_at_all(self) -> None:
        if self.inbox:
            self.look(len(self.inbox), None)

    def compare(self, batch: Sequence[Post]) -> int:
        """Hold what the books say of each letter against the model; how many of the batch they know, from its start."""
        with self.shop.reading() as connection:
            found = letters.known(connection, [(MAILBOX, *post.place) for post in batch], [], [])
        records = {(record.uidvalidity, record.uid): record for record in found}
        recorded = [post for post in batch if post.place in records]
        assert recorded == batch[: len(recorded)], "the line was not kept"
        for post in recorded:
            if post.place not in self.met:
                self.learn(post, records[post.place])
        return len(recorded)

    def learn(self, post: Post, record: LetterRecord) -> None:
        before = self.sent_round.pop(post.arrived.raw, None)
        key = (post.message_id, post.arrived.raw) if post.message_id else None
        arrived_at = post.arrived.arrived_at
        if before is not None:
            del self.met[before.place]
            arrived_at = min(arrived_at, before.arrived.arrived_at)
        if before is None and key and key in self.seen:
            self.met[post.place] = (Outcome.IGNORED, "duplicate")
            return
        old = arrived_at < OPENED - timedelta(hours=1)
        told = Told(post.meaning, post.person, arrived_at, self.now, before is not None, old)
        self.met[post.place] = self.books.hear(told, record.order_number)
        # What a machine wrote was not looked at, so a copy of it is no repetition.
        if key and self.met[post.place][0] is not Outcome.IGNORED:
            self.seen[key] = post.place

    @rule(step=st.sampled_from(STEPS))
    def the_clock_is_set(self, step: timedelta) -> None:
        self.now += step

    @rule()
    def the_server_numbers_anew(self) -> None:
        self.uidvalidity += 1
        self.uids = 0
        inbox, self.inbox = self.inbox, []
        for post in inbox:
            self.lay_in(post, post.arrived.arrived_at)

    # -- staff

    @precondition(lambda self: self.books.orders)
    @rule(number=picks)
    def staff_cancel(self, number: int) -> None:
        meant = pick(list(self.books.orders), number)
        placed = self.books.orders[meant].state is OrderState.PLACED
        if not placed:
            with pytest.raises(NotDoneError):
                cancel_by_staff(self.desk, meant, "staff", self.now)
            return
        cancel_by_staff(self.desk, meant, "staff", self.now)
        self.books.cancel(meant)

    @precondition(lambda self: self.held())
    @rule(number=picks)
    def staff_release(self, number: int) -> None:
        """An order that was held is booked, a letter that was held goes round again."""
        post = pick(self.held(), number)
        with self.shop.reading() as connection:
            (record,) = letters.known(connection, [(MAILBOX, *post.place)], [], [])
        if record.order_number is not None:
            self.release_order(record)
            return
        send_round_again(self.desk, record.letter_id, Outcome.HELD, self.now)
        self.filed.remove(post)
        # A server may date a letter anew that is moved: what counts is when it came first.
        self.lay_in(post, self.now)
        self.sent_round[post.arrived.raw] = post
        if post.message_id:
            del self.seen[post.message_id, post.arrived.raw]

    def release_order(self, record: LetterRecord) -> None:
        number = record.order_number or ""
        order = self.books.orders[number]
        if order.state is not OrderState.HELD or not self.books.has(order.items):
            with pytest.raises(NotDoneError):
                send_round_again(self.desk, record.letter_id, Outcome.HELD, self.now)
            return
        send_round_again(self.desk, record.letter_id, Outcome.HELD, self.now)
        self.books.place(number, self.now)

    @rule(product=st.sampled_from(PRODUCTS), quantity=st.integers(1, 4))
    def goods_come_in(self, product: Product, quantity: int) -> None:
        came = Movement(product.product_id, quantity, MovementReason.RECEIVED, self.now, "staff")
        with self.shop.transaction() as connection:
            catalogue.move(connection, [came])
        self.books.shelf[product.product_id] += quantity

    @precondition(lambda self: self.books.unreachable)
    @rule()
    def addresses_work_again(self) -> None:
        hashes = [self.desk.vault.hashed(person) for person in sorted(self.books.unreachable)]
        with self.shop.transaction() as connection:
            customers.unsuppress(connection, hashes, "staff", self.now)
        self.books.unreachable.clear()

    # -- what has to hold after every step

    @precondition(lambda self: self.shop.written)
    @invariant()
    def the_books_are_right(self) -> None:
        self.stock_is_that_of_the_model_and_of_its_movements()
        self.orders_are_those_of_the_model()
        self.every_accepted_order_is_confirmed_once()
        self.every_letter_has_one_outcome_with_its_reason()
        self.the_vault_knows_whatever_the_shop_refers_to()
        self.nothing_private_stands_in_the_shop()
        self.shop.written = False

    def stock_is_that_of_the_model_and_of_its_movements(self) -> None:
        with self.shop.reading() as connection:
            products = catalogue.products(connection, [one.key for one in PRODUCTS])
            assert catalogue.differences(connection) == []
        on_hand = {one.product_id: one.on_hand for one in products.values()}
        assert on_hand == self.books.shelf
        assert min(on_hand.values()) >= 0

    def orders_are_those_of_the_model(self) -> None:
        with self.shop.reading() as connection:
            found = {order.number: order for order in orders.listing(connection, limit=EVERYTHING)}
        assert {number: order.state for number, order in found.items()} == {
            number: order.state for number, order in self.books.orders.items()
        }
        for number, order in self.books.orders.items():
            assert found[number].hashed_email == self.desk.vault.hashed(order.person)
            assert found[number].arrived_at == order.arrived_at
            assert order.cancel_until is None or found[number].cancel_until == order.cancel_until

    def every_accepted_order_is_confirmed_once(self) -> None:
        confirmed = Counter(mail.order_number for mail in self.our_mails() if mail.kind == "confirmation")
        assert confirmed == {number: 1 for number, order in self.books.orders.items() if order.cancel_until}

    def every_letter_has_one_outcome_with_its_reason(self) -> None:
        with self.shop.reading() as connection:
            found = letters.listing(connection, limit=EVERYTHING)
        assert {(one.uidvalidity, one.uid): (one.outcome, one.reason) for one in found} == self.met
        assert len(found) == len(self.met)

    def the_vault_knows_whatever_the_shop_refers_to(self) -> None:
        with self.shop.reading() as connection:
            homes = {order.address_id for order in orders.listing(connection, limit=EVERYTHING) if order.address_id}
            mails = [one.mail for one in outbox.listing(connection, limit=EVERYTHING)]
        recipients = {mail.hashed_email for mail in mails if mail.hashed_email}
        enclosed = {mail.enclosure_id for mail in mails if mail.enclosure_id}
        assert self.desk.vault.addresses(homes).keys() == homes
        assert self.desk.vault.emails(recipients).keys() == recipients
        assert self.desk.vault.enclosures(enclosed).keys() == enclosed

    def nothing_private_stands_in_the_shop(self) -> None:
        with closing(sqlite3.connect(self.shop.engine.url.database or "")) as connection:
            everything = "\n".join(connection.iterdump())
        assert [word for word in PRIVATE if word in everything] == []

    # -- how all this is done

    def post(
        self,
        person: str,
        meaning: Meaning,
        subject: str,
        body: str = "",
        headers: dict[str, str] | None = None,
        delay: timedelta = timedelta(),
        at: datetime | None = None,
        named: bool = True,
        message_id: str | None = None,
    ) -> None:
        """A letter as bytes, laid into the inbox; each is dated otherwise, so that no two are the same by chance."""
        self.serial += 1
        name = message_id or (f"{self.serial}@customer.example" if named else None)
        told = {"From": person, "To": "orders@shop.example", "Subject": subject} | (headers or {})
        told |= {"Message-ID": f"<{name}>"} if name else {}
        told["Date"] = format_datetime(START + timedelta(seconds=self.serial))
        head = "".join(f"{field}: {value}\n" for field, value in told.items())
        raw = f"{head}\n{body}".replace("\n", "\r\n").encode()
        arrived_at = at or self.now - delay + timedelta(microseconds=self.serial)
        self.lay_in(Post(Arrived(MAILBOX, 0, 0, arrived_at, len(raw), raw, True), person, meaning, name), arrived_at)

    def lay_in(self, post: Post, arrived_at: datetime) -> None:
        self.uids += 1
        there = replace(post.arrived, uidvalidity=self.uidvalidity, uid=self.uids, arrived_at=arrived_at)
        self.inbox.append(replace(post, arrived=there))

    def our_mails(self) -> list[Mail]:
        """To customers, the oldest first."""
        with self.shop.reading() as connection:
            found = outbox.listing(connection, limit=EVERYTHING)
        return [one.mail for one in sorted(found, key=lambda one: one.id) if one.mail.role is None]

    def mails_to(self, person: str) -> list[Mail]:
        return [mail for mail in self.our_mails() if self.recipient(mail) == person]

    def recipient(self, mail: Mail) -> str:
        return self.person_of[mail.hashed_email or ""]

    def order_of(self, mail: Mail, writer: str) -> str | None:
        """The order that this writer means by answering the mail."""
        several = len(mail.facts.get("results", ())) > 1
        return None if several or writer != self.recipient(mail) else mail.order_number

    def held(self) -> list[Post]:
        return [post for post in self.filed if self.met[post.place][0] is Outcome.HELD]

    def teardown(self) -> None:
        self.shop.close()
        self.vault.close()


def mortal(url: str, history: History) -> Mortal:
    database = open_database(url, history, 5)
    return Mortal(database.engine, history, 5)


@pytest.fixture
def new_shop(sqlite_urls: Callable[[History | None], str]) -> type[Shop]:
    class NewShop(Shop):
        def __init__(self) -> None:
            self.shop = mortal(sqlite_urls("shop"), "shop")
            self.vault = mortal(sqlite_urls("vault"), "vault")
            super().__init__()

    return NewShop


def test_the_books_are_those_of_the_model_whatever_comes(new_shop: type[Shop]) -> None:
    bounds = settings(
        max_examples=50,
        stateful_step_count=40,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(new_shop, settings=bounds)  # type: ignore[no-untyped-call,unused-ignore]


@pytest.fixture
def scene(new_shop: type[Shop]) -> Iterator[Shop]:
    """The same shop for what chance plays too rarely: steps in a given order, and the books compared at the end."""
    played = new_shop()
    yield played
    played.the_books_are_right()
    played.teardown()


ADA, BEN, *_ = NAMES
ALL_POTS = ((POT.product_id, POT.on_hand),)


def test_a_released_letter_counts_from_when_it_first_came(scene: Shop) -> None:
    scene.order(ADA, ALL_POTS, HOMES[0], delay=timedelta(days=30), named=True)
    scene.look_at_all()
    scene.staff_release(0)
    scene.the_clock_is_set(timedelta(minutes=5))
    scene.look_at_all()
    assert list(scene.met.values()) == [(Outcome.DONE, "placed")]
    assert [order.arrived_at < OPENED for order in scene.books.orders.values()] == [True]


def test_goods_that_a_batch_brings_back_are_sold_in_the_same_batch(scene: Shop) -> None:
    scene.order(ADA, ALL_POTS, HOMES[0], delay=timedelta(), named=True)
    scene.look_at_all()
    scene.cancel_by_number(0, None, None, delay=timedelta())
    scene.order(BEN, ALL_POTS, HOMES[1], delay=timedelta(), named=True)
    scene.look_at_all()
    assert [order.state for order in scene.books.orders.values()] == [OrderState.CANCELLED, OrderState.PLACED]


@pytest.mark.parametrize("death", ["vault", "shop", "moving"])
def test_an_order_is_booked_once_though_the_process_died_and_the_server_numbered_anew(scene: Shop, death: str) -> None:
    scene.order(ADA, ALL_POTS, HOMES[0], delay=timedelta(), named=True)
    scene.look(1, death)
    scene.the_server_numbers_anew()
    scene.look_at_all()
    scene.look_at_all()
    assert [order.state for order in scene.books.orders.values()] == [OrderState.PLACED]
